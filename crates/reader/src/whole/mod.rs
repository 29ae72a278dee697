//! Whether a reading holds what its sentence says: words that must have left a trace in what was understood.

mod begun;
mod examples;
mod names;
mod phrases;
pub(crate) mod rows;
mod sense;
mod words;

use crate::criteria;
use crate::effect::Effect;
use crate::engine::{Engine, Gap};
use crate::fields::form;
use crate::lexicon::Lexicon;
use crate::normal;
use crate::statement::Outcome;
use maestro_artifacts::{Action, FieldKind, Moment, Offset, Operand, RuleKind, Test};
use maestro_domain::{Epic, Statement, StatementId, StatementKind};

/// "Booking a boat with 4 berths for 5 guests is refused": what is done, whose figures the rule refuses.
fn by_doing(text: &str, effects: &[Effect], lexicon: &Lexicon) -> bool {
    let limit = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Capacity { .. }));
    if criteria::bounding(text).is_some() && effects.iter().all(limit) {
        return true;
    }
    let engine = Engine { lexicon, topics: Vec::new() };
    if let [Effect::Rule(rule)] = effects
        && criteria::said_again(&engine, text, std::slice::from_ref(rule)).is_some()
    {
        return true;
    }
    let told = criteria::as_steps(&engine, text, effects);
    told.is_some_and(|told| told.iter().all(|told| examples::lost(told, effects, lexicon).is_none()))
}

/// Takes back what was understood of a statement that gives names that are none.
pub(crate) fn well_named(statement: &Statement, lexicon: &Lexicon, outcome: Outcome) -> Outcome {
    let Some(name) = names::ill_named(&outcome.effects, lexicon) else { return outcome };
    let why = format!("`{name}` does not look like a name");
    // What else a list or a table names is named well.
    let listed = !(statement.items.is_empty() && statement.table.is_empty());
    let key = crate::keys::snake(&name);
    let speaks = |effect: &Effect| {
        let said = format!("{effect:?}");
        said.contains(&format!("\"{name}\"")) || said.contains(&format!("\"{key}\""))
    };
    let effects = outcome.effects.into_iter().filter(|effect| listed && !speaks(effect)).collect();
    let gap = outcome.gap.or_else(|| Some(Gap { quote: statement.text.trim().to_owned(), why }));
    Outcome { effects, gap, carried: false }
}

/// "The duration of a session must be at least 30 minutes", told of its start and its end: no field that somebody enters.
pub(crate) fn unmeasured(mut outcome: Outcome) -> Outcome {
    const LASTING: &[&str] = &["duration", "length", "number of nights", "nights"];
    let spanned = outcome.effects.iter().any(|effect| {
        matches!(effect, Effect::Rule(RuleKind::Compare { to: Operand::Field { offset, .. }, .. }) if *offset != Offset::NONE)
    });
    let entered = |effect: &Effect| matches!(effect, Effect::Field { name, read_only: false, .. } if LASTING.contains(&name.as_str()));
    if spanned {
        outcome.effects.retain(|effect| !entered(effect));
    }
    outcome
}

/// "A stay has a duration of at least 2 nights" of a stay from one day to another: a bound of these, and of no field beside
/// them.
fn measured(text: &str, effects: &[Effect], lexicon: &Lexicon) -> Option<&'static str> {
    const UNITS: &[&str] = &["night", "nights", "day", "days", "hour", "hours", "minute", "minutes"];
    plain(text).split(' ').any(|word| UNITS.contains(&word)).then_some(())?;
    ["duration", "length"].into_iter().find(|name| {
        let names = |effect: &Effect| matches!(effect, Effect::Field { name: of, read_only: false, .. } if of == name);
        let bounds = |effect: &Effect| {
            matches!(effect, Effect::Rule(RuleKind::Range { entity, field, .. })
                if field == name && crate::span::of(lexicon, entity).is_some())
        };
        effects.iter().any(names) && effects.iter().any(bounds)
    })
}

/// Whether a sentence that is no statement of its own (what a scenario is called) says no more than was understood of it.
pub(crate) fn said(statement: &Statement, effects: &[Effect], lexicon: &Lexicon) -> bool {
    traceless(statement, effects, lexicon).is_none()
        && words::lost(statement, effects, lexicon).is_none()
        && sense::turned(&statement.text, effects, lexicon).is_none()
}

/// The same for a text, where rules are all that was understood.
pub(crate) fn holds(text: &str, effects: &[Effect], lexicon: &Lexicon) -> bool {
    let rules = |effect: &Effect| matches!(effect, Effect::Rule(_) | Effect::Role { .. } | Effect::Transition { .. });
    if !effects.iter().all(rules) {
        return true;
    }
    let Ok(id) = StatementId::new("BR-1") else { return true };
    let statement = Statement {
        id,
        kind: StatementKind::Rule,
        text: text.to_owned(),
        line: 1,
        section: Vec::new(),
        titles: Vec::new(),
        story: None,
        table: Vec::new(),
        items: Vec::new(),
        deferred: None,
    };
    said(&statement, effects, lexicon)
}

/// Whether a text says which records come first: "newest first", "the earliest comes first".
fn ordered(text: &str) -> bool {
    const ENDS: &[&str] =
        &["newest", "latest", "oldest", "earliest", "recent", "cheapest", "highest", "lowest", "largest"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(' ').collect();
    let ends = |at: usize| words.get(at + 1).is_none_or(|next| matches!(*next, "and" | "," | "with" | "on"));
    words.iter().enumerate().any(|(at, word)| {
        let bare = word.trim_end_matches([',', '.', ';', ')']);
        bare == "first"
            && (bare.len() < word.len() || ends(at))
            && words.get(at.saturating_sub(3)..at).is_some_and(|before| before.iter().any(|word| ENDS.contains(word)))
    })
}

/// The part of a date by which a text groups, where no field is called so: "per month", "by month of departure".
fn by_part<'t>(text: &str, lexicon: &Lexicon) -> Option<&'t str> {
    const PARTS: &[&str] = &["month", "week", "quarter", "year", "weekday", "hour"];
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let named = |part: &str| {
        let fields = lexicon.entities.iter().flat_map(|entity| &entity.fields);
        fields.into_iter().any(|field| field.words.iter().any(|word| word == part))
    };
    PARTS.iter().copied().find(|part| {
        let grouped =
            words.windows(2).any(|pair| matches!(pair, ["by" | "per" | "each" | "every", word] if word == part));
        grouped && !named(part)
    })
}

/// Whether what was understood orders a list.
fn orders(effect: &Effect) -> bool {
    match effect {
        Effect::Rule(RuleKind::List { sort, .. }) => !sort.is_empty(),
        Effect::Rule(RuleKind::Sort { .. }) => true,
        _ => false,
    }
}

/// Whether an example's figures show what was understood.
fn shown_by_figures(statement: &Statement, outcome: &Outcome, lexicon: &Lexicon) -> bool {
    let rules = outcome.effects.iter().filter_map(|effect| match effect {
        Effect::Rule(rule) => Some(rule.clone()),
        _ => None,
    });
    let engine = Engine { lexicon, topics: Vec::new() };
    criteria::as_example(&statement.text).is_some()
        || statement.kind == StatementKind::Criterion
            && criteria::example(&engine, &statement.text, &rules.collect::<Vec<_>>(), true).is_some()
}

/// Takes back what was understood of a statement where a number, a value or a word of it left no trace.
pub(crate) fn hold(epic: &Epic, lexicon: &Lexicon, outcomes: &mut [Outcome]) {
    let understood = |outcome: &Outcome| {
        outcome.gap.is_none() && outcome.effects.iter().any(|effect| !matches!(effect, Effect::Role { .. }))
    };
    for (statement, outcome) in epic.statements.iter().zip(outcomes.iter_mut()) {
        if !understood(outcome) {
            continue;
        }
        // The figures of an example agree with the rule, whatever else it tells.
        let computed = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Computed { .. }));
        if outcome.effects.iter().all(computed) && shown_by_figures(statement, outcome, lexicon) {
            continue;
        }
        if statement.kind == StatementKind::Story {
            // Whose they are is nothing that roles tell.
            if let Some(own) = [" my own ", " our own "].iter().find(|own| statement.text.contains(**own)) {
                *outcome = Outcome { gap: lost(&statement.text, own.trim()), ..Outcome::default() };
            }
            continue;
        }
        // "The newest comes first and I can filter by role": in which order is lost.
        if ordered(&statement.text) && !outcome.effects.iter().any(orders) {
            *outcome = Outcome { gap: lost(&statement.text, "first"), ..Outcome::default() };
            continue;
        }
        // "Totals by status and by month": no records are grouped by parts of their dates.
        let totals = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Totals { .. }));
        if outcome.effects.iter().all(totals)
            && let Some(part) = by_part(&statement.text, lexicon)
        {
            *outcome = Outcome { gap: lost(&statement.text, part), ..Outcome::default() };
            continue;
        }
        // "Members may only see their own bookings": whose they are is lost.
        let open = |effect: &Effect| {
            matches!(effect, Effect::Role { .. } | Effect::Actor { .. } | Effect::Rule(RuleKind::Capability { .. }))
        };
        let own = [" their own ", " his or her own ", " his own ", " her own ", " my own "];
        if let Some(own) = own.iter().find(|own| statement.text.to_lowercase().contains(**own))
            && outcome.effects.iter().all(open)
        {
            *outcome = Outcome { gap: lost(&statement.text, own.trim()), ..Outcome::default() };
            continue;
        }
        if criteria::stepped(&statement.text) {
            if let Some(word) = examples::lost(&statement.text, &outcome.effects, lexicon) {
                *outcome = Outcome { gap: lost(&statement.text, &word), ..Outcome::default() };
            }
        } else if let Some((quote, word)) = traceless(statement, &outcome.effects, lexicon)
            .or_else(|| words::lost(statement, &outcome.effects, lexicon))
            .filter(|_| !by_doing(&statement.text, &outcome.effects, lexicon))
        {
            // What other statements speak of is kept, whatever else is said of it here.
            let named = |effect: &Effect| matches!(effect, Effect::Entity { .. } | Effect::Field { .. });
            if !outcome.effects.iter().any(named) {
                outcome.effects.clear();
            }
            outcome.gap = lost(&quote, &word);
        } else if let Some(state) = only_state(&statement.text, &outcome.effects, lexicon) {
            let why = format!("`{state}` would be the only status there is");
            *outcome =
                Outcome { gap: Some(Gap { quote: statement.text.trim().to_owned(), why }), ..Outcome::default() };
        } else if let Some(name) = measured(&statement.text, &outcome.effects, lexicon) {
            let why = format!("its start and its end tell its {name}");
            *outcome =
                Outcome { gap: Some(Gap { quote: statement.text.trim().to_owned(), why }), ..Outcome::default() };
        } else if let Some(word) = sense::turned(&statement.text, &outcome.effects, lexicon) {
            let why = format!("what was understood of it may be contrary to `{word}`");
            *outcome =
                Outcome { gap: Some(Gap { quote: statement.text.trim().to_owned(), why }), ..Outcome::default() };
        }
    }
    begun::hold(epic, lexicon, outcomes);
    for (statement, outcome) in epic.statements.iter().zip(outcomes) {
        rows::keep_whole(statement, lexicon, outcome);
    }
}

/// "A grower is active unless stated otherwise", where nothing says how else one may be.
fn only_state(text: &str, effects: &[Effect], lexicon: &Lexicon) -> Option<String> {
    // "An order begins life as a draft" is no less told for that.
    const TOLD: &[&str] =
        &["begin", "begins", "start", "starts", "initial", "initially", "first", "status", "state", "stage", "phase"];
    if plain(text).split(' ').any(|word| TOLD.contains(&word)) {
        return None;
    }
    effects.iter().find_map(|effect| {
        let (entity, state) = match effect {
            Effect::Initial { entity, state } => (entity, state),
            Effect::States { entity, states, .. } => (entity, states.first()?),
            // Once the status is known by it.
            Effect::Rule(RuleKind::Default { entity, field, value: serde_json::Value::String(state) })
                if lexicon.flow_field(entity).as_ref() == Some(field) =>
            {
                (entity, state)
            }
            _ => return None,
        };
        let named = lexicon.entity(entity)?;
        let key = lexicon.flow_field(entity);
        let other = |(field, value): (&str, &str)| Some(field) == key.as_deref() && value != state;
        (!named.flow.states.iter().any(|known| known != state) && !named.values().into_iter().any(other))
            .then(|| state.clone())
    })
}

/// What is said of a statement that says more than was made of it.
fn lost(quote: &str, word: &str) -> Option<Gap> {
    let why = format!("only a part of it is understood: `{word}` is in nothing that was understood");
    Some(Gap { quote: quote.trim().to_owned(), why })
}

/// What stands below the header of a table; of states and their ways without what they mean ("waits for approval").
fn cells(statement: &Statement, ways: bool) -> impl Iterator<Item = &String> {
    const MEANINGS: &[&str] =
        &["meaning", "description", "explanation", "remark", "remarks", "comment", "note", "notes"];
    let header = statement.table.first();
    let aside = move |at: usize| {
        let title = header.and_then(|header| header.get(at)).map(|cell| cell.trim().to_lowercase()).unwrap_or_default();
        ways && MEANINGS.contains(&title.as_str())
    };
    // "Event: finish" is what the way of its row is called.
    let event = move |at: usize, cell: &str| {
        const EVENTS: &[&str] = &["event", "trigger", "action", "activity", "step", "transition"];
        const MORE: &[&str] =
            &["if", "when", "must", "only", "by", "after", "before", "with", "without", "unless", "not", "no", "has"];
        let title = header.and_then(|header| header.get(at)).map(|cell| cell.trim().to_lowercase()).unwrap_or_default();
        let words: Vec<String> = cell.split_whitespace().map(str::to_lowercase).collect();
        let called = words.len() <= 3 && words.iter().all(|word| word.chars().all(|c| c.is_alphabetic() || c == '-'));
        ways && EVENTS.contains(&title.as_str()) && called && !words.iter().any(|word| MORE.contains(&word.as_str()))
    };
    let kept = move |row: &'_ Vec<String>| {
        (0..row.len())
            .filter(|at| !aside(*at) && !row.get(*at).is_some_and(|cell| event(*at, cell)))
            .collect::<Vec<_>>()
    };
    statement.table.iter().skip(1).flat_map(move |row| kept(row).into_iter().filter_map(|at| row.get(at)))
}

/// The text, and the number or the value of a choice in it, that is in none of the effects.
fn traceless(statement: &Statement, effects: &[Effect], lexicon: &Lexicon) -> Option<(String, String)> {
    let said = format!("{effects:?}").to_lowercase();
    // "No two members", "two visits at once", "between two days" count nothing.
    let pair = |rule: &RuleKind| {
        matches!(rule, RuleKind::Unique { .. } | RuleKind::NoOverlap { .. } | RuleKind::Filter { .. })
    };
    let apart = effects.iter().any(|effect| matches!(effect, Effect::Rule(rule) if pair(rule)));
    // "Declined and failed are final" is told by the ways there are.
    let ways = effects.iter().any(|effect| matches!(effect, Effect::Rule(RuleKind::Transitions { .. })));
    let engine = Engine { lexicon, topics: Vec::new() };
    let moving = effects.iter().any(|effect| matches!(effect, Effect::Transition { .. }));
    let cells = cells(statement, moving);
    for text in std::iter::once(&statement.text).chain(&statement.items).chain(cells) {
        let plain = ["e.g.", "for example", "for instance"].iter().filter_map(|mark| text.find(mark)).min();
        let plain = plain.and_then(|end| text.get(..end)).unwrap_or(text);
        // What a form is made of, and its example, is in the expression that stands for it.
        let plain = crate::aside::without(plain, lexicon);
        let plain = form::rewrite(&plain).unwrap_or_else(|| plain.into_owned());
        let words = normal::normalise(&plain, lexicon);
        let scope = engine.scope(&words);
        // One such word may be a verb ("no lesson may be planned"); several are a list.
        let mut lost: Vec<String> = Vec::new();
        let mut kept = false;
        for (at, token) in words.iter().enumerate() {
            let number = token.word.parse::<f64>().ok().filter(|_| token.is_number() && !token.quoted);
            // "All three are required" is told by their names.
            let all =
                token.article == Some("all") && words.get(at + 1).is_none_or(|next| next.is("must") || next.is("be"));
            let untold = |number: f64| number > 1.0 && !counted(&said, number);
            // "Three possible values: new, used and broken" are counted by naming them; money has two decimals.
            let places = ["decimal", "decimals"].iter().any(|word| words.get(at + 1).is_some_and(|next| next.is(word)));
            // "Others get a 403": how the service answers.
            const ANSWERS: &[f64] = &[400.0, 403.0, 404.0, 409.0, 422.0];
            let refusing = [
                "error",
                "conflict",
                "refused",
                "rejected",
                "forbidden",
                "get a",
                "gets a",
                "receive a",
                "answer",
                "return",
                "respond",
            ];
            let answer = |number: f64| ANSWERS.contains(&number) && refusing.iter().any(|word| text.contains(word));
            let all = all || number.is_some_and(answer);
            let all = all || number.is_some_and(|number| chosen_of(effects, number) || places && number == 2.0);
            // "single, double, four or eight" are values of a choice.
            let value = said.contains(&format!("\"{}\"", token.raw.to_lowercase()));
            if !all && !value && number.is_some_and(|number| untold(number) && !(apart && number == 2.0)) {
                return Some((text.trim().to_owned(), token.word.clone()));
            }
            if let Some((_, states)) = scope.state_at(&words, at).into_iter().next()
                && let Some(first) = states.first()
            {
                if states.iter().any(|state| said.contains(&state.value.to_lowercase())) {
                    kept = true;
                } else if !lost.contains(&first.value) {
                    lost.push(first.value.clone());
                }
            }
        }
        if let ([first, _, ..], false) = (lost.as_slice(), kept || ways) {
            return Some((text.trim().to_owned(), first.clone()));
        }
    }
    None
}

/// Whether a choice of so many values was understood.
fn chosen_of(effects: &[Effect], number: f64) -> bool {
    effects.iter().any(|effect| match effect {
        Effect::Field { kind: Some(FieldKind::Enum { values }), .. } => values.len().to_string() == number.to_string(),
        _ => false,
    })
}

/// Whether a number is somewhere in effects in their written form, as it is told or in the unit that they count in.
fn counted(said: &str, number: f64) -> bool {
    // Hours and days in minutes, weeks in days, years in months, per cent of one, and bounds that exclude themselves.
    const UNITS: &[f64] = &[1.0, 60.0, 1440.0, 7.0, 12.0, 0.01];
    let units = UNITS.iter().map(|unit| number * unit);
    units.chain([number + 1.0, number - 1.0]).any(|number| said.contains(&number.to_string()))
}

/// A text in which words can be looked for: lower case, a space on both sides of each, no marks.
fn plain(text: &str) -> String {
    let words = text.to_lowercase().replace([',', '.', ';', ':'], " ");
    format!(" {} ", words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Whether something that the text plainly says is missing in what was understood of it.
pub(crate) fn loses(text: &str, effects: &[Effect]) -> bool {
    let lower = plain(text);
    let says = |words: &[&str]| words.iter().any(|word| lower.contains(&format!(" {word} ")));
    let rules = || effects.iter().filter_map(|effect| if let Effect::Rule(rule) = effect { Some(rule) } else { None });
    let any = |fits: fn(&RuleKind) -> bool| rules().any(fits);
    // "Each dive has an air need, which is its depth times its size" does more than name a field.
    let names = effects.iter().all(|effect| {
        matches!(
            effect,
            Effect::Entity { .. } | Effect::Field { read_only: false, .. } | Effect::Rule(RuleKind::HasField { .. })
        )
    });
    let formula = names && says(&["times", "minus", "multiplied by", "is the sum of", "equals the sum of"]);
    // "Ordered by start, newest first": the order that is told.
    let sorts = rules().any(|rule| matches!(rule, RuleKind::List { sort, .. } if !sort.is_empty()));
    let turned =
        rules().any(|rule| matches!(rule, RuleKind::List { sort, .. } if sort.iter().any(|key| key.descending)));
    let falling = ["newest first", "latest first", "most recent first", "descending", "descending order"];
    let order = sorts && !turned && says(&falling);
    // Filters are told as such.
    let filters = any(|rule| matches!(rule, RuleKind::Filter { .. }));
    let filtering = lower.contains("filter")
        || says(&[
            "narrow",
            "narrowed",
            "restrict",
            "only",
            "by",
            "find",
            "select",
            "limit",
            "restricted",
            "limited",
            "reduced",
        ]);
    let sorting = says(&["sort", "sorts", "sorted", "order", "ordered"]);
    let unfiltered = lower.contains(" filter ") && !filters && any(|rule| matches!(rule, RuleKind::Capability { .. }));
    let told = lower.contains("filter") || lower.contains("search") || says(&["find", "narrow", "narrowed"]);
    // "Export the enrolments of a session as CSV": which of them.
    let exported = any(|rule| matches!(rule, RuleKind::Csv { .. })) && says(&["export", "exported", "download"]);
    let invented = filters && !told && !exported && (sorting || !filtering);
    // "Filtered by section and by has water" changes nothing.
    let changes = any(|rule| matches!(rule, RuleKind::Capability { action: Action::Update, .. }))
        && lower.contains("filter")
        && !says(&[
            "change", "edit", "update", "maintain", "manage", "correct", "amend", "modify", "adjust", "changed",
        ]);
    // "Double bookings of a room": whose bookings they are.
    let apart = says(&["double bookings of", "double booking of"])
        && any(|rule| matches!(rule, RuleKind::NoOverlap { by, .. } if by.is_empty()));
    let newest = any(|rule| matches!(rule, RuleKind::Sort { .. })) && !sorts && says(&falling);
    // "A remark or an e-mail": one of the two.
    let needed = rules().filter(|rule| matches!(rule, RuleKind::Required { .. })).count() > 1;
    let several = |rule: &RuleKind| matches!(rule, RuleKind::TransitionRequires { fields, .. } if fields.len() > 1);
    let needed = needed || rules().any(several);
    let joined = needed || any(|rule| matches!(rule, RuleKind::Unique { fields, .. } if fields.len() > 1));
    // "A customer is either a theatre or a school; we call this the customer type": the values of a field.
    let listed =
        effects.iter().any(|effect| matches!(effect, Effect::Field { kind: Some(FieldKind::Enum { .. }), .. }));
    let either = says(&["or"]) && !says(&["and", "no", "not", "never", "cannot", "neither", "without"]) && joined
        || names && !listed && says(&["either a", "either an"])
        || joined && says(&["same"]) && says(&["or"]) && !says(&["and"]);
    let summed = names && says(&["total", "sum"]) && says(&["of its", "of their"]);
    // "The fee less 10 percent" takes no tenth of a penny off.
    let hundredth =
        |rule: &RuleKind| matches!(rule, RuleKind::Computed { expr, .. } if !format!("{expr:?}").contains("\"100\""));
    let share = any(hundredth)
        && says(&["plus", "minus", "less", "more", "reduced by", "increased by"])
        && (says(&["percent", "per cent"]) || lower.contains('%'));
    // "Anyone except clerks may scrap a lift": who may not.
    let only = |fits: fn(&Effect) -> bool| effects.iter().all(fits);
    let roles = |rule: &RuleKind| {
        matches!(rule, RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. } | RuleKind::TransitionRole { .. })
    };
    let granted = any(|rule| matches!(rule, RuleKind::Capability { .. })) && !any(roles);
    let moved = |effect: &Effect| {
        matches!(
            effect,
            Effect::Rule(RuleKind::Capability { .. } | RuleKind::Transitions { .. })
                | Effect::Role { .. }
                | Effect::Transition { .. }
                | Effect::Actor { .. }
        )
    };
    const OTHERS: &[&str] = &[
        "other than",
        "anyone but",
        "anybody but",
        "everyone but",
        "everybody but",
        "neither",
        "nor",
        "nobody",
        "nothing else",
    ];
    // "Possible from every stage except hired" leaves out a state, and nobody.
    let but = |word: &&str| says(&[format!("{word} except").as_str(), format!("{word} apart from").as_str()]);
    let excepted = says(&["except", "apart from"]) && !crate::lexicon::STATE_WORDS.iter().any(but) && only(moved)
        || says(OTHERS) && granted;
    // "Starts with the status submitted" tells a state, and no letters.
    let stated = ["status", "state", "stage", "phase"].iter().any(|state| {
        says(&[
            format!("with {state}").as_str(),
            format!("with the {state}").as_str(),
            format!("with a {state}").as_str(),
        ])
    });
    let starts = says(&["starts with", "begins with", "ends with"])
        && !stated
        && any(|rule| matches!(rule, RuleKind::Default { .. }));
    // "A score is only allowed when the outcome is passed": no list of its values.
    let conditional = names
        && says(&[
            "only allowed when",
            "only allowed if",
            "allowed only when",
            "allowed only if",
            "only when",
            "only if",
        ]);
    // "Can be submitted only if it has an assignment" where nothing tells of submitting: what is made has nothing yet.
    let childless = any(|rule| {
        matches!(rule, RuleKind::Requires { at: Moment::Create, condition, .. }
            if condition.0.iter().any(|test| matches!(test, Test::Children { .. })))
    });
    // "The list can be sorted by title or by date": what one may do is no order of the list.
    let may_sort = ["can be sorted", "may be sorted", "can be ordered"];
    let free = says(&may_sort)
        && sorts
        && !any(|rule| matches!(rule, RuleKind::Sort { .. }))
        && !turned
        && !says(&["first", "default"]);
    // "Staff can look up guests by entering the last name": looking up is more than seeing them.
    let searched = says(&["by entering", "by typing"])
        && any(|rule| matches!(rule, RuleKind::Capability { .. }))
        && !any(|rule| matches!(rule, RuleKind::Search { .. } | RuleKind::Filter { .. }));
    // "A draft can be sent, a sent claim can be paid, and both can be cancelled": from which states?
    let both = says(&["both can be", "both may be", "both can become"])
        && effects.iter().any(|effect| matches!(effect, Effect::Transition { .. }));
    // "A room has a label; a label that is already taken is rejected": more than what a room has.
    let describes = |effect: &Effect| match effect {
        Effect::Rule(rule) => {
            matches!(rule, RuleKind::HasField { .. } | RuleKind::Required { .. } | RuleKind::Capability { .. })
        }
        _ => true,
    };
    let taken = says(&["taken", "in use", "already used", "used already", "already exists", "exists already"])
        && says(&["rejected", "refused", "not accepted", "not allowed"])
        && only(describes);
    newest
        || taken
        || both
        || searched
        || free
        || conditional
        || childless
        || either
        || summed
        || share
        || excepted
        || starts
        || apart
        || changes
        || formula
        || order
        || unfiltered
        || invented
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_artifacts::service_model::SortKey;

    fn list(descending: bool) -> Vec<Effect> {
        let sort = vec![SortKey { field: "start".to_owned(), descending }];
        vec![Effect::Rule(RuleKind::List { entity: "booking".to_owned(), sort, page_size: None })]
    }

    #[test]
    fn what_is_told_leaves_a_trace() {
        assert!(loses("Bookings are ordered by start, newest first.", &list(false)));
        assert!(!loses("Bookings are ordered by start, newest first.", &list(true)));
        let named = [Effect::has_field("dive", "air_need")];
        assert!(loses("Each dive has an air need, which is its depth times its size.", &named));
        assert!(!loses("Each dive has an air need.", &named));
    }
}
