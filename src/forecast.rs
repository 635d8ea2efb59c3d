//! Where a row of figures is heading, by its middle steps: one wild figure does not turn it.
//!
//! The slope is that of Theil and Sen, the median of the slopes between all pairs of figures; its interval counts how many
//! of them lie above and below, after Sen (1968, doi:10.1080/01621459.1968.10480934).

use crate::order;

/// So many figures make a trend, at least.
pub const LEAST: usize = 9;
/// Of a normal distribution, 80 % lie within so many standard deviations of the middle.
const WITHIN: f64 = 1.2816;

/// A change from one figure to the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// The middle one.
    pub slope: f64,
    /// In four of five cases it is at least this.
    pub low: f64,
    /// And at most this.
    pub high: f64,
}

/// The trend of figures at equal distances, oldest first; `None` where they are too few to tell.
pub fn trend(figures: &[f64]) -> Option<Trend> {
    let count = figures.len();
    if count < LEAST || !figures.iter().all(|figure| figure.is_finite()) {
        return None;
    }
    let later = |(place, from): (usize, &f64)| {
        let rest = figures.iter().enumerate().skip(place + 1);
        let slope = |(at, to): (usize, &f64)| (to - from) / (at - place) as f64;
        rest.map(slope).collect::<Vec<_>>()
    };
    let mut slopes: Vec<f64> = figures.iter().enumerate().flat_map(later).collect();
    order::sort_by(&mut slopes, f64::total_cmp);
    let (count, pairs) = (count as f64, slopes.len());
    let spread = WITHIN * (count * (count - 1.0) * (2.0 * count + 5.0) / 18.0).sqrt();
    let outside = ((pairs as f64 - spread) / 2.0).floor().max(1.0) as usize - 1;
    let at = |place: usize| slopes.get(place).copied();
    Some(Trend {
        slope: (at((pairs - 1) / 2)? + at(pairs / 2)?) / 2.0,
        low: at(outside)?,
        high: at(pairs - 1 - outside)?,
    })
}

/// After how many steps a figure reaches another one; `None` where it does not move towards it.
pub fn steps_to(from: f64, to: f64, slope: f64) -> Option<f64> {
    let steps = (to - from) / slope;
    (slope != 0.0 && steps.is_finite() && steps >= 0.0).then_some(steps)
}

#[cfg(test)]
mod tests {
    use super::{LEAST, Trend, steps_to, trend};
    use proptest::prelude::*;

    #[test]
    fn a_straight_row_has_its_slope_and_one_wild_figure_does_not_turn_it() {
        let mut row: Vec<f64> = (0..9).map(|week| 600.0 + 7.0 * f64::from(week)).collect();
        let straight = Trend {
            slope: 7.0,
            low: 7.0,
            high: 7.0,
        };
        assert_eq!(trend(&row), Some(straight));
        row[4] = 5000.0;
        let turned = trend(&row).unwrap();
        assert_eq!(turned.slope, 7.0);
        assert!(turned.low <= 7.0 && turned.high >= 7.0);
        assert_eq!(trend(&row[1..]), None, "eight figures are too few");
        assert_eq!(trend(&[f64::NAN; LEAST]), None);
    }

    #[test]
    fn a_figure_is_reached_only_where_it_lies_ahead() {
        assert_eq!(steps_to(660.0, 720.0, 7.5), Some(8.0));
        assert_eq!(steps_to(660.0, 720.0, -7.5), None);
        assert_eq!(steps_to(660.0, 720.0, 0.0), None);
        assert_eq!(steps_to(720.0, 720.0, 1.0), Some(0.0));
    }

    proptest! {
        #[test]
        fn a_trend_lies_within_its_interval(row in prop::collection::vec(0_u32..100_000, LEAST..70)) {
            let row: Vec<f64> = row.into_iter().map(f64::from).collect();
            let Trend { slope, low, high } = trend(&row).unwrap();
            prop_assert!(low <= slope && slope <= high && low.is_finite() && high.is_finite());
        }

        #[test]
        fn a_trend_turned_around_is_the_other_way(row in prop::collection::vec(0_u32..1000, LEAST..40)) {
            let row: Vec<f64> = row.into_iter().map(f64::from).collect();
            let back: Vec<f64> = row.iter().rev().copied().collect();
            let (there, back) = (trend(&row).unwrap(), trend(&back).unwrap());
            prop_assert!((there.slope + back.slope).abs() < 1e-9 && (there.low + back.high).abs() < 1e-9);
        }
    }
}
