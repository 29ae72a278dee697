//! Sentences that tell a record's fields and what is noted of each, in any order and with any joint.

use crate::{read, rules_of, unknowns};
use maestro_artifacts::{Entity, FieldKind, Requirements, RuleKind};

fn entity<'a>(read: &'a Requirements, key: &str) -> &'a Entity {
    read.concepts.entities.iter().find(|entity| entity.key == key).unwrap()
}

fn fields(read: &Requirements, key: &str) -> Vec<String> {
    entity(read, key).fields.iter().map(|field| field.key.clone()).collect()
}

fn kind<'a>(read: &'a Requirements, key: &str, field: &str) -> &'a FieldKind {
    &entity(read, key).fields.iter().find(|known| known.key == field).unwrap().kind
}

fn required(read: &Requirements, field: &str) -> bool {
    read.concepts.rules.iter().any(|rule| matches!(&rule.demand, RuleKind::Required { field: of, .. } if of == field))
}

#[test]
fn a_record_is_told_by_what_it_needs() {
    let read = read(
        "# Kennels\n\n## Kennels\n\nA kennel needs a label of no more than 20 characters, and each label can be used only once. \
         The size must be chosen from small, medium and large. \
         The opening day is a date that has to be given too, and it must be in the past.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(fields(&read, "kennel"), ["label", "size", "opening_day"]);
    assert!(required(&read, "label") && required(&read, "size") && required(&read, "opening_day"));
    let values = FieldKind::Enum { values: ["small", "medium", "large"].map(str::to_owned).to_vec() };
    assert_eq!((kind(&read, "kennel", "size"), kind(&read, "kennel", "opening_day")), (&values, &FieldKind::Date));
}

#[test]
fn notes_stand_in_any_order_behind_a_name() {
    let text = "Each depot has a name (required, 2 to 100 characters), a postcode (required, exactly five digits), a region \
                (required; North, South, East or West) and a contact e-mail, which must be a valid e-mail address if it is given.";
    let read = read(&format!("# Depots\n\n## Rules\n\n- {text}\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(fields(&read, "depot"), ["name", "postcode", "region", "contact_e_mail"]);
    let rules = rules_of(&read, text);
    assert!(rules.iter().any(|rule| matches!(rule, RuleKind::Pattern { regex, .. } if regex.contains("[0-9]{5}"))));
    assert!(matches!(kind(&read, "depot", "region"), FieldKind::Enum { values } if values.len() == 4));
    assert!(!required(&read, "contact_e_mail"));
}

#[test]
fn what_is_required_of_each_and_what_may_be_added() {
    let read = read(
        "# Visits\n\n## Visits\n\nFor each visit the visitor's name (up to 60 characters), the start time and the end time are \
         required; a fee and a summary can be added. Start time and end time are a date with a time of day. \
         Fee is an amount of money and shall not be negative.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(fields(&read, "visit"), ["visitors_name", "start_time", "end_time", "fee", "summary"]);
    assert_eq!(kind(&read, "visit", "start_time"), &FieldKind::DateTime);
    assert!(required(&read, "end_time") && !required(&read, "summary"));
}

#[test]
fn a_list_of_items_keeps_types_as_names_and_entries_apart() {
    let read = read(
        "# Clinic\n\n## Patients\n\nFor a patient we keep the full name, an e-mail address, the date of birth and the weight in \
         kilograms.\n\n## Stays\n\nSo a stay has:\n\n- the patient (required)\n- start and end, each with date and time, both required\n\
         - reason: check, surgery or birth (required)\n",
    );
    assert_eq!(fields(&read, "patient"), ["full_name", "e_mail_address", "date_of_birth", "weight"]);
    assert_eq!(fields(&read, "stay"), ["patient_id", "start", "end", "reason"]);
    assert!(matches!(kind(&read, "stay", "reason"), FieldKind::Enum { values } if values.len() == 3));
    assert!(required(&read, "start") && required(&read, "end"));
}

#[test]
fn what_is_no_field_is_not_made_one() {
    let read = read(
        "# Clinic\n\n## Patients\n\nA patient has a full name (required), a phone number and a weight.\n\n## Rules\n\n\
         - Apart from the weight, everything is mandatory on Sundays.\n\
         - The blood pressure is required before noon.\n\
         - Approval is mandatory.\n",
    );
    assert_eq!(fields(&read, "patient"), ["full_name", "phone_number", "weight"]);
    assert_eq!(unknowns(&read).len(), 3);
}

#[test]
fn somebody_tells_fields_and_what_is_put_in_between_is_said_of_one() {
    let read = read(
        "# Club\n\n## Keeping runners\n\nA runner has a full name (required).\n\n\
         - I have to give my date of birth, which must lie in the past.\n\
         - I may leave a phone number made up of 6 to 15 digits, and I can say whether I am a club member; unless I say so, I am not.\n\n\
         ## Handling an entry\n\nAn entry links one runner to one event; both are required.\n\n- An entry is pending at first. Pending \
         entries can be confirmed.\n- To confirm an entry, a bib number must have been assigned, which is a whole number of 1 or more.\n\n\
         ## Events\n\nAn event is recorded with its title, a place and the fee in euros. Apart from the fee, everything is mandatory.\n",
    );
    assert_eq!(unknowns(&read), Vec::<String>::new());
    assert_eq!(fields(&read, "runner"), ["full_name", "date_of_birth", "phone_number", "club_member"]);
    assert_eq!(fields(&read, "entry"), ["runner_id", "event_id", "status", "bib_number"]);
    assert_eq!(fields(&read, "event"), ["title", "place", "fee"]);
    assert_eq!(kind(&read, "entry", "bib_number"), &FieldKind::Integer);
    assert!(required(&read, "event_id") && required(&read, "place") && !required(&read, "fee"));
    let club = |rule: &RuleKind| matches!(rule, RuleKind::Default { field, .. } if field == "club_member");
    assert!(read.concepts.rules.iter().any(|rule| club(&rule.demand)));
}
