//! Why there is no test for a statement that was understood.

use crate::{suite::Bench, world::concerns};
use maestro_artifacts::{Moment, Rule, RuleKind, Understanding, delivery::Untested};
use maestro_domain::StatementId;
use std::collections::BTreeSet;

impl Bench<'_> {
    /// The understood statements that no test proves.
    pub(crate) fn untested(&self, proven: &BTreeSet<&StatementId>) -> Vec<Untested> {
        let mut found = Vec::new();
        for item in self.requirements.items.iter().filter(|item| !proven.contains(&item.id)) {
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

    fn why_not(&self, rule: &Rule) -> String {
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
