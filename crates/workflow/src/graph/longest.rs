//! The longest ways through a graph: when each node starts and ends if each runs as soon as it may.

use super::{ByNode, Graph, Ix};

/// When nodes start and end with as many workers as there are nodes, and what makes the whole take so long.
#[derive(Debug, Clone)]
pub struct Longest {
    /// When each node starts, in milliseconds.
    pub starts: ByNode<u64>,
    /// When each node ends.
    pub ends: ByNode<u64>,
    /// When all have ended.
    pub makespan: u64,
    /// The nodes that decide on it, from the first to the last.
    pub critical: Vec<Ix>,
    /// How many nodes run at once at most; what takes no time does not count.
    pub width: usize,
}

impl Longest {
    /// Works it out from how long each node takes.
    #[must_use]
    pub fn new(graph: &Graph, takes: &ByNode<u64>) -> Self {
        let mut starts = ByNode::of(0, graph.len());
        let mut ends = ByNode::of(0, graph.len());
        let mut after: ByNode<Option<Ix>> = ByNode::of(None, graph.len());
        let mut last: Option<Ix> = None;
        for node in &graph.order {
            for before in &graph.before[*node] {
                if ends[*before] > starts[*node] || after[*node].is_none() {
                    starts[*node] = ends[*before];
                    after[*node] = Some(*before);
                }
            }
            ends[*node] = starts[*node] + takes[*node];
            if last.is_none_or(|last| ends[*node] >= ends[last]) {
                last = Some(*node);
            }
        }
        let makespan = last.map_or(0, |last| ends[last]);
        let mut critical = Vec::new();
        while let Some(node) = last {
            critical.push(node);
            last = after[node];
        }
        critical.reverse();
        let width = width(graph, &starts, &ends);
        Self { starts, ends, makespan, critical, width }
    }
}

/// At each moment nodes end before others start.
fn width(graph: &Graph, starts: &ByNode<u64>, ends: &ByNode<u64>) -> usize {
    let mut moments: Vec<(u64, bool)> = Vec::with_capacity(2 * graph.len());
    for node in graph.order.iter().filter(|node| ends[**node] > starts[**node]) {
        moments.push((starts[*node], true));
        moments.push((ends[*node], false));
    }
    moments.sort_unstable();
    let (mut now, mut most) = (0_usize, usize::from(!graph.is_empty()));
    for (_, starts) in moments {
        now = if starts { now + 1 } else { now.saturating_sub(1) };
        most = most.max(now);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_diamond_takes_its_longest_side() {
        // 0 before 1 (500 ms) and 2..=11 (50 ms each, a chain), both before 12.
        let mut before: Vec<Vec<Ix>> = vec![vec![], vec![Ix(0)], vec![Ix(0)]];
        before.extend((3..=11).map(|at| vec![Ix(at - 1)]));
        before.push(vec![Ix(1), Ix(11)]);
        let graph = Graph::new(before.into_iter().collect()).unwrap();
        let takes = graph.before.numbers().map(|Ix(at)| match at {
            1 => 500,
            2..=11 => 50,
            _ => 0,
        });
        let longest = Longest::new(&graph, &takes.collect());
        assert_eq!((longest.makespan, longest.width), (500, 2));
        assert_eq!((longest.critical.first(), longest.critical.last()), (Some(&Ix(0)), Some(&Ix(12))));
    }
}
