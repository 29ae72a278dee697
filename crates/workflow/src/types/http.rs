//! Calls a web service.
//!
//! What a text can tell is checked here: scheme, credentials, addresses that are not public. Names are resolved and
//! redirects followed when the node runs, so the runtime checks each address again, and the operator's list of hosts.

use super::{Config, Effect, TaskType, checked, schema_of};
use crate::de::At;
use crate::format::Whole;
use crate::problem::Problem;
use crate::yaml::Node;
use maestro_domain::is_public;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::net::IpAddr;

pub(super) const TYPE: TaskType = TaskType {
    name: "http",
    about: "calls a web service at an allowed, public address; status, headers and body are the output",
    effect: Effect::CallsOut,
    runs: true,
    never_retried: &["Maestro.Http", "Maestro.NotAllowed"],
    schema: schema_of::<Http>,
    check: checked::<Http>,
};

/// A call of a web service.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Http {
    /// The address: `https://`, then the host as written; the rest may hold expressions only as a whole in `query`.
    pub url: At<String>,
    /// What is done.
    #[serde(default)]
    pub method: Method,
    /// Fields of the head.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Names and values that are added to the address.
    #[serde(default)]
    pub query: BTreeMap<String, Node>,
    /// A text, or a value that is sent as JSON.
    #[serde(default)]
    pub body: Option<Node>,
    /// Statuses that complete the node; 200 to 299 where none are given.
    #[serde(default)]
    pub expect_status: Vec<Whole<100, 599>>,
}

/// What is done to what stands at an address.
#[expect(missing_docs, reason = "the names of HTTP")]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Method {
    #[default]
    Get,
    Head,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    /// As HTTP writes it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

impl Config for Http {
    fn problems(&self, _: &Node) -> Vec<Problem> {
        match fault(&self.url) {
            Some(fault) => vec![Problem::error(self.url.place, "invalid-value", format!("`config`: `url` {fault}"))],
            None => Vec::new(),
        }
    }
}

/// Whether a call only reads.
pub(crate) fn only_reads(config: &Node) -> bool {
    crate::de::from_node::<Http>(config).is_ok_and(|http| matches!(http.method, Method::Get | Method::Head))
}

/// What is wrong with an address, if anything.
#[must_use]
pub fn fault(url: &str) -> Option<String> {
    if url.chars().any(|c| c.is_control() || c.is_whitespace() || c == '\\') {
        return Some("holds spaces or characters that no address has".into());
    }
    let Some(rest) = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://")) else {
        return Some("must begin with `https://`; the host cannot be an expression".into());
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Some("holds credentials".into());
    }
    let (host, port) = match authority.strip_prefix('[').and_then(|inner| inner.split_once(']')) {
        Some((host, port)) => (host, port.strip_prefix(':')),
        None => match authority.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (authority, None),
        },
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return Some("has no usable port".into());
    }
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if let Ok(address) = host.parse::<IpAddr>() {
        return (!is_public(address)).then(|| format!("names the address {address}, which is not public"));
    }
    let named = host.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '.');
    let numeric =
        host.rsplit('.').next().is_none_or(|last| last.is_empty() || last.starts_with(|c: char| c.is_ascii_digit()));
    if !named || numeric {
        return Some("has no host that could be looked up".into());
    }
    let local = ["localhost", "local", "internal", "localdomain"];
    let top = host.rsplit('.').next().unwrap_or_default();
    (local.contains(&top) || !host.contains('.')).then(|| format!("names `{host}`, which is not a public host"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_public_hosts_are_called() {
        for url in [
            "https://api.example.com/x?y=1",
            "http://example.com:8080",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
        ] {
            assert_eq!(fault(url), None, "{url}");
        }
        for url in [
            "ftp://example.com",
            "https://user:pw@example.com",
            "https://localhost/",
            "https://LOCALHOST./",
            "https://printer.local/",
            "https://intranet/",
            "https://127.0.0.1/",
            "https://10.1.2.3:80/",
            "https://169.254.169.254/latest/meta-data",
            "https://100.64.0.1/",
            "https://0x7f000001/",
            "https://2130706433/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://[fd00::1]/",
            "https://[fe80::1]/",
            "https://{% $host %}/",
            "https://example.com:99999/",
            "https://exa mple.com/",
            "https:///x",
        ] {
            assert!(fault(url).is_some(), "{url}");
        }
    }
}
