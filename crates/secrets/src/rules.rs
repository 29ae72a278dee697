//! The rules: read once, each expression compiled when it is first needed, because a text needs few of them.

use crate::syntax::translate;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexBuilder};
use serde::Deserialize;
use std::{
    collections::BTreeMap,
    sync::{LazyLock, OnceLock},
};

/// The most that one compiled expression may take: some rules repeat a class hundreds of times.
const SIZE_LIMIT: usize = 64 << 20;

static STANDARD: LazyLock<Result<Rules, String>> =
    LazyLock::new(|| Rules::read(&[include_str!("../rules/gitleaks.toml"), include_str!("../rules/own.toml")]));

/// A file of rules.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(default)]
    allowlist: Option<AllowText>,
    rules: Vec<RuleText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RuleText {
    id: String,
    description: String,
    regex: Option<String>,
    path: Option<String>,
    #[serde(default)]
    entropy: f64,
    #[serde(default)]
    secret_group: usize,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    allowlists: Vec<AllowText>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AllowText {
    #[serde(default, rename = "description")]
    _description: String,
    #[serde(default)]
    condition: When,
    #[serde(default)]
    regex_target: Target,
    #[serde(default)]
    regexes: Vec<String>,
    #[serde(default)]
    paths: Vec<String>,
    #[serde(default)]
    stopwords: Vec<String>,
}

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
enum When {
    /// One of its lists fits.
    #[default]
    #[serde(rename = "OR")]
    Any,
    /// Each of its lists fits.
    #[serde(rename = "AND")]
    All,
}

#[derive(Deserialize, Default, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Target {
    #[default]
    Secret,
    Match,
    Line,
}

/// An expression that is compiled when it is first asked for.
struct Lazy {
    text: String,
    compiled: OnceLock<Result<Regex, String>>,
}

impl Lazy {
    fn new(text: String) -> Self {
        Self { text, compiled: OnceLock::new() }
    }

    fn regex(&self) -> Result<&Regex, &str> {
        let compiled = self.compiled.get_or_init(|| {
            let built = RegexBuilder::new(&translate(&self.text)).unicode(false).size_limit(SIZE_LIMIT).build();
            built.map_err(|why| why.to_string())
        });
        compiled.as_ref().map_err(String::as_str)
    }

    fn matches(&self, text: &[u8]) -> bool {
        self.regex().is_ok_and(|regex| regex.is_match(text))
    }
}

/// What is no secret although it looks like one.
struct Allow {
    when: When,
    target: Target,
    regexes: Vec<Lazy>,
    paths: Vec<Lazy>,
    stopwords: Vec<String>,
}

/// What a match is judged by.
pub(crate) struct Candidate<'a> {
    pub(crate) path: &'a str,
    pub(crate) secret: &'a [u8],
    pub(crate) matched: &'a [u8],
    pub(crate) line: &'a [u8],
}

impl Allow {
    fn new(text: AllowText) -> Self {
        let lazy = |texts: Vec<String>| texts.into_iter().map(Lazy::new).collect();
        Self {
            when: text.condition,
            target: text.regex_target,
            regexes: lazy(text.regexes),
            paths: lazy(text.paths),
            stopwords: text.stopwords.into_iter().map(|word| word.to_ascii_lowercase()).collect(),
        }
    }

    fn path(&self, path: &str) -> bool {
        self.paths.iter().any(|regex| regex.matches(path.as_bytes()))
    }

    fn allows(&self, candidate: &Candidate<'_>) -> bool {
        let target = match self.target {
            Target::Secret => candidate.secret,
            Target::Match => candidate.matched,
            Target::Line => candidate.line,
        };
        let lower = String::from_utf8_lossy(candidate.secret).to_ascii_lowercase();
        let lists = [
            (!self.paths.is_empty()).then(|| self.path(candidate.path)),
            (!self.regexes.is_empty()).then(|| self.regexes.iter().any(|regex| regex.matches(target))),
            (!self.stopwords.is_empty()).then(|| self.stopwords.iter().any(|word| lower.contains(word))),
        ];
        let mut lists = lists.into_iter().flatten().peekable();
        match self.when {
            When::Any => lists.any(|fits| fits),
            When::All => lists.peek().is_some() && lists.all(|fits| fits),
        }
    }
}

/// One rule.
pub(crate) struct Rule {
    pub(crate) id: String,
    pub(crate) description: String,
    pub(crate) entropy: f64,
    pub(crate) group: usize,
    regex: Option<Lazy>,
    path: Option<Lazy>,
    allows: Vec<Allow>,
    keywords: Vec<String>,
}

impl Rule {
    fn new(text: RuleText) -> Self {
        Self {
            id: text.id,
            description: text.description,
            entropy: text.entropy,
            group: text.secret_group,
            regex: text.regex.map(Lazy::new),
            path: text.path.map(Lazy::new),
            allows: text.allowlists.into_iter().map(Allow::new).collect(),
            keywords: text.keywords.into_iter().map(|word| word.to_ascii_lowercase()).collect(),
        }
    }

    /// Its expression; `None` where the path alone decides.
    pub(crate) fn regex(&self) -> Option<&Regex> {
        self.regex.as_ref().and_then(|lazy| lazy.regex().ok())
    }

    /// Whether it looks at files of this path; `by_path` tells that the path alone is a finding.
    pub(crate) fn looks_at(&self, path: &str) -> bool {
        self.path.as_ref().is_none_or(|lazy| lazy.matches(path.as_bytes()))
    }

    pub(crate) fn by_path(&self) -> bool {
        self.regex.is_none()
    }

    pub(crate) fn allows(&self, candidate: &Candidate<'_>) -> bool {
        self.allows.iter().any(|allow| allow.allows(candidate))
    }
}

/// A rule whose expression cannot be compiled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broken {
    /// The rule's id.
    pub rule: String,
    /// Why.
    pub why: String,
}

/// A set of rules.
pub struct Rules {
    pub(crate) rules: Vec<Rule>,
    allow: Vec<Allow>,
    /// Finds keywords; pattern numbers lead into `wanted`.
    words: Option<AhoCorasick>,
    /// For each keyword, the rules that it wakes.
    wanted: Vec<Vec<usize>>,
}

impl Rules {
    /// The rules that stand in this program.
    ///
    /// # Errors
    /// Why they cannot be read.
    pub fn standard() -> Result<&'static Self, &'static str> {
        STANDARD.as_ref().map_err(String::as_str)
    }

    fn read(texts: &[&str]) -> Result<Self, String> {
        let mut rules = Vec::new();
        let mut allow = Vec::new();
        for text in texts {
            let file: File = toml::from_str(text).map_err(|why| why.to_string())?;
            rules.extend(file.rules.into_iter().map(Rule::new));
            allow.extend(file.allowlist.map(Allow::new));
        }
        let mut wanted: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (number, rule) in rules.iter().enumerate() {
            for word in &rule.keywords {
                wanted.entry(word).or_default().push(number);
            }
        }
        // Every keyword is looked for, also inside of others.
        let words = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .kind(Some(AhoCorasickKind::ContiguousNFA))
            .build(wanted.keys())
            .map_err(|why| why.to_string())?;
        let wanted = wanted.into_values().collect();
        Ok(Self { rules, allow, words: Some(words), wanted })
    }

    /// How many rules there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Whether there is no rule.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Compiles every expression, and says which of them cannot be.
    #[must_use]
    pub fn broken(&self) -> Vec<Broken> {
        let of =
            |id: &str, lazy: &Lazy| lazy.regex().err().map(|why| Broken { rule: id.to_owned(), why: why.to_owned() });
        let rules = self.rules.iter().flat_map(|rule| {
            let allows = rule.allows.iter().flat_map(|allow| allow.regexes.iter().chain(&allow.paths));
            rule.regex.iter().chain(&rule.path).chain(allows).filter_map(|lazy| of(&rule.id, lazy))
        });
        let global = self.allow.iter().flat_map(|allow| allow.regexes.iter().chain(&allow.paths));
        rules.chain(global.filter_map(|lazy| of("allowlist", lazy))).collect()
    }

    /// Whether no rule looks at files of this path.
    pub(crate) fn skips(&self, path: &str) -> bool {
        self.allow.iter().any(|allow| allow.path(path))
    }

    pub(crate) fn allows(&self, candidate: &Candidate<'_>) -> bool {
        self.allow.iter().any(|allow| allow.allows(candidate))
    }

    /// The rules that could find something in this text: one of their keywords stands in it, or they have none.
    pub(crate) fn awake(&self, text: &[u8]) -> impl Iterator<Item = &Rule> {
        let mut awake: Vec<bool> = self.rules.iter().map(|rule| rule.keywords.is_empty()).collect();
        for found in self.words.iter().flat_map(|words| words.find_overlapping_iter(text)) {
            for rule in self.wanted.get(found.pattern().as_usize()).into_iter().flatten() {
                if let Some(flag) = awake.get_mut(*rule) {
                    *flag = true;
                }
            }
        }
        self.rules.iter().zip(awake).filter_map(|(rule, awake)| awake.then_some(rule))
    }
}
