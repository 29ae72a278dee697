//! What is worked out of all records: "quantity per product (sum over all lines)", "turnover per product group".

use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::{Lexicon, Named, NamedField, name_words, one_of};
use maestro_artifacts::{FieldKind, RuleKind};

/// What a business takes in.
pub(crate) const TURNOVER: &[&str] = &["turnover", "revenue", "sales", "takings", "income"];

pub(super) fn read(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    let lower = text.to_lowercase();
    let (told, by) = lower.split_once(" per ")?;
    let lexicon = engine.lexicon;
    let sentence = if let Some((by, note)) = by.split_once(" (") {
        let over = note.strip_suffix(')')?;
        let many = ["sum over all ", "sum of all ", "summed over all ", "total of all ", "over all "]
            .iter()
            .find_map(|lead| over.strip_prefix(lead))?;
        let of = called(lexicon, many)?;
        let measure = of.find(told)?;
        grouped(lexicon, of, by).then_some(())?;
        format!("The total {} of {} per {by}", measure.name, of.plural)
    } else {
        TURNOVER.contains(&told.trim_start_matches("total ")).then_some(())?;
        spelled(lexicon, &lower)?
    };
    let effects = engine.sentence(&sentence).ok()?;
    effects.iter().all(|effect| matches!(effect, Effect::Rule(RuleKind::Totals { .. }))).then_some(effects)
}

/// "The turnover per zone" in full: the total of the one amount that is worked out of what is grouped so.
pub(crate) fn spelled(lexicon: &Lexicon, text: &str) -> Option<String> {
    let words: Vec<&str> = text.split(' ').collect();
    let at = words.iter().position(|word| TURNOVER.contains(word))?;
    let per = words.get(at + 1).filter(|word| matches!(**word, "per" | "by"))?;
    let known = |field: &NamedField| field.words.iter().any(|word| TURNOVER.contains(&word.as_str()));
    (!lexicon.entities.iter().any(|named| named.fields.iter().any(known))).then_some(())?;
    // The group ends where something else begins.
    let plain = |word: &&&str| !["and", "or", "in", "as", "for", "so"].contains(*word);
    let group: Vec<&str> = words.iter().skip(at + 2).take_while(plain).take(4).copied().collect();
    let ended = group.iter().position(|word| word.ends_with([',', ';', '.'])).map_or(group.len(), |end| end + 1);
    let group = group.get(..ended)?.join(" ");
    let by = group.trim_end_matches([',', ';', '.']);
    let by = ["the ", "each "].iter().find_map(|lead| by.strip_prefix(lead)).unwrap_or(by);
    // The one kind of record that is grouped so and has one amount that is worked out.
    let mut found =
        lexicon.entities.iter().filter(|of| grouped(lexicon, of, by)).filter_map(|of| Some((of, amount(of)?)));
    let (of, measure) = found.next().filter(|_| found.next().is_none())?;
    let from = at - usize::from(at > 0 && words.get(at - 1) == Some(&"total"));
    let told = format!("total {measure} of {} {per}", of.plural);
    let rest = words.get(at + 2..)?.join(" ");
    Some(format!("{} {told} {rest}", words.get(..from)?.join(" ")).trim().to_owned())
}

/// "lines" are order lines where nothing else is called so.
fn called<'l>(lexicon: &'l Lexicon, many: &str) -> Option<&'l Named> {
    let one = one_of(many);
    (one != many).then_some(())?;
    let words = name_words(&one);
    let mut found = lexicon.entities.iter().filter(|named| named.words.ends_with(&words));
    found.next().filter(|_| found.next().is_none())
}

/// Whether records are grouped by what they refer to, or by a field of that: "product", "product group".
fn grouped(lexicon: &Lexicon, of: &Named, by: &str) -> bool {
    let own = of.find(by).is_some_and(|field| matches!(field.kind, FieldKind::Enum { .. }));
    own || lexicon.entities.iter().any(|other| {
        let refers = lexicon.way(&of.key, &other.key).is_some();
        let field = by.strip_prefix(&format!("{} ", other.name));
        refers && (by == other.name || field.is_some_and(|field| other.find(field).is_some()))
    })
}

/// The one amount of money that is worked out.
fn amount(of: &Named) -> Option<&str> {
    let mut amounts = of.fields.iter().filter(|field| field.read_only && field.kind == FieldKind::Money);
    amounts.next().filter(|_| amounts.next().is_none()).map(|field| field.name.as_str())
}
