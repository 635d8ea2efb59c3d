//! Where everything of a chart over time is: buckets or samples from left to right, values from bottom to top, words at
//! the data and beside it.

use crate::chart::label::{self, Subject};
use crate::chart::layout::{Layout, RIGHT, TOP, X_AXIS, Y_GAP, empty};
use crate::chart::measure::text_width;
use crate::chart::scale::{BucketScale, MomentScale, Rect, ValueScale};
use crate::chart::stack::stack;
use crate::chart::{ChartModel, Kind, Role, dates, ticks};

/// Room above the plot for the words of a reference line that find none elsewhere.
const TOP_WITH_REFERENCES: f64 = 26.0;
/// A plot smaller than this shows nothing.
const LEAST: f64 = 16.0;
/// Narrower plots give their y labels up.
const LEAST_BESIDE_LABELS: f64 = 64.0;

/// At most this share of the width goes to words beside the plot, and only where this much is left to the plot.
const MOST_BESIDE: f64 = 0.3;
const LEAST_LEFT: f64 = 240.0;

/// From edge to edge, with a little room for the point at the end.
pub(super) fn sparkline(model: &ChartModel, width: f64, height: f64) -> Layout {
    const AIR: f64 = 4.0;
    if width < 4.0 * AIR || height < 3.0 * AIR {
        return empty(width, height);
    }
    let (least, most) = extent(model);
    Layout {
        plot: Rect {
            left: AIR,
            top: AIR,
            right: width - AIR,
            bottom: height - AIR,
        },
        x: BucketScale::spread(AIR, width - AIR, model.len()),
        y: ValueScale {
            low: least,
            high: if least < most { most } else { least + 1.0 },
            low_at: height - AIR,
            high_at: AIR,
            is_log: false,
        },
        ..empty(width, height)
    }
}

/// The layout of a chart over time whose values lie within an extent.
pub(super) fn over_time(model: &ChartModel, width: f64, height: f64, extent: (f64, f64)) -> Layout {
    let names = label::names(model);
    let named = (!names.is_empty())
        .then(|| labelled(model, width, height, extent, &names))
        .flatten();
    let mut layout = named
        .or_else(|| labelled(model, width, height, extent, &[]))
        .unwrap_or_else(|| placed(model, width, height, extent, (TOP, RIGHT)));
    if !layout.x_ticks.is_empty() {
        label::asides(model, &mut layout);
    }
    layout
}

/// The layout with these series named beside the plot, or `None` where that is not possible. Reference lines whose
/// words would lie on data get theirs beside the plot, too.
fn labelled(
    model: &ChartModel,
    width: f64,
    height: f64,
    extent: (f64, f64),
    names: &[(usize, String)],
) -> Option<Layout> {
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

    let mut layout = placed(model, width, height, extent, (TOP, margin));
    if layout.is_empty() {
        return Some(layout);
    }
    if names.is_empty() && model.references.is_empty() {
        return Some(layout);
    }
    let (mut inside, mut left_over) = label::references(model, &layout);
    if !left_over.is_empty() {
        let words = left_over.iter().filter_map(|index| model.references.get(*index));
        let wider = margin.max(label::margin(words.map(|reference| reference.label.as_str())));
        if fits(wider) {
            let moved = placed(model, width, height, extent, (TOP, wider));
            // Less width can only move words within the plot, never onto data that was not there before.
            let (inside, left_over) = label::references(model, &moved);
            if let Some(beside) = with(&moved, &left_over) {
                let labels = inside.into_iter().chain(beside).collect();
                return Some(Layout { labels, ..moved });
            }
        }
        layout = placed(model, width, height, extent, (TOP_WITH_REFERENCES, margin));
        (inside, left_over) = label::references(model, &layout);
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

/// Places everything but the words at the data, with some room free above the plot and at its right.
fn placed(model: &ChartModel, width: f64, height: f64, (least, most): (f64, f64), (top, margin): (f64, f64)) -> Layout {
    let top = top.min(height / 8.0);
    let x_axis = if height >= 3.0 * X_AXIS { X_AXIS } else { 0.0 };
    let bottom = height - if x_axis > 0.0 { x_axis } else { top };
    if bottom - top < LEAST || width < LEAST + RIGHT {
        return empty(width, height);
    }

    let steps = ((bottom - top) / 36.0) as usize;
    let axis = ticks::value_axis(model.unit, least, most, steps);
    let y = ValueScale {
        low: axis.low(),
        high: axis.high(),
        low_at: bottom,
        high_at: top,
        is_log: false,
    };
    let mut y_ticks = axis.ticks(&model.locale, &y, model.kind == Kind::StackedBars);

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
        Kind::Samples(_) => BucketScale::default(),
        _ => BucketScale::spread(plot.left, plot.right, count),
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
        plot,
        x,
        moments,
        y,
        x_ticks,
        y_ticks,
        ..empty(width, height)
    }
}

/// The least and the most that is drawn; zero and the reference lines are part of it.
pub(super) fn extent(model: &ChartModel) -> (f64, f64) {
    let references = model.references.iter().filter_map(|reference| reference.drawn_value());
    let (mut least, mut most) = references.fold((0.0_f64, 0.0_f64), |(least, most), value| {
        (least.min(value), most.max(value))
    });
    let mut include = |value: f64| (least, most) = (least.min(value), most.max(value));
    let is_stacked = matches!(model.kind, Kind::StackedArea | Kind::StackedBars);
    if is_stacked {
        let parts = stack(model);
        for part in parts.iter().flatten().flatten() {
            include(part.lower);
            include(part.upper);
        }
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
