//! What may not be there twice, by what two steps name: the same room at times that cross, the same course for the same student,
//! one more than there are places. Where a word of the steps is left over, or a value differs, the example may be about just
//! that, and nothing is said.

use super::pieces::{Piece, Which, of};
use crate::criteria::Steps;
use crate::criteria::facts::{Act, Facts};
use crate::criteria::refused::blamed;
use crate::effect::Effect;
use crate::engine::Engine;
use crate::scope::{FieldRef, is_date};
use crate::span;
use crate::token::Token;
use maestro_artifacts::{Action, Condition, FieldKind, Measure, Op, Operand, RuleKind};

/// The one rule that refuses the second step beside the first.
pub(in crate::criteria) fn read(engine: &Engine<'_>, facts: &Facts, steps: &Steps) -> Option<Vec<Effect>> {
    if !facts.missing.is_empty() || steps.given.is_empty() || blamed(steps) {
        return None;
    }
    let mut made: Vec<&String> = Vec::new();
    for act in &facts.acts {
        match act {
            Act::Do(entity, Action::Create) if !made.contains(&entity) => made.push(entity),
            Act::Do(_, Action::Create) => {}
            // What is changed or deleted may be refused for that.
            _ => return None,
        }
    }
    made.extend(
        facts
            .entities
            .iter()
            .filter(|entity| !facts.acts.iter().any(|act| matches!(act, Act::Do(of, _) if of == *entity))),
    );
    made.into_iter().find_map(|made| {
        let given = of(engine, &steps.given, made, &[])?;
        let when = of(engine, &steps.when, made, &given)?;
        let told = Told { engine, made, given: &given, when: &when };
        let found: Vec<RuleKind> = [told.crossing(), told.alike(), told.full()].into_iter().flatten().collect();
        let [rule] = found.try_into().ok()?;
        Some(vec![Effect::Rule(rule)])
    })
}

/// The rule that two spans of a scenario keep that is not refused: one after the other, or in another room.
pub(in crate::criteria) fn kept(engine: &Engine<'_>, steps: &Steps, rules: &[RuleKind]) -> Option<Vec<Effect>> {
    rules.iter().find_map(|rule| {
        let RuleKind::NoOverlap { entity, by, .. } = rule else { return None };
        let given = of(engine, &steps.given, entity, &[])?;
        let when = of(engine, &steps.when, entity, &given)?;
        let told = Told { engine, made: entity, given: &given, when: &when };
        let kept = !told.cross()? || told.apart(by)?;
        (kept && told.there() && told.apart(by).is_some())
            .then(|| vec![Effect::capability(entity, Action::Create), Effect::Rule(rule.clone())])
    })
}

struct Told<'t> {
    engine: &'t Engine<'t>,
    made: &'t str,
    given: &'t [Piece],
    when: &'t [Piece],
}

impl Told<'_> {
    /// What is the same in both: fields of the record, each once. Nothing where something differs, or is told of one of them.
    fn shared(&self) -> Option<Vec<String>> {
        let own = |field: &FieldRef| (field.entity == self.made).then(|| field.field.clone());
        let mut keys: Vec<String> = Vec::new();
        for piece in self.when {
            match piece {
                Piece::Value(field, _) if self.given.contains(piece) => keys.push(own(field)?),
                Piece::Alike(field) => {
                    let told = |piece: &Piece| matches!(piece, Piece::Value(of, _) if of == field);
                    keys.push(own(field).filter(|_| self.given.iter().any(told))?);
                }
                Piece::Record(entity, which) if *entity != self.made => {
                    let via = self.engine.lexicon.reference(self.made, entity)?;
                    (*which == Which::Same && self.records(self.given, entity)).then(|| keys.push(via))?;
                }
                Piece::Record(_, Which::Many(_)) | Piece::Value(..) | Piece::State(_) => return None,
                _ => {}
            }
        }
        // All that tells the first record apart is told of the second.
        let kept = |piece: &Piece| match piece {
            Piece::Value(field, _) => keys.contains(&field.field),
            Piece::Record(entity, which) => {
                !matches!(which, Which::Many(_))
                    && (*entity == self.made
                        || self.engine.lexicon.reference(self.made, entity).is_some_and(|via| keys.contains(&via)))
            }
            Piece::State(state) => {
                state.entity == self.made
                    && crate::verbs::begins_as(self.engine.lexicon, self.made).as_ref() == Some(&state.value)
            }
            _ => true,
        };
        if !self.given.iter().all(kept) {
            return None;
        }
        keys.sort();
        keys.dedup();
        Some(keys)
    }

    fn records(&self, part: &[Piece], entity: &str) -> bool {
        part.iter().any(|piece| matches!(piece, Piece::Record(of, _) if of == entity))
    }

    /// Whether the first step tells of such a record: "a booking", "a member who is booked on a trip".
    fn there(&self) -> bool {
        self.records(self.given, self.made) || self.given.contains(&Piece::Made)
    }

    /// Two spans that share some time, with the same room, by which they are told apart otherwise.
    fn crossing(&self) -> Option<RuleKind> {
        let (start, end) = span::of(self.engine.lexicon, self.made)?;
        let by = self.shared()?;
        let fresh = self.when.iter().all(|piece| !matches!(piece, Piece::Again));
        (self.cross()? && fresh && self.there() && by.len() == 1).then(|| RuleKind::NoOverlap {
            entity: self.made.to_owned(),
            via: None,
            start,
            end,
            by,
            when: Condition::default(),
        })
    }

    /// Whether the spans of the two steps share some time.
    fn cross(&self) -> Option<bool> {
        let (given, mut when) = (moments(self.given)?, moments(self.when)?);
        let [from, to] = given.as_slice() else { return None };
        // "On the same day"
        let day = from.len().checked_sub(5).and_then(|at| from.get(..at));
        if self.when.contains(&Piece::SameDay)
            && let Some(day) = day
        {
            when = when.iter().map(|moment| format!("{day}{moment}")).collect();
        }
        (from < to && when.iter().all(|moment| moment.len() == from.len())).then_some(())?;
        match when.as_slice() {
            [later, until] => (later < until).then_some(later < to && from < until),
            [later] => Some(from <= later && later < to),
            _ => None,
        }
    }

    /// Whether the second record is another one by what the rule tells records apart by: nothing where that is not told.
    fn apart(&self, by: &[String]) -> Option<bool> {
        let one = |part: &[Piece], via: &String| {
            part.iter().find_map(|piece| match piece {
                Piece::Value(field, value) if field.entity == self.made && field.field == *via => {
                    Some(Some(value.clone()))
                }
                Piece::Alike(field) if field.entity == self.made && field.field == *via => Some(None),
                Piece::Record(entity, which)
                    if self.engine.lexicon.reference(self.made, entity).as_ref() == Some(via) =>
                {
                    Some((*which == Which::Other).then(String::new))
                }
                _ => None,
            })
        };
        let mut apart = false;
        for via in by {
            let (given, when) = (one(self.given, via)?, one(self.when, via)?);
            apart |= when.is_some() && given != when;
        }
        Some(apart)
    }

    /// The same values, or the same records that it refers to, once more.
    fn alike(&self) -> Option<RuleKind> {
        let timed = |piece: &Piece| matches!(piece, Piece::Time(_) | Piece::Day(_) | Piece::SameDay);
        if self.given.iter().chain(self.when).any(timed) || !self.there() {
            return None;
        }
        let fields = self.shared()?;
        let made = |which: Which| self.when.contains(&Piece::Record(self.made.to_owned(), which));
        let counted = |piece: &Piece| matches!(piece, Piece::Record(_, Which::Nth(nth)) if *nth > 2);
        let more = made(Which::Other) || made(Which::Nth(2)) || self.when.contains(&Piece::Again);
        let named = self.when.iter().any(|piece| matches!(piece, Piece::Value(..)));
        let kind = |field: &String| {
            let at = FieldRef { entity: self.made.to_owned(), field: field.clone() };
            self.engine.lexicon.field(&at).map(|named| &named.kind)
        };
        let refers = |field: &String| matches!(kind(field), Some(FieldKind::Reference { .. }));
        // "Another lesson in the room Blue" says not when.
        let choice =
            fields.iter().any(|field| matches!(kind(field), Some(FieldKind::Enum { .. } | FieldKind::Boolean)));
        let alone = fields.len() == 1 && fields.iter().all(refers) && !(made(Which::Other) || made(Which::Nth(2)));
        let repeats = more || named || fields.len() > 1;
        (repeats && !fields.is_empty() && !choice && !alone && !self.when.iter().any(counted)).then(|| {
            RuleKind::Unique { entity: self.made.to_owned(), fields, when: Condition::default(), ignore_case: false }
        })
    }

    /// As many as there are places, and one more.
    fn full(&self) -> Option<RuleKind> {
        let mut parent: Option<&String> = None;
        let (mut limit, mut many) = (None, None);
        for piece in self.given {
            match piece {
                Piece::Record(entity, Which::Many(count)) if *entity == self.made && many.is_none() => {
                    many = Some(*count)
                }
                Piece::Record(entity, Which::One) if parent.is_none() && *entity != self.made => parent = Some(entity),
                Piece::Record(entity, Which::Same) if Some(entity) == parent => {}
                Piece::Value(field, value) if limit.is_none() => limit = Some((field, value)),
                Piece::Made => {}
                _ => return None,
            }
        }
        let ((parent, many), (limit, room)) = (parent.zip(many)?, limit?);
        let via = self.engine.lexicon.reference(self.made, parent)?;
        let mut more = false;
        for piece in self.when {
            match piece {
                Piece::Record(entity, Which::Same) if entity == parent => {}
                Piece::Record(entity, Which::Other) if entity != parent => more = true,
                Piece::Record(entity, Which::Nth(nth)) if entity != parent && *nth == many + 1 => more = true,
                Piece::Record(entity, Which::One) if entity != parent => {}
                Piece::Made => {}
                _ => return None,
            }
        }
        let named = self.engine.lexicon.field(limit).filter(|_| limit.entity == *parent)?;
        let fits = named.kind == FieldKind::Integer && room.parse() == Ok(many);
        (fits && more).then(|| RuleKind::Capacity {
            parent: parent.clone(),
            child: self.made.to_owned(),
            via,
            measure: Measure::Count,
            op: Op::Le,
            limit: Operand::field(limit.field.clone()),
            when: Condition::default(),
        })
    }
}

/// The moments of a step in their order: times of one day, with the day where it is told; or days.
fn moments(part: &[Piece]) -> Option<Vec<String>> {
    let times: Vec<&String> =
        part.iter().filter_map(|piece| if let Piece::Time(time) = piece { Some(time) } else { None }).collect();
    let days: Vec<&String> =
        part.iter().filter_map(|piece| if let Piece::Day(day) = piece { Some(day) } else { None }).collect();
    let joined = |day: &String, time: &String| format!("{day} {time}");
    match (days.as_slice(), times.as_slice()) {
        ([], times) => Some(times.iter().map(|time| (*time).clone()).collect()),
        (days, []) => Some(days.iter().map(|day| (*day).clone()).collect()),
        ([day], times) => Some(times.iter().map(|time| joined(day, time)).collect()),
        (days, times) => {
            (days.len() == times.len()).then(|| days.iter().zip(times).map(|(day, time)| joined(day, time)).collect())
        }
    }
}

/// Whether both steps tell of times or days.
pub(in crate::criteria) fn spans(steps: &Steps) -> bool {
    let moment =
        |token: &Token| !token.quoted && (is_date(&token.word) || token.word.contains(':') && token.word.len() > 3);
    [(&steps.given, 2), (&steps.when, 1)]
        .iter()
        .all(|(part, least)| part.iter().filter(|token| moment(token)).count() >= *least)
}
