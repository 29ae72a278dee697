//! A scenario for each tool of the professions.

use crate::scenario::{Scenario, hold};
use maestro_domain::ArtifactKind;
use maestro_tools::Context;
use serde_json::{Value, json};

/// The model of a small tool library.
fn model() -> Value {
    let field =
        |key: &str, kind: Value| json!({"key": key, "name": key.replace('_', " "), "kind": kind, "sources": ["FR-1"]});
    let rule =
        |id: &str, demand: Value| json!({"id": id, "sources": ["BR-1"], "message": "it must not be", "demand": demand});
    json!({"title": "Tool library", "roles": ["clerk", "manager"], "entities": [
        {"key": "tool", "name": "tool", "plural": "tools", "path": "tools", "sources": ["FR-1"], "fields": [field("name", json!({"type": "text"})), field("fee", json!({"type": "money"}))]},
        {"key": "loan", "name": "loan", "plural": "loans", "path": "loans", "sources": ["FR-1"],
         "fields": [field("tool_id", json!({"type": "reference", "entity": "tool"})), field("days", json!({"type": "integer"})), field("status", json!({"type": "enum", "values": ["open", "returned"]}))],
         "workflow": {"field": "status", "states": ["open", "returned"], "initial": "open", "transitions": [{"from": "open", "to": "returned", "sources": []}], "sources": []}},
    ], "rules": [
        rule("R-1", json!({"kind": "required", "entity": "loan", "field": "tool_id"})),
        rule("R-2", json!({"kind": "range", "entity": "loan", "field": "days", "min": "1", "max": "14"})),
        rule("R-3", json!({"kind": "action_role", "entity": "tool", "action": "delete", "roles": ["manager"]})),
    ]})
}

fn design() -> Vec<(ArtifactKind, Value)> {
    vec![(ArtifactKind::Design, json!({"model": model(), "openapi": {}, "decisions": []}))]
}

fn screens() -> Value {
    json!({"title": "Tool library", "roles": ["clerk"], "screens": [
        {"id": "loans", "title": "Loans", "kind": "list", "entity": "loan", "fields": ["tool_id", "days"]},
        {"id": "loan-form", "title": "Lend", "kind": "form", "entity": "loan", "fields": ["tool_id", "days"]},
    ], "flows": [{"title": "Lend", "story": "US-1", "steps": ["loans", "loan-form", "loans"]}]})
}

fn epic() -> Vec<(&'static str, &'static str, &'static str)> {
    vec![
        ("US-1", "story", "As a clerk, I want to lend a tool so that work goes on."),
        ("FR-1", "functional", "Each loan has a tool and a number of days."),
        ("BR-1", "rule", "A loan lasts at most 14 days."),
        ("BR-2", "rule", "A loan lasts at most 21 days."),
        ("NFR-1", "non_functional", "The search must be fast."),
    ]
}

fn text(context: &Context, path: &str) -> String {
    context.own.get(path).map(|bytes| String::from_utf8_lossy(bytes).into_owned()).unwrap_or_default()
}

fn rules(answer: &Value) -> Vec<&str> {
    answer["findings"].as_array().into_iter().flatten().filter_map(|finding| finding["rule"].as_str()).collect()
}

fn clean(answer: &Value) -> bool {
    answer["findings"].as_array().is_some_and(|findings| {
        findings.iter().all(|finding| finding["severity"] == "info" || finding["severity"] == "low")
    })
}

#[tokio::test]
async fn what_the_epic_says_is_weighed() {
    for scenario in [
        Scenario {
            tool: "check_requirements",
            name: "a wish without a measure is found, and mended it passes",
            epic: epic(),
            calls: vec![
                ("check_requirements", json!({})),
                (
                    "check_requirements",
                    json!({"statements": [{"id": "NFR-1", "text": "The search answers within 200 ms."}]}),
                ),
            ],
            came_out: |answers, _| rules(&answers[0]).contains(&"R34") && answers[1]["findings"] == json!([]),
            ..Scenario::default()
        },
        Scenario {
            tool: "find_conflicts",
            name: "two limits for one thing are found",
            epic: epic(),
            upstream: design(),
            calls: vec![("find_conflicts", json!({}))],
            came_out: |answers, _| answers[0]["conflicts"][0]["statements"] == json!(["BR-1", "BR-2"]),
            ..Scenario::default()
        },
        Scenario {
            tool: "map_stories",
            name: "the map shows who wants what, and that no criterion says what it means",
            epic: epic(),
            calls: vec![("map_stories", json!({}))],
            came_out: |answers, _| {
                answers[0]["actors"][0]["actor"] == "clerk" && answers[0]["gaps"][0]["rule"] == "criterion"
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "build_glossary",
            name: "terms of the model know where they are used",
            epic: epic(),
            upstream: design(),
            calls: vec![("build_glossary", json!({}))],
            came_out: |answers, _| {
                let terms = answers[0]["terms"].as_array().into_iter().flatten();
                terms.into_iter().any(|term| term["term"] == "loan" && term["used"] == json!(["FR-1", "BR-1", "BR-2"]))
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "estimate_effort",
            name: "a model is worth points and hours",
            upstream: design(),
            calls: vec![("estimate_effort", json!({"hours_per_point": 4}))],
            came_out: |answers, _| {
                let points = answers[0]["points"].as_f64().unwrap_or_default();
                points > 40.0 && answers[0]["hours"]["likely"] == json!(points * 4.0)
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "trace_statements",
            name: "a statement that no test names is a gap, and closed by one that does",
            epic: epic(),
            upstream: design(),
            calls: vec![
                ("trace_statements", json!({"status": "GAP"})),
                (
                    "write_file",
                    json!({"path": "tests/test_a.py", "content": "def test_a():\n    \"\"\"BR-1\"\"\"\n    assert f()\n"}),
                ),
                ("trace_statements", json!({"status": "GAP"})),
            ],
            came_out: |answers, _| {
                let ids = |answer: &Value| {
                    answer["rows"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|row| row["id"].as_str().map(str::to_owned))
                        .collect::<Vec<_>>()
                };
                ids(&answers[0]).contains(&"BR-1".to_owned())
                    && answers[2]["rows"].is_array()
                    && !ids(&answers[2]).contains(&"BR-1".to_owned())
            },
            ..Scenario::default()
        },
    ] {
        hold(&scenario).await;
    }
}

#[tokio::test]
async fn what_is_to_be_built_is_drawn_and_checked() {
    for scenario in [
        Scenario {
            tool: "check_model",
            name: "a rule about a field that is not there is found",
            calls: vec![("check_model", {
                let mut broken = model();
                broken["rules"][1]["demand"]["field"] = json!("dayz");
                json!({"model": broken})
            })],
            came_out: |answers, _| answers[0]["findings"][0]["path"] == "R-2" && answers[0]["findings"][0]["fix"] == "did you mean `days`?",
            ..Scenario::default()
        },
        Scenario {
            tool: "generate_openapi",
            name: "the interface of a model is written, and valid",
            upstream: design(),
            calls: vec![("generate_openapi", json!({})), ("validate_openapi", json!({"path": "openapi.json"}))],
            came_out: |answers, context| clean(&answers[1]) && text(context, "openapi.json").contains("\"/loans/{id}\""),
            ..Scenario::default()
        },
        Scenario {
            tool: "validate_openapi",
            name: "a reference to nothing is found",
            files: vec![("openapi.json", json!({"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": {"$ref": "#/components/responses/x"}}}}}}).to_string())],
            calls: vec![("validate_openapi", json!({}))],
            came_out: |answers, _| rules(&answers[0]).contains(&"reference"),
            ..Scenario::default()
        },
        Scenario {
            tool: "draw_erd",
            name: "records and their references are drawn",
            upstream: design(),
            calls: vec![("draw_erd", json!({}))],
            came_out: |_, context| text(context, "docs/diagrams/erd.md").contains("tool ||--o{ loan"),
            ..Scenario::default()
        },
        Scenario {
            tool: "draw_c4",
            name: "people and systems are drawn",
            calls: vec![("draw_c4", json!({"title": "T", "level": "context", "elements": [{"id": "clerk", "kind": "person", "name": "Clerk"}, {"id": "lib", "kind": "system", "name": "Library"}], "relations": [{"from": "clerk", "to": "lib", "what": "lends"}]}))],
            came_out: |_, context| text(context, "docs/diagrams/c4-context.md").contains("Rel(clerk, lib, \"lends\")"),
            ..Scenario::default()
        },
        Scenario {
            tool: "write_adr",
            name: "the second decision has the second number",
            files: vec![("docs/adr/0001-first.md", "# 1. First\n\nStatus: accepted\n".to_owned())],
            calls: vec![("write_adr", json!({"title": "One file", "status": "accepted", "context": "Where do records live?", "options": [{"name": "SQLite", "good": ["one file"]}, {"name": "Server", "bad": ["to run it"]}], "chosen": "SQLite", "because": "it is enough", "costs": ["one writer"]}))],
            came_out: |_, context| text(context, "docs/adr/0002-one-file.md").contains("Chosen: SQLite"),
            ..Scenario::default()
        },
        Scenario {
            tool: "model_threats",
            name: "who may delete and what costs money is asked about",
            upstream: design(),
            calls: vec![("model_threats", json!({}))],
            came_out: |answers, _| {
                let about = |class: &str, about: &str| answers[0]["threats"].as_array().into_iter().flatten().any(|threat| threat["class"] == class && threat["about"] == about);
                about("elevation_of_privilege", "tools") && about("tampering", "tools") && about("denial_of_service", "loans")
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "check_threats",
            name: "a threat that nothing stands against is found",
            upstream: design(),
            calls: vec![("check_threats", json!({"threats": [{"class": "tampering", "threat": "somebody changes the fee of tools and loans", "mitigation": ""}]}))],
            came_out: |answers, _| rules(&answers[0]).contains(&"open") && rules(&answers[0]).contains(&"roles"),
            ..Scenario::default()
        },
        Scenario {
            tool: "draw_wireframe",
            name: "screens are drawn, and can be used without a mouse",
            upstream: vec![(ArtifactKind::Screens, screens())],
            calls: vec![("draw_wireframe", json!({})), ("check_accessibility", json!({}))],
            came_out: |answers, context| answers[1] == json!({"checked": 2, "findings": []}) && text(context, "docs/screens/loans.svg").starts_with("<svg"),
            ..Scenario::default()
        },
        Scenario {
            tool: "check_flows",
            name: "a screen that nothing leads to is found",
            epic: epic(),
            calls: vec![("check_flows", {
                let mut lost = screens();
                lost["flows"] = json!([]);
                json!({"screens": lost})
            })],
            came_out: |answers, _| rules(&answers[0]) == ["unreachable", "story"],
            ..Scenario::default()
        },
        Scenario {
            tool: "check_contrast",
            name: "grey on white is found in a stylesheet",
            files: vec![("web/a.css", "p { color: #aaa }\n".to_owned())],
            calls: vec![("check_contrast", json!({}))],
            came_out: |answers, _| rules(&answers[0]) == ["contrast"] && answers[0]["ratios"][0]["ratio"] == json!(2.32),
            ..Scenario::default()
        },
        Scenario {
            tool: "check_accessibility",
            name: "a control without label is found",
            files: vec![("web/a.html", "<!doctype html>\n<html lang=en><title>T</title>\n<main><h1>T</h1>\n<input name=q>\n</main>".to_owned())],
            calls: vec![("check_accessibility", json!({}))],
            came_out: |answers, _| rules(&answers[0]) == ["label"] && answers[0]["findings"][0]["line"] == 4,
            ..Scenario::default()
        },
    ] {
        hold(&scenario).await;
    }
}

#[tokio::test]
async fn what_runs_it_is_written_and_linted() {
    for scenario in [
        Scenario {
            tool: "generate_dockerfile",
            name: "a Dockerfile is written in which the linter finds nothing",
            calls: vec![("generate_dockerfile", json!({"runtime": "python", "start": ["python3", "-m", "service"], "copy": ["service/"], "port": 8000})), ("lint_dockerfile", json!({}))],
            came_out: |answers, context| answers[1] == json!({"checked": 1, "findings": []}) && context.own.contains_key(".dockerignore"),
            ..Scenario::default()
        },
        Scenario {
            tool: "lint_dockerfile",
            name: "a container that runs as root from a moving base is found",
            files: vec![("Dockerfile", "FROM python:latest\nCMD [\"a\"]\n".to_owned())],
            calls: vec![("lint_dockerfile", json!({}))],
            came_out: |answers, _| rules(&answers[0]) == ["DL3007", "DL3002", "DL3057"],
            ..Scenario::default()
        },
        Scenario {
            tool: "generate_ci",
            name: "a pipeline is written in which the linter finds nothing",
            calls: vec![("generate_ci", json!({"runtime": "python", "version": "3.13", "steps": [{"name": "Tests", "run": "python3 -m unittest"}]})), ("lint_ci", json!({}))],
            came_out: |answers, context| answers[1] == json!({"checked": 1, "findings": []}) && text(context, ".github/workflows/ci.yml").contains("python3 -m unittest"),
            ..Scenario::default()
        },
        Scenario {
            tool: "lint_ci",
            name: "a title that becomes a script is found",
            files: vec![(".github/workflows/a.yml", "on: issues\npermissions: {}\njobs:\n  a:\n    runs-on: ubuntu-latest\n    timeout-minutes: 1\n    steps:\n      - run: echo ${{ github.event.issue.title }}\n".to_owned())],
            calls: vec![("lint_ci", json!({}))],
            came_out: |answers, _| rules(&answers[0]) == ["injection"],
            ..Scenario::default()
        },
        Scenario {
            tool: "generate_iac",
            name: "a composition is written in which the linter finds nothing grave",
            calls: vec![("generate_iac", json!({"containers": [{"name": "web", "port": 8000, "env": {"API_KEY": "x"}}]})), ("lint_iac", json!({}))],
            came_out: |answers, context| clean(&answers[1]) && text(context, "compose.yaml").contains("${API_KEY:?"),
            ..Scenario::default()
        },
        Scenario {
            tool: "lint_iac",
            name: "a container that may do everything is found",
            files: vec![("compose.yaml", "services:\n  a:\n    build: .\n    privileged: true\n".to_owned())],
            calls: vec![("lint_iac", json!({}))],
            came_out: |answers, _| rules(&answers[0]).contains(&"privileged"),
            ..Scenario::default()
        },
    ] {
        hold(&scenario).await;
    }
}

#[tokio::test]
async fn what_proves_it_is_derived_and_judged() {
    for scenario in [
        Scenario {
            tool: "derive_tests",
            name: "a rule has tests on both sides",
            upstream: design(),
            calls: vec![("derive_tests", json!({"only": ["R-2"]}))],
            came_out: |answers, _| {
                let side = |accepts: bool, status: u16| {
                    answers[0]["cases"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .any(|case| case["accepts"] == accepts && case["status"] == status)
                };
                side(true, 201) && side(false, 422)
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "boundary_values",
            name: "the last value inside and the first outside are known",
            upstream: design(),
            calls: vec![("boundary_values", json!({"entity": "loan", "name": "days"}))],
            came_out: |answers, _| {
                let tried = |value: i64, verdict: &str| {
                    answers[0]["values"]
                        .as_array()
                        .into_iter()
                        .flatten()
                        .any(|trial| trial["value"] == value && trial["verdict"] == verdict)
                };
                tried(14, "accepted") && tried(15, "refused") && tried(0, "refused")
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "check_tests",
            name: "a test that asserts what always holds is found",
            files: vec![("tests/test_a.py", "def test_a():\n    assert True\n".to_owned())],
            calls: vec![("check_tests", json!({}))],
            came_out: |answers, _| rules(&answers[0]) == ["always-true"],
            ..Scenario::default()
        },
    ] {
        hold(&scenario).await;
    }
}

#[tokio::test]
async fn what_an_attacker_would_look_for_is_found_first() {
    let key = format!("key = 'ghp_{}'\n", "h3Kd92LmQpX7vTzR5bNcW8yJfG4sAeU1oI6t");
    for scenario in [
        Scenario {
            tool: "scan_secrets",
            name: "a key in the code is found and not repeated",
            files: vec![("service/a.py", key)],
            calls: vec![("scan_secrets", json!({}))],
            came_out: |answers, _| answers[0]["findings"][0]["line"] == 1 && !answers[0].to_string().contains("ghp_"),
            ..Scenario::default()
        },
        Scenario {
            tool: "check_code",
            name: "text that is run as code is found",
            files: vec![("service/a.py", "x = eval(request)\n".to_owned())],
            calls: vec![("check_code", json!({}))],
            came_out: |answers, _| answers[0]["findings"][0]["file"] == "service/a.py",
            ..Scenario::default()
        },
        Scenario {
            tool: "check_dependencies",
            name: "a name one slip away from a well-known one is found",
            files: vec![("requirements.txt", "reqeusts==2.0.0\n".to_owned())],
            calls: vec![("check_dependencies", json!({}))],
            came_out: |answers, _| {
                answers[0]["findings"][0]["message"].as_str().is_some_and(|message| message.contains("`requests`"))
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "generate_sbom",
            name: "what the software stands on is written down",
            files: vec![("requirements.txt", "flask==3.1.0\n".to_owned())],
            calls: vec![("generate_sbom", json!({"name": "tools", "version": "1.0.0"}))],
            came_out: |_, context| text(context, "security/sbom.cdx.json").contains("pkg:pypi/flask@3.1.0"),
            ..Scenario::default()
        },
        Scenario {
            tool: "check_licences",
            name: "a licence that binds what is built with it is found",
            calls: vec![(
                "check_licences",
                json!({"components": [{"name": "a", "licence": "GPL-3.0-only"}, {"name": "b", "licence": "MIT"}]}),
            )],
            came_out: |answers, _| rules(&answers[0]) == ["not-allowed"] && answers[0]["findings"][0]["path"] == "a",
            ..Scenario::default()
        },
    ] {
        hold(&scenario).await;
    }
}

#[tokio::test]
async fn what_goes_out_is_told_and_can_come_back() {
    let mut before = model();
    before["entities"][0]["fields"] = json!([]);
    let old = json!({"openapi": "3.1.0", "paths": {"/tools": {"get": {"responses": {"200": {"description": "d"}}}}}});
    let new = json!({"openapi": "3.1.0", "paths": {}});
    for scenario in [
        Scenario {
            tool: "next_version",
            name: "what was taken away is breaking",
            files: vec![("old.json", old.to_string()), ("new.json", new.to_string())],
            calls: vec![("next_version", json!({"current": "1.2.0", "old": "old.json", "new": "new.json"}))],
            came_out: |answers, _| {
                answers[0]["version"] == "2.0.0" && answers[0]["changes"][0]["what"] == "`GET /tools` is gone"
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "write_release_notes",
            name: "notes say what is new, and which statements they leave out",
            epic: epic(),
            calls: vec![(
                "write_release_notes",
                json!({"version": "1.0.0", "date": "2026-02-28", "summary": "Lending.", "changes": [{"kind": "new", "text": "Lend tools.", "statements": ["US-1"]}]}),
            )],
            came_out: |answers, context| {
                text(context, "deploy/release-notes.md").contains("- Lend tools. (US-1)")
                    && answers[0]["not_mentioned"].as_array().is_some_and(|ids| ids.len() == 4)
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "plan_canary",
            name: "steps rise to all traffic, each long enough",
            calls: vec![(
                "plan_canary",
                json!({"error_rate": 0.001, "slo_error_rate": 0.01, "requests_per_minute": 1000}),
            )],
            came_out: |answers, _| {
                let steps = answers[0]["steps"].as_array().cloned().unwrap_or_default();
                steps.last().is_some_and(|last| last["percent"] == 100.0)
                    && steps
                        .iter()
                        .all(|step| step["requests"].as_u64() > Some(300) && step["abort_at_errors"].as_u64() > Some(1))
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "plan_rollback",
            name: "the way back says what it costs",
            upstream: design(),
            calls: vec![(
                "plan_rollback",
                json!({"from_version": "1.0.0", "version": "1.1.0", "old_model": before, "start": ["python3", "-m", "service"]}),
            )],
            came_out: |answers, _| {
                answers[0]["without_loss"] == false && answers[0]["steps"].to_string().contains("Export `tool.fee`")
            },
            ..Scenario::default()
        },
        Scenario {
            tool: "write_changelog",
            name: "a change is written once",
            calls: vec![
                ("write_changelog", json!({"changes": [{"kind": "added", "text": "Loans."}]})),
                ("write_changelog", json!({"changes": [{"kind": "added", "text": "Loans."}]})),
            ],
            came_out: |_, context| text(context, "CHANGELOG.md").matches("- Loans.").count() == 1,
            ..Scenario::default()
        },
        Scenario {
            tool: "check_links",
            name: "a link to nothing is found",
            files: vec![("README.md", "[the guide](docs/guide.md)\n".to_owned())],
            calls: vec![("check_links", json!({}))],
            came_out: |answers, _| rules(&answers[0]) == ["missing"],
            ..Scenario::default()
        },
        Scenario {
            tool: "measure_readability",
            name: "a sentence without an end is found",
            files: vec![("README.md", format!("# Long\n\nIt {}.\n", "goes on and ".repeat(20)))],
            calls: vec![("measure_readability", json!({}))],
            came_out: |answers, _| rules(&answers[0]).contains(&"long-sentence"),
            ..Scenario::default()
        },
    ] {
        hold(&scenario).await;
    }
}
