//! `lint_ci`: what is wrong with workflows of GitHub Actions: structure, rights, actions that are not pinned, and texts of strangers
//! that become part of a script.

use super::{PathArgs, files, pinned_image};
use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
};
use maestro_artifacts::delivery::Severity::{High, Info, Low, Medium};
use maestro_workflow::yaml::{self, Dialect, Node, Value};
use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

pub(crate) struct LintCi;

const TOP: &[&str] = &["concurrency", "defaults", "env", "jobs", "name", "on", "permissions", "run-name"];
const JOB: &[&str] = &[
    "concurrency",
    "container",
    "continue-on-error",
    "defaults",
    "env",
    "environment",
    "if",
    "name",
    "needs",
    "outputs",
    "permissions",
    "runs-on",
    "secrets",
    "services",
    "steps",
    "strategy",
    "timeout-minutes",
    "uses",
    "with",
];
const STEP: &[&str] = &[
    "continue-on-error",
    "env",
    "id",
    "if",
    "name",
    "run",
    "shell",
    "timeout-minutes",
    "uses",
    "with",
    "working-directory",
];

static EXPRESSION: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?s)\$\{\{(.*?)\}\}").ok());
/// What somebody outside can write into an event.
static FOREIGN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"github\.head_ref|github\.event\.(?:issue|pull_request|discussion)\.(?:title|body)|github\.event\.(?:comment|review|review_comment)\.body|github\.event\.pages\b.*page_name|github\.event\.(?:commits\b.*|head_commit)\.(?:message|author\.(?:email|name))|github\.event\.pull_request\.head\.(?:ref|label|repo\.default_branch)|github\.event\.workflow_run\.(?:head_branch|head_commit\.(?:message|author\.(?:email|name)))|github\.event\.(?:inputs|client_payload)\.|(?:^|[^.\w])inputs\.").ok()
});
static STEP_OUTPUT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bsteps\.([\w-]+)\.").ok());
static NEED_OUTPUT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\bneeds\.([\w-]+)\.").ok());

impl Tool for LintCi {
    const NAME: &'static str = "lint_ci";
    const DESCRIPTION: &'static str = "Checks GitHub Actions workflows: unknown keys, jobs and steps that cannot run, needs in a circle, missing or too wide permissions, actions not pinned, script injection by event texts, pull_request_target with foreign code, secrets that are printed.";
    const EFFECT: Effect = Effect::Reads;
    type Args = PathArgs;
    type Output = Report;

    async fn call(&self, args: PathArgs, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let is = |path: &str, _: &str| {
            (path.starts_with(".github/workflows/") || path.contains("/.github/workflows/"))
                && (path.ends_with(".yml") || path.ends_with(".yaml"))
        };
        let files = files(workspace, args.path.as_deref(), "workflow below `.github/workflows`", is)?;
        let findings = files.iter().flat_map(|(path, text)| lint(path, text)).collect();
        Ok(Report { checked: files.len(), findings })
    }
}

/// All findings about one workflow.
pub(super) fn lint(path: &str, text: &str) -> Vec<Finding> {
    let mut found = Findings::of(path);
    match yaml::read(text, Dialect::default()) {
        Ok(root) => Lint { found: &mut found }.workflow(&root),
        Err(problem) => {
            let fix = problem.hint.clone().unwrap_or_else(|| "mend the YAML".to_owned());
            found.add("syntax", High, problem.place.line as usize, problem.message.clone(), fix);
        }
    }
    let mut findings = found.finish();
    findings.dedup();
    findings
}

struct Lint<'f, 'p> {
    found: &'f mut Findings<'p>,
}

fn line(node: &Node) -> usize {
    node.place.line as usize
}

impl Lint<'_, '_> {
    fn keys(&mut self, node: &Node, known: &[&str], what: &str) {
        if !matches!(node.value, Value::Map(_)) {
            self.found.add("syntax", High, line(node), format!("{what} must be fields"), "write `name: value` lines");
        }
        for (name, place, _) in node.fields() {
            if !known.contains(&name) {
                let near = known.iter().min_by_key(|key| strsim::osa_distance(key, name)).copied().unwrap_or_default();
                self.found.add(
                    "unknown-key",
                    High,
                    place.line as usize,
                    format!("{what} has no `{name}`"),
                    format!("did you mean `{near}`?"),
                );
            }
        }
    }

    fn workflow(&mut self, root: &Node) {
        self.keys(root, TOP, "a workflow");
        let events = events(root);
        if events.is_empty() {
            self.found.add(
                "no-trigger",
                High,
                1,
                "nothing starts the workflow",
                "add `on:` with `push` and `pull_request`",
            );
        }
        let Some(jobs) = root.get("jobs").filter(|jobs| jobs.fields().next().is_some()) else {
            self.found.add("no-job", High, 1, "the workflow has no job", "add `jobs:`");
            return;
        };
        if root.get("permissions").is_none() && !jobs.fields().all(|(_, _, job)| job.get("permissions").is_some()) {
            self.found.add(
                "permissions",
                Medium,
                1,
                "no `permissions`: jobs get whatever the repository grants, which may be to write",
                "add `permissions:` with `contents: read`",
            );
        }
        for node in
            root.get("permissions").into_iter().chain(jobs.fields().filter_map(|(_, _, job)| job.get("permissions")))
        {
            if node.text() == Some("write-all") {
                self.found.add(
                    "permissions",
                    High,
                    line(node),
                    "`write-all` lets every action change everything",
                    "grant only what a job needs",
                );
            }
        }
        if root.get("permissions").is_some() {
            let wide = root
                .get("permissions")
                .into_iter()
                .flat_map(Node::fields)
                .filter(|(_, _, right)| right.text() == Some("write"));
            for (name, place, _) in wide.filter(|_| jobs.fields().count() > 1) {
                self.found.add(
                    "permissions",
                    Low,
                    place.line as usize,
                    format!("all jobs may write `{name}`"),
                    "grant it to the job that needs it",
                );
            }
        }
        self.needs(jobs);
        for (name, _, job) in jobs.fields() {
            self.job(name, job, &events);
        }
        self.expressions(root, &mut |lint, node, inside| {
            if inside.trim().is_empty() {
                lint.found.add("expression", High, line(node), "an empty expression", "write what it should say");
            }
        });
        let mut open = Vec::new();
        root.each_text("", &mut |_, place, text| {
            if text.matches("${{").count() > text.matches("}}").count() {
                open.push(place.line as usize);
            }
        });
        for line in open {
            self.found.add("expression", High, line, "`${{` is not closed", "end it by `}}`");
        }
    }

    fn needs(&mut self, jobs: &Node) {
        let mut edges: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let names: BTreeSet<&str> = jobs.fields().map(|(name, _, _)| name).collect();
        for (name, _, job) in jobs.fields() {
            let needs = texts(job.get("needs"));
            for (need, at) in &needs {
                if !names.contains(need) {
                    self.found.add(
                        "needs",
                        High,
                        *at,
                        format!("there is no job `{need}`"),
                        format!("the jobs are {}", names.iter().copied().collect::<Vec<_>>().join(", ")),
                    );
                }
            }
            edges.insert(name, needs.into_iter().map(|(need, _)| need).collect());
        }
        // What does not become ready when all ready jobs are done waits in a circle.
        let mut done: BTreeSet<&str> = BTreeSet::new();
        loop {
            let ready: Vec<&str> = edges
                .iter()
                .filter(|(name, needs)| {
                    !done.contains(*name) && needs.iter().all(|need| done.contains(need) || !names.contains(need))
                })
                .map(|(name, _)| *name)
                .collect();
            if ready.is_empty() {
                break;
            }
            done.extend(ready);
        }
        let stuck: Vec<&str> = names.iter().copied().filter(|name| !done.contains(name)).collect();
        if !stuck.is_empty() {
            let first =
                jobs.fields().find(|(name, _, _)| stuck.contains(name)).map_or(1, |(_, place, _)| place.line as usize);
            self.found.add(
                "needs",
                High,
                first,
                format!("{} wait for each other in a circle", stuck.join(", ")),
                "take one `needs` out",
            );
        }
    }

    fn job(&mut self, name: &str, job: &Node, events: &BTreeSet<&str>) {
        self.keys(job, JOB, &format!("the job `{name}`"));
        let at = line(job);
        if let Some(uses) = job.get("uses") {
            self.action(uses);
            return;
        }
        if job.get("runs-on").is_none() {
            self.found.add(
                "runs-on",
                High,
                at,
                format!("the job `{name}` does not say where it runs"),
                "add `runs-on: ubuntu-latest`",
            );
        }
        if job.get("timeout-minutes").is_none() {
            self.found.add(
                "timeout",
                Low,
                at,
                format!("the job `{name}` may hang for six hours"),
                "add `timeout-minutes`",
            );
        }
        let needs: BTreeSet<&str> = texts(job.get("needs")).into_iter().map(|(need, _)| need).collect();
        self.expressions(job, &mut |lint, node, inside| {
            for need in NEED_OUTPUT.iter().flat_map(|form| form.captures_iter(inside)).filter_map(|c| c.get(1)) {
                if !needs.contains(need.as_str()) {
                    lint.found.add(
                        "needs",
                        High,
                        line(node),
                        format!("`needs.{}` is empty: the job does not need it", need.as_str()),
                        "add it to `needs`",
                    );
                }
            }
        });
        for image in job
            .get("services")
            .into_iter()
            .flat_map(Node::fields)
            .filter_map(|(_, _, service)| service.get("image").or(Some(service)))
            .chain(job.get("container"))
        {
            if let Some(Err(why)) = image.text().map(pinned_image) {
                self.found.add(
                    "unpinned-image",
                    Medium,
                    line(image),
                    format!("`{}` {why}", image.text().unwrap_or_default()),
                    "use a version",
                );
            }
        }
        let steps = job.get("steps").map_or(&[][..], Node::items);
        if steps.is_empty() {
            self.found.add("no-step", High, at, format!("the job `{name}` has no step"), "add `steps:`");
        }
        let mut ids = BTreeSet::new();
        for step in steps {
            self.step(step, events, &mut ids);
        }
    }

    fn step<'n>(&mut self, step: &'n Node, events: &BTreeSet<&str>, ids: &mut BTreeSet<&'n str>) {
        self.keys(step, STEP, "a step");
        let at = line(step);
        match (step.get("uses"), step.get("run")) {
            (Some(_), Some(_)) => {
                self.found.add("step", High, at, "a step has either `uses` or `run`", "make two steps of it")
            }
            (None, None) => self.found.add("step", High, at, "the step does nothing", "add `uses` or `run`"),
            (Some(uses), None) => self.action(uses),
            (None, Some(run)) => self.script(run),
        }
        self.expressions(step, &mut |lint, node, inside| {
            for id in STEP_OUTPUT.iter().flat_map(|form| form.captures_iter(inside)).filter_map(|c| c.get(1)) {
                if !ids.contains(id.as_str()) {
                    lint.found.add(
                        "step-output",
                        Medium,
                        line(node),
                        format!("no earlier step has the id `{}`", id.as_str()),
                        "give the step that `id`",
                    );
                }
            }
        });
        if let Some(id) = step.get("id").and_then(Node::text)
            && !ids.insert(id)
        {
            self.found.add("step", High, at, format!("two steps have the id `{id}`"), "give each its own");
        }
        let action = step.get("uses").and_then(Node::text).unwrap_or_default();
        let with = |name: &str| step.get("with").and_then(|with| with.get(name));
        if action.starts_with("actions/checkout@") {
            let foreign = with("ref").and_then(Node::text).is_some_and(|text| text.contains("head"));
            if foreign && events.iter().any(|event| matches!(*event, "pull_request_target" | "workflow_run")) {
                self.found.add(
                    "foreign-code",
                    High,
                    at,
                    "code of a stranger is checked out where secrets and rights to write are",
                    "use `pull_request`, or do not check it out",
                );
            }
            let kept = !matches!(with("persist-credentials").map(|node| &node.value), Some(Value::Bool(false)))
                && with("persist-credentials").and_then(Node::text) != Some("false");
            if kept {
                self.found.add(
                    "credentials",
                    Info,
                    at,
                    "the token stays on disk for all later steps",
                    "add `with: {persist-credentials: false}`",
                );
            }
        }
        if action.starts_with("actions/github-script@") {
            with("script").into_iter().for_each(|script| self.script(script));
        }
    }

    fn action(&mut self, uses: &Node) {
        let text = uses.text().unwrap_or_default();
        if text.starts_with("./") {
            return;
        }
        if let Some(image) = text.strip_prefix("docker://") {
            if let Err(why) = pinned_image(image) {
                self.found.add("unpinned-action", Medium, line(uses), format!("`{text}` {why}"), "pin it by digest");
            }
            return;
        }
        let (name, version) = text.split_once('@').unwrap_or((text, ""));
        let sha = version.len() == 40 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
        let own = name.starts_with("actions/") || name.starts_with("github/");
        if !name.contains('/') {
            self.found.add(
                "unknown-action",
                High,
                line(uses),
                format!("`{text}` is no action"),
                "write `owner/name@version`",
            );
        } else if version.is_empty() {
            self.found.add(
                "unpinned-action",
                High,
                line(uses),
                format!("`{text}` has no version"),
                "pin it: `owner/name@<commit>`",
            );
        } else if matches!(version, "main" | "master" | "develop" | "HEAD" | "latest") {
            self.found.add(
                "unpinned-action",
                High,
                line(uses),
                format!("`{text}` is a branch: it changes under you"),
                "pin it by commit",
            );
        } else if !sha && !own {
            self.found.add(
                "unpinned-action",
                Medium,
                line(uses),
                format!("`{text}` is a tag that its owner can move"),
                "pin it by commit, with the tag as a comment",
            );
        }
    }

    fn script(&mut self, run: &Node) {
        self.expressions(run, &mut |lint, node, inside| {
            if FOREIGN.as_ref().is_some_and(|form| form.is_match(inside)) {
                lint.found.add(
                    "injection",
                    High,
                    line(node),
                    format!("`{}` is written by others and becomes part of the script", inside.trim()),
                    "hand it over in `env:` and use \"$NAME\"",
                );
            }
        });
        for (offset, text) in run.text().unwrap_or_default().lines().enumerate() {
            let at = line(run) + offset;
            let words = text.trim_start();
            if (words.starts_with("echo") || words.starts_with("printf") || words.starts_with("cat <<"))
                && text.contains("secrets.")
                && !text.contains("| ")
                && !text.contains('>')
            {
                self.found.add("secret-printed", High, at, "a secret is printed into the log", "do not print it");
            }
            if text.contains("::set-output") || text.contains("::save-state") {
                self.found.add("deprecated", Low, at, "`::set-output` is switched off", "append to \"$GITHUB_OUTPUT\"");
            }
            if (text.contains("curl ") || text.contains("wget "))
                && ["| sh", "| bash", "| sudo"].iter().any(|shell| text.contains(shell))
            {
                self.found.add(
                    "pipe-to-shell",
                    Medium,
                    at,
                    "what comes from the network is run unseen",
                    "fetch it, verify its checksum, then run it",
                );
            }
        }
    }

    /// Calls with the inside of every `${{ ... }}` below a node.
    fn expressions(&mut self, node: &Node, see: &mut dyn FnMut(&mut Self, &Node, &str)) {
        match &node.value {
            Value::Text(text) => {
                for inside in
                    EXPRESSION.iter().flat_map(|form| form.captures_iter(text)).filter_map(|captures| captures.get(1))
                {
                    see(self, node, inside.as_str());
                }
            }
            Value::List(items) => items.iter().for_each(|item| self.expressions(item, see)),
            Value::Map(fields) => fields.iter().for_each(|(_, value)| self.expressions(value, see)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// One text, or the texts of a list, with their lines.
fn texts(node: Option<&Node>) -> Vec<(&str, usize)> {
    let Some(node) = node else { return Vec::new() };
    match node.text() {
        Some(text) => vec![(text, line(node))],
        None => node.items().iter().filter_map(|item| Some((item.text()?, line(item)))).collect(),
    }
}

fn events(root: &Node) -> BTreeSet<&str> {
    let Some(on) = root.get("on") else { return BTreeSet::new() };
    let names = on.fields().map(|(name, _, _)| name);
    texts(Some(on)).into_iter().map(|(event, _)| event).chain(names).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run};
    use serde_json::json;

    const FINE: &str = "name: ci\non: [push, pull_request]\npermissions:\n  contents: read\njobs:\n  test:\n    runs-on: ubuntu-latest\n    timeout-minutes: 5\n    steps:\n      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n      - id: one\n        run: make test\n      - run: echo ${{ steps.one.outputs.x }}\n";

    fn rules(text: &str) -> Vec<String> {
        lint("ci.yml", text).into_iter().map(|finding| format!("{}:{}", finding.line, finding.rule)).collect()
    }

    #[test]
    fn a_sound_workflow_is_left_alone() {
        assert_eq!(rules(FINE), [] as [String; 0]);
        let own = include_str!("../../../../blueprint/src/templates/ci.yml")
            .replace("@TEST@", "test")
            .replace("@PACKAGE@", "x")
            .replace("@IMAGE@", "x");
        assert_eq!(lint("ci.yml", &own), []);
    }

    #[test]
    fn each_weakness_is_found_in_its_line() {
        for (from, to, want) in [
            ("permissions:\n  contents: read\n", "", &["1:permissions"][..]),
            ("permissions:\n  contents: read\n", "permissions: write-all\n", &["3:permissions"]),
            ("on: [push, pull_request]\n", "", &["1:no-trigger"]),
            ("    timeout-minutes: 5\n", "", &["7:timeout"]),
            ("runs-on", "run-on", &["7:runs-on", "7:unknown-key"]),
            ("actions/checkout@v4", "actions/checkout@main", &["10:unpinned-action"]),
            ("run: make test", "uses: someone/thing@v1", &["13:x"; 0]),
            ("make test", "echo \"${{ github.event.issue.title }}\"", &["14:injection"]),
            ("make test", "echo ${{ secrets.KEY }}", &["14:secret-printed"]),
            ("make test", "echo ${{ github.sha", &["14:expression"]),
            ("steps.one", "steps.two", &["15:step-output"]),
            ("    runs-on: ubuntu-latest", "    needs: build\n    runs-on: ubuntu-latest", &["7:needs"]),
            ("    runs-on: ubuntu-latest", "    needs: test\n    runs-on: ubuntu-latest", &["6:needs"]),
            ("name: ci", "name: ci\nname: ci", &["2:syntax"]),
            ("        run: make test\n", "        shell: bash\n", &["13:step"]),
        ] {
            let text = FINE.replace(from, to);
            assert_ne!(text, FINE, "{from}");
            if want.is_empty() {
                assert_eq!(rules(&text), ["14:unpinned-action"], "{to}");
            } else {
                assert_eq!(rules(&text), want, "{to}");
            }
        }
        let target = FINE.replace("[push, pull_request]", "pull_request_target").replace(
            "persist-credentials: false",
            "persist-credentials: false\n          ref: ${{ github.event.pull_request.head.sha }}",
        );
        assert_eq!(rules(&target), ["10:foreign-code"]);
    }

    #[tokio::test]
    async fn workflows_are_found_where_they_lie() {
        let files = [(".github/workflows/a.yml", "on: push"), ("a.yml", "x: 1")];
        let got = run(LintCi, json!({}), &mut context_with(&files)).await.unwrap();
        assert_eq!((&got["checked"], &got["findings"][0]["rule"]), (&json!(1), &json!("no-job")));
        assert!(run(LintCi, json!({}), &mut context()).await.unwrap_err().to_string().contains("no workflow"));
    }
}
