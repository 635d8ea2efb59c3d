//! What is under the pointer: the place, and of the series the one that is meant.

use crate::chart::layout::Layout;
use crate::chart::stack::stack;
use crate::chart::{ChartModel, Kind, Role};

/// What is under the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The series nearest to the pointer; none where none has a value.
    pub series: Option<usize>,
    /// The bucket, sample, row or column; see [`ChartModel::place_text`].
    pub place: usize,
}

/// What is at a place on screen; nothing outside of the plot. Columns of a chart over time belong to their bucket from
/// top to bottom, cells end at their edges.
pub fn hit(model: &ChartModel, layout: &Layout, x: f64, y: f64) -> Option<Hit> {
    if layout.is_empty() {
        return None;
    }
    for (index, panel) in layout.panels.iter().enumerate() {
        if panel.rect.contains(x, y) {
            let top = panel.rect.top + panel.title_height;
            let inner = hit(&panel.model, &panel.layout, x - panel.rect.left, (y - top).max(0.0))?;
            return Some(Hit {
                series: Some(index),
                ..inner
            });
        }
    }
    if matches!(
        model.kind,
        Kind::Ranked(_) | Kind::Ranges { .. } | Kind::HeatMap | Kind::Cohorts { .. } | Kind::Multiples(_)
    ) {
        let cell = layout.cells.iter().find(|cell| cell.rect.contains(x, y))?;
        return Some(Hit {
            series: Some(cell.series),
            place: cell.place,
        });
    }
    let place = match &layout.moments {
        Some(moments) => moments.nearest(x)?,
        None => layout.x.bucket_at(x)?,
    };
    Some(Hit {
        series: nearest(model, layout, place, x, y),
        place,
    })
}

/// The series whose line, band or bar is nearest to the pointer.
fn nearest(model: &ChartModel, layout: &Layout, place: usize, x: f64, y: f64) -> Option<usize> {
    let is_stacked = matches!(model.kind, Kind::StackedArea | Kind::StackedBars);
    let own = model
        .series
        .iter()
        .filter(|series| series.role != Role::Context)
        .count();
    if model.kind == Kind::Bars && own > 1 {
        let (left, right) = layout.x.edges(place);
        let share = ((x - left) / (right - left).max(1e-9) - 0.14) / 0.72;
        let index = ((share * own as f64).max(0.0) as usize).min(own - 1);
        let mut named = model
            .series
            .iter()
            .enumerate()
            .filter(|(_, series)| series.role != Role::Context);
        return named.nth(index).map(|(index, _)| index);
    }
    let stacked = if is_stacked { stack(model) } else { Vec::new() };
    let distance = |index: usize| {
        let series = model.series.get(index)?;
        let screen = |value| layout.y.screen_from_value(value);
        if is_stacked && series.role != Role::Context {
            let part = stacked.get(index)?.get(place).copied().flatten()?;
            let (top, bottom) = (screen(part.upper), screen(part.lower));
            return Some((top - y).max(y - bottom).max(0.0));
        }
        Some((screen(model.value(series, place)?) - y).abs())
    };
    let known = (0..model.series.len()).filter_map(|index| Some((index, distance(index)?)));
    known.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(index, _)| index)
}

impl Layout {
    /// What is at a place on screen of the chart this is the layout of; see [`hit`].
    pub fn hit(&self, model: &ChartModel, x: f64, y: f64) -> Option<Hit> {
        hit(model, self, x, y)
    }
}
