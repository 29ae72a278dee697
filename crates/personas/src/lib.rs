//! The eleven personas as data files with a strict loader.
//!
//! A persona is one Markdown file in `definitions/`: TOML front matter between two lines `+++`, then the prompt. The files
//! are embedded at build time; nothing is read at run time. What a persona does with its tools is not known here.

mod definitions;
mod error;
mod parse;
mod persona;
mod prompt;

pub use error::Error;
pub use persona::{ModelTier, Persona, Role};

use maestro_domain::PersonaId;
use std::sync::OnceLock;

/// All eleven personas, in the order of the phases they work in.
///
/// # Errors
/// [`Error`] when an embedded definition does not keep to the format; the build's tests load all of them.
pub fn all() -> Result<&'static [Persona], Error> {
    static LOADED: OnceLock<Result<Vec<Persona>, Error>> = OnceLock::new();
    match LOADED.get_or_init(load) {
        Ok(personas) => Ok(personas),
        Err(error) => Err(error.clone()),
    }
}

/// One persona.
///
/// # Errors
/// [`Error`] as [`all`], or when there is no definition for this id.
pub fn get(id: PersonaId) -> Result<&'static Persona, Error> {
    all()?.iter().find(|persona| persona.id == id).ok_or(Error::Undefined { persona: id })
}

fn load() -> Result<Vec<Persona>, Error> {
    let mut personas =
        definitions::FILES.iter().map(|(name, text)| parse::parse(name, text)).collect::<Result<Vec<_>, _>>()?;
    // The ids are declared in the order of the phases.
    personas.sort_by_key(|persona| persona.id);
    Ok(personas)
}
