//! `model_threats`: the threats that STRIDE asks about for each element and flow of the system, told in the words of the model, with
//! the chapter of OWASP's ASVS 5.0 that says how they are met. What stands against them is for the author to say.

use crate::{
    Effect, Error, Tool, Workspace,
    given::{self, model_schema},
};
use maestro_artifacts::{Entity, FieldKind, RuleKind, ServiceModel};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub(crate) struct ModelThreats;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    /// Somebody or something outside
    External,
    /// What runs
    Process,
    /// Where data is kept
    Store,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Element {
    name: String,
    kind: Kind,
    /// Name of the zone of trust that it is in; a flow between two zones crosses a boundary
    #[serde(default)]
    zone: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Flow {
    /// Name of the element that it begins at
    from: String,
    /// Name of the element that it ends at
    to: String,
    /// What flows
    data: String,
    /// Is encrypted on its way
    #[serde(default)]
    encrypted: bool,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Elements of the system; people, service and records of the model when left out
    #[serde(default)]
    elements: Vec<Element>,
    /// Flows between them
    #[serde(default)]
    flows: Vec<Flow>,
    /// The service model; the one handed over when left out
    #[serde(default)]
    #[schemars(schema_with = "model_schema")]
    model: Option<Value>,
}

/// One threat, without what stands against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Threat {
    id: String,
    /// STRIDE class, as a security report has it.
    class: &'static str,
    /// The element, flow or entity that it is about.
    about: String,
    threat: String,
    /// Chapter of ASVS 5.0.
    asvs: &'static str,
    /// What usually stands against it.
    usual: &'static str,
}

#[derive(Debug, Serialize)]
pub(crate) struct Output {
    elements: usize,
    flows: usize,
    /// Flows that cross a boundary of trust.
    boundaries: Vec<String>,
    threats: Vec<Threat>,
}

impl Tool for ModelThreats {
    const NAME: &'static str = "model_threats";
    const DESCRIPTION: &'static str = "Lists the STRIDE threats of each element and flow (given, or those of the model: roles, records, personal data, money, states, references) with the OWASP ASVS 5.0 chapter and what usually stands against each.";
    const EFFECT: Effect = Effect::Reads;
    const REST: &'static str = "call again with some of the `elements` and `flows`";
    type Args = Args;
    type Output = Output;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Output, Error> {
        let model = match given::model(args.model.clone(), workspace) {
            Ok(model) => Some(model),
            Err(_) if args.model.is_none() && !args.elements.is_empty() => None,
            Err(why) => return Err(why),
        };
        let (elements, flows) = match (&model, args.elements.is_empty()) {
            (Some(model), true) => of_model(model),
            _ => (args.elements, args.flows),
        };
        for end in flows.iter().flat_map(|flow| [&flow.from, &flow.to]) {
            if !elements.iter().any(|element| element.name == *end) {
                let names: Vec<_> = elements.iter().map(|element| element.name.as_str()).collect();
                return Err(Error::Respond(format!("`{end}` of a flow is none of the elements {}", names.join(", "))));
            }
        }
        let zone = |name: &str| {
            elements.iter().find(|element| element.name == name).map_or("", |element| element.zone.as_str())
        };
        let crosses = |flow: &Flow| zone(&flow.from) != zone(&flow.to);
        let mut list = List(Vec::new());
        elements.iter().for_each(|element| list.element(element));
        flows.iter().for_each(|flow| list.flow(flow, crosses(flow)));
        if let Some(model) = &model {
            model.entities.iter().for_each(|entity| list.entity(model, entity));
        }
        let boundaries =
            flows.iter().filter(|flow| crosses(flow)).map(|flow| format!("{} → {}", flow.from, flow.to)).collect();
        Ok(Output { elements: elements.len(), flows: flows.len(), boundaries, threats: list.0 })
    }
}

/// People, the service and its records.
fn of_model(model: &ServiceModel) -> (Vec<Element>, Vec<Flow>) {
    let element = |name: &str, kind, zone: &str| Element { name: name.to_owned(), kind, zone: zone.to_owned() };
    let people = if model.roles.is_empty() { vec!["caller".to_owned()] } else { model.roles.clone() };
    let mut elements: Vec<_> = people.iter().map(|role| element(role, Kind::External, "outside")).collect();
    elements.push(element("service", Kind::Process, "service"));
    elements.push(element("records", Kind::Store, "service"));
    let all: Vec<_> = model.entities.iter().map(|entity| entity.plural.as_str()).collect();
    let flow =
        |from: &str, to: &str, data: String| Flow { from: from.to_owned(), to: to.to_owned(), data, encrypted: false };
    let mut flows: Vec<_> =
        people.iter().map(|role| flow(role, "service", format!("requests about {}", all.join(", ")))).collect();
    flows.push(flow("service", "records", all.join(", ")));
    (elements, flows)
}

struct List(Vec<Threat>);

impl List {
    fn add(&mut self, class: &'static str, about: &str, threat: String, asvs: &'static str, usual: &'static str) {
        let id = format!("T-{}", self.0.len() + 1);
        self.0.push(Threat { id, class, about: about.to_owned(), threat, asvs, usual });
    }

    fn element(&mut self, element: &Element) {
        let name = element.name.as_str();
        match element.kind {
            Kind::External => {
                self.add(
                    "spoofing",
                    name,
                    format!("somebody pretends to be `{name}`"),
                    "V6 Authentication",
                    "who calls is proven before anything is done in their name",
                );
                self.add(
                    "repudiation",
                    name,
                    format!("`{name}` denies what they did, and nobody can show otherwise"),
                    "V16 Security Logging and Error Handling",
                    "who did what and when is logged where they cannot change it",
                );
            }
            Kind::Process => {
                self.add(
                    "spoofing",
                    name,
                    format!("something else answers in the place of `{name}`"),
                    "V12 Secure Communication",
                    "callers know it by a certificate, or it listens on its own machine only",
                );
                self.add(
                    "tampering",
                    name,
                    format!("a value sent to `{name}` becomes part of a command, query or page"),
                    "V1 Encoding and Sanitization",
                    "values are bound or encoded where they are used",
                );
                self.add(
                    "repudiation",
                    name,
                    format!("`{name}` leaves no trace of what it refused or failed in"),
                    "V16 Security Logging and Error Handling",
                    "refusals and failures are logged with their cause",
                );
                self.add(
                    "information_disclosure",
                    name,
                    format!("an error of `{name}` shows its insides to the caller"),
                    "V16 Security Logging and Error Handling",
                    "callers get a message, the log gets the cause",
                );
                self.add(
                    "denial_of_service",
                    name,
                    format!("large, many or endless requests keep `{name}` from others"),
                    "V15 Secure Coding and Architecture",
                    "sizes, times and rates have limits",
                );
                self.add(
                    "elevation_of_privilege",
                    name,
                    format!("a caller does in `{name}` what only others may"),
                    "V8 Authorization",
                    "each action checks the right at the place where it is done",
                );
            }
            Kind::Store => {
                self.add(
                    "tampering",
                    name,
                    format!("`{name}` is changed by another way than the service"),
                    "V13 Configuration",
                    "only the service's own user can write it",
                );
                self.add(
                    "repudiation",
                    name,
                    format!("a change in `{name}` cannot be traced to anybody"),
                    "V16 Security Logging and Error Handling",
                    "changes keep who and when",
                );
                self.add(
                    "information_disclosure",
                    name,
                    format!("a copy or backup of `{name}` is read by others"),
                    "V14 Data Protection",
                    "it and its copies are encrypted, and read by few",
                );
                self.add(
                    "denial_of_service",
                    name,
                    format!("`{name}` is full, locked or lost"),
                    "V15 Secure Coding and Architecture",
                    "there is a backup that was restored once, and a limit to growth",
                );
            }
        }
    }

    fn flow(&mut self, flow: &Flow, crosses: bool) {
        let about = format!("{} → {}", flow.from, flow.to);
        // Inside of one zone whoever listens is in already.
        if crosses && !flow.encrypted {
            self.add(
                "tampering",
                &about,
                format!("{} are changed on the way", flow.data),
                "V12 Secure Communication",
                "TLS, or a way that does not leave the machine",
            );
            self.add(
                "information_disclosure",
                &about,
                format!("{} are read on the way", flow.data),
                "V12 Secure Communication",
                "TLS, or a way that does not leave the machine",
            );
        }
        if crosses {
            self.add(
                "denial_of_service",
                &about,
                format!("the way of {} is flooded or cut", flow.data),
                "V4 API and Web Service",
                "limits of rate and size before the service, and a client that waits and tries again",
            );
        }
    }

    fn entity(&mut self, model: &ServiceModel, entity: &Entity) {
        const PERSONAL: &[&str] = &[
            "name", "email", "e_mail", "phone", "address", "birth", "salary", "iban", "passport", "health", "ssn",
            "gender",
        ];
        let many = entity.plural.as_str();
        let of = |wanted: &dyn Fn(&maestro_artifacts::Field) -> bool| -> Vec<&str> {
            entity.fields.iter().filter(|field| wanted(field)).map(|field| field.name.as_str()).collect()
        };
        let person =
            ["member", "customer", "client", "user", "employee", "patient", "person", "contact", "student", "guest"]
                .iter()
                .any(|word| entity.key.contains(word));
        let personal = of(&|field| {
            let name = field.key.as_str();
            PERSONAL.iter().any(|word| name.contains(word) && (*word != "name" || person))
        });
        let rules = || model.rules.iter().map(|rule| (&rule.id, &rule.demand));
        if !personal.is_empty() {
            self.add(
                "information_disclosure",
                many,
                format!(
                    "personal data of {many} ({}) reaches people who do not need it, in lists, search or exports",
                    personal.join(", ")
                ),
                "V14 Data Protection",
                "only the roles that need it may read it, and exports are restricted like the records",
            );
        }
        let money = of(&|field| matches!(field.kind, FieldKind::Money) && !field.read_only);
        if !money.is_empty() {
            self.add(
                "tampering",
                many,
                format!("an amount of {many} ({}) is changed to one that nobody agreed to", money.join(", ")),
                "V2 Validation and Business Logic",
                "amounts are frozen when they are agreed, or changed by few roles",
            );
        }
        let restricted: Vec<_> = rules().filter(|(_, rule)| matches!(rule, RuleKind::ActionRole { entity: e, .. } | RuleKind::ActionBarred { entity: e, .. } | RuleKind::TransitionRole { entity: e, .. } if *e == entity.key)).map(|(id, _)| id.as_str()).collect();
        if !restricted.is_empty() {
            self.add(
                "elevation_of_privilege",
                many,
                format!("somebody without the role gets past {} of {many}", restricted.join(", ")),
                "V8 Authorization",
                "the role is proven and checked for each request, on the server",
            );
        }
        let along: Vec<_> = model.taken_along(entity).into_iter().map(|other| other.plural.as_str()).collect();
        if !along.is_empty() {
            self.add(
                "tampering",
                many,
                format!("one request that deletes one of {many} takes all its {} with it", along.join(", ")),
                "V2 Validation and Business Logic",
                "few roles may delete these, who does is told first what goes with it, and there is a copy to go back to",
            );
        }
        if let Some(flow) = &entity.workflow {
            self.add(
                "tampering",
                many,
                format!("`{}` of {many} is set past the steps that are demanded", flow.field),
                "V2 Validation and Business Logic",
                "only the listed changes are accepted, judged from the stored record in one transaction",
            );
        }
        let shared: Vec<_> = rules()
            .filter(|(_, rule)| match rule {
                RuleKind::Unique { entity: e, .. }
                | RuleKind::NoOverlap { entity: e, .. }
                | RuleKind::Quota { entity: e, .. } => *e == entity.key,
                RuleKind::Capacity { child, .. } => *child == entity.key,
                _ => false,
            })
            .map(|(id, _)| id.as_str())
            .collect();
        if !shared.is_empty() {
            self.add(
                "tampering",
                many,
                format!("two requests at once make {many} that {} forbid together", shared.join(", ")),
                "V2 Validation and Business Logic",
                "check and write are one transaction under one lock or constraint",
            );
        }
        if entity.fields.iter().any(|field| matches!(field.kind, FieldKind::Reference { .. })) {
            self.add(
                "information_disclosure",
                many,
                format!("ids of other people's records are tried out through the references of {many}"),
                "V8 Authorization",
                "what a reference shows is restricted like the record itself",
            );
        }
        self.add(
            "denial_of_service",
            many,
            format!("all {many} are asked for at once, again and again"),
            "V4 API and Web Service",
            "lists are paged, with a largest page",
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use serde_json::json;

    #[tokio::test]
    async fn elements_and_flows_have_the_threats_of_their_kind() {
        let args = json!({"elements": [{"name": "clerk", "kind": "external", "zone": "net"}, {"name": "api", "kind": "process", "zone": "host"}, {"name": "db", "kind": "store", "zone": "host"}],
            "flows": [{"from": "clerk", "to": "api", "data": "loans"}, {"from": "api", "to": "db", "data": "rows"}]});
        let got = run(ModelThreats, args, &mut context()).await.unwrap();
        let of = |about: &str| {
            got["threats"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|t| t["about"] == about)
                .map(|t| t["class"].as_str().unwrap())
                .collect::<Vec<_>>()
        };
        assert_eq!(of("clerk"), ["spoofing", "repudiation"]);
        assert_eq!(of("api").len(), 6);
        assert_eq!(of("db"), ["tampering", "repudiation", "information_disclosure", "denial_of_service"]);
        assert_eq!((of("clerk → api").len(), of("api → db").len()), (3, 0));
        assert_eq!(got["boundaries"], json!(["clerk → api"]));
    }

    #[tokio::test]
    async fn a_model_has_the_threats_of_its_fields_and_rules() {
        let field = |key: &str, kind: &str| json!({"key": key, "name": key, "kind": {"type": kind}, "sources": []});
        let model = |fields: Value, rules: Value| json!({"model": {"title": "T", "roles": ["clerk"], "entities": [{"key": "member", "name": "member", "plural": "members", "path": "m", "sources": [], "fields": fields}], "rules": rules}});
        let plain = run(ModelThreats, model(json!([]), json!([])), &mut context()).await.unwrap();
        let rules = json!([{"id": "R-1", "sources": [], "message": "", "demand": {"kind": "action_role", "entity": "member", "action": "delete", "roles": ["clerk"]}}]);
        let rich =
            run(ModelThreats, model(json!([field("email", "text"), field("fee", "money")]), rules), &mut context())
                .await
                .unwrap();
        let about = |got: &Value| {
            got["threats"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|t| t["about"] == "members")
                .map(|t| t["class"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        };
        let tree = json!([{"key": "above_id", "name": "above", "kind": {"type": "reference", "entity": "member"}, "sources": []}]);
        let goes = json!([{"id": "R-1", "sources": [], "message": "", "demand": {"kind": "cascade", "entity": "member", "field": "above_id"}}]);
        let tree = run(ModelThreats, model(tree, goes), &mut context()).await.unwrap();
        assert_eq!(about(&tree), ["tampering", "information_disclosure", "denial_of_service"]);
        assert_eq!(about(&plain), ["denial_of_service"]);
        assert_eq!(
            about(&rich),
            ["information_disclosure", "tampering", "elevation_of_privilege", "denial_of_service"]
        );
        let error = run(
            ModelThreats,
            json!({"elements": [{"name": "a", "kind": "store"}], "flows": [{"from": "a", "to": "b", "data": "x"}]}),
            &mut context(),
        )
        .await
        .unwrap_err();
        assert!(error.to_string().contains("`b` of a flow"), "{error}");
        assert!(run(ModelThreats, json!({}), &mut context()).await.is_err());
    }
}
