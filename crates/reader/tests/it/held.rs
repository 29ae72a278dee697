//! What is understood is held to the words of its statement, and the passes over an epic come to an end.

use super::{read, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

fn keys(read: &Requirements) -> Vec<&str> {
    read.concepts.entities.iter().map(|entity| entity.key.as_str()).collect()
}

fn kind<'a>(read: &'a Requirements, entity: &str, field: &str) -> &'a FieldKind {
    &read.concepts.field(entity, field).unwrap().kind
}

fn ways<'a>(read: &'a Requirements, entity: &str) -> Vec<(&'a str, &'a str)> {
    let entity = read.concepts.entities.iter().find(|found| found.key == entity).unwrap();
    let flow = entity.workflow.iter().flat_map(|flow| &flow.transitions);
    flow.map(|way| (way.from.as_str(), way.to.as_str())).collect()
}

#[test]
fn a_number_or_a_list_that_left_no_trace_is_not_understood() {
    let told = "# Rentals\n\nA rental has a start date and a discount. ";
    let lost = read(&format!("{told}The discount is a percentage from 0 to 30 and is zero unless the sun shines.\n"));
    assert_eq!(unknowns(&lost).len(), 1);
    assert!(!lost.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Default { .. })));
    let whole =
        read(&format!("{told}The discount is a percentage from 0 to 30 and is zero unless stated otherwise.\n"));
    assert_eq!(unknowns(&whole), Vec::<String>::new());
    let default =
        |rule: &RuleKind| matches!(rule, RuleKind::Default { value, .. } if *value == serde_json::json!("0.00"));
    assert!(whole.concepts.rules.iter().any(|rule| default(&rule.demand)), "{:?}", whole.concepts.rules);
    // Units, bounds that exclude themselves and pairs of records keep their numbers in another form.
    let kept = read(
        "# Shifts\n\nA driver has a name and a date of birth. Drivers must be at least 21 years old.\n\n\
         A shift belongs to a driver and has a start and an end (both date and time). A shift lasts at most 10 hours.\n\n\
         Two shifts of the same driver must not overlap.\n",
    );
    assert_eq!(unknowns(&kept), Vec::<String>::new());
}

#[test]
fn what_reads_otherwise_each_time_is_not_understood() {
    // Read as a field once, the same words are a change to a state the next time.
    let swings = read("# Kayaks\n\nA kayak has a hull number.\n\n- A kayak can be marked as retired if it is old.\n");
    assert_eq!(unknowns(&swings), ["FR-2"]);
    assert!(swings.concepts.field("kayak", "retired").is_none());
    // A kind of record that a list names only by its use stays one when a field is called like it.
    let kinds = read(
        "# Blood drive\n\n## Donors and donations\n\n- A donor can be searched by name.\n\
         - Each donation belongs to a donor and a drive.\n\
         - There must be at least 56 days between two donations of the same donor.\n\
         - A drive has a place, a date and a number of beds.\n",
    );
    assert!(matches!(kind(&kinds, "donation", "drive_id"), FieldKind::Reference { .. }));
    assert!(keys(&kinds).contains(&"donation"));
}

#[test]
fn a_type_that_is_told_outlives_what_a_rule_needs() {
    let told = "# Tuning\n\nAn invoice has an invoice number.\n\nA tuning visit has a tuner, a pitch and remarks. ";
    for rest in [
        "The pitch is a decimal number; it must be no lower than 430 and no higher than 446.",
        "The pitch is a decimal number. It must be no lower than 430 and no higher than 446.",
        "It must be rated: the pitch must be at least 430. The pitch is a decimal number.",
    ] {
        let read = read(&format!("{told}{rest}\n"));
        assert_eq!(*kind(&read, "tuning_visit", "pitch"), FieldKind::Decimal, "{rest}");
        assert!(matches!(kind(&read, "invoice", "invoice_number"), FieldKind::Text { .. }), "{rest}");
    }
    let read = read(&format!("{told}The pitch must be at least 430.\n"));
    assert_eq!(*kind(&read, "tuning_visit", "pitch"), FieldKind::Integer);
}

#[test]
fn a_kind_of_record_with_one_noted_field_is_no_field() {
    for (told, kinds) in [
        ("- **Article**: title (required), status (stored, returned)", vec!["article"]),
        (
            "- **Session**: date (required).\n- **Donor**: full name (required).\n- **Appointment**: session (required), donor (required), time slot (text).",
            vec!["session", "donor", "appointment"],
        ),
        ("- **Book**: title (required), status (lent, returned)\n- **Shelf**: code (required)", vec!["book", "shelf"]),
    ] {
        let read = read(&format!("# Lost property\n\n{told}\n"));
        assert_eq!(keys(&read), kinds);
        assert_eq!(unknowns(&read), Vec::<String>::new());
    }
    // A field with its values is none.
    let read = read("# Tools\n\nA tool has:\n\n- name (required)\n- category: hand tool (default), power tool\n");
    assert_eq!(keys(&read), ["tool"]);
}

#[test]
fn examples_say_what_they_say_of_the_given_record() {
    let told = "# Lost property\n\n- **Found item**: title (required), status (stored, returned, auctioned), sale price \
                (money)\n- **Claim**: found item (required), claimant name (required), status\n\n";
    let returned = read(&format!(
        "{told}Scenario: Return\n  Given a stored found item\n  When a clerk returns it\n  Then its status becomes \
         returned\n\nScenario: Opened\n  When a claim is created\n  Then its status is open\n"
    ));
    assert_eq!(ways(&returned, "found_item"), [("stored", "returned")]);
    assert!(ways(&returned, "claim").is_empty());
    assert!(returned.contradictions.is_empty());
    let called = read(&format!(
        "{told}Scenario: Storing\n  Given a found item with status returned\n  When a clerk stores it\n  Then its status \
         becomes stored\n"
    ));
    assert_eq!(keys(&called), ["found_item", "claim"]);
    assert_eq!(ways(&called, "found_item"), [("returned", "stored")]);
    let priced = read(&format!(
        "{told}Scenario: Auction\n  Given a stored found item\n  When a clerk auctions it\n  Then its status becomes \
         auctioned\n  And a sale price is required\n"
    ));
    let demands = || priced.concepts.rules.iter().map(|rule| &rule.demand);
    assert!(demands().any(|rule| matches!(rule, RuleKind::TransitionRequires { to, .. } if to == "auctioned")));
    assert!(!demands().any(|rule| matches!(rule, RuleKind::Required { field, .. } if field == "sale_price")));
    let frozen = read(&format!(
        "{told}Scenario: Closed\n  Given a found item that is returned or auctioned\n  When somebody tries to edit it\n  \
         Then the change is refused\n"
    ));
    let values = frozen.concepts.rules.iter().find_map(|rule| match &rule.demand {
        RuleKind::Immutable { when, .. } => Some(serde_json::to_string(when).unwrap()),
        _ => None,
    });
    assert!(values.is_some_and(|when| when.contains("returned") && when.contains("auctioned")));
}

#[test]
fn what_is_said_of_some_is_not_said_of_all() {
    let read = read(
        "# Kilns\n\n- Kilns\n  - name – required\n- Firings\n  - kiln – required\n  - status – planned, running, finished\n\n\
         ## Rules\n\n- every firing starts as planned\n- planned → running (kiln master only)\n- running → finished\n\
         - Finished firings are frozen:\n  - they cannot be edited\n  - they cannot be deleted\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(ways(&read, "firing"), [("planned", "running"), ("running", "finished")]);
    assert!(ways(&read, "kiln").is_empty());
    assert!(read.concepts.rules.iter().all(|rule| match &rule.demand {
        RuleKind::Immutable { when, .. } | RuleKind::NoDelete { when, .. } => !when.0.is_empty(),
        _ => true,
    }));
}

#[test]
fn a_role_behind_an_arrow_is_no_part_of_a_state() {
    let read = read(
        "# Kilns\n\nA firing has an operator and a status: planned, loaded or running.\n\n\
         - planned → loaded (studio assistant)\n- loaded → running\n",
    );
    let FieldKind::Enum { values } = kind(&read, "firing", "status") else { panic!("no choice") };
    assert_eq!(values, &["planned", "loaded", "running"]);
}

#[test]
fn fields_are_called_and_typed_as_they_are_told() {
    let read = read(
        "# Courses\n\n- Courses\n  - title – required\n  - first day / last day – dates, required\n  - min / max age – integer\n  \
         - level – beginner, advanced (default: beginner)\n  - kind – weekend, evening course (required)\n\
         - Stands\n  - size – text\n\nA rental has a name and a number of days, a discount and the weight in hertz.\n\n\
         The discount is a percentage from 0 to 30.\n\nA stand has a number, which is unique and lies between 1 and 12.\n\n\
         A form has a title and a consent flag. A ship has a name and a flag.\n",
    );
    let fields = |entity: &str| -> Vec<&str> {
        let entity = read.concepts.entities.iter().find(|found| found.key == entity).unwrap();
        entity.fields.iter().map(|field| field.key.as_str()).collect()
    };
    assert_eq!(fields("course"), ["title", "first_day", "last_day", "min_age", "max_age", "level", "kind"]);
    assert_eq!(*kind(&read, "course", "last_day"), FieldKind::Date);
    let values = |field: &str| match kind(&read, "course", field) {
        FieldKind::Enum { values } => values.clone(),
        other => panic!("{other:?}"),
    };
    assert_eq!(values("level"), ["beginner", "advanced"]);
    assert_eq!(values("kind"), ["weekend", "evening course"]);
    assert_eq!(fields("rental"), ["name", "number_of_days", "discount", "weight"]);
    assert_eq!(*kind(&read, "rental", "discount"), FieldKind::Decimal);
    assert_eq!(fields("stand"), ["size", "number"]);
    assert_eq!(*kind(&read, "form", "consent_flag"), FieldKind::Boolean);
    assert!(matches!(kind(&read, "ship", "flag"), FieldKind::Text { .. }));
}

#[test]
fn a_filter_changes_nothing_and_two_names_at_a_slash_may_be_one() {
    let read = read(
        "# Plots\n\n- A plot has a plot number, a section (North, South) and has water (yes or no).\n\
         - Plots can be filtered by section and by has water.\n\n**Member**\n- name / title\n- city\n",
    );
    assert_eq!(unknowns(&read).len(), 2, "{:?}", unknowns(&read));
    let changes =
        |rule: &RuleKind| matches!(rule, RuleKind::Capability { action: maestro_artifacts::Action::Update, .. });
    assert!(!read.concepts.rules.iter().any(|rule| changes(&rule.demand)));
}

#[test]
fn titles_that_speak_of_the_future_put_nothing_off() {
    let lifts = "# Lifts\n\n- A lift has a name and a commissioning date.\n\n";
    for title in ["Scenario: No commissioning in the future", "Later changes", "Future dates are refused"] {
        let read = read(&format!("{lifts}## {title}\n\n- The commissioning date must not be after today.\n"));
        assert!(read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Compare { .. })), "{title}");
    }
    for title in ["Later", "Future work", "Ideas for later", "Future releases", "Later: a mobile app", "Out of scope"] {
        let read = read(&format!("{lifts}## {title}\n\n- The commissioning date must not be after today.\n"));
        assert!(!read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Compare { .. })), "{title}");
    }
}

#[test]
fn fields_beside_one_another_keep_their_own_names_and_types() {
    let read = read(
        "# Jobs\n\n- A job has a title, a planned start, a planned end and a status (planned, called off, done).\n\
         - A complaint has an arrival date and a text.\n- A square has a name, a pitch limit and a weight limit.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let job = read.concepts.entities.iter().find(|entity| entity.key == "job").unwrap();
    let keys: Vec<&str> = job.fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["title", "planned_start", "planned_end", "status"]);
    assert!(matches!(kind(&read, "job", "status"), FieldKind::Enum { values } if values.len() == 3));
    assert_eq!(*kind(&read, "complaint", "arrival_date"), FieldKind::Date);
    assert_eq!(*kind(&read, "square", "pitch_limit"), FieldKind::Integer);
    assert_eq!(*kind(&read, "square", "weight_limit"), FieldKind::Decimal);
}

#[test]
fn stories_speak_of_what_is_wished_for() {
    let read = read(
        "# Kennel\n\n## Story 1: Records\n\n- An owner has a full name.\n- A dog has a name and a breed.\n- A dog belongs to an \
         owner.\n- A kennel has a code.\n\n## Story 2: Register owners\n\nAs a receptionist, I want to register dog owners so \
         that we know whom to call.\n\n## Story 3: Weights\n\nAs a kennel manager, I want to see every dog.\n\n\
         - The weight must be at most 110.\n",
    );
    assert!(read.concepts.field("kennel", "weight").is_none());
    let action = |entity: &str, wanted: maestro_artifacts::Action| {
        read.concepts.rules.iter().any(
            |rule| matches!(&rule.demand, RuleKind::Capability { entity: of, action } if of == entity && *action == wanted),
        )
    };
    assert!(action("owner", maestro_artifacts::Action::Create) && !action("dog", maestro_artifacts::Action::Update));
}

#[test]
fn a_note_on_how_a_text_is_written_is_a_demand() {
    let coopers = |note: &str| read(&format!("# Coopers\n\n**Cooper**\n- name (required)\n- country: {note}\n"));
    for note in ["starts with a letter", "never on a Sunday"] {
        assert_eq!(unknowns(&coopers(note)).len(), 1, "{note}");
    }
    assert_eq!(unknowns(&coopers("as printed on the label")).len(), 0);
    assert!(matches!(kind(&coopers("never visited, some visits"), "cooper", "country"), FieldKind::Enum { .. }));
}
