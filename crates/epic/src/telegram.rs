//! Rules in telegram style among the fields of a record, told from these: "delete only in draft", "close: baker", "max 15 lines
//! per order". What they demand is not known here; what matters is that no field is made of them.

use crate::block::Block;
use crate::{field_list, signal};

/// What is done to records.
const DEEDS: &[&str] = &[
    "accept",
    "accepting",
    "acceptance",
    "activate",
    "activating",
    "add",
    "adding",
    "approve",
    "approving",
    "approval",
    "archive",
    "archiving",
    "assign",
    "assigning",
    "block",
    "blocking",
    "book",
    "booking",
    "cancel",
    "cancelling",
    "cancellation",
    "change",
    "changing",
    "check in",
    "check out",
    "close",
    "closing",
    "complete",
    "completing",
    "confirm",
    "confirming",
    "confirmation",
    "create",
    "creating",
    "creation",
    "deactivate",
    "deactivating",
    "decline",
    "declining",
    "delete",
    "deleting",
    "deletion",
    "deliver",
    "delivering",
    "discard",
    "dispatch",
    "edit",
    "editing",
    "enter",
    "entering",
    "finish",
    "finishing",
    "hand out",
    "hand over",
    "issue",
    "issuing",
    "lock",
    "locking",
    "modify",
    "modifying",
    "open",
    "opening",
    "pay",
    "paying",
    "pick up",
    "postpone",
    "postponing",
    "publish",
    "publishing",
    "record",
    "recording",
    "register",
    "registering",
    "registration",
    "reject",
    "rejecting",
    "rejection",
    "release",
    "releasing",
    "remove",
    "removing",
    "removal",
    "reopen",
    "reopening",
    "restore",
    "restoring",
    "return",
    "returning",
    "revoke",
    "revoking",
    "revocation",
    "sell",
    "send",
    "sending",
    "settle",
    "settling",
    "ship",
    "shipping",
    "sign",
    "submit",
    "submitting",
    "submission",
    "suspend",
    "suspending",
    "take back",
    "unblock",
    "unlock",
    "update",
    "updating",
    "void",
    "withdraw",
    "withdrawing",
];
/// What stands between several of them.
const JOINTS: &[&str] = &["/", ",", "and", "or", "&", "+", "|"];
/// Behind a deed or a state these say what holds of it, whatever is noted.
const RULING: &[&str] = &[
    "only",
    "possible",
    "allowed",
    "permitted",
    "forbidden",
    "not",
    "never",
    "cannot",
    "needs",
    "need",
    "requires",
    "require",
    "while",
    "unless",
    "impossible",
    "locked",
    "frozen",
];
/// Behind a deed these say when or by whom, where a state or somebody is named.
const CIRCUMSTANCES: &[&str] = &["in", "from", "by", "until", "before", "after", "if", "when", "once", "as", "for"];
/// What cannot be changed.
const FAST: &[&str] = &["locked", "frozen", "final", "fixed", "closed", "immutable", "read", "no", "cannot", "not"];

/// The people that an epic names as such, and the states of the records of one list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Around {
    pub(crate) roles: Vec<String>,
    pub(crate) states: Vec<String>,
}

/// The people that a line such as "Users: clerk, baker" or a list below "Roles" names.
pub(crate) fn roles(blocks: &[Block]) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut below = false;
    for block in blocks {
        match block {
            Block::Heading { text, .. } => below = signal::purpose(text) == signal::Purpose::Roles,
            Block::Para { text, .. } => {
                below |= signal::purpose(text.trim().trim_end_matches(':')) == signal::Purpose::Roles;
                text.split('\n').for_each(|line| found.extend(listed(line)));
            }
            Block::List { items } => {
                for item in items {
                    found.extend(listed(&item.text));
                    let name = item.text.split([':', '–', '—', '(', ',']).next().unwrap_or_default();
                    found.extend(name.split(" - ").next().filter(|_| below).and_then(role));
                }
                below = false;
            }
            _ => below = false,
        }
    }
    found
}

fn listed(line: &str) -> Vec<String> {
    const WHO: &[&str] = &["users", "user", "roles", "role", "actors", "people", "personas", "participants"];
    let Some((lead, names)) = line.split_once(':') else { return Vec::new() };
    if !WHO.contains(&signal::plain(lead).trim_matches([' ', '*', '-'])) {
        return Vec::new();
    }
    names
        .trim()
        .trim_end_matches('.')
        .split([',', ';', '/'])
        .flat_map(|part| part.split(" and "))
        .filter_map(role)
        .collect()
}

fn role(name: &str) -> Option<String> {
    let lower = signal::plain(name.trim_matches([' ', '*']));
    let name = ["a ", "an ", "the "].iter().find_map(|article| lower.strip_prefix(article)).unwrap_or(&lower).trim();
    let plain = name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    (plain && (1..=3).contains(&name.split_whitespace().count())).then(|| name.to_owned())
}

/// The states that the fields of a record tell: "status: draft → sent → paid".
pub(crate) fn states<'t>(items: impl Iterator<Item = &'t str>) -> Vec<String> {
    let mut found = Vec::new();
    for item in items {
        let lower = signal::plain(item);
        let Some((name, values)) = lower.split_once([':', '(', '–', '—']) else { continue };
        if !["status", "state", "stage", "phase"].iter().any(|word| name.trim().ends_with(word)) {
            continue;
        }
        let values = values.trim_end_matches([')', '.']).replace("->", "→").replace("=>", "→");
        let values = values.split(['→', '/', ',', '|', ';']).flat_map(|part| part.split(" or ")).map(str::trim);
        let state = |value: &&str| {
            (1..=3).contains(&value.split(' ').count())
                && !value.is_empty()
                && value.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
                && !["required", "mandatory", "optional"].contains(value)
                && !["default", "starts", "initially", "one of"].iter().any(|lead| value.starts_with(lead))
        };
        found.extend(values.filter(state).map(str::to_owned));
    }
    found
}

impl Around {
    /// Whether a line that stands among fields says a rule.
    pub(crate) fn rules(&self, item: &str) -> bool {
        let lower = signal::plain(item);
        let lower = lower.trim().trim_end_matches(['.', ';']).replace('→', "->");
        bound(&lower)
            || barred(&lower)
            || compared(&lower)
            || needing(&lower)
            || self.fast(&lower)
            || self.done(&lower)
            || self.in_state(&lower)
            || self.by_whom(&lower)
            || self.of_people(&lower)
    }

    /// "picked up or cancelled = locked".
    fn fast(&self, lower: &str) -> bool {
        let Some((left, right)) = lower.split_once(" = ") else { return false };
        let first = right.split([' ', ',', '-']).next().unwrap_or_default();
        self.series(left, &|word| self.state(word)).is_some_and(str::is_empty)
            || FAST.contains(&first) && !left.contains([':', '('])
    }

    /// "create, edit, delete: owner only", "cancel possible from draft", "reopen (closed → open): owner only".
    fn done(&self, lower: &str) -> bool {
        let typed = field_list::typed(lower);
        let Some(rest) = self.series(lower, &|word| self.deed(word)) else { return false };
        let first = rest.split([' ', ':', ',', '(']).next().unwrap_or_default();
        if let Some(note) = rest.strip_prefix(':') {
            let note = note.split(';').next().unwrap_or_default().trim();
            let told = !note.is_empty() && !note.contains('/') && note.split(' ').count() <= 5;
            let measured = ["time", "hours", "minutes", "days", "eur", "euro", "euros"];
            let of_field =
                field_list::typed(&format!("x: {note}")) || measured.iter().any(|word| signal::has(note, word));
            return told && !of_field && !note.contains(|c: char| c.is_ascii_digit());
        }
        if let Some(rest) = rest.strip_prefix('(') {
            let (within, behind) = rest.split_once(')').unwrap_or((rest, ""));
            let ways =
                within.contains("->") || self.series(within, &|word| self.state(word)).is_some_and(str::is_empty);
            return ways || behind.strip_prefix(':').is_some_and(|note| self.people(note.trim()));
        }
        RULING.contains(&first)
            || CIRCUMSTANCES.contains(&first)
                && !typed
                && rest
                    .split_once(' ')
                    .is_some_and(|(_, rest)| rest.split(' ').any(|word| self.state(word)) || self.people(rest))
    }

    /// "baked: baker only", "picked up needs receipt no.", "cancelled cannot be reopened".
    fn in_state(&self, lower: &str) -> bool {
        // "start (running): skipper": what is done, with the state to which it leads.
        let glossed = lower.split_once(" (").is_some_and(|(head, rest)| {
            let Some((within, who)) = rest.split_once("):") else { return false };
            let who = who.split(';').next().unwrap_or_default();
            head.chars().all(|c| c.is_alphabetic() || c == ' ') && self.state(within.trim()) && self.people(who)
        });
        if glossed {
            return true;
        }
        let Some(rest) = self.series(lower, &|word| self.state(word)) else { return false };
        let first = rest.split([' ', ':', ',', '(']).next().unwrap_or_default();
        if rest.starts_with("->") {
            return true;
        }
        if let Some(note) = rest.strip_prefix(':') {
            let fast = note.trim().split([' ', ',', ';', '-']).next().is_some_and(|first| FAST.contains(&first));
            if fast && !field_list::typed(lower) && !note.contains('/') {
                return true;
            }
            return self.people(note.split(';').next().unwrap_or_default().trim())
                || note.trim_end().ends_with(" only");
        }
        RULING.contains(&first)
    }

    /// "entered by clerk or owner", "approved by baker only".
    fn by_whom(&self, lower: &str) -> bool {
        let Some((done, who)) = lower.split_once(" by ") else { return false };
        let participle = done.split(' ').count() <= 2 && (done.ends_with("ed") || ["made", "written"].contains(&done));
        let several = who.contains(" or ") || who.ends_with(" only");
        participle
            && !field_list::typed(lower)
            && (self.people(who) || self.roles.is_empty() && several && !who.contains([':', '(']))
    }

    /// "everyone else read only", "price changes: owner only".
    fn of_people(&self, lower: &str) -> bool {
        let all = ["everyone", "everybody", "nobody", "anyone", "anybody", "all others", "others"];
        let told = lower.split_once(':').is_some_and(|(head, note)| {
            let note = note.split(';').next().unwrap_or_default().trim();
            !head.contains('(') && note.strip_suffix(" only").is_some_and(|who| self.people(who))
        });
        told || all.iter().any(|who| lower.starts_with(&format!("{who} ")) || lower.starts_with(&format!("{who}:")))
    }

    fn deed(&self, word: &str) -> bool {
        // To bake leads to `baked`.
        let leads = |state: &String| {
            word.len() > 2
                && (*state == format!("{word}ed") || *state == format!("{word}d") || *state == format!("{word}led"))
        };
        DEEDS.contains(&word) || self.states.iter().any(leads)
    }

    fn state(&self, word: &str) -> bool {
        self.states.iter().any(|state| state == word)
    }

    /// Whether all of a text names people: "clerk or owner", "owner only".
    fn people(&self, text: &str) -> bool {
        let text = text.trim().trim_start_matches("only ");
        let text = text.strip_suffix(" only").unwrap_or(text).replace(" and ", ",").replace(" or ", ",");
        let role = |name: &str| {
            let name = name.trim();
            let name = ["a ", "an ", "the "].iter().find_map(|article| name.strip_prefix(article)).unwrap_or(name);
            self.roles.iter().any(|role| role == name || *role == format!("{name}s") || format!("{role}s") == name)
        };
        !text.is_empty() && text.split([',', '/']).all(role)
    }

    /// What stands behind one or several such words at the beginning; `None` where there is none.
    fn series<'t>(&self, text: &'t str, known: &dyn Fn(&str) -> bool) -> Option<&'t str> {
        let mut rest = text.trim_start();
        let mut any = false;
        loop {
            // The longest name first: "picked up", "hand out".
            let end = (1..=3).rev().find_map(|count| {
                let end = words_end(rest, count)?;
                let joined = rest.get(..end)?;
                known(joined).then_some(end)
            });
            let Some(end) = end else { return any.then_some(rest) };
            any = true;
            rest = rest.get(end..).unwrap_or_default().trim_start();
            let word = rest.split(' ').next().unwrap_or_default();
            let joint = JOINTS
                .iter()
                .find(|joint| rest.starts_with(**joint) && (word.len() == joint.len() || joint.len() == 1));
            let Some(joint) = joint else { return Some(rest) };
            let behind = rest.get(joint.len()..).unwrap_or_default().trim_start();
            let goes_on =
                (1..=3).any(|count| words_end(behind, count).and_then(|end| behind.get(..end)).is_some_and(known));
            if !goes_on {
                return Some(rest);
            }
            rest = behind;
        }
    }
}

/// Where the first so many words of a text end.
fn words_end(text: &str, count: usize) -> Option<usize> {
    let mut ends =
        text.char_indices().filter(|(_, c)| !c.is_alphanumeric() && *c != '-' && *c != '\'').map(|(at, _)| at);
    let mut end = 0;
    for at in 0..count {
        end = ends.next().unwrap_or(text.len());
        // Only blanks part the words of one name.
        if at + 1 < count && !text.get(end..).is_some_and(|rest| rest.starts_with(' ')) {
            return None;
        }
    }
    (end > 0).then_some(end)
}

/// "max 15 lines per order", "at most 3 open ones", "same product only once per order".
fn bound(lower: &str) -> bool {
    let figure = |rest: &str| {
        let first = rest.split(' ').next().unwrap_or_default();
        let word = ["one", "two", "three", "four", "five", "six", "ten", "twelve"].contains(&first);
        word || first.starts_with(|c: char| c.is_ascii_digit()) && rest.contains(' ')
    };
    const LEADS: &[&str] = &[
        "max ",
        "max. ",
        "maximum ",
        "min ",
        "min. ",
        "at most ",
        "at least ",
        "up to ",
        "no more than ",
        "not more than ",
    ];
    let same =
        lower.starts_with("same ") && [" only", " once", " not", " never"].iter().any(|word| lower.contains(word));
    same || lower.starts_with("no two ") || LEADS.iter().any(|lead| lower.strip_prefix(lead).is_some_and(figure))
}

/// "sum of pieces ≤ its capacity", "end > start": two things are compared, where "price ≥ 0" is a field and its bound.
fn compared(lower: &str) -> bool {
    let marks = ["≤", "≥", "<=", ">=", "<", ">"];
    let found = marks.iter().filter_map(|mark| lower.find(mark).map(|at| (at, mark.len()))).min();
    let Some((at, length)) = found.filter(|_| !lower.contains("->") && !lower.contains("=>")) else { return false };
    let (left, right) = (lower.get(..at).unwrap_or_default(), lower.get(at + length..).unwrap_or_default());
    !left.trim().is_empty()
        && !left.contains([':', '(', ',', '–', '='])
        && right.trim_start().starts_with(char::is_alphabetic)
}

/// "not for boats in repair", "never delete", "client not changeable after release".
fn barred(lower: &str) -> bool {
    const FIXED: &[&str] =
        &[" not changeable", " not editable", " not deletable", " cannot be ", " must not ", " never changes"];
    // What stands behind a mark is said of the field that is named in front of it.
    let head = lower.split([':', '(', '=', ',', '–', '—']).next().unwrap_or_default();
    let head = head.split(" - ").next().unwrap_or_default();
    let begins = ["not ", "never "].iter().any(|word| lower.starts_with(word)) && !field_list::typed(lower);
    begins || FIXED.iter().any(|words| head.contains(words))
}

/// "picked up needs receipt no."
fn needing(lower: &str) -> bool {
    let head = lower.split([':', '(', ',', '=']).next().unwrap_or_default();
    let at = [" needs ", " requires "].iter().find_map(|verb| head.find(verb));
    at.is_some_and(|at| at > 0 && !head.contains(" who ") && !head.contains(" that ")) && !field_list::typed(lower)
}

/// The fields that one line tells: "name (required), phone (required, unique)" has two, "pieces = a, total = b, both
/// calculated" as well.
pub(crate) fn fields(item: &str) -> Vec<String> {
    let one = || vec![item.to_owned()];
    let parts = crate::walk::lead::list_items(item);
    let noted = |part: &String| {
        part.ends_with(')') && part.contains(" (") && field_list::names(part) && !part.starts_with("and ")
    };
    let of_type = parts.iter().all(|part| field_list::typed(part));
    if parts.len() >= 2 && parts.iter().all(noted) && of_type && field_list::distinct(&parts) {
        return parts;
    }
    // "name: required, max 60; phone: required"
    let told: Vec<&str> = item.split("; ").collect();
    let named = |part: &&str| {
        let noted = part.split_once(": ").is_some_and(|(name, note)| {
            let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '.' | '(' | ')'));
            plain && name.split(' ').count() <= 4 && !note.trim().is_empty()
        });
        noted && field_list::names(part) && field_list::typed(part)
    };
    if told.len() >= 2 && told.iter().all(named) {
        return told.into_iter().map(str::to_owned).collect();
    }
    // What is said of both of them stands behind the last.
    let equal: Vec<&str> = item.split(", ").collect();
    let (equal, shared) = match equal.split_last() {
        Some((last, rest)) if last.starts_with("both ") || last.starts_with("all ") => {
            (rest, last.split_once(' ').map(|(_, said)| said))
        }
        _ => (equal.as_slice(), None),
    };
    let worked_out = |part: &&str| {
        part.split_once(" = ").is_some_and(|(name, rest)| {
            name.split(' ').count() <= 3
                && name.chars().all(|c| c.is_alphabetic() || c == ' ')
                && !rest.trim().is_empty()
        })
    };
    if equal.len() >= 2 && equal.iter().all(worked_out) {
        let shared = shared.map_or_else(String::new, |said| format!(", {said}"));
        return equal.iter().map(|part| format!("{part}{shared}")).collect();
    }
    one()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop() -> Around {
        let roles = ["clerk", "head of sales"].map(str::to_owned).to_vec();
        Around { roles, states: states(["status: draft → sent → handed over, draft at first"].into_iter()) }
    }

    #[test]
    fn rules_in_telegram_style_are_no_fields() {
        for line in [
            "create, edit, delete: clerk only",
            "send: clerk",
            "reopen (sent → draft): head of sales",
            "send and hand over (handed over): clerk; sent: head of sales only",
            "sent: clerk",
            "handed over needs signature",
            "cancel possible from draft or sent",
            "sent or handed over = locked, no changes any more",
            "delete only in draft",
            "entered by clerk or head of sales",
            "same article only once per sale",
            "max 12 items per sale",
            "sum of weights of all sales of a tour ≤ its load",
            "end date > start date",
            "add / change / delete only while sale is draft",
            "settle up (sent): clerk",
            "draft → sent possible, clerk",
            "sent: no more changes",
            "not for sales abroad",
            "buyer not changeable after sent",
            "everyone else read only",
        ] {
            assert!(shop().rules(line), "{line}");
        }
    }

    #[test]
    fn fields_that_look_alike_stay_fields() {
        for line in [
            "close: time, required",
            "open (yes/no)",
            "return date: date",
            "change number: integer",
            "sent: yes/no, default no",
            "max participants: whole number",
            "min. age (integer)",
            "price ≥ 0",
            "line total = quantity × unit price, read only",
            "approved by (text)",
            "booking: reference to booking",
            "return: single / double",
            "needs repair (yes/no)",
            "same-day delivery (yes/no)",
            "delivery note",
            "release: 1.0 or later",
            "status: draft → sent",
            "not before (date)",
            "stock (sent): whole number",
        ] {
            assert!(!shop().rules(line), "{line}");
        }
    }

    #[test]
    fn several_fields_in_one_line_are_several() {
        assert_eq!(
            fields("name (required, max 80), phone (required, unique), e-mail (optional)"),
            ["name (required, max 80)", "phone (required, unique)", "e-mail (optional)"]
        );
        assert_eq!(
            fields("weight = sum of item weights, value = sum of item values, both calculated"),
            ["weight = sum of item weights, calculated", "value = sum of item values, calculated"]
        );
        assert_eq!(fields("name: required, max 60; phone: required"), ["name: required, max 60", "phone: required"]);
        for one in [
            "remark: text; kept for a year",
            "price (EUR), required",
            "size (small, large), colour",
            "code (text), stock (required) and counted",
        ] {
            assert_eq!(fields(one), [one]);
        }
    }

    #[test]
    fn people_are_named_by_a_line_or_a_list() {
        let para = |text: &str| Block::Para { text: text.to_owned(), line: 1 };
        assert_eq!(roles(&[para("Users: shop staff, baker and owner")]), ["shop staff", "baker", "owner"]);
        assert!(roles(&[para("Goal: fewer slips, happy owner")]).is_empty());
    }
}
