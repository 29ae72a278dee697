//! Who alone may do it.

use super::deeds::Deed;
use super::{Line, apart, listed};
use crate::lexicon::{name_words, one_role};

impl Line<'_> {
    /// "entered by shop staff or owner", "approved by the head only".
    pub(super) fn by_whom(&self, part: &str) -> Option<Vec<String>> {
        let (done, who) = part.split_once(" by ")?;
        let who = self.people(who)?;
        let done = done.trim().trim_end_matches(" only");
        let participle = |done: &&str| done.ends_with("ed") || crate::verbs::is_participle(done);
        listed(done).iter().all(participle).then_some(())?;
        listed(done).into_iter().map(|done| self.only(&who, &self.deed(done)?)).collect()
    }

    /// "create, edit, delete: owner only", "reopen (closed -> open): owner", "baked: baker only".
    pub(super) fn done_by(&self, part: &str) -> Option<Vec<String>> {
        let [head, who] = apart(part, ": ").try_into().ok()?;
        let deeds = self.deeds(head)?;
        if matches!(who, "nobody" | "no one" | "noone") {
            let many = &self.of.plural;
            let barred = |deed: &Deed| match deed {
                Deed::Change => Some(format!("{many} cannot be changed")),
                Deed::Delete => Some(format!("{many} cannot be deleted")),
                _ => None,
            };
            return deeds.iter().map(barred).collect();
        }
        let who = self.people(who).or_else(|| alone(who))?;
        let mut sentences = Vec::new();
        for deed in deeds {
            if let Deed::Move { from: Some(from), to } = &deed {
                let (one, article) = (&self.of.name, article(from));
                sentences.push(format!("{article} {from} {one} can be moved to {to}"));
            }
            sentences.push(self.only(&who, &deed)?);
        }
        Some(sentences)
    }

    /// "draft -> sent possible, clerks only": a way, and who alone may take it.
    pub(super) fn way(&self, part: &str) -> Option<Vec<String>> {
        let (from, rest) = part.split_once(" -> ")?;
        let (way, who) = [", by ", ", ", ": ", " by "]
            .iter()
            .find_map(|joint| rest.split_once(joint))
            .map_or((rest, None), |(way, who)| (way, Some(who)));
        let to = [" possible", " allowed", " too"].iter().find_map(|end| way.strip_suffix(end)).unwrap_or(way);
        let plain = to.split(' ').count() <= 2 && to.chars().all(|c| c.is_alphabetic() || c == ' ');
        let (from, to) = (self.state(from)?, self.state(to).or_else(|| Some(to.to_owned()).filter(|_| plain))?);
        let one = &self.of.name;
        let mut sentences = vec![format!("{} {from} {one} can be {to}", article(&from))];
        if let Some(who) = who {
            let who = self.people(who).or_else(|| alone(who))?;
            sentences.push(self.only(&who, &Deed::Move { from: Some(from), to })?);
        }
        Some(sentences)
    }

    /// Who alone may do it, as a sentence.
    pub(super) fn only(&self, who: &str, deed: &Deed) -> Option<String> {
        let (one, many) = (&self.of.name, &self.of.plural);
        // "receive: courier" of samples that are received when they are entered.
        let begins = |to: &String| {
            crate::verbs::begins_as(self.engine.lexicon, &self.of.key).as_ref() == Some(to)
                && !self.of.flow.transitions.iter().any(|(_, there, _)| there == to)
        };
        Some(match deed {
            Deed::Make => format!("Only {who} may create {many}"),
            Deed::Move { from: None, to } if begins(to) => format!("Only {who} may create {many}"),
            Deed::Change => format!("Only {who} may change {many}"),
            Deed::Delete => format!("Only {who} may delete {many}"),
            Deed::Move { from: Some(from), to } => {
                format!("Only {who} may move {} {one} from {from} to {to}", article(one))
            }
            Deed::Move { from: None, to } => format!("Only {who} may move {} {one} to {to}", article(one)),
            Deed::Other(_) => return None,
        })
    }

    /// "shop staff or owner", "owner only": people that the epic names, as a list.
    pub(super) fn people(&self, text: &str) -> Option<String> {
        let text = text.trim().trim_start_matches("only ");
        let text = text.strip_suffix(" only").unwrap_or(text);
        let known = |name: &&str| {
            let words = name_words(&one_role(name));
            self.engine.lexicon.roles.iter().any(|role| name_words(role) == words)
        };
        let names = listed(text);
        (!names.is_empty() && names.iter().all(known)).then(|| names.join(" or "))
    }
}

/// "warden only": whoever it is, nobody else.
fn alone(text: &str) -> Option<String> {
    let who = text.trim().strip_suffix(" only")?;
    let plain = |name: &&str| {
        // "return: undamaged only" tells of what is returned.
        let how = crate::verbs::is_participle(name) || ["complete", "empty", "full", "clean"].contains(name);
        !how && name.split(' ').count() <= 3 && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
    };
    let names = listed(who);
    const NOT: &[&str] = &[
        "digits",
        "letters",
        "numbers",
        "text",
        "read",
        "once",
        "whole",
        "positive",
        "weekdays",
        "working",
        "on",
        "in",
        "at",
        "by",
        "during",
        "before",
        "after",
        "from",
        "with",
        "per",
        "within",
        "if",
        "when",
        "while",
        "for",
        "monday",
        "mondays",
        "tuesday",
        "tuesdays",
        "wednesday",
        "wednesdays",
        "thursday",
        "thursdays",
        "friday",
        "fridays",
        "saturday",
        "saturdays",
        "sunday",
        "sundays",
        "weekends",
        "mornings",
        "evenings",
        "online",
        "phone",
        "cash",
    ];
    let people = names.iter().all(plain) && !names.iter().any(|name| name.split(' ').any(|word| NOT.contains(&word)));
    (!names.is_empty() && people).then(|| names.join(" or "))
}

pub(super) fn article(name: &str) -> &'static str {
    if name.starts_with(['a', 'e', 'i', 'o', 'u']) { "an" } else { "a" }
}
