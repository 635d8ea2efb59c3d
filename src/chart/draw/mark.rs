//! The data itself: lines, areas, stacks and bars.

use crate::chart::draw::Drawn;
use crate::chart::draw::pen::Pen;
use crate::chart::layout::Layout;
use crate::chart::path::{Point, Stretch, decimated, hatched, stretches};
use crate::chart::scale::Rect;
use crate::chart::stack::{Part, stack};
use crate::chart::theme::Rgb;
use crate::chart::{ChartModel, Series};
use plotters::prelude::DrawingBackend;

/// Dash of what leads into a bucket that is not over.
const OPEN_DASH: [f64; 2] = [3.0, 3.0];
/// How much weaker the area of an open bucket is.
const OPEN_ALPHA: f64 = 0.45;

/// Lines on their own.
pub(super) fn lines<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    // The first series comes last, on top of its context.
    for series in model.series.iter().rev() {
        line(model, layout, pen, series, model.series.len() > 1)?;
    }
    Ok(())
}

/// The light areas between lines and zero.
pub(super) fn areas<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    for series in model.series.iter().rev() {
        let color = pen.theme.color(series.role);
        for stretch in points(model, layout, series) {
            let strength = if stretch.is_open { OPEN_ALPHA } else { 1.0 };
            let mut outline = thinned(&stretch, layout, pen, |(_, point)| point);
            if let (Some(first), Some(last)) = (outline.first().copied(), outline.last().copied()) {
                outline.extend([(last.0, layout.baseline()), (first.0, layout.baseline())]);
            }
            if stretch.items.len() > 1 {
                pen.polygon(&outline, color, pen.theme.area_alpha * strength)?;
            }
        }
    }
    Ok(())
}

/// Areas on top of each other: light fills, each closed by a line in its own colour.
pub(super) fn stacked_areas<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    let y = |value: f64| layout.y.screen_from_value(value);
    let mut edges: Vec<(Vec<Point>, Rgb)> = Vec::new();
    for (series, parts) in model.series.iter().zip(stack(model)) {
        let color = pen.theme.color(series.role);
        for stretch in stretches(parts, |bucket| is_open(model, bucket)) {
            let strength = if stretch.is_open { OPEN_ALPHA } else { 1.0 };
            let alpha = pen.theme.stack_alpha * strength;
            if let [(bucket, part)] = stretch.items.as_slice() {
                pen.fill(alone(layout, *bucket, *part), color, alpha)?;
                continue;
            }
            let place = |value: fn(Part) -> f64| {
                let item = move |(bucket, part): (usize, Part)| (layout.x.center(bucket), y(value(part)));
                thinned(&stretch, layout, pen, item)
            };
            let upper = place(|part| part.upper);
            let mut outline = upper.clone();
            outline.extend(place(|part| part.lower).iter().rev());
            pen.polygon(&outline, color, alpha)?;
            edges.push((upper, color));
        }
    }
    // From the top down, so that where a part is 0 the line of the part below it is the one that shows.
    for (edge, color) in edges.iter().rev() {
        pen.line(edge, *color, 1.0, pen.theme.line_width)?;
    }
    Ok(())
}

/// A stacked bucket between gaps: a narrow bar, as an area needs two points.
fn alone(layout: &Layout, bucket: usize, part: Part) -> Rect {
    let (left, right) = layout.x.edges(bucket);
    let half = ((right - left) / 2.0).min(6.0);
    let center = layout.x.center(bucket);
    let top = layout.y.screen_from_value(part.upper);
    Rect {
        left: center - half,
        top,
        right: center + half,
        bottom: layout.y.screen_from_value(part.lower),
    }
}

/// One line: solid, or dashed after its role where there are several; into an open bucket always finely dashed.
fn line<DB: DrawingBackend>(
    model: &ChartModel,
    layout: &Layout,
    pen: &Pen<DB>,
    series: &Series,
    has_company: bool,
) -> Drawn<DB> {
    let color = pen.theme.color(series.role);
    for stretch in points(model, layout, series) {
        let line = thinned(&stretch, layout, pen, |(_, point)| point);
        // Where points come closer than two pixels, a thinner line shows more, and dashes would hide some.
        let is_dense = stretch.items.len() as f64 > layout.plot.width() / 2.0;
        let width = if is_dense { 1.0 } else { pen.theme.line_width };
        if let [(_, point)] = stretch.items.as_slice() {
            if stretch.is_open {
                pen.ring(*point, width + 1.5, color)?;
            } else {
                pen.dot(*point, width + 1.0, color)?;
            }
        } else if stretch.is_open {
            pen.dashed_line(&line, &OPEN_DASH, color, width)?;
            for (_, point) in stretch.items.iter().filter(|(bucket, _)| is_open(model, *bucket)) {
                pen.ring(*point, width + 1.5, color)?;
            }
        } else if has_company && !is_dense {
            pen.dashed_line(&line, series.role.dash(), color, width)?;
        } else {
            pen.line(&line, color, 1.0, width)?;
        }
    }
    Ok(())
}

/// Bars side by side. Where they would be thinner than three device pixels, one thin bar a pixel column instead, as
/// high as the highest in it.
pub(super) fn bars<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    let group = (layout.x.step * 0.72).min(44.0 * model.series.len() as f64);
    let group = pen.pixel(group).min(pen.pixel(layout.x.step) - 1);
    let gap = if model.series.len() > 1 { pen.stroke(1.0) } else { 0 };
    let count = i32::try_from(model.series.len().max(1)).unwrap_or(i32::MAX);
    let width = (group + gap) / count - gap;
    if width < 2 {
        return columns(model, layout, pen);
    }
    let used = width * count + gap * (count - 1);
    for (place, series) in (0..).zip(&model.series) {
        let color = pen.theme.color(series.role);
        for bucket in 0..model.buckets.len() {
            let Some(value) = model.value(series, bucket) else {
                continue;
            };
            let left = pen.pixel(layout.x.center(bucket)) - used / 2 + place * (width + gap);
            let (top, bottom) = reach(layout, pen, value, value);
            let (from, to) = ((left, top), (left + width, bottom));
            if is_open(model, bucket) {
                open_bar(pen, from, to, color)?;
            } else {
                pen.fill_pixels(from, to, color, 1.0)?;
            }
        }
    }
    Ok(())
}

/// A bar of a bucket that is not over: outlined and hatched.
fn open_bar<DB: DrawingBackend>(pen: &Pen<DB>, from: (i32, i32), to: (i32, i32), color: Rgb) -> Drawn<DB> {
    let scale = pen.scale();
    let css = |pixels: i32| f64::from(pixels) / scale;
    let rect = Rect {
        left: css(from.0),
        top: css(from.1),
        right: css(to.0),
        bottom: css(to.1),
    };
    pen.fill_pixels(from, to, color, 0.18)?;
    for stripe in hatched(rect, 5.0) {
        pen.line(&stripe, color, 0.6, 1.0)?;
    }
    let edge = pen.stroke(1.0);
    pen.fill_pixels(from, (to.0, from.1 + edge), color, 1.0)?;
    pen.fill_pixels((from.0, to.1 - edge), to, color, 1.0)?;
    pen.fill_pixels(from, (from.0 + edge, to.1), color, 1.0)?;
    pen.fill_pixels((to.0 - edge, from.1), to, color, 1.0)
}

fn columns<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    for series in &model.series {
        let color = pen.theme.color(series.role);
        let mut column: Option<(i32, f64, f64)> = None;
        for bucket in 0..model.buckets.len() {
            let Some(value) = model.value(series, bucket) else {
                continue;
            };
            let x = pen.pixel(layout.x.center(bucket));
            column = match column {
                Some((at, low, high)) if at == x => Some((at, low.min(value), high.max(value))),
                done => {
                    stick(layout, pen, done, color)?;
                    Some((x, value, value))
                }
            };
        }
        stick(layout, pen, column, color)?;
    }
    Ok(())
}

fn stick<DB: DrawingBackend>(layout: &Layout, pen: &Pen<DB>, column: Option<(i32, f64, f64)>, color: Rgb) -> Drawn<DB> {
    let Some((x, low, high)) = column else {
        return Ok(());
    };
    let (top, bottom) = reach(layout, pen, low, high);
    pen.fill_pixels((x, top), (x + 1, bottom), color, 1.0)
}

/// From the highest to the lowest pixel of what stands on or hangs from zero. A collected 0 is a line of its own, so
/// that it does not look like nothing.
fn reach<DB: DrawingBackend>(layout: &Layout, pen: &Pen<DB>, low: f64, high: f64) -> (i32, i32) {
    let zero = pen.pixel(layout.baseline());
    let top = pen.pixel(layout.y.screen_from_value(high.max(0.0)));
    let bottom = pen.pixel(layout.y.screen_from_value(low.min(0.0)));
    if top == zero && bottom == zero {
        (zero - pen.stroke(1.5), zero)
    } else {
        (top, bottom)
    }
}

/// The stretches of a series on screen.
fn points(model: &ChartModel, layout: &Layout, series: &Series) -> Vec<Stretch<Point>> {
    let place = |bucket: usize| {
        let value = model.value(series, bucket)?;
        Some((layout.x.center(bucket), layout.y.screen_from_value(value)))
    };
    stretches((0..model.buckets.len()).map(place), |bucket| is_open(model, bucket))
}

/// The points of a stretch; from two a pixel on, only those that can be seen.
fn thinned<DB: DrawingBackend, T: Copy>(
    stretch: &Stretch<T>,
    layout: &Layout,
    pen: &Pen<DB>,
    place: impl Fn((usize, T)) -> Point,
) -> Vec<Point> {
    let points = stretch.items.iter().map(|item| place(*item));
    if stretch.items.len() as f64 > 2.0 * layout.plot.width() {
        decimated(points, 1.0 / pen.scale())
    } else {
        points.collect()
    }
}

fn is_open(model: &ChartModel, bucket: usize) -> bool {
    model.buckets.get(bucket).is_some_and(|bucket| bucket.is_open)
}
