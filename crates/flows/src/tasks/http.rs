//! Calls a web service.

use super::Runner;
use crate::{
    failure::Fault,
    task::{Progress, Work},
};
use maestro_domain::NodeFailure;
use maestro_ports::web::{Answer, Error, Request};
use maestro_workflow::{
    Node,
    types::http::{Http, Method, fault},
};
use serde_json::{Map, Value, json};

pub(super) const RUNNER: Runner = Runner { name: "http", evaluates_itself: false, run: |work| Box::pin(run(work)) };

/// How much of an answer that was not expected its failure tells, in characters.
const TOLD: usize = 500;

/// For how long after its beginning an attempt may be put off by a service that says when to come again, in milliseconds.
const PATIENCE_MS: u64 = 900_000;

async fn run(work: Work<'_>) -> Result<Progress, NodeFailure> {
    let config: Http = work.config()?;
    let request = request(&config)?;
    let answer = work.platform.web.call(request).await.map_err(|error| match error {
        Error::NotAllowed(_) => Fault::NotAllowed.because(error.to_string()),
        Error::Unusable(why) => Fault::Http.because(why),
        Error::Unavailable(why) => Fault::HttpUnavailable.because(why),
    })?;
    if expected(&config, answer.status) {
        return Ok(Progress::Done(Some(output(&answer))));
    }
    let now_ms = work.platform.clock.now_ms();
    if let Some(at_ms) =
        told_when(&answer, now_ms).filter(|at_ms| *at_ms <= work.started_ms.saturating_add(PATIENCE_MS))
    {
        return Ok(Progress::Again { at_ms, waits_for: None });
    }
    // What a service refuses for now; everything else it would refuse again.
    let passes = matches!(answer.status, 408 | 425 | 429 | 500..);
    let fault = if passes { Fault::HttpUnavailable } else { Fault::Http };
    let said: String = String::from_utf8_lossy(&answer.body).trim().chars().take(TOLD).collect();
    Err(fault.because(format!("the answer has status {}: {said}", answer.status)))
}

/// When a service that did nothing for now wants to be asked again, milliseconds since 1970: it names seconds, or a date.
fn told_when(answer: &Answer, now_ms: u64) -> Option<u64> {
    if !matches!(answer.status, 429 | 503) {
        return None;
    }
    let (_, told) = answer.headers.iter().find(|(name, _)| name == "retry-after")?;
    let told = told.trim();
    let at_ms = match told.parse::<u64>() {
        Ok(seconds) => now_ms.saturating_add(seconds.saturating_mul(1_000)),
        Err(_) => {
            let at = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(told).ok()?;
            u64::try_from(at.as_millisecond()).ok()?
        }
    };
    // One that says "at once" would be asked as fast as it answers.
    Some(at_ms.max(now_ms.saturating_add(1_000)))
}

fn expected(config: &Http, status: u16) -> bool {
    match config.expect_status.as_slice() {
        [] => (200..300).contains(&status),
        some => some.iter().any(|one| one.get() == u64::from(status)),
    }
}

fn request(config: &Http) -> Result<Request, NodeFailure> {
    // Expressions may have made another address than the one that was checked.
    if let Some(fault) = fault(&config.url) {
        return Err(Fault::NotAllowed.because(format!("`url` {fault}")));
    }
    let mut headers: Vec<(String, String)> = config.headers.clone().into_iter().collect();
    let mut typed = |media: &str| {
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            headers.push(("content-type".to_owned(), media.to_owned()));
        }
    };
    let body = match config.body.as_ref().map(Node::to_json) {
        None => None,
        Some(Value::String(text)) => {
            typed("text/plain; charset=utf-8");
            Some(text.into_bytes())
        }
        Some(value) => {
            typed("application/json");
            Some(value.to_string().into_bytes())
        }
    };
    if body.is_some() && matches!(config.method, Method::Get | Method::Head) {
        return Err(Fault::Http.because(format!("a {} sends no `body`", config.method.name())));
    }
    let redirects = config.expect_status.iter().any(|status| (300..400).contains(&status.get()));
    Ok(Request { method: config.method.name(), url: url(config)?, headers, body, follow: !redirects })
}

/// The address with the names and values of `query`; a list stands for several values, and nothing for none.
fn url(config: &Http) -> Result<String, NodeFailure> {
    let url = config.url.split('#').next().unwrap_or_default();
    let mut pairs = Vec::new();
    for (name, value) in &config.query {
        let values = match value.to_json() {
            Value::Array(values) => values,
            one => vec![one],
        };
        for value in values {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                Value::Array(_) | Value::Object(_) => {
                    return Err(
                        Fault::Expression.because(format!("`{name}` in `query` is no text, number or truth value"))
                    );
                }
                other => other.to_string(),
            };
            pairs.push(format!("{}={}", encoded(name), encoded(&text)));
        }
    }
    if pairs.is_empty() {
        return Ok(url.to_owned());
    }
    let joint = if url.contains('?') { '&' } else { '?' };
    Ok(format!("{url}{joint}{}", pairs.join("&")))
}

/// A text as it stands in an address.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}

fn output(answer: &Answer) -> Value {
    let mut headers = Map::new();
    for (name, value) in &answer.headers {
        // A field that is there several times is one list.
        match headers.get_mut(name) {
            Some(Value::String(earlier)) => *earlier = format!("{earlier}, {value}"),
            _ => drop(headers.insert(name.clone(), value.as_str().into())),
        }
    }
    let json = headers.get("content-type").and_then(Value::as_str).is_some_and(|media| media.contains("json"));
    let parsed = if json { serde_json::from_slice(&answer.body).ok() } else { None };
    let text = || (!answer.body.is_empty()).then(|| String::from_utf8_lossy(&answer.body).into_owned().into());
    let body: Option<Value> = parsed.or_else(text);
    json!({"status": answer.status, "headers": headers, "body": body})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_says_when_it_is_to_be_asked_again() {
        let told = |status, field: &str| {
            let headers = vec![("retry-after".to_owned(), field.to_owned())];
            told_when(&Answer { status, headers, body: Vec::new() }, 784_111_770_000)
        };
        assert_eq!(told(429, "30"), Some(784_111_800_000));
        assert_eq!(told(503, "Sun, 06 Nov 1994 08:49:37 GMT"), Some(784_111_777_000));
        assert_eq!(told(503, "0"), Some(784_111_771_000), "a moment passes");
        assert_eq!(told(503, "Sun, 06 Nov 1983 08:49:37 GMT"), Some(784_111_771_000));
        assert_eq!((told(500, "30"), told(503, "soon"), told(503, "-1")), (None, None, None));
        assert_eq!(told(503, "99999999999999999999999"), None);
    }
}
