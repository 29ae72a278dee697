//! What an ordinary epic says of costumes that are lent: a life told after a semicolon, times within times, sums of what is below,
//! values that are not among the choices.

use super::{keys, read, rules_as_json, understood, unknowns, ways};
use maestro_artifacts::{Requirements, RuleKind};

const WARDROBE: &str = "# Wardrobe\n\n## Requirements\n\n1. A costume has an inventory number (unique), a description, a size (XS, S, M, L), a purchase \
    price and a condition (new, good, broken).\n2. A production has a title, a premiere date and a closing date.\n3. A loan links a costume to a production. \
    It has a from date, a to date and a note. The status of a loan is reserved at first; then it is handed out and finally returned. A reserved loan may \
    also be withdrawn.\n4. A cleaning has a costume, a date and a cost.\n\n## Rules\n\n- Costumes can be exported as CSV and loans can be exported as CSV.\n";

/// The rules that a sentence was read as, which is kept without its article.
fn json(read: &Requirements, told: &str) -> String {
    let same = |text: &str| told.trim_end_matches('.').ends_with(text.trim_end_matches('.'));
    let item = read.items.iter().filter(|item| same(&item.text)).max_by_key(|item| item.text.len());
    rules_as_json(read, &item.unwrap().text)
}

/// One more rule.
fn rule(told: &str) -> String {
    json(&understood(&format!("{WARDROBE}- {told}\n")), told)
}

/// What an example beside a rule is taken for, or that it is listed.
fn example(rule: &str, told: &str) -> Option<String> {
    let read = read(&format!("{WARDROBE}- {rule}\n\n## Acceptance criteria\n\n- {told}\n"));
    unknowns(&read).is_empty().then(|| json(&read, told))
}

#[test]
fn a_life_goes_on_behind_a_semicolon() {
    let read = understood(WARDROBE);
    let way = |(from, to): (&str, &str)| (from.to_owned(), to.to_owned());
    let told = [("reserved", "handed out"), ("handed out", "returned"), ("reserved", "withdrawn")].map(way);
    assert_eq!(ways(&read, "loan"), told);
}

#[test]
fn what_is_needed_may_be_told_by_its_last_word_first() {
    for told in
        ["Handing out a loan needs the name of the actor.", "To hand out a loan, the name of the actor is needed."]
    {
        let read = understood(&format!("{WARDROBE}- {told}\n"));
        assert!(keys(&read, "loan").contains(&"actor_name".to_owned()), "{told}");
        let needs = |rule: &RuleKind| matches!(rule, RuleKind::TransitionRequires { to, fields, .. } if to == "handed out" && fields == &["actor_name"]);
        assert!(read.concepts.rules.iter().any(|rule| needs(&rule.demand)), "{told}");
    }
    // Who is needed is somebody.
    let json = rule("Handing out a loan needs the head of department.");
    assert!(json.contains(r#""kind":"transition_role""#), "{json}");
}

#[test]
fn a_time_lies_within_another() {
    for told in [
        "A loan must lie within the dates of its production.",
        "The dates of a loan must be within the dates of its production.",
        "A loan must fall within its production's dates.",
    ] {
        let json = rule(told);
        let words = [
            r#""field":"from_date""#,
            r#""op":"ge""#,
            "premiere_date",
            r#""field":"to_date""#,
            r#""op":"le""#,
            "closing_date",
        ];
        assert!(words.iter().all(|word| json.contains(word)), "{told}: {json}");
    }
}

#[test]
fn what_is_lent_is_a_loan() {
    for told in ["Broken costumes cannot be lent.", "A costume that is broken cannot be lent."] {
        let json = rule(told);
        let words = [r#""kind":"requires""#, r#""entity":"loan""#, "costume_id", "broken"];
        assert!(words.iter().all(|word| json.contains(word)), "{told}: {json}");
    }
}

#[test]
fn what_all_that_is_below_costs_is_a_sum() {
    let json = rule("The cleaning costs of a costume may not exceed its purchase price.");
    let words = [
        r#""kind":"capacity""#,
        r#""parent":"costume""#,
        r#""child":"cleaning""#,
        r#""field":"cost""#,
        "purchase_price",
    ];
    assert!(words.iter().all(|word| json.contains(word)), "{json}");
    // What one of them costs is another matter, and which is meant here is not said.
    let told = "The cleaning cost of a costume may not exceed its purchase price.";
    assert_eq!(unknowns(&read(&format!("{WARDROBE}- {told}\n"))).len(), 1);
}

#[test]
fn a_value_that_is_no_choice_is_refused() {
    let any = "A note is optional.";
    for told in [
        "A costume with a size of XXL is rejected.",
        "Saving a costume with size XXL fails.",
        "A costume whose size is XXL is rejected.",
        "When a costume is saved with the size \"XXL\", then it is rejected.",
    ] {
        let json = example(any, told).unwrap_or_else(|| panic!("{told}"));
        assert!(json.contains(r#""kind":"has_field""#) && json.contains(r#""field":"size""#), "{told}: {json}");
    }
    // What is not saved is refused for another reason.
    assert_eq!(example(any, "When a costume in the condition \"lost\" is lent, then it is refused."), None);
}

#[test]
fn examples_tell_deeds_in_two_words_and_files_line_by_line() {
    let told = "Given a reserved loan, when someone hands it out without an actor name, then it is refused.";
    let json = example("Handing out a loan needs an actor name.", told).unwrap();
    assert!(json.contains(r#""kind":"transition_requires""#), "{json}");
    let json =
        example("A note is optional.", "The list of loans exported as CSV has one line per loan and a header line.")
            .unwrap();
    assert!(json.contains(r#""kind":"csv""#) && json.contains(r#""entity":"loan""#), "{json}");
}
