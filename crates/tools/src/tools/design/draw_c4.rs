//! `draw_c4`: people, systems, containers or components and who uses whom, as a C4 diagram in Mermaid.

use crate::{
    Effect, Error, Tool, Workspace,
    escape::{markdown, mermaid},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt::Write as _};

pub(crate) struct DrawC4;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Level {
    /// The system among people and other systems
    Context,
    /// What runs inside of the system
    Container,
    /// What one container is made of
    Component,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Person,
    System,
    Container,
    Database,
    Queue,
    Component,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Element {
    /// Short name to refer to, letters and digits
    id: String,
    kind: Kind,
    /// As it is shown
    name: String,
    /// What it is made with, such as `Python`
    #[serde(default)]
    technology: String,
    /// What it does
    #[serde(default)]
    does: String,
    /// Belongs to somebody else
    #[serde(default)]
    external: bool,
    /// Id of the system or container that it is inside of; that is drawn as a boundary
    #[serde(default)]
    inside: Option<String>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Relation {
    /// Id of who uses
    from: String,
    /// Id of what is used
    to: String,
    /// What for
    what: String,
    /// How, such as `HTTPS`
    #[serde(default)]
    how: String,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Of the diagram
    title: String,
    /// How near it looks
    level: Level,
    /// What is drawn
    elements: Vec<Element>,
    /// Who uses whom
    relations: Vec<Relation>,
    /// Where to write the page; `docs/diagrams/c4-<level>.md` when left out
    #[serde(default)]
    path: Option<String>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    path: String,
    mermaid: String,
    /// Elements that nothing uses and that use nothing.
    alone: Vec<String>,
}

impl Tool for DrawC4 {
    const NAME: &'static str = "draw_c4";
    const DESCRIPTION: &'static str = "Writes a page with a C4 diagram (context, container or component) in Mermaid from the given elements and relations; refuses relations to nothing and elements that do not belong on the level.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let drawing = draw(&args).map_err(Error::Respond)?;
        let used = |id: &str| args.relations.iter().any(|relation| relation.from == id || relation.to == id);
        let holds = |id: &str| args.elements.iter().any(|element| element.inside.as_deref() == Some(id));
        let alone = args.elements.iter().filter(|e| !used(&e.id) && !holds(&e.id)).map(|e| e.id.clone()).collect();
        let name = match args.level {
            Level::Context => "context",
            Level::Container => "container",
            Level::Component => "component",
        };
        let path = args.path.unwrap_or_else(|| format!("docs/diagrams/c4-{name}.md"));
        workspace.write(&path, format!("# {}\n\n```mermaid\n{drawing}\n```\n", markdown(&args.title)))?;
        Ok(Output { path, mermaid: drawing, alone })
    }
}

fn draw(args: &Args) -> Result<String, String> {
    let mut known: BTreeMap<&str, &Element> = BTreeMap::new();
    for element in &args.elements {
        let plain = element.id.starts_with(|c: char| c.is_ascii_alphabetic())
            && element.id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if !plain {
            return Err(format!("`{}` is no id: use letters, digits and `_`", element.id));
        }
        if known.insert(&element.id, element).is_some() {
            return Err(format!("two elements have the id `{}`", element.id));
        }
        let fits = match element.kind {
            Kind::Person | Kind::System => true,
            Kind::Container | Kind::Database | Kind::Queue => args.level != Level::Context,
            Kind::Component => args.level == Level::Component,
        };
        if !fits {
            return Err(format!(
                "`{}` is a {:?}, which does not belong on the level {:?}",
                element.id, element.kind, args.level
            )
            .to_lowercase());
        }
    }
    let ids = || known.keys().copied().collect::<Vec<_>>().join(", ");
    for element in &args.elements {
        let mut above = element.inside.as_deref();
        let mut steps = 0;
        while let Some(id) = above {
            let Some(holder) = known.get(id) else {
                return Err(format!("`{}` is inside of `{id}`, which is none of {}", element.id, ids()));
            };
            if !matches!(holder.kind, Kind::System | Kind::Container) || steps > known.len() {
                return Err(format!(
                    "`{}` cannot be inside of `{id}`: name a system or container, and no circle",
                    element.id
                ));
            }
            above = holder.inside.as_deref();
            steps += 1;
        }
    }
    for relation in &args.relations {
        for end in [&relation.from, &relation.to] {
            if !known.contains_key(end.as_str()) {
                return Err(format!("`{end}` of a relation is none of {}", ids()));
            }
        }
    }
    if args.elements.is_empty() {
        return Err("`elements` must not be empty".to_owned());
    }
    let head = match args.level {
        Level::Context => "C4Context",
        Level::Container => "C4Container",
        Level::Component => "C4Component",
    };
    let mut text = format!("{head}\n  title {}", mermaid(&args.title));
    inside(args, None, 1, &mut text);
    for relation in &args.relations {
        let how = if relation.how.is_empty() { String::new() } else { format!(", \"{}\"", mermaid(&relation.how)) };
        let _ = write!(text, "\n  Rel({}, {}, \"{}\"{how})", relation.from, relation.to, mermaid(&relation.what));
    }
    Ok(text)
}

fn inside(args: &Args, holder: Option<&str>, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    for element in args.elements.iter().filter(|element| element.inside.as_deref() == holder) {
        let name = mermaid(&element.name);
        if args.elements.iter().any(|other| other.inside.as_deref() == Some(&*element.id)) {
            let kind = if element.kind == Kind::System { "System" } else { "Container" };
            let _ = write!(text, "\n{indent}{kind}_Boundary({}, \"{name}\") {{", element.id);
            inside(args, Some(&element.id), depth + 1, text);
            let _ = write!(text, "\n{indent}}}");
            continue;
        }
        let shape = match element.kind {
            Kind::Person => "Person",
            Kind::System => "System",
            Kind::Container => "Container",
            Kind::Database => "ContainerDb",
            Kind::Queue => "ContainerQueue",
            Kind::Component => "Component",
        };
        let shape = if element.external { format!("{shape}_Ext") } else { shape.to_owned() };
        let technology = if matches!(element.kind, Kind::Person | Kind::System) {
            String::new()
        } else {
            format!(", \"{}\"", mermaid(&element.technology))
        };
        let _ =
            write!(text, "\n{indent}{shape}({}, \"{name}\"{technology}, \"{}\")", element.id, mermaid(&element.does));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::{Value, json};

    fn args() -> Value {
        json!({"title": "Tools", "level": "container", "elements": [
            {"id": "clerk", "kind": "person", "name": "Clerk \"A\""},
            {"id": "sys", "kind": "system", "name": "Tools"},
            {"id": "web", "kind": "container", "name": "Service", "technology": "Python", "inside": "sys"},
            {"id": "db", "kind": "database", "name": "Records", "technology": "SQLite", "inside": "sys"},
            {"id": "mail", "kind": "system", "name": "Mail", "external": true},
        ], "relations": [{"from": "clerk", "to": "web", "what": "uses", "how": "HTTP"}, {"from": "web", "to": "db", "what": "keeps"}]})
    }

    #[tokio::test]
    async fn boundaries_relations_and_what_stands_alone() {
        let mut context = context();
        let got = run(DrawC4, args(), &mut context).await.unwrap();
        let drawing = got["mermaid"].as_str().unwrap();
        let want = "  System_Boundary(sys, \"Tools\") {\n    Container(web, \"Service\", \"Python\", \"\")\n    ContainerDb(db, \"Records\", \"SQLite\", \"\")\n  }";
        assert!(drawing.contains(want), "{drawing}");
        assert!(
            drawing.contains("Person(clerk, \"Clerk #34;A#34;\", \"\")")
                && drawing.contains("Rel(clerk, web, \"uses\", \"HTTP\")")
        );
        assert_eq!((&got["alone"], &got["path"]), (&json!(["mail"]), &json!("docs/diagrams/c4-container.md")));
        assert!(context.own.contains_key("docs/diagrams/c4-container.md"));
    }

    #[tokio::test]
    async fn what_cannot_be_drawn_is_told() {
        for (at, value, says) in [
            ("/relations/0/to", json!("wb"), "`wb` of a relation is none of clerk, db"),
            ("/level", json!("context"), "does not belong"),
            ("/elements/3/inside", json!("clerk"), "cannot be inside"),
            ("/elements/1/inside", json!("x"), "none of"),
            ("/elements/1/id", json!("web"), "two elements"),
            ("/elements/0/id", json!("a b"), "is no id"),
        ] {
            let mut changed = args();
            let (parent, name) = at.rsplit_once('/').unwrap();
            changed.pointer_mut(parent).unwrap()[name] = value;
            let error = run(DrawC4, changed, &mut context()).await.unwrap_err();
            assert!(error.to_string().contains(says), "{at}: {error}");
        }
    }
}
