//! Integers in pictures: digits, letters, Roman numerals and words.

use super::super::Fault;
use super::super::evaluate::Machine;
use super::super::value::Val;
use super::Arguments;

/// How a picture writes an integer.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Picture {
    form: Form,
    ordinal: bool,
}

#[derive(Debug, Clone, PartialEq)]
enum Form {
    Letters {
        upper: bool,
    },
    Roman {
        upper: bool,
    },
    Words(Case),
    /// Least digits, the digit zero, and separators with their places from the right; one place if they repeat.
    Digits {
        least: usize,
        zero: char,
        separators: Vec<(usize, char)>,
        regular: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Case {
    Lower,
    Upper,
    Title,
}

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
const MAGNITUDES: [&str; 4] = ["thousand", "million", "billion", "trillion"];
const ROMAN: [(u64, &str); 13] = [
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
    (9, "ix"),
    (5, "v"),
    (4, "iv"),
    (1, "i"),
];

impl Picture {
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let (primary, modifier) = text.rsplit_once(';').unwrap_or((text, ""));
        let ordinal = modifier.starts_with('o');
        let form = match primary {
            "a" => Form::Letters { upper: false },
            "A" => Form::Letters { upper: true },
            "i" => Form::Roman { upper: false },
            "I" => Form::Roman { upper: true },
            "w" => Form::Words(Case::Lower),
            "W" => Form::Words(Case::Upper),
            "Ww" => Form::Words(Case::Title),
            _ => Self::digits(primary)?,
        };
        Ok(Self { form, ordinal })
    }

    fn digits(primary: &str) -> Result<Form, Fault> {
        let mut least = 0;
        let mut zero = None;
        let mut separators = Vec::new();
        let mut places = 0;
        for c in primary.chars().rev() {
            match digit_zero(c) {
                Some(found) => {
                    if zero.is_some_and(|zero| zero != found) {
                        let reason = "In a decimal digit pattern, all digits must be from the same decimal group";
                        return Err(Fault::new("D3131", reason));
                    }
                    zero = Some(found);
                    least += 1;
                    places += 1;
                }
                None if c == '#' => places += 1,
                None => separators.push((places, c)),
            }
        }
        let Some(zero) = zero else {
            let reason = format!(
                "Formatting or parsing an integer as a sequence starting with '{primary}' is not supported by this implementation"
            );
            return Err(Fault::new("D3130", reason));
        };
        let step = separators.first().map_or(0, |(place, _)| *place);
        let regular = step > 0
            && separators.iter().enumerate().all(|(at, (place, c))| {
                *place == step * (at + 1) && separators.first().is_some_and(|(_, first)| first == c)
            });
        Ok(Form::Digits { least, zero, separators, regular })
    }

    pub(super) fn is_words(&self) -> bool {
        matches!(self.form, Form::Words(_))
    }

    pub(super) fn format(&self, number: f64) -> String {
        let negative = number < 0.0;
        let whole = number.abs().floor() as u64;
        let text = match &self.form {
            Form::Letters { upper } => cased(letters(whole), *upper),
            Form::Roman { upper } => cased(roman(whole), *upper),
            Form::Words(case) => {
                let words = words(whole, self.ordinal);
                match case {
                    Case::Lower => words,
                    Case::Upper => words.to_uppercase(),
                    Case::Title => title(&words),
                }
            }
            Form::Digits { least, zero, separators, regular } => {
                let shift = |c: char| char::from_u32(*zero as u32 + c.to_digit(10).unwrap_or(0)).unwrap_or(c);
                let digits: Vec<char> = format!("{whole:0least$}").chars().map(shift).collect();
                let mut reversed = Vec::new();
                for (place, digit) in digits.iter().rev().enumerate() {
                    let separator = match (regular, separators.first()) {
                        (true, Some((step, c))) if place > 0 && place % step == 0 => Some(*c),
                        (true, _) => None,
                        _ => separators.iter().find(|(at, _)| *at == place && place > 0).map(|(_, c)| *c),
                    };
                    reversed.extend(separator);
                    reversed.push(*digit);
                }
                let mut text: String = reversed.into_iter().rev().collect();
                if self.ordinal {
                    text.push_str(suffix(whole));
                }
                text
            }
        };
        if negative { format!("-{text}") } else { text }
    }

    pub(super) fn parse_number(&self, text: &str) -> Option<f64> {
        match &self.form {
            Form::Letters { .. } => text.chars().try_fold(0.0, |sum, c| {
                let place = (c.to_ascii_lowercase() as u32).checked_sub('a' as u32)? + 1;
                (place <= 26).then(|| sum * 26.0 + f64::from(place))
            }),
            Form::Roman { .. } => {
                let text = text.to_lowercase();
                let mut rest = text.as_str();
                let mut sum = 0_u64;
                for (value, numeral) in ROMAN {
                    while let Some(after) = rest.strip_prefix(numeral) {
                        sum += value;
                        rest = after;
                    }
                }
                rest.is_empty().then_some(sum as f64)
            }
            Form::Words(_) => words_to_number(&text.to_lowercase()),
            Form::Digits { zero, separators, .. } => {
                let plain = if self.ordinal { text.trim_end_matches(char::is_alphabetic) } else { text };
                let mut digits = String::new();
                for c in plain.chars() {
                    match (c as u32).checked_sub(*zero as u32).filter(|digit| *digit < 10) {
                        Some(digit) => digits.extend(char::from_digit(digit, 10)),
                        None if separators.iter().any(|(_, separator)| *separator == c) => {}
                        None if c == '-' && digits.is_empty() => digits.push(c),
                        None => return None,
                    }
                }
                digits.parse().ok()
            }
        }
    }
}

/// The zero of the decimal digits that a character belongs to.
pub(super) fn digit_zero(c: char) -> Option<char> {
    const ZEROS: [u32; 12] = [0x30, 0x660, 0x6F0, 0x966, 0x9E6, 0xA66, 0xAE6, 0xB66, 0xBE6, 0xC66, 0xCE6, 0xFF10];
    let code = c as u32;
    ZEROS.iter().find(|zero| (**zero..**zero + 10).contains(&code)).and_then(|zero| char::from_u32(*zero))
}

fn cased(text: String, upper: bool) -> String {
    if upper { text.to_uppercase() } else { text }
}

pub(super) fn title(words: &str) -> String {
    let mut start = true;
    let mut out = String::new();
    let small = ["and", "of"];
    for (at, c) in words.char_indices() {
        let is_small =
            small.iter().any(|word| words.get(at..).is_some_and(|rest| rest.starts_with(&format!("{word} "))));
        if start && c.is_alphabetic() && !is_small {
            out.extend(c.to_uppercase());
        } else {
            out.push(c);
        }
        start = !c.is_alphabetic();
    }
    out
}

fn letters(mut number: u64) -> String {
    let mut reversed = Vec::new();
    while number > 0 {
        number -= 1;
        reversed.push(char::from(b'a' + u8::try_from(number % 26).unwrap_or(0)));
        number /= 26;
    }
    reversed.into_iter().rev().collect()
}

fn roman(mut number: u64) -> String {
    // Numerals of absurd numbers would be as long as the number is large.
    number = number.min(1_000_000);
    let mut out = String::new();
    for (value, numeral) in ROMAN {
        while number >= value {
            out.push_str(numeral);
            number -= value;
        }
    }
    out
}

fn suffix(number: u64) -> &'static str {
    match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    }
}

fn words(number: u64, ordinal: bool) -> String {
    let mut text = cardinal(number, false);
    if ordinal {
        let start = text.rfind([' ', '-']).map_or(0, |at| at + 1);
        let last = text.split_off(start);
        text.push_str(&match last.as_str() {
            "one" => "first".to_owned(),
            "two" => "second".to_owned(),
            "three" => "third".to_owned(),
            "five" => "fifth".to_owned(),
            "eight" => "eighth".to_owned(),
            "nine" => "ninth".to_owned(),
            "twelve" => "twelfth".to_owned(),
            other => match other.strip_suffix('y') {
                Some(stem) => format!("{stem}ieth"),
                None => format!("{other}th"),
            },
        });
    }
    text
}

fn cardinal(number: u64, after: bool) -> String {
    let text = |table: &[&'static str], at: u64| {
        usize::try_from(at).ok().and_then(|at| table.get(at).copied()).unwrap_or_default()
    };
    let and = if after { " and " } else { "" };
    match number {
        0..=19 => format!("{and}{}", text(&SMALL, number)),
        20..=99 => {
            let tens = text(&TENS, number / 10 - 2);
            match number % 10 {
                0 => format!("{and}{tens}"),
                unit => format!("{and}{tens}-{}", text(&SMALL, unit)),
            }
        }
        100..=999 => {
            let comma = if after { ", " } else { "" };
            let hundreds = text(&SMALL, number / 100);
            let rest = number % 100;
            let tail = if rest == 0 { String::new() } else { cardinal(rest, true) };
            format!("{comma}{hundreds} hundred{tail}")
        }
        _ => {
            let magnitude = ((number as f64).log10() / 3.0).floor().clamp(1.0, MAGNITUDES.len() as f64) as u32;
            let factor = 1000_u64.pow(magnitude);
            let comma = if after { ", " } else { "" };
            let rest = number % factor;
            let tail = if rest == 0 { String::new() } else { cardinal(rest, true) };
            let name = text(&MAGNITUDES, u64::from(magnitude) - 1);
            format!("{comma}{} {name}{tail}", cardinal(number / factor, false))
        }
    }
}

/// The cardinal of a number word, which may be an ordinal.
fn cardinal_word(word: &str) -> String {
    let plain = match word {
        "first" => "one",
        "second" => "two",
        "third" => "three",
        "fifth" => "five",
        "eighth" => "eight",
        "ninth" => "nine",
        "twelfth" => "twelve",
        other => other,
    };
    match plain.strip_suffix("ieth") {
        Some(stem) => format!("{stem}y"),
        None => plain.strip_suffix("th").unwrap_or(plain).to_owned(),
    }
}

/// How many bytes at the front of a text are number words.
pub(super) fn words_extent(text: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    while let Some(rest) = text.get(at..) {
        let start = rest.len() - rest.trim_start_matches([' ', '-', ',']).len();
        let word = rest.get(start..).unwrap_or_default();
        let length = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
        let lower = word.get(..length).unwrap_or_default().to_lowercase();
        let plain = cardinal_word(&lower);
        let known = SMALL.contains(&plain.as_str())
            || TENS.contains(&plain.as_str())
            || MAGNITUDES.contains(&plain.as_str())
            || plain == "hundred";
        if length == 0 || !(known || lower == "and") {
            return end;
        }
        at += start + length;
        if known {
            end = at;
        }
    }
    end
}

fn words_to_number(text: &str) -> Option<f64> {
    let mut total = 0.0;
    let mut part = 0.0;
    for word in text.split([' ', '-', ',']).filter(|word| !word.is_empty() && *word != "and") {
        let plain = cardinal_word(word);
        let position = |table: &[&str]| table.iter().position(|word| *word == plain);
        if let Some(small) = position(&SMALL) {
            part += small as f64;
        } else if let Some(tens) = position(&TENS) {
            part += (tens as f64 + 2.0) * 10.0;
        } else if plain == "hundred" {
            part *= 100.0;
        } else {
            let magnitude = position(&MAGNITUDES)?;
            total += part * 1000_f64.powi(i32::try_from(magnitude).ok()? + 1);
            part = 0.0;
        }
    }
    Some(total + part)
}

pub(super) fn format_integer(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(number) = arguments.number() else { return Ok(Val::Undefined) };
    let picture = arguments.text().unwrap_or_default();
    Ok(Val::text(Picture::parse(&picture)?.format(number.floor())))
}

pub(super) fn parse_integer(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let picture = arguments.text().unwrap_or_default();
    let parsed = Picture::parse(&picture)?.parse_number(&text);
    let reason = || Fault::new("D3137", format!("\"{text}\" does not match the picture \"{picture}\""));
    parsed.map(Val::Number).ok_or_else(reason)
}
