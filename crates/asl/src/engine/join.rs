//! Parallel and Map: starting children and waiting for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::failure::Failure;
use super::flow::check_size;
use super::{Activity, Effect, Execution, ThreadId};
use crate::context::{MapItem, Variables};
use crate::history::{Details, EventType};
use crate::model::{Map, Parallel, State, StateKind};

/// The children of a Parallel or Map state.
pub(super) struct Join {
    /// Results by place, whatever the order in which they come.
    results: Vec<Option<Value>>,
    /// Children that run, by place.
    running: BTreeMap<usize, ThreadId>,
    /// For a Map: its items, the next one to start, and how many may run at once.
    items: Vec<Value>,
    next: usize,
    limit: usize,
    /// The Map's effective input, which `ItemSelector` reads.
    input: Arc<Value>,
}

impl Execution {
    pub(super) fn start_branches(&mut self, id: ThreadId, state: &State, parallel: &Parallel) -> Result<(), Failure> {
        let input = self.effective_input(id, state)?;
        let input = self.filled(id, parallel.parameters.as_ref(), input)?;
        check_size(&input, &state.name)?;
        let started = self.record(id, EventType::ParallelStateStarted, Details::default());
        let outer = self.scope(id);
        let mut running = BTreeMap::new();
        let map_item = self.threads.get(&id).and_then(|thread| thread.map_item.clone());
        for (slot, branch) in parallel.branches.iter().enumerate() {
            let scope = Arc::new(Variables::within(Arc::clone(&outer)));
            let child =
                self.spawn(Some((id, slot)), Arc::clone(branch), scope, map_item.clone(), started, Arc::clone(&input));
            running.insert(slot, child);
        }
        let results = vec![None; parallel.branches.len()];
        self.join(id, Join { results, running, items: Vec::new(), next: 0, limit: 0, input });
        Ok(())
    }

    pub(super) fn start_items(&mut self, id: ThreadId, state: &State, map: &Map) -> Result<(), Failure> {
        let input = self.effective_input(id, state)?;
        let limit = self.number(id, map.max_concurrency.as_ref(), 0, &input)?.unwrap_or(0);
        let found = match &map.items_path {
            Some(path) => self.with_env(id, &input, None, |env| {
                path.evaluate(env).map_err(|reason| format!("Invalid path '{}' : {reason}", path.text))
            })?,
            None => (*input).clone(),
        };
        let text = map.items_path.as_ref().map_or("$", |path| path.text.as_str());
        let items = self.with_env(id, &input, None, |_| match found {
            Value::Array(items) => Ok(items),
            _ => Err(format!("Reference path \"{text}\" must point to array.")),
        })?;
        self.record(id, EventType::MapStateStarted, Details { length: Some(items.len()), ..Details::default() });
        let limit = if limit == 0 { usize::MAX } else { usize::try_from(limit).unwrap_or(usize::MAX) };
        let results = vec![None; items.len()];
        self.join(id, Join { results, running: BTreeMap::new(), items, next: 0, limit, input });
        self.start_more(id, map)
    }

    fn join(&mut self, id: ThreadId, join: Join) {
        if let Some(thread) = self.threads.get_mut(&id) {
            thread.activity = Activity::Join(join);
        }
    }

    fn joining(&mut self, id: ThreadId) -> Option<&mut Join> {
        match &mut self.threads.get_mut(&id)?.activity {
            Activity::Join(join) => Some(join),
            _ => None,
        }
    }

    fn is_map(&self, id: ThreadId) -> bool {
        matches!(self.state_of(id).as_deref(), Some(State { kind: StateKind::Map(_), .. }))
    }

    fn scope(&self, id: ThreadId) -> Arc<Variables> {
        self.threads.get(&id).map(|thread| Arc::clone(&thread.variables)).unwrap_or_default()
    }

    /// Starts iterations up to the limit; completes the Map when none is left.
    fn start_more(&mut self, id: ThreadId, map: &Map) -> Result<(), Failure> {
        let outer = self.scope(id);
        while !self.history_full {
            let Some(join) = self.joining(id) else { return Ok(()) };
            if join.running.len() >= join.limit {
                return Ok(());
            }
            let index = join.next;
            let Some(value) = join.items.get_mut(index).map(Value::take) else { break };
            join.next += 1;
            let input = Arc::clone(&join.input);
            let item = MapItem { index, value: Arc::new(value) };
            let item_input = match &map.item_selector {
                Some(template) => Arc::new(self.with_env(id, &input, Some(&item), |env| template.evaluate(env))?),
                None => Arc::clone(&item.value),
            };
            let started = self.record_iteration(id, EventType::MapIterationStarted, index);
            let scope = Arc::new(Variables::within(Arc::clone(&outer)));
            let child =
                self.spawn(Some((id, index)), Arc::clone(&map.processor), scope, Some(item), started, item_input);
            if let Some(join) = self.joining(id) {
                join.running.insert(index, child);
            }
        }
        self.complete_if_done(id);
        Ok(())
    }

    fn complete_if_done(&mut self, id: ThreadId) {
        let Some(join) = self.joining(id) else { return };
        if !join.running.is_empty() || join.next < join.items.len() {
            return;
        }
        let results: Value = std::mem::take(&mut join.results).into_iter().map(Option::unwrap_or_default).collect();
        let kind = if self.is_map(id) { EventType::MapStateSucceeded } else { EventType::ParallelStateSucceeded };
        self.record(id, kind, Details::default());
        self.complete(id, results);
    }

    fn record_iteration(&mut self, id: ThreadId, kind: EventType, index: usize) -> u64 {
        let name = self.state_of(id).map(|state| state.name.clone());
        self.record(id, kind, Details { name, index: Some(index), ..Details::default() })
    }

    pub(super) fn child_succeeded(&mut self, parent: ThreadId, slot: usize, child: ThreadId, output: Arc<Value>) {
        self.threads.remove(&child);
        let Some(join) = self.joining(parent) else { return };
        join.running.remove(&slot);
        if let Some(place) = join.results.get_mut(slot) {
            *place = Some(Arc::unwrap_or_clone(output));
        }
        let Some(state) = self.state_of(parent) else { return };
        let StateKind::Map(map) = &state.kind else {
            self.complete_if_done(parent);
            return;
        };
        self.record_iteration(parent, EventType::MapIterationSucceeded, slot);
        if let Err(failure) = self.start_more(parent, map) {
            self.state_failed(parent, failure);
        }
    }

    /// One child failed: the others are stopped and the state fails with the child's error.
    pub(super) fn child_failed(&mut self, parent: ThreadId, slot: usize, child: ThreadId, failure: Failure) {
        self.threads.remove(&child);
        let is_map = self.is_map(parent);
        if is_map {
            self.record_iteration(parent, EventType::MapIterationFailed, slot);
        }
        let siblings = match self.joining(parent) {
            Some(join) => {
                join.running.remove(&slot);
                std::mem::take(&mut join.running)
            }
            None => BTreeMap::new(),
        };
        for (slot, sibling) in siblings {
            self.abort_thread(sibling);
            if is_map {
                self.record_iteration(parent, EventType::MapIterationAborted, slot);
            }
        }
        self.state_failed(parent, failure);
    }

    /// Stops a thread, its task and its children. If it was about to enter a state, it will not be found then.
    fn abort_thread(&mut self, id: ThreadId) {
        self.set_wake(id, None);
        let Some(thread) = self.threads.get_mut(&id) else { return };
        let (children, in_state) = match std::mem::replace(&mut thread.activity, Activity::Idle) {
            Activity::Task(running) => {
                self.tasks.remove(&running.task_id);
                self.effects.push(Effect::CancelTask { task_id: running.task_id });
                (BTreeMap::new(), true)
            }
            Activity::Join(join) => (join.running, true),
            Activity::Wait | Activity::Backoff => (BTreeMap::new(), true),
            Activity::Idle => (BTreeMap::new(), false),
        };
        let state = self.state_of(id);
        let is_map = self.is_map(id);
        for (slot, child) in children {
            self.abort_thread(child);
            if is_map {
                self.record_iteration(id, EventType::MapIterationAborted, slot);
            }
        }
        if let Some(state) = state.filter(|_| in_state)
            && let Some(kind) = EventType::aborted(&state.kind)
        {
            self.record(id, kind, Details::named(&state.name));
        }
        self.threads.remove(&id);
    }
}
