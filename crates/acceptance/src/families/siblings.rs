//! Many children of one parent: each is made like the one before, and set apart from it where rules ask so.
//!
//! The search changes one thing at a time and would need as many steps as there are children, and time for each. Only what
//! is left over is for the search.

use crate::{
    judge::{Act, Fault, Request},
    python::needs,
    script::{Expect, Script, Want, refs},
    suite::Sheet,
    value::{DAY, Val},
    world::{Row, Rows, World},
};
use maestro_artifacts::{Condition, FieldKind, RuleKind};
use std::collections::{BTreeMap, BTreeSet};

/// A line of children under way.
pub(super) struct Siblings<'r> {
    pub(super) parent: usize,
    pub(super) child: &'r str,
    pub(super) when: &'r Condition,
    /// The rule that limits them: breaking it is no fault here.
    pub(super) rule: usize,
    /// The records so far.
    rows: Rows,
    children: Vec<usize>,
}

impl<'r> Siblings<'r> {
    pub(super) fn new(
        sheet: &Sheet<'_, '_>,
        script: &Script,
        parent: usize,
        child: &'r str,
        when: &'r Condition,
    ) -> Self {
        let rows = sheet.bench.writer.scripts.run(script, Expect::Accepted, &[]).after;
        Self { parent, child, when, rule: sheet.rule, rows, children: Vec::new() }
    }

    /// Makes one more like the one before, with all that only that one needed; what was `given` to that one is replaced.
    pub(super) fn another(
        &self,
        script: &mut Script,
        given: &BTreeMap<String, Val>,
        instead: &BTreeMap<String, Val>,
    ) -> Option<usize> {
        let before = *self.children.last()?;
        let shared = needs(script, self.parent);
        let mut own: BTreeSet<usize> = needs(script, before).difference(&shared).copied().collect();
        loop {
            let count = own.len();
            for request in &script.requests {
                if refs(request).any(|rec| own.contains(&rec)) {
                    own.insert(request.rec);
                }
            }
            if own.len() == count {
                break;
            }
        }
        let like = |request: &&Request| own.contains(&request.rec);
        let mut requests: Vec<Request> = script.requests.iter().filter(like).cloned().collect();
        // Whatever comes last, the child's own last request does.
        let last = requests.iter().rposition(|request| request.rec == before)?;
        let last = requests.remove(last);
        requests.push(last);
        if given != instead
            && let Some(made) = requests.iter_mut().find(|request| request.rec == before && request.act == Act::Create)
        {
            made.sets.retain(|field, _| !given.contains_key(field));
            made.fixed.retain(|field| !given.contains_key(field));
            made.sets.extend(instead.clone());
            made.fixed.extend(instead.keys().cloned());
        }
        let end = script.requests.len();
        script.splice(end, &requests)
    }

    /// Sets the child whose requests begin at a place apart from its siblings; one that is not the last counts then.
    pub(super) fn settle(&mut self, sheet: &Sheet<'_, '_>, script: &mut Script, from: usize, rec: usize, last: bool) {
        let world = &sheet.bench.writer.scripts.world;
        let tries = self.rows.len() + 10;
        for attempt in 0..tries {
            let (next, faults) = self.judged(world, script, from);
            let clash = faults.iter().find_map(|fault| match fault {
                Fault::Rule(rule) if *rule != self.rule => world.model.rules.get(*rule),
                _ => None,
            });
            let moved = match clash {
                None => {
                    let counts = || next.get(&rec).is_some_and(|row| world.holds(&next, row, rec, self.when));
                    if last || faults.is_empty() && counts() {
                        self.rows = next;
                        self.children.push(rec);
                        return;
                    }
                    false
                }
                Some(rule) => {
                    let before = self.children.last().filter(|_| attempt == 0).and_then(|before| next.get(before));
                    next.get(&rec).is_some_and(|row| {
                        let from = before.map_or(row, |before| before).clone();
                        set_apart(world, &next, script, (rec, &from), &rule.demand)
                    })
                }
            };
            if !moved {
                break;
            }
        }
        self.searched(sheet, script, rec, last);
        self.children.push(rec);
    }

    /// Leaves to the search what setting apart did not do.
    fn searched(&mut self, sheet: &Sheet<'_, '_>, script: &mut Script, rec: usize, last: bool) {
        let scripts = &sheet.bench.writer.scripts;
        let counted = |rec: usize| super::all_hold(self.when, |test| Want::Before(rec, test, true));
        let mut wants: Vec<Want> = self.children.iter().flat_map(|rec| counted(*rec)).collect();
        if last {
            wants.extend(super::all_hold(self.when, |test| Want::After(rec, test, true)));
            if let Some(found) = sheet.solve(script.clone(), Expect::Probes(self.rule), &wants) {
                *script = found;
            }
            return;
        }
        let mut probe = script.clone();
        // A request that changes nothing stands in for what comes next.
        probe.then(Act::Idle, rec, self.child);
        if let Some(idle) = probe.last_mut() {
            idle.fixed.insert("*".to_owned());
        }
        wants.extend(counted(rec));
        if let Some(mut found) = sheet.solve(probe, Expect::Accepted, &wants) {
            found.requests.pop();
            *script = found;
        }
        self.rows = scripts.run(script, Expect::Accepted, &[]).after;
    }

    /// The records after the requests from a place on, and what these do wrong.
    fn judged(&self, world: &World<'_>, script: &Script, from: usize) -> (Rows, Vec<Fault>) {
        let (mut rows, mut all) = (self.rows.clone(), Vec::new());
        for request in script.requests.iter().skip(from) {
            let (faults, row) = world.judge(&rows, request);
            all.extend(faults);
            if let Some(row) = row {
                rows.insert(request.rec, row);
            }
        }
        (rows, all)
    }
}

/// Moves a record away from another so that both keep a rule; `false` where nothing can be moved.
fn set_apart(
    world: &World<'_>,
    rows: &Rows,
    script: &mut Script,
    (rec, from): (usize, &Row),
    demand: &RuleKind,
) -> bool {
    match demand {
        RuleKind::Unique { entity, fields, .. } | RuleKind::Quota { entity, by: fields, .. }
            if *entity == from.entity =>
        {
            fields.iter().any(|field| {
                let next = from.values.get(field).and_then(|value| following(world, entity, field, value));
                next.is_some_and(|value| assign(script, rec, field, &value))
            })
        }
        RuleKind::NoOverlap { entity, via, start, end, .. } if *entity == from.entity => {
            let there = |row: &Row| via.as_ref().and_then(|via| World::follow(rows, row, via));
            let (rec, from) = match (via, there(from), rows.get(&rec).and_then(|row| there(row))) {
                (None, ..) => (rec, from),
                (Some(_), Some((other, from)), Some((rec, _))) if other != rec => (rec, from),
                _ => return false,
            };
            let (Some(begin), Some(stop)) = (from.values.get(start), from.values.get(end)) else { return false };
            let days = stop.since(begin).div_euclid(DAY) + 1;
            let (begin, stop) = match (begin, stop) {
                (Val::Number(from), Val::Number(to)) => {
                    let length = to.sub(*from);
                    (Val::Number(from.add(length)), Val::Number(to.add(length)))
                }
                _ => (begin.plus(days), stop.plus(days)),
            };
            (begin.anchor().is_some() || matches!(begin, Val::Number(_)))
                && assign(script, rec, start, &begin)
                && assign(script, rec, end, &stop)
        }
        _ => false,
    }
}

/// The value after this one that the field may have; after the last one comes the first.
fn following(world: &World<'_>, entity: &str, field: &str, value: &Val) -> Option<Val> {
    let meta = world.field(entity, field).filter(|meta| !meta.read_only)?;
    let fits = |value: &Val| world.fits_alone(entity, meta, value);
    match value {
        Val::Number(_) | Val::Year(_) | Val::Day(..) | Val::Time(..) => {
            let least = || {
                world.rules_of(entity).find_map(|(_, rule)| match &rule.demand {
                    RuleKind::Range { entity: e, field: f, min: Some(min), .. } if e == entity && f == field => {
                        let bound = Val::parse(&meta.kind, min);
                        Some(if fits(&bound) { bound } else { bound.plus(1) })
                    }
                    _ => None,
                })
            };
            Some(value.plus(1)).filter(&fits).or_else(least).filter(&fits)
        }
        Val::Text(text) => {
            let FieldKind::Enum { values } = &meta.kind else { return None };
            if world.workflow(entity).is_some_and(|workflow| workflow.field == field) {
                return None;
            }
            let at = values.iter().position(|one| one == text)?;
            values.get((at + 1) % values.len()).filter(|next| *next != text).map(|next| Val::text(next))
        }
        Val::Bool(flag) => Some(Val::Bool(!flag)),
        _ => None,
    }
}

/// Gives a field a value in the request that gave it one, unless that is fixed.
fn assign(script: &mut Script, rec: usize, field: &str, value: &Val) -> bool {
    let giving = |request: &&mut Request| request.rec == rec && request.sets.contains_key(field);
    match script.requests.iter_mut().find(giving) {
        Some(request) if !request.fixed.contains(field) => {
            request.sets.insert(field.to_owned(), value.clone());
            true
        }
        _ => false,
    }
}
