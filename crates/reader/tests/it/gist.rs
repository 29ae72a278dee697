//! Demands told in an order and in words that no pattern knows: by what they name.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::Requirements;

const HIRE: &str = "# Machine hire\n\n## Customers\n\nA customer has a name (required), an e-mail address and a credit limit \
    (money).\n\n## Employees\n\nAn employee has a name (required).\n\n## Machines\n\nA machine has a code, a payload (integer, kg) and \
    a next inspection date.\n\n## Orders\n\n| Field | Type | Required |\n|---|---|---|\n| order number | text | yes |\n| customer | \
    reference to customer | yes |\n| machine | reference to machine | yes |\n| first day | date | yes |\n| last day | date | yes |\n| \
    budget | money | no |\n| note | text | no |\n| delivered on | date | no |\n| received by | text | no |\n| reason | text | no \
    |\n\nAn order starts as draft. It moves from draft to confirmed, from confirmed to in work, from in work to delivered. Draft and \
    confirmed orders can be cancelled.\n\n## Order lines\n\nAn order line belongs to an order. It has an article (text), a quantity \
    (integer), a unit price (money), a weight (decimal, kg) and a position (integer).\n\n## Payments\n\nA payment belongs to an order. It \
    has an amount (money), a paid on date and a payer, which is a reference to a customer.\n\n## Inspections\n\nAn inspection belongs to a \
    machine and an employee. It has an inspection date and a result (passed or failed).\n\n";

fn with(sentences: &[&str]) -> Requirements {
    let rules: String = sentences.iter().map(|sentence| format!("- {sentence}\n")).collect();
    read(&format!("{HIRE}## Further rules\n\n{rules}"))
}

#[track_caller]
fn all_say(rules: &str, sentences: &[&str]) {
    let read = with(sentences);
    for sentence in sentences {
        assert_eq!(rules_as_json(&read, sentence), rules, "{sentence}");
    }
}

#[track_caller]
fn listed(sentences: &[&str]) {
    let read = with(sentences);
    assert_eq!(unknowns(&read).len(), sentences.len(), "{:#?}", read.unknown().collect::<Vec<_>>());
}

#[test]
fn the_hire_itself_is_read_whole() {
    assert_eq!(unknowns(&with(&[])), Vec::<String>::new());
}

#[test]
fn what_a_change_needs() {
    let needs = |to: &str, fields: &str| {
        format!(r#"{{"kind":"transition_requires","entity":"order","from":null,"to":"{to}","fields":[{fields}]}}"#)
    };
    all_say(
        &needs("delivered", r#""delivered_on""#),
        &[
            "Before an order can be delivered its delivered on date must be entered.",
            "No order is delivered without a delivered on date.",
            "The step to delivered requires delivered on.",
            "To mark an order as delivered, the delivered on date must be recorded.",
        ],
    );
    all_say(
        &needs("cancelled", r#""reason""#),
        &[
            "An order is only set to cancelled with a reason.",
            "An order cannot be cancelled without giving a reason.",
            "A reason must accompany every cancellation.",
        ],
    );
    all_say(
        &needs("delivered", r#""delivered_on","received_by""#),
        &["The system shall require delivered on and received by before an order can be set to delivered."],
    );
    all_say(
        &needs("delivered", r#""received_by""#),
        &[
            "An order must not be set to delivered before received by is entered.",
            "An order can be set to delivered only after received by has been entered.",
        ],
    );
    listed(&[
        "The delivered on must not be before the first day when the order is set to delivered.",
        "Before an order is set to delivered, the reason must not be filled in.",
        "An order can be set to delivered without a reason.",
        "A delivered order may have a reason.",
        "When an order is delivered, the reason or the note must be entered.",
        "When an order is delivered, a reason and 3 lines must be entered.",
    ]);
}

#[test]
fn who_alone_may() {
    let only = |from: &str, to: &str, role: &str| {
        format!(r#"{{"kind":"transition_role","entity":"order","from":{from},"to":"{to}","roles":["{role}"]}}"#)
    };
    all_say(
        &only("null", "confirmed", "dispatcher"),
        &[
            "The change to confirmed shall be permitted to dispatchers only.",
            "The change to confirmed is reserved to dispatchers.",
            "Confirming an order is a matter for the dispatcher.",
            "The right to confirm orders is limited to dispatchers.",
            "Dispatchers are the only ones who can confirm orders.",
            "For confirming an order the role dispatcher is needed.",
        ],
    );
    all_say(&only("null", "cancelled", "head clerk"), &["Only the head clerk may declare an order cancelled."]);
    all_say(
        &[only(r#""draft""#, "confirmed", "office"), only(r#""in work""#, "delivered", "office")].join(" & "),
        &["Only the office may change an order from draft to confirmed and from in work to delivered."],
    );
    listed(&[
        "The change to confirmed is not reserved to dispatchers.",
        "Dispatchers are the only ones who cannot cancel orders.",
        "Only orders of dispatchers can be cancelled.",
        "The right to confirm orders is limited to Mondays.",
    ]);
}

#[test]
fn what_may_be_there_once() {
    let unique = |entity: &str, fields: &str| {
        format!(r#"{{"kind":"unique","entity":"{entity}","fields":[{fields}],"when":[],"ignore_case":false}}"#)
    };
    all_say(
        &unique("order_line", r#""order_id","article""#),
        &[
            "An order may not have two order lines for the same article.",
            "An order must not contain the same article more than once.",
        ],
    );
    all_say(
        &unique("order_line", r#""order_id","position""#),
        &["Order and position together are unique.", "Within an order, every position occurs once."],
    );
    all_say(
        &unique("inspection", r#""machine_id","inspection_date""#),
        &[
            "Only one inspection of a machine may be recorded per day.",
            "For each machine there can be only one inspection per day.",
            "The same machine cannot be inspected twice on the same day.",
        ],
    );
    all_say(
        &unique("machine", r#""code""#),
        &[
            "The code of a machine can't be used a second time.",
            "Each machine code exists only once.",
            "It is not possible to create two machines with the same code.",
        ],
    );
    listed(&[
        "An article must be entered at least once per order.",
        "One employee can inspect a machine twice.",
        "There is only one order line per confirmed order.",
        "An order may have two order lines for the same article.",
    ]);
}

#[test]
fn how_much_children_may_add_up_to() {
    let sum = |of: &str, field: &str, limit: &str| {
        format!(
            r#"{{"kind":"capacity","parent":"order","child":"{of}","via":"order_id","measure":{{"measure":"sum","field":"{field}"}},"op":"le","limit":{limit},"when":[]}}"#
        )
    };
    all_say(
        &sum("payment", "amount", r#"{"of":"field","field":"budget","plus":0}"#),
        &[
            "The payments of an order must not exceed its budget.",
            "The payments for an order may not add up to more than its budget.",
            "Together, the payments of an order may not be higher than the budget of the order.",
        ],
    );
    all_say(
        &sum("payment", "amount", r#"{"of":"referenced","via":"customer_id","field":"credit_limit","plus":0}"#),
        &["The sum of the payments of an order shall not exceed the credit limit of the customer."],
    );
    all_say(
        &sum("order_line", "weight", r#"{"of":"value","value":2000}"#),
        &["The weights of an order's lines must not total more than 2000 kg."],
    );
    listed(&[
        "The payments of an order must exceed its budget.",
        "A payment of an order must not exceed its budget.",
        "The payments of an order must not exceed the budget of last year.",
        // A price a piece is nothing to add up.
        "The order lines of an order must not exceed the budget.",
    ]);
}

#[test]
fn references_that_lead_to_the_same_record() {
    all_say(
        r#"{"kind":"compare","entity":"payment","field":"payer_id","op":"eq","to":{"of":"referenced","via":"order_id","field":"customer_id","plus":0},"when":[],"on_create":false}"#,
        &[
            "The payer of a payment must be the customer of the order.",
            "The payment must come from the same customer as the order.",
        ],
    );
    listed(&[
        "The payer must not be the customer of the order.",
        "The payer may be the customer of the order.",
        "The payer of a payment must be the same as the machine of the order.",
    ]);
}

#[test]
fn what_stays_as_it_is() {
    all_say(
        r#"{"kind":"immutable","entity":"order","when":[{"test":"in","field":"status","values":["delivered","cancelled"]}],"fields":[]}"#,
        &[
            "Neither delivered nor cancelled orders can be altered any more.",
            "While an order is delivered or cancelled, nothing in it may be changed.",
            "Delivered and cancelled orders must never be edited again.",
            "Orders that are delivered or cancelled shall not be changeable.",
        ],
    );
    listed(&["While an order is confirmed, nothing in it must be changed by clerks."]);
}

#[test]
fn how_many_there_are_before_a_change_and_of_one_day() {
    all_say(
        r#"{"kind":"requires","entity":"order","at":{"moment":"transition","to":"confirmed"},"condition":[{"test":"children","child":"order_line","via":"order_id","when":[],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#,
        &[
            "An order needs at least one order line before it can be confirmed.",
            "An order without order lines cannot be confirmed.",
        ],
    );
    all_say(
        r#"{"kind":"quota","entity":"inspection","by":["machine_id","inspection_date"],"most":12,"when":[]}"#,
        &[
            "A machine must not have more than 12 inspections on the same inspection date.",
            "A machine shall not have more than 12 inspections per day.",
        ],
    );
    listed(&[
        "An order needs two order lines before it can be confirmed.",
        "A machine has 12 inspections on the same day.",
    ]);
}

#[test]
fn figures_by_group_for_whoever_wants_them() {
    let totals = |entity: &str, by: &str| format!(r#""kind":"totals","entity":"{entity}","by":[{by}]"#);
    for (sentence, expected) in [
        (
            "We would like to see the total amount of payments per order, and the number of orders per machine.",
            vec![totals("payment", r#""order_id""#), totals("order", r#""machine_id""#)],
        ),
        (
            "There is an overview of the total budget per machine and of the total weight per article.",
            vec![totals("order", r#""machine_id""#), totals("order_line", r#""article""#)],
        ),
        (
            "The manager needs the total amount of payments per payer and per order, and the total weight per article.",
            vec![
                totals("payment", r#""payer_id""#),
                totals("payment", r#""order_id""#),
                totals("order_line", r#""article""#),
            ],
        ),
        (
            r#"The report "machines" shows the number of orders grouped by the code of the machine."#,
            vec![totals("order", r#""machine_id","code""#)],
        ),
    ] {
        let json = rules_as_json(&with(&[sentence]), sentence);
        let parts: Vec<&str> = json.split(" & ").collect();
        assert_eq!(parts.len(), expected.len(), "{json}");
        for rule in expected {
            assert!(json.contains(&rule), "{sentence}: {json}");
        }
    }
    listed(&["The manager needs the number of staff per day."]);
}

#[test]
fn remarks_behind_a_rule() {
    let read = with(&[
        "A customer with orders cannot be deleted; the API answers with 409.",
        "Dispatchers and managers may cancel an order; nobody else may.",
        "Orders can be downloaded as CSV, with the filters applied.",
    ]);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let json = serde_json::to_string(&read.concepts.rules).unwrap();
    for rule in [
        r#""kind":"no_delete","entity":"customer""#,
        r#""kind":"transition_role","entity":"order","from":null,"to":"cancelled","roles":["dispatcher","manager"]"#,
        r#""kind":"csv","entity":"order""#,
    ] {
        assert!(json.contains(rule), "{rule}\n{json}");
    }
    listed(&["An order can be delivered; nobody else may.", "Orders can be downloaded as CSV, with the logo on top."]);
}

#[test]
fn when_something_begins_and_ends() {
    let compare = |field: &str, op: &str, to: &str| {
        format!(
            r#"{{"kind":"compare","entity":"order","field":"{field}","op":"{op}","to":{to},"when":[],"on_create":false}}"#
        )
    };
    let inspected = r#"{"of":"referenced","via":"machine_id","field":"next_inspection_date","plus":0}"#;
    all_say(
        &compare("last_day", "lt", inspected),
        &["An order must end before the next inspection date of the machine."],
    );
    all_say(
        &compare("last_day", "le", inspected),
        &["An order cannot last beyond the next inspection date of the machine."],
    );
    let own = |field: &str| format!(r#"{{"of":"field","field":"{field}","plus":0}}"#);
    all_say(
        &[compare("delivered_on", "ge", &own("first_day")), compare("delivered_on", "le", &own("last_day"))]
            .join(" & "),
        &[
            "The delivered on date lies between the first day and the last day.",
            "The delivered on date must not be before the first day or after the last day.",
        ],
    );
    listed(&["The delivered on date lies between the first day and the machine."]);
}

#[test]
fn what_holds_of_all_lists_or_is_told_behind_one() {
    let read = with(&["Lists shall be displayed in pages of 20 records."]);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let paged = |rule: &&maestro_artifacts::Rule| {
        matches!(&rule.demand, maestro_artifacts::RuleKind::List { page_size: Some(20), .. })
    };
    assert_eq!(read.concepts.rules.iter().filter(paged).count(), read.concepts.entities.len());
    let read = with(&[
        "Orders can be exported as CSV, and so can payments.",
        "Users shall be able to sort orders by first day; this shall be the default order.",
        "Machines are listed by code, 30 at a time.",
        "Searching for part of an order number finds the order.",
        "There is a full-text search over the article of order lines.",
    ]);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let json = serde_json::to_string(&read.concepts.rules).unwrap();
    for rule in [
        r#""kind":"csv","entity":"order""#,
        r#""kind":"csv","entity":"payment""#,
        r#""kind":"list","entity":"order","sort":[{"field":"first_day""#,
        r#""kind":"list","entity":"machine","sort":[{"field":"code","descending":false}],"page_size":30"#,
        r#""kind":"search","entity":"order","fields":["order_number"]"#,
        r#""kind":"search","entity":"order_line","fields":["article"]"#,
    ] {
        assert!(json.contains(rule), "{rule}\n{json}");
    }
    listed(&["Lists shall be displayed in pages of 20 records per user."]);
}

#[test]
fn what_nothing_more_is_made_of() {
    let read = |rule: &str| {
        let text = "# T\n\nFabric\n- name: text, required\n- state: in stock, low, discontinued\n\nPiece\n- fabric: reference to fabric, \
                    required\n- length: decimal\n\n## Rules\n\n- ";
        self::read(&format!("{text}{rule}\n"))
    };
    let barred = read("Discontinued fabrics cannot be used.");
    assert_eq!(unknowns(&barred), Vec::<String>::new());
    let json = serde_json::to_string(&barred.concepts.rules).unwrap();
    assert!(json.contains(r#""kind":"requires","entity":"piece","at":{"moment":"create"}"#), "{json}");
    assert_eq!(unknowns(&read("Discontinued fabrics can be used.")).len(), 1);
    // Orders and inspections are made of machines: which of them?
    listed(&["Machines that are inspected cannot be used."]);
}

#[test]
fn two_things_in_one_breath() {
    for (sentence, expected) in [
        (
            "Order lines can only be added or removed while the order is in work.",
            vec![
                r#""kind":"requires","entity":"order_line","at":{"moment":"create"}"#,
                r#""kind":"no_delete","entity":"order_line""#,
            ],
        ),
        (
            "Only the master may delete orders, and only those that are draft.",
            vec![
                r#""kind":"action_role","entity":"order","action":"delete""#,
                r#""kind":"no_delete","entity":"order""#,
            ],
        ),
        (
            "Orders can be deleted only while they are draft, and only by a master.",
            vec![
                r#""kind":"action_role","entity":"order","action":"delete""#,
                r#""kind":"no_delete","entity":"order""#,
            ],
        ),
        (
            "If an e-mail address of a customer is given, it must be a valid one.",
            vec![r#""kind":"format","entity":"customer""#],
        ),
        (
            "If a delivered on date is given, it must not be before the first day.",
            vec![r#""kind":"compare","entity":"order","field":"delivered_on","op":"ge""#],
        ),
        (
            "The quantity is a whole number from 0 to 50 and is 2 by default.",
            vec![
                r#""kind":"range","entity":"order_line","field":"quantity","min":"0","max":"50""#,
                r#""kind":"default""#,
            ],
        ),
    ] {
        let json = rules_as_json(&with(&[sentence]), sentence);
        assert_eq!(json.split(" & ").count(), expected.len(), "{sentence}: {json}");
        for rule in expected {
            assert!(json.contains(rule), "{sentence}: {json}");
        }
    }
    listed(&["If a reason is given, it must be given by the manager."]);
}

#[test]
fn a_list_of_fields_of_which_one_thing_is_not_clear() {
    let read = read(
        "# T\n\nThe system shall record products with barcode, name, unit price, purchase price and an indication of whether the product needs \
         cooling.\n\nThe unit price shall be higher than the purchase price.\n\nA job has a number, a promised date, a cost limit agreed with \
         the owner and a labour charge. The labour charge must not exceed the cost limit.\n",
    );
    let listed: Vec<&str> = read.unknown().map(|item| item.text.as_str()).collect();
    assert_eq!(listed.len(), 2, "{listed:?}");
    let keys = |of: &str| {
        let entity = read.concepts.entities.iter().find(|entity| entity.key == of).unwrap();
        entity.fields.iter().map(|field| field.key.as_str()).collect::<Vec<_>>()
    };
    assert_eq!(keys("product"), ["barcode", "name", "unit_price", "purchase_price"]);
    assert_eq!(keys("job"), ["number", "promised_date", "cost_limit", "labour_charge"]);
}

#[test]
fn sums_of_what_has_one_amount() {
    let sentence = "The open amount of an order is its budget minus the sum of its payments.";
    let read = with(&[sentence]);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let json = serde_json::to_string(&read.concepts.rules).unwrap();
    assert!(json.contains(r#""measure":{"measure":"sum","field":"amount"}"#), "{json}");
    // A line has a price a piece, which adds up to nothing.
    listed(&["The open amount of an order is its budget minus the sum of its lines."]);
}

#[test]
fn days_of_which_the_last_one_counts() {
    for sentence in [
        "Days of an order are the number of days from first day to last day inclusive.",
        "The number of days of an order is the number of days between first day and last day, both included.",
    ] {
        let read = with(&[sentence]);
        assert_eq!(unknowns(&read), Vec::<String>::new(), "{sentence}");
        let json = serde_json::to_string(&read.concepts.rules).unwrap();
        assert!(json.contains(r#""expr":"add""#) && json.contains(r#"{"expr":"number","value":"1"}"#), "{json}");
    }
}

#[test]
fn what_goes_along_and_what_stays() {
    let read = with(&[
        "When an order is deleted, the system shall delete its order lines.",
        "An order takes its payments with it when it is deleted.",
        "Customers with orders and machines with inspections cannot be deleted.",
        "Employees in use cannot be deleted.",
        "Machines with orders and orders with order lines shall not be deletable.",
    ]);
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let json = serde_json::to_string(&read.concepts.rules).unwrap();
    for rule in [
        r#""kind":"cascade","entity":"order_line""#,
        r#""kind":"cascade","entity":"payment""#,
        r#""kind":"no_delete","entity":"customer","when":[{"test":"children","child":"order""#,
        r#""kind":"no_delete","entity":"machine","when":[{"test":"children","child":"inspection""#,
        r#""kind":"no_delete","entity":"employee","when":[{"test":"children","child":"inspection""#,
        r#""kind":"no_delete","entity":"machine","when":[{"test":"children","child":"order""#,
        r#""kind":"no_delete","entity":"order","when":[{"test":"children","child":"order_line""#,
    ] {
        assert!(json.contains(rule), "{rule}\n{json}");
    }
    listed(&[
        "Orders with lines can be deleted.",
        "A machine with inspections and a customer cannot be deleted.",
        "Machines not in use cannot be deleted.",
        "Machines in use can be deleted.",
    ]);
}
