//! Looks at texts from outside (an epic, a file, what a tool answered) before they reach a prompt: orders to the reader, secrets,
//! characters that nobody sees, text that is hidden or encoded.
//!
//! It guesses from the words alone, so it can be wrong both ways. Permissions hold without it; it takes care that fewer attempts
//! reach a model at all.

mod decode;
mod fold;
mod hidden;
mod invisible;
mod prompt;
mod signals;
mod words;

pub use prompt::{Screened, for_prompt, value_for_prompt};

use serde::Serialize;
use signals::Strength;

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An order to whoever reads it, in the place of its task.
    Injection,
    /// What divides the turns of a conversation for a model.
    Markup,
    /// Orders that stand there in another form: encoded, spelled backwards, letter by letter.
    Encoded,
    /// A comment, or text that a page does not show.
    Hidden,
    /// A key, token or password.
    Secret,
    /// A character that controls a terminal.
    Control,
    /// A character that turns the direction of text.
    Bidi,
    /// A character that takes no room.
    ZeroWidth,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing; often fine.
    Low,
    /// Not fine where it stands; not enough to withhold the text.
    Medium,
    /// Withheld.
    High,
}

/// One place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What it is.
    pub kind: Kind,
    /// How bad it is.
    pub severity: Severity,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// A part of what stands there; of a secret its rule only.
    pub excerpt: String,
}

/// What may be done with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing speaks against it.
    Clean,
    /// A person should look at it.
    Suspicious,
    /// Parts of it are withheld from prompts.
    Withheld,
}

/// What a text holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// What may be done with it.
    pub verdict: Verdict,
    /// By place.
    pub findings: Vec<Finding>,
}

/// A finding by the bytes that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    kind: Kind,
    severity: Severity,
    start: usize,
    end: usize,
    excerpt: Option<String>,
}

/// Most characters of an excerpt.
const EXCERPT: usize = 120;
/// Most findings that are told.
const MOST: usize = 200;

/// Looks at a text.
///
/// # Errors
/// The rules of this program cannot be read; the text has to be withheld.
pub fn screen(text: &str) -> Result<Report, &'static str> {
    let places = places(text)?;
    let worst = places.iter().map(|place| place.severity).max();
    let verdict = match worst {
        Some(Severity::High) => Verdict::Withheld,
        Some(Severity::Medium) => Verdict::Suspicious,
        Some(Severity::Low) | None => Verdict::Clean,
    };
    let findings = places.into_iter().take(MOST).map(|place| place.finding(text)).collect();
    Ok(Report { verdict, findings })
}

/// Everything that is found, by place.
fn places(text: &str) -> Result<Vec<Place>, &'static str> {
    signals::ready()?;
    let mut places = invisible::places(text);
    for (start, part) in fold::paragraphs(text) {
        for signal in signals::of(part) {
            let severity = if signal.strength == Strength::Strong { Severity::High } else { Severity::Low };
            places.push(Place {
                kind: signal.kind,
                severity,
                start: start + signal.start,
                end: start + signal.end,
                excerpt: signal.shown,
            });
        }
    }
    places.extend(hidden::places(text));
    for secret in maestro_secrets::scan("", text.as_bytes())? {
        places.push(Place {
            kind: Kind::Secret,
            severity: Severity::High,
            start: secret.range.start,
            end: secret.range.end,
            excerpt: Some(format!("{}: {}", secret.rule, secret.description)),
        });
    }
    places.sort_by_key(|place| (place.start, place.kind));
    places.dedup_by(|b, a| a.kind == b.kind && a.start == b.start && a.severity >= b.severity);
    Ok(places)
}

impl Place {
    fn finding(self, text: &str) -> Finding {
        let before = text.get(..self.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let excerpt = self.excerpt.unwrap_or_else(|| visible(text.get(self.start..self.end).unwrap_or_default()));
        Finding { kind: self.kind, severity: self.severity, line, column, excerpt }
    }
}

/// A part of a text on one line, with what nobody sees written out.
fn visible(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().take(EXCERPT) {
        if c == '\n' || c == '\t' {
            out.push(' ');
        } else if invisible::kind(c).is_some() {
            out.push_str(&format!("\\u{{{:x}}}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}
