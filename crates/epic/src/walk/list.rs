//! Lists: of steps, of fields or values, of sentences, of stories told over several items.

use super::Walker;
use super::lead::{
    Around, described_fields, is_bare_fields, is_function, is_label, is_opening, is_short_label, is_title,
};
use super::sentence::is_story_part;
use crate::block::{Block, Item};
use crate::signal::{self, Purpose};
use crate::{field_list, label, sentence, steps, telegram};
use maestro_domain::StatementKind;

impl Walker {
    /// A list, with the sentence that leads it in, if any.
    pub(super) fn list(&mut self, items: &[Item], lead: Option<&str>, line: u32) {
        self.listed(items, lead, line, false);
    }

    /// The same, where the lead may itself be an item of a list.
    fn listed(&mut self, items: &[Item], lead: Option<&str>, line: u32, nested: bool) {
        self.settle_pending();
        let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
        if texts.iter().filter(|text| steps::step(text).is_some()).count() >= 2
            && texts.iter().any(|text| matches!(steps::step(text), Some(steps::Step::Then)))
            && texts.iter().all(|text| !signal::steps(label::strip(text).0))
            && steps::step(texts.first().copied().unwrap_or_default()).is_some()
        {
            let lead = lead.filter(|lead| steps::title(lead).is_some());
            let lines: Vec<&str> = lead.into_iter().chain(texts.iter().flat_map(|text| text.split('\n'))).collect();
            let first = items.first().map_or(line, |item| item.line);
            let at = first.saturating_sub(u32::from(lead.is_some()));
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
            if is_function(lead) {
                self.label = Some((lead.clone(), purpose));
                self.items(items);
                self.label = None;
                return;
            }
            let parts = parts(items);
            if self.records(items, &parts) {
                return;
            }
            if field_list::ways(lead, &parts) && !self.in_deferred() {
                return self.push_with(lead.clone(), line.max(1), &[], &parts);
            }
            let ruled = self.ruled(items);
            if field_list::is_one(&parts)
                && (announcing || is_short_label(lead))
                && !items.iter().any(heads)
                && ruled.is_empty()
                && !self.in_deferred()
            {
                let at = line.max(1);
                let text = if is_bare_fields(lead) { self.heading_text() } else { lead.clone() };
                return self.push_with(text, at, &[], &each_field(&parts));
            }
            if self.described_in_part(items, lead, line, &ruled) {
                return;
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
            self.sentence_lead(lead, line, purpose, nested);
            // "A loan hands a copy to a singer" over "fields: ...": they are those of a loan.
            if let Some(subject) = subject(lead).filter(|_| self.label.is_none() || nested) {
                self.label = Some((subject, self.purpose()));
            }
            self.items(items);
            self.label = None;
            return;
        }
        let parts = parts(items);
        if self.records(items, &parts) {
            return;
        }
        let typed = parts.iter().filter(|part| field_list::typed(part)).count();
        let data = matches!(self.purpose(), Purpose::Data | Purpose::Other) && self.below.is_none();
        let ruled = self.ruled(items);
        if !ruled.is_empty() && data && self.names_record() {
            let heading = self.heading_text();
            if self.described_in_part(items, &heading, line, &ruled) {
                return;
            }
        }
        // "Lists" over "orders by status (newest first)" heads what the service shows.
        let fields = if is_function(&self.heading_text()) {
            typed == parts.len()
        } else {
            typed * 2 >= parts.len() || self.headed_by_record(&parts)
        };
        if (data || self.among_rules(&parts))
            && field_list::is_one(&parts)
            && fields
            && ruled.is_empty()
            && !self.in_deferred()
            && items.iter().all(|item| item.children.is_empty())
        {
            let at = items.first().map_or(line, |item| item.line);
            let text = self.heading_text();
            return self.push_with(text, at, &[], &each_field(&parts));
        }
        let flat = items.iter().all(|item| item.children.is_empty());
        if data && flat && ruled.is_empty() && !self.in_deferred() && self.mixed(items, &parts, line) {
            return;
        }
        self.items(items);
    }

    /// "Accessory" over "Name", "Price", "Stock": names that fields of any kind of record have, without notes.
    fn headed_by_record(&self, parts: &[String]) -> bool {
        let common = parts.iter().filter(|part| field_list::commonly(part)).count();
        let bare = parts
            .iter()
            .all(|part| part.split_whitespace().count() <= 3 && !part.trim_end().ends_with(['.', '!', '?']));
        parts.len() > 1 && bare && common * 2 >= parts.len() && self.names_record()
    }

    /// Whether the heading right above may be the name of a kind of record, and no more.
    fn names_record(&self) -> bool {
        let own = self.sections.last().filter(|section| section.purpose == Purpose::Other && self.label.is_none());
        own.is_some_and(|section| {
            let plain = section.title.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
            plain && section.title.split(' ').count() <= 3
        })
    }

    /// A record's own heading below "Rules", over a list of its fields with their types.
    fn among_rules(&self, parts: &[String]) -> bool {
        let kinds = parts.iter().filter(|part| field_list::of_type(part)).count();
        self.purpose() == Purpose::Rules && self.below.is_none() && self.names_record() && kinds * 2 >= parts.len()
    }

    /// Which of the items are rules in telegram style, where the others are fields.
    fn ruled(&self, items: &[Item]) -> Vec<usize> {
        let states = telegram::states(items.iter().map(|item| item.text.as_str()));
        let around = telegram::Around { roles: self.roles.clone(), states };
        let rules = |item: &Item| item.children.is_empty() && around.rules(label::strip(&item.text).0);
        items.iter().enumerate().filter(|(_, item)| rules(item)).map(|(at, _)| at).collect()
    }

    /// "Branch" over its fields and what else is said of it: the fields are one statement, the rest is about a branch.
    fn described_in_part(&mut self, items: &[Item], lead: &str, line: u32, ruled: &[usize]) -> bool {
        let headed = self.label.is_none() && self.heading_text() == lead;
        let announced = !ruled.is_empty() && field_list::announces(lead);
        let words: Vec<&str> = lead.split_whitespace().collect();
        let name = (1..=3).contains(&words.len())
            && lead.starts_with(char::is_uppercase)
            && lead.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
            && is_title(lead)
            && !is_bare_fields(lead);
        let data = matches!(self.purpose(), Purpose::Data | Purpose::Other);
        // "Reporting" over "Value in total per grower" heads what the service does.
        let does = |item: &Item| {
            let lower = signal::plain(&item.text);
            ["per", "filter", "sort", "csv", "export"].iter().any(|word| signal::has(&lower, word))
                && !field_list::typed(&item.text)
                && !field_list::belongs(&item.text)
        };
        let doing = items.iter().filter(|item| does(item)).count() * 2 >= items.len();
        if !(name || announced) || !data || doing || self.in_deferred() || items.iter().any(heads) {
            return false;
        }
        let mut fields: Vec<String> = Vec::new();
        let mut said: Vec<Item> = Vec::new();
        for (at, item) in items.iter().enumerate() {
            if ruled.contains(&at) {
                said.push(item.clone());
                continue;
            }
            let text = label::strip(&item.text.replace('\n', " ")).0.to_owned();
            let nested = parts(&nested(item));
            let several = telegram::fields(&text);
            if several.len() > 1 && nested.is_empty() {
                fields.extend(several);
                continue;
            }
            // "title – required; unique within a branch"
            let text = match text.split_once("; ") {
                Some((first, more)) if field_list::names(first) && field_list::typed(&format!("x ({more})")) => {
                    format!("{first}, {more}")
                }
                _ => text,
            };
            // "of a session; there is at most one review per session"
            let (first, more) = text.split_once("; ").filter(|(first, _)| field_list::belongs(first)).unzip();
            if !nested.is_empty() && nested.iter().all(|part| field_list::names(part) && !signal::strong(part)) {
                fields.extend(parts(std::slice::from_ref(item)));
            } else if field_list::names(first.unwrap_or(&text)) || field_list::belongs(first.unwrap_or(&text)) {
                fields.push(first.unwrap_or(&text).to_owned());
                said.extend(more.map(|more| Item { text: more.to_owned(), children: Vec::new(), ..item.clone() }));
                said.extend(self::nested(item));
            } else {
                said.push(item.clone());
            }
        }
        let noted = fields.iter().filter(|part| field_list::typed(part) || field_list::noted(part)).count();
        if noted == 0 || said.len() > fields.len() + ruled.len() {
            return false;
        }
        let text = if is_bare_fields(lead) { self.heading_text() } else { lead.to_owned() };
        let at = if line == 0 { items.first().map_or(line, |item| item.line) } else { line };
        self.push_with(text, at.max(1), &[], &each_field(&fields));
        if !headed && !is_bare_fields(lead) {
            self.label = Some((lead.to_owned(), self.purpose()));
        }
        self.items(&said);
        self.label = None;
        true
    }

    /// Fields with a sentence or two among them: the fields are one statement, every sentence is one of its own.
    fn mixed(&mut self, items: &[Item], parts: &[String], line: u32) -> bool {
        let field = |at: usize| parts.get(at).is_some_and(|part| field_list::names(part));
        let fields: Vec<String> =
            parts.iter().enumerate().filter(|(at, _)| field(*at)).map(|(_, part)| part.clone()).collect();
        if !field_list::distinct(&fields) {
            return false;
        }
        let typed = fields.iter().filter(|part| field_list::typed(part)).count();
        let said = items.iter().enumerate().filter(|(at, _)| !field(*at)).map(|(_, item)| item);
        let sentences = said.clone().all(|item| item.text.trim_end().ends_with('.') || signal::strong(&item.text));
        if fields.len() < 2 || typed * 2 <= fields.len() || fields.len() * 2 <= items.len() || !sentences {
            return false;
        }
        let said: Vec<Item> = said.cloned().collect();
        let at = items.first().map_or(line, |item| item.line);
        let text = self.heading_text();
        self.push_with(text, at, &[], &fields);
        self.items(&said);
        true
    }

    /// "Bed: code (required), area in m²": each item describes one kind of record.
    fn records(&mut self, items: &[Item], parts: &[String]) -> bool {
        // "Data we keep" heads kinds of records: their fields need no notes there.
        let around = Around { data: true, described: self.purpose() == Purpose::Data, ..Around::default() };
        // One alone may be a field with its values, unless what it lists is noted as fields are.
        let clear = |fields: &Vec<String>| fields.iter().any(|field| field_list::noted(field));
        // Among kinds of records another one may have a single field.
        let one = parts.len() > 1
            && parts.iter().any(|part| described_fields(part, around).is_some_and(|(_, fields)| clear(&fields)));
        let among = Around { one, among: one, ..around };
        let described: Vec<Option<(&str, Vec<String>)>> =
            parts.iter().map(|part| described_fields(part, among)).collect();
        let all = described.iter().all(Option::is_some);
        let told = described.iter().flatten();
        // Under "Records", a name over what is called number, date or phone describes one.
        let plain = |fields: &Vec<String>| {
            around.described && fields.iter().filter(|field| field_list::commonly(field)).count() > 1
        };
        let sure = told.clone().count() > 1 || told.clone().all(|(_, fields)| clear(fields) || plain(fields));
        // "Tank: code, ..." and "Filling: tank, ..." over sentences about them.
        let sentence = |item: &Item| item.text.trim_end().ends_with('.') || signal::strong(&item.text);
        let mixed = one
            && told.count() > 1
            && items.iter().zip(&described).all(|(item, told)| told.is_some() || sentence(item));
        if !(all && sure || mixed) || self.in_deferred() {
            return false;
        }
        for (item, described) in items.iter().zip(described) {
            match described {
                Some((title, fields)) => self.push_with(title.to_owned(), item.line, &[], &fields),
                None => self.items(std::slice::from_ref(item)),
            }
        }
        true
    }

    /// A lead-in that is a sentence of its own demands something or is a label.
    pub(super) fn sentence_lead(&mut self, lead: &str, line: u32, purpose: Purpose, bullet: bool) {
        // "1. Props" over rules about props heads them.
        let name = lead.split(' ').count() <= 2
            && lead.starts_with(char::is_uppercase)
            && lead.chars().all(|c| c.is_alphabetic() || c == ' ')
            && is_title(lead);
        if name || is_label(lead) {
            self.label = Some((lead.to_owned(), purpose));
        } else if signal::announces_only(lead) {
            self.push(StatementKind::Narrative, lead.to_owned(), line.max(1), None);
        } else {
            self.sentence(lead, line.max(1), bullet);
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
        // Among criteria, "I can see the number of stays" is one of them.
        let of_role = || {
            let story = self.below.and_then(|below| self.drafts.get(below.story));
            story.is_some_and(|story| signal::plain(&story.text).starts_with("as "))
        };
        let criterion =
            (self.purpose() == Purpose::Criteria || of_role()) && signal::first_person(&signal::plain(stripped));
        if signal::story(stripped) && !criterion {
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
                // "Borrowing twice" with Given/When/Then bullets: what the scenario is called.
                let begins = steps::step(stripped).is_some();
                let first = if begins { stripped.to_owned() } else { format!("Scenario: {stripped}") };
                let lines: Vec<String> = std::iter::once(first)
                    .chain(items.iter().flat_map(|item| item.text.split('\n').map(str::to_owned).collect::<Vec<_>>()))
                    .collect();
                let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
                self.steps(&lines, item.line);
            } else {
                self.listed(items, Some(stripped), item.line, true);
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
        self.sentences(stripped, item.line, true);
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
}

/// The kind of record that a sentence describes: a loan in "A loan hands a copy to a singer".
fn subject(sentence: &str) -> Option<String> {
    let words: Vec<&str> = sentence.split_whitespace().collect();
    let (article, words) = words.split_first()?;
    ["a", "an", "each", "every"].contains(&article.to_lowercase().as_str()).then_some(())?;
    let verb = (1..=3).find(|at| {
        let (word, next) =
            (words.get(*at).copied().unwrap_or_default(), words.get(at + 1).copied().unwrap_or_default());
        let leads = ["a", "an", "one", "the", "to", "for", "in", "of"].contains(&next);
        matches!(word, "is" | "has") || word.ends_with('s') && leads
    })?;
    let name = words.get(..verb)?;
    name.iter().all(|word| word.chars().all(char::is_alphabetic)).then(|| name.join(" "))
}

/// "Fields", "Rules": an item that heads what is nested in it, and is none of what it stands among.
fn heads(item: &Item) -> bool {
    let text = item.text.trim();
    let titled = matches!(signal::purpose(text), Purpose::Rules | Purpose::Criteria | Purpose::Data) && is_label(text);
    !item.children.is_empty() && (is_bare_fields(text) || is_function(text) || titled)
}

/// The items right below an item.
fn nested(item: &Item) -> Vec<Item> {
    let lists = item.children.iter().filter_map(|child| match child {
        Block::List { items } => Some(items.clone()),
        _ => None,
    });
    lists.flatten().collect()
}

/// The fields, where one line may tell several of them.
fn each_field(parts: &[String]) -> Vec<String> {
    parts.iter().flat_map(|part| telegram::fields(part)).collect()
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

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    let second_upper = text.chars().nth(1).is_some_and(char::is_uppercase);
    match chars.next() {
        Some(first) if !second_upper && first.is_uppercase() => first.to_lowercase().chain(chars).collect(),
        _ => text.to_owned(),
    }
}
