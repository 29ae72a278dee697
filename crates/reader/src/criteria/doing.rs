//! Criteria that begin with what is done: `Approving a permit as an employee is refused`.

use super::facts::Facts;
use super::scenario::ordinal;
use super::{Steps, contrary, dates, judge, refused, split};
use crate::effect::Effect;
use crate::engine::Engine;
use crate::normal;
use maestro_artifacts::RuleKind;
use maestro_domain::Statement;

/// What comes of it, as it stands behind the deed.
const REFUSED: &[&str] = &[
    "is refused",
    "is rejected",
    "is denied",
    "is declined",
    "is forbidden",
    "is prevented",
    "is blocked",
    "is not possible",
    "is not allowed",
    "is not permitted",
    "is impossible",
    "fails",
    "must fail",
    "must be refused",
    "must be rejected",
    "results in an error",
    "leads to an error",
    "gives an error",
    "returns an error",
];

const TAKEN: &[&str] = &["succeeds", "works", "is accepted", "is allowed", "is possible", "is permitted", "is fine"];

/// Whether a sentence begins with what is done and ends with what comes of it.
pub(crate) fn by_doing(text: &str) -> bool {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    let doing = lower.split(' ').next().is_some_and(gerund);
    doing && REFUSED.iter().chain(TAKEN).any(|end| told(&lower, end).is_some())
}

fn gerund(word: &str) -> bool {
    const OTHERS: &[&str] = &[
        "nothing",
        "anything",
        "something",
        "everything",
        "during",
        "following",
        "existing",
        "missing",
        "pending",
        "morning",
        "evening",
        "string",
        "spring",
    ];
    // "Nothing else is possible"
    !OTHERS.contains(&word) && word.len() > 5 && word.ends_with("ing") && word.chars().all(char::is_alphabetic)
}

/// What stands before such an end, and behind it: `... is rejected with a conflict`.
fn told<'t>(lower: &'t str, end: &str) -> Option<&'t str> {
    let (deed, behind) = lower.rsplit_once(&format!(" {end}"))?;
    (behind.is_empty() || behind.starts_with(" with ") || behind.starts_with(" because ")).then_some(deed)
}

/// "Approving a permit as an employee is refused; approving it as a manager succeeds": two examples, each by itself.
pub(super) fn apart(text: &str) -> Option<Vec<String>> {
    let body = text.trim().trim_end_matches('.');
    ["; ", ", but ", ", while ", ", whereas ", " but ", ", ", " and "].iter().find_map(|joint| {
        let (first, second) = body.split_once(joint)?;
        (by_doing(first) && by_doing(second)).then_some(())?;
        let (_, deed) = first.split_once(' ')?;
        let of = [" as ", " without ", " with ", " by ", " is "].iter().filter_map(|end| deed.find(end)).min()?;
        let records = deed.get(..of)?;
        // "Approving it", "deleting a requested one"
        let second = match second.split_once(" one ").filter(|(before, _)| before.contains(' ')) {
            Some((before, after)) => {
                let words: Vec<&str> = records.split(' ').collect();
                let noun = words.get(if words.len() > 2 { 2.. } else { 1.. }).filter(|noun| !noun.is_empty())?;
                format!("{before} {} {after}", noun.join(" "))
            }
            None => [" it ", " them ", " one "]
                .iter()
                .fold(second.to_owned(), |told, pronoun| told.replacen(pronoun, &format!(" {records} "), 1)),
        };
        Some(vec![first.to_owned(), second])
    })
}

/// The same as steps, where it says who does it: "When an employee tries to approve a permit, then it is refused".
pub(super) fn in_steps(text: &str) -> Option<String> {
    let body = text.trim().trim_end_matches('.');
    by_doing(body).then_some(())?;
    let refused = REFUSED.iter().find_map(|end| told(body, end));
    let (deed, outcome) = match refused {
        Some(deed) => (deed, "refused"),
        None => (TAKEN.iter().find_map(|end| told(body, end))?, "accepted"),
    };
    let (deed, role) = [" as a ", " as an "].iter().find_map(|lead| {
        let (deed, role) = deed.rsplit_once(lead)?;
        Some((deed, format!("{} {role}", lead.trim_start_matches(" as ").trim_end())))
    })?;
    let (verb, records) = deed.split_once(' ')?;
    let verb = base(&verb.to_lowercase())?;
    Some(format!("When {role} tries to {verb} {records}, then it is {outcome}"))
}

/// The same as steps, whoever does it: "When someone tries to book a boat for 5 guests, then it is refused".
fn by_anybody(text: &str) -> Option<String> {
    let body = text.trim().trim_end_matches('.');
    by_doing(body).then_some(())?;
    let (deed, outcome) = match REFUSED.iter().find_map(|end| told(body, end)) {
        Some(deed) => (deed, "refused"),
        None => (TAKEN.iter().find_map(|end| told(body, end))?, "accepted"),
    };
    let (verb, records) = deed.split_once(' ')?;
    let verb = base(&verb.to_lowercase())?;
    Some(format!("When someone tries to {verb} {records}, then it is {outcome}"))
}

/// "When a boat has charters, the deletion is refused": what is done stands in the outcome.
fn by_name(text: &str) -> Option<String> {
    const DEEDS: &[(&str, &str)] = &[
        ("deletion", "deleted"),
        ("removal", "deleted"),
        ("change", "changed"),
        ("update", "changed"),
        ("edit", "changed"),
        ("cancellation", "cancelled"),
        ("confirmation", "confirmed"),
        ("approval", "approved"),
        ("rejection", "rejected"),
        ("closure", "closed"),
    ];
    let rest = ["When ", "If "].iter().find_map(|lead| text.trim().strip_prefix(lead))?;
    let (given, outcome) = rest.split_once(", ")?;
    let outcome = outcome.strip_prefix("then ").unwrap_or(outcome);
    let outcome = ["the ", "its ", "a "].iter().find_map(|article| outcome.strip_prefix(article))?;
    let (name, verdict) = outcome.split_once(' ')?;
    let (_, done) = DEEDS.iter().find(|(deed, _)| *deed == name)?;
    let verdict = verdict.trim_end_matches('.');
    REFUSED.iter().any(|end| verdict == *end || verdict.starts_with(&format!("{end} and "))).then_some(())?;
    Some(format!("Given {given}, when it is {done}, then it {verdict}"))
}

fn stepped(text: &str) -> Option<String> {
    in_steps(text).or_else(|| by_anybody(text)).or_else(|| by_name(text))
}

fn steps(engine: &Engine<'_>, told: &str) -> Option<Steps> {
    let [(given, when, then)] = split(&dates::in_digits(told)).try_into().ok()?;
    Some(Steps {
        given: normal::normalise(&given, engine.lexicon),
        when: normal::normalise(&when, engine.lexicon),
        then: normal::normalise(&then, engine.lexicon),
        texts: [given, when, then],
        ..Steps::default()
    })
}

/// "Deleting a boat as a clerk is forbidden", "a clerk who tries to confirm a charter gets a 403": what the role cannot do.
/// "When a user without the role harbour master declines a charter, then it is forbidden": who alone can.
pub(super) fn who_may(text: &str) -> Option<String> {
    const ANSWERS: &[&str] = &[
        " gets a 403",
        " gets an error",
        " is refused",
        " is rejected",
        " gets a 403 error",
        " receives a 403",
        " is denied access",
    ];
    const TRIES: &[&str] = &[" who tries to ", " who attempts to ", " trying to "];
    const WITHOUT: &[&str] =
        &["When a user without the role ", "When someone without the role ", "When somebody without the role "];
    const THEN: &[&str] = &[
        ", then it is forbidden",
        ", then it is refused",
        ", then this is refused",
        ", then access is denied",
        ", then this is forbidden",
        ", then they are refused",
        ", it is forbidden",
        ", it is refused",
        ", access is denied",
    ];
    let body = text.trim().trim_end_matches('.');
    let named = |role: &str| {
        let words = role.split(' ').count();
        words <= 3 && role.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
    };
    if let Some(told) = in_steps(body) {
        let (who, deed) = told.strip_prefix("When ")?.split_once(" tries to ")?;
        let deed = deed.strip_suffix(", then it is refused")?;
        return Some(format!("{} cannot {deed}.", capital(who)?));
    }
    if let Some(told) = ANSWERS.iter().find_map(|answer| body.strip_suffix(answer)) {
        let (who, deed) = TRIES.iter().find_map(|tries| told.split_once(tries))?;
        let role = ["A ", "An "].iter().find_map(|article| who.strip_prefix(article))?;
        return named(role).then(|| format!("{who} cannot {deed}."));
    }
    let rest = WITHOUT.iter().find_map(|lead| body.strip_prefix(lead))?;
    let rest = THEN.iter().find_map(|end| rest.strip_suffix(end))?;
    // "Harbour master declines a charter", "harbour master tries to decline a charter"
    let words: Vec<&str> = rest.split(' ').collect();
    let at = (1..words.len().min(4)).find(|at| words.get(*at).is_some_and(|verb| verb.ends_with('s')))?;
    let (role, verb, deed) = (words.get(..at)?.join(" "), words.get(at)?, words.get(at + 1..)?.join(" "));
    let deed = match deed.strip_prefix("to ").filter(|_| matches!(*verb, "tries" | "attempts" | "wants")) {
        Some(deed) => deed.to_owned(),
        None => format!("{} {deed}", crate::lexicon::lemma(verb)),
    };
    named(&role).then(|| format!("Only a {role} can {deed}."))
}

/// "The list of loans exported as CSV has one line per loan": what is done, and what comes of it.
pub(super) fn exported(text: &str) -> Option<String> {
    const LEADS: &[(&str, &str)] = &[
        ("The list of ", " exported as CSV "),
        ("A list of ", " exported as CSV "),
        ("The CSV export of the ", " "),
        ("The CSV export of ", " "),
        ("The CSV file of the ", " "),
        ("The CSV file of ", " "),
    ];
    let (records, told) = LEADS.iter().find_map(|(lead, joint)| text.strip_prefix(lead)?.split_once(joint))?;
    let verb = told.split(' ').next()?;
    matches!(verb, "has" | "contains" | "holds" | "starts" | "begins")
        .then(|| format!("When {records} are exported as CSV, then the file {told}"))
}

fn capital(text: &str) -> Option<String> {
    let first = text.chars().next()?;
    Some(format!("{}{}", first.to_uppercase(), text.get(first.len_utf8()..)?))
}

/// What such a criterion shows of the rules that the epic states, whoever does it; `None` where it may state one itself.
pub(super) fn shown(
    engine: &Engine<'_>,
    text: &str,
    rules: &[RuleKind],
    story: Option<&Statement>,
) -> Option<Result<Vec<Effect>, String>> {
    in_steps(text).is_none().then_some(())?;
    let told = by_anybody(text).or_else(|| by_name(text))?;
    let steps = steps(engine, &told)?;
    let facts = Facts::of(engine, &steps, story);
    if told.ends_with("accepted") {
        if contrary::refuses(engine, &facts, &steps, rules) || refused::shown(engine, &facts, &steps, rules).is_some() {
            return Some(Err("a rule of the epic refuses this".to_owned()));
        }
        return judge(engine, &steps, rules, story).ok().map(Ok);
    }
    refused::shown(engine, &facts, &steps, rules).map(Ok)
}

/// Such a criterion in steps, where the rules that were understood of it are those that refuse what they do: each figure
/// of it is an example then.
pub(crate) fn as_steps(engine: &Engine<'_>, text: &str, effects: &[Effect]) -> Option<Vec<String>> {
    let rules: Vec<RuleKind> = effects
        .iter()
        .filter_map(|effect| if let Effect::Rule(rule) = effect { Some(rule.clone()) } else { None })
        .collect();
    let parts = apart(text).unwrap_or_else(|| vec![text.to_owned()]);
    let told: Vec<String> = parts.iter().map(|part| stepped(part)).collect::<Option<_>>()?;
    let fits = |told: &String| {
        let Some(steps) = steps(engine, told) else { return false };
        let facts = Facts::of(engine, &steps, None);
        told.ends_with("accepted") || refused::shown(engine, &facts, &steps, &rules).is_some()
    };
    (told.iter().all(fits) && told.iter().any(|told| !told.ends_with("accepted"))).then_some(told)
}

/// "The 11th charter of a boat is refused": that many but one, and no more.
pub(crate) fn bounding(text: &str) -> Option<String> {
    let lower = text.trim().trim_end_matches('.').to_lowercase();
    let (records, _) = REFUSED.iter().find_map(|end| {
        let (records, behind) = lower.rsplit_once(&format!(" {end}"))?;
        behind.is_empty().then_some((records, end))
    })?;
    let rest = ["the ", "a ", "an "].iter().find_map(|article| records.strip_prefix(article))?;
    let (nth, rest) = rest.split_once(' ')?;
    let most = ordinal(nth)?.checked_sub(1).filter(|most| *most > 0)?;
    let (child, parent) = [" of ", " for ", " in ", " on ", " by "].iter().find_map(|joint| rest.split_once(joint))?;
    let parent = ["the same ", "one ", "a ", "an ", "the ", "each ", "any "]
        .iter()
        .find_map(|article| parent.strip_prefix(article))?;
    let plain =
        |name: &str| name.split(' ').count() <= 3 && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    (plain(child) && plain(parent)).then(|| match most {
        1 => format!("Each {parent} can have at most one {child}."),
        _ => format!("Each {parent} can have at most {most} {child}s."),
    })
}

/// `approve` of `approving`, `cancel` of `cancelling`.
fn base(gerund: &str) -> Option<String> {
    let stem = gerund.strip_suffix("ing")?;
    let mut ends = stem.chars().rev();
    let (last, before) = (ends.next()?, ends.next()?);
    let single = stem.get(..stem.len() - last.len_utf8())?.to_owned();
    // "Declining", "scheduling": told from "returning" and "cancelling" by nothing but the word.
    const WITH_E: &[&str] = &[
        "declin", "retir", "resum", "decid", "enabl", "disabl", "schedul", "stor", "combin", "assum", "mak", "tak",
        "fil", "chang", "arrang", "explor", "hir", "shar", "prepar", "rat", "not", "promot", "quot", "invit", "writ",
    ];
    let ends = |tails: &[&str]| tails.iter().any(|tail| stem.ends_with(tail));
    let with_e = WITH_E.contains(&stem)
        || matches!(last, 'v' | 'c' | 'u' | 'z')
        || last == 's' && before != 's'
        || ends(&["at", "let", "ut", "rg", "dg"]);
    Some(match last == before && !"aeiousl".contains(last) || ends(&["cell", "avell"]) {
        true => single,
        false if with_e => format!("{stem}e"),
        false => stem.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_does_it_is_told_in_steps() {
        assert_eq!(
            in_steps("Approving a permit as an employee is refused.").as_deref(),
            Some("When an employee tries to approve a permit, then it is refused")
        );
        assert_eq!(
            in_steps("Cancelling a booked ride as a driver succeeds").as_deref(),
            Some("When a driver tries to cancel a booked ride, then it is accepted")
        );
        for same in
            ["Rejecting a permit without a reason is refused.", "Parking as a guest is dear.", "A ring is lost."]
        {
            assert_eq!(in_steps(same), None, "{same}");
        }
    }

    #[test]
    fn who_may_is_told_of_all() {
        for (told, rule) in [
            ("Deleting a boat as a clerk is forbidden.", Some("A clerk cannot delete a boat.")),
            ("A clerk who tries to confirm a charter gets a 403.", Some("A clerk cannot confirm a charter.")),
            (
                "When a user without the role harbour master declines a charter, then it is forbidden.",
                Some("Only a harbour master can decline a charter."),
            ),
            ("Deleting a boat as a clerk succeeds.", None),
            ("A charter without a boat is refused.", None),
        ] {
            assert_eq!(who_may(told).as_deref(), rule, "{told}");
        }
    }

    #[test]
    fn nothing_is_done_by_nothing() {
        assert!(by_doing("Booking a boat for 5 guests is refused."));
        for other in ["Nothing else is possible.", "Everything else is allowed.", "A booking is refused."] {
            assert!(!by_doing(other), "{other}");
        }
    }

    #[test]
    fn what_is_done_is_told_in_steps() {
        assert_eq!(
            by_anybody("Deleting a confirmed charter is rejected.").as_deref(),
            Some("When someone tries to delete a confirmed charter, then it is refused")
        );
        assert_eq!(
            by_name("When a boat has charters, the deletion is refused and the boat remains in the list.").as_deref(),
            Some("Given a boat has charters, when it is deleted, then it is refused and the boat remains in the list")
        );
        assert_eq!(by_name("When a boat has charters, the change is saved."), None);
    }

    #[test]
    fn the_first_too_many_tells_how_many() {
        assert_eq!(
            bounding("The 11th charter of a boat is rejected.").as_deref(),
            Some("Each boat can have at most 10 charters.")
        );
        assert_eq!(bounding("The first charter of a boat is rejected."), None);
        assert_eq!(bounding("The 11th charter of a boat is confirmed."), None);
    }

    #[test]
    fn examples_stand_apart() {
        assert_eq!(
            apart("Deleting a confirmed charter is rejected; deleting a requested one succeeds.").unwrap(),
            ["Deleting a confirmed charter is rejected", "deleting a requested charter succeeds"]
        );
        assert_eq!(
            apart("Approving a permit as an employee is refused; approving it as a manager succeeds.").unwrap(),
            ["Approving a permit as an employee is refused", "approving a permit as a manager succeeds"]
        );
        assert_eq!(apart("Approving a permit is refused, and a mail is sent."), None);
    }
}
