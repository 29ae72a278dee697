//! Integration tests of the crate's public interface.

// `cfg(test)` lets the lints know that the helpers, too, are test code.
#[cfg(test)]
mod buckets;
#[cfg(test)]
mod budget;
#[cfg(test)]
mod crash;
#[cfg(test)]
mod fencing;
#[cfg(test)]
mod flow_deletion;
#[cfg(test)]
mod home;
#[cfg(test)]
mod model;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod process;
#[cfg(test)]
mod records;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod sqlite;
#[cfg(test)]
mod suites;
#[cfg(test)]
mod tasks;
