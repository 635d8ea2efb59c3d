//! Days, and the spans asked of Coder, in every zone there is. The oracle is another copy of the tz database.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, Offset, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::{TZ_VARIANTS, Tz};
use metrics::data::{Insights, InsightsReport, IntervalReport};
use metrics::period::{DateRange, Interval};
use metrics::source::coder::plan::{Piece, figures, is_for, plan};
use metrics::source::coder::time::{slice, whole_hours};
use metrics::source::{Grain, Slice};
use metrics::zone::{self, Span, Zone, rfc3339};
use std::collections::BTreeMap;

fn seconds(year: i32) -> i64 {
    Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).unwrap().timestamp()
}

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn days(first: &str, last: &str) -> DateRange {
    DateRange::new(day(first), day(last))
}

fn offset_of(tz: Tz, second: i64) -> i32 {
    tz.offset_from_utc_datetime(&DateTime::from_timestamp(second, 0).unwrap().naive_utc())
        .fix()
        .local_minus_utc()
}

fn probe(tz: Tz, name: &str) -> Zone {
    Zone::probe(name, seconds(2010), seconds(2028), 7 * 86_400, |second| {
        offset_of(tz, second)
    })
}

fn zone(name: &str) -> Zone {
    probe(name.parse().unwrap(), name)
}

/// One zone for each way in which clocks were set since 2010: names that share all offsets are the same test.
fn zones() -> Vec<(Tz, Zone)> {
    let mut distinct: BTreeMap<String, (Tz, Zone)> = BTreeMap::new();
    for tz in TZ_VARIANTS {
        let zone = probe(tz, "");
        distinct.entry(format!("{zone:?}")).or_insert((tz, zone));
    }
    distinct.into_values().collect()
}

/// UTC days on which the offset at noon is another than the day before.
fn transitions(tz: Tz) -> Vec<NaiveDate> {
    let noon = |day: NaiveDate| day.and_hms_opt(12, 0, 0).unwrap().and_utc().timestamp();
    let all = day("2010-01-10").iter_days().take_while(|day| day.year() < 2028);
    all.filter(|day| offset_of(tz, noon(*day)) != offset_of(tz, noon(*day) - 86_400))
        .collect()
}

/// The first minute at which the date is `day` or later, found by looking at one after the other.
fn first_minute(tz: Tz, day: NaiveDate) -> i64 {
    let midnight = day.and_time(NaiveTime::MIN).and_utc().timestamp();
    let (before, after) = (offset_of(tz, midnight - 36 * 3600), offset_of(tz, midnight + 36 * 3600));
    let mut second = midnight - i64::from(before.max(after)) - 2 * 3600;
    let has_come = |second: i64| {
        let local = DateTime::from_timestamp(second + i64::from(offset_of(tz, second)), 0).unwrap();
        local.date_naive() >= day
    };
    assert!(!has_come(second), "{tz} {day}: the search begins too late");
    while !has_come(second) {
        second += 60;
    }
    second
}

#[test]
fn days_are_read_as_they_are_written() {
    for date in day("1999-12-25").iter_days().take(1_000) {
        assert_eq!(zone::day(&date.to_string()), Some(date));
    }
    for other in [
        "",
        "2026",
        "2026-11",
        "2026-11-",
        "2026-11-31",
        "2026-13-01",
        "2026-1-01",
        "2026-11-1",
        "26-11-01",
        "02026-11-01",
        "+026-11-01",
        "2026-11-01-",
        "2026-11-01T",
        " 2026-11-01",
        "2026/11/01",
        "20261101",
        "2026-11-0é",
        "２０２６-11-01",
    ] {
        assert_eq!(zone::day(other), None, "{other:?}");
    }
}

#[test]
fn a_day_starts_when_its_date_first_shows() {
    let zones = zones();
    assert!(zones.len() > 100, "{}", zones.len());
    for (tz, zone) in &zones {
        let changes = transitions(*tz);
        let near = changes
            .iter()
            .flat_map(|day| [day.pred_opt().unwrap(), *day, day.succ_opt().unwrap()]);
        let ordinary = day("2010-02-01")
            .iter_days()
            .step_by(211)
            .take_while(|day| day.year() < 2028);
        for day in near.chain(ordinary) {
            let start = zone.start_of(day);
            assert_eq!(start.timestamp(), first_minute(*tz, day), "{tz} {day}");
            assert!(
                rfc3339(&start).starts_with(&format!("{day}T00:00:00")),
                "{tz} {day}: {start}"
            );
            assert_eq!(zone.end_of(day), zone.start_of(day.succ_opt().unwrap()), "{tz} {day}");
            assert!(zone.end_of(day) >= start, "{tz} {day}");
        }
    }
}

#[test]
fn every_instant_reads_as_the_oracle_says() {
    for (tz, zone) in zones() {
        for day in transitions(tz) {
            let noon = day.and_hms_opt(12, 0, 0).unwrap().and_utc().timestamp();
            for second in (noon - 30 * 3600..noon + 6 * 3600).step_by(1799) {
                let instant = DateTime::from_timestamp(second, 0).unwrap();
                assert_eq!(zone.offset_at(instant), offset_of(tz, second), "{tz} {instant}");
            }
        }
    }
}

#[test]
fn odd_days() {
    let check = |name: &str, text: &str, start: &str, hours: f64| {
        let (zone, day) = (zone(name), day(text));
        assert_eq!(rfc3339(&zone.start_of(day)), start, "{name} {text}");
        let length = (zone.end_of(day) - zone.start_of(day)).num_minutes() as f64 / 60.0;
        assert_eq!(length, hours, "{name} {text}");
        assert_eq!(zone.changes_on(day), hours != 24.0, "{name} {text}");
    };
    check("Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00", 23.0);
    check("Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00", 25.0);
    check("Europe/Berlin", "2026-10-26", "2026-10-26T00:00:00+01:00", 24.0);
    // Half an hour.
    check("Australia/Lord_Howe", "2026-10-04", "2026-10-04T00:00:00+10:30", 23.5);
    check("Australia/Lord_Howe", "2026-04-05", "2026-04-05T00:00:00+11:00", 24.5);
    // Over midnight: 00:00 does not exist, or the hour before it comes twice.
    check("America/Sao_Paulo", "2018-11-04", "2018-11-04T00:00:00-03:00", 23.0);
    check("America/Sao_Paulo", "2018-02-17", "2018-02-17T00:00:00-02:00", 25.0);
    check("Africa/Cairo", "2023-04-28", "2023-04-28T00:00:00+02:00", 23.0);
    check("Africa/Cairo", "2023-10-26", "2023-10-26T00:00:00+03:00", 25.0);
    // One minute past midnight, back into the day before.
    check("America/St_Johns", "2010-11-06", "2010-11-06T00:00:00-02:30", 24.0);
    check("America/St_Johns", "2010-11-07", "2010-11-07T00:00:00-02:30", 25.0);
    // Left out, and lived twice as a date line moves.
    check("Pacific/Apia", "2011-12-29", "2011-12-29T00:00:00-10:00", 24.0);
    check("Pacific/Apia", "2011-12-30", "2011-12-30T00:00:00-10:00", 0.0);
    check("Pacific/Apia", "2011-12-31", "2011-12-31T00:00:00+14:00", 24.0);
    check("UTC", "2026-01-01", "2026-01-01T00:00:00+00:00", 24.0);
}

/// The checks of Coder's server on a span, in its own order; see its rules for `start_time` and `end_time`.
fn server_refuses(start: &str, end: &str, now: DateTime<Utc>) -> Option<&'static str> {
    let (start, end) = (
        DateTime::parse_from_rfc3339(start).unwrap(),
        DateTime::parse_from_rfc3339(end).unwrap(),
    );
    let limit = now.duration_trunc_hour() + Duration::hours(1);
    let midnight = |time: NaiveTime| time.num_seconds_from_midnight() == 0;
    if !midnight(start.time()) {
        return Some("the start has a clock");
    }
    if start > limit || end > limit {
        return Some("in the future");
    }
    let is_today = end.date_naive() == now.with_timezone(end.offset()).date_naive();
    let full_hour = end.minute() == 0 && end.second() == 0;
    let is_allowed = midnight(end.time()) || (is_today && full_hour);
    if !is_allowed {
        return Some("the end has a clock");
    }
    (end < start).then_some("the end comes before the start")
}

trait TruncateHour {
    fn duration_trunc_hour(self) -> Self;
}

impl TruncateHour for DateTime<Utc> {
    fn duration_trunc_hour(self) -> Self {
        self.with_minute(0)
            .unwrap()
            .with_second(0)
            .unwrap()
            .with_nanosecond(0)
            .unwrap()
    }
}

#[test]
fn every_slice_is_one_the_server_takes() {
    for (tz, zone) in zones() {
        let changes = transitions(tz);
        let mut base: Vec<NaiveDate> = changes
            .iter()
            .rev()
            .take(2)
            .chain(changes.iter().take(2))
            .copied()
            .collect();
        base.push(day("2026-11-17"));
        for base in base {
            let first = base.and_time(NaiveTime::MIN).and_utc() - Duration::hours(12);
            for quarter in 0..(4 * 36) {
                // Right on the quarter, and one second before the next.
                for extra in [0, 899] {
                    let now = first + Duration::minutes(15 * quarter) + Duration::seconds(extra);
                    check_slices(tz, &zone, now);
                }
            }
        }
    }
}

fn check_slices(tz: Tz, zone: &Zone, now: DateTime<Utc>) {
    let today = zone.day_of(now);
    let ago = |days: i64| today - Duration::days(days);
    let cases = [
        (ago(0), ago(0)),
        (ago(1), ago(1)),
        (ago(6), ago(0)),
        (ago(1), ago(-3)),
        (ago(-1), ago(-2)),
    ];
    for (first, last) in cases {
        let range = DateRange::new(first, last);
        let Some(found) = slice(zone, range, now, &[]) else {
            let start = zone.start_of(range.first);
            let young = now - start.to_utc() < Duration::hours(1);
            let left_out = start == zone.end_of(range.last);
            assert!(start > now || young || left_out, "{tz} {now} {range:?}: nothing asked");
            continue;
        };
        let (start, end) = (rfc3339(&found.start), rfc3339(&found.end));
        assert_eq!(
            server_refuses(&start, &end, now),
            None,
            "{tz} {now} {range:?}: {start} {end}"
        );
        assert!(found.start < found.end, "{tz} {now} {range:?}: {start} {end}");
        assert_eq!(found.start, zone.start_of(range.first));
        assert!(found.end <= zone.end_of(range.last), "{tz} {now} {range:?}: {end}");
        // Closed days are asked for as a whole, and an open one up to less than an hour ago.
        let close = zone.end_of(range.last);
        let least = if close <= now {
            close.to_utc()
        } else {
            now - Duration::minutes(59) - Duration::seconds(59)
        };
        assert!(found.end >= least, "{tz} {now} {range:?}: {end} leaves out too much");
    }
}

#[test]
fn the_end_of_today() {
    let check = |name: &str, now: &str, expected: Option<&str>| {
        let zone = zone(name);
        let today = zone.day_of(utc(now));
        let found = slice(&zone, DateRange::new(today, today), utc(now), &[]);
        assert_eq!(
            found.map(|slice| rfc3339(&slice.end)).as_deref(),
            expected,
            "{name} {now}"
        );
    };
    check("UTC", "2026-11-13T10:20:00Z", Some("2026-11-13T11:00:00+00:00"));
    check("UTC", "2026-11-13T00:00:00Z", Some("2026-11-13T01:00:00+00:00"));
    check("UTC", "2026-11-13T23:20:00Z", Some("2026-11-14T00:00:00+00:00"));
    check(
        "Europe/Berlin",
        "2026-11-13T10:20:00Z",
        Some("2026-11-13T12:00:00+01:00"),
    );
    // The clocks are about to jump from 02:00 to 03:00: the full hour is still one of the old offset.
    check(
        "Europe/Berlin",
        "2026-03-29T00:30:00Z",
        Some("2026-03-29T02:00:00+01:00"),
    );
    // 16:10 in Kolkata: 17:00 is 11:30 in UTC, after the limit of 11:00; so 16:00. At 16:40 it is the limit's 17:00.
    check(
        "Asia/Kolkata",
        "2026-11-13T10:40:00Z",
        Some("2026-11-13T16:00:00+05:30"),
    );
    check(
        "Asia/Kolkata",
        "2026-11-13T11:10:00Z",
        Some("2026-11-13T17:00:00+05:30"),
    );
    // Nothing can be asked of a day this young.
    check("Asia/Kolkata", "2026-11-12T18:50:00Z", None);
    check("Asia/Kathmandu", "2026-11-12T18:25:00Z", None);
    check("Asia/Kathmandu", "2026-11-12T18:59:59Z", None);
    check(
        "Asia/Kathmandu",
        "2026-11-12T19:00:00Z",
        Some("2026-11-13T01:00:00+05:45"),
    );
    // At 23:30 the hour before midnight comes again in São Paulo: that midnight is 23:00.
    check(
        "America/Sao_Paulo",
        "2018-02-18T01:30:00Z",
        Some("2018-02-18T00:00:00-02:00"),
    );
    check(
        "America/Sao_Paulo",
        "2018-02-18T02:30:00Z",
        Some("2018-02-18T00:00:00-03:00"),
    );
}

/// No zone does so today: the clocks jump from 23:30 to 00:30.
#[test]
fn a_jump_across_midnight() {
    let at = |text| utc(text).timestamp();
    let spans = vec![
        Span {
            from: at("2026-01-01T00:00:00Z"),
            offset: 0,
        },
        Span {
            from: at("2026-11-13T23:30:00Z"),
            offset: 3600,
        },
    ];
    let zone = Zone::new("Test/Jump", spans);
    let now = utc("2026-11-13T23:10:00Z");
    let ends = |first, last| slice(&zone, days(first, last), now, &[]).map(|slice| rfc3339(&slice.end));
    assert_eq!(rfc3339(&zone.start_of(day("2026-11-14"))), "2026-11-14T00:00:00+00:30");
    assert_eq!(
        ends("2026-11-13", "2026-11-13").as_deref(),
        Some("2026-11-14T00:00:00+00:30")
    );
    assert_eq!(ends("2026-11-14", "2026-11-14"), None, "it has not begun");
}

#[test]
fn a_slice_sorts_its_templates() {
    let ids = ["b", "a", "b"].map(String::from);
    let found = slice(
        &Zone::utc(),
        days("2026-11-01", "2026-11-02"),
        utc("2026-11-13T10:00:00Z"),
        &ids,
    )
    .unwrap();
    assert_eq!(found.templates, ["a", "b"]);
}

#[test]
fn whole_hours_round_down_to_what_servers_know() {
    let hours = |hours: f64| whole_hours((hours * 3600.0) as i32);
    assert_eq!([hours(0.0), hours(1.0), hours(-5.0)], [0, 1, -5]);
    assert_eq!([hours(5.5), hours(5.75), hours(-3.5), hours(-9.5)], [5, 5, -4, -10]);
    assert_eq!(
        [hours(14.0), hours(15.0), hours(-12.0), hours(-13.0)],
        [14, 14, -12, -12]
    );
    assert_eq!([whole_hours(i32::MAX), whole_hours(i32::MIN)], [14, -12]);
}

/// A plan as text: `buckets grain start end`, one piece per line.
fn text(pieces: &[Piece]) -> Vec<String> {
    let one = |piece: &Piece| {
        let grain = piece.grain.map_or("report", Grain::word);
        let Slice { start, end, .. } = &piece.slice;
        format!(
            "{}..{} {grain} {} {}",
            piece.buckets.start,
            piece.buckets.end,
            rfc3339(start),
            rfc3339(end)
        )
    };
    pieces.iter().map(one).collect()
}

fn planned(name: &str, interval: Interval, range: DateRange, now: &str) -> Vec<String> {
    let zone = zone(name);
    let buckets = interval.cut(range, Weekday::Mon);
    let pieces = plan(&zone, &buckets, interval, utc(now), &[]);
    check_plan(&zone, &buckets, interval, utc(now), &pieces);
    text(&pieces)
}

#[test]
fn days_are_one_request_while_the_offset_stays() {
    let now = "2026-11-13T10:20:00Z";
    let check =
        |name, range, expected: &[&str]| assert_eq!(planned(name, Interval::Day, range, now), expected, "{name}");
    check(
        "UTC",
        days("2026-10-01", "2026-10-31"),
        &["0..31 day 2026-10-01T00:00:00+00:00 2026-11-01T00:00:00+00:00"],
    );
    // Today is open, tomorrow is not asked for.
    check(
        "Europe/Berlin",
        days("2026-11-10", "2026-11-20"),
        &["0..4 day 2026-11-10T00:00:00+01:00 2026-11-13T12:00:00+01:00"],
    );
    check(
        "Europe/Berlin",
        days("2026-11-13", "2026-11-13"),
        &["0..1 report 2026-11-13T00:00:00+01:00 2026-11-13T12:00:00+01:00"],
    );
    check("Europe/Berlin", days("2026-11-14", "2026-11-20"), &[]);
    check(
        "Europe/Berlin",
        days("2026-10-23", "2026-10-27"),
        &[
            "0..2 day 2026-10-23T00:00:00+02:00 2026-10-25T00:00:00+02:00",
            "2..3 report 2026-10-25T00:00:00+02:00 2026-10-26T00:00:00+01:00",
            "3..5 day 2026-10-26T00:00:00+01:00 2026-10-28T00:00:00+01:00",
        ],
    );
    check(
        "America/New_York",
        days("2026-03-07", "2026-03-09"),
        &[
            "0..1 report 2026-03-07T00:00:00-05:00 2026-03-08T00:00:00-05:00",
            "1..2 report 2026-03-08T00:00:00-05:00 2026-03-09T00:00:00-04:00",
            "2..3 report 2026-03-09T00:00:00-04:00 2026-03-10T00:00:00-04:00",
        ],
    );
    check(
        "Australia/Lord_Howe",
        days("2026-10-02", "2026-10-06"),
        &[
            "0..2 day 2026-10-02T00:00:00+10:30 2026-10-04T00:00:00+10:30",
            "2..3 report 2026-10-04T00:00:00+10:30 2026-10-05T00:00:00+11:00",
            "3..5 day 2026-10-05T00:00:00+11:00 2026-10-07T00:00:00+11:00",
        ],
    );
    check(
        "Asia/Kathmandu",
        days("2026-10-01", "2026-11-12"),
        &["0..43 day 2026-10-01T00:00:00+05:45 2026-11-13T00:00:00+05:45"],
    );
    check(
        "America/Sao_Paulo",
        days("2018-11-02", "2018-11-06"),
        &[
            "0..2 day 2018-11-02T00:00:00-03:00 2018-11-04T00:00:00-03:00",
            "2..3 report 2018-11-04T00:00:00-03:00 2018-11-05T00:00:00-02:00",
            "3..5 day 2018-11-05T00:00:00-02:00 2018-11-07T00:00:00-02:00",
        ],
    );
    check(
        "Africa/Cairo",
        days("2023-04-26", "2023-04-30"),
        &[
            "0..2 day 2023-04-26T00:00:00+02:00 2023-04-28T00:00:00+02:00",
            "2..3 report 2023-04-28T00:00:00+02:00 2023-04-29T00:00:00+03:00",
            "3..5 day 2023-04-29T00:00:00+03:00 2023-05-01T00:00:00+03:00",
        ],
    );
    // A day that a zone left out has no piece.
    check(
        "Pacific/Apia",
        days("2011-12-28", "2012-01-01"),
        &[
            "0..2 day 2011-12-28T00:00:00-10:00 2011-12-30T00:00:00-10:00",
            "3..5 day 2011-12-31T00:00:00+14:00 2012-01-02T00:00:00+14:00",
        ],
    );
}

#[test]
fn weeks_are_one_request_only_where_they_are_whole() {
    let now = "2026-11-13T10:20:00Z";
    let check =
        |name, range, expected: &[&str]| assert_eq!(planned(name, Interval::Week, range, now), expected, "{name}");
    check(
        "UTC",
        days("2026-10-05", "2026-10-25"),
        &["0..3 week 2026-10-05T00:00:00+00:00 2026-10-26T00:00:00+00:00"],
    );
    // A short first week, two whole ones, the week of the change, one more, and the open one.
    check(
        "Europe/Berlin",
        days("2026-10-03", "2026-11-13"),
        &[
            "0..1 report 2026-10-03T00:00:00+02:00 2026-10-05T00:00:00+02:00",
            "1..3 week 2026-10-05T00:00:00+02:00 2026-10-19T00:00:00+02:00",
            "3..4 report 2026-10-19T00:00:00+02:00 2026-10-26T00:00:00+01:00",
            "4..6 week 2026-10-26T00:00:00+01:00 2026-11-09T00:00:00+01:00",
            "6..7 report 2026-11-09T00:00:00+01:00 2026-11-13T12:00:00+01:00",
        ],
    );
    check(
        "America/New_York",
        days("2026-03-02", "2026-03-15"),
        &[
            "0..1 report 2026-03-02T00:00:00-05:00 2026-03-09T00:00:00-04:00",
            "1..2 report 2026-03-09T00:00:00-04:00 2026-03-16T00:00:00-04:00",
        ],
    );
    // The open week is its last day long, but still not whole.
    assert_eq!(
        planned(
            "UTC",
            Interval::Week,
            days("2026-11-02", "2026-11-15"),
            "2026-11-15T20:20:00Z"
        ),
        [
            "0..1 report 2026-11-02T00:00:00+00:00 2026-11-09T00:00:00+00:00",
            "1..2 report 2026-11-09T00:00:00+00:00 2026-11-15T21:00:00+00:00",
        ],
    );
}

#[test]
fn longer_buckets_are_asked_one_by_one() {
    let now = "2026-11-13T10:20:00Z";
    assert_eq!(
        planned("Europe/Berlin", Interval::Month, days("2026-09-15", "2026-12-31"), now),
        [
            "0..1 report 2026-09-15T00:00:00+02:00 2026-10-01T00:00:00+02:00",
            "1..2 report 2026-10-01T00:00:00+02:00 2026-11-01T00:00:00+01:00",
            "2..3 report 2026-11-01T00:00:00+01:00 2026-11-13T12:00:00+01:00",
        ],
    );
    assert_eq!(
        planned("Europe/Berlin", Interval::Year, days("2025-01-01", "2026-12-31"), now).len(),
        2
    );
    assert_eq!(
        planned("Europe/Berlin", Interval::Days90, days("2026-01-01", "2026-06-30"), now).len(),
        3
    );
}

/// What must hold of every plan.
fn check_plan(zone: &Zone, buckets: &[DateRange], interval: Interval, now: DateTime<Utc>, pieces: &[Piece]) {
    let mut covered = Vec::new();
    for piece in pieces {
        let (start, end) = (rfc3339(&piece.slice.start), rfc3339(&piece.slice.end));
        assert_eq!(server_refuses(&start, &end, now), None, "{now} {piece:?}");
        assert_eq!(
            piece.slice.start,
            zone.start_of(buckets[piece.buckets.start].first),
            "{piece:?}"
        );
        let length = piece.slice.end - piece.slice.start;
        match piece.grain {
            Some(grain) => {
                assert!(piece.buckets.len() > 1, "{piece:?}");
                for (index, bucket) in piece.buckets.clone().enumerate() {
                    let from_start = piece.slice.start + grain.length() * i32::try_from(index).unwrap();
                    assert_eq!(from_start, zone.start_of(buckets[bucket].first), "{piece:?}");
                }
                if grain == Grain::Week {
                    assert_eq!(length.num_seconds() % (7 * 86_400), 0, "{piece:?}");
                    assert_eq!(interval, Interval::Week);
                }
            }
            None => assert_eq!(piece.buckets.len(), 1, "{piece:?}"),
        }
        covered.extend(piece.buckets.clone());
    }
    let asked: Vec<usize> = (0..buckets.len())
        .filter(|index| slice(zone, buckets[*index], now, &[]).is_some())
        .collect();
    assert_eq!(
        covered, asked,
        "the pieces hold each bucket that can be asked once, in order"
    );
}

#[test]
fn plans_hold_in_every_zone() {
    for (tz, zone) in zones() {
        let changes = transitions(tz);
        for change in changes.iter().rev().take(2).chain(changes.first()) {
            let range = DateRange::new(*change - Duration::days(20), *change + Duration::days(20));
            for ahead in [0, 9, 30] {
                let now = change.and_time(NaiveTime::MIN).and_utc() + Duration::days(ahead) + Duration::minutes(10);
                for (interval, _, _) in Interval::ALL {
                    let buckets = interval.cut(range, Weekday::Sun);
                    let pieces = plan(&zone, &buckets, interval, now, &[]);
                    check_plan(&zone, &buckets, interval, now, &pieces);
                }
            }
        }
    }
}

fn report(slice: &Slice, active_users: u64) -> InsightsReport {
    InsightsReport {
        start: slice.start,
        end: slice.end,
        template_ids: Vec::new(),
        active_users,
        apps: Vec::new(),
        parameters: Vec::new(),
    }
}

#[test]
fn figures_are_found_by_their_times() {
    let zone = zone("Europe/Berlin");
    let buckets = Interval::Day.cut(days("2026-11-10", "2026-11-13"), Weekday::Mon);
    let pieces = plan(&zone, &buckets, Interval::Day, utc("2026-11-13T10:20:00Z"), &[]);
    let piece = pieces.first().unwrap();
    let interval = |first: &str, end: &str, active_users| IntervalReport {
        start: DateTime::parse_from_rfc3339(first).unwrap(),
        end: DateTime::parse_from_rfc3339(end).unwrap(),
        active_users,
    };
    let mut answer = Insights {
        report: Some(report(&piece.slice, 9)),
        intervals: vec![
            interval("2026-11-13T00:00:00+01:00", "2026-11-13T12:00:00+01:00", 4),
            interval("2026-11-10T00:00:00+01:00", "2026-11-11T00:00:00+01:00", 1),
            // The same instants in another offset count; a longer interval does not.
            interval("2026-11-10T23:00:00Z", "2026-11-11T23:00:00Z", 2),
            interval("2026-11-12T00:00:00+01:00", "2026-11-19T00:00:00+01:00", 3),
        ],
    };
    assert_eq!(
        figures(piece, &answer),
        [(0, Some(1)), (1, Some(2)), (2, None), (3, Some(4))]
    );
    answer.intervals.clear();
    assert_eq!(figures(piece, &answer), [(0, None), (1, None), (2, None), (3, None)]);
}

#[test]
fn an_answer_about_other_times_is_noticed() {
    let zone = zone("Europe/Berlin");
    let buckets = Interval::Month.cut(days("2026-09-01", "2026-10-31"), Weekday::Mon);
    let pieces = plan(&zone, &buckets, Interval::Month, utc("2026-11-13T10:20:00Z"), &[]);
    let [first, second] = pieces.as_slice() else {
        panic!("{pieces:?}")
    };
    let answer = Insights {
        report: Some(report(&first.slice, 7)),
        intervals: Vec::new(),
    };
    assert!(is_for(&first.slice, first.slice.start, first.slice.end));
    assert!(!is_for(&second.slice, first.slice.start, first.slice.end));
    assert_eq!(figures(first, &answer), [(0, Some(7))]);
    assert_eq!(figures(second, &answer), [(1, None)]);
    assert_eq!(figures(second, &Insights::default()), [(1, None)]);
}
