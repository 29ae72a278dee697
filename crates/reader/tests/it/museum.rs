//! Sentences of a museum's, a workshop's and a mountain hut's epic that strangers wrote.

use super::{read, rules_of, unknowns};
use maestro_artifacts::{Operand, Requirements, RuleKind};

const MUSEUM: &str = "# Loans\n\n- An object has an inventory number, a title, a condition (good, fair, poor) and an insurance \
                      value in euros.\n- A borrower has a name.\n- A loan agreement is made with one borrower. It has a purpose, \
                      a start date and an end date.\n- A loan item belongs to a loan agreement and to an object. It has a fee in \
                      euros.\n\n## Loan agreements\n\n";
const JOBS: &str = "# Workshop\n\n- A customer has a name.\n- A job belongs to a customer and has a title, a price, a due date, a \
                    priority (low, high), a remark and a status: new, accepted, in progress, finished, cancelled.\n- A new job is \
                    new. A new job can be accepted. An accepted job can be put in progress. A job in progress can be finished. New \
                    and accepted jobs can be cancelled.\n- A part belongs to a job and has a code and a quantity.\n\n";

fn told(base: &str, lines: &str) -> Requirements {
    let read = read(&format!("{base}{lines}\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{lines}");
    read
}

/// The kinds of the rules that a line was understood as, in the words of their written form.
fn kinds(base: &str, line: &str) -> Vec<String> {
    let read = told(base, line);
    let kind = |rule: &&RuleKind| {
        let written = serde_json::to_value(rule).unwrap();
        written.get("kind").and_then(|kind| kind.as_str()).unwrap().to_owned()
    };
    rules_of(&read, line).iter().map(kind).collect()
}

#[test]
fn a_course_of_states_told_in_one_sentence() {
    let read = told(
        MUSEUM,
        "An agreement begins as a draft. A draft can be submitted, a submitted agreement can be approved or rejected, an approved \
         agreement can become active, and an active agreement can be closed.",
    );
    let flow = read.concepts.entity("loan_agreement").unwrap().workflow.clone().unwrap();
    let ways: Vec<String> = flow.transitions.iter().map(|way| format!("{}-{}", way.from, way.to)).collect();
    assert_eq!(
        ways,
        ["draft-submitted", "submitted-approved", "submitted-rejected", "approved-active", "active-closed"]
    );
}

#[test]
fn when_it_starts_and_what_may_be_lent() {
    for (line, days) in [
        ("A new agreement must start at least 30 days from today.", 30),
        ("Loan agreements must start no earlier than tomorrow.", 1),
        ("Loan agreements must not start before tomorrow.", 1),
    ] {
        let read = told(MUSEUM, line);
        let from = |rule: &&RuleKind| matches!(rule, RuleKind::Compare { field, to: Operand::Today { plus_days, .. }, .. } if field == "start_date" && *plus_days == days);
        assert!(rules_of(&read, line).iter().any(from), "{line}");
    }
    assert_eq!(kinds(MUSEUM, "Objects in poor condition cannot be lent."), ["requires"]);
    assert_eq!(kinds(MUSEUM, "An object that is part of a loan item must be kept."), ["no_delete"]);
    assert_eq!(kinds(MUSEUM, "The fee of an item is never negative and defaults to zero."), ["range", "default"]);
}

#[test]
fn what_somebody_needs_to_find() {
    let line = "The registrar needs to find objects by title, to narrow down agreements by purpose, and to order them by start date.";
    assert_eq!(kinds(MUSEUM, line), ["search", "filter", "sort"]);
    // Under a heading of its own, nothing but the sentence tells what "them" are.
    let apart = told(&format!("{MUSEUM}## Looking things up\n\n"), line);
    let sorted = |rule: &RuleKind| matches!(rule, RuleKind::Sort { entity, .. } if entity == "loan_agreement");
    assert!(apart.concepts.rules.iter().any(|rule| sorted(&rule.demand)));
}

#[test]
fn what_a_change_of_state_needs() {
    for line in [
        "No job may be accepted without a price and a due date.",
        "A job can be accepted only with a price.",
        "A job can only be accepted once a price has been recorded.",
    ] {
        assert_eq!(kinds(JOBS, line), ["transition_requires"], "{line}");
    }
    assert_eq!(kinds(JOBS, "A job with high priority needs a due date."), ["required_when"]);
    for line in ["After acceptance the price and the due date are fixed.", "After acceptance a job is frozen."] {
        assert_eq!(kinds(JOBS, line), ["immutable"], "{line}");
    }
}

#[test]
fn what_ends_makes_nothing() {
    for line in
        ["A job that has not been started cannot be finished.", "A job that has not been accepted cannot be done."]
    {
        let read = read(&format!("{JOBS}{line}\n"));
        let made = |rule: &RuleKind| matches!(rule, RuleKind::Requires { entity, .. } if entity == "part");
        assert!(!read.concepts.rules.iter().any(|rule| made(&rule.demand)), "{line}");
    }
}

#[test]
fn what_is_quoted_of_a_sentence_that_is_understood_in_part() {
    let line = "The due date must be after today, and nobody may stay for more than ten nights.";
    let read = read(&format!("{JOBS}{line}\n"));
    let mut unknown = read.unknown();
    let item = unknown.next().unwrap();
    let maestro_artifacts::Understanding::Unknown { quote, why } = &item.understanding else { panic!("{item:?}") };
    assert_eq!(quote, line);
    assert!(why.contains("`nobody may stay for more than ten nights`"), "{why}");
}

#[test]
fn what_may_be_left_unsaid() {
    let hours = "- An inspector has a first name, a last name and an estimated number of hours.\n";
    for (line, expected) in [
        ("Only the first name and the last name of an inspector are compulsory.", &["required", "required"][..]),
        ("Inspectors can be looked up by part of their last name.", &["search"]),
        ("Estimated hours must be more than 0 and no more than 12.", &["range"]),
    ] {
        assert_eq!(kinds(&format!("{MUSEUM}{hours}"), line), expected, "{line}");
    }
    let read = told(
        "# Lab\n\n- An order has a title and a priority (normal, urgent).\n",
        "- The stages of an order are received, in production, checked and shipped. A new order is received.\n\
         - Allowed moves: received to in production, in production to checked, checked back to in production, checked to shipped.\n\
         - If no priority is given, it is normal.",
    );
    let ways = read.concepts.entity("order").unwrap().workflow.clone().unwrap().transitions;
    assert!(ways.iter().any(|way| way.from == "checked" && way.to == "in production"), "{ways:?}");
}
