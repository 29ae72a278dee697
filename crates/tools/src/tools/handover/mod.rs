//! What comes in from others and what is handed over.

mod read_artifact;
mod read_epic;
mod submit_work;

tools! {
    read_artifact::ReadArtifact,
    read_epic::ReadEpic,
    submit_work::SubmitWork,
}
