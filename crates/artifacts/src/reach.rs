//! Which referenced records a rule looks at. Such a rule can be broken from the other side, by a change of that record.

use crate::rules::{Condition, Expr, Operand, RuleKind, Test};
use crate::service_model::{FieldKind, ServiceModel};

/// A field of a referenced record that a rule about records of `entity` looks at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// Whose rule it is: the records that refer.
    pub entity: String,
    /// Their reference field.
    pub via: String,
    /// The entity of the records that they refer to.
    pub target: String,
    /// The field there.
    pub field: String,
}

impl ServiceModel {
    /// What a rule that holds of stored records reads of records that they refer to: such a record cannot be changed so
    /// that one of those that refer to it no longer fits. Comparisons, bounds (of what is worked out) and limits have
    /// it; rules of one moment (`on_create`, `Requires`) have not.
    #[must_use]
    pub fn reaches(&self, rule: &RuleKind) -> Vec<Reach> {
        let (entity, found) = match rule {
            RuleKind::Compare { entity, field, to, when, on_create: false, .. } => {
                let mut found = Ways::of(self, entity);
                found.field(field);
                found.operand(to);
                found.condition(when);
                (entity, found)
            }
            RuleKind::Range { entity, field, .. } => {
                let mut found = Ways::of(self, entity);
                found.field(field);
                (entity, found)
            }
            RuleKind::Capacity { parent, limit, .. } => {
                let mut found = Ways::of(self, parent);
                found.operand(limit);
                (parent, found)
            }
            _ => return Vec::new(),
        };
        let reach = |(via, field): (String, String)| match &self.field(entity, &via)?.kind {
            FieldKind::Reference { entity: target } => {
                Some(Reach { entity: entity.clone(), via, target: target.clone(), field })
            }
            _ => None,
        };
        found.ways.into_iter().filter_map(reach).collect()
    }
}

/// Collects reference fields with the fields that are read through them.
struct Ways<'m> {
    model: &'m ServiceModel,
    entity: &'m str,
    ways: Vec<(String, String)>,
    /// Computed fields that were looked into: one may be worked out of another.
    seen: Vec<String>,
}

impl<'m> Ways<'m> {
    const fn of(model: &'m ServiceModel, entity: &'m str) -> Self {
        Self { model, entity, ways: Vec::new(), seen: Vec::new() }
    }

    fn way(&mut self, via: &str, field: &str) {
        let way = (via.to_owned(), field.to_owned());
        if !self.ways.contains(&way) {
            self.ways.push(way);
        }
    }

    fn field(&mut self, field: &str) {
        if self.seen.iter().any(|seen| seen == field) {
            return;
        }
        self.seen.push(field.to_owned());
        let computed = self.model.rules.iter().find_map(|rule| match &rule.demand {
            RuleKind::Computed { entity, field: key, expr } if entity == self.entity && key == field => Some(expr),
            _ => None,
        });
        if let Some(expr) = computed {
            self.expr(expr);
        }
    }

    fn operand(&mut self, operand: &Operand) {
        match operand {
            Operand::Referenced { via, field, .. } => self.way(via, field),
            Operand::Field { field, .. } => self.field(field),
            Operand::Value { .. } | Operand::Today { .. } | Operand::Now { .. } => {}
        }
    }

    fn condition(&mut self, condition: &Condition) {
        for test in &condition.0 {
            match test {
                Test::In { via, field, .. }
                | Test::NotIn { via, field, .. }
                | Test::Empty { via, field }
                | Test::Given { via, field }
                | Test::Compare { via, field, .. } => match via {
                    Some(via) => self.way(via, field),
                    None => self.field(field),
                },
                Test::Children { .. } => {}
            }
            if let Test::Compare { to, .. } | Test::Children { to, .. } = test {
                self.operand(to);
            }
        }
    }

    fn expr(&mut self, expr: &Expr) {
        match expr {
            Expr::Field { field } => self.field(field),
            Expr::Referenced { via, field } => self.way(via, field),
            Expr::Add { left, right }
            | Expr::Sub { left, right }
            | Expr::Mul { left, right }
            | Expr::Div { left, right }
            | Expr::PlusDays { date: left, days: right }
            | Expr::Elapsed { from: left, to: right, .. } => {
                self.expr(left);
                self.expr(right);
            }
            Expr::Holds { when } => self.condition(when),
            Expr::Number { .. } | Expr::Today | Expr::Children { .. } => {}
        }
    }
}
