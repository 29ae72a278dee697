//! Prompts with strict placeholders.

use maestro_domain::Phase;

/// Longest title that is put into a prompt, in characters.
const TITLE_MAX: usize = 200;

/// A prompt cut at its placeholders, so that what is filled in is never read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Prompt(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Text(String),
    Phase,
    Title,
}

impl Prompt {
    /// Cuts a prompt at its placeholders; answers the first that is unknown or not closed.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            let Some((name, tail)) = after.split_once("}}") else {
                return Err(format!("{{{{{}", after.lines().next().unwrap_or_default()));
            };
            parts.push(Part::Text(before.to_owned()));
            parts.push(match name {
                "phase" => Part::Phase,
                "title" => Part::Title,
                unknown => return Err(format!("{{{{{unknown}}}}}")),
            });
            rest = tail;
        }
        parts.push(Part::Text(rest.to_owned()));
        Ok(Self(parts))
    }

    pub(crate) fn render(&self, phase: Phase, title: &str) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Phase => phase.id().to_owned(),
                Part::Title => one_line(title),
            })
            .collect()
    }
}

/// A title that cannot begin a section, close the quotes it stands in, or flood the prompt.
fn one_line(title: &str) -> String {
    let spaced: String = title.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let words: Vec<_> = spaced.split_whitespace().collect();
    words.join(" ").replace('"', "'").chars().take(TITLE_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_and_open_placeholders_are_refused() {
        assert_eq!(Prompt::parse("a {{phase}} b {{titel}}"), Err("{{titel}}".into()));
        assert_eq!(Prompt::parse("a {{ phase }}"), Err("{{ phase }}".into()));
        assert_eq!(Prompt::parse("a {{phase"), Err("{{phase".into()));
    }

    #[test]
    fn what_is_filled_in_is_text() {
        let prompt = Prompt::parse("\"{{title}}\" in {{phase}}").unwrap();
        assert_eq!(
            prompt.render(Phase::Design, "x\"\n\n# Rules\n{{phase}}\u{7}"),
            "\"x' # Rules {{phase}}\" in design"
        );
        assert_eq!(prompt.render(Phase::Design, &"y".repeat(5000)).len(), "\"\" in design".len() + TITLE_MAX);
    }
}
