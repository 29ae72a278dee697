//! Lists, scenarios and rules about states of a choir, a blood drive and a quarry that strangers wrote.

use super::{keys, rules_of, understood};
use maestro_artifacts::{FieldKind, Moment, Operand, RuleKind, Test};

#[test]
fn what_is_nested_in_an_item_belongs_to_its_record() {
    let read = understood(
        "# Choir\n\n## Singers\n\nA singer has a name.\n\n## Scores\n\n- A **work** (piece of music) has a title and a composer\n\
         \x20 - title and composer are required\n- A **copy** is one printed score of a work\n  - fields: inventory number \
         (required), condition (new, good, worn), purchase price\n- A **loan** hands a copy to a singer\n  - fields: copy, singer, \
         lent on, due on\n",
    );
    assert_eq!(keys(&read, "work"), ["title", "composer"]);
    assert_eq!(keys(&read, "copy"), ["work_id", "inventory_number", "condition", "purchase_price"]);
    assert_eq!(keys(&read, "loan"), ["copy_id", "singer_id", "lent_on", "due_on"]);
    assert!(read.concepts.entity("score").is_none());
}

#[test]
fn records_in_bullets_are_neither_fields_nor_stories() {
    let read = understood(
        "# Drives\n\n## Records\n\n- **Venue**: name, street, has a lift\n- **Drive**: venue, date, number of beds\n",
    );
    assert_eq!(read.concepts.field("venue", "has_a_lift").unwrap().kind, FieldKind::Boolean);
    assert_eq!(keys(&read, "drive"), ["venue_id", "date", "number_of_beds"]);
    let read = understood("# Donors\n\n## Records\n\n- **Donor**: donor number, first name, e-mail, phone\n");
    assert_eq!(keys(&read, "donor"), ["donor_number", "first_name", "e_mail", "phone"]);
    let read = understood(
        "# Choir\n\n## 3. Rehearsals\n\n- A **rehearsal** has a place and a start\n- **Attendance**: rehearsal, singer, presence \
         (present, excused, absent), excuse\n  - one attendance per singer and rehearsal\n",
    );
    assert_eq!(keys(&read, "attendance"), ["rehearsal_id", "singer", "presence", "excuse"]);
    let read = understood(
        "# Choir\n\n- A **concert** has a title and a status\n- Status of a concert: draft, announced, held\n  - starts as draft\n\
         \x20 - draft can become announced\n  - announced can become held\n",
    );
    assert_eq!(read.concepts.entity("concert").unwrap().workflow.as_ref().unwrap().transitions.len(), 2);
}

#[test]
fn whose_name_it_is_and_what_its_type_is_are_no_part_of_a_field() {
    let read = understood(
        "# Practices\n\n### Story 1 Dentists\n\nAs a clerk I want to know the dentists of each practice so that technicians can ring \
         the right one.\n\n- Every dentist works for one practice.\n- We store the dentist's first name, last name and phone \
         number.\n- First and last name must be present.\n\n### Story 2 Practices\n\n- A practice has a name.\n",
    );
    assert_eq!(keys(&read, "dentist"), ["practice_id", "first_name", "last_name", "phone_number"]);
    let read = understood(
        "# Concerts\n\n- A concert has a title and a date and time\n- Title and date and time are required.\n",
    );
    assert_eq!(keys(&read, "concert"), ["title", "date"]);
    let read = understood("# Trucks\n\n- A truck has a plate, a time weighed in and a time fee.\n");
    assert_eq!(read.concepts.field("truck", "time_weighed_in").unwrap().kind, FieldKind::DateTime);
    assert_eq!(read.concepts.field("truck", "time_fee").unwrap().kind, FieldKind::Money);
    let line = "The swearing-in date cannot be in the future.";
    let read = understood(&format!(
        "# Interpreters\n\n- An interpreter has a name and the date on which they were sworn in.\n- {line}\n"
    ));
    assert!(matches!(rules_of(&read, line).as_slice(), [RuleKind::Compare { field, .. }] if field == "date_sworn_in"));
}

const DRIVES: &str = "# Drives\n\n- A donor has a donor number.\n- A drive has a date, a number of beds and a status: planned, open. \
                      A new drive is planned. A planned drive can be opened.\n- An appointment belongs to a drive and a donor and has a \
                      start time.\n- A donation belongs to an appointment and has a bag number.\n- The appointment of a donation must be \
                      unique.\n\n";

#[test]
fn a_scenario_is_not_explained_by_a_rule_about_something_else() {
    let demands = |steps: &str| {
        let read = understood(&format!("{DRIVES}Scenario: One\n{steps}\n"));
        read.concepts.rules.into_iter().map(|rule| rule.demand).collect::<Vec<_>>()
    };
    let second = demands(
        "Given a donor has an appointment on a drive\nWhen the same donor books a second appointment on that drive\nThen the second \
         appointment is rejected",
    );
    let twice = |rule: &RuleKind| matches!(rule, RuleKind::Unique { entity, fields, .. } if entity == "appointment" && fields.len() == 2);
    assert!(second.iter().any(twice), "{second:?}");
    let kept = demands(
        "Given a donation exists for an appointment\nWhen the appointment is deleted\nThen the deletion is refused",
    );
    assert!(
        kept.iter().any(|rule| matches!(rule, RuleKind::NoDelete { entity, .. } if entity == "appointment")),
        "{kept:?}"
    );
    let past = demands("When an appointment starts in the past\nThen it is refused");
    let from_now = |rule: &RuleKind| matches!(rule, RuleKind::Compare { to: Operand::Now { .. }, .. });
    assert!(past.iter().any(from_now), "{past:?}");
    let opened = demands("When a drive without a number of beds is opened\nThen this is refused");
    let to_open = |rule: &RuleKind| matches!(rule, RuleKind::TransitionRequires { to, .. } if to == "open");
    assert!(opened.iter().any(to_open), "{opened:?}");
}

const JOBS: &str = "# Workshop\n\n- A job has a title and a status: new, accepted, in progress, finished.\n- A new job is new. A new job \
                    can be accepted. An accepted job can be put in progress. A job in progress can be finished.\n\n";

#[test]
fn what_was_accepted_once_has_been_accepted() {
    let line = "A job that has not been accepted cannot be finished.";
    let read = understood(&format!("{JOBS}{line}\n"));
    assert!(read.contradictions.is_empty(), "{:?}", read.contradictions);
    let holds = |rule: &&RuleKind| {
        matches!(rule, RuleKind::Requires { at: Moment::Transition { to }, condition, .. } if to == "finished"
            && condition.0.iter().any(|test| matches!(test, Test::In { values, .. } if values.iter().any(|value| value == "in progress"))))
    };
    assert!(rules_of(&read, line).iter().any(holds), "{:?}", rules_of(&read, line));
}

#[test]
fn one_in_a_state_at_any_time() {
    let one = |state: &str| {
        let line = format!("A truck may have only one {state} delivery at any time.");
        let read = understood(&format!(
            "# Quarry\n\n- A truck has a plate.\n- A delivery belongs to a truck and has a start time, an end time and a state: \
             open, booked, weighed.\n\n{line}\n"
        ));
        rules_of(&read, &line).into_iter().cloned().collect::<Vec<_>>()
    };
    assert!(matches!(one("open").as_slice(), [RuleKind::Unique { .. }]), "{:?}", one("open"));
    assert!(matches!(one("booked").as_slice(), [RuleKind::NoOverlap { .. }]), "{:?}", one("booked"));
}

#[test]
fn an_office_keeps_its_article() {
    let read = understood(&format!("{JOBS}Only the head of the lab may accept a job.\n"));
    assert_eq!(read.concepts.roles, ["head of the lab"]);
}
