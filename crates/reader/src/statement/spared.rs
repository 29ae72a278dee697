//! A list of fields of which one thing is not understood: the rest is, and only that one is quoted.

use crate::effect::Effect;
use crate::engine::{Engine, Gap};
use maestro_artifacts::RuleKind;

/// No list is longer.
const LONGEST: usize = 16;

/// Verbs of a sentence that lists what records have, and those of one that does not.
const KEEPS: &[&str] = &[
    "has", "have", "having", "with", "record", "records", "recorded", "keep", "keeps", "kept", "store", "stores",
    "stored", "note", "notes", "noted", "hold", "holds", "contains", "consists", "includes", "need", "know", "capture",
    "register", "enter", "by", "comes",
];
const DEMANDS: &[&str] = &["must", "cannot", "can", "may", "if", "when", "unless", "only", "not", "never"];

/// What the sentence says without one of the things that it lists, and that one.
pub(super) fn read(engine: &Engine<'_>, text: &str) -> Option<(Vec<Effect>, Gap)> {
    let plain = text.trim().trim_end_matches('.');
    // What demands something, or lists nothing that is kept, is told in other words.
    let words = || plain.split(' ').map(|word| word.trim_end_matches(','));
    (words().any(|word| KEEPS.contains(&word)) && !words().any(|word| DEMANDS.contains(&word))).then_some(())?;
    let items = items(plain);
    ((3..=LONGEST).contains(&items.len())).then_some(())?;
    // The first one tells whose fields they are.
    let whole = (1..items.len()).rev().map(|at| (at, items.get(at).copied().and_then(shorter)));
    let without = (1..items.len()).rev().map(|at| (at, None));
    whole.filter(|(_, short)| short.is_some()).chain(without).find_map(|(at, short)| {
        let mut kept = items.clone();
        match short {
            Some(short) => *kept.get_mut(at)? = short,
            None => drop(kept.remove(at)),
        }
        let (last, before) = kept.split_last()?;
        let effects = engine.any_reading(&format!("{} and {last}.", before.join(", "))).ok()?;
        let field = |effect: &Effect| matches!(effect, Effect::Field { read_only: false, .. });
        let beside = |effect: &Effect| {
            matches!(effect, Effect::Entity { .. } | Effect::UsedAs { .. } | Effect::Unit { .. } | Effect::Alias { .. })
                || matches!(
                    effect,
                    Effect::Rule(
                        RuleKind::HasField { .. }
                            | RuleKind::Required { .. }
                            | RuleKind::Range { .. }
                            | RuleKind::Length { .. }
                            | RuleKind::Format { .. }
                            | RuleKind::Unique { .. }
                            | RuleKind::Default { .. }
                            | RuleKind::Capability { .. }
                    )
                )
        };
        let fields = effects.iter().filter(|effect| field(effect)).count();
        let sound = fields + 1 >= kept.len() && effects.iter().all(|effect| field(effect) || beside(effect));
        let gap = Gap {
            quote: items.get(at).copied().unwrap_or_default().trim().to_owned(),
            why: "it is not clear what this says of the record".to_owned(),
        };
        sound.then_some((effects, gap))
    })
}

/// "A cost limit agreed with the owner" is a cost limit, whatever else it says.
fn shorter(item: &str) -> Option<&str> {
    const BEHIND: &[&str] = &[
        " agreed ",
        " given ",
        " paid ",
        " set ",
        " granted ",
        " charged ",
        " quoted ",
        " estimated ",
        " who ",
        " which ",
        " that ",
        " where ",
        " when ",
        " as ",
        " in case ",
        " if ",
    ];
    let head = BEHIND.iter().filter_map(|mark| item.find(mark)).min().and_then(|at| item.get(..at))?;
    (head.trim().split(' ').count() > 1).then_some(head)
}

/// The things of a list, told apart by commas and its last `and`, but for those in brackets.
fn items(text: &str) -> Vec<&str> {
    let mut items = Vec::new();
    let (mut depth, mut from) = (0_u32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            _ if depth > 0 => {}
            _ => {
                let rest = text.get(at..).unwrap_or_default();
                if let Some(mark) = [", and ", ", ", " and "].iter().find(|mark| rest.starts_with(**mark))
                    && at >= from
                {
                    items.push(text.get(from..at).unwrap_or_default());
                    from = at + mark.len();
                }
            }
        }
    }
    items.push(text.get(from..).unwrap_or_default());
    items.retain(|item| !item.trim().is_empty());
    items
}
