//! Finds what is deployed.

use crate::remote::{Remote, Resources};
use async_trait::async_trait;
use maestro_aws::{Clients, Endpoint, deployment};
use maestro_cli::{
    Config, Exit, Stop,
    site::{On, Preparation, Site, Sites},
};
use maestro_domain::TenantId;
use maestro_stack::Stack;
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
        let (name, clients, outputs) = match on {
            On::LocalStack => local_stack(config).await?,
            On::Aws | On::Here => aws(config).await?,
        };
        let output = |key: &str| {
            outputs.get(key).ok_or_else(|| {
                Stop::unusable(format!("{name} gives out no `{key}`")).help("deploy the template of this maestro to it")
            })
        };
        let tenant = TenantId::new(output("Tenant")?).map_err(|error| Stop::from_error(Exit::Unusable, &error))?;
        let resources = Resources {
            table: output("TableName")?,
            bucket: output("BucketName")?,
            life_cycle: output("SdlcStateMachineArn")?,
            phase: output("PhaseStateMachineArn")?,
        };
        // As the emulator tells them.
        let thin_history = on == On::LocalStack;
        Ok(Box::new(Remote::new(name.clone(), &clients, &resources, tenant, how.force, thin_history)))
    }
}

type Found = (String, Clients, BTreeMap<String, String>);

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
    Ok((format!("the local stack at {}", server.endpoint()), Clients::new(&local).await, deployed.outputs))
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
    Ok((format!("the stack `{}` on AWS", config.stack), clients, outputs))
}
