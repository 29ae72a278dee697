//! What must hold of the records: their number, what they refer to, what a state needs or forbids.

use super::Line;
use super::people::article;
use crate::effect::Effect;
use crate::keys;
use crate::lexicon::{Named, name_words, one_of};
use maestro_artifacts::RuleKind;

impl Line<'_> {
    /// "only products that are available": these records refer to them.
    pub(super) fn only_for(&self, part: &str) -> Option<Vec<String>> {
        let rest = part.strip_prefix("only ")?.trim_start_matches("for ");
        let (name, that) = [" that are ", " which are ", " with ", " whose "]
            .iter()
            .find_map(|joint| Some((rest.split_once(joint)?, joint)))
            .map(|((name, rest), joint)| (name, format!("{}{rest}", joint.trim_start())))?;
        let other = self.engine.lexicon.find(&one_of(name))?;
        let refers = self.engine.lexicon.references(&self.of.key, &other.key).len() == 1;
        (refers && one_of(name) != name)
            .then(|| vec![format!("New {} only for {} {that}", self.of.plural, other.plural)])
    }

    /// "picked up or cancelled = locked, no changes any more".
    pub(super) fn fast(&self, part: &str) -> Option<Vec<String>> {
        const FAST: &[&str] = &[
            "locked",
            "frozen",
            "final",
            "read only",
            "read-only",
            "no changes",
            "no more changes",
            "no further changes",
            "no changes any more",
            "immutable",
            "fixed",
            "nothing can be changed",
        ];
        let (states, told) = [" = ", ": ", " -> "].iter().find_map(|mark| part.split_once(mark))?;
        let states = self.states(states)?.join(" and ");
        let told = told.split(", ").all(|told| {
            FAST.contains(&told.trim().trim_end_matches(" any more").trim_end_matches(" anymore"))
                || FAST.contains(&told.trim())
        });
        told.then(|| vec![format!("{states} {} can no longer be changed", self.of.plural)])
    }

    /// "sum of pieces of all orders of a bake day <= its capacity, cancelled ones not counted".
    pub(super) fn summed(&self, part: &str) -> Option<Vec<String>> {
        let (sum, limit) = [" ≤ ", " <= ", " =< "].iter().find_map(|mark| part.split_once(mark))?;
        let (sum, number) = match ["sum of ", "total of ", "total "].iter().find_map(|lead| sum.strip_prefix(lead)) {
            Some(sum) => (sum, false),
            None => (sum.strip_prefix("number of ").or_else(|| sum.strip_prefix("count of "))?, true),
        };
        let (limit, but) = limit.split_once(", ").map_or((limit, None), |(limit, but)| (limit, Some(but)));
        let one = if number { format!("The number of {sum}") } else { format!("The sum of the {sum}") };
        let sentence = format!("{one} must not exceed {limit}");
        let Some(but) = but else { return Some(vec![sentence]) };
        const ASIDE: &[&str] = &[
            "not counted",
            "do not count",
            "don't count",
            "are not counted",
            "ignored",
            "are ignored",
            "excluded",
            "left out",
        ];
        let states = ASIDE.iter().find_map(|end| but.strip_suffix(end))?.trim();
        let states =
            ["ones", self.of.plural.as_str()].iter().find_map(|noun| states.strip_suffix(noun)).unwrap_or(states);
        let states = self.states(states)?.join(" and ");
        Some(vec![format!("{sentence}; {states} {} are not counted", self.of.plural)])
    }

    /// "same product only once per order".
    pub(super) fn once(&self, part: &str) -> Option<Vec<String>> {
        let rest = ["same ", "each ", "every ", "a "].iter().find_map(|lead| part.strip_prefix(lead))?;
        let (what, per) = [" only once per ", " only once in ", " at most once per ", " not twice per ", " once per "]
            .iter()
            .find_map(|mark| rest.split_once(mark))?;
        let parent = self.parent(per)?;
        self.of.find(what).is_some().then_some(())?;
        let one = &parent.name;
        Some(vec![format!("{} {one} cannot have two {} with the same {what}", capital(article(one)), self.of.plural)])
    }

    /// "max 15 lines per order".
    pub(super) fn at_most(&self, part: &str) -> Option<Vec<String>> {
        const LEADS: &[&str] = &["max ", "max. ", "maximum ", "at most ", "up to ", "no more than ", "not more than "];
        let rest = LEADS.iter().find_map(|lead| part.strip_prefix(lead))?;
        let (figure, rest) = rest.split_once(' ')?;
        let (what, per) = rest.split_once(" per ").or_else(|| rest.split_once(" for each "))?;
        let (states, noun) = what.rsplit_once(' ').map_or(("", what), |(states, noun)| (states, noun));
        let called = name_words(noun).last() == self.of.words.last();
        let states = if what == self.of.plural || states.is_empty() {
            String::new()
        } else {
            format!("{} ", self.state(states)?)
        };
        let parent = self.parent(per)?;
        let number = figure.parse::<u32>().is_ok() || crate::normal::digits(figure).is_some();
        let one = &parent.name;
        (called && number).then(|| {
            vec![format!("{} {one} can have at most {figure} {states}{}", capital(article(one)), self.of.plural)]
        })
    }

    /// What these records refer to once.
    fn parent(&self, name: &str) -> Option<&Named> {
        let parent = self.engine.lexicon.find(name)?;
        (self.engine.lexicon.references(&self.of.key, &parent.key).len() == 1).then_some(parent)
    }

    /// "cancel reason mandatory" behind what is said of cancelling.
    pub(super) fn mandatory_then(&self, part: &str, before: &[Effect]) -> Option<Vec<String>> {
        let field =
            ["mandatory", "required", "needed", "obligatory"].iter().find_map(|word| part.strip_suffix(word))?;
        let field = field.trim().trim_end_matches(" is");
        let name = field.split(' ').count() <= 4 && field.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
        let mut to: Vec<&String> = before
            .iter()
            .filter_map(|effect| match effect {
                Effect::Rule(RuleKind::TransitionRole { entity, to, .. }) | Effect::Transition { entity, to, .. }
                    if *entity == self.of.key =>
                {
                    Some(to)
                }
                _ => None,
            })
            .collect();
        to.dedup();
        let [to] = to.as_slice() else { return None };
        let (one, field) = (&self.of.name, field.trim_start_matches("a ").trim_start_matches("an "));
        (name && !field.is_empty()).then(|| {
            vec![format!("{} {field} is mandatory when {} {one} is {to}", capital(article(field)), article(one))]
        })
    }

    /// "picked up needs receipt no.": a field that may be told here for the first time.
    pub(super) fn needs(&self, part: &str) -> Option<Vec<Effect>> {
        let (states, what) = [" needs ", " need ", " requires "].iter().find_map(|verb| part.split_once(verb))?;
        let states = self.states(states)?;
        let mut effects = Vec::new();
        let mut keys = Vec::new();
        for name in super::listed(what) {
            let name = ["a ", "an ", "the "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
            let name = name.trim_end_matches('.');
            let plain = name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-' || c == '.');
            let other = self.engine.lexicon.find(name).is_some_and(|other| other.words == name_words(name));
            (plain && !other && (1..=3).contains(&name.split(' ').count()) && self.state(name).is_none())
                .then_some(())?;
            match self.of.find(name) {
                Some(field) => keys.push(field.key.clone()),
                None => {
                    let role = self.engine.lexicon.roles.iter().any(|role| role.eq_ignore_ascii_case(name));
                    (!role && !crate::lexicon::is_vague(name)).then_some(())?;
                    // "approval by the head" is no name, and "2 signatures" are no field.
                    (!name
                        .split(' ')
                        .any(|word| ["by", "of", "from", "to", "all", "no"].contains(&word) && !name.ends_with(" no")))
                    .then_some(())?;
                    let (entity, name) = (self.of.name.clone(), name.to_owned());
                    keys.push(keys::snake(&name));
                    effects.push(Effect::Field { entity, name, kind: None, read_only: false });
                }
            }
        }
        let rule = |to: &String| {
            let (entity, to, fields) = (self.of.key.clone(), to.clone(), keys.clone());
            Effect::Rule(RuleKind::TransitionRequires { entity, from: None, to, fields })
        };
        effects.extend(states.iter().map(rule));
        Some(effects)
    }
}

fn capital(word: &str) -> &'static str {
    if word == "an" { "An" } else { "A" }
}
