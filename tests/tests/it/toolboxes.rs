//! Personas and tools know each other by name only: what a persona is given, there is.

use maestro_tools::{Effect, Toolbox};
use std::collections::BTreeSet;

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
