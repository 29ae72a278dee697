//! The recorded definitions with something broken in them: all is told with a place, and nothing panics.

use std::sync::{Arc, LazyLock};

use maestro_asl::{Code, Diagnostic, Mocks, SimulationOptions, check, simulate};
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

static CASES: LazyLock<Vec<Value>> = LazyLock::new(|| {
    include_str!("../data/asl-recorded.jsonl").lines().map(|line| serde_json::from_str(line).unwrap()).collect()
});

/// All places in a value, as JSON pointers.
fn places(value: &Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(index, item)| places(item, &format!("{at}/{index}"), out));
        }
        Value::Object(fields) => fields.iter().for_each(|(name, item)| {
            places(item, &format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), out);
        }),
        _ => {}
    }
}

#[derive(Debug, Clone)]
enum Change {
    Replace(Value),
    Remove,
    Misspell,
    Wrap,
}

fn change() -> impl Strategy<Value = Change> {
    let value = prop::sample::select(vec![
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!("$"),
        json!("$$.Task"),
        json!("{% $states %}"),
        json!("{% ( %}"),
        json!("JSONata"),
        json!("States.Array("),
        json!("Map"),
        json!([]),
        json!({}),
        json!([{}]),
        json!({"a.$": "$.a"}),
        json!("é".repeat(90)),
    ]);
    prop_oneof![
        4 => value.prop_map(Change::Replace),
        2 => Just(Change::Remove),
        2 => Just(Change::Misspell),
        1 => Just(Change::Wrap)
    ]
}

fn apply(definition: &mut Value, pointer: &str, change: Change) {
    let Some((parent, last)) = pointer.rsplit_once('/') else { return };
    let name = last.replace("~1", "/").replace("~0", "~");
    match (definition.pointer_mut(parent), change) {
        (Some(Value::Object(fields)), Change::Remove) => {
            fields.remove(&name);
        }
        (Some(Value::Object(fields)), Change::Misspell) => {
            if let Some(value) = fields.remove(&name) {
                fields.insert(format!("{name}s"), value);
            }
        }
        (Some(Value::Array(items)), Change::Remove) => {
            items.remove(name.parse().unwrap());
        }
        (Some(_), Change::Replace(value)) => *definition.pointer_mut(pointer).unwrap() = value,
        (Some(_), Change::Wrap) => {
            let place = definition.pointer_mut(pointer).unwrap();
            *place = json!([place.take()]);
        }
        _ => {}
    }
}

/// Every problem has a place in the text, and its pointer leads to a value.
fn has_place(problem: &Diagnostic, text: &str) -> bool {
    let lines: Vec<&str> = text.split('\n').collect();
    let in_text = (1..=lines.len()).contains(&problem.line);
    let value: Value = match serde_json::from_str(text) {
        Ok(value) => value,
        Err(_) => return in_text && problem.code == Code::Syntax,
    };
    let width = lines[problem.line - 1].chars().count();
    in_text && (1..=width).contains(&problem.column) && value.pointer(&problem.pointer).is_some()
}

fn examine(text: &str, case: &Value) -> Result<(), TestCaseError> {
    let checked = check(text);
    prop_assert!(checked.definition.is_some() || !checked.diagnostics.is_empty());
    for problem in &checked.diagnostics {
        prop_assert!(has_place(problem, text), "{problem} in\n{text}");
    }
    if let Some(definition) = checked.definition {
        let mocks = Mocks::from_json(&case["mocks"]).unwrap();
        // A mock may be missing or too many now; anything else comes to an end.
        let _ = simulate(Arc::new(definition), case["input"].clone(), &mocks, &SimulationOptions::default());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn changed_values_are_told(which: Index, changes in prop::collection::vec((any::<Index>(), change()), 1..4)) {
        let case = which.get(&CASES);
        let mut definition = case["definition"].clone();
        for (place, change) in changes {
            let mut all = Vec::new();
            places(&definition, "", &mut all);
            apply(&mut definition, &all[place.index(all.len())], change);
        }
        examine(&serde_json::to_string_pretty(&definition).unwrap(), case)?;
    }

    #[test]
    fn changed_texts_are_told(which: Index, place: Index, length in 0..12_usize, insert in "[\\[\\]{}\",:0-9a-z\\\\\u{e9}\u{0}]{0,4}") {
        let case = which.get(&CASES);
        let mut chars: Vec<char> = serde_json::to_string_pretty(&case["definition"]).unwrap().chars().collect();
        let at = place.index(chars.len());
        let end = (at + length).min(chars.len());
        chars.splice(at..end, insert.chars());
        examine(&chars.into_iter().collect::<String>(), case)?;
    }
}

#[test]
fn large_and_odd_texts_are_told() {
    for text in ["", " ", "\u{feff}", "null", "[]", "1", "\"a\"", "{}", "{\"States\": {}, \"States\": {}}", "\u{0}"] {
        let found = check(text);
        assert!(found.definition.is_none() && !found.diagnostics.is_empty(), "{text:?}");
    }
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_eq!(check(&deep).diagnostics[0].code, Code::Syntax);
    let states: serde_json::Map<String, Value> = (0..5000)
        .map(|number| (format!("S{number}"), json!({"Type": "Pass", "Next": format!("S{}", (number + 1) % 5001)})))
        .collect();
    let found = check(&json!({"StartAt": "S0", "States": states}).to_string());
    let codes: Vec<Code> = found.diagnostics.iter().map(|problem| problem.code).collect();
    assert_eq!(codes, [Code::NoTerminal, Code::UnknownTarget]);
    let unknown: serde_json::Map<String, Value> = (0..5000).map(|number| (format!("f{number}"), json!(1))).collect();
    let found = check(&json!({"StartAt": "A", "States": {"A": unknown}}).to_string());
    assert_eq!(found.diagnostics.len(), 1, "a state without a type is one problem");
}
