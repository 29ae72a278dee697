//! Models behind the model port: clients of the Anthropic Messages API, of Amazon Bedrock Converse and of whatever speaks
//! OpenAI Chat Completions; scripted replies; prices; throttling; and which model works for whom.
//!
//! # Why these clients are written here
//!
//! `genai` 0.7.2 speaks all three and more, and was looked at first. It does not carry what a durable, paid conversation needs:
//!
//! - Bedrock: no cache point anywhere in its requests, so nothing is cached (`adapters/bedrock/converse.rs`); signing with AWS
//!   credentials takes the AWS SDK's `aws-config` with it; whether a tool's result is an error is not sent.
//! - Anthropic: thoughts between texts and calls are moved before them when they go back (`adapters/anthropic/adapter_shared.rs`),
//!   which is not what was signed; `is_error` of a tool's result is not sent; a stream that breaks off before `message_stop`
//!   ends like any other (`streamer.rs`).
//! - All: a CRLF that two chunks share becomes an empty line and ends an event too early (`webc/web_stream.rs`); replies and
//!   error bodies have no bound; each chunk copies the whole unfinished event; counts are `i32`; an answer without usage counts
//!   as nothing.
//!
//! Two of three would have to be written anyway; the third is then the smaller part. A program that does nothing but ask through
//! `openai:` is 4.3 MB with these clients and all they need, and takes 4.4 MiB; with `genai` it is 5.7 MB before a provider of TLS
//! (release builds, stripped, x86_64). HTTP is `hyper` (which the AWS SDK of the
//! functions brings too), TLS is `rustls` with `ring`.
//!
//! # What this crate does not do
//!
//! It keeps no budget and records no turns: a quote says what a call costs at most, the asker decides. It never takes another
//! model than the one it is asked for. It does not read the environment.

mod client;
#[cfg(any(test, feature = "test-support"))]
pub mod clock;
pub mod config;
mod draft;
mod failure;
#[cfg(feature = "test-support")]
pub mod fake;
mod function;
mod functions;
mod http;
mod inline_calls;
mod names;
mod open;
mod price;
mod providers;
mod scripted;
mod secrets_manager;
mod signed;
mod sigv4;
mod surroundings;
mod throttle;
mod wire;

pub use config::Config;
pub use function::of_function;
pub use functions::Lambda;
pub use names::{BUILT_IN, Choice, Name, Provider, Unknown};
pub use open::Opener;
pub use price::{LongPrompt, Price};
pub use providers::openai::Profile;
pub use scripted::Scripted;
pub use secrets_manager::SecretsManager;
pub use surroundings::Surroundings;
