//! One process at a time executes a run. The lock goes with the process, however it ends.

use maestro_domain::RunId;
use std::{
    fs::{File, OpenOptions, TryLockError, create_dir_all},
    io,
    path::Path,
};

/// Held as long as a run is executed.
#[derive(Debug)]
pub(crate) struct RunLock {
    _file: File,
}

impl RunLock {
    /// Takes the lock of a run, or says that another process has it.
    pub(crate) fn take(home: &Path, run: &RunId) -> io::Result<Option<Self>> {
        let dir = home.join("locks");
        create_dir_all(&dir)?;
        let file = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join(run.as_str()))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(error),
        }
    }

    /// Forgets the lock's file, for a run that is deleted.
    pub(crate) fn remove(home: &Path, run: &RunId) -> io::Result<()> {
        match std::fs::remove_file(home.join("locks").join(run.as_str())) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
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
        assert!(first.is_some());
        assert!(RunLock::take(home.path(), &run).unwrap().is_none());
        drop(first);
        assert!(RunLock::take(home.path(), &run).unwrap().is_some());
    }
}
