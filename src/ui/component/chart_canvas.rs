//! A chart on the page: the canvas, an overlay for the bucket under the pointer, legend and tooltip.
//!
//! Moving the pointer or the arrow keys draws nothing but the overlay. The tooltip shows the cells of the table's row,
//! so that picture and table cannot disagree.

use crate::chart::layout::layout;
use crate::remote::State;
use crate::report::PanelModel;
use crate::table::Cell;
use crate::ui::canvas;
use crate::ui::page::metrics::Page;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use leptos_use_device_pixel_ratio::use_device_pixel_ratio;
use leptos_use_element_size::use_element_size;

/// Height of the plot in CSS pixels.
const HEIGHT: f64 = 260.0;

/// The chart of a panel.
#[component]
pub fn ChartCanvas(
    /// The panel whose chart is drawn.
    model: Memo<PanelModel>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let frame = NodeRef::<Div>::new();
    let base = NodeRef::<Canvas>::new();
    let overlay = NodeRef::<Canvas>::new();
    let size = use_element_size(frame);
    let width = Memo::new(move |_| size.width.get().floor());
    let ratio = use_device_pixel_ratio();
    let chart = Memo::new(move |_| model.read().chart.clone());
    let (focus, set_focus) = signal(None::<usize>);

    Effect::new(move |_| {
        if let (Some(canvas), Some(chart)) = (base.get(), chart.read().as_ref()) {
            canvas::paint(&canvas, chart, page.scheme.get(), width.get(), HEIGHT, ratio.get());
        }
    });
    Effect::new(move |_| {
        if let (Some(canvas), Some(chart)) = (overlay.get(), chart.read().as_ref()) {
            canvas::paint_overlay(
                &canvas,
                chart,
                page.scheme.get(),
                width.get(),
                HEIGHT,
                ratio.get(),
                focus.get(),
            );
        }
    });

    let buckets = move || chart.read_untracked().as_ref().map_or(0, |chart| chart.buckets.len());
    let on_pointer = move |event: PointerEvent| {
        let Some(frame) = frame.get_untracked() else {
            return;
        };
        let x = f64::from(event.client_x()) - frame.get_bounding_client_rect().left();
        let bucket = chart
            .read_untracked()
            .as_ref()
            .and_then(|chart| layout(chart, width.get_untracked(), HEIGHT).x.bucket_at(x));
        set_focus.set(bucket);
    };
    let on_key = move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || buckets() == 0 {
            return;
        }
        let last = buckets() - 1;
        let at = focus.get_untracked();
        let next = match event.key().as_str() {
            "ArrowRight" => at.map_or(last, |at| (at + 1).min(last)),
            "ArrowLeft" => at.map_or(last, |at| at.saturating_sub(1)),
            "PageDown" => at.map_or(last, |at| (at + 7).min(last)),
            "PageUp" => at.map_or(last, |at| at.saturating_sub(7)),
            "Home" => 0,
            "End" => last,
            "Escape" if at.is_some() => {
                set_focus.set(None);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        set_focus.set(Some(next));
    };
    let spoken = move || {
        let index = focus.get()?;
        let model = model.read();
        let row = model.table.rows.get(index)?;
        let words = model
            .table
            .columns
            .iter()
            .zip(row)
            .filter_map(|(column, cell)| Some(format!("{}: {}", column.title, words(cell)?)));
        Some(words.collect::<Vec<_>>().join(", "))
    };
    let legend = move || {
        let colors = page.scheme.get().colors();
        let chart = chart.read();
        let series = chart
            .iter()
            .flat_map(|chart| chart.series.iter())
            .filter(|_| chart.as_ref().is_some_and(|chart| chart.series.len() > 1));
        series.map(|series| view! { <li><span class="swatch" style:background-color=colors.css(series.role)></span>{series.name.clone()}</li> }).collect_view()
    };
    view! {
        <figure class="chart">
            <ul class="legend" aria-hidden="true">{legend}</ul>
            <div class="chart-frame chart-space" node_ref=frame tabindex="0" role="group" aria-roledescription="chart" aria-label=move || model.read().summary.clone()
                class:is-stale=move || model.read().state == State::Stale
                on:pointermove=on_pointer on:pointerdown=on_pointer on:pointerleave=move |_| set_focus.set(None) on:keydown=on_key on:blur=move |_| set_focus.set(None)>
                <canvas node_ref=base aria-hidden="true"></canvas>
                <canvas node_ref=overlay class="overlay" aria-hidden="true"></canvas>
                <Show when=move || focus.get().is_some()><Tooltip model focus width/></Show>
            </div>
            <figcaption>{move || model.read().summary.clone()}</figcaption>
            <p class="sr-only" role="status">{spoken}</p>
        </figure>
    }
}

/// The figures of one bucket.
#[component]
fn Tooltip(model: Memo<PanelModel>, focus: ReadSignal<Option<usize>>, width: Memo<f64>) -> impl IntoView {
    let place = move || {
        let index = focus.get()?;
        let model = model.read();
        let x = layout(model.chart.as_ref()?, width.get(), HEIGHT).x.center(index);
        Some((x, x > width.get() / 2.0))
    };
    let left = move || place().map_or_else(String::new, |(x, _)| format!("{x}px"));
    let rows = move || {
        let model = model.read();
        let row = focus
            .get()
            .and_then(|index| model.table.rows.get(index).cloned())
            .unwrap_or_default();
        let cells: Vec<(String, Cell)> = model
            .table
            .columns
            .iter()
            .map(|column| column.title.clone())
            .zip(row)
            .collect();
        let mut cells = cells.into_iter();
        let title = cells.next().and_then(|(_, cell)| words(&cell));
        let lines = cells
            .filter(|(_, cell)| *cell != Cell::Text(String::new()))
            .map(|(name, cell)| view! { <div><dt>{name}</dt><dd>{words(&cell)}</dd></div> })
            .collect_view();
        view! { <p>{title}</p><dl>{lines}</dl> }
    };
    view! { <div class="tooltip" aria-hidden="true" class:is-left=move || place().is_some_and(|(_, left)| left) style:left=left>{rows}</div> }
}

/// A cell in words.
fn words(cell: &Cell) -> Option<String> {
    match cell {
        Cell::Text(text) if text.is_empty() => None,
        Cell::Text(text) => Some(text.clone()),
        Cell::Number { shown, .. } | Cell::Day { shown, .. } => Some(shown.clone()),
        Cell::Missing(reason) => Some(reason.clone()),
    }
}
