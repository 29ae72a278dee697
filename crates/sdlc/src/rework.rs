//! Rework: who works again after a gate refused, and what they are given: its findings, their own work of the attempt before,
//! and the word of whoever granted the round.
//!
//! Findings go to whoever owns the work at fault. Tests show faults of what an earlier phase built; its authors then come into
//! the testing phase as *guests* and work before its own personas do, so that everything is tested again.

use crate::{Failure, upstream::Standing};
use maestro_domain::{Artifact, ArtifactKind, Finding, PersonaId, Phase, Run};
use maestro_store::Store;
use maestro_tools::Context;
use maestro_workflow::Scope;
use std::{collections::BTreeSet, sync::Arc};

/// Whose work of earlier phases can be mended in a phase: what is tested there once more.
pub(crate) fn may_return(scope: &Scope, phase: Phase) -> Vec<PersonaId> {
    match phase {
        Phase::Testing => {
            let built = scope.team(Phase::Implementation).into_iter();
            built.filter(|persona| !scope.works(phase, *persona)).collect()
        }
        _ => Vec::new(),
    }
}

/// Who comes back into an attempt of a phase.
pub(crate) async fn guests(
    store: &Store,
    run: &Run,
    scope: &Scope,
    phase: Phase,
    attempt: u32,
) -> Result<Vec<PersonaId>, Failure> {
    let findings = refusal(store, run, phase, attempt).await?;
    let named: BTreeSet<_> = findings.iter().filter(|finding| finding.mendable()).flat_map(Finding::owners).collect();
    Ok(may_return(scope, phase).into_iter().filter(|persona| named.contains(persona)).collect())
}

/// What the gate of the attempt before found.
async fn refusal(store: &Store, run: &Run, phase: Phase, attempt: u32) -> Result<Vec<Finding>, Failure> {
    // Before the first attempt there is no gate.
    if attempt <= 1 {
        return Ok(Vec::new());
    }
    let gates = store.gates(&run.id).await?;
    let last = gates.into_iter().find(|gate| gate.phase == phase && gate.attempt + 1 == attempt);
    Ok(last.map_or_else(Vec::new, |gate| gate.findings))
}

/// What a persona is given beside its task; nothing where nothing of its work was refused.
#[derive(Debug, Default)]
pub(crate) struct Rework {
    /// What is wrong.
    pub(crate) findings: Vec<Finding>,
    /// What the person says who granted the round.
    pub(crate) note: Option<String>,
    /// Its work of the attempt before, where there is any.
    pub(crate) before: Option<Artifact>,
}

impl Rework {
    pub(crate) async fn of(
        store: &Store,
        run: &Run,
        scope: &Scope,
        phase: Phase,
        attempt: u32,
        persona: PersonaId,
        output: ArtifactKind,
    ) -> Result<Self, Failure> {
        let mut findings = refusal(store, run, phase, attempt).await?;
        findings.retain(|finding| finding.owners().any(|owner| owner == persona));
        if findings.is_empty() {
            return Ok(Self::default());
        }
        let standing = Standing::after(store, &run.id, scope, phase, attempt - 1).await?;
        let before = match output {
            ArtifactKind::Documents => standing.documents(phase),
            kind => standing.get(kind),
        };
        let note = run.round(phase, attempt).and_then(|round| round.note.clone());
        Ok(Self { findings, note, before: before.cloned() })
    }

    /// Lays the work of the attempt before where its author left it.
    pub(crate) async fn restore(&self, store: &Store, run: &Run, context: &mut Context) -> Result<(), Failure> {
        if let Some(before) = &self.before {
            context.own = store.read_files(&run.id, before).await?;
            context.before = Some(Arc::clone(&store.read_document(&run.id, before).await?));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_tested_again_can_be_mended_later() {
        let all = Scope::find("feature").unwrap();
        let built = [PersonaId::FrontendDeveloper, PersonaId::BackendDeveloper, PersonaId::DevopsEngineer];
        assert_eq!(may_return(all, Phase::Testing), built);
        assert_eq!(may_return(Scope::find("poc").unwrap(), Phase::Testing), built[..2]);
        let others = Phase::ALL.into_iter().filter(|phase| *phase != Phase::Testing);
        assert!(others.into_iter().all(|one| may_return(all, one).is_empty()));
    }
}
