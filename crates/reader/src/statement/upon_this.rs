//! What a change needs that was told just before: "For this the date of signature must be entered", "The end date must be known
//! at this point", "..., and then a reason is compulsory". The field may be one that nothing else names.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::is_vague;
use crate::normal;
use maestro_artifacts::RuleKind;

/// How a sentence says that it speaks of that change, in front and at its end.
const LEADS: &[&str] = &[
    "for this, ",
    "for this ",
    "for that, ",
    "for that ",
    "then, ",
    "then ",
    "in this case, ",
    "in this case ",
    "in that case, ",
    "in that case ",
    "to do so, ",
    "to do this, ",
    "when doing so, ",
    "when doing this, ",
];
const ENDS: &[&str] = &[
    " at this point",
    " at that point",
    " before that",
    " before this",
    " by then",
    " for this",
    " for that",
    " in this case",
    " in that case",
    " when doing so",
    " when doing this",
    " to do so",
    " to do this",
];
/// How the demand itself is told.
const NEEDS: &[&str] = &["this requires ", "this needs ", "that requires ", "that needs "];
const DEMANDS: &[&str] = &[
    "must be entered",
    "must be given",
    "must be filled in",
    "must be known",
    "must be set",
    "must be stated",
    "must be recorded",
    "must be provided",
    "must be present",
    "must be there",
    "must be specified",
    "has to be entered",
    "has to be given",
    "has to be filled in",
    "has to be known",
    "has to be set",
    "has to be stated",
    "has to be recorded",
    "has to be provided",
    "has to be specified",
    "needs to be entered",
    "needs to be given",
    "needs to be filled in",
    "is compulsory",
    "is mandatory",
    "is required",
    "is needed",
    "is obligatory",
    "is necessary",
];

/// Reads such a sentence behind what was understood of the one before.
pub(super) fn read(engine: &Engine<'_>, text: &str, before: &[Effect]) -> Option<Vec<Effect>> {
    let name = demanded(text)?;
    let ways: Vec<(&String, &String, &String)> = before
        .iter()
        .filter_map(|effect| match effect {
            Effect::Transition { entity, from, to } => Some((entity, from, to)),
            _ => None,
        })
        .collect();
    let (entity, ..) = ways.first()?;
    let named = engine.lexicon.entity(entity).or_else(|| engine.lexicon.find(entity))?;
    let topics = std::iter::once(named.key.clone()).chain(engine.topics.iter().cloned()).collect();
    let engine = Engine { lexicon: engine.lexicon, topics };
    let said = normal::normalise(&format!("the {name}"), engine.lexicon);
    let scope = engine.scope(&said);
    let own = scope.field_at(&said, 0).into_iter().find(|(end, field)| *end == said.len() && field.entity == named.key);
    let Some((_, field)) = own else {
        // "Then it is required" names nothing; a record is no field.
        let words = name.split_whitespace().count();
        let plain = name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'));
        let other = !scope.field_at(&said, 0).is_empty() || !scope.mentioned(&said).is_empty();
        let role = engine.lexicon.roles.iter().any(|role| role.eq_ignore_ascii_case(name));
        let sound = (1..=4).contains(&words) && plain && !other && !role && !is_vague(name);
        return sound.then(|| {
            vec![Effect::Field { entity: named.name.clone(), name: name.to_owned(), kind: None, read_only: false }]
        });
    };
    let told = named.field(&field.field)?.name.clone();
    let mut effects = vec![Effect::Field { entity: named.name.clone(), name: told, kind: None, read_only: false }];
    effects.extend(ways.iter().filter(|(of, ..)| of == entity).map(|(_, from, to)| {
        Effect::Rule(RuleKind::TransitionRequires {
            entity: named.key.clone(),
            from: Some((*from).clone()),
            to: (*to).clone(),
            fields: vec![field.field.clone()],
        })
    }));
    Some(effects)
}

/// "The warden closes it; the end date must be known at this point": the change and what it needs in one sentence.
pub(super) fn within(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const JOINTS: &[&str] = &[", and ", " and ", "; "];
    JOINTS.iter().find_map(|joint| {
        let (told, rest) = text.split_once(joint)?;
        let name = demanded(rest)?;
        let (mut effects, shown) = match engine.sentence(told) {
            Ok(effects) => (effects, None),
            Err(_) => {
                let (deed, circumstance) = shown_by(told, name)?;
                (engine.sentence(deed).ok()?, Some(circumstance))
            }
        };
        let more = read(engine, rest, &effects)?;
        let alias = shown.and_then(|shown| {
            let Some(Effect::Field { entity, name, .. }) = more.first() else { return None };
            let alias = shown.strip_prefix("the ").unwrap_or(shown).to_owned();
            Some(Effect::Alias { entity: entity.clone(), field: name.clone(), alias })
        });
        effects.extend(more);
        effects.extend(alias);
        Some(effects)
    })
}

/// "... once the contract is signed, and for this the date of signature must be entered": the date shows that it was signed.
fn shown_by<'t>(told: &'t str, name: &str) -> Option<(&'t str, &'t str)> {
    let (deed, circumstance) =
        [" once ", " as soon as ", " after ", " when "].iter().find_map(|when| told.split_once(when))?;
    let done = circumstance.rsplit(' ').next()?.to_lowercase();
    let alike = |word: &str| word.len() > 3 && done.get(..4).is_some_and(|start| word.starts_with(start));
    let shown = crate::verbs::is_participle(&done) && name.to_lowercase().split(' ').any(alike);
    shown.then_some((deed, circumstance))
}

/// What is demanded there, by its name.
fn demanded(text: &str) -> Option<&str> {
    let text = text.trim().trim_end_matches('.').trim_end();
    let lower = text.to_lowercase();
    if lower.len() != text.len() {
        return None;
    }
    let name = if let Some(needs) = NEEDS.iter().find(|needs| lower.starts_with(**needs)) {
        text.get(needs.len()..)?
    } else {
        let lead = LEADS.iter().find(|lead| lower.starts_with(**lead)).map_or(0, |lead| lead.len());
        let end = ENDS.iter().find(|end| lower.ends_with(**end)).map_or(0, |end| end.len());
        let rest = text.get(lead..text.len() - end).filter(|_| lead + end > 0)?;
        DEMANDS.iter().find_map(|demand| rest.strip_suffix(demand))?.trim_end()
    };
    let bare = ["the ", "a ", "an ", "The ", "A ", "An ", "its "].iter().find_map(|lead| name.strip_prefix(lead));
    Some(bare.unwrap_or(name).trim())
}
