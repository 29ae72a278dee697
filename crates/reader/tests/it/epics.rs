//! Whole epics: what is understood, what is not, and that the model holds together.

use super::{read, unknowns};
use maestro_artifacts::{Requirements, Understanding};
use serde_json::Value;

/// Every entity and every plain field that a rule names is in the model.
fn consistent(read: &Requirements) {
    for rule in &read.concepts.rules {
        let json = serde_json::to_value(&rule.demand).unwrap();
        let entity = json.get("entity").or_else(|| json.get("child")).and_then(Value::as_str).unwrap();
        assert!(read.concepts.entity(entity).is_some(), "{entity} of {json}");
        if let Some(field) = json.get("field").and_then(Value::as_str) {
            assert!(read.concepts.field(entity, field).is_some(), "{entity}.{field} of {json}");
        }
        for field in json.get("fields").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
            assert!(read.concepts.field(entity, field).is_some(), "{entity}.{field} of {json}");
        }
        assert!(!rule.message.is_empty() && !rule.sources.is_empty());
    }
    for item in &read.items {
        if let Understanding::Rules { rules } = &item.understanding {
            assert!(!rules.is_empty(), "{}", item.id);
            assert!(rules.iter().all(|id| read.concepts.rules.iter().any(|rule| rule.id == *id)));
        }
        if let Understanding::Unknown { quote, why } = &item.understanding {
            assert!(!quote.is_empty() && !why.is_empty());
        }
    }
    for entity in &read.concepts.entities {
        assert!(!entity.fields.is_empty(), "{}", entity.key);
        if let Some(flow) = &entity.workflow {
            assert!(flow.states.contains(&flow.initial));
            assert!(
                flow.transitions.iter().all(|way| flow.states.contains(&way.from) && flow.states.contains(&way.to))
            );
        }
    }
}

fn check(text: &str, expected: &[&str]) {
    let read = read(text);
    consistent(&read);
    assert!(read.contradictions.is_empty(), "{:?}", read.contradictions);
    assert_eq!(unknowns(&read), expected, "{:#?}", read.unknown().collect::<Vec<_>>());
}

#[test]
fn every_example_is_understood_whole() {
    check(include_str!("../../../../examples/epics/tool-library.md"), &[]);
    check(include_str!("../../../../examples/epics/concrete-lab.md"), &[]);
    check(include_str!("../../../../examples/epics/allotment-garden.md"), &[]);
    check(include_str!("../../../../examples/epics/court-booking.md"), &[]);
}

#[test]
fn what_was_learned_of_ordinary_epics_stays() {
    check(include_str!("../data/outgoing-loans.md"), &[]);
    // Wishes that their criteria carry.
    check(include_str!("../data/dental-lab.md"), &["US-4", "US-5"]);
    check(include_str!("../data/language-school.md"), &["US-1", "US-3"]);
    // A total over two references.
    check(include_str!("../data/docks.md"), &["FR-7"]);
}

#[test]
fn blocked_examples_name_exactly_what_needs_a_model() {
    check(include_str!("../../../../examples/blocked/web-shop.md"), &["US-2", "AC-2.1", "AC-2.2"]);
    check(include_str!("../../../../examples/blocked/club-news.md"), &["AC-0.2", "AC-0.3", "AC-0.4", "NFR-1"]);
}

#[test]
fn other_authors_are_understood_as_far_as_can_be_built() {
    check(include_str!("../data/clinic.md"), &["BR-8"]);
    check(include_str!("../data/expenses.md"), &[]);
    check(include_str!("../data/bugs.md"), &[]);
    check(include_str!("../data/parking.md"), &["BR-6"]);
    check(include_str!("../data/vet.md"), &["FR-5"]);
    check(include_str!("../data/kitchen.md"), &["AC-1.4", "AC-1.5"]);
    check(include_str!("../data/seedbank.md"), &[]);
    check(include_str!("../data/training.md"), &[]);
    check(include_str!("../data/warehouse.md"), &["FR-4"]);
}

#[test]
fn tables_prose_and_lists_of_other_authors_are_understood_whole() {
    for text in [
        include_str!("../data/test-lab.md"),
        include_str!("../data/order-desk.md"),
        include_str!("../data/waiting-list.md"),
        include_str!("../data/grants.md"),
        include_str!("../data/car-sharing.md"),
        include_str!("../data/maintenance.md"),
    ] {
        check(text, &[]);
    }
}

#[test]
fn workflows_of_other_authors_are_understood() {
    check(include_str!("../data/film-school.md"), &[]);
    check(include_str!("../data/auditions.md"), &["BR-8"]);
    check(include_str!("../data/permits.md"), &["BR-5"]);
    check(include_str!("../data/bakery.md"), &["FR-7"]);
}

#[test]
fn reserved_words_stay_as_the_epic_writes_them() {
    let read = read(include_str!("../data/maintenance.md"));
    for field in ["order", "from"] {
        assert!(read.concepts.field("repair_job", field).is_some(), "{field}");
    }
}

#[test]
fn stories_tables_notes_and_prose_of_small_businesses_are_read_without_a_wrong_word() {
    for (text, entities, open) in [
        (include_str!("../data/music-school.md"), vec!["pupil", "teacher", "lesson"], vec!["AC-7.1", "AC-7.3"]),
        (
            include_str!("../data/scaffolding.md"),
            vec!["customer", "site", "rental"],
            vec!["BR-1", "BR-9", "FR-6", "FR-9"],
        ),
        (
            include_str!("../data/grooming.md"),
            vec!["owner", "dog", "appointment"],
            vec!["FR-1", "US-3", "US-4", "BR-6", "BR-7", "FR-5", "FR-6", "FR-7"],
        ),
        (
            include_str!("../data/cinema.md"),
            vec!["film", "screening", "sale"],
            vec!["FR-1", "BR-8", "BR-9", "BR-12", "BR-16", "BR-17", "FR-10", "FR-11", "FR-12", "FR-15"],
        ),
        (
            include_str!("../data/makerspace.md"),
            vec!["member", "equipment", "induction"],
            vec!["AC-1.1", "AC-1.3", "US-2", "US-3"],
        ),
    ] {
        let read = read(text);
        consistent(&read);
        assert!(read.contradictions.is_empty(), "{:?}", read.contradictions);
        let keys: Vec<&str> = read.concepts.entities.iter().map(|entity| entity.key.as_str()).collect();
        assert_eq!(keys, entities);
        // What other families learn to read may shorten the list, nothing may lengthen it.
        let more: Vec<String> = unknowns(&read).into_iter().filter(|id| !open.contains(&id.as_str())).collect();
        assert_eq!(more, Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    }
}
