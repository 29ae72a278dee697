//! Wordings of fields and steps from strangers' epics (translations, funding, recordings) that once made fields, states or values
//! of what is said about them.

use super::{keys, required, rules_of, understood, ways};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

/// A range as `(field, min, max)`.
fn ranges(read: &Requirements) -> Vec<(&str, Option<&str>, Option<&str>)> {
    let range = |rule: &RuleKind| matches!(rule, RuleKind::Range { .. });
    let rules = read.concepts.rules.iter().map(|rule| &rule.demand).filter(|rule| range(rule));
    rules
        .filter_map(|rule| match rule {
            RuleKind::Range { field, min, max, .. } => Some((field.as_str(), min.as_deref(), max.as_deref())),
            _ => None,
        })
        .collect()
}

/// Defaults as `field=value` in JSON.
fn defaults(read: &Requirements) -> Vec<String> {
    let told = read.concepts.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::Default { field, value, .. } => Some(format!("{field}={value}")),
        _ => None,
    });
    told.collect()
}

#[test]
fn what_stands_behind_a_name_is_its_type_and_no_field() {
    let read = understood(
        "# Desk\n\nA project has a title (required), a number, an optional integer from 1 to 10000, and notes, an optional text of up \
         to 2000 characters.\n\nA job has a title, which is required, and a reference code, an optional text that consists of exactly \
         ten digits.\n",
    );
    assert_eq!(keys(&read, "project"), ["title", "number", "notes"]);
    assert_eq!(keys(&read, "job"), ["title", "reference_code"]);
    assert_eq!(required(&read), ["title", "title"]);
    assert_eq!(ranges(&read), [("number", Some("1"), Some("10000"))]);
}

#[test]
fn both_are_given_as_moments() {
    let read = understood(
        "# Desk\n\nA job has a title. It has a begin and an end, both given as date and time and both required.\n\nA shift has a name, \
         an opening and a closing, both entered as dates.\n",
    );
    assert_eq!(keys(&read, "job"), ["title", "begin", "end"]);
    assert_eq!(required(&read), ["begin", "end"]);
    assert_eq!(keys(&read, "shift"), ["name", "opening", "closing"]);
    let kind = |entity: &str, at: usize| read.concepts.entity(entity).unwrap().fields[at].kind.clone();
    assert_eq!([kind("job", 1), kind("job", 2)], [FieldKind::DateTime, FieldKind::DateTime]);
    assert_eq!([kind("shift", 1), kind("shift", 2)], [FieldKind::Date, FieldKind::Date]);
}

#[test]
fn numbers_start_somewhere() {
    let read = understood(
        "# Tapes\n\nA tape has a label, a take (a whole number starting at 1), and a remark.\n\n| Field | Type |\n|---|---|\n| label | text |\n| \
         shelf | whole number, starting from 0 |\n",
    );
    assert_eq!(ranges(&read), [("take", Some("1"), None), ("shelf", Some("0"), None)]);
    assert_eq!(defaults(&read), Vec::<String>::new());
}

#[test]
fn a_flag_is_called_something() {
    let read = understood(
        "# Funding\n\nA proposal has a title and a flag called nonprofit, which is yes by default.\n\nA round has a name and a flag named \
         archived.\n",
    );
    assert_eq!(keys(&read, "proposal"), ["title", "nonprofit"]);
    assert_eq!(keys(&read, "round"), ["name", "archived"]);
    assert_eq!(read.concepts.entity("round").unwrap().fields[1].kind, FieldKind::Boolean);
    assert_eq!(defaults(&read), ["nonprofit=true"]);
}

#[test]
fn an_initial_value_is_none_of_the_values() {
    let read = understood(
        "# Funding\n\n## Proposals\n\nFields:\n\n- title (required)\n- priority (enum: low, normal, high; initial value normal)\n",
    );
    let values = ["low", "normal", "high"].map(str::to_owned).to_vec();
    assert_eq!(read.concepts.entity("proposal").unwrap().fields[1].kind, FieldKind::Enum { values });
    assert_eq!(defaults(&read), [r#"priority="normal""#]);
}

#[test]
fn own_belongs_to_a_name_where_nobody_owns() {
    let told = "Proposals can be filtered by a range of the own contribution.";
    let read = understood(&format!(
        "# Funding\n\nA proposal has a title and an own contribution, which is an amount of money that may not be negative.\n\n- {told}\n\nA \
         member has a name and their own code.\n"
    ));
    assert_eq!(keys(&read, "proposal"), ["title", "own_contribution"]);
    assert_eq!(keys(&read, "member"), ["name", "code"]);
    assert_eq!(rules_of(&read, told).len(), 1);
}

#[test]
fn steps_follow_one_another() {
    for told in [
        "A new job moves to translating, then to proofreading, then to delivered.",
        "A new job goes to translating, then to \
         proofreading, and then to delivered.",
    ] {
        let read = understood(&format!(
            "# Desk\n\nA job has a title and a status, which is one of new, translating, proofreading and delivered.\n\n- {told}\n"
        ));
        let steps = [("new", "translating"), ("translating", "proofreading"), ("proofreading", "delivered")];
        assert_eq!(ways(&read, "job"), steps.map(|(from, to)| (from.to_owned(), to.to_owned())));
    }
}
