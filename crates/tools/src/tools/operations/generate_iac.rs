//! `generate_iac`: a composition of containers, or a SAM template, that its own linter finds nothing grave in.

use super::{Written, word, write};
use crate::{Effect, Error, Tool, Workspace};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{collections::BTreeMap, fmt::Write as _};

pub(crate) struct GenerateIac;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Containers of one machine, for a `compose.yaml`; give this or `functions`
    #[serde(default)]
    containers: Vec<Container>,
    /// Functions of AWS Lambda, for a SAM `template.yaml`
    #[serde(default)]
    functions: Vec<Function>,
    /// Tables of DynamoDB that the functions use
    #[serde(default)]
    tables: Vec<Table>,
    /// Queues of SQS that the functions use, each with a queue for what failed
    #[serde(default)]
    queues: Vec<String>,
    /// Where to write it; `compose.yaml` or `infra/template.yaml` when left out
    #[serde(default)]
    path: Option<String>,
}

/// A container.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Container {
    /// Its name
    name: String,
    /// Image with a version; built from the Dockerfile beside the file when left out
    #[serde(default)]
    image: Option<String>,
    /// The port on which this machine alone reaches it, as in the container
    #[serde(default)]
    port: Option<u16>,
    /// Folder in the container whose data is kept
    #[serde(default)]
    data: Option<String>,
    /// Variables; secrets get their value from the shell, whatever is given
    #[serde(default)]
    env: BTreeMap<String, String>,
    /// Containers that must be healthy before
    #[serde(default)]
    needs: Vec<String>,
    /// Command that answers 0 when it is well, word by word
    #[serde(default)]
    health: Vec<String>,
}

/// A function.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Function {
    /// Logical id, in `PascalCase`
    name: String,
    /// Folder of its code
    code: String,
    /// Handler, such as `main.handler`
    handler: String,
    /// Runtime, such as `python3.13`
    runtime: String,
    /// Memory in MiB, 256 when left out
    #[serde(default)]
    memory: Option<u32>,
    /// Seconds after which it is ended, 30 when left out
    #[serde(default)]
    timeout: Option<u32>,
    /// Tables that it reads and writes
    #[serde(default)]
    tables: Vec<String>,
    /// The queue whose messages it takes
    #[serde(default)]
    takes: Option<String>,
    /// Queues that it sends to
    #[serde(default)]
    sends: Vec<String>,
    /// Route of an HTTP API that calls it, such as `GET /loans`
    #[serde(default)]
    route: Option<String>,
}

/// A table.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Table {
    /// Logical id, in `PascalCase`
    name: String,
    /// Name of the partition key, a text
    key: String,
    /// Name of the sort key, a text, where there is one
    #[serde(default)]
    sort: Option<String>,
}

impl Tool for GenerateIac {
    const NAME: &'static str = "generate_iac";
    const DESCRIPTION: &'static str = "Writes a compose.yaml (no new privileges, no capabilities, ports of this machine only, secrets from outside) or a SAM template (least rights per function, encrypted tables and queues, dead letters, log retention) from a short description.";
    const EFFECT: Effect = Effect::WritesArtifact;
    type Args = Args;
    type Output = Written;

    async fn call(&self, args: Args, workspace: &mut Workspace<'_>) -> Result<Written, Error> {
        let (name, text) = match (args.containers.is_empty(), args.functions.is_empty()) {
            (false, true) => ("compose.yaml", compose(&args.containers)?),
            (true, false) => ("infra/template.yaml", template(&args)?),
            _ => {
                return Err(Error::Respond(
                    "give either `containers`, or `functions` with their `tables` and `queues`".to_owned(),
                ));
            }
        };
        write(workspace, vec![(args.path.unwrap_or_else(|| name.to_owned()), text)])
    }
}

fn json(value: impl serde::Serialize) -> String {
    serde_json::json!(value).to_string()
}

fn compose(containers: &[Container]) -> Result<String, Error> {
    let mut text = "services:\n".to_owned();
    let mut volumes = String::new();
    for container in containers {
        let name = &container.name;
        word("name", name, "_-")?;
        let _ = writeln!(text, "  {name}:");
        match &container.image {
            Some(image) => {
                word("image", image, "/.:@_-")?;
                super::pinned_image(image).map_err(|why| Error::Respond(format!("`{image}` {why}: name a version")))?;
                let _ = writeln!(text, "    image: {image}");
            }
            None => text.push_str("    build: .\n"),
        }
        text.push_str("    restart: unless-stopped\n    read_only: true\n    tmpfs:\n      - /tmp\n    cap_drop:\n      - ALL\n    security_opt:\n      - no-new-privileges:true\n");
        if let Some(port) = container.port {
            let _ = writeln!(text, "    ports:\n      - \"127.0.0.1:{port}:{port}\"");
        }
        if !container.env.is_empty() {
            text.push_str("    environment:\n");
            for (variable, value) in &container.env {
                word("env", variable, "_")?;
                let value = if super::secret_name(variable) {
                    format!("${{{variable}:?is a secret and must be set}}")
                } else {
                    value.replace('$', "$$")
                };
                let _ = writeln!(text, "      {variable}: {}", json(value));
            }
        }
        if let Some(data) = &container.data {
            word("data", data, "/._-")?;
            let _ = writeln!(text, "    volumes:\n      - {name}-data:{data}");
            let _ = writeln!(volumes, "  {name}-data:");
        }
        if !container.needs.is_empty() {
            text.push_str("    depends_on:\n");
        }
        for need in &container.needs {
            let Some(other) = containers.iter().find(|other| other.name == *need) else {
                let names: Vec<_> = containers.iter().map(|container| container.name.as_str()).collect();
                return Err(Error::Respond(format!("`{name}` needs `{need}`, which is none of {}", names.join(", "))));
            };
            let condition =
                if other.health.is_empty() && other.image.is_some() { "service_started" } else { "service_healthy" };
            let _ = writeln!(text, "      {need}:\n        condition: {condition}");
        }
        if !container.health.is_empty() {
            let test: Vec<_> = std::iter::once("CMD").chain(container.health.iter().map(String::as_str)).collect();
            let _ = writeln!(
                text,
                "    healthcheck:\n      test: {}\n      interval: 10s\n      timeout: 3s\n      retries: 3",
                json(test)
            );
        }
    }
    if !volumes.is_empty() {
        let _ = write!(text, "volumes:\n{volumes}");
    }
    Ok(text)
}

fn template(args: &Args) -> Result<String, Error> {
    let has_table = |name: &str| args.tables.iter().any(|table| table.name == name);
    let has_queue = |name: &str| args.queues.iter().any(|queue| queue == name);
    let mut text =
        "AWSTemplateFormatVersion: \"2010-09-09\"\nTransform: AWS::Serverless-2016-10-31\n\nResources:\n".to_owned();
    for table in &args.tables {
        word("tables", &table.name, "")?;
        word("key", &table.key, "_-")?;
        let keys: Vec<_> = [(Some(&table.key), "HASH"), (table.sort.as_ref(), "RANGE")]
            .into_iter()
            .filter_map(|(key, kind)| Some((key?, kind)))
            .collect();
        let _ = writeln!(
            text,
            "  {}:\n    Type: AWS::DynamoDB::Table\n    DeletionPolicy: Retain\n    UpdateReplacePolicy: Retain\n    Properties:\n      BillingMode: PAY_PER_REQUEST",
            table.name
        );
        text.push_str("      SSESpecification:\n        SSEEnabled: true\n      PointInTimeRecoverySpecification:\n        PointInTimeRecoveryEnabled: true\n      AttributeDefinitions:\n");
        for (key, _) in &keys {
            word("sort", key, "_-")?;
            let _ = writeln!(text, "        - {{AttributeName: {key}, AttributeType: S}}");
        }
        text.push_str("      KeySchema:\n");
        for (key, kind) in &keys {
            let _ = writeln!(text, "        - {{AttributeName: {key}, KeyType: {kind}}}");
        }
    }
    for queue in &args.queues {
        word("queues", queue, "")?;
        // A message may not come back while it is still worked on.
        let longest = args
            .functions
            .iter()
            .filter(|function| function.takes.as_deref() == Some(queue))
            .filter_map(|function| function.timeout)
            .max()
            .unwrap_or(30);
        let _ = writeln!(
            text,
            "  {queue}:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: true\n      VisibilityTimeout: {}\n      RedrivePolicy:\n        deadLetterTargetArn: !GetAtt {queue}Failed.Arn\n        maxReceiveCount: 5\n  \
             {queue}Failed:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: true\n      MessageRetentionPeriod: 1209600",
            longest * 6
        );
    }
    for function in &args.functions {
        let name = &function.name;
        word("functions", name, "")?;
        word("code", &function.code, "/._-")?;
        word("handler", &function.handler, "._-/")?;
        word("runtime", &function.runtime, ".")?;
        let (memory, timeout) = (function.memory.unwrap_or(256), function.timeout.unwrap_or(30));
        if !(128..=10_240).contains(&memory) || !(1..=900).contains(&timeout) {
            return Err(Error::Respond(format!(
                "`{name}`: memory is from 128 to 10240 MiB, the timeout from 1 to 900 seconds"
            )));
        }
        let _ = writeln!(
            text,
            "  {name}Logs:\n    Type: AWS::Logs::LogGroup\n    Properties:\n      LogGroupName: !Sub /aws/lambda/${{AWS::StackName}}-{name}\n      RetentionInDays: 30\n  \
             {name}:\n    Type: AWS::Serverless::Function\n    Properties:\n      FunctionName: !Sub ${{AWS::StackName}}-{name}\n      CodeUri: {}\n      Handler: {}\n      Runtime: {}\n      MemorySize: {memory}\n      Timeout: {timeout}\n      LoggingConfig:\n        LogGroup: !Ref {name}Logs",
            function.code, function.handler, function.runtime
        );
        let uses: Vec<(&String, bool)> = function
            .tables
            .iter()
            .map(|table| (table, true))
            .chain(function.sends.iter().map(|queue| (queue, false)))
            .collect();
        for (other, table) in &uses {
            if !(if *table { has_table(other) } else { has_queue(other) }) {
                return Err(Error::Respond(format!(
                    "`{name}` uses `{other}`, which is not among the {}",
                    if *table { "tables" } else { "queues" }
                )));
            }
        }
        if !uses.is_empty() {
            text.push_str("      Environment:\n        Variables:\n");
            for (other, _) in &uses {
                let _ = writeln!(text, "          {}: !Ref {other}", upper(other));
            }
            text.push_str("      Policies:\n        - Statement:\n");
            for (other, table) in &uses {
                let actions: &[&str] = if *table {
                    &[
                        "dynamodb:GetItem",
                        "dynamodb:PutItem",
                        "dynamodb:UpdateItem",
                        "dynamodb:DeleteItem",
                        "dynamodb:Query",
                    ]
                } else {
                    &["sqs:SendMessage"]
                };
                let _ = writeln!(
                    text,
                    "            - Effect: Allow\n              Action: {}\n              Resource: !GetAtt {other}.Arn",
                    json(actions)
                );
            }
        }
        let mut events = String::new();
        if let Some(queue) = &function.takes {
            if !has_queue(queue) {
                return Err(Error::Respond(format!("`{name}` takes from `{queue}`, which is not among the queues")));
            }
            let _ = writeln!(
                events,
                "        Taken:\n          Type: SQS\n          Properties:\n            Queue: !GetAtt {queue}.Arn\n            BatchSize: 10\n            FunctionResponseTypes: [ReportBatchItemFailures]"
            );
        }
        if let Some(route) = &function.route {
            let parts = route.split_once(' ').filter(|(method, path)| {
                matches!(*method, "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "ANY") && path.starts_with('/')
            });
            let Some((method, path)) = parts else {
                return Err(Error::Respond(format!("the route `{route}` is not written `GET /path`")));
            };
            word("route", path, "/_-{}+.")?;
            let _ = writeln!(
                events,
                "        Called:\n          Type: HttpApi\n          Properties:\n            Method: {method}\n            Path: {}",
                json(path)
            );
        }
        if !events.is_empty() {
            let _ = write!(text, "      Events:\n{events}");
        }
    }
    Ok(text)
}

/// `LoanTable` as `LOAN_TABLE`.
fn upper(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !out.is_empty() {
            out.push('_');
        }
        out.push(c.to_ascii_uppercase());
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, run};
    use maestro_artifacts::delivery::Severity;
    use serde_json::json;

    async fn graves(args: serde_json::Value, path: &str) -> Vec<crate::finding::Finding> {
        let mut context = context();
        run(GenerateIac, args, &mut context).await.unwrap();
        let text = String::from_utf8(context.own[path].clone()).unwrap();
        super::super::lint_iac::lint(path, &text)
            .into_iter()
            .filter(|finding| finding.severity > Severity::Info)
            .collect()
    }

    #[tokio::test]
    async fn what_is_written_passes_the_linter() {
        let containers = json!({"containers": [
            {"name": "web", "port": 8000, "data": "/data", "needs": ["db"], "env": {"LOG": "a: $b", "DB_PASSWORD": "leak"}},
            {"name": "db", "image": "postgres:18", "health": ["pg_isready"]},
        ]});
        assert_eq!(graves(containers.clone(), "compose.yaml").await, []);
        let mut context = context();
        let got = run(GenerateIac, containers, &mut context).await.unwrap().to_string();
        assert!(!got.contains("leak") && got.contains("a: $$b") && got.contains("service_healthy"), "{got}");
        let functions = json!({"functions": [
            {"name": "Lend", "code": "lend/", "handler": "main.handler", "runtime": "python3.13", "tables": ["Loans"], "sends": ["Work"], "route": "POST /loans"},
            {"name": "Remind", "code": "remind/", "handler": "main.handler", "runtime": "python3.13", "takes": "Work", "timeout": 60},
        ], "tables": [{"name": "Loans", "key": "pk", "sort": "sk"}], "queues": ["Work"]});
        assert_eq!(graves(functions, "infra/template.yaml").await, []);
    }

    #[tokio::test]
    async fn what_cannot_be_written_is_told() {
        let function = |more: serde_json::Value| {
            let mut one = json!({"name": "A", "code": "a/", "handler": "m.h", "runtime": "python3.13"});
            one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"functions": [one]})
        };
        for (args, says) in [
            (json!({}), "give either"),
            (json!({"containers": [{"name": "a", "needs": ["b"]}]}), "needs `b`"),
            (json!({"containers": [{"name": "a", "image": "redis"}]}), "has no tag"),
            (function(json!({"tables": ["T"]})), "not among the tables"),
            (function(json!({"takes": "Q"})), "not among the queues"),
            (function(json!({"route": "FETCH /x"})), "not written"),
            (function(json!({"memory": 1})), "128 to 10240"),
        ] {
            let error = run(GenerateIac, args, &mut context()).await.unwrap_err();
            assert!(error.to_string().contains(says), "{error}");
        }
    }
}
