//! Decision records: what a newcomer would question, with this model's reasons and costs.

use crate::{
    escape::{code, md, slug},
    page::Page,
    phrases,
};
use maestro_artifacts::{Entity, FieldKind, Operand, RuleKind, ServiceModel};

/// One decision.
#[derive(Debug)]
pub(super) struct Decision {
    /// For the file's name.
    pub(super) slug: String,
    /// As the document lists it.
    pub(super) title: String,
    context: Vec<String>,
    decision: Vec<String>,
    consequences: Vec<String>,
}

impl Decision {
    fn new(slug: &str, title: &str, context: Vec<String>, decision: &[&str], consequences: &[&str]) -> Self {
        let owned = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect();
        Self {
            slug: slug.to_owned(),
            title: title.to_owned(),
            context,
            decision: owned(decision),
            consequences: owned(consequences),
        }
    }

    pub(super) fn page(&self, number: usize) -> String {
        let mut page = Page::new(&format!("{number}. {}", md(&self.title)));
        page.text("Status: accepted");
        page.heading(2, "Context").bullets(&self.context);
        page.heading(2, "Decision").bullets(&self.decision);
        page.heading(2, "Consequences").bullets(&self.consequences);
        page.finish()
    }
}

/// The decisions that this model asks for, in a fixed order.
pub(super) fn of(model: &ServiceModel) -> Vec<Decision> {
    let mut decisions = vec![platform(model), storage(model), writers(model), roles(model)];
    decisions.extend(model.entities.iter().filter_map(life_cycle));
    decisions.extend([money(model), clock(model), computed(model), frozen(model)].into_iter().flatten());
    decisions
}

fn names<'a>(entities: impl IntoIterator<Item = &'a Entity>) -> String {
    entities.into_iter().map(|entity| md(&entity.plural)).collect::<Vec<_>>().join(", ")
}

fn rules_where(model: &ServiceModel, wanted: impl Fn(&RuleKind) -> bool) -> Vec<String> {
    model.rules.iter().filter(|rule| wanted(&rule.demand)).map(phrases::rule_line).collect()
}

fn fields_where(model: &ServiceModel, wanted: impl Fn(&FieldKind) -> bool) -> Vec<String> {
    model
        .entities
        .iter()
        .flat_map(|entity| entity.fields.iter().map(move |field| (entity, field)))
        .filter(|(_, field)| wanted(&field.kind))
        .map(|(entity, field)| format!("{} of {}", md(&field.name), md(&entity.plural)))
        .collect()
}

fn platform(model: &ServiceModel) -> Decision {
    Decision::new(
        "standard-library-only",
        "Build on Python's standard library alone",
        vec![
            format!("The service keeps {} kinds of record: {}.", model.entities.len(), names(&model.entities)),
            "It must start on any machine with Python 3.11, without installing anything and without a network.".to_owned(),
            "Alternatives: a web framework with an ORM; a compiled service. Both add parts that must be pinned, watched for \
             security notices and downloaded before the first start."
                .to_owned(),
        ],
        &["`http.server` answers requests, `sqlite3` keeps the records, the pages are plain HTML, CSS and JavaScript."],
        &[
            "Nothing has to be installed, and no third-party code can bring a vulnerability in.",
            "Routing, validation and problem documents are this service's own code and must be tested here.",
            "It is made for a team's load on one machine; TLS and public exposure need a reverse proxy in front.",
        ],
    )
}

fn storage(model: &ServiceModel) -> Decision {
    let mut context = vec![format!("Records must survive restarts: {}.", names(&model.entities))];
    let references: Vec<_> = model
        .entities
        .iter()
        .flat_map(|to| model.referrers(&to.key).map(move |(from, field)| (from, field, to)))
        .map(|(from, field, to)| format!("{} refer to {} by {}", md(&from.plural), md(&to.plural), code(&field.key)))
        .collect();
    context.push(if references.is_empty() {
        "No record refers to another, so no integrity between tables is needed today.".to_owned()
    } else {
        format!("References must never dangle: {}.", references.join("; "))
    });
    let along = rules_where(model, |kind| matches!(kind, RuleKind::Cascade { .. }));
    let (deletion, price) = if along.is_empty() {
        ("A record that others refer to cannot be deleted; the request is refused with 409.", None)
    } else {
        context.push("These are deleted with what they refer to:".to_owned());
        context.extend(along);
        (
            "What is deleted with a record goes in the same transaction, and so does what is deleted with that. Where one of \
             them is frozen, must be kept, or is referred to by a record that stays, the request is refused with 409 and \
             nothing goes.",
            Some("One request can delete many records, and only a backup brings them back; the pages say so first."),
        )
    };
    context.push(
        "Alternatives: JSON files (no transactions), a database server (one more thing to run and to back up)."
            .to_owned(),
    );
    Decision::new(
        "sqlite-one-table-per-entity",
        "Keep the records in one SQLite file, one table for each entity",
        context,
        &["Every entity has a table with a typed column for each stored field and an integer `id`.", deletion],
        &[
            "A backup is a copy of one file, taken while the service is stopped or by SQLite's own backup.",
            "A changed model needs a migration of the file; there is none for the first version.",
            "Only one machine can write; a second instance on the same file is not supported.",
        ]
        .into_iter()
        .chain(price)
        .collect::<Vec<_>>(),
    )
}

fn writers(model: &ServiceModel) -> Decision {
    let mut context = rules_where(model, |kind| {
        matches!(
            kind,
            RuleKind::Unique { .. }
                | RuleKind::NoOverlap { .. }
                | RuleKind::Quota { .. }
                | RuleKind::Capacity { .. }
                | RuleKind::Requires { .. }
                | RuleKind::NoDelete { .. }
                | RuleKind::Cascade { .. }
        )
    });
    if context.is_empty() {
        context.push("No rule compares a record with others yet, but references and states can still race.".to_owned());
    } else {
        context.insert(0, "These rules look at more than the record that is written, so two requests at once could break them between each other:".to_owned());
    }
    context.push("Alternatives: optimistic versions with retry, or constraints in SQL for each rule; neither can express all of them.".to_owned());
    Decision::new(
        "one-writer",
        "Let one request write at a time",
        context,
        &["Checks and the write that they allow happen under one writer lock and inside one transaction."],
        &[
            "No rule can be broken by two requests at the same time, whatever the rule is.",
            "Writes queue up; their rate is that of one SQLite transaction after the other.",
            "A slow check slows every writer, so checks must not wait for anything outside the process.",
        ],
    )
}

fn roles(model: &ServiceModel) -> Decision {
    let rules = rules_where(model, |kind| {
        matches!(kind, RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. } | RuleKind::TransitionRole { .. })
    });
    let mut context = Vec::new();
    if model.roles.is_empty() {
        context.push("The epic names no roles.".to_owned());
    } else {
        let roles: Vec<_> = model.roles.iter().map(|role| md(role)).collect();
        context.push(format!("The epic names these roles: {}.", roles.join(", ")));
    }
    if rules.is_empty() {
        context.push("No rule restricts anything to a role.".to_owned());
    } else {
        context.push("These rules restrict something to roles:".to_owned());
        context.extend(rules);
    }
    context.push("The epic says nothing of accounts, passwords or sign-on. Alternatives: accounts of its own, or an identity provider.".to_owned());
    Decision::new(
        "role-by-header",
        "Take the caller's role from the header X-Role",
        context,
        &[
            "A request says its role in `X-Role`; names compare without case, spaces, hyphens and underscores.",
            "Without the header, whatever no rule restricts is allowed. A restricted request is refused with 403.",
        ],
        &[
            "Rules about roles can be used and tested now, before there is a sign-on.",
            "The header is a claim that nobody proves: the service must stand behind something that sets it, or be used by people who trust each other.",
            "There is no record of who did what; that would need accounts.",
        ],
    )
}

fn life_cycle(entity: &Entity) -> Option<Decision> {
    let workflow = entity.workflow.as_ref()?;
    let ends: Vec<_> = workflow
        .states
        .iter()
        .filter(|state| !workflow.transitions.iter().any(|t| t.from == **state))
        .map(|state| code(state))
        .collect();
    let changes: Vec<_> =
        workflow.transitions.iter().map(|t| format!("{} to {}", code(&t.from), code(&t.to))).collect();
    let context = vec![
        format!("A {} passes through the states {}.", md(&entity.name), states(&workflow.states)),
        format!(
            "The epic allows these changes{}: {}.",
            phrases::from(&workflow.sources),
            if changes.is_empty() { "none".to_owned() } else { changes.join(", ") }
        ),
        "Alternatives: a free field that anybody sets, or one endpoint for each action.".to_owned(),
    ];
    let field = code(&workflow.field);
    Some(Decision {
        slug: format!("life-cycle-of-{}", slug(&entity.plural)),
        title: format!("Guard the life cycle of {} by a state machine", entity.plural),
        context,
        decision: vec![
            format!("{field} is an ordinary field; a new record starts in {}.", code(&workflow.initial)),
            "A change that is not listed is refused with 409, which names what would be allowed; this is decided before the role.".to_owned(),
        ],
        consequences: vec![
            if ends.is_empty() {
                "No state is final: every record can always move on.".to_owned()
            } else {
                format!("Nothing leads out of {}; a record that got there by mistake stays there.", ends.join(", "))
            },
            "A new state or way is a change of the model, not of a setting.".to_owned(),
        ],
    })
}

fn states(states: &[String]) -> String {
    states.iter().map(|state| code(state)).collect::<Vec<_>>().join(", ")
}

fn money(model: &ServiceModel) -> Option<Decision> {
    let fields = fields_where(model, |kind| matches!(kind, FieldKind::Money));
    (!fields.is_empty()).then(|| {
        Decision::new(
            "money-as-decimal-text",
            "Pass money as decimal text",
            vec![
                format!("Amounts of money are kept in: {}.", fields.join(", ")),
                "Binary floating point cannot hold most amounts exactly; JSON numbers invite it.".to_owned(),
            ],
            &["Amounts are strings with two places, such as `\"12.50\"`, and are reckoned with as decimals or whole cents."],
            &["Sums are exact.", "Callers must not parse amounts into floats.", "There is one currency, which the epic does not name."],
        )
    })
}

fn clock(model: &ServiceModel) -> Option<Decision> {
    let fields = fields_where(model, |kind| matches!(kind, FieldKind::DateTime | FieldKind::Date));
    let years = rules_where(model, |kind| matches!(kind, RuleKind::Compare { to: Operand::ThisYear { .. }, .. }));
    (!fields.is_empty() || !years.is_empty()).then(|| {
        let mut context = Vec::new();
        if !fields.is_empty() {
            context.push(format!("Dates and times are kept in: {}.", fields.join(", ")));
        }
        context.extend(years);
        context.push("The epic names no time zone.".to_owned());
        Decision::new(
            "utc",
            "Reckon all times in UTC",
            context,
            &["Times without an offset mean UTC, answers are in UTC, and \"today\" is the day in UTC."],
            &[
                "Rules about today give the same answer everywhere.",
                "Near midnight, people far from Greenwich may find that \"today\" is not theirs.",
            ],
        )
    })
}

fn computed(model: &ServiceModel) -> Option<Decision> {
    let rules = rules_where(model, |kind| matches!(kind, RuleKind::Computed { .. }));
    (!rules.is_empty()).then(|| {
        Decision::new(
            "computed-on-read",
            "Work out computed fields when they are read",
            rules,
            &["Computed fields are not stored; requests that try to set them are refused."],
            &[
                "They can never be stale.",
                "Lists that show them read more rows; sorting and filtering by them cannot use an index.",
            ],
        )
    })
}

fn frozen(model: &ServiceModel) -> Option<Decision> {
    let rules = rules_where(model, |kind| matches!(kind, RuleKind::Immutable { .. }));
    (!rules.is_empty()).then(|| {
        Decision::new(
            "frozen-records",
            "Judge frozen records by what is stored",
            rules,
            &["Whether a record is frozen is decided from the stored record, before the request is applied. Allowed changes of state stay possible."],
            &["A request cannot thaw a record and change it in one go.", "A mistake in a frozen record can only be mended through the life cycle."],
        )
    })
}
