//! `scan_secrets`: looks for keys and passwords in every file. Findings never repeat the secret.

use super::Checked;
use crate::{Effect, Error, Tool, Workspace, tool::NoArgs};
use maestro_artifacts::delivery::{SecurityFinding, Severity};

pub(crate) struct ScanSecrets;

impl Tool for ScanSecrets {
    const NAME: &'static str = "scan_secrets";
    const DESCRIPTION: &'static str =
        "Looks for keys, tokens and passwords in every file of the deliverable. Findings do not repeat the secret.";
    const EFFECT: Effect = Effect::Reads;
    type Args = NoArgs;
    type Output = Checked;

    async fn call(&self, _: NoArgs, workspace: &mut Workspace<'_>) -> Result<Checked, Error> {
        let files = workspace.files();
        let mut findings = Vec::new();
        for (path, bytes) in &files {
            let found = maestro_secrets::scan(path, bytes);
            let found = found.map_err(|why| Error::Fatal { tool: Self::NAME.to_owned(), source: why.into() })?;
            findings.extend(found.into_iter().map(|found| SecurityFinding {
                check: "secrets".into(),
                severity: Severity::High,
                file: (*path).to_owned(),
                line: found.line,
                message: format!("{}: {}", found.rule, found.description),
            }));
        }
        Ok(Checked { check: "secrets", files: files.len(), findings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

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
            let got = run(ScanSecrets, json!({}), &mut context).await.unwrap();
            assert_eq!(got["findings"][0]["line"], 2, "{secret}");
            assert!(!got.to_string().contains(&secret), "the finding repeats the secret");
        }
        let mut context = context();
        context.own.insert("a.py".into(), b"password = request.get('password')\ntoken_count = 12\n".to_vec());
        let got = run(ScanSecrets, json!({}), &mut context).await.unwrap();
        assert_eq!(got["findings"], json!([]));
    }
}
