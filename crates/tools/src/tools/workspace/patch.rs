//! Unified diffs as models write them: what the lines say counts, what the line numbers say helps only to choose.

use std::ops::Range;

/// What is done to one file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FilePatch<'a> {
    /// Its path before; `None` where it is added.
    pub(super) old: Option<&'a str>,
    /// Its path after; `None` where it is deleted.
    pub(super) new: Option<&'a str>,
    pub(super) hunks: Vec<Hunk<'a>>,
}

/// Lines that stand together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Hunk<'a> {
    /// The line at which it is said to be, from 1.
    at: usize,
    pub(super) lines: Vec<Line<'a>>,
}

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) kind: Kind,
    text: &'a str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Kept,
    Added,
    Removed,
}

/// Why a hunk could not be applied.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Missed {
    /// What it replaces is not there.
    Absent { hunk: usize, old: String },
    /// It is there more than once, and not where the hunk says.
    Many { hunk: usize, lines: Vec<usize> },
}

/// Reads a patch. What stands around the files' parts is passed over.
pub(super) fn parse(text: &str) -> Result<Vec<FilePatch<'_>>, String> {
    let mut files: Vec<FilePatch<'_>> = Vec::new();
    let mut lines = text.lines().peekable();
    let mut inside = false;
    while let Some(line) = lines.next() {
        if let Some(old) = line.strip_prefix("--- ")
            && let Some(new) = lines.peek().and_then(|next| next.strip_prefix("+++ "))
        {
            lines.next();
            let (old, new) = (path(old, "a/"), path(new, "b/"));
            if old.is_none() && new.is_none() {
                return Err("a file of the patch is `/dev/null` before and after".to_owned());
            }
            files.push(FilePatch { old, new, hunks: Vec::new() });
            inside = false;
        } else if line.starts_with("@@") {
            let Some(file) = files.last_mut() else {
                return Err("a hunk comes before any `--- a/path` and `+++ b/path`".to_owned());
            };
            file.hunks.push(Hunk { at: position(line), lines: Vec::new() });
            inside = true;
        } else if let Some(hunk) = files.last_mut().and_then(|file| file.hunks.last_mut()).filter(|_| inside) {
            let (kind, text) = match line.chars().next() {
                Some('+') => (Kind::Added, line.get(1..).unwrap_or_default()),
                Some('-') => (Kind::Removed, line.get(1..).unwrap_or_default()),
                Some(' ') => (Kind::Kept, line.get(1..).unwrap_or_default()),
                // An empty line of context, whose blank an editor took away.
                None => (Kind::Kept, ""),
                Some('\\') => continue,
                Some(_) => {
                    inside = false;
                    continue;
                }
            };
            hunk.lines.push(Line { kind, text });
        }
    }
    if files.is_empty() {
        return Err("there is no file in the patch: it needs `--- a/path` and `+++ b/path` before its hunks".to_owned());
    }
    for file in &mut files {
        for hunk in &mut file.hunks {
            // Empty lines at the end belong to what stands around the patch, unless they are marked.
            while hunk.lines.last().is_some_and(|line| line.kind == Kind::Kept && line.text.is_empty()) {
                hunk.lines.pop();
            }
        }
        file.hunks.retain(|hunk| !hunk.lines.is_empty());
        if file.hunks.is_empty() && file.old == file.new {
            return Err(format!("the patch changes nothing in `{}`", file.new.unwrap_or_default()));
        }
    }
    Ok(files)
}

fn path<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let path = text.split('\t').next().unwrap_or_default().trim();
    (path != "/dev/null").then(|| path.strip_prefix(prefix).unwrap_or(path))
}

/// The first line of `@@ -12,3 +14,4 @@` before the change.
fn position(header: &str) -> usize {
    let digits = header.split('-').nth(1).unwrap_or_default();
    let digits: String = digits.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(1)
}

/// The text after all hunks, which come in the order of the file.
pub(super) fn apply(text: &str, hunks: &[Hunk<'_>]) -> Result<String, Missed> {
    let lines: Vec<_> = text.split_inclusive('\n').collect();
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (index, hunk) in hunks.iter().enumerate() {
        let place = place(&lines, done, hunk, index + 1)?;
        let mut at = place.start;
        out.extend(lines.get(done..at).unwrap_or_default().iter().copied());
        for line in &hunk.lines {
            match line.kind {
                Kind::Kept => {
                    out.push_str(lines.get(at).copied().unwrap_or_default());
                    at += 1;
                }
                Kind::Removed => at += 1,
                Kind::Added => {
                    if !out.is_empty() && !out.ends_with('\n') {
                        out.push_str(end);
                    }
                    out.push_str(line.text.trim_end_matches('\r'));
                    out.push_str(end);
                }
            }
        }
        done = place.end;
    }
    out.extend(lines.get(done..).unwrap_or_default().iter().copied());
    // What had no last line end has none afterwards, where its last line was replaced.
    if !text.is_empty() && !text.ends_with('\n') && done == lines.len() && out.ends_with(end) {
        out.truncate(out.len() - end.len());
    }
    Ok(out)
}

/// Where the lines that a hunk replaces stand, at or after `from`.
fn place(lines: &[&str], from: usize, hunk: &Hunk<'_>, number: usize) -> Result<Range<usize>, Missed> {
    let old: Vec<_> =
        hunk.lines.iter().filter(|line| line.kind != Kind::Added).map(|line| line.text.trim_end()).collect();
    let said = hunk.at.saturating_sub(1);
    if old.is_empty() {
        // Only added lines: their number is all there is. `-0,0` and `-4,0` mean after that line.
        let at = hunk.at.clamp(from, lines.len().max(from));
        return Ok(at..at);
    }
    let matches = |at: usize| {
        let there = lines.get(at..at + old.len());
        there.is_some_and(|there| there.iter().map(|line| line.trim_end()).eq(old.iter().copied()))
    };
    if said >= from && matches(said) {
        return Ok(said..said + old.len());
    }
    let found: Vec<_> = (from..lines.len()).filter(|at| matches(*at)).collect();
    match found.as_slice() {
        [at] => Ok(*at..*at + old.len()),
        [] => Err(Missed::Absent { hunk: number, old: old.join("\n") }),
        many => Err(Missed::Many { hunk: number, lines: many.iter().take(10).map(|at| at + 1).collect() }),
    }
}
