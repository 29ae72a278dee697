//! `measure_readability`: how easily English pages are read, section by section: Flesch's reading ease, the Flesch-Kincaid grade,
//! lengths of sentences and the share of passives.

use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings},
};
use maestro_artifacts::delivery::Severity::{Info, Low};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;

pub(crate) struct MeasureReadability;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// One page of Markdown; all of them when left out
    #[serde(default)]
    path: Option<String>,
    /// A text to measure instead of pages
    #[serde(default)]
    text: Option<String>,
    /// The longest sentence that is not told, in words; 30 when left out
    #[serde(default)]
    longest_sentence: Option<usize>,
    /// The lowest reading ease that is not told, from 0 to 100; 40 when left out
    #[serde(default)]
    lowest_ease: Option<f64>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Section {
    path: String,
    heading: String,
    line: usize,
    words: usize,
    sentences: usize,
    words_per_sentence: f64,
    longest_sentence: usize,
    /// Flesch: 0 is hardest, 100 easiest; plain English has 60 to 70.
    reading_ease: f64,
    /// Years of school.
    grade: f64,
    /// Share of sentences with a passive.
    passive: f64,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    sections: Vec<Section>,
    findings: Vec<Finding>,
}

static PASSIVE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:am|is|are|was|were|be|been|being)(?: not)?(?: [a-z]+ly)? (?:[a-z]{2,}ed|fed|led|made|sent|shown|kept|set|given|taken|written|built|put|done|held|paid|sold|found|chosen|known|seen|told|read|run|begun|drawn|driven|hidden|left|lost|meant|met|split|spent|stored|understood|won)\b").ok()
});

impl Tool for MeasureReadability {
    const NAME: &'static str = "measure_readability";
    const DESCRIPTION: &'static str = "Measures how easily English pages or a text are read, per section: Flesch reading ease, Flesch-Kincaid grade, words per sentence, longest sentence, share of passives. Code, tables and links' addresses do not count.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with one `path`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let texts = workspace.texts();
        let pages: Vec<(String, String)> = match (&args.text, &args.path) {
            (Some(text), None) => vec![("text".to_owned(), text.clone())],
            (None, Some(path)) => vec![(path.clone(), workspace.text(path)?.to_owned())],
            (None, None) => texts
                .iter()
                .filter(|(path, _)| path.ends_with(".md"))
                .map(|(path, text)| ((*path).to_owned(), text.to_string()))
                .collect(),
            (Some(_), Some(_)) => return Err(Error::Respond("give either `text` or `path`".to_owned())),
        };
        let sections: Vec<Section> = pages.iter().flat_map(|(path, text)| measure(path, text)).collect();
        if sections.is_empty() {
            return Err(Error::Respond(
                "there are no sentences to measure: give a `text`, or the `path` of a page".to_owned(),
            ));
        }
        let longest = args.longest_sentence.unwrap_or(30);
        let lowest = args.lowest_ease.unwrap_or(40.0);
        let mut findings = Vec::new();
        for section in &sections {
            let mut found = Findings::of(&section.path);
            if section.longest_sentence > longest {
                found.add(
                    "long-sentence",
                    Low,
                    section.line,
                    format!("`{}` has a sentence of {} words", section.heading, section.longest_sentence),
                    "make two of it",
                );
            }
            // Few words say little about how hard they are.
            if section.words >= 30 && section.reading_ease < lowest {
                found.add(
                    "hard",
                    Low,
                    section.line,
                    format!("`{}` has a reading ease of {}", section.heading, section.reading_ease),
                    "use shorter words and sentences",
                );
            }
            if section.sentences >= 4 && section.passive > 0.5 {
                found.add(
                    "passive",
                    Info,
                    section.line,
                    format!("more than half of the sentences of `{}` are passive", section.heading),
                    "say who does it",
                );
            }
            findings.extend(found.finish());
        }
        Ok(Output { sections, findings })
    }
}

/// The prose below one heading.
struct Prose {
    heading: String,
    line: usize,
    text: String,
}

fn prose(text: &str) -> Vec<Prose> {
    let mut parts = vec![Prose { heading: String::new(), line: 1, text: String::new() }];
    let mut inside_heading = false;
    let mut left_out = 0;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES).into_offset_iter() {
        let Some(part) = parts.last_mut() else { break };
        match event {
            Event::Start(Tag::Heading { .. }) => {
                let line = text.get(..range.start).unwrap_or_default().matches('\n').count() + 1;
                parts.push(Prose { heading: String::new(), line, text: String::new() });
                inside_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => inside_heading = false,
            Event::Start(Tag::CodeBlock(_) | Tag::Table(_) | Tag::HtmlBlock) => left_out += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Table | TagEnd::HtmlBlock) => left_out -= 1,
            Event::Text(words) if inside_heading => part.heading.push_str(&words),
            Event::Code(words) if inside_heading => part.heading.push_str(&words),
            Event::Text(words) if left_out == 0 => part.text.push_str(&words),
            // A name in code is one word, whatever is in it.
            Event::Code(_) if left_out == 0 => part.text.push_str("name"),
            Event::SoftBreak | Event::HardBreak => part.text.push(' '),
            // Where a paragraph or an item ends a sentence ends.
            Event::End(TagEnd::Paragraph | TagEnd::Item) if left_out == 0 => part.text.push('\n'),
            _ => {}
        }
    }
    parts
}

fn sentences(text: &str) -> Vec<&str> {
    const SHORT: &[&str] = &["e.g.", "i.e.", "etc.", "Mr.", "Mrs.", "Dr.", "vs.", "No.", "Fig.", "approx."];
    let mut found = Vec::new();
    for paragraph in text.split('\n') {
        let mut start = 0;
        let mut chars = paragraph.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let next_blank = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
            if matches!(c, '.' | '!' | '?') && next_blank {
                let end = at + c.len_utf8();
                let so_far = paragraph.get(start..end).unwrap_or_default();
                if SHORT.iter().any(|short| so_far.ends_with(short)) {
                    continue;
                }
                found.push(so_far);
                start = end;
            }
        }
        found.extend(paragraph.get(start..));
    }
    found.into_iter().map(str::trim).filter(|sentence| sentence.chars().any(char::is_alphabetic)).collect()
}

fn words(sentence: &str) -> impl Iterator<Item = &str> {
    let parts = sentence.split(|c: char| !(c.is_alphanumeric() || matches!(c, '\'' | '’')));
    parts.filter(|word| word.chars().any(char::is_alphanumeric))
}

/// Syllables of an English word: groups of vowels, without those that are not spoken.
fn syllables(word: &str) -> usize {
    let lower: Vec<char> = word.to_lowercase().chars().filter(|c| c.is_alphabetic()).collect();
    if lower.len() <= 3 {
        return 1;
    }
    let vowel = |c: &char| matches!(c, 'a' | 'e' | 'i' | 'o' | 'u' | 'y');
    let mut count = 0;
    let mut last = false;
    for c in &lower {
        count += usize::from(vowel(c) && !last);
        last = vowel(c);
    }
    let ends = |end: &str| lower.iter().rev().zip(end.chars().rev()).filter(|(a, b)| **a == *b).count() == end.len();
    let before = |back: usize| lower.len().checked_sub(back).and_then(|at| lower.get(at));
    if ends("e") && !(ends("le") && before(3).is_some_and(|c| !vowel(c))) && before(2).is_some_and(|c| !vowel(c)) {
        count -= usize::from(count > 1);
    }
    if (ends("ed") && !ends("ted") && !ends("ded") && before(3).is_some_and(|c| !vowel(c)))
        || (ends("es")
            && !["ses", "zes", "ches", "shes", "xes", "ges", "ces"].iter().any(|end| ends(end))
            && before(3).is_some_and(|c| !vowel(c)))
    {
        count -= usize::from(count > 1);
    }
    // A silent `e` may stand before an ending.
    for ending in ["ment", "ments", "ly", "ness", "ful", "less"] {
        let stem = ending.len() + 1;
        if ends(ending) && before(stem) == Some(&'e') && before(stem + 1).is_some_and(|c| !vowel(c)) {
            count -= usize::from(count > 1);
        }
    }
    count.max(1)
}

#[expect(clippy::cast_precision_loss, reason = "counts of words are small")]
fn measure(path: &str, text: &str) -> Vec<Section> {
    let round = |value: f64| (value * 10.0).round() / 10.0;
    let parts = prose(text).into_iter().filter_map(|part| {
        let sentences = sentences(&part.text);
        let counts: Vec<usize> =
            sentences.iter().map(|sentence| words(sentence).count()).filter(|count| *count > 0).collect();
        let total: usize = counts.iter().sum();
        if total == 0 {
            return None;
        }
        let spoken: usize = sentences.iter().flat_map(|sentence| words(sentence)).map(syllables).sum();
        let passive =
            sentences.iter().filter(|sentence| PASSIVE.as_ref().is_some_and(|form| form.is_match(sentence))).count();
        let (per_sentence, per_word) = (total as f64 / counts.len() as f64, spoken as f64 / total as f64);
        Some(Section {
            path: path.to_owned(),
            heading: part.heading.trim().to_owned(),
            line: part.line,
            words: total,
            sentences: counts.len(),
            words_per_sentence: round(per_sentence),
            longest_sentence: counts.iter().copied().max().unwrap_or_default(),
            reading_ease: round(206.835 - 1.015 * per_sentence - 84.6 * per_word),
            grade: round(0.39 * per_sentence + 11.8 * per_word - 15.59),
            passive: (passive as f64 / counts.len() as f64 * 100.0).round() / 100.0,
        })
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run};
    use serde_json::json;

    #[test]
    fn syllables_are_counted_as_they_are_spoken() {
        for (word, count) in [
            ("the", 1),
            ("table", 2),
            ("make", 1),
            ("loaned", 1),
            ("started", 2),
            ("requirement", 3),
            ("readability", 5),
            ("boxes", 2),
            ("names", 1),
            ("happy", 2),
        ] {
            assert_eq!(syllables(word), count, "{word}");
        }
    }

    #[test]
    fn sentences_end_where_they_end() {
        assert_eq!(
            sentences("One, e.g. two. Version 1.5 is out! A list\nends here"),
            ["One, e.g. two.", "Version 1.5 is out!", "A list", "ends here"]
        );
    }

    #[tokio::test]
    async fn sections_are_measured_by_themselves() {
        let page = "# Start\n\nThe cat sat on the mat. It was fed by him. `a.b.c()` runs.\n\n```\nnot this. or this.\n```\n\n## Hard parts\n\nNotwithstanding considerable organisational heterogeneity, interdepartmental communication infrastructure necessitates comprehensive documentation methodologies, particularly concerning administrative responsibilities, international accountability, organisational sustainability, and characteristically multidimensional interoperability considerations throughout institutional transformation initiatives and programmes.\n";
        let got = run(MeasureReadability, json!({"longest_sentence": 20}), &mut context_with(&[("a.md", page)]))
            .await
            .unwrap();
        let (easy, hard) = (&got["sections"][0], &got["sections"][1]);
        assert_eq!(
            (&easy["heading"], &easy["words"], &easy["sentences"], &easy["longest_sentence"]),
            (&json!("Start"), &json!(13), &json!(3), &json!(6))
        );
        assert!(easy["reading_ease"].as_f64() > Some(90.0) && hard["reading_ease"].as_f64() < Some(0.0), "{got}");
        assert_eq!(easy["passive"], 0.33);
        let told: Vec<_> = got["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{}:{}", f["line"], f["rule"].as_str().unwrap()))
            .collect();
        assert_eq!(told, ["9:hard", "9:long-sentence"]);
        assert!(run(MeasureReadability, json!({"text": "`x`"}), &mut context()).await.is_ok());
        assert!(run(MeasureReadability, json!({}), &mut context()).await.is_err());
    }
}
