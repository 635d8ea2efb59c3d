//! Stacking: where each part of a whole begins and ends.

use crate::chart::ChartModel;

/// A part of a stack: the value at its lower and its upper edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Part {
    /// Where it begins.
    pub lower: f64,
    /// Where it ends; at least `lower`.
    pub upper: f64,
}

/// The parts of every series, by series and bucket, the first series at the bottom.
///
/// A whole of which one part is unknown is unknown: such a bucket has no parts at all, so that the stack breaks instead
/// of dipping. A series without a single value is left out of this rule. Negative parts count as 0.
pub fn stack(model: &ChartModel) -> Vec<Vec<Option<Part>>> {
    let buckets = 0..model.buckets.len();
    let is_present = |series| buckets.clone().any(|bucket| model.value(series, bucket).is_some());
    let present: Vec<bool> = model.series.iter().map(is_present).collect();
    let is_whole = |bucket: usize| {
        let mut parts = model.series.iter().zip(&present).filter(|(_, is_present)| **is_present);
        parts.all(|(series, _)| model.value(series, bucket).is_some())
    };
    let mut tops: Vec<Option<f64>> = buckets.clone().map(|bucket| is_whole(bucket).then_some(0.0)).collect();
    let mut layers = Vec::new();
    for (series, is_present) in model.series.iter().zip(present) {
        let parts = tops.iter_mut().enumerate().map(|(bucket, top)| {
            let lower = (*top).filter(|_| is_present)?;
            let upper = lower + model.value(series, bucket)?.max(0.0);
            *top = Some(upper);
            Some(Part { lower, upper })
        });
        layers.push(parts.collect());
    }
    layers
}
