//! `draw_wireframe`: screens as pages of HTML that can be clicked through, and as SVG pictures for documents.

use super::check_flows::{screens, screens_schema};
use crate::{
    Effect, Error, Tool, Workspace,
    escape::{html, slug},
};
use maestro_artifacts::{Screen, ScreenKind, Screens};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::fmt::Write as _;

pub(crate) struct DrawWireframe;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Format {
    Html,
    Svg,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// The screens document: title, roles, screens, flows; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "screens_schema")]
    screens: Option<Value>,
    /// Ids of the screens to draw; all when left out
    #[serde(default)]
    only: Vec<String>,
    /// `html` or `svg`; both when left out
    #[serde(default)]
    format: Option<Format>,
    /// The folder to write into
    #[serde(default = "folder")]
    folder: String,
}

fn folder() -> String {
    "docs/screens".to_owned()
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    files: Vec<String>,
}

impl Tool for DrawWireframe {
    const NAME: &'static str = "draw_wireframe";
    const DESCRIPTION: &'static str = "Draws screens (lists, details, forms, totals) as HTML pages linked with each other by the flows, and as SVG pictures.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let all = screens(args.screens, workspace)?;
        if let Some(id) = args.only.iter().find(|id| !all.screens.iter().any(|screen| screen.id == **id)) {
            let known: Vec<_> = all.screens.iter().map(|screen| screen.id.as_str()).collect();
            return Err(Error::Respond(format!("there is no screen `{id}`; there are {}", known.join(", "))));
        }
        let drawn: Vec<_> =
            all.screens.iter().filter(|screen| args.only.is_empty() || args.only.contains(&screen.id)).collect();
        if drawn.is_empty() {
            return Err(Error::Respond("the document has no screen: there is nothing to draw".to_owned()));
        }
        let folder = args.folder.trim_end_matches('/');
        let mut files = Vec::new();
        for screen in drawn {
            if slug(&screen.id).is_empty() {
                return Err(Error::Respond(format!("no name of a file can be made of the id `{}`", screen.id)));
            }
            for (format, end, text) in
                [(Format::Html, "html", page(&all, screen)), (Format::Svg, "svg", picture(&all, screen))]
            {
                if args.format.is_none_or(|wanted| wanted == format) {
                    let path = format!("{folder}/{}.{end}", slug(&screen.id));
                    workspace.write(&path, text)?;
                    files.push(path);
                }
            }
        }
        Ok(Output { files })
    }
}

/// A field's key as people read it.
fn label(key: &str) -> String {
    let words = key.trim_end_matches("_id").replace(['_', '.'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// The screens that some flow goes on to from this one.
fn next<'s>(all: &'s Screens, screen: &Screen) -> Vec<&'s Screen> {
    let mut found: Vec<&Screen> = Vec::new();
    for pair in all.flows.iter().flat_map(|flow| flow.steps.windows(2)) {
        let [from, to] = pair else { continue };
        let target = all.screens.iter().find(|other| other.id == *to && *from == screen.id);
        if let Some(target) = target.filter(|target| !found.iter().any(|known| known.id == target.id)) {
            found.push(target);
        }
    }
    found
}

fn page(all: &Screens, screen: &Screen) -> String {
    let mut body = String::new();
    match screen.kind {
        ScreenKind::List | ScreenKind::Totals => {
            if !screen.filters.is_empty() {
                body.push_str("<form>\n");
                for (at, field) in screen.filters.iter().enumerate() {
                    let _ = writeln!(body, "<label for=\"f{at}\">{}</label> <input id=\"f{at}\">", html(&label(field)));
                }
                body.push_str("<button type=\"button\">Apply</button>\n</form>\n");
            }
            body.push_str("<table>\n<tr>");
            screen
                .fields
                .iter()
                .for_each(|field| body.push_str(&format!("<th scope=\"col\">{}</th>", html(&label(field)))));
            body.push_str("</tr>\n");
            for _ in 0..3 {
                body.push_str("<tr>");
                screen.fields.iter().for_each(|_| body.push_str("<td>…</td>"));
                body.push_str("</tr>\n");
            }
            body.push_str("</table>\n");
        }
        ScreenKind::Detail => {
            body.push_str("<dl>\n");
            screen
                .fields
                .iter()
                .for_each(|field| body.push_str(&format!("<dt>{}</dt><dd>…</dd>\n", html(&label(field)))));
            body.push_str("</dl>\n");
            screen
                .transitions
                .iter()
                .for_each(|state| body.push_str(&format!("<button type=\"button\">{}</button>\n", html(state))));
        }
        ScreenKind::Form => {
            body.push_str("<form>\n");
            for (at, field) in screen.fields.iter().enumerate() {
                let _ =
                    writeln!(body, "<p><label for=\"i{at}\">{}</label> <input id=\"i{at}\"></p>", html(&label(field)));
            }
            body.push_str("<button type=\"button\">Save</button>\n</form>\n");
        }
    }
    let mut links = String::new();
    let menu = all.screens.iter().filter(|other| matches!(other.kind, ScreenKind::List | ScreenKind::Totals));
    menu.for_each(|other| {
        links.push_str(&format!("<a href=\"{}.html\">{}</a>\n", slug(&other.id), html(&other.title)))
    });
    let ways = next(all, screen).into_iter().fold(String::new(), |mut ways, other| {
        let _ = writeln!(ways, "<p><a href=\"{}.html\">Go on: {}</a></p>", slug(&other.id), html(&other.title));
        ways
    });
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>{title} (wireframe)</title>\n<style>body{{font:1rem sans-serif;margin:2rem;color:#222;background:#fff}}table{{border-collapse:collapse}}th,td{{border:1px solid #767676;padding:.4rem}}nav a{{margin-right:1rem}}</style>\n</head>\n<body>\n<header>{app}</header>\n<nav>\n{links}</nav>\n<main>\n<h1>{title}</h1>\n{body}{ways}</main>\n</body>\n</html>\n",
        title = html(&screen.title),
        app = html(&all.title),
    )
}

/// Lines of a picture, from the top down.
struct Canvas {
    text: String,
    y: usize,
}

impl Canvas {
    fn words(&mut self, x: usize, size: usize, text: &str) {
        let _ =
            writeln!(self.text, "<text x=\"{x}\" y=\"{}\" font-size=\"{size}\">{}</text>", self.y + size, html(text));
    }

    fn frame(&mut self, x: usize, width: usize, height: usize) {
        let _ = writeln!(
            self.text,
            "<rect x=\"{x}\" y=\"{}\" width=\"{width}\" height=\"{height}\" fill=\"none\" stroke=\"#767676\"/>",
            self.y
        );
    }
}

fn picture(all: &Screens, screen: &Screen) -> String {
    const WIDTH: usize = 800;
    let mut canvas = Canvas { text: String::new(), y: 20 };
    canvas.words(20, 14, &all.title);
    canvas.y += 30;
    canvas.words(20, 22, &screen.title);
    canvas.y += 45;
    match screen.kind {
        ScreenKind::List | ScreenKind::Totals => {
            for field in &screen.filters {
                canvas.words(20, 12, &label(field));
                canvas.frame(160, 200, 20);
                canvas.y += 28;
            }
            let columns = screen.fields.len().max(1);
            let width = (WIDTH - 40) / columns;
            for row in 0..4 {
                for (column, field) in screen.fields.iter().enumerate() {
                    canvas.frame(20 + column * width, width, 24);
                    let fits = width.saturating_sub(8) / 7;
                    let shown: String =
                        if row == 0 { label(field).chars().take(fits).collect() } else { "…".to_owned() };
                    canvas.words(24 + column * width, 12, &shown);
                }
                canvas.y += 24;
            }
            canvas.y += 16;
        }
        ScreenKind::Detail | ScreenKind::Form => {
            for field in &screen.fields {
                canvas.words(20, 12, &label(field));
                if screen.kind == ScreenKind::Form {
                    canvas.frame(200, 400, 20);
                } else {
                    canvas.words(200, 12, "…");
                }
                canvas.y += 28;
            }
            let buttons: Vec<String> =
                if screen.kind == ScreenKind::Form { vec!["Save".to_owned()] } else { screen.transitions.clone() };
            let mut x = 20;
            for button in &buttons {
                let width = 24 + button.chars().count() * 8;
                canvas.frame(x, width, 26);
                canvas.y += 6;
                canvas.words(x + 12, 12, button);
                canvas.y -= 6;
                x += width + 12;
            }
            canvas.y += 40;
        }
    }
    for other in next(all, screen) {
        canvas.words(20, 12, &format!("→ {}", other.title));
        canvas.y += 20;
    }
    let height = canvas.y + 20;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" font-family=\"sans-serif\" fill=\"#222222\">\n<title>{}</title>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#ffffff\" stroke=\"#222222\"/>\n{}</svg>\n",
        html(&screen.title),
        canvas.text
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    fn document() -> Value {
        json!({"title": "Tools & <more>", "roles": [], "screens": [
            {"id": "loans-list", "title": "Loans", "kind": "list", "entity": "loan", "fields": ["due_date", "tool_id"], "filters": ["due_date"]},
            {"id": "loan-form", "title": "New <loan>", "kind": "form", "entity": "loan", "fields": ["due_date"]},
            {"id": "loan", "title": "Loan", "kind": "detail", "entity": "loan", "fields": ["due_date"], "transitions": ["returned"]},
        ], "flows": [{"title": "Lend", "steps": ["loans-list", "loan-form", "loan"]}]})
    }

    #[tokio::test]
    async fn pages_are_linked_escaped_and_accessible() {
        let mut context = context();
        let got = run(DrawWireframe, json!({"screens": document()}), &mut context).await.unwrap();
        assert_eq!(got["files"].as_array().unwrap().len(), 6);
        let text = |path: &str| String::from_utf8(context.own[path].clone()).unwrap();
        let list = text("docs/screens/loans-list.html");
        assert!(list.contains("<th scope=\"col\">Due date</th><th scope=\"col\">Tool</th>"), "{list}");
        assert!(list.contains("<a href=\"loan-form.html\">Go on: New &lt;loan&gt;</a>"), "{list}");
        let picture = text("docs/screens/loan-form.svg");
        assert!(
            picture.contains(">Tools &amp; &lt;more&gt;<") && picture.contains(">Save<") && picture.contains("→ Loan"),
            "{picture}"
        );
        let report = run(super::super::check_accessibility::CheckAccessibility, json!({}), &mut context).await.unwrap();
        assert_eq!(report["findings"], json!([]));
    }

    #[tokio::test]
    async fn only_what_is_asked_for_is_drawn() {
        let mut context = context();
        let args = json!({"screens": document(), "only": ["loan"], "format": "svg", "folder": "w/"});
        assert_eq!(run(DrawWireframe, args, &mut context).await.unwrap(), json!({"files": ["w/loan.svg"]}));
        let error =
            run(DrawWireframe, json!({"screens": document(), "only": ["lone"]}), &mut context).await.unwrap_err();
        assert!(error.to_string().contains("there are loans-list, loan-form, loan"), "{error}");
    }
}
