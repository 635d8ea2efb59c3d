//! Starts the view: reads `config.json`, then mounts the app behind the loading text.

use gloo_net::http::Response;
use js_sys::{Promise, Reflect};
use leptos::prelude::*;
use metrics::config::{self, Config, ConfigError};
use metrics::ui::app::App;
use metrics::ui::browser;
use metrics::ui::language;
use metrics::ui::page::config_error::ConfigErrorPage;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;

/// So long the page is not shown without any figure.
const VEIL: Duration = Duration::from_millis(100);

fn main() {
    std::panic::set_hook(Box::new(|info| {
        console_error_panic_hook::hook(info);
        // The place alone: the words of a panic may have a name in them.
        if let Some(place) = info.location() {
            browser::mark(&format!("panic at {place}"));
        }
    }));
    // Leptos brings its own executor up when it mounts; nothing is mounted yet.
    wasm_bindgen_futures::spawn_local(async {
        let config = read_config().await;
        let known = config.as_ref().ok().and_then(|known| known.as_ref()?.as_ref().ok());
        language::read_ahead(known.map_or("browser", |config| &config.locale)).await;
        match config {
            Ok(config) => mount_to_body(move || view! { <App config/> }),
            Err(error) => tell(error),
        }
        set_timeout(browser::unveil, VEIL);
    });
}

#[inline(never)]
fn tell(error: ConfigError) {
    browser::unveil();
    mount_to_body(move || view! { <ConfigErrorPage error/> });
}

/// `None` when there is no file: 404, or this very page, with which some servers answer every unknown path.
async fn read_config() -> Result<Option<Result<Config, ConfigError>>, ConfigError> {
    let failed = |reason: &str| ConfigError {
        field: "file".into(),
        reason: reason.into(),
    };
    // boot.js has asked already, while this program was on its way.
    let asked = Reflect::get(&js_sys::global(), &"configAsked".into()).unwrap_or_default();
    let answer = JsFuture::from(Promise::resolve(&asked)).await.unwrap_or_default();
    let response = answer.dyn_into::<web_sys::Response>().map(Response::from);
    let response = response.map_err(|_| failed("it could not be fetched: the server did not answer"))?;
    match response.status() {
        404 => Ok(None),
        200 => {
            let bytes = response
                .binary()
                .await
                .map_err(|_| failed("it could not be read to its end"))?;
            Ok((!config::is_own_page(&bytes)).then(|| config::parse(&bytes)))
        }
        status => Err(failed(&format!("the server answered with status {status}"))),
    }
}
