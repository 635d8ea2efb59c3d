//! Rows by their places: sorting agrees with plain comparison, searching with plain containment, whatever the values.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use metrics::rows::{Choices, Key, List, Rows};
use metrics::table::{Cell, Column, Table};
use proptest::prelude::*;
use std::borrow::Cow;
use std::cmp::Ordering;

/// People with a number that may be missing.
struct People(Vec<(String, Option<f64>)>, Vec<Column>);

impl Rows for People {
    fn columns(&self) -> &[Column] {
        &self.1
    }

    fn count(&self) -> usize {
        self.0.len()
    }

    fn cell(&self, row: usize, _: usize) -> Cell {
        Cell::Text(self.0[row].0.clone())
    }

    fn key(&self, row: usize, column: usize) -> Key<'_> {
        let (name, number) = &self.0[row];
        match column {
            0 => Key::Text(Cow::Borrowed(name)),
            _ => number.map_or(Key::Missing, Key::Number),
        }
    }

    fn words(&self, row: usize, add: &mut dyn FnMut(&str)) {
        add(&self.0[row].0);
        add("example.com");
    }

    fn choices(&self) -> &[Choices] {
        &[Choices {
            label: "Number",
            names: &["Any", "Missing"],
        }]
    }

    fn is_chosen(&self, row: usize, _: usize, _: usize) -> bool {
        self.0[row].1.is_none()
    }
}

fn people(rows: Vec<(String, Option<f64>)>) -> List {
    List::new(People(
        rows,
        vec![Column::text("name", "Name"), Column::number("number", "Number")],
    ))
}

fn named(names: &[&str]) -> List {
    people(names.iter().map(|name| (name.to_string(), None)).collect())
}

#[test]
fn large_and_small_letters_are_the_same_and_ties_keep_their_order() {
    let list = named(&["moss", "Alder", "alder", "MOSS", "a"]);
    assert_eq!(list.sorted("name"), [4, 1, 2, 0, 3]);
    assert_eq!(list.sorted("-name"), [0, 3, 1, 2, 4]);
    assert_eq!(list.sorted(""), [0, 1, 2, 3, 4]);
    assert_eq!(list.sorted("gone"), [0, 1, 2, 3, 4], "no such column");
}

#[test]
fn long_names_with_the_same_beginning_are_told_apart() {
    let list = named(&[
        "user-of-the-platform-9",
        "user-of-the-platform-1",
        "user-of-the-plat",
        "user-of-the-platform-",
    ]);
    assert_eq!(list.sorted("name"), [2, 3, 1, 0]);
    assert_eq!(list.sorted("-name"), [0, 1, 3, 2]);
}

#[test]
fn missing_values_come_last_either_way() {
    let rows = [None, Some(3.0), Some(-2.5), None, Some(0.0)];
    let list = people(rows.iter().map(|number| (String::new(), *number)).collect());
    assert_eq!(list.sorted("number"), [2, 4, 1, 0, 3]);
    assert_eq!(list.sorted("-number"), [1, 4, 2, 0, 3]);
}

#[test]
fn every_word_must_be_found_and_every_choice_hold() {
    let mut rows: Vec<_> = ["Fern 07", "Moss 07", "Zoë", "fern-12"]
        .map(|name| (name.to_string(), Some(1.0)))
        .into();
    rows[3].1 = None;
    let list = people(rows);
    for (search, chosen, found) in [
        ("", &[][..], [true; 4]),
        ("  ", &[0], [true; 4]),
        ("FERN", &[], [true, false, false, true]),
        ("07 fern", &[], [true, false, false, false]),
        ("zOË", &[], [false, false, true, false]),
        ("example.com", &[], [true; 4]),
        ("07example", &[], [false; 4]),
        ("fern", &[1], [false, false, false, true]),
        ("moss", &[1], [false; 4]),
    ] {
        assert_eq!(list.found(search, chosen), found, "{search:?} {chosen:?}");
    }
}

#[test]
fn a_plain_table_is_a_list_too() {
    let cell = |text: &str| Cell::Text(text.into());
    let number = |value| Cell::Number {
        value,
        shown: format!("{value}"),
    };
    let table = Table {
        caption: "T".into(),
        columns: vec![Column::text("a", "A"), Column::number("b", "B")],
        rows: vec![
            vec![cell("x"), number(2.0)],
            vec![cell("y"), Cell::Missing("none".into())],
            vec![cell("z"), number(10.0)],
        ],
    };
    let list = List::new(table.clone());
    assert_eq!((list.count(), list.rows().cell(2, 1)), (3, number(10.0)));
    assert_eq!((list.sorted("-b"), list.sorted("b")), (vec![2, 0, 1], vec![0, 2, 1]));
    assert_eq!(
        list.found("anything", &[]),
        [false; 3],
        "plain tables have no words to search"
    );
    assert_eq!(
        list.rows().cell(9, 9),
        Cell::Missing(String::new()),
        "a place that is not there is nothing"
    );
}

proptest! {
    #[test]
    fn sorting_agrees_with_plain_comparison(names in prop::collection::vec("[a-cA-Cä0-9@. -]{0,20}", 0..60), descending: bool) {
        let list = named(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let key = |row: &usize| names[*row].to_ascii_lowercase();
        let mut plain: Vec<usize> = (0..names.len()).collect();
        plain.sort_by(|a, b| {
            let order = key(a).cmp(&key(b));
            if descending { order.reverse() } else { order }
        });
        prop_assert_eq!(list.sorted(if descending { "-name" } else { "name" }), plain);
    }

    #[test]
    fn numbers_sort_as_numbers(numbers: Vec<Option<f64>>, descending: bool) {
        let list = people(numbers.iter().map(|number| (String::new(), *number)).collect());
        let mut plain: Vec<usize> = (0..numbers.len()).collect();
        plain.sort_by(|a, b| match (numbers[*a], numbers[*b]) {
            (Some(a), Some(b)) if descending => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            (None, None) => Ordering::Equal,
            (a, _) => if a.is_some() { Ordering::Less } else { Ordering::Greater },
        });
        prop_assert_eq!(list.sorted(if descending { "-number" } else { "number" }), plain);
    }

    #[test]
    fn searching_agrees_with_plain_containment(names: Vec<String>, search: String) {
        let list = named(&names.iter().map(String::as_str).collect::<Vec<_>>());
        let search_lower = search.to_lowercase();
        let plain: Vec<bool> = names
            .iter()
            .map(|name| search_lower.split_whitespace().all(|word| name.to_lowercase().contains(word) || "example.com".contains(word)))
            .collect();
        prop_assert_eq!(list.found(&search, &[]), plain);
    }
}
