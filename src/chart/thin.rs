//! Thins series out to what can be seen: per pixel column the first, the lowest, the highest and the last point. The
//! picture is the same, the work is not. Reads a column once, from its beginning to its end, and keeps nothing of it but
//! what is drawn.

use crate::chart::layout::Layout;
use crate::chart::values::{Values, Window};
use crate::chart::{ChartModel, Series};
use std::borrow::Cow;

/// What is seen of one pixel column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Column {
    /// The first value, with its place in the series.
    pub first: (usize, f64),
    /// The least.
    pub least: f64,
    /// The most.
    pub most: f64,
    /// The last value, with its place.
    pub last: (usize, f64),
}

/// The values of a series that are drawn, in order and with their places, with `None` where the line breaks. From two
/// points a pixel on, a break is one that leaves a whole pixel column empty, and the extremes of a column stand at its
/// first place.
pub fn places(model: &ChartModel, series: &Series, layout: &Layout, column_width: f64) -> Vec<Option<(usize, f64)>> {
    let values = drawn(model, series);
    if !is_dense(values.len(), layout) {
        let place = |(index, value): (usize, Option<f64>)| Some((index, value?));
        return values.iter().enumerate().map(place).collect();
    }
    let mut places = Vec::new();
    for column in columns(&values, layout, column_width) {
        let Some(Column {
            first,
            least,
            most,
            last,
        }) = column
        else {
            places.push(None);
            continue;
        };
        let mut before = None;
        for place in [first, (first.0, least), (first.0, most), last] {
            if before != Some(place.1) || place == last && first.0 != last.0 {
                places.push(Some(place));
            }
            before = Some(place.1);
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
#[inline(never)]
pub fn columns(values: &Values, layout: &Layout, column_width: f64) -> Vec<Option<Column>> {
    let mut columns = Vec::new();
    let mut window = values.window();
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
            columns.push(column(&mut window, start, end));
        }
        start = end;
    }
    columns
}

fn column(window: &mut Window, start: usize, end: usize) -> Option<Column> {
    let mut known = |index: usize| Some((index, window.get(index)?));
    let first = (start..end).find_map(&mut known)?;
    let ends = window.ends(start, end);
    let mut known = |index: usize| Some((index, window.get(index)?));
    Some(Column {
        first,
        least: ends.least,
        most: ends.most,
        last: (start..end).rev().find_map(&mut known)?,
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

    fn samples(moments: Vec<f64>, values: Values) -> ChartModel {
        ChartModel {
            kind: Kind::Samples(moments.into()),
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
            let kept: Vec<(usize, f64)> = kept.into_iter().flatten().collect();
            prop_assert!(kept.windows(2).all(|pair| pair[0].0 <= pair[1].0));
            let pixel = |index: usize| (layout.center(index) * scale).round() as i64;
            let ends = |places: &mut dyn Iterator<Item = (usize, f64)>| {
                let mut columns = std::collections::BTreeMap::new();
                for (index, value) in places {
                    let (low, high) = columns.entry(pixel(index)).or_insert((value, value));
                    (*low, *high) = (low.min(value), high.max(value));
                }
                columns
            };
            let all = || (0..rows.len()).filter_map(|index| Some((index, model.value(series, index)?)));
            prop_assert_eq!(ends(&mut all()), ends(&mut kept.iter().copied()));
            prop_assert_eq!((kept.first().copied(), kept.last().copied()), (all().next(), all().next_back()));
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
        assert!(kept.contains(&Some((3999, 1.0))) && kept.contains(&Some((5000, 1.0))));
    }
}
