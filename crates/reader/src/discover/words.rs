//! The words of a sentence as this room compares them: numbers as digits, one word for what is forbidden.

use crate::normal;
pub(super) use crate::token::starts;
use crate::token::{Token, tokens, written};

/// The tokens of a text: `cannot be` and `must not be` are `not`, `can` is `may`, `lies in` is `in`.
pub(super) fn prepared(text: &str) -> Vec<Token> {
    let mut out: Vec<Token> = Vec::new();
    for mut token in tokens(text) {
        if token.quoted {
            out.push(token);
            continue;
        }
        if let Some(digits) = normal::digits(&token.word) {
            digits.clone_into(&mut token.word);
        }
        let before = out.last().map_or("", |last| last.word.as_str());
        match token.word.as_str() {
            "not" if matches!(before, "may" | "must" | "shall" | "should" | "do" | "does" | "is" | "are" | "will") => {
                out.pop();
                out.push(token);
            }
            "cannot" | "can't" | "mustn't" | "never" | "isn't" | "aren't" | "doesn't" | "don't" => {
                if matches!(before, "may" | "must" | "shall" | "should" | "is" | "are") {
                    out.pop();
                }
                "not".clone_into(&mut token.word);
                out.push(token);
            }
            "can" => {
                "may".clone_into(&mut token.word);
                out.push(token);
            }
            "be" if before == "not" => {}
            "lie" | "lies" | "fall" | "falls" => {}
            _ => out.push(token),
        }
    }
    out
}

/// Whether something ends in front of `at`: a mark, a joint, or the text.
pub(super) fn bounds(words: &[Token], at: usize) -> bool {
    words.get(at).is_none_or(|token| {
        !token.quoted && matches!(token.word.as_str(), "," | ";" | ":" | "(" | ")" | "–" | "and" | "but")
    })
}

/// A number, thousands apart by commas too.
pub(super) fn is_number(token: &Token) -> bool {
    !token.quoted
        && token.word.starts_with(|c: char| c.is_ascii_digit())
        && token.word.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
}

/// The words in lower case.
pub(super) fn joined(words: &[Token]) -> String {
    words.iter().map(|token| token.word.as_str()).collect::<Vec<_>>().join(" ")
}

/// The words as they are written.
pub(super) fn raw(words: &[Token]) -> String {
    let text = written(words, |token| token.raw.clone());
    text.replace(" 's", "'s").replace(" ’s", "’s")
}
