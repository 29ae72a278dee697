//! What AWS asks: the one file of prices.

use serde::Deserialize;

/// The price of one thing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Price {
    /// Whose it is.
    pub(crate) what: String,
    /// What is counted.
    pub(crate) unit: String,
    /// What one of it costs.
    pub(crate) usd: f64,
    /// Where AWS says so.
    #[cfg_attr(not(test), expect(dead_code, reason = "for who looks after the file"))]
    source: String,
}

/// All prices.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Prices {
    /// The day on which they were looked up.
    pub(crate) as_of: String,
    /// Where they hold.
    pub(crate) region: String,
    /// In what they are.
    pub(crate) currency: String,
    pub(crate) transition: Price,
    pub(crate) request: Price,
    pub(crate) gb_second_arm: Price,
    pub(crate) gb_second_x86: Price,
    pub(crate) write_unit: Price,
    pub(crate) read_unit: Price,
    pub(crate) put: Price,
    pub(crate) get: Price,
    pub(crate) message: Price,
    pub(crate) event: Price,
    pub(crate) trace: Price,
    pub(crate) log: Price,
}

impl Prices {
    /// Those of the file.
    pub(crate) fn load() -> Result<Self, toml::de::Error> {
        toml::from_str(include_str!("prices.toml"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_price_says_where_it_is_from() {
        let prices = Prices::load().unwrap();
        assert!(prices.as_of.parse::<jiff::civil::Date>().is_ok() && prices.currency == "USD");
        let table: toml::Table = toml::from_str(include_str!("prices.toml")).unwrap();
        for (name, price) in table.into_iter().filter(|(_, value)| value.is_table()) {
            let price: Price = price.try_into().unwrap();
            assert!(price.usd > 0.0 && price.source.starts_with("https://aws.amazon.com/"), "{name}");
        }
    }
}
