//! The functions that Step Functions adds.

use serde_json::Value;

use super::super::Fault;
use super::super::evaluate::Machine;
use super::super::value::Val;
use super::{Arguments, to_text};
use crate::intrinsic;
use crate::random::{self, RandomSource, SeededRandom};

fn fault(reason: String) -> Fault {
    Fault::new("D3137", reason)
}

pub(super) fn partition(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(items) = arguments.items() else { return Ok(Val::Undefined) };
    let size = arguments.number().map_or(0, |size| size.floor().max(0.0) as usize);
    if size == 0 {
        return Err(fault("the chunk size of the partition function must be a positive number".into()));
    }
    machine.charge(items.len())?;
    Ok(Val::array(items.chunks(size).map(|chunk| Val::array(chunk.to_vec())).collect()))
}

pub(super) fn range(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let (Some(first), Some(last), Some(step)) = (arguments.number(), arguments.number(), arguments.number()) else {
        return Ok(Val::Undefined);
    };
    if step == 0.0 {
        return Err(fault("the step of the range function must not be 0".into()));
    }
    let mut items = Vec::new();
    let mut at = first;
    while if step > 0.0 { at <= last } else { at >= last } {
        machine.charge(1)?;
        items.push(Val::Number(at));
        at = first + step * items.len() as f64;
    }
    Ok(Val::sequence(items))
}

pub(super) fn hash(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let (Some(data), Some(algorithm)) = (arguments.text(), arguments.text()) else { return Ok(Val::Undefined) };
    intrinsic::digest(&data, &algorithm).map(Val::text).map_err(fault)
}

pub(super) fn random(machine: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let unit = match arguments.number() {
        Some(seed) => {
            let mut seeded = SeededRandom::new(seed.to_bits());
            seeded.next_u64();
            random::unit(&mut seeded)
        }
        None => random::unit(machine.surroundings.random),
    };
    Ok(Val::Number(unit))
}

pub(super) fn uuid(machine: &mut Machine<'_>, _: Arguments) -> Result<Val, Fault> {
    Ok(Val::text(random::uuid(machine.surroundings.random)))
}

pub(super) fn parse(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let value = arguments.next();
    if value.is_undefined() {
        return Ok(Val::Undefined);
    }
    let text = to_text(&value, false)?;
    let parsed: Value = serde_json::from_str(&text).map_err(|_| fault("Invalid JSON".into()))?;
    Ok(Val::from_json(&parsed))
}
