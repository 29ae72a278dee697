//! Reads one statement: sentences to clauses, clauses through the pattern families.
//!
//! A clause is understood whole or not at all. Conditions (`if ...`), purposes (`so that ...`) and joined clauses are
//! taken apart here, so that the families need to know one clause only.

use crate::aside;
use crate::condition;
use crate::coordination;
use crate::effect::Effect;
use crate::exception;
use crate::family;
use crate::fields::prose;
use crate::frame::{strip_frame, system_frame};
use crate::lexicon::{self, Lexicon};
use crate::normal;
use crate::pattern::Bound;
use crate::records::{Records, among, records_at};
use crate::restate;
use crate::reword;
use crate::scope::{FieldRef, Scope, StateRef};
use crate::statement;
use crate::together;
use crate::token::Token;
use crate::whole;
use crate::whose;
use maestro_artifacts::{Condition, FieldKind, RuleKind};
use maestro_domain::StatementId;
use std::cell::RefCell;
use std::ops::Range;

/// What stands around a statement.
#[derive(Debug, Clone)]
pub(crate) struct Engine<'a> {
    pub(crate) lexicon: &'a Lexicon,
    /// Entities that the section, the story and the statements before speak of, the likeliest first.
    pub(crate) topics: Vec<String>,
}

/// A clause that is being read.
pub(crate) struct Reading<'r> {
    pub(crate) tokens: &'r [Token],
    pub(crate) scope: &'r Scope<'r>,
    pub(crate) engine: &'r Engine<'r>,
}

/// The part that was not understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Gap {
    pub(crate) quote: String,
    pub(crate) why: String,
}

/// Whether a text speaks of all that was told but for something: that takes the sentence before.
fn leaves_out(text: &str) -> bool {
    let lower = text.trim().to_lowercase();
    let mut words = lower.split_whitespace();
    words
        .next()
        .is_some_and(|first| matches!(first, "all" | "each" | "everything" | "every" | "none" | "nothing" | "any"))
        && words
            .find(|word| {
                !matches!(*word, "of" | "these" | "them" | "those" | "fields" | "one" | "other" | "others" | "else")
            })
            .is_some_and(|word| matches!(word, "but" | "except" | "save"))
}

/// Longer sentences are not split into readings any more.
const LONGEST: usize = 90;

/// What a family builds of a match.
pub(crate) type Build = fn(&Bound, &Reading<'_>) -> Option<Vec<Effect>>;

impl Engine<'_> {
    /// Reads one sentence.
    pub(crate) fn sentence(&self, text: &str) -> Result<Vec<Effect>, Gap> {
        let plain = whose::told_apart(&aside::without(text));
        let effects = self.any_reading(&plain).map_err(|gap| {
            let quote = if text.contains(&gap.quote) { gap.quote } else { text.trim().to_owned() };
            Gap { quote, ..gap }
        })?;
        if whole::loses(text, &effects) {
            return Err(Gap { quote: text.trim().to_owned(), why: "only a part of it is understood".to_owned() });
        }
        Ok(effects)
    }

    fn any_reading(&self, text: &str) -> Result<Vec<Effect>, Gap> {
        if let Some((head, tail)) = together::split(text)
            && let Ok(mut effects) = self.any_reading(head)
            && let Some(more) = together::read(self, tail, &effects)
        {
            effects.extend(more);
            return Ok(effects);
        }
        if let Some(plain) = prose::rewrite(text)
            && let Ok(effects) = self.plain(&plain)
        {
            return Ok(effects);
        }
        let gap = match self.plain(text) {
            Ok(effects) => return Ok(effects),
            Err(gap) => gap,
        };
        if let Some(Ok(effects)) = self.behind_label(text).map(|rest| self.plain(rest)) {
            return Ok(effects);
        }
        self.noted(text).or_else(|| self.in_turn(text)).ok_or(gap)
    }

    /// "A draft can be published, and a published session can be closed": what the first part names, the second speaks of.
    fn in_turn(&self, text: &str) -> Option<Vec<Effect>> {
        [", and ", "; "].iter().find_map(|joint| {
            let (first, second) = text.split_once(joint)?;
            let mut effects = self.plain(first).ok()?;
            let states = |effect: &Effect| matches!(effect, Effect::States { .. } | Effect::Transition { .. });
            if !effects.iter().any(states) {
                return None;
            }
            // What is named here lives as long as this sentence is read: whose it is does not matter.
            let source = StatementId::new("FR-1").ok()?;
            let mut lexicon = self.lexicon.clone();
            effects.iter().for_each(|effect| crate::effect::apply(&mut lexicon, effect, &source));
            let engine = Engine { lexicon: &lexicon, topics: self.topics.clone() };
            effects.extend(engine.plain(second).ok()?);
            Some(effects)
        })
    }

    /// "Total of an order: at least 0": a field, and what is noted of it.
    fn noted(&self, text: &str) -> Option<Vec<Effect>> {
        let (name, note) = text.split_once(": ")?;
        let words = normal::normalise(name, self.lexicon);
        let (end, field) = self.scope(&words).field_at(&words, 0).into_iter().next()?;
        if end == words.len() { self.of_field(&field, note) } else { None }
    }

    /// "Totals: the number of ...", "Uniqueness – no two ...": a title in front of a sentence, which names nothing.
    fn behind_label<'t>(&self, text: &'t str) -> Option<&'t str> {
        let (label, rest) = [": ", " – ", " — ", " - "]
            .iter()
            .filter_map(|mark| text.split_once(mark))
            .min_by_key(|(label, _)| label.len())?;
        let words = normal::normalise(label, self.lexicon);
        let scope = self.scope(&words);
        // "The same applies to pilots: no pilot ..." is told at full length behind it.
        if let [same, applies, to, ..] = words.as_slice()
            && same.is("same")
            && ["apply", "applies", "go", "goes", "hold", "holds"].iter().any(|word| applies.is(word))
            && (to.is("to") || to.is("for"))
            && scope.entity_at(&words, 3).iter().any(|(end, _)| *end == words.len())
        {
            return Some(rest);
        }
        let plain = (1..=4).contains(&words.len())
            && words.iter().all(|token| {
                token.word.chars().all(|c| c.is_alphabetic() || c == '-')
                    && !modal(token)
                    && !PRONOUNS.contains(&token.word.as_str())
                    && !matches!(token.word.as_str(), "if" | "only" | "no" | "not" | "unless" | "onlyif" | "per")
            })
            && !self.lexicon.roles.iter().any(|role| lexicon::name_words(role) == lexicon::name_words(label))
            && (0..words.len()).all(|at| {
                scope.entity_at(&words, at).is_empty()
                    && scope.field_at(&words, at).is_empty()
                    && scope.state_at(&words, at).is_empty()
            });
        (plain && rest.split_whitespace().count() > words.len().max(2)).then_some(rest)
    }

    fn plain(&self, text: &str) -> Result<Vec<Effect>, Gap> {
        // "All of these but the fee must be given" says the contrary of what stands behind its `but`.
        if leaves_out(text) {
            return Err(Gap { quote: text.trim().to_owned(), why: "it is not clear what it leaves out".to_owned() });
        }
        let mut tokens = normal::normalise(text, self.lexicon);
        // "After that: preparing → published"
        if let [after, that, ..] = tokens.as_slice()
            && after.is(">")
            && that.is("that")
            && tokens.iter().any(|token| token.word == "->")
        {
            tokens.drain(..2);
        }
        strip_frame(&mut tokens, self.lexicon);
        system_frame(&mut tokens);
        self.resolve_it(&mut tokens);
        if tokens.is_empty() {
            return Err(Gap { quote: text.trim().to_owned(), why: "it says nothing that could be checked".to_owned() });
        }
        if tokens.len() > LONGEST {
            return Err(Gap {
                quote: text.trim().to_owned(),
                why: "the sentence is too long to be read safely".to_owned(),
            });
        }
        // "New bookings are requested" says how they begin: the word that a rule about all bookings would not need.
        let fresh = text.split_whitespace().take(2).find(|word| word.eq_ignore_ascii_case("new"));
        if let (Some(_), false) = (fresh, tokens.first().is_some_and(|first| first.is("new")))
            && let Ok(effects) = self.parts(&marked(&tokens), 0)
        {
            return Ok(effects);
        }
        self.parts(&tokens, 0).map_err(|gap| {
            let quote = gap.and_then(|range| text.get(range)).map_or(text, |quote| quote).trim();
            let quote = if quote.is_empty() { text.trim() } else { quote };
            Gap { quote: quote.to_owned(), why: self.why(&tokens) }
        })
    }

    /// Reads `<field> must be <note>` for a note behind a field's name.
    pub(crate) fn of_field(&self, field: &FieldRef, note: &str) -> Option<Vec<Effect>> {
        let words = normal::normalise(note, self.lexicon);
        let first = words.first()?.word.clone();
        let mut tokens = vec![Token::mention(field.clone())];
        let inner = Engine {
            lexicon: self.lexicon,
            topics: std::iter::once(field.entity.clone()).chain(self.topics.iter().cloned()).collect(),
        };
        if !matches!(first.as_str(), "must" | "mustnot" | "may" | "mayonly" | "be" | "=" | "have") {
            let mut plain = tokens.clone();
            plain.extend(words.iter().cloned());
            tokens.push(Token::new("must", 0, 0));
            tokens.push(Token::new("be", 0, 0));
            tokens.extend(words);
            return inner.parts(&tokens, 0).or_else(|_| inner.parts(&plain, 0)).ok();
        }
        tokens.extend(words);
        inner.parts(&tokens, 0).ok()
    }

    /// Reads normalised tokens as one clause or as several.
    pub(crate) fn tokens(&self, tokens: &[Token]) -> Option<Vec<Effect>> {
        self.parts(tokens, 0).ok()
    }

    /// Reads tokens as one clause or as several; the error is the byte range that was not understood.
    fn parts(&self, tokens: &[Token], depth: u8) -> Result<Vec<Effect>, Option<Range<usize>>> {
        if let Some(effects) = self.clause(tokens) {
            return Ok(effects);
        }
        if depth > 4 {
            return Err(range(tokens));
        }
        if tokens.iter().any(|token| matches!(token.word.as_str(), "(" | ")")) {
            let plain: Vec<Token> =
                tokens.iter().filter(|token| !matches!(token.word.as_str(), "(" | ")")).cloned().collect();
            // Notes in parentheses without their marks would read as names of fields.
            let sound = |effects: &Vec<Effect>| !effects.iter().any(|effect| matches!(effect, Effect::Field { .. }));
            if let Some(effects) = self.clause(&plain).filter(sound) {
                return Ok(effects);
            }
        }
        if let Some(effects) = self.of_described(tokens) {
            return Ok(effects);
        }
        if let Some(effects) = exception::excepted(self, tokens, &mut |main| self.parts(main, depth + 1).ok()) {
            return Ok(effects);
        }
        if let Some(effects) = condition::conditional(self, tokens, &mut |main| self.parts(main, depth + 1).ok()) {
            return Ok(effects);
        }
        let mut gap = None;
        for cut in cuts(tokens) {
            let (left, right) =
                (tokens.get(..cut.start).unwrap_or_default(), tokens.get(cut.end..).unwrap_or_default());
            if left.is_empty() || right.is_empty() {
                continue;
            }
            match self.parts(left, depth + 1) {
                Ok(first) => match self.right(left, right, &first, depth) {
                    // "..., latest first" turns an order, and is none of its own.
                    Ok(second) if two_orders(&first, &second) => {}
                    Ok(mut second) => {
                        let mut all = first;
                        all.append(&mut second);
                        return Ok(all);
                    }
                    Err(_) => gap = gap.or(range(right)),
                },
                Err(_) if depth == 0 => {
                    if let Ok(_right) = self.right(left, right, &[], depth) {
                        gap = gap.or(range(left));
                    }
                }
                Err(_) => {}
            }
        }
        if depth < 3
            && let Some(effects) = restate::read(self, tokens, &mut |clause| self.parts(clause, depth + 1).ok())
        {
            return Ok(effects);
        }
        let fronted = if depth < 2 { coordination::fronted(self, tokens) } else { Vec::new() };
        for (records, behind) in fronted {
            if let Some(effects) = self.of_fronted(&records, tokens.get(behind..).unwrap_or_default(), depth) {
                return Ok(effects);
            }
        }
        let whole = if depth < 2 { coordination::spelled_out(self, tokens) } else { Vec::new() };
        for clauses in whole {
            let read: Result<Vec<_>, _> = clauses.iter().map(|clause| self.parts(clause, depth + 1)).collect();
            if let Ok(effects) = read {
                return Ok(effects.concat());
            }
        }
        if depth < 2 {
            for clause in reword::readings(self, tokens) {
                if let Ok(effects) = self.parts(&clause, depth + 1) {
                    return Ok(effects);
                }
            }
            for (records, end) in reword::trailing(self, tokens) {
                let rest = tokens.get(..end).unwrap_or_default();
                if let Some(effects) = self.of_fronted(&records, rest, depth).filter(|effects| of_fields(effects)) {
                    return Ok(effects);
                }
            }
        }
        Err(gap.or(range(tokens)))
    }

    /// The second of two joined clauses: as it stands, or with the subject (and modal) of the first.
    fn right(
        &self,
        left: &[Token],
        right: &[Token],
        first: &[Effect],
        depth: u8,
    ) -> Result<Vec<Effect>, Option<Range<usize>>> {
        let computed = |effect: &Effect| {
            matches!(effect, Effect::Rule(RuleKind::Computed { .. }) | Effect::Field { read_only: true, .. })
        };
        if first.iter().any(computed) && coordination::remark_on_computed(right) {
            return Ok(Vec::new());
        }
        if let Some((entity, state)) = reached(first)
            && let Some(tokens) = onwards(self.lexicon, right, &entity, &state)
            && let Ok(effects) = self.parts(&tokens, depth + 1)
        {
            return Ok(effects);
        }
        // "The total of bids by region and also by category": once more, by the other.
        if first.iter().all(|effect| matches!(effect, Effect::Rule(RuleKind::Totals { .. })))
            && !first.is_empty()
            && right.first().is_some_and(|token| token.is("by") || token.is("per"))
        {
            let by = left.iter().position(|token| token.is("by") || token.is("per")).unwrap_or(left.len());
            let joined: Vec<Token> = left.iter().take(by).chain(right).cloned().collect();
            return self.parts(&joined, depth + 1);
        }
        // "It can become roasted, and a roasted one becomes released or rejected": on from there.
        if let Some((entity, state)) = reached(first)
            && let Some(tokens) = from_reached(self.lexicon, right, &entity, &state)
            && let Ok(effects) = self.parts(&tokens, depth + 1)
        {
            return Ok(effects);
        }
        // "A room with bookings cannot be deleted, nor can a member with bookings": what is said of both stands before.
        if right.first().is_some_and(|token| token.is("may"))
            && let Some(said) = left.iter().position(|token| token.is("mustnot"))
        {
            let mut joined = right.get(1..).unwrap_or_default().to_vec();
            joined.extend(left.get(said..).unwrap_or_default().iter().cloned());
            if let Ok(effects) = self.parts(&joined, depth + 1) {
                return Ok(effects);
            }
        }
        if let Some(effects) = statement::this(self, right, first) {
            return Ok(effects);
        }
        if let Some(tokens) = coordination::never(left, right)
            && let Ok(effects) = self.parts(&tokens, depth + 1)
        {
            return Ok(effects);
        }
        let role = |effect: &Effect| {
            matches!(
                effect,
                Effect::Role { .. } | Effect::Rule(RuleKind::TransitionRole { .. } | RuleKind::ActionRole { .. })
            )
        };
        if !first.is_empty() && first.iter().all(role) && coordination::remark_on_roles(right) {
            return Ok(Vec::new());
        }
        let rules = first.iter().any(|effect| matches!(effect, Effect::Rule(_) | Effect::Transition { .. }));
        if rules && coordination::remark(right) {
            return Ok(Vec::new());
        }
        if let Some(tokens) = self.said_again(left, right)
            && let Ok(effects) = self.parts(&tokens, depth + 1)
        {
            return Ok(effects);
        }
        let starts_modal = right.first().is_some_and(modal);
        let mut topics = self.scope(left).mentioned(left);
        topics.extend(self.topics.iter().cloned());
        let after = Engine { lexicon: self.lexicon, topics };
        let direct = if starts_modal { Err(None) } else { after.parts(right, depth + 1) };
        let direct = direct.or_else(|why| {
            let fresh = right.first().is_some_and(|first| first.article == Some("new"));
            let retold = if fresh { Some(marked(right)) } else { self.none_given(left, right) };
            retold.map_or(Err(why), |tokens| after.parts(&tokens, depth + 1))
        });
        direct.or_else(|why| {
            // The verb of a relative clause ends no subject: "items of an order that is new must not be ...".
            let relative =
                |at: usize| at.checked_sub(1).and_then(|at| left.get(at)).is_some_and(|before| before.is("that"));
            let strong = |token: &Token| matches!(token.word.as_str(), "must" | "mustnot" | "may" | "mayonly");
            let first = left.iter().position(modal).map(|at| {
                let later = left.iter().enumerate().skip(at).find(|(_, token)| strong(token)).map(|(at, _)| at);
                if relative(at) { later.unwrap_or(at) } else { at }
            });
            let Some(modal) = first else {
                return Err(why);
            };
            let subject: Vec<Token> = left.get(..modal).unwrap_or_default().to_vec();
            let rest: &[Token] = if right.first().is_some_and(|token| PRONOUNS.contains(&token.word.as_str())) {
                right.get(1..).unwrap_or_default()
            } else {
                right
            };
            // "can only be sent if ..., and only be done if ...": the modal is shared by `only`.
            let restricted = left.get(modal).is_some_and(|token| token.is("mayonly"))
                && rest.first().is_some_and(|token| token.is("only"));
            let rest = if restricted { rest.get(1..).unwrap_or_default() } else { rest };
            let verb = left.get(modal..modal + usize::from(restricted)).unwrap_or_default();
            let joined: Vec<Token> = subject.iter().chain(verb).chain(rest).cloned().collect();
            if let Ok(effects) = self.parts(&joined, depth + 1) {
                return Ok(effects);
            }
            // "must be unique and at most 20 characters long": the modal is shared too.
            let shared = left
                .get(..modal + 1 + usize::from(left.get(modal + 1).is_some_and(|token| token.is("be"))))
                .unwrap_or_default();
            let joined: Vec<Token> = shared.iter().chain(rest).cloned().collect();
            self.parts(&joined, depth + 1).or_else(|why| {
                // "... may confirm a flight and mark it as flown": what was spoken of last.
                let named = self.scope(left).mentioned(left).pop().and_then(|key| self.lexicon.entity(&key));
                let (Some(named), true) = (named, rest.get(1).is_some_and(|token| token.is("it") || token.is("them")))
                else {
                    return Err(why);
                };
                let mut joined = joined.clone();
                let at = shared.len() + 1;
                let place = joined.get(at).map_or((0, 0), |token| (token.start, token.end));
                joined.splice(at..=at, named.name.split(' ').map(|word| Token::new(word, place.0, place.1)));
                self.parts(&joined, depth + 1)
            })
        })
    }

    /// "The code is required, and no two sites have the same one", "... has a number; it must be unique": the field that
    /// was named before.
    fn said_again(&self, left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
        let same = right.windows(2).position(|pair| matches!(pair, [same, one] if same.is("same") && one.is("1")));
        let alone =
            right.first().is_some_and(|first| first.is("it")) && right.get(1).is_some_and(|next| next.is("must"));
        let at = match (same, alone) {
            (Some(same), _) => same + 1,
            (None, true) => 0,
            _ => return None,
        };
        let scope = self.scope(left);
        let mentions = (0..left.len()).filter_map(|at| scope.field_at(left, at).into_iter().next());
        let text = |(_, field): &(usize, FieldRef)| {
            scope.kind(field).is_some_and(|kind| !matches!(kind, FieldKind::Reference { .. } | FieldKind::Boolean))
        };
        let (end, field) = mentions.filter(text).last()?;
        // Nothing but the field was spoken of last.
        (same.is_some() || end == left.len()).then_some(())?;
        let mut tokens = right.to_vec();
        tokens.splice(at..=at, [Token::mention(field)]);
        Some(tokens)
    }

    /// "The fee may not be negative; if none is given, it is 12 euros": none of what was spoken of.
    fn none_given(&self, left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
        let lead = right.iter().zip(["if", "none", "be", "given"]).filter(|(token, word)| token.is(word)).count();
        let (_, field) = self.scope(left).field_at(left, 0).into_iter().next().filter(|_| lead == 4)?;
        let first = right.first()?;
        let mut out = vec![first.clone(), Token::new("no", first.end, first.end), Token::mention(field)];
        out.extend(right.iter().skip(2).cloned());
        Some(out)
    }

    /// "Urgent orders must be wanted within 3 days": the rule of all orders, demanded of the urgent ones.
    fn of_described(&self, tokens: &[Token]) -> Option<Vec<Effect>> {
        let scope = self.scope(tokens);
        let described = records_at(&scope, tokens, 0).into_iter().filter(|(end, records)| {
            !records.when.0.is_empty() && tokens.get(*end).is_some_and(|next| MODALS.contains(&next.word.as_str()))
        });
        described.into_iter().find_map(|(end, records)| {
            let name = &self.lexicon.entity(&records.entity)?.name;
            let place = tokens.first().map_or((0, 0), |token| (token.start, token.end));
            let mut plain: Vec<Token> = name.split(' ').map(|word| Token::new(word, place.0, place.1)).collect();
            plain.extend(tokens.get(end..)?.iter().cloned());
            let effects = self.clause(&plain)?;
            effects
                .into_iter()
                .map(|effect| match effect {
                    Effect::Rule(rule) if condition::rule_entity(&rule) == records.entity => {
                        condition::restrict(rule, records.when.clone()).map(Effect::Rule)
                    }
                    Effect::Field { .. } => Some(effect),
                    _ => None,
                })
                .collect()
        })
    }

    /// "For orders, the total must be ...": rules of these records alone.
    fn of_fronted(&self, records: &Records, tokens: &[Token], depth: u8) -> Option<Vec<Effect>> {
        let topics = std::iter::once(records.entity.clone()).chain(self.topics.iter().cloned()).collect();
        let effects = Engine { lexicon: self.lexicon, topics }.parts(tokens, depth + 1).ok()?;
        let described = !records.when.0.is_empty();
        effects
            .into_iter()
            .map(|effect| match effect {
                Effect::Rule(rule) if condition::rule_entity(&rule) != records.entity => None,
                Effect::Rule(rule) if described => condition::restrict(rule, records.when.clone()).map(Effect::Rule),
                Effect::Transition { .. } | Effect::Initial { .. } | Effect::States { .. } if described => None,
                other => Some(other),
            })
            .collect()
    }

    /// Reads tokens as one clause.
    pub(crate) fn clause(&self, tokens: &[Token]) -> Option<Vec<Effect>> {
        let scope = self.scope(tokens);
        let reading = Reading { tokens, scope: &scope, engine: self };
        family::all().read(tokens, &scope, |build, bound| build(bound, &reading).filter(|effects| self.sound(effects)))
    }

    /// Whether the names that effects introduce are names: "duplicate numbers", "a number different from others" and
    /// "only active leads" say something of what they name.
    pub(crate) fn sound(&self, effects: &[Effect]) -> bool {
        let name = |name: &str| {
            let words = lexicon::name_words(name);
            let is = |at: usize, word: &str| words.get(at).is_some_and(|found| found == word);
            let first = [
                "duplicate",
                "except",
                "apart",
                "only",
                "equals",
                "searching",
                "different",
                "calculated",
                "computed",
                "included",
                "inclusive",
            ]
            .iter()
            .any(|word| is(0, word));
            let inside = (1..words.len()).any(|at| {
                ["allowed", "permitted", "descending", "ascending"].iter().any(|word| is(at, word))
                    || is(at, "equals")
                    || is(at, "equal")
                    || is(at, "from") && is(at - 1, "different")
            });
            // "newest first", "latest start first": an order.
            let order = words.len() > 1
                && words.first().is_some_and(|word| super::family::superlative(word))
                && words.last().is_some_and(|word| word == "first" || word == "last");
            let turned = words.iter().any(|word| word == "descending" || word == "ascending");
            // "Report how many orders every mechanic has", "Q: Who decides?": a question, and not what one is called.
            const ASKED: &[&str] = &["how", "these", "this", "following", "what", "which", "who", "why", "whose"];
            let asked = words.iter().any(|word| ASKED.contains(&word.as_str()));
            let letter = matches!(words.as_slice(), [only] if only.chars().count() == 1);
            !(asked || letter || first || inside || order || turned || words.len() > 2 && is(0, "show"))
        };
        // "A full member needs an e-mail": a member of that level.
        let described = |name: &str| {
            let words = lexicon::name_words(name);
            let Some((head, before)) = words.split_last().filter(|(_, before)| !before.is_empty()) else {
                return false;
            };
            let named = self
                .lexicon
                .entities
                .iter()
                .find(|entity| entity.words.len() == 1 && entity.words.first() == Some(head));
            named.is_some_and(|named| named.values().iter().any(|(_, value)| lexicon::name_words(value) == before))
        };
        // "By starts at within a range" begins no state, and "to no other status" names none.
        let state = |state: &String| {
            let words = lexicon::name_words(state);
            // "From a first day to a last day" tells fields.
            !words.last().is_some_and(|last| ["day", "date"].contains(&last.as_str()))
                && !words.iter().any(|word| {
                    ["within", "range", "between", "other"].contains(&word.as_str()) || super::family::superlative(word)
                })
        };
        // "New order lines are accepted only when ...": what is done with them, and no state.
        let begins = |begun: &String| {
            !["refused", "rejected", "denied", "declined", "accepted", "allowed", "possible", "permitted"]
                .contains(&begun.as_str())
        };
        effects.iter().all(|effect| match effect {
            Effect::Entity { name: entity } => {
                !described(entity) && (self.lexicon.find(entity).is_some() || name(entity))
            }
            Effect::Field { entity, name: field, .. } => {
                let known = self.lexicon.find(entity);
                !described(entity)
                    && (known.is_some() || name(entity))
                    && (known.is_some_and(|known| known.find(field).is_some()) || name(field))
            }
            Effect::Initial { state: initial, .. } => state(initial) && begins(initial),
            Effect::States { states, .. } => states.iter().all(state),
            Effect::Transition { from, to, .. } => state(from) && state(to),
            // "Reserved for the registrar and needs a number": what is said of them is no role.
            Effect::Rule(RuleKind::TransitionRole { roles, .. } | RuleKind::ActionRole { roles, .. }) => {
                roles.iter().all(|role| {
                    !role
                        .split(' ')
                        .any(|word| matches!(word, "needs" | "need" | "must" | "requires" | "require" | "has" | "have"))
                })
            }
            _ => true,
        })
    }

    /// The scope of a clause: what it mentions itself comes before what the surroundings speak of.
    pub(crate) fn scope(&self, tokens: &[Token]) -> Scope<'_> {
        let mut scope = Scope { lexicon: self.lexicon, focus: Vec::new(), memo: RefCell::default() };
        let fields = tokens.iter().filter_map(|token| token.field.as_ref()).map(|field| field.entity.clone());
        let mut focus: Vec<String> = fields.collect();
        focus.extend(scope.mentioned(tokens));
        focus.extend(self.topics.iter().cloned());
        let mut seen = Vec::new();
        focus.retain(|entity| {
            !seen.contains(entity) && {
                seen.push(entity.clone());
                true
            }
        });
        scope.focus = focus;
        scope
    }

    /// A leading `it` or `they` is what the sentences before spoke of.
    fn resolve_it(&self, tokens: &mut Vec<Token>) {
        let pronoun = tokens.first().is_some_and(|token| PRONOUNS.contains(&token.word.as_str()));
        if let (true, Some(topic)) = (pronoun, self.topics.first().and_then(|topic| self.lexicon.entity(topic)))
            && tokens.get(1).is_some_and(|next| {
                MODALS.contains(&next.word.as_str())
                    || next.is("record")
                    || next.is("belong")
                    || next.is("move")
                    || next.is("start")
                    || ["run", "runs", "last", "lasts", "become", "becomes"].iter().any(|verb| next.is(verb))
            })
        {
            let place = tokens.first().map_or((0, 0), |token| (token.start, token.end));
            let subject: Vec<Token> = topic.name.split(' ').map(|word| Token::new(word, place.0, place.1)).collect();
            tokens.splice(0..1, subject);
        }
        self.resolve_subordinate(tokens);
    }

    /// "Once a shift is closed it is locked": the main clause speaks of what the subordinate one does.
    fn resolve_subordinate(&self, tokens: &mut Vec<Token>) {
        let subordinate =
            tokens.first().is_some_and(|first| !first.quoted && matches!(first.word.as_str(), "if" | ">" | "onlyif"));
        let at = tokens.iter().enumerate().skip(2).position(|(at, token)| {
            matches!(token.word.as_str(), "it" | "they")
                && !token.quoted
                && tokens.get(at + 1).is_some_and(|next| modal(next) || next.is("become"))
                && !tokens.get(at - 1).is_some_and(|before| {
                    matches!(before.word.as_str(), "if" | "and" | "that" | ">" | "but" | "about" | "of" | "on")
                })
                && tokens.iter().take(at).filter(|token| modal(token)).count() <= 1
        });
        let (true, Some(at)) = (subordinate, at.map(|at| at + 2)) else { return };
        let before = tokens.get(..at).unwrap_or_default();
        let scope = self.scope(before);
        let mentioned = scope.mentioned(before);
        // "If there is a due date, it must be ...": it is the date.
        if mentioned.is_empty() && (0..before.len()).any(|at| !scope.field_at(before, at).is_empty()) {
            return;
        }
        let Some(named) = mentioned.first().or(self.topics.first()).and_then(|key| self.lexicon.entity(key)) else {
            return;
        };
        let place = tokens.get(at).map_or((0, 0), |token| (token.start, token.end));
        let mut subject: Vec<Token> = named.name.split(' ').map(|word| Token::new(word, place.0, place.1)).collect();
        if !tokens.get(at - 1).is_some_and(|token| token.is(",")) {
            subject.insert(0, Token::new(",", place.0, place.0));
        }
        tokens.splice(at..=at, subject);
    }

    /// Why nothing was understood, as far as can be told.
    fn why(&self, tokens: &[Token]) -> String {
        const ABROAD: &[(&[&str], &str)] = &[
            (
                &[
                    "email",
                    "mail",
                    "sms",
                    "notification",
                    "notify",
                    "notified",
                    "reminder",
                    "remind",
                    "reminded",
                    "message",
                    "send",
                    "sent",
                ],
                "sending messages is not among the rules that can be built",
            ),
            (
                &["oauth", "login", "password", "sso", "authenticate", "log"],
                "signing in is not among the rules that can be built",
            ),
            (
                &["pdf", "print", "excel", "word", "upload", "attach", "attachment", "photo", "image"],
                "files and documents are not among the rules that can be built",
            ),
            (
                &["pay", "charge", "card", "stripe", "paypal", "invoice"],
                "payment is not among the rules that can be built",
            ),
        ];
        let found = ABROAD.iter().find(|(words, _)| {
            tokens.iter().any(|token| words.contains(&token.lemma.as_str()) || words.contains(&token.word.as_str()))
        });
        if let Some((_, why)) = found {
            return (*why).to_owned();
        }
        if self.scope(tokens).mentioned(tokens).is_empty() {
            return "it names no kind of record that the epic describes".to_owned();
        }
        "no rule of this kind is known".to_owned()
    }
}

impl Reading<'_> {
    pub(crate) fn part(&self, range: &Range<usize>) -> &[Token] {
        self.tokens.get(range.clone()).unwrap_or_default()
    }

    /// The words of a range as a name.
    pub(crate) fn name(&self, range: &Range<usize>) -> String {
        self.part(range)
            .iter()
            .map(|token| token.raw.as_str())
            .filter(|raw| !raw.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" 's", "'s")
            .replace(" ’s", "’s")
    }

    /// A condition about records of `base`.
    pub(crate) fn condition(&self, base: &str, range: &Range<usize>) -> Option<Condition> {
        condition::read(self.engine, base, self.part(range))
    }

    /// The reading of a value that belongs to this entity.
    pub(crate) fn state_of(&self, readings: &[StateRef], entity: &str) -> Option<StateRef> {
        let flow = self.scope.lexicon.flow_field(entity);
        let own: Vec<&StateRef> = readings.iter().filter(|state| state.entity == entity).collect();
        own.iter().find(|state| Some(&state.field) == flow.as_ref()).or(own.first()).map(|state| (*state).clone())
    }

    /// What makes numbers of fields that are used as such: those whose type nothing states; `None` where one is no number.
    ///
    /// A type that a rule alone tells is told again on every reading, or the next one would forget it.
    pub(crate) fn as_numbers(&self, fields: &[FieldRef], unstated: &FieldKind) -> Option<Vec<Effect>> {
        let mut effects = Vec::new();
        for field in fields {
            let named = self.scope.lexicon.field(field)?;
            let kind = match &named.kind {
                FieldKind::Money => continue,
                FieldKind::Integer | FieldKind::Decimal if !named.stated || named.read_only => continue,
                FieldKind::Integer | FieldKind::Decimal => named.kind.clone(),
                FieldKind::Text { .. } if !named.stated => unstated.clone(),
                _ => return None,
            };
            let entity = self.scope.lexicon.entity(&field.entity)?.name.clone();
            effects.push(Effect::Field { entity, name: named.name.clone(), kind: Some(kind), read_only: false });
        }
        Some(effects)
    }

    /// What makes moments of fields that are used as such: days, or instants where one of them is; `None` where one is neither.
    pub(crate) fn as_moments(&self, fields: &[FieldRef]) -> Option<Vec<Effect>> {
        let named = |field: &FieldRef| self.scope.lexicon.field(field);
        let instant = fields.iter().any(|field| named(field).is_some_and(|field| field.kind == FieldKind::DateTime));
        let moment = if instant { FieldKind::DateTime } else { FieldKind::Date };
        let mut effects = Vec::new();
        for field in fields {
            let named = named(field)?;
            let kind = match &named.kind {
                FieldKind::Date | FieldKind::DateTime if named.stated => continue,
                FieldKind::Date | FieldKind::DateTime => named.kind.clone(),
                FieldKind::Text { .. } if !named.stated => moment.clone(),
                _ => return None,
            };
            let entity = self.scope.lexicon.entity(&field.entity)?.name.clone();
            effects.push(Effect::Field { entity, name: named.name.clone(), kind: Some(kind), read_only: false });
        }
        Some(effects)
    }

    /// The values in the slot `states` as a condition of records of this entity; the empty one where the slot is unused.
    pub(crate) fn of_states(&self, bound: &Bound, entity: &str) -> Option<Condition> {
        match bound.states("states") {
            None => Some(Condition::default()),
            Some(lists) => among(self.scope, lists, entity, true).map(|test| Condition(vec![test])),
        }
    }

    /// How records of `base` reach records of `entity`: themselves, or by a reference field.
    pub(crate) fn way(&self, base: &str, entity: &str) -> Option<Option<String>> {
        if base == entity { Some(None) } else { self.scope.lexicon.reference(base, entity).map(Some) }
    }
}

pub(crate) const PRONOUNS: &[&str] = &["it", "they", "them", "these", "this", "he", "she"];

/// Words before which the subject of a clause ends.
pub(crate) const MODALS: &[&str] = &[
    "refer", "concern", "consist", "include", "hold", "show", "store", "go", "must", "mustnot", "may", "mayonly", "be",
    "have", "do", "belong", "contain", "record", "start", "move", "need", "not", "link", "connect",
];

/// The one state that what was said last leads to.
pub(crate) fn reached(effects: &[Effect]) -> Option<(String, String)> {
    let mut found: Vec<(&str, &str)> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Initial { entity, state } => Some((entity.as_str(), state.as_str())),
            Effect::Transition { entity, to, .. } => Some((entity.as_str(), to.as_str())),
            _ => None,
        })
        .collect();
    found.dedup();
    match found.as_slice() {
        [(entity, state)] => Some(((*entity).to_owned(), (*state).to_owned())),
        _ => None,
    }
}

/// "It can then be sent": said of a record in the state that was spoken of before.
pub(crate) fn onwards(lexicon: &Lexicon, tokens: &[Token], entity: &str, state: &str) -> Option<Vec<Token>> {
    const LEADS: &[&str] = &["then", "from there", "after that", "> that", "afterwards", "later", "next", ","];
    let mut rest = tokens;
    let mut then = false;
    loop {
        let first = rest.first()?;
        let lead = LEADS
            .iter()
            .find(|lead| lead.split(' ').enumerate().all(|(k, word)| rest.get(k).is_some_and(|token| token.is(word))));
        if let Some(lead) = lead {
            then |= *lead != ",";
            rest = rest.get(lead.split(' ').count()..)?;
        } else if PRONOUNS.contains(&first.word.as_str()) && !first.quoted {
            rest = rest.get(1..)?;
        } else {
            break;
        }
    }
    let place = rest.first().map_or((0, 0), |token| (token.start, token.end));
    let verb = rest.first()?;
    let mut body: Vec<Token> = rest.iter().skip(1).filter(|token| !token.is("then")).cloned().collect();
    if rest.iter().skip(1).take(2).any(|token| token.is("then")) {
        then = true;
    }
    // "... and moves to weighed in, then to paid": on from that state.
    let moves = ["move", "go", "goes", "change", "pass", "passes"].iter().any(|word| verb.is(word));
    let to = rest.iter().skip(1).take(2).position(|token| token.is("to")).map(|at| at + 1);
    if let (true, Some(to)) = (moves, to)
        && rest.get(1..to).is_some_and(|between| between.iter().all(|token| token.is("on") || token.is("then")))
    {
        let mut quoted = Token::new(state, place.0, place.1);
        quoted.quoted = true;
        let mut out: Vec<Token> =
            lexicon.entity(entity)?.name.split(' ').map(|word| Token::new(word, place.0, place.1)).collect();
        out.extend([Token::new("move", place.0, place.1), Token::new("from", place.0, place.1), quoted]);
        out.extend(rest.get(to..)?.iter().cloned());
        return Some(out);
    }
    // "... becomes handed out and then returned": one after the other.
    if verb.lemma == "become"
        && let Some(then) = rest.iter().position(|token| token.is("then"))
        && rest.get(then - 1).is_some_and(|joint| joint.is("and") || joint.is(","))
    {
        let mut quoted = Token::new(state, place.0, place.1);
        quoted.quoted = true;
        let name = lexicon.entity(entity)?.name.split(' ');
        let mut out: Vec<Token> = name.map(|word| Token::new(word, place.0, place.1)).collect();
        out.extend([Token::new("move", place.0, place.1), Token::new("from", place.0, place.1), quoted]);
        out.push(Token::new("to", place.0, place.1));
        let mut words = rest.iter().skip(1).peekable();
        while let Some(word) = words.next() {
            let joint = word.is("and") || word.is(",");
            let later = |next: &&&Token| ["then", "finally", "later"].iter().any(|word| next.is(word));
            if joint && words.peek().filter(later).is_some() {
                words.next();
                words.next_if(|next| next.lemma == "become");
                out.extend([",", "then", "to"].map(|word| Token::new(word, place.0, place.1)));
            } else {
                out.push(word.clone());
            }
        }
        return Some(out);
    }
    let can = verb.is("may") || verb.is("mayonly");
    // "starts as applied and moves to approved"
    let moves = matches!(verb.lemma.as_str(), "move" | "go" | "become");
    if !(can || moves || then && verb.is("be")) {
        return None;
    }
    if moves {
        body.insert(0, verb.clone());
    }
    if verb.is("be") {
        body.insert(0, Token::new("be", place.0, place.1));
    }
    let mut quoted = Token::new(state, place.0, place.1);
    quoted.quoted = true;
    let mut out = vec![quoted];
    out.extend(lexicon.entity(entity)?.name.split(' ').map(|word| Token::new(word, place.0, place.1)));
    out.push(Token::new(if verb.is("mayonly") { "mayonly" } else { "may" }, place.0, place.1));
    out.append(&mut body);
    Some(out)
}

/// "A roasted one becomes released or rejected": of the records that were brought to this state before.
fn from_reached(lexicon: &Lexicon, tokens: &[Token], entity: &str, state: &str) -> Option<Vec<Token>> {
    let words = lexicon::name_words(state);
    let named = words.iter().zip(tokens).filter(|(word, token)| token.lemma == **word || token.word == **word).count();
    let one = tokens.get(words.len()).filter(|one| named == words.len() && (one.is("1") || one.is("ones")))?;
    let mut rest = tokens.get(words.len() + 1..)?;
    let mut out = vec![Token { quoted: true, ..Token::new(state, one.start, one.end) }];
    out.extend(lexicon.entity(entity)?.name.split(' ').map(|word| Token::new(word, one.start, one.end)));
    if let Some((verb, more)) = rest.split_first().filter(|(verb, _)| verb.is("becomes") || verb.is("become")) {
        out.extend([verb.renamed("may"), verb.renamed("be")]);
        rest = more.get(usize::from(more.first().is_some_and(|token| token.is("oneof")))..)?;
    }
    out.extend(rest.iter().cloned());
    Some(out)
}

/// Whether all effects are rules of single fields, which belong to one kind of record.
fn of_fields(effects: &[Effect]) -> bool {
    use RuleKind::{Compare, Default, Filter, Format, Length, List, Pattern, Range, Required, RequiredWhen, Search};
    let single = |rule: &RuleKind| {
        matches!(
            rule,
            Compare { .. }
                | Default { .. }
                | Filter { .. }
                | Format { .. }
                | Length { .. }
                | List { .. }
                | Pattern { .. }
                | Range { .. }
                | Required { .. }
                | RequiredWhen { .. }
                | Search { .. }
        )
    };
    effects.iter().all(|effect| matches!(effect, Effect::Rule(rule) if single(rule)))
}

/// Whether two parts of a sentence give one list different orders.
fn two_orders(first: &[Effect], second: &[Effect]) -> bool {
    let order = |effect: &Effect| match effect {
        Effect::Rule(RuleKind::List { entity, sort, .. }) if !sort.is_empty() => Some((entity.clone(), sort.clone())),
        _ => None,
    };
    let told: Vec<_> = first.iter().filter_map(order).collect();
    second.iter().filter_map(order).any(|(entity, sort)| told.iter().any(|(of, other)| *of == entity && *other != sort))
}

/// The clause with the word that says that it speaks of new records.
fn marked(tokens: &[Token]) -> Vec<Token> {
    let mut marked = tokens.to_vec();
    marked.insert(0, Token::new("new", 0, 0));
    marked
}

/// Whether a token ends the subject.
fn modal(token: &Token) -> bool {
    MODALS.contains(&token.word.as_str()) || (!token.quoted && MODALS.contains(&token.lemma.as_str()))
}

/// The bytes that tokens cover.
fn range(tokens: &[Token]) -> Option<Range<usize>> {
    let start = tokens.iter().map(|token| token.start).filter(|start| *start > 0).min().unwrap_or(0);
    let first = tokens.first()?.start;
    let end = tokens.iter().map(|token| token.end).max()?;
    Some(first.min(start)..end)
}

/// Places where one sentence may be two.
fn cuts(tokens: &[Token]) -> Vec<Range<usize>> {
    const WORDS: &[&str] = &["and", "but", "otherwise", "or", "then", "so"];
    let mut out = Vec::new();
    let mut depth = 0_i32;
    for (at, token) in tokens.iter().enumerate() {
        if token.quoted {
            continue;
        }
        depth += match token.word.as_str() {
            "(" => 1,
            ")" => -1,
            _ => 0,
        };
        // What stands in parentheses belongs to the word before them.
        if at == 0 || depth > 0 {
            continue;
        }
        match token.word.as_str() {
            "," | ";" | "–" | ":" => {
                let joined = tokens.get(at + 1).is_some_and(|next| WORDS.contains(&next.word.as_str()));
                out.push(at..at + 1 + usize::from(joined));
            }
            "and" | "but" => out.push(at..at + 1),
            _ => {}
        }
    }
    // "... approved, declined or cancelled, and an approved one can be ...": a mark between clauses parts before one in a list.
    let weight = |cut: &Range<usize>| {
        let words = tokens.get(cut.clone()).unwrap_or_default();
        let told = tokens
            .get(cut.end..)
            .unwrap_or_default()
            .iter()
            .any(|token| matches!(token.word.as_str(), "must" | "mustnot" | "may" | "mayonly"));
        // Nothing parts clauses as a semicolon does.
        if words.first().is_some_and(|mark| mark.is(";")) {
            0
        } else if words.len() > 1 && told {
            1
        } else {
            2
        }
    };
    out.sort_by_key(weight);
    out
}
