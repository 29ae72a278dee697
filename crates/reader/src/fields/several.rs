//! One line of a list that names several fields: `Departure, Return (date and time, both required)`, `Length, width and
//! height – decimal number`.

use super::item;
use super::note::{self, Notes};
use crate::lexicon::Lexicon;

/// Marks between the names and what is noted of them.
const MARKS: &[&str] = &[" (", "(", ": ", " – ", " — ", " - ", " ["];

/// Words with which a note says that it is said of more than one.
const WHOLES: &[&str] = &["both", "each", "all", "all three", "all four"];

/// The line as one of each field, with what is noted of all; `None` where it names one field, or where that is not sure.
pub(crate) fn apart(line: &str, lexicon: &Lexicon) -> Option<Vec<String>> {
    let line = line.trim().trim_end_matches(['.', ';', ',']);
    let mark = MARKS.iter().filter_map(|mark| Some((line.find(mark)?, *mark))).min_by_key(|(at, _)| *at);
    let (head, mark, noted) = match mark {
        Some((at, mark)) => (line.get(..at)?, mark, line.get(at + mark.len()..)?),
        None => (line, "", ""),
    };
    let names = names(head)?;
    // "Film, hall, begins at (date and time), seats (integer)": each with its own note, or none.
    if let Some(close) = closing(mark)
        && noted
            .find(close)
            .is_some_and(|at| noted.get(at + close.len_utf8()..).is_some_and(|rest| rest.starts_with(", ")))
    {
        return Some(item::list(line));
    }
    let known = |name: &String| lexicon.find(name).is_some();
    // "Owner, customer (required)" may say what the owner is; two kinds of records are none of each other's type.
    let (first, others) = names.split_first()?;
    if !known(first) && others.iter().any(known) && !said_of_all(noted) {
        return None;
    }
    // "Name, text (required)": what stands behind the name is noted of it.
    if !others.iter().all(|name| known(name) || is_name(name, lexicon)) {
        return None;
    }
    let mut notes = Notes::default();
    let plain = without_wholes(noted);
    note::read(plain.trim_end_matches([')', ']']), lexicon, &mut notes);
    // "Size, small, large (required)" may list values; a type other than a choice, or what is said of both, leaves no doubt.
    let typed = notes.kind.is_some() && !matches!(notes.kind, Some(maestro_artifacts::FieldKind::Enum { .. }));
    let titled = names.iter().all(|name| name.starts_with(char::is_uppercase));
    let sure = typed || said_of_all(noted) || names.iter().all(known) || titled && names.iter().all(|name| word(name));
    sure.then(|| names.iter().map(|name| format!("{name}{mark}{plain}")).collect())
}

/// What closes a note that a mark opens.
fn closing(mark: &str) -> Option<char> {
    match mark.trim() {
        "(" => Some(')'),
        "[" => Some(']'),
        _ => None,
    }
}

/// The names in front of the notes, where there are several and a comma stands between the first two.
fn names(head: &str) -> Option<Vec<String>> {
    let (first, rest) = head.split_once(", ")?;
    let rest = rest.replace(", and ", ", ").replace(" and ", ", ");
    let names: Vec<String> =
        std::iter::once(first).chain(rest.split(", ")).map(|name| name.trim().to_owned()).collect();
    let plain = |name: &String| {
        (1..=4).contains(&name.split(' ').count())
            && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-' | '/'))
    };
    names.iter().all(plain).then_some(names)
}

/// A name of more than one letter: "Size, S, M, L" lists values.
fn word(name: &str) -> bool {
    name.chars().count() > 3
}

/// Whether nothing of a name says something of the field before it.
fn is_name(name: &str, lexicon: &Lexicon) -> bool {
    const NEVER: &[&str] = &[
        "not", "no", "max", "min", "maximum", "minimum", "default", "if", "or", "only", "must", "may", "can", "is",
        "are", "from", "to", "at", "in", "for", "of", "with", "by", "per", "than", "after", "before", "e.g", "i.e",
        "the", "a", "an",
    ];
    let mut words = name.split(' ');
    let first = words.next().unwrap_or_default().to_lowercase();
    let mut notes = Notes::default();
    note::read(name, lexicon, &mut notes);
    let plain = Notes { segments: vec![name.to_owned()], ..Notes::default() };
    !NEVER.contains(&first.as_str()) && notes == plain
}

/// Whether the notes are said of more than one field in so many words.
fn said_of_all(noted: &str) -> bool {
    parts(noted).any(|part| WHOLES.iter().any(|whole| lead(part, whole).is_some()))
}

fn parts(noted: &str) -> impl Iterator<Item = &str> {
    noted.split([',', ';', ')']).map(str::trim)
}

fn lead<'t>(part: &'t str, whole: &str) -> Option<&'t str> {
    let said = part.get(..whole.len())?.eq_ignore_ascii_case(whole);
    part.get(whole.len()..).filter(|_| said)?.strip_prefix(' ')
}

/// "date and time, both required" as it is said of one of them.
fn without_wholes(noted: &str) -> String {
    let mut plain = noted.to_owned();
    for whole in WHOLES.iter().rev() {
        for mark in ["", ", ", "; "] {
            let said = format!("{mark}{whole} ");
            let at = if mark.is_empty() { lead(&plain, whole).map(|_| 0) } else { plain.to_lowercase().find(&said) };
            if let Some(at) = at.filter(|_| plain.is_ascii()) {
                plain.replace_range(at + mark.len()..at + said.len(), "");
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::apart;
    use crate::lexicon::Lexicon;

    #[test]
    fn several_names_with_one_note() {
        let cases: &[(&str, &[&str])] = &[
            (
                "Departure, Return (date and time, both required)",
                &["Departure (date and time, required)", "Return (date and time, required)"],
            ),
            (
                "Start odometer, End odometer (integer, optional)",
                &["Start odometer (integer, optional)", "End odometer (integer, optional)"],
            ),
            (
                "length, width and height – decimal number, required",
                &[
                    "length – decimal number, required",
                    "width – decimal number, required",
                    "height – decimal number, required",
                ],
            ),
            ("Vehicle, Driver (both required)", &["Vehicle (required)", "Driver (required)"]),
            (
                "sender, recipient: text, each at most 80 characters",
                &["sender: text, at most 80 characters", "recipient: text, at most 80 characters"],
            ),
        ];
        for (line, fields) in cases {
            let read = apart(line, &Lexicon::default());
            assert_eq!(
                read.as_deref(),
                Some(fields.iter().map(|field| (*field).to_owned()).collect::<Vec<_>>().as_slice()),
                "{line}"
            );
        }
        for line in [
            "Name, text (required)",
            "Name, required (text)",
            "Size, S, M, L (required)",
            "fuel, petrol, diesel (required)",
            "Price, not negative (money)",
            "Note (text, both lines optional)",
            "Start, date, required",
            "Date, time (required)",
        ] {
            assert_eq!(apart(line, &Lexicon::default()), None, "{line}");
        }
    }
}
