//! How long checking and compiling takes: `cargo run --release --package maestro-workflow --example speed [N..]`.
//!
//! The graphs have twenty layers and three dependencies a node, as the `w2 layered` workload of the benchmarks.

use std::time::Instant;

fn main() {
    let given: Vec<usize> = std::env::args().skip(1).filter_map(|count| count.parse().ok()).collect();
    for count in if given.is_empty() { vec![1_000, 10_000, 100_000] } else { given } {
        let text = layered(count);
        let start = Instant::now();
        let Some(workflow) = maestro_workflow::check(&text).workflow else { continue };
        let checked = start.elapsed();
        let compiled = maestro_workflow::compile::compile(&workflow);
        report(count, text.len(), checked.as_millis(), start.elapsed().as_millis(), compiled.definitions.len());
    }
}

#[expect(clippy::print_stdout, reason = "an example is there to print")]
fn report(count: usize, bytes: usize, check_ms: u128, all_ms: u128, definitions: usize) {
    println!(
        "{{\"n\":{count},\"bytes\":{bytes},\"check_ms\":{check_ms},\"check_and_compile_ms\":{all_ms},\"definitions\":{definitions}}}"
    );
}

fn layered(count: usize) -> String {
    let width = count / 20;
    let mut seed = 7_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let mut text = "dag_id: layered\nnodes:\n".to_owned();
    for at in 0..count {
        let layer = at / width;
        let mut before: Vec<usize> = Vec::new();
        if layer > 0 {
            before.push((layer - 1) * width + next(width));
            while before.len() < 3 {
                let one = next(layer * width);
                if !before.contains(&one) {
                    before.push(one);
                }
            }
        }
        let names: Vec<String> = before.iter().map(|one| format!("n{one}")).collect();
        text.push_str(&format!("  - node_id: n{at}\n    task_type: noop\n    dependencies: [{}]\n", names.join(", ")));
    }
    text
}
