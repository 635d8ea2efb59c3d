//! Stacking: where each part of a whole begins and ends.

use crate::chart::{ChartModel, Kind, Role, Series};

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
/// of dipping. A series without a single value is left out of this rule, and context is not part of the stack. Negative
/// parts count as 0 in areas; as bars they hang from zero.
pub fn stack(model: &ChartModel) -> Vec<Vec<Option<Part>>> {
    let buckets = 0..model.buckets.len();
    let has_values = |series: &Series| buckets.clone().any(|bucket| model.value(series, bucket).is_some());
    let is_present = |series: &Series| series.role != Role::Context && has_values(series);
    let present: Vec<bool> = model.series.iter().map(is_present).collect();
    let is_whole = |bucket: usize| {
        let mut parts = model.series.iter().zip(&present).filter(|(_, is_present)| **is_present);
        parts.all(|(series, _)| model.value(series, bucket).is_some())
    };
    let mut ends: Vec<Option<(f64, f64)>> = buckets
        .clone()
        .map(|bucket| is_whole(bucket).then_some((0.0, 0.0)))
        .collect();
    let hangs = model.kind == Kind::StackedBars;
    let mut layers = Vec::new();
    for (series, is_present) in model.series.iter().zip(present) {
        let parts = ends.iter_mut().enumerate().map(|(bucket, ends)| {
            let (bottom, top) = ends.as_mut().filter(|_| is_present)?;
            let value = model.value(series, bucket)?;
            if hangs && value.is_sign_negative() {
                let upper = *bottom;
                *bottom += value;
                return Some(Part { lower: *bottom, upper });
            }
            let lower = *top;
            *top += value.max(0.0);
            Some(Part { lower, upper: *top })
        });
        layers.push(parts.collect());
    }
    layers
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::{Bucket, Kind, Role, Series, Unit};
    use crate::locale::Locale;
    use crate::period::{DateRange, Interval};
    use crate::zone::Day;

    fn tops(rows: &[&[Option<f64>]]) -> Vec<Vec<Option<f64>>> {
        let series = |values: &&[Option<f64>]| Series {
            name: "A".into(),
            role: Role::Active,
            values: values.iter().copied().collect(),
        };
        let first = Day::from_ymd_opt(2026, 11, 2).unwrap();
        let bucket = |index| {
            let days = DateRange::new(first, first).shift(index);
            Bucket::of(days)
        };
        let model = ChartModel {
            kind: Kind::StackedArea,
            buckets: (0..rows[0].len() as i64).map(bucket).collect(),
            interval: Interval::Day,
            unit: Unit::Count,
            series: rows.iter().map(series).collect(),
            references: Vec::new(),
            locale: Locale::english(),
        };
        let upper = |part: Option<Part>| part.map(|part| part.upper);
        stack(&model)
            .into_iter()
            .map(|parts| parts.into_iter().map(upper).collect())
            .collect()
    }

    #[test]
    fn parts_stand_on_each_other() {
        let tops = tops(&[&[Some(3.0)], &[Some(2.0)], &[Some(-9.0)]]);
        assert_eq!(tops, [[Some(3.0)], [Some(5.0)], [Some(5.0)]]);
    }

    #[test]
    fn a_missing_part_makes_the_whole_unknown() {
        let tops = tops(&[&[Some(1.0), Some(1.0), Some(f64::NAN)], &[Some(1.0), None, Some(1.0)]]);
        assert_eq!(tops, [[Some(1.0), None, None], [Some(2.0), None, None]]);
    }

    #[test]
    fn a_series_without_values_is_left_out() {
        let tops = tops(&[&[None, None], &[Some(1.0), Some(4.0)]]);
        assert_eq!(tops, [[None, None], [Some(1.0), Some(4.0)]]);
    }
}
