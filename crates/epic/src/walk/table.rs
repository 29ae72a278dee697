//! Tables and fenced code.

use super::Walker;
use super::lead::{is_bare_fields, list_items};
use crate::signal::{self, Purpose};
use crate::{field_list, label, sentence, steps};
use maestro_domain::StatementKind;

impl Walker {
    pub(super) fn table(&mut self, rows: &[Vec<String>], lead: Option<&str>, line: u32) {
        self.settle_pending();
        if let Some((title, rows)) = field_list::headed(rows) {
            return self.table(rows, Some(title), line.saturating_add(2));
        }
        let Some((header, data)) = rows.split_first() else { return };
        let lead = lead.map(|lead| lead.trim().trim_end_matches([':', ' ']).to_owned());
        if let Some((owner, fields)) = field_list::record_rows(header) {
            return self.record_rows(data, owner, fields, line);
        }
        let people = self.purpose() == Purpose::Roles;
        let fields = field_list::table(rows) && !people;
        let told = field_list::arrows(rows)
            || field_list::marked_rights(rows)
            || field_list::locks(rows)
            || field_list::lists(header);
        if fields || told || field_list::transitions(header) || (field_list::rights(header) && !people) {
            let text = lead.filter(|lead| !is_bare_fields(lead)).unwrap_or_else(|| self.heading_text());
            return self.push_with(text, line, rows, &[]);
        }
        if let Some(lead) = lead {
            self.sentence_lead(&lead, line, signal::purpose(&lead), false);
        }
        for (index, row) in data.iter().enumerate() {
            let at = line.saturating_add(u32::try_from(index + 2).unwrap_or(0));
            // Who takes part, with a word about each.
            let person = if people { row.iter().find(|cell| !cell.is_empty()).cloned() } else { None };
            if let Some(name) = person {
                let rest: Vec<&str> =
                    row.iter().map(String::as_str).filter(|cell| !cell.is_empty() && *cell != name).collect();
                let text = if rest.is_empty() { name } else { format!("{name}: {}", rest.join(" ")) };
                self.sentence(&text, at, true);
            } else {
                self.row(header, row, at);
            }
        }
        self.label = None;
    }

    /// A row of a table that is neither of fields nor of states or rights: what it says in sentences, under what stands in
    /// front of them. A row that may say something else is quoted whole.
    fn row(&mut self, header: &[String], row: &[String], line: u32) {
        match row_text(header, row) {
            None => {}
            Some(Told::Story(text)) => self.story(text, line),
            Some(Told::Steps(text)) => self.sentence(&text, line, true),
            Some(Told::Sentences { topic, texts }) => {
                let outer = self.label.clone();
                if let Some(topic) = topic {
                    self.label = Some((topic, self.purpose()));
                }
                for sentence in texts.iter().flat_map(|text| sentence::split(text)) {
                    self.sentence(&sentence, line, true);
                }
                self.label = outer;
            }
            Some(Told::Unclear) => {
                let text = format!("| {} |", row.join(" | "));
                let deferred = self.deferral(&text);
                self.push(StatementKind::Rule, text, line, deferred);
            }
        }
    }

    /// `Entity | Fields`: each row is one list of fields.
    fn record_rows(&mut self, data: &[Vec<String>], owner: usize, fields: usize, line: u32) {
        for (index, row) in data.iter().enumerate() {
            let at = line.saturating_add(u32::try_from(index + 2).unwrap_or(0));
            let (Some(owner), Some(fields)) = (row.get(owner), row.get(fields)) else { continue };
            if !owner.is_empty() && !fields.is_empty() {
                self.push_with(owner.clone(), at, &[], &list_items(fields));
            }
        }
    }

    pub(super) fn code(&mut self, lang: &str, text: &str, line: u32) {
        self.settle_pending();
        let lines: Vec<&str> = text.lines().collect();
        let stepped = lines.iter().filter(|line| steps::step(line.trim()).is_some()).count() >= 2;
        if lang.starts_with("gherkin") || lang.starts_with("feature") || lang.starts_with("cucumber") || stepped {
            return self.steps(&lines, line + 1);
        }
        let plain = lang.is_empty() || lang.starts_with("text") || lang.starts_with("markdown");
        if plain || lang.starts_with("mermaid") {
            for (index, code) in lines.iter().enumerate() {
                let at = line.saturating_add(u32::try_from(index + 1).unwrap_or(0));
                let code = code.trim();
                if plain || code.contains("->") {
                    for sentence in sentence::split(code) {
                        self.sentence(&sentence, at, false);
                    }
                }
            }
        } else if text.chars().any(char::is_alphanumeric) {
            self.push(StatementKind::Narrative, text.split_whitespace().collect::<Vec<_>>().join(" "), line, None);
        }
    }
}

/// What a row of a table says.
enum Told {
    Story(String),
    /// Given, when and then, each in a cell.
    Steps(String),
    Sentences {
        topic: Option<String>,
        texts: Vec<String>,
    },
    /// Cells that mean something only together, by a header that is not known.
    Unclear,
}

/// Headers of columns that say of a statement where it stands and who cares for it, and nothing of the software.
const FILED: &[&str] = &[
    "id",
    "no",
    "nr",
    "number",
    "key",
    "ref",
    "reference",
    "priority",
    "prio",
    "moscow",
    "source",
    "points",
    "estimate",
    "sprint",
    "release",
    "version",
    "owner",
    "author",
    "status",
    "story",
    "epic",
    "ticket",
    "date",
    "since",
];

/// Headers of columns that explain.
const EXPLAINING: &[&str] = &[
    "meaning",
    "description",
    "explanation",
    "definition",
    "note",
    "notes",
    "comment",
    "comments",
    "remark",
    "remarks",
    "example",
    "examples",
    "details",
    "purpose",
    "responsibility",
    "responsibilities",
    "reason",
    "rationale",
];

/// Words that a cell needs to be a sentence.
const SENTENCE: usize = 4;

/// A table row that states a rule, story or criterion: its longest cell that is a sentence, and the others that are.
fn row_text(header: &[String], row: &[String]) -> Option<Told> {
    let lower: Vec<String> = header.iter().map(|cell| signal::plain(cell)).collect();
    let of = |cell: &str, names: &[&str]| names.iter().any(|name| signal::has(cell, name));
    let column = |names: &[&str]| lower.iter().position(|cell| of(cell, names)).and_then(|at| row.get(at));
    let (given, when, then) = (column(&["given"]), column(&["when"]), column(&["then"]));
    if let (Some(when), Some(then)) = (when, then) {
        let given = given.filter(|text| !text.is_empty()).map(|text| format!("Given {text} ")).unwrap_or_default();
        return Some(Told::Steps(format!("{given}When {when} Then {then}")));
    }
    if let (Some(role), Some(want)) = (column(&["as a", "as an", "role"]), column(&["i want", "want", "wants"])) {
        let why = column(&["so that", "benefit", "why"]).filter(|text| !text.is_empty());
        let why = why.map(|why| format!(" so that {why}")).unwrap_or_default();
        let want = want.strip_prefix("to ").unwrap_or(want);
        return Some(Told::Story(format!("As a {role} I want to {want}{why}")));
    }
    let cells: Vec<(usize, &str)> = row
        .iter()
        .map(|cell| label::strip(cell).0.trim())
        .enumerate()
        .filter(|(_, cell)| cell.chars().any(char::is_alphanumeric))
        .collect();
    let words = |cell: &str| cell.split_whitespace().count();
    let heads = |at: usize, names: &[&str]| lower.get(at).is_some_and(|cell| of(cell, names));
    let ruled = ["rule", "criterion", "requirement", "description", "statement", "story"];
    let longest = cells.iter().copied().max_by_key(|(_, cell)| words(cell))?;
    let named = cells.iter().copied().find(|(at, cell)| heads(*at, &ruled) && words(cell) > 2);
    let (main, text) = named.unwrap_or(longest);
    if signal::story(text) {
        return Some(Told::Story(text.to_owned()));
    }
    let explained = cells.iter().any(|(at, _)| heads(*at, EXPLAINING));
    if named.is_none() && words(text) < SENTENCE && !explained && cells.len() > 1 {
        return Some(Told::Unclear);
    }
    let (mut topic, mut texts) = (None, vec![text.to_owned()]);
    for (at, cell) in cells.iter().copied().filter(|(at, _)| *at != main) {
        let filed = heads(at, FILED) || lower.get(at).is_none_or(|cell| !cell.chars().any(char::is_alphabetic));
        match words(cell) {
            _ if filed => {}
            SENTENCE.. => texts.push(cell.to_owned()),
            _ if at < main => topic = topic.or_else(|| Some(cell.to_owned())),
            _ if heads(at, EXPLAINING) => {}
            _ => return Some(Told::Unclear),
        }
    }
    Some(Told::Sentences { topic, texts })
}
