//! Statements that cannot all hold are named.

use super::read;

#[test]
fn contradictions_are_found() {
    for (text, words) in [
        ("# T\n\n## Tool\n\n- weight (decimal)\n- code (text)\n\n## Rules\n\n- The weight is a date.\n", "weight"),
        (
            "# T\n\n## Tool\n\n- size (integer)\n\n## Rules\n\n- The size must be at least 10.\n- The size must be at most 5.\n",
            "size",
        ),
        (
            "# T\n\n## Loan\n\n- status (one of open, closed)\n- code (text)\n\n## Rules\n\n- A loan moves from open to closed.\n- A loan starts as open.\n- A loan starts as closed.\n",
            "starts",
        ),
        (
            "# T\n\n## Tool\n\n- code (text)\n\nA tool has the states new, lent and lost. A tool goes from new to lent. A tool goes from burnt to lost.\n",
            "burnt",
        ),
        (
            "# T\n\n## Tool\n\n- code (text)\n- status (one of new, lent)\n\n## Rules\n\n- A tool goes from new to lent.\n- A tool goes from lent to burnt.\n",
            "burnt",
        ),
    ] {
        let read = read(text);
        assert!(
            read.contradictions.iter().any(|found| found.message.contains(words) && !found.statements.is_empty()),
            "{text}: {:?}",
            read.contradictions
        );
    }
}

#[test]
fn a_strange_state_is_named_with_both_statements() {
    let read = read(
        "# T\n\n## Tool\n\n- code (text)\n\nA tool has the states new, lent and lost. A tool goes from new to lent. A tool goes from burnt to lost.\n",
    );
    let statements: Vec<Vec<&str>> = read
        .contradictions
        .iter()
        .map(|found| found.statements.iter().map(maestro_domain::StatementId::as_str).collect())
        .collect();
    assert_eq!(statements, [["FR-4", "FR-2"]]);
}
