//! One item of a list of fields in the plain form: `when it starts`, `whether it is insured`, `a title of at most 60 characters`.

use crate::fields::note;
use crate::fields::prose::{alone, with_note};
use crate::words;

/// One item in the plain form.
pub(crate) fn one(item: &str) -> Option<String> {
    let (phrase, notes) = match item.split_once('(') {
        Some((phrase, notes)) => (phrase.trim(), notes.trim().trim_end_matches(')')),
        None => (item.trim(), ""),
    };
    let lower = phrase.to_lowercase().replace('’', "'");
    // "a nickname that no other singer has": two of them never have the same.
    if let Some(at) = [" that ", " which "].iter().find_map(|mark| lower.find(mark))
        && let (Some(name), Some(clause)) = (phrase.get(..at), lower.get(at..).map(str::trim))
        && alone(clause)
    {
        return Some(with_note(
            &if notes.is_empty() { name.to_owned() } else { format!("{name} ({notes})") },
            "unique",
        ));
    }
    // "an amount of money": called so, as it stands among fields
    if let Some(name) = lower.strip_suffix(" of money").filter(|name| matches!(*name, "an amount" | "a sum")) {
        return Some(format!("{name} (money{}{notes})", if notes.is_empty() { "" } else { "; " }));
    }
    // "a paid yes/no flag"
    if let Some(name) =
        [" yes/no flag", " yes/no field", " (yes/no) flag"].iter().find_map(|kind| lower.strip_suffix(kind))
    {
        let name = phrase.get(..name.len()).unwrap_or_default();
        return Some(format!("{name} (yes/no{}{notes})", if notes.is_empty() { "" } else { "; " }));
    }
    if let Some(name) = flagged(phrase, notes) {
        let kind = format!("yes/no; known as {name} flag; known as flag {name}");
        return Some(format!("{name} ({kind}{}{notes})", if notes.is_empty() { "" } else { "; " }));
    }
    // "the time at which it begins"
    if let Some(told) = ["the time at which ", "the moment at which ", "the time when "]
        .iter()
        .find_map(|lead| lower.strip_prefix(lead))
        && let Some((name, kind)) = asked(&format!("when {told}"))
    {
        return Some(format!("{name} ({kind}{}{notes})", if notes.is_empty() { "" } else { "; " }));
    }
    // "a weight in tonnes as a decimal number"
    const TYPES: &[&str] = &[
        "decimal number",
        "decimal",
        "whole number",
        "integer",
        "amount of money",
        "sum of money",
        "text",
        "free text",
        "date",
        "date and time",
    ];
    if let Some((name, kind)) = lower.rsplit_once(" as ")
        && let kind = ["a ", "an "].iter().fold(kind, |kind, article| kind.trim_start_matches(article))
        && let (kind, more) = kind.split_once(" with ").unwrap_or((kind, ""))
        && TYPES.contains(&kind)
        && let Some(name) = phrase.get(..name.len())
    {
        let said: Vec<&str> = [kind, more, notes].into_iter().filter(|note| !note.is_empty()).collect();
        return Some(format!("{name} ({})", said.join("; ")));
    }
    // "a free text for special wishes"
    const TEXTS: &[&str] = &["free text", "free-text", "free text field", "text field", "text box", "free-text field"];
    if let Some((what, name)) = lower.split_once(" for ")
        && TEXTS.contains(&["a ", "an ", "the "].iter().fold(what, |what, lead| what.trim_start_matches(lead)))
        && name.split(' ').count() <= 4
        && let Some(name) = phrase.get(phrase.len() - name.len()..)
    {
        return Some(format!("{name} (text{}{notes})", if notes.is_empty() { "" } else { "; " }));
    }
    // "a place where it was found": what it is for, and no part of its name.
    if let Some((name, told)) = lower.split_once(" where ")
        && IT.iter().any(|it| told.strip_prefix(it).is_some_and(|rest| rest.starts_with(' ')))
        && told.split(' ').count() <= 5
        && let Some(name) = phrase.get(..name.len())
    {
        return Some(if notes.is_empty() { name.to_owned() } else { format!("{name} ({notes})") });
    }
    // "an IBAN of 22 characters": no more and no fewer.
    if let Some((name, count)) = phrase.rsplit_once(" of ")
        && let Some((count, what)) = count.split_once(' ')
        && matches!(what, "characters" | "digits")
        && count.parse::<u16>().is_ok()
    {
        return Some(with_note(
            &if notes.is_empty() { name.to_owned() } else { format!("{name} ({notes})") },
            &format!("exactly {count} {what}"),
        ));
    }
    let (name, more) =
        called(phrase, notes).or_else(|| asked(&lower)).or_else(|| yes_no(&lower)).or_else(|| bounded(phrase))?;
    // What the field is called is said.
    let notes = if quoted_name(notes).is_some() { "" } else { notes };
    let notes: Vec<&str> = [more.as_str(), notes].into_iter().filter(|note| !note.is_empty()).collect();
    Some(if notes.is_empty() { name } else { format!("{name} ({})", notes.join("; ")) })
}

/// "a flag sealed", "a yes/no field urgent": the name stands behind what it is. A flag state is the state of a flag, unless its
/// notes say that it is yes or no.
fn flagged<'p>(phrase: &'p str, notes: &str) -> Option<&'p str> {
    const KINDS: &[&str] = &[
        "yes/no field",
        "yes/no flag",
        "yes/no value",
        "boolean field",
        "boolean flag",
        "boolean",
        "tick box",
        "checkbox",
    ];
    const NO_NAMES: &[&str] = &[
        "that", "which", "for", "of", "whether", "if", "to", "on", "in", "with", "saying", "showing", "called", "named",
    ];
    let phrase = ["a ", "an ", "the "].iter().find_map(|article| phrase.strip_prefix(article)).unwrap_or(phrase);
    // "A flag called nonprofit"
    const CALLED: &[&str] = &["called ", "named ", "labelled "];
    let name = |kind: &str| {
        let name = phrase.strip_prefix(kind)?.strip_prefix(' ')?;
        Some(CALLED.iter().find_map(|called| name.strip_prefix(called)).unwrap_or(name))
    };
    let called = CALLED.iter().any(|called| phrase.strip_prefix("flag ").is_some_and(|name| name.starts_with(called)));
    let decided = ["yes", "no", "true", "false"]
        .iter()
        .any(|value| notes.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(value)));
    let flag = name("flag").filter(|name| called || decided || participle(name));
    let name = KINDS.iter().find_map(|kind| name(kind)).or(flag)?;
    let words: Vec<&str> = name.split(' ').collect();
    let plain =
        words.iter().all(|word| !NO_NAMES.contains(word) && word.chars().all(|c| c.is_alphabetic() || c == '-'));
    (plain && words.len() <= 3).then_some(name)
}

/// The name in `field "airworthy until"`.
fn quoted_name(notes: &str) -> Option<&str> {
    let rest =
        ["field ", "called ", "named ", "field name "].iter().find_map(|lead| notes.trim().strip_prefix(lead))?;
    quoted(rest)
}

/// What stands in quotation marks, where nothing else does.
fn quoted(text: &str) -> Option<&str> {
    let marks = ['"', '“', '”', '`'];
    let inner = text.trim().strip_prefix(marks)?.strip_suffix(marks)?;
    (!inner.is_empty() && !inner.contains(marks)).then_some(inner)
}

/// "The date "licence valid until"", "the date until which it is airworthy (field "airworthy until")": the name that is
/// given, and the type that stands before it.
fn called(phrase: &str, notes: &str) -> Option<(String, String)> {
    const KINDS: &[(&str, &str)] = &[
        ("date and time", "date and time"),
        ("date", "date"),
        ("day", "date"),
        ("time", "date and time"),
        ("number", "number"),
        ("amount", "money"),
        ("text", "text"),
        ("yes/no field", "yes/no"),
        ("yes/no flag", "yes/no"),
        ("text field", "text"),
        ("date field", "date"),
        ("number field", "number"),
        ("flag", "yes/no"),
        ("checkbox", "yes/no"),
        ("tick box", "yes/no"),
    ];
    let bare = ["the ", "a ", "an "].iter().find_map(|article| phrase.strip_prefix(article)).unwrap_or(phrase);
    let (rest, kind) = KINDS.iter().find_map(|(word, kind)| Some((bare.strip_prefix(word)?, *kind)))?;
    let told = rest.is_empty() || rest.starts_with(' ');
    match (told, quoted(rest), quoted_name(notes)) {
        (true, Some(name), None) | (true, None, Some(name)) => Some((format!("\"{name}\""), kind.to_owned())),
        _ => None,
    }
}

pub(super) const IT: &[&str] = &["it", "he", "she", "they"];

/// "when it starts", "who booked it", "how many people attend", "how much it costs".
fn asked(lower: &str) -> Option<(String, String)> {
    // "the day they joined us"
    let lower = lower.strip_suffix(" us").unwrap_or(lower);
    let mut bare: Vec<&str> = lower.split_whitespace().collect();
    // "a date on which it was placed"
    if let ["a", "date" | "day" | "time", ..] = bare.as_slice()
        && let Some(article) = bare.first_mut()
    {
        *article = "the";
    }
    let moment = |name: &str| Some((name.to_owned(), "date and time".to_owned()));
    match bare.as_slice() {
        ["when", it, verb] | ["the", "time", "it", verb @ it] if IT.contains(it) || it == verb => match *verb {
            "starts" | "begins" | "started" | "began" => moment("start"),
            "ends" | "finishes" | "stops" | "ended" | "finished" => moment("end"),
            verb if verb.ends_with("ed") => moment(&format!("{verb} at")),
            verb if words::singular(verb) != verb => moment(&format!("{verb} at")),
            _ => None,
        },
        ["when", it, "was" | "is" | "were" | "are", verb] | ["when", it, "has" | "have", "been", verb]
            if IT.contains(it) =>
        {
            participle(verb).then(|| moment(&format!("{verb} at")))?
        }
        // "the date it is wanted" is spoken of as the wanted date, too.
        ["the", "date" | "day", it, "is" | "are", verb] if IT.contains(it) && participle(verb) => {
            Some((format!("date {verb}"), format!("date; known as {verb} date")))
        }
        // "the date it expires", "the day on which it starts"
        ["the", "date" | "day", it, verb] | ["the", "date" | "day", "on", "which", it, verb]
            if IT.contains(it) && !participle(verb) && words::singular(verb) != *verb =>
        {
            let name = match *verb {
                "starts" | "begins" => "start date".to_owned(),
                "ends" | "finishes" => "end date".to_owned(),
                "expires" => "expiry date".to_owned(),
                verb => format!("{verb} on"),
            };
            Some((name, "date".to_owned()))
        }
        // "the date their licence expires" is also spoken of as the licence expiry date.
        ["the", "date" | "day", "its" | "their" | "his" | "her", what @ .., verb] if (1..=2).contains(&what.len()) => {
            let noun = match *verb {
                "expires" => "expiry",
                "ends" => "end",
                "starts" | "begins" => "start",
                _ => return None,
            };
            let what = what.join(" ");
            Some((format!("date {what} {verb}"), format!("date; known as {what} {noun} date")))
        }
        // "the date it was last serviced"
        ["the", "date" | "day", it, "was" | "were", which @ ("last" | "first"), verb]
            if IT.contains(it) && participle(verb) =>
        {
            Some((format!("date {which} {verb}"), "date".to_owned()))
        }
        // "the date they joined" is also spoken of as the joining date.
        ["the", "date" | "day", it, verb] if IT.contains(it) && participle(verb) => {
            let more = verb.strip_suffix("ed").map(|stem| format!("; known as {stem}ing date")).unwrap_or_default();
            Some((format!("date {verb}"), format!("date{more}")))
        }
        ["the", "date" | "day", "on", "which", it, "was" | "were" | "is" | "are" | "has" | "have", verb]
        | ["the", "date" | "day", "on", "which", it, verb]
        | ["the", "date" | "day", it, "was" | "were", verb]
            if IT.contains(it) && participle(verb) =>
        {
            let more = verb.strip_suffix("ed").map(|stem| format!("; known as {stem}ing date")).unwrap_or_default();
            Some((format!("date {verb}"), format!("date{more}")))
        }
        // "the date on which it was set up"
        ["the", "date" | "day", "on", "which", it, "was" | "were" | "is" | "are", verb, particle]
        | ["the", "date" | "day", it, "was" | "were", verb, particle]
            if IT.contains(it)
                && (participle(verb) || ["set", "put", "cut", "shut"].contains(verb))
                && ["up", "out", "in", "off", "down", "back", "over"].contains(particle) =>
        {
            Some((format!("date {verb} {particle}"), "date".to_owned()))
        }
        ["who", verb, "it" | "them"] => {
            participle(&past(verb)).then(|| (format!("{} by", past(verb)), "text".to_owned()))
        }
        ["how", "many", what] => Some((format!("number of {what}"), "whole number".to_owned())),
        ["how", "many", what, "it" | "they", "has" | "have" | "needs" | "need" | "holds" | "hold"] => {
            Some((format!("number of {what}"), "whole number".to_owned()))
        }
        ["how", "many", what, "there", "are"] => Some((format!("number of {what}"), "whole number".to_owned())),
        ["how", "many", what, "were" | "was" | "are" | "is" | "have" | "has", verb] if participle(verb) => {
            Some((format!("number of {what}"), "whole number".to_owned()))
        }
        ["how", "many", what, verb] | ["how", "many", what, "will" | "are", verb] => {
            Some((format!("number of {what}"), format!("whole number; known as {verb}")))
        }
        // "which bicycle it is for"
        ["which", what @ .., it, "is", "for" | "about" | "in" | "from"]
        | ["which", what @ .., it, "belongs" | "refers", "to"]
        | ["which", what @ .., it, "concerns" | "affects"]
            if IT.contains(it) && (1..=2).contains(&what.len()) =>
        {
            Some((what.join(" "), String::new()))
        }
        // "the number of hours that were worked"
        ["the" | "a", "number", "of", what, "that" | "which", "was" | "were" | "are" | "is", verb]
            if participle(verb) =>
        {
            Some((format!("number of {what}"), format!("known as {what} {verb}")))
        }
        // "how serious it is"
        ["how", quality, it, "is" | "are" | "was" | "were"]
            if IT.contains(it) && *quality != "many" && *quality != "much" =>
        {
            Some((degree(quality)?, String::new()))
        }
        ["how", "much", "it", "costs" | "cost"] => Some(("cost".to_owned(), "money".to_owned())),
        ["how", "much", "it", "weighs"] => Some(("weight".to_owned(), "decimal".to_owned())),
        _ => None,
    }
}

/// The noun of a quality: `serious` to `seriousness`, `heavy` to `weight`.
fn degree(quality: &str) -> Option<String> {
    const NOUNS: &[(&str, &str)] = &[
        ("heavy", "weight"),
        ("long", "length"),
        ("old", "age"),
        ("big", "size"),
        ("large", "size"),
        ("high", "height"),
        ("tall", "height"),
        ("deep", "depth"),
        ("wide", "width"),
        ("urgent", "urgency"),
        ("important", "importance"),
        ("severe", "severity"),
        ("difficult", "difficulty"),
        ("far", "distance"),
        ("strong", "strength"),
        ("warm", "temperature"),
        ("hot", "temperature"),
        ("clean", "cleanliness"),
    ];
    let plain = quality.len() > 3 && quality.chars().all(char::is_alphabetic);
    let known = NOUNS.iter().find(|(told, _)| *told == quality).map(|(_, noun)| (*noun).to_owned());
    known
        .or_else(|| (plain && (quality.ends_with("ous") || quality.ends_with("ful"))).then(|| format!("{quality}ness")))
}

/// The participle of a verb in the past, as far as the two differ in spelling.
fn past(verb: &str) -> String {
    match verb {
        "wrote" => "written",
        "took" => "taken",
        "gave" => "given",
        "chose" => "chosen",
        "drew" => "drawn",
        other => other,
    }
    .to_owned()
}

pub(crate) fn participle(verb: &str) -> bool {
    verb.ends_with("ed")
        || verb.ends_with("en")
        || verb.ends_with("wn")
        || verb.ends_with("orn")
        || ["made", "sold", "bought", "brought", "found", "led", "built", "sent", "held", "paid", "lent", "cast"]
            .contains(&verb)
}

/// "whether it has a projector", "a flag that says whether it is insured".
fn yes_no(lower: &str) -> Option<(String, String)> {
    const FLAGS: &[&str] = &[
        "flag",
        "yes/no flag",
        "checkbox",
        "tick box",
        "tickbox",
        "mark",
        "indicator",
        "yes/no field",
        "note",
        "field",
        "boolean",
        "switch",
    ];
    let (before, asked) = lower
        .strip_prefix("whether ")
        .map(|asked| ("", asked))
        .or_else(|| lower.split_once(" whether "))
        .or_else(|| lower.split_once(" if "))?;
    let mut lead = before.trim_start_matches("a ").trim_start_matches("an ").trim_start_matches("the ").to_owned();
    for tail in ["says", "shows", "tells", "indicates", "that", "which", "for", "saying", "showing", "indicating", "of"]
    {
        lead = lead.trim().strip_suffix(tail).map_or(lead.trim(), str::trim).to_owned();
    }
    for tail in ["that", "which"] {
        lead = lead.trim().strip_suffix(tail).map_or(lead.trim(), str::trim).to_owned();
    }
    if !lead.is_empty() && !FLAGS.contains(&lead.as_str()) {
        return None;
    }
    let words: Vec<&str> = asked
        .trim_end_matches(" or not")
        .split_whitespace()
        .filter(|word| !matches!(*word, "a" | "an" | "the" | "any"))
        .collect();
    // "whether the queen was seen" is `queen seen`.
    if let [subject @ .., "was" | "is" | "were" | "are", seen] = words.as_slice()
        && matches!(subject.len(), 1 | 2)
        && !subject.iter().any(|word| IT.contains(word))
        && participle(seen)
    {
        return Some((format!("{} {seen}", subject.join(" ")), "yes/no".to_owned()));
    }
    // "whether there is electricity"
    if let ["there", "is" | "are", what @ ..] = words.as_slice()
        && matches!(what.len(), 1 | 2)
    {
        return Some((what.join(" "), "yes/no".to_owned()));
    }
    let (it, rest) = words.split_first()?;
    if !IT.contains(it) || rest.is_empty() || rest.len() > 4 {
        return None;
    }
    Some((flag(rest)?, "yes/no".to_owned()))
}

/// The name of a flag by what is asked of the record: "is insured" is `insured`, "has a projector" is `has projector`.
pub(crate) fn flag(asked: &[&str]) -> Option<String> {
    let (verb, rest) = asked.split_first()?;
    let name: Vec<&str> = match *verb {
        "can" | "may" | "must" | "will" | "should" | "need" | "not" => return None,
        "is" | "are" | "be" | "was" | "were" => rest.to_vec(),
        "have" | "has" => std::iter::once("has").chain(rest.iter().copied()).collect(),
        _ => asked.to_vec(),
    };
    (!rest.is_empty() && !name.iter().any(|word| matches!(*word, "not" | "if" | "or" | "and"))).then(|| name.join(" "))
}

/// "a title of at most 60 characters", "a capacity between 1 and 10", "a price that must be positive".
fn bounded(phrase: &str) -> Option<(String, String)> {
    const LIMITS: &[&str] = &[
        "at most ",
        "at least ",
        "up to ",
        "no more than ",
        "not more than ",
        "exactly ",
        "maximum ",
        "minimum ",
        "max ",
        "max. ",
        "between ",
        "more than ",
        "less than ",
        "greater than ",
        "from ",
    ];
    let lower = phrase.to_lowercase();
    if lower.len() != phrase.len() {
        return None;
    }
    for relative in [" that ", " which "] {
        if let Some(at) = lower.find(relative) {
            let rest = lower.get(at + relative.len()..)?;
            let verb = ["must ", "may not ", "is ", "are ", "cannot ", "should ", "has to ", "shall "]
                .iter()
                .any(|verb| rest.starts_with(verb));
            if verb && at > 0 {
                return Some((phrase.get(..at)?.to_owned(), phrase.get(at + relative.len()..)?.to_owned()));
            }
        }
    }
    for limit in LIMITS {
        for lead in [" of ", " with ", " "] {
            let mark = format!("{lead}{limit}");
            if let Some(at) = lower.find(&mark) {
                let rest = phrase.get(at + lead.len()..)?;
                let number = rest
                    .get(limit.len()..)?
                    .starts_with(|c: char| c.is_ascii_digit() || matches!(c, '€' | '$' | '£' | '-'))
                    || ["one", "two", "three", "zero", "ten", "a "]
                        .iter()
                        .any(|word| rest.get(limit.len()..).is_some_and(|rest| rest.to_lowercase().starts_with(word)));
                if (number || note::scale(rest).is_some()) && at > 0 {
                    return Some((phrase.get(..at)?.to_owned(), rest.to_owned()));
                }
            }
        }
    }
    None
}
