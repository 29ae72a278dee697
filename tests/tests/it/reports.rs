//! Whoever runs what was built may read blobs and put reports, and nothing else; and whoever takes reports reaches those who
//! may wait for them.

use maestro_domain::PersonaId;
use maestro_tests::{
    checkout,
    template::{Template, bare},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// Whoever runs jobs may do this: actions and what they are on, names of buckets left out.
fn untrusted() -> BTreeSet<(String, String)> {
    [("s3:GetObject", "t-${Tenant}/*"), ("s3:PutObject", "incoming/${Tenant}/*")]
        .map(|(action, on)| (action.to_owned(), on.to_owned()))
        .into()
}

/// A resource below a bucket; others as they are.
fn below(resource: &Value) -> String {
    let text = resource.as_str().map_or_else(|| resource.to_string(), str::to_owned);
    text.split_once('/')
        .filter(|(bucket, _)| bucket.contains("ucket"))
        .map_or(text.clone(), |(_, rest)| rest.to_owned())
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])
}

/// What the policies of a role allow.
fn allowed(statements: impl IntoIterator<Item = Value>) -> BTreeSet<(String, String)> {
    let mut allowed = BTreeSet::new();
    for statement in statements {
        for action in list(&statement["Action"]) {
            for on in list(&statement["Resource"]) {
                allowed.insert((action.as_str().unwrap().to_owned(), below(&on)));
            }
        }
    }
    allowed
}

#[test]
fn whoever_runs_what_was_built_may_read_blobs_and_put_reports_only() {
    let template = Template::read();
    let function = &template.functions()["referee"]["Policies"][0]["Statement"];
    assert_eq!(allowed(list(function)), untrusted());

    let builds = Template::referee();
    let of = |id: &str| &builds.resources[id]["Properties"];
    let role = list(&of("RefereeProjectRole")["Policies"]);
    let mut expected = untrusted();
    expected.insert(("s3:GetObject".to_owned(), "programs/referee.zip".to_owned()));
    let log = json!({"Fn::GetAtt": ["RefereeProjectLogGroup", "Arn"]}).to_string();
    for action in ["logs:CreateLogStream", "logs:PutLogEvents"] {
        expected.insert((action.to_owned(), log.clone()));
    }
    let statements = role.iter().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"]));
    assert_eq!(allowed(statements), expected);
    let start = list(&of("RefereeRequestedRole")["Policies"]);
    let statements = start.iter().flat_map(|policy| list(&policy["PolicyDocument"]["Statement"]));
    let project = json!({"Fn::GetAtt": ["RefereeProject", "Arn"]}).to_string();
    assert_eq!(allowed(statements), [("codebuild:StartBuild".to_owned(), project)].into());
    assert_eq!(builds.of("AWS::IAM::Role").count(), 2);
    for (id, role) in builds.of("AWS::IAM::Role") {
        assert!(role.get("ManagedPolicyArns").is_none(), "{id}");
    }

    // Where one of them is, the other is not; and both hear the same.
    assert_eq!(template.resources["RefereeFunction"]["Condition"], "OnEmulator");
    assert_eq!(template.resources["RefereeStack"]["Condition"], "OnAws");
    assert_eq!(template.whole["Conditions"]["OnAws"], json!({"Fn::Not": [{"Condition": "OnEmulator"}]}));
    let asked = builds.whole["Parameters"].as_object().unwrap();
    let told = template.resources["RefereeStack"]["Properties"]["Parameters"].as_object().unwrap();
    assert_eq!(told.keys().collect::<Vec<_>>(), asked.keys().collect::<Vec<_>>());
    let heard = &template.functions()["referee"]["Events"]["Requested"]["Properties"]["Pattern"];
    assert_eq!(heard, &of("RefereeRequestedRule")["EventPattern"]);
    assert_eq!(heard["detail-type"], json!([maestro_aws::jobs::REQUESTED]));
    assert_eq!(heard["source"], json!([maestro_aws::events::SOURCE]));
}

#[test]
fn a_build_is_told_its_job_and_runs_the_program_of_the_function() {
    let builds = Template::referee();
    let project = &builds.resources["RefereeProject"]["Properties"];
    let main = std::fs::read_to_string(checkout().join("crates/lambda/src/referee.rs")).unwrap();
    let read: BTreeSet<_> = main.split("variable(\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let mut given: BTreeSet<_> = list(&project["Environment"]["EnvironmentVariables"])
        .iter()
        .map(|one| one["Name"].as_str().unwrap().to_owned())
        .collect();
    let target = &builds.resources["RefereeRequestedRule"]["Properties"]["Targets"][0]["InputTransformer"];
    // What stands for a text gets its quotes from EventBridge.
    let input = target["InputTemplate"].as_str().unwrap().replace('<', "\"<").replace('>', ">\"");
    let input: Value = serde_json::from_str(&input).unwrap();
    let paths = target["InputPathsMap"].as_object().unwrap();
    for variable in list(&input["environmentVariablesOverride"]) {
        assert_eq!(variable["type"], "PLAINTEXT");
        let from = variable["value"].as_str().unwrap().trim_matches(['<', '>']);
        assert!(paths[from].as_str().unwrap().starts_with("$.detail."));
        given.insert(variable["name"].as_str().unwrap().to_owned());
    }
    assert_eq!(given.iter().map(String::as_str).collect::<BTreeSet<_>>(), read);
    let spec: Value = serde_yaml_ng::from_str(project["Source"]["BuildSpec"].as_str().unwrap()).unwrap();
    let commands = spec["phases"]["build"]["commands"].to_string();
    assert!(commands.contains("s3://$MAESTRO_BUCKET/programs/referee.zip") && commands.contains("bootstrap"));
}

#[test]
fn whoever_takes_reports_reaches_those_who_may_wait() {
    let waits = |persona: &PersonaId| {
        maestro_personas::get(*persona).unwrap().effects.iter().any(|effect| effect == "runs_code")
    };
    let personas = PersonaId::ALL.iter().filter(|persona| waits(persona)).map(|persona| persona.id());
    let expected: BTreeSet<_> = personas.chain(["node", "verify"]).collect();
    let template = Template::read();
    let functions: BTreeMap<_, _> = template.functions();
    for name in ["referee-done", "referee-sweep"] {
        let statements = Template::statements(functions[name]);
        let sends = statements.iter().find(|one| one.actions.iter().any(|action| action == "sqs:SendMessage")).unwrap();
        assert_eq!(sends.resources.iter().map(bare).collect::<BTreeSet<_>>(), expected, "{name}");
    }
    let pattern = &functions["referee-done"]["Events"]["Reported"]["Properties"]["Pattern"];
    assert_eq!(pattern["detail"]["object"]["key"], json!([{"prefix": maestro_aws::incoming::PREFIX}]));
    assert_eq!(
        template.resources["Bucket"]["Properties"]["NotificationConfiguration"],
        json!({"EventBridgeConfiguration": {"EventBridgeEnabled": true}})
    );
}
