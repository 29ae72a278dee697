//! What strangers' epics of escape rooms, depots and boreholes were read as something else.

use super::{keys, read, understood, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

fn demands(read: &Requirements) -> Vec<&RuleKind> {
    read.concepts.rules.iter().map(|rule| &rule.demand).collect()
}

#[test]
fn one_line_that_is_no_field_leaves_the_record_as_it_is() {
    let read = understood(
        "# Escape rooms\n\n## 1. Data\n\n* **Branch**\n  * name – required, unique\n  * opening time and closing time are not part \
         of this epic\n* **Room**\n  * belongs to a branch\n  * title – required; unique within a branch\n  * difficulty – easy, medium \
         or hard\n* **Game master**\n  * name – required\n* **Session**\n  * for one room, one game master (all required)\n  * players \
         – integer, required\n* **Review**\n  * of a session; there is at most one review per session\n  * stars – integer from 1 to 5\n",
    );
    assert_eq!(keys(&read, "branch"), ["name"]);
    assert_eq!(keys(&read, "room"), ["branch_id", "title", "difficulty"]);
    assert_eq!(keys(&read, "session"), ["room_id", "game_master_id", "players"]);
    assert_eq!(keys(&read, "review"), ["session_id", "stars"]);
    let required = |entity: &str, name: &str| {
        demands(&read)
            .iter()
            .any(|rule| matches!(rule, RuleKind::Required { entity: of, field } if of == entity && field == name))
    };
    assert!(required("room", "branch_id") && required("session", "room_id") && required("review", "session_id"));
    let per = |rule: &&RuleKind| matches!(rule, RuleKind::Unique { entity, fields, .. } if entity == "room" && fields.len() == 2);
    assert!(demands(&read).iter().any(per));
}

#[test]
fn a_field_may_be_called_by_the_half_of_its_name() {
    let text = "# Cars\n\n## Cars\n\nA car has a plate, a date of the last inspection and a deposit paid (money).\n\n";
    let read = understood(&format!(
        "{text}- The last inspection cannot be in the future.\n- The deposit cannot be negative.\n"
    ));
    assert_eq!(keys(&read, "car"), ["plate", "date_of_last_inspection", "deposit_paid"]);
    assert_eq!(
        demands(&read).iter().filter(|rule| matches!(rule, RuleKind::Compare { .. } | RuleKind::Range { .. })).count(),
        2
    );
    // Of two that begin so, none is meant.
    let text =
        "# Rooms\n\n## Rooms\n\nA room has a minimum age and a number of seats.\n\n- The minimum is at least 2.\n";
    let read = super::read(text);
    assert_eq!(unknowns(&read).len(), 1);
    assert_eq!(keys(&read, "room"), ["minimum_age", "number_of_seats"]);
}

const ORDERS: &str = "# Orders\n\nAn order has a title and a budget (money). An assignment belongs to one order and has a note. An \
                      order begins life as a draft.\n\n## Rules\n\n";

#[test]
fn what_a_status_asks_for_is_no_rule_of_all_records() {
    for said in [
        "An order can't be accepted without a budget.",
        "An order can be submitted only if it has at least one assignment.",
    ] {
        let read = read(&format!("{ORDERS}- {said}\n"));
        assert_eq!(unknowns(&read).len(), 1, "{said}");
    }
    let read = understood(&format!(
        "{ORDERS}- A draft order can be accepted.\n- An order can't be accepted without a budget.\n"
    ));
    assert!(
        demands(&read).iter().any(|rule| matches!(rule, RuleKind::TransitionRequires { to, .. } if to == "accepted"))
    );
}

#[test]
fn what_is_done_to_records_is_no_record() {
    let read = understood(
        "# Sessions\n\nA session has a title. The status of a session is booked or cancelled. A booked session can become \
         cancelled.\n\n## Rules\n\n- A cancellation must come with a cancellation reason.\n",
    );
    assert!(read.concepts.entity("cancellation").is_none());
    assert!(
        demands(&read).iter().any(|rule| matches!(rule, RuleKind::TransitionRequires { to, .. } if to == "cancelled"))
    );
}

const DEPOT: &str = "# Depot\n\nA site has a name and a kind (yard, shop). A job belongs to a site and has a title, a start date, a kind \
                     (clay, sand, peat) and a fee (money). The status of a job is draft, accepted or completed. A draft job can be \
                     accepted. An accepted job can be completed.\n\n## Rules\n\n";

#[test]
fn near_misses_are_read_as_they_are_or_not_at_all() {
    for said in [
        "Everyone except clerks may accept a job.",
        "The fees of accepted jobs of a site must not exceed 1000.",
        "A job may start on the day another one ends.",
        "The clerk can see all jobs with the nearest start date first.",
    ] {
        let read = read(&format!("{DEPOT}- {said}\n"));
        assert_eq!(unknowns(&read).len(), 1, "{said}: {:?}", demands(&read));
        assert_eq!(keys(&read, "job"), ["site_id", "title", "start_date", "kind", "fee", "status"], "{said}");
    }
    let of = |said: &str| {
        let (plain, read) = (understood(DEPOT), understood(&format!("{DEPOT}- {said}\n")));
        let rules = read.concepts.rules.into_iter().map(|rule| rule.demand);
        rules.filter(|rule| !plain.concepts.rules.iter().any(|old| old.demand == *rule)).collect::<Vec<_>>()
    };
    let both = of("No two jobs may have both the same title and the same start date.");
    assert!(matches!(both.as_slice(), [RuleKind::Unique { fields, .. }] if fields.len() == 2), "{both:?}");
    let form = of("The title starts with a capital letter.");
    assert!(matches!(form.as_slice(), [RuleKind::Pattern { regex, .. }] if regex == "[A-Z].*"), "{form:?}");
    let sum = of("The fees of a site's jobs add up to at most 5000.");
    assert!(matches!(sum.as_slice(), [RuleKind::Capacity { parent, .. }] if parent == "site"), "{sum:?}");
    let all = of("Sites can be deleted only if all their jobs are completed.");
    assert!(matches!(all.as_slice(), [RuleKind::NoDelete { .. }]), "{all:?}");
    assert!(format!("{all:?}").contains("NotIn"), "{all:?}");
}

#[test]
fn defaults_of_flags_and_references_to_one() {
    let read = understood(
        "# Depot\n\nA yard has a name. A job has a title and an active flag (boolean). A job has exactly one yard.\n\n## Rules\n\n- Jobs have \
         no active flag unless stated otherwise.\n",
    );
    assert_eq!(read.concepts.field("job", "active_flag").unwrap().kind, FieldKind::Boolean);
    assert!(demands(&read).iter().any(
        |rule| matches!(rule, RuleKind::Default { field, value, .. } if field == "active_flag" && *value == false)
    ));
    assert!(demands(&read).iter().any(|rule| matches!(rule, RuleKind::Required { field, .. } if field == "yard_id")));
}

#[test]
fn what_is_kept_of_every_record_is_told_in_many_ways() {
    for said in [
        "We need the learner's first name, birth date and home phone; only the phone may be left empty.",
        "The office keeps, for each learner, a first name, a birth date and a home phone. Only the home phone may be left empty.",
        "Of each learner we want to know the first name, the birth date and the home phone. First name and birth date are required.",
        "Learners have a first name and a birth date, both required, and a home phone.",
    ] {
        let read = understood(&format!("# School\n\nA school has a title.\n\n{said}\n"));
        assert_eq!(keys(&read, "learner"), ["first_name", "birth_date", "home_phone"], "{said}");
        let needed = demands(&read).iter().filter(|rule| matches!(rule, RuleKind::Required { .. })).count();
        assert_eq!(needed, 2, "{said}");
        assert!(
            !demands(&read).iter().any(|rule| matches!(rule, RuleKind::Format { field, .. } if field != "home_phone"))
        );
    }
    let read =
        understood("# School\n\nA test has an outcome (passed, failed or not attended) and an absence indicator.\n");
    let values = format!("{:?}", read.concepts.field("test", "outcome").unwrap().kind);
    assert!(values.contains("not attended"), "{values}");
    assert_eq!(read.concepts.field("test", "absence_indicator").unwrap().kind, FieldKind::Boolean);
    let read = understood(
        "# School\n\n## Trips\n\nA trip has a title, a date and a price (money).\n\nAll fields except the price are required.\n",
    );
    assert_eq!(demands(&read).iter().filter(|rule| matches!(rule, RuleKind::Required { .. })).count(), 2);
}
