//! When samples were taken: seconds of local time since the start of 1970, ascending. Most samples come evenly; then
//! their moments take no room, and none of them is looked for.

use std::sync::Arc;

/// The moments of samples.
#[derive(Clone, Debug, PartialEq)]
pub enum Moments {
    /// One after the other in steps, exactly.
    Even {
        /// The first.
        first: f64,
        /// From one to the next.
        step: f64,
        /// How many there are.
        count: usize,
    },
    /// Each on its own.
    Listed(Arc<Vec<f64>>),
}

impl Moments {
    /// Reads moments from where they are, part by part: `read` fills in as many as it is asked for from a place on. Only
    /// when they turn out not to be even, all of them are kept.
    pub fn read(count: usize, mut read: impl FnMut(usize, &mut [f64])) -> Moments {
        /// Small enough to stay near the processor.
        const PART: usize = 4096;
        let mut part = vec![0.0; count.min(PART)];
        read(0, &mut part);
        let first = part.first().copied().unwrap_or(0.0);
        let step = part.get(1).map_or(0.0, |second| second - first);
        let mut from = 0;
        while from < count {
            part.truncate(count - from);
            if from > 0 {
                read(from, &mut part);
            }
            if !is_even(&part, first, step, from) {
                let mut all = vec![0.0; count];
                read(0, &mut all);
                return Moments::Listed(Arc::new(all));
            }
            from += part.len();
        }
        Moments::Even { first, step, count }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Moments::Even { count, .. } => *count,
            Moments::Listed(all) => all.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The moment of a sample.
    pub fn get(&self, index: usize) -> Option<f64> {
        match self {
            Moments::Even { first, step, count } => (index < *count).then_some(first + step * index as f64),
            Moments::Listed(all) => all.get(index).copied(),
        }
    }

    /// The first sample, not before `start`, at a moment or after it; their number when there is none.
    pub fn first_from(&self, moment: f64, start: usize) -> usize {
        let count = self.len();
        let is_before = |index: usize| self.get(index).is_some_and(|sample| sample < moment);
        // Look where it should be, and from there on in steps that grow.
        let share = match (self.get(start), self.get(count.saturating_sub(1))) {
            (Some(first), Some(last)) if first < last => (moment - first) / (last - first),
            _ => 0.0,
        };
        let guess = start + (share * (count.saturating_sub(start + 1)) as f64).max(0.0) as usize;
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

// A function of its own, called often, so that a browser notices early that it is worth to be compiled well.
#[inline(never)]
fn is_even(part: &[f64], first: f64, step: f64, from: usize) -> bool {
    let mut index = from as f64;
    let mut is_even = true;
    let (fours, rest) = part.as_chunks::<4>();
    for [a, b, c, d] in fours {
        is_even &= *a == first + step * index;
        is_even &= *b == first + step * (index + 1.0);
        is_even &= *c == first + step * (index + 2.0);
        is_even &= *d == first + step * (index + 3.0);
        index += 4.0;
    }
    for moment in rest {
        is_even &= *moment == first + step * index;
        index += 1.0;
    }
    is_even
}

impl From<Vec<f64>> for Moments {
    fn from(all: Vec<f64>) -> Moments {
        Moments::read(all.len(), |from, part| {
            if let Some(read) = all.get(from..from + part.len()) {
                part.copy_from_slice(read);
            }
        })
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
    fn even_moments_take_no_room_and_read_the_same() {
        let minutes: Vec<f64> = (0..10_000).map(|index| 1.7e9 + 60.0 * f64::from(index)).collect();
        let moments = Moments::from(minutes.clone());
        assert!(matches!(moments, Moments::Even { count: 10_000, .. }));
        assert!((0..10_001).all(|index| moments.get(index) == minutes.get(index).copied()));
        let mut late = minutes;
        late[9_999] += 1.0;
        assert_eq!(Moments::from(late.clone()), Moments::Listed(Arc::new(late)));
        assert!(Moments::from(Vec::new()).is_empty());
        assert_eq!(Moments::from(vec![5.0]).get(0), Some(5.0));
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
