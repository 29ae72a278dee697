//! Values that no other record has: what they look like, and samples of regular expressions.

use maestro_artifacts::{FieldKind, TextFormat};

/// How many characters `@example.org` has, `https://example.org/`, and the running number that tells texts apart.
const EMAIL_HOST: usize = 12;
const URL_START: usize = 20;
const CODE: usize = 6;
/// How many digits a telephone number of the tests has, and how few it may have.
const PHONE: usize = 12;
const SHORTEST_PHONE: usize = 5;
/// A running number as the tests write it: as long as it will be.
const CODED: &str = "aaaaab";

/// How a fresh value is built. Each occurrence in a written test is a call that gives a new one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A label and a running number.
    Words(String),
    /// Exactly so many characters.
    Exact(usize),
    /// One character out of each set; fresh by counting through them.
    Coded(Vec<String>),
    /// A well-known form, of exactly so many characters where given.
    Format(TextFormat, Option<usize>),
    /// A whole number, counted through from the lowest to the highest; or so many days from today.
    Count {
        /// What is counted: one counter a field.
        label: String,
        low: i64,
        high: i64,
        unit: Unit,
    },
}

/// What a counted number stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    /// Itself.
    Whole,
    /// A date so many days from today.
    Day,
    /// An instant on the day so many days from today.
    Instant,
}

impl Unit {
    /// `None` where values of a kind are not counted.
    pub(crate) const fn of(kind: &FieldKind) -> Option<Self> {
        match kind {
            FieldKind::Integer | FieldKind::Decimal | FieldKind::Money => Some(Self::Whole),
            FieldKind::Date => Some(Self::Day),
            FieldKind::DateTime => Some(Self::Instant),
            FieldKind::Text { .. } | FieldKind::Boolean | FieldKind::Enum { .. } | FieldKind::Reference { .. } => None,
        }
    }
}

/// When on its day a counted instant is, in seconds.
pub(crate) const COUNTED_AT: i64 = 10 * 3600;

impl Shape {
    /// How many texts of this shape differ for sure, where there are so few that tests would run out of them.
    pub(crate) fn count(&self) -> Option<usize> {
        match self {
            Self::Coded(sets) => {
                let count = sets.iter().map(|set| set.chars().count()).try_fold(1_usize, usize::checked_mul);
                count.filter(|count| *count < 5000)
            }
            // These are cut out of longer ones.
            Self::Exact(length) => (*length < 3).then_some(0),
            Self::Words(_) | Self::Format(..) | Self::Count { .. } => None,
        }
    }

    /// Whether there is room for what makes one text of this shape differ from the next.
    pub(crate) fn differs(&self) -> bool {
        match self {
            Self::Format(TextFormat::Email, Some(length)) => *length >= EMAIL_HOST + CODE,
            Self::Format(TextFormat::Url, Some(length)) => *length >= URL_START + CODE,
            Self::Format(TextFormat::Phone, Some(length)) => *length >= SHORTEST_PHONE,
            _ => self.count().is_none_or(|count| count > 0),
        }
    }

    /// One text of this shape, to judge by.
    pub(crate) fn example(&self) -> String {
        match self {
            Self::Words(label) => format!("{label} {CODED}"),
            Self::Exact(length) => "a".repeat(*length),
            Self::Coded(sets) => sets.iter().filter_map(|set| set.chars().next()).collect(),
            Self::Format(TextFormat::Email, None) => format!("person.{CODED}@example.org"),
            Self::Format(TextFormat::Email, Some(length)) => {
                format!("{}@example.org", "a".repeat(length.saturating_sub(EMAIL_HOST)))
            }
            Self::Format(TextFormat::Url, None) => format!("https://example.org/{CODED}"),
            Self::Format(TextFormat::Url, Some(length)) => {
                format!("https://example.org/{}", "a".repeat(length.saturating_sub(URL_START)))
            }
            Self::Format(TextFormat::Phone, length) => phone(length.unwrap_or(PHONE + 1)),
            Self::Count { low, .. } => low.to_string(),
        }
    }
}

/// A telephone number of so many characters: the last digits of one, or one with a gap in it.
fn phone(length: usize) -> String {
    let number = "441632960001";
    match length.checked_sub(PHONE + 1) {
        None => number.chars().skip(PHONE.saturating_sub(length)).collect(),
        Some(gap) => format!("+44{}1632960001", " ".repeat(gap)),
    }
}

/// Whether a text has a well-known form, as far as test values need to know.
pub(crate) fn has_format(format: TextFormat, text: &str) -> bool {
    match format {
        TextFormat::Email => {
            let mut parts = text.split('@');
            let (Some(name), Some(host), None) = (parts.next(), parts.next(), parts.next()) else { return false };
            !name.is_empty()
                && host.split('.').count() > 1
                && host.split('.').all(|label| !label.is_empty())
                && !text.contains(char::is_whitespace)
        }
        TextFormat::Url => ["http://", "https://"]
            .iter()
            .any(|scheme| text.strip_prefix(scheme).is_some_and(|rest| !rest.is_empty() && !rest.contains(' '))),
        TextFormat::Phone => {
            let digits = text.chars().filter(char::is_ascii_digit).count();
            (5..=20).contains(&digits) && text.chars().all(|c| c.is_ascii_digit() || "+ ()/.-".contains(c))
        }
    }
}

/// An expression of the model, read once.
pub(crate) struct Pattern {
    regex: Option<regex::Regex>,
    /// Shapes of matching texts.
    pub(crate) samples: Vec<Shape>,
}

impl Pattern {
    pub(crate) fn new(pattern: &str) -> Self {
        let mut found = Self { regex: regex::Regex::new(&format!(r"\A(?:{pattern})\z")).ok(), samples: Vec::new() };
        found.samples = found.find_samples(pattern);
        found
    }

    /// Whether the whole text matches. An expression that cannot be read matches nothing, so no test is written for it.
    pub(crate) fn matches(&self, text: &str) -> bool {
        self.regex.as_ref().is_some_and(|regex| regex.is_match(text))
    }

    /// Shapes of texts that match: repetitions as few as allowed first, then longer ones.
    fn find_samples(&self, pattern: &str) -> Vec<Shape> {
        let mut found = Vec::new();
        // The rest for fields whose length is bounded, too.
        for repeat in [0, 1, 2, 3, 5, 8, 20, 4, 6, 7, 9, 10, 11, 12] {
            let Some(sets) = (Sampler { rest: pattern.chars().collect(), at: 0, repeat }).whole() else { continue };
            let shape = Shape::Coded(sets);
            if self.matches(&shape.example()) && !found.contains(&shape) {
                found.push(shape);
            }
        }
        found
    }

    /// Texts close to matching ones that do not match.
    pub(crate) fn near_misses(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for shape in self.samples.iter().take(2) {
            let good = shape.example();
            let mut tries = vec![format!("{good}\n"), format!("{good}!"), format!("!{good}"), format!("{good} {good}")];
            // One more of what stands first or last.
            tries.extend(good.chars().next_back().map(|last| format!("{good}{last}")));
            tries.extend(good.chars().next().map(|first| format!("{first}{good}")));
            let count = good.chars().count();
            tries.push(good.chars().take(count.saturating_sub(1)).collect());
            tries.push(good.chars().skip(1).collect());
            tries.push(swapped(&good));
            // Where one letter or digit alone may stand, the next one may not.
            for at in 0..good.chars().count() {
                tries.push(good.chars().enumerate().map(|(i, c)| if i == at { next_of_class(c) } else { c }).collect());
            }
            for at in 0..good.chars().count() {
                tries.push(good.chars().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c).collect());
                tries.push(good.chars().enumerate().map(|(i, c)| if i == at { other_class(c) } else { c }).collect());
            }
            for text in tries {
                if !text.trim().is_empty() && !self.matches(&text) && !found.contains(&text) {
                    found.push(text);
                }
            }
        }
        found.truncate(14);
        found
    }

    /// Matching texts of the last characters of their classes: a narrower class would refuse them.
    pub(crate) fn far_ends(&self) -> Vec<String> {
        let last = |shape: &Shape| match shape {
            Shape::Coded(sets) => Some(sets.iter().filter_map(|set| set.chars().next_back()).collect::<String>()),
            _ => None,
        };
        self.samples.iter().take(1).filter_map(last).filter(|text| self.matches(text)).collect()
    }
}

/// Upper case for lower case and the other way round.
pub(crate) fn swapped(text: &str) -> String {
    text.chars().map(|c| if c.is_lowercase() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() }).collect()
}

fn next_of_class(c: char) -> char {
    match c {
        'z' => 'a',
        'Z' => 'A',
        '9' => '0',
        'a'..='y' | 'A'..='Y' | '0'..='8' => char::from_u32(u32::from(c) + 1).unwrap_or(c),
        _ => c,
    }
}

fn other_class(c: char) -> char {
    if c.is_ascii_digit() {
        'x'
    } else if c.is_alphabetic() {
        '7'
    } else {
        'q'
    }
}

/// Walks over an expression and collects, for each character of a matching text, the characters that may stand there.
struct Sampler {
    rest: Vec<char>,
    at: usize,
    /// How often something that may be repeated without bound, or left out, is repeated.
    repeat: usize,
}

impl Sampler {
    fn whole(mut self) -> Option<Vec<String>> {
        let sets = self.alternatives()?;
        (self.at == self.rest.len()).then_some(sets)
    }

    fn peek(&self) -> Option<char> {
        self.rest.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += 1;
        Some(c)
    }

    /// The first of the alternatives.
    fn alternatives(&mut self) -> Option<Vec<String>> {
        let first = self.sequence()?;
        while self.peek() == Some('|') {
            self.at += 1;
            self.sequence()?;
        }
        Some(first)
    }

    fn sequence(&mut self) -> Option<Vec<String>> {
        let mut sets = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let atom = self.atom()?;
            let (least, most) = self.quantifier()?;
            let times = self.repeat.clamp(least, most.unwrap_or(usize::MAX));
            for _ in 0..times {
                sets.extend(atom.iter().cloned());
            }
        }
        Some(sets)
    }

    fn atom(&mut self) -> Option<Vec<String>> {
        match self.next()? {
            '(' => {
                if self.peek() == Some('?') {
                    self.at += 1;
                    if self.next()? != ':' {
                        return None;
                    }
                }
                let inside = self.alternatives()?;
                (self.next()? == ')').then_some(inside)
            }
            '[' => Some(vec![self.class()?]),
            '\\' => {
                let c = self.next()?;
                Some(vec![named(c).unwrap_or_else(|| c.to_string())])
            }
            '.' => Some(vec!["abcdefghijklmnopqrstuvwxyz".to_owned()]),
            '^' | '$' => Some(Vec::new()),
            c => Some(vec![c.to_string()]),
        }
    }

    fn quantifier(&mut self) -> Option<(usize, Option<usize>)> {
        let range = match self.peek() {
            Some('?') => (0, Some(1)),
            Some('*') => (0, None),
            Some('+') => (1, None),
            Some('{') => {
                let end = (self.at..self.rest.len()).find(|i| self.rest.get(*i) == Some(&'}'))?;
                let inside: String = self.rest.get(self.at + 1..end)?.iter().collect();
                self.at = end;
                match inside.split_once(',') {
                    None => (inside.parse().ok()?, Some(inside.parse().ok()?)),
                    Some((least, "")) => (least.parse().ok()?, None),
                    Some((least, most)) => (least.parse().unwrap_or(0), Some(most.parse().ok()?)),
                }
            }
            _ => return Some((1, Some(1))),
        };
        self.at += 1;
        if self.peek() == Some('?') {
            self.at += 1;
        }
        Some(range)
    }

    fn class(&mut self) -> Option<String> {
        let negated = self.peek() == Some('^');
        if negated {
            self.at += 1;
        }
        let mut set = String::new();
        loop {
            let c = self.next()?;
            if c == ']' && !set.is_empty() {
                break;
            }
            let c = if c == '\\' {
                let escaped = self.next()?;
                if let Some(many) = named(escaped) {
                    set.push_str(&many);
                    continue;
                }
                escaped
            } else {
                c
            };
            let ends_range = self.rest.get(self.at + 1).copied().filter(|end| *end != ']');
            match (self.peek(), ends_range) {
                (Some('-'), Some(end)) => {
                    self.at += 2;
                    set.extend(c..=end);
                }
                _ => set.push(c),
            }
        }
        if !negated {
            return Some(set);
        }
        let rest: String = ('a'..='z').chain('0'..='9').chain('A'..='Z').filter(|c| !set.contains(*c)).collect();
        (!rest.is_empty()).then_some(rest)
    }
}

fn named(c: char) -> Option<String> {
    match c {
        'd' => Some("0123456789".to_owned()),
        'w' => Some("abcdefghijklmnopqrstuvwxyz".to_owned()),
        's' => Some(" ".to_owned()),
        _ => None,
    }
}
