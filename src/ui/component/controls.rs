//! What can be chosen at a panel, and how much of its list is here: more of it comes as one scrolls to its end, or until
//! all of it is there.

use crate::panel::{Control, More, PanelModel};
use crate::period::own::Own;
use crate::ui::app::Tab;
use crate::ui::browser;
use crate::ui::erase::{Build, Memo, expect_context, on, signal, text, when};
use crate::ui::table::TableState;
use leptos::ev::{MouseEvent, SubmitEvent};
use leptos::html::Input;
use leptos::prelude::*;
use std::time::Duration;

/// A page of a list a second, in milliseconds: the company allows 100 a minute, and others ask as well.
const PACE: f64 = 1000.0;
/// So often it is looked whether the next page may be asked for.
const LOOK: Duration = Duration::from_millis(250);

/// Both, where there are any.
pub fn controls(model: Memo<PanelModel>, table: TableState) -> AnyView {
    // What can be chosen never changes while there is something, so that what has the focus stays.
    let controls = when(
        move || !model.read().controls.is_empty(),
        move || {
            let controls = model.get_untracked().controls;
            let controls: Vec<_> = controls.into_iter().map(control).collect();
            view! { <div class="panel-controls">{controls}</div> }.built()
        },
    );
    let more = when(move || model.read().more.is_some(), move || more(model, table));
    let interval = when(move || model.read().interval.is_some(), move || interval(model));
    view! { {controls}{interval}{more} }.built()
}

/// One thing to choose: buttons of which one holds.
fn control(control: Control) -> AnyView {
    let tab = expect_context::<Tab>();
    let Control { wish, label, names, .. } = control;
    let one = |(place, name): (usize, &&'static str)| {
        let is_pressed = text(move || (tab.wishes.read().of(wish) == place).to_string());
        let choose = on(move |_: MouseEvent| tab.wishes.update(|wishes| wishes.choose(wish, place)));
        view! { <button type="button" aria-pressed=is_pressed on:click=choose>{*name}</button> }
    };
    let buttons: Vec<_> = names.iter().enumerate().map(one).collect();
    view! {
        <div class="panel-control"><span aria-hidden="true">{label}</span><div class="joined" role="group" aria-label=label>{buttons}</div></div>
    }
    .built()
}

/// A field for an interval in the words of the API.
fn interval(model: Memo<PanelModel>) -> AnyView {
    let tab = expect_context::<Tab>();
    let field = NodeRef::<Input>::new();
    let (is_wrong, set_wrong) = signal(false);
    let own = move || model.read().interval.clone().unwrap_or_default();
    let choose = move |own: Option<Own>| tab.wishes.update(|wishes| wishes.interval = own);
    let submit = on(move |event: SubmitEvent| {
        event.prevent_default();
        let typed = field.get_untracked().map_or(String::new(), |field| field.value());
        let parsed = Own::parse(&typed);
        set_wrong.set(parsed.is_none() && !typed.trim().is_empty());
        if parsed.is_some() || typed.trim().is_empty() {
            choose(parsed);
        }
    });
    let back = when(
        move || !own().is_empty(),
        move || {
            let go_back = on(move |_: MouseEvent| choose(None));
            view! { <button type="button" on:click=go_back>"Back to the interval of the page"</button> }.built()
        },
    );
    let value = text(own);
    let said = text(move || if is_wrong.get() { GRAMMAR } else { "" }.to_string());
    view! {
        <form class="panel-controls panel-control" on:submit=submit>
            <label for="own-interval">"Other interval"</label>
            <input id="own-interval" node_ref=field type="text" size="8" placeholder="2 week" autocomplete="off" spellcheck="false"
                prop:value=value aria-describedby="own-interval-said"/>
            <button type="submit">"Apply"</button>
            {back}
            <span id="own-interval-said" role="status">{said}</span>
        </form>
    }
    .built()
}

/// How an interval is written.
const GRAMMAR: &str = "A number up to 999 and a unit: hour, day, week, month or year. For example 2 week";

/// How much of a list is here, and a way to have all of it.
fn more(model: Memo<PanelModel>, table: TableState) -> AnyView {
    let tab = expect_context::<Tab>();
    let (is_going, set_going) = signal(false);
    let now = move || model.read().more.clone();
    let words = text(move || now().map_or(String::new(), |more| more.words));
    let figure = move |of: fn(More) -> u64| text(move || now().map_or(0, of).to_string());
    let label = text(move || if is_going.get() { "Stop" } else { "Load all" }.to_string());
    let toggle = on(move |_: MouseEvent| set_going.update(|going| *going = !*going));
    let last = StoredValue::new(f64::NEG_INFINITY);
    let tick = move || {
        let more = model.try_with_untracked(|model| model.more.clone()).flatten();
        let is_due = last
            .try_get_value()
            .is_some_and(|last| browser::uptime() - last >= PACE);
        if is_due && more.is_some_and(|more| !more.is_waiting) {
            last.set_value(browser::uptime());
            tab.wishes.update(|wishes| wishes.more_members += 1);
        }
    };
    let ticks = when(
        move || is_going.get() || table.is_at_end.get(),
        move || {
            // In a task of its own: it changes what is being shown.
            set_timeout(tick, Duration::ZERO);
            if let Ok(handle) = set_interval_with_handle(tick, LOOK) {
                on_cleanup(move || handle.clear());
            }
            ().built()
        },
    );
    view! {
        <div class="panel-more">
            <progress aria-label="Loaded" max=figure(|more| more.all) value=figure(|more| more.loaded)></progress>
            <span>{words}</span>
            <button type="button" on:click=toggle>{label}</button>
            {ticks}
        </div>
    }
    .built()
}
