//! Verbs that records are named after, in two words: who signs up makes a `sign-up`, who hands over a `handover`.

use crate::deed::PARTICLES;
use crate::lexicon::Lexicon;
use crate::token::Token;
use crate::words::related;

/// The tokens with such a verb as one, which is no name of the record: `signed up` is to `sign-up`. With an article in front it
/// is the name: `a sign up`.
pub(crate) fn joined(raw: &[Token], lexicon: &Lexicon) -> Vec<Token> {
    const BEFORE_NOUN: &[&str] =
        &["a", "an", "the", "each", "every", "another", "no", "per", "this", "that", "its", "any"];
    let mut out: Vec<Token> = Vec::with_capacity(raw.len());
    for token in raw {
        let noun = out
            .len()
            .checked_sub(2)
            .and_then(|at| out.get(at))
            .is_some_and(|before| BEFORE_NOUN.contains(&before.word.as_str()) && !before.quoted);
        let Some((verb, base)) = out.last_mut().and_then(|verb| base(verb, token, lexicon).map(|base| (verb, base)))
        else {
            out.push(token.clone());
            continue;
        };
        let one = |word: &str| Token::new(&format!("{word}-{}", token.word), verb.start, token.end);
        let (named, done) = (one(&base), one(&verb.word));
        let raw = format!("{} {}", verb.raw, token.raw);
        *verb = if noun && verb.word == base {
            named
        } else {
            Token { raw, lemma: format!("{base}-{}", token.word), ..done }
        };
    }
    out
}

/// The verb of two words that a kind of record is called after.
fn base(verb: &Token, particle: &Token, lexicon: &Lexicon) -> Option<String> {
    let plain = !verb.quoted && !particle.quoted && PARTICLES.contains(&particle.word.as_str());
    let heads = lexicon.entities.iter().filter(|_| plain).filter_map(|entity| entity.words.last());
    let mut bases = heads.filter_map(|head| head.strip_suffix(particle.word.as_str()));
    bases.find(|base| base.len() > 2 && (verb.lemma == *base || related(&verb.word, base))).map(str::to_owned)
}
