//! Tickets as trackers export them: a heading that is a key alone, with "Summary: ..." and "Description: ..." below it. The
//! summary is what the section is called, the description is read like any other text.

use crate::block::Block;
use crate::walk::lead::is_label;
use crate::{label, narrative, signal};

/// The blocks with such tickets made plain.
pub(crate) fn plain(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        let Block::Para { text, line } = block else {
            out.push(block);
            continue;
        };
        // The epic's own ticket: what it says of itself, and its description.
        let own = matches!(out.last(), Some(Block::Heading { level: 1, .. }));
        if own
            && text.split('\n').next().is_some_and(narrative::of_ticket)
            && text.split('\n').any(|line| described(line) != line)
        {
            let told = parts(&text, line).into_iter();
            out.extend(told.map(|(line, part)| Block::Para { text: described(&part).to_owned(), line }));
            continue;
        }
        let below = match out.last_mut() {
            Some(Block::Heading { text, level, .. }) if *level > 1 => Some(text),
            _ => None,
        };
        match below.filter(|heading| label::is_key(heading.trim()) || narrative::summary(&text).is_some()) {
            Some(heading) => {
                let parts = parts(&text, line);
                if let Some(summary) = parts.iter().find_map(|(_, part)| narrative::summary(part)) {
                    *heading = if label::is_key(heading.trim()) {
                        format!("{} {summary}", heading.trim())
                    } else {
                        summary.to_owned()
                    };
                }
                let told = parts.iter().filter(|(_, part)| narrative::summary(part).is_none());
                out.extend(told.map(|(line, part)| Block::Para { text: described(part).to_owned(), line: *line }));
            }
            None => out.push(Block::Para { text, line }),
        }
    }
    out
}

/// The lines of such a paragraph, each with those that go on from it.
fn parts(text: &str, line: u32) -> Vec<(u32, String)> {
    let mut out: Vec<(u32, String)> = Vec::new();
    for (line, text) in (line..).zip(text.split('\n')) {
        let begins =
            narrative::of_ticket(text) || described(text) != text || is_label(text) && text.trim_end().ends_with(':');
        let labelled = out.last().is_some_and(|(_, last)| is_label(last) || narrative::of_ticket(last));
        match out.last_mut() {
            Some((_, last)) if !begins && !labelled => {
                last.push('\n');
                last.push_str(text);
            }
            _ => out.push((line, text.to_owned())),
        }
    }
    out
}

/// "Description: As a clerk I want ...": what stands behind the label.
fn described(text: &str) -> &str {
    let Some((key, told)) = text.split_once(':') else { return text };
    let key = signal::plain(key);
    let says = matches!(key.trim_matches([' ', '*']), "description" | "story" | "user story");
    if says && !told.trim().is_empty() { told.trim_start_matches([' ', '*']).trim() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(heading: &str, text: &str) -> Vec<String> {
        let heading = Block::Heading { level: 2, text: heading.to_owned(), line: 1 };
        let para = Block::Para { text: text.to_owned(), line: 2 };
        let said = |block: &Block| match block {
            Block::Heading { text, line, .. } | Block::Para { text, line } => format!("{line} {text}"),
            _ => String::new(),
        };
        plain(vec![heading, para]).iter().map(said).collect()
    }

    #[test]
    fn a_key_alone_is_called_by_its_summary() {
        assert_eq!(
            blocks(
                "LIB-7",
                "Summary: Lend books\nPriority: High\nDescription: As a clerk I want to lend\nbooks.\nAcceptance criteria:"
            ),
            ["1 LIB-7 Lend books", "3 Priority: High", "4 As a clerk I want to lend\nbooks.", "6 Acceptance criteria:"]
        );
    }

    #[test]
    fn other_text_stays_as_it_is() {
        assert_eq!(
            blocks("Books", "Description: what is in it\nTitle: text"),
            ["1 Books", "2 Description: what is in it\nTitle: text"]
        );
        assert_eq!(
            blocks("LIB-7 Books", "As a clerk I want to lend."),
            ["1 LIB-7 Books", "2 As a clerk I want to lend."]
        );
    }
}
