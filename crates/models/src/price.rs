//! What models cost: a table with its source and date (`prices.toml`), and what the configuration says instead. A model whose
//! price is not known has none.

use maestro_ports::model::Usage;
use serde::Deserialize;

/// The price of a model in US dollars a million tokens, and how much it can hold.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Price {
    /// The model with its provider, such as `anthropic:claude-sonnet-4-5`. The dates and versions of its releases have the same.
    pub model: String,
    /// Tokens read.
    pub input: f64,
    /// Tokens written.
    pub output: f64,
    /// Tokens read from the cache; as `input` where it is not said.
    pub cache_read: Option<f64>,
    /// Tokens read and put into the cache; as `input` where it is not said.
    pub cache_write: Option<f64>,
    /// Tokens that the model can write at most.
    pub max_output_tokens: Option<u64>,
    /// What all tokens of a call cost whose prompt is long, where that is dearer.
    pub long_prompt: Option<LongPrompt>,
}

/// Prices of calls with long prompts.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongPrompt {
    /// Tokens above which a prompt is long, those of the cache among them.
    pub above_tokens: u64,
    /// Tokens read.
    pub input: f64,
    /// Tokens written.
    pub output: f64,
    /// Tokens read from the cache.
    pub cache_read: f64,
    /// Tokens read and put into the cache.
    pub cache_write: f64,
}

impl Price {
    /// A price of nothing, as of a model on this machine.
    pub(crate) fn zero(model: &str) -> Self {
        Self {
            model: model.to_owned(),
            input: 0.0,
            output: 0.0,
            cache_read: None,
            cache_write: None,
            max_output_tokens: None,
            long_prompt: None,
        }
    }

    /// What this usage costs in millionths of a dollar, rounded up. Dollars a million tokens are millionths of a dollar a token.
    pub(crate) fn cost(&self, usage: &Usage) -> u64 {
        let of = |tokens: u64, each: f64| {
            #[expect(clippy::cast_precision_loss, reason = "no reply has 2^53 tokens")]
            let tokens = tokens as f64;
            tokens * each
        };
        let long = self.long_prompt.filter(|long| usage.prompt_tokens() > long.above_tokens);
        let [input, cache_read, cache_write, output] = match long {
            Some(long) => [long.input, long.cache_read, long.cache_write, long.output],
            None => {
                let or_input = |price: Option<f64>| price.unwrap_or(self.input);
                [self.input, or_input(self.cache_read), or_input(self.cache_write), self.output]
            }
        };
        let sum = of(usage.input_tokens, input)
            + of(usage.cache_read_tokens, cache_read)
            + of(usage.cache_write_tokens, cache_write)
            + of(usage.output_tokens, output);
        // Sums of decimal fractions are a hair too high or too low; a hair is no millionth.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "prices are checked: not negative")]
        let cost = (sum - 1e-6).ceil().max(0.0) as u64;
        cost
    }

    /// The most that so many tokens can cost, whether the cache takes them or not.
    pub(crate) fn most(&self, input_tokens: u64, output_tokens: u64) -> u64 {
        let written = Usage { output_tokens, ..Usage::default() };
        [
            Usage { input_tokens, ..written },
            Usage { cache_read_tokens: input_tokens, ..written },
            Usage { cache_write_tokens: input_tokens, ..written },
        ]
        .iter()
        .map(|usage| self.cost(usage))
        .max()
        .unwrap_or(0)
    }

    /// Whether the figures can be prices.
    pub(crate) fn check(&self) -> Result<(), String> {
        let long = self.long_prompt.map(|long| [long.input, long.output, long.cache_read, long.cache_write]);
        let figures = [Some(self.input), Some(self.output), self.cache_read, self.cache_write];
        let mut figures = figures.into_iter().chain(long.into_iter().flatten().map(Some)).flatten();
        if figures.all(|figure| figure.is_finite() && (0.0..=1e6).contains(&figure)) {
            return Ok(());
        }
        Err(format!("the price of `{}` is no number of dollars a million tokens", self.model))
    }
}

/// A table of prices.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Table {
    /// Where the figures come from.
    pub(crate) source: String,
    /// Of which day they are.
    pub(crate) date: String,
    pub(crate) prices: Vec<Price>,
}

impl Table {
    /// The table that comes with the program.
    pub(crate) fn built_in() -> Result<Self, String> {
        toml::from_str(include_str!("prices.toml")).map_err(|error| format!("`prices.toml` cannot be read: {error}"))
    }
}

/// The price of a model: the longest entry that fits it. Entries of `first` win.
pub(crate) fn find<'a>(first: &'a [Price], table: &'a [Price], model: &str) -> Option<&'a Price> {
    let best = |prices: &'a [Price]| {
        prices.iter().filter(|price| fits(&price.model, model)).max_by_key(|price| price.model.len())
    };
    best(first).or_else(|| best(table))
}

/// Whether a model is the one of an entry or a release of it: `-latest`, a date, a version. `claude-sonnet-4` is not
/// `claude-sonnet-4-5`, which has a price of its own.
fn fits(entry: &str, model: &str) -> bool {
    let Some(rest) = model.strip_prefix(entry) else { return false };
    let rest = rest.strip_prefix("-latest").unwrap_or(rest);
    let rest = without_date(rest);
    rest.is_empty() || without_version(rest).is_some_and(str::is_empty)
}

/// Takes `-20250929`, `-2025-09-29` or `@20250929` away.
fn without_date(rest: &str) -> &str {
    let Some(date) = rest.strip_prefix(['-', '@']) else { return rest };
    for shape in ["dddddddd", "dddd-dd-dd"] {
        if let Some((head, tail)) = date.split_at_checked(shape.len())
            && head.chars().zip(shape.chars()).all(|(c, s)| if s == 'd' { c.is_ascii_digit() } else { c == s })
            && !tail.starts_with(|c: char| c.is_ascii_digit())
        {
            return tail;
        }
    }
    rest
}

/// Takes `-v1:0` or `-v1` or `:0` away.
fn without_version(rest: &str) -> Option<&str> {
    let rest = match rest.strip_prefix("-v") {
        Some(rest) => {
            Some(rest.trim_start_matches(|c: char| c.is_ascii_digit())).filter(|short| short.len() < rest.len())?
        }
        None => rest,
    };
    Some(match rest.strip_prefix(':') {
        Some(number) => number.trim_start_matches(|c: char| c.is_ascii_digit()),
        None => rest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_has_the_price_of_its_model_and_another_model_has_not() {
        for (entry, model, fit) in [
            ("anthropic:claude-sonnet-4", "anthropic:claude-sonnet-4", true),
            ("anthropic:claude-sonnet-4", "anthropic:claude-sonnet-4-20250514", true),
            ("anthropic:claude-sonnet-4", "anthropic:claude-sonnet-4-latest", true),
            ("anthropic:claude-sonnet-4", "anthropic:claude-sonnet-4-5", false),
            ("anthropic:claude-sonnet-4", "anthropic:claude-sonnet-4-5-20250929", false),
            ("openai:gpt-5", "openai:gpt-5-2025-08-07", true),
            ("openai:gpt-5", "openai:gpt-5-pro", false),
            ("openai:gpt-5", "openai:gpt-5.2", false),
            ("bedrock:anthropic.claude-sonnet-4-5", "bedrock:anthropic.claude-sonnet-4-5-20250929-v1:0", true),
            ("bedrock:amazon.nova-pro", "bedrock:amazon.nova-pro-v1:0", true),
            ("bedrock:amazon.nova-pro", "bedrock:amazon.nova-pro-v1:0:300k", false),
            ("bedrock:amazon.nova-pro", "bedrock:amazon.nova-premier-v1:0", false),
        ] {
            assert_eq!(fits(entry, model), fit, "{entry} {model}");
        }
    }

    #[test]
    fn the_table_is_read_and_its_figures_can_be_prices() {
        let table = Table::built_in().unwrap();
        assert!(table.source.starts_with("https://") && table.date.len() == 10, "{} {}", table.source, table.date);
        for price in &table.prices {
            price.check().unwrap();
            assert!(price.output >= price.input && price.cache_read.unwrap_or(0.0) <= price.input, "{price:?}");
            assert_eq!(find(&[], &table.prices, &price.model), Some(price), "each is found by its own name");
        }
    }

    #[test]
    fn costs_are_exact_and_rounded_up_and_the_worst_case_is_no_less() {
        let price =
            Price { cache_read: Some(0.3), cache_write: Some(3.75), output: 15.0, input: 3.0, ..Price::zero("m") };
        let usage = Usage {
            input_tokens: 9,
            cache_read_tokens: 4202,
            cache_write_tokens: 100,
            output_tokens: 5,
            cost_micro_usd: 0,
        };
        // 27 + 1260.6 + 375 + 75
        assert_eq!(price.cost(&usage), 1738);
        assert!(price.most(9 + 4202 + 100, 5) >= price.cost(&usage));
        assert_eq!(price.cost(&Usage { input_tokens: 1, ..Usage::default() }), 3);
        assert_eq!(Price::zero("m").most(1 << 40, 1 << 40), 0);

        let long = LongPrompt { above_tokens: 1000, input: 6.0, output: 30.0, cache_read: 0.6, cache_write: 7.5 };
        let banded = Price { long_prompt: Some(long), ..price };
        assert_eq!(banded.cost(&Usage { input_tokens: 1000, output_tokens: 1, ..Usage::default() }), 3015);
        assert_eq!(banded.cost(&Usage { input_tokens: 1, cache_read_tokens: 1000, output_tokens: 1, ..usage }), 1386);
        assert_eq!(banded.most(1001, 1), 7538);
    }

    #[test]
    fn what_the_configuration_says_wins() {
        let own = [Price::zero("openai:gpt-5")];
        let table = Table::built_in().unwrap();
        assert_eq!(find(&own, &table.prices, "openai:gpt-5").unwrap().output, 0.0);
        assert!(find(&own, &table.prices, "openai:nobody-knows").is_none());
    }
}
