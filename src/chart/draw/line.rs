//! Lines, and the light areas below them.

use crate::chart::draw::pen::Pen;
use crate::chart::draw::{OPEN_ALPHA, OPEN_DASH, is_part};
use crate::chart::layout::Layout;
use crate::chart::path::{Point, Stretch, stretches};
use crate::chart::{ChartModel, Role, Series, thin};

/// Lines and nothing else.
pub(super) fn alone(model: &ChartModel, layout: &Layout, pen: &Pen) {
    lines(model, layout, pen, false)
}

/// Lines, with the light areas between them and zero below.
pub(super) fn with_area(model: &ChartModel, layout: &Layout, pen: &Pen) {
    lines(model, layout, pen, true)
}

fn lines(model: &ChartModel, layout: &Layout, pen: &Pen, has_areas: bool) {
    let own: Vec<_> = model
        .series
        .iter()
        .filter(|series| series.role != Role::Context)
        .collect();
    let paths: Vec<_> = own.iter().map(|series| points(model, layout, pen, series)).collect();
    // The first series comes last, on top of the others.
    if has_areas {
        for (series, stretches) in own.iter().zip(&paths).rev() {
            area(layout, pen, series, stretches);
        }
    }
    context(model, layout, pen);
    for (series, stretches) in own.iter().zip(&paths).rev() {
        line(model, layout, pen, series, stretches, own.len() > 1);
    }
}

/// A small line that ends in a point.
pub(super) fn spark(model: &ChartModel, layout: &Layout, pen: &Pen) {
    lines(model, layout, pen, true);
    let Some(series) = model.series.iter().find(|series| series.role != Role::Context) else {
        return;
    };
    let last = (0..model.len())
        .rev()
        .find(|index| model.value(series, *index).is_some());
    if let Some((index, value)) = last.and_then(|index| Some((index, model.value(series, index)?)))
        && !is_part(model, index)
    {
        let place = (layout.center(index), layout.y.screen_from_value(value));
        pen.dot(place, pen.theme.line_width + 0.5, pen.theme.color(series.role));
    }
}

/// The lines of context: thin, and without a point for what is only part of a bucket.
pub(super) fn context(model: &ChartModel, layout: &Layout, pen: &Pen) {
    for series in model.series.iter().filter(|series| series.role == Role::Context) {
        for stretch in points(model, layout, pen, series) {
            let line: Vec<Point> = stretch.items.iter().map(|(_, point)| *point).collect();
            match line.as_slice() {
                [point] => pen.dot(*point, 1.5, pen.theme.context),
                _ => pen.line(&line, pen.theme.context, 1.0, 1.5),
            }
        }
    }
}

fn area(layout: &Layout, pen: &Pen, series: &Series, stretches: &[Stretch<Point>]) {
    for stretch in stretches.iter().filter(|stretch| stretch.items.len() > 1) {
        let strength = if stretch.is_part { OPEN_ALPHA } else { 1.0 };
        let mut outline: Vec<Point> = stretch.items.iter().map(|(_, point)| *point).collect();
        if let (Some(first), Some(last)) = (outline.first().copied(), outline.last().copied()) {
            outline.extend([(last.0, layout.baseline()), (first.0, layout.baseline())]);
        }
        let color = pen.theme.color(series.role);
        pen.polygon(&outline, color, pen.theme.area_alpha * strength);
    }
}

/// One line: solid, or dashed after its role where there are several; into a part of a bucket always finely dashed.
fn line(
    model: &ChartModel,
    layout: &Layout,
    pen: &Pen,
    series: &Series,
    stretches: &[Stretch<Point>],
    has_company: bool,
) {
    let color = pen.theme.color(series.role);
    for stretch in stretches {
        let line: Vec<Point> = stretch.items.iter().map(|(_, point)| *point).collect();
        // Where points come closer than two pixels, a thinner line shows more, and dashes would hide some.
        let is_dense = stretch.items.len() as f64 > layout.plot.width() / 2.0;
        let width = if is_dense { 1.0 } else { pen.theme.line_width };
        if let [(_, point)] = stretch.items.as_slice() {
            if stretch.is_part {
                pen.ring(*point, width + 1.5, color);
            } else {
                pen.dot(*point, width + 1.0, color);
            }
        } else if stretch.is_part {
            pen.dashed_line(&line, &OPEN_DASH, color, width);
            for (_, point) in stretch.items.iter().filter(|(bucket, _)| is_part(model, *bucket)) {
                pen.ring(*point, width + 1.5, color);
            }
        } else if has_company && !is_dense {
            pen.dashed_line(&line, series.role.dash(), color, width);
        } else {
            pen.line(&line, color, 1.0, width);
        }
    }
}

/// The stretches of a series on screen, without points that could not be seen.
fn points(model: &ChartModel, layout: &Layout, pen: &Pen, series: &Series) -> Vec<Stretch<Point>> {
    let places = thin::places(model, series, layout, 1.0 / pen.scale());
    // The extremes of a pixel column stand at its first place.
    let mut before = (usize::MAX, 0.0);
    let mut place = |(index, value): (usize, f64)| {
        if before.0 != index {
            before = (index, layout.center(index));
        }
        (index, (before.1, layout.y.screen_from_value(value)))
    };
    stretches(places.into_iter().map(|found| found.map(&mut place)), |bucket| {
        is_part(model, bucket)
    })
}
