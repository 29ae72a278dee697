//! How people write letters: habits that give a reason, favours that are asked, and what is nice to have.

/// The sentence as a demand; `None` where it is one already.
pub(crate) fn plain(text: &str) -> Option<String> {
    let told = behind_habit(text);
    let rest = told.unwrap_or(text);
    let more = favour(rest).or_else(|| all_needed(rest)).or_else(|| without_others(rest));
    more.or_else(|| told.map(crate::words::capitalised))
}

/// "Now and then we have to ban somebody, so a guest can be marked as banned": what happens sometimes obliges nobody.
fn behind_habit(text: &str) -> Option<&str> {
    const HABITS: &[&str] = &[
        "Now and then ",
        "Every now and then ",
        "From time to time ",
        "Sometimes ",
        "Occasionally ",
        "Once in a while ",
        "It happens that ",
        "It may happen that ",
        "It can happen that ",
    ];
    HABITS.iter().any(|habit| text.starts_with(habit)).then_some(())?;
    let (_, rest) = text.split_once(", so that ").is_none().then(|| text.split_once(", so "))??;
    // A demand by itself, and no second half of the first.
    let demands = [" can be ", " may be ", " must ", " cannot ", " has a ", " have a ", "let us "];
    // "Sometimes a booking is made by phone, so it must have a number": of those alone.
    let whose = rest.split(' ').next().unwrap_or_default();
    let pronoun = ["it", "they", "he", "she", "this", "these", "that", "those"].contains(&whose);
    (!pronoun && demands.iter().any(|demand| rest.contains(demand))).then_some(rest)
}

/// "Please let us mark a pitch as closed": a pitch can be marked so.
fn favour(text: &str) -> Option<String> {
    const ASKING: &[&str] =
        &["Please let us mark ", "please let us mark ", "Let us mark ", "let us mark ", "We want to mark "];
    let rest = ASKING.iter().find_map(|ask| text.strip_prefix(ask))?;
    let (what, so) = rest.split_once(" as ")?;
    (what.split(' ').count() <= 3 && ["a ", "an "].iter().any(|article| what.starts_with(article)))
        .then(|| format!("{} can be marked as {so}", crate::words::capitalised(what)))
}

/// "..., a quantity and a unit price; we need all of them": all of them are required.
fn all_needed(text: &str) -> Option<String> {
    const NEEDED: &[&str] = &[
        "we need all of them",
        "we need all of these",
        "we need them all",
        "we always need all of them",
        "I need all of them",
        "we need every one of them",
    ];
    let told = text.trim_end_matches('.');
    let head = NEEDED.iter().find_map(|needed| told.strip_suffix(needed))?;
    let head = ["; ", ", and ", " – "].iter().find_map(|joint| head.strip_suffix(joint))?;
    Some(format!("{head}; all of them are required."))
}

/// "The name is needed; the other two are nice to have": nothing demands these.
fn without_others(text: &str) -> Option<String> {
    let (head, tail) = [";", ","].iter().find_map(|mark| text.split_once(&format!("{mark} the other")))?;
    let tail = tail.trim_end_matches('.').trim_start_matches('s').trim();
    let counted = ["one ", "two ", "three ", "four ", "five ", "fields "];
    let said = counted.iter().find_map(|count| tail.strip_prefix(count)).unwrap_or(tail);
    const FREE: &[&str] = &[
        "are nice to have",
        "is nice to have",
        "are optional",
        "is optional",
        "are not required",
        "is not required",
        "may be left empty",
        "can be left empty",
        "are not needed",
    ];
    let demands =
        ["required", "needed", "mandatory", "must be given", "must be filled"].iter().any(|word| head.contains(word));
    (demands && FREE.contains(&said)).then(|| format!("{head}."))
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn letters_as_demands() {
        for (text, told) in [
            (
                "Now and then we have to ban somebody, so a guest can be marked as banned.",
                Some("A guest can be marked as banned."),
            ),
            (
                "Sometimes a pitch is muddy, so please let us mark a pitch as closed.",
                Some("A pitch can be marked as closed."),
            ),
            (
                "An extra has a day and a price; we need all of them.",
                Some("An extra has a day and a price; all of them are required."),
            ),
            ("The name is always needed; the other two are nice to have.", Some("The name is always needed.")),
            ("Sometimes guests leave early, so they pay less.", None),
            ("The name is needed; the other two must be unique.", None),
            ("The price can be given, so that we can bill.", None),
        ] {
            assert_eq!(plain(text).as_deref(), told, "{text}");
        }
    }
}
