//! Functions at the end of a path: `$.items.length()`. Reference paths have none.

use serde_json::{Value, json};

use super::filter::{self, Operand};
use super::parse::Cursor;

/// What is made of the value that a path leads to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Function {
    Length,
    Keys,
    First,
    Last,
    Index(i64),
    Aggregate(Aggregate),
    /// The value, if it is a text, and the arguments, as one text.
    Concat(Box<[Operand]>),
    /// The array with the arguments behind its items.
    Append(Box<[Operand]>),
}

/// What is made of the numbers among an array's items.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Aggregate {
    Min,
    Max,
    Sum,
    Average,
    Deviation,
}

/// Reads the arguments of the function `name` up to the closing parenthesis; the opening one is behind.
pub(super) fn parse(name: &str, cursor: &mut Cursor<'_>, depth: usize) -> Result<Function, String> {
    let mut arguments = Vec::new();
    cursor.skip_space();
    if !cursor.eat(')') {
        loop {
            arguments.push(filter::operand(cursor, depth + 1)?);
            cursor.skip_space();
            if !cursor.eat(',') {
                break;
            }
        }
        cursor.expect(')')?;
    }
    let function = match (name, &*arguments) {
        ("length", []) => Function::Length,
        ("keys", []) => Function::Keys,
        ("first", []) => Function::First,
        ("last", []) => Function::Last,
        ("index", [Operand::Literal(at)]) => Function::Index(at.as_i64().ok_or("`index()` needs a whole number")?),
        ("min", []) => Function::Aggregate(Aggregate::Min),
        ("max", []) => Function::Aggregate(Aggregate::Max),
        ("sum", []) => Function::Aggregate(Aggregate::Sum),
        ("avg", []) => Function::Aggregate(Aggregate::Average),
        ("stddev", []) => Function::Aggregate(Aggregate::Deviation),
        ("concat", _) => Function::Concat(arguments.into()),
        ("append", [_, ..]) => Function::Append(arguments.into()),
        _ => {
            let known = "length, keys, first, last, index, min, max, sum, avg, stddev, concat and append";
            return Err(format!("`{name}` is no function with {} argument(s); there are {known}", arguments.len()));
        }
    };
    Ok(function)
}

impl Function {
    pub(super) fn apply(&self, value: Value, start: &Value, root: &Value) -> Result<Value, String> {
        let unfit = |what: &str| Err(format!("The function needs {what}, found {value}"));
        match self {
            Self::Length => match &value {
                Value::Array(items) => Ok(json!(items.len())),
                Value::Object(fields) => Ok(json!(fields.len())),
                Value::String(text) => Ok(json!(text.encode_utf16().count())),
                _ => unfit("an array, an object or a string"),
            },
            Self::Keys => match &value {
                Value::Object(fields) => Ok(fields.keys().cloned().collect()),
                _ => unfit("an object"),
            },
            Self::First => item(&value, 0),
            Self::Last => item(&value, -1),
            Self::Index(at) => item(&value, *at),
            Self::Aggregate(aggregate) => {
                let numbers: Vec<f64> = value.as_array().into_iter().flatten().filter_map(Value::as_f64).collect();
                if numbers.is_empty() { unfit("an array of numbers") } else { Ok(json!(aggregate.of(&numbers))) }
            }
            Self::Concat(arguments) => {
                let mut text = value.as_str().unwrap_or_default().to_owned();
                for argument in arguments.iter().filter_map(|argument| argument.value(start, root)) {
                    match argument {
                        Value::String(more) => text.push_str(&more),
                        other => text.push_str(&other.to_string()),
                    }
                }
                Ok(text.into())
            }
            Self::Append(arguments) => match value {
                Value::Array(mut items) => {
                    items.extend(arguments.iter().filter_map(|argument| argument.value(start, root)));
                    Ok(items.into())
                }
                _ => unfit("an array"),
            },
        }
    }
}

impl Aggregate {
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 items")]
    fn of(self, numbers: &[f64]) -> f64 {
        let count = numbers.len() as f64;
        let sum: f64 = numbers.iter().sum();
        match self {
            Self::Min => numbers.iter().copied().fold(f64::INFINITY, f64::min),
            Self::Max => numbers.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            Self::Sum => sum,
            Self::Average => sum / count,
            Self::Deviation => {
                let mean = sum / count;
                (numbers.iter().map(|number| (number - mean).powi(2)).sum::<f64>() / count).sqrt()
            }
        }
    }
}

/// The item at `index`, counted from the end if negative.
fn item(value: &Value, index: i64) -> Result<Value, String> {
    let items = value.as_array().ok_or_else(|| format!("The function needs an array, found {value}"))?;
    super::eval::at(items, index)
        .cloned()
        .ok_or_else(|| format!("Index {index} out of bounds for length {}", items.len()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::{JsonPath, ReferencePath};
    use super::*;

    fn eval(path: &str, value: &Value) -> Result<Value, String> {
        JsonPath::parse_tail(path.strip_prefix('$').unwrap()).unwrap().evaluate(value)
    }

    #[test]
    fn functions_make_one_value_of_what_a_path_leads_to() {
        let value = json!({"n": [2, 4, "x"], "t": "é😀", "o": {"b": 1, "a": 2}, "p": [{"q": 1}, {"q": 5}], "e": []});
        for (path, expected) in [
            ("$.n.length()", json!(3)),
            ("$.t.length()", json!(3)),
            ("$.o.length()", json!(2)),
            ("$.length()", json!(5)),
            ("$.e.length()", json!(0)),
            ("$.o.keys()", json!(["a", "b"])),
            ("$.n.first()", json!(2)),
            ("$.n.last()", json!("x")),
            ("$.n.index(1)", json!(4)),
            ("$.n.index(-3)", json!(2)),
            ("$.n.min()", json!(2.0)),
            ("$.n.max()", json!(4.0)),
            ("$.n.sum()", json!(6.0)),
            ("$.n.avg()", json!(3.0)),
            ("$.n.stddev()", json!(1.0)),
            ("$.p[*].q.sum()", json!(6.0)),
            ("$..q.max()", json!(5.0)),
            ("$.p[?(@.q > 1)].length()", json!(1)),
            ("$.t.concat('-', $.o.a)", json!("é😀-2")),
            ("$.concat($.t, '!')", json!("é😀!")),
            ("$.n.append(7, $.o.b)", json!([2, 4, "x", 7, 1])),
            ("$[?(@.n.length() == 3)].t", json!(["é😀"])),
            ("$['length']", json!(null)),
        ] {
            let found = eval(path, &value);
            if expected.is_null() {
                assert!(found.is_err(), "{path}")
            } else {
                assert_eq!(found, Ok(expected), "{path}")
            }
        }
    }

    #[test]
    fn what_a_function_cannot_take_has_no_value() {
        let value = json!({"n": [], "s": "x", "i": 5});
        for path in
            ["$.i.length()", "$.s.keys()", "$.n.first()", "$.n.index(0)", "$.n.sum()", "$.s.append(1)", "$.z.length()"]
        {
            assert!(eval(path, &value).is_err(), "{path}");
        }
    }

    #[test]
    fn unknown_functions_and_those_in_reference_paths_are_refused() {
        for path in
            [".a.size()", ".a.length(1)", ".a.index()", ".a.index('x')", ".a.length", ".a.length().b", ".a.first("]
        {
            assert_eq!(JsonPath::parse_tail(path).is_ok(), path == ".a.length", "{path}");
        }
        assert!(ReferencePath::parse("$.a.length()").unwrap_err().contains("no functions"));
        for opening in [".concat($", "[?(@", "[?(@.concat(@"] {
            assert!(
                JsonPath::parse_tail(&opening.repeat(50_000)).unwrap_err().contains("nested too deeply"),
                "{opening}"
            );
        }
    }
}
