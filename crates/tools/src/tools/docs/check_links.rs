//! `check_links`: links between the pages of the deliverable that lead nowhere. Addresses of other hosts are not asked.

use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Findings, Report},
    markup,
};
use maestro_artifacts::delivery::Severity::{High, Low, Medium};
use pulldown_cmark::{BrokenLink, Event, LinkType, Options, Parser, Tag, TagEnd};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

pub(crate) struct CheckLinks;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// One page; all pages of Markdown and HTML when left out
    #[serde(default)]
    path: Option<String>,
    /// Paths that the running service answers, such as `/loans`, besides those of the OpenAPI document
    #[serde(default)]
    served: Vec<String>,
}

impl Tool for CheckLinks {
    const NAME: &'static str = "check_links";
    const DESCRIPTION: &'static str = "Checks the links in Markdown and HTML pages: files and anchors of the deliverable that are not there, links out of it, empty links, addresses without TLS. Other hosts are not asked.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with one `path`";
    type Args = Args;
    type Output = Report;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let texts = workspace.texts();
        let is_page = |path: &str| [".md", ".markdown", ".html", ".htm"].iter().any(|end| path.ends_with(end));
        let pages: BTreeMap<&str, Page> = texts
            .iter()
            .filter(|(path, _)| is_page(path))
            .map(|(path, text)| (*path, Page::read(path, text)))
            .collect();
        if let Some(path) = &args.path {
            workspace.file(path)?;
            if !is_page(path) {
                return Err(Error::Respond(format!("`{path}` is no page of Markdown or HTML")));
            }
        } else if pages.is_empty() {
            return Err(Error::Respond("there is no page of Markdown or HTML".to_owned()));
        }
        let mut served: BTreeSet<String> = args.served.into_iter().collect();
        if let Ok((_, document)) = crate::given::openapi(None, workspace) {
            served.extend(
                document
                    .get("paths")
                    .and_then(serde_json::Value::as_object)
                    .into_iter()
                    .flatten()
                    .map(|(path, _)| path.clone()),
            );
        }
        let mut findings = Vec::new();
        let mut checked = 0;
        for (path, page) in pages.iter().filter(|(path, _)| args.path.as_deref().is_none_or(|wanted| wanted == **path))
        {
            checked += page.links.len();
            let mut found = Findings::of(path);
            for link in &page.links {
                judge(path, link, &pages, &texts, &served, &mut found);
            }
            findings.extend(found.finish());
        }
        Ok(Report { checked, findings })
    }
}

struct Link {
    to: String,
    line: usize,
    /// Whether there is something to click on.
    shown: bool,
}

struct Page {
    links: Vec<Link>,
    anchors: BTreeSet<String>,
}

impl Page {
    fn read(path: &str, text: &str) -> Self {
        if path.ends_with(".html") || path.ends_with(".htm") { Self::html(text) } else { Self::markdown(text) }
    }

    fn html(text: &str) -> Self {
        let page = markup::read(text);
        let mut found = Self { links: Vec::new(), anchors: BTreeSet::new() };
        for element in &page.elements {
            found.anchors.extend(element.get("id").map(str::to_owned));
            found.anchors.extend(element.get("name").filter(|_| element.name == "a").map(str::to_owned));
            let to = match element.name.as_str() {
                "a" | "link" | "area" => element.get("href"),
                "img" | "script" | "iframe" | "source" | "audio" | "video" => element.get("src"),
                _ => None,
            };
            let shown = element.name != "a"
                || !element.text.trim().is_empty()
                || page.elements.iter().any(|other| {
                    page.above(other).any(|above| std::ptr::eq(above, element)) || element.get("aria-label").is_some()
                });
            found.links.extend(to.map(|to| Link { to: to.to_owned(), line: element.line, shown }));
        }
        found
    }

    fn markdown(text: &str) -> Self {
        let mut found = Self { links: Vec::new(), anchors: BTreeSet::new() };
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        let line = |at: usize| text.get(..at).unwrap_or_default().matches('\n').count() + 1;
        let mut heading: Option<String> = None;
        let mut link: Option<Link> = None;
        let options = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_HEADING_ATTRIBUTES;
        // A link whose name is defined nowhere; `[x]` alone may be anything.
        let mut undefined = Vec::new();
        let mut broken = |link: BrokenLink<'_>| {
            if matches!(link.link_type, LinkType::Reference | LinkType::Collapsed) {
                undefined.push(Link { to: String::new(), line: line(link.span.start), shown: false });
            }
            None
        };
        let parser = Parser::new_with_broken_link_callback(text, options, Some(&mut broken));
        for (event, range) in parser.into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { id, .. }) => {
                    found.anchors.extend(id.map(|id| id.to_string()));
                    heading = Some(String::new());
                }
                Event::End(TagEnd::Heading(_)) => {
                    let anchor = anchor(&heading.take().unwrap_or_default());
                    let times = known.entry(anchor.clone()).or_insert(0);
                    found.anchors.insert(if *times == 0 { anchor } else { format!("{anchor}-{times}") });
                    *times += 1;
                }
                Event::Start(Tag::Link { dest_url, .. }) => {
                    link = Some(Link { to: dest_url.to_string(), line: line(range.start), shown: false })
                }
                Event::Start(Tag::Image { dest_url, .. }) => {
                    if let Some(link) = &mut link {
                        link.shown = true;
                    }
                    found.links.push(Link { to: dest_url.to_string(), line: line(range.start), shown: true });
                }
                Event::End(TagEnd::Link) => found.links.extend(link.take()),
                Event::Text(words) | Event::Code(words) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&words);
                    }
                    if let Some(link) = &mut link {
                        link.shown |= !words.trim().is_empty();
                    }
                }
                Event::Html(markup) | Event::InlineHtml(markup) => {
                    let part = Self::html(&markup);
                    let before = line(range.start) - 1;
                    found.anchors.extend(part.anchors);
                    found.links.extend(part.links.into_iter().map(|link| Link {
                        line: link.line + before,
                        shown: true,
                        ..link
                    }));
                }
                _ => {}
            }
        }
        found.links.extend(undefined);
        found
    }
}

/// The anchor that GitHub gives a heading.
fn anchor(heading: &str) -> String {
    let lower = heading.trim().to_lowercase();
    lower
        .chars()
        .filter_map(|c| if c == ' ' { Some('-') } else { (c.is_alphanumeric() || matches!(c, '-' | '_')).then_some(c) })
        .collect()
}

/// What a relative path means from a page; `None` when it leaves the deliverable.
fn target(page: &str, to: &str) -> Option<String> {
    let mut parts: Vec<&str> = if to.starts_with('/') { Vec::new() } else { page.split('/').collect() };
    if !to.starts_with('/') {
        parts.pop();
    }
    for part in to.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()?),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

fn decoded(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let hex = (byte == b'%').then(|| bytes.clone().take(2).map(char::from).collect::<String>());
        match hex.and_then(|hex| u8::from_str_radix(&hex, 16).ok()) {
            Some(value) => {
                out.push(value);
                bytes.nth(1);
            }
            None => out.push(byte),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn judge(
    path: &str,
    link: &Link,
    pages: &BTreeMap<&str, Page>,
    texts: &BTreeMap<&str, std::borrow::Cow<'_, str>>,
    served: &BTreeSet<String>,
    found: &mut Findings<'_>,
) {
    let to = link.to.trim();
    if !link.shown {
        found.add(
            "empty",
            Medium,
            link.line,
            "the link has no words, or its name is defined nowhere",
            "write `[words](target)`",
        );
    }
    if to.is_empty() {
        if link.shown {
            found.add("empty", High, link.line, "the link leads nowhere", "give it a target");
        }
        return;
    }
    if to.starts_with("http://")
        && !["http://localhost", "http://127.0.0.1", "http://[::1]"].iter().any(|own| to.starts_with(own))
    {
        found.add(
            "no-tls",
            Low,
            link.line,
            format!("`{to}` is not encrypted"),
            "use `https://`, where the host has it",
        );
    }
    let scheme = to.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c))
    });
    if scheme || to.starts_with("//") {
        if to.to_lowercase().starts_with("javascript:") {
            found.add("script", Medium, link.line, "the link runs a script", "use a button");
        }
        return;
    }
    let (file, fragment) = to.split_once('#').unwrap_or((to, ""));
    let file = decoded(file.split('?').next().unwrap_or(file));
    let place = if file.is_empty() { Some(path.to_owned()) } else { target(path, &file) };
    let Some(place) = place else {
        found.add("outside", High, link.line, format!("`{to}` leaves the deliverable"), "link only what goes with it");
        return;
    };
    let folder = |place: &str| {
        texts.keys().any(|known| known.starts_with(&format!("{}/", place.trim_end_matches('/'))) || place.is_empty())
    };
    if !texts.contains_key(place.as_str()) && !folder(&place) {
        // An absolute path of a page is asked of the service.
        let answered = file.starts_with('/') && (file == "/" || served.contains(&file));
        if !answered {
            let name = place.rsplit('/').next().unwrap_or(&place);
            let near = texts
                .keys()
                .find(|known| known.rsplit('/').next() == Some(name))
                .map(|near| format!("there is `{near}`"));
            found.add(
                "missing",
                High,
                link.line,
                format!("there is no `{place}`"),
                near.unwrap_or_else(|| "mend the path, or write the file".to_owned()),
            );
        }
        return;
    }
    // `#/...` is a place that a script of the page knows.
    let fragment = decoded(fragment);
    if let Some(page) = pages
        .get(place.as_str())
        .filter(|_| !fragment.is_empty() && fragment != "top" && !fragment.starts_with(['/', '!']))
        && !page.anchors.contains(&fragment)
    {
        let near = page.anchors.iter().min_by_key(|anchor| strsim::osa_distance(anchor, &fragment));
        found.add(
            "anchor",
            High,
            link.line,
            format!("`{place}` has no `#{fragment}`"),
            near.map_or_else(|| "take the anchor out".to_owned(), |near| format!("did you mean `#{near}`?")),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run};
    use serde_json::{Value, json};

    async fn told(page: &str, text: &str) -> Vec<String> {
        let files = [
            (page, text),
            ("docs/api.md", "# The API: *all* of it\n\n## Twice\n\n## Twice\n"),
            ("web/index.html", "<h1 id=a>x</h1>"),
            ("openapi.json", r#"{"openapi": "3.1.0", "paths": {"/loans": {}}}"#),
        ];
        let got = run(CheckLinks, json!({"path": page}), &mut context_with(&files)).await.unwrap();
        got["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|f| format!("{}:{}", f["line"], f["rule"].as_str().unwrap()))
            .collect()
    }

    #[tokio::test]
    async fn links_of_markdown() {
        let fine = "[a](docs/api.md) [b](docs/api.md#the-api-all-of-it) [c](docs/api.md#twice-1) [d](#own) [e](https://x.example/y) <https://x.example> [f](docs/) ![g](web/index.html) [h](mailto:a@b.example)\n\n# Own\n";
        assert_eq!(told("README.md", fine).await, [] as [String; 0]);
        for (link, want) in [
            ("[a](docs/aip.md)", "2:missing"),
            ("[a](docs/api.md#thrice)", "2:anchor"),
            ("[a](../x.md)", "2:outside"),
            ("[a]()", "2:empty"),
            ("[](docs/api.md)", "2:empty"),
            ("[a](http://x.example)", "2:no-tls"),
            ("[a][nowhere]", "2:empty"),
            ("<a href=\"x.md\">a</a>", "2:missing"),
            ("[a](#nowhere)", "2:anchor"),
        ] {
            assert_eq!(told("README.md", &format!("\n{link}\n")).await, [want], "{link}");
        }
        assert_eq!(told("docs/guide.md", "[a](api.md) [b](../README.md) `[c](x.md)`\n").await, ["1:missing"]);
    }

    #[tokio::test]
    async fn links_of_html() {
        let fine = "<a href='/loans'>x</a><a href='index.html#a'>y</a><a href='/'>z</a><a href='#b' id=b>w</a><a href='#/loans'>v</a>";
        assert_eq!(told("web/page.html", fine).await, [] as [String; 0]);
        for (link, want) in [
            ("<a href='/vans'>x</a>", "1:missing"),
            ("<script src='app.js'></script>", "1:missing"),
            ("<a href='index.html#c'>x</a>", "1:anchor"),
            ("<a href='javascript:x()'>x</a>", "1:script"),
        ] {
            assert_eq!(told("web/page.html", link).await, [want], "{link}");
        }
    }

    #[tokio::test]
    async fn pages_must_be_there() {
        let error = run(CheckLinks, json!({}), &mut context()).await.unwrap_err();
        assert!(error.to_string().contains("no page"), "{error}");
        let error = run(CheckLinks, json!({"path": "a.py"}), &mut context_with(&[("a.py", "")])).await.unwrap_err();
        assert!(error.to_string().contains("is no page"), "{error}");
        let _: Value =
            run(CheckLinks, json!({"served": ["/x"]}), &mut context_with(&[("a.md", "[a](/x)")])).await.unwrap();
    }
}
