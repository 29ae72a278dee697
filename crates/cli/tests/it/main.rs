//! The `maestro` command as its users meet it: a process with arguments, an environment, output and an exit code.

// `cfg(test)` lets the lints know that the helpers, too, are test code.
#[cfg(test)]
mod asl;
#[cfg(test)]
mod budget;
#[cfg(test)]
mod execute;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod input;
#[cfg(test)]
mod kills;
#[cfg(test)]
mod models;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod shapes;
#[cfg(test)]
mod signals;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tools;
#[cfg(test)]
mod workflow;
