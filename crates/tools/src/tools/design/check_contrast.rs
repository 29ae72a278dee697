//! `check_contrast`: whether texts can be read on their backgrounds: given pairs of colours, and those of stylesheets.

use super::color::{BLACK, Color, WHITE, contrast};
use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings},
};
use maestro_artifacts::delivery::Severity::{High, Info};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub(crate) struct CheckContrast;

#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Pair {
    /// Colour of the text, as CSS writes it
    foreground: String,
    /// Colour behind it
    background: String,
    /// At least 24 px, or 18.66 px and bold; also for icons and borders of controls
    #[serde(default)]
    large: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Pairs of colours; stylesheets of the deliverable are read when left out
    #[serde(default)]
    pairs: Vec<Pair>,
    /// One stylesheet, or one page with styles
    #[serde(default)]
    path: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Ratio {
    foreground: String,
    background: String,
    /// From 1 to 21.
    ratio: f64,
    /// The ratio that AA demands.
    needed: f64,
    passes_aa: bool,
    passes_aaa: bool,
    /// Where it stands: file, line and selector.
    #[serde(skip_serializing_if = "Option::is_none")]
    at: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    ratios: Vec<Ratio>,
    findings: Vec<Finding>,
}

impl Tool for CheckContrast {
    const NAME: &'static str = "check_contrast";
    const DESCRIPTION: &'static str = "Works out the WCAG 2.2 contrast of given pairs of colours, or of every rule in the stylesheets that sets a text or background colour (with custom properties, inherited page colours and dark schemes), and tells those below AA.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with one `path`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let mut output = Output { ratios: Vec::new(), findings: Vec::new() };
        for pair in &args.pairs {
            let read = |text: &str| {
                Color::read(text).ok_or_else(|| {
                    Error::Respond(format!("`{text}` is no colour: write `#1a2b3c`, a name, `rgb(...)` or `hsl(...)`"))
                })
            };
            let ratio = contrast(read(&pair.foreground)?, read(&pair.background)?);
            output.add("pairs", 0, None, &pair.foreground, &pair.background, ratio, pair.large);
        }
        if !args.pairs.is_empty() && args.path.is_none() {
            return Ok(output);
        }
        let texts = workspace.texts();
        let styles: Vec<(&str, String)> = match &args.path {
            Some(path) => vec![(path.as_str(), workspace.text(path)?.to_owned())],
            None => texts
                .iter()
                .filter(|(path, _)| path.ends_with(".css") || path.ends_with(".html"))
                .map(|(path, text)| (*path, text.to_string()))
                .collect(),
        };
        if styles.is_empty() {
            return Err(Error::Respond("there is no stylesheet: give `pairs` of colours".to_owned()));
        }
        for (path, text) in styles {
            if path.ends_with(".css") {
                sheet(path, &text, 0, &mut output);
            } else {
                for style in crate::markup::read(&text).named("style") {
                    sheet(path, &style.text, style.line - 1, &mut output);
                }
            }
        }
        Ok(output)
    }
}

impl Output {
    #[expect(clippy::too_many_arguments, reason = "one line of a table")]
    fn add(
        &mut self,
        path: &str,
        line: usize,
        selector: Option<&str>,
        foreground: &str,
        background: &str,
        ratio: f64,
        large: bool,
    ) {
        let (needed, best) = if large { (3.0, 4.5) } else { (4.5, 7.0) };
        // Rounded down, so that nothing passes by rounding.
        let shown = (ratio * 100.0).floor() / 100.0;
        let at = selector.map(|selector| format!("{path}:{line} {selector}"));
        self.ratios.push(Ratio {
            foreground: foreground.to_owned(),
            background: background.to_owned(),
            ratio: shown,
            needed,
            passes_aa: ratio >= needed,
            passes_aaa: ratio >= best,
            at,
        });
        if ratio < needed {
            let mut found = Findings::of(path);
            let of = selector.map(|selector| format!("`{selector}`: ")).unwrap_or_default();
            found.add(
                "contrast",
                High,
                line,
                format!("{of}{foreground} on {background} has {shown}:1, and {needed}:1 is needed"),
                "make the text darker, or the background lighter (or the other way round)",
            );
            self.findings.extend(found.finish());
        }
    }

    fn unclear(&mut self, path: &str, line: usize, selector: &str, value: &str) {
        let mut found = Findings::of(path);
        found.add(
            "unclear",
            Info,
            line,
            format!("`{selector}`: `{value}` could not be worked out"),
            "check the pair by hand with `pairs`",
        );
        self.findings.extend(found.finish());
    }
}

/// A rule of a stylesheet.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Rule {
    selector: String,
    line: usize,
    /// The condition that it stands below, such as `@media (prefers-color-scheme: dark)`.
    scope: String,
    declarations: BTreeMap<String, String>,
}

/// Reads the rules of a stylesheet; nested blocks of conditions are followed.
fn rules(text: &str) -> Vec<Rule> {
    let mut found = Vec::new();
    let mut scopes: Vec<String> = Vec::new();
    let mut open: Option<(String, usize, String)> = None;
    let mut head = String::new();
    let mut line = 1;
    let mut head_line = 1;
    let mut quote: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        if c == '\n' {
            line += 1;
        }
        if quote.is_none() && c == '/' && chars.peek() == Some(&'*') {
            let mut last = ' ';
            for c in chars.by_ref() {
                line += usize::from(c == '\n');
                if last == '*' && c == '/' {
                    break;
                }
                last = c;
            }
            continue;
        }
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            _ => {}
        }
        match c {
            '{' if quote.is_none()
                && open.is_none()
                && head.trim_start().starts_with('@')
                && !head.trim_start().starts_with("@font-face")
                && !head.trim_start().starts_with("@page") =>
            {
                scopes.push(head.trim().to_owned());
                head.clear();
            }
            '{' if quote.is_none() && open.is_none() => {
                open = Some((head.split_whitespace().collect::<Vec<_>>().join(" "), head_line, String::new()));
                head.clear();
            }
            '}' if quote.is_none() => match open.take() {
                Some((selector, line, body)) => {
                    found.push(Rule { selector, line, scope: scopes.join(" "), declarations: declarations(&body) })
                }
                None => drop(scopes.pop()),
            },
            ';' if quote.is_none() && open.is_none() => head.clear(),
            c => match &mut open {
                Some((_, _, body)) => body.push(c),
                None => {
                    if head.trim().is_empty() {
                        head_line = line;
                    }
                    head.push(c);
                }
            },
        }
    }
    found
}

fn declarations(body: &str) -> BTreeMap<String, String> {
    body.split(';')
        .filter_map(|declaration| declaration.split_once(':'))
        .map(|(name, value)| {
            (name.trim().to_ascii_lowercase(), value.trim().trim_end_matches("!important").trim().to_owned())
        })
        .collect()
}

/// Names of custom properties replaced by their values.
fn resolved(value: &str, properties: &BTreeMap<String, String>) -> String {
    let mut value = value.to_owned();
    for _ in 0..8 {
        let Some(start) = value.find("var(") else { break };
        let rest = value.get(start + 4..).unwrap_or_default();
        let mut depth = 1;
        let end = rest.char_indices().find(|(_, c)| {
            depth += i32::from(*c == '(') - i32::from(*c == ')');
            depth == 0
        });
        let Some((end, _)) = end else { break };
        let inside = rest.get(..end).unwrap_or_default();
        let (name, fallback) = inside.split_once(',').unwrap_or((inside, ""));
        let by = properties.get(name.trim()).map_or(fallback.trim(), String::as_str).to_owned();
        value.replace_range(start..start + 4 + end + 1, &by);
    }
    value
}

fn sheet(path: &str, text: &str, before: usize, output: &mut Output) {
    let rules = rules(text);
    if !text.contains("light-dark(") {
        return judge(path, &rules, before, output);
    }
    for dark in [false, true] {
        let of = |rule: &Rule| {
            let declarations = rule.declarations.iter().map(|(name, value)| (name.clone(), in_scheme(value, dark)));
            Rule { declarations: declarations.collect(), ..rule.clone() }
        };
        judge(path, &rules.iter().map(of).collect::<Vec<_>>(), before, output);
    }
}

/// A value with each `light-dark(a, b)` replaced by the one that counts.
fn in_scheme(value: &str, dark: bool) -> String {
    let mut value = value.to_owned();
    for _ in 0..8 {
        let Some(start) = value.find("light-dark(") else { break };
        let rest = value.get(start + 11..).unwrap_or_default();
        let (mut depth, mut comma, mut end) = (0, None, None);
        for (at, c) in rest.char_indices() {
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => {
                    end = Some(at);
                    break;
                }
                ')' => depth -= 1,
                ',' if depth == 0 => comma = comma.or(Some(at)),
                _ => {}
            }
        }
        let (Some(comma), Some(end)) = (comma, end) else { break };
        let part = if dark { rest.get(comma + 1..end) } else { rest.get(..comma) };
        let part = part.unwrap_or_default().trim().to_owned();
        value.replace_range(start..start + 11 + end + 1, &part);
    }
    value
}

fn judge(path: &str, rules: &[Rule], before: usize, output: &mut Output) {
    let root = |selector: &str| selector.split(',').any(|part| matches!(part.trim(), ":root" | "html" | "body" | "*"));
    // Colours of a scheme are those of its root, on top of those that hold everywhere.
    let schemes: std::collections::BTreeSet<&str> = rules.iter().map(|rule| rule.scope.as_str()).chain([""]).collect();
    for scheme in schemes {
        let mut properties = BTreeMap::new();
        let mut page = (None, None);
        for rule in rules.iter().filter(|rule| root(&rule.selector) && (rule.scope.is_empty() || rule.scope == scheme))
        {
            properties.extend(
                rule.declarations
                    .iter()
                    .filter(|(name, _)| name.starts_with("--"))
                    .map(|(name, value)| (name.clone(), value.clone())),
            );
            page.0 = rule.declarations.get("color").or(page.0);
            page.1 = background(&rule.declarations).or(page.1);
        }
        let of = |value: Option<&String>, otherwise: Color| {
            value.and_then(|value| Color::read(&resolved(value, &properties))).unwrap_or(otherwise)
        };
        let (page_text, page_back) = (of(page.0, BLACK), of(page.1, WHITE).over(WHITE));
        let dark = schemes_properties_differ(rules, scheme, &root);
        for rule in rules.iter().filter(|rule| rule.scope == scheme || (dark && rule.scope.is_empty())) {
            let (front, back) = (rule.declarations.get("color"), background(&rule.declarations));
            if front.is_none() && back.is_none() {
                continue;
            }
            let named = |value: Option<&String>, otherwise: &str| {
                value.map_or_else(|| otherwise.to_owned(), |value| resolved(value, &properties))
            };
            let (front, back) = (named(front, ""), named(back, ""));
            if [&front, &back].iter().any(|value| {
                matches!(value.as_str(), "inherit" | "currentcolor" | "currentColor" | "unset" | "initial" | "none")
            }) {
                continue;
            }
            let (text, behind) = match (Color::read(&front), Color::read(&back)) {
                (Some(text), Some(behind)) => (text, behind.over(page_back)),
                (Some(text), None) if back.is_empty() => (text, page_back),
                (None, Some(behind)) if front.is_empty() => (page_text, behind.over(page_back)),
                (None, _) if !front.is_empty() => {
                    output.unclear(path, rule.line + before, &rule.selector, &front);
                    continue;
                }
                _ => {
                    // Pictures and gradients lie behind.
                    output.unclear(path, rule.line + before, &rule.selector, &back);
                    continue;
                }
            };
            let scope = if scheme.is_empty() { rule.selector.clone() } else { format!("{scheme} {}", rule.selector) };
            let large = large(&rule.declarations, &rule.selector);
            let shown = |value: &str, what: &str| if value.is_empty() { what.to_owned() } else { value.to_owned() };
            output.add(
                path,
                rule.line + before,
                Some(&scope),
                &shown(&front, "the page's text"),
                &shown(&back, "the page's background"),
                contrast(text, behind),
                large,
            );
        }
    }
}

/// Whether a scheme changes the colours of the root, so that all rules look otherwise in it.
fn schemes_properties_differ(rules: &[Rule], scheme: &str, root: &dyn Fn(&str) -> bool) -> bool {
    !scheme.is_empty() && rules.iter().any(|rule| rule.scope == scheme && root(&rule.selector))
}

fn background(declarations: &BTreeMap<String, String>) -> Option<&String> {
    declarations.get("background-color").or_else(|| declarations.get("background"))
}

fn large(declarations: &BTreeMap<String, String>, selector: &str) -> bool {
    let pixels = declarations.get("font-size").and_then(|size| {
        let number = |unit: &str, factor: f64| {
            size.strip_suffix(unit).and_then(|n| n.trim().parse::<f64>().ok()).map(|n| n * factor)
        };
        number("rem", 16.0)
            .or_else(|| number("px", 1.0))
            .or_else(|| number("pt", 4.0 / 3.0))
            .or_else(|| number("em", 16.0))
    });
    let bold = declarations
        .get("font-weight")
        .is_some_and(|weight| weight == "bold" || weight.parse::<u32>().is_ok_and(|weight| weight >= 700));
    match pixels {
        Some(pixels) => pixels >= 24.0 || (bold && pixels >= 18.66),
        None => selector.split(',').all(|part| part.trim() == "h1"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run};
    use serde_json::json;

    #[tokio::test]
    async fn pairs() {
        let args = json!({"pairs": [{"foreground": "#777", "background": "white"}, {"foreground": "#777", "background": "white", "large": true}]});
        let got = run(CheckContrast, args, &mut context()).await.unwrap();
        assert_eq!(
            (&got["ratios"][0]["ratio"], &got["ratios"][0]["passes_aa"], &got["ratios"][1]["passes_aa"]),
            (&json!(4.47), &json!(false), &json!(true))
        );
        assert_eq!(got["findings"].as_array().unwrap().len(), 1);
        let error =
            run(CheckContrast, json!({"pairs": [{"foreground": "greenish", "background": "#fff"}]}), &mut context())
                .await
                .unwrap_err();
        assert!(error.to_string().contains("`greenish` is no colour"), "{error}");
        assert!(run(CheckContrast, json!({}), &mut context()).await.is_err());
    }

    #[tokio::test]
    async fn stylesheets() {
        let css = ":root {\n  --text: #222; --back: #fff; --weak: #bbb;\n}\nbody { color: var(--text); background: var(--back) }\n/* { */\n.hint { color: var(--weak); }\n.bar { background: #333; }\n.icon { background: url(\"a;b.png\"); color: #fff }\nh1 { color: #888 }\n@media (prefers-color-scheme: dark) {\n  :root { --text: #eee; --back: #111; }\n}\n";
        let got = run(CheckContrast, json!({}), &mut context_with(&[("web/a.css", css)])).await.unwrap();
        let told: Vec<_> = got["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{}:{}", f["line"], f["rule"].as_str().unwrap()))
            .collect();
        // In light: the hint, the bar under dark text, and a picture. In dark the bar is fine, and the heading too.
        assert_eq!(told, ["6:contrast", "7:contrast", "8:unclear", "8:unclear"], "{}", got["findings"]);
        let both = "body { color: light-dark(#222, #eee); background: light-dark(white, rgb(0, 0, 0)) }\n.bad { color: light-dark(#333, #444) }\n";
        let got = run(CheckContrast, json!({}), &mut context_with(&[("web/a.css", both)])).await.unwrap();
        assert_eq!(
            (got["findings"].as_array().unwrap().len(), got["ratios"].as_array().unwrap().len()),
            (1, 4),
            "{got}"
        );
        let page = "<style>\np { color: #ccc }\n</style>";
        let got = run(CheckContrast, json!({}), &mut context_with(&[("a.html", page)])).await.unwrap();
        assert_eq!(got["findings"][0]["line"], 2);
    }
}
