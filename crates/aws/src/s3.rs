//! Blobs on S3: `t-<tenant>/<run>/<hash>`, and what is read together as one object,
//! `t-<tenant>/<run>/set-<hash of the sorted hashes>`.

use crate::{Lazy, set};
use async_trait::async_trait;
use aws_sdk_s3::{
    Client,
    error::SdkError,
    operation::get_object::GetObjectError,
    primitives::ByteStream,
    types::{Delete, ObjectIdentifier},
};
use maestro_domain::{ContentHash, RunId, TenantId};
use maestro_ports::{Blobs, blobs::Error};

/// Characters of a SHA-256.
const DIGITS: usize = 64;

/// One bucket.
#[derive(Debug, Clone)]
pub struct S3Blobs {
    client: Lazy<Client>,
    bucket: String,
}

impl S3Blobs {
    /// The bucket of this name.
    #[must_use]
    pub fn new(client: Lazy<Client>, bucket: impl Into<String>) -> Self {
        Self { client, bucket: bucket.into() }
    }

    /// The bytes of an object, if it is there.
    async fn object(&self, key: String) -> Result<Option<Vec<u8>>, Error> {
        let found = match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(found) => found,
            Err(error) if absent(&error) => return Ok(None),
            Err(error) => return Err(io("read a blob", error)),
        };
        let bytes = found.body.collect().await.map_err(|source| io("read a blob", source))?;
        Ok(Some(bytes.to_vec()))
    }
}

/// Ids hold no `/`, so neither tenants nor runs can run into each other. The letter keeps `..` from being a name.
fn folder(tenant: &TenantId, run: &RunId) -> String {
    format!("t-{tenant}/{run}/")
}

#[async_trait]
impl Blobs for S3Blobs {
    async fn put(&self, tenant: &TenantId, run: &RunId, bytes: &[u8]) -> Result<ContentHash, Error> {
        let hash = ContentHash::of(bytes);
        let put = self.client.put_object().bucket(&self.bucket).key(folder(tenant, run) + hash.as_str());
        put.body(ByteStream::from(bytes.to_vec())).send().await.map_err(|source| io("store a blob", source))?;
        Ok(hash)
    }

    async fn get(&self, tenant: &TenantId, run: &RunId, hash: &ContentHash) -> Result<Vec<u8>, Error> {
        let missing = || Error::Missing { hash: hash.clone() };
        let text = hash.as_str();
        if text.len() != DIGITS || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(missing());
        }
        let bytes = self.object(folder(tenant, run) + text).await?.ok_or_else(missing)?;
        if ContentHash::of(&bytes) != *hash {
            return Err(Error::Damaged { hash: hash.clone() });
        }
        Ok(bytes)
    }

    async fn put_together(
        &self,
        tenant: &TenantId,
        run: &RunId,
        blobs: &[&[u8]],
    ) -> Result<Option<Vec<ContentHash>>, Error> {
        let hashes: Vec<_> = blobs.iter().map(|bytes| ContentHash::of(bytes)).collect();
        let put = self.client.put_object().bucket(&self.bucket).key(folder(tenant, run) + &set::name(&hashes));
        let body = ByteStream::from(set::pack(&hashes, blobs));
        put.body(body).send().await.map_err(|source| io("store blobs", source))?;
        Ok(Some(hashes))
    }

    async fn get_together(
        &self,
        tenant: &TenantId,
        run: &RunId,
        hashes: &[ContentHash],
    ) -> Result<Option<Vec<Vec<u8>>>, Error> {
        match self.object(folder(tenant, run) + &set::name(hashes)).await? {
            Some(bytes) => set::unpack(hashes, &bytes).map(Some),
            None => Ok(None),
        }
    }

    /// S3 answers when the bytes are safe.
    async fn flush(&self, _: &TenantId, _: &RunId) -> Result<(), Error> {
        Ok(())
    }

    async fn delete_run(&self, tenant: &TenantId, run: &RunId) -> Result<(), Error> {
        let failed = |source: Box<dyn std::error::Error + Send + Sync>| io("delete a run's blobs", source);
        loop {
            let list = self.client.list_objects_v2().bucket(&self.bucket).prefix(folder(tenant, run));
            let found = list.send().await.map_err(|source| failed(source.into()))?;
            let keys = found.contents().iter().filter_map(|object| object.key());
            let objects: Vec<_> = keys
                .map(|key| ObjectIdentifier::builder().key(key).build())
                .collect::<Result<_, _>>()
                .map_err(|source| failed(source.into()))?;
            if objects.is_empty() {
                return Ok(());
            }
            let delete = Delete::builder().set_objects(Some(objects)).quiet(true).build();
            let delete = delete.map_err(|source| failed(source.into()))?;
            let deleted = self.client.delete_objects().bucket(&self.bucket).delete(delete).send().await;
            let deleted = deleted.map_err(|source| failed(source.into()))?;
            if let Some(refused) = deleted.errors().first() {
                let (key, why) = (refused.key().unwrap_or_default(), refused.message().unwrap_or_default());
                return Err(failed(format!("`{key}`: {why}").into()));
            }
        }
    }
}

fn absent<R>(error: &SdkError<GetObjectError, R>) -> bool {
    error.as_service_error().is_some_and(GetObjectError::is_no_such_key)
}

fn io(action: &str, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::Io { action: action.to_owned(), source: source.into() }
}
