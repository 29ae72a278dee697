//! Where events go: the journal, a watching terminal, a bus.

use maestro_domain::{Event, RunId, TenantId};

/// Takes events. Never blocks and never fails: what watches a run must not be able to stop it.
pub trait Events: Send + Sync {
    /// Takes one event.
    fn emit(&self, tenant: &TenantId, run: &RunId, event: Event);
}
