//! How records, their fields and what they refer to are told: what epics that nobody had seen before say of them.

use super::{read, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

/// The fields of a kind of record: keys, and what they refer to.
fn fields(read: &Requirements, entity: &str) -> Vec<String> {
    let told = read.concepts.entities.iter().find(|told| told.key == entity).unwrap();
    let shown = |field: &maestro_artifacts::Field| match &field.kind {
        FieldKind::Reference { entity } => format!("{} -> {entity}", field.key),
        _ => field.key.clone(),
    };
    told.fields.iter().map(shown).collect()
}

fn kind(read: &Requirements, entity: &str, field: &str) -> FieldKind {
    read.concepts.field(entity, field).unwrap().kind.clone()
}

fn rules(read: &Requirements, part: &str) -> Vec<String> {
    let json = read.concepts.rules.iter().map(|rule| serde_json::to_string(&rule.demand).unwrap());
    json.filter(|json| json.contains(part)).collect()
}

const LAW: &str = "# Law office\n\n## Lawyers\n\n- A lawyer has initials and an hourly rate (money).\n\n## Matters\n\n- A matter has a \
    subject and a responsible lawyer.\n\n";

#[test]
fn two_references_behind_one_verb() {
    for sentence in [
        "A time entry is recorded by a lawyer on a matter.",
        "A time entry is recorded by one lawyer on one matter.",
        "Each time entry is registered by a lawyer for a matter.",
        "A time entry is stored by a lawyer with a matter.",
        "A time entry is made by a lawyer for a matter.",
    ] {
        let read = read(&format!("{LAW}- {sentence}\n- It has a date of work and an activity.\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let told = ["lawyer_id -> lawyer", "matter_id -> matter", "date_of_work", "activity"];
        assert_eq!(fields(&read, "time_entry"), told, "{sentence}");
    }
    // One record, and a word about it: no second one.
    let duty = read(&format!("{LAW}- A time entry is recorded with a lawyer on duty and a date.\n"));
    assert_eq!(fields(&duty, "time_entry"), ["lawyer_on_duty", "date"]);
}

#[test]
fn titles_that_end_like_the_names_of_lists() {
    let read = read(
        "h2. Data\n\n||Record||Fields||\n|Panel model|model name (text, mandatory), unit price (money)|\n|Price list|title (text), valid \
         from (date)|\n|Customer record|name (text)|\n|Position|panel model (link to panel model, mandatory), price list (link to \
         price list), customer (link to customer)|\n\nh2. Rules\n\n* Panel models can be sorted by unit price.\n* Price lists can be \
         filtered by title.\n* Customers can be filtered by name.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:?}", read.unknown().collect::<Vec<_>>());
    let names: Vec<&str> = read.concepts.entities.iter().map(|entity| entity.path.as_str()).collect();
    assert_eq!(names, ["panel-models", "price-lists", "customers", "positions"]);
    let references = ["panel_model_id -> panel_model", "price_list_id -> price_list", "customer_id -> customer"];
    assert_eq!(fields(&read, "position"), references);
}

#[test]
fn links_to_what_is_no_record() {
    for item in ["gizmo (link to gizmo)", "gizmo (links to the gizmo, required)", "gizmo: linked to gizmo"] {
        let read = read(&format!("# T\n\n## Tool\n\n- name (text, required)\n- {item}\n"));
        assert_eq!(unknowns(&read), ["FR-1"], "{item}");
        // What the other rows say is understood all the same.
        assert_eq!(rules(&read, "required").len(), 1, "{item}");
    }
    let read =
        read("# T\n\n## Tool\n\n- name (text, required)\n- manual (link to the PDF)\n- photo (link to the photo)\n");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(rules(&read, r#""format":"url""#).len(), 2, "{:?}", read.concepts.rules);
}

#[test]
fn places_are_no_numbers() {
    let read = read(
        "# T\n\n## Departures\n\nA departure has a code, loyalty points and a meeting point. The meeting point is at most 120 characters \
         long. The code is required.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(kind(&read, "departure", "loyalty_points"), FieldKind::Integer);
    assert_eq!(kind(&read, "departure", "meeting_point"), FieldKind::Text { long: false });
    assert_eq!(rules(&read, "120").len(), 1);
}

#[test]
fn one_field_under_two_names() {
    for (told, again, field) in [
        ("a name, the date their licence expires and a phone", "licence expiry date", "date_licence_expires"),
        ("a name, a phone and a date joined", "joining date", "date_joined"),
        ("a name, a phone and a last service date", "date of the last service", "last_service_date"),
    ] {
        let text = format!("# T\n\n## Guides\n\nA guide has {told}. Name, phone and {again} are required.\n");
        let read = read(&text);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}");
        assert_eq!(fields(&read, "guide").len(), 3, "{text}");
        let required = format!(r#"{{"kind":"required","entity":"guide","field":"{field}"}}"#);
        assert_eq!(rules(&read, &required).len(), 1, "{text}");
    }
    // Nobody knows whether this is the one that was told.
    let text =
        "# T\n\n## Cars\n\nA car has a plate and the date it was last serviced. Plate and service date are required.\n";
    let unclear = read(text);
    assert_eq!(fields(&unclear, "car").len(), 2, "{text}");
    assert_eq!(unknowns(&unclear).len(), 1, "{text}");
}

#[test]
fn who_reopens_does_not_open_for_the_first_time() {
    const MATTERS: &str = "# T\n\n## Roles\n\n- Partner\n- Clerk\n\n## Matters\n\n- A matter has a subject and a status (draft, open, \
        closed).\n- A new matter is draft.\n- A draft matter can be opened. An open matter can be closed. A closed matter can be \
        reopened.\n";
    for sentence in [
        "Only partners can reopen a matter.",
        "Only a partner may reopen matters.",
        "Matters can be reopened only by partners.",
        "Reopening a matter is reserved for partners.",
    ] {
        let read = read(&format!("{MATTERS}- {sentence}\n"));
        let role = rules(&read, "transition_role");
        let told = r#"{"kind":"transition_role","entity":"matter","from":"closed","to":"open","roles":["partner"]}"#;
        assert_eq!(role, [told], "{sentence}");
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
    }
    let open = read(&format!("{MATTERS}- Only partners can close a matter.\n"));
    assert!(rules(&open, "transition_role").iter().all(|rule| rule.contains(r#""from":null,"to":"closed""#)));
}

#[test]
fn rows_beside_a_note_that_is_not_understood() {
    let read = read(
        "# T\n\n## Vineyards\n\n| Field | Type | Required | Rules |\n|---|---|---|---|\n| name | text | yes | unique, 2 to 60 characters |\n\
         | area | decimal (ha) | yes | greater than 0 |\n| sugar | integer (°Oe) | no | 40–250 |\n| rows | integer | yes | only primes |\n",
    );
    assert_eq!(unknowns(&read), ["FR-1"]);
    assert_eq!(rules(&read, r#""field":"area""#).len(), 3, "{:?}", read.concepts.rules);
    assert_eq!(rules(&read, r#""field":"sugar""#).len(), 2);
    assert_eq!(rules(&read, r#""field":"rows""#), Vec::<String>::new());
    assert!(rules(&read, "unique").len() == 1);
    // Signs of units that nobody need know say nothing else.
    let units = super::read(
        "# T\n\n## Tanks\n\n- volume (decimal, hl, required)\n- heat: integer (°Bx), at least 1\n- load (decimal (kVA))\n- flow (decimal, l/s)\n",
    );
    assert_eq!(unknowns(&units), Vec::<String>::new());
    let numbers = super::read("# T\n\n## Tanks\n\n- name (text)\n- code (integer, auto)\n");
    assert_eq!(rules(&numbers, "unit"), Vec::<String>::new());
}

#[test]
fn flags_at_the_end_of_a_list() {
    for item in ["can be blocked (yes/no)", "may be blocked (yes/no, default no)", "can be blocked (boolean)"] {
        let read = read(&format!(
            "# T\n\n- A customer has a name (required), a credit limit (money), a kind (private, company or public body) and {item}.\n"
        ));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{item}");
        assert_eq!(kind(&read, "customer", "blocked"), FieldKind::Boolean, "{item}");
    }
    // Who blocks whom is no field.
    let done = read("# T\n\n- A customer has a name (required) and can be blocked by a clerk (see below).\n");
    assert!(done.concepts.entities.iter().all(|told| told.fields.iter().all(|field| field.key != "blocked")));
}

#[test]
fn tickets_are_called_by_their_summary() {
    let title = |text: &str| maestro_epic::read(text.as_bytes(), "epic.md").unwrap().title;
    let body = "\n\nh2. Background\n\nWe sell.\n\nh2. Data\n\n||Record||Fields||\n|Customer|name (text)|\n";
    for first in ["SOL-418 Rooftop solar: from enquiry to system", "[SOL-418] Rooftop solar: from enquiry to system"] {
        assert_eq!(title(&format!("{first}{body}")), "Rooftop solar: from enquiry to system");
    }
    assert_eq!(title(&format!("We sell solar systems.{body}")), "Background");
    let rule = |rule: &RuleKind| matches!(rule, RuleKind::HasField { .. });
    assert!(read(&format!("SOL-418 Rooftop solar{body}")).concepts.rules.iter().any(|told| rule(&told.demand)));
}
