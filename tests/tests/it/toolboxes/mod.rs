//! Personas and tools know each other by name only: what a persona is given, there is, and each tool is worth something: a
//! scenario of its own fails without it.

mod code;
mod desk;
mod files;
mod handover;
mod running;

use async_trait::async_trait;
use desk::{Desk, Scenario};
use maestro_domain::PersonaId;
use maestro_tests::checkout;
use maestro_tools::{Effect, ErasedTool, Error, Toolbox, Workspace};
use serde_json::Value;
use std::{collections::BTreeSet, sync::Arc};

/// Scenarios of tools over files and code, and of those that the referee works for. Those of the professions need neither and
/// stand in the tools' own tests.
fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    [code::SCENARIOS, files::SCENARIOS, handover::SCENARIOS, running::SCENARIOS].into_iter().flatten()
}

#[test]
fn every_tool_has_its_scenario() {
    let professions = std::fs::read_to_string(checkout().join("crates/tools/tests/it/professions.rs")).unwrap();
    let named = professions.split("tool: \"").skip(1).filter_map(|rest| rest.split('"').next());
    let named: BTreeSet<_> = named.chain(scenarios().map(|scenario| scenario.tool)).collect();
    let toolbox = Toolbox::standard();
    assert_eq!(named, toolbox.iter().map(|tool| tool.name()).collect());
}

/// How many tools each persona is promised.
const PROMISED: [(PersonaId, usize); 11] = [
    (PersonaId::RequirementsAnalyst, 15),
    (PersonaId::UiUxDesigner, 12),
    (PersonaId::SolutionArchitect, 18),
    (PersonaId::FrontendDeveloper, 15),
    (PersonaId::BackendDeveloper, 15),
    (PersonaId::DevopsEngineer, 16),
    (PersonaId::QaEngineer, 14),
    (PersonaId::SecuritySpecialist, 17),
    (PersonaId::DeploymentSpecialist, 14),
    (PersonaId::IntegrationTester, 13),
    (PersonaId::TechnicalWriter, 11),
];

#[test]
fn every_persona_has_as_many_tools_as_it_is_promised() {
    let personas = maestro_personas::all().unwrap();
    let counts: Vec<_> = personas.iter().map(|persona| (persona.id, persona.tools.len())).collect();
    assert_eq!(counts, PROMISED);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_scenario_succeeds_with_its_tool_and_fails_without() {
    for scenario in scenarios() {
        let standard = Toolbox::standard();
        let replaced = standard.clone().with(Arc::new(Broken(scenario.tool)));
        if let Err(why) = (scenario.play)(Desk::new(standard)).await {
            panic!("{}: {why}", scenario.tool);
        }
        let without = (scenario.play)(Desk::new(replaced)).await;
        assert!(without.is_err(), "{}: nothing depends on it", scenario.tool);
    }
}

/// Stands in the place of a tool and never works.
struct Broken(&'static str);

#[async_trait]
impl ErasedTool for Broken {
    fn name(&self) -> &str {
        self.0
    }
    fn description(&self) -> &str {
        "Never works."
    }
    fn effect(&self) -> Effect {
        Effect::Reads
    }
    fn schema(&self) -> Value {
        serde_json::json!({"type": "object"})
    }
    fn rest(&self) -> &str {
        ""
    }
    async fn call(&self, _: &Value, _: &mut Workspace<'_>) -> Result<Value, Error> {
        Err(Error::Respond("it never works".to_owned()))
    }
}

#[test]
fn every_persona_may_do_just_what_its_tools_do() {
    let toolbox = Toolbox::standard();
    let mut used = BTreeSet::new();
    for persona in maestro_personas::all().unwrap() {
        let effects: BTreeSet<_> = persona
            .tools
            .iter()
            .map(|name| {
                used.insert(name.as_str());
                let tool = toolbox.find(name).unwrap_or_else(|| panic!("{}: there is no tool `{name}`", persona.id));
                tool.effect()
            })
            .collect();
        let said: BTreeSet<_> = persona.effects.iter().map(|id| Effect::from_id(id).unwrap()).collect();
        assert_eq!(said, effects, "{}", persona.id);
    }
    let all: BTreeSet<_> = toolbox.iter().map(|tool| tool.name()).collect();
    assert_eq!(used, all, "a tool that nobody may use");
}

#[test]
fn no_two_personas_write_the_same_place() {
    let personas = maestro_personas::all().unwrap();
    for one in personas {
        for other in personas.iter().filter(|other| other.id != one.id) {
            for (a, b) in one.writes.iter().flat_map(|a| other.writes.iter().map(move |b| (a, b))) {
                let within = a == b || (b.ends_with('/') && a.starts_with(b));
                assert!(!within, "{} writes `{a}`, and {} `{b}`", one.id, other.id);
            }
        }
    }
}

#[test]
fn no_two_tools_differ_only_in_constants() {
    // A tool's file without its texts, numbers and names of its own.
    let folder = checkout().join("crates/tools/src/tools");
    let constants = |text: &str| {
        let code = text.split("#[cfg(test)]").next().unwrap_or_default();
        let mut out = String::new();
        let mut chars = code.chars().peekable();
        while let Some(c) = chars.next() {
            match c {
                '"' => {
                    while let Some(c) = chars.next().filter(|c| *c != '"') {
                        if c == '\\' {
                            chars.next();
                        }
                    }
                    out.push('"');
                }
                '/' if chars.peek() == Some(&'/') => while chars.next().is_some_and(|c| c != '\n') {},
                c if c.is_ascii_digit() => {}
                c if c.is_whitespace() => {}
                c => out.push(c),
            }
        }
        out
    };
    let mut bodies: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
    for group in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        for file in std::fs::read_dir(group).unwrap().map(|entry| entry.unwrap().path()) {
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let Some(name) = text.split("pub(crate) struct ").nth(1).and_then(|rest| rest.split(';').next()) else {
                continue;
            };
            let body = constants(&text.replace(name, "Tool"));
            if let Some(other) = bodies.insert(body, name.to_owned()) {
                panic!("`{name}` and `{other}` differ only in constants");
            }
        }
    }
    assert!(bodies.len() >= 20, "the tools were found");
}
