//! Outcomes that are kept and given again.

use crate::setting::{command, referee};
use maestro_domain::Isolation;
use maestro_ports::referee::{Error, Referee as _};
use maestro_sandbox::{Recording, RecordingReferee, ReplayReferee};

#[tokio::test]
async fn a_replay_answers_what_was_recorded_and_nothing_else() {
    let recorder = RecordingReferee::new(referee(Isolation::Namespaces));
    let job = command(&["sh", "-c", "echo out; echo err >&2; exit 3"]);
    let outcome = recorder.run(job.clone()).await.unwrap();

    let text = serde_json::to_string(&recorder.recording()).unwrap();
    let recording: Recording = serde_json::from_str(&text).unwrap();
    assert_eq!((recording.len(), recording.is_empty()), (1, false));
    let replay = ReplayReferee::new(recording);
    assert_eq!(replay.run(job.clone()).await.unwrap(), outcome);

    let mut other = job.clone();
    other.workspace.insert("a".to_owned(), Vec::new());
    assert!(matches!(replay.run(other).await, Err(Error::NotRecorded { job, .. }) if job == "testing/verify"));
    let mut other = job;
    other.name = "testing/again".to_owned();
    assert!(matches!(replay.run(other).await, Err(Error::NotRecorded { .. })));
}
