//! `generate_ci`: a workflow of GitHub Actions that its own linter finds nothing in.

use super::{Runtime, Written, word, write};
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::Deserialize;
use std::fmt::Write as _;

pub(crate) struct GenerateCi;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Step {
    /// What it shows, such as `Acceptance tests`
    name: String,
    /// The command
    run: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// What the software runs in
    runtime: Runtime,
    /// Its version, such as `3.13`
    version: String,
    /// The list of dependencies to install first, such as `requirements.txt`
    #[serde(default)]
    dependencies: Option<String>,
    /// The checks, in order
    steps: Vec<Step>,
    /// Name of the container image that is built after the checks; none is built when left out
    #[serde(default)]
    image: Option<String>,
    /// Minutes after which a job is ended
    #[serde(default = "minutes")]
    #[schemars(range(min = 1, max = 360))]
    timeout_minutes: u32,
    /// Where to write it
    #[serde(default = "path")]
    path: String,
}

const fn minutes() -> u32 {
    15
}

fn path() -> String {
    ".github/workflows/ci.yml".to_owned()
}

impl Tool for GenerateCi {
    const NAME: &'static str = "generate_ci";
    const DESCRIPTION: &'static str = "Writes a GitHub Actions workflow that runs the given checks on every push and pull request with the right to read only and a time limit, and then builds the image and waits until it is healthy.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Written;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Written, Error> {
        let text = workflow(&args)?;
        write(workspace, vec![(args.path, text)])
    }
}

fn workflow(args: &Args) -> Result<String, Error> {
    word("version", &args.version, ".")?;
    if args.steps.is_empty() || !(1..=360).contains(&args.timeout_minutes) {
        return Err(Error::Respond("`steps` must not be empty, and `timeout_minutes` is from 1 to 360".to_owned()));
    }
    let minutes = args.timeout_minutes;
    let mut text = format!(
        "name: ci\n\non:\n  push:\n  pull_request:\n\npermissions:\n  contents: read\n\nconcurrency:\n  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}\n  cancel-in-progress: true\n\n\
         jobs:\n  test:\n    runs-on: ubuntu-latest\n    timeout-minutes: {minutes}\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n"
    );
    let (setup, field, install) = match args.runtime {
        Runtime::Python => ("actions/setup-python@v5", "python-version", "python3 -m pip install -r "),
        Runtime::Node => ("actions/setup-node@v4", "node-version", ""),
    };
    let _ = write!(text, "      - uses: {setup}\n        with:\n          {field}: \"{}\"\n", args.version);
    if let Some(list) = &args.dependencies {
        word("dependencies", list, "/._-")?;
        let run = if install.is_empty() { "npm ci".to_owned() } else { format!("{install}{list}") };
        let _ = write!(text, "      - name: Dependencies\n        run: {run}\n");
    }
    for step in &args.steps {
        if step.run.contains("${{") {
            return Err(Error::Respond(format!(
                "the command of `{}` contains an expression: what is in it would become part of the script",
                step.name
            )));
        }
        if step.run.trim().is_empty() || step.name.trim().is_empty() {
            return Err(Error::Respond("a step needs a `name` and something to `run`".to_owned()));
        }
        let _ = write!(text, "      - name: {}\n        run: ", serde_json::json!(step.name.replace("${{", "$ {{")));
        block(&step.run, &mut text);
    }
    if let Some(image) = &args.image {
        word("image", image, "/._-")?;
        let _ = write!(
            text,
            "  image:\n    needs: test\n    runs-on: ubuntu-latest\n    timeout-minutes: {minutes}\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n      \
             - name: The image builds and its service becomes healthy\n        run: "
        );
        let script = format!(
            "docker build --tag {image}:ci .\ndocker run --detach --name ci {image}:ci\nfor _ in $(seq 30); do\n  state=$(docker inspect --format '{{{{.State.Health.Status}}}}' ci)\n  \
             [ \"$state\" = healthy ] && exit 0\n  sleep 2\ndone\ndocker logs ci\nexit 1"
        );
        block(&script, &mut text);
    }
    Ok(text)
}

/// A script as a literal block, so that nothing of it is read as YAML.
fn block(script: &str, text: &mut String) {
    text.push_str("|\n");
    for line in script.trim_end().lines() {
        let line = line.trim_end_matches('\r');
        let _ = if line.trim().is_empty() { writeln!(text) } else { writeln!(text, "          {line}") };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::{Value, json};

    fn args(more: Value) -> Value {
        let mut args = json!({"runtime": "python", "version": "3.13", "steps": [{"name": "Tests: \"all\" # of them", "run": "python3 -m unittest discover -s tests\necho 'a: b'"}]});
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        args
    }

    #[tokio::test]
    async fn what_is_written_passes_the_linter_and_says_what_was_asked() {
        for more in [
            json!({}),
            json!({"image": "tools", "dependencies": "requirements.txt"}),
            json!({"runtime": "node", "dependencies": "package-lock.json"}),
        ] {
            let mut context = context();
            run(GenerateCi, args(more.clone()), &mut context).await.unwrap();
            let text = String::from_utf8(context.own[".github/workflows/ci.yml"].clone()).unwrap();
            assert_eq!(super::super::lint_ci::lint("ci.yml", &text), [], "{more}\n{text}");
            let read =
                maestro_workflow::yaml::read(&text, maestro_workflow::yaml::Dialect::default()).unwrap().to_json();
            let steps = read["jobs"]["test"]["steps"].as_array().unwrap();
            assert_eq!(steps.last().unwrap()["run"], "python3 -m unittest discover -s tests\necho 'a: b'\n");
            assert_eq!(steps.last().unwrap()["name"], "Tests: \"all\" # of them");
            assert_eq!(read["jobs"]["image"].is_object(), more.get("image").is_some());
        }
    }

    #[tokio::test]
    async fn what_cannot_be_written_is_told() {
        for (more, says) in [
            (json!({"steps": []}), "must not be empty"),
            (
                json!({"steps": [{"name": "x", "run": "echo ${{ github.event.issue.title }}"}]}),
                "contains an expression",
            ),
            (json!({"version": "3.13\"\n"}), "use letters"),
            (json!({"image": "a b"}), "use letters"),
        ] {
            let error = run(GenerateCi, args(more), &mut context()).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
