//! Rules that scenarios tell by example, and by what they are called.

use super::{read, unknowns};
use maestro_artifacts::Requirements;

const CATERING: &str = "# Catering\n\n## Records\n\n- **Client**: contact name (required), email (required, unique)\n\
    - **Dish**: name (required, unique), price per portion (money, required)\n\
    - **Hall**: name (required), seats (whole number, required), minimum age (whole number)\n\
    - **Order**: client (required), hall, guests (whole number, required), age (whole number), budget (money), delivered at \
    (date and time), remark (text), stage (draft, accepted, cooking, delivered, cancelled)\n\
    - **Order line**: order (required), dish (required), portions (whole number, required)\n\n## Stages\n\n\
    A new order is a draft. A draft order can be accepted or cancelled. An accepted order can be set to cooking. A cooking \
    order can be set to delivered.\n\n## Rules\n\n";

/// The epic with one scenario more; `|` stands for a line break.
fn with(scenario: &str) -> Requirements {
    read(&format!("{CATERING}{}\n", scenario.replace('|', "\n")))
}

fn rules(read: &Requirements) -> Vec<String> {
    let json = |rule: &maestro_artifacts::RuleKind| serde_json::to_string(rule).unwrap().replace(r#","via":null"#, "");
    read.concepts.rules.iter().map(|rule| json(&rule.demand)).collect()
}

/// The rules that scenarios add to the epic, all of them understood.
fn said(scenario: &str) -> String {
    let (before, read) = (rules(&read(CATERING)), with(scenario));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{scenario}: {:#?}", read.unknown().collect::<Vec<_>>());
    rules(&read).into_iter().filter(|rule| !before.contains(rule)).collect::<Vec<_>>().join(" & ")
}

/// Nothing is made of the last scenario: it is listed.
fn listed(scenario: &str) {
    let read = with(scenario);
    let last = read.items.last().unwrap();
    assert!(unknowns(&read).contains(&last.id.to_string()), "{scenario}: {:#?}", last.understanding);
}

const ACCEPTING: &str =
    "Given an order in stage draft|When a cook sets the stage to accepted|Then the request is refused as forbidden";

#[test]
fn titles_that_say_who_alone_may() {
    let planner = r#"{"kind":"transition_role","entity":"order","from":null,"to":"accepted","roles":["planner"]}"#;
    for title in [
        "Scenario: Only planners accept orders",
        "Scenario: Only a planner accepts an order",
        "Scenario: Only planners can accept orders",
        "Scenario: Orders are accepted by planners only",
        "Scenario: Accepting orders is reserved for planners",
        "Example: Only planners may accept",
        "Rule: Only planners accept orders||Scenario: A cook tries",
    ] {
        assert_eq!(said(&format!("{title}|{ACCEPTING}")), planner, "{title}");
    }
    assert_eq!(
        said(
            "Scenario: Only planners may accept orders|Given a draft order|When a driver accepts it|Then the request is rejected"
        ),
        planner
    );
    assert_eq!(said(&format!("### Scenario: Only planners accept orders||{ACCEPTING}")), planner);
    let deleting = "|Given a dish|When a cook deletes the dish|Then the request is refused as forbidden";
    for title in ["Scenario: Only planners delete", "Scenario: Only planners delete dishes", "Scenario: Planners only"]
    {
        assert_eq!(
            said(&format!("{title}{deleting}")),
            r#"{"kind":"action_role","entity":"dish","action":"delete","fields":[],"roles":["planner"]}"#,
            "{title}"
        );
    }
    // Titles that say nothing, or something else than what is refused.
    for title in
        ["A cook accepts", "Accepting a draft", "Only drafts", "Only planners cancel orders", "Only planners delete"]
    {
        listed(&format!("Scenario: {title}|{ACCEPTING}"));
    }
    listed("Scenario: Only planners may change prices|Given a dish|When a cook deletes the dish|Then it is forbidden");
    listed("Scenario: Deleting a dish|When a cook deletes a dish|Then the request is refused as forbidden");
}

#[test]
fn one_may_and_another_may_not() {
    let planner = r#"{"kind":"transition_role","entity":"order","from":null,"to":"accepted","roles":["planner"]}"#;
    for may in [
        "Given an order in stage draft|When a planner sets the stage to accepted|Then the stage of the order is accepted",
        "Given a draft order|When a planner accepts it|Then it is accepted",
    ] {
        assert_eq!(said(&format!("Scenario: Accepting|{may}||Scenario: Refused|{ACCEPTING}")), planner, "{may}");
    }
    // The same person, or anybody.
    for may in ["a cook", "someone", "a user"] {
        listed(&format!(
            "Scenario: Accepting|Given a draft order|When {may} accepts it|Then it is accepted||Scenario: No|{ACCEPTING}"
        ));
    }
}

#[test]
fn titles_that_close_records() {
    let closed = r#"{"kind":"immutable","entity":"order","when":[{"test":"in","field":"stage","values":["delivered"]}],"fields":[]}"#;
    let guests = closed.replace("[]}", r#"["guests"]}"#);
    let changed =
        "Given an order in stage delivered|When someone changes the guests|Then the request is refused with a conflict";
    for title in [
        "A delivered order is closed",
        "Delivered orders are locked",
        "Delivered orders cannot be changed",
        "Delivered orders are read-only",
    ] {
        assert_eq!(said(&format!("Scenario: {title}|{changed}")), closed, "{title}");
    }
    for title in ["Changing the guests of a delivered order", "A cooking order is closed", "Too late"] {
        assert_eq!(said(&format!("Scenario: {title}|{changed}")), guests, "{title}");
    }
}

const AMOUNT: &str = "Given a dish with a price per portion of 4.50|When an order line with 20 portions of this dish is added|Then the \
    amount of the order line is 90.00||";

#[test]
fn amounts_that_figures_show() {
    let amount = r#"{"kind":"computed","entity":"order_line","field":"amount","expr":{"expr":"mul","left":{"expr":"field","field":"portions"},"right":{"expr":"referenced","via":"dish_id","field":"price_per_portion"}}}"#;
    for steps in [
        AMOUNT,
        "Given a dish with a price per portion of 4.50|When someone adds an order line with 20 portions of this dish|Then its amount is 90.00",
        "Given a dish with a price per portion of 12|When an order line with 3 portions of it is created|Then the order line's amount is 36",
    ] {
        assert_eq!(said(steps), amount, "{steps}");
    }
    // Figures that fit in no way, or in two.
    for (price, portions, result) in [("4.50", "20", "95.00"), ("2.00", "2", "4.00"), ("4.50", "1", "4.50")] {
        listed(&format!(
            "Given a dish with a price per portion of {price}|When an order line with {portions} portions of this dish is added|Then \
             the amount of the order line is {result}"
        ));
    }
}

#[test]
fn totals_that_figures_show() {
    let total = r#"{"kind":"computed","entity":"order","field":"total","expr":{"expr":"children","child":"order_line","via":"order_id","measure":{"measure":"sum","field":"amount"},"when":[]}}"#;
    for steps in [
        "Given an order with order lines of 90.00 and 60.00|Then the total of the order is 150.00",
        "Given an order with order lines of 90.00 and 60.00|When I read the order|Then its total is 150.00",
        "Given an order with order lines of 90.50 and 60.00|Then the order's total is 150.50",
    ] {
        let rules = said(&format!("{AMOUNT}{steps}"));
        assert!(rules.ends_with(total), "{steps}: {rules}");
    }
    // Amounts are no numbers of portions, and what is no sum is listed.
    listed("Given an order with order lines of 90.00 and 60.00|Then the total of the order is 150.00");
    listed(&format!(
        "{AMOUNT}Given an order with order lines of 90.00 and 60.00|Then the total of the order is 170.00"
    ));
    let budget = "Given an order with a budget of 200.00 and order lines of 150.00 in total|When another order line with an \
        amount of 60.00 is added|Then it is refused because the total would exceed the budget";
    // A limit by figures alone is listed.
    listed(&format!("{AMOUNT}{budget}"));
    listed(&format!("{AMOUNT}{}", budget.replace("60.00", "40.00")));
}

#[test]
fn reasons_that_name_a_bound() {
    let least = r#"{"kind":"range","entity":"order","field":"guests","min":"5","max":null,"above_min":false,"below_max":false}"#;
    let four = "When an order with 4 guests is created|Then it is refused";
    for reason in [
        "because at least 5 guests are needed",
        "because the minimum is 5",
        "as there must be at least 5 guests",
        "since the guests must be at least 5",
        "with the message that at least 5 guests are required",
        "because a minimum of five guests is required",
    ] {
        assert_eq!(said(&format!("{four} {reason}")), least, "{reason}");
    }
    let most = r#"{"kind":"range","entity":"order","field":"guests","min":null,"max":"300","above_min":false,"below_max":false}"#;
    for reason in ["no more than 300 guests are allowed", "at most 300 guests are possible", "the maximum is 300"] {
        assert_eq!(
            said(&format!("When an order with 301 guests is created|Then it is refused because {reason}")),
            most,
            "{reason}"
        );
    }
    // The example does not break what is said, or nothing is said.
    for reason in ["because at least 3 guests are needed", "because the maximum is 5", "because it is too small", ""] {
        listed(&format!("{four} {reason}"));
    }
    assert_eq!(
        said(
            "Given a draft order without order lines|When it is accepted|Then it is refused because at least one order line is needed"
        ),
        r#"{"kind":"requires","entity":"order","at":{"moment":"transition","to":"accepted"},"condition":[{"test":"children","child":"order_line","via":"order_id","when":[],"measure":{"measure":"count"},"op":"gt","to":{"of":"value","value":0}}]}"#
    );
}

#[test]
fn limits_of_the_record_referred_to() {
    let most = r#"{"kind":"compare","entity":"order","field":"guests","op":"le","to":{"of":"referenced","via":"hall_id","field":"seats","plus":0},"when":[],"on_create":false}"#;
    for steps in [
        "Given a hall with 10 seats|When an order for this hall is created with 11 guests|Then it is rejected",
        "Given a hall with 10 seats|When an order with 15 guests is created for this hall|Then an error is shown",
        "Given a hall with 10 seats|When someone creates an order for it with 11 guests|Then the order is refused",
    ] {
        assert_eq!(said(steps), most, "{steps}");
    }
    assert_eq!(
        said(
            "Given a hall with a minimum age of 16|When an order with an age of 15 is created for this hall|Then it is rejected"
        ),
        r#"{"kind":"compare","entity":"order","field":"age","op":"ge","to":{"of":"referenced","via":"hall_id","field":"minimum_age","plus":0},"when":[],"on_create":false}"#
    );
    for steps in [
        "Given a hall with 10 seats|When an order for this hall is created with 9 guests|Then it is rejected",
        "Given a hall with a minimum age of 16|When an order with an age of 17 is created for this hall|Then it is rejected",
        "Given a hall with 10 seats and a minimum age of 16|When an order for this hall is created with 11 guests|Then it is rejected",
    ] {
        listed(steps);
    }
}

#[test]
fn lines_of_files_and_pairs() {
    for (asked, told) in [
        ("orders are exported as CSV", "the file has a header line and one line for each order"),
        ("the list of orders is exported as CSV", "the file contains one row per order"),
    ] {
        assert_eq!(said(&format!("When {asked}|Then {told}")), r#"{"kind":"csv","entity":"order"}"#, "{told}");
    }
    assert_eq!(
        said("When order lines are exported as CSV|Then the file has one line for each order line"),
        r#"{"kind":"csv","entity":"order_line"}"#
    );
    let pair =
        r#"{"kind":"unique","entity":"order_line","fields":["dish_id","order_id"],"when":[],"ignore_case":false}"#;
    for steps in [
        "Given an order that already has an order line for a dish|When a second order line for the same dish is added to this order|Then it is refused with a conflict",
        "Given an order with an order line for a dish|When another order line for the same dish is added to the same order|Then it is rejected",
    ] {
        assert_eq!(said(steps), pair, "{steps}");
    }
}

#[test]
fn values_that_are_left_out() {
    let needs =
        r#"{"kind":"transition_requires","entity":"order","from":null,"to":"delivered","fields":["delivered_at"]}"#;
    for when in [
        "the stage is set to delivered without a value for delivered at",
        "a driver sets it to delivered with no value for delivered at",
        "a driver delivers it without filling in delivered at",
        "the stage is set to delivered without giving delivered at",
    ] {
        assert_eq!(said(&format!("Given a cooking order|When {when}|Then the request is rejected")), needs, "{when}");
    }
}

#[test]
fn records_that_keep_another_from_a_state() {
    let held = r#"{"kind":"requires","entity":"order","at":{"moment":"transition","to":"cancelled"},"condition":[{"test":"children","child":"order_line","via":"order_id","when":[],"measure":{"measure":"count"},"op":"eq","to":{"of":"value","value":0}}]}"#;
    for steps in [
        "Given a draft order with an order line|When the order is set to cancelled|Then this is rejected because of the order line",
        "Given an order with an order line|When someone cancels the order|Then it is refused with a conflict",
        "Given a draft order that has an order line|When the order is cancelled|Then the request is refused",
    ] {
        assert_eq!(said(steps), held, "{steps}");
    }
    listed("Given a draft order with a remark|When the order is cancelled|Then the request is refused");
}
