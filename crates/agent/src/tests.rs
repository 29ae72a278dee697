use super::*;
use async_trait::async_trait;
use maestro_domain::{ArtifactKind, Epic, Evidence, PersonaId, Phase};
use maestro_ports::{
    Jobs,
    model::{Progress, Quote, Reply, ToolCall, Turn},
};
use maestro_tools::{Permissions, Toolbox};
use std::sync::Mutex;

/// Answers from a list and keeps what it was asked.
struct Scripted {
    replies: Mutex<Vec<Vec<ToolCall>>>,
    asked: Mutex<Vec<Request>>,
}

#[async_trait]
impl Model for Scripted {
    fn name(&self) -> &str {
        "scripted"
    }
    fn quote(&self, _: &Request) -> Result<Quote, model::Error> {
        Ok(Quote::free("scripted"))
    }
    async fn complete(&self, request: &Request, _: &dyn Progress) -> Result<Reply, model::Error> {
        self.asked.lock().unwrap().push(request.clone());
        let mut replies = self.replies.lock().unwrap();
        let calls = if replies.len() > 1 { replies.remove(0) } else { replies.first().cloned().unwrap_or_default() };
        let usage = Usage { input_tokens: 10, output_tokens: 1, cost_micro_usd: 5, ..Usage::default() };
        Ok(Reply { text: "I stop".into(), calls, usage, ..Reply::default() })
    }
}

/// Has evidence of no job, or cannot say.
struct NoJobs(bool);

#[async_trait]
impl Jobs for NoJobs {
    async fn evidence(&self, _: &Job) -> Result<Option<Evidence>, Box<dyn std::error::Error + Send + Sync>> {
        if self.0 { Ok(None) } else { Err("`python3` is not installed".into()) }
    }
}

/// Turns in memory.
#[derive(Default)]
struct Kept(Mutex<BTreeMap<u32, Turn>>);

#[async_trait]
impl Turns for Kept {
    fn recorded(&self, number: u32) -> Option<Turn> {
        self.0.lock().unwrap().get(&number).cloned()
    }
    async fn record(&self, number: u32, turn: &Turn) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        self.0.lock().unwrap().insert(number, turn.clone());
        Ok(())
    }
}

fn call(name: &str, arguments: Value) -> ToolCall {
    ToolCall { id: "c".into(), name: name.into(), arguments }
}

async fn run(replies: Vec<Vec<ToolCall>>) -> (Result<Handover, Error>, Vec<Request>) {
    go_on(replies, NoJobs(false), &NoTurns).await
}

async fn go_on(
    replies: Vec<Vec<ToolCall>>,
    jobs: NoJobs,
    turns: &dyn Turns,
) -> (Result<Handover, Error>, Vec<Request>) {
    let model = Scripted { replies: Mutex::new(replies), asked: Mutex::default() };
    let mut context = Context {
        persona: PersonaId::QaEngineer,
        phase: Phase::Testing,
        output: ArtifactKind::Tests,
        epic: Arc::new(Epic { title: "E".into(), statements: vec![] }),
        upstream: [].into(),
        own: [].into(),
        submitted: None,
        jobs: Arc::new(jobs),
    };
    let permissions = Permissions {
        tools: ["write_file", "submit_work", "run_tests", "list_files"].map(str::to_owned).into(),
        ..Permissions::everything(&Toolbox::default())
    };
    let brief = Brief {
        task: "testing/qa_engineer".into(),
        input: None,
        system: "s".into(),
        tools: Dispatcher::new(Toolbox::standard(), permissions),
        max_turns: 6,
        findings: vec![],
    };
    let result = perform(&model, &brief, &mut context, &Arc::default(), turns).await;
    (result, model.asked.into_inner().unwrap())
}

#[tokio::test]
async fn hands_over_files_and_document_and_adds_up_usage() {
    let (result, asked) = run(vec![
        vec![call("write_file", json!({"path": "tests/a.py", "content": "x"}))],
        vec![call("submit_work", json!({"document": {"dir": "tests", "tests": []}}))],
    ])
    .await;
    let work = result.unwrap();
    assert_eq!(work.files, [("tests/a.py".to_owned(), b"x".to_vec())].into());
    assert_eq!((work.turns, work.usage.input_tokens, work.usage.cost_micro_usd), (2, 20, 10));
    let Message::User { text } = &asked[0].messages[0] else { panic!("the first message is the task") };
    assert!(text.starts_with("phase: testing\n"), "{text}");
    assert_eq!(asked[1].messages.len(), 3, "task, calls, answer");
}

#[tokio::test]
async fn a_refused_call_is_answered_to_the_model() {
    let (result, asked) = run(vec![
        vec![call("submit_work", json!({"document": {"poem": true}}))],
        vec![call("read_epic", json!({}))],
        vec![call("submit_work", json!({"document": {"dir": "tests", "tests": []}}))],
    ])
    .await;
    assert!(result.is_ok());
    let errors = asked[2].messages.iter().filter(|m| matches!(m, Message::Tool { error: true, .. })).count();
    assert_eq!(errors, 2, "a wrong document, and a tool that the persona may not use");
}

#[tokio::test]
async fn ends_are_named() {
    let (silent, _) = run(vec![vec![]]).await;
    assert!(matches!(silent, Err(Error::NoWork { said, .. }) if said == "I stop"));
    let (stuck, asked) = run(vec![vec![call("list_files", json!({}))]]).await;
    assert!(matches!(stuck, Err(Error::Stuck { .. })));
    assert_eq!(asked.len(), 3);
    let busy = (0..9).map(|n| vec![call("write_file", json!({"path": format!("f{n}"), "content": ""}))]).collect();
    assert!(matches!(run(busy).await.0, Err(Error::Turns { turns: 6, .. })));
    let (broken, _) = run(vec![vec![call("run_tests", json!({"dir": "tests"}))]]).await;
    let error = broken.unwrap_err();
    assert_eq!(error.kind(), FailureKind::Referee);
    assert!(error.to_string().contains("is not installed"), "the cause is told: {error}");
}

#[tokio::test]
async fn turns_that_were_paid_for_are_not_asked_for_again() {
    let turns = Kept::default();
    let write = vec![call("write_file", json!({"path": "tests/a.py", "content": "x"}))];
    let test = vec![call("run_tests", json!({"dir": "tests"}))];
    let submit = vec![call("submit_work", json!({"document": {"dir": "tests", "tests": []}}))];
    let (waits, asked) = go_on(vec![write.clone(), test.clone()], NoJobs(true), &turns).await;
    let waits = waits.unwrap_err();
    assert_eq!((waits.kind(), asked.len()), (FailureKind::Suspended, 2));
    let Error::Waits(job) = waits else { panic!("{waits:?}") };
    assert_eq!((job.name.as_str(), job.workspace.len()), ("testing/qa_engineer/run_tests", 1));

    // It goes on: both turns are known, what they did is done again, and they count into the usage.
    let (waits, asked) = go_on(vec![submit.clone()], NoJobs(true), &turns).await;
    assert!(matches!(waits, Err(Error::Waits(again)) if again == job), "the same job is waited for");
    assert!(asked.is_empty(), "nothing was paid for twice");
    let mut known = turns.0.lock().unwrap().clone();
    known.get_mut(&2).unwrap().reply.calls = submit.clone();
    let (work, asked) = go_on(vec![], NoJobs(true), &Kept(Mutex::new(known.clone()))).await;
    let work = work.unwrap();
    assert_eq!((work.turns, work.usage.input_tokens, asked.len()), (2, 20, 0));
    assert_eq!(work.files.len(), 1);

    // Another question than the recorded one is asked.
    known.get_mut(&2).unwrap().request = ContentHash::of(b"another");
    let (work, asked) = go_on(vec![submit], NoJobs(true), &Kept(Mutex::new(known))).await;
    assert!(work.is_ok());
    assert_eq!(asked.len(), 1);
}
