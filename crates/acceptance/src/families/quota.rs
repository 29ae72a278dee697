//! No more than so many records that agree in some fields.

use super::{race, states, unique::First};
use crate::{
    judge::Act,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
};
use maestro_artifacts::{Condition, Test};

/// The largest number of records that a test makes, one by one.
const MANY: u32 = 200;

/// A limit.
pub(super) struct Quota<'r> {
    pub(super) entity: &'r str,
    pub(super) by: &'r [String],
    pub(super) most: u32,
    pub(super) when: &'r Condition,
}

/// As many records as there may be.
struct Full<'r> {
    first: First<'r>,
    script: Script,
    recs: Vec<usize>,
    /// How long after the one before each of them is, where they are instants.
    minutes: i64,
}

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, quota: &Quota<'_>) -> bool {
    let title = format!("at most {} with the same {}", quota.most, quota.by.join(" and "));
    let mut sheet = bench.sheet(rule, quota.entity, &title);
    // Instants agree by their day: at another time where the other rules let them, else at the same.
    let full = [1, 0].into_iter().find_map(|minutes| {
        let full = Full::made(&sheet, quota, minutes)?;
        sheet.solve(full.script.clone(), Expect::Accepted, &full.counting())?;
        let (script, rec) = full.another(&sheet)?;
        let mut wants = full.counted(None);
        wants.extend(full.first.counting.counts(rec));
        sheet.solve(script, Expect::Breaks(rule), &wants)?;
        Some(full)
    });
    let Some(full) = full else { return false };
    // The last one that there may be, and one more.
    let wants = full.counting();
    if let Some(found) = sheet.solve(full.script.clone(), Expect::Accepted, &wants) {
        sheet.play(&found);
    }
    full.one_more(&mut sheet, None, Expect::Breaks(rule));
    // Whatever became of the first.
    for (test, counts) in states::later(&sheet.bench.writer.scripts.world, quota.entity, quota.when) {
        let expect = if counts { Expect::Breaks(rule) } else { Expect::Accepted };
        full.one_more(&mut sheet, Some((&test, true)), expect);
    }
    for test in &quota.when.0 {
        full.one_more(&mut sheet, Some((test, false)), Expect::Accepted);
    }
    for field in quota.by {
        full.apart(&mut sheet, field);
    }
    let done = sheet.done();
    race::write(bench, rule, quota.entity, vec![(full.script, wants)]);
    done
}

impl<'r> Full<'r> {
    /// Each so many minutes after the one before.
    fn made(sheet: &Sheet<'_, '_>, quota: &Quota<'r>, minutes: i64) -> Option<Self> {
        let first = First::made(sheet, quota.entity, quota.by, quota.when)?;
        (quota.most <= MANY).then_some(())?;
        let (script, recs) = (first.script.clone(), vec![first.rec]);
        let mut full = Self { first, script, recs, minutes };
        for _ in 1..quota.most {
            let (script, rec) = full.another(sheet)?;
            full.script = script;
            full.recs.push(rec);
        }
        Some(full)
    }

    /// One more that agrees with them.
    fn another(&self, sheet: &Sheet<'_, '_>) -> Option<(Script, usize)> {
        let later = i64::try_from(self.recs.len()).ok()? * self.minutes;
        let values = self.first.values.iter().map(|(key, value)| (key.clone(), value.later_that_day(later))).collect();
        self.first.counting.another(sheet, &self.script, &values)
    }

    /// All count, the last one by the last request.
    fn counting(&self) -> Vec<Want> {
        let counting = &self.first.counting;
        let last = self.recs.last();
        let of = |rec: &usize| if Some(rec) == last { counting.counts(*rec) } else { counting.counted(*rec) };
        self.recs.iter().flat_map(of).collect()
    }

    /// All count before the last request, but for one.
    fn counted(&self, without: Option<usize>) -> Vec<Want> {
        self.recs
            .iter()
            .filter(|rec| Some(**rec) != without)
            .flat_map(|rec| self.first.counting.counted(*rec))
            .collect()
    }

    /// One more that counts, where the first one may meet or fail a test by then.
    fn one_more(&self, sheet: &mut Sheet<'_, '_>, became: Option<(&Test, bool)>, expect: Expect) {
        let Some((script, rec)) = self.another(sheet) else { return };
        let mut wants = self.counted(became.map(|_| self.first.rec));
        wants.extend(self.first.counting.counts(rec));
        wants.extend(became.map(|(test, passes)| Want::Before(self.first.rec, test.clone(), passes)));
        if let Some(found) = sheet.solve(script, expect, &wants) {
            sheet.play(&found);
        }
    }

    /// One more that differs in a field is accepted, and cannot be changed to agree with the others.
    fn apart(&self, sheet: &mut Sheet<'_, '_>, field: &str) {
        let counting = &self.first.counting;
        let mut rest = self.first.values.clone();
        let Some(value) = rest.remove(field) else { return };
        let Some((script, rec)) = counting.another(sheet, &self.script, &rest) else { return };
        let mut wants = self.counted(None);
        wants.extend(counting.counts(rec));
        wants.push(Want::Given(rec, field.to_owned()));
        let Some(mut found) = sheet.solve(script, Expect::Accepted, &wants) else { return };
        sheet.play(&found);
        found.keep();
        found.then(Act::Patch, rec, counting.entity);
        found.pin([(field, value)]);
        let mut wants = self.counted(None);
        wants.extend(counting.counted(rec));
        if let Some(found) = sheet.solve(found, Expect::Breaks(sheet.rule), &wants) {
            sheet.play(&found);
        }
    }
}
