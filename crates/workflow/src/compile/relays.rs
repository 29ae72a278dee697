//! Caps how many wait for one: completing a node tells all that wait for it in one transaction, and those have an end.
//!
//! A relay is nothing that runs. It is complete when all that it waits for are complete.

use crate::check::Workflow;
use crate::graph::{ByNode, Ix};
use serde_json::{Value, json};
use std::collections::HashMap;

/// How many may wait for one, and for how many one may wait. DynamoDB's transactions hold 100 items.
pub(super) const MOST: usize = 64;

/// Something that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wait {
    /// A node.
    Node(Ix),
    /// A relay, by its place in the list of relays.
    Relay(usize),
}

impl Wait {
    /// As messages name it: a node by its id, a relay as `{"relay": number}`.
    #[must_use]
    pub fn to_json(self, workflow: &Workflow) -> Value {
        match self {
            Self::Node(at) => workflow.id(at).into(),
            Self::Relay(number) => json!({"relay": number}),
        }
    }
}

/// What is complete when all that it waits for are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relay {
    /// What it waits for.
    pub after: Vec<Wait>,
}

/// What each node waits for, with relays where there would be too many.
pub(super) fn cap(gates: &ByNode<Vec<Ix>>) -> (ByNode<Vec<Wait>>, Vec<Relay>) {
    let mut relays: Vec<Relay> = Vec::new();
    let mut shared: HashMap<&[Ix], (usize, Option<usize>)> = HashMap::new();
    for (_, gate) in gates.iter().filter(|(_, gate)| gate.len() > 1) {
        shared.entry(gate).or_default().0 += 1;
    }
    let mut after: ByNode<Vec<Wait>> = gates
        .iter()
        .map(|(_, gate)| {
            let waits: Vec<Wait> = gate.iter().copied().map(Wait::Node).collect();
            match shared.get_mut(gate.as_slice()) {
                // One for all that wait for the same.
                Some((count, relay)) if gate.len() * *count > MOST.max(gate.len() + *count) => {
                    let at = *relay.get_or_insert_with(|| {
                        relays.push(Relay { after: waits });
                        relays.len() - 1
                    });
                    vec![Wait::Relay(at)]
                }
                _ => waits,
            }
        })
        .collect();
    for waits in after.values_mut() {
        gather(waits, &mut relays);
    }
    let mut at = 0;
    while let Some(relay) = relays.get_mut(at) {
        let mut waits = std::mem::take(&mut relay.after);
        gather(&mut waits, &mut relays);
        if let Some(relay) = relays.get_mut(at) {
            relay.after = waits;
        }
        at += 1;
    }
    scatter(&mut after, &mut relays);
    (after, relays)
}

/// Lets relays wait where one would wait for too many.
fn gather(waits: &mut Vec<Wait>, relays: &mut Vec<Relay>) {
    while waits.len() > MOST {
        let groups = waits.chunks(MOST).map(<[Wait]>::to_vec).collect::<Vec<_>>();
        waits.clear();
        for group in groups {
            match group.as_slice() {
                [only] => waits.push(*only),
                _ => {
                    relays.push(Relay { after: group });
                    waits.push(Wait::Relay(relays.len() - 1));
                }
            }
        }
    }
}

/// Who waits.
#[derive(Clone, Copy)]
enum Waiter {
    Node(Ix),
    Relay(usize),
}

/// Lets relays wait for what too many wait for, and those wait for the relays.
fn scatter(after: &mut ByNode<Vec<Wait>>, relays: &mut Vec<Relay>) {
    let mut waiters: HashMap<Wait, Vec<Waiter>> = HashMap::new();
    for (at, waits) in after.iter() {
        for wait in waits {
            waiters.entry(*wait).or_default().push(Waiter::Node(at));
        }
    }
    for (at, relay) in relays.iter().enumerate() {
        for wait in &relay.after {
            waiters.entry(*wait).or_default().push(Waiter::Relay(at));
        }
    }
    let mut many: Vec<(Wait, Vec<Waiter>)> = waiters.into_iter().filter(|(_, waiters)| waiters.len() > MOST).collect();
    many.sort_unstable_by_key(|(wait, _)| *wait);
    for (wait, mut waiters) in many {
        while waiters.len() > MOST {
            let mut above = Vec::new();
            for group in waiters.chunks(MOST) {
                relays.push(Relay { after: vec![wait] });
                let relay = relays.len() - 1;
                for waiter in group {
                    let waits = match waiter {
                        Waiter::Node(node) => Some(&mut after[*node]),
                        Waiter::Relay(at) => relays.get_mut(*at).map(|relay| &mut relay.after),
                    };
                    if let Some(place) = waits.into_iter().flatten().find(|one| **one == wait) {
                        *place = Wait::Relay(relay);
                    }
                }
                above.push(Waiter::Relay(relay));
            }
            waiters = above;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn checked(gates: Vec<Vec<u32>>) -> (ByNode<Vec<Wait>>, Vec<Relay>) {
        let gates: ByNode<Vec<Ix>> = gates.into_iter().map(|gate| gate.into_iter().map(Ix).collect()).collect();
        let (after, relays) = cap(&gates);
        let mut count: HashMap<Wait, usize> = HashMap::new();
        let all = after.iter().map(|(_, waits)| waits).chain(relays.iter().map(|relay| &relay.after));
        for waits in all {
            assert!(waits.len() <= MOST);
            waits.iter().for_each(|wait| *count.entry(*wait).or_default() += 1);
        }
        assert!(count.values().all(|count| *count <= MOST), "{count:?}");
        // The same nodes are waited for as before.
        for (at, gate) in gates.iter() {
            let (mut found, mut next) = (HashSet::new(), after[at].clone());
            while let Some(wait) = next.pop() {
                match wait {
                    Wait::Node(node) => drop(found.insert(node)),
                    Wait::Relay(at) => next.extend(&relays[at].after),
                }
            }
            assert_eq!(found, gate.iter().copied().collect());
        }
        (after, relays)
    }

    #[test]
    fn few_need_no_relay() {
        assert!(checked(vec![vec![], vec![0], vec![0, 1]]).1.is_empty());
    }

    #[test]
    fn no_one_waits_for_many_and_many_for_no_one() {
        let mut gates: Vec<Vec<u32>> = vec![vec![]; 5_000];
        gates.push((0..5_000).collect());
        checked(gates);
        let mut gates = vec![vec![]];
        gates.extend((0..5_000).map(|_| vec![0]));
        checked(gates);
    }

    #[test]
    fn all_that_wait_for_the_same_share_a_relay() {
        let mut gates: Vec<Vec<u32>> = vec![vec![]; 200];
        gates.extend((0..200).map(|_| (0..200).collect()));
        let (_, relays) = checked(gates);
        assert!(relays.len() < 20, "{}", relays.len());
    }
}
