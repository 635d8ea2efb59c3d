//! How wide an element is. By the browser's own observer: a general hook reads sizes of SVG elements as text, and brings
//! the tables to do so.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::ResizeObserver;

/// The width of an element in whole CSS pixels, rounded down; 0 before the element is on the page.
pub fn width_of(element: NodeRef<Div>) -> ReadSignal<f64> {
    let (width, set_width) = signal(0.0);
    Effect::new(move |_| {
        let Some(observed) = element.get() else { return };
        let measure = Closure::<dyn FnMut()>::new(move || {
            if let Some(element) = element.try_get_untracked().flatten() {
                let now = element.get_bounding_client_rect().width().floor();
                if width.try_get_untracked().is_some_and(|before| before != now) {
                    set_width.set(now);
                }
            }
        });
        // Fails only for what is not a function.
        let Ok(observer) = ResizeObserver::new(measure.as_ref().unchecked_ref()) else {
            return;
        };
        observer.observe(&observed);
        let kept = StoredValue::new_local((observer, measure));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
    width
}
