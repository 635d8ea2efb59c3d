//! Which dates are written below the plot: days, starts of weeks, months or years, in the densest rhythm for which there
//! is room.

use crate::chart::measure::text_width;
use crate::chart::scale::{BucketScale, MomentScale, ValueScale};
use crate::chart::ticks::{Anchor, Tick};
use crate::chart::{Bucket, ChartModel, Kind};
use crate::format;
use crate::period::{DateRange, Interval};
use crate::zone::Day;
use chrono::Datelike;

/// How often a date is written.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Rhythm {
    /// Every so many buckets, with the weekday.
    Weekdays,
    /// Every so many buckets.
    Buckets(usize),
    /// Where every so many weeks start.
    Weeks(i32),
    /// Where every so many months start.
    Months(i32),
    /// Where every so many years start.
    Years(i32),
}

/// Between two labels at least.
const LABEL_GAP: f64 = 24.0;

/// The dates to write below the buckets, in the densest rhythm of which no two labels come too close. Labels stay
/// within `0..=width`.
pub fn bucket_ticks(model: &ChartModel, scale: &BucketScale, width: f64) -> Vec<Tick> {
    let (Some(first), Some(last)) = (model.buckets.first(), model.buckets.last()) else {
        return Vec::new();
    };
    let days = (last.days.last - first.days.first).num_days() + 1;
    let pixels_a_day = (scale.right - scale.left) / days.max(1) as f64;
    for rhythm in rhythms(model.interval, model.buckets.len(), days) {
        // A cheap look first: no label is narrower than two digits.
        if rhythm.days(model.interval) * pixels_a_day < LABEL_GAP {
            continue;
        }
        let ticks = placed(&marks(model, rhythm), scale, width);
        if let Some(ticks) = ticks.filter(|ticks| ticks.len() > 1) {
            return ticks;
        }
    }
    let name = |bucket: &Bucket| match (model.interval, days) {
        (Interval::Year, _) => format::year(&model.locale, bucket.days.first),
        (Interval::Month, _) | (_, 367..) => format::month(&model.locale, bucket.days.first),
        _ => format::day(&model.locale, bucket.days.first),
    };
    let ends = [(0, name(first)), (model.buckets.len() - 1, name(last))];
    let both = placed(&ends, scale, width).filter(|ticks| ticks.len() == 2 && model.buckets.len() > 1);
    both.or_else(|| placed(ends.get(..1)?, scale, width))
        .unwrap_or_default()
}

/// The dates, or within two days the times, to write below samples.
#[inline(never)]
pub fn moment_ticks(model: &ChartModel, moments: &MomentScale, width: f64) -> Vec<Tick> {
    const DAY: f64 = 86_400.0;
    const STEPS: [f64; 11] = [
        1.0, 5.0, 15.0, 60.0, 300.0, 900.0, 1800.0, 3600.0, 10_800.0, 21_600.0, 43_200.0,
    ];
    let ValueScale { low, high, .. } = moments.scale;
    let place = |seconds: f64| moments.scale.screen_from_value(seconds);
    let day = |seconds: f64| Day::from_epoch_days((seconds / DAY).floor() as i32);
    if high - low < 2.0 * DAY {
        let pixels_a_second = (moments.scale.high_at - moments.scale.low_at) / (high - low).max(1.0);
        let room = text_width("00:00:00") + LABEL_GAP;
        let Some(step) = STEPS.into_iter().find(|step| step * pixels_a_second > room) else {
            return Vec::new();
        };
        let first = (low / step).ceil();
        let steps = ((high / step).floor() - first).clamp(-1.0, 1000.0) as i64;
        let tick = |index: i64| {
            let seconds = (first + index as f64) * step;
            let of_day = seconds.rem_euclid(DAY);
            let label = match day(seconds) {
                Some(day) if of_day < 0.5 => format::day(&model.locale, day),
                _ => format::time(&model.locale, of_day as u32, step < 60.0),
            };
            Tick::anchored(place(seconds), label, width)
        };
        return (0..=steps).filter_map(tick).collect();
    }
    // Midnights are buckets without a width.
    let (first, last) = ((low / DAY).ceil() * DAY, high);
    let (Some(from), Some(to)) = (day(first), day(last)) else {
        return Vec::new();
    };
    let days = DateRange::new(from, to);
    let bucket = |day| Bucket::of(DateRange::new(day, day));
    let step = place(first + DAY) - place(first);
    let scale = BucketScale {
        left: place(first),
        right: place(first) + step * f64::from(days.days()),
        count: days.days() as usize,
        first: place(first),
        step,
    };
    let midnights = ChartModel {
        kind: Kind::Line,
        buckets: days.iter().take(100_000).map(bucket).collect(),
        interval: Interval::Day,
        unit: model.unit,
        series: Vec::new(),
        references: Vec::new(),
        locale: model.locale.clone(),
    };
    bucket_ticks(&midnights, &scale, width)
}

fn rhythms(interval: Interval, count: usize, days: i64) -> Vec<Rhythm> {
    use Rhythm::{Buckets, Months, Weekdays, Weeks, Years};
    // Dates without a year would be ambiguous from here on.
    let is_within_a_year = days <= 366;
    let mut rhythms = Vec::new();
    match interval {
        Interval::Day if count <= 14 => rhythms.extend([Weekdays, Buckets(1), Buckets(2), Weeks(1)]),
        Interval::Day if is_within_a_year => rhythms.extend([Buckets(1), Buckets(2), Weeks(1), Weeks(2)]),
        Interval::Week if is_within_a_year => rhythms.extend([Buckets(1), Buckets(2), Buckets(4)]),
        Interval::Days90 => rhythms.extend([Buckets(1), Buckets(2), Buckets(4)]),
        Interval::Day | Interval::Week | Interval::Month | Interval::Year => {}
    }
    if !matches!(interval, Interval::Days90 | Interval::Year) {
        rhythms.extend([Months(1), Months(2), Months(3), Months(6)]);
    }
    rhythms.extend([1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map(Years));
    rhythms
}

impl Rhythm {
    /// Days from tick to tick, roughly.
    fn days(self, interval: Interval) -> f64 {
        let in_bucket = match interval {
            Interval::Day => 1.0,
            Interval::Week => 7.0,
            Interval::Month => 30.4,
            Interval::Days90 => 90.0,
            Interval::Year => 365.2,
        };
        match self {
            Rhythm::Weekdays => in_bucket,
            Rhythm::Buckets(every) => in_bucket * every as f64,
            Rhythm::Weeks(every) => 7.0 * f64::from(every),
            Rhythm::Months(every) => 30.4 * f64::from(every),
            Rhythm::Years(every) => 365.2 * f64::from(every),
        }
    }
}

/// The buckets of a rhythm with their labels.
fn marks(model: &ChartModel, rhythm: Rhythm) -> Vec<(usize, String)> {
    let locale = &model.locale;
    let mut marks: Vec<(usize, String)> = Vec::new();
    for (index, bucket) in model.buckets.iter().enumerate() {
        let first = bucket.days.first;
        let label = match rhythm {
            Rhythm::Weekdays => Some(format::weekday_day(locale, first)),
            Rhythm::Buckets(every) if index % every.max(1) == 0 => match model.interval {
                Interval::Days90 => Some(format::full_day(locale, first)),
                _ => Some(format::day(locale, first)),
            },
            Rhythm::Buckets(_) => None,
            Rhythm::Weeks(every) => {
                let is_start = first.weekday() == locale.week_start;
                let week = first.num_days_from_ce().div_euclid(7);
                (is_start && week.rem_euclid(every) == 0).then(|| format::day(locale, first))
            }
            Rhythm::Months(every) => month_started(bucket, model.interval)
                .filter(|month| month.rem_euclid(every) == 0)
                .map(|month| {
                    let day = Day::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12).unsigned_abs() + 1, 1)
                        .unwrap_or(first);
                    let names_year = marks.is_empty() || month.rem_euclid(12) == 0;
                    if names_year {
                        format::month(locale, day)
                    } else {
                        format::short_month(locale, day)
                    }
                }),
            Rhythm::Years(every) => {
                let year = match model.interval {
                    Interval::Year => Some(first.year()),
                    interval => month_started(bucket, interval)
                        .filter(|month| month.rem_euclid(12) == 0)
                        .map(|month| month.div_euclid(12)),
                };
                let year = year.filter(|year| year.rem_euclid(every) == 0);
                year.map(|_| format::year(locale, bucket.days.last))
            }
        };
        marks.extend(label.map(|label| (index, label)));
    }
    marks
}

/// The month that begins in a bucket, counted from year 0. Buckets of months are always those of a month, also where
/// the range begins in the middle of it.
fn month_started(bucket: &Bucket, interval: Interval) -> Option<i32> {
    let month = |day: Day| day.year() * 12 + day.month0() as i32;
    let (first, last) = (bucket.days.first, bucket.days.last);
    if first.day() == 1 || interval == Interval::Month {
        Some(month(first))
    } else {
        (month(last) > month(first)).then(|| month(last))
    }
}

/// Places labels below their buckets, moving those at the ends inwards; a moved one gives way to its neighbour. `None`
/// when two labels come too close.
fn placed(marks: &[(usize, String)], scale: &BucketScale, width: f64) -> Option<Vec<Tick>> {
    let mut ticks: Vec<Tick> = Vec::new();
    for (bucket, label) in marks {
        let tick = Tick::anchored(scale.center(*bucket), label.clone(), width)?;
        let anchor = tick.anchor;
        // A moved label stands away from its tick already and may come closer.
        let gap = if anchor == Anchor::Middle {
            LABEL_GAP
        } else {
            LABEL_GAP / 2.0
        };
        let left = tick.label_span().0;
        let is_close = ticks.last().is_some_and(|before| left - before.label_span().1 < gap);
        match ticks.as_slice() {
            [only] if is_close && only.anchor == Anchor::Start => {
                ticks.clear();
                ticks.push(tick);
            }
            _ if is_close && tick.anchor == Anchor::End => {}
            _ if is_close => return None,
            _ => ticks.push(tick),
        }
    }
    Some(ticks)
}
