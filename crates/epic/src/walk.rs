//! Walks the blocks with the headings above them and decides what each statement is.

use crate::block::{Block, Item};
use crate::number::Draft;
use crate::signal::{self, Purpose};
use crate::{field_list, label, sentence, steps};
use maestro_domain::StatementKind;

struct Section {
    level: u8,
    title: String,
    purpose: Purpose,
}

#[derive(Clone, Copy)]
struct Below {
    /// Index of the story among the drafts.
    story: usize,
    /// Level of the heading that the story stands under: the next heading of that level ends it.
    level: u8,
}

#[derive(Default)]
struct Walker {
    title: Option<String>,
    drafts: Vec<Draft>,
    sections: Vec<Section>,
    below: Option<Below>,
    /// A heading that names a story which no `As a ...` has followed yet.
    pending: Option<(String, u32)>,
    /// A short line such as `Rules:` that works like a heading until the next block that is no list.
    label: Option<(String, Purpose)>,
    stories_here: usize,
}

/// The title and the statements, in source order.
pub(crate) fn walk(blocks: &[Block]) -> (Option<String>, Vec<Draft>) {
    let mut walker = Walker::default();
    let headings = blocks.iter().filter(|block| matches!(block, Block::Heading { level: 1, .. })).count();
    let mut index = 0;
    while let Some(block) = blocks.get(index) {
        let next = blocks.get(index + 1);
        match block {
            Block::Heading { level, text, line } => walker.heading(*level, text, *line, headings),
            Block::Para { text, line } => {
                if walker.paragraph(text, *line, next) {
                    index += 1;
                }
            }
            Block::List { items } => walker.list(items, None, 0),
            Block::Table { rows, line } => walker.table(rows, None, *line),
            Block::Code { lang, text, line } => walker.code(lang, text, *line),
        }
        index += 1;
    }
    walker.settle_pending();
    (walker.title, walker.drafts)
}

impl Walker {
    fn heading(&mut self, level: u8, text: &str, line: u32, top: usize) {
        self.settle_pending();
        self.label = None;
        let (name, mut is_story) = label::heading(&text.replace('\n', " "));
        if self.title.is_none() && self.sections.is_empty() && self.drafts.is_empty() && (level == 1 || top == 0) {
            self.title = Some(name);
            return;
        }
        self.title.get_or_insert_with(|| name.clone());
        is_story |= signal::story(&name);
        let mut purpose = signal::purpose(&name);
        // A story called "Overview" or "Reports for users" is a story all the same.
        if is_story && matches!(purpose, Purpose::Narrative | Purpose::Roles | Purpose::Data) {
            purpose = Purpose::Other;
        }
        let keeps_story = matches!(purpose, Purpose::Criteria) && self.stories_here == 1;
        if let Some(below) = self.below
            && level <= below.level
            && !keeps_story
        {
            self.below = None;
        }
        if !matches!(purpose, Purpose::Criteria | Purpose::Rules | Purpose::Other | Purpose::Data) {
            self.below = self.below.filter(|below| level > below.level);
        }
        if matches!(purpose, Purpose::Rules | Purpose::Data) && !is_story {
            self.below = None;
        }
        while self.sections.last().is_some_and(|section| section.level >= level) {
            self.sections.pop();
        }
        self.sections.push(Section { level, title: name.clone(), purpose });
        if !keeps_story {
            self.stories_here = 0;
        }
        // A heading inside a story that is just a name ("Notes") does not end it; a story's heading starts one.
        let among_stories = self.sections.iter().rev().skip(1).any(|section| section.purpose == Purpose::Stories);
        if is_story || (among_stories && purpose == Purpose::Other && self.below.is_none()) {
            self.below = None;
            if signal::story(&name) {
                self.story(name, line);
            } else {
                self.pending = Some((name, line));
            }
        }
    }

    /// A story heading that no `As a ...` followed is itself the story.
    fn settle_pending(&mut self) {
        if let Some((name, line)) = self.pending.take() {
            self.story(name, line);
        }
    }

    fn story(&mut self, text: String, line: u32) {
        self.pending = None;
        let deferred = self.deferral(&text);
        let level = self.sections.last().map_or(0, |section| section.level);
        self.push(StatementKind::Story, text, line, deferred);
        self.below = Some(Below { story: self.drafts.len() - 1, level });
        self.stories_here += 1;
    }

    fn purpose(&self) -> Purpose {
        if let Some((_, purpose)) = &self.label {
            return *purpose;
        }
        let deepest =
            self.sections.iter().rev().map(|section| section.purpose).find(|purpose| *purpose != Purpose::Other);
        match (self.sections.last().map(|section| section.purpose), deepest) {
            (
                Some(Purpose::Other),
                Some(outer @ (Purpose::Deferred | Purpose::Quality | Purpose::Criteria | Purpose::Rules)),
            ) => outer,
            (Some(Purpose::Other), Some(outer @ (Purpose::Data | Purpose::Narrative))) => outer,
            (Some(own), _) => own,
            (None, _) => Purpose::Other,
        }
    }

    fn deferral(&self, text: &str) -> Option<String> {
        if let Some(words) = signal::deferral(text) {
            return Some(words.to_owned());
        }
        if let Some((label, Purpose::Deferred)) = &self.label {
            return Some(label.clone());
        }
        self.sections.iter().find(|section| section.purpose == Purpose::Deferred).map(|section| section.title.clone())
    }

    fn push(&mut self, kind: StatementKind, text: String, line: u32, deferred: Option<String>) {
        let story = if kind == StatementKind::Criterion { self.below.map(|below| below.story) } else { None };
        let mut section: Vec<String> = self.sections.iter().map(|section| section.title.clone()).collect();
        if let Some((label, _)) = &self.label {
            section.push(label.clone());
        }
        self.drafts.push(Draft { kind, text, line, section, story, table: Vec::new(), items: Vec::new(), deferred });
    }

    fn push_with(&mut self, text: String, line: u32, table: &[Vec<String>], items: &[String]) {
        let deferred = self.deferral(&text);
        let kind = match self.purpose() {
            Purpose::Deferred if deferred.is_some() => StatementKind::Functional,
            Purpose::Quality => StatementKind::NonFunctional,
            _ => StatementKind::Functional,
        };
        self.push(kind, text, line, deferred);
        if let Some(last) = self.drafts.last_mut() {
            last.table = table.to_vec();
            last.items = items.to_vec();
        }
    }

    fn heading_text(&self) -> String {
        let label = self.label.as_ref().map(|(label, _)| label.clone());
        label
            .or_else(|| self.sections.last().map(|section| section.title.clone()))
            .or_else(|| self.title.clone())
            .unwrap_or_default()
    }

    /// A paragraph; answers whether the following block belonged to it and is done.
    fn paragraph(&mut self, text: &str, line: u32, next: Option<&Block>) -> bool {
        let lines: Vec<&str> = text.split('\n').collect();
        let joined = lines.join(" ");
        let step_lines = lines.iter().filter(|line| steps::step(line).is_some()).count();
        if step_lines >= 2
            && (signal::steps(label::strip(&joined).0) || steps::step(&joined).is_some())
            && !signal::story(&joined)
        {
            self.settle_pending();
            self.steps(&lines, line);
            return false;
        }
        let (stripped, _) = label::strip(&joined);
        if signal::story(stripped) {
            self.label = None;
            self.story_text(&lines, line);
            return false;
        }
        match next {
            Some(Block::List { items })
                if stripped.trim_end().ends_with(':') || is_label(stripped) || is_title(stripped) =>
            {
                self.settle_pending();
                let done = sentence::split(stripped);
                let lead = done.last().cloned().unwrap_or_default();
                for (at, earlier) in done.iter().enumerate() {
                    if at + 1 < done.len() {
                        self.sentence(earlier, line, false);
                    }
                }
                self.list(items, Some(&lead), line);
                true
            }
            Some(Block::Table { rows, .. })
                if stripped.trim_end().ends_with(':') || field_list::announces(stripped) =>
            {
                self.settle_pending();
                self.table(rows, Some(stripped), line);
                true
            }
            // "**Bench**" or "Bench – where cubes harden" over a field table: whose fields they are.
            Some(Block::Table { rows, .. })
                if rows.first().is_some_and(|header| field_list::table(header)) && table_title(stripped).is_some() =>
            {
                self.settle_pending();
                let (title, said) = table_title(stripped).unwrap_or((stripped, ""));
                if !said.is_empty() {
                    self.push(StatementKind::Narrative, stripped.to_owned(), line, None);
                }
                self.table(rows, Some(title), line);
                true
            }
            Some(Block::Code { lang, text, line }) if stripped.trim_end().ends_with(':') => {
                self.settle_pending();
                self.code(lang, text, *line);
                true
            }
            _ => {
                self.settle_pending();
                if is_label(stripped) {
                    let name = stripped.trim_end_matches([':', ' ']).to_owned();
                    let purpose = signal::purpose(&name);
                    self.label = Some((name, purpose));
                    return false;
                }
                self.label = None;
                self.lines(&lines, line);
                false
            }
        }
    }

    /// Lines of a paragraph: a new statement where a line begins with an author's id, else running prose.
    fn lines(&mut self, lines: &[&str], line: u32) {
        let mut groups: Vec<(u32, String)> = Vec::new();
        for (index, text) in lines.iter().enumerate() {
            let numbered = label::strip(text).0.len() < text.trim().len();
            let at = line.saturating_add(u32::try_from(index).unwrap_or(0));
            match groups.last_mut() {
                Some((_, group)) if !numbered => {
                    group.push(' ');
                    group.push_str(text);
                }
                _ => groups.push((at, (*text).to_owned())),
            }
        }
        for (at, group) in groups {
            for sentence in sentence::split(label::strip(&group).0) {
                self.sentence(&sentence, at, false);
            }
        }
    }

    /// A story, with what stands behind it in the same paragraph.
    fn story_text(&mut self, lines: &[&str], line: u32) {
        let joined = lines.join(" ");
        let sentences = sentence::split(label::strip(&joined).0);
        let mut story: Option<String> = None;
        let mut rest = Vec::new();
        for sentence in sentences {
            match &mut story {
                None => story = Some(sentence),
                Some(text) if is_story_part(&sentence) && rest.is_empty() => {
                    text.push(' ');
                    text.push_str(&sentence);
                }
                Some(_) => rest.push(sentence),
            }
        }
        if let Some(text) = story {
            self.story(text, line);
        }
        for sentence in rest {
            if signal::story(&sentence) {
                self.story(sentence, line);
            } else if sentence.trim_end().ends_with(':') && is_label(&sentence) {
                let name = sentence.trim_end_matches([':', ' ']).to_owned();
                let purpose = signal::purpose(&name);
                self.label = Some((name, purpose));
            } else {
                self.sentence(&sentence, line, false);
            }
        }
    }

    fn steps(&mut self, lines: &[&str], line: u32) {
        for (index, text) in steps::criteria(lines) {
            let text = label::strip(&text).0.to_owned();
            let deferred = self.deferral(&text);
            let at = line.saturating_add(u32::try_from(index).unwrap_or(0));
            let kind = if signal::steps(&text) { StatementKind::Criterion } else { self.kind(&text, true) };
            self.push(kind, text, at, deferred);
        }
    }

    /// What a sentence is. A doubt is decided for a traced kind.
    fn kind(&self, text: &str, bullet: bool) -> StatementKind {
        let purpose = self.purpose();
        if signal::steps(text) {
            return StatementKind::Criterion;
        }
        if self.deferral(text).is_some() {
            return if signal::strong(text) { StatementKind::Rule } else { StatementKind::Functional };
        }
        match purpose {
            Purpose::Criteria => return StatementKind::Criterion,
            // A bullet below a story is what the story demands, whatever its section is called.
            Purpose::Narrative | Purpose::Roles if bullet && self.below.is_some() && !signal::tells_today(text) => {
                return StatementKind::Criterion;
            }
            Purpose::Quality => return StatementKind::NonFunctional,
            _ if signal::quality(text) => return StatementKind::NonFunctional,
            Purpose::Rules => return StatementKind::Rule,
            Purpose::Roles | Purpose::Narrative => {
                let demands = signal::strong(text) && !signal::tells_today(text) && !is_about_us(text);
                return if demands { StatementKind::Rule } else { StatementKind::Narrative };
            }
            _ => {}
        }
        if bullet && self.below.is_some() {
            return StatementKind::Criterion;
        }
        if signal::tells_today(text) || signal::tells_purpose(text) {
            return StatementKind::Narrative;
        }
        if signal::strong(text) {
            StatementKind::Rule
        } else if bullet || signal::weak(text) || matches!(purpose, Purpose::Data) {
            StatementKind::Functional
        } else if self.sections.is_empty() && !self.drafts.iter().any(|draft| draft.kind.traced()) {
            StatementKind::Narrative
        } else {
            // Under a heading of its own, a flat sentence in the present tense states how things shall be.
            if looks_declarative(text) { StatementKind::Functional } else { StatementKind::Narrative }
        }
    }

    fn sentence(&mut self, text: &str, line: u32, bullet: bool) {
        let (text, _) = label::strip(text);
        let text = text.trim();
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        if signal::story(text) {
            self.story(text.to_owned(), line);
            return;
        }
        // "Fields: code (text), name" and "The following is recorded for each patient: name, ...": a list in one line.
        if let Some((lead, items)) = listed_fields(text)
            && !self.in_deferred()
        {
            let text = if is_bare_fields(lead) { self.heading_text() } else { lead.to_owned() };
            return self.push_with(text, line, &[], &items);
        }
        let kind = self.kind(text, bullet);
        let deferred = if kind == StatementKind::Narrative { None } else { self.deferral(text) };
        self.push(kind, text.to_owned(), line, deferred);
    }

    /// A list, with the sentence that leads it in, if any.
    fn list(&mut self, items: &[Item], lead: Option<&str>, line: u32) {
        self.settle_pending();
        let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
        if texts.iter().filter(|text| steps::step(text).is_some()).count() >= 2
            && texts.iter().any(|text| matches!(steps::step(text), Some(steps::Step::When | steps::Step::Then)))
            && texts.iter().all(|text| !signal::steps(label::strip(text).0))
            && steps::step(texts.first().copied().unwrap_or_default()).is_some()
        {
            let lines: Vec<&str> = texts.iter().flat_map(|text| text.split('\n')).collect();
            let at = items.first().map_or(line, |item| item.line);
            return self.steps(&lines, at);
        }
        let clean = lead.map(|lead| lead.trim().trim_end_matches([':', ' ', '-', '–']).to_owned());
        if let Some(lead) = &clean {
            let purpose = signal::purpose(lead);
            let announcing = field_list::announces(lead);
            if !announcing && is_label(lead) && purpose != Purpose::Other && purpose != Purpose::Data {
                self.label = Some((lead.clone(), purpose));
                self.items(items);
                return;
            }
            let parts = parts(items);
            if field_list::is_one(&parts) && (announcing || is_short_label(lead)) && !self.in_deferred() {
                let at = line.max(1);
                let text = if is_bare_fields(lead) { self.heading_text() } else { lead.clone() };
                return self.push_with(text, at, &[], &parts);
            }
            if is_opening(lead) {
                for item in items {
                    for sentence in sentence::split(&item.text) {
                        let joined = format!("{lead} {}", lower_first(label::strip(&sentence).0));
                        self.sentence(&joined, item.line, true);
                    }
                    self.children(item);
                }
                return;
            }
            self.sentence_lead(lead, line, purpose);
            self.items(items);
            self.label = None;
            return;
        }
        let parts = parts(items);
        let typed = parts.iter().filter(|part| field_list::typed(part)).count();
        let data = matches!(self.purpose(), Purpose::Data | Purpose::Other) && self.below.is_none();
        if data
            && field_list::is_one(&parts)
            && typed * 2 >= parts.len()
            && !self.in_deferred()
            && items.iter().all(|item| item.children.is_empty())
        {
            let at = items.first().map_or(line, |item| item.line);
            let text = self.heading_text();
            return self.push_with(text, at, &[], &parts);
        }
        self.items(items);
    }

    fn in_deferred(&self) -> bool {
        self.deferral("").is_some()
    }

    /// A lead-in that is a sentence of its own demands something or is a label.
    fn sentence_lead(&mut self, lead: &str, line: u32, purpose: Purpose) {
        if is_label(lead) {
            self.label = Some((lead.to_owned(), purpose));
        } else if signal::announces_only(lead) {
            self.push(StatementKind::Narrative, lead.to_owned(), line.max(1), None);
        } else {
            self.sentence(lead, line.max(1), false);
        }
    }

    fn items(&mut self, items: &[Item]) {
        let mut open: Option<(String, u32)> = None;
        // A story told in one item owns what is nested in it, not its neighbours.
        let below = self.below;
        for item in items {
            self.below = below;
            let lines: Vec<&str> = item.text.split('\n').collect();
            let joined = lines.join(" ");
            let (stripped, _) = label::strip(&joined);
            // A story told over several bullets: As a ... / I want ... / so that ...
            if let Some((text, _)) = &mut open
                && is_story_part(stripped)
            {
                text.push(' ');
                text.push_str(stripped);
                continue;
            }
            if let Some((text, line)) = open.take() {
                self.story(text, line);
            }
            let lower = signal::plain(stripped);
            if (lower.starts_with("as a ") || lower.starts_with("as an "))
                && !signal::has(&lower, "i")
                && item.children.is_empty()
            {
                open = Some((stripped.to_owned(), item.line));
                continue;
            }
            self.item(item, &lines, stripped);
        }
        if let Some((text, line)) = open {
            self.story(text, line);
        }
    }

    fn item(&mut self, item: &Item, lines: &[&str], stripped: &str) {
        if signal::story(stripped) {
            self.story_text(lines, item.line);
            self.children(item);
            return;
        }
        if lines.iter().filter(|line| steps::step(line).is_some()).count() >= 2 && signal::steps(stripped) {
            self.steps(lines, item.line);
            self.children(item);
            return;
        }
        if signal::steps(stripped) {
            self.sentence(stripped, item.line, true);
            self.children(item);
            return;
        }
        if let Some(Block::List { items }) = item.children.first() {
            let outer = self.label.clone();
            let steps_below = items.iter().any(|item| matches!(steps::step(&item.text), Some(steps::Step::Then)));
            if steps_below {
                // "Borrowing twice" with Given/When/Then bullets: the title is only a title.
                let lines: Vec<String> = std::iter::once(stripped.to_owned())
                    .filter(|line| steps::step(line).is_some())
                    .chain(items.iter().flat_map(|item| item.text.split('\n').map(str::to_owned).collect::<Vec<_>>()))
                    .collect();
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                self.steps(&lines, item.line);
            } else {
                self.list(items, Some(stripped), item.line);
            }
            self.label = outer;
            for child in item.children.iter().skip(1) {
                self.child(child);
            }
            return;
        }
        if let Some(Block::Table { rows, .. }) = item.children.first() {
            return self.table(rows, Some(stripped), item.line);
        }
        for sentence in sentence::split(stripped) {
            self.sentence(&sentence, item.line, true);
        }
        self.children(item);
    }

    fn children(&mut self, item: &Item) {
        for child in &item.children {
            self.child(child);
        }
    }

    fn child(&mut self, block: &Block) {
        match block {
            Block::Heading { text, line, .. } => self.sentence(text, *line, true),
            Block::Para { text, line } => {
                for sentence in sentence::split(text) {
                    self.sentence(&sentence, *line, true);
                }
            }
            Block::List { items } => self.list(items, None, 0),
            Block::Table { rows, line } => self.table(rows, None, *line),
            Block::Code { lang, text, line } => self.code(lang, text, *line),
        }
    }

    fn table(&mut self, rows: &[Vec<String>], lead: Option<&str>, line: u32) {
        self.settle_pending();
        let Some((header, data)) = rows.split_first() else { return };
        let lead = lead.map(|lead| lead.trim().trim_end_matches([':', ' ']).to_owned());
        let whole = field_list::table(header) || field_list::transitions(header) || field_list::rights(header);
        if whole {
            let text = lead.filter(|lead| !is_bare_fields(lead)).unwrap_or_else(|| self.heading_text());
            return self.push_with(text, line, rows, &[]);
        }
        if let Some(lead) = lead {
            self.sentence_lead(&lead, line, signal::purpose(&lead));
        }
        for (index, row) in data.iter().enumerate() {
            let at = line.saturating_add(u32::try_from(index + 2).unwrap_or(0));
            if let Some((text, is_story)) = row_text(header, row) {
                if is_story {
                    self.story(text, at);
                } else {
                    for sentence in sentence::split(&text) {
                        self.sentence(&sentence, at, true);
                    }
                }
            }
        }
        self.label = None;
    }

    fn code(&mut self, lang: &str, text: &str, line: u32) {
        self.settle_pending();
        let lines: Vec<&str> = text.lines().collect();
        let stepped = lines.iter().filter(|line| steps::step(line.trim()).is_some()).count() >= 2;
        if lang.starts_with("gherkin") || lang.starts_with("feature") || lang.starts_with("cucumber") || stepped {
            return self.steps(&lines, line + 1);
        }
        let plain = lang.is_empty() || lang.starts_with("text") || lang.starts_with("markdown");
        if plain || lang.starts_with("mermaid") {
            for (index, code) in lines.iter().enumerate() {
                let at = line.saturating_add(u32::try_from(index + 1).unwrap_or(0));
                let code = code.trim();
                if plain || code.contains("->") {
                    for sentence in sentence::split(code) {
                        self.sentence(&sentence, at, false);
                    }
                }
            }
        } else if text.chars().any(char::is_alphanumeric) {
            self.push(StatementKind::Narrative, text.split_whitespace().collect::<Vec<_>>().join(" "), line, None);
        }
    }
}

/// A table row that states a rule, story or criterion: its longest cell that is a sentence; an id column is dropped.
fn row_text(header: &[String], row: &[String]) -> Option<(String, bool)> {
    let lower: Vec<String> = header.iter().map(|cell| signal::plain(cell)).collect();
    let column = |names: &[&str]| {
        lower.iter().position(|cell| names.iter().any(|name| signal::has(cell, name))).and_then(|at| row.get(at))
    };
    let (given, when, then) = (column(&["given"]), column(&["when"]), column(&["then"]));
    if let (Some(when), Some(then)) = (when, then) {
        let given = given.filter(|text| !text.is_empty()).map(|text| format!("Given {text} ")).unwrap_or_default();
        return Some((format!("{given}When {when} Then {then}"), false));
    }
    if let (Some(role), Some(want)) = (column(&["as a", "as an", "role"]), column(&["i want", "want", "wants"])) {
        let why = column(&["so that", "benefit", "why"]).filter(|text| !text.is_empty());
        let why = why.map(|why| format!(" so that {why}")).unwrap_or_default();
        let want = want.strip_prefix("to ").unwrap_or(want);
        return Some((format!("As a {role} I want to {want}{why}"), true));
    }
    let cells: Vec<&str> = row.iter().map(|cell| label::strip(cell).0.trim()).filter(|cell| !cell.is_empty()).collect();
    let text = cells.iter().copied().max_by_key(|cell| cell.split_whitespace().count())?;
    let named = column(&["rule", "criterion", "requirement", "description", "statement", "story"])
        .map(|cell| label::strip(cell).0.trim());
    let text = named.filter(|cell| cell.split_whitespace().count() > 2).unwrap_or(text);
    Some((text.to_owned(), signal::story(text)))
}

/// The items as parts of one statement; nested values go in parentheses behind their item.
fn parts(items: &[Item]) -> Vec<String> {
    items
        .iter()
        .map(|item| {
            let mut text = item.text.replace('\n', " ");
            let mut nested = Vec::new();
            for child in &item.children {
                match child {
                    Block::List { items } => nested.extend(items.iter().map(|item| item.text.replace('\n', " "))),
                    Block::Para { text, .. } => nested.push(text.replace('\n', " ")),
                    _ => {}
                }
            }
            if !nested.is_empty() {
                text = format!("{} ({})", text.trim_end_matches([':', ' ']), nested.join(", "));
            }
            label::strip(&text).0.to_owned()
        })
        .collect()
}

/// "Rules:", "Acceptance criteria", "Fields": a short line that names what follows.
fn is_label(text: &str) -> bool {
    let text = text.trim();
    let bare = text.trim_end_matches([':', ' ']);
    let words = bare.split_whitespace().count();
    words <= 4
        && !bare.ends_with(['.', '?', '!'])
        && !signal::strong(bare)
        && (text.ends_with(':') || !matches!(signal::purpose(bare), Purpose::Other | Purpose::Narrative))
        && !is_opening(bare)
}

/// "Doctor" over a list: a title without a mark.
fn is_title(text: &str) -> bool {
    text.split_whitespace().count() <= 4 && !text.ends_with(['.', '!', '?', ',']) && !signal::strong(text)
}

/// The name over a table, and what is said of it on the same line; `None` for a sentence.
fn table_title(text: &str) -> Option<(&str, &str)> {
    if is_title(text) {
        return Some((text, ""));
    }
    let (title, said) = [" – ", " — ", " - ", ": "].iter().find_map(|mark| text.split_once(mark))?;
    let title = if signal::plain(title) == "entity" { said } else { title };
    (is_title(title) && !signal::strong(said)).then_some((title, said))
}

fn is_short_label(lead: &str) -> bool {
    lead.split_whitespace().count() <= 5 && !is_opening(lead)
}

/// "Fields", "Data": says nothing about whose fields, the heading does.
fn is_bare_fields(lead: &str) -> bool {
    let lower = signal::plain(lead);
    matches!(
        lower.trim_end_matches([':', ' ']),
        "fields"
            | "data"
            | "attributes"
            | "properties"
            | "columns"
            | "it has"
            | "it records"
            | "the fields"
            | "details"
            | "we record"
            | "we store"
            | "recorded"
            | "with the following fields"
            | "the following fields"
            | "we keep"
            | "information"
    )
}

/// A lead-in and the fields behind its colon, where all of them are names.
fn listed_fields(text: &str) -> Option<(&str, Vec<String>)> {
    let (lead, list) = text.split_once(':')?;
    let following = signal::has(&signal::plain(lead), "following") && field_list::announces(lead);
    if !is_bare_fields(lead) && !following {
        return None;
    }
    let mut items = vec![String::new()];
    let mut depth = 0_i32;
    for word in list.trim().trim_end_matches('.').split_inclusive(' ') {
        let bare = word.trim();
        if depth == 0 && bare == "and" {
            items.push(String::new());
            continue;
        }
        for c in bare.chars() {
            depth += match c {
                '(' | '[' => 1,
                ')' | ']' => -1,
                _ => 0,
            };
        }
        let ends = depth <= 0 && bare.ends_with([',', ';']);
        if let Some(last) = items.last_mut() {
            last.push_str(if ends { bare.trim_end_matches([',', ';']) } else { word });
        }
        if ends {
            items.push(String::new());
        }
    }
    let items: Vec<String> =
        items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect();
    (items.len() >= 2 && field_list::is_one(&items)).then_some((lead, items))
}

/// A lead-in that the items finish: "A loan is refused when", "Members can".
fn is_opening(lead: &str) -> bool {
    let lower = signal::plain(lead);
    let lower = lower.trim_end_matches([':', ' ', '…', '.']);
    const ENDS: &[&str] = &[
        "when",
        "if",
        "unless",
        "can",
        "may",
        "must",
        "cannot",
        "may not",
        "must not",
        "to",
        "that",
        "while",
        "only",
        "only if",
        "only when",
        "because",
        "should",
        "until",
        "for",
        "by",
        "are",
        "is",
        "as long as",
        "either",
        "and",
        "or",
    ];
    ENDS.iter().any(|end| lower == *end || lower.strip_suffix(end).is_some_and(|rest| rest.ends_with(' ')))
        && !signal::has(lower, "following")
}

fn is_story_part(sentence: &str) -> bool {
    let lower = signal::plain(sentence);
    ["i want", "i need", "i would", "i'd like", "so that", "in order", "so i ", "so we ", "because i"]
        .iter()
        .any(|start| lower.starts_with(start))
}

/// "We must stop losing tools": about the authors, not about the software.
fn is_about_us(text: &str) -> bool {
    let lower = signal::plain(text);
    ["we ", "our ", "i ", "volunteers ", "people ", "nobody ", "it is hard", "it takes"]
        .iter()
        .any(|start| lower.starts_with(start))
        && !lower.contains("the system")
}

/// A subject and a verb in the present tense, not a title.
fn looks_declarative(text: &str) -> bool {
    let lower = signal::plain(text);
    text.trim_end().ends_with('.')
        && [
            "is", "are", "has", "have", "gets", "becomes", "goes", "moves", "starts", "counts", "equals", "covers",
            "takes",
        ]
        .iter()
        .any(|verb| signal::has(&lower, verb))
        && !is_about_us(text)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let second_upper = text.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(first) if !second_upper && first.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
