//! The names and outcomes of all statements as requirements: the model, numbered rules, contradictions.

use crate::condition::rule_entity;
use crate::effect::{self, Effect};
use crate::lexicon::{self, Lexicon, Named, STATE_WORDS};
use crate::statement::Outcome;
use crate::{blocked, implied, keys, message, whole};
use maestro_artifacts::requirements::Contradiction;
use maestro_artifacts::{
    Entity, Field, FieldKind, Moment, Requirement, Requirements, Rule, RuleKind, ServiceModel, Transition,
    Understanding, Workflow,
};
use maestro_domain::{Epic, Statement, StatementId, StatementKind};

/// Puts everything together.
pub(crate) fn requirements(epic: &Epic, lexicon: &Lexicon, outcomes: &[Outcome]) -> Requirements {
    let mut contradictions: Vec<Contradiction> = lexicon
        .contradictions
        .iter()
        .map(|(message, statements)| Contradiction { message: message.clone(), statements: statements.clone() })
        .collect();
    let complete: Vec<String> =
        lexicon.entities.iter().filter(|entity| !entity.fields.is_empty()).map(|entity| entity.key.clone()).collect();
    let mut rules: Vec<Rule> = Vec::new();
    let mut items = Vec::new();
    for (statement, outcome) in epic.statements.iter().zip(outcomes) {
        if !statement.kind.traced() {
            continue;
        }
        let understanding = understand(statement, outcome, lexicon, &complete, &mut rules);
        items.push(Requirement {
            id: statement.id.clone(),
            kind: statement.kind,
            text: statement.text.clone(),
            understanding,
        });
    }
    carry(epic, outcomes, lexicon, &mut items);
    let entities: Vec<Entity> = lexicon
        .entities
        .iter()
        .filter(|entity| complete.contains(&entity.key))
        .map(|named| entity(named, &rules, &mut contradictions))
        .collect();
    bounds(&rules, &mut contradictions);
    rights(&rules, &mut contradictions);
    blocked::ways(&entities, &rules, &mut contradictions);
    let concepts = ServiceModel { title: epic.title.clone(), roles: lexicon.roles.clone(), entities, rules };
    let mut read = Requirements { items, concepts, contradictions };
    implied::fold(&mut read);
    read
}

fn understand(
    statement: &Statement,
    outcome: &Outcome,
    lexicon: &Lexicon,
    complete: &[String],
    rules: &mut Vec<Rule>,
) -> Understanding {
    if let Some(words) = &statement.deferred {
        return Understanding::Deferred { words: words.clone() };
    }
    if let Some(gap) = &outcome.gap {
        // The other rows of a list of fields hold, whatever the one says that is quoted.
        if whole::rows::told(statement, &outcome.effects) || whole::rows::ways(statement, &outcome.effects) {
            for effect in &outcome.effects {
                if let Effect::Rule(rule) = effect
                    && complete.contains(&rule_entity(rule).to_owned())
                {
                    number(rules, rule.clone(), statement, lexicon);
                }
            }
        }
        // Nothing of a sentence is built where a part of it is not understood: the whole is quoted.
        let whole = statement.text.trim().trim_end_matches('.');
        let part = gap.quote.trim().trim_end_matches('.');
        // An article in front is no part that is missing.
        let within = statement.kind != StatementKind::Story && whole.len() > part.len() + 4 && whole.contains(part);
        if within && !gap.why.contains('`') {
            let why = format!("{}: `{part}`", gap.why);
            return Understanding::Unknown { quote: statement.text.clone(), why };
        }
        return Understanding::Unknown { quote: gap.quote.clone(), why: gap.why.clone() };
    }
    let unknown = |why: String| Understanding::Unknown { quote: statement.text.clone(), why };
    let mut demands: Vec<RuleKind> = Vec::new();
    for effect in &outcome.effects {
        match effect {
            Effect::Rule(rule) => demands.push(rule.clone()),
            Effect::Entity { name } => match lexicon.find(name) {
                Some(entity) if complete.contains(&entity.key) => {}
                _ => return unknown(format!("nothing says what is recorded of a {name}")),
            },
            _ => {}
        }
    }
    // "We keep members" introduces records whose fields stand elsewhere: keeping them is what it demands.
    if demands.is_empty() {
        for effect in &outcome.effects {
            if let Effect::Entity { name } = effect
                && let Some(entity) = lexicon.find(name)
            {
                demands.extend(
                    crate::statement::capabilities(&entity.key)
                        .into_iter()
                        .filter_map(|effect| if let Effect::Rule(rule) = effect { Some(rule) } else { None }),
                );
            }
        }
    }
    if let Some(rule) = demands.iter().find(|rule| !complete.contains(&rule_entity(rule).to_owned())) {
        let name = lexicon
            .entity(rule_entity(rule))
            .map_or_else(|| rule_entity(rule).to_owned(), |entity| entity.name.clone());
        return unknown(format!("nothing says what is recorded of a {name}"));
    }
    merge_lists(&mut demands);
    if demands.is_empty() {
        return unknown("it demands nothing that could be built and tested".to_owned());
    }
    let mut ids: Vec<String> = Vec::new();
    for demand in demands {
        let id = number(rules, demand, statement, lexicon);
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    Understanding::Rules { rules: ids }
}

/// Order and page size of one list, said in one statement, are one rule.
fn merge_lists(demands: &mut Vec<RuleKind>) {
    let mut merged: Vec<RuleKind> = Vec::new();
    for demand in demands.drain(..) {
        if let RuleKind::List { entity, sort, page_size } = &demand
            && let Some(RuleKind::List { sort: order, page_size: size, .. }) =
                merged.iter_mut().find(|known| matches!(known, RuleKind::List { entity: of, .. } if of == entity))
        {
            // "By start, newest first": what is told last says which way.
            let turned = sort.first().is_some_and(|key| key.descending)
                && order.first().map(|key| &key.field) == sort.first().map(|key| &key.field);
            if order.is_empty() || turned && order.len() <= sort.len() {
                order.clone_from(sort);
            }
            *size = size.or(*page_size);
            continue;
        }
        merged.push(demand);
    }
    *demands = merged;
}

/// The id of the rule, which is added if no statement demanded it before.
fn number(rules: &mut Vec<Rule>, demand: RuleKind, statement: &Statement, lexicon: &Lexicon) -> String {
    if let Some(known) = rules.iter_mut().find(|rule| rule.demand == demand) {
        if !known.sources.contains(&statement.id) {
            known.sources.push(statement.id.clone());
        }
        return known.id.clone();
    }
    let id = format!("R-{}", rules.len() + 1);
    let message = message::of(&demand, lexicon);
    rules.push(Rule { id: id.clone(), sources: vec![statement.id.clone()], message, demand });
    id
}

/// A story whose wish needs no rule of its own is what its criteria say, if all of them are understood.
fn carry(epic: &Epic, outcomes: &[Outcome], lexicon: &Lexicon, items: &mut [Requirement]) {
    for (statement, outcome) in epic.statements.iter().zip(outcomes) {
        if statement.kind != StatementKind::Story || !outcome.carried || statement.deferred.is_some() {
            continue;
        }
        let below: Vec<&StatementId> = epic
            .criteria()
            .filter(|criterion| criterion.story.as_ref() == Some(&statement.id))
            .map(|criterion| &criterion.id)
            .collect();
        let understood = |id: &StatementId| {
            items.iter().any(|item| item.id == *id && matches!(item.understanding, Understanding::Rules { .. }))
        };
        let told: String = epic
            .criteria()
            .filter(|criterion| below.contains(&&criterion.id))
            .map(|criterion| criterion.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        let wish = outcome.gap.as_ref().map_or(statement.text.as_str(), |gap| gap.quote.as_str());
        // The story itself may be a heading: its own words carry nothing.
        let above: Vec<&str> =
            statement.section.iter().map(String::as_str).filter(|heading| !heading.contains(wish)).collect();
        let carried = !below.is_empty()
            && below.iter().all(|id| understood(id))
            && !abroad(&statement.text)
            && served(wish, &told)
            // What it asks of a list by name is served by now, whatever words the criteria have for it.
            && covered(wish, &format!("{} {} {told} filter search csv export sort", epic.title, above.join(" ")), lexicon);
        if carried && let Some(item) = items.iter_mut().find(|item| item.id == statement.id) {
            item.understanding = Understanding::Criteria;
        }
    }
}

/// Whether the criteria speak of the figures, the filter, the search or the export that a wish asks for by name: what they
/// say of other things does not carry it.
fn served(wish: &str, told: &str) -> bool {
    const FIGURES: &[&str] = &["number", "total", "sum", "count", "average", "turnover", "revenue", "many", "much"];
    const GROUPS: &[&str] = &["per", "each", "every", "by", "grouped"];
    // What is asked of a list, and how what is shown of it may be told.
    const LISTS: &[(&[&str], &[&str])] = &[
        (&["filter"], &["filter", "find", "narrow", "only", "search"]),
        (&["search"], &["search", "find", "look", "filter", "contain", "match"]),
        (&["csv", "export"], &["csv", "export", "download", "spreadsheet", "comma"]),
        (&["sort"], &["sort", "order", "first", "ascend", "descend", "alphabetical", "latest", "newest"]),
    ];
    let stems = |text: &str| -> Vec<String> {
        crate::token::tokens(text).iter().map(|token| crate::words::stem(&token.word)).collect()
    };
    let has = |stems: &[String], words: &[&str]| words.iter().any(|word| stems.contains(&crate::words::stem(word)));
    let (wish, told) = (stems(wish), stems(told));
    let grouped = |stems: &[String]| has(stems, FIGURES) && has(stems, GROUPS);
    let lists = LISTS.iter().filter(|(asks, _)| has(&wish, asks)).all(|(_, answers)| has(&told, answers));
    (!grouped(&wish) || grouped(&told)) && lists
}

/// Whether every word of a wish that means something is known or comes back in its criteria; the verb is what they show.
fn covered(wish: &str, told: &str, lexicon: &Lexicon) -> bool {
    const EMPTY: &[&str] = &[
        "few",
        "some",
        "every",
        "same",
        "through",
        "pass",
        "that",
        "this",
        "with",
        "without",
        "from",
        "into",
        "when",
        "where",
        "which",
        "have",
        "been",
        "them",
        "they",
        "their",
        "there",
        "then",
        "able",
        "online",
        "myself",
        "quickly",
        "easily",
        "back",
        "come",
        "more",
        "other",
        "only",
        "once",
        "again",
        "need",
        "needs",
        "make",
        "also",
        "always",
        "about",
        "what",
        "whom",
        "whose",
        "through",
        "along",
        "forward",
        "onward",
        "date",
        "time",
        "hour",
        "week",
        "month",
        "does",
        "will",
        "must",
        "each",
        "overview",
        "total",
        "list",
        "report",
        "summary",
        "figure",
        "statistic",
        "number",
        "everything",
        "record",
        "keep",
        "manage",
        "track",
        "follow",
        "information",
        "much",
        "many",
        "left",
        "state",
        "status",
        "refuse",
        "system",
        "data",
        "daily",
        "weekly",
        "monthly",
        "yearly",
        "annual",
        "properly",
        "correctly",
        "used",
        "happened",
        "doing",
    ];
    let told: Vec<String> =
        crate::token::tokens(told).into_iter().map(|token| crate::words::stem(&token.word)).collect();
    let known = |lemma: &str| {
        lexicon.roles.iter().any(|role| crate::lexicon::name_words(role).iter().any(|word| word == lemma))
            || lexicon.entities.iter().any(|entity| {
                entity.words.iter().any(|word| word == lemma)
                    || entity.fields.iter().any(|field| field.words.iter().any(|word| word == lemma))
                    || entity
                        .values()
                        .iter()
                        .any(|(_, value)| crate::lexicon::name_words(value).iter().any(|word| word == lemma))
            })
    };
    let entity = |lemma: &String| lexicon.entities.iter().any(|entity| entity.words == [lemma.clone()]);
    let tokens = crate::token::tokens(wish);
    tokens
        .iter()
        .enumerate()
        .skip(1)
        .filter(|(_, token)| {
            token.word.chars().count() > 3 && token.word.chars().all(|c| c.is_alphabetic() || c == '-')
        })
        // "Spoiled batches": which of them, the criteria say.
        .filter(|(at, token)| {
            !(token.word.ends_with("ed") && tokens.get(at + 1).is_some_and(|next| entity(&next.lemma)))
        })
        .all(|(_, token)| {
            EMPTY.contains(&token.lemma.as_str())
                || EMPTY.contains(&token.word.as_str())
                || known(&token.lemma)
                || told.contains(&crate::words::stem(&token.word))
        })
}

/// Wishes that no criterion about records can carry.
fn abroad(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "email",
        "mail",
        "sms",
        "notified",
        "notification",
        "notifications",
        "reminder",
        "reminders",
        "reminded",
        "pdf",
        "print",
        "pay",
        "upload",
        "photo",
        "login",
        "log",
        "password",
        "import",
        "sync",
        "calendar",
        "chart",
        "map",
        "scan",
    ];
    crate::token::tokens(text)
        .iter()
        .any(|token| WORDS.contains(&token.lemma.as_str()) || WORDS.contains(&token.word.as_str()))
}

fn entity(named: &Named, rules: &[Rule], contradictions: &mut Vec<Contradiction>) -> Entity {
    let fields = named
        .fields
        .iter()
        .map(|field| Field {
            key: field.key.clone(),
            name: field.name.clone(),
            kind: field.kind.clone(),
            read_only: field.read_only,
            sources: field.sources.clone(),
        })
        .collect();
    Entity {
        key: named.key.clone(),
        name: named.name.clone(),
        plural: named.plural.clone(),
        path: keys::path(&named.plural, &named.key),
        fields,
        workflow: workflow(named, contradictions).or_else(|| free(named, rules)),
        sources: named.sources.clone(),
    }
}

fn workflow(named: &Named, contradictions: &mut Vec<Contradiction>) -> Option<Workflow> {
    let flow = &named.flow;
    let field = flow.field.clone()?;
    if flow.transitions.is_empty() {
        return None;
    }
    strangers(named, &field, contradictions);
    // Where the epic names no first state, it is the first one that none leads to, else the first one named.
    let initial = flow.initial.as_ref().map(|(state, _)| state.clone()).or_else(|| {
        let entered = |state: &&String| flow.transitions.iter().any(|(_, to, _)| to == *state);
        flow.states
            .iter()
            .find(|state| !entered(state) && flow.transitions.iter().any(|(from, _, _)| from == *state))
            .or(flow.states.first())
            .cloned()
    })?;
    let transitions = flow
        .transitions
        .iter()
        .map(|(from, to, sources)| Transition { from: from.clone(), to: to.clone(), sources: sources.clone() })
        .collect();
    Some(Workflow { field, states: flow.states.clone(), initial, transitions, sources: flow.sources.clone() })
}

/// States on some way that no stated list of the field's values holds.
fn strangers(named: &Named, field: &str, contradictions: &mut Vec<Contradiction>) {
    let Some(field) = named.field(field).filter(|field| !field.listed.is_empty()) else { return };
    let ways = named.flow.transitions.iter().flat_map(|(from, to, sources)| [(from, sources), (to, sources)]);
    let first = named.flow.initial.iter().map(|(state, sources)| (state, sources));
    let mut found: Vec<&String> = Vec::new();
    for (state, sources) in ways.chain(first) {
        let holds = |values: &[String]| values.iter().any(|value| effect::same(value, state));
        if found.contains(&state) || field.listed.iter().any(|(values, _)| holds(values)) {
            continue;
        }
        found.push(state);
        let mut statements = sources.clone();
        for (_, source) in &field.listed {
            lexicon::add(&mut statements, source);
        }
        let message = format!("`{state}` is not among the listed values of `{}` of {}", field.name, named.name);
        contradictions.push(Contradiction { message, statements });
    }
}

/// Nothing connects the states, and some rule is about reaching one: then every change is a way.
fn free(named: &Named, rules: &[Rule]) -> Option<Workflow> {
    let concerned = rules.iter().any(|rule| {
        rule_entity(&rule.demand) == named.key
            && matches!(
                &rule.demand,
                RuleKind::TransitionRole { .. }
                    | RuleKind::TransitionRequires { .. }
                    | RuleKind::Stamp { to: Some(_), .. }
                    | RuleKind::Requires { at: Moment::Transition { .. }, .. }
            )
    });
    let key = named.flow.field.clone().or_else(|| {
        let mut found = named.fields.iter().filter(|field| {
            matches!(field.kind, FieldKind::Enum { .. })
                && STATE_WORDS.contains(&field.words.last().map_or("", String::as_str))
        });
        found.next().map(|field| field.key.clone())
    })?;
    let FieldKind::Enum { values } = &named.field(&key).filter(|_| concerned)?.kind else { return None };
    let sources = named.field(&key)?.sources.clone();
    let told = named.flow.initial.as_ref().map(|(state, _)| state.clone());
    let default = rules.iter().find_map(|rule| match &rule.demand {
        RuleKind::Default { entity, field, value } if *entity == named.key && *field == key => {
            value.as_str().map(str::to_owned)
        }
        _ => None,
    });
    let initial = told.or(default).or_else(|| values.first().cloned())?;
    let transitions = values
        .iter()
        .flat_map(|from| values.iter().filter(move |to| *to != from).map(move |to| (from, to)))
        .map(|(from, to)| Transition { from: from.clone(), to: to.clone(), sources: sources.clone() })
        .collect();
    Some(Workflow { field: key, states: values.clone(), initial, transitions, sources })
}

/// Who alone may do something, and may not. Who may not do it at all may not do a part of it either.
fn rights(rules: &[Rule], contradictions: &mut Vec<Contradiction>) {
    let same = |a: &String, b: &String| crate::lexicon::name_words(a) == crate::lexicon::name_words(b);
    for barred in rules {
        let RuleKind::ActionBarred { entity, action, fields, roles } = &barred.demand else { continue };
        for alone in rules {
            let RuleKind::ActionRole { entity: of, action: done, fields: which, roles: may } = &alone.demand else {
                continue;
            };
            let about = (entity, action) == (of, done) && (fields.is_empty() || fields == which);
            if about && let Some(role) = may.iter().find(|role| roles.iter().any(|one| same(one, role))) {
                let statements = alone.sources.iter().chain(&barred.sources).cloned().collect();
                let message = format!("{}, and {}: `{role}` may and may not", alone.message, barred.message);
                contradictions.push(Contradiction { message, statements });
            }
        }
    }
}

/// Bounds of one field that leave no value.
fn bounds(rules: &[Rule], contradictions: &mut Vec<Contradiction>) {
    type Bounds<'a> = Vec<(&'a str, &'a str, Option<f64>, Option<f64>, &'a Rule)>;
    let mut found: Bounds<'_> = Vec::new();
    for rule in rules {
        let number = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<f64>().ok());
        match &rule.demand {
            RuleKind::Range { entity, field, min, max, .. } => {
                found.push((entity, field, number(min), number(max), rule))
            }
            RuleKind::Length { entity, field, min, max } => {
                found.push((entity, field, min.map(f64::from), max.map(f64::from), rule))
            }
            _ => {}
        }
    }
    for (at, (entity, field, min, _, low)) in found.iter().enumerate() {
        for (other_at, (e, f, _, max, high)) in found.iter().enumerate() {
            if entity == e && field == f && matches!((min, max), (Some(min), Some(max)) if min > max) {
                let mut statements = low.sources.clone();
                if at != other_at {
                    statements.extend(high.sources.iter().filter(|id| !low.sources.contains(id)).cloned());
                }
                contradictions.push(Contradiction {
                    message: format!(
                        "no value of `{}` is both {} and {}",
                        field.replace('_', " "),
                        low.message,
                        high.message
                    ),
                    statements,
                });
            }
        }
    }
    // The same default twice with two values.
    for (at, a) in rules.iter().enumerate() {
        for b in rules.iter().skip(at + 1) {
            if let (RuleKind::Default { entity, field, value }, RuleKind::Default { entity: e, field: f, value: v }) =
                (&a.demand, &b.demand)
                && entity == e
                && field == f
                && value != v
            {
                let statements = a.sources.iter().chain(&b.sources).cloned().collect();
                contradictions.push(Contradiction {
                    message: format!("`{}` has two defaults", field.replace('_', " ")),
                    statements,
                });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::served;

    #[test]
    fn a_wish_is_served_by_criteria_that_speak_of_the_same() {
        for (wish, told, is) in [
            ("see the number of items per shelf", "Items can be exported as CSV.", false),
            ("see the number of items per shelf", "The number of items per shelf is shown.", true),
            ("filter items", "Items are sorted by name.", false),
            ("filter items", "I only see matching items.", true),
            ("export items", "Items are sorted by name.", false),
            ("export items", "Items can be downloaded as CSV.", true),
        ] {
            assert_eq!(served(wish, told), is, "{wish} / {told}");
        }
    }
}
