//! Evaluates the conditions of a Choice state.

use std::cmp::Ordering;

use serde_json::Value;

use crate::expr::{Env, Expr, RootedPath, Trouble, unexpected};
use crate::model::{Condition, DataType, Relation, Test};
use crate::time;

/// Whether the condition holds, or the message of the failure.
pub(crate) fn holds(condition: &Condition, env: &mut Env<'_>) -> Result<bool, Trouble> {
    match condition {
        Condition::And(all) => {
            for inner in all {
                if !holds(inner, env)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        Condition::Or(any) => {
            for inner in any {
                if holds(inner, env)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Condition::Not(inner) => Ok(!holds(inner, env)?),
        Condition::Test(path, Test::IsPresent(wanted)) => Ok(path.evaluate(env).is_ok() == *wanted),
        Condition::Test(path, test) => {
            let value = path.evaluate(env).map_err(|_| invalid(path))?;
            Ok(passes(&value, test, env)?)
        }
        Condition::Query(expression) => match Expr::Jsonata(expression.clone()).evaluate("Condition", env)? {
            Value::Bool(holds) => Ok(holds),
            other => Err(unexpected(expression.text(), "Condition", "boolean", &other)),
        },
    }
}

fn invalid(path: &RootedPath) -> String {
    format!("Invalid path '{}': The choice state's condition path references an invalid value.", path.text)
}

fn passes(value: &Value, test: &Test, env: &Env<'_>) -> Result<bool, String> {
    Ok(match test {
        Test::IsPresent(wanted) => *wanted,
        Test::IsType(kind, wanted) => is(value, *kind) == *wanted,
        Test::Matches(pattern) => value.as_str().is_some_and(|text| matches(text, pattern)),
        Test::Compare(kind, relation, operand) => compare(value, *kind, *relation, operand),
        Test::ComparePath(kind, relation, path) => {
            let operand = path.evaluate(env).map_err(|_| invalid(path))?;
            compare(value, *kind, *relation, &operand)
        }
    })
}

fn is(value: &Value, kind: DataType) -> bool {
    match kind {
        DataType::Null => value.is_null(),
        DataType::String => value.is_string(),
        DataType::Numeric => value.is_number(),
        DataType::Boolean => value.is_boolean(),
        DataType::Timestamp => value.as_str().is_some_and(|text| time::parse(text).is_some()),
    }
}

fn compare(left: &Value, kind: DataType, relation: Relation, right: &Value) -> bool {
    let ordering = match kind {
        // Java compares strings by UTF-16 units.
        DataType::String => {
            left.as_str().zip(right.as_str()).map(|(left, right)| left.encode_utf16().cmp(right.encode_utf16()))
        }
        DataType::Numeric => numeric(left, right),
        DataType::Boolean => left.as_bool().zip(right.as_bool()).map(|(left, right)| left.cmp(&right)),
        DataType::Timestamp => {
            let moment = |value: &Value| value.as_str().and_then(time::parse);
            moment(left).zip(moment(right)).map(|(left, right)| left.cmp(&right))
        }
        DataType::Null => None,
    };
    let Some(ordering) = ordering else { return false };
    match relation {
        Relation::Equals => ordering == Ordering::Equal,
        Relation::LessThan => ordering == Ordering::Less,
        Relation::GreaterThan => ordering == Ordering::Greater,
        Relation::LessThanEquals => ordering != Ordering::Greater,
        Relation::GreaterThanEquals => ordering != Ordering::Less,
    }
}

fn numeric(left: &Value, right: &Value) -> Option<Ordering> {
    if let (Some(left), Some(right)) = (left.as_i64(), right.as_i64()) {
        return Some(left.cmp(&right));
    }
    left.as_f64()?.partial_cmp(&right.as_f64()?)
}

/// `StringMatches`: `*` stands for any characters, `\*` for itself.
fn matches(text: &str, pattern: &str) -> bool {
    enum Piece {
        Any,
        Char(char),
    }
    let mut pieces = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        pieces.push(match c {
            '*' => Piece::Any,
            '\\' => Piece::Char(chars.next().unwrap_or('\\')),
            c => Piece::Char(c),
        });
    }
    // The classic greedy match with one point of return: linear in memory, no recursion.
    let text: Vec<char> = text.chars().collect();
    let (mut at, mut piece) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    loop {
        match pieces.get(piece) {
            Some(Piece::Any) => {
                piece += 1;
                retry = Some((piece, at));
                continue;
            }
            Some(Piece::Char(c)) if text.get(at) == Some(c) => {
                at += 1;
                piece += 1;
                continue;
            }
            None if at == text.len() => return true,
            _ => {}
        }
        match retry {
            Some((after, from)) if from < text.len() => {
                piece = after;
                at = from + 1;
                retry = Some((after, at));
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn string_patterns() {
        for (text, pattern, expected) in [
            ("log-2024.txt", "log-*.txt", true),
            ("log-2024.txt", "*", true),
            ("", "*", true),
            ("", "", true),
            ("a", "", false),
            ("zeta*2", "zeta\\*2", true),
            ("zetaX2", "zeta\\*2", false),
            ("a\\b", "a\\\\b", true),
            ("aXbXc", "a*b*c", true),
            ("aab", "*ab", true),
            ("abc", "*b", false),
        ] {
            assert_eq!(matches(text, pattern), expected, "{text} ~ {pattern}");
        }
    }

    #[test]
    fn comparisons_need_the_right_types() {
        use DataType as D;
        use Relation as R;
        assert!(compare(&json!(3), D::Numeric, R::Equals, &json!(3.0)));
        assert!(!compare(&json!("3"), D::Numeric, R::Equals, &json!(3)));
        assert!(compare(&json!("A"), D::String, R::LessThan, &json!("AB")));
        assert!(compare(&json!("2024-01-01T00:00:00Z"), D::Timestamp, R::Equals, &json!("2024-01-01T01:00:00+01:00")));
        assert!(!compare(&json!(null), D::String, R::LessThanEquals, &json!("")));
    }
}
