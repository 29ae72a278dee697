//! What comes from whoever runs jobs: one object a job, `incoming/<tenant>/<run>/<job>`. They may write nothing else, and
//! nothing that stands there counts before it was checked.

use crate::Lazy;
use aws_sdk_s3::{
    Client,
    error::{DisplayErrorContext, SdkError},
    operation::get_object::GetObjectError,
    primitives::ByteStream,
};
use maestro_domain::{ContentHash, RunId, TenantId};
use maestro_ports::work::Error;

/// How the names of these objects begin.
pub const PREFIX: &str = "incoming/";
/// The most that one may hold; a report of hundreds of tests is a tenth of it.
pub const MOST: usize = 4 << 20;

/// What is there of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// More than a report may hold.
    TooMuch,
    /// These bytes.
    Bytes(Vec<u8>),
}

/// One bucket.
#[derive(Debug, Clone)]
pub struct Incoming {
    client: Lazy<Client>,
    bucket: String,
}

/// The name of a job's object.
#[must_use]
pub fn key(tenant: &TenantId, run: &RunId, job: &ContentHash) -> String {
    format!("{PREFIX}{tenant}/{run}/{job}")
}

/// The job that an object's name is about.
#[must_use]
pub fn job_of(key: &str) -> Option<(TenantId, RunId, ContentHash)> {
    let mut parts = key.strip_prefix(PREFIX)?.split('/');
    let (tenant, run, job) = (parts.next()?, parts.next()?, parts.next()?);
    let hash = job.len() == 64 && job.bytes().all(|byte| byte.is_ascii_hexdigit());
    if parts.next().is_some() || !hash {
        return None;
    }
    Some((TenantId::new(tenant).ok()?, RunId::new(run).ok()?, serde_json::from_value(job.into()).ok()?))
}

impl Incoming {
    /// The bucket of this name.
    #[must_use]
    pub fn new(client: Lazy<Client>, bucket: impl Into<String>) -> Self {
        Self { client, bucket: bucket.into() }
    }

    /// Puts a report.
    ///
    /// # Errors
    /// When S3 refuses or fails.
    pub async fn put(&self, tenant: &TenantId, run: &RunId, job: &ContentHash, report: Vec<u8>) -> Result<(), Error> {
        let put = self.client.put_object().bucket(&self.bucket).key(key(tenant, run, job));
        let put = put.content_type("application/json").body(ByteStream::from(report)).send().await;
        put.map(drop).map_err(|error| failed("put a report", &error))
    }

    /// Reads what is there of a job.
    ///
    /// # Errors
    /// When S3 refuses or fails.
    pub async fn get(&self, tenant: &TenantId, run: &RunId, job: &ContentHash) -> Result<Found, Error> {
        let got = self.client.get_object().bucket(&self.bucket).key(key(tenant, run, job)).send().await;
        let object = match got {
            Ok(object) => object,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => {
                return Ok(Found::Nothing);
            }
            Err(error) => return Err(failed("read a report", &error)),
        };
        if object.content_length().is_none_or(|bytes| usize::try_from(bytes).is_ok_and(|bytes| bytes > MOST)) {
            return Ok(Found::TooMuch);
        }
        let bytes = object.body.collect().await;
        let bytes = bytes.map_err(|error| Error { action: "read a report", reason: error.to_string() })?;
        Ok(Found::Bytes(bytes.to_vec()))
    }
}

fn failed<E, R>(action: &'static str, error: &SdkError<E, R>) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    Error { action, reason: DisplayErrorContext(error).to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_jobs_or_nobodys() {
        let (tenant, run, job) = (TenantId::local(), RunId::new("run-1").unwrap(), ContentHash::of(b"j"));
        let name = key(&tenant, &run, &job);
        assert_eq!(name, format!("incoming/local/run-1/{job}"));
        assert_eq!(job_of(&name), Some((tenant, run, job)));
        for other in
            [format!("{name}/x"), name.replace("incoming", "t-local"), "incoming/a/run-1/b".into(), String::new()]
        {
            assert_eq!(job_of(&other), None, "{other}");
        }
    }
}
