//! Charts as data. A [`ChartModel`] says what is drawn; [`draw`] draws it on any plotters backend, so that the
//! browser's canvas and the golden SVG files of the tests show the same picture.
//!
//! A model has no pixels and no colours in it: those come from the size and the [`theme::Theme`].

use crate::locale::Locale;
use crate::period::{DateRange, Interval};

pub mod draw;
pub mod scale;
pub mod theme;
pub mod ticks;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartModel {
    /// How the values are drawn.
    pub kind: Kind,
    /// The buckets of the x axis, in order.
    pub buckets: Vec<Bucket>,
    /// How wide a bucket is meant to be; decides the words of the ticks.
    pub interval: Interval,
    /// The series; drawn and stacked in this order, the first at the bottom.
    pub series: Vec<Series>,
    /// Horizontal lines.
    pub references: Vec<Reference>,
    /// Language of the labels.
    pub locale: Locale,
}

/// How values are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line a series.
    Line,
    /// A line with its area down to zero.
    Area,
    /// Areas on top of each other; for exclusive parts of one whole only.
    StackedArea,
    /// Bars from zero, side by side.
    Bars,
}

/// One bucket of the x axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its days.
    pub days: DateRange,
    /// Still running: drawn dashed, "so far".
    pub is_open: bool,
    /// Nothing was collected here: hatched. Different from a collected 0.
    pub is_uncollected: bool,
}

/// One series; as many values as the model has buckets.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name in legend and table.
    pub name: String,
    /// Which colour and which marker it has, wherever it is shown.
    pub role: Role,
    /// A value per bucket; `None` breaks the line.
    pub values: Vec<Option<f64>>,
}

/// Which thing a series stands for: the same thing has the same colour, dash and marker in every chart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// People who were active; accounts in status active.
    Active,
    /// Dormant accounts.
    Dormant,
    /// Suspended accounts.
    Suspended,
    /// Anything else, by its place in a stable list.
    Other(u8),
    /// Context: the period before, totals behind.
    Context,
}

/// A horizontal line with a word at it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The word, for example "Seat limit 800".
    pub label: String,
    /// Where.
    pub value: f64,
}
