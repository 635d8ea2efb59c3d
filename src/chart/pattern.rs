//! Patterns that say by shape what a fill says by colour: diagonals and dots, cut to the shape of a band. Geometry only.

use crate::chart::path::Point;

/// What is drawn over a fill.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Nothing.
    Plain,
    /// Diagonals that rise to the right.
    Rising,
    /// Diagonals that fall to the right.
    Falling,
    /// Dots.
    Dots,
    /// Diagonals in both directions.
    Crossed,
}

/// One place of a band: its upper and its lower edge at an x. Between two places the edges are straight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slice {
    /// Where.
    pub x: f64,
    /// Upper edge on screen.
    pub top: f64,
    /// Lower edge on screen; not above `top`.
    pub bottom: f64,
}

/// From diagonal to diagonal along the x axis, in CSS pixels.
const SPACING: f64 = 8.0;
/// From dot to dot.
const DOTS: f64 = 7.0;

impl Pattern {
    /// Its lines within a band whose slices are sorted by x. Lines of neighbouring bands meet, as if cut out of one
    /// sheet.
    pub fn lines(self, band: &[Slice]) -> Vec<[Point; 2]> {
        match self {
            Pattern::Plain | Pattern::Dots => Vec::new(),
            Pattern::Rising => diagonals(band, -1.0, SPACING),
            Pattern::Falling => diagonals(band, 1.0, SPACING),
            Pattern::Crossed => {
                let mut lines = diagonals(band, -1.0, SPACING);
                lines.extend(diagonals(band, 1.0, SPACING));
                lines
            }
        }
    }

    /// The middles of its dots within a band.
    pub fn dots(self, band: &[Slice]) -> Vec<Point> {
        let (Pattern::Dots, Some(first), Some(last)) = (self, band.first(), band.last()) else {
            return Vec::new();
        };
        let mut dots = Vec::new();
        let mut pairs = band.iter().zip(band.iter().skip(1)).peekable();
        let mut column = (first.x / DOTS).ceil();
        while column * DOTS <= last.x {
            let x = column * DOTS;
            while pairs.peek().is_some_and(|(_, right)| right.x < x) {
                pairs.next();
            }
            let Some((left, right)) = pairs.peek() else {
                break;
            };
            let share = (x - left.x) / (right.x - left.x).max(1e-9);
            let top = left.top + share * (right.top - left.top);
            let bottom = left.bottom + share * (right.bottom - left.bottom);
            // Every second column is moved by half a step.
            let shift = if column.rem_euclid(2.0) < 0.5 { 0.0 } else { DOTS / 2.0 };
            let mut row = ((top + 2.0 - shift) / DOTS).ceil();
            while row * DOTS + shift <= bottom - 2.0 {
                dots.push((x, row * DOTS + shift));
                row += 1.0;
            }
            column += 1.0;
        }
        dots
    }
}

/// Lines y = slope · x + c through a band, for a slope of 1 or −1 and c every `spacing`.
fn diagonals(band: &[Slice], slope: f64, spacing: f64) -> Vec<[Point; 2]> {
    let constant = |x: f64, y: f64| y - slope * x;
    let corners = || {
        band.iter()
            .flat_map(|slice| [constant(slice.x, slice.top), constant(slice.x, slice.bottom)])
    };
    let least = corners().fold(f64::MAX, f64::min);
    let most = corners().fold(f64::MIN, f64::max);
    let mut lines: Vec<[Point; 2]> = Vec::new();
    if band.len() < 2 || most - least > 1e6 {
        return lines;
    }
    let mut c = (least / spacing).ceil() * spacing;
    while c < most {
        let mut run: Option<(f64, f64)> = None;
        for (left, right) in band.iter().zip(band.iter().skip(1)) {
            let Some((from, to)) = inside(left, right, slope, c) else {
                continue;
            };
            run = match run {
                Some((start, end)) if from - end < 1e-6 => Some((start, to)),
                done => {
                    lines.extend(done.and_then(|run| line(run, slope, c)));
                    Some((from, to))
                }
            };
        }
        lines.extend(run.and_then(|run| line(run, slope, c)));
        c += spacing;
    }
    lines
}

/// From where to where along x a line lies between the edges of one piece of a band.
fn inside(left: &Slice, right: &Slice, slope: f64, c: f64) -> Option<(f64, f64)> {
    let (mut from, mut to) = (0.0_f64, 1.0_f64);
    let line = |x: f64| slope * x + c;
    // How far below the upper and above the lower edge, at both ends; in between it changes evenly.
    for (at_left, at_right) in [
        (line(left.x) - left.top, line(right.x) - right.top),
        (left.bottom - line(left.x), right.bottom - line(right.x)),
    ] {
        if at_left < 0.0 && at_right < 0.0 {
            return None;
        }
        let crossing = at_left / (at_left - at_right);
        if at_left < 0.0 {
            from = from.max(crossing);
        } else if at_right < 0.0 {
            to = to.min(crossing);
        }
    }
    let x = |share: f64| left.x + share * (right.x - left.x);
    (from < to).then_some((x(from), x(to)))
}

fn line((from, to): (f64, f64), slope: f64, c: f64) -> Option<[Point; 2]> {
    (to - from > 0.75).then_some([(from, slope * from + c), (to, slope * to + c)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn edges(band: &[Slice], x: f64) -> (f64, f64) {
        let right = band
            .iter()
            .position(|slice| slice.x >= x)
            .unwrap_or(band.len() - 1)
            .max(1);
        let (a, b) = (band[right - 1], band[right]);
        let share = ((x - a.x) / (b.x - a.x)).clamp(0.0, 1.0);
        (
            a.top + share * (b.top - a.top),
            a.bottom + share * (b.bottom - a.bottom),
        )
    }

    proptest! {
        #[test]
        fn patterns_stay_inside_their_band(rows in prop::collection::vec((0.0_f64..200.0, 0.0_f64..200.0), 2..40), step in 0.5_f64..40.0) {
            let band: Vec<Slice> = rows.iter().enumerate().map(|(index, (a, b))| Slice { x: 30.0 + index as f64 * step, top: a.min(*b), bottom: a.max(*b) }).collect();
            for pattern in [Pattern::Rising, Pattern::Falling, Pattern::Crossed, Pattern::Dots] {
                for line in pattern.lines(&band) {
                    let middle = ((line[0].0 + line[1].0) / 2.0, (line[0].1 + line[1].1) / 2.0);
                    for (x, y) in [line[0], middle, line[1]] {
                        let (top, bottom) = edges(&band, x);
                        prop_assert!(top - 1e-6 <= y && y <= bottom + 1e-6, "{y} in {top} to {bottom}");
                    }
                }
                for (x, y) in pattern.dots(&band) {
                    let (top, bottom) = edges(&band, x);
                    prop_assert!(top <= y && y <= bottom);
                }
            }
        }
    }

    #[test]
    fn a_plain_band_has_no_pattern() {
        let band = [(0.0, 0.0), (50.0, 0.0)].map(|(x, top)| Slice { x, top, bottom: 50.0 });
        assert!(Pattern::Plain.lines(&band).is_empty() && Pattern::Plain.dots(&band).is_empty());
        assert!(Pattern::Rising.lines(&band).len() > 5 && Pattern::Dots.dots(&band).len() > 20);
        assert!(Pattern::Rising.lines(&[]).is_empty() && Pattern::Dots.dots(&band[..1]).is_empty());
    }
}
