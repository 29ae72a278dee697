//! Prose to sentences.

/// Words whose full stop does not end a sentence.
const ABBREVIATIONS: &[&str] = &[
    "e.g", "i.e", "eg", "ie", "approx", "vs", "dr", "mr", "mrs", "ms", "st", "max", "min", "incl", "excl", "resp",
    "cf", "ca", "fig", "sec", "nr", "tel", "prof", "a.m", "p.m", "viz", "vol", "dept", "ref", "est",
];

/// Splits at full stops, question and exclamation marks that end a sentence. Line breaks are blanks.
pub(crate) fn split(text: &str) -> Vec<String> {
    let text = text.replace('\n', " ");
    let mut out = Vec::new();
    let mut start = 0;
    let mut depth = 0_i32;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = (depth - 1).max(0),
            '.' | '!' | '?' if depth == 0 => {
                let mut end = at + c.len_utf8();
                while let Some((next, closing)) = chars.peek().copied() {
                    if !matches!(closing, '"' | '\'' | '”' | '’' | '*' | '.' | '!' | '?') {
                        break;
                    }
                    end = next + closing.len_utf8();
                    chars.next();
                }
                let before = text.get(start..at).unwrap_or_default();
                let after = text.get(end..).unwrap_or_default();
                if ends(before, after, c) {
                    keep(&mut out, text.get(start..end).unwrap_or_default());
                    start = end;
                }
            }
            _ => {}
        }
    }
    keep(&mut out, text.get(start..).unwrap_or_default());
    out
}

fn keep(out: &mut Vec<String>, sentence: &str) {
    let sentence = sentence.trim();
    if sentence.chars().any(char::is_alphanumeric) {
        out.push(sentence.to_owned());
    }
}

fn ends(before: &str, after: &str, mark: char) -> bool {
    if after.trim().is_empty() {
        return true;
    }
    if !after.starts_with(' ') {
        return false;
    }
    let next = after.trim_start().chars().next().unwrap_or(' ');
    if mark != '.' {
        return !next.is_lowercase();
    }
    let word = before.rsplit([' ', '(']).next().unwrap_or_default().to_lowercase();
    if ABBREVIATIONS.contains(&word.as_str()) || (word == "no" && next.is_ascii_digit()) {
        return false;
    }
    // A single letter is an initial ("J. Smith"), a bare number at the start is numbering.
    if word.chars().count() == 1 && word.chars().all(char::is_alphabetic) && before.trim().len() <= 2 {
        return false;
    }
    if before.trim().chars().all(|c| c.is_ascii_digit() || c == '.') {
        return false;
    }
    !next.is_lowercase()
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn abbreviations_and_decimals_end_nothing() {
        assert_eq!(
            split("Weights are in kg, e.g. 2.5 kg. The name is required! Is it? Yes."),
            ["Weights are in kg, e.g. 2.5 kg.", "The name is required!", "Is it?", "Yes."]
        );
        assert_eq!(
            split("Codes look like \"A-1.\" They are unique."),
            ["Codes look like \"A-1.\"", "They are unique."]
        );
        assert_eq!(split("Open i.e. not closed. Next"), ["Open i.e. not closed.", "Next"]);
    }
}
