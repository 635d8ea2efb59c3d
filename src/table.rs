//! Tables as data: columns, rows of typed cells, sorting. The twin of every chart, and what CSV exports.

use crate::order;
use crate::zone::Day;
use std::cmp::Ordering;

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

impl Table {
    /// Sorts by a column id, `-` in front for descending. Missing cells come last either way; ties keep their order.
    pub fn sort(&mut self, key: &str) {
        let (id, descending) = key.strip_prefix('-').map_or((key, false), |id| (id, true));
        let Some(index) = self.columns.iter().position(|column| column.id == id) else {
            return;
        };
        order::sort_by(&mut self.rows, |a, b| match (a.get(index), b.get(index)) {
            (Some(a), Some(b)) => a.order(b, descending),
            _ => Ordering::Equal,
        });
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

    fn order(&self, other: &Cell, descending: bool) -> Ordering {
        let order = match (self, other) {
            (Cell::Missing(_), Cell::Missing(_)) => return Ordering::Equal,
            (Cell::Missing(_), _) => return Ordering::Greater,
            (_, Cell::Missing(_)) => return Ordering::Less,
            (Cell::Number { value: a, .. }, Cell::Number { value: b, .. }) => a.total_cmp(b),
            (Cell::Day { day: a, .. }, Cell::Day { day: b, .. }) => a.cmp(b),
            (Cell::Text(a), Cell::Text(b)) => a.cmp(b),
            // Words such as "never" among dates or numbers: before the first.
            _ => matches!(other, Cell::Text(_)).cmp(&matches!(self, Cell::Text(_))),
        };
        if descending { order.reverse() } else { order }
    }
}
