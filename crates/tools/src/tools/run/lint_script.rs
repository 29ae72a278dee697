//! Mistakes in JavaScript, by its syntax tree.

use super::lint_code::Finding;
use crate::{
    Error,
    tools::code::language::{Language, line_of, text_of, walk},
};
use std::collections::{BTreeMap, BTreeSet};
use tree_sitter::{Node, Tree};

/// Names that a page's scripts and the language bring along.
const GLOBALS: &[&str] = &[
    "AbortController",
    "Array",
    "Blob",
    "Boolean",
    "CSS",
    "CustomEvent",
    "DOMParser",
    "Date",
    "DocumentFragment",
    "Element",
    "Error",
    "Event",
    "EventTarget",
    "File",
    "FileReader",
    "FormData",
    "HTMLElement",
    "Headers",
    "Infinity",
    "Intl",
    "JSON",
    "Map",
    "Math",
    "MutationObserver",
    "NaN",
    "Node",
    "Number",
    "Object",
    "Option",
    "Promise",
    "Proxy",
    "RangeError",
    "Reflect",
    "RegExp",
    "Request",
    "Response",
    "Set",
    "String",
    "Symbol",
    "SyntaxError",
    "TextDecoder",
    "TextEncoder",
    "TypeError",
    "URL",
    "URLSearchParams",
    "WeakMap",
    "WeakSet",
    "WebSocket",
    "Worker",
    "XMLHttpRequest",
    "addEventListener",
    "alert",
    "arguments",
    "atob",
    "btoa",
    "cancelAnimationFrame",
    "clearInterval",
    "clearTimeout",
    "confirm",
    "console",
    "crypto",
    "customElements",
    "decodeURIComponent",
    "dispatchEvent",
    "document",
    "encodeURIComponent",
    "fetch",
    "globalThis",
    "history",
    "import",
    "isFinite",
    "isNaN",
    "localStorage",
    "location",
    "matchMedia",
    "module",
    "navigator",
    "parseFloat",
    "parseInt",
    "performance",
    "process",
    "prompt",
    "queueMicrotask",
    "removeEventListener",
    "requestAnimationFrame",
    "require",
    "self",
    "sessionStorage",
    "setInterval",
    "setTimeout",
    "structuredClone",
    "undefined",
    "window",
];

pub(super) fn reads(path: &str) -> bool {
    Language::of(path) == Some(Language::JavaScript)
}

/// The mistakes of one script.
pub(super) fn lint(path: &str, text: &str) -> Result<Vec<Finding>, Error> {
    let tree = Language::JavaScript.parse(text)?;
    let mut found = Vec::new();
    let mut add = |line: usize, code: &str, message: String| {
        found.push(Finding { path: path.to_owned(), line, code: code.to_owned(), message });
    };
    walk(&tree, |node| {
        if let Some((code, message)) = wrong(node, text) {
            add(line_of(node), code, message);
        }
        true
    });
    for (line, code, message) in names(&tree, text) {
        add(line, code, message);
    }
    found.sort_by(|a, b| (a.line, &a.code).cmp(&(b.line, &b.code)));
    Ok(found)
}

/// What is wrong with one node, whatever is around it.
fn wrong(node: Node<'_>, text: &str) -> Option<(&'static str, String)> {
    let field = |name: &str| node.child_by_field_name(name);
    let told = |code, message: &str| Some((code, message.to_owned()));
    match node.kind() {
        "variable_declaration" => told("var", "`var` is seen outside of its block; use `const` or `let`"),
        "debugger_statement" => told("debugger", "it stops the page when tools are open"),
        "binary_expression" => {
            let operator = text_of(field("operator")?, text);
            let (left, right) = (text_of(field("left")?, text), text_of(field("right")?, text));
            if matches!(operator, "==" | "!=") && !(left == "null" || right == "null") {
                return Some(("loose-equality", format!("`{operator}` converts types; use `{operator}=`")));
            }
            let compares = matches!(operator, "==" | "!=" | "===" | "!==" | "<" | ">" | "<=" | ">=");
            (compares && left == right).then(|| ("self-comparison", "both sides are the same".to_owned()))
        }
        "catch_clause" if field("body").is_some_and(|body| body.named_child_count() == 0) => {
            told("swallowed-exception", "it hides every failure; report it, or say why not in a comment")
        }
        "if_statement" | "while_statement" | "do_statement" => {
            let condition = field("condition")?.named_child(0)?;
            (condition.kind() == "assignment_expression")
                .then(|| ("assignment-in-condition", "it assigns; was `===` meant?".to_owned()))
        }
        "object" => {
            let mut seen = BTreeSet::new();
            let mut cursor = node.walk();
            let keys = node.named_children(&mut cursor).filter(|child| child.kind() == "pair");
            let mut keys = keys.filter_map(|pair| pair.child_by_field_name("key")).map(|key| text_of(key, text));
            let twice = keys.find(|key| !key.starts_with('[') && !seen.insert(*key))?;
            Some(("duplicate-key", format!("the key {twice} is there twice; the last one wins")))
        }
        "return_statement" | "throw_statement" | "break_statement" | "continue_statement" => {
            let next = node.next_named_sibling().filter(|next| {
                !matches!(next.kind(), "comment" | "function_declaration" | "switch_case" | "switch_default")
            })?;
            // Cases of a switch and bodies without braces have other neighbours.
            matches!(next.parent()?.kind(), "statement_block" | "program")
                .then(|| ("unreachable-code", format!("nothing gets to line {}: this always leaves", line_of(next))))
        }
        _ => None,
    }
}

/// Names that nobody uses or nobody defines. Without scopes: what is defined anywhere in the file counts as defined.
fn names(tree: &Tree, text: &str) -> Vec<(usize, &'static str, String)> {
    let mut declared: BTreeMap<&str, (usize, &'static str)> = BTreeMap::new();
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    walk(tree, |node| {
        if !matches!(
            node.kind(),
            "identifier" | "shorthand_property_identifier" | "shorthand_property_identifier_pattern"
        ) {
            return true;
        }
        let name = text_of(node, text);
        match declares(node) {
            Some(kind) => drop(declared.entry(name).or_insert((line_of(node), kind))),
            None => drop(used.entry(name).or_insert(line_of(node))),
        }
        true
    });
    let unused = declared.iter().filter(|(name, (_, kind))| {
        !used.contains_key(**name) && !name.starts_with('_') && matches!(*kind, "import" | "variable" | "function")
    });
    let unused = unused.map(|(name, (line, kind))| match *kind {
        "import" => (*line, "unused-import", format!("`{name}` is imported and never used")),
        _ => (*line, "unused-name", format!("`{name}` is defined and never used")),
    });
    let undefined =
        used.iter().filter(|(name, _)| !declared.contains_key(**name) && GLOBALS.binary_search(name).is_err());
    let undefined = undefined.map(|(name, line)| (*line, "undefined-name", format!("`{name}` is defined nowhere")));
    unused.chain(undefined).collect()
}

/// As what an identifier is declared here, if it is.
fn declares(node: Node<'_>) -> Option<&'static str> {
    let parent = node.parent()?;
    let is = |field: &str| parent.child_by_field_name(field) == Some(node);
    let exported = |node: Node<'_>| {
        let mut outer = node.parent();
        while let Some(node) = outer {
            match node.kind() {
                "export_statement" => return true,
                "statement_block" | "program" => return false,
                _ => outer = node.parent(),
            }
        }
        false
    };
    match parent.kind() {
        "import_specifier" if is("alias") || (is("name") && parent.child_by_field_name("alias").is_none()) => {
            Some("import")
        }
        // The other module's name for it.
        "import_specifier" => Some("foreign"),
        "import_clause" | "namespace_import" => Some("import"),
        "function_declaration" | "generator_function_declaration" | "class_declaration" if is("name") => {
            Some(if exported(parent) { "exported" } else { "function" })
        }
        "function_expression" | "class" if is("name") => Some("own"),
        "variable_declarator" if is("name") => Some(if exported(parent) { "exported" } else { "variable" }),
        "formal_parameters" | "rest_pattern" | "array_pattern" | "catch_clause" => Some("parameter"),
        "arrow_function" if is("parameter") => Some("parameter"),
        "object_pattern" => Some("parameter"),
        "pair_pattern" if is("value") => Some("parameter"),
        "assignment_pattern" | "object_assignment_pattern" if is("left") => Some("parameter"),
        "for_in_statement" if is("left") => Some("parameter"),
        "labeled_statement" | "statement_identifier" => Some("own"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<String> {
        lint("a.js", text).unwrap().into_iter().map(|one| format!("{}:{}", one.line, one.code)).collect()
    }

    #[test]
    fn globals_are_in_order() {
        assert!(GLOBALS.is_sorted());
    }

    #[test]
    fn each_mistake_is_found_where_it_is() {
        for (text, found) in [
            ("var a = 1;\nexport { a };\n", "1:var"),
            ("export const f = (x) => x == 1;\n", "1:loose-equality"),
            ("export const f = (x) => x === x;\n", "1:self-comparison"),
            ("export const f = (g) => { try { g(); } catch (e) {} };\n", "1:swallowed-exception"),
            ("export function f(x) {\n  if (x = 1) { f(x); }\n}\n", "2:assignment-in-condition"),
            ("export const o = { a: 1, b: 2, a: 3 };\n", "1:duplicate-key"),
            ("export function f() {\n  return 1;\n  f();\n}\n", "2:unreachable-code"),
            ("import { a, b } from './c.js';\nb();\n", "1:unused-import"),
            ("const a = 1;\n", "1:unused-name"),
            ("export const f = () => lend(1);\n", "1:undefined-name"),
            ("debugger;\n", "1:debugger"),
        ] {
            assert_eq!(codes(text), [found], "{text}");
        }
    }

    #[test]
    fn what_is_fine_is_left_alone() {
        let text = "import { h as make, text } from './dom.js';\nimport * as api from './api.js';\n\
            export async function show({ id, name: title = 'x' }, ...rest) {\n  for (const [key, value] of Object.entries(rest)) {\n    \
            make(key, value ?? text(title));\n  }\n  try { await api.load(id); } catch (error) { console.error(error); }\n  if (id == null) \
            return;\n  switch (id) {\n    case 1: return 2;\n    default: break;\n  }\n  const local = { id, title };\n  document.body.append(local.id);\n}\n";
        assert_eq!(codes(text), [] as [&str; 0]);
    }
}
