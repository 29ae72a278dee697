//! The SDK's clients, made once per process: they share one connection pool and one set of credentials.

use crate::Counter;
use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig, timeout::TimeoutConfig};
use aws_smithy_http_client::{Builder, tls};
use std::time::Duration;

/// How often the SDK tries a call that was throttled or broke off, with waits in between that grow and vary.
const ATTEMPTS: u32 = 8;
/// How long one try may take. A blob of a few MiB over a slow line needs most of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// Where the services are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// Where the environment says, with its credentials: inside a function those of its role, on AWS unless
    /// `AWS_ENDPOINT_URL` names a stack that speaks for it.
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

impl Clients {
    /// Makes the clients. Calls no service.
    pub async fn new(endpoint: &Endpoint) -> Self {
        let config = config(endpoint).await;
        let calls = Counter::default();
        // Each service has builders of its own, of one shape.
        macro_rules! client {
            ($service:ident $(, $option:ident $value:expr)?) => {
                $service::Client::from_conf(
                    $service::config::Builder::from(&config).interceptor(calls.clone())$(.$option($value))?.build(),
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
    let http = Builder::new().tls_provider(tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)).build_https();
    let loader = aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .retry_config(RetryConfig::standard().with_max_attempts(ATTEMPTS))
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(PATIENCE).build());
    let loader = match endpoint {
        Endpoint::Environment => loader,
        Endpoint::Local { url, credentials: (id, secret) } => loader
            .endpoint_url(url)
            .region(Region::new("us-east-1"))
            .credentials_provider(aws_sdk_s3::config::Credentials::new(id, secret, None, None, "local stack")),
    };
    loader.load().await
}
