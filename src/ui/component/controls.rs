//! What can be chosen at a panel, and how much of its list is here, with a way to have all of it.

use crate::panel::{Control, More, PanelModel};
use crate::ui::app::Tab;
use crate::ui::erase::{Build, Memo, on, text, when};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::time::Duration;

/// A page of a list a second: the company allows 100 a minute, and others ask as well.
const PACE: Duration = Duration::from_secs(1);

/// Both, where there are any.
pub fn controls(model: Memo<PanelModel>) -> AnyView {
    // What can be chosen never changes while there is something, so that what has the focus stays.
    let controls = when(
        move || !model.read().controls.is_empty(),
        move || {
            let controls = model.get_untracked().controls;
            let controls: Vec<_> = controls.into_iter().map(control).collect();
            view! { <div class="panel-controls">{controls}</div> }.built()
        },
    );
    let more = when(move || model.read().more.is_some(), move || more(model));
    view! { {controls}{more} }.built()
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

/// How much of a list is here, and a way to have all of it.
fn more(model: Memo<PanelModel>) -> AnyView {
    let tab = expect_context::<Tab>();
    let (is_going, set_going) = signal(false);
    let now = move || model.read().more.clone();
    let words = text(move || now().map_or(String::new(), |more| more.words));
    let figure = move |of: fn(More) -> u64| text(move || now().map_or(0, of).to_string());
    let label = text(move || if is_going.get() { "Stop" } else { "Load all" }.to_string());
    let toggle = on(move |_: MouseEvent| set_going.update(|going| *going = !*going));
    let ticks = when(
        move || is_going.get(),
        move || {
            let tick = move || {
                let more = model.try_with_untracked(|model| model.more.clone()).flatten();
                if more.is_some_and(|more| !more.is_waiting) {
                    tab.wishes.update(|wishes| wishes.more_members += 1);
                }
            };
            if let Ok(handle) = set_interval_with_handle(tick, PACE) {
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
