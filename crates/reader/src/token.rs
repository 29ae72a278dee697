//! Text to tokens: words, numbers, quoted strings and marks, each with its place in the text.

use crate::memo::Memo;
use crate::scope::FieldRef;
use crate::words;

/// A token of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Token {
    /// Normalised form that patterns compare with.
    pub(crate) word: String,
    /// Singular without hyphens, for comparing names.
    pub(crate) lemma: String,
    /// As written.
    pub(crate) raw: String,
    /// Byte range in the text.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// Stood in quotation marks.
    pub(crate) quoted: bool,
    /// The determiner that stood before it and was dropped.
    pub(crate) article: Option<&'static str>,
    /// A mention that the caller resolved already.
    pub(crate) field: Option<FieldRef>,
}

impl Token {
    pub(crate) fn new(raw: &str, start: usize, end: usize) -> Self {
        let word = raw.to_lowercase().replace(['’', '‘'], "'");
        let lemma = lemma(&word);
        Self { word, lemma, raw: raw.to_owned(), start, end, quoted: false, article: None, field: None }
    }

    /// A token that patterns see under another word.
    pub(crate) fn renamed(&self, word: &str) -> Self {
        Self { word: word.to_owned(), lemma: word.to_owned(), ..self.clone() }
    }

    /// A token that stands for a field.
    pub(crate) fn mention(field: FieldRef) -> Self {
        Self { field: Some(field), ..Self::new("@field", 0, 0) }
    }

    pub(crate) fn is(&self, word: &str) -> bool {
        !self.quoted && (self.word == word || self.lemma == word)
    }

    /// Whether a word stands in the text that this token stands for: "can become" is `may`, "has been" is `have be`.
    pub(crate) fn wrote(&self, word: &str) -> bool {
        self.raw.split(' ').any(|part| part.eq_ignore_ascii_case(word))
    }

    pub(crate) fn is_number(&self) -> bool {
        self.word.starts_with(|c: char| c.is_ascii_digit()) && self.word.chars().all(|c| c.is_ascii_digit() || c == '.')
    }
}

/// Singular without hyphens.
pub(crate) fn lemma(word: &str) -> String {
    thread_local!(static LEMMAS: Memo<String> = Memo::new());
    LEMMAS.with(|known| known.get(word, || work_out_lemma(word)))
}

fn work_out_lemma(word: &str) -> String {
    let plain = word.replace('-', "");
    let one = if word.contains('-') { words::singular(&plain) } else { words::singular(word) };
    one.trim_end_matches('\'').to_owned()
}

/// The words of a list, each with the article in front of it where that is part of what a value is called: "in the garage"
/// is, "the draft" is a draft.
pub(crate) fn with_articles(words: &[Token]) -> Vec<Token> {
    let mut out = words.to_vec();
    for at in 1..out.len() {
        const MARKS: &[&str] = &[",", ";", "/", "|", "or", "and", "to", "(", ":"];
        let parted = out.get(at - 1).is_some_and(|before| MARKS.contains(&before.word.as_str()));
        if let Some(token) = out.get_mut(at).filter(|token| !parted && !token.quoted)
            && let Some(article @ ("the" | "a" | "an")) = token.article
        {
            token.raw = format!("{article} {}", token.raw);
        }
    }
    out
}

/// The tokens as they were written, quoted ones as `quote` puts them: `0/4`, `A+` and `0-` stay one word.
pub(crate) fn written(words: &[Token], quote: impl Fn(&Token) -> String) -> String {
    let mut text = String::new();
    let mut end = None;
    for token in words {
        let near = end == Some(token.start) && !token.quoted;
        let against = near && (matches!(token.raw.as_str(), "-" | "+" | "/") || text.ends_with('/'));
        if !(text.is_empty() || against) {
            text.push(' ');
        }
        text.push_str(&if token.quoted { quote(token) } else { token.raw.clone() });
        end = Some(token.end);
    }
    text
}

/// How many tokens from `at` say this phrase.
pub(crate) fn starts(words: &[Token], at: usize, phrase: &str) -> Option<usize> {
    let mut length = 0;
    for part in phrase.split(' ') {
        words.get(at + length).filter(|token| !token.quoted && token.word == part)?;
        length += 1;
    }
    Some(length)
}

/// Splits a text into tokens. A full stop at the end is dropped.
pub(crate) fn tokens(text: &str) -> Vec<Token> {
    let chars: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| chars.get(i).map(|(_, c)| *c);
    let offset = |i: usize| chars.get(i).map_or(text.len(), |(o, _)| *o);
    let mut out: Vec<Token> = Vec::new();
    let mut i = 0;
    while let Some(c) = at(i) {
        let begin = i;
        if let Some(close) = closing(c)
            && (c != '\'' && c != '‘' || begin == 0 || at(begin - 1).is_some_and(|b| !b.is_alphanumeric()))
            && let Some(length) = chars.iter().skip(i + 1).take(80).position(|(_, d)| *d == close)
            && length > 0
            && (close != '\'' && close != '’' || !at(i + length + 2).is_some_and(char::is_alphanumeric))
        {
            i += length + 2;
            let inner = text.get(offset(begin + 1)..offset(i - 1)).unwrap_or_default().trim();
            let mut token = Token::new(inner, offset(begin), offset(i));
            token.quoted = true;
            out.push(token);
            continue;
        }
        if c.is_alphanumeric() || c == '_' {
            i = word_end(&chars, i);
        } else if c.is_whitespace() {
            i += 1;
            continue;
        } else if matches!(c, '-' | '=' | '<' | '>' | '–' | '—' | '.' | '!') {
            while at(i).is_some_and(|d| matches!(d, '-' | '=' | '<' | '>' | '–' | '—' | '.' | '!')) {
                i += 1;
            }
        } else if c == '\'' || c == '’' {
            // The possessive: `'s`, or the bare mark behind a plural.
            i += 1;
            if at(i).is_some_and(|d| d == 's' || d == 'S') && !at(i + 1).is_some_and(char::is_alphanumeric) {
                i += 1;
            }
        } else {
            i += 1;
        }
        let raw = text.get(offset(begin)..offset(i)).unwrap_or_default();
        let (start, end) = (offset(begin), offset(i));
        match raw {
            "." | ".." | "..." | "!" => {}
            "'" | "’" if out.last().is_none_or(|last| !last.word.ends_with('s')) => {}
            _ => push(&mut out, raw, start, end),
        }
    }
    out
}

fn push(out: &mut Vec<Token>, raw: &str, start: usize, end: usize) {
    let mut token = Token::new(raw, start, end);
    let word = match token.word.as_str() {
        "->" | "-->" | "=>" | "→" | "➔" | "➜" | "⇒" | "--->" | "->>" => "->",
        "<->" | "<-->" | "↔" => "<->",
        "–" | "—" | "-" | "--" | "−" => "–",
        "×" | "·" | "*" => "*",
        "÷" => "÷",
        "≥" | ">=" | "=>=" => ">=",
        "≤" | "<=" | "=<" => "<=",
        "≠" | "!=" | "<>" => "!=",
        "==" => "=",
        "'" | "’" | "'s" | "’s" => "'s",
        _ => "",
    };
    if !word.is_empty() {
        word.clone_into(&mut token.word);
        word.clone_into(&mut token.lemma);
    }
    out.push(token);
}

fn closing(open: char) -> Option<char> {
    match open {
        '"' => Some('"'),
        '“' | '„' => Some('”'),
        '«' => Some('»'),
        '`' => Some('`'),
        '‘' => Some('’'),
        '\'' => Some('\''),
        _ => None,
    }
}

/// Where the word or number that begins at `i` ends.
fn word_end(chars: &[(usize, char)], mut i: usize) -> usize {
    let at = |i: usize| chars.get(i).map(|(_, c)| *c);
    let begin = i;
    let numeric = at(i).is_some_and(|c| c.is_ascii_digit());
    if numeric {
        while let Some(c) = at(i) {
            let digit_next = at(i + 1).is_some_and(|d| d.is_ascii_digit());
            let thousands = c == ','
                && digit_next
                && (1..=3).all(|k| at(i + k).is_some_and(|d| d.is_ascii_digit()))
                && !at(i + 4).is_some_and(|d| d.is_ascii_digit());
            // `1.5`, `2024-01-31`, `10:30` and `1,000` are one token; `1-5` and `1..5` are three.
            let date = c == '-'
                && digit_next
                && i >= begin + 4
                && chars.get(begin..begin + 4).is_some_and(|y| y.iter().all(|(_, d)| d.is_ascii_digit()));
            if c.is_ascii_digit()
                || ((c == '.' || c == ':') && digit_next && at(i.saturating_sub(1)).is_some_and(|d| d.is_ascii_digit()))
                || thousands
                || date
            {
                i += 1;
            } else {
                break;
            }
        }
        return i;
    }
    while let Some(c) = at(i) {
        let letter_next = at(i + 1).is_some_and(char::is_alphanumeric);
        if c.is_alphanumeric() || c == '_' || (c == '-' && letter_next) {
            i += 1;
        } else if matches!(c, '\'' | '’') && letter_next && at(i + 1) != Some('s') {
            i += 1; // can't, don't, o'clock
        } else {
            break;
        }
    }
    i
}

#[cfg(test)]
mod tests {
    use super::tokens;

    fn words(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.word).collect()
    }

    #[test]
    fn words_numbers_and_marks() {
        assert_eq!(
            words("The tool's e-mail: 1,000.50 kg, 1-5."),
            ["the", "tool", "'s", "e-mail", ":", "1,000.50", "kg", ",", "1", "–", "5"]
        );
        assert_eq!(words("draft → sent -> \"in repair\""), ["draft", "->", "sent", "->", "in repair"]);
        assert_eq!(words("can't be 2024-01-31 or 10:30"), ["can't", "be", "2024-01-31", "or", "10:30"]);
        assert_eq!(words("80cm ≥ 5€"), ["80", "cm", ">=", "5", "€"]);
    }
}
