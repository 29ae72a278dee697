//! Words for types, units and references.

use crate::fields::note::Notes;
use crate::lexicon::Lexicon;
use maestro_artifacts::{FieldKind, TextFormat};

/// Words for types.
pub(crate) const TYPES: &[(&str, &str)] = &[
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
    ("dec", "decimal"),
    ("float", "decimal"),
    ("floating point", "decimal"),
    ("double", "decimal"),
    ("numeric", "decimal"),
    ("number", "number"),
    ("percentage", "percent"),
    ("per cent", "percent"),
    ("percent", "percent"),
    ("real number", "decimal"),
    ("amount of money", "money"),
    ("monetary amount", "money"),
    ("monetary value", "money"),
    ("money value", "money"),
    ("amount in euros", "money"),
    ("amount in dollars", "money"),
    ("amount in pounds", "money"),
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
    ("date and time of day", "datetime"),
    ("date with time of day", "datetime"),
    ("date with a time of day", "datetime"),
    ("date with a time", "datetime"),
    ("date with time", "datetime"),
    ("date including time", "datetime"),
    ("date including the time", "datetime"),
    ("date and time", "datetime"),
    ("date-time", "datetime"),
    ("date/time", "datetime"),
    ("date time", "datetime"),
    ("date & time", "datetime"),
    ("datetime", "datetime"),
    ("timestamp", "datetime"),
    ("time of day", "time"),
    ("clock time", "time"),
    ("time", "time"),
    ("moment", "datetime"),
    ("calendar date", "date"),
    ("dates", "date"),
    ("texts", "text"),
    ("dates and times", "datetime"),
    ("date", "date"),
    ("day", "date"),
    ("yes/no", "boolean"),
    ("yes / no", "boolean"),
    ("y/n", "boolean"),
    ("yes or no", "boolean"),
    ("true/false", "boolean"),
    ("true or false", "boolean"),
    ("boolean", "boolean"),
    ("bool", "boolean"),
    ("yes/no field", "boolean"),
    ("yes / no field", "boolean"),
    ("yes/no value", "boolean"),
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

/// A time of day is a text such as 09:30: times of the day compare like texts.
const TIME_OF_DAY: &str = "([01][0-9]|2[0-3]):[0-5][0-9]";

pub(crate) fn set_type(kind: &str, notes: &mut Notes) {
    let text = FieldKind::Text { long: false };
    if kind == "time" && notes.kind.is_none() {
        notes.pattern = Some(TIME_OF_DAY.to_owned());
    }
    if kind == "percent" {
        notes.units.push("%".to_owned());
    }
    notes.number = kind == "number" && notes.kind.is_none();
    let (kind, format) = match kind {
        "long" => (FieldKind::Text { long: true }, None),
        "integer" => (FieldKind::Integer, None),
        "decimal" | "percent" => (FieldKind::Decimal, None),
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
    // "A finish time in minutes (decimal)": what is said weighs more than what the unit suggests.
    let by_unit = kind == FieldKind::Decimal && notes.kind == Some(FieldKind::Integer) && !notes.units.is_empty();
    if notes.kind.is_none() || matches!(notes.kind, Some(FieldKind::Decimal)) || by_unit {
        notes.kind = Some(kind);
    }
    if format.is_some() {
        notes.format = format;
    }
}

/// Words in front of the kind of record that a field refers to; nothing else begins so.
const POINTING: &[&str] = &[
    "foreign key to ",
    "foreign key ",
    "reference to ",
    "references ",
    "refers to ",
    "ref to ",
    "ref. ",
    "ref ",
    "fk to ",
    "fk ",
    "-> ",
    "→ ",
    "=> ",
    "points to ",
    "pointer to ",
    "belongs to ",
    "id of ",
    "reference: ",
    "reference ",
    "relation to ",
    "lookup ",
    "fk: ",
    "fk:",
    "ref:",
    "many-to-one ",
    "n:1 ",
    "link to ",
    "links to ",
    "linked to ",
];

/// What a link that is no reference leads to.
const WEB: &[&str] = &[
    "page", "site", "website", "homepage", "url", "web", "photo", "picture", "image", "video", "map", "pdf", "file",
    "document", "folder", "drive",
];

/// "Link to the map", "a link to a photo": an address on the web.
pub(crate) fn on_the_web(lower: &str) -> bool {
    let to = ["link to ", "links to ", "linked to "].iter().find_map(|lead| lower.strip_prefix(lead));
    to.is_some_and(|to| to.split([' ', '-']).any(|word| WEB.contains(&crate::words::singular(word).as_str())))
}

/// Whether a note points to a record, known or not.
pub(super) fn points(lower: &str) -> bool {
    POINTING.iter().any(|lead| lower.starts_with(lead))
}

/// Whether a note asks for more than one value in a field: a list of texts, many records.
pub(super) fn several(lower: &str, lexicon: &Lexicon) -> bool {
    const MANY: &[&str] = &["list of ", "array of ", "set of ", "multiple ", "several ", "collection of ", "many "];
    let Some(of) = MANY.iter().find_map(|lead| lower.strip_prefix(lead)) else {
        return lower.ends_with("[]") || lower == "array" || lower == "comma-separated" || lower == "tags";
    };
    let one = crate::lexicon::one_of(of);
    lexicon.find(of).is_some() || TYPES.iter().any(|(word, _)| *word == one) || !lower.starts_with("list of ")
}

/// `reference to member`, `member reference`, `-> member`, `link to a member`, `member`, `the member`.
pub(super) fn reference(lower: &str, lexicon: &Lexicon) -> Option<String> {
    let mut name = lower;
    let leads = || POINTING.iter().chain(&["one "]);
    // `FK -> member` has two of them.
    while let Some(rest) = leads().find_map(|lead| name.strip_prefix(lead)) {
        name = rest;
    }
    for article in ["a ", "an ", "the ", "one ", "exactly one ", "existing ", "an existing ", "one of the "] {
        name = name.strip_prefix(article).unwrap_or(name);
    }
    // "Service record" may be what they are called.
    if let Some(whole) = lexicon.find(name.trim()) {
        return Some(whole.key.clone());
    }
    for tail in [" reference", " record", " id", " link", " ref", " fk", ".id", " entity"] {
        name = name.strip_suffix(tail).unwrap_or(name);
    }
    lexicon.find(name.trim()).map(|entity| entity.key.clone())
}

const UNIT_WORDS: &[(&str, &str)] = &[
    ("money", "money"),
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
    ("kw", "decimal"),
    ("kwh", "decimal"),
    ("wh", "decimal"),
    ("watts", "decimal"),
    ("kilowatts", "decimal"),
    ("kilowatt hours", "decimal"),
    ("volts", "decimal"),
    ("amps", "decimal"),
    ("amperes", "decimal"),
    ("bar", "decimal"),
    ("db", "decimal"),
    ("hz", "decimal"),
    ("hertz", "decimal"),
    ("kilohertz", "decimal"),
    ("decibels", "decimal"),
    ("knots", "decimal"),
    ("kilometers", "decimal"),
    ("centimeters", "decimal"),
    ("millimeters", "decimal"),
    ("milligrams", "decimal"),
    ("ppm", "decimal"),
    ("lux", "decimal"),
    ("rpm", "decimal"),
    ("hectares", "decimal"),
    ("acres", "decimal"),
    ("feet", "decimal"),
    ("inches", "decimal"),
    ("miles", "decimal"),
    ("mph", "decimal"),
    ("km/h", "decimal"),
    ("lbs", "decimal"),
    ("lb", "decimal"),
    ("ounces", "decimal"),
    ("gallons", "decimal"),
    ("tons", "decimal"),
    ("t", "decimal"),
    ("millilitres", "decimal"),
    ("milliliters", "decimal"),
    ("micrograms", "decimal"),
    ("milligrams", "decimal"),
    ("degrees fahrenheit", "decimal"),
    ("°f", "decimal"),
    ("persons", "integer"),
    ("people", "integer"),
    ("pieces", "integer"),
    ("pages", "integer"),
    ("cents", "integer"),
    ("mb", "decimal"),
    ("gb", "decimal"),
    ("tb", "decimal"),
];

/// A unit says what kind of number a field is.
pub(crate) fn unit(lower: &str, notes: &mut Notes) -> bool {
    let bare = lower.trim_start_matches("in ").trim_start_matches("full ").trim_start_matches("whole ");
    // "In whole kilometres"
    let whole = ["in whole ", "whole ", "in full ", "full "].iter().any(|lead| lower.starts_with(lead));
    let bare = bare.split(" per ").next().unwrap_or(bare);
    let Some((word, kind)) = UNIT_WORDS.iter().find(|(word, _)| *word == bare) else { return false };
    notes.units.push((*word).to_owned());
    if notes.kind.is_none() {
        set_type(if whole && *kind == "decimal" { "integer" } else { kind }, notes);
    } else if *kind == "money" && matches!(notes.kind, Some(FieldKind::Decimal)) {
        notes.kind = Some(FieldKind::Money);
    }
    true
}

/// Whether a note behind a number is short enough to be a sign for a unit that nobody need know, and none that says something
/// of the field.
pub(super) fn short_unit(segment: &str) -> bool {
    const OTHERS: &[&str] = &[
        "auto", "pk", "fk", "key", "even", "odd", "prime", "calc", "comp", "sum", "avg", "opt", "idx", "index", "now",
        "asc", "desc", "pos", "neg", "abs", "max", "min", "none", "null", "yes", "no", "any", "all", "each", "year",
        "month", "day", "list", "many", "ref", "link", "id", "ids", "fixed", "open", "new", "same", "tbd", "todo",
        "etc", "see", "const", "once", "only", "not", "and", "or", "to", "of", "if", "is", "be", "as", "by", "per",
        "read", "auto-", "serial",
    ];
    let lower = segment.to_lowercase();
    let sign = |c: char| c.is_alphabetic() || matches!(c, '°' | '%' | '‰' | '²' | '³' | '/' | '·' | 'µ' | '"' | '\'');
    let letters = segment.chars().filter(|c| c.is_alphabetic()).count();
    let shaped = (1..=6).contains(&segment.chars().count()) && segment.chars().all(sign);
    // A word of four letters or more is a word, unless it is written as no word is: "kVAr", "°Brix".
    let word = letters > 3 && segment.chars().all(|c| c.is_ascii_lowercase());
    shaped && !word && letters > 0 && !OTHERS.contains(&lower.as_str())
}
