//! Whoever runs jobs: reads a job and its files, runs it in the sandbox, puts one report. It is given no table, no queue
//! and no bus, and its role may do nothing else. The same program is a build of CodeBuild, and a function where no
//! CodeBuild is.

use crate::{
    bill::spent,
    host::{surroundings, variable},
    reports::Document,
};
use lambda_runtime::{Context, Error, LambdaEvent};
use maestro_aws::{Clients, Counter, Endpoint, Incoming, S3Blobs};
use maestro_domain::{ContentHash, RunId, TenantId};
use maestro_ports::Referee;
use serde::Deserialize;
use serde_json::Value;
use std::time::Instant;

/// A request, as the bus holds it.
#[derive(Deserialize)]
struct Requested {
    detail: Wanted,
}

#[derive(Deserialize)]
struct Wanted {
    run: RunId,
    job: ContentHash,
}

/// A wired host of jobs.
pub struct RefereeHost {
    tenant: TenantId,
    blobs: S3Blobs,
    incoming: Incoming,
    calls: Counter,
    referee: Box<dyn Referee>,
}

impl RefereeHost {
    /// Wires a function by what Lambda sets, `MAESTRO_BUCKET` and `MAESTRO_TENANT`.
    ///
    /// # Errors
    /// When one of them is missing or cannot be used.
    pub fn of_function(referee: impl Referee + 'static) -> Result<Self, Error> {
        Self::over(Clients::of_function(surroundings()?)?, referee)
    }

    /// Wires a build by what CodeBuild sets, `MAESTRO_BUCKET` and `MAESTRO_TENANT`.
    ///
    /// # Errors
    /// When one of them is missing or cannot be used.
    pub async fn of_build(referee: impl Referee + 'static) -> Result<Self, Error> {
        Self::over(Clients::new(&Endpoint::Environment).await, referee)
    }

    fn over(clients: Clients, referee: impl Referee + 'static) -> Result<Self, Error> {
        let (bucket, tenant) = (variable("MAESTRO_BUCKET")?, TenantId::new(variable("MAESTRO_TENANT")?)?);
        Ok(Self {
            tenant,
            blobs: S3Blobs::new(clients.s3.clone(), &bucket),
            incoming: Incoming::new(clients.s3, bucket),
            calls: clients.calls,
            referee: Box::new(referee),
        })
    }

    /// Runs the job that a request on the bus asks for.
    ///
    /// # Errors
    /// When it cannot be read or its report cannot be put; whoever asked asks again.
    pub async fn invoke(&self, event: LambdaEvent<Value>) -> Result<(), Error> {
        let Requested { detail: Wanted { run, job } } = serde_json::from_value(event.payload)?;
        self.run(&run, &job, Some(&event.context)).await
    }

    /// Runs the job that `MAESTRO_RUN` and `MAESTRO_JOB` name.
    ///
    /// # Errors
    /// As [`RefereeHost::invoke`].
    pub async fn build(&self) -> Result<(), Error> {
        let run = RunId::new(variable("MAESTRO_RUN")?)?;
        let job = serde_json::from_value(variable("MAESTRO_JOB")?.into())?;
        self.run(&run, &job, None).await
    }

    async fn run(&self, run: &RunId, job: &ContentHash, context: Option<&Context>) -> Result<(), Error> {
        let (began, before) = (Instant::now(), self.calls.so_far());
        let report = maestro_sdlc::run_job(&self.blobs, &*self.referee, &self.tenant, run, job).await?;
        let spending = context.map(|context| {
            let took = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
            spent(context, self.calls.since(&before), "S3.PutObject", took)
        });
        let document = serde_json::to_vec(&Document { report, spending })?;
        Ok(self.incoming.put(&self.tenant, run, job, document).await?)
    }
}
