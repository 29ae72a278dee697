//! The notes behind a field's name: `text, required, max 80 characters`.

use crate::fields::duty::demands;
use crate::fields::kinds::{TYPES, on_the_web, points, reference, set_type, several, short_unit, unit};
use crate::fields::values::{
    announces, announces_values, clause, is_value, made_of, names_type, opens_values, set_values, split_values, undone,
    unquoted,
};
use crate::lexicon::Lexicon;
use maestro_artifacts::{FieldKind, TextFormat};

/// What notes say of a field.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Notes {
    pub(crate) kind: Option<FieldKind>,
    /// It is a number, and nothing says of which kind.
    pub(crate) number: bool,
    pub(crate) format: Option<TextFormat>,
    /// The expression that a type of text stands for.
    pub(crate) pattern: Option<String>,
    pub(crate) required: bool,
    pub(crate) optional: bool,
    pub(crate) unique: bool,
    /// Upper and lower case are the same where it is unique.
    pub(crate) ignore_case: bool,
    pub(crate) read_only: bool,
    /// The service works it out; another note says how.
    pub(crate) computed: bool,
    pub(crate) default: Option<String>,
    pub(crate) units: Vec<String>,
    /// Other names under which the epic may speak of the field.
    pub(crate) aliases: Vec<String>,
    /// The notes say that the field refers to a record, but not to which kind.
    pub(crate) refers: bool,
    /// A type that cannot be built, or a reference to what the epic does not describe.
    pub(crate) missed: Option<String>,
    /// Parts that are read as `<field> must be <part>`.
    pub(crate) segments: Vec<String>,
}

/// Three words or more with an `or` before the last, plain values and such as mean a type or a number elsewhere.
fn told_apart(note: &str, lexicon: &Lexicon) -> Option<Vec<String>> {
    const ELSEWHERE: &[&str] = &["double", "single", "real", "long", "short", "whole", "simple"];
    let (before, last) = note.trim().rsplit_once(" or ")?;
    let values: Vec<String> =
        before.trim_end_matches(',').split(", ").chain([last]).map(|value| value.trim().to_owned()).collect();
    let number = |value: &str| value == "one" || crate::normal::digits(value).is_some();
    let odd = |value: &String| {
        let lower = value.to_lowercase();
        ELSEWHERE.contains(&lower.as_str()) || number(&lower) && value.chars().all(char::is_alphabetic)
    };
    let word = |value: &String| value.chars().all(char::is_alphabetic) && value.len() > 2;
    let mut others = values.iter().filter(|value| !odd(value));
    let plain = others.all(|value| plain_value(value, lexicon) && word(value) && value != "more" && value != "less");
    let named = values.iter().any(|value| !number(&value.to_lowercase()));
    (values.len() > 2 && plain && named && values.iter().any(odd)).then_some(values)
}

/// Reads what is noted of what others are measured in: "kg, piece" are its values, no unit of its own.
pub(crate) fn measure(note: &str, lexicon: &Lexicon, notes: &mut Notes) {
    let values = split_values(note);
    let value = |value: &String| {
        unit(&value.to_lowercase(), &mut Notes::default()) || plain_value(value, lexicon) && !value.contains(' ')
    };
    if values.len() >= 2 && values.iter().all(value) {
        set_values(values, notes);
    } else {
        read(note, lexicon, notes);
    }
}

/// Reads a note.
pub(crate) fn read(note: &str, lexicon: &Lexicon, notes: &mut Notes) {
    if let Some(quoted) = crate::fields::prose::quote_pattern(note) {
        return read(&quoted, lexicon, notes);
    }
    // "date (dd/mm/yyyy)": how dates are written in requests is told by their type.
    if let Some((plain, timed)) = without_picture(note) {
        let kind = if timed { FieldKind::DateTime } else { FieldKind::Date };
        notes.kind = notes.kind.take().or(Some(kind));
        return read(&plain, lexicon, notes);
    }
    // "(planned, on sale, over; first planned)": which of the values records begin with.
    let last = ["; ", ", "].iter().find_map(|mark| note.rsplit_once(mark));
    if let Some((values, first)) = last.and_then(|(values, last)| Some((values, last.trim().strip_prefix("first ")?)))
        && split_values(values).iter().any(|value| value == first)
    {
        return read(&format!("{values}; initially {first}"), lexicon, notes);
    }
    // "a grade from one to five"
    let lower = note.trim_start().to_lowercase();
    if ["from ", "between "].iter().any(|lead| lower.starts_with(lead)) {
        let digits = |word| if word == "one" { "1" } else { crate::normal::digits(word).unwrap_or(word) };
        let plain = note.split(' ').map(digits).collect::<Vec<_>>().join(" ");
        if plain != note {
            return read(&plain, lexicon, notes);
        }
    }
    // "Type: status" beside "Notes: draft, sent, paid": a choice whose values stand elsewhere.
    let open = matches!(&notes.kind, Some(FieldKind::Enum { values }) if values.is_empty());
    // "A, B, C (default: A)": the values, and what is noted of the choice; "C (default)" says it of the last.
    let noted = note.trim().strip_suffix(')').and_then(|note| note.rsplit_once(" ("));
    if let Some((before, inner)) = noted.filter(|(_, inner)| {
        !inner.contains(')')
            && (inner.contains(' ') || one(inner, lexicon, &mut Notes::default()).is_some_and(|rest| rest.is_empty()))
    }) && let Some(values) = bare_values(before, notes.kind.is_none() || open, lexicon)
    {
        set_values(values, notes);
        return read(inner, lexicon, notes);
    }
    // "single, double, four or eight": words that are types or numbers elsewhere.
    if notes.kind.is_none()
        && let Some(values) = told_apart(note, lexicon)
    {
        set_values(values, notes);
        return;
    }
    if crate::discover::whole(note, notes) {
        return;
    }
    if let Some(values) = bare_values(note, notes.kind.is_none() || open, lexicon) {
        set_values(values, notes);
        return;
    }
    // "A, B or C; required": what stands behind the values says something of the field.
    for (at, mark) in note.match_indices([',', ';']) {
        let (before, after) = (note.get(..at).unwrap_or_default(), note.get(at + mark.len()..).unwrap_or_default());
        let next = segments(after).into_iter().next().unwrap_or_default();
        if !plain_value(&next, lexicon)
            && !next.contains(" or ")
            && let Some(values) = bare_values(before, notes.kind.is_none() || open, lexicon)
        {
            set_values(values, notes);
            return read(after.trim(), lexicon, notes);
        }
    }
    let mut queue: Vec<String> = expression(note).map_or_else(
        || segments(&sized(note)),
        |(before, regex, after)| {
            let mut parts = segments(&sized(before));
            parts.push(regex.to_owned());
            parts.extend(segments(&sized(after)));
            parts
        },
    );
    queue.reverse();
    while let Some(segment) = queue.pop() {
        if let Some(values) = scale(&segment) {
            set_values(values, notes);
            continue;
        }
        // `enum(draft, open)`: the list stands apart from the word that announces it.
        if announces_values(&segment)
            && queue.last().is_some_and(|next| is_value(next, lexicon) && opens_values(next).is_none())
            && let Some(first) = queue.pop()
        {
            queue.push(format!("one of {first}"));
            continue;
        }
        // "decimal (km/h)", "money, EUR/night": a unit of two, and no choice.
        if matches!(notes.kind, Some(FieldKind::Integer | FieldKind::Decimal | FieldKind::Money))
            && let Some((what, by)) = ratio(&segment)
        {
            notes.units.extend([what, by].map(str::to_lowercase));
            continue;
        }
        if let Some(mut values) = opens_values(&segment) {
            // The list goes on over the commas until something that is clearly no value.
            // The type is said already, so the name of another type is a value: "one of laptop, projector, phone".
            let words = values.iter().any(|value| value.chars().any(char::is_alphabetic));
            let announced = words && announces(&segment);
            while let Some(next) = queue.last() {
                let value = is_value(next, lexicon) || announced && names_type(next);
                if !value {
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

/// The note without a picture of a date in it, such as `dd/mm/yyyy`, and whether that has a time of day.
fn without_picture(note: &str) -> Option<(String, bool)> {
    let letters = |word: &str| word.chars().filter(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    let bare = |word: &str| word.trim_matches(['(', ')', ',', ';', '"', '`']).to_owned();
    let day = |word: &str| {
        matches!(letters(word).as_str(), "ddmmyyyy" | "mmddyyyy" | "yyyymmdd" | "ddmmyy" | "yyyymmddthhmm")
    };
    let time = |word: &str| matches!(letters(word).as_str(), "hhmm" | "hhmmss" | "yyyymmddthhmm");
    let words: Vec<&str> = note.split(' ').collect();
    let at = words.iter().position(|word| day(word) && bare(word).contains(['/', '.', '-', 'y', 'Y']))?;
    let timed = time(words.get(at)?) || words.get(at + 1).is_some_and(|word| time(word));
    let end = at + 1 + usize::from(words.get(at + 1).is_some_and(|word| time(word)));
    let led = at
        .checked_sub(1)
        .and_then(|at| words.get(at))
        .is_some_and(|word| matches!(bare(word).to_lowercase().as_str(), "format" | "format:" | "in" | "as"));
    let from = at - usize::from(led);
    let kept = words.iter().take(from).chain(words.iter().skip(end)).copied().collect::<Vec<_>>().join(" ");
    // A mark that opened, and the one that closed it.
    let kept = if kept.matches('(').count() == kept.matches(')').count() { kept } else { kept.replace(['(', ')'], "") };
    Some((kept.trim().trim_end_matches([',', ';']).to_owned(), timed))
}

/// "km/h", "EUR/night", "kg/m²": one measured by another.
fn ratio(segment: &str) -> Option<(&str, &str)> {
    let short = |part: &str| !part.is_empty() && !part.contains(' ') && part.chars().count() <= 8;
    segment.split_once('/').filter(|(what, by)| short(what) && short(by) && !by.contains('/'))
}

/// "From A to E", "S to XL": the letters, or the sizes, from one to the other.
pub(super) fn scale(note: &str) -> Option<Vec<String>> {
    const SIZES: &[&str] = &["XXS", "XS", "S", "M", "L", "XL", "XXL", "XXXL"];
    let note = note.trim();
    let range = ["from ", "between "].iter().find_map(|lead| note.strip_prefix(lead)).unwrap_or(note);
    let (first, last) = [" to ", " – ", "–", "-", " and "].iter().find_map(|joint| range.split_once(joint))?;
    let within = |steps: &[&str]| {
        let place = |of: &str| steps.iter().position(|step| *step == of);
        let (from, to) = (place(first)?, place(last)?);
        Some(steps.get(from..=to)?.iter().map(|step| (*step).to_owned()).collect::<Vec<_>>())
    };
    let letters: Vec<String> = ('A'..='Z').map(String::from).collect();
    let letters: Vec<&str> = letters.iter().map(String::as_str).collect();
    // "A-Z" tells which letters may stand there.
    within(&letters).or_else(|| within(SIZES)).filter(|values| (2..20).contains(&values.len()))
}

/// The values of a note that is nothing but values, though no word announces them.
fn bare_values(note: &str, untyped: bool, lexicon: &Lexicon) -> Option<Vec<String>> {
    let listed = split_values(note);
    if listed.iter().any(|value| made_of(value)) {
        return None;
    }
    // "day, week, month": names of types among others that are none; "principal, string or reed", "bisque, glaze, raku" where
    // glazes are kept, too.
    const CALENDAR: &[&str] = &["day", "year", "time", "moment"];
    let calendar = |value: &String| {
        let lower = value.to_lowercase();
        CALENDAR.contains(&lower.as_str())
            || unit(&lower, &mut Notes::default())
            || lexicon.find(value).is_some() && listed.len() > 2
            || names_type(value) && (listed.first() != Some(value) || note.contains(" or ") && listed.len() > 2)
    };
    let unsure = listed.len() > 2
        && ["yes", "no"].iter().all(|word| listed.iter().any(|value| value.eq_ignore_ascii_case(word)));
    let others = listed.iter().filter(|value| !calendar(value)).count();
    // "A, B, AB or 0": a digit among names.
    let digits = |value: &String| value.chars().all(|c| c.is_ascii_digit());
    // "0/4, 4/8": no fractions of numbers.
    let sized = |value: &String| {
        value.split_once('/').is_some_and(|(low, high)| [low, high].iter().all(|part| digits(&(*part).to_owned())))
    };
    let sizes = listed.iter().any(sized);
    let named = listed.iter().filter(|value| !digits(value)).count();
    let plain = |value: &String| {
        (plain_value(value, lexicon) || calendar(value) && others >= if note.contains(" or ") { 1 } else { 2 })
            && (!demands(value, lexicon)
                || numbered(value)
                || sized(value)
                || digits(value) && named >= 2
                || matches!(value.to_lowercase().as_str(), "no" | "none"))
            || unsure && value.eq_ignore_ascii_case("yes")
    };
    // "category (travel, hotel, meals or other)": names joined by `or` are values.
    // "working, out of order or scrapped": a value, and no sum of two fields.
    const SUMS: &[&str] =
        &["sum", "total", "number", "product", "difference", "average", "count", "list", "one", "any"];
    let sums =
        note.contains(" of ") && listed.iter().any(|value| SUMS.contains(&value.split(' ').next().unwrap_or_default()));
    let joined = note.contains(" or ") && listed.len() >= 2 && listed.iter().all(plain) && !sums;
    // "state (ok, broken)": plain words are values, nothing else reads so.
    let row = untyped
        && listed.len() >= 2
        && !note.contains([';', '|', '(', '.'])
        && (sizes || !note.contains('/'))
        && !sums
        && listed.iter().all(|value| {
            let joined = [" of ", " the "].iter().any(|joint| value.contains(joint));
            let short = value.split(' ').count() <= if joined { 3 } else { 2 };
            plain(value) && short && !is_flag(value)
        });
    (joined || row).then_some(listed)
}

/// An expression between slashes that is a part of its own, with what stands before and behind it.
fn expression(note: &str) -> Option<(&str, &str, &str)> {
    let open = note.match_indices('/').map(|(at, _)| at).find(|at| {
        let before = note.get(..*at).unwrap_or_default().trim_end();
        (before.is_empty() || before.ends_with([',', ';'])) && note.get(at + 1..).is_some_and(|rest| rest.contains('/'))
    })?;
    let rest = note.get(open + 1..)?;
    let close = rest.match_indices('/').map(|(at, _)| at).find(|at| {
        let after = rest.get(at + 1..).unwrap_or_default().trim_start();
        after.is_empty() || after.starts_with([',', ';'])
    })?;
    let regex = rest.get(..close)?;
    regex.contains(['^', '$', '\\', '[']).then(|| {
        let end = open + 1 + close + 1;
        (
            note.get(..open).unwrap_or_default(),
            note.get(open..end).unwrap_or_default(),
            note.get(end..).unwrap_or_default(),
        )
    })
}

/// Whether a text is nothing but a list of values.
pub(super) fn plain_values(text: &str, lexicon: &Lexicon) -> bool {
    let listed = split_values(text);
    listed.len() >= 2 && listed.iter().all(|value| plain_value(value, lexicon))
}

/// Whether a part of a note can be a value: no word of it says something of the field.
fn plain_value(value: &str, lexicon: &Lexicon) -> bool {
    let mut trial = Notes::default();
    if numbered(value) {
        return true;
    }
    value.split(' ').count() <= 3
        && !clause(value)
        && value.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '+' | '/'))
        && (matches!(value.to_lowercase().as_str(), "none" | "any" | "free" | "no" | "not applicable")
            || undone(value)
            || one(value, lexicon, &mut trial).as_deref() == Some(value))
        && (!demands(value, lexicon) || value.chars().all(|c| c.is_ascii_digit()))
}

/// `Type 2`, `Level 3`: a name with its number, which no bound begins so.
fn numbered(value: &str) -> bool {
    const BOUNDS: &[&str] = &["max", "min", "length", "len", "default", "exactly", "from", "until", "between", "over"];
    let Some((name, number)) = value.split_once(' ') else { return false };
    name.starts_with(|c: char| c.is_uppercase())
        && name.chars().all(char::is_alphabetic)
        && !BOUNDS.contains(&name.to_lowercase().as_str())
        && !names_type(name)
        && (1..=2).contains(&number.len())
        && number.chars().all(|c| c.is_ascii_digit())
}

/// `varchar(50)` as a text of at most 50 characters, `decimal(10,2)` as a decimal.
fn sized(note: &str) -> String {
    const TEXTS: &[&str] = &["varchar", "string", "text", "char", "nvarchar", "str"];
    const NUMBERS: &[&str] = &["decimal", "numeric", "float", "double"];
    let mut out = note.to_owned();
    for (open, close) in [('(', ')'), ('[', ']')] {
        let Some(at) = out.find(open) else { continue };
        let Some(length) = out.get(at..).and_then(|rest| rest.find(close)) else { continue };
        let word = out.get(..at).unwrap_or_default().rsplit([' ', ',', ';']).next().unwrap_or_default().to_lowercase();
        let inner = out.get(at + 1..at + length).unwrap_or_default().replace(' ', "");
        let digits = !inner.is_empty() && inner.chars().all(|c| c.is_ascii_digit() || c == ',');
        if digits && TEXTS.contains(&word.as_str()) && !inner.contains(',') {
            out.replace_range(at..=at + length, &format!(", at most {inner} characters, "));
        } else if digits && NUMBERS.contains(&word.as_str()) {
            out.replace_range(at..=at + length, ", ");
        }
    }
    out
}

/// Parts at `,`, `;`, `.` and parentheses.
pub(super) fn segments(note: &str) -> Vec<String> {
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
            && (matches!(c, ';' | '(' | ')' | '\n' | '[' | ']' | '{' | '}')
                || (c == '&' && next == ' ' && !out.last().is_some_and(|part| part.trim_end().ends_with("date")))
                || (c == ',' && !number)
                || (c == '.' && next == ' ' && !abbreviated(out.last().map_or("", String::as_str)))
                || (matches!(c, '–' | '—')
                    && before == ' '
                    && next == ' '
                    && !counted(out.last().map_or("", String::as_str), chars.clone())));
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

/// Whether numbers stand on both sides of a dash: `3 – 80 characters` is a range.
fn counted(before: &str, mut after: impl Iterator<Item = char>) -> bool {
    let left = before.trim_end().ends_with(|c: char| c.is_ascii_digit());
    left && after.find(|c| *c != ' ').is_some_and(|c| c.is_ascii_digit())
}

/// Bounds in short: `0..200` as `between 0 and 200`, `from 1` as `at least 1`.
fn bounds(segment: &str) -> Option<String> {
    let number = |text: &str| {
        let text = text.strip_prefix('-').unwrap_or(text);
        !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.') && !text.ends_with('.')
    };
    for mark in ["...", "..", "…", " – ", " — ", "–", " to "] {
        if let Some((from, rest)) = segment.split_once(mark) {
            let (to, unit) = rest.trim().split_once(' ').unwrap_or((rest.trim(), ""));
            if number(from.trim()) && is_this_year(rest) {
                return Some(format!("between {} and the current year", from.trim()));
            }
            if number(from.trim()) && number(to) {
                return Some(format!("between {} and {to} {unit}", from.trim()).trim_end().to_owned());
            }
        }
    }
    if let Some((from, to)) = segment.split_once('-').filter(|(from, to)| number(from.trim()) && is_this_year(to)) {
        return Some(format!("between {} and {to}", from.trim()));
    }
    // "1900-2100" is no date.
    if let Some((from, to)) = segment.split_once('-').filter(|(from, to)| number(from) && number(to)) {
        return Some(format!("between {from} and {to}"));
    }
    let lower = segment.to_lowercase();
    // "A whole number, starting at 1": none is smaller.
    const STARTS: &[&str] = &["starting at ", "starting from ", "beginning at "];
    if let Some(first) = STARTS.iter().find_map(|lead| lower.strip_prefix(lead)).filter(|first| number(first)) {
        return Some(format!("at least {first}"));
    }
    let rest =
        lower.strip_prefix("from ").or_else(|| lower.strip_suffix(" or more").or_else(|| lower.strip_suffix('+')))?;
    number(rest.trim()).then(|| format!("at least {}", rest.trim()))
}

/// Whether it is the year in which somebody asks: `current year`.
fn is_this_year(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    matches!(
        lower.strip_prefix("the ").unwrap_or(&lower),
        "current year" | "this year" | "present year" | "now" | "today"
    )
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

/// Whether a word says something of a field rather than being a value: a type with words around it, a known name.
fn is_flag(value: &str) -> bool {
    let lower = value.to_lowercase();
    lower.starts_with("as ") || lower.starts_with("see ") || lower.starts_with("for ") || lower.ends_with(" only")
}

/// Takes from a segment what is known at its beginning; the rest comes back, all of it when nothing is known.
pub(super) fn one(segment: &str, lexicon: &Lexicon, notes: &mut Notes) -> Option<String> {
    let lower = segment.to_lowercase().replace(['’', '‘'], "'");
    let lower = lower.trim();
    // `datetime?` is how programs write that there may be none.
    let lower = match lower.strip_suffix('?') {
        Some(kind) if !kind.contains(' ') => {
            notes.optional = true;
            kind
        }
        _ => lower,
    };
    let done = Some(String::new());
    match lower {
        "" | "see below" | "workflow" | "etc" | "free" | "as below" | "n/a" | "none" | "–" | "-" | "no" | "any" => {
            return done;
        }
        "needed" | "necessary" | "always needed" | "required" | "mandatory" | "not null" | "not empty"
        | "must be given" | "compulsory" | "obligatory" | "must not be empty" | "is required" | "always given"
        | "non-empty" | "not blank" | "req" | "must be present" | "reqd" | "req'd" => {
            notes.required = true;
            return done;
        }
        "optional" | "not required" | "may be empty" | "can be empty" | "may be blank" | "if any" | "nullable"
        | "can be left empty" | "may be left empty" | "is optional" | "if known" | "opt" | "not mandatory" => {
            notes.optional = true;
            return done;
        }
        "no two alike" | "no two the same" | "no doubles" | "not twice" | "unique" | "uniq" | "is unique"
        | "must be unique" | "no duplicates" | "unique value" => {
            notes.unique = true;
            return done;
        }
        "read-only" | "read only" | "readonly" => {
            notes.read_only = true;
            return done;
        }
        "computed" | "calculated" | "derived" | "formula" | "computed field" | "calculated field" => {
            notes.computed = true;
            return done;
        }
        _ => {}
    }
    for lead in ["unique", "must be unique", "is unique", "case-insensitively unique", "case-insensitive unique"] {
        let rest = lower.strip_prefix(lead).map(|rest| rest.trim_start_matches([' ', ',']));
        let any_case = [
            "ignoring case",
            "ignoring upper and lower case",
            "regardless of upper and lower case",
            "regardless of upper or lower case",
            "irrespective of upper and lower case",
            "upper and lower case do not matter",
            "upper and lower case being the same",
            "regardless of case",
            "case-insensitive",
            "case-insensitively",
            "case insensitive",
            "irrespective of case",
            "without regard to case",
            "whatever the case",
        ];
        if rest.is_some_and(|rest| any_case.contains(&rest) || (rest.is_empty() && lead.starts_with("case"))) {
            notes.unique = true;
            notes.ignore_case = true;
            return done;
        }
    }
    for lead in ["also called ", "also known as ", "called ", "known as ", "aka "] {
        // "planned, called off, done": a state, and no other name.
        let particle = |rest: &str| crate::deed::PARTICLES.contains(&rest);
        if let Some(rest) = lower.strip_prefix(lead).filter(|rest| !particle(rest)) {
            notes.aliases.push(unquoted(rest));
            return done;
        }
    }
    if let Some(rest) = behind_example(segment) {
        return Some(rest.to_owned());
    }
    // "usually 1 to 9" tells no value.
    let usually = ["normally ", "usually ", "typically ", "mostly "].iter().find_map(|lead| lower.strip_prefix(lead));
    if usually.is_some_and(|rest| [" to ", "between ", " or ", "-", "–"].iter().any(|mark| rest.contains(mark))) {
        notes.missed = Some(segment.to_owned());
        return done;
    }
    for lead in [
        "defaults to ",
        "default: ",
        "default is ",
        "default = ",
        "default value ",
        "default ",
        "initial value: ",
        "initial value is ",
        "initial value ",
        "initial: ",
        "initially ",
        "at first ",
        "to begin with ",
        "it begins as ",
        "it starts as ",
        "it is initially ",
        "it is at first ",
        "begins as ",
        "starts as ",
        "starting as ",
        "beginning as ",
        "at the start ",
        "at the beginning ",
        "by default ",
        "def ",
        "def: ",
        "def=",
        "normally ",
        "usually ",
        "typically ",
        "generally ",
        "ordinarily ",
        "as a rule ",
        "unless stated otherwise ",
        "unless told otherwise ",
        "unless given otherwise ",
    ] {
        if let Some(rest) = lower.strip_prefix(lead) {
            // "normally it does not": a flag that is not set.
            if ["it ", "they ", "he ", "she "].iter().any(|who| rest.starts_with(who)) {
                let yes_no = matches!(notes.kind, None | Some(FieldKind::Boolean));
                let not = rest.ends_with(" not") || rest.ends_with("n't");
                let told = rest.split(' ').count() <= 3 && yes_no;
                if told {
                    notes.kind = Some(FieldKind::Boolean);
                    notes.default = Some(if not { "no" } else { "yes" }.to_owned());
                } else {
                    notes.missed = Some(segment.to_owned());
                }
                return done;
            }
            let rest = segment.get(segment.len() - rest.len()..).unwrap_or(rest);
            notes.default = Some(unquoted(rest));
            return done;
        }
    }
    const UNLESS: &[&str] = &[
        " by default",
        " (default)",
        " at first",
        " to begin with",
        " to start with",
        " initially",
        " at the beginning",
        " as a rule",
        " unless stated otherwise",
        " unless otherwise stated",
        " unless told otherwise",
        " unless given otherwise",
        " unless specified otherwise",
        " unless otherwise specified",
        " unless something else is given",
        " unless entered",
        " unless given",
        " unless stated",
        " unless set",
        " unless something else is stated",
        " if nothing is given",
        " if nothing else is given",
        " if nothing is said",
        " if none is given",
    ];
    if let Some(rest) = UNLESS.iter().find_map(|tail| lower.strip_suffix(tail)) {
        notes.default = Some(unquoted(segment.get(..rest.len()).unwrap_or(rest)));
        return done;
    }
    // "/^A\d$/": an expression between slashes.
    if let Some(regex) = segment.trim().strip_prefix('/').and_then(|rest| rest.strip_suffix('/'))
        && regex.contains(['^', '$', '\\', '['])
    {
        notes.segments.push(format!("pattern `{regex}`"));
        return done;
    }
    if let Some(length) = lower.strip_prefix("len ").or_else(|| lower.strip_prefix("length ")).map(str::trim)
        && !length.is_empty()
        && length.chars().all(|c| c.is_ascii_digit())
    {
        notes.segments.push(format!("exactly {length} characters"));
        return done;
    }
    // "A text of ten characters", "a text with at most 20 characters"
    if let (Some(FieldKind::Text { .. }), Some(rest)) =
        (&notes.kind, ["of ", "with ", "that has ", "and "].iter().find_map(|lead| lower.strip_prefix(lead)))
        && rest.contains(|c: char| c.is_ascii_digit())
        && (rest.ends_with("characters") || rest.ends_with("digits"))
    {
        let exact = rest.starts_with(|c: char| c.is_ascii_digit()) && rest.split(' ').count() == 2;
        notes.segments.push(if exact { format!("exactly {rest}") } else { rest.to_owned() });
        return done;
    }
    if let Some(told) = length(lower).or_else(|| longest(lower, notes)) {
        notes.segments.push(told);
        return done;
    }
    // Nobody can change it later, which is no rule that is known.
    if matches!(lower, "set once" | "set only once" | "write once" | "written once") {
        notes.missed = Some(segment.to_owned());
        return done;
    }
    let counts = matches!(notes.kind, Some(FieldKind::Integer | FieldKind::Decimal | FieldKind::Money));
    if counts && measured(lower) {
        return done;
    }
    for lead in ["computed", "calculated", "derived", "formula", "worked out"] {
        let rest = lower.strip_prefix(lead).map(|rest| rest.trim_start_matches([':', '=', ' ']));
        let rest = rest.map(|rest| rest.strip_prefix("as ").or_else(|| rest.strip_prefix("from ")).unwrap_or(rest));
        if let Some(rest) = rest.filter(|rest| rest.contains(['×', '*', '+', '-', '−', '/', '÷']) || in_words(rest))
            && let Some(formula) = segment.get(segment.len() - rest.len()..)
        {
            notes.segments.push(format!("= {formula}"));
            return done;
        }
    }
    // "number of days from the start to the end, inclusive"
    const INCLUSIVE: &[&str] =
        &["inclusive", "both inclusive", "both included", "both days included", "both days inclusive"];
    if let Some(formula) = notes.segments.last_mut().filter(|formula| formula.starts_with("= "))
        && INCLUSIVE.contains(&lower)
    {
        formula.push_str(" inclusive");
        return done;
    }
    if notes.computed && in_words(lower) || counted_days(lower) {
        notes.segments.push(format!("= {segment}"));
        return done;
    }
    if let Some(bounds) = bounds(segment) {
        notes.segments.push(bounds);
        return done;
    }
    // "format: D followed by 6 digits": told in words.
    let told =
        ["format: ", "format : ", "format ", "form: ", "pattern: "].iter().find_map(|lead| lower.strip_prefix(lead));
    if let Some(rest) =
        told.filter(|rest| rest.contains("digit") || rest.contains("letter") || rest.starts_with("pattern "))
    {
        notes.segments.push(segment.get(segment.len() - rest.len()..).unwrap_or(rest).to_owned());
        return done;
    }
    if let Some(target) = reference(lower, lexicon) {
        notes.kind = Some(FieldKind::Reference { entity: target });
        return done;
    }
    if matches!(lower, "reference" | "ref" | "fk" | "foreign key" | "relation" | "lookup") {
        notes.refers = true;
        return done;
    }
    if on_the_web(lower) {
        set_type("url", notes);
        return done;
    }
    if points(lower) || several(lower, lexicon) {
        notes.missed = Some(segment.to_owned());
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
                && ["per", "within", "in", "for", "among", "across", "together", "to", "on", "of", "if", "at", "with"]
                    .contains(&rest.split(' ').next().unwrap_or_default()))
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
        // "a whole number of grams": what it counts.
        let counted = rest.strip_prefix("of ").filter(|what| {
            matches!(*kind, "integer" | "decimal")
                && word.contains(' ')
                && what.split(' ').count() <= 2
                && what.chars().all(|c| c.is_alphabetic() || c == ' ')
        });
        if let Some(what) = counted {
            set_type(kind, notes);
            notes.units.push(what.to_owned());
            return done;
        }
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
    if unit(lower, notes) || notes.kind == Some(FieldKind::Money) && of_cents(lower) {
        return done;
    }
    // "decimal (ha)", "integer (°Oe)": what a number counts, whatever it stands for.
    if counts && short_unit(segment.trim()) {
        notes.units.push(lower.to_owned());
        return done;
    }
    Some(segment.to_owned())
}

/// "number of days between the start and the end": what is counted so is worked out, though nothing else says it.
fn counted_days(lower: &str) -> bool {
    let counted = ["number of ", "the number of "].iter().find_map(|lead| lower.strip_prefix(lead)).unwrap_or(lower);
    ["days", "nights", "hours", "minutes"].iter().any(|unit| {
        let rest = counted.strip_prefix(unit).map(str::trim_start).unwrap_or_default();
        rest.starts_with("between ") && rest.contains(" and ") || rest.starts_with("from ") && rest.contains(" to ")
    })
}

/// Whether a formula is told in words: "sum of the totals of its lines", "hours times hourly rate".
fn in_words(lower: &str) -> bool {
    const LEADS: &[&str] =
        &["number of ", "sum of ", "total of ", "difference ", "product of ", "count of ", "duration "];
    const BETWEEN: &[&str] = &[" times ", " multiplied by ", " minus ", " plus ", " divided by "];
    let rest = lower.strip_prefix("the ").unwrap_or(lower);
    counted_days(lower)
        || LEADS.iter().any(|lead| rest.starts_with(lead))
        || BETWEEN.iter().any(|sign| rest.contains(sign))
}

/// "(text, 80)": how long it may be.
fn longest(lower: &str, notes: &Notes) -> Option<String> {
    let counts = (1..=4).contains(&lower.len()) && lower.chars().all(|c| c.is_ascii_digit());
    (counts && matches!(notes.kind, Some(FieldKind::Text { .. }))).then(|| format!("at most {lower} characters"))
}

/// "Two decimals", "with 2 decimal places": what amounts of money have anyway.
pub(crate) fn of_cents(lower: &str) -> bool {
    let rest =
        ["with ", "up to ", "to ", "and "].iter().fold(lower, |rest, lead| rest.strip_prefix(lead).unwrap_or(rest));
    let places = rest.strip_prefix("2 ").or_else(|| rest.strip_prefix("two ")).unwrap_or_default();
    matches!(places, "decimals" | "decimal places" | "decimal digits" | "places" | "digits after the decimal point")
}

/// "One decimal place", "up to 3 decimals": how many digits stand behind the point.
pub(crate) fn places(lower: &str) -> bool {
    let rest =
        ["with ", "up to ", "at most ", "to "].iter().fold(lower, |rest, lead| rest.strip_prefix(lead).unwrap_or(rest));
    let Some((count, what)) = rest.split_once(' ') else { return false };
    let number = count == "one" || crate::normal::digits(count).is_some() || count.parse::<u8>().is_ok();
    number && matches!(what, "decimal" | "decimals" | "decimal place" | "decimal places" | "decimal digits")
}

/// "max length 100", "length 3-10", "minimum length: 2": bounds of a text.
fn length(lower: &str) -> Option<String> {
    let digits = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    let words: Vec<&str> = lower.split([' ', ':', '=']).filter(|word| !word.is_empty()).collect();
    let (side, figure) = match words.as_slice() {
        [side, "length" | "len", figure] | ["length" | "len", side, figure] => (side.trim_end_matches('.'), *figure),
        ["maxlength" | "max-length" | "max_length", figure] => ("max", *figure),
        ["minlength" | "min-length" | "min_length", figure] => ("min", *figure),
        ["length" | "len", range] => ("", *range),
        ["length" | "len", low, "to" | "–" | "-", high] if digits(low) && digits(high) => {
            return Some(format!("between {low} and {high} characters"));
        }
        _ => return None,
    };
    let range = figure.split_once(['-', '–']).or_else(|| figure.split_once(".."));
    match (side, range) {
        ("", Some((low, high))) if digits(low) && digits(high) => Some(format!("between {low} and {high} characters")),
        ("max" | "maximum", None) if digits(figure) => Some(format!("at most {figure} characters")),
        ("min" | "minimum", None) if digits(figure) => Some(format!("at least {figure} characters")),
        _ => None,
    }
}

/// "in degrees Oechsle", "per kg": what a number counts.
fn measured(lower: &str) -> bool {
    const OTHERS: &[&str] =
        &["the", "past", "future", "order", "range", "use", "total", "advance", "each", "every", "day"];
    let Some(what) = ["in ", "per "].iter().find_map(|lead| lower.strip_prefix(lead)) else { return false };
    let words: Vec<&str> = what.split(' ').collect();
    let plain = |word: &&str| word.chars().all(char::is_alphabetic) && !OTHERS.contains(word);
    (1..=2).contains(&words.len()) && words.iter().all(plain)
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
            (Some(FieldKind::Text { long: false }), true, vec!["at most 80 characters".to_owned()])
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
        assert_eq!(notes("integer 1-5").segments, ["between 1 and 5"]);
        let short = notes("str, req, uniq, /^L\\d{2,3}$/");
        assert_eq!(
            (short.required, short.unique, short.segments),
            (true, true, vec!["pattern `^L\\d{2,3}$`".to_owned()])
        );
        let short = notes("int, 1..60, def 3");
        assert_eq!(
            (short.kind, short.segments, short.default.as_deref()),
            (Some(FieldKind::Integer), vec!["between 1 and 60".to_owned()], Some("3"))
        );
        let open = notes("datetime?");
        assert_eq!((open.kind, open.optional, open.required), (Some(FieldKind::DateTime), true, false));
        let open = notes("int?, > 0");
        assert_eq!((open.kind, open.optional), (Some(FieldKind::Integer), true));
        let letters = notes("A, B or C; required");
        assert_eq!(
            (letters.kind, letters.required),
            (Some(FieldKind::Enum { values: vec!["A".into(), "B".into(), "C".into()] }), true)
        );
        assert_eq!(notes("A or B, required").kind, Some(FieldKind::Enum { values: vec!["A".into(), "B".into()] }));
        assert_eq!(notes("str, len 6").segments, ["exactly 6 characters"]);
        assert_eq!(notes("text, max length 100").segments, ["at most 100 characters"]);
        assert_eq!(notes("text, length 3-10").segments, ["between 3 and 10 characters"]);
        let measured = notes("integer, in degrees Oechsle, required");
        assert_eq!(
            (measured.kind, measured.required, measured.segments),
            (Some(FieldKind::Integer), true, Vec::<String>::new())
        );
        assert_eq!(notes("money per kg, not negative").kind, Some(FieldKind::Money));
        assert!(notes("text, set once").missed.is_some());
        assert_eq!(
            notes("S|M|L, req").kind,
            Some(FieldKind::Enum { values: vec!["S".into(), "M".into(), "L".into()] })
        );
    }
}
