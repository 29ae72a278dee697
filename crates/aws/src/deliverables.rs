//! Deliverables on S3: one zip file each, so that a deliverable is there whole or not at all.

use crate::Lazy;
use async_trait::async_trait;
use aws_sdk_s3::{Client, error::ProvideErrorMetadata, primitives::ByteStream};
use maestro_domain::{Run, TenantId};
use maestro_ports::{Deliverables, deliverable::Error};
use std::{
    collections::BTreeMap,
    io::{self, Cursor, Read, Write},
};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// `t-<tenant>/deliverables/<run>.zip` in one bucket. No run is called `deliverables`: their ids start with `run-`.
#[derive(Debug, Clone)]
pub struct S3Deliverables {
    client: Lazy<Client>,
    bucket: String,
}

impl S3Deliverables {
    /// The bucket of this name.
    #[must_use]
    pub fn new(client: Lazy<Client>, bucket: impl Into<String>) -> Self {
        Self { client, bucket: bucket.into() }
    }

    fn key(tenant: &TenantId, run: &Run) -> String {
        format!("t-{tenant}/deliverables/{}.zip", run.id)
    }

    fn address(&self, key: &str) -> String {
        format!("s3://{}/{key}", self.bucket)
    }

    /// Reads a deliverable's files back; `None` where there is none.
    ///
    /// # Errors
    /// [`Error::Io`] when it cannot be read.
    pub async fn fetch(&self, tenant: &TenantId, run: &Run) -> Result<Option<BTreeMap<String, Vec<u8>>>, Error> {
        let key = Self::key(tenant, run);
        let failed = |source: io::Error| Error::Io { place: self.address(&key), source };
        let found = match self.client.get_object().bucket(&self.bucket).key(&key).send().await {
            Ok(found) => found,
            Err(error) if error.code() == Some("NoSuchKey") => return Ok(None),
            Err(error) => return Err(failed(io::Error::other(error))),
        };
        let bytes = found.body.collect().await.map_err(|error| failed(io::Error::other(error)))?.into_bytes();
        unpack(&bytes).map(Some).map_err(failed)
    }
}

#[async_trait]
impl Deliverables for S3Deliverables {
    async fn publish(&self, tenant: &TenantId, run: &Run, files: BTreeMap<String, Vec<u8>>) -> Result<String, Error> {
        let key = Self::key(tenant, run);
        let address = self.address(&key);
        let failed = |source: io::Error| Error::Io { place: address.clone(), source };
        let bytes = pack(&files).map_err(failed)?;
        let put = self.client.put_object().bucket(&self.bucket).key(key).content_type("application/zip");
        put.body(ByteStream::from(bytes)).send().await.map_err(|error| failed(io::Error::other(error)))?;
        Ok(address)
    }

    async fn withdraw(&self, tenant: &TenantId, run: &Run) -> Result<bool, Error> {
        let key = Self::key(tenant, run);
        let failed = |source: io::Error| Error::Io { place: self.address(&key), source };
        match self.client.head_object().bucket(&self.bucket).key(&key).send().await {
            Ok(_) => {}
            Err(error) if error.as_service_error().is_some_and(|error| error.is_not_found()) => return Ok(false),
            Err(error) => return Err(failed(io::Error::other(error))),
        }
        let deleted = self.client.delete_object().bucket(&self.bucket).key(&key).send().await;
        deleted.map(|_| true).map_err(|error| failed(io::Error::other(error)))
    }
}

/// The same files give the same bytes: no time of day stands in them.
fn pack(files: &BTreeMap<String, Vec<u8>>) -> io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, bytes) in files {
        zip.start_file(path, SimpleFileOptions::default()).map_err(io::Error::other)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish().map_err(io::Error::other)?.into_inner())
}

fn unpack(bytes: &[u8]) -> io::Result<BTreeMap<String, Vec<u8>>> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(io::Error::other)?;
    let mut files = BTreeMap::new();
    for index in 0..zip.len() {
        let mut file = zip.by_index(index).map_err(io::Error::other)?;
        let path = file.name().map_err(io::Error::other)?.into_owned();
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        files.insert(path, bytes);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_packed_comes_back() {
        let files: BTreeMap<_, _> = [("a/b.py", "x"), ("maestro.json", "{}"), ("é", "")]
            .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
            .into();
        let packed = pack(&files).unwrap();
        assert_eq!(unpack(&packed).unwrap(), files);
        assert_eq!(packed, pack(&files).unwrap());
    }
}
