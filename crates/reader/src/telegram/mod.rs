//! Rules in telegram style among what is said of one kind of record: "delete only in draft", "close: baker", "max 15 lines per
//! order". Each is told as a sentence of its own, with the record as its subject, and has to be understood whole as such.

mod deeds;
mod figures;
mod people;
mod prefixed;
mod rules;

pub(crate) use figures::{TURNOVER, spelled};
pub(crate) use prefixed::plain as of_named;

use crate::brief;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::Named;
use crate::normal;
use maestro_artifacts::{Action, RuleKind};
use maestro_domain::Statement;

/// A line below the name of a kind of record.
struct Line<'a> {
    engine: &'a Engine<'a>,
    of: &'a Named,
}

/// What one part of a line is: sentences that say it, or what was made of it.
enum Told {
    Said(Vec<String>),
    Made(Vec<Effect>),
}

/// Reads a line in telegram style; `None` where it is none, or not understood whole.
pub(crate) fn read(engine: &Engine<'_>, statement: &Statement) -> Option<Vec<Effect>> {
    let text = statement.text.trim().trim_end_matches(['.', ';']);
    if let Some(effects) = figures::read(engine, text) {
        return Some(effects);
    }
    let heading = normal::normalise(statement.section.last()?, engine.lexicon);
    let outer = Engine { lexicon: engine.lexicon, topics: Vec::new() };
    let [key] = outer.scope(&heading).mentioned(&heading).try_into().ok()?;
    let key: String = key;
    let of = engine.lexicon.entity(&key)?;
    let topics = std::iter::once(key).chain(engine.topics.iter().cloned()).collect();
    let line = Line { engine: &Engine { lexicon: engine.lexicon, topics }, of };
    let mut effects: Vec<Effect> = Vec::new();
    let mut style = false;
    for part in apart(text, "; ") {
        let told = line.told(part, &effects);
        style |= told.is_some();
        match told {
            Some(Told::Said(sentences)) => {
                for sentence in sentences {
                    let more = line
                        .engine
                        .sentence(&sentence)
                        .ok()
                        .or_else(|| brief::behind(line.engine, &effects, &sentence))?;
                    effects.extend(more);
                }
            }
            Some(Told::Made(made)) => effects.extend(made),
            None => effects.extend(line.engine.sentence(part).ok()?),
        }
    }
    style.then_some(effects)
}

impl Line<'_> {
    fn told(&self, part: &str, before: &[Effect]) -> Option<Told> {
        let lower = part.trim().to_lowercase().replace('→', "->").replace(['‘', '’'], "'");
        let lower = lower.as_str();
        let said = self
            .by_whom(lower)
            .or_else(|| self.done_by(lower))
            .or_else(|| self.way(lower))
            .or_else(|| self.circumstance(lower))
            .or_else(|| self.barred(lower))
            .or_else(|| self.only_for(lower))
            .or_else(|| self.fast(lower))
            .or_else(|| self.summed(lower))
            .or_else(|| self.once(lower))
            .or_else(|| self.at_most(lower))
            .or_else(|| self.mandatory_then(lower, before));
        said.map(Told::Said).or_else(|| self.needs(lower).or_else(|| self.read_only(lower, before)).map(Told::Made))
    }

    /// "everyone else read only" behind who alone may create, change and delete: nothing more than that they may look.
    fn read_only(&self, part: &str, before: &[Effect]) -> Option<Vec<Effect>> {
        const ELSE: &[&str] = &["everyone else", "everybody else", "all others", "others", "the others", "anyone else"];
        const READ: &[&str] = &[
            "read only",
            "read-only",
            "may read",
            "may only read",
            "only read",
            "reads only",
            "can only read",
            "view only",
        ];
        let rest = ELSE.iter().find_map(|who| part.strip_prefix(who))?.trim_start_matches([':', ' ']);
        READ.contains(&rest.trim()).then_some(())?;
        let kept = |action: Action| {
            before.iter().any(|effect| {
                matches!(effect, Effect::Rule(RuleKind::ActionRole { entity, action: of, .. }) if *entity == self.of.key && *of == action)
            })
        };
        let all = [Action::Create, Action::Update, Action::Delete].into_iter().all(kept);
        all.then(|| [Action::List, Action::Read].map(|action| Effect::capability(&self.of.key, action)).to_vec())
    }

    /// The records' states, by their field's values.
    fn state(&self, name: &str) -> Option<String> {
        let field = self.engine.lexicon.flow_field(&self.of.key)?;
        let name = name.trim();
        let values = self.of.values();
        values
            .into_iter()
            .find(|(of, state)| *of == field && state.eq_ignore_ascii_case(name))
            .map(|(_, state)| state.to_owned())
    }

    /// "draft or confirmed": states, all of them known.
    fn states(&self, names: &str) -> Option<Vec<String>> {
        listed(names).into_iter().map(|name| self.state(name)).collect()
    }
}

/// "draft, sent or paid": the names.
fn listed(names: &str) -> Vec<&str> {
    const JOINTS: &[&str] = &[" or ", " and ", ", ", " / ", "/", " & "];
    let mut parts = vec![names];
    for joint in JOINTS {
        parts = parts.into_iter().flat_map(|part| part.split(joint)).collect();
    }
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// The parts of a text at marks outside of parentheses.
fn apart<'t>(text: &'t str, mark: &str) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let mut from = 0;
    for (at, found) in text.match_indices(mark) {
        let before = text.get(from..at).unwrap_or_default();
        if before.matches('(').count() == before.matches(')').count() {
            parts.push(before);
            from = at + found.len();
        }
    }
    parts.push(text.get(from..).unwrap_or_default());
    parts
}
