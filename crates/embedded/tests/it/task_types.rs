//! Every task type at work.

use crate::support::Machine;
use maestro_domain::{NodeStatus, RunStatus, TenantId};
use maestro_ports::Clock;
use maestro_store::{Arrived, Store, Word};
use maestro_web::{Hosts, fake::Server};
use serde_json::json;
use std::sync::Arc;

fn one(task: &str) -> String {
    format!("dag_id: d\ncontext: {{variables: {{place: here, list: [1, 2, 3]}}}}\nnodes:\n- {{node_id: a, {task}}}\n")
}

#[tokio::test]
async fn noop_hands_on_a_value() {
    let machine = Machine::new();
    let text = one("task_type: noop, config: {output: {where: '{% $context.variables.place %}', sum: '{% 1 + 2 %}'}}")
        + "- {node_id: b, task_type: noop, dependencies: [a], config: {output: '{% $nodes.a.output.sum * 2 %}'}}\n";
    let run = machine.run(&text).await;
    assert_eq!(machine.output(&run.id, 0).await, Some(json!({"where": "here", "sum": 3})));
    assert_eq!(machine.output(&run.id, 1).await, Some(json!(6)));
}

#[tokio::test]
async fn a_node_whose_condition_is_not_true_is_skipped_and_counts_as_complete() {
    let machine = Machine::new();
    let text = one("task_type: script, config: {script: never}, when: $context.variables.place = 'there'")
        + "- {node_id: b, task_type: noop, dependencies: [a], config: {output: '{% [$nodes.a.status, $exists($nodes.a.output)] %}'}}\n";
    let run = machine.run(&text).await;
    assert_eq!(run.status, RunStatus::Ok);
    assert_eq!(machine.rows(&run.id).await[&0].outcome().unwrap().status, NodeStatus::Skipped);
    assert_eq!(machine.output(&run.id, 1).await, Some(json!(["skipped", false])));
    assert!(machine.scripts.ran.lock().unwrap().is_empty());
}

#[tokio::test]
async fn wait_takes_its_time() {
    let machine = Machine::new();
    machine.run(&one("task_type: wait, config: {seconds: 90}")).await;
    assert_eq!(machine.timer.now_ms(), 90_000);
    machine.run(&one("task_type: wait, config: {until: '1970-01-01T00:03:00Z'}")).await;
    assert_eq!(machine.timer.now_ms(), 180_000);
}

#[tokio::test]
async fn a_script_that_prints_json_can_be_read_of() {
    let machine = Machine::new();
    let text = one("task_type: script, config: {script: '{% \"say \" & $context.variables.place %}'}")
        + "- {node_id: b, task_type: noop, dependencies: [a], config: {output: '{% $nodes.a.output.json %}'}}\n";
    let run = machine.run(&text).await;
    assert_eq!(machine.output(&run.id, 1).await, Some(json!("say here")));
    let failed = machine.run(&one("task_type: script, config: {script: exit 3}")).await;
    let reason = failed.reason.unwrap();
    assert_eq!((failed.status, reason.code.as_str()), (RunStatus::Failed, "Maestro.Script"));
    assert!(reason.message.contains("exit code 3") && reason.message.contains("said"), "{}", reason.message);
}

#[tokio::test]
async fn an_approval_blocks_until_enough_people_agree() {
    let machine = Machine::new();
    let text = one("task_type: approval, config: {question: Ship?, approvers: [ann, bob], needed: 2}");
    let run = machine.create(&text, &[]).await;
    let ended = machine.execute(&run.id).await.unwrap().run;
    assert_eq!(ended.status, RunStatus::Blocked);
    assert!(ended.reason.unwrap().message.contains("Ship?"));
    let say = |by: &str, approves| Word { by: by.into(), approves, comment: None, at_ms: 7 };
    let store = machine.host.store();
    for by in ["ann", "stranger"] {
        store.say(&run.id, 0, &say(by, true)).await.unwrap();
        machine.host.resume(&run.id).await.unwrap();
        assert_eq!(machine.execute(&run.id).await.unwrap().run.status, RunStatus::Blocked);
    }
    store.say(&run.id, 0, &say("bob", true)).await.unwrap();
    machine.host.resume(&run.id).await.unwrap();
    assert_eq!(machine.execute(&run.id).await.unwrap().run.status, RunStatus::Ok);
    assert_eq!(machine.output(&run.id, 0).await.unwrap()["approvals"].as_array().unwrap().len(), 2);

    let run = machine.create(&text, &[]).await;
    store.say(&run.id, 0, &say("bob", false)).await.unwrap();
    assert_eq!(machine.execute(&run.id).await.unwrap().run.reason.unwrap().code, "Maestro.Rejected");
}

#[tokio::test]
async fn an_event_completes_the_node_that_waits_for_it() {
    let machine = Machine::new();
    let text = one("task_type: event, config: {source: ci, detail_type: Built, match: {branch: main}}");
    let run = machine.create(&text, &[]).await;
    let event = |branch: &str| Arrived {
        source: "ci".into(),
        detail_type: "Built".into(),
        detail: json!({"branch": branch}),
        at_ms: 1,
    };
    machine.host.store().keep_arrived(&run.id, &event("other")).await.unwrap();
    assert_eq!(machine.execute(&run.id).await.unwrap().run.status, RunStatus::Blocked);
    machine.host.store().keep_arrived(&run.id, &event("main")).await.unwrap();
    machine.host.resume(&run.id).await.unwrap();
    assert_eq!(machine.execute(&run.id).await.unwrap().run.status, RunStatus::Ok);
    assert_eq!(machine.output(&run.id, 0).await, Some(json!({"branch": "main"})));
}

#[tokio::test]
async fn a_map_does_each_item_once_and_tolerates_what_it_may() {
    let machine = Machine::new();
    let text = one("task_type: map, config: {items: '{% $context.variables.list %}', max_concurrency: 2, \
         each: {task_type: script, config: {script: '{% \"item \" & $item %}'}}}");
    let run = machine.run(&text).await;
    let output = machine.output(&run.id, 0).await.unwrap();
    assert_eq!(output[2]["json"], "item 3");

    let flaky = one("task_type: map, retry_policy: {max_attempts: 2}, config: {items: ['flaky 0', 'flaky 1'], \
         each: {task_type: script, config: {script: '{% $item %}'}}}");
    machine.scripts.ran.lock().unwrap().clear();
    assert_eq!(machine.run(&flaky).await.status, RunStatus::Ok);
    let ran = machine.scripts.ran.lock().unwrap().clone();
    assert_eq!(ran, ["flaky 0", "flaky 1", "flaky 1"], "what was done is not done again");

    let tolerant = |percentage: u8| {
        one(&format!(
            "task_type: map, config: {{items: ['exit 0', 'exit 1'], tolerated_failure_percentage: {percentage}, \
             each: {{task_type: script, config: {{script: '{{% $item %}}'}}}}}}",
        ))
    };
    let run = machine.run(&tolerant(50)).await;
    assert_eq!(machine.output(&run.id, 0).await.unwrap()[1]["error"], "Maestro.Script");
    assert_eq!(machine.run(&tolerant(49)).await.reason.unwrap().code, "Maestro.Items");
}

#[tokio::test]
async fn items_that_wait_count_among_those_at_work() {
    for (at_once, takes) in [(1, 3), (2, 2), (3, 1)] {
        let machine = Machine::new();
        let text = one(&format!(
            "task_type: map, config: {{items: [1, 2, 3], max_concurrency: {at_once}, \
             each: {{task_type: wait, config: {{seconds: 60}}}}}}"
        ));
        assert_eq!(machine.run(&text).await.status, RunStatus::Ok);
        assert_eq!(machine.timer.now_ms(), takes * 60_000, "{at_once} at once");
    }
}

#[tokio::test]
async fn a_workflow_runs_in_a_node() {
    let machine = Machine::new();
    let inner = "dag_id: inner\ncontext: {variables: {n: 0}}\nnodes:\n- {node_id: x, task_type: noop, config: {output: '{% $context.variables.n + 1 %}'}}\n";
    let outer = one("task_type: workflow, config: {dag_id: inner, variables: {n: 41}}");
    let run = machine.create(&outer, &[("inner", inner)]).await;
    let ended = machine.execute(&run.id).await.unwrap().run;
    assert_eq!(ended.status, RunStatus::Ok, "{:?}", ended.reason);
    assert_eq!(machine.output(&run.id, 0).await, Some(json!({"x": 42})));
    let store = machine.host.store();
    assert_eq!(store.flows(None, 10).await.unwrap().runs.len(), 1, "the inner run is not listed");
    let [child] = &store.children(&run.id).await.unwrap()[..] else { panic!("one run was started") };
    let starter = store.flow(child).await.unwrap().run.starter.unwrap();
    assert_eq!((starter.node.as_str(), starter.undoes), ("a", false));
}

#[tokio::test]
async fn what_this_machine_cannot_do_is_refused_by_name() {
    let machine = Machine::new();
    for task in [
        "task_type: lambda, config: {function: ship}",
        "task_type: persona, config: {persona: qa_engineer, task: test}",
    ] {
        let reason = machine.run(&one(task)).await.reason.unwrap();
        assert_eq!(reason.code, "Maestro.NotSupported", "{}", reason.message);
    }
}

/// A service that is busy at first, and then does what it is told.
fn service(request: &str, _: u16) -> String {
    let answer = |status: &str, body: &str| {
        format!("{status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    };
    let told = request.rsplit("\r\n").next().unwrap();
    match request.split(' ').nth(1).unwrap() {
        "/things?n=1&n=2&q=a%20b" => answer("201 Created", &format!("{{\"told\": {told}}}")),
        "/busy" => answer("503 Service Unavailable", "{}"),
        "/later" => answer("503 Service Unavailable\r\nretry-after: 400", "{}"),
        _ => answer("422 Unprocessable Content", "{\"why\": \"no\"}"),
    }
}

/// What waits for people in a workflow of a node waits in the whole, and nobody who is not to wait for them does.
#[tokio::test]
async fn a_run_is_blocked_where_a_workflow_in_it_is() {
    let machine = Machine::new();
    let inner =
        "dag_id: inner\nnodes:\n- {node_id: x, task_type: approval, config: {question: Ship?, approvers: [ann]}}\n";
    let outer = one("task_type: workflow, config: {dag_id: inner}")
        + "- {node_id: b, task_type: wait, config: {seconds: 30}}\n";
    let run = machine.create(&outer, &[("inner", inner)]).await;
    let ended = machine.execute(&run.id).await.unwrap().run;
    assert_eq!(ended.status, RunStatus::Blocked, "{:?}", ended.reason);
    let waits = ended.reason.unwrap().message;
    assert!(waits.contains("Ship?"), "{waits}");
    let child = waits.split("run `").nth(1).and_then(|rest| rest.split('`').next()).unwrap();
    let child = maestro_domain::RunId::new(child).unwrap();
    assert!(machine.rows(&run.id).await[&1].outcome().is_some(), "what waits for nobody was done");
    let store = machine.host.store();
    store.say(&child, 0, &Word { by: "ann".into(), approves: true, comment: None, at_ms: 7 }).await.unwrap();
    machine.host.resume(&run.id).await.unwrap();
    assert_eq!(machine.execute(&run.id).await.unwrap().run.status, RunStatus::Ok);
}

#[tokio::test]
async fn a_web_service_is_called_and_what_it_refuses_is_not_asked_again() {
    let server = Server::start(service).await.unwrap();
    let host = format!("api.example.com:{}", server.port);
    let hosts = Hosts::named([host.as_str()].into_iter()).unwrap();
    let machine = Machine::over(
        Store::in_memory(TenantId::local()),
        Arc::new(server.caller(hosts, |address| address.is_loopback())),
    );
    let text = one(&format!(
        "task_type: http, config: {{url: 'http://{host}/things', method: POST, query: {{q: 'a b', n: '{{% [1, 2] %}}'}}, \
         headers: {{x-place: '{{% $context.variables.place %}}'}}, body: {{list: '{{% $context.variables.list %}}'}}}}",
    )) + "- {node_id: b, task_type: noop, dependencies: [a], config: {output: '{% $nodes.a.output.body.told.list[2] %}'}}\n";
    let run = machine.run(&text).await;
    assert_eq!(run.status, RunStatus::Ok, "{:?}", run.reason);
    let output = machine.output(&run.id, 0).await.unwrap();
    assert_eq!((&output["status"], &output["headers"]["content-type"]), (&json!(201), &json!("application/json")));
    assert_eq!(machine.output(&run.id, 1).await, Some(json!(3)));
    assert!(server.seen()[0].contains("x-place: here\r\n"), "{:?}", server.seen());

    let call = |path: &str| {
        one(&format!("task_type: http, retry_policy: {{max_attempts: 3}}, config: {{url: 'http://{host}{path}'}}"))
    };
    for (path, code, calls) in [("/other", "Maestro.Http", 1), ("/busy", "Maestro.HttpUnavailable", 3)] {
        let before = server.seen().len();
        let reason = machine.run(&call(path)).await.reason.unwrap();
        assert_eq!((reason.code.as_str(), server.seen().len() - before), (code, calls), "{}", reason.message);
    }
    // It is asked again when it says, for a quarter of an hour, and that is no new attempt.
    let (before, began_ms) = (server.seen().len(), machine.timer.now_ms());
    let once = machine.run(&one(&format!("task_type: http, config: {{url: 'http://{host}/later'}}"))).await;
    assert_eq!(once.reason.unwrap().code, "Maestro.HttpUnavailable");
    assert_eq!((server.seen().len() - before, machine.timer.now_ms() - began_ms), (3, 800_000));
    // Unless the node may not take that long.
    let short = format!("task_type: http, timeout_seconds: 60, config: {{url: 'http://{host}/later'}}");
    assert_eq!(machine.run(&one(&short)).await.reason.unwrap().code, "States.Timeout");
    let elsewhere = machine.run(&one("task_type: http, config: {url: 'https://example.com/'}")).await.reason.unwrap();
    assert_eq!(elsewhere.code, "Maestro.NotAllowed", "{}", elsewhere.message);
}

#[tokio::test]
async fn a_node_at_work_gives_signs_of_life() {
    let machine = Machine::new();
    let run = machine.run(&one("task_type: wait, config: {seconds: 60}, heartbeat_seconds: 10")).await;
    assert_eq!(run.status, RunStatus::Ok, "without them its machine ends it after 10 s: {:?}", run.reason);
    assert_eq!(machine.timer.now_ms(), 60_000);
}

#[tokio::test]
async fn time_limits_hold_also_behind_gates() {
    let machine = Machine::new();
    let slow = "task_type: wait, config: {seconds: 60}, timeout_seconds: 10";
    let run = machine.run(&one(slow)).await;
    assert_eq!((run.reason.unwrap().code.as_str(), machine.timer.now_ms()), ("States.Timeout", 10_000));

    let machine = Machine::new();
    // The last node waits for two chains, and is a gate of one of them.
    let text = "dag_id: d\nnodes:\n- {node_id: a, task_type: wait, config: {seconds: 30}}\n- {node_id: b, task_type: noop}\n\
                - {node_id: c, task_type: noop, dependencies: [a, b]}\n- {node_id: e, task_type: noop, dependencies: [b]}\n\
                - {node_id: f, dependencies: [c, e, b], task_type: wait, config: {seconds: 60}, timeout_seconds: 10}\n\
                - {node_id: g, dependencies: [e], task_type: wait, config: {seconds: 60}, timeout_seconds: 100}\n";
    let workflow = maestro_workflow::check(text).workflow.unwrap();
    let compiled = maestro_workflow::compile::compile(&workflow);
    assert!(compiled.after.iter().any(|(_, after)| !after.is_empty()), "some node has a gate");
    let run = machine.run(text).await;
    assert_eq!((run.reason.unwrap().code.as_str(), machine.timer.now_ms()), ("States.Timeout", 40_000));
}
