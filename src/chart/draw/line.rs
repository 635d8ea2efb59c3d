//! Lines, and the light areas below them.

use crate::chart::draw::pen::Pen;
use crate::chart::draw::{Drawn, OPEN_ALPHA, OPEN_DASH, is_open, thinned};
use crate::chart::layout::Layout;
use crate::chart::path::{Point, Stretch, stretches};
use crate::chart::{ChartModel, Role, Series};
use plotters::prelude::DrawingBackend;

/// Lines on their own.
pub(super) fn lines<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    let drawn = |series: &&Series| series.role != Role::Context;
    let own = || model.series.iter().filter(drawn).rev();
    let has_company = own().count() > 1;
    // The first series comes last, on top of the others.
    context(model, layout, pen)?;
    for series in own() {
        line(model, layout, pen, series, has_company)?;
    }
    Ok(())
}

/// The lines of context: thin, and without a point for what is not over.
pub(super) fn context<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    for series in model.series.iter().filter(|series| series.role == Role::Context) {
        for stretch in points(model, layout, series) {
            let line = thinned(&stretch, layout, pen, |(_, point)| point);
            match line.as_slice() {
                [point] => pen.dot(*point, 1.5, pen.theme.context)?,
                _ => pen.line(&line, pen.theme.context, 1.0, 1.5)?,
            }
        }
    }
    Ok(())
}

/// The light areas between lines and zero.
pub(super) fn areas<DB: DrawingBackend>(model: &ChartModel, layout: &Layout, pen: &Pen<DB>) -> Drawn<DB> {
    for series in model.series.iter().filter(|series| series.role != Role::Context).rev() {
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

/// The stretches of a series on screen.
fn points(model: &ChartModel, layout: &Layout, series: &Series) -> Vec<Stretch<Point>> {
    let place = |bucket: usize| {
        let value = model.value(series, bucket)?;
        Some((layout.x.center(bucket), layout.y.screen_from_value(value)))
    };
    stretches((0..model.buckets.len()).map(place), |bucket| is_open(model, bucket))
}
