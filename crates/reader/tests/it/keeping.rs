//! What is kept of records: lists and tables with headings of all kinds, remarks between fields, parts in brackets.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

const RENTAL: &str = "# Rental\n\n## Roles\n\n- Clerk\n\n## Data\n\nA bike has:\n- frame number (text, required)\n- bought on (date)\n\nA \
    customer has:\n- full name (text, required)\n- phone (phone)\n- birth date (date)\n\nA rental has:\n- bike (reference to bike, \
    required)\n- customer (reference to customer, required)\n- monthly rent (money)\n\n";

fn with(more: &str) -> Requirements {
    read(&format!("{RENTAL}## Further rules\n\n{more}\n"))
}

fn said(sentence: &str) -> String {
    rules_as_json(&with(sentence), sentence)
}

/// The fields of a kind of record with their types, where everything was understood.
fn fields(read: &Requirements, entity: &str) -> Vec<String> {
    assert_eq!(unknowns(read), Vec::<String>::new(), "{:#?}", read.unknown().collect::<Vec<_>>());
    let required = |field: &str| {
        read.concepts.rules.iter().any(|rule| {
            matches!(&rule.demand, RuleKind::Required { entity: of, field: key } if of == entity && key == field)
        })
    };
    let told = |kind: &FieldKind| match kind {
        FieldKind::Text { .. } => "text".to_owned(),
        FieldKind::Enum { values } => values.join("/"),
        FieldKind::Reference { entity } => format!("-> {entity}"),
        kind => format!("{kind:?}").to_lowercase(),
    };
    let entity_fields = read.concepts.entity(entity).map(|entity| entity.fields.clone()).unwrap_or_default();
    let one = |field: &maestro_artifacts::Field| {
        format!("{} {}{}", field.key, told(&field.kind), if required(&field.key) { "!" } else { "" })
    };
    entity_fields.iter().map(one).collect()
}

/// The kinds of records there are.
fn kinds(read: &Requirements) -> Vec<&str> {
    read.concepts.entities.iter().map(|entity| entity.key.as_str()).collect()
}

#[test]
fn headings_with_one_word_more() {
    for (lead, required) in [
        ("Mandatory fields of a locker:", true),
        ("Required fields for a locker:", true),
        ("The following fields of a locker are mandatory:", true),
        ("For each locker, the following fields must be given:", true),
        ("A locker must have:", true),
        ("Optional attributes of a locker:", false),
        ("A locker additionally has:", false),
        ("A locker optionally has:", false),
        ("The following fields exist for a locker:", false),
        ("The following data is stored for every locker:", false),
    ] {
        let read = with(&format!("{lead}\n\n- number\n- size (integer)"));
        let duty = if required { "!" } else { "" };
        assert_eq!(kinds(&read), ["bike", "customer", "rental", "locker"], "{lead}");
        assert_eq!(fields(&read, "locker"), [format!("number text{duty}"), format!("size integer{duty}")], "{lead}");
    }
    for lead in [
        "The fields of a locker are listed in the following table:",
        "The data of a locker is shown below:",
        "### Locker\n\nThe following table lists its fields.",
        "A locker has the fields in the table below.",
    ] {
        let read = with(&format!("{lead}\n\n| Field | Type |\n|---|---|\n| number | text |\n| size | integer |"));
        assert_eq!(kinds(&read), ["bike", "customer", "rental", "locker"], "{lead}");
        assert_eq!(fields(&read, "locker"), ["number text", "size integer"], "{lead}");
    }
    let read = with("## Lockers\n\nRequired:\n- number\n- size (integer)\n\nOptional:\n- remark");
    assert_eq!(fields(&read, "locker"), ["number text!", "size integer!", "remark text"]);
    let read = with("## Lockers\n\nEach of them has:\n- number (required)\n- size (integer)");
    assert_eq!(fields(&read, "locker"), ["number text!", "size integer"]);
    // A kind of record may be called so.
    let read = with("## Required document\n\n- title (text, required)\n- bike");
    assert_eq!(fields(&read, "required_document"), ["title text!", "bike_id -> bike"]);
}

#[test]
fn lists_below_the_heading_of_a_record() {
    for list in [
        "### Vaccine\n\n- name (text, required)\n- price (currency)",
        "## Vaccine\n\n- name (text, required)\n- price (money)",
    ] {
        assert_eq!(fields(&with(list), "vaccine"), ["name text!", "price money"], "{list}");
    }
    // Names alone, and what is said of them below.
    let read = with("## Vaccine\n\n- Name\n- Price\n- Stock\n\nRules:\n- Name is required.\n- Price is not negative.");
    assert_eq!(fields(&read, "vaccine"), ["name text!", "price money", "stock integer"]);
    assert!(!fields(&read, "rental").iter().any(|field| field.starts_with("price")));
    let delivery = "## Delivery\n\nAttributes:\n- bike: the bike that is delivered (required)\n- delivered at: date/time\n- state: \
        planned, under way, delivered";
    assert_eq!(
        fields(&with(delivery), "delivery"),
        ["bike_id -> bike!", "delivered_at datetime", "state planned/under way/delivered"]
    );
    for story in ["Story: Register a locker", "Story: Add a locker"] {
        let told = format!(
            "A locker has a number.\n\n## {story}\n\nAs a clerk, I want to register lockers.\n\nFields:\n- size (integer, required)\n- remark"
        );
        let read = with(&told);
        assert_eq!(kinds(&read).len(), 4, "{story}");
        assert_eq!(fields(&read, "locker"), ["number text", "size integer!", "remark text"], "{story}");
    }
    // Goals, menus and the like are no fields.
    for list in
        ["## Opening\n\n- Price list\n- Opening times\n- Contact", "## Goals\n\n- faster hand-out\n- less paper"]
    {
        assert_eq!(kinds(&with(list)), ["bike", "customer", "rental"], "{list}");
    }
}

#[test]
fn remarks_between_fields_are_no_fields() {
    for (sentence, told) in [
        ("A bike has a price, given in euros, and a tag.", ["price money", "tag text"]),
        ("A bike has a price, stored in euros, and a tag.", ["price money", "tag text"]),
        ("A bike has a length, measured in centimetres, and a tag.", ["length decimal", "tag text"]),
        ("A bike has a price, stored with two decimals, and a tag.", ["price money", "tag text"]),
        ("A bike has a tag, called label for short, and a price.", ["tag text", "price money"]),
        ("A bike has a price, possibly also a tag.", ["price money", "tag text"]),
        ("A bike has, among other things, a price and a tag.", ["price money", "tag text"]),
        ("A bike has the properties price and tag.", ["price money", "tag text"]),
        ("A bike has a price and may have a tag.", ["price money", "tag text"]),
        ("A bike has a price and a tag number given by the customer.", ["price money", "tag_number text"]),
        ("A bike has a lock, chosen from chain, frame and none, and a tag.", ["lock chain/frame/none", "tag text"]),
        ("A bike has a tag and a flag indicating whether lamps are mounted.", ["tag text", "lamps_mounted boolean"]),
    ] {
        let read = with(sentence);
        let own = ["frame_number text!", "bought_on date"];
        assert_eq!(fields(&read, "bike"), [own, told].concat(), "{sentence}");
        let deeds = read.concepts.rules.iter().any(|rule| matches!(rule.demand, RuleKind::Capability { .. }));
        assert!(!deeds, "{sentence}");
    }
    // What else there is, or what a remark asks for beside, is not understood.
    for sentence in [
        "A bike has a tag, a price and so on.",
        "A bike has a tag, a price, etc.",
        "A bike has a type: city, mountain, road etc.",
        "A bike has a price, including VAT, and a tag.",
        "A bike has a tag, printed on the ticket, and a price.",
        "A bike has a gear count, usually 1 to 9, and a price.",
        "A customer has a note with a date and a colour.",
    ] {
        let read = with(sentence);
        assert_eq!(unknowns(&read).len(), 1, "{sentence}");
    }
}

#[test]
fn parts_in_brackets_are_fields() {
    for (sentence, told) in [
        ("A customer has an address (street, postcode, city).", vec!["street text", "postcode text", "city text"]),
        ("A customer has an address consisting of street and city.", vec!["street text", "city text"]),
        ("A customer has an address made up of a street and a city.", vec!["street text", "city text"]),
        (
            "A customer has a billing address (street, city; required).",
            vec!["billing_street text!", "billing_city text!"],
        ),
        ("A customer has a name (first and last name).", vec!["first_name text", "last_name text"]),
        (
            "A customer has an emergency contact with name and phone.",
            vec!["emergency_contact_name text", "emergency_contact_phone text"],
        ),
        ("A customer has a size (small, large).", vec!["size small/large"]),
        ("A customer has an address (private, business).", vec!["address private/business"]),
    ] {
        let own = ["full_name text!", "phone text", "birth_date date"];
        assert_eq!(fields(&with(sentence), "customer"), [own.to_vec(), told].concat(), "{sentence}");
    }
    for sentence in [
        "A bike has a rental period (from, to).",
        "A bike has opening hours (from and to).",
        "A customer has a display name, made up of the first and last name.",
    ] {
        assert_eq!(unknowns(&with(sentence)).len(), 1, "{sentence}");
    }
}

#[test]
fn ids_and_pictures_of_dates() {
    let read = with("## Repair\n\n- title (required)\n- bikeId (required)\n- customer_id (uuid)\n- serial_id");
    assert_eq!(
        fields(&read, "repair"),
        ["title text!", "bike_id -> bike!", "customer_id -> customer", "serial_id text"]
    );
    for sentence in ["A repair has a title and the bike concerned.", "A repair has a title and the bike in question."] {
        assert_eq!(fields(&with(sentence), "repair"), ["title text", "bike_id -> bike"], "{sentence}");
    }
    let read = with("## Part\n\n- name (required)\n- bought on: date (dd/mm/yyyy)\n- sold at (yyyy-mm-dd hh:mm)");
    assert_eq!(fields(&read, "part"), ["name text!", "bought_on date", "sold_at datetime"]);
}

#[test]
fn what_is_said_of_the_field_before() {
    for sentence in [
        "A bike has a tag - it is required.",
        "A bike has a tag; it must be given.",
        "A bike has a tag. It is required.",
    ] {
        let read = with(sentence);
        assert_eq!(fields(&read, "bike"), ["frame_number text!", "bought_on date", "tag text!"], "{sentence}");
    }
    let read = with("A bike has a colour. It can be red, green or blue.");
    assert_eq!(fields(&read, "bike"), ["frame_number text!", "bought_on date", "colour red/green/blue"]);
    for sentence in ["A bike has a tag and a price. It is required.", "A bike has a tag and a price; it is required."] {
        let read = with(sentence);
        assert_eq!(unknowns(&read).len(), 1, "{sentence}");
    }
}

#[test]
fn what_tells_records_apart() {
    assert_eq!(
        said("A customer is identified by full name and phone."),
        r#"{"kind":"unique","entity":"customer","fields":["full_name","phone"],"when":[],"ignore_case":false}"#
    );
    let phone = r#"{"kind":"unique","entity":"customer","fields":["phone"],"when":[],"ignore_case":false}"#;
    for sentence in ["A customer is identified by phone.", "Every customer has a different phone."] {
        assert!(said(sentence).contains(phone), "{sentence}");
    }
    assert_eq!(unknowns(&with("A bike has different tags.")).len(), 1);
}

#[test]
fn other_orders_of_words() {
    let age = said("A customer must be at least 18 years old.");
    for sentence in [
        "Customers must be of full age, i.e. at least 18 years old.",
        "Customers must be of legal age (18 or older).",
        "A customer must be an adult (18 or older).",
    ] {
        assert_eq!(said(sentence), age, "{sentence}");
    }
    let read = with("A bike is of one of the following kinds: city, mountain, road.");
    assert_eq!(fields(&read, "bike"), ["frame_number text!", "bought_on date", "kind city/mountain/road"]);
    let read = with("Allowed values for the colour of a bike: red, green.");
    assert_eq!(fields(&read, "bike"), ["frame_number text!", "bought_on date", "colour red/green"]);
    for sentence in [
        "Each bike is looked after by one mechanic; a mechanic has a name.",
        "Each bike is looked after by one mechanic. A mechanic has a name.",
    ] {
        let read = with(sentence);
        assert_eq!(
            fields(&read, "bike"),
            ["frame_number text!", "bought_on date", "mechanic_id -> mechanic!"],
            "{sentence}"
        );
        assert_eq!(fields(&read, "mechanic"), ["name text"], "{sentence}");
    }
    let read = with("There is also a record for keys: a key has a number and a bike.");
    assert_eq!(fields(&read, "key"), ["number text", "bike_id -> bike"]);
    let read = with("A rental may have a co-customer.");
    assert!(fields(&read, "rental").contains(&"co_customer_id -> customer".to_owned()));
    let digits = said("The postcode of a customer must consist of five digits.");
    for sentence in
        ["The customer's postcode is a five-digit number.", "The postcode of a customer is a five-digit code."]
    {
        assert_eq!(said(sentence), digits, "{sentence}");
    }
    assert_eq!(said("The rent must be at least 100."), said("The monthly rent must be at least 100."));
    // Where two fields are called so, it is neither of them.
    assert_eq!(
        unknowns(&with("A bike has a weekly rent. A bike has a tag.\n\nThe rent must be at least 100.")).len(),
        1
    );
}

#[test]
fn phrases_that_say_something_are_no_names() {
    for sentence in [
        "A rental has a price based on the monthly rent.",
        "A rental has a total amount including extras.",
        "Every customer has a customer number generated by the system.",
        "A rental has a return after its start.",
        "A customer has a home address and a work address, each with a street and a city.",
        "A customer has an age, computed from the birth date.",
        "A customer has a display name, built from full name and phone.",
        "A customer has a contact (full name and phone).",
        "A report of rentals contains bike and customer.",
        "A CSV export of customers contains full name and phone.",
        "A rental has a booking number, unique per year.",
    ] {
        let read = with(sentence);
        assert_eq!(unknowns(&read).len(), 1, "{sentence}");
        assert_eq!(kinds(&read), ["bike", "customer", "rental"], "{sentence}");
    }
    for (sentence, rule) in [
        (
            "A customer has a birth date in the past.",
            r#"{"kind":"compare","entity":"customer","field":"birth_date","op":"lt","to":{"of":"today","plus_days":0},"when":[],"on_create":false}"#,
        ),
        (
            "A customer must have a birth date in the past.",
            r#"{"kind":"required","entity":"customer","field":"birth_date"}"#,
        ),
        (
            "A rental has a label unique within the bike.",
            r#"{"kind":"unique","entity":"rental","fields":["bike_id","label"],"when":[],"ignore_case":false}"#,
        ),
        (
            "A customer has a unique phone number.",
            r#"{"kind":"unique","entity":"customer","fields":["phone"],"when":[],"ignore_case":false}"#,
        ),
    ] {
        assert!(said(sentence).contains(rule), "{sentence}: {}", said(sentence));
    }
}
