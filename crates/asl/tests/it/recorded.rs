//! Executions recorded on AWS, run again: status, output, error, cause and events must be the same.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use maestro_asl::{Code, Mocks, SimulationOptions, check, simulate};
use serde_json::Value;

/// Cases that differ from the record, each with the reason.
const EXCEPTED: &[(&str, &str)] = &[];

fn cases() -> Vec<Value> {
    include_str!("../data/asl-recorded.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// Strings that stand for something else: `<uuid:1>`, or a name that the case lists.
struct Wildcards {
    leaf: BTreeSet<String>,
    substring: Vec<String>,
}

impl Wildcards {
    fn of(case: &Value) -> Self {
        let list = |name: &str| {
            let items = case["expected"]["wildcards"][name].as_array().cloned().unwrap_or_default();
            items.into_iter().map(|item| item.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        Self { leaf: list("leaf").into_iter().collect(), substring: list("substring") }
    }

    fn text_matches(&self, expected: &str, found: &str) -> bool {
        if expected == found || self.leaf.contains(expected) {
            return true;
        }
        // A text with placeholders matches if the pieces between them occur in order.
        let mut pieces = vec![String::new()];
        let mut rest = expected;
        while !rest.is_empty() {
            let placeholder = placeholder(rest).or_else(|| {
                self.substring.iter().filter(|name| rest.starts_with(name.as_str())).map(String::len).max()
            });
            let taken = placeholder.unwrap_or_else(|| rest.chars().next().unwrap().len_utf8());
            match placeholder {
                Some(_) => pieces.push(String::new()),
                None => pieces.last_mut().unwrap().push_str(&rest[..taken]),
            }
            rest = &rest[taken..];
        }
        if pieces.len() == 1 {
            return false;
        }
        let (first, last) = (pieces.first().unwrap(), pieces.last().unwrap());
        let Some(mut rest) = found.strip_prefix(first.as_str()) else { return false };
        for piece in &pieces[1..pieces.len() - 1] {
            match rest.find(piece.as_str()) {
                Some(at) => rest = &rest[at + piece.len()..],
                None => return false,
            }
        }
        rest.ends_with(last.as_str())
    }

    fn matches(&self, expected: &Value, found: &Value) -> bool {
        match (expected, found) {
            (Value::String(expected), Value::String(found)) => self.text_matches(expected, found),
            (Value::Number(expected), Value::Number(found)) => expected.as_f64() == found.as_f64(),
            (Value::Array(expected), Value::Array(found)) => {
                expected.len() == found.len() && expected.iter().zip(found).all(|(e, f)| self.matches(e, f))
            }
            (Value::Object(expected), Value::Object(found)) => {
                expected.len() == found.len()
                    && expected.iter().all(|(name, e)| found.get(name).is_some_and(|f| self.matches(e, f)))
            }
            _ => expected == found,
        }
    }
}

fn placeholder(text: &str) -> Option<usize> {
    let end = text.strip_prefix('<')?.find('>')? + 2;
    let inner = &text[1..end - 1];
    (!inner.is_empty() && inner.chars().all(|c| c.is_alphanumeric() || "_-:".contains(c))).then_some(end)
}

enum Verdict {
    Passed,
    Refused(String),
    Differs(String),
}

fn run(case: &Value) -> Verdict {
    let text = serde_json::to_string_pretty(&case["definition"]).unwrap();
    let checked = check(&text);
    let Some(definition) = checked.definition else {
        let unsupported = checked.diagnostics.iter().find(|problem| problem.code == Code::Unsupported);
        return match unsupported {
            Some(problem) => Verdict::Refused(problem.message.clone()),
            None => Verdict::Differs(format!("refused: {:?}", checked.diagnostics)),
        };
    };
    let mocks = match Mocks::from_json(&case["mocks"]) {
        Ok(mocks) => mocks,
        Err(error) => return Verdict::Differs(error.to_string()),
    };
    let run = simulate(Arc::new(definition), case["input"].clone(), &mocks, &SimulationOptions::default());
    let found = match run {
        Ok(found) => serde_json::to_value(found).unwrap(),
        Err(error) => return Verdict::Differs(error.to_string()),
    };
    compare(case, &found)
}

fn compare(case: &Value, found: &Value) -> Verdict {
    let wildcards = Wildcards::of(case);
    let expected = &case["expected"];
    let mut different = Vec::new();
    for field in ["status", "output", "error"] {
        if !wildcards.matches(&expected[field], &found[field]) {
            different.push(format!("{field}: expected {}, found {}", expected[field], found[field]));
        }
    }
    // Some causes are recorded as the JSON they hold.
    let cause = match (&expected["cause"], &found["cause"]) {
        (Value::Object(_), Value::String(text)) => serde_json::from_str(text).unwrap_or(Value::Null),
        (_, cause) => cause.clone(),
    };
    if !wildcards.matches(&expected["cause"], &cause) {
        different.push(format!("cause: expected {}, found {cause}", expected["cause"]));
    }
    let events = |list: &Value| -> Vec<String> {
        let list = list.as_array().cloned().unwrap_or_default();
        list.iter()
            .map(|event| match event {
                Value::Array(pair) => format!("{} {}", pair[0].as_str().unwrap(), pair[1].as_str().unwrap_or("-")),
                event => format!("{} {}", event["type"].as_str().unwrap(), event["name"].as_str().unwrap_or("-")),
            })
            .collect()
    };
    let (mut wanted, mut got) = (events(&expected["events"]), events(&found["history"]));
    if expected["events_order"] == "multiset" {
        wanted.sort();
        got.sort();
    }
    if !wanted.is_empty() && wanted != got {
        different.push(format!("events: expected {wanted:?}, found {got:?}"));
    }
    if different.is_empty() { Verdict::Passed } else { Verdict::Differs(different.join("\n  ")) }
}

#[test]
fn recorded_executions_run_as_on_aws() {
    let excepted: BTreeMap<&str, &str> = EXCEPTED.iter().copied().collect();
    let mut passed = 0;
    let mut refused: BTreeMap<String, usize> = BTreeMap::new();
    let mut different = Vec::new();
    let mut seen_exceptions = BTreeSet::new();
    for case in cases() {
        let id = case["id"].as_str().unwrap().to_owned();
        match run(&case) {
            Verdict::Passed => {
                assert!(!excepted.contains_key(id.as_str()), "{id} passes and is listed as an exception");
                passed += 1;
            }
            Verdict::Refused(reason) => *refused.entry(reason).or_default() += 1,
            Verdict::Differs(_) if excepted.contains_key(id.as_str()) => {
                seen_exceptions.insert(id);
            }
            Verdict::Differs(reason) => different.push(format!("{id}\n  {reason}")),
        }
    }
    println!("passed {passed}, excepted {}, refused {refused:?}", seen_exceptions.len());
    assert!(different.is_empty(), "{} differ:\n{}", different.len(), different.join("\n"));
    assert_eq!(refused, BTreeMap::new());
    assert_eq!((passed, seen_exceptions.len()), (133, EXCEPTED.len()));
}
