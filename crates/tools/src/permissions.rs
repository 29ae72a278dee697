//! What a caller may do. Nothing is allowed that is not named.

use crate::{Context, Effect, Toolbox};
use maestro_domain::{ArtifactKind, PersonaId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Where a caller may write: one file, everything below a folder whose name ends with `/`, or, by `/` alone, anywhere in the
/// deliverable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PathScope(pub String);

impl PathScope {
    /// Whether a path that is plain lies in it.
    #[must_use]
    pub fn holds(&self, path: &str) -> bool {
        match self.0.as_str() {
            "/" => true,
            folder if folder.ends_with('/') => path.starts_with(folder),
            file => path == file,
        }
    }
}

/// What one caller may do; the default is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Permissions {
    /// Names of the tools that it may call.
    pub tools: BTreeSet<String>,
    /// What these may do to the world.
    pub effects: BTreeSet<Effect>,
    /// Where it may write.
    pub writes: Vec<PathScope>,
}

/// What a caller may not do, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case", tag = "denied")]
pub enum Denial {
    /// The tool is none of the caller's.
    #[error("the persona `{persona}` may not use the tool `{tool}`")]
    Tool {
        /// Who.
        persona: PersonaId,
        /// Which tool.
        tool: String,
    },
    /// The tool does something that the caller may not do.
    #[error("the tool `{tool}` {}, which the persona `{persona}` may not do", does(*.effect))]
    Effect {
        /// Who.
        persona: PersonaId,
        /// Which tool.
        tool: String,
        /// What it does.
        effect: Effect,
    },
    /// The tool did something that it does not say it does.
    #[error("the tool `{tool}` does not say that it {}", does(*.effect))]
    Undeclared {
        /// Which tool.
        tool: String,
        /// What it wanted to do.
        effect: Effect,
    },
    /// The path leaves the deliverable or has no plain form.
    #[error("`{path}` is not a path inside the deliverable: use letters, digits, `-`, `_`, `.` and `/`")]
    BadPath {
        /// The path as given.
        path: String,
    },
    /// The path is outside of where the caller may write.
    #[error("the persona `{persona}` may not write `{path}`, only {}", listed(.allowed))]
    Path {
        /// Who.
        persona: PersonaId,
        /// Which path.
        path: String,
        /// Where it may write.
        allowed: Vec<PathScope>,
    },
    /// The path is another's.
    #[error("`{path}` belongs to the artifact `{artifact}` of another persona")]
    Taken {
        /// Which path.
        path: String,
        /// Whose it is.
        artifact: ArtifactKind,
    },
}

impl Permissions {
    /// All that these tools can do, anywhere in the deliverable: for a person at the command line, never for a persona.
    #[must_use]
    pub fn everything(toolbox: &Toolbox) -> Self {
        Self {
            tools: toolbox.iter().map(|tool| tool.name().to_owned()).collect(),
            effects: Effect::ALL.into(),
            writes: vec![PathScope("/".to_owned())],
        }
    }

    /// Whether the caller may call this tool at all.
    ///
    /// # Errors
    /// [`Denial`] when not.
    pub fn may_call(&self, persona: PersonaId, tool: &str, effect: Effect) -> Result<(), Denial> {
        if !self.tools.contains(tool) {
            return Err(Denial::Tool { persona, tool: tool.to_owned() });
        }
        if !self.effects.contains(&effect) {
            return Err(Denial::Effect { persona, tool: tool.to_owned(), effect });
        }
        Ok(())
    }

    /// Whether the caller may write or remove this path.
    ///
    /// # Errors
    /// [`Denial`] when not.
    pub fn may_write(&self, context: &Context, path: &str) -> Result<(), Denial> {
        plain_path(path)?;
        if let Some(artifact) = context.taken(path) {
            return Err(Denial::Taken { path: path.to_owned(), artifact });
        }
        if self.writes.iter().any(|scope| scope.holds(path)) {
            return Ok(());
        }
        Err(Denial::Path { persona: context.persona, path: path.to_owned(), allowed: self.writes.clone() })
    }
}

/// Checks that a path stays inside the deliverable and has a plain form.
///
/// # Errors
/// [`Denial::BadPath`] when not.
pub fn plain_path(path: &str) -> Result<(), Denial> {
    let plain = !path.is_empty()
        && path.len() <= 200
        && path.split('/').all(|part| !part.is_empty() && part != "." && part != "..")
        && path.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'));
    if plain { Ok(()) } else { Err(Denial::BadPath { path: path.to_owned() }) }
}

const fn does(effect: Effect) -> &'static str {
    match effect {
        Effect::Reads => "reads",
        Effect::WritesArtifact => "writes files",
        Effect::RunsCode => "runs code",
        Effect::CallsOut => "calls out",
    }
}

fn listed(scopes: &[PathScope]) -> String {
    if scopes.is_empty() {
        return "nothing".to_owned();
    }
    scopes.iter().map(|scope| format!("`{}`", scope.0)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::context;

    #[test]
    fn nothing_is_allowed_that_is_not_named() {
        let none = Permissions::default();
        let who = PersonaId::QaEngineer;
        assert!(matches!(none.may_call(who, "list_files", Effect::Reads), Err(Denial::Tool { .. })));
        let tool = Permissions { tools: ["list_files".to_owned()].into(), ..Permissions::default() };
        assert!(matches!(tool.may_call(who, "list_files", Effect::Reads), Err(Denial::Effect { .. })));
        let both = Permissions { effects: [Effect::Reads].into(), ..tool };
        assert_eq!(both.may_call(who, "list_files", Effect::Reads), Ok(()));
        assert!(matches!(none.may_write(&context(), "a.md"), Err(Denial::Path { .. })));
    }

    #[test]
    fn a_scope_is_a_file_or_a_folder() {
        let permissions = Permissions {
            writes: vec![PathScope("README.md".into()), PathScope("docs/".into())],
            ..Permissions::default()
        };
        for (path, fine) in [
            ("README.md", true),
            ("docs/a.md", true),
            ("docs/a/b.md", true),
            ("docs", false),
            ("docsa/x", false),
            ("README.md.py", false),
            ("service/docs/a.md", false),
            ("docs/../service/a.py", false),
            ("/docs/a.md", false),
            ("docs//a.md", false),
            ("docs/a\u{202e}.md", false),
        ] {
            assert_eq!(permissions.may_write(&context(), path).is_ok(), fine, "{path}");
        }
    }

    #[test]
    fn a_denial_says_who_may_do_what() {
        let denial = Denial::Path {
            persona: PersonaId::QaEngineer,
            path: "service/a.py".into(),
            allowed: vec![PathScope("tests/".into())],
        };
        assert_eq!(denial.to_string(), "the persona `qa_engineer` may not write `service/a.py`, only `tests/`");
        let denial =
            Denial::Effect { persona: PersonaId::UiUxDesigner, tool: "build".into(), effect: Effect::RunsCode };
        assert_eq!(denial.to_string(), "the tool `build` runs code, which the persona `ui_ux_designer` may not do");
    }
}
