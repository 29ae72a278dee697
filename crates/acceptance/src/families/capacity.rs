//! Limits on how many children a record has, or on what they add up to.

use super::{
    any_side, race,
    siblings::Siblings,
    states,
    summand::{Gift, Summand},
};
use crate::{
    candidates::shift,
    judge::Act,
    number::Number,
    script::{Expect, Script, Want},
    suite::{Bench, Sheet},
    value::Val,
    world::World,
};
use maestro_artifacts::{Condition, FieldKind, Measure, Op, Operand, Step};
use std::collections::BTreeMap;

/// The largest number of children that a test makes, one by one.
const MANY: i64 = 600;

/// A limit.
pub(super) struct Capacity<'r> {
    pub(super) parent: &'r str,
    pub(super) child: &'r str,
    pub(super) via: &'r str,
    pub(super) measure: &'r Measure,
    pub(super) op: Op,
    pub(super) limit: &'r Operand,
    pub(super) when: &'r Condition,
}

/// Children, each with what it adds.
struct Filled {
    script: Script,
    parent: usize,
    children: Vec<usize>,
}

pub(super) fn write(bench: &mut Bench<'_>, rule: usize, c: &Capacity<'_>) -> bool {
    let mut full: Vec<(Script, Vec<Want>)> = Vec::new();
    let mut sheet = bench.sheet(rule, c.child, &format!("{} keeps within the limit of its {}", c.child, c.parent));
    for (limit, pinned) in limits(&sheet, c) {
        match c.measure {
            Measure::Count => {
                // The last number that is still within the limit.
                let most = if c.op == Op::Lt { limit.sub(Number::whole(1)) } else { limit };
                if let Some(most @ 0..=MANY) = most.as_whole() {
                    full.extend(count(&mut sheet, c, most, pinned.as_ref()));
                }
            }
            Measure::Sum { field } => full.extend(sum(&mut sheet, c, field, limit, pinned.as_ref())),
            Measure::Average { .. } | Measure::Min { .. } | Measure::Max { .. } => {}
        }
        if sheet.accepted > 0 {
            break;
        }
    }
    if sheet.refused == 0 || sheet.accepted == 0 {
        any_side(&mut sheet, c.child, &|rec| {
            let mut wants = super::all_hold(c.when, |test| Want::After(rec, test, true));
            wants.push(Want::Given(rec, c.via.to_owned()));
            if let Measure::Sum { field } = c.measure {
                wants.push(Want::Given(rec, field.clone()));
            }
            wants
        });
    }
    let done = sheet.done();
    race::write(bench, rule, c.child, full);
    done
}

/// Children up to the limit, the last of which is the one that just fits.
fn up_to(
    sheet: &Sheet<'_, '_>,
    c: &Capacity<'_>,
    pinned: Option<&(String, Val)>,
    within: &[Gift],
) -> Option<(Script, Vec<Want>)> {
    let full = filled(sheet, c, pinned, within)?;
    let wants = counting(c, &full.children, true);
    Some((full.script, wants))
}

/// A limit, and the parent's field and value that set it.
type Limit = (Number, Option<(String, Val)>);

/// The records whose field is the limit: the parent, or what it refers to.
fn holder<'s>(sheet: &'s Sheet<'_, '_>, c: &Capacity<'s>) -> &'s str {
    let Operand::Referenced { via, .. } = c.limit else { return c.parent };
    match sheet.bench.writer.scripts.world.field(c.parent, via).map(|field| &field.kind) {
        Some(FieldKind::Reference { entity }) => entity,
        _ => c.parent,
    }
}

/// The limits to test with, small ones first where the parent sets it.
fn limits(sheet: &Sheet<'_, '_>, c: &Capacity<'_>) -> Vec<Limit> {
    let world = &sheet.bench.writer.scripts.world;
    let holder = holder(sheet, c);
    match c.limit {
        Operand::Value { value } => {
            let limit = Val::constant(&FieldKind::Decimal, value).number();
            limit.map(|limit| (limit, None)).into_iter().collect()
        }
        Operand::Field { field, offset } | Operand::Referenced { field, offset, .. } => {
            let Some(meta) = world.field(holder, field).filter(|meta| !meta.read_only) else { return Vec::new() };
            let mut tries: Vec<Number> = Vec::new();
            match c.measure {
                Measure::Count => tries.extend([2, 3, 1, 5, 10, 20, 50].map(Number::whole)),
                _ => {
                    tries.extend([100, 10, 20, 1000, 50, 5].map(Number::whole));
                    // What two children add up to at least.
                    tries.extend(summands(sheet, c).into_iter().map(|one| one.add(one)));
                }
            }
            let fitting = tries.into_iter().filter(|number| {
                let value = Val::Number(*number);
                let Some((mut script, _)) = super::creation(sheet.bench, holder) else { return false };
                script.pin([(field.as_str(), value.clone())]);
                world.fits_alone(holder, meta, &value) && sheet.solve(script, Expect::Accepted, &[]).is_some()
            });
            fitting.map(|n| (n.add(Number::whole(offset.plus)), Some((field.clone(), Val::Number(n))))).collect()
        }
        _ => Vec::new(),
    }
}

/// Numbers that the summed field of a child may have.
fn summands(sheet: &Sheet<'_, '_>, c: &Capacity<'_>) -> Vec<Number> {
    let Measure::Sum { field } = c.measure else { return Vec::new() };
    Summand::of(sheet, c.child, field).map(|summand| summand.usual(sheet)).unwrap_or_default()
}

/// A parent with children that count; `values` gives each child's own fields.
fn filled(sheet: &Sheet<'_, '_>, c: &Capacity<'_>, pinned: Option<&(String, Val)>, values: &[Gift]) -> Option<Filled> {
    let scripts = &sheet.bench.writer.scripts;
    let mut script = Script::default();
    let mut given: BTreeMap<String, Val> = pinned.cloned().into_iter().collect();
    if let (Operand::Referenced { via, .. }, true) = (c.limit, pinned.is_some()) {
        let limited = scripts.create(&mut script, 0, holder(sheet, c), &given)?;
        given = BTreeMap::from([(via.clone(), Val::Ref(limited))]);
    }
    let end = script.requests.len();
    let parent = scripts.create(&mut script, end, c.parent, &given)?;
    let mut children = Vec::new();
    let mut siblings = Siblings::new(sheet, &script, parent, c.child, c.when);
    let mut before: Option<&Gift> = None;
    for (at, gift) in values.iter().enumerate() {
        // The last request of the last one is the one under test.
        let last = at + 1 == values.len();
        let from = script.requests.len();
        let like = before.replace(gift).filter(|before| before.others == gift.others);
        let rec = match like.and_then(|like| siblings.another(&mut script, &like.own, &gift.own)) {
            Some(rec) => rec,
            None => child(sheet, c, &mut script, parent, gift)?,
        };
        siblings.settle(sheet, &mut script, from, rec, last);
        children.push(rec);
    }
    Some(Filled { script, parent, children })
}

/// A child of this parent, with the records that it refers to.
fn child(sheet: &Sheet<'_, '_>, c: &Capacity<'_>, script: &mut Script, parent: usize, gift: &Gift) -> Option<usize> {
    let scripts = &sheet.bench.writer.scripts;
    let mut given = gift.own.clone();
    for (via, entity, values) in gift.others.iter().filter(|(via, ..)| via != c.via) {
        let end = script.requests.len();
        given.insert(via.clone(), Val::Ref(scripts.create(script, end, entity, values)?));
    }
    given.insert(c.via.to_owned(), Val::Ref(parent));
    let end = script.requests.len();
    scripts.create(script, end, c.child, &given)
}

fn counting(c: &Capacity<'_>, children: &[usize], last_too: bool) -> Vec<Want> {
    let count = children.len();
    let mut wants = Vec::new();
    for (at, child) in children.iter().enumerate() {
        for test in &c.when.0 {
            if at + 1 < count {
                wants.push(Want::Before(*child, test.clone(), true));
            } else if last_too {
                wants.push(Want::After(*child, test.clone(), true));
            }
        }
    }
    wants
}

fn count(
    sheet: &mut Sheet<'_, '_>,
    c: &Capacity<'_>,
    most: i64,
    pinned: Option<&(String, Val)>,
) -> Option<(Script, Vec<Want>)> {
    let size = usize::try_from(most).unwrap_or(0);
    let plain = |count: usize| vec![Gift::default(); count];
    fill(sheet, c, pinned, &plain(size), &plain(size + 1));
    lowered(sheet, c, pinned, &plain(size), Number::whole(1));
    joined(sheet, c, pinned, &plain(size));
    up_to(sheet, c, pinned, &plain(size))
}

fn sum(
    sheet: &mut Sheet<'_, '_>,
    c: &Capacity<'_>,
    field: &str,
    limit: Number,
    pinned: Option<&(String, Val)>,
) -> Option<(Script, Vec<Want>)> {
    let world = &sheet.bench.writer.scripts.world;
    let summed = world.field(c.child, field)?;
    let step = world.step(c.child, summed);
    let most = if c.op == Op::Lt { limit.sub(step) } else { limit };
    let half = Number::whole(most.div(Number::whole(2)).and_then(Number::as_whole).unwrap_or(1));
    let summand = Summand::of(sheet, c.child, field)?;
    let mut parts = vec![half, Number::whole(1), step];
    parts.extend(summand.usual(sheet));
    parts.retain(|first| *first < most);
    // Two children where they can reach the limit, else as many as it takes.
    let many = parts.iter().filter_map(|part| Some((*part, times(*part, most)?))).collect::<Vec<_>>();
    for (first, count) in parts.into_iter().map(|part| (part, 1)).chain(many) {
        let rest = most.sub(first.mul(Number::whole(count)));
        let own = |number: Number| summand.giving(sheet, number);
        let (Some(one), Some(other)) = (own(first), own(rest)) else { continue };
        let Some(beyond) = summand.above(sheet, rest) else { continue };
        let mut within = vec![one; usize::try_from(count).unwrap_or(1)];
        let mut over = within.clone();
        within.push(other);
        over.push(beyond.clone());
        let before = sheet.accepted;
        fill(sheet, c, pinned, &within, &over);
        if sheet.accepted > before {
            lowered(sheet, c, pinned, &within, step);
            joined(sheet, c, pinned, &within);
            raised(sheet, c, pinned, &within, &beyond);
            looked_up(sheet, c, pinned, &within);
            return up_to(sheet, c, pinned, &within);
        }
    }
    None
}

/// How many children of this size leave room for one more, where that takes more than one and not too many.
fn times(part: Number, most: Number) -> Option<i64> {
    const MOST: i64 = 60;
    (2..=MOST).find(|count| {
        let left = most.sub(part.mul(Number::whole(*count)));
        left > Number::ZERO && left <= part
    })
}

/// Up to the limit all is well; beyond it nothing goes, unless one does not count.
fn fill(sheet: &mut Sheet<'_, '_>, c: &Capacity<'_>, pinned: Option<&(String, Val)>, within: &[Gift], beyond: &[Gift]) {
    let rule = sheet.rule;
    if let Some(full) = filled(sheet, c, pinned, within) {
        let wants = counting(c, &full.children, true);
        last_counts(sheet, c, &full, Expect::Accepted, &wants);
    }
    let Some(over) = filled(sheet, c, pinned, beyond) else { return };
    last_counts(sheet, c, &over, Expect::Breaks(rule), &counting(c, &over.children, true));
    let Some((first, rest)) = over.children.split_first() else { return };
    if rest.is_empty() {
        return;
    }
    for (test, counts) in states::later(&sheet.bench.writer.scripts.world, c.child, c.when) {
        let mut wants = counting(c, rest, true);
        wants.push(Want::Before(*first, test, true));
        let expect = if counts { Expect::Breaks(rule) } else { Expect::Accepted };
        last_counts(sheet, c, &over, expect, &wants);
    }
    for test in &c.when.0 {
        // The first does not count, all others do.
        let mut wants = counting(c, rest, true);
        wants.push(Want::Before(*first, test.clone(), false));
        last_counts(sheet, c, &over, Expect::Accepted, &wants);
    }
}

/// Plays a script at whose end the last child begins to count: as it is made, or by a change where it cannot be made so.
fn last_counts(sheet: &mut Sheet<'_, '_>, c: &Capacity<'_>, full: &Filled, expect: Expect, wants: &[Want]) {
    let found = sheet.solve(full.script.clone(), expect, wants).or_else(|| {
        let last = full.children.last().filter(|_| !c.when.0.is_empty())?;
        let mut script = full.script.clone();
        script.then(Act::Patch, *last, c.child);
        sheet.solve(script, expect, wants)
    });
    if let Some(found) = found {
        sheet.play(&found);
    }
}

/// The limit itself cannot be taken below what is there already.
fn lowered(sheet: &mut Sheet<'_, '_>, c: &Capacity<'_>, pinned: Option<&(String, Val)>, within: &[Gift], step: Number) {
    // What another record holds is judged when a child or the parent changes.
    let (Some((field, value)), Operand::Field { .. }) = (pinned, c.limit) else { return };
    let Some(number) = value.number() else { return };
    let Some(mut full) = filled(sheet, c, pinned, within) else { return };
    full.script.then(Act::Patch, full.parent, c.parent);
    let wants: Vec<Want> = full
        .children
        .iter()
        .flat_map(|child| c.when.0.iter().map(|test| Want::Before(*child, test.clone(), true)))
        .collect();
    for limit in [number.sub(step), number.add(step)] {
        let mut script = full.script.clone();
        script.pin([(field.as_str(), Val::Number(limit))]);
        sheet.probe(script, &wants);
    }
}

/// A child of another parent cannot come over to a full one.
fn joined(sheet: &mut Sheet<'_, '_>, c: &Capacity<'_>, pinned: Option<&(String, Val)>, within: &[Gift]) {
    let rule = sheet.rule;
    let Some(mut full) = filled(sheet, c, pinned, within) else { return };
    let own = within.last().cloned().unwrap_or_default();
    let end = full.script.requests.len();
    let scripts = &sheet.bench.writer.scripts;
    let Some(other) = scripts.create(&mut full.script, end, c.parent, &BTreeMap::new()) else { return };
    let Some(rec) = child(sheet, c, &mut full.script, other, &own) else { return };
    full.script.then(Act::Patch, rec, c.child);
    full.script.pin([(c.via, Val::Ref(full.parent))]);
    let mut wants: Vec<Want> = full
        .children
        .iter()
        .flat_map(|child| c.when.0.iter().map(|test| Want::Before(*child, test.clone(), true)))
        .collect();
    wants.extend(c.when.0.iter().map(|test| Want::After(rec, test.clone(), true)));
    if let Some(found) = sheet.solve(full.script, Expect::Breaks(rule), &wants) {
        sheet.play(&found);
    }
}

/// What a child is worked out of in a record that it refers to cannot change so that the limit is passed.
fn looked_up(sheet: &mut Sheet<'_, '_>, c: &Capacity<'_>, pinned: Option<&(String, Val)>, within: &[Gift]) {
    let Some(demand) = sheet.bench.rule(sheet.rule).map(|rule| rule.demand.clone()) else { return };
    let world = &sheet.bench.writer.scripts.world;
    let mut scripts = Vec::new();
    for reach in world.model.reaches(&demand) {
        let [Step::Down { child, .. }, Step::Up { via }] = reach.steps.as_slice() else { continue };
        let there = world.field(&reach.target, &reach.field).filter(|field| !field.read_only);
        let Some(there) = there.filter(|_| child == c.child) else { continue };
        let step = world.step(&reach.target, there);
        let Some(full) = filled(sheet, c, pinned, within) else { continue };
        let wants = counting(c, &full.children, true);
        let Some(mut found) = sheet.solve(full.script, Expect::Accepted, &wants) else { continue };
        let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
        let last = full.children.last().and_then(|last| course.after.get(last));
        let Some((rec, row)) = last.and_then(|row| World::follow(&course.after, row, via)) else { continue };
        let base = world.read(&course.after, row, rec, &reach.field);
        if base.number().is_none() {
            continue;
        }
        found.keep();
        found.then(Act::Patch, rec, &reach.target);
        found.pin([(reach.field.as_str(), shift(&base, step, 1))]);
        scripts.push(found);
    }
    for script in scripts {
        if let Some(found) = sheet.solve(script, Expect::Breaks(sheet.rule), &[]) {
            sheet.play(&found);
        }
    }
}

/// A child cannot grow beyond the limit.
fn raised(sheet: &mut Sheet<'_, '_>, c: &Capacity<'_>, pinned: Option<&(String, Val)>, within: &[Gift], beyond: &Gift) {
    let rule = sheet.rule;
    let Some(mut full) = filled(sheet, c, pinned, within) else { return };
    let Some(last) = full.children.last().copied() else { return };
    full.script.then(Act::Patch, last, c.child);
    let before = within.last().map(|gift| &gift.own);
    let changed = beyond.own.iter().filter(|(field, value)| before.and_then(|own| own.get(*field)) != Some(value));
    full.script.pin(changed.map(|(field, value)| (field.as_str(), value.clone())));
    let wants: Vec<Want> = full
        .children
        .iter()
        .flat_map(|child| c.when.0.iter().map(|test| Want::Before(*child, test.clone(), true)))
        .collect();
    if let Some(found) = sheet.solve(full.script, Expect::Breaks(rule), &wants) {
        sheet.play(&found);
    }
}
