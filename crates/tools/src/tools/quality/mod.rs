//! Tests: which there should be, with which values, and whether those that are there test anything.

mod boundary_values;
mod cases;
pub(crate) mod check_tests;
mod derive_tests;
mod python;
mod values;
mod words;

tools! {
    boundary_values::BoundaryValues,
    check_tests::CheckTests,
    derive_tests::DeriveTests,
}
