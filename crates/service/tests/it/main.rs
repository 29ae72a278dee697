//! The generated service, started for real and spoken to over HTTP.

mod fixture;
mod support;

mod load_bearing;
