//! What belongs to one place under the pointer or the keys. Meant to lie over the chart, which need not be drawn again,
//! and in parts that look the same at most places, so that they need only be moved.

use crate::chart::draw::pen::Pen;
use crate::chart::draw::{Sheet, on_sheet};
use crate::chart::hit::Hit;
use crate::chart::later::later;
use crate::chart::layout::Layout;
use crate::chart::scale::Rect;
use crate::chart::stack::stack;
use crate::chart::theme::Theme;
use crate::chart::{ChartModel, Kind, Role};
use plotters::drawing::IntoDrawingArea;

/// Draws a crosshair, or a frame, at a place, and the points of all series there, one larger if the focus names it: each a
/// sheet of its own.
pub fn draw_focus(model: &ChartModel, theme: &Theme, layout: &Layout, focus: Hit) -> Vec<Sheet> {
    let mut parts = Vec::new();
    let mut add = |pen: &Pen, write: &dyn Fn(&Pen)| {
        let sheet = Sheet::default();
        write(&Pen {
            surface: &sheet.clone().into_drawing_area(),
            ..*pen
        });
        parts.push(sheet);
    };
    on_sheet(theme, |pen| point(model, layout, pen, focus, &mut add));
    parts
}

/// Takes a part of what is pointed at.
type Add<'a> = &'a mut dyn FnMut(&Pen, &dyn Fn(&Pen));

fn point(model: &ChartModel, layout: &Layout, pen: &Pen, focus: Hit, add: Add) {
    if layout.is_empty() || focus.place >= model.len() {
        return;
    }
    for (index, panel) in layout.panels.iter().enumerate() {
        let series = (focus.series == Some(index)).then_some(0);
        let inner = Hit { series, ..focus };
        point(&panel.model, &panel.layout, &pen.part(panel), inner, add);
    }
    match &model.kind {
        Kind::Multiples(_) => {}
        Kind::Ranked(_) | Kind::Ranges { .. } | Kind::HeatMap | Kind::Cohorts { .. } => {
            let is_row = matches!(model.kind, Kind::Ranked(_) | Kind::Ranges { .. });
            let is_meant = |series: usize| is_row || focus.series.is_none_or(|wanted| wanted == series);
            for found in layout
                .cells
                .iter()
                .filter(|cell| cell.place == focus.place && is_meant(cell.series))
            {
                add(pen, &|pen| {
                    later().map_or((), |others| (others.focus)(layout, pen, found, is_row))
                });
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
            add(pen, &|pen| pen.fill(band, pen.theme.axis, 0.2));
        }
        _ => crosshair(model, layout, pen, focus, add),
    }
}

fn crosshair(model: &ChartModel, layout: &Layout, pen: &Pen, focus: Hit, add: Add) {
    let x = layout.center(focus.place);
    let height = (layout.plot.top, layout.plot.bottom);
    add(pen, &|pen| pen.vertical(x, height, pen.theme.axis, 1.0));
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
            let (marker, color) = (series.role.marker(), pen.theme.color(series.role));
            add(pen, &|pen| pen.marker(marker, place, radius, color));
        }
    }
}
