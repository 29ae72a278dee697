//! Python literals, laid out to be read.

use serde_json::Value;
use std::fmt::Write as _;

const WIDTH: usize = 110;

/// A Python value with the order of its dicts fixed.
pub(crate) enum Literal {
    /// A scalar, as it is written.
    Atom(String),
    /// `[...]`
    List(Vec<Self>),
    /// `{...}`
    Dict(Vec<(String, Self)>),
}

impl Literal {
    /// A text.
    pub(crate) fn text(text: &str) -> Self {
        Self::Atom(string(text))
    }

    /// The literal of a JSON value. Dicts are ordered by `keys`, then by name, whatever order the map has. Entries that
    /// say nothing (null, an empty condition, sort order or choice of fields) are left out: their absence says the same.
    pub(crate) fn of(value: &Value, keys: &[&str]) -> Self {
        match value {
            Value::Null => Self::Atom("None".to_owned()),
            Value::Bool(true) => Self::Atom("True".to_owned()),
            Value::Bool(false) => Self::Atom("False".to_owned()),
            Value::Number(number) => Self::Atom(number.to_string()),
            Value::String(text) => Self::text(text),
            Value::Array(items) => Self::List(items.iter().map(|item| Self::of(item, keys)).collect()),
            Value::Object(map) => {
                let rank = |key: &str| keys.iter().position(|known| *known == key).unwrap_or(keys.len());
                let mut entries: Vec<_> = map.iter().filter(|(key, entry)| !says_nothing(key, entry)).collect();
                entries.sort_by(|(a, _), (b, _)| (rank(a), a).cmp(&(rank(b), b)));
                Self::Dict(entries.into_iter().map(|(key, entry)| (key.clone(), Self::of(entry, keys))).collect())
            }
        }
    }

    /// Written on one line where that fits after `column` characters, else one entry a line.
    pub(crate) fn write(&self, indent: usize, column: usize) -> String {
        let flat = self.flat();
        if column + flat.chars().count() <= WIDTH { flat } else { self.block(indent) }
    }

    /// Written one entry a line; the closing bracket is indented by `indent`.
    pub(crate) fn block(&self, indent: usize) -> String {
        let inner = indent + 4;
        let (pad, end) = (" ".repeat(inner), " ".repeat(indent));
        let mut out = String::new();
        match self {
            Self::Atom(text) => out.push_str(text),
            Self::List(items) => {
                for item in items {
                    let _ = writeln!(out, "{pad}{},", item.write(inner, inner + 1));
                }
                return format!("[\n{out}{end}]");
            }
            Self::Dict(entries) => {
                for (key, entry) in entries {
                    let name = string(key);
                    let column = inner + name.chars().count() + 3;
                    let _ = writeln!(out, "{pad}{name}: {},", entry.write(inner, column));
                }
                return format!("{{\n{out}{end}}}");
            }
        }
        out
    }

    fn flat(&self) -> String {
        match self {
            Self::Atom(text) => text.clone(),
            Self::List(items) => {
                let items: Vec<_> = items.iter().map(Self::flat).collect();
                format!("[{}]", items.join(", "))
            }
            Self::Dict(entries) => {
                let entries: Vec<_> =
                    entries.iter().map(|(key, entry)| format!("{}: {}", string(key), entry.flat())).collect();
                format!("{{{}}}", entries.join(", "))
            }
        }
    }
}

fn says_nothing(key: &str, value: &Value) -> bool {
    value.is_null() || matches!(key, "when" | "sort" | "fields") && value.as_array().is_some_and(Vec::is_empty)
}

/// A string literal in double quotes. What could hide or reorder text in an editor is escaped.
pub(crate) fn string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            c if c.is_control() || is_invisible(c) => {
                let code = u32::from(c);
                let _ = if code > 0xffff { write!(out, "\\U{code:08x}") } else { write!(out, "\\u{code:04x}") };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn is_invisible(c: char) -> bool {
    matches!(u32::from(c), 0xad | 0x61c | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0xfeff | 0xe0000..=0xe007f)
}
