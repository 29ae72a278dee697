//! Text as it is read, whatever letters it is written with: one form for small and capital, marked and plain, wide and narrow
//! letters, and for letters that look like Latin ones.

use crate::invisible;
use unicode_normalization::UnicodeNormalization;

/// Letters of other scripts that look like Latin ones.
const ALIKE: &[(char, char)] = &[
    ('а', 'a'),
    ('в', 'b'),
    ('с', 'c'),
    ('ԁ', 'd'),
    ('е', 'e'),
    ('һ', 'h'),
    ('і', 'i'),
    ('ј', 'j'),
    ('к', 'k'),
    ('ӏ', 'l'),
    ('м', 'm'),
    ('н', 'h'),
    ('о', 'o'),
    ('р', 'p'),
    ('ԛ', 'q'),
    ('ѕ', 's'),
    ('т', 't'),
    ('у', 'y'),
    ('ѵ', 'v'),
    ('ԝ', 'w'),
    ('х', 'x'),
    ('ё', 'e'),
    ('ғ', 'f'),
    ('ɡ', 'g'),
    ('п', 'n'),
    ('г', 'r'),
    ('и', 'u'),
    ('α', 'a'),
    ('β', 'b'),
    ('ε', 'e'),
    ('η', 'n'),
    ('ι', 'i'),
    ('κ', 'k'),
    ('ν', 'v'),
    ('ο', 'o'),
    ('ρ', 'p'),
    ('σ', 'o'),
    ('τ', 't'),
    ('υ', 'u'),
    ('χ', 'x'),
    ('γ', 'y'),
    ('ω', 'w'),
    ('ı', 'i'),
    ('ł', 'l'),
    ('ø', 'o'),
    ('đ', 'd'),
    ('ħ', 'h'),
    ('ŧ', 't'),
    ('ɑ', 'a'),
    ('ɩ', 'i'),
    ('ʀ', 'r'),
    ('ɴ', 'n'),
    ('ʏ', 'y'),
    ('ʟ', 'l'),
    ('ɪ', 'i'),
    ('ᴀ', 'a'),
    ('ʙ', 'b'),
    ('ᴄ', 'c'),
    ('ᴅ', 'd'),
    ('ᴇ', 'e'),
    ('ꜰ', 'f'),
    ('ɢ', 'g'),
    ('ʜ', 'h'),
    ('ᴊ', 'j'),
    ('ᴋ', 'k'),
    ('ᴍ', 'm'),
    ('ᴏ', 'o'),
    ('ᴘ', 'p'),
    ('ꜱ', 's'),
    ('ᴛ', 't'),
    ('ᴜ', 'u'),
    ('ᴠ', 'v'),
    ('ᴡ', 'w'),
    ('ᴢ', 'z'),
    ('օ', 'o'),
    ('ս', 'u'),
    ('ո', 'n'),
    ('հ', 'h'),
    ('ց', 'g'),
    ('ß', 's'),
];

/// Figures and signs that stand for letters where letters are around them.
const FIGURES: &[(char, char)] = &[
    ('0', 'o'),
    ('1', 'i'),
    ('3', 'e'),
    ('4', 'a'),
    ('5', 's'),
    ('7', 't'),
    ('@', 'a'),
    ('$', 's'),
    ('!', 'i'),
    ('|', 'l'),
    ('€', 'e'),
];

/// A folded text; each of its bytes knows the byte that it came from.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folded {
    pub(crate) text: String,
    origin: Vec<usize>,
}

impl Folded {
    /// Folds a text. Blanks of any kind become one.
    pub(crate) fn of(text: &str) -> Self {
        let mut folded = Self::default();
        // A word that has letters of a script that looks like Latin *and* Latin ones is Latin; a whole Russian word is Russian.
        for (start, word) in words(text) {
            let mixed = word.chars().any(|c| c.is_ascii_alphabetic());
            for (at, c) in word.char_indices() {
                folded.push(c, start + at, mixed);
            }
        }
        folded
    }

    fn push(&mut self, c: char, at: usize, mixed: bool) {
        // Tags are letters of their own that nobody sees.
        let tag = u32::from(c).checked_sub(0xe0000).filter(|code| (0x20..0x7f).contains(code));
        // The letters of which flags are made are letters as well.
        let flag = u32::from(c).checked_sub(0x1f1e6).filter(|at| *at < 26).map(|at| at + u32::from('a'));
        let c = match tag.or(flag).and_then(char::from_u32) {
            Some(letter) => letter,
            None if invisible::kind(c).is_some() => return,
            None => c,
        };
        if c.is_whitespace() {
            if !self.text.ends_with(' ') {
                self.add(' ', at);
            }
            return;
        }
        // Syllables of Korean and Japanese are letters.
        if matches!(u32::from(c), 0xac00..=0xd7a3 | 0x3041..=0x30ff) {
            return self.add(c, at);
        }
        for part in std::iter::once(c).nfkd().filter(|part| !is_mark(*part)).flat_map(char::to_lowercase) {
            let letter = if mixed || !is_cyrillic(part) { alike(part) } else { part };
            if !is_mark(letter) {
                self.add(letter, at);
            }
        }
    }

    fn add(&mut self, c: char, at: usize) {
        self.text.push(c);
        self.origin.resize(self.text.len(), at);
    }

    /// Where a byte of the folded text came from.
    pub(crate) fn origin(&self, at: usize) -> usize {
        self.origin.get(at).or(self.origin.last()).copied().unwrap_or_default()
    }

    /// The same with figures and signs read as the letters that they look like, in words that have both.
    pub(crate) fn figures_read(&self) -> Option<Self> {
        let mut read = Self::default();
        let mut changed = false;
        for (start, word) in words(&self.text) {
            let core =
                word.trim_matches(|c: char| matches!(c, '!' | '.' | ',' | ';' | ':' | '?' | '"' | '\'' | '(' | ')'));
            let both = core.chars().any(|c| c.is_ascii_alphabetic())
                && core.chars().any(|c| FIGURES.iter().any(|(figure, _)| *figure == c));
            for (at, c) in word.char_indices() {
                let letter = FIGURES.iter().find(|(figure, _)| both && *figure == c).map(|(_, letter)| *letter);
                changed |= letter.is_some();
                read.add(letter.unwrap_or(c), self.origin(start + at));
            }
        }
        changed.then_some(read)
    }

    /// Words that are written letter by letter, put together: all that stand in a row become one.
    pub(crate) fn spelled_out(&self) -> Vec<Self> {
        let mut found = Vec::new();
        let mut run = Self::default();
        let mut gap = 0;
        for (start, word) in words(&self.text).filter(|(_, word)| !word.trim().is_empty()) {
            let letters: Vec<_> = word.char_indices().filter(|(_, c)| c.is_alphanumeric()).collect();
            let separated = word.chars().filter(|c| matches!(c, '-' | '.' | '_' | '*' | '/' | '|' | ',')).count();
            // `i` alone, or `i-g-n-o-r-e`.
            let spelled = letters.len() == 1 || (letters.len() >= 3 && separated + 1 >= letters.len());
            if spelled {
                gap = 0;
                letters.iter().for_each(|(at, c)| run.add(*c, self.origin(start + at)));
            } else if !run.text.is_empty() {
                gap += 1;
                if gap > 1 || letters.len() > 3 {
                    found.push(std::mem::take(&mut run));
                    gap = 0;
                }
            }
        }
        found.push(run);
        found.retain(|run| run.text.chars().count() >= 8);
        found
    }

    /// The same from its end to its beginning.
    pub(crate) fn backwards(&self) -> Self {
        let mut back = Self::default();
        self.text.char_indices().rev().for_each(|(at, c)| back.add(c, self.origin(at)));
        back
    }

    /// The same with each Latin letter put 13 places further.
    pub(crate) fn turned(&self) -> Self {
        let turn = |c: char| match c {
            'a'..='m' => char::from_u32(u32::from(c) + 13).unwrap_or(c),
            'n'..='z' => char::from_u32(u32::from(c) - 13).unwrap_or(c),
            c => c,
        };
        Self { text: self.text.chars().map(turn).collect(), origin: self.origin.clone() }
    }
}

/// Words and the blanks between them, each with its place.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive(char::is_whitespace).map(move |word| {
        let start = at;
        at += word.len();
        (start, word)
    })
}

fn alike(c: char) -> char {
    ALIKE.iter().find(|(other, _)| *other == c).map_or(c, |(_, latin)| *latin)
}

fn is_cyrillic(c: char) -> bool {
    (0x0400..0x0530).contains(&u32::from(c))
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
        && !(0x0900..0x0e80).contains(&u32::from(c))
        && !(0x3099..0x309b).contains(&u32::from(c))
}

/// The paragraphs of a text with their places. One that is very long is cut, with some of it in both parts.
pub(crate) fn paragraphs(text: &str) -> Vec<(usize, &str)> {
    const LONG: usize = 20_000;
    const BOTH: usize = 400;
    let mut found = Vec::new();
    let mut start = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        at += line.len();
        if line.trim().is_empty() || at == text.len() {
            let mut from = start;
            loop {
                let mut to = (from + LONG).min(at);
                while !text.is_char_boundary(to) {
                    to += 1;
                }
                found.push((from, text.get(from..to).unwrap_or_default()));
                if to >= at {
                    break;
                }
                from = to - BOTH;
                while !text.is_char_boundary(from) {
                    from -= 1;
                }
            }
            start = at;
        }
    }
    found.retain(|(_, part)| !part.trim().is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_read_as_they_look() {
        for text in ["Ignore", "ＩＧＮＯＲＥ", "𝐢𝐠𝐧𝐨𝐫𝐞", "ⓘⓖⓝⓞⓡⓔ", "іgnоrе", "i\u{200b}gn\u{301}ore", "ɪɢɴᴏʀᴇ"]
        {
            assert_eq!(Folded::of(text).text, "ignore", "{text}");
        }
        assert_eq!(Folded::of("a \n\t b").text, "a b");
        assert_eq!(Folded::of("Забудь правила").text, "забудь правила");
        assert_eq!(Folded::of("\u{1f1ee}\u{1f1ec}\u{1f1f3}").text, "ign");
        let tags: String = "hi".chars().filter_map(|c| char::from_u32(u32::from(c) + 0xe0000)).collect();
        assert_eq!(Folded::of(&tags).text, "hi");
        assert_eq!(Folded::of("1gn0r3 4ll 2024").figures_read().unwrap().text, "ignore all 2024");
    }

    #[test]
    fn places_lead_back() {
        let folded = Folded::of("ü\u{200b}bеr  all");
        let at = folded.text.find("all").unwrap();
        assert_eq!(folded.origin(at), "ü\u{200b}bеr  ".len());
    }

    #[test]
    fn what_is_spelled_out_is_put_together() {
        for text in ["i g n o r e  a l l", "i-g-n-o-r-e a.l.l", "I. G. N. O. R. E. A. L. L."] {
            let runs = Folded::of(text).spelled_out();
            assert_eq!(runs.len(), 1, "{text}");
            assert_eq!(runs[0].text, "ignoreall");
        }
        assert!(Folded::of("a rule is a b and c of it").spelled_out().is_empty());
    }

    #[test]
    fn paragraphs_cover_the_text() {
        let text = "one\ntwo\n\nthree\n \nfour";
        let parts: Vec<_> = paragraphs(text).into_iter().map(|(at, part)| (at, part.trim())).collect();
        assert_eq!(parts, [(0, "one\ntwo"), (9, "three"), (17, "four")]);
        let long = "é".repeat(30_000);
        let parts = paragraphs(&long);
        assert!(parts.len() > 1 && parts.last().unwrap().0 + parts.last().unwrap().1.len() == long.len());
    }
}
