//! Sentences that take up the fields of the one before: `all of these are required`, `apart from the fee, everything is
//! mandatory`.

use crate::lexicon::name_words;

/// The sentence with the fields spelled out.
pub(crate) fn spelled_out(text: &str, fields: &[&str]) -> Option<String> {
    const ALL: &[&str] = &[
        "all of these fields",
        "all of these",
        "all of them",
        "all these fields",
        "all fields",
        "everything else",
        "everything",
        "each of these",
        "each of them",
        "all",
    ];
    const BUT: &[&str] =
        &["except for", "except", "apart from", "other than", "with the exception of", "save for", "but not", "but"];
    // "All of these are required except the note, which may have up to 500 characters."
    if let Some((head, tail)) = text.trim_end().trim_end_matches('.').split_once(", which ")
        && let Some(name) = BUT.iter().find_map(|but| head.split_once(&format!(" {but} the ")))
        && let Some(plain) = spelled_out(head, fields)
    {
        return Some(format!("{plain}; the {} {tail}", name.1));
    }
    let lower = text.to_lowercase();
    if lower.len() != text.len() || fields.len() < 2 {
        return None;
    }
    // "None of these may be missing": all of them are required.
    const NONE: &[&str] = &["none of these ", "none of them ", "none of these fields "];
    const LACKING: &[&str] = &["missing", "left empty", "empty", "left out", "omitted", "left blank", "blank"];
    if let Some(lacking) = NONE.iter().find_map(|none| lower.strip_prefix(none))
        && ["may be ", "can be ", "must be ", "shall be "]
            .iter()
            .filter_map(|may| lacking.trim_end_matches('.').strip_prefix(may))
            .any(|lack| LACKING.contains(&lack))
    {
        return spelled_out("All of these are required", fields);
    }
    if let Some(plain) = only_left_out(&lower, fields) {
        return Some(plain);
    }
    let led = BUT.iter().find_map(|but| lower.strip_prefix(but)?.strip_prefix(' ')?.split_once(", "));
    let (but, rest) = match led {
        Some((but, rest)) => (Some(but), rest),
        None => (None, lower.as_str()),
    };
    // "Both must be given": of two, there are no others.
    let both = if fields.len() == 2 { rest.strip_prefix("both ") } else { None };
    // "All three are required": as many as there are.
    const COUNTS: &[&str] = &["two", "three", "four", "five", "six", "seven", "eight"];
    let count = fields.len().checked_sub(2).and_then(|at| COUNTS.get(at));
    let all = count.and_then(|count| rest.strip_prefix("all ")?.strip_prefix(count)?.strip_prefix(' '));
    let both = both.or_else(|| all.map(|rest| rest.trim_start_matches("of them ").trim_start_matches("fields ")));
    let rest = both.or_else(|| ALL.iter().find_map(|all| rest.strip_prefix(all)?.strip_prefix(' ')))?;
    // "All of them are required except the fee."
    let (rest, but) = match BUT.iter().filter(|_| but.is_none()).find_map(|word| rest.split_once(&format!(" {word} ")))
    {
        Some((told, left_out)) if ["are ", "is ", "must "].iter().any(|verb| told.starts_with(verb)) => {
            (told, Some(left_out.trim_end_matches('.')))
        }
        _ => (rest, but),
    };
    let behind = BUT.iter().find_map(|but| rest.strip_prefix(but)?.strip_prefix(' '));
    let end = ["are ", "is ", "must ", "have to ", "has to ", "shall "];
    let (but, rest) = match (but, behind) {
        (None, Some(behind)) => {
            let at = end.iter().filter_map(|verb| behind.find(&format!(" {verb}"))).min()?;
            (Some(behind.get(..at)?), behind.get(at + 1..)?)
        }
        (but, None) => (but, rest),
        _ => return None,
    };
    if !end.iter().any(|verb| rest.starts_with(verb)) {
        return None;
    }
    // "Except the description" of a description of the design
    let whole = |but: Vec<String>| {
        let begun = || fields.iter().map(|field| name_words(field)).filter(|name| name.starts_with(&but));
        match (fields.iter().any(|field| name_words(field) == but), begun().count()) {
            (false, 1) => begun().next().unwrap_or(but),
            _ => but,
        }
    };
    let names = but.map(|but| but.replace(", and ", ", ").replace(" and ", ", "));
    let left_out: Vec<Vec<String>> =
        names.iter().flat_map(|names| names.split(", ")).map(|name| whole(name_words(name))).collect();
    // What is left out must be one of them.
    if left_out.iter().any(|but| !fields.iter().any(|field| name_words(field) == *but)) {
        return None;
    }
    let kept: Vec<String> = fields
        .iter()
        .filter(|field| !left_out.contains(&name_words(field)))
        .map(|field| format!("the {field}"))
        .collect();
    let (last, others) = kept.split_last()?;
    let rest = rest.strip_prefix("is ").map_or_else(|| rest.to_owned(), |rest| format!("are {rest}"));
    let tail = text.get(text.len() - rest.len().min(text.len())..)?;
    // The words behind stand as they were written.
    let tail = if tail.eq_ignore_ascii_case(&rest) { tail } else { rest.as_str() };
    (!others.is_empty()).then(|| format!("The {} and {last} {tail}", others.join(", ").trim_start_matches("the ")))
}

/// "Only the variety and the moisture may be left empty": the others are required.
fn only_left_out(lower: &str, fields: &[&str]) -> Option<String> {
    const LEFT_OUT: &[&str] = &[
        " may be left empty",
        " can be left empty",
        " may be left out",
        " can be left out",
        " may be empty",
        " can be empty",
        " may be left blank",
        " can be left blank",
        " may be missing",
        " can be missing",
        " are optional",
        " is optional",
        " may be omitted",
        " can be omitted",
    ];
    let told = lower.trim_end_matches('.').strip_prefix("only ")?;
    let names = LEFT_OUT.iter().find_map(|tail| told.strip_suffix(tail))?;
    let left_out: Vec<Vec<String>> =
        names.replace(", and ", ", ").replace(" and ", ", ").split(", ").map(name_words).collect();
    // "Only the phone" of a home phone, where no other field ends so.
    let whole = |name: Vec<String>| {
        let is = |field: &&&str| name_words(field) == name;
        let ends = || fields.iter().filter(|field| name_words(field).ends_with(&name));
        let found = fields.iter().find(is).or_else(|| ends().next().filter(|_| ends().count() == 1));
        found.map(|field| name_words(field))
    };
    let left_out = left_out.into_iter().map(whole).collect::<Option<Vec<_>>>()?;
    let kept: Vec<String> = fields
        .iter()
        .filter(|field| !left_out.contains(&name_words(field)))
        .map(|field| format!("the {field}"))
        .collect();
    let (last, others) = kept.split_last()?;
    if others.is_empty() {
        return Some(format!("The {} is required", last.trim_start_matches("the ")));
    }
    Some(format!("The {} and {last} are required", others.join(", ").trim_start_matches("the ")))
}

#[cfg(test)]
mod tests {
    use super::spelled_out;

    #[test]
    fn fields_are_spelled_out() {
        let fields = ["name", "fee paid", "start"];
        let cases = [
            (
                "All of these are required, and there is a Note.",
                "The name, the fee paid and the start are required, and there is a Note.",
            ),
            ("Apart from the fee paid, everything is mandatory.", "The name and the start are mandatory."),
            ("Everything except the start must be given.", "The name and the fee paid must be given."),
            ("All of them are required except the fee paid.", "The name and the start are required"),
            ("All but the start must be given.", "The name and the fee paid must be given."),
            ("All must be given.", "The name, the fee paid and the start must be given."),
            ("None of these may be missing.", "The name, the fee paid and the start are required"),
        ];
        for (text, plain) in cases {
            assert_eq!(spelled_out(text, &fields).as_deref(), Some(plain));
        }
        for text in [
            "All of these except the rest are required.",
            "Everything is fine",
            "All of these rules apply.",
            "All rooms must be free.",
        ] {
            assert_eq!(spelled_out(text, &fields[..1]), None, "{text}");
        }
        assert_eq!(spelled_out("All of these except the rest are required.", &fields), None);
        assert_eq!(spelled_out("Both are required.", &fields), None);
        assert_eq!(
            spelled_out("Both must be given.", &fields[..2]).as_deref(),
            Some("The name and the fee paid must be given.")
        );
    }
}
