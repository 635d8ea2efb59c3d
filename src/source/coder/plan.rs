//! Which requests give a figure for each bucket of a range, and how the figures are found again in the answers.
//!
//! Coder counts intervals of 24 hours, or seven times that, from the start of the slice. That is right only while the
//! offset stays the same, and distinct people cannot be added up, so days on which the clocks change, short weeks,
//! months and everything longer are asked for one by one: their figure is that of the report.

use super::time;
use crate::data::{Insights, IntervalReport};
use crate::period::{DateRange, Interval};
use crate::source::{Grain, Slice};
use crate::zone::Zone;
use chrono::{DateTime, FixedOffset, Utc};
use std::ops::Range;

/// One request of a plan, and the buckets it answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Piece {
    /// The span asked for.
    pub slice: Slice,
    /// How the server cuts it; `None` for a single bucket, whose figure is that of the report.
    pub grain: Option<Grain>,
    /// The buckets it answers, as indices into those the plan was made for.
    pub buckets: Range<usize>,
}

/// The requests for a range that was cut into buckets by `interval`, in the order of the buckets.
///
/// Buckets that lie in the future, or of which nothing can be asked yet, are in no piece. A run of one bucket is
/// asked for without intervals, so that it is the same request as the report of that range.
pub fn plan(
    zone: &Zone,
    buckets: &[DateRange],
    interval: Interval,
    now: DateTime<Utc>,
    templates: &[String],
) -> Vec<Piece> {
    // A year has hundreds of buckets, and several reports make plans for it: what is the same for all is done once.
    let latest_hour = time::latest_hour(zone, now);
    let templates = time::once(templates);
    let mut before = None;
    let mut pieces: Vec<Piece> = Vec::new();
    let mut can_grow = false;
    for (index, bucket) in buckets.iter().enumerate() {
        let next = before.filter(|(day, _)| *day == bucket.first);
        let start = next.map_or_else(|| zone.start_of(bucket.first), |(_, close)| close);
        let close = zone.end_of(bucket.last);
        before = bucket.last.succ_opt().map(|day| (day, close));
        let Some(end) = time::end(start, close, latest_hour, now) else {
            can_grow = false;
            continue;
        };
        // By which the server can cut the bucket out of a longer slice, if it can.
        let grain = grain_of(interval).filter(|grain| close - start == grain.length());
        let is_closed = end >= close;
        // A server's last interval may be shorter, but only in days: part of a week breaks its rule for weeks.
        let joins = grain.is_some() && (is_closed || grain == Some(Grain::Day));
        match pieces.last_mut() {
            Some(last) if can_grow && joins && last.slice.end == start => {
                last.slice.end = end;
                last.grain = grain;
                last.buckets.end = index + 1;
            }
            _ => pieces.push(Piece {
                slice: Slice {
                    start,
                    end,
                    templates: templates.clone(),
                },
                grain: None,
                buckets: index..index + 1,
            }),
        }
        can_grow = joins && is_closed;
    }
    pieces
}

/// The grain that is as long as most buckets of an interval.
fn grain_of(interval: Interval) -> Option<Grain> {
    match interval {
        Interval::Day => Some(Grain::Day),
        Interval::Week => Some(Grain::Week),
        Interval::Month | Interval::Days90 | Interval::Year => None,
    }
}

/// The figure of each bucket of a piece: distinct people. `None` where the answer has none for exactly that span.
///
/// Intervals are found by their times, never by their position: servers do not sort them, and a cache or a file may
/// hold those of another range.
pub fn figures(piece: &Piece, insights: &Insights) -> Vec<(usize, Option<u64>)> {
    let Some(grain) = piece.grain else {
        let report = insights
            .report
            .as_ref()
            .filter(|report| is_for(&piece.slice, report.start, report.end));
        return vec![(piece.buckets.start, report.map(|report| report.active_users))];
    };
    let mut start = piece.slice.start;
    let mut figures = Vec::with_capacity(piece.buckets.len());
    let mut behind = insights.intervals.iter();
    for bucket in piece.buckets.clone() {
        let end = (start + grain.length()).min(piece.slice.end);
        let is_this = |interval: &&IntervalReport| interval.start == start && interval.end == end;
        // Most answers are sorted: it is the one behind the last.
        let found = behind.next().filter(is_this).or_else(|| {
            behind = insights.intervals.iter();
            behind.find(is_this)
        });
        figures.push((bucket, found.map(|interval| interval.active_users)));
        start = end;
    }
    figures
}

/// Whether an answer from `start` to `end` is about this slice. A file, or a cache on the way, may answer with
/// other times than those asked for.
pub fn is_for(slice: &Slice, start: DateTime<FixedOffset>, end: DateTime<FixedOffset>) -> bool {
    slice.start == start && slice.end == end
}
