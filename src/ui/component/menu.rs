//! What opens beside a button: closed by Escape, and by a press or the focus elsewhere.

use crate::ui::erase::{Build, RwSignal, flag, on, text};
use leptos::ev::{Event, KeyboardEvent, MouseEvent};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Node;

/// A button with a menu. It closes when something of it is picked, unless it `stays` for more.
pub fn menu(label: &'static str, class: &'static str, stays: bool, options: AnyView) -> AnyView {
    let is_open = RwSignal::new(false);
    let root = NodeRef::<leptos::html::Div>::new();
    let button = NodeRef::<leptos::html::Button>::new();
    close_elsewhere(root, is_open);
    let close = move || {
        is_open.set(false);
        if let Some(button) = button.get_untracked() {
            // Focus fails only for elements that are gone.
            drop(button.focus());
        }
    };
    let toggle = on(move |_: MouseEvent| is_open.update(|open| *open = !*open));
    let pick = on(move |_: MouseEvent| {
        if !stays {
            close();
        }
    });
    let escape = on(move |event: KeyboardEvent| {
        if event.key() == "Escape" && is_open.get_untracked() {
            close();
        }
    });
    view! {
        <div class="menu" node_ref=root on:keydown=escape>
            <button type="button" class="quiet" node_ref=button aria-expanded=text(move || is_open.get().to_string()) on:click=toggle>{label}</button>
            <div class=class role="group" aria-label=label hidden=flag(move || !is_open.get()) on:click=pick>{options}</div>
        </div>
    }
    .built()
}

/// Closes what is open in an element when somebody presses elsewhere, or goes on with the keyboard.
pub fn close_elsewhere(root: NodeRef<leptos::html::Div>, is_open: RwSignal<bool>) {
    for name in ["pointerdown", "focusin"] {
        let listener = window_event_listener_untyped(name, move |event: Event| {
            let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
            let is_inside = root.get_untracked().is_some_and(|root| root.contains(target.as_ref()));
            if is_open.get_untracked() && !is_inside {
                is_open.set(false);
            }
        });
        on_cleanup(move || listener.remove());
    }
}
