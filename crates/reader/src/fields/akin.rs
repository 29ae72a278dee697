//! One field under two names: "the date their licence expires" is the licence expiry date.

use crate::lexicon::{Named, NamedField, name_words};
use crate::words;
use maestro_artifacts::FieldKind;

/// Words that any such name may have or not.
const EMPTY: &[&str] = &[
    "date", "day", "time", "moment", "on", "at", "of", "when", "it", "they", "their", "was", "were", "is", "are", "be",
    "has", "number", "count", "how", "many", "flag", "yes", "no", "for", "to",
];

/// Verbs and the nouns that stand for them in names.
const NOUNS: &[(&str, &str)] = &[
    ("bought", "purchase"),
    ("sold", "sale"),
    ("born", "birth"),
    ("expires", "expiry"),
    ("expire", "expiry"),
    ("expired", "expiry"),
];

/// What a name is made of beside empty words, in the order of the alphabet.
fn roots(words: &[String]) -> Vec<String> {
    let noun = |word: &String| {
        NOUNS.iter().find(|(verb, _)| verb == word).map_or(word.clone(), |(_, noun)| (*noun).to_owned())
    };
    let mut roots: Vec<String> =
        words.iter().filter(|word| !EMPTY.contains(&word.as_str())).map(|word| words::stem(&noun(word))).collect();
    roots.sort_unstable();
    roots
}

/// Whether words say that a name is one of a day or a moment.
fn moment(words: &[String]) -> bool {
    words.iter().any(|word| {
        matches!(word.as_str(), "date" | "day" | "time" | "moment" | "on" | "at" | "when" | "until" | "since")
    })
}

/// The one field that another name with the same roots means; of a day or a moment where the other says so.
pub(crate) fn field<'a>(named: &'a Named, name: &str) -> Option<&'a NamedField> {
    let words = name_words(name);
    let wanted = roots(&words);
    let timed = |field: &NamedField| matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
    // "The member number" of a loan with a member is no other name for him.
    let says = |words: &[String], of: &[&str]| words.iter().any(|word| of.contains(&word.as_str()));
    let fitting = |field: &NamedField, of: &[&str], kind: &FieldKind| {
        field.kind == *kind || !says(&words, of) && !says(&field.words, of)
    };
    let alike = |field: &NamedField| {
        timed(field) == moment(&words)
            && !matches!(field.kind, FieldKind::Reference { .. })
            && fitting(field, &["number", "count", "many"], &FieldKind::Integer)
            && fitting(field, &["flag", "is", "has"], &FieldKind::Boolean)
    };
    let mut fits =
        named.fields.iter().filter(|field| alike(field) && field.words != words && roots(&field.words) == wanted);
    match (fits.next(), fits.next()) {
        (Some(field), None) if !wanted.is_empty() => Some(field),
        _ => None,
    }
}

/// "Hire price" for a `hire price per hour`: the same, whatever else was taken for a name before.
pub(crate) fn per<'a>(named: &'a Named, name: &str) -> Option<&'a NamedField> {
    let words = name_words(name);
    let bare = |field: &&NamedField| {
        let per = field.words.iter().position(|word| word == "per");
        per.and_then(|per| field.words.get(..per)).is_some_and(|bare| words.len() > 1 && bare.ends_with(&words))
    };
    let mut fits = named.fields.iter().filter(bare);
    match (fits.next(), fits.next()) {
        (Some(field), None) => Some(field),
        _ => None,
    }
}

/// Whether a name shares a word that means something with a field of the same kind: nobody knows whether the two are one.
pub(crate) fn unclear(named: &Named, name: &str, kind: &FieldKind, others: &[Vec<String>]) -> bool {
    let wanted = roots(&name_words(name));
    let measured = !matches!(kind, FieldKind::Text { .. } | FieldKind::Enum { .. } | FieldKind::Reference { .. });
    measured
        && named.fields.iter().any(|field| {
            field.kind == *kind
                && !others.contains(&field.words)
                && roots(&field.words).iter().filter(|root| wanted.contains(root)).count() * 2 > wanted.len()
        })
}
