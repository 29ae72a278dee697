//! Files of a workspace by their hashes: stored by who asks for a job, read by whoever runs it. Reading needs blobs only,
//! so that who runs jobs needs no table.

use crate::{Error, Store};
use maestro_domain::{ContentHash, RunId, TenantId};
use maestro_ports::{Blobs, blobs};
use std::{collections::BTreeMap, sync::Arc};
use tokio::task::JoinSet;

/// Blobs on their way at once: waiting for the disk is shared, memory stays small.
const AT_ONCE: usize = 16;

/// Reads the files of a workspace.
///
/// # Errors
/// When one is missing or damaged, or the store fails.
pub async fn read(
    blobs: &dyn Blobs,
    tenant: &TenantId,
    run: &RunId,
    files: &BTreeMap<String, ContentHash>,
) -> Result<BTreeMap<String, Vec<u8>>, blobs::Error> {
    let hashes: Vec<_> = files.values().cloned().collect();
    if let Some(parts) = blobs.get_together(tenant, run, &hashes).await? {
        return Ok(files.keys().cloned().zip(parts).collect());
    }
    let mut read = BTreeMap::new();
    for (path, hash) in files {
        read.insert(path.clone(), blobs.get(tenant, run, hash).await?);
    }
    Ok(read)
}

impl Store {
    /// Stores the files of a workspace for [`read`]. `apart` says that each is stored by itself already.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn put_workspace(
        &self,
        run: &RunId,
        files: &BTreeMap<String, Vec<u8>>,
        apart: bool,
    ) -> Result<(), Error> {
        let parts: Vec<_> = files.values().map(Vec::as_slice).collect();
        if self.blobs.put_together(&self.tenant, run, &parts).await?.is_none() && !apart {
            self.put_apart(run, files).await?;
        }
        Ok(())
    }

    /// The blobs of all runs.
    #[must_use]
    pub fn blobs(&self) -> &dyn Blobs {
        &*self.blobs
    }

    /// Stores files one by one.
    pub(crate) async fn put_apart(
        &self,
        run: &RunId,
        files: &BTreeMap<String, Vec<u8>>,
    ) -> Result<BTreeMap<String, ContentHash>, Error> {
        let mut hashes = BTreeMap::new();
        let mut rest = files.iter();
        let mut under_way: JoinSet<Result<(String, ContentHash), blobs::Error>> = JoinSet::new();
        loop {
            while under_way.len() < AT_ONCE
                && let Some((path, bytes)) = rest.next()
            {
                let (blobs, tenant, run) = (Arc::clone(&self.blobs), self.tenant.clone(), run.clone());
                let (path, bytes) = (path.clone(), bytes.clone());
                under_way.spawn(async move { Ok((path, blobs.put(&tenant, &run, &bytes).await?)) });
            }
            let Some(ended) = under_way.join_next().await else { break };
            let (path, hash) = ended.map_err(interrupted)??;
            hashes.insert(path, hash);
        }
        Ok(hashes)
    }
}

fn interrupted(source: tokio::task::JoinError) -> Error {
    Error::Blobs(blobs::Error::Io { action: "finish storing a file".to_owned(), source: source.into() })
}
