//! Criteria that begin with what is done, and steps drawn in notes, in epics about parking permits and hives.

use super::{keys, read, required, rules_of, understood, unknowns, ways};
use maestro_artifacts::{Requirements, RuleKind};

const PERMITS: &str = "# Permits\n\n## Employees\n\nAn employee has a full name (required) and a department.\n\n## Vehicles\n\nEvery vehicle \
    belongs to one employee. A vehicle has a registration plate (required), which must be unique, and a make.\n\n## Permits\n\nA permit is \
    issued for one vehicle. It has a first day and a last day, both mandatory. It has a monthly fee in euros, which must not be negative, \
    and a number of months, a whole number from 1 to 12. The total fee is the monthly fee multiplied by the number of months. It has a \
    reason (optional text).\n\nA permit is requested, approved, rejected, active or revoked. A requested permit can be approved or \
    rejected. An approved permit can be activated. An active permit can be revoked. Only facility managers can approve permits. When a \
    permit is rejected, a reason must be given.\n\n";

/// The rule kinds that one criterion, or one sentence among the rules, was understood to show.
fn shown(section: &str, told: &str) -> Vec<RuleKind> {
    let read = understood(&format!("{PERMITS}## {section}\n\n- {told}\n"));
    let rules = rules_of(&read, told).into_iter().cloned().collect::<Vec<_>>();
    // An example makes no rule of its own where the epic states it.
    let before = understood(PERMITS).concepts.rules.len();
    assert_eq!(read.concepts.rules.len(), before, "{told}: {rules:#?}");
    rules
}

fn steps(read: &Requirements, entity: &str) -> Vec<String> {
    ways(read, entity).into_iter().map(|(from, to)| format!("{from} > {to}")).collect()
}

#[test]
fn a_verb_leads_to_a_state_that_is_listed() {
    let read = understood(PERMITS);
    let wanted = ["requested > approved", "requested > rejected", "approved > active", "active > revoked"];
    assert_eq!(steps(&read, "permit"), wanted);
}

#[test]
fn what_is_done_by_whom_shows_who_may() {
    for section in ["Acceptance criteria", "Rules"] {
        for told in [
            "Approving a permit as an employee is refused.",
            "Approving a permit as a clerk is not allowed.",
            "Approving a permit as an employee is refused; approving it as a facility manager succeeds.",
        ] {
            let rules = shown(section, told);
            let only = |rule: &RuleKind| matches!(rule, RuleKind::TransitionRole { to, roles, .. } if to == "approved" && roles == &["facility manager"]);
            assert!(rules.iter().any(only), "{section}, {told}: {rules:?}");
        }
    }
}

#[test]
fn what_is_done_without_something_shows_that_it_is_needed() {
    for section in ["Acceptance criteria", "Rules"] {
        let told = "Rejecting a permit without a reason is refused.";
        let rules = shown(section, told);
        assert!(
            matches!(rules.as_slice(), [RuleKind::TransitionRequires { to, fields, .. }] if to == "rejected" && fields == &["reason"]),
            "{rules:?}"
        );
        let rules = shown(section, "Creating a permit with 13 months is rejected.");
        assert!(
            matches!(rules.as_slice(), [RuleKind::Range { field, .. }] if field == "number_of_months"),
            "{section}: {rules:?}"
        );
    }
}

#[test]
fn figures_show_what_is_worked_out_without_being_called_an_example() {
    for told in [
        "A permit with a monthly fee of 20.00 and 3 months has a total fee of 60.00.",
        "The total fee of a permit with a monthly fee of 20.00 and 3 months is 60.00.",
    ] {
        let rules = shown("Acceptance criteria", told);
        assert!(matches!(rules.as_slice(), [RuleKind::Computed { field, .. }] if field == "total_fee"), "{rules:?}");
    }
    // The figures do not agree with the rule.
    let told = "A permit with a monthly fee of 20.00 and 3 months has a total fee of 50.00.";
    let read = read(&format!("{PERMITS}## Acceptance criteria\n\n- {told}\n"));
    assert_eq!(unknowns(&read).len(), 1);
}

#[test]
fn lists_are_asked_for_by_doing() {
    for (told, kind) in [
        ("Filtering permits by vehicle returns only the permits of that vehicle.", "filter"),
        ("Sorting permits by first day works in both directions.", "sort"),
        ("Requesting the list of permits as CSV returns a header line and one line per permit.", "csv"),
    ] {
        let read = understood(&format!("{PERMITS}## Acceptance criteria\n\n- {told}\n"));
        let rules = rules_of(&read, told);
        let fits = |rule: &&RuleKind| match rule {
            RuleKind::Filter { field, .. } => kind == "filter" && field == "vehicle_id",
            RuleKind::Sort { field, .. } => kind == "sort" && field == "first_day",
            RuleKind::Csv { entity } => kind == "csv" && entity == "permit",
            _ => false,
        };
        assert!(rules.iter().any(fits), "{told}: {rules:?}");
    }
}

#[test]
fn steps_may_be_drawn_behind_a_name() {
    let told = "Dead hives can't be inspected or harvested.";
    let read = understood(&format!(
        "# Bees\n\n| Apiary | | |\n|---|---|---|\n| Field | Type | Constraints |\n| name | string(60) | required, unique |\n| altitude | integer | \
         -100..3000 m |\n\n## Entities\n\n**Hive**: number (required), apiary (required), state [active -> sold | dead].\n\n**Inspection**: hive \
         (required), date (required, not in the future), status (enum: planned -> held).\n\n**Harvest**: hive (required), jars (integer, \
         1..500).\n\n## Rules\n\n- {told}\n"
    ));
    assert_eq!(keys(&read, "apiary"), ["name", "altitude"]);
    assert_eq!(steps(&read, "hive"), ["active > sold", "active > dead"]);
    assert_eq!(steps(&read, "inspection"), ["planned > held"]);
    assert_eq!(required(&read), ["name", "number", "apiary_id", "hive_id", "date", "hive_id"]);
    let altitude = |rule: &RuleKind| matches!(rule, RuleKind::Range { field, min, max, .. } if field == "altitude" && min.as_deref() == Some("-100") && max.as_deref() == Some("3000"));
    assert!(read.concepts.rules.iter().any(|rule| altitude(&rule.demand)));
    let both: Vec<&str> = rules_of(&read, told)
        .into_iter()
        .filter_map(|rule| match rule {
            RuleKind::Requires { entity, .. } => Some(entity.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(both, ["inspection", "harvest"]);
}

#[test]
fn one_day_told_twice_is_the_day_of_the_rule() {
    let hives = "# Bees\n\n## Hives\n\nA hive has a number (required).\n\n## Inspections\n\nEvery inspection belongs to one hive. An inspection \
        has a date (required) and a remark.\n\n- At most one inspection per hive and day.\n\n## Acceptance criteria\n\n";
    for told in [
        "Given a hive with an inspection on 2026-05-02, when another inspection of this hive is recorded on 2026-05-02, then it is refused.",
        "Given an inspection of hive 7 on 2 May 2026, when another inspection of hive 7 on 2 May 2026 is saved, then the system refuses it.",
    ] {
        let read = understood(&format!("{hives}- {told}\n"));
        assert!(
            matches!(rules_of(&read, told).as_slice(), [RuleKind::Unique { fields, .. }] if fields == &["hive_id", "date"]),
            "{told}"
        );
    }
    // On another day nothing is refused.
    let told = "Given a hive with an inspection on 2026-05-02, when another inspection of this hive is recorded on 2026-05-03, then it is refused.";
    assert_eq!(unknowns(&read(&format!("{hives}- {told}\n"))).len(), 1);
}
