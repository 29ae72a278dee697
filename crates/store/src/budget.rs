//! The ledger: accounts of runs and tenants, grants, and what is held for each call of a model.
//!
//! A reservation and a settlement change the run's account, the tenant's account and the call's row in one transaction, on
//! condition that none of them changed since it was read. However many branches and processes spend at once, none of them
//! sees money that another has reserved.

use crate::{
    Error, Store,
    codec::{PAGE, inline, inline_text, lost_race, parse, to_text, unchanged},
    keys::{self, prefix},
    known::{Known, worth_knowing},
};
use maestro_domain::{
    Account, Amount, ContentHash, Grant, Limit, RunId, TaskId,
    budget::{Exhausted, Hold, Owner},
};
use maestro_ports::{
    model::{Turn, Usage},
    table::{Condition, Durability, Key, Write},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

/// One call of a model: which turn of which task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// The task.
    pub task: TaskId,
    /// What it works from.
    pub input: ContentHash,
    /// Number of the turn, from 1.
    pub turn: u32,
    /// Whether a gate sent the work back.
    pub rework: bool,
}

impl Call {
    fn row(&self, model: String, usage: Usage, hold: Hold) -> CallRow {
        CallRow { task: self.task.clone(), turn: self.turn, rework: self.rework, model, usage, hold }
    }
}

/// What was reserved for a call; give it back to [`Store::settle`] or [`Store::charge`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Held {
    number: u32,
    worst: Amount,
}

/// What one turn of a task used.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallRow {
    /// The task.
    pub task: TaskId,
    /// Number of the turn, from 1.
    pub turn: u32,
    /// Whether a gate had sent the work back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rework: bool,
    /// Who was asked.
    pub model: String,
    /// What its tries used whose end is known.
    pub usage: Usage,
    /// What is and was held for it.
    pub hold: Hold,
}

/// Why nothing was reserved.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// The budget does not cover it.
    #[error(transparent)]
    Exhausted(#[from] Exhausted),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
struct AccountRow {
    account: Account,
    grants: u64,
}

/// A row as it was read, and what must still hold when it is replaced.
struct Read<T> {
    key: Key,
    value: Option<T>,
    condition: Condition,
}

impl<T> Read<T> {
    fn absent(key: Key) -> Self {
        Self { key, value: None, condition: Condition::Absent }
    }
}

impl<T: DeserializeOwned> Read<T> {
    fn of(key: Key, text: &str) -> Result<Self, Error> {
        let value = parse(&key, text)?;
        Ok(Self { condition: unchanged(text), value: Some(value), key })
    }
}

impl<T: Serialize> Read<T> {
    fn put(self, what: &'static str, value: &T) -> Result<Write, Error> {
        Ok(Write::Put { key: self.key, item: inline(to_text(what, value)?), condition: self.condition })
    }
}

impl Store {
    /// The account of a new run and its first grant. A run without an account can spend nothing.
    pub(crate) fn opening(&self, run: &RunId, grant: &Grant) -> Result<[Write; 2], Error> {
        let row = AccountRow { account: Account::new(grant.amount), grants: 1 };
        let account = Read { key: self.keys(run).account(), value: None, condition: Condition::None };
        let first = Read { key: self.grant_key(Some(run), row.grants), value: None, condition: Condition::None };
        Ok([account.put("an account", &row)?, first.put("a grant", grant)?])
    }

    /// Grants more to a run, or to the tenant where none is named. A tenant without grants has no limit. It survives a loss
    /// of power.
    ///
    /// # Errors
    /// [`Error::NoRun`], or a failure of the store.
    pub async fn grant(&self, run: Option<&RunId>, grant: &Grant) -> Result<Account, Error> {
        if let Some(run) = run {
            match self.run(run).await {
                Err(Error::NoRun { .. }) => drop(self.flow(run).await?),
                found => drop(found?),
            }
        }
        let mut known = self.ledger.lock().await;
        self.barrier().await?;
        for _ in 0..crate::ATTEMPTS {
            let read = self.read_account(run, &known).await?;
            let row = read.value.unwrap_or_default();
            let row = AccountRow { account: row.account.grant(grant.amount), grants: row.grants + 1 };
            let key = self.grant_key(run, row.grants);
            let writes = vec![
                read.put("an account", &row)?,
                Write::Put { key, item: inline(to_text("a grant", grant)?), condition: Condition::Absent },
            ];
            match self.write_known(writes, Durability::Power, &mut known).await {
                Err(error) if lost_race(&error) => {}
                other => return other.map(|()| row.account),
            }
        }
        Err(Error::Contended { action: "grant a budget".to_owned() })
    }

    /// The account of a run, or of the tenant where none is named; `None` where nothing was granted or spent yet.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn account(&self, run: Option<&RunId>) -> Result<Option<Account>, Error> {
        Ok(self.read_account(run, &Known::default()).await?.value.map(|row| row.account))
    }

    /// All grants to a run, or to the tenant where none is named, oldest first.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn grants(&self, run: Option<&RunId>) -> Result<Vec<Grant>, Error> {
        let pk = self.grant_key(run, 0).pk;
        let (mut grants, mut after) = (Vec::new(), None);
        loop {
            let page = self.page(&pk, prefix::GRANT, after.as_deref(), PAGE).await?;
            for (key, item) in &page.items {
                grants.push(parse(key, inline_text(key, item)?)?);
            }
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(grants),
            }
        }
    }

    /// Reserves the worst case of a call before it is made. A reservation for the same call that is still open was made by
    /// somebody who is gone: it may have been billed and counts as spent, unless it was noted that the call waits.
    ///
    /// # Errors
    /// [`Refused::Exhausted`] when the run's or the tenant's budget does not cover it; then nothing is reserved.
    pub async fn reserve(&self, run: &RunId, call: &Call, model: &str, worst: Amount) -> Result<Held, Refused> {
        if self.paid.unsafe_yet() {
            // Whoever begins with this call comes as far as here first, so that one flush is enough for all of them.
            tokio::task::yield_now().await;
        }
        let mut known = self.ledger.lock().await;
        for attempt in 0..crate::ATTEMPTS {
            // At first a call is taken for a new one, and accounts for what this process left them at.
            let guess = attempt == 0;
            let row = match self.known_call(run, call, &known)? {
                Some(row) => row,
                None if guess => Read::absent(self.call_key(run, call)),
                None => self.read_row(self.call_key(run, call)).await?,
            };
            let (before, usage) =
                row.value.as_ref().map_or_else(Default::default, |row: &CallRow| (row.hold, row.usage));
            let (ended, gone) = before.abandoned();
            let hold = ended.again(worst);
            let mut refused = None;
            let writes = self.accounts(run, &known, |owner, account| {
                let account = account.settle(gone.held, gone.spent);
                account.reserve(owner, worst).unwrap_or_else(|exhausted| {
                    refused.get_or_insert(exhausted);
                    account
                })
            });
            let mut writes = writes.await?;
            match refused {
                // Somebody may have granted more.
                Some(_) if guess => {
                    known.forget();
                    continue;
                }
                Some(exhausted) => return Err(exhausted.into()),
                None => {}
            }
            writes.push(row.put("a call", &call.row(model.to_owned(), usage, hold))?);
            let durability = self.barrier().await?;
            match self.write_known(writes, durability, &mut known).await {
                Err(error) if lost_race(&error) => {}
                Err(error) => return Err(error.into()),
                Ok(()) => return Ok(Held { number: hold.number, worst }),
            }
        }
        Err(Error::Contended { action: format!("reserve a call of the task `{}`", call.task) }.into())
    }

    /// Notes that a reserved call waits and nothing of it was sent that is still to be answered, or that it goes out now.
    ///
    /// # Errors
    /// As [`Store::settle`]; then the call may not go out.
    pub async fn note_wait(&self, run: &RunId, call: &Call, held: Held, waits: bool) -> Result<(), Error> {
        let mut known = self.ledger.lock().await;
        for _ in 0..crate::ATTEMPTS {
            let (row, found) = self.held_call(run, call, held, &known).await?;
            if found.hold.open.is_none() || found.hold.waits == waits {
                return Ok(());
            }
            let hold = Hold { waits, ..found.hold };
            let writes = vec![row.put("a call", &CallRow { hold, ..found })?];
            match self.write_known(writes, Durability::Process, &mut known).await {
                Err(error) if lost_race(&error) => {}
                other => return other,
            }
        }
        Err(Error::Contended { action: format!("note that a call of the task `{}` waits", call.task) })
    }

    /// The row of a call, which somebody else may have taken over.
    async fn held_call(
        &self,
        run: &RunId,
        call: &Call,
        held: Held,
        known: &Known,
    ) -> Result<(Read<CallRow>, CallRow), Error> {
        let row = match self.known_call(run, call, known)? {
            Some(row) => row,
            None => self.read_row(self.call_key(run, call)).await?,
        };
        match row.value.clone() {
            Some(found) if found.hold.number == held.number => Ok((row, found)),
            _ => Err(Error::Superseded { task: call.task.clone(), turn: call.turn }),
        }
    }

    /// Records a turn together with what it came to; the reservation is gone. It survives a loss of power before anything
    /// counts that follows from it.
    ///
    /// # Errors
    /// [`Error::Superseded`] when somebody else took the turn over; then nothing is recorded, and the call counts with its
    /// worst case. Or a failure of the store.
    pub async fn settle(&self, run: &RunId, call: &Call, held: Held, turn: &Turn) -> Result<(), Error> {
        let key = self.keys(run).turn(&call.task, &call.input, call.turn);
        let item = self.row(run, &to_text("a turn", turn)?).await?;
        let turn_row = Write::Put { key, item, condition: Condition::None };
        self.end(run, call, held, turn.reply.usage, Some(turn_row)).await
    }

    /// Ends a call that gave no turn, and counts what it came to all the same; nothing where it was not billed.
    ///
    /// # Errors
    /// As [`Store::settle`].
    pub async fn charge(&self, run: &RunId, call: &Call, held: Held, usage: Usage) -> Result<(), Error> {
        self.end(run, call, held, usage, None).await
    }

    async fn end(&self, run: &RunId, call: &Call, held: Held, usage: Usage, with: Option<Write>) -> Result<(), Error> {
        let actual = Amount { micro_usd: usage.cost_micro_usd, tokens: usage.tokens() };
        let mut known = self.ledger.lock().await;
        for _ in 0..crate::ATTEMPTS {
            let (row, CallRow { model, hold, usage: mut all, .. }) = self.held_call(run, call, held, &known).await?;
            if hold.open.is_none() {
                // The answer to the write got lost: each try ends once.
                return Ok(());
            }
            all += usage;
            let mut writes = self.accounts(run, &known, |_, account| account.settle(held.worst, actual)).await?;
            writes.push(row.put("a call", &call.row(model, all, Hold { open: None, waits: false, ..hold }))?);
            writes.extend(with.clone());
            match self.write_known(writes, Durability::Process, &mut known).await {
                Err(error) if lost_race(&error) => {}
                Err(error) => return Err(error),
                Ok(()) => {
                    self.paid.record(run);
                    return Ok(());
                }
            }
        }
        Err(Error::Contended { action: format!("settle a call of the task `{}`", call.task) })
    }

    /// Counts what is still held for calls of a run as spent, unless they wait: nobody will tell any more what they came to.
    ///
    /// # Errors
    /// A failure of the store; doing it again goes on.
    pub async fn forfeit(&self, run: &RunId) -> Result<(), Error> {
        for shard in self.keys(run).shards() {
            let mut after = None;
            loop {
                let page = self.page(&shard, prefix::CALL, after.as_deref(), PAGE).await?;
                for (key, _) in page.items {
                    self.forfeit_call(run, key).await?;
                }
                match page.next {
                    Some(next) => after = Some(next),
                    None => break,
                }
            }
        }
        Ok(())
    }

    async fn forfeit_call(&self, run: &RunId, key: Key) -> Result<(), Error> {
        let mut known = self.ledger.lock().await;
        for _ in 0..crate::ATTEMPTS {
            let read = self.read_row::<CallRow>(key.clone()).await?;
            let Some(row) = read.value.clone() else { return Ok(()) };
            if row.hold.open.is_none() {
                return Ok(());
            }
            let (hold, gone) = row.hold.abandoned();
            let mut writes = self.accounts(run, &known, |_, account| account.settle(gone.held, gone.spent)).await?;
            writes.push(read.put("a call", &CallRow { hold, ..row })?);
            match self.write_known(writes, Durability::Process, &mut known).await {
                Err(error) if lost_race(&error) => {}
                other => return other,
            }
        }
        Err(Error::Contended { action: "give up a reservation".to_owned() })
    }

    /// What every call of a run used, sorted by task and turn.
    ///
    /// # Errors
    /// A failure of the store.
    pub async fn calls(&self, run: &RunId) -> Result<Vec<CallRow>, Error> {
        let mut rows: Vec<CallRow> = Vec::new();
        for shard in self.keys(run).shards() {
            rows.extend(self.all::<CallRow>(run, &shard, prefix::CALL).await?);
        }
        rows.sort_by(|a, b| (&a.task, a.turn).cmp(&(&b.task, b.turn)));
        Ok(rows)
    }

    /// Writes for both accounts after a change.
    async fn accounts(
        &self,
        run: &RunId,
        known: &Known,
        mut change: impl FnMut(Owner, Account) -> Account,
    ) -> Result<Vec<Write>, Error> {
        let mut writes = Vec::with_capacity(4);
        for (owner, of, unopened) in
            [(Owner::Run, Some(run), Limit { micro_usd: Some(0), tokens: Some(0) }), (Owner::Tenant, None, Limit::NONE)]
        {
            let read = self.read_account(of, known).await?;
            let row = read.value.unwrap_or(AccountRow { account: Account::new(unopened), grants: 0 });
            let row = AccountRow { account: change(owner, row.account), ..row };
            writes.push(read.put("an account", &row)?);
        }
        Ok(writes)
    }

    fn grant_key(&self, run: Option<&RunId>, number: u64) -> Key {
        match run {
            Some(run) => self.keys(run).grant(number),
            None => keys::tenant_grant(&self.tenant, number),
        }
    }

    async fn read_account(&self, run: Option<&RunId>, known: &Known) -> Result<Read<AccountRow>, Error> {
        let key = match run {
            Some(run) => self.keys(run).account(),
            None => keys::tenant_account(&self.tenant),
        };
        match known.get(&key) {
            Some(text) => Read::of(key, text),
            None => self.read_row(key).await,
        }
    }

    fn call_key(&self, run: &RunId, call: &Call) -> Key {
        self.keys(run).call(&call.task, &call.input, call.turn)
    }

    fn known_call(&self, run: &RunId, call: &Call, known: &Known) -> Result<Option<Read<CallRow>>, Error> {
        let key = self.call_key(run, call);
        known.get(&key).map(|text| Read::of(key.clone(), text)).transpose()
    }

    async fn read_row<T: DeserializeOwned>(&self, key: Key) -> Result<Read<T>, Error> {
        match self.get(&key).await? {
            None => Ok(Read::absent(key)),
            Some(item) => {
                let text = inline_text(&key, &item)?.to_owned();
                Read::of(key, &text)
            }
        }
    }

    /// Writes, and remembers the rows for the next time; whoever fails knows nothing of them any more.
    async fn write_known(&self, writes: Vec<Write>, durability: Durability, known: &mut Known) -> Result<(), Error> {
        let rows = worth_knowing(&writes);
        // Before the write: nobody may wait for its end any more.
        known.remove(&rows);
        self.write(writes, durability).await?;
        known.wrote(rows);
        Ok(())
    }
}
