//! Values at the edges of what a field accepts: for each bound, the last one inside and the first one outside.

use jiff::{SignedDuration, civil::Date, civil::DateTime};
use maestro_artifacts::{FieldKind, RuleKind, ServiceModel, TextFormat};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The type of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Type {
    Text,
    Integer,
    /// A number with any places.
    Decimal,
    /// A text with two decimal places, such as `"12.50"`.
    Money,
    Date,
    DateTime,
    Boolean,
    Enum,
    Reference,
}

/// A field with all that is demanded of its values.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Field {
    /// Its type
    #[serde(rename = "type")]
    pub(super) kind: Type,
    /// A value must be given
    #[serde(default)]
    pub(super) required: bool,
    /// Lowest value, as text: `0.5`, `2024-01-01`
    #[serde(default)]
    pub(super) min: Option<String>,
    /// Highest value, as text
    #[serde(default)]
    pub(super) max: Option<String>,
    /// `min` itself is refused
    #[serde(default)]
    pub(super) above_min: bool,
    /// `max` itself is refused
    #[serde(default)]
    pub(super) below_max: bool,
    /// Fewest characters of a text
    #[serde(default)]
    pub(super) min_length: Option<u32>,
    /// Most characters of a text
    #[serde(default)]
    pub(super) max_length: Option<u32>,
    /// The values of an enum
    #[serde(default)]
    pub(super) values: Vec<String>,
    /// The form of a text: `email`, `url` or `phone`
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub(super) format: Option<TextFormat>,
}

/// Whether the service takes a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verdict {
    Accepted,
    Refused,
}

/// A value to try.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Trial {
    /// As it is sent; absent means that the member is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) value: Option<Value>,
    pub(super) verdict: Verdict,
    pub(super) why: String,
}

impl Field {
    /// The field of a model with all rules about its values alone.
    pub(super) fn of(model: &ServiceModel, entity: &str, field: &str) -> Option<Self> {
        let found = model.field(entity, field)?;
        let (kind, values) = match &found.kind {
            FieldKind::Text { .. } => (Type::Text, vec![]),
            FieldKind::Integer => (Type::Integer, vec![]),
            FieldKind::Decimal => (Type::Decimal, vec![]),
            FieldKind::Money => (Type::Money, vec![]),
            FieldKind::Date => (Type::Date, vec![]),
            FieldKind::DateTime => (Type::DateTime, vec![]),
            FieldKind::Boolean => (Type::Boolean, vec![]),
            FieldKind::Enum { values } => (Type::Enum, values.clone()),
            FieldKind::Reference { .. } => (Type::Reference, vec![]),
        };
        let mut made = Self {
            kind,
            required: false,
            min: None,
            max: None,
            above_min: false,
            below_max: false,
            min_length: None,
            max_length: None,
            values,
            format: None,
        };
        for rule in &model.rules {
            match &rule.demand {
                RuleKind::Required { entity: e, field: f } if (&**e, &**f) == (entity, field) => made.required = true,
                RuleKind::Range { entity: e, field: f, min, max, above_min, below_max }
                    if (&**e, &**f) == (entity, field) =>
                {
                    made.min = min.clone().or(made.min);
                    made.max = max.clone().or(made.max);
                    made.above_min |= above_min;
                    made.below_max |= below_max;
                }
                RuleKind::Length { entity: e, field: f, min, max } if (&**e, &**f) == (entity, field) => {
                    made.min_length = min.or(made.min_length);
                    made.max_length = max.or(made.max_length);
                }
                RuleKind::Format { entity: e, field: f, format } if (&**e, &**f) == (entity, field) => {
                    made.format = Some(*format)
                }
                _ => {}
            }
        }
        Some(made)
    }

    /// The values to try.
    ///
    /// # Errors
    /// What does not fit: a bound that is no value of the type, bounds that leave nothing.
    pub(super) fn trials(&self) -> Result<Vec<Trial>, String> {
        let mut trials =
            vec![trial(None, !self.required, if self.required { "it is required" } else { "it may be left out" })];
        match self.kind {
            Type::Text => self.texts(&mut trials)?,
            Type::Enum => {
                if self.values.is_empty() {
                    return Err("an enum needs its `values`".to_owned());
                }
                trials
                    .extend(self.values.iter().map(|value| trial(Some(json!(value)), true, "it is one of the values")));
                trials.push(trial(Some(json!(self.stranger())), false, "it is none of the values"));
            }
            Type::Boolean => {
                trials.extend([true, false].map(|value| trial(Some(json!(value)), true, "it is yes or no")));
                trials.push(trial(Some(json!("maybe")), false, "it is neither yes nor no"));
            }
            Type::Reference => {
                trials.push(trial(Some(json!(0)), false, "no record has the id 0"));
                trials.push(trial(Some(json!("x")), false, "an id is a whole number"));
            }
            Type::Integer | Type::Decimal | Type::Money | Type::Date | Type::DateTime => self.ordered(&mut trials)?,
        }
        Ok(trials)
    }

    /// A text that is none of the values, also by case.
    fn stranger(&self) -> String {
        let longest = self.values.iter().map(|value| value.chars().count()).max().unwrap_or_default();
        "x".repeat(longest + 1)
    }

    fn texts(&self, trials: &mut Vec<Trial>) -> Result<(), String> {
        let (min, max) = (self.min_length.unwrap_or(0), self.max_length);
        if max.is_some_and(|max| max < min) {
            return Err(format!("no text has at least {min} and at most {} characters", max.unwrap_or_default()));
        }
        if self.required {
            trials.push(trial(Some(json!("   ")), false, "it is blank"));
        }
        if let Some(format) = self.format {
            let (good, bad) = match format {
                TextFormat::Email => {
                    (["a.b@example.org", "x@sub.example.org"], ["example.org", "a@", "a b@example.org"])
                }
                TextFormat::Url => (
                    ["https://example.org/a?b=c", "http://example.org"],
                    ["example.org", "ftp://example.org", "https://"],
                ),
                TextFormat::Phone => (["+49 30 123456", "030123456"], ["12ab34", "+", "phone"]),
            };
            trials.extend(good.map(|text| trial(Some(json!(text)), true, "it has the form")));
            trials.extend(bad.map(|text| trial(Some(json!(text)), false, "it has not the form")));
            return Ok(());
        }
        let of = |length: u32| Some(json!("x".repeat(length.min(100_000) as usize)));
        if let Some(below) = self.min_length.and_then(|min| min.checked_sub(1)).filter(|below| *below > 0) {
            trials.push(trial(of(below), false, &format!("{below} characters are too few")));
        }
        if min > 0 {
            trials.push(trial(of(min), true, &format!("{min} characters are the fewest")));
        }
        if let Some(max) = max {
            if max > min {
                trials.push(trial(of(max), true, &format!("{max} characters are the most")));
            }
            trials.push(trial(
                of(max.saturating_add(1)),
                false,
                &format!("{} characters are too many", max.saturating_add(1)),
            ));
            // Characters and not bytes are counted.
            if max > 0 && max <= 100_000 {
                trials.push(trial(
                    Some(json!("é".repeat(max as usize))),
                    true,
                    &format!("{max} characters that take two bytes each"),
                ));
            }
        } else {
            trials.push(trial(of(min.max(1)), true, "any text will do"));
        }
        trials.push(trial(Some(json!(7)), false, "a number is no text"));
        Ok(())
    }

    fn ordered(&self, trials: &mut Vec<Trial>) -> Result<(), String> {
        let read = |text: &Option<String>| text.as_deref().map(|text| Point::read(self.kind, text)).transpose();
        let (min, max) = (read(&self.min)?, read(&self.max)?);
        let places = [&min, &max].into_iter().flatten().map(|point| point.places).max().unwrap_or_default();
        let places = match self.kind {
            Type::Money => 2,
            Type::Decimal => places.max(1),
            _ => 0,
        };
        let (min, max) = (min.map(|point| point.at(places)), max.map(|point| point.at(places)));
        let low = min.map(|point| if self.above_min { point + 1 } else { point });
        let high = max.map(|point| if self.below_max { point - 1 } else { point });
        if let (Some(low), Some(high)) = (low, high)
            && low > high
        {
            return Err(format!(
                "no value lies between `{}` and `{}`",
                self.min.as_deref().unwrap_or_default(),
                self.max.as_deref().unwrap_or_default()
            ));
        }
        let mut add = |point: i128, accepted: bool, why: &str| -> Result<(), String> {
            let value = show(self.kind, point, places).ok_or_else(|| "a bound is too large".to_owned())?;
            if !trials.iter().any(|known| known.value.as_ref() == Some(&value)) {
                trials.push(trial(Some(value), accepted, why));
            }
            Ok(())
        };
        if let Some(low) = low {
            add(low - 1, false, "it is just below the lowest")?;
            add(low, true, "it is the lowest")?;
            if high.is_none_or(|high| low < high) {
                add(low + 1, true, "it is just above the lowest")?;
            }
        }
        if let Some(high) = high {
            if low.is_none_or(|low| low < high) {
                add(high - 1, true, "it is just below the highest")?;
            }
            add(high, true, "it is the highest")?;
            add(high + 1, false, "it is just above the highest")?;
        }
        if low.is_none() && high.is_none() {
            let middle = match self.kind {
                Type::Date => {
                    [Point::read(self.kind, "2024-02-29")?.value, Point::read(self.kind, "1999-12-31")?.value, 0]
                }
                Type::DateTime => [
                    Point::read(self.kind, "2024-02-29T23:59:59Z")?.value,
                    Point::read(self.kind, "1999-12-31T00:00:00Z")?.value,
                    0,
                ],
                _ => [0, 1, -1],
            };
            for point in middle {
                add(point, true, "any value will do")?;
            }
        }
        let wrong: &[(Value, &str)] = match self.kind {
            Type::Integer => &[(json!(1.5), "it is no whole number"), (json!("x"), "it is no number")],
            Type::Decimal => &[(json!("x"), "it is no number")],
            Type::Money => &[(json!("1.005"), "it has more than two places"), (json!("x"), "it is no amount")],
            Type::Date => {
                &[(json!("2023-02-29"), "there is no such day"), (json!("29.02.2024"), "it is not written YYYY-MM-DD")]
            }
            _ => {
                &[(json!("2023-02-29T10:00:00Z"), "there is no such day"), (json!("2024-02-29"), "the time is missing")]
            }
        };
        trials.extend(wrong.iter().map(|(value, why)| trial(Some(value.clone()), false, why)));
        Ok(())
    }
}

fn trial(value: Option<Value>, accepted: bool, why: &str) -> Trial {
    let verdict = if accepted { Verdict::Accepted } else { Verdict::Refused };
    Trial { value, verdict, why: why.to_owned() }
}

/// A value as a whole number of its smallest steps: units of a place, days, seconds.
struct Point {
    value: i128,
    places: u32,
}

impl Point {
    fn read(kind: Type, text: &str) -> Result<Self, String> {
        let no = |what: &str| format!("`{text}` is no {what}");
        match kind {
            Type::Date => {
                let date: Date = text.parse().map_err(|_| no("date: write `2024-01-31`"))?;
                let days = date.since(Date::constant(1970, 1, 1)).map_err(|why| why.to_string())?.get_days();
                Ok(Self { value: days.into(), places: 0 })
            }
            Type::DateTime => {
                let time: DateTime =
                    text.trim_end_matches('Z').parse().map_err(|_| no("date-time: write `2024-01-31T08:00:00Z`"))?;
                Ok(Self {
                    value: time.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0)).as_secs().into(),
                    places: 0,
                })
            }
            _ => {
                let (whole, part) = text.split_once('.').unwrap_or((text, ""));
                let places = u32::try_from(part.len()).unwrap_or(u32::MAX);
                if places > 10 || (kind == Type::Integer && places > 0) || (kind == Type::Money && places > 2) {
                    return Err(no(match kind {
                        Type::Integer => "whole number",
                        Type::Money => "amount with two places",
                        _ => "number with at most ten places",
                    }));
                }
                let value = format!("{whole}{part}").parse().map_err(|_| no("number"))?;
                if part.starts_with(['-', '+']) { Err(no("number")) } else { Ok(Self { value, places }) }
            }
        }
    }

    fn at(&self, places: u32) -> i128 {
        self.value.saturating_mul(10_i128.saturating_pow(places.saturating_sub(self.places)))
    }
}

/// Steps as they look in JSON.
fn show(kind: Type, point: i128, places: u32) -> Option<Value> {
    Some(match kind {
        Type::Date => {
            let days = i32::try_from(point).ok()?;
            json!(
                Date::constant(1970, 1, 1)
                    .checked_add(SignedDuration::from_hours(24 * i64::from(days)))
                    .ok()?
                    .to_string()
            )
        }
        Type::DateTime => {
            let time = DateTime::constant(1970, 1, 1, 0, 0, 0, 0);
            json!(format!("{}Z", time.checked_add(SignedDuration::from_secs(i64::try_from(point).ok()?)).ok()?))
        }
        Type::Integer => json!(i64::try_from(point).ok()?),
        _ => {
            let unit = 10_u128.pow(places);
            let sign = if point < 0 { "-" } else { "" };
            let size = point.unsigned_abs();
            let text = format!("{sign}{}.{:0width$}", size / unit, size % unit, width = places as usize);
            if kind == Type::Money { json!(text) } else { serde_json::from_str(&text).ok()? }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tried(field: Value) -> Result<Vec<(Value, bool)>, String> {
        let field: Field = serde_json::from_value(field).unwrap();
        let trials = field.trials()?;
        Ok(trials.into_iter().filter_map(|t| Some((t.value?, t.verdict == Verdict::Accepted))).collect())
    }

    #[test]
    fn both_sides_of_each_bound_are_tried() {
        for (field, want) in [
            (
                json!({"type": "integer", "min": "1", "max": "3"}),
                vec![(json!(0), false), (json!(1), true), (json!(2), true), (json!(3), true), (json!(4), false)],
            ),
            (
                json!({"type": "integer", "min": "0", "above_min": true}),
                vec![(json!(0), false), (json!(1), true), (json!(2), true)],
            ),
            (
                json!({"type": "decimal", "max": "2.5"}),
                vec![(json!(2.4), true), (json!(2.5), true), (json!(2.6), false)],
            ),
            (
                json!({"type": "money", "min": "0"}),
                vec![(json!("-0.01"), false), (json!("0.00"), true), (json!("0.01"), true)],
            ),
            (
                json!({"type": "date", "max": "2024-02-29"}),
                vec![(json!("2024-02-28"), true), (json!("2024-02-29"), true), (json!("2024-03-01"), false)],
            ),
            (
                json!({"type": "date_time", "min": "2024-01-01T00:00:00Z"}),
                vec![
                    (json!("2023-12-31T23:59:59Z"), false),
                    (json!("2024-01-01T00:00:00Z"), true),
                    (json!("2024-01-01T00:00:01Z"), true),
                ],
            ),
        ] {
            let got = tried(field.clone()).unwrap();
            assert_eq!(got[..want.len()], want, "{field}");
            assert!(got[want.len()..].iter().all(|(_, accepted)| !accepted), "{field}");
        }
        let got = tried(json!({"type": "text", "min_length": 2, "max_length": 3, "required": true})).unwrap();
        let lengths: Vec<_> = got.iter().filter_map(|(v, ok)| Some((v.as_str()?.chars().count(), *ok))).collect();
        assert_eq!(lengths, [(3, false), (1, false), (2, true), (3, true), (4, false), (3, true)]);
    }

    #[test]
    fn what_is_no_field_is_told() {
        for (field, says) in [
            (json!({"type": "integer", "min": "1.5"}), "`1.5` is no whole number"),
            (json!({"type": "date", "min": "31.1.2024"}), "is no date"),
            (json!({"type": "integer", "min": "5", "max": "4"}), "no value lies between"),
            (json!({"type": "enum"}), "needs its `values`"),
            (json!({"type": "text", "min_length": 5, "max_length": 4}), "no text has"),
        ] {
            assert!(tried(field.clone()).unwrap_err().contains(says), "{field}");
        }
    }
}
