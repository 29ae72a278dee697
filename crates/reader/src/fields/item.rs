//! One field as people list it: `name (text, required)`, `due date: date, after the start`, `an optional note`.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::fields::note::{self, Notes};
use crate::fields::prose::called_like_moment;
use crate::fields::{drawn, infer, kinds, parts, phrase as said};
use crate::lexicon::{self, Lexicon};
use crate::token::{Token, tokens};
use maestro_artifacts::FieldKind;

/// What was read of one field, or the words that were not understood.
pub(crate) type Read = Result<Vec<Effect>, Failed>;

/// A field of which one note was not understood: what was, and the note.
pub(crate) type Failed = (Vec<Effect>, String);

/// Splits `name`, `name (notes)`, `name: notes`, `name – notes`, `name - notes`.
pub(crate) fn split(item: &str) -> (String, Vec<String>) {
    let item = item.trim().trim_end_matches(['.', ';', ',']).trim();
    let mark = item.char_indices().find(|(at, c)| {
        let before = item.get(..*at).unwrap_or_default();
        let after = item.get(at + c.len_utf8()..).unwrap_or_default();
        // "places 1–8" is bounded, not explained.
        let ranges = matches!(c, '–' | '—')
            && before.trim_end().ends_with(|c: char| c.is_ascii_digit())
            && after.trim_start().starts_with(|c: char| c.is_ascii_digit());
        !ranges && matches!(c, '(' | ':' | '–' | '—' | '=' | ',')
            || (*c == '-' && before.ends_with(' ') && after.starts_with(' '))
            || (*c == '[' && !before.is_empty())
    });
    let Some((at, c)) = mark else { return (item.to_owned(), Vec::new()) };
    let name = item.get(..at).unwrap_or_default().trim().to_owned();
    let rest = item.get(at + c.len_utf8()..).unwrap_or_default();
    let mut notes = Vec::new();
    if c == '(' || c == '[' {
        let close = if c == '(' { ')' } else { ']' };
        // The last closing mark: notes may hold parentheses themselves.
        let (inner, after) = rest.rsplit_once(close).unwrap_or((rest, ""));
        notes.push(inner.trim().to_owned());
        let after = after.trim().trim_start_matches([':', '–', '—', '-', ',', '.']).trim();
        if !after.is_empty() {
            notes.push(after.to_owned());
        }
    } else if c == '=' {
        notes.push(format!("= {}", rest.trim()));
    } else {
        notes.push(rest.trim().to_owned());
    }
    (name, notes)
}

/// Reads one listed field of an entity (by name).
pub(crate) fn read(item: &str, entity: &str, engine: &Engine<'_>) -> Read {
    let plain = drawn::plain(item);
    let item = plain.as_deref().unwrap_or(item);
    // "covered or not"
    if let Some(flag) = item.trim().strip_suffix(" or not").filter(|flag| !flag.contains(['(', ':', ','])) {
        return read(&format!("{flag} (yes/no)"), entity, engine);
    }
    let (name, mut notes) = split(item);
    // "... and can be blocked (yes/no)": the flag that says so.
    if let Some(flag) = ["can be ", "may be "].iter().find_map(|verb| name.strip_prefix(verb))
        && !flag.contains(' ')
        && said::participle(flag)
        && notes.iter().any(|note| asks_yes_or_no(note))
    {
        let notes = notes.join("; ");
        return read(&format!("{flag} ({notes})"), entity, engine);
    }
    // "a flag blocked (yes/no)": called by what it says.
    if let Some(flag) = ["a flag ", "flag "].iter().find_map(|lead| name.strip_prefix(lead))
        && notes.iter().any(|note| asks_yes_or_no(note))
    {
        let notes = notes.join("; ");
        return read(&format!("{flag} ({notes})"), entity, engine);
    }
    // "an address (street, postcode, city)"
    if let Some(parts) = parts::of(&name, &notes) {
        // "a rental period (from, to)": of days, or of moments?
        if parts.iter().any(|part| parts::untyped(part)) {
            return Err((Vec::new(), item.to_owned()));
        }
        return parts
            .iter()
            .map(|part| read(part, entity, engine))
            .collect::<Result<Vec<_>, _>>()
            .map(|read| read.concat());
    }
    // "A + B" is no name.
    if name.contains(" + ") && two_names(&name, &notes).is_none() {
        return Err((Vec::new(), item.to_owned()));
    }
    if let Some((both, note)) = two_names(&name, &notes) {
        let mut effects = Vec::new();
        for name in both {
            effects.extend(read(&format!("{name}{note}"), entity, engine)?);
        }
        return Ok(effects);
    }
    if name.contains(" / ") {
        return Err((Vec::new(), item.to_owned()));
    }
    let name = without_owner(&name, entity);
    let mut found = Notes::default();
    let name = match short_note(&name) {
        // A unit without `in` stays part of the name.
        Some((bare, note)) if kinds::unit(&note.to_lowercase(), &mut Notes::default()) => {
            notes.insert(0, note);
            found.aliases.push(bare);
            name
        }
        Some((bare, note)) => {
            notes.insert(0, note);
            bare
        }
        None => name,
    };
    let plain = phrase(&name, engine.lexicon, &mut found).or_else(|| {
        let mut trial = Notes::default();
        notes.iter().for_each(|note| note::read(note, engine.lexicon, &mut trial));
        trial.kind.as_ref().and_then(|_| odd_name(&name))
    });
    let Some(name) = plain else { return Err((Vec::new(), item.to_owned())) };
    // "minutes in the air" are "the minutes" of whoever speaks of them again.
    let head = [" in the ", " in ", " at the "].iter().find_map(|place| name.split_once(place)).map(|(head, _)| head);
    found
        .aliases
        .extend(head.filter(|head| kinds::unit(&head.to_lowercase(), &mut Notes::default())).map(str::to_owned));
    // "the number of people" of a `number of people on board`
    let counted = name.split_once(" on board").map(|(head, _)| head).filter(|head| head.starts_with("number of "));
    found.aliases.extend(counted.map(str::to_owned));
    field(&name, &notes, found, entity, engine)
}

/// "(yes/no)", "(boolean, default no)"
fn asks_yes_or_no(note: &str) -> bool {
    let kind = note.split([',', ';']).next().unwrap_or_default().trim().to_lowercase();
    matches!(kind.as_str(), "yes/no" | "y/n" | "yes or no" | "boolean" | "true/false" | "flag")
}

/// Two fields told as one: their names, and what is noted of each.
///
/// "Shoot start and shoot end: dates, both mandatory", "first day / last day – dates", "min / max age". "Date and time" or
/// "name and address" may be one.
fn two_names(name: &str, notes: &[String]) -> Option<([String; 2], String)> {
    let plain = |part: &str| part.chars().all(|c| c.is_alphabetic() || c == ' ');
    let words = |part: &str| part.split(' ').count();
    let note = if notes.is_empty() { String::new() } else { format!(": {}", notes.join(", ")) };
    if let Some((first, second)) = name.split_once(" / ") {
        // "min / max age": the rest of the second name is that of the first too.
        let rest: String = second.split(' ').skip(words(first)).map(|word| format!(" {word}")).collect();
        let both = [format!("{first}{rest}"), second.to_owned()];
        let several = both.iter().all(|name| plain(name) && words(name) > 1);
        let note = notes.iter().find_map(|note| without_both(note)).map_or(note, |shared| format!(": {shared}"));
        return several.then_some((both, note));
    }
    // "order + product, both required"
    let (first, second) = [" and ", " + ", " & "].iter().find_map(|joint| name.split_once(joint))?;
    let both = [first.to_owned(), second.to_owned()];
    if let Some(shared) = notes.iter().find_map(|note| without_both(note)) {
        return Some((both, format!(": {shared}")));
    }
    both.iter().all(|name| plain(name) && words(name) == 2).then_some((both, note))
}

/// What is noted of both, or of each, without the word that says so.
fn without_both(note: &str) -> Option<String> {
    let words: Vec<&str> = note.split(' ').filter(|word| !matches!(*word, "both" | "each")).collect();
    (words.len() < note.split(' ').count()).then(|| words.join(" "))
}

/// "Booking.start" among the fields of bookings is their start.
pub(crate) fn without_owner(name: &str, entity: &str) -> String {
    let own = |owner: &str| lexicon::name_words(owner) == lexicon::name_words(entity);
    // "The dentist's first name" among the fields of dentists
    if let Some((owner, field)) = name.split_once("'s ").or_else(|| name.split_once("’s "))
        && own(owner.trim_start_matches("the ").trim_start_matches("The "))
        && !field.trim().is_empty()
    {
        return field.trim().to_owned();
    }
    // "An end time of the hire" among the fields of hires
    if let Some((field, owner)) = [" of the ", " of a ", " of an "].iter().find_map(|of| name.rsplit_once(of))
        && own(owner)
        && !field.trim().is_empty()
    {
        return field.trim().to_owned();
    }
    match name.split_once('.') {
        Some((owner, field)) if !field.trim().is_empty() && own(owner) => field.trim().to_owned(),
        _ => name.to_owned(),
    }
}

/// "heated y/n", "places 1–8", "food notes max 300 chars", "weight kg": a note without a mark behind the name.
fn short_note(name: &str) -> Option<(String, String)> {
    const FLAGS: &[&str] =
        &["y/n", "yes/no", "(y/n)", "mandatory", "required", "compulsory", "obligatory", "optional", "unique"];
    // "Phone not required"
    if let Some(head) = [" not required", " not mandatory"].iter().find_map(|tail| name.strip_suffix(tail)) {
        return Some((head.to_owned(), "optional".to_owned()));
    }
    const UNITS: &[&str] =
        &["kg", "g", "cm", "mm", "km", "m", "m²", "l", "ml", "€", "eur", "usd", "%", "°c", "mg", "kw"];
    let (head, last) = name.rsplit_once(' ').filter(|(head, _)| !head.ends_with(" in"))?;
    // "which is unique": said of the item before, and no name.
    if head.split(' ').any(|word| matches!(word, "is" | "are" | "be" | "not" | "must" | "which")) {
        return None;
    }
    let bounds = |text: &str| {
        let mut parts = text.split(['–', '-']);
        let number = |part: Option<&str>| {
            part.is_some_and(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit() || c == '.'))
        };
        number(parts.next()) && number(parts.next()) && parts.next().is_none()
    };
    if FLAGS.contains(&last.to_lowercase().as_str()) || UNITS.contains(&last.to_lowercase().as_str()) || bounds(last) {
        return Some((head.to_owned(), last.to_owned()));
    }
    let lower = name.to_lowercase();
    [" max ", " min ", " up to ", " at most ", " at least "].iter().find_map(|lead| {
        let at = lower.find(lead).filter(|_| lower.len() == name.len())?;
        let counts = lower.get(at + lead.len()..)?.starts_with(|c: char| c.is_ascii_digit());
        counts.then(|| Some((name.get(..at)?.to_owned(), name.get(at + 1..)?.to_owned())))?
    })
}

/// "customer_id", "customerId" of a rental: the customer that it refers to.
fn referred(name: &str, entity: &str, lexicon: &Lexicon) -> Option<String> {
    let of = name
        .strip_suffix("_id")
        .or_else(|| name.strip_suffix(" id"))
        .or_else(|| name.strip_suffix(" ID"))
        .or_else(|| name.strip_suffix("Id"))
        .or_else(|| name.strip_suffix("ID"))?;
    let known = lexicon.find(of.trim_end_matches('_'))?;
    (lexicon::name_words(entity) != known.words).then(|| known.key.clone())
}

/// "An e-mail address" of a member who has an e-mail: the field that is there.
fn there(name: &str, entity: &str, lexicon: &Lexicon) -> Option<String> {
    let named = lexicon.find(entity)?;
    let lower = name.to_lowercase();
    let bare = [(" address", "mail"), (" number", "phone"), (" number", "telephone"), (" date", " on")]
        .iter()
        .find_map(|(tail, end)| lower.strip_suffix(tail).filter(|bare| bare.ends_with(end)))?;
    named.find(bare).map(|field| field.name.clone()).filter(|known| !known.eq_ignore_ascii_case(name))
}

/// Reads a field whose name and notes are known apart.
pub(crate) fn field(name: &str, notes: &[String], mut found: Notes, entity: &str, engine: &Engine<'_>) -> Read {
    // "a start time with date" is a moment called `start time`.
    if let Some(bare) = name.strip_suffix(" with date").filter(|bare| !bare.is_empty()) {
        let timed = bare.ends_with("time");
        found.kind = found.kind.or(Some(if timed { FieldKind::DateTime } else { FieldKind::Date }));
        return field(bare, notes, found, entity, engine);
    }
    if let Some(known) = there(name, entity, engine.lexicon) {
        return field(&known, notes, found, entity, engine);
    }
    if found.kind.is_none()
        && let Some(target) = referred(name, entity, engine.lexicon)
    {
        let kind = |note: &String| {
            let mut trial = Notes::default();
            note::read(note, engine.lexicon, &mut trial);
            trial.kind
        };
        let of = engine.lexicon.entity(&target).map(|of| of.name.clone()).unwrap_or_default();
        if notes.iter().all(|note| kind(note).is_none_or(|kind| matches!(kind, FieldKind::Reference { .. }))) {
            found.kind = Some(FieldKind::Reference { entity: target });
            found.aliases.push(name.replace('_', " "));
            return field(&of, notes, found, entity, engine);
        }
    }
    // "a price (two decimal places)" has as many anyway.
    let (places, notes): (Vec<String>, Vec<String>) =
        notes.iter().cloned().partition(|note| note::places(&note.to_lowercase()));
    if let Some(places) = places.first() {
        let money = notes.iter().any(|note| note.contains("money") || note.contains("euro"))
            || infer::kind(name, entity, engine.lexicon) == FieldKind::Money;
        if !(money && note::of_cents(&places.to_lowercase())) {
            found.kind = found.kind.or(Some(FieldKind::Decimal));
            found.segments.push(places.clone());
        }
    }
    let notes = notes.as_slice();
    let measures = lexicon::name_words(name).last().is_some_and(|last| matches!(last.as_str(), "unit" | "uom"));
    for note in notes {
        (if measures { note::measure } else { note::read })(note, engine.lexicon, &mut found);
    }
    // "a mood from 1 to 5": what has two bounds that are no length is a number.
    let bounds =
        found.segments.iter().find(|segment| is_range(segment) && !segment.ends_with(|c: char| c.is_alphabetic()));
    if let (None, Some(bounds)) = (&found.kind, bounds)
        && matches!(infer::kind(name, entity, engine.lexicon), FieldKind::Text { .. })
    {
        found.kind = Some(if bounds.contains('.') { FieldKind::Decimal } else { FieldKind::Integer });
    }
    // "The position shall be at least 1": no text is bound so.
    const NUMBERS: &[&str] = &["at least 1", "at least 0", "more than 0", "greater than 0"];
    let known = engine.lexicon.find(entity).and_then(|entity| entity.find(name));
    if found.kind.is_none()
        && found.segments.iter().any(|segment| NUMBERS.contains(&segment.to_lowercase().as_str()))
        && known.is_some_and(|known| !known.stated || known.kind == FieldKind::Integer)
        && matches!(infer::kind(name, entity, engine.lexicon), FieldKind::Text { .. })
    {
        found.kind = Some(FieldKind::Integer);
    }
    // "A score (number)": what its name tells of numbers says more than that.
    if found.number && found.kind == Some(FieldKind::Decimal) {
        let kind = infer::kind(name, entity, engine.lexicon);
        found.kind = matches!(kind, FieldKind::Integer | FieldKind::Money).then_some(kind).or(found.kind);
    }
    // "The due date must be at least 7 days ..." counts from something: a date is no number of days.
    let counted = matches!(found.kind, Some(FieldKind::Integer | FieldKind::Decimal)) && !found.units.is_empty();
    if counted && matches!(infer::kind(name, entity, engine.lexicon), FieldKind::Date) {
        return Err((Vec::new(), name.to_owned()));
    }
    let mut effects = vec![Effect::Field {
        entity: entity.to_owned(),
        name: name.to_owned(),
        kind: found.kind.clone(),
        read_only: found.read_only,
    }];
    found.aliases.extend(without_unit(name, found.kind.as_ref()));
    let mail = found.format == Some(maestro_artifacts::TextFormat::Email) && !name.to_lowercase().contains("mail");
    let mail = mail.then(|| ["email", "email address"].map(str::to_owned)).into_iter().flatten();
    effects.extend(found.aliases.iter().cloned().chain(mail).map(|alias| Effect::Alias {
        entity: entity.to_owned(),
        field: name.to_owned(),
        alias,
    }));
    effects.extend(found.units.iter().map(|unit| Effect::Unit {
        entity: entity.to_owned(),
        field: name.to_owned(),
        unit: unit.clone(),
    }));
    match found.rules(name, entity, engine, &mut effects) {
        Ok(()) => Ok(effects),
        Err(note) => Err((effects, note)),
    }
}

/// "Weight" of a number `weight_kg`, whatever it is counted in.
fn without_unit(name: &str, kind: Option<&FieldKind>) -> Option<String> {
    const UNITS: &[&str] = &[
        "kg", "g", "km", "m", "cm", "mm", "l", "ml", "kwh", "kw", "min", "mins", "minutes", "hours", "hrs", "days",
        "weeks", "months", "years", "eur", "usd", "gbp", "euro", "euros", "percent", "pct",
    ];
    const BOUNDS: &[&str] = &["max", "min", "maximum", "minimum", "number", "total", "no", "count", "of", "in", "per"];
    let (head, unit) = name.rsplit_once(['_', ' '])?;
    let last = head.rsplit(['_', ' ']).next()?.to_lowercase();
    let number = matches!(kind, Some(FieldKind::Integer | FieldKind::Decimal | FieldKind::Money));
    (number && UNITS.contains(&unit.to_lowercase().as_str()) && !BOUNDS.contains(&last.as_str()) && last.len() > 2)
        .then(|| head.replace('_', " "))
}

/// `from 1 to 5`, `between 1 and 5`, `1-5`, without a word that makes it a length.
fn is_range(segment: &str) -> bool {
    let lower = segment.to_lowercase();
    let rest = lower.trim_start_matches("from ").trim_start_matches("between ").trim_start_matches("must be ");
    let mut parts = rest.splitn(2, [' ', '-', '–']);
    let number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let first = parts.next().is_some_and(number);
    let last = parts.next().map(|rest| {
        rest.trim_start_matches(['-', '–', ' ']).trim_start_matches("to ").trim_start_matches("and ").trim().to_owned()
    });
    first && last.is_some_and(|last| number(&last))
}

/// `by`, `what`, `open until`: no phrase, but a name where the place says that it is one.
pub(crate) fn odd_name(text: &str) -> Option<String> {
    const NEVER: &[&str] = &[
        "must",
        "may",
        "can",
        "cannot",
        "should",
        "shall",
        "is",
        "are",
        "not",
        "if",
        "no",
        "only",
        "required",
        "optional",
        "unique",
        "mandatory",
    ];
    let words = tokens(text);
    let plain = (1..=3).contains(&words.len())
        && words.iter().all(|token| {
            token.word.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
                && !NEVER.contains(&token.word.as_str())
        });
    plain.then(|| words.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" "))
}

const LEADING: &[&str] = &[
    "a", "an", "the", "its", "their", "his", "her", "one", "exactly", "some", "and", "or", "with", "also", "each",
    "current",
];

/// Words behind which "own" says whose it is: "their own code". An own contribution is called so.
const WHOSE: &[&str] = &["its", "their", "his", "her", "your", "our"];

/// The name in a noun phrase: determiners, `optional`, units and relative clauses are notes, not name.
pub(crate) fn phrase(text: &str, lexicon: &Lexicon, notes: &mut Notes) -> Option<String> {
    let raw = tokens(text);
    let mut words: Vec<&Token> = raw.iter().filter(|token| !matches!(token.word.as_str(), "*" | "–")).collect();
    let mut whose = false;
    loop {
        let first = words.first()?;
        match first.word.as_str() {
            // "has exactly one instructor": none is not one.
            "exactly" if words.len() > 2 && words.get(1).is_some_and(|next| next.word == "one" || next.word == "1") => {
                notes.required = true;
            }
            "own" if words.len() > 1 && whose => {}
            word if LEADING.contains(&word) && words.len() > 1 => whose = WHOSE.contains(&word),
            "optional" | "optionally" | "possibly" if words.len() > 1 => notes.optional = true,
            "required" | "mandatory" | "compulsory" if words.len() > 1 => notes.required = true,
            "unique" if words.len() > 1 => notes.unique = true,
            // "Every bike has a different tag": no two have the same; "different tags" are many.
            "different" | "distinct"
                if words.len() > 1
                    && words.last().is_some_and(|last| crate::words::singular(&last.word) == last.word) =>
            {
                notes.unique = true;
            }
            // "for one room", "of a session": whose it is, among the fields of a record.
            "for" | "of" | "in" | "on"
                if words.len() > 2
                    && words
                        .get(1)
                        .is_some_and(|next| matches!(next.word.as_str(), "a" | "an" | "one" | "exactly")) => {}
            "positive" if words.len() > 1 => notes.segments.push("positive".to_owned()),
            "non-negative" if words.len() > 1 => notes.segments.push("non-negative".to_owned()),
            _ => break,
        }
        words.remove(0);
    }
    // "the member who borrowed it", "the day on which it was bought", "the room it is for"
    // "a label such as \"H1-07\"", "a code like B-12": an example is no part of the name.
    let example = words.windows(2).position(|pair| match pair {
        [such, next] => {
            such.word == "such" && next.word == "as"
                || such.word == "like" && (next.quoted || next.word.contains(char::is_numeric))
        }
        _ => false,
    });
    words.truncate(example.filter(|at| *at > 0).unwrap_or(words.len()));
    let cut = words.iter().position(|token| {
        matches!(
            token.word.as_str(),
            "who" | "whom" | "that" | "which" | "where" | "when" | "it" | "whose" | "as" | "so"
        )
    });
    if let Some(cut) = cut
        && cut > 0
    {
        // "moisture as a percentage"
        if words.get(cut).is_some_and(|token| token.word == "as") {
            let kind = words.iter().skip(cut + 1).map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
            note::read(&kind, lexicon, notes);
        }
        words.truncate(cut);
        while words.len() > 1
            && words.last().is_some_and(|token| {
                matches!(token.word.as_str(), "on" | "in" | "at" | "for" | "by" | "to" | "of" | ",")
            })
        {
            words.pop();
        }
    }
    // "a note about who picked it up": what it is about is no part of its name.
    let about = words.windows(2).position(|pair| {
        matches!(pair, [about, asked] if about.word == "about" && matches!(asked.word.as_str(), "who" | "what" | "how" | "why" | "when" | "where"))
    });
    words.truncate(about.filter(|at| *at > 0).unwrap_or(words.len()));
    // "the bike concerned", "the bike in question": the one that it refers to.
    let joined: Vec<&str> = words.iter().map(|token| token.word.as_str()).collect();
    let meant = match joined.as_slice() {
        [rest @ .., "in", "question"] => Some(rest.len()),
        [rest @ .., "concerned" | "involved" | "affected"] => Some(rest.len()),
        _ => None,
    };
    if let Some(length) = meant
        && lexicon.find(&joined.get(..length)?.join(" ")).is_some()
    {
        words.truncate(length);
    }
    // "size in square metres", "weight in kg", "fee in euros per year"
    if let Some(at) = words.iter().position(|token| token.word == "in")
        && at > 0
        && words.len() > at + 1
        && words.len() - at <= 5
    {
        let unit = words
            .get(at + 1..)
            .unwrap_or_default()
            .iter()
            .map(|token| token.word.as_str())
            .collect::<Vec<_>>()
            .join(" ")
            .replace("° ", "°");
        let known = lexicon.find(&unit).is_some();
        // Pounds are paid or weighed.
        let name = words.get(..at).unwrap_or_default().iter().map(|token| token.raw.as_str()).collect::<Vec<_>>();
        let unit = match unit.as_str() {
            "pounds" if infer::kind(&name.join(" "), "", lexicon) == FieldKind::Money => "gbp".to_owned(),
            "pounds" if name.last().is_some_and(|last| ["weight", "mass", "load"].contains(last)) => "lbs".to_owned(),
            _ => unit,
        };
        if !known && kinds::unit(&unit, notes) {
            words.truncate(at);
        }
    }
    // "a started at time" is what others call `started at`.
    if let [.., done, at, what] = words.as_slice()
        && crate::verbs::is_participle(&done.word)
    {
        let kind = match (at.word.as_str(), what.word.as_str()) {
            ("at", "time") => Some(FieldKind::DateTime),
            ("on", "date" | "day") => Some(FieldKind::Date),
            _ => None,
        };
        if kind.is_some() {
            notes.kind = notes.kind.take().or(kind);
            words.pop();
        }
    }
    // "a reference to the tool", "a link to a member"
    let joined: Vec<&str> = words.iter().map(|token| token.word.as_str()).collect();
    if let [reference, to, rest @ ..] = joined.as_slice()
        && matches!(*reference, "reference" | "link" | "ref" | "pointer")
        && *to == "to"
        && !rest.is_empty()
    {
        words.drain(..2);
        // "A link to a gizmo" where no gizmos are kept is no text of that name.
        let target = words.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        let bare = words.iter().skip_while(|token| matches!(token.word.as_str(), "a" | "an" | "the" | "one"));
        let bare = bare.map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        if lexicon.find(&bare).is_none() && !kinds::on_the_web(&format!("link to {}", target.to_lowercase())) {
            return None;
        }
        return phrase(&words.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" "), lexicon, notes);
    }
    // "a purchase order number given by the customer": who gives it is no part of its name.
    let by = words.windows(2).position(|pair| {
        matches!(pair, [done, by] if by.word == "by"
            && matches!(done.word.as_str(), "given" | "provided" | "supplied" | "chosen" | "entered" | "issued" | "assigned"))
    });
    if let Some(at) = by.filter(|at| *at > 0 && *at + 2 < words.len()) {
        words.truncate(at);
    }
    // "is the number of days between ..." says how a field comes about; a yes/no field is called "is a member".
    if let [verb, article, ..] = words.as_slice()
        && matches!(verb.word.as_str(), "is" | "has" | "are")
        && matches!(article.word.as_str(), "the" | "its" | "calculated" | "computed" | "derived")
    {
        return None;
    }
    let named = usize::from(words.first().is_some_and(|token| matches!(token.word.as_str(), "is" | "has")));
    if words.is_empty()
        || words.len() > 8
        || words.iter().skip(named).any(|token| {
            matches!(
                token.word.as_str(),
                "must"
                    | "may"
                    | "can"
                    | "cannot"
                    | "is"
                    | "are"
                    | "if"
                    | "not"
                    | "only"
                    | "->"
                    | ","
                    | "than"
                    | "should"
                    | "it"
                    | "them"
                    | "they"
                    | "via"
                    | "through"
                    | "whether"
                    | "all"
                    | "any"
                    | "every"
                    | "then"
                    | "with"
            )
        })
    {
        return None;
    }
    // `booked by` is a name, `sorted by name` is none.
    let by = words.iter().position(|token| token.word == "by");
    if by.is_some_and(|at| at == 0 || at + 1 < words.len()) {
        return None;
    }
    // A question ("how many were driven") or a flag ("required") is nobody's name for a field.
    const QUESTIONS: &[&str] = &["how", "who", "whom", "when", "whether", "where", "what", "why", "which", "that"];
    const FLAGS: &[&str] = &["required", "mandatory", "optional", "unique", "compulsory", "obligatory"];
    let first = words.first().map_or("", |token| token.word.as_str());
    if QUESTIONS.contains(&first) || (words.len() == 1 && FLAGS.contains(&first)) {
        return None;
    }
    let quoted = words.iter().all(|token| token.quoted);
    let name = words.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ").replace(" 's", "'s");
    if !quoted && !name.chars().any(char::is_alphanumeric) {
        return None;
    }
    Some(name)
}

/// Splits a phrase list `a code, a name and an optional note (text)` into its items.
pub(crate) fn list(text: &str) -> Vec<String> {
    let mut items: Vec<String> = vec![String::new()];
    let mut depth = 0_i32;
    for word in text.split_inclusive(' ') {
        let bare = word.trim();
        let opens = i32::try_from(bare.matches(['(', '[']).count()).unwrap_or(0);
        let closes = i32::try_from(bare.matches([')', ']']).count()).unwrap_or(0);
        if depth == 0 && opens == 0 && matches!(bare, "and" | "plus" | "&") {
            items.push(String::new());
            continue;
        }
        depth = (depth + opens - closes).max(0);
        if depth == 0 && (bare.ends_with(',') || bare.ends_with(';')) {
            if let Some(last) = items.last_mut() {
                last.push_str(bare.trim_end_matches([',', ';']));
            }
            items.push(String::new());
        } else if let Some(last) = items.last_mut() {
            last.push_str(word);
        }
    }
    let mut items: Vec<String> =
        items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect();
    // "and, optionally, an e-mail address"
    while let Some(at) = items
        .iter()
        .position(|item| matches!(item.to_lowercase().as_str(), "optionally" | "if known" | "if any" | "possibly"))
    {
        items.remove(at);
        if let Some(next) = items.get_mut(at) {
            next.insert_str(0, "optional ");
        }
    }
    // "..., names a score, and has a position": more of what the record has.
    let told = |item: &String| {
        ["names ", "refers ", "uses ", "carries ", "states ", "records ", "shows "]
            .iter()
            .any(|verb| item.starts_with(verb))
    };
    let tells = items.iter().any(told);
    for item in items.iter_mut().skip(1) {
        if let Some(rest) = ["has ", "have "].iter().find_map(|verb| item.strip_prefix(verb))
            && (tells || ["a ", "an ", "one "].iter().any(|article| rest.starts_with(article)))
        {
            *item = rest.to_owned();
        }
    }
    share_head(&mut items);
    share_notes(&mut items);
    items
}

/// "first name, last name (both mandatory)": what is said of both, or all, stands behind each.
pub(crate) fn share_notes(items: &mut [String]) {
    const WHOLES: &[(&str, usize)] =
        &[("both ", 2), ("each ", usize::MAX), ("all three ", 3), ("all four ", 4), ("all ", usize::MAX)];
    for at in 1..items.len() {
        let Some((before, item)) =
            items.get_mut(..=at).and_then(|head| head.split_last_mut()).map(|(item, before)| (before, item))
        else {
            continue;
        };
        let Some((open, (lead, count))) = item.find('(').and_then(|open| {
            let inner = item.get(open + 1..)?.to_ascii_lowercase();
            // "a start and an end (date and time, required)", "a gross and a net weight (whole numbers)": so are the two.
            let alike = before.last().filter(|other| !other.contains('(')).is_some_and(|other| {
                let name = item.get(..open).unwrap_or_default().trim();
                let moments =
                    called_like_moment(other) && called_like_moment(name) && inner.trim_start().starts_with("date");
                let kind = inner.split([',', ')']).next().unwrap_or_default().trim();
                moments
                    || ["whole numbers", "dates", "integers", "decimals", "decimal numbers", "texts"].contains(&kind)
            });
            let first = WHOLES.iter().find(|(lead, _)| inner.starts_with(lead));
            // "starts at and ends at (date and time, both required)": the type is that of both, too.
            let second = || {
                let (lead, count) = WHOLES.iter().find(|(lead, _)| inner.contains(&format!(", {lead}")))?;
                let at = open + 1 + inner.find(&format!(", {lead}"))? + 2;
                item.replace_range(at..at + lead.len(), "");
                Some(("", *count))
            };
            first.copied().or_else(second).or(alike.then_some(("", 2))).map(|found| (open, found))
        }) else {
            continue;
        };
        // "Pickup address and drop-off address (both required)": the two stand in front of it.
        if item.get(..open).is_some_and(|head| head.contains(" and ")) {
            continue;
        }
        let note = item.get(open + 1 + lead.len()..).unwrap_or_default().trim_end_matches(')').to_owned();
        item.replace_range(open + 1..open + 1 + lead.len(), "");
        let from = before.len().saturating_sub(count - 1);
        for other in before.get_mut(from..).unwrap_or_default() {
            if other.ends_with(')') {
                other.pop();
                other.push_str(&format!(", {note})"));
            } else {
                other.push_str(&format!(" ({note})"));
            }
        }
    }
}

const HALVES: &[&str] = &[
    "first",
    "last",
    "start",
    "end",
    "opening",
    "closing",
    "begin",
    "beginning",
    "minimum",
    "maximum",
    "planned",
    "actual",
    "family",
    "from",
    "to",
    "purchase",
    "sale",
    "street",
    "postal",
    "home",
    "work",
];

/// "start and end date" names a start date and an end date.
fn share_head(items: &mut [String]) {
    for at in 1..items.len() {
        let head = items.get(at).and_then(|item| {
            let words: Vec<&str> = item.split(' ').collect();
            match words.as_slice() {
                // "a planned start, a planned end" are two whole names.
                [first, rest @ .., last]
                    if HALVES.contains(&first.to_lowercase().as_str())
                        && !HALVES.contains(&last.to_lowercase().as_str()) =>
                {
                    Some(rest.iter().chain([last]).copied().collect::<Vec<_>>().join(" "))
                }
                _ => None,
            }
        });
        if let (Some(head), Some(before)) = (head, items.get_mut(at - 1)) {
            let last = before.rsplit(' ').next().unwrap_or_default().to_lowercase();
            if HALVES.contains(&last.as_str()) && before.split(' ').count() <= 2 {
                before.push(' ');
                before.push_str(&head);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_names() {
        assert_eq!(list("a code, a name and an optional note"), ["a code", "a name", "an optional note"]);
        assert_eq!(list("a start and end date"), ["a start date", "end date"]);
        assert_eq!(list("name (text, required), size"), ["name (text, required)", "size"]);
        let mut notes = Notes::default();
        assert_eq!(phrase("the member who borrowed it", &Lexicon::default(), &mut notes).as_deref(), Some("member"));
        assert_eq!(phrase("an optional note", &Lexicon::default(), &mut notes).as_deref(), Some("note"));
        assert!(notes.optional);
        assert_eq!(split("name (text, required)"), ("name".into(), vec!["text, required".into()]));
        assert_eq!(split("status: one of a, b"), ("status".into(), vec!["one of a, b".into()]));
    }
}
