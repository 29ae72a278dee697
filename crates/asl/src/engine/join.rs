//! Parallel and Map: starting children and waiting for them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::failure::Failure;
use super::flow::check_size;
use super::map::ItemQueue;
use super::{Activity, ChildRun, Effect, Execution, Start, ThreadId};
use crate::context::Variables;
use crate::history::{Details, EventType};
use crate::model::{Parallel, State, StateKind};

/// The children of a Parallel or Map state.
pub(super) struct Join {
    /// Results by place, whatever the order in which they come.
    pub(super) results: Vec<Option<Arc<Value>>>,
    /// Children that run, by place.
    pub(super) running: BTreeMap<usize, ThreadId>,
    /// What a Map has besides.
    pub(super) items: Option<ItemQueue>,
}

impl Execution {
    pub(super) fn start_branches(&mut self, id: ThreadId, state: &State, parallel: &Parallel) -> Result<(), Failure> {
        let input = self.effective_input(id, state)?;
        let input = self.filled(id, parallel.parameters.as_ref(), input)?;
        check_size(&input, &state.name)?;
        let started = self.record(id, EventType::ParallelStateStarted, Details::default());
        let outer = self.variables(id);
        let mut running = BTreeMap::new();
        let map_item = self.threads.get(id).and_then(|thread| thread.map_item.clone());
        for (slot, branch) in parallel.branches.iter().enumerate() {
            let start = Start {
                parent: Some((id, slot)),
                workflow: Arc::clone(branch),
                variables: Arc::new(Variables::within(Arc::clone(&outer))),
                map_item: map_item.clone(),
                run: self.child_run(id),
                last_event: started,
            };
            running.insert(slot, self.spawn(start, Arc::clone(&input)));
        }
        let results = vec![None; parallel.branches.len()];
        self.join(id, Join { results, running, items: None });
        Ok(())
    }

    pub(super) fn join(&mut self, id: ThreadId, join: Join) {
        if let Some(thread) = self.threads.get_mut(id) {
            thread.activity = Activity::Join(join);
        }
    }

    pub(super) fn joining(&mut self, id: ThreadId) -> Option<&mut Join> {
        match &mut self.threads.get_mut(id)?.activity {
            Activity::Join(join) => Some(join),
            _ => None,
        }
    }

    fn is_map(&self, id: ThreadId) -> bool {
        matches!(self.state_of(id).as_deref(), Some(State { kind: StateKind::Map(_), .. }))
    }

    pub(super) fn variables(&self, id: ThreadId) -> Arc<Variables> {
        self.threads.get(id).map(|thread| Arc::clone(&thread.variables)).unwrap_or_default()
    }

    /// The child execution that a thread's children belong to as well.
    pub(super) fn child_run(&self, id: ThreadId) -> Option<Arc<ChildRun>> {
        self.threads.get(id)?.run.clone()
    }

    pub(super) fn complete_if_done(&mut self, id: ThreadId) {
        let Some(join) = self.joining(id) else { return };
        if !join.running.is_empty() || join.items.as_ref().is_some_and(|items| !items.is_empty()) {
            return;
        }
        let results = std::mem::take(&mut join.results);
        let distributed = join.items.as_ref().is_some_and(ItemQueue::is_distributed);
        if distributed {
            self.record(id, EventType::MapRunSucceeded, Details::default());
        }
        let kind = if self.is_map(id) { EventType::MapStateSucceeded } else { EventType::ParallelStateSucceeded };
        self.record(id, kind, Details::default());
        // Branches mostly hand on what all of them got: it is copied only for somebody who reads it.
        let read = self.state_of(id).is_none_or(|state| Self::reads_result(&state));
        let results = results.into_iter().filter(|_| read);
        self.complete(id, results.map(|result| result.map(Arc::unwrap_or_clone).unwrap_or_default()).collect());
    }

    pub(super) fn record_iteration(&mut self, id: ThreadId, kind: EventType, index: usize) -> u64 {
        let Some(state) = self.state_of(id) else { return 0 };
        if matches!(&state.kind, StateKind::Map(map) if map.distributed.is_some()) {
            return 0;
        }
        let name = Some(state.name.to_string());
        self.record(id, kind, Details { name, index: Some(index), ..Details::default() })
    }

    pub(super) fn child_succeeded(&mut self, parent: ThreadId, slot: usize, child: ThreadId, output: Arc<Value>) {
        self.threads.remove(child);
        let Some(join) = self.joining(parent) else { return };
        join.running.remove(&slot);
        if let Some(place) = join.results.get_mut(slot) {
            *place = Some(output);
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
        // AWS counts the Task state that failed among those that the failure aborts.
        let in_task = matches!(self.state_of(child).as_deref(), Some(State { kind: StateKind::Task(_), .. }));
        let failed_task = self.threads.remove(child).filter(|_| in_task).map(|thread| thread.last_event);
        let is_map = self.is_map(parent);
        if is_map {
            self.record_iteration(parent, EventType::MapIterationFailed, slot);
        }
        if let Some(last_event) = failed_task {
            self.record_after_in(parent, last_event, EventType::TaskStateAborted);
        }
        let failure = match self.tolerated(parent, slot, failure) {
            Ok(()) => return,
            Err(failure) => failure,
        };
        let siblings = match self.joining(parent) {
            Some(join) => {
                join.running.remove(&slot);
                std::mem::take(&mut join.running)
            }
            None => BTreeMap::new(),
        };
        for (slot, sibling) in siblings {
            if is_map {
                self.record_iteration(parent, EventType::MapIterationAborted, slot);
            }
            self.abort_thread(sibling);
        }
        self.state_failed(parent, failure);
    }

    /// Stops a thread, its task and its children. If it was about to enter a state, it will not be found then.
    pub(super) fn abort_thread(&mut self, id: ThreadId) {
        self.set_wake(id, None);
        let Some(thread) = self.threads.get_mut(id) else { return };
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
            if is_map {
                self.record_iteration(id, EventType::MapIterationAborted, slot);
            }
            self.abort_thread(child);
        }
        if let Some(state) = state.filter(|_| in_state)
            && let Some(kind) = EventType::aborted(&state.kind)
        {
            self.record(id, kind, Details::default());
        }
        self.threads.remove(id);
    }
}
