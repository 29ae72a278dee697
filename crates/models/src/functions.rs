//! Calls of AWS Lambda: each is one signed request, so it takes no SDK.

use crate::{
    failure,
    signed::{Asked, Lost, Signed},
    sigv4,
    surroundings::Surroundings,
};
use async_trait::async_trait;
use maestro_ports::{Functions, Timer, functions::Error};
use serde_json::Value;
use std::sync::Arc;

const CONTENT: &str = "application/json";
/// Lambda takes and gives at most 6 MiB.
const MOST: usize = 6 << 20;

/// Functions of AWS Lambda, as far as who signs may call them.
pub struct Lambda(Signed);

impl Lambda {
    /// Calls functions in the region and with the credentials that the environment has. `url` is where the service is if not at AWS.
    ///
    /// # Errors
    /// What is missing, in words.
    pub fn new(surroundings: &Surroundings, url: Option<&str>, timer: Arc<dyn Timer>) -> Result<Self, String> {
        Signed::new("lambda", surroundings, url, timer).map(Self)
    }
}

#[async_trait]
impl Functions for Lambda {
    async fn call(&self, function: &str, payload: &Value) -> Result<Value, Error> {
        let body = payload.to_string().into_bytes();
        if body.len() > MOST {
            return Err(Error::Failed(format!("`{function}` was given {} bytes; it takes {MOST}", body.len())));
        }
        let path = format!("/2015-03-31/functions/{}/invocations", sigv4::encode(function));
        let asked = Asked { path: &path, content: CONTENT, operation: None, body, most: MOST };
        let answer = self.0.ask(&asked).await.map_err(|lost| match lost {
            Lost::Unheard(why) => Error::Unavailable(why),
            Lost::TooLong => Error::Failed(format!("`{function}` answered more than {MOST} bytes")),
        })?;
        if answer.status == 200 && !answer.headers.contains_key("x-amz-function-error") {
            let wrong = |error| Error::Failed(format!("`{function}` answered no JSON: {error}"));
            let bytes = &answer.bytes;
            return if bytes.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(bytes).map_err(wrong) };
        }
        let text = answer.text();
        if answer.status == 200 {
            return Err(Error::Failed(format!("`{function}` failed: {}", failed(&text))));
        }
        let why = format!("`{function}`: {} (HTTP {})", failure::words(&text), answer.status);
        Err(match answer.status {
            401 | 403 => Error::NotAllowed(why),
            408 | 429 | 500.. => Error::Unavailable(why),
            _ => Error::Failed(why),
        })
    }
}

/// What a function says of its failure: a name and a message, where it keeps to the form.
fn failed(text: &str) -> String {
    let told: Option<Value> = serde_json::from_str(text).ok();
    let member = |name: &str| told.as_ref()?.get(name)?.as_str().map(str::to_owned);
    let words = match (member("errorType"), member("errorMessage")) {
        (Some(name), Some(message)) => format!("{name}: {message}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => failure::words(text),
    };
    words.chars().filter(|c| !c.is_control()).take(1_000).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Virtual,
        fake::{Answer, Fake, Seen},
    };
    use serde_json::json;

    async fn called(answer: Answer, function: &str, payload: Value) -> (Result<Value, Error>, Vec<Seen>) {
        let provider = Fake::start(move |_| answer.clone()).await.unwrap();
        let surroundings = Surroundings::read(|name| {
            Some(if name == "AWS_REGION" { "eu-central-1".to_owned() } else { format!("some {name}") })
        });
        let lambda = Lambda::new(&surroundings, Some(provider.url()), Arc::new(Virtual::at(0))).unwrap();
        let answered = lambda.call(function, &payload).await;
        (answered, provider.seen())
    }

    #[tokio::test]
    async fn a_function_is_called_by_one_signed_request_and_answers() {
        let arn = "arn:aws:lambda:eu-central-1:123456789012:function:ship";
        let (answered, seen) = called(Answer::json(200, &json!({"n": 2})), arn, json!({"n": 1})).await;
        assert_eq!(answered.unwrap(), json!({"n": 2}));
        assert_eq!(seen.len(), 1);
        assert_eq!(
            (seen[0].path.as_str(), &seen[0].body),
            (&*format!("/2015-03-31/functions/{}/invocations", arn.replace(':', "%3A")), &json!({"n": 1}))
        );
        let signature = seen[0].header("authorization").unwrap();
        assert!(signature.contains("/eu-central-1/lambda/aws4_request"), "{signature}");
    }

    #[tokio::test]
    async fn each_way_of_not_answering_has_a_name() {
        let said = |status, body: Value| Answer::json(status, &body);
        let failing = said(200, json!({"errorType": "ValueError", "errorMessage": "no ship"}))
            .header("x-amz-function-error", "Unhandled");
        let (failed, _) = called(failing, "ship", json!({})).await;
        assert!(
            matches!(&failed, Err(Error::Failed(why)) if why == "`ship` failed: ValueError: no ship"),
            "{failed:?}"
        );
        for (status, code) in [(403, "not allowed"), (404, "failed"), (429, "unavailable"), (502, "unavailable")] {
            let (answered, _) = called(said(status, json!({"Message": "because"})), "ship", json!({})).await;
            let error = answered.unwrap_err();
            let is = match &error {
                Error::NotAllowed(_) => "not allowed",
                Error::Failed(_) => "failed",
                Error::Unavailable(_) => "unavailable",
                Error::NotSupported(_) => "not supported",
            };
            assert_eq!(is, code, "{status}");
            assert!(error.to_string().contains("because"), "{error}");
        }
    }
}
