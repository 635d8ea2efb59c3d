//! A column of values, one per bucket, in eight bytes each. Missing ones are NaN inside and `None` outside.
//!
//! What the drawing relies on is made sure here, once: every value is finite and not larger than can be drawn, and
//! the least and the most are known, also of every block of values: drawing does not read a long column again.

use crate::chart::ChartModel;
use std::ops::Range;
use std::sync::Arc;

/// A column of values; reads like a list of `Option<f64>`, and is shared by its clones.
#[derive(Clone, Debug, Default)]
pub struct Values {
    values: Arc<Vec<f64>>,
    blocks: Arc<Vec<Ends>>,
    range: Option<(f64, f64)>,
}

/// How many values a block has; the last one has the rest.
const BLOCK: usize = 64;

/// The least and the most of some values: of none the infinities the other way round.
#[derive(Clone, Copy, Debug)]
struct Ends {
    least: f64,
    most: f64,
}

impl Ends {
    const NONE: Ends = Ends {
        least: f64::INFINITY,
        most: f64::NEG_INFINITY,
    };

    // A function of its own, called often, so that a browser notices early that it is worth to be compiled well.
    #[inline(never)]
    #[cfg_attr(target_arch = "wasm32", target_feature(enable = "simd128"))]
    fn of(values: &[f64]) -> Ends {
        let (fours, rest) = values.as_chunks::<4>();
        let mut ends = Ends::of_fours(fours);
        for value in rest {
            ends.include(*value, *value);
        }
        ends
    }

    /// Without branches, which values would take at random, and in two strands, so that none waits for the other.
    #[cfg(target_arch = "wasm32")]
    #[target_feature(enable = "simd128")]
    fn of_fours(fours: &[[f64; 4]]) -> Ends {
        use std::arch::wasm32::{f64x2, f64x2_extract_lane, f64x2_pmax, f64x2_pmin, f64x2_splat};
        let (mut least, mut most) = (f64x2_splat(f64::INFINITY), f64x2_splat(f64::NEG_INFINITY));
        let (mut other_least, mut other_most) = (least, most);
        for [a, b, c, d] in fours {
            let (two, other_two) = (f64x2(*a, *b), f64x2(*c, *d));
            least = f64x2_pmin(least, two);
            most = f64x2_pmax(most, two);
            other_least = f64x2_pmin(other_least, other_two);
            other_most = f64x2_pmax(other_most, other_two);
        }
        (least, most) = (f64x2_pmin(least, other_least), f64x2_pmax(most, other_most));
        let mut ends = Ends::NONE;
        ends.include(f64x2_extract_lane::<0>(least), f64x2_extract_lane::<0>(most));
        ends.include(f64x2_extract_lane::<1>(least), f64x2_extract_lane::<1>(most));
        ends
    }

    #[cfg(not(target_arch = "wasm32"))]
    fn of_fours(fours: &[[f64; 4]]) -> Ends {
        let mut ends = Ends::NONE;
        for value in fours.as_flattened() {
            ends.include(*value, *value);
        }
        ends
    }

    fn include(&mut self, least: f64, most: f64) {
        // A comparison with NaN is false.
        self.least = if least < self.least { least } else { self.least };
        self.most = if most > self.most { most } else { self.most };
    }
}

/// A search for the extremes: where they were found, to a block.
struct Found {
    ends: Ends,
    low: Range<usize>,
    high: Range<usize>,
}

impl Found {
    fn look(&mut self, range: Range<usize>, ends: Ends) {
        if ends.least < self.ends.least {
            (self.ends.least, self.low) = (ends.least, range.clone());
        }
        if ends.most > self.ends.most {
            (self.ends.most, self.high) = (ends.most, range);
        }
    }
}

impl Values {
    /// The value at a place; none where it is missing.
    pub fn get(&self, index: usize) -> Option<f64> {
        self.values.get(index).copied().filter(|value| !value.is_nan())
    }

    /// Sets the value at a place, if there is one.
    pub fn set(&mut self, index: usize, value: Option<f64>) {
        let mut values = Arc::unwrap_or_clone(std::mem::take(&mut self.values));
        if let Some(place) = values.get_mut(index) {
            *place = value.unwrap_or(f64::NAN);
        }
        *self = Values::from(values);
    }

    /// How many places it has.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether it has no place at all.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// The values in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Option<f64>> + ExactSizeIterator + '_ {
        self.values.iter().map(|value| (!value.is_nan()).then_some(*value))
    }

    /// The plain numbers: finite, or NaN where missing.
    pub fn numbers(&self) -> &[f64] {
        &self.values
    }

    /// Where the least and the most are of the values from `start` to before `end`: the first place of each. None
    /// without any value.
    pub fn extremes(&self, start: usize, end: usize) -> Option<(usize, usize)> {
        let mut found = Found {
            ends: Ends::NONE,
            low: start..start,
            high: start..start,
        };
        let (first, last) = (start.div_ceil(BLOCK), end / BLOCK);
        if first >= last {
            found.look(start..end, Ends::of(self.values.get(start..end)?));
        } else {
            let (from, to) = (first * BLOCK, last * BLOCK);
            found.look(start..from, Ends::of(self.values.get(start..from)?));
            for (block, from) in self.blocks.get(first..last)?.iter().zip((from..).step_by(BLOCK)) {
                found.look(from..from + BLOCK, *block);
            }
            found.look(to..end, Ends::of(self.values.get(to..end)?));
        }
        let place = |range: Range<usize>, wanted: f64| {
            let start = range.start;
            let place = self.values.get(range)?.iter().position(|value| *value == wanted)?;
            Some(start + place)
        };
        Some((place(found.low, found.ends.least)?, place(found.high, found.ends.most)?))
    }

    /// The least and the most; none without any value.
    pub fn range(&self) -> Option<(f64, f64)> {
        self.range
    }
}

/// Numbers as they come; what is not finite counts as missing.
impl From<Vec<f64>> for Values {
    fn from(mut values: Vec<f64>) -> Values {
        const LIMIT: f64 = ChartModel::LIMIT;
        let (mut blocks, mut whole) = survey(&values);
        if whole.least < -LIMIT || whole.most > LIMIT {
            for value in &mut values {
                *value = if value.is_infinite() {
                    f64::NAN
                } else {
                    value.clamp(-LIMIT, LIMIT)
                };
            }
            (blocks, whole) = survey(&values);
        }
        Values {
            values: Arc::new(values),
            blocks: Arc::new(blocks),
            range: (whole.least <= whole.most).then_some((whole.least, whole.most)),
        }
    }
}

/// The ends of every block, and of all together.
fn survey(values: &[f64]) -> (Vec<Ends>, Ends) {
    // Where it uses vectors the function is none that could be handed over as it is.
    #[allow(clippy::redundant_closure)]
    let blocks: Vec<Ends> = values.chunks(BLOCK).map(|block| Ends::of(block)).collect();
    let mut whole = Ends::NONE;
    for block in &blocks {
        whole.include(block.least, block.most);
    }
    (blocks, whole)
}

impl From<Vec<Option<f64>>> for Values {
    fn from(values: Vec<Option<f64>>) -> Values {
        values.into_iter().collect()
    }
}

impl FromIterator<Option<f64>> for Values {
    fn from_iter<I: IntoIterator<Item = Option<f64>>>(values: I) -> Values {
        let values: Vec<f64> = values.into_iter().map(|value| value.unwrap_or(f64::NAN)).collect();
        Values::from(values)
    }
}

/// Two missing values are equal.
impl PartialEq for Values {
    fn eq(&self, other: &Values) -> bool {
        let same = |(a, b): (&f64, &f64)| a == b || (a.is_nan() && b.is_nan());
        Arc::ptr_eq(&self.values, &other.values)
            || (self.values.len() == other.values.len() && self.values.iter().zip(other.values.iter()).all(same))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_column_reads_as_it_was_written() {
        let mut values: Values = [Some(3.0), None, Some(f64::NAN), Some(-1.0), Some(1e300)]
            .into_iter()
            .collect();
        let expected = [Some(3.0), None, None, Some(-1.0), Some(ChartModel::LIMIT)];
        assert_eq!(values.iter().collect::<Vec<_>>(), expected);
        assert_eq!(values.range(), Some((-1.0, ChartModel::LIMIT)));
        assert_eq!(values, values.clone());
        values.set(4, None);
        values.set(9, Some(1.0));
        assert_eq!((values.get(4), values.get(9), values.len()), (None, None, 5));
        assert_eq!(values.range(), Some((-1.0, 3.0)));
        assert_eq!(Values::from(vec![f64::INFINITY]).range(), None);
        assert!(Values::default().is_empty());
    }

    proptest! {
        #[test]
        fn extremes_are_the_first_of_their_kind(rows in prop::collection::vec(prop::option::weighted(0.8, -9_i32..9), 1..700), pick in (0.0_f64..1.0, 0.0_f64..1.0)) {
            let values: Values = rows.iter().map(|row| row.map(f64::from)).collect();
            let place = |pick: f64| (pick * (rows.len() + 1) as f64) as usize;
            let (start, end) = (place(pick.0).min(place(pick.1)), place(pick.0).max(place(pick.1)));
            let known = || (start..end).filter_map(|index| Some((values.get(index)?, index)));
            let low = known().min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            let high = known().min_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            let expected = low.zip(high).map(|(low, high)| (low.1, high.1));
            prop_assert_eq!(values.extremes(start, end), expected);
        }
    }
}
