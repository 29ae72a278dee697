//! Records that may not share time, where the times are those of the records that they refer to.

use super::{
    overlap::{Overlap, intervals},
    race,
    states::{self, Counting},
};
use crate::{
    judge::Act,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::Val,
    world::World,
};
use std::collections::BTreeMap;

/// A rule against overlaps of what records refer to; start and end are fields there.
pub(super) struct There<'r> {
    pub(super) own: Overlap<'r>,
    pub(super) via: &'r str,
}

/// A first record that counts, what it refers to, and when that is.
struct First<'r> {
    counting: Counting<'r>,
    script: Script,
    rec: usize,
    /// The entity of the record that has the times, and its number.
    target: &'r str,
    holder: usize,
    start: Val,
    end: Val,
    same: BTreeMap<String, Val>,
}

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, o: &There<'_>) -> bool {
    let named = format!("{} to {} of {} may not overlap", o.own.start, o.own.end, o.via);
    let Some(target) = bench.requirements.concepts.target(o.own.entity, o.via).map(ToOwned::to_owned) else {
        return false;
    };
    let mut sheet = bench.sheet(rule, o.own.entity, &named);
    let Some(first) = First::settled(&sheet, o, &target) else { return false };
    for (from, to) in intervals(&first.start, &first.end) {
        if let Some((script, rec, _)) = first.beside(&sheet, o, &first.same, (from, to)) {
            let wants = first.both(rec);
            sheet.probe(script, &wants);
        }
    }
    at_the_same(&mut sheet, o, &first);
    elsewhere(&mut sheet, o, &first);
    not_counted(&mut sheet, o, &first);
    moved(&mut sheet, o, &first);
    moved_there(&mut sheet, o, &first);
    comes_to_count(&mut sheet, o, &first);
    without_end(&mut sheet, o, &first);
    let done = sheet.done();
    let wants = first.counting.counts(first.rec);
    race::write(bench, rule, o.own.entity, vec![(first.script, wants)]);
    done
}

impl<'r> First<'r> {
    fn settled(sheet: &Sheet<'_, '_>, o: &There<'r>, target: &'r str) -> Option<Self> {
        let own = &o.own;
        let given: Vec<&str> = own.by.iter().map(String::as_str).chain([o.via]).collect();
        let (counting, script, rec) = Counting::first(sheet, own.entity, own.when, &given)?;
        let scripts = &sheet.bench.writer.scripts;
        let holder = |script: &Script| {
            let after = scripts.run(script, Expect::Accepted, &[]).after;
            World::follow(&after, after.get(&rec)?, o.via).map(|(holder, row)| (holder, row.values.clone()))
        };
        let (there, _) = holder(&script)?;
        let mut wants: Vec<Want> = given.iter().map(|field| Want::Given(rec, (*field).to_owned())).collect();
        wants.extend(counting.counts(rec));
        let mut timed = wants.clone();
        timed.extend([own.start, own.end].map(|field| Want::Given(there, field.to_owned())));
        let script = sheet.solve(script, Expect::Accepted, &timed)?;
        let (_, values) = holder(&script).filter(|(found, _)| *found == there)?;
        let (start, end) = (values.get(own.start)?, values.get(own.end)?);
        // Three days, so that there is an inside; less where the rules do not allow it.
        let script = [start.plus(3), start.plus(1), end.clone()].into_iter().find_map(|end| {
            let mut longer = script.clone();
            longer.pin_new(there, [(own.start, start.clone()), (own.end, end)]);
            sheet.solve(longer, Expect::Accepted, &wants).filter(|found| holder(found).is_some_and(|it| it.0 == there))
        })?;
        let (_, values) = holder(&script)?;
        let (start, end) = (values.get(own.start)?.clone(), values.get(own.end)?.clone());
        let after = scripts.run(&script, Expect::Accepted, &[]).after;
        let row = after.get(&rec)?;
        let same = own.by.iter().map(|field| Some((field.clone(), row.values.get(field)?.clone())));
        let same = same.collect::<Option<BTreeMap<_, _>>>()?;
        Some(Self { counting, script, rec, target, holder: there, start, end, same })
    }

    /// The script with another record to refer to, at another time.
    fn other(
        &self,
        sheet: &Sheet<'_, '_>,
        o: &There<'_>,
        script: &Script,
        (from, to): (Val, Val),
    ) -> Option<(Script, usize)> {
        let mut script = script.clone();
        let end = script.requests.len();
        let times = BTreeMap::from([(o.own.start.to_owned(), from), (o.own.end.to_owned(), to)]);
        let holder = sheet.bench.writer.scripts.create(&mut script, end, self.target, &times)?;
        Some((script, holder))
    }

    /// The script with a second record that refers to one at another time: the script, the record, and what it refers to.
    fn beside(
        &self,
        sheet: &Sheet<'_, '_>,
        o: &There<'_>,
        same: &BTreeMap<String, Val>,
        times: (Val, Val),
    ) -> Option<(Script, usize, usize)> {
        let (script, holder) = self.other(sheet, o, &self.script, times)?;
        let mut values = same.clone();
        values.insert(o.via.to_owned(), Val::Ref(holder));
        let (script, rec) = self.counting.another(sheet, &script, &values)?;
        Some((script, rec, holder))
    }

    /// The first record counts before the last request, and the second after it.
    fn both(&self, second: usize) -> Vec<Want> {
        let mut wants = self.counting.counted(self.rec);
        wants.extend(self.counting.counts(second));
        wants
    }

    /// The script with a second record some days away, with which all is well.
    fn away(&self, sheet: &Sheet<'_, '_>, o: &There<'_>) -> Option<(Script, usize, usize, i64)> {
        [7, 30, -30].into_iter().find_map(|days| {
            let times = (self.start.plus(days), self.end.plus(days));
            let (script, rec, holder) = self.beside(sheet, o, &self.same, times)?;
            let found = sheet.solve(script, Expect::Accepted, &self.both(rec))?;
            Some((found, rec, holder, days))
        })
    }
}

/// What two refer to together is at one time.
fn at_the_same(sheet: &mut Sheet<'_, '_>, o: &There<'_>, first: &First<'_>) {
    let mut values = first.same.clone();
    values.insert(o.via.to_owned(), Val::Ref(first.holder));
    if let Some((script, rec)) = first.counting.another(sheet, &first.script, &values) {
        sheet.probe(script, &first.both(rec));
    }
}

/// With another value in one of the `by` fields the same time is free.
fn elsewhere(sheet: &mut Sheet<'_, '_>, o: &There<'_>, first: &First<'_>) {
    for field in o.own.by {
        let mut same = first.same.clone();
        same.remove(field);
        let times = (first.start.clone(), first.end.clone());
        let Some((script, rec, _)) = first.beside(sheet, o, &same, times) else { continue };
        let mut wants = first.both(rec);
        wants.push(Want::Given(rec, field.clone()));
        if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
            sheet.play(&found);
        }
    }
}

/// The first in every state that it can be brought to, and one of the two in one that does not count.
fn not_counted(sheet: &mut Sheet<'_, '_>, o: &There<'_>, first: &First<'_>) {
    let times = (first.start.clone(), first.end.clone());
    let Some((script, holder)) = first.other(sheet, o, &first.script, times) else { return };
    let mut values = first.same.clone();
    values.insert(o.via.to_owned(), Val::Ref(holder));
    for (test, counts) in states::later(&sheet.bench.writer.scripts.world, o.own.entity, o.own.when) {
        let expect = if counts { Expect::Breaks(sheet.rule) } else { Expect::Accepted };
        let Some((script, second)) = first.counting.another(sheet, &script, &values) else { continue };
        let mut wants = first.counting.counts(second);
        wants.push(Want::Before(first.rec, test, true));
        if let Some(found) = sheet.solve(script, expect, &wants) {
            sheet.play(&found);
        }
    }
    for test in &o.own.when.0 {
        first.counting.apart(sheet, (&script, first.rec), &values, test);
    }
}

/// A record elsewhere in time that comes to refer to what the first one refers to, or to another one at that time.
fn moved(sheet: &mut Sheet<'_, '_>, o: &There<'_>, first: &First<'_>) {
    let Some((script, rec, _, days)) = first.away(sheet, o) else { return };
    let mut to_first = script.clone();
    to_first.then(Act::Patch, rec, o.own.entity);
    to_first.pin([(o.via, Val::Ref(first.holder))]);
    sheet.probe(to_first, &first.both(rec));
    for days in [0, days + 1] {
        let times = (first.start.plus(days), first.end.plus(days));
        let Some((mut script, there)) = first.other(sheet, o, &script, times) else { continue };
        script.then(Act::Patch, rec, o.own.entity);
        script.pin([(o.via, Val::Ref(there))]);
        sheet.probe(script, &first.both(rec));
    }
}

/// What the second record refers to is moved onto the time of the first, or to another one.
fn moved_there(sheet: &mut Sheet<'_, '_>, o: &There<'_>, first: &First<'_>) {
    let Some((mut script, rec, holder, days)) = first.away(sheet, o) else { return };
    script.then(Act::Patch, holder, first.target);
    for days in [0, days + 1] {
        let mut script = script.clone();
        script.pin([(o.own.start, first.start.plus(days)), (o.own.end, first.end.plus(days))]);
        sheet.probe(script, &first.both(rec));
    }
    // Nobody minds where the first one does not count.
    let onto = [(o.own.start, first.start.clone()), (o.own.end, first.end.clone())];
    for test in &o.own.when.0 {
        let mut script = script.clone();
        script.pin(onto.clone());
        let mut wants = first.counting.counts(rec);
        wants.push(Want::Before(first.rec, test.clone(), false));
        if let Some(found) = sheet.solve(script, Expect::Accepted, &wants) {
            sheet.play(&found);
        }
    }
}

/// A second one at the same time that does not count cannot come to count: neither itself, nor by what it refers to.
fn comes_to_count(sheet: &mut Sheet<'_, '_>, o: &There<'_>, first: &First<'_>) {
    for test in &o.own.when.0 {
        let times = (first.start.clone(), first.end.clone());
        let Some((script, rec, holder)) = first.beside(sheet, o, &first.same, times) else { continue };
        let mut wants = first.both(rec);
        wants.push(Want::Before(rec, test.clone(), false));
        let patched = match test.via() {
            None => (rec, o.own.entity),
            Some(via) if via == o.via => (holder, first.target),
            Some(_) => continue,
        };
        // By the last request, so that it does not count until then.
        let mut script = script;
        script.then(Act::Patch, patched.0, patched.1);
        if let Some(found) = sheet.solve(script, Expect::Breaks(sheet.rule), &wants) {
            sheet.play(&found);
        }
    }
}

/// What never ends stands in the way of everything after it, and of nothing before it.
fn without_end(sheet: &mut Sheet<'_, '_>, o: &There<'_>, first: &First<'_>) {
    let (start, end) = (&first.start, &first.end);
    for times in [(end.plus(9), end.plus(10)), (start.plus(-3), start.plus(-2))] {
        if let Some((mut script, rec, _)) = first.beside(sheet, o, &first.same, times) {
            script.omit_new(first.holder, o.own.end);
            sheet.probe(script, &first.both(rec));
        }
    }
}
