//! A small pattern language over normalised tokens.
//!
//! A pattern is words, `(a | b c)` alternatives, `[optional]` parts, `<slot>`s (`<slot:name>`) and `%macros`.
//! It matches a whole token list or nothing: what a pattern does not say is never skipped.

use crate::scope::{FieldRef, Quantity, Scope, StateRef};
use crate::token::Token;
use maestro_artifacts::Op;
use std::collections::HashMap;
use std::ops::Range;

/// What a slot held.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Value {
    Fields(Vec<FieldRef>),
    Entity(String),
    /// All readings of a value: the builder picks by entity.
    States(Vec<Vec<StateRef>>),
    Quantity(Quantity),
    Compare(Op),
    Words(Range<usize>),
}

/// The slots' values.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    values: Vec<(&'static str, Value)>,
}

impl Bound {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().rev().find(|(bound, _)| *bound == name).map(|(_, value)| value)
    }

    pub(crate) fn fields(&self, name: &str) -> Option<Vec<FieldRef>> {
        match self.get(name)? {
            Value::Fields(fields) => Some(fields.clone()),
            _ => None,
        }
    }

    pub(crate) fn field(&self, name: &str) -> Option<FieldRef> {
        self.fields(name)?.first().cloned()
    }

    pub(crate) fn entity(&self, name: &str) -> Option<String> {
        match self.get(name)? {
            Value::Entity(entity) => Some(entity.clone()),
            _ => None,
        }
    }

    pub(crate) fn states(&self, name: &str) -> Option<&[Vec<StateRef>]> {
        match self.get(name)? {
            Value::States(states) => Some(states),
            _ => None,
        }
    }

    pub(crate) fn quantity(&self, name: &str) -> Option<&Quantity> {
        match self.get(name)? {
            Value::Quantity(quantity) => Some(quantity),
            _ => None,
        }
    }

    pub(crate) fn op(&self, name: &str) -> Option<Op> {
        match self.get(name)? {
            Value::Compare(op) => Some(*op),
            _ => None,
        }
    }

    pub(crate) fn words(&self, name: &str) -> Option<Range<usize>> {
        match self.get(name)? {
            Value::Words(range) => Some(range.clone()),
            _ => None,
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Slot {
    Field,
    Fields,
    Entity,
    State,
    States,
    Quantity,
    Compare,
    /// One or more tokens.
    Words,
    /// Exactly one token.
    Word,
}

#[derive(Debug, Clone)]
enum Node {
    Word(&'static str),
    Slot(Slot, &'static str),
    Any(Vec<Vec<Node>>),
    Maybe(Vec<Node>),
}

/// A compiled pattern.
#[derive(Debug, Clone)]
pub(crate) struct Pattern {
    nodes: Vec<Node>,
    /// Words of which one of each group must stand in the text: cheaper to check than to match.
    needs: Vec<Vec<&'static str>>,
}

/// Names for alternatives that many patterns share.
const MACROS: &[(&str, &str)] = &[
    (
        "%refused",
        "(refused | rejected | denied | declined | blocked | disallowed | forbidden | prohibited | prevented | impossible | invalid | an error | error)",
    ),
    ("%must", "(must | may | mustbe)"),
    (
        "%made",
        "(made | created | added | recorded | registered | entered | saved | stored | accepted | booked | placed | submitted | opened | started | given | issued | done)",
    ),
    (
        "%make",
        "(make | create | add | record | register | enter | save | store | book | place | submit | open | start | issue | have | be)",
    ),
    ("%change", "(change | edit | update | modify | alter | amend | correct | adjust)"),
    ("%changed", "(changed | edited | updated | modified | altered | amended | corrected | adjusted | touched)"),
    ("%delete", "(delete | remove | erase | discard)"),
    ("%deleted", "(deleted | removed | erased | discarded)"),
    (
        "%record",
        "(keep track of | keep record of | keep records of | keep a record of | record | store | keep | track | note | capture | register | save | log | document | maintain | hold | list)",
    ),
    (
        "%recorded",
        "(recorded | stored | kept | tracked | noted | captured | registered | saved | logged | documented | maintained | described by | held | identified by)",
    ),
    (
        "%contain",
        "(have | contain | contains | include | includes | record | records | hold | holds | store | stores | carry | carries | consist of | consists of | be made up of | comprise | comprises | keep | keeps | come with | comes with | capture | captures | track | tracks | save | saves)",
    ),
    ("%state", "(status | state | stage | phase | step)"),
    (
        "%move",
        "(move | moves | go | goes | change | changes | pass | passes | transition | transitions | advance | advances | switch | switches | proceed | proceeds | progress | progresses | be moved | be changed | be set | be setto | be put | be switched | be taken | be brought | be transitioned | be advanced | return | returns | get moved | be sent)",
    ),
    (
        "%user",
        "(user | users | people | person | anyone | anybody | we | you | i | staff | system | service | application | app | it | they | someone | everyone | everybody)",
    ),
];

/// Compiles a pattern; a fault in one is a programming error that the tests of this crate find.
pub(crate) fn compile(text: &'static str) -> Result<Pattern, String> {
    let mut items = lex(text);
    let nodes = sequence(&mut items, text)?;
    if items.next().is_some() {
        return Err(format!("unbalanced pattern: {text}"));
    }
    let needs = nodes.iter().filter_map(need).collect();
    Ok(Pattern { nodes, needs })
}

/// The words of which a node needs one; `None` where it may match without any.
fn need(node: &Node) -> Option<Vec<&'static str>> {
    match node {
        Node::Word(word) => Some(vec![word]),
        Node::Any(options) => {
            let words: Option<Vec<Vec<&'static str>>> =
                options.iter().map(|option| option.iter().find_map(need)).collect();
            words.map(|words| words.concat())
        }
        Node::Slot(Slot::Compare, _) => Some(vec![">=", "<=", ">", "<", "=", "!="]),
        Node::Slot(..) | Node::Maybe(_) => None,
    }
}

type Items = std::iter::Peekable<std::vec::IntoIter<&'static str>>;

fn lex(text: &'static str) -> Items {
    let mut out: Vec<&'static str> = Vec::new();
    for chunk in text.split_whitespace() {
        let mut rest = chunk;
        while !rest.is_empty() {
            let single = rest.starts_with(['(', ')', '[', ']', '|']) && chunk.len() > 1 || rest.len() == 1;
            let end = if single {
                1
            } else {
                rest.char_indices()
                    .skip(1)
                    .find(|(_, c)| matches!(c, '(' | ')' | '[' | ']' | '|'))
                    .map_or(rest.len(), |(at, _)| at)
            };
            let (head, tail) = rest.split_at(end);
            match MACROS.iter().find(|(name, _)| *name == head) {
                Some((_, expansion)) => out.extend(lex(expansion)),
                None => out.push(head),
            }
            rest = tail;
        }
    }
    out.into_iter().peekable()
}

fn sequence(items: &mut Items, text: &'static str) -> Result<Vec<Node>, String> {
    let mut nodes = Vec::new();
    while let Some(item) = items.peek().copied() {
        match item {
            ")" | "]" | "|" => break,
            "(" => {
                items.next();
                let mut options = vec![sequence(items, text)?];
                while items.peek() == Some(&"|") {
                    items.next();
                    options.push(sequence(items, text)?);
                }
                if items.next() != Some(")") {
                    return Err(format!("missing `)` in pattern: {text}"));
                }
                nodes.push(Node::Any(options));
            }
            "[" => {
                items.next();
                let mut options = vec![sequence(items, text)?];
                while items.peek() == Some(&"|") {
                    items.next();
                    options.push(sequence(items, text)?);
                }
                if items.next() != Some("]") {
                    return Err(format!("missing `]` in pattern: {text}"));
                }
                nodes.push(Node::Maybe(vec![Node::Any(options)]));
            }
            _ => {
                items.next();
                nodes.push(leaf(item, text)?);
            }
        }
    }
    Ok(nodes)
}

fn leaf(item: &'static str, text: &'static str) -> Result<Node, String> {
    let Some(inner) = item.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')).filter(|inner| inner.len() > 1)
    else {
        return if item.starts_with('%') && item.len() > 1 {
            Err(format!("unknown macro {item} in: {text}"))
        } else {
            Ok(Node::Word(item))
        };
    };
    let (kind, name) = inner.split_once(':').unwrap_or((inner, inner));
    let slot = match kind {
        "field" => Slot::Field,
        "fields" => Slot::Fields,
        "entity" => Slot::Entity,
        "state" => Slot::State,
        "states" => Slot::States,
        "qty" => Slot::Quantity,
        "cmp" => Slot::Compare,
        "words" => Slot::Words,
        "word" => Slot::Word,
        _ => return Err(format!("unknown slot <{kind}> in: {text}")),
    };
    Ok(Node::Slot(slot, name))
}

/// What follows the nodes that are being matched.
struct Rest<'p> {
    nodes: &'p [Node],
    next: Option<&'p Rest<'p>>,
}

/// Enough for any sentence people write; stops the rare explosive one.
const MOST_STEPS: u32 = 20_000;

struct Run<'a, 's> {
    tokens: &'a [Token],
    scope: &'a Scope<'s>,
    bound: Bound,
    steps: u32,
    slots: HashMap<(u8, usize), Vec<(usize, Value)>>,
}

impl Pattern {
    /// Tries to match all tokens; `build` may refuse a reading, then the next one is tried.
    pub(crate) fn matches<T>(
        &self,
        tokens: &[Token],
        scope: &Scope<'_>,
        mut build: impl FnMut(&Bound) -> Option<T>,
    ) -> Option<T> {
        if !self.needs.iter().all(|words| tokens.iter().any(|token| words.iter().any(|word| token.is(word)))) {
            return None;
        }
        let mut run = Run { tokens, scope, bound: Bound::default(), steps: 0, slots: HashMap::new() };
        let mut found = None;
        run.walk(&self.nodes, None, 0, &mut |bound| {
            found = build(bound);
            found.is_some()
        });
        found
    }
}

impl Run<'_, '_> {
    fn walk(
        &mut self,
        nodes: &[Node],
        rest: Option<&Rest<'_>>,
        at: usize,
        done: &mut dyn FnMut(&Bound) -> bool,
    ) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return false;
        }
        let Some((node, after)) = nodes.split_first() else {
            return match rest {
                Some(rest) => self.walk(rest.nodes, rest.next, at, done),
                None => at == self.tokens.len() && done(&self.bound),
            };
        };
        match node {
            Node::Word(word) => {
                self.tokens.get(at).is_some_and(|token| token.is(word)) && self.walk(after, rest, at + 1, done)
            }
            Node::Maybe(inner) => {
                let follow = Rest { nodes: after, next: rest };
                self.walk(inner, Some(&follow), at, done) || self.walk(after, rest, at, done)
            }
            Node::Any(options) => {
                let follow = Rest { nodes: after, next: rest };
                options.iter().any(|option| self.walk(option, Some(&follow), at, done))
            }
            Node::Slot(Slot::Words, name) => {
                let last = self.tokens.len();
                (at + 1..=last).any(|end| self.with(name, Value::Words(at..end), after, rest, end, done))
            }
            Node::Slot(slot, name) => {
                let key = (*slot as u8, at);
                if !self.slots.contains_key(&key) {
                    let found = self.options(*slot, at);
                    self.slots.insert(key, found);
                }
                let options = self.slots.get(&key).cloned().unwrap_or_default();
                options.into_iter().any(|(end, value)| self.with(name, value, after, rest, end, done))
            }
        }
    }

    fn with(
        &mut self,
        name: &'static str,
        value: Value,
        after: &[Node],
        rest: Option<&Rest<'_>>,
        end: usize,
        done: &mut dyn FnMut(&Bound) -> bool,
    ) -> bool {
        self.bound.values.push((name, value));
        let found = self.walk(after, rest, end, done);
        self.bound.values.pop();
        found
    }

    fn options(&self, slot: Slot, at: usize) -> Vec<(usize, Value)> {
        match slot {
            Slot::Field => self
                .scope
                .field_at(self.tokens, at)
                .into_iter()
                .map(|(end, field)| (end, Value::Fields(vec![field])))
                .collect(),
            Slot::Fields => self
                .scope
                .fields_at(self.tokens, at)
                .into_iter()
                .map(|(end, fields)| (end, Value::Fields(fields)))
                .collect(),
            Slot::Entity => self
                .scope
                .entity_at(self.tokens, at)
                .into_iter()
                .map(|(end, entity)| (end, Value::Entity(entity)))
                .collect(),
            Slot::State => self
                .scope
                .state_at(self.tokens, at)
                .into_iter()
                .map(|(end, state)| (end, Value::States(vec![state])))
                .collect(),
            Slot::States => self
                .scope
                .states_at(self.tokens, at)
                .into_iter()
                .map(|(end, states)| (end, Value::States(states)))
                .collect(),
            Slot::Quantity => self
                .scope
                .quantity_at(self.tokens, at)
                .into_iter()
                .map(|(end, quantity)| (end, Value::Quantity(quantity)))
                .collect(),
            Slot::Compare => self
                .tokens
                .get(at)
                .and_then(|token| compare(&token.word))
                .map(|op| (at + 1, Value::Compare(op)))
                .into_iter()
                .collect(),
            Slot::Word => self.tokens.get(at).map(|_| (at + 1, Value::Words(at..at + 1))).into_iter().collect(),
            Slot::Words => Vec::new(),
        }
    }
}

/// The comparison that a normalised token stands for.
pub(crate) fn compare(word: &str) -> Option<Op> {
    Some(match word {
        ">=" => Op::Ge,
        "<=" => Op::Le,
        ">" => Op::Gt,
        "<" => Op::Lt,
        "=" => Op::Eq,
        "!=" => Op::Ne,
        _ => return None,
    })
}
