//! Whole numbers that are years, held against the year in which somebody asks, and what looks alike.

use super::{read, rules_as_json, unknowns};

const PRESS: &str = "# Press\n\n## Records\n\nAn album has a title (text, required), a press year (integer), a vintage, a stock \
    (integer), a price (money) and a release date (date).\n\n## Further rules\n\n";

fn with(sentence: &str) -> maestro_artifacts::Requirements {
    read(&format!("{PRESS}{sentence}\n"))
}

/// Against the year of the request; what must not be earlier is judged at creation alone.
fn year(field: &str, op: &str, plus: i64) -> String {
    let plus = if plus == 0 { String::new() } else { format!(r#","plus_years":{plus}"#) };
    let on_create = matches!(op, "ge" | "gt");
    format!(
        r#"{{"kind":"compare","entity":"album","field":"{field}","op":"{op}","to":{{"of":"this_year"{plus}}},"when":[],"on_create":{on_create}}}"#
    )
}

fn range(min: &str, max: &str) -> String {
    let bound = |bound: &str| if bound.is_empty() { "null".to_owned() } else { format!("\"{bound}\"") };
    format!(
        r#"{{"kind":"range","entity":"album","field":"press_year","min":{},"max":{},"above_min":false,"below_max":false}}"#,
        bound(min),
        bound(max)
    )
}

#[track_caller]
fn all_say(rules: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert_eq!(rules_as_json(&with(sentence), sentence), rules, "{sentence}");
    }
}

#[test]
fn years_that_are_not_over() {
    all_say(
        &year("press_year", "le", 0),
        &[
            "The press year must not be in the future.",
            "The press year can't lie in the future.",
            "The press year must not be later than this year.",
            "The press year must not be later than the current year.",
            "The press year must be no later than the current year.",
            "The press year may not be after the current year.",
            "The press year must be at most the current year.",
            "The press year cannot exceed the current year.",
            "The press year must not be greater than the current calendar year.",
            "The press year must be less than or equal to the current year.",
            "The press year must be the current year or earlier.",
            "No album may have a press year after the current year.",
            "An album with a press year later than the current year is refused.",
            "Press years after the current year are rejected.",
        ],
    );
    all_say(
        &year("press_year", "lt", 0),
        &[
            "The press year must be before the current year.",
            "The press year must be in the past.",
            "The press year must be less than this year.",
        ],
    );
    all_say(
        &year("vintage", "le", 1),
        &["The vintage may not be after next year.", "The vintage must be at most next year."],
    );
}

#[test]
fn years_beside_this_one() {
    all_say(
        &year("press_year", "le", 1),
        &[
            "The press year must be at most the current year plus one.",
            "The press year must be at most the current year + 1.",
            "The press year must not be later than next year.",
            "The press year must not be more than one year in the future.",
            "The press year must be at most one year after the current year.",
            "The press year must not be more than 1 year after the current year.",
        ],
    );
    all_say(
        &year("press_year", "ge", -100),
        &["The press year must be no earlier than 100 years before the current year."],
    );
    all_say(&year("press_year", "le", -5), &["The press year must be at least 5 years before the current year."]);
    all_say(
        &year("press_year", "ge", 0),
        &[
            "The press year must be this year or later.",
            "The press year must not be in the past.",
            "The press year must not be before the current year.",
            "The press year must be at least the current year.",
        ],
    );
    all_say(
        &year("press_year", "gt", 0),
        &["The press year must be after the current year.", "The press year must lie in the future."],
    );
    all_say(&year("press_year", "eq", 0), &["The press year must be the current year."]);
}

#[test]
fn years_between_two() {
    all_say(
        &format!("{} & {}", range("1900", ""), year("press_year", "le", 0)),
        &[
            "The press year must be between 1900 and the current year.",
            "The press year must lie between 1900 and this year.",
            "The press year is from 1900 to the current year.",
            "The press year must be at least 1900 and at most the current year.",
            "The press year must be at least 1900 and not later than the current year.",
            "The press year must not be before 1900 or after the current year.",
            "The press year must be at least 1900 and must not be in the future.",
        ],
    );
    all_say(
        &format!("{} & {}", range("1900", ""), year("press_year", "le", 1)),
        &[
            "The press year must be between 1900 and next year.",
            "The press year must be between 1900 and the current year plus 1.",
        ],
    );
    all_say(
        &format!("{} & {}", year("press_year", "ge", 0), range("", "2100")),
        &["The press year must be between the current year and 2100."],
    );
    all_say(
        &format!("{} & {}", year("press_year", "ge", -1), year("press_year", "le", 1)),
        &["The press year must be between last year and next year."],
    );
}

#[test]
fn what_is_no_year_or_demands_nothing_is_listed() {
    for sentence in [
        "The release date must not be later than this year.",
        "The release date must be before the current year.",
        "The stock must not be in the future.",
        "The price must be at most the current year.",
        "The title must not be later than this year.",
        "The press year may be later than the current year.",
        "The press year can be after next year.",
    ] {
        assert_ne!(unknowns(&with(sentence)), Vec::<String>::new(), "{sentence}");
    }
}

#[test]
fn notes_of_fields() {
    let both = format!("{} & {}", range("1900", ""), year("press_year", "le", 0));
    let one = year("press_year", "le", 0);
    let next = year("press_year", "le", 1);
    for (note, rules) in [
        ("integer, 1900 to current year", &both),
        ("whole number, 1900–current year", &both),
        ("whole number between 1900 and the current year", &both),
        ("1900-current year", &both),
        ("integer, from 1900 to this year", &both),
        ("integer, not in the future", &one),
        ("integer; not later than this year", &one),
        ("whole number, at most the current year", &one),
        ("integer, max. current year", &one),
        ("integer, this year or earlier", &one),
        ("integer, must not be after the current year", &one),
        ("integer, at most the current year plus one", &next),
        ("integer, not later than next year", &next),
        ("year, up to the current year + 1", &next),
    ] {
        let bullet =
            format!("# Press\n\n## Records\n\nAn album has:\n- title (text, required)\n- press year ({note})\n");
        let dash = format!("# Press\n\n## Records\n\nAn album has:\n- title: text, required\n- press year: {note}\n");
        let table = format!(
            "# Press\n\n## Records\n\n### Album\n\n| Field | Notes |\n|---|---|\n| title | text, required |\n| press year | {note} |\n"
        );
        for epic in [bullet, dash, table] {
            let read = read(&epic);
            assert_eq!(unknowns(&read), Vec::<String>::new(), "{epic}");
            let said: Vec<String> = read
                .concepts
                .rules
                .iter()
                .map(|rule| serde_json::to_string(&rule.demand).unwrap())
                .filter(|rule| rule.contains("press_year") && !rule.contains("has_field"))
                .collect();
            assert_eq!(said.join(" & "), **rules, "{epic}");
        }
    }
}

#[test]
fn examples_of_years_that_are_refused() {
    let epic = |criterion: &str| {
        read(&format!(
            "{PRESS}The press year must not be later than the current year.\n\n## Story: Albums\n\nAs a clerk I want to record \
             albums.\n\nAcceptance criteria:\n- {criterion}\n"
        ))
    };
    for criterion in [
        "Given the press year is next year, when I save the album, then it is refused.",
        "Given an album whose press year is after the current year, when I save it, then it is refused.",
        "When I save an album with a press year in the future, then it is refused.",
        "When I save an album with the press year 2999, then it is refused.",
    ] {
        let read = epic(criterion);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{criterion}");
        assert_eq!(rules_as_json(&read, criterion), year("press_year", "le", 0), "{criterion}");
    }
    // What the rule allows is not refused by it.
    for criterion in [
        "Given the press year is this year, when I save the album, then it is refused.",
        "Given the press year is last year, when I save the album, then it is refused.",
    ] {
        assert_ne!(unknowns(&epic(criterion)), Vec::<String>::new(), "{criterion}");
    }
}

#[test]
fn conditions_on_years() {
    let sentence = "If the press year is in the future, the price must be given.";
    assert_eq!(
        rules_as_json(&with(sentence), sentence),
        r#"{"kind":"required_when","entity":"album","field":"price","when":[{"test":"compare","field":"press_year","op":"gt","to":{"of":"this_year"}}]}"#
    );
}
