//! Clauses that are joined: each part is read alone, then with what the one before it named.

use super::{Engine, MODALS, PRONOUNS, dead_ends, marked, modal, range};
use crate::effect::Effect;
use crate::family::workflow::life;
use crate::lexicon::{self, Lexicon};
use crate::records::{Records, records_at};
use crate::scope::FieldRef;
use crate::token::Token;
use crate::{condition, coordination, exception, restate, reword, statement};
use maestro_artifacts::{FieldKind, RuleKind};
use std::ops::Range;

impl Engine<'_> {
    /// Reads tokens as one clause or as several; the error is the byte range that was not understood.
    pub(super) fn parts(&self, tokens: &[Token], depth: u8) -> Result<Vec<Effect>, Option<Range<usize>>> {
        dead_ends::unless_known(dead_ends::Key::of(self, tokens, depth), || self.parts_anew(tokens, depth))
    }

    fn parts_anew(&self, tokens: &[Token], depth: u8) -> Result<Vec<Effect>, Option<Range<usize>>> {
        if let Some(effects) = self.clause(tokens) {
            return Ok(effects);
        }
        if depth > 4 {
            return Err(range(tokens));
        }
        // "planned → loaded (assistant)" without its marks would be the name of a state.
        let arrows = tokens.iter().any(|token| token.is("->"));
        if !arrows && tokens.iter().any(|token| matches!(token.word.as_str(), "(" | ")")) {
            let plain: Vec<Token> =
                tokens.iter().filter(|token| !matches!(token.word.as_str(), "(" | ")")).cloned().collect();
            // Notes in parentheses without their marks would read as names of fields.
            let sound = |effects: &Vec<Effect>| {
                !effects.iter().any(|effect| matches!(effect, Effect::Field { .. } | Effect::UsedAs { .. }))
            };
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
        // A life is told from part to part: "at first it is open, then paid, and in the end it is closed".
        if depth == 0
            && let Some(effects) = life::read(self, tokens).filter(|effects| self.sound(effects))
        {
            return Ok(effects);
        }
        // Parted before its `and`, the first half would let everybody do what only some may.
        if depth == 0
            && let Some(clauses) = coordination::by_some_only(self, tokens)
            && let Some(read) =
                clauses.iter().map(|clause| self.parts(clause, depth + 1).ok()).collect::<Option<Vec<_>>>()
        {
            return Ok(read.concat());
        }
        let mut gap = None;
        for cut in cuts(tokens) {
            let (left, right) =
                (tokens.get(..cut.start).unwrap_or_default(), tokens.get(cut.end..).unwrap_or_default());
            if left.is_empty() || right.is_empty() {
                continue;
            }
            // "When a confirmed hire is cancelled, a remark must be given": when something holds is no rule of its own.
            let condition =
                ["if", "unless", "onlyif"].iter().any(|word| left.first().is_some_and(|first| first.is(word)));
            if condition && !left.iter().any(|token| token.is(",")) {
                continue;
            }
            // "... needs a note and at least 2 claims before it can be closed": needed then, both of them.
            let shared = shared_moment(left, right);
            let left = shared.as_deref().unwrap_or(left);
            match self.parts(left, depth + 1) {
                // "..., otherwise the session is not saved"
                Ok(first) if self.says_refusal(&first, tokens.get(cut.start + 1..).unwrap_or_default()) => {
                    return Ok(first);
                }
                Ok(first) => {
                    match self.right(left, right, &first, depth).map(|second| upon_change(&first, second, right)) {
                        // "..., latest first" turns an order, and is none of its own.
                        Ok(second) if two_orders(&first, &second) => {}
                        // "A search over the name | and the code is needed": of both.
                        Ok(second) if half_asked(left, &first, &second) => {}
                        // "Orders are created | and changed by clerks only": what some alone may do is parted from its doer.
                        Ok(second) if half_restricted(&first, &second, right) => {}
                        // "..., otherwise the estimate is required": not of all of them.
                        Ok(second) if otherwise(tokens, &cut) && second.iter().any(unconditional) => {}
                        Ok(second)
                            if !second.is_empty()
                                && tokens.get(cut.start).is_some_and(|mark| mark.is(":") || mark.is(";")) =>
                        {
                            return Ok(explained(first, second));
                        }
                        Ok(mut second) => {
                            let mut all = first;
                            all.append(&mut second);
                            return Ok(all);
                        }
                        Err(_) => gap = gap.or(range(right)),
                    }
                }
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
        if depth == 1
            && let Some(effects) = life::read(self, tokens).filter(|effects| self.sound(effects))
        {
            return Ok(effects);
        }
        // "At any time a customer can have one draft order": told behind, as it is usual.
        if depth == 0
            && let Some((first, rest)) = tokens.split_first().filter(|(first, _)| first.is("sametime"))
        {
            let rest = rest.get(usize::from(rest.first().is_some_and(|next| next.is(",")))..).unwrap_or_default();
            let behind: Vec<Token> = rest.iter().chain([first]).cloned().collect();
            if let Ok(effects) = self.parts(&behind, depth + 1) {
                return Ok(effects);
            }
        }
        if let Some(formula) = in_parentheses(tokens).filter(|_| depth == 0)
            && let Ok(effects) = self.parts(&formula, depth + 1)
            && effects.iter().any(|effect| matches!(effect, Effect::Field { read_only: true, .. }))
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

    /// Whether what stands behind rules tells what comes of breaking them.
    pub(crate) fn says_refusal(&self, first: &[Effect], behind: &[Token]) -> bool {
        let refuses = |effect: &Effect| matches!(effect, Effect::Rule(rule) if statement::refuses(rule));
        first.iter().any(refuses) && coordination::remark_on_refusal(&self.scope(behind), behind)
    }

    /// The second of two joined clauses: as it stands, or with the subject (and modal) of the first.
    pub(super) fn right(
        &self,
        left: &[Token],
        right: &[Token],
        first: &[Effect],
        depth: u8,
    ) -> Result<Vec<Effect>, Option<Range<usize>>> {
        // "... to a site that is closed, i.e. has a closed on date": told once more, in other words.
        if behind(right, &["i", "e"]).is_some() {
            return Ok(Vec::new());
        }
        // "Only auctioneers may start or close an auction, that is, move it to running or closed"
        if let Some(again) = behind(right, &["be", ","])
            && let Some(tokens) = self.once_more(left, again)
        {
            return self.parts(&tokens, depth + 1).map_err(|_| range(right));
        }
        // "..., and neither can a core with samples": what is said of the first is spelled out elsewhere.
        let neither = |first: &Token| first.is("neither") || first.raw.eq_ignore_ascii_case("nor");
        if right.first().is_some_and(neither) && right.get(1).is_some_and(|next| next.is("may")) {
            return Err(None);
        }
        // "..., nor can a box"
        let inverted = right.first().is_some_and(|may| may.is("may"))
            && self.scope(right).entity_at(right, 1).iter().any(|(end, _)| *end == right.len());
        if inverted {
            return Err(None);
        }
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
        let remark = |tokens: &[Token]| {
            coordination::remark_on_demand(tokens) || coordination::remark_on_refusal(&self.scope(tokens), tokens)
        };
        if first.iter().any(|effect| matches!(effect, Effect::Rule(_))) && remark(right) {
            return Ok(Vec::new());
        }
        if undeleted(first) && coordination::remark_on_deletion(right) {
            return Ok(Vec::new());
        }
        // "A bike has a price - it is required": the price is.
        if let Some(told) = self.of_its_field(first, right) {
            return told.and_then(|tokens| self.parts(&tokens, depth + 1).ok()).ok_or_else(|| range(right));
        }
        // "A teacher submits it; it is then submitted": where it is by then.
        if let Some((_, state)) = reached(first)
            && arrived(right, &state)
        {
            return Ok(Vec::new());
        }
        if let Some((entity, state)) = reached(first)
            && let Some(tokens) = upon_it(self.lexicon, right, &entity, &state)
            && let Ok(effects) = self.parts(&tokens, depth + 1)
            && moves(&effects)
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
        // "...; only accountants can mark it as paid": what was spoken of before.
        if let Some(tokens) = self.only_they(left, right)
            && let Ok(effects) = self.parts(&tokens, depth + 1)
        {
            return Ok(effects);
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
                Effect::Role { .. }
                    | Effect::Rule(
                        RuleKind::TransitionRole { .. } | RuleKind::ActionRole { .. } | RuleKind::ActionBarred { .. }
                    )
            )
        };
        if !first.is_empty() && first.iter().all(role) && coordination::remark_on_roles(right) {
            return Ok(Vec::new());
        }
        let frozen = |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Immutable { .. }));
        if !first.is_empty() && first.iter().all(frozen) && coordination::remark_on_lock(right) {
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
        if let Some(tokens) = self.one_of_them(left, right)
            && let Ok(effects) = self.parts(&tokens, depth + 1)
        {
            return Ok(effects);
        }
        // "Sold batches must not be altered, and no feedings can be added to them": to these.
        if let Some(tokens) = self.of_them(left, right)
            && let Ok(effects) = self.parts(&tokens, depth + 1)
        {
            return Ok(effects);
        }
        // "... may confirm a flight and mark it as flown": what was spoken of last.
        if let Some(tokens) = self.done_to_last(left, right)
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
            // "on hold" is a state, and says nothing of what is held.
            let scope = self.scope(left);
            let state = |at: usize| {
                (at.saturating_sub(2)..at).any(|from| scope.states_at(left, from).iter().any(|(end, _)| *end > at))
            };
            let first = left.iter().enumerate().position(|(at, token)| modal(token) && !state(at)).map(|at| {
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
            // "must be unique and at most 20 characters long": the modal is shared too.
            let shared = left
                .get(..modal + 1 + usize::from(left.get(modal + 1).is_some_and(|token| token.is("be"))))
                .unwrap_or_default();
            let joined: Vec<Token> = subject.iter().chain(verb).chain(rest).cloned().collect();
            if let Ok(effects) = self.parts(&joined, depth + 1) {
                return Ok(effects);
            }
            let joined: Vec<Token> = shared.iter().chain(rest).cloned().collect();
            self.parts(&joined, depth + 1).or_else(|why| {
                // "A branch that has rooms cannot be deleted, nor a room that has sessions": the records of both.
                let described = right.iter().any(|token| token.is("with") || token.is("that"));
                let barred = left
                    .iter()
                    .position(|token| token.is("mustnot"))
                    .filter(|_| described && !right.iter().any(strong));
                let Some(said) = barred.and_then(|at| left.get(at..)) else { return Err(why) };
                let joined: Vec<Token> = right.iter().chain(said).cloned().collect();
                self.parts(&joined, depth + 1)
            })
        })
    }

    /// What is said of a field by a pronoun behind the sentence that tells of it, with the field; nothing where that tells of
    /// several, or where the field is not known yet.
    fn of_its_field(&self, first: &[Effect], right: &[Token]) -> Option<Option<Vec<Token>>> {
        const SAID: &[&str] =
            &["required", "mandatory", "optional", "unique", "given", "empty", "compulsory", "negative"];
        let (it, rest) = right.split_first()?;
        let (verb, behind) = rest.split_first()?;
        let led = ["be", "must", "mustnot", "may"].iter().any(|word| verb.is(word));
        let said = behind
            .get(usize::from(behind.first().is_some_and(|next| next.is("be"))))
            .is_some_and(|word| SAID.iter().any(|said| word.is(said)));
        if !(it.is("it") || it.is("that")) || !led || !said {
            return None;
        }
        let mut fields = first.iter().filter_map(|effect| match effect {
            Effect::Field { entity, name, read_only: false, .. } => Some((entity, name)),
            _ => None,
        });
        let (entity, name) = fields.next()?;
        if fields.any(|other| other != (entity, name)) {
            return Some(None);
        }
        let known = self.lexicon.find(entity).and_then(|owner| Some((owner, owner.find(name)?)));
        Some(known.map(|(owner, field)| {
            let field = FieldRef { entity: owner.key.clone(), field: field.key.clone() };
            std::iter::once(Token::mention(field)).chain(rest.iter().cloned()).collect()
        }))
    }

    /// "... may approve a submitted trip or reject it": with the subject and the modal that stand before.
    fn done_to_last(&self, left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
        let (verb, behind) = match right {
            [verb, it, behind @ ..] if !it.quoted && (it.is("it") || it.is("them")) && !modal(verb) => (verb, behind),
            _ => return None,
        };
        let shared = left.get(..=left.iter().position(modal)?)?;
        Some(shared.iter().chain([verb]).chain(&self.spoken_of_last(left)?).chain(behind).cloned().collect())
    }

    /// "Only accountants can mark it as paid": with the kind of record that was named before.
    fn only_they(&self, left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
        right.first().filter(|first| first.is("only"))?;
        let it = right.iter().position(|token| !token.quoted && (token.is("it") || token.is("them")))?;
        let named = self.scope(left).mentioned(left).pop().and_then(|key| self.lexicon.entity(&key))?;
        let place = right.get(it)?;
        let mut tokens = right.to_vec();
        tokens.splice(it..=it, named.name.split(' ').map(|word| Token::new(word, place.start, place.end)));
        Some(tokens)
    }

    /// What is said of "them" behind a word such as "to" or "for", with the records and the states that were named before.
    fn of_them(&self, left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
        let (last, before) = right.split_last()?;
        let led = before.last().is_some_and(|to| ["to", "for", "from", "of", "in"].iter().any(|word| to.is(word)));
        (led && last.is("them") && !last.quoted && before.iter().any(modal)).then_some(())?;
        let named = self.spoken_of_last(left).filter(|named| named.len() > 1)?;
        Some(before.iter().chain(&named).cloned().collect())
    }

    /// What is done to what was spoken of last, by whom and as the first words say.
    fn once_more(&self, left: &[Token], again: &[Token]) -> Option<Vec<Token>> {
        let it = again.iter().position(|token| !token.quoted && (token.is("it") || token.is("them")))?;
        let shared = left.get(..=left.iter().position(modal)?)?;
        let (verb, rest) = (again.get(..it)?, again.get(it + 1..)?);
        Some(shared.iter().chain(verb).chain(&self.spoken_of_last(left)?).chain(rest).cloned().collect())
    }

    /// The records that were named last, with the states that stood before them: `a submitted trip`.
    fn spoken_of_last(&self, tokens: &[Token]) -> Option<Vec<Token>> {
        let scope = self.scope(tokens);
        let key = scope.mentioned(tokens).pop()?;
        let ends =
            |at: usize| scope.entity_at(tokens, at).into_iter().find(|(_, entity)| *entity == key).map(|(end, _)| end);
        let (at, end) = (0..tokens.len()).rev().find_map(|at| Some((at, ends(at)?)))?;
        let from = (0..at)
            .rev()
            .take_while(|from| at - from <= 4)
            .filter(|from| scope.states_at(tokens, *from).iter().any(|(stop, _)| *stop == at))
            .last();
        tokens.get(from.unwrap_or(at)..end).map(<[Token]>::to_vec)
    }

    /// "The code is required, and no two sites have the same one", "... has a number; it must be unique": the field that
    /// was named before.
    pub(super) fn said_again(&self, left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
        let same = right.windows(2).position(|pair| matches!(pair, [same, one] if same.is("same") && one.is("1")));
        // "No two objects share one", "... may share it"
        let shared = right.windows(2).position(
            |pair| matches!(pair, [share, one] if share.is("share") && (one.is("1") || one.is("it") || one.is("one"))),
        );
        let same = same.or(shared.filter(|at| at + 2 == right.len()));
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

    /// "Only a clerk may open a file, and only a manager may close one": a record of the kind that was spoken of last.
    pub(super) fn one_of_them(&self, left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
        let (last, before) = right.split_last()?;
        (last.raw.eq_ignore_ascii_case("one") && before.len() > 2).then_some(())?;
        let named = self.scope(left).mentioned(left).pop().and_then(|key| self.lexicon.entity(&key))?;
        let mut tokens = before.to_vec();
        tokens.extend(named.name.split(' ').map(|word| Token::new(word, last.start, last.end)));
        Some(tokens)
    }

    /// "The fee may not be negative; if none is given, it is 12 euros": none of what was spoken of.
    pub(super) fn none_given(&self, left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
        const NONE: &[&str] = &["none", "nothing"];
        const GIVEN: &[&str] = &["given", "stated", "entered", "chosen", "specified", "said", "set"];
        let lead = matches!(right, [when, none, be, given, ..] if when.is("if")
            && NONE.iter().any(|word| none.is(word))
            && be.is("be")
            && GIVEN.iter().any(|word| given.is(word)));
        let (_, field) = self.scope(left).field_at(left, 0).into_iter().next().filter(|_| lead)?;
        let first = right.first()?;
        let mut out = vec![first.clone(), Token::new("no", first.end, first.end), Token::mention(field)];
        out.extend(right.iter().skip(2).cloned());
        Some(out)
    }

    /// "Urgent orders must be wanted within 3 days": the rule of all orders, demanded of the urgent ones.
    pub(super) fn of_described(&self, tokens: &[Token]) -> Option<Vec<Effect>> {
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
                    Effect::Field { .. } | Effect::UsedAs { .. } => Some(effect),
                    _ => None,
                })
                .collect()
        })
    }

    /// "For orders, the total must be ...": rules of these records alone.
    pub(super) fn of_fronted(&self, records: &Records, tokens: &[Token], depth: u8) -> Option<Vec<Effect>> {
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
}

/// "The system shows the amount (quantity × unit price)": a name, and how its value is worked out, told behind a colon.
fn in_parentheses(tokens: &[Token]) -> Option<Vec<Token>> {
    const SIGNS: &[&str] =
        &["*", "+", "–", "/", "÷", "×", "x", "times", "plus", "minus", "sum", "numberof", "multiplied"];
    let (last, before) = tokens.split_last().filter(|(last, _)| last.is(")") && !last.quoted)?;
    let open = before.iter().position(|token| token.is("("))?;
    let formula = before.get(open + 1..)?;
    let alone = !formula.iter().any(|token| token.is("(") || token.is(")"));
    let works = formula.len() > 2 && formula.iter().any(|token| SIGNS.iter().any(|sign| token.is(sign)));
    let mark = Token::new(":", last.start, last.start);
    (alone && works && open > 0).then(|| before.iter().take(open).chain([&mark]).chain(formula).cloned().collect())
}

/// The one state that what was said last leads to.
pub(crate) fn reached(effects: &[Effect]) -> Option<(String, String)> {
    // "It begins as a draft and can be submitted": where it leads comes behind how it begins.
    let led = moves(effects);
    let mut found: Vec<(&str, &str)> = effects
        .iter()
        .filter_map(|effect| match effect {
            Effect::Initial { entity, state } if !led => Some((entity.as_str(), state.as_str())),
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

/// "The coordinator then makes it approved or declined": where somebody brings what was spoken of next.
fn made_so(tokens: &[Token], then: bool) -> Option<(&[Token], &[Token])> {
    const MAKES: &[&str] =
        &["make", "makes", "set", "sets", "setto", "mark", "marks", "declare", "declares", "turn", "turns"];
    let it =
        tokens.iter().position(|token| !token.quoted && (token.is("it") || token.is("them"))).filter(|at| *at > 1)?;
    let (before, behind) = (tokens.get(..it)?, tokens.get(it + 1..)?);
    let (verb, who) = before.split_last()?;
    let then = then || who.iter().any(|token| token.is("then"));
    let plain = |token: &Token| token.is("then") || token.is("either") || token.word.chars().all(char::is_alphabetic);
    let told = |token: &&Token| !(token.is("to") || token.is("as") || token.is("into") || token.is("either"));
    let from = behind.iter().position(|token| told(&token))?;
    let makes = !verb.quoted && MAKES.iter().any(|word| verb.is(word));
    (then && makes && who.len() <= 4 && who.iter().all(plain) && !who.iter().any(modal))
        .then(|| Some((who, behind.get(from..)?)))?
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
    if let Some((who, to)) = made_so(rest, then) {
        let mut out = vec![Token { quoted: true, ..Token::new(state, place.0, place.1) }];
        out.extend(lexicon.entity(entity)?.name.split(' ').map(|word| Token::new(word, place.0, place.1)));
        out.extend(["may", "be"].map(|word| Token::new(word, place.0, place.1)));
        out.extend(to.iter().cloned());
        out.push(Token::new("by", place.0, place.1));
        out.extend(who.iter().filter(|token| !token.is("then") && !token.is("either")).cloned());
        return Some(out);
    }
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

/// "The warden confirms or refuses it": what somebody does to a record in the state that was spoken of before.
pub(crate) fn upon_it(lexicon: &Lexicon, tokens: &[Token], entity: &str, state: &str) -> Option<Vec<Token>> {
    let (last, before) = tokens.split_last()?;
    // "After that the head either approves or rejects it"
    let lead = |token: &Token| {
        [",", ">", "that", "then", "afterwards", "later", "next"].iter().any(|word| token.is(word)) && !token.quoted
    };
    let before: Vec<Token> = before
        .iter()
        .enumerate()
        .skip(before.iter().position(|token| !lead(token))?)
        .filter(|(at, token)| *at == 0 || !token.is("then"))
        .map(|(_, token)| token.clone())
        .collect();
    let it = |token: &Token| !token.quoted && matches!(token.word.as_str(), "it" | "them");
    (it(last) && before.len() > 1 && !before.iter().any(it)).then_some(())?;
    let mut out = before;
    out.push(Token { quoted: true, ..Token::new(state, last.start, last.end) });
    out.extend(lexicon.entity(entity)?.name.split(' ').map(|word| Token::new(word, last.start, last.end)));
    Some(out)
}

/// What stands behind these words.
fn behind<'t>(tokens: &'t [Token], words: &[&str]) -> Option<&'t [Token]> {
    let begins = words.iter().enumerate().all(|(at, word)| tokens.get(at).is_some_and(|token| token.is(word)));
    if begins { tokens.get(words.len()..) } else { None }
}

/// The first of two demands with what the second says of when: `... < it may be closed`; `None` where that is no demand of
/// both.
fn shared_moment(left: &[Token], right: &[Token]) -> Option<Vec<Token>> {
    let demands = |token: &Token| ["need", "needs", "must", "require", "requires"].iter().any(|word| token.is(word));
    let at = right.windows(3).position(
        |three| matches!(three, [before, it, may] if before.is("<") && (it.is("it") || it.is("they")) && may.is("may")),
    )?;
    let own = right.iter().take(at).any(|token| demands(token) || modal(token));
    let told = left.iter().any(|token| token.is("<") || token.is(">") || token.is("if") || token.is("unless"));
    (!own && !told && left.iter().any(demands))
        .then(|| left.iter().chain(right.get(at..).unwrap_or_default()).cloned().collect())
}

/// "Only supervisors may dispose of items, and a note must be filled in": what must be given is needed for the change
/// that was spoken of, not always.
fn upon_change(first: &[Effect], second: Vec<Effect>, right: &[Token]) -> Vec<Effect> {
    // "A booking can be cancelled by a member or a host, and a reason must be given"
    let mut deeds: Vec<(&String, Option<String>, &String)> = Vec::new();
    for effect in first {
        let deed = match effect {
            Effect::Rule(RuleKind::TransitionRole { entity, to, from, .. }) => (entity, from.clone(), to),
            Effect::Actor { entity, to, .. } => (entity, None, to),
            _ => continue,
        };
        if !deeds.contains(&deed) {
            deeds.push(deed);
        }
    }
    let mut deeds = deeds.into_iter();
    let only = first.iter().all(|effect| {
        matches!(
            effect,
            Effect::Role { .. }
                | Effect::Actor { .. }
                | Effect::Rule(RuleKind::TransitionRole { .. } | RuleKind::Transitions { .. })
        )
    });
    let article = right.first().is_some_and(|token| matches!(token.article, Some("a" | "an")));
    let (Some((entity, from, to)), None, true, true) = (deeds.next(), deeds.next(), only, article) else {
        return second;
    };
    second
        .into_iter()
        .map(|effect| match effect {
            Effect::Rule(RuleKind::Required { entity: of, field }) if of == *entity => {
                let (entity, to) = (of, to.clone());
                let from = from.clone();
                Effect::Rule(RuleKind::TransitionRequires { entity, from, to, fields: vec![field] })
            }
            other => other,
        })
        .collect()
}

/// Whether nothing is said but that records must not be deleted.
fn undeleted(effects: &[Effect]) -> bool {
    !effects.is_empty() && effects.iter().all(|effect| matches!(effect, Effect::Rule(RuleKind::NoDelete { .. })))
}

/// "It is then submitted", of what leads there.
fn arrived(tokens: &[Token], state: &str) -> bool {
    let Some((first, rest)) = tokens.split_first().filter(|(first, _)| PRONOUNS.contains(&first.word.as_str())) else {
        return false;
    };
    let idle = |token: &&Token| {
        !["be", "then", "now", "thereby", "thus", "become", "becomes"].iter().any(|word| token.is(word))
    };
    let said: Vec<&str> = rest.iter().filter(idle).map(|token| token.word.as_str()).collect();
    !first.quoted && said.join(" ") == state.to_lowercase()
}

/// Whether some effect is a way from one state to another.
pub(crate) fn moves(effects: &[Effect]) -> bool {
    effects.iter().any(|effect| matches!(effect, Effect::Transition { .. }))
}

/// "A roasted one becomes released or rejected": of the records that were brought to this state before.
fn from_reached(lexicon: &Lexicon, tokens: &[Token], entity: &str, state: &str) -> Option<Vec<Token>> {
    let words = lexicon::name_words(state);
    let named = words.iter().zip(tokens).filter(|(word, token)| token.lemma == **word || token.word == **word).count();
    let one = tokens.get(words.len()).filter(|one| named == words.len() && (one.is("1") || one.is("ones")))?;
    let mut rest = tokens.get(words.len() + 1..)?;
    let mut out = vec![Token { quoted: true, ..Token::new(state, one.start, one.end) }];
    out.extend(lexicon.entity(entity)?.name.split(' ').map(|word| Token::new(word, one.start, one.end)));
    if let Some((verb, more)) =
        rest.split_first().filter(|(verb, _)| ["become", "becomes", "be"].iter().any(|word| verb.is(word)))
    {
        out.extend([verb.renamed("may"), verb.renamed("be")]);
        rest = more.get(usize::from(more.first().is_some_and(|token| token.is("oneof")))..)?;
    }
    out.extend(rest.iter().cloned());
    Some(out)
}

/// Whether all effects are rules of single fields, which belong to one kind of record.
fn of_fields(effects: &[Effect]) -> bool {
    use RuleKind::{
        Compare, Default, EmptyWhen, Filter, Format, Length, List, Pattern, Range, Required, RequiredWhen, Search,
    };
    let single = |rule: &RuleKind| {
        matches!(
            rule,
            Compare { .. }
                | Default { .. }
                | EmptyWhen { .. }
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

/// "Shipped orders are locked: the due date cannot be altered" tells what locked means; elsewhere both parts hold.
fn explained(first: Vec<Effect>, second: Vec<Effect>) -> Vec<Effect> {
    let whole = match first.as_slice() {
        [Effect::Rule(RuleKind::Immutable { entity, when, fields })] if fields.is_empty() => Some((entity, when)),
        _ => None,
    };
    let part = |effect: &Effect, entity: &String| {
        matches!(effect, Effect::Rule(RuleKind::Immutable { entity: of, when, fields })
            if of == entity && when.0.is_empty() && !fields.is_empty())
    };
    if let Some((entity, state)) = whole.filter(|(entity, _)| second.iter().all(|effect| part(effect, entity))) {
        let fields = second.into_iter().filter_map(|effect| match effect {
            Effect::Rule(RuleKind::Immutable { fields, .. }) => Some(fields),
            _ => None,
        });
        let (entity, when) = (entity.clone(), state.clone());
        return fields
            .map(|fields| Effect::Rule(RuleKind::Immutable { entity: entity.clone(), when: when.clone(), fields }))
            .collect();
    }
    first.into_iter().chain(second).collect()
}

/// Whether two clauses are parted by a word that says that the second holds where the first does not.
fn otherwise(tokens: &[Token], cut: &Range<usize>) -> bool {
    let joint = tokens.get(cut.clone()).unwrap_or_default();
    joint.iter().any(|token| token.is("otherwise") && !token.quoted)
}

/// Whether a demand on a value holds of all records.
fn unconditional(effect: &Effect) -> bool {
    match effect {
        Effect::Rule(RuleKind::Required { .. } | RuleKind::Range { .. } | RuleKind::Length { .. }) => true,
        Effect::Rule(
            RuleKind::Compare { when, .. } | RuleKind::EmptyWhen { when, .. } | RuleKind::Immutable { when, .. },
        ) => when.0.is_empty(),
        _ => false,
    }
}

/// Whether what is asked for a list lacks its verb, and what stands behind it would demand a value.
pub(crate) fn half_asked(left: &[Token], first: &[Effect], second: &[Effect]) -> bool {
    let asks = |effect: &Effect| {
        matches!(
            effect,
            Effect::Rule(
                RuleKind::Search { .. } | RuleKind::Filter { .. } | RuleKind::Sort { .. } | RuleKind::Csv { .. }
            )
        )
    };
    let demands =
        |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::Required { .. } | RuleKind::RequiredWhen { .. }));
    let verbs = ["must", "may", "be", "mayonly", "have", "let", "want", "need"];
    !first.is_empty()
        && first.iter().all(asks)
        && second.iter().any(demands)
        && !left.iter().any(|token| verbs.iter().any(|verb| token.is(verb)))
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

/// Whether the word at a place stands between the figures of "between 0 and 50".
fn bounds(tokens: &[Token], at: usize) -> bool {
    let figure = |at: usize| tokens.get(at).is_some_and(Token::is_number);
    let begins = at.checked_sub(2).and_then(|at| tokens.get(at)).is_some_and(|token| token.is("between"));
    begins && figure(at - 1) && figure(at + 1)
}

/// Whether what the first part lets everybody do may be what the second restricts together with its own deed: "can be created"
/// in front of "and changed by clerks only", where the second names no records of its own.
fn half_restricted(first: &[Effect], second: &[Effect], right: &[Token]) -> bool {
    let open = |effect: &Effect| {
        matches!(effect, Effect::Entity { .. } | Effect::Role { .. } | Effect::Rule(RuleKind::Capability { .. }))
    };
    let restricts =
        |effect: &Effect| matches!(effect, Effect::Rule(RuleKind::ActionRole { .. } | RuleKind::TransitionRole { .. }));
    let goes_on = right.first().is_some_and(|token| !token.quoted && crate::verbs::is_participle(&token.word));
    first.iter().all(open) && second.iter().any(restricts) && goes_on
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
            // "Between 0 and 50 and is 0 by default": the first joins two bounds.
            "and" if bounds(tokens, at) => {}
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
