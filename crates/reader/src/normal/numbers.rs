//! Numbers of several words: `five million`, `two hundred and fifty`, `twenty-five`.

use super::digits;
use crate::token::Token;

/// The tokens with each number of several words as one.
pub(super) fn joined(raw: &[Token]) -> Vec<Token> {
    let mut out = Vec::with_capacity(raw.len());
    let mut at = 0;
    while let Some(token) = raw.get(at) {
        match number(raw, at) {
            Some((value, end)) => {
                let last = raw.get(end - 1).map_or(token.end, |last| last.end);
                out.push(Token { end: last, ..token.renamed(&value.to_string()) });
                at = end;
            }
            None => {
                out.push(token.clone());
                at += 1;
            }
        }
    }
    out
}

/// A number at a place that takes more than one word, or a hyphen, with where it ends.
fn number(raw: &[Token], at: usize) -> Option<(u64, usize)> {
    let begun = group(raw, at)?;
    let (mut value, mut end) = begun;
    while let Some((times, next)) = scale(raw, end) {
        value = value.checked_mul(times)?;
        end = next;
        // "Two thousand five hundred", "one hundred and twenty"; "between one hundred and two hundred" are two.
        let and = usize::from(raw.get(end).is_some_and(|token| token.word == "and"));
        if let Some((more, next)) = group(raw, end + and) {
            let larger = scale(raw, next).map_or(1, |(times, _)| times);
            let whole = more.checked_mul(larger)?;
            let written = raw.get(end + and).is_some_and(Token::is_number);
            if whole < times && !written && (and == 0 || larger == 1) {
                let (times, next) = scale(raw, next).unwrap_or((1, next));
                value = value.checked_add(more.checked_mul(times)?)?;
                end = next;
            }
        }
    }
    let compound = raw.get(at).is_some_and(|token| token.word.contains('-'));
    (end > at + 1 || compound).then_some((value, end))
}

/// A number below a hundred in words, one in digits, or the `a` of `a hundred`.
fn group(raw: &[Token], at: usize) -> Option<(u64, usize)> {
    let token = raw.get(at).filter(|token| !token.quoted && token.field.is_none())?;
    if matches!(token.word.as_str(), "a" | "an") {
        return scale(raw, at + 1).map(|_| (1, at + 1));
    }
    if let Some((tens, ones)) = token.word.split_once('-') {
        return two_words(tens, ones).map(|value| (value, at + 1));
    }
    if token.is_number() {
        return token.word.parse().ok().map(|value| (value, at + 1));
    }
    let value = small(&token.word)?;
    let next = raw.get(at + 1).and_then(|ones| two_words(&token.word, &ones.word));
    Some(next.map_or((value, at + 1), |value| (value, at + 2)))
}

fn two_words(tens: &str, ones: &str) -> Option<u64> {
    let (tens, ones) = (small(tens)?, small(ones)?);
    (tens >= 20 && (1..10).contains(&ones)).then_some(tens + ones)
}

fn small(word: &str) -> Option<u64> {
    if word == "one" {
        return Some(1);
    }
    digits(word)?.parse().ok().filter(|value| *value < 100)
}

fn scale(raw: &[Token], at: usize) -> Option<(u64, usize)> {
    let token = raw.get(at).filter(|token| !token.quoted)?;
    let times = match token.word.as_str() {
        "hundred" => 100,
        "thousand" => 1_000,
        "million" => 1_000_000,
        _ => return None,
    };
    Some((times, at + 1))
}

#[cfg(test)]
mod tests {
    use super::joined;
    use crate::token::tokens;

    #[test]
    fn numbers_of_several_words_become_one() {
        let cases = [
            ("at most five million euros", "at most 5000000 euros"),
            ("two hundred and fifty kg", "250 kg"),
            ("between one hundred and two hundred", "between 100 and 200"),
            ("a thousand or twenty-five days", "1000 or 25 days"),
            ("two thousand five hundred", "2500"),
            ("one hundred twenty five", "125"),
            ("sixty days and five people", "sixty days and five people"),
            ("a dozen of one kind", "a dozen of one kind"),
            ("between a hundred and 500", "between 100 and 500"),
            ("3 million", "3000000"),
        ];
        for (text, expected) in cases {
            let words: Vec<String> = joined(&tokens(text)).into_iter().map(|token| token.word).collect();
            assert_eq!(words.join(" "), expected, "{text}");
        }
    }
}
