//! Exports: exact, safe to open in a spreadsheet, and they parse back.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use metrics::csv::csv;
use metrics::table::{Cell, Column, Table};
use metrics::zone::Day;
use proptest::prelude::*;

fn text(words: &str) -> Cell {
    Cell::Text(words.into())
}

fn number(value: f64) -> Cell {
    Cell::Number {
        value,
        shown: "as shown".into(),
    }
}

fn table(rows: Vec<Vec<Cell>>) -> Table {
    Table {
        caption: "Activity by user".into(),
        columns: vec![Column::text("user", "User"), Column::number("seconds", "Time, seconds")],
        rows,
    }
}

/// A reader of its own: RFC 4180, nothing more. Fails on what the RFC does not allow.
fn parse(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![String::new()]];
    let mut letters = text.chars().peekable();
    let mut is_start = true;
    while let Some(letter) = letters.next() {
        let row = rows.last_mut().unwrap();
        match letter {
            '"' if is_start => {
                loop {
                    match letters.next().expect("a quoted field ends") {
                        '"' if letters.peek() == Some(&'"') => {
                            letters.next();
                            row.last_mut().unwrap().push('"');
                        }
                        '"' => break,
                        other => row.last_mut().unwrap().push(other),
                    }
                }
                assert!(
                    matches!(letters.peek(), Some(',' | '\r')),
                    "only a comma or the end of the line may follow a quoted field"
                );
                is_start = false;
            }
            ',' => {
                row.push(String::new());
                is_start = true;
            }
            '\r' => {
                assert_eq!(letters.next(), Some('\n'), "lines end in CRLF");
                rows.push(vec![String::new()]);
                is_start = true;
            }
            '"' | '\n' => panic!("{letter:?} must be quoted"),
            other => {
                row.last_mut().unwrap().push(other);
                is_start = false;
            }
        }
    }
    assert_eq!(rows.pop(), Some(vec![String::new()]), "the last line ends, too");
    rows
}

#[test]
fn a_whole_file() {
    let header = [
        ("Panel".to_string(), "Activity by user".to_string()),
        ("Filters".to_string(), "action=ide, org=…1".to_string()),
    ];
    let day = Cell::Day {
        day: Day::from_ymd_opt(2026, 11, 20).unwrap(),
        shown: "20 Nov".into(),
    };
    let rows = vec![
        vec![text("Ada, \"the\" first"), number(43_200.0)],
        vec![text("Bob"), Cell::Missing("no usage".into())],
        vec![day, number(0.1)],
    ];
    let expected = "Panel,Activity by user\r\n\
        Filters,\"action=ide, org=…1\"\r\n\
        \r\n\
        User,\"Time, seconds\"\r\n\
        \"Ada, \"\"the\"\" first\",43200\r\n\
        Bob,\r\n\
        2026-11-20,0.1\r\n";
    assert_eq!(csv(&header, &table(rows)), expected);
}

#[test]
fn without_a_header_block_the_titles_come_first() {
    assert_eq!(csv(&[], &table(vec![])), "User,\"Time, seconds\"\r\n");
}

#[test]
fn numbers_are_exact_and_plain() {
    for (value, expected) in [
        (0.0, "0"),
        (-1.5, "-1.5"),
        (9_007_199_254_740_991.0, "9007199254740991"),
        (1e21, "1000000000000000000000"),
        (0.1 + 0.2, "0.30000000000000004"),
        (f64::NAN, ""),
        (f64::INFINITY, ""),
    ] {
        let text = csv(&[], &table(vec![vec![text("x"), number(value)]]));
        assert_eq!(parse(&text)[1][1], expected);
        if value.is_finite() {
            assert_eq!(expected.parse::<f64>().unwrap(), value);
        }
    }
}

#[test]
fn words_never_run_as_a_formula() {
    for name in [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "\nx",
        "=cmd|' /C calc'!A0",
        "＝1",
        "-",
    ] {
        let rows = parse(&csv(
            &[(name.into(), name.into())],
            &table(vec![vec![text(name), number(-1.0)]]),
        ));
        let guarded = format!("'{name}");
        assert_eq!(rows[0], [guarded.clone(), guarded.clone()]);
        assert_eq!(rows[3], [guarded, "-1".to_string()], "numbers stay numbers");
    }
}

#[test]
fn a_missing_value_alone_on_its_line_is_not_an_empty_line() {
    let table = Table {
        columns: vec![Column::text("user", "User")],
        rows: vec![vec![Cell::Missing(String::new())]],
        ..Table::default()
    };
    assert_eq!(csv(&[], &table), "User\r\n\"\"\r\n");
}

proptest! {
    #[test]
    fn what_is_written_parses_back(names in prop::collection::vec(any::<String>(), 0..6), key in any::<String>(), values in prop::collection::vec(any::<f64>(), 6)) {
        let rows: Vec<Vec<Cell>> = names.iter().zip(&values).map(|(name, value)| vec![text(name), number(*value)]).collect();
        let written = csv(&[(key.clone(), "value".into())], &table(rows));
        let read = parse(&written);
        prop_assert_eq!(read[0][0].trim_start_matches('\''), key.trim_start_matches('\''));
        prop_assert_eq!(read.len(), 3 + names.len());
        for (row, (name, value)) in read[3..].iter().zip(names.iter().zip(&values)) {
            prop_assert_eq!(row.len(), 2);
            let guarded = format!("'{name}");
            prop_assert!(row[0] == *name || row[0] == guarded);
            prop_assert!(!row[0].starts_with(['=', '+', '-', '@', '\t', '\r']));
            match value.is_finite() {
                true => prop_assert_eq!(row[1].parse::<f64>().unwrap(), *value),
                false => prop_assert_eq!(row[1].as_str(), ""),
            }
        }
    }
}

#[test]
fn names_that_somebody_chose_come_back_from_a_parser_of_others() {
    let names = [
        "<img src=x onerror=alert(1)>",
        "=HYPERLINK(\"https://example.com\",\"x\")",
        "fern-07\u{202e}gpj.exe",
        "nul\0byte",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "two\r\nlines, \"quoted\"",
        " spaces ",
        &"x".repeat(10_000),
    ];
    let rows = names.iter().map(|name| vec![text(name), number(1.5)]).collect();
    let written = csv(&[("note".into(), "=1".into())], &table(rows));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(written.as_bytes());
    let read: Vec<Vec<String>> = reader.deserialize().collect::<Result<_, _>>().unwrap();
    assert_eq!(read[0], ["note", "'=1"]);
    for (row, name) in read[2..].iter().zip(names) {
        assert_eq!(row[0].strip_prefix('\'').unwrap_or(&row[0]), name);
        assert!(!row[0].starts_with('='));
        assert_eq!(row[1], "1.5");
    }
    assert_eq!(read.len(), 2 + names.len());
}
