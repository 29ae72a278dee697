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

/// "An inspection refers to one van and to the mechanic who carried it out (the inspector)": who it is, by that name.
pub(crate) fn doer(text: &str, lexicon: &Lexicon) -> Option<String> {
    let body = text.trim().trim_end_matches('.').strip_suffix(')')?;
    let (told, name) = body.rsplit_once(" (")?;
    let (head, _) = told.split_once(" who ")?;
    let to = [" and to the ", " and the ", " to the ", " and to one ", " and one "];
    let (head, kind) = to.iter().find_map(|to| head.rsplit_once(to))?;
    let known = lexicon.find(kind)?;
    let refers = [" refers to ", " refer to ", " belongs to ", " is for ", " is of ", " links ", " concerns "];
    let name = ["the ", "its ", "our ", "\""].iter().find_map(|lead| name.strip_prefix(lead)).unwrap_or(name);
    let plain = name.split(' ').count() <= 2 && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    let article = if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" };
    (plain && refers.iter().any(|verb| format!("{head} ").contains(verb)) && lexicon.find(name).is_none())
        .then(|| format!("{head} and has {article} {name} (reference to {})", known.name))
}

/// "A lease has a main tenant and a co-tenant; both are tenants": what their names say already.
pub(crate) fn without_both(text: &str, lexicon: &Lexicon) -> Option<String> {
    const LEADS: &[&str] =
        &["; both are ", ", both are ", ", both of whom are ", "; all of them are ", ", all of whom are "];
    let (told, kind) = LEADS.iter().find_map(|lead| text.split_once(lead))?;
    let kind = kind.trim().trim_end_matches('.');
    let named = lexicon.find(kind).filter(|named| named.plural == kind)?;
    let (_, list) = told.split_once(" has ").or_else(|| told.split_once(" have "))?;
    let items = crate::fields::item::list(list);
    let says = |item: &String| {
        let last = item.rsplit([' ', '-']).next().unwrap_or_default();
        last.eq_ignore_ascii_case(&named.name)
    };
    (items.len() > 1 && items.iter().all(says)).then(|| told.to_owned())
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
