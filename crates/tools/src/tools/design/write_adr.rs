//! `write_adr`: a decision record in the form of MADR, with the next free number.

use crate::{
    Effect, Error, Tool, Workspace,
    escape::{markdown, slug},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

pub(crate) struct WriteAdr;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Status {
    Proposed,
    Accepted,
    Rejected,
    Deprecated,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename = "Option", deny_unknown_fields)]
struct Choice {
    /// Its name
    name: String,
    /// What speaks for it
    #[serde(default)]
    good: Vec<String>,
    /// What speaks against it
    #[serde(default)]
    bad: Vec<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// What is decided, such as `Keep records in one file`
    title: String,
    /// Where the decision stands
    status: Status,
    /// The question and why it must be answered
    context: String,
    /// What the answer must do justice to
    #[serde(default)]
    drivers: Vec<String>,
    /// At least two ways
    options: Vec<Choice>,
    /// Name of the option that was chosen
    chosen: String,
    /// Why
    because: String,
    /// What becomes better
    #[serde(default)]
    gains: Vec<String>,
    /// What becomes worse; every decision costs something
    costs: Vec<String>,
    /// How it is checked that it is followed
    #[serde(default)]
    confirmation: Option<String>,
    /// Number of the record that this one takes the place of
    #[serde(default)]
    supersedes: Option<u32>,
    /// The folder of the records
    #[serde(default = "folder")]
    folder: String,
}

fn folder() -> String {
    "docs/adr".to_owned()
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    number: u32,
    path: String,
    content: String,
}

impl Tool for WriteAdr {
    const NAME: &'static str = "write_adr";
    const DESCRIPTION: &'static str = "Writes an architecture decision record in MADR form with the next free number: context, drivers, at least two options with what speaks for and against, the outcome with its reason, gains and costs.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        complete(&args).map_err(Error::Respond)?;
        let folder = args.folder.trim_end_matches('/').to_owned();
        let numbered =
            |path: &str| path.strip_prefix(&folder)?.strip_prefix('/')?.split('-').next()?.parse::<u32>().ok();
        let known: Vec<(u32, String)> =
            workspace.files().keys().filter_map(|path| Some((numbered(path)?, (*path).to_owned()))).collect();
        let number = known.iter().map(|(number, _)| number + 1).max().unwrap_or(1);
        if let Some(old) = args.supersedes {
            let Some((_, path)) = known.iter().find(|(number, _)| *number == old) else {
                let all: Vec<_> = known.iter().map(|(number, _)| number.to_string()).collect();
                return Err(Error::Respond(format!(
                    "there is no record {old} below `{folder}`; there are {}",
                    all.join(", ")
                )));
            };
            let text = workspace.text(path)?.to_owned();
            workspace.write(
                path,
                superseded(&text, number)
                    .ok_or_else(|| Error::Respond(format!("`{path}` has no line `Status: ...` to change")))?,
            )?;
        }
        let path = format!("{folder}/{number:04}-{}.md", slug(&args.title));
        let content = page(&args, number);
        workspace.write(&path, content.clone())?;
        Ok(Output { number, path, content })
    }
}

fn complete(args: &Args) -> Result<(), String> {
    for (name, text) in [("title", &args.title), ("context", &args.context), ("because", &args.because)] {
        if text.trim().is_empty() {
            return Err(format!("`{name}` is empty"));
        }
    }
    if slug(&args.title).is_empty() {
        return Err(format!("no name of a file can be made of the title `{}`", args.title));
    }
    if args.options.len() < 2 {
        return Err("a decision has at least two `options`: say what else was possible".to_owned());
    }
    let names: Vec<_> = args.options.iter().map(|option| option.name.as_str()).collect();
    if names
        .iter()
        .enumerate()
        .any(|(at, name)| name.trim().is_empty() || names.iter().skip(at + 1).any(|other| other == name))
    {
        return Err("each option needs a name of its own".to_owned());
    }
    if !names.contains(&args.chosen.as_str()) {
        return Err(format!("`{}` was chosen and is none of the options {}", args.chosen, names.join(", ")));
    }
    if let Some(option) = args.options.iter().find(|option| option.good.is_empty() && option.bad.is_empty()) {
        return Err(format!("nothing is said for or against `{}`", option.name));
    }
    if args.costs.iter().all(|cost| cost.trim().is_empty()) {
        return Err("`costs` is empty: say what becomes worse".to_owned());
    }
    Ok(())
}

/// The text with its status changed.
fn superseded(text: &str, by: u32) -> Option<String> {
    let line =
        text.lines().find(|line| line.trim_start_matches(['*', '-', ' ']).to_lowercase().starts_with("status:"))?;
    Some(text.replacen(line, &format!("Status: superseded by {by:04}"), 1))
}

fn page(args: &Args, number: u32) -> String {
    let status = match args.status {
        Status::Proposed => "proposed",
        Status::Accepted => "accepted",
        Status::Rejected => "rejected",
        Status::Deprecated => "deprecated",
    };
    let list = |items: &[String]| {
        items.iter().filter(|item| !item.trim().is_empty()).fold(String::new(), |mut text, item| {
            let _ = writeln!(text, "- {}", markdown(item.trim()));
            text
        })
    };
    let mut text = format!(
        "# {number}. {}\n\nStatus: {status}\n\n## Context and Problem Statement\n\n{}\n",
        markdown(&args.title),
        markdown(args.context.trim())
    );
    if !args.drivers.is_empty() {
        let _ = write!(text, "\n## Decision Drivers\n\n{}", list(&args.drivers));
    }
    let names: Vec<String> = args.options.iter().map(|option| option.name.clone()).collect();
    let _ = write!(text, "\n## Considered Options\n\n{}", list(&names));
    let _ = write!(
        text,
        "\n## Decision Outcome\n\nChosen: {}, because {}\n",
        markdown(&args.chosen),
        markdown(args.because.trim())
    );
    if let Some(old) = args.supersedes {
        let _ = write!(text, "\nThis takes the place of {old:04}.\n");
    }
    text.push_str("\n### Consequences\n\n");
    for (kind, items) in [("Good", &args.gains), ("Bad", &args.costs)] {
        for item in items.iter().filter(|item| !item.trim().is_empty()) {
            let _ = writeln!(text, "- {kind}: {}", markdown(item.trim()));
        }
    }
    if let Some(confirmation) = args.confirmation.as_ref().filter(|text| !text.trim().is_empty()) {
        let _ = write!(text, "\n### Confirmation\n\n{}\n", markdown(confirmation.trim()));
    }
    text.push_str("\n## Pros and Cons of the Options\n");
    for option in &args.options {
        let _ = write!(text, "\n### {}\n\n", markdown(&option.name));
        option.good.iter().for_each(|item| text.push_str(&format!("- Good: {}\n", markdown(item.trim()))));
        option.bad.iter().for_each(|item| text.push_str(&format!("- Bad: {}\n", markdown(item.trim()))));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::{Value, json};

    fn args(more: Value) -> Value {
        let mut args = json!({"title": "Keep records in one file", "status": "accepted", "context": "Where?", "chosen": "SQLite", "because": "it is enough",
            "options": [{"name": "SQLite", "good": ["one file"]}, {"name": "Postgres", "bad": ["a server"]}], "costs": ["one writer"]});
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        args
    }

    #[tokio::test]
    async fn records_are_numbered_and_take_the_place_of_others() {
        let mut context =
            context_with(&[("docs/adr/0007-roles.md", "# 7. Roles\n\nStatus: accepted\n"), ("docs/adr/readme.md", "")]);
        let got = run(WriteAdr, args(json!({"supersedes": 7})), &mut context).await.unwrap();
        assert_eq!(got["path"], "docs/adr/0008-keep-records-in-one-file.md");
        let text = got["content"].as_str().unwrap();
        for part in [
            "# 8. Keep",
            "Status: accepted",
            "Chosen: SQLite, because it is enough",
            "- Bad: one writer",
            "### Postgres\n\n- Bad: a server",
        ] {
            assert!(text.contains(part), "{part}: {text}");
        }
        assert_eq!(context.own["docs/adr/0007-roles.md"], b"# 7. Roles\n\nStatus: superseded by 0008\n");
    }

    #[tokio::test]
    async fn what_is_no_decision_is_told() {
        for (more, says) in [
            (json!({"options": [{"name": "SQLite", "good": ["x"]}]}), "at least two"),
            (json!({"chosen": "Mongo"}), "none of the options SQLite, Postgres"),
            (json!({"costs": []}), "what becomes worse"),
            (json!({"because": " "}), "`because` is empty"),
            (json!({"title": "?"}), "no name of a file"),
            (json!({"supersedes": 3}), "no record 3"),
            (json!({"options": [{"name": "SQLite", "good": ["x"]}, {"name": "B"}]}), "for or against `B`"),
        ] {
            let error = run(WriteAdr, args(more), &mut context_with(&[])).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
