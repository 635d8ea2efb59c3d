//! A chart in one sentence, for its caption: what a reader who cannot see it needs first.

use crate::chart::later::later as others;
use crate::chart::{Bucket, ChartModel, Kind, Role, Series};
use crate::format;
use crate::period::DateRange;

/// More series than this are counted, not named.
const NAMED: usize = 4;

/// The sentence: title, range of the data, first and last closed value of each series; of a single series also the
/// least and the most with their dates. A running bucket is told apart and never counted as the last value.
pub fn summary(model: &ChartModel, title: &str) -> String {
    if matches!(
        model.kind,
        Kind::Samples(_) | Kind::Ranked(_) | Kind::Ranges { .. } | Kind::Cohorts { .. }
    ) {
        return others().map_or_else(String::new, |others| (others.summary)(model, title));
    }
    let (Some(first), Some(last)) = (model.buckets.first(), model.buckets.last()) else {
        return format!("{title}: no data.");
    };
    let range = DateRange::new(first.days.first, last.days.last);
    let parts: Vec<String> = match model.series.as_slice() {
        [only] => single(model, only).into_iter().collect(),
        several => several.iter().filter_map(|series| brief(model, series)).collect(),
    };
    let mut text = format!("{title}, {}: ", format::span(&model.locale, range));
    if parts.is_empty() {
        return text + "no data.";
    }
    text += &first_few(model, &parts);
    if model.buckets.iter().any(|bucket| bucket.is_uncollected) {
        text += "; partly not collected";
    }
    if model.buckets.iter().any(|bucket| bucket.is_cut) {
        text += &cut_short(model);
    }
    if let [_, _, ..] = model.series.as_slice()
        && last.is_open
    {
        text += &format!("; {} is not over yet", model.bucket_text(last));
    }
    text + "."
}

// The first page has none, so it can do without.
#[inline(never)]
fn cut_short(model: &ChartModel) -> String {
    let cut = model.buckets.iter().filter(|bucket| bucket.is_cut);
    cut.map(|cut| format!("; {} is cut short by the range", model.bucket_text(cut)))
        .collect()
}

/// The sentence of a chart without buckets.
pub(super) fn later(model: &ChartModel, title: &str) -> String {
    match &model.kind {
        Kind::Samples(moments) => samples(model, title, moments.len()),
        Kind::Cohorts { words, .. } => cohorts(model, title, words),
        _ => rows(model, title),
    }
}

/// "Sessions by app: VS Code 320 h; Web terminal 41 h." Of ranges both ends.
fn rows(model: &ChartModel, title: &str) -> String {
    let text = |value| model.unit.text(&model.locale, value);
    let own = || model.series.iter().filter(|series| series.role != Role::Context);
    let row = |index: usize| {
        let values: Vec<String> = own()
            .filter_map(|series| Some(text(model.value(series, index)?)))
            .collect();
        (!values.is_empty()).then(|| format!("{} {}", format::isolated(&model.place_text(index)), values.join(" to ")))
    };
    listed(model, title, (0..model.len()).filter_map(row).collect())
}

/// "Staying: Sep 2026 100% to 40%; Oct 2026 100% to 52%."
fn cohorts(model: &ChartModel, title: &str, words: &[Vec<String>]) -> String {
    let cohort = |(row, series): (usize, &Series)| {
        let text = |place: usize, value| match words.get(row).and_then(|words| words.get(place)) {
            Some(words) => words.clone(),
            None => model.unit.text(&model.locale, value),
        };
        let mut known = (0..model.len()).filter_map(|place| Some(text(place, model.value(series, place)?)));
        let first = known.next()?;
        Some(match known.next_back() {
            Some(last) => format!("{} {first} to {last}", series.name),
            None => format!("{} {first}", series.name),
        })
    };
    let cohorts = model.series.iter().enumerate().filter_map(cohort);
    listed(model, title, cohorts.collect())
}

fn listed(model: &ChartModel, title: &str, parts: Vec<String>) -> String {
    if parts.is_empty() {
        return format!("{title}: no data.");
    }
    format!("{title}: {}.", first_few(model, &parts))
}

/// "A; B; C; D; and 3 more".
fn first_few(model: &ChartModel, parts: &[String]) -> String {
    let named: Vec<&str> = parts.iter().take(NAMED).map(String::as_str).collect();
    let mut text = named.join("; ");
    if parts.len() > NAMED {
        let more = format::decimal(&model.locale, (parts.len() - NAMED) as f64, 0);
        text += &format!("; and {more} more");
    }
    text
}

/// "Response time: 1,440 samples, from 80 ms to 430 ms."
fn samples(model: &ChartModel, title: &str, count: usize) -> String {
    let ranges = model.series.iter().filter_map(|series| series.values.range());
    let whole = ranges.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
    let Some((least, most)) = whole else {
        return format!("{title}: no data.");
    };
    let text = |value| model.unit.text(&model.locale, value);
    let count = format::decimal(&model.locale, count as f64, 0);
    format!("{title}: {count} samples, from {} to {}.", text(least), text(most))
}

/// "from 12 (1 Nov) to 48 (27 Nov), lowest 3 (7 Nov), highest 52 (19 Nov), so far 20 (28 Nov)".
fn single(model: &ChartModel, series: &Series) -> Option<String> {
    let on = |(bucket, value): (&Bucket, f64)| {
        format!(
            "{} ({})",
            model.unit.text(&model.locale, value),
            model.bucket_text(bucket)
        )
    };
    let values = closed(model, series);
    let so_far = known(model, series).filter(|(bucket, _)| bucket.is_open).last();
    let so_far = so_far.map(|value| format!("so far {}", on(value)));
    let (Some(first), Some(last)) = (values.first().copied(), values.last().copied()) else {
        return so_far;
    };
    let mut parts = vec![on(first)];
    if values.len() > 1 {
        parts = vec![format!("from {} to {}", on(first), on(last))];
        // The earliest of equals.
        let least = values
            .iter()
            .copied()
            .reduce(|best, next| if next.1 < best.1 { next } else { best });
        let most = values
            .iter()
            .copied()
            .reduce(|best, next| if next.1 > best.1 { next } else { best });
        match (least, most) {
            (Some(least), Some(most)) if least.1 < most.1 => {
                parts.push(format!("lowest {}", on(least)));
                parts.push(format!("highest {}", on(most)));
            }
            _ => parts = vec![format!("{} throughout", model.unit.text(&model.locale, first.1))],
        }
    }
    parts.extend(so_far);
    Some(parts.join(", "))
}

/// "Active 320 to 350".
fn brief(model: &ChartModel, series: &Series) -> Option<String> {
    // What hangs from zero is as many all the same.
    let hangs = model.kind == Kind::StackedBars;
    let text = |(_, value): (&Bucket, f64)| {
        let value = if hangs { value.abs() } else { value };
        model.unit.text(&model.locale, value)
    };
    let closed = closed(model, series);
    let Some(first) = closed.first().copied() else {
        return known(model, series)
            .last()
            .map(|value| format!("{} {} so far", series.name, text(value)));
    };
    match closed.get(1..).and_then(<[_]>::last).copied() {
        Some(last) => Some(format!("{} {} to {}", series.name, text(first), text(last))),
        None => Some(format!("{} {}", series.name, text(first))),
    }
}

/// What is over; where anything of it is whole, without the weeks and months that the range cuts short: they have less
/// because they are shorter.
fn closed<'a>(model: &'a ChartModel, series: &'a Series) -> Vec<(&'a Bucket, f64)> {
    let mut closed: Vec<_> = known(model, series).filter(|(bucket, _)| !bucket.is_open).collect();
    let is_whole = |bucket: &Bucket| bucket.days.days() >= model.interval.whole_days(bucket.days);
    if closed.iter().any(|(bucket, _)| is_whole(bucket)) {
        closed.retain(|(bucket, _)| is_whole(bucket));
    }
    closed
}

fn known<'a>(model: &'a ChartModel, series: &'a Series) -> impl Iterator<Item = (&'a Bucket, f64)> {
    let value = |(index, bucket)| Some((bucket, model.value(series, index)?));
    model.buckets.iter().enumerate().filter_map(value)
}
