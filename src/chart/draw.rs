//! Draws a chart: what lies behind the data, the data, what is written over it.
//!
//! With plotters, and only plain shapes in whole device pixels, kept as a list that a canvas or an SVG file plays. Titles and legends are
//! HTML, and no text is measured here: see [`crate::chart::measure`].

use crate::chart::draw::pen::Pen;
use crate::chart::later::later as others;
use crate::chart::layout::{Layout, Y_GAP};
use crate::chart::measure::truncated;
use crate::chart::path::{Point, Stretch, decimated, hatched};
use crate::chart::scale::Rect;
use crate::chart::theme::Theme;
use crate::chart::ticks::Anchor;
use crate::chart::{Bucket, ChartModel, Kind};
use crate::period::Interval;
use plotters::drawing::IntoDrawingArea;

mod bar;
mod cell;
mod focus;
mod key;
mod line;
pub(super) mod pen;
mod sheet;
mod stacked;
mod word;

pub(super) use cell::focus as focus_cell;
pub use focus::draw_focus;
pub use key::draw_key;
pub use sheet::{Ink, Pixel, Shape, Sheet};

/// A part of a picture.
type Step = fn(&ChartModel, &Layout, &Pen);

/// Dash of what leads into a bucket that is not over.
const OPEN_DASH: [f64; 2] = [3.0, 3.0];
/// How much weaker the area of an open bucket is.
const OPEN_ALPHA: f64 = 0.45;

/// Draws a chart on a sheet of its size in CSS pixels times [`Theme::scale`]. A size in which nothing can be seen draws
/// nothing but the surface.
pub fn draw(model: &ChartModel, theme: &Theme, layout: &Layout) -> Sheet {
    on_sheet(theme, |pen| chart(model, layout, pen))
}

/// What a pen leaves.
fn on_sheet(theme: &Theme, write: impl FnOnce(&Pen)) -> Sheet {
    let sheet = Sheet::default();
    let begin = (0, 0);
    write(&Pen {
        surface: &sheet.clone().into_drawing_area(),
        theme,
        begin,
    });
    sheet
}

fn chart(model: &ChartModel, layout: &Layout, pen: &Pen) {
    let whole = Rect {
        left: 0.0,
        top: 0.0,
        right: layout.width,
        bottom: layout.height,
    };
    pen.fill(whole, pen.theme.surface, 1.0);
    if layout.is_empty() {
        return;
    }
    if !model.kind.is_on_first_page() {
        return others().map_or((), |others| (others.draw)(model, layout, pen));
    }
    weekends(model, layout, pen);
    uncollected(model, layout, pen);
    grid(layout, pen);
    dates(layout, pen);
    // Lines run over the zero line; what is filled stands on it.
    let (is_over_zero, step): (bool, Step) = match &model.kind {
        Kind::Area => (true, line::with_area),
        Kind::StackedArea => (false, stacked::areas),
        Kind::Bars => (false, bar::grouped),
        Kind::StackedBars => (false, bar::stacked),
        _ => (true, line::alone),
    };
    if is_over_zero {
        zero(layout, pen);
    }
    step(model, layout, pen);
    if !is_over_zero {
        zero(layout, pen);
    }
    word::reference_lines(model, layout, pen);
    word::labels(model, layout, pen)
}

/// Draws what is not drawn over time, or not alone.
pub(super) fn later(model: &ChartModel, layout: &Layout, pen: &Pen) {
    let step: Step = match &model.kind {
        Kind::Multiples(_) => multiples,
        Kind::Ranked(_) => cell::ranked,
        Kind::Ranges { .. } => cell::ranges,
        Kind::HeatMap => cell::heat_map,
        Kind::Cohorts { .. } => cell::cohorts,
        _ => line::spark,
    };
    step(model, layout, pen)
}

/// Small multiples: each panel with its title.
fn multiples(_: &ChartModel, layout: &Layout, pen: &Pen) {
    let theme = pen.theme;
    for panel in &layout.panels {
        chart(&panel.model, &panel.layout, &pen.part(panel));
        if let Some(series) = panel.model.series.first() {
            let middle = panel.rect.top + panel.title_height / 2.0;
            let name = truncated(&series.name, panel.rect.width() - 20.0);
            let marker = (panel.rect.left + 5.0, middle);
            pen.marker(series.role.marker(), marker, 3.5, theme.color(series.role));
            pen.text(&name, (panel.rect.left + 16.0, middle), Anchor::Start, theme.text);
        }
    }
}

/// Shades days off, where days are wide enough to be told apart.
fn weekends(model: &ChartModel, layout: &Layout, pen: &Pen) {
    if model.interval != Interval::Day || layout.x.step < 3.0 {
        return;
    }
    let is_off = |bucket: &Bucket| model.locale.is_off(bucket.days.first);
    for rect in bands(model, layout, is_off) {
        pen.fill(rect, pen.theme.weekend, 1.0);
    }
}

/// Hatches the buckets in which nothing was collected.
fn uncollected(model: &ChartModel, layout: &Layout, pen: &Pen) {
    for rect in bands(model, layout, |bucket| bucket.is_uncollected) {
        pen.fill(rect, pen.theme.weekend, 1.0);
        for line in hatched(rect, 6.0) {
            pen.line(&line, pen.theme.hatch, 1.0, 1.0);
        }
    }
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

fn grid(layout: &Layout, pen: &Pen) {
    let Rect { left, right, .. } = layout.plot;
    for tick in &layout.y_ticks {
        pen.horizontal((left, right), tick.at, pen.theme.grid, 1.0);
        pen.text(&tick.label, (left - Y_GAP, tick.at), Anchor::End, pen.theme.muted);
    }
}

fn zero(layout: &Layout, pen: &Pen) {
    let Rect { left, right, .. } = layout.plot;
    pen.horizontal((left, right), layout.baseline(), pen.theme.axis, 1.0)
}

fn dates(layout: &Layout, pen: &Pen) {
    let bottom = layout.plot.bottom;
    for tick in &layout.x_ticks {
        pen.vertical(tick.at, (bottom + 1.0, bottom + 5.0), pen.theme.axis, 1.0);
        pen.text(
            &tick.label,
            (tick.label_at, bottom + 16.0),
            tick.anchor,
            pen.theme.muted,
        );
    }
    for label in &layout.asides {
        let place = (label.label_at, bottom + 16.0);
        pen.text(&label.label, place, label.anchor, pen.theme.muted);
    }
}

/// The points of a stretch; from two a pixel on, only those that can be seen.
fn thinned<T: Copy>(
    stretch: &Stretch<T>,
    layout: &Layout,
    pen: &Pen,
    place: impl Fn((usize, T)) -> Point,
) -> Vec<Point> {
    let points = stretch.items.iter().map(|item| place(*item));
    if stretch.items.len() as f64 > 2.0 * layout.plot.width() {
        decimated(points, 1.0 / pen.scale())
    } else {
        points.collect()
    }
}

fn is_part(model: &ChartModel, bucket: usize) -> bool {
    model.buckets.get(bucket).is_some_and(Bucket::is_part)
}
