//! The records of a service as the criteria describe them: reading fields, conditions and computed values.
//!
//! This is the tester's own reading of the rules. It shares no code with the service that is tested.

use crate::{
    number::Number,
    shape::Pattern,
    value::{Anchor, DAY, NOW, Val},
};
use maestro_artifacts::{
    Condition, Expr, FieldKind, Measure, Op, Operand, Reach, Rule, RuleKind, ServiceModel, Test,
    service_model::{Entity, Field, Workflow},
};
use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

/// One stored record.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) entity: String,
    pub(crate) values: BTreeMap<String, Val>,
}

/// All records, by their number in the script.
pub(crate) type Rows = BTreeMap<usize, Rc<Row>>;

/// The requirements, prepared for looking things up.
pub(crate) struct World<'a> {
    pub(crate) model: &'a ServiceModel,
    patterns: BTreeMap<&'a str, Pattern>,
    /// Places of the rules that look at records of an entity.
    by_entity: BTreeMap<&'a str, Vec<usize>>,
    computed: BTreeMap<(&'a str, &'a str), &'a Expr>,
    /// What rules look at of other records than their own, by the entity of these.
    looked_at: BTreeMap<String, Vec<(usize, Reach)>>,
    /// The references, by entity and field, whose records are deleted with what they refer to.
    cascades: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> World<'a> {
    pub(crate) fn new(model: &'a ServiceModel) -> Self {
        let patterns = model.rules.iter().filter_map(|rule| match &rule.demand {
            RuleKind::Pattern { regex, .. } => Some((regex.as_str(), Pattern::new(regex))),
            _ => None,
        });
        let mut by_entity: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        let mut computed = BTreeMap::new();
        let mut looked_at: BTreeMap<String, Vec<(usize, Reach)>> = BTreeMap::new();
        let mut cascades = BTreeSet::new();
        for (index, rule) in model.rules.iter().enumerate() {
            for entity in &model.entities {
                if concerns(&rule.demand, &entity.key) {
                    by_entity.entry(&entity.key).or_default().push(index);
                }
            }
            for reach in model.reaches(&rule.demand) {
                looked_at.entry(reach.target.clone()).or_default().push((index, reach));
            }
            if let RuleKind::Computed { entity, field, expr } = &rule.demand {
                computed.entry((entity.as_str(), field.as_str())).or_insert(expr);
            }
            if let RuleKind::Cascade { entity, field } = &rule.demand {
                cascades.insert((entity.as_str(), field.as_str()));
            }
        }
        Self { model, patterns: patterns.collect(), by_entity, computed, looked_at, cascades }
    }

    /// The rules that look at records of an entity, each with its place.
    pub(crate) fn rules_of(&self, entity: &str) -> impl Iterator<Item = (usize, &'a Rule)> {
        let places = self.by_entity.get(entity).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|index| self.model.rules.get(*index).map(|rule| (*index, rule)))
    }

    /// What rules about other records look at of records of an entity, each with its rule's place.
    pub(crate) fn looking_at(&self, entity: &str) -> &[(usize, Reach)] {
        self.looked_at.get(entity).map_or(&[], Vec::as_slice)
    }

    /// An expression of a pattern rule.
    pub(crate) fn pattern(&self, regex: &str) -> Option<&Pattern> {
        self.patterns.get(regex)
    }

    pub(crate) fn matches(&self, regex: &str, text: &str) -> bool {
        self.pattern(regex).is_some_and(|pattern| pattern.matches(text))
    }

    pub(crate) fn entity(&self, key: &str) -> Option<&'a Entity> {
        self.model.entity(key)
    }

    pub(crate) fn field(&self, entity: &str, field: &str) -> Option<&'a Field> {
        self.model.field(entity, field)
    }

    pub(crate) fn workflow(&self, entity: &str) -> Option<&'a Workflow> {
        self.model.entity(entity)?.workflow.as_ref()
    }

    /// Key of the entity that a reference field leads to, or several of them one after the other.
    pub(crate) fn target(&self, entity: &'a str, via: &str) -> Option<&'a str> {
        self.model.target(entity, via)
    }

    fn expr(&self, entity: &str, field: &str) -> Option<&'a Expr> {
        self.computed.get(&(entity, field)).copied()
    }

    /// A field of a record, computed or stored.
    pub(crate) fn read(&self, rows: &Rows, row: &Row, rec: usize, field: &str) -> Val {
        self.known(rows, row, rec, field).unwrap_or(Val::Null)
    }

    /// The value of a field; `None` where it is worked out to one that is not known here, such as a third.
    pub(crate) fn known(&self, rows: &Rows, row: &Row, rec: usize, field: &str) -> Option<Val> {
        match self.expr(&row.entity, field) {
            Some(expr) => self.eval(rows, row, rec, expr),
            None => Some(row.values.get(field).cloned().unwrap_or(Val::Null)),
        }
    }

    /// The record that a reference field leads to, or several of them one after the other.
    pub(crate) fn follow<'r>(rows: &'r Rows, row: &Row, via: &str) -> Option<(usize, &'r Row)> {
        let (first, rest) = maestro_artifacts::first_step(via);
        let Some(Val::Ref(rec)) = row.values.get(first) else { return None };
        let row = rows.get(rec)?.as_ref();
        rest.map_or(Some((*rec, row)), |rest| Self::follow(rows, row, rest))
    }

    /// Whether records are deleted with the one that this field of theirs refers to.
    pub(crate) fn cascades(&self, entity: &str, field: &str) -> bool {
        self.cascades.contains(&(entity, field))
    }

    /// A field of the record or, through a reference field, of another one.
    pub(crate) fn reach(&self, rows: &Rows, row: &Row, rec: usize, via: Option<&str>, field: &str) -> Val {
        match via {
            None => self.read(rows, row, rec, field),
            Some(via) => Self::follow(rows, row, via).map_or(Val::Null, |(rec, row)| self.read(rows, row, rec, field)),
        }
    }

    pub(crate) fn holds(&self, rows: &Rows, row: &Row, rec: usize, condition: &Condition) -> bool {
        condition.0.iter().all(|test| self.passes(rows, row, rec, test))
    }

    pub(crate) fn passes(&self, rows: &Rows, row: &Row, rec: usize, test: &Test) -> bool {
        let reach = |via: &Option<String>, field: &str| self.reach(rows, row, rec, via.as_deref(), field);
        match test {
            Test::In { via, field, values } => {
                self.among(&row.entity, via.as_deref(), field, values, &reach(via, field))
            }
            Test::NotIn { via, field, values } => {
                !self.among(&row.entity, via.as_deref(), field, values, &reach(via, field))
            }
            Test::Empty { via, field } => reach(via, field).is_null(),
            Test::Given { via, field } => !reach(via, field).is_null(),
            Test::Compare { via, field, op, to } => {
                let value = reach(via, field);
                let kind = self.kind_through(&row.entity, via.as_deref(), field);
                self.compare(rows, row, rec, &value, *op, to, kind).unwrap_or(false)
            }
            Test::Children { child, via, when, measure, op, to } => {
                let count = self.measure(rows, rec, child, via, when, measure).unwrap_or(Val::Null);
                self.compare(rows, row, rec, &count, *op, to, Some(&FieldKind::Decimal)).unwrap_or(false)
            }
        }
    }

    /// The kind of a field, perhaps of a referenced record.
    pub(crate) fn kind_through(&self, entity: &str, via: Option<&str>, field: &str) -> Option<&'a FieldKind> {
        let entity = match via {
            None => entity,
            Some(via) => self.target(entity, via)?,
        };
        self.field(entity, field).map(|field| &field.kind)
    }

    fn among(&self, entity: &str, via: Option<&str>, field: &str, values: &[serde_json::Value], value: &Val) -> bool {
        let Some(kind) = self.kind_through(entity, via, field) else { return false };
        values.iter().any(|one| Val::constant(kind, one).same(value))
    }

    /// What an operand stands for in this record.
    pub(crate) fn operand(
        &self,
        rows: &Rows,
        row: &Row,
        rec: usize,
        operand: &Operand,
        kind: Option<&FieldKind>,
    ) -> Val {
        match operand {
            Operand::Value { value } => kind.map_or(Val::Null, |kind| Val::constant(kind, value)),
            Operand::Field { field, offset } => self.read(rows, row, rec, field).offset(offset),
            Operand::Referenced { via, field, offset } => self.reach(rows, row, rec, Some(via), field).offset(offset),
            Operand::Today { plus_days, plus_months } if matches!(kind, Some(FieldKind::DateTime)) => {
                Val::start_of_day(*plus_months, *plus_days)
            }
            Operand::Today { plus_days, plus_months } => Val::day(*plus_months, *plus_days),
            Operand::ThisYear { plus_years } => Val::Year(*plus_years),
            Operand::Now { .. } if matches!(kind, Some(FieldKind::Date)) => Val::today(0),
            Operand::Now { plus_minutes } => Val::Time(NOW + plus_minutes * 60, Anchor::Now),
        }
    }

    /// Compares a value with an operand; `None` where one of them is empty.
    #[expect(clippy::too_many_arguments, reason = "a record is three of them, a comparison the other four")]
    pub(crate) fn compare(
        &self,
        rows: &Rows,
        row: &Row,
        rec: usize,
        value: &Val,
        op: Op,
        to: &Operand,
        kind: Option<&FieldKind>,
    ) -> Option<bool> {
        if let (Val::Time(at, _), Operand::Today { plus_days, plus_months }) = (value, to)
            && let Val::Time(start, _) = Val::start_of_day(*plus_months, *plus_days)
        {
            let end = start + DAY;
            return Some(match op {
                Op::Ge => *at >= start,
                Op::Lt => *at < start,
                Op::Le => *at < end,
                Op::Gt => *at >= end,
                Op::Eq => (start..end).contains(at),
                Op::Ne => !(start..end).contains(at),
            });
        }
        let other = self.operand(rows, row, rec, to, kind);
        if value.is_null() || other.is_null() {
            return None;
        }
        Some(match op {
            Op::Eq => value.same(&other),
            Op::Ne => !value.same(&other),
            Op::Lt => value.order(&other)? == Ordering::Less,
            Op::Le => value.order(&other)? != Ordering::Greater,
            Op::Gt => value.order(&other)? == Ordering::Greater,
            Op::Ge => value.order(&other)? != Ordering::Less,
        })
    }

    /// The children of a record that meet a condition.
    pub(crate) fn children<'r>(
        &'r self,
        rows: &'r Rows,
        parent: usize,
        child: &'r str,
        via: &'r str,
        when: &'r Condition,
    ) -> impl Iterator<Item = (usize, &'r Row)> {
        rows.iter()
            .filter(move |(_, row)| row.entity == child && row.values.get(via) == Some(&Val::Ref(parent)))
            .filter(move |(rec, row)| self.holds(rows, row, **rec, when))
            .map(|(rec, row)| (*rec, row.as_ref()))
    }

    /// Adds up over children; `None` where the result does not come out even.
    pub(crate) fn measure(
        &self,
        rows: &Rows,
        parent: usize,
        child: &str,
        via: &str,
        when: &Condition,
        measure: &Measure,
    ) -> Option<Val> {
        let mut count = 0;
        let mut values: Vec<Val> = Vec::new();
        for (rec, row) in self.children(rows, parent, child, via, when) {
            count += 1;
            if let Measure::Sum { field }
            | Measure::Average { field }
            | Measure::Min { field }
            | Measure::Max { field } = measure
            {
                values.push(self.read(rows, row, rec, field));
            }
        }
        values.retain(|value| !value.is_null());
        add_up(measure, count, &values)
    }

    /// Works out an expression; empty where an operand is, `None` where the result does not come out even.
    pub(crate) fn eval(&self, rows: &Rows, row: &Row, rec: usize, expr: &Expr) -> Option<Val> {
        let number = |a: &Expr, b: &Expr, f: &dyn Fn(Number, Number) -> Option<Val>| match (
            self.eval(rows, row, rec, a)?,
            self.eval(rows, row, rec, b)?,
        ) {
            (Val::Number(a), Val::Number(b)) => f(a, b),
            // What a counted value or a year will be is known only when the test runs.
            (Val::Fresh(..) | Val::Year(_), _) | (_, Val::Fresh(..) | Val::Year(_)) => None,
            _ => Some(Val::Null),
        };
        Some(match expr {
            Expr::Number { value } => value.parse().map_or(Val::Null, Val::Number),
            Expr::Field { field } => self.expr(&row.entity, field).map_or_else(
                || Some(row.values.get(field).cloned().unwrap_or(Val::Null)),
                |expr| self.eval(rows, row, rec, expr),
            )?,
            Expr::Referenced { via, field } => match Self::follow(rows, row, via) {
                None => Val::Null,
                Some((rec, row)) => match self.expr(&row.entity, field) {
                    Some(expr) => self.eval(rows, row, rec, expr)?,
                    None => row.values.get(field).cloned().unwrap_or(Val::Null),
                },
            },
            Expr::Add { left, right } => number(left, right, &|a, b| Some(Val::Number(a.add(b))))?,
            Expr::Mul { left, right } => number(left, right, &|a, b| Some(Val::Number(a.mul(b))))?,
            Expr::Div { left, right } => number(left, right, &|a, b| {
                if b == Number::ZERO { Some(Val::Null) } else { a.div(b).map(Val::Number) }
            })?,
            Expr::Sub { left, right } => {
                match (self.eval(rows, row, rec, left)?, self.eval(rows, row, rec, right)?) {
                    (Val::Number(a), Val::Number(b)) => Val::Number(a.sub(b)),
                    (Val::Year(a), Val::Year(b)) => Val::whole(a - b),
                    // So many days only on the day on which the test was thought out.
                    (a, b) if a.moves_beside(&b) => return None,
                    (Val::Day(a, _), Val::Day(b, _)) => Val::whole(a - b),
                    (Val::Time(a, since), Val::Time(b, from)) if since == from && (a - b) % DAY == 0 => {
                        Val::whole((a - b) / DAY)
                    }
                    (Val::Null, _) | (_, Val::Null) => Val::Null,
                    // What part of a day counts for is not written down anywhere: no test says so.
                    _ => return None,
                }
            }
            Expr::PlusDays { date, days } => {
                match (self.eval(rows, row, rec, date)?, self.eval(rows, row, rec, days)?.number()) {
                    (date @ (Val::Day(..) | Val::Time(..)), Some(days)) => date.plus(days.as_whole()?),
                    _ => Val::Null,
                }
            }
            Expr::PlusMonths { date, months } => {
                match (self.eval(rows, row, rec, date)?, self.eval(rows, row, rec, months)?.number()) {
                    (date @ (Val::Day(..) | Val::Time(..)), Some(months)) => {
                        months.as_whole().map_or(Val::Null, |months| date.months_later(months))
                    }
                    _ => Val::Null,
                }
            }
            Expr::Elapsed { from, to, unit } => {
                match (self.eval(rows, row, rec, from)?, self.eval(rows, row, rec, to)?) {
                    (Val::Time(from, since), Val::Time(to, until)) if since == until => {
                        Val::Number(Number::whole(to - from).div(Number::whole(unit.seconds()))?)
                    }
                    (Val::Null, _) | (_, Val::Null) => Val::Null,
                    _ => return None,
                }
            }
            Expr::Today => Val::today(0),
            Expr::Children { child, via, measure, when } => self.measure(rows, rec, child, via, when, measure)?,
            Expr::Holds { when } => Val::Bool(self.holds(rows, row, rec, when)),
        })
    }
}

/// Whether a rule has to do with requests about records of an entity.
pub(crate) fn concerns(demand: &RuleKind, key: &str) -> bool {
    match demand {
        RuleKind::Capacity { parent, child, .. } => parent == key || child == key,
        RuleKind::Required { entity, .. }
        | RuleKind::RequiredWhen { entity, .. }
        | RuleKind::EmptyWhen { entity, .. }
        | RuleKind::Default { entity, .. }
        | RuleKind::Unique { entity, .. }
        | RuleKind::Range { entity, .. }
        | RuleKind::Places { entity, .. }
        | RuleKind::Length { entity, .. }
        | RuleKind::Pattern { entity, .. }
        | RuleKind::Format { entity, .. }
        | RuleKind::Compare { entity, .. }
        | RuleKind::Requires { entity, .. }
        | RuleKind::TransitionRole { entity, .. }
        | RuleKind::TransitionRequires { entity, .. }
        | RuleKind::Stamp { entity, .. }
        | RuleKind::Immutable { entity, .. }
        | RuleKind::NoDelete { entity, .. }
        | RuleKind::Cascade { entity, .. }
        | RuleKind::NoOverlap { entity, .. }
        | RuleKind::Quota { entity, .. }
        | RuleKind::ActionRole { entity, .. }
        | RuleKind::ActionBarred { entity, .. } => entity == key,
        // These ask nothing of a request.
        RuleKind::Capability { .. }
        | RuleKind::HasField { .. }
        | RuleKind::Transitions { .. }
        | RuleKind::Computed { .. }
        | RuleKind::Totals { .. }
        | RuleKind::List { .. }
        | RuleKind::Filter { .. }
        | RuleKind::Sort { .. }
        | RuleKind::Search { .. }
        | RuleKind::Csv { .. } => false,
    }
}

/// Adds up values that are all given.
pub(crate) fn add_up(measure: &Measure, count: i64, values: &[Val]) -> Option<Val> {
    let adds = matches!(measure, Measure::Sum { .. } | Measure::Average { .. });
    if values.iter().any(|value| matches!(value, Val::Fresh(..)) || adds && matches!(value, Val::Year(_))) {
        return None;
    }
    let sum = || values.iter().filter_map(Val::number).fold(Number::ZERO, Number::add);
    let best = |wanted: Ordering| {
        let better = |a: &Val, b: &Val| a.order(b) == Some(wanted);
        values.iter().cloned().reduce(|a, b| if better(&b, &a) { b } else { a }).unwrap_or(Val::Null)
    };
    Some(match measure {
        Measure::Count => Val::whole(count),
        Measure::Sum { .. } => Val::Number(sum()),
        Measure::Average { .. } if values.is_empty() => Val::Null,
        Measure::Average { .. } => {
            let length = i64::try_from(values.len()).ok()?;
            Val::Number(sum().div(Number::whole(length))?)
        }
        Measure::Min { .. } => best(Ordering::Less),
        Measure::Max { .. } => best(Ordering::Greater),
    })
}
