//! Records that are told by where they stand, what they concern and what they are made for, with fields in the same sentence.

use super::{read, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

const DATA: &str =
    "# Lift care\n\n## Records\n\n- A building has a name.\n- A technician has a name.\n- A square has a name.\n";

/// The keys of a record's fields, references that must be given with `!`.
fn fields(read: &Requirements, entity: &str) -> Vec<String> {
    let must = |key: &str| {
        read.concepts.rules.iter().any(
            |rule| matches!(&rule.demand, RuleKind::Required { entity: of, field } if of == entity && field == key),
        )
    };
    let named = &read.concepts.entity(entity).unwrap().fields;
    named.iter().map(|field| format!("{}{}", field.key, if must(&field.key) { "!" } else { "" })).collect()
}

fn told(lines: &str) -> Requirements {
    let read = read(&format!("{DATA}{lines}"));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    read
}

#[test]
fn where_a_record_stands_and_what_is_done_to_it() {
    let read = told(
        "- A lift stands in a building and has a serial number and a load in kg.\n\
         - A job is done on a lift by a technician; it has a title and a planned start.\n\
         - A part is used on a job and has a name and a quantity.\n\
         - A key is kept by a technician and has a code.\n\
         - Every visit takes place in a building; it has a date.\n\
         - A note is filed under a job.\n- A note has a text.\n",
    );
    assert_eq!(fields(&read, "lift"), ["building_id!", "serial_number", "load"]);
    assert_eq!(fields(&read, "job"), ["lift_id", "technician_id", "title", "planned_start"]);
    assert_eq!(fields(&read, "part"), ["job_id", "name", "quantity"]);
    assert_eq!(fields(&read, "key"), ["technician_id", "code"]);
    assert_eq!(fields(&read, "visit"), ["building_id!", "date"]);
    assert_eq!(fields(&read, "note"), ["job_id", "text"]);
}

#[test]
fn what_a_record_concerns_and_what_it_brings_together() {
    let read = told(
        "- A complaint concerns a building and records the day it was received, the text of the complaint and how serious it is \
         (minor or serious).\n\
         - We also store the date on which the complaint was closed.\n\
         - An answer is a reply to a complaint and has a text.\n\
         - An assignment sends a technician to a building. It holds the number of hours that were worked and a remark.\n\
         - A pallet belongs to a building, names a technician and has a weight.\n\
         - An inspection is recorded for a building with the method (rope or lift), the date given and the date it expires.\n",
    );
    assert_eq!(fields(&read, "complaint"), ["building_id!", "date_received", "text", "seriousness", "date_closed"]);
    assert_eq!(fields(&read, "answer"), ["complaint_id", "text"]);
    assert_eq!(fields(&read, "assignment"), ["technician_id!", "building_id!", "number_of_hours", "remark"]);
    assert_eq!(fields(&read, "pallet"), ["building_id!", "technician_id!", "weight"]);
    assert_eq!(fields(&read, "inspection"), ["building_id", "method", "date_given", "expiry_date"]);
    assert_eq!(read.concepts.field("inspection", "expiry_date").unwrap().kind, FieldKind::Date);
}

#[test]
fn what_a_record_is_known_by_and_made_of() {
    let read = told(
        "- A pitch is known by its number, which is unique within the square, and has a length.\n\
         - Each square is divided into pitches.\n\
         - A trader registers with a business name and, if there is one, a website.\n\
         - A lender is an institution with a name and a city.\n\
         - A licence is issued to one trader for one pitch, and it runs from a start date to an end date.\n",
    );
    assert_eq!(fields(&read, "pitch"), ["number", "length", "square_id"]);
    let unique = |rule: &RuleKind| matches!(rule, RuleKind::Unique { entity, fields, .. } if entity == "pitch" && fields.len() == 2);
    assert!(read.concepts.rules.iter().any(|rule| unique(&rule.demand)));
    assert_eq!(fields(&read, "trader"), ["business_name", "website"]);
    assert_eq!(fields(&read, "lender"), ["name", "city"]);
    assert_eq!(fields(&read, "licence"), ["trader_id!", "pitch_id!", "start_date", "end_date"]);
}

#[test]
fn a_clause_that_is_not_understood_leaves_the_others_their_names() {
    let read = read(&format!("{DATA}- A lift stands in a hall and has a code.\n- The code must be unique.\n"));
    assert_eq!(unknowns(&read), ["FR-4"]);
    assert_eq!(fields(&read, "lift"), ["code"]);
    // A body that sends somebody somewhere refers to neither.
    let body =
        super::read(&format!("{DATA}- A department has a code.\n- A department sends a technician to a building.\n"));
    assert_eq!(unknowns(&body), ["FR-5"]);
    assert_eq!(fields(&body, "department"), ["code"]);
    // A kind of deed that the epic knows is made by its verb, wherever it belongs.
    let other = super::read(&format!(
        "{DATA}- An assignment has a date.\n- A skill belongs to a technician and has a level.\n\
         - A technician has a standing (sworn or not sworn).\n- Only a sworn technician can be assigned.\n"
    ));
    let skill = |rule: &RuleKind| matches!(rule, RuleKind::Requires { entity, .. } if entity == "skill");
    assert!(!other.concepts.rules.iter().any(|rule| skill(&rule.demand)));
}
