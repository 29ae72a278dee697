//! Signatures of functions, such as `<s-nn?:s>`: how arguments are checked, and where the context stands in.

use super::Fault;
use super::value::Val;

#[derive(Debug, Clone)]
pub(super) struct Signature {
    parameters: Vec<Parameter>,
}

#[derive(Debug, Clone)]
struct Parameter {
    /// Letters of the types it takes; `x` is any.
    types: String,
    /// For `a<s>`: the type of the items.
    items: Option<char>,
    /// `?`
    optional: bool,
    /// `+`
    repeats: bool,
    /// `-`: the context is taken if the argument is missing.
    context: bool,
}

impl Signature {
    /// Parses a signature with its angle brackets.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let inner = text.strip_prefix('<').and_then(|text| text.strip_suffix('>'));
        let inner = inner.ok_or("a signature stands in angle brackets")?;
        let mut parameters: Vec<Parameter> = Vec::new();
        let mut chars = inner.chars().peekable();
        while let Some(c) = chars.next() {
            let last = parameters.last_mut();
            match (c, last) {
                (':', _) => break,
                ('?', Some(last)) => last.optional = true,
                ('+', Some(last)) => last.repeats = true,
                ('-', Some(last)) => {
                    last.optional = true;
                    last.context = true;
                }
                ('<', Some(last)) if last.types == "a" => {
                    last.items = chars.next();
                    skip_to_close(&mut chars)?;
                }
                ('<', Some(last)) if last.types == "f" => skip_to_close(&mut chars)?,
                ('(', _) => {
                    let mut types = String::new();
                    loop {
                        match chars.next() {
                            Some(')') => break,
                            Some('<') => return Err("a choice of types cannot hold parameters of types".into()),
                            Some(kind) => types.push(kind),
                            None => return Err("a choice of types is not closed".into()),
                        }
                    }
                    parameters.push(Parameter::of(types));
                }
                (kind, _) if "bnsaofjulx".contains(kind) => parameters.push(Parameter::of(kind.to_string())),
                (other, _) => return Err(format!("`{other}` is no part of a signature")),
            }
        }
        Ok(Self { parameters })
    }

    /// How many parameters cannot be left out altogether.
    pub(super) fn required_count(&self) -> usize {
        self.parameters.iter().filter(|parameter| !parameter.optional || parameter.context).count()
    }

    /// Checks the arguments, and puts in the context and arrays where the signature says so.
    pub(super) fn apply(&self, name: &str, given: Vec<Val>, context: &Val) -> Result<Vec<Val>, Fault> {
        let mut out = Vec::with_capacity(given.len());
        let total = given.len();
        let mut given = given.into_iter().enumerate().peekable();
        let mut needed_after: usize = self.parameters.iter().filter(|parameter| !parameter.optional).count();
        for parameter in &self.parameters {
            if !parameter.optional {
                needed_after -= 1;
            }
            let left = total - given.peek().map_or(total, |(at, _)| *at);
            let fits = given.peek().is_some_and(|(_, value)| parameter.takes(value));
            if parameter.context && (!fits || left <= needed_after) {
                if !parameter.takes(context) {
                    return Err(match given.peek() {
                        Some((at, _)) if left > needed_after => mismatch(*at, name),
                        _ => Fault::new("T0411", "Context value is not a compatible type with argument 1"),
                    });
                }
                out.push(context.clone());
                continue;
            }
            if !fits {
                match given.peek() {
                    // A missing value stands for any argument.
                    Some((_, Val::Undefined)) => {
                        given.next();
                        out.push(Val::Undefined);
                    }
                    _ if parameter.optional => {}
                    Some((at, _)) => return Err(mismatch(*at, name)),
                    None => return Err(mismatch(total, name)),
                }
                continue;
            }
            loop {
                let Some((at, value)) = given.next_if(|(_, value)| parameter.takes(value)) else { break };
                out.push(parameter.converted(value, at, name)?);
                if !parameter.repeats {
                    break;
                }
            }
        }
        match given.next() {
            Some((at, _)) => Err(mismatch(at, name)),
            None => Ok(out),
        }
    }
}

fn skip_to_close(chars: &mut impl Iterator<Item = char>) -> Result<(), String> {
    let mut depth = 1;
    for c in chars.by_ref() {
        match c {
            '<' => depth += 1,
            '>' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Ok(());
        }
    }
    Err("a parameter of a type is not closed".into())
}

fn mismatch(at: usize, name: &str) -> Fault {
    Fault::new("T0410", format!("Argument {} of function {name} does not match function signature", at + 1))
}

/// The letter of a value's type.
fn letter(value: &Val) -> char {
    match value {
        Val::Undefined => 'm',
        Val::Null => 'l',
        Val::Bool(_) => 'b',
        Val::Number(_) => 'n',
        Val::Text(_) => 's',
        Val::List(_) => 'a',
        Val::Object(_) => 'o',
        Val::Function(_) | Val::Regex(_) => 'f',
    }
}

impl Parameter {
    fn of(types: String) -> Self {
        Self { types, items: None, optional: false, repeats: false, context: false }
    }

    fn takes(&self, value: &Val) -> bool {
        let found = letter(value);
        if found == 'm' {
            // Nothing is passed on as nothing; it never pulls in the context.
            return true;
        }
        self.types.chars().any(|kind| match kind {
            'x' => true,
            // A single value does for an array.
            'a' => true,
            'j' => "bnsaol".contains(found),
            'u' => "bnsl".contains(found),
            kind => kind == found,
        })
    }

    fn converted(&self, value: Val, at: usize, name: &str) -> Result<Val, Fault> {
        if self.types != "a" || value.is_undefined() {
            return Ok(value);
        }
        let items = match &value {
            Val::List(list) => list.items.as_slice(),
            one => std::slice::from_ref(one),
        };
        if let Some(kind) = self.items
            && items.iter().any(|item| letter(item) != kind && kind != 'x')
        {
            let wanted = match kind {
                'n' => "numbers",
                's' => "strings",
                'b' => "booleans",
                'o' => "objects",
                'a' => "arrays",
                'f' => "functions",
                _ => "values",
            };
            let reason = format!("Argument {} of function {name} must be an array of {wanted}", at + 1);
            return Err(Fault::new("T0412", reason));
        }
        Ok(match value {
            Val::List(_) => value,
            one => Val::array(vec![one]),
        })
    }
}
