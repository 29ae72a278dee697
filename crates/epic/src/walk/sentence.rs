//! What one sentence is: story, criterion, rule, requirement, or narrative.

use super::Walker;
use super::lead::{Around, described_fields, is_bare_fields, is_title, listed_fields};
use crate::signal::{self, Purpose};
use crate::{field_list, label, narrative, sentence, steps};
use maestro_domain::StatementKind;

impl Walker {
    pub(super) fn steps(&mut self, lines: &[&str], line: u32) {
        let lines = self.told(lines, line);
        // "### Scenario: Only planners accept orders" above the steps
        let headed = self.label.iter().map(|(label, _)| label.as_str());
        let headed = headed.chain(self.sections.iter().rev().map(|section| section.title.as_str()));
        let headed: Vec<String> = headed.filter_map(steps::title).collect();
        for (index, text) in steps::criteria(&lines) {
            let text = label::strip(&text).0.to_owned();
            let deferred = self.deferral(&text);
            let at = line.saturating_add(u32::try_from(index).unwrap_or(0));
            let kind = if signal::steps(&text) { StatementKind::Criterion } else { self.kind(&text, true) };
            self.push(kind, text, at, deferred);
            if let Some(last) = self.drafts.last_mut().filter(|_| kind == StatementKind::Criterion) {
                last.titles = steps::titles(&lines, index).into_iter().chain(headed.iter().cloned()).collect();
            }
        }
    }

    /// "Background: Given a course has a title, a level and a fee": what records are like is told once, and no part of
    /// the scenarios below. Answers the other lines.
    fn told<'t>(&mut self, lines: &[&'t str], line: u32) -> Vec<&'t str> {
        let step = |text: &str| steps::step(text.trim());
        // Where nothing is done, all of it tells what there is.
        let done = lines.iter().any(|text| matches!(step(text), Some(steps::Step::When | steps::Step::Then)));
        let mut background = !done;
        let mut left = Vec::with_capacity(lines.len());
        for (index, text) in lines.iter().enumerate() {
            match step(text) {
                Some(steps::Step::Background) => background = true,
                Some(steps::Step::Scenario | steps::Step::Feature) => background = !done,
                _ => {}
            }
            let bare = text.trim().trim_start_matches(['*', '-', ' ']);
            let fact = bare.split_once(' ').map(|(_, fact)| fact.trim());
            match fact.filter(|fact| {
                background && matches!(step(text), Some(steps::Step::Given | steps::Step::And)) && describes(fact)
            }) {
                Some(fact) => {
                    let at = line.saturating_add(u32::try_from(index).unwrap_or(0));
                    self.push(StatementKind::Functional, fact.to_owned(), at, self.deferral(fact));
                    left.push("");
                }
                None => left.push(*text),
            }
        }
        left
    }

    /// What a sentence is. A doubt is decided for a traced kind.
    pub(super) fn kind(&self, text: &str, bullet: bool) -> StatementKind {
        let purpose = self.purpose();
        if signal::steps(text) {
            return StatementKind::Criterion;
        }
        // What it comes of stands before it.
        let behind = self.drafts.last().is_some_and(|last| last.kind.traced());
        if behind && text.to_lowercase().contains("otherwise") && narrative::tells_outcome(text) {
            return StatementKind::Narrative;
        }
        if self.deferral(text).is_some() {
            return if signal::strong(text) { StatementKind::Rule } else { StatementKind::Functional };
        }
        if bullet && self.sections.last().is_some_and(|section| describes_role(&section.title, text)) {
            return StatementKind::Narrative;
        }
        match purpose {
            Purpose::Criteria => return StatementKind::Criterion,
            // A bullet below a story is what the story demands, whatever its section is called.
            Purpose::Narrative | Purpose::Roles if bullet && self.below.is_some() && !narrative::tells_today(text) => {
                return StatementKind::Criterion;
            }
            Purpose::Quality => return StatementKind::NonFunctional,
            _ if signal::quality(text) => return StatementKind::NonFunctional,
            Purpose::Rules => return StatementKind::Rule,
            // "## Goals" above "A goal has a scorer": records that are called like a part of a document.
            Purpose::Narrative if self.sections.last().is_some_and(|section| speaks_of(&section.title, text)) => {
                return if demands(text) { StatementKind::Rule } else { StatementKind::Functional };
            }
            // "Background:" before scenarios tells what is recorded.
            Purpose::Narrative if declares(text, bullet) => return StatementKind::Functional,
            // "Overview: jobs can be sorted by price" is no story.
            Purpose::Narrative if (bullet || behind) && offers(text) => return StatementKind::Functional,
            Purpose::Roles | Purpose::Narrative => {
                return if demands(text) { StatementKind::Rule } else { StatementKind::Narrative };
            }
            _ => {}
        }
        if bullet && self.below.is_some() {
            return StatementKind::Criterion;
        }
        let opening = self.sections.is_empty() && !self.drafts.iter().any(|draft| draft.kind.traced());
        if opening && !bullet && (narrative::introduces(text) || narrative::tells_purpose(text)) {
            return StatementKind::Narrative;
        }
        if !bullet && self.opens() && !(demands(text) || declares(text, false) || offers(text) || records(text)) {
            return StatementKind::Narrative;
        }
        if narrative::defines(text) {
            return StatementKind::Narrative;
        }
        if narrative::tells_today(text) || narrative::tells_purpose(text) {
            return StatementKind::Narrative;
        }
        if signal::strong(text) {
            StatementKind::Rule
        } else if bullet || signal::weak(text) || matches!(purpose, Purpose::Data) {
            StatementKind::Functional
        } else if opening {
            StatementKind::Narrative
        } else {
            // Under a heading of its own, a flat sentence in the present tense states how things shall be.
            let told = in_short(text)
                || looks_declarative(text)
                || self.drafts.last().is_some_and(|last| last.kind.traced() && goes_on(text));
            if told { StatementKind::Functional } else { StatementKind::Narrative }
        }
    }

    /// Whether the demands stand in sections of their own, behind what is told here.
    pub(super) fn opens(&self) -> bool {
        let told = self.label.is_none() && self.sections.last().is_none_or(|section| narrative::heads(&section.title));
        self.sectioned && told && self.below.is_none()
    }

    /// All sentences of a text. "Double booking. No two ...": a title in front of them is none.
    pub(super) fn sentences(&mut self, text: &str, line: u32, bullet: bool) {
        let all = sentence::split(text);
        for (at, sentence) in all.iter().enumerate() {
            let bare = sentence.trim_end_matches('.');
            if at == 0
                && all.len() > 1
                && bare.split(' ').count() <= 3
                && is_title(bare)
                && signal::deferral(bare).is_none()
            {
                self.push(StatementKind::Narrative, sentence.clone(), line, None);
            } else {
                self.sentence(sentence, line, bullet);
            }
        }
    }

    pub(super) fn sentence(&mut self, text: &str, line: u32, bullet: bool) {
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
        let around = Around { data: self.purpose() == Purpose::Data, described: self.described, ..Around::default() };
        if !self.in_deferred()
            && let Some((title, items)) = described_fields(text, around)
        {
            return self.push_with(title.to_owned(), line, &[], &items);
        }
        let kind = self.kind(text, bullet);
        let deferred = if kind == StatementKind::Narrative { None } else { self.deferral(text) };
        self.push(kind, text.to_owned(), line, deferred);
    }
}

pub(super) fn is_story_part(sentence: &str) -> bool {
    let lower = signal::plain(sentence);
    ["i want", "i need", "i would", "i'd like", "so that", "in order", "so i ", "so we ", "because i"]
        .iter()
        .any(|start| lower.starts_with(start))
}

/// Whether a sentence among those that tell a story obliges, forbids or limits.
fn demands(text: &str) -> bool {
    // "It tells the workshop what has to be printed": what is asked in it obliges nobody.
    let asked = [" what ", " how "].iter().filter_map(|word| text.find(word)).min();
    let strong = signal::strong(asked.and_then(|at| text.get(..at)).unwrap_or(text)) || signal::limits(text);
    strong && !narrative::tells_today(text) && !narrative::is_about_us(text)
}

/// "For each consignor we store the name and the phone", "A lot starts as draft", "Lots are sorted by number", "A draft
/// can become open": what is kept of records, how lists look, what can be done.
fn records(text: &str) -> bool {
    const KEPT: &[&str] = &[
        "keep",
        "keeps",
        "store",
        "stores",
        "record",
        "records",
        "note",
        "register",
        "registers",
        "track",
        "tracks",
        "log",
        "capture",
        "hold",
        "holds",
        "collect",
        "stored",
        "recorded",
        "kept",
        "noted",
        "registered",
    ];
    const SHAPE: &[&str] = &[
        "starts as",
        "starts in",
        "begins as",
        "moves from",
        "goes from",
        "→",
        "->",
        "=>",
        "is one of",
        "are one of",
        "is either",
        "defaults to",
        "calculated",
        "computed",
        "=",
        "×",
        "sorted by",
        "ordered by",
        "per page",
        "csv",
        "newest first",
        "belongs to",
        "belong to",
        "refers to",
    ];
    const DONE: &[&str] = &["can", "may", "could", "become", "becomes", "goes to", "go to"];
    const COMPLAINTS: &[&str] = &["nobody can", "no one can", "nobody could", "nobody knows", "no one knows", "hardly"];
    let lower = signal::plain(text);
    let has = |terms: &[&str]| terms.iter().any(|term| signal::has(&lower, term));
    if has(COMPLAINTS) {
        return false;
    }
    let listed = lower.contains(',') || lower.contains(" and ") || lower.contains(':');
    let owned =
        ["with", "each", "every", "its", "their"].iter().any(|word| signal::has(&lower, word)) || lower.contains(':');
    let of_each = signal::starts(&lower, &["each ", "every ", "a ", "an "]) && has(&["has", "have"]);
    has(SHAPE) || has(DONE) || has(KEPT) && listed && owned || of_each && listed
}

/// "A claim refers to a found item", "An item has a tag number, a description and a value": what records are made of.
fn declares(text: &str, bullet: bool) -> bool {
    let lower = signal::plain(text);
    let one = ["a ", "an ", "each ", "every "].iter().any(|start| lower.starts_with(start));
    let refers = ["belongs to", "refers to", "consists of"].iter().any(|verb| signal::has(&lower, verb));
    let fields = ["has a", "has an"].iter().any(|verb| signal::has(&lower, verb));
    let states = ["the status of", "the state of"].iter().any(|start| lower.starts_with(start))
        && signal::has(&lower, "or")
        && signal::has(&lower, "is");
    let goes_on = lower.starts_with("it has a") && lower.contains(',') || lower.starts_with("it has a") && bullet;
    // "An appointment has a number." is short, and what it has is what records have.
    let short = lower.split(' ').count() <= 8
        && lower.trim_end_matches('.').split_once(" has a").is_some_and(|(_, field)| field_list::commonly(field));
    one && (refers || fields && (bullet || short || lower.matches(',').count() > 1)) || states || goes_on
}

/// "Intake worker: registers households and makes up parcels" below "Who does what": who somebody is, and nothing that could be
/// broken.
fn describes_role(title: &str, text: &str) -> bool {
    const HEADS: &[&str] = &[
        "who does what",
        "who is who",
        "who we are",
        "who works here",
        "responsibilities",
        "tasks and roles",
        "our team",
    ];
    let title = signal::plain(title);
    let Some((name, does)) = text.split_once(": ") else { return false };
    let named = name.split(' ').count() <= 3 && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '-'));
    let verb = does.split(' ').next().unwrap_or_default();
    let third = verb.len() > 3 && verb.ends_with('s') && verb.chars().all(char::is_lowercase);
    HEADS.iter().any(|head| title.trim_end_matches([':', '?', ' ']) == *head)
        && named
        && third
        && !demands(text)
        && !["only", "not", "no", "never", "needs", "requires"].iter().any(|word| signal::has(does, word))
}

/// Whether a sentence tells what those are like that its section is called after.
fn speaks_of(title: &str, text: &str) -> bool {
    let (title, lower) = (signal::plain(title), signal::plain(text));
    let title = title.trim();
    let many = lower.strip_prefix(title).is_some_and(|rest| rest.starts_with([' ', ',']));
    let one = ["a ", "an ", "each ", "every "].iter().find_map(|article| lower.strip_prefix(article));
    let one = one.and_then(|rest| rest.strip_prefix(title.strip_suffix('s').unwrap_or(title)));
    let told =
        ["has", "have", "are", "is", "belongs", "can", "must", "may"].iter().any(|verb| signal::has(&lower, verb));
    told && !title.is_empty() && (many || one.is_some_and(|rest| rest.starts_with(' ')))
}

/// "Jobs can be sorted by price", "Dispatchers can download jobs as a CSV file": what lists can do.
fn offers(text: &str) -> bool {
    const LISTS: &[&str] = &[
        "sort",
        "sorted",
        "filter",
        "filtered",
        "search",
        "searched",
        "export",
        "exported",
        "download",
        "downloaded",
        "csv",
        "paged",
    ];
    let lower = signal::plain(text);
    ["can", "may"].iter().any(|verb| signal::has(&lower, verb)) && LISTS.iter().any(|word| signal::has(&lower, word))
}

/// "A course has a title, a level and a fee", "every course has one instructor", "a booking is open, paid or cancelled":
/// what all of them are like, where "a member has an open loan" tells of one.
fn describes(fact: &str) -> bool {
    let lower = signal::plain(fact);
    let starts = |words: &[&str]| words.iter().any(|word| lower.starts_with(word));
    let row = lower.contains(',') || lower.contains(" and a");
    let fields = ["has a", "has an"].iter().any(|verb| signal::has(&lower, verb)) && row;
    let states = (signal::has(&lower, "is") && signal::has(&lower, "or") && row) || signal::has(&lower, "can");
    !fact.contains(['"', '“', '`'])
        && (starts(&["each ", "every "])
            || starts(&["a ", "an "]) && (fields || states || signal::has(&lower, "belongs to")))
}

/// "Staff confirm or decline it" behind what a booking is: a sentence among demands that does not speak of the authors.
fn goes_on(text: &str) -> bool {
    const MUSING: &[&str] = &["this ", "that ", "these ", "those ", "there ", "then ", "so ", "see "];
    let lower = signal::plain(text);
    text.trim_end().ends_with('.')
        && !MUSING.iter().any(|start| lower.starts_with(start))
        && !narrative::is_about_us(text)
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
        && !narrative::is_about_us(text)
}

/// "Customer: delete only by admin", "Hires: page size 25": a demand in telegram style, behind what it is about.
fn in_short(text: &str) -> bool {
    const DEMANDING: &[&str] = &[
        "delete",
        "deletion",
        "deleted",
        "edit",
        "editing",
        "change",
        "changes",
        "changed",
        "page size",
        "per page",
        "filter",
        "filters",
        "sort",
        "sorted",
        "search",
        "csv",
        "export",
        "only",
        "no",
        "never",
        "unique",
        "mandatory",
        "required",
    ];
    text.split_once(": ").is_some_and(|(about, rest)| {
        let rest = signal::plain(rest);
        about.split_whitespace().count() <= 4 && DEMANDING.iter().any(|word| signal::has(&rest, word))
    })
}
