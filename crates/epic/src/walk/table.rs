//! Tables and fenced code.

use super::Walker;
use super::lead::{is_bare_fields, list_items};
use crate::signal::{self, Purpose};
use crate::{field_list, label, sentence, steps};
use maestro_domain::StatementKind;

impl Walker {
    pub(super) fn table(&mut self, rows: &[Vec<String>], lead: Option<&str>, line: u32) {
        self.settle_pending();
        let Some((header, data)) = rows.split_first() else { return };
        let lead = lead.map(|lead| lead.trim().trim_end_matches([':', ' ']).to_owned());
        if let Some((owner, fields)) = field_list::record_rows(header) {
            return self.record_rows(data, owner, fields, line);
        }
        let people = self.purpose() == Purpose::Roles;
        let fields = field_list::table(rows) && !people;
        let told = field_list::arrows(rows) || field_list::marked_rights(rows) || field_list::locks(rows);
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
            } else if let Some((text, is_story)) = row_text(header, row) {
                if is_story {
                    self.story(text, at);
                } else {
                    for sentence in sentence::split(&text) {
                        self.sentence(&sentence, at, true);
                    }
                }
            }
        }
        self.label = None;
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

/// A table row that states a rule, story or criterion: its longest cell that is a sentence; an id column is dropped.
fn row_text(header: &[String], row: &[String]) -> Option<(String, bool)> {
    let lower: Vec<String> = header.iter().map(|cell| signal::plain(cell)).collect();
    let column = |names: &[&str]| {
        lower.iter().position(|cell| names.iter().any(|name| signal::has(cell, name))).and_then(|at| row.get(at))
    };
    let (given, when, then) = (column(&["given"]), column(&["when"]), column(&["then"]));
    if let (Some(when), Some(then)) = (when, then) {
        let given = given.filter(|text| !text.is_empty()).map(|text| format!("Given {text} ")).unwrap_or_default();
        return Some((format!("{given}When {when} Then {then}"), false));
    }
    if let (Some(role), Some(want)) = (column(&["as a", "as an", "role"]), column(&["i want", "want", "wants"])) {
        let why = column(&["so that", "benefit", "why"]).filter(|text| !text.is_empty());
        let why = why.map(|why| format!(" so that {why}")).unwrap_or_default();
        let want = want.strip_prefix("to ").unwrap_or(want);
        return Some((format!("As a {role} I want to {want}{why}"), true));
    }
    let cells: Vec<&str> = row.iter().map(|cell| label::strip(cell).0.trim()).filter(|cell| !cell.is_empty()).collect();
    let text = cells.iter().copied().max_by_key(|cell| cell.split_whitespace().count())?;
    let named = column(&["rule", "criterion", "requirement", "description", "statement", "story"])
        .map(|cell| label::strip(cell).0.trim());
    let text = named.filter(|cell| cell.split_whitespace().count() > 2).unwrap_or(text);
    Some((text.to_owned(), signal::story(text)))
}
