//! What a run costs, and that it calls for nothing that it does not need.

use crate::{
    command::{line, run},
    runs::{Remote, library},
};
use maestro_tests::states::states_of_a_run;

#[tokio::test(flavor = "multi_thread")]
async fn a_run_costs_less_than_a_cent() {
    let Some(remote) = Remote::new().await else { return };
    let (id, _) = library(&remote).await;
    let folder = tempfile::tempdir().unwrap();
    let place = ["--on", "local-stack"];
    let Some(output) = run(&[&["runs", "cost", id.as_str(), "--json"], &place[..]].concat(), folder.path()).await
    else {
        return;
    };
    let told = line(&output);
    let mut by: std::collections::BTreeMap<String, maestro_domain::CallsByOperation> = Default::default();
    for spending in remote.bed.hive.store().spendings(&id).await.unwrap() {
        for (op, calls) in &spending.calls {
            *by.entry(format!("{} {}ms {}MiB", spending.by.function, spending.billed_ms, spending.memory_mib))
                .or_default()
                .entry(op.clone())
                .or_default() += *calls;
        }
    }
    for (f, ops) in &by {
        println!(
            "{f}: {}",
            ops.iter().map(|(o, c)| format!("{o}={}/{}", c.attempts, c.units)).collect::<Vec<_>>().join(" ")
        );
    }
    println!("{}", told["calls"]);
    let transitions = told["lines"].as_array().unwrap().iter().find(|line| line["service"] == "Step Functions");
    assert_eq!(transitions.unwrap()["quantity"], states_of_a_run() as f64, "{told:#}");
    assert!(told["usd"].as_f64().unwrap() <= 0.01, "{told:#}");
}
