//! What a completed task hands over besides its result: artifacts, evidence, a verdict. All of it is written in
//! the transaction that completes the task, so that a worker whose claim is gone leaves no trace.

use crate::{Error, Store, StoredArtifact, codec::to_text, keys::prefix};
use maestro_domain::{Artifact, ContentHash, Evidence, Gate, RunId, task::MadeBy};
use maestro_ports::table::{Condition, Key, Write};

/// What a completed task hands over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Records {
    /// Artifacts that [`Store::put_artifact`] made, each with the attempt of its phase (from 1).
    pub artifacts: Vec<(u32, Artifact)>,
    /// What the referee saw.
    pub evidence: Vec<Evidence>,
    /// The verdict, where the task is a gate.
    pub gate: Option<Gate>,
    /// What does the work, where that is a function.
    pub made_by: Option<MadeBy>,
}

impl Store {
    pub(crate) async fn record_writes(
        &self,
        run: &RunId,
        records: Records,
        writes: &mut Vec<Write>,
    ) -> Result<(), Error> {
        let keys = self.keys(run);
        let mut texts: Vec<(Key, String)> = Vec::new();
        for (attempt, artifact) in records.artifacts {
            let key = keys.artifact(artifact.phase, artifact.kind, attempt);
            texts.push((
                key,
                to_text("an artifact", &StoredArtifact { attempt, artifact, made_by: records.made_by.clone() })?,
            ));
        }
        for evidence in &records.evidence {
            texts.push((keys.evidence(&evidence.id()), to_text("evidence", evidence)?));
        }
        if let Some(gate) = &records.gate {
            texts.push((keys.gate(gate.phase, gate.attempt), to_text("a gate", gate)?));
        }
        // The same evidence may be handed over twice (one job on one workspace); one row says it.
        texts.sort();
        texts.dedup_by(|a, b| a.0 == b.0);
        for (key, text) in texts {
            writes.push(Write::Put { key, item: self.row(run, &text).await?, condition: Condition::None });
        }
        Ok(())
    }

    /// Reads all evidence of a run, sorted by job and id.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn evidence(&self, run: &RunId) -> Result<Vec<Evidence>, Error> {
        let mut all: Vec<Evidence> = self.all(run, &self.keys(run).partition(), prefix::EVIDENCE).await?;
        all.sort_by_cached_key(|evidence| (evidence.job.clone(), evidence.id()));
        Ok(all)
    }

    /// Reads one piece of evidence by its id.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn evidence_by_id(&self, run: &RunId, id: &ContentHash) -> Result<Option<Evidence>, Error> {
        let key = self.keys(run).evidence(id);
        match self.get(&key).await? {
            Some(item) => self.decode(run, &key, &item).await.map(Some),
            None => Ok(None),
        }
    }

    /// Reads all verdicts of a run, in order of phase and attempt.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn gates(&self, run: &RunId) -> Result<Vec<Gate>, Error> {
        let mut gates: Vec<Gate> = self.all(run, &self.keys(run).partition(), prefix::GATE).await?;
        gates.sort_by_key(|gate| (gate.phase, gate.attempt));
        Ok(gates)
    }
}
