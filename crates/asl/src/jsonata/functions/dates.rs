//! Functions on dates and times, with XPath's pictures such as `[Y0001]-[M01]-[D01]`.

use std::rc::Rc;

use jiff::civil::{Date, DateTime};
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};

use super::super::Fault;
use super::super::evaluate::Machine;
use super::super::value::Val;
use super::integers::{Picture, title};
use super::{Arguments, integers, numbers};
use crate::time;

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

pub(super) fn millis(machine: &mut Machine<'_>, _: Arguments) -> Result<Val, Fault> {
    Ok(Val::Number(machine.surroundings.now.as_millisecond() as f64))
}

pub(super) fn now(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    written(machine.surroundings.now, arguments.text(), arguments.text())
}

pub(super) fn from_millis(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(millis) = arguments.number() else { return Ok(Val::Undefined) };
    let at = Timestamp::from_millisecond(millis as i64);
    let at = at.map_err(|_| Fault::new("D3137", format!("{} is no time", numbers::written(millis))))?;
    written(at, arguments.text(), arguments.text())
}

fn written(at: Timestamp, picture: Option<Rc<str>>, zone: Option<Rc<str>>) -> Result<Val, Fault> {
    let offset = match zone {
        Some(zone) => parse_zone(&zone).ok_or_else(|| {
            let reason = format!("The timezone string \"{zone}\" is not of the form \u{b1}hhmm");
            Fault::new("D3134", reason)
        })?,
        None => 0,
    };
    let Some(picture) = picture else {
        if offset == 0 {
            return Ok(Val::text(time::format(at)));
        }
        return format("[Y0001]-[M01]-[D01]T[H01]:[m01]:[s01].[f001][Z01:01t]", at, offset).map(Val::text);
    };
    format(&picture, at, offset).map(Val::text)
}

/// `±hhmm` or `±hh:mm`, in minutes.
fn parse_zone(text: &str) -> Option<i32> {
    if text == "Z" {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits: String = text.strip_prefix(['+', '-']).unwrap_or(text).chars().filter(|c| *c != ':').collect();
    let number: i32 = digits.parse().ok()?;
    Some(sign * if digits.len() <= 2 { number * 60 } else { number / 100 * 60 + number % 100 })
}

/// A `[..]` of a picture.
struct Marker {
    component: char,
    presentation: String,
    least: Option<usize>,
    most: Option<usize>,
}

enum Piece {
    Literal(String),
    Marker(Marker),
}

fn pieces(picture: &str) -> Result<Vec<Piece>, Fault> {
    let mut out = Vec::new();
    let mut literal = String::new();
    let mut chars = picture.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '[' if chars.peek() == Some(&'[') => {
                chars.next();
                literal.push('[');
            }
            ']' if chars.peek() == Some(&']') => {
                chars.next();
                literal.push(']');
            }
            '[' => {
                if !literal.is_empty() {
                    out.push(Piece::Literal(std::mem::take(&mut literal)));
                }
                let mut inner = String::new();
                loop {
                    match chars.next() {
                        Some(']') => break,
                        Some(c) if c.is_whitespace() => {}
                        Some(c) => inner.push(c),
                        None => {
                            let reason = "No matching closing bracket ']' in date/time picture string";
                            return Err(Fault::new("D3135", reason));
                        }
                    }
                }
                out.push(Piece::Marker(marker(&inner)?));
            }
            c => literal.push(c),
        }
    }
    if !literal.is_empty() {
        out.push(Piece::Literal(literal));
    }
    Ok(out)
}

fn unknown(component: char) -> Fault {
    Fault::new("D3132", format!("Unknown component specifier {component} in date/time picture string"))
}

fn marker(inner: &str) -> Result<Marker, Fault> {
    let mut chars = inner.chars();
    let component = chars.next().unwrap_or(' ');
    let rest = chars.as_str();
    let (presentation, width) = rest.rsplit_once(',').unwrap_or((rest, ""));
    let default = match component {
        'Y' | 'M' | 'D' | 'd' | 'H' | 'h' | 'f' | 'W' | 'w' | 'X' | 'x' => "1",
        'm' | 's' => "01",
        'F' | 'P' | 'C' | 'E' => "n",
        'Z' | 'z' => "01:01",
        other => return Err(unknown(other)),
    };
    let presentation = if presentation.is_empty() { default } else { presentation };
    let (least, most) = width.split_once('-').unwrap_or((width, ""));
    Ok(Marker { component, presentation: presentation.to_owned(), least: least.parse().ok(), most: most.parse().ok() })
}

impl Marker {
    /// The picture of a number, with the width that the marker asks for.
    fn integer(&self) -> Result<Picture, Fault> {
        let mut digits = self.presentation.trim_end_matches(['t', 'c']).to_owned();
        if let Some(ordinal) = digits.strip_suffix('o') {
            digits = format!("{ordinal};o");
        }
        if let Some(least) = self.least
            && digits.chars().all(|c| c.is_ascii_digit())
        {
            digits = "0".repeat(least.min(64));
        }
        Picture::parse(&digits)
    }

    fn is_name(&self) -> bool {
        self.presentation.starts_with(['N', 'n'])
    }

    fn name(&self, name: &str) -> String {
        let short: String = name.chars().take(self.most.unwrap_or(usize::MAX)).collect();
        if self.presentation.starts_with("Nn") {
            title(&short)
        } else if self.presentation.starts_with('N') {
            short.to_uppercase()
        } else {
            short
        }
    }
}

fn format(picture: &str, at: Timestamp, offset: i32) -> Result<String, Fault> {
    let zone = Offset::from_seconds(offset * 60).unwrap_or(Offset::UTC);
    let local = zone.to_datetime(at);
    let mut out = String::new();
    for piece in pieces(picture)? {
        match piece {
            Piece::Literal(text) => out.push_str(&text),
            Piece::Marker(marker) => out.push_str(&component(&marker, local, offset)?),
        }
    }
    Ok(out)
}

fn no_name(component: char) -> Fault {
    let reason = "The 'name' modifier can only be applied to months and days in the date/time picture string, not";
    Fault::new("D3133", format!("{reason} {component}"))
}

fn component(marker: &Marker, local: DateTime, offset: i32) -> Result<String, Fault> {
    let hour = i64::from(local.hour());
    let number = match marker.component {
        'Y' => i64::from(local.year()),
        'M' => i64::from(local.month()),
        'D' => i64::from(local.day()),
        'd' => i64::from(local.day_of_year()),
        'F' => i64::from(local.weekday().to_monday_one_offset()),
        'H' => hour,
        'h' => (hour + 11) % 12 + 1,
        'm' => i64::from(local.minute()),
        's' => i64::from(local.second()),
        'f' => i64::from(local.subsec_nanosecond() / 1_000_000),
        'W' => i64::from(local.iso_week_date().week()),
        'X' => i64::from(local.iso_week_date().year()),
        'P' => return Ok(marker.name(if hour < 12 { "am" } else { "pm" })),
        'Z' | 'z' => return Ok(zone_text(marker, offset)),
        'C' | 'E' => return Ok("ISO".to_owned()),
        other => return Err(unknown(other)),
    };
    let index = usize::try_from(number).unwrap_or(0).saturating_sub(1);
    match marker.component {
        'M' if marker.is_name() => return Ok(marker.name(MONTHS.get(index).copied().unwrap_or_default())),
        'F' if marker.is_name() => return Ok(marker.name(DAYS.get(index).copied().unwrap_or_default())),
        _ if marker.is_name() => {
            return Err(no_name(marker.component));
        }
        _ => {}
    }
    let mut number = number;
    if marker.component == 'Y' {
        // `[Y,2]` and `[Y01]` give the last two digits.
        let digits = marker.presentation.chars().filter(char::is_ascii_digit).count();
        let width = marker.most.unwrap_or(if digits >= 2 { digits } else { usize::MAX });
        if let Some(modulus) = u32::try_from(width).ok().filter(|width| *width < 10).map(|width| 10_i64.pow(width)) {
            number %= modulus;
        }
    }
    Ok(marker.integer()?.format(number as f64))
}

fn zone_text(marker: &Marker, offset: i32) -> String {
    if offset == 0 && marker.presentation.ends_with('t') {
        return "Z".to_owned();
    }
    let (hours, minutes) = (offset.abs() / 60, offset.abs() % 60);
    let sign = if offset < 0 { '-' } else { '+' };
    let form = marker.presentation.trim_end_matches('t');
    let text = match form.len() {
        1 if minutes == 0 => format!("{sign}{hours}"),
        1 => format!("{sign}{hours}:{minutes:02}"),
        2 if minutes == 0 => format!("{sign}{hours:02}"),
        2 => format!("{sign}{hours:02}:{minutes:02}"),
        _ if !form.contains(':') => format!("{sign}{hours:02}{minutes:02}"),
        _ => format!("{sign}{hours:02}:{minutes:02}"),
    };
    if marker.component == 'z' { format!("GMT{text}") } else { text }
}

pub(super) fn to_millis(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let millis = match arguments.text() {
        Some(picture) => parsed(&picture, &text, machine.surroundings.now)?,
        None => {
            let at = iso(&text).ok_or_else(|| {
                let reason = format!(
                    "The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given \"{text}\""
                );
                Fault::new("D3110", reason)
            })?;
            Some(at.as_millisecond())
        }
    };
    Ok(millis.map_or(Val::Undefined, |millis| Val::Number(millis as f64)))
}

/// ISO 8601, of which much may be left out: `2018`, `2018-05`, `2018-05-01T10:00Z`.
fn iso(text: &str) -> Option<Timestamp> {
    let (date, rest) = text.split_once('T').map_or((text, None), |(date, rest)| (date, Some(rest)));
    let mut parts = date.splitn(3, '-');
    let mut part = |count: usize| match parts.next() {
        None => Some(1),
        Some(digits) if digits.len() == count && digits.bytes().all(|byte| byte.is_ascii_digit()) => {
            digits.parse::<i16>().ok()
        }
        Some(_) => None,
    };
    let (year, month, day) = (part(4)?, part(2)?, part(2)?);
    let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
    let Some(rest) = rest else { return Offset::UTC.to_timestamp(date.at(0, 0, 0, 0)).ok() };
    let split = rest.find(['Z', '+', '-']).unwrap_or(rest.len());
    let (clock, zone) = rest.split_at_checked(split)?;
    let offset = if zone.is_empty() { 0 } else { parse_zone(zone)? };
    let clock = if clock.len() == 5 { format!("{clock}:00") } else { clock.to_owned() };
    let clock: jiff::civil::Time = clock.parse().ok()?;
    Offset::from_seconds(offset * 60).ok()?.to_timestamp(date.to_datetime(clock)).ok()
}

/// What a picture reads from a text, in milliseconds; nothing if the text does not fit it.
fn parsed(picture: &str, text: &str, now: Timestamp) -> Result<Option<i64>, Fault> {
    let mut read = std::collections::BTreeMap::new();
    let mut rest = text;
    let all = pieces(picture)?;
    for (at, piece) in all.iter().enumerate() {
        match piece {
            Piece::Literal(literal) => match rest.strip_prefix(literal.as_str()) {
                Some(after) => rest = after,
                None => return Ok(None),
            },
            Piece::Marker(marker) => {
                let adjacent = matches!(all.get(at + 1), Some(Piece::Marker(_)));
                let Some((number, after)) = take(marker, rest, adjacent)? else { return Ok(None) };
                read.insert(marker.component, number);
                rest = after;
            }
        }
    }
    if !rest.is_empty() || read.is_empty() {
        return Ok(None);
    }
    if has_gap(&read) {
        return Err(incomplete());
    }
    let today = Offset::UTC.to_datetime(now);
    let get = |component: char| read.get(&component).copied();
    // What is larger than all that was read comes from today, what is smaller is the least.
    let dated = read.keys().any(|component| "YMDdXW".contains(*component));
    let year = get('Y').unwrap_or_else(|| i64::from(today.year()));
    let month = get('M').unwrap_or(if dated { 1 } else { i64::from(today.month()) });
    let day = get('D').unwrap_or(if dated { 1 } else { i64::from(today.day()) });
    let hour = match (get('H'), get('h'), get('P')) {
        (Some(hour), ..) => hour,
        (None, Some(hour), half) => hour % 12 + half.unwrap_or(0) * 12,
        _ => 0,
    };
    let small = |number: i64| i8::try_from(number).ok();
    let instant = || {
        let mut date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
        if let Some(day) = get('d') {
            date = Date::new(i16::try_from(year).ok()?, 1, 1)
                .ok()?
                .checked_add(SignedDuration::from_hours(24 * (day - 1)))
                .ok()?;
        }
        let nanos = i32::try_from(get('f').unwrap_or(0)).ok()? * 1_000_000;
        let clock = date.at(small(hour)?, small(get('m').unwrap_or(0))?, small(get('s').unwrap_or(0))?, 0);
        let clock = clock.checked_add(SignedDuration::from_nanos(i64::from(nanos))).ok()?;
        let offset = i32::try_from(get('Z').or(get('z')).unwrap_or(0)).ok()?;
        Offset::from_seconds(offset * 60).ok()?.to_timestamp(clock).ok()
    };
    Ok(instant().map(|at| at.as_millisecond()))
}

fn incomplete() -> Fault {
    let reason = "The date/time picture string is missing specifiers required to parse the timestamp";
    Fault::new("D3136", reason)
}

/// Whether something between the largest and the smallest component is missing.
fn has_gap(read: &std::collections::BTreeMap<char, i64>) -> bool {
    let has = |component: char| read.contains_key(&component);
    let by_day = has('d');
    let present: Vec<bool> =
        [has('Y'), has('M') || by_day, has('D') || by_day, has('H') || has('h'), has('m'), has('s'), has('f')].into();
    let first = present.iter().position(|present| *present).unwrap_or(0);
    let last = present.iter().rposition(|present| *present).unwrap_or(0);
    present.iter().skip(first).take(last.saturating_sub(first)).any(|present| !present)
}

/// Reads one component from the front of a text.
fn take<'a>(marker: &Marker, text: &'a str, adjacent: bool) -> Result<Option<(i64, &'a str)>, Fault> {
    let word = || {
        let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
        text.split_at_checked(end)
    };
    let named = |names: &[&str]| {
        let (word, rest) = word()?;
        let word = word.to_lowercase();
        let short = |name: &&str| name.chars().take(marker.most.unwrap_or(usize::MAX)).collect::<String>() == word;
        names.iter().position(short).and_then(|at| Some((i64::try_from(at).ok()?, rest)))
    };
    Ok(match marker.component {
        'P' => named(&["am", "pm"]),
        'M' if marker.is_name() => named(&MONTHS).map(|(at, rest)| (at + 1, rest)),
        'F' if marker.is_name() => named(&DAYS).map(|(at, rest)| (at + 1, rest)),
        'F' | 'W' | 'w' | 'X' | 'x' | 'C' | 'E' => {
            return Err(incomplete());
        }
        _ if marker.is_name() => return Err(no_name(marker.component)),
        'Z' | 'z' => {
            let text = text.strip_prefix("GMT").unwrap_or(text);
            let end = text.find(|c: char| !(c.is_ascii_digit() || "+-:Z".contains(c))).unwrap_or(text.len());
            let split = text.split_at_checked(end);
            split.and_then(|(zone, rest)| Some((i64::from(parse_zone(zone)?), rest)))
        }
        component => {
            let picture = marker.integer()?;
            let digits = marker.presentation.chars().all(|c| c.is_ascii_digit() || c == '#');
            let end = if picture.is_words() {
                integers::words_extent(text)
            } else if digits || marker.presentation.trim_end_matches('o').ends_with(|c: char| c.is_ascii_digit()) {
                let width = if adjacent { marker.presentation.len() } else { usize::MAX };
                let count = text.bytes().take_while(u8::is_ascii_digit).count().min(width);
                let suffix = text.get(count..).unwrap_or_default();
                let ordinal = ["st", "nd", "rd", "th"].iter().any(|end| suffix.starts_with(end));
                if marker.presentation.ends_with('o') && ordinal { count + 2 } else { count }
            } else {
                // Numerals and letters end where letters do.
                text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len())
            };
            let split = text.split_at_checked(end).filter(|(found, _)| !found.is_empty());
            split.and_then(|(found, rest)| {
                let number = picture.parse_number(found)? as i64;
                // Milliseconds are as many digits of a fraction as there are.
                let number =
                    if component == 'f' && digits { format!("{found:0<3}").get(..3)?.parse().ok()? } else { number };
                Some((number, rest))
            })
        }
    })
}
