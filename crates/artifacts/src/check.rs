//! Which type the document of each artifact kind has.

use crate::{
    Backend, Design, Documents, Frontend, Integration, Operations, Release, Requirements, Screens, SecurityReport,
    TestPlan,
};
use maestro_domain::ArtifactKind;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A document that does not have the type of its artifact kind.
#[derive(Debug, thiserror::Error)]
pub enum Misfit {
    /// A part of it does not.
    #[error("`{place}`: {source}")]
    At {
        /// Which part, such as `items[3].understanding`.
        place: String,
        /// Why not. It is told with the place, and is no cause of its own.
        source: serde_json::Error,
    },
    /// It is something else altogether.
    #[error("{0}")]
    Whole(serde_json::Error),
}

/// One question about the type of an artifact kind's document.
trait Asked {
    type Answer;
    fn of<T: DeserializeOwned + JsonSchema>(self) -> Self::Answer;
}

/// Asks the type of an artifact kind's document.
fn ask<A: Asked>(kind: ArtifactKind, asked: A) -> A::Answer {
    match kind {
        ArtifactKind::Requirements => asked.of::<Requirements>(),
        ArtifactKind::Screens => asked.of::<Screens>(),
        ArtifactKind::Design => asked.of::<Design>(),
        ArtifactKind::Frontend => asked.of::<Frontend>(),
        ArtifactKind::Backend => asked.of::<Backend>(),
        ArtifactKind::Operations => asked.of::<Operations>(),
        ArtifactKind::Tests => asked.of::<TestPlan>(),
        ArtifactKind::Security => asked.of::<SecurityReport>(),
        ArtifactKind::Release => asked.of::<Release>(),
        ArtifactKind::Integration => asked.of::<Integration>(),
        ArtifactKind::Documents => asked.of::<Documents>(),
    }
}

/// Checks that a document has the type of its artifact kind.
///
/// # Errors
/// What does not fit and where, for the author of the document.
pub fn check(kind: ArtifactKind, document: &Value) -> Result<(), Misfit> {
    struct Fits<'a>(&'a Value);
    impl Asked for Fits<'_> {
        type Answer = Result<(), Misfit>;
        fn of<T: DeserializeOwned + JsonSchema>(self) -> Self::Answer {
            serde_path_to_error::deserialize::<_, T>(self.0).map(drop).map_err(|error| {
                let place = error.path().to_string();
                let source = error.into_inner();
                if place == "." { Misfit::Whole(source) } else { Misfit::At { place, source } }
            })
        }
    }
    ask(kind, Fits(document))
}

/// The JSON Schema of an artifact kind's document, for its author. Written out in one piece but for what contains itself.
#[must_use]
pub fn schema(kind: ArtifactKind) -> Value {
    struct Schema;
    impl Asked for Schema {
        type Answer = Value;
        fn of<T: DeserializeOwned + JsonSchema>(self) -> Value {
            let settings = SchemaSettings::draft2020_12().with(|settings| {
                settings.inline_subschemas = true;
                settings.meta_schema = None;
            });
            settings.into_generator().into_root_schema_for::<T>().to_value()
        }
    }
    ask(kind, Schema)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_misfit_is_told_with_its_place() {
        let told = |kind, document| check(kind, &document).unwrap_err().to_string();
        let item = json!({"id": "FR-1", "kind": "rule", "text": "t", "understanding": {"is": "guessed"}});
        let document = json!({"items": [item], "concepts": {"title": "t", "roles": [], "entities": [], "rules": []}});
        let why = told(ArtifactKind::Requirements, document);
        assert!(why.starts_with("`items[0].understanding"), "{why}");
        assert!(why.contains("guessed"), "{why}");
        assert!(told(ArtifactKind::Tests, json!({"dir": "tests"})).contains("missing field `tests`"));
        assert!(check(ArtifactKind::Tests, &json!({"dir": "tests", "tests": []})).is_ok());
    }

    #[test]
    fn every_document_has_a_schema_that_says_what_its_members_are() {
        for kind in ArtifactKind::ALL {
            let schema = schema(*kind);
            assert_eq!(schema["type"], "object", "{kind}: {schema}");
            let members = schema["properties"].as_object().unwrap();
            assert!(!members.is_empty());
            for (name, member) in members {
                assert!(member["description"].is_string(), "{kind}: `{name}` is not described");
            }
        }
        let rules = schema(ArtifactKind::Requirements).to_string();
        for kind in ["no_overlap", "transition_requires", "above_min", "this_year"] {
            assert!(rules.contains(kind), "the schema does not know `{kind}`");
        }
    }
}
