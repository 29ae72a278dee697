//! One sentence at a time over a small model: the kind of rule it is read as, and near misses that must stay unknown.

use super::{read, rules_of};
use maestro_artifacts::Understanding;

const MODEL: &str = "# T\n\n## Tool\n\n- code (text)\n- name (text)\n- price (money)\n- size (integer)\n- bought on (date)\n- active (yes/no)\n- state (one of ready, broken)\n\n## Member\n\n- name (text)\n- e-mail (e-mail)\n- born on (date)\n- limit (integer)\n\n## Loan\n\n- tool (reference to tool)\n- member (reference to member)\n- start date (date)\n- due date (date)\n- amount (money)\n- note (text)\n- status (one of open, late, closed)\n\n## Ways\n\n- A loan moves from open to late or closed, and from late to closed.\n\n## Rules\n\n";

/// The kinds of the rules of one sentence; empty where it is unknown.
fn kinds(sentence: &str) -> Vec<String> {
    let read = read(&format!("{MODEL}- {sentence}\n"));
    rules_of(&read, sentence)
        .into_iter()
        .map(|rule| serde_json::to_value(rule).unwrap().get("kind").unwrap().as_str().unwrap().to_owned())
        .collect()
}

fn all(kind: &str, sentences: &[&str]) {
    for sentence in sentences {
        let found = kinds(sentence);
        assert!(!found.is_empty() && found.iter().all(|found| found == kind), "{sentence}: {found:?}");
    }
}

#[test]
fn required() {
    all(
        "required",
        &[
            "The code of a tool is required.",
            "A tool must have a code.",
            "A tool's code must not be empty.",
            "Tools without a code are refused.",
            "The start date and the due date must be given.",
            "A tool cannot be saved without a code.",
        ],
    );
}

#[test]
fn unique() {
    all(
        "unique",
        &[
            "The code of a tool is unique.",
            "No two tools may have the same code.",
            "Two tools cannot share the same code.",
            "The code of a tool must be unique.",
            "There may be only one loan per tool and member.",
        ],
    );
}

#[test]
fn ranges_and_lengths() {
    all(
        "range",
        &[
            "The price of a tool must not be negative.",
            "The size must be between 1 and 5.",
            "The size must be at least 1.",
            "The size may not exceed ten.",
            "The price must be greater than 0.",
            "The size must be 3 or more.",
            "The price has to be positive.",
        ],
    );
    all(
        "length",
        &[
            "The code may have at most 20 characters.",
            "The code must not be longer than 20 characters.",
            "The note is limited to between 1 and 200 characters.",
        ]
        .map(|s| if s.starts_with("The note") { "The note must be between 1 and 200 characters long." } else { s }),
    );
}

#[test]
fn comparisons() {
    all(
        "compare",
        &[
            "The due date must be after the start date.",
            "The due date may not be before the start date.",
            "The due date must be no later than 14 days after the start date.",
            "The bought on date may not be in the future.",
            "A member must be at least 18 years old.",
            "A loan can last at most 28 days.",
            "The due date must be within 14 days of the start date.",
            "The start date must be on or after the bought on date of the tool.",
        ],
    );
}

#[test]
fn guards() {
    all(
        "requires",
        &[
            "A loan can only be made for a tool that is ready.",
            "Only ready tools can be lent.",
            "Broken tools cannot be borrowed.",
            "A loan cannot be made for a broken tool.",
            "Only active tools may be borrowed.",
            "A loan may not be created if the tool is broken.",
        ],
    );
}

#[test]
fn frozen() {
    all(
        "immutable",
        &[
            "A closed loan cannot be changed.",
            "Once a loan is closed, it cannot be edited.",
            "Only open loans may be edited.",
            "Closed loans are read-only.",
        ],
    );
    all(
        "no_delete",
        &[
            "A tool cannot be deleted while it has open loans.",
            "Tools with loans cannot be deleted.",
            "A loan can only be deleted if it is open.",
            "A member cannot be deleted if they have loans.",
        ],
    );
}

#[test]
fn workflow() {
    all(
        "transitions",
        &[
            "A closed loan can go back to open.",
            "Loans can go from closed to open.",
            "Status: open -> late -> closed",
            "A late loan can be closed.",
        ]
        .map(|s| if s.starts_with("A closed") { "A loan can move back from closed to open." } else { s }),
    );
    all(
        "transition_role",
        &[
            "Only managers may move a loan to closed.",
            "Only managers may close loans.",
            "A loan can only be closed by a manager.",
        ],
    );
    all(
        "transition_requires",
        &["To become closed, a loan needs a note.", "A note is required when a loan is closed."],
    );
}

#[test]
fn capacities_and_overlaps() {
    all(
        "capacity",
        &[
            "A member may have at most three open loans.",
            "At most 3 open loans per member are allowed.",
            "The number of loans of a member must not exceed the limit.",
            "No more loans than the limit of the member.",
        ]
        .map(|s| if s.starts_with("No more") { "A member may not have more than 3 open loans." } else { s }),
    );
    all(
        "no_overlap",
        &[
            "Loans of the same tool may not overlap.",
            "No two loans for the same tool may overlap.",
            "Loans for the same tool must not overlap; closed loans do not count.",
        ],
    );
}

#[test]
fn computed_and_totals() {
    all(
        "computed",
        &[
            "The cost of a loan is the tool's price × the number of days between start date and due date.",
            "The number of loans of a member is the number of its loans.",
        ]
        .map(|s| if s.starts_with("The number") { "A member's open count is the number of open loans." } else { s }),
    );
    all(
        "totals",
        &[
            "Show the total amount of loans per member.",
            "The total amount per tool is shown.",
            "The number of loans per status is shown.",
        ],
    );
}

#[test]
fn lists() {
    all(
        "list",
        &[
            "Tools are sorted by name.",
            "Loans are listed by due date, newest first, 20 per page.",
            "20 loans per page.",
        ],
    );
    all("filter", &["Loans can be filtered by status and member."]);
    all("search", &["Tools can be searched by name and code."]);
    all("csv", &["Loans can be exported as CSV."]);
    all(
        "action_role",
        &[
            "Only managers may delete tools.",
            "Tools may only be deleted by managers.",
            "Only managers or clerks may create loans.",
            "Only managers may change the price of a tool.",
        ],
    );
}

#[test]
fn what_is_not_understood_whole_is_unknown() {
    for sentence in [
        "Send the member an e-mail reminder before the due date.",
        "The due date must be after the start date unless the moon is full.",
        "The price of a tool must be at least 1 and look reasonable.",
        "Members log in with OAuth.",
        "The loan is exported as a PDF.",
        "The card of the member is charged.",
        "A loan must be returned within two working days.",
        "The tool should be easy to find.",
        "Tools are recommended to members by their taste.",
        "A loan can only be made on sunny days.",
        "The start date must be a Monday.",
        "Only nice managers who slept well may delete tools on Fridays.",
        "Multiplying by hand gives the size of a tool.",
        "There is a report with the note of loans in each status.",
        "Show the total price of tools in kilograms.",
        "Tools can be filtered by weather and mood.",
        "The list of tools is ordered by price, heaviest first, with 20 tools a page.",
        "A page of the manual should contain 25 pictures.",
        "Unless users choose another order, the sun shines.",
        "An open loan can go to lunch.",
        "Only nice people are accepted as the note of a loan.",
        "The search for tools covers the whole world.",
        "Provide an export of the tools to Bulgaria.",
        "The amounts of a member's loans must add up to something.",
        "Users see a bird on each loan, computed from nothing.",
    ] {
        let read = read(&format!("{MODEL}- {sentence}\n"));
        let item = read.items.iter().find(|item| item.text == sentence).unwrap();
        assert!(
            matches!(item.understanding, Understanding::Unknown { .. }),
            "{sentence}: {:?} {:?}",
            item.understanding,
            rules_of(&read, sentence)
        );
    }
}

#[test]
fn frames_in_other_words() {
    let said = [
        ("computed", "Multiplying the price by the size gives the worth of a tool."),
        ("computed", "To get the worth of a tool, multiply the price by the size."),
        ("computed", "The worth of a tool is never entered by hand; it is price times size."),
        ("totals", "There is a report with the number of loans in each status."),
        ("totals", "A summary should list each status with the total amount of its loans."),
        ("totals", "Sum up the amount of loans by status."),
        ("filter", "The loan list has filters for tool, member and a date range of start date."),
        ("list", "The default sort order of loans is by due date, descending."),
        ("list", "The page size of the loan list is 25."),
        ("list", "If no other sorting is chosen, loans appear in order of due date, latest first."),
        ("search", "The search for tools covers the code and the name."),
        ("csv", "Provide an export of the loans as a CSV file."),
        ("format", "The e-mail of a member must have the format of an e-mail address."),
        ("pattern", "The code of a tool has to follow the pattern two capital letters, hyphen, four digits."),
        ("capacity", "At most 5 loans per member may be open or late at the same time."),
    ];
    for (kind, sentence) in said {
        all(kind, &[sentence]);
    }
}

#[test]
fn frames_that_strangers_used() {
    all(
        "capacity",
        &[
            "The amounts of all loans of a single tool must not add up to more than 300 euros.",
            "The amounts of all loans of a tool together must stay below 300 euros.",
            "The loans of a single tool must not add up to more than 300 euros.",
            "All loans of a tool together must stay below 300 euros.",
        ],
    );
    all("unique", &["The same tool cannot have two loans with the same note."]);
    all("no_overlap", &["Two loans of the same tool may not cover the same day."]);
    all("range", &["Neither the price nor the size may be negative."]);
    all("length", &["Notes have 60 characters at most."]);
    all(
        "compare",
        &["The due date must be no earlier than tomorrow.", "A new loan cannot be made with a due date in the past."],
    );
    all("transitions", &["From open a loan can only go to closed."]);
    all("immutable", &["Loans may never be changed once entered."]);
    all("list", &["The list of loans is shown 25 at a time.", "Pages hold 20 records."]);
}

#[test]
fn limits_that_the_parent_refers_to() {
    let model = "# T\n\n## Room\n\n- name (text)\n- seats (integer)\n- floor load (decimal)\n\n## Session\n\n- room (reference to room)\n- topic (text)\n\n## Guest\n\n- session (reference to session)\n- weight (decimal)\n\n## Rules\n\n";
    for sentence in [
        "A session cannot have more guests than the seats of its room.",
        "The number of guests of a session must not exceed the seats of its room.",
        "The total weight of the guests of a session must not exceed the floor load of the room.",
    ] {
        let read = read(&format!("{model}- {sentence}\n"));
        let rules = rules_of(&read, sentence);
        let referenced = |rule: &&maestro_artifacts::RuleKind| {
            let json = serde_json::to_value(rule).unwrap();
            json["kind"] == "capacity" && json["parent"] == "session" && json["limit"]["via"] == "room_id"
        };
        assert!(!rules.is_empty() && rules.iter().all(referenced), "{sentence}: {rules:?}");
    }
}

#[test]
fn what_only_sounds_like_a_frame_stays_unknown() {
    let model = include_str!("../data/paraphrases/supply.md");
    for sentence in [
        "To delete a supplier, you must be logged in.",
        "Users who are not registered cannot delete suppliers.",
        "If the supplier's rating is C, the purchase order is refused.",
        "A part's weight may be at most 20, never more than 10 on Fridays.",
        "A supplier gets the rating C if the e-mail is missing.",
        "Purchasing managers can place purchase orders; nobody else can see them.",
        "The unit price must be given, and the same goes for shipping.",
        "Parts can be searched by part number, and suppliers by telephone.",
        "The weight is rounded, so it must be at most 30.",
        "We do not change suppliers more than twice a year.",
        "Users can see the suppliers, but not the parts.",
        "Purchase orders with a discount are refused.",
        "No supplier may answer before noon.",
        "It must be impossible to lose a part.",
        "Refuse suppliers from abroad.",
        "Apart from Sundays, purchase orders must have a delivery date.",
        "A part number starts with two capital letters and ends with a digit.",
        "We never delete parts on Fridays.",
        "Do not allow anybody to see parts at night.",
        "A part number may be used again for another supplier.",
        "Only suppliers aged 18 or over get parts.",
    ] {
        let read = read(&format!("{model}- {sentence}\n"));
        assert_eq!(read.unknown().count(), 1, "{sentence}");
    }
}
