//! Numbers the statements: by kind, in order; criteria below their story.

use maestro_domain::{Statement, StatementId, StatementKind};

/// A statement without its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    pub(crate) kind: StatementKind,
    pub(crate) text: String,
    pub(crate) line: u32,
    pub(crate) section: Vec<String>,
    /// What the scenario and the rule are called.
    pub(crate) titles: Vec<String>,
    /// Index of the story among the drafts.
    pub(crate) story: Option<usize>,
    pub(crate) table: Vec<Vec<String>>,
    pub(crate) items: Vec<String>,
    pub(crate) deferred: Option<String>,
}

/// Ids have room for this many of one kind; an epic of at most 1 MiB cannot sensibly hold more.
const MOST: u32 = 99_999;

/// Gives every draft its id.
pub(crate) fn number(drafts: Vec<Draft>) -> Vec<Statement> {
    let mut counts: std::collections::BTreeMap<&'static str, u32> = std::collections::BTreeMap::new();
    let mut criteria: std::collections::BTreeMap<u32, u32> = std::collections::BTreeMap::new();
    let mut stories: std::collections::BTreeMap<usize, (u32, StatementId)> = std::collections::BTreeMap::new();
    let mut out = Vec::with_capacity(drafts.len());
    for (index, draft) in drafts.into_iter().enumerate() {
        let below = draft.story.and_then(|story| stories.get(&story));
        let text = if draft.kind == StatementKind::Criterion {
            let story = below.map_or(0, |(number, _)| *number);
            let count = criteria.entry(story).or_default();
            *count += 1;
            format!("AC-{story}.{}", (*count).min(MOST))
        } else {
            let count = counts.entry(draft.kind.prefix()).or_default();
            *count += 1;
            format!("{}-{}", draft.kind.prefix(), (*count).min(MOST))
        };
        let Ok(id) = StatementId::new(text) else { continue };
        let story = below.map(|(_, id)| id.clone());
        if draft.kind == StatementKind::Story {
            let number = counts.get("US").copied().unwrap_or_default();
            stories.insert(index, (number, id.clone()));
        }
        out.push(Statement {
            id,
            kind: draft.kind,
            text: draft.text,
            line: draft.line,
            section: draft.section,
            titles: draft.titles,
            story: if draft.kind == StatementKind::Criterion { story } else { None },
            table: draft.table,
            items: draft.items,
            deferred: draft.deferred,
        });
    }
    out
}
