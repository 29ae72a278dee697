//! The ledger of what may be spent: grants, reservations before each call, settlements after it.
//!
//! A call reserves its worst case before it is made, so that branches that run side by side cannot both spend what is left.
//! What nobody knows the end of counts as spent.

use serde::{Deserialize, Serialize};
use std::{fmt, ops::Add};

/// Money and tokens that belong together. Sums stop at the largest number instead of wrapping.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amount {
    /// Millionths of a US dollar.
    pub micro_usd: u64,
    /// Tokens read and written.
    pub tokens: u64,
}

impl Amount {
    /// Nothing.
    pub const ZERO: Self = Self { micro_usd: 0, tokens: 0 };

    /// What is left when `other` is taken away; never below nothing.
    #[must_use]
    pub const fn less(self, other: Self) -> Self {
        Self {
            micro_usd: self.micro_usd.saturating_sub(other.micro_usd),
            tokens: self.tokens.saturating_sub(other.tokens),
        }
    }
}

impl Add for Amount {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            micro_usd: self.micro_usd.saturating_add(other.micro_usd),
            tokens: self.tokens.saturating_add(other.tokens),
        }
    }
}

/// How much was granted, where there is a limit at all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limit {
    /// Millionths of a US dollar; `None` is no limit.
    pub micro_usd: Option<u64>,
    /// Tokens; `None` is no limit.
    pub tokens: Option<u64>,
}

impl Limit {
    /// No limit.
    pub const NONE: Self = Self { micro_usd: None, tokens: None };

    /// This limit with more granted. What had no limit gets one.
    #[must_use]
    pub fn and(self, more: Self) -> Self {
        let add = |had: Option<u64>, more: Option<u64>| match (had, more) {
            (had, None) => had,
            (had, Some(more)) => Some(had.unwrap_or(0).saturating_add(more)),
        };
        Self { micro_usd: add(self.micro_usd, more.micro_usd), tokens: add(self.tokens, more.tokens) }
    }

    /// Whether nothing is limited.
    #[must_use]
    pub const fn none(self) -> bool {
        self.micro_usd.is_none() && self.tokens.is_none()
    }
}

/// Money or tokens do not suffice.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the budget of {owner} does not cover the next call: it may cost {}, and {} is left", worst.told(*unit), left.told(*unit))]
pub struct Exhausted {
    /// Whose budget: `the run` or `the tenant`.
    pub owner: Owner,
    /// What the call may come to.
    pub worst: Amount,
    /// What is neither spent nor reserved.
    pub left: Amount,
    /// Which of the two does not suffice.
    pub unit: Unit,
}

/// What is short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// US dollars.
    Money,
    /// Tokens.
    Tokens,
}

impl Amount {
    fn told(&self, unit: Unit) -> String {
        match unit {
            Unit::Money => usd(self.micro_usd),
            Unit::Tokens => format!("{} tokens", self.tokens),
        }
    }
}

/// An amount of money as people read it: `$0.012345`, at least two digits behind the point.
#[must_use]
pub fn usd(micro_usd: u64) -> String {
    let mut digits = format!("{:06}", micro_usd % 1_000_000);
    while digits.len() > 2 && digits.ends_with('0') {
        digits.pop();
    }
    format!("${}.{digits}", micro_usd / 1_000_000)
}

/// A sum of money that is no positive decimal number with at most six digits behind the point.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no sum of US dollars: write it like `2.50`")]
pub struct NotUsd(String);

/// Reads a sum of US dollars such as `2.50` or `$2.5`, exactly.
///
/// # Errors
/// [`NotUsd`] for anything else.
pub fn parse_usd(text: &str) -> Result<u64, NotUsd> {
    let wrong = || NotUsd(text.to_owned());
    let number = text.trim().strip_prefix('$').unwrap_or(text.trim());
    let (whole, behind) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(behind) || behind.len() > 6 {
        return Err(wrong());
    }
    let whole: u64 = whole.parse().map_err(|_| wrong())?;
    let behind: u64 = format!("{behind:0<6}").parse().map_err(|_| wrong())?;
    whole.checked_mul(1_000_000).and_then(|micro| micro.checked_add(behind)).ok_or_else(wrong)
}

/// Whose account it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// One run.
    Run,
    /// All runs of a tenant together.
    Tenant,
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Run => "the run",
            Self::Tenant => "the tenant",
        })
    }
}

/// What may be spent, what is reserved for calls under way, what is spent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// What was granted.
    pub granted: Limit,
    /// Worst cases of calls whose end is not known yet.
    pub reserved: Amount,
    /// What calls came to.
    pub spent: Amount,
}

impl Account {
    /// A new account.
    #[must_use]
    pub const fn new(granted: Limit) -> Self {
        Self { granted, reserved: Amount::ZERO, spent: Amount::ZERO }
    }

    /// What is neither spent nor reserved; the largest number where there is no limit.
    #[must_use]
    pub fn left(&self) -> Amount {
        let granted = Amount {
            micro_usd: self.granted.micro_usd.unwrap_or(u64::MAX),
            tokens: self.granted.tokens.unwrap_or(u64::MAX),
        };
        granted.less(self.reserved + self.spent)
    }

    /// Reserves the worst case of one call.
    ///
    /// # Errors
    /// [`Exhausted`] when it could come to more than is left.
    pub fn reserve(self, owner: Owner, worst: Amount) -> Result<Self, Exhausted> {
        let left = self.left();
        let short = |unit| Err(Exhausted { owner, worst, left, unit });
        if self.granted.micro_usd.is_some() && worst.micro_usd > left.micro_usd {
            return short(Unit::Money);
        }
        if self.granted.tokens.is_some() && worst.tokens > left.tokens {
            return short(Unit::Tokens);
        }
        Ok(Self { reserved: self.reserved + worst, ..self })
    }

    /// Replaces a reservation by what the call came to.
    #[must_use]
    pub fn settle(self, worst: Amount, actual: Amount) -> Self {
        Self { reserved: self.reserved.less(worst), spent: self.spent + actual, ..self }
    }

    /// Adds a grant.
    #[must_use]
    pub fn grant(self, more: Limit) -> Self {
        Self { granted: self.granted.and(more), ..self }
    }
}

/// A grant, and who made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// How much.
    pub amount: Limit,
    /// Who; a person, or `default` for what every run is given.
    pub by: String,
    /// When, milliseconds since 1970.
    pub at_ms: u64,
}

/// What is reserved for one turn of one task. There is one for each turn, however often it is tried.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hold {
    /// Which try it is, from 1.
    pub number: u32,
    /// The worst case of the call under way; `None` when none is.
    pub open: Option<Amount>,
    /// Whether that call waits for room: nothing was sent that is still to be answered, so it costs nothing yet.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
    /// What tries came to whose answer nobody got: they may have been billed, so their worst cases are spent.
    pub lost: Amount,
}

/// What a try comes to whose asker is gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Abandoned {
    /// What was held for it.
    pub held: Amount,
    /// What of it counts as spent.
    pub spent: Amount,
}

impl Hold {
    /// Holds the worst case of one more try.
    #[must_use]
    pub fn again(self, worst: Amount) -> Self {
        Self { number: self.number.saturating_add(1), open: Some(worst), waits: false, ..self }
    }

    /// Ends a try whose asker is gone. What may have been sent may have been billed and counts as spent; what waited was not sent.
    #[must_use]
    pub fn abandoned(self) -> (Self, Abandoned) {
        let held = self.open.unwrap_or_default();
        let spent = if self.waits { Amount::default() } else { held };
        (Self { open: None, waits: false, lost: self.lost + spent, ..self }, Abandoned { held, spent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(micro_usd: u64) -> Amount {
        Amount { micro_usd, tokens: micro_usd / 10 }
    }

    #[test]
    fn a_call_that_may_cost_more_than_is_left_is_refused() {
        let account = Account::new(Limit { micro_usd: Some(100), tokens: None });
        let account = account.reserve(Owner::Run, money(60)).unwrap();
        let refused = account.reserve(Owner::Run, money(41)).unwrap_err();
        assert_eq!((refused.left.micro_usd, refused.unit), (40, Unit::Money));
        assert!(refused.to_string().contains("it may cost $0.000041, and $0.00004 is left"), "{refused}");
        let account = account.settle(money(60), money(10));
        assert_eq!(account.left().micro_usd, 90);
        assert!(account.reserve(Owner::Run, money(90)).is_ok());
        let tokens = Account::new(Limit { micro_usd: None, tokens: Some(5) });
        let refused = tokens.reserve(Owner::Tenant, Amount { micro_usd: 0, tokens: 6 }).unwrap_err();
        assert_eq!(refused.unit, Unit::Tokens);
    }

    #[test]
    fn what_waited_when_its_asker_went_is_not_spent() {
        let begun = Hold::default().again(money(30));
        let (ended, came_to) = begun.abandoned();
        assert_eq!((ended.open, ended.lost), (None, money(30)));
        assert_eq!(came_to, Abandoned { held: money(30), spent: money(30) });
        let second = ended.again(money(20));
        assert_eq!((second.number, second.open, second.waits), (2, Some(money(20)), false));
        let (ended, came_to) = Hold { waits: true, ..second }.abandoned();
        assert_eq!((ended.lost, ended.waits), (money(30), false));
        assert_eq!(came_to, Abandoned { held: money(20), spent: Amount::default() });
        assert_eq!(ended.abandoned().1, Abandoned::default(), "nothing is held any more");
    }

    #[test]
    fn grants_add_up_and_no_limit_is_no_limit() {
        let account = Account::default().reserve(Owner::Run, money(u64::MAX)).unwrap();
        assert_eq!(account.reserved.micro_usd, u64::MAX);
        let one = Limit { micro_usd: Some(1), tokens: None };
        let account = Account::new(one).grant(one).grant(Limit { micro_usd: None, tokens: Some(7) });
        assert_eq!(account.granted, Limit { micro_usd: Some(2), tokens: Some(7) });
    }

    #[test]
    fn sums_of_money_are_read_and_told_exactly() {
        for (text, micro) in
            [("2.50", 2_500_000), ("$2.5", 2_500_000), ("0.000001", 1), ("12", 12_000_000), (" 3 ", 3_000_000)]
        {
            assert_eq!(parse_usd(text), Ok(micro), "{text}");
        }
        for wrong in ["", "$", "-1", "1.", ".5", "1e3", "1,50", "0.0000001", "18446744073710", "+1", "NaN"] {
            assert!(parse_usd(wrong).is_err(), "{wrong}");
        }
        assert_eq!(usd(2_500_000), "$2.50");
        assert_eq!(usd(12_345), "$0.012345");
    }

    proptest! {
        /// Whatever is reserved and settled in whatever order: what is spent never passes the grant while calls keep to
        /// their worst case.
        #[test]
        fn nothing_is_overspent(granted in 0..1_000_u64, calls in prop::collection::vec((0..300_u64, 0..=100_u64, any::<bool>()), 0..40)) {
            let mut account = Account::new(Limit { micro_usd: Some(granted), tokens: None });
            let mut open = Vec::new();
            for (worst, share, now) in calls {
                let worst = Amount { micro_usd: worst, tokens: 0 };
                let Ok(reserved) = account.reserve(Owner::Run, worst) else { continue };
                account = reserved;
                let actual = Amount { micro_usd: worst.micro_usd * share / 100, tokens: 0 };
                open.push((worst, actual));
                if now && let Some((worst, actual)) = open.pop() {
                    account = account.settle(worst, actual);
                }
                prop_assert!(account.spent.micro_usd + account.reserved.micro_usd <= granted);
            }
            for (worst, actual) in open {
                account = account.settle(worst, actual);
            }
            prop_assert!(account.spent.micro_usd <= granted);
            prop_assert_eq!(account.reserved, Amount::ZERO);
        }
    }
}
