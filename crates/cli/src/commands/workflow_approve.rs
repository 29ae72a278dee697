//! `maestro workflow approve` and `reject`: a person's word on a node that waits for it.

use crate::{
    context::Context,
    flows, site,
    stop::{Exit, Stop},
};
use maestro_domain::RunStatus;
use maestro_embedded::SystemClock;
use maestro_ports::Clock;
use maestro_store::Word;
use maestro_workflow::{
    expression,
    graph::Ix,
    types::{
        self,
        approval::{self, Approval},
    },
};

/// Arguments of `workflow approve` and `workflow reject`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, its name, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// The node that waits
    #[arg(value_name = "NODE")]
    node: String,
    /// Who says so: one of the node's `approvers`
    #[arg(long, value_name = "NAME")]
    by: String,
    /// What else they say
    #[arg(long, value_name = "TEXT")]
    comment: Option<String>,
}

pub(crate) async fn run(args: &Args, approves: bool, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    let (site, run) = context.find_flow(&args.run).await?;
    let workflow = flows::workflow(site.store(), &run).await?;
    let number = flows::node(&workflow, &args.node)?;
    if run.status == RunStatus::Ok {
        return Err(Stop::unusable(format!("run `{}` has ended well: nobody waits for a word any more", run.id)));
    }
    let approvers: Vec<String> = workflow
        .configs(Ix(number), approval::NAME)
        .into_iter()
        .filter_map(|config| types::read::<Approval>(&config.to_json()).ok())
        .flat_map(|approval| approval.approvers)
        .collect();
    if approvers.is_empty() {
        return Err(Stop::unusable(format!("node `{}` waits for nobody's approval", args.node)));
    }
    // Whom an expression names is known to whoever evaluates it, who counts no other's words.
    if !approvers.contains(&args.by) && !approvers.iter().any(|name| expression(name).is_some()) {
        return Err(Stop::unusable(format!("`{}` is none of those who may approve node `{}`", args.by, args.node))
            .help(format!("they are {}", approvers.join(", "))));
    }
    let word = Word { by: args.by.clone(), approves, comment: args.comment.clone(), at_ms: SystemClock.now_ms() };
    site.store().say(&run.id, number, &word).await.map_err(|error| site::failed(&error))?;
    site.heard(&run, &[&args.node]).await.map_err(|error| flows::failed(&error))?;
    let said = if approves { "approves" } else { "rejects" };
    output.line(format!("`{}` {said} `{}` of run `{}`", args.by, args.node, run.id));
    if run.status.terminal() {
        output.note(format!("nobody executes the run; go on with `{}`", context.on.resume_flow(&run.id)));
    }
    Ok(Exit::Ok)
}
