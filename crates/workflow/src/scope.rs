//! What a scope's workflow says of a run of an epic: which persona works in which phase, after whom, and what gates ask for
//! beyond what all of them ask for. Runs of epics read it here; it is written down nowhere else.

use crate::check::{Workflow, check};
use crate::de;
use crate::graph::Ix;
use crate::library::{self, Entry};
use crate::types::persona;
use maestro_domain::{PersonaId, Phase};
use serde::Deserialize;
use std::{collections::BTreeMap, sync::OnceLock};

/// The scopes of the library, each read once and not before it is asked for: a run needs one of them, and its first task waits
/// for that. What is not sound says why.
static SCOPES: [OnceLock<Result<Scope, String>>; library::ALL.len()] = [const { OnceLock::new() }; library::ALL.len()];

/// The scopes' entries in the library, each with its scope once it is read.
fn entries() -> impl Iterator<Item = (&'static Entry, &'static OnceLock<Result<Scope, String>>)> {
    library::ALL.iter().zip(&SCOPES).filter(|(entry, _)| entry.scope)
}

fn read_once(
    (entry, scope): (&'static Entry, &'static OnceLock<Result<Scope, String>>),
) -> Result<&'static Scope, String> {
    let scope = scope.get_or_init(|| {
        let named = |scope: Scope| match scope.name == entry.name {
            true => Ok(scope),
            false => Err(format!("its workflow is called `{}`", scope.name)),
        };
        Scope::read(entry.text).and_then(named).map_err(|why| format!("scope `{}`: {why}", entry.name))
    });
    scope.as_ref().map_err(Clone::clone)
}

/// The work of a run of an epic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// Its name, which is its workflow's.
    pub name: String,
    /// What it is for.
    pub about: String,
    /// What its gates ask for.
    pub gates: Gates,
    /// Who works in a phase: waves, each of which begins when the one before is done.
    waves: BTreeMap<Phase, Vec<Vec<PersonaId>>>,
}

/// What gates ask for in a scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gates {
    /// From which severity on a finding of the security checks has to be mended.
    pub findings_stop_from: StopFrom,
    /// Which statements the writer's pages have to explain.
    pub pages_explain: Explain,
}

/// From where on findings stop a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopFrom {
    /// What must be mended some time stops too.
    Medium,
    /// Only what stops every release.
    High,
}

/// Which statements pages explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Explain {
    /// Those that the writer says they do.
    Claimed,
    /// All that are built.
    All,
}

impl Scope {
    /// All scopes, from the smallest to the largest.
    ///
    /// # Errors
    /// What is wrong with the library; a test holds that nothing is.
    pub fn all() -> Result<Vec<&'static Self>, String> {
        entries().map(read_once).collect()
    }

    /// The scope of a name.
    ///
    /// # Errors
    /// Which scopes there are.
    pub fn find(name: &str) -> Result<&'static Self, String> {
        match entries().find(|(entry, _)| entry.name == name) {
            Some(found) => read_once(found),
            None => {
                let names: Vec<_> = entries().map(|(entry, _)| entry.name).collect();
                Err(format!("there is no scope `{name}`; there are {}", names.join(", ")))
            }
        }
    }

    /// Reads a scope from the text of its workflow.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, String> {
        let checked = check(text);
        let Some(workflow) = checked.workflow else {
            let problems: Vec<_> = checked.problems.iter().map(ToString::to_string).collect();
            return Err(problems.join("; "));
        };
        let gates = workflow.dag.context.variables.get("gates").ok_or("the variable `gates` is missing")?;
        Ok(Self {
            name: workflow.dag.dag_id.value.clone(),
            about: workflow.dag.description.as_deref().unwrap_or_default().to_owned(),
            gates: de::from_node(gates).map_err(|error| format!("`gates`: {error}"))?,
            waves: waves(&workflow)?,
        })
    }

    /// The waves of a phase; none where nobody works in it.
    #[must_use]
    pub fn waves(&self, phase: Phase) -> &[Vec<PersonaId>] {
        self.waves.get(&phase).map_or(&[], Vec::as_slice)
    }

    /// Who works in a phase.
    #[must_use]
    pub fn team(&self, phase: Phase) -> Vec<PersonaId> {
        self.waves(phase).concat()
    }

    /// Whether a persona works in a phase.
    #[must_use]
    pub fn works(&self, phase: Phase, persona: PersonaId) -> bool {
        self.waves(phase).iter().any(|wave| wave.contains(&persona))
    }

    /// Whether a persona works at all.
    #[must_use]
    pub fn has(&self, persona: PersonaId) -> bool {
        Phase::ALL.into_iter().any(|phase| self.works(phase, persona))
    }
}

/// A node's task, and how many of its phase must be done before it begins.
struct Task {
    phase: Phase,
    persona: PersonaId,
    level: usize,
}

fn waves(workflow: &Workflow) -> Result<BTreeMap<Phase, Vec<Vec<PersonaId>>>, String> {
    let mut tasks: BTreeMap<Ix, Task> = BTreeMap::new();
    // Dependencies come before what depends on them.
    for at in workflow.graph.order.iter().copied() {
        let id = workflow.id(at);
        let (phase, persona) = task(workflow, at).map_err(|why| format!("node `{id}`: {why}"))?;
        let before: Vec<_> = workflow.graph.before[at].iter().filter_map(|before| tasks.get(before)).collect();
        if let Some(late) = before.iter().find(|before| before.phase > phase) {
            return Err(format!("node `{id}`: it waits for the {}, who works in a later phase", late.persona));
        }
        let own = before.iter().filter(|before| before.phase == phase);
        let level = own.map(|before| before.level + 1).max().unwrap_or(0);
        if tasks.values().any(|other| (other.phase, other.persona) == (phase, persona)) {
            return Err(format!("node `{id}`: the {persona} has a task in the {phase} phase already"));
        }
        tasks.insert(at, Task { phase, persona, level });
    }
    let mut waves: BTreeMap<Phase, Vec<Vec<PersonaId>>> = BTreeMap::new();
    for Task { phase, persona, level } in tasks.into_values() {
        let of_phase = waves.entry(phase).or_default();
        if of_phase.len() <= level {
            of_phase.resize(level + 1, Vec::new());
        }
        of_phase.get_mut(level).into_iter().for_each(|wave| wave.push(persona));
    }
    waves.values_mut().flatten().for_each(|wave| wave.sort_unstable());
    Ok(waves)
}

fn task(workflow: &Workflow, at: Ix) -> Result<(Phase, PersonaId), String> {
    let node = workflow.node(at).ok_or("it is not there")?;
    if *node.task_type != persona::NAME {
        return Err(format!("a run of an epic has no task of type `{}`", node.task_type.value));
    }
    if node.when.is_some() {
        return Err("a run of an epic does its tasks without `when`".to_owned());
    }
    let config = node.config.as_ref().ok_or("it has no `config`")?;
    let config: persona::Persona = de::from_node(config).map_err(|error| error.to_string())?;
    let phase = config.phase.ok_or("`config` names no `phase`")?;
    let persona = PersonaId::from_id(&config.persona).ok_or("there is no such persona")?;
    Ok((Phase::from_id(&phase).ok_or("there is no such phase")?, persona))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scope(nodes: &str) -> Result<Scope, String> {
        let gates = "{findings_stop_from: high, pages_explain: claimed}";
        Scope::read(&format!("dag_id: s\ncontext: {{variables: {{gates: {gates}}}}}\nnodes:\n{nodes}"))
    }

    fn node(id: &str, persona: &str, phase: &str, dependencies: &str) -> String {
        format!(
            "  - {{node_id: {id}, task_type: persona, dependencies: [{dependencies}], config: {{persona: {persona}, phase: {phase}, task: t}}}}\n"
        )
    }

    #[test]
    fn waves_follow_the_dependencies_of_a_phase() {
        let read = scope(
            &[
                node("w", "technical_writer", "implementation", "b, f"),
                node("b", "backend_developer", "implementation", "a"),
                node("f", "frontend_developer", "implementation", "a"),
                node("a", "solution_architect", "design", ""),
            ]
            .concat(),
        )
        .unwrap();
        use PersonaId::{BackendDeveloper, FrontendDeveloper, SolutionArchitect, TechnicalWriter};
        assert_eq!(read.waves(Phase::Design), [vec![SolutionArchitect]]);
        let implementation = [vec![FrontendDeveloper, BackendDeveloper], vec![TechnicalWriter]];
        assert_eq!(read.waves(Phase::Implementation), implementation);
        assert!(read.waves(Phase::Testing).is_empty());
        assert!(read.has(TechnicalWriter) && !read.works(Phase::Design, TechnicalWriter));
    }

    #[test]
    fn what_a_run_of_an_epic_cannot_do_is_refused() {
        let whole = |id: &str, extra: &str| format!("  - {{node_id: {id}, task_type: {extra}}}\n");
        for (nodes, why) in [
            (whole("x", "noop"), "node `x`: a run of an epic has no task of type `noop`"),
            (whole("x", "persona, config: {persona: qa_engineer, task: t}"), "node `x`: `config` names no `phase`"),
            (
                whole("x", "persona, when: 'true', config: {persona: qa_engineer, phase: testing, task: t}"),
                "node `x`: a run of an epic does its tasks without `when`",
            ),
            (
                node("x", "qa_engineer", "testing", "") + &node("y", "qa_engineer", "testing", ""),
                "node `y`: the qa_engineer has a task in the testing phase already",
            ),
            (
                node("x", "solution_architect", "design", "y") + &node("y", "qa_engineer", "testing", ""),
                "node `x`: it waits for the qa_engineer, who works in a later phase",
            ),
        ] {
            assert_eq!(scope(&nodes).unwrap_err(), why);
        }
        assert!(Scope::read("dag_id: s\nnodes: [{node_id: x, task_type: noop}]").unwrap_err().contains("`gates`"));
    }
}
