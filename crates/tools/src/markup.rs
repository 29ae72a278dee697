//! Reads HTML as browsers do into elements that know their lines. It builds no whole tree: an element knows its attributes, what it is
//! inside of, and the text below it.

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts, states::RawKind,
};
use std::{cell::RefCell, collections::BTreeMap};

/// Elements that have no end tag.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr"];

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Element {
    /// In lower case.
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    /// Line of its start tag, from 1.
    pub(crate) line: usize,
    /// What it is inside of, as a place in the list of all.
    pub(crate) parent: Option<usize>,
    /// All text below it; of a picture below it, its alternative.
    pub(crate) text: String,
}

impl Element {
    /// An attribute that has a value.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }
}

/// A page.
#[derive(Debug, Clone, Default)]
pub(crate) struct Page {
    /// All elements, in order of their start tags.
    pub(crate) elements: Vec<Element>,
    /// Whether it begins with a document type.
    pub(crate) doctype: bool,
}

impl Page {
    /// The elements that an element is inside of, from the inside out.
    pub(crate) fn above<'p>(&'p self, element: &'p Element) -> impl Iterator<Item = &'p Element> {
        std::iter::successors(element.parent.and_then(|at| self.elements.get(at)), |above| {
            self.elements.get(above.parent?)
        })
    }

    /// All elements of a name.
    pub(crate) fn named<'p>(&'p self, name: &'p str) -> impl Iterator<Item = &'p Element> {
        self.elements.iter().filter(move |element| element.name == name)
    }
}

#[derive(Default)]
struct Building {
    page: Page,
    /// Places of the elements that are open.
    open: Vec<usize>,
}

impl Building {
    fn text(&mut self, text: &str) {
        for at in &self.open {
            if let Some(element) = self.page.elements.get_mut(*at) {
                element.text.push_str(text);
            }
        }
    }

    fn name(&self, at: usize) -> &str {
        self.page.elements.get(at).map_or("", |element| element.name.as_str())
    }

    fn start(&mut self, tag: &Tag, line: usize) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        self.implied(&name);
        let attributes: BTreeMap<String, String> =
            tag.attrs.iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
        if name == "img" {
            let alt = attributes.get("alt").cloned().unwrap_or_default();
            self.text(&alt);
        }
        let parent = self.open.last().copied();
        let at = self.page.elements.len();
        let closed = VOID.contains(&name.as_str())
            || (tag.self_closing && self.open.iter().any(|at| matches!(self.name(*at), "svg" | "math")));
        let raw = match name.as_str() {
            "script" => Some(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
            "title" | "textarea" => Some(RawKind::Rcdata),
            _ => None,
        };
        self.page.elements.push(Element { name, attributes, line, parent, text: String::new() });
        if !closed {
            self.open.push(at);
        }
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    /// Ends the elements that end where another begins.
    fn implied(&mut self, next: &str) {
        const BLOCKS: &[&str] = &[
            "address",
            "article",
            "aside",
            "blockquote",
            "div",
            "dl",
            "fieldset",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "main",
            "nav",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "ul",
        ];
        let ends: (&[&str], &[&str]) = match next {
            "li" => (&["li"], &["ul", "ol", "menu"]),
            "dt" | "dd" => (&["dt", "dd"], &["dl"]),
            "option" => (&["option"], &["select", "datalist", "optgroup"]),
            "tr" => (&["tr", "td", "th"], &["table", "thead", "tbody", "tfoot"]),
            "td" | "th" => (&["td", "th"], &["tr", "table"]),
            "tbody" | "tfoot" | "thead" => (&["thead", "tbody", "tfoot", "tr", "td", "th"], &["table"]),
            block if BLOCKS.contains(&block) => {
                (&["p"], &["div", "section", "article", "body", "li", "td", "th", "button"])
            }
            _ => return,
        };
        let found = self.open.iter().rposition(|at| ends.0.contains(&self.name(*at)));
        let stop = self.open.iter().rposition(|at| ends.1.contains(&self.name(*at)));
        if let Some(found) = found.filter(|found| stop.is_none_or(|stop| stop < *found)) {
            // Of a table's row all that is open ends.
            let first = self
                .open
                .iter()
                .enumerate()
                .skip(stop.map_or(0, |stop| stop + 1))
                .find(|(_, at)| ends.0.contains(&self.name(**at)))
                .map_or(found, |(place, _)| place);
            self.open.truncate(first);
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(at) = self.open.iter().rposition(|at| self.name(*at) == name) {
            self.open.truncate(at);
        }
    }
}

struct Sink(RefCell<Building>);

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<()> {
        let mut building = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                return building.start(&tag, usize::try_from(line).unwrap_or_default());
            }
            Token::TagToken(tag) => building.end(&tag.name),
            Token::CharacterTokens(text) => building.text(&text),
            Token::DoctypeToken(_) => building.page.doctype = true,
            Token::CommentToken(_) | Token::NullCharacterToken | Token::EOFToken | Token::ParseError(_) => {}
        }
        TokenSinkResult::Continue
    }
}

/// Reads a page.
pub(crate) fn read(text: &str) -> Page {
    // Lines are counted where a token ends; what stands before a tag on other lines is a token of its own.
    let tokenizer = Tokenizer::new(Sink(RefCell::new(Building::default())), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(text.into());
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.0.into_inner().page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_know_their_lines_attributes_and_texts() {
        let page = read(
            "<!doctype html>\n<title>A &amp; b</title>\n<ul>\n<li id=x>one<li>two <img alt='a saw'>\n</ul>\n<script>if (a < b) '<p>'</script>\n<p>three<div>four</div>",
        );
        assert!(page.doctype);
        let told: Vec<_> = page.elements.iter().map(|e| (e.name.as_str(), e.line, e.text.trim())).collect();
        assert_eq!(
            told,
            [
                ("title", 2, "A & b"),
                ("ul", 3, "onetwo a saw"),
                ("li", 4, "one"),
                ("li", 4, "two a saw"),
                ("img", 4, ""),
                ("script", 6, "if (a < b) '<p>'"),
                ("p", 7, "three"),
                ("div", 7, "four"),
            ]
        );
        assert_eq!(page.elements[2].get("id"), Some("x"));
        assert_eq!(page.above(&page.elements[4]).map(|e| e.name.as_str()).collect::<Vec<_>>(), ["li", "ul"]);
        let table = read("<table><tr><th>a<td>b<tr><td>c</table>");
        assert_eq!(table.named("td").map(|e| e.text.as_str()).collect::<Vec<_>>(), ["b", "c"]);
    }
}
