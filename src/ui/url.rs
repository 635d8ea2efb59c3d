//! The URL: the one place that reads it and the one place that writes it.

use crate::query::{Notice, Query, View, Word};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

/// The query of the page as a signal, and how to go to another one.
#[derive(Clone, Copy)]
pub struct Url {
    /// The query.
    pub query: Memo<Query>,
    /// Values of the URL that could not be used.
    pub notices: Memo<Vec<Notice>>,
    /// The page.
    pub view: Memo<Option<View>>,
    go: StoredValue<Box<dyn Fn(String, bool)>, LocalStorage>,
}

impl Url {
    /// Reads the router's location; call it once, inside the router.
    pub fn provide() -> Url {
        let location = use_location();
        let search = location.search;
        let pathname = location.pathname;
        let parsed = Memo::new(move |_| Query::parse(&search.read()));
        let navigate = use_navigate();
        let go: Box<dyn Fn(String, bool)> = Box::new(move |href, replace| {
            navigate(
                &href,
                NavigateOptions {
                    resolve: false,
                    replace,
                    scroll: false,
                    ..Default::default()
                },
            );
        });
        let url = Url {
            query: Memo::new(move |_| parsed.read().0.clone()),
            notices: Memo::new(move |_| parsed.read().1.clone()),
            view: Memo::new(move |_| view_of(&pathname.read())),
            go: StoredValue::new_local(go),
        };
        provide_context(url);
        url
    }

    /// Goes to a changed query on the same page. `replace` keeps the history short while somebody types.
    pub fn change(&self, replace: bool, change: impl FnOnce(&mut Query)) {
        let mut query = self.query.get_untracked();
        change(&mut query);
        if query != self.query.get_untracked() {
            let view = self.view.get_untracked().unwrap_or_default();
            self.go.with_value(|go| go(href(view, &query), replace));
        }
    }
}

/// The address of a view with a query, as a path on this origin.
pub fn href(view: View, query: &Query) -> String {
    format!("{}/{}{}", base(), view.key(), query.print())
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
