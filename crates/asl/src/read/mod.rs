//! Reads a definition: every field is either taken into the model or reported with its place.

mod choice;
mod graph;
mod handling;
mod json;
mod map;
mod node;
mod query;
mod state;
mod values;

use std::collections::HashMap;
use std::sync::Arc;

use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::expr::Computed;
use crate::model::{Definition, Workflow};
use crate::resource::Resource;
use graph::Edge;
use json::Places;
use node::{Node, Report};

/// Limit of AWS on `TimeoutSeconds`, and so on every number of seconds.
const MAX_SECONDS: u64 = 99_999_999;

/// Longest definition that `CreateStateMachine` takes, in characters.
const MAX_TEXT: usize = 1_048_576;

/// A read definition with everything there is to say about it.
#[derive(Debug, Clone)]
pub struct Checked {
    /// The definition, unless a problem keeps it from running.
    pub definition: Option<Definition>,
    /// All problems, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads and checks a definition.
#[must_use]
pub fn check(text: &str) -> Checked {
    // Nearly all definitions are without problems, and only problems need places.
    let checked = read(text, Places::Unknown);
    if checked.diagnostics.is_empty() { checked } else { read(text, Places::Known) }
}

fn read(text: &str, places: Places) -> Checked {
    let json = json::parse(text, places);
    let mut report = Report::new(text, json.as_ref());
    if json.is_none() {
        report.no_json();
    }
    let mut reader = Reader {
        report,
        state_names: HashMap::new(),
        computed: HashMap::new(),
        resource: None,
        jsonata: false,
        all_jsonata: false,
    };
    let definition = json.as_ref().and_then(|whole| reader.definition(text, &Node::whole(whole)));
    let mut diagnostics = reader.report.problems;
    diagnostics.sort_by_key(|problem| (problem.line, problem.column));
    let blocked = diagnostics.iter().any(|problem| problem.severity == Severity::Error && problem.code.blocks());
    Checked { definition: definition.filter(|_| !blocked), diagnostics }
}

/// Reads a definition that may run: AWS would accept it, even if `check` finds errors that show only at run time.
///
/// # Errors
/// All problems that keep it from running.
pub fn parse(text: &str) -> Result<Definition, Vec<Diagnostic>> {
    let checked = check(text);
    checked.definition.ok_or(checked.diagnostics)
}

/// Reads a definition in which the checks find no error; warnings are dropped (`check` keeps them).
///
/// # Errors
/// All problems, warnings included, when at least one is an error.
pub fn parse_and_check(text: &str) -> Result<Definition, Vec<Diagnostic>> {
    let checked = check(text);
    let clean = checked.diagnostics.iter().all(|problem| problem.severity != Severity::Error);
    checked.definition.filter(|_| clean).ok_or(checked.diagnostics)
}

impl Code {
    /// Whether an error of this kind keeps a definition from running. What the others describe can still be
    /// executed: AWS itself runs a task that never passes its token, which then waits until its timeout.
    fn blocks(self) -> bool {
        !matches!(self, Self::TokenNotPassed | Self::Unreachable | Self::NoTerminal | Self::DuplicateState)
    }
}

struct Reader<'t> {
    report: Report<'t>,
    /// Where each state stands by name, over all scopes.
    state_names: HashMap<String, usize>,
    /// The computed field that was read last of each expression.
    computed: HashMap<String, Arc<Computed>>,
    /// The resource that was read last.
    resource: Option<Resource>,
    /// Whether the part that is read uses JSONata.
    jsonata: bool,
    /// Whether the state machine does, and so every state.
    all_jsonata: bool,
}

impl Reader<'_> {
    fn definition(&mut self, text: &str, root: &Node<'_>) -> Option<Definition> {
        let characters = if text.len() > MAX_TEXT { text.chars().count() } else { 0 };
        if characters > MAX_TEXT {
            let message = format!("the definition has {characters} characters; Step Functions takes {MAX_TEXT}");
            let hint = "move a part of it into a state machine of its own, and start that from a Task state";
            self.report.error_hint(root, Code::TooLarge, &message, hint);
        }
        let mut fields = self.report.fields(root, "a definition")?;
        self.jsonata = self.language(&mut fields).unwrap_or(false);
        self.all_jsonata = self.jsonata;
        let comment = self.text(&mut fields, "Comment");
        if let Some(version) = fields.take("Version")
            && self.report.string(&version, "Version").is_some_and(|found| found != "1.0")
        {
            self.report.error(&version, Code::InvalidValue, "`Version` must be `1.0`");
        }
        let timeout_seconds = self.seconds(&mut fields, "TimeoutSeconds", 1);
        let workflow = self.workflow(fields, "a definition");
        Some(Definition { comment, timeout_seconds, workflow: workflow? })
    }

    /// Reads `QueryLanguage`: whether it is JSONata, if it is there.
    fn language(&mut self, fields: &mut node::Fields<'_>) -> Option<bool> {
        let node = fields.take("QueryLanguage")?;
        match self.report.string(&node, "QueryLanguage")? {
            "JSONPath" if self.all_jsonata => {
                let message = "a state of a JSONata state machine cannot use JSONPath";
                let hint =
                    "leave `QueryLanguage` of the state machine out, and write it in the states that use JSONata";
                self.report.error_hint(&node, Code::FieldConflict, message, hint);
                None
            }
            "JSONPath" => Some(false),
            "JSONata" => Some(true),
            other => {
                let message = format!("`{other}` is not a query language: expected `JSONPath` or `JSONata`");
                self.report.error(&node, Code::InvalidValue, message);
                None
            }
        }
    }

    /// Reads `StartAt` and `States` and checks the graph they form.
    fn workflow(&mut self, fields: node::Fields<'_>, what: &str) -> Option<Arc<Workflow>> {
        // A state inside goes by the state machine's language, not by that of the state around it.
        let outer = std::mem::replace(&mut self.jsonata, self.all_jsonata);
        let workflow = self.scope(fields, what);
        self.jsonata = outer;
        workflow
    }

    fn scope(&mut self, mut fields: node::Fields<'_>, what: &str) -> Option<Arc<Workflow>> {
        let start = fields.take("StartAt");
        if start.is_none() {
            self.report.missing(&fields, "StartAt", what);
        }
        let start_at = start.as_ref().and_then(|node| self.report.string(node, "StartAt"));
        let Some(states_node) = fields.take("States") else {
            self.report.missing(&fields, "States", what);
            self.report.finish(fields, what);
            return None;
        };
        self.report.finish(fields, what);
        let entries = self.report.fields(&states_node, "`States`")?;
        if entries.names().next().is_none() {
            self.report.error(&states_node, Code::InvalidValue, "`States` must not be empty");
        }
        let mut places = entries.into_left();
        let mut states = Vec::with_capacity(places.len());
        let mut edges: Vec<Edge<'_>> = Vec::new();
        for (name, node) in &places {
            self.note_name(name, node);
            states.extend(self.state(name, node, &mut edges).map(Arc::new));
        }
        let complete = states.len() == places.len();
        // Lists, since a large graph is mostly scopes of one state.
        places.sort_unstable_by_key(|(name, _)| *name);
        states.sort_unstable_by(|one, other| one.name.cmp(&other.name));
        if let (Some(node), Some(to)) = (start, start_at) {
            edges.push(Edge { from: None, to, node });
        }
        graph::check(&mut self.report, &states_node, &places, &states, &edges, complete);
        Some(Arc::new(Workflow { start_at: start_at?.into(), states: states.into() })).filter(|_| complete)
    }

    fn note_name(&mut self, name: &str, node: &Node<'_>) {
        if name.is_empty() || name.chars().count() > 80 {
            self.report.error(node, Code::InvalidValue, "a state's name has 1 to 80 characters");
        }
        if let Some(other) = self.state_names.insert(name.to_owned(), node.offset) {
            let hint = "names must be unique in the whole definition, or histories and mocks become ambiguous";
            self.report.error_hint(
                node,
                Code::DuplicateState,
                format!("state `{name}` also stands at `{}`", self.report.pointer(other)),
                hint,
            );
        }
    }
}
