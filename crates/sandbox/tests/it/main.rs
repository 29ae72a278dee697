//! The referee against programs that mean no good, in every isolation that this machine offers.

mod escape;
mod evidence;
mod lifetime;
mod limits;
mod recorded;
mod setting;
mod tests_run;
mod user;
