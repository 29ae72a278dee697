//! What a run of a workflow needs that nobody goes on with: decided from its rows alone, by rule.

use crate::{
    node::{NodeRow, NodeState},
    run::RunStatus,
};
use serde::{Deserialize, Serialize};

/// What is wrong with a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The run is not over, but no execution of it was begun, or whoever executed it is gone.
    Stuck,
    /// The run's execution is over, and nobody wrote down how it ended.
    Unsettled,
    /// A node is claimed, and its lease is over: whoever worked on it is gone.
    StaleLease {
        /// The node's number.
        node: u32,
    },
    /// A parked node has nothing left to wait for, and nobody has begun it: its message was lost.
    LostWakeUp {
        /// The node's number.
        node: u32,
    },
    /// The run has ended, and not all that it did is undone: whoever undid it is gone.
    HalfUndone,
    /// No worker finished with a message, however often it was delivered.
    DeadLetter {
        /// The number of the node that it was about; nothing where it was about undoing all.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        node: Option<u32>,
    },
}

/// What is done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Another execution goes on with the run.
    Resume,
    /// How the execution ended is written down.
    Settle,
    /// The node's message is sent again; whoever receives it takes the node over.
    Send {
        /// The node's number.
        node: u32,
    },
    /// What is left is undone.
    Undo,
    /// Whoever waits is told: that it failed, or how it ended where that is known.
    Answer,
    /// Nothing: somebody else goes on with it.
    Nothing,
}

/// One thing that a recovery found, and what it does about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recovery {
    /// What is wrong.
    pub finding: Finding,
    /// What is done.
    pub action: Action,
}

/// What a recovery did, as it is kept with the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// What was found and done.
    #[serde(flatten)]
    pub recovery: Recovery,
    /// When, milliseconds since 1970.
    pub at_ms: u64,
}

/// How the execution stands that works on a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// It is under way.
    UnderWay,
    /// It has ended.
    Over,
    /// There is none.
    Absent,
}

/// What to do about a run that has ended; `left` says whether something that it did has to be undone yet.
#[must_use]
pub fn decide_ended(status: RunStatus, execution: Execution, left: bool) -> Option<Recovery> {
    let ended = matches!(status, RunStatus::Failed | RunStatus::Cancelled) && execution == Execution::Absent;
    (ended && left).then_some(Recovery { finding: Finding::HalfUndone, action: Action::Undo })
}

/// Decides what to do about a run that is not over; `grace_ms` is how long a lease may be over before its holder counts as gone, since clocks
/// differ.
#[must_use]
pub fn decide<'a>(
    status: RunStatus,
    execution: Execution,
    rows: impl Iterator<Item = (u32, &'a NodeRow)>,
    now_ms: u64,
    grace_ms: u64,
) -> Vec<Recovery> {
    if status != RunStatus::Running {
        return Vec::new();
    }
    match execution {
        Execution::UnderWay => {}
        Execution::Over => return vec![Recovery { finding: Finding::Unsettled, action: Action::Settle }],
        // A new execution asks for every node again, so what the rows say needs no care of its own.
        Execution::Absent => return vec![Recovery { finding: Finding::Stuck, action: Action::Resume }],
    }
    let found = rows.filter_map(|(node, row)| {
        let finding = match &row.state {
            NodeState::Claimed { lease_until_ms } if lease_until_ms.saturating_add(grace_ms) < now_ms => {
                Finding::StaleLease { node }
            }
            _ if row.ready() => Finding::LostWakeUp { node },
            _ => return None,
        };
        Some(Recovery { finding, action: Action::Send { node } })
    });
    found.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::node::Take;

    #[test]
    fn each_finding_has_its_action() {
        let Take::Work(claimed) = NodeRow::new(0).take(None, 0, 100) else { panic!("it can be claimed") };
        let Take::Park(parked) = NodeRow::new(1).take(None, 0, 100) else { panic!("it waits") };
        let mut ready = parked.clone();
        ready.release().unwrap();
        let rows = [(0, claimed), (1, parked), (2, ready), (3, NodeRow::new(0))];
        let decide = |status, execution, now_ms| {
            decide(status, execution, rows.iter().map(|(node, row)| (*node, row)), now_ms, 50)
        };
        let send = |finding, node| Recovery { finding, action: Action::Send { node } };
        let lost = send(Finding::LostWakeUp { node: 2 }, 2);
        assert_eq!(
            decide(RunStatus::Running, Execution::UnderWay, 150),
            [lost],
            "the lease may be over by another clock only"
        );
        assert_eq!(
            decide(RunStatus::Running, Execution::UnderWay, 151),
            [send(Finding::StaleLease { node: 0 }, 0), lost]
        );
        let stuck = Recovery { finding: Finding::Stuck, action: Action::Resume };
        assert_eq!(decide(RunStatus::Running, Execution::Absent, 151), [stuck]);
        let unsettled = Recovery { finding: Finding::Unsettled, action: Action::Settle };
        assert_eq!(decide(RunStatus::Running, Execution::Over, 151), [unsettled]);
        for over in [RunStatus::Ok, RunStatus::Failed, RunStatus::Blocked, RunStatus::Cancelled] {
            assert_eq!(decide(over, Execution::Absent, 151), []);
        }
    }
}
