//! Puts tests together into modules, and keeps the plan of them.

use crate::{
    python::{Body, Outcome, Writer},
    script::{Expect, Script, Want},
    value::Val,
};
use maestro_artifacts::{Requirements, Rule, RuleKind, TestPlan, Understanding, delivery::PlannedTest};
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
    /// It needs a service without other records.
    alone: bool,
}

/// Where the tests of a suite are collected.
pub(crate) struct Bench<'a> {
    pub(crate) writer: Writer<'a>,
    requirements: &'a Requirements,
    methods: Vec<Method>,
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
    alone: bool,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(writer: Writer<'a>, requirements: &'a Requirements) -> Self {
        Self { writer, requirements, methods: Vec::new() }
    }

    /// Whether records of a script could stand in the way of those of other tests: whether it gives fixed values to
    /// fields that must be unique, or fixed times where nothing else keeps records apart.
    pub(crate) fn clashes(&self, script: &Script) -> bool {
        let fixed = |value: Option<&Val>| match value {
            None | Some(Val::Null | Val::Ref(_) | Val::Swapped(..)) => false,
            Some(Val::Fresh(_, shape)) => shape.is_scarce(),
            Some(_) => true,
        };
        let mut rows = crate::world::Rows::new();
        let end = script.requests.len().saturating_sub(1);
        for (place, request) in script.requests.iter().enumerate() {
            let (faults, row) = self.writer.scripts.world.judge(&rows, request);
            let Some(row) = row else { continue };
            if place == end && !faults.is_empty() {
                // What is refused stands in nobody's way.
                return false;
            }
            for rule in &self.requirements.concepts.rules {
                let clash = match &rule.demand {
                    RuleKind::Unique { entity, fields, .. } if *entity == row.entity => {
                        fields.iter().all(|field| fixed(row.values.get(field)))
                    }
                    RuleKind::NoOverlap { entity, by, start, .. } if *entity == row.entity => {
                        fixed(row.values.get(start)) && by.iter().all(|field| fixed(row.values.get(field)))
                    }
                    _ => false,
                };
                if clash {
                    return true;
                }
            }
            rows.insert(request.rec, row);
        }
        false
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
            alone: false,
        }
    }

    fn add(&mut self, rule: usize, entity: &str, name: &str, lines: Vec<String>, alone: bool) {
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
        self.methods.push(Method {
            entity: entity.to_owned(),
            name,
            covers,
            doc,
            lines: without_idle_names(lines),
            alone,
        });
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
                let class = class_of(&class, method.alone);
                tests.push(PlannedTest {
                    name: format!("{module}.{class}.test_{}", method.name),
                    covers: method.covers.clone(),
                });
            }
            let text = module_text(&entity.plural, &class, &methods);
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

    /// Writes a script into the test.
    pub(crate) fn play(&mut self, script: &Script) -> Outcome {
        let outcome = self.bench.writer.outcome(script);
        self.setup(script);
        self.last(script, &outcome);
        outcome
    }

    /// Writes all but the last request of a script. A script that needs a service for itself becomes a test of its own.
    pub(crate) fn setup(&mut self, script: &Script) {
        let alone = self.bench.clashes(script);
        if self.played && (alone || self.alone) {
            self.flush();
        }
        self.alone = alone;
        self.played = true;
        self.bench.writer.setup(&mut self.body, script);
    }

    /// Writes the last request of a script.
    pub(crate) fn last(&mut self, script: &Script, outcome: &Outcome) {
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Refused(..) => self.refused += 1,
        }
        self.bench.writer.last(&mut self.body, script, outcome);
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
            self.bench.add(self.rule, &self.entity, &self.name, body.lines, self.alone);
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

fn module_text(plural: &str, class: &str, methods: &[&Method]) -> String {
    let body: String =
        methods.iter().flat_map(|method| &method.lines).fold(String::new(), |all, line| all + line + "\n");
    let used = |name: &str| body.split(|c: char| !(c.is_alphanumeric() || c == '_')).any(|word| word == name);
    let mut words = vec!["ServiceCase", "covers"];
    words.extend(
        ["OMIT", "at", "coded", "counted", "day", "email", "from_now", "phone", "text", "text_of", "url"]
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
    let _ = writeln!(out, "from support import {}\n", words.join(", "));
    let mut classes = Vec::new();
    for alone in [false, true] {
        let mut methods = methods.iter().filter(|method| method.alone == alone).peekable();
        if methods.peek().is_none() {
            continue;
        }
        let mut text = format!("\nclass {}(ServiceCase):\n", class_of(class, alone));
        if alone {
            text.push_str("    own_service = True\n");
        }
        for method in methods {
            write_method(&mut text, method);
        }
        classes.push(text);
    }
    out.push_str(&classes.join("\n"));
    out
}

fn write_method(out: &mut String, method: &Method) {
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

fn class_of(class: &str, alone: bool) -> String {
    match class {
        _ if alone => format!("{class}Alone"),
        // What Python keeps to itself, and the name of every test case's base.
        "False" | "None" | "True" | "ServiceCase" => format!("{class}Records"),
        _ => class.to_owned(),
    }
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
