//! Sentences of a dental lab and a museum that strangers wrote: forms of text, numbers, optional records, locked fields.

use super::{read, rules_of, unknowns};
use maestro_artifacts::{FieldKind, Requirements, RuleKind};

const DATA: &str = "# Lab\n\n- A practice has a name.\n- A dentist has a name.\n- An order has an order number, a due date, a \
                    discount percentage, a complaint text and a status: received, shipped or returned.\n- A new order is \
                    received. A received order can be shipped, a shipped order can be returned.\n\n";

fn told(line: &str) -> Requirements {
    let read = read(&format!("{DATA}{line}\n"));
    assert_eq!(unknowns(&read), Vec::<String>::new(), "{line}");
    read
}

fn regex(line: &str) -> String {
    let read = told(line);
    let mut found = read.concepts.rules.iter().filter_map(|rule| match &rule.demand {
        RuleKind::Pattern { field, regex, .. } if field == "order_number" => Some(regex.clone()),
        _ => None,
    });
    found.next().unwrap()
}

#[test]
fn the_form_of_a_text() {
    for (line, expected) in [
        ("The order number consists of four digits, a dot and four more digits.", "[0-9]{4}[.][0-9]{4}"),
        ("The order number looks like 12.4711: two digits, a dot and four digits.", "[0-9]{2}[.][0-9]{4}"),
        ("The order number has the form 87.42 (two digits, a dot, two digits).", "[0-9]{2}[.][0-9]{2}"),
        (
            "The order number must be unique and looks like 7.1234, that is one digit, a dot and four digits.",
            "[0-9][.][0-9]{4}",
        ),
        ("The order number looks like FA- followed by six digits.", "FA-[0-9]{6}"),
        ("The order number is WO- and then six digits.", "WO-[0-9]{6}"),
        ("The order number looks like `K-` followed by five digits and is unique.", "K-[0-9]{5}"),
        ("The order number consists of 6 to 12 capital letters or digits.", "[A-Z0-9]{6,12}"),
        ("The order number is a three-letter code in capitals.", "[A-Z]{3}"),
        ("An order number always has four digits.", "[0-9]{4}"),
        ("Order numbers are written as two letters and three digits, for example AB123.", "[A-Za-z]{2}[0-9]{3}"),
        (
            "The order number is made up of four digits, a slash and one to four more digits, and no two orders share one.",
            "[0-9]{4}/[0-9]{1,4}",
        ),
    ] {
        assert_eq!(regex(line), expected, "{line}");
    }
}

#[test]
fn a_record_that_it_may_have() {
    for (line, required) in [
        ("An order belongs to a practice and may have a dentist.", true),
        ("An order belongs to a practice and, optionally, to a dentist.", true),
        ("An order optionally belongs to a dentist.", false),
        ("An order may belong to a dentist.", false),
        ("An order can have one dentist.", false),
    ] {
        let read = told(line);
        let must = |field: &str| {
            read.concepts
                .rules
                .iter()
                .any(|rule| matches!(&rule.demand, RuleKind::Required { field: of, .. } if of == field))
        };
        assert!(read.concepts.field("order", "dentist_id").is_some(), "{line}");
        assert_eq!((must("dentist_id"), must("practice_id")), (false, required), "{line}");
        assert_eq!(read.concepts.entities.len(), 3, "{line}");
    }
}

#[test]
fn what_is_locked_is_told_behind_a_colon() {
    let line = "Shipped orders are locked: neither the due date nor the discount percentage can be altered.";
    let read = told(line);
    for rule in rules_of(&read, line) {
        assert!(
            matches!(rule, RuleKind::Immutable { when, fields, .. } if !when.0.is_empty() && fields.len() == 1),
            "{rule:?}"
        );
    }
}

#[test]
fn what_a_deed_needs_is_no_record() {
    for line in [
        "A return needs a complaint text of at least 20 characters.",
        "To return an order, a complaint text of at least 20 characters is needed.",
    ] {
        let read = told(line);
        let rules = rules_of(&read, line);
        assert!(
            rules.iter().any(|rule| matches!(rule, RuleKind::TransitionRequires { to, .. } if to == "returned")),
            "{line}"
        );
        assert!(rules.iter().any(|rule| matches!(rule, RuleKind::Length { min: Some(20), .. })), "{line}");
        assert!(read.concepts.entity("return").is_none());
    }
}

#[test]
fn values_with_marks_and_numbers_of_several_words() {
    let values = |line: &str, field: &str| match &told(line).concepts.field("dentist", field).unwrap().kind {
        FieldKind::Enum { values } => values.clone(),
        other => panic!("{other:?}"),
    };
    let table = "| Field | Type |\n|---|---|\n| name | text |\n| grain size | enum: 0/4, 4/8, 8/16, boulder |\n";
    let sand = read(&format!("# Quarry\n\n## Sand\n\n{table}"));
    let size = &sand.concepts.field("sand", "grain_size").unwrap().kind;
    assert!(matches!(size, FieldKind::Enum { values } if *values == ["0/4", "4/8", "8/16", "boulder"]), "{size:?}");
    let line = "The blood group of a dentist is one of 0-, 0+, A- and A+.";
    assert_eq!(values(line, "blood_group"), ["0-", "0+", "A-", "A+"]);
    let line = "- A dentist has a name and a blood group (one of 0-, 0+, A-, A+).";
    assert_eq!(values(line, "blood_group"), ["0-", "0+", "A-", "A+"]);
    let line = "- A dentist has a size (0/4, 4/8, 8/16 or boulder).";
    assert_eq!(values(line, "size"), ["0/4", "4/8", "8/16", "boulder"]);
    let read = told(
        "- A dentist has an estimated number of pieces and a fee in euros. The fee may not be more than five million.",
    );
    assert_eq!(read.concepts.field("dentist", "estimated_number_of_pieces").unwrap().kind, FieldKind::Integer);
    let bound = |rule: &RuleKind| matches!(rule, RuleKind::Range { max: Some(max), .. } if max.starts_with("5000000"));
    assert!(read.concepts.rules.iter().any(|rule| bound(&rule.demand)), "{:?}", read.concepts.rules);
}

#[test]
fn many_that_refer_to_one_are_no_field_of_it() {
    let read = read(
        "# Huts\n\nFor every hut we record its name. A hut has rooms. A room belongs to a hut and has a number. A hut that still \
         has rooms cannot be deleted.\n",
    );
    assert_eq!(read.concepts.entity("hut").unwrap().fields.len(), 1);
    let kept = |rule: &RuleKind| matches!(rule, RuleKind::NoDelete { when, .. } if !when.0.is_empty());
    assert!(read.concepts.rules.iter().any(|rule| kept(&rule.demand)));
}
