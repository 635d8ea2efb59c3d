//! Data ↔ screen, in both directions. Screen coordinates are CSS pixels from the top left corner of the chart.

use crate::chart::moments::Moments;

/// A rectangle on screen; never of negative size.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct Rect {
    /// Left edge.
    pub left: f64,
    /// Top edge.
    pub top: f64,
    /// Right edge.
    pub right: f64,
    /// Bottom edge.
    pub bottom: f64,
}

/// Values along an axis on screen: a height on the y axis, and where values run to the right, an x.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct ValueScale {
    /// Value at the beginning of the axis.
    pub low: f64,
    /// Value at its end.
    pub high: f64,
    /// Where `low` is on screen: the bottom of a y axis.
    pub low_at: f64,
    /// Where `high` is on screen: the top of a y axis.
    pub high_at: f64,
    /// Whether equal ratios rather than equal steps are equally long; both ends are above zero then.
    pub is_log: bool,
}

/// The x axis: where buckets are on screen. Every bucket has a centre and edges; edges of neighbours touch.
#[derive(Clone, Copy, Debug, PartialEq, Default)]
pub struct BucketScale {
    /// Left edge of the first bucket.
    pub left: f64,
    /// Right edge of the last bucket.
    pub right: f64,
    /// Number of buckets.
    pub count: usize,
    /// Centre of the first bucket.
    pub first: f64,
    /// From one centre to the next.
    pub step: f64,
}

/// The x axis of samples: where moments are on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct MomentScale {
    /// The moments, ascending.
    pub moments: Moments,
    /// From the first to the last moment on screen.
    pub scale: ValueScale,
}

impl MomentScale {
    /// Moments from edge to edge.
    pub fn new(moments: &Moments, left: f64, right: f64) -> MomentScale {
        let finite = |moment: f64| if moment.is_finite() { moment } else { 0.0 };
        let (low, high) = (finite(moments.ends().0), finite(moments.ends().1));
        // A single moment lies in the middle.
        let air = if low < high { 0.0 } else { 1.0 };
        let scale = ValueScale {
            low: low - air,
            high: high.max(low) + air,
            low_at: left,
            high_at: right,
            is_log: false,
        };
        MomentScale {
            moments: moments.clone(),
            scale,
        }
    }

    /// Where a sample is on screen.
    pub fn center(&self, index: usize) -> f64 {
        self.scale
            .screen_from_value(self.moments.get(index).unwrap_or(self.scale.low))
    }

    /// The first sample, not before `start`, that is at or right of a place on screen; their number when none is.
    pub fn first_from(&self, x_on_screen: f64, start: usize) -> usize {
        self.moments
            .first_from(self.scale.value_from_screen(x_on_screen), start)
    }

    /// The sample nearest to a place on screen; none outside of the plot.
    pub fn nearest(&self, x_on_screen: f64) -> Option<usize> {
        let is_inside = self.scale.low_at <= x_on_screen && x_on_screen <= self.scale.high_at;
        if !is_inside || self.moments.is_empty() {
            return None;
        }
        let right = self.first_from(x_on_screen, 0).min(self.moments.len() - 1);
        let left = right.saturating_sub(1);
        let far = |index: usize| (self.center(index) - x_on_screen).abs();
        Some(if far(left) < far(right) { left } else { right })
    }
}

impl Rect {
    /// Width.
    pub fn width(&self) -> f64 {
        (self.right - self.left).max(0.0)
    }

    /// Height.
    pub fn height(&self) -> f64 {
        (self.bottom - self.top).max(0.0)
    }

    /// Whether a place lies in it.
    pub fn contains(&self, x: f64, y: f64) -> bool {
        self.left <= x && x <= self.right && self.top <= y && y <= self.bottom
    }

    /// Whether two rectangles share more than an edge.
    pub fn meets(&self, other: &Rect) -> bool {
        let is_beside = self.right <= other.left || other.right <= self.left;
        let is_above = self.bottom <= other.top || other.bottom <= self.top;
        !is_beside && !is_above
    }
}

impl ValueScale {
    /// Where a value is on screen.
    pub fn screen_from_value(&self, value: f64) -> f64 {
        let span = self.high - self.low;
        let share = if self.is_log && self.low > 0.0 && self.high > self.low && value.is_finite() {
            (value.max(self.low) / self.low).ln() / (self.high / self.low).ln()
        } else if span > 0.0 && value.is_finite() {
            (value - self.low) / span
        } else {
            0.0
        };
        self.low_at + share * (self.high_at - self.low_at)
    }

    /// Which value is at a place on screen.
    pub fn value_from_screen(&self, at: f64) -> f64 {
        let length = self.high_at - self.low_at;
        let share = if length != 0.0 && at.is_finite() {
            (at - self.low_at) / length
        } else {
            0.0
        };
        if self.is_log && self.low > 0.0 {
            self.low * (self.high / self.low).powf(share)
        } else {
            self.low + share * (self.high - self.low)
        }
    }
}

impl BucketScale {
    /// How far the outer points of a line stay away from the edges of the plot.
    const INSET: f64 = 6.0;

    /// Equal bands, as bars need them: the outer centres are half a band away from the edges.
    pub fn banded(left: f64, right: f64, count: usize) -> BucketScale {
        let step = (right - left).max(0.0) / count.max(1) as f64;
        BucketScale {
            left,
            right,
            count,
            first: left + step / 2.0,
            step,
        }
    }

    /// Points from edge to edge, as lines and areas have them.
    pub fn spread(left: f64, right: f64, count: usize) -> BucketScale {
        let banded = BucketScale::banded(left, right, count);
        if count < 2 {
            return banded;
        }
        let inset = (banded.step / 2.0).min(BucketScale::INSET);
        let step = ((right - left).max(0.0) - 2.0 * inset) / (count - 1) as f64;
        BucketScale {
            first: left + inset,
            step,
            ..banded
        }
    }

    /// The middle of a bucket on screen.
    pub fn center(&self, bucket: usize) -> f64 {
        self.first + bucket as f64 * self.step
    }

    /// Left and right edge of a bucket on screen; the outer ones end with the plot.
    pub fn edges(&self, bucket: usize) -> (f64, f64) {
        let center = self.center(bucket);
        let left = if bucket == 0 {
            self.left
        } else {
            center - self.step / 2.0
        };
        let right = if bucket + 1 >= self.count {
            self.right
        } else {
            center + self.step / 2.0
        };
        (left.max(self.left), right.min(self.right))
    }

    /// The first bucket whose centre is at or right of a place on screen; the number of buckets when none is.
    pub fn first_from(&self, x_on_screen: f64) -> usize {
        let place = ((x_on_screen - self.first) / self.step.max(1e-12)).ceil().max(0.0);
        (place as usize).min(self.count)
    }

    /// The bucket under a place on screen; none outside of the plot.
    pub fn bucket_at(&self, x_on_screen: f64) -> Option<usize> {
        let is_inside = self.left <= x_on_screen && x_on_screen <= self.right;
        if self.count == 0 || !is_inside {
            return None;
        }
        let place = if self.step > 0.0 {
            (x_on_screen - self.first) / self.step
        } else {
            0.0
        };
        Some((place.round().max(0.0) as usize).min(self.count - 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn edges_touch_and_fill_the_plot() {
        for scale in [
            BucketScale::banded(40.0, 340.0, 7),
            BucketScale::spread(40.0, 340.0, 7),
            BucketScale::spread(40.0, 340.0, 1),
        ] {
            assert_eq!(scale.edges(0).0, 40.0);
            assert_eq!(scale.edges(scale.count - 1).1, 340.0);
            for bucket in 1..scale.count {
                assert!((scale.edges(bucket - 1).1 - scale.edges(bucket).0).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn outside_of_the_plot_is_no_bucket() {
        let scale = BucketScale::banded(40.0, 340.0, 7);
        for x in [39.0, 341.0, f64::NAN] {
            assert_eq!(scale.bucket_at(x), None);
        }
        assert_eq!(BucketScale::banded(40.0, 340.0, 0).bucket_at(100.0), None);
    }

    proptest! {
        #[test]
        fn values_survive_the_round_trip(low in -1e6_f64..0.0, high in 1.0_f64..1e6, share in 0.0_f64..1.0, height in 1.0_f64..2000.0) {
            for is_log in [false, true] {
                let low = if is_log { 1e-3 } else { low };
                let scale = ValueScale { low, high, low_at: 10.0 + height, high_at: 10.0, is_log };
                let value = low + share * (high - low);
                prop_assert!((scale.value_from_screen(scale.screen_from_value(value)) - value).abs() < 1e-6 * (high - low));
            }
        }

        #[test]
        fn samples_are_found_where_they_are(steps in prop::collection::vec(0.0_f64..50.0, 1..600), pick in 0.0_f64..1.0, x in -10.0_f64..320.0) {
            let moments: Vec<f64> = steps.iter().scan(1e9, |at, step| { *at += step + 0.1; Some(*at) }).collect();
            let scale = MomentScale::new(&Moments::from(moments.clone()), 10.0, 310.0);
            let index = ((pick * moments.len() as f64) as usize).min(moments.len() - 1);
            let found = scale.nearest(scale.center(index)).unwrap();
            prop_assert!((scale.center(found) - scale.center(index)).abs() < 1e-3);
            let moment = scale.scale.value_from_screen(x);
            prop_assert_eq!(scale.first_from(x, 0), moments.partition_point(|sample| *sample < moment));
        }

        #[test]
        fn a_bucket_is_found_at_its_centre_and_between_its_edges(count in 1_usize..3000, width in 1.0_f64..3000.0, pick in 0.0_f64..1.0, is_banded: bool) {
            let scale = if is_banded { BucketScale::banded(30.0, 30.0 + width, count) } else { BucketScale::spread(30.0, 30.0 + width, count) };
            let bucket = ((pick * count as f64) as usize).min(count - 1);
            prop_assert_eq!(scale.bucket_at(scale.center(bucket)), Some(bucket));
            let (left, right) = scale.edges(bucket);
            prop_assert!(left <= scale.center(bucket) && scale.center(bucket) <= right);
            prop_assert_eq!(scale.bucket_at(left + (right - left) * 0.5), Some(bucket));
        }
    }
}
