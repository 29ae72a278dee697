//! Numbers with their units, and dates.

use super::Scope;
use crate::token::Token;
use maestro_artifacts::Offset;

/// A number with its unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Quantity {
    /// Decimal text or `YYYY-MM-DD`.
    pub(crate) value: String,
    /// Lower-case singular unit.
    pub(crate) unit: Option<String>,
}

impl Quantity {
    /// As what is added to a date or date-time, for units of time. Months and years are those of the calendar.
    pub(crate) fn offset(&self) -> Option<Offset> {
        let whole = |times: i64| self.value.parse::<i64>().ok()?.checked_mul(times);
        Some(match self.unit.as_deref()? {
            "day" | "calendar day" | "night" => Offset::days(whole(1)?),
            "week" => Offset::days(whole(7)?),
            "fortnight" => Offset::days(whole(14)?),
            "month" => Offset::months(self.times(1)?),
            "year" => Offset::months(self.times(12)?),
            "hour" | "h" | "hr" => Offset::minutes(self.times(60)?),
            "minute" | "min" => Offset::minutes(self.times(1)?),
            _ => return None,
        })
    }

    /// So many times the value, where that is a whole number: an hour and a half is 90 minutes.
    fn times(&self, times: i32) -> Option<i64> {
        let count = self.value.parse::<f64>().ok()? * f64::from(times);
        #[expect(clippy::cast_possible_truncation, reason = "a whole number far below the limit")]
        let whole = count as i64;
        (count.fract() == 0.0 && count.abs() < 1e9).then_some(whole)
    }

    pub(crate) fn is_length(&self) -> bool {
        matches!(self.unit.as_deref(), Some("character" | "char" | "letter" | "sign" | "symbol"))
    }

    pub(crate) fn is_date(&self) -> bool {
        self.value.len() == 10 && self.value.chars().filter(|c| *c == '-').count() == 2
    }
}

const UNITS: &[&str] = &[
    "day",
    "night",
    "week",
    "fortnight",
    "month",
    "year",
    "hour",
    "minute",
    "second",
    "character",
    "char",
    "letter",
    "digit",
    "kg",
    "g",
    "gram",
    "kilogram",
    "tonne",
    "ton",
    "lb",
    "m",
    "cm",
    "mm",
    "km",
    "metre",
    "meter",
    "centimetre",
    "kilometre",
    "millimetre",
    "m2",
    "m²",
    "l",
    "litre",
    "liter",
    "ml",
    "€",
    "$",
    "£",
    "eur",
    "usd",
    "gbp",
    "chf",
    "euro",
    "dollar",
    "pound",
    "cent",
    "%",
    "°c",
    "°",
    "degree",
    "point",
    "piece",
    "pcs",
    "unit",
    "pc",
    "h",
    "min",
    "hr",
    "w",
    "kw",
    "kwh",
    "v",
    "ppm",
    "mg",
    "star",
    "gb",
    "mb",
    "sign",
    "symbol",
    "mpa",
    "kn",
    "time",
    "franc",
    "crown",
    "penny",
    "pence",
];

impl Scope<'_> {
    /// A number and its unit at `at`: with the unit first, then without.
    pub(crate) fn quantity_at(&self, tokens: &[Token], at: usize) -> Vec<(usize, Quantity)> {
        let Some(token) = tokens.get(at) else { return Vec::new() };
        let currency = ["€", "$", "£"].contains(&token.word.as_str())
            || matches!(token.lemma.as_str(), "eur" | "usd" | "gbp" | "chf");
        if currency && tokens.get(at + 1).is_some_and(Token::is_number) {
            let value = tokens.get(at + 1).map(|token| token.word.clone()).unwrap_or_default();
            return vec![(at + 2, Quantity { value, unit: Some(token.lemma.clone()) })];
        }
        let minus =
            matches!(token.word.as_str(), "–" | "minus" | "−") && tokens.get(at + 1).is_some_and(Token::is_number);
        let from = if minus { at + 1 } else { at };
        let Some(number) = tokens.get(from) else { return Vec::new() };
        let date = is_date(&number.word);
        if !(number.is_number() || date) || number.quoted {
            return Vec::new();
        }
        // "At most two decimals" counts digits behind the point.
        if tokens.get(from + 1).is_some_and(|next| next.lemma == "decimal" && next.word != "decimal") {
            return Vec::new();
        }
        let sign = if minus { "-" } else { "" };
        let value = format!("{sign}{}", number.word.trim_end_matches('.'));
        let mut out = Vec::new();
        let mut end = from + 1;
        let skip = usize::from(tokens.get(end).is_some_and(|token| {
            matches!(token.word.as_str(), "calendar" | "full" | "whole" | "square" | "cubic" | "percentage" | "working")
        }));
        if let Some(unit) = tokens.get(end + skip)
            && !date
            && (UNITS.contains(&unit.lemma.as_str()) || self.lexicon.units.contains(&unit.lemma))
        {
            // Working days need a calendar of holidays that no record-keeping service has.
            let working = tokens.get(end).is_some_and(|token| token.word == "working");
            let unit = if working { "working day".to_owned() } else { unit.lemma.clone() };
            end += skip + 1;
            out.push((end, Quantity { value: value.clone(), unit: Some(unit) }));
        }
        out.push((from + 1, Quantity { value, unit: None }));
        out
    }
}

/// `YYYY-MM-DD`.
pub(crate) fn is_date(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    matches!(parts.as_slice(), [y, m, d] if y.len() == 4 && m.len() == 2 && d.len() == 2 && [y, m, d].iter().all(|part| part.chars().all(|c| c.is_ascii_digit())))
}
