//! Tables as CSV: what is on screen, exactly, for spreadsheets and scripts.
//!
//! [RFC 4180](https://www.rfc-editor.org/rfc/rfc4180): UTF-8, CRLF, quotes where needed. Numbers are exact, in base
//! units and with a dot; days are ISO 8601; a missing value is empty. Above the table stands a block of `key,value`
//! lines, separated by an empty line.

use crate::table::{Cell, Column, Table};

/// Writes a table with the block of `key,value` lines above it.
pub fn csv(header: &[(String, String)], table: &Table) -> String {
    lines(header, table.columns.iter(), table.rows.iter().cloned())
}

/// Writes columns and rows with the block of `key,value` lines above them.
pub fn lines<'a>(
    header: &[(String, String)],
    columns: impl Iterator<Item = &'a Column>,
    rows: impl Iterator<Item = Vec<Cell>>,
) -> String {
    let mut out = String::new();
    for (key, value) in header {
        line(&mut out, [text(key), text(value)]);
    }
    if !header.is_empty() {
        out.push_str("\r\n");
    }
    line(&mut out, columns.map(|column| text(&column.title)));
    for row in rows {
        line(&mut out, row.iter().map(field));
    }
    out
}

fn line(out: &mut String, fields: impl IntoIterator<Item = String>) {
    let start = out.len();
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(&field);
    }
    // A line of one empty field would look like the empty line below the header block.
    if out.len() == start {
        out.push_str("\"\"");
    }
    out.push_str("\r\n");
}

fn field(cell: &Cell) -> String {
    match cell {
        Cell::Text(words) | Cell::Value { text: words, .. } => text(words),
        Cell::Number { value, .. } if value.is_finite() => value.to_string(),
        Cell::Number { .. } | Cell::Missing(_) => String::new(),
        Cell::Day { day, .. } => day.to_string(),
        Cell::Trend { values, .. } => {
            let exact = |value: &Option<f64>| value.map_or("none".to_string(), |value| value.to_string());
            text(&values.iter().map(exact).collect::<Vec<_>>().join(" "))
        }
    }
}

/// Words, so that neither a parser nor a spreadsheet takes them for anything else.
fn text(words: &str) -> String {
    let guarded = guard(words);
    let is_plain = !guarded.contains([',', '"', '\r', '\n']) && guarded.trim() == guarded;
    if is_plain {
        guarded
    } else {
        format!("\"{}\"", guarded.replace('"', "\"\""))
    }
}

/// Spreadsheets run a cell that begins with one of these as a formula, and people choose their own names.
/// See [OWASP](https://owasp.org/www-community/attacks/CSV_Injection).
fn guard(words: &str) -> String {
    let is_formula = words.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula {
        format!("'{words}")
    } else {
        words.to_string()
    }
}
