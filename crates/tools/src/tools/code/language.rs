//! Which grammar reads a file, and walking what it read.

use crate::Error;
use tree_sitter::{Node, Parser, Tree};

/// A language with a grammar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::tools) enum Language {
    Css,
    Html,
    JavaScript,
    Json,
    Python,
    Yaml,
}

/// The endings of files in each language.
const ENDINGS: [(&str, Language); 8] = [
    (".css", Language::Css),
    (".html", Language::Html),
    (".js", Language::JavaScript),
    (".json", Language::Json),
    (".mjs", Language::JavaScript),
    (".py", Language::Python),
    (".yaml", Language::Yaml),
    (".yml", Language::Yaml),
];

impl Language {
    /// The language of a file, by its ending.
    pub(in crate::tools) fn of(path: &str) -> Option<Self> {
        ENDINGS.iter().find(|(ending, _)| path.ends_with(ending)).map(|(_, language)| *language)
    }

    /// The same, or what to say when there is none.
    pub(in crate::tools) fn known(path: &str) -> Result<Self, Error> {
        Self::of(path).ok_or_else(|| {
            let endings = ENDINGS.map(|(ending, _)| format!("`{ending}`")).join(", ");
            Error::Respond(format!("`{path}` is in no language with a grammar: these are {endings}"))
        })
    }

    /// Whether its names are those of a program: they are defined in one place and used in others.
    pub(in crate::tools) const fn is_code(self) -> bool {
        matches!(self, Self::JavaScript | Self::Python)
    }

    /// Reads a text. What does not fit the grammar becomes error nodes.
    pub(in crate::tools) fn parse(self, text: &str) -> Result<Tree, Error> {
        let grammar = match self {
            Self::Css => tree_sitter_css::LANGUAGE,
            Self::Html => tree_sitter_html::LANGUAGE,
            Self::JavaScript => tree_sitter_javascript::LANGUAGE,
            Self::Json => tree_sitter_json::LANGUAGE,
            Self::Python => tree_sitter_python::LANGUAGE,
            Self::Yaml => tree_sitter_yaml::LANGUAGE,
        };
        let fatal = |source| Error::Fatal { tool: "tree-sitter".to_owned(), source };
        let mut parser = Parser::new();
        parser.set_language(&grammar.into()).map_err(|why| fatal(why.into()))?;
        parser.parse(text, None).ok_or_else(|| fatal("the parser gave no tree".into()))
    }
}

/// Visits every node, parents first; does not go below one for which `visit` answers false. Without recursion: how deep a
/// file nests is up to whoever wrote it.
pub(in crate::tools) fn walk<'a>(tree: &'a Tree, mut visit: impl FnMut(Node<'a>) -> bool) {
    let mut cursor = tree.walk();
    loop {
        if visit(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// The text of a node.
pub(in crate::tools) fn text_of<'a>(node: Node<'_>, text: &'a str) -> &'a str {
    text.get(node.byte_range()).unwrap_or_default()
}

/// The line of a node, from 1.
pub(in crate::tools) fn line_of(node: Node<'_>) -> usize {
    node.start_position().row + 1
}

/// The last line of a node that it has a part of.
pub(in crate::tools) fn last_line_of(node: Node<'_>) -> usize {
    let end = node.end_position();
    if end.column == 0 && end.row > node.start_position().row { end.row } else { end.row + 1 }
}
