//! Parts of the platform that a function was not given. Its role may not use them either, so a handler that asks for
//! one is a defect; it is told by name and nothing is made up.

use maestro_domain::PersonaId;
use maestro_ports::{Model, Models, model::Error};
use std::sync::Arc;

/// The models of a function that has none.
#[derive(Debug)]
pub(crate) struct NoModels;

impl Models for NoModels {
    fn open(&self, name: &str, _: PersonaId) -> Result<Arc<dyn Model>, Error> {
        Err(Error::Unable { model: name.to_owned(), reason: "this function has no model".to_owned() })
    }
}
