//! Criteria that begin with what is done: `Approving a permit as an employee is refused`.

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
    const OTHERS: &[&str] =
        &["nothing", "anything", "something", "everything", "during", "following", "existing", "missing", "pending"];
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
    ["; ", ", but ", ", while ", ", whereas ", " but ", ", "].iter().find_map(|joint| {
        let (first, second) = body.split_once(joint)?;
        (by_doing(first) && by_doing(second)).then_some(())?;
        let (_, deed) = first.split_once(' ')?;
        let of = [" as ", " without ", " with ", " by ", " is "].iter().filter_map(|end| deed.find(end)).min()?;
        let records = deed.get(..of)?;
        // "Approving it", "doing so"
        let second = [" it ", " them ", " one "]
            .iter()
            .fold(second.to_owned(), |told, pronoun| told.replacen(pronoun, &format!(" {records} "), 1));
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
    fn examples_stand_apart() {
        assert_eq!(
            apart("Approving a permit as an employee is refused; approving it as a manager succeeds.").unwrap(),
            ["Approving a permit as an employee is refused", "approving a permit as a manager succeeds"]
        );
        assert_eq!(apart("Approving a permit is refused, and a mail is sent."), None);
    }
}
