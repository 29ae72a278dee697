//! `generate_sbom`: the software bill of materials in CycloneDX 1.6, from the lists of dependencies in the deliverable.

use super::manifests::{self, Ecosystem, Package};
use crate::{Effect, Error, Tool, Workspace, given::below};
use maestro_domain::ContentHash;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(crate) struct GenerateSbom;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Name of the software
    name: String,
    /// Its version
    version: String,
    /// Where to write it
    #[serde(default = "path")]
    path: String,
}

fn path() -> String {
    "security/sbom.cdx.json".to_owned()
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    components: usize,
    /// Lists that were read.
    lists: Vec<String>,
    /// Packages whose version no list fixes: they stand in the document without one.
    unpinned: Vec<String>,
    document: Value,
}

impl Tool for GenerateSbom {
    const NAME: &'static str = "generate_sbom";
    const DESCRIPTION: &'static str = "Writes the software bill of materials (CycloneDX 1.6 JSON) from requirements.txt, pyproject.toml, package.json, package-lock.json and Cargo.lock: components with package URLs, versions, hashes, licences and what depends on what.";
    const EFFECT: Effect = Effect::WritesArtifact;
    const REST: &'static str = "read the file that was written";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        if args.name.trim().is_empty() || args.version.trim().is_empty() {
            return Err(Error::Respond("`name` and `version` must not be empty".to_owned()));
        }
        let (packages, unread) = manifests::packages(&workspace.texts());
        if let Some((path, why)) = unread.first() {
            return Err(Error::Respond(format!("`{path}` cannot be read: {why}")));
        }
        let (document, unpinned) = bom(&args, &packages);
        let text = serde_json::to_string_pretty(&document)
            .map_err(|why| Error::Fatal { tool: Self::NAME.to_owned(), source: why.into() })?;
        workspace.write(&args.path, format!("{text}\n"))?;
        let mut lists: Vec<String> = packages.iter().map(|package| package.path.clone()).collect();
        lists.dedup();
        let components = below(&document, &["components"]).as_array().map_or(0, Vec::len);
        Ok(Output { path: args.path, components, lists, unpinned, document })
    }
}

/// The package's address: `pkg:npm/%40scope/name@1.0.0`.
fn purl(package: &Package) -> String {
    let encoded = |text: &str| {
        text.bytes().fold(String::new(), |mut out, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
                out.push(char::from(byte));
            } else {
                out.push_str(&format!("%{byte:02X}"));
            }
            out
        })
    };
    let version = package.version.as_ref().map(|version| format!("@{}", encoded(version))).unwrap_or_default();
    format!("pkg:{}/{}{version}", package.ecosystem.id(), encoded(&package.name))
}

fn bom(args: &Args, packages: &[Package]) -> (Value, Vec<String>) {
    // A lock file knows exactly what a list only asks for.
    let locked = |one: &Package| {
        packages.iter().any(|other| other.locked && other.ecosystem == one.ecosystem && other.name == one.name)
    };
    let kept = packages.iter().filter(|package| package.locked || !locked(package));
    let mut unique: BTreeMap<String, &Package> = BTreeMap::new();
    for package in kept {
        unique.entry(purl(package)).or_insert(package);
    }
    let mut unpinned: Vec<String> =
        unique.values().filter(|package| package.version.is_none()).map(|package| package.name.clone()).collect();
    unpinned.sort();
    let components: Vec<Value> = unique
        .iter()
        .map(|(purl, package)| {
            let mut component = json!({"type": "library", "bom-ref": purl, "name": package.name, "purl": purl});
            if let Some(members) = component.as_object_mut() {
                members.extend(package.version.iter().map(|version| ("version".to_owned(), json!(version))));
                members.extend(package.licence.iter().map(|licence| ("licenses".to_owned(), licences(licence))));
                members.extend(
                    package
                        .hash
                        .iter()
                        .map(|(kind, value)| ("hashes".to_owned(), json!([{"alg": kind, "content": value}]))),
                );
            }
            component
        })
        .collect();
    let root = format!("{}@{}", args.name, args.version);
    let refs = |names: &[String], ecosystem: Ecosystem| -> Vec<&String> {
        unique
            .iter()
            .filter(|(_, package)| package.ecosystem == ecosystem && names.contains(&package.name))
            .map(|(purl, _)| purl)
            .collect()
    };
    let direct: Vec<&String> = unique
        .iter()
        .filter(|(_, package)| {
            !package.locked
                || packages.iter().any(|p| !p.locked && p.ecosystem == package.ecosystem && p.name == package.name)
        })
        .map(|(purl, _)| purl)
        .collect();
    let mut dependencies = vec![json!({"ref": root, "dependsOn": direct})];
    dependencies.extend(
        unique.iter().map(|(purl, package)| json!({"ref": purl, "dependsOn": refs(&package.needs, package.ecosystem)})),
    );
    let mut document = json!({
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {"type": "application", "bom-ref": root, "name": args.name, "version": args.version},
            "tools": {"components": [{"type": "application", "name": "maestro", "version": env!("CARGO_PKG_VERSION")}]},
        },
        "components": components,
        "dependencies": dependencies,
    });
    // The same document has the same number.
    let serial = serial(&document);
    if let Some(members) = document.as_object_mut() {
        members.insert("serialNumber".to_owned(), json!(serial));
    }
    (document, unpinned)
}

/// A licence as an id where SPDX knows it, else as an expression or a name.
fn licences(text: &str) -> Value {
    if spdx::license_id(text).is_some() {
        json!([{"license": {"id": text}}])
    } else if spdx::Expression::parse(text).is_ok() {
        json!([{"expression": text}])
    } else {
        json!([{"license": {"name": text}}])
    }
}

/// A UUID of version 8 made of the document's hash.
fn serial(document: &Value) -> String {
    let hash = ContentHash::of(document.to_string().as_bytes()).to_string();
    let digits: String = hash.chars().rev().filter(char::is_ascii_hexdigit).take(32).collect();
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    format!("urn:uuid:{}-{}-8{}-a{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context_with, run};

    #[tokio::test]
    async fn components_know_their_versions_hashes_licences_and_needs() {
        let lock = r#"{"packages": {"": {}, "node_modules/@a/b": {"version": "1.0.0", "license": "MIT", "dependencies": {"c": "^2"}}, "node_modules/c": {"version": "2.1.0", "license": "MIT OR Apache-2.0"}}}"#;
        let files = [
            ("requirements.txt", "flask==3.1.0 --hash=sha256:ab\nrequests\n"),
            ("package.json", r#"{"dependencies": {"@a/b": "^1"}}"#),
            ("package-lock.json", lock),
        ];
        let mut context = context_with(&files);
        let got = run(GenerateSbom, json!({"name": "tools", "version": "1.0.0"}), &mut context).await.unwrap();
        let written: Value = serde_json::from_slice(&context.own["security/sbom.cdx.json"]).unwrap();
        assert_eq!((&written["bomFormat"], &written["specVersion"]), (&json!("CycloneDX"), &json!("1.6")));
        let purls: Vec<_> =
            written["components"].as_array().unwrap().iter().map(|c| c["purl"].as_str().unwrap()).collect();
        assert_eq!(purls, ["pkg:npm/%40a/b@1.0.0", "pkg:npm/c@2.1.0", "pkg:pypi/flask@3.1.0", "pkg:pypi/requests"]);
        assert_eq!(written["components"][0]["licenses"], json!([{"license": {"id": "MIT"}}]));
        assert_eq!(written["components"][1]["licenses"], json!([{"expression": "MIT OR Apache-2.0"}]));
        assert_eq!(written["components"][2]["hashes"], json!([{"alg": "SHA-256", "content": "ab"}]));
        assert_eq!(
            written["dependencies"][1],
            json!({"ref": "pkg:npm/%40a/b@1.0.0", "dependsOn": ["pkg:npm/c@2.1.0"]})
        );
        assert_eq!(
            written["dependencies"][0]["dependsOn"],
            json!(["pkg:npm/%40a/b@1.0.0", "pkg:pypi/flask@3.1.0", "pkg:pypi/requests"])
        );
        assert_eq!(got["unpinned"], json!(["requests"]));
        let uuid = written["serialNumber"].as_str().unwrap().strip_prefix("urn:uuid:").unwrap();
        assert_eq!(uuid.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
    }

    #[tokio::test]
    async fn software_without_dependencies_has_an_empty_bill_and_bad_lists_are_told() {
        let args = || json!({"name": "tools", "version": "1.0.0"});
        assert_eq!(run(GenerateSbom, args(), &mut context_with(&[])).await.unwrap()["components"], 0);
        let error = run(GenerateSbom, args(), &mut context_with(&[("Cargo.lock", "x")])).await.unwrap_err();
        assert!(error.to_string().contains("`Cargo.lock` cannot be read"), "{error}");
    }
}
