//! What else than its own record a rule looks at. Such a rule can be broken from there: by a change of a record that its
//! own refers to or is referred to by, however many steps away.

use crate::rules::{Condition, Expr, Measure, Moment, Operand, RuleKind, Test};
use crate::service_model::{FieldKind, ServiceModel};

/// A field of another record that a rule about records of `entity` looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Whose rule it is.
    pub entity: String,
    /// The way from a record of that entity to the one that is looked at; never empty.
    pub steps: Vec<Step>,
    /// The entity of the record that is looked at.
    pub target: String,
    /// The field there.
    pub field: String,
}

/// One step from a record to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// To the record that a reference field of this one refers to.
    Up {
        /// The reference field.
        via: String,
    },
    /// To the records that refer to this one.
    Down {
        /// Their entity.
        child: String,
        /// Their reference field.
        via: String,
    },
}

impl Reach {
    /// Whether the record that is looked at counts as a child: then also a new one, or one that goes, makes a difference.
    #[must_use]
    pub fn counts_children(&self) -> bool {
        matches!(self.steps.last(), Some(Step::Down { .. }))
    }
}

impl ServiceModel {
    /// What a rule that holds of stored records reads of other records: none of these can be changed so that one that
    /// the rule is about no longer fits. Comparisons (`Requires` at every save that compares two referenced records, too),
    /// bounds (of what is worked out), limits, and overlaps of times that stand in referenced records have it; rules of one
    /// moment have not. The children that a limit is about are its own.
    #[must_use]
    pub fn reaches(&self, rule: &RuleKind) -> Vec<Reach> {
        let mut found =
            Ways { model: self, entity: String::new(), steps: Vec::new(), open: Vec::new(), found: Vec::new() };
        match rule {
            RuleKind::Compare { entity, field, to, when, on_create: false, .. } => {
                found.entity.clone_from(entity);
                found.field(entity, field);
                found.operand(entity, to);
                found.condition(entity, when);
            }
            RuleKind::Range { entity, field, .. } => {
                found.entity.clone_from(entity);
                found.field(entity, field);
            }
            RuleKind::Capacity { parent, child, via, measure, limit, when, .. } => {
                found.entity.clone_from(parent);
                found.operand(parent, limit);
                found.children(parent, child, via, measure, when);
                let own = [Step::Down { child: child.clone(), via: via.clone() }];
                found.found.retain(|reach| reach.steps != own);
            }
            RuleKind::NoOverlap { entity, via: Some(via), start, end, when, .. } => {
                found.entity.clone_from(entity);
                found.up(entity, via, start);
                found.up(entity, via, end);
                found.condition(entity, when);
            }
            RuleKind::Requires { entity, at: Moment::Save, condition } if compares(condition) => {
                found.entity.clone_from(entity);
                found.condition(entity, condition);
            }
            _ => {}
        }
        found.found
    }
}

/// Whether a condition is about how fields of two referenced records compare: that is no matter of one moment.
fn compares(condition: &Condition) -> bool {
    !condition.0.is_empty()
        && condition
            .0
            .iter()
            .all(|test| matches!(test, Test::Compare { via: Some(_), to: Operand::Referenced { .. }, .. }))
}

/// Collects what is looked at, with the way to it.
struct Ways<'m> {
    model: &'m ServiceModel,
    entity: String,
    steps: Vec<Step>,
    /// Computed fields that are being looked into: one that is worked out of itself has no value.
    open: Vec<(String, String)>,
    found: Vec<Reach>,
}

impl Ways<'_> {
    fn note(&mut self, target: &str, field: &str) {
        let (entity, steps) = (self.entity.clone(), self.steps.clone());
        let reach = Reach { entity, steps, target: target.to_owned(), field: field.to_owned() };
        if !reach.steps.is_empty() && !self.found.contains(&reach) {
            self.found.push(reach);
        }
    }

    fn up(&mut self, of: &str, via: &str, field: &str) {
        let begin = self.steps.len();
        let mut at = of;
        let model = self.model;
        for step in via.split('.') {
            let Some(target) = model.target(at, step) else {
                self.steps.truncate(begin);
                return;
            };
            self.note(at, step);
            self.steps.push(Step::Up { via: step.to_owned() });
            at = target;
        }
        self.field(at, field);
        self.steps.truncate(begin);
    }

    fn children(&mut self, of: &str, child: &str, via: &str, measure: &Measure, when: &Condition) {
        if !matches!(self.model.field(child, via).map(|field| &field.kind), Some(FieldKind::Reference { entity }) if entity == of)
        {
            return;
        }
        self.steps.push(Step::Down { child: child.to_owned(), via: via.to_owned() });
        self.note(child, via);
        self.condition(child, when);
        match measure {
            Measure::Sum { field } | Measure::Average { field } | Measure::Min { field } | Measure::Max { field } => {
                self.field(child, field);
            }
            Measure::Count => {}
        }
        self.steps.pop();
    }

    fn field(&mut self, of: &str, field: &str) {
        let name = (of.to_owned(), field.to_owned());
        if self.open.contains(&name) {
            return;
        }
        self.note(of, field);
        let model = self.model;
        let computed = model.rules.iter().find_map(|rule| match &rule.demand {
            RuleKind::Computed { entity, field: key, expr } if entity == of && key == field => Some(expr),
            _ => None,
        });
        if let Some(expr) = computed {
            self.open.push(name);
            self.expr(of, expr);
            self.open.pop();
        }
    }

    fn operand(&mut self, of: &str, operand: &Operand) {
        match operand {
            Operand::Referenced { via, field, .. } => self.up(of, via, field),
            Operand::Field { field, .. } => self.field(of, field),
            Operand::Value { .. } | Operand::Today { .. } | Operand::ThisYear { .. } | Operand::Now { .. } => {}
        }
    }

    fn condition(&mut self, of: &str, condition: &Condition) {
        for test in &condition.0 {
            match test {
                Test::In { via, field, .. }
                | Test::NotIn { via, field, .. }
                | Test::Empty { via, field }
                | Test::Given { via, field }
                | Test::Compare { via, field, .. } => match via {
                    Some(via) => self.up(of, via, field),
                    None => self.field(of, field),
                },
                Test::Children { child, via, when, measure, .. } => self.children(of, child, via, measure, when),
            }
            if let Test::Compare { to, .. } | Test::Children { to, .. } = test {
                self.operand(of, to);
            }
        }
    }

    fn expr(&mut self, of: &str, expr: &Expr) {
        match expr {
            Expr::Field { field } => self.field(of, field),
            Expr::Referenced { via, field } => self.up(of, via, field),
            Expr::Add { left, right }
            | Expr::Sub { left, right }
            | Expr::Mul { left, right }
            | Expr::Div { left, right }
            | Expr::PlusDays { date: left, days: right }
            | Expr::PlusMonths { date: left, months: right }
            | Expr::Elapsed { from: left, to: right, .. } => {
                self.expr(of, left);
                self.expr(of, right);
            }
            Expr::Holds { when } => self.condition(of, when),
            Expr::Children { child, via, measure, when } => self.children(of, child, via, measure, when),
            Expr::Number { .. } | Expr::Today => {}
        }
    }
}
