//! The embedded files. To add a persona: one file in `definitions/` and one line here, in alphabetical order.

macro_rules! files {
    ($($name:literal,)+) => {
        /// File name without its ending → text.
        pub(crate) const FILES: &[(&str, &str)] =
            &[$(($name, include_str!(concat!("../definitions/", $name, ".md"))),)+];
    };
}

files! {
    "backend_developer",
    "deployment_specialist",
    "devops_engineer",
    "frontend_developer",
    "integration_tester",
    "qa_engineer",
    "requirements_analyst",
    "security_specialist",
    "solution_architect",
    "technical_writer",
    "ui_ux_designer",
}
