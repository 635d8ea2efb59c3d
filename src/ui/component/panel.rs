//! A panel: title, what is counted, picture or state, table twin, where the figures come from, and ways to take
//! them away.

use crate::remote::State;
use crate::report::{self, Help, Message, PanelModel, SignIn};
use crate::ui::component::chart_canvas::ChartCanvas;
use crate::ui::component::data_table::DataTable;
use crate::ui::download;
use crate::ui::page::metrics::{Announce, Page};
use crate::ui::store::Store;
use crate::ui::transport::Secret;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The panel.
#[component]
pub fn Panel(
    /// What it shows.
    model: Memo<PanelModel>,
) -> impl IntoView {
    let PanelModel { id, title, .. } = model.get_untracked();
    let (is_table_shown, set_table_shown) = signal(false);
    let title_id = format!("{id}-title");
    let table_id = format!("{id}-table");
    let has_table = Memo::new(move |_| !model.read().table.rows.is_empty());
    let has_chart = Memo::new(move |_| model.read().chart.is_some());
    let message = Memo::new(move |_| model.read().message.clone());
    let is_loading = Memo::new(move |_| model.read().state == State::Loading);
    let toggle_table = move |_| set_table_shown.update(|shown| *shown = !*shown);

    view! {
        <section class="panel" id=id aria-labelledby=title_id.clone() data-state=move || model.read().state.word() aria-busy=move || (matches!(model.read().state, State::Loading | State::Stale)).to_string()>
            <header class="panel-head">
                <h2 id=title_id.clone()>{title}</h2>
                <p class="panel-headline">{move || model.read().headline.clone()}</p>
                <p class="panel-counted">{move || model.read().counted.clone()}</p>
            </header>
            <div class="panel-body">
                {move || message.get().map(|message| view! { <StateMessage message model/> })}
                <Show when=move || is_loading.get()><div class="skeleton chart-space" aria-hidden="true"></div></Show>
                <Show when=move || has_chart.get()><ChartCanvas model/></Show>
                <Show when=move || has_table.get() && (is_table_shown.get() || !has_chart.get())>
                    <div id=table_id.clone()>{move || view! { <DataTable table=model.read().table.clone()/> }}</div>
                </Show>
            </div>
            <Show when=move || !model.read().notes.is_empty()>
                <ul class="panel-notes">{move || model.read().notes.iter().map(|note| view! { <li>{note.clone()}</li> }).collect_view()}</ul>
            </Show>
            <footer class="panel-foot">
                <p class="panel-source">{move || model.read().footer.join(" · ")}</p>
                <div class="panel-actions">
                    <Show when=move || has_chart.get() || !has_table.get()>
                        <button type="button" class="quiet" aria-expanded=move || is_table_shown.get().to_string() disabled=move || !has_table.get() on:click=toggle_table>
                            {move || if is_table_shown.get() { "Hide table" } else { "Show table" }}
                        </button>
                    </Show>
                    <TakeAway model has_table/>
                </div>
            </footer>
        </section>
    }
}

/// Download and copy.
#[component]
fn TakeAway(model: Memo<PanelModel>, has_table: Memo<bool>) -> impl IntoView {
    let announce = expect_context::<Announce>();
    let page = expect_context::<Page>();
    let download_csv = move |_| {
        let model = model.get_untracked();
        let name = format!("{}.csv", model.file_name(&page.scope.read_untracked()));
        let saved = download::save(&name, "text/csv;charset=utf-8", &model.csv());
        announce.tell(if saved {
            format!("{name} saved")
        } else {
            "The browser refused the download".to_string()
        });
    };
    let copy_curl = move |_| {
        let origin = window().location().origin().unwrap_or_default();
        let Some(commands) = model.read_untracked().curl(&page.scope.read_untracked(), &origin) else {
            return;
        };
        spawn_local(async move {
            let copied = download::copy(commands).await;
            announce.tell(if copied {
                "Copied as curl, without the secret"
            } else {
                "The browser refused to copy"
            });
        });
    };
    view! {
        <button type="button" class="quiet" disabled=move || !has_table.get() on:click=download_csv>"Download CSV"</button>
        <button type="button" class="quiet" disabled=move || model.read().requests.is_empty() on:click=copy_curl>"Copy as curl"</button>
    }
}

/// A state in words, with a way on.
#[component]
fn StateMessage(message: Message, model: Memo<PanelModel>) -> impl IntoView {
    let store = expect_context::<Store>();
    let retry = move || store.retry(&model.read_untracked().requests);
    let help = match message.help {
        Help::None => ().into_any(),
        Help::Retry => view! { <button type="button" on:click=move |_| retry()>"Try again"</button> }.into_any(),
        Help::Wait(seconds) => view! { <Countdown seconds retry/> }.into_any(),
        Help::SignIn => view! { <SignInForm/> }.into_any(),
    };
    let Message { title, detail, .. } = message;
    view! {
        <div class="state" role="group" aria-label=title.clone()>
            <p class="state-title">{title.clone()}</p>
            <p class="state-detail">{detail}</p>
            {help}
        </div>
    }
}

/// Counts the seconds the server asked to wait, then lets the person ask again.
#[component]
fn Countdown(seconds: u32, retry: impl Fn() + Copy + Send + Sync + 'static) -> impl IntoView {
    let (left, set_left) = signal(seconds);
    let tick = move || set_left.update(|left| *left = left.saturating_sub(1));
    if let Ok(handle) = set_interval_with_handle(tick, std::time::Duration::from_secs(1)) {
        on_cleanup(move || handle.clear());
    }
    view! {
        <button type="button" disabled=move || { left.get() > 0 } on:click=move |_| retry()>
            {move || if left.get() > 0 { format!("Try again in {} s", left.get()) } else { "Try again".to_string() }}
        </button>
    }
}

/// Signing in at the source, or a token for this tab.
#[component]
fn SignInForm() -> impl IntoView {
    let store = expect_context::<Store>();
    let page = expect_context::<Page>();
    let field = NodeRef::<leptos::html::Input>::new();
    let place = report::sign_in(&page.scope.read_untracked());
    let place = place.map(|SignIn { source, label, login }| {
        let use_token = move |event: leptos::ev::SubmitEvent| {
            event.prevent_default();
            let Some(input) = field.get_untracked() else { return };
            let token = Secret::new(&input.value());
            input.set_value("");
            if let Some(token) = token {
                store.use_token(&source, token);
            }
        };
        view! {
            {login.map(|login| view! {
                <p><a href=login rel="external noreferrer" target="_blank">"Sign in to "{label}</a>", then refresh this page."</p>
            })}
            <form class="token" on:submit=use_token>
                <label>"Token for this tab"
                    <input node_ref=field type="password" autocomplete="off" spellcheck="false" required/>
                </label>
                <button type="submit">"Use token"</button>
                <p class="state-detail">"Kept in the memory of this tab only, and gone with it."</p>
            </form>
        }
    });
    view! { {place} }
}
