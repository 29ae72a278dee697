//! Outcomes that say no more than what was asked for, or that show by an example what is found or added up.

use super::Steps;
use super::facts::Facts;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::family::wish;
use crate::scope::FieldRef;
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::{Action, FieldKind, RuleKind};

/// What the steps show, where it is one of these.
pub(super) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    answered(engine, steps)
        .or_else(|| report(engine, steps))
        .or_else(|| figures(engine, steps))
        .or_else(|| found(engine, facts, steps, rules))
        .or_else(|| summed(engine, steps))
}

/// "When I ask for the totals by area of the shift, then I see the sum of hours and the sum of fees for each area": the question
/// says by what, the answer which figures.
fn answered(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    const ASKED: &[&str] = &["total", "sum", "statistic", "statistics", "figure", "report", "overview", "summary"];
    const FIGURES: &[&str] = &["total", "sum", "numberof", "count", "average", "mean", "highest", "lowest"];
    const SHOWN: &[&str] = &["shown", "listed", "displayed", "returned"];
    let of = |token: &Token, words: &[&str]| words.iter().any(|word| token.is(word));
    let groups = |token: &Token| token.is("per") || token.is("by");
    let by = steps.when.iter().position(groups)?;
    let (question, group) = (steps.when.get(..by)?, steps.when.get(by + 1..)?);
    question.iter().any(|token| of(token, ASKED)).then_some(())?;
    let from = steps.then.iter().take(5).position(|token| of(token, FIGURES))?;
    // Who sees it stands in front.
    let seen = steps
        .then
        .get(..from)?
        .last()
        .is_none_or(|verb| verbs::actions(&verb.lemma).contains(&Action::List) || verb.is("receive"));
    let per = steps.then.iter().position(groups).unwrap_or(steps.then.len());
    let mut what = steps.then.get(from..per)?;
    if let [rest @ .., be, shown] = what
        && be.is("be")
        && of(shown, SHOWN)
    {
        what = rest;
    }
    let told = steps.then.get(per..)?.iter().skip(1).all(|token| group.iter().any(|other| other.lemma == token.lemma));
    let first = what.first().filter(|_| seen && told)?;
    let mark = |word: &str| std::iter::once(Token::new(word, first.start, first.start));
    let wanted: Vec<Token> =
        mark("see").chain(what.iter().cloned()).chain(mark("per")).chain(group.iter().cloned()).collect();
    let effects = wish::read(engine, &wanted)?;
    effects.iter().all(|effect| matches!(effect, Effect::Rule(RuleKind::Totals { .. }))).then_some(effects)
}

/// "When I ask for the total hours by tutor, then I get one sum for each tutor".
fn report(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    const ASKING: &[&str] =
        &["ask", "request", "open", "look", "view", "see", "get", "fetch", "show", "list", "calculate", "query", "run"];
    let verb = steps.when.iter().take(4).position(|token| ASKING.contains(&token.lemma.as_str()))?;
    let mut rest = steps.when.get(verb + 1..)?;
    while let Some((_, behind)) =
        rest.split_first().filter(|(first, _)| ["for", "at", "up"].iter().any(|word| first.is(word)))
    {
        rest = behind;
    }
    let first = rest.first()?;
    // What comes back is told in the words of the question, and in these.
    const TOLD: &[&str] = &[
        "i", "we", "they", "user", "it", "be", "get", "see", "receive", "1", "sum", "total", "number", "row", "line",
        "figure", "amount", "value", "per", "for", "by", "of", "each", "shown", "listed", "returned", "there", "with",
    ];
    let wanted: Vec<Token> =
        std::iter::once(Token::new("see", first.start, first.start)).chain(rest.iter().cloned()).collect();
    let effects = wish::read(engine, &wanted)?;
    let asked = |token: &Token| steps.when.iter().any(|other| other.lemma == token.lemma);
    // "The sum of the volumes of the donations": whose they are may be told too.
    let owners = |token: &Token| {
        effects.iter().any(|effect| match effect {
            Effect::Rule(RuleKind::Totals { entity, .. }) => {
                engine.lexicon.entity(entity).is_some_and(|named| named.words.contains(&token.lemma))
            }
            _ => false,
        })
    };
    let told = |token: &Token| !token.quoted && (asked(token) || owners(token) || TOLD.contains(&token.lemma.as_str()));
    let totals = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Totals { .. }));
    (effects.iter().all(totals) && steps.then.iter().all(told)).then_some(effects)
}

/// "When a planner asks for statistics, then the total volume per blood group is shown": what is shown is what is asked for.
fn figures(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    const NAMES: &[&str] = &["statistic", "statistics", "report", "overview", "figure", "evaluation"];
    let last = steps.when.last()?;
    if steps.when.len() > 6 || !steps.given.is_empty() || !NAMES.iter().any(|name| last.is(name)) {
        return None;
    }
    let mut effects = Vec::new();
    for part in steps.then.split(|token| token.is("and")) {
        let shown = part.iter().position(|token| token.is("be"))?;
        let (what, behind) = (part.get(..shown)?, part.get(shown + 1..)?);
        if !behind.first().is_some_and(|token| token.is("shown") || token.is("listed")) {
            return None;
        }
        let first = what.first()?;
        let mut wanted = vec![Token::new("see", first.start, first.start)];
        wanted.extend(what.iter().chain(behind.get(1..)?).cloned());
        effects.extend(wish::read(engine, &wanted)?);
    }
    effects.iter().all(|effect| matches!(effect, Effect::Rule(RuleKind::Totals { .. }))).then_some(effects)
}

/// "Given a tutor named "Ada Byron", when I search tutors for "byron", then I see "Ada Byron"".
fn found(engine: &Engine<'_>, facts: &Facts, steps: &Steps, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    const NO: &[&str] = &["not", "no", "nothing", "nobody", "without", "never"];
    let (Some(sought), Some(shown)) = (one_quoted(&steps.when), one_quoted(&steps.then)) else { return None };
    if !facts.said(&["search", "find", "look"])
        || !shown.to_lowercase().contains(&sought.to_lowercase())
        || steps.then.iter().chain(&steps.when).any(|token| NO.contains(&token.word.as_str()))
    {
        return None;
    }
    let entity = facts.entities.first()?;
    let told =
        facts.values.iter().find(|given| given.field.entity == *entity && given.value.eq_ignore_ascii_case(shown));
    let field = match told {
        Some(given) => given.field.field.clone(),
        // "A tutor named ..." has a name.
        None => {
            let called = steps.given.windows(2).any(|pair| {
                matches!(pair, [called, name] if matches!(called.word.as_str(), "named" | "called" | "titled") && name.raw == shown)
            });
            let named = engine.lexicon.entity(entity).filter(|_| called)?;
            let is_name = |word: &String| matches!(word.as_str(), "name" | "title");
            let mut names = named.fields.iter().filter(|field| field.words.last().is_some_and(is_name));
            match (names.next(), names.next()) {
                (Some(one), None) => one.key.clone(),
                _ => return None,
            }
        }
    };
    let known = rules.iter().find(|rule| {
        matches!(rule, RuleKind::Search { entity: of, fields } if of == entity && (fields.is_empty() || fields.contains(&field)))
    });
    let search = || RuleKind::Search { entity: entity.clone(), fields: vec![field.clone()] };
    Some(vec![Effect::Rule(known.cloned().unwrap_or_else(search))])
}

/// The one text in quotation marks.
fn one_quoted(tokens: &[Token]) -> Option<&str> {
    let mut quoted = tokens.iter().filter(|token| token.quoted);
    match (quoted.next(), quoted.next()) {
        (Some(one), None) => Some(&one.raw),
        _ => None,
    }
}

/// "Given a tutor with lessons of 2 and 3 hours, when I read the tutor, then the lesson hours are 5": their sum.
fn summed(engine: &Engine<'_>, steps: &Steps) -> Option<Vec<Effect>> {
    let given = steps.given.as_slice();
    let scope = engine.scope(given);
    let mentioned = scope.mentioned(given);
    let [parent, child] = mentioned.as_slice() else { return None };
    engine.lexicon.reference(child, parent)?;
    let parts: Vec<f64> =
        given.iter().filter(|token| token.is_number()).filter_map(|token| token.word.parse().ok()).collect();
    let at = steps.then.iter().position(|token| token.is("be") || token.is("="))?;
    let (name, result) = (steps.then.get(..at)?, steps.then.get(at + 1..)?);
    let value: f64 = result.first().filter(|token| token.is_number())?.word.parse().ok()?;
    // Two parts at least, and nothing else that they could make.
    let sum: f64 = parts.iter().sum();
    let other = [parts.len() as f64, sum / parts.len() as f64].into_iter().chain(parts.iter().copied());
    if parts.len() < 2 || (sum - value).abs() > 1e-9 || other.into_iter().any(|one| (one - value).abs() < 1e-9) {
        return None;
    }
    let of = summand(engine, child, given)?;
    let (owner, many) = (engine.lexicon.entity(parent)?, engine.lexicon.entity(child)?);
    let name = of_owner(engine, name, parent)?;
    let field = &engine.lexicon.field(&of)?.name;
    engine.sentence(&format!("The {name} of {} is the sum of the {field} of its {}.", owner.name, many.plural)).ok()
}

/// `total` of "the total of the order" or "the order's total", said of that order.
pub(super) fn of_owner(engine: &Engine<'_>, name: &[Token], owner: &str) -> Option<String> {
    let scope = engine.scope(name);
    let named = |at: usize| scope.entity_at(name, at).into_iter().filter(|(_, entity)| entity == owner);
    let of = name.iter().position(|token| token.is("of"));
    let whose = name.iter().position(|token| token.is("'s"));
    let own = match (of, whose) {
        (Some(of), _) => name.get(..of).filter(|_| named(of + 1).any(|(end, _)| end == name.len()))?,
        (None, Some(whose)) => name.get(whose + 1..).filter(|_| named(0).any(|(end, _)| end == whose))?,
        (None, None) => name,
    };
    // "The amount of" may be one word.
    let words = own.iter().map(|token| token.raw.strip_suffix(" of").unwrap_or(&token.raw));
    Some(words.collect::<Vec<_>>().join(" "))
}

/// The child's field that the numbers are of: the one that the words name, else its only number of that kind.
fn summand(engine: &Engine<'_>, child: &str, given: &[Token]) -> Option<FieldRef> {
    // "Order lines of 90.00 and 60.00" are amounts, and no numbers of pieces.
    let parted = given.iter().any(|token| token.is_number() && token.word.contains('.'));
    let number = |kind: &FieldKind| {
        matches!(kind, FieldKind::Decimal | FieldKind::Money) || !parted && *kind == FieldKind::Integer
    };
    let numbers: Vec<_> = engine.lexicon.entity(child)?.fields.iter().filter(|field| number(&field.kind)).collect();
    let said = |words: &[String]| words.iter().all(|word| given.iter().any(|token| token.lemma == *word));
    let mut named = numbers.iter().filter(|field| said(&field.words));
    let entered: Vec<_> = numbers.iter().filter(|field| !parted && !field.read_only).collect();
    let one = match (named.next(), named.next(), numbers.as_slice(), entered.as_slice()) {
        (Some(one), None, _, _) => one,
        (None, _, [one], _) => one,
        (None, _, _, [one]) => one,
        _ => return None,
    };
    Some(FieldRef { entity: child.to_owned(), field: one.key.clone() })
}
