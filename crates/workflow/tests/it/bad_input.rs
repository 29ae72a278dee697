//! Large, deep and odd texts: one clear error with its place, or it works.

use crate::checks::problems;
use maestro_workflow::check;

fn workflow(nodes: impl Iterator<Item = String>) -> String {
    std::iter::once("dag_id: d\nnodes:\n".to_owned()).chain(nodes).collect()
}

fn node(id: &str, dependencies: &str) -> String {
    format!("- {{node_id: {id}, task_type: noop, dependencies: [{dependencies}]}}\n")
}

#[test]
fn a_long_chain_works() {
    let text = workflow(
        (0..5_000).map(|at| node(&format!("n{at}"), &if at > 0 { format!("n{}", at - 1) } else { String::new() })),
    );
    assert_eq!(check(&text).workflow.unwrap().graph.len(), 5_000);
}

#[test]
fn a_long_circle_is_told_shortly() {
    let text = workflow((0..5_000).map(|at| node(&format!("n{at}"), &format!("n{}", (at + 4_999) % 5_000))));
    let found = problems(&text);
    assert!(found.len() == 1 && found[0].len() < 300 && found[0].contains("(4988 more)"), "{found:?}");
}

#[test]
fn many_nodes_work() {
    let text = workflow((0..100_000).map(|at| {
        let below = |n: u32| if at >= n { format!("n{}", at - n) } else { String::new() };
        node(
            &format!("n{at}"),
            &[below(1), below(777)].iter().filter(|id| !id.is_empty()).cloned().collect::<Vec<_>>().join(", "),
        )
    }));
    assert!(text.len() > 5 << 20);
    assert_eq!(check(&text).workflow.unwrap().graph.len(), 100_000);
}

#[test]
fn many_mistakes_are_cut_short() {
    let text = workflow((0..50_000).map(|at| node(&format!("n{at}"), &format!("m{at}"))));
    let checked = check(&text);
    assert_eq!((checked.problems.len(), checked.untold), (100, 49_900));
}

#[test]
fn a_text_that_is_too_large_is_refused() {
    let text = format!("dag_id: d\ndescription: '{}'\n", "x".repeat(16 << 20));
    let found = problems(&text);
    assert!(found.len() == 1 && found[0].starts_with("1:1: the text has 1677"), "{found:?}");
    // As much as a large workflow has is read.
    let text = format!(
        "dag_id: d\ncontext: {{variables: {{v: '{}'}}}}\nnodes: [{{node_id: a, task_type: noop}}]\n",
        "x".repeat(10 << 20)
    );
    assert!(check(&text).workflow.is_some());
}

#[test]
fn odd_ids_work() {
    let long = "long ".repeat(59) + "300";
    let odd = ["it's \"quoted\"", "a.b.c", "rocket 🚀", &long, "Build", "build", "a/b", "ünï", "#1", "-"];
    let text = workflow(odd.iter().map(|id| node(&serde_json::to_string(id).unwrap(), "")));
    let workflow = check(&text).workflow.unwrap();
    let ids: Vec<_> = workflow.graph.order.iter().map(|at| workflow.id(*at)).collect();
    assert_eq!(ids, odd);
    for (id, told) in [
        ("''", "3:13: `node_id` is empty"),
        ("' a'", "3:13: `node_id` begins or ends with a space"),
        ("\"a\\tb\"", "3:13: `node_id` holds a control character"),
        ("'${a}'", "3:13: `node_id` holds `${`"),
    ] {
        let found = problems(&format!("dag_id: d\nnodes:\n{}", node(id, "")));
        assert!(found.len() == 1 && found[0].starts_with(told), "{id}: {found:?}");
    }
    let found = problems(&format!("dag_id: d\nnodes:\n{}", node(&"x".repeat(1_001), "")));
    assert!(found[0].contains("more than 1000 characters"), "{found:?}");
}

/// Definitions hold what people read; Step Functions takes none of more than 1 MB.
#[test]
fn names_and_descriptions_of_megabytes_are_refused() {
    let text = |name: usize, about: usize| {
        let (name, about) = ("n".repeat(name), "d".repeat(about));
        format!("dag_id: d\ndescription: {about}\nnodes:\n- node_id: a\n  task_type: noop\n  name: {name}\n")
    };
    assert_eq!(problems(&text(1_000, 10_000)), [""; 0]);
    assert_eq!(
        problems(&text(2_000_000, 1)),
        ["6:9: `name`: expected a string of at most 1000 characters, found one of 2000000 [invalid-value]"]
    );
    let found = problems(&text(1, 10_001));
    assert_eq!(
        found,
        ["2:14: `description`: expected a string of at most 10000 characters, found one of 10001 [invalid-value]"]
    );
}

#[test]
fn what_is_no_workflow_is_refused() {
    for text in [
        "",
        "~",
        "42",
        "[]",
        "dag_id: d\nnodes: {}",
        "dag_id: d\nnodes: []",
        "dag_id: d\nnodes: [~]",
        "\u{0}",
        "%",
        "{",
        "dag_id: [d]\nnodes: []",
    ] {
        let checked = check(text);
        assert!(checked.workflow.is_none() && !checked.problems.is_empty(), "{text:?}");
        assert!(checked.problems.iter().all(|one| one.place.line > 0 && one.place.column > 0), "{text:?}");
    }
}
