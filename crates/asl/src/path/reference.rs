//! Reference paths: the place where `ResultPath` writes.

use serde_json::{Map, Value};

use super::{JsonPath, Selector};

/// A path that names exactly one node, so that it can be written to.
#[derive(Debug, Clone, PartialEq)]
pub struct ReferencePath {
    steps: Vec<Step>,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Name(String),
    Index(usize),
}

impl ReferencePath {
    /// Parses a path that begins with `$`.
    ///
    /// # Errors
    /// When the text is not a path, or a path that can select several nodes.
    pub fn parse(text: &str) -> Result<Self, String> {
        let tail = text.strip_prefix('$').ok_or("a reference path begins with `$`")?;
        if tail.starts_with('$') {
            return Err("a reference path cannot name the context object".into());
        }
        let path = JsonPath::parse_tail(tail)?;
        if path.function.is_some() {
            return Err("a reference path has no functions such as `length()`".into());
        }
        let steps = path
            .segments
            .into_iter()
            .map(|segment| {
                let step = match (segment.descend, segment.selector) {
                    (false, Selector::Names(names)) => match &*names {
                        [name] => Some(Step::Name(name.clone())),
                        _ => None,
                    },
                    (false, Selector::Indices(indices)) => match &*indices {
                        [index] => usize::try_from(*index).ok().map(Step::Index),
                        _ => None,
                    },
                    _ => None,
                };
                step.ok_or_else(|| "a reference path names one node: no `*`, `..`, `@`, `,`, `:` or `?`".to_owned())
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { steps })
    }

    /// Puts `value` into `target`, creating objects on the way.
    ///
    /// # Errors
    /// When a value on the way is no object, or an index does not exist.
    pub fn place(&self, target: &mut Value, value: Value) -> Result<(), String> {
        let mut slot = target;
        for step in &self.steps {
            let refusal = |name: &dyn std::fmt::Display, found: &Value| {
                format!("Unable to apply step \"{name}\" to input {found}")
            };
            slot = match step {
                Step::Name(name) => {
                    if slot.is_null() {
                        *slot = Value::Object(Map::new());
                    }
                    match slot {
                        Value::Object(fields) => fields.entry(name.clone()).or_insert(Value::Null),
                        other => return Err(refusal(name, other)),
                    }
                }
                Step::Index(index) => {
                    let length = slot.as_array().map_or(0, Vec::len);
                    if *index >= length {
                        return Err(refusal(&format_args!("[{index}]"), slot));
                    }
                    match slot.get_mut(*index) {
                        Some(item) => item,
                        None => return Err(format!("Unable to apply step \"[{index}]\"")),
                    }
                }
            };
        }
        *slot = value;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn places_values_and_creates_objects() {
        let mut value = json!({"a": [1, 2]});
        ReferencePath::parse("$.b.c").unwrap().place(&mut value, json!(3)).unwrap();
        ReferencePath::parse("$.a[1]").unwrap().place(&mut value, json!(9)).unwrap();
        assert_eq!(value, json!({"a": [1, 9], "b": {"c": 3}}));
        ReferencePath::parse("$").unwrap().place(&mut value, json!(0)).unwrap();
        assert_eq!(value, json!(0));
    }

    #[test]
    fn refuses_what_it_cannot_write() {
        let mut value = json!({"a": [1], "s": "text"});
        assert!(ReferencePath::parse("$.a[3]").unwrap().place(&mut value, json!(1)).is_err());
        assert!(ReferencePath::parse("$.s.x").unwrap().place(&mut value, json!(1)).is_err());
        for text in ["a", "$$.a", "$.a[*]", "$..a", "$.a[0,1]", "$.a[-1]", "$.a[?(@.b)]"] {
            assert!(ReferencePath::parse(text).is_err(), "{text}");
        }
    }
}
