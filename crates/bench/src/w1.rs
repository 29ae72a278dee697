//! W1: eleven questions to a model in six phases, each phase with the answers of the one before, the last with all of them.
//! The same prompts that the peers of this workload send (`TASKS`, `SYS`, `user_prompt` of its harness); asked through the
//! real turn loop, provider client, ledger and embedded engine, with no tools: the first text ends a turn.

use anyhow::{Context, Result, bail};
use async_trait::async_trait;
use maestro_domain::{Epic, FailureKind, Limit, PersonaId, RunId, RunStatus};
use maestro_embedded::{Definitions, Hive, OUTER, Source};
use maestro_models::{Config, Opener, Surroundings};
use maestro_ports::referee::{Error, Job, Outcome, Referee};
use maestro_sdlc::{
    Failure, Handlers, Handling, Platform, Question, ask,
    lifecycle::{NewRun, new_id},
};
use maestro_store::Home;
use nix::sys::{
    resource::{UsageWho, getrusage},
    statfs::{TMPFS_MAGIC, statfs},
};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    fs,
    io::{Write, stdout},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Phases and who works in them.
const PHASES: [(&str, &[&str]); 6] = [
    ("requirements", &["product_manager", "business_analyst"]),
    ("design", &["architect"]),
    ("implementation", &["backend_dev", "frontend_dev", "data_engineer"]),
    ("testing", &["qa_engineer", "security_engineer"]),
    ("deployment", &["devops_engineer", "sre"]),
    ("docs", &["technical_writer"]),
];
const SENTENCE: &str = "Epic: build a small order service with a REST API, a persistent store, a web page, role based access, \
                        audit trail and a release pipeline. ";
const EPIC_BYTES: usize = 1024;
const SYSTEM_BYTES: usize = 192;
const MODEL: &str = "openai:fake";
const QUEUE: &str = "question";

fn epic() -> String {
    let mut text = SENTENCE.repeat(EPIC_BYTES.div_ceil(SENTENCE.len()));
    text.truncate(EPIC_BYTES);
    text
}

fn system(persona: &str) -> String {
    let who = persona.replace('_', " ");
    let mut text = format!(
        "You are the {who} of an autonomous software team. Work only from the inputs. Answer with one markdown section. Be \
         specific and testable."
    );
    while text.len() < SYSTEM_BYTES {
        text.push('.');
    }
    text
}

/// Six maps, one after the other. What a phase gives is the input of the next; the last gets all.
fn definition() -> String {
    let mut states = serde_json::Map::new();
    for (n, (phase, personas)) in PHASES.iter().enumerate() {
        let (before, last) = (n.checked_sub(1), n + 1 == PHASES.len());
        let items: Vec<_> = personas.iter().map(|persona| json!({"phase": phase, "persona": persona})).collect();
        states.insert(
            format!("plan-{phase}"),
            json!({"Type": "Pass", "Result": items, "ResultPath": "$.items", "Next": phase}),
        );
        let inputs = match before {
            None => "$.outputs",
            Some(_) if last => "$.outputs",
            Some(before) => &format!("$.outputs.{}", PHASES.get(before).map_or("", |(phase, _)| phase)),
        };
        let ask = format!("ask-{phase}");
        let (how, next) = match PHASES.get(n + 1) {
            Some((next, _)) => ("Next", json!(format!("plan-{next}"))),
            None => ("End", json!(true)),
        };
        let map = json!({
            "Type": "Map",
            "ItemsPath": "$.items",
            "ItemSelector": {"run.$": "$.run", "item.$": "$$.Map.Item.Value", "inputs.$": inputs},
            "MaxConcurrency": 10,
            "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": &ask, "States": {&ask: {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                "Parameters": {"QueueUrl": QUEUE, "MessageBody": {"task.$": "$", "token.$": "$$.Task.Token"}},
                "TimeoutSeconds": 600,
                "End": true,
            }}},
            "ResultPath": format!("$.outputs.{phase}"),
            (how): next,
        });
        states.insert((*phase).to_owned(), map);
    }
    states.insert(
        "Begin".to_owned(),
        json!({"Type": "Pass", "Result": {}, "ResultPath": "$.outputs", "Next": "plan-requirements"}),
    );
    json!({"StartAt": "Begin", "TimeoutSeconds": 3600, "States": states}).to_string()
}

#[derive(Deserialize)]
struct Asked {
    run: RunId,
    item: Item,
    inputs: Value,
}

#[derive(Deserialize)]
struct Item {
    phase: String,
    persona: String,
}

#[derive(Deserialize)]
struct Given {
    persona: String,
    text: String,
}

/// Asks the questions.
struct Questions;

impl Handlers for Questions {
    fn handle<'a>(&'a self, platform: &'a Platform, name: &'a str, payload: &'a Value) -> Handling<'a> {
        Box::pin(async move {
            let wrong = |what: String| Failure::new(FailureKind::BadOutput, what);
            if name != QUEUE {
                return Err(wrong(format!("there is no handler `{name}`")));
            }
            let Asked { run, item, inputs } = Asked::deserialize(payload).map_err(|error| wrong(error.to_string()))?;
            let given = given(&inputs).map_err(|error| wrong(error.to_string()))?;
            let mut words = epic();
            for Given { persona, text } in &given {
                words.push_str(&format!("\n\n## {persona}\n{text}"));
            }
            let (task, system) = (format!("{}/{}", item.phase, item.persona), system(&item.persona));
            // All of them are asked of the same model; which of our personas stands for it makes no difference.
            let persona = PersonaId::TechnicalWriter;
            let question = Question { task: &task, persona, system: &system, words: &words };
            let text = ask(platform, &run, &question).await?;
            Ok(json!({"persona": item.persona, "text": text}))
        })
    }
}

/// The answers of one phase, or of all in their order.
fn given(inputs: &Value) -> Result<Vec<Given>, serde_json::Error> {
    match inputs {
        Value::Object(phases) => {
            let in_order = PHASES.iter().filter_map(|(phase, _)| phases.get(*phase));
            in_order
                .map(Vec::<Given>::deserialize)
                .collect::<Result<Vec<_>, _>>()
                .map(|all| all.into_iter().flatten().collect())
        }
        one => Vec::<Given>::deserialize(one),
    }
}

/// Nothing is run here.
pub(crate) struct NoReferee;

#[async_trait]
impl Referee for NoReferee {
    async fn run(&self, job: Job) -> Result<Outcome, Error> {
        let reason = format!("this workload runs no code such as `{}`", job.name);
        Err(Error::NoIsolation { reason })
    }
}

/// Measures and prints one JSON line:
/// `{"workload","fs","wall_ms","cpu_ms","first_run_ms","rss_mib","requests","prompt_tokens"}`. `wall_ms` is the median of the
/// runs after the first, `cpu_ms` their mean, `first_run_ms` counts from the start of the process, requests and tokens are
/// those of the last run as the provider counted them.
pub(crate) fn measure(llm: &str, runs: u32, store: Option<&Path>, started: Instant) -> Result<()> {
    // Nothing is worked out here: one thread waits for answers and the disk, and wakes no other for each step.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(many(llm, runs, store, started))
}

/// Answers are asked for in one piece, as the peers ask for them: nobody reads along.
fn config() -> Result<Config> {
    let text = format!("[[settings]]\nmodel = \"{MODEL}\"\nbody = {{ stream = false }}\n");
    Config::parse("the settings of this workload", &text).map_err(anyhow::Error::msg)
}

async fn many(llm: &str, runs: u32, store: Option<&Path>, started: Instant) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let dir = store.map_or_else(|| scratch.path().join("home"), Path::to_path_buf);
    fs::create_dir_all(&dir)?;
    let url = format!("{}/v1", llm.trim_end_matches('/').trim_end_matches("/v1"));
    let surroundings = Surroundings { openai_url: Some(url), ..Surroundings::default() };
    let timer = Arc::new(maestro_embedded::SystemClock);
    let opener = Opener::new(config()?, surroundings, Arc::new(maestro_blueprint::Blueprint), timer);
    let choice = opener.choose(Some(MODEL))?;
    let text = definition();
    let definitions =
        Definitions::of(&[Source { name: OUTER, text: &text, names: &[] }]).map_err(anyhow::Error::msg)?;
    let home = Home::open(&dir)?;
    let hive = Hive::open(&home, Arc::new(opener), Arc::new(NoReferee), false)?
        .with_definitions(definitions, Arc::new(Questions));
    let (mut walls, mut first, mut cpu_of_first) = (Vec::new(), Duration::ZERO, Duration::ZERO);
    let mut last = None;
    for n in 0..=runs {
        let begun = Instant::now();
        last = Some(one(&hive, &choice.to_string(), scratch.path()).await?);
        if n == 0 {
            first = started.elapsed();
            cpu_of_first = cpu()?;
        } else {
            walls.push(begun.elapsed());
        }
    }
    let cpu_ms = ms((cpu()? - cpu_of_first) / runs);
    let calls = hive.store().calls(&last.context("nothing was run")?).await?;
    walls.sort_unstable();
    let wall = walls.get(walls.len() / 2).copied().context("no run was counted: `--runs` must be at least 1")?;
    let tmpfs = statfs(&dir)?.filesystem_type() == TMPFS_MAGIC;
    let line = json!({
        "workload": "w1",
        "fs": if tmpfs { "shm" } else { "disk" },
        "wall_ms": ms(wall),
        "cpu_ms": cpu_ms,
        "first_run_ms": ms(first),
        "rss_mib": crate::run::high_water_of("self").context("this process tells no high-water mark")?,
        "requests": calls.len(),
        "prompt_tokens": calls.iter().map(|call| call.usage.prompt_tokens()).sum::<u64>(),
    });
    writeln!(stdout(), "{line}")?;
    Ok(())
}

fn ms(duration: Duration) -> f64 {
    (duration.as_secs_f64() * 1e5).round() / 100.0
}

/// One run.
async fn one(hive: &Hive, model: &str, scratch: &Path) -> Result<RunId> {
    let id = new_id();
    let new = NewRun {
        bytes: epic().into_bytes(),
        epic: Epic { title: "W1".to_owned(), statements: vec![] },
        out: scratch.join(id.as_str()).display().to_string(),
        id: id.clone(),
        budget: Limit { micro_usd: Some(1), tokens: Some(1_000_000) },
        model: model.to_owned(),
        scope: maestro_domain::DEFAULT_SCOPE.to_owned(),
    };
    hive.create(new).await?;
    let ended = hive.execute(&id, false, None, Box::pin(std::future::pending())).await?;
    if ended.run.status != RunStatus::Ok {
        bail!("the run ended {}: {:?}", ended.run.status.id(), ended.run.reason);
    }
    Ok(id)
}

/// Time on the processor of this whole process, in its own code and in the system's.
pub(crate) fn cpu() -> Result<Duration> {
    let used = getrusage(UsageWho::RUSAGE_SELF)?;
    let time = |value: nix::sys::time::TimeVal| {
        Duration::from_micros(u64::try_from(value.tv_sec() * 1_000_000 + value.tv_usec()).unwrap_or(0))
    };
    Ok(time(used.user_time()) + time(used.system_time()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prompts_are_those_of_the_peers() {
        assert_eq!(epic().len(), EPIC_BYTES);
        let personas: Vec<_> = PHASES.iter().flat_map(|(_, personas)| *personas).collect();
        assert_eq!(personas.len(), 11);
        assert!(personas.iter().all(|persona| system(persona).len() == SYSTEM_BYTES));
        // 11 epics and systems, and 2,048 bytes for each answer that is read, below its heading.
        assert!(system("architect").starts_with("You are the architect of an autonomous software team. Work"));
    }

    #[test]
    fn the_last_phase_reads_all_answers_in_their_order() {
        let given_of = |inputs: Value| given(&inputs).unwrap().into_iter().map(|one| one.persona).collect::<Vec<_>>();
        let one = |persona: &str| json!([{"persona": persona, "text": "t"}]);
        assert_eq!(given_of(one("a")), ["a"]);
        assert_eq!(given_of(json!({"design": one("b"), "requirements": one("a")})), ["a", "b"]);
        assert!(given_of(json!({})).is_empty());
    }

    #[test]
    fn the_definition_passes_the_checks() {
        let text = definition();
        let read = Definitions::of(&[Source { name: OUTER, text: &text, names: &[] }]);
        assert_eq!(read.map(drop), Ok(()));
    }
}
