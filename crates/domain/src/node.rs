//! A node of a workflow's run: waits for its dependencies, is claimed, completes once, is undone at most once.
//!
//! The protocol around these transitions is the same on every engine (`docs/workflows.md`): a node runs when the state
//! machine has arrived at it *and* all that it waits for is complete. Whoever completes a node writes its row and counts
//! down every row that waits for it in one transaction; then reads those rows, sends the messages of the ready ones,
//! answers the token and acknowledges. Whoever dies in between is followed by the same message, which finds the node
//! complete and repeats what comes after the transaction. Every write is on condition that the row is as it was read.

use crate::hash::ContentHash;
use serde::{Deserialize, Serialize};
use serde_json::Value;

// State machine of a node's row. `remaining` counts what it waits for and what is not complete yet; no stored row means
// that nothing has happened: waiting, with all of it remaining.
//
//   from \ event   take(token)                     release (one less remains)   complete          fail(fence)
//   waiting        remaining > 0: parked           remaining - 1                remaining = 0:    -
//                  else: claimed, fence + 1                                     complete (*)
//   parked         remaining > 0: newer token      remaining - 1; at 0 its      remaining = 0:    -
//                  else: claimed, fence + 1        message is sent              complete (*)
//   claimed        lease live: newer token, held   refused                      same fence:       same fence: failed
//                  lease over: claimed, fence + 1                               complete
//   failed         its token: answers the failure; refused                      -                 -
//                  that of an earlier attempt:
//                  nothing (so when parked or
//                  claimed, too)
//                  else: claimed, fence + 1
//   complete       answers what is stored          refused                      -                 -
//   undoing        answers what is stored          refused                      -                 -
//   compensated    as waiting, once reopened       refused                      -                 -
//
//   from \ event   undo                            undone(fence)                not_undone(fence)
//   complete       undoing, fence + 1              -                            -
//   undoing        lease over: undoing, fence + 1  compensated                  complete, with why
//
// (*) Without a claim: only for work that does nothing, such as a noop, a relay, or a node that is skipped.
// A relay is a row like any other. Nothing arrives at it, and it completes as soon as nothing remains.

/// Which row of a run: nodes and relays are numbered in the compiled workflow, which never changes within a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeKey {
    /// A node.
    Node(u32),
    /// A relay.
    Relay(u32),
}

/// How a node came to be complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeStatus {
    /// It ran.
    Succeeded,
    /// Its condition was not true; it has no output.
    Skipped,
}

impl NodeStatus {
    /// The word in expressions and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Skipped => "skipped",
        }
    }
}

/// What a node handed over.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeOutput {
    /// Nothing.
    Nothing,
    /// A small value.
    Inline(Value),
    /// A value in the run's blobs.
    Blob(ContentHash),
}

/// How a node ended.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NodeOutcome {
    /// How.
    pub status: NodeStatus,
    /// With what.
    #[serde(default = "nothing", skip_serializing_if = "is_nothing")]
    pub output: NodeOutput,
    /// When, milliseconds since 1970.
    pub at_ms: u64,
}

fn nothing() -> NodeOutput {
    NodeOutput::Nothing
}

fn is_nothing(output: &NodeOutput) -> bool {
    *output == NodeOutput::Nothing
}

/// Why an attempt failed: the name that definitions match, and what happened.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct NodeFailure {
    /// The error's name.
    pub error: String,
    /// What happened, to what, what to do.
    pub cause: String,
}

/// Where a node stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeState {
    /// The state machine has not arrived at it.
    #[default]
    Waiting,
    /// The state machine has arrived, before all dependencies were complete.
    Parked,
    /// Somebody works on it until the lease ends.
    Claimed {
        /// End of the lease, milliseconds since 1970.
        lease_until_ms: u64,
    },
    /// Its last attempt failed; the state machine may send another.
    Failed(NodeFailure),
    /// It is done.
    Complete(NodeOutcome),
    /// It is done, and somebody undoes it until the lease ends.
    Undoing {
        /// End of the lease, milliseconds since 1970.
        lease_until_ms: u64,
        /// What is undone.
        outcome: NodeOutcome,
    },
    /// It was done and is undone: it is not complete any more.
    Compensated,
}

/// The stored row of a node or a relay.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
pub struct NodeRow {
    /// Where it stands.
    pub state: NodeState,
    /// How much of what it waits for is not complete.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub remaining: u32,
    /// Raised by every claim; whoever writes with an older number has lost.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub fence: u32,
    /// The newest token that waits for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
    /// Which tokens attempts had that failed, by their hashes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
    /// When work on it began first, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_ms: Option<u64>,
    /// When it was undone, where it is, milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_ms: Option<u64>,
    /// Why it could not be undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_undone: Option<NodeFailure>,
}

/// A token as a row remembers it: tokens are long.
fn hashed(token: &str) -> String {
    ContentHash::of(token.as_bytes()).short().to_owned()
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

/// What comes of a message that the state machine, or who released a node, has sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Take {
    /// Not all dependencies are complete. Store the row and acknowledge.
    Park(NodeRow),
    /// Store the row, then work.
    Work(NodeRow),
    /// Somebody else works on it. Store the row, which keeps the newest token; the message comes again when the lease is over.
    Held {
        /// With the newest token.
        row: NodeRow,
        /// Until when, milliseconds since 1970.
        lease_until_ms: u64,
    },
    /// It is a copy of the message whose attempt failed. Answer that, acknowledge; another attempt has another token.
    Failed(NodeFailure),
    /// It is a copy of the message of an attempt that failed before others began: its machine waits for it no more.
    /// Acknowledge.
    Late,
    /// It is complete. Repeat what follows a completion: release, answer, acknowledge.
    Done(NodeOutcome),
}

/// A transition that the row does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The claim no longer stands: somebody else took the node over.
    #[error("the claim on the node no longer stands")]
    Fenced,
    /// Not everything that it waits for is complete.
    #[error("the node still waits for {remaining} others")]
    Waits {
        /// For how many.
        remaining: u32,
    },
    /// It is complete already.
    #[error("the node is complete already")]
    Complete,
    /// It is not complete.
    #[error("the node is not complete")]
    NotComplete,
}

impl NodeRow {
    /// The row of a node to which nothing has happened yet.
    #[must_use]
    pub fn new(waits_for: u32) -> Self {
        Self { remaining: waits_for, ..Self::default() }
    }

    /// How it ended, where it is complete.
    #[must_use]
    pub fn outcome(&self) -> Option<&NodeOutcome> {
        match &self.state {
            NodeState::Complete(outcome) | NodeState::Undoing { outcome, .. } => Some(outcome),
            _ => None,
        }
    }

    /// Whether the state machine has arrived and nothing remains, but nobody has begun: its message has to be sent.
    #[must_use]
    pub fn ready(&self) -> bool {
        self.state == NodeState::Parked && self.remaining == 0
    }

    /// Whether an attempt with this token has failed. Hardly any has, and hashing costs more than all else here.
    fn has_failed(&self, token: &str) -> bool {
        !self.failed.is_empty() && self.failed.contains(&hashed(token))
    }

    /// A message with a token has come.
    #[must_use]
    pub fn take(mut self, token: Option<String>, now_ms: u64, lease_ms: u64) -> Take {
        match &self.state {
            NodeState::Complete(outcome) | NodeState::Undoing { outcome, .. } => return Take::Done(outcome.clone()),
            NodeState::Failed(failure) if token.is_some() && token == self.token => {
                return Take::Failed(failure.clone());
            }
            _ if token.as_deref().is_some_and(|token| self.has_failed(token)) => return Take::Late,
            NodeState::Claimed { lease_until_ms } if *lease_until_ms > now_ms => {
                let lease_until_ms = *lease_until_ms;
                self.token = token.or(self.token);
                return Take::Held { row: self, lease_until_ms };
            }
            _ => self.token = token.or(self.token),
        }
        if self.remaining > 0 {
            self.state = NodeState::Parked;
            return Take::Park(self);
        }
        // A new attempt begins anew; one whose worker was lost goes on in the time that it had.
        if !matches!(self.state, NodeState::Claimed { .. }) {
            self.started_ms = Some(now_ms);
        }
        self.fence += 1;
        self.state = NodeState::Claimed { lease_until_ms: now_ms.saturating_add(lease_ms) };
        Take::Work(self)
    }

    /// One of the rows that this one waits for is complete.
    ///
    /// # Errors
    /// [`Refused::Complete`] when nothing remained: then somebody counted twice. The row is as before then.
    pub fn release(&mut self) -> Result<(), Refused> {
        self.remaining = self.remaining.checked_sub(1).ok_or(Refused::Complete)?;
        Ok(())
    }

    /// The work is done. `fence` is that of the claim, or nothing where the work needs none.
    ///
    /// # Errors
    /// [`Refused`]; nothing may be written then.
    pub fn complete(mut self, fence: Option<u32>, outcome: NodeOutcome) -> Result<Self, Refused> {
        if self.outcome().is_some() {
            return Err(Refused::Complete);
        }
        if self.remaining > 0 {
            return Err(Refused::Waits { remaining: self.remaining });
        }
        let claimed = matches!(self.state, NodeState::Claimed { .. });
        if fence.map_or(claimed, |fence| !claimed || fence != self.fence) {
            return Err(Refused::Fenced);
        }
        self.started_ms = self.started_ms.or(Some(outcome.at_ms));
        self.state = NodeState::Complete(outcome);
        // Whoever completes it answers; nobody asks for the token again.
        self.token = None;
        self.not_undone = None;
        Ok(self)
    }

    /// An attempt failed.
    ///
    /// # Errors
    /// [`Refused::Fenced`] when the claim no longer stands.
    pub fn fail(mut self, fence: u32, failure: NodeFailure) -> Result<Self, Refused> {
        if !matches!(self.state, NodeState::Claimed { .. }) || self.fence != fence {
            return Err(Refused::Fenced);
        }
        self.state = NodeState::Failed(failure);
        self.failed.extend(self.token.as_deref().map(hashed));
        Ok(self)
    }

    /// Makes the lease of a claim longer.
    ///
    /// # Errors
    /// [`Refused::Fenced`] when the claim no longer stands.
    pub fn extend(mut self, fence: u32, now_ms: u64, lease_ms: u64) -> Result<Self, Refused> {
        match &mut self.state {
            NodeState::Claimed { lease_until_ms } | NodeState::Undoing { lease_until_ms, .. }
                if self.fence == fence =>
            {
                *lease_until_ms = now_ms.saturating_add(lease_ms);
                Ok(self)
            }
            _ => Err(Refused::Fenced),
        }
    }

    /// Takes a node to undo it.
    ///
    /// # Errors
    /// [`Refused::NotComplete`] when there is nothing to undo, [`Refused::Fenced`] when somebody else does.
    pub fn undo(mut self, now_ms: u64, lease_ms: u64) -> Result<Self, Refused> {
        let outcome = match self.state {
            NodeState::Undoing { lease_until_ms, .. } if lease_until_ms > now_ms => return Err(Refused::Fenced),
            NodeState::Complete(outcome) | NodeState::Undoing { outcome, .. } => outcome,
            _ => return Err(Refused::NotComplete),
        };
        self.fence += 1;
        self.state = NodeState::Undoing { lease_until_ms: now_ms.saturating_add(lease_ms), outcome };
        Ok(self)
    }

    /// The node is undone: it is not complete any more.
    ///
    /// # Errors
    /// [`Refused::Fenced`] when somebody else undoes it.
    pub fn undone(mut self, fence: u32, now_ms: u64) -> Result<Self, Refused> {
        if !matches!(self.state, NodeState::Undoing { .. }) || self.fence != fence {
            return Err(Refused::Fenced);
        }
        self.state = NodeState::Compensated;
        self.undone_ms = Some(now_ms);
        self.not_undone = None;
        Ok(self)
    }

    /// The node could not be undone: it stays complete, and why is kept.
    ///
    /// # Errors
    /// [`Refused::Fenced`] when somebody else undoes it.
    pub fn not_undone(mut self, fence: u32, failure: NodeFailure) -> Result<Self, Refused> {
        match self.state {
            NodeState::Undoing { outcome, .. } if self.fence == fence => {
                self.state = NodeState::Complete(outcome);
                self.not_undone = Some(failure);
                Ok(self)
            }
            _ => Err(Refused::Fenced),
        }
    }

    /// The row for a new execution of its run, where `waits_for` others are not complete. Only while no execution of the
    /// run is under way: claims of the dead are void, and late writers find a higher fence.
    #[must_use]
    pub fn reopened(self, waits_for: u32) -> Self {
        match self.state {
            NodeState::Complete(_) => Self { token: None, ..self },
            // It is still done; whether it has to be undone is asked again.
            NodeState::Undoing { outcome, .. } => {
                Self { state: NodeState::Complete(outcome), fence: self.fence + 1, token: None, ..self }
            }
            state => {
                let failure = matches!(state, NodeState::Failed(_));
                let state = if failure { state } else { NodeState::Waiting };
                let fence = self.fence + 1;
                Self { state, remaining: waits_for, fence, token: None, started_ms: None, undone_ms: None, ..self }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn done(at_ms: u64) -> NodeOutcome {
        NodeOutcome { status: NodeStatus::Succeeded, output: NodeOutput::Nothing, at_ms }
    }

    fn work(take: Take) -> NodeRow {
        match take {
            Take::Work(row) => row,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_gated_node_parks_until_nothing_remains() {
        let Take::Park(mut row) = NodeRow::new(2).take(Some("t1".into()), 1, 10) else { panic!("it has to wait") };
        row.release().unwrap();
        assert!(!row.ready());
        assert_eq!(row.clone().complete(None, done(2)), Err(Refused::Waits { remaining: 1 }));
        row.release().unwrap();
        assert!(row.ready());
        assert_eq!(row.release(), Err(Refused::Complete));
        assert!(row.ready(), "what is refused changes nothing");
        let row = work(row.take(Some("t2".into()), 5, 10));
        assert_eq!((row.fence, row.token.as_deref(), row.started_ms), (1, Some("t2"), Some(5)));
        let Take::Held { row: held, lease_until_ms: 15 } = row.clone().take(Some("t3".into()), 14, 10) else {
            panic!("the lease is live")
        };
        assert_eq!((held.fence, held.token.as_deref()), (1, Some("t3")));
        let row = row.complete(Some(1), done(9)).unwrap();
        assert_eq!(row.take(Some("t4".into()), 99, 10), Take::Done(done(9)));
    }

    #[test]
    fn a_copy_of_an_attempt_that_failed_before_others_began_is_no_attempt() {
        let failure = NodeFailure { error: "E".into(), cause: "c".into() };
        let first = work(NodeRow::new(0).take(Some("t1".into()), 1, 10)).fail(1, failure.clone()).unwrap();
        assert_eq!(first.clone().take(Some("t1".into()), 2, 10), Take::Failed(failure.clone()));
        let second = work(first.take(Some("t2".into()), 3, 10));
        assert_eq!(second.clone().take(Some("t1".into()), 4, 10), Take::Late, "while another attempt is at work");
        let second = second.fail(2, failure.clone()).unwrap();
        assert_eq!(second.clone().take(Some("t1".into()), 5, 10), Take::Late);
        assert_eq!(second.clone().take(Some("t2".into()), 5, 10), Take::Failed(failure));
        let resumed = second.reopened(0);
        assert_eq!(resumed.clone().take(Some("t2".into()), 6, 10), Take::Late, "also in a later execution");
        let third = work(resumed.take(Some("t3".into()), 7, 10));
        assert_eq!((third.fence, third.token.as_deref()), (4, Some("t3")));
    }

    #[test]
    fn a_late_worker_loses() {
        let first = work(NodeRow::new(0).take(None, 0, 10));
        let second = work(first.clone().take(None, 10, 10));
        assert_eq!((second.fence, second.started_ms), (2, Some(0)), "the attempt goes on in its time");
        assert_eq!(second.clone().complete(Some(1), done(11)), Err(Refused::Fenced));
        assert_eq!(
            second.clone().complete(None, done(11)),
            Err(Refused::Fenced),
            "a claim is needed where there is one"
        );
        let failure = NodeFailure { error: "Boom".into(), cause: String::new() };
        assert_eq!(second.clone().fail(1, failure.clone()), Err(Refused::Fenced));
        let third = work(second.fail(2, failure).unwrap().take(None, 12, 10));
        assert_eq!((third.fence, third.started_ms), (3, Some(12)), "another attempt has its own time");
    }

    #[test]
    fn what_is_undone_is_not_complete_and_what_cannot_be_stays_so() {
        let row = NodeRow::new(0).complete(None, done(1)).unwrap();
        assert_eq!(NodeRow::new(0).undo(1, 1), Err(Refused::NotComplete));
        let undoing = row.undo(5, 10).unwrap();
        assert_eq!(undoing.clone().undo(14, 10), Err(Refused::Fenced));
        assert!(undoing.outcome().is_some());
        let why = NodeFailure { error: "Boom".into(), cause: "no".into() };
        let kept = undoing.clone().not_undone(undoing.fence, why.clone()).unwrap();
        assert_eq!((kept.outcome(), kept.not_undone.as_ref()), (Some(&done(1)), Some(&why)));
        let gone = undoing.clone().undone(undoing.fence, 0).unwrap();
        assert_eq!(gone.outcome(), None);
        assert_eq!(gone.reopened(2), NodeRow { fence: 2, started_ms: None, ..NodeRow::new(2) });
        assert!(undoing.reopened(0).outcome().is_some());
    }
}
