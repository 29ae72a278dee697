//! Which fields a sentence mentions: by name, by a part of it that is clear, or by what was done then.

use super::{FieldRef, Scope, matches, matches_possessive, separator};
use crate::lexicon::{Named, STATE_WORDS, name_words};
use crate::token::Token;
use maestro_artifacts::FieldKind;

impl Scope<'_> {
    /// Fields mentioned at `at`, longest first.
    pub(crate) fn field_at(&self, tokens: &[Token], at: usize) -> Vec<(usize, FieldRef)> {
        if let Some(field) = tokens.get(at).and_then(|token| token.field.clone()) {
            return vec![(at + 1, field)];
        }
        let mut found: Vec<(usize, usize, FieldRef)> = Vec::new();
        found.extend(self.told_moment(tokens, at).map(|(end, field)| (end, 0, field)));
        // `tool 's name`, `tool name`
        for (end, entity) in self.entity_at(tokens, at) {
            let possessive = tokens.get(end).is_some_and(|token| token.word == "'s");
            let from = if possessive { end + 1 } else { end };
            for (end, field) in self.own_fields(tokens, from, &entity) {
                found.push((end, 0, field));
            }
            // `loan 's tool 's deposit` is a field of the tool.
        }
        // `it 's name`, `its` is dropped already.
        for entity in &self.lexicon.entities {
            for (end, field) in self.own_fields(tokens, at, &entity.key) {
                let rank = self.rank(&entity.key) + 1;
                // "the mass given for a sample"
                let told = tokens.get(end).is_some_and(|token| {
                    matches!(token.word.as_str(), "given" | "entered" | "recorded" | "stated" | "set" | "noted")
                });
                let of = end + usize::from(told);
                if tokens.get(of).is_some_and(|token| matches!(token.word.as_str(), "of" | "for" | "on" | "in")) {
                    for (of_end, owner) in self.owners_at(tokens, of + 1) {
                        if owner == entity.key {
                            found.push((of_end, 0, field.clone()));
                        }
                    }
                }
                found.push((end, rank, field));
            }
        }
        let mut ends: Vec<usize> = found.iter().map(|(end, _, _)| *end).collect();
        ends.sort_unstable_by(|a, b| b.cmp(a));
        ends.dedup();
        let mut out = Vec::new();
        for end in ends {
            let here: Vec<&(usize, usize, FieldRef)> = found.iter().filter(|(e, _, _)| *e == end).collect();
            let Some(best) = here.iter().map(|(_, rank, _)| *rank).min() else { continue };
            let mut fields: Vec<&FieldRef> =
                here.iter().filter(|(_, rank, _)| *rank == best).map(|(_, _, field)| field).collect();
            fields.dedup();
            // `players` rather than `player`, where both are fields.
            if fields.len() > 1 {
                let text = tokens
                    .get(at..end)
                    .unwrap_or_default()
                    .iter()
                    .map(|token| token.word.as_str())
                    .collect::<Vec<_>>()
                    .join(" ");
                let exact: Vec<&FieldRef> = fields
                    .iter()
                    .copied()
                    .filter(|field| self.lexicon.field(field).is_some_and(|field| field.name == text))
                    .collect();
                if exact.len() == 1 {
                    fields = exact;
                }
            }
            // A name that several entities know and nothing decides between is no mention.
            if let [one] = fields.as_slice() {
                out.push((end, (*one).clone()));
            }
        }
        if out.is_empty() {
            out.extend(self.lone_reason(tokens, at).map(|field| (at + 1, field)));
        }
        out
    }

    /// "A reason" of records that have one alone: `rejection reason`, `reason for refusal`.
    fn lone_reason(&self, tokens: &[Token], at: usize) -> Option<FieldRef> {
        let named = |entity: &str| {
            let named = self.lexicon.entity(entity)?;
            let mut reasons = named.fields.iter().filter(|field| {
                field.words.first().is_some_and(|word| word == "reason")
                    || field.words.last().is_some_and(|word| word == "reason")
            });
            match (reasons.next(), reasons.next()) {
                (Some(one), None) => Some(FieldRef { entity: named.key.clone(), field: one.key.clone() }),
                _ => None,
            }
        };
        let whole = tokens.get(at + 1).is_none_or(|next| !matches!(next.word.as_str(), "for" | "why" | "that"));
        tokens.get(at).filter(|token| token.word == "reason" && !token.quoted && whole)?;
        self.focus.iter().find_map(|entity| named(entity))
    }

    /// The records at `at`: "the balloon", "the flight's balloon", "the balloon of the flight".
    fn owners_at(&self, tokens: &[Token], at: usize) -> Vec<(usize, String)> {
        let mut out = self.entity_at(tokens, at);
        for (end, holder) in out.clone() {
            if tokens.get(end).is_some_and(|token| token.word == "'s") {
                let held = self.entity_at(tokens, end + 1);
                out.extend(held.into_iter().filter(|(_, of)| self.lexicon.reference(&holder, of).is_some()));
            } else if tokens.get(end).is_some_and(|token| token.is("of"))
                && let Some((stop, _)) = self
                    .entity_at(tokens, end + 1)
                    .into_iter()
                    .find(|(_, other)| self.lexicon.reference(other, &holder).is_some())
            {
                out.push((stop, holder));
            }
        }
        out.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
        out
    }

    /// "The date until which the balloon is airworthy" of a field `airworthy until`, "the day on which it was taken".
    fn told_moment(&self, tokens: &[Token], at: usize) -> Option<(usize, FieldRef)> {
        let moment =
            tokens.get(at).filter(|token| ["date", "day", "time", "moment"].iter().any(|word| token.is(word)))?;
        // "The date" of a record that has no other
        if matches!(moment.article, Some("the" | "its")) && !moment.is("moment") && !moment.is("time") {
            let focus = self.focus.first().and_then(|focus| self.lexicon.entity(focus));
            let field = focus.and_then(|named| Some((named, named.own_moment()?)));
            let ends = tokens.get(at + 1).is_none_or(|next| {
                matches!(next.word.as_str(), "," | "and" | "or" | ";" | "must" | "mustnot" | "be" | "may")
            });
            if let Some((named, field)) = field.filter(|_| ends) {
                return Some((at + 1, FieldRef { entity: named.key.clone(), field: field.key.clone() }));
            }
        }
        // "The day of the roast"
        if !moment.is("moment") && tokens.get(at + 1).is_some_and(|token| token.is("of")) {
            let (end, entity) = self.entity_at(tokens, at + 2).into_iter().next()?;
            let named = self.lexicon.entity(&entity)?;
            // "The date of enrolment" of a field `enrolled on`
            if named.fields.iter().any(|field| dated(named, field, tokens, at).is_some()) {
                return None;
            }
            let field = named.own_moment()?.key.clone();
            return Some((end, FieldRef { entity, field }));
        }
        let particle = tokens.get(at + 1)?.raw.to_lowercase();
        tokens.get(at + 2).filter(|token| token.is("that") && !moment.quoted)?;
        let pronoun = tokens.get(at + 3).is_some_and(|token| crate::engine::PRONOUNS.contains(&token.word.as_str()));
        let subject = self.entity_at(tokens, at + 3).into_iter().next();
        let from = subject.as_ref().map_or(at + 3 + usize::from(pronoun), |(end, _)| *end);
        let from = from + usize::from(tokens.get(from).is_some_and(|token| token.is("be") || token.is("have")));
        let owners: Vec<String> = subject.map_or_else(|| self.focus.clone(), |(_, entity)| vec![entity]);
        owners.iter().filter_map(|owner| self.lexicon.entity(owner)).find_map(|owner| {
            owner.fields.iter().find_map(|field| {
                let (last, before) = field.words.split_last()?;
                let end = matches(before, tokens, from).filter(|_| *last == particle)?;
                matches!(field.kind, FieldKind::Date | FieldKind::DateTime)
                    .then(|| (end, FieldRef { entity: owner.key.clone(), field: field.key.clone() }))
            })
        })
    }

    fn own_fields(&self, tokens: &[Token], at: usize, entity: &str) -> Vec<(usize, FieldRef)> {
        let Some(named) = self.lexicon.entity(entity) else { return Vec::new() };
        let mut out = Vec::new();
        // "Collected by" in quotation marks, "the best-before date"
        let token = tokens.get(at);
        let hyphenated = token.filter(|token| !token.quoted && token.word.contains('-'));
        for field in &named.fields {
            // Made where it is found: most fields are not.
            let reference = || FieldRef { entity: entity.to_owned(), field: field.key.clone() };
            let several = field.words.len() > 1;
            // "The same day" is none of the `days` that are counted.
            if let [unit] = field.words.as_slice()
                && crate::normal::is_time_unit(unit)
                && field.name.ends_with('s')
                && token.is_some_and(|token| token.word == *unit)
            {
                continue;
            }
            if several
                && token.is_some_and(|token| token.quoted && crate::lexicon::name_words(&token.raw) == field.words)
            {
                out.push((at + 1, reference()));
                continue;
            }
            if several && hyphenated.is_some_and(|token| token.word == field.words.join("-")) {
                let dated = matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
                if dated && tokens.get(at + 1).is_some_and(|next| next.is("date") || next.is("time") || next.is("day"))
                {
                    out.push((at + 2, reference()));
                }
                out.push((at + 1, reference()));
                continue;
            }
            let whole = matches(&field.words, tokens, at).or_else(|| {
                // "The tuner's name" of a field that is called so
                let marked = tokens.iter().any(|token| token.word == "'s") && field.name.contains(['\'', '’']);
                marked.then(|| matches_possessive(&field.words, tokens, at)).flatten()
            });
            if let Some(end) = whole {
                // "the returned on date" of a field `returned on`
                let preposition = field.words.last().is_some_and(|last| matches!(last.as_str(), "on" | "at"))
                    || matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
                if preposition
                    && tokens.get(end).is_some_and(|next| next.is("date") || next.is("time") || next.is("day"))
                {
                    out.push((end + 1, reference()));
                }
                // "a sugar value" of a field `sugar`
                let number = matches!(field.kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money);
                if number && tokens.get(end).is_some_and(|next| next.is("value") && !next.quoted) {
                    out.push((end + 1, reference()));
                }
                // "the position number" of a field `position`
                let numbered = [field.words.as_slice(), &["number".to_owned()]].concat();
                if field.kind == FieldKind::Integer
                    && tokens.get(end).is_some_and(|next| next.is("number") && !next.quoted)
                    && Self::clear(named, &numbered)
                {
                    out.push((end + 1, reference()));
                }
                // "The e-mail address" of a field `e-mail`, "the phone number" of a field `phone`
                let last = field.words.last().map_or("", String::as_str);
                let more = match last {
                    "email" | "e-mail" | "mail" => "address",
                    "phone" | "telephone" | "mobile" => "number",
                    _ => "",
                };
                if tokens.get(end).is_some_and(|next| !next.quoted && !more.is_empty() && next.is(more)) {
                    out.push((end + 1, reference()));
                }
                out.push((end, reference()));
            } else if let Some((last, before)) = field.words.split_last()
                && matches!(last.as_str(), "on" | "at")
                && let Some(end) = matches(before, tokens, at)
                && tokens.get(end).is_some_and(|next| next.is("date") || next.is("time") || next.is("day"))
            {
                // "the due date" of a field `due on`
                out.push((end + 1, reference()));
            } else if let Some(end) = thing_of(named, &field.name).and_then(|words| matches(&words, tokens, at)) {
                // "the web address" of a field `publisher's web address`
                out.push((end, reference()));
            } else if let Some(end) = self.short_name(named, &field.words, tokens, at) {
                out.push((end, reference()));
            } else if let Some(end) = self
                .alias(field, tokens, at)
                .or_else(|| dated(named, field, tokens, at))
                .or_else(|| self.noun_of(named, field, tokens, at))
                .or_else(|| self.numbered(field, tokens, at))
                .or_else(|| most_of(field, tokens, at))
                .or_else(|| self.called(named, field, tokens, at))
                .or_else(|| self.only_so(named, field, tokens, at))
                .or_else(|| self.state_of(named, field, tokens, at))
            {
                out.push((end, reference()));
            }
            // "The duration in minutes" of `duration_minutes` and of a `duration` in minutes
            let counted = out.last().filter(|(end, last)| last.field == field.key && in_its_unit(field, tokens, *end));
            out.extend(counted.map(|(end, _)| (end + 2, reference())));
        }
        out
    }

    /// Another name of the field: "attendees" and "number of attendees" for how many people attend.
    fn alias(&self, field: &crate::lexicon::NamedField, tokens: &[Token], at: usize) -> Option<usize> {
        field.aliases.iter().find_map(|alias| {
            if let Some(end) = matches(alias, tokens, at) {
                return Some(end);
            }
            let [one] = alias.as_slice() else { return None };
            let counted = field.kind == FieldKind::Integer;
            let from = if counted && tokens.get(at)?.is("numberof") { at + 1 } else { at };
            let token = tokens.get(from)?;
            let free = self.entity_at(tokens, from).is_empty();
            (free && !token.quoted && crate::words::related(&token.lemma, one)).then_some(from + 1)
        })
    }

    /// "its departure" for `departs at`, "the purchase" for `purchased on`: the noun of the verb that names a moment.
    fn noun_of(
        &self,
        entity: &Named,
        field: &crate::lexicon::NamedField,
        tokens: &[Token],
        at: usize,
    ) -> Option<usize> {
        const NOUNS: &[&str] = &["ure", "al", "tion", "sion", "ment", "ance", "ence", "ery"];
        let time = |field: &crate::lexicon::NamedField| matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
        let token = tokens.get(at).filter(|token| !token.quoted && token.word.len() > 4)?;
        let noun = NOUNS.iter().any(|end| token.lemma.ends_with(end)) || token.article.is_some();
        let fits = |field: &crate::lexicon::NamedField| {
            time(field) && field.words.first().is_some_and(|first| crate::words::related(&token.lemma, first))
        };
        let alone = noun && fits(field) && entity.fields.iter().filter(|field| fits(field)).count() == 1;
        (alone && self.entity_at(tokens, at).is_empty()).then_some(at + 1)
    }

    /// "the number of guests" for a field `guests`, unless guests are records themselves.
    fn numbered(&self, field: &crate::lexicon::NamedField, tokens: &[Token], at: usize) -> Option<usize> {
        let number = field.kind == FieldKind::Integer && tokens.get(at).is_some_and(|token| token.is("numberof"));
        let free = number && self.entity_at(tokens, at + 1).is_empty();
        if free { matches(&field.words, tokens, at + 1) } else { None }
    }

    /// "Per carpenter", "the same carpenter" for a field `carpenter name`, where no kind of record and no other field is called
    /// so.
    fn called(&self, entity: &Named, field: &crate::lexicon::NamedField, tokens: &[Token], at: usize) -> Option<usize> {
        const APART: &[&str] = &["per", "by", "same"];
        const JOINTS: &[&str] = &[",", "and", "per", "by"];
        let (last, before) = field.words.split_last().filter(|(last, before)| *last == "name" && !before.is_empty())?;
        let lead = at.checked_sub(1).and_then(|at| tokens.get(at)).filter(|lead| !lead.quoted)?;
        let apart = |token: &Token| APART.iter().any(|word| token.is(word));
        let told = apart(lead)
            || JOINTS.iter().any(|word| lead.is(word))
                && tokens.get(..at).is_some_and(|before| before.iter().any(apart));
        let end = matches(before, tokens, at).filter(|_| told)?;
        let whole = tokens.get(end).is_none_or(|next| next.lemma != *last);
        let shared = entity.fields.iter().filter(|field| field.words.starts_with(before)).count() == 1;
        (whole && shared && self.entity_at(tokens, at).is_empty()).then_some(end)
    }

    /// "Filtered by state" of records whose states stand in a field `status`.
    fn state_of(&self, of: &Named, field: &crate::lexicon::NamedField, tokens: &[Token], at: usize) -> Option<usize> {
        let word = |token: &Token| !token.quoted && STATE_WORDS.contains(&token.lemma.as_str());
        let own = field.words.len() == 1 && field.words.iter().all(|own| STATE_WORDS.contains(&own.as_str()));
        tokens.get(at).filter(|token| own && word(token))?;
        let told = tokens.get(..at)?.iter().any(|token| token.is("by") || token.is("per"));
        let named = of.fields.iter().any(|other| {
            other.words.len() == 1 && tokens.get(at).is_some_and(|token| other.words.contains(&token.lemma))
        });
        let flow = self.lexicon.flow_field(&of.key).is_some_and(|flow| flow == field.key);
        (told && flow && !named).then_some(at + 1)
    }

    /// "The rent" for `monthly rent`, where nothing else of the epic is called so and no other record is spoken of.
    fn only_so(&self, of: &Named, field: &crate::lexicon::NamedField, tokens: &[Token], at: usize) -> Option<usize> {
        const ANY: &[&str] = &[
            "name",
            "number",
            "date",
            "day",
            "time",
            "code",
            "title",
            "status",
            "state",
            "type",
            "kind",
            "description",
            "note",
            "on",
            "at",
            "until",
            "by",
            "for",
            "in",
            "of",
            "to",
            "from",
            "id",
            "value",
            "list",
            "order",
            "person",
            "member",
            "user",
        ];
        const ENDS: &[&str] = &["must", "mustnot", "may", "mayonly", "be", "<", ">", "<=", ">="];
        let (last, _) = field.words.split_last().filter(|(_, before)| !before.is_empty())?;
        let token = tokens
            .get(at)
            .filter(|token| matches!(token.article, Some("the" | "its")) && !token.quoted && token.lemma == *last)?;
        let next = tokens.get(at + 1).is_some_and(|next| ENDS.iter().any(|word| next.is(word)));
        let fields = || self.lexicon.entities.iter().flat_map(|named| &named.fields);
        let alone = fields().filter(|other| other.words.contains(last)).count() == 1;
        let named = self.lexicon.entities.iter().any(|named| {
            named.words.contains(last) || named.values().iter().any(|(_, value)| name_words(value).contains(last))
        });
        let spoken = self.focus.first().is_none_or(|focus| *focus == of.key);
        (at == 0 && next && alone && !named && spoken && !ANY.contains(&token.lemma.as_str())).then_some(at + 1)
    }

    /// A moment at `at`, longest first: a field of time, or the clause that tells it (`it starts`, `they were ordered`).
    pub(crate) fn moment_at(&self, tokens: &[Token], at: usize) -> Vec<(usize, FieldRef)> {
        let is =
            |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)));
        // "the day on which the sample was taken", "the date they were ordered"
        if is(at, &["day", "date", "time", "moment"]) {
            let named = || !self.entity_at(tokens, at + 2).is_empty();
            let on = at + 1 + usize::from(is(at + 1, &["on", "at"]) && (is(at + 2, &["that"]) || named()));
            let from = on + usize::from(is(on, &["that"]));
            let told = self.field_at(tokens, at).is_empty() && self.field_at(tokens, from).is_empty();
            let clause = if told { self.moment_at(tokens, from) } else { Vec::new() };
            if !clause.is_empty() {
                return clause;
            }
        }
        let mut out: Vec<(usize, FieldRef)> = self.field_at(tokens, at);
        let subject = self.entity_at(tokens, at).into_iter().next();
        let pronoun = tokens.get(at).is_some_and(|token| crate::engine::PRONOUNS.contains(&token.word.as_str()));
        let from = subject.as_ref().map_or(at + usize::from(pronoun), |(end, _)| *end);
        let helped = tokens.get(from).is_some_and(|token| token.is("be") || token.is("have"));
        if (subject.is_some() || pronoun || helped)
            && let Some(verb) = tokens.get(from + usize::from(helped)).filter(|verb| !verb.quoted)
        {
            let owners: Vec<String> = match subject {
                Some((_, entity)) => vec![entity],
                None => self.focus.clone(),
            };
            let told = owners.iter().find_map(|owner| self.time_of(owner, &verb.lemma));
            let told = told.or_else(|| owners.iter().find_map(|owner| self.lasts_from(owner, verb)));
            let told = told.or_else(|| owners.iter().find_map(|owner| self.made_on(owner, &verb.lemma)));
            let end = from + usize::from(helped) + 1;
            // "the date it was taken on" of a field `taken on`
            let particle = tokens.get(end).filter(|token| ["on", "at", "in", "by"].iter().any(|word| token.is(word)));
            if let (Some(field), Some(particle)) = (&told, particle)
                && self.lexicon.field(field).is_some_and(|field| field.words.contains(&particle.lemma))
            {
                out.push((end + 1, field.clone()));
            }
            out.extend(told.map(|field| (end, field)));
        }
        out.retain(|(_, field)| matches!(self.kind(field), Some(FieldKind::Date | FieldKind::DateTime)));
        out.sort_by_key(|(end, _)| std::cmp::Reverse(*end));
        out
    }

    /// "After the order has been placed" of an order that has an order date.
    fn made_on(&self, entity: &str, verb: &str) -> Option<FieldRef> {
        let named = self.lexicon.entity(entity)?;
        let made = matches!(verb, "placed" | "made" | "created" | "entered" | "recorded" | "registered");
        let own = |field: &&crate::lexicon::NamedField| {
            matches!(field.kind, FieldKind::Date | FieldKind::DateTime)
                && field.words.split_last().is_some_and(|(last, before)| {
                    matches!(last.as_str(), "date" | "day" | "time") && *before == *named.words
                })
        };
        let field = named.fields.iter().find(own).filter(|_| made)?;
        Some(FieldRef { entity: entity.to_owned(), field: field.key.clone() })
    }

    /// "Before its stay has begun", "after it is over", of a stay from its arrival to its departure.
    fn lasts_from(&self, entity: &str, verb: &Token) -> Option<FieldRef> {
        const BEGINS: &[&str] = &["begun", "began", "begins", "begin", "starts", "start", "started"];
        const ENDS: &[&str] = &["over", "ends", "end", "ended", "finished", "finishes"];
        let (start, end) = crate::span::of(self.lexicon, entity)?;
        let says = |words: &[&str]| words.iter().any(|word| verb.raw.eq_ignore_ascii_case(word));
        let field = if says(BEGINS) {
            start
        } else if says(ENDS) {
            end
        } else {
            return None;
        };
        Some(FieldRef { entity: entity.to_owned(), field })
    }

    /// The one field of time whose name starts with this verb: `cast` for `cast on`, `returned` for `return date`.
    pub(crate) fn time_of(&self, entity: &str, verb: &str) -> Option<FieldRef> {
        let named = self.lexicon.entity(entity)?;
        let mut fits = named.fields.iter().filter(|field| {
            matches!(field.kind, FieldKind::Date | FieldKind::DateTime)
                && field.words.iter().any(|word| {
                    // "dated" speaks of any date.
                    let generic = matches!(word.as_str(), "date" | "day" | "time");
                    word == verb || !generic && crate::words::related(verb, word)
                })
        });
        match (fits.next(), fits.next()) {
            (Some(field), None) => Some(FieldRef { entity: entity.to_owned(), field: field.key.clone() }),
            _ => None,
        }
    }

    /// "The deposit" for `deposit paid`, "the last inspection" for `date of the last inspection`: of the records spoken of,
    /// where one field alone begins or ends so.
    fn begun(&self, entity: &Named, words: &[String], tokens: &[Token], at: usize) -> Option<usize> {
        let told = tokens.get(at).is_some_and(|token| matches!(token.article, Some("the" | "its" | "their")));
        (told && self.focus.first() == Some(&entity.key)).then_some(())?;
        let same = |part: &[String]| {
            entity.fields.iter().filter(|field| shortened(&field.words).any(|short| short == part)).count()
        };
        let known = |part: &[String]| {
            self.lexicon
                .entities
                .iter()
                .any(|named| named.words == part || named.fields.iter().any(|field| field.words == part))
        };
        shortened(words).filter(|part| same(part) == 1 && !known(part)).find_map(|part| matches(part, tokens, at))
    }

    /// "start" for `start date`, "number" for `batch number` of a batch, "is active" for `active`.
    fn short_name(&self, entity: &Named, words: &[String], tokens: &[Token], at: usize) -> Option<usize> {
        let (last, before) = words.split_last()?;
        if before.is_empty() {
            return None;
        }
        if let Some((first, rest)) = words.split_first()
            && matches!(first.as_str(), "is" | "has")
        {
            return matches(rest, tokens, at);
        }
        // "The price" for `price per person`, where nothing is called so.
        if let [head, per, ..] = words
            && per == "per"
            && tokens.get(at).is_some_and(|token| token.article == Some("the"))
            && !self
                .lexicon
                .entities
                .iter()
                .flat_map(|entity| &entity.fields)
                .any(|field| *field.words == [head.clone()])
            && entity.fields.iter().filter(|field| field.words.first() == Some(head)).count() == 1
        {
            return matches(std::slice::from_ref(head), tokens, at);
        }
        // "The rent rate" for `yearly rent rate per square metre`
        if let Some(bare) = words.iter().position(|word| word == "per").and_then(|per| words.get(..per)) {
            let other =
                |part: &[String]| entity.fields.iter().any(|field| field.words != words && field.words.ends_with(part));
            let parts = (0..bare.len().saturating_sub(1)).filter_map(|from| bare.get(from..));
            let found = parts.filter(|part| !other(part)).find_map(|part| matches(part, tokens, at));
            if found.is_some() {
                return found;
            }
        }
        // "The description" for `description of the design`
        if let [head, of, ..] = words
            && of == "of"
            && !matches!(head.as_str(), "number" | "date" | "time" | "day" | "name")
            && tokens.get(at).is_some_and(|token| token.article == Some("the"))
            && entity.fields.iter().filter(|field| field.words.first() == Some(head)).count() == 1
            && self.entity_at(tokens, at).is_empty()
        {
            return matches(std::slice::from_ref(head), tokens, at);
        }
        // "seats" for `number of seats`, unless seats are records themselves.
        if let [number, of, rest @ ..] = words
            && number == "number"
            && of == "of"
        {
            let whole = tokens.get(at).is_some_and(|token| token.is("numberof"));
            let from = at + usize::from(whole);
            let free = whole || (self.entity_at(tokens, from).is_empty() && Self::clear(entity, rest));
            return if free { matches(rest, tokens, from) } else { None };
        }
        // "estimated hours" for `estimated number of hours`
        if let Some(of) =
            words.windows(2).position(|pair| matches!(pair, [number, of] if number == "number" && of == "of"))
            && of > 0
        {
            let plain = [words.get(..of)?, words.get(of + 2..)?].concat();
            return if Self::clear(entity, &plain) { matches(&plain, tokens, at) } else { None };
        }
        // "hours" for `hours worked`
        const COUNTED: &[&str] = &["hour", "minute", "day", "kilometre", "litre", "amount", "quantity"];
        if let [counted] = before
            && COUNTED.contains(&counted.as_str())
            && last.ends_with("ed")
            && entity.fields.iter().filter(|field| field.words.first() == Some(counted)).count() == 1
        {
            return matches(before, tokens, at);
        }
        // "The input" for `input kg`, "the length" for `length in seconds`
        const UNITS: &[&str] = &[
            "kg",
            "g",
            "km",
            "m",
            "cm",
            "mm",
            "l",
            "ml",
            "eur",
            "euro",
            "usd",
            "second",
            "minute",
            "hour",
            "percent",
            "kwh",
            "ton",
            "litre",
            "metre",
            "kilometre",
            "kilogram",
            "gram",
            "pound",
            "dollar",
            "m2",
            "m3",
            "sqm",
        ];
        if UNITS.contains(&last.as_str()) {
            let bare = before.strip_suffix(&["in".to_owned()]).unwrap_or(before);
            let shared = entity.fields.iter().filter(|field| field.words.starts_with(bare)).count();
            if shared == 1 && !bare.is_empty() && self.entity_at(tokens, at).is_empty() {
                return matches(bare, tokens, at);
            }
        }
        // "The donation date" for `donated on`
        if let ([done], true) = (before, matches!(last.as_str(), "on" | "at"))
            && let (Some(noun), Some(date)) = (tokens.get(at), tokens.get(at + 1))
            && (date.is("date") || date.is("day") || last == "at" && date.is("time"))
            && noun.lemma.ends_with("ion")
            && (crate::words::related(done, &noun.lemma)
                || done.len() > 5 && noun.lemma.get(..5).is_some_and(|start| done.starts_with(start)))
        {
            return Some(at + 2);
        }
        const KINDS: &[&str] = &["date", "time", "day", "at", "on", "datetime", "moment"];
        if KINDS.contains(&last.as_str()) {
            let shared = entity.fields.iter().filter(|field| field.words.get(..before.len()) == Some(before)).count();
            if shared == 1 {
                return matches(before, tokens, at);
            }
        }
        // "phone" for `phone number`, where nothing else is called so.
        let free = self.entity_at(tokens, at).is_empty() && Self::clear(entity, before);
        // "tuner" for `tuner's name`
        let whose = last == "name"
            && entity.fields.iter().any(|field| field.words == words && field.name.contains(['\'', '’']));
        if (matches!(last.as_str(), "number" | "address") || whose) && free && before != entity.words {
            let shared = entity.fields.iter().filter(|field| field.words.get(..before.len()) == Some(before)).count();
            if shared == 1 {
                return matches(before, tokens, at);
            }
        }
        if entity.words == before {
            return matches(std::slice::from_ref(last), tokens, at);
        }
        // "The name" for `full name`, where no other field is a name.
        const WHOLES: &[&str] = &["full", "complete", "legal", "official", "display", "company", "business", "trade"];
        let alone = || entity.fields.iter().filter(|field| field.words.last() == Some(last)).count() == 1;
        let whole = last == "name" && matches!(before, [whole] if WHOLES.contains(&whole.as_str()));
        // "The e-mail" for `contact e-mail`
        let contact = matches!(last.as_str(), "email" | "phone" | "telephone") && before.len() == 1;
        // "The rate" for `monthly rate`, where nothing is called so
        const TOLD: &[&str] =
            &["rate", "price", "fee", "cost", "amount", "capacity", "limit", "weight", "length", "size"];
        // "The biography" for `short biography`
        const QUALIFIERS: &[&str] = &[
            "short",
            "brief",
            "full",
            "long",
            "agreed",
            "expected",
            "estimated",
            "planned",
            "exact",
            "current",
            "free",
            "optional",
            "internal",
            "official",
            "main",
        ];
        // "Sorted by size and by rent"
        const LISTED: &[&str] = &["sort", "sorted", "filter", "filtered", "order", "ordered"];
        let said =
            |at: usize, words: &[&str]| tokens.get(at).is_some_and(|token| words.iter().any(|word| token.is(word)));
        let listed = at > 0
            && said(at - 1, &["by", "and", "or", ","])
            && (0..at).any(|at| said(at, LISTED))
            && (0..at).any(|at| said(at, &["by"]));
        let qualified = matches!(before, [one] if QUALIFIERS.contains(&one.as_str()))
            && !matches!(last.as_str(), "name" | "date" | "time" | "day" | "number");
        let head = (TOLD.contains(&last.as_str()) || qualified || listed && before.len() == 1)
            && !entity.fields.iter().any(|field| field.read_only && field.words == words)
            && (listed || tokens.get(at).is_some_and(|token| token.article == Some("the")))
            && !self
                .lexicon
                .entities
                .iter()
                .flat_map(|entity| &entity.fields)
                .any(|field| *field.words == [last.clone()]);
        if (whole || contact || head) && alone() {
            return matches(std::slice::from_ref(last), tokens, at);
        }
        self.begun(entity, words, tokens, at)
    }

    /// Whether a field was mentioned by its last word alone: good for what is said of it, not for what it is worked out of.
    pub(crate) fn by_head(&self, tokens: &[Token], at: usize, field: &FieldRef) -> bool {
        let Some(named) = self.lexicon.field(field) else { return false };
        let one = self.field_at(tokens, at).into_iter().all(|(end, _)| end == at + 1);
        let owner = self.lexicon.entity(&field.entity).is_some_and(|entity| named.words.starts_with(&entity.words));
        one && named.words.len() > 1
            && !owner
            && tokens.get(at).is_some_and(|token| named.words.last() == Some(&token.lemma))
            && !named.aliases.iter().any(|alias| matches(alias, tokens, at).is_some())
    }

    /// Whether no field of the entity is called so.
    fn clear(entity: &Named, words: &[String]) -> bool {
        !entity.fields.iter().any(|field| field.words == words)
    }

    /// A list of fields `a, b and c`, longest first. `start and end date` shares its last word.
    pub(crate) fn fields_at(&self, tokens: &[Token], at: usize) -> Vec<(usize, Vec<FieldRef>)> {
        let mut out = Vec::new();
        let mut lists: Vec<(usize, Vec<FieldRef>)> =
            self.field_at(tokens, at).into_iter().map(|(end, field)| (end, vec![field])).collect();
        let mut rounds = 0;
        while !lists.is_empty() && rounds < 12 {
            rounds += 1;
            let mut longer = Vec::new();
            for (end, list) in lists {
                let from = separator(tokens, end);
                if from > end {
                    for (next, field) in self.field_at(tokens, from) {
                        let mut more = list.clone();
                        more.push(field);
                        longer.push((next, more));
                    }
                }
                out.push((end, list));
            }
            lists = longer;
        }
        out.reverse();
        out
    }
}

/// "The maximum number of participants" of a field `max participants`.
fn most_of(field: &crate::lexicon::NamedField, tokens: &[Token], at: usize) -> Option<usize> {
    const MOST: &[&str] = &["max", "maximum"];
    const FEWEST: &[&str] = &["min", "minimum"];
    let (first, rest) = field.words.split_first().filter(|(_, rest)| !rest.is_empty())?;
    let list = [MOST, FEWEST].into_iter().find(|list| list.contains(&first.as_str()))?;
    let lead = tokens.get(at).filter(|lead| !lead.quoted)?;
    let sign = if list == MOST { "<=" } else { ">=" };
    (list.iter().any(|word| lead.is(word)) || lead.is(sign)).then_some(())?;
    let counted = tokens.get(at + 1).is_some_and(|token| token.is("numberof"));
    matches(rest, tokens, at + 1 + usize::from(counted))
}

/// Whether the unit of a number is told behind its name.
fn in_its_unit(field: &crate::lexicon::NamedField, tokens: &[Token], at: usize) -> bool {
    let told = tokens.get(at + 1).filter(|told| !told.quoted && tokens.get(at).is_some_and(|token| token.is("in")));
    let Some(unit) = told.map(|token| token.lemma.as_str()) else { return false };
    let own = field.unit.as_deref().map(crate::words::singular);
    let named = matches!(field.kind, FieldKind::Integer | FieldKind::Decimal | FieldKind::Money)
        && field.words.len() > 1
        && !field.words.iter().any(|word| word == "of");
    own.as_deref() == Some(unit) || named && field.words.last().is_some_and(|last| last == unit)
}

/// What a field is, whosever it is, where no other field is called so.
fn thing_of(entity: &Named, name: &str) -> Option<Vec<String>> {
    let (_, thing) = name.split_once("'s ").or_else(|| name.split_once("’s "))?;
    let words = name_words(thing);
    let other = |field: &crate::lexicon::NamedField| field.name != name && field.words.ends_with(&words);
    (words.len() > 1 && !entity.fields.iter().any(other)).then_some(words)
}

/// "the delivery date" for the one field `deliver by`, "the date of return" for `returned on`: by the stem of its verb.
fn dated(entity: &Named, field: &crate::lexicon::NamedField, tokens: &[Token], at: usize) -> Option<usize> {
    let time = |field: &crate::lexicon::NamedField| matches!(field.kind, FieldKind::Date | FieldKind::DateTime);
    // "signature date" for `date of signature`, "swearing-in date" for `date sworn in`
    const PLAIN: &[&str] = &["date", "day", "time", "of", "on", "at"];
    let fits = |field: &crate::lexicon::NamedField, word: &str| {
        let verb = || field.words.iter().find(|word| !PLAIN.contains(&word.as_str()));
        let own = |verb: &String| verb.len() > 3 && crate::words::related(word, verb);
        time(field) && verb().or(field.words.first()).is_some_and(|verb| own(verb) || word == verb)
    };
    let kind = |at: usize| tokens.get(at).is_some_and(|token| token.is("date") || token.is("day") || token.is("time"));
    let (word, end) = if kind(at + 1) {
        (tokens.get(at)?, at + 2)
    } else if kind(at) && tokens.get(at + 1).is_some_and(|token| token.is("of")) {
        (tokens.get(at + 2)?, at + 3)
    } else if kind(at) && tokens.get(at + 1).is_some_and(|token| field.words.first() == Some(&token.lemma)) {
        // "the date taken" for `taken on`
        (tokens.get(at + 1)?, at + 2)
    } else {
        return None;
    };
    let stem = word.word.split_once('-').map_or(word.lemma.as_str(), |(verb, _)| verb);
    let alone = entity.fields.iter().filter(|field| fits(field, stem)).count() == 1;
    (time(field) && alone && !word.quoted && fits(field, stem)).then_some(end)
}

/// What a name of several words may be called for short: `deposit` of `deposit paid`, `last inspection` of `date of last
/// inspection`.
fn shortened(words: &[String]) -> impl Iterator<Item = &[String]> {
    const SAID: &[&str] =
        &["paid", "given", "used", "taken", "received", "entered", "worked", "wanted", "needed", "percentage"];
    let said = words.split_last().filter(|(last, before)| !before.is_empty() && SAID.contains(&last.as_str()));
    let of = match words {
        [date, of, rest @ ..] if matches!(date.as_str(), "date" | "day" | "time") && of == "of" && rest.len() > 1 => {
            Some(rest)
        }
        _ => None,
    };
    said.map(|(_, before)| before).into_iter().chain(of)
}
