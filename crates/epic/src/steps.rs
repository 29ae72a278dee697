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

/// What a scenario or a rule is called: `Only planners accept orders` of "Scenario: Only planners accept orders".
pub(crate) fn title(line: &str) -> Option<String> {
    const NAMING: &[&str] = &["scenario", "scenario outline", "example", "rule"];
    let line = line.trim().trim_start_matches(['*', '_', '-', '#', ' ']);
    let (head, title) = line.split_once(':')?;
    let head = head.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, ' ' | '.' | '*'));
    let title = title.trim().trim_matches(['*', '_', ' ']);
    let names = NAMING.iter().any(|word| head.eq_ignore_ascii_case(word));
    (names && !title.is_empty() && !signal::steps(title)).then(|| title.to_owned())
}

/// What the scenario of the steps at this line is called, then the rule above it.
pub(crate) fn titles(lines: &[&str], index: usize) -> Vec<String> {
    let above = lines.get(..index).unwrap_or_default();
    let last = |wanted: Step| above.iter().rposition(|line| step(line.trim()) == Some(wanted));
    let rule = last(Step::Feature);
    let scenario = last(Step::Scenario).filter(|at| rule.is_none_or(|rule| rule < *at));
    [scenario, rule].into_iter().flatten().filter_map(|at| title(above.get(at)?)).collect()
}

/// Whether a text has placeholders that the examples below it fill.
pub(crate) fn outline(text: &str) -> bool {
    text.lines().any(|line| signal::plain(line).trim_start().starts_with("scenario outline:"))
        || text.split('<').skip(1).any(|rest| rest.split_once('>').is_some_and(|(name, _)| !name.is_empty()))
            && text.lines().any(|line| step(line) == Some(Step::Scenario))
}

/// The cells of `| a | b |`.
fn cells(line: &str) -> Option<Vec<&str>> {
    let inner = line.trim().strip_prefix('|')?.strip_suffix('|')?;
    let cells: Vec<&str> = inner.split('|').map(str::trim).collect();
    (!cells.iter().all(|cell| cell.chars().all(|c| c == '-' || c == ':'))).then_some(cells)
}

/// The steps of an outline with the values of one row of its examples.
fn filled(text: &str, header: &[&str], row: &[&str]) -> String {
    header.iter().zip(row).fold(text.to_owned(), |text, (name, value)| text.replace(&format!("<{name}>"), value))
}

/// Lines of steps as whole criteria: (first line's index, joined text). Lines before the first step are dropped titles.
pub(crate) fn criteria(lines: &[&str]) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    let mut background = String::new();
    let mut open: Option<(usize, String)> = None;
    let mut in_background = false;
    // Steps whose placeholders the rows below fill, with the names of the columns once they are read.
    let mut pattern: Option<(String, Vec<String>)> = None;
    for (index, line) in lines.iter().enumerate() {
        let line = line.trim().trim_start_matches(['*', '-', ' ']).replace("**", "");
        if let Some((text, header)) = &mut pattern
            && line.starts_with('|')
        {
            let Some(row) = cells(&line) else { continue };
            if header.is_empty() {
                *header = row.iter().map(|cell| (*cell).to_owned()).collect();
            } else {
                let names: Vec<&str> = header.iter().map(String::as_str).collect();
                out.push((index, filled(text, &names, &row)));
            }
            continue;
        }
        match step(&line) {
            Some(Step::Examples) if line.ends_with(':') && (open.is_some() || pattern.is_some()) && !in_background => {
                let text = open.take().map(|(_, text)| text).or_else(|| pattern.take().map(|(text, _)| text));
                pattern = text.map(|text| (text, Vec::new()));
            }
            Some(Step::Scenario | Step::Feature) => {
                pattern = None;
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
    fn an_outline_is_one_criterion_for_each_example() {
        let lines = [
            "Scenario Outline: ways",
            "Given a loan with status <from>",
            "When the status is set to <to>",
            "Then it is <to>",
            "Examples:",
            "| from | to |",
            "| open | late |",
            "| late | closed |",
        ];
        let found = criteria(&lines);
        assert_eq!(
            found,
            [
                (6, "Given a loan with status open When the status is set to late Then it is late".into()),
                (7, "Given a loan with status late When the status is set to closed Then it is closed".into())
            ]
        );
    }

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
