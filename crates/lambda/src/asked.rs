//! Personas to whom nodes give tasks: their models are opened when the first of them works.

use async_trait::async_trait;
use maestro_domain::NodeFailure;
use maestro_flows::{Assignment, Consulted, Fault, Personas};
use maestro_ports::{Models, model::TokenBuckets};
use maestro_store::Store;
use std::{future::Future, pin::Pin, sync::Arc};
use tokio::sync::OnceCell;

/// Models that are being opened, or in words why they cannot be.
pub type Opening = Pin<Box<dyn Future<Output = Result<Arc<dyn Models>, String>> + Send>>;

/// Opens models whose token buckets all functions share.
pub type OpenLater = Box<dyn Fn(Arc<dyn TokenBuckets>) -> Opening + Send + Sync>;

pub(crate) struct Asked {
    store: Store,
    open: OpenLater,
    opened: OnceCell<Consulted>,
}

impl Asked {
    pub(crate) fn new(store: Store, open: OpenLater) -> Self {
        Self { store, open, opened: OnceCell::new() }
    }
}

#[async_trait]
impl Personas for Asked {
    async fn work(&self, assignment: Assignment) -> Result<String, NodeFailure> {
        let opened = self.opened.get_or_try_init(|| async {
            let models = (self.open)(Arc::new(self.store.clone())).await;
            let models = models.map_err(|why| Fault::Model.because(format!("no model could be opened: {why}")))?;
            Ok::<_, NodeFailure>(Consulted::new(self.store.clone(), models))
        });
        opened.await?.work(assignment).await
    }
}
