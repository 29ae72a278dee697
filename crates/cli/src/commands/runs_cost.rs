//! `maestro runs cost`: what a run costs at list prices.

use crate::{
    context::Context,
    cost::{
        self, Line, Prices,
        model::{self, ModelBill},
    },
    output::Output,
    site,
    stop::{Exit, Stop},
    table,
};
use maestro_domain::{Account, CallsByOperation};
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

pub(crate) async fn run(args: &Args, context: &Context<'_>) -> Result<Exit, Stop> {
    let Context { output, .. } = *context;
    let (there, stored) = context.find(&args.run).await?;
    let run = &stored.run;
    let failed = |error: maestro_store::Error| site::failed(&error);
    let calls = there.store().calls(&run.id).await.map_err(failed)?;
    let account = there.store().account(Some(&run.id)).await.map_err(failed)?.unwrap_or_default();
    let model = model::bill(&run.model, &calls, &account);
    let Some(transitions) = there.transitions(run).await.map_err(|error| site::failed(&error))? else {
        if args.json {
            output.json(&json!({"run": run.id, "billed": false, "model": model}));
        } else {
            let what = if account.spent.micro_usd > 0 { "no infrastructure" } else { "nothing" };
            output.line(format!("{what} was billed: run `{}` was executed on this machine", run.id));
            show_model(output, &model, &run.model, &account);
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
    show_model(output, &model, &run.model, &account);
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

/// What models used, by phase, persona and model, and what of the budget that is.
fn show_model(output: &Output, bill: &ModelBill, name: &str, account: &Account) {
    if !bill.lines.is_empty() {
        let mut table =
            table::new(output, &["phase", "persona", "model", "turns", "reworked", "read", "cached", "written", "usd"]);
        for line in &bill.lines {
            table.add_row([
                &line.phase,
                &line.persona,
                &line.model,
                &line.turns.to_string(),
                &line.rework_turns.to_string(),
                &line.prompt_tokens.to_string(),
                &line.cached_tokens.to_string(),
                &line.output_tokens.to_string(),
                &format!("{:.6}", line.usd + line.lost_usd),
            ]);
        }
        output.line(String::new());
        table::print(output, &table);
    }
    output.line(model::told(name, account));
    if let Some(shares) = bill.shares {
        output.line(format!("of the tokens: {}", shares.told()));
    }
}

/// As many digits as say something.
fn amount(quantity: f64) -> String {
    if quantity.fract() == 0.0 { format!("{quantity:.0}") } else { format!("{quantity:.6}") }
}
