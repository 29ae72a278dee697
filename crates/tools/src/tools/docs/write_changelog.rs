//! `write_changelog`: a changelog as Keep a Changelog has it; what stands there already stays.

use crate::{Effect, Error, Tool, Workspace, escape::markdown};
use schemars::JsonSchema;
use semver::Version;
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

pub(crate) struct WriteChangelog;

/// What kind of change it is, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Added,
    Changed,
    Deprecated,
    Removed,
    Fixed,
    Security,
}

impl Kind {
    const ALL: [Self; 6] = [Self::Added, Self::Changed, Self::Deprecated, Self::Removed, Self::Fixed, Self::Security];

    const fn title(self) -> &'static str {
        match self {
            Self::Added => "Added",
            Self::Changed => "Changed",
            Self::Deprecated => "Deprecated",
            Self::Removed => "Removed",
            Self::Fixed => "Fixed",
            Self::Security => "Security",
        }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Change {
    kind: Kind,
    /// What changed, in one sentence
    text: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The version that is released; the changes are unreleased when left out
    #[serde(default)]
    version: Option<String>,
    /// The day of the release, `YYYY-MM-DD`
    #[serde(default)]
    date: Option<String>,
    /// The changes; with a version, those that stand unreleased go into it too
    changes: Vec<Change>,
    /// Where it stands
    #[serde(default = "path")]
    path: String,
}

fn path() -> String {
    "CHANGELOG.md".to_owned()
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    content: String,
    /// How many changes were new.
    added: usize,
}

const HEAD: &str = "# Changelog\n\nThe format is that of [Keep a Changelog](https://keepachangelog.com/en/1.1.0/), versions are those of [Semantic Versioning](https://semver.org/spec/v2.0.0.html).\n";

impl Tool for WriteChangelog {
    const NAME: &'static str = "write_changelog";
    const DESCRIPTION: &'static str = "Adds changes to the changelog in Keep a Changelog form: to Unreleased, or as a new version into which all that is unreleased goes. Versions that stand there stay as they are; a change is written once.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let existing = workspace
            .files()
            .contains_key(args.path.as_str())
            .then(|| workspace.text(&args.path).map(str::to_owned))
            .transpose()?;
        let (content, added) = merged(&args, existing.as_deref()).map_err(Error::Respond)?;
        workspace.write(&args.path, content.clone())?;
        Ok(Output { path: args.path, content, added })
    }
}

/// One part of a changelog: its heading line and what stands below.
#[derive(Debug, Default)]
struct Part {
    heading: String,
    body: String,
}

impl Part {
    /// The name in the heading: a version, or `unreleased`.
    fn name(&self) -> String {
        let text = self.heading.trim_start_matches('#').trim();
        let text = text.strip_prefix('[').and_then(|text| text.split_once(']')).map_or(text, |(name, _)| name);
        text.split_whitespace().next().unwrap_or_default().trim_start_matches('v').trim_end_matches(',').to_lowercase()
    }
}

fn parts(text: &str) -> (String, Vec<Part>) {
    let mut head = String::new();
    let mut parts: Vec<Part> = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        fenced ^= line.trim_start().starts_with("```");
        if line.starts_with("## ") && !fenced {
            parts.push(Part { heading: line.to_owned(), body: String::new() });
            continue;
        }
        let into = parts.last_mut().map_or(&mut head, |part| &mut part.body);
        into.push_str(line);
        into.push('\n');
    }
    (head, parts)
}

/// The lists of a part by the title above each; words outside of lists stand under an empty title.
fn lists(body: &str) -> Vec<(String, Vec<String>)> {
    let mut found: Vec<(String, Vec<String>)> = vec![(String::new(), Vec::new())];
    for line in body.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            found.push((title.trim().to_owned(), Vec::new()));
        } else if let Some((_, items)) = found.last_mut() {
            match items.last_mut() {
                // A line that is no item goes on with the one above.
                Some(last) if !line.trim().is_empty() && !line.starts_with(['-', '*']) => {
                    last.push('\n');
                    last.push_str(line);
                }
                _ if !line.trim().is_empty() => items.push(line.to_owned()),
                _ => {}
            }
        }
    }
    found.retain(|(_, items)| !items.is_empty());
    found
}

fn merged(args: &Args, existing: Option<&str>) -> Result<(String, usize), String> {
    if args.changes.iter().any(|change| change.text.trim().is_empty()) {
        return Err("a change has no `text`".to_owned());
    }
    let (head, mut parts) = parts(existing.unwrap_or(HEAD));
    let versions: Vec<Version> = parts.iter().filter_map(|part| Version::parse(&part.name()).ok()).collect();
    let heading = match (&args.version, &args.date) {
        (None, None) => "## [Unreleased]".to_owned(),
        (Some(version), Some(date)) => {
            let parsed = Version::parse(version).map_err(|why| format!("`{version}` is no semantic version: {why}"))?;
            let _: jiff::civil::Date = date.parse().map_err(|_| format!("`{date}` is no date: write `2026-01-31`"))?;
            if versions.contains(&parsed) {
                return Err(format!("`{version}` stands there already: released versions are not changed"));
            }
            if let Some(newest) = versions.iter().max().filter(|newest| **newest > parsed) {
                return Err(format!("`{version}` is older than `{newest}`, which stands there"));
            }
            format!("## [{version}] - {date}")
        }
        _ => return Err("a release needs `version` and `date`; without a release leave both out".to_owned()),
    };
    let at = parts.iter().position(|part| part.name() == "unreleased");
    let waiting = at.map(|at| parts.remove(at)).unwrap_or_default();
    let mut all = lists(&waiting.body);
    let before: usize = all.iter().map(|(_, items)| items.len()).sum();
    for change in &args.changes {
        let item = format!("- {}", markdown(change.text.trim()));
        let title = change.kind.title();
        let words =
            |text: &str| text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>();
        let known = all.iter().any(|(of, items)| of == title && items.iter().any(|known| words(known) == words(&item)));
        if known {
            continue;
        }
        match all.iter_mut().find(|(of, _)| of == title) {
            Some((_, items)) => items.push(item),
            None => all.push((title.to_owned(), vec![item])),
        }
    }
    let added = all.iter().map(|(_, items)| items.len()).sum::<usize>() - before;
    if args.version.is_some() && all.is_empty() {
        return Err("nothing changed: a release has at least one change".to_owned());
    }
    let place = |title: &str| {
        Kind::ALL.iter().position(|kind| kind.title() == title).map_or(usize::from(!title.is_empty()) * 99, |at| at + 1)
    };
    all.sort_by_key(|(title, _)| place(title));
    let mut body = String::from("\n");
    for (title, items) in &all {
        if !title.is_empty() {
            let _ = write!(body, "### {title}\n\n");
        }
        let _ = write!(body, "{}\n\n", items.join("\n"));
    }
    let mut new = vec![Part { heading, body }];
    if args.version.is_some() {
        new.insert(0, Part { heading: "## [Unreleased]".to_owned(), body: "\n".to_owned() });
    }
    new.append(&mut parts);
    let mut text = format!("{}\n", head.trim_end());
    for part in new {
        let body = part.body.trim_end();
        let _ = write!(text, "\n{}\n{body}{}", part.heading, if body.is_empty() { "" } else { "\n" });
    }
    Ok((text, added))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};
    use serde_json::{Value, json};

    async fn written(existing: Option<&str>, args: Value) -> Result<String, String> {
        let files: Vec<_> = existing.iter().map(|text| ("CHANGELOG.md", *text)).collect();
        let mut context = context_with(&files);
        let got = run(WriteChangelog, args, &mut context).await.map_err(|error| error.to_string())?;
        assert_eq!(got["content"].as_str().unwrap().as_bytes(), context.own["CHANGELOG.md"]);
        Ok(got["content"].as_str().unwrap().to_owned())
    }

    #[tokio::test]
    async fn a_new_file_then_more_then_a_release() {
        let first = written(
            None,
            json!({"changes": [{"kind": "fixed", "text": "It stops."}, {"kind": "added", "text": "Loans."}]}),
        )
        .await
        .unwrap();
        assert!(
            first.starts_with("# Changelog\n")
                && first.ends_with("\n## [Unreleased]\n\n### Added\n\n- Loans.\n\n### Fixed\n\n- It stops.\n"),
            "{first}"
        );
        let more = written(
            Some(&first),
            json!({"changes": [{"kind": "added", "text": "loans"}, {"kind": "added", "text": "Vans."}]}),
        )
        .await
        .unwrap();
        assert!(more.contains("- Loans.\n- Vans.\n\n### Fixed"), "{more}");
        let release =
            written(Some(&more), json!({"version": "0.1.0", "date": "2026-02-28", "changes": []})).await.unwrap();
        assert!(
            release.contains("\n## [Unreleased]\n\n## [0.1.0] - 2026-02-28\n\n### Added\n\n- Loans.\n- Vans.\n"),
            "{release}"
        );
        let next = written(
            Some(&release),
            json!({"version": "0.2.0", "date": "2026-03-01", "changes": [{"kind": "removed", "text": "Vans."}]}),
        )
        .await
        .unwrap();
        let (new, old) = (next.find("## [0.2.0]").unwrap(), next.find("## [0.1.0]").unwrap());
        assert!(new < old && next.ends_with("- Loans.\n- Vans.\n\n### Fixed\n\n- It stops.\n"), "{next}");
    }

    #[tokio::test]
    async fn what_stands_there_stays_and_mistakes_are_told() {
        let own = "# Changes\n\nWords.\n\n## [Unreleased]\n\n- loose item\n  of two lines\n\n## 1.0.0 (2025-01-01)\n\n- Old, in another form.\n";
        let got = written(Some(own), json!({"changes": [{"kind": "security", "text": "Roles."}]})).await.unwrap();
        assert_eq!(
            got,
            "# Changes\n\nWords.\n\n## [Unreleased]\n\n- loose item\n  of two lines\n\n### Security\n\n- Roles.\n\n## 1.0.0 (2025-01-01)\n\n- Old, in another form.\n"
        );
        let change = json!([{"kind": "fixed", "text": "x"}]);
        for (args, says) in [
            (json!({"version": "1.0.0", "date": "2026-01-01", "changes": change}), "stands there already"),
            (json!({"version": "0.9.0", "date": "2026-01-01", "changes": change}), "is older than `1.0.0`"),
            (json!({"version": "1.1.0", "changes": change}), "needs `version` and `date`"),
            (json!({"version": "1.1", "date": "2026-01-01", "changes": change}), "no semantic version"),
            (json!({"changes": [{"kind": "fixed", "text": " "}]}), "has no `text`"),
        ] {
            let error = written(Some(own), args).await.unwrap_err();
            assert!(error.contains(says), "{error}");
        }
        assert!(
            written(None, json!({"version": "1.0.0", "date": "2026-01-01", "changes": []}))
                .await
                .unwrap_err()
                .contains("nothing changed")
        );
    }
}
