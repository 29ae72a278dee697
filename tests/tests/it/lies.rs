//! Models that claim what they did not do: each lie goes through a whole run behind a provider's wire, and a gate names it.

use crate::{
    jobs::referee,
    meddled::without_rule,
    provider::{added, client, serve},
    scenarios::SMALL,
};
use maestro_domain::{Event, RunStatus};
use maestro_ports::model::{Message, Request, ToolCall};
use maestro_tests::Bed;
use serde_json::{Value, json};

/// Runs a lie to its end, and answers what the last gate found and what was denied.
async fn told(lie: impl Fn(&Request, &mut Vec<ToolCall>) + Send + Sync + 'static) -> (Vec<String>, Vec<String>) {
    let fake = serve(lie).await;
    let bed = Bed::asking(client(&fake), referee());
    let run = bed.create(SMALL).await.unwrap();
    let (ended, events) = bed.execute(&run).await.unwrap();
    let reason = ended.run.reason.unwrap_or_else(|| panic!("nobody found out"));
    assert_eq!((ended.run.status, reason.code.as_str()), (RunStatus::Blocked, "needs_person"), "{reason:?}");
    let last = bed.hive.store().gates(&run).await.unwrap().pop().unwrap();
    let denied = events.into_iter().filter_map(|event| match event {
        Event::CallDenied { cause, .. } => Some(cause),
        _ => None,
    });
    (last.findings.into_iter().map(|finding| finding.message).collect(), denied.collect())
}

fn writes<'a>(calls: &'a mut [ToolCall], path: &'a str) -> impl Iterator<Item = &'a mut ToolCall> {
    calls.iter_mut().filter(move |call| call.name == "write_file" && call.arguments["path"] == path)
}

fn found(findings: &[String], says: &str) {
    assert!(findings.iter().any(|finding| finding.contains(says)), "nobody says `{says}`: {findings:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_was_claimed_and_not_written() {
    let (findings, _) = told(|asked, calls| {
        if asked.persona == "devops_engineer" {
            calls.retain(|call| call.arguments["path"] != "Dockerfile");
        }
    })
    .await;
    found(&findings, "`Dockerfile` is missing or empty");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tests_that_were_claimed_and_test_nothing() {
    for body in ["pass", "assert True", "self.assertTrue(True)"] {
        let (findings, _) = told(move |asked, calls| {
            if asked.persona != "qa_engineer" {
                return;
            }
            for call in writes(calls, "tests/test_beehive.py") {
                let text = call.arguments["content"].as_str().unwrap();
                let class = format!("\n\nclass Zeal(ServiceCase):\n    def test_it(self):\n        {body}\n");
                call.arguments["content"] = format!("{text}{class}").into();
            }
            for call in calls.iter_mut().filter(|call| call.name == "submit_work") {
                let test = json!({"name": "test_beehive.Zeal.test_it", "covers": ["AC-1.1"]});
                call.arguments["document"]["tests"].as_array_mut().unwrap().push(test);
            }
        })
        .await;
        found(&findings, "tests/test_beehive.py:");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_planned_test_that_is_nowhere() {
    let (findings, _) = told(|asked, calls| {
        for call in calls.iter_mut().filter(|call| asked.persona == "qa_engineer" && call.name == "submit_work") {
            let test = json!({"name": "test_beehive.Ghost.test_it", "covers": ["AC-1.1"]});
            call.arguments["document"]["tests"].as_array_mut().unwrap().push(test);
        }
    })
    .await;
    found(&findings, "the planned test `test_beehive.Ghost.test_it` did not run");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_requirement_that_was_dropped() {
    let (findings, _) = told(|asked, calls| {
        for call in
            calls.iter_mut().filter(|call| asked.persona == "requirements_analyst" && call.name == "submit_work")
        {
            call.arguments["document"]["items"].as_array_mut().unwrap().pop();
        }
    })
    .await;
    found(&findings, "`AC-1.2` was dropped");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_api_document_that_is_none() {
    let (findings, _) = told(|asked, calls| {
        for call in calls.iter_mut().filter(|_| asked.persona == "solution_architect") {
            if call.name == "submit_work" {
                call.arguments["document"]["openapi"]["paths"]["/beehives/{id}"]["get"]["responses"] = json!({});
            } else if call.arguments["path"] == "openapi.json" {
                let mut document: Value = serde_json::from_str(call.arguments["content"].as_str().unwrap()).unwrap();
                document["paths"]["/beehives/{id}"]["get"]["responses"] = json!({});
                call.arguments["content"] = document.to_string().into();
            }
        }
    })
    .await;
    found(&findings, "the API document is broken at `/paths/~1beehives~1{id}/get");
    assert!(findings.iter().all(|finding| !finding.contains("is not the document")), "{findings:?}");
}

/// The service does not keep a rule. Sent back, the developer mends the test instead.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_protected_test_that_was_edited_instead_of_the_code() {
    let model = maestro_reader::read(&maestro_epic::read(SMALL, "epic").unwrap()).concepts;
    let proven = |rule: &&maestro_artifacts::Rule| rule.sources.iter().any(|id| id.as_str() == "AC-1.2");
    let rule = model.rules.iter().find(proven).unwrap().id.clone();
    let (findings, denied) = told(move |asked, calls| {
        if asked.persona != "backend_developer" {
            return;
        }
        without_rule(calls, &model, &rule);
        let Some(Message::User { text }) = asked.messages.first() else { panic!("{asked:?}") };
        if text.contains("did not pass") && asked.messages.len() == 1 {
            let test = "tests/test_beehive.py";
            calls.push(added(1, "write_file", json!({"path": test, "content": "import unittest\n"})));
            calls.push(added(2, "delete_file", json!({"path": test})));
            calls.push(added(3, "replace_text", json!({"path": test, "old": "assert", "new": "# assert"})));
        }
    })
    .await;
    found(&findings, "did not pass");
    found(&findings, "a test of `AC-1.2` did not pass");
    // One way is no tool of its, one is another's file, and the third changes only what it wrote itself.
    assert_eq!(denied.len(), 2, "{denied:?}");
    for says in ["`tests/test_beehive.py` belongs to the artifact `tests`", "may not use the tool `delete_file`"] {
        assert!(denied.iter().any(|cause| cause.contains(says)), "{denied:?}");
    }
}
