//! Puts tests together into modules, and keeps the plan of them.

use crate::{
    apart::{self, Claim},
    python::{Body, Outcome, Writer},
    script::{Expect, Script, Want},
};
use maestro_artifacts::{Requirements, Rule, TestPlan, Understanding, delivery::PlannedTest};
use maestro_domain::StatementId;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    fmt::Write as _,
};

/// What tests may use of `values.py`.
const WORDS: [&str; 14] = [
    "OMIT",
    "alphabetical",
    "at",
    "coded",
    "counted",
    "day",
    "email",
    "from_now",
    "months_later",
    "phone",
    "text",
    "text_of",
    "url",
    "year",
];

/// One test method.
struct Method {
    entity: String,
    name: String,
    covers: Vec<StatementId>,
    doc: String,
    lines: Vec<String>,
    /// What no other test on the same service may claim.
    claims: Vec<Claim>,
}

/// Where the tests of a suite are collected.
pub(crate) struct Bench<'a> {
    pub(crate) writer: Writer<'a>,
    pub(crate) requirements: &'a Requirements,
    methods: Vec<Method>,
    /// Statements of which no test shows all that they allow, and what is missing.
    lacking: BTreeMap<StatementId, String>,
    /// How many requests of the tests of each rule are accepted, and how many are refused.
    sides: BTreeMap<usize, (usize, usize)>,
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
    /// What the scripts since the test began claim.
    claims: Vec<Claim>,
    /// Whether the last request of the script that was set up has been written.
    ended: bool,
}

impl<'a> Bench<'a> {
    pub(crate) fn new(writer: Writer<'a>, requirements: &'a Requirements) -> Self {
        Self { writer, requirements, methods: Vec::new(), lacking: BTreeMap::new(), sides: BTreeMap::new() }
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
            claims: Vec::new(),
            ended: false,
        }
    }

    /// Notes that nothing was found which shows something that a rule allows. The statements that say so are not proven then,
    /// whatever other tests there are of the rule; `sources` are those of them that speak of it, where that is known.
    pub(crate) fn lack(&mut self, rule: usize, sources: &[StatementId], why: &str) {
        let understood =
            self.requirements.items.iter().filter(|item| matches!(item.understanding, Understanding::Rules { .. }));
        let mut lacking: Vec<StatementId> =
            understood.map(|item| item.id.clone()).filter(|id| sources.contains(id)).collect();
        if lacking.is_empty() {
            lacking = self.rule(rule).map(|rule| self.covers(rule)).unwrap_or_default();
        }
        for id in lacking {
            self.lacking.entry(id).or_insert_with(|| why.to_owned());
        }
    }

    /// How many requests of the tests of a rule are accepted, and how many are refused.
    pub(crate) fn sides(&self, rule: usize) -> (usize, usize) {
        self.sides.get(&rule).copied().unwrap_or_default()
    }

    fn add(&mut self, rule: usize, entity: &str, name: &str, lines: Vec<String>, claims: Vec<Claim>) {
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
            claims,
        });
    }

    /// The files of the tests, and the plan.
    pub(crate) fn finish(mut self) -> (BTreeMap<String, String>, TestPlan) {
        for method in &mut self.methods {
            method.covers.retain(|id| !self.lacking.contains_key(id));
        }
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
            let claims: Vec<&[Claim]> = methods.iter().map(|method| method.claims.as_slice()).collect();
            let mut parts: Vec<Vec<&Method>> = Vec::new();
            for (method, place) in methods.into_iter().zip(apart::places(&claims)) {
                parts.resize_with(parts.len().max(place + 1), Vec::new);
                parts.get_mut(place).into_iter().for_each(|part| part.push(method));
            }
            for (place, method) in parts.iter().enumerate().flat_map(|(at, part)| part.iter().map(move |m| (at, m))) {
                tests.push(PlannedTest {
                    name: format!("{module}.{}.test_{}", class_of(&class, place), method.name),
                    covers: method.covers.clone(),
                });
            }
            let text = module_text(&entity.plural, &class, &parts);
            files.insert(format!("tests/{module}.py"), text);
        }
        let proven: BTreeSet<&StatementId> = tests.iter().flat_map(|test: &PlannedTest| &test.covers).collect();
        let untested = self.untested(&proven, &self.lacking);
        tests.sort_by(|a, b| a.name.cmp(&b.name));
        (files, TestPlan { dir: "tests".to_owned(), tests, untested })
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

    /// Takes what a script claims that is written in other words; `false` where no service has that much.
    pub(crate) fn claim(&mut self, script: &Script) -> bool {
        let claims = self.bench.claims(script);
        let fits = apart::fits(&claims);
        if fits {
            self.claims.extend(claims);
        }
        fits
    }

    /// Writes all but the last request of a script. A script that would stand in the way of those before it begins a
    /// test of its own.
    pub(crate) fn setup(&mut self, script: &Script) {
        let claims = self.bench.claims(script);
        if apart::clash(&self.claims, &claims) {
            self.flush();
        }
        self.claims.extend(claims);
        self.ended = false;
        self.bench.writer.setup(&mut self.body, script);
    }

    /// Writes the last request of a script.
    pub(crate) fn last(&mut self, script: &Script, outcome: &Outcome) {
        if std::mem::replace(&mut self.ended, true) {
            // A further request after the same ones: what it needs is made and drawn anew, which may be once too often.
            let made = self.bench.writer.made_by_last(script);
            let again = self.bench.claims_of(script, &|rec| made.contains(&rec));
            if apart::clash(&self.claims, &again) {
                self.setup(script);
                self.ended = true;
            } else {
                self.claims.extend(again);
            }
        }
        match outcome {
            Outcome::Accepted => self.accepted += 1,
            Outcome::Refused(..) => self.refused += 1,
        }
        self.bench.writer.last(&mut self.body, script, outcome);
    }

    /// Writes the last request of a script, a creation, as many at once of which one is accepted.
    pub(crate) fn race(&mut self, script: &Script) {
        self.ended = true;
        self.accepted += 1;
        self.refused += 1;
        self.bench.writer.race(&mut self.body, script);
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
        let claims = std::mem::take(&mut self.claims);
        if !body.lines.is_empty() {
            self.bench.add(self.rule, &self.entity, &self.name, body.lines, claims);
        }
    }

    /// Ends the test; one that would check nothing is left out.
    pub(crate) fn done(mut self) -> bool {
        let any = self.accepted + self.refused > 0;
        let sides = self.bench.sides.entry(self.rule).or_default();
        *sides = (sides.0 + self.accepted, sides.1 + self.refused);
        self.flush();
        any
    }
}

/// Takes assignments away whose name is not used afterwards.
fn without_idle_names(lines: Vec<String>) -> Vec<String> {
    let mut last: HashMap<&str, usize> = HashMap::new();
    for (at, line) in lines.iter().enumerate() {
        last.extend(line.split(|c: char| !(c.is_alphanumeric() || c == '_')).map(|word| (word, at)));
    }
    let kept = |(at, line): (usize, &String)| {
        let assigned = line.split_once(" = ").filter(|(name, made)| {
            name.chars().all(|c| c.is_alphanumeric() || c == '_')
                && (made.starts_with("make_") || made.starts_with("self."))
        });
        match assigned {
            Some((name, made)) if last.get(name).is_none_or(|last| *last <= at) => made.to_owned(),
            _ => line.clone(),
        }
    };
    lines.iter().enumerate().map(kept).collect()
}

/// What a module imports whose text is this: the factories and the words for values that it names, and these words of `support.py`.
pub(crate) fn imports(text: &str, support: &str) -> String {
    let names: BTreeSet<&str> = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).collect();
    let made: Vec<&str> =
        names.iter().copied().filter(|name| name.starts_with("make_") || name.ends_with("_values")).collect();
    let words: Vec<&str> = WORDS.into_iter().filter(|word| names.contains(word)).collect();
    let mut out = String::new();
    for (module, words) in
        [("factories", made.join(", ")), ("support", support.to_owned()), ("values", words.join(", "))]
    {
        if !words.is_empty() {
            let _ = writeln!(out, "from {module} import {words}");
        }
    }
    out
}

fn module_text(plural: &str, class: &str, parts: &[Vec<&Method>]) -> String {
    let lines = parts.iter().flatten().flat_map(|method| &method.lines);
    let body: String = lines.fold(String::new(), |all, line| all + line + "\n");
    let mut out = format!(
        "\"\"\"What the epic demands of {}.\"\"\"\n\n{}\n",
        plain(plural),
        imports(&body, "ServiceCase, covers")
    );
    let mut classes = Vec::new();
    for (place, methods) in parts.iter().enumerate() {
        let mut text = format!("\nclass {}(ServiceCase):\n", class_of(class, place));
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

/// The name of the class whose tests use the service at a place.
fn class_of(class: &str, place: usize) -> String {
    match (place, class) {
        // What Python keeps to itself, and the name of every test case's base.
        (0, "False" | "None" | "True" | "ServiceCase") => format!("{class}Records"),
        (0, _) => class.to_owned(),
        (1, _) => format!("{class}Apart"),
        _ => format!("{class}Apart{place}"),
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
