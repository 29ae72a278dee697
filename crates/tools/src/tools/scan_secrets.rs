//! `scan_secrets`: looks for keys and passwords in every file. Findings never repeat the secret.

use crate::{Context, Effect, Error, Tool, context::strings};
use async_trait::async_trait;
use maestro_artifacts::delivery::{SecurityFinding, Severity};
use regex::Regex;
use serde_json::{Value, json};
use std::sync::LazyLock;

pub(crate) struct ScanSecrets;

/// (what it is, expression). Public forms of well-known secrets; entropy guesses are left out because they cry wolf.
const FORMS: &[(&str, &str)] = &[
    ("an AWS access key id", r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b"),
    ("a GitHub token", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
    ("a GitLab token", r"\bglpat-[A-Za-z0-9_-]{20,}\b"),
    ("a Slack token", r"\bxox[abprs]-[A-Za-z0-9-]{10,}\b"),
    ("a Stripe key", r"\b[rs]k_(?:live|test)_[A-Za-z0-9]{20,}\b"),
    ("an API key of a model provider", r"\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{32,}"),
    ("a Google API key", r"\bAIza[A-Za-z0-9_-]{35}\b"),
    ("a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    ("a JSON web token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\b"),
    ("a password in an address", r"\b[a-z][a-z0-9+.-]*://[^/\s:@]+:[^/\s:@]{3,}@"),
    (
        "a secret written into the code",
        r#"(?i)\b[a-z_]*(?:password|passwd|secret|api_?key|access_?token)[a-z_]*["']?\s*[:=]\s*["'][^"'\s]{8,}["']"#,
    ),
];

static COMPILED: LazyLock<Vec<(&str, Regex)>> =
    LazyLock::new(|| FORMS.iter().filter_map(|(what, form)| Some((*what, Regex::new(form).ok()?))).collect());

#[async_trait]
impl Tool for ScanSecrets {
    fn name(&self) -> &'static str {
        "scan_secrets"
    }
    fn description(&self) -> &'static str {
        "Looks for keys, tokens and passwords in every file of the deliverable. Findings do not repeat the secret."
    }
    fn effect(&self) -> Effect {
        Effect::ReadOnly
    }
    fn schema(&self) -> Value {
        strings(&[])
    }
    async fn call(&self, _: &Value, context: &mut Context) -> Result<Value, Error> {
        let files = context.files();
        let mut findings = Vec::new();
        for (path, bytes) in &files {
            for (number, line) in String::from_utf8_lossy(bytes).lines().enumerate() {
                for (what, form) in COMPILED.iter() {
                    if form.is_match(line) {
                        findings.push(SecurityFinding {
                            check: "secrets".into(),
                            severity: Severity::High,
                            file: (*path).to_owned(),
                            line: number + 1,
                            message: format!("the line holds {what}"),
                        });
                    }
                }
            }
        }
        Ok(json!({"check": "secrets", "files": files.len(), "findings": findings}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::context;

    #[test]
    fn every_form_compiles() {
        assert_eq!(COMPILED.len(), FORMS.len());
    }

    #[tokio::test]
    async fn finds_planted_secrets_without_repeating_them() {
        // Put together at run time so that no scanner takes this file for a leak.
        let secrets = [
            format!("AKIA{}", "ABCDEFGHIJKLMNOP"),
            format!("ghp_{}", "a1".repeat(20)),
            format!("-----BEGIN RSA {} KEY-----", "PRIVATE"),
            format!("postgres://admin:{}@db/x", "hunter22"),
            format!("DB_PASSWORD = \"{}\"", "correct-horse"),
        ];
        for secret in secrets {
            let mut context = context();
            context.own.insert("service/a.py".into(), format!("x = 1\n{secret}\n").into_bytes());
            let got = ScanSecrets.call(&json!({}), &mut context).await.unwrap();
            assert_eq!(got["findings"][0]["line"], 2, "{secret}");
            assert!(!got.to_string().contains(&secret), "the finding repeats the secret");
        }
        let mut context = context();
        context.own.insert("a.py".into(), b"password = request.get('password')\ntoken_count = 12\n".to_vec());
        let got = ScanSecrets.call(&json!({}), &mut context).await.unwrap();
        assert_eq!(got["findings"], json!([]));
    }
}
