//! Operators on values.

use std::rc::Rc;

use super::Fault;
use super::ast::{Kind, Node, Operator};
use super::environment::Frame;
use super::evaluate::Machine;
use super::functions::shown;
use super::path::order;
use super::value::Val;

/// JSONata's limit on `[a..b]`.
const MAX_RANGE: f64 = 1e7;

impl Machine<'_> {
    #[inline(never)]
    pub(super) fn negate(&mut self, operand: &Node, input: &Val, frame: &Rc<Frame>) -> Result<Val, Fault> {
        match self.evaluate(operand, input, frame)? {
            Val::Undefined => Ok(Val::Undefined),
            Val::Number(number) => Ok(Val::Number(-number)),
            other => Err(Fault::new("D1002", format!("Cannot negate a non-numeric value: {}", shown(&other)))),
        }
    }

    #[inline(never)]
    pub(super) fn binary(
        &mut self,
        operator: Operator,
        left: &Node,
        right: &Node,
        input: &Val,
        frame: &Rc<Frame>,
    ) -> Result<Val, Fault> {
        // A chain of operators nests to the left; walking along it needs no depth.
        let mut chain = vec![(operator, right)];
        let mut first = left;
        while let Kind::Binary(operator, inner, right) = &first.kind
            && first.predicates.is_empty()
            && first.group.is_none()
            && !first.keep_array
        {
            chain.push((*operator, &**right));
            first = inner;
        }
        let mut value = self.evaluate(first, input, frame)?;
        for (operator, right) in chain.into_iter().rev() {
            self.charge(1)?;
            value = self.combined(operator, value, right, input, frame)?;
        }
        Ok(value)
    }

    fn combined(
        &mut self,
        operator: Operator,
        left: Val,
        right: &Node,
        input: &Val,
        frame: &Rc<Frame>,
    ) -> Result<Val, Fault> {
        match operator {
            Operator::And if !left.truth() => return Ok(Val::Bool(false)),
            Operator::Or if left.truth() => return Ok(Val::Bool(true)),
            _ => {}
        }
        let right = self.evaluate(right, input, frame)?;
        match operator {
            Operator::And | Operator::Or => Ok(Val::Bool(right.truth())),
            Operator::Equal | Operator::NotEqual => {
                let known = !left.is_undefined() && !right.is_undefined();
                Ok(Val::Bool(known && left.same(&right) == (operator == Operator::Equal)))
            }
            Operator::In => Ok(Val::Bool(
                !left.is_undefined() && !right.is_undefined() && right.into_items().iter().any(|item| item.same(&left)),
            )),
            Operator::Concat => {
                let mut text = String::new();
                for side in [&left, &right] {
                    if !side.is_undefined() {
                        text.push_str(&super::functions::to_text(side, false)?);
                    }
                }
                self.charge(text.len() / 16)?;
                Ok(Val::text(text))
            }
            Operator::Range => self.range(&left, &right),
            Operator::Less | Operator::LessEqual | Operator::Greater | Operator::GreaterEqual => {
                compare(operator, &left, &right)
            }
            _ => calculate(operator, &left, &right),
        }
    }

    fn range(&mut self, left: &Val, right: &Val) -> Result<Val, Fault> {
        let whole = |value: &Val, code, side| match value {
            Val::Undefined => Ok(None),
            Val::Number(number) if number.fract() == 0.0 => Ok(Some(*number)),
            _ => {
                Err(Fault::new(code, format!("The {side} side of the range operator (..) must evaluate to an integer")))
            }
        };
        let first = whole(left, "T2003", "left")?;
        let last = whole(right, "T2004", "right")?;
        let (Some(first), Some(last)) = (first, last) else { return Ok(Val::Undefined) };
        if first > last {
            return Ok(Val::Undefined);
        }
        let count = last - first + 1.0;
        if count > MAX_RANGE {
            let reason = "The size of the sequence allocated by the range operator (..) must not exceed 1e7";
            return Err(Fault::new("D2014", format!("{reason}. Attempted to allocate {count}.")));
        }
        self.charge(count as usize)?;
        Ok(Val::sequence((0..count as u64).map(|step| Val::Number(first + step as f64)).collect()))
    }
}

fn calculate(operator: Operator, left: &Val, right: &Val) -> Result<Val, Fault> {
    let number = |value: &Val, code, side| match value {
        Val::Undefined => Ok(None),
        Val::Number(number) => Ok(Some(*number)),
        _ => {
            let symbol = operator.symbol();
            Err(Fault::new(code, format!("The {side} side of the {symbol} operator must evaluate to a number")))
        }
    };
    let left = number(left, "T2001", "left")?;
    let right = number(right, "T2002", "right")?;
    let (Some(left), Some(right)) = (left, right) else { return Ok(Val::Undefined) };
    let result = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide => left / right,
        _ => left % right,
    };
    if result.is_finite() {
        Ok(Val::Number(result))
    } else {
        Err(Fault::new("D1001", format!("Number out of range: {}", if result.is_nan() { "NaN" } else { "Infinity" })))
    }
}

fn compare(operator: Operator, left: &Val, right: &Val) -> Result<Val, Fault> {
    let comparable = |value: &Val| matches!(value, Val::Undefined | Val::Number(_) | Val::Text(_));
    if !comparable(left) || !comparable(right) {
        let symbol = operator.symbol();
        let reason =
            format!("The expressions either side of operator \"{symbol}\" must evaluate to numeric or string values");
        return Err(Fault::new("T2010", reason));
    }
    if left.is_undefined() || right.is_undefined() {
        return Ok(Val::Undefined);
    }
    if std::mem::discriminant(left) != std::mem::discriminant(right) {
        let reason = format!(
            "The values {} and {} either side of operator \"{}\" must be of the same data type",
            shown(left),
            shown(right),
            operator.symbol()
        );
        return Err(Fault::new("T2009", reason));
    }
    let order = order(left, right);
    Ok(Val::Bool(match operator {
        Operator::Less => order.is_lt(),
        Operator::LessEqual => order.is_le(),
        Operator::Greater => order.is_gt(),
        _ => order.is_ge(),
    }))
}
