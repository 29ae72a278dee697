//! Sums of what is worked out for each child: `the sum of quantity × unit price of its items`. What is worked out there is a
//! field of the child, called as it is told.

use super::formula::expression;
use super::kind;
use crate::effect::Effect;
use crate::engine::Reading;
use crate::token::Token;
use maestro_artifacts::{Condition, Expr, Measure, RuleKind};

/// What is added up.
pub(super) struct Line {
    child: String,
    via: String,
    name: String,
    expr: Expr,
}

impl Line {
    /// "sum of quantity × unit price of all its items", of records that items refer to.
    pub(super) fn of(reading: &Reading<'_>, entity: &str, tokens: &[Token]) -> Option<Self> {
        let [first, of, rest @ ..] = tokens else { return None };
        (["sum", "total"].iter().any(|word| first.is(word)) && of.is("of")).then_some(())?;
        let lexicon = reading.scope.lexicon;
        let scope = reading.engine.scope(rest);
        let leads = |token: &Token| ["of", "over", ">", "for", "in", "on", "across"].iter().any(|word| token.is(word));
        (1..rest.len()).rev().filter(|at| rest.get(*at).is_some_and(leads)).find_map(|at| {
            let (end, child) = scope.entity_at(rest, at + 1).into_iter().next()?;
            let via = lexicon.reference(&child, entity)?;
            let whose = rest.get(end..)?;
            let own = match whose {
                [] => true,
                [of, more @ ..] => {
                    leads(of)
                        && reading
                            .engine
                            .scope(more)
                            .entity_at(more, 0)
                            .iter()
                            .any(|(end, of)| *end == more.len() && of == entity)
                }
            };
            let told = rest.get(..at).filter(|_| own)?;
            let expr = expression(reading, &child, told).filter(worked_out)?;
            Some(Self { child, via, name: name(told)?, expr })
        })
    }

    fn known(&self, reading: &Reading<'_>) -> Option<String> {
        Some(reading.scope.lexicon.entity(&self.child)?.find(&self.name)?.key.clone())
    }

    /// The sum, once the child has the field.
    pub(super) fn sum(self, reading: &Reading<'_>) -> Option<Expr> {
        let measure = Measure::Sum { field: self.known(reading)? };
        Some(Expr::Children { child: self.child, via: self.via, measure, when: Condition::default() })
    }

    /// What makes the child have the field.
    pub(super) fn effects(&self, reading: &Reading<'_>) -> Option<Vec<Effect>> {
        let named = reading.scope.lexicon.entity(&self.child)?;
        let (name, kind) = (self.name.clone(), Some(kind(reading, &self.child, &self.expr)?));
        let mut effects = vec![Effect::Field { entity: named.name.clone(), name, kind, read_only: true }];
        if let Some(field) = self.known(reading) {
            let (entity, expr) = (self.child.clone(), self.expr.clone());
            effects.push(Effect::Rule(RuleKind::Computed { entity, field, expr }));
        }
        Some(effects)
    }
}

/// Whether something is worked out of the record alone.
fn worked_out(expr: &Expr) -> bool {
    fn plain(expr: &Expr) -> bool {
        match expr {
            Expr::Number { .. } | Expr::Field { .. } | Expr::Referenced { .. } => true,
            Expr::Add { left, right }
            | Expr::Sub { left, right }
            | Expr::Mul { left, right }
            | Expr::Div { left, right } => plain(left) && plain(right),
            _ => false,
        }
    }
    plain(expr) && !matches!(expr, Expr::Number { .. } | Expr::Field { .. } | Expr::Referenced { .. })
}

/// "quantity by unit price": in other words than it is told, or the sentence would name the field itself.
fn name(tokens: &[Token]) -> Option<String> {
    let word = |token: &Token| match token.word.as_str() {
        "*" | "×" | "x" | "times" => "by".to_owned(),
        "+" | "plus" => "with".to_owned(),
        "–" | "minus" | "less" => "without".to_owned(),
        "/" | "÷" | "divided" => "per".to_owned(),
        word => word.to_owned(),
    };
    let plain =
        tokens.iter().all(|token| !token.quoted && !matches!(token.word.as_str(), "(" | ")" | "," | "multiplied"));
    (plain && tokens.len() <= 7).then(|| tokens.iter().map(word).collect::<Vec<_>>().join(" "))
}
