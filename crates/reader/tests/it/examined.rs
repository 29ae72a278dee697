//! Ordinary sentences of epics that nobody had seen before.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::{Requirements, RuleKind};

const TOURS: &str = "# Tours\n\n## Records\n\n**Guide**\n- name (text, required, unique)\n- e-mail (e-mail, required)\n- active \
    (yes/no, default yes)\n\n**Tour**\n- title (text, required)\n- guide (required)\n- starts on (date, required)\n- ends on (date, \
    required)\n- seats (whole number, required)\n- price (money, required)\n- status (one of draft, published, closed; default \
    draft)\n\n**Booking**\n- tour (required)\n- customer name (text, required)\n- adults (whole number, required)\n- deposit \
    (money)\n- discount (money)\n- reason (text)\n- kind (one of private, group)\n- status (one of requested, confirmed, completed, \
    cancelled; default requested)\n\n## Rules\n\n- The status of a booking moves requested → confirmed → completed; a requested or \
    confirmed booking can be cancelled.\n- The status of a tour moves draft → published → closed.\n";

fn with(sentence: &str) -> Requirements {
    read(&format!("{TOURS}- {sentence}\n"))
}

/// The rules of one sentence more, as JSON.
fn said(sentence: &str) -> String {
    rules_as_json(&with(sentence), sentence)
}

fn listed(sentence: &str) -> bool {
    !unknowns(&with(sentence)).is_empty()
}

#[test]
fn values_that_must_not_be_given_in_some_case() {
    let empty = |field: &str, when: &str| {
        format!(r#"{{"kind":"empty_when","entity":"booking","field":"{field}","when":[{when}]}}"#)
    };
    let private = r#"{"test":"in","field":"kind","values":["private"]}"#;
    let others = r#"{"test":"not_in","field":"kind","values":["group"]}"#;
    for sentence in [
        "Private bookings must not have a discount.",
        "No discount is allowed on private bookings.",
        "If the kind is private, the discount must be empty.",
        "A private booking cannot have a discount.",
        "The discount must stay empty for private bookings.",
    ] {
        assert_eq!(said(sentence), empty("discount", private), "{sentence}");
    }
    for sentence in [
        "A discount can only be given for group bookings.",
        "A discount may only be entered when the kind is group.",
        "Only group bookings may have a discount.",
    ] {
        assert_eq!(said(sentence), empty("discount", others), "{sentence}");
    }
    let cancelled = r#"{"test":"not_in","field":"status","values":["cancelled"]}"#;
    assert_eq!(
        said("The reason of a booking must be empty unless the booking is cancelled."),
        empty("reason", cancelled)
    );
    assert_eq!(said("The reason may only be given when the booking is cancelled."), empty("reason", cancelled));
    // What was given then stays in the states that follow.
    let later = r#"{"test":"not_in","field":"status","values":["confirmed","completed","cancelled"]}"#;
    assert_eq!(said("The deposit may only be entered once the booking is confirmed."), empty("deposit", later));
    // What may be given at the start is not taken away by the next state; what never has a value is no field.
    for sentence in [
        "A deposit may only be entered while the booking is requested.",
        "The reason must be empty.",
        "A booking must not have a reason.",
    ] {
        let read = with(sentence);
        let emptied = read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::EmptyWhen { .. }));
        assert!(listed(sentence) && !emptied, "{sentence}");
    }
}

/// An epic with these sentences about boats.
fn boats(sentences: &str) -> Requirements {
    let read = read(&format!("{TOURS}\n## Boats\n\n{sentences}\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentences}: {:#?}", read.unknown().collect::<Vec<_>>());
    read
}

/// The fields of boats and the rules of them that are no more than having the field, in short.
fn of_boats(sentences: &str) -> Vec<String> {
    let read = boats(sentences);
    let entity = read.concepts.entity("boat").unwrap();
    let fields = entity.fields.iter().map(|field| {
        let kind = serde_json::to_value(&field.kind).unwrap();
        format!("{}: {}", field.key, kind.get("type").and_then(|kind| kind.as_str()).unwrap())
    });
    let rules = read.concepts.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::Required { entity, field } if entity == "boat" => Some(format!("{field} required")),
        RuleKind::Unique { entity, fields, .. } if entity == "boat" => Some(format!("{} unique", fields.join("+"))),
        RuleKind::Format { entity, field, .. } if entity == "boat" => Some(format!("{field} format")),
        RuleKind::Pattern { entity, field, regex } if entity == "boat" => Some(format!("{field} like {regex}")),
        RuleKind::Range { entity, field, min, max, .. } if entity == "boat" => {
            Some(format!("{field} {}..{}", min.clone().unwrap_or_default(), max.clone().unwrap_or_default()))
        }
        RuleKind::Length { entity, field, min, max } if entity == "boat" => {
            Some(format!("{field} {min:?} {max:?} long"))
        }
        RuleKind::Default { entity, field, value } if entity == "boat" => Some(format!("{field} is {value}")),
        _ => None,
    });
    fields.chain(rules).collect()
}

#[test]
fn what_is_said_of_one_field_is_not_said_of_those_before() {
    for (sentences, told) in [
        (
            "A boat has a name, a date of build and a phone number. Name and date of build are required; the phone number is optional.",
            &["name: text", "date_of_build: date", "phone_number: text", "name required", "date_of_build required"][..],
        ),
        (
            "A boat has a name, an e-mail address and a price. The name and the e-mail address are required, the price is at least 5.",
            &[
                "name: text",
                "e_mail_address: text",
                "price: money",
                "e_mail_address format",
                "name required",
                "e_mail_address required",
                "price 5.00..",
            ],
        ),
        (
            "A boat has a name and an e-mail address. Both shall be mandatory, and the e-mail address shall be unique.",
            &[
                "name: text",
                "e_mail_address: text",
                "e_mail_address format",
                "name required",
                "e_mail_address required",
                "e_mail_address unique",
            ],
        ),
        ("A boat has a finish time in minutes (decimal, more than 0).", &["finish_time: decimal", "finish_time 0.."]),
        (
            "A boat has a crew. The crew shall be a whole number, at least 5, 5 by default, and shall not exceed 50.",
            &["crew: integer", "crew 5..", "crew is 5", "crew ..50"],
        ),
        (
            "A boat has a code, which is unique and has between 2 and 5 characters.",
            &["code: text", "code unique", "code Some(2) Some(5) long"],
        ),
        ("A boat has a code, which has the form AB-99.", &["code: text", "code like AB-[0-9]{2}"]),
        (
            "A boat has a name, a code and a colour. All three are required.",
            &["name: text", "code: text", "colour: text", "name required", "code required", "colour required"],
        ),
        (
            "A boat has an e-mail and a phone. The e-mail address must be unique. The phone number of a boat is required.",
            &["e_mail: text", "phone: text", "e_mail format", "e_mail unique", "phone required"],
        ),
        (
            "A boat has a left trim and a right trim. Left trim and right trim are decimals between -20 and 20.",
            &["left_trim: decimal", "right_trim: decimal", "left_trim -20..20", "right_trim -20..20"],
        ),
        (
            "A boat has a name, a colour, a code and a note. Everything but the code and the note is required.",
            &["name: text", "colour: text", "code: text", "note: text", "name required", "colour required"],
        ),
        ("A boat has a kind (list: old, new, urn field).", &["kind: enum"]),
        ("A boat has an amount of money.", &["amount: money"]),
        (
            "A boat has a code (text, max length 9) and a sugar (integer, in degrees Oechsle).",
            &["code: text", "sugar: integer", "code None Some(9) long"],
        ),
        (
            "A boat has a name, a code and a note. All of these are required except the note, which may have up to 50 characters.",
            &["name: text", "code: text", "note: text", "name required", "code required", "note None Some(50) long"],
        ),
        ("A boat can be marked as insured or not; new boats are insured.", &["insured: boolean", "insured is true"]),
        (
            "A boat is for one guide, at one tour and optionally with one booking.",
            &[
                "guide_id: reference",
                "tour_id: reference",
                "booking_id: reference",
                "guide_id required",
                "tour_id required",
            ],
        ),
        ("A boat has a flag \"air-conditioned\" (yes/no).", &["air_conditioned: boolean"]),
        ("The system shall store for each boat a name and a length.", &["name: text", "length: decimal"]),
    ] {
        let (mut read, mut told) = (of_boats(sentences), told.to_vec());
        read.sort_unstable();
        told.sort_unstable();
        assert_eq!(read, told, "{sentences}");
    }
}

#[test]
fn a_sentence_goes_on_about_the_record_that_was_described_last() {
    let epic = "# Wine\n\n## Growers and vineyards\n\nA grower has a name and a phone number. A vineyard belongs to a grower and has a \
                name and an area. The name is required. The area is required and the name must be unique.\n";
    let read = read(epic);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let of = |rule: &&RuleKind| match rule {
        RuleKind::Required { entity, field } => Some(format!("{entity}.{field}")),
        RuleKind::Unique { entity, fields, .. } => Some(format!("{entity}.{}", fields.join("+"))),
        _ => None,
    };
    let rules: Vec<&RuleKind> = read.concepts.rules.iter().map(|rule| &rule.demand).collect();
    let told: Vec<String> = rules.iter().filter_map(of).collect();
    assert_eq!(told, ["vineyard.grower_id", "vineyard.name", "vineyard.area", "vineyard.name"]);
}

#[test]
fn how_records_begin_and_which_ways_they_may_go() {
    let begins = r#"{"kind":"default","entity":"booking","field":"status","value":"requested"}"#;
    for sentence in ["A new booking is in status requested.", "A new booking shall be in the state requested."] {
        assert_eq!(said(sentence), begins, "{sentence}");
    }
    let ways = r#"{"kind":"transitions","entity":"booking"}"#;
    for sentence in [
        "A booking goes from requested to confirmed or from requested to cancelled.",
        "The system shall allow the following status changes of a booking: requested to confirmed, confirmed to completed.",
        "The system shall allow these transitions for bookings: from requested to confirmed, from confirmed to completed.",
    ] {
        assert_eq!(said(sentence), ways, "{sentence}");
    }
}

#[test]
fn numbered_requirements_demand_what_plain_sentences_do() {
    for (shall, plain) in [
        (
            "The system shall not accept two tours with the same title and guide.",
            "No two tours may have the same title and guide.",
        ),
        ("It shall not be possible to delete a tour that has bookings.", "A tour that has bookings cannot be deleted."),
        ("A guide cannot be removed while there are tours of theirs.", "A guide that has tours cannot be deleted."),
        ("Only published tours shall be booked.", "Only published tours can be booked."),
        ("Completed bookings shall not be editable.", "Completed bookings cannot be changed."),
        (
            "The booking count of a tour is the number of its bookings.",
            "The booking count of a tour is the number of bookings of the tour.",
        ),
    ] {
        assert_eq!(said(shall), said(plain), "{shall}");
    }
}

#[test]
fn what_is_worked_out_goes_by_its_name() {
    for (sentence, key) in [
        (
            "The number of free seats of a tour is its seats minus the sum of the adults of its bookings.",
            "number_of_free_seats",
        ),
        ("The booking count of a tour is the number of its bookings.", "booking_count"),
        ("A booking's total price is adults × price of the tour − discount.", "total_price"),
    ] {
        let read = with(sentence);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let worked_out =
            |rule: &&maestro_artifacts::Rule| matches!(&rule.demand, RuleKind::Computed { field, .. } if field == key);
        assert_eq!(read.concepts.rules.iter().filter(worked_out).count(), 1, "{sentence}");
    }
}

#[test]
fn a_parent_that_is_full_takes_no_more() {
    let epic = |when: &str| {
        let text = "# Racks\n\n## Data\n\nA rack has a label and a capacity (integer).\n\nA box belongs to a rack and has a code.\n\n## \
                    Scenarios\n\nScenario: one\nGiven a rack with a capacity of 8 that already holds 8 boxes\n";
        read(&format!("{text}{when}\nThen the request is rejected with a conflict\n"))
    };
    for when in ["When another box is added to the rack", "When a ninth box is stored on that rack"] {
        let read = epic(when);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{when}");
        let limits = |rule: &&maestro_artifacts::Rule| {
            matches!(&rule.demand, RuleKind::Capacity { parent, child, limit: maestro_artifacts::Operand::Field { field, .. }, .. }
                if parent == "rack" && child == "box" && field == "capacity")
        };
        assert_eq!(read.concepts.rules.iter().filter(limits).count(), 1, "{when}");
    }
    assert_eq!(unknowns(&epic("When a box is removed from the rack")), ["AC-0.1"]);
}

#[test]
fn what_is_done_to_a_record_makes_none() {
    let read = read(
        "# Rescue\n\n## Data\n\nA patient has a tag, a released on date and a condition (one of admitted, ready, released).\n\n## \
         Scenarios\n\nScenario: one\nGiven a patient that is ready\nWhen it is released with a released on date\nThen the change is saved\n",
    );
    assert_eq!(unknowns(&read), ["AC-0.1"]);
    assert!(!read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Capability { .. })));
}

#[test]
fn a_verb_that_is_the_first_state_makes_a_record() {
    let read = read(
        "# Rescue\n\n## Data\n\nA patient has a tag (unique) and a condition (one of admitted, ready; default admitted).\n\n## Rules\n\n- The \
         condition moves from admitted to ready.\n\n## Scenarios\n\nScenario: one\nGiven a patient with the tag \"W-1\"\nWhen another \
         patient is admitted with the tag \"W-1\"\nThen the admission is refused as a conflict\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
}

#[test]
fn numbers_and_choices_are_searched_where_they_are_named() {
    let filter = |field: &str| format!(r#"{{"kind":"filter","entity":"booking","field":"{field}"}}"#);
    let search = r#"{"kind":"search","entity":"booking","fields":["customer_name","adults","kind"]}"#;
    assert_eq!(
        said("Bookings can be searched by customer name, adults and kind."),
        [filter("adults"), filter("kind"), search.to_owned()].join(" & ")
    );
}

#[test]
fn two_at_once_are_not_two_at_all() {
    let read = read(
        "# Tailor\n\n## Data\n\nA fitting has a tailor, a start time and an end time.\n\n## Scenarios\n\nScenario: one\nGiven a fitting of a \
         tailor from 10:00 to 11:00\nWhen another fitting for the same tailor is entered from 10:30 to 11:30\nThen the request is refused \
         with a conflict\n",
    );
    assert!(!read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Unique { .. })));
    assert_eq!(unknowns(&read), ["AC-0.1"]);
}

#[test]
fn sentences_go_by_what_their_fields_belong_to() {
    let epic = "# Rescue\n\n## Records\n\nA patient has a tag and a condition.\n\nA treatment belongs to a patient and has a note.\n\nThe \
                condition of a patient is one of admitted, ready, released. It starts as admitted.\n";
    let read = read(epic);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let begins = |rule: &&maestro_artifacts::Rule| matches!(&rule.demand, RuleKind::Default { entity, field, .. } if entity == "patient" && field == "condition");
    assert_eq!(read.concepts.rules.iter().filter(begins).count(), 1);
    assert!(read.concepts.entity("treatment").unwrap().fields.iter().all(|field| field.key != "status"));
}

#[test]
fn who_acts_may_be_told_first() {
    let epic = |steps: &str| {
        let text = "# Racks\n\nA rack has a label (required) and a capacity (integer). Only the manager may add racks.\n\n## Scenarios\n\n";
        read(&format!("{text}Scenario: one\n{steps}\n"))
    };
    for steps in [
        "Given a mechanic\nWhen they create a rack\nThen the request is refused as forbidden",
        "Given I am logged in as a mechanic\nWhen I create a rack\nThen the request is refused as forbidden",
    ] {
        let read = epic(steps);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{steps}: {:#?}", read.unknown().collect::<Vec<_>>());
    }
}

#[test]
fn exceptions_that_follow_two_rules_narrow_both() {
    let text = format!(
        "{TOURS}- Tours of the same guide cannot overlap.\n- Two tours with the same title cannot take place at the same time.\n- Closed \
         tours are ignored.\n"
    );
    let read = read(&text);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let narrowed = read
        .concepts
        .rules
        .iter()
        .filter(|rule| matches!(&rule.demand, RuleKind::NoOverlap { when, .. } if when.0.len() == 1));
    assert_eq!(narrowed.count(), 2);
}

#[test]
fn a_record_may_be_of_something() {
    let epic = "# Graves\n\n## Data\n\n### Right of use\n\n| Field | Type |\n|---|---|\n| holder | text |\n\n### Holders\n\nA holder has a name.\n";
    let read = read(epic);
    assert_eq!(read.concepts.entity("right_of_use").unwrap().path, "rights-of-use");
}

#[test]
fn who_acts_is_no_state() {
    let epic = "# Coffee\n\n## Data\n\nA roast has:\n- profile (one of light, dark)\n- output weight (decimal)\n- state (one of planned, \
                roasting, cooled, packed)\n\n## Rules\n\n- The state moves planned → roasting → cooled → packed.\n\n## Scenarios\n\nScenario: \
                one\nGiven a roast in state cooled without an output weight\nWhen the roaster sets the state to packed\nThen the request is refused\n";
    let read = read(epic);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let needs = read.concepts.rules.iter().find_map(|rule| match &rule.demand {
        RuleKind::TransitionRequires { to, fields, .. } => Some((to.as_str(), fields.clone())),
        _ => None,
    });
    assert_eq!(needs, Some(("packed", vec!["output_weight".to_owned()])));
}
