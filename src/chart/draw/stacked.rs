//! Areas on top of each other: light fills with a pattern, each closed by a line in its own colour.

use crate::chart::draw::pen::Pen;
use crate::chart::draw::{OPEN_ALPHA, is_part, line, thinned};
use crate::chart::layout::Layout;
use crate::chart::path::{Point, stretches};
use crate::chart::pattern::Slice;
use crate::chart::stack::{Part, stack};
use crate::chart::theme::Rgb;
use crate::chart::{ChartModel, Role};

/// The whole stack, context over it.
pub(super) fn areas(model: &ChartModel, layout: &Layout, pen: &Pen) {
    let y = |value: f64| layout.y.screen_from_value(value);
    let mut edges: Vec<(Vec<Point>, Rgb, f64)> = Vec::new();
    for (series, parts) in model.series.iter().zip(stack(model)) {
        if series.role == Role::Context {
            continue;
        }
        let color = pen.theme.color(series.role);
        let parts = parts.into_iter().enumerate();
        let parts = parts.map(|(bucket, part)| part.map(|part| (bucket, part)));
        for stretch in stretches(parts, |bucket| is_part(model, bucket)) {
            let strength = if stretch.is_part { OPEN_ALPHA } else { 1.0 };
            if let [(bucket, part)] = stretch.items.as_slice() {
                let band = alone(layout, *bucket, *part);
                fill(pen, &band, series.role, strength);
                continue;
            }
            let place = |value: fn(Part) -> f64| {
                let item = move |(bucket, part): (usize, Part)| (layout.x.center(bucket), y(value(part)));
                thinned(&stretch, layout, pen, item)
            };
            let upper = place(|part| part.upper);
            let is_dense = stretch.items.len() as f64 > layout.plot.width();
            if is_dense {
                // A pattern would not be seen between edges as restless as these.
                let mut outline = upper.clone();
                outline.extend(place(|part| part.lower).iter().rev());
                pen.polygon(&outline, color, pen.theme.stack_alpha * strength);
            } else {
                let slice = |(bucket, part): &(usize, Part)| Slice {
                    x: layout.x.center(*bucket),
                    top: y(part.upper),
                    bottom: y(part.lower),
                };
                let band: Vec<Slice> = stretch.items.iter().map(slice).collect();
                fill(pen, &band, series.role, strength);
            }
            edges.push((upper, color, if is_dense { 1.0 } else { pen.theme.line_width }));
        }
    }
    // From the top down, so that where a part is 0 the line of the part below it is the one that shows.
    for (edge, color, width) in edges.iter().rev() {
        pen.line(edge, *color, 1.0, *width);
    }
    line::context(model, layout, pen)
}

/// A band filled in the way of a role.
pub(super) fn fill(pen: &Pen, band: &[Slice], role: Role, strength: f64) {
    let color = pen.theme.color(role);
    let mut outline: Vec<Point> = band.iter().map(|slice| (slice.x, slice.top)).collect();
    outline.extend(band.iter().rev().map(|slice| (slice.x, slice.bottom)));
    pen.polygon(&outline, color, pen.theme.stack_alpha * strength);
    pen.pattern(role.pattern(), band, color, pen.theme.pattern_alpha * strength)
}

/// A stacked bucket between gaps: a narrow bar, as an area needs two points.
fn alone(layout: &Layout, bucket: usize, part: Part) -> [Slice; 2] {
    let (left, right) = layout.x.edges(bucket);
    let half = ((right - left) / 2.0).min(6.0);
    let center = layout.x.center(bucket);
    let (top, bottom) = (
        layout.y.screen_from_value(part.upper),
        layout.y.screen_from_value(part.lower),
    );
    [center - half, center + half].map(|x| Slice { x, top, bottom })
}
