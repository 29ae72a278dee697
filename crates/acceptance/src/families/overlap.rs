//! Records that may not share time.

use super::{
    race,
    states::{self, Counting},
};
use crate::{
    judge::Act,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::Val,
};
use maestro_artifacts::Condition;
use std::collections::BTreeMap;

/// A rule against overlaps.
pub(super) struct Overlap<'r> {
    pub(super) entity: &'r str,
    pub(super) start: &'r str,
    pub(super) end: &'r str,
    pub(super) by: &'r [String],
    pub(super) when: &'r Condition,
}

/// A first record that counts, with a start, an end some time later, and all that must be equal.
struct First<'r> {
    counting: Counting<'r>,
    script: Script,
    rec: usize,
    start: Val,
    end: Val,
    same: BTreeMap<String, Val>,
}

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, o: &Overlap<'_>) -> bool {
    let mut sheet = bench.sheet(rule, o.entity, &format!("{} to {} may not overlap", o.start, o.end));
    let Some(first) = First::settled(&sheet, o) else { return false };
    for (from, to) in intervals(&first.start, &first.end) {
        if let Some((script, _, wants)) = first.beside(&sheet, &first.values(o, from, to)) {
            sheet.probe(script, &wants);
        }
    }
    elsewhere(&mut sheet, o, &first);
    not_counted(&mut sheet, o, &first);
    moved(&mut sheet, o, &first);
    without_end(&mut sheet, o, &first);
    let done = sheet.done();
    let wants = first.counting.counts(first.rec);
    race::write(bench, rule, o.entity, vec![(first.script, wants)]);
    done
}

impl<'r> First<'r> {
    fn settled(sheet: &Sheet<'_, '_>, o: &Overlap<'r>) -> Option<Self> {
        let given: Vec<&str> = [o.start, o.end].into_iter().chain(o.by.iter().map(String::as_str)).collect();
        let (counting, mut script, rec) = Counting::first(sheet, o.entity, o.when, &given)?;
        let scripts = &sheet.bench.writer.scripts;
        let made = |script: &Script| -> Option<BTreeMap<String, Val>> {
            let after = scripts.run(script, Expect::Accepted, &[]).after;
            let row = after.get(&rec)?;
            given.iter().map(|field| Some(((*field).to_owned(), row.values.get(*field)?.clone()))).collect()
        };
        let values = made(&script)?;
        let (start, end) = (values.get(o.start)?, values.get(o.end)?);
        let mut wants: Vec<Want> = given.iter().map(|field| Want::Given(rec, (*field).to_owned())).collect();
        wants.extend(counting.counts(rec));
        // Three days, so that there is an inside; less where the rules do not allow it, and as long as it was where they
        // want it long. Pinned it is, or a script that is easier without the first record would do without it.
        for end in [start.plus(3), start.plus(1), end.clone()] {
            let mut longer = script.clone();
            longer.pin_new(rec, [(o.start, start.clone()), (o.end, end)]);
            if let Some(longer) = sheet.solve(longer, Expect::Accepted, &wants) {
                script = longer;
                break;
            }
        }
        let mut same = made(&script)?;
        let (start, end) = (same.remove(o.start)?, same.remove(o.end)?);
        Some(Self { counting, script, rec, start, end, same })
    }

    /// Values of a second record at another time.
    fn values(&self, o: &Overlap<'_>, from: Val, to: Val) -> BTreeMap<String, Val> {
        let mut values = self.same.clone();
        values.insert(o.start.to_owned(), from);
        values.insert(o.end.to_owned(), to);
        values
    }

    /// Values of a second record at the same time.
    fn alike(&self, o: &Overlap<'_>) -> BTreeMap<String, Val> {
        self.values(o, self.start.clone(), self.end.clone())
    }

    /// The script with a second record, and wants that both count.
    fn beside(&self, sheet: &Sheet<'_, '_>, values: &BTreeMap<String, Val>) -> Option<(Script, usize, Vec<Want>)> {
        let (script, rec) = self.counting.another(sheet, &self.script, values)?;
        let mut wants = self.counting.counted(self.rec);
        wants.extend(self.counting.counts(rec));
        Some((script, rec, wants))
    }
}

/// Times around those of the first record: the same, inside, over both ends, touching on both sides, without an end.
pub(super) fn intervals(start: &Val, end: &Val) -> Vec<(Val, Val)> {
    let by = |value: &Val, seconds: i64| match value {
        Val::Time(at, anchor) => Val::Time(at + seconds, anchor.clone()),
        other => other.plus(seconds.signum()),
    };
    let span = span(start, end);
    vec![
        (start.clone(), end.clone()),
        // As long as the first one: how long one may last is another rule's business.
        (end.clone(), end.plus(span)),
        (start.plus(-span), start.clone()),
        (end.clone(), end.plus(2)),
        (by(end, 1), end.plus(2)),
        (by(end, -1), end.plus(2)),
        (start.plus(-2), start.clone()),
        (start.plus(-2), by(start, -1)),
        (start.plus(-2), by(start, 1)),
        (start.plus(-1), end.plus(1)),
        (start.plus(1), by(end, -1)),
        (start.plus(-1), Val::Null),
        (start.plus(1), Val::Null),
        (end.plus(1), Val::Null),
    ]
}

/// How many days lie between two moments, begun ones counted.
fn span(start: &Val, end: &Val) -> i64 {
    const DAY: i64 = 86_400;
    match (start, end) {
        (Val::Day(start, _), Val::Day(end, _)) => end - start,
        (Val::Time(start, _), Val::Time(end, _)) => (end - start + DAY - 1).div_euclid(DAY),
        _ => 1,
    }
}

/// With another value in one of the `by` fields the same time is free.
fn elsewhere(sheet: &mut Sheet<'_, '_>, o: &Overlap<'_>, first: &First<'_>) {
    for field in o.by {
        let mut values = first.alike(o);
        values.remove(field);
        let Some((script, rec, mut wants)) = first.beside(sheet, &values) else { continue };
        wants.push(Want::Given(rec, field.clone()));
        if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
            sheet.play(&found);
        }
    }
}

/// The first in every state that it can be brought to, and the second in one that does not count.
fn not_counted(sheet: &mut Sheet<'_, '_>, o: &Overlap<'_>, first: &First<'_>) {
    let values = first.alike(o);
    let rule = sheet.rule;
    for (test, counts) in states::later(&sheet.bench.writer.scripts.world, o.entity, o.when) {
        let expect = if counts { Expect::Breaks(rule) } else { Expect::Accepted };
        let Some((script, second)) = first.counting.another(sheet, &first.script, &values) else { continue };
        let mut wants = first.counting.counts(second);
        wants.push(Want::Before(first.rec, test, true));
        if let Some(found) = sheet.solve(script, expect, &wants) {
            sheet.play(&found);
        }
    }
    for test in &o.when.0 {
        first.counting.apart(sheet, (&first.script, first.rec), &values, test);
    }
}

/// A first record that never ends stands in the way of everything after it, and of nothing before it.
fn without_end(sheet: &mut Sheet<'_, '_>, o: &Overlap<'_>, first: &First<'_>) {
    let (start, end) = (&first.start, &first.end);
    for (from, to) in [(end.plus(9), Val::Null), (end.plus(9), end.plus(10)), (start.plus(-3), start.plus(-2))] {
        if let Some((mut script, _, wants)) = first.beside(sheet, &first.values(o, from, to)) {
            script.omit_new(first.rec, o.end);
            sheet.probe(script, &wants);
        }
    }
}

/// A record elsewhere in time that is moved onto the first one.
fn moved(sheet: &mut Sheet<'_, '_>, o: &Overlap<'_>, first: &First<'_>) {
    let rule = sheet.rule;
    let times = [(o.start, &first.start), (o.end, &first.end)];
    for days in [7, 30, -30] {
        let mut script = first.script.clone();
        let at = script.requests.len();
        let values = first.values(o, first.start.plus(days), first.end.plus(days));
        let Some(rec) = sheet.bench.writer.scripts.create(&mut script, at, o.entity, &values) else { return };
        script.then(Act::Patch, rec, o.entity);
        script.pin(times.map(|(field, value)| (field, value.clone())));
        let standing = first.counting.counted(first.rec);
        let mut counts = first.counting.counted(rec);
        counts.extend(standing.clone());
        if let Some(found) = sheet.solve(script.clone(), Expect::Breaks(rule), &counts) {
            sheet.play(&found);
            // One that does not count may be moved anywhere.
            for test in &o.when.0 {
                let mut wants = standing.clone();
                wants.push(Want::Before(rec, test.clone(), false));
                if let Some(found) = sheet.solve(script.clone(), Expect::Accepted, &wants) {
                    sheet.play(&found);
                    break;
                }
            }
            // A day later the record is only in its own old way, which is no obstacle.
            if let Some(last) = script.last_mut() {
                for (field, value) in times {
                    last.sets.insert(field.to_owned(), value.plus(days + 1));
                }
            }
            if let Some(found) = sheet.solve(script, Expect::Accepted, &counts) {
                sheet.play(&found);
            }
            return;
        }
    }
}
