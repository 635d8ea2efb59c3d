//! The page that is shown when `config.json` cannot be used: file, field, reason.

use crate::config::ConfigError;
use crate::ui::browser;
use crate::ui::erase::effect;
use leptos::prelude::*;

/// The page.
#[component]
pub fn ConfigErrorPage(
    /// What is wrong.
    error: ConfigError,
) -> impl IntoView {
    effect(|| browser::say_ready(true));
    view! {
        <main class="notice-page" id="config-error">
            <h1>"config.json cannot be used"</h1>
            <p>"The view read "<code>"config.json"</code>" beside this page and stopped, so that it does not show wrong figures."</p>
            <dl>
                <dt>"File"</dt><dd><code>"config.json"</code></dd>
                <dt>"Field"</dt><dd><code>{error.field}</code></dd>
                <dt>"Reason"</dt><dd>{error.reason}</dd>
            </dl>
            <p>"Correct the file and "<a href="">"reload the page"</a>". Without the file the view shows a demo."</p>
        </main>
    }
}
