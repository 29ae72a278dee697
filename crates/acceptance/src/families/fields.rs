//! Fields: that they exist with their type, must be given, have a default, keep within bounds.

use super::{all_hold, any_side, change, creation, points};
use crate::{
    candidates::{edges, shift},
    judge::Act,
    number::Number,
    python::Outcome,
    script::{Expect, Script, Want},
    shape::Shape,
    suite::{Bench, Sheet},
    value::{Anchor, Val},
    world::Rows,
};
use maestro_artifacts::{Condition, FieldKind, RuleKind, Test};

pub(super) fn has_field(bench: &mut Bench<'_>, rule: usize, entity: &str, key: &str) -> bool {
    let Some(field) = bench.writer.scripts.world.field(entity, key) else { return false };
    let workflow = bench.writer.scripts.world.workflow(entity).filter(|workflow| workflow.field == key);
    if field.read_only || workflow.is_some() {
        return set_by_service(bench, rule, entity, key, field.read_only);
    }
    let mut sheet = bench.sheet(rule, entity, &format!("{key} is recorded"));
    let mut values: Vec<Val> = sheet.bench.writer.scripts.world.candidates(&Rows::new(), 0, entity, field);
    let fitting = values.iter().position(|value| fits(&sheet, entity, key, value)).unwrap_or(0);
    values.drain(..fitting);
    values.truncate(2);
    if let FieldKind::Enum { values: all } = &field.kind {
        values = all.iter().map(|value| Val::text(value)).collect();
    }
    if let FieldKind::Text { .. } = field.kind {
        // Whatever people write comes back as they wrote it.
        values.push(Val::text("O'Neil & Söhne <b>\"50 %\"</b> – 木"));
    }
    let mut written = false;
    if matches!(field.kind, FieldKind::Reference { .. }) {
        written |= reference(&mut sheet, entity, key);
    }
    for value in &values {
        for start in [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten() {
            let (mut script, _) = start;
            let value = super::fresh(&mut script, value);
            script.pin([(key, value)]);
            if let Some(found) = sheet.solve(script, Expect::Accepted, &[]) {
                sheet.play(&found);
                written = true;
            }
        }
    }
    if !written {
        return sheet.done();
    }
    left_out(&mut sheet, entity, key);
    // What is no value of the type is refused, and the field is blamed.
    let starts = [creation(sheet.bench, entity), change(sheet.bench, entity)];
    for (mut script, _) in starts.into_iter().flatten() {
        let valid = match &field.kind {
            FieldKind::Reference { .. } => None,
            _ => values.first().map(|value| super::fresh(&mut script, value)),
        };
        let Some(valid) = valid.or_else(|| script.last().and_then(|last| last.sets.get(key).cloned())) else {
            continue;
        };
        script.pin([(key, valid)]);
        let Some(mut found) = sheet.solve(script.clone(), Expect::Accepted, &[]) else { continue };
        sheet.setup(&found);
        for wrong in wrong_values(&field.kind) {
            found.pin([(key, Val::Raw((*wrong).to_owned()))]);
            let outcome = Outcome::Refused(422, vec![key.to_owned()]);
            sheet.last(&found, &outcome);
        }
    }
    sheet.done()
}

/// Whether a record can be made with this value.
fn fits(sheet: &Sheet<'_, '_>, entity: &str, key: &str, value: &Val) -> bool {
    let Some((mut script, _)) = creation(sheet.bench, entity) else { return false };
    let value = super::fresh(&mut script, value);
    script.pin([(key, value)]);
    sheet.solve(script, Expect::Accepted, &[]).is_some()
}

/// A field that nothing requires can be left out and taken away.
fn left_out(sheet: &mut Sheet<'_, '_>, entity: &str, key: &str) {
    let rules = &sheet.bench.requirements.concepts.rules;
    let required = rules
        .iter()
        .any(|rule| matches!(&rule.demand, RuleKind::Required { entity: e, field } if e == entity && field == key));
    if required {
        return;
    }
    if let Some((mut script, _)) = creation(sheet.bench, entity) {
        script.omit(key);
        if let Some(found) = sheet.solve(script, Expect::Accepted, &[]) {
            sheet.play(&found);
        }
    }
    if let Some((mut script, rec)) = change(sheet.bench, entity) {
        script.pin([(key, Val::Null)]);
        let given = Want::Before(rec, Test::Given { via: None, field: key.to_owned() }, true);
        if let Some(found) = sheet.solve(script, Expect::Accepted, &[given]) {
            sheet.play(&found);
        }
    }
}

/// A reference leads to a record that exists.
fn reference(sheet: &mut Sheet<'_, '_>, entity: &str, key: &str) -> bool {
    let mut written = false;
    for start in [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten() {
        let (mut script, rec) = start;
        let Some(target) = sheet.bench.writer.scripts.world.target(entity, key) else { return written };
        let at = script.requests.len().saturating_sub(1);
        let at = if script.requests.iter().filter(|request| request.rec == rec).count() > 1 { at - 1 } else { at };
        let Some(parent) = sheet.bench.writer.scripts.create(&mut script, at, target, &Default::default()) else {
            return written;
        };
        script.pin([(key, Val::Ref(parent))]);
        if let Some(found) = sheet.solve(script, Expect::Accepted, &[]) {
            sheet.play(&found);
            written = true;
            kept_by(sheet, &found, parent, target);
            let mut missing = found;
            missing.pin([(key, Val::Raw("987654321".to_owned()))]);
            let refused = Outcome::Refused(422, vec![key.to_owned()]);
            sheet.setup(&missing);
            sheet.last(&missing, &refused);
        }
    }
    written
}

/// What a record refers to cannot be deleted.
fn kept_by(sheet: &mut Sheet<'_, '_>, script: &Script, parent: usize, target: &str) {
    let mut script = script.clone();
    script.then(Act::Delete, parent, target);
    let outcome = sheet.bench.writer.outcome(&script);
    if outcome != Outcome::Accepted {
        sheet.setup(&script);
        sheet.last(&script, &outcome);
    }
}

/// A field that the service fills in is shown, and refused in requests.
fn set_by_service(bench: &mut Bench<'_>, rule: usize, entity: &str, key: &str, read_only: bool) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("{key} is shown"));
    let Some((script, rec)) = creation(sheet.bench, entity) else { return false };
    sheet.play(&script);
    let var = sheet.body.var(rec);
    let path = crate::python::string(&sheet.bench.writer.path(entity));
    let name = crate::python::string(key);
    sheet.line(format!("self.assertIn({name}, {var})"));
    sheet.line(format!("self.assertIn({name}, self.read({path}, {var}))"));
    let role = sheet.bench.writer.last_role(&script).map(|role| format!(", role={}", crate::python::string(&role)));
    let role = role.unwrap_or_default();
    if read_only {
        sheet.line(format!("self.refuses_change({path}, {var}, {{{name}: {var}[{name}]}}, 422, {name}{role})"));
    } else {
        sheet.line(format!(
            "response = self.request(\"PATCH\", f\"{}/{{{var}['id']}}\", {{{name}: \"no such {key}\"}}{role})",
            sheet.bench.writer.path(entity)
        ));
        // A state that does not exist is no value of the field and no allowed change either.
        sheet.line("self.assertIn(response.status, (409, 422), response)");
    }
    sheet.done()
}

fn wrong_values(kind: &FieldKind) -> &'static [&'static str] {
    match kind {
        FieldKind::Text { .. } => &["7", "True", "[\"a\"]", "{}"],
        FieldKind::Integer => &["\"many\"", "1.5", "True", "[1]"],
        FieldKind::Decimal => &["\"much\"", "True", "[1.5]"],
        FieldKind::Money => &["\"a fortune\"", "\"1.234\"", "True", "{}"],
        FieldKind::Date => &["\"soon\"", "\"2024-02-30\"", "\"31.12.2024\"", "20240131", "True"],
        FieldKind::DateTime => {
            &["\"soon\"", "\"2024-01-31T25:00:00Z\"", "\"2024-01-31T10:00:00+01:60\"", "1706700000", "True"]
        }
        FieldKind::Boolean => &["\"yes\"", "1", "\"true\""],
        FieldKind::Enum { .. } => &["\"something else entirely\"", "1", "\"\""],
        FieldKind::Reference { .. } => &["987654321", "\"first\"", "True", "0", "-1", "1.5"],
    }
}

pub(super) fn required(bench: &mut Bench<'_>, rule: usize, entity: &str, key: &str) -> bool {
    let Some(field) = bench.writer.scripts.world.field(entity, key) else { return false };
    let mut sheet = bench.sheet(rule, entity, &format!("{key} is required"));
    let mut empty = vec![Val::Null];
    if matches!(field.kind, FieldKind::Text { .. }) {
        empty.extend([Val::text(""), Val::text("  ")]);
    }
    if let Some((mut script, _)) = creation(sheet.bench, entity) {
        script.omit(key);
        sheet.probe(script, &[]);
    }
    for value in &empty {
        for (mut script, _) in [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten() {
            script.pin([(key, value.clone())]);
            sheet.probe(script, &[]);
        }
    }
    if let Some((script, rec)) = creation(sheet.bench, entity)
        && let Some(found) = sheet.solve(script, Expect::Accepted, &[Want::Given(rec, key.to_owned())])
    {
        sheet.play(&found);
    }
    sheet.done()
}

pub(super) fn required_when(bench: &mut Bench<'_>, rule: usize, entity: &str, key: &str, when: &Condition) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("{key} is required in some cases"));
    let blank = Test::Empty { via: None, field: key.to_owned() };
    let ways = super::ways(sheet.bench, entity, when);
    for (way, holds) in ways {
        for (script, rec) in [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten() {
            let mut wants: Vec<Want> = way.iter().map(|(test, truth)| Want::After(rec, test.clone(), *truth)).collect();
            let given = Want::Given(rec, key.to_owned());
            if holds {
                let mut with = wants.clone();
                with.push(given);
                if let Some(found) = sheet.solve(script.clone(), Expect::Accepted, &with) {
                    sheet.play(&found);
                }
            }
            wants.push(Want::After(rec, blank.clone(), true));
            let expect = if holds { Expect::Breaks(rule) } else { Expect::Accepted };
            if let Some(found) = sheet.solve(script, expect, &wants) {
                sheet.play(&found);
            }
        }
    }
    // Taking the value away while the condition holds.
    if let Some((mut script, rec)) = change(sheet.bench, entity) {
        script.pin([(key, Val::Null)]);
        let mut wants = all_hold(when, |test| Want::Before(rec, test, true));
        wants.push(Want::Before(rec, blank, false));
        if let Some(found) = sheet.solve(script, Expect::Breaks(rule), &wants) {
            sheet.play(&found);
        }
    }
    sheet.done()
}

/// Where the condition holds, a value is refused and none is accepted; where it does not, a value is accepted. Last, the
/// condition comes to hold of a record that has a value.
pub(super) fn empty_when(bench: &mut Bench<'_>, rule: usize, entity: &str, key: &str, when: &Condition) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("{key} must be empty in some cases"));
    let blank = Test::Empty { via: None, field: key.to_owned() };
    let ways = super::ways(sheet.bench, entity, when);
    for (way, holds) in ways {
        for (script, rec) in [creation(sheet.bench, entity), change(sheet.bench, entity)].into_iter().flatten() {
            let wants: Vec<Want> = way.iter().map(|(test, truth)| Want::After(rec, test.clone(), *truth)).collect();
            if holds {
                let mut without = wants.clone();
                without.push(Want::After(rec, blank.clone(), true));
                if let Some(found) = sheet.solve(script.clone(), Expect::Accepted, &without) {
                    sheet.play(&found);
                }
            }
            let mut with = wants;
            with.push(Want::Given(rec, key.to_owned()));
            let expect = if holds { Expect::Breaks(rule) } else { Expect::Accepted };
            if let Some(found) = sheet.solve(script, expect, &with) {
                sheet.play(&found);
            }
        }
    }
    if let Some((mut script, rec)) = change(sheet.bench, entity) {
        script.omit(key);
        let mut wants = all_hold(when, |test| Want::After(rec, test, true));
        wants.push(Want::Before(rec, blank, false));
        if let Some(found) = sheet.solve(script, Expect::Breaks(rule), &wants) {
            sheet.play(&found);
        }
    }
    sheet.done()
}

pub(super) fn default(bench: &mut Bench<'_>, rule: usize, entity: &str, key: &str) -> bool {
    let Some(field) = bench.writer.scripts.world.field(entity, key) else { return false };
    let mut sheet = bench.sheet(rule, entity, &format!("{key} has a default"));
    let Some((mut script, rec)) = creation(sheet.bench, entity) else { return false };
    script.omit(key);
    let Some(found) = sheet.solve(script, Expect::Accepted, &[]) else { return false };
    let course = sheet.bench.writer.scripts.run(&found, Expect::Accepted, &[]);
    let usual = course.after.get(&rec).and_then(|row| row.values.get(key)).cloned().unwrap_or(Val::Null);
    sheet.play(&found);
    let var = sheet.body.var(rec);
    let name = crate::python::string(key);
    if matches!(usual, Val::Time(_, Anchor::Now)) {
        sheet.line(format!("self.assert_moment({var}[{name}])"));
    } else {
        let value = sheet.bench.writer.value(&sheet.body, Some(&field.kind), &usual);
        sheet.line(format!("self.assert_value({var}[{name}], {value})"));
    }
    let others = sheet.bench.writer.scripts.world.candidates(&Rows::new(), 0, entity, field);
    let state = sheet.bench.writer.scripts.world.workflow(entity).map(|workflow| workflow.field.as_str());
    for other in others.into_iter().filter(|value| !value.same(&usual) && state != Some(key)) {
        let Some((mut script, _)) = creation(sheet.bench, entity) else { break };
        let other = super::fresh(&mut script, &other);
        script.pin([(key, other)]);
        if let Some(found) = sheet.solve(script, Expect::Accepted, &[]) {
            sheet.play(&found);
            break;
        }
    }
    sheet.done()
}

pub(super) fn range(
    bench: &mut Bench<'_>,
    rule: usize,
    entity: &str,
    key: &str,
    min: Option<&str>,
    max: Option<&str>,
) -> bool {
    let Some(field) = bench.writer.scripts.world.field(entity, key) else { return false };
    let mut sheet = bench.sheet(rule, entity, &format!("{key} keeps within its bounds"));
    if field.read_only {
        any_side(&mut sheet, entity, &|rec| vec![Want::Given(rec, key.to_owned())]);
        return sheet.done();
    }
    let mut values: Vec<Val> = Vec::new();
    for bound in [min, max].into_iter().flatten() {
        for edge in edges(&field.kind, &Val::parse(&field.kind, bound)) {
            for times in [-1, 0, 1] {
                let value = shift(&edge, sheet.bench.writer.scripts.world.step(entity, field), times);
                if !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }
    points(&mut sheet, entity, key, &values);
    sheet.done()
}

/// As many digits behind the point as there may be, and one more.
pub(super) fn places(bench: &mut Bench<'_>, rule: usize, entity: &str, key: &str, places: u32) -> bool {
    let world = &bench.writer.scripts.world;
    let Some(field) = world.field(entity, key).filter(|field| !field.read_only) else { return false };
    // Beside values that fit, so that no bound is in the way.
    let fitting =
        world.candidates(&Rows::default(), 0, entity, field).into_iter().filter_map(|value| value.number()).take(4);
    let values: Vec<Val> =
        fitting.flat_map(|base| [places, places + 1].map(|at| Val::Number(base.add(Number::at_place(at))))).collect();
    let mut sheet = bench.sheet(rule, entity, &format!("{key} has its decimal places"));
    points(&mut sheet, entity, key, &values);
    sheet.done()
}

/// Texts of exactly so many characters, in each form that the field may have.
pub(super) fn exact(length: usize) -> Vec<Val> {
    use maestro_artifacts::TextFormat::{Email, Phone, Url};
    if length == 0 {
        return vec![Val::text("")];
    }
    let mut shapes = vec![Shape::Exact(length)];
    if length > 16 {
        shapes.push(Shape::Format(Email, Some(length)));
    }
    if length > 22 {
        shapes.push(Shape::Format(Url, Some(length)));
    }
    let phone = Shape::Format(Phone, Some(length));
    shapes.extend(phone.differs().then_some(phone));
    shapes.into_iter().map(|shape| Val::Fresh(0, shape)).collect()
}
