//! Epics whose workflows stand in criteria, stories, prose and tables rather than in one list.

use super::{read, rules_of, unknowns};
use maestro_artifacts::Requirements;

fn whole(text: &str) -> Requirements {
    let read = read(text);
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    assert!(read.contradictions.is_empty(), "{:?}", read.contradictions);
    read
}

/// `initial: from > to, ...` of the workflow.
fn ways(read: &Requirements, entity: &str) -> String {
    let flow = read.concepts.entity(entity).and_then(|entity| entity.workflow.as_ref()).unwrap();
    let mut ways: Vec<String> = flow.transitions.iter().map(|way| format!("{} > {}", way.from, way.to)).collect();
    ways.sort();
    format!("{}: {}", flow.initial, ways.join(", "))
}

/// The rules of the statement with these words, without their entity, as JSON.
fn json(read: &Requirements, start: &str) -> Vec<String> {
    let text = read.items.iter().find(|item| item.text.starts_with(start)).unwrap().text.clone();
    rules_of(read, &text).into_iter().map(|rule| serde_json::to_string(rule).unwrap()).collect()
}

#[test]
fn claims_in_criteria_only() {
    let read = whole(include_str!("../data/claims.md"));
    assert_eq!(ways(&read, "expense_claim"), "draft: draft > submitted, submitted > approved, submitted > rejected");
    assert_eq!(
        json(&read, "Given a submitted claim, when an employee tries"),
        [r#"{"kind":"transition_role","entity":"expense_claim","from":null,"to":"approved","roles":["manager"]}"#]
    );
    assert_eq!(
        json(&read, "Given a submitted claim, when a manager rejects it without"),
        [
            r#"{"kind":"transition_requires","entity":"expense_claim","from":null,"to":"rejected","fields":["approver_comment"]}"#
        ]
    );
    assert_eq!(
        json(&read, "Given an approved claim, when anyone changes the amount"),
        [
            r#"{"kind":"immutable","entity":"expense_claim","when":[{"test":"in","via":null,"field":"status","values":["approved"]}],"fields":["amount"]}"#
        ]
    );
    assert_eq!(
        json(&read, "Given a draft claim, when a manager tries"),
        [r#"{"kind":"transitions","entity":"expense_claim"}"#]
    );
}

#[test]
fn leave_in_examples() {
    let read = whole(include_str!("../data/leave.md"));
    assert_eq!(ways(&read, "leave_request"), "open: approved > cancelled, open > approved, open > declined");
    assert_eq!(
        json(&read, "Given a leave request from 2025"),
        [
            r#"{"kind":"no_overlap","entity":"leave_request","start":"first_day","end":"last_day","by":["employee_id"],"when":[]}"#
        ]
    );
}

#[test]
fn bookings_in_prose() {
    let read = whole(include_str!("../data/rooms.md"));
    assert_eq!(
        ways(&read, "booking"),
        "requested: confirmed > cancelled, requested > cancelled, requested > confirmed"
    );
}

#[test]
fn samples_tickets_and_shifts() {
    let wells = whole(include_str!("../data/wells.md"));
    assert_eq!(
        ways(&wells, "sample"),
        "received: measured > discarded, measured > reviewed, received > measured, reviewed > reported"
    );
    let tickets = whole(include_str!("../data/helpdesk.md"));
    assert_eq!(
        ways(&tickets, "ticket"),
        "new: closed > reopened, in progress > resolved, new > in progress, resolved > closed, resolved > in progress"
    );
    let shifts = whole(include_str!("../data/shifts.md"));
    assert_eq!(ways(&shifts, "shift"), "planned: cancelled > planned, planned > cancelled, planned > completed");
    assert_eq!(
        json(&shifts, "Given a planned shift, when a volunteer cancels it"),
        [r#"{"kind":"transition_role","entity":"shift","from":null,"to":"cancelled","roles":["coordinator"]}"#]
    );
}

/// The ways of a purchase order of which a text tells the states.
fn order(told: &str) -> String {
    let text = format!(
        "# T\n\n## Purchase order\n\nA purchase order has a number (required), a remark and a status.\n\n{told}\n"
    );
    let read = whole(&text);
    let entity = read.concepts.entity("purchase_order").unwrap();
    assert!(entity.fields.iter().any(|field| field.key == "status") && entity.fields.len() == 3, "{entity:#?}");
    ways(&read, "purchase_order")
}

#[test]
fn states_in_a_row_lead_on_only_where_nothing_else_tells_how() {
    let row = "An order goes through these states: draft, sent, received, cancelled.";
    assert_eq!(
        order(&format!("{row}\n- draft → sent\n- sent → received\n- draft → cancelled\n- sent → cancelled")),
        "draft: draft > cancelled, draft > sent, sent > cancelled, sent > received"
    );
    assert_eq!(
        order(&format!("{row} Draft and sent orders can be cancelled.")),
        "draft: draft > cancelled, draft > sent, sent > cancelled, sent > received"
    );
    assert_eq!(
        order("An order goes through draft, sent and received. A received order can go back to sent."),
        "draft: draft > sent, received > sent, sent > received"
    );
    assert_eq!(
        order("An order goes through draft, sent, received or cancelled."),
        "draft: draft > sent, sent > cancelled, sent > received"
    );
}

#[test]
fn a_state_told_before_the_field_is_listed_is_that_field() {
    let text =
        "# T\n\n## Job\n\nA job goes through these states: new, open, done.\n\n- title (text, required)\n- status\n";
    let read = whole(text);
    assert_eq!(read.concepts.entity("job").unwrap().fields.len(), 2);
    assert_eq!(ways(&read, "job"), "new: new > open, open > done");
}

#[test]
fn a_table_of_what_states_can_become() {
    let read = read(include_str!("../data/makerspace.md"));
    assert_eq!(
        ways(&read, "induction"),
        "requested: attended > failed, attended > passed, requested > declined, requested > scheduled, scheduled > attended, scheduled > missed"
    );
    // The state needs no value of its own, though the table calls it mandatory.
    let rules = serde_json::to_string(&read.concepts.rules).unwrap();
    assert!(!rules.contains(r#"{"kind":"required","entity":"induction","field":"status"}"#), "{rules}");
    assert_eq!(
        json(&read, "When an induction is marked attended"),
        [r#"{"kind":"transition_requires","entity":"induction","from":null,"to":"attended","fields":["score"]}"#]
    );
}

#[test]
fn a_condition_that_nothing_explains_makes_no_rule_of_all() {
    let text = "# T\n\n## Visit\n\n- name: text, required\n- score: integer\n\n## Stories\n\n### US-1\nAs a clerk I want to record visits.\n\n- When a visit is blue, the score must be at most 5.\n- If a visit is striped, the score must be at most 3.\n- When a visit is marked late, the score must be given.\n";
    let read = read(text);
    assert_eq!(unknowns(&read), ["AC-1.1", "AC-1.2", "AC-1.3"]);
}

#[test]
fn any_status_is_every_state_and_none_of_that_name() {
    for word in ["status", "state"] {
        let read = whole(&format!(
            "# Machines\n\n## Machine\n\n- name (text, required)\n- {word} (idle, busy, broken)\n\n## Rules\n\n\
             - A machine can be switched from idle to busy and back, and from any {word} to broken.\n"
        ));
        assert_eq!(ways(&read, "machine"), "idle: busy > broken, busy > idle, idle > broken, idle > busy", "{word}");
    }
}
