//! Jobs of a garage: who may do what, what a change of state needs, what is locked, and what holds of the records that
//! others refer to, in the ordinary words of those who want a system.

use super::{read, unknowns};
use crate::barred::barred;
use crate::garage::{action, added, all_say, listed, said, with};

fn moves(from: &str, to: &str, roles: &str) -> String {
    format!(r#"{{"kind":"transition_role","entity":"job","from":{from},"to":"{to}","roles":[{roles}]}}"#)
}

fn needs(to: &str, field: &str) -> String {
    format!(r#"{{"kind":"transition_requires","entity":"job","from":null,"to":"{to}","fields":["{field}"]}}"#)
}

fn good(entity: &str, at: &str, via: &str) -> String {
    format!(
        r#"{{"kind":"requires","entity":"{entity}","at":{at},"condition":[{{"test":"in","via":"{via}","field":"standing","values":["good"]}}]}}"#
    )
}

const CREATE: &str = r#"{"moment":"create"}"#;
const COLLECTED: &str = r#"{"moment":"transition","to":"collected"}"#;

#[test]
fn who_may_not_and_who_alone_may() {
    let clerk = r#""clerk""#;
    all_say(
        &barred("customer", "delete", "", clerk),
        &[
            "Clerks may not delete customers.",
            "Clerks are not allowed to delete customers.",
            "Customers must not be deleted by clerks.",
            "A clerk cannot delete customers.",
        ],
    );
    all_say(
        &barred("job", "update", r#""estimate""#, clerk),
        &["The estimate of a job can't be changed by clerks.", "Clerks may not change the estimate of a job."],
    );
    let keeping = ["create", "update", "delete"].map(|done| barred("customer", done, "", r#""mechanic""#));
    all_say(
        &keeping.join(" & "),
        &["Mechanics have read-only access to customers.", "Mechanics may only view customers."],
    );
    listed(&[
        "Couriers may not delete customers.",
        "Clerks may not delete good customers.",
        "Mechanics may not see customers' names.",
        "Nobody but the manager may change the estimate after the job is ready.",
    ]);
    let entered = ["create", "update"].map(|done| action("job", done, r#""estimate""#, r#""mechanic""#));
    all_say(
        &entered.join(" & "),
        &[
            "The estimate may only be entered or changed by a mechanic.",
            "The estimate of a job can only be set by mechanics.",
            "The estimate may be entered and changed only by mechanics.",
        ],
    );
    all_say(
        &moves("null", "cancelled", r#""manager""#),
        &[
            "It is the manager who cancels jobs.",
            "It is the manager who cancels jobs; nobody else can do this.",
            "It is only the manager who may cancel jobs.",
            "Cancelling a job has to be done by a manager.",
            "Only the manager has permission to cancel a job.",
        ],
    );
    all_say(&moves("null", "collected", r#""clerk""#), &["Collection must be done by a clerk."]);
    let cannot = added("Clerks can cancel jobs. Mechanics can't.");
    assert!(cannot.contains(&moves("null", "cancelled", r#""clerk","manager""#)), "{cannot}");
    assert_eq!(
        added("Customers may be created and edited by clerks, but only the manager may delete them."),
        action("customer", "delete", "", r#""manager""#)
    );
}

#[test]
fn permissions_in_lists_and_tables() {
    let create = action("job", "create", "", r#""clerk","manager""#);
    let delete = action("job", "delete", "", r#""manager""#);
    let estimate = action("job", "update", r#""estimate""#, r#""mechanic""#);
    let rights = [create.clone(), delete.clone(), estimate].join(" & ");
    assert_eq!(
        added(
            "### Permissions\n\n- Create job: clerk, manager\n- Delete job: manager\n- Change the estimate: mechanic"
        ),
        rights
    );
    let done = [
        create.clone(),
        moves("null", "cancelled", r#""clerk","manager""#),
        moves("null", "diagnosed", r#""mechanic","manager""#),
    ];
    assert_eq!(
        added(
            "### Who may do what\n\n- Clerk: create jobs, cancel jobs\n- Mechanic: diagnose jobs\n- Manager: everything"
        ),
        done.join(" & ")
    );
    let table = [create, delete].join(" & ");
    for text in [
        "| | clerk | mechanic | manager |\n|---|---|---|---|\n| create a job | x | - | x |\n| delete a job | - | - | x |",
        "| Right | Clerk | Mechanic | Manager |\n|---|---|---|---|\n| Create a job | yes | no | yes |\n| Delete a job | no | no | yes |",
        "| Role | create jobs | delete jobs |\n|---|---|---|\n| clerk | x | |\n| mechanic | | |\n| manager | x | x |",
    ] {
        assert_eq!(added(text), table, "{text}");
    }
    let ways = [
        r#"{"kind":"transition_requires","entity":"job","from":"received","to":"cancelled","fields":["reason"]}"#
            .to_owned(),
        moves(r#""ready""#, "collected", r#""clerk""#),
        moves(r#""received""#, "cancelled", r#""clerk","manager""#),
    ];
    assert_eq!(
        added(
            "| Transition | Allowed for | Condition |\n|---|---|---|\n| ready → collected | clerk | |\n| received → cancelled | clerk, manager | reason is given |"
        ),
        ways.join(" & ")
    );
    for text in [
        "### Permissions\n\n- Create job: clerk, courier",
        "| Action | Clerk | Manager |\n|---|---|---|\n| Delete a job | own jobs | yes |",
    ] {
        assert_eq!(unknowns(&with(text)).len(), 1, "{text}");
    }
}

#[test]
fn what_a_change_of_state_needs() {
    all_say(
        &needs("collected", "pickup_date"),
        &[
            "When the status changes to collected, the pickup date must be filled in.",
            "As soon as the status becomes collected, a pickup date is required.",
            "The pickup date must be entered when the status is changed to collected.",
            "If the status moves to collected, a pickup date is needed.",
            "Whenever a job gets collected, the pickup date must be entered.",
            "When a job is collected, the clerk must enter the pickup date.",
            "The clerk must enter a pickup date when a job is collected.",
            "When a job leaves (status collected), the pickup date must be recorded.",
            "The pickup date must be entered at collection.",
            "The pickup date must be filled in before collection.",
            "A job cannot be set to collected without a pickup date.",
        ],
    );
    listed(&[
        "When the status changes, the pickup date must be filled in.",
        "When the colour changes to collected, the pickup date must be filled in.",
        "When a job leaves, the pickup date must be recorded.",
    ]);
    all_say(
        &needs("cancelled", "reason"),
        &[
            "The reason is required when a job is cancelled, otherwise it stays optional.",
            "The reason is mandatory when a job is cancelled; otherwise it is optional.",
            "The reason is required when a job is cancelled, otherwise an error is shown.",
        ],
    );
    let reasoned = added("A job can be cancelled by a clerk or a manager, and a reason must be given.");
    assert_eq!(reasoned, needs("cancelled", "reason"));
    listed(&["The reason is required when a job is cancelled, otherwise the estimate is required."]);
    let either = format!(
        r#"{} & {{"kind":"empty_when","entity":"job","field":"reason","when":[{{"test":"not_in","field":"status","values":["cancelled"]}}]}}"#,
        needs("cancelled", "reason")
    );
    all_say(
        &either,
        &[
            "The reason must be given if and only if the job is cancelled.",
            "The reason must be given if, and only if, the job is cancelled.",
            "The reason must be given when a job is cancelled, otherwise it must be empty.",
        ],
    );
    let leaving = ["in work", "cancelled"].map(|to| {
        format!(
            r#"{{"kind":"transition_requires","entity":"job","from":"diagnosed","to":"{to}","fields":["estimate"]}}"#
        )
    });
    all_say(
        &leaving.join(" & "),
        &[
            "If no estimate is given, the job cannot leave diagnosed.",
            "A job cannot leave diagnosed without an estimate.",
        ],
    );
    let done = |op: &str| {
        format!(
            r#"{{"kind":"requires","entity":"job","at":{{"moment":"transition","to":"ready"}},"condition":[{{"test":"children","child":"task","via":"job_id","when":[{{"test":"not_in","field":"done_flag","values":[true]}}],"measure":{{"measure":"count"}},"op":"{op}","to":{{"of":"value","value":0}}}}]}}"#
        )
    };
    all_say(
        &done("eq"),
        &[
            "A job can only become ready if all of its tasks are done.",
            "A job may only be set to ready when all its tasks are done.",
            "Before a job becomes ready, all of its tasks must be done.",
            "All tasks must be done before the job becomes ready.",
            "All tasks of a job must be done before it can be marked as ready.",
            "A job mustn't be set to ready unless all the tasks are done.",
        ],
    );
    all_say(&done("le"), &["A job cannot become ready while any task is not done."]);
    listed(&[
        "All tasks are done.",
        "A job is ready when all tasks are done.",
        "Some tasks must be done before the job becomes ready.",
    ]);
    let tasks = said("A job without tasks cannot be set to in work.");
    assert_eq!(said("Jobs without tasks cannot be started, i.e. moved to in work."), tasks);
    assert_eq!(said("An empty job (no tasks) must not be set to in work."), tasks);
}

#[test]
fn what_is_locked() {
    let once = r#"{"kind":"immutable","entity":"job","when":[{"test":"given","field":"pickup_date"}],"fields":["pickup_date"]}"#;
    all_say(
        once,
        &[
            "Once set, the pickup date must not change.",
            "Once entered, the pickup date cannot be changed.",
            "The pickup date can be set once and never again.",
            "The pickup date cannot be changed once it has been set.",
            "The pickup date of a job can't be edited after it was entered.",
            "After it is set the pickup date is fixed.",
        ],
    );
    listed(&[
        "The pickup date is set once.",
        "Once set, the pickup date is shown.",
        "The pickup date can be set twice.",
    ]);
    all_say(
        r#"{"kind":"immutable","entity":"car","when":[],"fields":["plate"]}"#,
        &[
            "The plate of a car cannot be changed once it has been saved.",
            "The plate is set when the car is created and never changes afterwards.",
            "The plate can't be changed after creation.",
            "The system shall reject any attempt to change the plate of a car after creation.",
        ],
    );
    let tasks = |values: &str, within: &str, made: &str| {
        format!(
            r#"{{"kind":"requires","entity":"task","at":{CREATE},"condition":[{{"test":"{made}","via":"job_id","field":"status","values":[{values}]}}]}} & {{"kind":"immutable","entity":"task","when":[{{"test":"{within}","via":"job_id","field":"status","values":[{values}]}}],"fields":[]}}"#
        )
    };
    all_say(
        &tasks(r#""received""#, "not_in", "in"),
        &[
            "Tasks can only be created, edited and removed while the job is received.",
            "Tasks may only be added, changed or deleted while the job is received.",
        ],
    );
    all_say(
        &tasks(r#""ready","collected""#, "in", "not_in"),
        &["Tasks can be added, changed or deleted only until the job is ready."],
    );
    all_say(
        r#"{"kind":"requires","entity":"task","at":{"moment":"create"},"condition":[{"test":"not_in","via":"job_id","field":"status","values":["collected"]}]}"#,
        &["After collection, no tasks may be added to a job.", "No tasks may be added once the job is collected."],
    );
    all_say(
        r#"{"kind":"immutable","entity":"task","when":[{"test":"in","via":"job_id","field":"status","values":["collected"]}],"fields":[]}"#,
        &["Tasks of a collected job are read-only.", "Tasks belonging to a collected job are read-only."],
    );
    let kept = r#"{"kind":"no_delete","entity":"job","when":[{"test":"in","field":"status","values":["received"]}]}"#;
    all_say(
        kept,
        &[
            "Received jobs cannot be deleted, they have to be cancelled instead.",
            "Received jobs must not be deleted by anybody.",
        ],
    );
    all_say(
        r#"{"kind":"no_delete","entity":"job","when":[{"test":"not_in","field":"status","values":["received"]}]}"#,
        &["Deletion is only possible in received.", "Jobs can only be deleted while they are received."],
    );
    all_say(
        r#"{"kind":"no_delete","entity":"car","when":[{"test":"children","child":"job","via":"car_id","when":[{"test":"not_in","field":"status","values":["collected","cancelled"]}],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#,
        &["A car with open jobs cannot be deleted.", "Cars that have unfinished jobs must not be deleted."],
    );
    listed(&["A customer with open cars cannot be deleted."]);
    all_say(
        r#"{"kind":"immutable","entity":"task","when":[{"test":"in","field":"done_flag","values":[true]}],"fields":["done_flag"]}"#,
        &["A done task cannot be set back to not done."],
    );
    all_say(
        r#"{"kind":"immutable","entity":"job","when":[{"test":"not_in","field":"status","values":["received","diagnosed"]}],"fields":["note"]}"#,
        &["Staff can edit the note only while the job is received or diagnosed."],
    );
    let open = said("From the moment a job is ready, only the note can still be edited.");
    assert!(open.contains(r#""values":["ready","collected"]}"#) && !open.contains(r#""note""#), "{open}");
}

#[test]
fn values_that_come_later() {
    let empty = |field: &str| {
        format!(
            r#"{{"kind":"empty_when","entity":"job","field":"{field}","when":[{{"test":"not_in","field":"status","values":["ready","collected"]}}]}}"#
        )
    };
    all_say(
        &empty("note"),
        &[
            "The note must be empty as long as the job is not ready.",
            "The note must be empty while the job is not yet ready.",
        ],
    );
    all_say(
        &empty("pickup_date"),
        &[
            "A pickup date is only allowed once the job is ready.",
            "A pickup date is allowed only when the job is ready or collected.",
            "The pickup date must not be filled in before the job is ready.",
        ],
    );
    all_say(
        r#"{"kind":"required_when","entity":"job","field":"estimate","when":[{"test":"in","field":"status","values":["diagnosed","in work","cancelled","ready","collected"]}]}"#,
        &["The estimate is required from diagnosed on.", "The estimate must be given from diagnosed onwards."],
    );
}

#[test]
fn what_holds_of_the_records_that_others_refer_to() {
    all_say(
        &good("car", CREATE, "customer_id"),
        &[
            "A customer must be good in order to make a car.",
            "Cars require a good customer.",
            "When creating a car, the system must check that the customer is good.",
            "When creating a car, the system must check that the customer is good; otherwise an error is shown.",
            "If the customer is not good, the car is refused.",
        ],
    );
    let blocked = r#"{"kind":"requires","entity":"car","at":{"moment":"create"},"condition":[{"test":"not_in","via":"customer_id","field":"standing","values":["blocked"]}]}"#;
    all_say(
        blocked,
        &[
            "If the customer is blocked, the car is refused.",
            "Cars for a blocked customer are rejected with a conflict.",
            "Cars for blocked customers are refused with an error.",
        ],
    );
    all_say(
        &good("job", COLLECTED, "car_id.customer_id"),
        &[
            "A job may be collected only if its customer is in good standing.",
            "A job can only be collected when the car's customer is good.",
            "Jobs go from ready to collected only if the customer of the car is good.",
            "Collecting a job is only possible while its customer is good.",
        ],
    );
    listed(&[
        "Blocked customers are not bookable.",
        "A job may be collected if its customer is in good health.",
        "Jobs go from diagnosed to cancelled only if the customer of the car is good.",
    ]);
}

#[test]
fn criteria_speak_of_what_their_story_wishes() {
    let ready = "## Stories\n\nAs a mechanic, I want to mark a job as ready so that the clerk can call the customer.\n\nAcceptance criteria:\n\n";
    let rules = |criteria: &str| added(&format!("{ready}{criteria}"));
    let done = r#"{"kind":"requires","entity":"job","at":{"moment":"transition","to":"ready"},"condition":[{"test":"children","child":"task","via":"job_id","when":[{"test":"not_in","field":"done_flag","values":[true]}],"measure":{"measure":"count"},"op":"eq","to":{"of":"value","value":0}}]}"#;
    for role in [
        "Only a mechanic can do this",
        "Only mechanics may do this.",
        "Only mechanics",
        "Mechanic only",
        "This can only be done by mechanics",
        "Allowed only for mechanics",
    ] {
        assert_eq!(rules(&format!("- {role}")), moves("null", "ready", r#""mechanic""#), "{role}");
    }
    for note in
        ["Note is mandatory", "The note is required.", "Note required", "Must enter a note", "Note must be filled in"]
    {
        assert_eq!(rules(&format!("- {note}")), needs("ready", "note"), "{note}");
    }
    for all in ["All tasks must be done", "All of its tasks must be done", "All tasks must be done, otherwise error"] {
        assert_eq!(rules(&format!("- {all}")), done, "{all}");
    }
    assert_eq!(rules("- Note required\n- Otherwise an error message is shown"), needs("ready", "note"));
    // What is said of every job holds always.
    assert!(rules("- Every job must have a note").contains(r#""kind":"required""#));
    assert_eq!(rules("- Job must be in work\n- Status changes to ready"), "");
    for nothing in ["Only couriers", "Status changes to blue", "Otherwise it is fine"] {
        let read = with(&format!("{ready}- {nothing}"));
        assert!(!unknowns(&read).is_empty(), "{nothing}");
    }
}

#[test]
fn examples_show_rules_that_are_told() {
    let only = "Only the manager may cancel a job.";
    for example in [
        "For example, a clerk who tries to cancel a job gets an error.",
        "Example: cancelling a job by a clerk is refused.",
        "E.g. a clerk tries to cancel a job -> error.",
        "For instance, a received job cannot be set to ready directly.",
        "For example, changing a received job to ready is rejected.",
    ] {
        let read = with(&format!("{only} {example}"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{example}");
        assert_eq!(added(&format!("{only} {example}")), moves("null", "cancelled", r#""manager""#), "{example}");
    }
    listed(&[
        "For example, a clerk who tries to delete a car gets an error.",
        "For example, a job has a colour.",
        "Example: the note is required.",
    ]);
}

#[test]
fn states_in_other_words() {
    let way = |text: &str| {
        let read = read(&format!("# Claims\n\nA claim has a number and a purpose.\n\n{text}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}: {:#?}", read.unknown().collect::<Vec<_>>());
        serde_json::to_string(&read.concepts.entities.first().unwrap()).unwrap()
    };
    for text in [
        "A claim is initially a draft. A draft claim can be submitted.",
        "Claims are created as draft. A draft claim can be submitted.",
        "A claim is in status draft when it is created. From draft it can only change to submitted.",
    ] {
        let ways = way(text);
        assert!(ways.contains(r#""draft""#) && ways.contains(r#""submitted""#) && !ways.contains("created"), "{ways}");
    }
    all_say(
        r#"{"kind":"transitions","entity":"job"}"#,
        &[
            "Skipping a status is not allowed.",
            "Going backwards is not possible.",
            "All other transitions are forbidden.",
        ],
    );
}
