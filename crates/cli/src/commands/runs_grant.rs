//! `maestro runs grant`: lets a run spend more. Every grant has an author.

use crate::{
    context::Context,
    cost::model::told,
    site,
    stop::{Exit, Stop},
};
use maestro_domain::{Grant, Limit, RunStatus, budget::parse_usd};
use maestro_embedded::SystemClock;
use maestro_ports::Clock;
use serde_json::json;

/// Arguments of `runs grant`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    #[command(flatten)]
    more: More,
}

/// A grant, and who makes it.
#[derive(Debug, clap::Args)]
pub(crate) struct More {
    /// US dollars, such as `2.50`
    #[arg(value_name = "USD", required_unless_present = "tokens")]
    usd: Option<String>,
    /// Tokens, read and written together
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    tokens: Option<u64>,
    /// Who grants it; it is kept with the grant
    #[arg(long, value_name = "NAME")]
    by: String,
    /// Prints one JSON object
    #[arg(long)]
    pub(crate) json: bool,
}

impl More {
    /// The grant, made now.
    pub(crate) fn grant(&self) -> Result<Grant, Stop> {
        let micro_usd = self.usd.as_deref().map(parse_usd).transpose();
        let micro_usd = micro_usd.map_err(|error| Stop::from_error(Exit::Unusable, &error))?;
        if micro_usd == Some(0) {
            return Err(Stop::unusable("a grant of nothing changes nothing"));
        }
        if self.by.trim().is_empty() {
            return Err(Stop::unusable("`--by` must name who grants it"));
        }
        let amount = Limit { micro_usd, tokens: self.tokens };
        Ok(Grant { amount, by: self.by.trim().to_owned(), at_ms: SystemClock.now_ms() })
    }
}

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { on, output, .. } = *context;
    let grant = args.more.grant()?;
    let (there, stored) = context.find(&args.run).await?;
    let run = &stored.run;
    if run.status == RunStatus::Ok {
        return Err(Stop::unusable(format!("run `{}` has ended well: it spends nothing any more", run.id)));
    }
    let account = there.store().grant(Some(&run.id), &grant).await.map_err(|error| site::failed(&error))?;
    if args.more.json {
        output.json(&json!({"run": run.id, "account": account, "by": grant.by}));
        return Ok(Exit::Ok);
    }
    output.line(told(&run.model, &account));
    if run.status.terminal() {
        output.line(format!("go on with `{}`", on.resume(&run.id)));
    }
    Ok(Exit::Ok)
}
