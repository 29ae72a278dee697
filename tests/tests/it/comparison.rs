//! The comparison of two runs finds the least that can differ, and leaves out only what is listed.

use crate::{HELPER, meddled::Meddled, scenarios::SMALL};
use maestro_blueprint::Blueprint;
use maestro_domain::{Phase, Round, RunId, TaskRow, TenantId, task::MadeBy};
use maestro_ports::{
    Model, Table,
    model::{Request, ToolCall},
    table::{Condition, Durability, Item, Key, Write},
};
use maestro_sdlc::record::{LEFT_OUT, canonical};
use maestro_store::{MemoryBlobs, MemoryTable, StoredArtifact};
use maestro_tests::{
    Bed,
    compare::{Left, differences, files},
    real_referee,
};
use serde::Serialize;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

/// Changes one byte of one page of the writer, and counts it.
fn one_byte(changed: &Arc<AtomicUsize>) -> impl Fn(&Request, &mut Vec<ToolCall>) + Send + Sync + 'static {
    let changed = Arc::clone(changed);
    move |asked, calls| {
        if asked.persona == "technical_writer" && changed.load(Ordering::SeqCst) == 0 {
            let page = calls.iter_mut().find(|call| call.name == "write_file");
            if let Some(Value::String(content)) = page.and_then(|call| call.arguments.get_mut("content")) {
                assert_eq!(content.pop(), Some('\n'));
                content.push(' ');
                changed.fetch_add(1, Ordering::SeqCst);
            }
        }
    }
}

/// A run to its end, by an author.
async fn whole(model: Arc<dyn Model>) -> (Bed, RunId, Arc<MemoryTable>) {
    let scratch = tempfile::tempdir().unwrap();
    let referee = Arc::new(real_referee(HELPER, &scratch.keep()));
    let table = Arc::new(MemoryTable::default());
    let bed = Bed::with(model, referee, Arc::<MemoryTable>::clone(&table), Arc::new(MemoryBlobs::default()));
    let run = bed.create(SMALL).await.unwrap();
    bed.execute(&run).await.unwrap();
    (bed, run, table)
}

async fn left(bed: &Bed, run: &RunId) -> Left {
    Left { record: canonical(bed.hive.store(), run).await.unwrap(), files: files(&bed.out()) }
}

/// Replaces a text once in the first row of a kind.
async fn change(table: &MemoryTable, kind: &str, from: &str, to: &str) -> (Key, Item) {
    let fits = |(key, item): &(Key, Item)| {
        key.sk.starts_with(kind) && item.get("text").is_some_and(|text| text.as_str().unwrap().contains(from))
    };
    let (key, item) = table.rows().into_iter().find(fits).unwrap();
    let mut changed = item.clone();
    changed.insert("text".to_owned(), item["text"].as_str().unwrap().replacen(from, to, 1).into());
    put(table, key.clone(), changed).await;
    (key, item)
}

async fn put(table: &MemoryTable, key: Key, item: Item) {
    let write = Write::Put { key, item, condition: Condition::None };
    table.write(&TenantId::local(), vec![write], Durability::Process).await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_byte_or_one_verdict_makes_runs_differ() {
    let (bed, run, table) = whole(Arc::new(Blueprint)).await;
    let first = left(&bed, &run).await;
    let (again, same, _) = whole(Arc::new(Blueprint)).await;
    assert_eq!(differences(&first, &left(&again, &same).await), BTreeSet::new());

    let bytes = Arc::new(AtomicUsize::new(0));
    let (other, changed, _) = whole(Arc::new(Meddled(one_byte(&bytes)))).await;
    assert_eq!(bytes.load(Ordering::SeqCst), 1, "one byte was changed");
    let found = differences(&first, &left(&other, &changed).await);
    assert!(found.contains("artifacts") && found.contains("tasks"), "{found:?}");
    // Where the file itself is compared, it is found there too.
    let mut files = first.clone();
    let path = files.files.keys().find(|path| path.ends_with(".md")).unwrap().clone();
    files.files.get_mut(&path).unwrap()[0] ^= 1;
    assert_eq!(differences(&first, &files), BTreeSet::from([path]));

    // Verdicts: of a gate, and of a test of the referee's.
    for (kind, from, to, part) in [
        ("GATE#", r#""decision":"advance""#, r#""decision":"rework""#, "gates"),
        ("EVIDENCE#", r#""outcome":"passed""#, r#""outcome":"failed""#, "evidence"),
    ] {
        let (key, item) = change(&table, kind, from, to).await;
        let found = differences(&first, &left(&bed, &run).await);
        assert!(found.contains(part), "{kind}: {found:?}");
        put(&table, key, item).await;
    }
    assert_eq!(differences(&first, &left(&bed, &run).await), BTreeSet::new(), "all is as it was");
}

/// The names of a value's fields.
fn fields(value: &impl Serialize) -> BTreeSet<String> {
    serde_json::to_value(value).unwrap().as_object().unwrap().keys().cloned().collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_not_compared_has_a_reason() {
    let (bed, run, _) = whole(Arc::new(Blueprint)).await;
    let store = bed.hive.store();
    let mut stored = store.run(&run).await.unwrap();
    let round = Round { phase: Phase::Design, by: "ada".into(), note: Some("again".into()), at_ms: 1 };
    stored.run.rounds.push(round.clone());
    store.update_run(&mut stored).await.unwrap();
    let (stored, record) = (stored.run, left(&bed, &run).await.record);
    // Elsewhere functions make what there is.
    let made_by = Some(MadeBy { function: String::new(), request: String::new() });
    let task = TaskRow { made_by: made_by.clone(), ..store.tasks(&run).await.unwrap().remove(0) };
    let artifact = StoredArtifact { made_by, ..store.artifacts(&run).await.unwrap().remove(0) };
    let evidence = store.evidence(&run).await.unwrap();
    let tested = evidence.iter().find(|one| !one.tests.is_empty()).unwrap();
    let recorded = record["evidence"].as_array().unwrap().iter().find(|one| one["job"] == tested.job.as_str()).unwrap();
    let compared = [
        ("run", fields(&stored), fields(&record)),
        ("round", fields(&round), fields(&record["rounds"][0])),
        ("task", fields(&task), fields(&record["tasks"][0])),
        (
            "artifact",
            fields(&artifact),
            &fields(&record["artifacts"][0]) | &fields(&record["artifacts"][0]["artifact"]),
        ),
        ("evidence", fields(tested), fields(recorded)),
        ("test", fields(&tested.tests[0]), fields(&recorded["tests"][0])),
        ("gate", fields(&store.gates(&run).await.unwrap()[0]), fields(&record["gates"][0])),
    ];
    let left_out: BTreeMap<_, BTreeSet<_>> = compared
        .into_iter()
        .map(|(kind, stored, recorded)| (kind, stored.difference(&recorded).cloned().collect::<BTreeSet<_>>()))
        .filter(|(_, left_out)| !left_out.is_empty())
        .collect();
    let mut listed: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (kind, field, why) in LEFT_OUT {
        assert!(!why.is_empty());
        listed.entry(kind).or_default().insert((*field).to_owned());
    }
    assert_eq!(left_out, listed);
}
