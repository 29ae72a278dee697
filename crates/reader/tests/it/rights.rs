//! Jobs of a garage: rights, states and tables of both in further words, and those that look alike and say something else.

use super::{read, unknowns};
use crate::barred::barred;
use crate::garage::{action, added, all_say, listed, said, with};

fn good(entity: &str, at: &str, via: &str) -> String {
    format!(
        r#"{{"kind":"requires","entity":"{entity}","at":{at},"condition":[{{"test":"in","via":"{via}","field":"standing","values":["good"]}}]}}"#
    )
}

const CREATE: &str = r#"{"moment":"create"}"#;
const COLLECTED: &str = r#"{"moment":"transition","to":"collected"}"#;

#[test]
fn looking_is_not_allowed_by_forbidding_it() {
    listed(&[
        "Mechanics may not see the names of customers.",
        "Clerks may only see their own jobs.",
        "Only the manager sees blocked customers.",
    ]);
    let all = ["create", "read", "list", "update", "delete"].map(|done| action("customer", done, "", r#""clerk""#));
    all_say(
        &all.join(" & "),
        &["Only clerks have access to customers.", "Access to customers is restricted to clerks."],
    );
    let read = with("Clerks have full access to customers.");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert!(read.concepts.entities.iter().all(|entity| entity.key != "clerk"), "{:?}", read.concepts.entities);
}

#[test]
fn described_records_are_no_fields_of_their_own() {
    all_say(
        &good("car", CREATE, "customer_id"),
        &["A car needs a good customer.", "Cars need a good customer.", "A car always refers to a good customer."],
    );
    all_say(&good("job", COLLECTED, "car_id.customer_id"), &["Collecting a job requires a good customer."]);
    let both = said("Jobs are possible only for cars of good customers.");
    assert!(both.contains(r#""via":"car_id.customer_id""#), "{both}");
}

#[test]
fn states_begin_no_sentence_and_end_no_row() {
    let first = |text: &str| {
        let read = read(&format!("# Claims\n\nA claim has a number and a purpose.\n\n{text}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}: {:#?}", read.unknown().collect::<Vec<_>>());
        serde_json::to_string(&read.concepts.entities.first().unwrap().workflow).unwrap()
    };
    let ways = first("A claim starts as draft. Submitted claims can be approved. A draft can be submitted.");
    assert!(!ways.contains("Submitted"), "{ways}");
    let ways = first("A claim begins life as a draft and can be submitted. The clerk then approves or rejects it.");
    assert!(ways.contains(r#""from":"submitted","to":"approved""#), "{ways}");
    assert!(!ways.contains(r#""from":"draft","to":"approved""#), "{ways}");
    let table =
        "## Workflow of claims\n\n| Status | Next status |\n|---|---|\n| draft | sent |\n| sent | paid |\n| paid | - |";
    assert!(!first(table).contains(r#""-""#));
    let acted = "## Workflow of claims\n\n| Action | From | To |\n|---|---|---|\n| send | draft | sent |\n| pay | sent | paid |";
    assert!(first(acted).contains(r#""from":"sent","to":"paid""#));
}

fn immutable(when: &str, fields: &str) -> String {
    format!(r#"{{"kind":"immutable","entity":"job","when":[{when}],"fields":[{fields}]}}"#)
}

fn within(states: &str) -> String {
    format!(r#"{{"test":"in","field":"status","values":[{states}]}}"#)
}

fn without(states: &str) -> String {
    format!(r#"{{"test":"not_in","field":"status","values":[{states}]}}"#)
}

#[test]
fn records_are_locked_in_many_words() {
    all_say(
        &immutable(&within(r#""collected""#), ""),
        &[
            "Collected jobs - no edit, no delete",
            "Editing of collected jobs is blocked.",
            "Collected jobs are archived and can't be modified.",
            "Attempts to change a collected job result in an error.",
            "Trying to edit a collected job leads to an error (409 conflict).",
            "Collected jobs are protected against changes and deletion.",
            "No role may change a collected job.",
        ],
    );
    all_say(
        &immutable(&without(r#""received""#), ""),
        &["A job can be changed as long as it is received.", "Jobs are editable while received."],
    );
    all_say(
        &immutable(&without(r#""received","diagnosed""#), r#""note""#),
        &[
            "The note is only editable when the job is received or diagnosed.",
            "The note may be changed only when the job is received or diagnosed.",
        ],
    );
    // Neither then nor in the states that follow.
    all_say(
        &immutable(&within(r#""ready","collected""#), ""),
        &["A job can be changed until it is ready.", "Jobs remain editable until they are ready."],
    );
    let no_delete = format!(r#"{{"kind":"no_delete","entity":"job","when":[{}]}}"#, within(r#""collected""#));
    all_say(
        &no_delete,
        &["Deleting collected jobs is forbidden.", "Collected jobs stay in the system and cannot be deleted."],
    );
    listed(&[
        "Collected jobs - no smoking",
        "Attempts to change a collected job are counted.",
        "Jobs are editable while the sun shines.",
    ]);
}

#[test]
fn who_alone_and_who_not() {
    let mechanic = barred("customer", "update", "", r#""mechanic""#);
    for sentence in [
        "Mechanics can view customers, but they cannot edit them.",
        "A mechanic may see but not change customers.",
        "Mechanics can view, but not edit, customers.",
    ] {
        assert_eq!(added(sentence), mechanic, "{sentence}");
    }
    assert_eq!(
        added("Cars can be deleted by managers, but not by mechanics."),
        barred("car", "delete", "", r#""mechanic""#)
    );
    all_say(
        &action("car", "delete", "", r#""manager""#),
        &[
            "Cars can be deleted by managers and nobody else.",
            "Permission to delete cars: manager only.",
            "Users with the role manager can delete cars; others get a 403.",
        ],
    );
    let seen = ["list", "read"].map(|done| action("customer", done, "", r#""clerk""#));
    all_say(&seen.join(" & "), &["Customers are visible to clerks only.", "Customers are only visible to clerks."]);
    // Couriers are named nowhere else: the sentence tells who they are.
    let couriers = barred("customer", "update", "", r#""courier""#);
    assert_eq!(added("Couriers may see but not change customers."), couriers);
    listed(&[
        "The name of a customer is visible to clerks only.",
        "Mechanics can view customers, but they cannot like them.",
        "Customers may see but not change jobs.",
    ]);
}

#[test]
fn referenced_records_and_what_is_needed_then() {
    all_say(
        &good("car", CREATE, "customer_id"),
        &[
            "The customer of a car must be good.",
            "A car requires that the customer is good.",
            "A car requires the customer to be good.",
            "Each car must have a good customer.",
        ],
    );
    let needs = r#"{"kind":"transition_requires","entity":"job","from":null,"to":"diagnosed","fields":["estimate"]}"#;
    all_say(
        needs,
        &[
            "A job can be diagnosed as soon as the estimate is filled in.",
            "When a job is diagnosed, the mechanic enters the estimate.",
        ],
    );
    listed(&["The colour of a car must be good.", "When a job is diagnosed, the mechanic enters the garage."]);
}

#[test]
fn tables_of_states_and_of_rights() {
    let claims = |table: &str| {
        let text = format!(
            "# Claims\n\nRoles: clerk, head.\n\nA claim has a purpose and a reason. An item belongs to a claim. An item has an \
             amount.\n\n## Claim workflow\n\n{table}\n"
        );
        let read = read(&text);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{table}: {:#?}", read.unknown().collect::<Vec<_>>());
        serde_json::to_string(&read.concepts).unwrap()
    };
    let told = claims(
        "| Current status | Next status | Role | Needed | Meaning |\n|---|---|---|---|---|\n| draft | sent | clerk | at least one item | it waits |\n| sent | paid, refused | head | - | done |\n| paid | - | | | |",
    );
    for part in [
        r#""from":"sent","to":"refused""#,
        r#"{"kind":"transition_role","entity":"claim","from":"draft","to":"sent","roles":["clerk"]}"#,
        r#""at":{"moment":"transition","to":"sent"},"condition":[{"test":"children","child":"item""#,
    ] {
        assert!(told.contains(part), "{part}: {told}");
    }
    assert!(!told.contains(r#""-""#), "{told}");
    let crossed = claims("| | draft | sent | paid |\n|---|---|---|---|\n| draft | | x | |\n| sent | | | x |");
    assert!(crossed.contains(r#""from":"draft","to":"sent""#) && crossed.contains(r#""from":"sent","to":"paid""#));
    assert!(!crossed.contains(r#""from":"draft","to":"paid""#), "{crossed}");
    let locked = claims(
        "A claim starts as draft. It moves from draft to sent.\n\n| Status | Editable | Deletable |\n|---|---|---|\n| draft | yes | yes |\n| sent | no | no |",
    );
    let lock = r#"{"kind":"immutable","entity":"claim","when":[{"test":"in","via":null,"field":"status","values":["sent"]}],"fields":[]}"#;
    assert!(locked.contains(lock), "{locked}");
    let rights = "| Role | Customer | Job |\n|---|---|---|\n| clerk | create, read, update | create, read |\n| mechanic | read | read, update |";
    let all = [
        action("customer", "create", "", r#""clerk""#),
        action("customer", "update", "", r#""clerk""#),
        action("job", "create", "", r#""clerk""#),
        action("job", "update", "", r#""mechanic""#),
    ];
    assert_eq!(added(rights), all.join(" & "));
    listed(&[
        "| Role | Customer | Job |\n|---|---|---|\n| clerk | often | never |\n| mechanic | read | read |",
        "| From | To | Who | Condition |\n|---|---|---|---|\n| ready | collected | clerk | the moon is full |",
    ]);
}
