//! The checks that need the whole scope: targets, reachability, a way out.

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

/// Checks a scope whose states, and where they stand, are given by name.
pub(super) fn check(
    report: &mut Report<'_>,
    states_node: &Node<'_>,
    places: &[(&str, Node<'_>)],
    states: &[Arc<State>],
    edges: &[Edge<'_>],
    complete: bool,
) {
    let place = |name: &str| places.binary_search_by_key(&name, |(known, _)| *known).ok();
    let names = || places.iter().map(|(name, _)| *name);
    let mut opaque = false;
    for edge in edges {
        if has_substitution(edge.to) {
            opaque = true;
        } else if place(edge.to).is_none() {
            let hint = similar(edge.to, names()).unwrap_or_else(|| {
                let shown = names().take(MAX_SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
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
    if edges.iter().all(|edge| edge.from.is_some()) {
        return;
    }
    let mut ways: Vec<(Option<usize>, usize)> =
        edges.iter().filter_map(|edge| Some((edge.from.and_then(place), place(edge.to)?))).collect();
    ways.sort_unstable();
    let after = |from: Option<usize>| {
        let first = ways.partition_point(|(before, _)| *before < from);
        ways.iter().skip(first).take_while(move |(before, _)| *before == from).map(|(_, to)| *to)
    };
    let mut reached = vec![false; places.len()];
    let mut next: Vec<usize> = after(None).collect();
    while let Some(at) = next.pop() {
        if let Some(new @ false) = reached.get_mut(at) {
            *new = true;
            next.extend(after(Some(at)));
        }
    }
    for ((name, node), reached) in places.iter().zip(reached) {
        if !reached {
            let hint = "let a `Next`, `Default` or `Catch` lead to it, or remove it";
            report.error_hint(node, Code::Unreachable, format!("nothing leads to state `{name}`"), hint);
        }
    }
    if !states.is_empty() && !states.iter().any(|state| ends(state)) {
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
