//! Walks the blocks with the headings above them and decides what each statement is.

pub(crate) mod lead;
mod list;
mod paragraph;
mod sentence;
mod table;

use crate::block::Block;
use crate::field_list;
use crate::label;
use crate::narrative;
use crate::number::Draft;
use crate::signal::{self, Purpose};
use crate::telegram;
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
    /// Some lines of the text each describe a kind of record and its fields.
    described: bool,
    /// There are sections for the demands.
    sectioned: bool,
    /// The people that the text names as those who use the service.
    roles: Vec<String>,
}

/// The title and the statements, in source order.
pub(crate) fn walk(blocks: &[Block]) -> (Option<String>, Vec<Draft>) {
    let sections = blocks
        .iter()
        .filter(|block| matches!(block, Block::Heading { text, .. } if !narrative::heads(&label::heading(text).0)));
    let mut walker = Walker {
        described: lead::describes_records(blocks),
        // The title is one, too.
        sectioned: sections.count() >= 3,
        roles: telegram::roles(blocks),
        ..Walker::default()
    };
    let headings = blocks.iter().filter(|block| matches!(block, Block::Heading { level: 1, .. })).count();
    let mut index = 0;
    while let Some(block) = blocks.get(index) {
        let next = blocks.get(index + 1);
        match block {
            Block::Heading { level, text, line } => {
                let below = blocks.get(index + 1..).unwrap_or_default();
                walker.heading(*level, text, *line, headings, kept(text, below));
            }
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

/// Whether what stands below a heading tells of many of what it names, or lists its fields: it heads a kind of record.
fn kept(heading: &str, below: &[Block]) -> bool {
    let name = signal::plain(&label::heading(heading).0);
    let section = below.iter().take_while(|block| !matches!(block, Block::Heading { .. }));
    section.into_iter().take(4).any(|block| match block {
        Block::Para { text, .. } => {
            let text = signal::plain(text);
            ["a", "an", "each", "every"].iter().any(|one| signal::has(&text, &format!("{one} {name}")))
        }
        Block::List { items } => items.iter().filter(|item| field_list::typed(&item.text)).count() * 2 > items.len(),
        Block::Table { rows, .. } => field_list::table(rows),
        _ => false,
    })
}

impl Walker {
    /// `kept`: what stands below shows that the heading names a kind of record.
    fn heading(&mut self, level: u8, text: &str, line: u32, top: usize, kept: bool) {
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
        if kept && purpose == Purpose::Quality && name.split(' ').count() == 1 {
            purpose = Purpose::Other;
        }
        // A story called "Overview" or "Reports for users" is a story all the same.
        if is_story && matches!(purpose, Purpose::Narrative | Purpose::Roles | Purpose::Data) {
            purpose = Purpose::Other;
        }
        let keeps_story = matches!(purpose, Purpose::Criteria) && self.stories_here == 1;
        // A story in front of all headings says what it is all for: the kinds of records below are no criteria of it.
        if let Some(below) = self.below
            && (level <= below.level || below.level == 0 && purpose != Purpose::Criteria)
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
        let (titles, table, items) = (Vec::new(), Vec::new(), Vec::new());
        self.drafts.push(Draft { kind, text, line, section, titles, story, table, items, deferred });
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

    fn in_deferred(&self) -> bool {
        self.deferral("").is_some()
    }
}
