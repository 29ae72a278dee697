//! Sentences about records and their fields in the order that is usual: `a visit is of one of the following kinds: check-up,
//! surgery`, `there is also a record for keys: a key has ...`, `the building's postcode is a five-digit number`.

use crate::lexicon::Lexicon;
use crate::words::singular;

/// The sentence in the usual order; `None` where it stands so already.
pub(crate) fn plain(text: &str) -> Option<String> {
    of_kinds(text)
        .or_else(|| announced(text))
        .or_else(|| at_first(text))
        .or_else(|| stated(text))
        .or_else(|| added(text))
        .or_else(|| chosen(text))
        .or_else(|| on_one(text))
        .or_else(|| optional(text))
}

/// "A parcel is made for one household on one pick-up date": on a date of its own.
fn on_one(text: &str) -> Option<String> {
    let (head, tail) = text.split_once(" on one ")?;
    let words: Vec<&str> = tail.trim_end_matches('.').split(' ').take(3).collect();
    let dated = words.iter().any(|word| matches!(*word, "date" | "day"));
    let said = [" is ", " are "].iter().any(|be| head.contains(be)) && head.contains(" for one ");
    (dated && said).then(|| format!("{head} on a {tail}"))
}

/// "A household has dietary needs: none, halal or vegetarian": one of them.
fn chosen(text: &str) -> Option<String> {
    const OTHER: &[&str] =
        &["the", "following", "fields", "field", "these", "several", "a", "an", "its", "at", "one", "two", "and"];
    let (head, values) = text.trim().trim_end_matches('.').split_once(": ")?;
    let (subject, name) = head.split_once(" has ")?;
    let (article, record) = subject.split_once(' ')?;
    let one =
        matches!(article.to_lowercase().as_str(), "a" | "an" | "each" | "every") && record.split(' ').count() <= 3;
    let words: Vec<&str> = name.split(' ').collect();
    let plain = (1..=3).contains(&words.len())
        && words.iter().all(|word| word.chars().all(|c| c.is_alphabetic() || c == '-') && !OTHER.contains(word));
    let (before, last) = values.rsplit_once(" or ")?;
    let listed = before.split(", ").chain([last]).all(|value| {
        value.split(' ').count() <= 3 && value.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'))
    });
    (one && plain && listed && before.contains(", ")).then(|| format!("{subject} has {name} (one of {values})"))
}

/// "Remarks of up to 2000 characters may be added to a loan": a loan may have them.
fn added(text: &str) -> Option<String> {
    const MAY: &[&str] =
        &[" may be added to ", " can be added to ", " may be attached to ", " may optionally be added to "];
    let (what, whom) = MAY.iter().find_map(|may| text.split_once(may))?;
    let whom = whom.trim_end_matches('.');
    let (article, name) = whom.split_once(' ')?;
    let one = matches!(article, "a" | "an" | "each" | "every" | "any");
    // What has a length is a text; anything else may be a record of its own.
    let text = what.contains(" characters") && (what.contains(" of up to ") || what.contains(" of at most "));
    let mut first = what.chars();
    let what: String = first.next()?.to_lowercase().chain(first).collect();
    (one && text && name.split(' ').count() <= 3).then(|| format!("A {name} may have {what}"))
}

/// "The shade is optional and is one of A1, A2 or B1": nothing demands it.
fn optional(text: &str) -> Option<String> {
    let (head, rest) =
        [" is optional and is ", " is optional, and is ", " is optional and it is ", " is optional; it is "]
            .iter()
            .find_map(|joint| text.split_once(joint))?;
    let kind = ["one of ", "a ", "an ", "either "].iter().any(|kind| rest.starts_with(kind));
    (kind && head.split(' ').count() <= 5).then(|| format!("{head} is {rest}"))
}

/// "Each order line states the product and the quantity", "... and shall state the agreed value": what it has.
fn stated(text: &str) -> Option<String> {
    const STATES: &[&str] = &[
        " states the ",
        " states its ",
        " states a ",
        " states an ",
        " shall state the ",
        " shall state its ",
        " shall state a ",
        " must state the ",
        " must state its ",
        " must state a ",
        " should state the ",
        " shall give the ",
        " shall show the ",
    ];
    let (article, rest) = text.trim_start().split_once(' ')?;
    let one = matches!(article.to_lowercase().as_str(), "a" | "an" | "each" | "every");
    // "A clerk states the reason when ..." does something.
    let plain = [" when ", " if ", " before ", " once ", " for each "].iter().all(|word| !rest.contains(word));
    let (head, told) = STATES.iter().find_map(|states| text.split_once(states))?;
    (one && plain && told.contains(" and ")).then(|| format!("{head} has the {told}"))
}

/// "A visit is of one of the following kinds: check-up, surgery": its kind is one of them.
fn of_kinds(text: &str) -> Option<String> {
    const JOINTS: &[&str] = &[
        " is of one of the following ",
        " is one of the following ",
        " can be of one of the following ",
        " can be one of the following ",
        " is of one of these ",
        " has one of the following ",
        " belongs to one of the following ",
        " falls into one of the following ",
    ];
    const KINDS: &[(&str, &str)] =
        &[("kinds", "kind"), ("types", "type"), ("categories", "category"), ("sorts", "sort"), ("classes", "class")];
    let (head, rest) = JOINTS.iter().find_map(|joint| text.split_once(joint))?;
    let (kinds, values) = rest.split_once(':')?;
    let (_, kind) = KINDS.iter().find(|(many, _)| kinds.trim() == *many)?;
    let (article, name) = head.trim().split_once(' ')?;
    let one = matches!(article.to_lowercase().as_str(), "a" | "an" | "each" | "every");
    let plain = name.split(' ').count() <= 3 && name.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    (one && plain).then(|| format!("The {kind} of a {name} is one of {}", values.trim()))
}

/// "There is also a record for keys: a key has a number": what stands behind the mark is told whole.
fn announced(text: &str) -> Option<String> {
    const LEADS: &[&str] = &[
        "there is also a record for ",
        "there is a record for ",
        "there is also a record of ",
        "there are also ",
        "there are ",
        "we also keep ",
        "we also record ",
        "we also have ",
    ];
    let lower = text.trim_start().to_lowercase();
    let rest = LEADS.iter().find_map(|lead| lower.strip_prefix(lead))?;
    let (many, _) = rest.split_once(": ")?;
    let (_, told) = text.split_once(": ")?;
    let one = singular(many.trim());
    let begins = ["a ", "an ", "each ", "every "].iter().any(|article| {
        told.to_lowercase()
            .strip_prefix(article)
            .is_some_and(|rest| rest.strip_prefix(&one).is_some_and(|rest| rest.starts_with(' ')))
    });
    (begins && many.split(' ').count() <= 2).then(|| told.to_owned())
}

/// "A new lease has a notice period of three months by default": what it is where nothing else is said.
fn at_first(text: &str) -> Option<String> {
    let told = text.trim().trim_end_matches('.').strip_suffix(" by default")?;
    let (head, rest) = told.split_once(" has a ").or_else(|| told.split_once(" has an "))?;
    let (field, value) = rest.split_once(" of ")?;
    let (article, name) = head.split_once(' ')?;
    let name = name.strip_prefix("new ").unwrap_or(name);
    let plain = |text: &str, most: usize| {
        text.split(' ').count() <= most && text.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-')
    };
    let counted = value.starts_with(|c: char| c.is_ascii_digit())
        || value.split(' ').next().is_some_and(|first| first == "one" || crate::normal::digits(first).is_some());
    let one = matches!(article.to_lowercase().as_str(), "a" | "an" | "each" | "every");
    (one && counted && plain(name, 3) && plain(field, 3))
        .then(|| format!("The {field} of a {name} is {value} unless stated otherwise"))
}

/// "The building's postcode is ..." of a building that has no such field yet, as "The postcode of a building is ...".
pub(crate) fn owned(text: &str, lexicon: &Lexicon) -> Option<String> {
    const VERBS: &[&str] =
        &[" is ", " must ", " has to ", " should ", " consists of ", " starts with ", " may ", " can "];
    let (owner, rest) = text.split_once("'s ").or_else(|| text.split_once("’s "))?;
    let (article, name) = owner.split_once(' ')?;
    let named = lexicon.find(name)?;
    let (at, _) = VERBS.iter().filter_map(|verb| Some((rest.find(verb)?, *verb))).min_by_key(|(at, _)| *at)?;
    let (field, said) = rest.split_at_checked(at)?;
    let new = named.find(field).is_none() && lexicon.find(field).is_none();
    let plain = field.split(' ').count() <= 3 && field.chars().all(|c| c.is_alphabetic() || c == ' ' || c == '-');
    let one = matches!(article.to_lowercase().as_str(), "a" | "an" | "the" | "each" | "every");
    (one && new && plain).then(|| format!("The {field} of a {}{said}", named.name))
}

/// "... is a five-digit number": it consists of five digits.
pub(crate) fn of_digits(text: &str) -> Option<String> {
    const VERBS: &[&str] = &[" is a ", " is always a ", " must be a ", " has to be a ", " should be a "];
    const WHATS: &[&str] = &["number", "code", "text", "string", "figure"];
    let (head, rest) = VERBS.iter().find_map(|verb| text.split_once(verb))?;
    let (count, behind) = rest.split_once("-digit ").or_else(|| rest.split_once(" digit "))?;
    let number = crate::normal::digits(count).is_some() || count.parse::<u8>().is_ok();
    let (what, rest) = behind.split_at_checked(behind.find([' ', '.', ',', ';', ')']).unwrap_or(behind.len()))?;
    (number && WHATS.contains(&what)).then(|| format!("{head} must consist of {count} digits{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_in_the_usual_order() {
        assert_eq!(
            plain("A visit is of one of the following kinds: check-up, surgery.").as_deref(),
            Some("The kind of a visit is one of check-up, surgery.")
        );
        assert_eq!(plain("A visit is one of the following: check-up, surgery."), None);
        assert_eq!(
            plain("There is also a record for keys: a key has a number.").as_deref(),
            Some("a key has a number.")
        );
        assert_eq!(plain("There are rules for keys: a lock has a number."), None);
        assert_eq!(
            of_digits("The postcode of a flat is a five-digit number.").as_deref(),
            Some("The postcode of a flat must consist of five digits.")
        );
        assert_eq!(of_digits("The price is a two-figure number."), None);
        assert_eq!(
            plain("Each order line states the product and the quantity.").as_deref(),
            Some("Each order line has the product and the quantity.")
        );
        assert_eq!(
            plain("A line shall refer to one order, and shall state the weight and the price.").as_deref(),
            Some("A line shall refer to one order, and has the weight and the price.")
        );
        assert_eq!(
            plain("Remarks of up to 2000 characters may be added to a loan.").as_deref(),
            Some("A loan may have remarks of up to 2000 characters")
        );
        assert_eq!(plain("Lines may be added to an order."), None);
        assert_eq!(
            plain("The shade is optional and is one of A1, A2 or B1.").as_deref(),
            Some("The shade is one of A1, A2 or B1.")
        );
        assert_eq!(plain("A clerk states the reason and the date when an order is refused."), None);
    }
}
