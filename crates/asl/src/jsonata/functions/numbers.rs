//! Functions on numbers.

use super::super::Fault;
use super::super::evaluate::Machine;
use super::super::value::Val;
use super::{Arguments, shown};

/// A number as JSON writes it, with at most 15 significant digits unless it is an integer.
pub(super) fn written(number: f64) -> String {
    let number = if number.fract() == 0.0 { number } else { format!("{number:.14e}").parse().unwrap_or(number) };
    if number == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&number.abs()) {
        return format!("{number}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((digits, exponent)) if !exponent.starts_with('-') => format!("{digits}e+{exponent}"),
        _ => text,
    }
}

fn map(mut arguments: Arguments, function: fn(f64) -> f64) -> Result<Val, Fault> {
    Ok(arguments.number().map_or(Val::Undefined, |number| Val::Number(function(number))))
}

pub(super) fn abs(_: &mut Machine<'_>, arguments: Arguments) -> Result<Val, Fault> {
    map(arguments, f64::abs)
}

pub(super) fn ceil(_: &mut Machine<'_>, arguments: Arguments) -> Result<Val, Fault> {
    map(arguments, f64::ceil)
}

pub(super) fn floor(_: &mut Machine<'_>, arguments: Arguments) -> Result<Val, Fault> {
    map(arguments, f64::floor)
}

pub(super) fn sqrt(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    match arguments.number() {
        None => Ok(Val::Undefined),
        Some(number) if number < 0.0 => {
            let reason = format!("The sqrt function cannot be applied to a negative number: {}", written(number));
            Err(Fault::new("D3060", reason))
        }
        Some(number) => Ok(Val::Number(number.sqrt())),
    }
}

pub(super) fn power(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let (Some(base), Some(exponent)) = (arguments.number(), arguments.number()) else { return Ok(Val::Undefined) };
    let result = base.powf(exponent);
    if result.is_finite() {
        return Ok(Val::Number(result));
    }
    let reason = format!(
        "The power function has resulted in a value that cannot be represented as a JSON number: base={}, exponent={}",
        written(base),
        written(exponent)
    );
    Err(Fault::new("D3061", reason))
}

/// Rounds half to even, at a decimal place.
pub(super) fn round(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(number) = arguments.number() else { return Ok(Val::Undefined) };
    let places = arguments.number().unwrap_or(0.0).clamp(-300.0, 300.0) as i32;
    // Moving the point in the decimal text avoids the error of a multiplication.
    let moved = |value: f64, places: i32| -> f64 {
        let text = format!("{value:e}");
        let (digits, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let exponent = exponent.parse::<i32>().unwrap_or(0) + places;
        format!("{digits}e{exponent}").parse().unwrap_or(value)
    };
    let shifted = moved(number, places);
    let mut rounded = (shifted + 0.5).floor();
    if (rounded - shifted - 0.5).abs() < f64::EPSILON && rounded % 2.0 != 0.0 {
        rounded -= 1.0;
    }
    let result = moved(rounded, -places);
    Ok(Val::Number(if result == 0.0 { 0.0 } else { result }))
}

pub(super) fn format_base(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(number) = arguments.number() else { return Ok(Val::Undefined) };
    let radix = arguments.number().unwrap_or(10.0).round_ties_even();
    if !(2.0..=36.0).contains(&radix) {
        let reason = format!("The radix of the formatBase function must be between 2 and 36.  It was given {radix}");
        return Err(Fault::new("D3100", reason));
    }
    let number = number.round_ties_even();
    let radix = radix as u32;
    let mut left = number.abs() as u128;
    let mut digits = Vec::new();
    loop {
        digits.push(char::from_digit((left % u128::from(radix)) as u32, radix).unwrap_or('0'));
        left /= u128::from(radix);
        if left == 0 {
            break;
        }
    }
    if number < 0.0 {
        digits.push('-');
    }
    Ok(Val::text(digits.into_iter().rev().collect::<String>()))
}

pub(super) fn number(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let value = arguments.next();
    let found = match &value {
        Val::Undefined => return Ok(Val::Undefined),
        Val::Number(number) => Some(*number),
        Val::Bool(value) => Some(f64::from(u8::from(*value))),
        Val::Text(text) => parsed(text),
        _ => None,
    };
    let reason = || Fault::new("D3030", format!("Unable to cast value to a number: {}", shown(&value)));
    found.map(Val::Number).ok_or_else(reason)
}

fn parsed(text: &str) -> Option<f64> {
    for (radix, prefixes) in [(16, ["0x", "0X"]), (8, ["0o", "0O"]), (2, ["0b", "0B"])] {
        if let Some(digits) = prefixes.iter().find_map(|prefix| text.strip_prefix(prefix)) {
            return u64::from_str_radix(digits, radix).ok().map(|number| number as f64);
        }
    }
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let (mantissa, exponent) =
        text.split_once(['e', 'E']).map_or((text, None), |(before, after)| (before, Some(after)));
    let mantissa = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(whole, after)| (whole, Some(after)));
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    let shaped = digits(whole) && fraction.is_none_or(digits) && exponent.is_none_or(digits);
    shaped.then(|| text.parse().ok()).flatten().filter(|number: &f64| number.is_finite())
}

/// The numbers of an array whose type the signature has checked.
fn numbers(arguments: &mut Arguments) -> Option<Vec<f64>> {
    let number = |item: Val| match item {
        Val::Number(number) => Some(number),
        _ => None,
    };
    arguments.items().map(|items| items.into_iter().filter_map(number).collect())
}

pub(super) fn sum(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    Ok(numbers(&mut arguments)
        .map_or(Val::Undefined, |all| Val::Number(all.into_iter().fold(0.0, |sum, one| sum + one))))
}

pub(super) fn average(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let all = numbers(&mut arguments).filter(|all| !all.is_empty());
    Ok(all.map_or(Val::Undefined, |all| Val::Number(all.iter().sum::<f64>() / all.len() as f64)))
}

pub(super) fn max(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let all = numbers(&mut arguments).unwrap_or_default();
    Ok(all.into_iter().reduce(f64::max).map_or(Val::Undefined, Val::Number))
}

pub(super) fn min(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let all = numbers(&mut arguments).unwrap_or_default();
    Ok(all.into_iter().reduce(f64::min).map_or(Val::Undefined, Val::Number))
}
