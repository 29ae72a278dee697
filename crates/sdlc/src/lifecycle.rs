//! What happens to a run outside its executions: it is created, opened again, cancelled, and settled at the end of an
//! execution that did not do so itself. The same on every engine.

use maestro_domain::{ContentHash, Epic, Grant, IllegalTransition, Limit, NoRound, Round, Run, RunId, RunStatus};
pub use maestro_ports::new_id;
use maestro_store::Store;

/// Why a run could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The store failed or refused.
    #[error(transparent)]
    Store(#[from] maestro_store::Error),
    /// The run does not allow it.
    #[error(transparent)]
    Illegal(#[from] IllegalTransition),
}

/// Why a round of rework was not granted.
#[derive(Debug, thiserror::Error)]
pub enum NotGranted {
    /// The store failed or refused.
    #[error(transparent)]
    Store(#[from] maestro_store::Error),
    /// Nobody asked for it.
    #[error("run `{run}` takes no round of rework: {reason}")]
    NoRound {
        /// The run.
        run: RunId,
        /// Why not.
        reason: NoRound,
    },
}

/// What a new run needs.
#[derive(Debug, Clone)]
pub struct NewRun {
    /// The epic's bytes as they came.
    pub bytes: Vec<u8>,
    /// The epic as it was read from them.
    pub epic: Epic,
    /// Where the user wants the deliverable, as a full path.
    pub out: String,
    /// The run's id.
    pub id: RunId,
    /// The name of the model that will work on it.
    pub model: String,
    /// What is done: the name of a scope.
    pub scope: String,
    /// What its models may spend before somebody grants more.
    pub budget: Limit,
}

/// What a run may spend where nobody says otherwise: 10 US dollars.
pub const DEFAULT_BUDGET: Limit = Limit { micro_usd: Some(10_000_000), tokens: None };
/// Who made the first grant of a run.
const FIRST_GRANT: &str = "default";

/// How an execution ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// Well.
    Done,
    /// Somebody stopped it.
    Stopped,
    /// By a named error.
    Failed {
        /// Its name.
        error: String,
        /// What happened.
        cause: String,
    },
}

/// Creates a run.
///
/// # Errors
/// [`Error::Store`]; then nothing was created.
pub async fn create(store: &Store, new: NewRun, now_ms: u64) -> Result<Run, Error> {
    let run = Run {
        id: new.id,
        epic: new.epic.title.clone(),
        epic_hash: ContentHash::of(&new.bytes),
        model: new.model,
        scope: new.scope,
        out: new.out,
        status: RunStatus::Running,
        reason: None,
        rounds: Vec::new(),
        executions: 1,
        created_ms: now_ms,
        changed_ms: now_ms,
    };
    let grant = Grant { amount: new.budget, by: FIRST_GRANT.to_owned(), at_ms: now_ms };
    store.create_run(&run, &new.epic, &new.bytes, &grant).await?;
    Ok(run)
}

/// Opens a run for another execution: claims of dead workers are void, completed keys will answer. Whoever calls this
/// knows that no execution of it is under way.
///
/// # Errors
/// [`Error::Illegal`] when it has ended well, or a failure of the store.
pub async fn resume(store: &Store, run: &RunId, now_ms: u64) -> Result<Run, Error> {
    let mut stored = store.run(run).await?;
    stored.run.resume(now_ms)?;
    store.release_all(run, now_ms).await?;
    store.update_run(&mut stored).await?;
    Ok(stored.run)
}

/// Grants one more round of rework to the phase whose gate asks a person, with a word to those who rework. It counts once the
/// run is resumed.
///
/// # Errors
/// [`NotGranted::NoRound`] where no gate asks for it, or a failure of the store.
pub async fn rework(
    store: &Store,
    run: &RunId,
    by: &str,
    note: Option<&str>,
    now_ms: u64,
) -> Result<Round, NotGranted> {
    loop {
        let mut stored = store.run(run).await?;
        let gates = store.gates(run).await?;
        let granted = stored.run.grant_round(&gates, by.to_owned(), note.map(str::to_owned), now_ms);
        let granted = granted.cloned().map_err(|reason| NotGranted::NoRound { run: run.clone(), reason })?;
        match store.update_run(&mut stored).await {
            Err(maestro_store::Error::Changed { .. }) => {}
            other => return Ok(other.map(|()| granted)?),
        }
    }
}

/// Cancels a run, whoever executes it.
///
/// # Errors
/// [`Error::Illegal`] when it has ended already, or a failure of the store.
pub async fn cancel(store: &Store, run: &RunId, now_ms: u64) -> Result<Run, Error> {
    loop {
        let mut stored = store.run(run).await?;
        stored.run.cancel(now_ms)?;
        match store.update_run(&mut stored).await {
            // Whoever executes it writes its row too; the second looks again.
            Err(maestro_store::Error::Changed { .. }) => {}
            other => return Ok(other.map(|()| stored.run)?),
        }
    }
}

/// Writes down how an execution ended, where the definition's own last step did not. Answers the run, and whether this
/// call is what ended it. An execution that the run was resumed from says nothing about it any more.
///
/// # Errors
/// A failure of the store.
pub async fn settle(
    store: &Store,
    run: &RunId,
    execution: &str,
    ending: &Ending,
    now_ms: u64,
) -> Result<(Run, bool), Error> {
    loop {
        let mut stored = store.run(run).await?;
        if stored.run.status.terminal() || stored.run.execution_name() != execution {
            return Ok((stored.run, false));
        }
        match ending {
            Ending::Done => stored.run.finish(RunStatus::Ok, None, now_ms)?,
            Ending::Stopped => {
                stored.run.cancel(now_ms)?;
                store.release_all(run, now_ms).await?;
            }
            Ending::Failed { error, cause } => {
                stored.run.finish(RunStatus::Failed, Some(crate::reason(error, cause)), now_ms)?;
            }
        }
        match store.update_run(&mut stored).await {
            // Somebody cancelled the run at this very moment: then that is how it ended.
            Err(maestro_store::Error::Changed { .. }) => {}
            other => return Ok(other.map(|()| (stored.run, true))?),
        }
    }
}
