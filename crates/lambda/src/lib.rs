//! What every Lambda function does alike: it is wired once per container, is named by its `Handler` (which Lambda tells
//! as `_HANDLER`), and tells failures by the names that the definitions match.
//!
//! A function's own `main.rs` says which parts it needs; its `handler.rs` translates events.

mod asked;
mod bill;
mod call;
mod children;
mod clock;
mod diagnostic;
mod host;
mod letters;
mod missing;
mod nodes;
mod queue;
mod recover;
mod referee;
mod reports;
mod scripts;
mod settle;
mod told;

pub use asked::{OpenLater, Opening};
pub use clock::SystemClock;
pub use diagnostic::Failed;
pub use host::{Host, OpenModels, Parts, optional_variable};
pub use letters::bury;
pub use nodes::{Nodes, Outside, node};
pub use queue::work;
pub use recover::recover;
pub use referee::RefereeHost;
pub use reports::{report, sweep};
pub use settle::settle;

use lambda_runtime::{Error, LambdaEvent};
use serde_json::Value;
use tracing_subscriber::{
    filter::{LevelFilter, Targets},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

/// Plain lines on standard error, where Lambda collects them. `MAESTRO_LOG` says what is kept, such as `debug` or
/// `info,maestro_aws=trace`.
///
/// # Errors
/// When logging was started before.
pub fn start_logging() -> Result<(), Error> {
    let asked = host::variable("MAESTRO_LOG").ok().and_then(|text| text.parse().ok());
    // Without the patterns that other filters know: their engine is a good part of a small program.
    let filter = asked.unwrap_or_else(|| Targets::new().with_default(LevelFilter::INFO));
    // Lambda adds the time to each line.
    let lines = tracing_subscriber::fmt::layer().with_ansi(false).without_time().with_writer(bill::Counted::default);
    Ok(tracing_subscriber::registry().with(filter).with(lines).try_init()?)
}

/// Answers an invocation that a definition makes and waits for.
///
/// # Errors
/// [`Failed`], under the name that the definition matches.
pub async fn invoke(host: &Host, name: &str, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    let bill = host.open_bill();
    let platform = call::awaited(host.platform(), &event.context);
    let answered = maestro_sdlc::handle(&platform, name, &event.payload).await;
    host.flush().await;
    host.close_bill(bill, call::run_of(&event.payload).ok(), answered.is_ok(), &event.context).await;
    answered.map_err(Failed::from)
}
