//! What holds of lists, in other words: "all lists show 50 entries per page", "... and so can payments", "this is the default
//! order", "searching for a part of the number finds the order".

use super::parts::{Parts, Piece};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::Named;
use maestro_artifacts::RuleKind;

const ALL_LISTS: &[&str] = &["All lists ", "Lists ", "Each list ", "Every list ", "The lists ", "All the lists "];

pub(super) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let told = text.trim().trim_end_matches('.');
    of_all(engine, told)
        .or_else(|| as_well(engine, told))
        .or_else(|| by_default(engine, told))
        .or_else(|| paged(engine, told))
        .or_else(|| by_their_own(engine, told))
}

fn listing(effects: &[Effect]) -> bool {
    !effects.is_empty()
        && effects.iter().all(|effect| {
            matches!(
                effect,
                Effect::Rule(
                    RuleKind::List { .. }
                        | RuleKind::Sort { .. }
                        | RuleKind::Csv { .. }
                        | RuleKind::Search { .. }
                        | RuleKind::Filter { .. }
                        | RuleKind::Totals { .. }
                )
            )
        })
}

/// "All lists show 50 entries per page", "all lists can be exported as CSV": of each kind of record.
fn of_all(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let rest = ALL_LISTS.iter().find_map(|lead| text.strip_prefix(lead))?;
    let of = |named: &Named| {
        let plain = match page_size(rest) {
            Some(size) => format!("{} are listed {size} per page", named.plural),
            None => format!("{} {rest}", named.plural),
        };
        engine.any_reading(&plain).ok().filter(|effects| listing(effects))
    };
    let effects = engine.lexicon.entities.iter().map(of).collect::<Option<Vec<_>>>()?.concat();
    (!effects.is_empty()).then_some(effects)
}

/// "Are displayed in pages of 20 records", "show 50 entries per page", "30 at a time": how many stand on a page, where nothing
/// else is told.
fn page_size(text: &str) -> Option<u32> {
    const WORDS: &[&str] = &[
        "shall",
        "be",
        "are",
        "is",
        "displayed",
        "display",
        "shown",
        "show",
        "shows",
        "listed",
        "have",
        "has",
        "in",
        "pages",
        "page",
        "of",
        "records",
        "record",
        "entries",
        "rows",
        "items",
        "lines",
        "per",
        "a",
        "to",
        "at",
        "time",
        "with",
        "size",
        "hold",
        "contain",
        "should",
        "must",
        "each",
        "on",
        "the",
        "come",
        "paged",
        "split",
        "into",
    ];
    let words: Vec<&str> = text.split(' ').collect();
    let (figures, told): (Vec<&str>, Vec<&str>) =
        words.iter().partition(|word| word.chars().all(|c| c.is_ascii_digit()));
    let pages = told.iter().any(|word| matches!(*word, "pages" | "page" | "time"));
    let [size] = figures.as_slice() else { return None };
    (pages && told.iter().all(|word| WORDS.contains(&word.to_lowercase().as_str()))).then(|| size.parse().ok())?
}

/// "Clients are listed by name, 30 at a time": a page, told behind the order.
fn paged(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let (head, tail) = text.rsplit_once(", ")?;
    let size = page_size(tail)?;
    let are = [" should be ", " shall be ", " must be "]
        .iter()
        .fold(head.to_owned(), |head, be| head.replacen(be, " are ", 1));
    let mut effects = engine.any_reading(&are).ok().filter(|effects| listing(effects))?;
    let entity = effects.iter().find_map(|effect| match effect {
        Effect::Rule(RuleKind::List { entity, page_size: None, .. }) => Some(entity.clone()),
        _ => None,
    })?;
    let plural = &engine.lexicon.entity(&entity)?.plural;
    effects.extend(engine.any_reading(&format!("{plural} are listed {size} per page")).ok()?);
    Some(effects)
}

/// "Orders can be exported as CSV, and so can payments".
fn as_well(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let (head, others) =
        [", and so can ", " and so can ", ", so can ", ", as can "].iter().find_map(|joint| text.split_once(joint))?;
    let (_, deed) = head.split_once(" can ")?;
    let mut effects = engine.any_reading(head).ok().filter(|effects| listing(effects))?;
    let others = others.trim_start_matches("the ");
    effects.extend(engine.any_reading(&format!("{others} can {deed}")).ok().filter(|effects| listing(effects))?);
    Some(effects)
}

/// "Users can sort orders by first day; this is the default order".
fn by_default(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let (head, tail) = ["; ", ", ", ". "].iter().find_map(|joint| text.rsplit_once(joint))?;
    let words: Vec<&str> = tail.split(' ').collect();
    let default = words.contains(&"default")
        && words.iter().all(|word| {
            matches!(
                *word,
                "this"
                    | "which"
                    | "that"
                    | "it"
                    | "shall"
                    | "should"
                    | "be"
                    | "is"
                    | "also"
                    | "the"
                    | "default"
                    | "order"
                    | "sorting"
                    | "one"
            )
        });
    let mut effects = default.then(|| engine.any_reading(head).ok()).flatten().filter(|effects| listing(effects))?;
    let sorted = effects.iter().filter_map(|effect| match effect {
        Effect::Rule(RuleKind::Sort { entity, field }) => Some((entity, field)),
        _ => None,
    });
    let [(entity, field)] = sorted.collect::<Vec<_>>().try_into().ok()?;
    let named = engine.lexicon.entity(entity)?;
    let plain = format!("{} are sorted by {}", named.plural, named.field(field)?.name);
    effects.extend(engine.any_reading(&plain).ok()?);
    Some(effects)
}

/// "Users can search claims by number and policies by holder": each kind of record by its own.
fn by_their_own(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let plurals: Vec<&str> = engine.lexicon.entities.iter().map(|named| named.plural.as_str()).collect();
    plurals.iter().find_map(|second| {
        let (head, tail) =
            [" and ", ", and ", ", "].iter().find_map(|joint| text.split_once(&format!("{joint}{second} by ")))?;
        let first = plurals.iter().find_map(|first| head.find(&format!("{first} by ")))?;
        let lead = head.get(..first)?;
        let mut effects = engine.any_reading(head).ok()?;
        effects.extend(engine.any_reading(&format!("{lead}{second} by {tail}")).ok()?);
        listing(&effects).then_some(effects)
    })
}

const SEARCH: &[&str] = &["search", "searching", "full-text"];
const FOUND: &[&str] = &[
    "find", "finds", "found", "part", "a", "over", "box", "or", "may", "up", "whose", "contain", "word", "any", "free",
    ">", "text", "type", "typing", "enter", "entering", "look",
];

/// "Searching for part of an order number finds the order", "there is a full-text search over the notes of fillings".
pub(super) fn searched(parts: &Parts<'_>) -> Option<Vec<Effect>> {
    let pieces = parts.pieces(None);
    let plain = |piece: &Piece| piece.quantity.is_none() && piece.states.is_empty();
    (parts.has(&pieces, SEARCH) && parts.only(&pieces, &[SEARCH, FOUND]) && pieces.iter().all(plain)).then_some(())?;
    let fields: Vec<_> =
        pieces.iter().filter_map(|piece| piece.field.as_ref()).filter(|field| !parts.refers(field)).collect();
    let entity = &fields.first()?.entity;
    let strangers = parts.entities(&pieces);
    (fields.iter().all(|field| field.entity == *entity) && strangers.iter().all(|named| named == entity))
        .then_some(())?;
    let named = parts.engine.lexicon.entity(entity)?;
    let names: Option<Vec<&str>> =
        fields.iter().map(|field| named.field(&field.field).map(|field| field.name.as_str())).collect();
    parts.told(&format!("{} can be searched by {}", named.plural, names?.join(" and ")))
}
