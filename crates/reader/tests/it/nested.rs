//! Bullets that head others, values and beginnings in lists, and scenarios of records in one state or of one class.

use super::{keys, read, rules_of, understood, unknowns, ways};
use maestro_artifacts::{FieldKind, Op, Operand, Requirements, RuleKind};

fn values(read: &Requirements, entity: &str, field: &str) -> Vec<String> {
    match &read.concepts.field(entity, field).unwrap().kind {
        FieldKind::Enum { values } => values.clone(),
        _ => Vec::new(),
    }
}

#[test]
fn fields_and_rules_that_are_nested_below_their_titles() {
    let read = understood(
        "# Cellar\n\n1. Growers\n   - Fields\n     - name (text, required)\n     - member number (integer, unique)\n\
         2. Deliveries\n   - A delivery comes from a grower.\n   - Fields\n     - gross weight (kg, integer, at least 1)\n     \
         - tare weight (kg, integer, zero or more)\n   - Rules\n     - The tare weight has to be less than the gross weight.\n   \
         - Status\n     - received (initial)\n     - received -> graded, by a cellar master only\n     - graded -> paid, by an accountant\n",
    );
    assert_eq!(keys(&read, "grower"), ["name", "member_number"]);
    assert_eq!(keys(&read, "delivery"), ["grower_id", "gross_weight", "tare_weight", "status"]);
    let told = rules_of(&read, "The tare weight has to be less than the gross weight.");
    assert!(matches!(told.as_slice(), [RuleKind::Compare { op: Op::Lt, to: Operand::Field { .. }, .. }]), "{told:?}");
    assert_eq!(ways(&read, "delivery").len(), 2);
    assert_eq!(read.concepts.entity("delivery").unwrap().workflow.as_ref().unwrap().initial, "received");
}

#[test]
fn records_in_bullets_that_say_where_they_belong() {
    let read = understood(
        "# Hire\n\n- **Customer**: company name\n- **Building site**: belongs to a customer; address (required), opened on (date)\n\
         - **Scaffold**: stands at a building site, tag number, class (light, medium, heavy)\n\
         - **Check**: is carried out on a scaffold, checked on (date)\n",
    );
    assert_eq!(keys(&read, "building_site"), ["customer_id", "address", "opened_on"]);
    assert_eq!(keys(&read, "scaffold"), ["building_site_id", "tag_number", "class"]);
    assert_eq!(keys(&read, "check"), ["scaffold_id", "checked_on"]);
    // Sentences may stand among them.
    let read = understood(
        "# Cellar\n\n- Tank: code (unique), capacity in litres (integer)\n- Filling: tank, litres (integer), date\n\
         - The litres of all fillings in a tank can't exceed the capacity of the tank.\n",
    );
    assert_eq!(keys(&read, "filling"), ["tank_id", "litres", "date"]);
    assert!(read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Capacity { .. })));
}

#[test]
fn parts_that_are_described_where_their_whole_is() {
    for told in [
        "A building consists of lifts; every lift has a number and a speed.",
        "A building has lifts, each of which has a number and a speed.",
        "A building has several lifts, each with a number and a speed.",
    ] {
        let read = understood(&format!("# Lifts\n\n- A building has a name.\n- {told}\n"));
        assert_eq!(keys(&read, "lift"), ["number", "speed", "building_id"], "{told}");
        assert_eq!(keys(&read, "building"), ["name"], "{told}");
    }
    // What is told of several, or per other records, is no field.
    for told in ["A building can have several tenants and a tenant several buildings", "Lifts are kept per building"] {
        let read = read(&format!(
            "# Lifts\n\n- A building has a name.\n- A tenant has a name.\n- A lift has a code.\n- {told}.\n"
        ));
        assert_eq!(unknowns(&read), ["FR-4"], "{told}");
    }
}

#[test]
fn values_with_several_words_and_how_records_begin() {
    for (told, expected) in [
        ("(working, out of order or scrapped)", ["working", "out of order", "scrapped"]),
        ("(working, out of order, scrapped)", ["working", "out of order", "scrapped"]),
        ("(working, broken or scrapped; working at first)", ["working", "broken", "scrapped"]),
        (": working, broken or scrapped; it begins as working", ["working", "broken", "scrapped"]),
    ] {
        let read = understood(&format!(
            "# Lifts\n\n- A lift has a number and a status{}{told}.\n",
            if told.starts_with('(') { " " } else { "" }
        ));
        assert_eq!(values(&read, "lift", "status"), expected, "{told}");
        let begins = read
            .concepts
            .rules
            .iter()
            .any(|rule| matches!(&rule.demand, RuleKind::Default { value, .. } if value == "working"));
        assert_eq!(begins, told.contains("first") || told.contains("begins"), "{told}");
    }
    let read = understood(
        "# Reports\n\n- A report has a grade from one to five and notes.\n- A loan has a start date.\n- The start date must be tomorrow or later.\n",
    );
    assert_eq!(read.concepts.field("report", "grade").unwrap().kind, FieldKind::Integer);
    assert_eq!(read.concepts.field("loan", "start_date").unwrap().kind, FieldKind::Date);
}

const SCAFFOLDS: &str = "# Hire\n\n- **Scaffold**: tag number, class (light, medium, heavy), height in metres (decimal)\n- **Customer**: name, kind (firm, private)\n\n";

#[test]
fn scenarios_of_one_class_say_nothing_of_the_others() {
    let read = understood(&format!(
        "{SCAFFOLDS}Scenario: All\nGiven a scaffold\nWhen its height is more than 60 metres\nThen it is rejected\n\n\
         Scenario: Light ones\nGiven a scaffold of class light\nWhen its height exceeds 12 metres\nThen it is refused\n"
    ));
    let bounds: Vec<&RuleKind> = read.concepts.rules.iter().map(|rule| &rule.demand).collect();
    assert!(
        bounds.iter().any(|rule| matches!(rule, RuleKind::Range { max: Some(max), .. } if max == "60")),
        "{bounds:?}"
    );
    assert!(
        bounds.iter().any(|rule| matches!(rule, RuleKind::Compare { when, .. } if when.0.len() == 1)),
        "{bounds:?}"
    );
}

#[test]
fn scenarios_name_states_of_several_words_and_who_alone_may() {
    let read = understood(&format!(
        "{SCAFFOLDS}Scenario: Use\nGiven a scaffold in status erecting\nWhen only a supervisor hands it over\nThen its status becomes in use\n\n\
         Scenario: End\nGiven a scaffold in status in use\nWhen it is dismantled\nThen its status becomes dismantled\n"
    ));
    assert_eq!(values(&read, "scaffold", "status"), ["erecting", "in use", "dismantled"]);
    let role = |rule: &RuleKind| matches!(rule, RuleKind::TransitionRole { to, roles, .. } if to == "in use" && roles == &["supervisor"]);
    assert!(read.concepts.rules.iter().any(|rule| role(&rule.demand)));
}

#[test]
fn one_of_two_is_not_both() {
    let data = "# Lifts\n\n- A building has a name.\n- A lift belongs to a building and has a number, a phone, an e-mail, a start date, an end date and a state (working, broken or scrapped).\n";
    for told in [
        "No two lifts in the same building may have the same number or phone",
        "Anyone except clerks may scrap a lift",
        "The phone starts with a plus sign",
    ] {
        assert_eq!(unknowns(&read(&format!("{data}- {told}.\n"))).len(), 1, "{told}");
    }
    // An order beside filters is the list's own.
    let read =
        understood(&format!("{data}- Lifts can be filtered by state, and sorted by start date, newest first.\n"));
    let list = |rule: &RuleKind| matches!(rule, RuleKind::List { sort, .. } if sort.iter().all(|key| key.descending));
    assert!(read.concepts.rules.iter().any(|rule| list(&rule.demand)));
    // At most one in a state is told of the state, and not of the time that it takes.
    let read = understood(&format!("{data}- A building can have only one broken lift at a time.\n"));
    assert!(
        read.concepts
            .rules
            .iter()
            .any(|rule| matches!(&rule.demand, RuleKind::Unique { when, .. } if !when.0.is_empty()))
    );
}

#[test]
fn what_a_scenario_misses_is_needed_of_such_records_only() {
    let data =
        "# Hire\n\n- **Check**: checked on (date), result (pass, fail), findings (text)\n- **Site**: name, address\n\n";
    let read = understood(&format!(
        "{data}Scenario: Failed\nGiven a check with result fail\nWhen no findings are given\nThen the check is rejected\n\n\
         Scenario: Named\nWhen a site is added without a name\nThen it is refused\n"
    ));
    let rules: Vec<&RuleKind> = read.concepts.rules.iter().map(|rule| &rule.demand).collect();
    assert!(rules.iter().any(
        |rule| matches!(rule, RuleKind::RequiredWhen { field, when, .. } if field == "findings" && when.0.len() == 1)
    ));
    assert!(rules.iter().any(|rule| matches!(rule, RuleKind::Required { field, .. } if field == "name")));
}
