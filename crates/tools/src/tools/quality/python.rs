//! The syntax tree of a Python file: its functions, what is called, and what is the same whatever the software does.

use tree_sitter::Node;

/// A function of the file.
pub(super) struct Function<'t> {
    pub(super) name: &'t str,
    pub(super) class: &'t str,
    pub(super) node: Node<'t>,
    pub(super) body: Node<'t>,
    pub(super) decorators: Vec<&'t str>,
}

pub(super) fn first_error(node: Node<'_>) -> Option<Node<'_>> {
    if node.is_error() || node.is_missing() {
        return Some(node);
    }
    let mut cursor = node.walk();
    let children: Vec<_> = node.children(&mut cursor).filter(tree_sitter::Node::has_error).collect();
    children.into_iter().find_map(first_error)
}

pub(super) fn line_of(node: Node<'_>) -> usize {
    node.start_position().row + 1
}

pub(super) fn said<'t>(node: Node<'_>, text: &'t str) -> &'t str {
    text.get(node.byte_range()).unwrap_or_default()
}

pub(super) fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() != "comment").collect()
}

pub(super) fn collect<'t>(node: Node<'t>, text: &'t str, class: &'t str, into: &mut Vec<Function<'t>>) {
    for child in children(node) {
        let (inner, decorators) = if child.kind() == "decorated_definition" {
            let decorators = children(child)
                .into_iter()
                .filter(|node| node.kind() == "decorator")
                .map(|node| said(node, text))
                .collect();
            (child.child_by_field_name("definition").unwrap_or(child), decorators)
        } else {
            (child, vec![])
        };
        let name = inner.child_by_field_name("name").map_or("", |name| said(name, text));
        match (inner.kind(), inner.child_by_field_name("body")) {
            ("function_definition", Some(body)) => into.push(Function { name, class, node: inner, body, decorators }),
            ("class_definition", Some(body)) => {
                let from = into.len();
                collect(body, text, name, into);
                // A decorator of the class holds for its tests.
                for function in into.iter_mut().skip(from) {
                    function.decorators.extend(&decorators);
                }
            }
            ("if_statement" | "try_statement" | "block" | "else_clause" | "with_statement", _) => {
                collect(inner, text, class, into)
            }
            _ => {}
        }
    }
}

pub(super) fn each<'t>(node: Node<'t>, see: &mut impl FnMut(Node<'t>)) {
    see(node);
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        each(child, see);
    }
}

/// The last part of the name of what is called: `assertEqual` of `self.assertEqual(...)`.
pub(super) fn called<'t>(node: Node<'_>, text: &'t str) -> Option<&'t str> {
    let function = (node.kind() == "call").then(|| node.child_by_field_name("function"))??;
    said(function, text).rsplit('.').next()
}

/// A statement that does nothing: `pass`, `...`, a text.
pub(super) fn idle(node: Node<'_>) -> bool {
    match node.kind() {
        "pass_statement" => true,
        "expression_statement" => {
            children(node).iter().all(|child| matches!(child.kind(), "string" | "ellipsis" | "concatenated_string"))
        }
        _ => false,
    }
}

/// Whether an expression is true whatever the software does.
pub(super) fn always(node: Node<'_>, text: &str) -> bool {
    match node.kind() {
        "true" => true,
        "integer" | "float" => said(node, text).chars().any(|c| ('1'..='9').contains(&c)),
        "string" => said(node, text).trim_matches(|c| c == '"' || c == '\'').chars().next().is_some(),
        // `assert (x, "message")` is a tuple, which is true.
        "tuple" => !children(node).is_empty(),
        "list" | "dictionary" | "set" => !children(node).is_empty(),
        "parenthesized_expression" => children(node).first().is_some_and(|inner| always(*inner, text)),
        "not_operator" => children(node).first().is_some_and(|inner| constant(*inner) && !always(*inner, text)),
        "boolean_operator" => {
            let or = node.child_by_field_name("operator").is_some_and(|operator| said(operator, text) == "or");
            let sides = children(node);
            if or { sides.iter().any(|side| always(*side, text)) } else { sides.iter().all(|side| always(*side, text)) }
        }
        "comparison_operator" => {
            let sides = children(node);
            let (Some(a), Some(b)) = (sides.first(), sides.get(1)) else { return false };
            let operator = node.child(1).map_or("", |operator| said(operator, text));
            (constant(*a) && constant(*b)) || (matches!(operator, "==" | "is" | "<=" | ">=") && same(*a, *b, text))
        }
        _ => false,
    }
}

pub(super) fn constant(node: Node<'_>) -> bool {
    match node.kind() {
        "true" | "false" | "none" | "integer" | "float" => true,
        "string" => !children(node).iter().any(|child| child.kind() == "interpolation"),
        "tuple" | "list" | "dictionary" | "set" | "pair" | "unary_operator" | "parenthesized_expression" => {
            children(node).into_iter().all(constant)
        }
        _ => false,
    }
}

/// Whether two expressions are the same words and call nothing, so that they are equal whatever happens.
pub(super) fn same(a: Node<'_>, b: Node<'_>, text: &str) -> bool {
    let mut calls = false;
    each(a, &mut |node| calls |= matches!(node.kind(), "call" | "await"));
    !calls && said(a, text).split_whitespace().eq(said(b, text).split_whitespace())
}

pub(super) fn short(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    let cut: String = line.chars().take(80).collect();
    if cut.len() < text.len() { format!("{cut}…") } else { cut }
}

/// The words of a body without comments and texts that stand alone.
pub(super) fn shape(body: Node<'_>, text: &str) -> String {
    let statements = children(body).into_iter().filter(|node| !idle(*node));
    statements
        .map(|node| said(node, text).split_whitespace().collect::<Vec<_>>().join(" "))
        .collect::<Vec<_>>()
        .join("\n")
}
