//! What models used, by phase, persona and model.

use super::MICRO;
use maestro_domain::{Account, budget::usd};
use maestro_ports::model::Usage;
use maestro_store::budget::CallRow;
use serde::Serialize;
use std::collections::BTreeMap;

/// What one persona used of one model in one phase.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct ModelLine {
    pub(crate) phase: String,
    pub(crate) persona: String,
    pub(crate) model: String,
    pub(crate) turns: u64,
    /// Those of them for work that a gate had sent back.
    pub(crate) rework_turns: u64,
    /// Tokens read, from the provider's cache or not.
    pub(crate) prompt_tokens: u64,
    pub(crate) cached_tokens: u64,
    pub(crate) output_tokens: u64,
    pub(crate) usd: f64,
    /// Worst cases of calls whose answer nobody got.
    pub(crate) lost_usd: f64,
}

/// Which parts of the tokens went where, from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub(crate) struct Shares {
    /// What models read: prompts, files, answers of tools.
    pub(crate) input: f64,
    /// Work that a gate had sent back.
    pub(crate) rework: f64,
}

impl Shares {
    /// The shares of calls; `None` where no token was used.
    pub(crate) fn of(calls: &[CallRow]) -> Option<Self> {
        let sum = |of: &dyn Fn(&CallRow) -> u64| calls.iter().map(of).sum::<u64>();
        let all = sum(&|call| call.usage.tokens());
        let share = |part: u64| part as f64 / all as f64;
        (all > 0).then(|| Self {
            input: share(sum(&|call| call.usage.prompt_tokens())),
            rework: share(sum(&|call| if call.rework { call.usage.tokens() } else { 0 })),
        })
    }

    /// The shares in words.
    pub(crate) fn told(self) -> String {
        format!("{:.0} % read, {:.0} % for rework", self.input * 100.0, self.rework * 100.0)
    }
}

/// What the models of a run used, and what they may.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ModelBill {
    /// The model that the run was started with.
    pub(crate) name: String,
    pub(crate) tokens: u64,
    pub(crate) usd: f64,
    /// None where there is no limit.
    pub(crate) granted_usd: Option<f64>,
    pub(crate) granted_tokens: Option<u64>,
    /// Held for calls whose end is not known yet.
    pub(crate) reserved_usd: f64,
    /// None where no token was used.
    pub(crate) shares: Option<Shares>,
    pub(crate) lines: Vec<ModelLine>,
}

/// Adds up the calls of a run.
pub(crate) fn bill(name: &str, calls: &[CallRow], account: &Account) -> ModelBill {
    let mut lines: BTreeMap<(String, String, String), ModelLine> = BTreeMap::new();
    for call in calls {
        let (phase, persona) = call.task.as_str().split_once('/').unwrap_or(("", call.task.as_str()));
        let key = (phase.to_owned(), persona.to_owned(), call.model.clone());
        let line = lines.entry(key).or_insert_with(|| ModelLine {
            phase: phase.to_owned(),
            persona: persona.to_owned(),
            model: call.model.clone(),
            ..ModelLine::default()
        });
        let Usage { cache_read_tokens, output_tokens, cost_micro_usd, .. } = call.usage;
        line.turns += 1;
        line.rework_turns += u64::from(call.rework);
        line.prompt_tokens += call.usage.prompt_tokens();
        line.cached_tokens += cache_read_tokens;
        line.output_tokens += output_tokens;
        line.usd += cost_micro_usd as f64 / MICRO;
        line.lost_usd += call.hold.lost.micro_usd as f64 / MICRO;
    }
    ModelBill {
        name: name.to_owned(),
        tokens: account.spent.tokens,
        usd: account.spent.micro_usd as f64 / MICRO,
        granted_usd: account.granted.micro_usd.map(|micro| micro as f64 / MICRO),
        granted_tokens: account.granted.tokens,
        reserved_usd: account.reserved.micro_usd as f64 / MICRO,
        shares: Shares::of(calls),
        lines: lines.into_values().collect(),
    }
}

/// What was spent of what was granted, in one line.
pub(crate) fn told(name: &str, account: &Account) -> String {
    let granted = account.granted.micro_usd.map_or_else(|| "no limit".to_owned(), |micro| format!("of {}", usd(micro)));
    let tokens = account.granted.tokens.map_or_else(String::new, |most| format!(" of {most}"));
    format!("model `{name}`: {} {granted}, {}{tokens} tokens", usd(account.spent.micro_usd), account.spent.tokens)
}

#[cfg(test)]
mod tests {
    use super::*;
    use maestro_domain::{Amount, Limit, TaskId, budget::Hold};

    #[test]
    fn calls_add_up_by_phase_persona_and_model() {
        let call = |task: &str, model: &str, cost_micro_usd, rework| CallRow {
            task: TaskId::new(task).unwrap(),
            turn: 1,
            rework,
            model: model.into(),
            usage: Usage {
                input_tokens: 1,
                cache_read_tokens: 2,
                output_tokens: 4,
                cost_micro_usd,
                ..Usage::default()
            },
            hold: Hold { lost: Amount { micro_usd: 1_000_000, tokens: 0 }, ..Hold::default() },
        };
        let calls = [
            call("design/a", "m", 500_000, false),
            call("design/a", "m", 250_000, true),
            call("design/a", "n", 1, false),
        ];
        let account = Account { spent: Amount { micro_usd: 750_001, tokens: 21 }, ..Account::new(Limit::NONE) };
        let bill = bill("m", &calls, &account);
        assert_eq!(bill.lines.len(), 2);
        let first = &bill.lines[0];
        assert_eq!((first.turns, first.prompt_tokens, first.cached_tokens, first.output_tokens), (2, 6, 4, 8));
        assert_eq!(first.rework_turns, 1);
        let shares = bill.shares.unwrap();
        assert!((shares.input - 3.0 / 7.0).abs() < 1e-9 && (shares.rework - 1.0 / 3.0).abs() < 1e-9, "{shares:?}");
        assert_eq!((shares.told().as_str(), Shares::of(&[])), ("43 % read, 33 % for rework", None));
        assert!((first.usd - 0.75).abs() < 1e-9 && (first.lost_usd - 2.0).abs() < 1e-9);
        assert_eq!(told("m", &account), "model `m`: $0.750001 no limit, 21 tokens");
    }
}
