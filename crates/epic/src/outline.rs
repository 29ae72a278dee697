//! Outlines that are numbered by hand, to headings and lists: `2. Premises` above `2.1 The system shall ...`. Markdown takes
//! the lines below a number for one paragraph.

use std::borrow::Cow;

/// The text with the parts of such an outline as sections; each line stays where it is.
pub(crate) fn unfolded(text: &str) -> Cow<'_, str> {
    let lines: Vec<&str> = text.lines().collect();
    let opens = |at: usize| {
        let (number, title) = lines.get(at).and_then(|line| part(line))?;
        let next = lines.iter().skip(at + 1).find(|line| !line.trim().is_empty())?;
        (clause(next)?.0 == number && heads(title)).then_some((number, title))
    };
    if !(0..lines.len()).any(|at| opens(at).is_some()) {
        return Cow::Borrowed(text);
    }
    let mut fenced = false;
    let mut within: Option<&str> = None;
    let unfolded = (0..lines.len()).map(|at| {
        let line = lines.get(at).copied().unwrap_or_default();
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            return line.to_owned();
        }
        if let Some((number, title)) = opens(at) {
            within = Some(number);
            return format!("## {title}");
        }
        if part(line).is_some() || line.starts_with('#') {
            within = None;
        }
        match clause(line).filter(|(number, _)| within == Some(number)) {
            Some((_, said)) => format!("- {said}"),
            None => line.to_owned(),
        }
    });
    Cow::Owned(unfolded.collect::<Vec<_>>().join("\n"))
}

/// `2. Premises`: the number, and what stands behind it.
fn part(line: &str) -> Option<(&str, &str)> {
    let (number, rest) = line.split_once(['.', ')'])?;
    let title = rest.strip_prefix(' ')?.trim();
    (whole(number) && !title.is_empty()).then_some((number, title))
}

/// `   2.1 The system shall ...`: the number of the part, and the clause with its own number.
fn clause(line: &str) -> Option<(&str, &str)> {
    let said = line.trim();
    let (number, rest) = said.split_once('.')?;
    let (own, text) = rest.split_once(' ')?;
    let own = own.trim_end_matches(['.', ')']);
    let numbered = own.split('.').all(whole) && whole(number);
    (numbered && line.starts_with([' ', '\t']) && !text.trim().is_empty()).then_some((number, said))
}

fn whole(text: &str) -> bool {
    (1..=3).contains(&text.len()) && text.chars().all(|c| c.is_ascii_digit())
}

/// Whether this is a title, and no sentence.
fn heads(title: &str) -> bool {
    title.split(' ').count() <= 6 && !title.ends_with(['.', '!', '?', ';', ','])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_become_sections_and_lines_stay() {
        let text = "# Pests\n\n1. Scope. It records traps.\n\n2. Traps\n   2.1 A trap has a number.\n   2.2 It is unique.\n\n3. Visits:\n\t3.1. A visit \
                    has a date.\n      More of it.\n4. Nothing\n5. More\n";
        let unfolded = unfolded(text);
        assert_eq!(
            unfolded,
            "# Pests\n\n1. Scope. It records traps.\n\n## Traps\n- 2.1 A trap has a number.\n- 2.2 It is unique.\n\n## Visits:\n- 3.1. A visit has \
             a date.\n      More of it.\n4. Nothing\n5. More"
        );
        for text in [
            "1. Milk\n2. Eggs\n",
            "2. Traps are kept.\n   2.1 A trap has a number.\n",
            "2. Traps\n   1.1 A trap has a number.\n",
            "",
        ] {
            assert!(matches!(super::unfolded(text), Cow::Borrowed(_)), "{text}");
        }
        // What stands in a block of code is left alone.
        let code = "2. Traps\n   2.1 A trap.\n\n```\n3. A\n   3.1 b\n```\n";
        assert!(super::unfolded(code).contains("```\n3. A\n   3.1 b\n```"));
    }
}
