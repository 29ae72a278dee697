//! Tests over the whole house.

mod definitions;
mod house;
