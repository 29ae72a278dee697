//! Functions that take functions.

use std::rc::Rc;

use super::super::Fault;
use super::super::evaluate::Machine;
use super::super::path::order;
use super::super::value::{List, Object, Val};
use super::{Arguments, arity};

/// A function that is called for each item with as much as it wants of: the item, its place, and the whole.
struct Each {
    function: Val,
    arity: usize,
    context: Val,
}

impl Each {
    fn new(function: Val, context: &Val) -> Self {
        Self { arity: arity(&function), function, context: context.clone() }
    }

    fn call(&self, machine: &mut Machine<'_>, item: Val, place: Val, whole: &Val) -> Result<Val, Fault> {
        let mut arguments = vec![item];
        if self.arity >= 2 {
            arguments.push(place);
        }
        if self.arity >= 3 {
            arguments.push(whole.clone());
        }
        machine.invoke(&self.function, arguments, &self.context, "")
    }
}

fn place(at: usize) -> Val {
    Val::Number(at as f64)
}

pub(super) fn map(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let whole = arguments.next();
    if whole.is_undefined() {
        return Ok(Val::Undefined);
    }
    let each = Each::new(arguments.next(), &arguments.context);
    let mut out = Vec::new();
    for (at, item) in whole.clone().into_items().into_iter().enumerate() {
        let result = each.call(machine, item, place(at), &whole)?;
        if !result.is_undefined() {
            out.push(result);
        }
    }
    Ok(Val::sequence(out))
}

pub(super) fn filter(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let whole = arguments.next();
    if whole.is_undefined() {
        return Ok(Val::Undefined);
    }
    let each = Each::new(arguments.next(), &arguments.context);
    let mut out = Vec::new();
    for (at, item) in whole.clone().into_items().into_iter().enumerate() {
        if each.call(machine, item.clone(), place(at), &whole)?.truth() {
            out.push(item);
        }
    }
    Ok(Val::sequence(out))
}

pub(super) fn single(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let whole = arguments.next();
    if whole.is_undefined() {
        return Ok(Val::Undefined);
    }
    let function = arguments.next();
    let each = (!function.is_undefined()).then(|| Each::new(function, &arguments.context));
    let mut found = None;
    for (at, item) in whole.clone().into_items().into_iter().enumerate() {
        let hit = match &each {
            Some(each) => each.call(machine, item.clone(), place(at), &whole)?.truth(),
            None => true,
        };
        if hit && found.replace(item).is_some() {
            let reason = "The $single() function expected exactly 1 matching result.  Instead it matched more.";
            return Err(Fault::new("D3138", reason));
        }
    }
    let reason = "The $single() function expected exactly 1 matching result.  Instead it matched 0.";
    found.ok_or_else(|| Fault::new("D3139", reason))
}

pub(super) fn reduce(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let whole = arguments.next();
    if whole.is_undefined() {
        return Ok(Val::Undefined);
    }
    let function = arguments.next();
    let initial = arguments.next();
    let wanted = arity(&function);
    if wanted < 2 {
        let reason = "The second argument of reduce function must be a function with at least two arguments";
        return Err(Fault::new("D3050", reason));
    }
    let mut items = whole.clone().into_items().into_iter().enumerate();
    let mut sum = match initial {
        Val::Undefined => items.next().map_or(Val::Undefined, |(_, first)| first),
        initial => initial,
    };
    for (at, item) in items {
        let mut given = vec![sum, item];
        if wanted >= 3 {
            given.push(place(at));
        }
        if wanted >= 4 {
            given.push(whole.clone());
        }
        sum = machine.invoke(&function, given, &arguments.context, "")?;
    }
    Ok(sum)
}

pub(super) fn each(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let whole = arguments.next();
    let Val::Object(object) = &whole else { return Ok(Val::Undefined) };
    let each = Each::new(arguments.next(), &arguments.context);
    let mut out = Vec::new();
    for (name, value) in object.iter() {
        let result = each.call(machine, value.clone(), Val::Text(Rc::clone(name)), &whole)?;
        if !result.is_undefined() {
            out.push(result);
        }
    }
    Ok(Val::sequence(out))
}

pub(super) fn sift(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let whole = arguments.next();
    let Val::Object(object) = &whole else { return Ok(Val::Undefined) };
    let each = Each::new(arguments.next(), &arguments.context);
    let mut out = Object::new();
    for (name, value) in object.iter() {
        if each.call(machine, value.clone(), Val::Text(Rc::clone(name)), &whole)?.truth() {
            out.insert(Rc::clone(name), value.clone());
        }
    }
    Ok(if out.is_empty() { Val::Undefined } else { Val::object(out) })
}

pub(super) fn sort(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let whole = arguments.next();
    let Val::List(list) = &whole else { return Ok(whole) };
    let function = arguments.next();
    let mut items = list.items.clone();
    if function.is_undefined() {
        let numbers = items.iter().all(|item| matches!(item, Val::Number(_)));
        if !numbers && !items.iter().all(|item| matches!(item, Val::Text(_))) {
            let reason = "The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function";
            return Err(Fault::new("D3070", reason));
        }
        items.sort_by(order);
    } else {
        items = merge_sort(machine, items, &function, &arguments.context)?;
    }
    Ok(Val::list(List { items, sequence: list.sequence, ..List::default() }))
}

/// A stable sort that survives comparison functions that contradict themselves, and that may fail.
fn merge_sort(machine: &mut Machine<'_>, items: Vec<Val>, swaps: &Val, context: &Val) -> Result<Vec<Val>, Fault> {
    if items.len() <= 1 {
        return Ok(items);
    }
    let mut left = items;
    let right = left.split_off(left.len() / 2);
    let mut left = merge_sort(machine, left, swaps, context)?.into_iter().peekable();
    let mut right = merge_sort(machine, right, swaps, context)?.into_iter().peekable();
    let mut out = Vec::new();
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let swap = machine.invoke(swaps, vec![first.clone(), second.clone()], context, "")?.truth();
        out.extend(if swap { right.next() } else { left.next() });
    }
    out.extend(left);
    out.extend(right);
    Ok(out)
}
