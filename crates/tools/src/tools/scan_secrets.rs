//! `scan_secrets`: looks for keys and passwords in every file. Findings never repeat the secret.

use crate::{Context, Effect, Error, Tool, context::strings};
use async_trait::async_trait;
use maestro_artifacts::delivery::{SecurityFinding, Severity};
use serde_json::{Value, json};

pub(crate) struct ScanSecrets;

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
            let found = maestro_secrets::scan(path, bytes);
            let found = found.map_err(|why| Error::Fatal { tool: self.name(), source: why.into() })?;
            findings.extend(found.into_iter().map(|found| SecurityFinding {
                check: "secrets".into(),
                severity: Severity::High,
                file: (*path).to_owned(),
                line: found.line,
                message: format!("{}: {}", found.rule, found.description),
            }));
        }
        Ok(json!({"check": "secrets", "files": files.len(), "findings": findings}))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::context;

    #[tokio::test]
    async fn finds_planted_secrets_without_repeating_them() {
        // Put together at run time so that no scanner takes this file for a leak.
        let secrets = [
            format!("AKIA{}", "Y7QWMZ2T4RLBN5XC"),
            format!("ghp_{}", "h3Kd92LmQpX7vTzR5bNcW8yJfG4sAeU1oI6t"),
            format!("-----BEGIN RSA {0} KEY-----\\n{1}\\n-----END RSA {0} KEY-----", "PRIVATE", "q9Zx".repeat(20)),
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
