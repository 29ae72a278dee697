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
use maestro_domain::{Account, CallsByOperation, RunId, Spending};
use maestro_store::budget::CallRow;
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
    let (there, stored) = context.find(&args.run).await?;
    let (run, store) = (&stored.run, there.store());
    let failed = |error: maestro_store::Error| site::failed(&error);
    let calls = store.calls(&run.id).await.map_err(failed)?;
    let account = store.account(Some(&run.id)).await.map_err(failed)?.unwrap_or_default();
    let infrastructure = match there.transitions(run).await.map_err(|error| site::failed(&error))? {
        Some(transitions) => Some((transitions, store.spendings(&run.id).await.map_err(failed)?)),
        None => None,
    };
    let spent = Spent { run: &run.id, model: Some(&run.model), calls, account, infrastructure };
    spent.tell(args.json, args.calls, context.output)
}

/// What a run used.
pub(crate) struct Spent<'a> {
    pub(crate) run: &'a RunId,
    /// The run's model, where it has any.
    pub(crate) model: Option<&'a str>,
    /// Calls of models.
    pub(crate) calls: Vec<CallRow>,
    pub(crate) account: Account,
    /// Where somebody bills it: states entered, and what each call of a function used.
    pub(crate) infrastructure: Option<(u64, Vec<Spending>)>,
}

impl Spent<'_> {
    /// Tells it.
    pub(crate) fn tell(&self, json: bool, operations: bool, output: &Output) -> Result<Exit, Stop> {
        let (run, account) = (self.run, &self.account);
        let model = self.model.map(|name| (name, model::bill(name, &self.calls, account)));
        let bill = model.as_ref().map(|(_, bill)| bill);
        let Some((transitions, spendings)) = &self.infrastructure else {
            if json {
                output.json(&json!({"run": run, "billed": false, "model": bill}));
            } else {
                let what = if account.spent.micro_usd > 0 { "no infrastructure" } else { "nothing" };
                output.line(format!("{what} was billed: run `{run}` was executed on this machine"));
                show_model(output, model.as_ref(), account);
            }
            return Ok(Exit::Ok);
        };
        let prices = Prices::load().map_err(|error| Stop::from_error(Exit::Failed, &error))?;
        let lines = cost::bill(&prices, spendings.iter().filter(|one| !cost::of_referee(one)), *transitions);
        let referee = cost::bill(&prices, spendings.iter().filter(|one| cost::of_referee(one)), 0);
        let mut calls = CallsByOperation::new();
        for (operation, more) in spendings.iter().flat_map(|one| &one.calls) {
            *calls.entry(operation.clone()).or_default() += *more;
        }
        if json {
            output.json(&json!({
                "run": run,
                "billed": true,
                "prices": {"as_of": prices.as_of, "region": prices.region, "currency": prices.currency},
                "usd": cost::total(&lines),
                "lines": lines,
                "model": bill,
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
        output.line(format!(
            "referee: {:.6} USD as a function; minutes of CodeBuild are not counted",
            cost::total(&referee)
        ));
        show_model(output, model.as_ref(), account);
        output.line(format!(
            "\nlist prices of {}, {}; without storage, alarms and the asking of empty queues",
            prices.region, prices.as_of
        ));
        if operations {
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
}

/// What models used, by phase, persona and model, and what of the budget that is.
fn show_model(output: &Output, model: Option<&(&str, ModelBill)>, account: &Account) {
    let Some((name, bill)) = model else { return };
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
