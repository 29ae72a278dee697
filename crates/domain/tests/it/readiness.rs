//! The readiness protocol of workflows, every order of steps tried: no wake-up is lost, nothing runs twice.
//!
//! The steps around the transitions are those of `docs/workflows.md`; the transitions are the ones that run in production.
//! Each mutation takes one thing out of the protocol, and the search has to find what then goes wrong.

use maestro_domain::node::{NodeFailure, NodeOutcome, NodeOutput, NodeRow, NodeState, NodeStatus, Take};
use stateright::{Checker, Model, Property};

/// What is taken out of the protocol.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Mutation {
    None,
    /// A node that is found complete is answered, but what waits for it is not released again.
    NoRepeatedRelease,
    /// The message is acknowledged before those that wait are released.
    AcknowledgesFirst,
    /// A row is written whatever it has become since it was read.
    WritesUnconditionally,
    /// A node begins though something that it waits for is not complete.
    DoesNotWait,
    /// The completion and the counting down are two writes, and the second is left out where the first was there already.
    CountsDownLater,
}

/// Node 0 and 1 are arrived at when the run begins; 2 waits for both through a relay (3) where `relay` is set.
struct Protocol {
    mutation: Mutation,
    relay: bool,
    /// Nodes do nothing: whoever may work on one writes claim and completion at once.
    idle: bool,
    workers: usize,
    crashes: u8,
    duplicates: u8,
    failures: u8,
}

const NODES: usize = 3;
const RELAY: usize = 3;

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct State {
    rows: Vec<NodeRow>,
    /// How many copies of a node's message are in the queue.
    queue: Vec<u8>,
    /// How many attempts the state machine has sent.
    sent: Vec<u8>,
    answered: Vec<bool>,
    workers: Vec<Worker>,
    ran: Vec<u8>,
    /// How many attempts of a node were cut short: by a crash, or by failing.
    cut: Vec<u8>,
    ran_complete: bool,
    ran_early: bool,
    crashes: u8,
    duplicates: u8,
    failures: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Worker {
    Idle,
    /// It has the message and has read the row.
    Read(usize, NodeRow),
    /// It works, and holds the row as it wrote it.
    Works(usize, NodeRow),
    /// The work is done.
    Worked(usize, NodeRow),
    /// Completed; what waits for `of` is released next. `of` is the node, or a relay of it.
    Releases(usize, usize),
    Answers(usize),
    Acknowledges(usize),
    /// The failure is stored and has to be told.
    TellsFailure(usize),
    /// Acknowledged, and what waits is released only now: a mutation.
    Late(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Action {
    Receive(usize, usize),
    Duplicate(usize),
    Step(usize),
    Fail(usize),
    Crash(usize),
}

impl Protocol {
    fn waits(&self, of: usize) -> Vec<usize> {
        match of {
            0 | 1 if self.relay => vec![RELAY],
            0 | 1 => vec![2],
            RELAY => vec![2],
            _ => vec![],
        }
    }

    fn outcome() -> NodeOutcome {
        NodeOutcome { status: NodeStatus::Succeeded, output: NodeOutput::Nothing, at_ms: 1 }
    }

    /// Whether a lease is over: only that of somebody who is gone.
    fn now(state: &State, node: usize) -> u64 {
        let alive = state.workers.iter().any(|worker| match worker {
            Worker::Works(at, _) | Worker::Worked(at, _) => *at == node,
            _ => false,
        });
        if alive { 1 } else { 1_000 }
    }

    /// One transaction: the completion, and all that waits for it counted down, if the row is still as it was read.
    fn complete(&self, state: &mut State, at: usize, read: &NodeRow, fence: Option<u32>) -> bool {
        if state.rows[at] != *read && self.mutation != Mutation::WritesUnconditionally {
            return false;
        }
        let Ok(row) = read.clone().complete(fence, Self::outcome()) else { return false };
        state.rows[at] = row;
        if self.mutation != Mutation::CountsDownLater {
            self.count_down(state, at);
        }
        true
    }

    /// What a worker does next that writes the completion of a claim.
    fn completed(&self, state: &mut State, node: usize, read: &NodeRow, fence: u32) -> Worker {
        match self.complete(state, node, read, Some(fence)) {
            true if self.mutation == Mutation::AcknowledgesFirst => Worker::Acknowledges(node),
            // As if it were done next, by whoever does not die before.
            true if self.mutation == Mutation::CountsDownLater => Worker::Releases(node, RELAY + 1 + node),
            true => Worker::Releases(node, node),
            // It was taken over: whoever did tells.
            false => Worker::Idle,
        }
    }

    fn count_down(&self, state: &mut State, of: usize) {
        for waiting in self.waits(of) {
            // What is refused changes nothing.
            let _refused_or_not = state.rows[waiting].release();
        }
    }

    fn step(&self, state: &mut State, at: usize) {
        let next = match state.workers[at].clone() {
            Worker::Idle => return,
            Worker::Read(node, read) => {
                let now = Self::now(state, node);
                let mut row = read.clone();
                if self.mutation == Mutation::DoesNotWait {
                    row.remaining = 0;
                }
                let unchanged = state.rows[node] == read || self.mutation == Mutation::WritesUnconditionally;
                match row.take(Some(format!("t{}", state.sent[node])), now, 10) {
                    Take::Done(_) if self.mutation == Mutation::NoRepeatedRelease => Worker::Answers(node),
                    Take::Done(_) => Worker::Releases(node, node),
                    Take::Failed(_) => Worker::TellsFailure(node),
                    Take::Late => Worker::Acknowledges(node),
                    // Whoever loses reads again.
                    _ if !unchanged => Worker::Read(node, state.rows[node].clone()),
                    Take::Park(row) => {
                        state.rows[node] = row;
                        Worker::Acknowledges(node)
                    }
                    Take::Held { row, .. } => {
                        state.rows[node] = row;
                        state.queue[node] += 1;
                        Worker::Idle
                    }
                    Take::Work(row) => {
                        state.rows[node] = row.clone();
                        state.ran[node] += 1;
                        state.ran_complete |= read.outcome().is_some();
                        let done = |one: usize| state.rows[one].outcome().is_some();
                        state.ran_early |= node == 2 && !(done(0) && done(1));
                        if self.idle {
                            self.completed(state, node, &row.clone(), row.fence)
                        } else {
                            Worker::Works(node, row)
                        }
                    }
                }
            }
            Worker::Works(node, row) => Worker::Worked(node, row),
            Worker::Worked(node, row) => {
                let mut read = state.rows[node].clone();
                if self.mutation == Mutation::DoesNotWait {
                    read.remaining = 0;
                    state.rows[node].remaining = 0;
                }
                self.completed(state, node, &read, row.fence)
            }
            Worker::Releases(node, of) if of > RELAY => {
                self.count_down(state, node);
                Worker::Releases(node, node)
            }
            Worker::Releases(node, of) => {
                // A consistent read of what waits; the ready ones are sent.
                let mut next = Worker::Answers(node);
                for waiting in self.waits(of) {
                    let row = state.rows[waiting].clone();
                    if waiting == RELAY {
                        let complete = row.outcome().is_some() || self.complete(state, RELAY, &row, None);
                        if complete {
                            next = Worker::Releases(node, RELAY);
                        }
                    } else if row.ready() {
                        state.queue[waiting] += 1;
                    }
                }
                next
            }
            Worker::Answers(node) => {
                state.answered[node] = true;
                Worker::Acknowledges(node)
            }
            Worker::Acknowledges(node) => {
                let early = self.mutation == Mutation::AcknowledgesFirst && state.rows[node].outcome().is_some();
                if early && !state.answered[node] { Worker::Late(node) } else { Worker::Idle }
            }
            Worker::Late(node) => Worker::Releases(node, node),
            Worker::TellsFailure(node) => {
                // The state machine tries again, with a new token.
                state.sent[node] += 1;
                state.queue[node] += 1;
                Worker::Acknowledges(node)
            }
        };
        state.workers[at] = next;
    }
}

impl Model for Protocol {
    type State = State;
    type Action = Action;

    fn init_states(&self) -> Vec<State> {
        let waits_for = if self.relay { [0, 0, 1, 2] } else { [0, 0, 2, 0] };
        vec![State {
            rows: waits_for.into_iter().map(NodeRow::new).collect(),
            queue: vec![1; NODES],
            sent: vec![1; NODES],
            answered: vec![false; NODES],
            workers: vec![Worker::Idle; self.workers],
            ran: vec![0; NODES],
            cut: vec![0; NODES],
            ran_complete: false,
            ran_early: false,
            crashes: self.crashes,
            duplicates: self.duplicates,
            failures: self.failures,
        }]
    }

    fn actions(&self, state: &State, actions: &mut Vec<Action>) {
        for (at, worker) in state.workers.iter().enumerate() {
            if *worker == Worker::Idle {
                let waiting = (0..NODES).filter(|node| state.queue[*node] > 0);
                actions.extend(waiting.map(|node| Action::Receive(at, node)));
                continue;
            }
            actions.push(Action::Step(at));
            if state.crashes > 0 {
                actions.push(Action::Crash(at));
            }
            if matches!(worker, Worker::Works(..)) && state.failures > 0 {
                actions.push(Action::Fail(at));
            }
        }
        if state.duplicates > 0 {
            actions.extend((0..NODES).map(Action::Duplicate));
        }
    }

    fn next_state(&self, last: &State, action: Action) -> Option<State> {
        let mut state = last.clone();
        match action {
            Action::Receive(worker, node) => {
                state.queue[node] -= 1;
                state.workers[worker] = Worker::Read(node, state.rows[node].clone());
            }
            Action::Duplicate(node) => {
                state.duplicates -= 1;
                state.queue[node] += 1;
            }
            Action::Step(worker) => self.step(&mut state, worker),
            Action::Fail(worker) => {
                let Worker::Works(node, row) = &last.workers[worker] else { return None };
                state.failures -= 1;
                let failure = NodeFailure { error: "Boom".into(), cause: String::new() };
                match state.rows[*node].clone().fail(row.fence, failure) {
                    Ok(failed) => {
                        state.rows[*node] = failed;
                        state.cut[*node] += 1;
                        state.workers[worker] = Worker::TellsFailure(*node);
                    }
                    Err(_) => state.workers[worker] = Worker::Idle,
                }
            }
            Action::Crash(worker) => {
                state.crashes -= 1;
                let acknowledged = self.mutation == Mutation::AcknowledgesFirst
                    && matches!(last.workers[worker], Worker::Late(_) | Worker::Releases(..) | Worker::Answers(_));
                let node = match &last.workers[worker] {
                    Worker::Works(node, _) | Worker::Worked(node, _) => {
                        state.cut[*node] += 1;
                        *node
                    }
                    Worker::Read(node, _)
                    | Worker::Releases(node, _)
                    | Worker::Answers(node)
                    | Worker::Acknowledges(node)
                    | Worker::TellsFailure(node)
                    | Worker::Late(node) => *node,
                    Worker::Idle => return None,
                };
                if !acknowledged {
                    state.queue[node] += 1;
                }
                state.workers[worker] = Worker::Idle;
            }
        }
        Some(state)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("no wake-up is lost", |_, state: &State| {
                let still = state.queue.iter().all(|count| *count == 0)
                    && state.workers.iter().all(|worker| *worker == Worker::Idle);
                !still
                    || state.rows[..NODES].iter().all(|row| row.outcome().is_some())
                        && state.answered.iter().all(|answered| *answered)
            }),
            Property::always("nothing runs twice", |_, state: &State| {
                !state.ran_complete && (0..NODES).all(|node| state.ran[node] <= 1 + state.cut[node])
            }),
            Property::always("nothing runs early", |_, state: &State| !state.ran_early),
            Property::always("one worker at a time", |_, state: &State| {
                (0..NODES).all(|node| {
                    let at_work = |worker: &&Worker| matches!(worker, Worker::Works(at, _) if *at == node);
                    state.workers.iter().filter(at_work).count() <= 1
                })
            }),
            Property::sometimes("it ends", |_, state: &State| {
                state.rows[..NODES].iter().all(|row| matches!(row.state, NodeState::Complete(_)))
            }),
        ]
    }
}

fn protocol(mutation: Mutation) -> Protocol {
    Protocol { mutation, relay: false, idle: false, workers: 2, crashes: 1, duplicates: 1, failures: 0 }
}

#[test]
fn no_wake_up_is_lost_and_nothing_runs_twice() {
    for protocol in [
        protocol(Mutation::None),
        Protocol { relay: true, duplicates: 0, ..protocol(Mutation::None) },
        Protocol { crashes: 0, failures: 1, ..protocol(Mutation::None) },
        Protocol { crashes: 2, duplicates: 0, ..protocol(Mutation::None) },
        Protocol { idle: true, ..protocol(Mutation::None) },
        Protocol { idle: true, relay: true, duplicates: 0, ..protocol(Mutation::None) },
    ] {
        let checked = protocol.checker().spawn_bfs().join();
        checked.assert_properties();
        assert!(checked.unique_state_count() > 1_000, "{}", checked.unique_state_count());
    }
}

#[test]
fn what_is_taken_out_of_the_protocol_is_missed() {
    for (mutation, property) in [
        (Mutation::NoRepeatedRelease, "no wake-up is lost"),
        (Mutation::AcknowledgesFirst, "no wake-up is lost"),
        (Mutation::WritesUnconditionally, "no wake-up is lost"),
        (Mutation::DoesNotWait, "nothing runs early"),
        (Mutation::CountsDownLater, "no wake-up is lost"),
    ] {
        for idle in [false, true] {
            let checked = Protocol { idle, ..protocol(mutation) }.checker().spawn_bfs().join();
            assert!(checked.discovery(property).is_some(), "{mutation:?} goes unnoticed (idle: {idle})");
        }
    }
}
