//! Reads the statements in order, each with what the headings and statements around it speak of.

mod implied_sum;
mod leads;
mod lists;
mod spared;
mod tables;
mod taken;

use crate::clauses;
use crate::condition::{restrict, rule_entity};
use crate::criteria;
use crate::deed::Deed;
use crate::discover;
use crate::effect::Effect;
use crate::engine::{Engine, Gap, PRONOUNS, Reading, moves, onwards, reached, upon_it};
use crate::family::{role, wish, workflow};
use crate::fields::item;
use crate::lexicon::{Lexicon, name_words, one_of, one_role};
use crate::normal;
use crate::restate;
use crate::together;
use crate::token::{Token, tokens};
use crate::whole;
use lists::of_items;
use maestro_artifacts::{Action, Condition, FieldKind, Moment, RuleKind};
use maestro_domain::{Epic, Statement, StatementId, StatementKind};
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
            .or_else(|| outcomes.last().filter(|_| follows).and_then(|last| again(statement, last)));
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
                if refused || crate::exception::touching(&engine, &words, &rules) {
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
        before = spoken(&engine, statement, before);
        outcomes.push(outcome);
    }
    // Criteria in one sentence state rules; those in steps are matched with all that is stated.
    for round in [Round::Plain, Round::Stepped, Round::Again] {
        criteria_of(epic, lexicon, &mut outcomes, round);
    }
    let read = epic.statements.iter().zip(outcomes);
    read.map(|(statement, outcome)| whole::well_named(statement, lexicon, whole::unmeasured(outcome))).collect()
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

fn criteria_of(epic: &Epic, lexicon: &Lexicon, outcomes: &mut [Outcome], round: Round) {
    let (stepped, again_only) = (round != Round::Plain, round == Round::Again);
    let rules: Vec<RuleKind> = outcomes
        .iter()
        .flat_map(|outcome| &outcome.effects)
        .filter_map(|effect| if let Effect::Rule(rule) = effect { Some(rule.clone()) } else { None })
        .collect();
    // Where examples alone tell the ways between states, there are no others.
    let ways = lexicon.entities.iter().filter(|named| again_only && !named.flow.transitions.is_empty());
    let told =
        |key: &String| rules.iter().any(|rule| matches!(rule, RuleKind::Transitions { entity } if entity == key));
    let ways: Vec<RuleKind> = ways
        .filter(|named| !told(&named.key))
        .map(|named| RuleKind::Transitions { entity: named.key.clone() })
        .collect();
    let rules = [rules, ways].concat();
    let mut said: Option<Spoken> = None;
    for (at, statement) in epic.statements.iter().enumerate() {
        let Some((earlier, [outcome, ..])) = outcomes.split_at_mut_checked(at) else { return };
        let engine = Engine { lexicon, topics: topics(epic, statement, lexicon, said.as_ref()) };
        let mine =
            statement.kind == StatementKind::Criterion && statement.table.is_empty() && statement.items.is_empty();
        if mine && criteria::stepped(&statement.text) == stepped && (!again_only || outcome.gap.is_some()) {
            // A criterion in one sentence may go on from the one before it.
            let before = at.checked_sub(1).and_then(|at| epic.statements.get(at));
            let follows = !stepped
                && before.is_some_and(|before| before.section == statement.section && before.story == statement.story);
            let told = if follows { continued(&engine, statement, earlier) } else { None };
            let told = told.or_else(|| {
                taken_up_within(&engine, &statement.text)
                    .map(|effects| Outcome { effects, ..Outcome::default() })
                    .filter(|_| !stepped)
            });
            let anew = earlier
                .last()
                .filter(|_| follows)
                .and_then(|last| of_its_field(statement, last, lexicon).or_else(|| again(statement, last)));
            let text = anew.as_ref().map_or(statement.text.as_str(), |anew| anew.text.as_str());
            if let Some(told) = told {
                *outcome = told;
                said = spoken(&engine, statement, said);
                continue;
            }
            *outcome = match criteria::read(&engine, text, &rules, story(epic, statement), &titles(statement)) {
                Ok(effects) if stepped => Outcome { effects, ..Outcome::default() },
                Ok(effects) => Outcome { effects: listed(&engine, statement, effects), ..Outcome::default() },
                Err(gap) if stepped => Outcome { gap: Some(gap), ..Outcome::default() },
                Err(gap) => match described(&engine, epic, statement, story(epic, statement), gap) {
                    Ok(effects) => Outcome { effects, ..Outcome::default() },
                    Err((effects, gap)) => Outcome { effects, gap: Some(gap), ..Outcome::default() },
                },
            };
            if !stepped && let Some(deeds) = wished(&engine, epic, statement) {
                let effects = std::mem::take(&mut outcome.effects);
                outcome.effects = criteria::upon::then_only(&engine, &statement.text, effects, &deeds);
                // "Status must be approved" names the status, but says more.
                let named =
                    |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::HasField { .. }) | Effect::Field { .. });
                if (outcome.gap.is_some() || outcome.effects.iter().all(named))
                    && let Some(effects) = criteria::upon::read(&engine, &statement.text, &deeds)
                {
                    *outcome = Outcome { effects, ..Outcome::default() };
                }
            }
            if let Some(effects) = refused_otherwise(&engine, epic, at, earlier, outcome) {
                *outcome = Outcome { effects, ..Outcome::default() };
            }
            if outcome.gap.is_some()
                && let Some(last) = earlier.last()
                && let Some(effects) = together::read(&engine, &statement.text, &last.effects)
            {
                *outcome = Outcome { effects, ..Outcome::default() };
            }
            if outcome.gap.is_some()
                && let Some(effects) = exception(&engine, epic, statement)
            {
                // The two sentences say one rule.
                alike_narrowed(earlier, epic, &effects);
                if let Some(last) = earlier.last_mut() {
                    *last = Outcome { effects: effects.clone(), ..Outcome::default() };
                }
                *outcome = Outcome { effects, ..Outcome::default() };
            }
        }
        // "Example: a stay from 1 June to 4 June has 3 nights"
        if outcome.gap.is_some()
            && let Some(effects) = criteria::example(&engine, &statement.text, &rules)
        {
            *outcome = Outcome { effects, ..Outcome::default() };
        }
        // A line directly below a story speaks of what it wishes, whatever the section is called.
        let beneath = if plain(statement) && round == Round::Plain { above(epic, at) } else { None };
        let above = beneath.and_then(|story| wished_by(&engine, epic, story));
        if let Some(deeds) = &above {
            let effects = std::mem::take(&mut outcome.effects);
            outcome.effects = criteria::upon::then_only(&engine, &statement.text, effects, deeds);
        }
        if plain(statement) && outcome.gap.is_some() {
            if let Some(rest) = example(&statement.text) {
                let before = earlier.last().filter(|_| {
                    let before = at.checked_sub(1).and_then(|at| epic.statements.get(at));
                    before.is_some_and(|before| before.section == statement.section)
                });
                let shown = exemplified(&engine, rest, &rules);
                if let Some(effects) = shown.or_else(|| again_refused(&engine, statement, rest, before?)) {
                    *outcome = Outcome { effects, ..Outcome::default() };
                }
                said = spoken(&engine, statement, said);
                continue;
            }
            if let Some(deeds) = &above
                && let Some(effects) = criteria::upon::read(&engine, &statement.text, deeds)
            {
                *outcome = Outcome { effects, ..Outcome::default() };
            }
            if let Some(effects) = refused_otherwise(&engine, epic, at, earlier, outcome) {
                *outcome = Outcome { effects, ..Outcome::default() };
            }
        }
        // "Employees cannot approve claims" is no rule of its own where another says who alone may.
        if plain(statement) && outcome.gap.is_some() {
            let tokens = nor_they(&engine, epic, at).unwrap_or_else(|| normal::normalise(&statement.text, lexicon));
            let told = criteria::denied(&engine, &tokens, &rules, None);
            if let Some(effects) = told.or_else(|| may_but_not(&engine, &statement.text, &rules)) {
                *outcome = Outcome { effects, ..Outcome::default() };
            }
        }
        said = spoken(&engine, statement, said);
    }
}

/// What the scenario that a criterion tells is called, and the rule above it, as statements of their own.
fn titles(statement: &Statement) -> Vec<Statement> {
    statement.titles.iter().map(|title| Statement { text: title.clone(), ..statement.clone() }).collect()
}

/// Whether a statement stands under a heading such as "Permissions" or "Who may do what".
fn under_rights(statement: &Statement) -> bool {
    const HEADINGS: &[&str] = &["permission", "who may", "who can", "who is allowed", "access right", "rights"];
    let heading = statement.section.last().map(|heading| heading.to_lowercase()).unwrap_or_default();
    HEADINGS.iter().any(|word| heading.contains(word))
}

/// "Create order: clerk, manager" or "Clerk: create orders, cancel orders" under such a heading: what is done, and who
/// alone may do it.
fn permitted(engine: &Engine<'_>, epic: &Epic, statement: &Statement) -> Option<Vec<Effect>> {
    if !(plain(statement) && under_rights(statement)) {
        return None;
    }
    let (head, rest) = permission(&statement.text)?;
    let only = |who: &[String], deed: &str| engine.sentence(&format!("Only {} may {deed}", who.join(" or "))).ok();
    if !known_role(engine, &head) {
        return rest.iter().all(|role| known_role(engine, role)).then(|| only(&rest, &lower_first(&head)))?;
    }
    // Whoever else is said to do it may do it, too.
    let lists = epic.statements.iter().filter(|other| plain(other) && other.section == statement.section);
    let others: Vec<(String, Vec<String>)> =
        lists.filter_map(|other| permission(&other.text)).filter(|(role, _)| known_role(engine, role)).collect();
    let everything = |deeds: &[String]| deeds.iter().any(|deed| deed.eq_ignore_ascii_case("everything"));
    let mut effects = Vec::new();
    let told: Vec<&String> =
        if everything(&rest) { others.iter().flat_map(|(_, deeds)| deeds).collect() } else { rest.iter().collect() };
    for deed in told.into_iter().filter(|deed| !deed.eq_ignore_ascii_case("everything")) {
        let does =
            |deeds: &[String]| everything(deeds) || deeds.iter().any(|other| name_words(other) == name_words(deed));
        let who: Vec<String> = others.iter().filter(|(_, deeds)| does(deeds)).map(|(role, _)| role.clone()).collect();
        effects.extend(only(&who, &lower_first(deed))?);
    }
    (!effects.is_empty()).then_some(effects)
}

/// What stands before and behind the mark of such a line.
fn permission(text: &str) -> Option<(String, Vec<String>)> {
    let (head, rest) = [": ", " – ", " — ", " - "].iter().find_map(|mark| text.split_once(mark))?;
    let rest = crate::fields::values::split_values(rest.trim().trim_end_matches('.'));
    (!rest.is_empty() && head.split_whitespace().count() <= 5).then(|| (head.trim().to_owned(), rest))
}

fn known_role(engine: &Engine<'_>, name: &str) -> bool {
    let words = name_words(&one_role(name.trim()));
    engine.lexicon.roles.iter().any(|role| name_words(role) == words)
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

/// What an example shows of the rules that the epic states; it states none itself.
fn exemplified(engine: &Engine<'_>, text: &str, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    const ANSWERS: &[&str] =
        &["-> error", "→ error", "=> error", "-> an error", "→ an error", ": error", "-> conflict"];
    const SAYING: &[&str] = &[
        ": this gives a conflict",
        ": this gives an error",
        ": this is refused",
        ": this is rejected",
        ", this gives an error",
        ", this is refused",
        ": that is an error",
    ];
    let told = text.trim().trim_end_matches('.').trim_end();
    let answered = ANSWERS
        .iter()
        .find_map(|answer| told.strip_suffix(answer))
        .map(|told| format!("{} is refused", told.trim_end()));
    let told = SAYING.iter().find_map(|said| told.strip_suffix(said)).unwrap_or(told);
    // "A draft cannot be paid directly": without the step between.
    let told = [" directly", " straight away", " right away", " at once", " immediately"]
        .iter()
        .find_map(|more| told.strip_suffix(more))
        .unwrap_or(told);
    let told = answered.as_deref().unwrap_or(told);
    let effects = criteria::read(engine, told, rules, None, &[]).ok()?;
    let shown = |effect: &Effect| match effect {
        Effect::Rule(rule) => rules.contains(rule),
        Effect::Role { .. } | Effect::Actor { .. } => true,
        _ => false,
    };
    let rule = effects.iter().any(|effect| matches!(effect, Effect::Rule(_)));
    (rule && effects.iter().all(shown)).then_some(effects)
}

/// "For example, booking a room while it is under maintenance gives an error": what the sentence before says, where all of
/// it is told by that rule.
fn again_refused(engine: &Engine<'_>, statement: &Statement, text: &str, before: &Outcome) -> Option<Vec<Effect>> {
    const ENDS: &[&str] = &[
        " gives an error",
        " gives a conflict",
        " leads to an error",
        " leads to a conflict",
        " results in an error",
        " is refused",
        " is rejected",
        " is not possible",
        " is not allowed",
        " is an error",
        " fails",
    ];
    let told = text.trim().trim_end_matches('.');
    let told = ENDS.iter().find_map(|end| told.strip_suffix(end))?;
    let refused = |effect: &Effect| matches!(effect, Effect::Rule(rule) if refuses(rule));
    let rules = before.gap.is_none() && !before.effects.is_empty() && before.effects.iter().all(refused);
    let again = Statement { text: format!("{told} is refused"), ..statement.clone() };
    let named = normal::normalise(told, engine.lexicon);
    let speaks = !engine.scope(&named).mentioned(&named).is_empty();
    (rules && speaks && whole::said(&again, &before.effects, engine.lexicon)).then(|| before.effects.clone())
}

/// "Employees can't." behind "Team leads can approve and reject claims.": what they cannot do.
fn nor_they(engine: &Engine<'_>, epic: &Epic, at: usize) -> Option<Vec<Token>> {
    let (statement, before) = (epic.statements.get(at)?, epic.statements.get(at.checked_sub(1)?)?);
    let said = normal::normalise(&statement.text, engine.lexicon);
    let (mustnot, who) = said.split_last()?;
    let role = who.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    if !mustnot.is("mustnot") || !known_role(engine, &role) || before.section != statement.section {
        return None;
    }
    let told = normal::normalise(&before.text, engine.lexicon);
    let may = told.iter().position(|token| token.is("may") || token.is("mayonly"))?;
    // Nothing else may stand between: "can be approved" says not who does it.
    let deed = told.get(may + 1..).filter(|deed| deed.first().is_some_and(|verb| !verb.is("be")))?;
    Some(said.iter().chain(deed).cloned().collect())
}

/// "Hosts can create bookings, but cannot delete them", "hosts may see but not change members", "bikes can be deleted by
/// managers, but not by mechanics": what somebody may do, and what the same or somebody else may not.
fn may_but_not(engine: &Engine<'_>, text: &str, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let said = normal::normalise(text, engine.lexicon);
    let word = |at: usize, words: &[&str]| said.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)));
    let may = said.iter().position(|token| token.is("may"))?;
    let not = (may + 2..said.len()).find(|at| word(*at, &["mustnot", "not"]))?;
    let joint = |at: &usize| word(*at, &["but", "and", ",", ";", "they", "it"]);
    let end = (may + 2..not).rev().take_while(joint).last()?;
    let (left, who, rest) = (said.get(..end)?, said.get(..may)?, said.get(not + 1..)?);
    let mustnot = said.get(may)?.renamed("mustnot");
    // "..., but not by mechanics"
    if word(not + 1, &["by"]) {
        let by = (may..end).find(|at| word(*at, &["by"]))?;
        let denied: Vec<Token> = [who, std::slice::from_ref(&mustnot), said.get(may + 1..by)?, rest].concat();
        return both(engine, left, &denied, rules);
    }
    let role = who.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    known_role(engine, &role).then_some(())?;
    let named = |tokens: &[Token]| -> Option<Vec<Token>> {
        let scope = engine.scope(tokens);
        (0..tokens.len()).find_map(|at| {
            let (stop, _) = scope.entity_at(tokens, at).into_iter().find(|(stop, _)| *stop == tokens.len())?;
            Some(tokens.get(at..stop)?.to_vec())
        })
    };
    let plain: Vec<Token> = rest.iter().filter(|token| !token.is(",")).cloned().collect();
    let (allowed, denied) = match plain.split_last()? {
        // "... cannot delete them"
        (last, verbs) if last.is("it") || last.is("they") || last.is("them") => {
            (left.to_vec(), [verbs, named(left)?.as_slice()].concat())
        }
        // "... see but not change members"
        _ if named(left).is_none() => ([left, named(&plain)?.as_slice()].concat(), plain),
        _ => (left.to_vec(), plain),
    };
    both(engine, &allowed, &[who, std::slice::from_ref(&mustnot), denied.as_slice()].concat(), rules)
}

/// What may be done, and what is denied.
fn both(engine: &Engine<'_>, allowed: &[Token], denied: &[Token], rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let denied = criteria::denied(engine, denied, rules, None)?;
    let mut effects = engine.clause(allowed)?;
    effects.extend(denied);
    Some(effects)
}

/// The story that a rule stands directly below, where nothing but such rules stands between.
fn above(epic: &Epic, at: usize) -> Option<&Statement> {
    let statement = epic.statements.get(at)?;
    let before = epic.statements.get(..at)?.iter().rev();
    let story = before.clone().find(|before| !plain(before))?;
    let section = before.take_while(|before| before.id != story.id).all(|before| before.section == statement.section);
    (story.kind == StatementKind::Story && story.section == statement.section && section).then_some(story)
}

/// What the story of a criterion wishes to be done.
fn wished(engine: &Engine<'_>, epic: &Epic, statement: &Statement) -> Option<Vec<Deed>> {
    wished_by(engine, epic, story(epic, statement)?)
}

fn wished_by(engine: &Engine<'_>, epic: &Epic, of: &Statement) -> Option<Vec<Deed>> {
    let behind = epic.statements.iter().skip_while(|other| other.id != of.id).skip(1);
    let below = behind.take_while(|other| other.kind != StatementKind::Story && other.section == of.section);
    criteria::upon::wished(engine, of, below.map(|other| other.text.as_str()))
}

/// "Otherwise an error message is shown": what the criterion before it demands.
fn refused_otherwise(
    engine: &Engine<'_>,
    epic: &Epic,
    at: usize,
    earlier: &[Outcome],
    outcome: &Outcome,
) -> Option<Vec<Effect>> {
    outcome.gap.as_ref()?;
    let (statement, before) = (epic.statements.get(at)?, epic.statements.get(at.checked_sub(1)?)?);
    let demands = earlier.last().filter(|last| last.gap.is_none())?;
    let rules = demands.effects.iter().any(|effect| matches!(effect, Effect::Rule(_)));
    let same = before.story == statement.story && before.section == statement.section;
    (rules && same && criteria::upon::otherwise_refused(engine, &statement.text)).then(|| demands.effects.clone())
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

fn story<'a>(epic: &'a Epic, statement: &Statement) -> Option<&'a Statement> {
    let id: &StatementId = statement.story.as_ref()?;
    epic.statement(id)
}

/// Which criteria are read, and what with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Round {
    /// Those in one sentence, which state rules.
    Plain,
    /// Those in steps, matched with all that is stated.
    Stepped,
    /// Those in steps that were not understood: what an example refuses may be what the other examples do not allow.
    Again,
}

/// What the statements before speak of.
struct Spoken {
    section: Vec<String>,
    subject: Subject,
    /// Which of them alone: "finished firings".
    when: Condition,
    /// It was said what each of them has: "A vineyard belongs to a grower and has a name."
    described: bool,
}

enum Subject {
    /// An entity, by key.
    Known(String),
    /// "A trip is made by ...": a kind of record that nothing has described yet, by name.
    New(String),
}

/// What is spoken of behind a statement.
fn spoken(engine: &Engine<'_>, statement: &Statement, before: Option<Spoken>) -> Option<Spoken> {
    let before = before.filter(|before| before.section == statement.section);
    let described = describes(&statement.text);
    let told =
        |subject| Some(Spoken { section: statement.section.clone(), subject, when: Condition::default(), described });
    if pronoun(statement) {
        return before;
    }
    if let Some(name) = new_subject(engine, statement) {
        return told(Subject::New(name));
    }
    // "As a kennel manager, I want to see every dog" speaks of dogs.
    let wish = if statement.kind == StatementKind::Story { wish::story(&statement.text) } else { None };
    let tokens = normal::normalise(wish.as_ref().map_or(&statement.text, |(_, wish)| wish), engine.lexicon);
    let scope = engine.scope(&tokens);
    let Some(first) = scope.mentioned(&tokens).into_iter().next() else { return before };
    // "Driver and vehicle are mandatory" goes on about the trip that has both.
    let opens = scope.entity_at(&tokens, 0).iter().any(|(_, key)| *key == first)
        && tokens.first().is_some_and(|token| {
            matches!(token.article, Some("a" | "an" | "each" | "every" | "any" | "all")) || token.lemma != token.word
        });
    // "The condition of a patient is ..." speaks of patients.
    let owned =
        tokens.windows(2).position(|pair| matches!(pair, [of, next] if of.is("of") && next.article == Some("a")));
    let of_one =
        owned.is_some_and(|at| at < 5 && scope.entity_at(&tokens, at + 1).iter().any(|(_, key)| *key == first));
    if !opens
        && !of_one
        && let Some(Spoken { subject: Subject::Known(last), .. }) = &before
        && !engine.lexicon.references(last, &first).is_empty()
    {
        return before;
    }
    let modal = |at: usize| tokens.get(at).is_some_and(|next| crate::engine::MODALS.iter().any(|word| next.is(word)));
    let those = crate::records::records_at(&scope, &tokens, 0)
        .into_iter()
        .find(|(end, records)| records.entity == first && !records.when.0.is_empty() && modal(*end));
    let when = those.map(|(_, records)| records.when).unwrap_or_default();
    told(Subject::Known(first)).map(|spoken| Spoken { when, ..spoken })
}

/// "A vineyard belongs to a grower and has a name": what each record of a kind has.
fn describes(text: &str) -> bool {
    let lower = text.to_lowercase();
    let each = ["a ", "an ", "each ", "every "].iter().any(|one| lower.starts_with(one));
    each && [" has ", " belongs to ", " refers to ", " consists of "].iter().any(|verb| lower.contains(verb))
        && ![" must ", " may ", " cannot ", " can ", " only ", " no "].iter().any(|modal| lower.contains(modal))
}

/// "Finished firings are frozen. They cannot be deleted.": said of the finished ones only.
fn of_those(outcome: Outcome, statement: &Statement, before: Option<&Spoken>) -> Outcome {
    let Some(Spoken { section, subject: Subject::Known(entity), when, .. }) = before else { return outcome };
    if when.0.is_empty() || *section != statement.section || !pronoun(statement) {
        return outcome;
    }
    let bars = |rule: &RuleKind| {
        matches!(rule, RuleKind::Immutable { .. } | RuleKind::NoDelete { .. }) && rule_entity(rule) == entity
    };
    let effects: Option<Vec<Effect>> = outcome
        .effects
        .into_iter()
        .map(|effect| match effect {
            Effect::Rule(rule) if bars(&rule) => restrict(rule, when.clone()).map(Effect::Rule),
            effect => Some(effect),
        })
        .collect();
    match effects {
        Some(effects) => Outcome { effects, ..outcome },
        None => {
            Outcome { gap: Some(gap(&statement.text, "it is not clear which records are meant")), ..Outcome::default() }
        }
    }
}

fn pronoun(statement: &Statement) -> bool {
    tokens(&statement.text).first().is_some_and(|first| PRONOUNS.contains(&first.word.as_str()))
}

/// The name of a kind of record that a statement speaks of and that is not known: `a trip`, `each lab visit`.
fn new_subject(engine: &Engine<'_>, statement: &Statement) -> Option<String> {
    let raw = tokens(&statement.text);
    let (article, rest) = raw.split_first()?;
    if !matches!(article.word.as_str(), "a" | "an" | "each" | "every") {
        return None;
    }
    let words = normal::normalise_tokens(rest, engine.lexicon);
    let ends =
        |token: &Token| crate::engine::MODALS.iter().any(|word| token.is(word)) || token.is("say") || token.is("tell");
    let end = words.iter().position(ends)?;
    let name = words.get(..end).filter(|name| (1..=3).contains(&name.len()))?;
    let plain = name.iter().all(|token| token.word.chars().all(|c| c.is_alphabetic() || c == '-') && !token.quoted);
    let name = name.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
    (plain && engine.scope(&words).mentioned(words.get(..end)?).is_empty()).then(|| one_of(&name))
}

/// "It records a departure time" behind "A trip is made by ...": said of a kind of record that is new by then.
fn named_anew(statement: &Statement, before: Option<&Spoken>, lexicon: &Lexicon) -> Option<Statement> {
    let Spoken { section, subject, .. } = before?;
    let name = match subject {
        Subject::New(name) => name,
        Subject::Known(key) => &lexicon.entity(key)?.name,
    };
    let (_, rest) = statement.text.trim().split_once(' ')?;
    // "We also note its length" behind "Every boat has ...".
    const NOTING: &[&str] = &["note", "record", "keep", "store", "track", "log"];
    let words = tokens(&statement.text);
    let also = usize::from(words.get(1).is_some_and(|word| word.word == "also"));
    if words.first().is_some_and(|word| word.word == "we")
        && words.get(1 + also).is_some_and(|word| NOTING.contains(&word.word.as_str()))
        && let Some(listed) = words.get(2 + also)
        && matches!(listed.word.as_str(), "the" | "its" | "their" | "a" | "an")
        && *section == statement.section
    {
        let rest = statement.text.get(listed.start..)?;
        // "We record the show, the studio and the start" of a broadcast that is known by then; it is no list of what is kept.
        let known = matches!(subject, Subject::Known(_));
        if known && (!rest.contains(", ") || rest.to_lowercase().contains(&name.to_lowercase())) {
            return None;
        }
        return Some(Statement { text: format!("Each {name} has {rest}"), ..statement.clone() });
    }
    let one = matches!(words.first()?.word.as_str(), "it" | "he" | "she") && matches!(subject, Subject::New(_));
    (one && *section == statement.section)
        .then(|| Statement { text: format!("Each {name} {rest}"), ..statement.clone() })
}

/// Entities that the surroundings speak of, the likeliest first.
fn topics(epic: &Epic, statement: &Statement, lexicon: &Lexicon, before: Option<&Spoken>) -> Vec<String> {
    let plain = Engine { lexicon, topics: Vec::new() };
    let mentioned = |text: &str| {
        let tokens = normal::normalise(text, lexicon);
        plain.scope(&tokens).mentioned(&tokens)
    };
    let last = before.filter(|before| before.section == statement.section).and_then(|before| match &before.subject {
        Subject::Known(key) => Some(key.clone()),
        Subject::New(_) => None,
    });
    let mut out: Vec<String> = Vec::new();
    if pronoun(statement) || before.is_some_and(|before| before.described) {
        out.extend(last.clone());
    }
    for heading in statement.section.iter().rev() {
        out.extend(mentioned(heading));
    }
    out.extend(last);
    if let Some(story) = story(epic, statement) {
        out.extend(wish::story(&story.text).map_or_else(|| mentioned(&story.text), |(_, wish)| mentioned(&wish)));
    }
    let mut seen: Vec<String> = Vec::new();
    for topic in out {
        if !seen.contains(&topic) {
            seen.push(topic);
        }
    }
    // An epic about one kind of record need not repeat its name.
    if seen.is_empty()
        && let [one] = lexicon.entities.as_slice()
    {
        seen.push(one.key.clone());
    }
    seen
}

fn one(engine: &Engine<'_>, epic: &Epic, statement: &Statement) -> Outcome {
    let result = if !statement.table.is_empty() {
        of_table(engine, statement)
    } else if !statement.items.is_empty() {
        of_items(engine, statement)
    } else if statement.kind == StatementKind::Story {
        return of_story(engine, statement);
    } else if statement.kind == StatementKind::Narrative {
        return Outcome { effects: of_narrative(statement), ..Outcome::default() };
    } else {
        let told = permitted(engine, epic, statement).map_or_else(|| engine.sentence(&statement.text), Ok);
        let told = told.or_else(|gap| state_listed(engine, statement).ok_or(gap));
        let told = told.or_else(|gap| summed(engine, statement).ok_or(gap));
        let told = told.or_else(|gap| taken_up_within(engine, &statement.text).ok_or(gap));
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
            told.unwrap_or(Outcome { effects, gap: Some(gap), ..Outcome::default() })
        }
    }
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
        Some(told) => Err((named(engine, text).into_iter().chain(told.effects).collect(), gap)),
        None => Err((named(engine, text).into_iter().chain(clauses::named(engine, text)).collect(), gap)),
    }
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
    let totals = ["total", "sums", "statistics"].iter().any(|word| heading.contains(word));
    let text = statement.text.trim().trim_end_matches('.');
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

/// "Roles: clerk, head of the lab and manager.": who takes part, in a line of its own.
fn listed_roles(text: &str) -> Option<Vec<Effect>> {
    let (lead, names) = text.trim().trim_end_matches('.').split_once(':')?;
    let lead = lead.trim().to_lowercase();
    let last = lead.rsplit(' ').next()?;
    let told = lead.split_whitespace().count() <= 3
        && matches!(last, "roles" | "role" | "actors" | "users" | "personas" | "people" | "participants");
    let names = crate::fields::values::split_values(names);
    let plain = |name: &String| {
        name.split_whitespace().count() <= 4 && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'))
    };
    let role = |name: &String| {
        let name = ["a ", "an ", "the "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
        Effect::Role { name: one_role(name) }
    };
    (told && !names.is_empty() && names.iter().all(plain)).then(|| names.iter().map(role).collect())
}

/// Narrative demands nothing, but a list of roles names them.
fn of_narrative(statement: &Statement) -> Vec<Effect> {
    if let Some(roles) = listed_roles(&statement.text) {
        return roles;
    }
    let roles = statement.section.last().is_some_and(|heading| {
        let lower = heading.to_lowercase();
        ["role", "actor", "persona", "user"].iter().any(|word| lower.contains(word))
    });
    if !roles {
        return Vec::new();
    }
    let (name, _) = item::split(&statement.text);
    let short = name.split_whitespace().count() <= 3 && !name.is_empty();
    if short {
        vec![Effect::Role {
            name: one_role(name.trim_start_matches(['A', 'a']).strip_prefix(' ').unwrap_or(&name).trim()),
        }]
    } else {
        Vec::new()
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

fn of_story(engine: &Engine<'_>, statement: &Statement) -> Outcome {
    let Some((role, wish)) = wish::story(&statement.text) else {
        // A title such as "Borrow a tool": a wish by itself, else what its criteria say.
        let tokens = wish::tokens(engine, &statement.text);
        return match wish::read(engine, &tokens) {
            Some(effects) => Outcome { effects, ..Outcome::default() },
            None => Outcome {
                gap: Some(gap(&statement.text, "no wish of this kind is known")),
                carried: true,
                ..Outcome::default()
            },
        };
    };
    let mut effects: Vec<Effect> = role
        .into_iter()
        .filter(|role| role.split_whitespace().count() <= 4 && !role.contains(['<', '/']))
        .map(|role| Effect::Role { name: one_role(&role) })
        .collect();
    let plain = crate::fields::prose::rewrite(&wish).map(|plain| wish::tokens(engine, &plain));
    let tokens = wish::tokens(engine, &wish);
    let read = plain
        .and_then(|plain| wish::read(engine, &plain))
        .or_else(|| wish::read(engine, &tokens))
        .or_else(|| engine.sentence(&wish).ok())
        .or_else(|| restate::read(engine, &tokens, &mut |clause| wish::read(engine, clause)))
        .or_else(|| {
            // "log inspections of a hive: date, mites, remarks": what stands behind the mark are its fields.
            let (object, fields) = wish.split_once(": ").filter(|(object, _)| !object.contains(" with "))?;
            wish::read(engine, &wish::tokens(engine, &format!("{object} with {fields}")))
        })
        .or_else(|| {
            // "maintain products (code, name, price)"
            let (object, fields) = wish.split_once(" (").filter(|(object, _)| !object.contains(" with "))?;
            let fields = fields.strip_suffix(')').filter(|fields| fields.contains(", ") && !fields.contains('('))?;
            wish::read(engine, &wish::tokens(engine, &format!("{object} with {fields}")))
        });
    match read {
        Some(more) => {
            // Who wants to change states is shown doing so; only other statements restrict.
            let roles: Vec<String> = effects
                .iter()
                .filter_map(|effect| if let Effect::Role { name } = effect { Some(name.clone()) } else { None })
                .collect();
            for effect in &more {
                if let (Effect::Transition { entity, to, .. }, [role]) = (effect, roles.as_slice()) {
                    effects.push(Effect::Actor { entity: entity.clone(), to: to.clone(), role: role.clone() });
                }
            }
            effects.extend(more);
            Outcome { effects, ..Outcome::default() }
        }
        None => {
            let why =
                engine.sentence(&wish).err().map_or_else(|| "no wish of this kind is known".to_owned(), |gap| gap.why);
            // What the wish does name by itself stays known: the verbs of its first part.
            Outcome { effects, gap: Some(Gap { quote: wish, why }), carried: true }
        }
    }
}

/// The capabilities of keeping a kind of record.
pub(crate) fn capabilities(entity: &str) -> Vec<Effect> {
    [Action::Create, Action::Read, Action::List].map(|action| Effect::capability(entity, action)).to_vec()
}
