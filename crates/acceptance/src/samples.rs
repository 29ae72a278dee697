//! Records of one kind that differ from each other as far as the rules allow: what lists and totals are tried on.

use crate::{
    judge::{Act, Request},
    python::{Body, Writer},
    script::{Expect, Script, Want},
    value::Val,
    world::Rows,
};
use maestro_artifacts::Entity;
use std::{collections::BTreeMap, fmt::Write as _};

/// Records beside the plainest one.
const MORE: usize = 3;
/// Values of one field that are tried for one record.
const TRIES: usize = 8;

impl Writer<'_> {
    /// A Python function that makes different records and gives them back.
    pub(crate) fn samples(&self, entity: &Entity) -> Option<String> {
        let (script, recs) = self.different(entity)?;
        let mut body = Body::new("case");
        self.setup(&mut body, &script);
        let names: Vec<String> = recs.iter().map(|rec| body.var(*rec)).collect();
        let mut out = format!("def {}_samples(case):\n", entity.key);
        for line in &body.lines {
            let _ = writeln!(out, "    {line}");
        }
        let _ = writeln!(out, "    return [{}]", names.join(", "));
        Some(out)
    }

    /// A script that makes them, with an idle last request.
    fn different(&self, entity: &Entity) -> Option<(Script, Vec<usize>)> {
        let mut script = self.scripts.base(&entity.key)?;
        let first = script.last()?.rec;
        let mut recs = vec![first];
        let mut used: BTreeMap<&str, Vec<Val>> = BTreeMap::new();
        self.note(&script, entity, first, &mut used);
        script.then(Act::Idle, first, &entity.key);
        for round in 0..MORE {
            let Some((found, rec)) = self.another(&script, entity, round, &used) else { continue };
            self.note(&found, entity, rec, &mut used);
            script = found;
            recs.push(rec);
        }
        Some((script, recs))
    }

    /// Remembers the values of a record.
    fn note<'e>(&self, script: &Script, entity: &'e Entity, rec: usize, used: &mut BTreeMap<&'e str, Vec<Val>>) {
        let after = self.scripts.run(script, Expect::Accepted, &[]).after;
        let Some(row) = after.get(&rec) else { return };
        for field in &entity.fields {
            used.entry(&field.key).or_default().extend(row.values.get(&field.key).cloned());
        }
    }

    /// The script with one more record, as different from the others as can be.
    fn another(
        &self,
        script: &Script,
        entity: &Entity,
        round: usize,
        used: &BTreeMap<&str, Vec<Val>>,
    ) -> Option<(Script, usize)> {
        let mut found = script.clone();
        let idle = found.requests.pop()?;
        let end = found.requests.len();
        let rec = self.scripts.create(&mut found, end, &entity.key, &BTreeMap::new())?;
        found.requests.push(Request { rec, ..idle });
        let goes = |script: &Script| self.scripts.run(script, Expect::Accepted, &[]).cost == 0;
        if !goes(&found) {
            return None;
        }
        let state = entity.workflow.as_ref().map(|workflow| workflow.field.as_str());
        for field in entity.fields.iter().filter(|field| !field.read_only && Some(field.key.as_str()) != state) {
            let values = match self.scripts.world.target(&entity.key, &field.key) {
                // Records of other kinds, where they need not be given, are given every other time.
                Some(_) if round % 2 == 1 => continue,
                Some(target) => {
                    let place = found.requests.iter().position(|request| request.rec == rec)?;
                    let given = found.requests.get(place)?.sets.contains_key(&field.key);
                    let mut with = found.clone();
                    if !given && let Some(parent) = self.scripts.create(&mut with, place, target, &BTreeMap::new()) {
                        set(&mut with, rec, &field.key, Val::Ref(parent));
                        if goes(&with) {
                            found = with;
                        }
                    }
                    continue;
                }
                None => self.scripts.world.candidates(&Rows::new(), rec, &entity.key, field),
            };
            let is_used =
                |value: &Val| used.get(field.key.as_str()).is_some_and(|all| all.iter().any(|v| v.same(value)));
            for value in values.into_iter().filter(|value| !is_used(value)).take(TRIES) {
                let mut with = found.clone();
                let value = self.scripts.freshen(&mut with, value);
                set(&mut with, rec, &field.key, value);
                if goes(&with) {
                    found = with;
                    break;
                }
            }
        }
        Some((self.moved_on(&found, entity, rec, round).unwrap_or(found), rec))
    }

    /// The record brought into a state of its own.
    fn moved_on(&self, script: &Script, entity: &Entity, rec: usize, round: usize) -> Option<Script> {
        let workflow = entity.workflow.as_ref()?;
        let to = workflow.states.iter().filter(|state| **state != workflow.initial).nth(round)?;
        let mut start = script.clone();
        for request in &mut start.requests {
            request.fixed.insert("*".to_owned());
            request.fixed.extend(request.sets.keys().cloned().collect::<Vec<_>>());
        }
        let want = Want::Value(rec, workflow.field.clone(), Val::text(to));
        let mut found = self.scripts.solve(start, Expect::Accepted, &[want])?;
        found.requests.iter_mut().for_each(|request| request.fixed.clear());
        Some(found)
    }
}

/// Gives a field of a new record a value.
fn set(script: &mut Script, rec: usize, field: &str, value: Val) {
    if let Some(request) = script.requests.iter_mut().find(|request| request.rec == rec && request.act == Act::Create) {
        request.sets.insert(field.to_owned(), value);
    }
}
