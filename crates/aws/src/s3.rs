//! Blobs on S3: `t-<tenant>/<run>/<hash>`.

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
    client: Client,
    bucket: String,
}

impl S3Blobs {
    /// The bucket of this name.
    #[must_use]
    pub fn new(client: Client, bucket: impl Into<String>) -> Self {
        Self { client, bucket: bucket.into() }
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
        let get = self.client.get_object().bucket(&self.bucket).key(folder(tenant, run) + text);
        let found =
            get.send().await.map_err(|error| if absent(&error) { missing() } else { io("read a blob", error) })?;
        let bytes = found.body.collect().await.map_err(|source| io("read a blob", source))?.into_bytes();
        if ContentHash::of(&bytes) != *hash {
            return Err(Error::Damaged { hash: hash.clone() });
        }
        Ok(bytes.into())
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
