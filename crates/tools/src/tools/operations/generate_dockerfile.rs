//! `generate_dockerfile`: a Dockerfile that its own linter finds nothing in, and the `.dockerignore` beside it.

use super::{Runtime, Written, pinned_image, word, write};
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt::Write as _;

pub(crate) struct GenerateDockerfile;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// What the software runs in
    runtime: Runtime,
    /// Base image with a version, such as `python:3.13-slim`; a slim one of the runtime when left out
    #[serde(default)]
    image: Option<String>,
    /// How the service starts, word by word
    start: Vec<String>,
    /// Files and folders that it needs at run time, folders with `/` at their end
    copy: Vec<String>,
    /// The list of dependencies, such as `requirements.txt` or `package-lock.json`, where there are any
    #[serde(default)]
    dependencies: Option<String>,
    /// The port it listens on
    port: u16,
    /// The path that answers 200 when it is well
    #[serde(default = "health")]
    health: String,
    /// The folder in which it keeps its data, where it keeps any
    #[serde(default)]
    data: Option<String>,
    /// Variables with their values; no secrets
    #[serde(default)]
    env: std::collections::BTreeMap<String, String>,
    /// Where to write it
    #[serde(default = "path")]
    path: String,
}

fn health() -> String {
    "/health".to_owned()
}

fn path() -> String {
    "Dockerfile".to_owned()
}

impl Tool for GenerateDockerfile {
    const NAME: &'static str = "generate_dockerfile";
    const DESCRIPTION: &'static str = "Writes a Dockerfile (pinned base, own user, dependencies before sources, health check that asks the service, JSON form) and a .dockerignore that lets nothing else in.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Written;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Written, Error> {
        let text = dockerfile(&args)?;
        let ignore = ignore(&args);
        let beside = match args.path.rsplit_once('/') {
            // Docker looks beside the context first, then for this name.
            Some(_) => format!("{}.dockerignore", args.path),
            None => ".dockerignore".to_owned(),
        };
        write(workspace, vec![(args.path, text), (beside, ignore)])
    }
}

fn dockerfile(args: &Args) -> Result<String, Error> {
    let image = args.image.clone().unwrap_or_else(|| {
        match args.runtime {
            Runtime::Python => "python:3.13-slim",
            Runtime::Node => "node:24-slim",
        }
        .to_owned()
    });
    word("image", &image, "/.:@_-")?;
    pinned_image(&image).map_err(|why| Error::Respond(format!("`image` is `{image}`, which {why}: name a version")))?;
    word("health", &args.health, "/._-?=&")?;
    if !args.health.starts_with('/') || args.port == 0 {
        return Err(Error::Respond("`health` begins with `/`, and `port` is from 1 to 65535".to_owned()));
    }
    if args.start.is_empty() || args.copy.is_empty() {
        return Err(Error::Respond(
            "`start` and `copy` must not be empty: say how it starts and what it needs".to_owned(),
        ));
    }
    for copied in args.copy.iter().chain(&args.dependencies) {
        word("copy", copied, "/._-")?;
        if copied.starts_with('/') || copied.split('/').any(|part| part == "..") || matches!(&**copied, "." | "./") {
            return Err(Error::Respond(format!(
                "`{copied}` must be a file or folder inside of the deliverable, and not all of it"
            )));
        }
    }
    let mut text = format!("FROM {image}\n\n");
    let alpine = image.contains("alpine");
    let user =
        if alpine { "adduser -S -D -H -u 10001 app" } else { "useradd --system --uid 10001 --no-create-home app" };
    match &args.data {
        Some(data) => {
            word("data", data, "/._-")?;
            if !data.starts_with('/') {
                return Err(Error::Respond(format!("`data` is `{data}`: it must begin with `/`")));
            }
            let _ = writeln!(text, "RUN {user} \\\n    && mkdir -p {data} \\\n    && chown app {data}\n");
        }
        None => {
            let _ = writeln!(text, "RUN {user}\n");
        }
    }
    text.push_str("WORKDIR /app\n");
    if let Some(list) = &args.dependencies {
        let install = match args.runtime {
            Runtime::Python => format!(
                "COPY {list} ./\nRUN pip install --no-cache-dir -r {}\n",
                list.rsplit('/').next().unwrap_or(list)
            ),
            Runtime::Node => {
                let folder = list.rsplit_once('/').map(|(folder, _)| format!("{folder}/")).unwrap_or_default();
                format!("COPY {folder}package.json {list} ./\nRUN npm ci --omit=dev --ignore-scripts\n")
            }
        };
        // What is needed changes seldom, what it is needed for often.
        text.push_str(&install);
    }
    for copied in &args.copy {
        let target = if copied.ends_with('/') {
            copied.as_str()
        } else {
            copied.rsplit_once('/').map_or("./", |(folder, _)| folder)
        };
        let target = if target.ends_with('/') { target.to_owned() } else { format!("{target}/") };
        let _ = writeln!(text, "COPY {copied} {target}");
    }
    let mut env = vec![format!("PORT={}", args.port)];
    if args.runtime == Runtime::Python {
        env.extend(["PYTHONUNBUFFERED=1".to_owned(), "PYTHONDONTWRITEBYTECODE=1".to_owned()]);
    }
    for (name, value) in &args.env {
        word("env", name, "_")?;
        if super::secret_name(name) {
            return Err(Error::Respond(format!(
                "`{name}` looks like a secret: it is given when the container starts, and not in its image"
            )));
        }
        if value.contains(['\n', '\r']) {
            return Err(Error::Respond(format!("the value of `{name}` must be one line")));
        }
        env.push(format!("{name}={}", serde_json::json!(value)).replace('$', "\\$"));
    }
    let _ = writeln!(text, "\nENV {}", env.join(" "));
    let _ = writeln!(text, "EXPOSE {}", args.port);
    if let Some(data) = &args.data {
        let _ = writeln!(text, "VOLUME {data}");
    }
    text.push_str("USER app\n\n");
    let url = format!("http://127.0.0.1:{}{}", args.port, args.health);
    let ask = match args.runtime {
        Runtime::Python => vec![
            "python3".to_owned(),
            "-c".to_owned(),
            format!("import urllib.request as r; r.urlopen('{url}', timeout=2)"),
        ],
        Runtime::Node => vec![
            "node".to_owned(),
            "-e".to_owned(),
            format!("fetch('{url}').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"),
        ],
    };
    text.push_str("# Asks the service, because a process that runs need not answer.\n");
    let _ = writeln!(
        text,
        "HEALTHCHECK --interval=10s --timeout=3s --start-period=5s --retries=3 \\\n    CMD {}\n",
        serde_json::json!(ask)
    );
    let _ = writeln!(text, "CMD {}", serde_json::json!(args.start));
    Ok(text)
}

fn ignore(args: &Args) -> String {
    let mut text = "# Nothing but what the image needs.\n*\n".to_owned();
    let package = args.dependencies.as_ref().filter(|_| args.runtime == Runtime::Node);
    let package = package.map(|list| {
        list.rsplit_once('/').map_or_else(|| "package.json".to_owned(), |(folder, _)| format!("{folder}/package.json"))
    });
    for copied in args.copy.iter().chain(&args.dependencies).chain(&package) {
        let _ = writeln!(text, "!{}", copied.trim_end_matches('/'));
    }
    text.push_str("**/__pycache__\n**/node_modules\n**/.env\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::{Value, json};

    fn args(more: Value) -> Value {
        let mut args = json!({"runtime": "python", "start": ["python3", "-m", "service"], "copy": ["service/", "openapi.json"], "port": 8000});
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        args
    }

    #[tokio::test]
    async fn what_is_written_passes_the_linter() {
        for more in [
            json!({}),
            json!({"dependencies": "requirements.txt", "data": "/data", "env": {"LOG": "a \"b\" $c"}}),
            json!({"runtime": "node", "dependencies": "package-lock.json", "copy": ["src/"], "start": ["node", "src/main.js"]}),
            json!({"image": "python:3.13-alpine"}),
        ] {
            let mut context = context();
            run(GenerateDockerfile, args(more.clone()), &mut context).await.unwrap();
            let text = String::from_utf8(context.own["Dockerfile"].clone()).unwrap();
            assert_eq!(super::super::lint_dockerfile::lint("Dockerfile", &text), [], "{more}\n{text}");
            assert!(text.contains("EXPOSE 8000") && text.contains("/health"), "{text}");
            let ignore = String::from_utf8(context.own[".dockerignore"].clone()).unwrap();
            assert!(ignore.contains("\n*\n!"), "{ignore}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_written_is_told() {
        for (more, says) in [
            (json!({"image": "python"}), "has no tag"),
            (json!({"image": "python:3\nRUN x"}), "use letters"),
            (json!({"copy": ["../x"]}), "inside of the deliverable"),
            (json!({"copy": ["."]}), "not all of it"),
            (json!({"env": {"API_KEY": "x"}}), "looks like a secret"),
            (json!({"start": []}), "must not be empty"),
            (json!({"health": "health"}), "begins with `/`"),
            (json!({"port": 70000}), "do not fit"),
        ] {
            let error = run(GenerateDockerfile, args(more.clone()), &mut context()).await.unwrap_err();
            assert!(error.to_string().contains(says), "{more}: {error}");
        }
    }
}
