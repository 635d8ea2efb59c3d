//! What the system and the screen are like, as media queries tell it. By the browser's own lists: general hooks bring signals and
//! effects of their own, and weigh 4 kB.

use crate::ui::browser;
use crate::ui::erase::RwSignal;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// Whether a media query is met.
pub fn media(query: &str) -> RwSignal<bool> {
    let is_met = RwSignal::new(false);
    let now = listen(query, move |now| {
        is_met.set(now);
        true
    });
    is_met.set(now);
    is_met
}

/// How many device pixels a CSS pixel has: another number when the window is on another screen, or the page is zoomed.
pub fn pixel_ratio() -> RwSignal<f64> {
    let ratio = RwSignal::new(window().device_pixel_ratio());
    follow(ratio);
    ratio
}

/// A query can only ask for the number that holds now, so each change asks anew.
fn follow(ratio: RwSignal<f64>) {
    let Some(now) = ratio.try_get_untracked() else { return };
    let query = format!("(resolution: {}dppx)", browser::number(now));
    listen(&query, move |_| {
        ratio.set(window().device_pixel_ratio());
        follow(ratio);
        false
    });
}

/// Whether a query is met now. Says it after each change, too, until it is told that this is of no use any more, or what asks
/// is gone.
fn listen(query: &str, say: impl Fn(bool) -> bool + 'static) -> bool {
    let Ok(Some(list)) = window().match_media(query) else {
        return false;
    };
    let now = list.matches();
    let watched = list.clone();
    let changed = Closure::<dyn FnMut()>::new(move || {
        if !say(watched.matches()) {
            watched.set_onchange(None);
        }
    });
    list.set_onchange(Some(changed.as_ref().unchecked_ref()));
    let kept = StoredValue::new_local((list, changed));
    on_cleanup(move || {
        kept.try_with_value(|(list, _)| list.set_onchange(None));
    });
    now
}
