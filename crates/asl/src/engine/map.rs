//! Map: where its items come from, batches, and how many may fail.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value, json};

use super::failure::Failure;
use super::join::Join;
use super::states::plain;
use super::{ChildRun, Execution, Scope, Start, ThreadId};
use crate::context::{MapItem, Variables};
use crate::expr::{Expr, Template};
use crate::expr::{Trouble, unexpected};
use crate::history::{Details, EventType};
use crate::model::{Batcher, Distributed, Items, Map, Share, State, StateKind};

/// What a Map still has to do.
pub(super) struct ItemQueue {
    /// The items, or the batches of items.
    items: Vec<Value>,
    next: usize,
    /// How many may run at once.
    limit: usize,
    /// The Map's effective input, which `ItemSelector` reads.
    input: Arc<Value>,
    distributed: Option<Tolerance>,
}

/// How many children of a distributed map may fail, and how many have.
struct Tolerance {
    failures: usize,
    most: usize,
    /// Whether the items are inputs already: selected, and put into batches.
    selected: bool,
}

impl ItemQueue {
    pub(super) fn is_empty(&self) -> bool {
        self.next >= self.items.len()
    }

    pub(super) fn is_distributed(&self) -> bool {
        self.distributed.is_some()
    }
}

impl Execution {
    pub(super) fn start_items(&mut self, id: ThreadId, state: &State, map: &Map) -> Result<(), Failure> {
        let input = self.effective_input(id, state)?;
        let limit = self.number(id, map.max_concurrency.as_ref(), 0, &input)?.unwrap_or(0);
        let limit = if limit == 0 { usize::MAX } else { usize::try_from(limit).unwrap_or(usize::MAX) };
        let mut items = self.items(id, &map.items, state.jsonata, &input)?;
        self.record(id, EventType::MapStateStarted, Details { length: Some(items.len()), ..Details::default() });
        let mut distributed = None;
        if let Some(fields) = &map.distributed {
            let most = self.tolerance(id, fields, items.len(), &input)?;
            self.record(id, EventType::MapRunStarted, Details::default());
            if let Some(batcher) = &fields.batcher {
                items = self.batches(id, map, batcher, items, &input)?;
            }
            distributed = Some(Tolerance { failures: 0, most, selected: fields.batcher.is_some() });
        }
        let results = vec![None; items.len()];
        let queue = ItemQueue { items, next: 0, limit, input, distributed };
        self.join(id, Join { results, running: BTreeMap::new(), items: Some(queue) });
        self.start_more(id, map)
    }

    fn items(&mut self, id: ThreadId, items: &Items, jsonata: bool, input: &Arc<Value>) -> Result<Vec<Value>, Failure> {
        let scope = Scope::of(input);
        match items {
            Items::Input if jsonata => self.with_env(id, scope, |_| match &**input {
                Value::Array(items) => Ok(items.clone()),
                other => Err(Trouble::Query(format!("Map state input must be an array but was: {other}"), None)),
            }),
            Items::Template(template) => self.with_env(id, scope, |env| match (template.evaluate(env)?, template) {
                (Value::Array(items), _) => Ok(items),
                (other, Template::Computed(computed)) => {
                    Err(unexpected(computed.expr.text(), &computed.field, "array", &other))
                }
                (other, _) => Err(Trouble::Query(format!("Map state input must be an array but was: {other}"), None)),
            }),
            Items::Input | Items::Path(_) => self.with_env(id, scope, |env| {
                let (found, text) = match items {
                    Items::Path(path) => {
                        let found = path.evaluate(env);
                        (
                            found.map_err(|reason| format!("Invalid path '{}' : {reason}", path.text))?,
                            path.text.as_str(),
                        )
                    }
                    _ => ((**input).clone(), "$"),
                };
                match found {
                    Value::Array(items) => Ok(items),
                    _ => Err(format!("Reference path \"{text}\" must point to array.").into()),
                }
            }),
        }
    }

    /// How many of `count` children may fail.
    fn tolerance(
        &mut self,
        id: ThreadId,
        fields: &Distributed,
        count: usize,
        input: &Arc<Value>,
    ) -> Result<usize, Failure> {
        let number = self.number(id, fields.tolerated_count.as_ref(), 0, input)?;
        let number = number.map(|number| usize::try_from(number).unwrap_or(usize::MAX));
        let percentage = self.percentage(id, fields.tolerated_percentage.as_ref(), input)?;
        let share = percentage.map(|percentage| (count as f64 * percentage / 100.0).floor() as usize);
        // Where both are given, the one that is exceeded first counts.
        Ok(match (number, share) {
            (Some(number), Some(share)) => number.min(share),
            (number, share) => number.or(share).unwrap_or(0),
        })
    }

    fn percentage(&mut self, id: ThreadId, share: Option<&Share>, input: &Arc<Value>) -> Result<Option<f64>, Failure> {
        let field = "ToleratedFailurePercentage";
        let (value, path) = match share {
            None => return Ok(None),
            Some(Share::Fixed(fixed)) => return Ok(Some(*fixed)),
            Some(Share::Path(path)) => {
                let found = self.with_env(id, Scope::of(input), |env| {
                    path.evaluate(env).map_err(|reason| format!("Invalid path '{}' : {reason}", path.text).into())
                })?;
                (found, path.text.clone())
            }
            Some(Share::Query(expression)) => {
                let expr = Expr::Jsonata(expression.clone());
                let value = self.with_env(id, Scope::of(input), |env| match expr.evaluate(field, env)? {
                    number @ Value::Number(_) => Ok(number),
                    other => Err(unexpected(expr.text(), field, "number", &other)),
                })?;
                (value, String::new())
            }
        };
        self.with_env(id, Scope::of(input), |_| match value.as_f64().or_else(|| value.as_str()?.parse().ok()) {
            None => {
                let shown = plain(&value);
                let what = format!("The {field}Path field refers to value \"{shown}\" which is not a valid float");
                Err(format!("{what}: {path}").into())
            }
            Some(share) if !(0.0..=100.0).contains(&share) => Err(format!("{field} must be between 0 and 100.").into()),
            Some(share) => Ok(Some(share)),
        })
    }

    /// The inputs of children that each take several items.
    fn batches(
        &mut self,
        id: ThreadId,
        map: &Map,
        batcher: &Batcher,
        items: Vec<Value>,
        input: &Arc<Value>,
    ) -> Result<Vec<Value>, Failure> {
        let most_items = self.number(id, batcher.most_items.as_ref(), 1, input)?.unwrap_or(u64::MAX);
        let most_bytes = self.number(id, batcher.most_bytes.as_ref(), 1, input)?.unwrap_or(u64::MAX);
        let shared = match &batcher.input {
            Some(template) => Some(self.fill(id, template, input)?),
            None => None,
        };
        let mut batches: Vec<Vec<Value>> = Vec::new();
        let mut bytes = 0_u64;
        for (index, value) in items.into_iter().enumerate() {
            let item = MapItem { index, value: Arc::new(value) };
            let selected = self.selected(id, map, &item, input)?;
            let size = selected.to_string().len() as u64;
            match batches.last_mut() {
                Some(batch) if (batch.len() as u64) < most_items && bytes + size <= most_bytes => {
                    batch.push((*selected).clone());
                    bytes += size;
                }
                _ => {
                    batches.push(vec![(*selected).clone()]);
                    bytes = size;
                }
            }
        }
        let whole = |items: Vec<Value>| match &shared {
            Some(shared) => json!({"BatchInput": shared, "Items": items}),
            None => json!({"Items": items}),
        };
        Ok(batches.into_iter().map(whole).collect())
    }

    /// An item as `ItemSelector` shapes it.
    fn selected(&mut self, id: ThreadId, map: &Map, item: &MapItem, input: &Value) -> Result<Arc<Value>, Failure> {
        match &map.item_selector {
            Some(template) => {
                let scope = Scope { item: Some(item), ..Scope::of(input) };
                self.with_env(id, scope, |env| template.evaluate(env)).map(Arc::new)
            }
            None => Ok(Arc::clone(&item.value)),
        }
    }

    /// Starts iterations up to the limit; completes the Map when none is left.
    pub(super) fn start_more(&mut self, id: ThreadId, map: &Map) -> Result<(), Failure> {
        let outer = self.variables(id);
        while !self.history_full {
            let Some(Join { running, items: Some(queue), .. }) = self.joining(id) else { return Ok(()) };
            if running.len() >= queue.limit {
                return Ok(());
            }
            let index = queue.next;
            let Some(value) = queue.items.get_mut(index).map(Value::take) else { break };
            queue.next += 1;
            let input = Arc::clone(&queue.input);
            let distributed = queue.distributed.as_ref().map(|tolerance| tolerance.selected);
            let item = MapItem { index, value: Arc::new(value) };
            let item_input = match distributed {
                Some(true) => Arc::clone(&item.value),
                _ => self.selected(id, map, &item, &input)?,
            };
            let last_event = self.record_iteration(id, EventType::MapIterationStarted, index);
            let mut start = Start {
                parent: Some((id, index)),
                workflow: Arc::clone(&map.processor),
                variables: Arc::new(Variables::within(Arc::clone(&outer))),
                map_item: Some(item),
                run: self.child_run(id),
                last_event,
            };
            if distributed.is_some() {
                // An execution of its own, which sees nothing of its parent.
                start.variables = Arc::default();
                start.run = Some(Arc::new(ChildRun { thread: self.threads.next(), input: Arc::clone(&item_input) }));
            }
            let child = self.spawn(start, item_input);
            if let Some(join) = self.joining(id) {
                join.running.insert(index, child);
            }
        }
        self.complete_if_done(id);
        Ok(())
    }

    /// Takes in a child's failure, if so many may fail; else the failure that the Map ends with.
    pub(super) fn tolerated(&mut self, id: ThreadId, slot: usize, failure: Failure) -> Result<(), Failure> {
        let Some(Join { running, results, items: Some(queue), .. }) = self.joining(id) else { return Err(failure) };
        let Some(tolerance) = &mut queue.distributed else { return Err(failure) };
        tolerance.failures += 1;
        if tolerance.failures > tolerance.most {
            let cause = "The specified tolerated failure threshold was exceeded".to_owned();
            let exceeded = Failure::new("States.ExceedToleratedFailureThreshold", Some(cause));
            let details = Details::failed(exceeded.error.clone(), exceeded.cause.clone());
            self.record(id, EventType::MapRunFailed, details);
            return Err(exceeded);
        }
        running.remove(&slot);
        if let Some(place) = results.get_mut(slot) {
            *place = Some(Arc::new(failure.output()));
        }
        if let Some(state) = self.state_of(id)
            && let StateKind::Map(map) = &state.kind
        {
            return self.start_more(id, map);
        }
        Ok(())
    }
}
