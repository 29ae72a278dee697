//! Events of a function: kept in the journal, and told to the bus.

use maestro_aws::Bus;
use maestro_domain::{Event, RunId, TenantId};
use maestro_ports::Events;
use maestro_store::Journal;

/// A journal and a bus.
pub(crate) struct Told {
    pub(crate) journal: Journal,
    pub(crate) bus: Bus,
}

impl Told {
    /// Writes down every event so far, then tells the bus.
    pub(crate) async fn flush(&self) {
        self.journal.flush().await;
        self.bus.flush().await;
    }
}

impl Events for Told {
    fn emit(&self, tenant: &TenantId, run: &RunId, event: Event) {
        self.journal.emit(tenant, run, event.clone());
        self.bus.emit(tenant, run, event);
    }
}
