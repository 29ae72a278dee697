//! What could be changed in a script so that a rule or condition comes out differently.

use crate::{
    judge::{Act, Fault},
    script::{Course, Script, Want},
    value::Val,
    world::{Row, Rows, World, concerns},
};
use maestro_artifacts::{Condition, Expr, Measure, Moment, Operand, RuleKind, Test};
use std::collections::BTreeSet;

/// Something to change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Lever {
    /// A stored field of a record.
    Field(usize, String),
    /// The state of a record.
    State(usize),
    /// How many children a record has: parent, child entity, the child's reference field, and what makes one count.
    Children(usize, String, String, Condition),
}

/// Collects levers for one course of a script.
pub(crate) struct Levers<'c, 'a> {
    world: &'c World<'a>,
    rows: &'c Rows,
    found: Vec<Lever>,
}

impl<'c, 'a> Levers<'c, 'a> {
    /// The levers for everything that is not as it should be.
    pub(crate) fn of(world: &'c World<'a>, script: &Script, course: &'c Course) -> Vec<Lever> {
        let mut all = Self { world, rows: &course.after, found: Vec::new() };
        if script.last().is_some_and(|last| last.act == Act::Delete) {
            all.rows = &course.before;
        }
        for want in &course.unmet {
            match want {
                Want::After(rec, test, _) | Want::Before(rec, test, _) => {
                    if !course.after.contains_key(rec) {
                        all.rows = &course.before;
                    }
                    all.test(*rec, test);
                }
                Want::Reached(rec, via, field, _) => all.field(*rec, Some(via), field),
                Want::Value(rec, field, _) | Want::Worked(rec, field, _) | Want::Given(rec, field) => {
                    if !course.after.contains_key(rec) {
                        all.rows = &course.before;
                    }
                    all.field(*rec, None, field);
                }
            }
        }
        for (place, fault) in &course.faults {
            let Some(request) = script.requests.get(*place) else { continue };
            if !course.after.contains_key(&request.rec) {
                all.rows = &course.before;
            }
            match fault {
                Fault::Rule(index) | Fault::Unsure(index) => {
                    if let Some(rule) = world.model.rules.get(*index) {
                        all.rule(request.rec, &rule.demand);
                        all.onlookers(request.rec, *index, &rule.demand);
                        if request.act == Act::Delete {
                            all.going_along(request.rec, &rule.demand);
                        }
                    }
                }
                Fault::Onlooker(index) => {
                    if let Some(rule) = world.model.rules.get(*index) {
                        all.onlookers(request.rec, *index, &rule.demand);
                    }
                }
                Fault::Pointless if request.sets.is_empty() => {
                    let fields = world.entity(&request.entity).map_or(&[][..], |entity| &entity.fields);
                    all.found.extend(fields.iter().map(|field| Lever::Field(request.rec, field.key.clone())));
                }
                Fault::Kind | Fault::NoCommonRole | Fault::Pointless => {
                    all.found.extend(request.sets.keys().map(|key| Lever::Field(request.rec, key.clone())));
                }
                Fault::NotInitial | Fault::NoTransition | Fault::Referenced => {
                    all.found.push(Lever::State(request.rec))
                }
            }
        }
        all.found
    }

    fn push(&mut self, lever: Lever) {
        if !self.found.contains(&lever) {
            self.found.push(lever);
        }
    }

    fn row(&self, rec: usize) -> Option<&'c Row> {
        self.rows.get(&rec).map(std::rc::Rc::as_ref)
    }

    fn field(&mut self, rec: usize, via: Option<&str>, field: &str) {
        let Some(row) = self.row(rec) else { return };
        if let Some(via) = via {
            let (first, rest) = maestro_artifacts::first_step(via);
            if let Some((parent, _)) = World::follow(self.rows, row, first) {
                self.field(parent, rest, field);
            } else {
                self.push(Lever::Field(rec, first.to_owned()));
            }
            return;
        }
        if self.world.workflow(&row.entity).is_some_and(|workflow| workflow.field == field) {
            self.push(Lever::State(rec));
            return;
        }
        for rule in &self.world.model.rules {
            match &rule.demand {
                RuleKind::Computed { entity, field: f, expr } if *entity == row.entity && f == field => {
                    self.expr(rec, expr);
                    return;
                }
                RuleKind::Stamp { entity, field: f, to: Some(_), .. } if *entity == row.entity && f == field => {
                    self.push(Lever::State(rec));
                }
                _ => {}
            }
        }
        self.push(Lever::Field(rec, field.to_owned()));
    }

    fn condition(&mut self, rec: usize, condition: &Condition) {
        for test in &condition.0 {
            self.test(rec, test);
        }
    }

    fn test(&mut self, rec: usize, test: &Test) {
        match test {
            Test::In { via, field, .. }
            | Test::NotIn { via, field, .. }
            | Test::Empty { via, field }
            | Test::Given { via, field } => self.field(rec, via.as_deref(), field),
            Test::Compare { via, field, to, .. } => {
                self.field(rec, via.as_deref(), field);
                self.operand(rec, to);
            }
            Test::Children { child, via, when, measure, to, .. } => {
                self.children(rec, child, via, measure, when);
                self.operand(rec, to);
            }
        }
    }

    fn operand(&mut self, rec: usize, operand: &Operand) {
        match operand {
            Operand::Field { field, .. } => self.field(rec, None, field),
            Operand::Referenced { via, field, .. } => self.field(rec, Some(via), field),
            Operand::Value { .. } | Operand::Today { .. } | Operand::ThisYear { .. } | Operand::Now { .. } => {}
        }
    }

    fn children(&mut self, rec: usize, child: &str, via: &str, measure: &Measure, when: &Condition) {
        let children: Vec<usize> = self
            .rows
            .iter()
            .filter(|(_, row)| row.entity == child && row.values.get(via) == Some(&Val::Ref(rec)))
            .map(|(child, _)| *child)
            .collect();
        for one in children {
            self.condition(one, when);
            if let Measure::Sum { field }
            | Measure::Average { field }
            | Measure::Min { field }
            | Measure::Max { field } = measure
            {
                self.field(one, None, field);
            }
        }
        self.push(Lever::Children(rec, child.to_owned(), via.to_owned(), when.clone()));
    }

    fn expr(&mut self, rec: usize, expr: &Expr) {
        match expr {
            Expr::Number { .. } | Expr::Today => {}
            Expr::Field { field } => self.field(rec, None, field),
            Expr::Referenced { via, field } => self.field(rec, Some(via), field),
            Expr::Add { left, right }
            | Expr::Sub { left, right }
            | Expr::Mul { left, right }
            | Expr::Div { left, right } => {
                self.expr(rec, left);
                self.expr(rec, right);
            }
            Expr::PlusDays { date: left, days: right } | Expr::PlusMonths { date: left, months: right } => {
                self.expr(rec, left);
                self.expr(rec, right);
            }
            Expr::Elapsed { from, to, .. } => {
                self.expr(rec, from);
                self.expr(rec, to);
            }
            Expr::Children { child, via, measure, when } => self.children(rec, child, via, measure, when),
            Expr::Holds { when } => self.condition(rec, when),
        }
    }

    /// What a rule says of those that would be deleted with a record.
    fn going_along(&mut self, rec: usize, demand: &RuleKind) {
        for other in self.world.deleted_with(self.rows, rec) {
            if other != rec && self.row(other).is_some_and(|row| concerns(demand, &row.entity)) {
                self.rule(other, demand);
            }
        }
    }

    /// What makes records that look at this one fit again: their own fields, and what the rule looks at.
    fn onlookers(&mut self, rec: usize, index: usize, demand: &RuleKind) {
        let Some(row) = self.row(rec) else { return };
        let ways = self.world.looking_at(&row.entity).iter().filter(|(rule, _)| *rule == index);
        let owners: BTreeSet<&String> = ways.map(|(_, reach)| &reach.entity).collect();
        let others = self.rows.iter().filter(|(other, row)| **other != rec && owners.contains(&row.entity));
        for (other, _) in others {
            self.rule(*other, demand);
        }
    }

    fn rule(&mut self, rec: usize, demand: &RuleKind) {
        match demand {
            RuleKind::Required { field, .. }
            | RuleKind::Range { field, .. }
            | RuleKind::Places { field, .. }
            | RuleKind::Length { field, .. }
            | RuleKind::Pattern { field, .. }
            | RuleKind::Format { field, .. } => self.field(rec, None, field),
            RuleKind::RequiredWhen { field, when, .. } | RuleKind::EmptyWhen { field, when, .. } => {
                self.field(rec, None, field);
                self.condition(rec, when);
            }
            RuleKind::Compare { field, to, when, .. } => {
                self.field(rec, None, field);
                self.operand(rec, to);
                self.condition(rec, when);
            }
            RuleKind::Requires { condition, at, .. } => {
                self.condition(rec, condition);
                if matches!(at, Moment::Transition { .. }) {
                    // What is needed may come about later than the record: so may the change of state.
                    self.push(Lever::State(rec));
                }
            }
            RuleKind::TransitionRequires { fields, .. }
            | RuleKind::ActionRole { fields, .. }
            | RuleKind::ActionBarred { fields, .. } => {
                fields.iter().for_each(|field| self.field(rec, None, field));
            }
            RuleKind::Immutable { when, .. } | RuleKind::NoDelete { when, .. } => self.condition(rec, when),
            RuleKind::Unique { fields, when, .. } => {
                fields.iter().for_each(|field| self.field(rec, None, field));
                self.condition(rec, when);
            }
            RuleKind::NoOverlap { via, start, end, by, when, .. } => {
                by.iter().for_each(|field| self.field(rec, None, field));
                [start, end].into_iter().for_each(|field| self.field(rec, via.as_deref(), field));
                via.iter().for_each(|via| self.field(rec, None, via));
                self.condition(rec, when);
            }
            RuleKind::Quota { by, when, .. } => {
                by.iter().for_each(|field| self.field(rec, None, field));
                self.condition(rec, when);
            }
            RuleKind::Capacity { parent, child, via, measure, limit, when, .. } => {
                let Some(row) = self.row(rec) else { return };
                let owner =
                    if row.entity == *child { World::follow(self.rows, row, via).map(|(rec, _)| rec) } else { None };
                let owner = if row.entity == *parent { Some(rec) } else { owner };
                if row.entity == *child {
                    self.condition(rec, when);
                    self.push(Lever::Field(rec, via.clone()));
                }
                if let Some(owner) = owner {
                    self.operand(owner, limit);
                    self.children(owner, child, via, measure, when);
                }
            }
            _ => {}
        }
    }
}
