//! What is told in other words, with names that the epic has by then, and what tables and lists say of these.

use super::{read, rules_as_json, unknowns};
use maestro_artifacts::{FieldKind, Requirements};

const LAB: &str = "# Lab\n\nA practice has a name (required) and an e-mail address. A practice can be marked as blocked.\n\nAn order \
    belongs to a practice, and has a number (required), a note and a received date. An order begins as received. A received \
    order can go into production or be cancelled. From in production it goes to quality check. From quality check it becomes \
    ready.\n\nEach order line states the order, the product code and the quantity. All three are required.\n\nAn order line has a \
    grade (good, fair or poor).\n\n";

fn with(sentences: &[&str]) -> Requirements {
    let rules: String = sentences.iter().map(|sentence| format!("- {sentence}\n")).collect();
    read(&format!("{LAB}## Further rules\n\n{rules}"))
}

#[track_caller]
fn says(rules: &str, sentences: &[&str]) {
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
fn the_lab_itself_is_read_whole() {
    let lab = with(&[]);
    assert_eq!(unknowns(&lab), Vec::<String>::new());
    let line = lab.concepts.entities.iter().find(|entity| entity.name == "order line").unwrap();
    let keys: Vec<&str> = line.fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["order_id", "product_code", "quantity", "grade"]);
    let required = rules_as_json(&lab, "All three are required.");
    assert_eq!(required.matches(r#""kind":"required""#).count(), 3, "{required}");
}

#[test]
fn changes_to_a_state_by_its_name() {
    let only = |to: &str, role: &str| {
        format!(r#"{{"kind":"transition_role","entity":"order","from":null,"to":"{to}","roles":["{role}"]}}"#)
    };
    let both = [only("in production", "technician"), only("quality check", "technician")].join(" & ");
    says(&both, &["Only a technician can put an order in production or send it to quality check."]);
    says(
        &only("ready", "lab manager"),
        &[
            "Only the lab manager can declare an order ready.",
            "Only the lab manager can mark an order as ready.",
            "Only the lab manager can set an order to ready.",
        ],
    );
    // Nothing is made where something is put.
    let two = [only("in production", "technician"), only("ready", "technician")].join(" & ");
    says(&two, &["Only a technician can set an order to in production or set it to ready."]);
    listed(&[
        "Only a technician can put an order on the shelf.",
        "Only a technician can send an order to the practice.",
    ]);
}

#[test]
fn fields_that_only_the_demand_of_a_change_names() {
    let needs = |to: &str, field: &str| {
        format!(r#"{{"kind":"transition_requires","entity":"order","from":null,"to":"{to}","fields":["{field}"]}}"#)
    };
    let told = |rules: &str, sentence: &str| {
        let read = with(&[sentence]);
        let told = rules_as_json(&read, sentence);
        assert!(told.ends_with(rules), "{sentence}: {told}");
        assert_eq!(unknowns(&read), Vec::<String>::new());
        read
    };
    told(&needs("quality check", "made_by"), "An order cannot go to quality check until \"made by\" is filled in.");
    told(&needs("ready", "checker"), "When an order becomes ready, a checker must be entered.");
    let read = told(&needs("ready", "finishing_date"), "An order can only become ready when it has a finishing date.");
    let order = read.concepts.entities.iter().find(|entity| entity.name == "order").unwrap();
    let date = order.fields.iter().find(|field| field.key == "finishing_date").unwrap();
    assert_eq!(date.kind, FieldKind::Date);
    listed(&[
        "An order cannot go to quality check until the practice is satisfied.",
        "An order can only become ready when it has a checker and a stamp.",
        "An order can become ready when it has a checker.",
        "An order cannot become lost until a checker is filled in.",
        "An order cannot become ready without a checker on Mondays.",
    ]);
}

#[test]
fn what_the_system_rejects_and_does_not_allow() {
    says(
        r#"{"kind":"format","entity":"practice","field":"e_mail_address","format":"email"}"#,
        &["The system shall reject an e-mail address that is not valid."],
    );
    let grade = r#"{"kind":"requires","entity":"order_line","at":{"moment":"save"},"condition":[{"test":"not_in","field":"grade","values":["poor"]}]}"#;
    says(
        grade,
        &[
            "The system shall reject an order line whose grade is poor.",
            "The grade of an order line must not be poor.",
            "An order line with the grade poor is refused.",
        ],
    );
    listed(&[
        "The system shall reject an order line whose grade is poor on Mondays.",
        "The grade of an order line must not be poor or better.",
    ]);
}

#[test]
fn what_new_records_are_and_how_many_there_are() {
    says(
        r#"{"kind":"default","entity":"practice","field":"blocked","value":false}"#,
        &["New practices are not blocked.", "A new practice is not blocked."],
    );
    says(
        r#"{"kind":"capacity","parent":"order","child":"order_line","via":"order_id","measure":{"measure":"count"},"op":"le","limit":{"of":"value","value":20},"when":[]}"#,
        &["There are never more than 20 lines on an order.", "There may be at most 20 order lines on an order."],
    );
    listed(&["New practices are not happy.", "There are never more than 20 people in the lab."]);
}

#[test]
fn lists_told_in_a_table() {
    let table = "## Lists\n\n| List | Search | Filter | Order | Page size |\n|---|---|---|---|---|\n| Practices | name | – | name | 25 \
        |\n| Orders | number, note | practice, status | received date, newest first | 50 |\n";
    let read = read(&format!("{LAB}{table}"));
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let told = rules_as_json(&read, "Lists");
    for part in [
        r#"{"kind":"search","entity":"practice","fields":["name"]}"#,
        r#"{"kind":"search","entity":"order","fields":["number","note"]}"#,
        r#"{"kind":"filter","entity":"order","field":"practice_id"}"#,
        r#"{"kind":"filter","entity":"order","field":"status"}"#,
        r#""page_size":25"#,
        r#""page_size":50"#,
    ] {
        assert!(told.contains(part), "{part} in {told}");
    }
    // What a column says that is not known is quoted with its row.
    let other = table.replace("Page size", "Audience").replace("| 25 |", "| staff |").replace("| 50 |", "| all |");
    let read = super::read(&format!("{LAB}{other}"));
    let quotes: Vec<String> = unknowns(&read);
    assert_eq!(quotes.len(), 2, "{quotes:?}");
}

#[test]
fn one_cell_that_is_not_understood_takes_no_other_with_it() {
    let table = "## Workflow of a trip\n\n| From | To | Who | Needs |\n|---|---|---|---|\n| requested | approved | dispatcher | |\n| \
        requested | declined | dispatcher | decline note |\n| approved | done | driver | a happy face |\n";
    let read = read(&format!(
        "# Trips\n\n## Trips\n\nA trip has a number and a decline note. A new trip is requested.\n\n{table}"
    ));
    assert_eq!(unknowns(&read).len(), 1, "{:#?}", read.unknown().collect::<Vec<_>>());
    let rules: Vec<String> =
        read.concepts.rules.iter().map(|rule| serde_json::to_string(&rule.demand).unwrap()).collect();
    for rule in [
        r#"{"kind":"transitions","entity":"trip"}"#,
        r#"{"kind":"transition_role","entity":"trip","from":"requested","to":"declined","roles":["dispatcher"]}"#,
        r#"{"kind":"transition_role","entity":"trip","from":"approved","to":"done","roles":["driver"]}"#,
        r#"{"kind":"transition_requires","entity":"trip","from":"requested","to":"declined","fields":["decline_note"]}"#,
    ] {
        assert!(rules.iter().any(|told| told == rule), "{rule} in {rules:#?}");
    }
}

#[test]
fn changes_of_state_told_in_a_list() {
    let told = "The system shall allow the following changes of status:\n\n- draft to sent\n- sent to paid\n\nAny other change of \
        status shall be refused.\n";
    let read = read(&format!(
        "# Bills\n\n## Bills\n\nA bill has a number.\n\n## Life cycle of a bill\n\nA new bill has the status \
        draft.\n\n{told}"
    ));
    assert_eq!(unknowns(&read), Vec::<String>::new());
    let bill = read.concepts.entities.first().unwrap();
    let ways: Vec<(String, String)> =
        bill.workflow.as_ref().unwrap().transitions.iter().map(|way| (way.from.clone(), way.to.clone())).collect();
    assert_eq!(ways, [("draft".to_owned(), "sent".to_owned()), ("sent".to_owned(), "paid".to_owned())]);
}

#[test]
fn a_sum_over_what_refers_to_a_record_is_no_field_of_it() {
    let read = read(
        "# Loans\n\nRemarks of up to 200 characters may be added to a loan.\n\n## Loan items\n\nA loan item shall refer to one loan and \
         shall state the agreed value and the weight.\n\nThe agreed value is an amount of money and shall be greater than zero.\n\nThe \
         total value of a loan is the sum of the agreed values of its loan items.\n",
    );
    let loan = read.concepts.entities.iter().find(|entity| entity.name == "loan").unwrap();
    let keys: Vec<&str> = loan.fields.iter().map(|field| field.key.as_str()).collect();
    assert_eq!(keys, ["remarks", "total_value"]);
}
