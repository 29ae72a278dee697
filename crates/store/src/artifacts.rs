//! Artifacts: a document and files by content hash, and the record that names them.

use crate::{Error, Store, keys::prefix};
use maestro_domain::{Artifact, ArtifactKind, ContentHash, Phase, RunId, task::MadeBy};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{collections::BTreeMap, iter, sync::Arc};

/// An artifact and the attempt of its phase that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredArtifact {
    /// Attempt of the phase, from 1.
    pub attempt: u32,
    /// The artifact.
    #[serde(flatten)]
    pub artifact: Artifact,
    /// What made it, where that was a function.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<MadeBy>,
}

impl Store {
    /// Stores an artifact's document and files and answers the record for [`crate::Records`]. Nobody sees the artifact
    /// before the task is completed with that record.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn put_artifact(
        &self,
        run: &RunId,
        phase: Phase,
        kind: ArtifactKind,
        document: &Value,
        files: &BTreeMap<String, Vec<u8>>,
    ) -> Result<Artifact, Error> {
        let document = document.to_string().into_bytes();
        let parts: Vec<_> = iter::once(&document).chain(files.values()).map(Vec::as_slice).collect();
        if let Some(hashes) = self.blobs.put_together(&self.tenant, run, &parts).await? {
            let mut hashes = hashes.into_iter();
            let document = hashes.next().unwrap_or_else(|| ContentHash::of(&document));
            return Ok(Artifact { kind, phase, document, files: files.keys().cloned().zip(hashes).collect() });
        }
        let document = self.put_blob(run, &document).await?;
        let hashes = self.put_apart(run, files).await?;
        Ok(Artifact { kind, phase, document, files: hashes })
    }

    /// Reads the record of an artifact of one attempt.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn artifact(
        &self,
        run: &RunId,
        phase: Phase,
        kind: ArtifactKind,
        attempt: u32,
    ) -> Result<Option<Artifact>, Error> {
        let key = self.keys(run).artifact(phase, kind, attempt);
        match self.get(&key).await? {
            Some(item) => Ok(Some(self.decode::<StoredArtifact>(run, &key, &item).await?.artifact)),
            None => Ok(None),
        }
    }

    /// Reads the records of all artifacts of a run, in order of phase, kind and attempt.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn artifacts(&self, run: &RunId) -> Result<Vec<StoredArtifact>, Error> {
        let mut all: Vec<StoredArtifact> = self.all(run, &self.keys(run).partition(), prefix::ARTIFACT).await?;
        all.sort_by_key(|stored| (stored.artifact.phase, stored.artifact.kind, stored.attempt));
        Ok(all)
    }

    /// Reads an artifact's document.
    ///
    /// # Errors
    /// [`maestro_ports::blobs::Error::Missing`], [`maestro_ports::blobs::Error::Damaged`], [`Error::BadDocument`], or a failure of the store.
    pub async fn read_document(&self, run: &RunId, artifact: &Artifact) -> Result<Arc<Value>, Error> {
        let hash = &artifact.document;
        if let Some(document) = self.documents.get(run, hash) {
            return Ok(document);
        }
        let bytes = match self.together(run, artifact).await? {
            Some(mut parts) if !parts.is_empty() => parts.swap_remove(0),
            _ => self.get_blob(run, hash).await?,
        };
        let document: Value =
            serde_json::from_slice(&bytes).map_err(|source| Error::BadDocument { hash: hash.clone(), source })?;
        Ok(self.documents.keep(run, hash, document))
    }

    /// Reads an artifact's files.
    ///
    /// # Errors
    /// [`maestro_ports::blobs::Error::Missing`] or [`maestro_ports::blobs::Error::Damaged`], or a failure of the store.
    pub async fn read_files(&self, run: &RunId, artifact: &Artifact) -> Result<BTreeMap<String, Vec<u8>>, Error> {
        if let Some(parts) = self.together(run, artifact).await? {
            return Ok(artifact.files.keys().cloned().zip(parts.into_iter().skip(1)).collect());
        }
        let mut files = BTreeMap::new();
        for (path, hash) in &artifact.files {
            files.insert(path.clone(), self.get_blob(run, hash).await?);
        }
        Ok(files)
    }

    /// An artifact's document and files, where they are stored as one.
    async fn together(&self, run: &RunId, artifact: &Artifact) -> Result<Option<Vec<Vec<u8>>>, Error> {
        let hashes: Vec<_> = iter::once(&artifact.document).chain(artifact.files.values()).cloned().collect();
        Ok(self.blobs.get_together(&self.tenant, run, &hashes).await?)
    }

    /// Stores bytes among the run's blobs.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn put_blob(&self, run: &RunId, bytes: &[u8]) -> Result<ContentHash, Error> {
        Ok(self.blobs.put(&self.tenant, run, bytes).await?)
    }

    /// Makes the run's blobs survive the loss of power.
    pub(crate) async fn flush_blobs(&self, run: &RunId) -> Result<(), Error> {
        Ok(self.blobs.flush(&self.tenant, run).await?)
    }

    /// Reads bytes from the run's blobs.
    ///
    /// # Errors
    /// [`maestro_ports::blobs::Error::Missing`] or [`maestro_ports::blobs::Error::Damaged`], or a failure of the store.
    pub async fn get_blob(&self, run: &RunId, hash: &ContentHash) -> Result<Vec<u8>, Error> {
        Ok(self.blobs.get(&self.tenant, run, hash).await?)
    }
}
