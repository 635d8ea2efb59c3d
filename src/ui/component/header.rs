//! The head of the page: where one is, how fresh the figures are, refresh, share link, theme.

use crate::query::{Theme, Word};
use crate::ui::alive;
use crate::ui::app::Now;
use crate::ui::component::select::Select;
use crate::ui::erase::{Build, Memo, expect_context, on, text, when};
use crate::ui::page::metrics::Announce;
use crate::ui::store::Store;
use crate::ui::url::Url;
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// The head.
#[component]
pub fn Header(
    /// Title of the page.
    title: String,
    /// How old the figures are.
    freshness: Memo<String>,
) -> impl IntoView {
    let url = expect_context::<Url>();
    let store = expect_context::<Store>();
    let now = expect_context::<Now>();
    let announce = expect_context::<Announce>();
    let refresh = on(move |_: MouseEvent| alive::refresh(now, store));
    let forget = when(
        move || !store.tokens.read().is_empty(),
        move || {
            let forget = on(move |_: MouseEvent| {
                store.sign_out();
                announce.tell("Token forgotten");
            });
            view! { <button type="button" id="forget" on:click=forget>"Forget token"</button> }.built()
        },
    );
    let share = on(move |_: MouseEvent| {
        let address = window().location().href().unwrap_or_default();
        let refused = "The browser refused to copy: take the address from its address bar";
        announce.copy(address, "Link copied", refused);
    });
    let is_loading = text(move || store.is_loading.get().to_string());
    let theme = Memo::new(move |_| url.query.read().theme.key().to_string());
    let choose_theme = Callback::new(move |key: String| {
        url.change(true, |query| query.theme = Theme::parse(&key).unwrap_or_default());
    });
    let themes = Memo::new(|_| {
        let named = Theme::ALL.iter().map(|(_, key, label)| (*key, label.to_string()));
        named.collect()
    });
    view! {
        <header class="page-head">
            <div>
                <p class="crumbs">"Manage"<span aria-hidden="true">" / "</span>"Metrics"</p>
                <h1>{title}</h1>
            </div>
            <div class="page-tools">
                <p class="freshness" id="freshness">{text(move || freshness.get())}</p>
                <button type="button" id="refresh" aria-busy=is_loading on:click=refresh>"Refresh"</button>
                {forget}
                <button type="button" id="share" on:click=share>"Copy link"</button>
                <Select id="theme" label="Theme" is_label_shown=false options=themes value=theme on_change=choose_theme/>
            </div>
        </header>
    }
    .built()
}
