//! Exit criteria of the requirements phase: nothing of the epic got lost, nothing was added, nothing contradicts itself.

use super::{Judge, View};
use maestro_artifacts::{Requirements, Screens, Understanding, screens::ScreenKind};
use maestro_domain::{ArtifactKind, PersonaId, StatementKind};
use std::collections::BTreeSet;

pub(super) fn judge(judge: &mut Judge, view: &View) {
    let Some(requirements) = view.document::<Requirements>(ArtifactKind::Requirements) else { return };
    complete(judge, view, &requirements);
    judge.check("statements_do_not_contradict");
    for contradiction in &requirements.contradictions {
        judge.needs_person(contradiction.statements.first(), contradiction.message.clone());
    }
    judge.check("something_can_be_built");
    if requirements.concepts.entities.is_empty() {
        judge.needs_model(None, "no statement of the epic was understood as a kind of record to keep");
    }
    screens(judge, view, &requirements);
}

/// Every traced statement has exactly one item with its words, and every item's rules exist and name it.
fn complete(judge: &mut Judge, view: &View, requirements: &Requirements) {
    let analyst = PersonaId::RequirementsAnalyst;
    judge.check("every_statement_has_a_requirement");
    for statement in view.epic.statements.iter().filter(|statement| statement.kind.traced()) {
        let items: Vec<_> = requirements.items.iter().filter(|item| item.id == statement.id).collect();
        match items.as_slice() {
            [item] if item.text == statement.text && item.kind == statement.kind => {}
            [_] => {
                judge.find_about(analyst, &statement.id, format!("`{}` does not have the epic's words", statement.id))
            }
            [] => judge.find_about(analyst, &statement.id, format!("`{}` was dropped", statement.id)),
            _ => judge.find_about(analyst, &statement.id, format!("`{}` stands there more than once", statement.id)),
        }
    }
    judge.check("no_requirement_is_invented");
    for item in &requirements.items {
        if !view.epic.statements.iter().any(|statement| statement.id == item.id && statement.kind.traced()) {
            judge.find_about(analyst, &item.id, format!("`{}` is no statement of the epic", item.id));
        }
    }
    judge.check("every_requirement_has_a_meaning");
    for item in &requirements.items {
        match &item.understanding {
            Understanding::Rules { rules } => {
                let known = rules.iter().filter(|id| {
                    requirements.concepts.rules.iter().any(|r| &r.id == *id && r.sources.contains(&item.id))
                });
                if rules.is_empty() || known.count() != rules.len() {
                    judge.find_about(analyst, &item.id, format!("the rules of `{}` are missing", item.id));
                }
            }
            Understanding::Criteria => {
                if item.kind != StatementKind::Story || view.epic.below(&item.id).next().is_none() {
                    judge.find_about(analyst, &item.id, format!("`{}` has no criteria that carry it", item.id));
                }
            }
            // Only the epic's own words put something off.
            Understanding::Deferred { .. } => {
                let words = view.epic.statement(&item.id).and_then(|statement| statement.deferred.as_ref());
                if words.is_none() {
                    judge.find_about(analyst, &item.id, format!("the epic does not put `{}` off", item.id));
                }
            }
            Understanding::Unknown { .. } => {}
        }
    }
}

/// Every entity can be listed, seen and edited; every story has a way through the screens.
fn screens(judge: &mut Judge, view: &View, requirements: &Requirements) {
    let designer = PersonaId::UiUxDesigner;
    if !view.scope.has(designer) {
        return;
    }
    judge.check("every_entity_has_screens");
    let Some(screens) = view.document::<Screens>(ArtifactKind::Screens) else { return };
    for entity in &requirements.concepts.entities {
        for kind in [ScreenKind::List, ScreenKind::Form, ScreenKind::Detail] {
            if !screens.screens.iter().any(|screen| screen.entity == entity.key && screen.kind == kind) {
                judge.find(designer, format!("there is no {kind:?} screen for `{}`", entity.name));
            }
        }
    }
    judge.check("every_story_has_a_flow");
    let ids: BTreeSet<_> = screens.screens.iter().map(|screen| screen.id.as_str()).collect();
    for item in requirements.items.iter().filter(|item| item.kind == StatementKind::Story) {
        let built = !matches!(item.understanding, Understanding::Unknown { .. } | Understanding::Deferred { .. });
        let flow = screens.flows.iter().find(|flow| flow.story.as_ref() == Some(&item.id));
        if built
            && flow.is_none_or(|flow| flow.steps.is_empty() || !flow.steps.iter().all(|s| ids.contains(s.as_str())))
        {
            judge.find_about(designer, &item.id, format!("`{}` has no way through the screens", item.id));
        }
    }
}
