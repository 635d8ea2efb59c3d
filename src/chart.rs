//! Charts as data. A [`ChartModel`] says what is drawn; [`draw`] turns it into shapes, which the browser's canvas and
//! [`svg`] only play, so that the page and the golden files of the tests show the same picture.
//!
//! A model has no pixels and no colours in it: those come from the size and the [`theme::Theme`].

use crate::chart::moments::Moments;
use crate::chart::values::Values;
use crate::format;
use crate::locale::Locale;
use crate::period::{DateRange, Interval};

pub mod dates;
pub mod draw;
pub mod grid;
pub mod hit;
pub mod label;
pub mod later;
pub mod layout;
pub mod measure;
pub mod moments;
pub mod multiples;
pub mod path;
pub mod pattern;
pub mod scale;
pub mod stack;
pub mod summary;
pub mod svg;
pub mod theme;
pub mod thin;
pub mod ticks;
pub mod time;
pub mod values;

/// What is drawn.
#[derive(Clone, Debug, PartialEq)]
pub struct ChartModel {
    /// How the values are drawn.
    pub kind: Kind,
    /// The buckets of the x axis, in order.
    pub buckets: Vec<Bucket>,
    /// How wide a bucket is meant to be; decides the words of the ticks.
    pub interval: Interval,
    /// What the values count; decides the steps and the words of the y axis.
    pub unit: Unit,
    /// The series; drawn and stacked in this order, the first at the bottom.
    pub series: Vec<Series>,
    /// Horizontal lines.
    pub references: Vec<Reference>,
    /// Language of the labels.
    pub locale: Locale,
}

/// How values are drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// One line a series.
    Line,
    /// A line with its area down to zero.
    Area,
    /// Areas on top of each other; for exclusive parts of one whole only.
    StackedArea,
    /// Bars from zero, side by side.
    Bars,
    /// Bars on top of each other; for exclusive parts of one whole only.
    StackedBars,
    /// A line through samples at moments of their own instead of buckets, as many as values.
    Samples(Moments),
    /// A small line without axes or words, for tiles and table rows.
    Sparkline,
    /// A small area chart a series.
    Multiples(Axes),
    /// Horizontal bars in the order of the rows, from the first series; one of [`Role::Context`] adds a mark each.
    Ranked(Vec<Row>),
    /// Bars from the first to the last series, usually p50 to p95, on a logarithmic axis.
    Ranges {
        /// What each bar is about.
        rows: Vec<Row>,
        /// Named parts of the axis, ascending.
        bands: Vec<Band>,
    },
    /// A cell a day, in columns of weeks, from the first series.
    HeatMap,
    /// A cell for every series and column, with its value written in it: cohorts and their age.
    Cohorts {
        /// The columns.
        columns: Vec<String>,
        /// What is written in the cells of each series in place of the value; may be empty.
        words: Vec<Vec<String>>,
    },
}

/// Which values the axes of small multiples reach to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// All to the same, so that heights compare.
    Same,
    /// Each to its own, so that small ones have a shape.
    Own,
}

impl Kind {
    /// Whether the first page has charts like these: over time, each by itself.
    fn is_on_first_page(&self) -> bool {
        matches!(
            self,
            Kind::Line | Kind::Area | Kind::StackedArea | Kind::Bars | Kind::StackedBars | Kind::Samples(_)
        )
    }
}

/// One row of a chart of things instead of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its colour, the same as where the thing is a series.
    pub role: Role,
}

/// A part of a value axis that has a name, such as "slow".
#[derive(Clone, Debug, PartialEq)]
pub struct Band {
    /// The name.
    pub name: String,
    /// Where it ends; the last one has no end.
    pub below: Option<f64>,
}

/// What values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Unit {
    /// Whole things: people, accounts. Never a tick at 0.5.
    #[default]
    Count,
    /// Any number.
    Number,
    /// Parts of 1, written as a percentage.
    Share,
    /// Seconds, written as hours and minutes.
    Seconds,
    /// Milliseconds.
    Milliseconds,
}

/// One bucket of the x axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// Its days.
    pub days: DateRange,
    /// Still running: drawn dashed, "so far".
    pub is_open: bool,
    /// Over, but with fewer days than it is meant to have, as the range begins or ends inside: drawn dashed, too.
    pub is_cut: bool,
    /// Nothing was collected here: hatched. Different from a collected 0.
    pub is_uncollected: bool,
}

impl Bucket {
    /// A bucket that is whole, over and collected.
    pub fn of(days: DateRange) -> Bucket {
        Bucket {
            days,
            is_open: false,
            is_cut: false,
            is_uncollected: false,
        }
    }

    /// Whether its figures are not those of a whole bucket, and are less than its neighbours' for that alone.
    pub fn is_part(&self) -> bool {
        self.is_open || self.is_cut
    }
}

/// One series; as many values as the model has buckets.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    /// Name in legend and table.
    pub name: String,
    /// Which colour and which marker it has, wherever it is shown.
    pub role: Role,
    /// A value per bucket; a missing one breaks the line.
    pub values: Values,
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
    /// Context: the period before, totals behind. Drawn quietly, without fill and marker, never stacked, never first.
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

impl ChartModel {
    /// Values further from zero are drawn here: from about this size on a float is no longer exact.
    pub const LIMIT: f64 = 1e15;

    /// A chart of counted things, without any yet.
    pub fn new(kind: Kind, interval: Interval, locale: &Locale) -> ChartModel {
        ChartModel {
            kind,
            buckets: Vec::new(),
            interval,
            unit: Unit::Count,
            series: Vec::new(),
            references: Vec::new(),
            locale: locale.clone(),
        }
    }

    /// How many places a series has values for: buckets, samples, rows or columns.
    pub fn len(&self) -> usize {
        match &self.kind {
            Kind::Samples(moments) => moments.len(),
            Kind::Ranked(rows) | Kind::Ranges { rows, .. } => rows.len(),
            Kind::Cohorts { columns, .. } => columns.len(),
            _ => self.buckets.len(),
        }
    }

    /// Whether there is no place to draw anything at.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether every cell of a series and a place can be pointed at by itself.
    pub fn is_grid(&self) -> bool {
        matches!(self.kind, Kind::Cohorts { .. })
    }

    /// The name of a place in full: of a bucket, a row or a column.
    pub fn place_text(&self, index: usize) -> String {
        match &self.kind {
            Kind::Ranked(rows) | Kind::Ranges { rows, .. } => rows.get(index).map(|row| row.name.clone()),
            Kind::Cohorts { columns, .. } => columns.get(index).cloned(),
            Kind::Samples(moments) => moments.get(index).map(|moment| format::moment(&self.locale, moment)),
            _ => self.buckets.get(index).map(|bucket| self.bucket_text(bucket)),
        }
        .unwrap_or_default()
    }

    /// The value that is drawn for a series at a place: none where nothing was collected.
    pub fn value(&self, series: &Series, index: usize) -> Option<f64> {
        let is_uncollected = self.buckets.get(index).is_some_and(|bucket| bucket.is_uncollected);
        let is_drawn = index < self.len() && !is_uncollected;
        series.values.get(index).filter(|_| is_drawn)
    }

    /// The name of a bucket in full, for tooltips, tables and captions: "Fri, 20 Nov", "16–22 Nov 2026", "Nov 2026".
    pub fn bucket_text(&self, bucket: &Bucket) -> String {
        let DateRange { first, last } = bucket.days;
        match self.interval {
            Interval::Day if first == last => format::weekday_day(&self.locale, first),
            Interval::Month if bucket.days.days() == self.interval.whole_days(bucket.days) => {
                format::month(&self.locale, first)
            }
            Interval::Year if bucket.days.days() == self.interval.whole_days(bucket.days) => {
                format::year(&self.locale, first)
            }
            _ => format::span(&self.locale, bucket.days),
        }
    }
}

impl Reference {
    /// Where its line is drawn; none for a value that is not a number.
    pub fn drawn_value(&self) -> Option<f64> {
        self.value
            .is_finite()
            .then_some(self.value.clamp(-ChartModel::LIMIT, ChartModel::LIMIT))
    }
}

impl Unit {
    /// A value in full, for tooltips, tables and captions.
    pub fn text(self, locale: &Locale, value: f64) -> String {
        match self {
            Unit::Count => format::decimal(locale, value, 1),
            Unit::Number => format::decimal(locale, value, 2),
            Unit::Share => format::percent(locale, value),
            Unit::Seconds => format::duration(locale, value),
            Unit::Milliseconds => format::milliseconds(locale, value),
        }
    }
}
