//! The SDK's clients, made once per process: they share one connection pool and one set of credentials.

use crate::Counter;
use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_sdk_s3::config::{Credentials, SharedCredentialsProvider};
use aws_smithy_http_client::{
    Builder,
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
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// Events.
    pub eventbridge: aws_sdk_eventbridge::Client,
    /// Blobs.
    pub s3: aws_sdk_s3::Client,
    /// State machines.
    pub sfn: aws_sdk_sfn::Client,
    /// Queues.
    pub sqs: aws_sdk_sqs::Client,
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
    /// Makes the clients. Calls no service.
    pub async fn new(endpoint: &Endpoint) -> Self {
        Self::of(&config(endpoint).await)
    }

    /// Makes the clients of a function. Nothing else is looked for than what it was told: no profile, no files.
    ///
    /// # Errors
    /// When the authorities that are trusted cannot be read.
    pub fn of_function(given: &Surroundings) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let trusted = TrustStore::empty().with_pem_certificate(ROOTS.as_bytes());
        let tls = TlsContext::builder().with_trust_store(trusted).build()?;
        let (id, secret) = &given.credentials;
        let credentials = Credentials::new(id, secret, given.session.clone(), None, "function");
        let mut config = SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .http_client(https(tls))
            .retry_config(retries())
            .timeout_config(timeouts())
            .region(Region::new(given.region.clone()))
            .credentials_provider(SharedCredentialsProvider::new(credentials));
        if let Some(url) = &given.url {
            config = config.endpoint_url(url);
        }
        Ok(Self::of(&config.build()))
    }

    fn of(config: &SdkConfig) -> Self {
        let calls = Counter::default();
        // Each service has builders of its own, of one shape.
        macro_rules! client {
            ($service:ident $(, $option:ident $value:expr)?) => {
                $service::Client::from_conf(
                    $service::config::Builder::from(config).interceptor(calls.clone())$(.$option($value))?.build(),
                )
            };
        }
        Self {
            dynamodb: client!(aws_sdk_dynamodb),
            eventbridge: client!(aws_sdk_eventbridge),
            // A stack has one host name for all buckets.
            s3: client!(aws_sdk_s3, force_path_style config.endpoint_url().is_some()),
            sfn: client!(aws_sdk_sfn),
            sqs: client!(aws_sdk_sqs),
            calls,
        }
    }
}

pub(crate) async fn config(endpoint: &Endpoint) -> SdkConfig {
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(https(TlsContext::default()))
        .retry_config(retries())
        .timeout_config(timeouts());
    let loader = match endpoint {
        Endpoint::Environment => loader,
        Endpoint::Local { url, credentials: (id, secret) } => loader
            .endpoint_url(url)
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new(id, secret, None, None, "local stack")),
    };
    loader.load().await
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
