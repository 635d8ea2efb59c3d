//! When samples were taken: seconds of local time since the start of 1970, ascending. They stay where they are, and only
//! the parts are read in which something is looked for.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

/// Fills in the moments from a place on.
type Read = dyn Fn(usize, &mut [f64]) + Send + Sync;

/// The moments of samples, shared by its clones.
#[derive(Clone)]
pub struct Moments {
    read: Arc<Read>,
    count: usize,
    ends: (f64, f64),
    /// Where the part begins that was read last, and what it is.
    part: Arc<Mutex<(usize, Vec<f64>)>>,
}

/// How many moments are read at a time: few enough to stay near the processor.
const PART: usize = 16_384;

impl Moments {
    /// Moments that stay where they are: `read` fills in as many as it is asked for from a place on.
    pub fn read(count: usize, read: impl Fn(usize, &mut [f64]) + Send + Sync + 'static) -> Moments {
        let moments = Moments {
            read: Arc::new(read),
            count,
            ends: (0.0, 0.0),
            part: Arc::default(),
        };
        let end = |index| moments.get(index).unwrap_or(0.0);
        let ends = (end(0), end(count.saturating_sub(1)));
        Moments { ends, ..moments }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.count
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The first and the last; zeros where there is none.
    pub fn ends(&self) -> (f64, f64) {
        self.ends
    }

    /// The moment of a sample.
    pub fn get(&self, index: usize) -> Option<f64> {
        if index >= self.count {
            return None;
        }
        let mut part = self.part.lock().unwrap_or_else(PoisonError::into_inner);
        let (from, read) = &mut *part;
        if !(*from..*from + read.len()).contains(&index) {
            *from = index / PART * PART;
            read.resize(PART.min(self.count - *from), 0.0);
            (self.read)(*from, read);
        }
        read.get(index - *from).copied()
    }

    /// The first sample, not before `start`, at a moment or after it; their number when there is none.
    pub fn first_from(&self, moment: f64, start: usize) -> usize {
        let count = self.len();
        let is_before = |index: usize| self.get(index).is_some_and(|sample| sample < moment);
        // Look where it would be if they came evenly, and from there on in steps that grow.
        let (first, last) = self.ends;
        let share = if first < last {
            (moment - first) / (last - first)
        } else {
            0.0
        };
        let guess = (share * count.saturating_sub(1) as f64).ceil().max(0.0) as usize;
        let guess = guess.clamp(start.min(count), count);
        let (mut low, mut high, mut step) = (guess, guess, 1);
        if is_before(guess) {
            while is_before(low + step) {
                low += step;
                step *= 2;
            }
            high = count.min(low + step);
        } else {
            while low > start && !is_before(low - 1) {
                high = low;
                low = low.saturating_sub(step).max(start);
                step *= 2;
            }
        }
        while low < high {
            let middle = low + (high - low) / 2;
            if is_before(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        low
    }
}

impl From<Vec<f64>> for Moments {
    fn from(all: Vec<f64>) -> Moments {
        Moments::read(all.len(), move |from, part| {
            if let Some(read) = all.get(from..from + part.len()) {
                part.copy_from_slice(read);
            }
        })
    }
}

impl fmt::Debug for Moments {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.debug_list()
            .entries((0..self.count).filter_map(|index| self.get(index)))
            .finish()
    }
}

impl PartialEq for Moments {
    fn eq(&self, other: &Moments) -> bool {
        let is_alike = || (0..self.count).all(|index| self.get(index) == other.get(index));
        Arc::ptr_eq(&self.read, &other.read) || self.count == other.count && is_alike()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn listed(steps: &[f64]) -> Vec<f64> {
        let next = |at: &mut f64, step: &f64| {
            *at += step;
            Some(*at)
        };
        steps.iter().scan(1e9, next).collect()
    }

    #[test]
    fn moments_read_as_they_are() {
        let all = vec![1.7e9, 1.7e9 + 60.0, 1.7e9 + 61.5];
        let moments = Moments::from(all.clone());
        assert!((0..4).all(|index| moments.get(index) == all.get(index).copied()));
        assert_eq!(moments, Moments::from(all.clone()));
        assert_eq!(format!("{moments:?}"), format!("{all:?}"));
        assert_ne!(moments, Moments::from(vec![1.7e9, 1.7e9 + 60.0, 1.7e9 + 61.0]));
        assert_ne!(moments, Moments::from(all[..2].to_vec()));
        assert!(Moments::from(Vec::new()).is_empty());
    }

    proptest! {
        #[test]
        fn samples_are_found_where_they_are(
            steps in prop::collection::vec(prop_oneof![Just(7.0), 0.0_f64..50.0], 0..600),
            is_even: bool,
            at in -100.0_f64..30_000.0,
            start in 0_usize..700,
        ) {
            let moments = listed(&if is_even { vec![7.0; steps.len()] } else { steps });
            let found = Moments::from(moments.clone()).first_from(1e9 + at, start);
            let expected = moments.partition_point(|sample| *sample < 1e9 + at).max(start.min(moments.len()));
            prop_assert_eq!(found, expected);
        }
    }
}
