//! An interval of a person's own, in the words of Coder v1: a number, a space, a unit. The other sources know no such
//! intervals, and no address names one.

use std::fmt;

/// For example `2 week`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Own {
    count: u16,
    /// Place among the units.
    unit: u8,
}

/// Units, and so many hours they have at least.
const UNITS: [(&str, u32); 5] = [
    ("hour", 1),
    ("day", 24),
    ("week", 7 * 24),
    ("month", 28 * 24),
    ("year", 365 * 24),
];

impl Own {
    /// What a person typed: `2 week`, `2 Weeks`, `2weeks`, `week`.
    pub fn parse(text: &str) -> Option<Own> {
        let text = text.trim();
        let unit = text.trim_start_matches(|letter: char| letter.is_ascii_digit());
        let count = text.strip_suffix(unit)?;
        let count = if count.is_empty() { 1 } else { count.parse().ok()? };
        let unit = unit.trim_start().to_ascii_lowercase();
        let unit = unit.strip_suffix('s').unwrap_or(&unit);
        let place = UNITS.iter().position(|(word, _)| *word == unit)?;
        (1..1000).contains(&count).then_some(Own {
            count,
            unit: place as u8,
        })
    }

    /// At most so many of them are in so many days.
    pub fn most_in(self, days: u32) -> u32 {
        (24 * days).div_ceil(self.hours())
    }

    /// It has so many hours at least.
    pub fn hours(self) -> u32 {
        u32::from(self.count) * self.of().1
    }

    fn of(self) -> (&'static str, u32) {
        UNITS.get(usize::from(self.unit)).copied().unwrap_or(("day", 24))
    }
}

impl fmt::Display for Own {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "{} {}", self.count, self.of().0)
    }
}

#[cfg(test)]
mod tests {
    use super::Own;

    #[test]
    fn words_of_people_become_words_of_the_api() {
        for (typed, asked) in [
            ("2 week", "2 week"),
            (" 2 Weeks ", "2 week"),
            ("90days", "90 day"),
            ("month", "1 month"),
            ("6  hours", "6 hour"),
            ("999 year", "999 year"),
        ] {
            assert_eq!(
                Own::parse(typed).map(|own| own.to_string()).as_deref(),
                Some(asked),
                "{typed}"
            );
        }
        for typed in [
            "",
            "2",
            "0 day",
            "1000 day",
            "-1 day",
            "1.5 day",
            "2 fortnights",
            "1 day 2 hours",
            "99999999999 day",
            "day day",
        ] {
            assert_eq!(Own::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn they_are_counted_before_they_are_asked_for() {
        let most = |typed: &str, days| Own::parse(typed).unwrap().most_in(days);
        assert_eq!(
            (
                most("1 hour", 7),
                most("2 week", 28),
                most("1 month", 28),
                most("5 day", 28)
            ),
            (168, 2, 1, 6)
        );
    }
}
