//! What a completed task hands over besides its result: artifacts, evidence, a verdict, usage. All of it is written in
//! the transaction that completes the task, so that a worker whose claim is gone leaves no trace.

use crate::{Error, Store, StoredArtifact, codec::to_text, keys::prefix};
use maestro_domain::{
    Artifact, ContentHash, Evidence, Gate, RunId, TaskId,
    task::{MadeBy, TaskRow},
};
use maestro_ports::{
    model::Usage,
    table::{Condition, Durability, Key, Write},
};
use serde::{Deserialize, Serialize};

/// What a completed task hands over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Records {
    /// Artifacts that [`Store::put_artifact`] made, each with the attempt of its phase (from 1).
    pub artifacts: Vec<(u32, Artifact)>,
    /// What the referee saw.
    pub evidence: Vec<Evidence>,
    /// The verdict, where the task is a gate.
    pub gate: Option<Gate>,
    /// What the model used, where one was asked.
    pub usage: Option<Usage>,
    /// What does the work, where that is a function.
    pub made_by: Option<MadeBy>,
}

/// What one claim of a task used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct UsageRow {
    /// The task.
    pub task: TaskId,
    /// What it worked from.
    pub input: ContentHash,
    /// Which claim of it.
    pub fence: u64,
    /// What it used.
    pub usage: Usage,
}

impl Store {
    pub(crate) async fn record_writes(
        &self,
        run: &RunId,
        row: &TaskRow,
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
        if let Some(usage) = records.usage {
            texts.push(usage_text(self, run, row, usage)?);
        }
        // The same evidence may be handed over twice (one job on one workspace); one row says it.
        texts.sort();
        texts.dedup_by(|a, b| a.0 == b.0);
        for (key, text) in texts {
            writes.push(Write::Put { key, item: self.row(run, &text).await?, condition: Condition::None });
        }
        Ok(())
    }

    /// Records what a claim used although it came to no result. Doing it again replaces the figures of the same claim.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn record_usage(&self, run: &RunId, row: &TaskRow, usage: Usage) -> Result<(), Error> {
        let (key, text) = usage_text(self, run, row, usage)?;
        let write = Write::Put { key, item: crate::codec::inline(&text), condition: Condition::None };
        self.write(vec![write], Durability::Power).await
    }

    /// Reads what every claim of a run used, sorted by task, input and claim.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn usage(&self, run: &RunId) -> Result<Vec<UsageRow>, Error> {
        let mut rows: Vec<UsageRow> = Vec::new();
        for shard in self.keys(run).shards() {
            rows.extend(self.all::<UsageRow>(run, &shard, prefix::USAGE).await?);
        }
        rows.sort_by(|a, b| (&a.task, &a.input, a.fence).cmp(&(&b.task, &b.input, b.fence)));
        Ok(rows)
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

fn usage_text(store: &Store, run: &RunId, row: &TaskRow, usage: Usage) -> Result<(Key, String), Error> {
    let key = store.keys(run).usage(&row.task, &row.input, row.fence);
    let usage = UsageRow { task: row.task.clone(), input: row.input.clone(), fence: row.fence, usage };
    Ok((key, to_text("usage", &usage)?))
}
