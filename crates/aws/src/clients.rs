//! The SDK's clients, each made once per process: they share one connection pool and one set of credentials.

use crate::{Counter, Lazy};
use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder, HttpClientError,
    tls::{self, TlsContext, TrustStore},
};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use std::time::Duration;

/// How often the SDK tries a call that was throttled or broke off, with waits in between that grow and vary.
const ATTEMPTS: u32 = 8;
/// How long one try may take. A blob of a few MiB over a slow line needs most of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the services are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// Where the environment or the user's profile says, with its credentials.
    Environment,
    /// A stack that speaks for AWS, at this address. Nothing of the user's AWS profile is read.
    Local {
        /// Its address, such as `http://127.0.0.1:4566`.
        url: String,
        /// The access key that it knows, and its secret.
        credentials: (String, String),
    },
}

/// Clients of all services in use.
#[derive(Debug, Clone)]
pub struct Clients {
    /// What they call.
    pub calls: Counter,
    /// Rows.
    pub dynamodb: Lazy<aws_sdk_dynamodb::Client>,
    /// Events.
    pub eventbridge: Lazy<aws_sdk_eventbridge::Client>,
    /// Blobs.
    pub s3: Lazy<aws_sdk_s3::Client>,
    /// State machines.
    pub sfn: Lazy<aws_sdk_sfn::Client>,
    /// Queues.
    pub sqs: Lazy<aws_sdk_sqs::Client>,
}

/// What Lambda tells a function in its environment.
#[derive(Clone)]
pub struct Surroundings {
    /// `AWS_REGION`.
    pub region: String,
    /// `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`: of the function's role, for as long as its container lives.
    pub credentials: (String, String),
    /// `AWS_SESSION_TOKEN`.
    pub session: Option<String>,
    /// `AWS_ENDPOINT_URL`: a stack that speaks for AWS.
    pub url: Option<String>,
}

/// Who vouches for AWS: the five authorities of Amazon Trust Services. A function talks to nobody else, and to read all
/// that a system trusts takes longer than the rest of its start.
const ROOTS: &str = include_str!("amazon-roots.pem");

impl Clients {
    /// Clients of what is at an endpoint. Calls no service.
    pub async fn new(endpoint: &Endpoint) -> Self {
        let config = config(endpoint).await;
        Self::of(move || config)
    }

    /// Clients of a function. Nothing else is looked for than what it was told: no profile, no files.
    ///
    /// # Errors
    /// When the authorities that are trusted cannot be taken.
    pub fn of_function(given: Surroundings) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let trusted = amazon()?;
        Ok(Self::of(move || told_config(&given, trusted)))
    }

    fn of(config: impl FnOnce() -> SdkConfig + Send + 'static) -> Self {
        let (config, calls) = (Lazy::new(config), Counter::default());
        // Each service has builders of its own, of one shape.
        macro_rules! client {
            ($service:ident $(, $option:ident $value:expr)?) => {
                Lazy::new({
                    let (config, calls) = (config.clone(), calls.clone());
                    move || {
                        let builder = $service::config::Builder::from(&*config).interceptor(calls);
                        $service::Client::from_conf(builder$(.$option($value(&config)))?.build())
                    }
                })
            };
        }
        Self {
            dynamodb: client!(aws_sdk_dynamodb),
            eventbridge: client!(aws_sdk_eventbridge),
            // A stack has one host name for all buckets.
            s3: client!(aws_sdk_s3, force_path_style |config: &SdkConfig| config.endpoint_url().is_some()),
            sfn: client!(aws_sdk_sfn),
            sqs: client!(aws_sdk_sqs),
            calls,
        }
    }
}

/// By what it is told alone.
fn told_config(given: &Surroundings, trusted: TlsContext) -> SdkConfig {
    let (id, secret) = &given.credentials;
    let credentials = Credentials::new(id, secret, given.session.clone(), None, "told");
    let mut config = SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .http_client(https(trusted))
        .retry_config(retries())
        .timeout_config(timeouts())
        .region(Region::new(given.region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(credentials));
    if let Some(url) = &given.url {
        config = config.endpoint_url(url);
    }
    config.build()
}

/// Trusts the five and nobody else.
fn amazon() -> Result<TlsContext, HttpClientError> {
    let roots = TrustStore::empty().with_pem_certificate(ROOTS.as_bytes());
    TlsContext::builder().with_trust_store(roots).build()
}

pub(crate) async fn config(endpoint: &Endpoint) -> SdkConfig {
    match endpoint {
        Endpoint::Environment => {
            let loader = aws_config::defaults(BehaviorVersion::latest())
                .http_client(https(TlsContext::default()))
                .retry_config(retries())
                .timeout_config(timeouts());
            loader.load().await
        }
        // Not by the SDK's loader, which looks into the user's profile for whatever it was not told.
        Endpoint::Local { url, credentials } => {
            let (region, credentials, url) = ("us-east-1".to_owned(), credentials.clone(), Some(url.clone()));
            told_config(&Surroundings { region, credentials, session: None, url }, TlsContext::default())
        }
    }
}

fn https(tls: TlsContext) -> SharedHttpClient {
    let ring = tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring);
    Builder::new().tls_provider(ring).tls_context(tls).build_https()
}

fn retries() -> RetryConfig {
    RetryConfig::standard().with_max_attempts(ATTEMPTS)
}

fn timeouts() -> TimeoutConfig {
    TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).build()
}

#[cfg(test)]
mod tests;
