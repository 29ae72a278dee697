//! Token buckets of models that the functions of one tenant share.

use crate::{
    Error, Store,
    codec::{inline, inline_text, lost_race, parse, to_text, unchanged},
    keys,
};
use async_trait::async_trait;
use maestro_domain::TokenBucket;
use maestro_ports::{
    model::{BucketError, TokenBuckets},
    table::{Condition, Durability, Write},
};

impl Store {
    async fn read_bucket(&self, model: &str) -> Result<Option<TokenBucket>, Error> {
        let key = keys::bucket(&self.tenant, model);
        match self.get(&key).await? {
            Some(item) => parse(&key, inline_text(&key, &item)?).map(Some),
            None => Ok(None),
        }
    }

    async fn write_bucket(&self, model: &str, read: Option<TokenBucket>, new: TokenBucket) -> Result<bool, Error> {
        const WHAT: &str = "a token bucket";
        let condition = match read {
            Some(read) => unchanged(&to_text(WHAT, &read)?),
            None => Condition::Absent,
        };
        let write =
            Write::Put { key: keys::bucket(&self.tenant, model), item: inline(to_text(WHAT, &new)?), condition };
        match self.write(vec![write], Durability::Process).await {
            Ok(()) => Ok(true),
            Err(error) if lost_race(&error) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl TokenBuckets for Store {
    async fn bucket(&self, model: &str) -> Result<Option<TokenBucket>, BucketError> {
        self.read_bucket(model).await.map_err(|error| failed(model, error))
    }

    async fn replace_bucket(
        &self,
        model: &str,
        read: Option<TokenBucket>,
        new: TokenBucket,
    ) -> Result<bool, BucketError> {
        self.write_bucket(model, read, new).await.map_err(|error| failed(model, error))
    }
}

fn failed(model: &str, error: Error) -> BucketError {
    BucketError { model: model.to_owned(), source: Box::new(error) }
}
