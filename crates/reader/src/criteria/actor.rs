//! Who does it, told where it is done: "given a mechanic, when they create a rack".

use crate::lexicon::Lexicon;

/// What somebody is called of whom no more is told than who they are not.
const ANYBODY: &[&str] =
    &["user", "person", "colleague", "caller", "employee", "someone", "somebody", "anyone", "anybody"];

/// "Given a mechanic, when they create a rack", "given I am logged in as a mechanic, when I create a rack": who does it, told
/// where it is done.
pub(crate) fn acting(text: &str, lexicon: &Lexicon) -> Option<String> {
    let lower = text.to_lowercase();
    let rest = lower.strip_prefix("given ").filter(|_| lower.len() == text.len())?;
    let (given, when) = rest.split_once("when ")?;
    let given = given.trim().trim_end_matches(',').trim();
    let logged =
        ["i am ", "the user is ", "a user is ", "the caller is "].iter().find_map(|lead| given.strip_prefix(lead));
    let as_role = logged.map(|told| {
        ["logged in as ", "signed in as ", "acting as "].iter().find_map(|lead| told.strip_prefix(lead)).unwrap_or(told)
    });
    let who = as_role.unwrap_or(given);
    let who = match stranger(who, logged.is_some()) {
        Some(who) => who,
        None => {
            let name = ["a ", "an ", "the "].iter().find_map(|article| who.strip_prefix(article))?;
            (plain(name) && lexicon.find(name).is_none()).then(|| format!("a {name}"))?
        }
    };
    let (pronoun, done) = when.split_once(' ')?;
    let he = matches!(pronoun, "they" | "he" | "she") && logged.is_none() || pronoun == "i" && logged.is_some();
    if !he {
        return None;
    }
    let at = text.len() - done.len();
    let (verb, _) = done.split_once(' ')?;
    // A verb takes its `s` as a noun does.
    let third = match verb {
        _ if pronoun == "he" || pronoun == "she" => verb.to_owned(),
        "have" => "has".to_owned(),
        verb => crate::words::plural(verb),
    };
    Some(format!("When {who} {third}{}", text.get(at + verb.len()..)?))
}

fn plain(name: &str) -> bool {
    name.split(' ').count() <= 3 && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
}

/// "A user who is not a mechanic", "someone other than a mechanic", "I am not a mechanic": told by who they are not.
fn stranger(who: &str, logged: bool) -> Option<String> {
    const NOT: &[&str] =
        &["who is not a ", "who is not an ", "that is not a ", "that is not an ", "other than a ", "other than an "];
    let not = |told: &str| NOT.iter().any(|lead| told.strip_prefix(lead).is_some_and(plain));
    if logged {
        let told = format!("who is {who}");
        return not(&told).then(|| format!("a user {told}"));
    }
    let name = ["a ", "an "].iter().find_map(|article| who.strip_prefix(article)).unwrap_or(who);
    let (somebody, told) = name.split_once(' ')?;
    (ANYBODY.contains(&somebody) && not(told)).then(|| who.to_owned())
}
