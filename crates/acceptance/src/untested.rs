//! Why there is no test for a statement that was understood.

use crate::{judge::Fault, script::Course, suite::Bench, world::concerns};
use maestro_artifacts::{Moment, Rule, RuleKind, Understanding, delivery::Untested};
use maestro_domain::StatementId;
use std::collections::{BTreeMap, BTreeSet};

impl Bench<'_> {
    /// The understood statements that no test proves.
    pub(crate) fn untested(
        &self,
        proven: &BTreeSet<&StatementId>,
        lacking: &BTreeMap<StatementId, String>,
    ) -> Vec<Untested> {
        let mut found = Vec::new();
        for item in self.requirements.items.iter().filter(|item| !proven.contains(&item.id)) {
            if let Some(why) = lacking.get(&item.id) {
                found.push(Untested { statement: item.id.clone(), why: why.clone() });
                continue;
            }
            let Understanding::Rules { rules: own } = &item.understanding else { continue };
            let rules = &self.requirements.concepts.rules;
            let why = rules
                .iter()
                .find(|rule| own.contains(&rule.id))
                .map_or_else(|| "it demands nothing that a request could show".to_owned(), |rule| self.why_not(rule));
            found.push(Untested { statement: item.id.clone(), why });
        }
        found
    }

    /// What stands in the way of requests that came near to what was wanted, for people.
    pub(crate) fn obstacles(&self, course: &Course) -> String {
        let rules = &self.requirements.concepts.rules;
        let told = |index: &usize| {
            rules.get(*index).map(|rule| {
                let source = rule.sources.first().map_or(rule.id.as_str(), StatementId::as_str);
                format!("`{source}` (\"{}\")", rule.message)
            })
        };
        let mut found: Vec<String> = Vec::new();
        for (_, fault) in &course.faults {
            let one = match fault {
                Fault::Rule(index) | Fault::Onlooker(index) => told(index),
                Fault::Unsure(index) => told(index).map(|rule| format!("{rule}, which the time of day decides")),
                Fault::NoCommonRole => Some("that no single role may do all of it".to_owned()),
                Fault::Referenced => Some("that other records refer to it".to_owned()),
                Fault::NoTransition => Some("that it takes a change of state that is not allowed".to_owned()),
                Fault::NotInitial => Some("that it takes a record that begins in a later state".to_owned()),
                Fault::Kind => Some("that it takes a value that nobody may give".to_owned()),
                Fault::Pointless => None,
            };
            found.extend(one.filter(|one| !found.contains(one)));
        }
        found.truncate(3);
        match found.as_slice() {
            [] => "no record was found that is as it would have to be".to_owned(),
            found => format!("what stands in the way is {}", found.join(", ")),
        }
    }

    pub(crate) fn why_not(&self, rule: &Rule) -> String {
        let scripts = &self.writer.scripts;
        let name = |key: &str| scripts.world.entity(key).map_or_else(|| key.to_owned(), |entity| entity.name.clone());
        let entered = match &rule.demand {
            RuleKind::TransitionRole { entity, to, .. }
            | RuleKind::TransitionRequires { entity, to, .. }
            | RuleKind::Stamp { entity, to: Some(to), .. }
            | RuleKind::Requires { entity, at: Moment::Transition { to }, .. } => Some((entity, to)),
            _ => None,
        };
        if let Some((entity, to)) = entered {
            match scripts.world.workflow(entity) {
                None => return format!("nothing says which states of the {} follow each other", name(entity)),
                Some(workflow) if scripts.path(entity, &workflow.initial, to).is_none() => {
                    return format!("no change of state that is allowed makes the {} `{to}`", name(entity));
                }
                Some(_) => {}
            }
        }
        let about = scripts.world.model.entities.iter().find(|entity| concerns(&rule.demand, &entity.key));
        match about {
            Some(entity) if scripts.base(&entity.key).is_none() => {
                format!("no {} was found that meets all the rules", entity.name)
            }
            _ => "no requests were found that break or keep it while all other rules hold".to_owned(),
        }
    }
}
