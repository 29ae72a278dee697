//! The typed form of a definition. It holds only what the engine executes: the reader refuses the rest.

use std::sync::Arc;

use serde_json::Value;

use crate::expr::{Expr, RootedPath, Template};
use crate::jsonata::Expression;
use crate::path::ReferencePath;
use crate::resource::Resource;

/// A state machine.
#[derive(Debug, Clone, PartialEq)]
pub struct Definition {
    /// The author's comment.
    pub comment: Option<String>,
    /// Limit on the whole execution.
    pub timeout_seconds: Option<u64>,
    /// The states.
    pub workflow: Arc<Workflow>,
}

/// A scope of states: the machine itself, a branch of a Parallel, or the processor of a Map.
#[derive(Debug, Clone, PartialEq)]
pub struct Workflow {
    /// Name of the first state.
    pub start_at: Arc<str>,
    /// The states, ordered by name. A large graph is mostly scopes of one state, so this is the smallest that holds one.
    pub states: Box<[Arc<State>]>,
}

/// A state. A large graph has ten thousands of them, so what most do not have is behind a pointer.
#[derive(Debug, Clone, PartialEq)]
pub struct State {
    /// Its name, unique within the machine.
    pub name: Arc<str>,
    /// `InputPath`.
    pub input_path: Selection,
    /// `OutputPath`.
    pub output_path: Selection,
    /// Whether its expressions are in JSONata.
    pub jsonata: bool,
    /// `Assign`; in a Choice state the one that goes with `Default`.
    pub assign: Option<Box<Template>>,
    /// `Output`, of JSONata; in a Choice state the one that goes with `Default`.
    pub output: Option<Box<Template>>,
    /// What the state does.
    pub kind: StateKind,
}

/// `InputPath` or `OutputPath`.
#[derive(Debug, Clone, PartialEq)]
pub enum Selection {
    /// The whole value; the default.
    Whole,
    /// An empty object (`null` in the definition).
    Nothing,
    /// A part.
    Path(Box<RootedPath>),
}

/// `ResultPath`.
#[derive(Debug, Clone, PartialEq)]
pub enum Target {
    /// The result replaces the input; the default.
    Whole,
    /// The result is dropped and the input kept (`null` in the definition).
    Nowhere,
    /// The result is put into the input.
    Path(ReferencePath),
}

/// Where an execution goes after a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Transition {
    /// To the named state.
    Next(Arc<str>),
    /// Nowhere: the scope has ended.
    End,
}

/// What a state does.
#[derive(Debug, Clone, PartialEq)]
pub enum StateKind {
    /// Runs something outside.
    Task(Box<Task>),
    /// Passes or replaces its input.
    Pass(Box<Pass>),
    /// Selects the next state.
    Choice(Choice),
    /// Waits.
    Wait(Box<Wait>),
    /// Ends the scope well.
    Succeed,
    /// Ends the scope badly.
    Fail(Box<Fail>),
    /// Runs branches side by side.
    Parallel(Box<Parallel>),
    /// Runs a processor for each item of an array.
    Map(Box<Map>),
}

/// A Task state.
#[derive(Debug, Clone, PartialEq)]
pub struct Task {
    /// What to run.
    pub resource: Resource,
    /// `Parameters`, or `Arguments` in JSONata.
    pub parameters: Option<Template>,
    /// `Credentials`, evaluated and handed to the driver.
    pub credentials: Option<Box<Template>>,
    /// `TimeoutSeconds` or `TimeoutSecondsPath`.
    pub timeout: Option<Number>,
    /// `HeartbeatSeconds` or `HeartbeatSecondsPath`.
    pub heartbeat: Option<Number>,
    /// What happens with the result and with errors.
    pub handling: Handling,
}

/// The fields that Task, Parallel and Map share.
#[derive(Debug, Clone, PartialEq)]
pub struct Handling {
    /// `ResultSelector`.
    pub result_selector: Option<Box<Template>>,
    /// `ResultPath`.
    pub result_path: Target,
    /// `Retry`.
    pub retry: Box<[Retrier]>,
    /// `Catch`.
    pub catch: Box<[Catcher]>,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// A number that is fixed or looked up.
#[derive(Debug, Clone, PartialEq)]
pub enum Number {
    /// The number.
    Fixed(u64),
    /// Where to find it, and the field that says so.
    Path(&'static str, Box<RootedPath>),
    /// How to compute it, and the field that says so.
    Query(&'static str, Expression),
}

/// A Pass state.
#[derive(Debug, Clone, PartialEq)]
pub struct Pass {
    /// `Parameters`.
    pub parameters: Option<Template>,
    /// `Result`.
    pub result: Option<Value>,
    /// `ResultPath`.
    pub result_path: Target,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// A Wait state.
#[derive(Debug, Clone, PartialEq)]
pub struct Wait {
    /// Until when.
    pub until: Until,
    /// `Next` or `End`.
    pub transition: Transition,
}

/// How long a Wait state waits.
#[derive(Debug, Clone, PartialEq)]
pub enum Until {
    /// `Seconds`.
    Seconds(u64),
    /// `SecondsPath`.
    SecondsPath(RootedPath),
    /// `Timestamp`.
    Timestamp(jiff::Timestamp),
    /// `TimestampPath`.
    TimestampPath(RootedPath),
    /// `Seconds` in JSONata.
    SecondsQuery(Expression),
    /// `Timestamp` in JSONata.
    TimestampQuery(Expression),
}

/// A Fail state.
#[derive(Debug, Clone, PartialEq)]
pub struct Fail {
    /// `Error` or `ErrorPath`.
    pub error: Option<Text>,
    /// `Cause` or `CausePath`.
    pub cause: Option<Text>,
}

/// A text that is fixed or computed.
#[derive(Debug, Clone, PartialEq)]
pub enum Text {
    /// The text.
    Fixed(String),
    /// How to compute it.
    Computed(Expr),
}

/// A Parallel state.
#[derive(Debug, Clone, PartialEq)]
pub struct Parallel {
    /// `Parameters`, or `Arguments` in JSONata.
    pub parameters: Option<Template>,
    /// `Branches`.
    pub branches: Box<[Arc<Workflow>]>,
    /// What happens with the results and with errors.
    pub handling: Handling,
}

/// A Map state.
#[derive(Debug, Clone, PartialEq)]
pub struct Map {
    /// Where its items come from.
    pub items: Items,
    /// What makes it a distributed map.
    pub distributed: Option<Distributed>,
    /// `ItemSelector`, or `Parameters` as it was called before.
    pub item_selector: Option<Template>,
    /// `MaxConcurrency` or `MaxConcurrencyPath`; 0 and absence mean no limit.
    pub max_concurrency: Option<Number>,
    /// `ItemProcessor`, or `Iterator` as it was called before.
    pub processor: Arc<Workflow>,
    /// What happens with the results and with errors.
    pub handling: Handling,
}

/// The items of a Map state.
#[derive(Debug, Clone, PartialEq)]
pub enum Items {
    /// The input itself.
    Input,
    /// `ItemsPath`.
    Path(RootedPath),
    /// `Items`, of JSONata.
    Template(Template),
}

/// The fields of a distributed map.
#[derive(Debug, Clone, PartialEq)]
pub struct Distributed {
    /// `ToleratedFailureCount` or `ToleratedFailureCountPath`.
    pub tolerated_count: Option<Number>,
    /// `ToleratedFailurePercentage` or `ToleratedFailurePercentagePath`.
    pub tolerated_percentage: Option<Share>,
    /// `ItemBatcher`.
    pub batcher: Option<Batcher>,
}

/// A percentage that is fixed or looked up.
#[derive(Debug, Clone, PartialEq)]
pub enum Share {
    /// The percentage.
    Fixed(f64),
    /// Where to find it.
    Path(RootedPath),
    /// How to compute it.
    Query(Expression),
}

/// `ItemBatcher`: several items for each child.
#[derive(Debug, Clone, PartialEq)]
pub struct Batcher {
    /// `MaxItemsPerBatch` or `MaxItemsPerBatchPath`.
    pub most_items: Option<Number>,
    /// `MaxInputBytesPerBatch` or `MaxInputBytesPerBatchPath`.
    pub most_bytes: Option<Number>,
    /// `BatchInput`.
    pub input: Option<Template>,
}

/// An entry of `Retry`.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrier {
    /// Names of the errors it retries.
    pub error_equals: Box<[String]>,
    /// Seconds before the first retry.
    pub interval_seconds: u64,
    /// How often it retries at most.
    pub max_attempts: u32,
    /// Factor from one delay to the next.
    pub backoff_rate: f64,
    /// Upper bound of a delay.
    pub max_delay_seconds: Option<u64>,
    /// Whether each delay is drawn between 0 and its computed value (`FULL`).
    pub full_jitter: bool,
}

impl Retrier {
    /// Seconds before retry number `retry` (from 0), before jitter.
    #[must_use]
    pub fn delay_seconds(&self, retry: u32) -> f64 {
        let exponent = i32::try_from(retry).unwrap_or(i32::MAX);
        let grown = self.interval_seconds as f64 * self.backoff_rate.powi(exponent);
        // A year; what lies beyond does not fit a timestamp and helps nobody.
        grown.min(self.max_delay_seconds.map_or(31_622_400.0, |most| most as f64))
    }
}

/// An entry of `Catch`.
#[derive(Debug, Clone, PartialEq)]
pub struct Catcher {
    /// Names of the errors it catches.
    pub error_equals: Box<[String]>,
    /// Where the error's description goes.
    pub result_path: Target,
    /// `Assign`.
    pub assign: Option<Template>,
    /// `Output`, of JSONata.
    pub output: Option<Template>,
    /// The state that handles the error.
    pub next: Arc<str>,
}

/// A Choice state.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// `Choices`, in order.
    pub rules: Vec<Rule>,
    /// `Default`.
    pub default: Option<Arc<str>>,
}

/// An entry of `Choices`.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// When it applies.
    pub condition: Condition,
    /// Where it leads.
    pub next: Arc<str>,
    /// `Assign`.
    pub assign: Option<Template>,
    /// `Output`, of JSONata.
    pub output: Option<Template>,
}

/// A condition of a Choice state.
#[derive(Debug, Clone, PartialEq)]
pub enum Condition {
    /// All hold.
    And(Vec<Condition>),
    /// Any holds.
    Or(Vec<Condition>),
    /// It does not hold.
    Not(Box<Condition>),
    /// A test of one value.
    Test(RootedPath, Test),
    /// `Condition`, of JSONata.
    Query(Expression),
}

/// A test of one value.
#[derive(Debug, Clone, PartialEq)]
pub enum Test {
    /// `IsPresent`.
    IsPresent(bool),
    /// `IsNull`, `IsString` and so on.
    IsType(DataType, bool),
    /// `StringMatches`.
    Matches(String),
    /// `StringEquals` and so on, with a literal.
    Compare(DataType, Relation, Value),
    /// `StringEqualsPath` and so on.
    ComparePath(DataType, Relation, RootedPath),
}

/// A type of the Choice state's operators.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DataType {
    /// `null`.
    Null,
    /// A string.
    String,
    /// A number.
    Numeric,
    /// A Boolean.
    Boolean,
    /// A string that holds a timestamp.
    Timestamp,
}

/// How two values relate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// `Equals`.
    Equals,
    /// `LessThan`.
    LessThan,
    /// `GreaterThan`.
    GreaterThan,
    /// `LessThanEquals`.
    LessThanEquals,
    /// `GreaterThanEquals`.
    GreaterThanEquals,
}

impl StateKind {
    pub(crate) fn handling(&self) -> Option<&Handling> {
        match self {
            Self::Task(task) => Some(&task.handling),
            Self::Parallel(parallel) => Some(&parallel.handling),
            Self::Map(map) => Some(&map.handling),
            _ => None,
        }
    }
}

impl Definition {
    /// The state of that name in any scope.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<&State> {
        self.workflow.find(name)
    }
}

impl Workflow {
    /// The state of that name in this scope.
    pub(crate) fn state(&self, name: &str) -> Option<&Arc<State>> {
        let at = self.states.binary_search_by(|state| (*state.name).cmp(name)).ok()?;
        self.states.get(at)
    }

    fn find(&self, name: &str) -> Option<&State> {
        if let Some(state) = self.state(name) {
            return Some(state);
        }
        self.states.iter().find_map(|state| match &state.kind {
            StateKind::Parallel(parallel) => parallel.branches.iter().find_map(|branch| branch.find(name)),
            StateKind::Map(map) => map.processor.find(name),
            _ => None,
        })
    }
}
