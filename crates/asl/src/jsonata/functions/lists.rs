//! Functions on arrays.

use super::super::Fault;
use super::super::evaluate::Machine;
use super::super::value::Val;
use super::Arguments;
use crate::random;

pub(super) fn append(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let (first, second) = (arguments.next(), arguments.next());
    if first.is_undefined() {
        return Ok(second);
    }
    if second.is_undefined() {
        return Ok(first);
    }
    let sequence = !matches!(first, Val::List(_));
    let mut items = first.into_items();
    items.extend(second.into_items());
    machine.charge(items.len())?;
    Ok(if sequence { Val::sequence(items) } else { Val::array(items) })
}

pub(super) fn count(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    Ok(Val::Number(arguments.items().map_or(0, |items| items.len()) as f64))
}

pub(super) fn distinct(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let value = arguments.next();
    let Val::List(list) = &value else { return Ok(value) };
    if list.items.len() <= 1 {
        return Ok(value);
    }
    let mut out: Vec<Val> = Vec::new();
    for item in &list.items {
        machine.charge(out.len())?;
        if !out.iter().any(|known| known.same(item)) {
            out.push(item.clone());
        }
    }
    Ok(if list.sequence { Val::sequence(out) } else { Val::array(out) })
}

pub(super) fn reverse(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(mut items) = arguments.items() else { return Ok(Val::Undefined) };
    items.reverse();
    Ok(Val::array(items))
}

pub(super) fn shuffle(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(mut items) = arguments.items() else { return Ok(Val::Undefined) };
    for last in (1..items.len()).rev() {
        let other = (random::unit(machine.surroundings.random) * (last + 1) as f64) as usize;
        items.swap(last, other.min(last));
    }
    Ok(Val::array(items))
}

pub(super) fn zip(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let columns: Vec<Vec<Val>> = arguments.rest().into_iter().map(Val::into_items).collect();
    let rows = columns.iter().map(Vec::len).min().unwrap_or(0);
    let row = |at: usize| Val::array(columns.iter().filter_map(|column| column.get(at).cloned()).collect());
    Ok(Val::array((0..rows).map(row).collect()))
}
