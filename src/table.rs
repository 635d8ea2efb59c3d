//! Tables as data: columns and rows of typed cells. The twin of every chart, and what CSV exports.

use crate::zone::Day;

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

impl Cell {
    /// As shown, or the reason why nothing is.
    pub fn words(&self) -> &str {
        match self {
            Cell::Text(text)
            | Cell::Number { shown: text, .. }
            | Cell::Day { shown: text, .. }
            | Cell::Missing(text) => text,
        }
    }
}
