//! Splits what is too large for one definition, or for the history of one execution, into nested executions.
//!
//! A nested execution takes neighbours of a row or of what runs side by side, so nothing waits for more than before.

use super::{Limits, Step};
use crate::graph::Ix;

/// A part of a definition.
#[derive(Debug)]
pub(super) enum Piece {
    Node(Ix),
    Row(Vec<Piece>),
    Together(Vec<Piece>),
    /// A nested execution, by its number.
    Part(usize),
}

/// What a part of a definition costs.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) bytes: usize,
    pub(super) events: usize,
}

/// The state that starts a nested execution; its history has six events, and three for each of three failed starts.
const PART: Cost = Cost { bytes: 1_000, events: 15 };
const TOGETHER: Cost = Cost { bytes: 150, events: 4 };
/// The braces and names around a branch.
const BRANCH: Cost = Cost { bytes: 140, events: 0 };
/// What surrounds the whole.
const FRAME: Cost = Cost { bytes: 3_000, events: 60 };

impl Cost {
    fn plus(self, other: Self) -> Self {
        Self { bytes: self.bytes + other.bytes, events: self.events + other.events }
    }

    fn fits(self, limits: Limits) -> bool {
        let whole = self.plus(FRAME);
        whole.bytes <= limits.bytes && whole.events <= limits.events
    }
}

/// The definitions: the first is the whole, and each nested one has the number of its place.
pub(super) fn split(whole: Step, limits: Limits, cost: &impl Fn(Ix) -> Cost) -> Vec<Piece> {
    let mut splitter = Splitter { limits, cost, parts: vec![Piece::Row(Vec::new())] };
    let (whole, _) = splitter.pack(whole);
    let mut parts = splitter.parts;
    if let Some(first) = parts.first_mut() {
        *first = whole;
    }
    parts
}

struct Splitter<'a, C> {
    limits: Limits,
    cost: &'a C,
    parts: Vec<Piece>,
}

impl<C: Fn(Ix) -> Cost> Splitter<'_, C> {
    fn pack(&mut self, step: Step) -> (Piece, Cost) {
        match step {
            Step::Node(at) => (Piece::Node(at), (self.cost)(at)),
            Step::Row(steps) => self.join(steps, Piece::Row, Cost::default(), Cost::default()),
            Step::Together(steps) => self.join(steps, Piece::Together, TOGETHER, BRANCH),
        }
    }

    fn join(&mut self, steps: Vec<Step>, make: fn(Vec<Piece>) -> Piece, around: Cost, each: Cost) -> (Piece, Cost) {
        let mut pieces: Vec<(Piece, Cost)> = steps.into_iter().map(|step| self.pack(step)).collect();
        loop {
            let sum = pieces.iter().fold(around, |sum, (_, cost)| sum.plus(*cost).plus(each));
            let nested = pieces.iter().all(|(piece, _)| matches!(piece, Piece::Part(_)));
            if sum.fits(self.limits)
                || pieces.len() < 2
                || (nested && !around.plus(PART).plus(each).plus(PART).plus(each).fits(self.limits))
            {
                return (make(pieces.into_iter().map(|(piece, _)| piece).collect()), sum);
            }
            let mut groups: Vec<(Vec<Piece>, Cost)> = Vec::new();
            for (piece, cost) in pieces {
                let cost = cost.plus(each);
                match groups.last_mut() {
                    Some((group, sum)) if sum.plus(cost).fits(self.limits) => {
                        group.push(piece);
                        *sum = sum.plus(cost);
                    }
                    _ => groups.push((vec![piece], around.plus(cost))),
                }
            }
            pieces = groups.into_iter().map(|(group, _)| (self.nest(group, make), PART)).collect();
        }
    }

    fn nest(&mut self, mut group: Vec<Piece>, make: fn(Vec<Piece>) -> Piece) -> Piece {
        let piece = match group.pop() {
            Some(Piece::Part(number)) if group.is_empty() => return Piece::Part(number),
            Some(only) if group.is_empty() => only,
            last => {
                group.extend(last);
                make(group)
            }
        };
        self.parts.push(piece);
        Piece::Part(self.parts.len() - 1)
    }
}
