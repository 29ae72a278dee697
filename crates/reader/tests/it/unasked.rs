//! What holds where nothing else is told: default values, default orders, and bounds that are put as names.

use super::rules::check;

const RECORDS: &str = "# Depot\n\n## Orders\n\nEach order has a number (text), an order date (date), a delivery date (date), \
     a colour (red, green, blue), a priority and an express flag (yes/no, normally no).\n\n## Rules\n\n";

fn told(rule: &str, json: &str) {
    check(&format!("{RECORDS}- {rule}\n"), &[(rule, json)], &[]);
}

fn unknown(rule: &str) {
    check(&format!("{RECORDS}- {rule}\n"), &[], &["BR-1"]);
}

#[test]
fn the_latest_possible_date_is_a_bound() {
    let latest = r#"{"kind":"compare","entity":"order","field":"delivery_date","op":"le","to":{"of":"field","field":"order_date","plus":60}}"#;
    for rule in [
        "The latest possible delivery date of an order is 60 days after its order date.",
        "The latest delivery date allowed is 60 days after the order date.",
        "The last possible delivery date is 60 days after the order date.",
        "The delivery date of an order is at the latest 60 days after the order date.",
        "The delivery date must be 60 days after the order date at the latest.",
    ] {
        told(rule, latest);
    }
    let earliest = r#"{"kind":"compare","entity":"order","field":"delivery_date","op":"ge","to":{"of":"field","field":"order_date","plus":2}}"#;
    told("The earliest possible delivery date of an order is 2 days after the order date.", earliest);
    told("The first permitted delivery date is 2 days after the order date.", earliest);
    // No such date is recorded: nothing is bounded, and no field is made up.
    unknown("The latest possible return date of an order is 60 days after its order date.");
    unknown("The last possible return date is 60 days after the order date.");
}

#[test]
fn an_order_that_nobody_asks_for_is_the_lists_own() {
    let latest =
        r#"{"kind":"list","entity":"order","sort":[{"field":"delivery_date","descending":true}],"page_size":null}"#;
    for rule in [
        "The list of orders is in order of delivery date, latest first, if no other sorting is asked for.",
        "If no other sorting is asked for, orders are listed in order of delivery date, latest first.",
        "Orders are listed in order of delivery date, latest first, unless another order is requested.",
        "Unless asked otherwise, orders are sorted by delivery date, newest first.",
        "Orders are sorted in order of delivery date, latest first, as long as nothing else is asked for.",
    ] {
        told(rule, latest);
    }
    told(
        "When no other sort order is chosen, orders are listed in order of number.",
        r#"{"kind":"list","entity":"order","sort":[{"field":"number","descending":false}],"page_size":null}"#,
    );
}

#[test]
fn what_is_so_as_a_rule_is_a_default() {
    let red = r#"{"kind":"default","entity":"order","field":"colour","value":"red"}"#;
    for rule in [
        "The colour of an order is normally red.",
        "The colour of an order is usually red.",
        "Normally the colour of an order is red.",
        "The colour of an order is red unless stated otherwise.",
    ] {
        told(rule, red);
    }
    told(
        "Each order has an express flag (yes/no, normally no).",
        &[
            r#"{"kind":"has_field","entity":"order","field":"express_flag"}"#,
            r#"{"kind":"default","entity":"order","field":"express_flag","value":false}"#,
        ]
        .join(" & "),
    );
    // What is so as a rule only demands nothing.
    unknown("Orders are usually delivered within 14 days.");
    unknown("The delivery date of an order is usually after the order date.");
}

#[test]
fn a_formula_behind_a_name_adds_no_other_field() {
    let read = super::read(
        "# Depot\n\nEach order has an order date (date), a delivery date (date) and a number (text).\n\n## Rules\n\n\
         - Each order has a wait, which is the number of days between order date and delivery date.\n",
    );
    let keys: Vec<&str> = read.concepts.entities[0].fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["order_date", "delivery_date", "number", "wait"]);
    assert!(read.concepts.entities[0].fields[3].read_only);
    assert_eq!(super::unknowns(&read), Vec::<String>::new());
}
