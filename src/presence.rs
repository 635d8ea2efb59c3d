//! Who was active in which period, by Coder v1: who is new, stays, comes back or is gone, and how many of those who came
//! first in a period are there later.
//!
//! All of it is about the range alone: who was active before it is not known. So the first period has no "new", and one
//! that the range cuts short is left out: those whom the cut hides would seem to come or to go.

use crate::measure::Count;
use crate::period::{DateRange, Interval};
use crate::scope::Scope;
use crate::usage::{self, People};

/// The periods of the range, each with its people.
#[derive(Debug)]
pub struct Presence {
    /// How long a period is: as the page cuts the range, but at least a week.
    pub interval: Interval,
    /// In order.
    pub periods: Vec<Period>,
    /// Whether some period is left out because the range cuts it short.
    pub is_cut: bool,
}

/// One period.
#[derive(Debug)]
pub struct Period {
    /// Its days.
    pub days: DateRange,
    /// Whether it still runs.
    pub is_open: bool,
    /// Whether somebody was active, by place among all.
    has: Vec<bool>,
}

/// What became of people from the period before to this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// Active in both.
    pub staying: u64,
    /// Active now and in an earlier period, but not in the one before.
    pub returning: u64,
    /// Active for the first time in the range.
    pub new: u64,
    /// Active in the one before, and not now.
    pub lapsed: u64,
}

impl Change {
    /// Everybody who is active now.
    pub fn active(&self) -> u64 {
        self.staying + self.returning + self.new
    }
}

impl Presence {
    /// Reads it. `None` where some period has no answer: then nobody can be told to be new or gone.
    pub fn read(scope: &Scope, counts: &[Count], people: &People) -> Option<Presence> {
        let interval = scope.interval.max(Interval::Week);
        let today = scope.now.date_naive();
        let all = usage::days(scope).map_or_else(Vec::new, |days| interval.cut(days, scope.locale.week_start));
        let mut periods: Vec<Period> = Vec::with_capacity(all.len());
        for (index, days) in all.iter().enumerate() {
            let is_open = days.last >= today;
            // What follows another period begins where it should.
            if days.days() < interval.whole_days(*days) && !(is_open && index > 0) {
                continue;
            }
            let mut period = Period {
                days: *days,
                is_open,
                has: vec![false; people.people.len()],
            };
            let buckets = counts.iter().enumerate();
            let mut is_known = false;
            for (bucket, _) in buckets.filter(|(_, count)| days.contains(count.days.first)) {
                match people.present(bucket) {
                    Some(present) => {
                        is_known = true;
                        present.for_each(|place| period.has.get_mut(place).into_iter().for_each(|has| *has = true));
                    }
                    // The server has nothing to tell yet of what has just begun.
                    None if is_open => {}
                    None => return None,
                }
            }
            if is_known {
                periods.push(period);
            }
        }
        Some(Presence {
            interval,
            is_cut: periods.len() < all.len(),
            periods,
        })
    }

    /// What became of people in each period but the first.
    pub fn changes(&self) -> Vec<Change> {
        let first = self.first();
        let pairs = self.periods.iter().zip(self.periods.iter().skip(1)).enumerate();
        let change = |(before, (then, now)): (usize, (&Period, &Period))| {
            let mut change = Change::default();
            for (place, first) in first.iter().enumerate() {
                match (then.has(place), now.has(place)) {
                    (true, true) => change.staying += 1,
                    (true, false) => change.lapsed += 1,
                    (false, true) if *first == Some(before + 1) => change.new += 1,
                    (false, true) => change.returning += 1,
                    (false, false) => {}
                }
            }
            change
        };
        pairs.map(change).collect()
    }

    /// How many periods are over.
    pub fn closed(&self) -> usize {
        self.periods.iter().filter(|period| !period.is_open).count()
    }

    /// Of each period that is over those who were first active in it, and how many of them were so that many periods
    /// later, from 0 on.
    pub fn cohorts(&self) -> Vec<Vec<u64>> {
        let closed = self.closed();
        let mut cohorts: Vec<Vec<u64>> = (0..closed).map(|first| vec![0; closed - first]).collect();
        for (place, first) in self.first().into_iter().enumerate() {
            let cohort = first.and_then(|first| Some((first, cohorts.get_mut(first)?)));
            let Some((first, cohort)) = cohort else { continue };
            for (count, period) in cohort.iter_mut().zip(self.periods.iter().skip(first)) {
                *count += u64::from(period.has(place));
            }
        }
        cohorts
    }

    /// Who was first active in a period and active in another: places among all.
    pub fn people(&self, first: usize, later: usize) -> Vec<usize> {
        let firsts = self.first();
        let period = self.periods.get(later);
        let is_there = |place: &usize| period.is_some_and(|period| period.has(*place));
        let of_cohort = |place: &usize| firsts.get(*place) == Some(&Some(first));
        (0..firsts.len())
            .filter(|place| of_cohort(place) && is_there(place))
            .collect()
    }

    /// Of everybody the first period in which they were active.
    fn first(&self) -> Vec<Option<usize>> {
        let count = self.periods.first().map_or(0, |period| period.has.len());
        (0..count)
            .map(|place| self.periods.iter().position(|period| period.has(place)))
            .collect()
    }
}

impl Period {
    fn has(&self, place: usize) -> bool {
        self.has.get(place).copied().unwrap_or(false)
    }
}
