//! The type that a field's name suggests where the epic states none.

use crate::lexicon::{Lexicon, name_words};
use maestro_artifacts::{FieldKind, TextFormat};

const DATE: &[&str] =
    &["date", "day", "birthday", "deadline", "on", "dob", "expiry", "until", "since", "arrival", "departure"];
const DATE_TIME: &[&str] = &["time", "at", "timestamp", "datetime", "moment", "start", "end", "begin"];
const MONEY: &[&str] = &[
    "price",
    "amount",
    "cost",
    "fee",
    "deposit",
    "fine",
    "salary",
    "budget",
    "charge",
    "balance",
    "payment",
    "rent",
    "premium",
    "wage",
    "expense",
    "tariff",
    "surcharge",
    "discount",
    "refund",
    "donation",
];
const INTEGER: &[&str] = &[
    "count",
    "quantity",
    "qty",
    "capacity",
    "numberof",
    "year",
    "age",
    "stock",
    "copy",
    "seat",
    "score",
    "rating",
    "quota",
    "minute",
    "headcount",
    "floor",
    "piece",
];
const DECIMAL: &[&str] = &[
    "weight",
    "height",
    "width",
    "length",
    "volume",
    "area",
    "temperature",
    "percentage",
    "latitude",
    "longitude",
    "hour",
    "distance",
    "humidity",
    "depth",
    "diameter",
    "mass",
    "mileage",
    "size",
    "strength",
    "dosage",
    "ratio",
    "rate",
];
const BOOLEAN: &[&str] = &["active", "enabled", "archived"];
/// "A consent flag"; a flag alone may be that of a ship.
const FLAGS: &[&str] = &["flag", "checkbox", "indicator"];
const LONG: &[&str] = &[
    "description",
    "note",
    "comment",
    "remark",
    "reason",
    "summary",
    "explanation",
    "instruction",
    "detail",
    "text",
    "finding",
    "diagnosis",
    "justification",
];

/// The type of a field of this name in this entity.
pub(crate) fn kind(name: &str, entity: &str, lexicon: &Lexicon) -> FieldKind {
    if let Some(name) = crate::whose::bare(name) {
        return kind(name, entity, lexicon);
    }
    let words = name_words(name);
    // `maximum participants` counts participants, it is none of them.
    let lower = name.to_lowercase();
    let counts = words.len() > 1
        && ["maximum", "minimum", "max", "min", "number", "total", "expected", "allowed"]
            .contains(&words.first().map_or("", String::as_str));
    let many = lower.split(' ').next_back().is_some_and(|last| crate::words::singular(last) != last);
    if counts && many {
        return FieldKind::Integer;
    }
    // "a co-tenant", "a sub-tenant" is a tenant.
    if let Some(of) = ["co-", "sub-", "vice-"].iter().find_map(|lead| lower.strip_prefix(lead))
        && let Some(target) =
            lexicon.find(of).filter(|target| lexicon.find(entity).is_none_or(|own| own.key != target.key))
    {
        return FieldKind::Reference { entity: target.key.clone() };
    }
    if let Some(target) = target(&words, entity, lexicon).filter(|_| !(many && words.len() > 1)) {
        return FieldKind::Reference { entity: target };
    }
    if let Some(values) = shared_values(&words, entity, lexicon) {
        return FieldKind::Enum { values };
    }
    let has = |list: &[&str], word: &str| list.contains(&word);
    let first = words.first().map_or("", String::as_str);
    // "an estimated number of pieces"
    if words.windows(2).take(3).any(|pair| matches!(pair, [number, of] if number == "number" && of == "of")) {
        return FieldKind::Integer;
    }
    // "parking spaces", "sleeping places"
    if many && words.last().is_some_and(|last| matches!(last.as_str(), "space" | "place" | "seat" | "bed")) {
        return FieldKind::Integer;
    }
    if matches!(first, "is" | "has") && words.len() > 1 {
        return FieldKind::Boolean;
    }
    // "cost per night", "fee for members", "date of birth": the head stands before the preposition.
    let head = words.iter().position(|word| matches!(word.as_str(), "of" | "per" | "for" | "in")).filter(|at| *at > 0);
    let last = head.and_then(|at| words.get(at - 1)).or(words.last()).map_or("", String::as_str);
    // "amount paid"
    let paid = words.len() == 2 && first == "amount";
    // "date joined", "date the cover runs out": what happens then stands behind.
    let dated = head.is_none() && words.len() > 1 && matches!(first, "date" | "day");
    // "time weighed in", "moment received", unlike the time spent
    const LASTS: &[&str] =
        &["spent", "needed", "allowed", "limit", "required", "worked", "estimate", "used", "slot", "zone"];
    let timed = matches!(first, "time" | "moment")
        && words.get(1).is_some_and(|next| !matches!(next.as_str(), "of" | "per" | "for" | "in"))
        && !words.iter().any(|word| LASTS.contains(&word.as_str()));
    // "The seat limit" is a number of seats, "the weight limit" is one of weights.
    let bound = words.len() > 1 && has(&["limit", "maximum", "minimum"], words.last().map_or("", String::as_str));
    let bounded = words.iter().rev().nth(1).map_or("", String::as_str);
    if bound && (has(MONEY, bounded) || has(&["credit", "money"], bounded)) {
        FieldKind::Money
    } else if bound && has(DECIMAL, bounded) {
        FieldKind::Decimal
    } else if bound {
        FieldKind::Integer
    } else if words.len() == 2 && last == "hour" && matches!(first, "opening" | "office" | "business" | "visiting") {
        // "Opening hours" are told in words.
        FieldKind::Text { long: false }
    } else if words.len() > 1
        && last == "rate"
        && matches!(first, "hourly" | "daily" | "nightly" | "weekly" | "monthly")
    {
        FieldKind::Money
    } else if words.len() > 1 && last == "seat" && !many {
        // "A child seat" is one.
        FieldKind::Text { long: false }
    } else if first == "hour" && words.len() > 1 {
        FieldKind::Decimal
    } else if dated {
        FieldKind::Date
    } else if has(LONG, last) {
        FieldKind::Text { long: true }
    } else if paid || has(MONEY, last) {
        FieldKind::Money
    } else if has(DATE, last) {
        FieldKind::Date
    } else if has(DATE_TIME, last) {
        FieldKind::DateTime
    } else if has(INTEGER, last) || last == "point" && (many || words.len() == 1) {
        // "Points" are counted; a meeting point is a place.
        FieldKind::Integer
    } else if has(DECIMAL, last) {
        FieldKind::Decimal
    } else if has(BOOLEAN, last) || words.len() > 1 && has(FLAGS, last) {
        FieldKind::Boolean
    } else if timed {
        FieldKind::DateTime
    } else {
        FieldKind::Text { long: false }
    }
}

/// The values of the field that another kind of record has under this very name: sizes of runs are those of dogs.
fn shared_values(words: &[String], entity: &str, lexicon: &Lexicon) -> Option<Vec<String>> {
    if words.iter().any(|word| crate::lexicon::STATE_WORDS.contains(&word.as_str())) {
        return None;
    }
    let others = lexicon.entities.iter().filter(|other| lexicon.find(entity).is_none_or(|own| own.key != other.key));
    let mut fields = others.flat_map(|other| &other.fields).filter(|field| field.stated && field.words == words);
    match (fields.next().map(|field| &field.kind), fields.next()) {
        (Some(FieldKind::Enum { values }), None) => Some(values.clone()),
        _ => None,
    }
}

/// The form of text that a name suggests.
pub(crate) fn format(name: &str) -> Option<TextFormat> {
    let words = name_words(name);
    let any = |list: &[&str]| words.iter().any(|word| list.contains(&word.as_str()));
    let last = words.last().map_or("", String::as_str);
    if any(&["email"]) {
        Some(TextFormat::Email)
    } else if any(&["phone", "telephone"]) || last == "mobile" {
        Some(TextFormat::Phone)
    } else if matches!(last, "url" | "website" | "homepage") {
        Some(TextFormat::Url)
    } else {
        None
    }
}

/// The entity whose name the field's name is, or ends with.
fn target(words: &[String], entity: &str, lexicon: &Lexicon) -> Option<String> {
    // "revenue per hall" is no hall.
    if words.iter().any(|word| word == "per") {
        return None;
    }
    let mut best: Option<(usize, &str)> = None;
    for other in &lexicon.entities {
        let fits = words == other.words.as_slice()
            || (words.len() > other.words.len() && words.ends_with(&other.words) && other.key != entity);
        if fits && best.is_none_or(|(length, _)| other.words.len() > length) {
            best = Some((other.words.len(), &other.key));
        }
    }
    best.map(|(_, key)| key.to_owned()).or_else(|| by_head(words, entity, lexicon))
}

/// "Job" among the fields of a part, where maintenance jobs are kept and nothing else is called so.
fn by_head(words: &[String], entity: &str, lexicon: &Lexicon) -> Option<String> {
    // What many records have one of, whatever else is called so.
    const ATTRIBUTES: &[&str] = &[
        "type", "kind", "category", "class", "name", "title", "number", "code", "date", "day", "time", "status",
        "state", "level", "grade", "note", "record", "entry", "item", "line", "list", "plan", "period", "reading",
        "result", "rating", "rate", "price", "report", "group", "unit", "size", "value", "point", "place", "address",
        "order",
    ];
    let [head] = words else { return None };
    let named = |named: &&crate::lexicon::Named| named.words.len() > 1 && named.words.last() == Some(head);
    let mut found = lexicon.entities.iter().filter(named);
    let (one, None) = (found.next()?, found.next()) else { return None };
    let own = lexicon.find(entity).is_some_and(|own| own.key == one.key || own.words.contains(head));
    (!own && !ATTRIBUTES.contains(&head.as_str())).then(|| one.key.clone())
}
