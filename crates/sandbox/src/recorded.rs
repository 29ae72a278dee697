//! Outcomes kept and given again, for tests of what stands above the referee: nothing is run twice.

use async_trait::async_trait;
use maestro_domain::Evidence;
use maestro_ports::referee::{Action, Error, Job, Outcome, Referee};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// Outcomes by job. Its JSON is the format of a recording file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Recording(BTreeMap<String, Recorded>);

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Recorded {
    evidence: Evidence,
    stdout: String,
    stderr: String,
}

impl Recording {
    /// How many outcomes it holds.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it holds none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn keep(&mut self, key: String, outcome: &Outcome) {
        let recorded = Recorded {
            evidence: outcome.evidence.clone(),
            stdout: String::from_utf8_lossy(&outcome.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&outcome.stderr).into_owned(),
        };
        self.0.insert(key, recorded);
    }
}

/// What tells jobs apart: name, workspace and action.
fn key_of(job: &Job) -> String {
    let action = match &job.action {
        Action::Command { argv } => serde_json::json!({ "command": argv }),
        Action::Script { argv } => serde_json::json!({ "script": argv }),
        Action::PythonTests { dir } => serde_json::json!({ "python_tests": dir }),
        Action::PythonReport { program, argument } => serde_json::json!({ "python_report": [program, argument] }),
    };
    serde_json::json!([job.name, crate::workspace::hash(&job.workspace), action]).to_string()
}

/// Runs jobs by another referee and keeps what came out.
#[derive(Debug)]
pub struct RecordingReferee<R> {
    inner: R,
    recording: Mutex<Recording>,
}

impl<R: Referee> RecordingReferee<R> {
    /// Records what `inner` does.
    pub const fn new(inner: R) -> Self {
        Self { inner, recording: Mutex::new(Recording(BTreeMap::new())) }
    }

    /// What has been recorded so far.
    pub fn recording(&self) -> Recording {
        self.recording.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[async_trait]
impl<R: Referee> Referee for RecordingReferee<R> {
    async fn run(&self, job: Job) -> Result<Outcome, Error> {
        let key = key_of(&job);
        let outcome = self.inner.run(job).await?;
        self.recording.lock().unwrap_or_else(PoisonError::into_inner).keep(key, &outcome);
        Ok(outcome)
    }
}

/// Answers from a recording and runs nothing. Output that was no UTF-8 comes back with replacement characters.
#[derive(Debug)]
pub struct ReplayReferee(Recording);

impl ReplayReferee {
    /// Answers from this recording.
    #[must_use]
    pub const fn new(recording: Recording) -> Self {
        Self(recording)
    }
}

#[async_trait]
impl Referee for ReplayReferee {
    async fn run(&self, job: Job) -> Result<Outcome, Error> {
        let Some(recorded) = self.0.0.get(&key_of(&job)) else {
            let workspace = crate::workspace::hash(&job.workspace).to_string();
            return Err(Error::NotRecorded { job: job.name, workspace });
        };
        Ok(Outcome {
            evidence: recorded.evidence.clone(),
            stdout: recorded.stdout.clone().into_bytes(),
            stderr: recorded.stderr.clone().into_bytes(),
        })
    }
}
