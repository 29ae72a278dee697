//! Python that starts a finished service as its manifest says and exercises it by its own OpenAPI document: tests that the
//! built-in author hands over, and what tools run over the work of others.
//!
//! Nothing here knows what a service is about: the document is read when the Python runs. Whoever knows what valid records
//! consist of lays a `factories.py` beside it, whose `MAKERS` has for the path of a list what gives the values of a new record,
//! and the role in which it is made. Without it records are made of likely values.

use std::collections::BTreeMap;

const API_DOCUMENT: &str = include_str!("../assets/api_document.py");
const RUNNING_SERVICE: &str = include_str!("../assets/running_service.py");
const SAMPLE_RECORDS: &str = include_str!("../assets/sample_records.py");

/// Tests of one operation after the other: statuses, types and bodies are those that the document names.
pub const CONTRACT: &str = include_str!("../assets/test_contract.py");
/// Tests that the service's parts are there.
pub const SMOKE: &str = include_str!("../assets/test_smoke.py");
/// A test that the service starts, keeps its records over a restart and stops.
pub const START: &str = include_str!("../assets/test_start.py");

/// How a service is started where there is no `maestro.json` that says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Start {
    /// The command.
    pub command: Vec<String>,
    /// Name of the environment variable that holds the port.
    pub port_env: String,
    /// The path that answers when the service is ready.
    pub health: String,
}

/// The modules that the tests import, for tests in this folder. Each folder of tests has its own copy, so that it runs by itself.
#[must_use]
pub fn support(dir: &str, start: &Start) -> BTreeMap<String, String> {
    // `parents[0]` is the folder itself, so the deliverable is as many steps up as the folder has parts.
    let depth = dir.split('/').count();
    let command: Vec<_> = start.command.iter().map(|word| literal(word)).collect();
    let running = RUNNING_SERVICE
        .replace("@DEPTH@", &depth.to_string())
        .replace("@START@", &format!("[{}]", command.join(", ")))
        .replace("@PORT_ENV@", &literal(&start.port_env))
        .replace("@HEALTH@", &literal(&start.health));
    BTreeMap::from([
        (format!("{dir}/api_document.py"), API_DOCUMENT.to_owned()),
        (format!("{dir}/running_service.py"), running),
        (format!("{dir}/sample_records.py"), SAMPLE_RECORDS.to_owned()),
    ])
}

/// A Python string literal, ASCII only.
fn literal(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            ' '..='~' => out.push(c),
            _ if u32::from(c) <= 0xffff => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_written_into_the_support_module_of_its_folder() {
        let start = Start {
            command: vec!["python3".into(), "a \"b\" \\".into()],
            port_env: "PORT".into(),
            health: "/health".into(),
        };
        let files = support("deploy/checks", &start);
        assert_eq!(files.keys().filter(|path| path.starts_with("deploy/checks/")).count(), 3);
        let running = &files["deploy/checks/running_service.py"];
        assert!(running.contains("parents[2]"));
        assert!(running.contains(r#"PLANNED_START = ["python3", "a \"b\" \\"]"#));
        for placeholder in ["@DEPTH@", "@START@", "@PORT_ENV@", "@HEALTH@"] {
            assert!(RUNNING_SERVICE.contains(placeholder) && !running.contains(placeholder), "{placeholder}");
        }
    }

    #[test]
    fn python_literals_are_one_ascii_string() {
        assert_eq!(literal("a\"\\\n😀é"), "\"a\\\"\\\\\\u000a\\U0001f600\\u00e9\"");
    }
}
