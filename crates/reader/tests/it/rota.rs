//! Scenarios and sentences of ordinary, tidy epics: strangers, verbs of two words, texts as values, ways that only a refusal shows,
//! figures that are asked for, fields that a verb sets, ages, and lists told as a duty.

use super::rules::check;
use super::{read, rules_as_json, rules_of, unknowns};

const ROTA: &str = "# Rota\n\n## Data\n\n### Helper\n- full name: text, required\n- email: e-mail, required\n- birth date: date\n\
    - phone number: text\n- banned: yes/no, default no\n\n### Slot\n- title: text, required\n\
    - area: kitchen, garden or shop; required\n- starts at: datetime, required\n- seats: integer, required\n- drop reason: text\n\
    - state: draft, open, closed, dropped; starts as draft\n\n### Sign-up\n- helper: reference to Helper, required\n\
    - slot: reference to Slot, required\n- hours: decimal\n- fare: money\n- made on: date\n- note: text\n";

#[track_caller]
fn told(text: &str) -> String {
    rules_as_json(&read(&format!("{ROTA}\n## Rules\n\n- {text}\n")), text)
}

#[track_caller]
fn listed(text: &str) {
    let read = read(&format!("{ROTA}\n## Rules\n\n- {text}\n"));
    assert_eq!(unknowns(&read), ["BR-1"], "{text}: {:?}", rules_of(&read, text));
}

const OPENING: &str = "- Given a draft slot, when a planner opens it, then its state is open.\n\
    - Given an open slot, when it is closed, then its state is closed.\n";

fn story(criteria: &str) -> maestro_artifacts::Requirements {
    read(&format!("{ROTA}\n## Stories\n\nAs a planner, I want to create slots.\n\n{OPENING}{criteria}"))
}

#[test]
fn whoever_is_not_somebody_is_told_in_any_step() {
    let rule = r#"{"kind":"transition_role","entity":"slot","from":null,"to":"open","roles":["planner"]}"#;
    for text in [
        "Given a user who is not a planner, when they try to open a slot, then they are refused.",
        "Given someone other than a planner, when they try to open a slot, then it is refused.",
        "Given I am not a planner, when I try to open a slot, then I am refused.",
    ] {
        assert_eq!(rules_as_json(&story(&format!("- {text}\n")), text), rule, "{text}");
    }
    // Who looks at a slot opens none.
    let read = story("- Given a user who is not a planner, when they open the list of slots, then they are refused.\n");
    assert_eq!(unknowns(&read), ["AC-1.3"]);
}

#[test]
fn verbs_of_two_words_make_the_records_that_are_called_after_them() {
    let cases = [
        (
            "Given a helper has already signed up for a slot, when the same helper signs up for the same slot again, then the sign-up is rejected.",
            r#"{"kind":"unique","entity":"sign_up","fields":["helper_id","slot_id"],"when":[],"ignore_case":false}"#,
        ),
        (
            "Given a slot that is not open, when a helper signs up for it, then the sign-up is refused.",
            r#"{"kind":"requires","entity":"sign_up","at":{"moment":"create"},"condition":[{"test":"in","via":"slot_id","field":"state","values":["open"]}]}"#,
        ),
    ];
    for (text, rule) in cases {
        assert_eq!(rules_as_json(&story(&format!("- {text}\n")), text), rule);
    }
    let read = read(&format!("{ROTA}\n## Stories\n\nAs a helper, I want to sign up for a slot.\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new());
}

#[test]
fn a_text_may_stand_before_its_field() {
    let read = story(
        "- Given I enter \"ana at example\" as the email, when I save the helper, then an error for the email is shown.\n\
         - Given I enter \"ana@example.org\" as the email, when I save the helper, then an error for the email is shown.\n",
    );
    assert_eq!(unknowns(&read), ["AC-1.4"]);
}

#[test]
fn what_is_refused_without_a_reason_could_be_done_with_one() {
    let read = story(
        "- Given a draft or open slot, when it is dropped without a drop reason, then the change is refused.\n\
         - Given a closed slot, when someone tries to drop it, then the change is refused.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let ways = |read: &maestro_artifacts::Requirements| -> Vec<String> {
        let flow = read.concepts.entity("slot").unwrap().workflow.clone().unwrap();
        flow.transitions.iter().map(|way| format!("{} {}", way.from, way.to)).collect()
    };
    assert_eq!(ways(&read), ["draft open", "open closed", "draft dropped", "open dropped"]);
    // Where the way is told elsewhere, the refusal adds none.
    let read = story(
        "- Given a closed slot, when it is dropped with a drop reason, then its state is dropped.\n\
         - Given a draft slot, when it is dropped without a drop reason, then the change is refused.\n",
    );
    assert_eq!(ways(&read), ["draft open", "open closed", "closed dropped"]);
}

#[test]
fn the_question_says_by_what_and_the_answer_which_figures() {
    let text = "Given sign-ups for slots in different areas, when I ask for the totals by area of the slot, then I see the sum of hours and the sum of fare for each area.";
    assert_eq!(
        rules_as_json(&story(&format!("- {text}\n")), text),
        r#"{"kind":"totals","entity":"sign_up","by":["slot_id","area"],"measures":[{"measure":"sum","field":"hours"},{"measure":"sum","field":"fare"}]}"#
    );
    let text =
        "Given many slots, when I open the list of slots, then they are sorted by starts at and 20 are shown per page.";
    assert_eq!(
        rules_as_json(&story(&format!("- {text}\n")), text),
        r#"{"kind":"list","entity":"slot","sort":[{"field":"starts_at","descending":false}],"page_size":20}"#
    );
}

#[test]
fn what_is_listed_by_a_field_is_in_its_order() {
    for text in ["Slots must be listed by starts at.", "Slots shall be listed by starts at."] {
        assert_eq!(
            told(text),
            r#"{"kind":"list","entity":"slot","sort":[{"field":"starts_at","descending":false}],"page_size":null}"#
        );
    }
    assert_eq!(
        told("Slots must be listed by title."),
        r#"{"kind":"list","entity":"slot","sort":[{"field":"title","descending":false}],"page_size":null}"#
    );
    // By somebody, it is who does it.
    assert!(told("Slots may only be opened by a planner.").contains(r#""roles":["planner"]"#));
}

#[test]
fn a_verb_sets_the_field_that_is_called_after_it() {
    let rule = r#"{"kind":"action_role","entity":"helper","action":"update","fields":["banned"],"roles":["planner"]}"#;
    for text in [
        "Only a planner may ban a helper.",
        "Helpers can only be banned by a planner.",
        "Only a planner may mark a helper as banned.",
    ] {
        assert_eq!(told(text), rule, "{text}");
    }
    // What holds them back says when they are banned, and not that the field stays as it is.
    listed("A helper with sign-ups cannot be banned.");
    listed("Only a planner may greet a helper.");
}

#[test]
fn ages_hold_for_what_is_made_of_somebody() {
    let rule = r#"{"kind":"requires","entity":"sign_up","at":{"moment":"create"},"condition":[{"test":"compare","via":"helper_id","field":"birth_date","op":"le","to":{"of":"today","plus_days":0,"plus_months":-192}}]}"#;
    for text in [
        "A helper must be at least 16 years old when they are signed up.",
        "A helper must be at least 16 years old to be signed up for a slot.",
        "Helpers younger than 16 years cannot be signed up.",
        "A sign-up can only be created if the helper is at least 16 years old.",
        "The helper of a sign-up must be at least 16 years old.",
    ] {
        assert_eq!(told(text), rule, "{text}");
    }
    // Slots have no date of birth, and their other dates are none.
    listed("A sign-up can only be created if the slot is at least 16 years old.");
    let base = format!(
        "{ROTA}\n## Rules\n\n- A sign-up can only be created if the helper is at least 16 years old.\n\n## Stories\n\n\
         As a helper, I want to create sign-ups.\n\n"
    );
    let refused =
        "- Given a helper who is 15 years old, when a sign-up for the helper is created, then it is refused.\n";
    assert_eq!(unknowns(&read(&format!("{base}{refused}"))), Vec::<String>::new());
    assert_eq!(unknowns(&read(&format!("{base}{}", refused.replace("15", "16")))), ["AC-1.1"]);
}

#[test]
fn what_is_set_when_a_record_is_made_is_its_default() {
    let rule = r#"{"kind":"default","entity":"sign_up","field":"made_on","value":"today"}"#;
    for text in [
        "The made on is set to today when the sign-up is created.",
        "When a sign-up is created, its made on is set to today.",
        "The made on is filled with today's date on creation.",
    ] {
        assert_eq!(told(text), rule, "{text}");
    }
}

#[test]
fn digits_may_have_a_sign_in_front() {
    for (text, form) in [
        ("Phone numbers consist of 6 to 14 digits.", "[0-9]{6,14}"),
        ("Phone numbers consist of 6 to 14 digits and may start with a plus sign.", "[+]?[0-9]{6,14}"),
        ("A phone number consists of 6 to 14 digits, optionally preceded by a plus sign.", "[+]?[0-9]{6,14}"),
        ("A phone number consists of an optional plus sign followed by 6 to 14 digits.", "[+]?[0-9]{6,14}"),
    ] {
        assert_eq!(
            told(text),
            format!(r#"{{"kind":"pattern","entity":"helper","field":"phone_number","regex":"{form}"}}"#)
        );
    }
}

#[test]
fn within_one_record_each_needs_another_value() {
    let rule = r#"{"kind":"unique","entity":"sign_up","fields":["slot_id","note"],"when":[],"ignore_case":false}"#;
    for text in
        ["Within one slot, every sign-up needs a different note.", "Every sign-up of a slot needs a different note."]
    {
        assert_eq!(told(text), rule, "{text}");
    }
}

#[test]
fn records_of_one_kind_in_another_belong_to_both() {
    let read = read(
        "# School\n\nFR-1: The system shall store courses with a title.\nFR-2: The system shall store pupils with a name.\n\
         FR-3: The system shall store enrolments of pupils in courses. Each enrolment has a fee (money).\n",
    );
    let names: Vec<&str> = read.concepts.entities.iter().map(|entity| entity.name.as_str()).collect();
    assert_eq!(names, ["course", "pupil", "enrolment"]);
    let keys: Vec<&str> =
        read.concepts.entity("enrolment").unwrap().fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["pupil_id", "course_id", "fee"]);
}

#[test]
fn what_somebody_does_restricts_nobody() {
    assert_eq!(
        told("Planners create and edit slots."),
        r#"{"kind":"capability","entity":"slot","action":"create"} & {"kind":"capability","entity":"slot","action":"update"}"#
    );
    // No record does anything.
    listed("Slots create sign-ups.");
    check(&format!("{ROTA}\n## Rules\n\n- No helpers create slots.\n"), &[], &["BR-1"]);
}

#[test]
fn what_an_overview_tells_obliges_nobody() {
    let read = read(&format!(
        "{}\n## Overview\n\nThe service described here keeps slots and tells the kitchen what has to be cooked.\n",
        ROTA
    ));
    assert_eq!(unknowns(&read), Vec::<String>::new());
}

#[test]
fn nobody_else_may_do_what_the_sentence_before_says_of_somebody() {
    let epic = |second: &str| format!("{ROTA}\n## Rules\n\n- An open slot can be dropped by a planner. {second}\n");
    let read_so = |second: &str| read(&epic(second));
    let text = "Nobody else may drop slots.";
    assert_eq!(
        rules_as_json(&read_so(text), text),
        r#"{"kind":"transition_role","entity":"slot","from":null,"to":"dropped","roles":["planner"]}"#
    );
    // Of what else is done nobody was named.
    assert_eq!(unknowns(&read_so("Nobody else may close slots.")), ["BR-2"]);
}

#[test]
fn a_field_is_called_without_its_unit_as_well() {
    let read = read(
        "# Yard\n\n## Data\n\n### Crate\n- name: text, required\n- weight_kg: decimal\n- max_days: integer\n\n\
         ## Rules\n\n- The weight of a crate must be greater than 0.\n\n## Stories\n\nAs a clerk, I want to create crates.\n\n\
         - Given a crate with a weight of 0, when I save it, then it is rejected.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let keys: Vec<&str> =
        read.concepts.entity("crate").unwrap().fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["name", "weight_kg", "max_days"]);
}

#[test]
fn an_event_of_a_table_is_what_its_way_is_called() {
    let table = |event: &str| {
        read(&format!(
            "{ROTA}\n## Workflow\n\n| From | Event | To | Allowed roles |\n|---|---|---|---|\n\
             | draft | publish | open | planner |\n| open | {event} | closed | planner |\n"
        ))
    };
    let read = table("finish");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(read.concepts.entity("slot").unwrap().workflow.clone().unwrap().transitions.len(), 2);
    // A condition is more than a name.
    assert_eq!(unknowns(&table("finish when all are seated")), ["FR-4"]);
}

#[test]
fn lists_are_told_in_one_sentence() {
    assert_eq!(
        told("The list of slots shows the latest starts at first and has 40 entries on a page."),
        r#"{"kind":"list","entity":"slot","sort":[{"field":"starts_at","descending":true}],"page_size":40}"#
    );
}

#[test]
fn what_stays_can_be_changed_no_more() {
    assert_eq!(
        told("Dropped slots stay in the register but cannot be edited any more."),
        r#"{"kind":"immutable","entity":"slot","when":[{"test":"in","field":"state","values":["dropped"]}],"fields":[]}"#
    );
}

#[test]
fn items_with_notes_may_stand_behind_items_without() {
    let read = read(
        "# Cinema\n\n## Film\n- title: text, required\n\n## Hall\n- name: text, required\n\n## Screening\n\
         - film, hall, begins at (date and time, required), seats (integer, required, 1 to 8), phase (planned, on sale, over)\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let told: Vec<String> = read
        .concepts
        .entity("screening")
        .unwrap()
        .fields
        .iter()
        .map(|field| format!("{} {}", field.key, serde_json::to_string(&field.kind).unwrap()))
        .collect();
    assert_eq!(
        told,
        [
            r#"film_id {"type":"reference","entity":"film"}"#,
            r#"hall_id {"type":"reference","entity":"hall"}"#,
            r#"begins_at {"type":"date_time"}"#,
            r#"seats {"type":"integer"}"#,
            r#"phase {"type":"enum","values":["planned","on sale","over"]}"#,
        ]
    );
}

const CINEMA: &str = "# Cinema\n\n## Data\n\n### Screening\n- title: text, required\n- begins at: datetime, required\n\
    - reason: text\n- phase: planned, on sale, dropped; starts as planned\n\n### Reservation\n\
    - screening: reference to Screening, required\n- guest name: text\n- e-mail: e-mail, required\n\n## Rules\n\n\
    - A planned screening can become on sale.\n- A screening on sale can become dropped.\n";

#[test]
fn screenings_and_their_guests() {
    for (text, rule) in [
        (
            "Once the screening has begun, no more reservations are accepted.",
            r#"{"kind":"requires","entity":"reservation","at":{"moment":"create"},"condition":[{"test":"compare","via":"screening_id","field":"begins_at","op":"ge","to":{"of":"now"}}]}"#,
        ),
        (
            "Only the programmer may put a screening on sale.",
            r#"{"kind":"transition_role","entity":"screening","from":null,"to":"on sale","roles":["programmer"]}"#,
        ),
    ] {
        assert_eq!(rules_as_json(&read(&format!("{CINEMA}- {text}\n")), text), rule);
    }
    let text = "Planned screenings can be dropped if a reason is given.";
    let read = read(&format!("{CINEMA}- {text}\n"));
    assert!(rules_as_json(&read, text).contains(r#""to":"dropped","fields":["reason"]"#));
    let flow = read.concepts.entity("screening").unwrap().workflow.clone().unwrap();
    assert!(flow.transitions.iter().any(|way| way.from == "planned" && way.to == "dropped"));
}

#[test]
fn the_first_of_the_values_is_the_one_they_begin_with() {
    let read = read("# Cinema\n\n## Show\n- title (text, required)\n- phase (planned, on sale, over; first planned)\n");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let first = r#"{"kind":"default","entity":"show","field":"phase","value":"planned"}"#;
    assert!(rules_as_json(&read, "Show").contains(first));
}
