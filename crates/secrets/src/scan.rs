//! Scanning a text.

use crate::rules::{Candidate, Rule, Rules};
use std::{borrow::Cow, ops::Range};

/// The largest part of a line that a rule about lines is shown.
const LINE_LIMIT: usize = 4096;

/// A secret that was found: which rule says so, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The rule's id, such as `github-pat`.
    pub rule: &'static str,
    /// What it is.
    pub description: &'static str,
    /// Line, from 1; 0 where the file as a whole is the secret.
    pub line: usize,
    /// The bytes of the secret.
    pub range: Range<usize>,
}

/// Finds every secret in a text. `path` is where the text lies, for the rules that ask; it may be empty.
///
/// # Errors
/// The rules of this program cannot be read.
pub fn scan(path: &str, text: &[u8]) -> Result<Vec<Found>, &'static str> {
    let rules = Rules::standard()?;
    if rules.skips(path) {
        return Ok(Vec::new());
    }
    let mut found = Vec::new();
    for rule in rules.awake(text).filter(|rule| rule.looks_at(path)) {
        if rule.by_path() {
            found.push(Found { rule: &rule.id, description: &rule.description, line: 0, range: 0..0 });
        } else {
            of_rule(rules, rule, path, text, &mut found);
        }
    }
    Ok(strongest(found))
}

/// The text with every secret replaced by the name of its rule.
///
/// # Errors
/// The rules of this program cannot be read.
pub fn redact(text: &str) -> Result<Cow<'_, str>, &'static str> {
    let found = scan("", text.as_bytes())?;
    if found.is_empty() {
        return Ok(Cow::Borrowed(text));
    }
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut done = 0;
    for secret in &found {
        // Secrets may overlap; what is covered by one is gone.
        if secret.range.start >= done {
            out.extend_from_slice(bytes.get(done..secret.range.start).unwrap_or_default());
            out.extend_from_slice(format!("[secret: {}]", secret.rule).as_bytes());
        }
        done = done.max(secret.range.end);
    }
    out.extend_from_slice(bytes.get(done..).unwrap_or_default());
    Ok(Cow::Owned(String::from_utf8_lossy(&out).into_owned()))
}

fn of_rule(rules: &'static Rules, rule: &'static Rule, path: &str, text: &[u8], found: &mut Vec<Found>) {
    let Some(regex) = rule.regex() else { return };
    for captures in regex.captures_iter(text) {
        let Some(whole) = captures.get(0) else { continue };
        let secret = if rule.group > 0 {
            captures.get(rule.group)
        } else {
            captures.iter().skip(1).flatten().find(|group| !group.is_empty())
        };
        let secret = secret.unwrap_or(whole);
        if rule.entropy > 0.0 && entropy(secret.as_bytes()) <= rule.entropy {
            continue;
        }
        let candidate = Candidate {
            path,
            secret: secret.as_bytes(),
            matched: whole.as_bytes(),
            line: lines_around(text, whole.range()),
        };
        if rules.allows(&candidate) || rule.allows(&candidate) {
            continue;
        }
        let line = text.get(..secret.start()).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count() + 1;
        found.push(Found { rule: &rule.id, description: &rule.description, line, range: secret.range() });
    }
}

/// One finding a secret, in order of place: of several rules that overlap, the one about a particular kind of key counts
/// more than those about anything that looks like one, then the longer.
fn strongest(mut found: Vec<Found>) -> Vec<Found> {
    let vague = |found: &Found| matches!(found.rule, "generic-api-key" | "password-in-code" | "password-in-address");
    found.sort_by_key(|f| (vague(f), std::cmp::Reverse(f.range.len()), f.range.start));
    let mut kept: Vec<Found> = Vec::new();
    for next in found {
        let overlaps = |other: &Found| other.range.start < next.range.end && next.range.start < other.range.end;
        if !kept.iter().any(overlaps) {
            kept.push(next);
        }
    }
    kept.sort_by_key(|f| (f.range.start, f.rule));
    kept
}

/// The whole lines that a match stands in.
fn lines_around(text: &[u8], range: Range<usize>) -> &[u8] {
    let before = text.get(..range.start).unwrap_or_default();
    let after = text.get(range.end..).unwrap_or_default();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    let end = after.iter().position(|byte| *byte == b'\n').map_or(text.len(), |at| range.end + at);
    let start = start.max(range.start.saturating_sub(LINE_LIMIT));
    text.get(start..end.min(range.end + LINE_LIMIT)).unwrap_or_default()
}

/// Shannon's entropy in bits a character, as gitleaks counts it.
fn entropy(secret: &[u8]) -> f64 {
    let text = String::from_utf8_lossy(secret);
    let mut counts = std::collections::BTreeMap::<char, f64>::new();
    for c in text.chars() {
        *counts.entry(c).or_default() += 1.0;
    }
    let length: f64 = counts.values().sum();
    counts.values().map(|count| -(count / length) * (count / length).log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_syntax::hir::{Class, Hir, HirKind};

    /// Numbers that look random, the same in every run.
    struct Dice(u64);

    impl Dice {
        fn below(&mut self, n: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % n
        }
    }

    /// Writes a text that the expression matches where its assertions hold.
    fn write(hir: &Hir, repeated: u32, dice: &mut Dice, out: &mut Vec<u8>) {
        match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => out.extend_from_slice(&literal.0),
            HirKind::Class(class) => {
                let ranges: Vec<(u8, u8)> = match class {
                    Class::Bytes(class) => class.iter().map(|r| (r.start(), r.end())).collect(),
                    Class::Unicode(class) => class
                        .iter()
                        .filter_map(|r| Some((r.start().try_into().ok()?, r.end().try_into().ok()?)))
                        .collect(),
                };
                let all: Vec<u8> = ranges.iter().flat_map(|(low, high)| *low..=*high).collect();
                // A dot that is not escaped often means a dot, as keywords show.
                let plain: Vec<u8> = if all.len() >= 255 && repeated < 2 {
                    vec![b'.']
                } else {
                    all.iter().copied().filter(u8::is_ascii_alphanumeric).collect()
                };
                let from = if plain.is_empty() { &all } else { &plain };
                out.push(from[dice.below(from.len())]);
            }
            HirKind::Repetition(repetition) => {
                let least = repetition.min;
                let most = repetition.max.unwrap_or(least + 8).min(least + 8);
                // Shortest where the expression leaves room around the secret, so that the secret stays what it is.
                let times = if least == 0 {
                    u32::from(!repetition.greedy)
                } else {
                    least + u32::try_from(dice.below((most - least + 1) as usize)).unwrap()
                };
                (0..times).for_each(|_| write(&repetition.sub, times, dice, out));
            }
            HirKind::Capture(capture) => write(&capture.sub, 1, dice, out),
            HirKind::Concat(parts) => parts.iter().for_each(|part| write(part, 1, dice, out)),
            HirKind::Alternation(parts) => write(&parts[dice.below(parts.len())], 1, dice, out),
        }
    }

    fn rule_words(rule: &Rule) -> Vec<u8> {
        let named = matches!(&*rule.id, "airtable-personnal-access-token" | "facebook-access-token");
        if named { format!("{}: ", rule.id.split('-').next().unwrap()).into_bytes() } else { Vec::new() }
    }

    #[test]
    fn every_rule_finds_what_its_expression_describes() {
        let rules = Rules::standard().unwrap();
        let mut dice = Dice(7);
        let mut deaf = Vec::new();
        for rule in &rules.rules {
            let Some(regex) = rule.regex() else { continue };
            let hir =
                regex_syntax::ParserBuilder::new().utf8(false).unicode(false).build().parse(regex.as_str()).unwrap();
            let path =
                ["a.tf", "a.yaml", "nuget.config", "a.php"].into_iter().find(|path| rule.looks_at(path)).unwrap();
            // A few tries: a random secret may hold a word that the rule allows, or too few different characters.
            let heard = (0..60).any(|_| {
                // Some rules only look where a name stands nearby.
                let mut text = rule_words(rule);
                write(&hir, 1, &mut dice, &mut text);
                text.push(b'\n');
                let mut found = Vec::new();
                if rules.awake(&text).any(|awake| awake.id == rule.id) {
                    of_rule(rules, rule, path, &text, &mut found);
                }
                !found.is_empty()
            });
            if !heard {
                deaf.push(&rule.id);
            }
        }
        assert_eq!(deaf, [] as [&String; 0]);
    }

    #[test]
    fn entropy_is_bits_a_character() {
        for (text, bits) in [("", 0.0), ("aaaa", 0.0), ("abab", 1.0), ("abcd", 2.0), ("0123456789abcdef", 4.0)] {
            assert!((entropy(text.as_bytes()) - bits).abs() < 1e-9, "{text}");
        }
    }

    #[test]
    fn a_match_knows_its_lines() {
        assert_eq!(lines_around(b"one\ntwo three\nfour", 8..13), b"two three");
        assert_eq!(lines_around(b"one\ntwo\nfour", 2..5), b"one\ntwo");
    }
}
