//! Totals: counts and sums of records per value of a field, also of a referenced record.

use crate::effect::Effect;
use crate::engine::{Build, Engine, Reading};
use crate::pattern::{Bound, Patterns};
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{FieldKind, Measure, RuleKind};
use std::sync::LazyLock;

pub(super) const PATTERNS: &[(&str, Build)] = &[
    ("(total | sum | overall) [of] <fields> [of [all] <entity>] %by <words:by> [%seen]", sums),
    (
        "(system | service | application | we | it | report | overview | total | totals | list | summary | dashboard | page | statistics) [of <entity>] [must | may | want | need] [to] [see] (show | shows | give | gives | report | reports | list | lists | contain | contains) <words:wish>",
        subject,
    ),
    (
        "<words:who> (want | need | like | wish | see | sees | get | gets | may see | must see) [to] [see | know | get | have] (total | sum | numberof | average | totals) <words:rest>",
        wanted,
    ),
    ("numberof <entity> %by <words:by> [%seen]", counts),
    ("(average | mean) <fields> [of <entity>] %by <words:by> [%seen]", averages),
    ("(highest | largest | maximum | latest) <fields> [of <entity>] %by <words:by> [%seen]", largest),
    ("(lowest | smallest | minimum | earliest) <fields> [of <entity>] %by <words:by> [%seen]", smallest),
    ("<fields> %by <words:by> %seen", sums),
    ("(total | sum | overall) [of] <fields> [of [all] <entity>] %seen %by <words:by>", sums),
    ("numberof <entity> %seen %by <words:by>", counts),
    ("(average | mean) <fields> [of <entity>] %seen %by <words:by>", averages),
    (
        "[for] per <words:by> [,] (we | i | they | user | people) (want | need | like | wish | must) [to] %look numberof <entity> [there be | it have | %seen]",
        counts,
    ),
    ("total of <entity> %by <words:by> [be shown]", counts),
    ("sum [of <entity>] %by <words:by> [%seen]", obvious),
    ("(total | totals) %by <words:by> [%seen]", counts_here),
    ("[there be] (total | sum) [of] <fields> [of <entity>] %by <words:by> [%seen]", sums),
    ("<entity> be (totalled | totaled | grouped | counted | summed | summed up) %by <words:by>", counts),
    (
        "<words:who> (show | shows | give | gives | contain | contains | list | lists) , per <words:by> , numberof <entity> [and (total | sum) [of] <fields>]",
        counts_and_sums,
    ),
    (
        "[for] per <words:by> , numberof <entity> and (total | sum) [of] <fields> [of <entity:e>] [%seen]",
        counts_and_sums,
    ),
    ("<entity> (may | must) be (totalled | totaled | grouped | counted | summed | summed up) %by <words:by>", counts),
    (
        "(<fields> | <fields> of <entity>) (may | must | be | must be) [be] (totalled | totaled | summed | summed up | added up) %by <words:by>",
        sums,
    ),
    ("<fields> of <entity> (totalled | totaled | summed | summed up | added up) %by <words:by>", sums),
    ("(report | reports | totals | overview | statistics) : <words:wish>", subject),
    ("(report | reports | totals | overview | statistics | figures | key figures) : <words:each>", figures),
    ("<words:label> (per | by) <words:group> : <words:wish>", labelled),
    ("[for] per <words:by> , [there must be] [%look] numberof <entity> [%seen]", counts),
    ("[for] per <words:by> , [there must be] [%look] (total | sum) [of] <fields> [of <entity>] [%seen]", sums),
];

const WISHES: &[(&str, Build)] = &[
    (
        "<words:who> (want | need | like | wish | see | sees | get | gets | may see | must see) [to] [see | know | get | have] (total | sum | numberof | average | totals) <words:rest>",
        wanted,
    ),
    ("[%look] (total | sum | overall) [of] <fields> [of [all] <entity>] %by <words:by> [%seen]", sums),
    ("[%look] (total | sum) [of] <fields> and numberof <entity> %by <words:by> [%seen]", sums),
    ("[%look] numberof <entity> and (total | sum) [of] <fields> %by <words:by> [%seen]", sums),
    ("[%look] (numberof | count of) <entity> %by <words:by> [%seen]", counts),
    ("[%look] (average | mean) <fields> [of <entity>] %by <words:by> [%seen]", averages),
    ("[%look] (highest | largest | maximum | latest) <fields> [of <entity>] %by <words:by> [%seen]", largest),
    ("[%look] (lowest | smallest | minimum | earliest) <fields> [of <entity>] %by <words:by> [%seen]", smallest),
    ("%look <fields> %by <words:by>", sums),
    ("[%look] (total | totals) of <entity> %by <words:by>", counts),
    ("[%look] sum [of <entity>] %by <words:by>", obvious),
    ("[%look] (total | totals) %by <words:by>", counts_here),
    ("[%look] <entity> (totals | total | counts) %by <words:by>", counts),
    ("[%look] numberof <entity> there be (per | by) <words:by>", counts),
    ("[%look] numberof <entity> <words:by> have", counts),
    ("[%look] numberof <entity> be %made per <words:by>", counts),
];

static COMPILED: LazyLock<Patterns<Build>> = LazyLock::new(|| Patterns::compile(WISHES));

/// Reads a wish for totals.
pub(super) fn wish(engine: &Engine<'_>, tokens: &[Token]) -> Option<Vec<Effect>> {
    let read = |tokens: &[Token]| {
        let scope = engine.scope(tokens);
        let reading = Reading { tokens, scope: &scope, engine };
        COMPILED.read(tokens, &scope, |build, bound| build(bound, &reading))
    };
    read(tokens).or_else(|| read(&summed_once(tokens)?))
}

/// "The sum of hours and the sum of fees per area" as "the sum of hours and fees per area".
fn summed_once(tokens: &[Token]) -> Option<Vec<Token>> {
    const SUMS: &[&str] = &["sum", "total"];
    let sum = |token: &Token| SUMS.iter().any(|word| token.is(word));
    let mut out: Vec<Token> = Vec::with_capacity(tokens.len());
    for token in tokens {
        let again = out.last().is_some_and(|before| before.is("and") || before.is(","));
        let first = out.iter().position(sum);
        let of = token.is("of") && out.last().is_some_and(|before| before.is("and") || before.is(","));
        if !(sum(token) && again && first.is_some() || of) {
            out.push(token.clone());
        }
    }
    (out.len() < tokens.len()).then_some(out)
}

/// "Managers want the number of bookings per room": who wants it restricts nobody.
fn wanted(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let who = bound.words("who")?;
    let rest = bound.words("rest")?;
    let plain = who.len() <= 3
        && reading.part(&who).iter().all(|token| {
            !token.quoted && !matches!(token.word.as_str(), "only" | "no" | "noone" | "not" | "if" | "must" | "may")
        });
    if !plain {
        return None;
    }
    wish(reading.engine, reading.tokens.get(rest.start - 1..)?)
}

/// "Revenue by teacher: the sum of ..." says what the label means.
fn labelled(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let label = bound.words("label")?;
    let short = label.len() <= 3 && bound.words("group")?.len() <= 4;
    short.then(|| subject(bound, reading)).flatten()
}

fn subject(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let part = reading.part(&bound.words("wish")?);
    let mut effects = Vec::new();
    for one in part.split(|token| !token.quoted && token.word == ";") {
        let first = one.first()?;
        // "Totals: price by rider": what is shown.
        let shown: Vec<Token> = std::iter::once(first.renamed("show")).chain(one.iter().cloned()).collect();
        effects.extend(wish(reading.engine, one).or_else(|| wish(reading.engine, &shown))?);
    }
    (!effects.is_empty()).then_some(effects)
}

/// "Statistics: orders per phase, hours per carpenter": each of them, a count of records or a sum of what they hold.
fn figures(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let part = reading.part(&bound.words("each")?);
    let grouped = |one: &&[Token]| one.iter().any(|token| token.is("per") || token.is("by"));
    let mut parts: Vec<&[Token]> =
        part.split(|token| !token.quoted && matches!(token.word.as_str(), "," | "and")).collect();
    parts.retain(|one| !one.is_empty());
    if parts.len() < 2 || !parts.iter().all(grouped) {
        return None;
    }
    let mut effects = Vec::new();
    for one in parts {
        let first = one.first()?;
        let whole = reading.engine.scope(one).entity_at(one, 0);
        let counts = whole.iter().any(|(end, _)| one.get(*end).is_some_and(|next| next.is("per") || next.is("by")));
        let lead: &[&str] = if counts { &["show", "numberof"] } else { &["show"] };
        let shown: Vec<Token> = lead.iter().map(|word| first.renamed(word)).chain(one.iter().cloned()).collect();
        effects.extend(wish(reading.engine, &shown)?);
    }
    Some(effects)
}

/// The groupings: `per status and per room` are two.
fn groupings(bound: &Bound, reading: &Reading<'_>, entity: &str) -> Option<Vec<Vec<String>>> {
    let part = reading.part(&bound.words("by")?);
    let mut parts: Vec<&[Token]> = Vec::new();
    let mut from = 0;
    for (at, pair) in part.windows(2).enumerate() {
        if let [and, per] = pair
            && (and.is("and") || and.is(","))
            && at >= from
        {
            // "per supplier and status", "per supplier and per status"
            parts.push(part.get(from..at)?);
            from = at + 1 + usize::from(per.is("per") || per.is("by"));
        }
    }
    // A name may hold an `and`.
    if let Some(by) = grouping(reading, entity, part) {
        return Some(vec![by]);
    }
    parts.push(part.get(from..)?);
    parts.into_iter().map(|part| grouping(reading, entity, part)).collect()
}

/// One grouping: a field of the record, a reference, or a field of a record that it refers to.
fn grouping(reading: &Reading<'_>, entity: &str, part: &[Token]) -> Option<Vec<String>> {
    // With the word that leads there: "per carpenter" may mean the carpenter's name.
    let per = part.first().map(|first| Token::new("per", first.start, first.start));
    let led: Vec<Token> = per.into_iter().chain(part.iter().cloned()).collect();
    let mut scope = reading.engine.scope(&led);
    scope.focus.retain(|focus| focus != entity);
    scope.focus.insert(0, entity.to_owned());
    let fields: Vec<FieldRef> =
        scope.field_at(&led, 1).into_iter().filter(|(end, _)| *end == led.len()).map(|(_, field)| field).collect();
    if let Some(field) = fields.iter().find(|field| field.entity == entity) {
        return Some(vec![field.field.clone()]);
    }
    if let Some((_, target)) = scope.entity_at(part, 0).into_iter().find(|(end, _)| *end == part.len())
        && let Some(via) = reading.scope.lexicon.reference(entity, &target)
    {
        return Some(vec![via]);
    }
    if let Some((_, target)) = scope.entity_at(part, 0).into_iter().find(|(end, _)| *end == part.len())
        && let Some(path) = two_steps(reading, entity, &target)
    {
        return Some(path);
    }
    let by = fields.first()?;
    let via = reading.scope.lexicon.reference(entity, &by.entity)?;
    Some(vec![via, by.field.clone()])
}

/// "The cost of visits per site" where visits have a contract, and that its site; nothing where there are several ways.
fn two_steps(reading: &Reading<'_>, entity: &str, target: &str) -> Option<Vec<String>> {
    let lexicon = reading.scope.lexicon;
    let ways = lexicon.entity(entity)?.fields.iter().filter_map(|field| match &field.kind {
        FieldKind::Reference { entity: over } => Some(vec![field.key.clone(), lexicon.reference(over, target)?]),
        _ => None,
    });
    let [way] = <[Vec<String>; 1]>::try_from(ways.collect::<Vec<_>>()).ok()?;
    Some(way)
}

fn measured(bound: &Bound, reading: &Reading<'_>, measure: fn(String) -> Measure) -> Option<Vec<Effect>> {
    let fields = bound.fields("fields")?;
    let entity = fields.first()?.entity.clone();
    let numeric = |field: &FieldRef| {
        matches!(reading.scope.kind(field), Some(FieldKind::Integer | FieldKind::Decimal | FieldKind::Money))
    };
    if fields.iter().any(|field| field.entity != entity || !numeric(field))
        || bound.entity("entity").is_some_and(|named| named != entity)
    {
        return None;
    }
    let measures: Vec<Measure> = fields.into_iter().map(|field| measure(field.field)).collect();
    let groups = groupings(bound, reading, &entity)?;
    Some(
        groups
            .into_iter()
            .map(|by| Effect::Rule(RuleKind::Totals { entity: entity.clone(), by, measures: measures.clone() }))
            .collect(),
    )
}

fn largest(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    measured(bound, reading, |field| Measure::Max { field })
}

fn smallest(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    measured(bound, reading, |field| Measure::Min { field })
}

fn sums(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    measured(bound, reading, |field| Measure::Sum { field })
}

fn averages(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    measured(bound, reading, |field| Measure::Average { field })
}

fn counts(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity")?;
    let groups = groupings(bound, reading, &entity)?;
    let totals = |by| Effect::Rule(RuleKind::Totals { entity: entity.clone(), by, measures: Vec::new() });
    Some(groups.into_iter().map(totals).collect())
}

/// "Totals by status" where it is clear whose.
fn counts_here(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = reading.engine.topics.first()?;
    let totals = |by| Effect::Rule(RuleKind::Totals { entity: entity.clone(), by, measures: Vec::new() });
    Some(groupings(bound, reading, entity)?.into_iter().map(totals).collect())
}

/// "The sum per tenant": of the one amount that the records have.
fn obvious(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    let entity = bound.entity("entity").or_else(|| reading.engine.topics.first().cloned())?;
    let named = reading.scope.lexicon.entity(&entity)?;
    let of = |money: bool| -> Vec<String> {
        let fits = |kind: &FieldKind| match kind {
            FieldKind::Money => money,
            FieldKind::Integer | FieldKind::Decimal => !money,
            _ => false,
        };
        named.fields.iter().filter(|field| fits(&field.kind)).map(|field| field.key.clone()).collect()
    };
    let one = <[String; 1]>::try_from(of(true)).or_else(|_| <[String; 1]>::try_from(of(false)));
    let [field] = one.ok()?;
    let totals = |by| {
        let measures = vec![Measure::Sum { field: field.clone() }];
        Effect::Rule(RuleKind::Totals { entity: entity.clone(), by, measures })
    };
    Some(groupings(bound, reading, &entity)?.into_iter().map(totals).collect())
}

/// "Per city, the number of rentals and the sum of their amounts".
fn counts_and_sums(bound: &Bound, reading: &Reading<'_>) -> Option<Vec<Effect>> {
    if bound.words("who").is_some_and(|who| who.len() > 3) {
        return None;
    }
    if bound.fields("fields").is_some() { sums(bound, reading) } else { counts(bound, reading) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_wish_compiles() {
        crate::pattern::check(super::WISHES);
    }
}
