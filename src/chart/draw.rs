//! Draws a chart on any plotters backend: what lies behind the data, the data, what is written over it.
//!
//! Only plain shapes in whole device pixels. Titles and legends are HTML, and no text is measured here: on the web
//! plotters would do it with an inline style, which forces a layout of the page and which a strict policy forbids.

use crate::chart::draw::pen::Pen;
use crate::chart::layout::{Layout, Y_GAP, layout};
use crate::chart::measure::{FONT_PX, text_width, truncated};
use crate::chart::path::hatched;
use crate::chart::scale::Rect;
use crate::chart::stack::stack;
use crate::chart::theme::Theme;
use crate::chart::ticks::Anchor;
use crate::chart::{Bucket, ChartModel, Kind};
use crate::period::Interval;
use chrono::Datelike;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::prelude::DrawingBackend;

mod mark;
mod pen;

/// What drawing comes to: only the backend can fail.
pub type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

/// Draws a chart of a size in CSS pixels on an area of that size times [`Theme::scale`]. A size in which nothing can
/// be seen draws nothing but the surface.
pub fn draw<DB: DrawingBackend>(
    model: &ChartModel,
    theme: &Theme,
    width: f64,
    height: f64,
    area: &DrawingArea<DB, Shift>,
) -> Drawn<DB> {
    draw_in(model, theme, &layout(model, width, height), area)
}

/// [`draw`] where the layout is at hand.
pub fn draw_in<DB: DrawingBackend>(
    model: &ChartModel,
    theme: &Theme,
    layout: &Layout,
    area: &DrawingArea<DB, Shift>,
) -> Drawn<DB> {
    let pen = Pen { area, theme };
    let whole = Rect {
        left: 0.0,
        top: 0.0,
        right: layout.width,
        bottom: layout.height,
    };
    pen.fill(whole, theme.surface, 1.0)?;
    if layout.is_empty() {
        return Ok(());
    }
    weekends(model, layout, &pen)?;
    uncollected(model, layout, &pen)?;
    grid(layout, &pen)?;
    dates(layout, &pen)?;
    // Lines run over the zero line; what is filled stands on it.
    match model.kind {
        Kind::Line | Kind::Area => {
            zero(layout, &pen)?;
            if model.kind == Kind::Area {
                mark::areas(model, layout, &pen)?;
            }
            mark::lines(model, layout, &pen)?;
        }
        Kind::StackedArea => {
            mark::stacked_areas(model, layout, &pen)?;
            zero(layout, &pen)?;
        }
        Kind::Bars => {
            mark::bars(model, layout, &pen)?;
            zero(layout, &pen)?;
        }
    }
    references(model, layout, &pen)
}

/// Draws what belongs to one bucket under the pointer or the keys: a crosshair and the points of its series. Meant
/// for a second, transparent canvas on top, so that the chart itself need not be drawn again.
pub fn draw_overlay<DB: DrawingBackend>(
    model: &ChartModel,
    theme: &Theme,
    width: f64,
    height: f64,
    bucket: usize,
    area: &DrawingArea<DB, Shift>,
) -> Drawn<DB> {
    draw_overlay_in(model, theme, &layout(model, width, height), bucket, area)
}

/// [`draw_overlay`] where the layout is at hand.
pub fn draw_overlay_in<DB: DrawingBackend>(
    model: &ChartModel,
    theme: &Theme,
    layout: &Layout,
    bucket: usize,
    area: &DrawingArea<DB, Shift>,
) -> Drawn<DB> {
    if layout.is_empty() || bucket >= model.buckets.len() {
        return Ok(());
    }
    let pen = Pen { area, theme };
    let Rect { top, bottom, .. } = layout.plot;
    let x = layout.x.center(bucket);
    if model.kind == Kind::Bars {
        let (left, right) = layout.x.edges(bucket);
        return pen.fill(
            Rect {
                left,
                top,
                right,
                bottom,
            },
            theme.axis,
            0.2,
        );
    }
    pen.vertical(x, (top, bottom), theme.axis, 1.0)?;
    let stacked = if model.kind == Kind::StackedArea {
        stack(model)
    } else {
        Vec::new()
    };
    for (index, series) in model.series.iter().enumerate() {
        let value = match model.kind {
            Kind::StackedArea => {
                let part = stacked
                    .get(index)
                    .and_then(|parts| parts.get(bucket).copied().flatten());
                part.map(|part| part.upper)
            }
            Kind::Line | Kind::Area | Kind::Bars => model.value(series, bucket),
        };
        if let Some(value) = value {
            let place = (x, layout.y.screen_from_value(value));
            pen.marker(series.role.marker(), place, 4.5, theme.color(series.role))?;
        }
    }
    Ok(())
}

/// Shades days off, where days are wide enough to be told apart.
fn weekends<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    if model.interval != Interval::Day || layout.x.step < 3.0 {
        return Ok(());
    }
    let is_off = |bucket: &Bucket| model.locale.weekend.contains(&bucket.days.first.weekday());
    for rect in bands(model, layout, is_off) {
        pen.fill(rect, pen.theme.weekend, 1.0)?;
    }
    Ok(())
}

/// Hatches the buckets in which nothing was collected.
fn uncollected<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    for rect in bands(model, layout, |bucket| bucket.is_uncollected) {
        pen.fill(rect, pen.theme.weekend, 1.0)?;
        for line in hatched(rect, 6.0) {
            pen.line(&line, pen.theme.hatch, 1.0, 1.0)?;
        }
    }
    Ok(())
}

/// Neighbouring buckets of a kind as one rectangle of the plot's height.
fn bands(model: &ChartModel, layout: &Layout, is_wanted: impl Fn(&Bucket) -> bool) -> Vec<Rect> {
    let Rect { top, bottom, .. } = layout.plot;
    let mut bands: Vec<Rect> = Vec::new();
    let mut before = None;
    for (index, _) in model.buckets.iter().enumerate().filter(|(_, bucket)| is_wanted(bucket)) {
        let (left, right) = layout.x.edges(index);
        match bands.last_mut() {
            Some(band) if before.is_some_and(|before| before + 1 == index) => band.right = right,
            _ => bands.push(Rect {
                left,
                top,
                right,
                bottom,
            }),
        }
        before = Some(index);
    }
    bands
}

fn grid<DB: DrawingBackend>(layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    let Rect { left, right, .. } = layout.plot;
    for tick in &layout.y_ticks {
        pen.horizontal((left, right), tick.at, pen.theme.grid, 1.0)?;
        pen.text(&tick.label, (left - Y_GAP, tick.at), Anchor::End, pen.theme.muted)?;
    }
    Ok(())
}

fn zero<DB: DrawingBackend>(layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    let Rect { left, right, .. } = layout.plot;
    pen.horizontal((left, right), layout.baseline(), pen.theme.axis, 1.0)
}

fn dates<DB: DrawingBackend>(layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    let bottom = layout.plot.bottom;
    for tick in &layout.x_ticks {
        pen.vertical(tick.at, (bottom + 1.0, bottom + 5.0), pen.theme.axis, 1.0)?;
        pen.text(
            &tick.label,
            (tick.label_at, bottom + 16.0),
            tick.anchor,
            pen.theme.muted,
        )?;
    }
    Ok(())
}

/// Dashed lines across the plot, each with its word at the line: above it at the right, and where that place is taken
/// below it or at the left.
fn references<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    let Rect {
        left,
        top,
        right,
        bottom,
    } = layout.plot;
    let mut taken: Vec<Rect> = Vec::new();
    for reference in &model.references {
        let Some(value) = reference.drawn_value() else {
            continue;
        };
        let y = layout.y.screen_from_value(value);
        pen.dashed_horizontal((left, right), y, pen.theme.text, 0.75)?;

        let label = truncated(&reference.label, right - left - 8.0);
        if label.is_empty() {
            continue;
        }
        let (width, height) = (text_width(&label) + 6.0, FONT_PX + 4.0);
        let free = |rect: &Rect| {
            let is_inside = rect.top >= 0.0 && rect.bottom <= bottom;
            is_inside && taken.iter().all(|other| !rect.meets(other))
        };
        let at_right = |top: f64| Rect {
            left: right - width,
            top,
            right,
            bottom: top + height,
        };
        let at_left = |top: f64| Rect {
            left,
            top,
            right: left + width,
            bottom: top + height,
        };
        let (above, below) = (y - height - 2.0, y + 2.0);
        let places = [at_right(above), at_right(below), at_left(above), at_left(below)];
        let place = places.iter().find(|rect| free(rect)).copied();
        let place = place.unwrap_or_else(|| at_right(above.max(top)));
        let middle = (place.top + place.bottom) / 2.0;
        pen.fill(place, pen.theme.surface, 0.8)?;
        if place.right >= right {
            pen.text(&label, (right - 3.0, middle), Anchor::End, pen.theme.text)?;
        } else {
            pen.text(&label, (left + 3.0, middle), Anchor::Start, pen.theme.text)?;
        }
        taken.push(place);
    }
    Ok(())
}
