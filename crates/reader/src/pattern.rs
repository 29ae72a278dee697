//! A small pattern language over normalised tokens.
//!
//! A pattern is words, `(a | b c)` alternatives, `[optional]` parts, `<slot>`s (`<slot:name>`) and `%macros`.
//! It matches a whole token list or nothing: what a pattern does not say is never skipped.

use crate::records::{Records, records_at};
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
    Records(Records),
}

/// The slots' values.
#[derive(Debug, Default)]
pub(crate) struct Bound {
    values: Vec<(&'static str, Value)>,
    /// The tokens of each slot.
    places: Vec<(&'static str, Range<usize>)>,
}

impl Bound {
    pub(crate) fn get(&self, name: &str) -> Option<&Value> {
        self.values.iter().rev().find(|(bound, _)| *bound == name).map(|(_, value)| value)
    }

    /// The tokens that a slot covers.
    pub(crate) fn place(&self, name: &str) -> Option<Range<usize>> {
        self.places.iter().rev().find(|(bound, _)| *bound == name).map(|(_, place)| place.clone())
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

    pub(crate) fn records(&self, name: &str) -> Option<Records> {
        match self.get(name)? {
            Value::Records(records) => Some(records.clone()),
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
    /// An entity with what says which of its records.
    Records,
    /// A field of time, or the clause that tells when something happens.
    Moment,
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
struct Pattern {
    nodes: Vec<Node>,
    /// Numbers of words of which one of each group must stand in the text: cheaper to check than to match.
    needs: Vec<Vec<usize>>,
}

/// Patterns with what is built of a match. Order decides where several match.
pub(crate) struct Patterns<B> {
    /// The number of each word that a pattern needs.
    words: HashMap<&'static str, usize>,
    list: Vec<(Pattern, B)>,
}

impl<B: Copy> Patterns<B> {
    /// Compiles patterns. One with a fault is left out; the tests find it by [`check`].
    pub(crate) fn compile(patterns: impl IntoIterator<Item = &'static (&'static str, B)>) -> Self
    where
        B: 'static,
    {
        let mut words = HashMap::new();
        let mut list = Vec::new();
        for (text, build) in patterns {
            let Ok(nodes) = compile(text) else { continue };
            let mut number = |word: &'static str| {
                let next = words.len();
                *words.entry(word).or_insert(next)
            };
            let needs = nodes.iter().filter_map(need);
            let needs = needs.map(|group| group.into_iter().map(&mut number).collect()).collect();
            list.push((Pattern { nodes, needs }, *build));
        }
        Self { words, list }
    }

    /// The first reading of all tokens that `build` accepts.
    pub(crate) fn read<T>(
        &self,
        tokens: &[Token],
        scope: &Scope<'_>,
        mut build: impl FnMut(B, &Bound) -> Option<T>,
    ) -> Option<T> {
        let mut stands = vec![false; self.words.len()];
        for token in tokens.iter().filter(|token| !token.quoted) {
            for word in [&token.word, &token.lemma] {
                if let Some(stands) = self.words.get(word.as_str()).and_then(|number| stands.get_mut(*number)) {
                    *stands = true;
                }
            }
        }
        let stands = |number: &usize| stands.get(*number).copied().unwrap_or(false);
        for (pattern, builder) in &self.list {
            if !pattern.needs.iter().all(|group| group.iter().any(stands)) {
                continue;
            }
            let mut run = Run { tokens, scope, bound: Bound::default(), steps: 0 };
            let mut found = None;
            run.walk(&pattern.nodes, None, 0, &mut |bound| {
                found = build(*builder, bound);
                found.is_some()
            });
            if found.is_some() {
                return found;
            }
        }
        None
    }
}

/// Finds faults in patterns.
#[cfg(test)]
pub(crate) fn check<B: 'static>(patterns: impl IntoIterator<Item = &'static (&'static str, B)>) {
    for (text, _) in patterns {
        compile(text).unwrap();
    }
}

/// Names for alternatives that many patterns share.
const MACROS: &[(&str, &str)] = &[
    (
        "%refused",
        "(refused | rejected | denied | declined | blocked | disallowed | forbidden | prohibited | prevented | impossible | invalid | an error | error)",
    ),
    (
        "%first",
        "(initially | at first | default | defaults to | by default | starting with | starting as | starting at | beginning with | beginning as | normally | to begin with | to start with)",
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
        "(have | contain | contains | include | includes | record | records | hold | holds | store | stores | carry | carries | consist of | consists of | be made up of | comprise | comprises | keep | keeps | come with | comes with | capture | captures | track | tracks | save | saves | names)",
    ),
    (
        "%span",
        "(range | period | interval | date range | range of dates | dates range | from-to range | time span | date period | from and to date)",
    ),
    (
        "%spanning",
        "(range | date range | time range | period | from/to | from / to | from – to | from and to | from to | (between | from) [2 | chosen | 2 chosen] dates | (between | from) [first | 1 | start | from | earliest] [date | day | time | value] (and | to | unless) [last | other | end | to | latest | second] (date | day | time | value) | (between | from) 1 (date | day | time | value) (and | to | unless) other [1] | within [given | chosen | certain | 1] (range | date range | range of dates | period | time range | dates) | in (range | date range | range of dates | period) | by range | range of dates)",
    ),
    ("%newest", "(newest | latest | most recent | highest | largest | biggest | greatest | last)"),
    (
        "%falling",
        "(descending | in descending order | newest first | latest first | most recent first | from latest to earliest | from newest to oldest | with latest first | with newest first | with newest at top | with latest at top | with latest on top | with newest on top | newest first and oldest last | latest first and earliest last)",
    ),
    ("%oldest", "(oldest | earliest | lowest | smallest | least recent | nearest | soonest | next)"),
    ("%prep", "(for | of | by | on | in | to | with | at | against | from | within | into)"),
    (
        "%concern",
        "(refer to | concern | use | involve | belong to | be for | be of | be on | be in | be with | be about)",
    ),
    ("%anymore", "(any more | more | anymore | any longer | > that | > then | later | afterwards)"),
    (
        "%frozen",
        "(immutable | read-only | readonly | frozen | locked | final | fixed | unchangeable | closed for changes | closed for editing | locked for editing | protected from changes)",
    ),
    ("%changing", "(changing | editing | updating | modifying | altering | changes to | editing of | changing of)"),
    ("%deleting", "(deleting | removing | deletion of | removal of | deleting of)"),
    ("%possible", "(possible | allowed | permitted | accepted)"),
    ("%twice", "(twice | > once | 2 | 2 times | > 1 time | again | repeatedly)"),
    ("%per", "(per | in | within | on | for | of | inside) [same | 1 | given]"),
    ("%share", "(have | share | use | carry | bear | be given | ever have | get | be assigned | be in | be for)"),
    (
        "%hold",
        "(have | hold | take | contain | accept | store | carry | include | comprise | host | own | keep | get | receive | make | run | be given | be assigned)",
    ),
    (
        "%anycase",
        "(ignoring case | ignoring [upper and] lower case | ignoring upper and lower case | regardless of case | case-insensitively | case-insensitive | whatever case | regardless of upper and lower case | without regard to case | irrespective of case | case be ignored)",
    ),
    (
        "%overlap",
        "(overlap [in [<word>] (time | period | date | day)] | be sametime | take place sametime | run sametime | happen sametime | clash [in time] | collide [in time] | coincide | intersect)",
    ),
    (
        "%occupied",
        "(booked | reserved | lent | used | assigned | scheduled | rented | given out | double-booked | let | hired | allocated | occupied | planned | taken)",
    ),
    (
        "%meantime",
        "(sametime | at overlapping times | in same period | for same time | for same period | for overlapping time | for overlapping period | for overlapping periods | at same time | for same hours | for same dates | for same days | on same days | for overlapping dates)",
    ),
    ("%same", "(per | for | of | in | on | at | with | by | within | to | from) [same | 1]"),
    (
        "%standing",
        "(lie | come | fall | take place | happen | stay | remain | start | begin | end | have | be set | be dated | be chosen | always be)",
    ),
    (
        "%stands",
        "(must | must be | must %standing | lie | come | fall | be | may | may be | may have | mayonly | mayonly be | mayonly have | have)",
    ),
    (
        "%standsnot",
        "(mustnot | mustnot be | mustnot %standing | be never | mustnot ever be | be not | mustnot be (planned | scheduled | dated | set | entered | recorded | booked | placed))",
    ),
    (
        "%ahead",
        "(in future | from today | from now | ahead | > today | > now | in advance | ahead of time | beforehand)",
    ),
    (
        "%year",
        "(thisyear [(plus | + | minus | –) <qty:years>] | nextyear | lastyear | <qty:years> (> | < | ahead of) thisyear)",
    ),
    (
        "%expired",
        "(be expired | have expired | expired | have run out | run out | have lapsed | be lapsed | be out of date | be over | be invalid | be not valid)",
    ),
    ("%expire", "(expire | end | run out | lapse | be expired | have expired | become invalid | be invalid)"),
    ("%daily", "([per | on same | on 1 | on any | on | in 1 | within 1] (day | date | calendar day))"),
    (
        "%complains",
        "(system | application | app | service | form) (shows | show | displays | display | reports | report | raises | raise | returns | return | gives | give) [validation] error [message]",
    ),
    ("%raised", "(shown | displayed | returned | raised | reported | given)"),
    ("%logged", "(logged | booked | recorded | entered | worked | spent | paid | charged | planned | registered)"),
    ("%ongoing", "(open | active | current | ongoing | unfinished | pending | running)"),
    (
        "%held",
        "(take place | happen | be held | start | begin | run | be %made | be scheduled | be planned | be arranged | be given)",
    ),
    (
        "%numeric",
        "(number | whole number | integer | amount | decimal | decimal number | percentage | value | text | string | positive number | money | amount of money)",
    ),
    (
        "%bounds",
        "(must | must be | must have | must contain | must equal | must %standing | be | have | may be | may have | may | may contain | mayonly be | mayonly have | contain)",
    ),
    (
        "%demands",
        "(must have | must be given | must include | must contain | must specify | must state | must name | must record | must carry | must show | must provide | must give | must get | require | requires | need | needs)",
    ),
    (
        "%supplied",
        "(given | provided | present | filled in | entered | set | known | specified | supplied | recorded | required | stated | chosen | selected | picked)",
    ),
    ("%blank", "(empty | blank | unset | without value | not given | not set | not filled in)"),
    (
        "%given",
        "(given | set | entered | filled in | recorded | provided | supplied | specified | stated | allowed | permitted | possible | granted | present | chosen)",
    ),
    ("%carries", "(carry | contain | include | get | receive | show | be given)"),
    ("%by", "(per | by | grouped by | broken down by | split by)"),
    (
        "%seen",
        "((may | must) be (shown | seen | listed | available | reported | displayed | visible) | be (shown | available | listed | reported | displayed | offered | needed | required | wanted | visible))",
    ),
    ("%look", "(see | view | get | show | know | have | list | report | display | give)"),
    ("%has", "(have | contain | hold | include | still have | there be)"),
    (
        "%used",
        "(used in | used by | used on | used for | part of | on | in | linked to | assigned to | referenced by | referred to by | booked for | attached to)",
    ),
    (
        "%occurs",
        "((appear | occur | figure | feature | stand | turn up | show up) (on | in | at) | (be listed | be contained | be mentioned | be named | be found) (on | in | by))",
    ),
    (
        "%left",
        "(left | attached | assigned | pending | booked | %recorded | against it | referring to it | linked to it)",
    ),
    (
        "%refers",
        "(refer to | exist for | exist on | exist in | exist | belong to | reference | point to | use | depend on | be for | be on | be in)",
    ),
    ("%there", "[left] [for | of | in | on | with | at] [it | them | <entity:p>]"),
    ("%state", "(status | state | stage | phase | step)"),
    (
        "%move",
        "(move | moves | go | goes | change | changes | pass | passes | transition | transitions | advance | advances | switch | switches | proceed | proceeds | progress | progresses | be moved | be changed | be set | be setto | be put | be switched | be taken | be brought | be transitioned | be advanced | return | returns | get moved | be sent)",
    ),
    ("%but", "(but | except | except for | other than | besides | apart from | save | else than)"),
    (
        "%others",
        "(other | other user | other role | other people | other staff | everyone else | everybody else | anyone else | anybody else | noone | noone else | rest)",
    ),
    ("%so", "(do so | do this | do it | do that | this | it | so)"),
    ("%else", "[[, | ; | –] [and | but] %others (mustnot | may) [%so]]"),
    (
        "%notyet",
        "[, | ;] [but | and] ((by default | usually | normally | typically) [,] (it | they | 1) be not [so] | (it | they | 1) be not [so] by default | be (no | off | false | not) [so] by default | default be (no | off | false) | (not | no | off) by default)",
    ),
    ("%agent", "(users | user | we | people | you | staff | anyone | anybody | somebody | someone | i | 1)"),
    ("%permitted", "(possible | allowed | permitted | valid | permissible | admissible)"),
    ("%sorting", "(sorting | order | sort order | ordering | sort | way of sorting | sequence)"),
    (
        "%unsorted",
        "((if | unless) [no] [other | different | another] %sorting be [not] (asked | asked for | requested | chosen | selected | picked | given | specified | wanted | wished for | set | stated | told) | (if | unless) (none | nothing | something) [else] be (asked | asked for | requested | chosen | selected | specified | said | wanted) | (if | unless) %agent [do not | mustnot] (ask for | asks for | request | requests | choose | chooses | select | selects | pick | picks | want | wants) [other | different | another] %sorting | unless (asked | requested | sorted | told | ordered) otherwise | unless otherwise (asked | requested | sorted) | without other %sorting)",
    ),
    ("%shape", "[:] [pattern] <word:x> [[,] in order]"),
    (
        "%bring",
        "(create | creating | add | adding | make | making | enter | entering | record | recording | save | saving)",
    ),
    (
        "%enter",
        "(enter | fill in | give | specify | provide | choose | state | select | set | supply | record | write | type | pick | put in | name)",
    ),
    (
        "%nosave",
        "((be | must be) %refused | mustnot be (saved | accepted | created | stored | entered | recorded | added | registered | valid | allowed | possible | made) | mustnot exist | be not (accepted | allowed | valid | possible | saved))",
    ),
    (
        "%untold",
        "((unless | if) [no | none | other | different] [1 | <field>] be [not] (given | chosen | entered | specified | set | picked | provided | stated | selected | told) | (unless | if) %agent [do not] (choose | chooses | pick | picks | enter | enters | give | gives | specify | specifies | set | sets | select | selects | choose | pick) [other | different | another] [1 | <field>] | (unless | if) noone (choose | chooses | pick | picks | enter | enters | give | gives | select | selects) [other | different] [1 | <field>])",
    ),
    (
        "%user",
        "(user | users | people | person | anyone | anybody | we | you | i | staff | system | service | application | app | it | they | someone | everyone | everybody)",
    ),
];

/// Compiles a pattern; a fault in one is a programming error that the tests of this crate find.
fn compile(text: &'static str) -> Result<Vec<Node>, String> {
    let mut items = lex(text);
    let nodes = sequence(&mut items, text)?;
    if items.next().is_some() {
        return Err(format!("unbalanced pattern: {text}"));
    }
    Ok(nodes)
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
        "records" => Slot::Records,
        "moment" => Slot::Moment,
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
                (at + 1..=last).any(|end| self.with(name, Value::Words(at..end), after, rest, at..end, done))
            }
            Node::Slot(slot, name) => {
                let key = (*slot as u8, at);
                let known = self.scope.memo.borrow().get(&key).cloned();
                let options = known.unwrap_or_else(|| {
                    let found = self.options(*slot, at);
                    self.scope.memo.borrow_mut().insert(key, found.clone());
                    found
                });
                options.into_iter().any(|(end, value)| self.with(name, value, after, rest, at..end, done))
            }
        }
    }

    fn with(
        &mut self,
        name: &'static str,
        value: Value,
        after: &[Node],
        rest: Option<&Rest<'_>>,
        place: Range<usize>,
        done: &mut dyn FnMut(&Bound) -> bool,
    ) -> bool {
        let end = place.end;
        self.bound.values.push((name, value));
        self.bound.places.push((name, place));
        let found = self.walk(after, rest, end, done);
        self.bound.places.pop();
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
            Slot::Records => records_at(self.scope, self.tokens, at)
                .into_iter()
                .map(|(end, records)| (end, Value::Records(records)))
                .collect(),
            Slot::Moment => self
                .scope
                .moment_at(self.tokens, at)
                .into_iter()
                .map(|(end, field)| (end, Value::Fields(vec![field])))
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
