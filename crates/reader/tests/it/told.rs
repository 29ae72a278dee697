//! Plain sentences that tell fields, examples and states beside a small model.

use crate::{read, rules_of, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

const MODEL: &str = "# Kayaks\n\n## Kayaks\n- A kayak has a hull number (required, unique), an hourly rate (money, required) \
    and a number of seats (integer, 1 to 4).\n\n## Bookings\n- A booking belongs to a kayak, has a start (date and time, \
    required), an end (date and time, required) and a number of people (integer, 1 to 9).\n";

fn with(text: &str) -> Requirements {
    read(&format!("{MODEL}\n## More bookings\n\n- {text}\n"))
}

fn criterion(text: &str) -> Requirements {
    read(&format!("{MODEL}\n## As a clerk I want to make bookings.\n\nAcceptance criteria:\n- {text}\n"))
}

fn field(read: &Requirements, entity: &str, key: &str) -> FieldKind {
    let entity = read.concepts.entities.iter().find(|known| known.key == entity).unwrap();
    entity.fields.iter().find(|field| field.key == key).unwrap().kind.clone()
}

#[test]
fn a_sentence_with_notes_is_no_list_of_fields() {
    let read = read(MODEL);
    assert_eq!(field(&read, "booking", "kayak_id"), FieldKind::Reference { entity: "kayak".to_owned() });
    assert_eq!(field(&read, "booking", "start"), FieldKind::DateTime);
}

#[test]
fn what_a_record_may_be_marked_as_is_a_yes_or_no() {
    for (text, key, default) in [
        ("Kayaks can be out of service.", "out_of_service", false),
        ("Kayaks can be out of service; by default they are not.", "out_of_service", true),
        ("A kayak may be marked as retired.", "retired", false),
        ("A kayak can be marked retired, but is not by default.", "retired", true),
        ("Each kayak can be flagged as reserved for members, which is off by default.", "reserved_for_members", true),
    ] {
        let read = with(text);
        assert_eq!(field(&read, "kayak", key), FieldKind::Boolean, "{text}");
        let told = rules_of(&read, text).iter().any(|rule| matches!(rule, RuleKind::Default { .. }));
        assert_eq!(told, default, "{text}");
    }
    for text in ["A kayak can be marked as retired if it is old.", "A kayak can be out of service or retired."] {
        assert_eq!(unknowns(&with(text)).len(), 1, "{text}");
    }
}

#[test]
fn both_speaks_of_what_was_told_before() {
    let read = with("A booking also has a deposit and a remark. Both are required.");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let required = |key: &str| {
        read.concepts.rules.iter().any(
            |rule| matches!(&rule.demand, RuleKind::Required { entity, field } if entity == "booking" && field == key),
        )
    };
    assert!(required("deposit") && required("remark"));
    assert_eq!(unknowns(&with("A booking has a deposit. Both are required.")).len(), 1);
}

#[test]
fn several_fields_share_a_note() {
    let read = with("A booking has an arrival and a departure, both date and time.");
    assert_eq!(field(&read, "booking", "arrival"), FieldKind::DateTime);
    assert_eq!(field(&read, "booking", "departure"), FieldKind::DateTime);
    let read = with("A kayak has a length, a width and a weight, all decimal numbers.");
    for key in ["length", "width", "weight"] {
        assert_eq!(field(&read, "kayak", key), FieldKind::Decimal);
    }
}

#[test]
fn an_example_is_no_field_and_a_unit_no_value() {
    let read = with("A kayak has a code of two capital letters followed by two digits, e.g. `AB12`.");
    let kayak = read.concepts.entities.iter().find(|known| known.key == "kayak").unwrap();
    assert_eq!(kayak.fields.last().unwrap().key, "code");
    assert_eq!(kayak.fields.len(), 4);
    let read = with("A kayak has a kind (`bar`, `liquid` or `shaving`) and a price per bar in money.");
    let values = ["bar", "liquid", "shaving"].map(str::to_owned).to_vec();
    assert_eq!(field(&read, "kayak", "kind"), FieldKind::Enum { values });
    assert_eq!(field(&read, "kayak", "price_per_bar"), FieldKind::Money);
}

#[test]
fn whose_a_field_is_is_no_part_of_its_name() {
    let read = with("The deposit of a booking is an optional amount of money that must not be negative.");
    assert_eq!(field(&read, "booking", "deposit"), FieldKind::Money);
}

#[test]
fn the_duration_is_from_start_to_end() {
    for text in [
        "The price of a booking is the hourly rate of the kayak multiplied by its duration in hours.",
        "The price of a booking is its duration in hours times the hourly rate of its kayak.",
        "The duration of a booking is the time between start and end in hours.",
    ] {
        let rules = serde_json::to_string(&rules_of(&with(text), text)).unwrap();
        assert!(
            rules.contains(r#""unit":"hours""#) && rules.contains(r#""from":{"expr":"field","field":"start"}"#),
            "{text}"
        );
    }
}

#[test]
fn filters_tell_both_ends_in_any_way() {
    for text in [
        "I can filter bookings by kayak and by the day they start (from, to).",
        "I can filter bookings by kayak and by start date (from, to).",
        "The list can be filtered by kayak and start (range).",
        "Bookings can be filtered by kayak and the start (from–to).",
    ] {
        let read = with(text);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}");
        let filters = read.concepts.rules.iter().filter(|rule| matches!(rule.demand, RuleKind::Filter { .. }));
        assert_eq!(filters.count(), 2, "{text}");
    }
}

#[test]
fn numbers_in_examples_count_what_follows() {
    let range =
        |rules: Vec<&RuleKind>, key: &str| matches!(rules.as_slice(), [RuleKind::Range { field, .. }] if field == key);
    for (text, key) in [
        ("A booking with 0 people is rejected.", "number_of_people"),
        ("A booking for 10 people is refused.", "number_of_people"),
        ("A booking with 0 people is rejected, a booking with 2 people is accepted.", "number_of_people"),
        ("A kayak with 5 seats is refused; one with 4 seats is accepted.", "number_of_seats"),
        ("A kayak with more than 4 seats is rejected.", "number_of_seats"),
    ] {
        let read = criterion(text);
        assert!(range(rules_of(&read, text), key), "{text}");
    }
    // Nothing refuses this, whatever is accepted behind it.
    let text = "A booking with 5 people on a kayak with 4 seats is refused; one with 4 people is accepted.";
    assert_eq!(rules_of(&criterion(text), text), Vec::<&RuleKind>::new());
}

#[test]
fn criteria_go_on_from_the_state_before() {
    let ways = |text: &str| {
        let read = criterion(text);
        let booking = read.concepts.entities.iter().find(|known| known.key == "booking").unwrap().clone();
        let told = booking.workflow.iter().flat_map(|flow| &flow.transitions);
        told.map(|way| format!("{} {}", way.from, way.to)).collect::<std::collections::BTreeSet<_>>()
    };
    let expected: std::collections::BTreeSet<_> =
        ["reserved handed out", "handed out returned"].map(str::to_owned).into();
    for text in [
        "A booking is reserved at first. It can be handed out. When it is handed out, it can be returned.",
        "A booking starts as reserved, becomes handed out and then returned.",
    ] {
        assert_eq!(ways(text), expected, "{text}");
    }
}

#[test]
fn all_of_these_speaks_of_the_whole_list() {
    let text = "A visit belongs to a kayak and has a kind (inspection, repair), a start time and a budget; all of these are required.";
    let read = with(text);
    let required = rules_of(&read, text).into_iter().filter(|rule| matches!(rule, RuleKind::Required { .. })).count();
    assert_eq!(required, 4);
}

#[test]
fn a_whole_number_stays_one_beside_a_unit() {
    let read = read(
        "# Turbines\n\n## Turbines\n\n- A turbine has a tag and a rated power in kW.\n- Rated power is a whole number between 500 and 15000.\n",
    );
    assert_eq!(field(&read, "turbine", "rated_power"), FieldKind::Integer);
}

#[test]
fn a_product_binds_before_a_sum() {
    let text = "The cost of a flight is minutes times the rate per minute of the glider, plus the launch fee.";
    let read = read(&format!(
        "# Flights\n\n## Gliders\n- A glider has a registration and a rate per minute (money).\n\n## Flights\n- A flight belongs to a \
         glider and has minutes (integer) and a launch fee (money).\n- {text}\n"
    ));
    let rules = serde_json::to_string(&rules_of(&read, text)).unwrap();
    assert!(rules.contains(r#""expr":{"expr":"add","left":{"expr":"mul""#), "{rules}");
}

#[test]
fn a_title_with_a_remark_heads_the_fields_below_it() {
    let text = "# Roads\n\n## What we record\n\n**Route**\n- code (text, required)\n- length (decimal)\n\n\
        **Run**: one plough on one route\n- route (required)\n- start time and end time (date and time, both required)\n\
        - remarks (text, max 500 characters)\n\n## Rules\n\nA run is first open. An open run can be closed.\n";
    let read = read(text);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    for key in ["start_time", "end_time"] {
        assert_eq!(field(&read, "run", key), FieldKind::DateTime);
    }
    let run = read.concepts.entities.iter().find(|known| known.key == "run").unwrap();
    assert_eq!(run.workflow.as_ref().unwrap().initial, "open");
}

#[test]
fn a_wish_that_nothing_speaks_of_is_not_carried_by_its_own_heading() {
    let told = |wish: &str| {
        let text = format!("{MODEL}\n## As a clerk, I want to {wish}.\n\n- The hull number is required.\n");
        let read = read(&text);
        let story = read.items.iter().find(|item| item.text.starts_with("As a")).unwrap().id.to_string();
        unknowns(&read).contains(&story)
    };
    assert!(told("juggle twelve oranges") && told("see where the oranges are"));
    assert!(!told("polish the kayaks"));
}
