//! `check_dependencies`: what the generated software pulls in from elsewhere.

use super::Checked;
use crate::{Effect, Error, Tool, Workspace, tool::NoArgs};
use maestro_artifacts::delivery::{SecurityFinding, Severity};
use regex::Regex;
use std::{collections::BTreeSet, sync::LazyLock};

pub(crate) struct CheckDependencies;

/// The modules of Python's standard library that a service may need. Anything else is a dependency to be argued.
const STANDARD: &[&str] = &[
    "__future__",
    "abc",
    "argparse",
    "atexit",
    "base64",
    "bisect",
    "calendar",
    "collections",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "decimal",
    "enum",
    "errno",
    "email",
    "fractions",
    "functools",
    "gc",
    "hashlib",
    "hmac",
    "html",
    "http",
    "importlib",
    "inspect",
    "io",
    "itertools",
    "json",
    "logging",
    "math",
    "mimetypes",
    "operator",
    "os",
    "pathlib",
    "queue",
    "random",
    "re",
    "secrets",
    "select",
    "shutil",
    "signal",
    "socket",
    "socketserver",
    "sqlite3",
    "statistics",
    "string",
    "struct",
    "subprocess",
    "sys",
    "tempfile",
    "textwrap",
    "threading",
    "time",
    "traceback",
    "types",
    "typing",
    "unicodedata",
    "unittest",
    "urllib",
    "uuid",
    "warnings",
    "weakref",
    "zoneinfo",
];

static IMPORT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(?:from\s+([A-Za-z_][\w.]*)\s+import|import\s+([A-Za-z_][\w., ]*))").ok());
static FROM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)^\s*FROM\s+(\S+)").ok());
static SCRIPT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)<(?:script|link|img)[^>]+(?:src|href)\s*=\s*["']?(?:https?:)?//"#).ok());

impl Tool for CheckDependencies {
    const NAME: &'static str = "check_dependencies";
    const DESCRIPTION: &'static str = "Lists what the software takes from elsewhere: Python modules outside the standard library, unpinned container \
         images, scripts from other hosts.";
    const EFFECT: Effect = Effect::Reads;
    type Args = NoArgs;
    type Output = Checked;

    async fn call(&self, _: NoArgs, workspace: &mut Workspace<'_>) -> Result<Checked, Error> {
        let files = workspace.files();
        // A module or package of the deliverable itself is no dependency.
        let own: BTreeSet<&str> = files
            .keys()
            .filter(|path| path.ends_with(".py"))
            .flat_map(|path| path.trim_end_matches(".py").split('/'))
            .collect();
        let mut findings = Vec::new();
        for (path, bytes) in &files {
            for (number, line) in String::from_utf8_lossy(bytes).lines().enumerate() {
                for (severity, message) in problems(path, line, &own) {
                    findings.push(SecurityFinding {
                        check: "dependencies".into(),
                        severity,
                        file: (*path).to_owned(),
                        line: number + 1,
                        message,
                    });
                }
            }
        }
        Ok(Checked { check: "dependencies", files: files.len(), findings })
    }
}

fn problems(path: &str, line: &str, own: &BTreeSet<&str>) -> Vec<(Severity, String)> {
    let captures = |regex: &'static LazyLock<Option<Regex>>| regex.as_ref().and_then(|r| r.captures(line));
    let mut found = Vec::new();
    if path.ends_with(".py") {
        if let Some(import) = captures(&IMPORT) {
            let names = import.get(1).or_else(|| import.get(2)).map_or("", |m| m.as_str());
            for name in names.split(',') {
                let module = name.trim().split([' ', '.']).next().unwrap_or_default();
                if !module.is_empty() && !STANDARD.contains(&module) && !own.contains(module) {
                    let message = format!("`{module}` is not in the standard library and nothing pins its version");
                    found.push((Severity::High, message));
                }
            }
        }
    } else if path.ends_with("Dockerfile") {
        if let Some(image) = captures(&FROM).and_then(|c| c.get(1)) {
            let image = image.as_str();
            let tag = image.rsplit('/').next().and_then(|name| name.split_once([':', '@']));
            if tag.is_none_or(|(_, tag)| tag == "latest") {
                found.push((Severity::Medium, format!("the image `{image}` is not pinned to a version")));
            }
        }
    } else if path.ends_with(".html") && SCRIPT.as_ref().is_some_and(|r| r.is_match(line)) {
        found.push((Severity::High, "the page loads a resource from another host".to_owned()));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(path: &str, line: &str) -> Vec<String> {
        problems(path, line, &["service"].into()).into_iter().map(|(_, message)| message).collect()
    }

    #[test]
    fn tells_foreign_from_own_and_standard() {
        for fine in
            ["import json, re", "from service.store import Store", "from http.server import X", "x = 'import y'"]
        {
            assert_eq!(said("service/a.py", fine), [] as [String; 0], "{fine}");
        }
        assert!(said("service/a.py", "import json, requests")[0].contains("`requests`"));
        assert!(said("service/a.py", "from flask.views import V")[0].contains("`flask`"));
    }

    #[test]
    fn images_and_pages() {
        assert_eq!(said("Dockerfile", "FROM python:3.12-slim").len(), 0);
        assert_eq!(said("Dockerfile", "FROM python").len(), 1);
        assert_eq!(said("Dockerfile", "FROM ghcr.io/x/python:latest").len(), 1);
        assert_eq!(said("web/index.html", "<script src=\"/web/app.js\">").len(), 0);
        assert_eq!(said("web/index.html", "<script src='//cdn.example/x.js'>").len(), 1);
    }
}
