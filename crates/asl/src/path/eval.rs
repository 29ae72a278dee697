//! Applies a path to a value.

use serde_json::{Map, Value};

use super::{JsonPath, Segment, Selector};

impl JsonPath {
    /// The selected value, or why there is none, in the words AWS reports.
    ///
    /// # Errors
    /// When a definite path leads nowhere.
    pub fn evaluate(&self, root: &Value) -> Result<Value, String> {
        self.evaluate_from(root, root)
    }

    pub(super) fn evaluate_from(&self, start: &Value, root: &Value) -> Result<Value, String> {
        let selected = self.selected(start, root)?;
        match &self.function {
            Some(function) => function.apply(selected, start, root),
            None => Ok(selected),
        }
    }

    fn selected(&self, start: &Value, root: &Value) -> Result<Value, String> {
        if let Some(found) = self.merged(start) {
            return found;
        }
        let strict = self.segments.iter().take_while(|segment| single(segment)).count();
        let mut node = start;
        for (at, segment) in self.segments.iter().take(strict).enumerate() {
            match step(node, segment) {
                Some(child) => node = child,
                // AWS, unlike Jayway, finds nothing where the beginning of an indefinite path leads nowhere.
                None if !self.is_definite() => return Ok(Value::Array(Vec::new())),
                None => return Err(self.missing(at)),
            }
        }
        if strict == self.segments.len() {
            return Ok(node.clone());
        }
        let mut nodes = vec![node];
        for segment in self.segments.iter().skip(strict) {
            nodes = nodes.into_iter().flat_map(|node| select(node, segment, root)).collect();
        }
        Ok(Value::Array(nodes.into_iter().cloned().collect()))
    }

    /// `$['a','b']`: several names in the last place give one object of those present.
    fn merged(&self, start: &Value) -> Option<Result<Value, String>> {
        let (last, before) = self.segments.split_last()?;
        let Selector::Names(names) = &last.selector else { return None };
        if names.len() < 2 || !self.is_definite() {
            return None;
        }
        let mut parent = start;
        for (at, segment) in before.iter().enumerate() {
            match step(parent, segment) {
                Some(child) => parent = child,
                None => return Some(Err(self.missing(at))),
            }
        }
        let Some(object) = parent.as_object() else {
            return Some(Err(format!("No results for path: {}", self.trail(before.len()))));
        };
        let picked: Map<String, Value> =
            names.iter().filter_map(|name| object.get(name).map(|value| (name.clone(), value.clone()))).collect();
        Some(Ok(Value::Object(picked)))
    }

    /// What AWS says where a segment leads nowhere.
    fn missing(&self, at: usize) -> String {
        let trail = self.trail(at + 1);
        if at + 1 == self.segments.len() {
            format!("No results for path: {trail}")
        } else {
            format!("Missing property in path {trail}")
        }
    }

    /// The first segments, each with one name or index, as AWS writes them.
    fn trail(&self, count: usize) -> String {
        let parts = self.segments.iter().take(count).map(|segment| match &segment.selector {
            Selector::Names(names) => format!("['{}']", names.first().map(String::as_str).unwrap_or_default()),
            Selector::Indices(indices) => format!("[{}]", indices.first().copied().unwrap_or_default()),
            _ => String::new(),
        });
        std::iter::once("$".to_owned()).chain(parts).collect()
    }
}

fn single(segment: &Segment) -> bool {
    !segment.descend
        && match &segment.selector {
            Selector::Names(names) => names.len() == 1,
            Selector::Indices(indices) => indices.len() == 1,
            _ => false,
        }
}

fn step<'a>(parent: &'a Value, segment: &Segment) -> Option<&'a Value> {
    match &segment.selector {
        Selector::Names(names) => parent.get(names.first()?),
        Selector::Indices(indices) => at(parent.as_array()?, *indices.first()?),
        _ => None,
    }
}

pub(super) fn at(items: &[Value], index: i64) -> Option<&Value> {
    let index = if index < 0 { index.checked_add_unsigned(items.len() as u64)? } else { index };
    items.get(usize::try_from(index).ok()?)
}

fn select<'a>(node: &'a Value, segment: &Segment, root: &Value) -> Vec<&'a Value> {
    let mut found = Vec::new();
    apply(node, &segment.selector, root, &mut found);
    if segment.descend {
        for child in children(node) {
            found.extend(select(child, segment, root));
        }
    }
    found
}

fn apply<'a>(node: &'a Value, selector: &Selector, root: &Value, found: &mut Vec<&'a Value>) {
    match selector {
        Selector::Names(names) => found.extend(names.iter().filter_map(|name| node.get(name))),
        Selector::Wildcard => found.extend(children(node)),
        Selector::Indices(indices) => {
            if let Some(items) = node.as_array() {
                found.extend(indices.iter().filter_map(|index| at(items, *index)));
            }
        }
        Selector::Slice(start, end, stride) => {
            if let Some(items) = node.as_array() {
                let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                let clamp =
                    |bound: i64| if bound < 0 { bound.saturating_add(length).max(0) } else { bound.min(length) };
                let from = start.map_or(0, clamp);
                let until = end.map_or(length, clamp);
                let count = usize::try_from(until.saturating_sub(from)).unwrap_or(0);
                let skip = usize::try_from(from).unwrap_or(0);
                let stride = usize::try_from(*stride).unwrap_or(1).max(1);
                found.extend(items.iter().skip(skip).take(count).step_by(stride));
            }
        }
        // A filter over an object tests the object itself, over an array its items.
        Selector::Filter(filter) => match node {
            Value::Array(items) => found.extend(items.iter().filter(|item| filter.matches(item, root))),
            Value::Object(_) if filter.matches(node, root) => found.push(node),
            _ => {}
        },
    }
}

fn children(node: &Value) -> Vec<&Value> {
    match node {
        Value::Array(items) => items.iter().collect(),
        Value::Object(fields) => fields.values().collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn eval(path: &str, value: &Value) -> Result<Value, String> {
        JsonPath::parse_tail(path.strip_prefix('$').unwrap()).unwrap().evaluate(value)
    }

    #[test]
    fn definite_paths_give_one_value_or_fail() {
        let value = json!({"a": {"b": [1, 2, 3]}, "c d": 4});
        assert_eq!(eval("$", &value), Ok(value.clone()));
        assert_eq!(eval("$.a.b[0]", &value), Ok(json!(1)));
        assert_eq!(eval("$.a.b[-1]", &value), Ok(json!(3)));
        assert_eq!(eval("$.a.b.[0]", &value), Ok(json!(1)));
        assert_eq!(eval("$['c d']", &value), Ok(json!(4)));
        let quoted = json!({r#"a\""b"#: 1, "c'd": 2, r"e\f": 3});
        assert_eq!(eval(r#"$['a\""b']"#, &quoted), Ok(json!(1)));
        assert_eq!(eval(r"$['c\'d']", &quoted), Ok(json!(2)));
        assert_eq!(eval(r"$['e\\f']", &quoted), Ok(json!(3)));
        assert_eq!(eval("$.x", &value), Err("No results for path: $['x']".into()));
        assert_eq!(eval("$.x.y", &value), Err("Missing property in path $['x']".into()));
        assert_eq!(eval("$.a.b[7]", &value), Err("No results for path: $['a']['b'][7]".into()));
        assert_eq!(eval("$['a','zz']", &value), Ok(json!({"a": {"b": [1, 2, 3]}})));
    }

    #[test]
    fn indefinite_paths_give_arrays() {
        let value = json!({"i": [{"p": 1, "n": "x"}, {"p": 20, "n": "y"}, {"n": "z"}], "k": {"p": 5}});
        assert_eq!(eval("$.i[*].p", &value), Ok(json!([1, 20])));
        assert_eq!(eval("$..p", &value), Ok(json!([1, 20, 5])));
        assert_eq!(eval("$.i[0:2].n", &value), Ok(json!(["x", "y"])));
        assert_eq!(eval("$.i[-1:].n", &value), Ok(json!(["z"])));
        assert_eq!(eval("$.i[0,2].n", &value), Ok(json!(["x", "z"])));
        assert_eq!(eval("$.i[?(@.p > 3)].n", &value), Ok(json!(["y"])));
        assert_eq!(eval("$.i[?(@.p)].n", &value), Ok(json!(["x", "y"])));
        assert_eq!(eval("$.i[?(!(@.p) || @.n == 'x')].n", &value), Ok(json!(["x", "z"])));
        assert_eq!(eval("$.i[?(@.n in ['z','y'] && @.p >= 20)].n", &value), Ok(json!(["y"])));
        assert_eq!(eval("$.i[?(@.n =~ /[YZ]/i)].n", &value), Ok(json!(["y", "z"])));
        assert_eq!(eval("$.i[?(@.n =~ /q?/)].n", &value), Ok(json!([])));
        assert_eq!(eval("$.i[?(@.p == 99)]", &value), Ok(json!([])));
        assert_eq!(eval("$.gone[*].p", &value), Ok(json!([])));
    }

    #[test]
    fn malformed_paths_are_refused() {
        for path in [".", "..", ".a.", "[", "[']", "['a'", "[?(@.a ==)]", ".a b", ".a[1:2:0]", "[?(1)]", "x"] {
            assert!(JsonPath::parse_tail(path).is_err(), "{path}");
        }
    }
}
