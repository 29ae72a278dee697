//! What each intrinsic function does.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use sha2::Digest;

use super::{Evaluated, push_escaped};
use crate::random::{self, RandomSource};

/// AWS's limit on the text given to the Base64 and hash functions.
const MAX_TEXT: usize = 10_000;
/// AWS's limit on `States.ArrayRange`.
const MAX_RANGE: i64 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Array,
    ArrayContains,
    ArrayGetItem,
    ArrayLength,
    ArrayPartition,
    ArrayRange,
    ArrayUnique,
    Base64Decode,
    Base64Encode,
    Format,
    Hash,
    JsonMerge,
    JsonToString,
    MathAdd,
    MathRandom,
    StringSplit,
    StringToJson,
    Uuid,
}

impl Function {
    pub(super) fn named(name: &str) -> Option<Self> {
        Some(match name.strip_prefix("States.")? {
            "Array" => Self::Array,
            "ArrayContains" => Self::ArrayContains,
            "ArrayGetItem" => Self::ArrayGetItem,
            "ArrayLength" => Self::ArrayLength,
            "ArrayPartition" => Self::ArrayPartition,
            "ArrayRange" => Self::ArrayRange,
            "ArrayUnique" => Self::ArrayUnique,
            "Base64Decode" => Self::Base64Decode,
            "Base64Encode" => Self::Base64Encode,
            "Format" => Self::Format,
            "Hash" => Self::Hash,
            "JsonMerge" => Self::JsonMerge,
            "JsonToString" => Self::JsonToString,
            "MathAdd" => Self::MathAdd,
            "MathRandom" => Self::MathRandom,
            "StringSplit" => Self::StringSplit,
            "StringToJson" => Self::StringToJson,
            "UUID" => Self::Uuid,
            _ => return None,
        })
    }

    pub(super) fn check_count(self, found: usize) -> Result<(), String> {
        let (least, most) = match self {
            Self::Array => (0, usize::MAX),
            Self::Format => (1, usize::MAX),
            Self::Uuid => (0, 0),
            Self::ArrayLength
            | Self::ArrayUnique
            | Self::Base64Decode
            | Self::Base64Encode
            | Self::JsonToString
            | Self::StringToJson => (1, 1),
            Self::ArrayContains
            | Self::ArrayGetItem
            | Self::ArrayPartition
            | Self::Hash
            | Self::MathAdd
            | Self::StringSplit => (2, 2),
            Self::ArrayRange | Self::JsonMerge => (3, 3),
            Self::MathRandom => (2, 3),
        };
        if (least..=most).contains(&found) {
            return Ok(());
        }
        Err(match (least, most) {
            (least, usize::MAX) => format!("needs at least {least} argument(s), found {found}"),
            (least, most) if least == most => format!("needs {least} argument(s), found {found}"),
            (least, most) => format!("needs {least} to {most} arguments, found {found}"),
        })
    }

    pub(super) fn apply(self, arguments: Vec<Evaluated>, random: &mut dyn RandomSource) -> Result<Value, String> {
        if self == Self::Format {
            return format(arguments);
        }
        let all: Vec<Value> = arguments.into_iter().map(Evaluated::into_value).collect();
        let mut rest = all.iter();
        let mut next = || rest.next().unwrap_or(&Value::Null);
        match self {
            Self::Array => Ok(Value::Array(all)),
            Self::ArrayContains => Ok(Value::Bool(array(next())?.contains(next()))),
            Self::ArrayGetItem => {
                let items = array(next())?;
                let index = integer(next())?;
                usize::try_from(index)
                    .ok()
                    .and_then(|index| items.get(index))
                    .cloned()
                    .ok_or_else(|| format!("Index {index} out of bounds for length {}", items.len()))
            }
            Self::ArrayLength => Ok(array(next())?.len().into()),
            Self::ArrayPartition => {
                let items = array(next())?;
                let size = usize::try_from(integer(next())?).unwrap_or(0);
                if size == 0 {
                    return Err("the chunk size must be a positive number".into());
                }
                Ok(items.chunks(size).map(|chunk| Value::Array(chunk.to_vec())).collect())
            }
            Self::ArrayRange => range(integer(next())?, integer(next())?, integer(next())?),
            Self::ArrayUnique => {
                let mut unique: Vec<Value> = Vec::new();
                for item in array(next())? {
                    if !unique.contains(item) {
                        unique.push(item.clone());
                    }
                }
                Ok(Value::Array(unique))
            }
            Self::Base64Decode => {
                let bytes = STANDARD.decode(bounded(next())?).map_err(|_| "the argument is not Base64")?;
                String::from_utf8(bytes).map(Value::String).map_err(|_| "the decoded data is not UTF-8".into())
            }
            Self::Base64Encode => Ok(STANDARD.encode(bounded(next())?).into()),
            Self::Format => format(Vec::new()),
            Self::Hash => hash(next(), text(next())?),
            Self::JsonMerge => merge(next(), next(), next()),
            Self::JsonToString => Ok(next().to_string().into()),
            Self::MathAdd => {
                let sum = integer(next())?.checked_add(integer(next())?).ok_or("the sum is out of range")?;
                Ok(sum.into())
            }
            Self::MathRandom => math_random(integer(next())?, integer(next())?, rest.next(), random),
            Self::StringSplit => {
                let (data, splitters) = (text(next())?, text(next())?);
                // Every character splits, and empty parts vanish: Java's tokenizer, not a split by string.
                Ok(data.split(|c| splitters.contains(c)).filter(|part| !part.is_empty()).map(Value::from).collect())
            }
            Self::StringToJson => match text(next())?.trim() {
                "" => Ok(Value::Null),
                source => serde_json::from_str(source).map_err(|_| "Invalid JSON".into()),
            },
            Self::Uuid => Ok(random::uuid(random).into()),
        }
    }
}

fn array(value: &Value) -> Result<&Vec<Value>, String> {
    value.as_array().ok_or_else(|| format!("expected an array, found {value}"))
}

fn text(value: &Value) -> Result<&str, String> {
    value.as_str().ok_or_else(|| format!("expected a string, found {value}"))
}

fn bounded(value: &Value) -> Result<&str, String> {
    let text = text(value)?;
    if text.len() > MAX_TEXT {
        return Err(format!("the argument is longer than {MAX_TEXT} characters"));
    }
    Ok(text)
}

/// An integer argument; fractions are rounded half up, as `Math.round` does.
fn integer(value: &Value) -> Result<i64, String> {
    if let Some(integer) = value.as_i64() {
        return Ok(integer);
    }
    let number = value.as_f64().ok_or_else(|| format!("expected a number, found {value}"))?;
    let rounded = (number + 0.5).floor();
    if rounded.abs() >= 9_007_199_254_740_992.0 {
        return Err(format!("{value} is out of range"));
    }
    Ok(rounded as i64)
}

fn range(first: i64, last: i64, step: i64) -> Result<Value, String> {
    if step == 0 {
        return Err("the step must not be 0".into());
    }
    let mut items = Vec::new();
    let mut at = first;
    while if step > 0 { at <= last } else { at >= last } {
        if items.len() as i64 >= MAX_RANGE {
            return Err(format!("the range has more than {MAX_RANGE} items"));
        }
        items.push(at.into());
        match at.checked_add(step) {
            Some(after) => at = after,
            None => break,
        }
    }
    Ok(Value::Array(items))
}

fn hash(data: &Value, algorithm: &str) -> Result<Value, String> {
    let serialised;
    let text = match data {
        Value::String(text) => text.as_str(),
        other => {
            serialised = other.to_string();
            &serialised
        }
    };
    digest(text, algorithm).map(Value::String)
}

/// The hash of a text, in hexadecimal.
pub(crate) fn digest(text: &str, algorithm: &str) -> Result<String, String> {
    if text.len() > MAX_TEXT {
        return Err(format!("the argument is longer than {MAX_TEXT} characters"));
    }
    Ok(match algorithm {
        "MD5" => hex(&md5::Md5::digest(text)),
        "SHA-1" => hex(&sha1::Sha1::digest(text)),
        "SHA-256" => hex(&sha2::Sha256::digest(text)),
        "SHA-384" => hex(&sha2::Sha384::digest(text)),
        "SHA-512" => hex(&sha2::Sha512::digest(text)),
        other => return Err(format!("`{other}` is not a hash algorithm")),
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn merge(first: &Value, second: &Value, deep: &Value) -> Result<Value, String> {
    if deep != &Value::Bool(false) {
        return Err("only shallow merging is supported: the third argument must be false".into());
    }
    let object = |value: &Value| -> Result<Map<String, Value>, String> {
        value.as_object().cloned().ok_or_else(|| format!("expected an object, found {value}"))
    };
    let mut merged = object(first)?;
    merged.extend(object(second)?);
    Ok(Value::Object(merged))
}

fn math_random(start: i64, end: i64, seed: Option<&Value>, random: &mut dyn RandomSource) -> Result<Value, String> {
    let width = end.checked_sub(start).and_then(|width| u64::try_from(width).ok()).filter(|width| *width > 0);
    let width = width.ok_or("the end must be greater than the start")?;
    let bits = match seed {
        Some(seed) => random::SeededRandom::new(integer(seed)?.cast_unsigned()).next_u64(),
        None => random.next_u64(),
    };
    Ok(start.saturating_add_unsigned(bits % width).into())
}

/// A value as `States.Format` writes it: as Java prints its maps and lists, `{a=1, b=[x, y]}`.
fn push_plain(out: &mut String, value: &Value) {
    match value {
        Value::String(text) => out.push_str(text),
        Value::Array(items) => {
            out.push('[');
            for (at, item) in items.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                push_plain(out, item);
            }
            out.push(']');
        }
        Value::Object(fields) => {
            out.push('{');
            for (at, (name, field)) in fields.iter().enumerate() {
                out.push_str(if at > 0 { ", " } else { "" });
                out.push_str(name);
                out.push('=');
                push_plain(out, field);
            }
            out.push('}');
        }
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(float) => out.push_str(&java_double(float)),
            None => out.push_str(&number.to_string()),
        },
        other => out.push_str(&other.to_string()),
    }
}

/// A floating point number as Java prints it: `1.5`, `1.0E7`, `1.0E-4`.
fn java_double(number: f64) -> String {
    if number == 0.0 || (1e-3..1e7).contains(&number.abs()) {
        return format!("{number:?}");
    }
    let text = format!("{number:E}");
    match text.split_once('E') {
        Some((digits, exponent)) if !digits.contains('.') => format!("{digits}.0E{exponent}"),
        _ => text,
    }
}

fn format(arguments: Vec<Evaluated>) -> Result<Value, String> {
    let mut arguments = arguments.into_iter();
    let pattern = match arguments.next() {
        Some(Evaluated::Raw(raw)) => raw,
        Some(Evaluated::Value(Value::String(text))) => text,
        Some(Evaluated::Value(other)) => return Err(format!("expected a string, found {other}")),
        None => return Err("a pattern is needed".into()),
    };
    let mut out = String::with_capacity(pattern.len());
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped) => push_escaped(&mut out, escaped),
                None => out.push('\\'),
            },
            '{' if chars.peek() == Some(&'}') => {
                chars.next();
                match arguments.next().map(Evaluated::into_value) {
                    Some(value) => push_plain(&mut out, &value),
                    None => return Err("there are more placeholders than arguments".into()),
                }
            }
            c => out.push(c),
        }
    }
    if arguments.next().is_some() {
        return Err("there are more arguments than placeholders".into());
    }
    Ok(out.into())
}
