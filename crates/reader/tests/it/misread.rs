//! Sentences that were once read as something else than they say. A wrong reading is worse than none.

use crate::{keys, read, required, rules_of, unknowns};
use maestro_artifacts::{Condition, FieldKind, RuleKind};

#[test]
fn all_but_one_is_required_not_that_one() {
    let told = "# Walks\n\n## Walkers\n\nWalkers have a first name, a birth date and a phone number.";
    for (rest, wanted) in [
        ("All but the phone number must be given.", &["first_name", "birth_date"][..]),
        ("All except the first name are required.", &["birth_date", "phone_number"]),
        ("All must be given.", &["first_name", "birth_date", "phone_number"]),
    ] {
        let read = read(&format!("{told} {rest}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{rest}");
        assert_eq!(required(&read), wanted, "{rest}");
    }
    // What cannot be told from the sentence before says nothing of what stands behind its `but`.
    for rest in [
        "All but the hat must be given.",
        "None of these but the phone number may be empty.",
        "We note them. All of these but the phone number must be given.",
    ] {
        let read = read(&format!("{told} {rest}\n"));
        assert_eq!(required(&read), [] as [&str; 0], "{rest}");
        assert!(!unknowns(&read).is_empty(), "{rest}");
    }
}

#[test]
fn values_may_begin_like_words_that_mean_something() {
    let read = read(
        "# Kilns\n\n## Firings\n- kiln – text, mandatory\n- result – enum(pass, minor, fail)\n- look (matt, mixed, newish)\n",
    );
    let kinds: Vec<FieldKind> = read.concepts.entities[0].fields.iter().map(|field| field.kind.clone()).collect();
    let values = |values: [&str; 3]| FieldKind::Enum { values: values.map(str::to_owned).to_vec() };
    assert_eq!(kinds[1..], [values(["pass", "minor", "fail"]), values(["matt", "mixed", "newish"])]);
}

#[test]
fn a_count_is_one_field_however_it_is_called() {
    let told = "# Apiary\n\n## Inspections\n- hive code (text, required)\n- mites counted (whole number)\n- frames (whole number)\n\n";
    for (rule, key) in [
        ("The number of mites must not be more than 100.", "mites_counted"),
        ("The number of frames must be at least 2.", "frames"),
        ("Mites counted must be at least 0.", "mites_counted"),
    ] {
        let read = read(&format!("{told}{rule}\n"));
        assert_eq!(keys(&read, "inspection"), ["hive_code", "mites_counted", "frames"], "{rule}");
        assert!(
            matches!(rules_of(&read, rule)[..], [RuleKind::Range { field, .. }] if field == key),
            "{rule}: {:?}",
            rules_of(&read, rule)
        );
    }
}

#[test]
fn what_is_needed_belongs_to_the_name() {
    let read = read(
        "# Posts\n\n## Posts\n\nA post has a number, a place and the number of helpers needed. The number is mandatory.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(keys(&read, "post"), ["number", "place", "number_of_helpers_needed"]);
    assert_eq!(required(&read), ["number"]);
}

#[test]
fn the_owner_in_front_of_a_field_is_no_part_of_its_name() {
    let read = read("# Lifts\n\n## Lifts\n- Lift.name – string, mandatory\n- Lift.top speed – decimal\n");
    assert_eq!(keys(&read, "lift"), ["name", "top_speed"]);
}

#[test]
fn nothing_below_a_short_heading_for_criteria_is_dropped() {
    let text = "# Lifts\n\n## Lifts\n- name: text, required\n- height: integer\n\n## Overview\n**Story:** As a clerk, I want to list lifts.\n\n**AC**\n1. Lifts are listed with the highest first.\n2. Names of lifts weigh nothing.\n";
    let read = read(text);
    let texts: Vec<&str> = read.items.iter().map(|item| item.text.as_str()).collect();
    for told in [
        "As a clerk, I want to list lifts.",
        "Lifts are listed with the highest first.",
        "Names of lifts weigh nothing.",
    ] {
        assert!(texts.contains(&told), "{told} is dropped: {texts:?}");
    }
    assert_eq!(
        unknowns(&read).len(),
        2 - usize::from(!rules_of(&read, "Lifts are listed with the highest first.").is_empty())
    );
}

#[test]
fn a_time_that_passes_is_called_as_it_is_told() {
    let told = "# Trips\n\n## Trips\n\nA trip has a start time (date and time) and an end time (date and time).";
    for rest in ["A trip shows its duration in minutes.", "Each trip shows its length in hours."] {
        let read = read(&format!("{told} {rest}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{rest}");
        let name = if rest.contains("duration") { "duration" } else { "length" };
        assert_eq!(keys(&read, "trip"), ["start_time", "end_time", name], "{rest}");
    }
}

#[test]
fn a_form_that_is_told_twice_is_one() {
    let read = read(
        "# Guild\n\n## Contracts\n- number: text, required, format AAA-99 (three letters, hyphen, two digits)\n- place: text\n",
    );
    let forms: Vec<&str> = read
        .concepts
        .rules
        .iter()
        .filter_map(|rule| if let RuleKind::Pattern { regex, .. } = &rule.demand { Some(regex.as_str()) } else { None })
        .collect();
    assert_eq!(forms, ["[A-Z]{3}-[0-9]{2}"]);
}

#[test]
fn a_head_that_two_names_share_belongs_to_both() {
    let told = "# Patients\n\nA patient has a first name, a last name and a remark.";
    for (rest, wanted) in [
        ("First and last name are mandatory.", &["first_name", "last_name"][..]),
        ("The first and last name must be given.", &["first_name", "last_name"]),
        ("Last name and remark are mandatory.", &["last_name", "remark"]),
    ] {
        let read = read(&format!("{told}\n\n{rest}\n"));
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{rest}");
        assert_eq!(required(&read), wanted, "{rest}");
    }
}

#[test]
fn what_somebody_does_is_no_list_of_fields() {
    for deed in ["I record", "I can record", "I will record", "I want to record"] {
        let text = format!("# Bells\n\n- As a ringer, {deed} bells with a name (required) and a weight.\n");
        let read = read(&text);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{text}");
        assert_eq!(
            (keys(&read, "bell"), required(&read)),
            (vec!["name".into(), "weight".into()], vec!["name"]),
            "{text}"
        );
    }
    let read = read("# Bells\n\nA bell has a name.\n\n- As a ringer, I never delete bells.\n");
    assert!(!read.concepts.rules.iter().any(|rule| rule.message.contains("possible to delete")));
    assert!(!unknowns(&read).is_empty());
}

#[test]
fn a_short_form_is_no_narrative() {
    let told = "# Freight\n\nA train has a number and a maximum load in tonnes. A booking refers to a train and has a load in tonnes and a status \
                (requested, cancelled).\n\nThe loads of all bookings of a train together may not exceed the train's maximum load.";
    let read = read(&format!("{told} Cancelled bookings don't count.\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let sums = read
        .concepts
        .rules
        .iter()
        .filter(|rule| matches!(&rule.demand, RuleKind::Capacity { when, .. } if *when != Condition::default()));
    assert_eq!(sums.count(), 1, "{:?}", read.concepts.rules);
}
