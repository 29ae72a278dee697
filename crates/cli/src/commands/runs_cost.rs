//! `maestro runs cost`: what a run costs at list prices.

use crate::{
    context::Context,
    cost::{self, Line, Prices},
    site,
    stop::{Exit, Stop},
    table,
};
use maestro_domain::CallsByOperation;
use serde_json::json;

/// Arguments of `runs cost`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The run: its id, the beginning of it, or `latest`
    #[arg(value_name = "RUN")]
    run: String,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
    /// Shows every operation that was called, and how often
    #[arg(long)]
    calls: bool,
}

/// Of a price in millionths of a dollar.
const MICRO: f64 = 1e6;

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { output, .. } = *context;
    let (there, stored) = context.find(&args.run).await?;
    let run = &stored.run;
    let failed = |error: maestro_store::Error| site::failed(&error);
    let usage = there.store().usage(&run.id).await.map_err(failed)?;
    let tokens: u64 = usage.iter().map(|row| row.usage.tokens()).sum();
    let model_usd = usage.iter().map(|row| row.usage.cost_micro_usd).sum::<u64>() as f64 / MICRO;
    let model = json!({"name": run.model, "tokens": tokens, "usd": model_usd});
    let Some(transitions) = there.transitions(run).await.map_err(|error| site::failed(&error))? else {
        if args.json {
            output.json(&json!({"run": run.id, "billed": false, "model": model}));
        } else {
            output.line(format!("nothing was billed: run `{}` was executed on this machine", run.id));
            output.line(told_model(&run.model, tokens, model_usd));
        }
        return Ok(Exit::Ok);
    };
    let spendings = there.store().spendings(&run.id).await.map_err(failed)?;
    let prices = Prices::load().map_err(|error| Stop::from_error(Exit::Failed, &error))?;
    let lines = cost::bill(&prices, spendings.iter().filter(|one| !cost::of_referee(one)), transitions);
    let referee = cost::bill(&prices, spendings.iter().filter(|one| cost::of_referee(one)), 0);
    let mut calls = CallsByOperation::new();
    for (operation, more) in spendings.iter().flat_map(|one| &one.calls) {
        *calls.entry(operation.clone()).or_default() += *more;
    }
    if args.json {
        output.json(&json!({
            "run": run.id,
            "billed": true,
            "prices": {"as_of": prices.as_of, "region": prices.region, "currency": prices.currency},
            "usd": cost::total(&lines),
            "lines": lines,
            "model": model,
            "referee": {"usd": cost::total(&referee), "lines": referee},
            "invocations": spendings.len(),
            "calls": calls,
        }));
        return Ok(Exit::Ok);
    }
    let mut table = table::new(output, &["service", "used", "of", "usd"]);
    for Line { service, unit, quantity, usd } in &lines {
        table.add_row([*service, &amount(*quantity), *unit, &format!("{usd:.6}")]);
    }
    table::print(output, &table);
    output.line(format!("\ninfrastructure: {:.6} USD", cost::total(&lines)));
    output
        .line(format!("referee: {:.6} USD as a function; minutes of CodeBuild are not counted", cost::total(&referee)));
    output.line(told_model(&run.model, tokens, model_usd));
    output.line(format!(
        "\nlist prices of {}, {}; without storage, alarms and the asking of empty queues",
        prices.region, prices.as_of
    ));
    if args.calls {
        let mut table = table::new(output, &["operation", "calls", "tries", "units"]);
        for (operation, calls) in &calls {
            let (called, tried) = (calls.calls.to_string(), calls.attempts.to_string());
            table.add_row([operation, &called, &tried, &amount(calls.units)]);
        }
        output.line(String::new());
        table::print(output, &table);
    }
    Ok(Exit::Ok)
}

fn told_model(name: &str, tokens: u64, usd: f64) -> String {
    format!("model `{name}`: {usd:.6} USD, {tokens} tokens")
}

/// As many digits as say something.
fn amount(quantity: f64) -> String {
    if quantity.fract() == 0.0 { format!("{quantity:.0}") } else { format!("{quantity:.6}") }
}
