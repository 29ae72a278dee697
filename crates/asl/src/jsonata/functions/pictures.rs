//! `$formatNumber`: numbers in pictures such as `#,##0.00`.

use super::super::Fault;
use super::super::evaluate::Machine;
use super::super::value::Val;
use super::Arguments;

/// The characters and texts that a picture is made of.
struct Symbols {
    decimal: char,
    grouping: char,
    exponent: char,
    minus: char,
    percent: String,
    per_mille: String,
    zero: char,
    digit: char,
    separator: char,
    infinity: String,
    nan: String,
}

impl Symbols {
    fn new(options: &Val) -> Self {
        let text = |name: &str, default: &str| match options {
            Val::Object(object) => match object.get(name) {
                Some(Val::Text(text)) => text.to_string(),
                _ => default.to_owned(),
            },
            _ => default.to_owned(),
        };
        let one = |name: &str, default: char| text(name, "").chars().next().unwrap_or(default);
        Self {
            decimal: one("decimal-separator", '.'),
            grouping: one("grouping-separator", ','),
            exponent: one("exponent-separator", 'e'),
            minus: one("minus-sign", '-'),
            percent: text("percent", "%"),
            per_mille: text("per-mille", "‰"),
            zero: one("zero-digit", '0'),
            digit: one("digit", '#'),
            separator: one("pattern-separator", ';'),
            infinity: text("infinity", "Infinity"),
            nan: text("NaN", "NaN"),
        }
    }

    fn is_digit(&self, c: char) -> bool {
        (c as u32).checked_sub(self.zero as u32).is_some_and(|offset| offset < 10)
    }

    /// Whether a character belongs to the number rather than to what stands around it.
    fn is_active(&self, c: char) -> bool {
        self.is_digit(c) || [self.decimal, self.grouping, self.digit].contains(&c)
    }

    fn shifted(&self, digits: &str) -> String {
        let shift = |c: char| match c.to_digit(10) {
            Some(digit) => char::from_u32(self.zero as u32 + digit).unwrap_or(c),
            None => c,
        };
        digits.chars().map(shift).collect()
    }
}

/// One of the two halves of a picture, analysed.
struct Part {
    prefix: String,
    suffix: String,
    factor: f64,
    least_integer: usize,
    /// Digits of the integer part when there is an exponent.
    scaling: usize,
    least_fraction: usize,
    most_fraction: usize,
    least_exponent: Option<usize>,
    /// Places of separators, from the point to the left and to the right.
    groups: Vec<usize>,
    regular: Option<usize>,
    fraction_groups: Vec<usize>,
}

fn malformed(code: &'static str, reason: &str) -> Fault {
    Fault::new(code, reason)
}

impl Part {
    fn parse(text: &str, symbols: &Symbols) -> Result<Self, Fault> {
        let chars: Vec<char> = text.chars().collect();
        let first = chars.iter().position(|c| symbols.is_active(*c));
        let last = chars.iter().rposition(|c| symbols.is_active(*c));
        let (Some(first), Some(last)) = (first, last) else {
            return Err(malformed("D3085", "The picture string must contain at least one digit"));
        };
        let gather = |range: &[char]| range.iter().collect::<String>();
        let (before, rest) = chars.split_at_checked(first).unwrap_or((&chars, &[]));
        let (active, after) = rest.split_at_checked(last + 1 - first).unwrap_or((rest, &[]));
        let (prefix, suffix) = (gather(before), gather(after));
        let marks = |mark: &str| text.matches(mark).count();
        let (percents, per_milles) = (marks(&symbols.percent), marks(&symbols.per_mille));
        if percents > 1 || per_milles > 1 || percents + per_milles > 1 {
            let reason = "A sub-picture cannot contain more than one percent or per-mille character";
            return Err(malformed("D3082", reason));
        }
        let factor = if percents == 1 {
            100.0
        } else if per_milles == 1 {
            1000.0
        } else {
            1.0
        };
        // An exponent stands between digits.
        let exponent = active.iter().position(|c| *c == symbols.exponent);
        let (mantissa, exponent) = match exponent {
            Some(at) => {
                let (mantissa, rest) = active.split_at_checked(at).unwrap_or((active, &[]));
                (mantissa, Some(rest.get(1..).unwrap_or_default()))
            }
            None => (active, None),
        };
        if mantissa.iter().any(|c| !symbols.is_active(*c)) {
            let reason = "The sub-picture must not contain a passive character that is preceded by an active character and that is followed by another active character";
            return Err(malformed("D3086", reason));
        }
        if let Some(exponent) = exponent
            && (exponent.is_empty() || exponent.iter().any(|c| !symbols.is_digit(*c)) || factor != 1.0)
        {
            let reason = "The exponent part of a sub-picture must consist of digits, without percent or per-mille";
            return Err(malformed("D3093", reason));
        }
        let point = mantissa.iter().position(|c| *c == symbols.decimal);
        let (integer, fraction) = match point {
            Some(at) => {
                let (integer, rest) = mantissa.split_at_checked(at).unwrap_or((mantissa, &[]));
                (integer, rest.get(1..).unwrap_or_default())
            }
            None => (mantissa, &[][..]),
        };
        if fraction.contains(&symbols.decimal) {
            return Err(malformed("D3081", "A sub-picture must not contain more than one decimal separator"));
        }
        if integer.last() == Some(&symbols.grouping) || fraction.first() == Some(&symbols.grouping) {
            let reason = "A sub-picture must not contain a grouping separator adjacent to a decimal separator";
            return Err(malformed("D3087", reason));
        }
        let optional_after = integer.iter().skip_while(|c| !symbols.is_digit(**c)).any(|c| *c == symbols.digit);
        let required_after = fraction.iter().skip_while(|c| **c != symbols.digit).any(|c| symbols.is_digit(*c));
        if optional_after || required_after {
            let reason = "The optional digits of a sub-picture must be on the outside of the required ones";
            return Err(malformed(if optional_after { "D3090" } else { "D3091" }, reason));
        }
        let digits = |part: &[char]| part.iter().filter(|c| symbols.is_digit(**c)).count();
        let all = |part: &[char]| part.iter().filter(|c| **c != symbols.grouping).count();
        let places = |part: &[char], reverse: bool| {
            let mut count = 0;
            let mut places = Vec::new();
            let mut note = |c: &char| {
                if *c == symbols.grouping { places.push(count) } else { count += 1 }
            };
            if reverse {
                part.iter().rev().for_each(&mut note)
            } else {
                part.iter().for_each(&mut note)
            }
            places
        };
        let groups = places(integer, true);
        let step = groups.first().copied().unwrap_or(0);
        let regular =
            (step > 0 && groups.iter().enumerate().all(|(at, place)| *place == step * (at + 1))).then_some(step);
        let (mut least_integer, mut least_fraction) = (digits(integer), digits(fraction));
        let mut most_fraction = all(fraction);
        let scaling = least_integer;
        if least_integer == 0 && most_fraction == 0 {
            if exponent.is_some() {
                least_fraction = 1;
                most_fraction = 1;
            } else {
                least_integer = 1;
            }
        }
        if exponent.is_some() && least_integer == 0 && integer.contains(&symbols.digit) {
            least_integer = 1;
        }
        if least_integer == 0 && least_fraction == 0 {
            least_fraction = 1;
        }
        Ok(Self {
            prefix,
            suffix,
            factor,
            least_integer,
            scaling,
            least_fraction,
            most_fraction: most_fraction.max(least_fraction),
            least_exponent: exponent.map(<[char]>::len),
            groups,
            regular,
            fraction_groups: places(fraction, false),
        })
    }

    fn format(&self, number: f64, symbols: &Symbols) -> String {
        let mut value = number.abs() * self.factor;
        let mut exponent = 0_i32;
        if self.least_exponent.is_some() && value != 0.0 {
            let most = 10_f64.powi(i32::try_from(self.scaling).unwrap_or(0));
            let least = most / 10.0;
            while value < least && exponent > -400 {
                value *= 10.0;
                exponent -= 1;
            }
            while value >= most && exponent < 400 {
                value /= 10.0;
                exponent += 1;
            }
        }
        let digits = decimal(value, self.most_fraction);
        let (integer, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
        let integer = integer.trim_start_matches('0');
        let least = self.least_integer;
        let integer = format!("{integer:0>least$}");
        let mut fraction = fraction.to_owned();
        while fraction.len() > self.least_fraction && fraction.ends_with('0') {
            fraction.pop();
        }
        let count = integer.len();
        let mut out = self.prefix.clone();
        for (at, c) in integer.chars().enumerate() {
            let place = count - at;
            let separated = match self.regular {
                Some(step) => place % step == 0,
                None => self.groups.contains(&place),
            };
            if separated && at > 0 {
                out.push(symbols.grouping);
            }
            out.push_str(&symbols.shifted(&c.to_string()));
        }
        if !fraction.is_empty() {
            out.push(symbols.decimal);
            for (at, c) in fraction.chars().enumerate() {
                if self.fraction_groups.contains(&at) && at > 0 {
                    out.push(symbols.grouping);
                }
                out.push_str(&symbols.shifted(&c.to_string()));
            }
        }
        if let Some(least) = self.least_exponent {
            out.push(symbols.exponent);
            if exponent < 0 {
                out.push(symbols.minus);
            }
            out.push_str(&symbols.shifted(&format!("{:0>least$}", exponent.abs())));
        }
        out.push_str(&self.suffix);
        out
    }
}

/// A number with so many decimals, rounded half to even on its decimal text.
fn decimal(value: f64, places: usize) -> String {
    let shortest = format!("{value}");
    let (integer, fraction) = shortest.split_once('.').unwrap_or((&shortest, ""));
    if fraction.len() <= places {
        let padded = format!("{fraction:0<places$}");
        return if places == 0 { integer.to_owned() } else { format!("{integer}.{padded}") };
    }
    let (kept, dropped) = fraction.split_at_checked(places).unwrap_or((fraction, ""));
    let mut digits: Vec<u8> = format!("0{integer}{kept}").bytes().map(|byte| byte - b'0').collect();
    let half = dropped.trim_end_matches('0') == "5";
    let odd = digits.last().is_some_and(|digit| digit % 2 == 1);
    if (half && odd) || (!half && dropped >= "5") {
        for digit in digits.iter_mut().rev() {
            *digit += 1;
            if *digit < 10 {
                break;
            }
            *digit = 0;
        }
    }
    let text: String = digits.iter().map(|digit| char::from(b'0' + digit)).collect();
    let point = text.len().saturating_sub(places);
    let (integer, fraction) = text.split_at_checked(point).unwrap_or((&text, ""));
    let integer = integer.trim_start_matches('0');
    let integer = if integer.is_empty() { "0" } else { integer };
    if places == 0 { integer.to_owned() } else { format!("{integer}.{fraction}") }
}

pub(super) fn format_number(_: &mut Machine<'_>, mut arguments: Arguments) -> Result<Val, Fault> {
    let Some(number) = arguments.number() else { return Ok(Val::Undefined) };
    let picture = arguments.text().unwrap_or_default();
    let symbols = Symbols::new(&arguments.next());
    let mut parts = picture.split(symbols.separator);
    let positive = Part::parse(parts.next().unwrap_or_default(), &symbols)?;
    let negative = parts.next().map(|part| Part::parse(part, &symbols)).transpose()?;
    if parts.next().is_some() {
        let reason = "The picture string must only contain a maximum of two sub-pictures";
        return Err(malformed("D3080", reason));
    }
    if number.is_nan() {
        return Ok(Val::text(symbols.nan));
    }
    if number.is_infinite() {
        return Ok(Val::text(format!("{}{}{}", positive.prefix, symbols.infinity, positive.suffix)));
    }
    Ok(Val::text(match (number < 0.0, negative) {
        (true, Some(negative)) => negative.format(number, &symbols),
        (true, None) => format!("{}{}", symbols.minus, positive.format(number, &symbols)),
        _ => positive.format(number, &symbols),
    }))
}
