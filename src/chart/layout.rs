//! Where everything of a chart is: computed once from model and size, used alike by drawing and by pointer and keys.

use crate::chart::label::{Label, Subject};
use crate::chart::later::later as others;
use crate::chart::scale::{BucketScale, MomentScale, Rect, ValueScale};
use crate::chart::ticks::Tick;
use crate::chart::time::{extent, over_time, sparkline};
use crate::chart::{ChartModel, Kind, grid, multiples};

/// Places in CSS pixels from the top left corner of the chart.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Layout {
    /// Size of the whole chart.
    pub width: f64,
    /// Size of the whole chart.
    pub height: f64,
    /// Where data is drawn. Empty when the chart is too small to draw anything.
    pub plot: Rect,
    /// Buckets on screen.
    pub x: BucketScale,
    /// Samples on screen, in a chart that has samples instead of buckets.
    pub moments: Option<MomentScale>,
    /// Values on screen.
    pub y: ValueScale,
    /// Ticks below the plot, from left to right.
    pub x_ticks: Vec<Tick>,
    /// Ticks left of the plot, from the lowest value up. Their lines are drawn even where labels found no room.
    pub y_ticks: Vec<Tick>,
    /// What is said below buckets that have no date of their own: "so far", "cut short".
    pub asides: Vec<Tick>,
    /// Words at the data.
    pub labels: Vec<Label>,
    /// What can be pointed at in kinds that are not drawn over time: rows, days or cells.
    pub cells: Vec<Cell>,
    /// The charts within a chart of small multiples.
    pub panels: Vec<Panel>,
}

/// Something that can be pointed at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    /// Its room.
    pub rect: Rect,
    /// The series it belongs to.
    pub series: usize,
    /// Its place: bucket, row or column.
    pub place: usize,
}

/// A chart within a chart.
#[derive(Clone, Debug, PartialEq)]
pub struct Panel {
    /// Its room, title included.
    pub rect: Rect,
    /// Room at the top for the title.
    pub title_height: f64,
    /// What is drawn below the title.
    pub model: ChartModel,
    /// Its layout, from the corner below the title.
    pub layout: Layout,
}

/// Half the height of a label and a little air, so that the topmost label is not cut.
pub(super) const TOP: f64 = 10.0;
pub(super) const RIGHT: f64 = 8.0;
/// Room for the labels below the plot.
pub(super) const X_AXIS: f64 = 26.0;
/// Between y labels and plot.
pub(super) const Y_GAP: f64 = 8.0;
/// Lays a chart out in a size. Sizes that are not numbers count as 0.
pub fn layout(model: &ChartModel, width: f64, height: f64) -> Layout {
    let sane = |length: f64| {
        if length.is_finite() {
            length.clamp(0.0, 32_000.0)
        } else {
            0.0
        }
    };
    let (width, height) = (sane(width), sane(height));
    if model.kind.is_on_first_page() {
        return over_time(model, width, height, extent(model));
    }
    others().map_or_else(|| empty(width, height), |others| (others.layout)(model, width, height))
}

/// The height in which everything finds room, for kinds whose height depends on what is drawn.
pub fn natural_height(model: &ChartModel, width: f64) -> Option<f64> {
    if model.kind.is_on_first_page() || model.kind == Kind::Sparkline {
        return None;
    }
    others().map(|others| (others.height)(model, width))
}

/// Lays out what is not drawn over time, or not alone.
pub(super) fn later(model: &ChartModel, width: f64, height: f64) -> Layout {
    let place = match &model.kind {
        Kind::Ranked(_) => grid::ranked,
        Kind::Ranges { .. } => grid::ranges,
        Kind::HeatMap => grid::heat_map,
        Kind::Cohorts { .. } => grid::cohorts,
        Kind::Multiples(_) => multiples::multiples,
        _ => sparkline,
    };
    place(model, width, height)
}

pub(super) fn later_height(model: &ChartModel, width: f64) -> f64 {
    match &model.kind {
        Kind::Ranked(rows) => grid::ROW * rows.len() as f64 + 2.0 * TOP,
        Kind::Ranges { rows, .. } => grid::ROW * rows.len() as f64 + 2.0 * X_AXIS,
        Kind::HeatMap => grid::heat_map_height(model, width),
        Kind::Cohorts { .. } => grid::cohorts_height(model),
        _ => multiples::natural_height(model, width),
    }
}

/// A layout with nothing in it.
pub(super) fn empty(width: f64, height: f64) -> Layout {
    Layout {
        width,
        height,
        ..Layout::default()
    }
}

impl Layout {
    /// Whether there is room to draw anything.
    pub fn is_empty(&self) -> bool {
        self.plot.width() <= 0.0 || self.plot.height() <= 0.0
    }

    /// The middle of a bucket, or of a sample, on screen.
    pub fn center(&self, index: usize) -> f64 {
        match &self.moments {
            Some(moments) => moments.center(index),
            None => self.x.center(index),
        }
    }

    /// The first bucket or sample, not before `start`, whose middle is at or right of a place on screen.
    pub fn first_from(&self, x_on_screen: f64, start: usize) -> usize {
        match &self.moments {
            Some(moments) => moments.first_from(x_on_screen, start),
            None => self.x.first_from(x_on_screen).max(start),
        }
    }

    /// Whether every series has its name at its end, so that a legend would only say it again.
    pub fn has_direct_labels(&self) -> bool {
        self.labels
            .iter()
            .any(|label| matches!(label.subject, Subject::Series(_)))
    }

    /// Where zero is on screen: every chart has it, lines as well.
    pub fn baseline(&self) -> f64 {
        self.y.screen_from_value(0.0)
    }
}
