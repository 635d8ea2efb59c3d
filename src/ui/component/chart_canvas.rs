//! A chart on the page: the canvas, an overlay for the bucket under the pointer or the keys, legend and tooltip.
//!
//! Moving the pointer or the arrow keys draws nothing but overlays. All charts of the page share one crosshair: the day
//! it stands on. Dragging, or a click on a bucket, asks for those days alone; the URL takes it from there.

use crate::chart::hit::Hit;
use crate::chart::layout::{Cell, Layout, layout, natural_height};
use crate::chart::{ChartModel, Kind, Role, Series};
use crate::panel::{Drill, PanelModel, Tip};
use crate::period::{DateRange, Interval};
use crate::remote::State;
use crate::ui::canvas::brush::pixels;
use crate::ui::canvas::{self, Overlay};
use crate::ui::erase::{Build, Memo, RwSignal, dynamic, effect, expect_context, flag, keyed, on, signal, text, when};
use crate::ui::measure::width_of;
use crate::ui::media::pixel_ratio;
use crate::ui::page::metrics::{Crosshair, Page, Pointed};
use crate::ui::url::Url;
use leptos::ev::{FocusEvent, KeyboardEvent, MouseEvent, PointerEvent};
use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

/// Height of the chart in CSS pixels.
const HEIGHT: f64 = 260.0;
/// A pointer that moved less than this has clicked, not dragged.
const CLICK: f64 = 4.0;

/// The chart of a panel.
#[component]
pub fn ChartCanvas(
    /// The panel whose chart is drawn.
    model: Memo<PanelModel>,
    /// Shows the table (`true`), or hides it where it is shown: the key `T`.
    on_table: Callback<bool>,
) -> impl IntoView {
    let page = expect_context::<Page>();
    let url = expect_context::<Url>();
    let crosshair = expect_context::<Crosshair>();
    let id = model.read_untracked().id;
    let frame = NodeRef::<Div>::new();
    let base = NodeRef::<Canvas>::new();
    let overlay = NodeRef::<Div>::new();
    let pointer = StoredValue::new_local(None::<Overlay>);
    let width = width_of(frame);
    let ratio = pixel_ratio();
    let hidden = RwSignal::new(Vec::<String>::new());
    let chart = Memo::new(move |_| model.read().chart.clone().map(|chart| without(chart, &hidden.read())));
    let height = Memo::new(move |_| {
        let chart = chart.read();
        chart
            .as_ref()
            .and_then(|chart| natural_height(chart, width.get()))
            .unwrap_or(HEIGHT)
    });
    let places = Memo::new(move |_| {
        chart
            .read()
            .as_ref()
            .map(|chart| layout(chart, width.get(), height.get()))
    });
    // A chart over time shares the crosshair of the page; one of things has a place of its own.
    let is_over_time = move || chart.read().as_ref().is_some_and(|chart| !chart.buckets.is_empty());
    let (thing, set_thing) = signal(None::<usize>);
    let place = Memo::new(move |_| {
        if !is_over_time() {
            return thing.get();
        }
        let day = crosshair.0.get()?.day;
        chart
            .read()
            .as_ref()?
            .buckets
            .iter()
            .position(|bucket| bucket.days.contains(day))
    });
    let is_here = Memo::new(move |_| !is_over_time() || crosshair.0.get().is_some_and(|pointed| pointed.panel == id));
    let (brush, set_brush) = signal(None::<(f64, f64)>);
    let (series, set_series) = signal(None::<usize>);
    let (is_keyed, set_keyed) = signal(false);

    // Behind all that is written into the page at once: before it writes words on a canvas the browser computes the
    // style of whatever has changed by then, and would do so anew for each chart.
    effect(move || {
        let (canvas, chart, places) = (base.get(), chart.read(), places.read());
        let (scheme, ratio) = (page.scheme.get(), ratio.get());
        spawn_local(async move {
            if let (Some(canvas), Some(chart), Some(places)) = (&canvas, &*chart, &*places) {
                canvas::paint(canvas, chart, places, scheme, ratio);
            }
        });
    });
    effect(move || {
        if let (Some(over), Some(chart), Some(places)) = (overlay.get(), &*chart.read(), &*places.read()) {
            let series = series.get().or(chart.is_grid().then_some(0));
            let focus = place.get().map(|place| Hit { series, place });
            pointer.update_value(|pointer| {
                let pointer = pointer.get_or_insert_with(|| Overlay::new(over.into()));
                pointer.point(chart, places, page.scheme.get(), ratio.get(), focus);
            });
        }
    });

    let spot_of = move |event: &PointerEvent| {
        let corner = frame.get_untracked().map(|frame| frame.get_bounding_client_rect());
        let (left, top) = corner.map_or((0.0, 0.0), |corner| (corner.left(), corner.top()));
        (f64::from(event.client_x()) - left, f64::from(event.client_y()) - top)
    };
    let place_at = move |(x, y): (f64, f64)| {
        let (chart, places) = (chart.read_untracked(), places.read_untracked());
        let (chart, places) = (chart.as_ref()?, places.as_ref()?);
        // Beside the plot of a chart over time is its first or its last bucket.
        let nearest = places.x.bucket_at(x.clamp(places.plot.left, places.plot.right));
        nearest.or_else(|| {
            let hit = places.hit(chart, x, y)?;
            if chart.is_grid() || !places.panels.is_empty() {
                set_series.set(hit.series);
            }
            Some(hit.place)
        })
    };
    let days_of = move |place: Option<usize>| {
        chart
            .read_untracked()
            .as_ref()?
            .buckets
            .get(place?)
            .map(|bucket| bucket.days)
    };
    let point = move |place: Option<usize>| {
        let pointed = days_of(place).map(|days| Pointed {
            day: days.first,
            panel: id,
        });
        if crosshair.0.get_untracked() != pointed {
            crosshair.0.set(pointed);
        }
        if thing.get_untracked() != place {
            set_thing.set(place);
        }
    };
    // Days alone, unless they are all there is.
    let ask_for = move |days: DateRange| {
        let today = page.scope.read_untracked().today;
        let days = DateRange::new(days.first, days.last.min(today));
        let is_all = page.scope.read_untracked().range == Some(days);
        let was_week = page.scope.read_untracked().interval != Interval::Day;
        if !is_all {
            page.zoom(url, days, was_week);
        }
    };

    // What a row of a ranking leads to. A finger's tap only points.
    let was_touch = StoredValue::new(false);
    let drill = move |place: Option<usize>| {
        let drill = model
            .read_untracked()
            .drill_at(place?, series.get_untracked())
            .cloned()?;
        if matches!(drill, Drill::Cell(..)) {
            on_table.run(true);
        }
        page.drill(url, &drill);
        Some(())
    };
    let on_click = on(move |_: MouseEvent| {
        if !was_touch.get_value() {
            drill(thing.get_untracked());
        }
    });

    let on_move = on(move |event: PointerEvent| {
        set_keyed.set(false);
        let spot = spot_of(&event);
        match brush.get_untracked() {
            Some((from, _)) => set_brush.set(Some((from, spot.0))),
            None => point(place_at(spot)),
        }
    });
    let on_down = on(move |event: PointerEvent| {
        let spot = spot_of(&event);
        point(place_at(spot));
        // A finger scrolls and taps; only a mouse or a pen drags.
        let is_touch = event.pointer_type() == "touch";
        was_touch.set_value(is_touch);
        if !is_touch && event.button() == 0 && days_of(place_at(spot)).is_some() {
            set_brush.set(Some((spot.0, spot.0)));
        }
    });
    let on_up = on(move |event: PointerEvent| {
        let Some((from, _)) = brush.get_untracked() else { return };
        set_brush.set(None);
        let (to, y) = spot_of(&event);
        let ends = if (to - from).abs() < CLICK {
            (from, from)
        } else {
            (from.min(to), from.max(to))
        };
        if let (Some(first), Some(last)) = (days_of(place_at((ends.0, y))), days_of(place_at((ends.1, y)))) {
            ask_for(DateRange::new(first.first, last.last));
        }
    });
    let on_leave = on(move |event: PointerEvent| {
        set_brush.set(None);
        // A finger leaves as soon as it is lifted; what it tapped stays until it taps elsewhere.
        if event.pointer_type() != "touch" {
            point(None);
            set_series.set(None);
        }
    });
    let on_key = on(move |event: KeyboardEvent| {
        let count = chart.read_untracked().as_ref().map_or(0, ChartModel::len);
        if event.ctrl_key() || event.alt_key() || event.meta_key() || count == 0 {
            return;
        }
        let last = count - 1;
        let at = place.get_untracked();
        let go = |place: usize| point(Some(place));
        let lines = chart.read_untracked().as_ref().map_or(0, |chart| chart.series.len());
        let is_grid = chart.read_untracked().as_ref().is_some_and(ChartModel::is_grid);
        match event.key().as_str() {
            "ArrowRight" => go(at.map_or(last, |at| (at + 1).min(last))),
            "ArrowLeft" => go(at.map_or(last, |at| at.saturating_sub(1))),
            "PageDown" => go(at.map_or(last, |at| (at + 7).min(last))),
            "PageUp" => go(at.map_or(last, |at| at.saturating_sub(7))),
            "Home" => go(0),
            "End" => go(last),
            // From a whole stack into it from below; from row to row of a grid.
            key @ ("ArrowUp" | "ArrowDown") => set_series.update(|series| {
                *series = match (series.or(is_grid.then_some(0)), (key == "ArrowUp") != is_grid) {
                    (Some(at), true) => Some(at + 1).filter(|next| *next < lines),
                    (Some(at), false) => at.checked_sub(1),
                    (None, true) => Some(0),
                    (None, false) => lines.checked_sub(1),
                }
                .or(series.filter(|_| is_grid));
            }),
            "Enter" if drill(at).is_some() => {}
            "Enter" => days_of(at).into_iter().for_each(ask_for),
            "t" | "T" => on_table.run(false),
            "Escape" if brush.get_untracked().is_some() => set_brush.set(None),
            "Escape" if at.is_some() => point(None),
            "Escape" => page.zoom_out(url),
            _ => return,
        }
        set_keyed.set(true);
        event.prevent_default();
    });
    // What covers something is taken away without moving the pointer, wherever the focus is.
    let escape = window_event_listener_untyped("keydown", move |event| {
        let event = event.unchecked_ref::<KeyboardEvent>();
        if event.key() == "Escape" && place.get_untracked().is_some() {
            point(None);
        }
    });
    on_cleanup(move || escape.remove());
    // What the keys point at, spoken once they rest; nothing of what a pointer passes.
    let said = Memo::new(move |_| {
        let tip = (is_here.get() && is_keyed.get())
            .then(|| place.get())
            .flatten()
            .and_then(|index| model.read().tip(index, series.get()));
        tip.map_or_else(String::new, |tip| sentence(&tip, chart.read().as_ref(), series.get()))
    });
    let spoken = page.slowly(said);

    let named = move || {
        let model = model.read();
        let series = model.chart.iter().flat_map(|chart| &chart.series);
        let names = series.map(|series| series.name.as_str());
        let scheme = (page.scheme.get() as u8).to_string();
        names.chain([scheme.as_str()]).collect::<Vec<_>>().join("\n")
    };
    let legend = keyed(named, move || legend(model, page, hidden));
    let leads_on = flag(move || {
        thing
            .get()
            .is_some_and(|place| model.read().drill_at(place, series.get()).is_some())
    });
    let is_stale = flag(move || model.read().state == State::Stale);
    let tooltip = when(
        move || is_here.get() && place.get().is_some(),
        move || tooltip(model, places, place, series, width),
    );
    let band = when(
        move || brush.get().is_some_and(|(from, to)| (to - from).abs() >= CLICK),
        move || {
            let edge = move |pick: fn(f64, f64) -> f64| {
                brush
                    .get()
                    .map_or(0.0, |(from, to)| pick(from, to).clamp(0.0, width.get()))
            };
            let left = text(move || pixels(edge(f64::min)));
            let wide = text(move || pixels(edge(f64::max) - edge(f64::min)));
            view! { <div class="brush" style:left=left style:width=wide></div> }.built()
        },
    );
    let summary = move || text(move || model.read().summary.clone());
    view! {
        <figure class="chart">
            {legend}
            <div class="chart-frame" style:height=text(move || pixels(height.get())) node_ref=frame tabindex="0" role="group" aria-roledescription="chart"
                aria-label=summary() class:is-stale=is_stale class:leads-on=leads_on
                on:pointermove=on_move on:pointerdown=on_down on:pointerup=on_up on:pointerleave=on_leave on:click=on_click
                on:keydown=on_key on:blur=on(move |_: FocusEvent| point(None))>
                <canvas node_ref=base dir="ltr" aria-hidden="true"></canvas>
                <div node_ref=overlay dir="ltr" class="overlay" aria-hidden="true"></div>
                {band}
                {tooltip}
            </div>
            <figcaption>{summary()}</figcaption>
            <p class="sr-only" role="status">{text(move || spoken.get())}</p>
        </figure>
    }
    .built()
}

/// The chart without the series that a person switched off.
fn without(mut chart: ChartModel, hidden: &[String]) -> ChartModel {
    chart.series.retain(|series| !hidden.contains(&series.name));
    chart
}

/// Names and colours of several series. A click switches one off and on; with Shift it stays alone.
fn legend(model: Memo<PanelModel>, page: Page, hidden: RwSignal<Vec<String>>) -> AnyView {
    let colors = page.scheme.get().colors();
    let model = model.read();
    let all: Vec<(String, Role)> = model
        .chart
        .iter()
        .flat_map(|chart| &chart.series)
        .map(|series: &Series| (series.name.clone(), series.role))
        .collect();
    let is_over_time = model.chart.as_ref().is_some_and(|chart| !chart.buckets.is_empty());
    // Small multiples have their names above them.
    let is_named = model
        .chart
        .as_ref()
        .is_some_and(|chart| matches!(chart.kind, Kind::Multiples(_)));
    if all.len() < 2 || !is_over_time || is_named {
        return ().built();
    }
    let kind = model.chart.as_ref().map(|chart| chart.kind.clone());
    let is_alone = all.iter().filter(|(_, role)| *role != Role::Context).count() == 1;
    // As it is drawn.
    let shape = |role: Role| match (role, &kind) {
        (Role::Context, _) => "Line".into(),
        (_, Some(Kind::Line | Kind::Area)) => "Circle".into(),
        _ if is_alone => String::new(),
        _ => format!("{:?}", role.pattern()),
    };
    let names: Vec<String> = all.iter().map(|(name, _)| name.clone()).collect();
    let entry = |(name, role): (String, Role)| {
        let (this, others) = (name.clone(), names.clone());
        let is_shown = Memo::new(move |_| !hidden.read().contains(&this));
        let this = name.clone();
        let toggle = on(move |event: MouseEvent| {
            hidden.update(|hidden| {
                let alone: Vec<String> = others.iter().filter(|other| **other != this).cloned().collect();
                if event.shift_key() {
                    *hidden = if *hidden == alone { Vec::new() } else { alone };
                } else if hidden.contains(&this) {
                    hidden.retain(|name| *name != this);
                } else if hidden.len() + 1 < others.len() {
                    hidden.push(this.clone());
                } else {
                    // The last one stays: an empty chart says nothing.
                    hidden.clear();
                }
            });
        });
        let pressed = text(move || is_shown.get().to_string());
        view! {
            <li><button type="button" class="quiet" aria-pressed=pressed on:click=toggle
                title="Click to hide or show, with Shift to see it alone">
                <span class="swatch" data-shape=shape(role) style:color=colors.css(role)></span>{name}
            </button></li>
        }
    };
    let entries: Vec<_> = all.into_iter().map(entry).collect();
    view! { <ul class="legend" aria-label="Series">{entries}</ul> }.built()
}

/// A bucket in words: all its figures, or those of one series.
#[inline(never)]
fn sentence(tip: &Tip, chart: Option<&ChartModel>, series: Option<usize>) -> String {
    let lines = chart.filter(|chart| !chart.is_grid());
    let only = series
        .and_then(|at| lines?.series.get(at))
        .map(|series| series.name.as_str());
    let lines = tip
        .lines
        .iter()
        .filter(|(name, _)| only.is_none_or(|only| only == name));
    let figures: Vec<String> = lines.map(|(name, figure)| format!("{name}: {figure}")).collect();
    format!("{}. {}", tip.title, figures.join(", "))
}

/// The figures of one bucket.
fn tooltip(
    model: Memo<PanelModel>,
    places: Memo<Option<Layout>>,
    place: Memo<Option<usize>>,
    series: RwSignal<Option<usize>>,
    width: RwSignal<f64>,
) -> AnyView {
    let spot = Memo::new(move |_| {
        let (places, at) = (places.read(), place.get()?);
        let places = places.as_ref()?;
        let model = model.read();
        let chart = model.chart.as_ref()?;
        let part = (chart.is_grid() || !places.panels.is_empty()).then(|| series.get().unwrap_or(0));
        // Half of what the bars of a bucket take at most, so that they are not covered.
        let half = match chart.kind {
            Kind::Bars => (places.x.step * 0.36).min(22.0 * chart.series.len() as f64),
            Kind::StackedBars => (places.x.step * 0.36).min(22.0),
            _ => 0.0,
        };
        Some(beside(places, (at, part), (half, width.get())))
    });
    let left = text(move || spot.get().map_or_else(String::new, |spot| pixels(spot.left)));
    let top = text(move || spot.get().and_then(|spot| spot.top).map_or_else(String::new, pixels));
    let is_left = flag(move || spot.get().is_some_and(|spot| spot.is_left));
    let is_above = flag(move || spot.get().is_some_and(|spot| spot.is_above));
    let content = dynamic(move || {
        let Tip { title, lines, span } = place
            .get()
            .and_then(|index| model.read().tip(index, series.get()))
            .unwrap_or_default();
        let lines: Vec<_> = lines
            .into_iter()
            .map(|(name, figure)| view! { <div><dt>{name}</dt><dd>{figure}</dd></div> })
            .collect();
        view! { <p>{title}</p><dl>{lines}</dl><p class="tooltip-span">{span}</p> }.built()
    });
    view! { <div class="tooltip" aria-hidden="true" class:is-left=is_left class:is-above=is_above style:left=left style:top=top>{content}</div> }.built()
}

/// Where a tooltip stands: from `left` to the right, or to the left; and from `top` down, or up.
#[derive(Clone, Copy, PartialEq)]
struct Spot {
    left: f64,
    is_left: bool,
    top: Option<f64>,
    is_above: bool,
}

/// Beside the place that is pointed at, above or below the row, and never over the edge of the chart.
fn beside(places: &Layout, (at, part): (usize, Option<usize>), (half, width): (f64, f64)) -> Spot {
    // As wide as it may become by the style sheet, and as far away.
    let room = 12.0 + (0.45 * width).max((0.7 * width).min(240.0)).min(300.0);
    let is_meant = |cell: &&Cell| cell.place == at && part.is_none_or(|part| cell.series == part);
    let row = places.cells.iter().find(is_meant).map(|cell| cell.rect);
    let panel = places.panels.get(part.unwrap_or(0));
    let x = match row {
        Some(cell) if cell.width() < places.plot.width() => cell.right,
        // A ranking has rows and no columns.
        Some(_) => places.plot.left + places.plot.width() / 2.0,
        None => panel.map_or_else(|| places.center(at), |panel| panel.rect.left + panel.layout.center(at)),
    };
    let is_left = x + half + room > width && x - half >= room;
    let left = match x + half + room > width {
        false => x + half,
        true if is_left => x - half,
        // Where neither side is wide enough: at the edge that is further away.
        true if x > width / 2.0 => -12.0,
        true => width - room,
    };
    let is_above = row.is_some_and(|row| row.top > places.height / 2.0);
    let top = row.map(|row| if is_above { row.top - 4.0 } else { row.bottom + 4.0 });
    let top = top.or(panel.map(|panel| panel.rect.top));
    Spot {
        left,
        is_left,
        top,
        is_above,
    }
}
