//! Calls that small servers leave in the text of a reply, in the forms that open models were trained on. Only calls of tools
//! that were offered count; everything else stays text.

use maestro_ports::model::{Reply, Request, Stop, ToolCall};
use serde_json::{Map, Value};

/// Markers between which calls stand, each a beginning and its end.
const MARKERS: [(&str, &str); 6] = [
    // Hermes, Qwen, Qwen Coder.
    ("<tool_call>", "</tool_call>"),
    // DeepSeek.
    ("<｜tool▁call▁begin｜>", "<｜tool▁call▁end｜>"),
    // Mistral: until the end of the text.
    ("[TOOL_CALLS]", ""),
    // Llama: until the end of the message.
    ("<|python_tag|>", "<|eom_id|>"),
    // Llama and others: the name is in the tag.
    ("<function=", "</function>"),
    ("```json", "```"),
];

/// Moves the calls from the text of a reply into its calls.
pub(crate) fn take(request: &Request, reply: &mut Reply) {
    let offered = |name: &str| request.tools.iter().any(|tool| tool.name == name);
    let (mut rest, mut text, mut calls) = (reply.text.as_str(), String::new(), Vec::new());
    while let Some((before, inside, after)) = marked(rest) {
        let found: Vec<_> = read(inside).into_iter().filter(|(name, _)| offered(name)).collect();
        text.push_str(before);
        if found.is_empty() {
            text.push_str(rest.get(before.len()..rest.len() - after.len()).unwrap_or_default());
        }
        calls.extend(found);
        rest = after;
    }
    // A reply that is nothing but a call.
    if calls.is_empty() {
        calls = read(&reply.text).into_iter().filter(|(name, _)| offered(name)).collect();
        text.clear();
    } else {
        text.push_str(rest);
    }
    if calls.is_empty() {
        return;
    }
    let numbered = (0..).zip(calls);
    reply.calls = numbered
        .map(|(number, (name, arguments))| ToolCall { id: format!("call_{number}"), name, arguments })
        .collect();
    text.trim().clone_into(&mut reply.text);
    reply.stop = Stop::ToolUse;
    for thought in &mut reply.thoughts {
        thought.after_text = thought.after_text.min(reply.text.len());
    }
}

/// The text before the first marker, what is marked, and the text after it.
fn marked(text: &str) -> Option<(&str, &str, &str)> {
    let (at, (begin, end)) =
        MARKERS.iter().filter_map(|marker| text.find(marker.0).map(|at| (at, marker))).min_by_key(|(at, _)| *at)?;
    let (before, rest) = text.split_at(at);
    // The tag with a name is part of what is read.
    let skip = if *begin == "<function=" { 0 } else { begin.len() };
    let rest = rest.get(skip..)?;
    let (inside, after) = match (*end, rest.find(*end)) {
        ("", _) | (_, None) => (rest, ""),
        (end, Some(at)) => (rest.get(..at)?, rest.get(at + end.len()..)?),
    };
    Some((before, inside, after))
}

/// The calls in a piece of text, whatever form they have.
fn read(text: &str) -> Vec<(String, Value)> {
    let text = text.trim();
    if let Some(call) = tagged(text).or_else(|| deepseek(text)).or_else(|| mistral(text)) {
        return vec![call];
    }
    match serde_json::from_str(text) {
        Ok(Value::Array(all)) => all.iter().filter_map(object).collect(),
        Ok(value) => object(&value).into_iter().collect(),
        // Several objects in a row, with semicolons between them or without.
        Err(_) => {
            let objects: Result<Vec<Value>, _> =
                text.split("};").map(|part| serde_json::from_str(&closed(part))).collect();
            objects.map(|all| all.iter().filter_map(object).collect()).unwrap_or_default()
        }
    }
}

fn closed(part: &str) -> String {
    let part = part.trim();
    let open = part.matches('{').count() > part.matches('}').count();
    if open { format!("{part}}}") } else { part.to_owned() }
}

/// `{"name": .., "arguments": {..}}`, or `parameters`, or all of it in `function`.
fn object(value: &Value) -> Option<(String, Value)> {
    let value = value.get("function").filter(|inner| inner.is_object()).unwrap_or(value);
    let name = value.get("name").or_else(|| value.get("function"))?.as_str()?;
    let arguments = value.get("arguments").or_else(|| value.get("parameters")).cloned();
    Some((name.to_owned(), arguments_of(arguments.unwrap_or(Value::Null))?))
}

/// Arguments are an object, or an object in a text.
fn arguments_of(value: Value) -> Option<Value> {
    match value {
        Value::Object(_) => Some(value),
        Value::Null => Some(Value::Object(Map::new())),
        Value::String(text) => serde_json::from_str(&text).ok().filter(Value::is_object),
        _ => None,
    }
}

/// `<function=name>{..}`, or with `<parameter=key>value</parameter>` inside.
fn tagged(text: &str) -> Option<(String, Value)> {
    let (name, inside) = text.strip_prefix("<function=")?.split_once('>')?;
    let inside = inside.split("</function>").next().unwrap_or_default().trim();
    if inside.is_empty() || inside.starts_with('{') {
        let value = if inside.is_empty() { Value::Null } else { serde_json::from_str(inside).ok()? };
        return Some((name.trim().to_owned(), arguments_of(value)?));
    }
    if !inside.starts_with("<parameter=") {
        return None;
    }
    let mut arguments = Map::new();
    for parameter in inside.split("<parameter=").skip(1) {
        let (key, value) = parameter.split_once('>')?;
        let value = value.split("</parameter>").next().unwrap_or_default();
        let value = value.strip_prefix('\n').unwrap_or(value);
        let value = value.strip_suffix('\n').unwrap_or(value);
        // Numbers, lists and objects are written as JSON, texts as they are.
        let read = serde_json::from_str(value).ok().filter(|value: &Value| !value.is_string());
        arguments.insert(key.trim().to_owned(), read.unwrap_or_else(|| Value::String(value.to_owned())));
    }
    Some((name.trim().to_owned(), Value::Object(arguments)))
}

/// `function<｜tool▁sep｜>name` and a block of JSON.
fn deepseek(text: &str) -> Option<(String, Value)> {
    let (_, rest) = text.split_once("<｜tool▁sep｜>")?;
    let (name, rest) = rest.split_once('\n')?;
    let json = rest.trim().trim_start_matches("```json").trim_end_matches("```").trim();
    Some((name.trim().to_owned(), arguments_of(serde_json::from_str(json).ok()?)?))
}

/// `name[ARGS]{..}`.
fn mistral(text: &str) -> Option<(String, Value)> {
    let (name, json) = text.split_once("[ARGS]")?;
    Some((name.trim().to_owned(), arguments_of(serde_json::from_str(json.trim()).ok()?)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_ports::model::ToolSpec;
    use serde_json::json;

    fn taken(text: &str) -> Reply {
        let tool = |name: &str| ToolSpec { name: name.into(), description: String::new(), schema: json!({}) };
        let request = Request { tools: vec![tool("look"), tool("note")], ..Request::default() };
        let mut reply = Reply { text: text.into(), ..Reply::default() };
        take(&request, &mut reply);
        reply
    }

    #[test]
    fn calls_in_all_known_forms() {
        let city = json!({"city": "Paris"});
        for text in [
            r#"<tool_call>{"name": "look", "arguments": {"city": "Paris"}}</tool_call>"#,
            "<tool_call>\n<function=look>\n<parameter=city>\nParis\n</parameter>\n</function>\n</tool_call>",
            r#"<function=look>{"city": "Paris"}</function>"#,
            r#"[TOOL_CALLS][{"name": "look", "arguments": {"city": "Paris"}}]"#,
            r#"[TOOL_CALLS]look[ARGS]{"city": "Paris"}"#,
            r#"<|python_tag|>{"name": "look", "parameters": {"city": "Paris"}}<|eom_id|>"#,
            r#"{"name": "look", "parameters": {"city": "Paris"}}"#,
            r#"{"type": "function", "function": {"name": "look", "arguments": "{\"city\": \"Paris\"}"}}"#,
            "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>look\n```json\n{\"city\": \"Paris\"}\n```<｜tool▁call▁end｜>",
            "```json\n{\"name\": \"look\", \"arguments\": {\"city\": \"Paris\"}}\n```",
        ] {
            let reply = taken(text);
            assert_eq!(reply.calls.len(), 1, "{text}");
            assert_eq!((&*reply.calls[0].name, &reply.calls[0].arguments), ("look", &city), "{text}");
            assert_eq!(reply.stop, Stop::ToolUse, "{text}");
        }
    }

    #[test]
    fn words_around_calls_stay_and_several_calls_are_numbered() {
        let reply = taken(
            "I look. <tool_call>{\"name\": \"look\"}</tool_call>\n<tool_call>{\"name\": \"note\", \"arguments\": {\"n\": 1}}</tool_call> Done.",
        );
        let called: Vec<_> = reply.calls.iter().map(|call| (&*call.id, &*call.name)).collect();
        assert_eq!(called, [("call_0", "look"), ("call_1", "note")]);
        assert_eq!(reply.text, "I look. \n Done.");
    }

    #[test]
    fn what_is_no_call_of_an_offered_tool_stays_text() {
        for text in [
            r#"<tool_call>{"name": "rm", "arguments": {}}</tool_call>"#,
            "```json\n{\"a\": 1}\n``` and more",
            "Call <function=look> when you like",
            r#"{"name": "Paris", "parameters": {}}"#,
            "",
        ] {
            let reply = taken(text);
            assert_eq!((reply.calls.len(), &*reply.text), (0, text));
        }
    }
}
