//! Outcomes that tell what a list shows, in which order and form.

use super::acted;
use crate::criteria::facts::Facts;
use crate::effect::Effect;
use crate::engine::{Engine, Reading};
use crate::pattern::Bound;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Action, FieldKind, RuleKind};

/// An outcome that tells order and page of a list at once, said of the records that were asked for.
pub(super) fn whole_list(engine: &Engine<'_>, facts: &Facts, then: &[Token]) -> Option<Vec<Effect>> {
    const SUBJECTS: &[&str] = &["they", "it", "list", "result", "results"];
    let first = then.first()?;
    let plain = SUBJECTS.iter().any(|word| first.is(word));
    let tokens: Vec<Token> = if plain {
        let entity = facts.entities.first().or(engine.topics.first())?;
        let name = &engine.lexicon.entity(entity)?.plural;
        let name = name.split(' ').map(|word| Token::new(word, first.start, first.end));
        name.chain(then.iter().skip(1).cloned()).collect()
    } else {
        then.to_vec()
    };
    let effects = engine.clause(&tokens)?;
    let ordered = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::List { .. } | RuleKind::Sort { .. }));
    (!effects.is_empty() && effects.iter().all(ordered)).then_some(effects)
}

/// "Then I see 20 claims": the size of a page that the epic states, or states here.
pub(super) fn page_of(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    let size: u32 = bound.quantity("qty").filter(|size| size.unit.is_none())?.value.parse().ok()?;
    if bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    let known = rules.iter().find(|rule| {
        matches!(rule, RuleKind::List { entity: of, page_size: Some(known), .. } if *of == entity && *known == size)
    });
    if let Some(rule) = known {
        return Some(vec![Effect::Rule(rule.clone())]);
    }
    // More records than are shown, and a word about pages: this many stand on one.
    let paged = reading.tokens.iter().any(|token| token.is("page"));
    let stated =
        rules.iter().any(|rule| matches!(rule, RuleKind::List { entity: of, page_size: Some(_), .. } if *of == entity));
    (paged && !stated && size > 0)
        .then(|| vec![Effect::Rule(RuleKind::List { entity, sort: Vec::new(), page_size: Some(size) })])
}

/// "Then claims whose title contains "Taxi" are found" when somebody searches.
pub(super) fn found(bound: &Bound, _: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    if !facts.said(&["search", "searches", "searching", "find", "finds", "look", "looks", "q"]) {
        return None;
    }
    let known = rules.iter().find(|rule| matches!(rule, RuleKind::Search { entity: of, .. } if *of == entity));
    let own = bound.field("field").filter(|field| field.entity == entity).map(|field| field.field);
    let rule =
        known.cloned().or_else(|| own.map(|field| RuleKind::Search { entity: entity.clone(), fields: vec![field] }))?;
    Some(vec![Effect::Rule(rule)])
}

/// "Given a patient named "Hofmann", when I search for "hof", then the patient is found": by what the Given calls it.
pub(super) fn sought(reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind], entity: &str) -> Option<Vec<Effect>> {
    if let Some(known) = rules.iter().find(|rule| matches!(rule, RuleKind::Search { entity: of, .. } if of == entity)) {
        return Some(vec![Effect::Rule(known.clone())]);
    }
    let named = reading.scope.lexicon.entity(entity)?;
    let texts = || named.fields.iter().filter(|field| matches!(field.kind, FieldKind::Text { .. }));
    let told = |key: &str| facts.fields.iter().any(|field| field.entity == entity && field.field == key);
    let mut fields: Vec<String> = texts().filter(|field| told(&field.key)).map(|field| field.key.clone()).collect();
    if fields.is_empty() {
        // "Named", "called", "labelled": the word that the name of the field ends with.
        let called = facts.said(&["named", "called"]);
        let by = |last: &String| {
            called && last == "name"
                || facts.words.iter().any(|word| word != last && crate::words::stem(word) == crate::words::stem(last))
        };
        fields = texts().filter(|field| field.words.last().is_some_and(by)).map(|field| field.key.clone()).collect();
    }
    (!fields.is_empty()).then(|| vec![Effect::Rule(RuleKind::Search { entity: entity.to_owned(), fields })])
}

/// "I get a CSV file with one line per claim".
pub(super) fn csv_rows(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    const PLAIN: &[&str] = &[
        "header", "line", "row", "column", "per", "all", "1", "and", "with", "for", "same", "matching", "of", "in",
        "names", "record", "list", ",",
    ];
    let range = bound.words("rest")?;
    let said =
        |at: usize, words: &[&str]| reading.tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)));
    // "A header line and one line for each order" speaks of lines of the file, whatever records are called a line.
    let of_file = |at: usize| {
        let before = at > range.start && said(at - 1, &["1", "header", "per", "first", "same"]);
        said(at, &["line", "row", "column"]) && (before || at == range.start)
    };
    let mut found: Option<String> = None;
    let mut at = range.start;
    while at < range.end {
        if of_file(at) {
            at += 1;
            continue;
        }
        let record = reading.scope.entity_at(reading.tokens, at).into_iter().max_by_key(|(end, _)| *end);
        let field = reading.scope.field_at(reading.tokens, at).into_iter().map(|(end, _)| end).max();
        at = match (record, field) {
            (Some((end, entity)), field) => {
                found.get_or_insert(entity);
                field.map_or(end, |field| field.max(end))
            }
            (None, Some(end)) => end,
            (None, None) if said(at, PLAIN) => at + 1,
            (None, None) => return None,
        };
    }
    let entity = found.or_else(|| acted(facts, reading))?;
    let csv = reading.tokens.iter().any(|token| token.is("csv"))
        || facts.said(&["csv", "export", "exports", "download", "downloads"]);
    csv.then(|| vec![Effect::Rule(RuleKind::Csv { entity })])
}

/// "Then the total is 30": a total that the epic asks for, at work.
pub(super) fn totals_shown(
    bound: &Bound,
    reading: &Reading<'_>,
    facts: &Facts,
    rules: &[RuleKind],
) -> Option<Vec<Effect>> {
    let value = bound.words("value")?;
    let number = reading.part(&value).iter().all(|token| token.is_number() || token.word.len() == 1) && value.len() < 4;
    let mut found =
        rules.iter().filter(|rule| matches!(rule, RuleKind::Totals { entity, .. } if facts.entities.contains(entity)));
    let (Some(rule), None, true) = (found.next(), found.next(), number) else { return None };
    Some(vec![Effect::Rule(rule.clone())])
}

pub(super) fn seen(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    if bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    Some([Action::List, Action::Read].map(|action| Effect::capability(&entity, action)).to_vec())
}

pub(super) fn filtered(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    // "When I open the list, then only confirmed orders are shown" asks for no filter.
    const ASKED: &[&str] =
        &["filter", "search", "find", "select", "choose", "pick", "narrow", "restrict", "limit", "enter", "by", "set"];
    let opened = facts.said(&["open", "view", "see", "visit", "look", "load", "show", "list"]);
    let own = facts.when_states.iter().flatten().any(|state| state.entity == entity)
        || facts.when_fields.iter().any(|field| field.entity == entity);
    if opened && !facts.said(ASKED) && !own {
        return None;
    }
    let lists = bound.states("states").map(<[_]>::to_vec).unwrap_or_default();
    let mut fields: Vec<String> =
        lists.iter().filter_map(|readings| reading.state_of(readings, &entity)).map(|state| state.field).collect();
    fields.extend(facts.fields.iter().filter(|field| field.entity == entity).map(|field| field.field.clone()));
    fields.extend(
        facts.when_states.iter().filter_map(|states| reading.state_of(states, &entity)).map(|state| state.field),
    );
    fields.dedup();
    let searches = facts.said(&["search", "searches", "find", "finds", "look"]);
    let text = |field: &String| {
        let field = FieldRef { entity: entity.clone(), field: field.clone() };
        matches!(reading.scope.kind(&field), Some(FieldKind::Text { .. }))
    };
    if searches && fields.len() > 1 && fields.iter().all(text) {
        return Some(vec![Effect::Rule(RuleKind::Search { entity, fields })]);
    }
    if fields.is_empty() {
        return searches.then(|| vec![Effect::Rule(RuleKind::Search { entity, fields: Vec::new() })]);
    }
    Some(
        fields
            .into_iter()
            .map(|field| {
                let text = matches!(
                    reading.scope.kind(&FieldRef { entity: entity.clone(), field: field.clone() }),
                    Some(FieldKind::Text { .. })
                );
                Effect::Rule(if searches && text {
                    RuleKind::Search { entity: entity.clone(), fields: vec![field] }
                } else {
                    RuleKind::Filter { entity: entity.clone(), field }
                })
            })
            .collect(),
    )
}

pub(super) fn sorted(bound: &Bound, reading: &Reading<'_>, facts: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let entity = bound.entity("entity").or_else(|| acted(facts, reading))?;
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let known: Vec<Effect> = rules.iter().filter(|rule| matches!(rule, RuleKind::List { entity: of, sort, .. } if *of == entity && sort.iter().map(|key| &key.field).eq(fields.iter().map(|field| &field.field)))).cloned().map(Effect::Rule).collect();
    if !known.is_empty() {
        return Some(known);
    }
    if facts.said(&["sort", "sorts", "sorted", "order", "orders"]) {
        return Some(
            fields
                .into_iter()
                .map(|field| Effect::Rule(RuleKind::Sort { entity: entity.clone(), field: field.field }))
                .collect(),
        );
    }
    let descending = reading.tokens.iter().any(|token| token.is("descending"));
    let sort = fields.into_iter().map(|field| maestro_artifacts::SortKey { field: field.field, descending }).collect();
    Some(vec![Effect::Rule(RuleKind::List { entity, sort, page_size: None })])
}

pub(super) fn csv(bound: &Bound, reading: &Reading<'_>, facts: &Facts, _: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| bound.entity("e")).or_else(|| acted(facts, reading))?;
    Some(vec![Effect::Rule(RuleKind::Csv { entity })])
}

/// A total shown is the totals rule that is known.
pub(super) fn totals(bound: &Bound, reading: &Reading<'_>, _: &Facts, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let entity = bound
        .entity("entity")
        .or_else(|| bound.field("fields").map(|field| field.entity))
        .or_else(|| reading.scope.subject().map(str::to_owned))?;
    // "The total of the order is 150": of one order, and no report by orders.
    let figure = bound.words("value").is_some_and(|value| reading.part(&value).iter().any(Token::is_number));
    let refers = |field: &FieldRef| matches!(reading.scope.kind(field), Some(FieldKind::Reference { .. }));
    if figure && bound.fields("fields").is_some_and(|fields| fields.iter().any(refers)) {
        return None;
    }
    let known: Vec<Effect> = rules
        .iter()
        .filter(|rule| matches!(rule, RuleKind::Totals { entity: of, .. } if *of == entity))
        .cloned()
        .map(Effect::Rule)
        .collect();
    (!known.is_empty()).then_some(known)
}
