//! A physiotherapy practice: ordinary demands of one sentence each.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::Requirements;

const PRACTICE: &str = include_str!("../data/practice.md");

/// The epic with one statement more: an example among the criteria, anything else among the rules.
fn with(sentence: &str) -> Requirements {
    let example = sentence.starts_with("Given ") || sentence.starts_with("When ");
    let section = if example { "Acceptance criteria" } else { "Rules" };
    read(&format!("{PRACTICE}\n## {section}\n\n- {sentence}\n"))
}

/// The rules of one sentence more, as JSON.
#[track_caller]
fn said(sentence: &str) -> String {
    rules_as_json(&with(sentence), sentence)
}

#[track_caller]
fn all_say(rule: &str, sentences: &[&str]) {
    for sentence in sentences {
        assert_eq!(said(sentence), rule, "{sentence}");
    }
}

/// Sentences that look alike and say something that is not understood.
#[track_caller]
fn listed(sentences: &[&str]) {
    for sentence in sentences {
        assert_ne!(unknowns(&with(sentence)), Vec::<String>::new(), "{sentence}");
    }
}

fn compare(entity: &str, field: &str, op: &str, to: &str) -> String {
    format!(
        r#"{{"kind":"compare","entity":"{entity}","field":"{field}","op":"{op}","to":{to},"when":[],"on_create":false}}"#
    )
}

fn referenced(via: &str, field: &str, plus: i64) -> String {
    format!(r#"{{"of":"referenced","via":"{via}","field":"{field}","plus":{plus}}}"#)
}

fn no_overlap(by: &str) -> String {
    format!(
        r#"{{"kind":"no_overlap","entity":"appointment","start":"starts_at","end":"ends_at","by":["{by}"],"when":[]}}"#
    )
}

fn needs(entity: &str, to: &str, field: &str) -> String {
    format!(r#"{{"kind":"transition_requires","entity":"{entity}","from":null,"to":"{to}","fields":["{field}"]}}"#)
}

fn made_if(entity: &str, test: &str) -> String {
    format!(r#"{{"kind":"requires","entity":"{entity}","at":{{"moment":"create"}},"condition":[{test}]}}"#)
}

fn default(entity: &str, field: &str, value: &str) -> String {
    format!(r#"{{"kind":"default","entity":"{entity}","field":"{field}","value":{value}}}"#)
}

#[test]
fn a_date_is_called_by_what_happens_then() {
    all_say(
        &needs("invoice", "sent", "due_on"),
        &[
            "An invoice cannot be sent without a due date.",
            "An invoice cannot go to sent without a due date.",
            "An invoice may not be set to sent without a due date.",
        ],
    );
    all_say(&needs("invoice", "sent", "issued_on"), &["An invoice cannot be sent without an issue date."]);
    all_say(
        r#"{"kind":"required","entity":"invoice","field":"issued_on"}"#,
        &["It must not be possible to create an invoice without entering the date on which it was issued."],
    );
    let needed = with("An invoice needs an issue date.");
    assert!(needed.concepts.field("invoice", "issue_date").is_none());
    assert!(
        said("An invoice needs an issue date.")
            .contains(r#"{"kind":"required","entity":"invoice","field":"issued_on"}"#)
    );
    let apart = said("Each room has its own label; a label that is already taken is rejected.");
    assert!(apart.contains(r#"{"kind":"unique","entity":"room","fields":["label"]"#), "{apart}");
    // No field is called "been sent".
    for sentence in [
        "An invoice can only be paid if it has been sent.",
        "An appointment can only be done if it has been checked in.",
    ] {
        let read = with(sentence);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        assert!(
            read.concepts.entities.iter().flat_map(|entity| &entity.fields).all(|field| !field.key.starts_with("been"))
        );
    }
}

#[test]
fn what_may_be_left_out_and_what_is_used_then() {
    for sentence in
        ["A reason may be left out when an appointment is booked.", "Patients do not have to give an insurance number."]
    {
        assert_eq!(unknowns(&with(sentence)), Vec::<String>::new(), "{sentence}");
    }
    all_say(
        &default("room", "capacity", "2"),
        &[
            "The capacity of a room shall be set to 2 unless another value is entered.",
            "The capacity of a room is 2 if left blank.",
        ],
    );
    all_say(
        &default("therapist", "hourly_rate", r#""80.00""#),
        &["A therapist's hourly rate is 80.00 when left blank."],
    );
    all_say(
        &default("invoice", "issued_on", r#""today""#),
        &["When an invoice is created without an issue date, the current date is used."],
    );
    listed(&[
        "The capacity of a room shall be set to 2 unless the sun shines.",
        "A therapist's hourly rate is 80.00 when left alone.",
        "Patients do not have to wait.",
    ]);
}

#[test]
fn days_of_the_record_that_it_is_for() {
    all_say(
        &compare("invoice", "due_on", "gt", &referenced("appointment_id", "ends_at", 0)),
        &["The due date of an invoice must be later than the end of the appointment it belongs to."],
    );
    all_say(
        &compare("invoice", "due_on", "ge", &referenced("appointment_id", "ends_at", 10)),
        &["It is not permitted for an invoice to be due less than 10 days after the end of its appointment."],
    );
    all_say(
        &compare("invoice", "due_on", "ge", r#"{"of":"field","field":"issued_on","plus":14}"#),
        &["An invoice is due at least 14 days after it was issued."],
    );
    all_say(
        &compare(
            "invoice_line",
            "unit_price",
            "le",
            &referenced("invoice_id.appointment_id.therapist_id", "hourly_rate", 0),
        ),
        &["The unit price may not exceed the therapist's hourly rate."],
    );
    listed(&[
        "It is not permitted for an invoice to be due in bad weather.",
        "An invoice is late at least 14 days after it was issued.",
    ]);
}

#[test]
fn what_must_be_so_before_another_is_made() {
    all_say(
        &made_if("appointment", r#"{"test":"given","via":"patient_id","field":"insurance_number"}"#),
        &["A patient must have an insurance number before an appointment can be made for them."],
    );
    all_say(
        &made_if("invoice", r#"{"test":"in","via":"appointment_id","field":"status","values":["checked in","done"]}"#),
        &[
            "Unless its appointment is checked in or done, an invoice shall not be created.",
            "The system shall accept a new invoice only if its appointment is checked in or done.",
        ],
    );
    all_say(
        &made_if("invoice_line", r#"{"test":"not_in","via":"invoice_id","field":"state","values":["sent","paid"]}"#),
        &["The system shall accept a new line only if its invoice has not been sent or paid yet."],
    );
    all_say(
        &made_if("appointment", r#"{"test":"in","via":"therapist_id","field":"active","values":[true]}"#),
        &["Given an inactive therapist, when an appointment with that therapist is created, then it is refused."],
    );
    all_say(
        r#"{"kind":"requires","entity":"appointment","at":{"moment":"transition","to":"checked in"},"condition":[{"test":"given","via":"patient_id","field":"insurance_number"}]}"#,
        &["An appointment can be checked in only if the patient has an insurance number."],
    );
    all_say(
        &needs("appointment", "checked in", "reason"),
        &["Checking in an appointment is not possible until its reason has been entered."],
    );
    listed(&[
        "A patient must have an umbrella before an appointment can be made for them.",
        "The system shall accept a new line only if its invoice looks good.",
        // No limit on those that are missed: a new one is not missed yet.
        "A patient with two missed appointments cannot have another appointment.",
    ]);
}

#[test]
fn what_stays_as_it_is() {
    let room = r#"{"kind":"immutable","entity":"appointment","when":[{"test":"in","field":"status","values":["checked in","done"]}],"fields":["room_id"]}"#;
    all_say(
        room,
        &[
            "After check-in, the room of an appointment must stay the same.",
            "If an appointment is checked in or done, its room cannot be changed.",
        ],
    );
    all_say(
        r#"{"kind":"immutable","entity":"patient","when":[],"fields":["date_of_birth"]}"#,
        &["A patient's date of birth is fixed once the patient has been recorded."],
    );
    all_say(
        r#"{"kind":"immutable","entity":"invoice_line","when":[{"test":"not_in","via":"invoice_id","field":"state","values":["draft"]}],"fields":[]}"#,
        &["The lines of an invoice may be changed only as long as the invoice is in draft."],
    );
    all_say(
        r#"{"kind":"immutable","entity":"appointment","when":[{"test":"in","field":"status","values":["done"]}],"fields":["patient_id","therapist_id","room_id","starts_at","ends_at"]}"#,
        &[
            "No changes to a done appointment are accepted, except to its reason.",
            "Of a done appointment only the reason may be changed.",
        ],
    );
    listed(&["The weather must stay the same.", "No changes to a done appointment are accepted, except on Mondays."]);
}

#[test]
fn times_and_numbers_of_appointments() {
    all_say(&no_overlap("patient_id"), &["No patient may be booked into overlapping appointments."]);
    all_say(&no_overlap("therapist_id"), &["Overlapping appointments for one therapist are forbidden."]);
    all_say(
        &no_overlap("room_id"),
        &["While a room is occupied by one appointment, no other appointment can be booked into it for that period."],
    );
    all_say(
        r#"{"kind":"quota","entity":"appointment","by":["room_id","starts_at"],"most":12,"when":[]}"#,
        &[
            "The number of appointments in a room on one day is limited to 12.",
            "The number of appointments in a room on one day must be at most 12.",
        ],
    );
    all_say(
        r#"{"kind":"quota","entity":"appointment","by":["patient_id","starts_at"],"most":2,"when":[{"test":"not_in","field":"status","values":["missed"]}]}"#,
        &[
            "Per day, a patient can be booked for no more than two appointments that are not missed.",
            "A patient may have at most two appointments per day that are not missed.",
        ],
    );
    all_say(
        r#"{"kind":"unique","entity":"invoice","fields":["appointment_id"],"when":[],"ignore_case":false}"#,
        &["We never issue more than one invoice for the same appointment."],
    );
    all_say(
        r#"{"kind":"unique","entity":"invoice_line","fields":["invoice_id","treatment"],"when":[],"ignore_case":false}"#,
        &["Within one invoice, the treatments of its lines must differ from each other."],
    );
    listed(&[
        "While a room is occupied by one appointment, no other appointment is nice.",
        "We never issue more than one apology.",
    ]);
}

#[test]
fn who_may_and_who_may_not() {
    let role = |entity: &str, action: &str, fields: &str, role: &str| {
        format!(
            r#"{{"kind":"action_role","entity":"{entity}","action":"{action}","fields":[{fields}],"roles":["{role}"]}}"#
        )
    };
    all_say(
        &role("patient", "update", "", "receptionist"),
        &["The system shall restrict the editing of patients to receptionists."],
    );
    all_say(
        &role("room", "create", "", "administrator"),
        &["Without the role administrator, it must not be possible to add a room."],
    );
    all_say(
        &["create", "update"].map(|action| role("invoice", action, r#""discount""#, "practice manager")).join(" & "),
        &["Setting a discount on an invoice is a privilege of the practice manager."],
    );
    all_say(
        r#"{"kind":"transition_role","entity":"invoice","from":null,"to":"sent","roles":["billing clerk","practice manager"]}"#,
        &["The system shall let only billing clerks and practice managers send an invoice."],
    );
    all_say(
        r#"{"kind":"transition_role","entity":"appointment","from":null,"to":"missed","roles":["practice manager"]}"#,
        &[
            "Given a user who is not a practice manager, when they try to set an appointment to missed, then they are refused.",
        ],
    );
    all_say(
        r#"{"kind":"action_barred","entity":"patient","action":"delete","fields":[],"roles":["therapist"]}"#,
        &["Given a user with the role therapist, when they try to delete a patient, then they are refused."],
    );
    listed(&[
        "Without the role administrator, it must not be possible to smile.",
        "Given a user with the role therapist, when they try to dance, then they are refused.",
    ]);
}

#[test]
fn lists_and_figures() {
    let list = |entity: &str, sort: &str, size: &str| {
        format!(r#"{{"kind":"list","entity":"{entity}","sort":[{sort}],"page_size":{size}}}"#)
    };
    all_say(
        &list("therapist", "", "10"),
        &[
            "Given 30 therapists, when the list is opened, then the first page holds 10 of them.",
            "Given 30 therapists, when I open the list of therapists, then 10 are shown per page.",
        ],
    );
    all_say(&list("room", "", "10"), &["The list of rooms is split into pages of ten."]);
    all_say(
        &list("invoice", r#"{"field":"due_on","descending":false}"#, "20"),
        &["The system shall list invoices by due date and put 20 of them on each page."],
    );
    all_say(
        r#"{"kind":"csv","entity":"therapist"}"#,
        &[
            "Given some therapists, when their list is requested as CSV, then a header line and one line per therapist are returned.",
        ],
    );
    all_say(
        r#"{"kind":"csv","entity":"invoice_line"}"#,
        &["Invoice lines must be available in CSV format with a header line."],
    );
    all_say(
        r#"{"kind":"search","entity":"patient","fields":["first_name","last_name"]}"#,
        &[r#"Given a patient named "Hofmann", when I search for "hof", then the patient is found."#],
    );
    all_say(
        r#"{"kind":"search","entity":"patient","fields":["insurance_number"]}"#,
        &["A search for an insurance number returns the patient it belongs to."],
    );
    let filter = |entity: &str, field: &str| format!(r#"{{"kind":"filter","entity":"{entity}","field":"{field}"}}"#);
    all_say(
        &filter("appointment", "starts_at"),
        &["Users must be able to list only the appointments between two dates."],
    );
    all_say(
        &filter("invoice_line", "invoice_id"),
        &["It shall be possible to show only those invoice lines that belong to a given invoice."],
    );
    let read = with("An invoice shows its total quantity, which is the sum of the quantities of its lines.");
    assert!(read.concepts.field("invoice", "invoice_shows").is_none());
    listed(&[
        "The turnover per treatment is the sum of quantity times unit price of the invoice lines.",
        "Long lists of rooms are split into happy pages.",
    ]);
}
