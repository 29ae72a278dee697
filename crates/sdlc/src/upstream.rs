//! Which artifacts a task works from: those of accepted earlier phases, and those of earlier waves of its own attempt.

use crate::Failure;
use maestro_domain::{Artifact, ArtifactKind, ContentHash, Decision, PersonaId, Phase, RunId};
use maestro_store::{Store, StoredArtifact};
use maestro_tools::Upstream;
use maestro_workflow::Scope;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Those who work in a phase before a persona does; before a guest nobody does.
pub(crate) fn earlier(scope: &Scope, phase: Phase, persona: PersonaId) -> Vec<PersonaId> {
    let waves = if scope.works(phase, persona) { scope.waves(phase) } else { &[] };
    waves.iter().take_while(|wave| !wave.contains(&persona)).flat_map(|wave| wave.iter().copied()).collect()
}

/// The artifacts that count at one moment of a run, by phase and kind. The writer has one for each phase.
#[derive(Debug, Clone, Default)]
pub(crate) struct Standing(pub(crate) BTreeMap<(Phase, ArtifactKind), Artifact>);

impl Standing {
    /// What counts after all waves of one attempt of one phase.
    pub(crate) async fn after(
        store: &Store,
        run: &RunId,
        scope: &Scope,
        phase: Phase,
        attempt: u32,
    ) -> Result<Self, Failure> {
        Self::read(store, run, scope, phase, attempt, &scope.team(phase)).await
    }

    /// What counts before a persona of one attempt of one phase begins.
    pub(crate) async fn before(
        store: &Store,
        run: &RunId,
        scope: &Scope,
        phase: Phase,
        attempt: u32,
        persona: PersonaId,
    ) -> Result<Self, Failure> {
        if scope.works(phase, persona) {
            return Self::read(store, run, scope, phase, attempt, &earlier(scope, phase, persona)).await;
        }
        // A guest sees all that was refused, such as the tests that failed.
        let mut standing = Self::after(store, run, scope, phase, attempt.saturating_sub(1)).await?;
        standing.0.retain(|(_, kind), _| kind.author() != persona);
        Ok(standing)
    }

    /// Who of these has handed over nothing in a phase. Nobody works from half of what there should be: it would be done, and
    /// paid for, again.
    pub(crate) fn missing(&self, phase: Phase, personas: &[PersonaId]) -> Option<PersonaId> {
        let handed = |persona: PersonaId| self.0.keys().any(|(of, kind)| *of == phase && kind.author() == persona);
        personas.iter().copied().find(|persona| !handed(*persona))
    }

    async fn read(
        store: &Store,
        run: &RunId,
        scope: &Scope,
        phase: Phase,
        attempt: u32,
        personas: &[PersonaId],
    ) -> Result<Self, Failure> {
        let gates = store.gates(run).await?;
        let accepted = |of: Phase| {
            gates
                .iter()
                .filter(|gate| gate.phase == of && gate.decision == Decision::Advance)
                .map(|gate| gate.attempt)
                .max()
        };
        let mut standing: BTreeMap<(Phase, ArtifactKind), StoredArtifact> = BTreeMap::new();
        for stored in store.artifacts(run).await? {
            let of = stored.artifact.phase;
            let last = if of == phase {
                let author = stored.artifact.kind.author();
                // Guests work before all others.
                (personas.contains(&author) || !scope.works(phase, author)).then_some(attempt)
            } else if of < phase {
                accepted(of)
            } else {
                // A later phase of an earlier execution; it does not exist yet for this one.
                None
            };
            // A task that was not asked to rework keeps the artifact of the attempt that made it.
            if last.is_some_and(|last| stored.attempt <= last) {
                let key = (of, stored.artifact.kind);
                if standing.get(&key).is_none_or(|other| other.attempt < stored.attempt) {
                    standing.insert(key, stored);
                }
            }
        }
        let mut standing: BTreeMap<_, _> = standing.into_iter().map(|(key, stored)| (key, stored.artifact)).collect();
        // What a guest mended replaces what was accepted before.
        let last: BTreeMap<_, _> = standing.keys().map(|(phase, kind)| (*kind, *phase)).collect();
        standing.retain(|(phase, kind), _| *kind == ArtifactKind::Documents || last.get(kind) == Some(phase));
        Ok(Self(standing))
    }

    /// The artifact of a kind that has one author in one phase.
    pub(crate) fn get(&self, kind: ArtifactKind) -> Option<&Artifact> {
        self.0.iter().find(|((_, of), _)| *of == kind).map(|(_, artifact)| artifact)
    }

    /// The writer's pages of one phase.
    pub(crate) fn documents(&self, phase: Phase) -> Option<&Artifact> {
        self.0.get(&(phase, ArtifactKind::Documents))
    }

    /// What keys are made of: kinds and hashes.
    pub(crate) fn key(&self) -> Value {
        self.0.iter().map(|((phase, kind), artifact)| json!([phase.id(), kind.id(), artifact.hash()])).collect()
    }

    /// All files by path, and the artifact that each is of.
    pub(crate) fn paths(&self) -> BTreeMap<&str, (&Artifact, &ContentHash)> {
        let files =
            self.0.values().flat_map(|artifact| artifact.files.iter().map(move |(path, hash)| (artifact, path, hash)));
        files.map(|(artifact, path, hash)| (path.as_str(), (artifact, hash))).collect()
    }

    /// Reads all files.
    pub(crate) async fn files(&self, store: &Store, run: &RunId) -> Result<BTreeMap<String, Vec<u8>>, Failure> {
        let mut files = BTreeMap::new();
        for artifact in self.0.values() {
            files.extend(store.read_files(run, artifact).await?);
        }
        Ok(files)
    }

    /// Reads documents and files for a task's tools. The writer's pages are for people; nobody works from them.
    pub(crate) async fn load(&self, store: &Store, run: &RunId) -> Result<BTreeMap<ArtifactKind, Upstream>, Failure> {
        let mut loaded = BTreeMap::new();
        for ((_, kind), artifact) in &self.0 {
            if *kind != ArtifactKind::Documents {
                let document = store.read_document(run, artifact).await?;
                let files = store.read_files(run, artifact).await?;
                loaded.insert(*kind, Upstream { document, files });
            }
        }
        Ok(loaded)
    }
}
