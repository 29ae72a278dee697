//! Where names stand in a file: as what, and not in texts or comments.

use super::language::{Language, line_of, text_of, walk};
use crate::Error;
use serde::Serialize;
use tree_sitter::Node;

/// What a name does at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Role {
    Definition,
    Import,
    Call,
    Write,
    Use,
}

/// One place at which a name stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mention {
    pub(super) role: Role,
    pub(super) line: usize,
    pub(super) column: usize,
}

/// Every place at which a text mentions a name.
pub(super) fn mentions(language: Language, text: &str, name: &str) -> Result<Vec<Mention>, Error> {
    // Reading is dear, and most files do not have it at all.
    if !text.contains(name) {
        return Ok(Vec::new());
    }
    let tree = language.parse(text)?;
    let mut found = Vec::new();
    walk(&tree, |node| {
        if is_name(language, node, text, name) {
            let column = text.get(..node.start_byte()).and_then(|before| before.lines().next_back());
            let column =
                if node.start_position().column == 0 { 0 } else { column.map_or(0, |line| line.chars().count()) };
            found.push(Mention { role: role(language, node), line: line_of(node), column: column + 1 });
        }
        true
    });
    Ok(found)
}

/// Whether this node is the name.
fn is_name(language: Language, node: Node<'_>, text: &str, name: &str) -> bool {
    let names = match language {
        Language::Python => node.kind() == "identifier",
        Language::JavaScript => {
            matches!(
                node.kind(),
                "identifier"
                    | "property_identifier"
                    | "shorthand_property_identifier"
                    | "shorthand_property_identifier_pattern"
                    | "private_property_identifier"
            )
        }
        Language::Css => matches!(node.kind(), "class_name" | "id_name" | "tag_name" | "property_name"),
        // Ids and classes: what scripts and styles refer to.
        Language::Html => {
            return node.kind() == "attribute_value" && text_of(node, text).split_whitespace().any(|word| word == name);
        }
        Language::Json => node.kind() == "string_content",
        Language::Yaml => node.kind() == "string_scalar",
    };
    names && text_of(node, text) == name
}

fn role(language: Language, node: Node<'_>) -> Role {
    if !language.is_code() {
        return Role::Use;
    }
    // `a.b(...)`: what is called is `b`.
    let called = |node: Node<'_>| {
        let holder = node.parent().filter(|parent| {
            let member = parent.child_by_field_name("attribute").or_else(|| parent.child_by_field_name("property"));
            member == Some(node)
        });
        let callee = holder.unwrap_or(node);
        callee.parent().is_some_and(|call| {
            matches!(call.kind(), "call" | "call_expression" | "new_expression" | "decorator")
                && (call.child_by_field_name("function") == Some(callee)
                    || call.child_by_field_name("constructor") == Some(callee)
                    || call.kind() == "decorator")
        })
    };
    let Some(parent) = node.parent() else { return Role::Use };
    let is = |field: &str| parent.child_by_field_name(field) == Some(node);
    match parent.kind() {
        "function_definition"
        | "class_definition"
        | "function_declaration"
        | "class_declaration"
        | "method_definition"
        | "generator_function_declaration"
        | "variable_declarator"
            if is("name") =>
        {
            Role::Definition
        }
        "field_definition" if is("property") => Role::Definition,
        "import_specifier" | "import_clause" | "namespace_import" | "import_statement" => Role::Import,
        "dotted_name" | "aliased_import" if imported(parent) => Role::Import,
        "assignment" | "augmented_assignment" | "assignment_expression" | "augmented_assignment_expression"
            if is("left") =>
        {
            Role::Write
        }
        _ if called(node) => Role::Call,
        _ => Role::Use,
    }
}

fn imported(node: Node<'_>) -> bool {
    let mut outer = Some(node);
    while let Some(node) = outer {
        if matches!(node.kind(), "import_statement" | "import_from_statement" | "future_import_statement") {
            return true;
        }
        outer = node.parent();
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn roles(language: Language, text: &str, name: &str) -> Vec<(Role, usize, usize)> {
        mentions(language, text, name).unwrap().into_iter().map(|one| (one.role, one.line, one.column)).collect()
    }

    #[test]
    fn python_names_by_what_they_do() {
        let text = "from store import lend\n\ndef lend(x):\n    \"\"\"lend\"\"\"  # lend\n    y = 'ü'; lend(x)\n    self.lend = \
                    lend\n    return a.lend(1)\n";
        assert_eq!(
            roles(Language::Python, text, "lend"),
            [
                (Role::Import, 1, 19),
                (Role::Definition, 3, 5),
                (Role::Call, 5, 14),
                (Role::Use, 6, 10),
                (Role::Use, 6, 17),
                (Role::Call, 7, 14),
            ]
        );
        assert_eq!(roles(Language::Python, "x = 1\nx += 2\n", "x"), [(Role::Write, 1, 1), (Role::Write, 2, 1)]);
    }

    #[test]
    fn javascript_names_by_what_they_do() {
        let text = "import { load } from './a.js';\nfunction load() {}\nload();\napi.load();\nconst f = load; // load\nnew load();\n";
        let roles: Vec<_> =
            roles(Language::JavaScript, text, "load").into_iter().map(|(role, line, _)| (role, line)).collect();
        let expected = [
            (Role::Import, 1),
            (Role::Definition, 2),
            (Role::Call, 3),
            (Role::Call, 4),
            (Role::Use, 5),
            (Role::Call, 6),
        ];
        assert_eq!(roles, expected);
    }

    #[test]
    fn pages_and_styles_mention_ids_and_classes() {
        assert_eq!(roles(Language::Html, "<p class=\"note big\">note</p>", "note").len(), 1);
        assert_eq!(roles(Language::Css, ".note { color: red }\n#note {}\n/* note */", "note").len(), 2);
    }
}
