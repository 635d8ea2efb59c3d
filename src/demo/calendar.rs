//! How busy a day is for everybody: weekends, holidays, summer, and an outage every eight weeks.

use super::chance::{below, mix};
use crate::zone::Day;
use chrono::{Datelike, Days};

/// Day number of the first account: 2019-06-03, a Monday.
pub const OPENING: i64 = 18_050;

/// Days without use after which an account is dormant.
pub const DORMANCY: i64 = 90 * 86_400;

/// How busy the days of a span are, computed once per answer.
pub struct Calendar {
    first: i64,
    factors: Vec<u64>,
}

impl Calendar {
    /// Days from `first` to `last`, as numbers since 1970. Nothing happened before the opening.
    pub fn new(first: i64, last: i64) -> Calendar {
        let first = first.max(OPENING);
        Calendar {
            first,
            factors: (first..=last).map(factor).collect(),
        }
    }

    /// Share of an ordinary day, in thousandths.
    pub fn factor(&self, day: i64) -> u64 {
        let place = usize::try_from(day - self.first).unwrap_or(usize::MAX);
        self.factors.get(place).copied().unwrap_or(0)
    }
}

/// Monday is 0.
pub fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// Whether the deployment was down for most of the day: once in eight weeks, in the middle of the week, so that
/// every picture of the last two months has one.
pub fn is_outage(day: i64) -> bool {
    let week = (day + 3).div_euclid(7);
    let down = 1 + below(mix(0x0dd_da7, week.unsigned_abs()), 3).cast_signed();
    week.rem_euclid(8) == 6 && weekday(day) == down
}

fn factor(day: i64) -> u64 {
    let ordinary = match weekday(day) {
        0 => 960,
        4 => 890,
        5 => 60,
        6 => 45,
        _ => 1000,
    };
    let down = if is_outage(day) { 40 } else { 1000 };
    ordinary * holiday(day).unwrap_or(1000) * down / 1_000_000
}

fn holiday(day: i64) -> Option<u64> {
    let date = Day::default().checked_add_days(Days::new(day.unsigned_abs()))?;
    match (date.month(), date.day()) {
        (12, 24..=26 | 31) | (1, 1) => Some(40),
        (12, 27..=30) => Some(150),
        (5, 1) => Some(120),
        (1, 2..=6) => Some(550),
        (12, 20..=23) => Some(700),
        (8, _) => Some(840),
        (7, _) => Some(910),
        _ => None,
    }
}
