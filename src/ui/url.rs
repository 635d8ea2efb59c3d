//! The URL: the one place that reads it and the one place that writes it.

use crate::query::{Notice, Query, Theme, View, Word};
use crate::ui::embed::Embedding;
use crate::ui::erase::{Handler, Memo, on};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use wasm_bindgen::JsValue;

/// The query of the page as a signal, and how to go to another one.
#[derive(Clone, Copy)]
pub struct Url {
    /// The query.
    pub query: Memo<Query>,
    /// Values of the URL that could not be used.
    pub notices: Memo<Vec<Notice>>,
    /// The page.
    pub view: Memo<Option<View>>,
    /// The page around this one, which may narrow what is shown.
    pub embedding: Embedding,
    go: StoredValue<Box<Go>, LocalStorage>,
}

/// Goes to an address.
type Go = dyn Fn(&str, NavigateOptions);

impl Url {
    /// Reads the router's location; call it once, inside the router.
    pub fn provide() -> Url {
        let location = use_location();
        let search = location.search;
        let pathname = location.pathname;
        let parsed = Memo::new(move |_| Query::parse(&search.read()));
        let navigate = use_navigate();
        let go: Box<Go> = Box::new(move |href, options| {
            navigate(href, options);
            // The router believes an address to be there already that it has pushed before, also when a person has
            // gone back several pages at once since.
            if here() != href
                && let Ok(history) = window().history()
            {
                // Fails only for an address of another origin.
                drop(history.push_state_with_url(&JsValue::NULL, "", Some(href)));
            }
        });
        let url = Url {
            query: Memo::new(move |_| parsed.read().0.clone()),
            notices: Memo::new(move |_| parsed.read().1.clone()),
            view: Memo::new(move |_| view_of(&pathname.read())),
            embedding: use_context().unwrap_or_else(Embedding::none),
            go: StoredValue::new_local(go),
        };
        provide_context(url);
        url
    }

    /// Whether a part of the page is shown.
    pub fn shows(&self, part: &str) -> bool {
        self.query.read().shows(part) && self.embedding.shows(part)
    }

    /// Whether the address, or the page around this one, asks for a part by its name.
    pub fn names(&self, part: &str) -> bool {
        self.query.read().names(part) || self.embedding.names(part)
    }

    /// The colours asked for.
    pub fn theme(&self) -> Theme {
        let asked = self.query.read().theme;
        if asked == Theme::System {
            self.embedding.theme()
        } else {
            asked
        }
    }

    /// Goes to a changed query on the same page. `replace` keeps the history short while somebody types.
    pub fn change(&self, replace: bool, change: impl FnOnce(&mut Query)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        if query != self.query.get_untracked() {
            let view = self.view.get_untracked().unwrap_or_default();
            self.go
                .with_value(|go| go(&href(view, &query), options(replace, false)));
        }
    }

    /// Goes to another page of the view with a changed query.
    pub fn visit(&self, view: View, change: impl FnOnce(&mut Query)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        self.go.with_value(|go| go(&href(view, &query), options(false, true)));
    }

    /// Goes to another page with the same query, in place of this one.
    pub fn turn_to(&self, view: View) {
        let href = href(view, &self.query.get_untracked());
        self.go.with_value(|go| go(&href, options(true, false)));
    }

    /// For a click on a link of this view: goes there without loading the page again.
    ///
    /// Left to itself the router would show the other page and keep the old address: it waits for its own route
    /// components to say that they are done, and there are none.
    pub fn follow(&self, href: Memo<String>) -> Handler<MouseEvent> {
        let url = *self;
        on(move |event: MouseEvent| url.go(&event, &href.get_untracked()))
    }

    /// Goes where a click on a link leads, unless it was meant for another tab or window.
    pub fn go(&self, event: &MouseEvent, href: &str) {
        let is_plain =
            event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key());
        if !is_plain {
            return;
        }
        event.prevent_default();
        if href != here() {
            self.go.with_value(|go| go(href, options(false, true)));
        }
    }
}

/// Replaces the query of the address before anybody has read it.
pub fn begin_with(query: &Query) {
    let path = window().location().pathname().unwrap_or_default();
    if let Ok(history) = window().history() {
        // Fails only for an address of another origin.
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&(path + &query.print()))));
    }
}

fn options(replace: bool, scroll: bool) -> NavigateOptions {
    NavigateOptions {
        resolve: false,
        replace,
        scroll,
        ..Default::default()
    }
}

/// The address of the page, as a path on this origin.
pub fn here() -> String {
    let location = window().location();
    location.pathname().unwrap_or_default() + &location.search().unwrap_or_default()
}

/// The address of a view with a query, as a path on this origin.
pub fn href(view: View, query: &Query) -> String {
    href_in(&base(), view, query)
}

/// The same in a directory that is known already.
pub fn href_in(base: &str, view: View, query: &Query) -> String {
    format!("{base}/{}{}", view.key(), query.print())
}

/// The directory that the page's files lie in, without the slash at its end: `""` at the root, `/sub` below it.
/// All views are siblings in it, so the part of the path before the last slash is right on every view.
pub fn base() -> String {
    let path = window().location().pathname().unwrap_or_default();
    path.rsplit_once('/')
        .map_or(String::new(), |(directory, _)| directory.to_string())
}

fn view_of(path: &str) -> Option<View> {
    let last = path.rsplit_once('/').map_or(path, |(_, last)| last);
    if last == "index.html" {
        Some(View::Overview)
    } else {
        View::parse(last)
    }
}
