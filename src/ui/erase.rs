//! One type for many closures. Each distinct closure given to `view!` compiles its own copy of the machinery behind it,
//! some kilobytes each; a signal or a box shares one copy among all. Measured: see "Size" in ARCHITECTURE.md.

use leptos::attr::Attribute;
use leptos::attr::any_attribute::AnyAttribute;
use leptos::prelude::*;
use leptos::reactive::computed as reactive;
use leptos::tachys::hydration::Cursor;
use leptos::tachys::renderer::types::{Element, Node};
use leptos::tachys::view::{Position, PositionState};
use send_wrapper::SendWrapper;
use std::any::Any;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;
use wasm_bindgen::throw_str;

/// A value that follows others, or can be set. Works as those of Leptos do, and is one type behind what it looks like: the
/// machinery `S` is compiled once for all values.
pub struct Held<S, T>(S, PhantomData<fn() -> T>);

/// A value computed from what it reads, and again when that changes.
pub type Memo<T> = Held<reactive::Memo<Value>, T>;

/// A value that can be set.
pub type RwSignal<T> = Held<leptos::prelude::RwSignal<Value>, T>;

/// What the machinery keeps.
#[derive(Clone)]
pub struct Value(Arc<dyn Any + Send + Sync>);

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// A memo; `compute` is given the value before, if there is one.
    pub fn new(compute: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Memo<T> {
        Memo::of(Box::new(compute))
    }

    fn of(compute: Typed<T>) -> Memo<T> {
        let compute = move |before: Option<Value>| {
            let before = before.and_then(|Value(before)| before.downcast::<T>().ok());
            let now = compute(before.as_deref());
            let is_new = before.as_deref() != Some(&now);
            (Value(Arc::new(now)), is_new)
        };
        Held(memo(Box::new(compute)), PhantomData)
    }
}

/// Gives the value after the one before.
type Typed<T> = Box<dyn Fn(Option<&T>) -> T + Send + Sync>;

/// The same for values of any type, and whether it is another than before.
type Compute = Box<dyn Fn(Option<Value>) -> (Value, bool) + Send + Sync>;

fn memo(compute: Compute) -> reactive::Memo<Value> {
    reactive::Memo::new_owning(compute)
}

/// A signal, to be read by one name and set by another.
pub fn signal<T: Send + Sync + 'static>(value: T) -> (RwSignal<T>, RwSignal<T>) {
    let signal = RwSignal::new(value);
    (signal, signal)
}

impl<T: Send + Sync + 'static> RwSignal<T> {
    /// A signal with its first value.
    pub fn new(value: T) -> RwSignal<T> {
        Held(leptos::prelude::RwSignal::new(Value(Arc::new(value))), PhantomData)
    }

    /// Another value; nothing where what the signal was made for is gone.
    pub fn set(&self, value: T) {
        put(self.0, Value(Arc::new(value)));
    }
}

fn put(signal: leptos::prelude::RwSignal<Value>, value: Value) {
    signal.try_set(value);
}

impl<T: Clone + Send + Sync + 'static> RwSignal<T> {
    /// The value, changed; nothing where what the signal was made for is gone.
    pub fn update(&self, change: impl FnOnce(&mut T)) {
        if let Some(mut value) = self.try_get_untracked() {
            change(&mut value);
            self.set(value);
        }
    }
}

impl<S: Get<Value = Value> + GetUntracked<Value = Value>, T: Send + Sync + 'static> Held<S, T> {
    /// The value. Whatever reads it is run again when it changes.
    pub fn read(&self) -> Kept<T> {
        Kept::new(self.0.get())
    }

    /// The value, for now.
    pub fn read_untracked(&self) -> Kept<T> {
        Kept::new(self.0.get_untracked())
    }

    /// Runs again what calls this when the value changes. Reads it: a memo that nobody reads never looks at what it is made of.
    pub fn track(&self) {
        drop(self.0.get());
    }

    /// Looks at the value, for now; does nothing where what it was made for is gone.
    pub fn try_with_untracked<U>(&self, look: impl FnOnce(&T) -> U) -> Option<U> {
        self.0.try_get_untracked().map(|value| look(&Kept::new(value)))
    }

    /// A copy of the value. Whatever reads it is run again when it changes.
    pub fn get(&self) -> T
    where
        T: Clone,
    {
        T::clone(&self.read())
    }

    /// A copy of the value, for now.
    pub fn get_untracked(&self) -> T
    where
        T: Clone,
    {
        T::clone(&self.read_untracked())
    }

    /// A copy of the value, for now; none where what it was made for is gone.
    pub fn try_get_untracked(&self) -> Option<T>
    where
        T: Clone,
    {
        self.try_with_untracked(T::clone)
    }
}

/// The value that was there when it was looked at.
pub struct Kept<T>(Arc<T>);

impl<T: Send + Sync + 'static> Kept<T> {
    /// Values of its own type alone are kept: `Memo::new`, `RwSignal::new` and `set` are the only ones to put any in.
    fn new(Value(value): Value) -> Kept<T> {
        let value = value.downcast();
        Kept(value.unwrap_or_else(|_| throw_str("a memo keeps values of one type")))
    }
}

impl<T> Deref for Kept<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<S: Copy, T> Clone for Held<S, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Copy, T> Copy for Held<S, T> {}

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
    while_true(Memo::new(move |_| condition()), Box::new(view))
}

/// Calls the view by its address: what is not shown is then no part of what runs.
fn while_true(condition: Memo<bool>, view: Box<dyn Fn() -> AnyView + Send>) -> Dynamic {
    Box::new(move || if condition.get() { view() } else { ().built() })
}

/// A part that is built anew only when its key changes: what a person holds in it, focus or half-typed words, stays
/// while figures come and go.
pub fn keyed(key: impl Fn() -> String + Send + Sync + 'static, view: impl Fn() -> AnyView + Send + 'static) -> Dynamic {
    by_key(Memo::new(move |_| key()), Box::new(view))
}

fn by_key(key: Memo<String>, view: Box<dyn Fn() -> AnyView + Send>) -> Dynamic {
    Box::new(move || {
        key.track();
        untrack(&view)
    })
}

/// Does something now, and again when what it reads changes.
pub fn effect(act: impl FnMut() + 'static) {
    let mut act: Box<dyn FnMut()> = Box::new(act);
    Effect::new(move |_| act());
}

/// Text, or an attribute, that follows what it reads.
pub fn text(value: impl Fn() -> String + Send + 'static) -> Box<dyn FnMut() -> String + Send> {
    Box::new(value)
}

/// An attribute that is absent while there is no value.
pub fn maybe(value: impl Fn() -> Option<String> + Send + 'static) -> Box<dyn FnMut() -> Option<String> + Send> {
    Box::new(value)
}

/// A class, or a boolean attribute, that follows what it reads.
pub fn flag(value: impl Fn() -> bool + Send + 'static) -> Box<dyn FnMut() -> bool + Send> {
    Box::new(value)
}

/// What something around has provided. Leptos' own says which is missing and where it is wanted, in code and words of
/// their own for each type.
pub fn expect_context<T: Clone + 'static>() -> T {
    use_context().unwrap_or_else(|| throw_str("nothing around provides this"))
}

/// A handler of events.
pub fn on<E>(handle: impl FnMut(E) + 'static) -> Handler<E> {
    Box::new(handle)
}
