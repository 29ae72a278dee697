//! What a file defines: functions, classes, constants; in documents, what has a name of its own.

use super::language::{Language, last_line_of, line_of, text_of, walk};
use crate::Error;
use serde::Serialize;
use tree_sitter::Node;

/// Most characters of a signature.
const SIGNATURE: usize = 160;
/// How deep keys of data count: beyond it they are content.
const KEY_DEPTH: usize = 3;

/// Something that a file defines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) kind: &'static str,
    /// What it is inside of, outermost first.
    #[serde(rename = "in", skip_serializing_if = "Vec::is_empty")]
    pub(super) within: Vec<String>,
    pub(super) line: usize,
    pub(super) to_line: usize,
    /// How it begins.
    pub(super) signature: String,
}

/// Everything that a text defines, in its order.
pub(super) fn definitions(language: Language, text: &str) -> Result<Vec<Definition>, Error> {
    let tree = language.parse(text)?;
    let mut found = Vec::new();
    // What the walk is inside of: where it ends, its name, and whether what is inside counts.
    let mut open: Vec<(usize, String, bool)> = Vec::new();
    walk(&tree, |node| {
        while open.last().is_some_and(|(end, ..)| *end <= node.start_byte()) {
            open.pop();
        }
        let Some((kind, name)) = named(language, node, text) else { return true };
        // Variables of functions are nobody else's business.
        let local = open.iter().any(|(.., function)| *function) && matches!(kind, "constant" | "variable");
        let within: Vec<_> = open.iter().map(|(_, name, _)| name.clone()).collect();
        let deep = kind == "key" && within.len() >= KEY_DEPTH;
        if !local && !deep {
            let whole = node.parent().filter(|parent| parent.kind() == "decorated_definition").unwrap_or(node);
            found.push(Definition {
                name: name.clone(),
                kind,
                within,
                line: line_of(whole),
                to_line: last_line_of(whole),
                signature: signature(node, text),
            });
        }
        if !matches!(kind, "constant" | "variable" | "rule") {
            open.push((node.end_byte(), name, matches!(kind, "function" | "method")));
        }
        !deep
    });
    Ok(found)
}

/// What a node defines, if it defines something: its kind and name.
fn named(language: Language, node: Node<'_>, text: &str) -> Option<(&'static str, String)> {
    let field = |name: &str| node.child_by_field_name(name);
    let name = || field("name").map(|name| text_of(name, text).to_owned());
    match (language, node.kind()) {
        (Language::Python, "function_definition") => {
            let method = enclosing(node, &["function_definition", "class_definition"]);
            let kind =
                if method.is_some_and(|outer| outer.kind() == "class_definition") { "method" } else { "function" };
            Some((kind, name()?))
        }
        (Language::Python, "class_definition") | (Language::JavaScript, "class_declaration") => {
            Some(("class", name()?))
        }
        (Language::Python, "assignment") => {
            let left = field("left").filter(|left| left.kind() == "identifier")?;
            let name = text_of(left, text).to_owned();
            let kind = if name.chars().any(char::is_lowercase) { "variable" } else { "constant" };
            Some((kind, name))
        }
        (Language::JavaScript, "function_declaration" | "generator_function_declaration") => {
            Some(("function", name()?))
        }
        (Language::JavaScript, "method_definition") => Some(("method", name()?)),
        (Language::JavaScript, "field_definition") => Some(("variable", text_of(field("property")?, text).to_owned())),
        (Language::JavaScript, "variable_declarator") => {
            let name = field("name").filter(|name| name.kind() == "identifier")?;
            let kind = match field("value").map(|value| value.kind()) {
                Some("arrow_function" | "function_expression" | "generator_function") => "function",
                _ => "variable",
            };
            Some((kind, text_of(name, text).to_owned()))
        }
        (Language::Html, "element" | "script_element" | "style_element") => {
            let tag = node.named_child(0)?;
            let id = attribute(tag, "id", text)?;
            Some(("element", id))
        }
        (Language::Css, "rule_set") => {
            let selectors = node.named_child(0)?;
            Some(("rule", text_of(selectors, text).split_whitespace().collect::<Vec<_>>().join(" ")))
        }
        (Language::Json, "pair") | (Language::Yaml, "block_mapping_pair" | "flow_pair") => {
            let key = text_of(field("key")?, text).trim_matches(['"', '\'']);
            Some(("key", key.to_owned()))
        }
        _ => None,
    }
}

fn enclosing<'a>(node: Node<'a>, kinds: &[&str]) -> Option<Node<'a>> {
    let mut outer = node.parent();
    while let Some(node) = outer {
        if kinds.contains(&node.kind()) {
            return Some(node);
        }
        outer = node.parent();
    }
    None
}

/// An attribute of an HTML tag.
fn attribute(tag: Node<'_>, wanted: &str, text: &str) -> Option<String> {
    let mut cursor = tag.walk();
    tag.named_children(&mut cursor).filter(|child| child.kind() == "attribute").find_map(|attribute| {
        let name = attribute.named_child(0)?;
        let value = attribute.named_child(1)?;
        (text_of(name, text).eq_ignore_ascii_case(wanted))
            .then(|| text_of(value, text).trim_matches(['"', '\'']).to_owned())
    })
}

/// How a definition begins: all before its body, on one line.
fn signature(node: Node<'_>, text: &str) -> String {
    let end = node.child_by_field_name("body").map_or(node.end_byte(), |body| body.start_byte());
    let head = text.get(node.start_byte()..end).unwrap_or_default();
    let head = if node.child_by_field_name("body").is_some() { head } else { head.lines().next().unwrap_or_default() };
    let words: Vec<_> = head.split_whitespace().collect();
    words.join(" ").chars().take(SIGNATURE).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(language: Language, text: &str) -> Vec<String> {
        let all = definitions(language, text).unwrap();
        let tell = |one: Definition| {
            let place = one.within.iter().map(|name| format!("{name}.")).collect::<String>();
            format!("{} {place}{} {}-{}", one.kind, one.name, one.line, one.to_line)
        };
        all.into_iter().map(tell).collect()
    }

    #[test]
    fn python_classes_functions_and_constants() {
        let text = "LIMIT = 3\n\nclass Store:\n    rows = []\n\n    @property\n    def size(self):\n        n = 1\n        return n\n\nasync def \
                    main(\n    a,\n):\n    def inner():\n        pass\n";
        assert_eq!(
            told(Language::Python, text),
            [
                "constant LIMIT 1-1",
                "class Store 3-9",
                "variable Store.rows 4-4",
                "method Store.size 6-9",
                "function main 11-15",
                "function main.inner 14-15",
            ]
        );
        assert_eq!(definitions(Language::Python, text).unwrap()[4].signature, "async def main( a, ):");
    }

    #[test]
    fn javascript_functions_however_they_are_written() {
        let text = "const LIMIT = 3;\nexport function load(a) {\n  const local = 1;\n}\nconst save = async (x) => x;\nclass View \
                    {\n  #rows = [];\n  show() {}\n}\n";
        assert_eq!(
            told(Language::JavaScript, text),
            [
                "variable LIMIT 1-1",
                "function load 2-4",
                "function save 5-5",
                "class View 6-9",
                "variable View.#rows 7-7",
                "method View.show 8-8"
            ]
        );
    }

    #[test]
    fn documents_name_their_parts() {
        let html = "<main id=\"page\">\n<form id='new'></form>\n<p>x</p></main>\n";
        assert_eq!(told(Language::Html, html), ["element page 1-3", "element page.new 2-2"]);
        assert_eq!(told(Language::Css, "a,\n.b > c { color: red }\n"), ["rule a, .b > c 1-2"]);
        let json = "{\"a\": {\"b\": [{\"c\": {\"d\": 1}}]}, \"e\": 2}";
        assert_eq!(told(Language::Json, json), ["key a 1-1", "key a.b 1-1", "key a.b.c 1-1", "key e 1-1"]);
        assert_eq!(
            told(Language::Yaml, "on:\n  push: {}\njobs: 1\n"),
            ["key on 1-2", "key on.push 2-2", "key jobs 3-3"]
        );
    }

    #[test]
    fn what_is_broken_or_deep_ends_no_reading() {
        assert_eq!(told(Language::Python, "def a(:\n\nclass B:\n    pass\n").last().unwrap(), "class B 3-4");
        let deep = format!("{}1{}", "[".repeat(20_000), "]".repeat(20_000));
        assert!(told(Language::Json, &deep).is_empty());
    }
}
