//! Exit criteria of the implementation phase: it builds, it carries the rules, it shows the screens, it can be operated.

use super::{Judge, View};
use crate::verify::build_of;
use maestro_artifacts::{Backend, Design, Frontend, Operations, Screens};
use maestro_domain::{ArtifactKind, PersonaId};
use regex::Regex;
use std::sync::LazyLock;

/// Work that is only claimed. In comments and strings of generated code these words mean that something is missing.
static PLACEHOLDER: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\bTODO\b|\bFIXME\b|NotImplementedError|\bassert True\b|assertTrue\(True\)").ok());

/// Judges what stands of the implementation; once more in the phase in which it was mended.
pub(super) fn judge(judge: &mut Judge, view: &View) {
    judge.check("it_builds");
    match view.evidence.iter().find(|evidence| evidence.job == build_of(view.phase)) {
        None => judge.find(PersonaId::BackendDeveloper, "the referee has not built the service"),
        Some(evidence) if !evidence.success() => {
            judge.find(PersonaId::BackendDeveloper, format!("the build failed: {}", evidence.exit));
        }
        Some(_) => {}
    }
    backend(judge, view);
    frontend(judge, view);
    operations(judge, view);
    no_placeholders(judge, view);
}

fn backend(judge: &mut Judge, view: &View) {
    let developer = PersonaId::BackendDeveloper;
    judge.check("code_names_every_rule");
    let Some(backend) = view.document::<Backend>(ArtifactKind::Backend) else { return };
    let Some(design) = view.document::<Design>(ArtifactKind::Design) else { return };
    let package = format!("{}/", backend.package);
    let code: String = view
        .files
        .keys()
        .filter(|path| path.starts_with(&package))
        .map(|path| view.text(path))
        .collect::<Vec<_>>()
        .join("\n");
    if backend.start.is_empty() || code.is_empty() {
        judge.find(developer, "there is no service to start");
    }
    for rule in &design.model.rules {
        if !super::names(&code, &rule.id) {
            judge.find(developer, format!("the code does not name the rule `{}`: {}", rule.id, rule.message));
        }
    }
}

fn frontend(judge: &mut Judge, view: &View) {
    let developer = PersonaId::FrontendDeveloper;
    if !view.scope.has(developer) {
        return;
    }
    judge.check("pages_show_every_screen");
    let Some(frontend) = view.document::<Frontend>(ArtifactKind::Frontend) else { return };
    judge.file(view, developer, &frontend.index);
    let Some(screens) = view.document::<Screens>(ArtifactKind::Screens) else { return };
    for screen in &screens.screens {
        if !frontend.screens.contains(&screen.id) {
            judge.find(developer, format!("the screen `{}` is not shown", screen.id));
        }
    }
    let scripts = view.files.keys().filter(|path| path.starts_with("web/") && path.ends_with(".js"));
    if !scripts.into_iter().any(|path| !view.text(path).is_empty()) {
        judge.find(developer, "the pages have no script");
    }
}

fn operations(judge: &mut Judge, view: &View) {
    let engineer = PersonaId::DevopsEngineer;
    if !view.scope.has(engineer) {
        return;
    }
    judge.check("it_can_be_operated");
    let Some(operations) = view.document::<Operations>(ArtifactKind::Operations) else { return };
    for path in [&operations.container, &operations.pipeline, &operations.composition] {
        judge.file(view, engineer, path);
    }
    let backend = view.document::<Backend>(ArtifactKind::Backend);
    if operations.test.is_empty() || backend.is_some_and(|backend| backend.start != operations.start) {
        judge.find(engineer, "the operations start something else than the service, or test nothing");
    }
}

fn no_placeholders(judge: &mut Judge, view: &View) {
    judge.check("nothing_is_a_placeholder");
    for ((_, kind), artifact) in &view.standing.0 {
        for path in artifact.files.keys().filter(|path| path.ends_with(".py") || path.ends_with(".js")) {
            if PLACEHOLDER.as_ref().is_none_or(|words| words.is_match(view.text(path))) {
                judge.find(kind.author(), format!("`{path}` holds a placeholder"));
            }
        }
    }
}
