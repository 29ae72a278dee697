//! Criteria, and the lines that are read like them: matched with all rules that are stated, in rounds.

use super::confirmed;
use super::rights::known_role;
use super::subject::{Spoken, spoken, topics};
use super::taken::{again, of_its_field, taken_up_within};
use super::{Outcome, alike_narrowed, continued, described, example, exception, listed, papers, plain, refuses};
use crate::criteria;
use crate::deed::Deed;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::lexicon::Lexicon;
use crate::normal;
use crate::together;
use crate::token::Token;
use crate::whole;
use maestro_artifacts::RuleKind;
use maestro_domain::{Epic, Statement, StatementId, StatementKind};

pub(super) fn criteria_of(epic: &Epic, lexicon: &Lexicon, outcomes: &mut [Outcome], round: Round) {
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
                .and_then(|last| of_its_field(statement, last, lexicon).or_else(|| again(statement, last)))
                .or_else(|| papers::plain(epic, statement, lexicon).filter(|_| !stepped));
            let text = anew.as_ref().map_or(statement.text.as_str(), |anew| anew.text.as_str());
            if let Some(told) = told {
                *outcome = told;
                said = spoken(&engine, statement, said);
                continue;
            }
            // "A permit with a fee of 20.00 and 3 months has a total of 60.00"
            if !stepped && let Some(effects) = criteria::example(&engine, text, &rules, true) {
                *outcome = Outcome { effects, ..Outcome::default() };
                said = spoken(&engine, statement, said);
                continue;
            }
            *outcome = match criteria::read(&engine, text, &rules, story(epic, statement), &titles(statement)) {
                Ok(effects) if stepped => Outcome { effects, ..Outcome::default() },
                Ok(effects) => Outcome { effects: listed(&engine, statement, effects), ..Outcome::default() },
                Err(gap) if stepped => Outcome { gap: Some(gap), ..Outcome::default() },
                Err(gap) => match described(&engine, epic, statement, story(epic, statement), gap) {
                    Ok(effects) => Outcome { effects, ..Outcome::default() },
                    Err((effects, gap)) => {
                        let told = super::halves::read(&engine, epic, statement, &gap);
                        let told = told.filter(|told| told.gap.is_none() || effects.is_empty());
                        told.unwrap_or_else(|| Outcome { effects, gap: Some(gap), ..Outcome::default() })
                    }
                },
            };
            if stepped && outcome.gap.is_some() {
                let beside = epic
                    .statements
                    .iter()
                    .filter(|other| other.kind == StatementKind::Criterion && other.id != statement.id);
                if let Some(effects) = criteria::without(&engine, text, beside.map(|other| other.text.as_str())) {
                    *outcome = Outcome { effects, ..Outcome::default() };
                }
            }
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
            && let Some(effects) = criteria::example(&engine, &statement.text, &rules, false)
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
        // "Rejecting a permit without a reason is refused": what criteria show may be told among the rules.
        if plain(statement)
            && outcome.gap.is_some()
            && criteria::by_doing(&statement.text)
            && let Ok(effects) = criteria::read(&engine, &statement.text, &rules, None, &[])
        {
            *outcome = Outcome { effects, ..Outcome::default() };
        }
        // "Employees cannot approve claims" is no rule of its own where another says who alone may.
        if plain(statement) && outcome.gap.is_some() {
            let tokens = nor_they(&engine, epic, at).unwrap_or_else(|| normal::normalise(&statement.text, lexicon));
            let told = criteria::denied(&engine, &tokens, &rules, None);
            let told = told.or_else(|| may_but_not(&engine, &statement.text, &rules));
            let told = told.or_else(|| confirmed::open_ended(&engine, &statement.text, &rules));
            if let Some(effects) = told.or_else(|| they(&engine, epic, at, &rules)) {
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

/// "They must not change them." behind "Readers may view orders.": said of the same people and records.
fn they(engine: &Engine<'_>, epic: &Epic, at: usize, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    let (statement, before) = (epic.statements.get(at)?, epic.statements.get(at.checked_sub(1)?)?);
    let rest = statement.text.strip_prefix("They ").filter(|_| before.section == statement.section)?;
    let told = normal::normalise(&before.text, engine.lexicon);
    let verb = told.iter().position(|token| ["may", "mayonly", "mustnot", "have"].iter().any(|word| token.is(word)))?;
    let who = before.text.get(..told.get(verb)?.start)?.trim();
    known_role(engine, who).then_some(())?;
    let scope = engine.scope(&told);
    let records = scope.mentioned(told.get(verb..)?);
    let name = |key: &String| engine.lexicon.entity(key).map(|entity| entity.plural.clone());
    let text = match (records.as_slice(), rest.trim_end_matches('.').rsplit_once(' ')) {
        ([one], Some((deed, "it" | "them"))) => format!("{who} {deed} {}", name(one)?),
        _ => format!("{who} {rest}"),
    };
    let denied = || criteria::denied(engine, &normal::normalise(&text, engine.lexicon), rules, None);
    engine.sentence(&text).ok().or_else(denied)
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

/// Which criteria are read, and what with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Round {
    /// Those in one sentence, which state rules.
    Plain,
    /// Those in steps, matched with all that is stated.
    Stepped,
    /// Those in steps that were not understood: what an example refuses may be what the other examples do not allow.
    Again,
}

/// The story of a criterion.
pub(super) fn story<'a>(epic: &'a Epic, statement: &Statement) -> Option<&'a Statement> {
    let id: &StatementId = statement.story.as_ref()?;
    epic.statement(id)
}
