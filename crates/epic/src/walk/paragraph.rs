//! Paragraphs, with the list, table or code that they lead in.

use super::Walker;
use super::lead::{is_bare_fields, is_label, is_mere_title, is_title, table_title};
use super::sentence::is_story_part;
use crate::block::{Block, Item};
use crate::signal;
use crate::{field_list, label, narrative, sentence, steps};
use maestro_domain::StatementKind;

/// Whether a list tells fields, most of them with a type or a duty.
fn is_field_list(items: &[Item]) -> bool {
    let texts: Vec<String> = items.iter().map(|item| item.text.clone()).collect();
    let typed = texts.iter().filter(|text| field_list::typed(text)).count();
    field_list::is_one(&texts) && typed * 2 > texts.len()
}

/// Whether a title may be the name of a kind of record.
fn names_record(title: &str) -> bool {
    signal::purpose(title) == signal::Purpose::Other && !is_bare_fields(title) && !is_label(title)
}

/// Whether a line in front of a story is its title: some words that say nothing whole.
fn titles_story(line: &str) -> bool {
    let (bare, _) = label::strip(line);
    (1..=10).contains(&bare.split_whitespace().count())
        && !line.trim_end().ends_with(['.', '!', '?', ',', ';'])
        && !signal::strong(line)
        && !signal::story(bare)
}

impl Walker {
    /// A paragraph; answers whether the following block belonged to it and is done.
    pub(super) fn paragraph(&mut self, text: &str, line: u32, next: Option<&Block>) -> bool {
        let lines: Vec<&str> = text.split('\n').collect();
        // "**Description**" or "**Rules:**" in a line of its own heads the lines below it.
        if let [first, rest @ ..] = lines.as_slice()
            && !rest.is_empty()
            && steps::step(first).is_none()
            && (is_mere_title(first) || is_label(first) && !field_list::announces(first) && !is_bare_fields(first))
        {
            if !is_mere_title(first) {
                self.paragraph(first, line, None);
            }
            return self.paragraph(&rest.join("\n"), line + 1, next);
        }
        // "*SSP-13 Manage units*" over "As a manager I want ...": what the story is called.
        if let [first, rest @ ..] = lines.as_slice()
            && titles_story(first)
            && !signal::story(label::strip(&lines.join(" ")).0)
            && signal::story(label::strip(&rest.join(" ")).0)
        {
            self.settle_pending();
            self.label = None;
            self.push(StatementKind::Narrative, (*first).to_owned(), line, None);
            return self.paragraph(&rest.join("\n"), line + 1, next);
        }
        let list = matches!(next, Some(Block::List { .. }));
        let tracked = self.label.is_none() && !list && lines.iter().all(|line| narrative::of_tracker(line));
        if tracked || self.opens() && lines.iter().all(|line| narrative::of_ticket(line)) {
            if self.title.is_none() {
                self.title = lines.iter().find_map(|line| narrative::summary(line)).map(str::to_owned);
            }
            lines.iter().for_each(|of| self.push(StatementKind::Narrative, (*of).to_owned(), line, None));
            return false;
        }
        let joined = lines.join(" ");
        let step_lines = lines.iter().filter(|line| steps::step(line).is_some()).count();
        if step_lines >= 2
            && (signal::steps(label::strip(&joined).0) || steps::step(&joined).is_some())
            && !signal::story(&joined)
        {
            self.settle_pending();
            self.steps(&lines, line);
            return false;
        }
        let (stripped, _) = label::strip(&joined);
        if signal::story(stripped) {
            self.label = None;
            self.story_text(&lines, line);
            return false;
        }
        match next {
            Some(Block::List { items })
                if stripped.trim_end().ends_with(':') || is_label(stripped) || is_title(stripped) =>
            {
                self.settle_pending();
                let done = sentence::split(stripped);
                let lead = done.last().cloned().unwrap_or_default();
                for (at, earlier) in done.iter().enumerate() {
                    if at + 1 < done.len() {
                        self.sentence(earlier, line, false);
                    }
                }
                self.list(items, Some(&lead), line);
                true
            }
            // "Run – one plough on one route" over a list of fields: whose fields they are.
            Some(Block::List { items })
                if is_field_list(items) && table_title(stripped).is_some_and(|(title, _)| names_record(title)) =>
            {
                self.settle_pending();
                let title = table_title(stripped).map_or(stripped, |(title, _)| title);
                self.push(StatementKind::Narrative, stripped.to_owned(), line, None);
                self.list(items, Some(title), line);
                true
            }
            Some(Block::Table { rows, .. })
                if stripped.trim_end().ends_with(':') || field_list::announces(stripped) =>
            {
                self.settle_pending();
                self.table(rows, Some(stripped), line);
                true
            }
            // "**Bench**" or "Bench – where cubes harden" over a field table: whose fields they are.
            Some(Block::Table { rows, .. }) if field_list::table(rows) && table_title(stripped).is_some() => {
                self.settle_pending();
                let (title, said) = table_title(stripped).unwrap_or((stripped, ""));
                if !said.is_empty() {
                    self.push(StatementKind::Narrative, stripped.to_owned(), line, None);
                }
                self.table(rows, Some(title), line);
                true
            }
            Some(Block::Code { lang, text, line }) if stripped.trim_end().ends_with(':') => {
                self.settle_pending();
                self.code(lang, text, *line);
                true
            }
            _ => {
                self.settle_pending();
                if is_label(stripped) {
                    let name = stripped.trim_end_matches([':', ' ']).to_owned();
                    let purpose = signal::purpose(&name);
                    self.label = Some((name, purpose));
                    return false;
                }
                self.label = None;
                self.lines(&lines, line);
                false
            }
        }
    }

    /// Lines of a paragraph: a new statement where a line begins with an author's id, else running prose.
    fn lines(&mut self, lines: &[&str], line: u32) {
        let mut groups: Vec<(u32, String)> = Vec::new();
        // "Vacancy: draft -> open" over "Application: received -> hired": each line is about something of its own.
        let about = |line: &&str| {
            line.split_once(": ").is_some_and(|(about, rest)| {
                let plain = about.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
                plain && about.split_whitespace().count() <= 3 && !rest.trim().is_empty()
            })
        };
        let apart = lines.len() > 1 && lines.iter().all(about);
        for (index, text) in lines.iter().enumerate() {
            let numbered = label::strip(text).0.len() < text.trim().len();
            let at = line.saturating_add(u32::try_from(index).unwrap_or(0));
            match groups.last_mut() {
                Some((_, group)) if !numbered && !apart => {
                    group.push(' ');
                    group.push_str(text);
                }
                _ => groups.push((at, (*text).to_owned())),
            }
        }
        for (at, group) in groups {
            self.sentences(label::strip(&group).0, at, false);
        }
    }

    /// A story, with what stands behind it in the same paragraph.
    pub(super) fn story_text(&mut self, lines: &[&str], line: u32) {
        let joined = lines.join(" ");
        let sentences = sentence::split(label::strip(&joined).0);
        let mut story: Option<String> = None;
        let mut rest = Vec::new();
        for sentence in sentences {
            match &mut story {
                None => story = Some(sentence),
                Some(text) if is_story_part(&sentence) && rest.is_empty() => {
                    text.push(' ');
                    text.push_str(&sentence);
                }
                Some(_) => rest.push(sentence),
            }
        }
        if let Some(text) = story {
            self.story(text, line);
        }
        for sentence in rest {
            if signal::story(&sentence) {
                self.story(sentence, line);
            } else if sentence.trim_end().ends_with(':') && is_label(&sentence) {
                let name = sentence.trim_end_matches([':', ' ']).to_owned();
                let purpose = signal::purpose(&name);
                self.label = Some((name, purpose));
            } else {
                self.sentence(&sentence, line, false);
            }
        }
    }
}
