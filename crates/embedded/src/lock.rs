//! One process at a time executes a run. The lock goes with the process, however it ends.

use maestro_domain::RunId;
use std::{
    fs::{File, OpenOptions, TryLockError, create_dir_all},
    io,
    path::Path,
    time::Duration,
};

/// Why a run cannot be executed here and now.
#[derive(Debug, thiserror::Error)]
pub enum Locked {
    /// Another process executes it.
    #[error("run `{run}` is being executed by another process")]
    Busy {
        /// The run.
        run: RunId,
    },
    /// The lock could not be taken.
    #[error("the lock of run `{run}` could not be taken")]
    Failed {
        /// The run.
        run: RunId,
        /// Why.
        #[source]
        source: io::Error,
    },
}

/// Held as long as a run is executed.
#[derive(Debug)]
pub(crate) struct RunLock {
    file: File,
}

impl Drop for RunLock {
    fn drop(&mut self) {
        // Closing alone leaves the lock with a process that another thread is just starting, until that process has become
        // its own program: it holds a copy of the descriptor so long.
        self.file.unlock().ok();
    }
}

impl RunLock {
    /// Takes the lock of a run.
    pub(crate) fn take(home: &Path, run: &RunId) -> Result<Self, Locked> {
        let failed = |source| Locked::Failed { run: run.clone(), source };
        let dir = home.join("locks");
        create_dir_all(&dir).map_err(failed)?;
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join(run.as_str()));
        let file = file.map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { file }),
            Err(TryLockError::WouldBlock) => Err(Locked::Busy { run: run.clone() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }

    /// Whether somebody has the lock of a run.
    pub(crate) fn is_taken(home: &Path, run: &RunId) -> Result<bool, Locked> {
        match Self::take(home, run) {
            Ok(_) => Ok(false),
            Err(Locked::Busy { .. }) => Ok(true),
            Err(failed @ Locked::Failed { .. }) => Err(failed),
        }
    }

    /// Forgets the lock's file, for a run that is deleted.
    pub(crate) fn remove(home: &Path, run: &RunId) -> Result<(), Locked> {
        match std::fs::remove_file(home.join("locks").join(run.as_str())) {
            Err(source) if source.kind() != io::ErrorKind::NotFound => Err(Locked::Failed { run: run.clone(), source }),
            _ => Ok(()),
        }
    }
}

/// Comes back once a look at the store shows that somebody else, perhaps in another process, cancelled a run.
pub(crate) async fn cancelled_elsewhere<F: Future<Output = bool>>(is_cancelled: impl Fn() -> F) {
    const LOOK_EVERY: Duration = Duration::from_millis(250);
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        if is_cancelled().await {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_taker_is_told() {
        let home = tempfile::tempdir().unwrap();
        let run = RunId::new("run-1").unwrap();
        let first = RunLock::take(home.path(), &run).unwrap();
        assert!(matches!(RunLock::take(home.path(), &run), Err(Locked::Busy { .. })));
        assert!(RunLock::is_taken(home.path(), &run).unwrap());
        drop(first);
        assert!(!RunLock::is_taken(home.path(), &run).unwrap());
        RunLock::take(home.path(), &run).unwrap();
    }

    #[test]
    fn a_copy_of_the_descriptor_keeps_no_lock() {
        let home = tempfile::tempdir().unwrap();
        let run = RunId::new("run-1").unwrap();
        let first = RunLock::take(home.path(), &run).unwrap();
        // As a process has it that was begun by another thread and is not its own program yet.
        let copy = first.file.try_clone().unwrap();
        drop(first);
        RunLock::take(home.path(), &run).unwrap();
        drop(copy);
    }
}
