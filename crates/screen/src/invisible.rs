//! Characters that nobody sees or that change how others are seen.

use crate::{Kind, Place, Severity};

/// What an invisible character is, by its code.
pub(crate) fn kind(c: char) -> Option<Kind> {
    match u32::from(c) {
        0x09 | 0x0a | 0x0d => None,
        0x00..=0x1f | 0x7f..=0x9f => Some(Kind::Control),
        0x061c | 0x200e | 0x200f | 0x202a..=0x202e | 0x2066..=0x2069 => Some(Kind::Bidi),
        0x00ad
        | 0x034f
        | 0x115f
        | 0x1160
        | 0x17b4
        | 0x17b5
        | 0x180b..=0x180f
        | 0x200b..=0x200d
        | 0x2060..=0x2065
        | 0x206a..=0x206f
        | 0x3164
        | 0xfe00..=0xfe0f
        | 0xfeff
        | 0xffa0
        | 0xfff9..=0xfffb
        | 0x1bca0..=0x1bca3
        | 0x1d173..=0x1d17a
        | 0xe0000..=0xe0fff => Some(Kind::ZeroWidth),
        _ => None,
    }
}

/// Whether a character belongs to ordinary text where it stands: emoji and several scripts are joined by invisible characters.
fn ordinary(before: Option<char>, c: char, after: Option<char>, from_right: bool) -> bool {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    match u32::from(c) {
        // At the beginning of a file it tells its encoding.
        0xfeff => before.is_none(),
        // Joiners, between anything but Latin letters.
        0x200c | 0x200d => before.is_some() && !latin(before) && !latin(after),
        // An emoji's look.
        0xfe0e | 0xfe0f => before.is_some_and(|before| !before.is_alphanumeric() || before.is_ascii_digit()),
        // Marks of direction, in a text that has scripts from right to left.
        0x200e | 0x200f | 0x061c => from_right,
        _ => false,
    }
}

/// Runs of such characters that do not belong where they stand.
pub(crate) fn places(text: &str) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    let mut before = None;
    let from_right = text.chars().any(|c| (0x0590..0x0900).contains(&u32::from(c)));
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|(_, next)| *next);
        if let Some(kind) = kind(c).filter(|_| !ordinary(before, c, after, from_right)) {
            let end = at + c.len_utf8();
            // Tags carry a text of their own.
            let severity = match u32::from(c) {
                0xe0000..=0xe0fff => Severity::High,
                0x00ad => Severity::Low,
                _ => Severity::Medium,
            };
            match found.last_mut() {
                Some(last) if last.end == at && last.kind == kind => {
                    last.end = end;
                    last.severity = last.severity.max(severity);
                }
                _ => found.push(Place { kind, severity, start: at, end, excerpt: None }),
            }
        }
        before = Some(c);
    }
    found
}

/// The text without such characters.
pub(crate) fn without(text: &str) -> String {
    let places = places(text);
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for place in places {
        out.push_str(text.get(done..place.start).unwrap_or_default());
        done = place.end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_ordinary_text_is_left_alone() {
        for text in ["a\tb\r\nc", "👩‍💻 ❤️ 1️⃣", "می‌خواهم", "\u{feff}# Title", "שלום \u{200f}(א)"]
        {
            assert_eq!(places(text), [], "{text:?}");
        }
    }

    #[test]
    fn each_kind_is_found_and_taken_out() {
        for (text, kind, severity) in [
            ("a\u{1b}[31mb", Kind::Control, Severity::Medium),
            ("a\u{202e}b", Kind::Bidi, Severity::Medium),
            ("ig\u{200b}nore", Kind::ZeroWidth, Severity::Medium),
            ("a\u{e0041}\u{e0042}", Kind::ZeroWidth, Severity::High),
            ("a\u{e0100}b", Kind::ZeroWidth, Severity::High),
        ] {
            let found = places(text);
            assert_eq!((found.len(), found[0].kind, found[0].severity), (1, kind, severity), "{text:?}");
            assert!(without(text).chars().all(|c| super::kind(c).is_none()));
        }
    }
}
