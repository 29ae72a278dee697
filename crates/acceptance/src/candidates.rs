//! Values worth trying for a field: those that its own rules allow, close to the bounds that rules and conditions name.

use crate::{
    number::Number,
    shape::{self, Shape, Unit},
    value::{Anchor, DAY, NOW, TODAY, Val},
    world::{Rows, World},
};
use maestro_artifacts::{Condition, FieldKind, Op, Operand, RuleKind, Test, TextFormat, service_model::Field};

impl World<'_> {
    /// Values of a field that break none of the rules about this field alone, the most natural first.
    /// `near` are the records at that moment, for values next to those of other fields.
    pub(crate) fn candidates(&self, near: &Rows, rec: usize, entity: &str, field: &Field) -> Vec<Val> {
        let mut found = self.constants(entity, field);
        let counted = self.counted(entity, field);
        found.extend(self.neighbours(near, rec, entity, field));
        let general: Vec<Val> = match &field.kind {
            FieldKind::Text { .. } => {
                found.clear();
                let mut texts = self.texts(entity, field);
                texts.extend(self.constants(entity, field));
                texts
            }
            FieldKind::Integer => [5, 10, 1, 2, 3, 4, 20, 50, 100, 0, 1000, -1].map(Val::whole).to_vec(),
            FieldKind::Decimal | FieldKind::Money => {
                [1000, 2500, 100, 50, 200, 400, 10_000, 50_000, 1, 0, 1_000_000, -100]
                    .map(|cents| Val::Number(Number::hundredths(cents)))
                    .to_vec()
            }
            FieldKind::Date => {
                [0, 1, 7, 14, 30, 60, 180, 365, -1, -7, -14, -30, -60, -365, 3650, -7300].map(Val::today).to_vec()
            }
            FieldKind::DateTime => [1, 2, 7, 14, 30, 60, 365, -1, -2, -7, -30, -365]
                .into_iter()
                .map(|days| Val::Time((TODAY + days) * DAY + 10 * 3600, Anchor::Today))
                .collect(),
            FieldKind::Boolean => vec![Val::Bool(true), Val::Bool(false)],
            FieldKind::Enum { values } => values.iter().map(|value| Val::text(value)).collect(),
            FieldKind::Reference { .. } => Vec::new(),
        };
        // Constants come first only where general values are likely to miss: within narrow bounds.
        let mut all: Vec<Val> = Vec::new();
        for value in counted.into_iter().chain(general).chain(found) {
            if !all.contains(&value) && self.fits_alone(entity, field, &value) {
                all.push(value);
            }
        }
        all
    }

    /// A value that differs from record to record, for a field that must be unique and that nothing else of its rule
    /// tells apart: alone, or beside choices and the like.
    fn counted(&self, entity: &str, field: &Field) -> Option<Val> {
        let unit = Unit::of(&field.kind)?;
        let mut needed = false;
        let (mut min, mut max) = (None, None);
        for rule in &self.model.rules {
            match &rule.demand {
                RuleKind::Unique { entity: e, fields, .. } if e == entity && fields.contains(&field.key) => {
                    let varied = |key: &String| {
                        matches!(
                            self.field(entity, key).map(|f| &f.kind),
                            Some(FieldKind::Text { .. } | FieldKind::Reference { .. })
                        )
                    };
                    needed |= !fields.iter().any(varied);
                }
                RuleKind::Range { entity: e, field: f, min: low, max: high, .. } if e == entity && *f == field.key => {
                    if unit != Unit::Whole {
                        return None;
                    }
                    min = low.as_ref().and_then(|low| low.parse::<Number>().ok()?.floor()).or(min);
                    max = high.as_ref().and_then(|high| high.parse::<Number>().ok()?.floor()).or(max);
                }
                RuleKind::Compare { entity: e, field: f, op, to, .. } if e == entity && *f == field.key => {
                    let (low, high) = days_around(*op, to)?;
                    min = low.max(min);
                    max = max.map_or(high, |max| high.map_or(Some(max), |high| Some(high.min(max))));
                }
                RuleKind::Compare { entity: e, to: Operand::Field { field: other, .. }, .. }
                    if e == entity && *other == field.key =>
                {
                    return None;
                }
                _ => {}
            }
        }
        // Away from the bounds, which tests of the bounds use.
        let (low, high) = match (min, max, unit) {
            (Some(min), Some(max), _) => (min + (max - min) / 4, max - (max - min) / 4),
            (Some(min), None, _) => (min.max(0) + 2000, min.max(0) + 1_000_000),
            (None, Some(max), Unit::Whole) => (2000, max - 1),
            (None, Some(max), Unit::Day | Unit::Instant) => (max - 20_000, max - 1000),
            (None, None, _) => (2000, 1_000_000),
        };
        let high = if unit == Unit::Whole { high } else { high.min(100_000) };
        let label = format!("{entity}.{}", field.key);
        if !needed || high - low < 300 {
            return None;
        }
        Some(Val::Fresh(0, Shape::Count { label, low, high, unit }))
    }

    /// The smallest difference that a test of a field's bound uses.
    pub(crate) fn step(&self, entity: &str, field: &Field) -> Number {
        let places = self.model.rules.iter().filter_map(|rule| match &rule.demand {
            RuleKind::Places { entity: e, field: f, places } if e == entity && *f == field.key => Some(*places),
            _ => None,
        });
        let coarsest = places.min().map(Number::at_place);
        coarsest.map_or(step(&field.kind), |coarsest| coarsest.max(step(&field.kind)))
    }

    /// Whether a value breaks none of the rules that look at this field alone.
    pub(crate) fn fits_alone(&self, entity: &str, field: &Field, value: &Val) -> bool {
        let text = value.sample();
        self.model.rules.iter().all(|rule| match &rule.demand {
            RuleKind::Range { entity: e, field: f, min, max, above_min, below_max }
                if e == entity && *f == field.key =>
            {
                use std::cmp::Ordering::{Equal, Greater, Less};
                let order = |bound: &Option<String>| value.order(&Val::parse(&field.kind, bound.as_deref()?));
                !(order(min).is_some_and(|o| o == Less || (*above_min && o == Equal))
                    || order(max).is_some_and(|o| o == Greater || (*below_max && o == Equal)))
            }
            RuleKind::Places { entity: e, field: f, places } if e == entity && *f == field.key => {
                !matches!(value, Val::Number(number) if number.places() > *places)
            }
            RuleKind::Length { entity: e, field: f, min, max } if e == entity && *f == field.key => {
                text.as_ref().is_none_or(|text| {
                    let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
                    min.is_none_or(|min| length >= min) && max.is_none_or(|max| length <= max)
                })
            }
            RuleKind::Pattern { entity: e, field: f, regex } if e == entity && *f == field.key => {
                text.as_ref().is_none_or(|text| self.matches(regex, text))
            }
            RuleKind::Format { entity: e, field: f, format } if e == entity && *f == field.key => {
                text.as_ref().is_none_or(|text| shape::has_format(*format, text))
            }
            _ => true,
        })
    }

    fn texts(&self, entity: &str, field: &Field) -> Vec<Val> {
        let (mut shapes, mut lengths, mut formats) = (Vec::new(), Vec::new(), Vec::new());
        for rule in &self.model.rules {
            match &rule.demand {
                RuleKind::Pattern { entity: e, field: f, regex } if e == entity && *f == field.key => {
                    shapes.extend(self.pattern(regex).iter().flat_map(|pattern| &pattern.samples).cloned());
                }
                RuleKind::Format { entity: e, field: f, format } if e == entity && *f == field.key => {
                    shapes.push(Shape::Format(*format, None));
                    formats.push(*format);
                }
                RuleKind::Length { entity: e, field: f, min, max } if e == entity && *f == field.key => {
                    lengths.extend(min.iter().chain(max).map(|length| *length as usize));
                }
                _ => {}
            }
        }
        if shapes.is_empty() {
            shapes.push(Shape::Words(field.name.clone()));
        }
        for length in lengths {
            if formats.is_empty() {
                // One shorter as well: a second value where the words are too long.
                shapes.extend([length, length.saturating_sub(1)].map(Shape::Exact));
            }
            let long = |format: &TextFormat| Shape::Format(*format, Some(length));
            shapes.extend(formats.iter().map(long).filter(Shape::differs));
        }
        shapes.push(Shape::Exact(6));
        shapes.into_iter().map(|shape| Val::Fresh(0, shape)).collect()
    }

    /// Constants that rules and conditions name for this field, and their neighbours.
    fn constants(&self, entity: &str, field: &Field) -> Vec<Val> {
        let mut found = Vec::new();
        let mut note = |value: Val| {
            let step = self.step(entity, field);
            for value in edges(&field.kind, &value) {
                found.extend([value.clone(), shift(&value, step, 1), shift(&value, step, -1)]);
            }
        };
        for rule in &self.model.rules {
            match &rule.demand {
                RuleKind::Range { entity: e, field: f, min, max, .. } if e == entity && *f == field.key => {
                    min.iter().chain(max).for_each(|bound| note(Val::parse(&field.kind, bound)));
                }
                RuleKind::Compare { entity: e, field: f, op, to, when, .. } if e == entity => {
                    if *f == field.key {
                        operand_values(&field.kind, *op, to).into_iter().for_each(&mut note);
                    }
                    self.condition_constants(entity, when, entity, field, &mut note);
                }
                _ => {}
            }
            for (owner, condition) in conditions(&rule.demand) {
                self.condition_constants(owner, condition, entity, field, &mut note);
            }
        }
        found
    }

    fn condition_constants(
        &self,
        owner: &str,
        condition: &Condition,
        entity: &str,
        field: &Field,
        note: &mut dyn FnMut(Val),
    ) {
        for test in &condition.0 {
            let (via, name) = match test {
                Test::In { via, field, .. } | Test::NotIn { via, field, .. } | Test::Compare { via, field, .. } => {
                    (via, field)
                }
                Test::Children { child, when, .. } => {
                    self.condition_constants(child, when, entity, field, note);
                    continue;
                }
                Test::Empty { .. } | Test::Given { .. } => continue,
            };
            let at = via.as_ref().map_or(Some(owner), |via| self.target(owner, via));
            if at != Some(entity) || *name != field.key {
                continue;
            }
            match test {
                Test::In { values, .. } | Test::NotIn { values, .. } => {
                    values.iter().for_each(|value| note(Val::constant(&field.kind, value)));
                }
                Test::Compare { op, to, .. } => operand_values(&field.kind, *op, to).into_iter().for_each(&mut *note),
                _ => {}
            }
        }
    }

    /// Values next to those of fields that this one is compared with, and of its own in other records.
    fn neighbours(&self, rows: &Rows, rec: usize, entity: &str, field: &Field) -> Vec<Val> {
        let mut found = Vec::new();
        let step = self.step(entity, field);
        let mut around = |value: Val| {
            for value in edges(&field.kind, &value).into_iter().filter(|value| !value.is_null()) {
                found.extend([shift(&value, step, 1), value.clone(), shift(&value, step, -1)]);
            }
        };
        for rule in &self.model.rules {
            match &rule.demand {
                RuleKind::Compare { entity: e, field: f, to, .. } => {
                    for (owner, row) in rows.iter().filter(|(_, row)| row.entity == *e) {
                        if e == entity && *owner == rec && *f == field.key {
                            around(self.operand(rows, row, *owner, to, Some(&field.kind)));
                        }
                        match to {
                            Operand::Field { field: other, offset } if *other == field.key && *owner == rec => {
                                around(self.read(rows, row, *owner, f).offset(&offset.negated()));
                            }
                            Operand::Referenced { via, field: other, offset }
                                if *other == field.key
                                    && Self::follow(rows, row, via).is_some_and(|(to, _)| to == rec) =>
                            {
                                around(self.read(rows, row, *owner, f).offset(&offset.negated()));
                            }
                            _ => {}
                        }
                    }
                }
                RuleKind::NoOverlap { entity: e, via, start, end, .. }
                    if via.as_ref().map_or(Some(e.as_str()), |via| self.target(e, via)) == Some(entity)
                        && (*start == field.key || *end == field.key) =>
                {
                    for row in rows.values().filter(|row| row.entity == entity) {
                        for value in [start, end].into_iter().filter_map(|key| row.values.get(key)) {
                            around(value.clone());
                            around(value.plus(30));
                            around(value.plus(-30));
                        }
                    }
                }
                _ => {}
            }
        }
        for row in rows.values().filter(|row| row.entity == entity) {
            if let Some(value @ (Val::Number(_) | Val::Year(_) | Val::Day(..) | Val::Time(..))) =
                row.values.get(&field.key)
            {
                found.extend([value.plus(1), value.plus(-1)]);
            }
        }
        found
    }
}

/// The conditions of a rule, each with the entity whose records it is about.
fn conditions(demand: &RuleKind) -> Vec<(&str, &Condition)> {
    match demand {
        RuleKind::RequiredWhen { entity, when, .. }
        | RuleKind::EmptyWhen { entity, when, .. }
        | RuleKind::Unique { entity, when, .. }
        | RuleKind::Immutable { entity, when, .. }
        | RuleKind::NoDelete { entity, when }
        | RuleKind::NoOverlap { entity, when, .. }
        | RuleKind::Quota { entity, when, .. }
        | RuleKind::Requires { entity, condition: when, .. }
        | RuleKind::Capacity { child: entity, when, .. } => vec![(entity, when)],
        RuleKind::Computed { entity, expr, .. } => {
            let mut found = Vec::new();
            expr_conditions(entity, expr, &mut found);
            found
        }
        _ => Vec::new(),
    }
}

fn expr_conditions<'a>(entity: &'a str, expr: &'a maestro_artifacts::Expr, found: &mut Vec<(&'a str, &'a Condition)>) {
    use maestro_artifacts::Expr;
    match expr {
        Expr::Add { left, right }
        | Expr::Sub { left, right }
        | Expr::Mul { left, right }
        | Expr::Div { left, right } => {
            expr_conditions(entity, left, found);
            expr_conditions(entity, right, found);
        }
        Expr::Children { child, when, .. } => found.push((child, when)),
        Expr::Holds { when } => found.push((entity, when)),
        Expr::PlusDays { date: left, days: right } | Expr::PlusMonths { date: left, months: right } => {
            expr_conditions(entity, left, found);
            expr_conditions(entity, right, found);
        }
        Expr::Elapsed { from, to, .. } => {
            expr_conditions(entity, from, found);
            expr_conditions(entity, to, found);
        }
        Expr::Number { .. } | Expr::Field { .. } | Expr::Referenced { .. } | Expr::Today => {}
    }
}

/// How many days from today a comparison leaves at least and at most, counted generously; `None` where it is about anything
/// but the clock.
fn days_around(op: Op, to: &Operand) -> Option<(Option<i64>, Option<i64>)> {
    let (least, most) = match to {
        Operand::Today { plus_days, plus_months } => (plus_days + plus_months * 28, plus_days + plus_months * 31),
        Operand::Now { plus_minutes } => (plus_minutes / (24 * 60), plus_minutes / (24 * 60)),
        Operand::Value { .. } | Operand::ThisYear { .. } | Operand::Field { .. } | Operand::Referenced { .. } => {
            return None;
        }
    };
    match op {
        Op::Gt | Op::Ge => Some((Some(least.max(most) + 2), None)),
        Op::Lt | Op::Le => Some((None, Some(least.min(most) - 2))),
        Op::Eq | Op::Ne => None,
    }
}

/// Constants that a comparison points at. Where the clock is involved, values stay an hour clear of it.
fn operand_values(kind: &FieldKind, op: Op, to: &Operand) -> Vec<Val> {
    match to {
        Operand::Value { value } => vec![Val::constant(kind, value)],
        Operand::Today { plus_days, plus_months } if matches!(kind, FieldKind::DateTime) => {
            let end = i64::from(!matches!(op, Op::Ge | Op::Lt));
            let edge = Val::start_of_day(*plus_months, plus_days + end);
            vec![shift(&edge, step(kind), -1), edge]
        }
        Operand::Today { plus_days, plus_months } => vec![Val::day(*plus_months, *plus_days)],
        Operand::ThisYear { plus_years } => vec![Val::Year(*plus_years)],
        Operand::Now { .. } if matches!(kind, FieldKind::Date) => vec![Val::today(0)],
        Operand::Now { plus_minutes } => {
            [3600, -3600].map(|clear| Val::Time(NOW + plus_minutes * 60 + clear, Anchor::Now)).to_vec()
        }
        Operand::Field { .. } | Operand::Referenced { .. } => Vec::new(),
    }
}

/// A date as values of a field: for instants, the first and the last second of the day.
pub(crate) fn edges(kind: &FieldKind, value: &Val) -> Vec<Val> {
    match (kind, value) {
        (FieldKind::DateTime, Val::Day(day, anchor)) => {
            [day * DAY, day * DAY + DAY - 1].map(|at| Val::Time(at, anchor.clone())).to_vec()
        }
        (FieldKind::Date, Val::Time(at, anchor)) => vec![Val::Day(at.div_euclid(DAY), anchor.clone())],
        _ => vec![value.clone()],
    }
}

/// The smallest difference that a test of a bound uses, whatever else is demanded of the values.
fn step(kind: &FieldKind) -> Number {
    match kind {
        FieldKind::Decimal | FieldKind::Money => Number::hundredths(1),
        _ => Number::whole(1),
    }
}

/// The value `times` steps away: days for dates, seconds for date-times.
pub(crate) fn shift(value: &Val, step: Number, times: i64) -> Val {
    match value {
        Val::Number(number) => Val::Number(number.add(step.mul(Number::whole(times)))),
        Val::Day(day, anchor) => Val::Day(day + times, anchor.clone()),
        Val::Year(plus) => Val::Year(plus + times),
        // A second beside the running clock is no boundary that a test could hit.
        Val::Time(at, Anchor::Now) => Val::Time(at + times * 60, Anchor::Now),
        Val::Time(at, anchor) => Val::Time(at + times, anchor.clone()),
        other => other.clone(),
    }
}
