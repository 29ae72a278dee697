//! The evaluator: what each kind of expression means.

use std::rc::Rc;
use std::sync::Arc;

use super::ast::{Kind, Node};
use super::environment::Frame;
use super::functions::Builtin;
use super::value::{Function, List, Val};
use super::{Fault, Held, Surroundings, holds_function};

/// Levels of evaluation.
const MAX_DEPTH: usize = 300;
/// Bytes of stack, whatever the levels take; threads have at least 2 MiB.
const MAX_STACK: usize = 768 * 1024;
/// Levels of arrays, objects and functions in a value: more than a state's input can have.
const MAX_NESTING: usize = 600;
/// Work that one evaluation may do, in nodes evaluated and items or bytes made.
const MAX_WORK: u64 = 2_000_000;

/// Where the stack stands, as an address.
#[inline(never)]
fn stack() -> usize {
    let here = 0_u8;
    std::ptr::from_ref(&here).addr()
}

fn overflow() -> Fault {
    Fault::new("U1001", "Stack overflow error: Check for non-terminating recursive function.")
}

/// How a function ends.
enum Last {
    Value(Val),
    Call(Rc<Function>, Vec<Val>),
}

pub(super) struct Machine<'a> {
    pub(super) surroundings: Surroundings<'a>,
    depth: usize,
    work: u64,
    held: Held,
    /// Where the stack stood at the beginning.
    base: usize,
}

impl<'a> Machine<'a> {
    pub(super) fn new(surroundings: Surroundings<'a>) -> Self {
        Self { surroundings, depth: 0, work: 0, held: Held::default(), base: stack() }
    }

    /// Empties the frames that would keep each other alive.
    pub(super) fn release(&mut self) {
        for frame in std::mem::take(&mut *self.held.borrow_mut()) {
            frame.clear();
        }
    }

    fn stack_used(&self) -> usize {
        self.base.abs_diff(stack())
    }

    /// Counts work, and stops what does too much.
    pub(super) fn charge(&mut self, amount: usize) -> Result<(), Fault> {
        self.work = self.work.saturating_add(amount as u64);
        if self.work > MAX_WORK {
            return Err(Fault::new("D1012", "Expression evaluation timeout: Check for infinite loop"));
        }
        Ok(())
    }

    pub(super) fn bind(&self, frame: &Rc<Frame>, name: &str, value: Val) {
        if holds_function(&value) {
            self.held.borrow_mut().push(Rc::clone(frame));
        }
        frame.bind(name, value);
    }

    /// The value of an expression over an input.
    pub(super) fn evaluate(&mut self, node: &Node, input: &Val, frame: &Rc<Frame>) -> Result<Val, Fault> {
        self.charge(1)?;
        if self.depth >= MAX_DEPTH || self.stack_used() > MAX_STACK {
            return Err(overflow());
        }
        self.depth += 1;
        let result = self.kind(node, input, frame);
        let result = match result {
            Ok(value) if !node.predicates.is_empty() || node.group.is_some() => self.attached(node, value, frame),
            other => other,
        };
        self.depth -= 1;
        let mut value = result?;
        if value.depth() > MAX_NESTING {
            return Err(overflow());
        }
        if node.keep_array {
            keep_singleton(&mut value);
        }
        Ok(value.unwrapped())
    }

    /// Predicates and grouping after anything but a path.
    #[inline(never)]
    fn attached(&mut self, node: &Node, value: Val, frame: &Rc<Frame>) -> Result<Val, Fault> {
        let mut value = value;
        for predicate in &node.predicates {
            value = Val::sequence(self.filter_values(predicate, value, frame)?);
        }
        match &node.group {
            Some(pairs) if !matches!(node.kind, Kind::Path(_)) => self.group(pairs, value.into_items(), frame),
            _ => Ok(value),
        }
    }

    fn kind(&mut self, node: &Node, input: &Val, frame: &Rc<Frame>) -> Result<Val, Fault> {
        match &node.kind {
            Kind::Null => Ok(Val::Null),
            Kind::Bool(value) => Ok(Val::Bool(*value)),
            Kind::Number(number) => Ok(Val::Number(*number)),
            Kind::Text(text) => Ok(Val::text(text)),
            Kind::Regex(regex) => Ok(Val::Regex(Arc::clone(regex))),
            Kind::Name(name) => Ok(self.lookup(input, name)),
            Kind::Variable(name) => Ok(self.variable(name, input, frame)),
            Kind::Wildcard => self.wildcard(input),
            Kind::Descendants => self.descendants(input),
            Kind::Path(path) => self.path(path, node.group.as_deref(), input, frame),
            Kind::Negate(operand) => self.negate(operand, input, frame),
            Kind::Binary(operator, left, right) => self.binary(*operator, left, right, input, frame),
            Kind::Condition(test, then, otherwise) => {
                let chosen = if self.evaluate(test, input, frame)?.truth() { Some(then) } else { otherwise.as_ref() };
                chosen.map_or(Ok(Val::Undefined), |chosen| self.evaluate(chosen, input, frame))
            }
            Kind::Bind(name, value) => {
                let value = self.evaluate(value, input, frame)?;
                self.bind(frame, name, value.clone());
                Ok(value)
            }
            Kind::Array(items) => self.array(items, false, input, frame),
            Kind::ConsArray(items) => self.array(items, true, input, frame),
            Kind::Object(pairs) => self.group(pairs, vec![input.clone()], frame),
            Kind::Block(expressions) => self.block(expressions, input, frame),
            Kind::Call(procedure, arguments) => self.call(procedure, arguments, None, input, frame),
            Kind::Partial(procedure, arguments) => self.partial(procedure, arguments, input, frame),
            Kind::Lambda(lambda) => Ok(Val::Function(Rc::new(Function::Lambda {
                lambda: Arc::clone(lambda),
                frame: Rc::clone(frame),
                input: input.clone(),
            }))),
            Kind::Apply(left, right) => self.apply_to(left, right, input, frame),
            Kind::Transform(transform) => Ok(Val::Function(Rc::new(Function::Transform {
                transform: Arc::clone(transform),
                frame: Rc::clone(frame),
            }))),
        }
    }

    fn variable(&mut self, name: &str, input: &Val, frame: &Rc<Frame>) -> Val {
        match name {
            "" => input.clone(),
            _ => frame.get(name).or_else(|| Builtin::named(name)).unwrap_or(Val::Undefined),
        }
    }

    /// A field of an object, or of each object in an array.
    pub(super) fn lookup(&mut self, input: &Val, name: &str) -> Val {
        match input {
            Val::Object(object) => object.get(name).cloned().unwrap_or(Val::Undefined),
            Val::List(list) => {
                let mut found = Vec::new();
                for item in &list.items {
                    match self.lookup(item, name) {
                        Val::Undefined => {}
                        Val::List(list) => found.extend(list.items.iter().cloned()),
                        one => found.push(one),
                    }
                }
                Val::sequence(found)
            }
            _ => Val::Undefined,
        }
    }

    #[inline(never)]
    fn wildcard(&mut self, input: &Val) -> Result<Val, Fault> {
        let mut found = Vec::new();
        let values: Vec<Val> = match input {
            Val::Object(object) => object.values().cloned().collect(),
            Val::List(list) => list.items.clone(),
            _ => Vec::new(),
        };
        for value in values {
            flatten(value, &mut found);
        }
        self.charge(found.len())?;
        Ok(Val::sequence(found))
    }

    #[inline(never)]
    fn descendants(&mut self, input: &Val) -> Result<Val, Fault> {
        fn collect(value: &Val, found: &mut Vec<Val>) {
            if !matches!(value, Val::List(_) | Val::Undefined) {
                found.push(value.clone());
            }
            match value {
                Val::List(list) => list.items.iter().for_each(|item| collect(item, found)),
                Val::Object(object) => object.values().for_each(|item| collect(item, found)),
                _ => {}
            }
        }
        let mut found = Vec::new();
        collect(input, &mut found);
        self.charge(found.len())?;
        Ok(Val::sequence(found))
    }

    #[inline(never)]
    fn array(&mut self, items: &[Node], constructed: bool, input: &Val, frame: &Rc<Frame>) -> Result<Val, Fault> {
        let mut out = Vec::with_capacity(items.len());
        for item in items {
            let value = self.evaluate(item, input, frame)?;
            match value {
                Val::Undefined => {}
                value if matches!(item.kind, Kind::Array(_)) => out.push(value),
                value => out.extend(value.into_items()),
            }
        }
        self.charge(out.len())?;
        Ok(Val::list(List { items: out, constructed, ..List::default() }))
    }

    #[inline(never)]
    fn block(&mut self, expressions: &[Node], input: &Val, frame: &Rc<Frame>) -> Result<Val, Fault> {
        let inner = Frame::within(frame);
        let mut value = Val::Undefined;
        for expression in expressions {
            value = self.evaluate(expression, input, &inner)?;
        }
        Ok(value)
    }

    /// A call, with the value before `~>` as first argument if there is one.
    #[inline(never)]
    fn call(
        &mut self,
        procedure: &Node,
        arguments: &[Node],
        first: Option<Val>,
        input: &Val,
        frame: &Rc<Frame>,
    ) -> Result<Val, Fault> {
        let function = self.evaluate(procedure, input, frame)?;
        if function.is_undefined() && names_builtin(procedure) {
            let reason = format!("Attempted to invoke a non-function. Did you mean ${}?", name_of(procedure));
            return Err(Fault::new("T1005", reason));
        }
        let mut values: Vec<Val> = first.into_iter().collect();
        for argument in arguments {
            values.push(self.evaluate(argument, input, frame)?);
        }
        if !matches!(function, Val::Function(_) | Val::Regex(_)) {
            return Err(Fault::new("T1006", "Attempted to invoke a non-function"));
        }
        self.invoke(&function, values, input, &name_of(procedure))
    }

    #[inline(never)]
    fn partial(
        &mut self,
        procedure: &Node,
        arguments: &[Option<Node>],
        input: &Val,
        frame: &Rc<Frame>,
    ) -> Result<Val, Fault> {
        let of = self.evaluate(procedure, input, frame)?;
        if !matches!(of, Val::Function(_)) {
            let code = if names_builtin(procedure) { "T1007" } else { "T1008" };
            return Err(Fault::new(code, "Attempted to partially apply a non-function"));
        }
        let mut given = Vec::new();
        for argument in arguments {
            given.push(match argument {
                Some(argument) => Some(self.evaluate(argument, input, frame)?),
                None => None,
            });
        }
        Ok(Val::partial(of, given))
    }

    #[inline(never)]
    fn apply_to(&mut self, left: &Node, right: &Node, input: &Val, frame: &Rc<Frame>) -> Result<Val, Fault> {
        let value = self.evaluate(left, input, frame)?;
        if let Kind::Call(procedure, arguments) = &right.kind
            && right.predicates.is_empty()
        {
            let mut result = self.call(procedure, arguments, Some(value), input, frame)?;
            if right.keep_array {
                keep_singleton(&mut result);
            }
            return Ok(result);
        }
        let function = self.evaluate(right, input, frame)?;
        if !matches!(function, Val::Function(_) | Val::Regex(_)) {
            let reason = "The right side of the function application operator ~> must be a function";
            return Err(Fault::new("T2006", reason));
        }
        if matches!(value, Val::Function(_)) {
            return Ok(Val::chain(value, function));
        }
        self.invoke(&function, vec![value], input, "")
    }

    /// Calls a function value.
    #[inline(never)]
    pub(super) fn invoke(
        &mut self,
        function: &Val,
        arguments: Vec<Val>,
        input: &Val,
        name: &str,
    ) -> Result<Val, Fault> {
        self.charge(1)?;
        if self.stack_used() > MAX_STACK {
            return Err(overflow());
        }
        let function = match function {
            Val::Function(function) => Rc::clone(function),
            Val::Regex(regex) => {
                let Some(Val::Text(text)) = arguments.first() else { return Ok(Val::Undefined) };
                return super::functions::regex_match(regex, text, 0);
            }
            _ => return Err(Fault::new("T1006", "Attempted to invoke a non-function")),
        };
        match &*function {
            Function::Builtin(builtin) => self.builtin(*builtin, arguments, input),
            Function::Lambda { .. } => self.lambda(function, arguments, input, name),
            Function::Partial { of, arguments: given, .. } => {
                let mut rest = arguments.into_iter();
                let all = given.iter().map(|one| one.clone().or_else(|| rest.next()).unwrap_or(Val::Undefined));
                let all: Vec<Val> = all.collect();
                self.invoke(of, all, input, name)
            }
            Function::Chain { first, second, .. } => {
                let between = self.invoke(first, arguments, input, name)?;
                self.invoke(second, vec![between], input, name)
            }
            Function::Transform { transform, frame } => {
                let subject = arguments.into_iter().next().unwrap_or(Val::Undefined);
                self.transform(transform, frame, subject)
            }
            Function::NextMatch { regex, text, from } => super::functions::regex_match(regex, text, *from),
        }
    }

    /// Runs a function that an expression defines. Calls in its last place take its turn instead of nesting, so
    /// that a loop written as recursion needs no depth.
    fn lambda(&mut self, function: Rc<Function>, arguments: Vec<Val>, input: &Val, name: &str) -> Result<Val, Fault> {
        let mut function = function;
        let mut arguments = arguments;
        loop {
            self.charge(1)?;
            let Function::Lambda { lambda, frame, input: own } = &*function else {
                return self.invoke(&Val::Function(function), arguments, input, name);
            };
            let given = match &lambda.signature {
                Some(signature) => signature.apply(name, arguments, input)?,
                None => arguments,
            };
            let inner = Frame::within(frame);
            let mut given = given.into_iter();
            for parameter in &lambda.parameters {
                self.bind(&inner, parameter, given.next().unwrap_or(Val::Undefined));
            }
            match self.last(&lambda.body, own, &inner)? {
                Last::Value(value) => return Ok(value),
                Last::Call(next, values) => {
                    function = next;
                    arguments = values;
                }
            }
        }
    }

    /// Evaluates what a function ends with, up to a call that would be the last thing it does.
    fn last(&mut self, body: &Node, input: &Val, frame: &Rc<Frame>) -> Result<Last, Fault> {
        let mut node = body;
        let mut frame = Rc::clone(frame);
        loop {
            let plain = node.predicates.is_empty() && node.group.is_none() && !node.keep_array;
            match &node.kind {
                Kind::Condition(test, then, otherwise) if plain => {
                    let holds = self.evaluate(test, input, &frame)?.truth();
                    match (holds, otherwise) {
                        (true, _) => node = then,
                        (false, Some(otherwise)) => node = otherwise,
                        (false, None) => return Ok(Last::Value(Val::Undefined)),
                    }
                }
                Kind::Block(expressions) if plain => {
                    let Some((end, before)) = expressions.split_last() else {
                        return Ok(Last::Value(Val::Undefined));
                    };
                    frame = Frame::within(&frame);
                    for expression in before {
                        self.evaluate(expression, input, &frame)?;
                    }
                    node = end;
                }
                Kind::Call(procedure, arguments) if plain && matches!(procedure.kind, Kind::Variable(_)) => {
                    let function = self.evaluate(procedure, input, &frame)?;
                    let Val::Function(function) = function else { break };
                    if !matches!(*function, Function::Lambda { .. }) {
                        break;
                    }
                    let mut values = Vec::with_capacity(arguments.len());
                    for argument in arguments {
                        values.push(self.evaluate(argument, input, &frame)?);
                    }
                    return Ok(Last::Call(function, values));
                }
                _ => break,
            }
        }
        self.evaluate(node, input, &frame).map(Last::Value)
    }
}

fn keep_singleton(value: &mut Val) {
    if let Val::List(list) = value
        && list.sequence
    {
        Rc::make_mut(list).keep_singleton = true;
    }
}

fn flatten(value: Val, out: &mut Vec<Val>) {
    match value {
        Val::List(list) => list.items.iter().cloned().for_each(|item| flatten(item, out)),
        Val::Undefined => {}
        one => out.push(one),
    }
}

fn name_of(procedure: &Node) -> String {
    match &procedure.kind {
        Kind::Variable(name) => name.to_string(),
        Kind::Path(path) => match path.steps.first().map(|step| &step.action) {
            Some(super::ast::Action::Each(Node { kind: Kind::Name(name), .. })) => name.to_string(),
            _ => String::new(),
        },
        _ => String::new(),
    }
}

/// Whether a path names a function, whose `$` was forgotten.
fn names_builtin(procedure: &Node) -> bool {
    matches!(procedure.kind, Kind::Path(_)) && Builtin::named(&name_of(procedure)).is_some()
}
