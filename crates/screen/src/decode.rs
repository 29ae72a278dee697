//! Pieces of a text that are another text in another form.

use base64::{
    Engine,
    alphabet::{STANDARD, URL_SAFE},
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use regex::Regex;
use std::sync::LazyLock;

/// What stands in another form, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) form: &'static str,
    pub(crate) text: String,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A form: its name, what it looks like, and how it is read.
type Form = (&'static str, &'static str, Read);
type Read = fn(&str) -> Option<Vec<u8>>;

const FORMS: &[Form] = &[
    // Line ends inside of it do not count.
    ("base64", r"[A-Za-z0-9+/_-]{12,}(?:\s{0,3}[A-Za-z0-9+/_-]{12,})*={0,2}", base64),
    ("hexadecimal", r"(?i)(?:(?:0x|\\x|%)?[0-9a-f]{2}[\s,:]{0,2}){12,}", hexadecimal),
    (
        "percent signs",
        r"(?:[A-Za-z0-9_.~+-]|%[0-9A-Fa-f]{2})*%[0-9A-Fa-f]{2}(?:[A-Za-z0-9_.~+-]|%[0-9A-Fa-f]{2})*",
        percent,
    ),
    (
        "escapes",
        r"(?:\\[uUxX]\{?[0-9A-Fa-f]{2,6}\}?|[ A-Za-z0-9_])*\\[uUxX]\{?[0-9A-Fa-f]{2,6}\}?(?:\\[uUxX]\{?[0-9A-Fa-f]{2,6}\}?|[ A-Za-z0-9_])*",
        escapes,
    ),
    ("entities", r"(?i)(?:&#x?[0-9a-f]{2,6};[ ]?){6,}", entities),
    ("binary", r"(?:[01]{8}[\s,]{0,2}){8,}", binary),
    ("character codes", r"(?:\b\d{2,3}\b[\s,;]{1,2}){10,}\d{2,3}", codes),
    ("joined words", r"\b[A-Za-z]+(?:[_-][A-Za-z]+){2,}\b|\b[A-Za-z]?[a-z]+(?:[A-Z][a-z]+){2,}\b", joined),
    ("morse", r"(?:[.\-]{1,5}[ /|]{1,3}){10,}[.\-]{1,5}", morse),
];

static COMPILED: LazyLock<Vec<(&str, Regex, Read)>> = LazyLock::new(|| {
    FORMS.iter().filter_map(|(name, form, read)| Some((*name, Regex::new(form).ok()?, *read))).collect()
});

/// Everything in a text that reads as another text when it is decoded.
pub(crate) fn pieces(text: &str) -> Vec<Piece> {
    let mut found = Vec::new();
    for (form, looks, read) in COMPILED.iter() {
        for hit in looks.find_iter(text).take(200) {
            let Some(decoded) = read(hit.as_str()).and_then(readable) else { continue };
            if decoded != hit.as_str() {
                found.push(Piece { form, text: decoded, start: hit.start(), end: hit.end() });
            }
        }
    }
    found
}

/// Bytes that are mostly text.
fn readable(bytes: Vec<u8>) -> Option<String> {
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let all = text.chars().count();
    let good = text.chars().filter(|c| c.is_alphanumeric() || c.is_ascii_punctuation() || c.is_whitespace()).count();
    (all >= 8 && good * 10 >= all * 9).then_some(text)
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let packed: String = text.chars().filter(|c| !c.is_whitespace() && *c != '=').collect();
    let alphabet = if packed.contains(['-', '_']) { &URL_SAFE } else { &STANDARD };
    let engine = GeneralPurpose::new(alphabet, config);
    // Words may stand before it; and a last letter alone says nothing.
    let packed = if packed.len() % 4 == 1 { packed.get(..packed.len() - 1)? } else { &packed };
    engine.decode(packed).ok()
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let plain = text.replace("0x", "").replace("0X", "").replace("\\x", "").replace("\\X", "");
    let digits: String = plain.chars().filter(char::is_ascii_hexdigit).collect();
    hex::decode(digits).ok()
}

fn percent(text: &str) -> Option<Vec<u8>> {
    if text.matches('%').count() < 4 {
        return None;
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code =
            text.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|code| u8::from_str_radix(code, 16).ok());
        match code {
            Some(code) => {
                out.push(code);
                at += 3;
            }
            None => {
                out.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    Some(out)
}

fn escapes(text: &str) -> Option<Vec<u8>> {
    if text.matches('\\').count() < 6 {
        return None;
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let digits = |from: usize| {
            let tail = rest.get(from..).unwrap_or_default();
            tail.chars().take_while(char::is_ascii_hexdigit).count()
        };
        let (from, most) = match rest.as_bytes() {
            [b'\\', b'x' | b'X', ..] => (2, 2),
            [b'\\', b'u' | b'U', b'{', ..] => (3, 6),
            [b'\\', b'u' | b'U', ..] => (2, 4),
            _ => (0, 0),
        };
        let many = digits(from).min(most);
        let letter =
            rest.get(from..from + many).and_then(|code| u32::from_str_radix(code, 16).ok()).and_then(char::from_u32);
        match letter.filter(|_| from > 0) {
            Some(letter) => {
                out.push(letter);
                rest = rest.get(from + many..).unwrap_or_default().trim_start_matches('}');
            }
            None => {
                out.push(c);
                rest = rest.get(c.len_utf8()..).unwrap_or_default();
            }
        }
    }
    Some(out.into_bytes())
}

fn entities(text: &str) -> Option<Vec<u8>> {
    let letters = text.split(';').map(|one| one.trim_start_matches([' ', '&', '#'])).filter(|one| !one.is_empty());
    let read = letters.map(|one| match one.strip_prefix(['x', 'X']) {
        Some(code) => u32::from_str_radix(code, 16).ok().and_then(char::from_u32),
        None => one.trim().parse().ok().and_then(char::from_u32),
    });
    read.collect::<Option<String>>().map(String::into_bytes)
}

fn binary(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<_> = text.chars().filter(|c| matches!(c, '0' | '1')).collect();
    digits.chunks_exact(8).map(|byte| u8::from_str_radix(&byte.iter().collect::<String>(), 2).ok()).collect()
}

fn codes(text: &str) -> Option<Vec<u8>> {
    text.split(|c: char| !c.is_ascii_digit()).filter(|one| !one.is_empty()).map(|one| one.parse().ok()).collect()
}

fn joined(text: &str) -> Option<Vec<u8>> {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_uppercase() && out.ends_with(|last: char| last.is_ascii_lowercase()) {
            out.push(' ');
        }
        out.push(if matches!(c, '_' | '-') { ' ' } else { c });
    }
    Some(out.into_bytes())
}

fn morse(text: &str) -> Option<Vec<u8>> {
    const LETTERS: &[&str] = &[
        ".-", "-...", "-.-.", "-..", ".", "..-.", "--.", "....", "..", ".---", "-.-", ".-..", "--", "-.", "---",
        ".--.", "--.-", ".-.", "...", "-", "..-", "...-", ".--", "-..-", "-.--", "--..",
    ];
    let mut out = Vec::new();
    for word in text.split(['/', '|']).flat_map(|part| part.split("   ")) {
        for code in word.split_whitespace() {
            let at = LETTERS.iter().position(|letter| *letter == code)?;
            out.push(b'a' + u8::try_from(at).ok()?);
        }
        out.push(b' ');
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_read() {
        assert_eq!(COMPILED.len(), FORMS.len());
        for (form, text) in [
            ("base64", "see aGVsbG8gZGVhciB3b3JsZCE= there"),
            ("base64", "aGVsbG8gZGVhciB3b3JsZCE"),
            ("hexadecimal", "68656c6c6f206465617220776f726c6421"),
            ("hexadecimal", r"\x68\x65\x6c\x6c\x6f\x20\x64\x65\x61\x72\x20\x77\x6f\x72\x6c\x64\x21"),
            ("percent signs", "%68%65%6c%6c%6f%20dear%20world!"),
            ("escapes", r"\u0068\u0065\u006c\u006c\u006f dear \u0077orld"),
            ("entities", "&#104;&#101;&#108;&#108;&#111;&#32;&#x64;&#101;&#97;&#114;"),
            ("binary", "01101000 01100101 01101100 01101100 01101111 00100000 01100100 01100101 01100001 01110010"),
            ("character codes", "104 101 108 108 111 32 100 101 97 114 32 119"),
            ("joined words", "HelloDearWorld"),
            ("joined words", "hello_dear_world"),
            ("morse", ".... . .-.. .-.. --- / -.. . .- .-. / .-- --- .-. .-.. -.."),
        ] {
            let found = pieces(text);
            let piece = found.iter().find(|piece| piece.form == form).unwrap_or_else(|| panic!("{form}: {text}"));
            assert!(piece.text.to_lowercase().starts_with("hello dear"), "{form}: {}", piece.text);
        }
    }

    #[test]
    fn ordinary_text_is_no_other() {
        for text in [
            "A member may have at most 3 loans.",
            "service/rules/presence.py",
            "2024-01-01 12:30, 14:00, 15:45",
            "a-b-c and d/e/f",
        ] {
            assert_eq!(pieces(text), [], "{text}");
        }
    }
}
