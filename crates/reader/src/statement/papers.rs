//! "Enter permit applications" above "The application is entered": the paper and the record are one.

use crate::engine::Engine;
use crate::lexicon::{Lexicon, Named, name_words};
use crate::normal;
use crate::token::tokens;
use maestro_domain::{Epic, Statement};

/// What people call the paper that a record is entered from.
const PAPERS: &[&str] = &["application", "request", "form", "slip"];

/// The statement with the record in place of the paper; `None` where it names none, or where one may be of several kinds of
/// records.
pub(super) fn plain(epic: &Epic, statement: &Statement, lexicon: &Lexicon) -> Option<Statement> {
    if !statement.items.is_empty() || !statement.table.is_empty() {
        return None;
    }
    let words = tokens(&statement.text);
    let paper = words.iter().find_map(|word| PAPERS.iter().find(|paper| **paper == word.lemma && !word.quoted))?;
    // Verbs: "clerks record visits", "to request a loan".
    let article = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        before.is_some_and(|before| matches!(before.word.as_str(), "a" | "an" | "the" | "each" | "every"))
    };
    let noun = words
        .iter()
        .enumerate()
        .all(|(at, word)| word.lemma != *paper || word.word != word.lemma || word.article.is_some() || article(at));
    (noun && free(lexicon, paper)).then_some(())?;
    let named = of(epic, statement, lexicon, paper)?;
    let mut text = statement.text.clone();
    for word in words.iter().rev().filter(|word| word.lemma == *paper) {
        let name = if word.word == word.lemma { &named.name } else { &named.plural };
        let before = text.get(..word.start)?;
        let own = format!("{} ", named.name);
        let led = word
            .start
            .checked_sub(own.len())
            .filter(|start| before.get(*start..).is_some_and(|lead| lead.eq_ignore_ascii_case(&own)));
        let start = led.unwrap_or(word.start);
        text.replace_range(start..word.end, name);
    }
    Some(Statement { text, ..statement.clone() })
}

/// Whether nothing else is called so.
fn free(lexicon: &Lexicon, paper: &str) -> bool {
    let words = name_words(paper);
    lexicon.find(paper).is_none()
        && !lexicon.entities.iter().any(|named| {
            named.words.contains(&paper.to_owned()) || named.fields.iter().any(|field| field.words == words)
        })
}

/// The one kind of record of which a heading names such a paper, where what stands below no other heading speaks of another.
fn of<'l>(epic: &Epic, statement: &Statement, lexicon: &'l Lexicon, paper: &str) -> Option<&'l Named> {
    let engine = Engine { lexicon, topics: Vec::new() };
    let mut found: Vec<String> = Vec::new();
    let headings = epic.statements.iter().flat_map(|statement| &statement.section);
    for heading in headings {
        let words = normal::normalise(heading, lexicon);
        let Some(last) = words.last().filter(|last| last.lemma == paper) else { continue };
        let scope = engine.scope(&words);
        let end = words.len().checked_sub(1)?;
        let name = (0..end).find_map(|at| scope.entity_at(&words, at).into_iter().find(|(stop, _)| *stop == end));
        match name {
            Some((_, key)) if !found.contains(&key) => found.push(key),
            Some(_) => {}
            // "Enter loan requests" may be anything that is called so.
            None if last.word != last.lemma && end > 1 => return None,
            None => {}
        }
    }
    let [key] = found.as_slice() else { return None };
    // Below "Bookings", a form is none of a member.
    let other = statement.section.iter().any(|heading| {
        let words = normal::normalise(heading, lexicon);
        let named = engine.scope(&words).mentioned(&words);
        !named.is_empty() && !named.contains(key)
    });
    lexicon.entity(key).filter(|_| !other)
}
