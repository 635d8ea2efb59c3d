//! Where everything of a chart is: computed once from model and size, used alike by drawing and by pointer and keys.

use crate::chart::dates;
use crate::chart::measure::text_width;
use crate::chart::scale::{BucketScale, Rect, ValueScale};
use crate::chart::stack::stack;
use crate::chart::ticks::{self, Tick};
use crate::chart::{ChartModel, Kind};

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
    /// Values on screen.
    pub y: ValueScale,
    /// Ticks below the plot, from left to right.
    pub x_ticks: Vec<Tick>,
    /// Ticks left of the plot, from the lowest value up. Their lines are drawn even where labels found no room.
    pub y_ticks: Vec<Tick>,
}

/// Half the height of a label and a little air, so that the topmost label is not cut.
const TOP: f64 = 10.0;
/// Room for the label of a reference line at the top.
const TOP_WITH_REFERENCES: f64 = 26.0;
const RIGHT: f64 = 8.0;
/// Room for the labels below the plot.
const X_AXIS: f64 = 26.0;
/// Between y labels and plot.
pub(super) const Y_GAP: f64 = 8.0;
/// A plot smaller than this shows nothing.
const LEAST: f64 = 16.0;
/// Narrower plots give their y labels up.
const LEAST_BESIDE_LABELS: f64 = 64.0;

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
    let top = if model.references.is_empty() {
        TOP
    } else {
        TOP_WITH_REFERENCES
    };
    let top = top.min(height / 8.0);
    let x_axis = if height >= 3.0 * X_AXIS { X_AXIS } else { 0.0 };
    let bottom = height - if x_axis > 0.0 { x_axis } else { top };
    if bottom - top < LEAST || width < LEAST + RIGHT {
        return Layout {
            width,
            height,
            ..Layout::default()
        };
    }

    let (least, most) = extent(model);
    let steps = ((bottom - top) / 36.0) as usize;
    let axis = ticks::value_axis(model.unit, least, most, steps);
    let y = ValueScale {
        low: axis.low(),
        high: axis.high(),
        top,
        bottom,
    };
    let mut y_ticks = axis.ticks(&model.locale, &y);

    let label_width = y_ticks.iter().map(|tick| text_width(&tick.label)).fold(0.0, f64::max) + Y_GAP;
    let mut left = label_width.ceil();
    if width - RIGHT - left < LEAST_BESIDE_LABELS {
        left = RIGHT.min(width / 8.0);
        y_ticks.iter_mut().for_each(|tick| tick.label.clear());
    }
    let plot = Rect {
        left,
        top,
        right: width - RIGHT,
        bottom,
    };
    let count = model.buckets.len();
    let x = match model.kind {
        Kind::Bars => BucketScale::banded(plot.left, plot.right, count),
        Kind::Line | Kind::Area | Kind::StackedArea => BucketScale::spread(plot.left, plot.right, count),
    };
    let x_ticks = if x_axis > 0.0 {
        dates::bucket_ticks(model, &x, width)
    } else {
        Vec::new()
    };
    Layout {
        width,
        height,
        plot,
        x,
        y,
        x_ticks,
        y_ticks,
    }
}

impl Layout {
    /// Whether there is room to draw anything.
    pub fn is_empty(&self) -> bool {
        self.plot.width() <= 0.0 || self.plot.height() <= 0.0
    }

    /// Where zero is on screen: every chart has it, lines as well.
    pub fn baseline(&self) -> f64 {
        self.y.screen_from_value(0.0)
    }
}

/// The least and the most that is drawn; zero and the reference lines are part of it.
fn extent(model: &ChartModel) -> (f64, f64) {
    let references = model.references.iter().filter_map(|reference| reference.drawn_value());
    let (mut least, mut most) = references.fold((0.0_f64, 0.0_f64), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    let mut include = |value: f64| (least, most) = (least.min(value), most.max(value));
    if model.kind == Kind::StackedArea {
        stack(model)
            .iter()
            .flatten()
            .flatten()
            .for_each(|part| include(part.upper));
    } else {
        for series in &model.series {
            (0..model.buckets.len())
                .filter_map(|bucket| model.value(series, bucket))
                .for_each(&mut include);
        }
    }
    (least, most)
}
