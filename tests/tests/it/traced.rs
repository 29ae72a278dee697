//! The trace tells the truth: a disabled rule is FAILED, a deleted test is a GAP, an unknown id is an ORPHAN.

use crate::{
    HELPER,
    meddled::{Meddled, without_rule},
    scenarios::SMALL,
};
use maestro_artifacts::Requirements;
use maestro_domain::{ArtifactKind, RunStatus, TraceStatus};
use maestro_ports::model::{Request, ToolCall};
use maestro_sdlc::record;
use maestro_store::{MemoryBlobs, MemoryTable};
use maestro_tests::{Bed, real_referee};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::Arc};

async fn trace_with(
    epic: &[u8],
    meddle: impl Fn(&str, &mut Vec<ToolCall>) + Send + Sync + 'static,
) -> (RunStatus, BTreeMap<String, TraceStatus>, Requirements) {
    let scratch = tempfile::tempdir().unwrap();
    let bed = Bed::with(
        Arc::new(Meddled(move |request: &Request, calls: &mut Vec<ToolCall>| meddle(&request.persona, calls))),
        Arc::new(real_referee(HELPER, scratch.path())),
        Arc::new(MemoryTable::default()),
        Arc::new(MemoryBlobs::default()),
    );
    let run = bed.create(epic).await.unwrap();
    let (ended, _) = bed.execute(&run).await.unwrap();
    let rows = record::trace(bed.hive.store(), &ended.run).await.unwrap();
    let store = bed.hive.store();
    let stored = store.artifacts(&run).await.unwrap();
    let analyst = stored.iter().find(|one| one.artifact.kind == ArtifactKind::Requirements).unwrap();
    let document = store.read_document(&run, &analyst.artifact).await.unwrap();
    let statuses = rows.into_iter().map(|row| (row.id, row.status)).collect();
    (ended.run.status, statuses, Requirements::deserialize(&*document).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_disabled_rule_fails_its_statement() {
    let epic = maestro_epic::read(SMALL, "epic").unwrap();
    let model = maestro_reader::read(&epic).concepts;
    let criteria: Vec<_> = epic.criteria().map(|statement| statement.id.clone()).collect();
    assert_eq!(criteria.len(), 2);
    for criterion in criteria {
        let rules: Vec<_> =
            model.rules.iter().filter(|rule| rule.sources.contains(&criterion)).map(|rule| rule.id.clone()).collect();
        assert!(!rules.is_empty(), "{criterion} has no rule");
        for rule in rules {
            let (model, id) = (model.clone(), rule.clone());
            let (status, trace, _) = trace_with(SMALL, move |persona, calls| {
                if persona == "backend_developer" {
                    without_rule(calls, &model, &id);
                }
            })
            .await;
            assert_eq!(trace[criterion.as_str()], TraceStatus::Failed, "without {rule}");
            assert_eq!(status, RunStatus::Blocked, "without {rule}");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_deleted_test_leaves_a_gap_and_an_unknown_id_is_an_orphan() {
    let (status, trace, _) = trace_with(SMALL, |persona, calls| {
        if persona == "qa_engineer" {
            for call in calls.iter_mut().filter(|call| call.name == "write_file") {
                let text = call.arguments["content"].as_str().unwrap().replace("\"AC-1.2\"", "\"AC-9.9\"");
                call.arguments["content"] = Value::String(text);
            }
        }
    })
    .await;
    assert_eq!(trace["AC-1.2"], TraceStatus::Gap);
    assert_eq!(trace["AC-9.9"], TraceStatus::Orphan);
    assert_eq!(trace["AC-1.1"], TraceStatus::Ok);
    assert_eq!(status, RunStatus::Blocked, "neither a gap nor an orphan passes the gate");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_test_that_cannot_fail_is_refused_though_it_passes() {
    let hollow = |body: &'static str| {
        move |persona: &str, calls: &mut Vec<ToolCall>| {
            if persona != "qa_engineer" {
                return;
            }
            for call in calls.iter_mut() {
                if call.arguments["path"] == "tests/test_beehive.py" {
                    let text = call.arguments["content"].as_str().unwrap();
                    let class = format!("\n\nclass Zeal(ServiceCase):\n    def test_it(self):\n        {body}\n");
                    call.arguments["content"] = format!("{text}{class}").into();
                }
                if call.name == "submit_work" {
                    let test = json!({"name": "test_beehive.Zeal.test_it", "covers": []});
                    call.arguments["document"]["tests"].as_array_mut().unwrap().push(test);
                }
            }
        }
    };
    for body in ["self.assertTrue(True)", "pass", "assert 1 == 1"] {
        let (status, ..) = trace_with(SMALL, hollow(body)).await;
        assert_eq!(status, RunStatus::Blocked, "{body}");
    }
    let (status, ..) = trace_with(SMALL, hollow("self.assertIn(\"Zeal\", self.id())")).await;
    assert_eq!(status, RunStatus::Ok, "one more test that can fail is no reason to refuse");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_statement_stops_the_first_phase() {
    let (status, _, requirements) = trace_with(SMALL, |persona, calls| {
        if persona == "requirements_analyst" {
            for call in calls.iter_mut().filter(|call| call.name == "submit_work") {
                call.arguments["document"]["items"].as_array_mut().unwrap().pop();
            }
        }
    })
    .await;
    assert_eq!(status, RunStatus::Blocked);
    assert!(!requirements.items.is_empty());
}
