//! Finds what is deployed.

use crate::{
    flows::{Place, RemoteFlows},
    remote::{Remote, Resources},
};
use async_trait::async_trait;
use maestro_aws::{Clients, Endpoint, deployment};
use maestro_cli::{
    Config, Exit, Stop,
    flow_site::FlowSite,
    site::{On, Preparation, Site, Sites},
};
use maestro_domain::TenantId;
use maestro_stack::Stack;
use maestro_workflow::Workflow;
use std::collections::BTreeMap;

/// Sites that are deployed from the template.
pub(crate) struct Deployments;

#[async_trait]
impl Sites for Deployments {
    async fn existing(&self, on: On, config: &Config) -> Result<Option<Box<dyn Site>>, Stop> {
        let how = Preparation { unsandboxed: false, force: false };
        self.ready(on, config, how).await.map(Some)
    }

    async fn ready(&self, on: On, config: &Config, how: Preparation) -> Result<Box<dyn Site>, Stop> {
        if how.unsandboxed {
            return Err(Stop::unusable("`--unsandboxed` is for this machine; elsewhere the referee decides"));
        }
        let found = found(on, config).await?;
        let resources = Resources {
            table: found.output("TableName")?,
            bucket: found.output("BucketName")?,
            life_cycle: found.output("SdlcStateMachineArn")?,
            phase: found.output("PhaseStateMachineArn")?,
        };
        // As the emulator tells them.
        let thin_history = on == On::LocalStack;
        let (name, tenant) = (found.name.clone(), found.tenant()?);
        Ok(Box::new(Remote::new(name, &found.clients, &resources, tenant, how.force, thin_history)))
    }

    async fn flows(&self, on: On, config: &Config) -> Result<Option<Box<dyn FlowSite>>, Stop> {
        Ok(Some(Box::new(flows(on, config).await?)))
    }

    async fn flows_ready(
        &self,
        on: On,
        config: &Config,
        _: &Workflow,
        unsandboxed: bool,
    ) -> Result<Box<dyn FlowSite>, Stop> {
        if unsandboxed {
            return Err(Stop::unusable("`--unsandboxed` is for this machine; elsewhere the referee decides"));
        }
        Ok(Box::new(flows(on, config).await?))
    }
}

async fn flows(on: On, config: &Config) -> Result<RemoteFlows, Stop> {
    let found = found(on, config).await?;
    let place = Place {
        table: found.output("TableName")?,
        bucket: found.output("BucketName")?,
        queue: found.output("NodeQueueArn")?,
        queue_url: found.output("NodeQueueUrl")?,
        role: found.output("WorkflowRoleArn")?,
        prefix: found.output("WorkflowMachinePrefix")?,
    };
    Ok(RemoteFlows::new(found.name.clone(), &found.clients, &place, found.tenant()?))
}

/// A stack that is there.
struct Found {
    name: String,
    clients: Clients,
    outputs: BTreeMap<String, String>,
}

impl Found {
    fn output(&self, key: &str) -> Result<&str, Stop> {
        self.outputs.get(key).map(String::as_str).ok_or_else(|| {
            Stop::unusable(format!("{} gives out no `{key}`", self.name))
                .help("deploy the template of this maestro to it")
        })
    }

    fn tenant(&self) -> Result<TenantId, Stop> {
        TenantId::new(self.output("Tenant")?).map_err(|error| Stop::from_error(Exit::Unusable, &error))
    }
}

async fn found(on: On, config: &Config) -> Result<Found, Stop> {
    match on {
        On::LocalStack => local_stack(config).await,
        On::Aws | On::Here => aws(config).await,
    }
}

/// The stack of this home. Nothing of the user's AWS profile is read.
async fn local_stack(config: &Config) -> Result<Found, Stop> {
    let stack = Stack::new(config.home.join("stack"));
    let Some(server) = stack.server() else {
        return Err(Stop::unusable("the local stack is not up")
            .help("`maestro stack up` starts it, `maestro stack deploy` deploys the functions"));
    };
    let Some(deployed) = stack.deployed() else {
        return Err(Stop::unusable("nothing is deployed to the local stack").help("`maestro stack deploy` does it"));
    };
    let local = Endpoint::Local { url: server.endpoint(), credentials: ("test".to_owned(), "test".to_owned()) };
    let (name, clients) = (format!("the local stack at {}", server.endpoint()), Clients::new(&local).await);
    Ok(Found { name, clients, outputs: deployed.outputs })
}

/// The stack in the account that the environment or the AWS profile names.
async fn aws(config: &Config) -> Result<Found, Stop> {
    let clients = Clients::new(&Endpoint::Environment).await;
    let outputs = deployment::outputs(&Endpoint::Environment, &config.stack).await.map_err(|error| {
        Stop::from_error(Exit::Unusable, &error).help(
            "`MAESTRO_STACK` names the stack (default `maestro-dev`); account and region are those of the AWS \
             environment or profile",
        )
    })?;
    Ok(Found { name: format!("the stack `{}` on AWS", config.stack), clients, outputs })
}
