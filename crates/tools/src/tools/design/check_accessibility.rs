//! `check_accessibility`: what in pages keeps people out who do not see, or do not use a mouse. What only a browser knows (focus,
//! layout, what scripts add) it cannot see.

use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
    markup::{self, Element, Page},
};
use maestro_artifacts::delivery::Severity::{High, Low, Medium};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct CheckAccessibility;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// One page; all HTML files when left out
    #[serde(default)]
    path: Option<String>,
}

impl Tool for CheckAccessibility {
    const NAME: &'static str = "check_accessibility";
    const DESCRIPTION: &'static str = "Checks HTML pages by WCAG 2.2: language, title, viewport, labels of controls, alternatives of pictures, names of buttons and links, order of headings, landmarks, table headers, ids used twice, positive tabindex, broken ARIA references.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with one `path`";
    type Args = Args;
    type Output = Report;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let texts = workspace.texts();
        let pages: Vec<(&str, String)> = match &args.path {
            Some(path) => vec![(path.as_str(), workspace.text(path)?.to_owned())],
            None => texts
                .iter()
                .filter(|(path, _)| path.ends_with(".html") || path.ends_with(".htm"))
                .map(|(path, text)| (*path, text.to_string()))
                .collect(),
        };
        if pages.is_empty() {
            return Err(Error::Respond("there is no HTML page: write one, or give the `path` of one".to_owned()));
        }
        let findings = pages.iter().flat_map(|(path, text)| check(path, text)).collect();
        Ok(Report { checked: pages.len(), findings })
    }
}

fn check(path: &str, text: &str) -> Vec<Finding> {
    let page = markup::read(text);
    let mut found = Findings::of(path);
    // A part of a page has no head of its own.
    let whole = page.doctype || page.named("html").next().is_some();
    if whole {
        document(&page, &mut found);
    }
    ids(&page, &mut found);
    for element in page.elements.iter().filter(|element| !hidden(&page, element)) {
        one(&page, element, &mut found);
    }
    headings(&page, whole, &mut found);
    found.finish()
}

fn said(text: &str) -> bool {
    !text.trim().is_empty()
}

fn hidden(page: &Page, element: &Element) -> bool {
    let is = |e: &Element| {
        e.attributes.contains_key("hidden")
            || e.get("aria-hidden") == Some("true")
            || matches!(e.name.as_str(), "template" | "script" | "style" | "noscript")
    };
    is(element) || page.above(element).any(is)
}

fn document(page: &Page, found: &mut Findings<'_>) {
    if !page.doctype {
        found.add("doctype", Low, 1, "the page has no document type", "begin with `<!doctype html>`");
    }
    let html = page.named("html").next();
    let lang = html.and_then(|html| html.get("lang")).unwrap_or_default();
    let tag = lang.split('-').next().unwrap_or_default();
    if !(2..=3).contains(&tag.len()) || !tag.chars().all(|c| c.is_ascii_alphabetic()) {
        found.add(
            "lang",
            High,
            html.map_or(1, |html| html.line),
            "the page does not say its language",
            "write `<html lang=\"en\">` (WCAG 3.1.1)",
        );
    }
    if !page.named("title").any(|title| said(&title.text) && !page.above(title).any(|above| above.name == "svg")) {
        found.add("title", High, 1, "the page has no title", "add `<title>` to its head (WCAG 2.4.2)");
    }
    for meta in page.named("meta").filter(|meta| meta.get("name") == Some("viewport")) {
        let content = meta.get("content").unwrap_or_default().replace(' ', "");
        if content.contains("user-scalable=no")
            || content.contains("maximum-scale=1")
                && !content.contains("maximum-scale=1.")
                && !content.contains("maximum-scale=10")
        {
            found.add(
                "zoom",
                High,
                meta.line,
                "the page cannot be made larger",
                "leave `user-scalable` and `maximum-scale` out (WCAG 1.4.4)",
            );
        }
    }
    let role = |element: &Element, name: &str, role: &str| element.name == name || element.get("role") == Some(role);
    let mains: Vec<_> = page
        .elements
        .iter()
        .filter(|element| role(element, "main", "main") && !element.attributes.contains_key("hidden"))
        .collect();
    if mains.is_empty() {
        found.add("landmark", Medium, 1, "the page has no main part", "put its content into `<main>` (WCAG 1.3.1)");
    }
    if let Some(second) = mains.get(1) {
        found.add("landmark", Medium, second.line, "the page has two main parts", "keep one");
    }
    let navs: Vec<_> = page.elements.iter().filter(|element| role(element, "nav", "navigation")).collect();
    if navs.len() > 1 {
        for nav in navs.iter().filter(|nav| nav.get("aria-label").is_none() && nav.get("aria-labelledby").is_none()) {
            found.add("landmark", Low, nav.line, "one of several navigations has no name", "add `aria-label`");
        }
    }
}

fn ids(page: &Page, found: &mut Findings<'_>) {
    let mut known: BTreeMap<&str, usize> = BTreeMap::new();
    for element in &page.elements {
        if let Some(id) = element.get("id") {
            if let Some(line) = known.insert(id, element.line) {
                found.add(
                    "duplicate-id",
                    Medium,
                    element.line,
                    format!("the id `{id}` stands in line {line} too"),
                    "give each its own",
                );
            }
            if id.is_empty() || id.contains(char::is_whitespace) {
                found.add(
                    "duplicate-id",
                    Medium,
                    element.line,
                    format!("`{id}` is no id"),
                    "use letters, digits and `-`",
                );
            }
        }
    }
    for element in &page.elements {
        for name in ["aria-labelledby", "aria-describedby", "aria-controls", "for", "list"] {
            let value =
                element.get(name).filter(|_| name != "for" || element.name == "label" || element.name == "output");
            for id in value.unwrap_or_default().split_whitespace().filter(|id| !known.contains_key(id)) {
                found.add(
                    "reference",
                    Medium,
                    element.line,
                    format!("`{name}` names `{id}`, which is nowhere"),
                    "name an id of the page",
                );
            }
        }
    }
}

/// Whether an element has a name that is read out.
fn has_name(page: &Page, element: &Element) -> bool {
    let labelled = element.get("aria-labelledby").unwrap_or_default();
    let by = |id: &str| page.elements.iter().any(|other| other.get("id") == Some(id) && said(&other.text));
    element.get("aria-label").is_some_and(said)
        || labelled.split_whitespace().any(by)
        || element.get("title").is_some_and(said)
}

/// Names that a picture below gives.
fn drawn(page: &Page, element: &Element) -> bool {
    let below = page.elements.iter().filter(|other| page.above(other).any(|above| std::ptr::eq(above, element)));
    below.into_iter().any(|other| matches!(other.name.as_str(), "svg" | "img" | "span" | "i") && has_name(page, other))
}

fn one(page: &Page, element: &Element, found: &mut Findings<'_>) {
    let line = element.line;
    let role = element.get("role").unwrap_or_default();
    match element.name.as_str() {
        "img"
            if !element.attributes.contains_key("alt")
                && !has_name(page, element)
                && !matches!(role, "presentation" | "none") =>
        {
            found.add(
                "alt",
                High,
                line,
                "the picture has no alternative text",
                "add `alt`, empty where it only decorates (WCAG 1.1.1)",
            );
        }
        "area" if !element.get("alt").is_some_and(said) => {
            found.add("alt", High, line, "the area has no alternative text", "add `alt`")
        }
        "svg"
            if role == "img"
                && !has_name(page, element)
                && !page
                    .named("title")
                    .any(|title| said(&title.text) && page.above(title).any(|above| std::ptr::eq(above, element))) =>
        {
            found.add("alt", Medium, line, "the drawing has no name", "add `<title>` or `aria-label`");
        }
        "input" | "select" | "textarea" => control(page, element, found),
        "button" if !said(&element.text) && !has_name(page, element) && !drawn(page, element) => {
            found.add(
                "button-name",
                High,
                line,
                "the button has no name",
                "put text into it, or add `aria-label` (WCAG 4.1.2)",
            );
        }
        "a" => {
            let named = said(&element.text) || has_name(page, element) || drawn(page, element);
            if element.attributes.contains_key("href") && !named {
                found.add("link-name", High, line, "the link has no name", "put text into it (WCAG 2.4.4)");
            }
            let text = element.text.trim().to_lowercase();
            if matches!(text.as_str(), "click here" | "here" | "more" | "read more" | "link")
                && !has_name(page, element)
            {
                found.add(
                    "link-name",
                    Low,
                    line,
                    format!("`{text}` does not say where the link leads"),
                    "name its target (WCAG 2.4.4)",
                );
            }
        }
        "iframe" if !has_name(page, element) => {
            found.add("frame-title", High, line, "the frame has no title", "add `title` (WCAG 4.1.2)")
        }
        "table" if !matches!(role, "presentation" | "none") => table(page, element, found),
        "video" | "audio"
            if element.attributes.contains_key("autoplay") && !element.attributes.contains_key("muted") =>
        {
            found.add("autoplay", Medium, line, "sound begins by itself", "leave `autoplay` out (WCAG 1.4.2)");
        }
        "marquee" | "blink" => found.add(
            "moving",
            High,
            line,
            format!("`{}` moves and cannot be stopped", element.name),
            "leave it out (WCAG 2.2.2)",
        ),
        "li" if !page.above(element).next().is_some_and(|above| {
            matches!(above.name.as_str(), "ul" | "ol" | "menu") || above.get("role") == Some("list")
        }) && element.parent.is_some() =>
        {
            found.add("list", Low, line, "the item is in no list", "put it into `<ul>` or `<ol>` (WCAG 1.3.1)");
        }
        _ => {}
    }
    if element.get("tabindex").and_then(|index| index.trim().parse::<i32>().ok()).is_some_and(|index| index > 0) {
        found.add(
            "tabindex",
            Medium,
            line,
            "a positive `tabindex` breaks the order of the keyboard",
            "use 0, or none (WCAG 2.4.3)",
        );
    }
    let clicked = element.attributes.contains_key("onclick")
        && !matches!(
            element.name.as_str(),
            "a" | "button" | "input" | "select" | "textarea" | "summary" | "label" | "option" | "body"
        );
    if clicked && !(matches!(role, "button" | "link") && element.attributes.contains_key("tabindex")) {
        found.add(
            "keyboard",
            High,
            line,
            format!("`<{}>` can be clicked and not reached by keyboard", element.name),
            "use `<button>` (WCAG 2.1.1)",
        );
    }
    if matches!(role, "button" | "link") && element.name != "button" && !said(&element.text) && !has_name(page, element)
    {
        found.add(
            "button-name",
            High,
            line,
            format!("the {role} has no name"),
            "put text into it, or add `aria-label` (WCAG 4.1.2)",
        );
    }
    const ROLES: &[&str] = &[
        "alert",
        "alertdialog",
        "application",
        "article",
        "banner",
        "button",
        "cell",
        "checkbox",
        "columnheader",
        "combobox",
        "complementary",
        "contentinfo",
        "definition",
        "dialog",
        "directory",
        "document",
        "feed",
        "figure",
        "form",
        "grid",
        "gridcell",
        "group",
        "heading",
        "img",
        "link",
        "list",
        "listbox",
        "listitem",
        "log",
        "main",
        "marquee",
        "math",
        "menu",
        "menubar",
        "menuitem",
        "menuitemcheckbox",
        "menuitemradio",
        "meter",
        "navigation",
        "none",
        "note",
        "option",
        "presentation",
        "progressbar",
        "radio",
        "radiogroup",
        "region",
        "row",
        "rowgroup",
        "rowheader",
        "scrollbar",
        "search",
        "searchbox",
        "separator",
        "slider",
        "spinbutton",
        "status",
        "switch",
        "tab",
        "table",
        "tablist",
        "tabpanel",
        "term",
        "textbox",
        "timer",
        "toolbar",
        "tooltip",
        "tree",
        "treegrid",
        "treeitem",
    ];
    for role in role
        .split_whitespace()
        .filter(|role| !ROLES.contains(role) && !role.starts_with("doc-") && !role.starts_with("graphics-"))
    {
        found.add(
            "role",
            Medium,
            line,
            format!("`{role}` is no role of ARIA"),
            "use one that is, or a fitting element",
        );
    }
}

fn control(page: &Page, element: &Element, found: &mut Findings<'_>) {
    let kind = element.get("type").unwrap_or("text");
    if element.name == "input" {
        match kind {
            "hidden" => return,
            "submit" | "reset" => return,
            "button" if element.get("value").is_some_and(said) => return,
            "image" if element.get("alt").is_some_and(said) => return,
            _ => {}
        }
    }
    let wrapped = page.above(element).any(|above| above.name == "label" && said(&above.text));
    let labelled = element
        .get("id")
        .is_some_and(|id| page.named("label").any(|label| label.get("for") == Some(id) && said(&label.text)));
    if wrapped || labelled || has_name(page, element) {
        return;
    }
    let what = element
        .get("name")
        .or_else(|| element.get("id"))
        .map_or_else(|| element.name.clone(), |name| format!("{} `{name}`", element.name));
    let fix = if element.get("placeholder").is_some() {
        "add a `<label>`: a placeholder vanishes (WCAG 3.3.2)"
    } else {
        "add a `<label for>` (WCAG 1.3.1, 3.3.2)"
    };
    found.add("label", High, element.line, format!("the {what} has no label"), fix);
}

fn table(page: &Page, element: &Element, found: &mut Findings<'_>) {
    let inside = |other: &Element| {
        page.above(other).find(|above| above.name == "table").is_some_and(|above| std::ptr::eq(above, element))
    };
    let cells = page.named("td").filter(|cell| inside(cell)).count();
    let heads: Vec<_> = page
        .elements
        .iter()
        .filter(|other| {
            (other.name == "th" || matches!(other.get("role"), Some("columnheader" | "rowheader"))) && inside(other)
        })
        .collect();
    if cells > 0 && heads.is_empty() {
        found.add(
            "table-header",
            High,
            element.line,
            "the table has no headers",
            "use `<th scope=\"col\">` in its first row (WCAG 1.3.1)",
        );
    }
    for head in heads
        .iter()
        .filter(|head| head.get("scope").is_some_and(|scope| !matches!(scope, "col" | "row" | "colgroup" | "rowgroup")))
    {
        found.add(
            "table-header",
            Medium,
            head.line,
            "`scope` is none of col, row, colgroup, rowgroup",
            "use one of them",
        );
    }
}

fn headings(page: &Page, whole: bool, found: &mut Findings<'_>) {
    let mut last = 0;
    let mut firsts = 0;
    let mut seen = BTreeSet::new();
    for element in page.elements.iter().filter(|element| !hidden(page, element)) {
        let level = element
            .name
            .strip_prefix('h')
            .and_then(|level| level.parse::<u8>().ok())
            .filter(|level| (1..=6).contains(level));
        let level = level.or_else(|| {
            (element.get("role") == Some("heading")).then(|| element.get("aria-level")?.parse().ok()).flatten()
        });
        let Some(level) = level else { continue };
        if !said(&element.text) {
            found.add("heading", Medium, element.line, "the heading is empty", "put text into it, or take it out");
        }
        if last > 0 && level > last + 1 {
            found.add(
                "heading",
                Low,
                element.line,
                format!("after a heading of level {last} comes one of level {level}"),
                "leave no level out (WCAG 1.3.1)",
            );
        }
        firsts += usize::from(level == 1);
        last = level;
        seen.insert(level);
    }
    // Pages that a script fills have their headings later.
    if whole && firsts == 0 && !seen.is_empty() {
        found.add("heading", Low, 1, "the page has no heading of the first level", "begin its content with `<h1>`");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run};
    use serde_json::json;

    const FINE: &str = "<!doctype html>\n<html lang=\"en\">\n<head><title>Tools</title></head>\n<body>\n<main>\n<h1>Tools</h1>\n<form><label for=\"q\">Search</label><input id=\"q\"></form>\n</main>\n</body>\n</html>\n";

    fn rules(text: &str) -> Vec<String> {
        check("a.html", text).into_iter().map(|finding| format!("{}:{}", finding.line, finding.rule)).collect()
    }

    #[test]
    fn each_barrier_is_found_in_its_line() {
        assert_eq!(rules(FINE), [] as [String; 0]);
        for (from, to, want) in [
            (" lang=\"en\"", "", &["2:lang"][..]),
            ("<title>Tools</title>", "", &["1:title"]),
            ("<main>", "<div>", &["1:landmark"]),
            ("<label for=\"q\">Search</label>", "", &["7:label"]),
            ("for=\"q\"", "for=\"x\"", &["7:label", "7:reference"]),
            ("<h1>", "<h3>", &["1:heading"]),
            ("</h1>", "</h1>\n<h3>a</h3>", &["7:heading"]),
            ("</form>", "</form><img src=a>", &["7:alt"]),
            ("</form>", "</form><img src=a alt=''>", &[]),
            ("</form>", "</form><button></button>", &["7:button-name"]),
            ("</form>", "</form><button><img src=x alt='Close'></button>", &[]),
            ("</form>", "</form><button><svg aria-label=\"x\"></svg></button>", &[]),
            ("</form>", "</form><a href=x> </a>", &["7:link-name"]),
            ("</form>", "</form><p id=q>", &["7:duplicate-id"]),
            ("</form>", "</form><div onclick=\"x()\">Go</div>", &["7:keyboard"]),
            ("</form>", "</form><table><tr><td>1</table>", &["7:table-header"]),
            ("</form>", "</form><table><tr><th scope=col>a<tr><td>1</table>", &[]),
            ("</form>", "</form><i tabindex=3>x</i>", &["7:tabindex"]),
            ("</form>", "</form><i role=buton>x</i>", &["7:role"]),
            ("</form>", "</form><label>Name <input></label><input type=hidden><input type=submit>", &[]),
            ("</form>", "</form><div hidden><img src=a></div>", &[]),
            ("<title>", "<meta name=viewport content='width=device-width, user-scalable=no'><title>", &["3:zoom"]),
        ] {
            assert_eq!(rules(&FINE.replacen(from, to, 1)), want, "{to}");
        }
    }

    #[tokio::test]
    async fn pages_are_found() {
        let got = run(CheckAccessibility, json!({}), &mut context_with(&[("web/a.html", FINE), ("b.txt", "<img>")]))
            .await
            .unwrap();
        assert_eq!(got, json!({"checked": 1, "findings": []}));
        assert!(run(CheckAccessibility, json!({}), &mut context()).await.is_err());
    }
}
