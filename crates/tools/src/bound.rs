//! Cuts an answer to a size. What was cut is said, and how to read the rest.

use serde_json::{Value, json};

/// Room for saying what was cut.
const NOTE_BYTES: usize = 1024;
/// Places that are named; what was cut beyond them is only counted.
const MOST_NAMED: usize = 6;

/// An answer of at most `limit` bytes of JSON. One that is longer loses the ends of its longest texts and lists, and says so in
/// a member `cut`.
pub(crate) fn bound(answer: Value, limit: usize, rest: &str) -> (Value, bool) {
    if size(&answer) <= limit {
        return (answer, false);
    }
    let mut cuts = Vec::new();
    let mut kept = fit(answer, limit.saturating_sub(NOTE_BYTES), "", &mut cuts);
    let note = json!({
        "places": cuts.iter().take(MOST_NAMED).collect::<Vec<_>>(),
        "more": cuts.len().saturating_sub(MOST_NAMED),
        "rest": rest,
    });
    match kept.as_object_mut() {
        Some(object) => drop(object.insert("cut".to_owned(), note)),
        None => kept = json!({"answer": kept, "cut": note}),
    }
    (kept, true)
}

fn size(value: &Value) -> usize {
    value.to_string().len()
}

/// The value in at most about so many bytes; notes where it was cut.
fn fit(value: Value, room: usize, at: &str, cuts: &mut Vec<Value>) -> Value {
    if size(&value) <= room {
        return value;
    }
    match value {
        Value::String(text) => {
            let kept = head(&text, room);
            cuts.push(json!({"at": shortened(at), "kept_bytes": kept.len(), "of": text.len()}));
            Value::String(kept.to_owned())
        }
        Value::Array(items) => {
            let of = items.len();
            let mut left = room.saturating_sub(2);
            let mut kept = Vec::new();
            for item in items {
                let bytes = size(&item) + 1;
                if bytes > left {
                    // One thing that is too long for all is shown in part.
                    if kept.is_empty() {
                        kept.push(fit(item, left, &format!("{at}/0"), cuts));
                    }
                    break;
                }
                left -= bytes;
                kept.push(item);
            }
            cuts.push(json!({"at": shortened(at), "kept_items": kept.len(), "of": of}));
            Value::Array(kept)
        }
        Value::Object(members) => {
            let of = members.len();
            let mut names = 2;
            // Names are never cut; where they alone fill half of the room, the last members are left out.
            let members: Vec<_> = members
                .into_iter()
                .take_while(|(name, _)| {
                    names += name.len() + 4;
                    names <= room / 2
                })
                .collect();
            if members.len() < of {
                cuts.push(json!({"at": shortened(at), "kept_members": members.len(), "of": of}));
            }
            let each = share(members.iter().map(|(_, value)| size(value)).collect(), room.saturating_sub(names));
            let fitted = members.into_iter().map(|(name, value)| {
                let value = fit(value, each, &format!("{at}/{name}"), cuts);
                (name, value)
            });
            Value::Object(fitted.collect())
        }
        short => short,
    }
}

/// The most that each of them may have so that all fit: small ones leave their room to large ones.
fn share(mut sizes: Vec<usize>, room: usize) -> usize {
    sizes.sort_unstable();
    let mut left = room;
    let count = sizes.len();
    for (index, size) in sizes.into_iter().enumerate() {
        let each = left / (count - index);
        if size > each {
            return each;
        }
        left -= size;
    }
    usize::MAX
}

/// The first lines of a text that take at most so many bytes as JSON; a part of a line where there is no whole one.
fn head(text: &str, room: usize) -> &str {
    let mut bytes = 2;
    let mut end = 0;
    for (at, c) in text.char_indices() {
        bytes += match c {
            '"' | '\\' | '\n' | '\r' | '\t' => 2,
            c if c.is_control() => 6,
            c => c.len_utf8(),
        };
        if bytes > room {
            break;
        }
        end = at + c.len_utf8();
    }
    let head = text.get(..end).unwrap_or_default();
    match head.rfind('\n') {
        Some(line) if line > head.len() / 2 => head.get(..=line).unwrap_or(head),
        _ => head,
    }
}

fn shortened(at: &str) -> String {
    at.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_as_it_is() {
        assert_eq!(bound(json!({"a": 1}), 20, "r"), (json!({"a": 1}), false));
    }

    #[test]
    fn the_longest_are_cut_and_named() {
        let text = "a line of text\n".repeat(2000);
        let answer = json!({"path": "a.md", "text": text, "list": (0..3000).collect::<Vec<_>>(), "short": [1, 2]});
        let (kept, cut) = bound(answer, 4096, "call again with `from_line`");
        assert!(cut && size(&kept) <= 4096, "{}", size(&kept));
        assert_eq!((&kept["path"], &kept["short"]), (&json!("a.md"), &json!([1, 2])));
        assert!(kept["text"].as_str().unwrap().ends_with("text\n"), "whole lines are kept");
        assert!(kept["list"].as_array().unwrap().len() > 100);
        assert_eq!(kept["cut"]["rest"], "call again with `from_line`");
        let places: Vec<_> = kept["cut"]["places"].as_array().unwrap().iter().map(|place| &place["at"]).collect();
        assert_eq!(places, ["/list", "/text"]);
    }

    #[test]
    fn any_shape_stays_within_the_limit() {
        let shapes = [
            json!("\u{1}\n\"é".repeat(9000)),
            json!([["x".repeat(40_000)], "y".repeat(9000)]),
            (0..900).map(|n| (format!("member-{n}"), json!("z".repeat(n)))).collect::<serde_json::Map<_, _>>().into(),
            (0..9000).map(|n| (format!("member-{n}"), json!(n))).collect::<serde_json::Map<_, _>>().into(),
            json!({"a": {"b": {"c": vec![json!({"d": "e".repeat(50)}); 900]}}}),
        ];
        for shape in shapes {
            let (kept, cut) = bound(shape, 32 << 10, "r");
            assert!(cut && size(&kept) <= 32 << 10, "{}", size(&kept));
        }
    }
}
