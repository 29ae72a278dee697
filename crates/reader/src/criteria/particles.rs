//! What belongs to a verb and stands behind its object: `hands it out` is `hands out it`.

use crate::lexicon::Lexicon;
use crate::words;

const OBJECTS: &[&str] = &["it", "them"];

/// The text with such words together, where a state is called after both.
pub(super) fn joined(lexicon: &Lexicon, text: &str) -> Option<String> {
    let mut told: Vec<&str> = text.split(' ').collect();
    let mut changed = false;
    for at in 0..told.len().saturating_sub(2) {
        let (Some(verb), Some(object), Some(behind)) = (told.get(at), told.get(at + 1), told.get(at + 2)) else {
            break;
        };
        let particle = behind.trim_end_matches([',', '.']);
        let state = |state: &String| {
            state.split_once(' ').is_some_and(|(participle, rest)| rest == particle && words::related(verb, participle))
        };
        // "Hands it out, ..." keeps its comma where it is.
        if OBJECTS.contains(object)
            && particle == *behind
            && lexicon.entities.iter().any(|named| named.flow.states.iter().any(state))
        {
            told.swap(at + 1, at + 2);
            changed = true;
        }
    }
    changed.then(|| told.join(" "))
}
