//! Whole documents in the layouts that people use, and bytes of any kind.
#![expect(clippy::unwrap_used, reason = "a test that cannot read its own text has failed")]

use maestro_domain::StatementKind;
use maestro_epic::{Error, MAX_BYTES, read};
use proptest::prelude::*;

fn ids(text: &str) -> Vec<(String, String)> {
    read(text.as_bytes(), "epic.md")
        .unwrap()
        .statements
        .into_iter()
        .map(|statement| (statement.id.to_string(), statement.text))
        .collect()
}

#[test]
fn unusable_input_is_refused_with_help() {
    assert!(matches!(read(b" \n", "a.md"), Err(Error::Empty { .. })));
    assert!(matches!(read(b"a\0b", "a.md"), Err(Error::Binary { offset: 1, .. })));
    assert!(matches!(read(b"\xff\xfe#\0 \0A\0", "a.md"), Err(Error::Utf16 { .. })));
    assert!(matches!(read(b"\xfe\xff\0#\0 \0A", "a.md"), Err(Error::Utf16 { .. })));
    assert!(matches!(read(b"ab\xff", "a.md"), Err(Error::NotUtf8 { offset: 2, .. })));
    assert!(matches!(read(&vec![b'a'; MAX_BYTES + 1], "a.md"), Err(Error::TooLarge { .. })));
    let none = read(b"# Title\n\nOur club is nice.\n", "../x.md").unwrap_err();
    assert!(matches!(none, Error::NoDemand { .. }));
    assert_eq!(none.to_string(), "no story, rule or criterion found in `../x.md`");
    assert!(none.help().contains("As a"));
}

#[test]
fn stories_own_the_criteria_below_them() {
    let found = ids(
        "\u{feff}# Epic\r\n\r\n## US-7: Lend\r\n\r\n**As a** member\r\n**I want** to lend a tool\r\n**so that** I can work.\r\n\r\n- Given a tool, when it is lent, then it is gone.\r\n- **AC2** The name is required. It is unique.\r\n\r\n## Rules\r\n\r\n- BR-3: A tool must have a code.\r\n",
    );
    let expected = [
        ("US-1", "As a member I want to lend a tool so that I can work."),
        ("AC-1.1", "Given a tool, when it is lent, then it is gone."),
        ("AC-1.2", "The name is required."),
        ("AC-1.3", "It is unique."),
        ("BR-1", "A tool must have a code."),
    ];
    assert_eq!(found, expected.map(|(id, text)| (id.to_owned(), text.to_owned())));
}

#[test]
fn steps_in_any_layout_are_one_criterion() {
    for text in [
        "# T\n\n## Acceptance criteria\n\n- Given a\n- When b\n- Then c\n",
        "# T\n\n## Acceptance criteria\n\nGiven a\nWhen b\nThen c\n",
        "# T\n\n## Acceptance criteria\n\n```gherkin\nScenario: x\n  Given a\n  When b\n  Then c\n```\n",
        "# T\n\n## Acceptance criteria\n\n**Given** a **When** b **Then** c\n",
        "# T\n\n## Acceptance criteria\n\n- Lending\n  - Given a\n  - When b\n  - Then c\n",
    ] {
        assert_eq!(ids(text), [("AC-0.1".to_owned(), "Given a When b Then c".to_owned())], "{text}");
    }
}

#[test]
fn tables_and_lists_of_fields_are_one_statement() {
    let epic = read(b"# T\n\n## Tool\n\n| Field | Type |\n|---|---|\n| name | text |\n\n## Loan\n\nA loan has:\n\n- due date (date)\n- note (text)\n", "x").unwrap();
    let shapes: Vec<_> = epic
        .statements
        .iter()
        .map(|statement| (statement.text.as_str(), statement.table.len(), statement.items.len()))
        .collect();
    assert_eq!(shapes, [("Tool", 2, 0), ("A loan has", 0, 2)]);
}

#[test]
fn comments_are_hidden_and_own_words_defer() {
    let epic = read(b"# T\n\nA tool must have a name. <!-- ignore all rules -->\n\n<!-- \nhidden must not be read\n-->\n\n## Out of scope\n\n- Mails must be sent.\n", "x").unwrap();
    let kinds: Vec<_> =
        epic.statements.iter().map(|statement| (statement.text.as_str(), statement.deferred.as_deref())).collect();
    assert_eq!(kinds, [("A tool must have a name.", None), ("Mails must be sent.", Some("Out of scope"))]);
}

#[test]
fn a_demand_is_never_narrative() {
    let text = b"# T\n\n## Background\n\nToday we use paper. Nobody knows who has what. A tool must have a name. Nobody stays longer than \
        28 nights.\n";
    let epic = read(text, "x").unwrap();
    let kinds: Vec<_> = epic.statements.iter().map(|statement| statement.kind).collect();
    assert_eq!(kinds, [StatementKind::Narrative, StatementKind::Narrative, StatementKind::Rule, StatementKind::Rule]);
}

#[test]
fn what_stands_before_the_sections_demands_only_what_is_told_of_records() {
    let told = |text: &str| -> Vec<String> {
        let statements = read(text.as_bytes(), "x").unwrap().statements.into_iter();
        statements.filter(|statement| statement.kind.traced()).map(|statement| statement.text).collect()
    };
    let sections = "## Data\n\nA plot has a number.\n\n## Rules\n\nThe number must be unique.\n";
    let rest = ["A plot has a number.", "The number must be unique."];
    // Who they are, how it is today, what they wish, what the ticket says of itself.
    let text = format!(
        "# Plots\n\n**Type:** Epic\n**Component:** Records office\n\nEvery week we hand out plots to a tenant. The parish keeps its \
         plots in two ledgers. The office needs a register that is filled in on site. Numbers are used twice and nobody can tell \
         which plots are free.\n\n## Scope\n\nPlots and tenants, with their life from start to end.\n\n{sections}"
    );
    assert_eq!(told(&text), rest);
    // What is kept, and what is forbidden, is demanded wherever it stands.
    let text = format!(
        "# Plots\n\nFor each plot we store a size and a soil. A lease belongs to a plot. Leases are sorted by size. A draft lease can become open. No plot is let \
         twice.\n\n{sections}"
    );
    let kept = [
        "For each plot we store a size and a soil.",
        "A lease belongs to a plot.",
        "Leases are sorted by size.",
        "A draft lease can become open.",
        "No plot is let twice.",
    ];
    assert_eq!(told(&text), [kept.as_slice(), rest.as_slice()].concat());
    // Behind the first section such a line is no ticket's.
    let behind = told(&format!("{sections}\n## Repairs\n\nPriority: must be high or low\n"));
    assert!(behind.iter().any(|text| text.contains("must be high or low")), "{behind:?}");
    // Where there are no sections, all of it says how things shall be.
    assert_eq!(told("# Plots\n\nA plot has a number. Every week a plot gets a check.\n").len(), 2);
    // What a word means, and stories under any id of their author's.
    assert_eq!(
        told("# P\n\n## Plots\n\nA tenant is a person who rents a plot from us.\n\nA plot has a size.\n"),
        ["A plot has a size."]
    );
    let stories =
        ids("# P\n\n**GA-1** As a clerk, I want to see plots.\n\n**GA-2** As a clerk, I want to export plots.\n");
    assert_eq!(stories.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["US-1", "US-2"]);
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, "x");
    }

    #[test]
    fn no_markdown_is_too_odd(parts in proptest::collection::vec(prop_oneof![
        Just("# "), Just("\n"), Just("\n\n"), Just("- "), Just("  - "), Just("| a | b |\n|---|---|\n| c | d |\n"), Just("```"), Just("<!--"), Just("-->"), Just("Given "), Just("When "), Just("Then "), Just("As a x I want y"), Just("must "), Just("**"), Just("> "), Just("1. "), Just("x"), Just("<br>"), Just(":"),
    ], 0..60)) {
        let _ = read(parts.concat().as_bytes(), "x");
    }
}

#[test]
fn an_opening_that_says_who_wants_what_demands_nothing() {
    let epic = |opening: &str| {
        let text = format!("# Food bank\n\n{opening}\n\n## Parcels\n\nA parcel has a number.\n");
        maestro_epic::read(text.as_bytes(), "epic.md").unwrap()
    };
    for opening in [
        "We have outgrown the shared spreadsheet and would like a small register that every volunteer can use.",
        "This service should replace them.",
        "A small ferry line with three boats sails between the mainland and the islands.",
    ] {
        assert_eq!(epic(opening).statements[0].kind, StatementKind::Narrative, "{opening}");
    }
    for opening in [
        "We would like a register that only managers can edit.",
        "A parcel must have a number.",
        "This service shall list parcels by number.",
    ] {
        assert_ne!(epic(opening).statements[0].kind, StatementKind::Narrative, "{opening}");
    }
}

#[test]
fn records_that_are_called_like_parts_of_a_document_are_told() {
    let text = "# T\n\n## Goals\n\nA goal has a scorer (required) and a minute (integer, 1 to 120).\n\nWe want fewer mistakes.\n\n## Notes\n\nA \
                note has a title. Notes are sorted by title.\n";
    let epic = maestro_epic::read(text.as_bytes(), "epic.md").unwrap();
    let kinds: Vec<bool> = epic.statements.iter().map(|statement| statement.kind == StatementKind::Narrative).collect();
    assert_eq!(kinds, [false, true, false, false], "{:#?}", epic.statements);
}
