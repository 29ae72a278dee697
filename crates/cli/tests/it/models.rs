//! Models of providers, from the command line to the wire.

use crate::support::{Place, Told};
use maestro_domain::{Amount, TenantId};
use maestro_models::fake::{Answer, Fake, Said, Seen};
use maestro_store::Home;
use serde_json::json;
use std::{path::Path, process::Stdio, time::Duration};

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

    // The environment says something else by now; the run's name counts. Attempts that a gate sent back have failed once and for
    // all; only the last one, at which the run stopped, is tried anew.
    let gates = shown["gates"].as_array().unwrap();
    let decisions: Vec<_> = gates.iter().map(|gate| gate["decision"].as_str().unwrap()).collect();
    assert_eq!(decisions, ["rework", "blocked"]);
    let elsewhere = [("ANTHROPIC_API_KEY", KEY), ("ANTHROPIC_BASE_URL", "http://127.0.0.1:9")];
    let again = maestro(&place, &["runs", "resume", "latest", "--json"], &elsewhere).await;
    assert_eq!(fake.seen().len(), seen.len() + seen.len() / 2, "{again:?}");
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
async fn a_run_that_is_killed_while_its_model_has_no_room_has_spent_nothing_for_it() {
    let fake = Fake::start(|seen: &Seen| match seen.number {
        0 => Answer::json(429, &json!({"error": {"message": "no room"}})).header("retry-after", "3600"),
        _ => Said::text("I would rather not.").openai(seen),
    })
    .await
    .unwrap();
    let place = Place::new();
    place.file("epic.md", EPIC);
    place.file("maestro.toml", "[[prices]]\nmodel = \"openai:m\"\ninput = 3\noutput = 15\n");
    let variables = [("OPENAI_BASE_URL", fake.url())];
    let mut command = place.command(&["execute", "epic.md", "--quiet", "--model", "openai:m"]);
    let mut child = command.envs(variables).stderr(Stdio::null()).spawn().unwrap();
    let home = place.path().join(".maestro");
    let waits = async {
        loop {
            if home.join("layout").exists() {
                let store = Home::open(&home).unwrap().store(TenantId::local()).unwrap();
                let runs = store.runs(None, 1).await.unwrap().runs;
                for run in &runs {
                    let calls = store.calls(&run.run.id).await.unwrap();
                    if let Some(call) = calls.into_iter().find(|call| call.hold.waits) {
                        return (store, run.run.id.clone(), call);
                    }
                }
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    let waiting = tokio::time::timeout(Duration::from_secs(60), waits).await;
    child.kill().unwrap();
    child.wait().unwrap();
    let (store, run, call) = waiting.expect("it noted that it waits");
    let account = store.account(Some(&run)).await.unwrap().unwrap();
    assert_eq!(
        (Some(account.reserved), account.spent),
        (call.hold.open, Amount::ZERO),
        "it is held, and nothing is spent"
    );
    assert_eq!(fake.seen().len(), 1);

    maestro(&place, &["runs", "resume", "latest", "--quiet"], &variables).await;
    let calls = store.calls(&run).await.unwrap();
    assert!(fake.seen().len() > 1 && calls.iter().all(|call| call.hold.lost == Amount::ZERO), "{calls:?}");
    let paid: u64 = calls.iter().map(|call| call.usage.cost_micro_usd).sum();
    let account = store.account(Some(&run)).await.unwrap().unwrap();
    assert_eq!(
        (account.reserved, account.spent.micro_usd),
        (Amount::ZERO, paid),
        "what was answered is all that is spent"
    );
    assert!(paid > 0, "{calls:?}");
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

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_price_table_is_refused_by_name_and_nothing_is_spent() {
    let fake = Fake::start(|seen: &Seen| Said::text("I would rather not.").openai(seen)).await.unwrap();
    let place = Place::new();
    place.file("epic.md", EPIC);
    let address = format!("{}/v1", fake.url());
    let variables = [("OPENAI_BASE_URL", address.as_str()), ("OPENAI_API_KEY", KEY)];
    let execute = ["execute", "epic.md", "--quiet", "--model", "openai:m"];
    let table = |figures: &str| format!("[[prices]]\nmodel = \"openai:m\"\n{figures}\n");
    for (figures, says) in [
        ("input = -3\noutput = 15", "the price of `openai:m` is no number of dollars a million tokens"),
        ("input = nan\noutput = 15", "is no number of dollars"),
        ("input = 3\noutput = 1e300", "is no number of dollars"),
        ("input = 3\noutput = 15\ncache_read = -1", "is no number of dollars"),
        ("input = \"3 USD\"\noutput = 15", "maestro.toml`, line 3"),
        ("input = 3", "missing field `output`"),
        ("input = 3\noutput = 15\ncurrency = \"EUR\"", "unknown field `currency`"),
    ] {
        place.file("maestro.toml", table(figures));
        maestro(&place, &execute, &variables).await.refused(says, "docs/models.md");
    }
    place.file("maestro.toml", "[[prices]]\nmodel = \"m\"\ninput = 3\noutput = 15\n");
    maestro(&place, &execute, &variables).await.refused("names no provider", "docs/models.md");
    assert!(fake.seen().is_empty() && place.entries() == ["epic.md", "maestro.toml"], "nothing was asked or made");

    // A table that is spoiled later: who goes on with the run spends nothing either.
    place.file("maestro.toml", table("input = 3\noutput = 15"));
    maestro(&place, &execute, &variables).await;
    let (asked, spent) =
        (fake.seen().len(), || place.maestro(&["runs", "cost", "latest", "--json"]).json()["model"]["usd"].clone());
    let before = spent();
    assert!(asked > 0 && before.as_f64().unwrap() > 0.0, "{before}");
    place.file("maestro.toml", table("input = -3\noutput = 15"));
    maestro(&place, &["runs", "resume", "latest"], &variables)
        .await
        .refused("is no number of dollars", "docs/models.md");
    assert_eq!((fake.seen().len(), spent()), (asked, before));
}

#[test]
fn what_no_rework_mends_is_blocked_and_a_person_grants_one_more_round() {
    let place = Place::new();
    place.file("epic.md", EPIC);
    // An analyst who hands over nothing of the epic, whatever it is told.
    let documents = [
        ("requirements_analyst", json!(maestro_artifacts::Requirements::default())),
        ("ui_ux_designer", json!(maestro_artifacts::Screens::default())),
        ("technical_writer", json!({"phase": "requirements", "pages": [], "explains": []})),
    ];
    let replies: String = documents
        .iter()
        .map(|(persona, document)| {
            format!(
                "  - persona: {persona}\n    turns:\n      - calls: [{{name: submit_work, arguments: {{document: {document}}}}}]\n"
            )
        })
        .collect();
    place.file("replies.yaml", format!("replies:\n{replies}"));
    let told = place.maestro(&["execute", "epic.md", "--json", "--model", "scripted:replies.yaml"]);
    assert_eq!(
        (told.code, &told.last()["status"], &told.last()["reason"]),
        (Some(3), &"blocked".into(), &"needs_person".into()),
        "{told:?}"
    );
    assert!(told.err.contains("was dropped") && told.err.contains("maestro runs rework run-"), "{told:?}");
    let shown = place.maestro(&["runs", "show", "latest"]);
    assert!(shown.out.contains("attempt 2") && shown.out.contains("was dropped"), "{shown:?}");

    let rework = ["runs", "rework", "latest", "--by", "Ada", "--note", "Keep all of it.", "--json"];
    let granted = place.maestro(&rework).json();
    assert_eq!((&granted["round"]["phase"], &granted["round"]["by"]), (&"requirements".into(), &"Ada".into()));
    place.maestro(&rework).refused("has not used yet", "");
    let again = place.maestro(&["runs", "resume", "latest", "--json"]);
    assert_eq!(again.code, Some(3), "{again:?}");
    let shown = place.maestro(&["runs", "show", "latest", "--json"]).json();
    let decisions: Vec<_> = shown["gates"].as_array().unwrap().iter().map(|gate| gate["decision"].clone()).collect();
    assert_eq!(decisions, ["rework", "rework", "blocked"]);
}

/// `maestro.toml` with the small server of the room `mcp`.
fn with_server(more: &str) -> String {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../mcp/tests/it/server.py");
    format!(
        "[mcp.small]\ncommand = \"python3\"\nargs = [{script:?}]\nenv = [\"API_TOKEN\"]\n\
         personas = [\"requirements_analyst\"]\ntools = {{look = \"reads\", environment = \"reads\"}}\n{more}"
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn a_persona_works_with_the_tools_of_a_server_that_the_user_allowed() {
    let fake = Fake::start(|seen: &Seen| match seen.number {
        0 => Said::call("small__look", json!({"what": "hives"})).openai(seen),
        1 => Said::call("small__environment", json!({})).openai(seen),
        _ => Said::text("I would rather not.").openai(seen),
    })
    .await
    .unwrap();
    let place = Place::new();
    place.file("epic.md", EPIC);
    let prices = "[[prices]]\nmodel = \"openai:m\"\ninput = 3\noutput = 15\n";
    place.file("maestro.toml", with_server(prices));
    let address = format!("{}/v1", fake.url());
    let variables = [
        ("OPENAI_BASE_URL", address.as_str()),
        ("OPENAI_API_KEY", "sk-other"),
        ("API_TOKEN", KEY),
        ("MAESTRO_LOG", "trace"),
    ];
    let execute = ["execute", "epic.md", "--quiet", "--model", "openai:m"];
    maestro(&place, &execute, &variables).await;
    let seen = fake.seen();
    let tools = seen[0].body["tools"].as_array().unwrap();
    let mine: Vec<_> = tools
        .iter()
        .map(|tool| &tool["function"]["name"])
        .filter(|name| name.as_str().unwrap().contains("__"))
        .collect();
    assert_eq!(mine, ["small__environment", "small__look"]);
    let answers =
        |seen: &Seen| seen.body["messages"].as_array().unwrap().last().unwrap()["content"].as_str().unwrap().to_owned();
    assert_eq!(answers(&seen[1]), "seen: hives");
    assert!(answers(&seen[2]).contains("API_TOKEN") && answers(&seen[2]).contains("[secret]"), "{}", answers(&seen[2]));
    assert!(seen.iter().all(|seen| !seen.body.to_string().contains(KEY)), "what a server is given reaches no prompt");
    holds_no_key(place.path());

    // A variable that is missing is told before anything is made; a persona without it sees nothing of the server.
    let other = Place::new();
    other.file("epic.md", EPIC);
    other.file("maestro.toml", with_server(prices));
    maestro(&other, &execute, &variables[..2]).await.refused("needs the variable `API_TOKEN`", "docs/mcp.md");
    assert_eq!(other.entries(), ["epic.md", "maestro.toml"]);
}
