//! Words at the data: names at the ends of lines and bands, words at reference lines, "so far" below a running bucket, "cut short" below one of which the range has a part.
//!
//! Words never lie on data if there is another place: a name that finds none is left to the legend, the word of a
//! reference line moves beside the plot.

use crate::chart::layout::Layout;
use crate::chart::measure::{FONT_PX, text_width, truncated};
use crate::chart::scale::Rect;
use crate::chart::stack::stack;
use crate::chart::ticks::{Anchor, Tick};
use crate::chart::{ChartModel, Kind, Role, Series};
use crate::order::sort_by;

/// A word at the data.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// What it names.
    pub subject: Subject,
    /// The word.
    pub text: String,
    /// Its room; the text is vertically centred in it.
    pub rect: Rect,
    /// At which end of the room the text stands.
    pub anchor: Anchor,
    /// The height of what it names.
    pub target: f64,
}

/// What a label names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A series, at the right end of its line or band; by its place in the model.
    Series(usize),
    /// A reference line; by its place in the model.
    Reference(usize),
}

/// Said of a bucket that is not over.
const SO_FAR: &str = "so far";
/// Said of one that is over and of which the range has a part only.
const CUT_SHORT: &str = "cut short";
/// From the plot to the text of a label beside it: room for a marker.
pub const MARKER_ROOM: f64 = 20.0;
/// From label to label, top to top.
const LINE: f64 = FONT_PX + 4.0;
/// Names further from their line than this are left to the legend.
const FAR: f64 = 30.0;

/// The names to write at the ends, with the places of their series; none where a single series needs no name, or
/// where the kind has no ends.
pub fn names(model: &ChartModel) -> Vec<(usize, String)> {
    let has_ends = matches!(
        model.kind,
        Kind::Line | Kind::Area | Kind::StackedArea | Kind::StackedBars
    );
    if !has_ends || model.series.len() < 2 {
        return Vec::new();
    }
    let name = |(index, series): (usize, &Series)| (index, series.name.clone());
    model.series.iter().enumerate().map(name).collect()
}

/// How much room beside the plot the longest of some texts needs.
pub fn margin<'a>(texts: impl IntoIterator<Item = &'a str>) -> f64 {
    let widest = texts.into_iter().map(text_width).fold(0.0, f64::max);
    (MARKER_ROOM + widest + 4.0).ceil()
}

/// Places texts beside the plot, each as near to its height as the others allow. `None` when one would come to lie
/// too far away.
pub fn beside(layout: &Layout, wanted: Vec<(Subject, String, f64)>) -> Option<Vec<Label>> {
    let (top, bottom) = (layout.plot.top - LINE / 2.0, layout.plot.bottom + LINE / 2.0);
    let mut wanted = wanted;
    sort_by(&mut wanted, |a, b| a.2.total_cmp(&b.2));
    let mut middles: Vec<f64> = Vec::new();
    for (_, _, target) in &wanted {
        let above = middles.last().map_or(top + LINE / 2.0, |before| before + LINE);
        middles.push(target.max(above));
    }
    // What ran out at the bottom pushes back up.
    let mut below = bottom - LINE / 2.0;
    for middle in middles.iter_mut().rev() {
        *middle = middle.min(below);
        below = *middle - LINE;
    }
    let left = layout.plot.right + MARKER_ROOM;
    let label = |((subject, text, target), middle): ((Subject, String, f64), f64)| {
        let rect = Rect {
            left,
            top: middle - LINE / 2.0,
            right: left + text_width(&text),
            bottom: middle + LINE / 2.0,
        };
        let is_near = (middle - target).abs() <= FAR && rect.top >= top - 0.5 && rect.right <= layout.width;
        is_near.then_some(Label {
            subject,
            text,
            rect,
            anchor: Anchor::Start,
            target,
        })
    };
    wanted.into_iter().zip(middles).map(label).collect()
}

/// The heights at which series end on the right: of a line its last point, of a band its middle there.
pub fn ends(model: &ChartModel, layout: &Layout) -> Vec<Option<f64>> {
    let is_stacked = matches!(model.kind, Kind::StackedArea | Kind::StackedBars);
    let stacked = if is_stacked { stack(model) } else { Vec::new() };
    let end = |(index, series): (usize, &Series)| {
        let value = if is_stacked && series.role != Role::Context {
            let part = stacked.get(index)?.iter().rev().find_map(|part| *part)?;
            (part.lower + part.upper) / 2.0
        } else {
            (0..model.len()).rev().find_map(|bucket| model.value(series, bucket))?
        };
        Some(layout.y.screen_from_value(value))
    };
    model.series.iter().enumerate().map(end).collect()
}

/// The word of each reference line within the plot: above it at the right, and where data or another word is in the
/// way below it or at the left. Those that find no place come back as numbers of their lines.
pub fn references(model: &ChartModel, layout: &Layout) -> (Vec<Label>, Vec<usize>) {
    let (mut placed, mut left_over): (Vec<Label>, Vec<usize>) = (Vec::new(), Vec::new());
    for (index, reference) in model.references.iter().enumerate() {
        let Some(value) = reference.drawn_value() else {
            continue;
        };
        let y = layout.y.screen_from_value(value);
        let text = truncated(&reference.label, layout.plot.width() - 8.0);
        let is_free = |label: &Label| {
            let rect = &label.rect;
            let is_inside = rect.top >= 0.0 && rect.bottom <= layout.plot.bottom;
            is_inside && placed.iter().all(|other| !rect.meets(&other.rect)) && !covers(model, layout, rect)
        };
        let places = corners(layout, index, &text, y);
        match places.into_iter().find(is_free) {
            _ if text.is_empty() => {}
            Some(label) => placed.push(label),
            None => left_over.push(index),
        }
    }
    (placed, left_over)
}

/// The word of a reference line for which the plot has no free place: in the room above the plot, with two dashes like
/// those of its line; where that is taken, at the line over the data, on a plate.
pub fn over_data(model: &ChartModel, layout: &Layout, index: usize, taken: &[Label]) -> Option<Label> {
    let reference = model.references.get(index)?;
    let y = layout.y.screen_from_value(reference.drawn_value()?);
    let is_free = |label: &Label| {
        let is_inside = label.rect.top >= 0.0 && label.rect.bottom <= layout.plot.bottom;
        is_inside && taken.iter().all(|other| !label.rect.meets(&other.rect))
    };
    let head = truncated(&format!("– – {}", reference.label), layout.plot.right - 8.0);
    let above = corners(layout, index, &head, layout.plot.top - 4.0)
        .into_iter()
        .step_by(2);
    let text = truncated(&reference.label, layout.plot.width() - 8.0);
    let at_line = corners(layout, index, &text, y);
    let first = at_line.first().cloned();
    above
        .chain(at_line)
        .find(is_free)
        .or(first)
        .map(|label| Label { target: y, ..label })
}

fn corners(layout: &Layout, index: usize, text: &str, y: f64) -> Vec<Label> {
    let Rect { left, right, .. } = layout.plot;
    let width = text_width(text) + 6.0;
    let at = |anchor: Anchor, top: f64| {
        let left = if anchor == Anchor::End { right - width } else { left };
        let rect = Rect {
            left,
            top,
            right: left + width,
            bottom: top + LINE,
        };
        Label {
            subject: Subject::Reference(index),
            text: text.into(),
            rect,
            anchor,
            target: y,
        }
    };
    let (above, below) = (y - LINE - 2.0, y + 2.0);
    vec![
        at(Anchor::End, above),
        at(Anchor::End, below),
        at(Anchor::Start, above),
        at(Anchor::Start, below),
    ]
}

/// Whether data is drawn in a rectangle, roughly: rather yes than no.
#[inline(never)]
fn covers(model: &ChartModel, layout: &Layout, rect: &Rect) -> bool {
    let first = layout.first_from(rect.left, 0).saturating_sub(1);
    let last = layout.first_from(rect.right, first);
    let is_filled = !matches!(model.kind, Kind::Line | Kind::Samples(_));
    let is_stacked = matches!(model.kind, Kind::StackedArea | Kind::StackedBars);
    let heights = |bucket: usize| {
        let values = model
            .series
            .iter()
            .filter_map(move |series| model.value(series, bucket));
        if is_stacked {
            vec![values.map(|value| value.max(0.0)).sum()]
        } else {
            values.collect::<Vec<f64>>()
        }
    };
    let spans = |values: Vec<f64>| {
        let ys = values.into_iter().map(|value| layout.y.screen_from_value(value));
        let whole = ys.fold((f64::MAX, f64::MIN), |(top, bottom), y| (top.min(y), bottom.max(y)));
        let zero = layout.baseline();
        if is_filled {
            (whole.0.min(zero), whole.1.max(zero))
        } else {
            whole
        }
    };
    // With room for the marker of a point.
    let meets = |(top, bottom): (f64, f64)| top < rect.bottom + 5.0 && bottom > rect.top - 5.0;
    if is_filled {
        let all: Vec<f64> = (first..=last).flat_map(heights).collect();
        return !all.is_empty() && meets(spans(all));
    }
    model.series.iter().any(|series| {
        let values: Vec<f64> = (first..=last)
            .filter_map(|bucket| model.value(series, bucket))
            .collect();
        !values.is_empty() && meets(spans(values))
    })
}

/// Writes below the last running bucket, and below those that the range cuts short, that they are: after the date, or
/// alone where it has none and there is room.
pub fn asides(model: &ChartModel, layout: &mut Layout) {
    if model.buckets.iter().any(|bucket| bucket.is_cut) {
        asides_of_cut(model, layout);
    }
    if let Some(bucket) = model.buckets.iter().rposition(|bucket| bucket.is_open) {
        aside(layout, bucket, SO_FAR);
    }
}

// The first page has none, so it can do without.
#[inline(never)]
fn asides_of_cut(model: &ChartModel, layout: &mut Layout) {
    let cut = model.buckets.iter().enumerate().filter(|(_, bucket)| bucket.is_cut);
    cut.for_each(|(bucket, _)| aside(layout, bucket, CUT_SHORT));
}

fn aside(layout: &mut Layout, bucket: usize, word: &str) {
    let at = layout.x.center(bucket);
    let own = layout.x_ticks.iter().position(|tick| (tick.at - at).abs() < 0.5);
    let text = match own.and_then(|own| layout.x_ticks.get(own)) {
        Some(tick) => format!("{}, {word}", tick.label),
        None => word.into(),
    };
    let Some(label) = Tick::anchored(at, text, layout.width) else {
        return;
    };
    let (left, right) = label.label_span();
    let ticks = layout.x_ticks.iter().enumerate();
    let others = ticks.filter(|(index, _)| Some(*index) != own).map(|(_, tick)| tick);
    let is_free = others
        .chain(&layout.asides)
        .map(Tick::label_span)
        .all(|span| span.1 + 10.0 < left || right + 10.0 < span.0);
    if !is_free {
        return;
    }
    match own.and_then(|own| layout.x_ticks.get_mut(own)) {
        Some(tick) => *tick = label,
        None => layout.asides.push(label),
    }
}
