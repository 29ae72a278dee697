//! Lead-ins of lists and tables that say more than whose fields stand below: that all of them are required, that a table lists
//! them, that the record has them besides others.

/// What a lead-in says of each of the fields below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Duty {
    Required,
    Optional,
}

impl Duty {
    fn of(word: &str) -> Option<Self> {
        match word {
            "required" | "mandatory" | "compulsory" | "obligatory" => Some(Self::Required),
            "optional" | "voluntary" => Some(Self::Optional),
            _ => None,
        }
    }
}

/// Words for what records have.
const FIELDS: &[&str] = &["field", "fields", "data", "information", "attribute", "attributes", "properties", "details"];
/// "They have:", "Each one has:": whoever the heading names.
const SUBJECTS: &[&str] = &[
    "they have",
    "it has",
    "each one has",
    "each of them has",
    "each has",
    "these have",
    "all of them have",
    "every one of them has",
    "it must have",
    "they must have",
];
/// What stands between the records and their verb, and changes nothing for the list.
const BESIDE: &[&str] = &["additionally", "further", "furthermore", "also", "moreover"];

/// The lead-in in plain words, and what it says of each field.
pub(super) fn plain(lead: &str) -> (String, Option<Duty>) {
    let words: Vec<String> =
        lead.split_whitespace().map(|word| word.trim_matches([',', ':', '.']).to_lowercase()).collect();
    let of_fields = words.iter().any(|word| FIELDS.contains(&word.as_str()));
    let told = words.join(" ");
    if SUBJECTS.contains(&told.as_str()) {
        return ("Fields".to_owned(), told.contains(" must ").then_some(Duty::Required));
    }
    // "Mandatory:" over a list of names: of what the heading names.
    if let [one] = words.as_slice()
        && let Some(duty) = Duty::of(one)
    {
        return ("Fields".to_owned(), Some(duty));
    }
    let (kept, duty) = if of_fields { without_duty(lead) } else { of_verb(lead) };
    (without_place(&kept).unwrap_or(kept), duty)
}

/// "Mandatory fields of a locker", "the following fields are required for a locker".
fn without_duty(lead: &str) -> (String, Option<Duty>) {
    // "For each bike, the following fields must be given"
    const GIVEN: &[&str] = &[
        " must be given",
        " must be filled in",
        " must be entered",
        " must be provided",
        " have to be given",
        " have to be filled in",
        " have to be entered",
        " have to be provided",
        " need to be given",
        " need to be filled in",
    ];
    let lower = lead.to_lowercase();
    if let Some((at, given)) = GIVEN.iter().find_map(|given| Some((lower.find(given)?, *given)))
        && let (Some(before), Some(behind)) = (lead.get(..at), lead.get(at + given.len()..))
    {
        return (format!("{before}{behind}"), Some(Duty::Required));
    }
    let words: Vec<&str> = lead.split_whitespace().collect();
    let bare = |word: &str| word.trim_matches([',', ':', '.']).to_lowercase();
    let at = words.iter().position(|word| Duty::of(&bare(word)).is_some());
    let Some((at, duty)) = at.and_then(|at| Some((at, Duty::of(&bare(words.get(at)?))?))) else {
        // "The following fields exist for a locker"
        let kept: Vec<&str> = words.iter().copied().filter(|word| !matches!(bare(word).as_str(), "exist")).collect();
        return (kept.join(" "), None);
    };
    // "Required documents: the following data ...": a record that is called so.
    let next = words.get(at + 1).map(|word| bare(word)).unwrap_or_default();
    let before = at.checked_sub(1).and_then(|at| words.get(at)).map(|word| bare(word)).unwrap_or_default();
    let said = FIELDS.contains(&next.as_str()) || matches!(before.as_str(), "are" | "is" | "be");
    if !said {
        return (lead.to_owned(), None);
    }
    let kept: Vec<&str> = words.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, word)| *word).collect();
    (kept.join(" "), Some(duty))
}

/// "A customer must have", "a customer optionally has", "a customer additionally has".
fn of_verb(lead: &str) -> (String, Option<Duty>) {
    let mut words: Vec<&str> = lead.split_whitespace().collect();
    let lower = lead.to_lowercase();
    let lower = lower.trim_end_matches([':', ' ']);
    let (mut duty, mut ends) = (None, false);
    for (tail, told) in [
        (" must have", Some(Duty::Required)),
        (" has to have", Some(Duty::Required)),
        (" must always have", Some(Duty::Required)),
        (" optionally has", Some(Duty::Optional)),
        (" optionally have", Some(Duty::Optional)),
        (" can optionally have", Some(Duty::Optional)),
        (" may have", Some(Duty::Optional)),
        (" can have", Some(Duty::Optional)),
        (" has", None),
        (" have", None),
    ] {
        if lower.ends_with(tail) {
            (duty, ends) = (told, true);
            break;
        }
    }
    if !ends {
        return (lead.to_owned(), None);
    }
    words.retain(|word| !BESIDE.contains(&word.to_lowercase().as_str()) && !word.eq_ignore_ascii_case("optionally"));
    (words.join(" "), duty)
}

/// "The fields of a locker are listed in the following table", "... are shown below": where they stand.
fn without_place(lead: &str) -> Option<String> {
    const PLACES: &[&str] = &[
        " are listed in the following table",
        " are listed in the table below",
        " are listed below",
        " are shown in the following table",
        " are shown in the table below",
        " are shown below",
        " are given below",
        " are given in the table below",
        " are described below",
        " are described in the following table",
        " are described in the table below",
        " are defined below",
        " are as follows",
        " are the following",
        " is listed below",
        " is shown below",
        " is shown in the table below",
        " is listed in the table below",
        " is described below",
        " is as follows",
        " has the fields in the table below",
        " has the fields in the following table",
        " has the fields listed below",
        " has the fields shown below",
        " has the fields below",
        " have the fields in the table below",
        " have the fields in the following table",
        " have the fields listed below",
        " have the fields shown below",
        " have the fields below",
        " has the attributes in the table below",
        " has the attributes listed below",
    ];
    const TABLES: &[&str] = &[
        "the following table lists its fields",
        "the following table lists their fields",
        "the following table shows its fields",
        "the following table shows the fields",
        "the following table lists the fields",
        "the table below lists its fields",
        "the table below lists the fields",
        "the table below shows its fields",
        "the table below shows the fields",
        "its fields",
        "their fields",
    ];
    let plain = lead.trim().trim_end_matches([':', '.', ' ']);
    let lower = plain.to_lowercase();
    if TABLES.contains(&lower.as_str()) {
        return Some("Fields".to_owned());
    }
    // "The following table lists the fields of a locker"
    if let Some(rest) =
        TABLES.iter().find_map(|table| lower.strip_prefix(table)).filter(|rest| rest.starts_with(" of "))
    {
        return Some(format!("Fields{}", plain.get(plain.len() - rest.len()..)?));
    }
    let head = PLACES.iter().find_map(|place| lower.strip_suffix(place))?;
    let head = plain.get(..head.len())?;
    Some(if lower.contains(" has the ") || lower.contains(" have the ") {
        format!("{head} has")
    } else {
        head.to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lead_ins_say_whose_fields_and_what_they_are() {
        let told = |lead: &str| plain(lead);
        let (required, optional) = (Some(Duty::Required), Some(Duty::Optional));
        assert_eq!(told("Mandatory fields of a locker"), ("fields of a locker".into(), required));
        assert_eq!(told("Optional:"), ("Fields".into(), optional));
        assert_eq!(
            told("The following fields are required for a locker"),
            ("The following fields are for a locker".into(), required)
        );
        assert_eq!(told("A locker must have:"), ("A locker must have:".into(), required));
        assert_eq!(told("A locker additionally has"), ("A locker has".into(), None));
        assert_eq!(told("The fields of a locker are listed below"), ("The fields of a locker".into(), None));
        assert_eq!(told("A locker has the fields in the table below."), ("A locker has".into(), None));
        assert_eq!(told("Required documents"), ("Required documents".into(), None));
        assert_eq!(told("Data of required documents"), ("Data of required documents".into(), None));
    }
}
