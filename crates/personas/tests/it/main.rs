//! The embedded definitions as the rest of the house gets them.

use maestro_domain::{ArtifactKind, PersonaId, Phase};
use maestro_personas::{Role, all, get};
use std::collections::BTreeSet;

#[test]
fn all_eleven_load_in_the_order_of_the_phases() {
    let ids: Vec<_> = all().unwrap().iter().map(|persona| persona.id).collect();
    assert_eq!(ids, PersonaId::ALL);
    for id in PersonaId::ALL {
        assert_eq!(get(id).unwrap().id, id);
    }
}

#[test]
fn every_file_is_embedded_and_named_as_its_id() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("definitions");
    let files: BTreeSet<_> =
        std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    let ids: BTreeSet<_> = all().unwrap().iter().map(|persona| format!("{}.md", persona.id)).collect();
    assert_eq!(files, ids);
}

#[test]
fn every_prompt_tells_of_the_tools_that_there_are_and_of_no_others() {
    let known: BTreeSet<_> = all().unwrap().iter().flat_map(|persona| &persona.tools).collect();
    for persona in all().unwrap() {
        let prompt = persona.render(persona.phases[0], "T");
        for tool in &known {
            let (may, told) = (persona.tools.contains(tool), prompt.contains(&format!("`{tool}`")));
            assert_eq!(may, told, "{}: it may call `{tool}`: {may}; it is told about it: {told}", persona.id);
        }
    }
}

#[test]
fn each_kind_of_artifact_has_its_author() {
    let outputs: BTreeSet<_> = all().unwrap().iter().map(|persona| persona.output).collect();
    assert_eq!(outputs, ArtifactKind::ALL.iter().copied().collect());
}

#[test]
fn phases_and_roles_are_those_of_the_team_table() {
    use PersonaId as P;
    let expected: [(P, &[Phase], Role); 11] = [
        (P::RequirementsAnalyst, &[Phase::Requirements], Role::Analyst),
        (P::UiUxDesigner, &[Phase::Requirements], Role::Designer),
        (P::SolutionArchitect, &[Phase::Design], Role::Architect),
        (P::FrontendDeveloper, &[Phase::Implementation], Role::Developer),
        (P::BackendDeveloper, &[Phase::Implementation], Role::Developer),
        (P::DevopsEngineer, &[Phase::Implementation], Role::Devops),
        (P::QaEngineer, &[Phase::Testing], Role::Tester),
        (P::SecuritySpecialist, &[Phase::Testing], Role::Security),
        (P::DeploymentSpecialist, &[Phase::Deployment], Role::Deployer),
        (P::IntegrationTester, &[Phase::Deployment], Role::Tester),
        (P::TechnicalWriter, &Phase::ALL, Role::Writer),
    ];
    for (id, phases, role) in expected {
        let persona = get(id).unwrap();
        assert_eq!((persona.phases.as_slice(), persona.role), (phases, role), "{id}");
    }
}

#[test]
fn a_rendered_prompt_looks_like_this() {
    let prompt = get(PersonaId::TechnicalWriter).unwrap().render(Phase::Testing, "Tool library {{phase}}");
    let snapshot = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/technical_writer.testing.txt");
    assert_eq!(
        prompt,
        std::fs::read_to_string(&snapshot).unwrap(),
        "the rendered prompt changed; if that is meant, change {} too",
        snapshot.display()
    );
}
