//! JSON as a tree that tells where each value stands.
//!
//! `serde_json` reads it; where something stands shows in what it borrows from the text. That costs as much again as reading
//! does, so a tree that nobody asks for places is read without.

use std::borrow::Cow;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;
use serde_json::{Deserializer, Number, Value};

/// As deep as `serde_json` goes.
const MAX_LEVELS: usize = 128;

/// A value.
pub(super) struct Json<'a> {
    /// Where it begins, or the name of the field that it is of, in bytes. The whole is at 0, and so is all where places are
    /// unknown.
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
                    let before = fields.partition_point(|field| field.value.at <= offset);
                    let Some(field) = last(before).and_then(|index| fields.get(index)) else { break };
                    pointer.push('/');
                    pointer.push_str(&field.name.replace('~', "~0").replace('/', "~1"));
                    (value, at) = (&field.value, field.value.at);
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

/// Whether a tree tells where its values stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Places {
    Known,
    Unknown,
}

/// Reads a text; nothing if it is no JSON.
pub(super) fn parse(text: &str, places: Places) -> Option<Json<'_>> {
    let mut source = Deserializer::from_str(text);
    let value = Reader { text, places, at: 0, levels: MAX_LEVELS }.deserialize(&mut source).ok()?;
    source.end().ok().map(|()| value)
}

/// Reads a value.
#[derive(Clone, Copy)]
struct Reader<'a> {
    /// The whole, of which everything that is read is borrowed.
    text: &'a str,
    places: Places,
    at: usize,
    /// How deep it may be, and one more: `serde_json` counts anew for each item.
    levels: usize,
}

impl<'a> Reader<'a> {
    fn json<E>(self, data: Data<'a>) -> Result<Json<'a>, E> {
        Ok(Json { at: self.at, data })
    }

    fn deeper<E: Error>(self) -> Result<Self, E> {
        let levels = self.levels - 1;
        if levels == 0 { Err(E::custom("too deep")) } else { Ok(Self { levels, ..self }) }
    }

    /// Reads what stands where a part of the text does.
    fn at<E: Error>(self, part: &RawValue) -> Result<Self, E> {
        let at = part.get().as_bytes().first().and_then(|first| self.text.as_bytes().element_offset(first));
        at.map(|at| Self { at, ..self }).ok_or_else(|| E::custom("not borrowed"))
    }
}

impl<'a> DeserializeSeed<'a> for Reader<'a> {
    type Value = Json<'a>;

    fn deserialize<D: de::Deserializer<'a>>(self, source: D) -> Result<Json<'a>, D::Error> {
        source.deserialize_any(self)
    }
}

impl<'a> Visitor<'a> for Reader<'a> {
    type Value = Json<'a>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Json<'a>, E> {
        self.json(Data::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Json<'a>, E> {
        self.json(Data::Bool(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json<'a>, E> {
        self.json(Data::Number(number.into()))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json<'a>, E> {
        self.json(Data::Number(number.into()))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Json<'a>, E> {
        self.json(Data::Number(Number::from_f64(number).ok_or_else(|| E::custom("not finite"))?))
    }

    fn visit_borrowed_str<E>(self, text: &'a str) -> Result<Json<'a>, E> {
        self.json(Data::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Json<'a>, E> {
        self.json(Data::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_seq<S: SeqAccess<'a>>(self, mut source: S) -> Result<Json<'a>, S::Error> {
        let inner = self.deeper()?;
        let mut items = Vec::new();
        if self.places == Places::Unknown {
            while let Some(item) = source.next_element_seed(inner)? {
                items.push(item);
            }
            return self.json(Data::Array(items));
        }
        while let Some(item) = source.next_element::<&RawValue>()? {
            let item = inner.at(item)?.deserialize(&mut Deserializer::from_str(item.get()));
            items.push(item.map_err(Error::custom)?);
        }
        self.json(Data::Array(items))
    }

    fn visit_map<M: MapAccess<'a>>(self, mut source: M) -> Result<Json<'a>, M::Error> {
        let inner = self.deeper()?;
        let mut fields = Vec::new();
        if self.places == Places::Unknown {
            while let Some(Name(name)) = source.next_key()? {
                fields.push(Field { name, value: source.next_value_seed(inner)? });
            }
            return self.json(Data::Object(fields));
        }
        while let Some(quoted) = source.next_key::<&RawValue>()? {
            // Only what has no escapes can be borrowed.
            let name = serde_json::from_str(quoted.get()).map(Cow::Borrowed);
            let name = name.or_else(|_| serde_json::from_str(quoted.get()).map(Cow::Owned)).map_err(Error::custom)?;
            let value = source.next_value_seed(inner.at(quoted)?)?;
            fields.push(Field { name, value });
        }
        self.json(Data::Object(fields))
    }
}

/// A field's name, borrowed if it has no escapes.
#[derive(Deserialize)]
struct Name<'a>(#[serde(borrow)] Cow<'a, str>);

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What both say of a text.
    fn agree(text: &str) {
        let told = serde_json::from_str::<Value>(text).ok();
        for places in [Places::Known, Places::Unknown] {
            assert_eq!(parse(text, places).map(|json| json.value()), told, "{text}");
        }
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
            let (odd, pairs) = (depth % 2, depth / 2);
            agree(&("[".repeat(odd) + &"{\"a\":[".repeat(pairs) + &"]}".repeat(pairs) + &"]".repeat(odd)));
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
        let text = r#" {"a/b": [1, {"c~": "x"}], "d": {"e": []}, "\u0066": [[], -1, "g\n"]} "#;
        let json = parse(text, Places::Known).unwrap();
        let at = |what: &str| json.pointer(text.find(what).unwrap());
        assert_eq!(json.pointer(0), "");
        assert_eq!(
            [at("\"a/b"), at("1"), at("{\"c"), at("\"c~"), at("\"e"), at("\"\\u"), at("[],"), at("-1"), at("\"g")],
            ["/a~1b", "/a~1b/0", "/a~1b/1", "/a~1b/1/c~0", "/d/e", "/f", "/f/0", "/f/1", "/f/2"]
        );
    }
}
