//! What people of other trades say in other words: each family by a sentence or two, beside a small model.

use super::rules::check;
use crate::{read, rules_of, unknowns};
use maestro_artifacts::RuleKind;

const MODEL: &str = "# Stables\n\n* Yards: name (required, unique), town (required)\n* Horses: yard (required), breed, \
    boxes needed (whole number)\n* Farriers: name (required), hourly rate (money, required)\n* Shoeings: horse (required), \
    farrier (required), shoeing date (date, required), hours (decimal), travel cost (money, min 0), kind (front / rear / all round)\n\n\
    Every shoeing starts as proposed.\n\n";

#[test]
fn what_stands_in_a_state_can_be_planned_and_booked() {
    for text in ["A proposed shoeing can be scheduled or dropped.", "A proposed shoeing can be *planned* or *dropped*."]
    {
        let read = read(&format!("{MODEL}{text}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}");
        let flow = read.concepts.entities.iter().find(|entity| entity.key == "shoeing").unwrap().workflow.clone();
        let ways: Vec<String> =
            flow.unwrap().transitions.into_iter().map(|way| format!("{} {}", way.from, way.to)).collect();
        let planned = if text.contains("scheduled") { "scheduled" } else { "planned" };
        assert_eq!(ways, [format!("proposed {planned}"), "proposed dropped".to_owned()], "{text}");
    }
}

#[test]
fn days_lists_figures_and_times_in_other_words() {
    let day = r#"{"kind":"unique","entity":"shoeing","fields":["horse_id","shoeing_date"]}"#;
    check(
        &format!(
            "{MODEL}## Rules\n\n- There can be only one shoeing per horse and day.\n\
             - Shoeings can be listed by farrier, newest shoeing date first, 20 to a page.\n- A shoeing dated in the future is rejected.\n\
             - Each farrier shows how many shoeings they have.\n- Travel cost totals by kind and by yard.\n"
        ),
        &[
            ("There can be only one shoeing", day),
            (
                "Shoeings can be listed",
                r#"{"kind":"filter","entity":"shoeing","field":"farrier_id"} & {"kind":"list","entity":"shoeing","sort":[{"field":"shoeing_date","descending":true}],"page_size":20}"#,
            ),
            (
                "A shoeing dated",
                r#"{"kind":"compare","entity":"shoeing","field":"shoeing_date","op":"le","to":{"of":"today","plus_days":0}}"#,
            ),
            (
                "Each farrier shows",
                r#"{"kind":"computed","entity":"farrier","field":"number_of_shoeings","expr":{"expr":"children","child":"shoeing","via":"farrier_id","measure":{"measure":"count"}}}"#,
            ),
            (
                "Travel cost totals",
                r#"{"kind":"totals","entity":"shoeing","by":["kind"],"measures":[{"measure":"sum","field":"travel_cost"}]} & {"kind":"totals","entity":"shoeing","by":["horse_id","yard_id"],"measures":[{"measure":"sum","field":"travel_cost"}]}"#,
            ),
        ],
        &[],
    );
    check(
        "# Wells\n\n* Wells: code (required), depth (whole number)\n* Inspections: well (required), inspection date (date, required)\n\n\
         ## Rules\n\n- No well is inspected twice on the same day.\n",
        &[("No well", r#"{"kind":"unique","entity":"inspection","fields":["well_id","inspection_date"]}"#)],
        &[],
    );
}

#[test]
fn what_a_state_needs_in_other_words() {
    let model = "# Museum\n\n## Loans\n- object (text, required)\n- stage (requested, agreed, on site, returned), starts as \
        requested\n- agreed by (text)\n- report (text)\n\nA loan moves from requested to agreed, from agreed to on site, and \
        from on site to returned.\n\n## Rules\n\n";
    for (text, json) in [
        (
            "Only a registrar may agree a loan.",
            r#"{"kind":"transition_role","entity":"loan","from":null,"to":"agreed","roles":["registrar"]}"#,
        ),
        (
            "To agree a loan, agreed by must be filled in.",
            r#"{"kind":"transition_requires","entity":"loan","from":null,"to":"agreed","fields":["agreed_by"]}"#,
        ),
        (
            "A loan cannot become on site without a report.",
            r#"{"kind":"transition_requires","entity":"loan","from":null,"to":"on site","fields":["report"]}"#,
        ),
    ] {
        check(&format!("{model}- {text}\n"), &[(text, json)], &[]);
    }
}

#[test]
fn neither_nor_within_and_or_not() {
    let model = "# Lifts\n\n## Lift\n- name: text, required\n- annual allowance: money\n\n## Check\n- lift: reference to \
        lift, required\n- cost: money\n- status: one of draft, approved, dropped\n\nA draft check can be approved or dropped.\n\n\
        ## Rules\n\n";
    let frozen = r#"{"kind":"immutable","entity":"check","when":[{"test":"in","field":"status","values":["approved"]}],"fields":[]}"#;
    let within = r#"{"kind":"capacity","parent":"lift","child":"check","via":"lift_id","measure":{"measure":"sum","field":"cost"},"op":"le","limit":{"of":"field","field":"annual_allowance"}}"#;
    for (text, json) in [
        ("Approved checks can neither be changed nor deleted.", frozen),
        ("Approved checks must be neither changed nor deleted.", frozen),
        ("The cost of all checks of a lift must stay within its annual allowance.", within),
        (
            "Lifts may be on hire or not; usually they are not.",
            r#"{"kind":"has_field","entity":"lift","field":"on_hire"} & {"kind":"default","entity":"lift","field":"on_hire","value":false}"#,
        ),
    ] {
        check(&format!("{model}- {text}\n"), &[(text, json)], &[]);
    }
}

#[test]
fn a_record_that_joins_two_says_what_it_has() {
    let text = "A duty links a farrier and a horse and has a part (left, right), a start and an end (date-time), and a fee in \
        money between 0 and 200.";
    let read = read(&format!("{MODEL}{text} Everything except the fee is required.\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let duty = read.concepts.entities.iter().find(|entity| entity.key == "duty").unwrap();
    let keys: Vec<&str> = duty.fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["farrier_id", "horse_id", "part", "start", "end", "fee"]);
    let required = rules_of(&read, "Everything except the fee is required.");
    assert_eq!(required.len(), 5);
    assert!(!required.iter().any(|rule| matches!(rule, RuleKind::Required { field, .. } if field == "fee")));
}

#[test]
fn a_table_of_ways_belongs_to_whom_its_states_belong_to() {
    let text = "# Kites\n\n## Kite\n\n| Name | Type |\n|---|---|\n| code | text, required |\n| condition | enum: new, patched, torn |\n\n\
        ## Flight\n\n| Name | Type |\n|---|---|\n| kite | reference to kite |\n| stage | enum: filed, cleared, refused |\n\n\
        ## Lifecycle\n\n| From | To | Who |\n|---|---|---|\n| filed | cleared | warden |\n| filed | refused | warden |\n";
    let read = read(text);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let flow = |key: &str| read.concepts.entities.iter().find(|entity| entity.key == key).unwrap().workflow.clone();
    assert_eq!(flow("flight").unwrap().transitions.len(), 2);
    assert!(flow("kite").is_none());
}

#[test]
fn examples_show_rules_by_their_figures() {
    let model = "# Guild\n\n## Master\nFields:\n  - full name: text, required\n  - places: integer, required\n\n## Pupil\nFields:\n  \
        - master: reference to master, required\n  - entry date: date, required\n\n## Note\nFields:\n  - pupil: reference to pupil, \
        required\n  - week start: date, required\n\n```gherkin\nFeature: Guild\n\n  Scenario: one\n    ";
    let rules = |steps: &str| {
        let read = read(&format!("{model}{steps}\n```\n"));
        let shown = |rule: &RuleKind| {
            matches!(rule, RuleKind::Capacity { .. } | RuleKind::Unique { .. } | RuleKind::Compare { .. })
        };
        read.concepts.rules.iter().map(|rule| rule.demand.clone()).filter(shown).collect::<Vec<_>>()
    };
    let full = rules(
        "Given a master with 2 places who has 2 pupils\n    When a third pupil is added to the master\n    Then the request is refused with a conflict",
    );
    assert!(
        matches!(&full[..], [RuleKind::Capacity { parent, child, .. }] if parent == "master" && child == "pupil"),
        "{full:?}"
    );
    let twice = rules(
        "Given a pupil with a note for the week start 2024-03-04\n    When the pupil saves another note for the week start 2024-03-04\n    Then the request is refused with a conflict",
    );
    assert!(
        matches!(&twice[..], [RuleKind::Unique { entity, fields, .. }] if entity == "note" && *fields == ["pupil_id", "week_start"]),
        "{twice:?}"
    );
    let early = rules(
        "Given a pupil whose entry date is 2024-09-01\n    When a note with week start 2024-08-26 is saved\n    Then the request is rejected",
    );
    assert!(
        matches!(&early[..], [RuleKind::Compare { entity, field, .. }] if entity == "note" && field == "week_start"),
        "{early:?}"
    );
    // Figures that differ show nothing.
    for steps in [
        "Given a master with 3 places who has 2 pupils\n    When a third pupil is added to the master\n    Then the request is refused with a conflict",
        "Given a pupil with a note for the week start 2024-03-04\n    When the pupil saves another note for the week start 2024-03-05\n    Then the request is refused with a conflict",
    ] {
        assert_eq!(unknowns(&read(&format!("{model}{steps}\n```\n"))).len(), 1, "{steps}");
    }
}
