//! Structure that authors show by lines alone, as the blocks that Markdown has for it: lines of fields or of numbered
//! sentences are lists, titles of a text without headings are headings.

use crate::block::{Block, Item};
use crate::signal::{self, Purpose};
use crate::walk::lead::{is_label, is_title};
use crate::{field_list, label, steps};

/// A line and its number in the source.
type Line<'t> = (u32, &'t str);

/// The blocks with such structure made plain.
pub(crate) fn shape(blocks: Vec<Block>) -> Vec<Block> {
    let alone = |block: &Block| matches!(block, Block::Para { text, .. } if !text.contains('\n'));
    let blocks = gherkin(crate::ticket::plain(blocks));
    let titled = blocks.first().is_some_and(alone);
    let headed = blocks.iter().any(|block| matches!(block, Block::Heading { level, .. } if *level > 1));
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Para { text, line } => {
                let parts = if text.contains('\n') { lines(&text, line) } else { None };
                for part in parts.unwrap_or_else(|| vec![Block::Para { text, line }]) {
                    let first = titled && out.is_empty();
                    out.push(title(part, headed, first));
                }
            }
            Block::Code { lang, text, line } => match model(&lang, &text, line) {
                Some(parts) => out.extend(parts),
                None => out.push(Block::Code { lang, text, line }),
            },
            Block::List { items } => out.push(Block::List { items: unnumbered(items) }),
            other => out.push(other),
        }
    }
    out
}

/// Items that all begin with the author's ids `R1`, `R2`, without them: one alone could be a name.
fn unnumbered(items: Vec<Item>) -> Vec<Item> {
    let id = |item: &Item| {
        let (word, rest) = item.text.split_once(' ')?;
        let digits = word.find(|c: char| c.is_ascii_digit())?;
        let (letters, number) = word.split_at(digits);
        let plain = (1..=4).contains(&letters.len())
            && letters.chars().all(|c| c.is_ascii_uppercase())
            && number.chars().all(|c| c.is_ascii_digit());
        plain.then(|| (letters.to_owned(), number.parse::<u32>().ok(), rest.trim_start().to_owned()))
    };
    let ids: Option<Vec<_>> = items.iter().map(id).collect();
    let Some(ids) = ids.filter(|ids| ids.len() >= 2) else { return items };
    let counted = ids.windows(2).all(|pair| matches!(pair, [(a, Some(x), _), (b, Some(y), _)] if a == b && x < y));
    if !counted {
        return items;
    }
    items.into_iter().zip(ids).map(|(item, (_, _, text))| Item { text, ..item }).collect()
}

/// Gherkin outside fences: a feature is a heading, rules are a list, the examples of an outline belong to its steps.
fn gherkin(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            // "Examples:" behind an empty line
            Block::Para { text, line } => match out.last_mut() {
                Some(Block::Para { text: steps, .. })
                    if steps::outline(steps)
                        && text.lines().next().and_then(|first| steps::step(first.trim()))
                            == Some(steps::Step::Examples) =>
                {
                    steps.push('\n');
                    steps.push_str(&text);
                }
                _ => out.extend(said_lines(&text, line)),
            },
            Block::Code { lang, text, line } => match out.last_mut() {
                Some(Block::Para { text: steps, line: at })
                    if steps::outline(steps) && steps::step(text.trim()) == Some(steps::Step::Examples) =>
                {
                    // A fence begins one line above its text.
                    let whole = Block::Code {
                        lang: "gherkin".to_owned(),
                        text: format!("{steps}\n{text}"),
                        line: at.saturating_sub(1),
                    };
                    out.pop();
                    out.push(whole);
                }
                _ => out.push(Block::Code { lang, text, line }),
            },
            other => out.push(other),
        }
    }
    out
}

fn said_lines(text: &str, line: u32) -> Vec<Block> {
    let behind = |text: &str, lead: &str| {
        let head = text.get(..lead.len()).filter(|head| head.eq_ignore_ascii_case(lead));
        head.and_then(|_| text.get(lead.len()..)).map(|rest| rest.trim().to_owned()).filter(|rest| !rest.is_empty())
    };
    let (first, rest) = text.split_once('\n').map_or((text, None), |(first, rest)| (first, Some(rest)));
    if let Some(name) = behind(first, "feature:") {
        let below = rest.map(|rest| said_lines(rest, line.saturating_add(1))).unwrap_or_default();
        return std::iter::once(Block::Heading { level: 2, text: name, line }).chain(below).collect();
    }
    let rules: Option<Vec<Item>> = (line..)
        .zip(text.split('\n'))
        .map(|(line, text)| Some(Item { text: behind(text, "rule:")?, line, children: Vec::new() }))
        .collect();
    match rules {
        Some(items) => vec![Block::List { items }],
        None => vec![Block::Para { text: text.to_owned(), line }],
    }
}

/// A data model in fixed type: names of records, with their fields indented below.
fn model(lang: &str, text: &str, line: u32) -> Option<Vec<Block>> {
    if !["", "text", "txt", "plain", "plaintext", "yaml", "yml"].contains(&lang) {
        return None;
    }
    let mut out = Vec::new();
    let mut records: Vec<(u32, &str, Vec<Line<'_>>)> = Vec::new();
    for (at, text) in (line + 1..).zip(text.lines()).filter(|(_, text)| !text.trim().is_empty()) {
        if text.starts_with([' ', '\t']) || bullet(text).is_some() {
            records.last_mut()?.2.push((at, text.trim().trim_start_matches("- ")));
        } else {
            let title = text.trim().trim_end_matches(':');
            is_title(title).then(|| records.push((at, title, Vec::new())))?;
        }
    }
    for (at, title, lines) in records {
        let items = fields(&lines).then(|| items(&lines, true)).flatten()?;
        out.extend([Block::Para { text: title.to_owned(), line: at }, Block::List { items }]);
    }
    (!out.is_empty()).then_some(out)
}

/// A line that works as a heading, as one.
fn title(block: Block, headed: bool, first: bool) -> Block {
    let Block::Para { text, line } = block else { return block };
    let (stripped, story) = label::strip(&text);
    let short = !text.contains('\n') && !text.ends_with(['.', '!', '?', ',', ';']) && stripped.split(' ').count() <= 10;
    // "SOL-418 Rooftop solar": a ticket has its key and its summary in front, and its headings below.
    let ticket = first && headed && short && label::keyed(&text) && !signal::story(stripped);
    let level = if !short {
        None
    } else if ticket {
        Some(1)
    } else if story && !signal::story(stripped) {
        Some(4)
    } else if first
        && (!headed || text.to_lowercase().starts_with("epic:"))
        && !(is_label(stripped) && signal::purpose(stripped) != Purpose::Other)
    {
        Some(1)
    } else if !headed && is_label(stripped) && signal::purpose(stripped) != Purpose::Other {
        Some(2)
    } else {
        None
    };
    match level {
        Some(level) => Block::Heading { level, text, line },
        None => Block::Para { text, line },
    }
}

/// The blocks that the lines of a paragraph are; `None` for running text.
fn lines(text: &str, line: u32) -> Option<Vec<Block>> {
    let lines: Vec<(u32, &str)> = (line..).zip(text.split('\n')).collect();
    let ((at, first), rest) = lines.split_first()?;
    let bare = label::strip(first).0;
    let known = is_label(bare) && signal::purpose(bare) != Purpose::Other;
    let leads = known
        || (bare.ends_with(':') && bare.split(' ').count() <= 10)
        || (is_title(bare) && !marked(first) && fields(rest));
    let (lead, body) = if leads && !signal::story(bare) { (Some(*first), rest) } else { (None, lines.as_slice()) };
    let items = if body.is_empty() { None } else { items(body, lead.is_some()) };
    let told = || {
        let text = body.iter().map(|(_, text)| *text).collect::<Vec<_>>().join("\n");
        body.first().map(|(line, _)| Block::Para { text, line: *line })
    };
    let body = match items {
        Some(items) => Block::List { items },
        // The lead stands apart where it is a label; otherwise the text is one.
        None if known && lead.is_some() => told()?,
        None => return None,
    };
    let lead = lead.map(|text| Block::Para { text: text.to_owned(), line: *at });
    Some(lead.into_iter().chain([body]).collect())
}

/// Lines that each begin an item: with a bullet, with a number or an author's id, or with a field's name and type.
fn items(lines: &[(u32, &str)], led: bool) -> Option<Vec<Item>> {
    let item = |line: u32, text: &str| Item { text: text.to_owned(), line, children: Vec::new() };
    if (lines.len() >= 2 || led) && fields(lines) {
        return Some(lines.iter().map(|(line, text)| item(*line, bullet(text).unwrap_or(text))).collect());
    }
    if !lines.first().is_some_and(|(_, text)| marked(text)) {
        return None;
    }
    let mut out: Vec<Item> = Vec::new();
    for (line, text) in lines {
        match out.last_mut() {
            Some(last) if !marked(text) => {
                last.text.push('\n');
                last.text.push_str(text);
            }
            _ => out.push(item(*line, bullet(text).unwrap_or(text))),
        }
    }
    (out.len() >= 2 || led).then_some(out)
}

fn fields(lines: &[(u32, &str)]) -> bool {
    let texts = lines.iter().map(|(_, text)| bullet(text).unwrap_or(text));
    let typed = texts.clone().filter(|text| field_list::typed(text)).count();
    !lines.is_empty()
        && typed * 2 >= lines.len()
        && texts.clone().all(|text| {
            field_list::names(text)
                && text.contains([':', '(', '–', '—', '-'])
                && !text.ends_with(',')
                && steps::step(text).is_none()
        })
}

fn marked(text: &str) -> bool {
    bullet(text).is_some() || label::strip(text).0.len() < text.trim().len()
}

/// Behind a bullet that Markdown does not know.
fn bullet(text: &str) -> Option<&str> {
    // The definition behind a term.
    if let Some(rest) = text.strip_prefix(": ") {
        return Some(rest.trim_start());
    }
    text.strip_prefix(['•', '▪', '◦', '‣', '●', '○', '∙', '·', '–', '—', '➢', '✓']).map(str::trim_start)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<(&'static str, String)> {
        shape(vec![Block::Para { text: text.to_owned(), line: 1 }])
            .into_iter()
            .map(|block| match block {
                Block::Heading { text, .. } => ("heading", text),
                Block::Para { text, .. } => ("text", text),
                Block::List { items } => {
                    ("list", items.iter().map(|item| item.text.as_str()).collect::<Vec<_>>().join(" / "))
                }
                _ => ("other", String::new()),
            })
            .collect()
    }

    #[test]
    fn lines_show_lists() {
        let owned = |pairs: &[(&'static str, &str)]| {
            pairs.iter().map(|(kind, text)| (*kind, (*text).to_owned())).collect::<Vec<_>>()
        };
        assert_eq!(
            kinds("Vehicle\nplate: text, required\nmake: text"),
            owned(&[("text", "Vehicle"), ("list", "plate: text, required / make: text")])
        );
        assert_eq!(
            kinds("Acceptance criteria:\nAC1: A name is required.\nAC2: It is\nunique."),
            owned(&[("heading", "Acceptance criteria:"), ("list", "AC1: A name is required. / AC2: It is\nunique.")])
        );
        assert_eq!(
            kinds("• A name is required.\n• It is unique."),
            owned(&[("list", "A name is required. / It is unique.")])
        );
        assert_eq!(
            kinds("Vehicle\n: plate (text, required)\n: make (text)"),
            owned(&[("text", "Vehicle"), ("list", "plate (text, required) / make (text)")])
        );
        assert_eq!(
            kinds("Feature: Loans\nRule: A name is required.\nRule: It is unique."),
            owned(&[("heading", "Loans"), ("list", "A name is required. / It is unique.")])
        );
        let prose = "A tool has a name (text,\nrequired) and a price - in euros - that\nis positive.";
        assert_eq!(kinds(prose), owned(&[("text", prose)]));
    }
}
