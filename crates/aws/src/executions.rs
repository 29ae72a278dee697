//! Executions of state machines: starting, watching, stopping.

use crate::Lazy;
use aws_sdk_sfn::{
    Client,
    error::{DisplayErrorContext, ProvideErrorMetadata, SdkError},
    types::ExecutionStatus,
};
use serde_json::Value;

/// Events of a history that are read at once.
const PAGE: i32 = 1_000;

/// How an execution stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is under way.
    Running,
    /// It ended well.
    Succeeded,
    /// It failed, ran out of time or was stopped.
    Ended {
        /// The error's name.
        error: String,
        /// What happened.
        cause: String,
    },
    /// There is none of this name.
    Absent,
}

/// A call that gave no answer to go by.
#[derive(Debug, thiserror::Error)]
#[error("Step Functions could not {action}: {reason}")]
pub struct Error {
    action: &'static str,
    reason: String,
}

/// Executions of one state machine.
#[derive(Debug, Clone)]
pub struct Executions {
    client: Lazy<Client>,
    machine: String,
}

impl Executions {
    /// Those of the state machine with this ARN.
    #[must_use]
    pub fn new(client: Lazy<Client>, machine: impl Into<String>) -> Self {
        Self { client, machine: machine.into() }
    }

    /// Starts an execution and answers its ARN. The same name and input again is the same execution.
    ///
    /// # Errors
    /// [`Error`] when it cannot be started.
    pub async fn start(&self, name: &str, input: &Value) -> Result<String, Error> {
        let start = self.client.start_execution().state_machine_arn(&self.machine).name(name).input(input.to_string());
        match start.send().await {
            Ok(started) => Ok(started.execution_arn),
            // The first answer may have been lost; names are made of run ids, so nobody else has this one.
            Err(error) if error.code() == Some("ExecutionAlreadyExists") => Ok(self.arn(name)),
            Err(error) => Err(failed("start the execution", &error)),
        }
    }

    /// The ARN that an execution of this name has, or would have.
    #[must_use]
    pub fn arn(&self, name: &str) -> String {
        format!("{}:{name}", self.machine.replacen(":stateMachine:", ":execution:", 1))
    }

    /// How an execution stands.
    ///
    /// # Errors
    /// [`Error`] when that cannot be found out.
    pub async fn standing(&self, execution: &str) -> Result<Standing, Error> {
        let found = self.client.describe_execution().execution_arn(execution).send().await;
        let found = match found {
            Ok(found) => found,
            Err(error) if error.code() == Some("ExecutionDoesNotExist") => return Ok(Standing::Absent),
            Err(error) => return Err(failed("describe the execution", &error)),
        };
        Ok(match found.status {
            ExecutionStatus::Running | ExecutionStatus::PendingRedrive => Standing::Running,
            ExecutionStatus::Succeeded => Standing::Succeeded,
            other => Standing::Ended {
                error: found.error.unwrap_or_else(|| other.as_str().to_owned()),
                cause: found.cause.unwrap_or_default(),
            },
        })
    }

    /// How many states an execution entered, and how many tries of its tasks were repeated: what Step Functions asks money
    /// for. 0 where there is no such execution.
    ///
    /// # Errors
    /// [`Error`] when its history cannot be read.
    pub async fn transitions(&self, execution: &str) -> Result<u64, Error> {
        let history = self.client.get_execution_history().execution_arn(execution).include_execution_data(false);
        let mut pages = history.max_results(PAGE).into_paginator().send();
        let (mut entered, mut tasks, mut tries) = (0, 0, 0);
        while let Some(page) = pages.next().await {
            let page = match page {
                Ok(page) => page,
                Err(error) if error.code() == Some("ExecutionDoesNotExist") => return Ok(0),
                Err(error) => return Err(failed("read the history", &error)),
            };
            for event in page.events {
                let kind = event.r#type.as_str();
                entered += u64::from(kind.ends_with("StateEntered"));
                tasks += u64::from(kind == "TaskStateEntered");
                tries += u64::from(kind.ends_with("Scheduled"));
            }
        }
        Ok(entered + u64::saturating_sub(tries, tasks))
    }

    /// Stops an execution; one that has ended stays as it is, and one that never began is none.
    ///
    /// # Errors
    /// [`Error`] when it cannot be stopped.
    pub async fn stop(&self, execution: &str, error: &str, cause: &str) -> Result<(), Error> {
        let stopped = self.client.stop_execution().execution_arn(execution).error(error).cause(cause).send().await;
        match stopped {
            Err(error) if error.code() != Some("ExecutionDoesNotExist") => Err(failed("stop the execution", &error)),
            _ => Ok(()),
        }
    }
}

fn failed<E, R>(action: &'static str, error: &SdkError<E, R>) -> Error
where
    E: std::error::Error + Send + Sync + 'static,
    R: std::fmt::Debug + Send + Sync + 'static,
{
    Error { action, reason: DisplayErrorContext(error).to_string() }
}
