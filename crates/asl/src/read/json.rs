//! JSON as a tree that tells where each value stands.
//!
//! `serde_json` decides what JSON is: the same texts are taken here (a test holds both to that), and where one is not
//! taken, `serde_json` says why.

use std::borrow::Cow;

use serde_json::{Number, Value};

/// As deep as `serde_json` goes.
const MAX_LEVELS: usize = 128;

/// A value.
pub(super) struct Json<'a> {
    /// Where it begins, in bytes.
    pub(super) at: usize,
    pub(super) data: Data<'a>,
}

/// What a value holds.
pub(super) enum Data<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    Array(Vec<Json<'a>>),
    Object(Vec<Field<'a>>),
}

/// A field of an object; of two with the same name, both are here.
pub(super) struct Field<'a> {
    /// Where its name begins, in bytes.
    pub(super) at: usize,
    pub(super) name: Cow<'a, str>,
    pub(super) value: Json<'a>,
}

impl Json<'_> {
    /// The text, if it is one.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.data {
            Data::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value without places.
    pub(super) fn value(&self) -> Value {
        match &self.data {
            Data::Null => Value::Null,
            Data::Bool(flag) => Value::Bool(*flag),
            Data::Number(number) => Value::Number(number.clone()),
            Data::Text(text) => Value::String(text.clone().into_owned()),
            Data::Array(items) => items.iter().map(Json::value).collect(),
            Data::Object(fields) => {
                fields.iter().map(|field| (field.name.clone().into_owned(), field.value.value())).collect()
            }
        }
    }

    /// The way to the field or item that begins at an offset, as a JSON pointer. The whole is at 0.
    pub(super) fn pointer(&self, offset: usize) -> String {
        let (mut pointer, mut value, mut at) = (String::new(), self, 0);
        while at != offset {
            let last = |count: usize| count.checked_sub(1);
            match &value.data {
                Data::Object(fields) => {
                    let before = fields.partition_point(|field| field.at <= offset);
                    let Some(field) = last(before).and_then(|index| fields.get(index)) else { break };
                    pointer.push('/');
                    pointer.push_str(&field.name.replace('~', "~0").replace('/', "~1"));
                    (value, at) = (&field.value, field.at);
                }
                Data::Array(items) => {
                    let before = items.partition_point(|item| item.at <= offset);
                    let Some((index, item)) = last(before).and_then(|index| Some((index, items.get(index)?))) else {
                        break;
                    };
                    pointer.push_str(&format!("/{index}"));
                    (value, at) = (item, item.at);
                }
                _ => break,
            }
        }
        pointer
    }
}

/// Reads a text; nothing if it is no JSON.
pub(super) fn parse(text: &str) -> Option<Json<'_>> {
    let mut parser = Parser { text, at: 0 };
    let value = parser.value(MAX_LEVELS)?;
    parser.skip_space();
    (parser.at == text.len()).then_some(value)
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, wanted: u8) -> Option<()> {
        (self.peek()? == wanted).then(|| self.at += 1)
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text.as_bytes().get(self.at..)?.starts_with(word.as_bytes()).then(|| self.at += word.len())
    }

    /// `levels` is how deep it may be, and one more.
    fn value(&mut self, levels: usize) -> Option<Json<'a>> {
        self.skip_space();
        let at = self.at;
        let data = match self.peek()? {
            b'{' => Data::Object(self.fields(levels - 1)?),
            b'[' => Data::Array(self.items(levels - 1)?),
            b'"' => Data::Text(self.string()?),
            b't' => self.word("true").map(|()| Data::Bool(true))?,
            b'f' => self.word("false").map(|()| Data::Bool(false))?,
            b'n' => self.word("null").map(|()| Data::Null)?,
            _ => Data::Number(self.number()?),
        };
        Some(Json { at, data })
    }

    fn fields(&mut self, levels: usize) -> Option<Vec<Field<'a>>> {
        let mut fields = Vec::new();
        self.many(levels, b'{', b'}', |parser| {
            parser.skip_space();
            let at = parser.at;
            let name = parser.string()?;
            parser.skip_space();
            parser.eat(b':')?;
            fields.push(Field { at, name, value: parser.value(levels)? });
            Some(())
        })?;
        Some(fields)
    }

    fn items(&mut self, levels: usize) -> Option<Vec<Json<'a>>> {
        let mut items = Vec::new();
        self.many(levels, b'[', b']', |parser| {
            items.push(parser.value(levels)?);
            Some(())
        })?;
        Some(items)
    }

    /// What stands between brackets, with commas between.
    fn many(&mut self, levels: usize, open: u8, close: u8, mut one: impl FnMut(&mut Self) -> Option<()>) -> Option<()> {
        if levels == 0 {
            return None;
        }
        self.eat(open)?;
        self.skip_space();
        if self.eat(close).is_some() {
            return Some(());
        }
        loop {
            one(self)?;
            self.skip_space();
            if self.eat(close).is_some() {
                return Some(());
            }
            self.eat(b',')?;
        }
    }

    fn string(&mut self) -> Option<Cow<'a, str>> {
        let from = self.at;
        self.eat(b'"')?;
        let mut escaped = false;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            self.at += rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..=0x1f))?;
            match self.peek()? {
                b'"' => break,
                b'\\' => (escaped, self.at) = (true, self.at + 2),
                _ => return None,
            }
        }
        self.at += 1;
        if escaped {
            return serde_json::from_str(self.text.get(from..self.at)?).ok().map(Cow::Owned);
        }
        self.text.get(from + 1..self.at - 1).map(Cow::Borrowed)
    }

    fn number(&mut self) -> Option<Number> {
        let rest = self.text.get(self.at..)?;
        let end = rest.find(|c: char| !matches!(c, '0'..='9' | '-' | '+' | '.' | 'e' | 'E')).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What both say of a text.
    fn agree(text: &str) {
        let told = serde_json::from_str::<Value>(text).ok();
        assert_eq!(parse(text).map(|json| json.value()), told, "{text}");
    }

    #[test]
    fn the_same_texts_are_json_as_elsewhere() {
        let texts = [
            "",
            " ",
            "{",
            "[1,]",
            "[,1]",
            "[1 2]",
            "nul",
            "nullx",
            "true false",
            "01",
            "-",
            "-0",
            "-01",
            "1.",
            ".5",
            "+1",
            "1e",
            "1e+",
            "1e5",
            "1E-5",
            "1e999",
            "-1.5e3",
            "[1] x",
            "{1: 2}",
            "{\"a\" 1}",
            "{\"a\":1,}",
            "{\"a\":1 \"b\":2}",
            "\"\\ud800\"",
            "\"\\ud83d\\ude00\"",
            "\"\t\"",
            "\"\\x\"",
            "\"\\ä\"",
            "\"\\",
            "\"\\\"",
            "\"ä\u{7f}\"",
            "{\"a\": 1, \"a\": 2}",
            "\u{feff}1",
            "\u{a0}1",
            " \r\n\t[ 1 , { } , [ ] ] ",
            "1-",
            "1e5e5",
            "18446744073709551616",
        ];
        texts.into_iter().for_each(agree);
        for depth in [126, 127, 128, 129] {
            agree(&("[".repeat(depth) + &"]".repeat(depth)));
            agree(&("{\"a\":".repeat(depth) + "0" + &"}".repeat(depth)));
        }
        agree(&"9".repeat(400));
    }

    proptest! {
        #[test]
        fn so_are_those_that_are_nearly_json(text in r#"([\[\]{},:" \\0-9eE.+-]|"a"|:1|true|null|\\u00e4|ä){0,12}"#) {
            agree(&text);
        }
    }

    #[test]
    fn pointers_lead_to_what_begins_there() {
        let text = r#" {"a/b": [1, {"c~": "x"}], "d": {"e": []}} "#;
        let json = parse(text).unwrap();
        let at = |what: &str| json.pointer(text.find(what).unwrap());
        assert_eq!(json.pointer(0), "");
        assert_eq!(
            [at("\"a/b"), at("1"), at("{\"c"), at("\"c~"), at("\"e")],
            ["/a~1b", "/a~1b/0", "/a~1b/1", "/a~1b/1/c~0", "/d/e"]
        );
    }
}
