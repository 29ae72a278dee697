//! Who may not do something while everybody else may: `Auditors have read-only access`, `Readers may look at everything but
//! shall not create, change or delete anything`, `Mechanics and clerks cannot edit bikes or customers`.
//!
//! Only somebody is barred, and only where no word is left over: a role that the epic knows, or whoever stands where nothing
//! that is kept is called so. One role that may not do one thing with
//! one kind of record is told elsewhere: another rule may say already who alone may.

use crate::deed::Deed;
use crate::effect::Effect;
use crate::engine::{Engine, Gap};
use crate::lexicon::name_words;
use crate::token::{Token, starts, tokens};
use crate::verbs;
use maestro_artifacts::{Action, RuleKind};

const WRITES: [Action; 3] = [Action::Create, Action::Update, Action::Delete];

const DETERMINERS: &[&str] = &["a", "an", "the", "each", "every", "all", "any"];
const WITH_ROLE: &[&str] = &[
    "the role",
    "users with the role",
    "users with role",
    "users in the role",
    "a user with the role",
    "people with the role",
    "anyone with the role",
    "somebody with the role",
    "someone with the role",
];
const LIST: &[&str] = &[", and", ", or", ", nor", ",", "and", "or", "nor", "/"];
/// Access of a kind that says by itself that there is no other.
const LOOKING_ONLY: &[&str] =
    &["read-only", "read only", "readonly", "view-only", "view only", "only read", "only reading"];
const LOOKING: &[&str] = &["read", "reading", "viewing", "view"];
const HAVE: &[&str] = &[
    "have",
    "has",
    "get",
    "gets",
    "receive",
    "receives",
    "shall have",
    "should have",
    "must have",
    "will have",
    "are given",
    "is given",
    "are granted",
    "is granted",
];
const HAVE_ONLY: &[&str] = &[
    "only have",
    "only has",
    "only get",
    "only gets",
    "have only",
    "has only",
    "get only",
    "gets only",
    "may only have",
    "can only have",
    "shall only have",
    "should only have",
    "must only have",
    "have just",
    "has just",
];
const ACCESS: &[&str] =
    &["access rights", "access", "rights", "right", "permissions", "permission", "privileges", "authorization"];
const ONLY: &[&str] = &[
    "may only",
    "can only",
    "shall only",
    "should only",
    "must only",
    "are only allowed to",
    "is only allowed to",
    "are allowed only to",
    "is allowed only to",
    "are only able to",
    "is only able to",
    "should only be able to",
    "shall only be able to",
    "must only be able to",
    "only",
];
const MAY: &[&str] = &[
    "may",
    "can",
    "shall",
    "should be able to",
    "shall be able to",
    "are allowed to",
    "is allowed to",
    "are able to",
    "is able to",
];
const NOT: &[&str] = &[
    "cannot",
    "can not",
    "can't",
    "may not",
    "must not",
    "mustn't",
    "shall not",
    "should not",
    "will not",
    "can never",
    "may never",
    "must never",
    "shall never",
    "are not allowed to",
    "is not allowed to",
    "are not permitted to",
    "is not permitted to",
    "are never allowed to",
    "is never allowed to",
    "must neither",
    "may neither",
    "can neither",
];
const LOOK: &[&str] = &[
    "look at",
    "looks at",
    "look up",
    "looks up",
    "look through",
    "read",
    "reads",
    "view",
    "views",
    "see",
    "sees",
    "list",
    "lists",
    "browse",
    "browses",
    "consult",
    "consults",
    "search",
    "searches",
    "look",
    "looks",
    "inspect",
    "inspects",
];
const EVERYTHING: &[&str] = &[
    "everything",
    "anything",
    "something",
    "nothing",
    "all",
    "all data",
    "any data",
    "the data",
    "data",
    "all records",
    "any records",
    "any record",
    "the records",
    "records",
    "all the data",
    "all the records",
    "any of the data",
    "any of the records",
    "any information",
    "all information",
    "the system",
    "the whole system",
    "the application",
    "everything in the system",
    "anything in the system",
    "all data in the system",
    "anything else",
];
const IT: &[&str] = &["it", "them", "any of it", "any of them", "these", "those"];
const BUT: &[&str] =
    &[", but", "; but", "– but", "but", ", and", "; and", ", yet", "; they", ", they", ";", ",", "–", "and"];

/// Between what some and what others may do.
const WHILE: &[&str] =
    &[";", "; and", "; but", ", while", ", whereas", "while", "whereas", ", but", ", and", ",", "and", "but"];
const MARKS: &[&str] = &[":", "–", "—", "-"];
const FULL: &[&str] = &["full", "complete", "unlimited", "unrestricted"];
const NO_RIGHT: &[&str] = &[
    "do not have permission to",
    "does not have permission to",
    "have no permission to",
    "has no permission to",
    "do not have the permission to",
    "does not have the permission to",
    "have no right to",
    "has no right to",
    "do not have the right to",
    "does not have the right to",
    "are forbidden to",
    "is forbidden to",
];

/// One way to say it: the effects, from behind the roles on.
type Form<'w> = fn(&mut Reader<'w>, &[String]) -> Option<Vec<Effect>>;

/// What a part of a sentence speaks of.
#[derive(Clone, PartialEq, Eq)]
enum What {
    Everything,
    Records(Vec<String>),
}

impl What {
    fn records(&self, engine: &Engine<'_>) -> Vec<String> {
        match self {
            Self::Everything => engine.lexicon.entities.iter().map(|entity| entity.key.clone()).collect(),
            Self::Records(keys) => keys.clone(),
        }
    }
}

/// The rules that such a sentence tells; `None` where it is none, a gap where it tells of such access and not whose or to what.
pub(crate) fn read(engine: &Engine<'_>, text: &str) -> Option<Result<Vec<Effect>, Gap>> {
    let words = tokens(text.trim_end().trim_end_matches('.'));
    if let Some(effects) = sentence(engine, &words).or_else(|| and_others(engine, text, &words)) {
        return Some(Ok(effects));
    }
    let known = roles(engine, &words);
    let only_reading = |at: usize| Reader::new(engine, &words, at).looks_only();
    let why = match &known {
        // No record, and nothing that it has.
        Some((_, at)) if only_reading(*at) => "it is not clear what they may only read",
        None if (1..words.len().min(4)).any(only_reading) => "the epic does not say whose role that is",
        _ => return None,
    };
    Some(Err(Gap { quote: text.trim().to_owned(), why: why.to_owned() }))
}

/// "Auditor: read-only access to orders" in a list of roles: what a line says behind the name.
pub(crate) fn noted(engine: &Engine<'_>, role: &str, note: &str) -> Option<Vec<Effect>> {
    let words = tokens(note.trim_end().trim_end_matches('.'));
    let roles = [role.to_owned()];
    let effects = Reader::new(engine, &words, 0).forms(&roles, true)?;
    Some(with_roles(&roles, effects))
}

/// A sentence about roles that the epic knows.
fn sentence(engine: &Engine<'_>, words: &[Token]) -> Option<Vec<Effect>> {
    let (roles, at) = roles(engine, words)?;
    let marked = longest(words, at, MARKS);
    let effects = if marked > 0 {
        Reader::new(engine, words, at + marked).forms(&roles, true)?
    } else {
        Reader::new(engine, words, at).forms(&roles, false)?
    };
    Some(with_roles(&roles, effects))
}

/// "Managers may edit orders; readers have read-only access": what others may do is read by itself.
fn and_others(engine: &Engine<'_>, text: &str, words: &[Token]) -> Option<Vec<Effect>> {
    (1..words.len()).find_map(|at| {
        let joint = longest(words, at, WHILE);
        let told = words.get(at + joint..).filter(|_| joint > 0).and_then(|others| sentence(engine, others))?;
        let end = words.get(at)?.start;
        let mut effects = engine.any_reading(text.get(..end)?.trim_end()).ok()?;
        effects.extend(told);
        Some(effects)
    })
}

/// What roles may not do, as rules; changes of state and records in some states are no such thing.
pub(crate) fn from(deeds: &[Deed], roles: &[String]) -> Option<Vec<Effect>> {
    let rule = |deed: &Deed| match deed {
        Deed::Act { entity, action, fields, within } if within.is_empty() => {
            Some(Effect::Rule(RuleKind::ActionBarred {
                entity: entity.clone(),
                action: *action,
                fields: fields.clone(),
                roles: roles.to_vec(),
            }))
        }
        _ => None,
    };
    let effects = deeds.iter().map(rule).collect::<Option<Vec<_>>>().filter(|effects| !effects.is_empty())?;
    Some(with_roles(roles, effects))
}

fn with_roles(roles: &[String], mut effects: Vec<Effect>) -> Vec<Effect> {
    effects.extend(roles.iter().map(|role| Effect::Role { name: role.clone() }));
    effects
}

/// The known roles that a sentence begins with, and where they end.
fn roles(engine: &Engine<'_>, words: &[Token]) -> Option<(Vec<String>, usize)> {
    let mut found: Vec<String> = Vec::new();
    let mut at = 0;
    loop {
        at += longest(words, at, WITH_ROLE);
        at += longest(words, at, DETERMINERS);
        let known = engine.lexicon.roles.iter().filter_map(|role| {
            let named = name_words(role);
            let fits = !named.is_empty()
                && named
                    .iter()
                    .enumerate()
                    .all(|(k, word)| words.get(at + k).is_some_and(|token| token.lemma == *word));
            fits.then_some((named.len(), role))
        });
        let known = known.max_by_key(|(length, _)| *length).map(|(length, role)| (length, role.clone()));
        let Some((length, role)) = known.or_else(|| stranger(engine, words, at)) else { break };
        found.push(role);
        at += length;
        at += longest(words, at, &["role", "users", "user"]);
        let joint = longest(words, at, LIST);
        if joint == 0 {
            return Some((found, at));
        }
        at += joint;
    }
    None
}

/// "Trainees have read-only access to orders", "an attendant must not delete orders": whom nothing else names, in front of what
/// they may not do.
fn stranger(engine: &Engine<'_>, words: &[Token], at: usize) -> Option<(usize, String)> {
    const BEFORE: &[&str] = &["have", "has", "must", "may", "can", "cannot", "shall", "should", "are", "is"];
    let plain = Engine { lexicon: engine.lexicon, topics: Vec::new() };
    (1..=2).find_map(|length| {
        let name = words.get(at..at + length)?;
        let last = name.last()?;
        let people =
            last.lemma != last.word || at > 0 && words.get(at - 1).is_some_and(|token| token.is("a") || token.is("an"));
        let letters = name.iter().all(|token| !token.quoted && token.word.chars().all(char::is_alphabetic));
        let verb = words.get(at + length).is_some_and(|next| BEFORE.contains(&next.word.as_str()));
        let scope = plain.scope(words);
        let known = (at..at + length).any(|at| {
            !(scope.entity_at(words, at).is_empty()
                && scope.field_at(words, at).is_empty()
                && scope.state_at(words, at).is_empty())
        });
        let text = name.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
        (people && letters && verb && !known && !NOBODY.contains(&last.lemma.as_str()))
            .then(|| (length, crate::lexicon::one_role(&text)))
    })
}

/// What does things without being somebody.
const NOBODY: &[&str] = &[
    "it",
    "they",
    "we",
    "system",
    "service",
    "application",
    "record",
    "user",
    "everybody",
    "nobody",
    "change",
    "value",
    "field",
    "request",
    "entry",
    "both",
    "all",
    "this",
    "these",
    "rule",
    "list",
    "report",
    "page",
];

fn longest(words: &[Token], at: usize, phrases: &[&str]) -> usize {
    phrases.iter().filter_map(|phrase| starts(words, at, phrase)).max().unwrap_or_default()
}

/// A place in a sentence.
struct Reader<'w> {
    engine: &'w Engine<'w>,
    words: &'w [Token],
    at: usize,
    /// It reads what is noted of a role that was named before.
    noted: bool,
}

impl<'w> Reader<'w> {
    const fn new(engine: &'w Engine<'w>, words: &'w [Token], at: usize) -> Self {
        Self { engine, words, at, noted: false }
    }

    /// What a sentence says of roles, or a note of them, where no word is left over.
    fn forms(&mut self, roles: &[String], noted: bool) -> Option<Vec<Effect>> {
        let forms: [Form<'w>; 6] = [Self::noted, Self::access, Self::full, Self::only_look, Self::look_but, Self::many];
        let begin = self.at;
        self.noted = noted;
        forms.iter().skip(usize::from(!noted)).find_map(|form| {
            self.at = begin;
            form(self, roles).filter(|_| self.ended())
        })
    }

    /// Goes on behind the longest of these phrases.
    fn eat(&mut self, phrases: &[&str]) -> bool {
        let length = longest(self.words, self.at, phrases);
        self.at += length;
        length > 0
    }

    const fn ended(&self) -> bool {
        self.at == self.words.len()
    }

    /// Which access it is: one for looking, and no other.
    fn looking(&mut self, only: bool) -> bool {
        self.eat(LOOKING_ONLY) || only && self.eat(LOOKING)
    }

    /// "... have read-only access", whatever to.
    fn looks_only(&mut self) -> bool {
        (self.eat(HAVE_ONLY) || self.eat(HAVE)) && {
            self.eat(DETERMINERS);
            self.looking(false) && self.eat(ACCESS)
        }
    }

    /// "... to customers and cars", or nothing: everything.
    fn what_of(&mut self) -> Option<What> {
        if self.eat(&["to", "for", "on", "in"]) { self.what() } else { Some(What::Everything) }
    }

    /// Everything, or kinds of records.
    fn what(&mut self) -> Option<What> {
        let begin = self.at;
        if self.eat(EVERYTHING) && !self.goes_on() {
            return Some(What::Everything);
        }
        self.at = begin;
        let mut keys = Vec::new();
        loop {
            let before = self.at;
            while self.eat(&["a", "an", "the", "any", "all", "new", "existing", "of the", "other"]) {}
            let Some(key) = self.record() else {
                // The joint was none of this list.
                self.at = before;
                break;
            };
            if !keys.contains(&key) {
                keys.push(key);
            }
            let end = self.at;
            if !self.eat(LIST) || self.at_clause() {
                self.at = end;
                break;
            }
        }
        (!keys.is_empty()).then_some(What::Records(keys))
    }

    /// "All customers" are not all there is.
    fn goes_on(&mut self) -> bool {
        let begin = self.at;
        let named = self.record().is_some();
        self.at = begin;
        named
    }

    /// Whether another clause begins here.
    fn at_clause(&self) -> bool {
        longest(self.words, self.at, NOT) > 0 || longest(self.words, self.at, &["they", "but", "not"]) > 0
    }

    /// Goes on behind the name of a kind of record.
    fn record(&mut self) -> Option<String> {
        let (end, key) = (1..=4).rev().find_map(|length| {
            let part = self.words.get(self.at..self.at + length)?;
            part.iter().all(|token| token.word != "'s" && token.word != ",").then_some(())?;
            let name = part.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ");
            Some((self.at + length, self.engine.lexicon.find(&name)?.key.clone()))
        })?;
        self.at = end;
        Some(key)
    }

    /// "Auditors have read-only access to customers", "auditors have only read access".
    fn access(&mut self, roles: &[String]) -> Option<Vec<Effect>> {
        let only = self.eat(HAVE_ONLY);
        (only || self.eat(HAVE)).then_some(())?;
        let begin = self.at;
        self.eat(DETERMINERS);
        if !self.looking(only) {
            self.at = begin;
            // "read access only"
            (self.eat(LOOKING) && self.eat(ACCESS)).then_some(())?;
            let what = self.what_of()?;
            return (self.eat(&["only"]) && self.ended()).then(|| self.barring(&what, &WRITES, roles));
        }
        self.eat(ACCESS).then_some(())?;
        let what = self.what_of()?;
        let mut effects = self.barring(&what, &WRITES, roles);
        self.and_not(&Some(what), roles, &mut effects)?;
        Some(effects)
    }

    /// "Reader: read-only", "auditor – read-only access to orders".
    fn noted(&mut self, roles: &[String]) -> Option<Vec<Effect>> {
        let only = self.eat(&["only"]);
        self.looking(only).then_some(())?;
        let what = if self.eat(ACCESS) { self.what_of()? } else { What::Everything };
        let mut effects = self.barring(&what, &WRITES, roles);
        self.and_not(&Some(what), roles, &mut effects)?;
        Some(effects)
    }

    /// "Managers have full access": nothing is kept from them or from anybody else.
    fn full(&mut self, _roles: &[String]) -> Option<Vec<Effect>> {
        ((self.eat(HAVE) || self.eat(&["with"])) && self.eat(FULL) && self.eat(ACCESS)).then_some(())?;
        let what = self.what_of().filter(|what| *what == What::Everything)?;
        let all = [Action::Create, Action::Read, Action::List, Action::Update, Action::Delete];
        let records = what.records(self.engine);
        Some(records.iter().flat_map(|key| all.map(|action| Effect::capability(key, action))).collect())
    }

    /// "Teachers may only view lessons; they cannot change them".
    fn only_look(&mut self, roles: &[String]) -> Option<Vec<Effect>> {
        let only = self.eat(ONLY);
        // "Auditor: reads only"
        (self.looks() && (only || self.eat(&["only"]))).then_some(())?;
        let what = if self.ended() { What::Everything } else { self.what()? };
        let mut effects = self.barring(&what, &WRITES, roles);
        self.and_not(&Some(what), roles, &mut effects)?;
        Some(effects)
    }

    /// "Readers may look at everything but shall not change it".
    fn look_but(&mut self, roles: &[String]) -> Option<Vec<Effect>> {
        self.eat(MAY);
        self.looks().then_some(())?;
        let what = self.what();
        (!self.ended()).then_some(())?;
        let mut effects = Vec::new();
        self.and_not(&what, roles, &mut effects)?;
        let seen = if let Some(What::Records(keys)) = &what { keys.as_slice() } else { &[] };
        let shown = seen.iter().flat_map(|key| [Action::Read, Action::List].map(|act| Effect::capability(key, act)));
        effects.extend(shown);
        Some(effects)
    }

    /// "Mechanics and clerks cannot edit bikes", "readers must not delete anything".
    fn many(&mut self, roles: &[String]) -> Option<Vec<Effect>> {
        let plain = self.eat(NOT);
        (plain || self.eat(NO_RIGHT)).then_some(())?;
        let (what, actions) = self.deeds(&None)?;
        let simple =
            plain && !self.noted && roles.len() == 1 && matches!(&what, What::Records(keys) if keys.len() == 1);
        (!simple).then(|| self.barring(&what, &actions, roles))
    }

    /// Verbs of looking.
    fn looks(&mut self) -> bool {
        if !self.eat(LOOK) {
            return false;
        }
        loop {
            let end = self.at;
            if !(self.eat(LIST) && self.eat(LOOK)) {
                self.at = end;
                return true;
            }
        }
    }

    /// "..., but they cannot change them": what is left of a sentence that may end here.
    fn and_not(&mut self, what: &Option<What>, roles: &[String], effects: &mut Vec<Effect>) -> Option<()> {
        if self.ended() {
            return Some(());
        }
        self.eat(BUT).then_some(())?;
        self.eat(&["they", "he or she", "she or he"]);
        let (what, actions) = if self.eat(&["nothing else", "nothing more"]) {
            (what.clone().filter(|what| *what == What::Everything)?, WRITES.to_vec())
        } else if self.eat(NOT) || self.eat(&["not", "never"]) {
            self.deeds(what)?
        } else {
            // "... but change nothing"
            self.words.last().filter(|last| last.word == "nothing")?;
            self.deeds(what)?
        };
        for effect in self.barring(&what, &actions, roles) {
            if !effects.contains(&effect) {
                effects.push(effect);
            }
        }
        self.ended().then_some(())
    }

    /// "create, change or delete anything": what is done, to what was spoken of where nothing else is named.
    fn deeds(&mut self, before: &Option<What>) -> Option<(What, Vec<Action>)> {
        const DONE: &[&str] = &[
            "create", "add", "insert", "change", "edit", "modify", "update", "alter", "delete", "remove", "erase",
            "see", "view", "read", "list", "write", "creates", "adds", "changes", "edits", "modifies", "updates",
            "alters", "deletes", "removes", "writes",
        ];
        let mut actions: Vec<Action> = Vec::new();
        loop {
            let verb = self.words.get(self.at).filter(|verb| DONE.contains(&verb.word.as_str()))?;
            actions.extend(if verb.is("write") { &WRITES } else { verbs::actions(&verb.word) });
            self.at += 1;
            let end = self.at;
            let more = self.eat(LIST) && self.words.get(self.at).is_some_and(|verb| DONE.contains(&verb.word.as_str()));
            if !more {
                self.at = end;
                break;
            }
        }
        let what = if self.ended() || self.eat(IT) { before.clone()? } else { self.what()? };
        // Who may not change anything makes nothing new either.
        if what == What::Everything && actions == [Action::Update] {
            actions = WRITES.to_vec();
        }
        actions.sort_unstable();
        actions.dedup();
        Some((what, actions))
    }

    fn barring(&self, what: &What, actions: &[Action], roles: &[String]) -> Vec<Effect> {
        let rule = |entity: &String, action: &Action| {
            Effect::Rule(RuleKind::ActionBarred {
                entity: entity.clone(),
                action: *action,
                fields: Vec::new(),
                roles: roles.to_vec(),
            })
        };
        let records = what.records(self.engine);
        records.iter().flat_map(|entity| actions.iter().map(move |action| rule(entity, action))).collect()
    }
}
