//! Transitive reduction: without the dependencies that others imply.

use super::{ByNode, Graph, Ix};

/// How many nodes are looked at together: what each node is reached from is one bit for each of them.
const BLOCK: usize = 4_096;
const WORDS: usize = BLOCK / 64;

/// The graph without dependencies that other dependencies imply, and what was left out, as (dependency, node).
#[must_use]
pub fn reduce(graph: &Graph) -> (Graph, Vec<(Ix, Ix)>) {
    let mut implied = Vec::new();
    let count = graph.len();
    // In topological order a block's nodes are only reached from the block on.
    let mut position = ByNode::of(0, count);
    for (at, node) in graph.order.iter().enumerate() {
        position[*node] = at;
    }
    let mut reached: Vec<[u64; WORDS]> = vec![[0; WORDS]; count];
    for start in (0..count).step_by(BLOCK) {
        for node in graph.order.iter().skip(start) {
            let at = position[*node];
            let mut above = [0; WORDS];
            for before in &graph.before[*node] {
                let position = position[*before];
                if position >= start {
                    add(&mut above, reached.get(position));
                }
            }
            if graph.before[*node].len() > 1 {
                let in_block = |one: &&Ix| (start..start + BLOCK).contains(&position[**one]);
                for before in graph.before[*node].iter().filter(in_block) {
                    if bit(&above, position[*before] - start) {
                        implied.push((*before, *node));
                    }
                }
            }
            for before in &graph.before[*node] {
                if (start..start + BLOCK).contains(&position[*before]) {
                    set(&mut above, position[*before] - start);
                }
            }
            if let Some(reached) = reached.get_mut(at) {
                *reached = above;
            }
        }
    }
    if implied.is_empty() {
        return (graph.clone(), implied);
    }
    implied.sort_unstable_by_key(|(before, node)| (*node, *before));
    let mut before = graph.before.clone();
    let mut after = graph.after.clone();
    for (from, to) in &implied {
        before[*to].retain(|one| one != from);
        after[*from].retain(|one| one != to);
    }
    (Graph { before, after, order: graph.order.clone() }, implied)
}

fn add(to: &mut [u64; WORDS], from: Option<&[u64; WORDS]>) {
    for (to, from) in to.iter_mut().zip(from.into_iter().flatten()) {
        *to |= from;
    }
}

fn bit(words: &[u64; WORDS], at: usize) -> bool {
    words.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) != 0)
}

fn set(words: &mut [u64; WORDS], at: usize) {
    if let Some(word) = words.get_mut(at / 64) {
        *word |= 1 << (at % 64);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::ix;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn keeps_what_is_reached_and_nothing_more(edges in proptest::collection::vec((0_u32..30, 0_u32..30), 0..120)) {
            let mut before: Vec<Vec<Ix>> = vec![Vec::new(); 30];
            for (from, to) in edges {
                if from < to && !before[to as usize].contains(&Ix(from)) {
                    before[to as usize].push(Ix(from));
                }
            }
            let graph = Graph::new(before.into_iter().collect()).unwrap();
            let (reduced, implied) = reduce(&graph);
            let (mut all, mut less) = (graph.ancestry(), reduced.ancestry());
            for (from, to) in (0..30).flat_map(|from| (0..30).map(move |to| (ix(from), ix(to)))) {
                prop_assert_eq!(all.is_ancestor(from, to), less.is_ancestor(from, to));
            }
            for (node, before) in reduced.before.iter() {
                for one in before {
                    let others = before.iter().filter(|other| *other != one);
                    prop_assert!(!others.clone().any(|other| all.is_ancestor(*one, *other)), "{:?} of {:?}", one, node);
                }
            }
            let kept: usize = reduced.before.iter().map(|(_, before)| before.len()).sum();
            let had: usize = graph.before.iter().map(|(_, before)| before.len()).sum();
            prop_assert_eq!(kept + implied.len(), had);
        }
    }

    #[test]
    fn works_over_blocks() {
        let count = 3 * BLOCK as u32;
        // A chain whose last node depends on all.
        let mut before: Vec<Vec<Ix>> = (0..count).map(|at| at.checked_sub(1).map(Ix).into_iter().collect()).collect();
        before.push((0..count).map(Ix).collect());
        let (reduced, implied) = reduce(&Graph::new(before.into_iter().collect()).unwrap());
        assert_eq!(implied.len(), count as usize - 1);
        assert_eq!(reduced.before[Ix(count)], [Ix(count - 1)]);
    }
}
