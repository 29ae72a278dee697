//! The HTML front end: fixed modules, and `screens.js` with what they show.

use crate::facts;
use maestro_artifacts::{Action, Entity, Field, FieldKind, Flow, RuleKind, Screen, Screens, ServiceModel};
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The modules and styles: the same for every service.
const FIXED: [(&str, &str); 12] = [
    ("api.js", include_str!("../assets/web/api.js")),
    ("app.js", include_str!("../assets/web/app.js")),
    ("detail.js", include_str!("../assets/web/detail.js")),
    ("dom.js", include_str!("../assets/web/dom.js")),
    ("fields.js", include_str!("../assets/web/fields.js")),
    ("form.js", include_str!("../assets/web/form.js")),
    ("icon.svg", include_str!("../assets/web/icon.svg")),
    ("index.html", include_str!("../assets/web/index.html")),
    ("list.js", include_str!("../assets/web/list.js")),
    ("routes.js", include_str!("../assets/web/routes.js")),
    ("style.css", include_str!("../assets/web/style.css")),
    ("totals.js", include_str!("../assets/web/totals.js")),
];

/// The names of the files below `web/`.
pub(crate) fn names() -> Vec<&'static str> {
    FIXED.iter().map(|(name, _)| *name).chain(["screens.js"]).collect()
}

/// All files of the front end by path below the deliverable. The screens decide what is shown; types, labels and
/// allowed changes of state come from the model.
#[must_use]
pub fn page_files(screens: &Screens, model: &ServiceModel) -> BTreeMap<String, String> {
    let mut files: BTreeMap<_, _> = FIXED
        .iter()
        .map(|(name, text)| (format!("web/{name}"), text.replace("{{title}}", &escaped(&screens.title))))
        .collect();
    files.insert("web/screens.js".to_owned(), screens_file(screens, model));
    files
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// What the modules work on. A struct and not a JSON map, so that its order is the same in every build.
#[derive(Serialize)]
struct App<'a> {
    title: &'a str,
    roles: &'a [String],
    entities: Vec<AppEntity<'a>>,
    screens: &'a [Screen],
    flows: &'a [Flow],
}

#[derive(Serialize)]
struct AppEntity<'a> {
    key: &'a str,
    name: &'a str,
    plural: &'a str,
    path: &'a str,
    fields: Vec<AppField<'a>>,
    workflow: Option<AppWorkflow<'a>>,
    /// The roles that may not do something with these records as a whole, by what it is.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    barred: BTreeMap<Action, Vec<&'a String>>,
}

#[derive(Serialize)]
struct AppField<'a> {
    key: &'a str,
    name: &'a str,
    #[serde(flatten)]
    kind: &'a FieldKind,
    read_only: bool,
    required: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    default: Option<&'a Value>,
    /// Its record is deleted with the one that it refers to.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    cascades: bool,
}

#[derive(Serialize)]
struct AppWorkflow<'a> {
    field: &'a str,
    transitions: Vec<AppTransition<'a>>,
}

#[derive(Serialize)]
struct AppTransition<'a> {
    from: &'a str,
    to: &'a str,
    roles: Vec<&'a String>,
    requires: Vec<&'a String>,
}

fn screens_file(screens: &Screens, model: &ServiceModel) -> String {
    let app = App {
        title: &screens.title,
        roles: &screens.roles,
        entities: model.entities.iter().map(|entity| app_entity(model, entity)).collect(),
        screens: &screens.screens,
        flows: &screens.flows,
    };
    // Maps with text keys and no foreign numbers: serialising them cannot fail.
    let json = serde_json::to_string_pretty(&app).unwrap_or_default();
    format!("// What the screens show: generated from the design.\n\nexport const APP = {json};\n")
}

fn app_entity<'a>(model: &'a ServiceModel, entity: &'a Entity) -> AppEntity<'a> {
    AppEntity {
        key: &entity.key,
        name: &entity.name,
        plural: &entity.plural,
        path: &entity.path,
        fields: entity.fields.iter().map(|field| app_field(model, entity, field)).collect(),
        workflow: entity.workflow.as_ref().map(|workflow| AppWorkflow {
            field: &workflow.field,
            transitions: workflow
                .transitions
                .iter()
                .map(|way| AppTransition {
                    from: &way.from,
                    to: &way.to,
                    roles: facts::transition_roles(model, entity, way),
                    requires: facts::transition_requires(model, entity, way),
                })
                .collect(),
        }),
        barred: facts::barred(model, entity),
    }
}

fn app_field<'a>(model: &'a ServiceModel, entity: &'a Entity, field: &'a Field) -> AppField<'a> {
    let default = model.rules.iter().find_map(|rule| match &rule.demand {
        // `today` and `now` are the service's to fill in.
        RuleKind::Default { entity: of, field: key, value }
            if *of == entity.key && *key == field.key && !matches!(value.as_str(), Some("today" | "now")) =>
        {
            Some(value)
        }
        _ => None,
    });
    AppField {
        key: &field.key,
        name: &field.name,
        kind: &field.kind,
        read_only: field.read_only || facts::is_computed(model, entity, field),
        required: facts::is_required(model, entity, field) && !facts::is_filled_in(model, entity, field),
        default,
        cascades: model.cascade(&entity.key, &field.key).is_some(),
    }
}
