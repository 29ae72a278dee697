//! Graphs for tests, and a runtime in virtual time that keeps the contract of `docs/workflows.md`.

use jiff::{SignedDuration, Timestamp};
use maestro_asl::{Effect, Event, Execution, Outcome, Pattern, SeededRandom, SimulationOptions, StartTask, TaskId};
use maestro_workflow::Workflow;
use maestro_workflow::compile::{Compiled, Wait};
use maestro_workflow::graph::Ix;
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

/// A workflow of noops, from what each depends on.
pub(crate) fn workflow(before: &[Vec<usize>], head: &str) -> Workflow {
    let mut text = format!("dag_id: d\n{head}nodes:\n");
    for (at, before) in before.iter().enumerate() {
        let names: Vec<_> = before.iter().map(|one| format!("n{one}")).collect();
        text.push_str(&format!("- {{node_id: n{at}, task_type: noop, dependencies: [{}]}}\n", names.join(", ")));
    }
    let checked = maestro_workflow::check(&text);
    checked.workflow.unwrap_or_else(|| panic!("{:?}", checked.problems))
}

/// The definitions as text; each passes our own checks without a word.
pub(crate) fn texts(compiled: &Compiled) -> Vec<String> {
    let texts: Vec<String> = compiled.definitions.iter().map(|one| one.asl.clone()).collect();
    for text in &texts {
        let checked = maestro_asl::check(text);
        assert!(checked.diagnostics.is_empty(), "{:?}\n{text}", checked.diagnostics);
    }
    texts
}

/// What came of a run.
pub(crate) struct Ended {
    /// When the whole had ended, in milliseconds.
    pub(crate) makespan: u64,
    /// How many states were entered.
    pub(crate) transitions: usize,
    /// How many nodes had to be parked.
    pub(crate) parked: usize,
    /// The longest history.
    pub(crate) longest_history: usize,
}

struct Run<'a> {
    workflow: &'a Workflow,
    compiled: &'a Compiled,
    takes: &'a dyn Fn(usize) -> u64,
    numbers: HashMap<&'a str, Ix>,
    definitions: Vec<Arc<maestro_asl::Definition>>,
    executions: Vec<(Execution, Option<(usize, TaskId)>)>,
    now: u64,
    agenda: BTreeMap<(u64, usize), (usize, TaskId, Ix)>,
    started: usize,
    complete: Vec<bool>,
    parked: Vec<(usize, TaskId, Ix)>,
    ever_parked: usize,
}

/// Runs a compiled workflow: a node is answered when it and all that its message names are complete.
///
/// # Panics
/// When a node runs twice, or before something that it depends on is complete.
pub(crate) fn run(workflow: &Workflow, compiled: &Compiled, takes: &dyn Fn(usize) -> u64) -> Ended {
    let parsed = |text: &String| Arc::new(maestro_asl::parse_and_check(text).unwrap());
    let count = workflow.graph.len();
    let mut run = Run {
        workflow,
        compiled,
        takes,
        numbers: workflow.graph.before.numbers().map(|at| (workflow.id(at), at)).collect(),
        definitions: texts(compiled).iter().map(parsed).collect(),
        executions: Vec::new(),
        now: 0,
        agenda: BTreeMap::new(),
        started: 0,
        complete: vec![false; count],
        parked: Vec::new(),
        ever_parked: 0,
    };
    run.start(0, json!({"run": "r"}), None);
    while let Some(((at, _), (execution, task, node))) = run.agenda.pop_first() {
        run.now = at;
        run.complete[node.0 as usize] = true;
        run.tell(execution, Event::TaskSucceeded { task_id: task, output: json!({}) });
        let parked = std::mem::take(&mut run.parked);
        for (execution, task, node) in parked {
            run.take(execution, task, node);
        }
    }
    let outcome = run.executions[0].0.outcome();
    assert_eq!(outcome, Some(&Outcome::Succeeded { output: json!({"run": "r"}) }));
    assert!(run.complete.iter().all(|complete| *complete) && run.started == count);
    let entered = |execution: &Execution| {
        execution.history().iter().filter(|event| format!("{:?}", event.kind).ends_with("StateEntered")).count()
    };
    Ended {
        makespan: run.now,
        transitions: run.executions.iter().map(|(execution, _)| entered(execution)).sum(),
        parked: run.ever_parked,
        longest_history: run.executions.iter().map(|(execution, _)| execution.history().len()).max().unwrap(),
    }
}

impl Run<'_> {
    fn time(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_millis(self.now.try_into().unwrap())
    }

    fn start(&mut self, number: usize, input: Value, parent: Option<(usize, TaskId)>) {
        let context = SimulationOptions::default().context;
        let random = Box::new(SeededRandom::new(self.executions.len() as u64));
        let (execution, effects) =
            Execution::start(Arc::clone(&self.definitions[number]), input, context, self.time(), random);
        self.executions.push((execution, parent));
        self.carry_out(self.executions.len() - 1, effects);
    }

    fn tell(&mut self, execution: usize, event: Event) {
        let now = self.time();
        let effects = self.executions[execution].0.handle(now, event).unwrap();
        self.carry_out(execution, effects);
    }

    fn carry_out(&mut self, execution: usize, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::StartTask(task) if task.resource.pattern == Pattern::Sync2 => {
                    let arn = task.input["StateMachineArn"].as_str().unwrap();
                    let is_it = |one: &maestro_workflow::compile::Definition| {
                        one.token.as_ref().is_some_and(|token| arn == format!("${{{token}}}"))
                    };
                    let number = self.compiled.definitions.iter().position(is_it).unwrap();
                    self.start(number, json!({"run": task.input["Input"]["run"]}), Some((execution, task.task_id)));
                }
                Effect::StartTask(task) => self.message(execution, &task),
                Effect::CancelTask { .. } => panic!("nothing is cancelled"),
                Effect::Finished(Outcome::Succeeded { .. }) => {
                    if let Some((parent, task_id)) = self.executions[execution].1 {
                        self.tell(parent, Event::TaskSucceeded { task_id, output: json!({}) });
                    }
                }
                Effect::Finished(outcome) => panic!("{outcome:?}"),
            }
        }
    }

    fn message(&mut self, execution: usize, task: &StartTask) {
        let body = &task.input["MessageBody"];
        assert_eq!((&body["run"], body["token"].as_str()), (&json!("r"), task.token.as_deref()));
        let node = self.numbers[body["node"].as_str().unwrap()];
        assert_eq!(*task.state, *self.compiled.states[node]);
        let named = body.get("after").map_or(0, |after| after.as_array().unwrap().len());
        assert_eq!(named, self.compiled.after[node].len());
        self.take(execution, task.task_id, node);
        self.ever_parked += usize::from(self.parked.last().is_some_and(|(_, _, last)| *last == node));
    }

    /// Runs a node, or parks it.
    fn take(&mut self, execution: usize, task: TaskId, node: Ix) {
        if !self.compiled.after[node].iter().all(|wait| self.is_complete(*wait)) {
            self.parked.push((execution, task, node));
            return;
        }
        for before in &self.workflow.graph.before[node] {
            assert!(self.complete[before.0 as usize], "{node:?} runs before {before:?}");
        }
        self.started += 1;
        let ends = self.now + (self.takes)(node.0 as usize);
        self.agenda.insert((ends, self.started), (execution, task, node));
    }

    fn is_complete(&self, wait: Wait) -> bool {
        match wait {
            Wait::Node(node) => self.complete[node.0 as usize],
            Wait::Relay(at) => self.compiled.relays[at].after.iter().all(|wait| self.is_complete(*wait)),
        }
    }
}
