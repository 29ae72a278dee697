//! Which type the document of each artifact kind has.

use crate::{
    Backend, Design, Documents, Frontend, Integration, Operations, Release, Requirements, Screens, SecurityReport,
    TestPlan,
};
use maestro_domain::ArtifactKind;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Checks that a document has the type of its artifact kind.
///
/// # Errors
/// What does not fit, for the author of the document.
pub fn check(kind: ArtifactKind, document: &Value) -> Result<(), serde_json::Error> {
    fn fits<T: DeserializeOwned>(document: &Value) -> Result<(), serde_json::Error> {
        T::deserialize(document).map(drop)
    }
    match kind {
        ArtifactKind::Requirements => fits::<Requirements>(document),
        ArtifactKind::Screens => fits::<Screens>(document),
        ArtifactKind::Design => fits::<Design>(document),
        ArtifactKind::Frontend => fits::<Frontend>(document),
        ArtifactKind::Backend => fits::<Backend>(document),
        ArtifactKind::Operations => fits::<Operations>(document),
        ArtifactKind::Tests => fits::<TestPlan>(document),
        ArtifactKind::Security => fits::<SecurityReport>(document),
        ArtifactKind::Release => fits::<Release>(document),
        ArtifactKind::Integration => fits::<Integration>(document),
        ArtifactKind::Documents => fits::<Documents>(document),
    }
}
