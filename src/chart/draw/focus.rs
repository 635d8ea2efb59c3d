//! What belongs to one place under the pointer or the keys. Meant for a second, transparent canvas on top, so that the
//! chart itself need not be drawn again.

use crate::chart::draw::pen::Pen;
use crate::chart::draw::{Sheet, cell, on_sheet};
use crate::chart::hit::Hit;
use crate::chart::layout::Layout;
use crate::chart::scale::Rect;
use crate::chart::stack::stack;
use crate::chart::theme::Theme;
use crate::chart::{ChartModel, Kind, Role};

/// Draws a crosshair, or a frame, at a place, and the points of all series there; one larger if the focus names it.
pub fn draw_focus(model: &ChartModel, theme: &Theme, layout: &Layout, focus: Hit) -> Sheet {
    on_sheet(theme, |pen| point(model, layout, pen, focus))
}

fn point(model: &ChartModel, layout: &Layout, pen: &Pen, focus: Hit) {
    if layout.is_empty() || focus.place >= model.len() {
        return;
    }
    for (index, panel) in layout.panels.iter().enumerate() {
        let series = (focus.series == Some(index)).then_some(0);
        let inner = Hit { series, ..focus };
        point(&panel.model, &panel.layout, &pen.part(panel), inner);
    }
    match &model.kind {
        Kind::Multiples => {}
        Kind::Ranked(_) | Kind::Ranges { .. } | Kind::HeatMap | Kind::Cohorts(_) => {
            let is_row = matches!(model.kind, Kind::Ranked(_) | Kind::Ranges { .. });
            let is_meant = |series: usize| is_row || focus.series.is_none_or(|wanted| wanted == series);
            for found in layout
                .cells
                .iter()
                .filter(|cell| cell.place == focus.place && is_meant(cell.series))
            {
                cell::focus(layout, pen, found, is_row);
            }
        }
        Kind::Bars | Kind::StackedBars => {
            let (left, right) = layout.x.edges(focus.place);
            let Rect { top, bottom, .. } = layout.plot;
            let band = Rect {
                left,
                top,
                right,
                bottom,
            };
            pen.fill(band, pen.theme.axis, 0.2)
        }
        _ => crosshair(model, layout, pen, focus),
    }
}

/// The room that a focus takes: everything that is drawn for it lies in this rectangle. Empty where nothing is.
pub fn focus_extent(model: &ChartModel, layout: &Layout, focus: Hit) -> Rect {
    /// Half a marker with its rim.
    const MARKER: f64 = 14.0;
    /// Edges come to lie on whole pixels.
    const AIR: f64 = 4.0;
    if layout.is_empty() || focus.place >= model.len() {
        return Rect::default();
    }
    let whole = Rect {
        left: 0.0,
        top: 0.0,
        right: layout.width,
        bottom: layout.height,
    };
    let (left, right) = match model.kind {
        Kind::Multiples | Kind::Ranked(_) | Kind::Ranges { .. } | Kind::HeatMap | Kind::Cohorts(_) => return whole,
        Kind::Bars | Kind::StackedBars => layout.x.edges(focus.place),
        _ => {
            let center = layout.center(focus.place);
            (center - MARKER, center + MARKER)
        }
    };
    Rect {
        left: (left - AIR).max(0.0),
        right: (right + AIR).min(layout.width),
        ..whole
    }
}

fn crosshair(model: &ChartModel, layout: &Layout, pen: &Pen, focus: Hit) {
    let x = layout.center(focus.place);
    pen.vertical(x, (layout.plot.top, layout.plot.bottom), pen.theme.axis, 1.0);
    let stacked = if model.kind == Kind::StackedArea {
        stack(model)
    } else {
        Vec::new()
    };
    for (index, series) in model.series.iter().enumerate() {
        let part = stacked
            .get(index)
            .and_then(|parts| parts.get(focus.place).copied().flatten());
        let value = match model.kind {
            Kind::StackedArea if series.role != Role::Context => part.map(|part| part.upper),
            _ => model.value(series, focus.place),
        };
        if let Some(value) = value {
            let place = (x, layout.y.screen_from_value(value));
            let radius = if focus.series == Some(index) { 6.0 } else { 4.5 };
            pen.marker(series.role.marker(), place, radius, pen.theme.color(series.role));
        }
    }
}
