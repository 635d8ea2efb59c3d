//! Rows and cells: ranked bars, range bars, heat map, cohorts.

use crate::chart::draw::pen::Pen;
use crate::chart::grid::{KEY, range_text};
use crate::chart::layout::{Cell, Layout, X_AXIS, Y_GAP};
use crate::chart::measure::text_width;
use crate::chart::path::hatched;
use crate::chart::scale::Rect;
use crate::chart::theme::Rgb;
use crate::chart::ticks::Anchor;
use crate::chart::{Band, ChartModel, Kind, Role, Series};
use crate::order::sort_by;

/// Bars to the right, each with its value after it, and a mark where it was before.
pub(super) fn ranked(model: &ChartModel, layout: &Layout, pen: &Pen) {
    let Kind::Ranked(rows) = &model.kind else {
        return;
    };
    row_names(layout, pen);
    let own = model.series.iter().find(|series| series.role != Role::Context);
    let zero = layout.baseline();
    for (cell, row) in layout.cells.iter().zip(rows) {
        let middle = (cell.rect.top + cell.rect.bottom) / 2.0;
        let half = (cell.rect.height() * 0.3).min(9.0);
        let Some(value) = own.and_then(|series| model.value(series, cell.place)) else {
            pen.text("–", (zero + Y_GAP, middle), Anchor::Start, pen.theme.muted);
            continue;
        };
        let end = layout.y.screen_from_value(value);
        // A 0 is a thin line, so that it does not look like nothing.
        let bar = Rect {
            left: end.min(zero),
            top: middle - half,
            right: end.max(zero).max(zero + 1.0),
            bottom: middle + half,
        };
        pen.fill(bar, pen.theme.color(row.role), 1.0);
        let before = model.series.iter().find(|series| series.role == Role::Context);
        let mut reach = bar.right;
        if let Some(before) = before.and_then(|series| model.value(series, cell.place)) {
            let at = layout.y.screen_from_value(before);
            reach = reach.max(at + 2.0);
            for (width, color) in [(4.0, pen.theme.surface), (2.0, pen.theme.context)] {
                pen.vertical(at, (middle - half - 3.0, middle + half + 3.0), color, width);
            }
        }
        let text = model.unit.text(&model.locale, value);
        let is_fitting = reach + Y_GAP + text_width(&text) <= layout.width;
        let at = if is_fitting { reach } else { bar.right };
        if at + Y_GAP + text_width(&text) <= layout.width {
            pen.text(&text, (at + Y_GAP, middle), Anchor::Start, pen.theme.text);
        }
    }
    pen.vertical(zero, (layout.plot.top, layout.plot.bottom), pen.theme.axis, 1.0)
}

/// Bars from p50 to p95: a dot where they begin, a stop where they end, named bands behind.
pub(super) fn ranges(model: &ChartModel, layout: &Layout, pen: &Pen) {
    let Kind::Ranges { rows, bands } = &model.kind else {
        return;
    };
    let Rect {
        left,
        top,
        right,
        bottom,
    } = layout.plot;
    let end = |band: &Band| {
        let value = band.below.map(|value| layout.y.screen_from_value(value));
        value.unwrap_or(right).clamp(left, right)
    };
    let (mut from, mut free) = (left, left);
    for (index, band) in bands.iter().enumerate() {
        let rect = Rect {
            left: from,
            top,
            right: end(band),
            bottom,
        };
        if index % 2 == 1 {
            pen.fill(rect, pen.theme.weekend, 1.0);
        }
        // In the middle of its band, or as near to it as the word before and the end of the picture allow.
        let width = text_width(&band.name);
        let start = ((from + rect.right - width) / 2.0).max(free).min(layout.width - width);
        if rect.width() > 4.0 && start >= free {
            pen.text(&band.name, (start, top - 10.0), Anchor::Start, pen.theme.muted);
            free = start + width + 12.0;
        }
        from = rect.right;
    }
    for at in bands.iter().map(end).filter(|at| left < *at && *at < right) {
        pen.vertical(at, (top - 3.0, bottom), pen.theme.axis, 1.0);
    }
    for tick in &layout.x_ticks {
        pen.vertical(tick.at, (top, bottom), pen.theme.grid, 1.0);
        pen.text(
            &tick.label,
            (tick.label_at, bottom + 14.0),
            tick.anchor,
            pen.theme.muted,
        );
    }
    row_names(layout, pen);
    let value = |series: Option<&Series>, cell: &Cell| series.and_then(|series| model.value(series, cell.place));
    // In all rows or in none.
    let is_told = layout.cells.iter().all(|cell| {
        let ends = [model.series.first(), model.series.last()];
        let ends = ends.into_iter().filter_map(|series| value(series, cell));
        let reach = ends.map(|value| layout.y.screen_from_value(value)).fold(left, f64::max);
        reach + Y_GAP + text_width(&range_text(model, cell.place)) <= layout.width
    });
    for (cell, row) in layout.cells.iter().zip(rows) {
        let middle = (cell.rect.top + cell.rect.bottom) / 2.0;
        let (Some(low), Some(high)) = (value(model.series.first(), cell), value(model.series.last(), cell)) else {
            pen.text("–", (left + Y_GAP, middle), Anchor::Start, pen.theme.muted);
            continue;
        };
        let color = pen.theme.color(row.role);
        let (low, high) = (layout.y.screen_from_value(low), layout.y.screen_from_value(high));
        let line = Rect {
            left: low.min(high),
            top: middle - 2.5,
            right: low.max(high),
            bottom: middle + 2.5,
        };
        pen.fill(line, color, 0.55);
        pen.vertical(high, (middle - 6.0, middle + 6.0), color, 2.0);
        pen.dot((low, middle), 4.5, color);
        let (text, at) = (range_text(model, cell.place), low.max(high) + Y_GAP);
        if is_told {
            pen.halo(&text, (at, middle), Anchor::Start);
            pen.text(&text, (at, middle), Anchor::Start, pen.theme.text);
        }
    }
}

/// A cell a day: the darker the more, hatched where nothing was collected, outlined while it runs.
pub(super) fn heat_map(model: &ChartModel, layout: &Layout, pen: &Pen) {
    row_names(layout, pen);
    for tick in &layout.x_ticks {
        let place = (tick.label_at, layout.plot.bottom + 14.0);
        pen.text(&tick.label, place, tick.anchor, pen.theme.muted);
    }
    let Some(series) = model.series.first() else {
        return;
    };
    let most = busy(model, series);
    let text = |cell: &Cell| Some(model.unit.text(&model.locale, model.value(series, cell.place)?));
    let is_told = is_written(layout, layout.cells.iter().filter_map(text));
    for cell in &layout.cells {
        let gap = if cell.rect.width() > 5.0 && cell.rect.height() > 5.0 {
            1.0
        } else {
            0.0
        };
        let rect = inset(cell.rect, gap);
        match model.value(series, cell.place) {
            // Hidden, or not told yet.
            None if !model
                .buckets
                .get(cell.place)
                .is_some_and(|bucket| bucket.is_uncollected) =>
            {
                outline(pen, rect, pen.theme.grid, 1.0);
            }
            None => {
                pen.fill(rect, pen.theme.weekend, 1.0);
                for line in hatched(rect, 4.0) {
                    pen.line(&line, pen.theme.hatch, 1.0, 1.0);
                }
            }
            Some(value) => {
                let fill = pen.theme.level(series.role, value / most);
                pen.fill(rect, fill, 1.0);
                if is_told {
                    written(pen, rect, &model.unit.text(&model.locale, value), fill);
                }
            }
        }
        if model.buckets.get(cell.place).is_some_and(|bucket| bucket.is_open) {
            outline(pen, rect, pen.theme.color(series.role), 1.0);
        }
    }
    key(model, layout, pen, series, most)
}

/// Whether there is room for words in all cells: they are written in all of them or in none.
fn is_written(layout: &Layout, words: impl Iterator<Item = String>) -> bool {
    let widest = words.map(|word| text_width(&word)).fold(0.0, f64::max);
    let cell = layout.cells.first();
    cell.is_some_and(|cell| widest + 6.0 <= cell.rect.width() - 2.0 && cell.rect.height() >= 16.0)
}

/// A word in a cell.
fn written(pen: &Pen, rect: Rect, text: &str, fill: Rgb) {
    let middle = ((rect.left + rect.right) / 2.0, (rect.top + rect.bottom) / 2.0);
    pen.text(text, middle, Anchor::Middle, pen.theme.readable_on(fill))
}

/// What the fills of a heat map stand for, from exactly none to full.
fn key(model: &ChartModel, layout: &Layout, pen: &Pen, series: &Series, most: f64) {
    const SIZE: f64 = 12.0;
    if layout.height - layout.plot.bottom < X_AXIS + KEY {
        return;
    }
    let text = |value: f64| model.unit.text(&model.locale, value);
    let highest = series.values.range().map_or(0.0, |(_, highest)| highest);
    let more = if highest > most { "+" } else { "" };
    let full = format!("{}{more}", text(most));
    let middle = layout.height - SIZE / 2.0 - 2.0;
    let mut x = layout.plot.left;
    let word = |x: &mut f64, word: &str| {
        pen.text(word, (*x, middle), Anchor::Start, pen.theme.muted);
        *x += text_width(word) + 6.0;
    };
    let square = |x: &mut f64, fill: Rgb| {
        let rect = Rect {
            left: *x,
            top: middle - SIZE / 2.0,
            right: *x + SIZE,
            bottom: middle + SIZE / 2.0,
        };
        pen.fill(rect, fill, 1.0);
        *x += SIZE + 1.0;
    };
    word(&mut x, &text(0.0));
    square(&mut x, pen.theme.level(series.role, 0.0));
    x += 3.0;
    for step in 1..=5 {
        square(&mut x, pen.theme.level(series.role, f64::from(step) / 5.0));
    }
    x += 5.0;
    word(&mut x, &full);
}

/// What counts as full: the 95th part in a hundred, so that one day does not make all others pale.
fn busy(model: &ChartModel, series: &Series) -> f64 {
    let mut values: Vec<f64> = (0..model.len())
        .filter_map(|index| model.value(series, index))
        .filter(|value| *value > 0.0)
        .collect();
    sort_by(&mut values, f64::total_cmp);
    let index = (values.len() * 95 / 100).min(values.len().saturating_sub(1));
    values.get(index).copied().unwrap_or(1.0)
}

/// A cell for every cohort and age, with its value in it where there is room.
pub(super) fn cohorts(model: &ChartModel, layout: &Layout, pen: &Pen) {
    let Kind::Cohorts { words, .. } = &model.kind else {
        return;
    };
    row_names(layout, pen);
    for tick in &layout.x_ticks {
        let place = (tick.label_at, layout.plot.top - 10.0);
        pen.text(&tick.label, place, tick.anchor, pen.theme.muted);
    }
    let ranges = model.series.iter().filter_map(|series| series.values.range());
    let most = ranges.map(|(_, most)| most).fold(0.0, f64::max);
    let value = |cell: &Cell| {
        model
            .series
            .get(cell.series)
            .and_then(|series| model.value(series, cell.place))
    };
    let text = |cell: &Cell| {
        let own = words.get(cell.series).and_then(|words| words.get(cell.place));
        own.cloned()
            .or_else(|| Some(model.unit.text(&model.locale, value(cell)?)))
    };
    let is_told = is_written(layout, layout.cells.iter().filter_map(text));
    for cell in &layout.cells {
        let Some(value) = value(cell) else {
            // Hidden.
            outline(pen, inset(cell.rect, 1.0), pen.theme.grid, 1.0);
            continue;
        };
        let share = value / if most > 0.0 { most } else { 1.0 };
        let fill = pen.theme.level(Role::Active, share);
        pen.fill(inset(cell.rect, 1.0), fill, 1.0);
        if let Some(text) = text(cell).filter(|_| is_told) {
            written(pen, cell.rect, &text, fill);
        }
    }
}

/// What is pointed at: a row shaded, a cell outlined.
pub(in crate::chart) fn focus(layout: &Layout, pen: &Pen, cell: &Cell, is_row: bool) {
    if is_row {
        return pen.fill(cell.rect, pen.theme.axis, 0.16);
    }
    let rect = Rect {
        left: cell.rect.left.max(layout.plot.left),
        ..cell.rect
    };
    outline(pen, rect, pen.theme.text, 2.0)
}

fn row_names(layout: &Layout, pen: &Pen) {
    for tick in &layout.y_ticks {
        let place = (layout.plot.left - Y_GAP, tick.at);
        pen.text(&tick.label, place, tick.anchor, pen.theme.muted);
    }
}

fn inset(rect: Rect, by: f64) -> Rect {
    Rect {
        left: rect.left + by,
        top: rect.top + by,
        right: rect.right - by,
        bottom: rect.bottom - by,
    }
}

fn outline(pen: &Pen, rect: Rect, color: Rgb, width: f64) {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = rect;
    pen.fill(
        Rect {
            bottom: top + width,
            ..rect
        },
        color,
        1.0,
    );
    pen.fill(
        Rect {
            top: bottom - width,
            ..rect
        },
        color,
        1.0,
    );
    pen.fill(
        Rect {
            right: left + width,
            ..rect
        },
        color,
        1.0,
    );
    pen.fill(
        Rect {
            left: right - width,
            ..rect
        },
        color,
        1.0,
    )
}
