//! The range: presets, typed dates, and steps to the days before and after.

use crate::format;
use crate::period::{DateRange, Period, Preset};
use crate::ui::component::menu::close_elsewhere;
use crate::ui::erase::{Build, RwSignal, expect_context, flag, on, signal, text, when};
use crate::ui::page::metrics::Page;
use crate::ui::url::Url;
use crate::zone;
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::prelude::*;

/// The picker.
#[component]
pub fn RangePicker() -> impl IntoView {
    let url = expect_context::<Url>();
    let page = expect_context::<Page>();
    let is_open = RwSignal::new(false);
    let (complaint, set_complaint) = signal(None::<&'static str>);
    let button = NodeRef::<leptos::html::Button>::new();
    let root = NodeRef::<leptos::html::Div>::new();
    close_elsewhere(root, is_open);
    let from = NodeRef::<leptos::html::Input>::new();
    let to = NodeRef::<leptos::html::Input>::new();

    let label = text(move || {
        let scope = page.scope.read();
        let days = format::span(&scope.locale, scope.asked);
        let preset = match url.query.read().period {
            Some(Period::Preset(preset)) => Some(preset),
            Some(Period::Locked(_)) => None,
            None => page_default(),
        };
        preset.map_or_else(|| days.clone(), |preset| format!("{}: {days}", preset.label()))
    });
    let close = move || {
        is_open.set(false);
        if let Some(button) = button.get_untracked() {
            // Focus fails only for elements that are gone.
            drop(button.focus());
        }
    };
    let choose = move |period: Option<Period>| {
        close();
        url.change(false, |query| query.period = period);
    };
    let can_step = move |direction: i64| {
        let scope = page.scope.read();
        direction < 0 || scope.asked.last < scope.today
    };
    let step = move |direction: i64| {
        let scope = page.scope.get_untracked();
        if direction > 0 && scope.asked.last >= scope.today {
            return;
        }
        let moved = scope.asked.shift(direction * i64::from(scope.asked.days()));
        url.change(false, |query| query.period = Some(Period::Locked(moved)));
    };
    let on_key = move |event: KeyboardEvent| {
        let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key();
        match event.key().as_str() {
            "Escape" if is_open.get_untracked() => close(),
            "ArrowLeft" if !has_modifier && !is_open.get_untracked() => step(-1),
            "ArrowRight" if !has_modifier && !is_open.get_untracked() => step(1),
            _ => return,
        }
        event.prevent_default();
    };
    let apply = move |event: SubmitEvent| {
        event.prevent_default();
        let day =
            |input: NodeRef<leptos::html::Input>| input.get_untracked().and_then(|input| zone::day(&input.value()));
        match (day(from), day(to)) {
            (Some(first), Some(last)) if first <= last => {
                set_complaint.set(None);
                choose(Some(Period::Locked(DateRange::new(first, last))));
            }
            (Some(_), Some(_)) => set_complaint.set(Some("The first day must not be after the last")),
            _ => set_complaint.set(Some("Both days are needed, as year, month and day")),
        }
    };
    let preset_button = move |(preset, key, label): &(Preset, &'static str, &'static str)| {
        let preset = *preset;
        let is_current = text(move || {
            let asked = url.query.read().period;
            (asked == Some(Period::Preset(preset)) || (asked.is_none() && page_default() == Some(preset))).to_string()
        });
        let pick = on(move |_: MouseEvent| choose(Some(Period::Preset(preset))));
        view! { <li><button type="button" class="option" data-range=*key aria-pressed=is_current on:click=pick>{*label}</button></li> }
    };
    let inside = when(
        move || is_open.get() || page.is_settled.get(),
        move || {
            let presets: Vec<_> = Preset::ALL.iter().map(preset_button).collect();
            let first = text(move || page.scope.read().asked.first.to_string());
            let last = text(move || page.scope.read().asked.last.to_string());
            let is_complete = flag(move || url.query.read().is_complete);
            let complete = on(move |_: MouseEvent| url.change(false, |query| query.is_complete = !query.is_complete));
            view! {
                <ul class="presets">{presets}</ul>
                <form class="dates" on:submit=on(apply) novalidate>
                    <label>"From"<input node_ref=from id="range-from" type="date" prop:value=first/></label>
                    <label>"To"<input node_ref=to id="range-to" type="date" prop:value=last/></label>
                    <button type="submit" class="primary">"Apply"</button>
                    <label class="tick"><input id="complete" type="checkbox" prop:checked=is_complete on:click=complete/>"Complete periods only"</label>
                    <p class="complaint" role="alert">{text(move || complaint.get().unwrap_or_default().to_string())}</p>
                </form>
            }
            .built()
        },
    );
    let zoom_out = when(
        move || page.zoomed_from.read().is_some(),
        move || {
            let out = on(move |_: MouseEvent| page.zoom_out(url));
            view! { <button type="button" id="zoom-out" on:click=out>"Zoom out"</button> }.built()
        },
    );
    let toggle = on(move |_: MouseEvent| is_open.update(|open| *open = !*open));

    view! {
        <div class="field range" node_ref=root>
            <span id="range-label">"Range"</span>
            <div class="joined">
                <button type="button" id="range-earlier" aria-label="Earlier days" title="Earlier days"
                    on:click=on(move |_: MouseEvent| step(-1))>"‹"</button>
                <button type="button" id="range" node_ref=button aria-expanded=text(move || is_open.get().to_string())
                    aria-controls="range-popup" aria-describedby="range-label" on:click=toggle on:keydown=on(on_key)>{label}</button>
                <button type="button" id="range-later" aria-label="Later days" title="Later days"
                    disabled=flag(move || !can_step(1)) on:click=on(move |_: MouseEvent| step(1))>"›"</button>
                {zoom_out}
            </div>
            <div id="range-popup" class="popup range-popup" role="group" aria-label="Choose a range"
                hidden=flag(move || !is_open.get()) on:keydown=on(on_key)>{inside}</div>
        </div>
    }
    .built()
}

/// The range that holds when the URL names none.
fn page_default() -> Option<Preset> {
    use_context::<crate::ui::app::Setup>().map(|setup| setup.config.default_range)
}
