//! What everybody does who puts finished software in place.

#![expect(clippy::unwrap_used, reason = "a suite is a test: what does not hold must panic")]

use crate::Deliverables;
use async_trait::async_trait;
use maestro_domain::{ContentHash, Run, RunId, RunStatus, TenantId};
use std::{collections::BTreeMap, sync::Arc};

type Files = BTreeMap<String, Vec<u8>>;

/// An adapter, and somebody who looks at what it put in place.
#[async_trait(?Send)]
pub trait Shelf: Send + Sync {
    /// The adapter.
    fn deliverables(&self) -> &dyn Deliverables;
    /// Where a run of this name wants its deliverable, for adapters that ask it.
    fn out(&self, run: &str) -> String;
    /// The files of a run's deliverable; `None` where there is none.
    async fn found(&self, tenant: &TenantId, run: &Run) -> Option<Files>;
}

/// Runs all cases, each on an adapter of its own.
///
/// # Panics
/// When the adapter does something else than the port says.
pub async fn deliverables_suite<F: Future<Output = Arc<dyn Shelf>>>(make: impl Fn() -> F) {
    puts_files_whole(&*make().await).await;
    replaces_all_of_what_the_run_put_before(&*make().await).await;
    takes_back_what_is_there_and_nothing_else(&*make().await).await;
}

fn run(shelf: &dyn Shelf, name: &str) -> Run {
    Run {
        id: RunId::new(format!("run-{name}")).unwrap(),
        epic: "E".into(),
        epic_hash: ContentHash::of(b""),
        model: "blueprint".into(),
        scope: "feature".into(),
        out: shelf.out(name),
        status: RunStatus::Running,
        reason: None,
        rounds: vec![],
        executions: 1,
        created_ms: 0,
        changed_ms: 0,
    }
}

/// A deliverable of a run: what says whose it is, and more.
fn files(run: &Run, more: &[(&str, &[u8])]) -> Files {
    let manifest = serde_json::json!({"run": run.id}).to_string().into_bytes();
    let more = more.iter().map(|(path, bytes)| ((*path).to_owned(), bytes.to_vec()));
    more.chain([("maestro.json".to_owned(), manifest)]).collect()
}

async fn puts_files_whole(shelf: &dyn Shelf) {
    let (tenant, run) = (TenantId::local(), run(shelf, "one"));
    assert_eq!(shelf.found(&tenant, &run).await, None);
    let files = files(&run, &[("a/b/ß.py", b"x\n"), ("empty", b""), ("bytes", &[0, 255, 13, 10])]);
    let place = shelf.deliverables().publish(&tenant, &run, files.clone()).await.unwrap();
    assert!(!place.is_empty(), "it says where");
    assert_eq!(shelf.found(&tenant, &run).await, Some(files));
}

async fn replaces_all_of_what_the_run_put_before(shelf: &dyn Shelf) {
    let (tenant, run) = (TenantId::local(), run(shelf, "one"));
    let (before, after) = (files(&run, &[("old", b"1"), ("both", b"1")]), files(&run, &[("both", b"2")]));
    let first = shelf.deliverables().publish(&tenant, &run, before).await.unwrap();
    assert_eq!(shelf.deliverables().publish(&tenant, &run, after.clone()).await.unwrap(), first);
    assert_eq!(shelf.found(&tenant, &run).await, Some(after));
}

async fn takes_back_what_is_there_and_nothing_else(shelf: &dyn Shelf) {
    let (tenant, one, two) = (TenantId::local(), run(shelf, "one"), run(shelf, "two"));
    let of_two = files(&two, &[]);
    assert!(!shelf.deliverables().withdraw(&tenant, &one).await.unwrap(), "there was nothing");
    shelf.deliverables().publish(&tenant, &one, files(&one, &[])).await.unwrap();
    shelf.deliverables().publish(&tenant, &two, of_two.clone()).await.unwrap();
    assert!(shelf.deliverables().withdraw(&tenant, &one).await.unwrap());
    assert_eq!(shelf.found(&tenant, &one).await, None);
    assert_eq!(shelf.found(&tenant, &two).await, Some(of_two));
    assert!(!shelf.deliverables().withdraw(&tenant, &one).await.unwrap(), "it was taken back before");
}
