//! `check_code`: dangerous constructs in the generated code.

use super::Checked;
use crate::{Effect, Error, Tool, Workspace, tool::NoArgs};
use maestro_artifacts::delivery::{SecurityFinding, Severity};
use regex::Regex;
use std::sync::LazyLock;

pub(crate) struct CheckCode;

/// (file ending, severity, what it is, expression).
const RULES: &[(&str, Severity, &str, &str)] = &[
    (".py", Severity::High, "runs text as code", r"(?:^|[^.\w])(?:eval|exec)\s*\("),
    (".py", Severity::High, "runs a shell", r"shell\s*=\s*True|\bos\.(?:system|popen)\s*\("),
    (".py", Severity::High, "loads objects from untrusted bytes", r"\b(?:pickle|marshal|shelve)\.loads?\b"),
    (".py", Severity::High, "listens on every interface", r#"["']0\.0\.0\.0["']"#),
    (
        ".py",
        Severity::Medium,
        "builds SQL from text",
        r#"\.execute(?:many|script)?\s*\(\s*(?:f["'][^"']*\{[^}]*(?:value|param|input|request|body)|["'][^"']*["']\s*%\s)"#,
    ),
    (
        ".py",
        Severity::High,
        "turns off the check of certificates",
        r"\bverify\s*=\s*False|_create_unverified_context|CERT_NONE",
    ),
    (
        ".py",
        Severity::High,
        "runs YAML's own constructors",
        r"\byaml\.(?:unsafe_load|full_load|load)\s*\((?:[^)]*)\)?$",
    ),
    (".py", Severity::High, "leaves debugging on", r"\bdebug\s*=\s*True\b|\bbreakpoint\s*\(\)|\bpdb\.set_trace\s*\("),
    (".py", Severity::Medium, "hashes by a broken function", r"\bhashlib\.(?:md5|sha1)\s*\("),
    (
        ".py",
        Severity::Medium,
        "takes a secret from numbers that can be guessed",
        r"(?i)(?:token|secret|password|key|nonce|salt)\w*\s*=.*\brandom\.(?:random|randint|choice|choices|getrandbits)\s*\(",
    ),
    (".py", Severity::Medium, "makes a file whose name can be guessed", r"\btempfile\.mktemp\s*\("),
    (
        ".py",
        Severity::Medium,
        "compares a secret in a time that tells of it",
        r"(?i)\b\w*(?:token|secret|password|signature|digest|hmac)\w*\s*==\s*\w",
    ),
    (".py", Severity::Medium, "lets archives write anywhere", r"\.extractall\s*\(\s*\)"),
    (".py", Severity::Low, "swallows every error", r"except\s*:\s*(?:pass)?\s*$"),
    (".js", Severity::High, "puts text into the page as markup", r"\.(?:innerHTML|outerHTML)\s*=|document\.write\s*\("),
    (".js", Severity::High, "runs text as code", r"(?:^|[^.\w])eval\s*\(|new\s+Function\s*\("),
    (
        ".js",
        Severity::Medium,
        "keeps a secret where every script can read it",
        r#"(?i)(?:local|session)Storage\.setItem\s*\(\s*["'][^"']*(?:token|password|secret|jwt)"#,
    ),
    (".js", Severity::Medium, "sends a message to whoever listens", r#"\.postMessage\s*\([^)]*,\s*["']\*["']"#),
    (".html", Severity::Medium, "has a script inside the page", r"(?i)<script[^>]*>\s*[^<\s]|\son[a-z]+\s*="),
];

static COMPILED: LazyLock<Vec<(&str, Severity, &str, Regex)>> = LazyLock::new(|| {
    RULES
        .iter()
        .filter_map(|(end, severity, what, form)| Some((*end, *severity, *what, Regex::new(form).ok()?)))
        .collect()
});

impl Tool for CheckCode {
    const NAME: &'static str = "check_code";
    const DESCRIPTION: &'static str = "Looks for dangerous constructs in Python, JavaScript and HTML: code, markup or SQL from text, shells, unchecked certificates, broken hashes, guessable secrets, debugging left on.";
    const EFFECT: Effect = Effect::Reads;
    type Args = NoArgs;
    type Output = Checked;

    async fn call(&self, _: NoArgs, workspace: &mut Workspace<'_>) -> Result<Checked, Error> {
        let files = workspace.files();
        let mut findings = Vec::new();
        let mut read = 0;
        for (path, bytes) in &files {
            let rules: Vec<_> = COMPILED.iter().filter(|(end, ..)| path.ends_with(end)).collect();
            if rules.is_empty() {
                continue;
            }
            read += 1;
            for (number, line) in String::from_utf8_lossy(bytes).lines().enumerate() {
                for (_, severity, what, form) in &rules {
                    if form.is_match(line) {
                        findings.push(SecurityFinding {
                            check: "code".into(),
                            severity: *severity,
                            file: (*path).to_owned(),
                            line: number + 1,
                            message: format!("the line {what}"),
                        });
                    }
                }
            }
        }
        Ok(Checked { check: "code", files: read, findings })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    #[test]
    fn every_rule_compiles() {
        assert_eq!(COMPILED.len(), RULES.len());
    }

    #[tokio::test]
    async fn finds_each_construct_in_its_own_language_only() {
        for (path, line, found) in [
            ("a.py", "x = eval(text)", 1),
            ("a.py", "x = literal_eval(text)", 0),
            ("a.py", "subprocess.run(c, shell=True)", 1),
            ("a.py", "pickle.loads(b)", 1),
            ("a.py", "host = '0.0.0.0'", 1),
            ("a.py", "except:", 1),
            ("a.py", "except ValueError:", 0),
            ("a.py", "requests.get(u, verify=False)", 1),
            ("a.py", "yaml.load(text)", 1),
            ("a.py", "yaml.safe_load(text)", 0),
            ("a.py", "app.run(debug=True)", 1),
            ("a.py", "hashlib.sha256(b)", 0),
            ("a.py", "hashlib.md5(b)", 1),
            ("a.py", "token = random.choice(LETTERS)", 1),
            ("a.py", "colour = random.choice(COLOURS)", 0),
            ("a.py", "if given_token == expected:", 1),
            ("a.py", "if hmac.compare_digest(a, b):", 0),
            ("a.js", "localStorage.setItem('token', t)", 1),
            ("a.js", "localStorage.setItem('theme', t)", 0),
            ("a.js", "w.postMessage(data, '*')", 1),
            ("a.js", "node.innerHTML = text", 1),
            ("a.js", "node.textContent = text", 0),
            ("a.md", "eval(x)", 0),
            ("a.html", "<p onclick=\"x()\">", 1),
            ("a.html", "<script type=\"module\" src=\"/web/app.js\"></script>", 0),
        ] {
            let mut context = context();
            context.own.insert(path.into(), line.as_bytes().to_vec());
            let got = run(CheckCode, json!({}), &mut context).await.unwrap();
            assert_eq!(got["findings"].as_array().unwrap().len(), found, "{path}: {line}");
        }
    }
}
