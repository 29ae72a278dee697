//! "The field "street" must not be empty", "the deposit field is mandatory": a field that is called one.

use crate::lexicon::Lexicon;
use crate::token::{Token, tokens};

/// The sentence with such fields by their names alone; `None` where it has none.
pub(crate) fn plain(text: &str, lexicon: &Lexicon) -> Option<String> {
    let words = tokens(text);
    let known = |token: &Token| {
        let name = token.raw.as_str();
        lexicon.entities.iter().any(|entity| entity.find(name).is_some())
    };
    let field = |at: usize| words.get(at).is_some_and(|token| !token.quoted && token.word == "field");
    const VERBS: &[&str] = &[
        "is", "must", "may", "can", "cannot", "has", "should", "shall", "needs", "defaults", "contains", "of", "on",
        "in",
    ];
    let verb = |at: usize| words.get(at).is_some_and(|token| !token.quoted && VERBS.contains(&token.word.as_str()));
    for (at, token) in words.iter().enumerate() {
        // The field "street" must ..., the "street" field must ...
        let the = at < 2 || words.get(at - 2).is_some_and(|token| token.word == "the");
        let before = at > 0 && the && field(at - 1) && verb(at + 1);
        let behind = field(at + 1) && verb(at + 2);
        if token.quoted && known(token) && (before || behind) {
            let from = if before { words.get(at - 1)?.start } else { token.start };
            let to = if before { token.end } else { words.get(at + 1)?.end };
            return Some(format!("{}{}{}", text.get(..from)?, token.raw, text.get(to..)?));
        }
        // The deposit field must ...
        if !token.quoted && field(at + 1) && verb(at + 2) && at > 0 && named(&words, at, lexicon) {
            return Some(format!("{}{}", text.get(..token.end)?, text.get(words.get(at + 1)?.end..)?));
        }
    }
    None
}

/// Whether the name of a field ends at a word.
fn named(words: &[Token], at: usize, lexicon: &Lexicon) -> bool {
    (at.saturating_sub(2)..=at).any(|from| {
        let part = words.get(from..=at).unwrap_or_default();
        let name = part.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        lexicon.find(&name).is_none() && lexicon.entities.iter().any(|entity| entity.find(&name).is_some())
    })
}
