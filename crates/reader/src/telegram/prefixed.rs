//! Lines that begin with the kind of record they speak of: "Stay: max 10 extra charges", "Stay: nights = days between arrival and
//! departure", "Stays on the same pitch: no overlap".

use crate::lexicon::Lexicon;

/// The same as a sentence; `None` where it is no such line.
pub(crate) fn plain(lexicon: &Lexicon, text: &str) -> Option<String> {
    let (head, rest) = text.trim().trim_end_matches('.').split_once(": ")?;
    if let Some(told) = apart(lexicon, head, rest) {
        return Some(told);
    }
    let of =
        lexicon.find(head).filter(|of| of.name.eq_ignore_ascii_case(head) || of.plural.eq_ignore_ascii_case(head))?;
    if let Some((field, formula)) = rest.split_once(" = ") {
        let named = field.split(' ').count() <= 4 && field.chars().all(|c| c.is_alphanumeric() || " -_".contains(c));
        return named.then(|| format!("{field} of a {} = {formula}", of.name));
    }
    // "Guest: max 2 booked stays"
    const LEADS: &[&str] = &["max ", "max. ", "maximum ", "at most ", "up to ", "no more than ", "not more than "];
    let lower = rest.to_lowercase();
    let told = LEADS.iter().find_map(|lead| lower.strip_prefix(lead))?;
    let (figure, what) = told.split_once(' ')?;
    let counted = |from: usize| {
        let noun = what.split(' ').skip(from).collect::<Vec<_>>().join(" ");
        lexicon.find(&noun).is_some_and(|other| other.plural.eq_ignore_ascii_case(&noun) && other.key != of.key)
    };
    let number = figure.parse::<u32>().is_ok() || crate::normal::digits(figure).is_some();
    (number && (counted(0) || counted(1))).then(|| format!("at most {figure} {what} per {}", of.name))
}

/// "Stays on the same pitch: no overlap, cancelled stays ignored".
fn apart(lexicon: &Lexicon, head: &str, rest: &str) -> Option<String> {
    let rest = ["no overlaps", "no overlap", "must not overlap", "may not overlap", "no double booking"]
        .iter()
        .find_map(|lead| rest.strip_prefix(lead))?;
    let (many, of) = [" on the same ", " of the same ", " for the same ", " in the same ", " at the same ", " per "]
        .iter()
        .find_map(|joint| head.split_once(joint))?;
    (lexicon.find(many).is_some() && lexicon.find(of).is_some()).then_some(())?;
    let but = rest.trim_start_matches([',', ';', ' ', '(']).trim_end_matches(')');
    let but = [" are ignored", " ignored", " not counted", " are not counted", " do not count", " excluded"]
        .iter()
        .find_map(|end| but.strip_suffix(end));
    match but {
        Some(but) => Some(format!("{many} of the same {of} must not overlap; {but} are ignored")),
        None => rest.is_empty().then(|| format!("{many} of the same {of} must not overlap")),
    }
}
