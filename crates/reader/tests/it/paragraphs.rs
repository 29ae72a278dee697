//! Epics in paragraphs and stories of full sentences: records told by who enters them, on cards, and in short names; what a
//! change needs told behind it.

use super::{keys, read, rules_as_json, unknowns, whole};
use maestro_artifacts::{FieldKind, Requirements};

/// The rules of the statement that begins so.
#[track_caller]
fn told(read: &Requirements, start: &str) -> String {
    let text = &read.items.iter().find(|item| item.text.starts_with(start)).unwrap().text;
    rules_as_json(read, text)
}

#[track_caller]
fn same_keys(mut found: Vec<String>, mut keys: Vec<&str>) {
    found.sort_unstable();
    keys.sort_unstable();
    assert_eq!(found, keys);
}

#[test]
fn a_club_tells_its_register_in_paragraphs() {
    let read = whole("rowing-club.md");
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    assert!(read.contradictions.is_empty(), "{:?}", read.contradictions);
    let kinds: Vec<&str> = read.concepts.entities.iter().map(|entity| entity.key.as_str()).collect();
    assert_eq!(kinds, ["boat", "rower", "outing"]);
    same_keys(keys(&read, "boat"), vec!["sail_code", "hire_price_per_hour", "weight", "type", "total_kilometres"]);
    same_keys(keys(&read, "rower"), vec!["first_name", "last_name", "date_of_birth", "phone_number", "date_joined"]);
    let told = |start: &str| told(&read, start);
    assert_eq!(
        told("The boat steward is responsible"),
        r#"{"kind":"action_role","entity":"boat","action":"create","fields":[],"roles":["boat steward"]} & {"kind":"action_role","entity":"boat","action":"update","fields":[],"roles":["boat steward"]}"#
    );
    assert_eq!(
        told("The captain turns a planned"),
        r#"{"kind":"transitions","entity":"outing"} & {"kind":"transition_requires","entity":"outing","from":"planned","to":"running","fields":["start_time"]}"#
    );
    assert_eq!(
        told("Then an end time"),
        r#"{"kind":"transition_requires","entity":"outing","from":"running","to":"finished","fields":["end_time"]}"#
    );
    // It says what the rule against overlaps holds by itself.
    assert_eq!(told("An outing without an end time"), told("The periods of two outings"));
    assert!(told("The treasurer may read everything").contains(r#""kind":"action_barred","entity":"rower""#));
}

#[test]
fn a_front_desk_tells_cards_and_visits_in_stories() {
    let read = whole("front-desk.md");
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    assert!(read.contradictions.is_empty(), "{:?}", read.contradictions);
    same_keys(keys(&read, "device"), vec!["serial_number", "maker", "kind", "weight", "insured"]);
    let visit = read.concepts.entities.iter().find(|one| one.key == "visit").unwrap();
    let states = visit.workflow.as_ref().unwrap();
    assert_eq!(states.states, ["booked", "checked in", "cancelled", "completed"]);
    let part = read.concepts.entities.iter().find(|one| one.key == "part").unwrap();
    let kind = |key: &str| part.fields.iter().find(|field| field.key == key).map(|field| &field.kind);
    assert!(matches!(kind("visit_id"), Some(FieldKind::Reference { .. })), "{:?}", kind("visit_id"));
    assert_eq!(kind("height"), Some(&FieldKind::Decimal));
    assert_eq!(
        told(&read, "When cancelling"),
        r#"{"kind":"transition_requires","entity":"visit","from":null,"to":"cancelled","fields":["cancellation_reason"]}"#
    );
    assert_eq!(
        told(&read, "Only a mender can complete"),
        r#"{"kind":"transition_role","entity":"visit","from":"checked in","to":"completed","roles":["mender"]}"#
    );
}

#[test]
fn look_alikes_name_nothing() {
    const CLUB: &str = "# Club\n\nThe register is used by the captain.\n\n## Boats\n\nA boat has a name (required) and a hire price per hour \
        (money).\n\n## Outings\n\nAn outing belongs to a boat. It has a start time and an end time. Every outing begins as planned. The captain \
        makes a planned outing running.";
    for sentence in [
        "For this the weather must be good.",
        "For this approval is needed.",
        "A boat without a name counts as running on indefinitely.",
        "There is a yes/no field for the boat that was used last.",
    ] {
        let read = read(&format!("{CLUB} {sentence}\n"));
        assert_eq!(unknowns(&read).len(), 1, "{sentence} {:#?}", read.unknown().collect::<Vec<_>>());
        assert_eq!(keys(&read, "outing"), ["boat_id", "start_time", "end_time", "status"], "{sentence}");
        assert_eq!(read.concepts.entities.len(), 2, "{sentence}");
    }
}

#[test]
fn narrative_makes_roles_of_those_alone_who_use_what_is_built() {
    let roles = |narrative: &str| {
        read(&format!("# Club\n\n{narrative}\n\n## Boats\n\nA boat has a name (required).\n")).concepts.roles
    };
    assert_eq!(roles("The register is used by the captain and by the stewards."), ["captain", "steward"]);
    assert_eq!(roles("The people using it are stewards and the captain."), ["steward", "captain"]);
    for told in [
        "The users are unhappy.",
        "The working hours are long.",
        "The hall is used by clubs and schools.",
        "The vans use the yard.",
        "The register is used by everyone.",
    ] {
        assert_eq!(roles(told), Vec::<String>::new(), "{told}");
    }
}

#[test]
fn what_the_system_does_or_what_happens_sometimes_makes_no_rule() {
    const LOANS: &str = "# Loans\n\n## Loans\n\nA loan has a number (required), a due date (date) and a phone number. It is open at first.";
    for sentence in [
        "The system creates a reminder for each loan with the due date.",
        "Sometimes a loan is made by phone, so it must have a phone number.",
        "Blorp the loan, and one that is red, and one that is blue, and one that is green, and one that is old, and one \
         that is new, and one that is lost.",
    ] {
        let read = read(&format!("{LOANS} {sentence}\n"));
        assert_eq!(unknowns(&read).len(), 1, "{sentence} {:#?}", read.unknown().collect::<Vec<_>>());
        assert_eq!(read.concepts.roles, Vec::<String>::new(), "{sentence}");
        assert_eq!(read.concepts.entities.len(), 1, "{sentence}");
    }
}

#[test]
fn letters_whose_small_ones_are_shorter_or_longer_stop_nothing() {
    for letter in ['\u{212a}', '\u{130}'] {
        read(&format!(
            "# K\n\n## Enter {letter}iosk applications\n\nA {letter}iosk has a name. The {letter}iosk application is required.\n"
        ));
    }
}

#[test]
fn a_record_that_a_sentence_begins_with_is_what_the_next_one_speaks_of() {
    let read = read(
        "# Tutors\n\n## Packages\n\nA package has a number of hours (integer).\n\n## Lessons\n\nA lesson uses hours of a package, so it \
         must be chosen. It has a start and a topic. The topic is required.\n",
    );
    same_keys(keys(&read, "package"), vec!["number_of_hours"]);
}

#[test]
fn a_row_with_an_unknown_note_is_quoted_with_all_that_it_says() {
    let read = read(
        "# Films\n\n## Films\n\n| Field | Type | Required | Notes |\n|---|---|---|---|\n| title | text | yes | |\n| guest | text | yes | \
         glimmers at dusk |\n",
    );
    let maestro_artifacts::Understanding::Unknown { quote, .. } = &read.unknown().next().unwrap().understanding else {
        panic!("{:#?}", read.items)
    };
    assert_eq!(quote, "| guest | text | yes | glimmers at dusk |");
}
