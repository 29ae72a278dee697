//! The built-in functions: their names, signatures and dispatch.

mod dates;
mod extra;
mod higher;
mod integers;
mod lists;
mod numbers;
mod objects;
mod pictures;
mod texts;

use std::rc::Rc;
use std::sync::LazyLock;

use super::Fault;
use super::evaluate::Machine;
use super::signature::Signature;
use super::value::{Function, Val};

pub(super) use texts::regex_match;

type Run = fn(&mut Machine<'_>, Arguments) -> Result<Val, Fault>;

/// A built-in function, by its place in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Builtin(usize);

/// The arguments of a call, after the signature was applied, and the value it is made over.
pub(super) struct Arguments {
    values: std::vec::IntoIter<Val>,
    pub(super) context: Val,
}

impl Arguments {
    pub(super) fn next(&mut self) -> Val {
        self.values.next().unwrap_or(Val::Undefined)
    }

    pub(super) fn rest(&mut self) -> Vec<Val> {
        self.values.by_ref().collect()
    }

    pub(super) fn text(&mut self) -> Option<Rc<str>> {
        match self.next() {
            Val::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn number(&mut self) -> Option<f64> {
        match self.next() {
            Val::Number(number) => Some(number),
            _ => None,
        }
    }

    /// An array's items; nothing where there is no array.
    pub(super) fn items(&mut self) -> Option<Vec<Val>> {
        match self.next() {
            Val::Undefined => None,
            value => Some(value.into_items()),
        }
    }
}

struct Entry {
    name: &'static str,
    signature: &'static str,
    run: Run,
}

const fn entry(name: &'static str, signature: &'static str, run: Run) -> Entry {
    Entry { name, signature, run }
}

const TABLE: &[Entry] = &[
    entry("abs", "<n-:n>", numbers::abs),
    entry("append", "<xx:a>", lists::append),
    entry("assert", "<bs?:x>", objects::assert),
    entry("average", "<a<n>:n>", numbers::average),
    entry("base64decode", "<s-:s>", texts::base64_decode),
    entry("base64encode", "<s-:s>", texts::base64_encode),
    entry("boolean", "<x-:b>", objects::boolean),
    entry("ceil", "<n-:n>", numbers::ceil),
    entry("clone", "<(oa)-:o>", objects::clone),
    entry("contains", "<s-(sf):b>", texts::contains),
    entry("count", "<a:n>", lists::count),
    entry("decodeUrl", "<s-:s>", texts::decode_url),
    entry("decodeUrlComponent", "<s-:s>", texts::decode_url),
    entry("distinct", "<x:x>", lists::distinct),
    entry("each", "<o-f:a>", higher::each),
    entry("encodeUrl", "<s-:s>", texts::encode_url),
    entry("encodeUrlComponent", "<s-:s>", texts::encode_url_component),
    entry("error", "<s?:x>", objects::error),
    entry("exists", "<x:b>", objects::exists),
    entry("filter", "<af>", higher::filter),
    entry("floor", "<n-:n>", numbers::floor),
    entry("formatBase", "<n-n?:s>", numbers::format_base),
    entry("formatInteger", "<n-s:s>", integers::format_integer),
    entry("formatNumber", "<n-so?:s>", pictures::format_number),
    entry("fromMillis", "<n-s?s?:s>", dates::from_millis),
    entry("hash", "<ss:s>", extra::hash),
    entry("join", "<a<s>s?:s>", texts::join),
    entry("keys", "<x-:a<s>>", objects::keys),
    entry("length", "<s-:n>", texts::length),
    entry("lookup", "<x-s:x>", objects::lookup),
    entry("lowercase", "<s-:s>", texts::lowercase),
    entry("map", "<af>", higher::map),
    entry("match", "<s-f<s:o>n?:a<o>>", texts::matches),
    entry("max", "<a<n>:n>", numbers::max),
    entry("merge", "<a<o>:o>", objects::merge),
    entry("millis", "<:n>", dates::millis),
    entry("min", "<a<n>:n>", numbers::min),
    entry("not", "<x-:b>", objects::not),
    entry("now", "<s?s?:s>", dates::now),
    entry("number", "<(nsb)-:n>", numbers::number),
    entry("pad", "<s-ns?:s>", texts::pad),
    entry("parse", "<s:x>", extra::parse),
    entry("parseInteger", "<s-s:n>", integers::parse_integer),
    entry("partition", "<an:a>", extra::partition),
    entry("power", "<n-n:n>", numbers::power),
    entry("random", "<n?:n>", extra::random),
    entry("range", "<nnn:a>", extra::range),
    entry("reduce", "<afj?:j>", higher::reduce),
    entry("replace", "<s-(sf)(sf)n?:s>", texts::replace),
    entry("reverse", "<a:a>", lists::reverse),
    entry("round", "<n-n?:n>", numbers::round),
    entry("shuffle", "<a:a>", lists::shuffle),
    entry("sift", "<o-f?:o>", higher::sift),
    entry("single", "<af?>", higher::single),
    entry("sort", "<af?:a>", higher::sort),
    entry("split", "<s-(sf)n?:a<s>>", texts::split),
    entry("spread", "<x-:a<o>>", objects::spread),
    entry("sqrt", "<n-:n>", numbers::sqrt),
    entry("string", "<x-b?:s>", texts::string),
    entry("substring", "<s-nn?:s>", texts::substring),
    entry("substringAfter", "<s-s:s>", texts::substring_after),
    entry("substringBefore", "<s-s:s>", texts::substring_before),
    entry("sum", "<a<n>:n>", numbers::sum),
    entry("toMillis", "<s-s?:n>", dates::to_millis),
    entry("trim", "<s-:s>", texts::trim),
    entry("type", "<x:s>", objects::type_name),
    entry("uppercase", "<s-:s>", texts::uppercase),
    entry("uuid", "<:s>", extra::uuid),
    entry("zip", "<a+>", lists::zip),
];

/// Parsed once; a test holds that all of them can be.
static SIGNATURES: LazyLock<Vec<Option<Signature>>> =
    LazyLock::new(|| TABLE.iter().map(|entry| Signature::parse(entry.signature).ok()).collect());

impl Builtin {
    /// The function of that name, as a value.
    pub(super) fn named(name: &str) -> Option<Val> {
        let at = TABLE.binary_search_by(|entry| entry.name.cmp(name)).ok()?;
        Some(Val::Function(Rc::new(Function::Builtin(Self(at)))))
    }
}

impl Machine<'_> {
    #[inline(never)]
    pub(super) fn builtin(&mut self, builtin: Builtin, arguments: Vec<Val>, input: &Val) -> Result<Val, Fault> {
        let Some(entry) = TABLE.get(builtin.0) else { return Ok(Val::Undefined) };
        let values = match SIGNATURES.get(builtin.0) {
            Some(Some(signature)) => signature.apply(entry.name, arguments, input)?,
            _ => arguments,
        };
        (entry.run)(self, Arguments { values: values.into_iter(), context: input.clone() })
    }
}

/// How many arguments a function wants.
pub(super) fn arity(function: &Val) -> usize {
    let Val::Function(function) = function else { return 1 };
    match &**function {
        Function::Builtin(Builtin(at)) => {
            SIGNATURES.get(*at).and_then(Option::as_ref).map_or(1, Signature::required_count)
        }
        Function::Lambda { lambda, .. } => lambda.parameters.len(),
        Function::Partial { arguments, .. } => arguments.iter().filter(|argument| argument.is_none()).count(),
        _ => 1,
    }
}

/// A value in a message.
pub(super) fn shown(value: &Val) -> String {
    match value {
        Val::Text(text) => format!("\"{text}\""),
        other => to_text(other, false).unwrap_or_default(),
    }
}

/// A value as text: text itself, all else as JSON.
pub(super) fn to_text(value: &Val, pretty: bool) -> Result<String, Fault> {
    match value {
        Val::Text(text) => Ok(text.to_string()),
        Val::Function(_) | Val::Regex(_) | Val::Undefined => Ok(String::new()),
        other => {
            let mut out = String::new();
            write_json(other, pretty.then_some(0), &mut out)?;
            Ok(out)
        }
    }
}

fn write_json(value: &Val, indent: Option<usize>, out: &mut String) -> Result<(), Fault> {
    let line = |out: &mut String, indent: Option<usize>| {
        if let Some(indent) = indent {
            out.push('\n');
            out.extend(std::iter::repeat_n(' ', indent));
        }
    };
    let inner = indent.map(|indent| indent + 2);
    match value {
        Val::Undefined | Val::Null => out.push_str("null"),
        Val::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Val::Number(number) if number.is_finite() => out.push_str(&numbers::written(*number)),
        Val::Number(_) => {
            let reason = "Attempting to invoke string function on Infinity or NaN";
            return Err(Fault::new("D3001", reason));
        }
        Val::Text(text) => out.push_str(&serde_json::Value::from(&**text).to_string()),
        Val::Function(_) | Val::Regex(_) => out.push_str("\"\""),
        Val::List(list) => {
            out.push('[');
            for (at, item) in list.items.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(out, inner);
                write_json(item, inner, out)?;
            }
            if !list.items.is_empty() {
                line(out, indent);
            }
            out.push(']');
        }
        Val::Object(object) => {
            out.push('{');
            for (at, (name, item)) in object.iter().enumerate() {
                if at > 0 {
                    out.push(',');
                }
                line(out, inner);
                out.push_str(&serde_json::Value::from(&**name).to_string());
                out.push_str(if indent.is_some() { ": " } else { ":" });
                write_json(item, inner, out)?;
            }
            if !object.is_empty() {
                line(out, indent);
            }
            out.push('}');
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_its_signatures_are_read() {
        assert!(TABLE.is_sorted_by_key(|entry| entry.name));
        for (entry, signature) in TABLE.iter().zip(&*SIGNATURES) {
            assert!(signature.is_some(), "{}", entry.name);
        }
    }
}
