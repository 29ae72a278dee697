//! Markdown pages. What is passed in as `inline` is Markdown already; text of the epic goes through [`crate::escape`] first.

/// A page that grows from top to bottom.
#[derive(Debug, Default)]
pub(crate) struct Page(String);

impl Page {
    pub(crate) fn new(title: &str) -> Self {
        Self(format!("# {title}\n"))
    }

    pub(crate) fn heading(&mut self, level: usize, inline: &str) -> &mut Self {
        self.block(&format!("{} {inline}", "#".repeat(level)))
    }

    pub(crate) fn text(&mut self, inline: &str) -> &mut Self {
        self.block(inline)
    }

    pub(crate) fn bullets<S: AsRef<str>>(&mut self, items: impl IntoIterator<Item = S>) -> &mut Self {
        let lines: Vec<_> = items.into_iter().map(|item| format!("- {}", item.as_ref())).collect();
        if lines.is_empty() { self } else { self.block(&lines.join("\n")) }
    }

    pub(crate) fn steps<S: AsRef<str>>(&mut self, items: impl IntoIterator<Item = S>) -> &mut Self {
        let lines: Vec<_> =
            items.into_iter().enumerate().map(|(at, item)| format!("{}. {}", at + 1, item.as_ref())).collect();
        if lines.is_empty() { self } else { self.block(&lines.join("\n")) }
    }

    pub(crate) fn table(&mut self, head: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> &mut Self {
        let mut lines = vec![format!("| {} |", head.join(" | ")), format!("|{}", "---|".repeat(head.len()))];
        lines.extend(rows.into_iter().map(|row| format!("| {} |", row.join(" | "))));
        self.block(&lines.join("\n"))
    }

    /// A fenced block; the fence is longer than any run of backticks inside.
    pub(crate) fn fence(&mut self, language: &str, text: &str) -> &mut Self {
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        self.block(&format!("{fence}{language}\n{}\n{fence}", text.trim_end()))
    }

    fn block(&mut self, text: &str) -> &mut Self {
        self.0.push('\n');
        self.0.push_str(text);
        self.0.push('\n');
        self
    }

    pub(crate) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_stand_apart_and_fences_hold() {
        let mut page = Page::new("T");
        page.heading(2, "H").bullets(["a", "b"]).bullets(Vec::<String>::new()).fence("sh", "x ```` y\n");
        page.table(&["A", "B"], [vec!["1".into(), "2".into()]]);
        assert_eq!(
            page.finish(),
            "# T\n\n## H\n\n- a\n- b\n\n`````sh\nx ```` y\n`````\n\n| A | B |\n|---|---|\n| 1 | 2 |\n"
        );
    }
}
