//! Keys from AWS Secrets Manager: one secret, a JSON object of the variables' names and their values. It is one signed request, so
//! it takes no SDK.

use crate::{
    failure,
    http::Http,
    sigv4::{self, Credentials, Target},
    surroundings::Surroundings,
};
use async_trait::async_trait;
use bytes::Bytes;
use hyper::header::{HeaderName, HeaderValue};
use maestro_ports::{Clock, Secret, Secrets, secrets::Error};
use maestro_web::Base;
use serde::Deserialize;
use serde_json::json;
use std::{collections::BTreeMap, sync::Arc};
use tokio::sync::OnceCell;

const CONTENT: &str = "application/x-amz-json-1.1";
/// A secret has at most 64 KiB.
const MOST: usize = 128 << 10;

/// One secret of AWS Secrets Manager. It is read once, when the first key is asked for.
pub struct SecretsManager {
    secret: String,
    region: String,
    credentials: Credentials,
    http: Http,
    clock: Arc<dyn Clock>,
    keys: OnceCell<BTreeMap<String, String>>,
    /// Whether it holds nothing where it is not there.
    may_be_missing: bool,
}

/// Why a secret was not read.
enum Unread {
    /// There is none of this name.
    Missing(String),
    /// In words.
    Other(String),
}

impl From<String> for Unread {
    fn from(why: String) -> Self {
        Self::Other(why)
    }
}

impl From<&str> for Unread {
    fn from(why: &str) -> Self {
        Self::Other(why.to_owned())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Answer {
    secret_string: String,
}

impl SecretsManager {
    /// The secret of this name or ARN, in the region and with the credentials that the environment has. `url` is where the service is
    /// if not at AWS.
    ///
    /// # Errors
    /// What is missing, in words.
    pub fn new(
        secret: &str,
        surroundings: &Surroundings,
        url: Option<&str>,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, String> {
        let region = surroundings.region.clone().ok_or("`AWS_REGION` is not set")?;
        let (access_key, secret_key, session) =
            surroundings.aws.clone().ok_or("`AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` are not set")?;
        let own = format!("https://secretsmanager.{region}.amazonaws.com");
        let http = Http::new(Base::parse(url.unwrap_or(&own))?);
        let credentials = Credentials { access_key, secret_key, session };
        Ok(Self {
            secret: secret.to_owned(),
            region,
            credentials,
            http,
            clock,
            keys: OnceCell::new(),
            may_be_missing: false,
        })
    }

    /// The same of a secret that need not be there: it holds nothing until somebody makes it.
    #[must_use]
    pub fn if_there(self) -> Self {
        Self { may_be_missing: true, ..self }
    }

    async fn read(&self) -> Result<BTreeMap<String, String>, Unread> {
        let body = json!({"SecretId": self.secret}).to_string().into_bytes();
        let base = self.http.base();
        let target = Target {
            host: &base.authority(),
            path: &base.path("/"),
            region: &self.region,
            service: "secretsmanager",
            content: CONTENT,
            operation: Some("secretsmanager.GetSecretValue"),
        };
        let mut headers = vec![(HeaderName::from_static("content-type"), HeaderValue::from_static(CONTENT))];
        for (name, value) in sigv4::sign(&self.credentials, &target, &body, self.clock.now_ms())? {
            let mut value = HeaderValue::from_str(&value).map_err(|error| error.to_string())?;
            value.set_sensitive(true);
            headers.push((HeaderName::from_static(name), value));
        }
        let answer = self.http.post("/", &headers, Bytes::from(body)).await;
        let mut answer = answer.map_err(|error| error.to_string())?;
        let mut text = Vec::new();
        while let Some(bytes) = self.http.next(&mut answer).await.map_err(|error| error.to_string())? {
            text.extend_from_slice(&bytes);
            if text.len() > MOST {
                return Err("the answer is too long for a secret".into());
            }
        }
        if answer.status != 200 {
            let text = String::from_utf8_lossy(&text);
            let why = format!("{} (HTTP {})", failure::words(&text), answer.status);
            let missing = text.contains("ResourceNotFoundException");
            return Err(if missing { Unread::Missing(why) } else { Unread::Other(why) });
        }
        // What serde says of it could hold a part of it.
        let Answer { secret_string } = serde_json::from_slice(&text).map_err(|_| "the answer holds no text")?;
        serde_json::from_str(&secret_string).map_err(|_| "the secret is no JSON object of names and texts".into())
    }
}

#[async_trait]
impl Secrets for SecretsManager {
    async fn secret(&self, name: &str) -> Result<Option<Secret>, Error> {
        match self.keys.get_or_try_init(|| self.read()).await {
            Ok(keys) => Ok(keys.get(name).map(Secret::new)),
            Err(Unread::Missing(_)) if self.may_be_missing => Ok(None),
            Err(Unread::Missing(why) | Unread::Other(why)) => {
                Err(Error { name: self.secret.clone(), source: why.into() })
            }
        }
    }
}
