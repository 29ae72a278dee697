//! What expressions read: `$nodes`, `$context` and `$item`.

use crate::{failure::Fault, flow::Flow};
use jiff::Timestamp;
use maestro_asl::{Expression, SeededRandom};
use maestro_domain::{NodeFailure, NodeOutcome, RunId};
use maestro_store::Store;
use maestro_workflow::{Node, expression, graph::Ix};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// How nodes ended that an expression reads of, by their ids.
pub type Outcomes = Vec<(String, NodeOutcome)>;

/// The variables of expressions, at one moment.
#[derive(Debug, Clone)]
pub struct Scope {
    nodes: Value,
    context: Arc<Value>,
    item: Option<Value>,
    now: Timestamp,
    seed: u64,
}

impl Scope {
    /// Reads what nodes handed over.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn read(
        store: &Store,
        run: &RunId,
        context: Arc<Value>,
        outcomes: Outcomes,
        now_ms: u64,
    ) -> Result<Self, maestro_store::Error> {
        let mut nodes = Map::new();
        for (id, outcome) in outcomes {
            let mut node = Map::new();
            node.insert("status".to_owned(), outcome.status.id().into());
            if let Some(output) = store.output(run, &outcome.output).await? {
                node.insert("output".to_owned(), output);
            }
            nodes.insert(id, node.into());
        }
        let now = i64::try_from(now_ms).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok());
        let seed = run.as_str().bytes().fold(now_ms, |seed, byte| seed.wrapping_mul(31).wrapping_add(byte.into()));
        Ok(Self { nodes: nodes.into(), context, item: None, now: now.unwrap_or(Timestamp::MAX), seed })
    }

    /// The same with an item of a map.
    #[must_use]
    pub fn with_item(&self, item: Value) -> Self {
        Self { item: Some(item), ..self.clone() }
    }

    /// Whether a node's `when` is true.
    ///
    /// # Errors
    /// [`Fault::Expression`].
    pub fn is_true(&self, when: &str) -> Result<bool, NodeFailure> {
        Ok(self.evaluate(expression(when).unwrap_or(when))? == Some(Value::Bool(true)))
    }

    /// A config with the values of its expressions.
    ///
    /// # Errors
    /// [`Fault::Expression`].
    pub fn fill(&self, config: &Node) -> Result<Value, NodeFailure> {
        self.fill_json(config.to_json())
    }

    /// The same of a config that is JSON already.
    ///
    /// # Errors
    /// [`Fault::Expression`].
    pub fn fill_json(&self, config: Value) -> Result<Value, NodeFailure> {
        match config {
            Value::String(text) => match expression(&text) {
                // What gives nothing is nothing, as in JSONata's own objects.
                Some(expression) => Ok(self.evaluate(expression)?.unwrap_or(Value::Null)),
                None => Ok(Value::String(text)),
            },
            Value::Array(items) => items.into_iter().map(|item| self.fill_json(item)).collect(),
            Value::Object(fields) => {
                let filled = fields.into_iter().map(|(name, value)| Ok((name, self.fill_json(value)?)));
                filled.collect::<Result<Map<_, _>, _>>().map(Value::Object)
            }
            other => Ok(other),
        }
    }

    fn evaluate(&self, text: &str) -> Result<Option<Value>, NodeFailure> {
        let fault = |fault: maestro_asl::Fault| Fault::Expression.because(format!("the expression `{text}`: {fault}"));
        let expression = Expression::parse(text).map_err(fault)?;
        let variable = |name: &str| match name {
            "nodes" => Some(self.nodes.clone()),
            "context" => Some((*self.context).clone()),
            "item" => self.item.clone(),
            _ => None,
        };
        expression.value(self.now, &mut SeededRandom::new(self.seed), &variable).map_err(fault)
    }
}

/// The nodes that texts read of.
fn reads(flow: &Flow, text: &str, found: &mut Vec<u32>) {
    let Ok(expression) = Expression::parse(text) else { return };
    for way in expression.ways_into("nodes") {
        let number = way.first().and_then(|id| flow.number(id));
        if let Some(number) = number.filter(|number| !found.contains(number)) {
            found.push(number);
        }
    }
}

impl Flow {
    /// The nodes that a condition and a config read of.
    #[must_use]
    pub fn reads(&self, when: Option<&str>, config: Option<&Node>) -> Vec<u32> {
        let mut found = Vec::new();
        if let Some(when) = when {
            reads(self, expression(when).unwrap_or(when), &mut found);
        }
        if let Some(config) = config {
            config.each_text("", &mut |_, _, text| {
                if let Some(text) = expression(text) {
                    reads(self, text, &mut found);
                }
            });
        }
        found
    }

    /// The nodes that a node's own condition and config read of.
    #[must_use]
    pub fn reads_of(&self, node: u32) -> Vec<u32> {
        let written = self.workflow.node(Ix(node));
        let when = written.and_then(|written| written.when.as_ref()).map(|when| when.as_str());
        self.reads(when, written.and_then(|written| written.config.as_ref()))
    }

    /// An empty config.
    pub(crate) fn nothing() -> Value {
        json!({})
    }
}
