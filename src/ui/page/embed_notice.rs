//! What a frame shows as long as the page around it is not known to be allowed to show the view.

use crate::embed::PROTOCOL;
use crate::ui::browser;
use crate::ui::embed::Standing;
use crate::ui::erase::{Build, RwSignal, dynamic, effect, text};
use leptos::prelude::*;

/// The page.
#[component]
pub fn EmbedNotice(
    /// How the handshake stands.
    standing: RwSignal<Standing>,
) -> impl IntoView {
    effect(move || browser::say_ready(standing.get() != Standing::Waiting));
    let title = text(move || {
        match standing.get() {
            Standing::Waiting | Standing::Open => "Waiting for the page around this one",
            Standing::Silent => "The page around this one does not answer",
            Standing::Unlisted => "This page cannot be shown here",
            Standing::OtherVersion(_) => "The page around this one speaks another version",
            Standing::Refused(_) => "The answer of the page around this one cannot be used",
        }
        .to_string()
    });
    let detail = dynamic(move || {
        match standing.get() {
        Standing::Waiting | Standing::Open => view! { <p>"It says how the metrics are to be shown."</p> }.built(),
        Standing::Silent => view! {
            <p>"Nothing was loaded. What to check:"</p>
            <ul class="checks">
                <li>"The origin of that page is listed under "<code>"embed.parents"</code>" in "<code>"config.json"</code>", letter by letter."</li>
                <li>"It answers "<code>"metrics:hello"</code>" with "<code>"metrics:init"</code>", the same nonce and a port, as "<code>"host.js"</code>" does."</li>
                <li>"It listens before this frame is loaded."</li>
            </ul>
        }
        .built(),
        Standing::Unlisted => view! {
            <p>"It may be shown inside the pages that "<code>"embed.parents"</code>" in "<code>"config.json"</code>" lists, and the page around it is not among them. Nothing was loaded."</p>
            <p><a href="" target="_blank" rel="noopener">"Open it on its own"</a></p>
        }
        .built(),
        Standing::OtherVersion(version) => view! {
            <p>{format!("It speaks version {version} of the protocol, this view version {PROTOCOL}. Use the ")}<code>"host.js"</code>" that lies beside this view."</p>
        }
        .built(),
        Standing::Refused(refusal) => view! { <p>{refusal.to_string()}</p> }.built(),
    }
    });
    view! {
        <main class="notice-page" id="embed-notice">
            <div role="status"><h1>{title}</h1>{detail}</div>
        </main>
    }
    .built()
}
