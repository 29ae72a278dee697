//! Which tests can share a service: records of one test may stand in the way of those of another, where both give the
//! same fixed values to fields that must be unique, or fixed times where nothing else keeps records apart.

use crate::{script::Script, suite::Bench, value::Val};
use maestro_artifacts::RuleKind;

/// Something of which a service has only one, or only a few.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Claim {
    /// Place of the rule that keeps records apart.
    rule: usize,
    what: What,
}

#[derive(Debug, Clone, PartialEq)]
enum What {
    /// Values that no other record may have.
    Fixed(Vec<Val>),
    /// One of the values that are counted through, of which there are so many.
    Drawn(usize),
    /// Any other record could be in the way.
    All,
}

impl Claim {
    /// Whether it is one value out of a few.
    pub(crate) fn is_drawn(&self) -> bool {
        matches!(self.what, What::Drawn(_))
    }
}

/// Whether two sets of claims cannot be met by one service.
pub(crate) fn clash(some: &[Claim], others: &[Claim]) -> bool {
    some.iter().any(|one| {
        let same = |set: &[Claim]| set.iter().filter(|other| other.rule == one.rule).count();
        others.iter().filter(|other| other.rule == one.rule).any(|other| match (&one.what, &other.what) {
            (What::Fixed(a), What::Fixed(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.same_ignoring_case(b))
            }
            (What::Drawn(a), What::Drawn(b)) => same(some) + same(others) > *a.min(b),
            _ => true,
        })
    })
}

/// Whether a service has as much as is claimed.
pub(crate) fn fits(claims: &[Claim]) -> bool {
    claims.iter().all(|one| match one.what {
        What::Drawn(count) => claims.iter().filter(|other| other.rule == one.rule).count() <= count,
        What::Fixed(_) | What::All => true,
    })
}

/// Spreads tests over as few services as their claims allow: the place of each test, from 0.
pub(crate) fn places(tests: &[&[Claim]]) -> Vec<usize> {
    let mut taken: Vec<Vec<Claim>> = vec![Vec::new()];
    let mut places = Vec::new();
    for claims in tests {
        let free = taken.iter().position(|others| !clash(others, claims)).unwrap_or(taken.len());
        taken.resize_with(taken.len().max(free + 1), Vec::new);
        taken.get_mut(free).into_iter().for_each(|others| others.extend(claims.iter().cloned()));
        places.push(free);
    }
    places
}

impl Bench<'_> {
    /// Whether records of a script could stand in the way of those of other tests.
    pub(crate) fn clashes(&self, script: &Script) -> bool {
        !self.claims(script).is_empty()
    }

    /// What the records of a script claim.
    pub(crate) fn claims(&self, script: &Script) -> Vec<Claim> {
        self.claims_of(script, &|_| true)
    }

    /// What some records of a script claim.
    pub(crate) fn claims_of(&self, script: &Script, wanted: &dyn Fn(usize) -> bool) -> Vec<Claim> {
        let mut found: Vec<Claim> = Vec::new();
        let end = script.requests.len().saturating_sub(1);
        for (place, (request, step)) in script.requests.iter().zip(self.writer.scripts.steps(script)).enumerate() {
            let Some(row) = &step.row else { continue };
            // What is refused stands in nobody's way, but what it drew is drawn.
            let refused = place == end && !step.faults.is_empty();
            for (rule, one) in self.requirements.concepts.rules.iter().enumerate().filter(|_| wanted(request.rec)) {
                let value = |field: &String| row.values.get(field);
                let what = match &one.demand {
                    RuleKind::Unique { entity, fields, .. } if *entity == row.entity => {
                        let given = fields.iter().any(|field| request.sets.contains_key(field));
                        claimed(fields.iter().map(value)).filter(|what| given || !matches!(what, What::Drawn(_)))
                    }
                    RuleKind::Quota { entity, by, .. } if *entity == row.entity => {
                        claimed(by.iter().map(value)).map(|_| What::All)
                    }
                    // The times of what is referred to could be any other's.
                    RuleKind::NoOverlap { entity, via: Some(_), by, .. } if *entity == row.entity => {
                        claimed(by.iter().map(value)).map(|_| What::All)
                    }
                    RuleKind::NoOverlap { entity, by, start, .. } if *entity == row.entity => {
                        claimed(by.iter().chain([start]).map(value)).map(|_| What::All)
                    }
                    _ => None,
                };
                if let Some(what) = what.filter(|what| !refused || matches!(what, What::Drawn(_))) {
                    let claim = Claim { rule, what };
                    if claim.is_drawn() || !found.contains(&claim) {
                        found.push(claim);
                    }
                }
            }
        }
        found
    }
}

/// What values claim together; `None` where one of them is one that no other record has.
fn claimed<'v>(values: impl Iterator<Item = Option<&'v Val>>) -> Option<What> {
    let mut found = What::Fixed(Vec::new());
    for value in values {
        found = match (value, found) {
            (None | Some(Val::Null | Val::Ref(_) | Val::Swapped(..)), _) => return None,
            (Some(Val::Fresh(_, shape)), before) => match (shape.count(), before) {
                (None, _) => return None,
                (Some(0), _) | (_, What::All) => What::All,
                (Some(count), What::Drawn(other)) => What::Drawn(count.max(other)),
                (Some(count), What::Fixed(_)) => What::Drawn(count),
            },
            (Some(value), What::Fixed(mut values)) => {
                values.push(value.clone());
                What::Fixed(values)
            }
            (Some(_), before) => before,
        };
    }
    Some(found)
}
