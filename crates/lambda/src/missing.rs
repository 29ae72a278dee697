//! Parts of the platform that a function was not given. Its role may not use them either, so a handler that asks for
//! one is a defect; it is told by name and nothing is made up.

use async_trait::async_trait;
use maestro_ports::{
    Model,
    model::{self, Progress, Quote, Reply, Request},
};

/// A model in a function that has none.
#[derive(Debug)]
pub(crate) struct NoModel;

#[async_trait]
impl Model for NoModel {
    fn name(&self) -> &str {
        "none"
    }

    fn quote(&self, _: &Request) -> Result<Quote, model::Error> {
        Err(none())
    }

    async fn complete(&self, _: &Request, _: &dyn Progress) -> Result<Reply, model::Error> {
        Err(none())
    }
}

fn none() -> model::Error {
    model::Error::Unable { model: "none".to_owned(), reason: "this function has no model".to_owned() }
}
