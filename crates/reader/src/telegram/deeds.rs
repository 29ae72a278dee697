//! What is done to the records: "create, edit", "hand out (picked up)", "reopen (closed -> open)".

use super::people::article;
use super::{Line, apart, listed};
use crate::verbs;
use maestro_artifacts::Action;

/// One thing that is done.
pub(super) enum Deed {
    Make,
    Change,
    Delete,
    Move {
        from: Option<String>,
        to: String,
    },
    /// It leads to a state that nothing has named yet, or to none.
    Other(String),
}

/// What says of when it may be done.
const RULING: &[&str] = &["only", "possible", "allowed", "permitted", "not", "never"];

impl Line<'_> {
    /// Several of them, all known.
    pub(super) fn deeds(&self, head: &str) -> Option<Vec<Deed>> {
        let mut heads = vec![head];
        for joint in [" and ", " or ", ", ", " / ", "/", " & "] {
            heads = heads.into_iter().flat_map(|head| apart(head, joint)).collect();
        }
        let deeds: Option<Vec<Deed>> =
            heads.into_iter().filter(|head| !head.trim().is_empty()).map(|head| self.deed(head)).collect();
        deeds.filter(|deeds| !deeds.is_empty() && deeds.iter().all(|deed| !matches!(deed, Deed::Other(_))))
    }

    pub(super) fn deed(&self, head: &str) -> Option<Deed> {
        let head = head.trim();
        if let Some((words, within)) = head.strip_suffix(')').and_then(|head| head.split_once(" (")) {
            words.split(' ').all(|word| word.chars().all(char::is_alphabetic)).then_some(())?;
            return match within.split_once("->") {
                Some((from, to)) => Some(Deed::Move { from: Some(self.state(from)?), to: self.state(to)? }),
                None => Some(Deed::Move { from: None, to: self.state(within)? }),
            };
        }
        let plain = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphabetic() || c == '-');
        (head.split(' ').count() <= 3 && head.split(' ').all(plain)).then_some(())?;
        if let Some(to) = self.state(head) {
            return Some(Deed::Move { from: None, to });
        }
        let words = crate::token::tokens(head);
        if let Some((end, to)) = verbs::state_at(self.engine.lexicon, &self.of.key, &words, 0)
            && end == words.len()
        {
            return Some(Deed::Move { from: None, to });
        }
        let [word] = words.as_slice() else { return None };
        const MAKING: &[&str] = &["new", "creation", "registration"];
        const CHANGING: &[&str] = &["changes", "modification", "corrections"];
        const DELETING: &[&str] = &["deletion", "removal", "deletions"];
        if let Some(to) = verbs::state(self.engine.lexicon, &self.of.key, &word.word) {
            return Some(Deed::Move { from: None, to });
        }
        match verbs::actions(&word.word) {
            _ if DELETING.contains(&word.word.as_str()) => Some(Deed::Delete),
            _ if CHANGING.contains(&word.word.as_str()) => Some(Deed::Change),
            _ if MAKING.contains(&word.word.as_str()) => Some(Deed::Make),
            [Action::Create] => Some(Deed::Make),
            [Action::Update] => Some(Deed::Change),
            [Action::Delete] => Some(Deed::Delete),
            _ if verbs::usual(&word.word) => Some(Deed::Other(word.word.clone())),
            _ => None,
        }
    }

    /// "delete only in draft", "add / change / delete only while order is draft", "cancel possible from draft or confirmed, by
    /// clerks".
    pub(super) fn circumstance(&self, part: &str) -> Option<Vec<String>> {
        let words: Vec<&str> = part.split(' ').collect();
        let at = (1..words.len()).find(|at| words.get(*at).is_some_and(|word| RULING.contains(word)))?;
        let (head, ruling) = (words.get(..at)?.join(" "), words.get(at..)?.join(" "));
        let (ruling, rest) = ruling.split_once(' ')?;
        let heads = listed(&head);
        let deeds: Vec<Deed> = heads.iter().map(|head| self.deed(head)).collect::<Option<_>>()?;
        let many = &self.of.plural;
        let mut sentences = Vec::new();
        // "possible only from draft"
        let (ruling, rest) = match rest.strip_prefix("only ") {
            Some(rest) if ruling != "not" => ("only", rest),
            _ => (ruling, rest),
        };
        let (rest, who) = match rest
            .strip_prefix("by ")
            .map(|who| ("", who))
            .or_else(|| rest.split_once(", by "))
            .or_else(|| rest.split_once(" by "))
        {
            Some((rest, who)) => (rest, Some(self.people(who)?)),
            None => (rest, None),
        };
        let done: Vec<String> = deeds.iter().zip(&heads).map(|(deed, head)| done(deed, head)).collect();
        let done = match done.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
            None => return None,
        };
        let rest = self.meanwhile(rest.trim());
        match (ruling, rest.strip_prefix("from ").or_else(|| rest.strip_prefix("in "))) {
            _ if rest.is_empty() => {}
            ("possible" | "allowed" | "permitted" | "only", Some(from)) if deeds.iter().all(moves) => {
                let from = self.states(from)?.join(" and ");
                sentences.push(format!("{from} {many} can be {done}"));
            }
            ("only", _) => sentences.push(format!("{many} can only be {done} {rest}")),
            ("not" | "never", _) => {
                let rest = rest.strip_prefix("possible ").or_else(|| rest.strip_prefix("allowed ")).unwrap_or(&rest);
                sentences.push(format!("{many} cannot be {done} {rest}"));
            }
            _ => return None,
        }
        if let Some(who) = who {
            (!matches!(ruling, "not" | "never")).then_some(())?;
            for (deed, head) in deeds.iter().zip(&heads) {
                let verb = if let Deed::Other(verb) = deed { verb.as_str() } else { head };
                let other = || format!("Only {who} may {verb} {many}");
                sentences.push(self.only(&who, deed).unwrap_or_else(other));
            }
        }
        (!sentences.is_empty()).then_some(sentences)
    }

    /// "while order is draft": of the one that these records belong to.
    fn meanwhile(&self, rest: &str) -> String {
        for lead in ["while ", "if ", "when ", "as long as ", "until "] {
            let Some(told) = rest.strip_prefix(lead) else { continue };
            let Some((name, is)) = told.split_once(" is ") else { continue };
            let parent = self.engine.lexicon.find(name);
            if parent.is_some_and(|parent| !self.engine.lexicon.references(&self.of.key, &parent.key).is_empty()) {
                return format!("{lead}the {name} is {is}");
            }
        }
        rest.to_owned()
    }

    /// "no deleting while orders exist", "no changes once confirmed".
    pub(super) fn barred(&self, part: &str) -> Option<Vec<String>> {
        let rest = part.strip_prefix("no ")?;
        let (deed, rest) = rest.split_once(' ')?;
        let deed = self.deed(deed).filter(|deed| matches!(deed, Deed::Change | Deed::Delete))?;
        let done = done(&deed, "");
        let (one, many) = (&self.of.name, &self.of.plural);
        let told = ["while ", "as long as ", "if ", "when ", "with ", "once ", "after "]
            .iter()
            .find_map(|lead| rest.strip_prefix(lead))?;
        let children = told
            .strip_suffix(" exist")
            .or_else(|| told.strip_suffix(" exists"))
            .or_else(|| told.strip_prefix("there are "))
            .or_else(|| told.strip_prefix("it has "))
            .or_else(|| rest.strip_prefix("with "));
        if let Some(children) = children {
            let child = self.engine.lexicon.find(&crate::lexicon::one_of(children))?;
            (!self.engine.lexicon.references(&child.key, &self.of.key).is_empty()).then_some(())?;
            return Some(vec![format!("{} {one} with {} cannot be {done}", article(one), child.plural)]);
        }
        let states = self.states(told.trim_start_matches("it is "))?.join(" and ");
        Some(vec![format!("{states} {many} cannot be {done}")])
    }
}

fn moves(deed: &Deed) -> bool {
    matches!(deed, Deed::Move { .. } | Deed::Other(_))
}

/// What was done to a record then.
fn done(deed: &Deed, head: &str) -> String {
    match deed {
        Deed::Make => "added".to_owned(),
        Deed::Change => "changed".to_owned(),
        Deed::Delete => "deleted".to_owned(),
        Deed::Move { to, .. } => to.clone(),
        Deed::Other(_) => verbs::participle(head),
    }
}
