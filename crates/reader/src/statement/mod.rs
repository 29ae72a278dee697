//! Reads the statements in order, each with what the headings and statements around it speak of.

mod access;
mod confirmed;
mod halves;
mod implied_sum;
mod leads;
mod lists;
mod nobody_else;
mod papers;
mod people;
mod rights;
mod rounds;
mod spared;
mod stories;
mod subject;
mod tables;
mod taken;
mod upon_this;

pub(crate) use stories::capabilities;

use crate::clauses;
use crate::discover;
use crate::effect::Effect;
use crate::engine::{Engine, Gap, Reading, moves, onwards, reached, upon_it};
use crate::family::{role, workflow};
use crate::fields::note::Notes;
use crate::fields::{item, kinds};
use crate::lexicon::{Lexicon, name_words};
use crate::normal;
use crate::telegram;
use crate::together;
use crate::token::Token;
use crate::whole;
use lists::of_items;
use maestro_artifacts::{FieldKind, Moment, RuleKind};
use maestro_domain::{Epic, Statement, StatementKind};
use people::{noted_of_role, of_narrative};
use rights::permitted;
use rounds::{Round, criteria_of};
use stories::of_story;
use subject::{Spoken, named_anew, of_those, pronoun, spoken, topics};
use tables::of_table;
use taken::{again, all_but, of_its_field, of_unclear_field, starred, taken_up_within};

/// What became of one statement.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    pub(crate) effects: Vec<Effect>,
    pub(crate) gap: Option<Gap>,
    /// A story whose wish says nothing that could be built by itself: its criteria must carry it.
    pub(crate) carried: bool,
}

/// Reads all statements with what the pass before knew. Criteria come last: they are matched with the others' rules.
pub(crate) fn read_all(epic: &Epic, lexicon: &Lexicon) -> Vec<Outcome> {
    let mut outcomes: Vec<Outcome> = Vec::with_capacity(epic.statements.len());
    let mut before: Option<Spoken> = None;
    for statement in &epic.statements {
        let engine = Engine { lexicon, topics: topics(epic, statement, lexicon, before.as_ref()) };
        let later =
            statement.kind == StatementKind::Criterion && statement.table.is_empty() && statement.items.is_empty();
        // What goes on from the sentence before stands in the same section.
        let follows = outcomes
            .len()
            .checked_sub(1)
            .and_then(|at| epic.statements.get(at))
            .is_some_and(|before| before.section == statement.section);
        let told = if follows { continued(&engine, statement, &outcomes) } else { None };
        let anew = outcomes
            .last()
            .filter(|_| follows)
            .and_then(|last| of_its_field(statement, last, lexicon))
            .or_else(|| named_anew(statement, before.as_ref(), lexicon))
            .or_else(|| outcomes.last().filter(|_| follows).and_then(|last| again(statement, last)))
            .or_else(|| papers::plain(epic, statement, lexicon));
        let outcome = if later {
            Outcome::default()
        } else if follows && outcomes.last().is_some_and(|last| of_unclear_field(statement, last)) {
            let why = "it is not clear which of the fields is meant";
            Outcome { gap: Some(gap(statement.text.trim(), why)), ..Outcome::default() }
        } else if plain(statement) && example(&statement.text).is_some() {
            let why = "it is not clear of which rule this is an example";
            Outcome { gap: Some(gap(statement.text.trim(), why)), ..Outcome::default() }
        } else {
            told.unwrap_or_else(|| one(&engine, epic, anew.as_ref().unwrap_or(statement)))
        };
        let outcome = match outcome.gap.as_ref().and_then(|_| likewise(&engine, epic, statement)) {
            Some(effects) => Outcome { effects, ..Outcome::default() },
            None => outcome,
        };
        let outcome = match outcome.gap.as_ref().and_then(|_| exception(&engine, epic, statement)) {
            Some(effects) => {
                // "Cancelled bookings are ignored." narrows the rule of the sentence before: the two say one thing.
                alike_narrowed(&mut outcomes, epic, &effects);
                if let Some(last) = outcomes.last_mut() {
                    *last = Outcome { effects: effects.clone(), ..Outcome::default() };
                }
                Outcome { effects, ..Outcome::default() }
            }
            None => outcome,
        };
        // The sentence before said a rule that this one completes.
        let rules =
            if outcome.gap.is_some() && follows { outcomes.last().map(|last| last.effects.clone()) } else { None };
        let outcome = match rules {
            Some(rules) => {
                let words = normal::normalise(&statement.text, lexicon);
                // "Otherwise an error is shown." tells what comes of breaking the rule before.
                let refused = engine.says_refusal(&rules, &words);
                if refused || crate::exception::remarked(&engine, &words, &rules) {
                    Outcome { effects: rules, ..Outcome::default() }
                } else if let Some(effects) = crate::exception::narrowed(&engine, &words, &rules) {
                    for earlier in outcomes.iter_mut().rev().take_while(|earlier| earlier.effects == rules) {
                        earlier.effects.clone_from(&effects);
                    }
                    Outcome { effects, ..Outcome::default() }
                } else {
                    outcome
                }
            }
            None => outcome,
        };
        let outcome = of_those(outcome, statement, before.as_ref());
        let outcome = of_whose_ways(&engine, epic, statement, &outcomes, outcome);
        before = spoken(&engine, statement, before);
        outcomes.push(outcome);
    }
    // Criteria in one sentence state rules; those in steps are matched with all that is stated.
    for round in [Round::Plain, Round::Stepped, Round::Again] {
        criteria_of(epic, lexicon, &mut outcomes, round);
    }
    let mut before: Option<Spoken> = None;
    for (at, statement) in epic.statements.iter().enumerate() {
        let engine = Engine { lexicon, topics: topics(epic, statement, lexicon, before.as_ref()) };
        let Some((earlier, [outcome, ..])) = outcomes.split_at_mut_checked(at) else { break };
        let told = access::told(&engine, statement, earlier.last(), std::mem::take(outcome));
        *outcome = told;
        before = spoken(&engine, statement, before);
    }
    let read = epic.statements.iter().zip(outcomes);
    read.map(|(statement, outcome)| whole::well_named(statement, lexicon, whole::unmeasured(outcome))).collect()
}

/// "Nothing else is possible" behind the ways of a parcel says nothing of households, whose ways were told elsewhere.
fn of_whose_ways(
    engine: &Engine<'_>,
    epic: &Epic,
    statement: &Statement,
    earlier: &[Outcome],
    outcome: Outcome,
) -> Outcome {
    let [Effect::Rule(RuleKind::Transitions { entity })] = outcome.effects.as_slice() else { return outcome };
    let here = || epic.statements.iter().zip(earlier).filter(|(other, _)| other.section == statement.section);
    let way = |effect: &Effect| matches!(effect, Effect::Transition { entity: of, .. } if of == entity);
    if outcome.gap.is_some() || !plain(statement) || here().any(|(_, told)| told.effects.iter().any(way)) {
        return outcome;
    }
    let plain = Engine { lexicon: engine.lexicon, topics: Vec::new() };
    let names = |text: &str| {
        let tokens = normal::normalise(text, engine.lexicon);
        let scope = plain.scope(&tokens);
        let states = (0..tokens.len()).flat_map(|at| scope.state_at(&tokens, at)).flat_map(|(_, states)| states);
        let states: Vec<String> = states.map(|state| state.entity).collect();
        (scope.mentioned(&tokens), states)
    };
    let (named, states) = names(&statement.text);
    if !(named.is_empty() && states.is_empty()) {
        return outcome;
    }
    // The nearest statement of the section that names a kind of record tells whose ways were spoken of.
    let near: Vec<_> = here().map(|(other, _)| names(&other.text)).collect();
    let spoken = near.into_iter().rev().find(|(named, _)| !named.is_empty());
    let other = spoken.is_some_and(|(named, states)| !named.contains(entity) && !states.contains(entity));
    if other {
        let why = "it is not clear whose changes of state are meant";
        return Outcome { gap: Some(gap(statement.text.trim(), why)), ..Outcome::default() };
    }
    outcome
}

/// Shows each statement with what the headings and statements around it speak of.
pub(crate) fn each(epic: &Epic, lexicon: &Lexicon, see: &mut dyn FnMut(&Engine<'_>, &Statement)) {
    let mut before: Option<Spoken> = None;
    for statement in &epic.statements {
        let engine = Engine { lexicon, topics: topics(epic, statement, lexicon, before.as_ref()) };
        see(&engine, statement);
        before = spoken(&engine, statement, before);
    }
}

/// Whether a request that breaks the rule is refused.
pub(crate) const fn refuses(rule: &RuleKind) -> bool {
    !matches!(
        rule,
        RuleKind::Capability { .. }
            | RuleKind::HasField { .. }
            | RuleKind::Default { .. }
            | RuleKind::Stamp { .. }
            | RuleKind::Cascade { .. }
            | RuleKind::Computed { .. }
            | RuleKind::Totals { .. }
            | RuleKind::List { .. }
            | RuleKind::Filter { .. }
            | RuleKind::Sort { .. }
            | RuleKind::Search { .. }
            | RuleKind::Csv { .. }
    )
}

/// The statement read as one sentence with the one before it, where it names what does not count there.
fn exception(engine: &Engine<'_>, epic: &Epic, statement: &Statement) -> Option<Vec<Effect>> {
    let lower =
        statement.text.to_lowercase().replace(['’', '‘'], "'").replace("don't", "do not").replace("aren't", "are not");
    let lower = lower.trim_end_matches(['.', ' ']);
    let lower = [
        "towards this",
        "towards it",
        "for this",
        "here",
        "when looking for overlaps",
        "when checking for overlaps",
        "in this check",
    ]
    .iter()
    .fold(lower, |text, tail| text.strip_suffix(tail).map_or(text, str::trim_end));
    let ends = [
        "do not count",
        "don't count",
        "are ignored",
        "are not counted",
        "do not matter",
        "are excluded",
        "are left out",
        "are not considered",
        "are not taken into account",
    ];
    if !ends.iter().any(|end| lower.ends_with(end)) {
        return None;
    }
    let at = epic.statements.iter().position(|other| other.id == statement.id)?;
    let before = epic.statements.get(at.checked_sub(1)?)?;
    let told = |kind| matches!(kind, StatementKind::Rule | StatementKind::Functional);
    if before.kind != statement.kind && !(told(before.kind) && told(statement.kind))
        || !before.table.is_empty()
        || !before.items.is_empty()
    {
        return None;
    }
    let rest = lower.trim_start_matches("but ").trim_start_matches("however, ");
    let rest = rest.trim_start_matches("here, ").trim_start_matches("here ");
    let joined = format!("{}, but {rest}", before.text.trim().trim_end_matches('.'));
    let effects = engine.sentence(&joined).ok()?;
    effects
        .iter()
        .any(|effect| matches!(effect, Effect::Rule(RuleKind::NoOverlap { when, .. } | RuleKind::Capacity { when, .. } | RuleKind::Unique { when, .. } | RuleKind::Quota { when, .. }) if !when.0.is_empty()))
        .then_some(effects)
}

/// "Sessions in a room cannot overlap. An engineer cannot have two sessions at once. Cancelled ones are ignored.": for both.
fn alike_narrowed(outcomes: &mut [Outcome], epic: &Epic, effects: &[Effect]) {
    let [Effect::Rule(RuleKind::NoOverlap { entity, when, .. })] = effects else { return };
    let section = outcomes.len().checked_sub(1).and_then(|at| epic.statements.get(at)).map(|last| &last.section);
    for (outcome, statement) in outcomes.iter_mut().zip(&epic.statements).rev().skip(1) {
        let [Effect::Rule(RuleKind::NoOverlap { entity: of, when: none, .. })] = outcome.effects.as_mut_slice() else {
            return;
        };
        if of != entity || !none.0.is_empty() || Some(&statement.section) != section {
            return;
        }
        none.clone_from(when);
    }
}

/// "The same goes for a place with assignments.": what the sentence before says, of these.
fn likewise(engine: &Engine<'_>, epic: &Epic, statement: &Statement) -> Option<Vec<Effect>> {
    let rest = statement.text.trim();
    let lower = rest.to_lowercase();
    const LEADS: &[&str] = &[
        "the same goes for ",
        "the same applies to ",
        "the same holds for ",
        "the same is true of ",
        "the same is true for ",
    ];
    let lead = LEADS.iter().find(|lead| lower.starts_with(**lead))?;
    let at = epic.statements.iter().position(|other| other.id == statement.id)?;
    let before = epic.statements.get(at.checked_sub(1)?)?;
    let tokens = normal::normalise(&before.text, engine.lexicon);
    let said = tokens.iter().position(|token| matches!(token.word.as_str(), "must" | "mustnot" | "may" | "mayonly"))?;
    let mut again = normal::normalise(rest.get(lead.len()..)?, engine.lexicon);
    again.extend(tokens.get(said..)?.iter().cloned());
    engine.tokens(&again)
}

/// "draft (initial)" under "States of an expense claim": one of the states of the records that the heading names.
fn state_listed(engine: &Engine<'_>, statement: &Statement) -> Option<Vec<Effect>> {
    const NOTES: &[(&str, bool)] = &[
        ("(initial)", true),
        ("(start)", true),
        ("(initial state)", true),
        ("(initial status)", true),
        ("(final)", false),
        ("(end)", false),
        ("(end state)", false),
        ("(final state)", false),
    ];
    let heading = statement.section.last().filter(|_| plain(statement))?;
    let words = name_words(heading);
    let about = ["state", "status", "stage", "phase", "workflow", "lifecycle"];
    words.iter().any(|word| about.contains(&word.as_str())).then_some(())?;
    let tokens = normal::normalise(heading, engine.lexicon);
    let scope = Engine { lexicon: engine.lexicon, topics: Vec::new() };
    let [entity] = scope.scope(&tokens).mentioned(&tokens).try_into().ok()?;
    let entity: String = entity;
    let text = statement.text.trim().trim_end_matches('.').to_lowercase();
    let note = NOTES.iter().find_map(|(note, begins)| Some((text.strip_suffix(note)?.trim_end().to_owned(), *begins)));
    let (names, begins) = note.unwrap_or((text, false));
    let plain = |name: &&str| {
        !name.is_empty()
            && name.split(' ').count() <= 3
            && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
    };
    let states: Vec<&str> = names.split(" or ").map(str::trim).collect();
    if !states.iter().all(plain) || states.iter().any(|state| engine.lexicon.find(state).is_some()) {
        return None;
    }
    let states: Vec<String> = states.into_iter().map(str::to_owned).collect();
    let first = states.first().filter(|_| begins).cloned();
    let initial = first.map(|state| Effect::Initial { entity: entity.clone(), state });
    let told = Effect::States { entity: entity.clone(), field: None, states };
    let way = Effect::Rule(RuleKind::Transitions { entity });
    Some(std::iter::once(told).chain(initial).chain([way]).collect())
}

/// One sentence that is a rule or tells what there is.
fn plain(statement: &Statement) -> bool {
    matches!(statement.kind, StatementKind::Rule | StatementKind::Functional)
        && statement.table.is_empty()
        && statement.items.is_empty()
}

/// "For example, a draft cannot be paid": what stands behind the words that say so.
pub(crate) fn example(text: &str) -> Option<&str> {
    const LEADS: &[&str] = &["for example", "for instance", "as an example", "example", "e.g.", "e. g."];
    let text = text.trim();
    let lead = LEADS.iter().find_map(|lead| {
        let said = text.get(..lead.len())?.eq_ignore_ascii_case(lead);
        text.get(lead.len()..).filter(|_| said)
    })?;
    let rest = lead.trim_start_matches([',', ':']);
    // "Example data is not kept" gives none.
    (rest.len() < lead.len() || text.starts_with(['e', 'E']) && text.contains('.')).then(|| rest.trim_start())
}

/// "It can then be confirmed": said of a record in the state that the statement before led to.
fn continued(engine: &Engine<'_>, statement: &Statement, before: &[Outcome]) -> Option<Outcome> {
    let before = &before.last()?.effects;
    let tokens = normal::normalise(&statement.text, engine.lexicon);
    if let Some(effects) = this(engine, &tokens, before) {
        return Some(Outcome { effects, ..Outcome::default() });
    }
    if let Some(effects) = together::read(engine, &statement.text, before) {
        return Some(Outcome { effects, ..Outcome::default() });
    }
    if let Some(effects) = nobody_else::read(engine, &statement.text, before) {
        return Some(Outcome { effects, ..Outcome::default() });
    }
    if let Some(effects) = upon_this::read(engine, &statement.text, before) {
        return Some(Outcome { effects, ..Outcome::default() });
    }
    let begun_at = |before: &[Effect]| if moves(before) { None } else { begun_at(engine, before) };
    let (entity, state) = reached(before).or_else(|| begun_at(before))?;
    // Without a word that says when, the sentence may speak of any record.
    let told =
        tokens.iter().take(4).any(|token| matches!(token.word.as_str(), "then" | "there" | "afterwards" | "later"))
            || tokens.first().is_some_and(|first| first.is(">")) && tokens.get(1).is_some_and(|token| token.is("that"));
    // "A booking starts as requested. It can be confirmed or declined.": those are the ways from there.
    let begun = (before.iter().any(|effect| matches!(effect, Effect::Initial { .. })) || begun_at(before).is_some())
        && pronoun(statement)
        && tokens.get(1).is_some_and(|token| token.is("may"))
        && tokens.get(2).is_some_and(|token| token.is("be"));
    if let Some(upon) = upon_it(engine.lexicon, &tokens, &entity, &state)
        && engine.scope(&tokens).mentioned(&tokens).is_empty()
        && let Some(effects) = engine.tokens(&upon).filter(|effects| moves(effects))
    {
        return Some(Outcome { effects, ..Outcome::default() });
    }
    let onwards = onwards(engine.lexicon, &tokens, &entity, &state).filter(|_| told || begun)?;
    let effects = engine.tokens(&onwards)?;
    (told || moves(&effects)).then_some(())?;
    Some(Outcome { effects, ..Outcome::default() })
}

/// The state that new records have by what was said last.
fn begun_at(engine: &Engine<'_>, before: &[Effect]) -> Option<(String, String)> {
    before.iter().find_map(|effect| match effect {
        Effect::Rule(RuleKind::Default { entity, field, value: serde_json::Value::String(state) })
            if engine.lexicon.flow_field(entity).as_ref() == Some(field) =>
        {
            Some((entity.clone(), state.clone()))
        }
        _ => None,
    })
}

/// "Only managers may do this", "this requires a reason": said of the changes of state of the statement before.
pub(crate) fn this(engine: &Engine<'_>, tokens: &[Token], before: &[Effect]) -> Option<Vec<Effect>> {
    let mut ways = Vec::new();
    for effect in before {
        match effect {
            Effect::Transition { entity, from, to } => ways.push((entity.clone(), from.clone(), to.clone())),
            // "Only a clerk can close an order, and a note is needed for that": every way there.
            Effect::Rule(RuleKind::TransitionRole { entity, to, .. }) => {
                let known =
                    engine.lexicon.entity(entity).map(|named| named.flow.transitions.as_slice()).unwrap_or_default();
                let there = known.iter().filter(|(_, state, _)| state == to);
                ways.extend(there.map(|(from, to, _)| (entity.clone(), from.clone(), to.clone())));
            }
            _ => {}
        }
    }
    let (entity, ..) = ways.first()?.clone();
    let topics = std::iter::once(entity.clone()).chain(engine.topics.iter().cloned()).collect();
    let engine = Engine { lexicon: engine.lexicon, topics };
    let scope = engine.scope(tokens);
    let reading = Reading { tokens, scope: &scope, engine: &engine };
    let pairs: Vec<(String, String)> = ways.into_iter().map(|(_, from, to)| (from, to)).collect();
    role::of_this(&reading, &entity, &pairs).or_else(|| workflow::needs::of_this(&reading, &entity, &pairs))
}

fn one(engine: &Engine<'_>, epic: &Epic, statement: &Statement) -> Outcome {
    let outcome = whole_of(engine, epic, statement);
    if let Some(gap) = outcome.gap.as_ref().filter(|_| statement.items.is_empty() && statement.table.is_empty())
        && let Some(told) = halves::read(engine, epic, statement, gap)
        && (told.gap.is_none() || outcome.effects.is_empty())
    {
        return told;
    }
    outcome
}

fn whole_of(engine: &Engine<'_>, epic: &Epic, statement: &Statement) -> Outcome {
    let result = if !statement.table.is_empty() {
        of_table(engine, statement)
    } else if !statement.items.is_empty() {
        of_items(engine, statement)
    } else if statement.kind == StatementKind::Story {
        return of_story(engine, statement);
    } else if statement.kind == StatementKind::Narrative {
        return Outcome { effects: of_narrative(statement), ..Outcome::default() };
    } else if statement.text.starts_with('|') {
        Err(nothing(gap(&statement.text, "it is not clear what this row of a table demands")))
    } else {
        let told = permitted(engine, epic, statement).or_else(|| noted_of_role(engine, statement));
        let told = told.or_else(|| telegram::read(engine, statement));
        let told = told.map_or_else(|| engine.sentence(&statement.text), Ok);
        let told = told.or_else(|gap| state_listed(engine, statement).ok_or(gap));
        let told = told.or_else(|gap| summed(engine, statement).ok_or(gap));
        let told = told.or_else(|gap| taken_up_within(engine, &statement.text).ok_or(gap));
        let told = told.or_else(|gap| upon_this::within(engine, &statement.text).ok_or(gap));
        let told = told.or_else(|gap| all_but(engine, &statement.text).ok_or(gap));
        let told = told.or_else(|gap| starred(engine, epic, &statement.text).ok_or(gap));
        match told {
            Ok(effects) => Ok(listed(engine, statement, effects)),
            Err(gap) => described(engine, epic, statement, None, gap).map_err(|(effects, gap)| {
                let fields =
                    |effects: &[Effect]| effects.iter().filter(|effect| matches!(effect, Effect::Field { .. })).count();
                let partly = spared::read(engine, &statement.text);
                partly.filter(|(more, _)| fields(more) > fields(&effects)).unwrap_or((effects, gap))
            }),
        }
    };
    match result {
        Ok(effects) => Outcome { effects, ..Outcome::default() },
        Err((effects, gap)) => {
            let told = implied_sum::spelled_out(engine, statement)
                .and_then(|told| {
                    engine.sentence(&told.text).or_else(|_| described(engine, epic, &told, None, gap.clone())).ok()
                })
                .map(|effects| Outcome { effects, ..Outcome::default() });
            told.unwrap_or_else(|| Outcome { effects, gap: Some(quoted_whole(statement, gap)), ..Outcome::default() })
        }
    }
}

/// A list or a table of which nothing is understood, quoted with all that it says: its heading alone shows nobody what is missing.
fn quoted_whole(statement: &Statement, gap: Gap) -> Gap {
    let rows = statement.table.iter().map(|row| format!("| {} |", row.join(" | ")));
    let told: Vec<String> = statement.items.iter().cloned().chain(rows).collect();
    if told.is_empty() || gap.quote != statement.text {
        return gap;
    }
    let lead = statement.text.trim().trim_end_matches([':', ' ']);
    Gap { quote: format!("{lead}: {}", told.join("; ")), ..gap }
}

/// "A race needs a title of at most 70 characters": beside the rule, that it has a title and needs one.
fn listed(engine: &Engine<'_>, statement: &Statement, mut effects: Vec<Effect>) -> Vec<Effect> {
    // "Each booking must have an active member" says it of the one that it refers to.
    let made = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Requires { at: Moment::Create, .. }));
    if !effects.is_empty() && effects.iter().all(made) {
        return effects;
    }
    let Some(told) = discover::read(engine, &statement.text, false).filter(|told| told.whole) else { return effects };
    // "Rated power is a whole number between 500 and 15000": beside the bounds, its type.
    let typed =
        |effect: &Effect| matches!(effect, Effect::Field { kind: Some(_), read_only: false, .. } | Effect::Unit { .. });
    // Two readings of which neither has the fields of the other are not one: the first stands alone.
    if other_fields(&effects, &told.effects) && other_fields(&told.effects, &effects) {
        return effects;
    }
    // "An arrival date and a text": a field of its own, and not what the other one holds.
    let text = effects.iter().any(|effect| matches!(effect, Effect::Field { name, .. } if name == "text"));
    let of_text = |effect: &Effect| matches!(effect, Effect::Field { kind: Some(FieldKind::Text { .. }), .. });
    let more = told.effects.into_iter().filter(|effect| !(text && of_text(effect)));
    let more: Vec<Effect> = more.filter(|effect| told.listed || typed(effect)).collect();
    let new: Vec<Effect> = more.into_iter().filter(|effect| !effects.contains(effect)).collect();
    effects.extend(new);
    effects
}

/// Whether the first reading names a field of a record that the second does not.
fn other_fields(first: &[Effect], second: &[Effect]) -> bool {
    let field = |effect: &Effect| match effect {
        Effect::Field { entity, name, read_only: false, .. } => Some((name_words(entity), name_words(name))),
        _ => None,
    };
    let known: Vec<_> = second.iter().filter_map(field).collect();
    first.iter().filter_map(field).any(|named| !known.contains(&named))
}

/// What a sentence that no pattern knows says of a record's fields; what it names is known even if it says more.
fn described(
    engine: &Engine<'_>,
    epic: &Epic,
    statement: &Statement,
    story: Option<&Statement>,
    gap: Gap,
) -> Result<Vec<Effect>, Partly> {
    let text = statement.text.as_str();
    // A heading says whose fields stand below it, and so does what a story wishes for, but not why.
    let wish = story.map(|story| story.text.split(" so that ").next().unwrap_or_default());
    let heads = || statement.section.iter().map(String::as_str).chain(wish);
    let heading = |topic: &String| {
        heads().any(|heading| {
            let words = normal::normalise(heading, engine.lexicon);
            engine.scope(&words).mentioned(&words).contains(topic)
        })
    };
    // What the sentence before spoke of is no nearer than what all the others speak of.
    let beside = beside(engine, epic, statement);
    let all: usize = beside.iter().map(|(_, count)| count).sum();
    let most = beside.iter().max_by_key(|(_, count)| *count).filter(|(_, most)| *most >= 2 && most * 2 > all);
    let home = most.filter(|(home, _)| !pronoun(statement) && engine.topics.contains(home));
    let sure = home.is_some_and(|(_, most)| *most >= 4 && most * 3 >= all * 2);
    let topic = home.map(|(home, _)| home.clone()).or_else(|| engine.topics.first().cloned());
    // Where they speak of this and that, the heading alone says too little.
    let mixed = home.is_none() && beside.iter().any(|(other, _)| Some(other) != topic.as_ref());
    let headed = sure || !mixed && topic.as_ref().is_some_and(heading);
    let topics = topic.into_iter().chain(engine.topics.iter().cloned()).collect();
    let engine = &Engine { lexicon: engine.lexicon, topics };
    match discover::read(engine, text, headed) {
        Some(told) if told.whole => Ok(told.effects),
        _ if headed && let Some(effects) = of_measure(engine, text) => Ok(effects),
        Some(told) => Err((named(engine, text).into_iter().chain(told.effects).collect(), gap)),
        None => Err((named(engine, text).into_iter().chain(clauses::named(engine, text)).collect(), gap)),
    }
}

/// "The length in metres is optional": a field of what is spoken of, with its unit.
fn of_measure(engine: &Engine<'_>, text: &str) -> Option<Vec<Effect>> {
    const DUTIES: &[&str] = &["optional", "mandatory", "required"];
    let told = text.trim().trim_end_matches('.');
    let (name, duty) = told.strip_prefix("The ")?.split_once(" is ")?;
    let (bare, unit) = name.split_once(" in ")?;
    let plain = bare.split(' ').count() <= 3 && bare.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    let known = kinds::unit(unit, &mut Notes::default());
    let topic = engine.topics.first().and_then(|topic| engine.lexicon.entity(topic))?;
    (plain && known && DUTIES.contains(&duty)).then_some(())?;
    item::read(&format!("{name} ({duty})"), &topic.name, engine).ok()
}

/// How many statements beside this one begin with each kind of record.
fn beside(engine: &Engine<'_>, epic: &Epic, statement: &Statement) -> Vec<(String, usize)> {
    let mut counts: Vec<(String, usize)> = Vec::new();
    let others =
        epic.statements.iter().filter(|other| other.section == statement.section && other.story == statement.story);
    for other in others {
        let tokens = normal::normalise(&other.text, engine.lexicon);
        let Some((_, key)) = engine.scope(&tokens).entity_at(&tokens, 0).into_iter().next() else { continue };
        match counts.iter_mut().find(|(known, _)| *known == key) {
            Some((_, count)) => *count += 1,
            None => counts.push((key, 1)),
        }
    }
    counts
}

/// "stays: price by run" under "Totals": the heading says what is done with it.
fn summed(engine: &Engine<'_>, statement: &Statement) -> Option<Vec<Effect>> {
    let heading = statement.section.last()?.to_lowercase();
    let totals =
        ["total", "sums", "statistics", "report", "figures", "evaluation"].iter().any(|word| heading.contains(word));
    let text = statement.text.trim().trim_end_matches('.');
    // "Cored length per project: the sum of the lengths of the boxes, grouped by the project": what the title means.
    let meant = text.split_once(": ").map(|(_, rest)| rest).filter(|rest| {
        ["the sum of ", "the total ", "the number of ", "sum of ", "total ", "number of "]
            .iter()
            .any(|lead| rest.starts_with(lead))
    });
    if let Some(meant) = meant.filter(|_| totals) {
        let plain = meant.replacen(", grouped by ", " by ", 1).replacen(" grouped by ", " by ", 1);
        let told = engine.sentence(&plain).ok();
        return told
            .filter(|effects| effects.iter().all(|effect| matches!(effect, Effect::Rule(RuleKind::Totals { .. }))));
    }
    let whole = match text.split_once(": ") {
        Some((records, rest)) if engine.lexicon.find(records.trim()).is_some() => {
            let at = [" by ", " per "].iter().filter_map(|word| rest.find(word)).min()?;
            let (measure, by) = rest.split_at(at);
            if measure.trim().eq_ignore_ascii_case("number") || measure.trim().eq_ignore_ascii_case("count") {
                format!("number of {records}{by}")
            } else {
                format!("total {measure} of {records}{by}")
            }
        }
        _ => format!("total {text}"),
    };
    totals
        .then(|| engine.sentence(&whole).ok())?
        .filter(|effects| effects.iter().all(|effect| matches!(effect, Effect::Rule(RuleKind::Totals { .. }))))
}

/// What was understood of a statement with a gap, and the gap: its fields stay known to other statements.
type Partly = (Vec<Effect>, Gap);

/// What the understood parts of a sentence name: another part may need those very states, on the next reading.
fn named(engine: &Engine<'_>, text: &str) -> Vec<Effect> {
    if !text.contains(';') {
        // "It starts as applied and moves to ...": how it begins is told before the joint.
        let begun = [" and ", ", "].iter().filter_map(|joint| text.split_once(joint)).map(|(begun, _)| begun);
        let told = begun.filter_map(|begun| engine.sentence(begun).ok());
        return told
            .filter(|effects| effects.iter().any(|effect| matches!(effect, Effect::Initial { .. })))
            .flatten()
            .filter(|effect| matches!(effect, Effect::States { .. } | Effect::Initial { .. }))
            .collect();
    }
    let parts = text.split(';').filter_map(|part| engine.sentence(part).ok()).flatten();
    parts
        .filter(|effect| matches!(effect, Effect::States { .. } | Effect::Transition { .. } | Effect::Initial { .. }))
        .collect()
}

fn nothing(gap: Gap) -> Partly {
    (Vec::new(), gap)
}

fn gap(quote: &str, why: &str) -> Gap {
    Gap { quote: quote.to_owned(), why: why.to_owned() }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
