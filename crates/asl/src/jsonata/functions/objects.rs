//! Functions on objects and on any value.

use std::rc::Rc;

use super::super::Fault;
use super::super::evaluate::Machine;
use super::super::value::{Object, Val};
use super::Arguments;

pub(super) fn assert(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    if arguments.next().truth() {
        return Ok(Val::Undefined);
    }
    let message = arguments.text();
    Err(Fault::new("D3141", message.as_deref().unwrap_or("$assert() statement failed")))
}

pub(super) fn error(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let message = arguments.text();
    Err(Fault::new("D3137", message.as_deref().unwrap_or("$error() function evaluated")))
}

pub(super) fn boolean(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let value = arguments.next();
    Ok(if value.is_undefined() { Val::Undefined } else { Val::Bool(value.truth()) })
}

pub(super) fn not(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let value = arguments.next();
    Ok(if value.is_undefined() { Val::Undefined } else { Val::Bool(!value.truth()) })
}

pub(super) fn exists(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    Ok(Val::Bool(!arguments.next().is_undefined()))
}

pub(super) fn clone(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    Ok(arguments.next())
}

pub(super) fn keys(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    fn collect(value: &Val, names: &mut indexmap::IndexSet<Rc<str>>) {
        match value {
            Val::Object(object) => names.extend(object.keys().cloned()),
            Val::List(list) => list.items.iter().for_each(|item| collect(item, names)),
            _ => {}
        }
    }
    let mut names = indexmap::IndexSet::new();
    collect(&arguments.next(), &mut names);
    Ok(Val::sequence(names.into_iter().map(Val::Text).collect()))
}

pub(super) fn lookup(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let value = arguments.next();
    let Some(name) = arguments.text() else { return Ok(Val::Undefined) };
    Ok(machine.lookup(&value, &name))
}

pub(super) fn merge(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(items) = arguments.items() else { return Ok(Val::Undefined) };
    let mut merged = Object::new();
    for item in items {
        if let Val::Object(object) = item {
            merged.extend(object.iter().map(|(name, value)| (Rc::clone(name), value.clone())));
        }
    }
    Ok(Val::object(merged))
}

pub(super) fn spread(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    fn collect(value: Val, out: &mut Vec<Val>) {
        match value {
            Val::List(list) => list.items.iter().cloned().for_each(|item| collect(item, out)),
            Val::Object(object) => {
                for (name, value) in object.iter() {
                    out.push(Val::object(Object::from_iter([(Rc::clone(name), value.clone())])));
                }
            }
            other => out.push(other),
        }
    }
    match arguments.next() {
        value @ (Val::List(_) | Val::Object(_)) => {
            let mut out = Vec::new();
            collect(value, &mut out);
            Ok(Val::sequence(out))
        }
        other => Ok(other),
    }
}

pub(super) fn type_name(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    Ok(match arguments.next() {
        Val::Undefined => Val::Undefined,
        Val::Null => Val::text("null"),
        Val::Bool(_) => Val::text("boolean"),
        Val::Number(_) => Val::text("number"),
        Val::Text(_) => Val::text("string"),
        Val::List(_) => Val::text("array"),
        Val::Object(_) => Val::text("object"),
        Val::Function(_) | Val::Regex(_) => Val::text("function"),
    })
}
