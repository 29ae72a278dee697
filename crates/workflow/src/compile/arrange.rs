//! What runs after what, and what runs side by side, so that nothing waits for anything that it does not depend on.
//!
//! Nodes that have the same dependencies and dependents are put side by side, nodes with nothing else between them one
//! after the other, over and over: that gives all of a series-parallel graph, and leaves of any other graph a core.
//! Where all of one part comes before all of another, the core is cut. What is left is covered with chains that run side
//! by side; the dependencies between chains are gates: the node is handed out, and its runtime lets it wait for them.

use crate::graph::{ByNode, Graph, Ix};
use std::collections::HashMap;

/// How many levels of side by side lie in each other at most. Deeper graphs get more gates.
const MAX_DEPTH: usize = 12;

/// A part of a workflow as it runs. It is at most some dozens of levels deep.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A node.
    Node(Ix),
    /// One after the other.
    Row(Vec<Step>),
    /// Side by side; it ends when all have ended.
    Together(Vec<Step>),
}

/// How a workflow runs.
#[derive(Debug, Clone)]
pub struct Arrangement {
    /// The whole.
    pub whole: Step,
    /// What a node waits for besides what its place says.
    pub gates: ByNode<Vec<Ix>>,
}

/// Arranges a graph without dependencies that others imply.
#[must_use]
pub fn arrange(graph: &Graph) -> Arrangement {
    let mut core = Core::new(graph);
    core.contract();
    let mut gates = ByNode::of(Vec::new(), graph.len());
    let left = core.left();
    let whole = core.split(left, MAX_DEPTH, &mut gates);
    gates.values_mut().for_each(|gate| gate.sort_unstable());
    Arrangement { whole, gates }
}

/// A part that is arranged already: seen from outside, one node.
#[derive(Debug)]
struct Block {
    step: Step,
    depth: usize,
    /// What of it runs first, and last.
    first: Vec<Ix>,
    last: Vec<Ix>,
    before: Vec<usize>,
    after: Vec<usize>,
}

/// The graph of blocks. Blocks stand in topological order; one that became part of another is gone.
struct Core {
    blocks: Vec<Option<Block>>,
}

impl Core {
    fn new(graph: &Graph) -> Self {
        let mut position = ByNode::of(0, graph.len());
        for (at, node) in graph.order.iter().enumerate() {
            position[*node] = at;
        }
        let sorted = |nodes: &[Ix]| {
            let mut places: Vec<usize> = nodes.iter().map(|node| position[*node]).collect();
            places.sort_unstable();
            places
        };
        let block = |node: &Ix| {
            Some(Block {
                step: Step::Node(*node),
                depth: 0,
                first: vec![*node],
                last: vec![*node],
                before: sorted(&graph.before[*node]),
                after: sorted(&graph.after[*node]),
            })
        };
        Self { blocks: graph.order.iter().map(block).collect() }
    }

    fn get(&self, at: usize) -> Option<&Block> {
        self.blocks.get(at)?.as_ref()
    }

    fn take(&mut self, at: usize) -> Option<Block> {
        self.blocks.get_mut(at)?.take()
    }

    fn left(&self) -> Vec<usize> {
        (0..self.blocks.len()).filter(|at| self.get(*at).is_some()).collect()
    }

    /// Until nothing changes. Each round makes blocks a level deeper, so there are few.
    fn contract(&mut self) {
        loop {
            let rows = self.rows();
            let together = self.together();
            if !rows && !together {
                return;
            }
        }
    }

    /// The only block after a block whose only block before it is that one.
    fn follower(&self, at: usize) -> Option<usize> {
        let [next] = self.get(at)?.after.as_slice() else { return None };
        let [_] = self.get(*next)?.before.as_slice() else { return None };
        Some(*next)
    }

    fn rows(&mut self) -> bool {
        let mut follows = vec![false; self.blocks.len()];
        let followers: Vec<Option<usize>> = (0..self.blocks.len()).map(|at| self.follower(at)).collect();
        for next in followers.iter().flatten() {
            if let Some(follows) = follows.get_mut(*next) {
                *follows = true;
            }
        }
        let mut changed = false;
        for start in 0..self.blocks.len() {
            let starts = follows.get(start) == Some(&false) && followers.get(start).is_some_and(Option::is_some);
            let Some(mut block) = (if starts { self.take(start) } else { None }) else { continue };
            let (mut at, mut end, mut steps) = (start, start, Vec::new());
            append(&mut steps, std::mem::replace(&mut block.step, Step::Row(Vec::new())));
            while let Some(next) = followers.get(at).copied().flatten() {
                let Some(following) = self.take(next) else { break };
                append(&mut steps, following.step);
                block.depth = block.depth.max(following.depth);
                block.last = following.last;
                block.after = following.after;
                (at, end) = (next, next);
            }
            for after in &block.after {
                if let Some(Some(after)) = self.blocks.get_mut(*after) {
                    replace(&mut after.before, end, start);
                }
            }
            block.step = Step::Row(steps);
            if let Some(place) = self.blocks.get_mut(start) {
                *place = Some(block);
            }
            changed = true;
        }
        changed
    }

    fn together(&mut self) -> bool {
        let mut alike: HashMap<(&[usize], &[usize]), Vec<usize>> = HashMap::new();
        for at in 0..self.blocks.len() {
            if let Some(block) = self.get(at)
                && block.depth < MAX_DEPTH
            {
                alike.entry((&block.before, &block.after)).or_default().push(at);
            }
        }
        let mut groups: Vec<Vec<usize>> = alike.into_values().filter(|group| group.len() > 1).collect();
        groups.sort_unstable();
        let mut gone = vec![false; self.blocks.len()];
        for group in &groups {
            let Some((start, rest)) = group.split_first() else { continue };
            let Some(mut block) = self.take(*start) else { continue };
            let mut steps = vec![std::mem::replace(&mut block.step, Step::Row(Vec::new()))];
            for at in rest {
                let Some(other) = self.take(*at) else { continue };
                steps.push(other.step);
                block.depth = block.depth.max(other.depth);
                block.first.extend(other.first);
                block.last.extend(other.last);
                if let Some(gone) = gone.get_mut(*at) {
                    *gone = true;
                }
            }
            block.depth += 1;
            block.step = Step::Together(steps);
            if let Some(place) = self.blocks.get_mut(*start) {
                *place = Some(block);
            }
        }
        if !groups.is_empty() {
            let stays = |at: &usize| gone.get(*at) == Some(&false);
            for block in self.blocks.iter_mut().flatten() {
                block.before.retain(stays);
                block.after.retain(stays);
            }
        }
        !groups.is_empty()
    }

    /// Arranges some blocks, given in topological order.
    fn split(&mut self, blocks: Vec<usize>, depth: usize, gates: &mut ByNode<Vec<Ix>>) -> Step {
        let part = Part::new(self, &blocks);
        if let [only] = blocks.as_slice() {
            return self.take(*only).map_or(Step::Row(Vec::new()), |block| block.step);
        }
        let pieces = part.pieces();
        if pieces.len() > 1 && depth > 0 {
            let steps = pieces.into_iter().map(|piece| self.split(pick(&blocks, &piece), depth - 1, gates));
            return Step::Together(steps.collect());
        }
        let cuts = if pieces.len() > 1 { Vec::new() } else { part.cuts() };
        if cuts.is_empty() {
            return self.chains(&blocks, &part, gates);
        }
        let mut steps = Vec::new();
        let mut start = 0;
        for end in cuts.into_iter().chain([blocks.len()]) {
            let piece = blocks.get(start..end).unwrap_or_default().to_vec();
            append(&mut steps, self.split(piece, depth, gates));
            start = end;
        }
        Step::Row(steps)
    }

    /// Covers blocks with chains side by side.
    fn chains(&mut self, blocks: &[usize], part: &Part, gates: &mut ByNode<Vec<Ix>>) -> Step {
        let count = blocks.len();
        let mut level = vec![0_usize; count];
        let mut chain_of: Vec<usize> = Vec::with_capacity(count);
        let mut chains: Vec<Vec<usize>> = Vec::new();
        for (at, before) in part.before.iter().enumerate() {
            let of = |one: usize| level.get(one).copied().unwrap_or(0);
            let deepest = before.iter().map(|one| of(*one) + 1).max().unwrap_or(0);
            // After the one that ends last, so that little is left to wait for.
            let ends = |one: &usize| chain_of.get(*one).and_then(|chain| chains.get(*chain)?.last()) == Some(one);
            let onto = before.iter().copied().filter(ends).max_by_key(|one| (of(*one), std::cmp::Reverse(*one)));
            let chain = onto.and_then(|onto| chain_of.get(onto).copied()).unwrap_or(chains.len());
            match chains.get_mut(chain) {
                Some(chain) => chain.push(at),
                None => chains.push(vec![at]),
            }
            chain_of.push(chain);
            if let Some(level) = level.get_mut(at) {
                *level = deepest;
            }
            for one in before.iter().filter(|one| Some(**one) != onto) {
                let (Some(gate), Some(waits)) = (self.global(blocks, *one), self.global(blocks, at)) else { continue };
                for node in &waits.first {
                    gates[*node].extend(&gate.last);
                }
            }
        }
        let mut together = Vec::with_capacity(chains.len());
        for chain in chains {
            let mut steps = Vec::new();
            for at in chain {
                if let Some(block) = blocks.get(at).and_then(|at| self.take(*at)) {
                    append(&mut steps, block.step);
                }
            }
            together.push(row(steps));
        }
        Step::Together(together)
    }

    fn global(&self, blocks: &[usize], local: usize) -> Option<&Block> {
        blocks.get(local).and_then(|at| self.get(*at))
    }
}

/// The edges among some blocks, by their places in the list of blocks.
struct Part {
    before: Vec<Vec<usize>>,
    after: Vec<Vec<usize>>,
}

impl Part {
    fn new(core: &Core, blocks: &[usize]) -> Self {
        let local: HashMap<usize, usize> = blocks.iter().enumerate().map(|(local, at)| (*at, local)).collect();
        let among = |edges: fn(&Block) -> &[usize]| {
            let of = |at: &usize| core.get(*at).map_or(&[][..], edges);
            blocks.iter().map(|at| of(at).iter().filter_map(|one| local.get(one).copied()).collect()).collect()
        };
        Self { before: among(|block| &block.before), after: among(|block| &block.after) }
    }

    fn before(&self, at: usize) -> &[usize] {
        self.before.get(at).map_or(&[], Vec::as_slice)
    }

    fn after(&self, at: usize) -> &[usize] {
        self.after.get(at).map_or(&[], Vec::as_slice)
    }

    /// Groups that no edge connects.
    fn pieces(&self) -> Vec<Vec<usize>> {
        let mut piece_of: Vec<Option<usize>> = vec![None; self.before.len()];
        let mut pieces = 0;
        for start in 0..self.before.len() {
            if piece_of.get(start).copied().flatten().is_some() {
                continue;
            }
            let mut next = vec![start];
            while let Some(at) = next.pop() {
                if let Some(piece @ None) = piece_of.get_mut(at) {
                    *piece = Some(pieces);
                    next.extend(self.before(at));
                    next.extend(self.after(at));
                }
            }
            pieces += 1;
        }
        let mut members = vec![Vec::new(); pieces];
        for (at, piece) in piece_of.into_iter().enumerate() {
            if let Some(members) = piece.and_then(|piece| members.get_mut(piece)) {
                members.push(at);
            }
        }
        members
    }

    /// Where everything before comes before everything after. Topological order keeps such parts together.
    fn cuts(&self) -> Vec<usize> {
        let count = self.before.len();
        let nearest: Vec<usize> = self.after.iter().map(|after| after.iter().copied().min().unwrap_or(count)).collect();
        let farthest: Vec<usize> =
            self.before.iter().map(|before| before.iter().map(|at| at + 1).max().unwrap_or(0)).collect();
        // How many blocks end what lies before each place, and begin what lies after it.
        let (mut ends, mut begins) = (vec![0_isize; count + 2], vec![0_isize; count + 2]);
        let mark = |marks: &mut Vec<isize>, from: usize, to: usize| {
            if let Some(place) = marks.get_mut(from) {
                *place += 1;
            }
            if let Some(place) = marks.get_mut(to) {
                *place -= 1;
            }
        };
        for (at, nearest) in nearest.iter().enumerate() {
            mark(&mut ends, at + 1, nearest + 1);
        }
        for (at, farthest) in farthest.iter().enumerate() {
            mark(&mut begins, *farthest, at + 1);
        }
        let (mut ending, mut beginning, mut cuts) = (0, 0, Vec::new());
        for cut in 0..count {
            ending += ends.get(cut).copied().unwrap_or(0);
            beginning += begins.get(cut).copied().unwrap_or(0);
            if cut == 0 || usize::try_from(ending).ok() != Some(self.before(cut).len()) {
                continue;
            }
            let begins = |at: &usize| farthest.get(*at).is_some_and(|farthest| *farthest <= cut);
            let whole = |at: &usize| {
                let after = self.after(*at);
                usize::try_from(beginning).ok() == Some(after.len())
                    && nearest.get(*at).is_some_and(|nearest| *nearest >= cut)
                    && after.iter().all(begins)
            };
            if self.before(cut).iter().all(whole) {
                cuts.push(cut);
            }
        }
        cuts
    }
}

fn pick(blocks: &[usize], places: &[usize]) -> Vec<usize> {
    places.iter().filter_map(|place| blocks.get(*place).copied()).collect()
}

/// Adds a step to a row; rows in rows are one row.
fn append(row: &mut Vec<Step>, step: Step) {
    match step {
        Step::Row(steps) => row.extend(steps),
        step => row.push(step),
    }
}

/// A row, or what it consists of where that is one step.
fn row(mut steps: Vec<Step>) -> Step {
    match steps.pop() {
        Some(only) if steps.is_empty() => only,
        Some(last) => {
            steps.push(last);
            Step::Row(steps)
        }
        None => Step::Row(steps),
    }
}

fn replace(list: &mut [usize], from: usize, to: usize) {
    if let Some(place) = list.iter_mut().find(|at| **at == from) {
        *place = to;
    }
    list.sort_unstable();
}
