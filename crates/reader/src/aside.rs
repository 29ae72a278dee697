//! Words of a sentence that demand nothing: `also`, `e.g. AB12`.

use crate::fields::{drawn, lasting, parts, remarks};
use crate::letter;
use crate::lexicon::{Lexicon, Named};
use crate::words::singular;
use maestro_artifacts::FieldKind;
use std::borrow::Cow;

/// Longest example, in words: a longer one may say more.
const WORDS: usize = 4;

/// The sentence without them.
pub(crate) fn without<'t>(text: &'t str, lexicon: &Lexicon) -> Cow<'t, str> {
    let mut out = Cow::Borrowed(text);
    if let Some(plain) = without_agreement(text) {
        out = Cow::Owned(plain.to_owned());
    }
    for aside in [", if it is known,", ", if known,", ", where known,", ", if there is one,", ", if it is given,"] {
        if out.contains(aside) {
            out = Cow::Owned(out.replace(aside, ""));
        }
    }
    for range in [" a from/to range on ", " a from/to range of ", " a from-to range on ", " a from/to filter on "] {
        if out.contains(range) {
            out = Cow::Owned(out.replace(range, " a range of "));
        }
    }
    if let Some(plain) = drawn::plain(&out) {
        out = Cow::Owned(plain);
    }
    if let Some(plain) = letter::plain(&out) {
        out = Cow::Owned(plain);
    }
    if let Some(plain) = lasting::named(&out) {
        out = Cow::Owned(plain);
    }
    if let Some(plain) = without_noun(&out, lexicon) {
        out = Cow::Owned(plain);
    }
    if let Some(plain) = one_moment(&out, lexicon) {
        out = Cow::Owned(plain);
    }
    if let Some(plain) = parts::bracketed(&out) {
        out = Cow::Owned(plain);
    }
    if let Some(plain) = remarks::noted(&out) {
        out = Cow::Owned(plain);
    }
    if out.contains(" also ") {
        out = Cow::Owned(out.replace(" also ", " "));
    }
    if let Some(plain) = without_giver(&out) {
        out = Cow::Owned(plain);
    }
    if let Some(plain) = without_meaning(&out).or_else(|| without_kinds(&out)).or_else(|| without_reason(&out)) {
        out = Cow::Owned(plain);
    }
    // "total = sum of the parts (computed)": what is set by an equation is.
    if let Some((formula, _)) = out.rsplit_once(" (").filter(|(formula, note)| {
        let note = note.trim_end_matches(['.', ')']);
        formula.contains(" = ") && matches!(note, "computed" | "calculated" | "derived" | "computed field")
    }) {
        out = Cow::Owned(formula.to_owned());
    }
    while let Some(plain) = without_example(&out) {
        out = Cow::Owned(plain);
    }
    if let Some(plain) = without_outcome(&out) {
        out = Cow::Owned(plain);
    }
    out
}

/// "...; otherwise an error message is shown", "..., the system shows an error": what comes of a breach, where the rule has
/// been told.
fn without_outcome(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    // "If the end is before the start, an error is shown": there it is the rule that such a thing is refused.
    const TURNS: &[&str] =
        &["if ", "when ", "whenever ", "where ", "given ", "for ", "as soon as ", "once ", "unless ", "in case "];
    let depends = TURNS.iter().any(|turn| lower.starts_with(turn));
    const JOINTS: &[&str] = &[", ", "; ", " – ", " - ", ". ", " or ", " with "];
    JOINTS.iter().find_map(|joint| {
        let at = lower.rfind(joint)?;
        let (head, tail) = (text.get(..at)?, lower.get(at + joint.len()..)?);
        if depends && *joint == ", " {
            let told = tail.split_once(" and does not save ").map_or(tail, |(told, _)| told);
            let shown = told.contains("error") && maestro_epic::tells_outcome(told);
            return shown.then(|| format!("{head}, it is refused"));
        }
        let turned = ["otherwise ", "or else ", "if not, "].iter().any(|turn| tail.starts_with(turn));
        let stays = ["otherwise it stays optional", "otherwise it is optional", "otherwise it remains optional"]
            .contains(&tail.trim_end_matches(['.', ' ']));
        // "..., or the request is rejected" would be the other half of a choice.
        let plain = !depends && *joint != " or " || *joint == " with ";
        let told = (turned || plain) && maestro_epic::tells_outcome(tail);
        (head.split_whitespace().count() > 2 && (told || stays)).then(|| head.to_owned())
    })
}

/// "Hall and date and time are required" of a concert whose `date` is a moment: one field, told by its type.
fn one_moment(text: &str, lexicon: &Lexicon) -> Option<String> {
    const TOLD: &str = "date and time";
    let named =
        |entity: &Named, word: &str| entity.fields.iter().find(|field| *field.words == [word.to_owned()]).cloned();
    let moment = |entity: &Named| {
        named(entity, "date").is_some_and(|date| date.kind == FieldKind::DateTime) && named(entity, "time").is_none()
    };
    let at = text.find(TOLD)?;
    let before = text.get(..at)?;
    // Behind an article it is what the field is.
    let defines = [" a ", "A ", " an ", "date/time"].iter().any(|article| before.ends_with(article));
    let ends = text.get(at + TOLD.len()..)?.starts_with(|c: char| !c.is_alphanumeric());
    let fits =
        !defines && ends && !before.ends_with(|c: char| c.is_alphanumeric()) && lexicon.entities.iter().any(moment);
    fits.then(|| text.replacen(TOLD, "date", 1))
}

/// "An order has a purchase order number given by the customer": who gives it is no part of its name.
fn without_giver(text: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        " given by the ",
        " provided by the ",
        " supplied by the ",
        " chosen by the ",
        " entered by the ",
        " issued by the ",
        " assigned by the ",
        " stated by the ",
    ];
    const HAS: &[&str] =
        &[" has ", " have ", " includes ", " include ", " contains ", " contain ", " with ", " records ", " record "];
    const FINITE: &[&str] = &["is", "are", "be", "was", "were", "not", "been", "only"];
    let (at, lead) = LEADS.iter().find_map(|lead| Some((text.find(lead)?, *lead)))?;
    let (before, behind) = (text.get(..at)?, text.get(at + lead.len()..)?);
    let last = before.rsplit(' ').next().unwrap_or_default();
    let listed = HAS.iter().any(|verb| before.contains(verb)) && !FINITE.contains(&last);
    let ends = [",", ".", ";", ")", " and ", " or ", " ("];
    let end = ends.iter().filter_map(|mark| behind.find(mark)).min().unwrap_or(behind.len());
    let who = behind.get(..end)?;
    let plain = (1..=2).contains(&who.split(' ').count()) && who.chars().all(|c| c.is_alphabetic() || c == ' ');
    (listed && plain).then(|| format!("{before}{}", behind.get(end..).unwrap_or_default()))
}

/// "A work (piece of music) has a title": what the word means is said beside it.
fn without_meaning(text: &str) -> Option<String> {
    const VERBS: &[&str] = &["has ", "belongs ", "consists ", "is ", "refers "];
    let (subject, rest) = text.split_once(" (")?;
    let (meaning, said) = rest.split_once(") ")?;
    let (article, name) = subject.split_once(' ')?;
    let plain = |text: &str| text.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    let fits = ["A", "An", "Each", "Every"].contains(&article)
        && name.split(' ').count() <= 3
        && plain(name)
        && plain(meaning)
        && (2..=6).contains(&meaning.split(' ').count())
        && VERBS.iter().any(|verb| said.starts_with(verb));
    fits.then(|| format!("{subject} {said}"))
}

/// "Microphones and amplifiers are recorded as equipment items with a number": what is recorded so is told as examples.
fn without_kinds(text: &str) -> Option<String> {
    const RECORDED: &[&str] =
        &[" are recorded as ", " are stored as ", " are kept as ", " are managed as ", " are registered as "];
    let (things, told) = RECORDED.iter().find_map(|verb| text.split_once(verb))?;
    let (kind, fields) = told.split_once(" with ")?;
    let plain = |text: &str, marks: &[char]| text.chars().all(|c| c.is_alphabetic() || c == ' ' || marks.contains(&c));
    let one = singular(kind.rsplit(' ').next()?);
    let several = !kind.ends_with(&one) && kind.split(' ').count() <= 3;
    let listed = things.split([',', ' ']).filter(|word| !word.is_empty()).count() <= 10;
    let names = !["only", "not", "if", "when", "which", "that", "who"]
        .iter()
        .any(|word| things.split(' ').any(|said| said.eq_ignore_ascii_case(word)));
    let first = kind.rsplit_once(' ').map_or_else(String::new, |(first, _)| format!("{first} "));
    (several && listed && names && plain(things, &[',', '-']) && plain(kind, &['-']))
        .then(|| format!("Each {first}{one} has {fields}"))
}

/// "Items must not be lost: a room that contains items cannot be deleted": what it is good for, in words that say nothing
/// of their own, and the rule itself.
fn without_reason(text: &str) -> Option<String> {
    const GENERAL: &[&str] = &[
        "a",
        "an",
        "the",
        "in",
        "it",
        "its",
        "their",
        "them",
        "of",
        "for",
        "to",
        "and",
        "or",
        "on",
        "at",
        "we",
        "is",
        "are",
        "be",
        "been",
        "was",
        "when",
        "if",
        "must",
        "should",
        "shall",
        "may",
        "can",
        "cannot",
        "can't",
        "not",
        "never",
        "no",
        "lost",
        "lose",
        "deleted",
        "removed",
        "accept",
        "accepted",
        "more",
        "than",
        "allows",
        "allowed",
        "possible",
        "past",
        "future",
        "bookings",
        "booking",
        "large",
        "big",
        "enough",
        "party",
        "group",
        "twice",
        "double",
        "impossible",
        "there",
        "any",
        "by",
        "mistake",
        "accident",
        "happen",
    ];
    let joint = [": ", ", so ", "; so ", ", therefore "].iter().find(|joint| text.contains(**joint))?;
    let (reason, rule) = text.split_once(*joint)?;
    let tail: Vec<String> = words_of(rule).map(|word| singular(&word)).collect();
    let modal = ["must", "cannot", "can", "may", "shall", "should", "is", "are", "can't"];
    let whole = tail.len() > 5 && words_of(rule).any(|word| modal.contains(&word.as_str()));
    let own: Vec<String> = words_of(reason).filter(|word| !GENERAL.contains(&word.as_str())).collect();
    let denies = ["not", "never", "no", "cannot", "can't", "impossible", "enough"];
    let vague = words_of(reason).any(|word| denies.contains(&word.as_str()))
        && words_of(reason).count() > 4
        && own.iter().all(|word| tail.contains(&singular(word)))
        && !reason.chars().any(|c| c.is_ascii_digit() || matches!(c, '"' | '`' | '“'));
    (whole && vague).then(|| crate::words::capitalised(rule))
}

fn words_of(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(c.is_alphanumeric() || c == '\'' || c == '-'))
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
}

/// The sentence without its first example.
fn without_example(text: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "e.g. ",
        "e.g., ",
        "for example ",
        "for example, ",
        "for instance ",
        "for instance, ",
        "as in \"",
        "such as ",
        "like ",
    ];
    // Lengths must not change in lower case, or places would differ.
    let lower = text.to_ascii_lowercase();
    let (at, lead) = LEADS
        .iter()
        .flat_map(|lead| lower.match_indices(lead))
        .filter(|(at, _)| lower.get(..*at).is_some_and(|before| before.ends_with([' ', '('])))
        .min_by_key(|(at, lead)| (*at, std::cmp::Reverse(lead.len())))?;
    let behind = text.get(at + lead.len()..)?;
    let end = behind.find([',', ';', ')', '(']).unwrap_or_else(|| behind.trim_end_matches(['.', ' ']).len());
    let example = behind.get(..end)?;
    // "Such as a, b or c" may tell values; a number or a quotation is an example.
    let like = lead != "like " || behind.get(end..).is_some_and(|rest| rest.starts_with('('));
    let shown = lead != "such as " && lead != "like "
        || example.contains(|c: char| c.is_ascii_digit() || matches!(c, '"' | '`' | '“'));
    let plain = !example.is_empty() && example.split_whitespace().count() <= WORDS && shown && like;
    if !plain {
        return None;
    }
    let before = text.get(..at)?.trim_end();
    let rest = behind.get(end..)?;
    if let Some(before) = before.strip_suffix('(') {
        // "(e.g. AB12)", "(e.g. AB12, at most 4 characters)"
        return Some(match rest.strip_prefix(')') {
            Some(rest) => format!("{}{rest}", before.trim_end()),
            None => format!("{before}({}", rest.trim_start_matches([',', ';', ' '])),
        });
    }
    let before = before.trim_end_matches([',', ';', '–', '-', ':', ' ']);
    // "such as B-07 (one capital letter, a hyphen and two digits)": the form that it shows is noted of what stands before.
    Some(if rest.starts_with('(') { format!("{before} {rest}") } else { format!("{before}{rest}") })
}

/// "The date "taken on" must be ...": the field by its name.
fn without_noun(text: &str, lexicon: &Lexicon) -> Option<String> {
    const NOUNS: &[&str] = &["date", "field", "day", "text", "number", "value", "attribute", "flag", "amount"];
    let open = text.find(['"', '“'])?;
    let rest = text.get(open..)?;
    let mark = rest.chars().next()?.len_utf8();
    let close = rest.get(mark..)?.find(['"', '”'])? + mark;
    let name = rest.get(mark..close)?;
    let (before, noun) = text.get(..open)?.trim_end().rsplit_once(' ')?;
    let (head, article) = before.rsplit_once(' ').unwrap_or(("", before));
    let known = lexicon.entities.iter().any(|named| named.find(name).is_some());
    let told = known && NOUNS.contains(&noun) && article.eq_ignore_ascii_case("the");
    let end = rest.get(close..)?.chars().next()?.len_utf8() + close;
    told.then(|| format!("{head} the {name}{}", rest.get(end..).unwrap_or_default()).trim_start().to_owned())
}

/// "Decision on the procedure: ...", "We agreed that ...": that it was agreed says nothing more.
fn without_agreement(text: &str) -> Option<&str> {
    const AGREED: &[&str] = &["decision", "agreement", "resolution", "agreed", "decided"];
    const THAT: &[&str] = &[
        "We agreed that ",
        "We have agreed that ",
        "It was agreed that ",
        "We decided that ",
        "It was decided that ",
        "Everybody agreed that ",
    ];
    let label = text.split_once(": ").filter(|(label, _)| {
        let first = label.split(' ').next().unwrap_or_default().to_lowercase();
        // "Agreement number: ..." is a field.
        let about =
            label.split(' ').nth(1).is_none_or(|next| ["on", "about", "of", "for", "regarding"].contains(&next));
        AGREED.contains(&first.as_str()) && about && label.split(' ').count() <= 5 && !label.contains(',')
    });
    label.map(|(_, rest)| rest).or_else(|| THAT.iter().find_map(|that| text.strip_prefix(that)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn examples_demand_nothing() {
        for (said, plain) in [
            ("A code of two letters, e.g. AB12.", "A code of two letters."),
            ("A code (two letters, for example `AB`) and a name", "A code (two letters) and a name"),
            ("A code (e.g. AB12) and a name", "A code and a name"),
            ("total of a box = sum of its parts (computed).", "total of a box = sum of its parts"),
            ("A box has a total (computed).", "A box has a total (computed)."),
            ("A code (e.g. AB12, unique)", "A code (unique)"),
            ("A code, for instance AB12, must be unique", "A code, must be unique"),
            ("A letter and a digit, as in \"B1\".", "A letter and a digit."),
            ("A name is required; otherwise an error message is shown.", "A name is required"),
            ("No box may be empty, otherwise the entry is rejected.", "No box may be empty"),
            ("A box with parts may not be removed; the system shows an error.", "A box with parts may not be removed"),
            ("If the end is before the start, an error is shown.", "If the end is before the start, it is refused"),
            ("A box without a name is rejected with an error message.", "A box without a name is rejected"),
            ("A name is required, otherwise the box is closed.", "A name is required, otherwise the box is closed."),
            ("A booking also has a remark", "A booking has a remark"),
            ("The list shows everything that is of interest", "The list shows everything that is of interest"),
        ] {
            assert_eq!(without(said, &Lexicon::default()), plain);
        }
        let long = "For example, when a booking is cancelled the room is free again";
        assert_eq!(without(long, &Lexicon::default()), long);
    }
}
