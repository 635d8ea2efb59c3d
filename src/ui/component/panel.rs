//! A panel: title, what is counted, picture or state, table twin, where the figures come from, and ways to take
//! them away.

use crate::locale::Locale;
use crate::panel::{Deed, PanelModel};
use crate::remote::State;
use crate::report;
use crate::ui::component::chart_canvas::ChartCanvas;
use crate::ui::component::menu::menu;
use crate::ui::component::progress::progress;
use crate::ui::download;
use crate::ui::erase::{Build, Memo, dynamic, expect_context, flag, keyed, on, signal, text, when};
use crate::ui::page::metrics::{Announce, Page};
use crate::ui::parts;
use crate::ui::picture::{Picture, Taking};
use crate::ui::store::Store;
use crate::ui::table::TableState;
use crate::ui::transport::Secret;
use crate::ui::url::Url;
use crate::words::{HIDDEN, Help, Message, SignIn, ZERO_USE};
use leptos::ev::{MouseEvent, SubmitEvent};
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
    let has_table = Memo::new(move |_| model.read().has_table());
    // The table that a page is about keeps in the URL how it is looked at.
    let url = (id == report::IN_URL).then(expect_context::<Url>);
    let looked_at = TableState::new(Memo::new(move |_| model.read().rows()), url);
    let has_groups = Memo::new(move |_| !model.read().groups.rows.is_empty());
    let grouped = TableState::new(Memo::new(move |_| model.read().group_rows()), None);
    let has_chart = Memo::new(move |_| model.read().chart.is_some());
    let is_loading = move || model.read().state == State::Loading;
    let is_busy = text(move || {
        let model = model.read();
        let is_waiting = model.state == State::Stale && model.message.is_none();
        (model.state == State::Loading || is_waiting).to_string()
    });
    let toggle_table = move |is_wanted| set_table_shown.update(|shown| *shown = is_wanted || !*shown);

    let controls = when(
        move || {
            let model = model.read();
            !model.controls.is_empty() || model.more.is_some() || model.interval.is_some()
        },
        move || parts::shown(parts::controls(), move |draw| draw(model, looked_at)),
    );
    let mend = when(
        move || model.read().mending.is_some(),
        move || parts::shown(parts::mend(), move |draw| draw(model)),
    );
    let said = move || {
        let model = model.read();
        let said = model
            .message
            .as_ref()
            .map(|Message { title, detail, .. }| format!("{title}\n{detail}"));
        said.unwrap_or_default()
    };
    let message = keyed(said, move || state_message(model));
    let skeleton = when(is_loading, || {
        view! { <div class="skeleton chart-space" aria-hidden="true"></div> }.built()
    });
    let chart = when(
        move || has_chart.get(),
        move || view! { <ChartCanvas model on_table=Callback::new(toggle_table)/> }.built(),
    );
    let table = when(
        move || has_table.get() && (is_table_shown.get() || !has_chart.get()),
        move || {
            let locale = expect_context::<Page>().scope.read_untracked().locale.clone();
            let groups = when(move || has_groups.get(), {
                let locale = locale.clone();
                move || data_table(grouped, title, locale.clone())
            });
            let table = data_table(looked_at, title, locale);
            view! { <div id=table_id.clone()>{table}{groups}</div> }.built()
        },
    );
    let notes = dynamic(move || {
        let notes: Vec<_> = model
            .read()
            .notes
            .iter()
            .map(|note| view! { <li>{note.clone()}</li> })
            .collect();
        if notes.is_empty() {
            ().built()
        } else {
            view! { <ul class="panel-notes">{notes}</ul> }.built()
        }
    });
    let table_button = when(
        move || has_chart.get() || !has_table.get(),
        move || {
            let label = text(move || {
                if is_table_shown.get() {
                    "Hide table"
                } else {
                    "Show table"
                }
                .to_string()
            });
            view! {
                <button type="button" class="quiet" aria-expanded=text(move || is_table_shown.get().to_string())
                    disabled=flag(move || !has_table.get()) on:click=on(move |_: MouseEvent| toggle_table(false))>{label}</button>
            }
            .built()
        },
    );
    view! {
        <section class="panel" id=id aria-labelledby=title_id.clone() data-state=text(move || model.read().state.word().to_string()) aria-busy=is_busy>
            <header class="panel-head">
                <h2 id=title_id.clone()>{title}</h2>
                <p class="panel-headline">{text(move || model.read().headline.clone().unwrap_or_default())}</p>
                <p class="panel-counted">{text(move || model.read().counted.clone())}</p>
            </header>
            {controls}
            <div class="panel-body">{message}{skeleton}{chart}{table}{progress(model)}</div>
            {mend}{notes}
            <footer class="panel-foot">
                <p class="panel-source">{text(move || model.read().footer.join(" · "))}</p>
                <div class="panel-actions">{table_button}{take_away(model, looked_at, has_table)}</div>
            </footer>
        </section>
    }
    .built()
}

fn data_table(table: TableState, caption: &'static str, locale: Locale) -> AnyView {
    parts::shown(parts::data_table(), move |draw| draw(table, caption, locale.clone()))
}

/// Download and copy.
fn take_away(model: Memo<PanelModel>, table: TableState, has_table: Memo<bool>) -> impl IntoView {
    let announce = expect_context::<Announce>();
    let page = expect_context::<Page>();
    let download_csv = on(move |_: MouseEvent| {
        let model = model.get_untracked();
        let name = format!("{}.csv", model.file_name(&page.scope.read_untracked()));
        spawn_local(async move {
            announce.tell(match parts::csv(&model, table).await {
                Ok(csv) if download::save(&name, "text/csv;charset=utf-8", &csv) => format!("{name} saved"),
                Ok(_) => "The browser refused the download".to_string(),
                Err(missing) => missing.to_string(),
            });
        });
    });
    let copy_curl = on(move |_: MouseEvent| {
        let origin = window().location().origin().unwrap_or_default();
        let (model, scope) = (model.get_untracked(), page.scope.get_untracked());
        spawn_local(async move {
            let said = match parts::curl(&model, &scope, &origin).await {
                Ok(None) => return,
                Ok(Some(commands)) if !download::copy(commands.clone()).await => {
                    "The browser refused to copy".to_string()
                }
                Ok(Some(_)) => "Copied as curl, without the secret".to_string(),
                Err(missing) => missing.to_string(),
            };
            announce.tell(said);
        });
    });
    let images = when(
        move || model.read().chart.is_some(),
        move || image_menu(model, page, announce),
    );
    let labels = move || {
        let model = model.read();
        model.deeds.iter().map(|deed| deed.label).collect::<Vec<_>>().join("\n")
    };
    let deeds = keyed(labels, move || {
        let store = expect_context::<Store>();
        let button = |deed: Deed| {
            let label = deed.label;
            // What it asks may have changed since.
            let perform = on(move |_: MouseEvent| {
                let PanelModel { deeds, requests, .. } = model.get_untracked();
                let tell =
                    move |said: String| announce.tell(page.scope.read_untracked().names.without_addresses(&said));
                if let Some(deed) = deeds.into_iter().find(|deed| deed.label == label) {
                    store.perform(deed, requests, tell);
                }
            });
            view! { <button type="button" class="quiet" on:click=perform>{label}</button> }
        };
        let deeds = model.read().deeds.clone();
        deeds.into_iter().map(button).collect::<Vec<_>>().built()
    });
    let has_no_request = flag(move || model.read().requests.is_empty());
    view! {
        <button type="button" class="quiet" disabled=flag(move || !has_table.get()) on:click=download_csv>"Download CSV"</button>
        <button type="button" class="quiet" disabled=has_no_request on:click=copy_curl>"Copy as curl"</button>
        {images}{deeds}
    }
}

/// The chart as a picture: a menu of three buttons.
fn image_menu(model: Memo<PanelModel>, page: Page, announce: Announce) -> AnyView {
    let option = |label: &'static str, taking: Taking| {
        let take = on(move |_: MouseEvent| {
            let model = model.get_untracked();
            let (title, about) = model.picture_text();
            let name = model.file_name(&page.scope.read_untracked());
            if let Some(chart) = model.chart {
                let picture = Picture { title, about, chart };
                spawn_local(async move {
                    match parts::picture().await {
                        Ok(draw) => draw(picture, taking, name, announce),
                        Err(missing) => announce.tell(missing.to_string()),
                    }
                });
            }
        });
        view! { <button type="button" class="option" on:click=take>{label}</button> }
    };
    let options = [
        option("Save PNG", Taking::Png),
        option("Save SVG", Taking::Svg),
        option("Copy image", Taking::Copy),
    ];
    menu(
        "Image",
        "popup menu-popup",
        false,
        options.into_iter().collect::<Vec<_>>().built(),
    )
}

/// A state in words, with a way on; nothing where all is well.
fn state_message(model: Memo<PanelModel>) -> AnyView {
    match model.read().message.clone() {
        Some(message) => message_box(model, message),
        None => ().built(),
    }
}

#[inline(never)]
fn message_box(model: Memo<PanelModel>, Message { title, detail, help }: Message) -> AnyView {
    let sign = sign(model.read().state, &title, &detail);
    let store = expect_context::<Store>();
    let retry = move || store.retry(&model.read_untracked().requests);
    let help = match help {
        Help::None => ().built(),
        Help::Retry => retry_button("Try again", 0, retry).built(),
        Help::Load => retry_button("Load again", 0, retry).built(),
        Help::Wait(seconds) => retry_button("Try again", seconds, retry).built(),
        Help::SignIn => sign_in_form(model),
    };
    view! {
        <div class="state" role="group" aria-label=title.clone()>
            <p class="state-title" data-sign=sign>{title.clone()}</p>
            <p class="state-detail">{detail}</p>
            {help}
        </div>
    }
    .built()
}

/// A sign for each kind of nothing, so that they differ at a glance: exactly 0, none, hidden, not allowed, and so on.
fn sign(state: State, title: &str, detail: &str) -> &'static str {
    match state {
        _ if detail == ZERO_USE => "0",
        State::Forbidden if title == HIDDEN => "*",
        State::Forbidden => "×",
        State::Unauthorized => "→",
        State::Disabled => "/",
        State::Unsupported => "?",
        State::Limited => "…",
        State::Failed => "!",
        _ => "–",
    }
}

/// Asks again, once the seconds that the server asked to wait have passed.
fn retry_button(label: &'static str, seconds: u32, retry: impl Fn() + 'static) -> impl IntoView {
    let (left, set_left) = signal(seconds);
    if seconds > 0 {
        let tick = move || set_left.update(|left| *left = left.saturating_sub(1));
        if let Ok(handle) = set_interval_with_handle(tick, std::time::Duration::from_secs(1)) {
            on_cleanup(move || handle.clear());
        }
    }
    let label = text(move || match left.get() {
        0 => label.to_string(),
        left => format!("{label} in {left} s"),
    });
    view! { <button type="button" disabled=flag(move || left.get() > 0) on:click=on(move |_: MouseEvent| retry())>{label}</button> }
}

/// Signing in at the source, or a token for this tab.
fn sign_in_form(model: Memo<PanelModel>) -> AnyView {
    let store = expect_context::<Store>();
    let field = NodeRef::<leptos::html::Input>::new();
    let Some(SignIn {
        source,
        label,
        login,
        secret,
        warning,
    }) = model.read_untracked().sign_in(&store.answers.read_untracked())
    else {
        return ().built();
    };
    let use_token = on(move |event: SubmitEvent| {
        event.prevent_default();
        let Some(input) = field.get_untracked() else { return };
        let token = Secret::new(&input.value());
        input.set_value("");
        if let Some(token) = token {
            store.use_token(&source, token);
        }
    });
    let login = login.map(|login| {
        view! { <p><a href=login rel="external noreferrer" target="_blank">"Sign in to "{label}</a>", then refresh this page."</p> }
    });
    let warning = (!warning.is_empty()).then(|| view! { <p class="state-detail">{warning}</p> });
    view! {
        {login}
        {warning}
        <form class="token" on:submit=use_token>
            <label>{secret}
                <input node_ref=field type="password" autocomplete="off" spellcheck="false" required/>
            </label>
            <button type="submit">"Use token"</button>
            <p class="state-detail">"Kept in the memory of this tab only, and gone with it."</p>
        </form>
    }
    .built()
}
