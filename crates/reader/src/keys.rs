//! Names of the epic as keys that are safe in Python, SQL, JSON and paths.

use crate::words;

/// Longest key; longer names are cut and told apart by a number.
const MOST: usize = 48;

/// The one name that every record has already. All other words are safe: generated programs quote what they take from
/// the epic and never use it as a bare identifier.
const RESERVED: &[&str] = &["id"];

/// `snake_case` in ASCII, without protection of reserved words.
pub(crate) fn snake(name: &str) -> String {
    let mut out = String::new();
    for c in ascii(name).chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if c != '\'' && !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
        if out.len() >= MOST {
            break;
        }
    }
    let out = out.trim_matches('_').to_owned();
    match out.chars().next() {
        None => String::new(),
        Some(first) if first.is_ascii_digit() => format!("n_{out}"),
        Some(_) => out,
    }
}

/// A key for this name that is not among `taken`.
pub(crate) fn key(name: &str, fallback: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let mut base = snake(name);
    if base.is_empty() {
        fallback.clone_into(&mut base);
    }
    if RESERVED.contains(&base.as_str()) {
        base.push('_');
    }
    let mut key = base.clone();
    let mut count = 2;
    while taken(&key) {
        key = format!("{base}_{count}");
        count += 1;
    }
    key
}

/// Path segment of many records: `concrete-batches`.
pub(crate) fn path(plural: &str, key: &str) -> String {
    let path = snake(plural).replace('_', "-");
    if path.is_empty() { words::plural(key).replace('_', "-") } else { path }
}

/// ASCII letters for the letters that people's languages add to them.
fn ascii(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            'ä' | 'Ä' | 'æ' | 'Æ' => out.push_str("ae"),
            'ö' | 'Ö' | 'ø' | 'Ø' | 'œ' | 'Œ' => out.push_str("oe"),
            'ü' | 'Ü' => out.push_str("ue"),
            'ß' => out.push_str("ss"),
            'þ' | 'Þ' => out.push_str("th"),
            'à' | 'á' | 'â' | 'ã' | 'å' | 'ā' | 'ą' | 'À' | 'Á' | 'Â' | 'Ã' | 'Å' => out.push('a'),
            'ç' | 'ć' | 'č' | 'Ç' | 'Č' => out.push('c'),
            'ð' | 'ď' => out.push('d'),
            'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ę' | 'ě' | 'È' | 'É' | 'Ê' | 'Ë' => out.push('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ī' | 'Í' | 'Î' => out.push('i'),
            'ł' | 'Ł' => out.push('l'),
            'ñ' | 'ń' | 'ň' | 'Ñ' => out.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ō' | 'ő' | 'Ó' | 'Ô' => out.push('o'),
            'ř' => out.push('r'),
            'ś' | 'š' | 'ş' | 'Š' => out.push('s'),
            'ť' | 'ţ' => out.push('t'),
            'ù' | 'ú' | 'û' | 'ū' | 'ů' | 'ű' | 'Ú' => out.push('u'),
            'ý' | 'ÿ' => out.push('y'),
            'ź' | 'ż' | 'ž' | 'Ž' => out.push('z'),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_safe() {
        let free = |_: &str| false;
        assert_eq!(key("Due date", "f", &free), "due_date");
        assert_eq!(key("class", "f", &free), "class");
        assert_eq!(key("Order", "f", &free), "order");
        assert_eq!(key("ID", "f", &free), "id_");
        assert_eq!(key("../../etc/passwd", "f", &free), "etc_passwd");
        assert_eq!(key("Größe", "f", &free), "groesse");
        assert_eq!(key("漢字", "field_1", &free), "field_1");
        assert_eq!(key("2nd name", "f", &free), "n_2nd_name");
        assert!(key(&"x".repeat(300), "f", &free).len() <= MOST);
        assert_eq!(path("concrete batches", "concrete_batch"), "concrete-batches");
    }
}
