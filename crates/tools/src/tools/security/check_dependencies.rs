//! `check_dependencies`: what the generated software pulls in from elsewhere.

use super::{
    Checked,
    manifests::{self, Ecosystem, Package},
};
use crate::{Effect, Error, Tool, Workspace, tool::NoArgs, tools::operations::pinned_image};
use maestro_artifacts::delivery::{SecurityFinding, Severity};
use regex::Regex;
use std::{collections::BTreeSet, sync::LazyLock};

pub(crate) struct CheckDependencies;

/// The modules of Python's standard library. Anything else is a dependency to be argued.
static STANDARD: LazyLock<BTreeSet<&str>> =
    LazyLock::new(|| include_str!("python-3.11.txt").lines().filter(|line| !line.starts_with('#')).collect());

static IMPORT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"^\s*(?:from\s+([A-Za-z_][\w.]*)\s+import|import\s+([A-Za-z_][\w., ]*))").ok());
static FROM: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)^\s*FROM\s+(\S+)").ok());
static SCRIPT: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r#"(?i)<(?:script|link|img)[^>]+(?:src|href)\s*=\s*["']?(?:https?:)?//"#).ok());

impl Tool for CheckDependencies {
    const NAME: &'static str = "check_dependencies";
    const DESCRIPTION: &'static str = "Lists what the software takes from elsewhere: Python modules that no list pins, packages without an exact version, from addresses, or with names one slip away from well-known ones, unpinned container images, scripts from other hosts.";
    const EFFECT: Effect = Effect::Reads;
    type Args = NoArgs;
    type Output = Checked;

    async fn call(&self, _: NoArgs, workspace: &mut Workspace<'_>) -> Result<Checked, Error> {
        let files = workspace.files();
        let (packages, unread) = manifests::packages(&workspace.texts());
        // A package may be imported by the name that it is asked for by.
        let listed: BTreeSet<String> = packages.iter().map(|package| package.name.replace('-', "_")).collect();
        // A module or package of the deliverable itself is no dependency.
        let own: BTreeSet<&str> = files
            .keys()
            .filter(|path| path.ends_with(".py"))
            .flat_map(|path| path.trim_end_matches(".py").split('/'))
            .chain(listed.iter().map(String::as_str))
            .collect();
        let mut findings: Vec<SecurityFinding> = Vec::new();
        let mut add = |file: &str, line, severity, message| {
            findings.push(SecurityFinding {
                check: "dependencies".into(),
                severity,
                file: file.to_owned(),
                line,
                message,
            });
        };
        for (path, why) in unread {
            add(&path, 0, Severity::Medium, why);
        }
        for package in &packages {
            for (severity, message) in asked_for(package) {
                add(&package.path, package.line, severity, message);
            }
        }
        for (path, bytes) in &files {
            for (number, line) in String::from_utf8_lossy(bytes).lines().enumerate() {
                for (severity, message) in problems(path, line, &own) {
                    add(path, number + 1, severity, message);
                }
            }
        }
        Ok(Checked { check: "dependencies", files: files.len(), findings })
    }
}

/// Names that are mistaken for: installed often, and imitated by others.
const WELL_KNOWN: &[(Ecosystem, &[&str])] = &[
    (
        Ecosystem::Pypi,
        &[
            "aiohttp",
            "beautifulsoup4",
            "boto3",
            "botocore",
            "certifi",
            "charset-normalizer",
            "click",
            "colorama",
            "cryptography",
            "django",
            "fastapi",
            "flask",
            "gunicorn",
            "httpx",
            "idna",
            "jinja2",
            "jsonschema",
            "lxml",
            "markupsafe",
            "matplotlib",
            "numpy",
            "openai",
            "packaging",
            "pandas",
            "pillow",
            "psycopg2",
            "pydantic",
            "pyjwt",
            "pytest",
            "python-dateutil",
            "pytz",
            "pyyaml",
            "redis",
            "requests",
            "scipy",
            "selenium",
            "setuptools",
            "six",
            "sqlalchemy",
            "tensorflow",
            "torch",
            "tqdm",
            "typing-extensions",
            "urllib3",
            "uvicorn",
            "werkzeug",
            "wheel",
        ],
    ),
    (
        Ecosystem::Npm,
        &[
            "axios",
            "babel-core",
            "chalk",
            "commander",
            "cross-env",
            "debug",
            "dotenv",
            "electron",
            "eslint",
            "express",
            "fs-extra",
            "jest",
            "jquery",
            "lodash",
            "minimist",
            "mocha",
            "moment",
            "mongoose",
            "next",
            "node-fetch",
            "nodemailer",
            "prettier",
            "prop-types",
            "react",
            "react-dom",
            "request",
            "rimraf",
            "rxjs",
            "semver",
            "socket.io",
            "typescript",
            "underscore",
            "uuid",
            "vite",
            "webpack",
            "yargs",
        ],
    ),
    (
        Ecosystem::Cargo,
        &[
            "anyhow",
            "async-trait",
            "axum",
            "bytes",
            "chrono",
            "clap",
            "futures",
            "hyper",
            "itertools",
            "libc",
            "log",
            "once_cell",
            "rand",
            "rayon",
            "regex",
            "reqwest",
            "rusqlite",
            "rustls",
            "serde",
            "serde_json",
            "syn",
            "thiserror",
            "tokio",
            "toml",
            "tracing",
            "url",
            "uuid",
        ],
    ),
];

/// What is wrong with how a package is asked for.
fn asked_for(package: &Package) -> Vec<(Severity, String)> {
    let mut found = Vec::new();
    let (name, wanted) = (package.name.as_str(), package.wanted.as_str());
    let address = wanted.contains("://")
        || wanted.starts_with("git@")
        || wanted.starts_with("github:")
        || wanted.starts_with("file:")
        || wanted.starts_with('@');
    if address {
        found.push((
            Severity::High,
            format!(
                "`{name}` comes from the address `{}` and not from a registry",
                wanted.split('?').next().unwrap_or(wanted)
            ),
        ));
    } else if package.version.is_none() {
        let every = wanted.is_empty() || matches!(wanted, "*" | "x" | "latest" | "any" | ">=0");
        let message = if every {
            format!("`{name}` may be any version")
        } else {
            format!("`{name}` may be any version that fits `{wanted}`")
        };
        found.push((if every { Severity::High } else { Severity::Medium }, message));
    }
    let known =
        WELL_KNOWN.iter().find(|(ecosystem, _)| *ecosystem == package.ecosystem).map_or(&[][..], |(_, names)| names);
    if !known.contains(&name) && name.len() > 3 {
        let near = known.iter().find(|other| {
            let far = strsim::osa_distance(name, other);
            // Longer names leave room for two slips.
            far == 1
                || (far == 2 && other.len() >= 9)
                || name.replace(['-', '_', '.'], "") == other.replace(['-', '_', '.'], "")
        });
        if let Some(near) = near {
            found.push((Severity::High, format!("`{name}` is one slip away from the well-known `{near}`")));
        }
    }
    found
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
            if let Err(why) = pinned_image(image) {
                found.push((Severity::Medium, format!("the image `{image}` {why}")));
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
        for fine in [
            "import json, re",
            "from service.store import Store",
            "from http.server import X",
            "x = 'import y'",
            "from concurrent.futures import ThreadPoolExecutor",
            "from __future__ import annotations",
            "import asyncio, ssl, tomllib, xml.etree.ElementTree as tree",
        ] {
            assert_eq!(said("service/a.py", fine), [] as [String; 0], "{fine}");
        }
        assert!(said("service/a.py", "import json, requests")[0].contains("`requests`"));
        assert!(said("service/a.py", "from flask.views import V")[0].contains("`flask`"));
    }

    #[tokio::test]
    async fn packages_are_pinned_come_from_registries_and_are_what_they_seem() {
        use crate::testing::{context_with, run};
        use serde_json::json;
        let files = [
            (
                "requirements.txt",
                "flask==3.1.0\nrequests>=2\nreqeusts==1.0\npandas\ngit+https://x.example/y.git#egg=y\n",
            ),
            (
                "package.json",
                "{\"dependencies\": {\n\"express\": \"5.1.0\",\n\"loadsh\": \"1.0.0\",\n\"chalk\": \"*\"}}",
            ),
            ("service/a.py", "import flask\nimport numpy\n"),
        ];
        let got = run(CheckDependencies, json!({}), &mut context_with(&files)).await.unwrap();
        let told: Vec<_> = got["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{}:{} {}", f["file"].as_str().unwrap(), f["line"], f["severity"].as_str().unwrap()))
            .collect();
        assert_eq!(
            told,
            [
                "package.json:4 high",
                "package.json:3 high",
                "requirements.txt:2 medium",
                "requirements.txt:3 high",
                "requirements.txt:4 high",
                "requirements.txt:5 high",
                "service/a.py:2 high",
            ]
        );
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
