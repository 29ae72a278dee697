//! Markdown as a small tree of blocks, with source lines. Marks, HTML comments and plain formatting tags are gone.

use crate::jira::Source;
use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A block of the document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Block {
    Heading {
        level: u8,
        text: String,
        line: u32,
    },
    /// Lines are kept: `\n` stands for a line break of the source.
    Para {
        text: String,
        line: u32,
    },
    List {
        items: Vec<Item>,
    },
    /// Header row first.
    Table {
        rows: Vec<Vec<String>>,
        line: u32,
    },
    Code {
        lang: String,
        text: String,
        line: u32,
    },
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Item {
    pub(crate) text: String,
    pub(crate) line: u32,
    pub(crate) children: Vec<Block>,
}

/// Deeper lists are read as if they stood at this depth: nobody means more, and recursion stays bounded.
const DEEPEST: usize = 12;

/// Formatting tags say nothing; other tags are kept as the text they are.
const PLAIN_TAGS: &[&str] = &[
    "b", "i", "u", "em", "strong", "p", "div", "span", "sub", "sup", "details", "summary", "small", "mark", "a", "kbd",
];

enum Frame {
    List(Vec<Item>),
    Item(Item, bool),
}

struct Builder {
    line_starts: Vec<usize>,
    /// The source's line for each line, where the two differ.
    source_lines: Vec<u32>,
    done: Vec<Block>,
    stack: Vec<Frame>,
    text: String,
    start: u32,
    rows: Vec<Vec<String>>,
    table_line: u32,
    cell: bool,
    code: Option<String>,
    skipped_lists: usize,
    metadata: bool,
    /// Inside text that the author struck out.
    struck: bool,
}

/// Parses Markdown.
pub(crate) fn parse(source: &Source) -> Vec<Block> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH;
    let Source { text: source, lines } = source;
    let line_starts = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
    let mut builder = Builder {
        line_starts,
        source_lines: lines.clone(),
        done: Vec::new(),
        stack: Vec::new(),
        text: String::new(),
        start: 1,
        rows: Vec::new(),
        table_line: 1,
        cell: false,
        code: None,
        skipped_lists: 0,
        metadata: false,
        struck: false,
    };
    for (event, range) in Parser::new_ext(source, options).into_offset_iter() {
        builder.event(event, range.start);
    }
    builder.flush();
    while builder.stack.pop().is_some() {}
    builder.done
}

impl Builder {
    fn line(&self, offset: usize) -> u32 {
        let line = self.line_starts.partition_point(|start| *start <= offset);
        match line.checked_sub(1).and_then(|at| self.source_lines.get(at)) {
            Some(source) => *source,
            None => u32::try_from(line).unwrap_or(u32::MAX),
        }
    }

    fn event(&mut self, event: Event<'_>, at: usize) {
        match event {
            Event::Start(tag) => self.open(&tag, at),
            Event::End(tag) => self.close(tag),
            Event::Text(text) | Event::Code(text) if !self.metadata && !self.struck => self.push(&text, at),
            Event::SoftBreak | Event::HardBreak => self.push(if self.cell { " " } else { "\n" }, at),
            Event::Html(html) => self.html(&html, at),
            Event::InlineHtml(html) => self.html(&html, at),
            _ => {}
        }
    }

    fn push(&mut self, text: &str, at: usize) {
        if self.text.is_empty() {
            self.start = self.line(at);
        }
        self.text.push_str(text);
    }

    fn html(&mut self, html: &str, at: usize) {
        let mut rest = html;
        // A comment may begin in one event and end in another: everything inside is hidden from the reader.
        while !rest.is_empty() {
            if self.in_comment() {
                let Some(end) = rest.find("-->") else { return };
                self.text.truncate(self.text.rfind(COMMENT).unwrap_or(self.text.len()));
                rest = rest.get(end + 3..).unwrap_or_default();
                continue;
            }
            let Some(open) = rest.find('<') else { break };
            self.push_some(rest.get(..open).unwrap_or_default(), at);
            rest = rest.get(open..).unwrap_or_default();
            if rest.starts_with("<!--") {
                self.text.push(COMMENT);
                rest = rest.get(4..).unwrap_or_default();
                continue;
            }
            let end = rest.find('>').map_or(rest.len(), |end| end + 1);
            let (tag, after) = rest.split_at(end);
            let name: String =
                tag.trim_start_matches(['<', '/']).chars().take_while(char::is_ascii_alphanumeric).collect();
            match name.to_ascii_lowercase().as_str() {
                "br" => self.push(if self.cell { "; " } else { "\n" }, at),
                plain if PLAIN_TAGS.contains(&plain) => {}
                _ => self.push(tag, at),
            }
            rest = after;
        }
        if !self.in_comment() {
            self.push_some(rest, at);
        }
    }

    fn push_some(&mut self, text: &str, at: usize) {
        if !text.is_empty() {
            self.push(text, at);
        }
    }

    fn in_comment(&self) -> bool {
        self.text.contains(COMMENT)
    }

    fn open(&mut self, tag: &Tag<'_>, at: usize) {
        match tag {
            Tag::Heading { .. } | Tag::Paragraph | Tag::HtmlBlock => self.flush(),
            Tag::CodeBlock(kind) => {
                self.flush();
                self.start = self.line(at);
                let lang = match kind {
                    CodeBlockKind::Fenced(lang) => lang.trim().to_lowercase(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some(lang);
            }
            Tag::List(_) => {
                self.flush();
                if self.stack.len() >= DEEPEST * 2 {
                    self.skipped_lists += 1;
                } else {
                    self.stack.push(Frame::List(Vec::new()));
                }
            }
            Tag::Item if self.skipped_lists == 0 => {
                let line = self.line(at);
                self.stack.push(Frame::Item(Item { line, ..Item::default() }, false));
            }
            Tag::Table(_) => {
                self.flush();
                self.rows.clear();
                self.table_line = self.line(at);
            }
            Tag::TableHead | Tag::TableRow => self.rows.push(Vec::new()),
            Tag::TableCell => {
                self.text.clear();
                self.cell = true;
            }
            Tag::MetadataBlock(_) => self.metadata = true,
            Tag::Strikethrough => self.struck = true,
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Heading(level) => {
                let text = self.take();
                let line = self.start;
                if !text.is_empty() {
                    self.add(Block::Heading { level: depth(level), text, line });
                }
            }
            TagEnd::Paragraph | TagEnd::HtmlBlock => self.flush(),
            TagEnd::CodeBlock => {
                let text = std::mem::take(&mut self.text);
                let lang = self.code.take().unwrap_or_default();
                let line = self.start;
                self.add(Block::Code { lang, text, line });
            }
            TagEnd::List(_) => {
                self.flush();
                if self.skipped_lists > 0 {
                    self.skipped_lists -= 1;
                } else if let Some(Frame::List(items)) = self.stack.pop() {
                    self.add(Block::List { items });
                }
            }
            TagEnd::Item if self.skipped_lists == 0 => {
                self.flush();
                if let Some(Frame::Item(item, _)) = self.stack.pop()
                    && let Some(Frame::List(items)) = self.stack.last_mut()
                {
                    items.push(item);
                }
            }
            TagEnd::TableCell => {
                let text = self.take().replace('\n', " ");
                self.cell = false;
                if let Some(row) = self.rows.last_mut() {
                    row.push(text);
                }
            }
            TagEnd::Table => {
                let rows = std::mem::take(&mut self.rows);
                let line = self.table_line;
                self.add(Block::Table { rows, line });
            }
            TagEnd::MetadataBlock(_) => self.metadata = false,
            TagEnd::Strikethrough => self.struck = false,
            _ => {}
        }
    }

    fn take(&mut self) -> String {
        let mut text = std::mem::take(&mut self.text);
        if let Some(hidden) = text.find(COMMENT) {
            text.truncate(hidden);
        }
        clean(&text)
    }

    fn flush(&mut self) {
        if self.code.is_some() {
            return;
        }
        let line = self.start;
        let text = self.take();
        if text.is_empty() {
            return;
        }
        if let Some(Frame::Item(item, filled)) = self.stack.last_mut()
            && !*filled
            && item.children.is_empty()
        {
            *filled = true;
            item.text = text;
            return;
        }
        self.add(Block::Para { text, line });
    }

    fn add(&mut self, block: Block) {
        match self.stack.last_mut() {
            Some(Frame::Item(item, _)) => item.children.push(block),
            Some(Frame::List(_)) | None => self.done.push(block),
        }
    }
}

/// Stands in the text buffer where an HTML comment is open. A private-use character cannot come from people.
const COMMENT: char = '\u{f8ff}';

/// Invisible characters and odd blanks become what they look like; emoji and smart quotes stay.
fn clean(text: &str) -> String {
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let plain: String = line
            .chars()
            .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' | '\u{ad}'))
            .map(|c| if c.is_whitespace() || c.is_control() { ' ' } else { c })
            .collect();
        let plain = plain.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if !plain.is_empty() {
            lines.push(plain);
        }
    }
    lines.join("\n")
}

const fn depth(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}
