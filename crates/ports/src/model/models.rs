//! Models by name: a run is stored with the name of its model, and whoever goes on with it opens the same one.

use super::{Error, Model};
use maestro_domain::PersonaId;
use std::sync::Arc;

/// Opens models.
pub trait Models: Send + Sync {
    /// The model that this name gives a persona: a run may be stored with one for all, or with several.
    ///
    /// # Errors
    /// [`Error::Unable`] when there is none: another is never taken in its place.
    fn open(&self, name: &str, persona: PersonaId) -> Result<Arc<dyn Model>, Error>;
}

/// A place that has one model.
pub struct Only(pub Arc<dyn Model>);

impl Models for Only {
    fn open(&self, name: &str, _: PersonaId) -> Result<Arc<dyn Model>, Error> {
        if name == self.0.name() {
            return Ok(Arc::clone(&self.0));
        }
        let reason = format!("there is only the model `{}` here", self.0.name());
        Err(Error::Unable { model: name.to_owned(), reason })
    }
}
