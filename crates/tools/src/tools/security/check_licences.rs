//! `check_licences`: whether the licences of what is depended on are known, and allowed.

use super::manifests;
use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
};
use maestro_artifacts::delivery::Severity::{High, Low, Medium};
use schemars::JsonSchema;
use serde::Deserialize;

pub(crate) struct CheckLicences;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Component {
    /// Its name
    name: String,
    /// Its licence as an SPDX expression, such as `MIT OR Apache-2.0`
    licence: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Components with their licences, besides those that lock files tell
    #[serde(default)]
    components: Vec<Component>,
    /// SPDX ids that are allowed; the usual permissive ones when left out
    #[serde(default)]
    allow: Vec<String>,
    /// SPDX ids that are never allowed
    #[serde(default)]
    deny: Vec<String>,
}

/// Licences that ask for little more than to be named.
const PERMISSIVE: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "PSF-2.0",
    "Python-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "BlueOak-1.0.0",
];

impl Tool for CheckLicences {
    const NAME: &'static str = "check_licences";
    const DESCRIPTION: &'static str = "Checks the licences of dependencies (given, or told by lock files) as SPDX expressions against what is allowed and denied: unknown ids, copyleft, missing licences, licences under deprecated names.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Report;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        for id in args.allow.iter().chain(&args.deny) {
            if spdx::license_id(id).is_none() {
                let near = spdx::imprecise_license_id(id)
                    .map(|(known, _)| format!("; did you mean `{}`?", known.name))
                    .unwrap_or_default();
                return Err(Error::Respond(format!("`{id}` is no licence of SPDX{near}")));
            }
        }
        let (packages, unread) = manifests::packages(&workspace.texts());
        let mut findings = Vec::new();
        for (path, why) in unread {
            let mut found = Findings::of(&path);
            found.add("unread", High, 0, why, "mend the file");
            findings.extend(found.finish());
        }
        let mut checked = 0;
        for component in &args.components {
            checked += 1;
            findings.extend(judge(&component.name, Some(&component.licence), &args));
        }
        for package in packages.iter().filter(|package| !args.components.iter().any(|given| given.name == package.name))
        {
            // Rust's lock files tell no licences; cargo-deny reads the packages themselves.
            let told = package.licence.is_some() || package.ecosystem != manifests::Ecosystem::Cargo;
            let better = package.locked || !packages.iter().any(|other| other.locked && other.name == package.name);
            if told && better {
                checked += 1;
                findings.extend(judge(&package.name, package.licence.as_deref(), &args));
            }
        }
        Ok(Report { checked, findings })
    }
}

fn judge(name: &str, licence: Option<&str>, args: &Args) -> Vec<Finding> {
    let mut found = Findings::of(name);
    let Some(licence) = licence.map(str::trim).filter(|licence| !licence.is_empty()) else {
        found.add(
            "missing",
            Medium,
            0,
            format!("nobody says under which licence `{name}` is"),
            "look it up, and give it in `components`",
        );
        return found.finish();
    };
    let expression = match spdx::Expression::parse(licence) {
        Ok(expression) => expression,
        Err(why) => {
            let near = spdx::imprecise_license_id(licence).map(|(known, _)| format!("did you mean `{}`?", known.name));
            found.add(
                "unknown",
                High,
                0,
                format!("`{licence}` of `{name}` is no expression of SPDX: {}", why.reason),
                near.unwrap_or_else(|| "write an SPDX id, or an expression of several".to_owned()),
            );
            return found.finish();
        }
    };
    let allowed = |id: &str| {
        let named = args.allow.iter().any(|allow| allow == id) || (args.allow.is_empty() && PERMISSIVE.contains(&id));
        named && !args.deny.iter().any(|deny| deny == id)
    };
    if !expression.evaluate(|licence| licence.license.id().is_some_and(|id| allowed(id.name))) {
        let ids: Vec<_> = expression.requirements().filter_map(|required| required.req.license.id()).collect();
        let copyleft = ids.iter().any(|id| id.is_copyleft());
        let denied = ids.iter().any(|id| args.deny.iter().any(|deny| deny == id.name));
        let what = match (denied, copyleft) {
            (true, _) => "is denied",
            (_, true) => "asks that what is built with it is passed on under it",
            _ => "is not among those allowed",
        };
        found.add(
            "not-allowed",
            High,
            0,
            format!("`{licence}` of `{name}` {what}"),
            "take another package, or let the licence be allowed by who may",
        );
    }
    for required in expression.requirements() {
        if let Some(id) = required.req.license.id().filter(|id| id.is_deprecated()) {
            found.add(
                "deprecated",
                Low,
                0,
                format!("`{}` is a name that SPDX has given up", id.name),
                "write `-only` or `-or-later`",
            );
        }
    }
    found.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run};
    use serde_json::{Value, json};

    async fn told(licence: &str, more: Value) -> Vec<String> {
        let mut args = json!({"components": [{"name": "a", "licence": licence}]});
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let got = run(CheckLicences, args, &mut context()).await.unwrap();
        got["findings"].as_array().unwrap().iter().map(|f| f["rule"].as_str().unwrap().to_owned()).collect()
    }

    #[tokio::test]
    async fn expressions_are_judged_as_a_whole() {
        let none = json!({});
        for (licence, want) in [
            ("MIT", &[][..]),
            ("MIT OR GPL-3.0-only", &[]),
            ("MIT AND GPL-3.0-only", &["not-allowed"]),
            ("GPL-3.0-only", &["not-allowed"]),
            ("Apache-2.0 WITH LLVM-exception", &[]),
            ("Apache 2", &["unknown"]),
            ("", &["missing"]),
        ] {
            assert_eq!(told(licence, none.clone()).await, want, "{licence}");
        }
        assert_eq!(told("MPL-2.0", json!({"allow": ["MPL-2.0"]})).await, [] as [String; 0]);
        assert_eq!(told("MIT", json!({"deny": ["MIT"]})).await, ["not-allowed"]);
        let error = run(CheckLicences, json!({"allow": ["mit licence"]}), &mut context()).await.unwrap_err();
        assert!(error.to_string().contains("is no licence of SPDX"), "{error}");
    }

    #[tokio::test]
    async fn lock_files_tell_licences() {
        let lock = r#"{"packages": {"node_modules/a": {"version": "1.0.0", "license": "AGPL-3.0-only"}, "node_modules/b": {"version": "1.0.0", "license": "ISC"}}}"#;
        let got = run(
            CheckLicences,
            json!({}),
            &mut context_with(&[("package-lock.json", lock), ("requirements.txt", "flask==3\n")]),
        )
        .await
        .unwrap();
        let told: Vec<_> = got["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| (f["path"].as_str().unwrap(), f["rule"].as_str().unwrap()))
            .collect();
        assert_eq!((told, &got["checked"]), (vec![("a", "not-allowed"), ("flask", "missing")], &json!(3)));
    }
}
