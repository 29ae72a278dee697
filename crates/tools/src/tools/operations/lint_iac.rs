//! `lint_iac`: what is wrong with a composition of containers, or with a template of CloudFormation or SAM.

use super::{PathArgs, compose, files, template};
use crate::{
    Effect, Error, Tool, Workspace,
    finding::{Finding, Findings, Report},
};
use maestro_artifacts::delivery::Severity::High;
use maestro_workflow::yaml::{self, Dialect, Node, Value};

pub(crate) struct LintIac;

impl Tool for LintIac {
    const NAME: &'static str = "lint_iac";
    const DESCRIPTION: &'static str = "Checks compose files (privileged, host access, open ports, secrets, unpinned images, references to nothing) and CloudFormation/SAM templates (references to nothing, circles, wildcards in IAM, open security groups, unencrypted or public stores).";
    const EFFECT: Effect = Effect::Reads;
    type Args = PathArgs;
    type Output = Report;

    async fn call(&self, args: PathArgs, workspace: &mut Workspace<'_>) -> Result<Report, Error> {
        let is = |path: &str, text: &str| {
            let yaml = path.ends_with(".yaml") || path.ends_with(".yml");
            let name = path.rsplit('/').next().unwrap_or(path);
            let compose = name.starts_with("compose.") || name.starts_with("docker-compose");
            yaml && (compose
                || text
                    .lines()
                    .any(|line| line.starts_with("Resources:") || line.starts_with("AWSTemplateFormatVersion")))
        };
        let files = files(workspace, args.path.as_deref(), "compose file and no template", is)?;
        let findings = files.iter().flat_map(|(path, text)| lint(path, text)).collect();
        Ok(Report { checked: files.len(), findings })
    }
}

/// All findings about one file.
pub(super) fn lint(path: &str, text: &str) -> Vec<Finding> {
    let mut found = Findings::of(path);
    match yaml::read(text, Dialect { merges: true, functions: true }) {
        Ok(root) if root.get("Resources").is_some() => template::lint(&root, &mut found),
        Ok(root) if root.get("services").is_some() => compose::lint(&root, &mut found),
        Ok(_) => found.add(
            "structure",
            High,
            1,
            "neither `services` nor `Resources` stands in it",
            "write a compose file, or a template",
        ),
        Err(problem) => found.add("syntax", High, problem.place.line as usize, problem.message, "mend the YAML"),
    }
    found.finish()
}

pub(super) fn at(node: &Node) -> usize {
    node.place.line as usize
}

pub(super) fn yes(node: Option<&Node>) -> bool {
    node.is_some_and(|node| matches!(node.value, Value::Bool(true)) || node.text() == Some("true"))
}

/// A value as the text that it stands for.
pub(super) fn plain(node: &Node) -> String {
    match &node.value {
        Value::Text(text) => text.clone(),
        Value::Null => String::new(),
        _ => node.to_json().to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{context, context_with, run};
    use serde_json::json;

    const COMPOSE: &str = "services:\n  web:\n    build: .\n    image: web:latest\n    ports: [\"127.0.0.1:80:80\"]\n    environment:\n      DB_PASSWORD: ${DB_PASSWORD}\n    volumes:\n      - data:/data\n    security_opt:\n      - no-new-privileges:true\nvolumes:\n  data:\n";
    const TEMPLATE: &str = "Transform: AWS::Serverless-2016-10-31\nParameters:\n  Stage: {Type: String}\nResources:\n  Work:\n    Type: AWS::Serverless::Function\n    Properties:\n      Timeout: 5\n      Environment: {Variables: {QUEUE: !Ref Queue, STAGE: !Ref Stage}}\n      Policies:\n        - Statement:\n            - Effect: Allow\n              Action: sqs:SendMessage\n              Resource: !GetAtt Queue.Arn\n  Queue:\n    Type: AWS::SQS::Queue\n    Properties:\n      SqsManagedSseEnabled: true\nOutputs:\n  Role: {Value: !Sub '${WorkRole.Arn}'}\n";

    fn rules(text: &str) -> Vec<String> {
        lint("x.yaml", text).into_iter().map(|finding| format!("{}:{}", finding.line, finding.rule)).collect()
    }

    #[test]
    fn compositions() {
        assert_eq!(rules(COMPOSE), [] as [String; 0]);
        assert_eq!(
            lint(
                "compose.yaml",
                &include_str!("../../../../blueprint/src/templates/compose.yaml").replace("@IMAGE@", "x")
            ),
            []
        );
        for (from, to, want) in [
            ("    build: .\n", "    build: .\n    privileged: true\n", "2:privileged"),
            ("    build: .\n", "    build: .\n    pid: host\n", "4:host-access"),
            (
                "    build: .\n    image: web:latest\n",
                "    image: web:latest\n    healthcheck: {}\n",
                "3:unpinned-image",
            ),
            ("127.0.0.1:80:80", "80:80", "5:open-port"),
            ("${DB_PASSWORD}", "hunter2", "7:secret"),
            ("data:/data", "/var/run/docker.sock:/x", "9:docker-socket"),
            ("data:/data", "/etc:/x", "9:host-path"),
            ("data:/data", "dta:/data", "9:reference"),
            ("    build: .\n", "    build: .\n    depends_on: [db]\n", "4:reference"),
            ("    build: .\n", "    build: .\n    cap_add: [SYS_ADMIN]\n", "4:capability"),
            ("ports", "port", "5:unknown-key"),
            ("    security_opt:\n      - no-new-privileges:true\n", "", "2:privileges"),
            ("services", "service", "1:structure"),
        ] {
            assert_eq!(rules(&COMPOSE.replace(from, to)), [want], "{to}");
        }
        let merged =
            "x-base: &base\n  build: .\n  security_opt: [no-new-privileges:true]\nservices:\n  a:\n    <<: *base\n";
        assert_eq!(rules(merged), [] as [String; 0]);
    }

    #[test]
    fn templates() {
        assert_eq!(rules(TEMPLATE), [] as [String; 0]);
        for (from, to, want) in [
            ("!Ref Queue", "!Ref Quene", "9:reference"),
            ("Queue.Arn", "Queen.Arn", "14:reference"),
            ("WorkRole", "WrkRole", "20:reference"),
            ("sqs:SendMessage", "'*'", "13:iam-wildcard"),
            ("!GetAtt Queue.Arn", "'*'", "13:iam-wildcard"),
            ("      SqsManagedSseEnabled: true", "      FifoQueue: true", "16:encryption"),
            ("      Timeout: 5\n", "", "6:timeout"),
            ("STAGE: !Ref Stage", "X: 1", "3:unused"),
            ("STAGE: !Ref Stage", "API_KEY: abc, S: !Ref Stage", "9:secret"),
            ("    Type: AWS::SQS::Queue\n", "    DependsOn: Work\n    Type: AWS::SQS::Queue\n", "16:circle"),
        ] {
            let got = rules(&TEMPLATE.replace(from, to));
            assert!(got.contains(&want.to_owned()) || (want == "16:circle" && got == ["6:circle"]), "{to}: {got:?}");
        }
        let group = "Resources:\n  G:\n    Type: AWS::EC2::SecurityGroup\n    Properties:\n      SecurityGroupIngress:\n        - {FromPort: 22, CidrIp: 0.0.0.0/0}\n        - {FromPort: 443, CidrIp: 0.0.0.0/0}\n";
        assert_eq!(rules(group), ["6:open-port"]);
        let bucket = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n";
        assert_eq!(rules(bucket), ["3:encryption", "3:public"]);
    }

    #[test]
    fn the_template_of_this_house_refers_to_nothing_that_is_not_there() {
        let text = include_str!("../../../../../infra/template.yaml");
        let bad: Vec<_> = lint("template.yaml", text)
            .into_iter()
            .filter(|f| matches!(&*f.rule, "reference" | "syntax" | "structure" | "circle"))
            .collect();
        assert_eq!(bad, []);
    }

    #[tokio::test]
    async fn files_are_found_by_name_or_content() {
        let files = [("compose.yaml", COMPOSE), ("infra/template.yaml", TEMPLATE), ("other.yaml", "a: 1")];
        let got = run(LintIac, json!({}), &mut context_with(&files)).await.unwrap();
        assert_eq!(got, json!({"checked": 2, "findings": []}));
        assert!(run(LintIac, json!({}), &mut context()).await.is_err());
    }
}
