//! Puts tests together into modules, and keeps the plan of them.

use crate::{
    python::{Body, Outcome, Writer},
    script::{Expect, Script, Want},
};
use maestro_artifacts::{Requirements, Rule, TestPlan, Understanding, delivery::PlannedTest};
use maestro_domain::StatementId;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

/// One test method.
struct Method {
    entity: String,
    name: String,
    covers: Vec<StatementId>,
    doc: String,
    lines: Vec<String>,
}

/// Where the tests of a suite are collected.
pub(crate) struct Bench<'a> {
    pub(crate) writer: Writer<'a>,
    requirements: &'a Requirements,
    methods: Vec<Method>,
    /// Entities whose records stand in each other's way, so that each test needs a service of its own.
    crowded: BTreeSet<String>,
}

/// The test of one rule under way.
pub(crate) struct Sheet<'b, 'a> {
    pub(crate) bench: &'b mut Bench<'a>,
    pub(crate) body: Body,
    pub(crate) rule: usize,
    entity: String,
    /// Name of the test, without `test_`.
    name: String,
    pub(crate) accepted: usize,
    pub(crate) refused: usize,
    /// Whether a script was written since the test began.
    played: bool,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(writer: Writer<'a>, requirements: &'a Requirements) -> Self {
        let mut bench = Self { writer, requirements, methods: Vec::new(), crowded: BTreeSet::new() };
        for entity in &requirements.concepts.entities {
            if bench.crowds(&entity.key) {
                bench.crowded.insert(entity.key.clone());
            }
        }
        bench
    }

    /// Whether two records made in the same way refuse each other.
    fn crowds(&self, entity: &str) -> bool {
        let Some(base) = self.writer.scripts.base(entity) else { return false };
        let few = base.requests.iter().flat_map(|request| request.sets.values()).any(|value| match value {
            crate::value::Val::Fresh(_, crate::shape::Shape::Coded(sets)) => sets
                .iter()
                .map(|set| set.chars().count())
                .try_fold(1_usize, usize::checked_mul)
                .is_some_and(|n| n < 5000),
            crate::value::Val::Fresh(_, crate::shape::Shape::Exact(length)) => *length < 3,
            _ => false,
        });
        let unique =
            self.requirements.concepts.rules.iter().any(
                |rule| matches!(&rule.demand, maestro_artifacts::RuleKind::Unique { entity: of, .. } if of == entity),
            );
        let mut twice = base.clone();
        let end = twice.requests.len();
        twice.splice(end, &base.requests);
        (few && unique) || self.writer.scripts.run(&twice, Expect::Accepted, &[]).cost > 0
    }

    /// Whether tests of this kind of record need a service each.
    pub(crate) fn is_crowded(&self, entity: &str) -> bool {
        let Some(base) = self.writer.scripts.base(entity) else { return false };
        self.crowded.contains(entity) || base.requests.iter().any(|request| self.crowded.contains(&request.entity))
    }

    pub(crate) fn rule(&self, index: usize) -> Option<&'a Rule> {
        self.requirements.concepts.rules.get(index)
    }

    /// The statements that a rule proves: those that name it, and that neither need somebody else nor are put off.
    pub(crate) fn covers(&self, rule: &Rule) -> Vec<StatementId> {
        let mut ids = Vec::new();
        for item in &self.requirements.items {
            let named = match &item.understanding {
                Understanding::Rules { rules } => rules.contains(&rule.id) || rule.sources.contains(&item.id),
                Understanding::Criteria => rule.sources.contains(&item.id),
                Understanding::Unknown { .. } | Understanding::Deferred { .. } => false,
            };
            if named {
                ids.push(item.id.clone());
            }
        }
        ids
    }

    pub(crate) fn sheet(&mut self, rule: usize, entity: &str, name: &str) -> Sheet<'_, 'a> {
        Sheet {
            bench: self,
            body: Body::new("self"),
            rule,
            entity: entity.to_owned(),
            name: name.to_owned(),
            accepted: 0,
            refused: 0,
            played: false,
        }
    }

    fn add(&mut self, rule: usize, entity: &str, name: &str, lines: Vec<String>) {
        let Some(rule) = self.rule(rule) else { return };
        let covers = self.covers(rule);
        let words =
            self.requirements.items.iter().find(|item| covers.contains(&item.id)).map(|item| item.text.as_str());
        let doc = shortened(words.unwrap_or(&rule.message));
        let taken = |name: &str| self.methods.iter().any(|method| method.entity == entity && method.name == name);
        let slug = slug(name);
        let mut name = slug.clone();
        let mut count = 1;
        while taken(&name) {
            count += 1;
            name = format!("{slug}_{count}");
        }
        self.methods.push(Method { entity: entity.to_owned(), name, covers, doc, lines: without_idle_names(lines) });
    }

    /// The files of the tests, and the plan.
    pub(crate) fn finish(self) -> (BTreeMap<String, String>, TestPlan, Vec<String>) {
        let mut files = BTreeMap::new();
        let mut tests = Vec::new();
        for entity in &self.requirements.concepts.entities {
            let mut methods: Vec<&Method> = self.methods.iter().filter(|method| method.entity == entity.key).collect();
            methods.sort_by(|a, b| a.name.cmp(&b.name));
            if methods.is_empty() {
                continue;
            }
            let module = module(&entity.key);
            let class = class(&entity.key);
            for method in &methods {
                tests.push(PlannedTest {
                    name: format!("{module}.{class}.test_{}", method.name),
                    covers: method.covers.clone(),
                });
            }
            let text = module_text(&entity.plural, &class, self.is_crowded(&entity.key), &methods);
            files.insert(format!("tests/{module}.py"), text);
        }
        let proven: BTreeSet<&StatementId> = tests.iter().flat_map(|test: &PlannedTest| &test.covers).collect();
        let bare = self
            .requirements
            .items
            .iter()
            .filter(|item| matches!(item.understanding, Understanding::Rules { .. }) && !proven.contains(&item.id))
            .map(|item| item.id.to_string())
            .collect();
        tests.sort_by(|a, b| a.name.cmp(&b.name));
        (files, TestPlan { dir: "tests".to_owned(), tests }, bare)
    }
}

impl Sheet<'_, '_> {
    pub(crate) fn solve(&self, script: Script, expect: Expect, wants: &[Want]) -> Option<Script> {
        self.bench.writer.scripts.solve(script, expect, wants)
    }

    /// Writes a script into the test. Where records stand in each other's way, what was written before becomes a test
    /// of its own.
    pub(crate) fn play(&mut self, script: &Script) -> Outcome {
        if self.played && self.bench.is_crowded(&self.entity) {
            self.flush();
        }
        self.played = true;
        let outcome = self.bench.writer.play(&mut self.body, script);
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Refused(..) => self.refused += 1,
        }
        outcome
    }

    /// Looks for a script in which the rule decides, and writes it.
    pub(crate) fn probe(&mut self, script: Script, wants: &[Want]) -> Option<(Script, Outcome)> {
        let found = self.solve(script, Expect::Probes(self.rule), wants)?;
        let outcome = self.play(&found);
        Some((found, outcome))
    }

    pub(crate) fn line(&mut self, line: impl Into<String>) {
        self.body.lines.push(line.into());
    }

    fn flush(&mut self) {
        let body = std::mem::replace(&mut self.body, Body::new("self"));
        self.played = false;
        if !body.lines.is_empty() {
            self.bench.add(self.rule, &self.entity, &self.name, body.lines);
        }
    }

    /// Ends the test; one that would check nothing is left out.
    pub(crate) fn done(mut self) -> bool {
        let any = self.accepted + self.refused > 0;
        self.flush();
        any
    }
}

/// Takes assignments away whose name is not used afterwards.
fn without_idle_names(lines: Vec<String>) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let assigned = line.split_once(" = ").filter(|(name, made)| {
            name.chars().all(|c| c.is_alphanumeric() || c == '_')
                && (made.starts_with("make_") || made.starts_with("self."))
        });
        let kept = assigned.is_none_or(|(name, _)| {
            lines
                .iter()
                .skip(at + 1)
                .any(|later| later.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name))
        });
        match assigned {
            Some((_, made)) if !kept => out.push(made.to_owned()),
            _ => out.push(line.clone()),
        }
    }
    out
}

fn module_text(plural: &str, class: &str, own: bool, methods: &[&Method]) -> String {
    let body: String =
        methods.iter().flat_map(|method| &method.lines).fold(String::new(), |all, line| all + line + "\n");
    let used = |name: &str| body.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name);
    let mut words = vec!["ServiceCase", "covers"];
    words.extend(
        ["OMIT", "at", "coded", "day", "email", "from_now", "phone", "text", "text_of", "url"]
            .into_iter()
            .filter(|w| used(w)),
    );
    words.sort_unstable();
    let mut made: Vec<&str> = body
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| word.starts_with("make_") || word.ends_with("_values"))
        .collect();
    made.sort_unstable();
    made.dedup();
    let mut out = format!("\"\"\"What the epic demands of {}.\"\"\"\n\n", plain(plural));
    if !made.is_empty() {
        let _ = writeln!(out, "from factories import {}", made.join(", "));
    }
    let _ = writeln!(out, "from support import {}\n\n", words.join(", "));
    let _ = writeln!(out, "class {class}(ServiceCase):");
    if own {
        out.push_str("    own_service = True\n");
    }
    for method in methods {
        let ids: Vec<String> = method.covers.iter().map(|id| crate::python::string(id.as_str())).collect();
        out.push('\n');
        if !ids.is_empty() {
            let _ = writeln!(out, "    @covers({})", ids.join(", "));
        }
        let _ = writeln!(out, "    def test_{}(self):", method.name);
        let _ = writeln!(out, "        \"\"\"{}\"\"\"", method.doc);
        for line in &method.lines {
            let _ = writeln!(out, "        {line}");
        }
    }
    out
}

pub(crate) fn module(entity: &str) -> String {
    // `test_api` is taken by the tests that every service must pass.
    if entity == "api" { "test_api_records".to_owned() } else { format!("test_{entity}") }
}

fn class(entity: &str) -> String {
    entity
        .split('_')
        .map(|part| {
            let mut letters = part.chars();
            letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
        })
        .collect()
}

/// Words that can stand in a docstring.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\\' => '/',
            '"' => '\'',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect()
}

fn shortened(text: &str) -> String {
    let text = plain(text).split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= 96 {
        return text;
    }
    let cut: String = text.chars().take(93).collect();
    format!("{}...", cut.trim_end())
}

fn slug(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            out.push(c.to_ascii_lowercase());
        } else if !out.ends_with('_') && !out.is_empty() {
            out.push('_');
        }
    }
    out.truncate(70);
    out.trim_end_matches('_').to_owned()
}
