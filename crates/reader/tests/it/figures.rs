//! Days, durations, limits, figures and lists of a cooking school: what product owners say of them in many wordings.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::Requirements;

const SCHOOL: &str = "# Cooking school\n\nRoles: clerk, chef, owner.\n\n## What is recorded\n\nA room has:\n- name (text, required, \
    unique)\n- seats (integer, required)\n\nA course has:\n- title (text, required)\n- level (one of beginner, advanced; required)\n- fee \
    (money, required)\n- max participants (integer, required)\n\nA session has:\n- course (reference to course, required)\n- room \
    (reference to room, required)\n- starts at (date and time, required)\n- ends at (date and time, required)\n- state (one of planned, \
    held, called off)\n\nA participant has:\n- first name (text, required)\n- surname (text, required)\n- birth date (date)\n\nAn \
    enrolment has:\n- session (reference to session, required)\n- participant (reference to participant, required)\n- enrolled on (date, \
    required)\n- seats (integer, required)\n- amount paid (money)\n- discount percent (decimal)\n- paid on (date)\n- status (one of \
    pending, accepted, withdrawn)\n\nA stay has:\n- participant (reference to participant, required)\n- arrival date (date, required)\n- \
    departure date (date, required)\n\nAn extra has:\n- stay (reference to stay, required)\n- position (integer, required)\n- cook name \
    (text, required)\n- quantity (integer, required)\n- unit price (money, required)\n- served on (date)\n\n## Steps\n\nA session starts \
    as planned. It moves from planned to held or called off.\nAn enrolment starts as pending. It moves from pending to accepted or \
    withdrawn.\n\n## Further rules\n\n";

fn with(sentence: &str) -> Requirements {
    read(&format!("{SCHOOL}{sentence}\n"))
}

/// The rules of one sentence more, as JSON.
fn said(sentence: &str) -> String {
    rules_as_json(&with(sentence), sentence)
}

/// The rules of the last of several statements.
fn told(statements: &str, last: &str) -> String {
    rules_as_json(&with(&format!("{statements}\n{last}")), last)
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

/// A field against another one of the record.
fn compared(entity: &str, field: &str, op: &str, other: &str, plus: &str) -> String {
    format!(
        r#"{{"kind":"compare","entity":"{entity}","field":"{field}","op":"{op}","to":{{"of":"field","field":"{other}",{plus}}},"when":[],"on_create":false}}"#
    )
}

fn no_overlap(entity: &str, (start, end): (&str, &str), by: &str) -> String {
    format!(r#"{{"kind":"no_overlap","entity":"{entity}","start":"{start}","end":"{end}","by":["{by}"],"when":[]}}"#)
}

fn unique(entity: &str, fields: &str) -> String {
    format!(r#"{{"kind":"unique","entity":"{entity}","fields":[{fields}],"when":[],"ignore_case":false}}"#)
}

fn limit(parent: &str, child: &str, limit: &str) -> String {
    format!(
        r#"{{"kind":"capacity","parent":"{parent}","child":"{child}","via":"{parent}_id","measure":{{"measure":"count"}},"op":"le","limit":{limit},"when":[]}}"#
    )
}

fn computed(entity: &str, field: &str, expr: &str) -> String {
    format!(r#"{{"kind":"computed","entity":"{entity}","field":"{field}","expr":{expr}}}"#)
}

#[test]
fn what_is_made_for_days_to_come() {
    let start = |op: &str| {
        format!(
            r#"{{"kind":"compare","entity":"session","field":"starts_at","op":"{op}","to":{{"of":"now"}},"when":[],"on_create":true}}"#
        )
    };
    all_say(
        &start("gt"),
        &[
            "Sessions can only be scheduled in the future.",
            "Sessions may only be planned for the future.",
            "New sessions can only be scheduled for future dates.",
            "Only future sessions can be created.",
            "Only sessions in the future may be planned.",
        ],
    );
    all_say(
        &start("ge"),
        &[
            "Past sessions cannot be created.",
            "Sessions in the past cannot be created.",
            "Sessions cannot be scheduled for past dates.",
        ],
    );
    listed(&[
        "Sessions can only be cancelled in the future.",
        "Only future sessions can be cancelled.",
        "Past sessions cannot be changed.",
        "The arrival date cannot be moved to a past date.",
    ]);
}

#[test]
fn how_far_ahead_something_starts() {
    let lead = |op: &str, days: u32| {
        format!(
            r#"{{"kind":"compare","entity":"session","field":"starts_at","op":"{op}","to":{{"of":"today","plus_days":{days}}},"when":[],"on_create":true}}"#
        )
    };
    all_say(
        &lead("ge", 3),
        &[
            "New sessions must start no earlier than three days from now.",
            "A session must start at least three days from now.",
            "A session must start at least three days ahead.",
            "Sessions must not start earlier than 3 days from now.",
        ],
    );
    assert_eq!(said("New sessions must begin no later than 90 days from now."), lead("le", 90));
}

#[test]
fn what_has_begun_takes_no_more() {
    let open = r#"{"kind":"requires","entity":"enrolment","at":{"moment":"create"},"condition":[{"test":"compare","via":"session_id","field":"starts_at","op":"gt","to":{"of":"now"}}]}"#;
    all_say(
        open,
        &[
            "Users cannot enrol for a session that has already started.",
            "Participants cannot enrol for sessions that have already started.",
            "Nobody can enrol in a session that has begun.",
            "No enrolments can be made for a session that has already started.",
            "An enrolment cannot be created once the session has started.",
        ],
    );
    let until = r#"{"kind":"requires","entity":"enrolment","at":{"moment":"create"},"condition":[{"test":"compare","via":"session_id","field":"starts_at","op":"ge","to":{"of":"today","plus_days":2}}]}"#;
    all_say(
        until,
        &[
            "Enrolment closes two days before the session starts.",
            "Enrolments are only possible until two days before the session's start.",
            "Enrolments are possible until two days before the session starts.",
            "Enrolments are accepted only until two days before the start of the session.",
        ],
    );
    listed(&[
        "Users cannot enrol for a session that is expensive.",
        "Users cannot comment on a session that has already started.",
        "Enrolment closes two days before the newsletter is sent.",
        "Enrolment closes two days after the session was announced.",
    ]);
}

#[test]
fn days_within_what_they_belong_to() {
    let within = |op: &str, field: &str| {
        format!(
            r#"{{"kind":"compare","entity":"extra","field":"served_on","op":"{op}","to":{{"of":"referenced","via":"stay_id","field":"{field}","plus":0}},"when":[],"on_create":false}}"#
        )
    };
    all_say(
        &format!("{} & {}", within("ge", "arrival_date"), within("le", "departure_date")),
        &["The served on date of an extra must fall within the stay.", "The served on date must lie within the stay."],
    );
    assert_eq!(said("An extra cannot be served before its stay has begun."), within("ge", "arrival_date"));
    assert_eq!(said("An extra may not be served after its stay is over."), within("le", "departure_date"));
    listed(&["The served on date must fall within the holidays."]);
}

#[test]
fn days_by_the_nouns_of_what_is_done() {
    all_say(
        &compared("enrolment", "paid_on", "ge", "enrolled_on", r#""plus":0"#),
        &[
            "A payment date can't lie before the date of enrolment.",
            "The date of payment must not be earlier than the date of enrolment.",
            "The payment date must be on or after the enrolment date.",
        ],
    );
    listed(&["A payment date can't lie before the date of the newsletter."]);
}

#[test]
fn bounds_of_what_lasts() {
    let (least, most) = (
        compared("stay", "departure_date", "ge", "arrival_date", r#""plus":2"#),
        compared("stay", "departure_date", "le", "arrival_date", r#""plus":28"#),
    );
    all_say(
        &least,
        &[
            "The minimum stay is two nights.",
            "The minimum length of a stay is two nights.",
            "Stays of less than 2 nights are refused.",
        ],
    );
    all_say(
        &most,
        &[
            "The longest stay is 28 nights.",
            "The maximum duration of a stay is 28 nights.",
            "Stays longer than 28 nights are not possible.",
            "Stays lasting more than 28 nights are rejected.",
            "The number of nights of a stay must be at most 28.",
            "The length of a stay is limited to 28 nights.",
        ],
    );
    all_say(
        &format!("{least} & {most}"),
        &[
            "A stay must be at least 2 and no more than 28 nights long.",
            "A stay must last at least 2 and at most 28 nights.",
            "A stay's length must be between 2 and 28 nights.",
            "The length of a stay is between 2 and 28 nights.",
            "Stays last between 2 and 28 nights.",
            "A stay can be 2 to 28 nights long.",
        ],
    );
    listed(&[
        "A stay has a duration of at most 28 nights.",
        "The minimum stay is free.",
        "Stays before 10 days are rejected.",
        "Sessions shorter than the break are rejected.",
        "The duration of a session should be about two hours.",
    ]);
}

#[test]
fn what_comes_of_breaking_a_rule() {
    let after = compared("stay", "departure_date", "gt", "arrival_date", r#""plus":0"#);
    all_say(
        &after,
        &[
            "If the departure date is not after the arrival date, the system shows an error and does not save the stay.",
            "A stay whose departure date is the same as or before its arrival date is rejected with an error message.",
            "The departure date must be after the arrival date, otherwise the stay is not saved.",
            "The departure date must be after the arrival date; otherwise an error message is displayed.",
        ],
    );
    all_say(
        &compared("stay", "departure_date", "ge", "arrival_date", r#""plus":0"#),
        &[
            "Should the departure date be before the arrival date, then the stay is not accepted and a validation error is displayed.",
            "When the departure date is earlier than the arrival date, the application displays an error message and refuses to save the stay.",
            "If the departure date is before the arrival date, an error is shown.",
        ],
    );
    listed(&[
        "The departure date must be after the arrival date, otherwise the owner is informed.",
        "The departure date must be after the arrival date. Otherwise the chef may change it.",
        "If the fee is above 100, the system shows a warning.",
        "If the fee is above 100, an error is shown to the chef only.",
    ]);
}

#[test]
fn one_at_a_time() {
    all_say(
        &no_overlap("session", ("starts_at", "ends_at"), "room_id"),
        &[
            "A room may only be occupied by one session at a time.",
            "A room can only be used by one session at the same time.",
            "If a room is already taken at that time, the session cannot be saved.",
            "When a room is already in use at the chosen time, the session cannot be saved.",
            "When a room is already booked for the requested dates, the request is rejected with a conflict.",
            "The system prevents overlapping sessions in the same room.",
            "The system prevents double bookings of a room.",
            "Double bookings of rooms are rejected.",
            "Overlapping sessions in the same room rejected.",
            "It must not be possible to book a room twice at the same time.",
            "It is not possible to use the same room twice at the same time.",
        ],
    );
    listed(&[
        "If a room is dirty at that time, the session cannot be saved.",
        "If a room is already taken, the owner is informed.",
        "The system shows overlapping sessions in the same room.",
        "The system allows overlapping sessions in the same room.",
        "Double bookings of rooms are shown in red.",
        "The system prevents spam.",
    ]);
}

#[test]
fn one_at_a_time_of_what_lasts() {
    all_say(
        &no_overlap("session", ("starts_at", "ends_at"), "room_id"),
        &[
            "There can be only one session per room at a time.",
            "There may only be one session per room at any time.",
            "A room has at most one session at a time.",
            "At most one session per room at a time.",
            "A room is limited to one session at a time.",
            "No more than one session per room at the same time.",
            "Only one session at a time is allowed in a room.",
            "At any time, a room can have at most one session.",
            "Two sessions may not be in the same room at the same time.",
            "No two sessions in the same room may overlap in their start and end times.",
            "No overlapping sessions per room.",
            "No double bookings per room.",
            "Double-booking a room is not possible.",
            "Overlapping sessions in the same room must be prevented.",
        ],
    );
    listed(&["A room may have several sessions, but not at the same time."]);
}

#[test]
fn examples_that_no_rule_explains() {
    let rule = "A room can host only one session at a time.";
    let read = |example: &str| unknowns(&with(&format!("{rule}\n\n{example}\n")));
    let example = |given: &str, when: &str| {
        read(&format!("Given a session in {given}, when another session is planned in {when}, then it is rejected."))
    };
    assert_eq!(example("room A from 10:00 to 12:00", "room A from 11:00 to 13:00"), Vec::<String>::new());
    for (given, when) in [
        ("room A from 10:00 to 12:00", "room A from 13:00 to 14:00"),
        ("room A from 10:00 to 12:00", "room A from 12:00 to 14:00"),
        ("room A from 10:00 to 12:00", "room B from 11:00 to 13:00"),
    ] {
        assert_ne!(example(given, when), Vec::<String>::new(), "{given}, {when}");
    }
    let bound = "The discount percent must be at most 50.";
    let read = |discount: u32| {
        let example = format!("When an enrolment with discount percent {discount} is created, then it is accepted.");
        unknowns(&with(&format!("{bound}\n\n{example}\n")))
    };
    assert_eq!(read(40), Vec::<String>::new());
    assert_ne!(read(60), Vec::<String>::new());
}

#[test]
fn what_is_meant_must_be_named() {
    assert_eq!(said("Search over all participants."), r#"{"kind":"search","entity":"participant","fields":[]}"#);
    listed(&["The amount paid must be lower than the price."]);
    let read = with("The duration of a session must be at least 30 minutes.");
    assert_eq!(read.concepts.field("session", "duration").map(|field| field.key.clone()), None);
}

#[test]
fn once_for_the_same() {
    all_say(
        &unique("enrolment", r#""participant_id","session_id""#),
        &[
            "A participant cannot enrol in the same session more than once.",
            "A participant may not enrol twice in the same session.",
            "A participant can't be enrolled in the same session twice.",
            "Participants cannot enrol for the same session again.",
            "Duplicate enrolments (same participant and same session) are rejected with a conflict.",
            "Duplicate enrolments with the same participant and session are not allowed.",
        ],
    );
    all_say(
        &unique("extra", r#""stay_id","position""#),
        &[
            "Every position number is unique within a stay.",
            "Position numbers must be unique within a stay.",
            "Duplicate position numbers within a stay are rejected.",
            "Duplicate positions within a stay rejected.",
        ],
    );
    listed(&[
        "A participant cannot laugh in the same session more than once.",
        "Duplicate enrolments are merged.",
        "Duplicate enrolments (same participant or same session) are rejected.",
    ]);
}

#[test]
fn once_and_so_often_a_day() {
    all_say(
        &unique("stay", r#""participant_id","arrival_date""#),
        &[
            "Each participant can arrive only once per day.",
            "A participant may not arrive more than once per day.",
            "A participant may not arrive twice on the same day.",
        ],
    );
    let quota = |by: &str, most: u32| {
        format!(r#"{{"kind":"quota","entity":"session","by":["{by}","starts_at"],"most":{most},"when":[]}}"#)
    };
    all_say(
        &quota("course_id", 1),
        &[
            "A course can run only once per day.",
            "A course can take place only once a day.",
            "There can't be more than one session of the same course on a day.",
            "At most one session of a course can be held per day.",
        ],
    );
    all_say(
        &quota("room_id", 3),
        &[
            "Per day, no more than 3 sessions can take place in a room.",
            "No more than 3 sessions may take place in one room per day.",
            "No more than 3 sessions may take place per day in the same room.",
            "There can be at most 3 sessions in a room per day.",
        ],
    );
    all_say(
        r#"{"kind":"quota","entity":"stay","by":["arrival_date"],"most":20,"when":[]}"#,
        &[
            "At most 20 stays per arrival date.",
            "No more than 20 stays may have the same arrival date.",
            "At most 20 stays may arrive on any one day.",
            "No more than 20 stays may arrive on the same day.",
        ],
    );
    let served = unique("extra", r#""cook_name","stay_id","served_on""#);
    all_say(
        &served,
        &[
            "There may be only one extra per cook, stay and day.",
            "Only one extra per cook name, stay and day is allowed.",
        ],
    );
    all_say(
        &unique("extra", r#""cook_name","served_on""#),
        &["One extra per cook per day.", "Only one extra per cook and day."],
    );
    listed(&[
        "A course can be cancelled only once per day.",
        "At most 3 sessions may be cancelled in a room per day.",
        "At most 3 sessions may be loud in a room per day.",
    ]);
}

#[test]
fn how_many_there_may_be() {
    all_say(
        &limit("session", "enrolment", r#"{"of":"value","value":12}"#),
        &[
            "When a session is full (12 enrolments), further enrolments are refused.",
            "When a session is full (12 enrolments), no further enrolments are accepted.",
            "A session with 12 enrolments is full.",
            "A session is full when it has 12 enrolments.",
            "A maximum of 12 participants can enrol in a session.",
            "No more than 12 participants may be enrolled in a session.",
            "A session takes at most twelve enrolments.",
            "Sessions with more than 12 enrolments are not allowed.",
        ],
    );
    all_say(
        &limit("session", "enrolment", r#"{"of":"referenced","via":"course_id","field":"max_participants","plus":0}"#),
        &[
            "Once the maximum number of participants of the course is reached, no further enrolments are accepted for the session.",
            "If the max participants of the course is reached, no more enrolments are accepted for the session.",
        ],
    );
    let open = |most: u32| {
        limit("participant", "enrolment", &format!(r#"{{"of":"value","value":{most}}}"#))
            .replace(r#""when":[]"#, r#""when":[{"test":"in","field":"status","values":["pending","accepted"]}]"#)
    };
    all_say(
        &open(5),
        &[
            "A participant may not have more than 5 open enrolments (pending or accepted) at the same time.",
            "A participant may have at most 5 active enrolments (pending or accepted) at a time.",
        ],
    );
    assert_eq!(
        said("At any time a participant can have at most one pending enrolment."),
        r#"{"kind":"unique","entity":"enrolment","fields":["participant_id"],"when":[{"test":"in","field":"status","values":["pending"]}],"ignore_case":false}"#
    );
    listed(&[
        "When a session is full (12 enrolments), the chef is informed.",
        "When a session is full, further enrolments go to a waiting list.",
        "A session with 12 enrolments is popular.",
        "Sessions with fewer than 3 enrolments are not allowed.",
        "A minimum of 3 participants can enrol in a session.",
        "At most 12 participants may complain in a session.",
        "Once the fee of the course is reached, no further enrolments are accepted for the session.",
    ]);
}

#[test]
fn sums_of_what_is_worked_out_for_each() {
    let line = computed(
        "extra",
        "quantity_by_unit_price",
        r#"{"expr":"mul","left":{"expr":"field","field":"quantity"},"right":{"expr":"field","field":"unit_price"}}"#,
    );
    let total = computed(
        "stay",
        "total",
        r#"{"expr":"children","child":"extra","via":"stay_id","measure":{"measure":"sum","field":"quantity_by_unit_price"},"when":[]}"#,
    );
    all_say(
        &format!("{line} & {total}"),
        &[
            "The total of a stay is the sum of quantity × unit price of its extras.",
            "The total of a stay is the sum of quantity times unit price over all its extras.",
            "The total of a stay is the total of quantity × unit price of the extras of the stay.",
        ],
    );
    listed(&["The total of a stay is the sum of quantity × unit price of its guests."]);
}

#[test]
fn shares_that_are_taken_off_or_put_on() {
    let hundredth = |part: &str| format!(r#"{{"expr":"div","left":{part},"right":{{"expr":"number","value":"100"}}}}"#);
    let field = |key: &str| format!(r#"{{"expr":"field","field":"{key}"}}"#);
    let by = |kind: &str, net: &str, share: &str| {
        format!(
            r#"{{"expr":"{kind}","left":{net},"right":{{"expr":"mul","left":{net},"right":{}}}}}"#,
            hundredth(share)
        )
    };
    all_say(
        &computed("enrolment", "due", &by("sub", &field("amount_paid"), &field("discount_percent"))),
        &[
            "The due of an enrolment is the amount paid less the discount percent.",
            "The due of an enrolment is the amount paid, reduced by the discount percent.",
            "The due of an enrolment is the amount paid minus the discount percent.",
        ],
    );
    all_say(
        &computed("course", "gross", &by("add", &field("fee"), r#"{"expr":"number","value":"19"}"#)),
        &[
            "The gross of a course is the fee plus 19 % VAT.",
            "The gross of a course is the fee plus 19 %.",
            "The gross of a course is the fee increased by 19 %.",
        ],
    );
    listed(&[
        "The due of a course is the fee minus 10 euros and 5 %.",
        "The occupancy of a session is the seats of the room, as a percentage.",
    ]);
}

#[test]
fn figures_that_are_shown() {
    let count = computed(
        "session",
        "number_of_enrolments",
        r#"{"expr":"children","child":"enrolment","via":"session_id","measure":{"measure":"count"},"when":[]}"#,
    );
    all_say(
        &count,
        &[
            "The number of enrolments is calculated automatically for every session.",
            "For every session the number of enrolments must be visible.",
            "The number of enrolments is determined for each session.",
        ],
    );
    let accepted = count
        .replace("number_of_", "number_of_accepted_")
        .replace(r#""when":[]"#, r#""when":[{"test":"in","field":"status","values":["accepted"]}]"#);
    all_say(
        &accepted,
        &[
            "The number of accepted enrolments per session can be displayed.",
            "We want to see the number of accepted enrolments per session.",
            "Show the number of accepted enrolments for each session.",
        ],
    );
    let free = r#"{"expr":"sub","left":{"expr":"referenced","via":"room_id","field":"seats"},"right":{"expr":"children","child":"enrolment","via":"session_id","measure":{"measure":"count"},"when":[]}}"#;
    all_say(
        &computed("session", "free_seats", free),
        &[
            "The system should automatically calculate the free seats of a session: room seats minus the number of enrolments.",
            "For each session, the system shows the free seats (seats of the room minus the number of enrolments).",
        ],
    );
    let price = r#"{"expr":"mul","left":{"expr":"referenced","via":"session_id.course_id","field":"fee"},"right":{"expr":"field","field":"seats"}}"#;
    all_say(
        &computed("enrolment", "price", price),
        &[
            "The price of an enrolment is the course fee times the number of seats.",
            "The price of an enrolment is the fee of the session's course × seats.",
        ],
    );
    assert_eq!(
        said("The age of an enrolment is the number of days since its enrolled on date."),
        computed(
            "enrolment",
            "age",
            r#"{"expr":"sub","left":{"expr":"today"},"right":{"expr":"field","field":"enrolled_on"}}"#
        )
    );
    listed(&[
        "The price of an enrolment is the course fee times the number of guests.",
        "The average mood of a session is the average of the moods of its enrolments.",
        "The age of a session is the number of days since the summer.",
    ]);
}

#[test]
fn reports_and_statistics() {
    let totals = |entity: &str, by: &str, measures: &str| {
        format!(r#"{{"kind":"totals","entity":"{entity}","by":[{by}],"measures":[{measures}]}}"#)
    };
    all_say(
        &totals("session", r#""course_id","level""#, ""),
        &[
            "The owner needs an overview of the number of sessions by level of the course.",
            "The number of sessions per level of the course must be available as a report.",
        ],
    );
    all_say(
        &totals("extra", r#""cook_name""#, r#"{"measure":"sum","field":"quantity"}"#),
        &["Quantities of extras are summed up per cook.", "The quantity of extras is totalled per cook name."],
    );
    let each = format!(
        "{} & {}",
        totals("session", r#""state""#, ""),
        totals("extra", r#""cook_name""#, r#"{"measure":"sum","field":"quantity"}"#)
    );
    all_say(
        &each,
        &[
            "Statistics: sessions per state, quantity per cook name.",
            "Statistics: sessions per state and quantity per cook.",
        ],
    );
    listed(&[
        "We need an overview of the number of complaints by session.",
        "Statistics: sessions per room, complaints per chef.",
    ]);
}

#[test]
fn how_lists_look() {
    let list = |entity: &str, sort: &str, size: &str| {
        format!(r#"{{"kind":"list","entity":"{entity}","sort":[{sort}],"page_size":{size}}}"#)
    };
    let key = |field: &str, descending: bool| format!(r#"{{"field":"{field}","descending":{descending}}}"#);
    all_say(
        &list("participant", &format!("{},{}", key("surname", false), key("first_name", false)), "null"),
        &[
            "By default, participants appear in alphabetical order of surname, then first name.",
            "Participants are listed in alphabetical order of surname and first name.",
        ],
    );
    all_say(
        &list("session", &key("starts_at", false), "null"),
        &["Sessions are shown in chronological order by default.", "Sessions are sorted chronologically by default."],
    );
    all_say(
        &list("session", &key("starts_at", true), "null"),
        &[
            "When I open the list of sessions, the newest sessions come first.",
            "Sessions appear in reverse chronological order.",
        ],
    );
    assert_eq!(
        said("When I open the list of sessions, the oldest sessions come first."),
        list("session", &key("starts_at", false), "null")
    );
    all_say(
        &list("course", "", "20"),
        &[
            "The course list is paginated with 20 entries per page.",
            "The list of courses is paginated, with 20 rows per page.",
        ],
    );
    all_say(
        r#"{"kind":"search","entity":"participant","fields":["surname"]}"#,
        &[
            "Users can look up participants by typing part of their surname.",
            "A search field lets staff find participants by surname.",
            "Participants can be searched by surname; the search ignores upper and lower case.",
        ],
    );
    let filter = |field: &str| format!(r#"{{"kind":"filter","entity":"session","field":"{field}"}}"#);
    assert_eq!(
        said("The session list can be narrowed down to a room or a state."),
        format!("{} & {}", filter("room_id"), filter("state"))
    );
    assert_eq!(
        said("It must be possible to export the extras of a stay as CSV."),
        r#"{"kind":"csv","entity":"extra"} & {"kind":"filter","entity":"extra","field":"stay_id"}"#
    );
    listed(&[
        "Sessions are sorted chronologically by colour.",
        "The list of sessions can be narrowed down to one colour.",
        "Participants can be found by typing part of their shoe size.",
        "Upcoming sessions are listed first.",
    ]);
}

#[test]
fn examples_with_figures() {
    let nights = "The nights of a stay are the number of days between the arrival date and the departure date.";
    let rule = said(nights);
    for example in [
        "Example: a stay from 1 June to 4 June has 3 nights.",
        "For example, a stay from 30 June 2026 to 2 July 2026 has 2 nights.",
    ] {
        assert_eq!(told(nights, example), rule, "{example}");
    }
    let amount = "The amount of an extra is quantity × unit price.";
    assert_eq!(told(amount, "Example: 3 chairs at 120.00 each give an amount of 360.00."), said(amount));
    let read = |example: &str| unknowns(&with(&format!("{amount}\n\n{example}\n")));
    let steps = "Given an extra with quantity 3 and unit price 4.50, when I view the extra, then the amount is";
    assert_eq!(read(&format!("{steps} 13.50.")), Vec::<String>::new());
    // Figures that the rule does not give show another one.
    assert_ne!(read(&format!("{steps} 14.50.")), Vec::<String>::new());
    assert_ne!(read("Example: 3 chairs at 120.00 each give an amount of 300.00."), Vec::<String>::new());
}

#[test]
fn examples_with_days() {
    let steps = |given: &str, when: &str| said(&format!("Given {given}, when {when}, then it is rejected."));
    assert_eq!(
        steps("a stay with arrival date 1 May", "I set the departure date to 30 April"),
        compared("stay", "departure_date", "ge", "arrival_date", r#""plus":0"#)
    );
    assert_eq!(
        steps("today is 10 March", "an enrolment is created with an enrolled on date of 11 March"),
        r#"{"kind":"compare","entity":"enrolment","field":"enrolled_on","op":"le","to":{"of":"today","plus_days":0},"when":[],"on_create":false}"#
    );
}

#[test]
fn notes_without_a_verb() {
    assert_eq!(
        said("Quantity mandatory, between 1 and 500"),
        r#"{"kind":"required","entity":"extra","field":"quantity"} & {"kind":"range","entity":"extra","field":"quantity","min":"1","max":"500","above_min":false,"below_max":false}"#
    );
    assert_eq!(
        said("Discount percent optional, 0-50"),
        r#"{"kind":"range","entity":"enrolment","field":"discount_percent","min":"0","max":"50","above_min":false,"below_max":false}"#
    );
    listed(&["Title mandatory, in bold", "Title optional, nice"]);
}
