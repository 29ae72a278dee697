//! What records and fields are, in the words of people who order software.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

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

fn kind(read: &Requirements, entity: &str, field: &str) -> Option<FieldKind> {
    read.concepts.field(entity, field).map(|field| field.kind.clone())
}

fn all_say(sentences: &[&str], json: &str) {
    for sentence in sentences {
        assert_eq!(said(sentence), json, "{sentence}");
    }
}

/// Beside what kind of field it is.
fn all_end(sentences: &[&str], json: &str) {
    for sentence in sentences {
        assert!(said(sentence).ends_with(json), "{sentence}: {}", said(sentence));
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
fn values_to_choose_from() {
    for sentence in [
        "Users choose the colour of a bike from a fixed list: red, green, blue.",
        "The colour is selected from red, green and blue.",
        "The colour of a bike has three possible values: red, green and blue.",
        "The colour takes one of the values red, green or blue.",
        "Permitted colours of a bike are red, green and blue.",
        "Values other than red, green or blue are rejected for the colour.",
        "A colour other than red, green or blue is not accepted.",
        "The colour must be red, green or blue; other values are rejected.",
        "Only red, green and blue are allowed as colours.",
        "The colour of a bike must be one of the following:\n\n- red\n- green\n- blue",
    ] {
        let read = with(sentence);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let values = ["red", "green", "blue"].map(str::to_owned).to_vec();
        assert_eq!(kind(&read, "bike", "colour"), Some(FieldKind::Enum { values }), "{sentence}");
    }
    for sentence in ["The condition of a bike: new, used or broken.", "A bike's condition is one of new, used, broken."]
    {
        let values = ["new", "used", "broken"].map(str::to_owned).to_vec();
        assert_eq!(kind(&with(sentence), "bike", "condition"), Some(FieldKind::Enum { values }), "{sentence}");
    }
    for sentence in [
        "The frame of a bike can be steel, carbon or light metal.",
        "Users choose the frame of a bike from a fixed list: steel, carbon, light metal.",
        "The frame of a bike has three possible values: steel, carbon and light metal.",
    ] {
        let values = ["steel", "carbon", "light metal"].map(str::to_owned).to_vec();
        assert_eq!(kind(&with(sentence), "bike", "frame"), Some(FieldKind::Enum { values }), "{sentence}");
    }
    listed(&[
        "Users choose the colour of a bike from a list of all colours.",
        "The colour of a bike can be changed or deleted.",
        "The owner of a bike: a customer or a station.",
    ]);
}

#[test]
fn fields_told_of_known_records() {
    for (sentence, entity, field) in [
        ("Besides their name, stations have a postcode and a city.", "station", "city"),
        ("Next to its code and colour, a bike has a brand and a frame number.", "bike", "frame_number"),
        ("In addition, each customer has a nationality and an address.", "customer", "nationality"),
        ("For every bike we also want to record its brand and its frame number.", "bike", "brand"),
        ("About customers we store their nationality and address.", "customer", "address"),
        ("The following is stored for each station: city, postcode and opening hours.", "station", "postcode"),
        ("A bike is also characterised by its brand and its model.", "bike", "model"),
        ("Add a field \"frame number\" to the bike.", "bike", "frame_number"),
        ("Add an optional field \"nickname\" to customers.", "customer", "nickname"),
        ("The bike gets an additional field \"electric\" (yes/no).", "bike", "electric"),
        ("The bike shall have an additional field brand.", "bike", "brand"),
        ("There is a new field \"frame number\" on the bike.", "bike", "frame_number"),
        ("We need a field for the brand of a bike.", "bike", "brand"),
        ("Clerks can enter an internal comment on each hire.", "hire", "internal_comment"),
        ("The system must let users enter a preferred return time for a hire.", "hire", "preferred_return_time"),
        ("It must be possible to enter a remark for each bike.", "bike", "remark"),
        ("Customers can optionally provide an e-mail address.", "customer", "e_mail_address"),
        ("It must be possible to note for each bike whether it is electric.", "bike", "electric"),
        ("For each bike, record whether it is electric.", "bike", "electric"),
        ("Record for each bike the brand and the model.", "bike", "model"),
        ("We want to store the customer's nationality.", "customer", "nationality"),
        ("The nationality and the address of a customer are recorded.", "customer", "nationality"),
        ("Each bike has a flag indicating whether helmets are included.", "bike", "helmets_included"),
        ("As a clerk, I want to record a customer's nationality, e-mail and address.", "customer", "nationality"),
        (
            "As a clerk, I want to store the mileage and the battery level of the bike for each hire.",
            "hire",
            "battery_level",
        ),
        ("As a clerk, I want to record for each hire the mileage, the return date and a comment.", "hire", "mileage"),
    ] {
        let read = with(sentence);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        assert!(kind(&read, entity, field).is_some(), "{sentence}: {:?}", read.concepts.entities);
    }
    listed(&[
        "Besides their owner, stations have a city.",
        "Clerks can add a payment to a hire.",
        "Only managers can enter a discount for a hire.",
        "Clerks cannot enter a comment on a hire.",
        "Users can record a visit for a customer.",
        "The system must let users enter a discount for a hire if the hire is long.",
        "Add a search box to the list of bikes.",
        "The bike gets a new field when it is sold.",
        "As a clerk, I want to record payments of a customer so that we know who paid.",
        "All fields of a hire are shown except the note.",
    ]);
}

#[test]
fn a_word_of_duty_is_no_part_of_a_name() {
    let read = with("Station:\n- City mandatory\n- Postcode required, 5 digits\n- Mobile optional");
    assert_eq!(unknowns(&read), Vec::<String>::new());
    for field in ["city", "postcode", "mobile"] {
        assert!(kind(&read, "station", field).is_some(), "{field}");
    }
    assert!(read.concepts.rules.iter().any(
        |rule| matches!(&rule.demand, RuleKind::Required { entity, field } if entity == "station" && field == "city")
    ));
}

#[test]
fn fields_that_bear_a_mark() {
    let read = read(&format!(
        "{HIRE}## Repair\n\n- Title* (text, 80)\n- Bike* (lookup)\n- Reported on (date)\n- Priority (dropdown: low, medium, \
         high)\n\nFields marked with * are mandatory.\n"
    ));
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let values = ["low", "medium", "high"].map(str::to_owned).to_vec();
    assert_eq!(kind(&read, "repair", "priority"), Some(FieldKind::Enum { values }));
    let demanded: Vec<&str> = read
        .concepts
        .rules
        .iter()
        .filter_map(|rule| match &rule.demand {
            RuleKind::Required { entity, field } if entity == "repair" => Some(field.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(demanded, ["title", "bike_id"]);
}

#[test]
fn a_field_is_called_one() {
    all_say(
        &[
            "The field \"street\" must not be empty.",
            "The \"street\" field is mandatory.",
            "The street field must be filled in.",
        ],
        &required("station", "street"),
    );
    let of_all = [required("customer", "full_name"), required("customer", "birth_date")].join(" & ");
    all_say(
        &[
            "All fields of a customer are mandatory except the phone.",
            "All customer fields except the phone are required.",
        ],
        &of_all,
    );
    listed(&["The field \"street\" is shown first.", "All fields of a hire are shown."]);
}

#[test]
fn what_goes_on_from_a_choice() {
    let default = r#"{"kind":"default","entity":"bike","field":"colour","value":"green"}"#;
    let more = |text: &str| with(&format!("Allowed values for the colour: red, green, blue. {text}"));
    assert_eq!(rules_as_json(&more("Default is green."), "Default is green."), default);
    assert_eq!(unknowns(&more("Any other value is refused.")), Vec::<String>::new());
    for text in ["Default is pink.", "Any other value is shown.", "No other value is refused."] {
        assert!(!unknowns(&more(text)).is_empty(), "{text}");
    }
}

#[test]
fn what_a_telegram_says_of_a_field() {
    all_say(
        &["Code: two letters and three digits.", "Bike code: two letters followed by three digits, e.g. AB123."],
        r#"{"kind":"pattern","entity":"bike","field":"code","regex":"[A-Za-z]{2}[0-9]{3}"}"#,
    );
    all_end(
        &["Deposit (euros): minimum 20.", "Deposit (in euros): at least 20."],
        r#"{"kind":"range","entity":"hire","field":"deposit","min":"20.00","max":null,"above_min":false,"below_max":false}"#,
    );
    listed(&["Deposit (roughly): minimum 20.", "Code: two letters or three digits."]);
}

#[test]
fn types_with_what_bounds_them() {
    let length = r#"{"kind":"length","entity":"bike","field":"code","min":null,"max":20}"#;
    all_end(
        &["The code is a text with at most 20 characters.", "The code of a bike is a text of up to 20 characters."],
        length,
    );
    all_end(
        &["The code of a bike is a text of fifteen digits."],
        r#"{"kind":"pattern","entity":"bike","field":"code","regex":"[0-9]{15}"}"#,
    );
    for sentence in ["The price of a bike is an amount in euros with two decimals.", "Deposit is a monetary value."] {
        assert_eq!(unknowns(&with(sentence)), Vec::<String>::new(), "{sentence}");
    }
    // Money has two decimals, and no other number of them.
    listed(&["The price is an amount in euros with three decimals."]);
}

#[test]
fn records_by_another_name() {
    let target = Some(FieldKind::Reference { entity: "customer".to_owned() });
    for sentence in
        ["A hire can have a guarantor, who is also a customer.", "Each hire has a guarantor, who is a customer."]
    {
        let read = with(sentence);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        assert_eq!(kind(&read, "hire", "guarantor_id"), target, "{sentence}");
    }
    listed(&["Every hire has a main customer and may have a co-rider; both are customers."]);
}

#[test]
fn fields_told_of_new_records() {
    let supplier =
        with("For each supplier the following is stored: name (required), country and whether the supplier is active.");
    assert_eq!(unknowns(&supplier), Vec::<String>::new());
    assert_eq!(kind(&supplier, "supplier", "active"), Some(FieldKind::Boolean));
    let helmets = with("Helmets: size (small, medium, large), bought on (date), electric or not.");
    assert_eq!(unknowns(&helmets), Vec::<String>::new());
    assert_eq!(kind(&helmets, "helmet", "electric"), Some(FieldKind::Boolean));
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
fn any_number_of_others() {
    for sentence in [
        "A customer can have any number of hires.",
        "A station has zero or more bikes.",
        "A customer may have an unlimited number of hires.",
        "There can be any number of bikes at a station.",
        "Any number of bikes can belong to a station.",
    ] {
        let read = with(sentence);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        assert!(
            kind(&read, "customer", "number_of_hires").is_none() && kind(&read, "station", "number_of_bikes").is_none()
        );
    }
    all_say(&["A hire must have exactly one customer."], &required("hire", "customer_id"));
    listed(&["A customer has any number.", "Any number of bikes can be hired."]);
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
