//! `maestro budget`: what all runs of the tenant may spend together.

use super::runs_grant::More;
use crate::{
    context::Context,
    output::Output,
    site,
    stop::{Exit, Stop},
    table,
};
use jiff::Timestamp;
use maestro_domain::{Account, Grant, Limit, budget::usd};
use serde_json::json;

/// What to do with the tenant's budget.
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Budget {
    /// Shows what was granted to all runs together, what is reserved and what is spent
    Show(Show),
    /// Grants more to all runs together; without a grant they have no limit but their own
    Grant(More),
}

/// Arguments of `budget show`.
#[derive(Debug, clap::Args)]
pub(crate) struct Show {
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(command: &Budget, context: &Context<'_>) -> Result<Exit, Stop> {
    let output = context.output;
    let there = context.existing().await?;
    let Some(there) = there.as_deref() else {
        return match command {
            Budget::Show(args) => Ok(show(output, args.json, &Account::new(Limit::NONE), &[])),
            Budget::Grant(_) => {
                Err(Stop::unusable("there are no runs here yet, so there is nothing to grant a budget to"))
            }
        };
    };
    let failed = |error: maestro_store::Error| site::failed(&error);
    let (account, json) = match command {
        Budget::Show(args) => (there.store().account(None).await.map_err(failed)?, args.json),
        Budget::Grant(more) => (Some(there.store().grant(None, &more.grant()?).await.map_err(failed)?), more.json),
    };
    let grants = there.store().grants(None).await.map_err(failed)?;
    Ok(show(output, json, &account.unwrap_or(Account::new(Limit::NONE)), &grants))
}

fn show(output: &Output, json: bool, account: &Account, grants: &[Grant]) -> Exit {
    if json {
        output.json(&json!({"account": account, "grants": grants}));
        return Exit::Ok;
    }
    if account.granted.none() {
        output.line("no limit for all runs together; each has its own");
    }
    let mut table = table::new(output, &["", "usd", "tokens"]);
    let limit = |limit: Option<u64>, told: fn(u64) -> String| limit.map_or_else(|| "no limit".to_owned(), told);
    let tokens = |tokens: u64| tokens.to_string();
    let granted = (limit(account.granted.micro_usd, usd), limit(account.granted.tokens, |tokens| tokens.to_string()));
    table.add_row(["granted", &granted.0, &granted.1]);
    table.add_row(["reserved", &usd(account.reserved.micro_usd), &tokens(account.reserved.tokens)]);
    table.add_row(["spent", &usd(account.spent.micro_usd), &tokens(account.spent.tokens)]);
    table::print(output, &table);
    for Grant { amount, by, at_ms } in grants {
        let at = i64::try_from(*at_ms).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
        let at = at.map_or_else(|| at_ms.to_string(), |at| at.strftime("%Y-%m-%d %H:%M").to_string());
        let tokens = amount.tokens.map_or_else(String::new, |tokens| format!(" {tokens} tokens"));
        let money = amount.micro_usd.map_or_else(String::new, |micro| format!(" {}", usd(micro)));
        output.line(format!("{at}{money}{tokens} by {by}"));
    }
    Exit::Ok
}
