//! `check_tests`: Python tests that test nothing: without assertion, with one that always holds, skipped, or whose failures are
//! swallowed. It reads the syntax tree; whether tests pass is the referee's to say.

use super::python::{
    Function, always, called, children, collect, constant, each, first_error, idle, line_of, said, same, shape, short,
};
use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
};
use maestro_artifacts::delivery::Severity::{High, Low, Medium};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
};
use tree_sitter::{Node, Parser, Tree};

pub(crate) struct CheckTests;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Only files below this folder, or this one file
    #[serde(default)]
    path: Option<String>,
    /// Names (functions, routes, statement ids) that at least one test must mention
    #[serde(default)]
    names: Vec<String>,
}

impl Tool for CheckTests {
    const NAME: &'static str = "check_tests";
    const DESCRIPTION: &'static str = "Finds Python tests that prove nothing: no assertion, assertions that always hold, swallowed failures, skipped, empty or copied tests, two with one name, and names that no test mentions.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with a `path`";
    type Args = Args;
    type Output = Report;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let inside = |path: &str| {
            args.path.as_deref().is_none_or(|dir| {
                path == dir || path.strip_prefix(dir.trim_end_matches('/')).is_some_and(|rest| rest.starts_with('/'))
            })
        };
        let texts = workspace.texts();
        let files: Vec<_> = texts.iter().filter(|(path, _)| is_test(path) && inside(path)).collect();
        if files.is_empty() {
            let place = args.path.as_deref().map(|path| format!(" below `{path}`")).unwrap_or_default();
            return Err(Error::Respond(format!(
                "there is no Python test file{place}: their names begin with `test_` or end with `_test.py`"
            )));
        }
        let chosen: BTreeSet<&str> = files.iter().map(|(path, _)| **path).collect();
        let (checked, mut findings) = look(&texts, &chosen)
            .map_err(|source| Error::Fatal { tool: Self::NAME.to_owned(), source: source.into() })?;
        for name in &args.names {
            if !files.iter().any(|(_, text)| mentions(text, name)) {
                let mut found = Findings::of(name);
                found.add(
                    "not-covered",
                    Medium,
                    0,
                    format!("no test mentions `{name}`"),
                    "write a test of it, or name it in the one that is",
                );
                findings.extend(found.finish());
            }
        }
        Ok(Report { checked, findings })
    }
}

/// Looks at the chosen test files; helpers beside them are read too. Answers how many tests there are, and what is found.
fn look(
    texts: &BTreeMap<&str, Cow<'_, str>>,
    chosen: &BTreeSet<&str>,
) -> Result<(usize, Vec<Finding>), tree_sitter::LanguageError> {
    let mut parser = Parser::new();
    parser.set_language(&tree_sitter_python::LANGUAGE.into())?;
    let (mut checked, mut findings, mut bodies) = (0, Vec::new(), BTreeMap::new());
    let folders: BTreeSet<_> = chosen.iter().map(|path| folder(path)).collect();
    let beside: Vec<_> =
        texts.iter().filter(|(path, _)| path.ends_with(".py") && folders.contains(folder(path))).collect();
    let trees: Vec<_> =
        beside.iter().filter_map(|(path, text)| Some((**path, &***text, parser.parse(&***text, None)?))).collect();
    let asserting = asserting(&trees);
    for (path, text, tree) in trees.iter().filter(|(path, ..)| chosen.contains(path)) {
        let (tests, found) = of_file(path, text, tree, &asserting, &mut bodies);
        checked += tests;
        findings.extend(found);
    }
    Ok((checked, findings))
}

/// Python tests below a folder that prove nothing, in words: for those who decide about them.
///
/// # Errors
/// The grammar of this program cannot be used.
pub fn hollow_tests(
    files: &BTreeMap<String, Vec<u8>>,
    dir: &str,
) -> Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>> {
    let below = |path: &str| path.strip_prefix(dir).is_some_and(|rest| rest.starts_with('/'));
    let texts: BTreeMap<&str, Cow<'_, str>> =
        files.iter().map(|(path, bytes)| (path.as_str(), String::from_utf8_lossy(bytes))).collect();
    let chosen = texts.keys().copied().filter(|path| below(path) && is_test(path)).collect();
    let (_, findings) = look(&texts, &chosen)?;
    let grave = findings.into_iter().filter(|finding| finding.severity >= High);
    Ok(grave.map(|found| format!("{}:{}: {}; {}", found.path, found.line, found.message, found.fix)).collect())
}

fn is_test(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    (name.starts_with("test") && name.ends_with(".py")) || name.ends_with("_test.py")
}

/// Whether a name stands in a text by itself.
fn mentions(text: &str, name: &str) -> bool {
    let part = |c: char| c.is_alphanumeric() || c == '_';
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|t| t.chars().next_back());
        let after = text.get(at + name.len()..).and_then(|t| t.chars().next());
        !before.is_some_and(part) && !after.is_some_and(part)
    })
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn of_file(
    path: &str,
    text: &str,
    tree: &Tree,
    asserting: &BTreeSet<&str>,
    bodies: &mut BTreeMap<String, String>,
) -> (usize, Vec<Finding>) {
    let mut found = Findings::of(path);
    if tree.root_node().has_error() {
        let line = first_error(tree.root_node()).map_or(1, line_of);
        found.add(
            "syntax",
            High,
            line,
            "the file is no Python from here on: none of its tests runs",
            "mend the syntax",
        );
    }
    let mut functions = Vec::new();
    collect(tree.root_node(), text, "", &mut functions);
    let mut names = BTreeSet::new();
    let mut tests = 0;
    for function in functions.iter().filter(|function| function.name.starts_with("test")) {
        tests += 1;
        let line = line_of(function.node);
        let name = function.name;
        if !names.insert((function.class, name)) {
            found.add(
                "same-name",
                High,
                line,
                format!("`{name}` stands twice in one place: the first never runs"),
                "give each its own name",
            );
        }
        if let Some(why) = function.decorators.iter().find(|text| skips(text)) {
            found.add("skipped", High, line, format!("`{name}` is skipped by `{why}`"), "let it run, or delete it");
        }
        one(function, text, asserting, &mut found);
        let shape = shape(function.body, text);
        let place = format!("`{name}` of `{path}`");
        // A body of one short line says little; helpers are called alike.
        if shape.len() > 60 {
            match bodies.get(&shape) {
                Some(other) => found.add(
                    "copy",
                    Medium,
                    line,
                    format!("`{name}` does exactly what {other} does"),
                    "test something else, or delete it",
                ),
                None => drop(bodies.insert(shape, place)),
            }
        }
    }
    if tests == 0 && !tree.root_node().has_error() && !text.trim().is_empty() {
        found.add(
            "no-test",
            Medium,
            1,
            "the file has no test: no function whose name begins with `test`",
            "write one, or name the file otherwise",
        );
    }
    (tests, found.finish())
}

/// Names of functions of these files that assert something, also by way of each other: helpers lie beside tests.
fn asserting<'t>(files: &'t [(&str, &str, Tree)]) -> BTreeSet<&'t str> {
    let mut functions = Vec::new();
    for (_, text, tree) in files {
        let mut of_file = Vec::new();
        collect(tree.root_node(), text, "", &mut of_file);
        functions.extend(of_file.into_iter().map(|function| (*text, function)));
    }
    let mut known: BTreeSet<&str> = BTreeSet::new();
    loop {
        let before = known.len();
        for (text, function) in &functions {
            let mut seen = false;
            each(function.body, &mut |node| seen |= asserts(node, text, &known));
            if seen {
                known.insert(function.name);
            }
        }
        if known.len() == before {
            return known;
        }
    }
}

/// Whether this is an assertion: a statement, a call of one, or of a function that asserts.
fn asserts(node: Node<'_>, text: &str, known: &BTreeSet<&str>) -> bool {
    if node.kind() == "assert_statement" || node.kind() == "raise_statement" {
        return true;
    }
    called(node, text).is_some_and(|name| {
        let lower = name.trim_start_matches('_').to_lowercase();
        ["assert", "expect", "verify", "check", "fail", "raises", "ensure", "must"]
            .iter()
            .any(|start| lower.starts_with(start))
            || known.contains(name)
    })
}

fn skips(decorator: &str) -> bool {
    let name: String = decorator.trim_start_matches('@').chars().take_while(|c| *c != '(').collect();
    matches!(name.rsplit('.').next(), Some("skip" | "xfail" | "expectedFailure"))
        || (matches!(name.rsplit('.').next(), Some("skipIf")) && decorator.contains("(True"))
        || (matches!(name.rsplit('.').next(), Some("skipUnless")) && decorator.contains("(False"))
}

fn one(function: &Function<'_>, text: &str, asserting: &BTreeSet<&str>, found: &mut Findings<'_>) {
    let (name, line) = (function.name, line_of(function.node));
    let does: Vec<_> = children(function.body).into_iter().filter(|node| !idle(*node)).collect();
    if does.is_empty() {
        found.add("empty", High, line, format!("`{name}` does nothing"), "write what it should show, or delete it");
        return;
    }
    let mut seen = 0;
    each(function.body, &mut |node| {
        seen += usize::from(asserts(node, text, asserting));
        judge(name, node, text, found);
    });
    if seen == 0 {
        found.add(
            "no-assertion",
            High,
            line,
            format!("`{name}` asserts nothing: it passes whatever happens"),
            "assert what must be true afterwards",
        );
    }
    if let Some(end) = does.iter().position(|node| node.kind() == "return_statement")
        && does.len() > end + 1
    {
        let line = does.get(end).map_or(line, |node| line_of(*node));
        found.add(
            "never-reached",
            High,
            line,
            format!("what follows the `return` of `{name}` never runs"),
            "take the `return` out",
        );
    }
}

fn judge(name: &str, node: Node<'_>, text: &str, found: &mut Findings<'_>) {
    let line = line_of(node);
    match node.kind() {
        "assert_statement" => {
            if let Some(first) = children(node).first()
                && always(*first, text)
            {
                found.add(
                    "always-true",
                    High,
                    line,
                    format!("`{}` holds whatever happens", short(said(node, text))),
                    "assert something of what the software answered",
                );
            }
        }
        "call" => {
            let called = called(node, text).unwrap_or_default();
            let given: Vec<_> = node.child_by_field_name("arguments").map(children).unwrap_or_default();
            let given: Vec<_> = given.into_iter().filter(|node| node.kind() != "keyword_argument").collect();
            let (first, second) = (given.first().copied(), given.get(1).copied());
            let fixed = match (called, first, second) {
                ("assertTrue" | "assertIsNotNone", Some(first), _) => always(first, text),
                ("assertFalse" | "assertIsNone", Some(first), _) => constant(first),
                (compare, Some(first), Some(second)) if compare.starts_with("assert") && compare != "assertRaises" => {
                    (constant(first) && constant(second))
                        || (matches!(
                            compare,
                            "assertEqual"
                                | "assertIs"
                                | "assertEquals"
                                | "assertAlmostEqual"
                                | "assertListEqual"
                                | "assertDictEqual"
                        ) && same(first, second, text))
                }
                _ => false,
            };
            if fixed {
                found.add(
                    "always-true",
                    High,
                    line,
                    format!("`{}` holds whatever happens", short(said(node, text))),
                    "assert something of what the software answered",
                );
            }
            if called == "skipTest"
                || said(node, text).starts_with("pytest.skip(")
                || said(node, text).starts_with("pytest.xfail(")
            {
                // A test that asks for something which is not there may say so; one that always skips never runs.
                let mut above = node.parent();
                while above.is_some_and(|node| {
                    !matches!(node.kind(), "if_statement" | "except_clause" | "function_definition")
                }) {
                    above = above.and_then(|node| node.parent());
                }
                if above.is_none_or(|node| node.kind() == "function_definition") {
                    found.add("skipped", High, line, format!("`{name}` skips itself"), "let it run, or delete it");
                }
            }
            if said(node, text).starts_with("time.sleep(") {
                found.add(
                    "sleep",
                    Low,
                    line,
                    format!("`{name}` waits for a fixed time"),
                    "wait for the thing itself, with a limit",
                );
            }
        }
        "except_clause" => {
            let body = children(node).into_iter().find(|child| child.kind() == "block");
            let clause = said(node, text).lines().next().unwrap_or_default();
            let broad = ["except:", "except Exception", "except BaseException", "except AssertionError"]
                .iter()
                .any(|start| clause.trim_start().starts_with(start));
            let quiet = body.is_some_and(|body| {
                let statements = children(body);
                statements.iter().all(|node| {
                    idle(*node)
                        || matches!(node.kind(), "return_statement" | "continue_statement" | "break_statement")
                        || prints(*node, text)
                })
            });
            if broad && quiet {
                found.add(
                    "swallowed",
                    High,
                    line,
                    format!("`{name}` swallows its own failures"),
                    "let the exception out, or use `assertRaises`",
                );
            }
        }
        _ => {}
    }
}

fn prints(node: Node<'_>, text: &str) -> bool {
    node.kind() == "expression_statement" && said(node, text).starts_with("print(")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run};
    use serde_json::json;

    async fn told(body: &str) -> Vec<String> {
        let text = format!(
            "import unittest\n\nclass T(unittest.TestCase):\n{}\n",
            body.lines().map(|l| format!("    {l}\n")).collect::<String>()
        );
        let got = run(CheckTests, json!({}), &mut context_with(&[("tests/test_a.py", &text)])).await.unwrap();
        let findings = got["findings"].as_array().unwrap().iter();
        findings.map(|f| format!("{}:{}", f["line"], f["rule"].as_str().unwrap())).collect()
    }

    #[tokio::test]
    async fn tests_that_prove_nothing_are_found() {
        for (body, want) in [
            ("def test_a(self):\n    call()", "4:no-assertion"),
            ("def test_a(self):\n    \"\"\"Says.\"\"\"\n    pass", "4:empty"),
            ("def test_a(self):\n    assert True", "5:always-true"),
            ("def test_a(self):\n    assert (answer == 1, 'message')", "5:always-true"),
            ("def test_a(self):\n    x = f()\n    self.assertEqual(x.y, x.y)", "6:always-true"),
            ("def test_a(self):\n    self.assertEqual(1, 1)", "5:always-true"),
            ("def test_a(self):\n    self.assertTrue(x or True)", "5:always-true"),
            (
                "def test_a(self):\n    try:\n        self.assertEqual(f(), 1)\n    except Exception:\n        pass",
                "7:swallowed",
            ),
            ("@unittest.skip('later')\ndef test_a(self):\n    self.assertEqual(f(), 1)", "5:skipped"),
            ("def test_a(self):\n    self.skipTest('no')\n    self.assertEqual(f(), 1)", "5:skipped"),
            ("def test_a(self):\n    return\n    self.assertEqual(f(), 1)", "5:never-reached"),
            (
                "def test_a(self):\n    self.assertEqual(f(), 1)\ndef test_a(self):\n    self.assertEqual(f(), 2)",
                "6:same-name",
            ),
        ] {
            assert_eq!(told(body).await, [want], "{body}");
        }
        let long = "    answer = self.service.request('GET', '/loans')\n    self.assertEqual(answer.status, 200)";
        assert_eq!(told(&format!("def test_a(self):\n{long}\ndef test_b(self):\n{long}")).await, ["7:copy"]);
        assert_eq!(told("def test_a(self:\n    x").await[0].split_once(':').unwrap().1, "syntax");
    }

    #[tokio::test]
    async fn tests_that_prove_something_are_left_alone() {
        for body in [
            "def test_a(self):\n    self.assertEqual(f(), 1)",
            "def test_a(self):\n    with self.assertRaises(ValueError):\n        f()",
            "def test_a(self):\n    self.refused(422)\ndef refused(self, status):\n    self.assertEqual(f(), status)",
            "def test_a(self):\n    if not tool:\n        self.skipTest('no tool')\n    self.assertTrue(f())",
            "def test_a(self):\n    try:\n        f()\n    except KeyError:\n        pass\n    self.assertEqual(x, 2)",
            "def test_a(self):\n    self.assertEqual(f(), f())",
            "def test_a(self):\n    assert answer == 200, 'message'",
        ] {
            assert_eq!(told(body).await, [] as [String; 0], "{body}");
        }
    }

    #[tokio::test]
    async fn names_must_be_mentioned_and_files_be_there() {
        let files =
            [("tests/test_a.py", "def test_a():\n    assert f('/loans') == 1\n"), ("tests/support.py", "x = 1\n")];
        let got = run(CheckTests, json!({"path": "tests", "names": ["/loans", "/loan"]}), &mut context_with(&files))
            .await
            .unwrap();
        assert_eq!(got["findings"].as_array().unwrap().len(), 1);
        assert_eq!((&got["findings"][0]["path"], &got["checked"]), (&json!("/loan"), &json!(1)));
        let error = run(CheckTests, json!({"path": "test"}), &mut context_with(&files)).await.unwrap_err();
        assert!(error.to_string().contains("no Python test file below `test`"), "{error}");
        assert!(run(CheckTests, json!({}), &mut context()).await.is_err());
    }
}
