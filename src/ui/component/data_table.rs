//! A table as a real table: caption, headers with scope, exact values behind the shown ones.

use crate::table::{Cell, Table};
use leptos::prelude::*;

/// The table, inside a region that scrolls by keyboard.
#[component]
pub fn DataTable(
    /// The figures.
    table: Table,
) -> impl IntoView {
    let numbers: Vec<bool> = table.columns.iter().map(|column| column.is_number).collect();
    let class = |number: bool| if number { "number" } else { "" };
    let head: Vec<_> = table
        .columns
        .into_iter()
        .map(|column| view! { <th scope="col" class=class(column.is_number)>{column.title}</th> })
        .collect();
    let row = |row: Vec<Cell>| {
        let mut cells = row.into_iter().zip(numbers.iter().copied());
        let first = cells
            .next()
            .map(|(cell, number)| view! { <th scope="row" class=class(number)>{content(cell)}</th> });
        let rest: Vec<_> = cells
            .map(|(cell, number)| view! { <td class=class(number)>{content(cell)}</td> })
            .collect();
        view! { <tr>{first}{rest}</tr> }
    };
    let rows: Vec<_> = table.rows.into_iter().map(row).collect();
    view! {
        <div class="table-scroll" role="region" tabindex="0" aria-label=format!("Table: {}", table.caption)>
            <table>
                <caption class="sr-only">{table.caption.clone()}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A cell: exactly one of text, number, date and reason. One type for all, so that a table is one loop.
fn content(cell: Cell) -> impl IntoView {
    let (mut text, mut number, mut date, mut missing) = (None, None, None, None);
    match cell {
        Cell::Text(words) => text = Some(words),
        Cell::Number { value, shown } => number = Some(view! { <data value=value.to_string()>{shown}</data> }),
        Cell::Day { day, shown } => date = Some(view! { <time datetime=day.to_string()>{shown}</time> }),
        Cell::Missing(reason) => missing = Some(view! { <span class="sr-only">{reason}</span> }),
    }
    (text, number, date, missing)
}
