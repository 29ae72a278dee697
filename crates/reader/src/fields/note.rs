//! The notes behind a field's name: `text, required, max 80 characters`.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{self, Lexicon};
use crate::normal;
use crate::scope::FieldRef;
use crate::token::{Token, tokens};
use maestro_artifacts::{FieldKind, RuleKind, TextFormat};
use serde_json::Value;

/// What notes say of a field.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Notes {
    pub(crate) kind: Option<FieldKind>,
    pub(crate) format: Option<TextFormat>,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) unique: bool,
    pub(crate) read_only: bool,
    pub(crate) default: Option<String>,
    pub(crate) units: Vec<String>,
    /// Other names under which the epic may speak of the field.
    pub(crate) aliases: Vec<String>,
    /// Parts that are read as `<field> must be <part>`.
    pub(crate) segments: Vec<String>,
}

/// Words for types.
const TYPES: &[(&str, &str)] = &[
    ("multi-line text", "long"),
    ("multiline text", "long"),
    ("long text", "long"),
    ("free text", "long"),
    ("text area", "long"),
    ("textarea", "long"),
    ("paragraph", "long"),
    ("short text", "text"),
    ("single-line text", "text"),
    ("text", "text"),
    ("string", "text"),
    ("varchar", "text"),
    ("characters", "text"),
    ("str", "text"),
    ("whole number", "integer"),
    ("natural number", "integer"),
    ("integer number", "integer"),
    ("integer", "integer"),
    ("int", "integer"),
    ("count", "integer"),
    ("year", "integer"),
    ("decimal number", "decimal"),
    ("decimal", "decimal"),
    ("float", "decimal"),
    ("floating point", "decimal"),
    ("double", "decimal"),
    ("numeric", "decimal"),
    ("number", "number"),
    ("percentage", "decimal"),
    ("percent", "decimal"),
    ("real number", "decimal"),
    ("amount of money", "money"),
    ("monetary amount", "money"),
    ("money amount", "money"),
    ("money", "money"),
    ("currency", "money"),
    ("amount", "money"),
    ("price", "money"),
    ("euros", "money"),
    ("euro", "money"),
    ("eur", "money"),
    ("usd", "money"),
    ("dollars", "money"),
    ("gbp", "money"),
    ("pounds", "money"),
    ("date and time", "datetime"),
    ("date-time", "datetime"),
    ("date/time", "datetime"),
    ("date time", "datetime"),
    ("date & time", "datetime"),
    ("datetime", "datetime"),
    ("timestamp", "datetime"),
    ("time", "datetime"),
    ("moment", "datetime"),
    ("calendar date", "date"),
    ("date", "date"),
    ("day", "date"),
    ("yes/no", "boolean"),
    ("yes / no", "boolean"),
    ("yes or no", "boolean"),
    ("true/false", "boolean"),
    ("true or false", "boolean"),
    ("boolean", "boolean"),
    ("bool", "boolean"),
    ("flag", "boolean"),
    ("checkbox", "boolean"),
    ("tick box", "boolean"),
    ("e-mail address", "email"),
    ("email address", "email"),
    ("e-mail", "email"),
    ("email", "email"),
    ("web address", "url"),
    ("url", "url"),
    ("link", "url"),
    ("website", "url"),
    ("phone number", "phone"),
    ("telephone number", "phone"),
    ("telephone", "phone"),
    ("phone", "phone"),
    ("enumeration", "enum"),
    ("enum", "enum"),
    ("choice", "enum"),
    ("select", "enum"),
    ("dropdown", "enum"),
    ("selection", "enum"),
    ("option", "enum"),
    ("list", "enum"),
    ("pick list", "enum"),
    ("picklist", "enum"),
    ("status", "enum"),
    ("state", "enum"),
    ("workflow status", "enum"),
    ("workflow", "enum"),
    ("single choice", "enum"),
    ("workflow state", "enum"),
];

/// Reads a note.
pub(crate) fn read(note: &str, lexicon: &Lexicon, notes: &mut Notes) {
    if let Some(quoted) = crate::fields::prose::quote_pattern(note) {
        return read(&quoted, lexicon, notes);
    }
    // "category (travel, hotel, meals or other)": names joined by `or` are values.
    let listed = split_values(note);
    let plain = |value: &String| {
        let mut trial = Notes::default();
        value.split(' ').count() <= 3
            && value.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
            && one(value, lexicon, &mut trial).as_ref() == Some(value)
            && !demands(value, lexicon)
    };
    if note.contains(" or ") && listed.len() >= 2 && listed.iter().all(plain) && !note.contains(" of ") {
        set_values(listed, notes);
        return;
    }
    // "state (ok, broken, scrapped)": at least three plain words are values, nothing else reads so.
    if notes.kind.is_none()
        && listed.len() >= 3
        && !note.contains([';', '/', '|', '(', '.'])
        && listed.iter().all(|value| plain(value) && value.split(' ').count() <= 2 && !is_flag(value))
    {
        set_values(listed, notes);
        return;
    }
    let mut queue = segments(note);
    queue.reverse();
    while let Some(segment) = queue.pop() {
        if let Some(mut values) = opens_values(&segment) {
            // The list goes on over the commas until something that is clearly no value.
            while let Some(next) = queue.last() {
                if !is_value(next, lexicon) {
                    break;
                }
                values.extend(split_values(next));
                queue.pop();
            }
            set_values(values, notes);
            continue;
        }
        if let Some(rest) = one(&segment, lexicon, notes) {
            if rest.is_empty() {
                continue;
            }
            if opens_values(&rest).is_some() || rest != segment {
                queue.push(rest);
            } else {
                notes.segments.push(rest);
            }
        }
    }
}

/// Parts at `,`, `;`, `.` and parentheses.
fn segments(note: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut quote = false;
    let mut chars = note.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let next = chars.peek().copied().unwrap_or(' ');
        if matches!(c, '"' | '“' | '”' | '`') {
            quote = !quote;
        }
        let number = before.is_ascii_digit() && next.is_ascii_digit();
        let breaks = !quote
            && (matches!(c, ';' | '(' | ')' | '\n' | '[' | ']')
                || (c == ',' && !number)
                || (c == '.' && next == ' ' && !abbreviated(out.last().map_or("", String::as_str)))
                || (matches!(c, '–' | '—') && before == ' ' && next == ' '));
        if breaks {
            out.push(String::new());
        } else if let Some(last) = out.last_mut() {
            last.push(c);
        }
        before = c;
    }
    out.into_iter()
        .map(|part| part.trim().trim_end_matches('.').trim().to_owned())
        .filter(|part| !part.is_empty())
        .collect()
}

/// Whether a full stop behind this ends an abbreviation rather than a sentence.
fn abbreviated(before: &str) -> bool {
    let word = before.rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
    ["e.g", "i.e", "approx", "ca", "incl", "excl", "min", "max", "no", "resp", "vs"].contains(&word.as_str())
}

/// What follows an example: `e.g. "B-01" pattern ...` goes on with the pattern, `e.g. B-01` ends.
fn behind_example(segment: &str) -> Option<&str> {
    let lower = segment.to_lowercase();
    let lead = ["e.g.", "e.g", "eg.", "for example", "for instance", "such as", "example:", "like "]
        .iter()
        .find(|lead| lower.starts_with(*lead))?;
    let go_on = [" pattern ", " pattern: ", " regex ", " regex: ", " format ", " must ", " matches ", " matching "];
    let at = go_on.iter().filter_map(|word| lower.find(word)).filter(|at| *at >= lead.len()).min();
    at.map_or(Some(""), |at| segment.get(at..).map(str::trim))
}

const OPENERS: &[&str] = &[
    "one of the following",
    "exactly one of",
    "one of",
    "either",
    "choice of",
    "choice between",
    "enum of",
    "enum",
    "values",
    "allowed values",
    "possible values",
    "options",
    "choose from",
    "any of",
    "selected from",
    "choice",
    "states",
    "list of",
    "statuses",
];

/// The values that a segment begins to list: `one of draft`, `draft / sent / paid`, `low|medium|high`, `draft → sent`.
fn opens_values(segment: &str) -> Option<Vec<String>> {
    let lower = segment.to_lowercase();
    for opener in OPENERS {
        if let Some(rest) = lower.strip_prefix(opener)
            && (rest.starts_with([' ', ':']))
        {
            let rest = segment.get(opener.len()..)?.trim_start_matches([' ', ':', '=']);
            if rest.is_empty() || (*opener == "list of" && rest.split(' ').count() > 3) {
                return None;
            }
            return Some(split_values(rest));
        }
    }
    let slashes = segment.split(['|', '/']).map(str::trim).collect::<Vec<_>>();
    let plain = slashes.len() >= 2
        && slashes
            .iter()
            .all(|part| !part.is_empty() && part.split(' ').count() <= 3 && part.chars().any(char::is_alphabetic));
    let type_word =
        TYPES.iter().any(|(word, _)| *word == lower) || lower.starts_with("http") || lower.contains("and/or");
    (plain && !type_word && !lower.contains(" per ")).then(|| slashes.iter().map(|part| unquoted(part)).collect())
}

/// Values separated by `or`, `and`, `/`, `|`, `,`.
pub(crate) fn split_values(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    for part in text.split([',', '|', '/', ';']) {
        let mut rest = part.trim();
        for lead in ["or ", "and "] {
            rest = rest.strip_prefix(lead).unwrap_or(rest).trim();
        }
        let mut pieces = vec![rest.to_owned()];
        for word in [" or ", " and "] {
            pieces = pieces.iter().flat_map(|piece| piece.split(word).map(str::to_owned).collect::<Vec<_>>()).collect();
        }
        out.extend(pieces.iter().map(|piece| unquoted(piece)).filter(|piece| !piece.is_empty()));
    }
    out
}

fn unquoted(text: &str) -> String {
    text.trim().trim_matches(['"', '“', '”', '`', '\'', '‘', '’', '.', ':', '*']).trim().to_owned()
}

fn is_value(segment: &str, lexicon: &Lexicon) -> bool {
    let mut trial = Notes::default();
    let lower = segment.to_lowercase();
    let flag = [
        "required",
        "optional",
        "unique",
        "mandatory",
        "default",
        "read-only",
        "initially",
        "not ",
        "min",
        "max",
        "starts",
        "must",
        "new ",
        "at least",
        "at most",
        "only",
        "see ",
        "as ",
    ]
    .iter()
    .any(|word| lower.starts_with(word));
    let words = segment.split(' ').count();
    !flag
        && words <= 6
        && !(one(segment, lexicon, &mut trial).is_some_and(|rest| rest.is_empty())
            && trial.kind.is_some()
            && words == 1
            && TYPES.iter().any(|(word, _)| {
                *word == lower && *word != "list" && *word != "option" && *word != "count" && *word != "number"
            }))
}

/// Whether a word says something of a field rather than being a value: a type with words around it, a known name.
fn is_flag(value: &str) -> bool {
    let lower = value.to_lowercase();
    lower.starts_with("as ") || lower.starts_with("see ") || lower.starts_with("for ") || lower.ends_with(" only")
}

fn set_values(values: Vec<String>, notes: &mut Notes) {
    let mut clean: Vec<String> = Vec::new();
    for value in values {
        // `draft = not yet sent`, `draft (initial)`: the value is what stands first.
        let value = value.split(" = ").next().unwrap_or_default().trim().to_owned();
        if !value.is_empty() && !clean.contains(&value) {
            clean.push(value);
        }
    }
    notes.kind = Some(FieldKind::Enum { values: clean });
}

/// Takes from a segment what is known at its beginning; the rest comes back, all of it when nothing is known.
fn one(segment: &str, lexicon: &Lexicon, notes: &mut Notes) -> Option<String> {
    let lower = segment.to_lowercase().replace(['’', '‘'], "'");
    let lower = lower.trim();
    let done = Some(String::new());
    match lower {
        "" | "see below" | "workflow" | "etc" | "free" | "as below" | "n/a" | "none" | "–" | "-" | "no" | "any" => {
            return done;
        }
        "required" | "mandatory" | "not null" | "not empty" | "must be given" | "compulsory" | "obligatory"
        | "must not be empty" | "is required" | "always given" | "non-empty" | "not blank" | "req"
        | "must be present" => {
            notes.required = true;
            return done;
        }
        "optional" | "not required" | "may be empty" | "can be empty" | "may be blank" | "if any" | "nullable"
        | "can be left empty" | "may be left empty" | "is optional" | "if known" | "opt" | "not mandatory" => {
            notes.optional = true;
            return done;
        }
        "unique" | "is unique" | "must be unique" | "no duplicates" | "unique value" => {
            notes.unique = true;
            return done;
        }
        "read-only" | "read only" | "readonly" => {
            notes.read_only = true;
            return done;
        }
        _ => {}
    }
    for lead in ["also called ", "also known as ", "called ", "known as ", "aka "] {
        if let Some(rest) = lower.strip_prefix(lead) {
            notes.aliases.push(unquoted(rest));
            return done;
        }
    }
    if let Some(rest) = behind_example(segment) {
        return Some(rest.to_owned());
    }
    for lead in [
        "defaults to ",
        "default: ",
        "default is ",
        "default = ",
        "default value ",
        "default ",
        "initially ",
        "by default ",
    ] {
        if let Some(rest) = lower.strip_prefix(lead) {
            let rest = segment.get(segment.len() - rest.len()..).unwrap_or(rest);
            notes.default = Some(unquoted(rest));
            return done;
        }
    }
    if let Some(rest) = lower.strip_suffix(" by default").or_else(|| lower.strip_suffix(" (default)")) {
        notes.default = Some(unquoted(segment.get(..rest.len()).unwrap_or(rest)));
        return done;
    }
    if let Some(target) = reference(lower, lexicon) {
        notes.kind = Some(FieldKind::Reference { entity: target });
        return done;
    }
    for (lead, flag) in [
        ("required ", 0),
        ("mandatory ", 0),
        ("optional ", 1),
        ("unique ", 2),
        ("a ", 3),
        ("an ", 3),
        ("the ", 3),
        ("and ", 3),
        ("type ", 3),
        ("type: ", 3),
        ("is a ", 3),
        ("is an ", 3),
        ("is ", 3),
    ] {
        if let Some(rest) = lower.strip_prefix(lead)
            && !(flag == 2
                && rest.starts_with(['p', 'w', 'i', 'f', 'a', 't', 'o'])
                && !TYPES.iter().any(|(word, _)| rest.starts_with(word)))
            && !(flag == 0
                && (rest.starts_with("if")
                    || rest.starts_with("when")
                    || rest.starts_with("on")
                    || rest.starts_with("for")
                    || rest.starts_with("once")
                    || rest.starts_with("unless")))
        {
            match flag {
                0 => notes.required = true,
                1 => notes.optional = true,
                2 => notes.unique = true,
                _ => {}
            }
            return Some(segment.get(segment.len() - rest.len()..).unwrap_or(rest).to_owned());
        }
    }
    if let Some((word, kind)) = TYPES
        .iter()
        .filter(|(word, _)| {
            lower.strip_prefix(word).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', ':']))
        })
        .max_by_key(|(word, _)| word.len())
    {
        // "time of arrival" is a description, "date after the start" a type with a rule.
        let rest = lower.get(word.len()..).unwrap_or_default().trim_start_matches([' ', ':']);
        let describes = ["of ", "for ", "when ", "that ", "which ", "the ", "to ", "is ", "on "]
            .iter()
            .any(|start| rest.starts_with(start))
            && *kind != "enum"
            && !rest.starts_with("of money");
        if !describes {
            set_type(kind, notes);
            return Some(segment.get(segment.len() - rest.len()..).unwrap_or(rest).to_owned());
        }
    }
    if unit(lower, notes) {
        return done;
    }
    Some(segment.to_owned())
}

fn set_type(kind: &str, notes: &mut Notes) {
    let text = FieldKind::Text { long: false };
    let (kind, format) = match kind {
        "long" => (FieldKind::Text { long: true }, None),
        "integer" => (FieldKind::Integer, None),
        "decimal" => (FieldKind::Decimal, None),
        "number" => (FieldKind::Decimal, None),
        "money" => (FieldKind::Money, None),
        "date" => (FieldKind::Date, None),
        "datetime" => (FieldKind::DateTime, None),
        "boolean" => (FieldKind::Boolean, None),
        "email" => (text, Some(TextFormat::Email)),
        "url" => (text, Some(TextFormat::Url)),
        "phone" => (text, Some(TextFormat::Phone)),
        "enum" => (FieldKind::Enum { values: Vec::new() }, None),
        _ => (text, None),
    };
    if notes.kind.is_none() || matches!(notes.kind, Some(FieldKind::Decimal)) {
        notes.kind = Some(kind);
    }
    if format.is_some() {
        notes.format = format;
    }
}

/// `reference to member`, `member reference`, `-> member`, `link to a member`, `member`, `the member`.
fn reference(lower: &str, lexicon: &Lexicon) -> Option<String> {
    let mut name = lower;
    for lead in [
        "foreign key to ",
        "foreign key ",
        "reference to ",
        "references ",
        "refers to ",
        "ref to ",
        "ref. ",
        "ref ",
        "link to ",
        "links to ",
        "linked to ",
        "fk to ",
        "fk ",
        "-> ",
        "→ ",
        "points to ",
        "pointer to ",
        "belongs to ",
        "id of ",
        "one ",
        "reference: ",
        "reference ",
        "relation to ",
        "lookup ",
    ] {
        if let Some(rest) = name.strip_prefix(lead) {
            name = rest;
            break;
        }
    }
    for article in ["a ", "an ", "the ", "one ", "exactly one ", "existing ", "an existing ", "one of the "] {
        name = name.strip_prefix(article).unwrap_or(name);
    }
    for tail in [" reference", " record", " id", " link", " ref"] {
        name = name.strip_suffix(tail).unwrap_or(name);
    }
    lexicon.find(name.trim()).map(|entity| entity.key.clone())
}

const UNIT_WORDS: &[(&str, &str)] = &[
    ("euros", "money"),
    ("euro", "money"),
    ("eur", "money"),
    ("€", "money"),
    ("dollars", "money"),
    ("usd", "money"),
    ("$", "money"),
    ("pounds sterling", "money"),
    ("gbp", "money"),
    ("£", "money"),
    ("chf", "money"),
    ("minutes", "integer"),
    ("days", "integer"),
    ("weeks", "integer"),
    ("months", "integer"),
    ("years", "integer"),
    ("nights", "integer"),
    ("seconds", "integer"),
    ("kg", "decimal"),
    ("g", "decimal"),
    ("grams", "decimal"),
    ("kilograms", "decimal"),
    ("tonnes", "decimal"),
    ("m", "decimal"),
    ("cm", "decimal"),
    ("mm", "decimal"),
    ("km", "decimal"),
    ("metres", "decimal"),
    ("meters", "decimal"),
    ("square metres", "decimal"),
    ("square meters", "decimal"),
    ("m²", "decimal"),
    ("m2", "decimal"),
    ("cubic metres", "decimal"),
    ("litres", "decimal"),
    ("liters", "decimal"),
    ("l", "decimal"),
    ("ml", "decimal"),
    ("hours", "decimal"),
    ("h", "decimal"),
    ("%", "decimal"),
    ("percent", "decimal"),
    ("°c", "decimal"),
    ("degrees", "decimal"),
    ("degrees celsius", "decimal"),
    ("mpa", "decimal"),
    ("kilometres", "decimal"),
    ("centimetres", "decimal"),
    ("millimetres", "decimal"),
    ("mg", "decimal"),
    ("n/mm²", "decimal"),
];

/// A unit says what kind of number a field is.
pub(crate) fn unit(lower: &str, notes: &mut Notes) -> bool {
    let bare = lower.trim_start_matches("in ").trim_start_matches("full ").trim_start_matches("whole ");
    let bare = bare.split(" per ").next().unwrap_or(bare);
    let Some((word, kind)) = UNIT_WORDS.iter().find(|(word, _)| *word == bare) else { return false };
    notes.units.push((*word).to_owned());
    if notes.kind.is_none() {
        set_type(kind, notes);
    } else if *kind == "money" && matches!(notes.kind, Some(FieldKind::Decimal)) {
        notes.kind = Some(FieldKind::Money);
    }
    true
}

impl Notes {
    /// The rules that the notes state, once the field is known.
    pub(crate) fn rules(
        &self,
        name: &str,
        entity: &str,
        engine: &Engine<'_>,
        effects: &mut Vec<Effect>,
    ) -> Result<(), String> {
        let Some(named) = engine.lexicon.find(entity) else { return Ok(()) };
        let Some(field) = named.find(name) else { return Ok(()) };
        let at = FieldRef { entity: named.key.clone(), field: field.key.clone() };
        let rule = |effects: &mut Vec<Effect>, rule: RuleKind| effects.push(Effect::Rule(rule));
        effects.push(Effect::has_field(&at.entity, &at.field));
        let FieldRef { entity, field: key } = at.clone();
        if self.required {
            rule(effects, RuleKind::Required { entity: entity.clone(), field: key.clone() });
        }
        if self.unique {
            rule(
                effects,
                RuleKind::Unique {
                    entity: entity.clone(),
                    fields: vec![key.clone()],
                    when: maestro_artifacts::Condition::default(),
                    ignore_case: false,
                },
            );
        }
        let inferred =
            if matches!(field.kind, FieldKind::Text { .. }) { crate::fields::infer::format(name) } else { None };
        if let Some(format) = self.format.or(if self.kind.is_none() { inferred } else { None }) {
            rule(effects, RuleKind::Format { entity: entity.clone(), field: key.clone(), format });
        }
        if let Some(default) = &self.default {
            let is_state = named.flow.field.as_deref() == Some(key.as_str());
            let value = constant(default, &field.kind).ok_or_else(|| format!("default {default}"))?;
            if let (true, Value::String(state)) = (is_state, &value) {
                effects.push(Effect::Initial { entity: entity.clone(), state: state.clone() });
            }
            rule(effects, RuleKind::Default { entity: entity.clone(), field: key.clone(), value });
        }
        let mut gap = None;
        for segment in &self.segments {
            match engine.of_field(&at, segment) {
                Some(more) => effects.extend(more),
                None if demands(segment, engine.lexicon) => gap = gap.or(Some(segment.clone())),
                // "as printed on the label": a description, it demands nothing.
                None => {}
            }
        }
        gap.map_or(Ok(()), Err)
    }
}

/// Whether a note that no pattern knows asks for something, rather than describes.
fn demands(segment: &str, lexicon: &Lexicon) -> bool {
    let words = normal::normalise(segment, lexicon);
    const ASKING: &[&str] = &[
        "must",
        "mustnot",
        "mayonly",
        "only",
        "unique",
        "required",
        "not",
        ">=",
        "<=",
        ">",
        "<",
        "=",
        "between",
        "if",
        "unless",
        "onlyif",
        "no",
        "calculated",
        "computed",
        "format",
        "pattern",
        "setto",
        "set",
        "sum",
        "numberof",
        "*",
        "per",
        "mandatory",
        "generated",
        "encrypted",
        "default",
        "valid",
        "past",
        "future",
        "today",
    ];
    words.iter().any(|token: &Token| ASKING.contains(&token.word.as_str()) || token.is_number())
        && !segment.to_lowercase().starts_with("e.g")
        && !segment.to_lowercase().starts_with("for example")
        && !segment.to_lowercase().starts_with("such as")
        && !segment.to_lowercase().starts_with("like ")
}

/// A constant as it looks in JSON for a field of this type.
pub(crate) fn constant(text: &str, kind: &FieldKind) -> Option<Value> {
    let text = unquoted(text);
    let lower = text.to_lowercase();
    let number = || {
        tokens(&text)
            .iter()
            .find(|token| token.is_number() || token.word.contains(','))
            .map(|token| token.word.replace(',', ""))
    };
    Some(match kind {
        FieldKind::Integer => Value::from(number()?.parse::<i64>().ok()?),
        FieldKind::Decimal => serde_json::from_str::<Value>(&number()?).ok().filter(Value::is_number)?,
        FieldKind::Money => Value::from(money(&number()?)?),
        FieldKind::Boolean => match lower.as_str() {
            "yes" | "true" | "on" | "checked" | "ticked" => Value::Bool(true),
            "no" | "false" | "off" | "unchecked" => Value::Bool(false),
            _ => return None,
        },
        FieldKind::Date | FieldKind::DateTime => {
            match lower.trim_start_matches("the ").trim_start_matches("current ") {
                "today" | "date" | "day" | "today's date" | "current date" | "creation date" | "date of creation"
                | "day of creation" => Value::from("today"),
                "now" | "time" | "date and time" | "moment" | "time of creation" => Value::from("now"),
                date if crate::scope::is_date(date) => Value::from(date),
                _ => return None,
            }
        }
        FieldKind::Enum { values } => {
            let words = lexicon::name_words(&text);
            Value::from(values.iter().find(|value| lexicon::name_words(value) == words)?.as_str())
        }
        FieldKind::Text { .. } => Value::from(text),
        FieldKind::Reference { .. } => return None,
    })
}

/// `12` and `12.5` as the decimal strings `12.00` and `12.50`.
pub(crate) fn money(number: &str) -> Option<String> {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |rest| ("-", rest));
    let (whole, cents) = digits.split_once('.').unwrap_or((digits, ""));
    if whole.is_empty() || cents.len() > 2 || !whole.chars().chain(cents.chars()).all(|c| c.is_ascii_digit()) {
        return None;
    }
    Some(format!("{sign}{whole}.{cents:0<2}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notes(text: &str) -> Notes {
        let mut notes = Notes::default();
        read(text, &Lexicon::default(), &mut notes);
        notes
    }

    #[test]
    fn types_flags_and_values() {
        let read = notes("text, required, max 80 characters");
        assert_eq!(
            (read.kind, read.required, read.segments),
            (Some(FieldKind::Text { long: false }), true, vec!["max 80 characters".to_owned()])
        );
        let read = notes("one of draft, sent, paid; default draft");
        assert_eq!(read.kind, Some(FieldKind::Enum { values: vec!["draft".into(), "sent".into(), "paid".into()] }));
        assert_eq!(read.default.as_deref(), Some("draft"));
        assert_eq!(notes("decimal, kg, at least 0.1").segments, ["at least 0.1"]);
        assert_eq!(notes("e-mail, unique").format, Some(TextFormat::Email));
        assert_eq!(
            notes("low / medium / high").kind,
            Some(FieldKind::Enum { values: vec!["low".into(), "medium".into(), "high".into()] })
        );
        assert_eq!(notes("yes/no, default no").kind, Some(FieldKind::Boolean));
        assert_eq!(notes("integer 1-5").segments, ["1-5"]);
    }

    #[test]
    fn money_has_two_places() {
        assert_eq!(money("5").as_deref(), Some("5.00"));
        assert_eq!(money("-0.5").as_deref(), Some("-0.50"));
        assert_eq!(money("1.234"), None);
    }
}
