//! A column of values, one per bucket. Missing ones are NaN inside and `None` outside.
//!
//! What the drawing relies on is made sure here, once: every value is finite and not larger than can be drawn, and
//! the least and the most are known, also of every block of values: drawing does not look at all of a long column again.
//! The values stay where they are, be it a list or the memory of somebody else, and are read from there part by part: to
//! copy a million of them takes longer than to draw them.

use crate::chart::ChartModel;
use std::fmt;
use std::sync::Arc;

/// Fills in the values from a place on.
type Read = dyn Fn(usize, &mut [f64]) + Send + Sync;

/// A column of values; reads like a list of `Option<f64>`, and is shared by its clones.
#[derive(Clone)]
pub struct Values {
    read: Arc<Read>,
    count: usize,
    blocks: Arc<Vec<Ends>>,
    whole: Ends,
}

/// How many values a block has; the last one has the rest.
const BLOCK: usize = 64;
/// How many values are read at a time: whole blocks, few enough to stay near the processor.
const PART: usize = 256 * BLOCK;

/// The least and the most of some values: of none the infinities the other way round.
#[derive(Clone, Copy, Debug)]
pub struct Ends {
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
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

/// Reads a column from its beginning to its end.
pub struct Window<'a> {
    values: &'a Values,
    from: usize,
    part: Vec<f64>,
}

impl Window<'_> {
    /// The value at a place; none where it is missing.
    pub fn get(&mut self, index: usize) -> Option<f64> {
        self.near(index, index + 1)
            .first()
            .copied()
            .filter(|value| !value.is_nan())
    }

    /// The least and the most of the values from `start` to before `end`.
    pub fn ends(&mut self, start: usize, end: usize) -> Ends {
        let mut ends = Ends::NONE;
        let mut at = start;
        while at < end {
            let next = ((at / BLOCK + 1) * BLOCK).min(end);
            let is_whole = next - at == BLOCK;
            let known = self.values.blocks.get(at / BLOCK).filter(|_| is_whole).copied();
            let Ends { least, most } = known.unwrap_or_else(|| Ends::of(self.near(at, next)));
            ends.include(least, most);
            at = next;
        }
        ends
    }

    /// Values that lie within one part.
    fn near(&mut self, start: usize, end: usize) -> &[f64] {
        let from = start / PART * PART;
        if self.part.is_empty() || self.from != from {
            self.from = from;
            self.part.resize(PART.min(self.values.count.saturating_sub(from)), 0.0);
            (self.values.read)(from, &mut self.part);
        }
        self.part.get(start - from..end - from).unwrap_or(&[])
    }
}

impl Values {
    /// A column that stays where it is: `read` fills in as many values as it is asked for from a place on. Numbers as they
    /// come; what is not finite counts as missing.
    pub fn read(count: usize, read: impl Fn(usize, &mut [f64]) + Send + Sync + 'static) -> Values {
        Values::of(count, Arc::new(read))
    }

    fn of(count: usize, read: Arc<Read>) -> Values {
        const LIMIT: f64 = ChartModel::LIMIT;
        let (mut blocks, mut whole) = (Vec::with_capacity(count.div_ceil(BLOCK)), Ends::NONE);
        let mut part = vec![0.0; PART.min(count)];
        for from in (0..count).step_by(PART) {
            part.truncate(count - from);
            read(from, &mut part);
            for block in part.chunks(BLOCK) {
                let ends = Ends::of(block);
                whole.include(ends.least, ends.most);
                blocks.push(ends);
            }
        }
        if whole.least < -LIMIT || whole.most > LIMIT {
            return Values::read(count, move |from, part| {
                read(from, part);
                for value in part {
                    *value = if value.is_infinite() {
                        f64::NAN
                    } else {
                        value.clamp(-LIMIT, LIMIT)
                    };
                }
            });
        }
        Values {
            read,
            count,
            blocks: Arc::new(blocks),
            whole,
        }
    }

    /// The value at a place; none where it is missing.
    pub fn get(&self, index: usize) -> Option<f64> {
        let mut value = [f64::NAN];
        if index < self.count {
            (self.read)(index, &mut value);
        }
        Some(value[0]).filter(|value| !value.is_nan())
    }

    /// Sets the value at a place, if there is one.
    pub fn set(&mut self, index: usize, value: Option<f64>) {
        let at = |place| if place == index { value } else { self.get(place) };
        *self = (0..self.count).map(at).collect();
    }

    /// How many places it has.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether it has no place at all.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The values in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Option<f64>> + ExactSizeIterator + '_ {
        (0..self.count).map(|index| self.get(index))
    }

    /// The values, for reading many of them in order.
    pub fn window(&self) -> Window<'_> {
        Window {
            values: self,
            from: 0,
            part: Vec::new(),
        }
    }

    /// The least and the most; none without any value.
    pub fn range(&self) -> Option<(f64, f64)> {
        let Ends { least, most } = self.whole;
        (least <= most).then_some((least, most))
    }
}

/// Numbers as they come; what is not finite counts as missing.
impl From<Vec<f64>> for Values {
    fn from(values: Vec<f64>) -> Values {
        Values::read(values.len(), move |from, part| {
            if let Some(read) = values.get(from..from + part.len()) {
                part.copy_from_slice(read);
            }
        })
    }
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

impl Default for Values {
    fn default() -> Values {
        Values::from(Vec::<f64>::new())
    }
}

impl fmt::Debug for Values {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Two missing values are equal.
impl PartialEq for Values {
    fn eq(&self, other: &Values) -> bool {
        Arc::ptr_eq(&self.blocks, &other.blocks) || self.iter().eq(other.iter())
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
        fn ends_are_known_of_any_stretch(rows in prop::collection::vec(prop::option::weighted(0.8, -9_i32..9), 1..700), pick in (0.0_f64..1.0, 0.0_f64..1.0), times in 1_usize..20) {
            let rows: Vec<Option<f64>> = rows.iter().map(|row| row.map(f64::from)).cycle().take(rows.len() * times).collect();
            let values: Values = rows.iter().copied().collect();
            let place = |pick: f64| (pick * (rows.len() + 1) as f64) as usize;
            let (start, end) = (place(pick.0).min(place(pick.1)), place(pick.0).max(place(pick.1)).min(rows.len()));
            let known: Vec<f64> = rows[start.min(end)..end].iter().flatten().copied().collect();
            let mut window = values.window();
            let Ends { least, most } = window.ends(start, end);
            prop_assert_eq!(least, known.iter().copied().fold(f64::INFINITY, f64::min));
            prop_assert_eq!(most, known.iter().copied().fold(f64::NEG_INFINITY, f64::max));
            prop_assert!((0..rows.len()).all(|index| window.get(index) == rows[index]));
            prop_assert!((0..rows.len()).rev().step_by(97).all(|index| window.get(index) == rows[index]));
        }
    }
}
