//! What software says it depends on: lists of Python, Node and Rust, read into one shape.

use crate::given::below;
use serde_json::Value;
use std::{borrow::Cow, collections::BTreeMap};

/// Where packages come from, by the name that package URLs have for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ecosystem {
    Cargo,
    Npm,
    Pypi,
}

impl Ecosystem {
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Cargo => "cargo",
            Self::Npm => "npm",
            Self::Pypi => "pypi",
        }
    }
}

/// A package that is depended on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Package {
    pub(super) ecosystem: Ecosystem,
    pub(super) name: String,
    /// The exact version, where it is known.
    pub(super) version: Option<String>,
    /// What is asked for, as it is written.
    pub(super) wanted: String,
    pub(super) licence: Option<String>,
    /// Algorithm and value of a hash, as the list has it.
    pub(super) hash: Option<(String, String)>,
    /// Names of packages that it needs itself, where the list tells.
    pub(super) needs: Vec<String>,
    pub(super) path: String,
    pub(super) line: usize,
    /// Told by a lock file, which names exact versions of everything.
    pub(super) locked: bool,
}

/// What could not be read: file and why.
pub(super) type Unread = (String, String);

/// The packages that all lists among these files name.
pub(super) fn packages(files: &BTreeMap<&str, Cow<'_, str>>) -> (Vec<Package>, Vec<Unread>) {
    let (mut found, mut unread) = (Vec::new(), Vec::new());
    for (path, text) in files {
        let name = path.rsplit('/').next().unwrap_or(path);
        let read = match name {
            _ if name.starts_with("requirements") && name.ends_with(".txt") => Ok(requirements(path, text)),
            "package.json" => json(text).map(|document| package_json(path, text, &document)),
            "package-lock.json" | "npm-shrinkwrap.json" => json(text).map(|document| package_lock(path, &document)),
            "pyproject.toml" => toml(text).map(|document| pyproject(path, text, &document)),
            "Cargo.lock" => toml(text).map(|document| cargo_lock(path, &document)),
            _ => continue,
        };
        match read {
            Ok(packages) => found.extend(packages),
            Err(why) => unread.push(((*path).to_owned(), why)),
        }
    }
    (found, unread)
}

fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|why| format!("it is no JSON: {why}"))
}

fn toml(text: &str) -> Result<Value, String> {
    toml::from_str(text).map_err(|why| format!("it is no TOML: {}", why.message()))
}

fn line_of(text: &str, what: &str) -> usize {
    text.lines().position(|line| line.contains(what)).map_or(0, |at| at + 1)
}

fn package(ecosystem: Ecosystem, name: &str, wanted: &str, path: &str, line: usize) -> Package {
    Package {
        ecosystem,
        name: name.to_owned(),
        version: None,
        wanted: wanted.to_owned(),
        licence: None,
        hash: None,
        needs: Vec::new(),
        path: path.to_owned(),
        line,
        locked: false,
    }
}

/// Names of Python packages are the same whatever their case and marks (PEP 503).
pub(super) fn normal(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim().chars() {
        if matches!(c, '-' | '_' | '.') {
            if !out.ends_with('-') {
                out.push('-');
            }
        } else {
            out.push(c.to_ascii_lowercase());
        }
    }
    out
}

/// One requirement of PEP 508: `name[extra] >=1,<2 ; marker` or `name @ address`.
fn requirement(text: &str, path: &str, line: usize) -> Option<Package> {
    let text = text.split(" #").next()?.split(';').next()?.split(" --").next()?.trim();
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))).unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end)?;
    if name.is_empty() {
        return None;
    }
    let rest = rest.trim_start();
    let rest = if rest.starts_with('[') { rest.split_once(']').map_or("", |(_, rest)| rest) } else { rest };
    let wanted = rest.trim().trim_start_matches('(').trim_end_matches(')').trim();
    let mut found = package(Ecosystem::Pypi, &normal(name), wanted, path, line);
    let exact = wanted.strip_prefix("===").or_else(|| wanted.strip_prefix("==")).map(str::trim);
    found.version = exact.filter(|version| !version.contains(['*', ','])).map(str::to_owned);
    Some(found)
}

fn requirements(path: &str, text: &str) -> Vec<Package> {
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate();
    while let Some((number, line)) = lines.next() {
        let mut whole = line.trim().to_owned();
        while whole.ends_with('\\') {
            whole.pop();
            whole.push(' ');
            whole.push_str(lines.next().map_or("", |(_, next)| next.trim()));
        }
        if whole.is_empty() || whole.starts_with(['#', '-']) {
            continue;
        }
        if whole.contains("://") && !whole.contains(" @ ") {
            let name = whole.rsplit_once("#egg=").map_or(whole.as_str(), |(_, name)| name);
            found.push(package(Ecosystem::Pypi, &normal(name), &whole, path, number + 1));
            continue;
        }
        let hash =
            whole.split_once("--hash=").map(|(_, hash)| hash.split_whitespace().next().unwrap_or(hash).to_owned());
        if let Some(mut one) = requirement(&whole, path, number + 1) {
            one.hash = hash.and_then(|hash| {
                hash.split_once(':').map(|(kind, value)| (kind.to_uppercase().replace("SHA", "SHA-"), value.to_owned()))
            });
            found.push(one);
        }
    }
    found
}

fn pyproject(path: &str, text: &str, document: &Value) -> Vec<Package> {
    let lists = below(document, &["project", "optional-dependencies"])
        .as_object()
        .into_iter()
        .flatten()
        .filter_map(|(_, list)| list.as_array());
    let listed = below(document, &["project", "dependencies"])
        .as_array()
        .into_iter()
        .chain(lists)
        .flatten()
        .filter_map(Value::as_str);
    let mut found: Vec<_> = listed.filter_map(|one| requirement(one, path, line_of(text, one))).collect();
    for (name, wanted) in below(document, &["tool", "poetry", "dependencies"])
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "python")
    {
        let wanted = wanted
            .as_str()
            .or_else(|| wanted["version"].as_str())
            .or_else(|| wanted["git"].as_str())
            .or_else(|| wanted["url"].as_str())
            .unwrap_or("*");
        let mut one = package(Ecosystem::Pypi, &normal(name), wanted, path, line_of(text, name));
        // A bare version is exact for Poetry only with `==`.
        one.version = wanted.strip_prefix("==").map(|version| version.trim().to_owned());
        found.push(one);
    }
    found
}

fn package_json(path: &str, text: &str, document: &Value) -> Vec<Package> {
    let kinds = ["dependencies", "devDependencies", "optionalDependencies", "peerDependencies"];
    let listed = kinds.iter().filter_map(|kind| document[kind].as_object()).flatten();
    listed
        .map(|(name, wanted)| {
            let wanted = wanted.as_str().unwrap_or_default();
            let mut one = package(Ecosystem::Npm, name, wanted, path, line_of(text, &format!("\"{name}\"")));
            one.version =
                semver::Version::parse(wanted.trim_start_matches('=')).ok().map(|version| version.to_string());
            one
        })
        .collect()
}

fn package_lock(path: &str, document: &Value) -> Vec<Package> {
    let all = document["packages"].as_object().into_iter().flatten().filter(|(place, _)| !place.is_empty());
    all.filter_map(|(place, entry)| {
        let name = place.rsplit_once("node_modules/").map(|(_, name)| name)?;
        let version = entry["version"].as_str()?;
        let mut one = package(Ecosystem::Npm, name, version, path, 0);
        one.version = Some(version.to_owned());
        one.licence = entry["license"].as_str().map(str::to_owned);
        // An address elsewhere than the registry is what counts.
        if let Some(address) =
            entry["resolved"].as_str().filter(|address| !address.starts_with("https://registry.npmjs.org/"))
        {
            one.wanted = address.to_owned();
        }
        one.needs = entry["dependencies"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
        one.locked = true;
        Some(one)
    })
    .collect()
}

fn cargo_lock(path: &str, document: &Value) -> Vec<Package> {
    let all = document["package"].as_array().into_iter().flatten();
    // Packages of the workspace itself have no source.
    all.filter_map(|entry| {
        let (name, version, source) = (entry["name"].as_str()?, entry["version"].as_str()?, entry["source"].as_str()?);
        let wanted = if source.starts_with("registry+") || source.starts_with("sparse+") { version } else { source };
        let mut one = package(Ecosystem::Cargo, name, wanted, path, 0);
        one.version = Some(version.to_owned());
        one.hash = entry["checksum"].as_str().map(|hash| ("SHA-256".to_owned(), hash.to_owned()));
        let needs = entry["dependencies"].as_array().into_iter().flatten().filter_map(Value::as_str);
        one.needs = needs.filter_map(|need| need.split(' ').next().map(str::to_owned)).collect();
        one.locked = true;
        Some(one)
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(path: &str, text: &str) -> Vec<(String, Option<String>, String, usize)> {
        let (found, unread) = packages(&[(path, Cow::Borrowed(text))].into());
        assert_eq!(unread, []);
        found.into_iter().map(|p| (p.name, p.version, p.wanted, p.line)).collect()
    }

    #[test]
    fn lists_of_every_kind() {
        let some = |text: &str| Some(text.to_owned());
        let text = "# needed\nFlask_SQLAlchemy[x]==3.1.1 ; python_version > '3'\nrequests>=2,<3\n-r other.txt\ngit+https://x.example/y.git#egg=y\nplain \\\n  ==1\n";
        assert_eq!(
            read("requirements-dev.txt", text),
            [
                ("flask-sqlalchemy".into(), some("3.1.1"), "==3.1.1".into(), 2),
                ("requests".into(), None, ">=2,<3".into(), 3),
                ("y".into(), None, "git+https://x.example/y.git#egg=y".into(), 5),
                ("plain".into(), some("1"), "==1".into(), 6),
            ]
        );
        assert_eq!(
            read("a/package.json", "{\n\"dependencies\": {\n\"left\": \"1.2.3\",\n\"right\": \"^1\"}}"),
            [("left".into(), some("1.2.3"), "1.2.3".into(), 3), ("right".into(), None, "^1".into(), 4),]
        );
        let lock = r#"{"packages": {"": {}, "node_modules/a": {"version": "1.0.0", "license": "MIT"}, "node_modules/a/node_modules/@b/c": {"version": "2.0.0"}}}"#;
        assert_eq!(read("package-lock.json", lock).into_iter().map(|p| p.0).collect::<Vec<_>>(), ["a", "@b/c"]);
        assert_eq!(
            read("pyproject.toml", "[project]\ndependencies = [\n  \"flask==3\",\n]\n")[0],
            ("flask".into(), some("3"), "==3".into(), 3)
        );
        let cargo = "[[package]]\nname = \"own\"\nversion = \"0.1.0\"\n[[package]]\nname = \"serde\"\nversion = \"1.0.0\"\nsource = \"registry+https://x\"\nchecksum = \"ab\"\n";
        assert_eq!(read("Cargo.lock", cargo), [("serde".into(), some("1.0.0"), "1.0.0".into(), 0)]);
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let (found, unread) = packages(&[("package.json", Cow::Borrowed("{")), ("a.txt", Cow::Borrowed("x"))].into());
        assert!(found.is_empty() && unread.len() == 1 && unread[0].1.contains("no JSON"));
    }
}
