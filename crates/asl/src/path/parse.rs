//! Reads a path's segments.

use super::{JsonPath, Segment, Selector};
use super::{filter, function};

/// A cursor over characters.
pub(super) struct Cursor<'a> {
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn peek_at(&self, offset: usize) -> Option<char> {
        self.rest.chars().nth(offset)
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let found = chars.next();
        self.rest = chars.as_str();
        found
    }

    pub(super) fn eat(&mut self, wanted: char) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    pub(super) fn eat_str(&mut self, wanted: &str) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    pub(super) fn skip_space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub(super) fn expect(&mut self, wanted: char) -> Result<(), String> {
        self.skip_space();
        if self.eat(wanted) {
            return Ok(());
        }
        Err(match self.peek() {
            Some(found) => format!("expected `{wanted}`, found `{found}`"),
            None => format!("expected `{wanted}`, found the end"),
        })
    }

    pub(super) fn take_while(&mut self, keep: impl Fn(char) -> bool) -> String {
        let end = self.rest.find(|c| !keep(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken.to_owned()
    }

    /// A quoted name or string; the opening quote is still ahead.
    pub(super) fn quoted(&mut self) -> Result<String, String> {
        let quote = self.next().ok_or("expected a quoted string")?;
        let mut out = String::new();
        loop {
            match self.next() {
                Some('\\') => match self.next() {
                    Some('n') => out.push('\n'),
                    Some('t') => out.push('\t'),
                    Some('r') => out.push('\r'),
                    Some(c) if c == quote || c == '\\' => out.push(c),
                    // Before anything else a backslash stands for itself.
                    Some(c) => out.extend(['\\', c]),
                    None => return Err("a quoted string is not closed".into()),
                },
                Some(c) if c == quote => return Ok(out),
                Some(c) => out.push(c),
                None => return Err("a quoted string is not closed".into()),
            }
        }
    }

    pub(super) fn integer(&mut self) -> Result<Option<i64>, String> {
        self.skip_space();
        let mut digits = String::new();
        if self.eat('-') {
            digits.push('-');
        }
        digits.push_str(&self.take_while(|c| c.is_ascii_digit()));
        if digits.is_empty() {
            return Ok(None);
        }
        digits.parse().map(Some).map_err(|_| format!("`{digits}` is not an index"))
    }
}

pub(super) fn tail(text: &str) -> Result<JsonPath, String> {
    let mut cursor = Cursor::new(text);
    let path = segments(&mut cursor, |_| false, 0)?;
    match cursor.peek() {
        None => Ok(path),
        Some(found) => Err(format!("unexpected `{found}`")),
    }
}

/// Reads segments until `stop` or until nothing more looks like one.
pub(super) fn segments(cursor: &mut Cursor<'_>, stop: fn(char) -> bool, depth: usize) -> Result<JsonPath, String> {
    let mut segments = Vec::new();
    loop {
        match cursor.peek() {
            Some('.') => {
                cursor.next();
                let descend = cursor.eat('.');
                let selector = match cursor.peek() {
                    // AWS also takes `$.a.[0]`.
                    Some('[') => bracket(cursor, depth)?,
                    Some('*') => {
                        cursor.next();
                        Selector::Wildcard
                    }
                    _ => {
                        let name = name(cursor, stop)?;
                        if !descend && cursor.eat('(') {
                            let function = Some(function::parse(&name, cursor, depth)?);
                            return Ok(JsonPath { segments: segments.into(), function });
                        }
                        Selector::Names([name].into())
                    }
                };
                segments.push(Segment { descend, selector });
            }
            Some('[') => segments.push(Segment { descend: false, selector: bracket(cursor, depth)? }),
            _ => return Ok(JsonPath { segments: segments.into(), function: None }),
        }
    }
}

fn name(cursor: &mut Cursor<'_>, stop: fn(char) -> bool) -> Result<String, String> {
    let taken = cursor.take_while(|c| !stop(c) && !c.is_whitespace() && !".[]()'\",?@*!=<>&|".contains(c));
    if taken.is_empty() {
        return Err(match cursor.peek() {
            Some(found) => format!("expected a field name, found `{found}`"),
            None => "expected a field name at the end".into(),
        });
    }
    Ok(taken)
}

fn bracket(cursor: &mut Cursor<'_>, depth: usize) -> Result<Selector, String> {
    cursor.expect('[')?;
    cursor.skip_space();
    let selector = match cursor.peek() {
        Some('*') => {
            cursor.next();
            Selector::Wildcard
        }
        Some('\'' | '"') => {
            let mut names = vec![cursor.quoted()?];
            loop {
                cursor.skip_space();
                if !cursor.eat(',') {
                    break Selector::Names(names.into());
                }
                cursor.skip_space();
                if !matches!(cursor.peek(), Some('\'' | '"')) {
                    return Err("expected a quoted field name".into());
                }
                names.push(cursor.quoted()?);
            }
        }
        Some('?') => {
            cursor.next();
            cursor.expect('(')?;
            let found = filter::parse(cursor, depth + 1)?;
            cursor.expect(')')?;
            Selector::Filter(found)
        }
        _ => indices(cursor)?,
    };
    cursor.expect(']')?;
    Ok(selector)
}

fn indices(cursor: &mut Cursor<'_>) -> Result<Selector, String> {
    let first = cursor.integer()?;
    cursor.skip_space();
    if cursor.eat(':') {
        let end = cursor.integer()?;
        cursor.skip_space();
        let step = if cursor.eat(':') { cursor.integer()?.unwrap_or(1) } else { 1 };
        if step < 1 {
            return Err("a slice needs a step of at least 1".into());
        }
        return Ok(Selector::Slice(first, end, step));
    }
    let mut all = vec![first.ok_or("expected an index, a quoted name, `*`, a slice or a filter")?];
    loop {
        cursor.skip_space();
        if !cursor.eat(',') {
            return Ok(Selector::Indices(all.into()));
        }
        all.push(cursor.integer()?.ok_or("expected an index")?);
    }
}
