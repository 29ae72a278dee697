//! The generated service, started for real and spoken to over HTTP.

mod fixture;
mod support;

mod computed;
mod documents;
mod http;
mod lists;
mod load_bearing;
mod offers;
mod order;
mod values;
