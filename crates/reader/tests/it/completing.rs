//! Sentences that complete the one before, or say of whom they speak at their end.

use crate::{read, unknowns};

const MODEL: &str = r#"# Flights

## Records

Each balloon has:
- name (text, required)
- airworthy until (date)

Each pilot has:
- name (text, required)

Each flight has:
- balloon (required)
- captain (a pilot, required)
- take-off time (date and time)
- landing time (date and time)
- seats (whole number)
- status (one of planned, confirmed, flown, cancelled)

A flight starts as planned. A planned flight can be confirmed or cancelled. A confirmed flight can be flown.

## Rules

"#;

fn demanded(text: &str) -> String {
    let read = read(&format!("{MODEL}{text}\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}");
    serde_json::to_string(&read.concepts.rules).unwrap()
}

#[test]
fn what_is_said_is_demanded() {
    for (text, rule) in [
        (
            "- A balloon must not be assigned to two flights whose times overlap. A flight that begins at the very moment another one ends is acceptable. Cancelled flights are ignored.",
            r#""by":["balloon_id"],"when":[{"test":"not_in","via":null,"field":"status","values":["cancelled"]}]"#,
        ),
        (
            "- A flight must not take off after the date until which its balloon is airworthy.",
            r#""field":"take_off_time","op":"le","to":{"of":"referenced","via":"balloon_id","field":"airworthy_until""#,
        ),
        (
            "- There may be at most 3 planned flights per captain.",
            r#""parent":"pilot","child":"flight","via":"captain_id""#,
        ),
        (
            "- As soon as a flight is confirmed its seats cannot be changed any more.",
            r#""values":["confirmed","flown"]}],"fields":["seats"]"#,
        ),
        (
            "- Flights are listed from the latest take-off time to the earliest.",
            r#"[{"field":"take_off_time","descending":true}]"#,
        ),
    ] {
        let found = demanded(text);
        assert!(found.contains(rule), "{text}: {found}");
    }
}

#[test]
fn what_says_something_else_is_not_read() {
    for text in [
        "- A flight that begins before another one ends is acceptable.",
        "- Nobody may add flights so that the seats go over 50.",
        "- The difference in days between the landing time and the airworthy until date.",
    ] {
        let read = read(&format!("{MODEL}{text}\n"));
        assert!(!unknowns(&read).is_empty(), "{text}");
    }
}
