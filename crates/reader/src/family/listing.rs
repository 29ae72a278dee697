//! Lists: order, page size, filter, search, CSV.

use crate::effect::Effect;
use crate::engine::{Build, Engine, Reading};
use crate::pattern::{Bound, Patterns};
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Action, FieldKind, RuleKind, SortKey};
use std::sync::LazyLock;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    (
        "[list of] <entity> [list] (be | must be) [shown | listed | displayed] [sorted | ordered | listed | shown] (by | in order of | after) <fields> [ascending | descending] [latest first]",
        sorted,
    ),
    (
        "[list of] <entity> [list] (be | must be) [shown | listed | displayed] (sorted | ordered | listed | shown) [by | in order of] <fields> [, | –] (ascending | descending | newest first | latest first | oldest first | earliest first | highest first | lowest first | largest first | smallest first | most recent first | alphabetically)",
        sorted,
    ),
    (
        "[list of] <entity> [list] (be | must be) [shown | listed | displayed] [with] (sorted | ordered) by <fields>",
        sorted,
    ),
    (
        "[list of] <entity> [list] (be | must be) (sorted | ordered | shown | listed | displayed) [with] (newest | latest | oldest | earliest | highest | lowest | largest | smallest | most recent | next) <fields> (first | at top | on top)",
        sorted,
    ),
    (
        "[list of] <entity> [list] (be | must be) (sorted | ordered | shown | listed | displayed) alphabetically by <fields>",
        sorted,
    ),
    ("(list of | list) <entity> (shows | show | have | contain) <qty> [<entity:e>] per page", paged),
    (
        "[list of] <entity> [list] (be | must be) [shown | listed | displayed] (in pages of | paged by | paginated with | paginated by) <qty>",
        paged,
    ),
    (
        "[list of] <entity> [list] (be | must be | have | show | shows) [shown | listed | displayed | paged | paginated] [,] [with | by | at] <qty> [<entity:e> | item | entry | row | record | result] (per page | page)",
        paged,
    ),
    (
        "(<qty> <entity> per page | page size [of <entity:e>] [be | :] <qty> | <qty> <entity> be shown per page | page of <entity> have <qty> entry)",
        paged,
    ),
    (
        "(lists | all list | result | results | overviews | all overviews) (may | must | be | have | show | shows | contain | contains | hold | display | must show | must have | must contain | be shown | be delivered | be returned | be split) [in pages of | into pages of | with] <qty> [record | entry | item | row | result] [per | on | to] [page] [sametime]",
        paged_all,
    ),
    (
        "(lists | list | all list | overviews | all overviews) (may be | must be | be) (paged | paginated | split) [,] [with | at | by | into] [pages of] <qty> [record | entry | item | row | result] [per | on | to] [1] [page]",
        paged_all,
    ),
    ("(lists | list | all list | overviews | all overviews) (come | comes) in pages of <qty>", paged_all),
    (
        "(lists | list | all list | overviews | all overviews) (may | must) be (exported | downloaded) [as | to | in] (csv | csv file | csv files | csv format) and be (paged | paginated) [,] [with | at | by] <qty> [record | entry | item | row | result] (per | on | to) [1] page",
        exported_paged,
    ),
    (
        "[by default ,] (newest | latest | most recent | oldest | earliest) [1 | ones] (come | comes | must come | be [shown | listed] | must be [shown | listed]) first [by default] [, <qty> per page]",
        by_time,
    ),
    (
        "[by default ,] (newest | latest | most recent | oldest | earliest) <entity> (come | comes | must come | stand | stands | be [shown | listed] | must be [shown | listed]) first [by default]",
        by_time,
    ),
    (
        "[list of] <entity> [list] (be | must be | come | comes) [shown | listed | displayed | sorted | ordered] [with] (newest | latest | most recent | oldest | earliest) first [by default]",
        by_time,
    ),
    ("[there (be | must be)] <qty> [<entity>] (on | per | to) [1] page", paged_here),
    ("[list of] <entity> [list] (may | must) be (filtered | narrowed | narrowed down) by <fields>", filtered),
    ("[list of] <entity> [list] (may | must) be (sorted | ordered) by <fields>", sortable),
    (
        "[list of] <entity> [list] (may | must) be (searched | filtered | sorted | ordered) [,] [and] (searched | filtered | sorted | ordered) [[,] [and] (searched | filtered | sorted | ordered)] by <fields>",
        each_by,
    ),
    (
        "[list of] <entity> [list] (may | must) be (searched | found | looked up) [by | for | in | on] <fields>",
        searched,
    ),
    ("[list of] <entity> [list] (may | must) be searched", searched_all),
    ("[list of] <entity> [list] (must be | be) sortable by <fields>", sortable),
    ("[list of] <entity> [list] (must be | be) filterable by <fields>", filtered),
    ("[list of] <entity> [list] (must be | be) searchable [by] <fields>", searched),
    (
        "[list of] <entity> [list] (be | must be) (shown | listed | sorted | ordered) with (newest | latest | oldest | earliest | highest | lowest) <fields> first",
        sorted,
    ),
    (
        "[list of] <entity> [list] (be | must be) (shown | listed | sorted | ordered) by <fields> , (newest | latest | oldest | earliest | highest | lowest | most recent) first [,] <qty> per page",
        sorted_paged,
    ),
    (
        "[list of] <entity> [list] (be | must be) (shown | listed | sorted | ordered) by <fields> [,] [and] <qty> per page",
        sorted_paged,
    ),
    (
        "[list of] <entity> [list] (may | must) be (exported | downloaded | have | fetched | saved | obtained | retrieved) [as | to | in] (csv | csv file | csv format)",
        csv,
    ),
    (
        "(lists | list | all list | overviews | all overviews | everything) (may | must) be (exported | downloaded | have | fetched | saved | obtained | retrieved) [as | to | in] (csv | csv file | csv files | csv format)",
        csv_all,
    ),
    (
        "csv (export | download) (of | for) <words:lists> [(be | must be) (needed | required | wanted | available | possible | offered | provided | supported)]",
        csvs,
    ),
    ("[there] (be | must be) csv (export | download) (of | for) <words:lists>", csvs),
    (
        "csv (export | download) (be | must be) (available | possible | offered | provided) (of | for) <words:lists>",
        csvs,
    ),
    (
        "<words:lists> (may | must) be (exported | downloaded | had | fetched) [as | to | in] (csv | csv file | csv format)",
        csvs,
    ),
    (
        "(filter | filtering) ([of | for] <entity> by | by | on) <fields> [(be | must be) (needed | required | wanted | available | possible | offered | provided | supported)]",
        filtered,
    ),
    (
        "(search | searching) [of | for | in] <entity> by <fields> [(be | must be) (needed | required | wanted | available | possible | offered | provided | supported)]",
        searched,
    ),
    (
        "[full-text | free-text | text] (search | searching) (over | in | for | > | through | across | within) <entity>",
        searched_all,
    ),
    (
        "[full-text | free-text | text] (search | searching) (in | > | on | by | across | covers | (looks | look | goes | go) (at | in | into | through | over)) <fields> [ignores | ignoring] [case] [(be | must be) (needed | required | wanted | available | possible | offered | provided | supported)]",
        searched,
    ),
    ("search (finds | find) <entity> by <fields>", searched),
    (
        "(search | searching) must (look (at | in | through) | cover | include | use | consider | go through) <fields>",
        searched,
    ),
    ("<words:all>", super::list_phrase::sentence),
];

/// The same as wishes: `filter loans by status`.
const WISHES: &[(&str, Build)] = &[
    ("(filter | narrow | narrow down) [list of] <entity> [list] by <fields>", filtered),
    ("(see | list | view | show | get | browse) [list of] <entity> [list] (filtered | narrowed) by <fields>", filtered),
    ("(see | list | view | show | get | browse) [list of] <entity> [list] (by | per | of) <fields>", filtered),
    (
        "(see | list | view | show | get | browse) [list of] <entity> [list] (sorted | ordered) by <fields> [descending | ascending | newest first | latest first | oldest first | earliest first | most recent first]",
        sorted,
    ),
    ("(sort | order) [list of] <entity> [list] by <fields>", sortable),
    (
        "(search | filter | sort | order) [,] [and] (search | filter | sort | order) [[,] [and] (search | filter | sort | order)] [list of] <entity> [list] by <fields>",
        each_by,
    ),
    (
        "(search | find | look up | search for | look for | search in) [list of] <entity> [list] (by | on | in | with | for) <fields>",
        searched,
    ),
    ("(search | find | search for | look for | look up) <entity> [quickly | easily | fast]", searched_all),
    (
        "(export | download | get | save | fetch) [list of] <entity> [list] (as | to | in | into) (csv | csv file | csv format)",
        csv,
    ),
    ("(see | list | view | show | get) <entity> , <qty> per page", paged),
    ("(page | browse | page through) [through] <entity>", browse),
];

static COMPILED: LazyLock<Patterns<Build>> = LazyLock::new(|| Patterns::compile(WISHES));

/// Reads a wish about a list.
pub(super) fn wish(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine };
    COMPILED
        .read(tokens, &scope, |build, bound| build(bound, &reading))
        .or_else(|| super::list_phrase::read(engine, tokens))
}

fn own(bound: &Bound) -> Option<(String, Vec<FieldRef>)> {
    let (entity, fields) = (bound.entity("entity")?, bound.fields("fields")?);
    fields.iter().all(|field| field.entity == entity).then_some((entity, fields))
}

fn sorted(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, fields) = own(bound)?;
    let said = |words: &[&str]| reading.tokens.iter().any(|token| words.contains(&token.word.as_str()));
    let descending = said(&["descending", "newest", "latest", "highest", "largest", "recent"]);
    let sort = fields.into_iter().map(|field| SortKey { field: field.field, descending }).collect();
    Some(vec![Effect::Rule(RuleKind::List { entity, sort, page_size: None })])
}

fn sorted_paged(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = sorted(bound, reading)?;
    effects.extend(paged(bound, reading)?);
    Some(effects)
}

fn paged(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let named = bound.entity("entity").or_else(|| bound.entity("e"));
    let entity = named.or_else(|| reading.scope.subject().map(str::to_owned))?;
    let size: u32 = bound.quantity("qty")?.value.parse().ok()?;
    (size > 0).then(|| vec![Effect::Rule(RuleKind::List { entity, sort: Vec::new(), page_size: Some(size) })])
}

/// The kinds of records that have lists: of the others nothing is recorded, which is told where they are named.
fn recorded<'r>(reading: &Reading<'r>) -> impl Iterator<Item = &'r crate::lexicon::Named> {
    reading.scope.lexicon.entities.iter().filter(|entity| !entity.fields.is_empty())
}

/// "Lists show 25 records on a page": every list.
fn paged_all(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let size: u32 = bound.quantity("qty")?.value.parse().ok().filter(|size| *size > 0)?;
    let said = reading.tokens.iter().any(|token| token.is("page") || token.is("pages") || token.word == "paged");
    // "The list" is that of one kind of records.
    let many = reading.tokens.first().is_some_and(|first| first.word != "list" || first.article == Some("every"));
    let lists = recorded(reading).map(|entity| {
        Effect::Rule(RuleKind::List { entity: entity.key.clone(), sort: Vec::new(), page_size: Some(size) })
    });
    (said && many).then(|| lists.collect())
}

/// "All lists can be exported as CSV and are paged, 50 per page".
fn exported_paged(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let mut effects = csv_all(bound, reading)?;
    effects.extend(paged_all(bound, reading)?);
    Some(effects)
}

/// "The newest session comes first": by when it begins, or by the one moment that it has.
fn by_time(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| reading.scope.subject().map(str::to_owned))?;
    let lexicon = reading.scope.lexicon;
    let times = |field: &&crate::lexicon::NamedField| matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
    let named = lexicon.entity(&entity)?;
    let mut found = named.fields.iter().filter(times);
    let field = match (crate::span::of(lexicon, &entity), found.next(), found.next()) {
        (_, Some(one), None) => one.key.clone(),
        (Some((start, _)), ..) => start,
        _ => return None,
    };
    let descending = reading.tokens.iter().any(|token| matches!(token.word.as_str(), "newest" | "latest" | "recent"));
    let page_size = match bound.quantity("qty") {
        Some(size) => Some(size.value.parse().ok().filter(|size| *size > 0)?),
        None => None,
    };
    Some(vec![Effect::Rule(RuleKind::List { entity, sort: vec![SortKey { field, descending }], page_size })])
}

/// "There are 25 on a page", behind what is said of a list.
fn paged_here(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| reading.scope.subject().map(str::to_owned))?;
    let quantity = bound.quantity("qty").filter(|quantity| quantity.unit.is_none())?;
    let size: u32 = quantity.value.parse().ok()?;
    (size > 0).then(|| vec![Effect::Rule(RuleKind::List { entity, sort: Vec::new(), page_size: Some(size) })])
}

fn browse(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    Some(vec![Effect::capability(&bound.entity("entity")?, Action::List)])
}

fn filtered(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let entity = bound.entity("entity").or_else(|| fields.first().map(|field| field.entity.clone()))?;
    fields.iter().all(|field| field.entity == entity).then_some(())?;
    Some(
        fields
            .into_iter()
            .map(|field| Effect::Rule(RuleKind::Filter { entity: entity.clone(), field: field.field }))
            .collect(),
    )
}

fn sortable(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    let (entity, fields) = own(bound)?;
    Some(
        fields
            .into_iter()
            .map(|field| Effect::Rule(RuleKind::Sort { entity: entity.clone(), field: field.field }))
            .collect(),
    )
}

/// Text fields are searched, other fields narrow the list; whole numbers and choices do both.
fn searched(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let entity = bound.entity("entity").or_else(|| fields.first().map(|field| field.entity.clone()))?;
    if fields.iter().any(|field| field.entity != entity) {
        return None;
    }
    let (mut texts, others): (Vec<FieldRef>, Vec<FieldRef>) =
        fields.into_iter().partition(|field| matches!(reading.scope.kind(field), Some(FieldKind::Text { .. })));
    let spelled =
        |field: &&FieldRef| matches!(reading.scope.kind(field), Some(FieldKind::Integer | FieldKind::Enum { .. }));
    texts.extend(others.iter().filter(spelled).cloned());
    let mut effects: Vec<Effect> = others
        .into_iter()
        .map(|field| Effect::Rule(RuleKind::Filter { entity: entity.clone(), field: field.field }))
        .collect();
    if !texts.is_empty() {
        effects.push(Effect::Rule(RuleKind::Search {
            entity,
            fields: texts.into_iter().map(|field| field.field).collect(),
        }));
    }
    Some(effects)
}

fn searched_all(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let texts =
        reading.scope.lexicon.entity(&entity)?.fields.iter().any(|field| matches!(field.kind, FieldKind::Text { .. }));
    texts.then(|| vec![Effect::Rule(RuleKind::Search { entity, fields: Vec::new() })])
}

/// "Clients can be searched and sorted by company": each of these by the same fields.
fn each_by(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let said =
        |words: [&str; 2]| reading.tokens.iter().any(|token| !token.quoted && words.contains(&token.word.as_str()));
    let mut effects = Vec::new();
    for (told, build) in [
        (said(["searched", "search"]), searched as Build),
        (said(["filtered", "filter"]), filtered),
        (said(["sorted", "sort"]) || said(["ordered", "order"]), sortable),
    ] {
        if told {
            effects.extend(build(bound, reading)?);
        }
    }
    Some(effects)
}

/// "All lists can be exported as CSV".
fn csv_all(_: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let many = reading.tokens.first().is_some_and(|first| first.word != "list" || first.article == Some("every"));
    let lists = recorded(reading).map(|entity| Effect::Rule(RuleKind::Csv { entity: entity.key.clone() }));
    many.then(|| lists.collect())
}

fn csv(bound: &Bound, _: &Reading<'_>) -> Option<Vec<Effect>> {
    Some(vec![Effect::Rule(RuleKind::Csv { entity: bound.entity("entity")? })])
}

/// "CSV export for deliveries and loads".
fn csvs(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    const IDLE: &[&str] = &["list", "of", "both", "lists", "all"];
    let idle = |token: &Token| !token.quoted && IDLE.iter().any(|word| token.is(word));
    let range = bound.words("lists")?;
    let mut effects = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let token = reading.tokens.get(at)?;
        if idle(token) || !effects.is_empty() && matches!(token.word.as_str(), "," | "and") {
            at += 1;
            continue;
        }
        let (end, entity) = reading.scope.entity_at(reading.tokens, at).into_iter().next()?;
        effects.push(Effect::Rule(RuleKind::Csv { entity }));
        at = end;
    }
    (!effects.is_empty()).then_some(effects)
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_wish_compiles() {
        crate::pattern::check(super::WISHES);
    }
}
