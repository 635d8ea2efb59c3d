//! Thins series out to what can be seen: per pixel column the first, the lowest, the highest and the last point. The
//! picture is the same, the work is not. Reads plain columns and keeps nothing but the places that are drawn.

use crate::chart::layout::Layout;
use crate::chart::values::Values;
use crate::chart::{ChartModel, Series};
use std::borrow::Cow;

/// What is seen of one pixel column: places in the series, in no particular order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Column {
    /// The first value.
    pub first: usize,
    /// The least.
    pub low: usize,
    /// The most.
    pub high: usize,
    /// The last.
    pub last: usize,
}

/// The places of a series that are drawn, in order, with `None` where the line breaks. From two points a pixel on, a
/// break is one that leaves a whole pixel column empty.
pub fn places(model: &ChartModel, series: &Series, layout: &Layout, column_width: f64) -> Vec<Option<usize>> {
    let values = drawn(model, series);
    if !is_dense(values.len(), layout) {
        let place = |(index, value): (usize, &f64)| (!value.is_nan()).then_some(index);
        return values.numbers().iter().enumerate().map(place).collect();
    }
    let mut places = Vec::new();
    for column in columns(&values, layout, column_width) {
        let Some(column) = column else {
            places.push(None);
            continue;
        };
        let Column { first, low, high, last } = column;
        let (early, late) = (low.min(high), low.max(high));
        let mut before = None;
        for place in [first, early, late, last] {
            if before != Some(place) {
                places.push(Some(place));
            }
            before = Some(place);
        }
    }
    places
}

/// Whether so many points are more than can be told apart.
pub fn is_dense(count: usize, layout: &Layout) -> bool {
    count as f64 > 2.0 * layout.plot.width()
}

/// Every pixel column from left to right; none for a column without a value, and no entry where no point falls into a
/// column at all. Points of one column are drawn at the same device pixel.
pub fn columns(values: &Values, layout: &Layout, column_width: f64) -> Vec<Option<Column>> {
    let mut columns = Vec::new();
    let mut start = 0;
    // Rounding to the nearest pixel puts the edges of columns between pixels.
    let mut edge_in_columns = (layout.plot.left / column_width).floor() - 0.5;
    while start < values.len() {
        edge_in_columns += 1.0;
        let edge = edge_in_columns * column_width;
        let is_past = edge > layout.plot.right + 2.0 * column_width;
        let end = if is_past {
            values.len()
        } else {
            layout.first_from(edge, start).min(values.len())
        };
        if start < end {
            columns.push(column(values, start, end));
        }
        start = end;
    }
    columns
}

fn column(values: &Values, start: usize, end: usize) -> Option<Column> {
    let (low, high) = values.extremes(start, end)?;
    let numbers = values.numbers().get(start..end)?;
    Some(Column {
        first: start + numbers.iter().position(|value| !value.is_nan())?,
        low,
        high,
        last: start + numbers.iter().rposition(|value| !value.is_nan())?,
    })
}

/// The values of a series as they are drawn: as many as the model has places, missing where nothing was collected.
/// Copied only where something was not.
pub fn drawn<'a>(model: &ChartModel, series: &'a Series) -> Cow<'a, Values> {
    let is_whole = series.values.len() <= model.len();
    if is_whole && !model.buckets.iter().any(|bucket| bucket.is_uncollected) {
        return Cow::Borrowed(&series.values);
    }
    let places = 0..series.values.len().min(model.len());
    Cow::Owned(places.map(|index| model.value(series, index)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::layout::layout;
    use crate::chart::{Kind, Role, Unit};
    use crate::locale::Locale;
    use crate::period::Interval;
    use proptest::prelude::*;
    use std::sync::Arc;

    fn samples(moments: Vec<f64>, values: Values) -> ChartModel {
        ChartModel {
            kind: Kind::Samples(Arc::new(moments)),
            buckets: Vec::new(),
            interval: Interval::Day,
            unit: Unit::Number,
            series: vec![Series {
                name: "A".into(),
                role: Role::Active,
                values,
            }],
            references: Vec::new(),
            locale: Locale::english(),
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn every_pixel_column_keeps_its_least_and_its_most(rows in prop::collection::vec((0.01_f64..9.0, prop::option::weighted(0.9, -500.0_f64..500.0)), 700..3000), scale in 1.0_f64..3.0) {
            let mut at = 1.7e9;
            let moments: Vec<f64> = rows.iter().map(|(step, _)| { at += step; at }).collect();
            let model = samples(moments, rows.iter().map(|(_, value)| *value).collect());
            let layout = layout(&model, 300.0, 200.0);
            let series = &model.series[0];
            let kept = places(&model, series, &layout, 1.0 / scale);
            prop_assert!(kept.len() as f64 <= 4.0 * (300.0 * scale + 2.0));
            let kept: Vec<usize> = kept.into_iter().flatten().collect();
            prop_assert!(kept.windows(2).all(|pair| pair[0] < pair[1]));
            let pixel = |index: usize| (layout.center(index) * scale).round() as i64;
            let ends = |places: &mut dyn Iterator<Item = usize>| {
                let mut columns = std::collections::BTreeMap::new();
                for index in places {
                    let Some(value) = model.value(series, index) else { continue };
                    let (low, high) = columns.entry(pixel(index)).or_insert((value, value));
                    (*low, *high) = (low.min(value), high.max(value));
                }
                columns
            };
            prop_assert_eq!(ends(&mut (0..rows.len())), ends(&mut kept.iter().copied()));
        }
    }

    #[test]
    fn a_gap_wider_than_a_pixel_stays_a_gap() {
        let moments: Vec<f64> = (0..10_000).map(f64::from).collect();
        let value = |index: u32| (!(4000..5000).contains(&index)).then_some(1.0);
        let model = samples(moments, (0..10_000).map(value).collect());
        let layout = layout(&model, 400.0, 200.0);
        let kept = places(&model, &model.series[0], &layout, 1.0);
        assert!(kept.iter().filter(|place| place.is_none()).count() > 20);
        assert!(kept.contains(&Some(3999)) && kept.contains(&Some(5000)));
    }
}
