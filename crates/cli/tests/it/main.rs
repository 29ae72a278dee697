//! The `maestro` command as its users meet it: a process with arguments, an environment, output and an exit code.

mod asl;
mod execute;
mod input;
mod runs;
mod shapes;
mod signals;
mod support;
