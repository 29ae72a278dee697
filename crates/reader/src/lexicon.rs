//! What the epic has named so far: entities, fields, values, roles.

use crate::keys;
use crate::memo::Memo;
use crate::scope::FieldRef;
use crate::token::{self, Token, tokens};
use crate::verbs;
use crate::words;
use maestro_artifacts::FieldKind;
use maestro_domain::StatementId;
use std::collections::HashMap;

/// Everything named.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Lexicon {
    pub(crate) entities: Vec<Named>,
    pub(crate) roles: Vec<String>,
    /// Who is said to bring records of an entity to a state: entity, state, role.
    pub(crate) actors: Vec<(String, String, String)>,
    /// Units that field notes use (`MPa`).
    pub(crate) units: Vec<String>,
    /// Titles that are names as they stand, though their last word may be one for any table or list: `panel model`.
    pub(crate) titles: Vec<Vec<String>>,
    /// The role of whoever writes: who "only I" are.
    pub(crate) speaker: Option<String>,
    /// Whether the names are those that all sentences of known patterns tell: time for those of none.
    pub(crate) settled: bool,
    /// What contradicts itself: message and statements.
    pub(crate) contradictions: Vec<(String, Vec<StatementId>)>,
    /// What texts are in these names.
    pub(crate) worded: Worded,
}

/// Texts that were put into one wording with the names of a lexicon, for as long as no name is added: every pass asks for each of
/// them many times. A copy, whose names may change, begins without.
#[derive(Debug, Default)]
pub(crate) struct Worded(Option<(Memo<Vec<Token>>, Names)>);

/// Only what is named tells lexicons apart.
impl PartialEq for Worded {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Worded {}

impl Clone for Worded {
    fn clone(&self) -> Self {
        Self(None)
    }
}

/// Names of at least two words, by the first of them.
#[derive(Debug, Default)]
pub(crate) struct Names(HashMap<String, Vec<Vec<String>>>);

impl Names {
    /// How many tokens from `at` make the longest name.
    pub(crate) fn longest(&self, tokens: &[Token], at: usize) -> usize {
        let names = tokens.get(at).and_then(|token| self.0.get(&token.lemma));
        names.into_iter().flatten().map(|name| length(name, tokens, at)).max().unwrap_or_default()
    }
}

/// An entity while it is being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) plural: String,
    pub(crate) words: Vec<String>,
    pub(crate) fields: Vec<NamedField>,
    pub(crate) flow: Flow,
    pub(crate) sources: Vec<StatementId>,
}

/// A field while it is being read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedField {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) words: Vec<String>,
    pub(crate) kind: FieldKind,
    /// The epic states the type; otherwise it was inferred from the name.
    pub(crate) stated: bool,
    pub(crate) read_only: bool,
    /// What rules need it to be.
    pub(crate) used: Option<FieldKind>,
    /// A state's field that no list of fields names: what it is called is a word for any state.
    pub(crate) unlisted: bool,
    /// The words of other names for it.
    pub(crate) aliases: Vec<Vec<String>>,
    /// What it is counted in (a lemma): "notice period in months".
    pub(crate) unit: Option<String>,
    /// Every list of its values that the epic states as a whole.
    pub(crate) listed: Vec<(Vec<String>, StatementId)>,
    pub(crate) sources: Vec<StatementId>,
}

/// A workflow while it is being read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Flow {
    /// Key of the field.
    pub(crate) field: Option<String>,
    pub(crate) states: Vec<String>,
    pub(crate) initial: Option<(String, Vec<StatementId>)>,
    pub(crate) transitions: Vec<(String, String, Vec<StatementId>)>,
    /// States told in a row, until all that tells of ways is known.
    pub(crate) steps: Vec<(Vec<(String, String)>, StatementId)>,
    /// Names to which one sentence leads and from which another goes on: states, once a sentence says so.
    pub(crate) hinted: Vec<String>,
    /// What is done to the records (a participle), and the state to which that brings them.
    pub(crate) deeds: Vec<(String, String)>,
    pub(crate) sources: Vec<StatementId>,
}

/// The lemmas of a name, articles left out.
pub(crate) fn name_words(name: &str) -> Vec<String> {
    thread_local!(static NAMES: Memo<Vec<String>> = Memo::new());
    NAMES.with(|known| known.get(name, || split_name(name)))
}

fn split_name(name: &str) -> Vec<String> {
    // Names for machines are said in words: "starts at" of `starts_at`.
    tokens(&name.replace('_', " "))
        .into_iter()
        .filter(|token| !matches!(token.word.as_str(), "a" | "an" | "the" | "its" | "each" | "every" | "'s"))
        .map(|token| token.lemma)
        .collect()
}

/// A name as one of them: lower case but for abbreviations, last word in the singular.
pub(crate) fn one_of(name: &str) -> String {
    let articles = |word: &&str| matches!(word.to_lowercase().as_str(), "a" | "an" | "the" | "each" | "every");
    let mut words = name.split_whitespace().peekable();
    // "A site" is one of the sites; a vitamin is called "A".
    while words.peek().is_some_and(articles) && words.clone().count() > 1 {
        words.next();
    }
    let mut parts: Vec<String> = words
        .map(|word| {
            let upper = word.chars().filter(|c| c.is_uppercase()).count();
            if upper >= 2 { word.to_owned() } else { word.to_lowercase() }
        })
        .collect();
    let head = parts
        .iter()
        .position(|word| matches!(word.as_str(), "of" | "for" | "in" | "on"))
        .filter(|at| *at > 0)
        .unwrap_or(parts.len());
    // "Parts used": what was done to them stands behind.
    let done = parts.len() == 2 && head == 2 && parts.last().is_some_and(|last| verbs::done_behind(last));
    let head = head - usize::from(done);
    if let Some(last) = head.checked_sub(1).and_then(|at| parts.get_mut(at)) {
        let singular = words::singular(&last.to_lowercase());
        if singular != last.to_lowercase() {
            *last = singular;
        }
    }
    parts.join(" ")
}

/// A role's name: one of those who act; a department is called as it is.
pub(crate) fn one_role(name: &str) -> String {
    const DEPARTMENTS: &[&str] =
        &["sales", "accounts", "operations", "facilities", "logistics", "resources", "premises", "relations"];
    let last = name.split_whitespace().next_back().unwrap_or_default().to_lowercase();
    if DEPARTMENTS.contains(&last.as_str()) { name.trim().to_lowercase() } else { one_of(name) }
}

fn many_of(one: &str) -> String {
    let mut parts: Vec<String> = one.split(' ').map(str::to_owned).collect();
    let head = parts
        .iter()
        .position(|word| matches!(word.as_str(), "of" | "for" | "in" | "on"))
        .filter(|at| *at > 0)
        .unwrap_or(parts.len());
    // "Parts used": what was done to them stands behind.
    let done = parts.len() == 2 && head == 2 && parts.last().is_some_and(|last| verbs::done_behind(last));
    let head = head - usize::from(done);
    if let Some(last) = head.checked_sub(1).and_then(|at| parts.get_mut(at)) {
        *last = words::plural(last);
    }
    parts.join(" ")
}

/// Whether words name nothing that could be filled in: "for this approval is needed", "then it is required".
pub(crate) fn is_vague(name: &str) -> bool {
    const VAGUE: &[&str] = &[
        "it",
        "this",
        "that",
        "they",
        "all",
        "both",
        "nothing",
        "everything",
        "something",
        "one",
        "approval",
        "permission",
        "decision",
        "consent",
        "agreement",
    ];
    name.split_whitespace().any(|word| VAGUE.contains(&word.to_lowercase().as_str()))
}

impl Named {
    /// The "due date" is the field `due on`, the "issue date" the one of `issued on`.
    pub(crate) fn dated(&self, name: &[String]) -> Option<&NamedField> {
        let [first, day] = name else { return None };
        let says = |field: &&NamedField| {
            let [verb, on] = field.words.as_slice() else { return false };
            let kind = match day.as_str() {
                "date" | "day" => matches!(field.kind, FieldKind::Date | FieldKind::DateTime),
                "time" => field.kind == FieldKind::DateTime,
                _ => false,
            };
            kind && field.stated
                && matches!(on.as_str(), "on" | "at" | "by")
                && crate::words::stem(verb) == crate::words::stem(first)
        };
        let mut found = self.fields.iter().filter(says);
        found.next().filter(|_| found.next().is_none())
    }

    /// "The hire price must be given" of a `hire price per hour` names no field of its own, nor does a longer name of one.
    fn forget_halves(&mut self) {
        let per = |field: &NamedField| -> Option<Vec<String>> {
            let at = field.words.iter().position(|word| word == "per").filter(|_| field.stated)?;
            field.words.get(..at).map(<[String]>::to_vec)
        };
        // "A customer must have a phone number" of a customer with a `phone`, "a start date" of one with a `start`.
        let longer = |field: &NamedField| -> Option<Vec<String>> {
            let more = match (&field.kind, field.words.last()?.as_str()) {
                (_, "phone" | "telephone" | "mobile") => "number",
                (_, "email" | "mail") => "address",
                (FieldKind::Date, _) => "date",
                (FieldKind::DateTime, _) => "time",
                _ => return None,
            };
            field.stated.then(|| [field.words.as_slice(), &[more.to_owned()]].concat())
        };
        let whole: Vec<Vec<String>> =
            self.fields.iter().filter_map(per).chain(self.fields.iter().filter_map(longer)).collect();
        let again: Vec<String> = self
            .fields
            .iter()
            .filter(|field| whole.contains(&field.words) || self.dated(&field.words).is_some())
            .map(|field| field.key.clone())
            .collect();
        self.fields.retain(|field| {
            field.stated || field.unlisted || field.read_only || field.words.len() < 2 || !again.contains(&field.key)
        });
    }
}

impl Lexicon {
    /// How much it names: kinds of records, fields, states, roles. Two of different sizes differ.
    pub(crate) fn size(&self) -> [usize; 4] {
        let sum = |count: fn(&Named) -> usize| self.entities.iter().map(count).sum();
        [
            self.entities.len(),
            sum(|named| named.fields.len()),
            sum(|named| named.flow.states.len() + named.flow.transitions.len()),
            self.roles.len() + self.actors.len(),
        ]
    }

    pub(crate) fn entity(&self, key: &str) -> Option<&Named> {
        self.entities.iter().find(|entity| entity.key == key)
    }

    pub(crate) fn entity_mut(&mut self, key: &str) -> Option<&mut Named> {
        self.entities.iter_mut().find(|entity| entity.key == key)
    }

    pub(crate) fn field(&self, at: &FieldRef) -> Option<&NamedField> {
        self.entity(&at.entity)?.field(&at.field)
    }

    /// The entity of this name, if it is known; `claim` is the `expense claim` where nothing else is called so.
    pub(crate) fn find(&self, name: &str) -> Option<&Named> {
        let words = name_words(name);
        self.position(&words).and_then(|at| self.entities.get(at))
    }

    fn position(&self, words: &[String]) -> Option<usize> {
        if let Some(at) = self.entities.iter().position(|entity| entity.words == words) {
            return Some(at);
        }
        let [head] = words else { return None };
        let mut heads = self.entities.iter().enumerate().filter(|(_, entity)| entity.words.contains(head));
        match (heads.next(), heads.next()) {
            (Some((at, entity)), None) if entity.words.last() == Some(head) => Some(at),
            _ => None,
        }
    }

    /// Whether a name says of records what a field of them says: a fragile prop is a prop that is fragile, a large locker a
    /// locker whose size is large.
    pub(crate) fn describes(&self, name: &str) -> bool {
        let words = name_words(name);
        self.entities.iter().any(|kind| {
            words.strip_suffix(kind.words.as_slice()).is_some_and(|told| {
                let says = |field: &NamedField| match &field.kind {
                    FieldKind::Boolean => *field.words == *told,
                    FieldKind::Enum { values } => values.iter().any(|value| *name_words(value) == *told),
                    _ => false,
                };
                !told.is_empty() && kind.fields.iter().any(says)
            })
        })
    }

    /// The key of the entity of this name, which is added if it is new.
    pub(crate) fn add_entity(&mut self, name: &str, source: &StatementId) -> String {
        let words = name_words(name);
        if let Some(found) = self.position(&words).and_then(|at| self.entities.get_mut(at)) {
            add(&mut found.sources, source);
            return found.key.clone();
        }
        let one = one_of(name);
        let key = keys::key(&one, &format!("record_{}", self.entities.len() + 1), &|key| self.entity(key).is_some());
        let plural = many_of(&one);
        self.entities.push(Named {
            key: key.clone(),
            plural,
            name: one,
            words,
            fields: Vec::new(),
            flow: Flow::default(),
            sources: vec![source.clone()],
        });
        key
    }

    /// Calls "fresh lots" lots where `fresh` is what a field of them may say: told first of some, the name is that of all.
    pub(crate) fn name_kinds(&mut self) {
        for at in 0..self.entities.len() {
            let Some(kind) = self.entities.get(at) else { continue };
            let told = |field: &NamedField| match &field.kind {
                FieldKind::Boolean => kind.words.starts_with(&field.words).then_some(field.words.len()),
                FieldKind::Enum { values } => values
                    .iter()
                    .map(|value| name_words(value))
                    .find(|value| kind.words.starts_with(value))
                    .map(|value| value.len()),
                _ => None,
            };
            let Some(told) = kind.fields.iter().find_map(told).filter(|told| *told > 0) else { continue };
            let words = kind.words.get(told..).unwrap_or_default().to_vec();
            let taken = words.is_empty() || self.entities.iter().any(|other| other.words == words);
            let name: Vec<&str> = kind.name.split(' ').skip(told).collect();
            if taken || name.is_empty() {
                continue;
            }
            let name = name.join(" ");
            let key = keys::key(&name, &kind.key, &|key| self.entity(key).is_some());
            let plural = many_of(&name);
            if let Some(kind) = self.entities.get_mut(at) {
                (kind.key, kind.plural, kind.name, kind.words) = (key, plural, name, words);
            }
        }
    }

    /// Adds a role.
    pub(crate) fn add_role(&mut self, name: &str) {
        let words = name_words(name);
        if !words.is_empty() && !self.roles.iter().any(|role| name_words(role) == words) {
            self.roles.push(name.to_owned());
        }
    }

    /// Remembers texts from now on: nothing is named any more.
    pub(crate) fn close(&mut self) {
        self.entities.iter_mut().for_each(Named::forget_halves);
        self.worded = Worded(Some((Memo::new(), self.names())));
    }

    /// What a text is in these names, as `work` puts it.
    pub(crate) fn worded(&self, text: &str, work: impl Fn(&Names) -> Vec<Token>) -> Vec<Token> {
        match &self.worded.0 {
            Some((known, names)) => known.get(text, || work(names)),
            None => work(&self.names()),
        }
    }

    /// The same for tokens, which are not remembered.
    pub(crate) fn with_names<T>(&self, work: impl FnOnce(&Names) -> T) -> T {
        match &self.worded.0 {
            Some((_, names)) => work(names),
            None => work(&self.names()),
        }
    }

    /// The names of the epic that have at least two words.
    fn names(&self) -> Names {
        let mut names = Names::default();
        let mut add = |name: &[String]| {
            if let Some(first) = name.first().filter(|_| name.len() > 1) {
                names.0.entry(first.clone()).or_default().push(name.to_vec());
            }
        };
        for entity in &self.entities {
            add(&entity.words);
            for field in &entity.fields {
                // `is active` in a sentence is a verb and a word, not a name to leave alone.
                // A count that the service works out is told by the same words again: they must stay readable.
                let count = field.read_only && field.words.first().is_some_and(|first| first == "number");
                if !count && !field.words.first().is_some_and(|first| matches!(first.as_str(), "is" | "has")) {
                    add(&field.words);
                }
                field.aliases.iter().for_each(|alias| add(alias));
                if let FieldKind::Enum { values } = &field.kind {
                    values.iter().for_each(|value| add(&name_words(value)));
                }
            }
            entity.flow.states.iter().for_each(|state| add(&name_words(state)));
        }
        names
    }

    /// Where a reference field of `from` points to `to`.
    pub(crate) fn references<'a>(&'a self, from: &str, to: &'a str) -> Vec<&'a NamedField> {
        let Some(from) = self.entity(from) else { return Vec::new() };
        from.fields
            .iter()
            .filter(|field| matches!(&field.kind, FieldKind::Reference { entity } if entity == to))
            .collect()
    }

    /// The one reference field of `from` to `to`, if there is exactly one.
    pub(crate) fn reference(&self, from: &str, to: &str) -> Option<String> {
        match self.references(from, to).as_slice() {
            [one] => Some(one.key.clone()),
            _ => None,
        }
    }

    /// The one way from `from` to `to`: a reference field, or one there and one from there (`tool_id.shelf_id`) where none
    /// leads straight.
    pub(crate) fn way(&self, from: &str, to: &str) -> Option<String> {
        match self.references(from, to).as_slice() {
            [] => {}
            [one] => return Some(one.key.clone()),
            _ => return None,
        }
        let steps = self.entity(from)?.fields.iter().filter_map(|field| match &field.kind {
            FieldKind::Reference { entity } if entity != from && entity != to => Some((field, entity)),
            _ => None,
        });
        let mut ways =
            steps.flat_map(|(first, between)| self.references(between, to).into_iter().map(move |next| (first, next)));
        match (ways.next(), ways.next()) {
            (Some((first, next)), None) => Some(format!("{}.{}", first.key, next.key)),
            _ => None,
        }
    }

    /// The same, over one record more: the therapist of the appointment that the invoice of a line is for.
    pub(crate) fn long_way(&self, from: &str, to: &str) -> Option<String> {
        if let Some(way) = self.way(from, to) {
            return Some(way);
        }
        let steps = self.entity(from)?.fields.iter().filter_map(|field| match &field.kind {
            FieldKind::Reference { entity } if entity != from && entity != to => {
                Some(format!("{}.{}", field.key, self.way(entity, to)?))
            }
            _ => None,
        });
        let mut steps = steps.filter(|way| self.target(from, way) == Some(to));
        match (steps.next(), steps.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }

    /// Key of the entity that a way leads to.
    pub(crate) fn target<'a>(&'a self, from: &'a str, way: &str) -> Option<&'a str> {
        way.split('.').try_fold(from, |at, step| {
            let field = self.entity(at)?.fields.iter().find(|field| field.key == step)?;
            match &field.kind {
                FieldKind::Reference { entity } => Some(entity.as_str()),
                _ => None,
            }
        })
    }

    /// The field that holds the workflow's state.
    pub(crate) fn flow_field(&self, entity: &str) -> Option<String> {
        let entity = self.entity(entity)?;
        entity.flow.field.clone().or_else(|| {
            let enums: Vec<&NamedField> =
                entity.fields.iter().filter(|field| matches!(field.kind, FieldKind::Enum { .. })).collect();
            enums
                .iter()
                .find(|field| STATE_WORDS.contains(&field.words.last().map_or("", String::as_str)))
                .map(|field| field.key.clone())
        })
    }
}

/// Words for a field that holds a state.
pub(crate) const STATE_WORDS: &[&str] = &["status", "state", "stage", "phase", "step"];

fn length(words: &[String], tokens: &[Token], at: usize) -> usize {
    let mut position = at;
    for (k, word) in words.iter().enumerate() {
        // Articles inside a name ("date of the visit") may be there or not.
        while k > 0
            && tokens.get(position).is_some_and(|token| matches!(token.word.as_str(), "a" | "an" | "the" | "its"))
        {
            position += 1;
        }
        if !tokens.get(position).is_some_and(|token| token.lemma == *word && !token.quoted) {
            return 0;
        }
        position += 1;
    }
    position - at
}

/// Adds a source once.
pub(crate) fn add(sources: &mut Vec<StatementId>, source: &StatementId) {
    if !sources.contains(source) {
        sources.push(source.clone());
    }
}

impl Named {
    /// When it happens: the only moment that is known of it, or the one that its own name tells (`inspected on` of an
    /// inspection).
    pub(crate) fn own_moment(&self) -> Option<&NamedField> {
        let times = || self.fields.iter().filter(|field| matches!(field.kind, FieldKind::Date | FieldKind::DateTime));
        let head = self.words.last()?;
        let named = |field: &&NamedField| {
            field.words.first().is_some_and(|word| crate::words::related(word, head))
                && crate::records::tells_when(&field.words)
        };
        let alone = |mut found: Vec<_>| if found.len() == 1 { found.pop() } else { None };
        alone(times().collect()).or_else(|| alone(times().filter(named).collect()))
    }

    pub(crate) fn field(&self, key: &str) -> Option<&NamedField> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// The field of this name.
    pub(crate) fn find(&self, name: &str) -> Option<&NamedField> {
        let written = one_of_field(name);
        let words = name_words(name);
        let exact = self.fields.iter().find(|field| field.name == written);
        exact.or_else(|| self.fields.iter().find(|field| field.words == words))
    }

    /// "The status open": a field and a value of it, not a field that is called so.
    pub(crate) fn tells_value(&self, tokens: &[Token]) -> bool {
        let from = tokens.iter().take_while(|token| matches!(token.word.as_str(), "the" | "a" | "an")).count();
        let said: Vec<&Token> = tokens.iter().skip(from).take(6).collect();
        let begins = |words: &[String], at: usize| {
            !words.is_empty()
                && words.iter().enumerate().all(|(k, word)| said.get(at + k).is_some_and(|token| token.lemma == *word))
        };
        self.values().into_iter().any(|(key, value)| {
            let named = self.fields.iter().find(|field| field.key == key).map(|field| field.words.clone());
            let named = named.unwrap_or_else(|| vec![key.to_owned()]);
            begins(&named, 0) && begins(&name_words(value), named.len())
        })
    }

    /// Every value of an enum field or state: (field key, value).
    pub(crate) fn values(&self) -> Vec<(&str, &str)> {
        let mut out = Vec::new();
        for field in &self.fields {
            if let FieldKind::Enum { values } = &field.kind {
                out.extend(values.iter().map(|value| (field.key.as_str(), value.as_str())));
            }
        }
        out
    }
}

/// The lemma of one word, for callers that compare with names.
pub(crate) fn lemma(word: &str) -> String {
    token::lemma(&word.to_lowercase())
}

/// A field's name as the epic writes it, in lower case but for abbreviations.
pub(crate) fn one_of_field(name: &str) -> String {
    name.split_whitespace()
        .map(
            |word| {
                if word.chars().filter(|c| c.is_uppercase()).count() >= 2 {
                    word.to_owned()
                } else {
                    word.to_lowercase()
                }
            },
        )
        .collect::<Vec<_>>()
        .join(" ")
}
