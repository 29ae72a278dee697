//! Models of providers, from the command line to the wire.

use crate::support::{Place, Told};
use maestro_models::fake::{Answer, Fake, Said, Seen};
use serde_json::json;
use std::path::Path;

const EPIC: &str = "# Hives\n\n- As a keeper, I add hives with a name.\n";
const KEY: &str = "sk-never-shown-7f3a";

/// Runs the command while the provider answers.
async fn maestro(place: &Place, args: &[&str], variables: &[(&str, &str)]) -> Told {
    let mut command = place.command(args);
    command.envs(variables.iter().copied());
    Told::from(tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap())
}

/// Every file below a folder holds nothing of the key.
fn holds_no_key(folder: &Path) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            holds_no_key(&path);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            assert!(!bytes.windows(KEY.len()).any(|window| window == KEY.as_bytes()), "{}", path.display());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn personas_work_through_a_provider_and_a_resume_asks_the_same_model() {
    let fake = Fake::start(|seen: &Seen| Said::text("I would rather not.").anthropic(seen)).await.unwrap();
    let place = Place::new();
    place.file("epic.md", EPIC);
    let prices = "[[prices]]\nmodel = \"anthropic:wise\"\ninput = 3\noutput = 15\n";
    place.file("maestro.toml", prices);
    let variables = [("ANTHROPIC_API_KEY", KEY), ("ANTHROPIC_BASE_URL", fake.url()), ("MAESTRO_LOG", "trace")];
    let told = maestro(&place, &["execute", "epic.md", "--json", "--model", "anthropic:wise"], &variables).await;
    assert_ne!(told.code, Some(0), "{told:?}");
    let seen = fake.seen();
    assert!(!seen.is_empty(), "{told:?}");
    for seen in &seen {
        assert_eq!((&seen.body["model"], seen.header("x-api-key")), (&json!("wise"), Some(KEY)));
        assert!(seen.body["tools"].as_array().unwrap().iter().any(|tool| tool["name"] == "submit_work"));
        assert!(seen.body["system"][0]["text"].as_str().unwrap().len() > 100, "the persona's prompt");
    }
    let shown = place.maestro(&["runs", "show", "latest", "--json"]).json();
    let model = format!("anthropic:wise@{}", fake.url());
    assert_eq!(shown["model"], json!(model));
    assert!(!told.out.contains(KEY) && !told.err.contains(KEY), "{told:?}");
    holds_no_key(place.path());

    // The environment says something else by now; the run's name counts.
    let elsewhere = [("ANTHROPIC_API_KEY", KEY), ("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")];
    let again = maestro(&place, &["runs", "resume", "latest", "--json"], &elsewhere).await;
    assert!(fake.seen().len() > seen.len(), "{again:?}");
    let nobody = maestro(&place, &["runs", "resume", "latest"], &[]).await;
    // Without a key nothing would be sent beyond this machine; at loopback it may be asked without one.
    assert_ne!(nobody.code, Some(2), "{nobody:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_run_that_may_not_spend_asks_nobody_and_says_how_it_goes_on() {
    let fake = Fake::start(|seen: &Seen| Said::text("I would rather not.").openai(seen)).await.unwrap();
    let place = Place::new();
    place.file("epic.md", EPIC);
    let variables = [("OPENAI_BASE_URL", fake.url())];
    let args = ["execute", "epic.md", "--quiet", "--model", "openai:local", "--budget-tokens", "10"];
    let told = maestro(&place, &args, &variables).await;
    assert_eq!(told.code, Some(3), "{told:?}");
    assert!(told.err.contains("the budget of the run does not cover the next call"), "{told:?}");
    assert!(told.err.contains("maestro runs grant run-") && told.err.contains("maestro runs resume run-"), "{told:?}");
    assert!(fake.seen().is_empty(), "what is not covered is not asked");
    let shown = place.maestro(&["runs", "show", "latest", "--json"]).json();
    assert_eq!((&shown["status"], &shown["reason"]["code"]), (&json!("blocked"), &json!("budget")));

    place.maestro(&["runs", "grant", "latest", "--tokens", "5000000", "--by", "Ada"]);
    maestro(&place, &["runs", "resume", "latest", "--quiet"], &variables).await;
    assert!(!fake.seen().is_empty(), "it goes on");
    let cost = place.maestro(&["runs", "cost", "latest", "--json"]).json();
    assert_eq!(cost["model"]["lines"][0]["persona"], "requirements_analyst");
    assert!(cost["model"]["tokens"].as_u64().unwrap() > 0, "{cost}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_asked_is_refused_before_a_run_is_made() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    for (model, message) in [
        ("anthropic:claude-sonnet-4-5", "ANTHROPIC_API_KEY"),
        ("openai:gpt-5", "OPENAI_API_KEY"),
        ("scripted:nowhere.yaml", "`nowhere.yaml` cannot be read"),
        ("openai:m@http://models.example.org/v1", "in clear"),
        ("cohere:command", "there is no model"),
    ] {
        place.maestro(&["execute", "epic.md", "--model", model]).refused(message, "maestro doctor");
    }
    let unpriced = maestro(&place, &["execute", "epic.md", "--model", "anthropic:new"], &[("ANTHROPIC_API_KEY", KEY)]);
    unpriced.await.refused("the price of the model", "[[prices]]");
    place.file("maestro.toml", "[models]\ndefault = \"blueprint\"\nkey = \"sk\"\n");
    place.maestro(&["execute", "epic.md"]).refused("line 3", "docs/models.md");
    std::fs::remove_file(place.path().join("maestro.toml")).unwrap();
    maestro(&place, &["execute", "epic.md"], &[("MAESTRO_CONFIG", "other.toml")]).await.refused("other.toml", "");
    assert_eq!(place.entries(), ["epic.md"], "nothing was made");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scripted_reply_that_is_missing_is_named() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    place.file(
        "replies.yaml",
        "replies:\n  - persona: requirements_analyst\n    turns:\n      - calls: [{name: read_epic}]\n",
    );
    let told = place.maestro(&["execute", "epic.md", "--json", "--model", "scripted:replies.yaml"]);
    assert_ne!(told.code, Some(0), "{told:?}");
    for part in ["requirements_analyst", "requirements/requirements_analyst", "turn 2"] {
        assert!(told.err.contains(part), "{told:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tries_models_out_and_asks_them_nothing() {
    let fake = Fake::start(|_: &Seen| Answer::json(500, &json!({}))).await.unwrap();
    let place = Place::new();
    let config = format!(
        "[models]\ndefault = \"openai:m@{}\"\n[models.tiers]\nfast = \"anthropic:claude-haiku-4-5\"\n",
        fake.url()
    );
    place.file("maestro.toml", config);
    let doctor = maestro(&place, &["doctor", "--json"], &[]).await.json();
    let models: Vec<_> = doctor["checks"].as_array().unwrap().iter().filter(|check| check["name"] == "model").collect();
    assert_eq!(models.len(), 2, "{doctor}");
    let of = |name: &str| models.iter().find(|check| check["found"].as_str().unwrap().contains(name)).unwrap();
    assert_eq!(of("openai:m")["ok"], true, "{doctor}");
    assert_eq!(of("ANTHROPIC_API_KEY")["ok"], false, "{doctor}");
    assert!(fake.seen().is_empty());
}
