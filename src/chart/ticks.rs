//! Places on the axes with their words, and which values are written on the y axis: round numbers, a handful at most.
//! The dates of the x axis are in [`crate::chart::dates`].

use crate::chart::measure::text_width;
use crate::chart::scale::ValueScale;
use crate::chart::{ChartModel, Unit};
use crate::format;
use crate::locale::Locale;

/// A place on an axis with its label.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    /// Where the tick is: x on the x axis, y on the y axis.
    pub at: f64,
    /// Where the label is anchored on the same axis; differs from `at` only next to the ends of the x axis.
    pub label_at: f64,
    /// Which end of the label is there. On the x axis only: labels of the y axis end at the plot.
    pub anchor: Anchor,
    /// The words; empty for a grid line without label.
    pub label: String,
}

/// Which point of a label is placed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// Its left end.
    Start,
    /// Its middle.
    Middle,
    /// Its right end.
    End,
}

impl Tick {
    /// A tick whose label is moved inwards where it would leave a chart of a width; none where it does not fit at all.
    pub fn anchored(at: f64, label: String, width: f64) -> Option<Tick> {
        /// Some letters reach beyond the room that they take.
        const AIR: f64 = 2.0;
        let half = text_width(&label) / 2.0;
        let (first, last) = (AIR, width - AIR);
        let (anchor, label_at) = if at - half < first {
            (Anchor::Start, first)
        } else if at + half > last {
            (Anchor::End, last)
        } else {
            (Anchor::Middle, at)
        };
        (half * 2.0 <= last - first).then_some(Tick {
            at,
            label_at,
            anchor,
            label,
        })
    }

    /// Left and right end of the label on the x axis.
    pub fn label_span(&self) -> (f64, f64) {
        let width = text_width(&self.label);
        let left = match self.anchor {
            Anchor::Start => self.label_at,
            Anchor::Middle => self.label_at - width / 2.0,
            Anchor::End => self.label_at - width,
        };
        (left, left + width)
    }
}

/// Ticks at whole multiples of a round step, from at or below the least value to at or above the most.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueAxis {
    /// What the values are.
    pub unit: Unit,
    /// From tick to tick.
    pub step: f64,
    /// The lowest tick in steps; 0 or negative.
    pub below: i32,
    /// The highest tick in steps; at least 1.
    pub above: i32,
}

/// The axis for values between `least` (at most 0) and `most` (at least 0), in at most `steps` steps (2 to 5; one more
/// where values lie on both sides of zero).
pub fn value_axis(unit: Unit, least: f64, most: f64, steps: usize) -> ValueAxis {
    let limit = 100.0 * ChartModel::LIMIT;
    let (least, most) = (least.clamp(-limit, 0.0), most.clamp(0.0, limit));
    if most - least < 1e-6 {
        return ValueAxis {
            unit,
            step: unit_step(unit),
            below: 0,
            above: 1,
        };
    }
    let most_steps = steps.clamp(2, 5) as i32 + i32::from(least < 0.0 && most > 0.0);
    let mut step = round_step(unit, (most - least) / f64::from(most_steps));
    loop {
        // The tolerance keeps 0.3 / 0.1 from needing a fourth step.
        let below = (least / step + 1e-9).floor() as i32;
        let above = (most / step - 1e-9).ceil() as i32;
        if above - below <= most_steps {
            return ValueAxis {
                unit,
                step,
                below,
                above: above.max(i32::from(below == 0)),
            };
        }
        step = round_step(unit, step * 1.5);
    }
}

impl ValueAxis {
    /// The lowest tick.
    pub fn low(&self) -> f64 {
        f64::from(self.below) * self.step
    }

    /// The highest tick.
    pub fn high(&self) -> f64 {
        f64::from(self.above) * self.step
    }

    /// Its ticks on screen, from the lowest value up. What hangs from zero is a number of things, too: it has no sign.
    pub fn ticks(&self, locale: &Locale, scale: &ValueScale, hangs: bool) -> Vec<Tick> {
        let values = (self.below..=self.above).map(|index| f64::from(index) * self.step);
        let tick = |value| {
            let at = scale.screen_from_value(value);
            Tick {
                at,
                label_at: at,
                anchor: Anchor::End,
                label: self.label(locale, if hangs { value.abs() } else { value }),
            }
        };
        values.map(tick).collect()
    }

    fn label(&self, locale: &Locale, value: f64) -> String {
        // As many digits as the step has, so that neighbours never read alike.
        let fraction = |step: f64| (-step.log10().floor()).clamp(0.0, 6.0) as u32;
        match self.unit {
            Unit::Seconds | Unit::Milliseconds if value == 0.0 => format::decimal(locale, value, 0),
            Unit::Count | Unit::Number if self.high().max(-self.low()) >= 10_000.0 => format::compact(locale, value),
            Unit::Count | Unit::Number => format::decimal(locale, value, fraction(self.step)),
            Unit::Share => {
                let (before, after) = &locale.percent;
                format!(
                    "{before}{}{after}",
                    format::decimal(locale, value * 100.0, fraction(self.step * 100.0))
                )
            }
            Unit::Seconds => format::duration(locale, value),
            Unit::Milliseconds => format::milliseconds(locale, value),
        }
    }
}

/// The nearest of 1, 2 and 5 times a power of ten at or below a value, or at or above it.
pub fn log_step(value: f64, is_above: bool) -> f64 {
    let value = value.clamp(1e-6, ChartModel::LIMIT);
    let above = decimal_step(value);
    if is_above || above <= value * (1.0 + 1e-9) {
        above
    } else {
        // Between two steps the lower is a half, or four tenths, of the upper.
        let power = 10_f64.powf(above.log10().floor());
        let lead = (above / power).round();
        if lead > 4.0 { above * 0.4 } else { above * 0.5 }
    }
}

/// Ticks of a logarithmic axis: 1, 2, 5, 10 and so on, or powers of ten only where the others find no room.
pub fn log_ticks(scale: &ValueScale, width: f64, text: impl Fn(f64) -> String) -> Vec<Tick> {
    for leads in [&[1.0, 2.0, 5.0][..], &[1.0]] {
        let mut ticks: Vec<Tick> = Vec::new();
        let mut is_roomy = true;
        let powers = scale.low.log10().floor() as i32..=scale.high.log10().ceil() as i32;
        let values = powers.flat_map(|power| leads.iter().map(move |lead| lead * 10_f64.powi(power)));
        for value in values.filter(|value| scale.low * 0.999 <= *value && *value <= scale.high * 1.001) {
            let Some(tick) = Tick::anchored(scale.screen_from_value(value), text(value), width) else {
                continue;
            };
            let gap = ticks
                .last()
                .map_or(f64::MAX, |before| tick.label_span().0 - before.label_span().1);
            is_roomy &= gap > 12.0;
            if gap > 12.0 {
                ticks.push(tick);
            }
        }
        if is_roomy || leads.len() == 1 {
            return ticks;
        }
    }
    Vec::new()
}

/// The step of an axis on which nothing is drawn.
fn unit_step(unit: Unit) -> f64 {
    match unit {
        Unit::Count | Unit::Number | Unit::Share => 1.0,
        Unit::Seconds => 3600.0,
        Unit::Milliseconds => 100.0,
    }
}

/// The smallest round step that is at least this.
fn round_step(unit: Unit, least: f64) -> f64 {
    const CLOCK: [f64; 12] = [
        1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1800.0,
    ];
    let least = least * (1.0 - 1e-9);
    match unit {
        Unit::Count => decimal_step(least.max(1.0)),
        Unit::Number | Unit::Share => decimal_step(least),
        Unit::Milliseconds => decimal_step(least.max(0.1)),
        Unit::Seconds => {
            let on_the_clock = CLOCK.into_iter().find(|step| *step >= least);
            on_the_clock.unwrap_or_else(|| 3600.0 * decimal_step((least / 3600.0).max(1.0)))
        }
    }
}

/// 1, 2 or 5 times a power of ten.
fn decimal_step(least: f64) -> f64 {
    let power = least.log10().floor() as i32;
    // Dividing by 10 and 100 is exact where multiplying with 0.1 and 0.01 is not.
    let times = |factor: f64| {
        if power < 0 {
            factor / 10_f64.powi(-power)
        } else {
            factor * 10_f64.powi(power)
        }
    };
    [1.0, 2.0, 5.0]
        .map(times)
        .into_iter()
        .find(|step| *step >= least * (1.0 - 1e-9))
        .unwrap_or_else(|| times(10.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(unit: Unit, least: f64, most: f64) -> Vec<String> {
        let axis = value_axis(unit, least, most, 5);
        let scale = ValueScale {
            low: axis.low(),
            high: axis.high(),
            low_at: 100.0,
            high_at: 0.0,
            is_log: false,
        };
        axis.ticks(&Locale::english(), &scale, false)
            .into_iter()
            .map(|tick| tick.label)
            .collect()
    }

    #[test]
    fn values_are_written_at_round_steps() {
        for (unit, least, most, expected) in [
            (Unit::Count, 0.0, 0.0, "0 1"),
            (Unit::Count, 0.0, 1.0, "0 1"),
            (Unit::Count, 0.0, 2.0, "0 1 2"),
            (Unit::Count, 0.0, 412.0, "0 100 200 300 400 500"),
            (Unit::Count, 0.0, 800.0, "0 200 400 600 800"),
            (Unit::Count, 0.0, 4_100.0, "0 1,000 2,000 3,000 4,000 5,000"),
            (Unit::Count, 0.0, 48_000.0, "0 10K 20K 30K 40K 50K"),
            (Unit::Count, -30.0, 55.0, "−40 −20 0 20 40 60"),
            (Unit::Count, -30.0, 0.0, "−30 −20 −10 0"),
            (Unit::Number, 0.0, 0.3, "0 0.1 0.2 0.3"),
            (Unit::Share, 0.0, 0.93, "0% 20% 40% 60% 80% 100%"),
            (Unit::Share, 0.0, 0.004, "0% 0.1% 0.2% 0.3% 0.4%"),
            (Unit::Seconds, 0.0, 70_000.0, "0|5 h|10 h|15 h|20 h"),
            (Unit::Seconds, 0.0, 6_000.0, "0|30 m|1 h|1 h 30 m|2 h"),
            (Unit::Milliseconds, 0.0, 430.0, "0|100 ms|200 ms|300 ms|400 ms|500 ms"),
        ] {
            let between = if expected.contains('|') { "|" } else { " " };
            assert_eq!(labels(unit, least, most).join(between), expected, "{least} to {most}");
        }
    }
}
