//! The same ports, the same handlers, the same record on a stack that speaks for AWS.

#[cfg(test)]
mod command;
#[cfg(test)]
mod cost;
#[cfg(test)]
mod dags;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod flows;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod network;
#[cfg(test)]
mod patience;
#[cfg(test)]
mod ports;
#[cfg(test)]
mod proxy;
#[cfg(test)]
mod restart;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod stack;
#[cfg(test)]
mod workers;
#[cfg(test)]
mod workflows;
