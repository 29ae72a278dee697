//! The same ports, the same handlers, the same record on a stack that speaks for AWS.

mod ports;
mod runs;
mod stack;
