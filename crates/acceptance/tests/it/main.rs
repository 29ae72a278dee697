//! The generated tests, run against generated services: right ones and wrong ones.

// `cfg(test)` tells clippy that helpers in these modules are test code too.
#[cfg(test)]
mod calendar;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod later;
#[cfg(test)]
mod mutants;
#[cfg(test)]
mod pairs;
#[cfg(test)]
mod python;
#[cfg(test)]
mod rounds;
#[cfg(test)]
mod suites;
#[cfg(test)]
mod together;
