//! `write_release_notes`: what a release brings to those who use it, with the statements that stand behind it.

use crate::{Effect, Error, Tool, Workspace, escape::markdown};
use maestro_domain::StatementId;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

pub(crate) struct WriteReleaseNotes;

/// What kind of change it is, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Breaking,
    New,
    Changed,
    Fixed,
    Security,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    kind: Kind,
    /// What it means for people who use it, in one sentence
    text: String,
    /// Ids of the statements that it fulfils
    #[serde(default)]
    statements: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Semantic version
    version: String,
    /// The day of the release, `YYYY-MM-DD`
    date: String,
    /// What matters most, in a sentence or two
    summary: String,
    /// The changes
    changes: Vec<Change>,
    /// What must be done when going over to it; needed when something is breaking
    #[serde(default)]
    upgrade: Vec<String>,
    /// What is known not to work
    #[serde(default)]
    known_issues: Vec<String>,
    /// Where to write it
    #[serde(default = "path")]
    path: String,
}

fn path() -> String {
    "deploy/release-notes.md".to_owned()
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    content: String,
    /// Wanted statements of the epic that no change names.
    not_mentioned: Vec<String>,
}

impl Tool for WriteReleaseNotes {
    const NAME: &'static str = "write_release_notes";
    const DESCRIPTION: &'static str = "Writes the notes of a release: summary, changes by kind with the statements they fulfil, upgrade steps, known issues. Refuses statements that the epic does not have and breaking changes without upgrade steps; tells which wanted statements no change names.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let version = semver::Version::parse(&args.version)
            .map_err(|why| Error::Respond(format!("`{}` is no semantic version: {why}", args.version)))?;
        let _: jiff::civil::Date =
            args.date.parse().map_err(|_| Error::Respond(format!("`{}` is no date: write `2026-01-31`", args.date)))?;
        if args.summary.trim().is_empty() || args.changes.is_empty() {
            return Err(Error::Respond("`summary` and `changes` must not be empty".to_owned()));
        }
        if args.changes.iter().any(|change| change.kind == Kind::Breaking)
            && args.upgrade.iter().all(|step| step.trim().is_empty())
        {
            return Err(Error::Respond("something is breaking: say in `upgrade` what must be done".to_owned()));
        }
        let epic = &workspace.context().epic;
        for change in &args.changes {
            if change.text.trim().is_empty() {
                return Err(Error::Respond("a change has no `text`".to_owned()));
            }
            for id in &change.statements {
                let known = StatementId::new(id.as_str()).is_ok_and(|id| epic.statement(&id).is_some());
                if !known {
                    return Err(Error::Respond(format!("`{id}` is no statement of the epic")));
                }
            }
        }
        let wanted = epic.statements.iter().filter(|statement| statement.kind.traced() && statement.deferred.is_none());
        let named = |id: &str| args.changes.iter().any(|change| change.statements.iter().any(|own| own == id));
        let not_mentioned = wanted.map(|s| s.id.to_string()).filter(|id| !named(id)).collect();
        let content = page(&args, &version);
        workspace.write(&args.path, content.clone())?;
        Ok(Output { path: args.path, content, not_mentioned })
    }
}

fn page(args: &Args, version: &semver::Version) -> String {
    let mut text = format!("# {version} ({})\n\n{}\n", args.date, markdown(args.summary.trim()));
    for (kind, title) in [
        (Kind::Breaking, "Breaking changes"),
        (Kind::New, "New"),
        (Kind::Changed, "Changed"),
        (Kind::Fixed, "Fixed"),
        (Kind::Security, "Security"),
    ] {
        let changes: Vec<_> = args.changes.iter().filter(|change| change.kind == kind).collect();
        if changes.is_empty() {
            continue;
        }
        let _ = write!(text, "\n## {title}\n\n");
        for change in changes {
            let ids = if change.statements.is_empty() {
                String::new()
            } else {
                format!(" ({})", change.statements.join(", "))
            };
            let _ = writeln!(text, "- {}{ids}", markdown(change.text.trim()));
        }
    }
    for (title, items) in [("Going over to it", &args.upgrade), ("Known issues", &args.known_issues)] {
        if !items.is_empty() {
            let _ = write!(text, "\n## {title}\n\n");
            for (at, item) in items.iter().enumerate() {
                let mark = if title == "Known issues" { "-".to_owned() } else { format!("{}.", at + 1) };
                let _ = writeln!(text, "{mark} {}", markdown(item.trim()));
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::{Value, json};
    use std::sync::Arc;

    fn args(more: Value) -> Value {
        let mut args = json!({"version": "1.1.0", "date": "2026-02-28", "summary": "Loans *end*.", "changes": [{"kind": "fixed", "text": "It stops."}, {"kind": "new", "text": "Lend tools.", "statements": ["US-1"]}]});
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        args
    }

    fn task() -> crate::Context {
        let mut context = context();
        let statement = |id: &str, kind: &str| json!({"id": id, "kind": kind, "text": "t", "line": 1, "section": []});
        context.epic = Arc::new(serde_json::from_value(json!({"title": "E", "statements": [statement("US-1", "story"), statement("BR-1", "rule"), statement("N-1", "narrative")]})).unwrap());
        context
    }

    #[tokio::test]
    async fn notes_stand_in_order_and_name_what_they_leave_out() {
        let mut context = task();
        let got = run(WriteReleaseNotes, args(json!({"known_issues": ["slow"]})), &mut context).await.unwrap();
        let want = "# 1.1.0 (2026-02-28)\n\nLoans \\*end\\*.\n\n## New\n\n- Lend tools. (US-1)\n\n## Fixed\n\n- It stops.\n\n## Known issues\n\n- slow\n";
        assert_eq!(got["content"], want);
        assert_eq!(context.own["deploy/release-notes.md"], want.as_bytes());
        assert_eq!(got["not_mentioned"], json!(["BR-1"]));
    }

    #[tokio::test]
    async fn what_is_no_release_is_told() {
        for (more, says) in [
            (json!({"version": "1.1"}), "no semantic version"),
            (json!({"date": "2026-02-30"}), "no date"),
            (json!({"changes": []}), "must not be empty"),
            (json!({"changes": [{"kind": "breaking", "text": "x"}]}), "say in `upgrade`"),
            (json!({"changes": [{"kind": "new", "text": "x", "statements": ["US-9"]}]}), "`US-9` is no statement"),
        ] {
            let error = run(WriteReleaseNotes, args(more), &mut task()).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
