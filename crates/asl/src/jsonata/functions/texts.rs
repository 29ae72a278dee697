//! Functions on text.

use std::rc::Rc;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use regex::{Captures, Regex};

use super::super::Fault;
use super::super::evaluate::Machine;
use super::super::value::{Function, Object, Val};
use super::{Arguments, shown, to_text};

pub(super) fn string(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let value = arguments.next();
    if value.is_undefined() {
        return Ok(Val::Undefined);
    }
    let text = to_text(&value, arguments.next().truth())?;
    machine.charge(text.len() / 16)?;
    Ok(Val::text(text))
}

fn on_text(mut arguments: Arguments, function: impl Fn(&str) -> String) -> Result<Val, Fault> {
    Ok(arguments.text().map_or(Val::Undefined, |text| Val::text(function(&text))))
}

pub(super) fn lowercase(_: &mut Machine<'_>, arguments: Arguments) -> Result<Val, Fault> {
    on_text(arguments, str::to_lowercase)
}

pub(super) fn uppercase(_: &mut Machine<'_>, arguments: Arguments) -> Result<Val, Fault> {
    on_text(arguments, str::to_uppercase)
}

/// Runs of blanks become one, and none is left at the ends.
pub(super) fn trim(_: &mut Machine<'_>, arguments: Arguments) -> Result<Val, Fault> {
    on_text(arguments, |text| {
        let blank = |c: char| " \t\n\r".contains(c);
        text.split(blank).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    })
}

pub(super) fn length(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    Ok(arguments.text().map_or(Val::Undefined, |text| Val::Number(text.chars().count() as f64)))
}

pub(super) fn substring(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let count = text.chars().count() as f64;
    let start = arguments.number().unwrap_or(0.0).trunc();
    let start = if start + count < 0.0 { 0.0 } else { start };
    let from = if start < 0.0 { start + count } else { start };
    let length = match arguments.next() {
        Val::Number(length) if length <= 0.0 => return Ok(Val::text("")),
        Val::Number(length) => length.ceil() as usize,
        _ => usize::MAX,
    };
    Ok(Val::text(text.chars().skip(from as usize).take(length).collect::<String>()))
}

pub(super) fn substring_before(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let mark = arguments.text().unwrap_or_default();
    Ok(Val::text(text.split_once(&*mark).map_or(&*text, |(before, _)| before)))
}

pub(super) fn substring_after(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let mark = arguments.text().unwrap_or_default();
    Ok(Val::text(text.split_once(&*mark).map_or(&*text, |(_, after)| after)))
}

/// Negative widths pad on the left.
pub(super) fn pad(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let width = arguments.number().unwrap_or(0.0).trunc();
    let filler = arguments.text().filter(|filler| !filler.is_empty()).unwrap_or_else(|| Rc::from(" "));
    let missing = (width.abs() as usize).saturating_sub(text.chars().count());
    machine.charge(missing)?;
    let padding: String = filler.chars().cycle().take(missing).collect();
    Ok(Val::text(if width < 0.0 { format!("{padding}{text}") } else { format!("{text}{padding}") }))
}

pub(super) fn join(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(items) = arguments.items() else { return Ok(Val::Undefined) };
    let separator = arguments.text().unwrap_or_default();
    let parts: Vec<String> = items.iter().map(|item| to_text(item, false)).collect::<Result<_, _>>()?;
    let joined = parts.join(&separator);
    machine.charge(joined.len() / 16)?;
    Ok(Val::text(joined))
}

fn limit(argument: Val, name: &str, code: &'static str, place: &str) -> Result<usize, Fault> {
    match argument {
        Val::Number(number) if number < 0.0 => {
            Err(Fault::new(code, format!("{place} argument of {name} function must evaluate to a positive number")))
        }
        Val::Number(number) => Ok(number.floor() as usize),
        _ => Ok(usize::MAX),
    }
}

pub(super) fn split(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let separator = arguments.next();
    let most = limit(arguments.next(), "split", "D3020", "Third")?;
    let parts: Vec<Val> = match &separator {
        Val::Text(separator) if separator.is_empty() => text.chars().map(|c| Val::text(c.to_string())).collect(),
        Val::Text(separator) => text.split(&**separator).map(Val::text).collect(),
        Val::Regex(regex) => regex.split(&text).map(Val::text).collect(),
        _ => return Err(custom_matcher()),
    };
    Ok(Val::array(parts.into_iter().take(most).collect()))
}

fn custom_matcher() -> Fault {
    Fault::new("T1010", "The matcher function argument passed to function is not a regular expression")
}

pub(super) fn contains(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    match arguments.next() {
        Val::Text(token) => Ok(Val::Bool(text.contains(&*token))),
        Val::Regex(regex) => Ok(Val::Bool(regex.is_match(&text))),
        Val::Undefined => Ok(Val::Undefined),
        _ => Err(custom_matcher()),
    }
}

fn groups(captures: &Captures<'_>) -> Vec<Val> {
    captures.iter().skip(1).map(|group| Val::text(group.map_or("", |group| group.as_str()))).collect()
}

fn found(captures: &Captures<'_>, text: &str) -> Object {
    let whole = captures.get(0);
    let start = whole.map_or(0, |whole| text.get(..whole.start()).map_or(0, |before| before.encode_utf16().count()));
    Object::from_iter([
        (Rc::from("match"), Val::text(whole.map_or("", |whole| whole.as_str()))),
        (Rc::from("index"), Val::Number(start as f64)),
        (Rc::from("groups"), Val::array(groups(captures))),
    ])
}

pub(super) fn matches(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let Val::Regex(regex) = arguments.next() else { return Err(custom_matcher()) };
    let most = limit(arguments.next(), "match", "D3040", "Third")?;
    let all = regex.captures_iter(&text).take(most).map(|captures| Val::object(found(&captures, &text)));
    Ok(Val::sequence(all.collect()))
}

/// What a regular expression gives when it is called: the first match from a place on, with a function for the next.
pub(in super::super) fn regex_match(regex: &Arc<Regex>, text: &Rc<str>, from: usize) -> Result<Val, Fault> {
    let Some(captures) = regex.captures_at(text, from.min(text.len())) else { return Ok(Val::Undefined) };
    let Some(whole) = captures.get(0) else { return Ok(Val::Undefined) };
    if whole.is_empty() {
        let reason = format!("Regular expression matches zero length string: {}", regex.as_str());
        return Err(Fault::new("D1004", reason));
    }
    let text_from = |at: usize| text.get(..at).map_or(0, |before| before.encode_utf16().count()) as f64;
    let next = Function::NextMatch { regex: Arc::clone(regex), text: Rc::clone(text), from: whole.end() };
    Ok(Val::object(Object::from_iter([
        (Rc::from("match"), Val::text(whole.as_str())),
        (Rc::from("start"), Val::Number(text_from(whole.start()))),
        (Rc::from("end"), Val::Number(text_from(whole.end()))),
        (Rc::from("groups"), Val::array(groups(&captures))),
        (Rc::from("next"), Val::Function(Rc::new(next))),
    ])))
}

pub(super) fn replace(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let (pattern, replacement) = (arguments.next(), arguments.next());
    let most = limit(arguments.next(), "replace", "D3011", "Fourth")?;
    let regex = match &pattern {
        Val::Text(token) if token.is_empty() => {
            let reason = "Second argument of replace function cannot be an empty string";
            return Err(Fault::new("D3010", reason));
        }
        Val::Text(token) => {
            let Val::Text(replacement) = &replacement else { return Err(bad_replacement(&replacement)) };
            return Ok(Val::text(text.replacen(&**token, replacement, most)));
        }
        Val::Regex(regex) => regex,
        Val::Undefined => return Ok(Val::Undefined),
        _ => return Err(custom_matcher()),
    };
    let mut out = String::new();
    let mut last = 0;
    for captures in regex.captures_iter(&text).take(most) {
        let Some(whole) = captures.get(0) else { continue };
        if whole.is_empty() {
            let reason = format!("Regular expression matches zero length string: {}", regex.as_str());
            return Err(Fault::new("D1004", reason));
        }
        out.push_str(text.get(last..whole.start()).unwrap_or_default());
        last = whole.end();
        match &replacement {
            Val::Text(template) => expand(template, &captures, &mut out),
            Val::Function(_) => {
                let argument = Val::object(found(&captures, &text));
                match machine.invoke(&replacement, vec![argument], &arguments.context, "")? {
                    Val::Text(text) => out.push_str(&text),
                    other => return Err(bad_replacement(&other)),
                }
            }
            other => return Err(bad_replacement(other)),
        }
        machine.charge(out.len() / 16)?;
    }
    out.push_str(text.get(last..).unwrap_or_default());
    Ok(Val::text(out))
}

fn bad_replacement(value: &Val) -> Fault {
    Fault::new("D3012", format!("Attempted to replace a matched string with a non-string value: {}", shown(value)))
}

/// `$1` is a group, `$0` the match, `$$` a dollar sign.
fn expand(template: &str, captures: &Captures<'_>, out: &mut String) {
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('$') {
        out.push_str(before);
        rest = after;
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        // The longest number that is a group; one digit always counts.
        let longest = (1..=digits.min(3)).rev().find_map(|length| {
            let group: usize = rest.get(..length)?.parse().ok()?;
            (length == 1 || group < captures.len()).then_some((length, group))
        });
        match longest {
            Some((length, group)) => {
                out.push_str(captures.get(group).map_or("", |group| group.as_str()));
                rest = rest.get(length..).unwrap_or_default();
            }
            None => out.push('$'),
        }
    }
    out.push_str(rest);
}

pub(super) fn base64_encode(_: &mut Machine<'_>, arguments: Arguments) -> Result<Val, Fault> {
    on_text(arguments, |text| STANDARD.encode(text))
}

pub(super) fn base64_decode(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let bytes = STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    bytes.map(Val::text).ok_or_else(|| Fault::new("D3137", "The argument of base64decode is not Base64 of text"))
}

fn encoded(text: &str, kept: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        let c = char::from(byte);
        if c.is_ascii_alphanumeric() || kept.contains(c) {
            out.push(c);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

pub(super) fn encode_url_component(_: &mut Machine<'_>, arguments: Arguments) -> Result<Val, Fault> {
    on_text(arguments, |text| encoded(text, "-_.!~*'()"))
}

pub(super) fn encode_url(_: &mut Machine<'_>, arguments: Arguments) -> Result<Val, Fault> {
    on_text(arguments, |text| encoded(text, "-_.!~*'();/?:@&=+$,#"))
}

pub(super) fn decode_url(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(text) = arguments.text() else { return Ok(Val::Undefined) };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    let malformed = || Fault::new("D3140", format!("Malformed URL passed to function: \"{text}\""));
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16)).ok_or_else(malformed);
        let code = digit()? * 16 + digit()?;
        bytes.push(u8::try_from(code).unwrap_or_default());
    }
    String::from_utf8(bytes).map(Val::text).map_err(|_| malformed())
}
