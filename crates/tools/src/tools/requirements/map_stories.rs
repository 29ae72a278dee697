//! `map_stories`: the story map: who does what, told by which stories, meant by which criteria, and what is missing.

use crate::{
    Effect, Error, Tool, Workspace,
    escape::markdown,
    finding::{Finding, Findings},
};
use maestro_artifacts::delivery::Severity::{Low, Medium};
use maestro_domain::{Epic, Statement, StatementKind};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{fmt::Write as _, sync::LazyLock};

pub(crate) struct MapStories;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    #[default]
    Json,
    Markdown,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// `json` for the map as data, `markdown` for a page
    #[serde(default)]
    format: Format,
    /// Only the stories of this actor
    #[serde(default)]
    actor: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Actor {
    actor: String,
    activities: Vec<Activity>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Activity {
    activity: String,
    stories: Vec<Story>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Story {
    id: String,
    want: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    benefit: Option<String>,
    /// Ids and words of what stands below the story.
    criteria: Vec<(String, String)>,
    #[serde(skip_serializing_if = "Option::is_none")]
    deferred: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Output {
    Data { actors: Vec<ActorOut>, gaps: Vec<Finding> },
    Page { markdown: String, gaps: Vec<Finding> },
}

/// The map below one actor.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct ActorOut(Actor);

static STORY: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let form = r"(?is)^\W*as (?:an? |the )?(?<actor>[^,.]+?),?\s+I (?:want|need|would like|wish|can|must be able|'d like)(?: to)?(?: be able to)?\s+(?<want>.+?)(?:[,;]?\s+so (?:that|as to)\s+(?<benefit>.+?)|[,;]?\s+in order to\s+(?<order>.+?))?[.\s]*$";
    Regex::new(form).ok()
});

impl Tool for MapStories {
    const NAME: &'static str = "map_stories";
    const DESCRIPTION: &'static str = "Draws the story map of the epic: actors, their activities, stories and criteria, and the gaps in it (no actor, no benefit, no criterion, criteria below no story).";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with `actor`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let epic = &workspace.context().epic;
        let (mut actors, gaps) = map(epic);
        if actors.is_empty() && gaps.is_empty() {
            return Err(Error::Respond("the epic has no story: there is nothing to map".to_owned()));
        }
        if let Some(wanted) = &args.actor {
            let names: Vec<_> = actors.iter().map(|actor| actor.actor.clone()).collect();
            actors.retain(|actor| actor.actor.eq_ignore_ascii_case(wanted.trim()));
            if actors.is_empty() {
                return Err(Error::Respond(format!("no story is told by `{wanted}`; there are {}", names.join(", "))));
            }
        }
        Ok(match args.format {
            Format::Json => Output::Data { actors: actors.into_iter().map(ActorOut).collect(), gaps },
            Format::Markdown => Output::Page { markdown: page(&epic.title, &actors), gaps },
        })
    }
}

fn map(epic: &Epic) -> (Vec<Actor>, Vec<Finding>) {
    let mut actors: Vec<Actor> = Vec::new();
    let mut gaps = Vec::new();
    for statement in epic.statements.iter().filter(|s| s.kind == StatementKind::Story) {
        let id = statement.id.to_string();
        let mut found = Findings::of(&id);
        let parts = STORY.as_ref().and_then(|form| form.captures(&statement.text));
        let part = |name: &str| parts.as_ref().and_then(|p| p.name(name)).map(|m| m.as_str().trim().to_owned());
        let actor = part("actor").unwrap_or_else(|| {
            found.add("actor", Medium, 0, "the story does not say who wants it", "begin with `As a ..., I want ...`");
            "nobody named".to_owned()
        });
        let benefit = part("benefit").or_else(|| part("order"));
        if benefit.is_none() {
            found.add("benefit", Low, 0, "the story does not say what for", "end with `so that ...`");
        }
        let criteria: Vec<_> = epic.below(&statement.id).map(|s| (s.id.to_string(), s.text.clone())).collect();
        if criteria.is_empty() && statement.deferred.is_none() {
            found.add("criterion", Medium, 0, "the story has no criterion below it", "add one that a test can check");
        }
        gaps.extend(found.finish());
        let story = Story {
            id,
            want: part("want").unwrap_or_else(|| statement.text.clone()),
            benefit,
            criteria,
            deferred: statement.deferred.clone(),
        };
        let activity = activity(statement, &story.want);
        let at = actors.iter().position(|known| known.actor.eq_ignore_ascii_case(&actor)).unwrap_or_else(|| {
            actors.push(Actor { actor: actor.clone(), activities: Vec::new() });
            actors.len() - 1
        });
        let Some(actor) = actors.get_mut(at) else { continue };
        match actor.activities.iter_mut().find(|known| known.activity == activity) {
            Some(known) => known.stories.push(story),
            None => actor.activities.push(Activity { activity, stories: vec![story] }),
        }
    }
    for statement in epic.criteria().filter(|statement| statement.story.is_none()) {
        let id = statement.id.to_string();
        let mut found = Findings::of(&id);
        found.add("story", Low, 0, "the criterion stands below no story", "put it below the story that it belongs to");
        gaps.extend(found.finish());
    }
    (actors, gaps)
}

/// What the story is part of: the heading above it or, where that says only what kind of statements stand there, its verb.
fn activity(statement: &Statement, want: &str) -> String {
    const KINDS: &[&str] = &["stories", "story", "requirements", "functional", "epic", "features", "backlog", "scope"];
    let heading = statement.section.last().filter(|heading| {
        let lower = heading.to_lowercase();
        !KINDS.iter().any(|kind| lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == *kind))
    });
    match heading {
        Some(heading) => heading.clone(),
        None => want
            .split_whitespace()
            .next()
            .unwrap_or("other")
            .trim_matches(|c: char| !c.is_alphanumeric())
            .to_lowercase(),
    }
}

fn page(title: &str, actors: &[Actor]) -> String {
    let mut page = format!("# Story map of {}\n", markdown(title));
    for actor in actors {
        let _ = write!(page, "\n## {}\n", markdown(&actor.actor));
        for activity in &actor.activities {
            let _ = write!(page, "\n### {}\n\n", markdown(&activity.activity));
            for story in &activity.stories {
                let why = story.benefit.as_ref().map(|why| format!(" (so that {})", markdown(why))).unwrap_or_default();
                let later = if story.deferred.is_some() { " [deferred]" } else { "" };
                let _ = writeln!(page, "- **{}** {}{why}{later}", story.id, markdown(&story.want));
                for (id, text) in &story.criteria {
                    let _ = writeln!(page, "  - {id}: {}", markdown(text));
                }
            }
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::{Value, json};
    use std::sync::Arc;

    fn epic() -> Epic {
        let statement = |id: &str, kind: &str, text: &str, story: Value| json!({"id": id, "kind": kind, "text": text, "line": 1, "section": ["User stories"], "story": story});
        serde_json::from_value(json!({"title": "Tools", "statements": [
            statement("US-1", "story", "As a clerk, I want to lend a tool so that work goes on.", Value::Null),
            statement("AC-1.1", "criterion", "A loan has a <due> date.", json!("US-1")),
            statement("US-2", "story", "As the Clerk I want to lend a van", Value::Null),
            statement("US-3", "story", "Tools can be searched", Value::Null),
            statement("AC-0.1", "criterion", "It is quick.", Value::Null),
        ]}))
        .unwrap()
    }

    #[tokio::test]
    async fn actors_activities_and_gaps() {
        let mut context = context();
        assert!(run(MapStories, json!({}), &mut context).await.is_err());
        context.epic = Arc::new(epic());
        let got = run(MapStories, json!({}), &mut context).await.unwrap();
        assert_eq!(got["actors"][0]["actor"], "clerk");
        assert_eq!(got["actors"][0]["activities"][0]["activity"], "lend");
        let story = &got["actors"][0]["activities"][0]["stories"][0];
        assert_eq!((&story["want"], &story["benefit"]), (&json!("lend a tool"), &json!("work goes on")));
        assert_eq!(got["actors"][0]["activities"][0]["stories"][1]["id"], "US-2");
        let gaps: Vec<_> = got["gaps"]
            .as_array()
            .unwrap()
            .iter()
            .map(|g| (g["path"].as_str().unwrap(), g["rule"].as_str().unwrap()))
            .collect();
        assert_eq!(
            gaps,
            [
                ("US-2", "benefit"),
                ("US-2", "criterion"),
                ("US-3", "actor"),
                ("US-3", "benefit"),
                ("US-3", "criterion"),
                ("AC-0.1", "story")
            ]
        );
    }

    #[tokio::test]
    async fn the_page_shows_words_as_they_are() {
        let mut context = context();
        context.epic = Arc::new(epic());
        let got = run(MapStories, json!({"format": "markdown", "actor": "CLERK"}), &mut context).await.unwrap();
        let page = got["markdown"].as_str().unwrap();
        assert!(
            page.contains("- **US-1** lend a tool (so that work goes on)\n  - AC-1.1: A loan has a \\<due\\> date."),
            "{page}"
        );
        let error = run(MapStories, json!({"actor": "boss"}), &mut context).await.unwrap_err();
        assert!(error.to_string().contains("there are clerk, nobody named"), "{error}");
    }
}
