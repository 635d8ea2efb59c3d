//! A chart on the page: the canvas, an overlay for the bucket under the pointer, legend and tooltip.
//!
//! Moving the pointer or the arrow keys draws nothing but the overlay. The tooltip shows the cells of the table's row,
//! so that picture and table cannot disagree.

use crate::chart::Series;
use crate::chart::layout::layout;
use crate::remote::State;
use crate::report::PanelModel;
use crate::table::{Cell, Column};
use crate::ui::canvas;
use crate::ui::erase::{dynamic, flag, on, text, when};
use crate::ui::page::metrics::Page;
use leptos::ev::{FocusEvent, KeyboardEvent, PointerEvent};
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
    let spoken = text(move || {
        let model = model.read();
        let row = focus.get().and_then(|index| model.table.rows.get(index));
        let cells = row.into_iter().flat_map(|row| model.table.columns.iter().zip(row));
        let parts: Vec<String> = cells
            .filter_map(|(column, cell)| Some(format!("{}: {}", column.title, words(cell)?)))
            .collect();
        parts.join(", ")
    });
    let legend = dynamic(move || {
        let colors = page.scheme.get().colors();
        let chart = chart.read();
        let series = chart
            .as_ref()
            .map(|chart| chart.series.as_slice())
            .filter(|series| series.len() > 1)
            .unwrap_or_default();
        let entry = |series: &Series| {
            let color = colors.css(series.role);
            view! { <li><span class="swatch" style:background-color=color></span>{series.name.clone()}</li> }
        };
        series.iter().map(entry).collect::<Vec<_>>().into_any()
    });
    let is_stale = flag(move || model.read().state == State::Stale);
    let tooltip = when(move || focus.get().is_some(), move || tooltip(model, focus, width));
    let summary = text(move || model.read().summary.clone());
    view! {
        <figure class="chart">
            <ul class="legend" aria-hidden="true">{legend}</ul>
            <div class="chart-frame chart-space" node_ref=frame tabindex="0" role="group" aria-roledescription="chart"
                aria-label=summary class:is-stale=is_stale
                on:pointermove=on(on_pointer) on:pointerdown=on(on_pointer)
                on:pointerleave=on(move |_: PointerEvent| set_focus.set(None))
                on:keydown=on(on_key) on:blur=on(move |_: FocusEvent| set_focus.set(None))>
                <canvas node_ref=base dir="ltr" aria-hidden="true"></canvas>
                <canvas node_ref=overlay dir="ltr" class="overlay" aria-hidden="true"></canvas>
                {tooltip}
            </div>
            <figcaption>{summary}</figcaption>
            <p class="sr-only" role="status">{spoken}</p>
        </figure>
    }
    .into_any()
}

/// The figures of one bucket.
fn tooltip(model: Memo<PanelModel>, focus: ReadSignal<Option<usize>>, width: Memo<f64>) -> AnyView {
    let place = move || {
        let index = focus.get()?;
        let model = model.read();
        Some(layout(model.chart.as_ref()?, width.get(), HEIGHT).x.center(index))
    };
    let left = text(move || place().map_or_else(String::new, |x| format!("{x}px")));
    let is_left = flag(move || place().is_some_and(|x| x > width.get() / 2.0));
    let rows = dynamic(move || {
        let model = model.read();
        let row = focus.get().and_then(|index| model.table.rows.get(index));
        let mut cells = row.into_iter().flat_map(|row| model.table.columns.iter().zip(row));
        let title = cells.next().and_then(|(_, cell)| words(cell));
        let line = |(column, cell): (&Column, &Cell)| {
            Some(view! { <div><dt>{column.title.clone()}</dt><dd>{words(cell)?}</dd></div> })
        };
        let lines: Vec<_> = cells.filter_map(line).collect();
        view! { <p>{title}</p><dl>{lines}</dl> }.into_any()
    });
    view! { <div class="tooltip" aria-hidden="true" class:is-left=is_left style:left=left>{rows}</div> }.into_any()
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
