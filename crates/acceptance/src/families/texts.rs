//! Texts: their length, pattern and form.

use super::{fields::exact, points};
use crate::{shape::Shape, suite::Bench, value::Val};
use maestro_artifacts::{RuleKind, TextFormat};

pub(super) fn length(
    bench: &mut Bench<'_>,
    rule: usize,
    entity: &str,
    key: &str,
    min: Option<u32>,
    max: Option<u32>,
) -> bool {
    let Some(field) = bench.writer.scripts.world.field(entity, key) else { return false };
    let mut sheet = bench.sheet(rule, entity, &format!("{key} has its length"));
    let mut lengths: Vec<usize> = Vec::new();
    if let Some(min) = min {
        lengths.extend([min.saturating_sub(1) as usize, min as usize]);
    }
    if let Some(max) = max {
        lengths.extend([max as usize, max as usize + 1]);
    }
    lengths.dedup();
    let mut values: Vec<Val> = Vec::new();
    // Of a field with a form of its own only texts of that form show anything about the length.
    let formed = sheet.bench.writer.scripts.world.model.rules.iter().find_map(|rule| match &rule.demand {
        RuleKind::Pattern { entity: e, field: f, regex } if e == entity && *f == field.key => Some(regex),
        _ => None,
    });
    for length in lengths {
        values.extend(exact(length));
        if let Some(regex) = formed {
            let samples = sheet
                .bench
                .writer
                .scripts
                .world
                .pattern(regex)
                .map(|pattern| pattern.samples.clone())
                .unwrap_or_default();
            let fitting = samples.into_iter().filter(|shape| shape.example().chars().count() == length);
            values.extend(fitting.map(|shape| Val::Fresh(0, shape)));
        } else if length > 0 {
            // Characters count, not bytes.
            values.push(Val::Text("ü".repeat(length)));
        }
    }
    points(&mut sheet, entity, key, &values);
    sheet.done()
}

pub(super) fn pattern(bench: &mut Bench<'_>, rule: usize, entity: &str, key: &str, regex: &str) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("{key} has its pattern"));
    let Some(pattern) = sheet.bench.writer.scripts.world.pattern(regex) else { return false };
    // Texts that are too short or too long show nothing about the form.
    let bounds = sheet.bench.writer.scripts.world.model.rules.iter().find_map(|rule| match &rule.demand {
        RuleKind::Length { entity: e, field: f, min, max } if e == entity && f == key => Some((*min, *max)),
        _ => None,
    });
    let fits = |shape: &&Shape| {
        let length = u32::try_from(shape.example().chars().count()).unwrap_or(u32::MAX);
        bounds.is_none_or(|(min, max)| min.is_none_or(|min| length >= min) && max.is_none_or(|max| length <= max))
    };
    let samples = pattern.samples.iter().filter(fits).take(3);
    let mut values: Vec<Val> = samples.map(|shape| Val::Fresh(0, shape.clone())).collect();
    values.extend(pattern.far_ends().into_iter().map(Val::Text));
    values.extend(pattern.near_misses().into_iter().map(Val::Text));
    points(&mut sheet, entity, key, &values);
    sheet.done()
}

pub(super) fn format(bench: &mut Bench<'_>, rule: usize, entity: &str, key: &str, format: TextFormat) -> bool {
    let mut sheet = bench.sheet(rule, entity, &format!("{key} is written as it must be"));
    let wrong: &[&str] = match format {
        TextFormat::Email => {
            &["nobody", "nobody@", "@example.org", "two words@example.org", "a@b@example.org", "a@nowhere"]
        }
        TextFormat::Url => &["example", "ftp://example.org/x", "https://", "http://two words"],
        TextFormat::Phone => &["call me", "12", "+44 1632 9600x1", "abc-defg"],
    };
    let mut values = vec![Val::Fresh(0, Shape::Format(format, None))];
    values.extend(wrong.iter().map(|text| Val::text(text)));
    points(&mut sheet, entity, key, &values);
    sheet.done()
}
