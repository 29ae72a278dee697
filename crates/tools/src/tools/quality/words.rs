//! Conditions and operands of rules in words.

use maestro_artifacts::{Condition, Offset, Op, Operand, Test};
use serde_json::Value;

pub(super) fn operand(operand: &Operand) -> String {
    let plus = |n: i64, unit: &str| if n == 0 { String::new() } else { format!(" {n:+}{unit}") };
    let offset = |by: &Offset| {
        format!("{}{}{}", plus(by.plus_months, " months"), plus(by.plus, ""), plus(by.plus_minutes, " minutes"))
    };
    match operand {
        Operand::Value { value } => value.to_string(),
        Operand::Field { field, offset: by } => format!("`{field}`{}", offset(by)),
        Operand::Referenced { via, field, offset: by } => format!("`{field}` of `{via}`{}", offset(by)),
        Operand::Today { plus_days, plus_months } => {
            format!("today{}{}", plus(*plus_months, " months"), plus(*plus_days, " days"))
        }
        Operand::ThisYear { plus_years } => format!("this year{}", plus(*plus_years, "")),
        Operand::Now { plus_minutes } => format!("now{}", plus(*plus_minutes, " minutes")),
    }
}

pub(super) fn holds(condition: &Condition) -> String {
    if condition.0.is_empty() {
        return "anything".to_owned();
    }
    condition.0.iter().map(|test| said(test, true)).collect::<Vec<_>>().join(" and ")
}

pub(super) fn fails(condition: &Condition) -> String {
    condition.0.iter().map(|test| said(test, false)).collect::<Vec<_>>().join(" or ")
}

fn said(test: &Test, yes: bool) -> String {
    let of = |via: &Option<String>, field: &str| {
        via.as_ref().map_or_else(|| format!("`{field}`"), |via| format!("`{field}` of `{via}`"))
    };
    let list = |values: &[Value]| values.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ");
    let is = |yes: bool| if yes { "is" } else { "is not" };
    match test {
        Test::In { via, field, values } => format!("{} {} {}", of(via, field), is(yes), list(values)),
        Test::NotIn { via, field, values } => format!("{} {} {}", of(via, field), is(!yes), list(values)),
        Test::Empty { via, field } => format!("{} {} empty", of(via, field), is(yes)),
        Test::Given { via, field } => format!("{} {} empty", of(via, field), is(!yes)),
        Test::Compare { via, field, op, to } => format!("{} {} {} {}", of(via, field), is(yes), sign(*op), operand(to)),
        Test::Children { child, op, to, when, .. } => {
            let which = if when.0.is_empty() { String::new() } else { format!(" with {}", holds(when)) };
            format!("the measure of its `{child}`{which} {} {} {}", is(yes), sign(*op), operand(to))
        }
    }
}

const fn sign(op: Op) -> &'static str {
    match op {
        Op::Eq => "equal to",
        Op::Ne => "other than",
        Op::Lt => "less than",
        Op::Le => "at most",
        Op::Gt => "more than",
        Op::Ge => "at least",
    }
}
