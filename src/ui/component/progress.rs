//! How far the answers of a panel have come, for those who have waited a while, and a way to stop waiting.

use crate::format;
use crate::panel::PanelModel;
use crate::remote::State;
use crate::ui::browser;
use crate::ui::erase::{Build, Dynamic, Memo, RwSignal, dynamic, expect_context, maybe, on, text, when};
use crate::ui::page::metrics::Page;
use crate::ui::store::{Progress, Store};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use std::time::Duration;

/// Milliseconds after which it is shown.
const PATIENCE: f64 = 1000.0;
/// How often it is looked at.
const STEP: Duration = Duration::from_millis(250);

/// Shown while a panel waits for answers, once that takes long.
pub fn progress(model: Memo<PanelModel>) -> Dynamic {
    let is_waiting = move || {
        let model = model.read();
        model.state == State::Loading || (model.state == State::Stale && model.message.is_none())
    };
    when(is_waiting, move || waiting(model))
}

fn waiting(model: Memo<PanelModel>) -> AnyView {
    let store = expect_context::<Store>();
    let now = RwSignal::new(None::<Progress>);
    look(store, model, now);
    let is_late = Memo::new(move |_| now.read().is_some());
    let said = text(move || if is_late.get() { "Loading takes a while" } else { "" }.to_string());
    let bar = dynamic(move || if is_late.get() { bar(model, now) } else { ().built() });
    view! { <p class="sr-only" role="status">{said}</p>{bar} }.built()
}

/// Looks again and again, as long as the panel waits.
fn look(store: Store, model: Memo<PanelModel>, now: RwSignal<Option<Progress>>) {
    let requests = model.try_with_untracked(|model| model.requests.clone());
    let Some((before, requests)) = now.try_get_untracked().zip(requests) else {
        return;
    };
    let under_way = store.progress(&requests);
    let late = under_way.filter(|known| browser::uptime() - known.since > PATIENCE);
    if before != late {
        now.set(late);
    }
    set_timeout(move || look(store, model, now), STEP);
}

fn bar(model: Memo<PanelModel>, now: RwSignal<Option<Progress>>) -> AnyView {
    let store = expect_context::<Store>();
    let locale = expect_context::<Page>().scope.read_untracked().locale.clone();
    let words = text(move || {
        let megabytes = |bytes: u64| format::decimal(&locale, bytes as f64 / 1e6, 1);
        match now.get() {
            Some(Progress { bytes: 0, .. }) | None => "Waiting for the server".to_string(),
            Some(Progress {
                bytes,
                length: Some(length),
                ..
            }) => format!("{} of {} MB", megabytes(bytes), megabytes(length)),
            Some(Progress { bytes, .. }) => format!("{} MB so far", megabytes(bytes)),
        }
    });
    let part = move || now.get().and_then(|now| Some(now.bytes as f64 / now.length? as f64));
    let value = maybe(move || part().map(|part| format!("{part:.3}")));
    let stop = on(move |_: MouseEvent| store.cancel(&model.read_untracked().requests));
    view! {
        <div class="progress">
            <progress aria-label="Loading" value=value></progress>
            <p class="progress-words">{words}</p>
            <button type="button" on:click=stop>"Cancel"</button>
        </div>
    }
    .built()
}
