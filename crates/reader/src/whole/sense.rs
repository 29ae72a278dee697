//! Words that turn what a sentence says, held against what was understood: a permission that became a demand, `no later than` that
//! became `no earlier than`, what usually is.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::keys::snake;
use crate::lexicon::Lexicon;
use crate::normal;
use crate::verbs;
use maestro_artifacts::{Expr, FieldKind, Op, Operand, RuleKind, Test};

/// What in a text is contrary to the effects, as the text says it.
pub(super) fn turned(text: &str, effects: &[Effect], lexicon: &Lexicon) -> Option<String> {
    let lower = super::plain(text);
    let said =
        |words: &[&str]| words.iter().find(|word| lower.contains(&format!(" {word} "))).map(|word| (*word).to_owned());
    let rules: Vec<&RuleKind> =
        effects.iter().filter_map(|effect| if let Effect::Rule(rule) = effect { Some(rule) } else { None }).collect();
    let any = |fits: fn(&RuleKind) -> bool| rules.iter().any(|rule| fits(rule));
    let bounds =
        any(|rule| matches!(rule, RuleKind::Range { .. } | RuleKind::Compare { .. } | RuleKind::Length { .. }));
    let denies =
        said(&["no", "not", "never", "only", "nobody", "cannot", "can't", "neither", "nor", "without", "unless"])
            .is_some();
    [
        // Questions, memories, what could be
        text.trim_end().ends_with('?').then(|| "?".to_owned()),
        said(&["could be", "might be", "was at least", "was at most", "used to be"]).filter(|_| bounds && !denies),
        said(PERMITTED).filter(|_| bounds && !denies),
        said(USUAL).filter(|_| {
            let bounded = said(&[
                "at most",
                "at least",
                "more than",
                "less than",
                "higher than",
                "lower than",
                "between",
                "up to",
            ]);
            any(|rule| matches!(rule, RuleKind::Default { .. })) && bounded.is_some()
        }),
        // "At least 0 and 0 by default" is a bound, too.
        said(&["at least", "at most", "between"])
            .filter(|_| !rules.is_empty() && rules.iter().all(|rule| matches!(rule, RuleKind::Default { .. }))),
        said(LATEST).filter(|_| compares(&lower, &rules, &[Op::Ge, Op::Gt])),
        said(EARLIEST).filter(|_| compares(&lower, &rules, &[Op::Le, Op::Lt])),
        // What is given only under a condition need not be given.
        said(&["only allowed", "allowed only", "only be given", "be given only", "only permitted"])
            .filter(|_| any(|rule| matches!(rule, RuleKind::Required { .. }))),
        said(&["only once", "once set", "just once"]).filter(|once| {
            any(|rule| matches!(rule, RuleKind::Unique { .. }))
                && (once == "once set" || said(&["be set", "be changed", "be entered"]).is_some())
        }),
        // "... unique within its school and a league, which is junior or senior": the values of another field.
        said(&["or"])
            .filter(|_| any(|rule| matches!(rule, RuleKind::Unique { fields, .. } if fields.len() > 1)))
            .filter(|_| {
                !effects.iter().any(|effect| matches!(effect, Effect::Field { kind: Some(FieldKind::Enum { .. }), .. }))
            }),
        said(&["digits", "digit"]).filter(|_| {
            any(|rule| matches!(rule, RuleKind::Length { .. })) && !any(|rule| matches!(rule, RuleKind::Pattern { .. }))
        }),
        said(&["only"])
            .filter(|_| by_some_only(&lower))
            .filter(|_| effects.iter().any(|effect| matches!(effect, Effect::Transition { .. })))
            .filter(|_| !any(|rule| matches!(rule, RuleKind::TransitionRole { .. }))),
        ["no longer:", "not any more:", "rejected:", "wrong:", "old rule:", "todo:", "exception:"]
            .iter()
            .find(|label| text.trim_start().to_lowercase().starts_with(**label))
            .map(|label| (*label).to_owned()),
        who_may_not(text, &rules, lexicon),
        done_by(&lower, effects),
        made_of(text, effects),
        // Demanded then, and refused else.
        said(&["if and only if"]).filter(|_| !any(|rule| matches!(rule, RuleKind::EmptyWhen { .. }))),
        // "Together, home points and away points may not exceed 8" bounds neither alone.
        said(&[
            "together",
            "combined",
            "altogether",
            "in total",
            "plus",
            "total of",
            "sum of",
            "difference between",
            "higher of",
            "lower of",
            "larger of",
            "smaller of",
            "average of",
        ])
        .filter(|_| any(|rule| matches!(rule, RuleKind::Range { .. })))
        .filter(|_| {
            !any(|rule| {
                matches!(
                    rule,
                    RuleKind::Capacity { .. }
                        | RuleKind::Computed { .. }
                        | RuleKind::Compare { .. }
                        | RuleKind::Unique { .. }
                )
            })
        }),
        // "Only the office may change it from open to running and from running to broken": both ways.
        said(&["only"]).filter(|_| lower.starts_with(" only ")).filter(|_| unrestricted(effects)),
        // "Confirming needs a deposit of at least 50": then, and not always.
        when_done(&lower, &rules, lexicon),
        said(&["within"]).filter(|_| {
            lower.contains(" before ") && rules.len() == 1 && any(|rule| matches!(rule, RuleKind::Compare { .. }))
        }),
        in_part(&rules),
        taken_for(text, effects),
        sorted(&lower, &rules),
        other_list(text, &rules, lexicon),
        pronoun(&lower, &rules),
        frozen(&lower, &rules),
        never_checked(&rules, lexicon),
        // "A home address and a work address, each with a street": whose street is that of the record?
        said(&["each with a", "each with an"])
            .filter(|_| effects.iter().any(|effect| matches!(effect, Effect::Field { .. })))
            // "A building has several lifts, each with a number": lifts are records of their own.
            .filter(|_| effects.iter().filter(|effect| matches!(effect, Effect::Entity { .. })).count() < 2),
        hundredths(&rules, lexicon),
        somehow(&lower, effects),
        turned_round(text, &rules, lexicon),
        effects.iter().find_map(|effect| strange(effect, &lower, lexicon)),
    ]
    .into_iter()
    .flatten()
    .next()
}

const PERMITTED: &[&str] = &[
    "may be greater than",
    "may be higher than",
    "may be more than",
    "may be larger than",
    "may be longer than",
    "may be later than",
    "may be earlier than",
    "may be after",
    "may be before",
    "can be later than",
    "can be earlier than",
    "can be after",
    "can be before",
    "may last longer",
    "may be in the future",
    "may be in the past",
    "can be greater than",
    "can be higher than",
    "can be more than",
    "can be larger than",
    "can be longer than",
    "can last longer",
    "can be in the future",
    "can be in the past",
    "may exceed",
    "can exceed",
    "may be less than",
    "can be less than",
    "may be negative",
    "can be negative",
];
const USUAL: &[&str] = &["usually", "normally", "generally", "typically", "mostly", "often"];
const LATEST: &[&str] = &["no later than", "not later than", "at the latest", "not be later than"];
const EARLIEST: &[&str] = &[
    "no earlier than",
    "not earlier than",
    "at the earliest",
    "no sooner than",
    "not be earlier than",
    "not start earlier than",
];

/// Whether all comparisons with today go one of these ways; "at the latest 2 days before it starts" says it of the other side,
/// and "not earlier than its start and not in the future" of its start.
fn compares(lower: &str, rules: &[&RuleKind], ways: &[Op]) -> bool {
    let of = |rule: &&RuleKind| match rule {
        RuleKind::Compare {
            op, to: Operand::Today { .. } | Operand::ThisYear { .. } | Operand::Now { .. }, ..
        } => Some(*op),
        _ => None,
    };
    let other = rules.iter().any(|rule| match rule {
        RuleKind::Compare { op, to: Operand::Field { .. } | Operand::Referenced { .. }, .. } => !ways.contains(op),
        _ => false,
    });
    if other {
        return false;
    }
    let mut ops = rules.iter().filter_map(of).peekable();
    ops.peek().is_some() && ops.all(|op| ways.contains(&op)) && !lower.contains(" before ")
}

/// "Office clerk: may not delete birds" forbids it to nobody else.
fn who_may_not(text: &str, rules: &[&RuleKind], lexicon: &Lexicon) -> Option<String> {
    let (who, told) = text.split_once(": ")?;
    let told = told.to_lowercase();
    let barred = ["may not ", "must not ", "cannot ", "can't ", "never "].iter().any(|bar| told.starts_with(bar));
    let all = |rule: &&RuleKind| matches!(rule, RuleKind::NoDelete { .. } | RuleKind::Immutable { .. });
    (barred && lexicon.find(who).is_none() && rules.iter().any(all)).then(|| who.to_owned())
}

/// "Languages must consist of two-letter codes": the form of a text, and no kind of record.
fn made_of(text: &str, effects: &[Effect]) -> Option<String> {
    let (subject, _) = text.split_once(" must consist of ").or_else(|| text.split_once(" must be made up of "))?;
    let article = ["a ", "an ", "each ", "every "].iter().any(|one| subject.to_lowercase().starts_with(one));
    let names = |effect: &Effect| matches!(effect, Effect::Field { .. } | Effect::Entity { .. });
    (!article && effects.iter().any(names)).then(|| "consist".to_owned())
}

/// "Tours are created by planners": who does it is no field of a tour.
fn done_by(lower: &str, effects: &[Effect]) -> Option<String> {
    const TOLD: &[&str] =
        &["described", "characterised", "characterized", "identified", "defined", "named", "known", "given"];
    effects.iter().find_map(|effect| {
        let Effect::Field { name, read_only: false, .. } = effect else { return None };
        let (before, _) = lower.split_once(&format!(" by {} ", name.to_lowercase()))?;
        let verb = before.rsplit(' ').next().unwrap_or_default();
        (verb.ends_with("ed") && !TOLD.contains(&verb)).then(|| name.clone())
    })
}

/// "Assignments of harbour sites need a fee of at least 10": no bound for the others.
fn in_part(rules: &[&RuleKind]) -> Option<String> {
    rules.iter().find_map(|rule| {
        let RuleKind::RequiredWhen { entity, field, .. } = rule else { return None };
        let bound = |other: &&&RuleKind| matches!(other, RuleKind::Range { entity: e, field: f, .. } if e == entity && f == field);
        // "A confirmed booking must have a reason and a deposit greater than 0": the deposit of these.
        let told = |of: &String| {
            rules.iter().any(|rule| matches!(rule, RuleKind::Required { field: f, .. } | RuleKind::RequiredWhen { field: f, .. } if f == of))
        };
        let beside = rules.iter().find_map(|other| match other {
            RuleKind::Range { entity: e, field: f, .. } if e == entity && !told(f) => Some(f.clone()),
            _ => None,
        });
        rules.iter().find(bound).map(|_| field.clone()).or(beside)
    })
}

/// "Has a start date and a deadline; it must not be in the past": what was named last.
fn taken_for(text: &str, effects: &[Effect]) -> Option<String> {
    let told = ["; it must ", "; it may ", "; it can", ", and it must ", ", it must ", "; this must "];
    let pronoun = told.iter().find(|told| text.contains(**told))?;
    let fields =
        effects.iter().filter_map(|effect| if let Effect::Field { name, .. } = effect { Some(name) } else { None });
    let last = snake(fields.clone().next_back().filter(|_| fields.count() > 1)?);
    let other = |effect: &Effect| match effect {
        Effect::Rule(
            RuleKind::Compare { field, .. }
            | RuleKind::Range { field, .. }
            | RuleKind::Length { field, .. }
            | RuleKind::Pattern { field, .. },
        ) => *field != last,
        _ => false,
    };
    effects.iter().any(other).then(|| pronoun.trim_matches([';', ',', ' ']).to_owned())
}

/// "By the head falconer only"
fn by_some_only(lower: &str) -> bool {
    let Some((_, rest)) = lower.rsplit_once(" by ") else { return false };
    rest.trim_end().ends_with(" only") && rest.split_whitespace().count() <= 5
}

/// Whether a way between states is told with others and, unlike these, nobody alone may take it.
fn unrestricted(effects: &[Effect]) -> bool {
    let roles = || {
        effects.iter().filter_map(|effect| match effect {
            Effect::Rule(RuleKind::TransitionRole { entity, from, to, .. }) => Some((entity, from, to)),
            _ => None,
        })
    };
    roles().next().is_some()
        && effects.iter().any(|effect| match effect {
            Effect::Transition { entity, from, to } => !roles().any(|(of, origin, state)| {
                of == entity && state == to && origin.as_ref().is_none_or(|origin| origin == from)
            }),
            _ => false,
        })
}

/// A bound that is told of what is done to a record, and was taken for one that always holds.
fn when_done(lower: &str, rules: &[&RuleKind], lexicon: &Lexicon) -> Option<String> {
    let deed = lower.split_whitespace().next().filter(|word| word.len() > 5 && word.ends_with("ing"))?;
    let needs = [" needs ", " requires ", " asks for ", " takes "].iter().any(|verb| lower.contains(verb));
    let always = rules.iter().any(|rule| matches!(rule, RuleKind::Range { .. } | RuleKind::Length { .. }));
    let states = lexicon.entities.iter().any(|entity| verbs::state(lexicon, &entity.key, deed).is_some());
    (needs && always && states).then(|| deed.to_owned())
}

/// "By status, then by day, latest first" turns the last; "oldest first, then by fee" is two.
fn sorted(lower: &str, rules: &[&RuleKind]) -> Option<String> {
    rules.iter().find_map(|rule| {
        let RuleKind::List { sort, .. } = rule else { return None };
        let all_turned = sort.len() > 1 && sort.iter().all(|key| key.descending);
        let lost = sort.len() == 1 && lower.contains(" then ");
        let turns = [
            "newest",
            "latest",
            "oldest",
            "earliest",
            "highest",
            "lowest",
            "largest",
            "smallest",
            "last",
            "most recent",
        ];
        let once = turns.iter().map(|turn| lower.matches(&format!(" {turn} first ")).count()).sum::<usize>() <= 1;
        (lost || all_turned && once && lower.contains(" first ")).then(|| "then".to_owned())
    })
}

/// "Assignments can be filtered by the kind of the site" is nothing that the list of sites does.
fn other_list(text: &str, rules: &[&RuleKind], lexicon: &Lexicon) -> Option<String> {
    let words = normal::normalise(text, lexicon);
    let mentioned = Engine { lexicon, topics: Vec::new() }.scope(&words).mentioned(&words);
    let [first, _, ..] = mentioned.as_slice() else { return None };
    let of = |rule: &&RuleKind| match rule {
        RuleKind::Filter { entity, .. } | RuleKind::Search { entity, .. } => Some(entity.clone()),
        _ => None,
    };
    let lists: Vec<String> = rules.iter().filter_map(of).collect();
    let other = lists.iter().find(|entity| *entity != first)?;
    // "Clerks find members": who looks for them may be called as records are.
    (lists.len() == rules.len() && lexicon.reference(first, other).is_some())
        .then(|| lexicon.entity(first).map_or_else(|| first.clone(), |named| named.plural.clone()))
}

/// "Only clerks may delete sites, but managers may change them": sites, and no managers.
fn pronoun(lower: &str, rules: &[&RuleKind]) -> Option<String> {
    let of = |rule: &&RuleKind| match rule {
        RuleKind::ActionRole { entity, .. } | RuleKind::Capability { entity, .. } => Some(entity.clone()),
        _ => None,
    };
    let mut entities: Vec<String> = rules.iter().filter_map(of).collect();
    entities.dedup();
    (entities.len() > 1 && lower.contains(" them ")).then(|| "them".to_owned())
}

/// "Neither the bird nor the fee of an assignment can be changed" freezes no birds.
fn frozen(lower: &str, rules: &[&RuleKind]) -> Option<String> {
    let of = |rule: &&RuleKind| match rule {
        RuleKind::Immutable { entity, fields, .. } => Some((entity.clone(), fields.is_empty())),
        _ => None,
    };
    let all: Vec<(String, bool)> = rules.iter().filter_map(of).collect();
    let mixed = all.iter().any(|(entity, _)| Some(entity) != all.first().map(|(first, _)| first));
    // "Neither the claim nor its items may be changed"
    let both =
        all.iter().all(|(_, whole)| *whole) && [" nor its ", " nor their "].iter().any(|its| lower.contains(its));
    (mixed && !both && lower.contains(" neither ") && all.iter().any(|(_, whole)| *whole)).then(|| "neither".to_owned())
}

/// A comparison that is made when a record is new, in a state that no new record has.
fn never_checked(rules: &[&RuleKind], lexicon: &Lexicon) -> Option<String> {
    rules.iter().find_map(|rule| {
        let RuleKind::Compare { entity, when, on_create: true, .. } = rule else { return None };
        let named = lexicon.entity(entity)?;
        let (flow, (first, _)) = (named.flow.field.as_ref()?, named.flow.initial.as_ref()?);
        when.0.iter().find_map(|test| match test {
            Test::In { via: None, field, values } if field == flow => {
                let told = values.iter().filter_map(serde_json::Value::as_str);
                (!told.clone().any(|value| value == first)).then(|| told.clone().next().unwrap_or_default().to_owned())
            }
            _ => None,
        })
    })
}

/// "An age, computed from the birth date", "a price, calculated from nights and rate": how it is worked out of them is not told.
fn somehow(lower: &str, effects: &[Effect]) -> Option<String> {
    const FROM: &[&str] = &[
        " calculated from ",
        " computed from ",
        " derived from ",
        " worked out from ",
        " built from ",
        " formed from ",
    ];
    let (from, behind) = FROM.iter().find_map(|from| Some((*from, lower.split_once(from)?.1)))?;
    let bare =
        |rule: &RuleKind| matches!(rule, RuleKind::Computed { expr: Expr::Field { .. } | Expr::Referenced { .. }, .. });
    let worked_out =
        effects.iter().any(|effect| matches!(effect, Effect::Rule(rule @ RuleKind::Computed { .. }) if !bare(rule)));
    let named = effects.iter().any(|effect| {
        matches!(effect, Effect::Field { name, read_only: false, .. } if format!(" {behind}").contains(&format!(" {} ", name.to_lowercase())))
    });
    let fields = effects.iter().any(|effect| matches!(effect, Effect::Field { .. }));
    (fields && (named || !worked_out)).then(|| from.trim().to_owned())
}

/// "The price minus the discount" of a discount in per cent: so many hundredths of what?
fn hundredths(rules: &[&RuleKind], lexicon: &Lexicon) -> Option<String> {
    rules.iter().find_map(|rule| {
        let RuleKind::Computed { entity, expr, .. } = rule else { return None };
        let named = lexicon.entity(entity)?;
        let told = format!("{expr:?}");
        let whole = told.contains("\"100\"") || told.contains("\"0.01\"");
        let joined = matches!(expr, Expr::Add { .. } | Expr::Sub { .. } | Expr::Mul { .. });
        let field = named.fields.iter().find(|field| {
            let percent = field.unit.as_deref() == Some("%")
                || field.words.iter().any(|word| word == "percent" || word == "percentage");
            percent && told.contains(&format!("field: \"{}\"", field.key))
        })?;
        (joined && !whole).then(|| field.name.clone())
    })
}

/// "The persons must not exceed the quantity": the first is that of the record that the second one refers to, and neither is
/// named.
fn turned_round(text: &str, rules: &[&RuleKind], lexicon: &Lexicon) -> Option<String> {
    let [RuleKind::Compare { entity, field, to: Operand::Referenced { via, field: other, .. }, .. }] = rules else {
        return None;
    };
    let own = lexicon.entity(entity)?;
    let target = match &own.field(via)?.kind {
        FieldKind::Reference { entity } => lexicon.entity(entity)?,
        _ => return None,
    };
    let words: Vec<String> = crate::token::tokens(text).into_iter().map(|token| token.lemma).collect();
    let at = |name: &[String]| words.windows(name.len().max(1)).position(|part| part == name);
    let named = at(&own.words).is_some() || at(&target.words).is_some();
    let (first, second) = (at(&own.field(field)?.words)?, at(&target.field(other)?.words)?);
    (!named && second < first).then(|| own.field(field).map(|field| field.name.clone()))?
}

/// States and beginnings that are none: days of the week, and what can be done with a list.
fn strange(effect: &Effect, lower: &str, lexicon: &Lexicon) -> Option<String> {
    const DAYS: &[&str] = &["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    const LISTS: &[&str] =
        &["searched by", "filtered by", "exported as", "sorted by", "found by", "downloaded as", "listed by"];
    match effect {
        Effect::Initial { state, .. } => DAYS.contains(&state.to_lowercase().as_str()).then(|| state.clone()),
        Effect::States { entity, states, field: None } => {
            let list = LISTS.iter().find(|list| lower.contains(&format!(" {list} "))).map(|list| (*list).to_owned());
            // "Assignments can be long or short" of assignments that move through states of their own.
            let named = lexicon.find(entity)?;
            let moves = |state: &String| {
                named.flow.transitions.iter().any(|(from, to, _)| from == state || to == state)
                    || named.flow.initial.as_ref().is_some_and(|(first, _)| first == state)
            };
            let other = !named.flow.transitions.is_empty()
                && lower.contains(" can be ")
                && !states.iter().any(|state| moves(state) || verbs::is_participle(state));
            list.or_else(|| other.then(|| states.join(", ")))
        }
        _ => None,
    }
}
