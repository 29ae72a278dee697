//! What a run costs, and that it calls for nothing that it does not need.

use crate::{
    command::{line, run},
    flows::team,
    patience::wait_for,
    runs::{Remote, library},
};
use maestro_domain::{DEFAULT_SCOPE, Phase};
use maestro_tests::states::states_of_a_run;
use maestro_workflow::Scope;

/// The most that a run without rework calls. A little more than it does: under load, an event of a journal may be written
/// apart from the next one. Each job of the referee takes about 35 calls: its row is written, asked for, reported and closed, its
/// task is claimed once more, its workspace is put and read as one object, and three functions write down what they used.
const MOST: [(&str, u64); 12] = [
    // Each of four jobs is taken from the list of open ones.
    ("DynamoDB.DeleteItem", 4),
    ("DynamoDB.GetItem", 200),
    ("DynamoDB.PutItem", 48),
    ("DynamoDB.Query", 72),
    ("DynamoDB.TransactWriteItems", 148),
    ("EventBridge.PutEvents", 12),
    // Fewer where a container has them still.
    ("S3.GetObject", 180),
    ("S3.PutObject", 30),
    ("SFN.SendTaskHeartbeat", 3),
    ("SFN.SendTaskSuccess", 20),
    ("SQS.GetQueueUrl", 3),
    ("SQS.SendMessage", 3),
];

#[tokio::test(flavor = "multi_thread")]
async fn a_run_costs_less_than_a_cent_and_calls_what_it_needs() {
    let Some(remote) = Remote::new().await else { return };
    let (id, _) = library(&remote).await;
    let folder = tempfile::tempdir().unwrap();
    let asked = ["runs", "cost", id.as_str(), "--json", "--on", "local-stack"];
    let Some(output) = run(&asked, folder.path()).await else { return };
    let told = line(&output);
    assert!(told["usd"].as_f64().unwrap() <= 0.01, "{told:#}");
    assert_eq!(told["model"]["usd"], 0.0);
    let lines = told["lines"].as_array().unwrap();
    let used = |service: &str| {
        let line = lines.iter().find(|line| line["service"] == service);
        line.unwrap_or_else(|| panic!("no {service}: {told:#}"))["quantity"].as_f64().unwrap()
    };
    assert_eq!(used("Step Functions"), states_of_a_run() as f64, "{told:#}");
    for service in ["Lambda", "DynamoDB", "S3", "SQS", "EventBridge"] {
        assert!(used(service) > 0.0);
    }
    // Every call of a function is on the bill: two for intake and publish, of each phase plan, gate and verification, and its
    // personas.
    let scope = Scope::find(DEFAULT_SCOPE).unwrap();
    let personas: usize = Phase::ALL.into_iter().map(|phase| scope.team(phase).len()).sum();
    assert!(told["invocations"].as_u64().unwrap() >= 2 + 3 * 5 + personas as u64, "{told:#}");
    let calls = told["calls"].as_object().unwrap();
    for (operation, count) in calls {
        let most = MOST.iter().find(|(known, _)| known == operation);
        let (_, most) = most.unwrap_or_else(|| panic!("nobody expects `{operation}`"));
        let (called, tried) = (count["calls"].as_u64().unwrap(), count["attempts"].as_u64().unwrap());
        assert!(called > 0 && called <= *most && tried >= called, "{operation}: {count}");
    }
    assert_eq!(calls.len(), MOST.len(), "{told:#}");
    let written = calls["DynamoDB.TransactWriteItems"]["units"].as_f64().unwrap();
    assert!(written > calls["DynamoDB.TransactWriteItems"]["calls"].as_f64().unwrap(), "the table tells its units");

    let text = run(&["runs", "cost", id.as_str(), "--on", "local-stack", "--calls"], folder.path()).await.unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    for wanted in
        ["Step Functions", "infrastructure: 0.00", "referee: ", "model `blueprint`: $0.00 of $10.00", "S3.GetObject"]
    {
        assert!(text.contains(wanted), "{text}");
    }
    // The whole bill, for who reads this test's output.
    println!("{text}");
    assert!(told["prices"]["as_of"].as_str().is_some_and(|day| day.len() == 10));
}

/// Lambda takes a node's message from the queue, and deletes it there; nobody's client counts that.
const BY_LAMBDA: u64 = 2;

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_says_what_it_costs_and_takes_few_transitions_and_calls() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("team.yaml"), team()).unwrap();
    let arguments = ["workflow", "run", "team.yaml", "--on", "local-stack", "--json"];
    let Some(output) = run(&arguments, folder.path()).await else { return };
    let ended = line(&output);
    assert_eq!(ended["status"], "ok", "{ended}");
    let id = ended["run"].as_str().unwrap();
    // The last call writes down what it used once it has answered.
    let told = wait_for("the bill of the last node", async || {
        let told = run(&["workflow", "cost", id, "--on", "local-stack", "--json"], folder.path()).await.unwrap();
        Some(line(&told)).filter(|told| told["invocations"].as_u64() >= Some(12))
    })
    .await;
    let of = |unit: &str| {
        let lines = told["lines"].as_array().unwrap();
        lines.iter().find(|line| line["unit"] == unit).unwrap_or_else(|| panic!("no {unit}: {told:#}"))["quantity"]
            .clone()
    };
    let transitions = ended["transitions"].as_u64().unwrap();
    assert_eq!(of("state transition").as_f64(), Some(transitions as f64), "{told:#}");
    assert!(transitions <= 20, "{transitions} transitions");
    let nodes = of("request").as_f64().unwrap() as u64;
    let calls: u64 = told["calls"].as_object().unwrap().values().map(|of| of["calls"].as_u64().unwrap()).sum();
    let all = calls + BY_LAMBDA * nodes;
    println!("{transitions} transitions, {all} calls, {} USD: {:#}", told["usd"], told["calls"]);
    // Three containers start as a rule. Each further one reads the plan and its parameters in two objects and one row.
    let containers = told["calls"]["S3.GetObject"]["calls"].as_u64().unwrap() / 2;
    assert!(all <= 85 + 3 * containers.saturating_sub(3), "{all} calls, {containers} containers: {:#}", told["calls"]);
    assert!(told["usd"].as_f64().unwrap() <= 0.002 && told["model"].is_null(), "{told:#}");
    let text = run(&["workflow", "cost", id, "--on", "local-stack", "--calls"], folder.path()).await.unwrap();
    let text = String::from_utf8(text.stdout).unwrap();
    assert!(text.contains("infrastructure: 0.00") && text.contains("DynamoDB.TransactWriteItems"), "{text}");
    // On this machine nobody bills anything.
    let mut here = tokio::process::Command::new(crate::stack::packaged().join("maestro-aws"));
    here.env("MAESTRO_HOME", folder.path().join("home")).current_dir(folder.path());
    assert!(here.args(["workflow", "run", "team.yaml"]).status().await.unwrap().success());
    let mut here = tokio::process::Command::new(crate::stack::packaged().join("maestro-aws"));
    here.env("MAESTRO_HOME", folder.path().join("home")).current_dir(folder.path());
    let told = line(&here.args(["workflow", "cost", "latest", "--json"]).output().await.unwrap());
    assert_eq!(told["billed"], false, "{told}");
}
