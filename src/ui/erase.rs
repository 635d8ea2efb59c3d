//! One type for many closures. Each distinct closure given to `view!` compiles its own copy of the machinery behind it,
//! some kilobytes each; a signal or a box shares one copy among all. Measured: see "Size" in ARCHITECTURE.md.

use leptos::prelude::*;

/// A part of the page that is built anew when what it reads changes.
pub type Dynamic = Box<dyn FnMut() -> AnyView + Send>;

/// A handler of events.
pub type Handler<E> = Box<dyn FnMut(E)>;

/// A part that is built anew when what it reads changes.
pub fn dynamic(view: impl FnMut() -> AnyView + Send + 'static) -> Dynamic {
    Box::new(view)
}

/// A part that is there while a condition holds, and is built anew only when that changes.
pub fn when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    view: impl Fn() -> AnyView + Send + 'static,
) -> Dynamic {
    let condition = Memo::new_owning(boxed(condition));
    Box::new(move || if condition.get() { view() } else { ().into_any() })
}

/// Text, or an attribute, that follows what it reads.
pub fn text(value: impl Fn() -> String + Send + Sync + 'static) -> Signal<String> {
    Signal::derive(value)
}

/// An attribute that is absent while there is no value.
pub fn maybe(value: impl Fn() -> Option<String> + Send + Sync + 'static) -> Signal<Option<String>> {
    Signal::derive(value)
}

/// A class, or a boolean attribute, that follows what it reads.
pub fn flag(value: impl Fn() -> bool + Send + Sync + 'static) -> Signal<bool> {
    Signal::derive(value)
}

/// A handler of events.
pub fn on<E>(handle: impl FnMut(E) + 'static) -> Handler<E> {
    Box::new(handle)
}

fn boxed(
    condition: impl Fn() -> bool + Send + Sync + 'static,
) -> Box<dyn Fn(Option<bool>) -> (bool, bool) + Send + Sync> {
    Box::new(move |before| {
        let now = condition();
        (now, before != Some(now))
    })
}
