//! Sentences of strangers' epics (workshops, drill cores, costumes) that were once read as something else.

use super::{keys, understood, unknowns, ways};
use maestro_artifacts::{Action, FieldKind, Op, Operand, Requirements, RuleKind};

fn demands(read: &Requirements) -> Vec<&RuleKind> {
    read.concepts.rules.iter().map(|rule| &rule.demand).collect()
}

fn fields(read: &Requirements, entity: &str) -> Vec<(String, FieldKind)> {
    let fields = &read.concepts.entity(entity).unwrap().fields;
    fields.iter().map(|field| (field.key.clone(), field.kind.clone())).collect()
}

fn required(read: &Requirements, entity: &str) -> Vec<String> {
    let named = |rule: &&RuleKind| match rule {
        RuleKind::Required { entity: of, field } if of == entity => Some(field.clone()),
        _ => None,
    };
    demands(read).iter().filter_map(named).collect()
}

/// Whether a yes/no field holds this where nothing is given.
fn by_default(read: &Requirements, key: &str, yes: bool) -> bool {
    let told =
        |rule: &&RuleKind| matches!(rule, RuleKind::Default { field, value, .. } if field == key && *value == yes);
    demands(read).iter().any(told)
}

fn way(from: &str, to: &str) -> (String, String) {
    (from.to_owned(), to.to_owned())
}

const CORES: &str = "# Cores\n\n## Boreholes\n\nA borehole has a code (text, required, unique).\n\n## Samples\n\nEach sample belongs to \
    exactly one borehole. It has a label, a top depth and a bottom depth, both decimal numbers in metres, a mass in grams and a box. \
    The label and both depths are required.\n\n";

const ORDERS: &str = "# Workshop\n\n- The system shall store vehicles. A vehicle has a plate (text, required).\n- The system shall store \
    work orders. Each work order shall refer to one vehicle. A work order has a number (text), a planned start date, a planned end date \
    and a completion date.\n";

#[test]
fn what_is_said_of_two_fields_is_none_of_its_own() {
    let read = understood(CORES);
    assert_eq!(keys(&read, "sample"), ["borehole_id", "label", "top_depth", "bottom_depth", "mass", "box"]);
    assert_eq!(fields(&read, "sample")[2].1, FieldKind::Decimal);
    assert_eq!(required(&read, "sample"), ["borehole_id", "label", "top_depth", "bottom_depth"]);
    let read = understood(
        "# Jobs\n\nA job has a name, a width and a height, both whole numbers from 1 to 90, and a remark.\n",
    );
    assert_eq!(keys(&read, "job"), ["name", "width", "height", "remark"]);
    let bounded = demands(&read).into_iter().filter_map(|rule| match rule {
        RuleKind::Range { field, min, max, .. } => Some((field.as_str(), min.as_deref(), max.as_deref())),
        _ => None,
    });
    let bounds = (Some("1"), Some("90"));
    assert_eq!(bounded.collect::<Vec<_>>(), [("width", bounds.0, bounds.1), ("height", bounds.0, bounds.1)]);
}

#[test]
fn fields_may_be_named_by_what_their_names_share() {
    let read = understood(&format!("{ORDERS}- The planned dates are required.\n"));
    assert_eq!(required(&read, "work_order"), ["vehicle_id", "planned_start_date", "planned_end_date"]);
    assert!(!keys(&read, "work_order").contains(&"planned_dates".to_owned()));
    // Of three dates nobody knows which are meant.
    assert_eq!(unknowns(&super::read(&format!("{ORDERS}- The dates are required.\n"))).len(), 1);
}

#[test]
fn a_flag_is_called_by_what_stands_behind_the_word() {
    for told in [
        "a flag sealed, which is false by default",
        "a yes/no field sealed (default no)",
        "a boolean sealed (default false)",
    ] {
        let read = understood(&format!("# Cores\n\nA borehole has a code and {told}.\n"));
        assert_eq!(fields(&read, "borehole")[1], ("sealed".to_owned(), FieldKind::Boolean), "{told}");
        assert!(by_default(&read, "sealed", false), "{told}");
    }
    let read = understood("# Ships\n\nA ship has a name and a flag state.\n");
    assert_eq!(keys(&read, "ship"), ["name", "flag_state"]);
    let read = understood(&format!(
        "{ORDERS}- The system shall store whether a vehicle is roadworthy (yes or no, default yes).\n"
    ));
    assert_eq!(fields(&read, "vehicle")[1], ("roadworthy".to_owned(), FieldKind::Boolean));
    assert!(by_default(&read, "roadworthy", true));
}

#[test]
fn a_search_that_is_needed_demands_no_value() {
    for told in
        ["A search over the label and the box of samples is needed.", "A search by label and box must be provided."]
    {
        let read = understood(&format!("{CORES}## Lists\n\n{told}\n"));
        let both = |rule: &&RuleKind| matches!(rule, RuleKind::Search { fields, .. } if fields.len() == 2);
        assert!(demands(&read).iter().any(both), "{told}");
        assert!(!required(&read, "sample").contains(&"box".to_owned()), "{told}");
    }
    // Of one list, or of none.
    let read = super::read(&format!("{CORES}## Lists\n\nA search over the label and the code is needed.\n"));
    assert_eq!(unknowns(&read).len(), 1);
}

#[test]
fn a_phase_is_called_so() {
    for told in [
        "A work order shall have a phase. The phases are",
        "The phases of a work order are",
        "A work order has a phase. The phases are",
    ] {
        let read = understood(&format!(
            "{ORDERS}- {told} requested, approved and completed. A new work order is requested.\n- A requested work order may \
             be approved.\n"
        ));
        let flow = read.concepts.entity("work_order").unwrap().workflow.clone().unwrap();
        assert_eq!((flow.field.as_str(), flow.initial.as_str()), ("phase", "requested"), "{told}");
        assert!(!keys(&read, "work_order").contains(&"status".to_owned()), "{told}");
    }
}

#[test]
fn what_is_done_may_lead_to_a_state_of_another_name() {
    let flow = format!(
        "{ORDERS}- A work order has a phase: requested, approved, in progress or completed. A new work order is requested.\n- A \
         requested work order may be approved.\n"
    );
    for told in [
        "An approved work order may be started, which sets its phase to in progress.",
        "An approved work order may be started, and is then in progress.",
        "An approved work order can be started; its phase then becomes in progress.",
        "Starting an approved work order moves it to in progress.",
        "When an approved work order is started, its phase changes to in progress.",
    ] {
        let read = understood(&format!("{flow}- {told}\n- Only managers may start a work order.\n"));
        assert_eq!(ways(&read, "work_order"), [way("requested", "approved"), way("approved", "in progress")], "{told}");
        let role = |rule: &&RuleKind| matches!(rule, RuleKind::TransitionRole { to, .. } if to == "in progress");
        assert!(demands(&read).iter().any(role), "{told}");
        assert!(!demands(&read).iter().any(|rule| matches!(rule, RuleKind::ActionRole { .. })), "{told}");
    }
    let read = super::read(&format!("{flow}- An approved work order may be started, which makes it urgent.\n"));
    assert_eq!(unknowns(&read).len(), 1);
    assert_eq!(ways(&read, "work_order"), [way("requested", "approved")]);
}

#[test]
fn a_date_may_lie_between_another_one_and_today() {
    let read = understood(&format!(
        "{ORDERS}- The completion date must not be earlier than the planned start date and must not be in the future.\n"
    ));
    let after = |rule: &&RuleKind| matches!(rule, RuleKind::Compare { op: Op::Ge, to: Operand::Field { .. }, .. });
    let past = |rule: &&RuleKind| matches!(rule, RuleKind::Compare { op: Op::Le, to: Operand::Today { .. }, .. });
    assert!(demands(&read).iter().any(after) && demands(&read).iter().any(past));
}

#[test]
fn what_is_remarked_of_spans_holds_of_them_anyway() {
    let alone =
        |read: &Requirements| demands(read).iter().filter(|rule| matches!(rule, RuleKind::NoOverlap { .. })).count();
    let rule = "Two work orders for the same vehicle must not overlap in their planned dates";
    for told in ["; a shared day counts as an overlap.", ". A shared day is an overlap, too."] {
        assert_eq!(alone(&understood(&format!("{ORDERS}- {rule}{told}\n"))), 1, "{told}");
    }
    for told in ["; a shared day is no overlap.", "; one may begin on the day another one ends."] {
        assert_eq!(unknowns(&super::read(&format!("{ORDERS}- {rule}{told}\n"))).len(), 1, "{told}");
    }
}

#[test]
fn records_may_last_along_a_measure() {
    let along = |read: &Requirements| {
        demands(read).iter().any(|rule| {
            matches!(rule, RuleKind::NoOverlap { start, end, by, .. }
                if start == "top_depth" && end == "bottom_depth" && *by == ["borehole_id"])
        })
    };
    for told in [
        "The samples of a borehole must not overlap in depth, that is, from top depth to bottom depth; one sample may begin where another ends.",
        "No two samples of the same borehole may overlap in depth.",
        "The depth ranges of samples in one borehole must not overlap.",
        "The intervals from top depth to bottom depth of the samples of a borehole must not overlap.",
    ] {
        assert!(along(&understood(&format!("{CORES}- {told}\n"))), "{told}");
    }
    for told in [
        "The samples of a borehole must not overlap in colour.",
        "The samples of a borehole must not overlap in depth; two samples may not even touch.",
    ] {
        assert_eq!(unknowns(&super::read(&format!("{CORES}- {told}\n"))).len(), 1, "{told}");
    }
}

#[test]
fn what_a_record_is_tells_to_what_it_belongs() {
    for told in [
        "one job on one vehicle",
        "a repair that is carried out on one vehicle",
        "a written instruction for exactly one vehicle",
    ] {
        let read = understood(&format!(
            "# Workshop\n\nA vehicle has a plate.\n\nA work order is {told}. A work order has a number and a title.\n"
        ));
        assert_eq!(keys(&read, "work_order"), ["vehicle_id", "number", "title"], "{told}");
    }
    let read = super::read(
        "# Workshop\n\nA vehicle has a plate.\n\nA work order has a number and a title. A work order is a piece of paper.\n",
    );
    assert_eq!(unknowns(&read).len(), 1);
}

const COSTUMES: &str = "# Costumes\n\n## Garments\n\n- name (text, required)\n- colour (text)\n\n## Productions\n\n- title (text, required)\n\n\
    ## Loans\n\n- garment (required)\n- production (required)\n- from (date, required)\n- until (date, required)\n- status: reserved, handed out, \
    returned or cancelled; new loans are reserved\n\n## Repairs\n\n- garment (required)\n- cost (money)\n\n";

#[test]
fn what_is_noted_of_new_records_is_no_value_and_is_not_lost() {
    for told in ["; new loans are open", " (new loans are open)", "; a new loan starts as open"] {
        let read =
            understood(&format!("# Loans\n\n## Loans\n\n- code (text)\n- status: reserved, open or returned{told}\n"));
        let values = FieldKind::Enum { values: ["reserved", "open", "returned"].map(str::to_owned).to_vec() };
        assert_eq!(fields(&read, "loan")[1], ("status".to_owned(), values), "{told}");
        let first = |rule: &&RuleKind| matches!(rule, RuleKind::Default { field, value, .. } if field == "status" && *value == "open");
        assert!(demands(&read).iter().any(first), "{told}");
        assert_eq!(ways(&read, "loan"), [], "{told}");
    }
    for told in ["; loans are nice", " (loans are nice)"] {
        let read =
            super::read(&format!("# Loans\n\n## Loans\n\n- code (text)\n- status: reserved, open or returned{told}\n"));
        assert_eq!(unknowns(&read).len(), 1, "{told}");
        assert_eq!(ways(&read, "loan"), [], "{told}");
    }
}

#[test]
fn who_reserves_one_record_for_another_makes_a_third_that_refers_to_both() {
    let read =
        understood(&format!("{COSTUMES}## Stories\n\nAs a designer, I want to reserve a garment for my production.\n"));
    assert_eq!(keys(&read, "garment"), ["name", "colour"]);
    let made = |of: &str| {
        let made =
            |rule: &&RuleKind| matches!(rule, RuleKind::Capability { entity, action: Action::Create } if entity == of);
        demands(&read).iter().any(made)
    };
    assert!(made("loan") && !made("garment"));
}

#[test]
fn another_record_that_is_made_does_not_leave_the_state_of_the_first() {
    for told in [
        "Given a cancelled loan, when I create another loan, then it is created with status \"reserved\".",
        "Given a cancelled loan for the same days, when I reserve the garment, then the loan is created with status \"reserved\".",
    ] {
        let read =
            super::read(&format!("{COSTUMES}## Stories\n\nAs a designer, I want to create loans.\n\n- {told}\n"));
        assert_eq!(ways(&read, "loan"), [], "{told}");
    }
}

#[test]
fn bullets_that_tell_lists_are_no_fields() {
    let read = understood(&format!(
        "{COSTUMES}## Lists\n\n- Garments: sorted by name, 25 per page; full-text search in name and colour.\n- Loans: most recent \"from\" \
         date first; filter by production, garment and status; export as CSV.\n- Totals: repair cost per garment colour.\n"
    ));
    assert_eq!(read.concepts.entities.len(), 4);
    let told = |fits: fn(&RuleKind) -> bool| demands(&read).into_iter().filter(|rule| fits(rule)).count();
    assert_eq!(told(|rule| matches!(rule, RuleKind::List { .. })), 2);
    assert_eq!(told(|rule| matches!(rule, RuleKind::Filter { .. })), 3);
    assert_eq!(
        told(|rule| matches!(rule, RuleKind::Search { .. } | RuleKind::Csv { .. } | RuleKind::Totals { .. })),
        3
    );
}

#[test]
fn what_goes_with_a_record_is_told_of_the_one_before() {
    let read = understood(&format!(
        "{COSTUMES}## Rules\n\n- Garments that have loans cannot be deleted; their repairs are deleted along with them.\n- Everybody can view \
         everything.\n"
    ));
    let goes = |rule: &&RuleKind| matches!(rule, RuleKind::Cascade { entity, field } if entity == "repair" && field == "garment_id");
    assert!(demands(&read).iter().any(goes));
    assert!(!demands(&read).iter().any(|rule| matches!(rule, RuleKind::ActionRole { .. })));
    // Loans are not kept for productions that anything else goes with.
    let read = super::read(&format!(
        "{COSTUMES}## Rules\n\n- Productions with loans cannot be deleted; their repairs are deleted with them.\n"
    ));
    assert_eq!(unknowns(&read).len(), 1);
}

#[test]
fn what_two_fields_are_ends_where_the_next_one_begins() {
    let read = understood(
        "# Members\n\nA member has a first name and a last name, both required and at most 50 characters long, an e-mail address, a \
         phone number and a nickname.\n",
    );
    assert_eq!(keys(&read, "member"), ["first_name", "last_name", "e_mail_address", "phone_number", "nickname"]);
    assert_eq!(required(&read, "member"), ["first_name", "last_name"]);
    let formats = demands(&read).into_iter().filter_map(|rule| match rule {
        RuleKind::Format { field, .. } => Some(field.as_str()),
        _ => None,
    });
    assert_eq!(formats.collect::<Vec<_>>(), ["e_mail_address"]);
    let long = demands(&read).into_iter().filter_map(|rule| match rule {
        RuleKind::Length { field, min: None, max, .. } => Some((field.as_str(), *max)),
        _ => None,
    });
    assert_eq!(long.collect::<Vec<_>>(), [("last_name", Some(50)), ("first_name", Some(50))]);
}
