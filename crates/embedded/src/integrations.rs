//! The service integrations that the definitions use, each carried out in this process.

use crate::{definitions::Definitions, driver::drive, queues::Queues};
use maestro_asl::{Outcome, Pattern, StartTask};
use maestro_domain::FailureKind;
use maestro_ports::Queue as _;
use maestro_sdlc::{Handlers, Platform};
use serde_json::{Value, json};
use std::{pin::Pin, sync::Arc};
use tokio::sync::Semaphore;

/// What a task gives: an output, or an error's name and cause.
pub(crate) type Answer = Result<Value, (String, String)>;

/// Messages that workers handle at once; more wait in the queue.
const WORKERS: usize = 10;

/// What tasks are carried out with.
pub(crate) struct Integrations {
    pub(crate) platform: Platform,
    pub(crate) definitions: Arc<Definitions>,
    handlers: Arc<dyn Handlers>,
    queues: Arc<Queues>,
    workers: Semaphore,
}

impl Integrations {
    /// `queues` are those that definitions send messages to, and whoever lets a task go on.
    pub(crate) fn new(
        platform: Platform,
        definitions: Arc<Definitions>,
        handlers: Arc<dyn Handlers>,
        queues: Arc<Queues>,
    ) -> Self {
        Self { platform, definitions, handlers, queues, workers: Semaphore::new(WORKERS) }
    }

    /// Carries out one task. `execution` is the name of the execution that asks.
    pub(crate) async fn carry_out(self: Arc<Self>, task: StartTask, execution: &str) -> Answer {
        match (&*task.resource.arn, task.resource.pattern) {
            ("arn:aws:states:::lambda:invoke", Pattern::RequestResponse) => self.invoke(&task.input).await,
            ("arn:aws:states:::sqs:sendMessage.waitForTaskToken", Pattern::WaitForTaskToken) => {
                self.queue(&task.input).await
            }
            ("arn:aws:states:::states:startExecution.sync:2", Pattern::Sync2) => self.nested(task.input).await,
            (arn, _) => Err(runtime(format!("`{arn}` is not carried out on this machine (asked by `{execution}`)"))),
        }
    }

    async fn invoke(&self, input: &Value) -> Answer {
        let name = text(input, "FunctionName")?;
        let payload = input.get("Payload").unwrap_or(&Value::Null);
        let result = self.handlers.handle(&self.platform, name, payload).await.map_err(named)?;
        Ok(json!({"ExecutedVersion": "$LATEST", "Payload": result, "StatusCode": 200}))
    }

    /// A message waits in its queue until a worker is free. The worker answers the token; here the token is the task itself,
    /// because message, worker and machine live and die together. A task that waits for the referee keeps no worker: its
    /// message is removed, and worked on again when it is sent once more.
    async fn queue(&self, input: &Value) -> Answer {
        let name = text(input, "QueueUrl")?;
        let body = input.get("MessageBody").unwrap_or(&Value::Null);
        let Some(task) = body.get("task") else {
            return Err(runtime("the message holds no `task`".to_owned()));
        };
        let message = serde_json::to_string(body).map_err(|error| runtime(error.to_string()))?;
        self.queues.open(name);
        let own = self.queues.own(name, &message);
        self.queues.send(name, &message).await.map_err(|error| runtime(error.to_string()))?;
        loop {
            let received = own.receive().await;
            let platform = self.platform.for_message(name, &received.body);
            let worker = self.workers.acquire().await.map_err(|error| runtime(error.to_string()))?;
            let ended = self.handlers.handle(&platform, name, task).await;
            drop(worker);
            own.remove(&received);
            match ended {
                Err(failure) if failure.kind == FailureKind::Suspended => {}
                ended => return ended.map_err(named),
            }
        }
    }

    /// Boxed, because an execution may contain executions.
    fn nested(self: Arc<Self>, input: Value) -> Pin<Box<dyn Future<Output = Answer> + Send>> {
        Box::pin(async move {
            let machine = text(&input, "StateMachineArn")?.to_owned();
            let name = text(&input, "Name")?.to_owned();
            let given = input.get("Input").cloned().unwrap_or(Value::Null);
            let Some(definition) = self.definitions.get(&machine).cloned() else {
                return Err(runtime(format!("there is no state machine `{machine}`")));
            };
            let outcome = drive(Arc::clone(&self), &machine, definition, &name, given.clone()).await;
            let arn = format!("arn:aws:states:local:000000000000:execution:{machine}:{name}");
            let told = |status: &str, error: Option<String>, cause: Option<String>| {
                let told = json!({
                    "ExecutionArn": arn, "Input": given, "Name": name, "StateMachineArn": machine, "Status": status,
                    "Error": error, "Cause": cause,
                });
                ("States.TaskFailed".to_owned(), told.to_string())
            };
            match outcome {
                Outcome::Succeeded { output } => Ok(json!({
                    "ExecutionArn": arn, "Input": given, "Name": name, "Output": output, "StateMachineArn": machine,
                    "Status": "SUCCEEDED",
                })),
                Outcome::Failed { error, cause } => Err(told("FAILED", error, cause)),
                Outcome::TimedOut { error, cause } => Err(told("TIMED_OUT", error, cause)),
                Outcome::Aborted { error, cause } => Err(told("ABORTED", error, cause)),
            }
        })
    }
}

fn text<'a>(input: &'a Value, field: &str) -> Result<&'a str, (String, String)> {
    input.get(field).and_then(Value::as_str).ok_or_else(|| runtime(format!("the task's `{field}` is no text")))
}

fn named(failure: maestro_sdlc::Failure) -> (String, String) {
    (failure.kind.name().to_owned(), failure.cause)
}

fn runtime(cause: String) -> (String, String) {
    ("States.Runtime".to_owned(), cause)
}
