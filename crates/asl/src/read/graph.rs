//! The checks that need the whole scope: targets, reachability, a way out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::node::{Node, Report, similar};
use crate::diagnostic::Code;
use crate::expr::has_substitution;
use crate::model::{State, StateKind, Transition};

/// Names that a hint lists.
const MAX_SHOWN: usize = 10;

/// A transition in the text; `StartAt` comes from nowhere.
pub(super) struct Edge<'a> {
    pub(super) from: Option<&'a str>,
    pub(super) to: &'a str,
    pub(super) node: Node<'a>,
}

pub(super) fn check(
    report: &mut Report<'_>,
    states_node: &Node<'_>,
    places: &BTreeMap<&str, Node<'_>>,
    states: &BTreeMap<&str, Arc<State>>,
    edges: &[Edge<'_>],
    complete: bool,
) {
    let mut opaque = false;
    for edge in edges {
        if has_substitution(edge.to) {
            opaque = true;
        } else if !places.contains_key(edge.to) {
            let hint = similar(edge.to, places.keys().copied()).unwrap_or_else(|| {
                let shown =
                    places.keys().take(MAX_SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
                let more = places.len().saturating_sub(MAX_SHOWN);
                let more = if more > 0 { format!(" and {more} more") } else { String::new() };
                format!("states of this scope: {shown}{more}")
            });
            report.error_hint(&edge.node, Code::UnknownTarget, format!("there is no state `{}` here", edge.to), &hint);
        }
    }
    // A state that was not read has unknown transitions, so what follows would guess.
    if !complete || opaque {
        return;
    }
    let mut ways: BTreeMap<Option<&str>, Vec<&str>> = BTreeMap::new();
    for edge in edges {
        ways.entry(edge.from).or_default().push(edge.to);
    }
    let mut reached = BTreeSet::new();
    let mut next: Vec<&str> = ways.get(&None).cloned().unwrap_or_default();
    if next.is_empty() {
        return;
    }
    while let Some(name) = next.pop() {
        if reached.insert(name) {
            next.extend(ways.get(&Some(name)).into_iter().flatten());
        }
    }
    for (name, node) in places {
        if !reached.contains(name) {
            let hint = "let a `Next`, `Default` or `Catch` lead to it, or remove it";
            report.error_hint(node, Code::Unreachable, format!("nothing leads to state `{name}`"), hint);
        }
    }
    if !states.is_empty() && !states.values().any(|state| ends(state)) {
        let hint = "give a state `\"End\": true`, or add a Succeed or Fail state";
        report.error_hint(states_node, Code::NoTerminal, "no state ends this scope", hint);
    }
}

fn ends(state: &State) -> bool {
    let transition = match &state.kind {
        StateKind::Succeed | StateKind::Fail(_) => return true,
        StateKind::Choice(_) => return false,
        StateKind::Pass(pass) => &pass.transition,
        StateKind::Wait(wait) => &wait.transition,
        StateKind::Task(task) => &task.handling.transition,
        StateKind::Parallel(parallel) => &parallel.handling.transition,
        StateKind::Map(map) => &map.handling.transition,
    };
    *transition == Transition::End
}
