//! Exact decimal numbers, as far as test values need them. Nothing here rounds: a quotient that does not come out even
//! is `None`, so that no test ever depends on how a service rounds.

use std::{fmt, str::FromStr};

/// Digits kept behind the point.
const PLACES: u32 = 6;
const UNIT: i128 = 10_i128.pow(PLACES);

/// A decimal number with up to six places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Number(i128);

impl Number {
    pub(crate) const ZERO: Self = Self(0);

    pub(crate) fn whole(value: i64) -> Self {
        Self(i128::from(value) * UNIT)
    }

    /// `value` hundredths.
    pub(crate) fn hundredths(value: i64) -> Self {
        Self(i128::from(value) * (UNIT / 100))
    }

    pub(crate) fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }

    pub(crate) fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }

    pub(crate) fn mul(self, other: Self) -> Self {
        Self(self.0 * other.0 / UNIT)
    }

    /// The quotient, if it has at most two places.
    pub(crate) fn div(self, other: Self) -> Option<Self> {
        if other.0 == 0 || (self.0 * UNIT) % other.0 != 0 {
            return None;
        }
        let quotient = Self(self.0 * UNIT / other.0);
        (quotient.0 % (UNIT / 100) == 0).then_some(quotient)
    }

    /// So many digits stand behind the point, zeros at the end left out.
    pub(crate) fn places(self) -> u32 {
        let mut part = self.0.abs() % UNIT;
        let mut places = if part == 0 { 0 } else { PLACES };
        while part != 0 && part % 10 == 0 {
            part /= 10;
            places -= 1;
        }
        places
    }

    /// A one so many places behind the point: `0.001` for three, as far as test values go.
    pub(crate) fn at_place(places: u32) -> Self {
        Self(10_i128.pow(PLACES - places.min(PLACES)))
    }

    /// The whole number below.
    pub(crate) fn floor(self) -> Option<i64> {
        i64::try_from(self.0.div_euclid(UNIT)).ok()
    }

    pub(crate) fn is_whole(self) -> bool {
        self.0 % UNIT == 0
    }

    pub(crate) fn as_whole(self) -> Option<i64> {
        if self.is_whole() { i64::try_from(self.0 / UNIT).ok() } else { None }
    }

    /// With two places, as money is written.
    pub(crate) fn money(self) -> String {
        let cents = self.0 / (UNIT / 100);
        let sign = if cents < 0 { "-" } else { "" };
        format!("{sign}{}.{:02}", cents.abs() / 100, cents.abs() % 100)
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (whole, part) = (self.0.abs() / UNIT, self.0.abs() % UNIT);
        if part == 0 {
            return write!(f, "{sign}{whole}");
        }
        let digits = format!("{part:06}");
        write!(f, "{sign}{whole}.{}", digits.trim_end_matches('0'))
    }
}

impl FromStr for Number {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let text = text.trim();
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty()
            || part.len() > PLACES as usize
            || !format!("{whole}{part}").bytes().all(|b| b.is_ascii_digit())
        {
            return Err(());
        }
        let whole: i128 = whole.parse().map_err(|_| ())?;
        let part: i128 = format!("{part:0<6}").parse().map_err(|_| ())?;
        let value = whole.checked_mul(UNIT).ok_or(())? + part;
        Ok(Self(if negative { -value } else { value }))
    }
}
