//! `trace_statements`: which statement is carried by which artifacts and tests, as far as the artifacts handed over say so. The
//! trace that counts is made from executed tests; this one shows gaps before anything runs.

use crate::{Effect, Error, Tool, Workspace};
use maestro_domain::{Epic, StatementId, StatementKind};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

pub(crate) struct TraceStatements;

/// What the trace says of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
enum Status {
    /// A test names it.
    Ok,
    /// No test names it.
    Gap,
    /// It is named and is no statement of the epic.
    Orphan,
    /// The epic puts it off.
    Deferred,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Only statements of which the trace says this
    #[serde(default)]
    status: Option<Status>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Row {
    id: String,
    status: Status,
    /// Artifacts whose document names it, and files that name it.
    artifacts: Vec<String>,
    /// Tests that say they prove it.
    tests: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    counts: BTreeMap<Status, usize>,
    rows: Vec<Row>,
}

static ID: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\b(?:US|AC|BR|FR|NFR)-\d{1,4}(?:\.\d{1,4})*\b").ok());

impl Tool for TraceStatements {
    const NAME: &'static str = "trace_statements";
    const DESCRIPTION: &'static str = "Traces each statement of the epic to the artifacts and tests that name it: OK with a test, GAP without one, DEFERRED by the epic, ORPHAN for ids that the epic does not have.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with `status`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let epic = &workspace.context().epic;
        if !epic.statements.iter().any(|statement| statement.kind.traced()) {
            return Err(Error::Respond("the epic has no statement to trace".to_owned()));
        }
        let mut rows = trace(workspace);
        let mut counts = BTreeMap::new();
        for row in &rows {
            *counts.entry(row.status).or_default() += 1;
        }
        if let Some(status) = args.status {
            rows.retain(|row| row.status == status);
        }
        Ok(Output { counts, rows })
    }
}

/// Who names which id.
#[derive(Default)]
struct Named {
    artifacts: BTreeMap<String, BTreeSet<String>>,
    tests: BTreeMap<String, BTreeSet<String>>,
}

fn trace(workspace: &Workspace<'_>) -> Vec<Row> {
    let context = workspace.context();
    let mut named = Named::default();
    for (kind, upstream) in &context.upstream {
        each_id(&upstream.document, &mut |id, test| {
            let (into, who) = match test {
                Some(test) => (&mut named.tests, test.to_owned()),
                None => (&mut named.artifacts, kind.id().to_owned()),
            };
            into.entry(id.to_owned()).or_default().insert(who);
        });
    }
    for (path, text) in workspace.texts() {
        let ids: BTreeSet<&str> =
            ID.iter().flat_map(|form| form.find_iter(&text)).map(|found| found.as_str()).collect();
        let test = path.rsplit('/').next().is_some_and(|name| name.starts_with("test") && name.ends_with(".py"));
        let into = if test { &mut named.tests } else { &mut named.artifacts };
        for id in ids {
            into.entry(id.to_owned()).or_default().insert(path.to_owned());
        }
    }
    rows(&context.epic, &named)
}

/// Ids that a document names as its sources, and the test that says it covers them.
fn each_id<'a>(value: &'a Value, see: &mut impl FnMut(&'a str, Option<&'a str>)) {
    const MEMBERS: &[&str] = &["sources", "covers", "explains", "statements", "statement", "story"];
    match value {
        Value::Array(items) => items.iter().for_each(|item| each_id(item, see)),
        Value::Object(members) => {
            for (name, member) in members {
                if MEMBERS.contains(&name.as_str()) {
                    let test = (name == "covers").then(|| members.get("name").and_then(Value::as_str)).flatten();
                    let ids = member.as_array().map_or(std::slice::from_ref(member), Vec::as_slice);
                    ids.iter()
                        .filter_map(Value::as_str)
                        .filter(|id| StatementId::new(*id).is_ok())
                        .for_each(|id| see(id, test));
                }
                each_id(member, see);
            }
        }
        _ => {}
    }
}

fn rows(epic: &Epic, named: &Named) -> Vec<Row> {
    let names = |of: &BTreeMap<String, BTreeSet<String>>, id: &str| {
        of.get(id).into_iter().flatten().cloned().collect::<Vec<_>>()
    };
    let mut rows: Vec<Row> = Vec::new();
    for statement in epic.statements.iter().filter(|statement| statement.kind.traced()) {
        let id = statement.id.to_string();
        let (artifacts, tests) = (names(&named.artifacts, &id), names(&named.tests, &id));
        let below: Vec<_> = epic.below(&statement.id).filter(|s| s.kind.traced() && s.deferred.is_none()).collect();
        let open: Vec<_> = below.iter().map(|s| s.id.to_string()).filter(|id| !named.tests.contains_key(id)).collect();
        let story = statement.kind == StatementKind::Story;
        let (status, why) = if let Some(words) = &statement.deferred {
            (Status::Deferred, Some(words.clone()))
        } else if !tests.is_empty() {
            (Status::Ok, None)
        } else if story && !below.is_empty() && open.is_empty() {
            (Status::Ok, Some("by the criteria below it".to_owned()))
        } else if story && !open.is_empty() && !below.is_empty() {
            (Status::Gap, Some(format!("no test names {}", open.join(", "))))
        } else if artifacts.is_empty() {
            (Status::Gap, Some("nothing names it".to_owned()))
        } else {
            (Status::Gap, Some("no test names it".to_owned()))
        };
        rows.push(Row { id, status, artifacts, tests, why });
    }
    let known: BTreeSet<String> = epic.statements.iter().map(|statement| statement.id.to_string()).collect();
    let ids: BTreeSet<&String> =
        named.tests.keys().chain(named.artifacts.keys()).filter(|id| !known.contains(*id)).collect();
    rows.extend(ids.into_iter().map(|id| Row {
        id: id.clone(),
        status: Status::Orphan,
        artifacts: names(&named.artifacts, id),
        tests: names(&named.tests, id),
        why: Some("the epic has no such statement".to_owned()),
    }));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Upstream,
        testing::{context, run},
    };
    use maestro_domain::ArtifactKind;
    use serde_json::json;
    use std::sync::Arc;

    #[tokio::test]
    async fn statements_are_ok_open_deferred_or_unknown() {
        let mut context = context();
        assert!(run(TraceStatements, json!({}), &mut context).await.is_err());
        let statement = |id: &str, kind: &str, more: Value| {
            let mut one = json!({"id": id, "kind": kind, "text": "t", "line": 1, "section": []});
            one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            one
        };
        context.epic = Arc::new(
            serde_json::from_value::<Epic>(json!({"title": "E", "statements": [
                statement("US-1", "story", json!({})),
                statement("AC-1.1", "criterion", json!({"story": "US-1"})),
                statement("US-2", "story", json!({})),
                statement("AC-2.1", "criterion", json!({"story": "US-2"})),
                statement("BR-1", "rule", json!({"deferred": "later"})),
                statement("N-1", "narrative", json!({})),
            ]}))
            .unwrap(),
        );
        let design = json!({"model": {"rules": [{"sources": ["AC-1.1", "AC-2.1"]}]}});
        context.upstream.insert(ArtifactKind::Design, Upstream { document: design.into(), ..Upstream::default() });
        let plan = json!({"tests": [{"name": "t.T.test_a", "covers": ["AC-1.1", "BR-9"]}]});
        context.upstream.insert(ArtifactKind::Tests, Upstream { document: plan.into(), ..Upstream::default() });
        let got = run(TraceStatements, json!({}), &mut context).await.unwrap();
        let told: Vec<_> = got["rows"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| (r["id"].as_str().unwrap(), r["status"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                ("US-1", "OK"),
                ("AC-1.1", "OK"),
                ("US-2", "GAP"),
                ("AC-2.1", "GAP"),
                ("BR-1", "DEFERRED"),
                ("BR-9", "ORPHAN")
            ]
        );
        assert_eq!(got["rows"][3]["artifacts"], json!(["design"]));
        assert_eq!(got["counts"], json!({"OK": 2, "GAP": 2, "ORPHAN": 1, "DEFERRED": 1}));
        let gaps = run(TraceStatements, json!({"status": "GAP"}), &mut context).await.unwrap();
        assert_eq!(gaps["rows"].as_array().unwrap().len(), 2);
    }
}
