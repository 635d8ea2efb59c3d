//! Ranges of days and how they are cut into intervals: presets, stepping, weeks, months, and which bucket is open.
//!
//! Works on calendar days only. Where a day begins is the business of [`crate::zone`].

use crate::zone::Day;
use chrono::{Datelike, Days, Months, Weekday};

pub mod own;

/// A span of days, both ends included. `first <= last` always.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DateRange {
    /// First day.
    pub first: Day,
    /// Last day, included.
    pub last: Day,
}

impl DateRange {
    /// A range whose ends may come in either order.
    pub fn new(a: Day, b: Day) -> DateRange {
        DateRange {
            first: a.min(b),
            last: a.max(b),
        }
    }

    /// How many days it spans; at least 1.
    pub fn days(&self) -> u32 {
        u32::try_from((self.last - self.first).num_days() + 1).unwrap_or(1)
    }

    /// Whether a day lies in it.
    pub fn contains(&self, day: Day) -> bool {
        self.first <= day && day <= self.last
    }

    /// What two ranges share.
    pub fn overlap(&self, other: &DateRange) -> Option<DateRange> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(DateRange { first, last })
    }

    /// Every day, in order.
    pub fn iter(&self) -> impl Iterator<Item = Day> + use<> {
        let last = self.last;
        self.first.iter_days().take_while(move |day| *day <= last)
    }

    /// Moves it by whole days, into the past when negative.
    pub fn shift(&self, days: i64) -> DateRange {
        DateRange {
            first: add_days(self.first, days),
            last: add_days(self.last, days),
        }
    }
}

/// A sliding range, resolved against today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preset {
    /// The current day so far.
    Today,
    /// The last whole day.
    Yesterday,
    /// The last N days, today included.
    Days(u16),
    /// The last N weeks of seven days, ending today.
    Weeks(u16),
    /// The last twelve months, ending today.
    Year,
    /// From the first of this month.
    MonthToDate,
    /// From the first of January.
    YearToDate,
}

impl Preset {
    /// Every preset with its word in the URL, in the order of the menu.
    pub const ALL: [(Preset, &'static str, &'static str); 13] = [
        (Preset::Today, "today", "Today"),
        (Preset::Yesterday, "yesterday", "Yesterday"),
        (Preset::Days(7), "7d", "Last 7 days"),
        (Preset::Days(14), "14d", "Last 14 days"),
        (Preset::Days(28), "28d", "Last 28 days"),
        (Preset::Days(30), "30d", "Last 30 days"),
        (Preset::Days(90), "90d", "Last 90 days"),
        (Preset::Weeks(12), "12w", "Last 12 weeks"),
        (Preset::Weeks(24), "24w", "Last 24 weeks"),
        (Preset::Weeks(48), "48w", "Last 48 weeks"),
        (Preset::Year, "12m", "Last 12 months"),
        (Preset::MonthToDate, "mtd", "Month to date"),
        (Preset::YearToDate, "ytd", "Year to date"),
    ];

    /// The preset of a URL word.
    pub fn parse(word: &str) -> Option<Preset> {
        Preset::ALL
            .iter()
            .find(|(_, key, _)| *key == word)
            .map(|(preset, _, _)| *preset)
    }

    /// Its word in the URL.
    pub fn key(self) -> &'static str {
        Preset::ALL
            .iter()
            .find(|(preset, _, _)| *preset == self)
            .map_or("28d", |(_, key, _)| key)
    }

    /// Its name in the menu.
    pub fn label(self) -> &'static str {
        Preset::ALL
            .iter()
            .find(|(preset, _, _)| *preset == self)
            .map_or("Last 28 days", |(_, _, label)| label)
    }

    /// The days it means, seen from today.
    pub fn resolve(self, today: Day) -> DateRange {
        let back = |days: i64| DateRange::new(add_days(today, -days), today);
        match self {
            Preset::Today => back(0),
            Preset::Yesterday => DateRange::new(add_days(today, -1), add_days(today, -1)),
            Preset::Days(count) => back(i64::from(count.max(1)) - 1),
            Preset::Weeks(count) => back(i64::from(count.max(1)) * 7 - 1),
            Preset::Year => {
                let start = today
                    .checked_sub_months(Months::new(12))
                    .map_or(today, |day| add_days(day, 1));
                DateRange::new(start, today)
            }
            Preset::MonthToDate => DateRange::new(today.with_day(1).unwrap_or(today), today),
            Preset::YearToDate => DateRange::new(today.with_ordinal(1).unwrap_or(today), today),
        }
    }
}

/// A range as asked for: sliding, or locked to dates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Period {
    /// Moves with today.
    Preset(Preset),
    /// Stays where it is.
    Locked(DateRange),
}

impl Period {
    /// The days it means, seen from today. A locked range is kept as typed, also where it lies in the future.
    pub fn resolve(self, today: Day) -> DateRange {
        match self {
            Period::Preset(preset) => preset.resolve(today),
            Period::Locked(range) => range,
        }
    }
}

/// How a range is cut into buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Interval {
    /// Calendar days.
    Day,
    /// Seven days.
    Week,
    /// Calendar months.
    Month,
    /// Ninety days from the start of the range.
    Days90,
    /// Calendar years.
    Year,
}

impl Interval {
    /// Every interval with its word in the URL and its name.
    pub const ALL: [(Interval, &'static str, &'static str); 5] = [
        (Interval::Day, "day", "Day"),
        (Interval::Week, "week", "Week"),
        (Interval::Month, "month", "Month"),
        (Interval::Days90, "90d", "90 days"),
        (Interval::Year, "year", "Year"),
    ];

    /// The interval of a URL word.
    pub fn parse(word: &str) -> Option<Interval> {
        Interval::ALL
            .iter()
            .find(|(_, key, _)| *key == word)
            .map(|(interval, _, _)| *interval)
    }

    /// Its word in the URL.
    pub fn key(self) -> &'static str {
        Interval::ALL
            .iter()
            .find(|(interval, _, _)| *interval == self)
            .map_or("day", |(_, key, _)| key)
    }

    /// Its name.
    pub fn label(self) -> &'static str {
        Interval::ALL
            .iter()
            .find(|(interval, _, _)| *interval == self)
            .map_or("Day", |(_, _, label)| label)
    }

    /// One of it in a sentence: "each counted once per day".
    pub fn noun(self) -> &'static str {
        match self {
            Interval::Day => "day",
            Interval::Week => "week",
            Interval::Month => "month",
            Interval::Days90 => "90 days",
            Interval::Year => "year",
        }
    }

    /// So many of it in a sentence: "of 14 whole days".
    pub fn nouns(self, count: usize) -> String {
        match (self, count) {
            (_, 1) => self.noun().into(),
            (Interval::Days90, _) => "90-day intervals".into(),
            _ => format!("{}s", self.noun()),
        }
    }

    /// The interval that suits a length: days up to six weeks, weeks up to a year and a half, then months.
    pub fn for_days(days: u32) -> Interval {
        match days {
            0..=42 => Interval::Day,
            43..=550 => Interval::Week,
            _ => Interval::Month,
        }
    }

    /// Cuts a range into buckets, in order, without gap or overlap. The first and the last may be shorter than the
    /// interval; weeks begin on `week_start`.
    pub fn cut(self, range: DateRange, week_start: Weekday) -> Vec<DateRange> {
        let mut buckets = Vec::new();
        let mut first = range.first;
        while first <= range.last {
            let last = self.last_day(first, range.first, week_start).max(first).min(range.last);
            buckets.push(DateRange { first, last });
            let Some(next) = last.succ_opt() else { break };
            first = next;
        }
        buckets
    }

    /// The part of a range that whole buckets cover which are over before a day.
    pub fn whole(self, range: DateRange, week_start: Weekday, today: Day) -> Option<DateRange> {
        let buckets = self.cut(range, week_start);
        let is_whole = |bucket: &&DateRange| bucket.last < today && bucket.days() >= self.whole_days(**bucket);
        let first = buckets.iter().find(is_whole)?;
        let last = buckets.iter().rfind(is_whole)?;
        Some(DateRange::new(first.first, last.last))
    }

    /// The last day of the bucket in which `day` lies; 90-day buckets count from `origin`.
    fn last_day(self, day: Day, origin: Day, week_start: Weekday) -> Day {
        match self {
            Interval::Day => day,
            Interval::Week => add_days(day, 6 - i64::from(day.weekday().days_since(week_start))),
            Interval::Month => {
                let next = day
                    .with_day(1)
                    .and_then(|first| first.checked_add_months(Months::new(1)));
                next.map_or(day, |next| add_days(next, -1))
            }
            Interval::Days90 => {
                let into = (day - origin).num_days().rem_euclid(90);
                add_days(day, 89 - into)
            }
            Interval::Year => Day::from_ymd_opt(day.year(), 12, 31).unwrap_or(day),
        }
    }

    /// Days of a whole bucket, roughly for months and years; used to tell short buckets from whole ones.
    pub fn whole_days(self, bucket: DateRange) -> u32 {
        match self {
            Interval::Day => 1,
            Interval::Week => 7,
            Interval::Month => {
                let first = bucket.first.with_day(1).unwrap_or(bucket.first);
                DateRange::new(first, self.last_day(first, first, Weekday::Mon)).days()
            }
            Interval::Days90 => 90,
            Interval::Year => {
                if bucket.first.leap_year() {
                    366
                } else {
                    365
                }
            }
        }
    }
}

/// Adds days, staying inside the calendar.
pub fn add_days(day: Day, days: i64) -> Day {
    let moved = if days < 0 {
        day.checked_sub_days(Days::new(days.unsigned_abs()))
    } else {
        day.checked_add_days(Days::new(days.unsigned_abs()))
    };
    moved.unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn range(first: &str, last: &str) -> DateRange {
        DateRange::new(day(first), day(last))
    }

    const WEEKDAYS: [Weekday; 7] = [
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
        Weekday::Sat,
        Weekday::Sun,
    ];

    #[test]
    fn a_range_takes_its_ends_in_either_order() {
        let week = range("2026-11-15", "2026-11-09");
        assert_eq!(week, range("2026-11-09", "2026-11-15"));
        assert_eq!((week.days(), week.iter().count()), (7, 7));
        assert!(week.contains(day("2026-11-09")) && week.contains(day("2026-11-15")));
        assert!(!week.contains(day("2026-11-16")));
        assert_eq!(
            week.overlap(&range("2026-11-15", "2026-12-01")),
            Some(range("2026-11-15", "2026-11-15"))
        );
        assert_eq!(week.overlap(&range("2026-11-16", "2026-12-01")), None);
        assert_eq!(week.shift(-7), range("2026-11-02", "2026-11-08"));
        assert_eq!(range("2026-11-09", "2026-11-09").days(), 1);
    }

    #[test]
    fn presets_seen_from_a_day() {
        let check = |word: &str, first: &str, last: &str| {
            let preset = Preset::parse(word).unwrap();
            assert_eq!(preset.key(), word);
            assert_eq!(preset.resolve(day("2026-11-13")), range(first, last), "{word}");
        };
        check("today", "2026-11-13", "2026-11-13");
        check("yesterday", "2026-11-12", "2026-11-12");
        check("7d", "2026-11-07", "2026-11-13");
        check("14d", "2026-10-31", "2026-11-13");
        check("28d", "2026-10-17", "2026-11-13");
        check("30d", "2026-10-15", "2026-11-13");
        check("90d", "2026-08-16", "2026-11-13");
        check("12w", "2026-08-22", "2026-11-13");
        check("24w", "2026-05-30", "2026-11-13");
        check("48w", "2025-12-13", "2026-11-13");
        check("12m", "2025-11-14", "2026-11-13");
        check("mtd", "2026-11-01", "2026-11-13");
        check("ytd", "2026-01-01", "2026-11-13");
        assert_eq!(Preset::parse("13d"), None);
    }

    #[test]
    fn presets_at_the_edges_of_the_calendar() {
        let resolve = |preset: Preset, today: &str| preset.resolve(day(today));
        assert_eq!(resolve(Preset::Year, "2028-02-29"), range("2027-03-01", "2028-02-29"));
        assert_eq!(resolve(Preset::Year, "2027-02-28"), range("2026-03-01", "2027-02-28"));
        assert_eq!(
            resolve(Preset::MonthToDate, "2026-03-01"),
            range("2026-03-01", "2026-03-01")
        );
        assert_eq!(
            resolve(Preset::YearToDate, "2026-01-01"),
            range("2026-01-01", "2026-01-01")
        );
        assert_eq!(
            resolve(Preset::Yesterday, "2026-01-01"),
            range("2025-12-31", "2025-12-31")
        );
        assert_eq!(
            resolve(Preset::Days(0), "2026-01-01"),
            range("2026-01-01", "2026-01-01")
        );
        for (preset, word, label) in Preset::ALL {
            assert_eq!((preset.key(), preset.label()), (word, label));
            assert_eq!(resolve(preset, "0000-01-01").first.min(Day::MIN), Day::MIN);
            assert!(preset.resolve(Day::MIN).days() >= 1 && preset.resolve(Day::MAX).days() >= 1);
        }
    }

    #[test]
    fn a_locked_range_stays() {
        let locked = range("2030-01-01", "2030-01-31");
        assert_eq!(Period::Locked(locked).resolve(day("2026-11-13")), locked);
    }

    #[test]
    fn buckets_partition_their_range() {
        for (interval, word, label) in Interval::ALL {
            assert_eq!(
                (Interval::parse(word), interval.key(), interval.label()),
                (Some(interval), word, label)
            );
            for week_start in WEEKDAYS {
                for offset in 0..40 {
                    for length in [0, 1, 5, 6, 7, 27, 31, 89, 90, 400, 800] {
                        let first = add_days(day("2026-12-10"), offset);
                        check_cut(interval, DateRange::new(first, add_days(first, length)), week_start);
                    }
                }
            }
        }
    }

    fn check_cut(interval: Interval, range: DateRange, week_start: Weekday) {
        let buckets = interval.cut(range, week_start);
        let case = format!("{interval:?} {range:?} {week_start}");
        assert_eq!(buckets.first().unwrap().first, range.first, "{case}");
        assert_eq!(buckets.last().unwrap().last, range.last, "{case}");
        for pair in buckets.windows(2) {
            assert_eq!(pair[0].last.succ_opt().unwrap(), pair[1].first, "{case}");
            if interval == Interval::Week {
                assert_eq!(pair[1].first.weekday(), week_start, "{case}");
            }
        }
        for (index, bucket) in buckets.iter().enumerate() {
            let whole = interval.whole_days(*bucket);
            let is_inside = index > 0 && index + 1 < buckets.len();
            assert!(
                if is_inside {
                    bucket.days() == whole
                } else {
                    bucket.days() <= whole
                },
                "{case}: {bucket:?}"
            );
        }
    }

    #[test]
    fn buckets_to_the_day() {
        let cut = |interval: Interval, first: &str, last: &str| -> Vec<u32> {
            interval
                .cut(range(first, last), Weekday::Sun)
                .iter()
                .map(DateRange::days)
                .collect()
        };
        assert_eq!(cut(Interval::Day, "2026-11-13", "2026-11-15"), [1, 1, 1]);
        // 2026-11-13 is a Friday, 2026-11-15 a Sunday.
        assert_eq!(cut(Interval::Week, "2026-11-13", "2026-11-30"), [2, 7, 7, 2]);
        assert_eq!(cut(Interval::Month, "2028-01-31", "2028-04-01"), [1, 29, 31, 1]);
        assert_eq!(cut(Interval::Days90, "2026-01-10", "2026-07-15"), [90, 90, 7]);
        assert_eq!(cut(Interval::Year, "2027-12-31", "2029-01-02"), [1, 366, 2]);
        assert_eq!(
            Interval::Week
                .cut(DateRange::new(Day::MAX, Day::MAX), Weekday::Mon)
                .len(),
            1
        );
    }

    #[test]
    fn the_interval_follows_the_length() {
        let chosen = [1, 42, 43, 550, 551].map(Interval::for_days);
        assert_eq!(
            chosen,
            [
                Interval::Day,
                Interval::Day,
                Interval::Week,
                Interval::Week,
                Interval::Month
            ]
        );
    }
}
