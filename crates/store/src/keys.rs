//! The only place where keys are built.
//!
//! ```text
//! pk                                sk
//! T#<tenant>#RUNS                   <20 digits: u64::MAX - created_ms>#<run>    listing, newest first
//! T#<tenant>#RUN#<run>              RUN                                         the run
//!                                   EPIC                                        its epic
//!                                   ARTIFACT#<phase>#<kind>#<attempt>
//!                                   EVIDENCE#<id>
//!                                   GATE#<phase>#<attempt>
//! T#<tenant>#RUN#<run>#TASKS#<0-3>  TASK#<task>|<input>                         shard by task
//!                                   USAGE#<task>|<input>|<fence>                shard by task
//!                                   RESULT#<hash>                               shard by result
//! T#<tenant>#RUN#<run>#EVENTS       HEAD                                        number of the last event
//!                                   SEQ#<20 digits>                             one event
//! ```
//!
//! Ids of tenants, runs, phases and kinds hold no `#`, so the parts of a key cannot run into each other. Task ids may
//! hold `#` and `/`, so what follows them is set off by `|`, which they may not hold. Numbers are padded so that the
//! order of the text is the order of the numbers. `HEAD` sorts before `SEQ`, so that a deletion that runs in order
//! closes the journal before it empties it.

use maestro_domain::{ArtifactKind, ContentHash, Phase, RunId, TaskId, TenantId};
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
    if pk.starts_with(&tenant_prefix(tenant)) {
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
    let mut seen = std::collections::BTreeSet::new();
    for write in writes {
        let (table::Write::Put { key, .. } | table::Write::Delete { key }) = write;
        check_tenant(tenant, &key.pk)?;
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

/// Sort-key prefixes of the lists inside a run's partitions.
pub mod prefix {
    /// Artifacts of a run.
    pub const ARTIFACT: &str = "ARTIFACT#";
    /// Evidence of a run.
    pub const EVIDENCE: &str = "EVIDENCE#";
    /// Gates of a run.
    pub const GATE: &str = "GATE#";
    /// Tasks of a shard.
    pub const TASK: &str = "TASK#";
    /// Usage of a shard.
    pub const USAGE: &str = "USAGE#";
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

    /// A keyed task.
    #[must_use]
    pub fn task(&self, task: &TaskId, input: &ContentHash) -> Key {
        Key { pk: self.shard_of(task.as_str()), sk: format!("{}{task}|{input}", prefix::TASK) }
    }

    /// What one claim of a task used.
    #[must_use]
    pub fn usage(&self, task: &TaskId, input: &ContentHash, fence: u64) -> Key {
        Key { pk: self.shard_of(task.as_str()), sk: format!("{}{task}|{input}|{fence:020}", prefix::USAGE) }
    }

    /// A stored result.
    #[must_use]
    pub fn result(&self, hash: &ContentHash) -> Key {
        Key { pk: self.shard_of(hash.as_str()), sk: format!("RESULT#{hash}") }
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
