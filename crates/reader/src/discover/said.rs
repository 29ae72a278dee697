//! What a sentence says of fields that it named before, or names as its subject.

use super::describe::{Item, Sentence};
use super::facet::{self, Place};
use super::names::determined;
use super::opening::predicate;
use super::words::{bounds, raw, starts};
use crate::fields::note::{self, Notes};
use crate::fields::prose::called_like_moment;
use crate::lexicon::{NamedField, name_words};
use maestro_artifacts::FieldKind;

impl Sentence<'_> {
    /// What is said of fields that were named before: `each title can be used only once`, `all of which must be given`.
    pub(super) fn said(&mut self, at: usize) -> Option<usize> {
        self.identifies(at)
            .or_else(|| self.otherwise(at))
            .or_else(|| self.of_several(at))
            .or_else(|| self.shared_by_none(at))
            .or_else(|| self.of_named(at))
    }

    /// "unless I say so, I am not": what holds where nothing is said.
    fn otherwise(&mut self, at: usize) -> Option<usize> {
        self.words.get(at).filter(|token| token.word == "unless" && self.last.len() == 1)?;
        let mut notes = Notes::default();
        let end = facet::run(&self.words, at, Place::Apart, &mut notes)?;
        self.note(&notes);
        Some(end)
    }

    /// "it identifies the balloon": no two have the same.
    fn identifies(&mut self, at: usize) -> Option<usize> {
        let from = at
            + ["it identifies the", "which identifies the", "it identifies a"]
                .iter()
                .find_map(|lead| starts(&self.words, at, lead))?;
        let end = (from..self.words.len()).find(|at| bounds(&self.words, *at)).unwrap_or(self.words.len());
        let same = name_words(&raw(self.words.get(from..end)?)) == name_words(&self.owner) && self.last.len() == 1;
        same.then(|| {
            self.note(&Notes { unique: true, ..Notes::default() });
            // "..., so it can exist only once" says it again.
            facet::run(&self.words, self.behind_joint(end), Place::Apart, &mut Notes::default()).unwrap_or(end)
        })
    }

    /// "both are required", "all of these except the name must be given"
    fn of_several(&mut self, at: usize) -> Option<usize> {
        const ALL: &[(&str, usize)] = &[
            ("all of which", usize::MAX),
            ("all of these", usize::MAX),
            ("all of them", usize::MAX),
            ("both of which", 2),
            ("both of them", 2),
            ("both", 2),
            ("all 2", 2),
            ("all 3", 3),
            ("all 4", 4),
            ("all 5", 5),
            ("all 6", 6),
            ("all", usize::MAX),
            ("each", usize::MAX),
            ("each of which", usize::MAX),
            ("each of them", usize::MAX),
            ("each of the last 2", 2),
            ("each of the last 3", 3),
            ("the last 2", 2),
            ("all these", usize::MAX),
            ("these", usize::MAX),
        ];
        let (length, count) = ALL
            .iter()
            .filter_map(|(lead, count)| Some((starts(&self.words, at, lead)?, *count)))
            .max_by_key(|(length, _)| *length)?;
        let mut from = at + length;
        let mut but = None;
        if let Some(skip) =
            ["except", "except for", "but"].iter().filter_map(|word| starts(&self.words, from, word)).max()
        {
            let (named, _) = determined(&self.words, from + skip, &mut Notes::default());
            let (name, end) = self.name(named)?;
            but = Some(self.items.iter().position(|item| name_words(&item.name) == name_words(&name))?);
            from = end;
        }
        let mut notes = Notes::default();
        let end = facet::run(&self.words, from, Place::Apart, &mut notes)?;
        let first = self.items.len().saturating_sub(count);
        self.last = (first..self.items.len()).filter(|at| Some(*at) != but).collect();
        self.note(&notes);
        Some(end)
    }

    /// "no two runners may share one"
    fn shared_by_none(&mut self, at: usize) -> Option<usize> {
        let length = ["no 2", "nobody else", "no other"].iter().find_map(|lead| starts(&self.words, at, lead))?;
        let end = (at + length..self.words.len()).find(|at| bounds(&self.words, *at)).unwrap_or(self.words.len());
        let part: Vec<&str> = self.words.get(at + length..end)?.iter().map(|token| token.word.as_str()).collect();
        let part: Vec<&str> =
            part.into_iter().filter(|word| !matches!(*word, "may" | "must" | "shall" | "ever")).collect();
        let (share, what) = part.split_at_checked(
            part.iter().position(|word| matches!(*word, "share" | "have" | "has" | "shares" | "use" | "carry"))?,
        )?;
        let same = matches!(what.get(1..)?, ["one" | "it" | "them"] | ["the", "same"] | ["the", "same", "one"]);
        let of = crate::lexicon::one_of(&share.join(" "));
        let owner = share.is_empty() || name_words(&of) == name_words(&self.owner);
        (same && owner && share.len() <= 3 && self.last.len() == 1).then_some(())?;
        self.note(&Notes { unique: true, ..Notes::default() });
        Some(end)
    }

    /// "each title can be used only once", "the name is required": of one that was named.
    fn of_named(&mut self, at: usize) -> Option<usize> {
        let from = at
            + usize::from(self.words.get(at).is_some_and(|token| {
                matches!(token.word.as_str(), "each" | "every" | "the" | "its" | "their" | "this")
            }));
        let end = (from..self.words.len()).find(|at| predicate(&self.words, *at))?;
        let name = name_words(&raw(self.words.get(from..end)?));
        let named = self.items.iter().position(|item| name_words(&item.name) == name)?;
        let mut notes = Notes::default();
        let end = facet::run(&self.words, end, Place::Apart, &mut notes)?;
        self.last = vec![named];
        self.note(&notes);
        Some(end)
    }

    /// Notes more of the items that were spoken of last.
    pub(super) fn note(&mut self, more: &Notes) {
        // "a target, a start and an end, each with date and time": of those that are moments.
        let moment = |at: &usize| self.items.get(*at).is_some_and(|item| called_like_moment(&item.name));
        let moments: Vec<usize> = self.last.iter().copied().filter(moment).collect();
        let dated = matches!(more.kind, Some(FieldKind::Date | FieldKind::DateTime)) && moments.len() > 1;
        let last = if dated { &moments } else { &self.last };
        for at in last {
            let Some(item) = self.items.get_mut(*at) else { continue };
            let notes = &mut item.notes;
            notes.required |= more.required;
            notes.optional |= more.optional;
            notes.unique |= more.unique;
            // "Belongs to an order and has a price and a weight, all decimal numbers": no order is a number.
            let record = last.len() > 1 && self.engine.lexicon.find(&item.name).is_some();
            if !record {
                notes.kind = notes.kind.take().or_else(|| more.kind.clone());
            }
            notes.format = notes.format.or(more.format);
            notes.default = notes.default.take().or_else(|| more.default.clone());
            notes.units.extend(more.units.iter().cloned());
            notes.segments.extend(more.segments.iter().cloned());
        }
    }

    /// "First name and last name are both required": fields, and what is said of each.
    pub(super) fn subjects(&mut self, at: usize) -> Option<usize> {
        let mut from = at;
        let mut names: Vec<(String, Notes, bool)> = Vec::new();
        let mut end = loop {
            let mut notes = Notes::default();
            if let Some((pair, end)) = self.both(from) {
                names.extend(pair.into_iter().map(|name| (name, Notes::default(), true)));
                if predicate(&self.words, end) {
                    break end;
                }
                from = self.behind_joint(end);
                continue;
            }
            let (named, led) = determined(&self.words, from, &mut notes);
            let (name, mut end) = self.name(named)?;
            if self.words.get(end).is_some_and(|token| token.word == "(") {
                end = self.notes_behind(end, Place::Apart, &mut notes)?;
            }
            names.push((name, notes, led));
            if predicate(&self.words, end) {
                break end;
            }
            from = self.behind_joint(end);
            if from == end {
                return None;
            }
        };
        // "The date their medical expires is called medical expiry"
        let called = ["is called", "is known as"].iter().find_map(|lead| starts(&self.words, end, lead));
        if let ([(name, notes, _)], Some(length)) = (names.as_mut_slice(), called) {
            let (new, behind) = self.name(end + length)?;
            if name.split(' ').next().is_some_and(|first| matches!(first, "date" | "day")) {
                note::read("date", self.engine.lexicon, notes);
            }
            *name = new;
            end = self.behind_joint(behind);
        }
        let mut notes = Notes::default();
        end = facet::run(&self.words, end, Place::Apart, &mut notes)?;
        let typed = notes.kind.is_some() || notes.format.is_some() || !notes.segments.is_empty() || notes.unique;
        let several = names.len() > 1;
        for (name, _, led) in &names {
            let known = self.known(name).is_some();
            let record =
                self.engine.lexicon.find(name).is_some_and(|entity| !known && *led && entity.words == name_words(name));
            let role = self.engine.lexicon.roles.iter().any(|role| name_words(role) == name_words(name));
            // "The minimum is at least 2" of a record with a minimum age: nobody knows which.
            if !known && *led && !several && self.part_of_names(name) {
                return None;
            }
            // "A growing batch is finally sold" tells of batches, and no field of theirs.
            if !known && self.of_its_own(name) {
                return None;
            }
            // "Approval is mandatory" names no field by itself.
            if !known && (role || record && !several || !(led | typed | several)) {
                return None;
            }
        }
        let first = self.items.len();
        self.items.extend(names.into_iter().map(|(name, notes, _)| Item { name, notes }));
        self.last = (first..self.items.len()).collect();
        self.note(&notes);
        Some(end)
    }

    /// Whether a name is that of the record itself, with what it is doing or what was done to it.
    fn of_its_own(&self, name: &str) -> bool {
        let words = name_words(name);
        let done = |word: &String| crate::verbs::is_participle(word) || word.len() > 5 && word.ends_with("ing");
        let before = words.strip_suffix(name_words(&self.owner).as_slice());
        before.is_some_and(|before| matches!(before, [one] if done(one)))
    }

    /// "both times", "the planned dates": the fields of the record that are called so by their last word, and by their first
    /// ones where these are told.
    fn both(&self, at: usize) -> Option<(Vec<String>, usize)> {
        let two = starts(&self.words, at, "both the").or_else(|| starts(&self.words, at, "both"));
        let from = at + two.or_else(|| starts(&self.words, at, "the").or_else(|| starts(&self.words, at, "all")))?;
        let word = |at: usize| self.words.get(at).filter(|token| !token.quoted);
        let plain = |at: &usize| word(*at).is_some_and(|token| token.word.chars().all(char::is_alphabetic));
        let many = |at: &usize| word(*at).is_some_and(|token| token.lemma != token.word);
        let ends = |at: &usize| two.is_some() || predicate(&self.words, at + 1);
        let until = (from..self.words.len().min(from + 3)).take_while(plain).find(|at| many(at) && ends(at))?;
        let what = word(until)?;
        let which: Vec<&String> = self.words.get(from..until)?.iter().map(|token| &token.lemma).collect();
        // "The dates are required" may be said of any of them.
        (two.is_some() || !which.is_empty()).then_some(())?;
        let named = self.engine.lexicon.find(&self.owner)?;
        let so = |field: &NamedField| {
            field
                .words
                .split_last()
                .is_some_and(|(last, before)| *last == what.lemma && which.iter().all(|word| before.contains(*word)))
        };
        let called: Vec<&NamedField> = named.fields.iter().filter(|field| so(field) && !field.read_only).collect();
        if two.is_none() {
            let told = self.known(&raw(self.words.get(from..=until)?)).is_some();
            let all: Vec<String> = called.iter().map(|field| field.name.clone()).collect();
            return (all.len() > 1 && !told).then_some((all, until + 1));
        }
        // "A hire has a collection date and a return date" told two; an actual return date, told elsewhere, is none of both.
        let with =
            |one: &NamedField| called.iter().filter(|field| field.sources.first() == one.sources.first()).count();
        let pair: Vec<String> = called
            .iter()
            .filter(|field| called.len() == 2 || with(field) == 2)
            .map(|field| field.name.clone())
            .collect();
        (pair.len() == 2).then_some((pair, until + 1))
    }
}
