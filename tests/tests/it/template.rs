//! The template, the definitions and the handlers name the same things.

use maestro_domain::{PersonaId, Phase};
use maestro_tests::checkout;
use std::collections::BTreeSet;

fn read(path: &str) -> String {
    std::fs::read_to_string(checkout().join(path)).unwrap()
}

/// What stands between `start` and `end`, as often as it does.
fn all<'a>(text: &'a str, start: &str, end: char) -> BTreeSet<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

#[test]
fn every_persona_and_phase_is_a_function() {
    let template = read("infra/template.yaml");
    let personas: BTreeSet<_> = PersonaId::ALL.iter().map(|persona| persona.id()).collect();
    assert_eq!(all(&template, "\n      Id: ", '\n'), personas);
    let looped = all(&template, "- Persona\n    - - ", '$');
    let looped = looped.first().unwrap();
    for persona in &personas {
        let name: String = persona.split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        assert!(looped.contains(&format!("- {name}\n")) || looped.starts_with(&format!("{name}\n")), "{name}");
    }
    let phases: Vec<_> = Phase::ALL.iter().map(|phase| phase.id()).collect();
    assert!(template.contains(&format!("- [{}]\n", phases.join(", "))));
}

#[test]
fn every_name_that_the_definitions_ask_for_is_supplied() {
    let template = read("infra/template.yaml");
    for definition in ["phase", "sdlc"] {
        let asked = read(&format!("state-machines/{definition}.asl.json"));
        let uri = format!("DefinitionUri: ../state-machines/{definition}.asl.json\n      DefinitionSubstitutions:\n");
        let supplied = template.split(&uri).nth(1).unwrap().split("      Policies:").next().unwrap();
        let supplied: BTreeSet<_> = supplied.lines().filter_map(|line| line.trim().split(':').next()).collect();
        assert_eq!(supplied, all(&asked, "${", '}'), "{definition}");
    }
}

#[test]
fn every_package_that_the_template_names_is_a_function_and_the_other_way_round() {
    let template = read("infra/template.yaml");
    let named = all(&template, "../target/lambda/", '/');
    assert_eq!(named, maestro_stack::FUNCTIONS.into_iter().collect());
    let folders = std::fs::read_dir(checkout().join("functions")).unwrap();
    let folders: BTreeSet<_> =
        folders.map(|entry| format!("maestro-fn-{}", entry.unwrap().file_name().into_string().unwrap())).collect();
    assert_eq!(folders.iter().map(String::as_str).collect::<BTreeSet<_>>(), named);
}
