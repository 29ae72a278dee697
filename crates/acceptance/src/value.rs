//! Values of fields as tests think of them: dates may hang on the day on which the test runs.

use crate::{
    number::Number,
    shape::{COUNTED_AT, Shape, Unit},
};
use maestro_artifacts::{Offset, service_model::FieldKind};
use std::{cmp::Ordering, rc::Rc};

/// The day that relative dates are reckoned from while a test is being thought out. The written test uses the day
/// on which it runs. The difference matters only to rules that mix the clock with fixed dates.
pub(crate) const TODAY: i64 = 20_635;
/// The instant of a request while a test is being thought out: noon of [`TODAY`].
pub(crate) const NOW: i64 = TODAY * DAY + DAY / 2;
/// The year of [`TODAY`].
const YEAR: i64 = calendar(TODAY).0;
/// Seconds of a day.
pub(crate) const DAY: i64 = 86_400;

/// What a date or date-time hangs on.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Anchor {
    /// Nothing: a fixed date.
    Fixed,
    /// The start of the day on which the test runs (UTC).
    Today,
    /// The instant at which the test runs.
    Now,
    /// Another date or date-time that hangs on the clock, plus so many calendar months: how many days that is depends on
    /// the day on which the test runs.
    Months(Rc<Val>, i64),
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Val {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    /// A value that no other record has; the same id is the same value.
    Fresh(u32, Shape),
    /// The text of a `Fresh`, with upper and lower case swapped.
    Swapped(u32, Shape),
    /// Days since 1970.
    Day(i64, Anchor),
    /// Seconds since 1970.
    Time(i64, Anchor),
    /// The year in which the test runs (UTC), plus so many: a whole number.
    Year(i64),
    /// The id of a record of the script.
    Ref(usize),
    /// A Python expression for something that no field can hold.
    Raw(String),
}

impl Val {
    pub(crate) fn today(plus: i64) -> Self {
        Self::Day(TODAY + plus, Anchor::Today)
    }

    /// The day so many calendar months, then days, from the day on which the test runs.
    pub(crate) fn day(months: i64, days: i64) -> Self {
        Self::today(0).months_later(months).plus(days)
    }

    /// The first instant of that day.
    pub(crate) fn start_of_day(months: i64, days: i64) -> Self {
        Self::Time(TODAY * DAY, Anchor::Today).months_later(months).plus(days)
    }

    pub(crate) fn whole(value: i64) -> Self {
        Self::Number(Number::whole(value))
    }

    pub(crate) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    pub(crate) fn is_null(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            _ => false,
        }
    }

    /// Where the count of a counted value begins.
    pub(crate) fn begin(&self) -> Option<Self> {
        let Self::Fresh(_, Shape::Count { low, unit, .. }) = self else { return None };
        Some(match unit {
            Unit::Whole => Self::whole(*low),
            Unit::Day => Self::today(*low),
            Unit::Instant => Self::Time((TODAY + low) * DAY + COUNTED_AT, Anchor::Today),
        })
    }

    /// One text that stands for this value.
    pub(crate) fn sample(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Fresh(_, shape) => Some(shape.example()),
            Self::Swapped(_, shape) => Some(crate::shape::swapped(&shape.example())),
            _ => None,
        }
    }

    pub(crate) fn number(&self) -> Option<Number> {
        if let Self::Number(number) = self { Some(*number) } else { None }
    }

    /// Reads a constant of the model for a field of this kind. `today` and `now` stand for the clock.
    pub(crate) fn constant(kind: &FieldKind, value: &serde_json::Value) -> Self {
        use serde_json::Value as Json;
        match value {
            Json::Null => Self::Null,
            Json::Bool(flag) => Self::Bool(*flag),
            Json::Number(number) => number.to_string().parse().map_or(Self::Null, Self::Number),
            Json::String(text) => Self::parse(kind, text),
            Json::Array(_) | Json::Object(_) => Self::Null,
        }
    }

    /// Reads a constant that the model writes as text (`0.5`, `2024-01-01`, `today`).
    pub(crate) fn parse(kind: &FieldKind, text: &str) -> Self {
        match kind {
            FieldKind::Integer | FieldKind::Decimal | FieldKind::Money => {
                text.parse().map_or_else(|()| Self::text(text), Self::Number)
            }
            FieldKind::Date if text == "today" || text == "now" => Self::today(0),
            FieldKind::Date => day_of(text).map_or_else(|| Self::text(text), |day| Self::Day(day, Anchor::Fixed)),
            FieldKind::DateTime if text == "now" => Self::Time(NOW, Anchor::Now),
            FieldKind::DateTime if text == "today" => Self::Time(TODAY * DAY, Anchor::Today),
            // A bare date stands for its whole day, also where a field holds instants.
            FieldKind::DateTime if day_of(text).is_some() => {
                day_of(text).map_or(Self::Null, |day| Self::Day(day, Anchor::Fixed))
            }
            FieldKind::DateTime => {
                instant_of(text).map_or_else(|| Self::text(text), |at| Self::Time(at, Anchor::Fixed))
            }
            FieldKind::Boolean if text == "true" || text == "false" => Self::Bool(text == "true"),
            _ => Self::text(text),
        }
    }

    /// Adds an offset: days to dates and date-times, the number itself to numbers.
    pub(crate) fn plus(&self, offset: i64) -> Self {
        match self {
            Self::Number(number) => Self::Number(number.add(Number::whole(offset))),
            Self::Year(plus) => Self::Year(plus + offset),
            Self::Day(day, anchor) => Self::Day(day + offset, anchor.clone()),
            Self::Time(at, anchor) => Self::Time(at + offset * DAY, anchor.clone()),
            other => other.clone(),
        }
    }

    /// Adds calendar months to a date or date-time.
    pub(crate) fn months_later(&self, months: i64) -> Self {
        let (moved, anchor) = match self {
            _ if months == 0 => return self.clone(),
            Self::Day(day, anchor) => (Self::Day(day_later(*day, months), Anchor::Fixed), anchor),
            Self::Time(at, anchor) => {
                let day = day_later(at.div_euclid(DAY), months);
                (Self::Time(day * DAY + at.rem_euclid(DAY), Anchor::Fixed), anchor)
            }
            other => return other.clone(),
        };
        if *anchor == Anchor::Fixed { moved } else { moved.anchored(Anchor::Months(Rc::new(self.clone()), months)) }
    }

    fn anchored(self, anchor: Anchor) -> Self {
        match self {
            Self::Day(day, _) => Self::Day(day, anchor),
            Self::Time(at, _) => Self::Time(at, anchor),
            other => other,
        }
    }

    /// Adds what an operand adds: months, then days or the number, then minutes.
    pub(crate) fn offset(&self, by: &Offset) -> Self {
        self.months_later(by.plus_months).plus(by.plus).later(by.plus_minutes)
    }

    /// What it hangs on, for dates and date-times.
    pub(crate) const fn anchor(&self) -> Option<&Anchor> {
        match self {
            Self::Day(_, anchor) | Self::Time(_, anchor) => Some(anchor),
            _ => None,
        }
    }

    /// Adds minutes to a date-time.
    pub(crate) fn later(&self, minutes: i64) -> Self {
        match self {
            Self::Time(at, anchor) => Self::Time(at + minutes * 60, anchor.clone()),
            other => other.clone(),
        }
    }

    /// Orders two values where that means something. A date and an instant are compared by the day.
    pub(crate) fn order(&self, other: &Self) -> Option<Ordering> {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => Some(a.cmp(b)),
            (Self::Year(a), Self::Year(b)) => Some(a.cmp(b)),
            (Self::Number(a), Self::Year(b)) => Some(a.cmp(&Number::whole(YEAR + b))),
            (Self::Year(a), Self::Number(b)) => Some(Number::whole(YEAR + a).cmp(b)),
            (Self::Day(a, _), Self::Day(b, _)) | (Self::Time(a, _), Self::Time(b, _)) => Some(a.cmp(b)),
            (Self::Day(a, _), Self::Time(b, _)) => Some(a.cmp(&b.div_euclid(DAY))),
            (Self::Time(a, _), Self::Day(b, _)) => Some(a.div_euclid(DAY).cmp(b)),
            // A counted value is judged by where the count begins.
            (Self::Fresh(_, Shape::Count { .. }), _) => self.begin()?.order(other),
            (_, Self::Fresh(_, Shape::Count { .. })) => self.order(&other.begin()?),
            (Self::Text(a), Self::Text(b)) => Some(a.cmp(b)),
            (Self::Bool(a), Self::Bool(b)) => Some(a.cmp(b)),
            _ => None,
        }
    }

    /// Whether the day or the time of day on which a test runs decides which of two comes first. While a test is thought
    /// out it is noon of a day of its own.
    pub(crate) fn is_near_by_chance(&self, other: &Self) -> bool {
        /// For how many years a number that is a year to come is not taken for one that stays ahead.
        const AHEAD: i64 = 50;
        if self.moves_beside(other) {
            // As many months differ by no more than this, and by a day more where one of them is an instant.
            const SPREAD: i64 = 5 * DAY;
            return self.at().zip(other.at()).is_some_and(|(a, b)| (a - b).abs() <= SPREAD);
        }
        match (self, other) {
            (Self::Number(fixed), Self::Year(plus)) | (Self::Year(plus), Self::Number(fixed)) => {
                // Years come, and none comes back: a year that is past when the test is thought out stays so.
                let (first, last) = (Number::whole(YEAR + plus), Number::whole(YEAR + plus + AHEAD));
                (first..=last).contains(fixed)
            }
            (Self::Time(a, Anchor::Now), Self::Time(b, anchor))
            | (Self::Time(b, anchor), Self::Time(a, Anchor::Now)) => {
                *anchor == Anchor::Today && (a - b).abs() <= DAY / 2
            }
            _ => false,
        }
    }

    /// Whether the days between two dates depend on the day on which the test runs: months lie between them.
    pub(crate) fn moves_beside(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (self.anchor(), other.anchor()) else { return false };
        a != b && matches!((a, b), (Anchor::Months(..), _) | (_, Anchor::Months(..)))
    }

    /// Seconds from another date or date-time to this one; 0 where one of them is neither.
    pub(crate) fn since(&self, other: &Self) -> i64 {
        self.at().zip(other.at()).map_or(0, |(to, from)| to - from)
    }

    /// Seconds since 1970, for dates and date-times.
    const fn at(&self) -> Option<i64> {
        match self {
            Self::Day(day, _) => Some(*day * DAY),
            Self::Time(at, _) => Some(*at),
            _ => None,
        }
    }

    /// Whether two values are the same.
    pub(crate) fn same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fresh(a, _), Self::Fresh(b, _)) | (Self::Swapped(a, _), Self::Swapped(b, _)) => a == b,
            (Self::Fresh(..), _) | (_, Self::Fresh(..)) => false,
            (Self::Day(..) | Self::Time(..) | Self::Number(_) | Self::Year(_), _) => {
                self.order(other) == Some(Ordering::Equal)
            }
            _ => self == other,
        }
    }

    /// An instant as its day; anything else as it is.
    pub(crate) fn its_day(&self) -> Self {
        match self {
            Self::Time(at, anchor) => Self::Day(at.div_euclid(DAY), anchor.clone()),
            other => other.clone(),
        }
    }

    /// An instant so many minutes later, on the same day; anything else as it is.
    pub(crate) fn later_that_day(&self, minutes: i64) -> Self {
        match self {
            Self::Time(at, anchor @ (Anchor::Fixed | Anchor::Today)) => {
                let (day, of_day) = (at.div_euclid(DAY), at.rem_euclid(DAY));
                Self::Time(day * DAY + (of_day + minutes * 60).rem_euclid(DAY), anchor.clone())
            }
            other => other.clone(),
        }
    }

    /// Whether it depends on the time at which the test runs if two instants lie on the same day.
    pub(crate) fn may_share_day(&self, other: &Self) -> bool {
        let (Self::Time(a, one), Self::Time(b, two)) = (self, other) else { return self.is_near_by_chance(other) };
        let clock = |anchor: &Anchor| matches!(anchor, Anchor::Now | Anchor::Months(..));
        (clock(one) || clock(two)) && a != b && (a - b).abs() < 2 * DAY || self.is_near_by_chance(other)
    }

    /// Whether two texts are the same but for upper and lower case.
    pub(crate) fn same_ignoring_case(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Fresh(a, _) | Self::Swapped(a, _), Self::Fresh(b, _) | Self::Swapped(b, _)) => a == b,
            (Self::Text(a), Self::Text(b)) => a.to_lowercase() == b.to_lowercase(),
            _ => self.same(other),
        }
    }
}

fn day_of(text: &str) -> Option<i64> {
    let mut parts = text.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || year.len() != 4 {
        return None;
    }
    let (year, month, day): (i64, i64, i64) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    Some(days_since_1970(year, month, day))
}

/// In the proleptic Gregorian calendar, years starting in March so that the leap day comes last.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let (y, m) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let era = y.div_euclid(400);
    let (of_era, of_year) = (y.rem_euclid(400), (153 * m + 2) / 5 + day - 1);
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// The same day of the month so many months later, or that month's last day where it is shorter.
const fn day_later(day: i64, months: i64) -> i64 {
    let (year, month, day) = calendar(day);
    let month = year * 12 + month - 1 + months;
    let first = days_since_1970(month.div_euclid(12), month.rem_euclid(12) + 1, 1);
    let next = days_since_1970((month + 1).div_euclid(12), (month + 1).rem_euclid(12) + 1, 1);
    let last = next - first;
    first + if day < last { day } else { last } - 1
}

fn instant_of(text: &str) -> Option<i64> {
    let text = text.trim_end_matches('Z');
    let (date, time) = text.split_once(['T', ' '])?;
    let mut parts = time.split(':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().flatten().unwrap_or(0));
    Some(day_of(date)? * DAY + hour * 3600 + minute * 60 + second)
}

/// A day as `YYYY-MM-DD`.
pub(crate) fn date_text(day: i64) -> String {
    let (year, month, day) = calendar(day);
    format!("{year:04}-{month:02}-{day:02}")
}

/// Year, month and day of the month of a day.
const fn calendar(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let m = (5 * of_year + 2) / 153;
    let day = of_year - (153 * m + 2) / 5 + 1;
    let month = if m < 10 { m + 3 } else { m - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

/// An instant as `YYYY-MM-DDTHH:MM:SSZ`.
pub(crate) fn instant_text(at: i64) -> String {
    let (day, second) = (at.div_euclid(DAY), at.rem_euclid(DAY));
    format!("{}T{:02}:{:02}:{:02}Z", date_text(day), second / 3600, second / 60 % 60, second % 60)
}
