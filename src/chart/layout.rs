//! Where everything of a chart is: computed once from model and size, used alike by drawing and by pointer and keys.

use crate::chart::dates;
use crate::chart::label::{self, Label, Subject};
use crate::chart::measure::text_width;
use crate::chart::scale::{BucketScale, MomentScale, Rect, ValueScale};
use crate::chart::stack::stack;
use crate::chart::ticks::{self, Tick};
use crate::chart::{ChartModel, Kind, Role};

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
    /// "so far" below a running bucket that has no date of its own.
    pub so_far: Option<Tick>,
    /// Words at the data.
    pub labels: Vec<Label>,
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

/// At most this share of the width goes to words beside the plot, and only where this much is left to the plot.
const MOST_BESIDE: f64 = 0.3;
const LEAST_LEFT: f64 = 240.0;

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
    let names = label::names(model);
    let named = (!names.is_empty())
        .then(|| labelled(model, width, height, &names))
        .flatten();
    let mut layout = named
        .or_else(|| labelled(model, width, height, &[]))
        .unwrap_or_else(|| placed(model, width, height, RIGHT));
    if !layout.x_ticks.is_empty() {
        label::so_far(model, &mut layout);
    }
    layout
}

/// The layout with these series named beside the plot, or `None` where that is not possible. Reference lines whose
/// words would lie on data get theirs beside the plot, too.
fn labelled(model: &ChartModel, width: f64, height: f64, names: &[(usize, String)]) -> Option<Layout> {
    let fits = |margin: f64| margin <= MOST_BESIDE * width && width - margin >= LEAST_LEFT;
    let mut margin = RIGHT;
    if !names.is_empty() {
        margin = label::margin(names.iter().map(|(_, name)| name.as_str()));
        if !fits(margin) {
            return None;
        }
    }
    let with = |layout: &Layout, references: &[usize]| {
        let ends = label::ends(model, layout);
        let name = |(index, name): &(usize, String)| {
            let target = ends.get(*index).copied().flatten()?;
            Some((Subject::Series(*index), name.clone(), target))
        };
        let reference = |index: &usize| {
            let reference = model.references.get(*index)?;
            let target = layout.y.screen_from_value(reference.drawn_value()?);
            Some((Subject::Reference(*index), reference.label.clone(), target))
        };
        let wanted = names
            .iter()
            .filter_map(name)
            .chain(references.iter().filter_map(reference));
        label::beside(layout, wanted.collect())
    };

    let mut layout = placed(model, width, height, margin);
    if layout.is_empty() {
        return Some(layout);
    }
    let (inside, left_over) = label::references(model, &layout);
    let words = left_over.iter().filter_map(|index| model.references.get(*index));
    let wider = margin.max(label::margin(words.map(|reference| reference.label.as_str())));
    if !left_over.is_empty() && fits(wider) {
        let moved = placed(model, width, height, wider);
        // Less width can only move words within the plot, never onto data that was not there before.
        let (inside, left_over) = label::references(model, &moved);
        if let Some(beside) = with(&moved, &left_over) {
            let labels = inside.into_iter().chain(beside).collect();
            return Some(Layout { labels, ..moved });
        }
    }
    layout.labels = with(&layout, &[])?;
    layout.labels.extend(inside);
    for index in left_over {
        layout
            .labels
            .extend(label::over_data(model, &layout, index, &layout.labels));
    }
    Some(layout)
}

/// Places everything but the words at the data, with some room free at the right of the plot.
fn placed(model: &ChartModel, width: f64, height: f64, margin: f64) -> Layout {
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
        low_at: bottom,
        high_at: top,
    };
    let mut y_ticks = axis.ticks(&model.locale, &y);

    let label_width = y_ticks.iter().map(|tick| text_width(&tick.label)).fold(0.0, f64::max) + Y_GAP;
    let mut left = label_width.ceil();
    if width - margin - left < LEAST_BESIDE_LABELS {
        left = RIGHT.min(width / 8.0);
        y_ticks.iter_mut().for_each(|tick| tick.label.clear());
    }
    let plot = Rect {
        left,
        top,
        right: width - margin,
        bottom,
    };
    let count = model.buckets.len();
    let x = match model.kind {
        Kind::Bars | Kind::StackedBars => BucketScale::banded(plot.left, plot.right, count),
        Kind::Line | Kind::Area | Kind::StackedArea => BucketScale::spread(plot.left, plot.right, count),
        Kind::Samples(_) => BucketScale::default(),
    };
    let moments = match &model.kind {
        Kind::Samples(moments) => Some(MomentScale::new(moments, plot.left, plot.right)),
        _ => None,
    };
    let x_ticks = match &moments {
        _ if x_axis == 0.0 => Vec::new(),
        Some(moments) => dates::moment_ticks(model, moments, width),
        None => dates::bucket_ticks(model, &x, width),
    };
    Layout {
        width,
        height,
        plot,
        x,
        moments,
        y,
        x_ticks,
        y_ticks,
        so_far: None,
        labels: Vec::new(),
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

/// The least and the most that is drawn; zero and the reference lines are part of it.
fn extent(model: &ChartModel) -> (f64, f64) {
    let references = model.references.iter().filter_map(|reference| reference.drawn_value());
    let (mut least, mut most) = references.fold((0.0_f64, 0.0_f64), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    let mut include = |value: f64| (least, most) = (least.min(value), most.max(value));
    let is_stacked = matches!(model.kind, Kind::StackedArea | Kind::StackedBars);
    if is_stacked {
        let parts = stack(model);
        parts.iter().flatten().flatten().for_each(|part| include(part.upper));
    }
    let is_partial = model.buckets.iter().any(|bucket| bucket.is_uncollected);
    for series in &model.series {
        if is_stacked && series.role != Role::Context {
            continue;
        }
        match series.values.range() {
            Some((low, high)) if !is_partial && series.values.len() <= model.len() => {
                include(low);
                include(high);
            }
            _ => (0..model.len())
                .filter_map(|index| model.value(series, index))
                .for_each(&mut include),
        }
    }
    (least, most)
}
