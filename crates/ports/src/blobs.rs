//! Content-addressed bytes.

use async_trait::async_trait;
use maestro_domain::{ContentHash, RunId, TenantId};

/// Why a blob could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing is stored under the hash.
    #[error("blob {hash} is missing")]
    Missing {
        /// The hash that was asked for.
        hash: ContentHash,
    },
    /// What is stored does not have the hash it is stored under.
    #[error("blob {hash} is damaged")]
    Damaged {
        /// The hash that was asked for.
        hash: ContentHash,
    },
    /// The disk has no room left; trying again does not help before somebody has made some.
    #[error("the blob store could not {action}: the disk is full")]
    Full {
        /// What it was doing.
        action: String,
        /// How it showed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The store failed; trying again may help.
    #[error("the blob store could not {action}")]
    Io {
        /// What it was doing.
        action: String,
        /// Why it failed.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// Bytes by hash, kept per run so that deleting a run deletes its bytes.
#[async_trait]
pub trait Blobs: Send + Sync {
    /// Stores bytes and returns their hash. Storing the same bytes again changes nothing. What is stored survives the end of
    /// the process; [`Blobs::flush`] makes it survive the loss of power.
    async fn put(&self, tenant: &TenantId, run: &RunId, bytes: &[u8]) -> Result<ContentHash, Error>;
    /// Reads bytes and checks them against the hash.
    async fn get(&self, tenant: &TenantId, run: &RunId, hash: &ContentHash) -> Result<Vec<u8>, Error>;
    /// Stores bytes that are read together, as one where each call costs, and returns their hashes. `None` where that makes
    /// no difference; then nothing was stored.
    async fn put_together(&self, _: &TenantId, _: &RunId, _: &[&[u8]]) -> Result<Option<Vec<ContentHash>>, Error> {
        Ok(None)
    }
    /// Reads all that was stored together, in the order of these hashes; in whichever order they were then. `None` where
    /// just these were not; each may be there by itself.
    async fn get_together(&self, _: &TenantId, _: &RunId, _: &[ContentHash]) -> Result<Option<Vec<Vec<u8>>>, Error> {
        Ok(None)
    }
    /// Makes everything that this process stored for a run survive the loss of power.
    async fn flush(&self, tenant: &TenantId, run: &RunId) -> Result<(), Error>;
    /// Deletes everything of a run.
    async fn delete_run(&self, tenant: &TenantId, run: &RunId) -> Result<(), Error>;
}
