//! What a refused request means, by its status and by the words of the provider.

use hyper::header::HeaderMap;
use serde_json::Value;

/// What to do about a status that is no success.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Wait: so many milliseconds where the provider says so.
    Throttled(Option<u64>),
    /// Try again a few times.
    Failed,
    /// Give a shorter conversation.
    Overflow,
    /// Do not ask this.
    Policy,
    /// Mend the key.
    Authentication,
    /// There is no such model here.
    NoModel,
    /// Mend the request.
    Bad,
}

/// Reads a refusal. `text` is what [`words`] makes of the body.
pub(crate) fn refused(status: u16, headers: &HeaderMap, body: &str, text: &str, now_ms: u64) -> Refused {
    let kind = headers.get("x-amzn-errortype").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let says = |word: &str| kind.contains(word) || body.contains(word);
    match status {
        429 if says("insufficient_quota") || says("billing") => Refused::Authentication,
        429 | 529 => Refused::Throttled(retry_after(headers, now_ms)),
        503 if says("Throttl") || says("overloaded") || headers.contains_key("retry-after") => {
            Refused::Throttled(retry_after(headers, now_ms))
        }
        400 if says("ThrottlingException") => Refused::Throttled(retry_after(headers, now_ms)),
        413 => Refused::Overflow,
        400 | 422 | 500 if overflows(text) || says("context_length_exceeded") => Refused::Overflow,
        400 if says("content_filter") || says("content_policy") || says("ResponsibleAIPolicyViolation") => {
            Refused::Policy
        }
        401 | 403 => Refused::Authentication,
        404 => Refused::NoModel,
        408 | 409 | 424 | 425 | 500..=599 => Refused::Failed,
        _ => Refused::Bad,
    }
}

/// Whether these words say that the conversation is too long.
pub(crate) fn overflows(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    [
        "prompt is too long",
        "input is too long",
        "maximum context length",
        "context length exceeded",
        "context window",
        "exceeds the context",
        "exceed context limit",
        "exceed_context_size",
        "too many input tokens",
        "exceeds the available context size",
        "input length and `max_tokens` exceed",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// The words of a body that tells an error: its message where it is JSON, else its beginning. Keys never stand in them.
pub(crate) fn words(body: &str) -> String {
    let json: Option<Value> = serde_json::from_str(body).ok();
    let message = json.as_ref().and_then(|json| {
        let error = json.get("error").unwrap_or(json);
        [error.get("message"), json.get("message"), json.get("Message"), Some(error)]
            .into_iter()
            .flatten()
            .find_map(Value::as_str)
    });
    let text = message.unwrap_or(body);
    let mut short: String = text.chars().filter(|c| !c.is_control()).take(400).collect();
    if short.is_empty() {
        "it says nothing more".clone_into(&mut short);
    }
    short
}

/// How long the provider wants to be left alone, in milliseconds: seconds, milliseconds, or a date.
fn retry_after(headers: &HeaderMap, now_ms: u64) -> Option<u64> {
    let header = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(ms) = header("retry-after-ms").and_then(|text| text.parse().ok()) {
        return Some(ms);
    }
    let text = header("retry-after")?;
    if let Ok(seconds) = text.parse::<f64>() {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded and not negative")]
        return Some((seconds.clamp(0.0, 86_400.0) * 1000.0).ceil() as u64);
    }
    let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text).ok()?;
    Some(u64::try_from(at.as_millisecond()).ok()?.saturating_sub(now_ms))
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::header::HeaderValue;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        all.iter().map(|(name, value)| ((*name).try_into().unwrap(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn waits_are_read_in_all_their_forms() {
        for (name, value, ms) in [
            ("retry-after", "7", Some(7000)),
            ("retry-after", "0.5", Some(500)),
            ("retry-after-ms", "250", Some(250)),
            ("retry-after", "Thu, 01 Jan 1970 00:01:40 GMT", Some(60_000)),
            ("retry-after", "Thu, 01 Jan 1970 00:00:00 GMT", Some(0)),
            ("retry-after", "soon", None),
            ("retry-after", "-3", Some(0)),
        ] {
            let told = refused(429, &headers(&[(name, value)]), "", "", 40_000);
            assert_eq!(told, Refused::Throttled(ms), "{name}: {value}");
        }
    }

    #[test]
    fn refusals_by_what_can_be_done() {
        let none = HeaderMap::new();
        let amazon = headers(&[("x-amzn-errortype", "ThrottlingException:http://internal.amazon.com/")]);
        for (status, headers, body, expected) in [
            (529, &none, r#"{"error":{"message":"Overloaded"}}"#, Refused::Throttled(None)),
            (400, &amazon, "{}", Refused::Throttled(None)),
            (429, &none, r#"{"error":{"code":"insufficient_quota"}}"#, Refused::Authentication),
            (400, &none, r#"{"error":{"message":"prompt is too long: 9 tokens"}}"#, Refused::Overflow),
            (500, &none, r#"{"error":{"message":"exceeds the available context size"}}"#, Refused::Overflow),
            (400, &none, r#"{"error":{"code":"content_filter"}}"#, Refused::Policy),
            (400, &none, r#"{"error":{"message":"bad tool"}}"#, Refused::Bad),
            (401, &none, "", Refused::Authentication),
            (404, &none, "", Refused::NoModel),
            (502, &none, "<html>", Refused::Failed),
        ] {
            assert_eq!(refused(status, headers, body, &words(body), 0), expected, "{status} {body}");
        }
    }

    #[test]
    fn the_words_of_an_error_are_short_and_plain() {
        assert_eq!(words(r#"{"error":{"type":"x","message":"no\u0007 way"}}"#), "no way");
        assert_eq!(words(r#"{"message":"too late"}"#), "too late");
        assert_eq!(words(r#"{"error":"gone"}"#), "gone");
        assert_eq!(words(""), "it says nothing more");
        assert_eq!(words(&"x".repeat(9000)).len(), 400);
    }
}
