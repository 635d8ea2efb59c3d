//! One type for many closures. Each distinct closure given to `view!` compiles its own copy of the machinery behind it,
//! some kilobytes each; a signal or a box shares one copy among all. Measured: see "Size" in ARCHITECTURE.md.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::{Position, PositionState};
use send_wrapper::SendWrapper;

/// Turns a view into one type for all of them.
pub trait Build {
    /// The view, built at once. Where it takes the place of another of its kind it replaces that: nothing is compiled
    /// for changing one into the other, which would be as much again as for building it.
    fn built(self) -> AnyView;
}

impl<V: Render<State: 'static>> Build for V {
    fn built(self) -> AnyView {
        Built(SendWrapper::new(Box::new(self.build()))).into_any()
    }
}

/// Nodes that are there, and not yet in the document.
struct Built(SendWrapper<Box<dyn Mountable>>);

impl Render for Built {
    type State = Standing;

    fn build(self) -> Standing {
        Standing(self.0.take())
    }

    fn rebuild(self, old: &mut Standing) {
        let mut new = self.build();
        old.insert_before_this(&mut new);
        old.unmount();
        *old = new;
    }
}

impl AddAnyAttr for Built {
    type Output<A: Attribute> = Built;

    fn add_any_attr<A: Attribute>(self, _: A) -> Built {
        self
    }
}

// Nothing is rendered on a server.
impl RenderHtml for Built {
    type AsyncOutput = Built;
    type Owned = Built;
    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Built {
        self
    }

    fn to_html_with_buf(self, _: &mut String, _: &mut Position, _: bool, _: bool, _: Vec<AnyAttribute>) {}

    fn hydrate<const FROM_SERVER: bool>(self, _: &Cursor, _: &PositionState) -> Standing {
        self.build()
    }

    fn into_owned(self) -> Built {
        self
    }
}

/// Nodes that stand in the document.
struct Standing(Box<dyn Mountable>);

impl Mountable for Standing {
    fn unmount(&mut self) {
        self.0.unmount();
    }

    fn mount(&mut self, parent: &Element, before: Option<&Node>) {
        self.0.mount(parent, before);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.0.insert_before_this(child)
    }

    fn elements(&self) -> Vec<Element> {
        self.0.elements()
    }
}

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
    Box::new(move || if condition.get() { view() } else { ().built() })
}

/// A part that is built anew only when its key changes: what a person holds in it, focus or half-typed words, stays
/// while figures come and go.
pub fn keyed(key: impl Fn() -> String + Send + Sync + 'static, view: impl Fn() -> AnyView + Send + 'static) -> Dynamic {
    let key: Box<dyn Fn() -> String + Send + Sync> = Box::new(key);
    let key = Memo::new(move |_| key());
    Box::new(move || {
        // Read, not only tracked: a memo that nobody reads never looks at what it is made of.
        drop(key.read());
        untrack(&view)
    })
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
