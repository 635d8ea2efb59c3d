//! Lines as points: where they break, how they are thinned out, dashed and hatched. Geometry only, no drawing.

use crate::chart::scale::Rect;

/// A place on screen: x and y.
pub type Point = (f64, f64);

/// A stretch of neighbouring buckets that is drawn in one go.
#[derive(Clone, Debug, PartialEq)]
pub struct Stretch<T> {
    /// Buckets and what is drawn there; a single one stands alone, with gaps on both sides.
    pub items: Vec<(usize, T)>,
    /// Leads into or out of a bucket that is only a part of one.
    pub is_part: bool,
}

/// Cuts items with their buckets, in order, where one is missing and where a bucket is only a part. Two
/// stretches that follow each other share the item between them.
pub fn stretches<T: Copy>(
    items: impl IntoIterator<Item = Option<(usize, T)>>,
    is_part: impl Fn(usize) -> bool,
) -> Vec<Stretch<T>> {
    let mut done = Vec::new();
    let mut current: Option<Stretch<T>> = None;
    for item in items {
        let Some((bucket, item)) = item else {
            done.extend(current.take());
            continue;
        };
        let Some(stretch) = &mut current else {
            current = Some(Stretch {
                items: vec![(bucket, item)],
                is_part: is_part(bucket),
            });
            continue;
        };
        let leads_part = is_part(bucket) || stretch.items.last().is_some_and(|(before, _)| is_part(*before));
        if stretch.items.len() == 1 {
            stretch.is_part = leads_part;
        } else if stretch.is_part != leads_part {
            let shared = stretch.items.last().copied();
            let next = Stretch {
                items: shared.into_iter().collect(),
                is_part: leads_part,
            };
            done.extend(current.replace(next));
        }
        if let Some(stretch) = &mut current {
            stretch.items.push((bucket, item));
        }
    }
    done.extend(current);
    done
}

/// Thins points, sorted by x, out to the first, lowest, highest and last of every column, in their order: the picture
/// is the same, the work is not.
#[inline(never)]
pub fn decimated(points: impl IntoIterator<Item = Point>, column_width: f64) -> Vec<Point> {
    /// A point with its place in the order.
    type Placed = (usize, Point);
    struct Column {
        number: f64,
        picks: [Placed; 4],
    }
    fn finish(kept: &mut Vec<Point>, column: Column) {
        let [first, low, high, last] = column.picks;
        let (low, high) = if low.0 > high.0 { (high, low) } else { (low, high) };
        let mut before = None;
        for (place, point) in [first, low, high, last] {
            if before != Some(place) {
                kept.push(point);
            }
            before = Some(place);
        }
    }

    let mut kept = Vec::new();
    let mut current: Option<Column> = None;
    for (place, point) in points.into_iter().enumerate() {
        let number = (point.0 / column_width).floor();
        match &mut current {
            Some(column) if column.number == number => {
                let [_, low, high, last] = &mut column.picks;
                if point.1 < low.1.1 {
                    *low = (place, point);
                }
                if point.1 > high.1.1 {
                    *high = (place, point);
                }
                *last = (place, point);
            }
            _ => {
                let next = Column {
                    number,
                    picks: [(place, point); 4],
                };
                if let Some(column) = current.replace(next) {
                    finish(&mut kept, column);
                }
            }
        }
    }
    if let Some(column) = current {
        finish(&mut kept, column);
    }
    kept
}

/// Cuts a line into dashes. The pattern is the lengths of dash and gap in turn; an empty one leaves the line whole.
pub fn dashed(points: &[Point], pattern: &[f64]) -> Vec<Vec<Point>> {
    let whole: f64 = pattern.iter().sum();
    // A pattern without length would never come to an end.
    if whole < 0.5 || pattern.iter().any(|length| *length <= 0.0) {
        return vec![points.to_vec()];
    }
    let mut lengths = pattern.iter().copied().cycle();
    let mut left = lengths.next().unwrap_or(whole);
    let mut is_dash = true;
    let mut dashes = Vec::new();
    let mut dash: Vec<Point> = points.first().copied().into_iter().collect();
    for (from, to) in points.iter().zip(points.iter().skip(1)) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let at = |way: f64| {
            let share = if length > 0.0 { way / length } else { 0.0 };
            (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
        };
        let mut way = 0.0;
        while length - way > left {
            way += left;
            if is_dash {
                dash.push(at(way));
                dashes.push(std::mem::take(&mut dash));
            } else {
                dash = vec![at(way)];
            }
            is_dash = !is_dash;
            left = lengths.next().unwrap_or(whole);
        }
        left -= length - way;
        if is_dash {
            dash.push(*to);
        }
    }
    if dash.len() > 1 {
        dashes.push(dash);
    }
    dashes
}

/// Diagonals across a rectangle, rising to the right, `spacing` apart along the x axis. They run on from rectangle to
/// rectangle, as if cut out of one sheet.
pub fn hatched(rect: Rect, spacing: f64) -> Vec<[Point; 2]> {
    if rect.width() <= 0.0 || rect.height() <= 0.0 || spacing < 1.0 {
        return Vec::new();
    }
    // On a diagonal x + y is constant.
    let (first, last) = (rect.left + rect.top, rect.right + rect.bottom);
    let mut sum = (first / spacing).ceil() * spacing;
    let mut lines = Vec::new();
    while sum < last {
        let low_left = (sum - rect.bottom).max(rect.left);
        let high_right = (sum - rect.top).min(rect.right);
        if high_right - low_left > 0.5 {
            lines.push([(low_left, sum - low_left), (high_right, sum - high_right)]);
        }
        sum += spacing;
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(items: &str, expected: &str) {
        let values = items
            .chars()
            .enumerate()
            .map(|(bucket, item)| (item != '.').then_some((bucket, ())));
        let is_part = |bucket: usize| items.chars().nth(bucket) == Some('o');
        let shown: Vec<String> = stretches(values, is_part)
            .into_iter()
            .map(|stretch| {
                let buckets = stretch.items.iter().map(|(bucket, ())| bucket.to_string());
                let mark = if stretch.is_part { "~" } else { "-" };
                buckets.collect::<Vec<_>>().join(mark) + if stretch.items.len() == 1 { mark } else { "" }
            })
            .collect();
        assert_eq!(shown.join(" "), expected, "{items}");
    }

    #[test]
    fn lines_break_at_gaps_and_turn_at_open_buckets() {
        check("", "");
        check("...", "");
        check("xxx", "0-1-2");
        check("xx.xx", "0-1 3-4");
        check(".x.", "1-");
        check("xxo", "0-1 1~2");
        check("xo", "0~1");
        check("o", "0~");
        check("xx.o", "0-1 3~");
        check("xxoxx", "0-1 1~2~3 3-4");
    }

    #[test]
    fn dashes_follow_the_line_around_corners() {
        let corner = [(0.0, 0.0), (5.0, 0.0), (5.0, 5.0)];
        let expected = vec![vec![(0.0, 0.0), (4.0, 0.0)], vec![(5.0, 1.0), (5.0, 5.0)]];
        assert_eq!(dashed(&corner, &[4.0, 2.0]), expected);
        assert_eq!(dashed(&corner, &[]), vec![corner.to_vec()]);
        assert_eq!(dashed(&corner, &[0.0, 0.0]), vec![corner.to_vec()]);
    }

    proptest! {
        #[test]
        fn thinning_keeps_the_least_and_the_most_of_every_column(ys in prop::collection::vec(0.0_f64..500.0, 1..2000), width in 1.0_f64..300.0) {
            let step = width / ys.len() as f64;
            let points: Vec<Point> = ys.iter().enumerate().map(|(index, y)| (index as f64 * step, *y)).collect();
            let kept = decimated(points.iter().copied(), 1.0);
            prop_assert!(kept.len() <= 4 * (width.ceil() as usize + 1));
            prop_assert!(kept.windows(2).all(|pair| pair[0].0 < pair[1].0));
            let ends = |points: &[Point], column: f64| {
                let ys = points.iter().filter(|point| point.0.floor() == column).map(|point| point.1);
                ys.fold((f64::MAX, f64::MIN), |(low, high), y| (low.min(y), high.max(y)))
            };
            for column in 0..=width as u32 {
                prop_assert_eq!(ends(&points, f64::from(column)), ends(&kept, f64::from(column)));
            }
            prop_assert_eq!((kept[0], kept[kept.len() - 1]), (points[0], points[points.len() - 1]));
        }

        #[test]
        fn hatching_stays_inside(left in -50.0_f64..50.0, top in -50.0_f64..50.0, width in 0.0_f64..300.0, height in 0.0_f64..300.0) {
            let rect = Rect { left, top, right: left + width, bottom: top + height };
            for (x, y) in hatched(rect, 6.0).into_iter().flatten() {
                prop_assert!(rect.left - 1e-6 <= x && x <= rect.right + 1e-6 && rect.top - 1e-6 <= y && y <= rect.bottom + 1e-6);
            }
        }
    }
}
