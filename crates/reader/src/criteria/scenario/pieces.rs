//! What a step names, piece by piece: records, values of their fields, times, and whether they are those of another step. A step
//! of which a word is left over has no pieces.

use super::alike::{JOINTS, acts};
use super::limits::ordinal;
use super::record_at;
use crate::criteria::facts::doer;
use crate::engine::Engine;
use crate::scope::{FieldRef, StateRef, is_date};
use crate::token::Token;
use maestro_artifacts::FieldKind;

/// Which record a step means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    One,
    /// "The same trip", "this trip", "it".
    Same,
    /// "Another trip".
    Other,
    /// "A fifth member".
    Nth(u32),
    /// "4 bookings".
    Many(u32),
}

/// A thing that a step names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece {
    Record(String, Which),
    /// "With the number 12", "in the room Blue".
    Value(FieldRef, String),
    /// "In the same room"
    Alike(FieldRef),
    /// A state of a workflow.
    State(StateRef),
    /// A time of day, as `09:30`.
    Time(String),
    Day(String),
    SameDay,
    /// "Again", "twice".
    Again,
    /// What makes such a record is done: "enrols", "is booked".
    Made,
}

/// How a record or a value was led in.
#[derive(Debug, Default, Clone, Copy)]
struct Marks {
    same: bool,
    other: bool,
    nth: Option<u32>,
    count: Option<u32>,
}

/// Words of another record of a kind.
const OTHER: &[&str] = &["other", "second", "further", "additional", "duplicate", "2nd"];

/// What joins the words of such a step, beside what joins those of any.
const BESIDE: &[&str] = &[
    ",", "between", "until", "unless", "till", "–", "already", "then", "up", "also", "someone", "somebody", "user",
    "number",
];

/// The pieces of a step about records of a kind. `before` are those of the step before it.
pub(super) fn of(engine: &Engine<'_>, tokens: &[Token], made: &str, before: &[Piece]) -> Option<Vec<Piece>> {
    let inner = Engine { lexicon: engine.lexicon, topics: vec![made.to_owned()] };
    let scope = inner.scope(tokens);
    let mut out: Vec<Piece> = Vec::new();
    let mut marks = Marks::default();
    // Who does it stands before the verb of the second step.
    let doer = if before.is_empty() { 0 } else { doer(tokens) };
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let word = token.word.as_str();
        marks.same |= matches!(token.article, Some("this" | "that" | "these"));
        if token.is("same") {
            (marks.same, at) = (true, at + 1);
        } else if token.is("1") && tokens.get(at + 1).is_some_and(|next| next.is("more")) {
            (marks.other, at) = (true, at + 2);
        } else if OTHER.iter().any(|other| token.is(other)) || ordinal(word).is_some_and(|nth| nth > 1) {
            (marks.other, marks.nth, at) = (true, ordinal(word), at + 1);
        } else if token.is("again") || token.is("twice") {
            out.push(Piece::Again);
            at += 1;
        } else if token.is("day") && marks.same {
            out.push(Piece::SameDay);
            (marks, at) = (Marks::default(), at + 1);
        } else if is_date(word) {
            out.push(Piece::Day(word.to_owned()));
            at += 1;
        } else if let Some(time) = clock(token) {
            out.push(Piece::Time(time));
            at += 1;
        } else if let Some((end, piece)) = named(&inner, &scope, tokens, at, marks, before) {
            out.push(piece);
            (marks, at) = (Marks::default(), end);
        } else if token.is_number() && !token.quoted && marks.count.is_none() {
            (marks.count, at) = (token.word.parse().ok(), at + 1);
        } else if token.is("it") && !before.is_empty() {
            let first = before.iter().find_map(|piece| match piece {
                Piece::Record(entity, _) => Some(entity.clone()),
                _ => None,
            })?;
            out.push(Piece::Record(first, Which::Same));
            at += 1;
        } else if marks.count.is_some() {
            return None;
        } else if acts(&inner, made, token) {
            out.push(Piece::Made);
            at += 1;
        } else if at < doer || JOINTS.iter().chain(BESIDE).any(|joint| token.is(joint)) {
            at += 1;
        } else if marks.nth.is_some() && person(token) {
            // "A fifth guest", of whom nothing is recorded.
            out.push(Piece::Record(token.lemma.clone(), which(marks)));
            (marks, at) = (Marks::default(), at + 1);
        } else {
            return None;
        }
    }
    (marks.count.is_none() && !marks.same && !marks.other).then_some(out)
}

/// A time of day as it is compared: `9:00` is `09:00`.
fn clock(token: &Token) -> Option<String> {
    let (hours, minutes) = token.word.split_once(':').filter(|_| !token.quoted)?;
    let digits = |part: &str| part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(hours) && digits(minutes) && !hours.is_empty() && minutes.len() == 2)
        .then(|| format!("{hours:0>2}:{minutes}"))
}

fn person(token: &Token) -> bool {
    !token.quoted && token.word.chars().all(char::is_alphabetic) && token.word.len() > 2
}

fn which(marks: Marks) -> Which {
    match marks {
        Marks { nth: Some(nth), .. } => Which::Nth(nth),
        Marks { other: true, .. } => Which::Other,
        Marks { same: true, .. } => Which::Same,
        Marks { count: Some(count), .. } => Which::Many(count),
        _ => Which::One,
    }
}

/// The record or the value that is named at a place, with where it ends. A field may be a word for what was done: `booked on` a
/// trip.
fn named(
    engine: &Engine<'_>,
    scope: &crate::scope::Scope<'_>,
    tokens: &[Token],
    at: usize,
    marks: Marks,
    before: &[Piece],
) -> Option<(usize, Piece)> {
    let record = record_at(engine, tokens, at);
    let reference = |field: &FieldRef| {
        matches!(engine.lexicon.field(field).map(|named| &named.kind), Some(FieldKind::Reference { .. }))
    };
    let field = scope.field_at(tokens, at).into_iter().filter(|(_, field)| !reference(field));
    let field = field.max_by_key(|(end, _)| *end);
    if let Some((end, field)) = field.filter(|(end, _)| record.as_ref().is_none_or(|(longer, _)| longer < end)) {
        let kind = engine.lexicon.field(&field).map(|named| &named.kind)?;
        if let Some(count) = marks.count {
            let whole = matches!(kind, FieldKind::Integer);
            return whole.then(|| (end, Piece::Value(field, count.to_string())));
        }
        if let Some((end, value)) = value(scope, tokens, end, &field) {
            return Some((end, Piece::Value(field, value)));
        }
        if marks.same {
            return Some((end, Piece::Alike(field)));
        }
        let moment = matches!(kind, FieldKind::Date | FieldKind::DateTime);
        return (moment && record_at(engine, tokens, end).is_some()).then_some((end, Piece::Made));
    }
    if let Some((end, entity)) = record {
        // "The trip" of a trip that the step before names.
        let told = |piece: &Piece| matches!(piece, Piece::Record(of, _) if *of == entity);
        let the = tokens.get(at).is_some_and(|token| token.article == Some("the")) && before.iter().any(told);
        let marks = Marks { same: marks.same || the, ..marks };
        return Some((end, Piece::Record(entity, which(marks))));
    }
    let (end, states) = scope.state_at(tokens, at).into_iter().next()?;
    let state = states.into_iter().next()?;
    let flow = engine.lexicon.flow_field(&state.entity).as_ref() == Some(&state.field);
    let field = FieldRef { entity: state.entity.clone(), field: state.field.clone() };
    Some((end, if flow { Piece::State(state) } else { Piece::Value(field, state.value) }))
}

/// The value that stands behind a field, with where it ends.
fn value(scope: &crate::scope::Scope<'_>, tokens: &[Token], end: usize, field: &FieldRef) -> Option<(usize, String)> {
    let leads = |token: &&Token| ["of", "be", "=", ":"].iter().any(|word| token.is(word));
    let from = end + tokens.get(end..)?.iter().take_while(leads).count();
    let states = scope.state_at(tokens, from).into_iter().find_map(|(end, states)| {
        let own = states.into_iter().find(|state| state.entity == field.entity && state.field == field.field)?;
        Some((end, own.value))
    });
    let plain = tokens.get(from).filter(|token| token.quoted || token.is_number() || is_date(&token.word));
    states.or_else(|| plain.map(|token| (from + 1, token.raw.clone())))
}
