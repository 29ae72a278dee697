//! Executions that ended without writing it down: somebody stopped them, they ran out of time, or their last step failed.

use crate::{Failed, Host, children::follow_end};
use lambda_runtime::LambdaEvent;
use maestro_domain::{Event, FailureKind, RunId};
use maestro_flows::lifecycle as flows;
use maestro_sdlc::{
    Failure,
    lifecycle::{self, Ending, Error},
};
use serde::Deserialize;
use serde_json::{Value, json};

/// What Step Functions tells of an execution: of the life cycle, or of a workflow.
#[derive(Deserialize)]
struct Told {
    detail: Detail,
}

#[derive(Deserialize)]
struct Detail {
    /// The execution's name.
    name: String,
    status: String,
    /// Its input as text; it is short, so it is never left out.
    input: String,
    #[serde(default)]
    error: Option<String>,
    #[serde(default)]
    cause: Option<String>,
}

#[derive(Deserialize)]
struct Input {
    run: RunId,
}

/// The error that Step Functions gives an execution which ran out of time.
const TIMED_OUT: &str = "States.Timeout";

/// Ends the run of an execution that has ended, unless the run has ended or goes on in another one. Doing it again
/// changes nothing.
///
/// # Errors
/// [`Failed`] where the event cannot be read or the store refuses; Lambda tries twice more then.
pub async fn settle(host: &Host, event: LambdaEvent<Value>) -> Result<Value, Failed> {
    let bill = host.open_bill();
    let (run, execution, ending) = read(&event.payload).map_err(Failed::from)?;
    let (store, clock) = (&host.platform().store, &host.platform().clock);
    let settled = match lifecycle::settle(store, &run, &execution, &ending, clock.now_ms()).await {
        Err(Error::Store(maestro_store::Error::NoRun { .. })) => {
            let settled = settle_flow(host, &run, &execution, ending).await;
            host.close_bill(bill, Some(run), false, &event.context).await;
            return settled;
        }
        settled => settled,
    };
    let (ended, by_us) = settled.map_err(|error| Failed::from(Failure::from_error(FailureKind::Store, &error)))?;
    if by_us {
        host.platform().events.emit(store.tenant(), &run, Event::RunEnded { status: ended.status });
    }
    host.flush().await;
    host.close_bill(bill, Some(run), true, &event.context).await;
    Ok(json!({"settled": by_us, "status": ended.status}))
}

/// The same for a run of a workflow. Executions of its parts are none of those that its row names.
async fn settle_flow(host: &Host, run: &RunId, execution: &str, ending: Ending) -> Result<Value, Failed> {
    let ending = match ending {
        Ending::Done => flows::Ending::Done,
        Ending::Stopped => flows::Ending::Stopped,
        Ending::Failed { error, .. } if error == TIMED_OUT => flows::Ending::timed_out(),
        Ending::Failed { error, cause } => flows::Ending::by(error, cause),
    };
    let (store, now) = (&host.platform().store, host.platform().clock.now_ms());
    match flows::settle(store, run, execution, &ending, now).await {
        Ok(ended) => {
            let follows = follow_end(host, &ended).await;
            follows.map_err(|error| Failed::from(Failure::from_error(FailureKind::Store, &*error)))?;
            Ok(json!({"settled": ended.status.terminal(), "status": ended.status}))
        }
        // It was deleted, and nobody asks any more.
        Err(flows::Error::Store(maestro_store::Error::NoRun { .. })) => Ok(json!({"settled": false})),
        Err(error) => Err(Failed::from(Failure::from_error(FailureKind::Store, &error))),
    }
}

/// The run, its execution and how that ended.
fn read(event: &Value) -> Result<(RunId, String, Ending), Failure> {
    let unreadable = |error| Failure::from_error(FailureKind::BadOutput, &error);
    let Told { detail } = Told::deserialize(event).map_err(unreadable)?;
    let Input { run } = serde_json::from_str(&detail.input).map_err(unreadable)?;
    let ending = match detail.status.as_str() {
        "SUCCEEDED" => Ending::Done,
        "ABORTED" => Ending::Stopped,
        status => Ending::Failed {
            error: detail.error.unwrap_or_else(|| if status == "TIMED_OUT" { TIMED_OUT } else { status }.to_owned()),
            cause: detail.cause.unwrap_or_else(|| format!("the execution ended as {status}")),
        },
    };
    Ok((run, detail.name, ending))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: &str, error: Option<&str>) -> Result<(RunId, String, Ending), Failure> {
        let input = json!({"run": "run-1", "on_failure": "keep"}).to_string();
        read(&json!({"detail": {"name": "run-1-r2", "status": status, "input": input, "error": error, "cause": error}}))
    }

    #[test]
    fn an_end_is_read_with_its_run_and_execution() {
        let (run, execution, ending) = told("ABORTED", Some("somebody")).unwrap();
        assert_eq!((run.as_str(), execution.as_str(), ending), ("run-1", "run-1-r2", Ending::Stopped));
        assert_eq!(told("SUCCEEDED", None).unwrap().2, Ending::Done);
        let failed = |error: &str, cause: &str| Ending::Failed { error: error.to_owned(), cause: cause.to_owned() };
        assert_eq!(told("FAILED", Some("x")).unwrap().2, failed("x", "x"));
        assert_eq!(told("TIMED_OUT", None).unwrap().2, failed("States.Timeout", "the execution ended as TIMED_OUT"));
        let refused = read(&json!({"detail": {"name": "n", "status": "FAILED", "input": "{}"}})).unwrap_err();
        assert_eq!(refused.kind, FailureKind::BadOutput);
    }
}
