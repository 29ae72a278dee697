//! What is wrong with a template of CloudFormation or SAM.

use super::{
    lint_iac::{at, plain, yes},
    placeholder, secret_name,
};
use crate::finding::Findings;
use maestro_artifacts::delivery::Severity::{High, Low, Medium};
use maestro_workflow::yaml::{Node, Value};
use regex::Regex;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

/// Adds what is wrong with it.
pub(super) fn lint(root: &Node, found: &mut Findings<'_>) {
    Template::new(&expand(root, &BTreeMap::new())).lint(found);
}

static SUBSTITUTED: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"\$\{([A-Za-z0-9:]+)(?:\.[A-Za-z0-9.]+)?\}").ok());

/// The template with its loops written out: `Fn::ForEach::Name: [variable, [values], fields]`.
fn expand(node: &Node, variables: &BTreeMap<&str, &str>) -> Node {
    let fill = |text: &str| {
        variables.iter().fold(text.to_owned(), |text, (name, value)| {
            text.replace(&format!("${{{name}}}"), value).replace(&format!("&{{{name}}}"), value)
        })
    };
    let value = match &node.value {
        Value::Text(text) => Value::Text(fill(text)),
        Value::List(items) => Value::List(items.iter().map(|item| expand(item, variables)).collect()),
        Value::Map(fields) => {
            let mut out = Vec::new();
            for ((place, name), value) in fields {
                match (name.starts_with("Fn::ForEach::"), value.items()) {
                    (true, [variable, values, body]) if variable.text().is_some() => {
                        for each in values.items().iter().filter_map(Node::text) {
                            let mut inner = variables.clone();
                            inner.extend(variable.text().map(|name| (name, each)));
                            if let Value::Map(fields) = expand(body, &inner).value {
                                out.extend(fields);
                            }
                        }
                    }
                    _ => match (name.as_str(), value.text().and_then(|text| variables.get(text))) {
                        ("Ref", Some(each)) => {
                            return Node { place: node.place, value: Value::Text((*each).to_owned()) };
                        }
                        _ => out.push(((*place, fill(name)), expand(value, variables))),
                    },
                }
            }
            Value::Map(out)
        }
        other => other.clone(),
    };
    Node { place: node.place, value }
}

struct Template<'n> {
    root: &'n Node,
    resources: BTreeMap<&'n str, &'n Node>,
    names: BTreeSet<&'n str>,
}

impl<'n> Template<'n> {
    fn new(root: &'n Node) -> Self {
        let of = |section: &str| root.get(section).into_iter().flat_map(Node::fields);
        let resources: BTreeMap<_, _> = of("Resources").map(|(name, _, node)| (name, node)).collect();
        let names = resources.keys().copied().chain(of("Parameters").map(|(name, _, _)| name)).collect();
        Self { root, resources, names }
    }

    /// Whether a name can be referred to: a resource, a parameter, a pseudo parameter, or what SAM makes of a resource.
    fn known(&self, name: &str) -> bool {
        let made = |resource: &Node| {
            resource.get("Type").and_then(Node::text).is_some_and(|kind| kind.starts_with("AWS::Serverless::"))
        };
        self.names.contains(name)
            || name.starts_with("AWS::")
            || matches!(name, "ServerlessRestApi" | "ServerlessHttpApi" | "ServerlessDeploymentApplication")
            || name.starts_with("ServerlessRestApi")
            || self
                .resources
                .iter()
                .any(|(resource, node)| name.len() > resource.len() && name.starts_with(resource) && made(node))
    }

    fn lint(&self, found: &mut Findings<'_>) {
        let mut edges: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (name, node) in &self.resources {
            let kind = node.get("Type").and_then(Node::text).unwrap_or_default();
            if !kind.contains("::") {
                found.add(
                    "structure",
                    High,
                    at(node),
                    format!("the resource `{name}` has no `Type`"),
                    "add it, such as `AWS::SQS::Queue`",
                );
            }
            let mut needs = BTreeSet::new();
            self.references(node, found, &mut needs);
            edges.insert(name, needs);
            self.resource(name, kind, node, found);
        }
        for section in ["Outputs", "Conditions", "Globals"] {
            self.root.get(section).into_iter().for_each(|node| self.references(node, found, &mut BTreeSet::new()));
        }
        // What never becomes ready when all that is ready is made needs itself.
        let mut done: BTreeSet<&str> = BTreeSet::new();
        loop {
            let ready: Vec<&str> = edges
                .iter()
                .filter(|(name, needs)| {
                    !done.contains(*name)
                        && needs.iter().all(|need| done.contains(need.as_str()) || !edges.contains_key(need.as_str()))
                })
                .map(|(name, _)| *name)
                .collect();
            if ready.is_empty() {
                break;
            }
            done.extend(ready);
        }
        let stuck: Vec<&str> = edges.keys().copied().filter(|name| !done.contains(name)).collect();
        if let Some(node) = stuck.first().and_then(|name| self.resources.get(name)) {
            found.add(
                "circle",
                High,
                at(node),
                format!("{} need each other in a circle", stuck.join(", ")),
                "take one reference out, or write the name instead",
            );
        }
        let text = self.root.to_json().to_string();
        for (name, place, _) in self.root.get("Parameters").into_iter().flat_map(Node::fields) {
            if text.matches(&format!("\"{name}\"")).count() < 2 && !text.contains(&format!("${{{name}}}")) {
                found.add(
                    "unused",
                    Low,
                    place.line as usize,
                    format!("nothing uses the parameter `{name}`"),
                    "leave it out",
                );
            }
        }
    }

    fn references(&self, node: &Node, found: &mut Findings<'_>, needs: &mut BTreeSet<String>) {
        let mut named: Vec<(&str, &Node)> = Vec::new();
        // What a list of `Fn::Sub` names itself.
        let mut own = BTreeSet::new();
        for (field, _, value) in node.fields() {
            let text = value.text();
            let items = || value.items().iter().filter_map(Node::text);
            match field {
                "Ref" => named.extend(text.map(|name| (name, value))),
                "Fn::GetAtt" => named
                    .extend(text.or_else(|| items().next()).and_then(|name| Some((name.split('.').next()?, value)))),
                "DependsOn" => named.extend(text.into_iter().chain(items()).map(|name| (name, value))),
                "Fn::Sub" => {
                    own = value.items().get(1).into_iter().flat_map(Node::fields).map(|(name, _, _)| name).collect();
                    named.extend(
                        text.or_else(|| items().next()).into_iter().flat_map(substituted).map(|name| (name, value)),
                    );
                }
                _ => {}
            }
        }
        for (name, node) in named.into_iter().filter(|(name, _)| !own.contains(name)) {
            if self.known(name) {
                needs.insert(name.to_owned());
                continue;
            }
            let near = self.names.iter().min_by_key(|known| strsim::osa_distance(known, name));
            let fix = near.map_or_else(|| "add it".to_owned(), |near| format!("did you mean `{near}`?"));
            found.add("reference", High, at(node), format!("there is no resource and no parameter `{name}`"), fix);
        }
        for below in node.fields().map(|(_, _, value)| value).chain(node.items()) {
            self.references(below, found, needs);
        }
    }

    fn resource(&self, name: &str, kind: &str, node: &Node, found: &mut Findings<'_>) {
        let empty = Node { place: node.place, value: Value::Null };
        let properties = node.get("Properties").unwrap_or(&empty);
        let has = |field: &str| properties.get(field).is_some();
        let line = at(node);
        policies(properties, found);
        match kind {
            "AWS::S3::Bucket" => {
                if !has("PublicAccessBlockConfiguration") {
                    found.add(
                        "public",
                        Medium,
                        line,
                        format!("the bucket `{name}` does not block public access"),
                        "add `PublicAccessBlockConfiguration` with all four set",
                    );
                }
                if properties.get("AccessControl").and_then(Node::text).is_some_and(|acl| acl.starts_with("Public")) {
                    found.add(
                        "public",
                        High,
                        line,
                        format!("everybody can read the bucket `{name}`"),
                        "leave `AccessControl` out",
                    );
                }
                if !has("BucketEncryption") {
                    found.add(
                        "encryption",
                        Low,
                        line,
                        format!("the bucket `{name}` does not say how it is encrypted"),
                        "add `BucketEncryption`",
                    );
                }
            }
            "AWS::DynamoDB::Table" | "AWS::Serverless::SimpleTable" if !has("SSESpecification") => {
                found.add(
                    "encryption",
                    Low,
                    line,
                    format!("the table `{name}` does not say how it is encrypted"),
                    "add `SSESpecification: {SSEEnabled: true}`",
                );
            }
            "AWS::SQS::Queue" if !has("SqsManagedSseEnabled") && !has("KmsMasterKeyId") => {
                found.add(
                    "encryption",
                    Low,
                    line,
                    format!("the queue `{name}` does not say how it is encrypted"),
                    "add `SqsManagedSseEnabled: true`",
                );
            }
            "AWS::RDS::DBInstance" | "AWS::RDS::DBCluster" => {
                if !yes(properties.get("StorageEncrypted")) {
                    found.add(
                        "encryption",
                        High,
                        line,
                        format!("the database `{name}` is not encrypted"),
                        "add `StorageEncrypted: true`",
                    );
                }
                if yes(properties.get("PubliclyAccessible")) {
                    found.add(
                        "public",
                        High,
                        line,
                        format!("the database `{name}` is reachable from the internet"),
                        "set `PubliclyAccessible: false`",
                    );
                }
                if let Some(password) = properties
                    .get("MasterUserPassword")
                    .filter(|node| node.text().is_some_and(|text| !text.contains("{{resolve:")))
                {
                    found.add(
                        "secret",
                        High,
                        at(password),
                        "a password stands in the template",
                        "use `{{resolve:secretsmanager:...}}`, or `ManageMasterUserPassword`",
                    );
                }
            }
            "AWS::EC2::Volume" | "AWS::EFS::FileSystem" if !yes(properties.get("Encrypted")) => {
                found.add(
                    "encryption",
                    High,
                    line,
                    format!("the volume `{name}` is not encrypted"),
                    "add `Encrypted: true`",
                );
            }
            "AWS::EC2::SecurityGroup" => {
                for rule in properties.get("SecurityGroupIngress").map_or(&[][..], Node::items) {
                    let open = ["CidrIp", "CidrIpv6"]
                        .iter()
                        .any(|field| matches!(rule.get(field).and_then(Node::text), Some("0.0.0.0/0" | "::/0")));
                    let port = rule.get("FromPort").map(plain).unwrap_or_default();
                    if open && !matches!(&*port, "80" | "443") {
                        found.add(
                            "open-port",
                            High,
                            at(rule),
                            format!("port `{port}` is open to the internet"),
                            "name the networks that may reach it",
                        );
                    }
                }
            }
            "AWS::Lambda::Function" | "AWS::Serverless::Function" => {
                let variables = properties.get("Environment").and_then(|environment| environment.get("Variables"));
                for (variable, _, value) in variables.into_iter().flat_map(Node::fields) {
                    if secret_name(variable)
                        && value.text().is_some_and(|text| !placeholder(text) && !text.contains("{{resolve:"))
                    {
                        found.add(
                            "secret",
                            High,
                            at(value),
                            format!("`{variable}` has its value in the template"),
                            "read it from Secrets Manager when it is needed",
                        );
                    }
                }
                let global = self
                    .root
                    .get("Globals")
                    .and_then(|globals| globals.get("Function"))
                    .is_some_and(|function| function.get("Timeout").is_some());
                if !has("Timeout") && !global {
                    found.add(
                        "timeout",
                        Low,
                        line,
                        format!("the function `{name}` has the default of 3 seconds"),
                        "set `Timeout`",
                    );
                }
            }
            "AWS::Logs::LogGroup" if !has("RetentionInDays") => {
                found.add(
                    "retention",
                    Low,
                    line,
                    format!("the logs of `{name}` are kept for ever"),
                    "set `RetentionInDays`",
                );
            }
            _ => {}
        }
    }
}

fn substituted(text: &str) -> impl Iterator<Item = &str> {
    SUBSTITUTED
        .iter()
        .flat_map(move |form| form.captures_iter(text))
        .filter_map(|captures| captures.get(1).map(|name| name.as_str()))
}

/// Statements of IAM anywhere below: what allows everything.
fn policies(node: &Node, found: &mut Findings<'_>) {
    let allows = node.get("Effect").and_then(Node::text) == Some("Allow");
    if allows {
        let all = |field: &str| -> Vec<String> {
            node.get(field).map_or_else(Vec::new, |value| {
                if value.items().is_empty() { vec![plain(value)] } else { value.items().iter().map(plain).collect() }
            })
        };
        let (actions, resources) = (all("Action"), all("Resource"));
        let line = node.get("Action").map_or_else(|| at(node), at);
        let anything = resources.iter().any(|resource| resource == "*");
        if actions.iter().any(|action| action == "*" || action == "*:*") {
            found.add("iam-wildcard", High, line, "every action is allowed", "name the actions");
        } else if let Some(action) = actions.iter().find(|action| action.ends_with(":*")).filter(|_| anything) {
            found.add(
                "iam-wildcard",
                High,
                line,
                format!("`{action}` is allowed on everything"),
                "name the actions and the resources",
            );
        } else if anything && !actions.is_empty() && node.get("Condition").is_none() {
            found.add(
                "iam-wildcard",
                Medium,
                line,
                format!("{} on every resource", actions.join(", ")),
                "name the resources",
            );
        }
        if all("Principal").iter().any(|principal| principal == "*" || principal == "{\"AWS\":\"*\"}")
            && node.get("Condition").is_none()
        {
            found.add(
                "public",
                High,
                at(node),
                "everybody in the world may do this",
                "name who may, or add a `Condition`",
            );
        }
    }
    node.fields().for_each(|(_, _, value)| policies(value, found));
    node.items().iter().for_each(|item| policies(item, found));
}
