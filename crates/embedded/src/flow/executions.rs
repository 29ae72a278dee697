//! The executions of one run: the whole, and the nested ones that are its parts.

use jiff::Timestamp;
use maestro_asl::{
    Definition, Diagnostic, Effect, Event, Execution, ExecutionContext, Outcome, Pattern, SeededRandom, StartTask,
    TaskId, parse_and_check,
};
use maestro_flows::Flow;
use maestro_workflow::compile::Definition as Compiled;
use serde_json::{Value, json};
use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

/// Who asked for something: a task of an execution.
pub(super) type Asker = (usize, TaskId);

/// What a state machine asks of the runtime.
pub(super) enum Message {
    /// To run a node.
    Node { node: u32, token: Option<String>, asker: Asker },
    /// To undo what was done, and to answer then.
    Compensate { error: String, cause: String, asker: Asker },
    /// Not to go on with a node.
    Cancelled { node: u32, asker: Asker },
}

enum Task {
    Node(u32),
    Part(usize),
    Compensation,
}

/// One of the state machines that a workflow is compiled to.
struct Machine {
    name: String,
    token: Option<String>,
    definition: Arc<Definition>,
}

impl Machine {
    fn read(compiled: Compiled) -> Result<Self, String> {
        let Compiled { name, token, asl } = compiled;
        let problems =
            |problems: Vec<Diagnostic>| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
        Ok(Self { name, token, definition: parse_and_check(&asl).map(Arc::new).map_err(problems)? })
    }
}

struct One {
    execution: Execution,
    parent: Option<Asker>,
}

/// All executions of a run, the whole first.
pub(super) struct Executions {
    flow: Arc<Flow>,
    name: String,
    machines: Vec<Machine>,
    all: Vec<One>,
    tasks: HashMap<Asker, Task>,
    messages: VecDeque<Message>,
    outcome: Option<Outcome>,
    /// How many states were entered, nested executions too.
    transitions: u64,
    seed: u64,
}

impl Executions {
    /// Starts the execution of a run that has this name.
    pub(super) fn start(flow: &Arc<Flow>, compiled: Vec<Compiled>, name: &str, now_ms: u64) -> Result<Self, String> {
        // One after the other, so that each text is gone before the next is read.
        let machines = compiled.into_iter().map(Machine::read).collect::<Result<_, _>>()?;
        let seed = name.bytes().fold(now_ms, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        let mut executions = Self {
            flow: Arc::clone(flow),
            name: name.to_owned(),
            machines,
            all: Vec::new(),
            tasks: HashMap::new(),
            messages: VecDeque::new(),
            outcome: None,
            transitions: 0,
            seed,
        };
        executions.begin(0, json!({"run": flow.run}), None, now_ms);
        Ok(executions)
    }

    /// What is asked next.
    pub(super) fn next(&mut self) -> Option<Message> {
        self.messages.pop_front()
    }

    /// How the whole ended.
    pub(super) fn outcome(&self) -> Option<&Outcome> {
        self.outcome.as_ref()
    }

    /// How many states were entered.
    pub(super) fn transitions(&self) -> u64 {
        self.transitions
    }

    /// When to come back at the latest, if nothing else happens; milliseconds since 1970.
    pub(super) fn next_deadline(&self) -> Option<u64> {
        let deadlines = self.all.iter().filter_map(|one| one.execution.next_deadline());
        // Up to the next whole millisecond: a moment early, nothing would be due.
        deadlines.min().map(|at| u64::try_from((at.as_nanosecond() + 999_999) / 1_000_000).unwrap_or(0))
    }

    /// Time has passed.
    pub(super) fn tick(&mut self, now_ms: u64) {
        let now = timestamp(now_ms);
        for at in 0..self.all.len() {
            if self.all.get(at).and_then(|one| one.execution.next_deadline()).is_some_and(|due| due <= now) {
                self.tell(at, Event::TimePassed, now_ms);
            }
        }
    }

    /// A task ended: well, or by a named error.
    pub(super) fn answer(&mut self, asker: Asker, answer: Result<(), (String, String)>, now_ms: u64) {
        let (at, task_id) = asker;
        let event = match answer {
            // Outputs do not travel through the state machine.
            Ok(()) => Event::TaskSucceeded { task_id, output: Value::Object(serde_json::Map::new()) },
            Err((error, cause)) => Event::TaskFailed { task_id, error: Some(error), cause: Some(cause) },
        };
        self.tasks.remove(&asker);
        self.tell(at, event, now_ms);
    }

    /// A task is alive.
    pub(super) fn heartbeat(&mut self, (at, task_id): Asker, now_ms: u64) {
        self.tell(at, Event::TaskHeartbeat { task_id }, now_ms);
    }

    /// Ends everything from outside.
    pub(super) fn abort(&mut self, error: &str, now_ms: u64) {
        for at in 0..self.all.len() {
            self.tell(at, Event::Abort { error: Some(error.to_owned()), cause: None }, now_ms);
        }
    }

    fn begin(&mut self, at: usize, input: Value, parent: Option<Asker>, now_ms: u64) {
        let Some(Machine { name: machine, definition, .. }) = self.machines.get(at) else { return };
        let name = if at == 0 { self.name.clone() } else { format!("{}-{at}", self.name) };
        let now = timestamp(now_ms);
        let context = ExecutionContext {
            execution_id: format!("arn:aws:states:local:000000000000:execution:{machine}:{name}"),
            execution_name: name,
            role_arn: "arn:aws:iam::000000000000:role/local".to_owned(),
            start_time: now,
            state_machine_id: format!("arn:aws:states:local:000000000000:stateMachine:{machine}"),
            state_machine_name: machine.clone(),
        };
        let random = Box::new(SeededRandom::new(self.seed.wrapping_add(at as u64)));
        let (mut execution, effects) = Execution::start(Arc::clone(definition), input, context, now, random);
        // What happens stands in the rows of nodes.
        execution.forget_history();
        self.all.push(One { execution, parent });
        self.carry_out(self.all.len() - 1, effects, now_ms);
    }

    fn tell(&mut self, at: usize, event: Event, now_ms: u64) {
        let Some(one) = self.all.get_mut(at) else { return };
        // An answer that comes too late changed nothing; the machine has gone on already.
        let effects = one.execution.handle(timestamp(now_ms), event).unwrap_or_default();
        self.carry_out(at, effects, now_ms);
    }

    fn carry_out(&mut self, at: usize, effects: Vec<Effect>, now_ms: u64) {
        for effect in effects {
            match effect {
                Effect::StartTask(task) => self.started(at, *task, now_ms),
                Effect::CancelTask { task_id } => match self.tasks.remove(&(at, task_id)) {
                    Some(Task::Node(node)) => {
                        self.messages.push_back(Message::Cancelled { node, asker: (at, task_id) });
                    }
                    Some(Task::Part(part)) => {
                        self.tell(part, Event::Abort { error: None, cause: None }, now_ms);
                    }
                    Some(Task::Compensation) | None => {}
                },
                Effect::Finished(outcome) => self.finished(at, outcome, now_ms),
            }
        }
    }

    fn started(&mut self, at: usize, mut task: StartTask, now_ms: u64) {
        let asker = (at, task.task_id);
        self.transitions += 1;
        if task.resource.pattern == Pattern::Sync2 {
            let arn = task.input.get("StateMachineArn").and_then(Value::as_str).unwrap_or_default();
            let token = arn.strip_prefix("${").and_then(|arn| arn.strip_suffix('}'));
            let part = token.and_then(|token| self.machines.iter().position(|one| one.token.as_deref() == Some(token)));
            match part {
                Some(part) => {
                    self.tasks.insert(asker, Task::Part(self.all.len()));
                    self.begin(part, json!({"run": self.flow.run}), Some(asker), now_ms);
                }
                None => self.answer(asker, Err(runtime(format!("there is no state machine `{arn}`"))), now_ms),
            }
            return;
        }
        let body = task.input.get("MessageBody").unwrap_or(&Value::Null);
        if body.get("compensate").is_some() {
            self.tasks.insert(asker, Task::Compensation);
            let failure = |part: &str| body.pointer(part).and_then(Value::as_str).map(str::to_owned);
            let error = failure("/failure/Error").unwrap_or_else(|| "States.TaskFailed".to_owned());
            let cause = failure("/failure/Cause").unwrap_or_default();
            self.messages.push_back(Message::Compensate { error, cause, asker });
            return;
        }
        let node = body.get("node").and_then(Value::as_str).and_then(|id| self.flow.number(id));
        match node {
            Some(node) => {
                self.tasks.insert(asker, Task::Node(node));
                self.messages.push_back(Message::Node { node, token: task.token.take(), asker });
            }
            None => self.answer(asker, Err(runtime("the message names no node".to_owned())), now_ms),
        }
    }

    fn finished(&mut self, at: usize, outcome: Outcome, now_ms: u64) {
        let parent = self.all.get(at).and_then(|one| one.parent);
        let Some(parent) = parent else {
            self.outcome = Some(outcome);
            return;
        };
        match outcome {
            Outcome::Succeeded { .. } => self.answer(parent, Ok(()), now_ms),
            // As Step Functions tells it, an execution that failed is `States.TaskFailed`; here its own name goes up, so
            // that the run fails by the name of what failed in it.
            Outcome::Failed { error, cause } | Outcome::TimedOut { error, cause } => {
                let error = error.unwrap_or_else(|| "States.Timeout".to_owned());
                self.answer(parent, Err((error, cause.unwrap_or_default())), now_ms);
            }
            Outcome::Aborted { .. } => {}
        }
    }
}

fn runtime(cause: String) -> (String, String) {
    ("States.Runtime".to_owned(), cause)
}

fn timestamp(ms: u64) -> Timestamp {
    i64::try_from(ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or(Timestamp::MAX)
}
