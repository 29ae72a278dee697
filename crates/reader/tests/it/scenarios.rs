//! Scenarios that say a rule by themselves: told of all such records, not of one example.

use super::rules::check;

/// What the depot keeps; the scenarios follow.
const DEPOT: &str = "# Depot\n\n## Records\n\n\
    - **Yard**: name, town, postal code, opened on\n\
    - **Customer**: name, credit limit (money)\n\
    - **Crate**: yard, tag, weight in kilograms, stops (integer), kind (glass, steel), received on, due on, start, end\n\
    - **Charge**: customer, number, amount (money)\n\n## Rules\n\n";

fn depot(scenarios: &str) -> String {
    format!("{DEPOT}{scenarios}")
}

#[test]
fn a_form_that_is_not_met_is_the_form_to_meet() {
    check(
        &depot(
            "### Scenario: A\nWhen a yard is saved with a postal code that is not exactly five digits\nThen it is refused\n\n\
             ### Scenario: B\nGiven a new crate\nWhen its tag does not consist of two capital letters and three digits\n\
             Then the crate is refused\n",
        ),
        &[
            (
                "When a yard is saved with",
                r#"{"kind":"pattern","entity":"yard","field":"postal_code","regex":"[0-9]{5}"}"#,
            ),
            (
                "Given a new crate When its tag",
                r#"{"kind":"pattern","entity":"crate","field":"tag","regex":"[A-Z]{2}[0-9]{3}"}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn bounds_that_are_broken_hold_for_all_but_an_example_of_one_value_does_not() {
    check(
        &depot(
            "### Scenario: A\nWhen a crate weighs less than 5 kg\nThen the crate is refused\n\n\
             ### Scenario: B\nWhen a crate is saved with fewer than 2 stops\nThen the request is rejected\n\n\
             ### Scenario: C\nGiven a crate is entered\nWhen its weight is zero or less, or more than 400 kg\nThen it is refused\n\n\
             ### Scenario: E\nWhen a crate is saved with a weight of 7 kg\nThen it is refused\n\n\
             ### Scenario: F\nWhen a crate is received after 10 May\nThen it is refused\n",
        ),
        &[
            (
                "When a crate weighs",
                r#"{"kind":"range","entity":"crate","field":"weight","min":"5","max":null,"above_min":false,"below_max":false}"#,
            ),
            (
                "When a crate is saved with fewer",
                r#"{"kind":"range","entity":"crate","field":"stops","min":"2","max":null,"above_min":false,"below_max":false}"#,
            ),
        ],
        &["AC-0.4", "AC-0.5"],
    );
}

#[test]
fn the_same_figure_twice_compares_two_values() {
    check(
        &depot(
            "### Scenario: A\nGiven a crate received on 10 May\nWhen the due date is 10 May or earlier\nThen the crate is rejected\n",
        ),
        &[(
            "Given a crate received on",
            r#"{"kind":"compare","entity":"crate","field":"due_on","op":"gt","to":{"of":"field","field":"received_on"}}"#,
        )],
        &[],
    );
}

#[test]
fn what_may_not_be_alike_is_told_by_what_is_the_same() {
    check(
        &depot(
            "### Scenario: A\nGiven a crate exists in a yard with a tag\nWhen another crate is added to the same yard with the same tag\n\
             Then it is rejected\n\n\
             ### Scenario: B\nWhen two charges carry the same number\nThen the second one is refused\n\n\
             ### Scenario: C\nGiven an urgent crate exists in a yard\nWhen another crate is added to the same yard with the same stops\n\
             Then it is rejected\n",
        ),
        &[
            ("Given a crate exists", r#"{"kind":"unique","entity":"crate","fields":["yard_id","tag"]}"#),
            ("When two charges", r#"{"kind":"unique","entity":"charge","fields":["number"]}"#),
        ],
        // What an urgent crate is, nothing says.
        &["AC-0.3"],
    );
}

#[test]
fn one_more_than_there_may_be() {
    check(
        &depot(
            "### Scenario: A\nGiven a yard already has 80 crates\nWhen one more crate is added to that yard\nThen it is refused\n\n\
             ### Scenario: B\nGiven a customer with a credit limit of 5000\n\
             When the charges of the customer add up to more than the credit limit\nThen the charge is refused\n",
        ),
        &[
            (
                "Given a yard already",
                r#"{"kind":"capacity","parent":"yard","child":"crate","via":"yard_id","measure":{"measure":"count"},"op":"le","limit":{"of":"value","value":80}}"#,
            ),
            (
                "Given a customer with",
                r#"{"kind":"capacity","parent":"customer","child":"charge","via":"customer_id","measure":{"measure":"sum","field":"amount"},"op":"le","limit":{"of":"field","field":"credit_limit"}}"#,
            ),
        ],
        &[],
    );
}

#[test]
fn what_is_left_out_is_needed_or_has_a_default() {
    check(
        &depot(
            "### Scenario: A\nGiven I am a planner\nWhen I save a yard without a name or without a town\nThen the yard is rejected\n\n\
             ### Scenario: B\nGiven a crate without a kind\nWhen the office saves the crate\nThen its kind is steel\n",
        ),
        &[
            (
                "Given I am a planner",
                r#"{"kind":"required","entity":"yard","field":"name"} & {"kind":"required","entity":"yard","field":"town"}"#,
            ),
            ("Given a crate without a kind", r#"{"kind":"default","entity":"crate","field":"kind","value":"steel"}"#),
        ],
        &[],
    );
}

/// Ids of what is not understood of an epic with these lines.
fn open(text: &str) -> Vec<String> {
    super::unknowns(&super::read(text))
}

const JOBS: &str = "# Depot\n\nA site has a name and a kind (yard, shop).\n\nA job belongs to a site and has a title, a start date, an end \
                    date, a level (low, mid, high), a note and a fee (money).\n\nA job begins as a draft. A draft job can become open.\n\n## Scenarios\n\n";

#[test]
fn an_example_is_no_wider_rule_than_it_says() {
    for steps in [
        "Given a job for a site of kind shop\nWhen its fee is more than 500\nThen it is rejected",
        "Given a job\nWhen the fee is zero, negative or above 1000\nThen it is rejected",
        "Given a job of level high\nWhen it is created without a fee or with a fee below 100\nThen it is rejected",
        "Given a job titled \"Dig\" at a site\nWhen another job titled \"Dig\" is created at the same site\nThen it is rejected",
        "Given a job with level high and no fee\nWhen it is opened\nThen the request is rejected",
        "Given a job with level low\nWhen the level is changed to high\nThen it is rejected",
        "Given a job that is a draft\nWhen the foreman rejects it without a note\nThen the rejection is refused",
    ] {
        let epic = format!("{JOBS}### Scenario: one\n\n{steps}\n");
        assert_eq!(open(&epic), ["AC-0.1"], "{steps}");
    }
    let story = "# Depot\n\n## Story 1: Jobs\n\nAs a clerk I want to keep jobs so that I know them.\n\nAcceptance criteria:\n\n- A job \
                 has a title and a fee (money).\n- A job begins as a draft.\n- Once a job is approved, its fee is fixed.\n";
    assert_eq!(open(story), ["AC-1.3"]);
}

#[test]
fn statistics_and_ways_are_shown() {
    let venues = "# T\n\nA venue has a name and a town.\n\n### Scenario: s\n\nWhen a planner asks for statistics\nThen the number of \
                  venues per town is shown\n";
    assert_eq!(open(venues), Vec::<String>::new());
    let slots = super::read(
        "# T\n\nA slot has a name and a status (booked, checked in, cancelled). It begins as booked.\n\n### Scenario: s\n\nGiven a slot is \
         booked\nThen it can be checked in or cancelled\n",
    );
    assert_eq!(super::unknowns(&slots), Vec::<String>::new());
    assert_eq!(slots.concepts.entity("slot").unwrap().workflow.as_ref().unwrap().transitions.len(), 2);
}

#[test]
fn what_is_heavier_or_wider_is_so_by_the_field_that_measures_it() {
    let read = super::read(
        "# T\n\nA crate has a name, a weight in kilograms and a width in metres.\n\n### Scenario: a\n\nWhen a crate is heavier than 40 \
         kilograms\nThen it is refused\n\n### Scenario: b\n\nWhen a crate wider than 3 metres is entered\nThen it is refused\n",
    );
    assert_eq!(super::unknowns(&read), Vec::<String>::new());
    let bound = |rule: &maestro_artifacts::Rule| match &rule.demand {
        maestro_artifacts::RuleKind::Range { field, max: Some(max), .. } => Some(format!("{field} {max}")),
        _ => None,
    };
    assert_eq!(read.concepts.rules.iter().filter_map(bound).collect::<Vec<_>>(), ["weight 40", "width 3"]);
}
