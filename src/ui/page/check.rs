//! The self-check page, `./check`: gathers the facts that only the browser knows, and shows what they mean.

use crate::check::{self, Facts, Got, Group, HEADERS, Line, Probe};
use crate::config::SourceConfig;
use crate::query::{View, Word};
use crate::remote::LoadError;
use crate::ui::app::Setup;
use crate::ui::browser;
use crate::ui::download;
use crate::ui::erase::{Build, Memo, RwSignal, dynamic, expect_context, flag, on, text};
use crate::ui::store::Store;
use crate::ui::theme;
use crate::ui::url::{self, Url};
use gloo_net::http::{Method, RequestBuilder};
use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;
use web_sys::{RequestCache, RequestCredentials, RequestMode};

/// How long a source may take. Shorter than for figures: the questions are small.
const PATIENCE: Duration = Duration::from_secs(20);

/// The page.
#[component]
pub fn CheckPage() -> impl IntoView {
    let url = expect_context::<Url>();
    let setup = expect_context::<Setup>();
    let store = expect_context::<Store>();
    theme::follow(Memo::new(move |_| url.query.read().theme));
    document().set_title(&format!("{} · {}", View::Check.label(), setup.config.title));

    let groups = RwSignal::new(Vec::<Group>::new());
    let is_busy = RwSignal::new(false);
    let said = RwSignal::new(String::new());
    let run = move || {
        let setup = setup.clone();
        is_busy.set(true);
        browser::say_ready(false);
        spawn_local(async move {
            look(setup, store, groups).await;
            is_busy.set(false);
            browser::say_ready(true);
        });
    };
    run();
    let again = on(move |_: MouseEvent| run());
    let copy = on(move |_: MouseEvent| {
        let report = check::report(&groups.read_untracked());
        spawn_local(async move {
            let copied = download::copy(report).await;
            said.set(
                if copied {
                    "Report copied"
                } else {
                    "The browser refused to copy"
                }
                .into(),
            );
        });
    });
    let sections = dynamic(move || groups.get().into_iter().map(section).collect::<Vec<_>>().built());
    let status = text(move || match is_busy.get() {
        true => "Checking…".into(),
        false => said.get(),
    });
    let busy = move || flag(move || is_busy.get());
    let home = Memo::new(move |_| url::href(View::Overview, &url.query.read()));
    view! {
        <main class="check" id="check" aria-busy=text(move || is_busy.get().to_string())>
            <p class="crumbs"><a href=text(move || home.get()) on:click=url.follow(home)>"Metrics"</a></p>
            <h1>{View::Check.label()}</h1>
            <p class="check-about">"What this page really got, and what it can reach. The report leaves out addresses, names and what servers said."</p>
            <div class="page-tools">
                <button type="button" id="check-again" disabled=busy() on:click=again>"Check again"</button>
                <button type="button" id="check-copy" disabled=busy() on:click=copy>"Copy report"</button>
                <p class="freshness" role="status">{status}</p>
            </div>
            {sections}
        </main>
    }
    .built()
}

fn section(group: Group) -> AnyView {
    let line = |Line {
                    name,
                    verdict,
                    found,
                    detail,
                }: Line| {
        let detail = (!detail.is_empty()).then(|| view! { <p class="check-detail">{detail}</p> });
        view! {
            <li data-verdict=verdict.word()><strong class="verdict">{verdict.word()}</strong><p>{name}": "{found}</p>{detail}</li>
        }
    };
    let lines: Vec<_> = group.lines.into_iter().map(line).collect();
    view! { <section class="panel"><h2>{group.title}</h2><ul class="check-lines">{lines}</ul></section> }.built()
}

/// Looks at everything, one thing after the other, and shows what is known so far.
async fn look(setup: Setup, store: Store, groups: RwSignal<Vec<Group>>) {
    let config = setup.config;
    let page = got(Method::GET, &url::here()).await;
    let program = match program() {
        Some(address) => got(Method::HEAD, &address).await,
        None => None,
    };
    let window = window();
    let facts = Facts {
        now: browser::now(),
        is_demo: setup.is_demo,
        page,
        program,
        is_framed: window.parent().ok().flatten().is_some_and(|parent| parent != window),
        is_secure: window.is_secure_context(),
        is_online: browser::is_online(),
        browser: window.navigator().user_agent().unwrap_or_default(),
        zone: browser::browser_zone(),
        language: window.navigator().language().unwrap_or_default(),
    };
    let head = vec![check::configuration(&config, &facts), check::page(&config, &facts)];
    let tail = check::browser(&facts);
    let mut sources = Vec::new();
    for source in &config.sources {
        let has_token = store.tokens.read_untracked().contains_key(&source.id);
        let mut probes = Vec::new();
        for request in check::probes(source, facts.now) {
            let reply = store.probe(&request, PATIENCE).await;
            let is_there = matches!(reply, Err(LoadError::Unreachable)) && is_there(source).await;
            probes.push(Probe {
                request,
                reply,
                is_there,
            });
            if probes.last().is_some_and(check::is_over) {
                break;
            }
        }
        sources.push(check::source(source, &probes, has_token, &facts));
        groups.set([head.clone(), sources.clone(), vec![tail.clone()]].concat());
    }
}

/// Whether a server on another origin is there at all: asked in a way of which the page learns nothing else.
async fn is_there(source: &SourceConfig) -> bool {
    let Some(origin) = check::origin(&source.base_url) else {
        return false;
    };
    let request = RequestBuilder::new(origin)
        .method(Method::HEAD)
        .mode(RequestMode::NoCors)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore);
    request.send().await.is_ok()
}

/// Where the program is, as the page names it.
fn program() -> Option<String> {
    document().get_element_by_id("start")?.get_attribute("data-wasm")
}

/// Status and headers of a file of this page.
async fn got(method: Method, address: &str) -> Option<Got> {
    let request = RequestBuilder::new(address).method(method).cache(RequestCache::NoStore);
    let response = request.send().await.ok()?;
    let headers = response.headers();
    Some(Got {
        status: response.status(),
        time: headers.get("date").and_then(|date| browser::time(&date)),
        headers: HEADERS.iter().map(|name| headers.get(name)).collect(),
    })
}
