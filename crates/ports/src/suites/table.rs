//! What every table does.

#![expect(clippy::unwrap_used, reason = "a suite is a test: what does not hold must panic")]

use crate::{
    Table,
    table::{Condition, Durability, Error, Item, Key, MAX_TRANSACTION, Write},
};
use maestro_domain::TenantId;
use serde_json::{Value, json};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Runs all cases, each on a table of its own.
///
/// # Panics
/// When the adapter does something else than the port says.
pub async fn table_suite<F: Future<Output = Arc<dyn Table>>>(make: impl Fn() -> F) {
    reads_what_was_written(&*make().await).await;
    reads_many_in_their_order(&*make().await).await;
    replaces_whole_items(&*make().await).await;
    deletes(&*make().await).await;
    keeps_any_json(&*make().await).await;
    keeps_any_text_in_keys(&*make().await).await;
    holds_conditions(&*make().await).await;
    writes_all_or_nothing(&*make().await).await;
    names_the_write_that_lost(&*make().await).await;
    refuses_too_many_writes(&*make().await).await;
    refuses_one_item_twice(&*make().await).await;
    refuses_other_tenants(&*make().await).await;
    pages_exactly(&*make().await).await;
    keeps_to_prefixes_and_partitions(&*make().await).await;
    lets_one_racer_win(make().await).await;
    loses_no_update(make().await).await;
}

fn tenant() -> TenantId {
    TenantId::new("suite").unwrap()
}

fn key(partition: &str, sk: &str) -> Key {
    Key { pk: format!("T#suite#{partition}"), sk: sk.to_owned() }
}

fn item(value: Value) -> Item {
    serde_json::from_value(value).unwrap()
}

fn put(key: &Key, value: Value, condition: Condition) -> Write {
    Write::Put { key: key.clone(), item: item(value), condition }
}

async fn write(table: &dyn Table, writes: Vec<Write>) -> Result<(), Error> {
    table.write(&tenant(), writes, Durability::Process).await
}

async fn set(table: &dyn Table, key: &Key, value: Value) {
    write(table, vec![put(key, value, Condition::None)]).await.unwrap();
}

async fn get(table: &dyn Table, key: &Key) -> Option<Value> {
    table.get(&tenant(), key).await.unwrap().map(Value::Object)
}

/// The sort keys of a list, read in pages of `limit`.
async fn list(table: &dyn Table, partition: &str, prefix: &str, limit: usize) -> Vec<String> {
    let pk = key(partition, "").pk;
    let mut found = Vec::new();
    let mut after: Option<String> = None;
    loop {
        let page = table.query(&tenant(), &pk, prefix, after.as_deref(), limit).await.unwrap();
        assert!(page.items.len() <= limit, "a page of {} items is longer than {limit}", page.items.len());
        assert!(page.items.iter().all(|(key, _)| key.pk == pk), "a page holds items of another partition");
        found.extend(page.items.into_iter().map(|(key, _)| key.sk));
        match page.next {
            Some(next) => {
                assert_ne!(after.as_ref(), Some(&next), "a page leads to itself");
                after = Some(next);
            }
            None => return found,
        }
    }
}

fn conflict_at(result: Result<(), Error>) -> Option<usize> {
    match result {
        Err(Error::Conflict { index }) => Some(index),
        _ => None,
    }
}

async fn reads_what_was_written(table: &dyn Table) {
    let one = key("p", "one");
    assert_eq!(get(table, &one).await, None, "nothing is there at first");
    for (n, durability) in [Durability::Process, Durability::Power, Durability::Process].into_iter().enumerate() {
        let writes = vec![put(&one, json!({"n": n}), Condition::None)];
        table.write(&tenant(), writes, durability).await.unwrap();
        assert_eq!(get(table, &one).await, Some(json!({"n": n})), "a read sees the write before it");
    }
    assert_eq!(get(table, &key("p", "on")).await, None);
    assert_eq!(get(table, &key("p", "one ")).await, None);
    assert_eq!(get(table, &key("q", "one")).await, None);
    write(table, vec![]).await.unwrap();
}

async fn reads_many_in_their_order(table: &dyn Table) {
    // More than one call takes, in more than one partition, every third not there, and one asked for twice.
    let mut keys: Vec<_> = (0..MAX_TRANSACTION + 20).map(|n| key(&format!("p{}", n % 4), &format!("{n:03}"))).collect();
    for (n, key) in keys.iter().enumerate().filter(|(n, _)| n % 3 > 0) {
        set(table, key, json!({"n": n})).await;
    }
    keys.reverse();
    keys.extend(keys.first().cloned());
    let found = table.get_all(&tenant(), &keys).await.unwrap();
    assert_eq!(found.len(), keys.len());
    for (key, found) in keys.iter().zip(found) {
        let n: usize = key.sk.parse().unwrap();
        assert_eq!(found.map(Value::Object), (!n.is_multiple_of(3)).then(|| json!({"n": n})), "key `{}`", key.sk);
    }
    assert!(table.get_all(&tenant(), &[]).await.unwrap().is_empty());
}

async fn replaces_whole_items(table: &dyn Table) {
    let one = key("p", "one");
    set(table, &one, json!({"a": 1, "b": 2})).await;
    set(table, &one, json!({"b": 3})).await;
    assert_eq!(get(table, &one).await, Some(json!({"b": 3})), "a put replaces, it does not merge");
}

async fn deletes(table: &dyn Table) {
    let (one, two) = (key("p", "one"), key("p", "two"));
    set(table, &one, json!({})).await;
    set(table, &two, json!({})).await;
    write(table, vec![Write::Delete { key: one.clone() }]).await.unwrap();
    assert_eq!(get(table, &one).await, None);
    assert_eq!(list(table, "p", "", 10).await, ["two"]);
    write(table, vec![Write::Delete { key: one.clone() }]).await.unwrap();
    write(table, vec![put(&one, json!({"again": true}), Condition::Absent)]).await.unwrap();
    assert_eq!(get(table, &one).await, Some(json!({"again": true})));
}

async fn keeps_any_json(table: &dyn Table) {
    for (n, value) in [
        json!({}),
        json!({"": ""}),
        json!({"null": null, "yes": true, "no": false, "text": "a\"b\\c\n\u{1f41d}", "list": [], "map": {}}),
        json!({"int": 0, "negative": -1, "big": 9_007_199_254_740_993_u64, "half": 0.5}),
        json!({"deep": {"list": [1, [2, [3, {"x": [null, {}]}]]]}}),
        json!({"long": "x".repeat(100_000)}),
    ]
    .into_iter()
    .enumerate()
    {
        let key = key("p", &format!("{n}"));
        set(table, &key, value.clone()).await;
        assert_eq!(get(table, &key).await, Some(value));
    }
}

async fn keeps_any_text_in_keys(table: &dyn Table) {
    let mut keys: Vec<String> =
        ["é", "e\u{301}", "日本", "\u{1f41d}", "a b", "'; DROP TABLE items; --", "%", "_", "A", "a", "\"", "\u{ffff}"]
            .map(str::to_owned)
            .into();
    keys.push("k".repeat(900));
    for (n, sk) in keys.iter().enumerate() {
        set(table, &key("Ünïcode", sk), json!({"n": n})).await;
    }
    for (n, sk) in keys.iter().enumerate() {
        assert_eq!(get(table, &key("Ünïcode", sk)).await, Some(json!({"n": n})), "key `{sk}`");
    }
    // The order of a list is the order of the keys' UTF-8 bytes, which is Rust's order of text.
    keys.sort();
    assert_eq!(list(table, "Ünïcode", "", 3).await, keys);
}

async fn holds_conditions(table: &dyn Table) {
    let one = key("p", "one");
    let attempt = async |value: Value, condition: Condition| write(table, vec![put(&one, value, condition)]).await;
    let equals = |name: &str, value: Value| Condition::Equals(name.to_owned(), value);

    assert_eq!(conflict_at(attempt(json!({}), equals("n", json!(1))).await), Some(0), "nothing equals nothing");
    attempt(json!({"n": 1, "s": "1", "t": "text", "b": true}), Condition::Absent).await.unwrap();
    assert_eq!(conflict_at(attempt(json!({}), Condition::Absent).await), Some(0), "it is not absent any more");
    for (name, value) in [
        ("n", json!(2)),
        ("n", json!("1")),
        ("s", json!(1)),
        ("t", json!("Text")),
        ("b", json!("true")),
        ("missing", json!(1)),
        ("missing", Value::Null),
        ("n.x", json!(1)),
    ] {
        let refused = attempt(json!({"lost": true}), equals(name, value.clone())).await;
        assert_eq!(conflict_at(refused), Some(0), "`{name}` is not {value}");
    }
    assert_eq!(get(table, &one).await.unwrap().get("n"), Some(&json!(1)), "a refused write leaves no trace");
    attempt(json!({"n": 2}), equals("n", json!(1))).await.unwrap();
    attempt(json!({"n": 3}), Condition::None).await.unwrap();
    assert_eq!(get(table, &one).await, Some(json!({"n": 3})));
}

async fn writes_all_or_nothing(table: &dyn Table) {
    let keys: Vec<_> = (0..MAX_TRANSACTION).map(|n| key(&format!("p{}", n % 3), &format!("{n:03}"))).collect();
    let writes = |last: Condition| {
        let mut writes: Vec<_> = keys.iter().map(|key| put(key, json!({"x": 1}), Condition::None)).collect();
        if let Some(Write::Put { condition, .. }) = writes.last_mut() {
            *condition = last;
        }
        writes
    };
    let refused = write(table, writes(Condition::Equals("x".into(), json!(1)))).await;
    assert_eq!(conflict_at(refused), Some(MAX_TRANSACTION - 1));
    for key in &keys {
        assert_eq!(get(table, key).await, None, "nothing of a refused transaction is there");
    }
    write(table, writes(Condition::Absent)).await.unwrap();
    for key in &keys {
        assert_eq!(get(table, key).await, Some(json!({"x": 1})), "all of an accepted transaction is there");
    }
    // A deletion is taken back, too.
    let mut writes = vec![Write::Delete { key: key("p0", "000") }];
    writes.push(put(&key("p1", "001"), json!({}), Condition::Absent));
    assert_eq!(conflict_at(write(table, writes).await), Some(1));
    assert!(get(table, &key("p0", "000")).await.is_some());
}

async fn names_the_write_that_lost(table: &dyn Table) {
    set(table, &key("p", "b"), json!({"n": 1})).await;
    let writes = ["a", "b", "c"].map(|sk| put(&key("p", sk), json!({}), Condition::Absent));
    assert_eq!(conflict_at(write(table, writes.into()).await), Some(1));
    set(table, &key("p", "c"), json!({"n": 1})).await;
    let writes = ["a", "b", "c"].map(|sk| put(&key("p", sk), json!({}), Condition::Absent));
    assert_eq!(conflict_at(write(table, writes.into()).await), Some(1), "the first one is named");
}

async fn refuses_too_many_writes(table: &dyn Table) {
    let writes = (0..=MAX_TRANSACTION).map(|n| put(&key("p", &n.to_string()), json!({}), Condition::None)).collect();
    let refused = write(table, writes).await;
    assert!(matches!(refused, Err(Error::TooMany { count }) if count == MAX_TRANSACTION + 1), "{refused:?}");
    assert_eq!(list(table, "p", "", 10).await, [""; 0]);
}

async fn refuses_one_item_twice(table: &dyn Table) {
    let one = key("p", "one");
    let writes = vec![put(&one, json!({}), Condition::None), Write::Delete { key: one.clone() }];
    assert!(write(table, writes).await.is_err(), "which of the two counts?");
    assert_eq!(get(table, &one).await, None);
}

async fn refuses_other_tenants(table: &dyn Table) {
    let own = Key { pk: "T#suite#p".into(), sk: "s".into() };
    set(table, &own, json!({})).await;
    for pk in ["T#suit#p", "T#suite2#p", "T#suite", "suite#p", "", "t#suite#p", " T#suite#p"] {
        let theirs = Key { pk: pk.to_owned(), sk: "s".to_owned() };
        let refused = table.get(&tenant(), &theirs).await;
        assert!(matches!(refused, Err(Error::Tenant { .. })), "get `{pk}`: {refused:?}");
        let refused = table.get_all(&tenant(), &[own.clone(), theirs.clone()]).await;
        assert!(matches!(refused, Err(Error::Tenant { .. })), "get all `{pk}`: {refused:?}");
        let refused = table.query(&tenant(), pk, "", None, 1).await;
        assert!(matches!(refused, Err(Error::Tenant { .. })), "query `{pk}`: {refused:?}");
        let second = Key { pk: own.pk.clone(), sk: "new".into() };
        for bad in [put(&theirs, json!({}), Condition::None), Write::Delete { key: theirs.clone() }] {
            let refused = write(table, vec![put(&second, json!({}), Condition::None), bad]).await;
            assert!(matches!(refused, Err(Error::Tenant { .. })), "write `{pk}`: {refused:?}");
        }
        assert_eq!(get(table, &second).await, None, "nothing of a refused transaction is there");
    }
    let other = TenantId::new("other").unwrap();
    assert!(matches!(table.get(&other, &own).await, Err(Error::Tenant { .. })));
}

async fn pages_exactly(table: &dyn Table) {
    let all: Vec<String> = (0..23).map(|n| format!("k{n:02}")).collect();
    for sk in all.iter().rev() {
        set(table, &key("p", sk), json!({"sk": sk})).await;
    }
    for limit in [1, 2, 7, 22, 23, 24, 1000] {
        assert_eq!(list(table, "p", "k", limit).await, all, "pages of {limit}");
    }
    assert_eq!(list(table, "empty", "k", 5).await, [""; 0]);
    let pk = key("p", "").pk;
    let page = table.query(&tenant(), &pk, "k", None, 2).await.unwrap();
    assert_eq!(page.items.len(), 2, "a page is full while there is more");
    let (_, first) = page.items.first().unwrap();
    assert_eq!(first.get("sk"), Some(&json!("k00")), "a list carries the items");
    // What is written or deleted between two pages moves no other item.
    set(table, &key("p", "k00a"), json!({})).await;
    write(table, vec![Write::Delete { key: key("p", "k01") }]).await.unwrap();
    let page = table.query(&tenant(), &pk, "k", page.next.as_deref(), 1).await.unwrap();
    assert_eq!(page.items.first().unwrap().0.sk, "k02");
}

async fn keeps_to_prefixes_and_partitions(table: &dyn Table) {
    for sk in ["", "a"]
        .map(|start| format!("{start}b"))
        .into_iter()
        .chain(["a", "a#1", "a#", "a$", "ab#1", "A#1", "aé", "a\u{10ffff}"].map(String::from))
    {
        set(table, &key("p", &sk), json!({})).await;
        set(table, &key("p#2", &sk), json!({})).await;
        set(table, &key("P", &sk), json!({})).await;
    }
    assert_eq!(list(table, "p", "a#", 1).await, ["a#", "a#1"]);
    assert_eq!(list(table, "p", "a", 2).await, ["a", "a#", "a#1", "a$", "ab", "ab#1", "aé", "a\u{10ffff}"]);
    assert_eq!(list(table, "p", "ab", 2).await, ["ab", "ab#1"]);
    assert_eq!(list(table, "p", "a\u{10ffff}", 2).await, ["a\u{10ffff}"]);
    assert_eq!(list(table, "p", "A", 2).await, ["A#1"]);
    assert_eq!(list(table, "p", "c", 2).await, [""; 0]);
    assert_eq!(list(table, "p", "", 3).await.len(), 10);
    assert_eq!(list(table, "p#", "", 3).await, [""; 0], "a partition is no prefix");
}

/// Enough to overlap, few enough for a database over the network.
const RACERS: usize = 12;

async fn lets_one_racer_win(table: Arc<dyn Table>) {
    for round in 0..5 {
        let mut racers = JoinSet::new();
        for racer in 0..RACERS {
            let table = Arc::clone(&table);
            racers.spawn(async move {
                let prize = key("p", &format!("prize{round}"));
                // Every racer also writes an item of its own, to show that the losers' transactions leave nothing.
                let own = put(&key("p", &format!("own{round}-{racer}")), json!({}), Condition::None);
                let result = write(&*table, vec![own, put(&prize, json!({"racer": racer}), Condition::Absent)]).await;
                (racer, result)
            });
        }
        let mut winners = Vec::new();
        for (racer, result) in racers.join_all().await {
            match result {
                Ok(()) => winners.push(racer),
                Err(error) => assert!(matches!(error, Error::Conflict { index: 1 }), "{error:?}"),
            }
        }
        assert_eq!(winners.len(), 1, "exactly one wins");
        let racer = winners.first().unwrap();
        assert_eq!(get(&*table, &key("p", &format!("prize{round}"))).await, Some(json!({"racer": racer})));
        assert_eq!(list(&*table, "p", &format!("own{round}-"), 100).await, [format!("own{round}-{racer}")]);
    }
}

async fn loses_no_update(table: Arc<dyn Table>) {
    const EACH: u64 = 10;
    let counter = key("p", "counter");
    set(&*table, &counter, json!({"n": 0})).await;
    let mut workers = JoinSet::new();
    for _ in 0..4 {
        let (table, counter) = (Arc::clone(&table), counter.clone());
        workers.spawn(async move {
            let mut done = 0;
            while done < EACH {
                let n = get(&*table, &counter).await.and_then(|item| item.get("n")?.as_u64()).unwrap();
                let next = put(&counter, json!({"n": n + 1}), Condition::Equals("n".into(), json!(n)));
                match write(&*table, vec![next]).await {
                    Ok(()) => done += 1,
                    Err(error) => assert!(matches!(error, Error::Conflict { index: 0 }), "{error:?}"),
                }
            }
        });
    }
    workers.join_all().await;
    assert_eq!(get(&*table, &counter).await, Some(json!({"n": 4 * EACH})));
}
