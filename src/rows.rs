//! Rows that may be many: looked at one by one, formatted only where somebody looks, and searched, sorted and chosen by
//! their places. Nothing is moved or copied for that: an arrangement is a list of places.

use crate::order;
use crate::table::{Cell, Column, Table};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// What a list shows, row by row. Rows and columns are named by their places.
pub trait Rows: Send + Sync {
    /// Its columns.
    fn columns(&self) -> &[Column];

    /// How many rows there are.
    fn count(&self) -> usize;

    /// One cell, formatted.
    fn cell(&self, row: usize, column: usize) -> Cell;

    /// What a cell is sorted by.
    fn key(&self, row: usize, column: usize) -> Key<'_>;

    /// The same of one column, row by row, for where all of them are asked for.
    fn keys(&self, column: usize) -> Keys<'_> {
        Box::new(move |row| self.key(row, column))
    }

    /// Adds the words by which a row is found. None are added where rows are not searched.
    fn words(&self, _row: usize, _add: &mut dyn FnMut(&str)) {}

    /// Id of the person that a row is about, where it has a page.
    fn person(&self, _row: usize) -> Option<Cow<'_, str>> {
        None
    }

    /// What a row is called, one and many, where rows are things one looks for: "person", "people".
    fn noun(&self) -> Option<[&'static str; 2]> {
        None
    }

    /// Ways to choose rows: in each, one choice holds at a time, and the first means all.
    fn choices(&self) -> &[Choices] {
        &[]
    }

    /// Whether a row belongs to a choice.
    fn is_chosen(&self, _row: usize, _choices: usize, _choice: usize) -> bool {
        true
    }
}

/// One way to choose rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choices {
    /// What is chosen by.
    pub label: &'static str,
    /// The names of the choices.
    pub names: &'static [&'static str],
}

/// What a cell is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub enum Key<'a> {
    /// Words; large and small letters are the same.
    Text(Cow<'a, str>),
    /// A number.
    Number(f64),
    /// Nothing: always last.
    Missing,
}

/// What the cells of a column are sorted by, by their rows.
pub type Keys<'a> = Box<dyn Fn(usize) -> Key<'a> + 'a>;

/// Rows, with what was once computed of them.
pub struct List {
    rows: Box<dyn Rows>,
    words: OnceLock<Words>,
}

/// The words of all rows in small letters, in one text.
struct Words {
    text: String,
    /// Where each row ends.
    ends: Vec<usize>,
}

impl List {
    /// A list of these rows.
    pub fn new(rows: impl Rows + 'static) -> List {
        List {
            rows: Box::new(rows),
            words: OnceLock::new(),
        }
    }

    /// The rows.
    pub fn rows(&self) -> &dyn Rows {
        &*self.rows
    }

    /// How many rows there are.
    pub fn count(&self) -> usize {
        self.rows.count()
    }

    /// The places of all rows, sorted by the key of a column with `-` in front for descending; as they come where there is no
    /// such column. Missing values come last either way; ties keep their order.
    pub fn sorted(&self, key: &str) -> Vec<usize> {
        let (key, descending) = key.strip_prefix('-').map_or((key, false), |key| (key, true));
        let Some(column) = self.rows.columns().iter().position(|column| column.key() == key) else {
            return (0..self.count()).collect();
        };
        let keys = self.rows.keys(column);
        let mut are_words = false;
        let mut firsts: Vec<order::Key> = Vec::with_capacity(self.count());
        for row in 0..self.count() {
            let key = keys(row);
            are_words |= matches!(key, Key::Text(_));
            firsts.push(first(&key, descending));
        }
        // Numbers with the same key are the same.
        if !are_words {
            return order::by_key_alone(&firsts);
        }
        order::by_key(&firsts, &|a, b| {
            let order = rest(&keys(a), &keys(b));
            if descending { order.reverse() } else { order }
        })
    }

    /// For each row whether it is found: every word of `search` occurs in it, and each choice holds.
    pub fn found(&self, search: &str, chosen: &[usize]) -> Vec<bool> {
        let search = search.to_lowercase();
        let mut found = vec![true; self.count()];
        for word in search.split_whitespace() {
            let words = self.words();
            let mut start = 0;
            for (is_found, end) in found.iter_mut().zip(&words.ends) {
                *is_found = *is_found && has(words.text.get(start..*end).unwrap_or_default(), word);
                start = *end;
            }
        }
        for (choices, choice) in chosen.iter().enumerate().filter(|(_, choice)| **choice > 0) {
            for (row, is_found) in found.iter_mut().enumerate() {
                *is_found = *is_found && self.rows.is_chosen(row, choices, *choice);
            }
        }
        found
    }

    /// Prepares the search, so that the first letter typed is as fast as the next ones.
    pub fn prepare(&self) {
        self.words();
    }

    fn words(&self) -> &Words {
        self.words.get_or_init(|| {
            let mut words = Words {
                text: String::new(),
                ends: Vec::with_capacity(self.count()),
            };
            for row in 0..self.count() {
                self.rows.words(row, &mut |word| {
                    if word.bytes().any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
                        words.text.push_str(&word.to_lowercase());
                    } else {
                        words.text.push_str(word);
                    }
                    // No search has it in it.
                    words.text.push('\n');
                });
                words.ends.push(words.text.len());
            }
            words
        })
    }
}

/// Whether a text has a word in it. Looking for its first letter first is faster than the general search, which has to
/// prepare itself for each row.
fn has(text: &str, word: &str) -> bool {
    let Some(first) = word.chars().next() else { return true };
    let mut rest = text;
    while let Some(at) = rest.find(first) {
        rest = rest.get(at..).unwrap_or_default();
        if rest.starts_with(word) {
            return true;
        }
        rest = rest.get(first.len_utf8()..).unwrap_or_default();
    }
    false
}

/// The first sixteen bytes of a key as a number in the order of the keys; a missing one comes last in either order.
fn first(key: &Key, descending: bool) -> order::Key {
    let number = match key {
        Key::Missing => return [1, 0, 0],
        Key::Number(number) => [0, order::float_key(*number)],
        Key::Text(text) => [0, 8].map(|from| order::small(order::letters(text, from))),
    };
    let [high, low] = number;
    if descending { [0, !high, !low] } else { [0, high, low] }
}

/// The order of keys with the same beginning.
fn rest(a: &Key, b: &Key) -> Ordering {
    let (Key::Text(a), Key::Text(b)) = (a, b) else {
        return Ordering::Equal;
    };
    let rest = |text: &str| {
        text.bytes()
            .skip(16)
            .map(|byte| byte.to_ascii_lowercase())
            .collect::<Vec<u8>>()
    };
    if a.len() <= 16 && b.len() <= 16 {
        Ordering::Equal
    } else {
        rest(a).cmp(&rest(b))
    }
}

impl Cell {
    /// What it is sorted by.
    pub fn into_key(self) -> Key<'static> {
        match self {
            Cell::Text(text) | Cell::Value { text, .. } => Key::Text(Cow::Owned(text)),
            Cell::Number { value, .. } => Key::Number(value),
            Cell::Day { day, .. } => Key::Number(f64::from(day.to_epoch_days())),
            Cell::Trend { values, .. } => values.last().copied().flatten().map_or(Key::Missing, Key::Number),
            Cell::Missing(_) => Key::Missing,
        }
    }
}

impl Rows for Table {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        let cell = self.rows.get(row).and_then(|row| row.get(column));
        cell.cloned().unwrap_or_else(|| Cell::Missing(String::new()))
    }

    fn key(&self, row: usize, column: usize) -> Key<'_> {
        self.cell(row, column).into_key()
    }
}

/// Two lists are the same when they are one: comparing all their rows would take longer than showing them.
impl PartialEq for List {
    fn eq(&self, other: &List) -> bool {
        std::ptr::eq(self, other)
    }
}

impl fmt::Debug for List {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        write!(out, "List of {} rows", self.count())
    }
}

/// A list in a model.
pub type Shared = Arc<List>;
