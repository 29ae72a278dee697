//! Days of a month as steps write them: `1 July`, `July 1st, 2026`, as `2026-07-01`.

/// The names of the months.
pub(super) const MONTHS: &[&str] = &[
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// The year of days that are told without one: they are only compared with one another.
const ANY: u32 = 1904;

/// Whether something is told by a day of no year: it bounds nothing.
pub(super) fn without_year(said: &str) -> bool {
    said.contains(&format!("\"{ANY}-"))
}

/// The text with its days in digits.
pub(super) fn in_digits(text: &str) -> String {
    let words: Vec<&str> = text.split(' ').collect();
    let mut out: Vec<String> = Vec::with_capacity(words.len());
    let mut at = 0;
    while let Some(word) = words.get(at) {
        if let Some((length, day, mark)) = day_at(&words, at) {
            out.push(format!("{day}{mark}"));
            at += length;
        } else {
            out.push((*word).to_owned());
            at += 1;
        }
    }
    out.join(" ")
}

/// How many words the day at this place takes, the day, and the mark behind it.
fn day_at<'t>(words: &[&'t str], at: usize) -> Option<(usize, String, &'t str)> {
    let bare = |at: usize| words.get(at).map(|word| word.trim_end_matches([',', '.', ';', ':']));
    let of = usize::from(bare(at + 1) == Some("of"));
    let (day, month, end) = match (day(bare(at)?), month(bare(at)?)) {
        (Some(day), _) => (day, month(bare(at + 1 + of)?)?, at + 2 + of),
        (None, Some(month)) => (self::day(bare(at + 1)?)?, month, at + 2),
        (None, None) => return None,
    };
    let year = bare(end).and_then(|word| word.parse::<u32>().ok()).filter(|year| (1900..2200).contains(year));
    let last = end - 1 + usize::from(year.is_some());
    let word = words.get(last)?;
    let mark = word.get(bare(last)?.len()..)?;
    Some((last + 1 - at, format!("{:04}-{month:02}-{day:02}", year.unwrap_or(ANY)), mark))
}

fn day(word: &str) -> Option<u32> {
    let digits = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

/// "May" is a verb unless it is written as a name.
fn month(word: &str) -> Option<usize> {
    let named = word.chars().next().is_some_and(char::is_uppercase);
    let lower = word.to_lowercase();
    let fits = |name: &&&str| **name == lower || name.len() > 4 && lower.len() == 3 && name.starts_with(&lower);
    MONTHS
        .iter()
        .find(fits)
        .filter(|_| named)
        .and_then(|name| MONTHS.iter().position(|other| other == name))
        .map(|at| at + 1)
}

#[cfg(test)]
mod tests {
    use super::in_digits;

    #[test]
    fn days_in_digits() {
        for (told, digits) in [
            ("a stay from 1 July to 8 July", "a stay from 1904-07-01 to 1904-07-08"),
            ("on 5th of March 2026, then", "on 2026-03-05, then"),
            ("on July 1, 2026", "on 2026-07-01"),
            ("it may 5 times", "it may 5 times"),
            ("12 pitches", "12 pitches"),
        ] {
            assert_eq!(in_digits(told), digits);
        }
    }
}
