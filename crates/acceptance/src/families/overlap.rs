//! Records that may not share time.

use super::{creation, race, states};
use crate::{
    judge::Act,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::Val,
};
use maestro_artifacts::{Condition, Test};
use std::collections::BTreeMap;

/// A rule against overlaps.
pub(super) struct Overlap<'r> {
    pub(super) entity: &'r str,
    pub(super) start: &'r str,
    pub(super) end: &'r str,
    pub(super) by: &'r [String],
    pub(super) when: &'r Condition,
}

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, o: &Overlap<'_>) -> bool {
    let mut sheet = bench.sheet(rule, o.entity, &format!("{} to {} may not overlap", o.start, o.end));
    let Some((first, rec)) = creation(sheet.bench, o.entity) else { return false };
    let mut wants: Vec<Want> = [o.start, o.end]
        .into_iter()
        .chain(o.by.iter().map(String::as_str))
        .map(|f| Want::Given(rec, f.to_owned()))
        .collect();
    wants.extend(o.when.0.iter().map(|test| Want::After(rec, test.clone(), true)));
    let Some((first, start, end, same)) = settled(&sheet, o, first, rec, &wants) else { return false };
    for (from, to) in intervals(&start, &end) {
        let mut values = same.clone();
        values.insert(o.start.to_owned(), from);
        values.insert(o.end.to_owned(), to);
        let mut script = first.clone();
        let at = script.requests.len();
        if sheet.bench.writer.scripts.create(&mut script, at, o.entity, &values).is_some() {
            sheet.probe(script, &[]);
        }
    }
    let times = BTreeMap::from([(o.start.to_owned(), start), (o.end.to_owned(), end)]);
    elsewhere(&mut sheet, o, &first, &times, &same);
    not_counted(&mut sheet, o, &first, rec, &times, &same);
    moved(&mut sheet, o, &first, &times, &same);
    without_end(&mut sheet, o, &first, &times, &same);
    let done = sheet.done();
    race::write(bench, rule, o.entity, vec![(first, wants)]);
    done
}

type Settled = (Script, Val, Val, BTreeMap<String, Val>);

/// A first record with a start, an end some time later, and all that must be equal.
fn settled(sheet: &Sheet<'_, '_>, o: &Overlap<'_>, script: Script, rec: usize, wants: &[Want]) -> Option<Settled> {
    let mut found = sheet.solve(script, Expect::Accepted, wants)?;
    let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
    let row = course.after.get(&rec)?;
    let (start, end) = (row.values.get(o.start)?.clone(), row.values.get(o.end)?.clone());
    // Three days, so that there is an inside; less where the rules do not allow it, and as long as it was where they want
    // it long. Pinned it is, or a script that is easier without the first record would do without it.
    for end in [start.plus(3), start.plus(1), end] {
        let mut longer = found.clone();
        longer.pin([(o.start, start.clone()), (o.end, end)]);
        if let Some(longer) = sheet.solve(longer, Expect::Accepted, wants) {
            found = longer;
            break;
        }
    }
    let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
    let row = course.after.get(&rec)?;
    let same = o.by.iter().filter_map(|field| Some((field.clone(), row.values.get(field)?.clone()))).collect();
    Some((found, row.values.get(o.start)?.clone(), row.values.get(o.end)?.clone(), same))
}

/// Times around those of the first record: the same, inside, over both ends, touching on both sides, without an end.
fn intervals(start: &Val, end: &Val) -> Vec<(Val, Val)> {
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
fn elsewhere(
    sheet: &mut Sheet<'_, '_>,
    o: &Overlap<'_>,
    first: &Script,
    times: &BTreeMap<String, Val>,
    same: &BTreeMap<String, Val>,
) {
    for field in o.by {
        let mut values = times.clone();
        values.extend(same.clone());
        values.remove(field);
        let mut script = first.clone();
        let at = script.requests.len();
        let Some(rec) = sheet.bench.writer.scripts.create(&mut script, at, o.entity, &values) else { continue };
        if let Some(found) = sheet.solve(script, Expect::Accepted, &[Want::Given(rec, field.clone())]) {
            sheet.play(&found);
        }
    }
}

/// The first in every state that it can be brought to, and the second in one that does not count.
fn not_counted(
    sheet: &mut Sheet<'_, '_>,
    o: &Overlap<'_>,
    first: &Script,
    rec: usize,
    times: &BTreeMap<String, Val>,
    same: &BTreeMap<String, Val>,
) {
    let mut values = times.clone();
    values.extend(same.clone());
    let rule = sheet.rule;
    for (test, counts) in states::later(&sheet.bench.writer.scripts.world, o.entity, o.when) {
        let mut script = first.clone();
        let at = script.requests.len();
        let expect = if counts { Expect::Breaks(rule) } else { Expect::Accepted };
        if sheet.bench.writer.scripts.create(&mut script, at, o.entity, &values).is_some()
            && let Some(found) = sheet.solve(script, expect, &[Want::Before(rec, test, true)])
        {
            sheet.play(&found);
        }
    }
    for test in &o.when.0 {
        let mut script = first.clone();
        let at = script.requests.len();
        let Some(other) = sheet.bench.writer.scripts.create(&mut script, at, o.entity, &values) else { continue };
        for want in [Want::Before(rec, test.clone(), false), Want::After(other, test.clone(), false)] {
            if let Some(found) = sheet.solve(script.clone(), Expect::Accepted, &[want]) {
                sheet.play(&found);
            }
        }
    }
}

/// A first record that never ends stands in the way of everything after it, and of nothing before it.
fn without_end(
    sheet: &mut Sheet<'_, '_>,
    o: &Overlap<'_>,
    first: &Script,
    times: &BTreeMap<String, Val>,
    same: &BTreeMap<String, Val>,
) {
    let (Some(start), Some(end)) = (times.get(o.start), times.get(o.end)) else { return };
    let mut first = first.clone();
    first.omit(o.end);
    for (from, to) in [(end.plus(9), Val::Null), (end.plus(9), end.plus(10)), (start.plus(-3), start.plus(-2))] {
        let mut values = same.clone();
        values.insert(o.start.to_owned(), from);
        values.insert(o.end.to_owned(), to);
        let mut script = first.clone();
        let at = script.requests.len();
        if sheet.bench.writer.scripts.create(&mut script, at, o.entity, &values).is_some() {
            sheet.probe(script, &[]);
        }
    }
}

/// A record elsewhere in time that is moved onto the first one.
fn moved(
    sheet: &mut Sheet<'_, '_>,
    o: &Overlap<'_>,
    first: &Script,
    times: &BTreeMap<String, Val>,
    same: &BTreeMap<String, Val>,
) {
    let rule = sheet.rule;
    for days in [7, 30, -30] {
        let mut values = same.clone();
        values.extend(times.iter().map(|(field, value)| (field.clone(), value.plus(days))));
        let mut script = first.clone();
        let at = script.requests.len();
        let Some(rec) = sheet.bench.writer.scripts.create(&mut script, at, o.entity, &values) else { return };
        script.then(Act::Patch, rec, o.entity);
        script.pin(times.iter().map(|(field, value)| (field.as_str(), value.clone())));
        let counts: Vec<Want> = o.when.0.iter().map(|test: &Test| Want::Before(rec, test.clone(), true)).collect();
        if let Some(found) = sheet.solve(script.clone(), Expect::Breaks(rule), &counts) {
            sheet.play(&found);
            // One that does not count may be moved anywhere.
            for test in &o.when.0 {
                if let Some(found) =
                    sheet.solve(script.clone(), Expect::Accepted, &[Want::Before(rec, test.clone(), false)])
                {
                    sheet.play(&found);
                    break;
                }
            }
            // A day later the record is only in its own old way, which is no obstacle.
            if let Some(last) = script.last_mut() {
                for (field, value) in times {
                    last.sets.insert(field.clone(), value.plus(days + 1));
                }
            }
            if let Some(found) = sheet.solve(script, Expect::Accepted, &counts) {
                sheet.play(&found);
            }
            return;
        }
    }
}
