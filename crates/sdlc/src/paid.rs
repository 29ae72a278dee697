//! The turns of one task in the store, and the ledger that they are paid from.

use crate::{Failure, Platform, keyed::Claimed};
use async_trait::async_trait;
use maestro_agent::{Spend, Turns};
use maestro_domain::{Amount, Event, RunId};
use maestro_ports::model::{Progress, Quote, Step, Turn, Unnoted, Usage};
use maestro_store::budget::{Call, Held, Refused};
use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

/// The turns of one claimed task.
pub(crate) struct PaidTurns<'a> {
    platform: &'a Platform,
    run: &'a RunId,
    claimed: Claimed,
    rework: bool,
    recorded: BTreeMap<u32, Turn>,
    /// The call under way: of which turn, what is held for it, and who is asked.
    held: Mutex<Option<(u32, Held, String)>>,
    /// Whether a model was asked. It may be once whatever the time: what comes before the first question may take so long
    /// each time that nobody would ever ask.
    asked: AtomicBool,
}

impl<'a> PaidTurns<'a> {
    pub(crate) async fn of(
        platform: &'a Platform,
        run: &'a RunId,
        claimed: Claimed,
        rework: bool,
    ) -> Result<Self, Failure> {
        let recorded = match claimed.begun {
            true => platform.store.turns(run, &claimed.task, &claimed.input).await?,
            false => BTreeMap::new(),
        };
        Ok(Self { platform, run, claimed, rework, recorded, held: Mutex::default(), asked: AtomicBool::new(false) })
    }

    fn call(&self, turn: u32) -> Call {
        Call { task: self.claimed.task.clone(), input: self.claimed.input.clone(), turn, rework: self.rework }
    }

    fn take(&self) -> Result<(Held, String), Spend> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (_, held, model) = held.ok_or_else(|| Spend::Failed("the call was not reserved".into()))?;
        Ok((held, model))
    }

    fn emit(&self, event: Event) {
        self.platform.emit(self.run, event);
    }
}

fn failed(error: maestro_store::Error) -> Spend {
    Spend::Failed(Box::new(error))
}

#[async_trait]
impl Turns for PaidTurns<'_> {
    fn recorded(&self, number: u32) -> Option<Turn> {
        self.recorded.get(&number).cloned()
    }

    async fn reserve(&self, number: u32, quote: &Quote) -> Result<(), Spend> {
        if self.asked.swap(true, Ordering::Relaxed) && !self.platform.time_to_ask() {
            return Err(Spend::Late);
        }
        let worst = quote.worst();
        let worst = Amount { micro_usd: worst.cost_micro_usd, tokens: worst.tokens() };
        let held = self.platform.store.reserve(self.run, &self.call(number), &quote.model, worst).await;
        let held = held.map_err(|refused| match refused {
            Refused::Exhausted(exhausted) => Spend::Exhausted(exhausted),
            Refused::Store(error) => failed(error),
        })?;
        *self.held.lock().unwrap_or_else(PoisonError::into_inner) = Some((number, held, quote.model.clone()));
        Ok(())
    }

    async fn record(&self, number: u32, turn: &Turn) -> Result<(), Spend> {
        let (held, model) = self.take()?;
        self.platform.store.settle(self.run, &self.call(number), held, turn).await.map_err(failed)?;
        let usage = turn.reply.usage;
        let (tokens, cost_micro_usd) = (usage.tokens(), usage.cost_micro_usd);
        self.emit(Event::TurnTaken { task: self.claimed.task.clone(), turn: number, model, tokens, cost_micro_usd });
        Ok(())
    }

    async fn charge(&self, number: u32, usage: Usage) -> Result<(), Spend> {
        let (held, _) = self.take()?;
        self.platform.store.charge(self.run, &self.call(number), held, usage).await.map_err(failed)
    }

    fn denied(&self, tool: &str, why: &str) {
        let task = self.claimed.task.clone();
        self.emit(Event::CallDenied { task, tool: tool.to_owned(), cause: why.to_owned() });
    }

    fn withheld(&self, tool: &str) {
        self.emit(Event::TextWithheld { task: self.claimed.task.clone(), tool: tool.to_owned() });
    }

    fn progress(&self) -> &dyn Progress {
        self
    }
}

#[async_trait]
impl Progress for PaidTurns<'_> {
    fn step(&self, step: Step<'_>) {
        if let Step::Waits { until_ms } = step {
            self.emit(Event::ModelWaits { task: self.claimed.task.clone(), until_ms });
        }
    }

    async fn waits(&self, waits: bool) -> Result<(), Unnoted> {
        let held =
            self.held.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map(|(turn, held, _)| (*turn, *held));
        // What costs nothing is not held, and nothing is lost of it.
        let Some((turn, held)) = held else { return Ok(()) };
        Ok(self.platform.store.note_wait(self.run, &self.call(turn), held, waits).await?)
    }

    fn asks_until_ms(&self) -> Option<u64> {
        self.platform.asks_until_ms()
    }
}
