//! The template, the definitions and the handlers name the same things, and nobody may do more than they need.

use maestro_domain::{PersonaId, Phase};
use maestro_sdlc::bounds::{LEASE_S, LONGEST_ANSWER_S, MOST_DELAY_S, RESERVE_S};
use maestro_tests::{
    checkout,
    template::{Statement, Template, bare},
};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

fn read(path: &str) -> String {
    std::fs::read_to_string(checkout().join(path)).unwrap()
}

/// What stands between `start` and `end`, as often as it does.
fn all<'a>(text: &'a str, start: &str, end: char) -> BTreeSet<&'a str> {
    text.split(start).skip(1).filter_map(|rest| rest.split(end).next()).collect()
}

/// Names of the queues of work: the personas', that of verification and that of nodes.
fn workers() -> BTreeSet<&'static str> {
    PersonaId::ALL.iter().map(|persona| persona.id()).chain(["verify", "node"]).collect()
}

/// Queues by their names without the stack's.
fn queues(template: &Template) -> BTreeMap<&str, &Value> {
    template.of("AWS::SQS::Queue").map(|(_, queue)| (bare(&queue["QueueName"]), queue)).collect()
}

#[test]
fn every_persona_and_phase_is_a_function() {
    let template = Template::read();
    let mut expected: BTreeMap<String, (String, &str)> = BTreeMap::new();
    for persona in PersonaId::ALL.iter().map(|persona| persona.id()) {
        expected.insert(format!("persona-{persona}"), (persona.to_owned(), "persona"));
    }
    for phase in Phase::ALL.map(Phase::id) {
        expected.insert(format!("phase-{phase}"), (phase.to_owned(), "phase"));
    }
    let own = [
        "compensate",
        "dead-letters",
        "gate",
        "intake",
        "node",
        "publish",
        "referee",
        "referee-done",
        "settle",
        "verify",
    ];
    for name in own {
        expected.insert(name.to_owned(), (name.to_owned(), name));
    }
    for (name, family) in [("node-sweep", "node"), ("referee-sweep", "referee-done")] {
        expected.insert(name.to_owned(), (name.to_owned(), family));
    }
    let found = template.functions().into_iter().map(|(name, function)| {
        let package = function["CodeUri"].as_str().unwrap();
        let family = package.strip_prefix("../target/lambda/maestro-fn-").and_then(|rest| rest.split('/').next());
        (name.to_owned(), (function["Handler"].as_str().unwrap().to_owned(), family.unwrap()))
    });
    assert_eq!(found.collect::<BTreeMap<_, _>>(), expected);
    let mut packages: BTreeSet<_> = expected.values().map(|(_, family)| format!("maestro-fn-{family}")).collect();
    let built = maestro_stack::FUNCTIONS.map(str::to_owned);
    assert_eq!(packages, built.into());
    for entry in std::fs::read_dir(checkout().join("functions")).unwrap() {
        let folder = entry.unwrap().file_name().into_string().unwrap();
        assert!(packages.remove(&format!("maestro-fn-{folder}")), "no function is made of `functions/{folder}`");
    }
    assert!(packages.is_empty(), "{packages:?}");
}

#[test]
fn every_variable_that_functions_read_is_set_and_no_other() {
    let places = ["crates/lambda/src/host.rs", "functions/node/src/web.rs", "crates/models/src/function.rs"];
    let read_by_functions = places.map(read).concat();
    let mut named = all(&read_by_functions, "variable(\"", '"');
    named.retain(|name| *name != "_HANDLER" && !name.starts_with("AWS_"));
    assert!(!named.is_empty(), "Lambda sets the others");
    let template = Template::read();
    let set = template.whole["Globals"]["Function"]["Environment"]["Variables"].as_object().unwrap();
    assert_eq!(set.keys().map(String::as_str).collect::<BTreeSet<_>>(), named);
    for (name, function) in template.functions() {
        assert!(function.get("Environment").is_none(), "{name} has variables of its own");
    }
    // Who measures how soon functions start gives them the same ones.
    let bench = read("crates/bench/src/lambda.rs");
    let given = all(&bench, "(\"MAESTRO_", '"').into_iter().map(|name| format!("MAESTRO_{name}"));
    assert_eq!(given.collect::<BTreeSet<_>>(), set.keys().cloned().collect());
}

#[test]
fn every_name_that_the_definitions_ask_for_is_supplied() {
    let template = Template::read();
    for (_, machine) in template.of("AWS::Serverless::StateMachine") {
        let uri = machine["DefinitionUri"].as_str().unwrap().trim_start_matches("../");
        let supplied = machine["DefinitionSubstitutions"].as_object().unwrap();
        assert_eq!(supplied.keys().map(String::as_str).collect::<BTreeSet<_>>(), all(&read(uri), "${", '}'), "{uri}");
        assert_eq!(machine["Tracing"]["Enabled"], true, "{uri}");
    }
}

#[test]
fn every_queue_of_work_has_dead_letters_that_something_reads() {
    let template = Template::read();
    let queues = queues(&template);
    let dead: BTreeSet<_> = workers().iter().map(|worker| format!("{worker}-dead-letters")).collect();
    let expected: BTreeSet<_> = workers().into_iter().chain(dead.iter().map(String::as_str)).collect();
    assert_eq!(queues.keys().copied().collect::<BTreeSet<_>>(), expected);
    let functions = template.functions();
    let mut sources = BTreeMap::new();
    for (id, source) in template.of("AWS::Lambda::EventSourceMapping") {
        assert_eq!(source["FunctionResponseTypes"], json!(["ReportBatchItemFailures"]), "{id}");
        let reader = match &source["FunctionName"] {
            Value::String(_) => bare(&source["FunctionName"]),
            other => bare(&template.resources[other["Ref"].as_str().unwrap()]["Properties"]["FunctionName"]),
        };
        let work = reader != "dead-letters";
        assert_eq!(source["ScalingConfig"]["MaximumConcurrency"].is_u64(), work, "{id}: work has a bound");
        sources.insert(bare(&source["EventSourceArn"]), (reader, &source["BatchSize"]));
    }
    for worker in workers() {
        let letters = format!("{worker}-dead-letters");
        let redrive = &queues[worker]["RedrivePolicy"];
        assert_eq!(bare(&redrive["deadLetterTargetArn"]), letters);
        assert!(redrive["maxReceiveCount"].as_u64().unwrap() > 1, "one lost worker is no reason to give up");
        assert_eq!(sources.remove(letters.as_str()).unwrap().0, "dead-letters");
        let (reader, batch) = sources.remove(worker).unwrap();
        assert_eq!(batch, 1, "one task at a time, or a slow one keeps the others waiting");
        assert_eq!(functions[reader]["Handler"], worker);
    }
    assert!(sources.is_empty(), "{sources:?}");
    for (name, queue) in queues {
        if dead.contains(name) {
            assert!(number(&functions["dead-letters"]["Timeout"]) < number(&queue["VisibilityTimeout"]), "{name}");
        }
        // Rows hold 400 KB, and dead letters end in rows.
        assert_eq!(queue["MaximumMessageSize"], 256 << 10, "{name}");
        assert_eq!(queue["SqsManagedSseEnabled"], true, "{name}");
    }
}

/// A number of the template.
fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("`{value}` is no number"))
}

#[test]
fn every_worker_and_phase_has_its_own_memory_time_and_bound() {
    let template = Template::read();
    let (functions, queues) = (template.functions(), queues(&template));
    let rows = template.whole["Mappings"]["Workers"].as_object().unwrap();
    let mut named: Vec<_> = rows.values().map(|row| row["Queue"].as_str().unwrap()).collect();
    named.sort_unstable();
    assert_eq!(named, workers().into_iter().collect::<Vec<_>>(), "a row for each persona, verification and nodes");
    let bounds: BTreeMap<_, _> = template
        .of("AWS::Lambda::EventSourceMapping")
        .map(|(_, source)| (bare(&source["EventSourceArn"]), &source["ScalingConfig"]["MaximumConcurrency"]))
        .collect();
    let mut together = 0;
    for row in rows.values() {
        let (name, queue) = (row["Name"].as_str().unwrap(), row["Queue"].as_str().unwrap());
        let [memory, time, hidden, cap] = ["Memory", "Timeout", "Hidden", "Cap"].map(|column| number(&row[column]));
        let function = functions[name];
        assert_eq!((&function["MemorySize"], &function["Timeout"]), (&row["Memory"], &row["Timeout"]), "{name}");
        assert_eq!(&queues[queue]["VisibilityTimeout"], &row["Hidden"], "{name}");
        assert_eq!(bounds[queue], &row["Cap"], "{name}");
        // What Lambda allows.
        assert!((128..=10_240).contains(&memory) && time <= 900 && (2..=1_000).contains(&cap), "{name}");
        // A message must not come back while a function may still work on it; a minute is enough for clocks that differ.
        assert_eq!(hidden, time + 60, "{name}");
        together += cap;
    }
    // Whoever asks a model has time for the longest answer, with what is kept for giving the task back.
    for persona in PersonaId::ALL.iter().map(|persona| format!("persona-{persona}")) {
        assert!(number(&functions[persona.as_str()]["Timeout"]) >= LONGEST_ANSWER_S + RESERVE_S, "{persona}");
    }
    // An account has room for a thousand functions at once, which phases, gates and others need as well.
    assert!(together <= 250, "{together} workers at once");
    let told = read("docs/operating.md");
    assert!(told.contains(&format!("thirteen queues for {together}.")), "docs/operating.md does not say {together}");

    let phase: Value = serde_json::from_str(&read("state-machines/phase.asl.json")).unwrap();
    let rows = template.whole["Mappings"]["Phases"].as_object().unwrap();
    for phase_id in Phase::ALL.map(Phase::id) {
        let (row, function) = (&rows[phase_id], functions[format!("phase-{phase_id}").as_str()]);
        assert_eq!((&function["MemorySize"], &function["Timeout"]), (&row["Memory"], &row["Timeout"]), "{phase_id}");
        // Its machine calls it and waits, so nothing else bounds it.
        assert!(number(&row["Timeout"]) <= number(&phase["States"]["Plan"]["TimeoutSeconds"]), "{phase_id}");
    }
}

/// How many tasks may be before one, for each worker of its queue, though each takes the whole of its function's time.
const BEFORE: u64 = 5;

#[test]
fn who_waits_for_a_worker_waits_longer_than_any_queue_lets_it() {
    let (template, told) = (Template::read(), read("docs/operating.md"));
    let (functions, queues) = (template.functions(), queues(&template));
    let phase: Value = serde_json::from_str(&read("state-machines/phase.asl.json")).unwrap();
    let waiting = [&phase["States"]["Verify"], task_of_a_persona(&phase)];
    let patience = waiting.map(|state| number(&state["HeartbeatSeconds"])).into_iter().min().unwrap();
    let mut worst = 0;
    for worker in workers().into_iter().filter(|worker| *worker != "node") {
        let queue = queues[worker];
        let time = number(&functions.values().find(|function| function["Handler"] == worker).unwrap()["Timeout"]);
        let deliveries = number(&queue["RedrivePolicy"]["maxReceiveCount"]);
        // Sent for later by who handed the task on; behind others, who take all the time there is; and every worker that
        // gets it dies. Then it is a dead letter, which tells who waits.
        let given_up = deliveries * number(&queue["VisibilityTimeout"]);
        worst = worst.max(u64::from(MOST_DELAY_S) + BEFORE * time + given_up);
        // A message of the living meets a lease at most.
        assert!(LEASE_S + time < patience, "{worker}");
        // It is kept for as long as anybody may wait for it: four days, unless the queue says otherwise.
        assert!(queue.get("MessageRetentionPeriod").is_none() && patience < 4 * 86_400, "{worker}");
    }
    assert!(worst < patience, "a message may be on its way for {worst} s, and who waits gives up after {patience}");
    for state in waiting {
        assert!(number(&state["TimeoutSeconds"]) >= 2 * patience, "there is time to work after a wait");
    }
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in [
        format!("gives up after {} hours without a sign of life", patience / 3_600),
        format!("that is {} minutes at the worst", worst / 60),
    ] {
        assert!(told.contains(&sentence), "docs/operating.md does not say: {sentence}");
    }
}

/// The state that waits for a persona.
fn task_of_a_persona(phase: &Value) -> &Value {
    &phase["States"]["Waves"]["ItemProcessor"]["States"]["Wave"]["ItemProcessor"]["States"]["Task"]
}

#[test]
fn no_sweep_asks_for_a_job_that_still_runs_and_who_waits_hears_in_time() {
    use maestro_domain::job::bounds::{ANSWERED_S, HOST_S, LONGEST_S, MOST, PATIENCE_S, QUEUED_S, SWEEP_EVERY_S};
    const { assert!(LONGEST_S < HOST_S && QUEUED_S + HOST_S < PATIENCE_S && MOST > 1) };
    let (template, nested) = (Template::read(), Template::referee());
    let (_, build) = nested.of("AWS::CodeBuild::Project").next().unwrap();
    let minutes = |name: &str| build[name].as_u64().unwrap() * 60;
    assert_eq!((minutes("QueuedTimeoutInMinutes"), minutes("TimeoutInMinutes")), (QUEUED_S, HOST_S));
    let functions = template.functions();
    assert_eq!(functions["referee"]["Timeout"], HOST_S);
    let sweep = &functions["referee-sweep"]["Events"]["Clock"]["Properties"]["Schedule"];
    assert_eq!(*sweep, format!("rate({} minutes)", SWEEP_EVERY_S / 60));
    let phase: Value = serde_json::from_str(&read("state-machines/phase.asl.json")).unwrap();
    let waits = |state: &Value| state["HeartbeatSeconds"].as_u64();
    let verify = waits(&phase["States"]["Verify"]).unwrap();
    assert!(ANSWERED_S < verify, "who waits gives up after {verify} s and is answered after {ANSWERED_S}");
    let told = read("docs/operating.md");
    let told = told.split_whitespace().collect::<Vec<_>>().join(" ");
    for sentence in [
        format!("nothing was heard for {} minutes is asked for again, {MOST} times in all", PATIENCE_S / 60),
        format!("may wait {} minutes for its machine and run for {}", QUEUED_S / 60, HOST_S / 60),
        format!("a job of at most {} minutes", LONGEST_S / 60),
        format!("hears within {} minutes, before its machine gives up after {}", ANSWERED_S / 60, verify / 60),
    ] {
        assert!(told.contains(&sentence), "docs/operating.md does not say: {sentence}");
    }
}

#[test]
fn every_function_has_a_log_that_ends_and_alarms() {
    let template = Template::read();
    let mut groups = BTreeSet::new();
    for (id, group) in template.of("AWS::Logs::LogGroup") {
        assert_eq!(group["RetentionInDays"], json!({"Ref": "LogRetentionDays"}), "{id}");
        groups.insert(group["LogGroupName"].as_str().unwrap());
    }
    let logged: Vec<_> =
        groups.iter().filter_map(|group| group.strip_prefix("/aws/lambda/${AWS::StackName}-")).collect();
    assert_eq!(logged, template.functions().into_keys().collect::<Vec<_>>());
    // A function that runs before its group is there makes one that is kept for ever.
    for (id, resource) in template.resources.iter().filter(|(_, one)| one["Type"] == "AWS::Serverless::Function") {
        assert_eq!(resource["DependsOn"], id.replace("Function", "LogGroup"), "{id}");
    }

    let nested = Template::alarms();
    let asked = nested.whole["Parameters"].as_object().unwrap();
    assert_eq!(template.resources["AlarmStack"]["Condition"], "HasAlarms");
    let told = template.resources["AlarmStack"]["Properties"]["Parameters"].as_object().unwrap();
    assert_eq!(told.keys().collect::<Vec<_>>(), asked.keys().collect::<Vec<_>>());
    let mut watched: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
    for (id, alarm) in nested.of("AWS::CloudWatch::Alarm") {
        assert!(alarm["AlarmActions"].to_string().contains("AlarmTopic"), "{id} tells nobody");
        let of = &alarm["Dimensions"][0]["Value"];
        let of = if of.is_string() { bare(of) } else { of["Ref"].as_str().unwrap() };
        let key = (alarm["Namespace"].as_str().unwrap(), alarm["MetricName"].as_str().unwrap());
        assert!(watched.entry(key).or_default().insert(of), "{id} watches what another watches");
    }
    // On AWS the referee is builds, not a function.
    let mut functions: BTreeSet<_> = template.functions().into_keys().collect();
    assert_eq!(template.resources["RefereeFunction"]["Condition"], "OnEmulator");
    functions.remove("referee");
    assert_eq!(watched[&("AWS/CodeBuild", "FailedBuilds")], BTreeSet::from(["referee"]));
    assert_eq!(watched[&("AWS/Lambda", "Errors")], functions);
    assert_eq!(watched[&("AWS/Lambda", "Throttles")], functions);
    assert_eq!(watched[&("AWS/SQS", "ApproximateAgeOfOldestMessage")], workers());
    let letters = &watched[&("AWS/SQS", "ApproximateNumberOfMessagesVisible")];
    assert_eq!(
        letters.iter().filter_map(|queue| queue.strip_suffix("-dead-letters")).collect::<BTreeSet<_>>(),
        workers()
    );
    for metric in ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionThrottled"] {
        assert_eq!(watched[&("AWS/States", metric)], BTreeSet::from(["phase", "sdlc"]));
    }

    // Age counts what a worker has in its hands, too; and who waits gives up without a sign of life.
    let phase: Value = serde_json::from_str(&read("state-machines/phase.asl.json")).unwrap();
    let patience = phase["States"]["Verify"]["HeartbeatSeconds"].as_u64().unwrap();
    for (id, alarm) in nested.of("AWS::CloudWatch::Alarm") {
        if alarm["MetricName"] == "ApproximateAgeOfOldestMessage" {
            let threshold = alarm["Threshold"].as_u64().unwrap();
            assert!((901..patience).contains(&threshold), "{id}: {threshold}");
        }
    }
}

/// What the emulator cannot do without: it does not tell whose task a token is, so it asks for any.
fn only_on_emulators(resource: &Value) -> &Value {
    match resource["Fn::If"].as_array().map(Vec::as_slice) {
        Some([condition, _, on_aws]) if condition == "OnEmulator" => on_aws,
        _ => resource,
    }
}

#[test]
fn no_role_may_do_everything_or_on_everything() {
    let template = Template::read();
    let kinds = ["AWS::Serverless::Function", "AWS::Serverless::StateMachine"];
    for kind in kinds {
        assert_eq!(Template::alarms().of(kind).count(), 0, "alarms have no role");
    }
    for (id, resource) in kinds.iter().flat_map(|kind| template.of(kind)) {
        let statements = Template::statements(resource);
        assert!(!statements.is_empty(), "{id}");
        for Statement { actions, resources } in statements {
            assert!(actions.iter().all(|action| !action.contains('*')), "{id}: {actions:?}");
            for resource in resources.iter().map(only_on_emulators) {
                let names_no_part =
                    resource.as_str().is_some_and(|arn| arn == "*" || arn.ends_with("${AWS::StackName}-*"));
                assert!(!names_no_part, "{id}: {actions:?} on {resource}");
            }
        }
    }
    for (kind, own) in [("AWS::IAM::Role", 1), ("AWS::IAM::Policy", 0), ("AWS::IAM::ManagedPolicy", 0)] {
        assert_eq!(
            template.of(kind).count() + Template::alarms().of(kind).count(),
            own,
            "roles are those of functions and machines, and the referee's and the workflows', which have tests of their own"
        );
    }
}

/// Every Task of a definition: its resource and its parameters.
fn tasks(definition: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for state in definition["States"].as_object().unwrap().values() {
        if state["Type"] == "Task" {
            found.push((state["Resource"].as_str().unwrap().to_owned(), state["Parameters"].clone()));
        }
        let branches = state.get("Branches").and_then(Value::as_array);
        for inner in state.get("ItemProcessor").into_iter().chain(branches.into_iter().flatten()) {
            found.extend(tasks(inner));
        }
    }
    found
}

/// The `${...}` of a text.
fn substitution(text: &str) -> &str {
    text.split("${").nth(1).and_then(|rest| rest.split('}').next()).unwrap()
}

/// What a machine has to be allowed to do for its definition's tasks, as AWS documents it for each integration.
fn needed(definition: &Value, supplied: &Value) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut needed: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    let mut need = |action, on: String| {
        needed.entry(action).or_default().insert(on);
    };
    for (resource, parameters) in tasks(definition) {
        match resource.trim_start_matches("arn:aws:states:::") {
            "lambda:invoke" => match parameters["FunctionName"].as_str() {
                Some(name) => need("lambda:InvokeFunction", target(&supplied[substitution(name)])),
                None => {
                    let prefix = substitution(parameters["FunctionName.$"].as_str().unwrap());
                    let prefix = target(&supplied[prefix]);
                    for phase in Phase::ALL {
                        need("lambda:InvokeFunction", format!("{prefix}{phase}"));
                    }
                }
            },
            "sqs:sendMessage.waitForTaskToken" => match parameters["QueueUrl"].as_str() {
                Some(url) => need("sqs:SendMessage", target(&supplied[substitution(url)])),
                None => {
                    let prefix = target(&supplied[substitution(parameters["QueueUrl.$"].as_str().unwrap())]);
                    for persona in PersonaId::ALL {
                        need("sqs:SendMessage", format!("{prefix}{persona}"));
                    }
                }
            },
            "states:startExecution.sync:2" => {
                let machine = target(&supplied[substitution(parameters["StateMachineArn"].as_str().unwrap())]);
                need("states:StartExecution", machine.clone());
                need("states:DescribeExecution", format!("{machine}:*"));
                need("states:StopExecution", format!("{machine}:*"));
                let rule = "StepFunctionsGetEventsForStepFunctionsExecutionRule";
                for action in ["events:PutTargets", "events:PutRule", "events:DescribeRule"] {
                    need(action, rule.to_owned());
                }
            }
            other => panic!("nobody has said what `{other}` needs"),
        }
    }
    needed
}

/// What an ARN, a URL, a name or a reference of the template names: the stack's own name left out.
fn target(value: &Value) -> String {
    if let Some(text) = value.as_str() {
        // Prefixes of names end here.
        let own = text.split("${AWS::StackName}-").nth(1);
        return own.unwrap_or_else(|| text.rsplit('/').next().unwrap()).to_owned();
    }
    let reference = value["Ref"].as_str().or(value["Fn::GetAtt"][0].as_str()).unwrap();
    let template = Template::read();
    let named = &template.resources[reference]["Properties"];
    let name = named.get("FunctionName").or(named.get("Name")).unwrap();
    bare(name).to_owned()
}

#[test]
fn machines_may_do_what_their_definitions_need_and_nothing_else() {
    let template = Template::read();
    for (id, machine) in template.of("AWS::Serverless::StateMachine") {
        let uri = machine["DefinitionUri"].as_str().unwrap().trim_start_matches("../");
        let definition: Value = serde_json::from_str(&read(uri)).unwrap();
        let needed = needed(&definition, &machine["DefinitionSubstitutions"]);
        let mut allowed: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
        let statements = Template::statements(machine);
        for Statement { actions, resources } in &statements {
            for action in actions {
                allowed.entry(action.as_str()).or_default().extend(resources.iter().map(target));
            }
        }
        assert_eq!(allowed, needed, "{id}");
    }
}

#[test]
fn machines_of_workflows_may_do_what_any_definition_needs_and_nothing_else() {
    let template = Template::read();
    // Two chains that cross, in more parts than one, and something to undo.
    let nodes: String = (0..40)
        .map(|at| {
            let before =
                [at - 2, at - 3].iter().filter(|one| **one >= 0).map(|one| format!("n{one}")).collect::<Vec<_>>();
            let undo = "timeout_seconds: 5, compensate_with: {task_type: noop}";
            format!("- {{node_id: n{at}, task_type: noop, dependencies: [{}], {undo}}}\n", before.join(", "))
        })
        .collect();
    let text = format!("dag_id: d\non_failure: compensate\nnodes:\n{nodes}");
    let workflow = maestro_workflow::check(&text).workflow.unwrap();
    let limits = maestro_workflow::compile::Limits { bytes: 9_000, ..Default::default() };
    let compiled = maestro_workflow::compile::compile_within(&workflow, limits);
    assert!(compiled.definitions.len() > 1, "it is split");
    let outputs = &template.whole["Outputs"];
    let machines = format!("{}-*", outputs["WorkflowMachinePrefix"]["Value"]["Fn::Sub"].as_str().unwrap());
    let parts = compiled.definitions.iter().filter_map(|one| one.token.clone()).map(|token| (token, machines.clone()));
    let mut supplied: BTreeMap<_, _> = parts.collect();
    supplied.insert("WorkflowQueueUrl".into(), outputs["NodeQueueUrl"]["Value"]["Fn::Sub"].as_str().unwrap().into());
    let supplied = json!(supplied);
    let mut all: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    for definition in &compiled.definitions {
        for (action, on) in needed(&serde_json::from_str(&definition.asl).unwrap(), &supplied) {
            all.entry(action).or_default().extend(on);
        }
    }
    let role = &template.resources["WorkflowRole"]["Properties"];
    let trusted = &role["AssumeRolePolicyDocument"]["Statement"][0];
    assert_eq!(trusted["Principal"], json!({"Service": "states.amazonaws.com"}));
    assert_eq!(trusted["Condition"]["StringEquals"]["aws:SourceAccount"], json!({"Ref": "AWS::AccountId"}));
    let mut allowed: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    let policies = json!({"Policies": [role["Policies"][0]["PolicyDocument"]]});
    let statements = Template::statements(&policies);
    for Statement { actions, resources } in &statements {
        for action in actions {
            allowed.entry(action.as_str()).or_default().extend(resources.iter().map(target));
        }
    }
    assert_eq!(allowed, all);
    // The end of each is heard of.
    let ended = &template.resources["SettleFunction"]["Properties"]["Events"]["WorkflowEnded"]["Properties"]["Pattern"];
    let heard = ended["detail"]["stateMachineArn"][0]["prefix"].as_str().unwrap();
    assert_eq!(format!("{}*", target(&heard.into())), machines.split_once("${AWS::StackName}-").unwrap().1);
}

#[test]
fn what_is_stored_is_encrypted_kept_and_closed() {
    let template = Template::read();
    for id in ["Table", "Bucket"] {
        let resource = &template.resources[id];
        assert_eq!(
            (&resource["DeletionPolicy"], &resource["UpdateReplacePolicy"]),
            (&"Retain".into(), &"Retain".into())
        );
    }
    let table = &template.resources["Table"]["Properties"];
    assert_eq!(table["BillingMode"], "PAY_PER_REQUEST");
    assert_eq!(table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"], true);
    assert_eq!(table["SSESpecification"]["SSEEnabled"], true);
    let bucket = &template.resources["Bucket"]["Properties"];
    let closed = json!({
        "BlockPublicAcls": true, "BlockPublicPolicy": true, "IgnorePublicAcls": true, "RestrictPublicBuckets": true
    });
    assert_eq!(bucket["PublicAccessBlockConfiguration"], closed);
    let encryption = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
    assert_eq!(encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256");
    let rules = bucket["LifecycleConfiguration"]["Rules"].as_array().unwrap();
    assert!(rules.iter().any(|rule| rule.get("AbortIncompleteMultipartUpload").is_some()), "{rules:?}");
}

#[test]
fn nothing_is_rented_by_the_hour() {
    for template in [Template::read(), Template::alarms()] {
        for (id, resource) in &template.resources {
            let kind = resource["Type"].as_str().unwrap();
            let rented = ["AWS::EC2::", "AWS::ECS::", "AWS::RDS::", "AWS::ElasticLoadBalancing"];
            assert!(!rented.iter().any(|rent| kind.starts_with(rent)), "{id} is {kind}");
            let properties = &resource["Properties"];
            assert!(properties.get("VpcConfig").is_none(), "{id} would need a NAT to reach anything");
            assert!(properties.get("ProvisionedConcurrencyConfig").is_none(), "{id} would cost while idle");
        }
    }
    let all = &Template::read().whole;
    assert_eq!(all["Parameters"]["Architecture"]["Default"], "arm64");
    assert_eq!(all["Globals"]["Function"]["Architectures"], json!([{"Ref": "Architecture"}]));
    assert_eq!(all["Globals"]["Function"]["Tracing"], "Active");
}

#[test]
fn every_stage_is_deployed_under_its_own_name_with_parameters_that_there_are() {
    let (config, all) = (read("samconfig.toml"), Template::read().whole);
    let values = |key: &str| {
        let lines = config.lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
        lines.map(|value| value.trim_matches('"').to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(values("stack_name"), ["maestro-dev", "maestro-staging", "maestro-prod"]);
    let given = values("parameter_overrides");
    assert_eq!(given.len(), 3);
    for one in given.iter().flat_map(|all| all.split(' ')) {
        let (name, value) = one.split_once('=').unwrap();
        let allowed = all["Parameters"][name]["AllowedValues"].as_array().unwrap_or_else(|| panic!("{one}"));
        assert!(allowed.contains(&value.into()), "{one}");
    }
}
