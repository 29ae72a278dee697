//! The rules as a whole, from outside.

use maestro_secrets::{Rules, redact, scan};

/// Put together at run time so that no scanner takes this file for a leak.
fn secrets() -> Vec<(&'static str, String)> {
    vec![
        ("aws-access-token", format!("AKIA{}", "Y7QWMZ2T4RLBN5XC")),
        ("github-pat", format!("ghp_{}", "h3Kd92LmQpX7vTzR5bNcW8yJfG4sAeU1oI6t")),
        ("slack-bot-token", format!("xoxb-{}-{}-{}", "730191371696", "1204578963215", "fQ7wLk2ZpR9xVtB4mNcY8sHd")),
        (
            "private-key",
            format!("-----BEGIN RSA {0} KEY-----\n{1}\n-----END RSA {0} KEY-----", "PRIVATE", "q9Zx".repeat(20)),
        ),
        ("password-in-address", format!("postgres://admin:{}@db/x", "hunter22")),
        ("password-in-code", format!("DB_PASSWORD = \"{}\"", "correct-horse")),
        ("password-in-code", format!("\"clientSecret\": \"{}\"", "v9!kd72-ab")),
    ]
}

#[test]
fn every_rule_is_there_and_compiles() {
    let rules = Rules::standard().unwrap();
    assert_eq!(rules.len(), 222 + 2);
    assert_eq!(rules.broken(), []);
}

#[test]
fn secrets_are_found_in_their_lines_and_can_be_taken_out() {
    for (rule, secret) in secrets() {
        let text = format!("x = 1\n{secret}\ny = 2\n");
        let found = scan("service/a.py", text.as_bytes()).unwrap();
        let told: Vec<_> = found.iter().map(|f| (f.rule, f.line)).collect();
        assert_eq!(told, [(rule, 2)], "{secret}");
        let clean = redact(&text).unwrap();
        assert!(clean.contains(&format!("[secret: {rule}]")), "{clean}");
        assert!(clean.starts_with("x = 1\n") && clean.ends_with("y = 2\n"), "{clean}");
        assert_eq!(scan("service/a.py", clean.as_bytes()).unwrap(), [], "{clean}");
    }
}

#[test]
fn what_only_looks_like_a_secret_is_left_alone() {
    for text in [
        "password = request.get('password')",
        "token_count = 12",
        "API_KEY = os.environ['API_KEY']",
        "password: ${DB_PASSWORD}",
        "postgres://admin:${DB_PASSWORD}@db/x",
        "postgres://user:password@localhost/db",
        "AKIAIOSFODNN7EXAMPLE",
        "secret_name = 'DATABASE_PASSWORD'",
        "<input type=\"password\" name=\"password_field\">",
        "{\"password\": \"<your-password>\"}",
        "uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683",
        "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ] {
        assert_eq!(scan("a.py", text.as_bytes()).unwrap(), [], "{text}");
    }
}

#[test]
fn paths_decide_where_rules_ask_for_them() {
    let (_, secret) = secrets().remove(0);
    assert_eq!(scan("web/logo.png", secret.as_bytes()).unwrap(), []);
    let found = scan("deploy/store.p12", b"").unwrap();
    assert_eq!((found[0].rule, found[0].line), ("pkcs12-file", 0));
}

#[test]
fn a_comment_does_not_switch_the_scanner_off() {
    let (_, secret) = secrets().remove(1);
    assert_eq!(scan("a.py", format!("t = '{secret}'  # gitleaks:allow").as_bytes()).unwrap().len(), 1);
}
