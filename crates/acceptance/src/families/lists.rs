//! Lists: their order and page size, filters, search, CSV.

use super::creation;
use crate::{
    judge::Act,
    python::string,
    script::{Expect, Script, Want},
    shape::Shape,
    suite::{Bench, Sheet},
    value::Val,
    world::{Rows, World},
};
use maestro_artifacts::{FieldKind, RuleKind, SortKey};
use std::{cmp::Ordering, collections::BTreeMap};

/// Records of one kind, made one after the other.
pub(super) struct Several {
    pub(super) script: Script,
    pub(super) recs: Vec<usize>,
}

/// Records, each with a value of its own in a field (the first candidates that go together).
pub(super) fn several(sheet: &Sheet<'_, '_>, entity: &str, field: &str, count: usize) -> Option<Several> {
    let scripts = &sheet.bench.writer.scripts;
    let meta = scripts.world.field(entity, field)?;
    let state = scripts.world.workflow(entity).is_some_and(|workflow| workflow.field == field);
    let mut made: Option<Several> = None;
    let mut used: Vec<Val> = Vec::new();
    let mut options = Vec::new();
    if let FieldKind::Text { .. } = meta.kind {
        // Words whose order is known, where the field may hold any words: one that heeds case or accents is another.
        let words = ["birch", "Cedar", "Ämber"];
        options.extend(words.map(|word| Val::Fresh(0, Shape::Words(word.to_owned()))));
        options.retain(|value| scripts.world.fits_alone(entity, meta, value));
    }
    options.extend(scripts.world.candidates(&Rows::new(), 0, entity, meta));
    // Where the form leaves no choice of words, several texts of that form do.
    let coded = options.iter().find(|value| matches!(value, Val::Fresh(_, Shape::Coded(_)))).cloned();
    options.extend(coded.into_iter().flat_map(|value| vec![value; count]));
    let target = scripts.world.target(entity, field);
    for option in 0..options.len().max(if target.is_some() { count } else { 0 }) {
        let (mut script, recs) =
            made.as_ref().map_or((Script::default(), Vec::new()), |m| (m.script.clone(), m.recs.clone()));
        if recs.len() == count {
            break;
        }
        let end = script.requests.len();
        let value = match (target, options.get(option)) {
            (Some(target), _) => scripts.create(&mut script, end, target, &BTreeMap::new()).map(Val::Ref),
            (None, Some(value)) if !meta.read_only && !state => Some(super::fresh(&mut script, value)),
            (None, Some(value)) => Some(value.clone()),
            (None, None) => None,
        };
        let Some(value) = value else { continue };
        if used.iter().any(|one| one.same(&value)) {
            continue;
        }
        let end = script.requests.len();
        let settable = !meta.read_only && !state;
        let given = if settable { BTreeMap::from([(field.to_owned(), value.clone())]) } else { BTreeMap::new() };
        let Some(rec) = scripts.create(&mut script, end, entity, &given) else { continue };
        // The search works before an idle last request, so that states can be changed too.
        script.then(Act::Idle, rec, entity);
        let wants = if settable { Vec::new() } else { vec![Want::Value(rec, field.to_owned(), value.clone())] };
        if let Some(mut found) = sheet.solve(script, Expect::Accepted, &wants) {
            found.requests.pop();
            for request in &mut found.requests {
                // What was reached stays as it is when the next record is looked for.
                request.fixed.insert("*".to_owned());
                request.fixed.extend(request.sets.keys().cloned().collect::<Vec<_>>());
            }
            used.push(value);
            let mut recs = recs;
            recs.push(rec);
            made = Some(Several { script: found, recs });
        }
    }
    made
}

/// Writes the making of several records.
pub(super) fn make(sheet: &mut Sheet<'_, '_>, entity: &str, several: &Several) {
    let mut script = several.script.clone();
    // Each record is spoken of afterwards: an idle request keeps its name.
    for rec in &several.recs {
        script.then(Act::Idle, *rec, entity);
    }
    sheet.play(&script);
}

pub(super) fn names(sheet: &Sheet<'_, '_>, recs: &[usize]) -> String {
    format!("[{}]", recs.iter().map(|rec| sheet.body.var(*rec)).collect::<Vec<_>>().join(", "))
}

fn rows(sheet: &Sheet<'_, '_>, script: &Script) -> Rows {
    sheet.bench.writer.scripts.run(script, Expect::Accepted, &[]).after
}

pub(super) fn defaults(
    bench: &mut Bench<'_>,
    rule: usize,
    entity: &str,
    keys: &[SortKey],
    page_size: Option<u32>,
) -> bool {
    if let Some(size) = page_size {
        let mut sheet = bench.sheet(rule, entity, &format!("list has pages of {size}"));
        let path = string(&sheet.bench.writer.path(entity));
        let made = (1..=size as usize + 1).try_fold(Script::default(), |mut script, _| {
            let end = script.requests.len();
            let rec = sheet.bench.writer.scripts.create(&mut script, end, entity, &BTreeMap::new())?;
            let _ = rec;
            Some(script)
        });
        let simple = made
            .filter(|script| sheet.bench.writer.scripts.run(script, Expect::Accepted, &[]).cost == 0)
            .is_some_and(|script| sheet.claim(&script));
        sheet.line(format!("self.assertEqual(self.page({path})[\"per_page\"], {size})"));
        if simple && size <= 200 {
            sheet.line(format!("for _ in range({}):", size + 1));
            sheet.line(format!("    make_{entity}(self)"));
            sheet.line(format!("page = self.page({path})"));
            sheet.line(format!("self.assertEqual((len(page[\"items\"]), page[\"page\"]), ({size}, 1))"));
            sheet.line(format!("self.assertGreater(page[\"total\"], {size})"));
            sheet.line(format!("second = self.page({path}, {{\"page\": 2}})"));
            sheet.line("self.assertTrue(second[\"items\"])");
            sheet.line("seen = {item[\"id\"] for item in page[\"items\"]}");
            sheet.line("self.assertFalse(seen & {item[\"id\"] for item in second[\"items\"]})");
        }
        sheet.accepted += 1;
        sheet.done();
    }
    if let Some(first) = keys.first() {
        let mut sheet = bench.sheet(rule, entity, &format!("list is in order of {}", first.field));
        if first.field == "id" {
            by_id(&mut sheet, entity, first.descending);
            return sheet.done();
        }
        for (place, key) in keys.iter().enumerate() {
            // Records that differ in this key, and are alike in those before it as far as they can be.
            let Some(made) = several(&sheet, entity, &key.field, 3).filter(|made| made.recs.len() > 1) else {
                continue;
            };
            let made = mixed(&sheet, entity, made, &key.field);
            let all = rows(&sheet, &made.script);
            let world = &sheet.bench.writer.scripts.world;
            if place > 0 {
                let alike = |field: &str| {
                    let values: Vec<Val> =
                        made.recs.iter().filter_map(|rec| Some(world.read(&all, all.get(rec)?, *rec, field))).collect();
                    values.windows(2).all(|pair| matches!(pair, [a, b] if a.same(b)))
                };
                if !keys.iter().take(place).all(|key| alike(&key.field)) {
                    continue;
                }
            }
            let known = order(world, &all, &made.recs, &key.field, key.descending);
            if known.is_none() && place > 0 {
                continue;
            }
            make(&mut sheet, entity, &made);
            if let Some(order) = known {
                assert_order(&mut sheet, entity, &made.recs, &order, "");
            }
            if place == 0 {
                in_order(&mut sheet, entity, &key.field, key.descending, "");
            }
        }
        return sheet.done();
    }
    true
}

fn by_id(sheet: &mut Sheet<'_, '_>, entity: &str, descending: bool) {
    let path = string(&sheet.bench.writer.path(entity));
    let Some((script, rec)) = creation(sheet.bench, entity) else { return };
    sheet.play(&script);
    let first = sheet.body.var(rec);
    if sheet.bench.clashes(&script) {
        return;
    }
    sheet.line(format!("second = make_{entity}(self)"));
    let order = if descending { "[1, 0]" } else { "[0, 1]" };
    sheet.line(format!("self.assertEqual(self.order({path}, [{first}, second]), {order})"));
}

/// Makes the records in an order in which they should not be listed, upwards nor downwards.
fn mixed(sheet: &Sheet<'_, '_>, entity: &str, made: Several, field: &str) -> Several {
    let scripts = &sheet.bench.writer.scripts;
    let all = rows(sheet, &made.script);
    let Some(order) = order(&scripts.world, &all, &made.recs, field, false) else { return made };
    let [low, middle, high] = order.as_slice() else { return made };
    let (Some(low), Some(middle), Some(high)) = (made.recs.get(*low), made.recs.get(*middle), made.recs.get(*high))
    else {
        return made;
    };
    let mut requests = Vec::new();
    let mut moved: Vec<usize> = Vec::new();
    for rec in [middle, high, low] {
        let needed = crate::python::needs(&made.script, *rec);
        for request in &made.script.requests {
            if needed.contains(&request.rec) && !moved.contains(&request.rec) {
                requests.push(request.clone());
            }
        }
        moved.extend(needed);
    }
    let mut script = made.script.clone();
    let complete = requests.len() == script.requests.len();
    script.requests = requests;
    if complete && scripts.run(&script, Expect::Accepted, &[]).cost == 0 {
        return Several { script, recs: vec![*middle, *high, *low] };
    }
    let _ = entity;
    made
}

/// The places of records in the order of a field; `None` where two cannot be told apart.
fn order(world: &World<'_>, rows: &Rows, recs: &[usize], field: &str, descending: bool) -> Option<Vec<usize>> {
    let mut values: Vec<(usize, Val)> = Vec::new();
    for (place, rec) in recs.iter().enumerate() {
        let value = world.read(rows, rows.get(rec)?, *rec, field);
        let value = match value {
            Val::Fresh(_, Shape::Words(label)) | Val::Text(label) => Val::Text(alphabetical(&label)?),
            Val::Null | Val::Ref(_) | Val::Fresh(..) => return None,
            value => value,
        };
        values.push((place, value));
    }
    let mut clear = true;
    values.sort_by(|(_, a), (_, b)| {
        let found = a.order(b).unwrap_or(Ordering::Equal);
        clear &= found != Ordering::Equal;
        if descending { found.reverse() } else { found }
    });
    clear.then(|| values.into_iter().map(|(place, _)| place).collect())
}

/// A text as lists sort it; `None` where that takes more than this knows of letters.
fn alphabetical(text: &str) -> Option<String> {
    let plain = text.to_lowercase().replace('ä', "a");
    plain.is_ascii().then_some(plain)
}

fn assert_order(sheet: &mut Sheet<'_, '_>, entity: &str, recs: &[usize], order: &[usize], query: &str) {
    let path = string(&sheet.bench.writer.path(entity));
    let mut places = vec![0; recs.len()];
    for (place, one) in order.iter().enumerate() {
        if let Some(slot) = places.get_mut(*one) {
            *slot = place;
        }
    }
    let line = format!("self.assertEqual(self.order({path}, {}{query}), {places:?})", names(sheet, recs));
    sheet.line(line);
}

pub(super) fn filter(bench: &mut Bench<'_>, rule: usize, entity: &str, field: &str) -> bool {
    let Some(meta) = bench.writer.scripts.world.field(entity, field) else { return false };
    let mut sheet = bench.sheet(rule, entity, &format!("list can be narrowed by {field}"));
    let path = string(&sheet.bench.writer.path(entity));
    let name = string(field);
    let made = several(&sheet, entity, field, 3);
    match made {
        Some(made) if made.recs.len() > 1 => {
            make(&mut sheet, entity, &made);
            let all = names(&sheet, &made.recs);
            for (place, rec) in made.recs.iter().enumerate() {
                let var = sheet.body.var(*rec);
                let places: Vec<i32> = (0..made.recs.len()).map(|at| if at == place { 0 } else { -1 }).collect();
                sheet.line(format!("query = {{{name}: {var}[{name}]}}"));
                sheet.line(format!("self.assertEqual(self.order({path}, {all}, query), {places:?})"));
                sheet.line(format!(
                    "self.assertEqual({{item[{name}] for item in self.items({path}, query)}}, {{{var}[{name}]}})"
                ));
            }
            ranges(&mut sheet, entity, field, &meta.kind, &made);
        }
        _ => {
            let Some((script, rec)) = creation(sheet.bench, entity) else { return false };
            sheet.play(&script);
            let var = sheet.body.var(rec);
            sheet.line(format!("value = {var}[{name}]"));
            sheet.line(format!("query = {{{name}: \"\" if value is None else value}}"));
            sheet.line(format!("self.assertEqual(self.order({path}, [{var}], query), [0])"));
            sheet.line(format!("self.assertEqual({{item[{name}] for item in self.items({path}, query)}}, {{value}})"));
        }
    }
    sheet.done()
}

/// Numbers and dates can be narrowed by a range that includes its ends.
fn ranges(sheet: &mut Sheet<'_, '_>, entity: &str, field: &str, kind: &FieldKind, made: &Several) {
    use FieldKind::{Date, DateTime, Decimal, Integer, Money};
    if !matches!(kind, Integer | Decimal | Money | Date | DateTime) {
        return;
    }
    let all = rows(sheet, &made.script);
    let Some(order) = order(&sheet.bench.writer.scripts.world, &all, &made.recs, field, false) else { return };
    let path = string(&sheet.bench.writer.path(entity));
    let list = names(sheet, &made.recs);
    let (Some(low), Some(high)) = (order.first(), order.last()) else { return };
    for (bound, kept) in [("from", *high), ("to", *low)] {
        let Some(rec) = made.recs.get(kept) else { return };
        let places: Vec<i32> = (0..made.recs.len()).map(|at| if at == kept { 0 } else { -1 }).collect();
        let query = format!("{{\"{field}_{bound}\": {}[{}]}}", sheet.body.var(*rec), string(field));
        sheet.line(format!("self.assertEqual(self.order({path}, {list}, {query}), {places:?})"));
    }
}

pub(super) fn sort(bench: &mut Bench<'_>, rule: usize, entity: &str, field: &str) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("list can be ordered by {field}"));
    let made = several(&sheet, entity, field, 3).filter(|made| made.recs.len() > 1);
    if let Some(made) = made {
        let made = mixed(&sheet, entity, made, field);
        let all = rows(&sheet, &made.script);
        make(&mut sheet, entity, &made);
        let known = order(&sheet.bench.writer.scripts.world, &all, &made.recs, field, false);
        if let Some(order) = known {
            let mut down = order.clone();
            down.reverse();
            assert_order(&mut sheet, entity, &made.recs, &order, &format!(", {{\"sort\": {}}}", string(field)));
            assert_order(
                &mut sheet,
                entity,
                &made.recs,
                &down,
                &format!(", {{\"sort\": {}}}", string(&format!("-{field}"))),
            );
        }
    } else if let Some((script, _)) = creation(sheet.bench, entity) {
        sheet.play(&script);
    }
    in_order(&mut sheet, entity, field, false, &format!(", {{\"sort\": {}}}", string(field)));
    in_order(&mut sheet, entity, field, true, &format!(", {{\"sort\": {}}}", string(&format!("-{field}"))));
    sheet.done()
}

/// The whole list is in order, whatever other records there are. Those without a value are left out.
fn in_order(sheet: &mut Sheet<'_, '_>, entity: &str, field: &str, descending: bool, query: &str) {
    let path = string(&sheet.bench.writer.path(entity));
    let name = string(field);
    let kind = sheet.bench.writer.scripts.world.field(entity, field).map(|field| &field.kind);
    let key = match kind {
        Some(FieldKind::Money) => ", key=float",
        Some(FieldKind::Text { .. } | FieldKind::Enum { .. }) => ", key=alphabetical",
        _ => "",
    };
    let reverse = if descending { ", reverse=True" } else { "" };
    sheet.line(format!("values = [item[{name}] for item in self.items({path}{query}) if item[{name}] is not None]"));
    sheet.line(format!("self.assertEqual(values, sorted(values{key}{reverse}))"));
}

pub(super) fn search(bench: &mut Bench<'_>, rule: usize, entity: &str, fields: &[String]) -> bool {
    let Some(meta) = bench.writer.scripts.world.entity(entity) else { return false };
    let mut sheet = bench.sheet(rule, entity, "list can be searched");
    let path = string(&sheet.bench.writer.path(entity));
    // Of other fields, only those are looked into that the rule names.
    let text =
        |key: &str| meta.fields.iter().any(|field| field.key == key && matches!(field.kind, FieldKind::Text { .. }));
    let spelled = |kind: &FieldKind| matches!(kind, FieldKind::Integer | FieldKind::Enum { .. });
    let open = meta.fields.iter().filter(|field| !field.read_only);
    let named = open.filter(|field| text(&field.key) || spelled(&field.kind) && fields.contains(&field.key));
    let searched: Vec<&str> = named.map(|field| field.key.as_str()).collect();
    // Another statement may have the search look into more.
    let all: Vec<&[String]> = sheet
        .bench
        .writer
        .scripts
        .world
        .model
        .rules
        .iter()
        .filter_map(|rule| match &rule.demand {
            RuleKind::Search { entity: of, fields } if of == entity => Some(fields.as_slice()),
            _ => None,
        })
        .collect();
    let looks_into = |fields: &[String], field: &str| fields.is_empty() || fields.iter().any(|one| one == field);
    for field in &searched {
        let looked_into = looks_into(fields, field);
        if !looked_into && all.iter().any(|fields| looks_into(fields, field)) {
            continue;
        }
        let Some(made) = several(&sheet, entity, field, 1) else { continue };
        let Some(rec) = made.recs.first().copied() else { continue };
        make(&mut sheet, entity, &made);
        let var = sheet.body.var(rec);
        let name = string(field);
        let place = if looked_into { "[0]" } else { "[-1]" };
        sheet.line(format!("words = str({var}[{name}])"));
        let tries = if looked_into && text(field) {
            &["words", "words.upper()", "words.lower()", "words[1:]"][..]
        } else {
            &["words"][..]
        };
        for query in tries {
            sheet.line(format!("self.assertEqual(self.order({path}, [{var}], {{\"q\": {query}}}), {place})"));
        }
        sheet.line(format!("self.assertEqual(self.order({path}, [{var}], {{\"q\": words + \" zzqqzz\"}}), [-1])"));
    }
    sheet.done()
}

pub(super) fn csv(bench: &mut Bench<'_>, rule: usize, entity: &str) -> bool {
    let Some(meta) = bench.writer.scripts.world.entity(entity) else { return false };
    let mut sheet = bench.sheet(rule, entity, "list can be had as CSV");
    let path = string(&sheet.bench.writer.path(entity));
    let Some((script, rec)) = creation(sheet.bench, entity) else { return false };
    sheet.play(&script);
    let var = sheet.body.var(rec);
    // A second one, so that a page of one does not hold the whole list.
    if !sheet.bench.clashes(&script) {
        sheet.line(format!("make_{entity}(self)"));
    }
    sheet.line(format!("header, rows = self.table({path}, {{\"per_page\": 1}})"));
    let keys: Vec<String> = meta.fields.iter().map(|field| string(&field.key)).collect();
    sheet.line(format!("self.assertLessEqual({{{}}}, set(header))", keys.join(", ")));
    sheet.line(format!("self.assertEqual(len(rows), self.page({path})[\"total\"])"));
    sheet.line(format!("row = next(row for row in rows if row[\"id\"] == str({var}[\"id\"]))"));
    let last = script.last().map(|last| last.sets.clone()).unwrap_or_default();
    for field in
        meta.fields.iter().filter(|field| last.contains_key(&field.key) && !matches!(field.kind, FieldKind::Boolean))
    {
        let name = string(&field.key);
        sheet.line(format!("self.assertEqual(row[{name}], str({var}[{name}]))"));
    }
    sheet.done()
}
