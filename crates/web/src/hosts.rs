//! Which hosts may be called: `[http]` of `maestro.toml`. Strict: what is not known here is refused with its place.

use maestro_domain::FileError;
use maestro_ports::Secret;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Only this part of the file; the rest is read elsewhere, strictly too.
#[derive(Deserialize)]
struct File {
    #[serde(default)]
    http: BTreeMap<String, toml::Spanned<Entry>>,
}

/// One host.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// Fields of the head, by the names of the variables that hold them.
    #[serde(default)]
    headers: BTreeMap<String, String>,
}

#[derive(Debug, Clone)]
struct Allowed {
    /// The host; or, of all below it, its end with the dot.
    name: String,
    below: bool,
    /// The one port; the usual two where none is given.
    port: Option<u16>,
    headers: Vec<(String, Secret)>,
}

/// The hosts that may be called, with the credentials that go to each.
#[derive(Debug, Clone, Default)]
pub struct Hosts(Vec<Allowed>);

impl Hosts {
    /// Reads the text of a file; `variable` tells what the environment says.
    ///
    /// # Errors
    /// [`FileError`] with the place.
    pub fn parse(path: &str, text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, FileError> {
        let at = |start: usize, what: String| FileError::at(path, text, start, what);
        let file: File = toml::from_str(text)
            .map_err(|error| at(error.span().map_or(0, |span| span.start), error.message().to_owned()))?;
        let mut hosts = Vec::new();
        for (name, entry) in file.http {
            let place = entry.span().start;
            let mut allowed = allowed(&name).map_err(|what| at(place, what))?;
            for (field, named) in entry.into_inner().headers {
                let missing = || at(place, format!("`{name}` needs the variable `{named}`, which is not set"));
                let value = variable(&named).ok_or_else(missing)?;
                allowed.headers.push((field, Secret::new(value.trim())));
            }
            hosts.push(allowed);
        }
        Ok(Self(hosts))
    }

    /// Hosts without credentials, by their names.
    ///
    /// # Errors
    /// What is wrong with a name.
    pub fn named<'a>(names: impl Iterator<Item = &'a str>) -> Result<Self, String> {
        names.map(allowed).collect::<Result<_, _>>().map(Self)
    }

    /// Whether a host may be called at a port, and with which fields of the head.
    pub(crate) fn find(&self, host: &str, port: u16) -> Option<&[(String, Secret)]> {
        let fits = |one: &&Allowed| {
            let named = if one.below { host.ends_with(&one.name) } else { host == one.name };
            named && one.port.map_or(port == 80 || port == 443, |only| only == port)
        };
        // Its own entry wins over one for all below another.
        let found = self.0.iter().filter(fits).min_by_key(|one| (one.below, std::cmp::Reverse(one.name.len())));
        found.map(|one| one.headers.as_slice())
    }
}

fn allowed(written: &str) -> Result<Allowed, String> {
    let wrong = || {
        Err(format!(
            "`{written}` is no host: write `api.example.com`, `*.example.com` for all below it, or either with `:port`"
        ))
    };
    let (name, port) = match written.rsplit_once(':') {
        // An IPv6 address stands in brackets.
        Some((name, port)) if !port.ends_with(']') => match port.parse() {
            Ok(port) => (name, Some(port)),
            Err(_) => return wrong(),
        },
        _ => (written, None),
    };
    let (name, below) = name.strip_prefix('*').map_or((name, false), |end| (end, true));
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    let address = name.starts_with('[') && name.ends_with(']');
    let whole = name.trim_start_matches('.').contains('.') && !name.ends_with('.') && name.chars().all(plain);
    if name.starts_with('.') != below || !(whole || address) {
        return wrong();
    }
    Ok(Allowed { name: name.to_ascii_lowercase(), below, port, headers: Vec::new() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_written_is_not_allowed() {
        let text = "[models]\ndefault = 'x'\n[http.'api.example.com']\nheaders = {authorization = 'API_AUTH'}\n\
                    [http.'*.example.com']\n[http.'other.org:8443']\n[http.'[2606:4700::1111]']\n";
        let hosts = Hosts::parse("m.toml", text, |name| (name == "API_AUTH").then(|| "Bearer key-1\n".into())).unwrap();
        let field = hosts.find("api.example.com", 443).unwrap();
        assert_eq!((field[0].0.as_str(), field[0].1.expose()), ("authorization", "Bearer key-1"));
        assert_eq!(hosts.find("www.example.com", 80).map(<[_]>::len), Some(0));
        assert!(hosts.find("other.org", 8443).is_some() && hosts.find("[2606:4700::1111]", 443).is_some());
        for (host, port) in [
            ("example.com", 443),
            ("notexample.com", 443),
            ("api.example.com", 8080),
            ("api.example.com.evil.org", 443),
            ("other.org", 443),
        ] {
            assert!(hosts.find(host, port).is_none(), "{host}:{port}");
        }
        assert!(!format!("{hosts:?}").contains("key-1"));
    }

    #[test]
    fn what_cannot_be_meant_is_refused_with_its_line() {
        for (text, line, says) in [
            ("\n[http.'a.org']\nheaders = {x = 'GONE'}", 2, "`GONE`, which is not set"),
            ("[http.'https://a.org']", 1, "no host"),
            ("[http.'*']", 1, "no host"),
            ("[http.'*a.org']", 1, "no host"),
            ("[http.'intranet']", 1, "no host"),
            ("[http.'a.org:x']", 1, "no host"),
            ("[http.'a.org']\nheader = 1", 2, "unknown field"),
        ] {
            let error = Hosts::parse("m.toml", text, |_| None).unwrap_err();
            assert!(error.line == line && error.what.contains(says), "{text}: {error}");
        }
    }
}
