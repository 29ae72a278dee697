//! The only place where keys are built.
//!
//! ```text
//! pk                                sk
//! T#<tenant>#RUNS                   <20 digits: u64::MAX - created_ms>#<run>    listing, newest first
//! T#<tenant>#FLOWS                  <20 digits: u64::MAX - created_ms>#<run>    listing of runs of workflows, newest first
//! T#<tenant>#OPENFLOWS              <run>                                       a run of a workflow that a machine executes
//! T#<tenant>#DEADLETTERS            <message>                                   what belongs to nobody's run
//! T#<tenant>#JOBS                    <run>#<job>                                 a job that is open, or whose waiters were not told
//! T#<tenant>#BUCKETS                <model>                                     how fast a model may be asked, after a refusal
//! T#<tenant>#BUDGET                 ACCOUNT                                     what the tenant's runs may spend
//!                                   GRANT#<20 digits>                           a grant to it
//! T#<tenant>#RUN#<run>              RUN                                         the run
//!                                   EPIC                                        its epic
//!                                   ACCOUNT                                     what the run may spend
//!                                   GRANT#<20 digits>                           a grant to it
//!                                   ARTIFACT#<phase>#<kind>#<attempt>
//!                                   EVIDENCE#<id>
//!                                   GATE#<phase>#<attempt>
//!                                   TOKENS#<call>                               tokens that wait for a call
//!                                   FLOW                                        the run, where it is one of a workflow
//!                                   CHILD#<run>                                 a run of a workflow that a node of this one started
//!                                   WORD#<node>#<hash of who>                   what a person said about a node
//!                                   ARRIVED#<20 digits>                         an event from outside
//!                                   RECOVERY#<20 digits>                        what a recovery did
//! T#<tenant>#RUN#<run>#TASKS#<0-3>  TASK#<task>|<input>                         shard by task
//!                                   TURN#<task>|<input>|<turn>                  shard by task
//!                                   ANSWER#<task>|<input>|<call>                shard by task
//!                                   CALL#<task>|<input>|<turn>                  shard by task
//!                                   JOB#<job>                                   shard by job
//!                                   RESULT#<hash>                               shard by result
//!                                   SPENT#<hash>                                shard by request
//! T#<tenant>#RUN#<run>#NODES#<0-3>  NODE#<10 digits>                            shard by number
//!                                   RELAY#<10 digits>                           shard by number
//!                                   ITEM#<node>#<item>                          an item of a map, 10 digits each; shard by node
//! T#<tenant>#RUN#<run>#EVENTS       HEAD                                        number of the last event
//!                                   SEQ#<20 digits>                             one event
//! ```
//!
//! Ids of tenants, runs, phases and kinds hold no `#`, so the parts of a key cannot run into each other. Task ids may
//! hold `#` and `/`, so what follows them is set off by `|`, which they may not hold. Numbers are padded so that the
//! order of the text is the order of the numbers. `HEAD` sorts before `SEQ`, so that a deletion that runs in order
//! closes the journal before it empties it.

use maestro_domain::{ArtifactKind, ContentHash, NodeKey, Phase, RunId, TaskId, TenantId};
use maestro_ports::table::{self, Key};

/// Partitions that the tasks of one run are spread over: one partition caps near a hundred transactions a second.
pub const SHARDS: u8 = 4;

fn tenant_prefix(tenant: &TenantId) -> String {
    format!("T#{tenant}#")
}

/// Refuses a partition of another tenant. Every `Table` adapter calls this before it does anything.
///
/// # Errors
/// [`table::Error::Tenant`] when the partition belongs to somebody else.
pub fn check_tenant(tenant: &TenantId, pk: &str) -> Result<(), table::Error> {
    check_prefix(tenant, &tenant_prefix(tenant), pk)
}

fn check_prefix(tenant: &TenantId, prefix: &str, pk: &str) -> Result<(), table::Error> {
    if pk.starts_with(prefix) {
        Ok(())
    } else {
        Err(table::Error::Tenant { pk: pk.to_owned(), tenant: tenant.clone() })
    }
}

/// Refuses a transaction that no adapter could do alike: too many writes, or two of the same item. Every `Table`
/// adapter calls this before it does anything.
///
/// # Errors
/// [`table::Error::TooMany`], [`table::Error::Tenant`], or [`table::Error::Io`] for an item that is written twice.
pub fn check_transaction(tenant: &TenantId, writes: &[table::Write]) -> Result<(), table::Error> {
    if writes.len() > table::MAX_TRANSACTION {
        return Err(table::Error::TooMany { count: writes.len() });
    }
    let prefix = tenant_prefix(tenant);
    let mut seen = std::collections::HashSet::with_capacity(writes.len());
    for write in writes {
        let (table::Write::Put { key, .. } | table::Write::Delete { key }) = write;
        check_prefix(tenant, &prefix, &key.pk)?;
        if !seen.insert(key) {
            return Err(table::Error::Io {
                action: "write one item twice in one transaction".to_owned(),
                source: format!("the item is `{}` / `{}`", key.pk, key.sk).into(),
            });
        }
    }
    Ok(())
}

/// The partition that lists a tenant's runs.
#[must_use]
pub fn listing_partition(tenant: &TenantId) -> String {
    format!("{}RUNS", tenant_prefix(tenant))
}

/// The listing entry of a run.
#[must_use]
pub fn listing(tenant: &TenantId, created_ms: u64, run: &RunId) -> Key {
    Key { pk: listing_partition(tenant), sk: format!("{:020}#{run}", u64::MAX - created_ms) }
}

/// The partition that lists a tenant's runs of workflows.
#[must_use]
pub fn flows_partition(tenant: &TenantId) -> String {
    format!("{}FLOWS", tenant_prefix(tenant))
}

/// The listing entry of a run of a workflow.
#[must_use]
pub fn flow_listing(tenant: &TenantId, created_ms: u64, run: &RunId) -> Key {
    Key { pk: flows_partition(tenant), sk: format!("{:020}#{run}", u64::MAX - created_ms) }
}

/// The partition of the runs of workflows that machines execute and that are not over.
#[must_use]
pub fn open_flows_partition(tenant: &TenantId) -> String {
    format!("{}OPENFLOWS", tenant_prefix(tenant))
}

/// A run of a workflow that a machine executes, while it is not over.
#[must_use]
pub fn open_flow(tenant: &TenantId, run: &RunId) -> Key {
    Key { pk: open_flows_partition(tenant), sk: run.to_string() }
}

/// The partition of the messages that belong to nobody's run.
#[must_use]
pub fn dead_letters_partition(tenant: &TenantId) -> String {
    format!("{}DEADLETTERS", tenant_prefix(tenant))
}

/// A message that belongs to nobody's run, by the id that its queue gave it.
#[must_use]
pub fn dead_letter(tenant: &TenantId, message: &str) -> Key {
    Key { pk: dead_letters_partition(tenant), sk: message.to_owned() }
}

/// How fast the functions of a tenant may ask a model.
#[must_use]
pub fn bucket(tenant: &TenantId, model: &str) -> Key {
    Key { pk: format!("{}BUCKETS", tenant_prefix(tenant)), sk: model.to_owned() }
}

/// The partition that lists a tenant's open jobs.
#[must_use]
pub fn open_jobs_partition(tenant: &TenantId) -> String {
    format!("{}JOBS", tenant_prefix(tenant))
}

/// How the entries of a run's open jobs begin.
#[must_use]
pub fn open_jobs_of(run: &RunId) -> String {
    format!("{run}#")
}

/// The entry of an open job.
#[must_use]
pub fn open_job(tenant: &TenantId, run: &RunId, job: &ContentHash) -> Key {
    Key { pk: open_jobs_partition(tenant), sk: format!("{}{job}", open_jobs_of(run)) }
}

/// The tenant's account.
#[must_use]
pub fn tenant_account(tenant: &TenantId) -> Key {
    tenant_budget(tenant, ACCOUNT.to_owned())
}

/// A grant to the tenant.
#[must_use]
pub fn tenant_grant(tenant: &TenantId, number: u64) -> Key {
    tenant_budget(tenant, format!("{}{number:020}", prefix::GRANT))
}

fn tenant_budget(tenant: &TenantId, sk: String) -> Key {
    Key { pk: format!("{}BUDGET", tenant_prefix(tenant)), sk }
}

const ACCOUNT: &str = "ACCOUNT";

/// Sort-key prefixes of the lists inside a run's partitions.
pub mod prefix {
    /// Events from outside that came for a run of a workflow.
    pub const ARRIVED: &str = "ARRIVED#";
    /// Artifacts of a run.
    pub const ARTIFACT: &str = "ARTIFACT#";
    /// Calls of models of a shard.
    pub const CALL: &str = "CALL#";
    /// Runs of workflows that nodes of a run started.
    pub const CHILD: &str = "CHILD#";
    /// Evidence of a run.
    pub const EVIDENCE: &str = "EVIDENCE#";
    /// Gates of a run.
    pub const GATE: &str = "GATE#";
    /// Grants to a run or a tenant.
    pub const GRANT: &str = "GRANT#";
    /// Nodes of a shard.
    pub const NODE: &str = "NODE#";
    /// Relays of a shard.
    pub const RELAY: &str = "RELAY#";
    /// What recoveries of a run did.
    pub const RECOVERY: &str = "RECOVERY#";
    /// Tasks of a shard.
    pub const TASK: &str = "TASK#";
    /// What calls of functions used, of a shard.
    pub const SPENT: &str = "SPENT#";
    /// Turns of tasks of a shard.
    pub const TURN: &str = "TURN#";
    /// Events of a journal.
    pub const EVENT: &str = "SEQ#";
}

/// The keys of one run.
#[derive(Debug, Clone, Copy)]
pub struct RunKeys<'a> {
    tenant: &'a TenantId,
    run: &'a RunId,
}

impl<'a> RunKeys<'a> {
    /// The keys of a run of a tenant.
    #[must_use]
    pub fn new(tenant: &'a TenantId, run: &'a RunId) -> Self {
        Self { tenant, run }
    }

    /// The partition of the run itself.
    #[must_use]
    pub fn partition(&self) -> String {
        format!("{}RUN#{}", tenant_prefix(self.tenant), self.run)
    }

    /// The partition of one shard of tasks.
    #[must_use]
    pub fn shard(&self, shard: u8) -> String {
        format!("{}#TASKS#{shard}", self.partition())
    }

    /// All shards of tasks.
    pub fn shards(&self) -> impl Iterator<Item = String> {
        (0..SHARDS).map(|shard| self.shard(shard))
    }

    /// The partition of one shard of a workflow's nodes.
    #[must_use]
    pub fn node_shard(&self, shard: u8) -> String {
        format!("{}#NODES#{shard}", self.partition())
    }

    /// All shards of a workflow's nodes.
    pub fn node_shards(&self) -> impl Iterator<Item = String> {
        (0..SHARDS).map(|shard| self.node_shard(shard))
    }

    /// The partition of the journal.
    #[must_use]
    pub fn journal(&self) -> String {
        format!("{}#EVENTS", self.partition())
    }

    /// The run's own row.
    #[must_use]
    pub fn run(&self) -> Key {
        self.own("RUN".to_owned())
    }

    /// The run's own row, where it is one of a workflow.
    #[must_use]
    pub fn flow(&self) -> Key {
        self.own("FLOW".to_owned())
    }

    /// A run of a workflow that a node of this one started.
    #[must_use]
    pub fn child(&self, run: &RunId) -> Key {
        self.own(format!("{}{run}", prefix::CHILD))
    }

    /// A node or a relay of a workflow.
    #[must_use]
    pub fn node(&self, node: NodeKey) -> Key {
        node_in(node, |shard| self.node_shard(shard))
    }

    /// The same of many, whose partitions are put together once.
    pub fn nodes(self) -> impl Fn(NodeKey) -> Key + use<'a> {
        let shards: Vec<String> = self.node_shards().collect();
        let pk = move |shard: u8| shards.get(usize::from(shard)).cloned().unwrap_or_else(|| self.node_shard(shard));
        move |node| node_in(node, &pk)
    }

    /// An item of a map.
    #[must_use]
    pub fn item(&self, node: u32, item: u32) -> Key {
        Key { pk: self.node_shard(shard_of_number(node)), sk: format!("{}{item:010}", Self::items(node)) }
    }

    /// How the items of a map begin.
    #[must_use]
    pub fn items(node: u32) -> String {
        format!("ITEM#{node:010}#")
    }

    /// What a person said about a node.
    #[must_use]
    pub fn word(&self, node: u32, who: &str) -> Key {
        self.own(format!("{}{}", Self::words(node), ContentHash::of(who.as_bytes())))
    }

    /// How what people said about a node begins.
    #[must_use]
    pub fn words(node: u32) -> String {
        format!("WORD#{node:010}#")
    }

    /// One entry of a list that only grows.
    #[must_use]
    pub fn entry(&self, prefix: &str, number: u64) -> Key {
        self.own(format!("{prefix}{number:020}"))
    }

    /// The row of its epic.
    #[must_use]
    pub fn epic(&self) -> Key {
        self.own("EPIC".to_owned())
    }

    /// An artifact of one attempt of a phase. The kind names the persona: each kind has one author.
    #[must_use]
    pub fn artifact(&self, phase: Phase, kind: ArtifactKind, attempt: u32) -> Key {
        self.own(format!("{}{phase}#{kind}#{attempt:010}", prefix::ARTIFACT))
    }

    /// One piece of evidence.
    #[must_use]
    pub fn evidence(&self, id: &ContentHash) -> Key {
        self.own(format!("{}{id}", prefix::EVIDENCE))
    }

    /// The verdict of one attempt of a phase.
    #[must_use]
    pub fn gate(&self, phase: Phase, attempt: u32) -> Key {
        self.own(format!("{}{phase}#{attempt:010}", prefix::GATE))
    }

    /// The tokens that wait for a call, by the hash of what is asked for.
    #[must_use]
    pub fn tokens(&self, call: &ContentHash) -> Key {
        self.own(format!("TOKENS#{call}"))
    }

    /// A keyed task.
    #[must_use]
    pub fn task(&self, task: &TaskId, input: &ContentHash) -> Key {
        Key { pk: self.shard_of(task.as_str()), sk: format!("{}{task}|{input}", prefix::TASK) }
    }

    /// One turn of a task that was paid for.
    #[must_use]
    pub fn turn(&self, task: &TaskId, input: &ContentHash, turn: u32) -> Key {
        Key { pk: self.shard_of(task.as_str()), sk: format!("{}{turn:010}", Self::turns(task, input)) }
    }

    /// What is held for one call of a model, and what it used.
    #[must_use]
    pub fn call(&self, task: &TaskId, input: &ContentHash, turn: u32) -> Key {
        Key { pk: self.shard_of(task.as_str()), sk: format!("{}{task}|{input}|{turn:010}", prefix::CALL) }
    }

    /// What a tool outside of the house answered to one call of a task.
    #[must_use]
    pub fn answer(&self, task: &TaskId, input: &ContentHash, call: &ContentHash) -> Key {
        Key { pk: self.shard_of(task.as_str()), sk: format!("ANSWER#{task}|{input}|{call}") }
    }

    /// The account of the run.
    #[must_use]
    pub fn account(&self) -> Key {
        self.own(ACCOUNT.to_owned())
    }

    /// A grant to the run.
    #[must_use]
    pub fn grant(&self, number: u64) -> Key {
        self.own(format!("{}{number:020}", prefix::GRANT))
    }

    /// How the turns of a task begin.
    #[must_use]
    pub fn turns(task: &TaskId, input: &ContentHash) -> String {
        format!("{}{task}|{input}|", prefix::TURN)
    }

    /// A job of the referee.
    #[must_use]
    pub fn job(&self, job: &ContentHash) -> Key {
        Key { pk: self.shard_of(job.as_str()), sk: format!("JOB#{job}") }
    }

    /// A stored result.
    #[must_use]
    pub fn result(&self, hash: &ContentHash) -> Key {
        Key { pk: self.shard_of(hash.as_str()), sk: format!("RESULT#{hash}") }
    }

    /// What one call of a function used, by the hash of its request.
    #[must_use]
    pub fn spent(&self, request: &ContentHash) -> Key {
        Key { pk: self.shard_of(request.as_str()), sk: format!("{}{request}", prefix::SPENT) }
    }

    /// The number of the journal's last event.
    #[must_use]
    pub fn journal_head(&self) -> Key {
        Key { pk: self.journal(), sk: "HEAD".to_owned() }
    }

    /// One event.
    #[must_use]
    pub fn event(&self, sequence: u64) -> Key {
        Key { pk: self.journal(), sk: format!("{}{sequence:020}", prefix::EVENT) }
    }

    fn own(&self, sk: String) -> Key {
        Key { pk: self.partition(), sk }
    }

    fn shard_of(&self, text: &str) -> String {
        // Part of a SHA-256 is even over the shards, and the same on every machine and in every version.
        let hash = ContentHash::of(text.as_bytes());
        let byte = hash.as_str().get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
        self.shard(byte % SHARDS)
    }
}

fn node_in(node: NodeKey, pk: impl FnOnce(u8) -> String) -> Key {
    let (prefix, number) = match node {
        NodeKey::Node(number) => (prefix::NODE, number),
        NodeKey::Relay(number) => (prefix::RELAY, number),
    };
    Key { pk: pk(shard_of_number(number)), sk: padded(prefix, number) }
}

/// A prefix and ten digits. By hand, since each row of a large graph has one and formatting with a width takes long.
fn padded(prefix: &str, number: u32) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(prefix.len() + 10);
    text.push_str(prefix);
    text.extend(std::iter::repeat_n('0', 10_usize.saturating_sub(digits.len())));
    text.push_str(&digits);
    text
}

/// Neighbours in different shards: they run at the same time.
#[expect(clippy::cast_possible_truncation, reason = "it is less than the number of shards")]
const fn shard_of_number(number: u32) -> u8 {
    (number % SHARDS as u32) as u8
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Ids that try to look like parts of keys.
    fn tenant() -> impl Strategy<Value = TenantId> {
        "(RUN|RUNS|T|a|a\\.|-|[a-zA-Z0-9._-]{1,12})".prop_map(|text| TenantId::new(text).unwrap())
    }

    fn run() -> impl Strategy<Value = RunId> {
        "run-(1|10|RUN|TASKS|EVENTS|[a-zA-Z0-9._-]{1,12})".prop_map(|text| RunId::new(text).unwrap())
    }

    fn task() -> impl Strategy<Value = TaskId> {
        "(a|a#|#|a/b|TASK#a|[a-zA-Z0-9._/#-]{1,12})".prop_map(|text| TaskId::new(text).unwrap())
    }

    fn hash() -> impl Strategy<Value = ContentHash> {
        (0..4_u8).prop_map(|n| ContentHash::of(&[n]))
    }

    /// Small and huge numbers.
    fn number() -> impl Strategy<Value = u64> {
        prop_oneof![0..12_u64, any::<u64>(), Just(u64::MAX)]
    }

    /// What a key is for. Different values must have different keys.
    #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
    enum Row {
        Listing(u64),
        Run,
        Epic,
        Artifact(Phase, ArtifactKind, u32),
        Evidence(ContentHash),
        Gate(Phase, u32),
        Task(TaskId, ContentHash),
        Turn(TaskId, ContentHash, u32),
        Call(TaskId, ContentHash, u32),
        Answer(TaskId, ContentHash, ContentHash),
        Account,
        Grant(u64),
        Job(ContentHash),
        OpenJob(ContentHash),
        Result(ContentHash),
        Spent(ContentHash),
        Head,
        Event(u64),
        FlowListing(u64),
        OpenFlow,
        Flow,
        Child(RunId),
        Node(NodeKey),
        Item(u32, u32),
        Word(u32, String),
        Arrived(u64),
        Recovery(u64),
    }

    fn row() -> impl Strategy<Value = Row> {
        let phase = || prop::sample::select(Phase::ALL.to_vec());
        let attempt = || number().prop_map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        let kind = prop::sample::select(ArtifactKind::ALL.to_vec());
        prop_oneof![
            number().prop_map(Row::Listing),
            Just(Row::Run),
            Just(Row::Epic),
            (phase(), kind, attempt()).prop_map(|(phase, kind, n)| Row::Artifact(phase, kind, n)),
            hash().prop_map(Row::Evidence),
            (phase(), attempt()).prop_map(|(phase, n)| Row::Gate(phase, n)),
            (task(), hash()).prop_map(|(task, input)| Row::Task(task, input)),
            (task(), hash(), attempt()).prop_map(|(task, input, n)| Row::Turn(task, input, n)),
            (task(), hash(), attempt()).prop_map(|(task, input, n)| Row::Call(task, input, n)),
            (task(), hash(), hash()).prop_map(|(task, input, call)| Row::Answer(task, input, call)),
            Just(Row::Account),
            number().prop_map(Row::Grant),
            hash().prop_map(Row::Job),
            hash().prop_map(Row::OpenJob),
            hash().prop_map(Row::Result),
            hash().prop_map(Row::Spent),
            Just(Row::Head),
            number().prop_map(Row::Event),
            number().prop_map(Row::FlowListing),
            Just(Row::OpenFlow),
            Just(Row::Flow),
            run().prop_map(Row::Child),
            attempt().prop_map(|n| Row::Node(NodeKey::Node(n))),
            attempt().prop_map(|n| Row::Node(NodeKey::Relay(n))),
            (attempt(), attempt()).prop_map(|(node, item)| Row::Item(node, item)),
            (attempt(), "(ann|bob#1|#)").prop_map(|(node, who)| Row::Word(node, who)),
            number().prop_map(Row::Arrived),
            number().prop_map(Row::Recovery),
        ]
    }

    fn key(tenant: &TenantId, run: &RunId, row: &Row) -> Key {
        let keys = RunKeys::new(tenant, run);
        match row {
            Row::Listing(created) => listing(tenant, *created, run),
            Row::Run => keys.run(),
            Row::Epic => keys.epic(),
            Row::Artifact(phase, kind, attempt) => keys.artifact(*phase, *kind, *attempt),
            Row::Evidence(id) => keys.evidence(id),
            Row::Gate(phase, attempt) => keys.gate(*phase, *attempt),
            Row::Task(task, input) => keys.task(task, input),
            Row::Turn(task, input, turn) => keys.turn(task, input, *turn),
            Row::Call(task, input, turn) => keys.call(task, input, *turn),
            Row::Answer(task, input, call) => keys.answer(task, input, call),
            Row::Account => keys.account(),
            Row::Grant(number) => keys.grant(*number),
            Row::Job(job) => keys.job(job),
            Row::OpenJob(job) => open_job(tenant, run, job),
            Row::Result(hash) => keys.result(hash),
            Row::Spent(hash) => keys.spent(hash),
            Row::Head => keys.journal_head(),
            Row::Event(sequence) => keys.event(*sequence),
            Row::FlowListing(created) => flow_listing(tenant, *created, run),
            Row::OpenFlow => open_flow(tenant, run),
            Row::Flow => keys.flow(),
            Row::Child(child) => keys.child(child),
            Row::Node(node) => keys.node(*node),
            Row::Item(node, item) => keys.item(*node, *item),
            Row::Word(node, who) => keys.word(*node, who),
            Row::Arrived(number) => keys.entry(prefix::ARRIVED, *number),
            Row::Recovery(number) => keys.entry(prefix::RECOVERY, *number),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn different_rows_have_different_keys(rows in prop::collection::vec((tenant(), run(), row()), 2..40)) {
            let mut seen = BTreeMap::new();
            for (tenant, run, row) in rows {
                let key = key(&tenant, &run, &row);
                let row = (tenant, run, row);
                if let Some(other) = seen.insert(key.clone(), row.clone()) {
                    assert_eq!(other, row, "both have {key:?}");
                }
            }
        }

        #[test]
        fn a_key_belongs_to_its_tenant_alone(owner in tenant(), other in tenant(), run in run(), row in row()) {
            let key = key(&owner, &run, &row);
            assert!(check_tenant(&owner, &key.pk).is_ok());
            assert_eq!(check_tenant(&other, &key.pk).is_ok(), owner == other, "`{}` and `{other}`", key.pk);
        }

        #[test]
        fn lists_hold_their_own_rows_alone(run in run(), rows in prop::collection::vec(row(), 1..30)) {
            let owner = TenantId::local();
            for row in rows {
                let key = key(&owner, &run, &row);
                let in_list = |prefix: &str| key.sk.starts_with(prefix);
                assert_eq!(in_list(prefix::ARTIFACT), matches!(row, Row::Artifact(..)));
                assert_eq!(in_list(prefix::EVIDENCE), matches!(row, Row::Evidence(_)));
                assert_eq!(in_list(prefix::GATE), matches!(row, Row::Gate(..)));
                assert_eq!(in_list(prefix::CALL), matches!(row, Row::Call(..)));
                assert_eq!(in_list(prefix::CHILD), matches!(row, Row::Child(_)));
                assert_eq!(in_list(prefix::GRANT), matches!(row, Row::Grant(_)));
                assert_eq!(in_list(prefix::SPENT), matches!(row, Row::Spent(_)));
                assert_eq!(in_list(prefix::TASK), matches!(row, Row::Task(..)));
                assert_eq!(in_list(prefix::ARRIVED), matches!(row, Row::Arrived(_)));
                assert_eq!(in_list(prefix::NODE), matches!(row, Row::Node(NodeKey::Node(_))));
                assert_eq!(in_list(prefix::RELAY), matches!(row, Row::Node(NodeKey::Relay(_))));
                assert_eq!(in_list(prefix::RECOVERY), matches!(row, Row::Recovery(_)));
                assert_eq!(in_list(prefix::TURN), matches!(row, Row::Turn(..)));
                assert_eq!(key.pk == open_jobs_partition(&owner), matches!(row, Row::OpenJob(_)));
                assert_eq!(in_list(prefix::EVENT), matches!(row, Row::Event(_)));
                assert_eq!(key.pk == flows_partition(&owner), matches!(row, Row::FlowListing(_)));
                assert_eq!(key.pk == open_flows_partition(&owner), matches!(row, Row::OpenFlow));
                let listed = key.pk == listing_partition(&owner);
                assert_eq!(listed, matches!(row, Row::Listing(_)));
            }
        }

        #[test]
        fn numbers_sort_as_numbers(a in number(), b in number(), run in run()) {
            let owner = TenantId::local();
            let keys = RunKeys::new(&owner, &run);
            assert_eq!(keys.event(a).sk.cmp(&keys.event(b).sk), a.cmp(&b));
            assert_eq!(listing(&owner, a, &run).sk.cmp(&listing(&owner, b, &run).sk), b.cmp(&a), "newest first");
        }
    }

    #[test]
    fn keys_read_like_the_table_above() {
        // Stored data depends on these texts: a change here needs a new layout.
        let (owner, run) = (TenantId::local(), RunId::new("run-1").unwrap());
        let (task, input) = (TaskId::new("design/gate").unwrap(), ContentHash::of(b"in"));
        let keys = RunKeys::new(&owner, &run);
        let told = |key: Key| format!("{} {}", key.pk, key.sk);
        for (key, text) in [
            (listing(&owner, 1_700_000_000_000, &run), "T#local#RUNS 18446742373709551615#run-1".to_owned()),
            (dead_letter(&owner, "m-1"), "T#local#DEADLETTERS m-1".to_owned()),
            (keys.run(), "T#local#RUN#run-1 RUN".to_owned()),
            (keys.epic(), "T#local#RUN#run-1 EPIC".to_owned()),
            (
                keys.artifact(Phase::Design, ArtifactKind::Screens, 2),
                "T#local#RUN#run-1 ARTIFACT#design#screens#0000000002".to_owned(),
            ),
            (keys.evidence(&input), format!("T#local#RUN#run-1 EVIDENCE#{input}")),
            (keys.gate(Phase::Design, 1), "T#local#RUN#run-1 GATE#design#0000000001".to_owned()),
            (keys.task(&task, &input), format!("T#local#RUN#run-1#TASKS#0 TASK#design/gate|{input}")),
            (
                keys.answer(&task, &input, &input),
                format!("T#local#RUN#run-1#TASKS#0 ANSWER#design/gate|{input}|{input}"),
            ),
            (keys.turn(&task, &input, 3), format!("T#local#RUN#run-1#TASKS#0 TURN#design/gate|{input}|0000000003")),
            (keys.call(&task, &input, 3), format!("T#local#RUN#run-1#TASKS#0 CALL#design/gate|{input}|0000000003")),
            (keys.account(), "T#local#RUN#run-1 ACCOUNT".to_owned()),
            (keys.grant(2), "T#local#RUN#run-1 GRANT#00000000000000000002".to_owned()),
            (tenant_account(&owner), "T#local#BUDGET ACCOUNT".to_owned()),
            (tenant_grant(&owner, 2), "T#local#BUDGET GRANT#00000000000000000002".to_owned()),
            (keys.job(&input), format!("T#local#RUN#run-1#TASKS#3 JOB#{input}")),
            (open_job(&owner, &run, &input), format!("T#local#JOBS run-1#{input}")),
            (keys.result(&input), format!("T#local#RUN#run-1#TASKS#3 RESULT#{input}")),
            (keys.spent(&input), format!("T#local#RUN#run-1#TASKS#3 SPENT#{input}")),
            (keys.journal_head(), "T#local#RUN#run-1#EVENTS HEAD".to_owned()),
            (keys.event(7), "T#local#RUN#run-1#EVENTS SEQ#00000000000000000007".to_owned()),
        ] {
            assert_eq!(told(key), text);
        }
    }
}
