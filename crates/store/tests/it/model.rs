//! SQLite does what the table in memory does, whatever is asked of them.

use crate::samples::{tenant, wait};
use maestro_ports::{
    Table,
    table::{Condition, Durability, Error, Item, Key, Write},
};
use maestro_store::{MemoryTable, SqliteTable};
use proptest::prelude::*;
use serde_json::Value;

#[derive(Debug, Clone)]
enum Op {
    Write(Vec<Write>, Durability),
    Get(Key),
    Query { pk: String, prefix: String, after: Option<String>, limit: usize },
}

/// Few different keys, so that operations meet; among them what sorts around a prefix.
fn sk() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["a", "a#", "a#1", "a#1|x", "a$", "b", "B", "é", "\u{1f528}", "a'%_"])
        .prop_map(str::to_owned)
}

fn pk() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["T#acme#p", "T#acme#p#", "T#acme#P", "T#acme2#p"]).prop_map(str::to_owned)
}

fn key() -> impl Strategy<Value = Key> {
    (pk(), sk()).prop_map(|(pk, sk)| Key { pk, sk })
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..3_u64).prop_map(Value::from),
        Just(Value::from("1")),
        Just(serde_json::json!({"x": [1, {"y": null}]})),
        Just(serde_json::json!({"x": [1, {"y": 0}]})),
    ]
}

fn item() -> impl Strategy<Value = Item> {
    prop::collection::btree_map(prop::sample::select(vec!["m", "n"]).prop_map(str::to_owned), value(), 0..=2)
        .prop_map(Item::from_iter)
}

fn write() -> impl Strategy<Value = Write> {
    let condition = prop_oneof![
        3 => Just(Condition::None),
        1 => Just(Condition::Absent),
        2 => (prop::sample::select(vec!["m", "n"]), value()).prop_map(|(name, value)| Condition::Equals(name.into(), value)),
    ];
    prop_oneof![
        4 => (key(), item(), condition).prop_map(|(key, item, condition)| Write::Put { key, item, condition }),
        1 => key().prop_map(|key| Write::Delete { key }),
    ]
}

fn op() -> impl Strategy<Value = Op> {
    let durability = prop::sample::select(vec![Durability::Process, Durability::Process, Durability::Power]);
    prop_oneof![
        4 => (prop::collection::vec(write(), 0..4), durability).prop_map(|(writes, durability)| Op::Write(writes, durability)),
        1 => key().prop_map(Op::Get),
        2 => (pk(), prop_oneof![Just(String::new()), sk()], prop::option::of(sk()), 0..6_usize)
            .prop_map(|(pk, prefix, after, limit)| Op::Query { pk, prefix, after, limit }),
    ]
}

/// What a call answered, comparable: an error by its kind and message.
async fn answer(table: &dyn Table, op: &Op) -> Result<String, String> {
    let told = |error: Error| format!("{error}");
    match op {
        Op::Write(writes, durability) => {
            table.write(&tenant(), writes.clone(), *durability).await.map(|()| String::new()).map_err(told)
        }
        Op::Get(key) => table.get(&tenant(), key).await.map(|item| format!("{item:?}")).map_err(told),
        Op::Query { pk, prefix, after, limit } => {
            let page = table.query(&tenant(), pk, prefix, after.as_deref(), *limit).await;
            page.map(|page| format!("{page:?}")).map_err(told)
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn sqlite_equals_memory(ops in prop::collection::vec(op(), 1..60)) {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("table.db");
        let memory = MemoryTable::default();
        wait(async {
            let mut sqlite = SqliteTable::open(&file).unwrap();
            for (n, op) in ops.iter().enumerate() {
                if n % 20 == 19 {
                    sqlite = SqliteTable::open(&file).unwrap();
                }
                assert_eq!(answer(&memory, op).await, answer(&sqlite, op).await, "{op:?}");
            }
        });
    }
}
