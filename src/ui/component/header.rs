//! The head of the page: where one is, how fresh the figures are, refresh, share link, theme.

use crate::query::{Theme, Word};
use crate::ui::app::Now;
use crate::ui::browser;
use crate::ui::download;
use crate::ui::page::metrics::Announce;
use crate::ui::store::Store;
use crate::ui::url::Url;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The head.
#[component]
pub fn Header(
    /// Title of the page.
    title: String,
    /// How old the figures are.
    freshness: Signal<String>,
) -> impl IntoView {
    let url = expect_context::<Url>();
    let store = expect_context::<Store>();
    let now = expect_context::<Now>();
    let announce = expect_context::<Announce>();
    let refresh = move |_| {
        now.0.set(browser::now());
        // The new time may change what is wanted; what stays wanted is asked again.
        request_animation_frame(move || store.refresh());
    };
    let share = move |_| {
        let address = window().location().href().unwrap_or_default();
        spawn_local(async move {
            let copied = download::copy(address).await;
            announce.tell(if copied {
                "Link copied"
            } else {
                "The browser refused to copy: take the address from its address bar"
            });
        });
    };
    let choose_theme = move |event| {
        let theme = Theme::parse(&event_target_value(&event)).unwrap_or_default();
        url.change(true, |query| query.theme = theme);
    };
    let is_loading = move || store.loading.get() > 0;
    view! {
        <header class="page-head">
            <div>
                <p class="crumbs">"Manage"<span aria-hidden="true">" / "</span>"Metrics"</p>
                <h1>{title}</h1>
            </div>
            <div class="page-tools">
                <p class="freshness" id="freshness">{freshness}</p>
                <button type="button" id="refresh" aria-busy=move || is_loading().to_string() on:click=refresh>"Refresh"</button>
                <button type="button" id="share" on:click=share>"Copy link"</button>
                <label class="field">
                    <span class="sr-only">"Theme"</span>
                    <select id="theme" prop:value=move || url.query.read().theme.key() on:change=choose_theme>
                        {Theme::ALL.iter().map(|(theme, key, label)| view! { <option value=*key selected=move || url.query.read().theme == *theme>{*label}</option> }).collect_view()}
                    </select>
                </label>
            </div>
        </header>
    }
}
