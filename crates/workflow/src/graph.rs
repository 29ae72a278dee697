//! The graph of a workflow: numbers in place of ids, a topological order, cycles, ancestors.
//!
//! Nothing here calls itself, so that the depth of a graph costs no stack.

mod longest;
mod reduce;

pub use longest::Longest;
pub use reduce::reduce;

use std::ops::{Index, IndexMut};

/// A node's number: its place in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ix(pub u32);

/// Something for each node.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByNode<T>(Vec<T>);

impl<T: Clone> ByNode<T> {
    /// The same for each of `count` nodes.
    #[must_use]
    pub fn of(value: T, count: usize) -> Self {
        Self(vec![value; count])
    }
}

impl<T> ByNode<T> {
    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no nodes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All nodes with what they have.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (Ix, &T)> {
        self.0.iter().enumerate().map(|(at, value)| (ix(at), value))
    }

    /// What each node has.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.iter_mut()
    }

    /// The numbers of all nodes.
    pub fn numbers(&self) -> impl DoubleEndedIterator<Item = Ix> + use<T> {
        (0..self.0.len()).map(ix)
    }
}

impl<T> FromIterator<T> for ByNode<T> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(items.into_iter().collect())
    }
}

impl<T> Index<Ix> for ByNode<T> {
    type Output = T;

    #[expect(clippy::indexing_slicing, reason = "numbers are made where nodes are counted")]
    fn index(&self, Ix(at): Ix) -> &T {
        &self.0[at as usize]
    }
}

impl<T> IndexMut<Ix> for ByNode<T> {
    #[expect(clippy::indexing_slicing, reason = "numbers are made where nodes are counted")]
    fn index_mut(&mut self, Ix(at): Ix) -> &mut T {
        &mut self.0[at as usize]
    }
}

/// The number of what stands at a place.
pub(crate) fn ix(at: usize) -> Ix {
    Ix(u32::try_from(at).unwrap_or(u32::MAX))
}

/// A graph without cycles.
#[derive(Debug, Clone)]
pub struct Graph {
    /// What each node depends on, without repetitions.
    pub before: ByNode<Vec<Ix>>,
    /// What depends on each node.
    pub after: ByNode<Vec<Ix>>,
    /// All nodes, each after what it depends on; in the order of the text where that leaves a choice.
    pub order: Vec<Ix>,
}

impl Graph {
    /// Makes a graph of what each node depends on.
    ///
    /// # Errors
    /// The cycles, each once; in each, every node depends on the one before it, and the first on the last.
    pub fn new(before: ByNode<Vec<Ix>>) -> Result<Self, Vec<Vec<Ix>>> {
        let mut after = ByNode::of(Vec::new(), before.len());
        for (node, dependencies) in before.iter() {
            for dependency in dependencies {
                after[*dependency].push(node);
            }
        }
        let mut left: ByNode<usize> = before.0.iter().map(Vec::len).collect();
        let mut order: Vec<Ix> = before.iter().filter(|(_, before)| before.is_empty()).map(|(node, _)| node).collect();
        let mut next = 0;
        while let Some(node) = order.get(next).copied() {
            next += 1;
            for follower in &after[node] {
                left[*follower] -= 1;
                if left[*follower] == 0 {
                    order.push(*follower);
                }
            }
        }
        if order.len() == before.len() { Ok(Self { before, after, order }) } else { Err(cycles(&before, &left)) }
    }

    /// How many nodes there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.order.len()
    }

    /// Whether there are no nodes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Answers whether a node must be complete before another one runs.
    #[must_use]
    pub fn ancestry(&self) -> Ancestry<'_> {
        let mut level = ByNode::of(0, self.len());
        for node in &self.order {
            level[*node] = self.before[*node].iter().map(|before| level[*before] + 1).max().unwrap_or(0);
        }
        Ancestry { graph: self, level, seen: ByNode::of(0, self.len()), search: 0 }
    }
}

/// Answers questions about ancestors of one graph.
pub struct Ancestry<'a> {
    graph: &'a Graph,
    /// The length of the longest way to each node: ancestors have less.
    level: ByNode<u32>,
    /// The last search that came by.
    seen: ByNode<u32>,
    search: u32,
}

impl Ancestry<'_> {
    /// Whether `ancestor` must be complete before `node` runs.
    pub fn is_ancestor(&mut self, ancestor: Ix, node: Ix) -> bool {
        if self.graph.before[node].contains(&ancestor) {
            return true;
        }
        self.search += 1;
        let mut next = vec![node];
        while let Some(at) = next.pop() {
            for before in &self.graph.before[at] {
                if *before == ancestor {
                    return true;
                }
                if self.seen[*before] != self.search && self.level[*before] > self.level[ancestor] {
                    self.seen[*before] = self.search;
                    next.push(*before);
                }
            }
        }
        false
    }
}

/// Cycles among the nodes that have something left: from each of them a way back leads into one.
fn cycles(before: &ByNode<Vec<Ix>>, left: &ByNode<usize>) -> Vec<Vec<Ix>> {
    let mut walk_of = ByNode::of(0_usize, before.len());
    let mut found = Vec::new();
    for start in before.numbers().filter(|node| left[*node] > 0) {
        if walk_of[start] > 0 {
            continue;
        }
        let walk = start.0 as usize + 1;
        let (mut way, mut at) = (Vec::new(), start);
        while walk_of[at] == 0 {
            walk_of[at] = walk;
            way.push(at);
            match before[at].iter().find(|one| left[**one] > 0) {
                Some(one) => at = *one,
                None => break,
            }
        }
        if walk_of[at] == walk
            && let Some(first) = way.iter().position(|node| *node == at)
        {
            let mut cycle = way.split_off(first);
            cycle.reverse();
            found.push(cycle);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn graph(before: &[&[u32]]) -> Result<Graph, Vec<Vec<Ix>>> {
        Graph::new(before.iter().map(|one| one.iter().map(|at| Ix(*at)).collect()).collect())
    }

    #[test]
    fn order_and_ancestors() {
        let graph = graph(&[&[1, 2], &[3], &[3], &[], &[]]).unwrap();
        assert_eq!(graph.order, [3, 4, 1, 2, 0].map(Ix));
        let mut ancestry = graph.ancestry();
        assert!(ancestry.is_ancestor(Ix(3), Ix(0)) && ancestry.is_ancestor(Ix(1), Ix(0)));
        assert!(
            !ancestry.is_ancestor(Ix(4), Ix(0))
                && !ancestry.is_ancestor(Ix(0), Ix(3))
                && !ancestry.is_ancestor(Ix(1), Ix(2))
        );
    }

    #[test]
    fn every_cycle_is_found_once() {
        assert_eq!(graph(&[&[0]]).unwrap_err(), [vec![Ix(0)]]);
        // 4 only stands behind a cycle.
        let found = graph(&[&[], &[2, 0], &[3], &[1], &[1], &[6], &[5]]).unwrap_err();
        assert_eq!(found, [vec![Ix(3), Ix(2), Ix(1)], vec![Ix(6), Ix(5)]]);
    }

    #[test]
    fn depth_costs_no_stack() {
        let before = (0..100_000_u32).map(|at| at.checked_sub(1).map(Ix).into_iter().collect()).collect();
        let graph = Graph::new(before).unwrap();
        assert_eq!(graph.order.len(), 100_000);
        assert!(graph.ancestry().is_ancestor(Ix(0), Ix(99_999)));
    }
}
