//! Conditions: `if the tool is available`, `while it has open loans`, `a tool that is not in repair`.

use crate::engine::{Engine, Reading};
use crate::pattern::{Bound, Patterns};
use crate::records::among;
use crate::scope::FieldRef;
use crate::token::Token;
use maestro_artifacts::{Condition, FieldKind, Measure, Op, Operand, Test};
use serde_json::Value;
use std::sync::LazyLock;

mod ages;
mod under;

pub(crate) use under::{conditional, from_then_on, later, led_to, negation, restrict, rule_entity};

/// What a test pattern builds, given the entity whose records are tested.
type Build = fn(&Bound, &Reading<'_>, &str) -> Option<Vec<Test>>;

const PATTERNS: &[(&str, Build)] = &[
    // The state of the record or of one it refers to.
    ("[<entity>] [that] [be | have | have been] [in | at | on | with] [%state] [of] <states>", states),
    ("[<entity>] [that] be not [in | at | on] [%state] [of] <states>", not_states),
    ("[<entity>] [that] have not been <states>", not_states),
    ("(it | they) [be] [in | at] [%state] <states>", states),
    ("(it | they) be not [in | at] [%state] <states>", not_states),
    ("<field> (be | = | have value) [setto | in] <states>", field_states),
    ("<field> (be not | != | be other than) [setto] <states>", field_not_states),
    ("<states> <entity>", states),
    ("(non | not) <states> <entity>", not_states),
    ("<entity> (in | with | of | at) [%state] [of] <states>", states),
    ("<entity> whose <field> be <states>", field_states),
    // Yes or no.
    ("[<entity> | it | they] [that] be <field>", is_true),
    ("[<entity> | it | they] [that] be not <field>", is_false),
    ("[<entity> | it | they] [that] [be] out of <words:of>", out_of),
    ("<field> be (yes | true | ticked | checked | set)", is_true),
    ("<field> be (no | false | not ticked | not checked | not set)", is_false),
    ("<field> <entity>", is_true),
    // Given or not.
    (
        "<fields> be [not] (given | known | filled | filled in | recorded | present | entered | provided | specified | stated | set | not empty)",
        given,
    ),
    ("<field> be (empty | missing | blank | unknown | absent)", empty),
    ("[<entity> | it] [that] have <field>", given),
    ("[<entity> | it] [that] (have no | do not have | without) <field>", empty),
    ("[<entity>] (with | without) <field>", with_or_without),
    ("there be no <field>", empty),
    ("there be <field>", given),
    // Comparisons.
    ("[<entity> that have | <entity> with | with] <field> [be | of] <cmp> <qty>", compare_quantity),
    ("<entity> have <field> of <cmp> <qty>", compare_quantity),
    ("<entity> have <field> of <qty> ormore", at_least),
    ("<entity> have <field> of <qty> orless", at_most),
    ("<entity> have <field> of <qty>", equal_quantity),
    ("(with | have | [<entity>] that have | [<entity>] with) <cmp> <qty> <field>", compare_quantity),
    ("[<entity>] with <field> <cmp> <qty>", compare_quantity),
    ("[<entity>] with <field> of <qty> ormore", at_least),
    ("[<entity>] with <qty> ormore <field>", at_least),
    ("<field> [be] <cmp> <field:b>", compare_field),
    ("<field> be <qty> ormore", at_least),
    ("<field> be <qty> orless", at_most),
    ("<field> be <qty>", equal_quantity),
    ("<field> be [oneof] <qty> (or | ,) <qty:b> [(or | ,) <qty:c>]", one_of_quantities),
    ("<field> be (in past | < today | over | passed)", in_past),
    ("<field> have passed", in_past),
    ("<field> be (in future | > today)", in_future),
    ("<field> be today", is_today),
    ("[<entity> whose | whose | <entity> 's] <words:n> %expired", expired),
    ("[<entity> whose | whose | <entity> 's] <words:n> be (valid | in force | in date | not expired)", unexpired),
    // Children.
    ("[<entity:p> | it | they] [that] %has (no | not) <records:c> [%left]", no_children),
    ("[<entity:p> | it | they] [that] do not have [any] <records:c> [%left]", no_children),
    ("[<entity:p> | it | they] [that] be not %used <records:c>", no_children),
    ("[<entity:p>] without [any] <records:c>", no_children),
    ("there be (no | not) <records:c> %there", no_children),
    ("no <records:c> %refers [it | them | <entity:p>]", no_children),
    ("[<entity:p> | it | they] [that] %has [(at least | >=) 1] <records:c> [%left]", some_children),
    ("[<entity:p> | it | they] [that] [be] %used <records:c>", some_children),
    ("[<entity:p> | it | they] [that] %occurs <records:c>", some_children),
    ("[<entity:p> | it | they] [that] do not %occurs <records:c>", no_children),
    ("[<entity:p>] with <records:c>", some_children),
    ("there be <records:c> %there", some_children),
    ("<records:c> %refers [it | them | <entity:p>]", some_children),
    ("[<entity:p> | it | they] [that] %has <cmp> <qty> <records:c>", counted_children),
    ("[<entity:p>] with <cmp> <qty> <records:c>", counted_children),
    ("[<entity:p> | it | they] [that] %has <qty> (ormore | >) <records:c>", counted_up),
    ("there be <cmp> <qty> <records:c> %there", counted_children),
    (
        "<records:c> be [%recorded | left | booked | assigned | linked | attached | planned | placed] (on | in | for | to | at | with | under | of | by) (it | them | <entity:p>)",
        some_children,
    ),
    ("<entity:c> (be | that be) <states>", some_children_state),
    // "All of its tasks are done", "any task has no estimate", "no item is without a receipt".
    ("<entity:c> (be | have) <words:said>", said_of_children),
    ("no <entity:c> (be | have) <words:said>", said_of_none),
    ("[<entity>] be in <states> <field>", in_condition),
    // "a repair that is not finished" of a field `finished on`.
    ("[<entity> | it | they] [that] [be | have been] not <word:v>", not_done),
    ("[<entity> | it | they] [that] (be | have been) <word:v>", is_done),
    // "a session that has already started", of a session from its start to its end
    ("[<entity> | it | they] [that] (have | be) (started | begun)", begun),
    ("[<entity> | it | they] [that] (have | be) not (started | begun)", not_begun),
    ("[<entity> | it | they] [that] (have ended | be > | have finished | be finished | have passed | be past)", over),
    ("[<entity> | it | they] [that] (have not ended | be not > | have not finished)", not_over),
    // "after closing", "after delivery" of a record that can be closed or delivered.
    ("[its | being] <word:v>", brought),
    // "The child is at least 4 years old", "members younger than 18"
    ("[<entity> | it | they] [that] [be] <cmp> <qty> old", ages::old),
    ("[<entity> | it | they] [that] be <cmp> <qty>", ages::old),
    ("[<entity> | it | they] [that] be <qty> [old] ormore [old]", ages::old),
    ("<entity> <cmp> <qty>", ages::old),
];

static COMPILED: LazyLock<Patterns<Build>> = LazyLock::new(|| Patterns::compile(PATTERNS));

/// Reads a condition about records of `base`; joined tests must all be understood.
pub(crate) fn read(engine: &Engine<'_>, base: &str, tokens: &[Token]) -> Option<Condition> {
    let tokens = trim(tokens);
    if tokens.is_empty() {
        return None;
    }
    if let Some(tests) = test(engine, base, tokens).or_else(|| deed(engine, base, tokens)) {
        return Some(Condition(tests));
    }
    if let Some(condition) = owned(engine, base, tokens) {
        return Some(condition);
    }
    // "Plots whose condition is bad": said of them.
    if let Some((_, said)) = tokens.split_first().filter(|(first, _)| first.is("whose")) {
        let topics = std::iter::once(base.to_owned()).chain(engine.topics.iter().cloned()).collect();
        return read(&Engine { lexicon: engine.lexicon, topics }, base, said);
    }
    for (at, token) in tokens.iter().enumerate() {
        // "that has left or was withdrawn": one of the values of both.
        if token.word == "or"
            && tokens.get(at + 1).is_some_and(|next| next.is("be") || next.is("have"))
            && let Some(Condition(left)) = read(engine, base, tokens.get(..at)?)
            && let Some(Condition(right)) = read(engine, base, tokens.get(at + 1..)?)
            && let ([Test::In { via, field, values }], [Test::In { via: v, field: f, values: more }]) =
                (left.as_slice(), right.as_slice())
            && (via, field) == (v, f)
        {
            let values = values.iter().chain(more).cloned().collect();
            return Some(Condition(vec![Test::In { via: via.clone(), field: field.clone(), values }]));
        }
        if token.word == "and"
            && let (Some(left), Some(right)) = (tokens.get(..at), tokens.get(at + 1..))
            && let Some(first) = read(engine, base, left)
        {
            let second = read(engine, base, right).or_else(|| {
                // "the tool is available and not reserved": the subject is shared.
                let verb = left.iter().position(|token| token.is("be") || token.is("have"))?;
                let mut joined: Vec<Token> = left.get(..verb)?.to_vec();
                if !right.first()?.is("be") && !right.first()?.is("have") {
                    joined.push(left.get(verb)?.clone());
                }
                joined.extend(right.iter().cloned());
                read(engine, base, &joined)
            });
            if let Some(second) = second {
                return Some(Condition(first.0.into_iter().chain(second.0).collect()));
            }
        }
    }
    None
}

/// "The bike's customer is blocked", "the customer of the bike is blocked": of the record that another refers to.
fn owned(engine: &Engine<'_>, base: &str, tokens: &[Token]) -> Option<Condition> {
    let scope = engine.scope(tokens);
    let (end, first) = scope.entity_at(tokens, 0).into_iter().next()?;
    let joint = tokens.get(end).filter(|joint| !joint.quoted)?;
    let (own, said) = if joint.is("'s") {
        scope.entity_at(tokens, end + 1).first()?;
        (first, tokens.get(end + 1..)?.to_vec())
    } else {
        let (stop, own) = scope.entity_at(tokens, end + 1).into_iter().next().filter(|_| joint.is("of"))?;
        (own, tokens.get(..end)?.iter().chain(tokens.get(stop..)?).cloned().collect())
    };
    if own == base {
        return read(engine, base, &said);
    }
    let via = engine.lexicon.way(base, &own)?;
    crate::records::lifted(&read(engine, &own, &said)?, &via)
}

/// "After acceptance", "after check-out": the state that what is done leads to, told by its noun.
fn deed(engine: &Engine<'_>, base: &str, tokens: &[Token]) -> Option<Vec<Test>> {
    const NOUNS: &[&str] = &["ance", "ence", "al", "tion", "sion", "ment", "ure", "ery", "ing"];
    let [noun] = tokens else { return None };
    let field = engine.lexicon.flow_field(base)?;
    let flow = &engine.lexicon.entity(base)?.flow;
    let plain = noun.word.replace('-', " ");
    let named =
        NOUNS.iter().any(|end| noun.word.ends_with(end)) || plain.contains(' ') || crate::verbs::usual(&noun.word);
    let mut fits = flow.states.iter().filter(|state| {
        let words = crate::lexicon::name_words(state);
        let (verb, particle) = (words.first().map_or("", String::as_str), words.get(1));
        let (deed, with) = plain.split_once(' ').map_or((plain.as_str(), None), |(deed, with)| (deed, Some(with)));
        crate::words::related(deed, verb) && particle.map(String::as_str) == with
    });
    let (Some(state), None, true) = (fits.next(), fits.next(), named && !noun.quoted) else { return None };
    Some(vec![Test::In { via: None, field, values: vec![Value::from(state.as_str())] }])
}

fn trim(tokens: &[Token]) -> &[Token] {
    let mut tokens = tokens;
    while let Some((first, rest)) = tokens.split_first() {
        if matches!(first.word.as_str(), "," | "that" | "if") && !rest.is_empty() { tokens = rest } else { break }
    }
    while let Some((last, rest)) = tokens.split_last() {
        if matches!(last.word.as_str(), "," | ";" | ".") { tokens = rest } else { break }
    }
    tokens
}

fn test(engine: &Engine<'_>, base: &str, tokens: &[Token]) -> Option<Vec<Test>> {
    let mut scope = engine.scope(tokens);
    scope.focus.retain(|entity| entity != base);
    scope.focus.insert(0, base.to_owned());
    let reading = Reading { tokens, scope: &scope, engine };
    COMPILED.read(tokens, &scope, |build, bound| build(bound, &reading, base))
}

/// The readings of values as one test: all must be values of one field that `base` reaches.
fn of_states(bound: &Bound, reading: &Reading<'_>, base: &str, within: bool) -> Option<Vec<Test>> {
    let lists = bound.states("states")?;
    let entity = bound.entity("entity");
    let candidates: Vec<String> = match entity {
        Some(entity) => vec![entity],
        None => {
            let mut all = vec![base.to_owned()];
            all.extend(lists.first()?.iter().map(|state| state.entity.clone()));
            all
        }
    };
    candidates.into_iter().find_map(|entity| {
        let via = reading.way(base, &entity)?;
        let test = among(reading.scope, lists, &entity, within)?;
        Some(vec![match test {
            Test::In { field, values, .. } => Test::In { via, field, values },
            Test::NotIn { field, values, .. } => Test::NotIn { via, field, values },
            other => other,
        }])
    })
}

fn states(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    of_states(bound, reading, base, true)
}

fn not_states(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    of_states(bound, reading, base, false)
}

fn field_values(bound: &Bound, reading: &Reading<'_>, base: &str, within: bool) -> Option<Vec<Test>> {
    let field = bound.field("field")?;
    let via = reading.way(base, &field.entity)?;
    let values: Option<Vec<Value>> = bound
        .states("states")?
        .iter()
        .map(|readings| {
            readings
                .iter()
                .find(|state| state.entity == field.entity && state.field == field.field)
                .map(|state| Value::from(state.value.clone()))
        })
        .collect();
    let values = values?;
    Some(vec![if within {
        Test::In { via, field: field.field, values }
    } else {
        Test::NotIn { via, field: field.field, values }
    }])
}

fn field_states(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    field_values(bound, reading, base, true)
}

fn field_not_states(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    field_values(bound, reading, base, false)
}

fn boolean(bound: &Bound, reading: &Reading<'_>, base: &str, value: bool) -> Option<Vec<Test>> {
    let field = bound.field("field")?;
    if !matches!(reading.scope.kind(&field)?, FieldKind::Boolean)
        || bound.entity("entity").is_some_and(|entity| entity != field.entity)
    {
        return None;
    }
    let via = reading.way(base, &field.entity)?;
    // What nobody told is not so.
    let values = vec![Value::Bool(true)];
    Some(vec![if value {
        Test::In { via, field: field.field, values }
    } else {
        Test::NotIn { via, field: field.field, values }
    }])
}

fn is_true(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    boolean(bound, reading, base, true)
}

fn is_false(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    boolean(bound, reading, base, false)
}

/// "A pump that is out of service": the yes/no field `in service` says no.
fn out_of(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let entity = bound.entity("entity").unwrap_or_else(|| base.to_owned());
    let words: Vec<&str> = reading.part(&bound.words("of")?).iter().map(|token| token.lemma.as_str()).collect();
    let named = reading.scope.lexicon.entity(&entity)?;
    let field = named.fields.iter().find(|field| {
        let inside = field.words.iter().skip_while(|word| word.as_str() == "is").map(String::as_str);
        field.kind == FieldKind::Boolean && inside.eq(std::iter::once("in").chain(words.iter().copied()))
    })?;
    let via = reading.way(base, &entity)?;
    Some(vec![Test::In { via, field: field.key.clone(), values: vec![Value::Bool(false)] }])
}

fn presence(bound: &Bound, reading: &Reading<'_>, base: &str, given: bool) -> Option<Vec<Test>> {
    let fields = bound.fields("fields").or_else(|| bound.fields("field"))?;
    let tests = fields.into_iter().map(|field| {
        let via = reading.way(base, &field.entity)?;
        let flag = matches!(reading.scope.kind(&field), Some(FieldKind::Boolean));
        let field = field.field;
        Some(match (flag, given) {
            // "A pitch without electricity": the yes/no field says no.
            (true, true) => Test::In { via, field, values: vec![Value::Bool(true)] },
            (true, false) => Test::NotIn { via, field, values: vec![Value::Bool(true)] },
            (false, true) => Test::Given { via, field },
            (false, false) => Test::Empty { via, field },
        })
    });
    tests.collect()
}

fn given(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let negative =
        reading.tokens.iter().any(|token| token.is("not")) && !reading.tokens.iter().any(|token| token.is("empty"));
    // "A and B are not given" says neither which of them nor that both are missing.
    if negative && bound.fields("fields").is_some_and(|fields| fields.len() > 1) {
        return None;
    }
    presence(bound, reading, base, !negative)
}

fn empty(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    presence(bound, reading, base, false)
}

fn with_or_without(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let with = reading.tokens.iter().any(|token| token.is("with"));
    presence(bound, reading, base, with)
}

/// The one field of time that says when this was done.
fn done_at(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<FieldRef> {
    let verb = reading.part(&bound.words("v")?).first()?;
    if bound.entity("entity").is_some_and(|entity| entity != base) || verb.quoted {
        return None;
    }
    let named = reading.scope.lexicon.entity(base)?;
    let mut fits = named.fields.iter().filter(|field| {
        matches!(field.kind, FieldKind::Date | FieldKind::DateTime)
            && crate::records::tells_when(&field.words)
            && field.words.first().is_some_and(|word| crate::words::related(&verb.word, word))
    });
    match (fits.next(), fits.next()) {
        (Some(field), None) => Some(FieldRef { entity: base.to_owned(), field: field.key.clone() }),
        _ => None,
    }
}

fn is_done(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    done_at(bound, reading, base).map(|field| vec![Test::Given { via: None, field: field.field }])
}

fn brought(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let verb = reading.part(&bound.words("v")?).first()?;
    let lexicon = reading.scope.lexicon;
    let field = lexicon.flow_field(base)?;
    let state = crate::verbs::state(lexicon, base, &verb.lemma).filter(|_| !verb.quoted)?;
    Some(vec![Test::In { via: None, field, values: vec![Value::from(state)] }])
}

fn not_done(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    done_at(bound, reading, base).map(|field| vec![Test::Empty { via: None, field: field.field }])
}

fn comparison(reading: &Reading<'_>, base: &str, field: FieldRef, op: Op, to: Operand) -> Option<Vec<Test>> {
    let via = reading.way(base, &field.entity)?;
    Some(vec![Test::Compare { via, field: field.field, op, to }])
}

/// A quantity as it looks in JSON for this field.
pub(crate) fn constant(reading: &Reading<'_>, field: &FieldRef, value: &str) -> Option<Operand> {
    let value = crate::fields::values::constant(value, reading.scope.kind(field)?)?;
    Some(Operand::Value { value })
}

fn with_quantity(bound: &Bound, reading: &Reading<'_>, base: &str, op: Op) -> Option<Vec<Test>> {
    let field = bound.field("field")?;
    let quantity = bound.quantity("qty")?;
    let to = constant(reading, &field, &quantity.value)?;
    comparison(reading, base, field, op, to)
}

fn compare_quantity(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    with_quantity(bound, reading, base, bound.op("cmp")?)
}

fn at_least(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    with_quantity(bound, reading, base, Op::Ge)
}

fn at_most(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    with_quantity(bound, reading, base, Op::Le)
}

fn equal_quantity(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    with_quantity(bound, reading, base, Op::Eq)
}

/// "The risk score is 4 or 5".
fn one_of_quantities(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let field = bound.field("field")?;
    let via = reading.way(base, &field.entity)?;
    let told = ["qty", "b", "c"].iter().filter_map(|name| bound.quantity(name));
    let values = told.map(|quantity| crate::fields::values::constant(&quantity.value, reading.scope.kind(&field)?));
    let values = values.collect::<Option<Vec<Value>>>()?;
    // Of a decimal number there are many between two.
    let whole = matches!(reading.scope.kind(&field)?, FieldKind::Integer);
    whole.then(|| vec![Test::In { via, field: field.field, values }])
}

fn compare_field(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let (field, other) = (bound.field("field")?, bound.field("b")?);
    if other.entity != base {
        return None;
    }
    comparison(reading, base, field, bound.op("cmp")?, Operand::field(other.field))
}

fn of_today(bound: &Bound, reading: &Reading<'_>, base: &str, op: Op) -> Option<Vec<Test>> {
    let field = bound.field("field")?;
    let to = match reading.scope.kind(&field)? {
        FieldKind::Date => Operand::today(),
        FieldKind::DateTime => Operand::now(),
        _ => crate::family::years::in_years(reading, &field, maestro_artifacts::Offset::NONE)?,
    };
    comparison(reading, base, field, op, to)
}

fn in_past(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    of_today(bound, reading, base, Op::Lt)
}

fn in_future(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    of_today(bound, reading, base, Op::Gt)
}

/// "Whose insurance has run out": the day that ends it is past.
fn expired(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    lapsing(bound, reading, base, Op::Lt)
}

fn unexpired(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    lapsing(bound, reading, base, Op::Ge)
}

fn lapsing(bound: &Bound, reading: &Reading<'_>, base: &str, op: Op) -> Option<Vec<Test>> {
    let field = crate::family::compare::lapses(reading, reading.part(&bound.words("n")?))?;
    if bound.entity("entity").is_some_and(|entity| entity != field.entity) {
        return None;
    }
    let to = match reading.scope.kind(&field)? {
        FieldKind::Date => Operand::today(),
        _ => Operand::now(),
    };
    comparison(reading, base, field, op, to)
}

fn begun(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    lasting(bound, reading, base, (true, Op::Le))
}

fn not_begun(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    lasting(bound, reading, base, (true, Op::Gt))
}

fn over(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    lasting(bound, reading, base, (false, Op::Lt))
}

fn not_over(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    lasting(bound, reading, base, (false, Op::Ge))
}

/// The start (or the end) of what lasts, held against the clock.
fn lasting(bound: &Bound, reading: &Reading<'_>, base: &str, (starts, op): (bool, Op)) -> Option<Vec<Test>> {
    let entity = bound.entity("entity").unwrap_or_else(|| base.to_owned());
    let (start, end) = crate::span::of(reading.scope.lexicon, &entity)?;
    let field = FieldRef { entity, field: if starts { start } else { end } };
    let to = match reading.scope.kind(&field)? {
        FieldKind::Date => Operand::today(),
        _ => Operand::now(),
    };
    comparison(reading, base, field, op, to)
}

fn is_today(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    of_today(bound, reading, base, Op::Eq)
}

/// A count over children of `base`.
fn children(bound: &Bound, reading: &Reading<'_>, base: &str, op: Op, count: i64) -> Option<Vec<Test>> {
    let (child, when) = match bound.records("c") {
        Some(records) => (records.entity, records.when),
        None => (bound.entity("c")?, reading.of_states(bound, &bound.entity("c")?)?),
    };
    if bound.entity("p").is_some_and(|parent| parent != base) || child == base {
        return None;
    }
    let via = reading.scope.lexicon.reference(&child, base)?;
    Some(vec![Test::Children {
        child,
        via,
        when,
        measure: Measure::Count,
        op,
        to: Operand::Value { value: Value::from(count) },
    }])
}

fn no_children(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    children(bound, reading, base, Op::Eq, 0)
}

fn some_children(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    children(bound, reading, base, Op::Gt, 0)
}

fn some_children_state(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    // "All their jobs are completed": none is not.
    let all = reading.tokens.first().is_some_and(|first| matches!(first.article, Some("all" | "every" | "each")));
    // "samples are pending" said of a batch; a batch's own reference is read by the patterns above.
    let mut tests = children(bound, reading, base, if all { Op::Eq } else { Op::Gt }, 0)?;
    if all {
        let [Test::Children { when, .. }] = tests.as_mut_slice() else { return None };
        let [Test::In { via: None, field, values }] = when.0.as_slice() else { return None };
        when.0 = vec![Test::NotIn { via: None, field: field.clone(), values: values.clone() }];
    }
    Some(tests)
}

/// "All of its tasks are done" of a flag `done`: none is not; "any task is not done" counts those.
fn said_of_children(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let article = reading.tokens.first().and_then(|first| first.article)?;
    let said = described_children(bound, reading)?;
    match article {
        "all" | "every" | "each" => counted_children_that(bound, reading, base, Op::Eq, under::negation(&said)?),
        "any" | "a" | "an" => counted_children_that(bound, reading, base, Op::Gt, said),
        _ => None,
    }
}

fn said_of_none(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    counted_children_that(bound, reading, base, Op::Eq, described_children(bound, reading)?)
}

/// What the verb and the words behind it say of each child itself.
fn described_children(bound: &Bound, reading: &Reading<'_>) -> Option<Condition> {
    let child = bound.entity("c")?;
    let words = bound.words("said")?;
    let from = words.start.checked_sub(1)?;
    let condition = reading.condition(&child, &(from..words.end))?;
    let own = |test: &Test| {
        matches!(
            test,
            Test::In { via: None, .. }
                | Test::NotIn { via: None, .. }
                | Test::Given { via: None, .. }
                | Test::Empty { via: None, .. }
                | Test::Compare { via: None, .. }
        )
    };
    condition.0.iter().all(own).then_some(condition)
}

fn counted_children_that(
    bound: &Bound,
    reading: &Reading<'_>,
    base: &str,
    op: Op,
    that: Condition,
) -> Option<Vec<Test>> {
    let mut tests = children(bound, reading, base, op, 0)?;
    let [Test::Children { when, .. }] = tests.as_mut_slice() else { return None };
    when.0.extend(that.0);
    Some(tests)
}

/// "A customer in good standing" of customers that have a standing.
fn in_condition(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let field = bound.field("field")?;
    let fits = bound.entity("entity").is_none_or(|entity| entity == field.entity);
    fits.then(|| field_values(bound, reading, base, true)).flatten()
}

fn counted_up(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let count: i64 = bound.quantity("qty")?.value.parse().ok()?;
    children(bound, reading, base, Op::Ge, count)
}

fn counted_children(bound: &Bound, reading: &Reading<'_>, base: &str) -> Option<Vec<Test>> {
    let count: i64 = bound.quantity("qty")?.value.parse().ok()?;
    children(bound, reading, base, bound.op("cmp")?, count)
}

/// A bound as it looks in JSON.
fn number(text: &str) -> Value {
    serde_json::from_str(text).ok().filter(Value::is_number).unwrap_or_else(|| Value::from(text))
}

/// Whether a test is of a record that is referred to.
pub(crate) fn of_referenced(test: &Test) -> bool {
    matches!(
        test,
        Test::In { via: Some(_), .. }
            | Test::NotIn { via: Some(_), .. }
            | Test::Given { via: Some(_), .. }
            | Test::Empty { via: Some(_), .. }
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_pattern_compiles() {
        crate::pattern::check(super::PATTERNS);
    }
}
