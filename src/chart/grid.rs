//! Where rows and cells are, in kinds that are not drawn along time: ranked bars, range bars, heat map, cohorts.

use crate::chart::layout::{Cell, Layout, RIGHT, TOP, X_AXIS, Y_GAP, empty};
use crate::chart::measure::{FONT_PX, text_width, truncated};
use crate::chart::scale::{Rect, ValueScale};
use crate::chart::ticks::{self, Anchor, Tick};
use crate::chart::{ChartModel, Kind, Role};
use crate::format;
use chrono::Datelike;

/// Height of a row for which there is no other reason.
pub(super) const ROW: f64 = 26.0;
/// Lower rows would run into each other: those that find no room are left out, from the last up.
const LEAST_ROW: f64 = FONT_PX + 3.0;
/// How large the cell of a day becomes.
const MOST_ACROSS: f64 = 120.0;
const MOST_DOWN: f64 = 44.0;
/// Room for the key of a heat map.
pub(super) const KEY: f64 = 26.0;
/// At most this share of the width goes to names.
const NAMES: f64 = 0.4;

/// Bars to the right, each with its name before and its value after it.
pub(super) fn ranked(model: &ChartModel, width: f64, height: f64) -> Layout {
    let Kind::Ranked(rows) = &model.kind else {
        return empty(width, height);
    };
    let own = model.series.iter().find(|series| series.role != Role::Context);
    let values = own.map_or(Vec::new(), |series| {
        (0..rows.len()).filter_map(|row| model.value(series, row)).collect()
    });
    let texts = values
        .iter()
        .map(|value| text_width(&model.unit.text(&model.locale, *value)));
    let room = texts.fold(0.0, f64::max) + Y_GAP + 2.0;
    let mut layout = in_rows(
        rows.iter().map(|row| row.name.as_str()),
        width,
        height,
        (2.0, 2.0),
        room,
    );
    let every = model
        .series
        .iter()
        .flat_map(|series| (0..rows.len()).filter_map(|row| model.value(series, row)));
    let (least, most) = every.fold((0.0_f64, 0.0_f64), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    layout.y = ValueScale {
        low: least,
        high: if least < most { most } else { least + 1.0 },
        low_at: layout.plot.left,
        high_at: layout.plot.right,
        is_log: false,
    };
    layout
}

/// Bars between two values on a logarithmic axis, with dates' place taken by values.
pub(super) fn ranges(model: &ChartModel, width: f64, height: f64) -> Layout {
    let Kind::Ranges { rows, .. } = &model.kind else {
        return empty(width, height);
    };
    let every = model
        .series
        .iter()
        .flat_map(|series| (0..rows.len()).filter_map(|row| model.value(series, row)));
    let positive = every.filter(|value| *value > 0.0);
    let (least, most) = positive.fold((f64::MAX, f64::MIN_POSITIVE), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    let (least, most) = if least <= most { (least, most) } else { (1.0, 10.0) };
    let text = |value: f64| model.unit.text(&model.locale, value);
    let room = rows
        .iter()
        .enumerate()
        .map(|(row, _)| text_width(&range_text(model, row)))
        .fold(0.0, f64::max);
    let names = rows.iter().map(|row| row.name.as_str());
    let mut layout = in_rows(names, width, height, (X_AXIS - 6.0, X_AXIS), room + Y_GAP);
    let (low, high) = (ticks::log_step(least, false), ticks::log_step(most, true));
    layout.y = ValueScale {
        low,
        high: if low < high { high } else { low * 10.0 },
        low_at: layout.plot.left,
        high_at: layout.plot.right,
        is_log: true,
    };
    if !layout.is_empty() {
        layout.x_ticks = ticks::log_ticks(&layout.y, layout.width, text);
    }
    layout
}

/// "80 ms – 430 ms", written after a range bar.
pub(super) fn range_text(model: &ChartModel, row: usize) -> String {
    let ends = [model.series.first(), model.series.last()];
    let values = ends.map(|series| series.and_then(|series| model.value(series, row)));
    match values {
        [Some(low), Some(high)] => {
            let (low, high) = (
                model.unit.text(&model.locale, low),
                model.unit.text(&model.locale, high),
            );
            if low == high { low } else { format!("{low} – {high}") }
        }
        _ => String::new(),
    }
}

/// Rows with names at the left, room above, below and at the right.
fn in_rows<'a>(
    names: impl Iterator<Item = &'a str> + Clone,
    width: f64,
    height: f64,
    (above, below): (f64, f64),
    room: f64,
) -> Layout {
    let widest = names.clone().map(text_width).fold(0.0, f64::max);
    let left = (widest.min(NAMES * width) + Y_GAP).ceil();
    let right = width - if room < 0.4 * width { room } else { RIGHT };
    let (top, bottom) = (above.min(height / 4.0), height - below.min(height / 4.0));
    let count = names.clone().count();
    let shown = (((bottom - top) / LEAST_ROW).max(0.0) as usize).min(count);
    if shown == 0 || right - left < ROW {
        return empty(width, height);
    }
    // Few rows need not fill the height.
    let row = ((bottom - top) / shown as f64).min(2.0 * ROW);
    let edge = |index: usize| top + row * index as f64;
    let cell = |place: usize| Cell {
        rect: Rect {
            left: 0.0,
            top: edge(place),
            right: width,
            bottom: edge(place + 1),
        },
        series: 0,
        place,
    };
    let tick = |(index, name): (usize, &str)| {
        let at = edge(index) + row / 2.0;
        Tick {
            at,
            label_at: at,
            anchor: Anchor::End,
            label: truncated(name, left - Y_GAP),
        }
    };
    Layout {
        plot: Rect {
            left,
            top,
            right,
            bottom: edge(shown),
        },
        y_ticks: names.enumerate().take(shown).map(tick).collect(),
        cells: (0..shown).map(cell).collect(),
        ..empty(width, height)
    }
}

/// Weeks from left to right, the days of a week from top to bottom as the language begins it.
pub(super) fn heat_map(model: &ChartModel, width: f64, height: f64) -> Layout {
    let bottom = height - X_AXIS;
    // The key stands below where there is room for it.
    let bottom = if bottom - KEY > 7.0 * LEAST_ROW {
        bottom - KEY
    } else {
        bottom
    };
    let names = model
        .locale
        .weekdays
        .iter()
        .map(|name| text_width(name))
        .fold(0.0, f64::max);
    let left = (names + Y_GAP).ceil();
    let (Some(first), true) = (model.buckets.first(), bottom > 7.0 * 3.0 && width - left > ROW) else {
        return empty(width, height);
    };
    let column_of = |day: chrono::NaiveDate| {
        let into_week = |day: chrono::NaiveDate| day.weekday().days_since(model.locale.week_start);
        let start = first.days.first.num_days_from_ce() - into_week(first.days.first) as i32;
        (
            (day.num_days_from_ce() - start).max(0) as usize,
            into_week(day) as usize,
        )
    };
    let place = |day| {
        let (days, row) = column_of(day);
        (days / 7, row)
    };
    let weeks = model.buckets.last().map_or(1, |last| place(last.days.first).0 + 1);
    let size = (bottom - TOP.min(4.0)) / 7.0;
    // Few weeks are wide enough for their figures.
    let across = ((width - left - RIGHT) / weeks as f64).min(MOST_ACROSS);
    let down = size.min(MOST_DOWN).min((across * 2.5).max(8.0));
    let top = bottom - 7.0 * down;
    let cell = |(index, bucket): (usize, &crate::chart::Bucket)| {
        let (column, row) = place(bucket.days.first);
        let corner = (left + across * column as f64, top + down * row as f64);
        Cell {
            rect: Rect {
                left: corner.0,
                top: corner.1,
                right: corner.0 + across,
                bottom: corner.1 + down,
            },
            series: 0,
            place: index,
        }
    };
    let every = if down >= LEAST_ROW { 1 } else { 2 };
    let weekday = |row: usize| {
        let index = (model.locale.week_start.num_days_from_monday() as usize + row) % 7;
        let at = top + down * (row as f64 + 0.5);
        Tick {
            at,
            label_at: at,
            anchor: Anchor::End,
            label: model.locale.weekdays.get(index).cloned().unwrap_or_default(),
        }
    };
    // The day on which a week begins where there is room for every other one, else the months, else what comes first.
    let week = |day| format::day(&model.locale, day);
    let starts = model.buckets.iter().enumerate();
    let starts = starts.filter(|(index, bucket)| *index == 0 || place(bucket.days.first).1 == 0);
    let is_wide = starts
        .clone()
        .all(|(_, bucket)| text_width(&week(bucket.days.first)) + 12.0 <= 2.0 * across);
    let months = model.buckets.iter().enumerate();
    let months = months.filter(|(_, bucket)| bucket.days.first.day() == 1);
    let named: Vec<_> = match is_wide {
        true => starts.collect(),
        false if months.clone().next().is_none() => starts.take(1).collect(),
        false => months.collect(),
    };
    let mut x_ticks: Vec<Tick> = Vec::new();
    for (_, bucket) in named {
        let day = bucket.days.first;
        let label = if is_wide || day.day() != 1 {
            week(day)
        } else if x_ticks.is_empty() || day.month0() == 0 {
            format::month(&model.locale, day)
        } else {
            format::short_month(&model.locale, day)
        };
        let at = left + across * (place(day).0 as f64 + 0.5);
        let tick = Tick::anchored(at, label, width);
        let gap = 12.0 + x_ticks.last().map_or(0.0, |before| before.label_span().1);
        x_ticks.extend(tick.filter(|tick| x_ticks.is_empty() || tick.label_span().0 >= gap));
    }
    Layout {
        plot: Rect {
            left,
            top,
            right: left + across * weeks as f64,
            bottom,
        },
        x_ticks,
        y_ticks: (0..7).step_by(every).map(weekday).collect(),
        cells: model.buckets.iter().enumerate().map(cell).collect(),
        ..empty(width, height)
    }
}

/// The height in which the cells of a heat map come out about square.
pub(super) fn heat_map_height(model: &ChartModel, width: f64) -> f64 {
    let weeks = model.buckets.len() as f64 / 7.0 + 1.0;
    let across = (width - 48.0) / weeks;
    7.0 * across.clamp(LEAST_ROW + 1.0, MOST_DOWN) + X_AXIS + KEY + 4.0
}

/// The height in which every cohort has a row.
pub(super) fn cohorts_height(model: &ChartModel) -> f64 {
    let count = model.series.len() as f64;
    // Many are looked at as colours.
    let row = if count > 16.0 { LEAST_ROW + 3.0 } else { ROW };
    row * count + X_AXIS + TOP
}

/// A row a series, a column a name; the names of columns stand above.
pub(super) fn cohorts(model: &ChartModel, width: f64, height: f64) -> Layout {
    let Kind::Cohorts { columns, .. } = &model.kind else {
        return empty(width, height);
    };
    let names = model.series.iter().map(|series| series.name.as_str());
    let mut layout = in_rows(names, width, height, (X_AXIS - 4.0, 2.0), 0.0);
    if layout.is_empty() || columns.is_empty() {
        return empty(width, height);
    }
    let plot = Rect {
        right: width - 2.0,
        ..layout.plot
    };
    let across = ((plot.right - plot.left) / columns.len() as f64).min(MOST_ACROSS);
    let edge = |column: usize| plot.left + across * column as f64;
    let cells = layout.cells.iter().flat_map(|row| {
        (0..columns.len()).map(move |place| Cell {
            rect: Rect {
                left: edge(place),
                top: row.rect.top,
                right: edge(place + 1),
                bottom: row.rect.bottom,
            },
            series: row.place,
            place,
        })
    });
    layout.cells = cells
        .filter(|cell| {
            model
                .series
                .get(cell.series)
                .is_some_and(|series| cell.place < series.values.len())
        })
        .collect();
    // Whole names at every so many columns rather than the beginning of each.
    let widest = columns.iter().map(|name| text_width(name)).fold(0.0, f64::max);
    let every = ((widest + 8.0) / across).ceil().max(1.0) as usize;
    let tick = |(index, name): (usize, &String)| Tick::anchored(edge(index) + across / 2.0, name.clone(), width);
    let ticks = columns.iter().enumerate().step_by(every).filter_map(tick);
    layout.x_ticks = Vec::new();
    for tick in ticks {
        let before = layout.x_ticks.last().map_or(f64::MIN, |before| before.label_span().1);
        if before + 6.0 < tick.label_span().0 {
            layout.x_ticks.push(tick);
        }
    }
    Layout { plot, ..layout }
}
