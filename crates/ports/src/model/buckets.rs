//! Token buckets of models, where several processes share them.

use async_trait::async_trait;
use maestro_domain::TokenBucket;

/// Why a bucket could not be read or replaced.
#[derive(Debug, thiserror::Error)]
#[error("the token bucket of `{model}` could not be used")]
pub struct BucketError {
    /// Whose.
    pub model: String,
    /// Why not.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

/// The buckets that all who ask share, wherever they run.
#[async_trait]
pub trait TokenBuckets: Send + Sync {
    /// A model's bucket; `None` while its provider has refused nobody.
    async fn bucket(&self, model: &str) -> Result<Option<TokenBucket>, BucketError>;
    /// Replaces what was read. Tells whether it still was what was read; else nothing has changed.
    async fn replace_bucket(
        &self,
        model: &str,
        read: Option<TokenBucket>,
        new: TokenBucket,
    ) -> Result<bool, BucketError>;
}
