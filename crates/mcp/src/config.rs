//! `[mcp]` of `maestro.toml`. Strict: what is not known here is refused with its place.

use crate::{
    server::{Server, Start},
    tool::tools,
};
use async_trait::async_trait;
use maestro_domain::{FileError, PersonaId};
use maestro_tools::{Answers, Effect, ErasedTool, Outside};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

/// How long a server may take to start, and to answer a call, where nothing is said.
const TIMEOUT_SECONDS: u64 = 30;
/// Providers take names of tools up to this long.
const NAME_LIMIT: usize = 64;

/// Only this part of the file; the rest is read elsewhere, strictly too.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    mcp: BTreeMap<String, toml::Spanned<Entry>>,
}

/// One server.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    command: String,
    #[serde(default)]
    args: Vec<String>,
    /// Names of variables that it is given, with the values that they have here. It is given `PATH` and `HOME` besides.
    #[serde(default)]
    env: Vec<String>,
    #[serde(deserialize_with = "personas")]
    personas: Vec<PersonaId>,
    /// The tools that may be called, and what each of them does to the world.
    tools: BTreeMap<String, Does>,
    #[serde(default = "timeout")]
    timeout_seconds: u64,
}

/// What a tool from outside may do to the world.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Does {
    Reads,
    CallsOut,
}

const fn timeout() -> u64 {
    TIMEOUT_SECONDS
}

fn personas<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PersonaId>, D::Error> {
    let ids = Vec::<String>::deserialize(deserializer)?;
    let known =
        |id: String| PersonaId::from_id(&id).ok_or_else(|| D::Error::custom(format!("there is no persona `{id}`")));
    ids.into_iter().map(known).collect()
}

/// A server and what it is allowed.
struct Allowed {
    server: Arc<Server>,
    personas: Vec<PersonaId>,
    tools: Vec<(String, Effect)>,
}

/// All servers of a file.
pub struct Servers(Vec<Allowed>);

impl Servers {
    /// Reads the text of a file; `variable` tells what the environment says. Nothing is started.
    ///
    /// # Errors
    /// [`FileError`] with the place.
    pub fn parse(path: &str, text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, FileError> {
        let at = |start: usize, what: String| FileError::at(path, text, start, what);
        let file: File = toml::from_str(text)
            .map_err(|error| at(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        let mut servers = Vec::new();
        for (name, entry) in file.mcp {
            let place = entry.span().start;
            let allowed = allowed(&name, entry.into_inner(), &variable).map_err(|what| at(place, what))?;
            servers.push(allowed);
        }
        Ok(Self(servers))
    }

    /// Starts each server, and tells the name and what was found: its tools that may be called, or what is wrong.
    pub async fn try_out(&self) -> Vec<(String, Result<Vec<String>, String>)> {
        let mut found = Vec::new();
        for Allowed { server, tools, .. } in &self.0 {
            let offered = server.tools().await.and_then(|offered| {
                let missing = |name: &&String| !offered.iter().any(|tool| tool.name == name.as_str());
                let (missing, there): (Vec<_>, Vec<_>) = tools.iter().map(|(name, _)| name).partition(missing);
                match missing.as_slice() {
                    [] => Ok(there.into_iter().cloned().collect()),
                    [name, ..] => Err(format!("the server `{}` has no tool `{name}`", server.name())),
                }
            });
            found.push((server.name().to_owned(), offered));
        }
        found
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn allowed(name: &str, entry: Entry, variable: &impl Fn(&str) -> Option<String>) -> Result<Allowed, String> {
    let Entry { command, args, env, personas, tools, timeout_seconds } = entry;
    let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if !plain(name) || name.contains("__") {
        return Err(format!("`{name}` is no name of a server: use letters, digits, `-` and single `_`"));
    }
    if command.trim().is_empty() || timeout_seconds == 0 {
        return Err(format!("the server `{name}` needs a command, and time to answer"));
    }
    for tool in tools.keys() {
        if !plain(tool) || name.len() + "__".len() + tool.len() > NAME_LIMIT {
            return Err(format!("`{tool}` is no name of a tool that a model can call, behind `{name}__`"));
        }
    }
    // Everybody on the machine can read arguments.
    for word in std::iter::once(&command).chain(&args) {
        match maestro_secrets::redact(word) {
            Ok(kept) if kept.as_ref() == word => {}
            Ok(_) => {
                return Err(format!("an argument of the server `{name}` holds a secret: name its variable in `env`"));
            }
            Err(why) => return Err(format!("arguments of the server `{name}` cannot be searched for secrets: {why}")),
        }
    }
    let mut given = Vec::new();
    for one in env {
        let value = variable(&one)
            .ok_or_else(|| format!("the server `{name}` needs the variable `{one}`, which is not set"))?;
        given.push((one, value));
    }
    let secrets = given.iter().map(|(_, value)| value.clone()).collect();
    given.extend(["PATH", "HOME"].into_iter().filter_map(|name| Some((name.to_owned(), variable(name)?))));
    let start = Start { command, args, env: given, timeout: Duration::from_secs(timeout_seconds) };
    let effect = |does| match does {
        Does::Reads => Effect::Reads,
        Does::CallsOut => Effect::CallsOut,
    };
    Ok(Allowed {
        server: Arc::new(Server::new(name.to_owned(), start, secrets)),
        personas,
        tools: tools.into_iter().map(|(tool, does)| (tool, effect(does))).collect(),
    })
}

#[async_trait]
impl Outside for Servers {
    async fn tools(&self, persona: PersonaId, answers: Arc<dyn Answers>) -> Vec<Arc<dyn ErasedTool>> {
        let mut all = Vec::new();
        for Allowed { server, personas, tools: allowed } in &self.0 {
            if personas.contains(&persona) {
                all.extend(tools(server, allowed, &answers).await);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Servers, FileError> {
        Servers::parse("maestro.toml", text, |name| (name != "MISSING").then(|| format!("value of {name}")))
    }

    #[test]
    fn what_is_not_right_is_refused_with_its_place() {
        let key = ["ghp_", "h3Kd92LmQpX7vTzR5bNcW8yJfG4sAeU1oI6t"].concat();
        let entry = |name: &str, more: &str| {
            format!(
                "[models]\n[mcp.{name}]\ncommand = \"c\"\npersonas = [\"qa_engineer\"]\ntools = {{look = \"reads\"}}\n{more}"
            )
        };
        assert!(!parse(&entry("ok", "env = [\"HERE\"]")).unwrap().is_empty());
        assert!(parse("[models]\n").unwrap().is_empty());
        for (text, says) in [
            (entry("a__b", ""), "line 2: `a__b` is no name of a server"),
            (entry("a", "shell = true"), "unknown field `shell`"),
            (entry("a", "env = [\"MISSING\"]"), "needs the variable `MISSING`"),
            (entry("a", "timeout_seconds = 0"), "time to answer"),
            (entry("a", &format!("args = [\"--token={key}\"]")), "holds a secret"),
            (entry("a", "").replace("reads", "writes_artifact"), "unknown variant `writes_artifact`"),
            (entry("a", "").replace("look", "\"look at\""), "is no name of a tool"),
            (entry("a", "").replace("qa_engineer", "plumber"), "there is no persona `plumber`"),
            ("[mcp.a]\ncommand = \"c\"\npersonas = []\n".to_owned(), "missing field `tools`"),
        ] {
            let Err(error) = parse(&text) else { panic!("{text}") };
            assert!(error.to_string().contains(says) && !error.to_string().contains(&key), "{error}");
        }
    }
}
