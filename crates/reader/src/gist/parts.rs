//! What a sentence names, piece by piece.

use crate::effect::Effect;
use crate::engine::Engine;
use crate::scope::{FieldRef, Quantity, Scope, StateRef};
use crate::token::Token;
use crate::verbs;
use maestro_artifacts::FieldKind;
use std::ops::Range;

/// A sentence in one wording, and where it stands.
pub(super) struct Parts<'e> {
    pub(super) engine: &'e Engine<'e>,
    pub(super) scope: &'e Scope<'e>,
    pub(super) tokens: &'e [Token],
}

/// A name, a figure or a word that is neither. A name may stand for several things: `customer` for records and for the field
/// that refers to them.
#[derive(Debug, Clone, Default)]
pub(super) struct Piece {
    pub(super) at: Range<usize>,
    pub(super) entity: Option<String>,
    pub(super) field: Option<FieldRef>,
    pub(super) states: Vec<StateRef>,
    pub(super) quantity: Option<Quantity>,
}

impl Piece {
    pub(super) fn is_word(&self) -> bool {
        self.entity.is_none() && self.field.is_none() && self.states.is_empty() && self.quantity.is_none()
    }
}

/// Words that only hold a sentence together.
const GLUE: &[&str] = &[
    ",", "and", "of", "for", "to", "be", "have", "do", "it", "its", "they", "their", "them", "that", "this", "'s",
    "in", "on", "at", "by", "with", "there", "then", "system", "user", "also", "both", "same", "own", "new",
    "existing", "itself",
];

impl Parts<'_> {
    /// The names in a sentence, the longest first at each place. `moving` is the kind of record whose changes of state may be
    /// told by verbs: "whoever cancels an order".
    pub(super) fn pieces(&self, moving: Option<&str>) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            let piece = self.piece(at, moving);
            at = piece.at.end;
            pieces.push(piece);
        }
        pieces
    }

    fn piece(&self, at: usize, moving: Option<&str>) -> Piece {
        let entity = self.scope.entity_at(self.tokens, at).into_iter().next();
        let field = self.scope.field_at(self.tokens, at).into_iter().next();
        let field = field.or_else(|| self.only_field_at(at).filter(|_| entity.is_none()));
        let states = self.scope.state_at(self.tokens, at).into_iter().next();
        let quantity = self.scope.quantity_at(self.tokens, at).into_iter().next();
        // "12 inspections" counts records, which are no unit.
        let quantity = quantity.map(|(end, quantity)| {
            let counts = end > at + 1 && !self.scope.entity_at(self.tokens, at + 1).is_empty();
            if counts { (at + 1, Quantity { unit: None, ..quantity }) } else { (end, quantity) }
        });
        let verb = moving.filter(|_| !self.tokens.get(at).is_some_and(|token| token.quoted)).and_then(|entity| {
            let (end, value) = verbs::state_at(self.engine.lexicon, entity, self.tokens, at)?;
            let field = self.engine.lexicon.flow_field(entity)?;
            Some((end, vec![StateRef { entity: entity.to_owned(), field, value }]))
        });
        let states = states.or(verb);
        let ends = [
            entity.as_ref().map(|(end, _)| *end),
            field.as_ref().map(|(end, _)| *end),
            states.as_ref().map(|(end, _)| *end),
            quantity.as_ref().map(|(end, _)| *end),
        ];
        let end = ends.into_iter().flatten().max().unwrap_or(at + 1);
        Piece {
            at: at..end,
            entity: entity.filter(|(to, _)| *to == end).map(|(_, entity)| entity),
            field: field.filter(|(to, _)| *to == end).map(|(_, field)| field),
            states: states.filter(|(to, _)| *to == end).map(|(_, states)| states).unwrap_or_default(),
            quantity: quantity.filter(|(to, _)| *to == end).map(|(_, quantity)| quantity),
        }
    }

    /// A field that is called so, where no other kind of record has one of that name.
    fn only_field_at(&self, at: usize) -> Option<(usize, FieldRef)> {
        let entities = self.engine.lexicon.entities.iter();
        let mut found = entities.flat_map(|of| of.fields.iter().map(move |field| (of, field))).filter(|(_, field)| {
            let word = |(k, word): (usize, &String)| self.tokens.get(at + k).is_some_and(|token| token.lemma == *word);
            !field.words.is_empty() && field.words.iter().enumerate().all(word)
        });
        match (found.next(), found.next()) {
            (Some((of, field)), None) => {
                let end = at + field.words.len();
                // "The delivered on date" of what was `delivered on`
                let dated = matches!(field.kind, FieldKind::Date | FieldKind::DateTime)
                    && self.tokens.get(end).is_some_and(|next| next.is("date") || next.is("time"));
                Some((end + usize::from(dated), FieldRef { entity: of.key.clone(), field: field.key.clone() }))
            }
            _ => None,
        }
    }

    /// Whether a token that is part of no name is one of these words.
    pub(super) fn has(&self, pieces: &[Piece], words: &[&str]) -> bool {
        self.count(pieces, words) > 0
    }

    pub(super) fn count(&self, pieces: &[Piece], words: &[&str]) -> usize {
        pieces.iter().filter(|piece| piece.is_word() && self.one_of(piece, words)).count()
    }

    pub(super) fn one_of(&self, piece: &Piece, words: &[&str]) -> bool {
        self.tokens.get(piece.at.start).is_some_and(|token| !token.quoted && words.iter().any(|word| token.is(word)))
    }

    /// Whether all that is no name is glue or one of these words.
    pub(super) fn only(&self, pieces: &[Piece], lists: &[&[&str]]) -> bool {
        pieces
            .iter()
            .filter(|piece| piece.is_word())
            .all(|piece| self.one_of(piece, GLUE) || lists.iter().any(|words| self.one_of(piece, words)))
    }

    /// The kinds of records that are named, each once.
    pub(super) fn entities(&self, pieces: &[Piece]) -> Vec<String> {
        let mut named: Vec<String> = Vec::new();
        for entity in pieces.iter().filter_map(|piece| piece.entity.as_ref()) {
            if !named.contains(entity) {
                named.push(entity.clone());
            }
        }
        named
    }

    /// Kinds of records that move through states, those that are named first, then those that were spoken of.
    pub(super) fn moving(&self) -> Vec<String> {
        let mut all = self.scope.mentioned(self.tokens);
        // "The step to delivered requires a delivery date": of what has such a date.
        let fields = self.pieces(None).into_iter().filter_map(|piece| piece.field).map(|field| field.entity);
        all.extend(fields.collect::<Vec<_>>());
        if all.is_empty() {
            all.clone_from(&self.engine.topics);
        }
        // "The change to paid is reserved to accountants": of the one kind of record that can be paid.
        if all.is_empty() {
            let states = self.pieces(None).into_iter().flat_map(|piece| piece.states).map(|state| state.entity);
            all = states.collect();
            all.sort_unstable();
            all.dedup();
            if all.len() > 1 {
                all.clear();
            }
        }
        all.dedup();
        all.retain(|entity| self.engine.lexicon.entity(entity).is_some_and(|named| !named.flow.transitions.is_empty()));
        all
    }

    /// What the patterns make of a sentence in their own wording.
    pub(super) fn told(&self, text: &str) -> Option<Vec<Effect>> {
        self.engine.any_reading(text).ok()
    }

    /// The name of a kind of record.
    pub(super) fn name(&self, entity: &str) -> Option<&str> {
        self.engine.lexicon.entity(entity).map(|named| named.name.as_str())
    }

    /// The words of a range as they were written.
    pub(super) fn words(&self, at: Range<usize>) -> String {
        let tokens = self.tokens.get(at).unwrap_or_default();
        tokens.iter().map(|token| token.raw.as_str()).collect::<Vec<_>>().join(" ")
    }

    pub(super) fn refers(&self, field: &FieldRef) -> bool {
        matches!(self.scope.kind(field), Some(FieldKind::Reference { .. }))
    }
}
