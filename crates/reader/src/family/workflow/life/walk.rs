//! Walks along the words of a sentence, part by part.

use super::Told;
use super::verbs::{self, FIRST, LATER, TOWARDS, Verb, adverbs, is};
use crate::engine::Reading;
use crate::family::role;
use crate::lexicon::{STATE_WORDS, name_words};
use crate::scope::separator;
use crate::token::{Token, with_articles, written};

/// No state has more words.
const LONGEST: usize = 4;

/// One sentence while it is being read.
pub(super) struct Walk<'r> {
    reading: &'r Reading<'r>,
    tokens: &'r [Token],
    /// Names that nothing else tells are taken for states, to see which of them several sentences use.
    loose: bool,
    told: Told,
    /// Where the clause before came from, and where it led.
    from: Vec<String>,
    here: Vec<String>,
    verb: Option<Verb>,
    /// The clause has no verb of its own; nobody but who is named may do it.
    elided: bool,
    only: bool,
    began: bool,
}

/// How a clause stands to the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    First,
    Or,
    And,
    Then,
}

impl<'r> Walk<'r> {
    pub(super) fn of(reading: &'r Reading<'r>, entity: &str, loose: bool) -> Self {
        let told = Told { entity: entity.to_owned(), ..Told::default() };
        let (from, here) = (Vec::new(), Vec::new());
        let (verb, elided, only, began) = (None, false, false, false);
        Self { reading, tokens: reading.tokens, loose, told, from, here, verb, elided, only, began }
    }

    /// What the whole sentence tells; `None` where one word of it is no part of a life.
    pub(super) fn whole(mut self) -> Option<Told> {
        let (mut at, mut joint) = (0, Joint::First);
        while at < self.tokens.len() {
            let end = self.clause(at, joint).filter(|end| *end > at)?;
            if end == self.tokens.len() {
                break;
            }
            let (next, how) = self.joint(end)?;
            (at, joint) = (next, how);
        }
        (self.told.initial.is_some() || !self.told.ways.is_empty()).then_some(self.told)
    }

    fn is(&self, at: usize, words: &[&str]) -> bool {
        is(self.tokens, at, words)
    }

    /// What joins two clauses, and where the second begins.
    fn joint(&self, at: usize) -> Option<(usize, Joint)> {
        let mut end = at;
        let mut joint = Joint::And;
        // "It goes from planned to running to done"
        if self.is(at, TOWARDS) {
            return Some((at, Joint::Then));
        }
        while self.is(end, &[",", ";", "and", "or", "but"]) || self.is(end, LATER) {
            if self.is(end, &["or"]) {
                joint = Joint::Or;
            } else if self.is(end, LATER) && joint == Joint::And {
                joint = Joint::Then;
            }
            end += 1;
        }
        (end > at && end < self.tokens.len()).then_some((end, joint))
    }

    /// One clause: where it comes from and whose it is, the verb, where it leads.
    fn clause(&mut self, at: usize, joint: Joint) -> Option<usize> {
        let mut joint = joint;
        let mut at = at;
        let mut from: Option<Vec<String>> = None;
        let (mut subject, mut led) = (false, false);
        if let Some(end) = self.deed(at, None, joint) {
            return Some(end);
        }
        let first = if joint == Joint::First { self.first(at) } else { 0 };
        at += first;
        loop {
            if let Some((end, states)) = self.source(at).or_else(|| self.arrived(at)).filter(|_| from.is_none()) {
                (at, from, led) = (end, Some(states), true);
            } else if self.is(at, &[","]) && (led || subject || joint == Joint::Then || first > 0) {
                at += 1;
            } else if self.onward(at) > 0 && !subject && joint != Joint::First {
                (at, joint) = (at + self.onward(at), Joint::Then);
            } else if !subject && let Some((end, states)) = self.subject(at) {
                (at, subject) = (end, true);
                if let Some(states) = states {
                    if from.is_some() {
                        return None;
                    }
                    from = Some(states);
                }
            } else {
                break;
            }
        }
        if !subject && let Some(end) = self.deed(at, from.clone(), joint) {
            return Some(end);
        }
        // "They leave quarantine for growing"
        if subject && from.is_none() && self.is(at, &["leave", "leaves"]) {
            let (end, states) = self.states(at + 1, false)?;
            let end = self.is(end, &["for", "towards", "to"]).then_some(end)?;
            let (end, to) = self.states(end + 1, true)?;
            return self.go(states, to).then_some(end);
        }
        if let Some((end, verb)) = verbs::verb(self.tokens, at) {
            if first > 0 || verb == Verb::Stand && from.is_none() && joint == Joint::First {
                self.verb = Some(Verb::Be);
                return self.stands_first(end, first > 0);
            }
            if !subject && from.is_none() && joint == Joint::First {
                return self.possible(at);
            }
            (self.verb, self.elided, self.only) = (Some(verb), false, self.is(at, &["mayonly"]));
            return match verb {
                Verb::Begin => self.begins(end, from),
                Verb::Possible => None,
                // "Can be cancelled from every stage": what is done is where it leads.
                Verb::Move => {
                    let led = self.pieces(end, verb, from.clone(), joint);
                    if led.is_some() { led } else { self.pieces(end - 1, Verb::Be, from, joint) }
                }
                _ => self.pieces(end, verb, from, joint),
            };
        }
        if joint == Joint::First && from.is_none() {
            return self.possible(at);
        }
        // "..., from confirmed to paid": the verb stands before; "from draft to sent" needs none.
        let verb = match self.verb {
            Some(Verb::Begin | Verb::Possible) => return self.possible(at),
            Some(verb) => verb,
            None if led => Verb::Move,
            None => return self.possible(at),
        };
        self.elided = true;
        self.pieces(at, verb, from, joint).or_else(|| self.possible(at))
    }

    /// "Begin in quarantine", "are created as drafts"
    fn begins(&mut self, at: usize, from: Option<Vec<String>>) -> Option<usize> {
        if from.is_some() || self.told.initial.is_some() || !self.told.ways.is_empty() {
            return None;
        }
        let at = at + adverbs(self.tokens, at);
        // "In progress" is a state of this name, "in quarantine" is quarantine.
        let to = at + usize::from(self.is(at, TOWARDS) || self.is(at, &["with", "at"]));
        let to = to + usize::from(self.is(to, STATE_WORDS) && self.state(to + 1, false).is_some());
        let (end, state) = self.known(at).or_else(|| self.state(to, false))?;
        self.told.initial = Some(state.clone());
        self.here = vec![state];
        self.began = true;
        Some(end + adverbs(self.tokens, end))
    }

    /// "[It is possible to] change the phase from A to B", "cancel a claim from every phase".
    fn deed(&mut self, at: usize, from: Option<Vec<String>>, joint: Joint) -> Option<usize> {
        // "It is possible to" may be told of what was spoken of before: "a claim is possible to".
        let it = self.own(at).filter(|end| self.is(*end, &["be", "must"])).map_or(at, |end| end - 1);
        let at = verbs::deed(self.tokens, it, it > at || self.own(at) == Some(it + 1)).unwrap_or(at);
        if verbs::brings(self.tokens, at) {
            let (end, states) = self.object(at + 1)?;
            self.verb = Some(Verb::Move);
            return self.pieces(end, Verb::Move, from.or(states), joint);
        }
        let lexicon = self.reading.scope.lexicon;
        let (end, to) = crate::verbs::state_at(lexicon, &self.told.entity, self.tokens, at)?;
        let (end, states) = self.object(end)?;
        let (end, from) = self.source(end).filter(|_| states.is_none())?;
        let from = from.into_iter().filter(|from| *from != to).collect();
        self.go(from, vec![to]).then_some(end)
    }

    /// "At first", "initially": how many words say so.
    fn first(&self, at: usize) -> usize {
        if self.is(at, FIRST) {
            1
        } else {
            2 * usize::from(self.is(at, &["at", "in"]) && self.is(at + 1, &["first", "start", "beginning"]))
        }
    }

    /// "[At first] a batch is in quarantine", "a claim is in phase option after it has been created"
    fn stands_first(&mut self, at: usize, first: bool) -> Option<usize> {
        let end = self.begins(at, None)?;
        if first {
            return Some(end);
        }
        let it = self.is(end, &[">", "if", "onlyif"])
            && self.is(end + 1, &["it", "they"])
            && self.is(end + 2, &["be", "have"]);
        let made = end + 3 + usize::from(self.is(end + 3, &["be"]));
        if it && self.is(made, verbs::MADE) {
            return Some(made + 1);
        }
        (self.is(end, &[">", "at", "on", "upon"]) && self.is(end + 1, &["creation"])).then_some(end + 2)
    }

    /// "Once it is ready for sale, ...", "when growing, ...": where it came to be before.
    fn arrived(&self, at: usize) -> Option<(usize, Vec<String>)> {
        let mut from = at + usize::from(self.is(at, &["if"]));
        if from == at {
            return None;
        }
        from = self.own(from).unwrap_or(from + usize::from(self.is(from, &["it", "they"])));
        from += usize::from(self.is(from, &["have"])) + usize::from(self.is(from, &["be", "become", "becomes"]));
        self.states(from, false).filter(|(end, _)| self.is(*end, &[","]) || self.own(*end).is_some())
    }

    /// Behind a verb: `from A`, `to B or C`, `only by D`, in any order.
    fn pieces(&mut self, at: usize, verb: Verb, from: Option<Vec<String>>, joint: Joint) -> Option<usize> {
        let (mut at, mut from) = (at, from);
        let mut to: Option<Vec<String>> = None;
        let mut agents: Option<(Vec<String>, bool)> = None;
        loop {
            if let Some((end, roles, alone)) = self.agent(at).filter(|_| agents.is_none() && to.is_some()) {
                (at, agents) = (end, Some((roles, alone || self.only)));
            } else if let Some((end, states)) = self.source(at).filter(|_| from.is_none()) {
                (at, from) = (end, Some(states));
            } else if to.is_none()
                && let Some((end, states)) = self.target(at, verb, from.is_some(), joint == Joint::Or)
            {
                // "Turns into a sold one"
                (at, to) = (end + usize::from(self.is(end, &["1", "ones"])), Some(states));
            } else if to.is_some() && adverbs(self.tokens, at) > 0 && !self.chained(at) {
                at += adverbs(self.tokens, at);
            } else {
                break;
            }
        }
        let to = to?;
        let from = from.or_else(|| match joint {
            Joint::First => None,
            Joint::Or => Some(self.from.clone()),
            Joint::Then => Some(self.here.clone()),
            // "Begins as a draft and becomes sent"
            Joint::And if self.began => Some(self.here.clone()),
            Joint::And if self.elided => Some(self.from.clone()),
            Joint::And => None,
        });
        let from = from.filter(|from| !from.is_empty())?;
        if let Some((roles, alone)) = agents {
            self.told.agents.push((ways(&from, &to), roles, alone));
        }
        self.go(from, to).then_some(at)
    }

    /// Notes the ways from these states to those; whether there are any.
    fn go(&mut self, from: Vec<String>, to: Vec<String>) -> bool {
        let ways = ways(&from, &to);
        let told = !ways.is_empty();
        let new = ways.into_iter().filter(|way| !self.told.ways.contains(way)).collect::<Vec<_>>();
        self.told.ways.extend(new);
        (self.from, self.here, self.began) = (from, to, false);
        told
    }

    /// "... to A, then to B": what stands here is the next step, and no remark on this one.
    fn chained(&self, at: usize) -> bool {
        let end = at + adverbs(self.tokens, at);
        self.is(at, LATER) && end < self.tokens.len() && !self.is(end, &[",", ";", "and", "or"])
    }

    /// Words that say that what was told last comes before: "then", "after that", "from there".
    fn onward(&self, at: usize) -> usize {
        if self.is(at, LATER) {
            1
        } else if self.is(at, &["in"]) && self.is(at + 1, &["end"])
            || self.is(at, &[">", "from"]) && self.is(at + 1, &["that", "there", "it"])
        {
            2
        } else {
            0
        }
    }

    /// "From A or B", "after A", "out of A", "from every stage except C".
    fn source(&self, at: usize) -> Option<(usize, Vec<String>)> {
        let mut from = at;
        if self.is(at, &["out"]) && self.is(at + 1, &["of"]) {
            from += 2;
        } else if self.is(at, &["from", ">"]) {
            from += 1;
        } else {
            return None;
        }
        from += usize::from(self.is(from, &["being", "be"]));
        self.states(from, true)
    }

    /// "To B", "as B", or B alone behind "become" and "are".
    fn target(&self, at: usize, verb: Verb, sure: bool, or: bool) -> Option<(usize, Vec<String>)> {
        // "Goes on hold", "is put in storage", "goes open": a state that is known needs no word that leads there.
        if self.known(at).is_some() && !self.is(at, &["to", "into"]) {
            return self.states(at, false);
        }
        let at = at + adverbs(self.tokens, at);
        if self.is(at, TOWARDS) {
            return self.states(at + 1, verb != Verb::Stand);
        }
        match verb {
            Verb::Move => None,
            // "They go to growing, or they are destroyed": beside a verb that changes them, what they are is a state; and
            // "is returned in the end" tells that it becomes so.
            Verb::Stand => {
                let beside = (sure || or) && !self.from.is_empty() || self.loose;
                let found = self.states(at, true)?;
                let later = self.onward(found.0) > 0;
                let known = || self.states(at, false).filter(|(end, _)| *end == found.0).is_some();
                (beside || later || known()).then_some(found)
            }
            // "Can be destroyed", "can be shown": what brings a record to a state.
            Verb::Be => {
                let lexicon = self.reading.scope.lexicon;
                let brings = crate::verbs::new_state(lexicon, &self.told.entity, self.tokens, at).is_some();
                self.states(at, brings || self.loose)
            }
            _ => self.states(at, true),
        }
    }

    /// "Only by the farm manager", "by a vet alone".
    fn agent(&self, at: usize) -> Option<(usize, Vec<String>, bool)> {
        let before = self.is(at, &["only", "exclusively"]);
        let by = at + usize::from(before);
        if !self.is(by, &["by"]) {
            return None;
        }
        let behind = self.is(by + 1, &["only"]);
        let from = by + 1 + usize::from(behind);
        let end = (from..self.tokens.len())
            .find(|end| self.is(*end, &[",", ";", "and", "from", "to", "into", "only", "alone"]));
        let end = end.unwrap_or(self.tokens.len());
        let roles = role::roles(self.reading, &(from..end))?;
        let after = self.is(end, &["only", "alone"]);
        Some((end + usize::from(after), roles, before || behind || after))
    }

    /// Whose life it is, with the states in which they are: "growing batches", "batches that are ready", "they", "its
    /// stage".
    fn subject(&mut self, at: usize) -> Option<(usize, Option<Vec<String>>)> {
        if self.is(at, &["it", "they", "this", "these"]) {
            return Some((at + 1, None));
        }
        // "One that is an option may become confirmed"
        let one = self.is(at, &["1", "ones"]) && self.is(at + 1, &["that"]);
        if let Some(end) = self.own(at).or(one.then_some(at + 1)) {
            if self.is(end, &["'s"]) {
                return self.field(at).map(|end| (end, None));
            }
            let mut from = end;
            from += 2 * usize::from(self.is(from, &["that"]) && self.is(from + 1, &["be"]));
            if from > end && self.is(from, &["not"]) {
                let (stop, without) = self.states(from + 1, false)?;
                let left = self.all()?.into_iter().filter(|state| !without.contains(state)).collect();
                return Some((stop, Some(left)));
            }
            from += usize::from(self.is(from, &["in", "at", "with", "on"]) && self.known(from).is_none());
            let described =
                if from > end || self.is(from, &["in", "at", "on"]) { self.states(from, false) } else { None };
            return match described.filter(|(stop, _)| verbs::verb(self.tokens, *stop).is_some()) {
                Some((stop, states)) => Some((stop, Some(states))),
                None if from == end => Some((end, None)),
                None => None,
            };
        }
        if let Some(end) = self.field(at) {
            return Some((end, None));
        }
        let (end, states) = self.adjectives(at)?;
        if let Some(stop) = self.own(end) {
            return Some((stop, Some(states)));
        }
        let one = self.is(end, &["1", "ones"]);
        // "A draft can become sent": a state for the records that are in it.
        let leads = self.is(end, &["lead", "leads"]);
        let noun =
            self.tokens.get(at).is_some_and(|token| token.article.is_some() || token.word != token.lemma) || leads;
        let verb = verbs::verb(self.tokens, end + usize::from(one)).is_some_and(|(_, verb)| verb != Verb::Possible);
        ((one || noun) && verb).then_some((end + usize::from(one), Some(states)))
    }

    /// What is brought somewhere: "the phase", "a quoted job", "it".
    fn object(&mut self, at: usize) -> Option<(usize, Option<Vec<String>>)> {
        self.subject(at).or_else(|| self.is(at, &["them", "1"]).then_some((at + 1, None)))
    }

    /// The end of the record's name.
    fn own(&self, at: usize) -> Option<usize> {
        let named = self.reading.scope.entity_at(self.tokens, at);
        named.into_iter().find(|(_, entity)| *entity == self.told.entity).map(|(end, _)| end)
    }

    /// "The stage of a batch", "its stage", "a batch's stage": the end, once the name is taken.
    fn field(&mut self, at: usize) -> Option<usize> {
        let mut from = at;
        if let Some(end) = self.own(at).filter(|end| self.is(*end, &["'s"])) {
            from = end + 1;
        }
        let flow = self.reading.scope.lexicon.flow_field(&self.told.entity);
        let known = self
            .reading
            .scope
            .field_at(self.tokens, from)
            .into_iter()
            .find(|(_, field)| field.entity == self.told.entity && Some(&field.field) == flow.as_ref());
        let end = if let Some((end, field)) = known {
            let name = self.reading.scope.lexicon.field(&field).map(|field| field.name.clone());
            self.told.field = name.or_else(|| self.told.field.take());
            end
        } else {
            let token = self.tokens.get(from).filter(|token| STATE_WORDS.contains(&token.lemma.as_str()))?;
            if token.lemma != "step" && token.lemma != "phase" {
                self.told.field = Some(token.lemma.clone());
            }
            from + 1
        };
        let of = self.is(end, &["of"]).then(|| self.own(end + 1)).flatten();
        Some(of.unwrap_or(end))
    }

    /// "Rejected is possible from every stage except hired": the state before, the ways to it behind.
    fn possible(&mut self, at: usize) -> Option<usize> {
        let (end, to) = self.states(at, false)?;
        let (mut end, verb) = verbs::verb(self.tokens, end)?;
        if verb != Verb::Possible {
            return None;
        }
        end += adverbs(self.tokens, end);
        let source = self.source(end).or_else(|| self.is(end, &["in", "at"]).then(|| self.states(end + 1, false))?);
        let (end, from) = source?;
        let from = from.into_iter().filter(|from| !to.contains(from)).collect();
        self.go(from, to).then_some(end)
    }

    /// States in a list: known ones, or names that can be nothing else; with `new` also what is done to records.
    fn states(&self, at: usize, new: bool) -> Option<(usize, Vec<String>)> {
        self.list(at, new, |walk, end| walk.own(end).is_none() && walk.listed(end))
    }

    /// "Quoted and ordered jobs": states that stand before the name of the records.
    fn adjectives(&self, at: usize) -> Option<(usize, Vec<String>)> {
        self.list(at, false, |_, _| true)
    }

    fn list(&self, at: usize, new: bool, fits: fn(&Self, usize) -> bool) -> Option<(usize, Vec<String>)> {
        let at = at + usize::from(self.is(at, &["oneof", "either", "both"]));
        if let Some(all) = self.whichever(at) {
            return Some(all);
        }
        let at = at + usize::from(self.is(at, STATE_WORDS) && self.state(at + 1, new).is_some());
        let (mut end, first) = self.state(at, new)?;
        let mut states = vec![first];
        let mut parted: Option<(usize, usize)> = None;
        loop {
            let next = separator(self.tokens, end);
            // "Goes open, then closed": the next step, and no other one from the same state.
            if next == end || self.is(next - 1, LATER) {
                break;
            }
            let Some((stop, state)) = self.state(next, new) else { break };
            if !fits(self, stop) {
                // "... leads to paid, and option and confirmed lead to cancelled": both are of the next clause.
                if !self.is(end, &[","])
                    && let Some((last, count)) = parted
                {
                    states.truncate(count);
                    end = last;
                }
                break;
            }
            if self.is(end, &[","]) {
                parted = Some((end, states.len()));
            }
            states.push(state);
            end = stop;
        }
        Some((end, states))
    }

    /// Whether a state that ends here is one of a list, and no subject of the next clause.
    fn listed(&self, end: usize) -> bool {
        !self.is(end, &["1", "ones"]) && verbs::verb(self.tokens, end).is_none_or(|(_, verb)| verb == Verb::Possible)
    }

    /// All states that are known.
    fn all(&self) -> Option<Vec<String>> {
        let lexicon = self.reading.scope.lexicon;
        let flow = lexicon.flow_field(&self.told.entity)?;
        let values = lexicon.entity(&self.told.entity)?.values();
        Some(values.into_iter().filter(|(of, _)| *of == flow).map(|(_, value)| value.to_owned()).collect())
    }

    /// "Every stage except hired"
    fn whichever(&self, at: usize) -> Option<(usize, Vec<String>)> {
        let token = self.tokens.get(at).filter(|token| !token.quoted)?;
        let lexicon = self.reading.scope.lexicon;
        let flow = lexicon.flow_field(&self.told.entity)?;
        let named = lexicon.entity(&self.told.entity)?;
        let field = named.field(&flow)?;
        let word = STATE_WORDS.contains(&token.lemma.as_str()) || field.words.as_slice() == [token.lemma.clone()];
        let all = matches!(token.article, Some("any" | "every" | "each" | "all"));
        let other = self.is(at, &["other"]).then_some(at + 1).filter(|at| self.is(*at, STATE_WORDS));
        let end = if word && all { at + 1 } else { other.map(|at| at + 1)? };
        let states = self.all()?;
        const BUT: &[&[&str]] =
            &[&["except", "for"], &["except"], &["but"], &["other", "than"], &["apart", "from"], &["besides"]];
        let but = BUT.iter().find(|but| but.iter().enumerate().all(|(k, word)| self.is(end + k, &[word])));
        let Some(but) = but else { return (!states.is_empty()).then_some((end, states)) };
        let (end, without) = self.states(end + but.len(), false)?;
        let left: Vec<String> = states.into_iter().filter(|state| !without.contains(state)).collect();
        (!left.is_empty()).then_some((end, left))
    }

    /// One state: where it ends, and how the epic writes it.
    fn state(&self, at: usize, new: bool) -> Option<(usize, String)> {
        let token = self.tokens.get(at)?;
        if token.quoted {
            return Some((at + 1, token.raw.clone()));
        }
        // "A closed one may be reopened": open again.
        let led = || {
            let lexicon = self.reading.scope.lexicon;
            let past = crate::verbs::is_participle(&token.word);
            past.then(|| crate::verbs::state_at(lexicon, &self.told.entity, self.tokens, at)).flatten()
        };
        let known = self.known(at);
        // "Pending, active or ended ... a pending lease can be activated": it is active then.
        let lexicon = self.reading.scope.lexicon;
        let declared = |state: &str| {
            let named = lexicon.entity(&self.told.entity);
            let flow = lexicon.flow_field(&self.told.entity);
            named.zip(flow).is_some_and(|(named, flow)| crate::verbs::declared(named, &flow, state))
        };
        if known.as_ref().is_some_and(|(_, state)| !declared(state))
            && let Some(led) = led().filter(|(_, state)| declared(state))
        {
            return Some(led);
        }
        known.or_else(led).or_else(|| self.named(at, new))
    }

    /// A state that is known, or that this sentence told before.
    fn known(&self, at: usize) -> Option<(usize, String)> {
        let lexicon = self.reading.scope.lexicon;
        let flow = lexicon.flow_field(&self.told.entity);
        let own = self.reading.scope.state_at(self.tokens, at).into_iter().find_map(|(end, found)| {
            let own =
                found.iter().find(|state| state.entity == self.told.entity && Some(&state.field) == flow.as_ref());
            own.map(|state| (end, state.value.clone()))
        });
        let hinted = lexicon.entity(&self.told.entity).map(|named| named.flow.hinted.as_slice()).unwrap_or_default();
        let before = self.told.initial.iter().chain(self.told.ways.iter().flat_map(|(from, to)| [from, to]));
        let same = |name: &String| {
            let words = name_words(name);
            let fits = words.iter().enumerate().all(|(k, word)| {
                self.tokens.get(at + k).is_some_and(|token| token.lemma == *word || token.word == *word)
            });
            (fits && !words.is_empty()).then(|| (at + words.len(), name.clone()))
        };
        let told = hinted.iter().chain(before).filter_map(same).max_by_key(|(end, _)| *end);
        own.into_iter().chain(told).max_by_key(|(end, _)| *end)
    }

    /// A name that nothing else tells.
    fn named(&self, at: usize, new: bool) -> Option<(usize, String)> {
        let end = (at..self.tokens.len()).find(|end| self.ends_name(*end)).unwrap_or(self.tokens.len());
        let range = at..end;
        if range.is_empty() || range.len() > LONGEST || self.is(at, TOWARDS) && range.len() == 1 {
            return None;
        }
        let part = self.reading.part(&range);
        let plain = |token: &Token| token.field.is_none() && token.word.chars().all(|c| c.is_alphabetic() || c == '-');
        if !part.iter().all(plain) {
            return None;
        }
        let text = written(&with_articles(part), |token| token.raw.clone()).to_lowercase();
        if self.loose {
            return Some((end, text));
        }
        // "Cancelled batches are not considered": what does not count.
        if part.iter().any(|token| crate::verbs::COUNTING.contains(&token.word.as_str())) {
            return None;
        }
        super::super::state_like(self.reading, &self.told.entity, &range).filter(|_| new)?;
        Some((end, text))
    }

    /// "They leave quarantine for growing"
    fn leaves(&self) -> bool {
        (0..self.tokens.len()).any(|at| self.is(at, &["leave", "leaves"]))
    }

    fn ends_name(&self, at: usize) -> bool {
        const ENDS: &[&str] = &[
            ",", ";", "and", "or", "but", "to", "into", "from", "by", "that", "only", "onlyif", ">", "<", "may",
            "mayonly", "be", "must", "have", "of", "with", "as", "if", "(", ")", "on", "it", "they", "1", "require",
            "requires", "except", "setto", "through", "via",
        ];
        self.is(at, ENDS)
            || self.onward(at) > 0
            || self.is(at, &["for", "leave", "leaves"]) && self.leaves()
            || self.is(at, LATER)
            || !self.reading.scope.entity_at(self.tokens, at).is_empty()
            || verbs::verb(self.tokens, at).is_some()
    }
}

/// The ways from each of these states to each of those.
fn ways(from: &[String], to: &[String]) -> Vec<(String, String)> {
    from.iter().flat_map(|a| to.iter().filter(move |b| a != *b).map(move |b| (a.clone(), b.clone()))).collect()
}
