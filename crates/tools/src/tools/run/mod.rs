//! What the referee runs for the caller. Nobody waits for it: the task goes on when the evidence is there, and then the call is
//! made again and answers.

mod build;
mod contract_test;
mod format_code;
mod lint_code;
mod lint_script;
mod measure_coverage;
mod program;
mod results;
mod run_tests;
mod sample_mutants;
mod smoke_test;
mod start;
mod start_service;

tools! {
    build::Build,
    contract_test::ContractTest,
    format_code::FormatCode,
    lint_code::LintCode,
    measure_coverage::MeasureCoverage,
    run_tests::RunTests,
    sample_mutants::SampleMutants,
    smoke_test::SmokeTest,
    start_service::StartService,
}
