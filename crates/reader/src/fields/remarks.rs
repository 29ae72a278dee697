//! Remarks put in between fields: `a price, given in euros, and a code`. They say something of the field before them, and stand in
//! brackets behind it from then on; none of them is a field.

use crate::fields::phrase;
use crate::fields::prose::with_note;

const HAS: &[&str] = &[
    " has ",
    " have ",
    " includes ",
    " include ",
    " contains ",
    " contain ",
    " records ",
    " record ",
    " needs ",
    " need ",
];

/// The sentence with its remarks in brackets; `None` where it has none.
pub(crate) fn noted(text: &str) -> Option<String> {
    for has in [" has", " have"] {
        let told = format!("{has}, among other things, ");
        if text.contains(&told) {
            let plain = text.replacen(&told, &format!("{has} "), 1);
            return Some(noted(&plain).unwrap_or(plain));
        }
    }
    let (at, verb) = HAS.iter().filter_map(|verb| Some((text.find(verb)?, *verb))).min_by_key(|(at, _)| *at)?;
    let (head, list) = text.split_at_checked(at + verb.len())?;
    // "A guest must have a birth date in the past" demands both.
    let must = head.ends_with(" must have ") || verb.trim_start().starts_with("need");
    let plain = behind_items(list, must).unwrap_or_else(|| list.to_owned());
    let plain = flagged(&plain).unwrap_or(plain);
    (plain != list).then(|| format!("{head}{plain}"))
}

/// "a price, given in euros, and a code", "a weight with one decimal place".
fn behind_items(list: &str, must: bool) -> Option<String> {
    let mut out: Vec<String> = Vec::new();
    let mut changed = false;
    for piece in pieces(list) {
        let (said, more) = piece.split_once(" and ").map_or((piece.as_str(), None), |(said, more)| (said, Some(more)));
        let note = out.last().filter(|last| names_field(last)).and_then(|_| remark(said.trim().trim_end_matches('.')));
        let (Some(note), Some(last)) = (note, out.last_mut()) else {
            let told = in_places(&piece).or_else(|| demanded(&piece, must));
            changed |= told.is_some();
            out.push(told.unwrap_or(piece));
            continue;
        };
        *last = with_note(last, &note);
        if let Some(more) = more {
            *last = format!("{last} and {more}");
        }
        changed = true;
    }
    changed.then(|| out.join(", "))
}

/// The parts of a list at its commas, outside of brackets and quotations.
fn pieces(list: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let (mut depth, mut quote) = (0_i32, false);
    for word in list.split_inclusive(' ') {
        for c in word.chars() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth -= 1,
                '"' | '`' => quote = !quote,
                _ => {}
            }
        }
        let ends = depth == 0 && !quote && word.ends_with(", ");
        if let Some(last) = out.last_mut() {
            last.push_str(if ends { word.trim_end_matches([',', ' ']) } else { word });
        }
        if ends {
            out.push(String::new());
        }
    }
    out
}

/// Whether the last item of a part is a field with its article: values have none.
fn names_field(part: &str) -> bool {
    let lower = part.to_lowercase();
    let last = lower.rsplit(" and ").next().unwrap_or(&lower).trim_start_matches("and ");
    let led = ["a ", "an ", "the ", "its ", "their ", "one "].iter().any(|article| last.starts_with(article));
    led && !["one of ", "either ", ": ", "chosen from "].iter().any(|opener| lower.contains(opener))
}

/// What a remark says of the field before it: "in euros" of `given in euros`. A remark that says something else is a note all the
/// same, and none that is known.
fn remark(said: &str) -> Option<String> {
    const TOLD: &[&str] = &[
        "given",
        "measured",
        "stored",
        "expressed",
        "kept",
        "recorded",
        "entered",
        "noted",
        "counted",
        "shown",
        "stated",
        "told",
        "always",
        "written",
        "specified",
        "displayed",
    ];
    const OTHERS: &[&str] = &[
        "including ",
        "excluding ",
        "rounded ",
        "visible ",
        "usually ",
        "normally ",
        "typically ",
        "mostly ",
        "such as ",
    ];
    const NAMED: &[&str] = &["called ", "also called ", "known as ", "also known as "];
    let lower = said.to_lowercase();
    let words: Vec<&str> = lower.split(' ').collect();
    let (first, second) = (words.first()?, words.get(1).copied().unwrap_or_default());
    if TOLD.contains(first) && matches!(second, "in" | "as" | "with") {
        let rest = said.split_once(' ').map_or("", |(_, rest)| rest);
        return Some(["as ", "with "].iter().find_map(|lead| rest.strip_prefix(lead)).unwrap_or(rest).to_owned());
    }
    if let Some(name) = NAMED.iter().find_map(|lead| lower.strip_prefix(lead)) {
        return Some(format!("known as {}", name.trim_end_matches(" for short")));
    }
    if *first == "in" && crate::fields::kinds::unit(&lower, &mut crate::fields::note::Notes::default()) {
        return Some(lower);
    }
    // "printed on the ticket", "handed out by the staff"
    const LEADS: &[&str] = &["on", "in", "to", "for", "by", "at", "from", "with"];
    let chosen = matches!(*first, "chosen" | "selected" | "picked");
    let done = crate::verbs::is_participle(first) && !chosen && words.len() > 2 && LEADS.contains(&second);
    (done || OTHERS.iter().any(|lead| lower.starts_with(lead))).then_some(lower)
}

/// "a birth date in the past", "a label unique within the stay": what is said of a field stands in brackets.
fn demanded(piece: &str, must: bool) -> Option<String> {
    const SAID: &[&str] =
        &[" in the past", " in the future", " unique within ", " unique per ", " unique in ", " unique among "];
    let lower = piece.to_lowercase();
    let names = ["a ", "an ", "one "].iter().any(|article| lower.starts_with(article));
    let plain = names
        && !lower.contains(['(', ':'])
        && ![" that ", " which ", " is ", " must "].iter().any(|word| lower.contains(word));
    let at = SAID.iter().find_map(|said| lower.find(said)).filter(|_| plain)?;
    let (name, said) = (piece.get(..at)?, piece.get(at + 1..)?);
    let (said, mark) = said.strip_suffix('.').map_or((said, ""), |said| (said, "."));
    let whole = !said.contains(" and ") && (1..=4).contains(&name.split(' ').skip(1).count());
    let duty = if must { "required; " } else { "" };
    whole.then(|| format!("{name} ({duty}{said}){mark}"))
}

/// "a weight with one decimal place": how many places it has stands in brackets.
fn in_places(piece: &str) -> Option<String> {
    let at = piece.find(" with ").filter(|at| !piece.get(..*at).unwrap_or_default().contains('('))?;
    let (before, behind) = (piece.get(..at)?, piece.get(at + " with ".len()..)?);
    let words: Vec<&str> = behind.split(' ').map(|word| word.trim_end_matches('.')).collect();
    let skipped = if words.starts_with(&["up", "to"]) || words.starts_with(&["at", "most"]) { 2 } else { 0 };
    let count = words.get(skipped)?;
    let number = *count == "one" || crate::normal::digits(count).is_some() || count.parse::<u8>().is_ok();
    let told = words.get(skipped + 1).is_some_and(|word| matches!(*word, "decimal" | "decimals"));
    let more = words.get(skipped + 2).is_some_and(|word| matches!(*word, "place" | "places" | "digit" | "digits"));
    (number && told).then_some(())?;
    let end = skipped + 2 + usize::from(more);
    let rest = words.get(end..).unwrap_or_default().join(" ");
    let mark = if behind.ends_with('.') { "." } else { "" };
    let space = if rest.is_empty() { "" } else { " " };
    Some(format!("{before} ({}){space}{rest}{mark}", words.get(..end)?.join(" ")))
}

/// "a flag indicating whether pets are allowed": a yes/no field of that name.
fn flagged(list: &str) -> Option<String> {
    const LEADS: &[&str] =
        &["a flag ", "a checkbox ", "a tick box ", "an indicator ", "a yes/no field ", "an indication ", "a mark "];
    let lower = list.to_ascii_lowercase();
    let from = LEADS.iter().find_map(|lead| lower.find(lead))?;
    let whether = from + lower.get(from..)?.find(" whether ")?;
    let end = lower.get(whether..)?.find([',', ';', '(']).map_or(list.len(), |end| whether + end);
    let end = lower.get(whether..end)?.find(" and a").map_or(end, |end| whether + end);
    let told = lower.get(from..end)?.trim_end_matches(['.', ' ']);
    let plain = phrase::one(told).filter(|plain| plain.ends_with("(yes/no)"))?;
    let rest = list.get(from + told.len()..)?;
    Some(format!("{}{plain}{rest}", list.get(..from)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_stand_in_brackets() {
        for (said, plain) in [
            (
                "A bike has a price, given in euros, which must be positive",
                "A bike has a price (in euros), which must be positive",
            ),
            ("A bike has a price, stored in euros and a tag.", "A bike has a price (in euros) and a tag."),
            (
                "A bike has a tag, printed on the frame, and a price",
                "A bike has a tag (printed on the frame), and a price",
            ),
            ("A bike has a weight with one decimal place.", "A bike has a weight (one decimal place)."),
            (
                "A bike has a nickname, called nick for short, and a tag",
                "A bike has a nickname (known as nick), and a tag",
            ),
            ("A bike has, among other things, a tag", "A bike has a tag"),
            (
                "A flat has a rent and a flag indicating whether pets are allowed.",
                "A flat has a rent and pets allowed (yes/no).",
            ),
        ] {
            assert_eq!(noted(said).as_deref(), Some(plain));
        }
        for said in [
            "A parcel has a state: sent, stored in the depot, lost",
            "A parcel has a state (sent, stored in the depot, lost) and a weight",
            "A bike has a name, a tag and a price",
            "A bike has a list with a name",
        ] {
            assert_eq!(noted(said), None, "{said}");
        }
    }
}
