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
    ] {
        let read = read(text);
        assert!(
            read.contradictions.iter().any(|found| found.message.contains(words) && !found.statements.is_empty()),
            "{text}: {:?}",
            read.contradictions
        );
    }
}
