//! The typed form of `workflow.yaml`: what the parser reads and what the published schema says are these types.

use crate::de::At;
use crate::yaml::Node;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

/// The longest time that Step Functions waits, in seconds.
const MAX_SECONDS: u64 = 99_999_999;

/// A workflow: nodes that depend on each other, without cycles.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowDag {
    /// The workflow's name; definitions are named after it. Letters, digits, `-` and `_`.
    pub dag_id: At<String>,
    /// What the workflow is for.
    #[serde(default)]
    pub description: Option<Prose<10_000>>,
    /// What nodes read besides the outputs of other nodes.
    #[serde(default)]
    pub context: WorkflowContext,
    /// The deadline of a whole run, in seconds; a week where none is given.
    #[serde(default)]
    pub timeout_seconds: Option<Seconds>,
    /// What happens when a node has failed for good.
    #[serde(default)]
    pub on_failure: OnFailure,
    /// The nodes, in any order.
    pub nodes: Vec<WorkflowNode>,
}

/// What a workflow's nodes read besides the outputs of other nodes.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowContext {
    /// Values by name, read as `$context.variables.NAME`. A run may replace them.
    #[serde(default)]
    pub variables: BTreeMap<String, Node>,
}

/// What happens when a node has failed for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// The run fails; what was completed stays, and a resumed run goes on from there.
    #[default]
    Keep,
    /// `compensate_with` of completed nodes is run, the last completed first; then the run fails.
    Compensate,
}

/// One task of a workflow.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkflowNode {
    /// The node's id; `dependencies` and expressions name it.
    pub node_id: At<String>,
    /// What people call it.
    #[serde(default)]
    pub name: Option<Prose<1_000>>,
    /// What kind of task it is.
    #[schemars(schema_with = "crate::types::names_schema")]
    pub task_type: At<String>,
    /// Ids of the nodes that must be complete before this one runs.
    #[serde(default)]
    pub dependencies: Vec<At<String>>,
    /// What the task type needs to know. Texts of the form `{% expression %}` are JSONata over `$nodes` and `$context`.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub config: Option<Node>,
    /// How the node is tried again.
    #[serde(default)]
    pub retry_policy: Option<Box<At<RetryPolicy>>>,
    /// How long one attempt may take, in seconds.
    #[serde(default)]
    pub timeout_seconds: Option<At<Seconds>>,
    /// After how many seconds without a sign of life an attempt has failed.
    #[serde(default)]
    pub heartbeat_seconds: Option<At<Seconds>>,
    /// A JSONata condition over `$nodes` and `$context`. Where it is not true the node is skipped: it counts as complete,
    /// without output.
    #[serde(default)]
    pub when: Option<At<String>>,
    /// What undoes the node's effect.
    #[serde(default)]
    pub compensate_with: Option<Box<Compensation>>,
    /// How long the node is expected to take, for `maestro workflow plan`.
    #[serde(default)]
    pub expected_seconds: Option<Duration>,
}

/// A task that undoes what a node did.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Compensation {
    /// What kind of task it is.
    #[schemars(schema_with = "crate::types::names_schema")]
    pub task_type: At<String>,
    /// What the task type needs to know. It may read the node's own output too.
    #[serde(default)]
    #[schemars(with = "Option<BTreeMap<String, serde_json::Value>>")]
    pub config: Option<Node>,
    /// How it is tried again.
    #[serde(default)]
    pub retry_policy: Option<At<RetryPolicy>>,
    /// How long one attempt may take, in seconds.
    #[serde(default)]
    pub timeout_seconds: Option<Seconds>,
}

/// How a node is tried again.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryPolicy {
    /// How many attempts there are in all, the first one too.
    pub max_attempts: Attempts,
    /// Seconds before the second attempt.
    #[serde(default)]
    pub interval_seconds: Option<Seconds>,
    /// By what each further delay is longer than the one before.
    #[serde(default)]
    pub backoff_rate: Option<Rate>,
    /// The longest delay, in seconds.
    #[serde(default)]
    pub max_delay_seconds: Option<At<Delay>>,
    /// Whether delays are random, up to the computed one.
    #[serde(default)]
    pub jitter: bool,
    /// Names of errors that are not tried again.
    #[serde(default)]
    pub non_retryable: Vec<At<String>>,
}

/// A whole number within bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Whole<const MIN: u64, const MAX: u64>(u64);

/// A time limit.
pub type Seconds = Whole<1, MAX_SECONDS>;
/// A longest delay; Step Functions has a year.
pub type Delay = Whole<1, 31_622_400>;
/// A number of attempts.
pub type Attempts = Whole<1, 1_000>;
/// A number of things at once.
pub type Count = Whole<1, 10_000>;
/// A percentage.
pub type Percentage = Whole<0, 100>;

impl<const MIN: u64, const MAX: u64> Whole<MIN, MAX> {
    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl<'de, const MIN: u64, const MAX: u64> Deserialize<'de> for Whole<MIN, MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Number<const MIN: u64, const MAX: u64>;

        impl<const MIN: u64, const MAX: u64> Visitor<'_> for Number<MIN, MAX> {
            type Value = Whole<MIN, MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a whole number from {MIN} to {MAX}")
            }

            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Self::Value, E> {
                if (MIN..=MAX).contains(&number) {
                    Ok(Whole(number))
                } else {
                    Err(E::invalid_value(de::Unexpected::Unsigned(number), &self))
                }
            }
        }

        deserializer.deserialize_any(Number)
    }
}

impl<const MIN: u64, const MAX: u64> JsonSchema for Whole<MIN, MAX> {
    fn schema_name() -> Cow<'static, str> {
        format!("whole_{MIN}_to_{MAX}").into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

/// What people read, of at most `MAX` characters: a definition holds it, and Step Functions takes definitions of 1 MB.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Prose<const MAX: usize>(String);

impl<const MAX: usize> std::ops::Deref for Prose<MAX> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl<'de, const MAX: usize> Deserialize<'de> for Prose<MAX> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text<const MAX: usize>;

        impl<const MAX: usize> Visitor<'_> for Text<MAX> {
            type Value = Prose<MAX>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a string of at most {MAX} characters")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                if text.chars().nth(MAX).is_none() {
                    Ok(Prose(text.to_owned()))
                } else {
                    let found = format!("one of {}", text.chars().count());
                    Err(E::invalid_value(de::Unexpected::Other(&found), &self))
                }
            }
        }

        deserializer.deserialize_str(Text)
    }
}

impl<const MAX: usize> JsonSchema for Prose<MAX> {
    fn schema_name() -> Cow<'static, str> {
        format!("text_to_{MAX}").into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "maxLength": MAX})
    }
}

/// A rate of at least 1.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema)]
pub struct Rate(#[schemars(range(min = 1.0, max = 1000.0))] f64);

/// A time that something is expected to take, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, JsonSchema)]
pub struct Duration(#[schemars(range(min = 0.0, max = 99_999_999.0))] f64);

/// A time that is waited for, in seconds.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, JsonSchema)]
pub struct Pause(#[schemars(range(min = 0.001, max = 99_999_999.0))] f64);

macro_rules! bounded {
    ($type:ident, $min:expr, $max:expr, $what:expr) => {
        impl $type {
            /// The number.
            #[must_use]
            pub const fn get(self) -> f64 {
                self.0
            }
        }

        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Number;

                impl Visitor<'_> for Number {
                    type Value = $type;

                    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                        f.write_str($what)
                    }

                    fn visit_f64<E: de::Error>(self, number: f64) -> Result<$type, E> {
                        if ($min..=$max).contains(&number) {
                            Ok($type(number))
                        } else {
                            Err(E::invalid_value(de::Unexpected::Float(number), &self))
                        }
                    }

                    #[expect(clippy::cast_precision_loss, reason = "numbers within the bounds lose nothing")]
                    fn visit_u64<E: de::Error>(self, number: u64) -> Result<$type, E> {
                        self.visit_f64(number as f64)
                    }

                    #[expect(clippy::cast_precision_loss, reason = "numbers within the bounds lose nothing")]
                    fn visit_i64<E: de::Error>(self, number: i64) -> Result<$type, E> {
                        self.visit_f64(number as f64)
                    }
                }

                deserializer.deserialize_any(Number)
            }
        }
    };
}

macro_rules! times {
    ($($type:ident)+) => {$(
        impl $type {
            /// The time in milliseconds, rounded.
            #[must_use]
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "the bounds leave a number that fits"
            )]
            pub fn millis(self) -> u64 {
                (self.0 * 1_000.0).round() as u64
            }
        }
    )+};
}

times!(Duration Pause);

bounded!(Rate, 1.0, 1000.0, "a number from 1 to 1000");
bounded!(Pause, 0.001, 99_999_999.0, "a number of seconds from 0.001 to 99999999");
bounded!(Duration, 0.0, 99_999_999.0, "a number of seconds from 0 to 99999999");

impl<T: JsonSchema> JsonSchema for At<T> {
    fn schema_name() -> Cow<'static, str> {
        T::schema_name()
    }

    fn schema_id() -> Cow<'static, str> {
        T::schema_id()
    }

    fn inline_schema() -> bool {
        T::inline_schema()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        T::json_schema(generator)
    }
}

impl JsonSchema for Node {
    fn schema_name() -> Cow<'static, str> {
        "value".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!(true)
    }
}
