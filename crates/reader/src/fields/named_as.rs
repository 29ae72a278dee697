//! "A lease can have a guarantor, who is also a tenant": a field that refers to a kind of record by another name.

use crate::lexicon::Lexicon;

/// The sentence with what the name refers to behind it; `None` where it has none.
pub(crate) fn plain(text: &str, lexicon: &Lexicon) -> Option<String> {
    let body = text.trim().trim_end_matches('.');
    let lower = body.to_lowercase();
    const JOINTS: &[&str] =
        &[", who is also a ", ", who is also an ", ", who is a ", ", which is also a ", ", who must be a "];
    let (at, joint) = JOINTS.iter().find_map(|joint| Some((lower.find(joint)?, joint)))?;
    let (head, kind) = (body.get(..at)?, body.get(at + joint.len()..)?);
    let known = lexicon.find(kind)?;
    let has = [" has a ", " has an ", " can have a ", " may have a ", " can have an ", " may have an ", " have a "];
    let verb = has.iter().find(|verb| head.contains(**verb))?;
    let name = head.split_once(verb)?.1;
    (name.split(' ').count() <= 3 && !name.contains(',')).then(|| format!("{head} (reference to {})", known.name))
}

/// "..., both are tenants": what several names refer to, which nothing is made of.
pub(crate) fn of_both(text: &str, lexicon: &Lexicon) -> bool {
    let lower = text.to_lowercase();
    [" both are ", " both of them are ", " all are "].iter().any(|lead| {
        lower.split_once(lead).is_some_and(|(_, rest)| {
            let kind = rest.trim_end_matches('.').trim();
            lexicon.find(kind).is_some_and(|named| named.plural == kind)
        })
    })
}
