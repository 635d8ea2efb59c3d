//! A panel: title, what is counted, picture or state, table twin, where the figures come from, and ways to take
//! them away.

use crate::panel::{Deed, PanelModel};
use crate::remote::State;
use crate::report;
use crate::ui::component::chart_canvas::ChartCanvas;
use crate::ui::component::data_table::DataTable;
use crate::ui::component::progress::progress;
use crate::ui::download;
use crate::ui::erase::{dynamic, flag, on, text, when};
use crate::ui::page::metrics::{Announce, Page};
use crate::ui::picture::{self, Picture, Png};
use crate::ui::store::Store;
use crate::ui::table::TableState;
use crate::ui::transport::Secret;
use crate::ui::url::Url;
use crate::words::{Help, Message, SignIn};
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
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
    let has_table = flag(move || model.read().has_table());
    // The table that a page is about keeps in the URL how it is looked at.
    let url = (id == report::IN_URL).then(expect_context::<Url>);
    let looked_at = TableState::new(Memo::new(move |_| model.read().rows()), url);
    let has_groups = flag(move || !model.read().groups.rows.is_empty());
    let grouped = TableState::new(Memo::new(move |_| model.read().group_rows()), None);
    let has_chart = flag(move || model.read().chart.is_some());
    let is_loading = move || model.read().state == State::Loading;
    let is_busy = text(move || {
        let model = model.read();
        let is_waiting = model.state == State::Stale && model.message.is_none();
        (model.state == State::Loading || is_waiting).to_string()
    });
    let toggle_table = move |()| set_table_shown.update(|shown| *shown = !*shown);

    let message = dynamic(move || state_message(model));
    let skeleton = when(is_loading, || {
        view! { <div class="skeleton chart-space" aria-hidden="true"></div> }.into_any()
    });
    let chart = when(
        move || has_chart.get(),
        move || view! { <ChartCanvas model on_table=Callback::new(move |()| toggle_table(()))/> }.into_any(),
    );
    let table = when(
        move || has_table.get() && (is_table_shown.get() || !has_chart.get()),
        move || {
            let locale = expect_context::<Page>().scope.read_untracked().locale.clone();
            let groups = when(move || has_groups.get(), {
                let locale = locale.clone();
                move || view! { <DataTable table=grouped caption=title locale=locale.clone()/> }.into_any()
            });
            view! { <div id=table_id.clone()><DataTable table=looked_at caption=title locale/>{groups}</div> }
                .into_any()
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
            ().into_any()
        } else {
            view! { <ul class="panel-notes">{notes}</ul> }.into_any()
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
                    disabled=flag(move || !has_table.get()) on:click=on(move |_: MouseEvent| toggle_table(()))>{label}</button>
            }
            .into_any()
        },
    );
    view! {
        <section class="panel" id=id aria-labelledby=title_id.clone() data-state=text(move || model.read().state.word().to_string()) aria-busy=is_busy>
            <header class="panel-head">
                <h2 id=title_id.clone()>{title}</h2>
                <p class="panel-headline">{text(move || model.read().headline.clone().unwrap_or_default())}</p>
                <p class="panel-counted">{text(move || model.read().counted.clone())}</p>
            </header>
            <div class="panel-body">{message}{skeleton}{chart}{table}{progress(model)}</div>
            {notes}
            <footer class="panel-foot">
                <p class="panel-source">{text(move || model.read().footer.join(" · "))}</p>
                <div class="panel-actions">{table_button}{take_away(model, looked_at, has_table)}</div>
            </footer>
        </section>
    }
    .into_any()
}

/// Download and copy.
fn take_away(model: Memo<PanelModel>, table: TableState, has_table: Signal<bool>) -> impl IntoView {
    let announce = expect_context::<Announce>();
    let page = expect_context::<Page>();
    let download_csv = on(move |_: MouseEvent| {
        let model = model.get_untracked();
        let name = format!("{}.csv", model.file_name(&page.scope.read_untracked()));
        let (list, places, columns) = (
            table.list.get_untracked(),
            table.places.get_untracked(),
            table.columns.get_untracked(),
        );
        let csv = model.csv_of(&list, &places, &columns, table.provenance());
        let saved = download::save(&name, "text/csv;charset=utf-8", &csv);
        announce.tell(if saved {
            format!("{name} saved")
        } else {
            "The browser refused the download".to_string()
        });
    });
    let copy_curl = on(move |_: MouseEvent| {
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
    });
    let images = when(
        move || model.read().chart.is_some(),
        move || image_menu(model, page, announce),
    );
    let deeds = dynamic(move || {
        let store = expect_context::<Store>();
        let button = |deed: Deed| {
            let label = deed.label;
            let perform = on(move |_: MouseEvent| {
                let requests = model.read_untracked().requests.clone();
                store.perform(deed.clone(), requests, move |said| announce.tell(said));
            });
            view! { <button type="button" class="quiet" on:click=perform>{label}</button> }
        };
        let deeds = model.read().deeds.clone();
        deeds.into_iter().map(button).collect::<Vec<_>>().into_any()
    });
    let has_no_request = flag(move || model.read().requests.is_empty());
    view! {
        <button type="button" class="quiet" disabled=flag(move || !has_table.get()) on:click=download_csv>"Download CSV"</button>
        <button type="button" class="quiet" disabled=has_no_request on:click=copy_curl>"Copy as curl"</button>
        {images}{deeds}
    }
}

/// The chart as a picture: a disclosure with three buttons.
fn image_menu(model: Memo<PanelModel>, page: Page, announce: Announce) -> AnyView {
    let (is_open, set_open) = signal(false);
    let name = move |ending: &str| {
        format!(
            "{}.{ending}",
            model.read_untracked().file_name(&page.scope.read_untracked())
        )
    };
    let picture = move || {
        set_open.set(false);
        let (title, about) = model.read_untracked().picture_text();
        let chart = model.read_untracked().chart.clone();
        chart.map(|chart| Picture { title, about, chart })
    };
    let as_png = move |use_png: fn(Png, String, Announce)| {
        let Some(picture) = picture() else { return };
        let name = name("png");
        spawn_local(async move {
            match picture.png().await {
                Ok(png) => use_png(png, name, announce),
                Err(_) => announce.tell("The browser refused to make a picture"),
            }
        });
    };
    let save_png = on(move |_: MouseEvent| {
        as_png(|png, name, announce| {
            let saved = download::save_blob(&name, &png);
            announce.tell(if saved {
                format!("{name} saved")
            } else {
                "The browser refused the download".to_string()
            });
        });
    });
    let copy_png = on(move |_: MouseEvent| {
        as_png(|png, _, announce| {
            spawn_local(async move {
                let copied = picture::copy(&png).await;
                announce.tell(if copied {
                    "Image copied"
                } else {
                    "The browser refused to copy"
                });
            });
        });
    });
    let save_svg = on(move |_: MouseEvent| {
        let Some(picture) = picture() else { return };
        let name = name("svg");
        let saved = download::save(&name, "image/svg+xml", &picture.svg());
        announce.tell(if saved {
            format!("{name} saved")
        } else {
            "The browser refused the download".to_string()
        });
    });
    let toggle = on(move |_: MouseEvent| set_open.update(|open| *open = !*open));
    let close = on(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            set_open.set(false);
        }
    });
    view! {
        <div class="menu" on:keydown=close>
            <button type="button" class="quiet" aria-expanded=text(move || is_open.get().to_string()) on:click=toggle>"Image"</button>
            <div class="popup menu-popup" hidden=flag(move || !is_open.get())>
                <button type="button" class="option" on:click=save_png>"Save PNG"</button>
                <button type="button" class="option" on:click=save_svg>"Save SVG"</button>
                <button type="button" class="option" on:click=copy_png>"Copy image"</button>
            </div>
        </div>
    }
    .into_any()
}

/// A state in words, with a way on; nothing where all is well.
fn state_message(model: Memo<PanelModel>) -> AnyView {
    let Some(Message { title, detail, help }) = model.read().message.clone() else {
        return ().into_any();
    };
    let store = expect_context::<Store>();
    let retry = move || store.retry(&model.read_untracked().requests);
    let help = match help {
        Help::None => ().into_any(),
        Help::Retry => retry_button("Try again", 0, retry).into_any(),
        Help::Load => retry_button("Load again", 0, retry).into_any(),
        Help::Wait(seconds) => retry_button("Try again", seconds, retry).into_any(),
        Help::SignIn => sign_in_form(model),
    };
    view! {
        <div class="state" role="group" aria-label=title.clone()>
            <p class="state-title">{title.clone()}</p>
            <p class="state-detail">{detail}</p>
            {help}
        </div>
    }
    .into_any()
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
        return ().into_any();
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
    .into_any()
}
