//! Compiled workflows run: in order, each node once, as fast as the longest way allows, whole or split.

use crate::support::{run, texts, workflow};
use maestro_workflow::compile::{Limits, compile, compile_within};
use maestro_workflow::graph::Longest;
use proptest::prelude::*;

/// Graphs of up to 40 nodes: what each depends on.
fn graphs() -> impl Strategy<Value = Vec<Vec<usize>>> {
    let edges = proptest::collection::vec((any::<proptest::sample::Index>(), any::<proptest::sample::Index>()), 0..100);
    (1_usize..40, edges).prop_map(|(count, edges)| {
        let mut before = vec![Vec::new(); count];
        for (left, right) in edges {
            let (left, right) = (left.index(count), right.index(count));
            let (from, to) = (left.min(right), left.max(right));
            if from < to && !before[to].contains(&from) {
                before[to].push(from);
            }
        }
        before
    })
}

/// Series-parallel graphs: rows and groups of rows, as edges between the ends of parts.
fn series_parallel() -> impl Strategy<Value = Vec<Vec<usize>>> {
    #[derive(Debug, Clone)]
    enum Part {
        Node,
        Row(Vec<Part>),
        Together(Vec<Part>),
    }
    fn build(part: &Part, first: &[usize], before: &mut Vec<Vec<usize>>) -> Vec<usize> {
        match part {
            Part::Node => {
                before.push(first.to_vec());
                vec![before.len() - 1]
            }
            Part::Row(parts) => parts.iter().fold(first.to_vec(), |ends, part| build(part, &ends, before)),
            Part::Together(parts) => parts.iter().flat_map(|part| build(part, first, before)).collect(),
        }
    }
    let part = Just(Part::Node).prop_recursive(5, 60, 4, |inner| {
        let parts = proptest::collection::vec(inner, 1..4);
        prop_oneof![parts.clone().prop_map(Part::Row), parts.prop_map(Part::Together)]
    });
    part.prop_map(|part| {
        let mut before = Vec::new();
        build(&part, &[], &mut before);
        before
    })
}

fn check(before: &[Vec<usize>], takes: &[u64], limits: Limits) -> crate::support::Ended {
    let workflow = workflow(before, "");
    let compiled = compile_within(&workflow, limits);
    let takes_ = |at: usize| takes.get(at % takes.len()).copied().unwrap();
    let longest = Longest::new(&workflow.graph, &(0..before.len()).map(takes_).collect());
    let ended = run(&workflow, &compiled, &takes_);
    assert_eq!(ended.makespan, longest.makespan, "nothing waits for what it does not depend on");
    ended
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_graph_runs_in_order_and_as_fast_as_its_longest_way(
        before in graphs(), takes in proptest::collection::vec(0_u64..50, 1..40),
    ) {
        let ended = check(&before, &takes, Limits::default());
        prop_assert!(ended.parked <= before.len());
        // The same in parts of a few nodes each.
        check(&before, &takes, Limits { bytes: 7_500, events: 24_000 });
        check(&before, &takes, Limits { bytes: 950_000, events: 130 });
    }

    #[test]
    fn series_parallel_graphs_need_no_gates(
        before in series_parallel(), takes in proptest::collection::vec(0_u64..50, 1..40),
    ) {
        let compiled = compile(&workflow(&before, ""));
        prop_assert!(compiled.after.iter().all(|(_, after)| after.is_empty()), "{:?}", compiled.after);
        let ended = check(&before, &takes, Limits::default());
        prop_assert_eq!(ended.parked, 0);
    }
}

/// The generator of `w2` in the benchmarks: layers of equal size, three dependencies each.
fn layered(count: usize) -> Vec<Vec<usize>> {
    let width = count / 20;
    let mut seed = 7_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut before = Vec::new();
    for at in 0..count {
        let layer = at / width;
        let mut of: Vec<usize> = Vec::new();
        if layer > 0 {
            of.push((layer - 1) * width + next(width));
            while of.len() < 3.min(layer * width) {
                let one = next(layer * width);
                if !of.contains(&one) {
                    of.push(one);
                }
            }
        }
        before.push(of);
    }
    before
}

#[test]
fn large_graphs_are_split_and_stay_within_the_limits_of_step_functions() {
    let before = layered(3_000);
    let workflow = workflow(&before, "");
    let compiled = compile(&workflow);
    assert!(compiled.definitions.len() > 1);
    assert!(texts(&compiled).iter().all(|text| text.len() < 1_000_000));
    let ended = run(&workflow, &compiled, &|at| 10 + at as u64 % 7);
    assert!(ended.longest_history < 25_000, "{}", ended.longest_history);
    assert!(ended.transitions * 10 <= 11 * before.len(), "{} transitions", ended.transitions);
}

#[test]
fn a_long_chain_is_a_row() {
    let before: Vec<Vec<usize>> = (0..5_000_usize).map(|at| at.checked_sub(1).into_iter().collect()).collect();
    let ended = check(&before, &[3], Limits::default());
    assert_eq!((ended.parked, ended.makespan), (0, 15_000));
}

/// Eleven tasks in six phases, each task after all of the phase before, and a writer after all.
#[test]
fn the_team_workflow_enters_few_states() {
    let phases = [2, 1, 3, 2, 2];
    let mut before: Vec<Vec<usize>> = Vec::new();
    let mut last: Vec<usize> = Vec::new();
    for size in phases {
        let first = before.len();
        before.extend((0..size).map(|_| last.clone()));
        last = (first..first + size).collect();
    }
    before.push((0..before.len()).collect());
    let ended = check(&before, &[10], Limits::default());
    assert_eq!((before.len(), ended.parked), (11, 0));
    assert!(ended.transitions <= 17, "{} transitions", ended.transitions);
}

#[test]
fn the_diamond_has_no_barrier() {
    // A root, one node of 500 ms beside a chain of ten with 50 ms each, and a sink.
    let mut before: Vec<Vec<usize>> = vec![vec![], vec![0], vec![0]];
    before.extend((3..=11).map(|at| vec![at - 1]));
    before.push(vec![1, 11]);
    let takes = |at: usize| {
        if at == 1 {
            500
        } else if (2..=11).contains(&at) {
            50
        } else {
            0
        }
    };
    let takes: Vec<u64> = (0..before.len()).map(takes).collect();
    assert_eq!(check(&before, &takes, Limits::default()).makespan, 500);
}

#[test]
fn everything_is_compiled() {
    let checked = maestro_workflow::check(include_str!("../data/everything.yaml"));
    let compiled = compile(&checked.workflow.unwrap());
    texts(&compiled);
    let asl: serde_json::Value = serde_json::from_str(&compiled.definitions[0].asl).unwrap();
    assert_eq!(asl["TimeoutSeconds"], 86_400);
    let states = &asl["States"]["(graph)"]["Branches"][0]["States"];
    let fetch = &states["fetch"];
    assert_eq!((&fetch["TimeoutSeconds"], &fetch["Comment"]), (&300.into(), &"Fetch the sources".into()));
    let names = |rule: &serde_json::Value| rule["ErrorEquals"].clone();
    let retry = fetch["Retry"].as_array().unwrap();
    // Its own, and what no call of a function gets past by another attempt.
    assert_eq!(names(&retry[1]), serde_json::json!(["Maestro.Invalid", "Maestro.NotAllowed", "Maestro.NotSupported"]));
    assert_eq!(retry[1]["MaxAttempts"], 0);
    assert_eq!(
        retry[2],
        serde_json::json!({"ErrorEquals": ["States.ALL"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2.0, "MaxDelaySeconds": 60, "JitterStrategy": "FULL"})
    );
    let build = &states["(together 1)"]["Branches"][1]["States"]["build"];
    assert_eq!((&build["TimeoutSeconds"], &build["HeartbeatSeconds"]), (&3600.into(), &300.into()), "{states:#}");
    assert_eq!(asl["States"]["(graph)"]["Catch"][0]["Next"], "(compensate)");
}

#[test]
fn failures_are_tried_again_then_compensated_and_keep_their_names() {
    let checked = maestro_workflow::check(include_str!("../data/everything.yaml"));
    let compiled = compile(&checked.workflow.unwrap());
    let definition = std::sync::Arc::new(maestro_asl::parse_and_check(&compiled.definitions[0].asl).unwrap());
    let run = |fetch: serde_json::Value, ship: serde_json::Value| {
        let done = serde_json::json!({"output": {}});
        let mocks = serde_json::json!({
            "fetch": fetch, "lint": done, "build": done, "approve": done, "ship": ship, "(compensate)": done
        });
        let mocks = maestro_asl::Mocks::from_json(&mocks).unwrap();
        let input = serde_json::json!({"run": "r"});
        let options = maestro_asl::SimulationOptions::default();
        let ended = maestro_asl::simulate(std::sync::Arc::clone(&definition), input, &mocks, &options).unwrap();
        let entered = |state: &str| {
            let history = serde_json::to_value(&ended.history).unwrap();
            let events = history.as_array().unwrap().clone();
            events
                .iter()
                .filter(|event| event["type"] == "TaskStateEntered" && event.to_string().contains(state))
                .count()
        };
        let compensated = entered("(compensate)");
        (ended.error.clone(), compensated)
    };
    let done = serde_json::json!({"output": {}});
    let busy = serde_json::json!([{"error": "Busy"}, {"error": "Busy"}, {"error": "Busy"}, {"output": {}}]);
    assert_eq!(run(busy.clone(), done.clone()), (None, 0), "four attempts in all");
    let refused = serde_json::json!([{"error": "Maestro.Invalid"}, {"output": {}}]);
    assert_eq!(run(refused, done.clone()), (Some("Maestro.Invalid".into()), 1), "not tried again");
    assert_eq!(run(done, serde_json::json!({"error": "Boom"})), (Some("Boom".into()), 1));
}

#[test]
fn odd_ids_get_names_that_step_functions_takes() {
    let ids = ["plain one", "it's", "rocket 🚀", "a\"b", "Build", "build", "$.x", "x".repeat(300).as_str()]
        .map(str::to_owned);
    let list = ids.iter().map(|id| format!("- {{node_id: {}, task_type: noop}}\n", serde_json::to_string(id).unwrap()));
    let checked = maestro_workflow::check(&format!("dag_id: d\nnodes:\n{}", list.collect::<String>()));
    let workflow = checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems));
    let compiled = compile(&workflow);
    let names: std::collections::BTreeSet<_> = compiled.states.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(names.len(), ids.len());
    assert!(names.iter().all(|name| name.len() <= 80));
    assert!(["plain one", "Build", "build"].iter().all(|id| names.contains(id)), "{names:?}");
    run(&workflow, &compiled, &|_| 1);
}

/// What waits for others names them in its message, which may not become longer than what a state hands on.
#[test]
fn a_message_that_may_be_too_long_is_told_with_its_node() {
    // Digits of four bytes, and the most characters that an id may have.
    let digits = |at: usize| {
        format!("{at:03}")
            .bytes()
            .map(|digit| ["𝟎", "𝟏", "𝟐", "𝟑", "𝟒", "𝟓", "𝟔", "𝟕", "𝟖", "𝟗"][usize::from(digit - b'0')])
            .collect::<String>()
    };
    let long = |id: char, at: usize| format!("{}{}", digits(at), id.to_string().repeat(997));
    let text = |id: char| {
        let mut text = "dag_id: d\nnodes:\n".to_owned();
        let mut node = |id: &str, before: &[String]| {
            text.push_str(&format!("- {{node_id: '{id}', task_type: noop, dependencies: {before:?}}}\n"));
        };
        let ids: Vec<String> = (0..64).map(|at| long(id, at)).collect();
        for (at, id) in ids.iter().enumerate() {
            node(id, &[]);
            // Their chains go on, so that the last node can be in one of them only.
            node(&format!("next {at}"), std::slice::from_ref(id));
        }
        node(&long(id, 999), &ids);
        text
    };
    let told = |id: char| {
        let workflow = maestro_workflow::check(&text(id)).workflow.unwrap();
        let compiled = compile(&workflow);
        let most = compiled.after.iter().map(|(_, after)| after.len()).max();
        assert_eq!(most, Some(64), "one waits for as many as it may");
        maestro_workflow::compile::payload::problems(&workflow, &compiled)
    };
    let [problem] = &told('🦀')[..] else { panic!("one is too long") };
    assert_eq!((problem.code, problem.place.line), ("payload", 131));
    assert!(problem.message.contains("64 nodes that it waits for"), "{problem}");
    assert!(told('x').is_empty());
}
