//! What can be wrong with a definition.

use maestro_domain::PersonaId;

/// Why a persona could not be loaded.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    /// There is no front matter between two lines `+++`.
    #[error("persona `{name}`: expected front matter between two lines `+++`")]
    FrontMatter {
        /// The file's name without its ending.
        name: String,
    },
    /// The front matter is not the TOML that is expected.
    #[error("persona `{name}`: the front matter cannot be read")]
    Toml {
        /// The file's name without its ending.
        name: String,
        /// Why.
        #[source]
        source: toml::de::Error,
    },
    /// A field has a value that cannot be.
    #[error("persona `{name}`: `{field}` {problem}")]
    Field {
        /// The file's name without its ending.
        name: String,
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The prompt uses a placeholder that nobody fills.
    #[error("persona `{name}`: the prompt has an unknown placeholder `{placeholder}`")]
    Placeholder {
        /// The file's name without its ending.
        name: String,
        /// As it stands in the prompt.
        placeholder: String,
    },
    /// No definition has this id.
    #[error("there is no definition of the persona `{persona}`")]
    Undefined {
        /// Which persona.
        persona: PersonaId,
    },
}
