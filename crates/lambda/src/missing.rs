//! Parts of the platform that a function was not given. Its role may not use them either, so a handler that asks for
//! one is a defect; it is told by name and nothing is made up.

use async_trait::async_trait;
use maestro_ports::{
    Model,
    model::{self, Reply, Request},
};

/// A model in a function that has none.
#[derive(Debug)]
pub(crate) struct NoModel;

#[async_trait]
impl Model for NoModel {
    fn name(&self) -> &str {
        "none"
    }

    async fn complete(&self, _: &Request) -> Result<Reply, model::Error> {
        Err(model::Error::Unable { model: "none".to_owned(), reason: "this function has no model".to_owned() })
    }
}
