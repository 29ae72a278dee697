//! Keys from AWS Secrets Manager: one secret, a JSON object of the variables' names and their values. It is one signed request, so
//! it takes no SDK.

use crate::{
    failure,
    signed::{Asked, Lost, Signed},
    surroundings::Surroundings,
};
use async_trait::async_trait;
use maestro_ports::{Secret, Secrets, Timer, secrets::Error};
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
    service: Signed,
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
        timer: Arc<dyn Timer>,
    ) -> Result<Self, String> {
        let service = Signed::new("secretsmanager", surroundings, url, timer)?;
        Ok(Self { secret: secret.to_owned(), service, keys: OnceCell::new(), may_be_missing: false })
    }

    /// The same of a secret that need not be there: it holds nothing until somebody makes it.
    #[must_use]
    pub fn if_there(self) -> Self {
        Self { may_be_missing: true, ..self }
    }

    async fn read(&self) -> Result<BTreeMap<String, String>, Unread> {
        let body = json!({"SecretId": self.secret}).to_string().into_bytes();
        let operation = Some("secretsmanager.GetSecretValue");
        let asked = Asked { path: "/", content: CONTENT, operation, body, most: MOST };
        let answer = self.service.ask(&asked).await.map_err(|lost| match lost {
            Lost::Unheard(why) => why,
            Lost::TooLong => "the answer is too long for a secret".to_owned(),
        })?;
        if answer.status != 200 {
            let text = answer.text();
            let why = format!("{} (HTTP {})", failure::words(&text), answer.status);
            let missing = text.contains("ResourceNotFoundException");
            return Err(if missing { Unread::Missing(why) } else { Unread::Other(why) });
        }
        // What serde says of it could hold a part of it.
        let Answer { secret_string } = serde_json::from_slice(&answer.bytes).map_err(|_| "the answer holds no text")?;
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
