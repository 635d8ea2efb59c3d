//! A language's numbers and dates as plain data, so that the core formats without asking the browser.
//!
//! The shell reads these words and orders from `Intl`; [`Locale::english`] is what tests and an unknown language use.

use crate::period::DateRange;
use crate::zone::Day;
use chrono::{Datelike, Weekday};
use std::sync::Arc;

/// How a language writes numbers and dates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Locale {
    /// BCP 47 tag.
    pub tag: String,
    /// Ten digits.
    pub digits: [char; 10],
    /// Between whole and fraction.
    pub decimal: String,
    /// Between groups of digits.
    pub group: String,
    /// Sizes of the groups from the right: `[3]`, or `[3, 2]` in India; the last repeats.
    pub groups: Vec<usize>,
    /// Fewest digits for which groups are made: 4, or 5 in Spanish.
    pub group_from: usize,
    /// Minus sign.
    pub minus: String,
    /// Before and after a percentage.
    pub percent: (String, String),
    /// Compact steps, largest first: power of ten and suffix, for example (6, "M"), (3, "K").
    pub compact: Vec<(u32, String)>,
    /// Unit of hours with the space before it: " h".
    pub hour: String,
    /// Unit of minutes: " m".
    pub minute: String,
    /// Unit of seconds: " s".
    pub second: String,
    /// Unit of milliseconds: " ms".
    pub millisecond: String,
    /// Short month names beside a day, January first.
    pub months: [String; 12],
    /// The same beside a year: many languages inflect a month only where a day stands with it.
    pub months_of_year: [String; 12],
    /// The same with nothing beside them.
    pub months_alone: [String; 12],
    /// Short weekday names, Monday first.
    pub weekdays: [String; 7],
    /// "20 Nov"
    pub day_month: Vec<DatePart>,
    /// "20 Nov 2026"
    pub day_month_year: Vec<DatePart>,
    /// "Fri, 20 Nov"
    pub weekday_day_month: Vec<DatePart>,
    /// "Nov 2026"
    pub month_year: Vec<DatePart>,
    /// First day of the week.
    pub week_start: Weekday,
    /// Days off in every week.
    pub weekend: Vec<Weekday>,
    /// Other days off, as config.json lists them.
    pub holidays: Arc<[Day]>,
}

/// One part of a written date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DatePart {
    /// Day of the month.
    Day,
    /// Short month name.
    Month,
    /// Year.
    Year,
    /// Short weekday name.
    Weekday,
    /// Anything between.
    Literal(String),
}

impl Locale {
    /// Whether a day is off, in every week or by config.json.
    pub fn is_off(&self, day: Day) -> bool {
        self.weekend.contains(&day.weekday()) || self.holidays.contains(&day)
    }

    /// Words about some days, and that they are a holiday.
    pub fn with_holiday(&self, days: DateRange, words: &str) -> String {
        match (days.days() == 1 && self.holidays.contains(&days.first), words) {
            (false, _) => words.into(),
            (true, "") => "holiday".into(),
            (true, _) => format!("{words}, holiday"),
        }
    }

    /// International English: 24 h, Monday first, "20 Nov 2026".
    pub fn english() -> Locale {
        use DatePart::{Day, Literal, Month, Weekday as Name, Year};
        let space = || Literal(" ".into());
        let owned = |word: &str| word.to_string();
        let months = [
            "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
        ]
        .map(owned);
        Locale {
            tag: "en".into(),
            digits: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
            decimal: ".".into(),
            group: ",".into(),
            groups: vec![3],
            group_from: 4,
            minus: "−".into(),
            percent: (String::new(), "%".into()),
            compact: vec![(12, owned("T")), (9, owned("B")), (6, owned("M")), (3, owned("K"))],
            hour: owned(" h"),
            minute: owned(" m"),
            second: owned(" s"),
            millisecond: owned(" ms"),
            months_of_year: months.clone(),
            months_alone: months.clone(),
            months,
            weekdays: ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].map(owned),
            day_month: vec![Day, space(), Month],
            day_month_year: vec![Day, space(), Month, space(), Year],
            weekday_day_month: vec![Name, Literal(", ".into()), Day, space(), Month],
            month_year: vec![Month, space(), Year],
            week_start: Weekday::Mon,
            weekend: vec![Weekday::Sat, Weekday::Sun],
            holidays: Arc::default(),
        }
    }

    /// English as in the United States, as `Intl` tells it.
    pub fn american() -> Locale {
        use DatePart::{Day, Literal, Month, Weekday as Name, Year};
        let literal = |word: &str| Literal(word.into());
        Locale {
            tag: "en-US".into(),
            minus: "-".into(),
            hour: "\u{a0}h".into(),
            minute: "\u{a0}m".into(),
            second: "\u{a0}s".into(),
            millisecond: "\u{a0}ms".into(),
            day_month: vec![Month, literal(" "), Day],
            day_month_year: vec![Month, literal(" "), Day, literal(", "), Year],
            weekday_day_month: vec![Name, literal(", "), Month, literal(" "), Day],
            week_start: Weekday::Sun,
            ..Locale::english()
        }
    }
}
