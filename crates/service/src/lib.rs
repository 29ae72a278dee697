//! Writes the record-keeping service: engine, model, OpenAPI document, pages.
//!
//! Pure functions from artifacts to files: nothing here reads, writes or runs anything, and the same input gives the
//! same bytes. The engine is the same for every service and lies in `assets/service`; only `model.py` differs.

mod backend;
mod facts;
mod offers;
mod openapi;
mod pages;
mod python;
mod screens;

pub use backend::{START, backend_files, without_rule};
pub use openapi::openapi;
pub use pages::page_files;
pub use screens::screens;
