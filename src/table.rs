//! Tables as data: columns and rows of typed cells. The twin of every chart, and what CSV exports.

use crate::zone::Day;
use std::sync::Arc;

/// One table. Every row has as many cells as there are columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Shown above it, and its accessible name.
    pub caption: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Vec<Cell>>,
}

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Id, used in the URL's `sort` and as CSV header where units matter.
    pub id: &'static str,
    /// Heading, with its unit.
    pub title: String,
    /// Whether its cells are numbers: set right, tabular figures.
    pub is_number: bool,
}

/// One cell: what is shown, and the exact value behind it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// Words that somebody chose from pictured options, or that are an address.
    Value {
        /// As shown.
        text: String,
        /// A picture of it on the page's own origin, for decoration; empty for none.
        icon: String,
        /// An address on another server that may be opened; empty for none.
        href: String,
    },
    /// A number in base units (seconds, milliseconds for latency, counts) and how it is shown.
    Number {
        /// Exact value.
        value: f64,
        /// As shown.
        shown: String,
    },
    /// A span of time that starts on a day.
    Day {
        /// The day, for `datetime` and sorting.
        day: Day,
        /// As shown.
        shown: String,
    },
    /// Figures over time, drawn as a small line.
    Trend {
        /// Exact values in order.
        values: Arc<[Option<f64>]>,
        /// What the line shows, in words.
        shown: String,
    },
    /// Nothing, and why. Never 0.
    Missing(String),
}

impl Column {
    /// A column of words or dates.
    pub fn text(id: &'static str, title: impl Into<String>) -> Column {
        Column {
            id,
            title: title.into(),
            is_number: false,
        }
    }

    /// A column of numbers.
    pub fn number(id: &'static str, title: impl Into<String>) -> Column {
        Column {
            id,
            title: title.into(),
            is_number: true,
        }
    }
}

impl Column {
    /// Whether its cells are names of people.
    pub fn is_of_people(&self) -> bool {
        matches!(self.id, "name" | "user" | "person" | "member")
    }
}

impl Cell {
    /// As shown, or the reason why nothing is.
    pub fn words(&self) -> &str {
        match self {
            Cell::Text(text)
            | Cell::Value { text, .. }
            | Cell::Number { shown: text, .. }
            | Cell::Day { shown: text, .. }
            | Cell::Trend { shown: text, .. }
            | Cell::Missing(text) => text,
        }
    }
}

/// The line of a [`Cell::Trend`] as the path of a drawing 1000 wide and 100 high: from zero at the bottom to the row's
/// own highest value at the top. Where a value is missing it breaks; a value alone is a dot.
pub fn line(values: &[Option<f64>]) -> String {
    let highest = values
        .iter()
        .flatten()
        .fold(f64::MIN_POSITIVE, |most, value| value.max(most));
    let step = 1000.0 / values.len().saturating_sub(1).max(1) as f64;
    let mut path = String::new();
    let mut is_drawing = false;
    for (place, value) in values.iter().enumerate() {
        if let Some(value) = value {
            let (x, y) = (place as f64 * step, 100.0 - value / highest * 100.0);
            let (x, y) = (x.round() as i32, y.round() as i32);
            // Going nowhere first makes a dot of a value alone.
            path += &if is_drawing {
                format!("L{x} {y}")
            } else {
                format!("M{x} {y}h0")
            };
        }
        is_drawing = value.is_some();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn lines_break_where_values_are_missing() {
        for (values, path) in [
            (&[][..], ""),
            (&[None, None], ""),
            (&[Some(3.0)], "M0 0h0"),
            (&[Some(0.0), Some(0.0)], "M0 100h0L1000 100"),
            (&[Some(1.0), Some(4.0), Some(2.0)], "M0 75h0L500 0L1000 50"),
            (&[Some(2.0), None, Some(2.0), Some(1.0), None], "M0 0h0M500 0h0L750 50"),
        ] {
            assert_eq!(line(values), path, "{values:?}");
        }
    }
}
