//! Tools of a real server: a process of Python's standard library, through the dispatcher that decides for every tool.

use async_trait::async_trait;
use maestro_domain::{ArtifactKind, ContentHash, Epic, Evidence, PersonaId, Phase};
use maestro_mcp::Servers;
use maestro_ports::{Jobs, model::ToolCall, referee::Job};
use maestro_tools::{Answers, Context, Dispatcher, Effect, Error, Outcome, Outside, Permissions, Toolbox};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    io::BufRead,
    path::Path,
    process::Stdio,
    sync::{Arc, Mutex},
};
use tokio::process::{Child, Command};

const WHO: PersonaId = PersonaId::QaEngineer;
const SECRET: &str = "hunter2-and-more";

/// Keeps answers as a store does.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<ContentHash, Value>>);

#[async_trait]
impl Answers for Kept {
    async fn kept(&self, call: &ContentHash) -> Result<Option<Value>, Error> {
        Ok(self.0.lock().unwrap().get(call).cloned())
    }
    async fn keep(&self, call: &ContentHash, answer: &Value) -> Result<(), Error> {
        self.0.lock().unwrap().insert(call.clone(), answer.clone());
        Ok(())
    }
}

struct NoJobs;

#[async_trait]
impl Jobs for NoJobs {
    async fn evidence(&self, _: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>> {
        Ok(None)
    }
}

fn context() -> Context {
    Context {
        persona: WHO,
        phase: Phase::Testing,
        output: ArtifactKind::Tests,
        epic: Arc::new(Epic { title: String::new(), statements: vec![] }),
        upstream: [].into(),
        own: [].into(),
        before: None,
        submitted: None,
        jobs: Arc::new(NoJobs),
    }
}

/// The servers of a file with one server, that may do all that the test server can but one thing.
fn servers(dir: &Path, more: &str) -> Servers {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/server.py");
    let text = format!(
        "[mcp.small]\ncommand = \"python3\"\nargs = [{script:?}]\nenv = [\"API_TOKEN\", \"COUNT_FILE\"]\n\
         personas = [\"qa_engineer\"]\ntimeout_seconds = 2\n{more}\n[mcp.small.tools]\nlook = \"reads\"\nenvironment = \"reads\"\n\
         count = \"calls_out\"\nfail = \"reads\"\ndie = \"calls_out\"\nhang = \"reads\"\nflood = \"reads\"\nlong = \"reads\"\n\
         missing = \"reads\"\n"
    );
    let count = dir.join("count").display().to_string();
    let variable = |name: &str| match name {
        "API_TOKEN" => Some(SECRET.to_owned()),
        "COUNT_FILE" => Some(count.clone()),
        "PATH" => Some(env!("PATH").to_owned()),
        _ => None,
    };
    Servers::parse("maestro.toml", &text, variable).unwrap_or_else(|error| panic!("{error}"))
}

/// A dispatcher with the tools of a persona from outside, allowed as a task allows them.
async fn dispatcher(servers: &Servers, persona: PersonaId, answers: Arc<Kept>) -> Dispatcher {
    let (mut toolbox, mut permissions) = (Toolbox::default(), Permissions::default());
    for tool in servers.tools(persona, answers).await {
        permissions.tools.insert(tool.name().to_owned());
        permissions.effects.insert(tool.effect());
        toolbox = toolbox.with(tool);
    }
    Dispatcher::new(toolbox, permissions).with_answer_limit(4_000)
}

async fn call(dispatcher: &Dispatcher, tool: &str, arguments: Value) -> (Value, bool) {
    let call = ToolCall { id: "1".into(), name: format!("small__{tool}"), arguments };
    dispatcher.dispatch(&call, &mut context()).await.unwrap().answer()
}

#[tokio::test]
async fn what_is_allowed_is_there_for_whom_it_is_allowed_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let servers = servers(dir.path(), "");
    let tools = dispatcher(&servers, WHO, Arc::default()).await;
    let names: Vec<_> = tools.specs().into_iter().map(|tool| tool.name).collect();
    assert!(
        names.contains(&"small__look".to_owned()) && !names.iter().any(|name| name.contains("unlisted")),
        "{names:?}"
    );
    let look = tools.specs().into_iter().find(|tool| tool.name == "small__look").unwrap();
    assert_eq!(look.schema["properties"]["what"]["type"], "string", "the server's own schema");
    assert!(look.description.contains("withheld") && !look.description.contains("delete the tests"), "{look:?}");
    assert_eq!(call(&tools, "look", json!({"what": "a hive"})).await, (json!("seen: a hive"), false));
    let (answer, error) = call(&tools, "unlisted", json!({})).await;
    assert!(error && answer["error"].as_str().unwrap().contains("there is no tool"), "{answer}");
    let (answer, error) = call(&tools, "missing", json!({})).await;
    assert!(error, "{answer}");

    assert!(servers.tools(PersonaId::BackendDeveloper, Arc::<Kept>::default()).await.is_empty());
    // Whoever may not do what the tool does to the world is denied by the same rule as for every tool.
    let mut toolbox = Toolbox::default();
    for tool in servers.tools(WHO, Arc::<Kept>::default()).await {
        toolbox = toolbox.with(tool);
    }
    let tools = ["small__count".to_owned()].into();
    let reads = Permissions { tools, effects: [Effect::Reads].into(), ..Permissions::default() };
    let count = ToolCall { id: "1".into(), name: "small__count".into(), arguments: json!({}) };
    let outcome = Dispatcher::new(toolbox, reads).dispatch(&count, &mut context()).await.unwrap();
    assert!(matches!(outcome, Outcome::Denied(_)), "{outcome:?}");
    assert!(!dir.path().join("count").exists());
}

#[tokio::test]
async fn a_server_gets_what_was_named_and_tells_no_secret() {
    let dir = tempfile::tempdir().unwrap();
    let tools = dispatcher(&servers(dir.path(), ""), WHO, Arc::default()).await;
    let (answer, error) = call(&tools, "environment", json!({})).await;
    let told = answer.as_str().unwrap().to_owned();
    assert!(!error && !told.contains(SECRET), "{told}");
    let told: Value = serde_json::from_str(&told).unwrap();
    let env: Vec<_> = told["env"].as_object().unwrap().keys().map(String::as_str).collect();
    assert!(env.contains(&"API_TOKEN") && told["env"]["API_TOKEN"] == "[secret]", "{env:?}");
    // A shell that starts the interpreter sets variables of its own; of those that this process has, only what was named is
    // handed on.
    let own = ["API_TOKEN", "COUNT_FILE", "LC_CTYPE", "PATH", "PWD", "SHLVL", "_"];
    let shell = |name: &str| own.contains(&name) || name.contains("PYENV");
    assert!(env.iter().all(|name| shell(name)), "{env:?}");
    assert!(!told["argv"].to_string().contains(SECRET));
}

#[tokio::test]
async fn what_goes_wrong_is_an_error_with_a_name_and_the_next_call_works() {
    let dir = tempfile::tempdir().unwrap();
    let tools = dispatcher(&servers(dir.path(), ""), WHO, Arc::default()).await;
    for (tool, says) in [
        ("fail", "the tool `fail` of the server `small` failed: there is no such thing"),
        ("die", "the server `small` is gone"),
        ("hang", "the server `small` did not answer within 2 s"),
        ("flood", "the server `small` did not answer within 2 s"),
    ] {
        let (answer, error) = call(&tools, tool, json!({})).await;
        assert!(error && answer["error"].as_str().unwrap().contains(says), "{tool}: {answer}");
        assert_eq!(call(&tools, "look", json!({"what": tool})).await, (json!(format!("seen: {tool}")), false));
    }
    let (answer, error) = call(&tools, "long", json!({})).await;
    assert!(!error && answer.to_string().len() <= 4_000, "{}", answer.to_string().len());

    let text =
        "[mcp.small]\ncommand = \"/nonexistent/server\"\npersonas = [\"qa_engineer\"]\ntools = {look = \"reads\"}\n";
    let absent = Servers::parse("maestro.toml", text, |_| None).unwrap_or_else(|error| panic!("{error}"));
    let tools = dispatcher(&absent, WHO, Arc::default()).await;
    let (answer, error) = call(&tools, "look", json!({})).await;
    assert!(error && answer["error"].as_str().unwrap().contains("the server `small` could not be started"), "{answer}");
}

/// The test server at a port of loopback, ended with the test.
struct AtUrl {
    _process: Child,
    port: u16,
}

impl AtUrl {
    fn start() -> Self {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/server.py");
        let mut command = Command::new("python3");
        command.args([script, "--http"]).env("API_TOKEN", SECRET).stdout(Stdio::piped()).kill_on_drop(true);
        // Signals go to the interpreter and not only to a shell that starts it.
        let mut process = command.process_group(0).spawn().unwrap();
        let mut line = String::new();
        let output = process.stdout.take().unwrap().into_owned_fd().unwrap();
        std::io::BufReader::new(std::fs::File::from(output)).read_line(&mut line).unwrap();
        Self { _process: process, port: line.trim().parse().unwrap() }
    }

    /// Servers with this one, at a path, for who sends this variable.
    fn servers(&self, path: &str, variable: &str) -> Servers {
        let text = format!(
            "[mcp.small]\nurl = \"http://127.0.0.1:{}{path}\"\nheaders = {{ Authorization = \"{variable}\" }}\n\
             personas = [\"qa_engineer\"]\ntimeout_seconds = 2\n[mcp.small.tools]\nlook = \"reads\"\nenvironment = \"reads\"\n\
             fail = \"reads\"\ndie = \"calls_out\"\nhang = \"reads\"\nflood = \"reads\"\nlong = \"reads\"\n",
            self.port
        );
        let value = |name: &str| Some(if name == "API_TOKEN" { SECRET } else { "a wrong word" }.to_owned());
        Servers::parse("maestro.toml", &text, value).unwrap_or_else(|error| panic!("{error}"))
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_at_a_url_is_used_and_misused_like_a_process() {
    let server = AtUrl::start();
    for path in ["/json", "/events"] {
        let servers = server.servers(path, "API_TOKEN");
        let found = servers.try_out().await;
        assert!(found[0].problem.is_none() && found[0].tools.len() == 7, "{path}: {found:?}");
        let tools = dispatcher(&servers, WHO, Arc::default()).await;
        assert!(!tools.specs().iter().any(|tool| tool.name.contains("unlisted")));
        assert_eq!(call(&tools, "look", json!({"what": "a hive"})).await, (json!("seen: a hive"), false), "{path}");
        let (answer, error) = call(&tools, "environment", json!({})).await;
        let told: Value = serde_json::from_str(answer.as_str().unwrap()).unwrap();
        assert!(!error && told["env"]["authorization"] == "[secret]", "{told}");
        for (tool, says) in [
            ("fail", "the tool `fail` of the server `small` failed: there is no such thing"),
            ("die", "the server `small` is gone"),
            ("hang", "the server `small` did not answer within 2 s"),
            ("flood", "the server `small`"),
        ] {
            let (answer, error) = call(&tools, tool, json!({})).await;
            assert!(error && answer["error"].as_str().unwrap().contains(says), "{path}: {tool}: {answer}");
            assert!(answer.to_string().len() < 1_000, "{path}: {tool}");
            let again = call(&tools, "look", json!({"what": tool})).await;
            assert_eq!(again, (json!(format!("seen: {tool}")), false), "{path}: {tool}");
        }
        let (answer, error) = call(&tools, "long", json!({})).await;
        assert!(!error && answer.to_string().len() <= 4_000, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_url_that_is_of_no_use_says_what_to_mend_and_tells_no_secret() {
    let server = AtUrl::start();
    let problem = async |path: &str, variable: &str| {
        let mut found = server.servers(path, variable).try_out().await;
        let found = found.remove(0);
        assert_eq!(found.tools.len(), 7, "what was listed is still known");
        let problem = found.problem.unwrap();
        assert!(problem.starts_with("the server `small` could not be reached at `http://127.0.0.1:"), "{problem}");
        assert!(!problem.contains(SECRET) && !problem.contains('\n'), "{problem}");
        problem
    };
    for (path, variable, says) in [
        ("/json", "OTHER", "look at its `headers` and at the variables"),
        ("/nothing", "API_TOKEN", "look at its `url`"),
        ("/moved", "API_TOKEN", "redirects are not followed"),
        ("/broken", "API_TOKEN", "HTTP 500: oh [secret]"),
    ] {
        let problem = problem(path, variable).await;
        assert!(problem.contains(says), "{path}: {problem}");
    }
    let nobody = { AtUrl::start().servers("/json", "API_TOKEN") };
    let tools = dispatcher(&nobody, WHO, Arc::default()).await;
    let (answer, error) = call(&tools, "look", json!({})).await;
    assert!(error && answer["error"].as_str().unwrap().contains("could not be reached"), "{answer}");
}

#[tokio::test]
async fn a_task_that_is_begun_again_takes_the_answers_as_they_were() {
    let dir = tempfile::tempdir().unwrap();
    let answers = Arc::<Kept>::default();
    let first = dispatcher(&servers(dir.path(), ""), WHO, Arc::clone(&answers)).await;
    let counts = [call(&first, "count", json!({})).await.0, call(&first, "count", json!({})).await.0];
    assert_eq!(counts, [json!("1"), json!("2")], "the same call twice is two calls");
    // Another process goes on with the task.
    let second = dispatcher(&servers(dir.path(), ""), WHO, answers).await;
    let again = [call(&second, "count", json!({})).await.0, call(&second, "count", json!({})).await.0];
    assert_eq!(again, counts);
    assert_eq!(std::fs::read_to_string(dir.path().join("count")).unwrap(), "2", "nothing was done twice");
    assert_eq!(call(&second, "count", json!({})).await.0, json!("3"), "and what is new is done");
}

#[tokio::test]
async fn nothing_is_started_before_it_is_needed() {
    let text = "[mcp.small]\ncommand = \"touch\"\nargs = [\"PLACE\"]\npersonas = [\"qa_engineer\"]\ntools = {look = \"reads\"}\ntimeout_seconds = 5\n";
    let dir = tempfile::tempdir().unwrap();
    let place = dir.path().join("started");
    let text = text.replace("PLACE", place.to_str().unwrap());
    let servers = Servers::parse("maestro.toml", &text, |name| (name == "PATH").then(|| env!("PATH").to_owned()));
    let servers = servers.unwrap_or_else(|error| panic!("{error}"));
    assert!(servers.tools(PersonaId::BackendDeveloper, Arc::<Kept>::default()).await.is_empty());
    assert!(!place.exists(), "it was started for somebody else");
    servers.tools(WHO, Arc::<Kept>::default()).await;
    assert!(place.exists(), "and it is when it is needed");
}

#[tokio::test]
async fn a_trial_names_what_is_listed_and_not_there() {
    let dir = tempfile::tempdir().unwrap();
    let found = servers(dir.path(), "").try_out().await;
    let [small] = found.as_slice() else { panic!("{found:?}") };
    assert_eq!((small.server.as_str(), small.personas.as_slice(), small.tools.len()), ("small", [WHO].as_slice(), 9));
    assert_eq!(small.problem.as_deref(), Some("the server `small` has no tool `missing`"));
}
