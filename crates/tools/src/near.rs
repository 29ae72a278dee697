//! What was meant: names like one that does not exist.

/// How many are named.
const MOST: usize = 3;

/// Says that there is no such file, and which are like it.
pub(crate) fn missing<'a>(path: &str, known: impl Iterator<Item = &'a str>) -> String {
    let near = like(path, known);
    if near.is_empty() {
        return format!("there is no file `{path}`");
    }
    format!("there is no file `{path}`; did you mean {}?", or(&near))
}

/// The known names that are most like this one.
pub(crate) fn like<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let base = |path: &str| path.rsplit('/').next().unwrap_or_default().to_lowercase();
    let wanted = base(name);
    let mut scored: Vec<_> = known
        .map(|other| {
            let score = if base(other) == wanted { 1.0 } else { strsim::jaro_winkler(name, other) };
            (score, other)
        })
        .filter(|(score, _)| *score > 0.8)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(MOST).map(|(_, other)| other).collect()
}

/// Names in backticks, joined with `or`.
pub(crate) fn or(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" or ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_is_like_it() {
        let known = ["service/app.py", "web/app.js", "docs/guide.md"];
        assert_eq!(missing("app.py", known.into_iter()), "there is no file `app.py`; did you mean `service/app.py`?");
        assert!(missing("service/apps.py", known.into_iter()).contains("`service/app.py`"));
        assert_eq!(missing("zzz", known.into_iter()), "there is no file `zzz`");
    }
}
