//! Services of AWS of which one operation is needed: a request is signed and sent, without an SDK. Where the service is asked
//! too often, it is asked again, each time after a longer wait; the waits vary, so that those who met once do not meet again.

use crate::{
    failure::{self, Refused},
    http::{self, Http},
    sigv4::{self, Credentials, Target},
    surroundings::Surroundings,
};
use bytes::Bytes;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use maestro_ports::Timer;
use maestro_web::Base;
use std::{
    hash::{BuildHasher, RandomState},
    sync::Arc,
};

/// How often a request is sent that is refused because there are too many.
const TRIES: u32 = 8;
/// The longest that the first wait takes, in milliseconds; each later one may take twice as long.
const FIRST_MS: u64 = 100;
/// The longest that any wait takes.
const LONGEST_MS: u64 = 5_000;

/// One service.
pub(crate) struct Signed {
    service: &'static str,
    region: String,
    credentials: Credentials,
    http: Http,
    timer: Arc<dyn Timer>,
}

/// What is asked.
pub(crate) struct Asked<'a> {
    /// As it is sent: every segment encoded once.
    pub(crate) path: &'a str,
    pub(crate) content: &'static str,
    /// What is called, where the path does not say.
    pub(crate) operation: Option<&'static str>,
    pub(crate) body: Vec<u8>,
    /// Most bytes of an answer.
    pub(crate) most: usize,
}

/// What is answered.
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

/// Why there is no answer.
pub(crate) enum Lost {
    /// It may have been done, or not.
    Unheard(String),
    /// The answer is longer than it may be.
    TooLong,
}

impl From<http::Error> for Lost {
    fn from(error: http::Error) -> Self {
        Self::Unheard(error.to_string())
    }
}

impl Signed {
    /// The service in the region and with the credentials that the environment has. `url` is where it is if not at AWS.
    ///
    /// # Errors
    /// What is missing, in words.
    pub(crate) fn new(
        service: &'static str,
        surroundings: &Surroundings,
        url: Option<&str>,
        timer: Arc<dyn Timer>,
    ) -> Result<Self, String> {
        let region = surroundings.region.clone().ok_or("`AWS_REGION` is not set")?;
        let (access_key, secret_key, session) =
            surroundings.aws.clone().ok_or("`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are not set")?;
        let own = format!("https://{service}.{region}.amazonaws.com");
        let http = Http::new(Base::parse(url.unwrap_or(&own))?);
        Ok(Self { service, region, credentials: Credentials { access_key, secret_key, session }, http, timer })
    }

    /// Asks until there is an answer that says something else than that there are too many requests, or it was asked often
    /// enough. What was refused so was not done, whatever is asked.
    ///
    /// # Errors
    /// [`Lost`]; nothing is asked again then.
    pub(crate) async fn ask(&self, asked: &Asked<'_>) -> Result<Answered, Lost> {
        let mut tries = 1;
        loop {
            let answered = self.once(asked).await?;
            let Some(wait_ms) = self.refused(&answered).filter(|_| tries < TRIES) else { return Ok(answered) };
            let wait_ms = wait_ms.unwrap_or_else(|| pause(tries)).min(LONGEST_MS);
            tracing::info!(service = self.service, status = answered.status, wait_ms, "throttled");
            self.timer.sleep(wait_ms).await;
            tries += 1;
        }
    }

    async fn once(&self, asked: &Asked<'_>) -> Result<Answered, Lost> {
        let base = self.http.base();
        let target = Target {
            host: &base.authority(),
            path: &base.path(asked.path),
            region: &self.region,
            service: self.service,
            content: asked.content,
            operation: asked.operation,
        };
        let mut headers = vec![(HeaderName::from_static("content-type"), HeaderValue::from_static(asked.content))];
        let signed = sigv4::sign(&self.credentials, &target, &asked.body, self.timer.now_ms());
        for (name, value) in signed.map_err(Lost::Unheard)? {
            let mut value = HeaderValue::from_str(&value).map_err(|error| Lost::Unheard(error.to_string()))?;
            value.set_sensitive(true);
            headers.push((HeaderName::from_static(name), value));
        }
        let mut answer = self.http.post(asked.path, &headers, Bytes::from(asked.body.clone())).await?;
        let mut bytes = Vec::new();
        while let Some(more) = self.http.next(&mut answer).await? {
            bytes.extend_from_slice(&more);
            if bytes.len() > asked.most {
                return Err(Lost::TooLong);
            }
        }
        Ok(Answered { status: answer.status, headers: answer.headers, bytes })
    }

    /// Whether an answer says that there are too many requests, and how long to wait then where it says so.
    fn refused(&self, answered: &Answered) -> Option<Option<u64>> {
        if answered.status < 400 {
            return None;
        }
        let body = answered.text();
        let refused = failure::refused(answered.status, &answered.headers, &body, "", self.timer.now_ms());
        if let Refused::Throttled(after_ms) = refused { Some(after_ms) } else { None }
    }
}

impl Answered {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }
}

/// How long to wait after so many tries: anything up to twice as much as after one fewer.
fn pause(tries: u32) -> u64 {
    let most = FIRST_MS.saturating_mul(1 << (tries - 1).min(10)).min(LONGEST_MS);
    // Its keys are random, which is random enough for that.
    RandomState::new().hash_one(tries) % (most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        clock::Virtual,
        fake::{Answer, Fake},
    };
    use serde_json::json;

    fn surroundings() -> Surroundings {
        Surroundings::read(|name| Some(if name == "AWS_REGION" { "eu-central-1" } else { name }.to_owned()))
    }

    /// Asks somebody who refuses so many times, and tells the last status, how often it was asked, and how long was waited.
    async fn asked(refusals: usize, refusal: Answer) -> (u16, usize, u64) {
        let fake = Fake::start(
            move |seen| {
                if seen.number < refusals { refusal.clone() } else { Answer::json(200, &json!({})) }
            },
        );
        let (fake, timer) = (fake.await.unwrap(), Arc::new(Virtual::at(0)));
        let own = Arc::clone(&timer);
        let signed = Signed::new("some", &surroundings(), Some(fake.url()), timer).unwrap();
        let asked = Asked { path: "/", content: "application/json", operation: None, body: vec![], most: 100 };
        let answered = signed.ask(&asked).await;
        let Ok(answered) = answered else { panic!("no answer") };
        (answered.status, fake.seen().len(), own.slept_ms())
    }

    #[tokio::test]
    async fn who_is_refused_waits_and_asks_again_but_not_for_ever() {
        let busy = Answer::json(400, &json!({"__type": "ThrottlingException", "message": "Rate exceeded"}));
        let (status, times, waited) = asked(3, busy.clone()).await;
        assert_eq!((status, times), (200, 4));
        assert!(waited > 0 && waited <= 700, "{waited}");
        assert_eq!(asked(20, busy).await.1, TRIES as usize);
        let told = Answer::json(429, &json!({"Reason": "ReservedFunctionConcurrentInvocationLimitExceeded"}));
        assert_eq!(asked(1, told.header("retry-after", "3")).await, (200, 2, 3_000), "as long as it says");
    }

    #[tokio::test]
    async fn nothing_else_is_asked_again() {
        for (status, body) in
            [(400, json!({"__type": "ResourceNotFoundException"})), (403, json!({})), (500, json!({}))]
        {
            assert_eq!(asked(20, Answer::json(status, &body)).await, (status, 1, 0), "{body}");
        }
    }

    #[test]
    fn waits_vary_grow_and_are_bounded() {
        for (tries, most) in [(1, FIRST_MS), (3, 4 * FIRST_MS), (u32::MAX, LONGEST_MS)] {
            let waits: Vec<_> = (0..200).map(|_| pause(tries)).collect();
            assert!(waits.iter().all(|wait| *wait <= most), "{waits:?}");
            assert!(waits.iter().any(|wait| *wait > most / 2), "they grow: {waits:?}");
            assert!(waits.iter().any(|wait| Some(wait) != waits.first()), "{waits:?}");
        }
    }
}
