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
    /// What its cells are, by which rules know them. Columns about several things may have the same.
    pub id: &'static str,
    /// The thing that it is about, where others of the table have its id, too; else empty.
    pub of: String,
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
        column(id, title.into(), false)
    }

    /// A column of numbers.
    pub fn number(id: &'static str, title: impl Into<String>) -> Column {
        column(id, title.into(), true)
    }

    /// The same about one of several things.
    pub fn about(self, thing: impl Into<String>) -> Column {
        Column {
            of: thing.into(),
            ..self
        }
    }

    /// What no other column of its table has: for the URL's `sort`, and where columns are hidden.
    pub fn key(&self) -> String {
        let separator = if self.of.is_empty() { "" } else { ":" };
        [self.id, separator, &self.of].concat()
    }

    /// Whether its cells are names of people.
    pub fn is_of_people(&self) -> bool {
        matches!(self.id, "name" | "user" | "person" | "member")
    }
}

/// In one place, whatever its title is made of.
#[inline(never)]
fn column(id: &'static str, title: String, is_number: bool) -> Column {
    Column {
        id,
        of: String::new(),
        title,
        is_number,
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
