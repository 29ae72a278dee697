//! W2: graphs of nodes that do nothing, or wait. The same lists of dependencies that the peers of this workload get (`layered`
//! and `diamond` of its harness), run as `maestro workflow run` runs a workflow: compiled, interpreted, every completion in
//! the store.

use crate::w1::{NoReferee, cpu};
use anyhow::{Context, Result, bail};
use maestro_domain::RunStatus;
use maestro_embedded::FlowHost;
use maestro_flows::lifecycle::{NewRun, new_id};
use maestro_ports::web::NoWeb;
use maestro_store::Home;
use nix::sys::statfs::{TMPFS_MAGIC, statfs};
use serde_json::{Map, json};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    io::{Write, stdout},
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

/// Layers of the layered graph.
const DEPTH: usize = 20;
/// Dependencies of each of its nodes.
const DEPENDENCIES: usize = 3;
const SEED: u32 = 7;

/// Nodes of a graph: what each depends on, and how long it takes in milliseconds.
struct Graph {
    name: &'static str,
    nodes: Vec<(Vec<usize>, u64)>,
    critical_path_ms: u64,
}

/// `layered` of the harness: each node has dependencies in earlier layers, at least one in the layer above.
fn layered(count: usize) -> Graph {
    let width = (count / DEPTH).max(1);
    let mut random = Twister::new(SEED);
    let node = |at: usize| {
        let layer = (at / width).min(DEPTH - 1);
        if layer == 0 {
            return (Vec::new(), 0);
        }
        let (low, high) = ((layer - 1) * width, layer * width);
        let mut of = BTreeSet::from([low + random.below(high - low)]);
        while of.len() < DEPENDENCIES.min(high) {
            of.insert(random.below(high));
        }
        (of.into_iter().collect(), 0)
    };
    Graph { name: "layered", nodes: (0..count).map(node).collect(), critical_path_ms: 0 }
}

/// `diamond` of the harness: a root, one node of 500 ms beside a chain of ten with 50 ms each, and a sink.
fn diamond() -> Graph {
    let mut nodes = vec![(vec![], 0), (vec![0], 500), (vec![0], 50)];
    nodes.extend((3..12).map(|at| (vec![at - 1], 50)));
    nodes.push((vec![1, 11], 0));
    Graph { name: "diamond", nodes, critical_path_ms: 500 }
}

impl Graph {
    fn text(&self) -> String {
        let mut text = format!("dag_id: {}\nnodes:\n", self.name);
        for (at, (before, takes)) in self.nodes.iter().enumerate() {
            let names: Vec<String> = before.iter().map(|one| format!("n{one}")).collect();
            let task = match takes {
                0 => "noop".to_owned(),
                takes => format!("wait, config: {{seconds: {}.{:03}}}", takes / 1_000, takes % 1_000),
            };
            // Writing to a string cannot fail.
            let _ = writeln!(text, "- {{node_id: n{at}, task_type: {task}, dependencies: [{}]}}", names.join(", "));
        }
        text
    }
}

/// Runs `layered` or `diamond` once and prints one JSON line. `wall_ms` and `cpu_ms` are those of the execution; reading,
/// checking and compiling the text before it are `prepare_wall_ms` and `prepare_cpu_ms`.
pub(crate) fn measure(count: Option<usize>, store: Option<&Path>) -> Result<()> {
    let graph = count.map_or_else(diamond, layered);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(one(graph, store))
}

async fn one(graph: Graph, store: Option<&Path>) -> Result<()> {
    let scratch = tempfile::tempdir()?;
    let dir = store.map_or_else(|| scratch.path().join("home"), Path::to_path_buf);
    fs::create_dir_all(&dir)?;
    let home = Home::open(&dir)?;
    let host = FlowHost::open(&home, Arc::new(NoReferee), Arc::new(NoWeb))?;
    let text = graph.text();
    // What the generator made is no part of what is measured.
    let Graph { name, nodes, critical_path_ms } = graph;
    let count = nodes.len();
    drop(nodes);
    let (begun, cpu_before) = (Instant::now(), cpu()?);
    let checked = maestro_workflow::check(&text);
    let workflow = checked.workflow.with_context(|| format!("the graph is refused: {:?}", checked.problems))?;
    let new = NewRun {
        id: new_id(),
        name: None,
        workflow,
        text,
        others: BTreeMap::new(),
        variables: Map::new(),
        models: None,
        parent: None,
        machine: None,
    };
    let run = host.create(new).await?;
    let (prepared, cpu_prepared) = (begun.elapsed(), cpu()?);
    let ended = host.execute(&run.id, true, None, Box::pin(std::future::pending())).await?;
    let (wall, used) = (begun.elapsed() - prepared, cpu()? - cpu_prepared);
    if ended.run.status != RunStatus::Ok {
        bail!("the run ended {}: {:?}", ended.run.status.id(), ended.run.reason);
    }
    let rows = host.store().nodes(&run.id).await?;
    let complete = rows
        .iter()
        .filter(|(key, stored)| matches!(key, maestro_domain::NodeKey::Node(_)) && stored.row.outcome().is_some());
    let complete = complete.count();
    if complete != count {
        bail!("{complete} of {count} nodes are complete in the store");
    }
    let ms = |duration: Duration| (duration.as_secs_f64() * 1e5).round() / 100.0;
    let nodes = u32::try_from(count)?;
    let line = json!({
        "workload": name,
        "n": nodes,
        "engine": "embedded",
        "fs": if statfs(&dir)?.filesystem_type() == TMPFS_MAGIC { "shm" } else { "disk" },
        "wall_ms": ms(wall),
        "cpu_ms": ms(used),
        "ms_per_node": (ms(wall) / f64::from(nodes) * 1e4).round() / 1e4,
        "rss_mib": crate::run::high_water_of("self").context("this process tells no high-water mark")?,
        "critical_path_ms": critical_path_ms,
        "transitions": ended.transitions,
        "calls": ended.transactions,
        "prepare_wall_ms": ms(prepared),
        "prepare_cpu_ms": ms(cpu_prepared - cpu_before),
        "run": run.id,
    });
    writeln!(stdout(), "{line}")?;
    Ok(())
}

/// The generator of Python's `random`, MT19937, seeded with a small number.
struct Twister {
    state: Vec<u32>,
    next: usize,
}

const STATE: usize = 624;
const MIDDLE: usize = 397;

impl Twister {
    fn new(seed: u32) -> Self {
        let mut state = vec![19_650_218_u32];
        for at in 1..STATE as u32 {
            let last = state.last().copied().unwrap_or_default();
            state.push((last ^ (last >> 30)).wrapping_mul(1_812_433_253).wrapping_add(at));
        }
        let mut twister = Self { state, next: STATE };
        // As `init_by_array` with a key of one number.
        let mut at = 1;
        for _ in 0..STATE {
            let last = twister.at(at - 1);
            twister.set(at, (twister.at(at) ^ (last ^ (last >> 30)).wrapping_mul(1_664_525)).wrapping_add(seed));
            at = twister.after(at);
        }
        for _ in 0..STATE - 1 {
            let last = twister.at(at - 1);
            let mixed = twister.at(at) ^ (last ^ (last >> 30)).wrapping_mul(1_566_083_941);
            twister.set(at, mixed.wrapping_sub(u32::try_from(at).unwrap_or_default()));
            at = twister.after(at);
        }
        twister.set(0, 0x8000_0000);
        twister
    }

    /// The place after one, the first of which takes over the last.
    fn after(&mut self, at: usize) -> usize {
        if at + 1 < STATE {
            return at + 1;
        }
        self.set(0, self.at(STATE - 1));
        1
    }

    fn at(&self, at: usize) -> u32 {
        self.state.get(at % STATE).copied().unwrap_or_default()
    }

    fn set(&mut self, at: usize, value: u32) {
        if let Some(place) = self.state.get_mut(at) {
            *place = value;
        }
    }

    fn number(&mut self) -> u32 {
        if self.next == STATE {
            for at in 0..STATE {
                let joined = (self.at(at) & 0x8000_0000) | (self.at(at + 1) & 0x7fff_ffff);
                let odd = if joined & 1 == 1 { 0x9908_b0df } else { 0 };
                self.set(at, self.at(at + MIDDLE) ^ (joined >> 1) ^ odd);
            }
            self.next = 0;
        }
        let mut number = self.at(self.next);
        self.next += 1;
        number ^= number >> 11;
        number ^= (number << 7) & 0x9d2c_5680;
        number ^= (number << 15) & 0xefc6_0000;
        number ^ (number >> 18)
    }

    /// As `randrange(bound)`: as many bits as the bound has, until they are below it.
    fn below(&mut self, bound: usize) -> usize {
        let bits = usize::BITS - bound.leading_zeros();
        loop {
            let number = (self.number() >> (u32::BITS - bits.min(u32::BITS))) as usize;
            if number < bound {
                return number;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::ContentHash;

    #[test]
    fn dependencies_are_those_of_the_peers() {
        for (count, hash) in [(100, "8a6431b478c8b3ba"), (1_000, "ea85bc3478407115"), (10_000, "8806238b0cebede9")] {
            let nodes: Vec<Vec<usize>> = layered(count).nodes.into_iter().map(|(before, _)| before).collect();
            let found = ContentHash::of(serde_json::to_string(&nodes).unwrap().as_bytes());
            assert!(found.as_str().starts_with(hash), "{count}: {}", found.as_str());
        }
    }

    #[test]
    fn the_diamond_is_that_of_the_peers() {
        let nodes = diamond().nodes;
        assert_eq!(nodes.len(), 13);
        assert_eq!((&nodes[12].0, nodes[1].1), (&vec![1, 11], 500));
        assert!(maestro_workflow::check(&diamond().text()).problems.is_empty());
    }
}
