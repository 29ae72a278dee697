//! The technical writer: the page that each phase makes possible. One file a phase.

mod deployment;
mod design;
mod implementation;
mod requirements;
mod testing;

use super::Author;
use crate::{
    escape::{code, md},
    inputs::{Inputs, Need},
    phrases,
    work::{Refusal, Work},
};
use maestro_artifacts::{Documents, Requirements, Understanding, requirements::Requirement};
use maestro_domain::{ArtifactKind as Kind, Phase, StatementId};
use std::collections::BTreeMap;

pub(crate) struct TechnicalWriter;

impl Author for TechnicalWriter {
    fn needs(&self, phase: Phase) -> Vec<Need> {
        let kinds: &[Kind] = match phase {
            Phase::Requirements => &[Kind::Requirements],
            Phase::Design => &[Kind::Requirements, Kind::Design],
            Phase::Implementation => {
                &[Kind::Requirements, Kind::Design, Kind::Screens, Kind::Frontend, Kind::Operations]
            }
            Phase::Testing => &[Kind::Requirements, Kind::Operations, Kind::Tests, Kind::Security],
            Phase::Deployment => &[Kind::Requirements, Kind::Design, Kind::Operations, Kind::Release],
        };
        kinds.iter().copied().map(Need::Artifact).collect()
    }

    fn write(&self, inputs: &Inputs) -> Result<Work, Refusal> {
        let requirements = inputs.requirements()?;
        let files = match inputs.phase() {
            Phase::Requirements => one("docs/requirements.md", requirements::page(&requirements)),
            Phase::Design => one("docs/api.md", design::page(&requirements, &inputs.design()?)),
            Phase::Implementation => one("docs/guide.md", implementation::page(&requirements, inputs)?),
            Phase::Testing => one("docs/testing.md", testing::page(&requirements, inputs)?),
            Phase::Deployment => deployment::pages(&requirements, inputs)?,
        };
        let explains = explained(&requirements, &files);
        let document = Documents { phase: inputs.phase(), pages: files.keys().cloned().collect(), explains };
        Work::new(files, &document)
    }
}

fn one(path: &str, page: String) -> BTreeMap<String, String> {
    BTreeMap::from([(path.to_owned(), page)])
}

/// The statements whose ids stand on the pages.
fn explained(requirements: &Requirements, pages: &BTreeMap<String, String>) -> Vec<StatementId> {
    let on_a_page = |id: &StatementId| pages.values().any(|page| names(page, id.as_str()));
    requirements.items.iter().map(|item| &item.id).filter(|id| on_a_page(id)).cloned().collect()
}

/// Whether a text names an id as a whole: `AC-1.1` is not named by `AC-1.12`.
fn names(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let mut after = text.get(at + id.len()..).unwrap_or_default().chars();
        let (next, beyond) = (after.next(), after.next());
        let longer = next.is_some_and(|c| c.is_ascii_alphanumeric())
            || (next == Some('.') && beyond.is_some_and(|c| c.is_ascii_digit()));
        !before.is_some_and(|c| c.is_ascii_alphanumeric()) && !longer
    })
}

/// The number of the story that a criterion stands below: `AC-2.1` stands below `US-2`.
fn story_of(criterion: &StatementId) -> Option<&str> {
    criterion.as_str().strip_prefix("AC-")?.split('.').next()
}

/// The criteria below a story.
fn criteria<'a>(requirements: &'a Requirements, story: &'a Requirement) -> impl Iterator<Item = &'a Requirement> {
    let number = story.id.as_str().strip_prefix("US-");
    requirements.items.iter().filter(move |item| number.is_some() && story_of(&item.id) == number)
}

/// A statement with its id, quoted.
fn quoted(item: &Requirement) -> String {
    format!("**{}**: {}", item.id, md(&item.text))
}

/// What is not there yet, for the pages that people read first. Empty where all was understood.
fn open_points(requirements: &Requirements) -> Vec<String> {
    requirements
        .items
        .iter()
        .filter_map(|item| match &item.understanding {
            // What a story asks for is told by its criteria, where it has some.
            Understanding::Unknown { quote, .. } if criteria(requirements, item).next().is_some() => Some(format!(
                "**{}** is built as far as its criteria say; \"{}\" by itself was not understood",
                item.id,
                md(quote)
            )),
            Understanding::Unknown { quote, why } => {
                Some(format!("**{}** is not built: \"{}\" was not understood ({})", item.id, md(quote), md(why)))
            }
            Understanding::Deferred { words } => {
                Some(format!("**{}** is put off by the epic's own words: \"{}\"", item.id, md(words)))
            }
            Understanding::Rules { .. } | Understanding::Criteria => None,
        })
        .collect()
}

/// The names of all roles, or nothing.
fn roles(requirements: &Requirements) -> String {
    requirements.concepts.roles.iter().map(|role| md(role)).collect::<Vec<_>>().join(", ")
}

/// The rules of an item, one line each.
fn rule_lines<'a>(requirements: &'a Requirements, ids: &'a [String]) -> impl Iterator<Item = String> + 'a {
    ids.iter().map(|id| {
        requirements.concepts.rules.iter().find(|rule| rule.id == *id).map_or_else(|| code(id), phrases::rule_line)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_named_as_a_whole() {
        assert!(names("see AC-1.1.", "AC-1.1"));
        assert!(!names("AC-1.12", "AC-1.1"));
        assert!(!names("AC-1.1.2", "AC-1.1"));
    }

    #[test]
    fn criteria_stand_below_their_story() {
        let id = |text: &str| StatementId::new(text).unwrap();
        assert_eq!(story_of(&id("AC-12.3")), Some("12"));
        assert_eq!(story_of(&id("BR-1")), None);
    }
}
