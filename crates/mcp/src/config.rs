//! `[mcp]` of `maestro.toml`. Strict: what is not known here is refused with its place.

use crate::{
    http::Address,
    server::{Server, Start},
    tool::{Described, describe, named, tools},
};
use async_trait::async_trait;
use futures_util::future::join_all;
use maestro_domain::{FileError, PersonaId};
use maestro_tools::{Answers, Effect, ErasedTool, Outside};
use serde::{Deserialize, Deserializer, de::Error as _};
use std::{collections::BTreeMap, slice, sync::Arc, time::Duration};

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
    /// What starts it; or its `url`.
    command: Option<String>,
    /// Where it is; or the `command` that starts it.
    url: Option<String>,
    /// Fields of the head that go to its `url`, by the names of the variables that hold their values.
    #[serde(default)]
    headers: BTreeMap<String, String>,
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

/// What was found of a server.
#[derive(Debug)]
pub struct Found {
    /// Its name.
    pub server: String,
    /// For whom it is.
    pub personas: Vec<PersonaId>,
    /// The tools of it that may be called, as personas see them.
    pub tools: Vec<Described>,
    /// What is wrong with it: it cannot be used, or a tool is not there.
    pub problem: Option<String>,
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

    /// Starts or asks each server, all at once, and tells what was found.
    pub async fn try_out(&self) -> Vec<Found> {
        join_all(self.0.iter().map(|allowed| found(allowed, &allowed.tools))).await
    }

    /// Starts or asks the server of one tool, by the name that personas call it by, and tells of that tool only; `None` where no
    /// such tool may be called.
    pub async fn try_tool(&self, name: &str) -> Option<Found> {
        let mut listed = self.0.iter().flat_map(|allowed| allowed.tools.iter().map(move |tool| (allowed, tool)));
        let (allowed, tool) = listed.find(|(allowed, (tool, _))| named(allowed.server.name(), tool) == name)?;
        Some(found(allowed, slice::from_ref(tool)).await)
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Starts or asks a server, and tells of these of its tools.
async fn found(Allowed { server, personas, .. }: &Allowed, tools: &[(String, Effect)]) -> Found {
    let offered = server.tools().await;
    let problem = match &offered {
        Err(why) => Some(why.clone()),
        Ok(offered) => {
            let there = |name: &str| offered.iter().any(|tool| tool.name == name);
            let missing = tools.iter().find(|(name, _)| !there(name));
            missing.map(|(name, _)| format!("the server `{}` has no tool `{name}`", server.name()))
        }
    };
    let tools = describe(server.name(), tools, &offered.unwrap_or_default());
    Found { server: server.name().to_owned(), personas: personas.clone(), tools, problem }
}

fn allowed(name: &str, entry: Entry, variable: &impl Fn(&str) -> Option<String>) -> Result<Allowed, String> {
    let Entry { command, url, headers, args, env, personas, tools, timeout_seconds } = entry;
    let plain = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c));
    if !plain(name) || name.contains("__") {
        return Err(format!("`{name}` is no name of a server: use letters, digits, `-` and single `_`"));
    }
    if timeout_seconds == 0 {
        return Err(format!("the server `{name}` needs time to answer: give it `timeout_seconds`"));
    }
    let timeout = Duration::from_secs(timeout_seconds);
    for tool in tools.keys() {
        if !plain(tool) || name.len() + "__".len() + tool.len() > NAME_LIMIT {
            return Err(format!("`{tool}` is no name of a tool that a model can call, behind `{name}__`"));
        }
    }
    let value = |named: &str| {
        variable(named).ok_or_else(|| format!("the server `{name}` needs the variable `{named}`, which is not set"))
    };
    let (start, secrets) = match (command.filter(|command| !command.trim().is_empty()), url) {
        (Some(command), None) if headers.is_empty() => {
            for word in std::iter::once(&command).chain(&args) {
                // Everybody on the machine can read arguments.
                no_secret(word, &format!("an argument of the server `{name}`"), "env")?;
            }
            let mut given = Vec::new();
            for one in env {
                let value = value(&one)?;
                given.push((one, value));
            }
            let secrets = given.iter().map(|(_, value)| value.clone()).collect();
            given.extend(["PATH", "HOME"].into_iter().filter_map(|name| Some((name.to_owned(), variable(name)?))));
            (Start::Process { command, args, env: given }, secrets)
        }
        (None, Some(url)) if args.is_empty() && env.is_empty() => {
            no_secret(&url, &format!("the URL of the server `{name}`"), "headers")?;
            let (mut fields, mut secrets) = (Vec::new(), Vec::new());
            for (field, named) in headers {
                let value = value(&named)?;
                // A server may repeat a token without the word before it, such as `Bearer`.
                secrets.extend(value.split_once(' ').map(|(_, token)| token.trim().to_owned()));
                secrets.push(value.clone());
                fields.push((field, value));
            }
            let address = Address::new(&url, fields, timeout).map_err(|why| format!("the server `{name}`: {why}"))?;
            (Start::At(address), secrets)
        }
        _ => {
            return Err(format!(
                "the server `{name}` needs either a `command`, with `args` and `env`, or a `url`, with `headers`"
            ));
        }
    };
    let effect = |does| match does {
        Does::Reads => Effect::Reads,
        Does::CallsOut => Effect::CallsOut,
    };
    Ok(Allowed {
        server: Arc::new(Server::new(name.to_owned(), start, timeout, secrets)),
        personas,
        tools: tools.into_iter().map(|(tool, does)| (tool, effect(does))).collect(),
    })
}

/// Refuses a text of the file that holds a secret.
fn no_secret(text: &str, what: &str, instead: &str) -> Result<(), String> {
    match maestro_secrets::redact(text) {
        Ok(kept) if kept.as_ref() == text => Ok(()),
        Ok(_) => Err(format!("{what} holds a secret: name its variable in `{instead}`")),
        Err(why) => Err(format!("{what} cannot be searched for secrets: {why}")),
    }
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
    fn a_server_at_a_url_gets_headers_from_variables_and_nothing_in_clear() {
        let key = ["ghp_", "h3Kd92LmQpX7vTzR5bNcW8yJfG4sAeU1oI6t"].concat();
        let entry = |lines: &str| format!("[mcp.a]\n{lines}\npersonas = []\ntools = {{}}\n");
        for fine in [
            "url = \"https://mcp.example.org/mcp/\"",
            "url = \"http://127.0.0.1:9/mcp\"\nheaders = { Authorization = \"HERE\" }",
        ] {
            assert!(!parse(&entry(fine)).unwrap().is_empty(), "{fine}");
        }
        for (lines, says) in [
            ("", "either a `command`"),
            ("command = \"c\"\nurl = \"https://a.example\"", "either a `command`"),
            ("command = \"c\"\nheaders = { a = \"HERE\" }", "or a `url`, with `headers`"),
            ("url = \"https://a.example\"\nenv = [\"HERE\"]", "or a `url`, with `headers`"),
            ("url = \"http://a.example/mcp\"", "can be read on its way: use `https://`"),
            ("url = \"https://user@a.example/mcp\"", "holds more than scheme, host, port and path"),
            (
                "url = \"https://a.example/mcp\"\nheaders = { Authorization = \"MISSING\" }",
                "needs the variable `MISSING`",
            ),
            ("url = \"https://a.example/mcp\"\nheaders = { Host = \"HERE\" }", "`Host` belongs to the protocol"),
            ("url = \"https://a.example/mcp\"\nheaders = { Mcp-Session-Id = \"HERE\" }", "belongs to the protocol"),
            (&format!("url = \"https://a.example/{key}/mcp\""), "holds a secret: name its variable in `headers`"),
        ] {
            let Err(error) = parse(&entry(lines)) else { panic!("{lines}") };
            assert!(error.to_string().contains(says) && !error.to_string().contains(&key), "{error}");
        }
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
