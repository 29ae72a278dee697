//! Keeps blobs and documents that a process wrote or read lately in memory: every gate and every task of a run looks at most of them
//! again, and what has a hash never changes.

use async_trait::async_trait;
use maestro_domain::{ContentHash, RunId, TenantId};
use maestro_ports::{Blobs, blobs};
use serde_json::Value;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

/// Bytes kept; more than the files of a run, little beside the process itself.
const MOST: usize = 8 << 20;

type Key = (TenantId, RunId, ContentHash);

#[derive(Debug, Default)]
struct Kept {
    blobs: HashMap<Key, Arc<[u8]>>,
    bytes: usize,
}

/// Blobs of another store, the recent ones in memory as well.
#[derive(Debug)]
pub struct RecentBlobs<B> {
    inner: B,
    kept: Mutex<Kept>,
}

impl<B> RecentBlobs<B> {
    /// Remembers what is written to and read from `inner`.
    pub fn over(inner: B) -> Self {
        Self { inner, kept: Mutex::default() }
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A panic cannot leave half an entry: the map is changed by single calls.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn keep(&self, key: Key, bytes: &[u8]) {
        let mut kept = self.kept();
        if kept.blobs.contains_key(&key) || bytes.len() > MOST / 4 {
            return;
        }
        if kept.bytes + bytes.len() > MOST {
            *kept = Kept::default();
        }
        kept.bytes += bytes.len();
        kept.blobs.insert(key, bytes.into());
    }
}

/// Documents that were read lately, parsed: every task and every gate after one of them looks at it.
#[derive(Debug, Default)]
pub(crate) struct RecentDocuments(Mutex<HashMap<(RunId, ContentHash), Arc<Value>>>);

/// Documents kept; a run has about one for each persona and phase.
const DOCUMENTS: usize = 32;

impl RecentDocuments {
    pub(crate) fn get(&self, run: &RunId, hash: &ContentHash) -> Option<Arc<Value>> {
        self.kept().get(&(run.clone(), hash.clone())).cloned()
    }

    pub(crate) fn keep(&self, run: &RunId, hash: &ContentHash, document: Value) -> Arc<Value> {
        let mut kept = self.kept();
        if kept.len() >= DOCUMENTS {
            kept.clear();
        }
        Arc::clone(kept.entry((run.clone(), hash.clone())).or_insert_with(|| document.into()))
    }

    pub(crate) fn forget(&self) {
        self.kept().clear();
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<(RunId, ContentHash), Arc<Value>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl<B: Blobs> Blobs for RecentBlobs<B> {
    async fn put(&self, tenant: &TenantId, run: &RunId, bytes: &[u8]) -> Result<ContentHash, blobs::Error> {
        let hash = self.inner.put(tenant, run, bytes).await?;
        self.keep((tenant.clone(), run.clone(), hash.clone()), bytes);
        Ok(hash)
    }

    async fn get(&self, tenant: &TenantId, run: &RunId, hash: &ContentHash) -> Result<Vec<u8>, blobs::Error> {
        let key = (tenant.clone(), run.clone(), hash.clone());
        if let Some(bytes) = self.kept().blobs.get(&key) {
            return Ok(bytes.to_vec());
        }
        let bytes = self.inner.get(tenant, run, hash).await?;
        self.keep(key, &bytes);
        Ok(bytes)
    }

    async fn put_together(
        &self,
        tenant: &TenantId,
        run: &RunId,
        blobs: &[&[u8]],
    ) -> Result<Option<Vec<ContentHash>>, blobs::Error> {
        let hashes = self.inner.put_together(tenant, run, blobs).await?;
        for (hash, bytes) in hashes.iter().flatten().zip(blobs) {
            self.keep((tenant.clone(), run.clone(), hash.clone()), bytes);
        }
        Ok(hashes)
    }

    async fn get_together(
        &self,
        tenant: &TenantId,
        run: &RunId,
        hashes: &[ContentHash],
    ) -> Result<Option<Vec<Vec<u8>>>, blobs::Error> {
        let kept = |hash: &ContentHash| {
            let kept = self.kept();
            kept.blobs.get(&(tenant.clone(), run.clone(), hash.clone())).map(|bytes| bytes.to_vec())
        };
        // Bytes of a hash are the same, whoever stored them with what.
        if let Some(all) = hashes.iter().map(kept).collect() {
            return Ok(Some(all));
        }
        let found = self.inner.get_together(tenant, run, hashes).await?;
        for (hash, bytes) in hashes.iter().zip(found.iter().flatten()) {
            self.keep((tenant.clone(), run.clone(), hash.clone()), bytes);
        }
        Ok(found)
    }

    async fn flush(&self, tenant: &TenantId, run: &RunId) -> Result<(), blobs::Error> {
        self.inner.flush(tenant, run).await
    }

    async fn delete_run(&self, tenant: &TenantId, run: &RunId) -> Result<(), blobs::Error> {
        *self.kept() = Kept::default();
        self.inner.delete_run(tenant, run).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::MemoryBlobs;

    #[tokio::test]
    async fn forgets_rather_than_grows_and_still_answers() {
        let (tenant, run) = (TenantId::local(), RunId::new("run-1").unwrap());
        let blobs = RecentBlobs::over(MemoryBlobs::default());
        let mut hashes = Vec::new();
        for n in 0..20_u8 {
            hashes.push(blobs.put(&tenant, &run, &vec![n; 1 << 20]).await.unwrap());
            assert!(blobs.kept().bytes <= MOST);
        }
        for (n, hash) in hashes.iter().enumerate() {
            assert_eq!(blobs.get(&tenant, &run, hash).await.unwrap(), vec![n as u8; 1 << 20]);
        }
        blobs.delete_run(&tenant, &run).await.unwrap();
        assert!(matches!(blobs.get(&tenant, &run, &hashes[19]).await, Err(blobs::Error::Missing { .. })));
    }
}
