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
    let head = table
        .columns
        .into_iter()
        .map(|column| view! { <th scope="col" class:number=column.is_number>{column.title}</th> })
        .collect_view();
    let rows = table
        .rows
        .into_iter()
        .map(|row| view! { <tr>{row.into_iter().zip(numbers.iter().copied()).enumerate().map(|(index, (cell, number))| one(index, number, cell)).collect_view()}</tr> })
        .collect_view();
    view! {
        <div class="table-scroll" role="region" tabindex="0" aria-label=format!("Table: {}", table.caption)>
            <table>
                <caption class="sr-only">{table.caption.clone()}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn one(index: usize, number: bool, cell: Cell) -> AnyView {
    let content = match cell {
        Cell::Text(text) => text.into_any(),
        Cell::Number { value, shown } => view! { <data value=value.to_string()>{shown}</data> }.into_any(),
        Cell::Day { day, shown } => view! { <time datetime=day.to_string()>{shown}</time> }.into_any(),
        Cell::Missing(reason) => view! { <span class="sr-only">{reason}</span> }.into_any(),
    };
    if index == 0 {
        view! { <th scope="row" class:number=number>{content}</th> }.into_any()
    } else {
        view! { <td class:number=number>{content}</td> }.into_any()
    }
}
