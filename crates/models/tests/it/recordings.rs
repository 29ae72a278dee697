//! Recorded answers of providers, replayed over HTTP through the real client with the answer cut at every byte. The recordings
//! are those of `genai` 0.7.2 (MIT or Apache-2.0; `tests/recordings/LICENSE`); `expected.json` holds what each comes to, read
//! and agreed to by people: texts, calls, thoughts in their places, stop, tokens.

use maestro_models::fake::{Answer, Fake};
use maestro_ports::{
    Model,
    model::{Error, Reply, Request, Silent, ToolSpec},
};
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

/// Answers up to this size are also sent once for each byte at which they can be cut.
const SMALL: usize = 2500;

/// Folders of providers whose wire no kind of ours speaks, and why.
const UNSPOKEN: &[(&str, &str)] = &[
    ("gemini", "Google's generateContent; its models are asked by its OpenAI-compatible endpoint"),
    ("gemini_ix", "Google's Interactions; its models are asked by its OpenAI-compatible endpoint"),
];

const PRICES: &str = "
[[prices]]
model = \"anthropic:m\"
input = 1
output = 1
[[prices]]
model = \"bedrock:m\"
input = 1
output = 1
[[settings]]
model = \"openai:responses\"
profile = \"responses\"
[[settings]]
model = \"openai:ollama\"
profile = \"ollama\"
";

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/recordings")
}

/// All recordings by their paths below the folder.
fn recordings() -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "txt") {
                let name = path.strip_prefix(folder()).unwrap().to_str().unwrap().to_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    assert_eq!(found.len(), 63, "all recordings are there");
    found
}

/// Which of our kinds a recording belongs to, and its content type.
fn kind(name: &str, bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    let provider = name.split('/').next().unwrap();
    if UNSPOKEN.iter().any(|(unspoken, _)| *unspoken == provider) {
        return None;
    }
    let text = String::from_utf8_lossy(bytes);
    let whole = serde_json::from_str::<Value>(&text).is_ok();
    let content = match (provider, whole) {
        (_, true) => "application/json",
        ("ollama" | "ollama_cloud", false) => "application/x-ndjson",
        ("bedrock", false) => "application/vnd.amazon.eventstream",
        _ => "text/event-stream",
    };
    let speaks = match provider {
        "anthropic" => "anthropic:m",
        "bedrock" => "bedrock:m",
        "opencode_go" if name.contains("minimax") => "anthropic:m",
        "openai_resp" => "openai:responses",
        "ollama" | "ollama_cloud" => "openai:ollama",
        _ => "openai:m",
    };
    Some((speaks, content))
}

/// What a client makes of an answer.
async fn normalised(speaks: &str, content: &str, bytes: &[u8], cut: &Cut) -> Value {
    let answer = cut.apply(Answer::bytes(content, bytes));
    let fake = Fake::start(move |_| answer.clone()).await.unwrap();
    told(model(speaks, &fake).complete(&request(), &Silent).await)
}

fn model(speaks: &str, fake: &Fake) -> Arc<dyn Model> {
    crate::support::opener(PRICES).0.model(&format!("{speaks}@{}", fake.url()).parse().unwrap()).unwrap()
}

fn request() -> Request {
    let tool = ToolSpec { name: "get_weather".into(), description: "w".into(), schema: json!({"type": "object"}) };
    Request { system: "s".into(), tools: vec![tool], ..Request::default() }
}

fn told(reply: Result<Reply, Error>) -> Value {
    match reply {
        Ok(reply) => serde_json::to_value(reply).unwrap(),
        Err(error) => {
            json!({"error": error.to_string().split("@http://127.0.0.1:").map(|part| part.trim_start_matches(|c: char| c.is_ascii_digit())).collect::<String>(), "spent": error.spent()})
        }
    }
}

enum Cut {
    No,
    At(usize),
    Everywhere,
}

impl Cut {
    fn apply(&self, answer: Answer) -> Answer {
        match self {
            Self::No => answer,
            Self::At(at) => answer.split_at(*at),
            Self::Everywhere => answer.chunked(1),
        }
    }
}

#[tokio::test]
async fn every_recording_comes_to_the_same_wherever_it_is_cut() {
    let file = folder().join("expected.json");
    let mut found = BTreeMap::new();
    for (name, bytes) in recordings() {
        let Some((speaks, content)) = kind(&name, &bytes) else { continue };
        let whole = normalised(speaks, content, &bytes, &Cut::No).await;
        assert_eq!(normalised(speaks, content, &bytes, &Cut::Everywhere).await, whole, "{name} in single bytes");
        found.insert(name, whole);
    }
    let expected: BTreeMap<String, Value> = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    for (name, reply) in &found {
        assert_eq!(Some(reply), expected.get(name), "{name}");
    }
    assert_eq!(found.len(), expected.len());
}

/// One connection and one request for each byte of the small ones.
#[tokio::test]
async fn small_recordings_come_to_the_same_cut_at_each_byte() {
    let mut tried = 0;
    for (name, bytes) in recordings() {
        let Some((speaks, content)) = kind(&name, &bytes).filter(|_| bytes.len() <= SMALL) else { continue };
        let whole = normalised(speaks, content, &bytes, &Cut::No).await;
        let at = Arc::new(Mutex::new(0));
        let (next, answer) = (Arc::clone(&at), Answer::bytes(content, bytes.clone()));
        let fake = Fake::start(move |_| Cut::At(*next.lock().unwrap()).apply(answer.clone())).await.unwrap();
        let (model, request) = (model(speaks, &fake), request());
        for cut in 1..bytes.len() {
            *at.lock().unwrap() = cut;
            assert_eq!(told(model.complete(&request, &Silent).await), whole, "{name} cut at {cut}");
            tried += 1;
        }
    }
    assert!(tried > 5000, "{tried}");
}

#[test]
fn what_is_not_replayed_is_listed_with_its_reason() {
    let names = recordings();
    for (provider, reason) in UNSPOKEN {
        assert!(names.keys().any(|name| name.starts_with(&format!("{provider}/"))), "{provider}");
        assert!(reason.len() > 10);
    }
}
