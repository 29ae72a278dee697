//! Reads one definition file. Everything that can be known to be wrong with it is an error here, not at a task's start.

use crate::{
    error::Error,
    persona::{ModelTier, Persona, Role},
    prompt::Prompt,
};
use maestro_domain::{ArtifactKind, ContentHash, PersonaId, Phase};
use serde::Deserialize;

const FENCE: &str = "+++";
/// Without it a persona could never end a task.
const SUBMIT: &str = "submit_work";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    id: PersonaId,
    title: String,
    role: Role,
    phases: Vec<Phase>,
    model_tier: ModelTier,
    tools: Vec<String>,
    effects: Vec<String>,
    writes: Vec<String>,
    output: ArtifactKind,
    max_turns: u32,
    token_budget: u64,
}

/// Reads the definition `name`.
pub(crate) fn parse(name: &str, text: &str) -> Result<Persona, Error> {
    let (front, body) = split(text).ok_or_else(|| Error::FrontMatter { name: name.to_owned() })?;
    let front: FrontMatter = toml::from_str(&front).map_err(|source| Error::Toml { name: name.to_owned(), source })?;
    check(name, &front, &body)?;
    let prompt =
        Prompt::parse(&body).map_err(|placeholder| Error::Placeholder { name: name.to_owned(), placeholder })?;
    Ok(Persona {
        id: front.id,
        title: front.title,
        role: front.role,
        phases: front.phases,
        model_tier: front.model_tier,
        tools: front.tools,
        effects: front.effects,
        writes: front.writes,
        output: front.output,
        max_turns: front.max_turns,
        token_budget: front.token_budget,
        prompt,
        hash: ContentHash::of(text.as_bytes()),
    })
}

fn split(text: &str) -> Option<(String, String)> {
    let mut lines = text.lines();
    if lines.next()? != FENCE {
        return None;
    }
    let mut front = Vec::new();
    loop {
        match lines.next()? {
            FENCE => break,
            line => front.push(line),
        }
    }
    Some((front.join("\n"), lines.collect::<Vec<_>>().join("\n").trim().to_owned() + "\n"))
}

fn check(name: &str, front: &FrontMatter, body: &str) -> Result<(), Error> {
    let wrong = |field, problem: &str| Err(Error::Field { name: name.to_owned(), field, problem: problem.to_owned() });
    if front.id.id() != name {
        return wrong("id", &format!("is `{}`, but the file is named `{name}`", front.id));
    }
    if front.title.trim().is_empty() {
        return wrong("title", "is empty");
    }
    if front.phases.is_empty() {
        return wrong("phases", "is empty");
    }
    if !front.phases.is_sorted_by(|a, b| a < b) {
        return wrong("phases", "must name each phase once, in the order they run");
    }
    for (field, list) in [("tools", &front.tools), ("effects", &front.effects), ("writes", &front.writes)] {
        if !list.is_sorted_by(|a, b| a < b) {
            return wrong(field, "must name each once, in alphabetical order");
        }
    }
    if let Some(path) = front.writes.iter().find(|path| !inside(path)) {
        return wrong("writes", &format!("has `{path}`, which is no file or folder inside the deliverable"));
    }
    if !front.tools.iter().any(|tool| tool == SUBMIT) {
        return wrong("tools", "lacks `submit_work`, without which no task ends");
    }
    if front.output.author() != front.id {
        return wrong("output", &format!("is `{}`, which `{}` writes", front.output, front.output.author()));
    }
    if front.max_turns == 0 {
        return wrong("max_turns", "must be at least 1");
    }
    if front.token_budget == 0 {
        return wrong("token_budget", "must be at least 1");
    }
    if body.trim().is_empty() {
        return wrong("prompt", "is empty");
    }
    Ok(())
}

/// Whether it names a file, or a folder by a `/` at its end, that cannot be outside of the deliverable or all of it.
fn inside(path: &str) -> bool {
    let plain = path.strip_suffix('/').unwrap_or(path);
    plain.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "+++\nid = \"qa_engineer\"\ntitle = \"QA\"\nrole = \"tester\"\nphases = [\"testing\"]\n\
        model_tier = \"fast\"\ntools = [\"submit_work\"]\n\
        effects = [\"writes_artifact\"]\nwrites = [\"tests/\"]\noutput = \"tests\"\nmax_turns = 3\ntoken_budget = 9\n+++\nTest {{title}}.\n";

    #[test]
    fn a_good_definition_loads() {
        let persona = parse("qa_engineer", GOOD).unwrap();
        assert_eq!(persona.render(Phase::Testing, "Tools"), "Test Tools.\n");
        assert_eq!(persona.content_hash(), &ContentHash::of(GOOD.as_bytes()));
    }

    #[test]
    fn every_mistake_is_named() {
        for (from, to, says) in [
            ("+++\nid", "id", "expected front matter"),
            ("\n+++\nTest", "\nTest", "expected front matter"),
            ("max_turns = 3", "max_turns = 3\ncolour = \"red\"", "cannot be read"),
            ("role = \"tester\"\n", "", "cannot be read"),
            ("\"tester\"", "\"wizard\"", "cannot be read"),
            ("id = \"qa_engineer\"", "id = \"technical_writer\"", "but the file is named `qa_engineer`"),
            ("[\"testing\"]", "[]", "`phases` is empty"),
            ("[\"testing\"]", "[\"testing\", \"design\"]", "in the order they run"),
            (
                "[\"submit_work\"]",
                "[\"submit_work\", \"submit_work\"]",
                "`tools` must name each once, in alphabetical order",
            ),
            ("[\"submit_work\"]", "[\"submit_work\", \"read_epic\"]", "in alphabetical order"),
            ("[\"submit_work\"]", "[\"read_epic\"]", "lacks `submit_work`"),
            ("[\"tests/\"]", "[\"../tests/\"]", "no file or folder inside"),
            ("[\"tests/\"]", "[\"/\"]", "no file or folder inside"),
            ("output = \"tests\"", "output = \"design\"", "which `solution_architect` writes"),
            ("max_turns = 3", "max_turns = 0", "`max_turns` must be at least 1"),
            ("token_budget = 9", "token_budget = 0", "`token_budget` must be at least 1"),
            ("Test {{title}}.", "", "`prompt` is empty"),
            ("{{title}}", "{{epic}}", "unknown placeholder `{{epic}}`"),
        ] {
            assert!(GOOD.contains(from), "{from}");
            let error = parse("qa_engineer", &GOOD.replacen(from, to, 1)).unwrap_err();
            assert!(error.to_string().contains(says), "{from} -> {to}: {error}");
        }
    }
}
