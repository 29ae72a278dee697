//! One sentence over a small epic of sessions, tenants and loads: the very rule that it demands, in several wordings.

use super::{read, unknowns};

const EPIC: &str = include_str!("../data/depot.md");

/// What a sentence demands behind the epic, as compact JSON without what is empty; `unknown` where it is not understood.
fn demands(sentence: &str) -> String {
    let known = read(EPIC).concepts.rules.len();
    let told = read(&format!("{EPIC}\n## Extra\n\n{sentence}\n"));
    if !unknowns(&told).is_empty() {
        return "unknown".to_owned();
    }
    assert!(told.contradictions.is_empty(), "{sentence}: {:?}", told.contradictions);
    let new = told.concepts.rules.iter().skip(known).map(|rule| {
        let json = serde_json::to_string(&rule.demand).unwrap();
        [r#","via":null"#, r#","when":[]"#, r#","from":null"#, r#","on_create":false"#, r#","ignore_case":false"#]
            .iter()
            .fold(json, |json, empty| json.replace(empty, ""))
    });
    new.collect::<Vec<_>>().join(" & ")
}

fn all(json: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert_eq!(demands(sentence), json, "{sentence}");
    }
}

#[test]
fn overlaps_in_words() {
    let json =
        r#"{"kind":"no_overlap","entity":"session","start":"started_at","end":"ended_at","by":["charging_point_id"]}"#;
    all(
        json,
        &[
            "Sessions at one charging point never overlap.",
            "There must never be two sessions at the same charging point at the same time.",
            "At any time there is at most one session per charging point.",
            "A charging point can only have one session at a time, from started at until ended at.",
        ],
    );
    all("unknown", &["Sessions of one tenant or charging point must not overlap."]);
}

#[test]
fn sums_over_children() {
    let json = r#"{"kind":"capacity","parent":"delivery","child":"load","via":"delivery_id","measure":{"measure":"sum","field":"net_weight"},"op":"le","limit":{"of":"value","value":40}}"#;
    all(
        json,
        &[
            "The net weight of all loads of a delivery must not exceed 40 tonnes.",
            "The sum of the net weights of the loads of a delivery is at most 40.",
            "Per delivery, the sum of the net weight must not exceed 40.",
            "The total net weight per delivery is limited to 40.",
        ],
    );
    all(
        r#"{"kind":"range","entity":"load","field":"net_weight","min":null,"max":"40","above_min":false,"below_max":false}"#,
        &["The net weight of a load must not exceed 40 tonnes."],
    );
    let json = r#"{"kind":"capacity","parent":"tenant","child":"session","via":"tenant_id","measure":{"measure":"sum","field":"energy"},"op":"le","limit":{"of":"field","field":"allowance","plus":0},"when":[{"test":"not_in","field":"status","values":["cancelled"]}]}"#;
    all(
        json,
        &[
            "The total energy of a tenant's sessions must not exceed the tenant's allowance. Cancelled sessions do not count.",
            "The total energy of a tenant's sessions that are not cancelled must not exceed the tenant's allowance.",
        ],
    );
}

#[test]
fn fields_that_a_move_needs() {
    let json = r#"{"kind":"transition_requires","entity":"session","to":"finished","fields":["energy","note"]}"#;
    all(
        json,
        &[
            "A session can only be finished when its energy and its note are filled in.",
            "To set it to finished, the energy and the note must be filled in.",
            "To mark a session as finished, the energy and the note must be given.",
            "For a session to be finished, energy and note must be set.",
            "A session cannot be finished unless its energy and its note are given.",
        ],
    );
    all("unknown", &["A session cannot be finished if its energy and its note are not given."]);
}

#[test]
fn refusals_told_of_the_record() {
    let json = r#"{"kind":"length","entity":"tenant","field":"name","min":null,"max":20}"#;
    all(
        json,
        &[
            "A tenant whose name is longer than 20 characters is refused.",
            "A tenant is rejected if its name is longer than 20 characters.",
            "A tenant whose name is longer than 20 characters cannot be saved.",
        ],
    );
    all(
        r#"{"kind":"range","entity":"session","field":"energy","min":"0","max":null,"above_min":false,"below_max":false}"#,
        &["A session with a negative energy is rejected.", "A session with an energy of less than 0 is refused."],
    );
}

#[test]
fn lists_and_totals_that_somebody_sees() {
    all(
        r#"{"kind":"list","entity":"session","sort":[{"field":"started_at","descending":true}],"page_size":25}"#,
        &["The newest session comes first by default, and there are 25 on a page."],
    );
    all(
        r#"{"kind":"totals","entity":"session","by":["tenant_id"],"measures":[{"measure":"sum","field":"cost"}]}"#,
        &["I see the total cost per tenant.", "Clerks see the total cost per tenant."],
    );
    all(
        r#"{"kind":"csv","entity":"delivery"} & {"kind":"csv","entity":"load"}"#,
        &["CSV export for deliveries and loads.", "Deliveries and loads can be exported as CSV."],
    );
}

#[test]
fn flags_by_whether() {
    all(
        r#"{"kind":"has_field","entity":"tenant","field":"insured"}"#,
        &["We note whether a tenant is insured.", "It is recorded whether the tenant is insured."],
    );
    all("unknown", &["We note whether a tenant may park."]);
}

#[test]
fn examples_that_tell_a_rule_of_all() {
    all(
        r#"{"kind":"range","entity":"session","field":"energy","min":"5","max":null,"above_min":false,"below_max":false}"#,
        &["Given a session\nWhen its energy is below 5\nThen the session is refused"],
    );
    all(
        r#"{"kind":"transition_role","entity":"session","to":"finished","roles":["clerk"]}"#,
        &[
            "Given a running session\nWhen a user who is not a clerk finishes it\nThen this is refused",
            "Given a running session\nWhen it is finished by someone who is not a clerk\nThen this is refused",
        ],
    );
    all(
        r#"{"kind":"filter","entity":"session","field":"status"} & {"kind":"filter","entity":"session","field":"tenant_id"}"#,
        &["Given several sessions\nWhen I filter by status or tenant\nThen I only see those sessions"],
    );
}

#[test]
fn reasons_of_refusals() {
    all(
        r#"{"kind":"compare","entity":"load","field":"gross_weight","op":"ge","to":{"of":"field","field":"tare_weight","plus":0}}"#,
        &[
            "Given a load with a tare weight of 20\nWhen the gross weight is set to 15\nThen it is rejected because the gross weight must be at least the tare weight",
        ],
    );
}

#[test]
fn ways_that_fork() {
    let epic = "# T\n\n## Ticket\n\nA ticket has a subject.\n\nA ticket is new, assigned, in progress, resolved or closed. It starts as new. \
        From new, a ticket can go to assigned; from assigned to in progress; from in progress to resolved or back to assigned; \
        from resolved to closed or back to in progress.\n";
    let told = read(epic);
    assert!(unknowns(&told).is_empty() && told.contradictions.is_empty(), "{:?}", told.contradictions);
    let flow = told.concepts.entity("ticket").unwrap().workflow.as_ref().unwrap();
    let ways: Vec<String> = flow.transitions.iter().map(|way| format!("{} > {}", way.from, way.to)).collect();
    assert_eq!(
        ways,
        [
            "new > assigned",
            "assigned > in progress",
            "in progress > resolved",
            "in progress > assigned",
            "resolved > closed",
            "resolved > in progress"
        ]
    );
}

#[test]
fn values_and_states_by_other_words() {
    let epic = "# T\n\n## Pass\n\n| Field | Type | Notes |\n|---|---|---|\n| Number | text | required |\n| Kind | day, week, month | required |\n| Stage | status | reserved, active, refunded |\n\n## Rules\n\n- A reserved pass can be activated or refunded.\n";
    let told = read(epic);
    assert!(unknowns(&told).is_empty() && told.contradictions.is_empty(), "{:?}", told.contradictions);
    let pass = told.concepts.entity("pass").unwrap();
    let kind = serde_json::to_string(&pass.field("kind").unwrap().kind).unwrap();
    assert_eq!(kind, r#"{"type":"enum","values":["day","week","month"]}"#);
    let ways: Vec<&str> = pass.workflow.as_ref().unwrap().transitions.iter().map(|way| way.to.as_str()).collect();
    assert_eq!(ways, ["active", "refunded"]);
}
