//! How long work was under way, as the journal tells it.

use maestro_domain::{Event, TaskId};
use std::{collections::BTreeSet, time::Duration};

/// Adds up the time in which at least one task was worked on.
#[derive(Debug, Default)]
pub(crate) struct Busy {
    working: BTreeSet<TaskId>,
    since_ms: u64,
    total_ms: u64,
}

impl Busy {
    /// Something happened.
    pub(crate) fn event(&mut self, at_ms: u64, event: &Event) {
        match event {
            Event::TaskStarted { task, .. } => {
                if self.working.is_empty() {
                    self.since_ms = at_ms;
                }
                self.working.insert(task.clone());
            }
            Event::TaskFinished { task, .. } | Event::TaskFailed { task, .. } | Event::TaskSuspended { task }
                if self.working.remove(task) && self.working.is_empty() =>
            {
                // Clocks of two functions may differ a little.
                self.total_ms += at_ms.saturating_sub(self.since_ms);
            }
            _ => {}
        }
    }

    /// The time so far.
    pub(crate) fn total(&self) -> Duration {
        Duration::from_millis(self.total_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn started(task: &str) -> Event {
        Event::TaskStarted { task: TaskId::new(task).unwrap(), input: String::new() }
    }

    fn finished(task: &str) -> Event {
        Event::TaskFinished { task: TaskId::new(task).unwrap(), reused: false, tokens: 0, cost_micro_usd: 0 }
    }

    #[test]
    fn time_in_which_tasks_overlap_counts_once() {
        let mut busy = Busy::default();
        for (at_ms, event) in [
            (100, started("a/b")),
            (150, started("a/c")),
            (200, finished("a/b")),
            (300, finished("a/c")),
            // A stored result that answers was never started here.
            (400, finished("a/d")),
            (500, started("a/e")),
            (510, finished("a/e")),
        ] {
            busy.event(at_ms, &event);
        }
        assert_eq!(busy.total(), Duration::from_millis(210));
    }
}
