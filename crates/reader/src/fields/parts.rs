//! Fields that are told by their parts: `an address (street, postcode, city)`, `a name consisting of first name and last name`.
//! The parts are fields of the record; the brackets list no values of a choice.

use crate::token::{Token, tokens};

/// What has parts, and how they are called.
const WHOLES: &[(&[&str], &[&str])] = &[
    (
        &["address", "location", "place"],
        &[
            "street",
            "street name",
            "street and number",
            "street address",
            "house number",
            "postcode",
            "post code",
            "postal code",
            "zip",
            "zip code",
            "city",
            "town",
            "village",
            "country",
            "county",
            "state",
            "province",
            "region",
            "address line",
            "building",
            "floor",
            "latitude",
            "longitude",
            "p.o. box",
            "po box",
        ],
    ),
    (
        &["name", "names"],
        &[
            "first name",
            "last name",
            "surname",
            "given name",
            "family name",
            "middle name",
            "forename",
            "title",
            "salutation",
            "initials",
        ],
    ),
    (
        &["contact", "contact person", "contact details", "contact data", "person"],
        &[
            "name",
            "phone",
            "phone number",
            "telephone",
            "telephone number",
            "mobile",
            "mobile number",
            "e-mail",
            "email",
            "e-mail address",
            "email address",
            "fax",
        ],
    ),
    (
        &["size", "dimensions", "measurements", "format"],
        &["length", "width", "height", "depth", "diameter", "thickness"],
    ),
    (&["coordinates", "position", "location"], &["latitude", "longitude", "altitude"]),
    (
        &["period", "duration", "time span", "dates", "stay", "term", "validity"],
        &[
            "start date",
            "end date",
            "start",
            "end",
            "start time",
            "end time",
            "from",
            "to",
            "until",
            "first day",
            "last day",
        ],
    ),
    (&["hours", "times"], &["from", "to", "until", "opening time", "closing time", "start", "end"]),
];

/// Words that say something of all of the parts.
const FLAGS: &[&str] = &["required", "mandatory", "optional"];

/// The fields of a whole that brackets tell by its parts, each with what is said of all; `None` where they say something else.
pub(super) fn of(name: &str, notes: &[String]) -> Option<Vec<String>> {
    let [note] = notes else { return None };
    let (whole, own) = owned(name)?;
    let mut parts: Vec<String> = Vec::new();
    let mut flags: Vec<String> = Vec::new();
    for part in shared(note) {
        match part.as_str() {
            flag if FLAGS.contains(&flag) => flags.push(part),
            _ if own.contains(&part.as_str()) => parts.push(part),
            _ => return None,
        }
    }
    (parts.len() > 1).then_some(())?;
    let notes = if flags.is_empty() { String::new() } else { format!(" ({})", flags.join(", ")) };
    Some(parts.iter().map(|part| format!("{}{notes}", called(&whole, part))).collect())
}

/// Whether nothing tells if a part is a day or a moment: "from" of an opening, "start" of a period.
pub(super) fn untyped(part: &str) -> bool {
    matches!(part.rsplit(' ').next().unwrap_or_default(), "from" | "to" | "until" | "start" | "end")
}

/// The words before the head, with the head where its parts go by it: "billing" of a billing address, "emergency contact".
fn owned(name: &str) -> Option<(String, &'static [&'static str])> {
    let lower = name.trim().to_lowercase();
    let lower = ["a ", "an ", "the "].iter().find_map(|article| lower.strip_prefix(article)).unwrap_or(&lower);
    let found = WHOLES.iter().find_map(|(heads, parts)| {
        let head = heads.iter().find(|head| lower == **head || lower.ends_with(&format!(" {head}")))?;
        let before = lower.strip_suffix(*head)?.trim();
        let whole = if head.contains("contact") || *head == "person" { lower } else { before };
        Some((whole.to_owned(), *parts))
    });
    // A full name is made of fields that are there.
    found.filter(|(whole, _)| !matches!(whole.as_str(), "full" | "display" | "complete" | "whole"))
}

/// What one part is called among the other fields of the record.
fn called(whole: &str, part: &str) -> String {
    if whole.is_empty() || part.split(' ').next().is_some_and(|first| whole.ends_with(first)) {
        part.to_owned()
    } else {
        format!("{whole} {part}")
    }
}

/// The parts, where "first and last name" are two of them.
fn shared(note: &str) -> Vec<String> {
    let plain = note.replace(" and ", ", ").replace(" & ", ", ").replace(", ,", ",");
    let mut parts: Vec<String> = plain
        .split([',', ';'])
        .map(|part| {
            let part = part.trim().to_lowercase();
            let bare = ["a ", "an ", "the ", "its ", "their "].iter().find_map(|article| part.strip_prefix(article));
            bare.map_or(part.clone(), str::to_owned)
        })
        .filter(|part| !part.is_empty())
        .collect();
    for at in 1..parts.len() {
        let last = parts.get(at).and_then(|part| part.split_once(' ')).map(|(_, head)| head.to_owned());
        if let (Some(head), Some(before)) = (last, parts.get_mut(at - 1))
            && matches!(
                before.as_str(),
                "first" | "last" | "given" | "family" | "start" | "end" | "opening" | "closing"
            )
        {
            *before = format!("{before} {head}");
        }
    }
    // "street and number" is one.
    if let Some(at) =
        parts.windows(2).position(|pair| matches!(pair, [street, number] if street == "street" && number == "number"))
    {
        parts.splice(at..at + 2, ["street".to_owned(), "house number".to_owned()]);
    }
    parts
}

/// "A customer's address consists of a street and a city": the customer has one.
fn possessed(text: &str) -> Option<String> {
    const VERBS: &[&str] =
        &[" consists of ", " is made up of ", " is composed of ", " has ", " contains ", " includes "];
    let (owner, rest) = text.split_once("'s ").or_else(|| text.split_once("’s "))?;
    let (whole, list) = VERBS.iter().find_map(|verb| rest.split_once(verb))?;
    let list = list.trim().trim_end_matches('.');
    of(whole, &[list.to_owned()])?;
    (owner.split(' ').count() <= 4).then(|| format!("{owner} has a {whole} ({list})."))
}

/// "An address consisting of street, postcode and city" with its parts in brackets.
pub(crate) fn bracketed(text: &str) -> Option<String> {
    if let Some(plain) = possessed(text) {
        return Some(plain);
    }
    const JOINTS: &[&str] = &[
        ", consisting of ",
        " consisting of ",
        ", made up of ",
        " made up of ",
        ", composed of ",
        " composed of ",
        " comprising ",
        ", which consists of ",
        ", with ",
        " with ",
    ];
    let (at, joint) = JOINTS
        .iter()
        .filter_map(|joint| Some((text.find(joint)?, *joint)))
        .min_by_key(|(at, joint)| (*at, std::cmp::Reverse(joint.len())))?;
    let (before, rest) = (text.get(..at)?, text.get(at + joint.len()..)?);
    let head = before.rsplit([',', '(']).next()?;
    let head = head.rsplit(" and ").next()?;
    let name = [" a ", " an ", " the "]
        .iter()
        .filter_map(|article| head.rsplit_once(article))
        .map(|(_, name)| name)
        .min_by_key(|name| name.len())?;
    let (_, own) = owned(name)?;
    let words = tokens(rest);
    let end = last_part(&words, own)?;
    let list = rest.get(..words.get(end - 1)?.end)?;
    of(name, &[list.to_owned()])?;
    Some(format!("{before} ({list}){}", rest.get(list.len()..)?))
}

/// Where the parts end; two of them at least.
fn last_part(words: &[Token], own: &[&str]) -> Option<usize> {
    let word = |at: usize| words.get(at).map_or("", |token| token.word.as_str());
    let skips = |at: usize| matches!(word(at), "a" | "an" | "the" | "and" | ",");
    let part = |at: usize| {
        (1..=3).rev().map(|length| at + length).find(|end| {
            let said = words.get(at..*end).unwrap_or_default();
            let name = said.iter().map(|token| token.word.as_str()).collect::<Vec<_>>().join(" ");
            own.contains(&name.as_str())
                || matches!(name.as_str(), "first" | "last" | "given" | "family" | "start" | "end")
                    && own.contains(&format!("{name} name").as_str())
        })
    };
    let (mut at, mut count, mut last) = (0, 0, None);
    while at < words.len() {
        if skips(at) {
            at += 1;
        } else if let Some(end) = part(at) {
            (at, last, count) = (end, Some(end), count + 1);
        } else {
            break;
        }
    }
    last.filter(|_| count > 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_fields_and_no_values() {
        let told = |name: &str, note: &str| of(name, &[note.to_owned()]).unwrap_or_default();
        assert_eq!(told("an address", "street, postcode, city"), ["street", "postcode", "city"]);
        assert_eq!(
            told("billing address", "street and city; required"),
            ["billing street (required)", "billing city (required)"]
        );
        assert_eq!(told("name", "first and last name"), ["first name", "last name"]);
        assert_eq!(told("emergency contact", "name, phone"), ["emergency contact name", "emergency contact phone"]);
        assert_eq!(told("full name", "first name and last name"), Vec::<String>::new());
        assert_eq!(told("state", "new, old"), Vec::<String>::new());
        assert_eq!(told("address", "text, required"), Vec::<String>::new());
    }

    #[test]
    fn what_a_whole_consists_of_stands_in_brackets() {
        assert_eq!(
            bracketed("A customer has an address consisting of street, postcode and city, and a phone").as_deref(),
            Some("A customer has an address (street, postcode and city), and a phone")
        );
        assert_eq!(
            bracketed("A club has a contact person, with a name and a phone number.").as_deref(),
            Some("A club has a contact person (a name and a phone number).")
        );
        assert_eq!(bracketed("A club has a list with a name and a phone number."), None);
        assert_eq!(bracketed("A club has a full name, made up of first name and last name."), None);
    }
}
