//! The page for addresses that this view does not have.

use crate::query::View;
use crate::ui::browser;
use crate::ui::erase::{Memo, effect, expect_context, text};
use crate::ui::url::{self, Url};
use leptos::prelude::*;

/// The page.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let url = expect_context::<Url>();
    effect(|| browser::say_ready(true));
    let home = Memo::new(move |_| url::href(View::Overview, &url.query.read()));
    view! {
        <main class="notice-page" id="not-found">
            <h1>"There is no such page"</h1>
            <p>"The address does not belong to a page of this view. "<a href=text(move || home.get()) on:click=url.follow(home)>"Go to the overview"</a>"."</p>
        </main>
    }
}
