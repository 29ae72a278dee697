//! Reads a Dockerfile into its instructions.

/// One instruction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Instruction {
    /// In capital letters.
    pub(super) name: String,
    /// `--from=x` and the like, before the arguments.
    pub(super) flags: Vec<String>,
    /// What follows, in one line.
    pub(super) rest: String,
    /// First line, from 1.
    pub(super) line: usize,
}

impl Instruction {
    /// The arguments, where they are written as a JSON list of texts.
    pub(super) fn exec(&self) -> Option<Vec<String>> {
        serde_json::from_str(&self.rest).ok()
    }

    /// The arguments as words, in either form; quotes are taken off.
    pub(super) fn words(&self) -> Vec<String> {
        self.exec().unwrap_or_else(|| split(&self.rest))
    }

    pub(super) fn flag(&self, name: &str) -> Option<&str> {
        self.flags.iter().find_map(|flag| flag.strip_prefix("--")?.strip_prefix(name)?.strip_prefix('='))
    }

    /// Names and values of `ENV`, `ARG` and `LABEL`.
    pub(super) fn pairs(&self) -> Vec<(String, String)> {
        let words = split(&self.rest);
        match words.first() {
            // The old form: ENV name value.
            Some(name) if self.name == "ENV" && !name.contains('=') => {
                vec![(name.clone(), words.iter().skip(1).cloned().collect::<Vec<_>>().join(" "))]
            }
            _ => words
                .iter()
                .map(|word| {
                    word.split_once('=')
                        .map_or((word.clone(), String::new()), |(name, value)| (name.to_owned(), value.to_owned()))
                })
                .collect(),
        }
    }
}

/// Words as a shell would split them; quotes are taken off.
pub(super) fn split(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None | Some('"'), '\\') => word.get_or_insert_default().extend(chars.next()),
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// The instructions of a text, in order.
pub(super) fn read(text: &str) -> Vec<Instruction> {
    let mut escape = '\\';
    let mut found = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    let mut directives = true;
    while let Some((number, line)) = lines.next() {
        let trimmed = line.trim();
        if let Some(comment) = trimmed.strip_prefix('#') {
            if let (true, Some(("escape", value))) =
                (directives, comment.split_once('=').map(|(n, v)| (n.trim(), v.trim())))
            {
                escape = value.chars().next().unwrap_or(escape);
            }
            continue;
        }
        if trimmed.is_empty() {
            continue;
        }
        directives = false;
        let mut whole = String::new();
        let mut part = trimmed;
        while let Some(start) = part.strip_suffix(escape) {
            whole.push_str(start);
            whole.push(' ');
            // Comments and blank lines inside of an instruction are left out.
            while lines.peek().is_some_and(|(_, next)| next.trim().is_empty() || next.trim_start().starts_with('#')) {
                lines.next();
            }
            part = lines.next().map_or("", |(_, next)| next.trim());
        }
        whole.push_str(part);
        let (name, rest) = whole.split_once(char::is_whitespace).unwrap_or((&whole, ""));
        let name = name.to_ascii_uppercase();
        let mut rest = rest.trim();
        let mut flags = Vec::new();
        while rest.starts_with("--") {
            let (flag, more) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
            flags.push(flag.to_owned());
            rest = more.trim_start();
        }
        let mut rest = rest.to_owned();
        if matches!(&*name, "RUN" | "COPY" | "ADD") {
            for end in heredocs(&rest) {
                for (_, line) in lines.by_ref() {
                    if line.trim() == end {
                        break;
                    }
                    rest.push('\n');
                    rest.push_str(line);
                }
            }
        }
        found.push(Instruction { name, flags, rest, line: number + 1 });
    }
    found
}

/// The words that end the here-documents of a line.
fn heredocs(rest: &str) -> Vec<String> {
    let mut ends = Vec::new();
    for (at, _) in rest.match_indices("<<") {
        let after = rest.get(at + 2..).unwrap_or_default().trim_start_matches('-').trim_start_matches(['"', '\'']);
        let end: String = after.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        if end.starts_with(|c: char| c.is_ascii_alphabetic()) && !rest.get(..at).unwrap_or_default().ends_with('<') {
            ends.push(end);
        }
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_go_on_comments_are_left_out_and_documents_belong_to_their_instruction() {
        let text = "# syntax=docker/dockerfile:1\nfrom a AS b\nRUN one \\\n  # why\n\n  && two\nCOPY --from=b --chown=1 x y\nRUN <<EOF\nthree\nEOF\nENV A=\"b c\" D=e\nENV old value here\nCMD [\"p\", \"q r\"]\n";
        let got = read(text);
        let told: Vec<_> = got.iter().map(|i| (i.line, i.name.as_str(), i.rest.as_str())).collect();
        assert_eq!(
            told,
            [
                (2, "FROM", "a AS b"),
                (3, "RUN", "one  && two"),
                (7, "COPY", "x y"),
                (8, "RUN", "<<EOF\nthree"),
                (11, "ENV", "A=\"b c\" D=e"),
                (12, "ENV", "old value here"),
                (13, "CMD", "[\"p\", \"q r\"]"),
            ]
        );
        assert_eq!(got[2].flag("from"), Some("b"));
        assert_eq!(got[4].pairs(), [("A".into(), "b c".into()), ("D".into(), "e".into())]);
        assert_eq!(got[5].pairs(), [("old".into(), "value here".into())]);
        assert_eq!(got[6].exec().unwrap(), ["p", "q r"]);
    }

    #[test]
    fn another_escape_can_be_declared() {
        assert_eq!(read("# escape=`\nRUN a `\n b\n")[0].rest, "a  b");
    }
}
