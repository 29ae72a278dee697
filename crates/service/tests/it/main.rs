//! The generated service, started for real and spoken to over HTTP.

// `cfg(test)` tells clippy that helpers in these modules are test code too.
#[cfg(test)]
mod cascades;
#[cfg(test)]
mod computed;
#[cfg(test)]
mod documents;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod http;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod load_bearing;
#[cfg(test)]
mod offers;
#[cfg(test)]
mod order;
#[cfg(test)]
mod overlaps;
#[cfg(test)]
mod referrers;
#[cfg(test)]
mod refusing;
#[cfg(test)]
mod support;
#[cfg(test)]
mod sweep;
#[cfg(test)]
mod values;
