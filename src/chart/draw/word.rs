//! Reference lines and the words at the data.

use crate::chart::draw::pen::Pen;
use crate::chart::draw::{bar, stacked};
use crate::chart::label::{Label, MARKER_ROOM, Subject};
use crate::chart::layout::Layout;
use crate::chart::path::Point;
use crate::chart::pattern::{Pattern, Slice};
use crate::chart::ticks::Anchor;
use crate::chart::{ChartModel, Kind, Role, Series};

/// Dashed lines across the plot.
pub(super) fn reference_lines(model: &ChartModel, layout: &Layout, pen: &Pen) {
    for value in model.references.iter().filter_map(|reference| reference.drawn_value()) {
        let y = layout.y.screen_from_value(value);
        pen.dashed_horizontal((layout.plot.left, layout.plot.right), y, pen.theme.text, 0.75);
    }
}

/// The words, each with a leader to what it names where it had to move away.
pub(super) fn labels(model: &ChartModel, layout: &Layout, pen: &Pen) {
    for label in &layout.labels {
        let middle = (label.rect.top + label.rect.bottom) / 2.0;
        let is_beside = label.rect.left >= layout.plot.right;
        match label.subject {
            Subject::Series(index) => series(model, layout, pen, label, index),
            Subject::Reference(_) if is_beside => {
                let from = (layout.plot.right, label.target);
                let to = (label.rect.left - 4.0, middle);
                let corner = (layout.plot.right + 4.0, label.target);
                pen.line(&[from, corner, to], pen.theme.text, 0.5, 1.0);
                pen.text(&label.text, (label.rect.left, middle), Anchor::Start, pen.theme.text);
            }
            Subject::Reference(_) => {
                let x = match label.anchor {
                    Anchor::End => label.rect.right - 3.0,
                    _ => label.rect.left + 3.0,
                };
                // A plate in the colour of the surface: words over lines and patterns are not read.
                pen.fill(label.rect, pen.theme.surface, 0.9);
                pen.text(&label.text, (x, middle), label.anchor, pen.theme.text);
            }
        }
    }
}

/// The name of a series, with its marker or a piece of its band.
fn series(model: &ChartModel, layout: &Layout, pen: &Pen, label: &Label, index: usize) {
    let Some(series) = model.series.get(index) else {
        return;
    };
    let middle = (label.rect.top + label.rect.bottom) / 2.0;
    let at = label.rect.left - MARKER_ROOM / 2.0 + 1.0;
    if (middle - label.target).abs() > 2.0 {
        let from = (layout.plot.right - 2.0, label.target);
        let color = pen.theme.color(series.role);
        pen.line(&[from, (at - 6.0, middle)], color, 0.6, 1.0);
    }
    swatch(model, pen, series, (at, middle));
    pen.text(&label.text, (label.rect.left, middle), Anchor::Start, pen.theme.text)
}

/// The marker of a series, a piece of its band or of its line.
pub(super) fn swatch(model: &ChartModel, pen: &Pen, series: &Series, (swatch, middle): Point) {
    let color = pen.theme.color(series.role);
    if series.role == Role::Context {
        pen.line(&[(swatch - 6.0, middle), (swatch + 6.0, middle)], color, 1.0, 1.5);
    } else if matches!(model.kind, Kind::Bars | Kind::StackedBars) {
        let corner = |at: f64| (pen.pixel(swatch + at), pen.pixel(middle + at));
        let own = model.series.iter().filter(|series| series.role != Role::Context);
        let is_alone = own.count() == 1;
        let pattern = if is_alone {
            Pattern::Plain
        } else {
            series.role.pattern()
        };
        bar::bar(pen, (corner(-5.0), corner(5.0)), series.role, pattern, false)
    } else if !matches!(model.kind, Kind::Line | Kind::Area) {
        let band = [swatch - 5.0, swatch + 5.0].map(|x| Slice {
            x,
            top: middle - 5.0,
            bottom: middle + 5.0,
        });
        stacked::fill(pen, &band, series.role, 1.0);
        let corners = [(-5.0, -5.0), (5.0, -5.0), (5.0, 5.0), (-5.0, 5.0), (-5.0, -5.0)];
        let outline = corners.map(|(x, y)| (swatch + x, middle + y));
        pen.line(&outline, color, 1.0, 1.0);
    } else {
        pen.marker(series.role.marker(), (swatch, middle), 3.5, color);
    }
}
