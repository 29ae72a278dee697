//! Splits an expression into tokens. Whether `/` divides or begins a regular expression depends on what stands
//! before it, so the parser asks for one token at a time.

use super::Fault;

/// A token and where it begins, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) at: usize,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Operator(&'static str),
    /// `$name`, without the sign; empty for `$`, and `$` for `$$`.
    Variable(String),
    Name(String),
    /// A name in backquotes, which is never a keyword.
    Quoted(String),
    Text(String),
    Number(f64),
    /// Pattern and flags.
    Regex(String, String),
    End,
}

/// Longer ones first.
const OPERATORS: &[&str] = &[
    ":=", "!=", ">=", "<=", "**", "~>", "..", ".", "[", "]", "{", "}", "(", ")", ",", "@", "#", ";", ":", "?", "+",
    "-", "*", "/", "%", "|", "=", "<", ">", "^", "&", "!", "~",
];

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn skip_blank(&mut self) -> Result<(), Fault> {
        loop {
            let rest = self.rest();
            let trimmed = rest.trim_start_matches([' ', '\t', '\n', '\r', '\u{b}']);
            self.at += rest.len() - trimmed.len();
            let Some(comment) = trimmed.strip_prefix("/*") else { return Ok(()) };
            match comment.find("*/") {
                Some(end) => self.at += end + 4,
                None => return Err(Fault::at(self.at, "S0106", "Comment has no closing tag")),
            }
        }
    }

    /// The next token. After an operand (`infix`) a slash divides.
    pub(super) fn next(&mut self, infix: bool) -> Result<Token, Fault> {
        self.skip_blank()?;
        let at = self.at;
        let rest = self.rest();
        let Some(first) = rest.chars().next() else { return Ok(Token { kind: TokenKind::End, at }) };
        if first == '/' && !infix {
            let kind = self.regex()?;
            return Ok(Token { kind, at });
        }
        if let Some(operator) = OPERATORS.iter().find(|operator| rest.starts_with(**operator)) {
            self.at += operator.len();
            return Ok(Token { kind: TokenKind::Operator(operator), at });
        }
        let kind = match first {
            '"' | '\'' => TokenKind::Text(self.text(first)?),
            '0'..='9' => self.number()?,
            '`' => {
                let inner = rest.get(1..).unwrap_or_default();
                let Some(end) = inner.find('`') else {
                    let reason = "Quoted property name must be terminated with a backquote (`)";
                    return Err(Fault::at(at, "S0105", reason));
                };
                self.at += end + 2;
                TokenKind::Quoted(inner.get(..end).unwrap_or_default().to_owned())
            }
            _ => self.word(),
        };
        Ok(Token { kind, at })
    }

    fn word(&mut self) -> TokenKind {
        let rest = self.rest();
        let ends = |c: char| " \t\n\r\u{b}".contains(c) || ".[]{}(),@#;:?+-*/%|=<>^&!~".contains(c);
        let end = rest.find(ends).unwrap_or(rest.len());
        self.at += end;
        let word = rest.get(..end).unwrap_or_default();
        match word {
            "and" => TokenKind::Operator("and"),
            "or" => TokenKind::Operator("or"),
            "in" => TokenKind::Operator("in"),
            _ => match word.strip_prefix('$') {
                Some(name) => TokenKind::Variable(name.to_owned()),
                None => TokenKind::Name(word.to_owned()),
            },
        }
    }

    fn number(&mut self) -> Result<TokenKind, Fault> {
        let rest = self.rest();
        let digits = |from: usize| {
            let tail = rest.get(from..).unwrap_or_default();
            from + tail.find(|c: char| !c.is_ascii_digit()).unwrap_or(tail.len())
        };
        let mut end = if rest.starts_with('0') { 1 } else { digits(0) };
        if rest.get(end..).is_some_and(|tail| tail.starts_with('.')) && digits(end + 1) > end + 1 {
            end = digits(end + 1);
        }
        if rest.get(end..).is_some_and(|tail| tail.starts_with(['e', 'E'])) {
            let sign = usize::from(rest.get(end + 1..).is_some_and(|tail| tail.starts_with(['+', '-'])));
            let after = end + 1 + sign;
            if digits(after) > after {
                end = digits(after);
            }
        }
        let literal = rest.get(..end).unwrap_or_default();
        let number = literal.parse::<f64>().ok().filter(|number| number.is_finite());
        let at = self.at;
        self.at += end;
        number.map(TokenKind::Number).ok_or_else(|| Fault::at(at, "S0102", format!("Number out of range: {literal}")))
    }

    fn text(&mut self, quote: char) -> Result<String, Fault> {
        let start = self.at;
        let mut chars = self.rest().char_indices().skip(1);
        let mut out = String::new();
        // Two halves of a surrogate pair come as two escapes.
        let mut high: Option<u32> = None;
        while let Some((offset, c)) = chars.next() {
            if c == quote {
                self.at = start + offset + 1;
                return Ok(out);
            }
            if c != '\\' {
                out.push(c);
                high = None;
                continue;
            }
            let unsupported =
                |c: char| Fault::at(start + offset, "S0103", format!("Unsupported escape sequence: \\{c}"));
            let Some((_, escaped)) = chars.next() else { break };
            out.push(match escaped {
                '"' | '\'' if escaped == quote || escaped == '"' => escaped,
                '\\' | '/' => escaped,
                'b' => '\u{8}',
                'f' => '\u{c}',
                'n' => '\n',
                'r' => '\r',
                't' => '\t',
                'u' => {
                    let code = (0..4).try_fold(0, |code, _| Some(code * 16 + chars.next()?.1.to_digit(16)?));
                    let reason = "The escape sequence \\u must be followed by 4 hex digits";
                    let code = code.ok_or_else(|| Fault::at(start + offset, "S0104", reason))?;
                    match (high.take(), code) {
                        (_, 0xD800..=0xDBFF) => {
                            high = Some(code);
                            continue;
                        }
                        (Some(high), 0xDC00..=0xDFFF) => {
                            let joined = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00);
                            char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER)
                        }
                        _ => char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER),
                    }
                }
                other => return Err(unsupported(other)),
            });
        }
        Err(Fault::at(start, "S0101", "String literal must be terminated by a matching quote"))
    }

    fn regex(&mut self) -> Result<TokenKind, Fault> {
        let start = self.at;
        let mut escaped = false;
        let mut depth = 0_i32;
        let body = self.rest().get(1..).unwrap_or_default();
        for (offset, c) in body.char_indices() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                '/' if depth == 0 => {
                    let pattern = body.get(..offset).unwrap_or_default();
                    if pattern.is_empty() {
                        return Err(Fault::at(start, "S0301", "Empty regular expressions are not allowed"));
                    }
                    let tail = body.get(offset + 1..).unwrap_or_default();
                    let flags = tail.len() - tail.trim_start_matches(['i', 'm']).len();
                    self.at = start + offset + 2 + flags;
                    let flags = tail.get(..flags).unwrap_or_default();
                    return Ok(TokenKind::Regex(pattern.to_owned(), flags.to_owned()));
                }
                _ => {}
            }
        }
        Err(Fault::at(start, "S0302", "No terminating / in regular expression"))
    }
}
