//! `${Name}` tokens: what a SAM template's `DefinitionSubstitutions` replaces at deployment.

use std::collections::{BTreeMap, BTreeSet};

use crate::Error;

/// The names of the tokens in `text`, in order, with repetitions.
pub(crate) fn tokens(text: &str) -> impl Iterator<Item = &str> {
    text.match_indices("${").filter_map(move |(at, _)| name_at(text, at))
}

fn name_at(text: &str, at: usize) -> Option<&str> {
    let (name, _) = text.get(at + 2..)?.split_once('}')?;
    let valid = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '.');
    valid.then_some(name)
}

/// Replaces every `${Name}` in a definition's text. Values are escaped for the JSON strings they stand in.
///
/// # Errors
/// When a token has no value or a value has no token; all names are reported together, since both
/// usually come from the same misspelling.
pub fn substitute(text: &str, values: &BTreeMap<String, String>) -> Result<String, Error> {
    let used: BTreeSet<&str> = tokens(text).collect();
    let unknown: Vec<String> =
        used.iter().filter(|name| !values.contains_key(**name)).map(ToString::to_string).collect();
    let unused: Vec<String> = values.keys().filter(|name| !used.contains(name.as_str())).cloned().collect();
    if !unknown.is_empty() || !unused.is_empty() {
        return Err(Error::Substitution { unknown, unused });
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let token = name_at(rest, at).and_then(|name| Some((name, values.get(name)?)));
        let consumed = match token {
            Some((name, value)) => {
                let quoted = serde_json::Value::from(value.as_str()).to_string();
                out.push_str(quoted.get(1..quoted.len() - 1).unwrap_or_default());
                name.len() + 3
            }
            None => {
                out.push_str("${");
                2
            }
        };
        rest = from.get(consumed..).unwrap_or_default();
    }
    out.push_str(rest);
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect()
    }

    #[test]
    fn replaces_every_token() {
        let text = r#"{"a": "${One}", "b": "x${Two}y${One}", "c": "States.Format('${}', $.x)"}"#;
        let out = substitute(text, &values(&[("One", "1"), ("Two", "q\"t")])).unwrap();
        assert_eq!(out, r#"{"a": "1", "b": "xq\"ty1", "c": "States.Format('${}', $.x)"}"#);
    }

    #[test]
    fn names_what_is_unknown_and_what_is_unused() {
        let error = substitute("${One} ${Tow}", &values(&[("One", "1"), ("Two", "2")])).unwrap_err();
        assert_eq!(error.to_string(), "substitutions do not match the definition: no value for `Tow`; not used: `Two`");
    }
}
