//! Reads an expression: operator precedence, with paths put together as they are read.

use std::sync::Arc;

use regex::RegexBuilder;

use super::Fault;
use super::ast::{Action, Kind, Lambda, Node, Operator, Path, Stage, Step, Transform};
use super::lex::{Lexer, Token, TokenKind};
use super::signature::Signature;

/// Levels of brackets and operators; bounds the recursion here and in the evaluator.
const MAX_DEPTH: usize = 64;
/// Bytes that a compiled regular expression may take.
const MAX_REGEX: usize = 1 << 20;

pub(super) struct Parser<'a> {
    lexer: Lexer<'a>,
    text: &'a str,
    token: Token,
    depth: usize,
}

/// How strongly an operator binds what stands before it.
fn power(token: &TokenKind) -> u8 {
    let TokenKind::Operator(operator) = token else { return 0 };
    match *operator {
        "[" | "(" | "@" | "#" => 80,
        "." => 75,
        "{" => 70,
        "*" | "/" | "%" | "**" => 60,
        "+" | "-" | "&" => 50,
        "=" | "!=" | "<" | "<=" | ">" | ">=" | "^" | "in" | "~>" => 40,
        "and" => 30,
        "or" => 25,
        "?" => 20,
        ":=" => 10,
        _ => 0,
    }
}

fn binary(symbol: &str) -> Option<Operator> {
    Some(match symbol {
        "+" => Operator::Add,
        "-" => Operator::Subtract,
        "*" => Operator::Multiply,
        "/" => Operator::Divide,
        "%" => Operator::Modulo,
        "=" => Operator::Equal,
        "!=" => Operator::NotEqual,
        "<" => Operator::Less,
        "<=" => Operator::LessEqual,
        ">" => Operator::Greater,
        ">=" => Operator::GreaterEqual,
        "and" => Operator::And,
        "or" => Operator::Or,
        "in" => Operator::In,
        "&" => Operator::Concat,
        _ => return None,
    })
}

fn shown(token: &TokenKind) -> String {
    match token {
        TokenKind::Operator(operator) => (*operator).to_owned(),
        TokenKind::Variable(name) => format!("${name}"),
        TokenKind::Name(name) | TokenKind::Quoted(name) | TokenKind::Text(name) => name.clone(),
        TokenKind::Number(number) => number.to_string(),
        TokenKind::Regex(pattern, _) => format!("/{pattern}/"),
        TokenKind::End => "(end)".to_owned(),
    }
}

pub(super) fn parse(text: &str) -> Result<Node, Fault> {
    let mut lexer = Lexer::new(text);
    let token = lexer.next(false)?;
    let mut parser = Parser { lexer, text, token, depth: 0 };
    let node = parser.expression(0)?;
    match &parser.token.kind {
        TokenKind::End => Ok(node),
        other => Err(Fault::at(parser.token.at, "S0201", format!("Syntax error: {}", shown(other)))),
    }
}

impl Parser<'_> {
    fn advance(&mut self, infix: bool) -> Result<Token, Fault> {
        let next = self.lexer.next(infix)?;
        Ok(std::mem::replace(&mut self.token, next))
    }

    fn is(&self, operator: &str) -> bool {
        matches!(&self.token.kind, TokenKind::Operator(found) if *found == operator)
    }

    fn expect(&mut self, operator: &str, infix: bool) -> Result<(), Fault> {
        if self.is(operator) {
            return self.advance(infix).map(|_| ());
        }
        Err(match &self.token.kind {
            TokenKind::End => {
                Fault::at(self.token.at, "S0203", format!("Expected {operator} before end of expression"))
            }
            other => Fault::at(self.token.at, "S0202", format!("Expected {operator}, got {}", shown(other))),
        })
    }

    fn expression(&mut self, least: u8) -> Result<Node, Fault> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(Fault::at(self.token.at, "S0500", "The expression is nested too deeply"));
        }
        let token = self.advance(true)?;
        let mut left = self.prefix(token)?;
        let mut links = 0;
        while least < power(&self.token.kind) {
            // A chain of operators nests to the left, and the evaluator descends into it.
            links += 1;
            if self.depth + links / 4 > MAX_DEPTH {
                return Err(Fault::at(self.token.at, "S0500", "The expression has too many operators"));
            }
            let token = self.advance(false)?;
            left = self.infix(left, &token)?;
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self, token: Token) -> Result<Node, Fault> {
        let at = token.at;
        let name = |name: String| {
            let step = Step::new(Action::Each(Node::new(Kind::Name(name.into()), at)));
            Node::new(Kind::Path(Path { steps: vec![step], keep_singleton: false }), at)
        };
        Ok(match token.kind {
            TokenKind::Name(word) => match word.as_str() {
                "true" => Node::new(Kind::Bool(true), at),
                "false" => Node::new(Kind::Bool(false), at),
                "null" => Node::new(Kind::Null, at),
                "function" | "λ" if self.is("(") => self.lambda(at)?,
                _ => name(word),
            },
            TokenKind::Quoted(word) => name(word),
            TokenKind::Variable(variable) => Node::new(Kind::Variable(variable.into()), at),
            TokenKind::Text(text) => Node::new(Kind::Text(text.into()), at),
            TokenKind::Number(number) => Node::new(Kind::Number(number), at),
            TokenKind::Regex(pattern, flags) => regex(&pattern, &flags, at)?,
            TokenKind::Operator("-") => {
                let operand = self.expression(70)?;
                match operand.kind {
                    Kind::Number(number) => Node::new(Kind::Number(-number), at),
                    _ => Node::new(Kind::Negate(Box::new(operand)), at),
                }
            }
            TokenKind::Operator("*") => Node::new(Kind::Wildcard, at),
            TokenKind::Operator("**") => Node::new(Kind::Descendants, at),
            TokenKind::Operator("%") => {
                return Err(Fault::unsupported(at, "the parent operator `%` is not supported"));
            }
            TokenKind::Operator(word @ ("and" | "or" | "in")) => name(word.to_owned()),
            TokenKind::Operator("(") => {
                let mut expressions = Vec::new();
                while !self.is(")") {
                    expressions.push(self.expression(0)?);
                    if !self.is(";") {
                        break;
                    }
                    self.advance(false)?;
                }
                self.expect(")", true)?;
                Node::new(Kind::Block(expressions), at)
            }
            TokenKind::Operator("[") => {
                let mut items = Vec::new();
                if !self.is("]") {
                    loop {
                        let item = self.expression(0)?;
                        items.push(if self.is("..") {
                            let at = self.advance(false)?.at;
                            let last = self.expression(0)?;
                            Node::new(Kind::Binary(Operator::Range, Box::new(item), Box::new(last)), at)
                        } else {
                            item
                        });
                        if !self.is(",") {
                            break;
                        }
                        self.advance(false)?;
                    }
                }
                self.expect("]", true)?;
                Node::new(Kind::Array(items), at)
            }
            TokenKind::Operator("{") => Node::new(Kind::Object(self.pairs()?), at),
            TokenKind::Operator("|") => {
                let pattern = self.expression(0)?;
                self.expect("|", false)?;
                let update = self.expression(0)?;
                let mut delete = None;
                if self.is(",") {
                    self.advance(false)?;
                    delete = Some(self.expression(0)?);
                }
                self.expect("|", true)?;
                Node::new(Kind::Transform(Arc::new(Transform { pattern, update, delete })), at)
            }
            TokenKind::End => return Err(Fault::at(at, "S0207", "Unexpected end of expression")),
            TokenKind::Operator(other) => {
                return Err(Fault::at(at, "S0211", format!("The symbol {other} cannot be used as a unary operator")));
            }
        })
    }

    fn infix(&mut self, left: Node, token: &Token) -> Result<Node, Fault> {
        let at = token.at;
        let TokenKind::Operator(symbol) = token.kind else {
            return Err(Fault::at(at, "S0201", format!("Syntax error: {}", shown(&token.kind))));
        };
        match symbol {
            "." => {
                let right = self.expression(75)?;
                self.step_into(left, right)
            }
            "[" if self.is("]") => {
                self.advance(true)?;
                Ok(keep_array(left))
            }
            "[" => {
                let predicate = self.expression(0)?;
                self.expect("]", true)?;
                filtered(left, predicate)
            }
            "{" => {
                let pairs = self.pairs()?;
                let mut node = left;
                if node.group.replace(pairs).is_some() {
                    return Err(Fault::at(at, "S0210", "Each step can only have one grouping expression"));
                }
                Ok(node)
            }
            "(" => self.call(left, at),
            "^" => {
                self.expect("(", false)?;
                let mut terms = Vec::new();
                loop {
                    let descending = self.is(">");
                    if descending || self.is("<") {
                        self.advance(false)?;
                    }
                    terms.push((self.expression(0)?, descending));
                    if !self.is(",") {
                        break;
                    }
                    self.advance(false)?;
                }
                self.expect(")", true)?;
                let mut path = into_path(left);
                if let Kind::Path(path) = &mut path.kind {
                    path.steps.push(Step::new(Action::Sort(terms)));
                }
                Ok(path)
            }
            "@" | "#" => self.binding(left, symbol, at),
            "?" => {
                let then = self.expression(0)?;
                let mut otherwise = None;
                if self.is(":") {
                    self.advance(false)?;
                    otherwise = Some(Box::new(self.expression(0)?));
                }
                Ok(Node::new(Kind::Condition(Box::new(left), Box::new(then), otherwise), at))
            }
            ":=" => {
                let Node { kind: Kind::Variable(name), predicates, .. } = left else {
                    return Err(not_a_variable(at));
                };
                if !predicates.is_empty() {
                    return Err(not_a_variable(at));
                }
                // It binds to the right: `$a := $b := 1`.
                let value = self.expression(9)?;
                Ok(Node::new(Kind::Bind(name, Box::new(value)), at))
            }
            "~>" => {
                let right = self.expression(40)?;
                Ok(Node::new(Kind::Apply(Box::new(left), Box::new(right)), at))
            }
            _ => {
                let Some(operator) = binary(symbol) else {
                    return Err(Fault::at(at, "S0201", format!("Syntax error: {symbol}")));
                };
                let right = self.expression(power(&token.kind))?;
                Ok(Node::new(Kind::Binary(operator, Box::new(left), Box::new(right)), at))
            }
        }
    }

    fn step_into(&mut self, left: Node, right: Node) -> Result<Node, Fault> {
        for side in [&left, &right] {
            if matches!(side.kind, Kind::Number(_) | Kind::Bool(_) | Kind::Null) {
                let reason = "The literal value cannot be used as a step within a path expression";
                return Err(Fault::at(side.at, "S0213", reason));
            }
        }
        let mut node = into_path(left);
        let right = into_path(right);
        if let (Kind::Path(path), Kind::Path(more)) = (&mut node.kind, right.kind) {
            path.keep_singleton |= more.keep_singleton;
            path.steps.extend(more.steps);
            // Only at the ends of a path does a constructed array stay whole.
            let last = path.steps.len().saturating_sub(1);
            for step in path.steps.iter_mut().take(last).skip(1) {
                if let Action::Each(Node { kind, .. }) = &mut step.action
                    && let Kind::ConsArray(items) = kind
                {
                    *kind = Kind::Array(std::mem::take(items));
                }
            }
        }
        node.group = node.group.or(right.group);
        Ok(node)
    }

    /// `{key: value, ..}`; the opening brace is read.
    fn pairs(&mut self) -> Result<Vec<(Node, Node)>, Fault> {
        let mut pairs = Vec::new();
        if !self.is("}") {
            loop {
                let key = self.expression(0)?;
                self.expect(":", false)?;
                pairs.push((key, self.expression(0)?));
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect("}", true)?;
        Ok(pairs)
    }

    fn call(&mut self, procedure: Node, at: usize) -> Result<Node, Fault> {
        let mut arguments = Vec::new();
        if !self.is(")") {
            loop {
                arguments.push(if self.is("?") {
                    self.advance(true)?;
                    None
                } else {
                    Some(self.expression(0)?)
                });
                if !self.is(",") {
                    break;
                }
                self.advance(false)?;
            }
        }
        self.expect(")", true)?;
        let procedure = Box::new(procedure);
        let kind = match arguments.iter().cloned().collect::<Option<Vec<Node>>>() {
            Some(all) => Kind::Call(procedure, all),
            None => Kind::Partial(procedure, arguments),
        };
        Ok(Node::new(kind, at))
    }

    /// `function($a, $b)<signature>{ body }`; the word is read.
    fn lambda(&mut self, at: usize) -> Result<Node, Fault> {
        self.expect("(", false)?;
        let mut parameters = Vec::new();
        while !self.is(")") {
            match self.advance(true)? {
                Token { kind: TokenKind::Variable(name), .. } => parameters.push(Arc::from(name)),
                Token { at, .. } => {
                    let reason = "The parameters of a function definition must be variable names (start with $)";
                    return Err(Fault::at(at, "S0208", reason));
                }
            }
            if !self.is(",") {
                break;
            }
            self.advance(false)?;
        }
        self.expect(")", true)?;
        let mut signature = None;
        if self.is("<") {
            signature = Some(self.signature()?);
        }
        self.expect("{", false)?;
        let body = self.expression(0)?;
        self.expect("}", true)?;
        Ok(Node::new(Kind::Lambda(Arc::new(Lambda { parameters, signature, body })), at))
    }

    fn signature(&mut self) -> Result<Signature, Fault> {
        let start = self.token.at;
        let mut depth = 0;
        loop {
            let token = self.advance(true)?;
            match token.kind {
                TokenKind::Operator("<") => depth += 1,
                TokenKind::Operator(">") => depth -= 1,
                TokenKind::End | TokenKind::Operator("{") => {
                    return Err(Fault::at(token.at, "S0401", "The signature of a function is not closed"));
                }
                _ => {}
            }
            if depth == 0 {
                let text = self.text.get(start..=token.at).unwrap_or_default();
                return Signature::parse(text).map_err(|reason| Fault::at(start, "S0401", reason));
            }
        }
    }

    fn binding(&mut self, left: Node, symbol: &str, at: usize) -> Result<Node, Fault> {
        let variable = self.advance(true)?;
        let TokenKind::Variable(name) = variable.kind else {
            let reason = format!("The right side of {symbol} must be a variable name (start with $)");
            return Err(Fault::at(variable.at, "S0214", reason));
        };
        let name: Arc<str> = name.into();
        let mut node = into_path(left);
        let Kind::Path(path) = &mut node.kind else { return Ok(node) };
        let Some(step) = path.steps.last_mut() else { return Ok(node) };
        if symbol == "@" {
            if !step.stages.is_empty() {
                let reason = "A context variable binding must precede any predicates on a step";
                return Err(Fault::at(at, "S0215", reason));
            }
            if matches!(step.action, Action::Sort(_)) {
                let reason = "A context variable binding must precede the 'order-by' clause on a step";
                return Err(Fault::at(at, "S0216", reason));
            }
            step.focus = Some(name);
        } else if step.stages.is_empty() {
            step.index = Some(name);
        } else {
            step.stages.push(Stage::Index(name));
        }
        Ok(node)
    }
}

fn not_a_variable(at: usize) -> Fault {
    Fault::at(at, "S0212", "The left side of := must be a variable name (start with $)")
}

fn regex(pattern: &str, flags: &str, at: usize) -> Result<Node, Fault> {
    let mut builder = RegexBuilder::new(pattern);
    builder.size_limit(MAX_REGEX);
    builder.case_insensitive(flags.contains('i')).multi_line(flags.contains('m'));
    match builder.build() {
        Ok(regex) => Ok(Node::new(Kind::Regex(Arc::new(regex)), at)),
        Err(_) => Err(Fault::unsupported(at, format!("the regular expression `/{pattern}/` is not supported"))),
    }
}

/// A path of one step, unless it is a path already.
fn into_path(node: Node) -> Node {
    if matches!(node.kind, Kind::Path(_)) {
        return node;
    }
    let Node { kind, at, predicates, group, keep_array } = node;
    let kind = match kind {
        // Text in a path is a name.
        Kind::Text(name) => Kind::Name(name),
        Kind::Array(items) => Kind::ConsArray(items),
        kind => kind,
    };
    let mut step = Step::new(Action::Each(Node { kind, at, predicates: Vec::new(), group, keep_array }));
    step.stages = predicates.into_iter().map(Stage::Filter).collect();
    Node::new(Kind::Path(Path { steps: vec![step], keep_singleton: keep_array }), at)
}

fn keep_array(mut node: Node) -> Node {
    if let Kind::Path(path) = &mut node.kind {
        path.keep_singleton = true;
    }
    node.keep_array = true;
    node
}

fn filtered(mut node: Node, predicate: Node) -> Result<Node, Fault> {
    if node.group.is_some() {
        return Err(Fault::at(node.at, "S0209", "A predicate cannot follow a grouping expression in a step"));
    }
    match &mut node.kind {
        Kind::Path(path) => {
            if let Some(step) = path.steps.last_mut() {
                step.stages.push(Stage::Filter(predicate));
            }
        }
        _ => node.predicates.push(predicate),
    }
    Ok(node)
}
