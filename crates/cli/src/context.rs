//! What every command about runs works with.

use crate::{
    config::Config,
    flow_site::FlowSite,
    flows,
    output::Output,
    site::{self, On, Preparation, Site, Sites},
    stop::Stop,
};
use maestro_domain::FlowRun;
use maestro_store::StoredRun;
use maestro_workflow::Workflow;

/// Where runs are, and how the user is told of them.
pub(crate) struct Context<'a> {
    sites: &'a dyn Sites,
    pub(crate) on: On,
    pub(crate) config: &'a Config,
    pub(crate) output: &'a Output,
}

impl<'a> Context<'a> {
    pub(crate) const fn new(sites: &'a dyn Sites, on: On, config: &'a Config, output: &'a Output) -> Self {
        Self { sites, on, config, output }
    }

    /// The site with its runs; `None` where there are none yet.
    pub(crate) async fn existing(&self) -> Result<Option<Box<dyn Site>>, Stop> {
        self.sites.existing(self.on, self.config).await
    }

    /// The site, ready to execute runs.
    pub(crate) async fn ready(&self, how: Preparation) -> Result<Box<dyn Site>, Stop> {
        self.sites.ready(self.on, self.config, how).await
    }

    /// The site with its runs of workflows; `None` where there are none yet.
    pub(crate) async fn flows(&self) -> Result<Option<Box<dyn FlowSite>>, Stop> {
        self.sites.flows(self.on, self.config).await
    }

    /// The site, ready to execute a workflow.
    pub(crate) async fn flows_ready(&self, workflow: &Workflow, unsandboxed: bool) -> Result<Box<dyn FlowSite>, Stop> {
        self.sites.flows_ready(self.on, self.config, workflow, unsandboxed).await
    }

    /// The run of a workflow that the user names, and the site that holds it.
    pub(crate) async fn find_flow(&self, name: &str) -> Result<(Box<dyn FlowSite>, FlowRun), Stop> {
        match self.flows().await? {
            Some(site) => {
                let run = flows::find_in(&*site, name).await?;
                Ok((site, run))
            }
            None => Err(flows::no_run(&self.config.home.display().to_string(), name)),
        }
    }

    /// The run that the user names, and the site that holds it.
    pub(crate) async fn find(&self, name: &str) -> Result<(Box<dyn Site>, StoredRun), Stop> {
        match self.existing().await? {
            Some(site) => {
                let run = site::find_in(&*site, name).await?;
                Ok((site, run))
            }
            None => Err(site::no_run(&self.config.home.display().to_string(), name)),
        }
    }
}
