//! Wiki markup as JIRA exports it, to Markdown. Only a text that shows its marks (`h2.`, `||header||`) is touched.

use std::fmt::Write as _;

/// A text in Markdown, and for each of its lines the line of the source; empty where the two are the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    pub(crate) text: String,
    pub(crate) lines: Vec<u32>,
}

/// The text as Markdown.
pub(crate) fn to_markdown(text: String) -> Source {
    if !text.lines().any(|line| heading(line).is_some() || header_cells(line).is_some()) {
        return Source { text, lines: Vec::new() };
    }
    let mut out = Writer::default();
    let mut fenced = false;
    let mut listed = false;
    for (at, line) in text.lines().enumerate() {
        let at = u32::try_from(at + 1).unwrap_or(u32::MAX);
        let bare = line.trim();
        if let Some(lang) = fence(bare) {
            out.line(at, &if fenced { "```".to_owned() } else { format!("```{lang}") });
            fenced = !fenced;
            continue;
        }
        if fenced {
            out.line(at, line);
            continue;
        }
        let item = item(bare);
        // A line behind a list that is no item of it begins anew; Markdown would take it into the last item.
        if listed && item.is_none() && !bare.is_empty() {
            out.line(at, "");
        }
        listed = item.is_some();
        if let Some((level, title)) = heading(line) {
            out.line(at, "");
            out.line(at, &format!("{} {}", "#".repeat(level), inline(title)));
        } else if let Some(cells) = header_cells(line) {
            out.line(at, "");
            out.line(at, &row(&cells));
            out.line(at, &row(&vec!["---"; cells.len()]));
        } else if bare.starts_with('|') {
            // A cell that heads its row is a cell like others here.
            out.line(at, &inline(bare).replace("||", "|"));
        } else if let Some((depth, numbered, rest)) = item {
            let mark = if numbered { "1." } else { "-" };
            out.line(at, &format!("{}{mark} {}", "    ".repeat(depth - 1), inline(rest)));
        } else if let Some(rest) = bare.strip_prefix("bq. ") {
            out.line(at, &format!("> {}", inline(rest)));
        } else if bare.len() >= 4 && bare.chars().all(|c| c == '-') || block(bare) {
            out.line(at, "");
        } else {
            out.line(at, &inline(bare));
        }
    }
    Source { text: out.text, lines: out.lines }
}

#[derive(Default)]
struct Writer {
    text: String,
    lines: Vec<u32>,
}

impl Writer {
    fn line(&mut self, at: u32, text: &str) {
        self.lines.push(at);
        let _ = writeln!(self.text, "{text}");
    }
}

/// `h2. Title`.
fn heading(line: &str) -> Option<(usize, &str)> {
    let rest = line.trim_start().strip_prefix('h')?;
    let (level, title) = rest.split_once(". ")?;
    let level: usize = level.parse().ok().filter(|level| (1..=6).contains(level))?;
    (!title.trim().is_empty()).then_some((level, title.trim()))
}

/// The cells of `||a||b||`.
fn header_cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix("||")?.trim_end_matches('|');
    let cells: Vec<&str> = inner.split("||").map(str::trim).collect();
    (line.trim().ends_with("||") && cells.len() >= 2 && cells.iter().all(|cell| !cell.contains('|'))).then_some(cells)
}

fn row(cells: &[&str]) -> String {
    format!("| {} |", cells.iter().map(|cell| inline(cell)).collect::<Vec<_>>().join(" | "))
}

/// `** item` and `#* item`: depth, numbered or not, text.
fn item(bare: &str) -> Option<(usize, bool, &str)> {
    let marks = bare.find(|c| !matches!(c, '*' | '#' | '-'))?;
    let (marks, rest) = bare.split_at(marks);
    let last = marks.chars().next_back()?;
    let dashes = marks.chars().filter(|c| *c == '-').count();
    (rest.starts_with(' ') && marks.len() <= 6 && dashes <= 1).then_some((marks.len(), last == '#', rest.trim()))
}

/// `{code:gherkin}` and `{noformat}`: the language behind the mark that opens or closes.
fn fence(bare: &str) -> Option<String> {
    let inner = bare.strip_prefix('{')?.strip_suffix('}')?;
    let (name, rest) = inner.split_once(':').unwrap_or((inner, ""));
    let lang = rest.split('|').find(|part| !part.contains('=')).unwrap_or_default();
    matches!(name, "code" | "noformat").then(|| lang.to_lowercase())
}

/// A mark alone on its line that frames text which is read like any other.
fn block(bare: &str) -> bool {
    let Some(inner) = bare.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) else { return false };
    let name = inner.split(':').next().unwrap_or_default();
    matches!(name, "quote" | "panel" | "info" | "note" | "tip" | "warning" | "expand" | "color" | "section" | "column")
        && !inner.contains(['{', '}'])
}

/// Marks inside a line: `{{code}}`, `[text|target]`, `{color:red}`, `+inserted+`, `\\` for a line break.
fn inline(text: &str) -> String {
    let mut text = text.replace("{{", "`").replace("}}", "`").replace("\\\\", " ");
    for mark in ["{noformat}", "{code}", "{quote}"] {
        text = text.replace(mark, "");
    }
    while let Some(open) = text.find("{color") {
        let Some(close) = text.get(open..).and_then(|rest| rest.find('}')) else { break };
        text.replace_range(open..=open + close, "");
    }
    let mut out = String::new();
    let mut rest = text.as_str();
    while let Some(open) = rest.find('[') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let Some(close) = from.find(']') else { break };
        let inner = from.get(1..close).unwrap_or_default();
        match inner.split_once('|') {
            Some((label, target)) if target.contains("://") || target.starts_with(['#', '~', '^']) => {
                out.push_str(label);
            }
            _ => out.push_str(from.get(..=close).unwrap_or_default()),
        }
        rest = from.get(close + 1..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_markdown_and_lines_stay_known() {
        let source = to_markdown(
            "h2. Tool\n||Field||Type||\n|code|{{text}}, required|\n* one\n** two\n# three\nEnd {color:red}now{color}.\n{noformat}\n* as is\n{noformat}\n----\n[docs|https://example.org]\n".to_owned(),
        );
        assert_eq!(
            source.text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>(),
            [
                "## Tool",
                "| Field | Type |",
                "| --- | --- |",
                "|code|`text`, required|",
                "- one",
                "    - two",
                "1. three",
                "End now.",
                "```",
                "* as is",
                "```",
                "docs"
            ]
        );
        assert_eq!(source.lines.last(), Some(&12));
    }

    #[test]
    fn markdown_stays_as_it_is() {
        let text = "# Tool\n\n- a || b\n* c\n";
        assert_eq!(to_markdown(text.to_owned()), Source { text: text.to_owned(), lines: Vec::new() });
    }
}
