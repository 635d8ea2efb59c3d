//! How wide and how high an element is. By the browser's own observer: a general hook reads sizes of SVG elements as text, and brings
//! the tables to do so.

use crate::ui::erase::{RwSignal, effect, signal};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{DomRect, Element, ResizeObserver};

/// The width of an element in whole CSS pixels, rounded down; 0 before the element is on the page.
pub fn width_of(element: NodeRef<Div>) -> RwSignal<f64> {
    measure(element, DomRect::width)
}

/// The height, likewise.
pub fn height_of(element: NodeRef<Div>) -> RwSignal<f64> {
    measure(element, DomRect::height)
}

fn measure(element: NodeRef<Div>, side: fn(&DomRect) -> f64) -> RwSignal<f64> {
    let (length, set_length) = signal(0.0);
    effect(move || {
        let Some(observed) = element.get() else { return };
        let look = move || {
            if let Some(element) = element.try_get_untracked().flatten() {
                let now = side(&element.get_bounding_client_rect()).floor();
                if length.try_get_untracked().is_some_and(|before| before != now) {
                    set_length.set(now);
                }
            }
        };
        // Behind all that is written into the page at once, so that the browser finds all places together; the observer tells
        // the first time only once the browser paints, and what is drawn then is behind a frame without it.
        spawn_local(async move { look() });
        when_resized(&observed, Box::new(look));
    });
    length
}

/// Does something when an element has another size, until what this was called in runs again or is gone.
pub fn when_resized(element: &Element, act: Box<dyn FnMut()>) {
    let act = Closure::wrap(act);
    // Fails only for what is not a function.
    let Ok(observer) = ResizeObserver::new(act.as_ref().unchecked_ref()) else {
        return;
    };
    observer.observe(element);
    let kept = StoredValue::new_local((observer, act));
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| observer.disconnect());
    });
}
