//! Where finished software goes.

use async_trait::async_trait;
use maestro_domain::{Run, TenantId};
use std::collections::BTreeMap;

/// Why the deliverable could not be put in place.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Something else is there.
    #[error("`{place}` {why}")]
    Occupied {
        /// Where.
        place: String,
        /// What is in the way.
        why: String,
    },
    /// Writing failed; nothing half-written stays.
    #[error("the deliverable `{place}` could not be written")]
    Io {
        /// Where.
        place: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
}

/// Puts whole deliverables in place, all or nothing.
#[async_trait]
pub trait Deliverables: Send + Sync {
    /// Puts the files in place and returns where: an absolute path or an address. Doing it again for the same run replaces it.
    async fn publish(&self, tenant: &TenantId, run: &Run, files: BTreeMap<String, Vec<u8>>) -> Result<String, Error>;
    /// Takes back what this run put in place; `false` when there was nothing.
    async fn withdraw(&self, tenant: &TenantId, run: &Run) -> Result<bool, Error>;
}
