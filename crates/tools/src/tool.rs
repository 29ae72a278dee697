//! What a tool is: a type with a name, a declared effect and typed arguments, and the same without its types.

use crate::{Denial, Workspace};
use async_trait::async_trait;
use maestro_ports::referee::Job;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// What a tool does to the world; permissions are decided from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Looks only.
    Reads,
    /// Writes files of the caller's own artifact, or hands it over.
    WritesArtifact,
    /// Runs code, in the referee's sandbox.
    RunsCode,
    /// Speaks to something outside of the house.
    CallsOut,
}

impl Effect {
    /// All effects.
    pub const ALL: [Self; 4] = [Self::Reads, Self::WritesArtifact, Self::RunsCode, Self::CallsOut];

    /// The id used in files and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Reads => "reads",
            Self::WritesArtifact => "writes_artifact",
            Self::RunsCode => "runs_code",
            Self::CallsOut => "calls_out",
        }
    }

    /// Finds an effect by its id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|effect| effect.id() == id)
    }
}

/// Why a call gave no output.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model can react to this: it is answered to it.
    #[error("{0}")]
    Respond(String),
    /// The caller may not do this.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// The arguments are not those of the tool.
    #[error("the arguments do not fit: {0}")]
    Arguments(String),
    /// The task cannot go on before this job was run.
    #[error("the job `{}` was not run yet", .0.name)]
    Waits(Box<Job>),
    /// The task cannot go on.
    #[error("the tool `{tool}` could not work")]
    Fatal {
        /// Which tool.
        tool: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
}

/// A tool, by its types. It looks at the workspace it is given and changes nothing but that.
pub trait Tool: Send + Sync + 'static {
    /// Its name: a verb and a noun.
    const NAME: &'static str;
    /// What it does, for the model.
    const DESCRIPTION: &'static str;
    /// What it does to the world.
    const EFFECT: Effect;
    /// How to read what was cut from an answer that was too long.
    const REST: &'static str = "ask for less at once";
    /// Its arguments; the schema that the model sees is derived from them. They deny unknown fields.
    type Args: DeserializeOwned + JsonSchema + Send;
    /// What it answers. The dispatcher cuts it where it is too long.
    type Output: Serialize + Send;
    /// Does it. What it writes counts only when it answers `Ok`.
    ///
    /// # Errors
    /// [`Error`], for the model or for the task.
    fn call(
        &self,
        args: Self::Args,
        workspace: &mut Workspace<'_>,
    ) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}

/// A tool as the dispatcher holds it. Every [`Tool`] is one.
#[async_trait]
pub trait ErasedTool: Send + Sync {
    /// Its name.
    fn name(&self) -> &str;
    /// What it does, for the model.
    fn description(&self) -> &str;
    /// What it does to the world.
    fn effect(&self) -> Effect;
    /// JSON Schema of its arguments.
    fn schema(&self) -> Value;
    /// How to read what was cut from an answer.
    fn rest(&self) -> &str;
    /// Does it.
    ///
    /// # Errors
    /// [`Error`], for the model or for the task.
    async fn call(&self, arguments: &Value, workspace: &mut Workspace<'_>) -> Result<Value, Error>;
}

#[async_trait]
impl<T: Tool> ErasedTool for T {
    fn name(&self) -> &str {
        T::NAME
    }
    fn description(&self) -> &str {
        T::DESCRIPTION
    }
    fn effect(&self) -> Effect {
        T::EFFECT
    }
    fn schema(&self) -> Value {
        schema_of::<T::Args>()
    }
    fn rest(&self) -> &str {
        T::REST
    }
    async fn call(&self, arguments: &Value, workspace: &mut Workspace<'_>) -> Result<Value, Error> {
        let args = T::Args::deserialize(arguments).map_err(|why| Error::Arguments(why.to_string()))?;
        let output = Tool::call(self, args, workspace).await?;
        serde_json::to_value(output).map_err(|source| Error::Fatal { tool: T::NAME.to_owned(), source: source.into() })
    }
}

/// Arguments of a tool that takes none.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NoArgs {}

/// The schema of arguments, written out in one piece: small models do not follow references.
fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings.into_generator().into_root_schema_for::<T>().to_value();
    if let Some(object) = schema.as_object_mut() {
        object.remove("title");
        // That is the description of the type for those who read the code.
        object.remove("description");
        object.entry("properties").or_insert_with(|| serde_json::json!({}));
    }
    schema
}
