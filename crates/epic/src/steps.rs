//! Given/When/Then in its many layouts: fences, bullets, lines.

use crate::signal;

/// The step word that a line begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Given,
    When,
    Then,
    And,
    Scenario,
    Background,
    Examples,
    Feature,
}

/// The step that a line is, if it is one.
pub(crate) fn step(line: &str) -> Option<Step> {
    let lower = signal::plain(line);
    let lower = lower.trim_start_matches(['*', '_', '-', ' ']);
    let word = lower.split([' ', ':', ',']).next().unwrap_or_default();
    let colon = lower.split_once(':').map(|(head, _)| head.trim());
    match word {
        "given" => Some(Step::Given),
        "when" => Some(Step::When),
        "then" => Some(Step::Then),
        "and" | "but" => Some(Step::And),
        _ => match colon.map(|head| head.trim_end_matches(|c: char| c.is_ascii_digit() || c == ' ')) {
            Some("scenario" | "example" | "scenario outline") => Some(Step::Scenario),
            Some("background") => Some(Step::Background),
            Some("examples") => Some(Step::Examples),
            Some("feature" | "rule") => Some(Step::Feature),
            _ => None,
        },
    }
}

/// Lines of steps as whole criteria: (first line's index, joined text). Lines before the first step are dropped titles.
pub(crate) fn criteria(lines: &[&str]) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut background = String::new();
    let mut open: Option<(usize, String)> = None;
    let mut in_background = false;
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim().trim_start_matches(['*', '-', ' ']).replace("**", "");
        match step(&line) {
            Some(Step::Scenario | Step::Feature) => {
                out.extend(open.take());
                in_background = false;
                // "Scenario: Given a ... When ... Then" on one line.
                if let Some((_, rest)) = line.split_once(':')
                    && signal::steps(rest.trim())
                {
                    open = Some((index, join(&background, rest)));
                }
            }
            Some(Step::Background) => {
                out.extend(open.take());
                in_background = true;
                background.clear();
            }
            Some(Step::Given) => {
                if in_background {
                    background = join(&background, &line);
                } else {
                    let fresh = open.as_ref().is_none_or(|(_, text)| signal::has(&signal::plain(text), "then"));
                    if fresh {
                        out.extend(open.take());
                        open = Some((index, join(&background, &line)));
                    } else if let Some((_, text)) = &mut open {
                        *text = join(text, &line);
                    }
                }
            }
            Some(Step::When | Step::Then | Step::And) | None if in_background => background = join(&background, &line),
            Some(Step::When | Step::Then | Step::And) => match &mut open {
                Some((_, text)) => *text = join(text, &line),
                None => open = Some((index, join(&background, &line))),
            },
            Some(Step::Examples) | None => {
                if let (Some((_, text)), false) = (&mut open, line.is_empty()) {
                    *text = join(text, &line);
                }
            }
        }
    }
    out.extend(open);
    out
}

fn join(left: &str, right: &str) -> String {
    let right = right.trim();
    if left.is_empty() { right.to_owned() } else { format!("{} {right}", left.trim()) }
}

#[cfg(test)]
mod tests {
    use super::criteria;

    #[test]
    fn scenarios_become_one_text_each() {
        let lines = [
            "Scenario: one",
            "Given a tool",
            "When it is lent",
            "Then it is gone",
            "",
            "Scenario: two",
            "Given b",
            "When c",
            "Then d",
        ];
        let found = criteria(&lines);
        assert_eq!(
            found,
            [(1, "Given a tool When it is lent Then it is gone".into()), (6, "Given b When c Then d".into())]
        );
    }
}
