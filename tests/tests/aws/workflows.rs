//! Workflows on the deployed stack, by the `maestro-aws` command: its functions take the nodes.

use crate::{
    command::{command, line, run, until},
    faults::queue,
    jobs::hurry,
    patience::wait_for,
    stack::{NAME, clients, deployed, home, packaged, server},
};
use maestro_aws::{Clients, DynamoTable, Machines, S3Blobs, machines::Definition};
use maestro_domain::{
    RunId, RunStatus, TenantId,
    recovery::{Action, Finding, Record},
};
use maestro_embedded::SystemClock;
use maestro_flows::lifecycle::{self, Machine, NewRun};
use maestro_ports::Clock as _;
use maestro_stack::Outputs;
use maestro_store::Store;
use serde_json::{Value, json};
use std::{collections::BTreeMap, fs, path::Path, process::Stdio, sync::Arc};
use tokio::{process::Command, sync::OnceCell};

/// Two chains whose edges cross and a map, a wait in one of them, and something that is skipped.
const CROSSING: &str = "
dag_id: crossing
context:
  variables: {word: x, list: [1, 2, 3]}
nodes:
- {node_id: a1, task_type: noop, config: {output: '{% $context.variables.word & \"a\" %}'}}
- {node_id: b1, task_type: wait, config: {seconds: 1}}
- {node_id: a2, task_type: noop, dependencies: [a1], config: {output: '{% $nodes.a1.output & \"2\" %}'}}
- {node_id: b2, task_type: noop, dependencies: [b1, a1], config: {output: '{% $nodes.a1.output & \"b\" %}'}}
- node_id: a3
  task_type: map
  dependencies: [a2, b2]
  config: {items: '{% $context.variables.list %}', each: {task_type: noop, config: {output: '{% $item * 2 %}'}}}
- {node_id: b3, task_type: noop, dependencies: [b2, a2], when: $nodes.a2.output = 'never'}
- node_id: end
  task_type: noop
  dependencies: [a3, b3]
  config: {output: '{% $join([$nodes.a2.output, $nodes.b2.output, $string($sum($nodes.a3.output)), $nodes.b3.status], \" \") %}'}
";

/// What a run's nodes came to, by their ids.
fn record(shown: &Value) -> Vec<(String, Value, Value)> {
    let nodes = shown["nodes"].as_array().unwrap().iter();
    let mut record: Vec<_> = nodes
        .map(|node| (node["node"].as_str().unwrap().to_owned(), node["status"].clone(), node["output"].clone()))
        .collect();
    record.sort_by(|a, b| a.0.cmp(&b.0));
    record
}

/// The same on this machine's engine.
async fn here(arguments: &[&str], folder: &Path) -> Value {
    let mut command = Command::new(packaged().join("maestro-aws"));
    command.args(arguments).env("MAESTRO_HOME", folder.join("home")).current_dir(folder).kill_on_drop(true);
    line(&command.output().await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_comes_to_the_same_on_the_stack_as_here() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("crossing.yaml"), CROSSING).unwrap();
    let arguments = ["workflow", "run", "crossing.yaml", "--input", r#"{"word": "y"}"#, "--json"];
    let there = [&arguments[..], &["--on", "local-stack"]].concat();
    let Some(output) = run(&there, folder.path()).await else { return };
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("end is complete") && told.contains("b3 is skipped"), "{told}");
    let ended = line(&output);
    assert_eq!((&ended["status"], &ended["nodes"]), (&json!("ok"), &json!(7)), "{ended}");
    let transitions = ended["transitions"].as_u64().unwrap();
    assert!((7..=10).contains(&transitions), "{ended}");

    let id = ended["run"].as_str().unwrap();
    let shown = run(&["workflow", "show", id, "--on", "local-stack", "--json"], folder.path()).await.unwrap();
    let shown = line(&shown);
    here(&arguments, folder.path()).await;
    let same = here(&["workflow", "show", "latest", "--json"], folder.path()).await;
    assert_eq!(record(&shown), record(&same));
    let end = record(&shown).into_iter().find(|(node, ..)| node == "end").unwrap();
    assert_eq!(end.2, "ya2 yab 12 skipped");

    // The same text is the same machine, so that runs do not leave one each.
    let again = line(&run(&there, folder.path()).await.unwrap());
    assert_eq!(again["status"], "ok");
    let listed = line(&run(&["workflow", "list", "--on", "local-stack", "--json"], folder.path()).await.unwrap());
    assert!(listed.as_array().unwrap().iter().filter(|one| one["dag_id"] == "crossing").count() >= 2, "{listed}");
}

/// Scripts that print JSON, read what others printed, are items of a map, and one that fails after it was printed of.
const SCRIPTS: &str = r#"
dag_id: scripts
on_failure: compensate
nodes:
- {node_id: one, task_type: script, config: {script: 'echo "{\"n\": $N}"', env: {N: '{% $string(20 + 1) %}'}}}
- node_id: python
  task_type: script
  dependencies: [one]
  config: {interpreter: python, script: '{% "import sys\nprint(" & $string($nodes.one.output.json.n * 2) & ")\nprint(\"aside\", file=sys.stderr)" %}'}
  compensate_with: {task_type: script, config: {script: echo undone}}
- node_id: many
  task_type: map
  dependencies: [one]
  config:
    items: [1, 2, 3]
    each: {task_type: script, config: {script: '{% "echo " & $string($item * 2) %}'}}
- {node_id: fails, task_type: script, dependencies: [python, many], retry_policy: {max_attempts: 2, interval_seconds: 1}, config: {script: echo why >&2; exit 3}}
"#;

#[tokio::test(flavor = "multi_thread")]
async fn scripts_come_to_the_same_on_the_stack_as_here() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("scripts.yaml"), SCRIPTS).unwrap();
    let arguments = ["workflow", "run", "scripts.yaml", "--json"];
    let there = [&arguments[..], &["--on", "local-stack"]].concat();
    let Some(output) = run(&there, folder.path()).await else { return };
    let (ended, same) = (line(&output), here(&arguments, folder.path()).await);
    for ended in [&ended, &same] {
        assert_eq!((&ended["status"], &ended["reason"]), (&json!("failed"), &json!("Maestro.Script")), "{ended}");
        assert!(ended["message"].as_str().unwrap().ends_with("the script ended with exit code 3: why"), "{ended}");
    }
    // Each end woke its node: nobody had to look again by himself.
    assert!(ended["wall_ms"].as_u64().unwrap() < 50_000, "{ended}");
    let id = ended["run"].as_str().unwrap();
    let shown = line(&run(&["workflow", "show", id, "--on", "local-stack", "--json"], folder.path()).await.unwrap());
    let here = here(&["workflow", "show", "latest", "--json"], folder.path()).await;
    assert_eq!(record(&shown), record(&here));
    let of = |node: &str| record(&shown).into_iter().find(|(id, ..)| id == node).unwrap();
    assert_eq!(of("one").2["json"], json!({"n": 21}), "{shown}");
    assert_eq!(of("many").2[2], json!({"stdout": "6\n", "stderr": "", "json": 6}), "{shown}");
    assert_eq!(of("python").1, "compensated", "{shown}");
    let failing = shown["nodes"].as_array().unwrap().iter().find(|node| node["node"] == "fails").unwrap();
    assert!(failing["claims"].as_u64().unwrap() >= 2, "a second attempt ran it anew: {failing}");
}

/// What it runs in a node, and for each item of a list one after the other.
const OUTER: &str = "
dag_id: outer
nodes:
- {node_id: one, task_type: workflow, config: {dag_id: inner, variables: {n: 20}}}
- node_id: many
  task_type: map
  dependencies: [one]
  config:
    items: '{% [1, 2, $nodes.one.output.sum] %}'
    max_concurrency: 2
    each: {task_type: workflow, config: {dag_id: inner, variables: {n: '{% $item %}'}}}
";
const INNER: &str = "
dag_id: inner
context: {variables: {n: 0}}
nodes:
- {node_id: first, task_type: wait, config: {seconds: 0.1}}
- {node_id: sum, task_type: noop, dependencies: [first], config: {output: '{% $context.variables.n + 1 %}'}}
- {node_id: ask, task_type: approval, when: $context.variables.n = 100, config: {question: Q, approvers: [ann]}}
- {node_id: fail, task_type: wait, when: $context.variables.n = 200, config: {until: never}}
";

fn outer(n: u32) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inner.yaml"), INNER).unwrap();
    fs::write(folder.path().join("outer.yaml"), OUTER).unwrap();
    let text = format!(
        "dag_id: outer-{n}\nnodes:\n- {{node_id: one, task_type: workflow, config: {{dag_id: inner, variables: {{n: {n}}}}}}}\n"
    );
    fs::write(folder.path().join("single.yaml"), text).unwrap();
    (folder, format!("outer-{n}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn workflows_in_nodes_come_to_the_same_on_the_stack_as_here() {
    let (folder, _) = outer(0);
    let arguments = ["workflow", "run", "outer.yaml", "--json"];
    let there = [&arguments[..], &["--on", "local-stack"]].concat();
    let Some(output) = run(&there, folder.path()).await else { return };
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let ended = line(&output);
    // Each end woke who waited for it: nobody had to look again by himself.
    assert!(ended["wall_ms"].as_u64().unwrap() < 50_000, "{ended}");
    let id = ended["run"].as_str().unwrap();
    let shown = line(&run(&["workflow", "show", id, "--on", "local-stack", "--json"], folder.path()).await.unwrap());
    here(&arguments, folder.path()).await;
    let same = here(&["workflow", "show", "latest", "--json"], folder.path()).await;
    assert_eq!(record(&shown), record(&same));
    assert_eq!(record(&shown)[0].2, json!([{"sum": 2}, {"sum": 3}, {"sum": 22}]), "{shown}");
    let inner = |shown: &Value| {
        let runs = shown["runs"].as_array().unwrap().iter();
        runs.map(|one| [&one["node"], &one["dag_id"], &one["status"], &one["reason"]].map(Value::clone))
            .collect::<Vec<_>>()
    };
    assert_eq!(inner(&shown).len(), 4);
    assert_eq!(inner(&shown), inner(&same));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_workflow_in_a_node_that_fails_fails_it_by_the_same_name_as_here() {
    let (folder, _) = outer(200);
    let arguments = ["workflow", "run", "single.yaml", "--json"];
    let there = [&arguments[..], &["--on", "local-stack"]].concat();
    let Some(output) = run(&there, folder.path()).await else { return };
    let (ended, same) = (line(&output), here(&arguments, folder.path()).await);
    assert_eq!((&ended["status"], &ended["reason"]), (&json!("failed"), &json!("Maestro.Workflow")), "{ended}");
    assert_eq!((&same["status"], &same["reason"]), (&json!("failed"), &json!("Maestro.Workflow")), "{same}");
    let inside = "of `inner` ended: Maestro.Expression: ";
    let said = |line: &Value| line["message"].as_str().unwrap().split(inside).nth(1).map(str::to_owned);
    assert!(said(&ended).is_some() && said(&ended) == said(&same), "{ended} {same}");
    // A resumed run opens the inner one again, which fails again.
    let id = ended["run"].as_str().unwrap();
    let again = line(&run(&["workflow", "resume", id, "--on", "local-stack", "--json"], folder.path()).await.unwrap());
    assert_eq!(said(&again), said(&ended), "{again}");
}

/// A run whose workflow in a node waits for a person, until the outer run is cancelled.
pub(crate) async fn left_inside() -> Option<Value> {
    let (folder, _) = outer(100);
    let mut following = command().await?;
    following.args(["workflow", "run", "single.yaml", "--on", "local-stack", "--json"]).current_dir(folder.path());
    let mut child = following.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let told = until(&mut child, "one begins").await;
    let id = told.split_whitespace().find(|word| word.starts_with("run-")).unwrap().to_owned();
    let show = ["workflow", "show", &id, "--on", "local-stack", "--json"];
    let inner = wait_for("that the inner run waits", async || {
        let shown = line(&run(&show, folder.path()).await.unwrap());
        let inner = shown["runs"][0]["run"].as_str()?.to_owned();
        let inside =
            line(&run(&["workflow", "show", &inner, "--on", "local-stack", "--json"], folder.path()).await.unwrap());
        let nodes = inside["nodes"].as_array().unwrap();
        nodes.iter().any(|node| node["node"] == "ask" && node["status"] == "runs").then_some(inner)
    })
    .await;
    assert_eq!(run(&["workflow", "cancel", &id, "--on", "local-stack"], folder.path()).await?.status.code(), Some(0));
    let shown = wait_for("that the inner run is cancelled", async || {
        let inside =
            line(&run(&["workflow", "show", &inner, "--on", "local-stack", "--json"], folder.path()).await.unwrap());
        (inside["status"] == "cancelled").then_some(inside)
    })
    .await;
    child.wait_with_output().await.unwrap();
    Some(shown)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_in_a_node_is_stopped_with_its_run() {
    let Some(shown) = left_inside().await else { return };
    assert_eq!(shown["reason"]["code"], "cancelled", "{shown}");
}

/// Puts a secret where a stack's functions look for hosts that nodes may call.
async fn keep_hosts(config: &str) {
    let program =
        "import boto3, sys; boto3.client('secretsmanager').create_secret(Name=sys.argv[1], SecretString=sys.argv[2])";
    python(program, &[&format!("{NAME}/http"), &json!({"MAESTRO_CONFIG": config}).to_string()]).await;
}

/// Does something as the stack's operator.
async fn python(program: &str, arguments: &[&str]) {
    let mut python = Command::new(home().join("stack/tools/bin/python"));
    python.args([&["-c", program][..], arguments].concat());
    python.env("AWS_ENDPOINT_URL", server().unwrap()).env("AWS_DEFAULT_REGION", "us-east-1");
    python.env("AWS_ACCESS_KEY_ID", "test").env("AWS_SECRET_ACCESS_KEY", "test");
    let made = python.output().await.unwrap();
    assert!(made.status.success(), "{made:?}");
}

/// Nothing outside can be called in a test; so the list is seen by what it refuses, and by what is looked for in vain. Once
/// for all tests that look at it: a secret that is there stays there.
pub(crate) async fn hosts_that_the_operator_allowed() {
    static CALLED: OnceCell<()> = OnceCell::const_new();
    CALLED.get_or_init(call_hosts).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_that_the_operator_allowed_are_called_by_the_stack() {
    hosts_that_the_operator_allowed().await;
}

async fn call_hosts() {
    let folder = tempfile::tempdir().unwrap();
    let text =
        "dag_id: calls\nnodes:\n- {node_id: a, task_type: http, config: {url: 'https://api.example.invalid/'}}\n";
    fs::write(folder.path().join("calls.yaml"), text).unwrap();
    let arguments = ["workflow", "run", "calls.yaml", "--json"];
    let there = [&arguments[..], &["--on", "local-stack"]].concat();
    let Some(output) = run(&there, folder.path()).await else { return };
    let refused = line(&output);
    assert_eq!(refused["reason"], "Maestro.NotAllowed", "{refused}");
    let says = format!("the secret `{NAME}/http`");
    assert!(refused["message"].as_str().unwrap().contains(&says), "{refused}");
    assert_eq!(here(&arguments, folder.path()).await["reason"], "Maestro.NotAllowed");

    let config = "[http.\"api.example.invalid\"]\n";
    keep_hosts(config).await;
    fs::write(folder.path().join("maestro.toml"), config).unwrap();
    let called = line(&run(&there, folder.path()).await.unwrap());
    let same = here(&arguments, folder.path()).await;
    for called in [called, same] {
        assert_eq!(called["reason"], "Maestro.HttpUnavailable", "{called}");
        assert!(called["message"].as_str().unwrap().contains("api.example.invalid"), "{called}");
    }
}

/// Calls functions, reads what one answered, undoes it by another call because a third fails.
const CALLS: &str = "
dag_id: functions
on_failure: compensate
nodes:
- node_id: ship
  task_type: lambda
  config: {function: maestro-tests-task-ship, payload: {n: 20}}
  compensate_with: {task_type: lambda, config: {function: maestro-tests-task-ship, payload: {back: '{% $nodes.ship.output.n %}'}}}
- node_id: many
  task_type: map
  dependencies: [ship]
  config: {items: [1, 2], each: {task_type: lambda, config: {function: maestro-tests-task-ship, payload: {n: '{% $item + $nodes.ship.output.n %}'}}}}
- {node_id: fails, task_type: lambda, dependencies: [many], config: {function: maestro-tests-task-ship, payload: {n: none}}}
";

/// A function of the operator's, which counts what is not told to be undone.
const SHIP: &str = "
import boto3, io, sys, zipfile
code = 'def handler(event, context):\\n    return {\"undone\": event[\"back\"]} if \"back\" in event else {\"n\": event[\"n\"] + 1}\\n'
held = io.BytesIO()
with zipfile.ZipFile(held, 'w') as packed:
    packed.writestr('ship.py', code)
trust = '{\"Version\": \"2012-10-17\", \"Statement\": [{\"Effect\": \"Allow\", \"Principal\": {\"Service\": \"lambda.amazonaws.com\"}, \"Action\": \"sts:AssumeRole\"}]}'
role = boto3.client('iam').create_role(RoleName='ship', AssumeRolePolicyDocument=trust)['Role']['Arn']
boto3.client('lambda').create_function(FunctionName=sys.argv[1], Runtime='python3.12', Handler='ship.handler',
    Role=role, Code={'ZipFile': held.getvalue()})
";

/// Runs that workflow on the stack; answers how it ended, and how its nodes stand. The function stays, so only once.
pub(crate) async fn functions_called() -> Option<(Value, Value)> {
    static CALLED: OnceCell<Option<(Value, Value)>> = OnceCell::const_new();
    CALLED.get_or_init(call_functions).await.clone()
}

async fn call_functions() -> Option<(Value, Value)> {
    let folder = tempfile::tempdir().unwrap();
    deployed().await?;
    python(SHIP, &[&format!("{NAME}-task-ship")]).await;
    fs::write(folder.path().join("functions.yaml"), CALLS).unwrap();
    let output = run(&["workflow", "run", "functions.yaml", "--on", "local-stack", "--json"], folder.path()).await?;
    let ended = line(&output);
    let id = ended["run"].as_str().unwrap();
    let shown = line(&run(&["workflow", "show", id, "--on", "local-stack", "--json"], folder.path()).await?);
    Some((ended, shown))
}

#[tokio::test(flavor = "multi_thread")]
async fn functions_that_are_named_after_the_stack_are_called_by_it() {
    let Some((ended, shown)) = functions_called().await else { return };
    assert_eq!((&ended["status"], &ended["reason"]), (&json!("failed"), &json!("Maestro.Function")), "{ended}");
    assert!(ended["message"].as_str().unwrap().contains("`maestro-tests-task-ship` failed: "), "{ended}");
    let of = |node: &str| record(&shown).into_iter().find(|(id, ..)| id == node).unwrap();
    assert_eq!(of("many").2, json!([{"n": 23}, {"n": 24}]), "{shown}");
    assert_eq!(of("ship").1, "compensated", "{shown}");
    // No function that belongs to the stack itself, nor one that is not there.
    let folder = tempfile::tempdir().unwrap();
    for (function, reason) in [("intake", "Maestro.NotAllowed"), ("task-nobody", "Maestro.Function")] {
        let config = format!("{{function: {NAME}-{function}, payload: {{run: run-1}}}}");
        let text = format!("dag_id: other\nnodes:\n- {{node_id: a, task_type: lambda, config: {config}}}\n");
        fs::write(folder.path().join("other.yaml"), text).unwrap();
        let arguments = ["workflow", "run", "other.yaml", "--json"];
        let there = [&arguments[..], &["--on", "local-stack"]].concat();
        let refused = line(&run(&there, folder.path()).await.unwrap());
        assert_eq!(refused["reason"], reason, "{refused}");
        // This machine has none.
        assert_eq!(here(&arguments, folder.path()).await["reason"], "Maestro.NotSupported");
    }
}

/// Tasks for personas, and what they answer: those of the command line's own test.
const PERSONAS: [(&str, &str); 3] = [
    ("personas.yaml", include_str!("../../../crates/cli/tests/data/personas/personas.yaml")),
    ("inner.yaml", include_str!("../../../crates/cli/tests/data/personas/inner.yaml")),
    ("replies.yaml", include_str!("../../../crates/cli/tests/data/personas/replies.yaml")),
];

#[tokio::test(flavor = "multi_thread")]
async fn personas_do_tasks_of_workflows_and_spend_what_was_granted() {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in PERSONAS {
        fs::write(folder.path().join(name), text).unwrap();
    }
    // The functions of the local stack are processes of this machine, so they can read the file.
    let model = format!("scripted:{}", folder.path().join("replies.yaml").display());
    let there = ["--on", "local-stack", "--json"];
    let first = ["workflow", "run", "personas.yaml", "--model", &model, "--budget", "0.5"];
    let Some(output) = run(&[&first[..], &there].concat(), folder.path()).await else { return };
    let ended = line(&output);
    assert_eq!((&ended["status"], &ended["reason"]), (&json!("failed"), &json!("Maestro.Workflow")), "{ended}");
    assert!(ended["message"].as_str().unwrap().contains("Maestro.Budget"), "{ended}");
    let id = ended["run"].as_str().unwrap();
    let output_of = |shown: &Value, node: &str| record(shown).into_iter().find(|(id, ..)| id == node).unwrap().2;
    let shown = line(&run(&[&["workflow", "show", id][..], &there].concat(), folder.path()).await.unwrap());
    assert_eq!(output_of(&shown, "ask")["json"], json!(["Ada", "Bo"]), "{shown}");
    assert_eq!(output_of(&shown, "each")[1], json!({"text": "He rests.", "json": null}), "{shown}");
    // More is granted; what was answered before is not paid again, which would take more than there is.
    let more = ["workflow", "resume", id, "--budget", "0.25"];
    let ended = line(&run(&[&more[..], &there].concat(), folder.path()).await.unwrap());
    assert_eq!(ended["status"], "ok", "{ended}");
    let cost = line(&run(&[&["workflow", "cost", id][..], &there].concat(), folder.path()).await.unwrap());
    assert_eq!(cost["model"]["usd"], json!(0.7), "{cost}");
    // The built-in author is no language model.
    let none = ["workflow", "run", "inner.yaml", "--model", "blueprint"];
    let ended = line(&run(&[&none[..], &there].concat(), folder.path()).await.unwrap());
    assert_eq!(ended["reason"], "Maestro.NeedsModel", "{ended}");
}

/// Something is done and undone, because something else fails.
const UNDONE: &str = "
dag_id: undone
on_failure: compensate
nodes:
- {node_id: done, task_type: noop, config: {output: 1}, compensate_with: {task_type: wait, config: {seconds: 0.1}}}
- {node_id: fails, task_type: wait, dependencies: [done], config: {until: '{% $string($nodes.done.output) %}'}}
";

/// Runs that workflow on the stack, and answers what was printed at the end and how its nodes stand.
pub(crate) async fn undone() -> Option<(Value, Value)> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("undone.yaml"), UNDONE).unwrap();
    let arguments = ["workflow", "run", "undone.yaml", "--on", "local-stack", "--json"];
    let output = run(&arguments, folder.path()).await?;
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let ended = line(&output);
    let id = ended["run"].as_str().unwrap();
    let shown = run(&["workflow", "show", id, "--on", "local-stack", "--json"], folder.path()).await?;
    Some((ended, line(&shown)))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_failed_is_undone_by_the_stack() {
    let Some((ended, shown)) = undone().await else { return };
    assert_eq!((&ended["status"], &ended["reason"]), (&json!("failed"), &json!("Maestro.Expression")), "{ended}");
    assert!(ended["message"].as_str().unwrap().starts_with("node `fails`: "), "{ended}");
    let stands: Vec<_> = record(&shown).into_iter().map(|(node, status, _)| (node, status)).collect();
    assert_eq!(stands, [("done".to_owned(), json!("compensated")), ("fails".to_owned(), json!("failed"))]);
}

/// What is done and undone in a run, in a node's run inside it, and beside that.
const INSIDE: &str = "
dag_id: inside
on_failure: compensate
nodes:
- {node_id: a, task_type: noop, config: {output: 1}, compensate_with: {task_type: wait, config: {seconds: 0.1}}}
- {node_id: b, task_type: noop, dependencies: [a], config: {output: 2}, compensate_with: {task_type: wait, config: {seconds: 0.1}}}
- {node_id: ask, task_type: approval, dependencies: [b], when: $context.variables.fails != true, config: {question: Q, approvers: [ann]}}
- {node_id: fails, task_type: wait, dependencies: [ask], config: {until: never}}
context: {variables: {fails: false}}
";
const AROUND: &str = "
dag_id: around
on_failure: compensate
context: {variables: {fails: false}}
nodes:
- {node_id: first, task_type: noop, config: {output: 1}, compensate_with: {task_type: wait, config: {seconds: 0.1}}}
- {node_id: inner, task_type: workflow, dependencies: [first], config: {dag_id: inside, variables: {fails: '{% $context.variables.fails %}'}}, compensate_with: {task_type: noop}}
";

/// That these nodes were undone one after the other.
fn in_reverse(nodes: &[(&Value, &str)]) {
    let at = |(shown, id): &(&Value, &str)| {
        let nodes = shown["nodes"].as_array().unwrap();
        nodes.iter().find(|node| node["node"] == *id).and_then(|node| node["undone_ms"].as_u64()).unwrap()
    };
    let times: Vec<_> = nodes.iter().map(at).collect();
    // Undoing each takes a tenth of a second.
    assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
}

/// How a run and the one inside it stand, once all is undone.
async fn undone_inside(id: &str, folder: &Path) -> (Value, Value) {
    let show = async |run_id: &str| {
        line(&run(&["workflow", "show", run_id, "--on", "local-stack", "--json"], folder).await.unwrap())
    };
    wait_for("that all is undone", async || {
        let outer = show(id).await;
        let inner = show(outer["runs"][0]["run"].as_str()?).await;
        let stands = |shown: &Value, node: &str| {
            record(shown).into_iter().find(|(id, ..)| id == node).is_some_and(|(_, status, _)| status == "compensated")
        };
        (stands(&outer, "first") && stands(&inner, "a") && stands(&inner, "b")).then_some((outer, inner))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_in_a_node_undoes_what_it_did_when_it_fails_and_then_its_run_does() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inside.yaml"), INSIDE).unwrap();
    fs::write(folder.path().join("around.yaml"), AROUND).unwrap();
    let arguments = ["workflow", "run", "around.yaml", "--input", r#"{"fails": true}"#, "--json"];
    let there = [&arguments[..], &["--on", "local-stack"]].concat();
    let Some(output) = run(&there, folder.path()).await else { return };
    let (ended, same) = (line(&output), here(&arguments, folder.path()).await);
    for ended in [&ended, &same] {
        assert_eq!((&ended["status"], &ended["reason"]), (&json!("failed"), &json!("Maestro.Workflow")), "{ended}");
    }
    let (outer, inner) = undone_inside(ended["run"].as_str().unwrap(), folder.path()).await;
    let same = here(&["workflow", "show", "latest", "--json"], folder.path()).await;
    assert_eq!(
        record(&outer).iter().map(|(id, status, _)| (id, status)).collect::<Vec<_>>(),
        record(&same).iter().map(|(id, status, _)| (id, status)).collect::<Vec<_>>()
    );
    in_reverse(&[(&inner, "b"), (&inner, "a"), (&outer, "first")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_in_a_node_is_undone_before_its_run_when_that_is_cancelled() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("inside.yaml"), INSIDE).unwrap();
    fs::write(folder.path().join("around.yaml"), AROUND).unwrap();
    let Some(mut following) = command().await else { return };
    following.args(["workflow", "run", "around.yaml", "--on", "local-stack", "--json"]).current_dir(folder.path());
    let mut child = following.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let told = until(&mut child, "inner begins").await;
    let id = told.split_whitespace().find(|word| word.starts_with("run-")).unwrap().to_owned();
    let show = async |id: &str| {
        line(&run(&["workflow", "show", id, "--on", "local-stack", "--json"], folder.path()).await.unwrap())
    };
    wait_for("that the inner run waits", async || {
        let inner = show(show(&id).await["runs"][0]["run"].as_str()?).await;
        let nodes = inner["nodes"].as_array()?;
        nodes.iter().any(|node| node["node"] == "ask" && node["status"] == "runs").then_some(())
    })
    .await;
    let cancelled = run(&["workflow", "cancel", &id, "--on", "local-stack"], folder.path()).await.unwrap();
    assert_eq!(cancelled.status.code(), Some(0), "{cancelled:?}");
    let (outer, inner) = undone_inside(&id, folder.path()).await;
    child.wait_with_output().await.unwrap();
    assert_eq!((&outer["status"], &inner["status"]), (&json!("cancelled"), &json!("cancelled")));
    in_reverse(&[(&inner, "b"), (&inner, "a"), (&outer, "first")]);
}

/// A run that waits for a person, until somebody finds its message among the dead letters.
pub(crate) async fn given_up() -> Option<(Value, Value)> {
    let folder = tempfile::tempdir().unwrap();
    let text = "dag_id: asks\nnodes:\n- {node_id: ask, task_type: approval, config: {question: Q, approvers: [ann]}}\n";
    fs::write(folder.path().join("asks.yaml"), text).unwrap();
    let mut following = command().await?;
    following.args(["workflow", "run", "asks.yaml", "--on", "local-stack", "--json"]).current_dir(folder.path());
    let mut child = following.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let told = until(&mut child, "ask begins").await;
    let id = told.split_whitespace().find(|word| word.starts_with("run-")).unwrap().to_owned();
    let sqs = clients().await.unwrap().sqs;
    let dead = queue(&sqs, &format!("{NAME}-node-dead-letters")).await;
    let letter = json!({"run": id, "node": "ask"}).to_string();
    sqs.send_message().queue_url(&dead).message_body(letter).send().await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let shown = run(&["workflow", "show", &id, "--on", "local-stack", "--json"], folder.path()).await?;
    Some((line(&output), line(&shown)))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_no_worker_finished_with_fails_its_node_by_name() {
    let Some((ended, shown)) = given_up().await else { return };
    assert_eq!((&ended["status"], &ended["reason"]), (&json!("failed"), &json!("Maestro.DeadLetter")), "{ended}");
    assert_eq!(shown["recoveries"][0]["finding"], json!({"dead_letter": {"node": 0}}), "{shown}");
}

/// Rows and blobs of the stack.
fn store(clients: &Clients, outputs: &Outputs) -> Store {
    let table = DynamoTable::new(clients.dynamodb.clone(), &outputs["TableName"]);
    let blobs = S3Blobs::new(clients.s3.clone(), &outputs["BucketName"]);
    Store::new(Arc::new(table), Arc::new(blobs), TenantId::local())
}

/// A run that somebody created and never started: the sweep starts it, and its end is written down though nobody follows.
/// Answers what the run says of it.
pub(crate) async fn forgotten() -> Option<Vec<Record>> {
    let outputs = deployed().await?;
    let clients = clients().await?;
    let store = store(&clients, outputs);
    let text = "dag_id: forgotten\nnodes:\n- {node_id: a, task_type: noop}\n";
    let workflow = maestro_workflow::check(text).workflow.unwrap();
    let compiled = maestro_workflow::compile::compile(&workflow).definitions.remove(0);
    let (prefix, role) = (&outputs["WorkflowMachinePrefix"], &outputs["WorkflowRoleArn"]);
    let machines = Machines::new(clients.sfn.clone(), prefix, role, &outputs["NodeQueueArn"]);
    let definition = Definition { name: compiled.name, token: compiled.token, text: compiled.asl };
    let values = BTreeMap::from([("WorkflowQueueUrl".to_owned(), outputs["NodeQueueUrl"].clone())]);
    let arn = machines.make(&[definition], values).await.unwrap().remove(0);
    let machine = Some(Machine { arn, others: BTreeMap::new() });
    let new = NewRun { machine, ..super::flows::new_run(workflow, text) };
    let run = lifecycle::create(&store, new, 0).await.unwrap().0.run.id;
    assert!(store.open_flows(None, 100).await.unwrap().contains(&run));
    // It is as old as can be; a run that another test is just about to start must not look so.
    hurry(&clients, NAME, "node-sweep", 60).await;
    wait_for("the end of a run that a sweep started", async || {
        (store.flow(&run).await.unwrap().run.status == RunStatus::Ok).then_some(())
    })
    .await;
    assert!(!store.open_flows(None, 100).await.unwrap().contains(&run));
    Some(store.recoveries(&run).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_nobody_started_is_started_and_settled_by_the_stack() {
    let Some(told) = forgotten().await else { return };
    let told: Vec<_> = told.into_iter().map(|record| (record.recovery.finding, record.recovery.action)).collect();
    assert_eq!(told, [(Finding::Stuck, Action::Resume)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_follows_a_run_follows_the_execution_that_works_on_it_now() {
    let folder = tempfile::tempdir().unwrap();
    let text = "dag_id: taken-over\nnodes:\n\
                - {node_id: ask, task_type: approval, config: {question: Q, approvers: [ann]}}\n";
    fs::write(folder.path().join("asks.yaml"), text).unwrap();
    let Some(mut following) = command().await else { return };
    following.args(["workflow", "run", "asks.yaml", "--on", "local-stack", "--json"]).current_dir(folder.path());
    let mut child = following.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let told = until(&mut child, "ask begins").await;
    let id = told.split_whitespace().find(|word| word.starts_with("run-")).unwrap().to_owned();
    // As the sweep does that finds no execution yet; then it dies before it could start its own.
    let store = store(&clients().await.unwrap(), deployed().await.unwrap());
    let run_id = RunId::try_from(id.clone()).unwrap();
    let machine = Machine::of(&store.flow(&run_id).await.unwrap().run);
    assert_eq!(lifecycle::resume(&store, &run_id, machine, SystemClock.now_ms()).await.unwrap().executions, 2);
    let approve = ["workflow", "approve", &id, "ask", "--by", "ann", "--on", "local-stack"];
    assert_eq!(run(&approve, folder.path()).await.unwrap().status.code(), Some(0));
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let ended = store.flow(&run_id).await.unwrap().run;
    assert_eq!((ended.status, ended.executions), (RunStatus::Ok, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn words_and_events_wake_who_waits_for_them() {
    let folder = tempfile::tempdir().unwrap();
    let text = "dag_id: waits\nnodes:\n- {node_id: ask, task_type: approval, config: {question: Q, approvers: [ann]}}\n\
                - {node_id: hear, task_type: event, dependencies: [ask], config: {source: ci, detail_type: built}}\n";
    fs::write(folder.path().join("waits.yaml"), text).unwrap();
    let Some(mut following) = command().await else { return };
    following.args(["workflow", "run", "waits.yaml", "--on", "local-stack", "--json"]).current_dir(folder.path());
    let mut child = following.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let told = until(&mut child, "ask begins").await;
    let id = told.split_whitespace().find(|word| word.starts_with("run-")).unwrap().to_owned();
    let on = ["--on", "local-stack"];
    let approve = [&["workflow", "approve", &id, "ask", "--by", "ann"][..], &on].concat();
    assert_eq!(run(&approve, folder.path()).await.unwrap().status.code(), Some(0));
    until(&mut child, "hear begins").await;
    let detail = r#"{"image": "i1"}"#;
    let event = ["workflow", "event", &id, "--source", "ci", "--detail-type", "built", "--detail", detail];
    assert_eq!(run(&[&event[..], &on].concat(), folder.path()).await.unwrap().status.code(), Some(0));
    // Nobody would look again for a quarter of an hour.
    let output = child.wait_with_output().await.unwrap();
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let shown = line(&run(&[&["workflow", "show", &id, "--json"][..], &on].concat(), folder.path()).await.unwrap());
    assert_eq!(record(&shown)[1].2, json!({"image": "i1"}), "{shown}");
}
