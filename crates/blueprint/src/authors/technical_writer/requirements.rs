//! `docs/requirements.md`: the catalogue.

use super::{criteria, open_points, quoted, roles, rule_lines, story_of};
use crate::{
    escape::{code, md},
    page::Page,
    phrases,
};
use maestro_artifacts::{Requirements, Understanding, requirements::Requirement};
use maestro_domain::StatementKind;

pub(super) fn page(requirements: &Requirements) -> String {
    let mut page = Page::new(&format!("Requirements of {}", md(&requirements.concepts.title)));
    page.text(
        "Every statement of the epic in its own words, with what it was understood to mean. The ids stay the same from here \
         to the tests.",
    );
    stories(&mut page, requirements);
    rest(&mut page, requirements);
    page.heading(2, "Rules in plain words");
    if requirements.concepts.rules.is_empty() {
        page.text("No rule was understood.");
    }
    for entity in &requirements.concepts.entities {
        let rules: Vec<_> =
            requirements.concepts.rules.iter().filter(|rule| phrases::entity_of(rule) == entity.key).collect();
        if !rules.is_empty() {
            page.heading(3, &md(&entity.plural)).bullets(rules.into_iter().map(phrases::rule_line));
        }
    }
    page.heading(2, "Not understood or put off");
    let open = open_points(requirements);
    if open.is_empty() {
        page.text("Nothing: every statement was understood and none is put off.");
    }
    page.bullets(open);
    if !requirements.contradictions.is_empty() {
        page.heading(2, "Contradictions");
        page.bullets(
            requirements.contradictions.iter().map(|c| format!("{}{}", md(&c.message), phrases::from(&c.statements))),
        );
    }
    glossary(&mut page, requirements);
    page.finish()
}

fn stories(page: &mut Page, requirements: &Requirements) {
    let stories: Vec<_> = requirements.items.iter().filter(|item| item.kind == StatementKind::Story).collect();
    if stories.is_empty() {
        return;
    }
    page.heading(2, "Stories");
    for story in stories {
        page.heading(3, story.id.as_str());
        page.text(&format!("> {}", md(&story.text)));
        explain(page, requirements, story);
        for criterion in criteria(requirements, story) {
            entry(page, requirements, criterion);
        }
    }
}

fn rest(page: &mut Page, requirements: &Requirements) {
    let below_a_story = |item: &Requirement| {
        story_of(&item.id).is_some_and(|number| {
            requirements.items.iter().any(|other| other.id.as_str().strip_prefix("US-") == Some(number))
        })
    };
    let sections = [
        (StatementKind::Criterion, "Criteria without a story"),
        (StatementKind::Rule, "Rules"),
        (StatementKind::Functional, "What is recorded, shown and done"),
        (StatementKind::NonFunctional, "Qualities"),
    ];
    for (kind, title) in sections {
        let items: Vec<_> =
            requirements.items.iter().filter(|item| item.kind == kind && !below_a_story(item)).collect();
        if !items.is_empty() {
            page.heading(2, title);
            for item in items {
                entry(page, requirements, item);
            }
        }
    }
}

fn entry(page: &mut Page, requirements: &Requirements, item: &Requirement) {
    page.text(&quoted(item));
    explain(page, requirements, item);
}

fn explain(page: &mut Page, requirements: &Requirements, item: &Requirement) {
    match &item.understanding {
        Understanding::Rules { rules } => page.bullets(rule_lines(requirements, rules)),
        Understanding::Criteria => page.text("Means what its criteria say:"),
        Understanding::Unknown { quote, why } => page.text(&format!("Not understood: \"{}\" ({})", md(quote), md(why))),
        Understanding::Deferred { words } => page.text(&format!("Put off: \"{}\"", md(words))),
    };
}

fn glossary(page: &mut Page, requirements: &Requirements) {
    let model = &requirements.concepts;
    page.heading(2, "Glossary");
    if !model.roles.is_empty() {
        page.text(&format!("Roles: {}.", roles(requirements)));
    }
    for entity in &model.entities {
        page.heading(3, &format!("{}, plural {}", md(&entity.name), md(&entity.plural)));
        page.bullets(entity.fields.iter().map(|field| {
            format!("{}: {}{}", md(&field.name), phrases::type_of(model, field), phrases::from(&field.sources))
        }));
        if let Some(workflow) = &entity.workflow {
            let states: Vec<_> = workflow.states.iter().map(|state| code(state)).collect();
            page.text(&format!("Begins as {}; states: {}.", code(&workflow.initial), states.join(", ")));
        }
    }
}
