//! A keyed task: (run, task id, input hash) → one result, claimed by lease and fencing number before any work.

use crate::{failure::FailureKind, hash::ContentHash, ids::TaskId};
use serde::{Deserialize, Serialize};

// State machine of a task row:
//
//   from \ event   claim                       complete(fence)         fail(fence)           release(fence)
//   (none)         claimed, fence 1            -                       -                     -
//   claimed        lease over: fence + 1       completed, same fence   open, same fence      open, same fence
//                  lease live: LeaseHeld       stale fence: refused    stale fence: refused
//   open           claimed, fence + 1          -                       -                     -
//   completed      answers the stored result   -                       -                     -

/// Where a task stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum TaskState {
    /// Somebody works on it until the lease ends.
    Claimed {
        /// End of the lease, milliseconds since 1970.
        lease_until_ms: u64,
    },
    /// Its result is stored and answers every later claim.
    Completed {
        /// Hash of the stored result (JSON in the blob store).
        result: ContentHash,
    },
    /// It ended without a result and may be claimed again.
    Open {
        /// Why the last attempt failed.
        failure: Option<(FailureKind, String)>,
    },
}

/// Which call of which function made something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MadeBy {
    /// The function's name.
    pub function: String,
    /// The id of the request.
    pub request: String,
}

/// The stored row of one keyed task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskRow {
    /// Which task.
    pub task: TaskId,
    /// What it works from; part of the key.
    pub input: ContentHash,
    /// Raised by every claim; a write with an older number loses.
    pub fence: u64,
    /// Where it stands.
    #[serde(flatten)]
    pub state: TaskState,
    /// What completed it, where that was a function. Not part of the canonical record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<MadeBy>,
    /// Clock at the first claim, milliseconds since 1970. Not part of the canonical record.
    pub started_ms: u64,
    /// Clock at the last change, milliseconds since 1970. Not part of the canonical record.
    pub changed_ms: u64,
}

/// What a claim gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Claim {
    /// The caller may work; the row must be written on condition that its fence is still `previous_fence`.
    Work {
        /// The row to write.
        row: TaskRow,
        /// The fence that must still stand in the store; `None` where no row may exist.
        previous_fence: Option<u64>,
        /// Whether somebody began before and was not refused: what they paid for may be used again.
        begun: bool,
    },
    /// The work is done already.
    Done {
        /// Hash of the stored result.
        result: ContentHash,
    },
    /// Another worker holds the task.
    Held {
        /// Until when, milliseconds since 1970.
        lease_until_ms: u64,
    },
}

impl TaskRow {
    /// Decides what a claim gives, from the stored row.
    #[must_use]
    pub fn claim(stored: Option<&Self>, task: &TaskId, input: &ContentHash, now_ms: u64, lease_ms: u64) -> Claim {
        let (fence, started_ms, begun) = match stored {
            None => (None, now_ms, false),
            Some(row) => match &row.state {
                TaskState::Completed { result } => return Claim::Done { result: result.clone() },
                TaskState::Claimed { lease_until_ms } if *lease_until_ms > now_ms => {
                    return Claim::Held { lease_until_ms: *lease_until_ms };
                }
                TaskState::Claimed { .. } => (Some(row.fence), row.started_ms, true),
                TaskState::Open { failure } => {
                    let of_the_work = |(kind, _): &(FailureKind, String)| kind.of_the_work();
                    (Some(row.fence), row.started_ms, !failure.as_ref().is_some_and(of_the_work))
                }
            },
        };
        Claim::Work {
            row: Self {
                task: task.clone(),
                input: input.clone(),
                fence: fence.unwrap_or(0) + 1,
                state: TaskState::Claimed { lease_until_ms: now_ms + lease_ms },
                made_by: None,
                started_ms,
                changed_ms: now_ms,
            },
            previous_fence: fence,
            begun,
        }
    }

    /// The row after the work is done; written on condition that the fence still stands.
    #[must_use]
    pub fn completed(mut self, result: ContentHash, now_ms: u64) -> Self {
        self.state = TaskState::Completed { result };
        self.changed_ms = now_ms;
        self
    }

    /// The row after the work failed or was given up; written on condition that the fence still stands.
    #[must_use]
    pub fn opened(mut self, failure: Option<(FailureKind, String)>, now_ms: u64) -> Self {
        self.state = TaskState::Open { failure };
        self.changed_ms = now_ms;
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn claims_follow_the_table() {
        let task = TaskId::new("design/gate").unwrap();
        let input = ContentHash::of(b"in");
        let Claim::Work { row, previous_fence: None, begun: false } = TaskRow::claim(None, &task, &input, 100, 50)
        else {
            panic!("a task without a row can be claimed")
        };
        assert_eq!(row.fence, 1);
        assert_eq!(TaskRow::claim(Some(&row), &task, &input, 149, 50), Claim::Held { lease_until_ms: 150 });
        let Claim::Work { row: second, previous_fence: Some(1), begun: true } =
            TaskRow::claim(Some(&row), &task, &input, 150, 50)
        else {
            panic!("a lease that is over can be taken")
        };
        assert_eq!((second.fence, second.started_ms), (2, 100));
        for (failure, goes_on) in [(None, true), (Some(FailureKind::Referee), true), (Some(FailureKind::Work), false)] {
            let open = second.clone().opened(failure.map(|kind| (kind, String::new())), 160);
            let claim = TaskRow::claim(Some(&open), &task, &input, 161, 50);
            assert!(matches!(claim, Claim::Work { begun, .. } if begun == goes_on), "{failure:?}: {claim:?}");
        }
        let done = second.completed(ContentHash::of(b"r"), 170);
        assert_eq!(TaskRow::claim(Some(&done), &task, &input, 9999, 50), Claim::Done { result: ContentHash::of(b"r") });
    }
}
