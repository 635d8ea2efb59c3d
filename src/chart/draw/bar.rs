//! Bars by interval: side by side or on top of each other, with context behind.

use crate::chart::draw::is_part;
use crate::chart::draw::pen::{Area, Pen};
use crate::chart::draw::stacked::areas;
use crate::chart::layout::Layout;
use crate::chart::path::hatched;
use crate::chart::pattern::{Pattern, Slice};
use crate::chart::stack::stack;
use crate::chart::theme::Rgb;
use crate::chart::{ChartModel, Role, Series, thin};

/// Bars side by side. Where they would be thinner than two device pixels, one thin bar a pixel column instead, as
/// high as the highest in it.
pub(super) fn grouped(model: &ChartModel, layout: &Layout, pen: &Pen) {
    let own: Vec<&Series> = model
        .series
        .iter()
        .filter(|series| series.role != Role::Context)
        .collect();
    let gap = if own.len() > 1 { pen.stroke(1.0) } else { 0 };
    let count = i32::try_from(own.len().max(1)).unwrap_or(i32::MAX);
    let width = (band_width(layout, pen, own.len()) + gap) / count - gap;
    if width < 2 {
        return columns(model, layout, pen);
    }
    let used = width * count + gap * (count - 1);
    context(model, layout, pen, used);
    for (place, series) in (0..).zip(own) {
        let pattern = if count > 1 {
            series.role.pattern()
        } else {
            Pattern::Plain
        };
        for bucket in 0..model.buckets.len() {
            let Some(value) = model.value(series, bucket) else {
                continue;
            };
            let left = pen.pixel(layout.x.center(bucket)) - used / 2 + place * (width + gap);
            let (top, bottom) = reach(layout, pen, value, value);
            let area = ((left, top), (left + width, bottom));
            bar(pen, area, series.role, pattern, is_part(model, bucket));
        }
    }
    context_edges(model, layout, pen, used)
}

/// Bars on top of each other, told apart by colour, pattern and a thin gap. Where several would share a pixel column,
/// areas instead, as bars would hide each other.
pub(super) fn stacked(model: &ChartModel, layout: &Layout, pen: &Pen) {
    let width = band_width(layout, pen, 1);
    if width < 2 {
        return areas(model, layout, pen);
    }
    if width >= 3 {
        context(model, layout, pen, width);
    }
    let gap = if width >= 6 { pen.stroke(1.0) } else { 0 };
    for (series, parts) in model.series.iter().zip(stack(model)) {
        let pattern = if width >= 6 {
            series.role.pattern()
        } else {
            Pattern::Plain
        };
        for (bucket, part) in parts.into_iter().enumerate() {
            let Some(part) = part else { continue };
            let left = pen.pixel(layout.x.center(bucket)) - width / 2;
            let top = pen.pixel(layout.y.screen_from_value(part.upper));
            let bottom = pen.pixel(layout.y.screen_from_value(part.lower));
            let gap = if part.lower > 0.0 && bottom - top > gap { gap } else { 0 };
            if top == bottom {
                continue;
            }
            let area = ((left, top), (left + width, bottom - gap));
            bar(pen, area, series.role, pattern, is_part(model, bucket));
        }
    }
    if width >= 3 {
        context_edges(model, layout, pen, width);
    }
}

/// How wide the bars of a bucket are together, in device pixels.
fn band_width(layout: &Layout, pen: &Pen, count: usize) -> i32 {
    let width = (layout.x.step * 0.72).min(44.0 * count as f64);
    pen.pixel(width).min(pen.pixel(layout.x.step) - 1)
}

/// A bar, or a piece of one.
pub(super) fn bar(pen: &Pen, area: Area, role: Role, pattern: Pattern, is_part: bool) {
    let color = pen.theme.color(role);
    if is_part {
        return open_bar(pen, area, color, pattern);
    }
    pen.fill_pixels(area.0, area.1, color, 1.0);
    pen.pattern(pattern, &band(pen, area), pen.theme.surface, pen.theme.pattern_alpha)
}

/// A bar of a bucket that is not over, or cut short: outlined, and hatched or in its pattern.
fn open_bar(pen: &Pen, (from, to): Area, color: Rgb, pattern: Pattern) {
    pen.fill_pixels(from, to, color, 0.18);
    if pattern == Pattern::Plain {
        for stripe in hatched(pen.rect((from, to)), 5.0) {
            pen.line(&stripe, color, 0.6, 1.0);
        }
    } else {
        pen.pattern(pattern, &band(pen, (from, to)), color, 0.8);
    }
    let edge = pen.stroke(1.0);
    pen.fill_pixels(from, (to.0, from.1 + edge), color, 1.0);
    pen.fill_pixels((from.0, to.1 - edge), to, color, 1.0);
    pen.fill_pixels(from, (from.0 + edge, to.1), color, 1.0);
    pen.fill_pixels((to.0 - edge, from.1), to, color, 1.0)
}

fn band(pen: &Pen, area: Area) -> [Slice; 2] {
    let rect = pen.rect(area);
    [rect.left, rect.right].map(|x| Slice {
        x,
        top: rect.top,
        bottom: rect.bottom,
    })
}

/// Context as a pale bar behind its bucket, a little wider than what stands in front of it.
fn context(model: &ChartModel, layout: &Layout, pen: &Pen, used: i32) {
    for_context(model, layout, pen, used, |(from, to)| {
        pen.fill_pixels(from, to, pen.theme.context, 0.28)
    })
}

/// The upper edge of context, over everything, so that it is seen also where it is lower.
fn context_edges(model: &ChartModel, layout: &Layout, pen: &Pen, used: i32) {
    let (edge, rim) = (pen.stroke(1.5), pen.stroke(1.0));
    for_context(model, layout, pen, used, |(from, to)| {
        let outer = ((from.0, from.1 - rim), (to.0, from.1 + edge + rim));
        pen.fill_pixels(outer.0, outer.1, pen.theme.surface, 0.7);
        pen.fill_pixels(from, (to.0, from.1 + edge), pen.theme.context, 1.0)
    })
}

fn for_context(model: &ChartModel, layout: &Layout, pen: &Pen, used: i32, mut draw: impl FnMut(Area)) {
    let room = pen.pixel(layout.x.step);
    let half = (used / 2 + pen.stroke(3.0)).min((room - 1) / 2).max(used / 2);
    for series in model.series.iter().filter(|series| series.role == Role::Context) {
        for bucket in 0..model.buckets.len() {
            if let Some(value) = model.value(series, bucket) {
                let center = pen.pixel(layout.x.center(bucket));
                let (top, bottom) = reach(layout, pen, value, value);
                draw(((center - half, top), (center + half, bottom)));
            }
        }
    }
}

/// One bar a pixel column, from the least to the most in it or to zero.
fn columns(model: &ChartModel, layout: &Layout, pen: &Pen) {
    for series in &model.series {
        let color = pen.theme.color(series.role);
        let values = thin::drawn(model, series);
        for column in thin::columns(&values, layout, 1.0 / pen.scale()).into_iter().flatten() {
            let x = pen.pixel(layout.x.center(column.first.0));
            let (top, bottom) = reach(layout, pen, column.least, column.most);
            pen.fill_pixels((x, top), (x + 1, bottom), color, 1.0);
        }
    }
}

/// From the highest to the lowest pixel of what stands on or hangs from zero. A collected 0 is a line of its own, so
/// that it does not look like nothing.
fn reach(layout: &Layout, pen: &Pen, low: f64, high: f64) -> (i32, i32) {
    let zero = pen.pixel(layout.baseline());
    let top = pen.pixel(layout.y.screen_from_value(high.max(0.0)));
    let bottom = pen.pixel(layout.y.screen_from_value(low.min(0.0)));
    if top == zero && bottom == zero {
        (zero - pen.stroke(1.5), zero)
    } else {
        (top, bottom)
    }
}
