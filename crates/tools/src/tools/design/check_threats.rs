//! `check_threats`: whether a threat model leaves something out: classes, records, flows, and what stands against each threat.

use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
    given::{self, model_schema},
};
use maestro_artifacts::{
    FieldKind, RuleKind, SecurityReport, ServiceModel,
    delivery::Severity::{High, Low, Medium},
};
use maestro_domain::ArtifactKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

pub(crate) struct CheckThreats;

/// One threat as a security report has it.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Threat {
    /// STRIDE class: `spoofing`, `tampering`, `repudiation`, `information_disclosure`, `denial_of_service`, `elevation_of_privilege`
    class: String,
    /// What could happen, to what
    threat: String,
    /// What stands against it; empty when nothing does
    mitigation: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The threats; those of the security report that was handed over when left out
    #[serde(default)]
    threats: Option<Vec<Threat>>,
    /// Names of elements or flows that must each have a threat, besides the records of the model
    #[serde(default)]
    must_cover: Vec<String>,
    /// The service model; the one handed over when left out, and none where there is none
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
}

const CLASSES: &[&str] =
    &["spoofing", "tampering", "repudiation", "information_disclosure", "denial_of_service", "elevation_of_privilege"];

impl Tool for CheckThreats {
    const NAME: &'static str = "check_threats";
    const DESCRIPTION: &'static str = "Checks a threat model: unknown or missing STRIDE classes, records and flows without a threat, empty or hollow mitigations, threats told twice, roles, money and personal data that no threat is about.";
    const EFFECT: Effect = Effect::Reads;
    type Args = Args;
    type Output = Report;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let threats = match args.threats {
            Some(threats) => threats,
            None => handed_over(workspace)?,
        };
        let model = match given::model(args.model.clone(), workspace) {
            Ok(model) => model,
            Err(_) if args.model.is_none() => ServiceModel::default(),
            Err(why) => return Err(why),
        };
        Ok(Report { checked: threats.len(), findings: check(&threats, &args.must_cover, &model) })
    }
}

fn handed_over(workspace: &Workspace<'_>) -> Result<Vec<Threat>, Error> {
    let report = workspace.context().upstream.get(&ArtifactKind::Security);
    let report = report
        .ok_or_else(|| Error::Respond("no security report was handed over yet: give the `threats`".to_owned()))?;
    let report: SecurityReport = given::typed(&report.document, "the security report")?;
    Ok(report
        .threats
        .into_iter()
        .map(|t| Threat { class: t.class, threat: t.threat, mitigation: t.mitigation })
        .collect())
}

fn check(threats: &[Threat], must: &[String], model: &ServiceModel) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut known = BTreeSet::new();
    for (at, threat) in threats.iter().enumerate() {
        let place = format!("threats/{at}");
        let mut found = Findings::of(&place);
        if !CLASSES.contains(&threat.class.as_str()) {
            found.add(
                "class",
                High,
                0,
                format!("`{}` is no class of STRIDE", threat.class),
                format!("use one of {}", CLASSES.join(", ")),
            );
        }
        let mitigation = threat.mitigation.trim();
        if mitigation.is_empty() {
            found.add(
                "open",
                High,
                0,
                format!("nothing stands against `{}`", short(&threat.threat)),
                "say what does, or `accepted: ` and who accepts it why",
            );
        } else if hollow(mitigation) {
            found.add(
                "hollow",
                Medium,
                0,
                format!("`{}` does not say what is done", short(mitigation)),
                "name what is in the code, the design or the deployment",
            );
        }
        if threat.threat.split_whitespace().count() < 4 {
            found.add(
                "vague",
                Medium,
                0,
                format!("`{}` does not say what happens to what", threat.threat),
                "name who does what to which record",
            );
        }
        let words: String = threat.threat.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
        if !known.insert((threat.class.clone(), words)) {
            found.add("twice", Low, 0, format!("`{}` is told twice", short(&threat.threat)), "keep one");
        }
        findings.extend(found.finish());
    }
    let mut found = Findings::of("threats");
    for class in CLASSES.iter().filter(|class| !threats.iter().any(|threat| threat.class == **class)) {
        found.add(
            "class",
            Medium,
            0,
            format!("no threat is of the class `{class}`"),
            "ask for it at each element, and say why where there is none",
        );
    }
    let about = |words: &[&str]| {
        threats.iter().any(|threat| {
            let text = format!("{} {}", threat.threat, threat.mitigation).to_lowercase();
            words.iter().any(|word| text.contains(&word.to_lowercase()))
        })
    };
    for name in must.iter().filter(|name| !about(&[name])) {
        found.add("not-covered", High, 0, format!("no threat is about `{name}`"), "add what could happen to it");
    }
    for entity in &model.entities {
        if !about(&[&entity.plural, &entity.name]) {
            found.add(
                "not-covered",
                Medium,
                0,
                format!("no threat is about {}", entity.plural),
                "add what could happen to them",
            );
        }
    }
    let of = |class: &str| threats.iter().any(|threat| threat.class == class);
    let restricted = model.rules.iter().any(|rule| {
        matches!(
            rule.demand,
            RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. } | RuleKind::TransitionRole { .. }
        )
    });
    if restricted && !(of("elevation_of_privilege") && of("spoofing")) {
        found.add(
            "roles",
            High,
            0,
            "the model restricts by role, and no threat is about taking one",
            "add spoofing and elevation of privilege for the roles",
        );
    }
    let money =
        model.entities.iter().any(|entity| entity.fields.iter().any(|field| matches!(field.kind, FieldKind::Money)));
    if money
        && !threats.iter().any(|t| {
            t.class == "tampering"
                && ["amount", "money", "price", "fee", "cost", "pay"]
                    .iter()
                    .any(|word| t.threat.to_lowercase().contains(word))
        })
    {
        found.add(
            "money",
            Medium,
            0,
            "the model keeps money, and no threat is about changing an amount",
            "add tampering with amounts",
        );
    }
    findings.extend(found.finish());
    findings
}

/// Words that say that something is done, and not what.
fn hollow(text: &str) -> bool {
    let lower = text.to_lowercase();
    let lower = lower.trim_matches(|c: char| !c.is_alphanumeric());
    const HOLLOW: &[&str] = &[
        "tbd",
        "todo",
        "n/a",
        "na",
        "none",
        "yes",
        "security",
        "best practices",
        "be careful",
        "secure coding",
        "handled",
        "mitigated",
        "not applicable",
        "unknown",
        "see above",
        "accepted",
        "will be done",
        "later",
    ];
    HOLLOW.contains(&lower) || lower.split_whitespace().count() < 3
}

fn short(text: &str) -> String {
    text.chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    fn threats() -> Vec<Value> {
        CLASSES.iter().map(|class| json!({"class": class, "threat": format!("somebody does {class} to loans"), "mitigation": "roles are checked for each request"})).collect()
    }

    async fn told(threats: Vec<Value>, more: Value) -> Vec<String> {
        let mut args = json!({"threats": threats});
        args.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let got = run(CheckThreats, args, &mut context()).await.unwrap();
        got["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{} {}", f["path"].as_str().unwrap(), f["rule"].as_str().unwrap()))
            .collect()
    }

    #[tokio::test]
    async fn what_is_left_out_is_found() {
        assert_eq!(told(threats(), json!({})).await, [] as [String; 0]);
        for (member, value, want) in [
            ("class", "magic", vec!["threats/0 class", "threats class"]),
            ("mitigation", "", vec!["threats/0 open"]),
            ("mitigation", "TBD.", vec!["threats/0 hollow"]),
            ("threat", "bad things", vec!["threats/0 vague"]),
        ] {
            let mut list = threats();
            list[0][member] = json!(value);
            assert_eq!(told(list, json!({})).await, want, "{member}");
        }
        let mut list = threats();
        list.push(list[1].clone());
        assert_eq!(told(list, json!({"must_cover": ["mail"]})).await, ["threats/6 twice", "threats not-covered"]);
        let model = json!({"title": "T", "roles": [], "rules": [], "entities": [{"key": "van", "name": "van", "plural": "vans", "path": "v", "sources": [],
            "fields": [{"key": "fee", "name": "fee", "kind": {"type": "money"}, "sources": []}]}]});
        assert_eq!(told(threats(), json!({"model": model})).await, ["threats money", "threats not-covered"]);
    }

    #[tokio::test]
    async fn the_report_that_was_handed_over_is_read() {
        let mut context = context();
        assert!(run(CheckThreats, json!({}), &mut context).await.is_err());
        let document = json!({"threats": threats(), "checks": [], "findings": []});
        context
            .upstream
            .insert(ArtifactKind::Security, crate::Upstream { document: document.into(), ..Default::default() });
        assert_eq!(run(CheckThreats, json!({}), &mut context).await.unwrap(), json!({"checked": 6, "findings": []}));
    }
}
