//! What a call uses, and the most it can use.

use serde::{Deserialize, Serialize};
use std::{iter::Sum, ops::AddAssign};

/// Tokens used by one call or by many, each counted in one place, and their price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Tokens read that the provider's cache had no part in.
    pub input_tokens: u64,
    /// Tokens read from the provider's cache.
    #[serde(default)]
    pub cache_read_tokens: u64,
    /// Tokens read and put into the provider's cache.
    #[serde(default)]
    pub cache_write_tokens: u64,
    /// Tokens written, thoughts among them.
    pub output_tokens: u64,
    /// Price in millionths of a US dollar.
    pub cost_micro_usd: u64,
}

impl Usage {
    /// All tokens read.
    #[must_use]
    pub const fn prompt_tokens(&self) -> u64 {
        self.input_tokens.saturating_add(self.cache_read_tokens).saturating_add(self.cache_write_tokens)
    }

    /// All tokens read and written.
    #[must_use]
    pub const fn tokens(&self) -> u64 {
        self.prompt_tokens().saturating_add(self.output_tokens)
    }

    /// Whether nothing was used.
    #[must_use]
    pub fn is_free(&self) -> bool {
        *self == Self::default()
    }
}

impl AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        *self = Self {
            input_tokens: self.input_tokens.saturating_add(other.input_tokens),
            cache_read_tokens: self.cache_read_tokens.saturating_add(other.cache_read_tokens),
            cache_write_tokens: self.cache_write_tokens.saturating_add(other.cache_write_tokens),
            output_tokens: self.output_tokens.saturating_add(other.output_tokens),
            cost_micro_usd: self.cost_micro_usd.saturating_add(other.cost_micro_usd),
        };
    }
}

impl Sum for Usage {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        let mut sum = Self::default();
        all.for_each(|usage| sum += usage);
        sum
    }
}

/// The most that one call can use and cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Quote {
    /// The model that would answer.
    pub model: String,
    /// Most tokens it can read.
    pub input_tokens: u64,
    /// Most tokens it can write.
    pub output_tokens: u64,
    /// Highest price in millionths of a US dollar.
    pub cost_micro_usd: u64,
}

impl Quote {
    /// The quote of a model that costs nothing.
    #[must_use]
    pub fn free(model: &str) -> Self {
        Self { model: model.to_owned(), ..Self::default() }
    }

    /// Whether the call uses nothing that anybody counts.
    #[must_use]
    pub const fn is_free(&self) -> bool {
        self.input_tokens == 0 && self.output_tokens == 0 && self.cost_micro_usd == 0
    }

    /// The worst case as a usage, for a call of which nothing else is known.
    #[must_use]
    pub const fn worst(&self) -> Usage {
        Usage {
            input_tokens: self.input_tokens,
            cache_read_tokens: 0,
            cache_write_tokens: 0,
            output_tokens: self.output_tokens,
            cost_micro_usd: self.cost_micro_usd,
        }
    }
}
