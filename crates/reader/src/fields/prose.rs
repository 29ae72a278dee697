//! Brings prose that lists fields to the plain form of a list: `when it starts` to `start (date and time)`,
//! `a name, which must be unique,` to `a name (must be unique)`. Every rewriting says the same in other words;
//! where none applies, the sentence stays as it is.

use crate::fields::form;
use crate::fields::phrase::{IT, one, participle};
use crate::words;

/// Verbs behind which fields are listed.
const VERBS: &[&str] = &[
    "has",
    "have",
    "records",
    "record",
    "contains",
    "contain",
    "includes",
    "include",
    "holds",
    "hold",
    "stores",
    "store",
    "keeps",
    "keep",
    "carries",
    "carry",
    "tracks",
    "track",
    "captures",
    "capture",
    "notes",
    "note",
    "with",
    "recorded",
    "stored",
    "needs",
    "saves",
    "save",
    "register",
    "registers",
    "log",
    "logs",
    "know",
    "by",
    "consists of",
    "names",
];

/// The sentence with its fields in the plain form; `None` where that changes nothing.
pub(crate) fn rewrite(text: &str) -> Option<String> {
    let marked = quote_pattern(text);
    let text = text.trim();
    let body = marked.as_deref().unwrap_or(text).trim().trim_end_matches('.');
    let aside = without_asides(body);
    let asides = aside.is_some();
    let body = aside.as_deref().unwrap_or(body);
    if let Some(plain) = switched(body) {
        return Some(plain);
    }
    if let Some(plain) = spanning(body) {
        return Some(rewrite(&plain).unwrap_or(plain));
    }
    for (at, word) in words_at(body) {
        let told = body.get(..at).is_some_and(|head| head.ends_with("we ") || head.ends_with("I "));
        let asks = told && matches!(word, "need" | "want" | "collect");
        if at > 0 && (asks || VERBS.contains(&word.to_lowercase().as_str())) {
            let end = at + word.len();
            let (head, list) = (body.get(..end)?, body.get(end..)?.trim());
            let list = list.trim_start_matches(':').trim();
            let (list, changed) = of_subject(head, list).map_or_else(|| (list.to_owned(), false), |list| (list, true));
            if let Some(plain) = items(&list) {
                return Some(format!("{head} {plain}"));
            }
            if changed {
                return Some(format!("{head} {list}"));
            }
        }
    }
    if asides { Some(body.to_owned()) } else { marked }
}

/// "A grower has a name and, when we have one, an e-mail", "refers to the lot it was made from": what is put in between
/// and says nothing more.
fn without_asides(body: &str) -> Option<String> {
    const GIVEN: &[&str] = &[
        "when we have one",
        "where we have one",
        "if we have one",
        "if there is one",
        "where there is one",
        "when there is one",
        "if any",
        "if known",
        "where known",
        "when known",
        "if available",
        "if given",
        "where available",
        "if it has one",
    ];
    let mut plain = body.to_owned();
    for given in GIVEN {
        for article in ["a", "an"] {
            plain = plain.replace(&format!(", {given}, {article} "), " an optional ");
        }
    }
    let words: Vec<&str> = plain.split(' ').collect();
    // "the lot it was made from": which one is meant.
    let at = words.windows(6).position(|part| {
        matches!(part, [to, "the", _, it, "was" | "is" | "were" | "are", _]
            if matches!(*to, "to" | "with" | "for") && IT.contains(it))
    });
    if let Some(at) = at
        && words.get(at + 5).is_some_and(|verb| participle(verb))
        && words
            .get(at + 6)
            .is_some_and(|word| matches!(*word, "from" | "for" | "of" | "to" | "in" | "on" | "with" | "by" | "at"))
    {
        let kept = words.iter().enumerate().filter(|(k, _)| !(at + 3..=at + 6).contains(k));
        plain = kept.map(|(_, word)| *word).collect::<Vec<_>>().join(" ");
    }
    (plain != body).then_some(plain)
}

/// "We store bookings with ..., and whether the booking is paid": it is.
fn of_subject(head: &str, list: &str) -> Option<String> {
    let mut plain = list.to_owned();
    // "We store bookings with ..."
    let named = list.split_once(" with ").map_or("", |(named, _)| named);
    for (_, word) in words_at(head).into_iter().chain(words_at(named)) {
        let one = words::singular(&word.to_lowercase());
        for article in ["the", "a", "an"] {
            plain = plain.replace(&format!("whether {article} {one} "), "whether it ");
        }
    }
    (plain != list).then_some(plain)
}

/// "Accounts can be locked (yes/no, no by default)": a yes/no field that the participle names.
fn switched(body: &str) -> Option<String> {
    let short = |text: &str, most: usize| (1..=most).contains(&text.split_whitespace().count());
    const BE: &[&str] = &[" can be marked as ", " may be marked as ", " can be ", " may be ", " is "];
    // "An artist can be marked as active or not; new artists are active."
    let told = body
        .split_once(" or not")
        .and_then(|(head, rest)| Some((head, rest.strip_prefix(';').or((rest.is_empty()).then_some(""))?)));
    if let Some((head, rest)) = told
        && let Some((subject, name)) = BE.iter().find_map(|verb| head.split_once(verb))
        && short(subject, 3)
        && short(name, 1)
    {
        // What new ones are is the usual value.
        let usual = rest.trim().split_once(" are ").filter(|(new, _)| new.starts_with("new ")).map(|(_, usual)| usual);
        let default = match usual {
            Some(usual) if usual == name => ", default yes",
            Some(usual) if usual.strip_prefix("not ") == Some(name) => ", default no",
            None if rest.is_empty() => "",
            _ => return None,
        };
        return Some(format!("{subject} has {name} (yes/no{default})"));
    }
    let (head, notes) = body.split_once(" (")?;
    // "A gardener can be a board member (yes or no); by default they are not."
    let (notes, behind) = notes.split_once(')').filter(|(notes, _)| !notes.contains('('))?;
    let usual = match behind.trim_start_matches([';', ',', ' ']) {
        "" => "",
        "by default they are not"
        | "by default it is not"
        | "by default not"
        | "by default no"
        | "default no"
        | "normally they are not"
        | "normally it is not"
        | "the default is no" => "; default no",
        "by default they are"
        | "by default it is"
        | "by default yes"
        | "default yes"
        | "normally they are"
        | "normally it is"
        | "the default is yes" => "; default yes",
        _ => return None,
    };
    let lower = notes.to_lowercase();
    let kinds = ["yes/no", "yes / no", "yes or no", "boolean", "true/false", "true or false"];
    let flag = kinds.iter().any(|kind| lower.starts_with(kind));
    let (subject, name) = BE.iter().find_map(|verb| head.split_once(verb))?;
    let name = ["a ", "an "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
    let notes = lower.strip_prefix("yes or no").map_or(notes.to_owned(), |rest| format!("yes/no{rest}"));
    (flag && short(subject, 3) && short(name, 3)).then(|| format!("{subject} have {name} ({notes}{usual})"))
}

/// "A loan goes from a first day to a last day": the two fields that it has.
fn spanning(body: &str) -> Option<String> {
    const VERBS: &[&str] = &[" goes from ", " go from ", " runs from ", " lasts from ", " extends from ", " is from "];
    let (head, rest) = VERBS.iter().find_map(|verb| body.split_once(verb))?;
    let (from, to) = rest.split_once(" to ")?;
    // "... to a last day, and has a purpose": more of its fields.
    let (to, more) = [", and has ", " and has ", ", has ", ", and have ", " and have "]
        .iter()
        .find_map(|joint| to.split_once(joint))
        .map_or((to, None), |(to, more)| (to, Some(more)));
    let field = |name: &str| {
        let lower = name.to_lowercase();
        let determined = ["a ", "an "].iter().any(|article| lower.starts_with(article));
        let timed = [" day", " date", " time", " hour"].iter().any(|end| lower.ends_with(end));
        determined && timed && lower.split(' ').count() <= 4
    };
    let subject = head.trim_end_matches(" and").trim_end_matches(',');
    let joined = if subject.len() < head.len() { format!("{subject} and has") } else { format!("{head} has") };
    (field(from) && field(to)).then(|| match more {
        Some(more) => format!("{joined} {from}, {to}, {more}"),
        None => format!("{joined} {from} and {to}"),
    })
}

/// Words outside parentheses with their places.
fn words_at(text: &str) -> Vec<(usize, &str)> {
    let mut out = Vec::new();
    let mut depth = 0_i32;
    let mut begin = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        let letter = c.is_alphanumeric() || c == '-';
        match (begin, letter) {
            (None, true) => begin = Some(at),
            (Some(from), false) => {
                if depth == 0
                    && let Some(word) = text.get(from..at)
                {
                    out.push((from, word));
                }
                begin = None;
            }
            _ => {}
        }
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    out
}

/// What is said of a field rather than naming one.
const FLAGS: &[&str] = &[
    "required",
    "mandatory",
    "optional",
    "unique",
    "compulsory",
    "must ",
    "at most ",
    "at least ",
    "not ",
    "never ",
    "is ",
    "may ",
    "cannot ",
    "may not ",
    "has to ",
];

/// The list with every item in the plain form; `None` where no item needed it.
fn items(list: &str) -> Option<String> {
    let mut out: Vec<String> = Vec::new();
    let split = pieces(list);
    let count = split.len();
    let pieces = moments(split);
    let mut changed = pieces.len() < count;
    let articles = pieces.iter().filter(|piece| starts_item(piece)).count();
    let mut values = false;
    for (at, piece) in pieces.iter().enumerate() {
        let lower = piece.to_lowercase();
        // "a brand and a colour, all of which are text"
        if let Some(note) = [
            "all of which are ",
            "both of which are ",
            "all of which must be ",
            "both of which must be ",
            "all of them ",
            "both of them ",
        ]
        .iter()
        .find_map(|lead| lower.strip_prefix(lead))
        .and_then(|note| piece.get(piece.len() - note.len()..))
        {
            let from = if lower.starts_with("both") { out.len().saturating_sub(2) } else { 0 };
            out.iter_mut().skip(from).for_each(|item| *item = with_note(item, note));
            changed = true;
            continue;
        }
        if let Some((from, note)) = shared(&lower, out.len()) {
            // "a target, a start and an end, each with date and time": of those that are moments.
            let moments = out.iter().rev().take_while(|item| called_like_moment(item)).count();
            let from = if note.starts_with("date") && moments > 1 { from.max(out.len() - moments) } else { from };
            out.iter_mut().skip(from).for_each(|item| *item = with_note(item, &note));
            changed = true;
            continue;
        }
        if let Some(last) = out.last_mut() {
            // "a floor between 0 and 12" was cut at its `and`.
            if last.to_lowercase().contains("between ") && lower.starts_with(|c: char| c.is_ascii_digit() || c == '€')
            {
                *last = match last.strip_suffix(')').filter(|open| open.rfind("between ") > open.rfind('(')) {
                    Some(open) => format!("{open} and {piece})"),
                    None => format!("{last} and {piece}"),
                };
                changed = true;
                continue;
            }
            // "a wait, which is the number of days between the start and the end" was cut there, too.
            if let Some(open) = last.strip_suffix(')').filter(|open| parts_to_come(open)) {
                *last = format!("{open} and {piece})");
                continue;
            }
            if values && articles > 0 && !starts_item(piece) && relative(&lower).is_none() {
                *last = match last.strip_suffix(')') {
                    Some(open) => format!("{open}, {piece})"),
                    None => format!("{last}, {piece}"),
                };
                continue;
            }
            // "..., and notes, an optional text of up to 2000 characters": called without an article.
            let bare = last.split(' ').count() <= 3 && last.chars().all(|c| c.is_alphanumeric() || " -_".contains(c));
            if let Some(kind) = apposed(&lower).filter(|_| starts_item(last) || bare) {
                *last = with_note(last, kind);
                changed = true;
                continue;
            }
            if alone(&lower) {
                *last = with_note(last, "unique");
                changed = true;
                continue;
            }
            // "which is unique and has between 2 and 5 characters"
            const GOES_ON: &[&str] = &[
                "has between ",
                "has at ",
                "has exactly ",
                "has up to ",
                "is between ",
                "is at ",
                "consists of ",
                "must be ",
            ];
            if last.ends_with(')') && GOES_ON.iter().any(|lead| lower.starts_with(lead)) {
                let said =
                    ["has ", "is ", "must be "].iter().find_map(|verb| lower.strip_prefix(verb)).unwrap_or(&lower);
                *last = with_note(last, piece.get(piece.len() - said.len()..).unwrap_or(piece));
                changed = true;
                continue;
            }
            // "which is beginner or expert and starts as beginner"
            if let Some(first) = FIRST.iter().find_map(|lead| lower.strip_prefix(lead)) {
                let first = piece.get(piece.len() - first.len()..).unwrap_or(piece);
                *last = with_note(last, &format!("default {first}"));
                changed = true;
                continue;
            }
            // "a name (required) and may be archived (yes/no)": a flag of its own.
            if let Some(flag) = flag(piece) {
                out.push(flag.to_owned());
                changed = true;
                continue;
            }
            // "which is unique and required": the second half of what is said of the item.
            if last.ends_with(')')
                && FLAGS.iter().any(|flag| lower == *flag || (flag.ends_with(' ') && lower.starts_with(flag)))
            {
                *last = with_note(last, piece);
                changed = true;
                continue;
            }
            // "a kind, one of new, used and broken": the values of what stands before.
            let announced = ["one of ", "either ", "any of ", "chosen from ", "selected from ", "picked from "]
                .iter()
                .any(|lead| lower.starts_with(lead));
            if announced && !last.ends_with(')') && at > 0 {
                *last = with_note(last, piece);
                changed = true;
                values = true;
                continue;
            }
            if let Some(note) = relative(&lower).and_then(|note| piece.get(piece.len() - note.len()..)) {
                // "an answer, which is yes, no or maybe": values that nothing announces.
                let open = pieces
                    .iter()
                    .skip(at + 1)
                    .take_while(|next| !starts_item(next) && relative(&next.to_lowercase()).is_none());
                let listed = open.take(12).find(|next| next.contains(" or ") || next.starts_with("or "));
                // "a size, which can be small or large"
                if let Some(values) = chosen(note) {
                    *last = with_note(last, &format!("one of {values}"));
                    changed = true;
                    continue;
                }
                let value = note.strip_prefix("is ").filter(|value| listed.is_some() && !value.contains(' '));
                let first = FIRST.iter().find_map(|lead| note.strip_prefix(lead));
                let first = first.or_else(|| at_first(note)).map(|first| format!("default {first}"));
                let note = value.map(|value| format!("one of {value}")).or(first).unwrap_or_else(|| note.to_owned());
                *last = with_note(last, &note);
                changed = true;
                values = value.is_some() || opens(&note);
                continue;
            }
        }
        // "a state: open, confirmed or done": what stands behind the mark goes on over the commas.
        let listed =
            pieces.get(at + 1).is_some_and(|next| !starts_item(next) && relative(&next.to_lowercase()).is_none());
        if let Some((name, first)) = piece.split_once(": ")
            && listed
            && articles > 0
            && starts_item(piece)
            && name.split(' ').count() <= 3
            && first.split(' ').count() <= 3
        {
            out.push(format!("{name} (one of {first})"));
            values = true;
            changed = true;
            continue;
        }
        values = opens(piece);
        out.push(piece.clone());
    }
    let plain: Vec<String> = out
        .iter()
        .map(|item| match one(item) {
            Some(plain) => {
                changed = true;
                plain
            }
            None => item.clone(),
        })
        .collect();
    (changed && !plain.is_empty()).then(|| plain.join(", "))
}

/// "may be archived (yes/no)": the yes/no field that the participle names, with its notes.
fn flag(piece: &str) -> Option<&str> {
    const BE: &[&str] = &["may be marked as ", "can be marked as ", "it may be ", "it can be ", "may be ", "can be "];
    let flag = BE.iter().find_map(|verb| piece.strip_prefix(verb))?;
    let (name, notes) = flag.split_once(" (")?;
    let asks =
        ["yes/no", "yes / no", "boolean", "true/false"].iter().any(|kind| notes.to_lowercase().starts_with(kind));
    (asks && participle(name)).then_some(flag)
}

/// "a date and time" is one item.
fn moments(pieces: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match out.last_mut() {
            Some(last) if piece == "time" && matches!(last.as_str(), "a date" | "the date" | "date") => {
                last.push_str(" (date and time; known as date and time)");
            }
            // "an arrival and a departure, both date and time"
            Some(last) if piece.starts_with("time") && SHARED.iter().any(|(lead, _)| last.starts_with(lead)) => {
                last.push_str(" and ");
                last.push_str(&piece);
            }
            _ => out.push(piece),
        }
    }
    out
}

/// Whether an item of a list is called as moments are: `a start`, `the planned end`.
pub(crate) fn called_like_moment(item: &str) -> bool {
    const NAMES: &[&str] = &[
        "start",
        "end",
        "begin",
        "beginning",
        "finish",
        "from",
        "until",
        "to",
        "arrival",
        "departure",
        "opening",
        "closing",
        "at",
        "on",
    ];
    let name = item.split([',', '(', ':']).next().unwrap_or(item).trim().to_lowercase();
    name.rsplit(' ')
        .next()
        .is_some_and(|last| NAMES.contains(&last) || last.ends_with("time") || last.ends_with("date"))
}

fn starts_item(piece: &str) -> bool {
    let lower = piece.to_lowercase();
    [
        "a ",
        "an ",
        "the ",
        "its ",
        "their ",
        "optionally ",
        "possibly ",
        "an optional ",
        "when ",
        "who ",
        "how ",
        "whether ",
        "which ",
        "one ",
    ]
    .iter()
    .any(|lead| lower.starts_with(lead))
}

/// Whether a list of values begins that is still open at the end.
fn opens(piece: &str) -> bool {
    let lower = piece.to_lowercase();
    ["one of ", "either ", "chosen from ", "selected from ", "picked from "].iter().any(|word| lower.contains(word))
        && !lower.ends_with(')')
}

/// Items at `,`, `;` and `and` outside parentheses.
/// Words that lead to what several items are, and how many; all of them where none is told.
const SHARED: &[(&str, Option<usize>)] =
    &[("both ", Some(2)), ("each ", None), ("all ", None), ("all three ", Some(3)), ("all four ", Some(4))];

/// "a start and an end, both date and time", "a top and a bottom, both decimal numbers in metres": the first item that it is
/// said of, and the note.
fn shared(lower: &str, items: usize) -> Option<(usize, String)> {
    const NOTES: &[(&[&str], &str)] = &[
        (
            &["date and time", "dates and times", "date-time", "date-times", "with date and time", "with time"],
            "date and time",
        ),
        (&["date", "dates"], "date"),
        (&["text", "texts"], "text"),
        (&["whole numbers", "integers", "whole number", "integer"], "integer"),
        (&["decimal numbers", "decimals", "decimal"], "decimal"),
        (&["amounts of money", "money", "in euros", "amounts in euros"], "money"),
        (&["required", "mandatory"], "required"),
        (&["optional"], "optional"),
    ];
    /// What more may be said of such a type.
    const MORE: &[&str] = &[" in ", " of ", " with ", " from ", " between ", " not ", " greater ", " above "];
    let (rest, count) = SHARED.iter().rev().find_map(|(lead, count)| Some((lower.strip_prefix(lead)?, *count)))?;
    let rest = rest.trim_start_matches("of them ").trim_start_matches("are ").trim_start_matches("being ");
    // "both given as date and time"
    const KEPT: &[&str] =
        &["given as ", "entered as ", "stored as ", "kept as ", "recorded as ", "told as ", "of type "];
    let rest = KEPT.iter().find_map(|kept| rest.strip_prefix(kept)).unwrap_or(rest);
    let told = |said: &&str| {
        let more = rest.strip_prefix(*said)?;
        (more.is_empty() || MORE.iter().any(|lead| more.starts_with(lead))).then_some((said.len(), more))
    };
    let typed = NOTES.iter().filter_map(|(said, note)| Some((said.iter().filter_map(told).max()?, *note)));
    let ((_, more), note) = typed.max_by_key(|((length, _), _)| *length)?;
    let from = items.checked_sub(count.unwrap_or(items))?;
    (items >= 2).then(|| (from, if more.is_empty() { note.to_owned() } else { format!("{note};{more}") }))
}

fn pieces(list: &str) -> Vec<String> {
    let mut out = vec![String::new()];
    let mut depth = 0_i32;
    let mut quote = false;
    for word in list.split_inclusive(' ') {
        let bare = word.trim();
        if depth == 0 && !quote && matches!(bare, "and" | "plus") {
            out.push(String::new());
            continue;
        }
        for c in bare.chars() {
            match c {
                '(' | '[' => depth += 1,
                ')' | ']' => depth = (depth - 1).max(0),
                '`' | '"' => quote = !quote,
                _ => {}
            }
        }
        let ends = depth == 0 && !quote && bare.ends_with([',', ';']);
        if let Some(last) = out.last_mut() {
            last.push_str(if ends { bare.trim_end_matches([',', ';']) } else { word });
        }
        if ends {
            out.push(String::new());
        }
    }
    out.into_iter().map(|piece| piece.trim().to_owned()).filter(|piece| !piece.is_empty()).collect()
}

/// "A maximum payload, a whole number of grams": the type of what stands before, and no field that is called by it.
fn apposed(lower: &str) -> Option<&str> {
    const TYPES: &[&str] = &[
        "whole number",
        "integer",
        "decimal number",
        "decimal",
        "positive whole number",
        "positive number",
        "positive integer",
        "positive decimal",
        "number between",
        "number from",
        "number of at least",
        "number of at most",
        "text of",
        "free text",
        "yes/no value",
        "yes/no field",
        "yes/no flag",
        "yes-or-no value",
        "amount of money",
        "date in the past",
        "date in the future",
    ];
    let kind = ["a ", "an "].iter().find_map(|article| lower.strip_prefix(article))?;
    // "An optional integer from 1 to 10"
    const MARKS: &[&str] = &["optional ", "required ", "mandatory ", "unique ", "plain ", "short ", "long "];
    let marked = MARKS.iter().find_map(|mark| kind.strip_prefix(mark));
    let said = kind;
    let kind = marked.unwrap_or(kind);
    const MORE: &[&str] = &[
        " of ",
        " between ",
        " from ",
        " with ",
        " up to ",
        " at ",
        " in ",
        " (",
        "(",
        " that ",
        " which ",
        " starting ",
        " greater ",
        " not ",
        " no ",
    ];
    let open = |start: &str| [" of", " between", " from", " least", " most"].iter().any(|end| start.ends_with(end));
    let more = |rest: &str| rest.is_empty() || MORE.iter().any(|start| rest.starts_with(start));
    let told = |start: &&str| kind.strip_prefix(*start).is_some_and(|rest| open(start) || more(rest));
    // "An optional text up to 80 characters", where a text by itself may be a field.
    const BARE: &[&str] = &["text", "string", "number", "date", "whole number", "decimal number"];
    let bare = BARE.iter().filter_map(|name| kind.strip_prefix(name)).any(|rest| !rest.is_empty() && more(rest));
    (TYPES.iter().any(told) || marked.is_some() && bare).then_some(said)
}

/// What a relative clause says of the item before it: `which must be unique`.
fn relative(lower: &str) -> Option<&str> {
    let rest = lower.strip_prefix("which ").or_else(|| lower.strip_prefix("that "))?;
    const SAID: &[&str] = &[
        "must ",
        "may ",
        "is ",
        "are ",
        "has to ",
        "should ",
        "cannot ",
        "can ",
        "shall ",
        "will ",
        "never ",
        "has the form ",
        "has the format ",
        "follows the pattern ",
        "looks like ",
        "has between ",
        "has at ",
        "has exactly ",
    ];
    SAID.iter().chain(FIRST).any(|verb| rest.starts_with(verb)).then_some(rest)
}

/// Two values between which a field chooses: `can be small or large`.
fn chosen(note: &str) -> Option<&str> {
    let values = ["can be ", "may be ", "must be "].iter().find_map(|verb| note.strip_prefix(verb))?;
    let (first, second) = values.split_once(" or ")?;
    let first = first.strip_prefix("either ").unwrap_or(first);
    let word = |value: &str| {
        value.chars().all(char::is_alphabetic)
            && !crate::verbs::is_participle(value)
            && !["empty", "blank", "more", "less"].contains(&value)
    };
    (word(first) && word(second)).then(|| values.strip_prefix("either ").unwrap_or(values))
}

/// Which value a field of new records holds: `which starts as new`.
const FIRST: &[&str] =
    &["starts at ", "starts as ", "starts out as ", "begins as ", "begins at ", "is initially ", "initially is "];

/// "is planned at first": the value that it begins with.
fn at_first(note: &str) -> Option<&str> {
    const ENDS: &[&str] =
        &[" at first", " initially", " to begin with", " to start with", " at the start", " at the beginning"];
    let value = note.strip_prefix("is ").or_else(|| note.strip_prefix("are "))?;
    ENDS.iter().find_map(|end| value.strip_suffix(end)).filter(|value| value.split(' ').count() <= 3)
}

/// Whether an item is told as a formula of two parts of which the second is still to come.
fn parts_to_come(item: &str) -> bool {
    const LEADS: &[&str] = &[
        "number of days between ",
        "difference between ",
        "difference of ",
        "product of ",
        "sum of ",
        "days between ",
    ];
    let lower = item.to_lowercase();
    let told = lower.split_once("(is ").or_else(|| lower.split_once("(are ")).map_or("", |(_, told)| told);
    let part = LEADS.iter().find_map(|lead| told.split_once(lead)).map(|(_, part)| part);
    // "the sum of the totals of its lines" has one part.
    part.is_some_and(|part| !part.contains(" and ") && !part.contains(" of ") && !part.contains([',', ';']))
}

/// "which nobody else may have", "that no other member may share": no two records have the same.
pub(super) fn alone(lower: &str) -> bool {
    let Some(rest) = ["which ", "that "].iter().find_map(|lead| lower.strip_prefix(lead)) else { return false };
    let who = ["nobody else ", "no one else ", "no other ", "no two "].iter().find_map(|who| rest.strip_prefix(who));
    const SHARED: &[&str] = &["have", "has", "share", "shares", "use", "uses", "carry", "carries", "bear", "bears"];
    who.is_some_and(|rest| {
        let words: Vec<&str> = rest.split_whitespace().collect();
        words.len() <= 3 && words.last().is_some_and(|last| SHARED.contains(last))
    })
}

/// The item with one more note.
pub(crate) fn with_note(item: &str, note: &str) -> String {
    let note = note.trim().trim_end_matches(['.', ',']);
    match item.strip_suffix(')') {
        Some(open) if item.contains('(') => format!("{open}; {note})"),
        _ => format!("{item} ({note})"),
    }
}

/// An expression behind `pattern`, `regex` or `format` in backticks, so that it stays one word.
pub(crate) fn quote_pattern(text: &str) -> Option<String> {
    if let Some(worded) = form::rewrite(text) {
        return Some(quote_pattern(&worded).unwrap_or(worded));
    }
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    // `[A-Z]{3}`, or a picture of digits: "99-AAA".
    let special = |word: &str| word.contains(['\\', '[', '{']);
    let picture = |word: &str| {
        word.contains(['9', '0', '#'])
            && word.chars().all(|c| c.is_ascii_uppercase() || matches!(c, '9' | '0' | '#' | '-' | '/' | '.'))
            && word.contains(|c: char| c.is_ascii_uppercase() || matches!(c, '-' | '/' | '.'))
    };
    let leads = ["pattern", "regex", "regexp", "expression", "format", "matches", "matching", "match", "form"];
    for lead in leads {
        for (at, _) in lower.match_indices(lead) {
            let rest = text.get(at + lead.len()..)?;
            let skipped = rest.len() - rest.trim_start_matches([' ', ':', '=']).len();
            if skipped == 0 {
                continue;
            }
            let rest = rest.get(skipped..)?;
            let end = rest.find(' ').unwrap_or(rest.len());
            let word = rest.get(..end)?;
            let word = open_only(word);
            if (special(word) || picture(word)) && !word.starts_with(['`', '"', '“', '\'']) {
                let from = at + lead.len() + skipped;
                return Some(format!("{}`{word}`{}", text.get(..from)?, text.get(from + word.len()..)?));
            }
        }
    }
    None
}

/// Without the marks behind it that belong to the sentence: a parenthesis that it did not open.
fn open_only(mut word: &str) -> &str {
    loop {
        let shut = word.ends_with(')') && word.matches(')').count() > word.matches('(').count();
        match word.strip_suffix(['.', ',', ';', ')']) {
            Some(rest) if shut || !word.ends_with(')') => word = rest,
            _ => return word,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_becomes_a_list() {
        assert_eq!(
            rewrite("A room has a name, which must be unique, a floor (a whole number from 0 to 12), a number of seats and a flag that says whether it has a projector.").as_deref(),
            Some("A room has a name (must be unique), a floor (a whole number from 0 to 12), a number of seats, has projector (yes/no)")
        );
        assert_eq!(
            rewrite("A booking belongs to a room and records who booked it (an e-mail address), a title of at most 60 characters, when it starts and when it ends, and how many people attend.").as_deref(),
            Some("A booking belongs to a room and records booked by (text; an e-mail address), a title (at most 60 characters), start (date and time), end (date and time), number of people (whole number; known as attend)")
        );
        assert_eq!(rewrite("A tool has a name and a code."), None);
        assert_eq!(
            rewrite("A reply has an answer, which is yes, no or maybe, a date and time and a remark of no more than 250 characters.").as_deref(),
            Some("A reply has an answer (one of yes, no or maybe), a date (date and time; known as date and time), a remark (no more than 250 characters)")
        );
        assert_eq!(
            rewrite("For every member we store the name and the date they joined.").as_deref(),
            Some("For every member we store the name, date joined (date; known as joining date)")
        );
        assert_eq!(
            rewrite("Accounts can be locked (yes/no, no by default).").as_deref(),
            Some("Accounts have locked (yes/no, no by default)")
        );
        assert_eq!(rewrite("Orders can be cancelled (by managers)."), None);
        assert_eq!(
            rewrite("A tool has a state, which is one of new, used or broken, and a price that must be positive.")
                .as_deref(),
            Some("A tool has a state (is one of new, used or broken), a price (must be positive)")
        );
    }

    #[test]
    fn expressions_stay_whole() {
        assert_eq!(
            quote_pattern("text, pattern B-\\d{2}, unique").as_deref(),
            Some("text, pattern `B-\\d{2}`, unique")
        );
        assert_eq!(quote_pattern("text (format 99-AA, unique)").as_deref(), Some("text (format `99-AA`, unique)"));
        assert_eq!(quote_pattern("text, pattern below"), None);
    }
}
