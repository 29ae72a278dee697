//! What every blob store does.

#![expect(clippy::unwrap_used, reason = "a suite is a test: what does not hold must panic")]

use crate::{Blobs, blobs::Error};
use maestro_domain::{ContentHash, RunId, TenantId};
use std::sync::Arc;
use tokio::task::JoinSet;

/// Runs all cases, each on a store of its own.
///
/// # Panics
/// When the adapter does something else than the port says.
pub async fn blobs_suite<F: Future<Output = Arc<dyn Blobs>>>(make: impl Fn() -> F) {
    reads_what_was_put(&*make().await).await;
    misses_what_was_not_put(&*make().await).await;
    keeps_runs_and_tenants_apart(&*make().await).await;
    deletes_whole_runs(&*make().await).await;
    keeps_together_what_is_read_together(&*make().await).await;
    lets_everybody_put_the_same(make().await).await;
}

fn tenant(name: &str) -> TenantId {
    TenantId::new(name).unwrap()
}

fn run(name: &str) -> RunId {
    RunId::new(format!("run-{name}")).unwrap()
}

async fn missing(blobs: &dyn Blobs, tenant: &TenantId, run: &RunId, hash: &ContentHash) -> bool {
    matches!(blobs.get(tenant, run, hash).await, Err(Error::Missing { hash: named }) if &named == hash)
}

async fn reads_what_was_put(blobs: &dyn Blobs) {
    let (tenant, run) = (tenant("t"), run("1"));
    let long: Vec<u8> = (0..3_000_000_u32).map(|n| n.to_le_bytes()).flat_map(|[a, b, ..]| [a, b]).collect();
    for bytes in [b"".as_slice(), b"x", b"\0\xff\xfe", "Grüße".as_bytes(), &long] {
        let hash = blobs.put(&tenant, &run, bytes).await.unwrap();
        assert_eq!(hash, ContentHash::of(bytes));
        assert!(blobs.get(&tenant, &run, &hash).await.unwrap() == bytes, "{} bytes come back", bytes.len());
        assert_eq!(blobs.put(&tenant, &run, bytes).await.unwrap(), hash, "putting again changes nothing");
        assert!(blobs.get(&tenant, &run, &hash).await.unwrap() == bytes);
    }
}

async fn misses_what_was_not_put(blobs: &dyn Blobs) {
    let (tenant, run) = (tenant("t"), run("1"));
    assert!(missing(blobs, &tenant, &run, &ContentHash::of(b"never")).await, "before anything was put");
    blobs.put(&tenant, &run, b"something").await.unwrap();
    assert!(missing(blobs, &tenant, &run, &ContentHash::of(b"never")).await);
    // Hashes come out of stored records; one that is none must lead nowhere.
    for text in ["", ".", "..", "../1", "/etc/passwd", "a/b", "A", "\0"] {
        let hash: ContentHash = serde_json::from_value(text.into()).unwrap();
        assert!(missing(blobs, &tenant, &run, &hash).await, "`{text}` is no hash");
    }
}

async fn keeps_runs_and_tenants_apart(blobs: &dyn Blobs) {
    let places: Vec<_> = ["t", "u", ".", "..", "..."]
        .into_iter()
        .flat_map(|name| ["1", "2", "..", "-"].map(|of| (tenant(name), run(of))))
        .collect();
    for (tenant, run) in &places {
        blobs.put(tenant, run, format!("{tenant} {run}").as_bytes()).await.unwrap();
    }
    for (tenant, run) in &places {
        for (other, of) in &places {
            let hash = ContentHash::of(format!("{other} {of}").as_bytes());
            let own = (tenant, run) == (other, of);
            assert_eq!(missing(blobs, tenant, run, &hash).await, !own, "{tenant} {run} looks for {other} {of}");
        }
    }
}

async fn deletes_whole_runs(blobs: &dyn Blobs) {
    let (one, other) = (tenant("t"), tenant("u"));
    blobs.delete_run(&one, &run("1")).await.unwrap();
    for (tenant, run) in [(&one, run("1")), (&one, run("10")), (&other, run("1"))] {
        blobs.put(tenant, &run, b"a").await.unwrap();
        blobs.put(tenant, &run, b"b").await.unwrap();
    }
    blobs.delete_run(&one, &run("1")).await.unwrap();
    for bytes in [b"a", b"b"] {
        let hash = ContentHash::of(bytes);
        assert!(missing(blobs, &one, &run("1"), &hash).await, "it is gone");
        assert_eq!(blobs.get(&one, &run("10"), &hash).await.unwrap(), bytes, "another run keeps its own");
        assert_eq!(blobs.get(&other, &run("1"), &hash).await.unwrap(), bytes, "another tenant keeps its own");
    }
    blobs.delete_run(&one, &run("1")).await.unwrap();
    let hash = blobs.put(&one, &run("1"), b"a").await.unwrap();
    assert_eq!(blobs.get(&one, &run("1"), &hash).await.unwrap(), b"a", "the name can be used again");
}

async fn keeps_together_what_is_read_together(blobs: &dyn Blobs) {
    let (tenant, other, run) = (tenant("t"), tenant("u"), run("1"));
    let long = vec![9_u8; 300_000];
    let parts: [&[u8]; 4] = [b"", &long, b"a", "Grüße".as_bytes()];
    let Some(hashes) = blobs.put_together(&tenant, &run, &parts).await.unwrap() else {
        let hashes = parts.map(ContentHash::of);
        assert!(blobs.get_together(&tenant, &run, &hashes).await.unwrap().is_none(), "it has no such thing");
        return;
    };
    assert_eq!(hashes, parts.map(ContentHash::of));
    assert_eq!(
        blobs.put_together(&tenant, &run, &parts).await.unwrap(),
        Some(hashes.clone()),
        "again, nothing changes"
    );
    let (mut turned, mut wanted) = (hashes.clone(), parts.map(<[u8]>::to_vec).to_vec());
    turned.reverse();
    wanted.reverse();
    assert_eq!(blobs.get_together(&tenant, &run, &turned).await.unwrap(), Some(wanted), "in the order asked for");
    for other in [hashes.iter().skip(1).cloned().collect(), vec![ContentHash::of(b"never")], vec![]] {
        assert_eq!(blobs.get_together(&tenant, &run, &other).await.unwrap(), None, "that is another set");
    }
    assert_eq!(blobs.get_together(&other, &run, &hashes).await.unwrap(), None, "it is another tenant's");
    blobs.delete_run(&tenant, &run).await.unwrap();
    assert_eq!(blobs.get_together(&tenant, &run, &hashes).await.unwrap(), None, "it went with its run");
}

async fn lets_everybody_put_the_same(blobs: Arc<dyn Blobs>) {
    let bytes: Arc<[u8]> = vec![7_u8; 200_000].into();
    let hash = ContentHash::of(&bytes);
    let mut racers = JoinSet::new();
    for racer in 0..12 {
        let (blobs, bytes, hash) = (Arc::clone(&blobs), Arc::clone(&bytes), hash.clone());
        racers.spawn(async move {
            let (tenant, run) = (tenant("t"), run("1"));
            if racer % 2 == 0 {
                assert_eq!(blobs.put(&tenant, &run, &bytes).await.unwrap(), hash);
            }
            // Some read while others write: a blob is there whole or not at all.
            loop {
                match blobs.get(&tenant, &run, &hash).await {
                    Ok(found) => break assert!(found == *bytes),
                    Err(error) => assert!(matches!(error, Error::Missing { .. }), "{error:?}"),
                }
                tokio::task::yield_now().await;
            }
        });
    }
    racers.join_all().await;
}
