//! What is wrong with a workflow is told whole, with places and suggestions.

use maestro_workflow::check;

/// The problems as `line:column code message; hint`.
pub(crate) fn problems(text: &str) -> Vec<String> {
    check(text).problems.iter().map(|one| format!("{} [{}]", one, one.code)).collect()
}

fn nodes(list: &str) -> String {
    format!("dag_id: d\nnodes:\n{list}")
}

#[track_caller]
fn one(text: &str, expected: &str) {
    assert_eq!(problems(text), [expected]);
}

#[test]
fn a_workflow_with_everything_is_read() {
    let checked = check(include_str!("../data/everything.yaml"));
    let workflow = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
    assert_eq!(workflow.graph.len(), 5);
    let order: Vec<_> = workflow.graph.order.iter().map(|at| workflow.id(*at)).collect();
    assert_eq!(order, ["fetch", "lint", "build", "approve", "ship"]);
}

#[test]
fn fields_are_known_or_refused_with_a_suggestion() {
    one(
        &nodes("  - node_id: a\n    task_type: noop\n    timeout_second: 3\n"),
        "5:5: `timeout_second` is not a field here; did you mean `timeout_seconds`? [unknown-field]",
    );
    one(
        "dag_id: d\nnode: []\nnodes: [{node_id: a, task_type: noop}]\n",
        "2:1: `node` is not a field here; did you mean `nodes`? [unknown-field]",
    );
    one("dag_id: d\n", "1:1: the field `nodes` is missing [missing-field]");
    one("- a\n", "1:1: expected fields, found a list [invalid-value]");
    one(
        &nodes("  - node_id: a\n    task_type: nop\n"),
        "4:16: there is no task type `nop`; did you mean `noop`? [unknown-type]",
    );
    one(
        &nodes("  - node_id: 1\n    task_type: noop\n"),
        "3:14: `node_id`: expected a string, found `1`; put it in quotes [invalid-value]",
    );
    one(
        "dag_id: d\non_failure: compensat\nnodes: [{node_id: a, task_type: noop}]\n",
        "2:13: `on_failure`: `compensat` is not one of `keep`, `compensate`; did you mean `compensate`? [invalid-value]",
    );
}

#[test]
fn all_mistakes_are_told_at_once() {
    let text = nodes("  - node_id: a\n    task_type: nop\n  - node_id: b\n    task_tpe: noop\n  - task_type: noop\n");
    let found = problems(&text);
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[0].starts_with("4:16") && found[1].starts_with("6:5") && found[2].starts_with("7:5"), "{found:?}");
}

#[test]
fn numbers_have_bounds() {
    let retry = |policy: &str| nodes(&format!("  - node_id: a\n    task_type: noop\n    retry_policy: {{{policy}}}\n"));
    for (policy, told) in [
        ("max_attempts: 0", "5:34: `retry_policy.max_attempts`: expected a whole number from 1 to 1000, found `0`"),
        ("max_attempts: -3", "5:34: `retry_policy.max_attempts`: expected a whole number from 1 to 1000, found `-3`"),
        (
            "max_attempts: 99999999999999999999999",
            "5:34: `retry_policy.max_attempts`: expected a whole number from 1 to 1000, found `100000000000000000000000`",
        ),
        (
            "max_attempts: 2, backoff_rate: 0.5",
            "5:51: `retry_policy.backoff_rate`: expected a number from 1 to 1000, found `0.5`",
        ),
        (
            "max_attempts: 2, backoff_rate: .nan",
            "5:51: `retry_policy.backoff_rate`: expected a number from 1 to 1000, found the text `.nan`",
        ),
        (
            "max_attempts: 2, interval_seconds: 60, max_delay_seconds: 60",
            "5:78: `max_delay_seconds` (60) must be more than `interval_seconds` (60)",
        ),
        (
            "max_attempts: 2, non_retryable: [States.ALL]",
            "5:53: `States.ALL` is no name of an error such as `Maestro.Invalid`",
        ),
    ] {
        let found = problems(&retry(policy));
        assert!(found.len() == 1 && found[0].starts_with(told), "{policy}: {found:?}");
    }
    one(
        &nodes("  - {node_id: a, task_type: noop, timeout_seconds: 5, heartbeat_seconds: 5}\n"),
        "3:74: `heartbeat_seconds` (5) must be less than `timeout_seconds` (5) [invalid-timing]",
    );
    one(
        &nodes("  - {node_id: a, task_type: noop, timeout_seconds: 700000}\n"),
        "3:52: `timeout_seconds` (700000) is more than the whole run has (604800); raise the workflow's `timeout_seconds` [invalid-timing]",
    );
}

#[test]
fn dependencies_lead_to_nodes_and_not_in_circles() {
    let list = "  - {node_id: a, task_type: noop, dependencies: [c]}\n  - {node_id: b, task_type: noop, dependencies: [a]}\n  - {node_id: c, task_type: noop, dependencies: [b]}\n";
    one(
        &nodes(list),
        "4:50: nodes wait for each other in a circle: `b` → `c` → `a` → `b`; each would run before the next; take one dependency out [cycle]",
    );
    one(&nodes("  - {node_id: a, task_type: noop, dependencies: [a]}\n"), "3:50: node `a` depends on itself [cycle]");
    one(
        &nodes("  - {node_id: build, task_type: noop}\n  - {node_id: b, task_type: noop, dependencies: [biuld]}\n"),
        "4:50: node `b` depends on `biuld`, which there is not; did you mean `build`? [dangling-dependency]",
    );
    one(
        &nodes("  - {node_id: a, task_type: noop}\n  - {node_id: a, task_type: noop}\n"),
        "4:15: there is another node `a`, in line 3 [duplicate-node]",
    );
    one(
        &nodes("  - {node_id: a, task_type: noop}\n  - {node_id: b, task_type: noop, dependencies: [a, a]}\n"),
        "4:53: `a` is named twice [duplicate-dependency]",
    );
}

#[test]
fn expressions_read_of_what_is_complete() {
    let with = |b: &str| {
        format!(
            "dag_id: d\ncontext: {{variables: {{place: here}}}}\nnodes:\n  - {{node_id: a, task_type: noop}}\n  - {{node_id: c, task_type: noop}}\n  - {{node_id: b, task_type: noop, dependencies: [a], {b}}}\n"
        )
    };
    for fine in [
        "when: $nodes.a.output.ok = true and $context.variables.place = 'here'",
        "config: {output: '{% $nodes.a.status & $nodes.\"a\".output %}'}",
        "when: '{% $exists($nodes.a.output) %}'",
        "compensate_with: {task_type: noop, config: {output: '{% $nodes.b.output %}'}}",
    ] {
        assert_eq!(problems(&with(fine)), [""; 0], "{fine}");
    }
    for (wrong, told) in [
        (
            "when: $nodes.c.output",
            "6:60: node `b` reads of `c`, which need not be complete then; add `c` to its `dependencies` [not-an-ancestor]",
        ),
        (
            "when: $nodes.b.output",
            "6:60: node `b` reads of `b`, which need not be complete then; add `b` to its `dependencies` [not-an-ancestor]",
        ),
        (
            "when: $nodes.aa.output",
            "6:60: the expression reads of a node `aa`, which there is not; did you mean `a`? [unknown-reference]",
        ),
        (
            "when: $nodes.a.outptu",
            "6:60: a node has an `output` and a `status`; the expression reads `outptu` of `a`; did you mean `output`? [unknown-reference]",
        ),
        (
            "when: $count($nodes) > 1",
            "6:60: `$nodes` must be read as `$nodes.ID.output`, so that it can be checked [unknown-reference]",
        ),
        (
            "when: $context.variables.plce",
            "6:60: the context has no variable `plce`; did you mean `place`? [unknown-reference]",
        ),
        ("when: $context.place", "6:60: `$context` must be read as `$context.variables.NAME` [unknown-reference]"),
    ] {
        assert_eq!(problems(&with(wrong)), [told], "{wrong}");
    }
    let found = problems(&with("when: '1 +'"));
    assert!(found.len() == 1 && found[0].contains("cannot be read"), "{found:?}");
}
