//! What people add to a demand, and how they tell values, units and pairs of fields.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::{FieldKind, Requirements};
use std::fmt::Write as _;

const YARD: &str = "# Yard\n\n## Roles\n\n- Manager\n\n## Depots\n\n- name (required, unique)\n- opened on (date)\n- closed on (date)\n- \
    budget (money)\n\n## Vans\n\nA van has a plate (required), a depot and a price (money).\n\n";

fn with(sentence: &str) -> Requirements {
    read(&format!("{YARD}{sentence}\n"))
}

fn said(sentence: &str) -> String {
    rules_as_json(&with(sentence), sentence)
}

/// All rules of an epic that is understood throughout, as JSON.
fn all(read: &Requirements) -> String {
    assert_eq!(unknowns(read), Vec::<String>::new());
    let rules = read.concepts.rules.iter().map(|rule| serde_json::to_string(&rule.demand).unwrap());
    rules.fold(String::new(), |mut out, rule| {
        writeln!(out, "{rule}").unwrap();
        out
    })
}

fn kind(read: &Requirements, entity: &str, field: &str) -> FieldKind {
    read.concepts.field(entity, field).unwrap().kind.clone()
}

fn choice(values: &[&str]) -> FieldKind {
    FieldKind::Enum { values: values.iter().map(|value| (*value).to_owned()).collect() }
}

#[test]
fn what_comes_of_a_breach_is_no_part_of_the_rule() {
    let order = r#"{"kind":"compare","entity":"depot","field":"closed_on","op":"ge","to":{"of":"field","field":"opened_on","plus":0},"when":[],"on_create":false}"#;
    assert_eq!(said("The closed on must not be before the opened on."), order);
    for sentence in [
        "The closed on must not be before the opened on; otherwise an error message is shown.",
        "The closed on must not be before the opened on, otherwise the entry is rejected.",
        "The closed on must not be before the opened on; the system shows an error.",
        "If the closed on is before the opened on, an error is shown.",
        "If the closed on is before the opened on, the system shows an error message and does not save the depot.",
        "When the closed on is before the opened on, an error message is displayed.",
        "A depot whose closed on is before its opened on is rejected with an error message.",
    ] {
        assert_eq!(said(sentence), order, "{sentence}");
    }
    let read = with("The closed on must not be before the opened on. Otherwise an error message is shown.");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    // What else happens is a demand of its own.
    for sentence in [
        "The budget must be at least 0, otherwise the depot is closed.",
        "The budget must be at least 0; otherwise the manager is told.",
    ] {
        assert_eq!(unknowns(&with(sentence)).len(), 1, "{sentence}");
    }
}

#[test]
fn how_a_choice_begins_is_told_beside_its_values() {
    let values = choice(&["new", "used", "damaged"]);
    for sentence in [
        "A van has a condition. The condition is new, used or damaged, initially new.",
        "A van has a condition. The condition is new, used or damaged, with new as the default.",
        "A van has a condition. The condition of a van is one of new, used or damaged, default new.",
        "A van has a condition. The condition is new, used or damaged (initially new).",
        "A van has a condition. The condition is new, used or damaged, starting with new.",
    ] {
        let read = with(sentence);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        assert_eq!(kind(&read, "van", "condition"), values, "{sentence}");
        let default = r#"{"kind":"default","entity":"van","field":"condition","value":"new"}"#;
        assert!(all(&read).contains(default), "{sentence}");
    }
    for sentence in [
        "A driver has a level, which starts as beginner.",
        "A driver has a level, which is beginner or expert and starts as beginner.",
        "A driver has a level that starts as beginner.",
    ] {
        let rules = said(sentence);
        assert!(
            rules.contains(r#"{"kind":"default","entity":"driver","field":"level","value":"beginner"}"#),
            "{rules}"
        );
        assert!(with(sentence).concepts.field("driver", "starts").is_none(), "{sentence}");
    }
    // One value alone is no choice.
    for sentence in ["A van is insured unless stated otherwise.", "New vans are locked."] {
        assert_eq!(unknowns(&with(sentence)).len(), 1, "{sentence}");
    }
}

#[test]
fn values_keep_their_articles_and_units_are_no_values() {
    let places = choice(&["ready", "in the garage", "sold"]);
    for sentence in [
        "A trailer has a state (ready, in the garage or sold).",
        "A trailer has a state (ready, in the garage, sold).",
        "A trailer has a name. The state of a trailer is ready, in the garage or sold.",
        "A trailer has a name. The state of a trailer is one of ready, in the garage or sold.",
    ] {
        assert_eq!(kind(&with(sentence), "trailer", "state"), places, "{sentence}");
    }
    let read =
        with("A tank has a flow (decimal, l/min, required), a load (integer (kg/m²)) and a rent (money, EUR/night).");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(kind(&read, "tank", "flow"), FieldKind::Decimal);
    assert_eq!(kind(&read, "tank", "load"), FieldKind::Integer);
    assert_eq!(kind(&read, "tank", "rent"), FieldKind::Money);
    // A form is no example.
    let sentence = r#"The plate is unique and looks like "S-0001"."#;
    assert_eq!(unknowns(&with(sentence)).len(), 1, "{sentence}");
}

#[test]
fn what_is_noted_of_a_pair_is_noted_of_both() {
    let read = with("A tour has a starts at and an ends at (date and time, both required), and a note.");
    for field in ["starts_at", "ends_at"] {
        assert_eq!(kind(&read, "tour", field), FieldKind::DateTime);
        let required = format!(r#"{{"kind":"required","entity":"tour","field":"{field}"}}"#);
        assert!(all(&read).contains(&required));
    }
    let read = with("A load has a gross weight and a tare weight (whole numbers, required), and a name.");
    assert_eq!(kind(&read, "load", "gross_weight"), FieldKind::Integer);
    assert!(all(&read).contains(r#"{"kind":"required","entity":"load","field":"gross_weight"}"#));
    let length = r#"{"kind":"length","entity":"van","field":"plate","min":2,"max":7}"#;
    assert_eq!(said("The plate has at least 2 and at most 7 characters."), length);
    let read = with("A session refers to a depot and a van, both of which must be given.");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert!(matches!(kind(&read, "session", "van_id"), FieldKind::Reference { .. }));
    assert_eq!(unknowns(&with("A session refers to a depot and a ghost.")).len(), 1);
}

#[test]
fn lists_go_on_about_the_same_records() {
    let filter = r#"{"kind":"filter","entity":"van","field":"depot_id"}"#;
    let page = r#"{"kind":"list","entity":"van","sort":[],"page_size":10}"#;
    assert_eq!(said("Vans can be filtered by depot and they are shown 10 per page."), format!("{filter} & {page}"));
    let sorted = r#"{"kind":"list","entity":"van","sort":[{"field":"plate","descending":false}],"page_size":null}"#;
    for sentence in [
        "Vans can be filtered by depot, and they are sorted by plate.",
        "Vans can be filtered by depot and are sorted by plate.",
        "Vans can be filtered by depot; they are sorted by plate.",
    ] {
        assert_eq!(said(sentence), format!("{filter} & {sorted}"), "{sentence}");
    }
    // That they can be sorted is no order of theirs.
    assert!(!said("Vans can be filtered by depot and sorted by plate.").contains(r#""kind":"list""#));
}

#[test]
fn a_closing_overview_demands_what_lists_offer() {
    let read =
        read(&format!("{YARD}## Overview\n\nVans can be filtered by depot. All lists can be exported as CSV.\n"));
    assert!(all(&read).contains(r#""kind":"filter""#));
}

#[test]
fn what_is_worked_out_in_a_record_is_named_without_it() {
    for sentence in [
        "A trip has a fuel before and a fuel after (whole numbers). The fuel used on a trip is the fuel before minus the fuel after.",
        "A trip has a fuel before and a fuel after (whole numbers). The fuel used is the fuel before less the fuel after.",
    ] {
        let read = with(sentence);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        assert!(read.concepts.field("trip", "fuel_used").is_some_and(|field| field.read_only), "{sentence}");
    }
    let read = with("A trip has a number of people on board. The number of people is a whole number between 1 and 20.");
    assert!(read.concepts.field("trip", "number_of_people").is_none());
    assert!(all(&read).contains(r#""field":"number_of_people_on_board","min":"1","max":"20""#));
}

#[test]
fn it_is_the_field_that_was_told_last() {
    const CLUB: &str = "# Club\n\nA payment belongs to a member and has an amount (money).\n\n";
    let rules = |text: &str| all(&read(&format!("{CLUB}{text}\n")));
    for text in [
        "A member has an e-mail address. It is required and must be unique.",
        "Every member has an e-mail address. It must be given and must be unique.",
    ] {
        let rules = rules(text);
        assert!(rules.contains(r#"{"kind":"required","entity":"member","field":"e_mail_address"}"#), "{rules}");
        assert!(
            rules.contains(r#""kind":"unique","entity":"member""#) && !rules.contains(r#""entity":"payment","fields""#),
            "{rules}"
        );
    }
    let read = read(&format!("{CLUB}A locker has a size. It is one of small, large or huge.\n"));
    assert_eq!(kind(&read, "locker", "size"), choice(&["small", "large", "huge"]));
    assert!(read.concepts.field("locker", "status").is_none());
}

#[test]
fn a_since_among_fields_gives_no_reason() {
    let read = with("A customer has a birthday, a member since date, a website and an e-mail.");
    for field in ["birthday", "website", "e_mail"] {
        assert!(read.concepts.field("customer", field).is_some(), "{field}");
    }
    let read = with("A locker has a size, which can be small or large.");
    assert_eq!(kind(&read, "locker", "size"), choice(&["small", "large"]));
}

#[test]
fn a_start_is_when_it_was_started() {
    let read =
        with("A tour has a started at and an ended at (date and time). The end of a tour must be after its start.");
    assert!(all(&read).contains(r#"{"kind":"compare","entity":"tour","field":"ended_at","op":"gt""#));
}
