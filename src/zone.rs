//! A time zone as plain data: the offsets from UTC that hold around the days of interest.
//!
//! The core neither knows the tz database nor asks the browser. The shell reads the offsets with `Intl` and hands
//! them over; native tests build the same value from another copy of the database. Days are days of this zone:
//! 23, 24 or 25 hours long, and now and then (Samoa, 2011-12-30) no time at all.

use crate::order;
use chrono::{DateTime, Duration, FixedOffset, NaiveDate, NaiveTime, Offset, TimeZone, Utc};

/// A calendar day, without a zone.
pub type Day = NaiveDate;

/// Reads a day as it is written in addresses and answers, `2026-11-13`, and in no other way.
pub fn day(text: &str) -> Option<Day> {
    let mut parts = text.split('-');
    let mut number = |length: usize| {
        let part = parts.next().filter(|part| part.len() == length)?;
        let digits = part.chars().map(|digit| digit.to_digit(10));
        digits.reduce(|number, digit| Some(number? * 10 + digit?)).flatten()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let is_all = parts.next().is_none();
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).filter(|_| is_all)
}

/// The offset that holds from an instant on, until the next span begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Seconds since 1970-01-01T00:00:00Z at which the offset begins to hold.
    pub from: i64,
    /// Seconds east of UTC.
    pub offset: i32,
}

/// A named zone with its offsets, oldest first. Before the first span its offset is taken to hold as well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    /// IANA name, or `UTC`.
    pub name: String,
    spans: Vec<Span>,
}

impl Zone {
    /// The zone without any change of offset.
    pub fn utc() -> Zone {
        Zone {
            name: "UTC".into(),
            spans: Vec::new(),
        }
    }

    /// A zone from its offsets; they are sorted, and repeated offsets are joined.
    pub fn new(name: impl Into<String>, mut spans: Vec<Span>) -> Zone {
        order::sort_by(&mut spans, |a, b| a.from.cmp(&b.from));
        spans.dedup_by(|next, kept| next.offset == kept.offset);
        Zone {
            name: name.into(),
            spans,
        }
    }

    /// Builds the spans from a function that tells the offset at an instant, by looking every `step` seconds between
    /// `from` and `to` and halving the interval wherever two neighbours differ. Changes closer together than `step`
    /// can be missed; the nearest pair in use today is about four weeks apart (Ramadan in Morocco).
    pub fn probe(name: impl Into<String>, from: i64, to: i64, step: i64, offset_at: impl Fn(i64) -> i32) -> Zone {
        let step = step.max(1);
        let mut spans = vec![Span {
            from,
            offset: offset_at(from),
        }];
        let mut left = from;
        let mut before = offset_at(from);
        while left < to {
            let right = left.saturating_add(step).min(to);
            let after = offset_at(right);
            if after != before {
                let (mut low, mut high) = (left, right);
                while high - low > 1 {
                    let middle = low + (high - low) / 2;
                    if offset_at(middle) == before {
                        low = middle
                    } else {
                        high = middle
                    }
                }
                spans.push(Span {
                    from: high,
                    offset: after,
                });
            }
            (left, before) = (right, after);
        }
        Zone::new(name, spans)
    }

    /// The offset in seconds east of UTC that holds at an instant.
    pub fn offset_at(&self, instant: DateTime<Utc>) -> i32 {
        let after = self.spans.partition_point(|span| span.from <= instant.timestamp());
        self.spans.get(after.saturating_sub(1)).map_or(0, |span| span.offset)
    }

    /// The instant as this zone's clocks show it.
    pub fn local(&self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        instant.with_timezone(&fixed(self.offset_at(instant)))
    }

    /// The calendar day of an instant.
    pub fn day_of(&self, instant: DateTime<Utc>) -> Day {
        self.local(instant).date_naive()
    }

    /// The first instant at which the clocks show this day or a later one, written with the offset in which its clock
    /// reads 00:00:00.
    ///
    /// Where the clocks jump over midnight that is the offset before the jump (or one between, when they jump from
    /// 23:30 to 00:30): the instant is the same, and servers that insist on `00:00:00` accept it. A day that a zone
    /// left out begins and ends at the same instant.
    pub fn start_of(&self, day: Day) -> DateTime<FixedOffset> {
        let midnight = day.and_time(NaiveTime::MIN).and_utc().timestamp();
        let mut start = midnight;
        for (index, span) in self.spans.iter().enumerate() {
            let until = self.spans.get(index + 1).map_or(i64::MAX, |next| next.from);
            let reached = midnight - i64::from(span.offset);
            if reached < until {
                start = if index == 0 { reached } else { reached.max(span.from) };
                break;
            }
        }
        let offset = fixed(i32::try_from(midnight - start).unwrap_or(0));
        DateTime::from_timestamp(start, 0)
            .unwrap_or_default()
            .with_timezone(&offset)
    }

    /// The instant right after a day ends, which is where the next one starts.
    pub fn end_of(&self, day: Day) -> DateTime<FixedOffset> {
        self.start_of(day.succ_opt().unwrap_or(day))
    }

    /// Whether the day is not 24 hours long.
    pub fn changes_on(&self, day: Day) -> bool {
        self.end_of(day) - self.start_of(day) != Duration::days(1)
    }
}

fn fixed(offset: i32) -> FixedOffset {
    FixedOffset::east_opt(offset).unwrap_or_else(|| Utc.fix())
}

/// RFC 3339 in the given offset, as Coder's insights read it: whole seconds, `+00:00` rather than `Z`.
pub fn rfc3339<Tz: TimeZone>(instant: &DateTime<Tz>) -> String {
    let local = instant.with_timezone(&instant.offset().fix());
    local.to_rfc3339_opts(chrono::SecondsFormat::Secs, false)
}
