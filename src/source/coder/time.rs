//! The times that Coder's insights accept, which is fewer than one would think.
//!
//! A start reads 00:00:00 on its own clock. An end does too, unless it lies on the server's today: then it may be any
//! full hour of its clock. Neither may lie after the next full hour **of UTC**, which in zones half an hour off comes
//! before the next full hour of the wall clock during half of the time. No clock here: `now` is handed in.

use crate::order;
use crate::period::DateRange;
use crate::source::Slice;
use crate::zone::Zone;
use chrono::{DateTime, Duration, FixedOffset, Utc};

const HOUR: i64 = 3600;

/// The slice that covers whole days of a zone, as far as they have passed.
///
/// The last day ends at its midnight once that has come, else at the latest full hour that the server accepts. `None`
/// where nothing can be asked yet or at all: the days lie in the future, the zone left them out (Samoa,
/// 2011-12-30), or today is too young (in Kathmandu, 5:45 east, the next full hour of UTC comes before 01:00 until
/// 00:45; in Kolkata, 5:30 east, until 00:30).
pub fn slice(zone: &Zone, days: DateRange, now: DateTime<Utc>, templates: &[String]) -> Option<Slice> {
    let start = zone.start_of(days.first);
    let end = end(start, zone.end_of(days.last), latest_hour(zone, now), now)?;
    let templates = once(templates);
    Some(Slice { start, end, templates })
}

/// Up to where days can be asked about that are from `start` to `close`.
pub fn end(
    start: DateTime<FixedOffset>,
    close: DateTime<FixedOffset>,
    latest_hour: DateTime<FixedOffset>,
    now: DateTime<Utc>,
) -> Option<DateTime<FixedOffset>> {
    let is_over = close <= now || close <= latest_hour;
    let end = if is_over { close } else { latest_hour };
    (start <= now && end > start).then_some(end)
}

/// The templates to ask about, each once.
pub fn once(templates: &[String]) -> Vec<String> {
    let mut templates = templates.to_vec();
    order::sort_by(&mut templates, Ord::cmp);
    templates.dedup();
    templates
}

/// The latest full hour of the zone's clock that is not after the next full hour of UTC.
pub fn latest_hour(zone: &Zone, now: DateTime<Utc>) -> DateTime<FixedOffset> {
    let local = zone.local(now);
    let offset = i64::from(local.offset().local_minus_utc());
    let limit = now.timestamp() - now.timestamp().rem_euclid(HOUR) + HOUR;
    let back = (limit + offset).rem_euclid(HOUR);
    let hour = DateTime::from_timestamp(limit, 0).unwrap_or(now) - Duration::seconds(back);
    hour.with_timezone(local.offset())
}

/// The whole hours east of UTC that stand for an offset on servers that know nothing finer, −12 to 14.
///
/// Rounded down, so that their midnights fall on or after the true ones: the instant is then still on the right day.
pub fn whole_hours(offset: i32) -> i32 {
    offset.div_euclid(3600).clamp(-12, 14)
}
