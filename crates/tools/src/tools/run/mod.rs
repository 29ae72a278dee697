//! What the referee runs for the caller.

mod run_tests;

tools! {
    run_tests::RunTests,
}
