//! What records and fields are, in the words of people who order software.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::Requirements;

const HIRE: &str = "# Bike hire\n\n## Roles\n\n- Clerk: hands out the bikes\n- Manager: keeps the stations\n\n## Data\n\nA station has:\n- \
    name (text, required)\n- street (text, optional)\n- e-mail (e-mail, optional)\n\nA bike has:\n- station (reference to station, \
    required)\n- code (text, required)\n- colour (text, optional)\n- size (one of small, medium, large; optional)\n- price (money, \
    optional)\n- weight (decimal, optional)\n- seats (integer, optional)\n\nA customer has:\n- full name (text, required)\n- phone \
    (phone, optional)\n- birth date (date, optional)\n\nA hire has:\n- bike (reference to bike, required)\n- customer (reference to \
    customer, required)\n- start date (date, required)\n- note (long text, optional)\n- deposit (money, optional)\n\n## Rules\n\n";

fn with(sentence: &str) -> Requirements {
    read(&format!("{HIRE}{sentence}\n"))
}

/// The rules of one sentence more, as JSON.
fn said(sentence: &str) -> String {
    rules_as_json(&with(sentence), sentence)
}

fn all_say(sentences: &[&str], json: &str) {
    for sentence in sentences {
        assert_eq!(said(sentence), json, "{sentence}");
    }
}

fn listed(sentences: &[&str]) {
    for sentence in sentences {
        assert!(!unknowns(&with(sentence)).is_empty(), "{sentence}");
    }
}

fn required(entity: &str, field: &str) -> String {
    format!(r#"{{"kind":"required","entity":"{entity}","field":"{field}"}}"#)
}

fn unique(entity: &str, fields: &str) -> String {
    format!(r#"{{"kind":"unique","entity":"{entity}","fields":[{fields}],"when":[],"ignore_case":false}}"#)
}

#[test]
fn demands_in_telegrams() {
    all_say(
        &["Bike colour mandatory.", "Colour required.", "Colour of a bike compulsory."],
        &required("bike", "colour"),
    );
    assert_eq!(
        said("Birth date required, phone optional."),
        format!(
            r#"{{"kind":"has_field","entity":"customer","field":"phone"}} & {}"#,
            required("customer", "birth_date")
        )
    );
    listed(&[
        "Phone mandatory for customers older than 18.",
        "Street optional or city mandatory.",
        "The phone is not.",
    ]);
}

#[test]
fn demands_upon_saving() {
    all_say(
        &[
            "A note must always be provided when a hire is created.",
            "When creating a hire, a note must be given.",
            "A note is mandatory when creating a hire.",
            "A note is required to create a hire.",
            "To create a hire, a note must be entered.",
            "Users cannot save a hire without entering a note.",
            "You cannot add a hire without giving a note.",
            "Saving a hire without a note is not possible.",
            "It is not possible to save a hire without a note.",
            "If no note is given, the hire cannot be saved.",
        ],
        &required("hire", "note"),
    );
    // What is asked then only, or of some only, is no demand of every record.
    listed(&[
        "A note must be given when a hire is cancelled.",
        "A note is mandatory when the bike is expensive.",
        "Users cannot close a hire without a note.",
        "Clerks cannot create a customer without a phone.",
        "The end date may be left blank if the hire is open.",
    ]);
}

#[test]
fn demands_of_one_and_not_of_the_other() {
    let one = required("customer", "birth_date");
    let other = r#"{"kind":"has_field","entity":"customer","field":"phone"}"#;
    all_say(
        &[
            "The phone of a customer is optional, while the birth date is required.",
            "The phone of a customer is optional; the birth date is not.",
            "The phone is optional whereas the birth date is required.",
        ],
        &format!("{other} & {one}"),
    );
    assert_eq!(said("The birth date is mandatory; the phone is not."), format!("{other} & {one}"));
    listed(&["The deposit is optional, while the note is long.", "The deposit is optional; the hire is not."]);
}

#[test]
fn unique_by_itself() {
    all_say(
        &[
            "A code that is already in use by another bike is rejected with a conflict.",
            "A code which another bike already has is not accepted.",
            "A code that already exists is refused.",
            "The code identifies a bike uniquely.",
            "The code uniquely identifies a bike.",
            "The code is the unique identifier of a bike.",
            "Creating a bike with an existing code fails with a conflict error.",
            "Creating a bike with a code that already exists results in a conflict.",
            "Saving a bike with a code that is already used must fail.",
            "If a user enters a code that already exists, an error is shown.",
            "If a user tries to add a bike with the same code a second time, the request is rejected with a conflict.",
            "Bike codes have to be distinct.",
            "A bike is unique by its code.",
            "A bike with the same code as another bike must not be saved.",
            "Only one bike may have a given code.",
            "The system shall reject a bike whose code already exists.",
            "Duplicate codes rejected.",
            "No duplicate codes.",
            "Duplicates of the code are not allowed.",
            "The same code must not be used twice.",
            "The same code cannot be registered for two bikes.",
            "A code can only be assigned to one bike.",
            "The code must not be in use by another bike.",
        ],
        &unique("bike", r#""code""#),
    );
    all_say(
        &["Code is unique, case does not matter.", "Bike codes are unique; upper and lower case do not matter."],
        &unique("bike", r#""code""#).replace("false", "true"),
    );
    listed(&[
        "The code of a bike that is in use is rejected.",
        "A bike that is in use by another customer is rejected.",
        "A code that another station has is refused.",
        "Two bikes may have the same code.",
        "No duplicate bikes.",
        "The same code must not be used twice in a row.",
        "Code unique or empty.",
    ]);
}

#[test]
fn unique_among_some() {
    all_say(
        &[
            "The code of a bike only needs to be unique within its station.",
            "A bike's code needs to be unique only within its station.",
            "The code has to be unique per station only.",
            "There may be only one bike per code in a station.",
            "Codes may repeat across stations but not within a station.",
            "Bike codes may be reused in different stations, but not within the same station.",
            "Within a station no two bikes may have the same code.",
            "Within one station, no two bikes may have the same code.",
        ],
        &unique("bike", r#""station_id","code""#),
    );
    all_say(
        &[
            "A customer is unique by full name and birth date.",
            "A customer with the same full name and birth date as an existing customer cannot be added.",
            "The combination of full name and birth date must be unique for a customer.",
        ],
        &unique("customer", r#""full_name","birth_date""#),
    );
    listed(&["Codes may repeat across stations but not within a country."]);
}

#[test]
fn bounds_in_other_words() {
    let range = |field: &str, min: &str, max: &str| {
        format!(
            r#"{{"kind":"range","entity":"bike","field":"{field}","min":{min},"max":{max},"above_min":false,"below_max":false}}"#
        )
    };
    all_say(
        &["The maximum price of a bike is 5000.", "Highest price: 5000.", "The largest allowed price is 5000 euros."],
        &range("price", "null", r#""5000.00""#),
    );
    all_say(
        &[
            "Prices below 10 or above 5000 are rejected.",
            "A price smaller than 10 or larger than 5000 is not accepted.",
            "The price is at least €10 and at most €5,000 per day.",
        ],
        &range("price", r#""10.00""#, r#""5000.00""#),
    );
    all_say(&["Seats must be a whole number of at least 1."], &range("seats", r#""1""#, "null"));
    all_say(&["The price can be zero but not negative."], &range("price", r#""0.00""#, "null"));
    let length = r#"{"kind":"length","entity":"customer","field":"full_name","min":null,"max":80}"#;
    all_say(
        &[
            "The full name has a maximum length of 80 characters.",
            "The full name is limited to a length of 80 characters.",
            "Full name: maximum length 80.",
            "A full name may have at most 80 characters; longer names are rejected.",
        ],
        length,
    );
    listed(&[
        "The maximum price of a bike is its weight.",
        "The price is at least 10 per seat.",
        "A full name may have at most 80 characters; shorter names are rejected.",
        "A full name may have at most 80 characters; longer names are shortened.",
        "Names longer than 60 characters are shortened.",
    ]);
}

#[test]
fn what_holds_where_nothing_is_given() {
    all_say(
        &[
            "If no size is chosen, medium is used.",
            "If no size is chosen, medium is assumed.",
            "When a bike is created without a size, it gets the size medium.",
            "The size field is prefilled with medium.",
            "If not specified, the size is medium.",
        ],
        r#"{"kind":"default","entity":"bike","field":"size","value":"medium"}"#,
    );
    all_say(
        &[
            "If the start date is not given, the current date is used.",
            "If no start date is given, today's date is used.",
            "The system sets the start date to today when none is entered.",
        ],
        r#"{"kind":"default","entity":"hire","field":"start_date","value":"today"}"#,
    );
    all_say(
        &["A new hire has a deposit of 50 euros by default.", "If nothing is entered for the deposit, 50 is taken."],
        r#"{"kind":"default","entity":"hire","field":"deposit","value":"50.00"}"#,
    );
    listed(&[
        "If no size is chosen, the size of the last bike is used.",
        "If no deposit is given, the manager is informed.",
    ]);
}

#[test]
fn which_signs_a_text_may_hold() {
    let pattern = |regex: &str| format!(r#"{{"kind":"pattern","entity":"bike","field":"code","regex":"{regex}"}}"#);
    all_say(&["The code may only contain digits.", "The code consists only of digits."], &pattern("[0-9]+"));
    all_say(
        &[
            "The code may only contain letters, digits and hyphens.",
            "The code can contain only letters, digits and hyphens.",
        ],
        &pattern("[A-Za-z0-9-]+"),
    );
    all_say(&["Only letters and digits are allowed in the code."], &pattern("[A-Za-z0-9]+"));
    listed(&["The code may only contain what is printed on the bike.", "The code must not contain spaces."]);
}

#[test]
fn units_behind_figures() {
    let at_most = r#"{"kind":"range","entity":"bike","field":"weight","min":null,"max":"40","above_min":false,"below_max":false}"#;
    all_say(&["Weight: at most 40 kg.", "A bike cannot weigh more than 40 kg.", "Maximum weight: 40 kg."], at_most);
    listed(&["A bike cannot weigh more than its rider.", "A bike cannot carry more than 40 kg."]);
}

#[test]
fn records_that_others_refer_to() {
    let kept = r#"{"kind":"no_delete","entity":"station","when":[{"test":"children","child":"bike","via":"station_id","when":[],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#;
    all_say(
        &[
            "It is not possible to delete a station as long as there are bikes for it.",
            "It is not possible to delete a station as long as it has bikes.",
            "Stations with bikes are protected from deletion.",
            "Trying to delete a station with bikes results in an error.",
            "Attempting to delete a station with bikes must fail.",
            "Deleting a station with bikes is rejected with a conflict.",
            "The system does not allow deleting a station that has bikes.",
            "The system does not allow a station with bikes to be deleted.",
            "The system prevents the deletion of stations with bikes.",
        ],
        kept,
    );
    listed(&[
        "Stations with bikes are protected from theft.",
        "Trying to delete a station is fun.",
        "Attempting to delete a bike with hires is logged.",
        "It is not possible to print a station.",
    ]);
}
