//! The whole view: configuration, contexts, routes.

use crate::config::{Config, ConfigError, PeopleRules};
use crate::format;
use crate::locale::Locale;
use crate::query::View;
use crate::report;
use crate::scope::Moment;
use crate::ui::embed::{self, Embedding, Standing};
use crate::ui::erase::{Build, Memo, RwSignal, dynamic, expect_context};
use crate::ui::files::OpenFiles;
use crate::ui::page::{
    config_error::ConfigErrorPage, embed_notice::EmbedNotice, metrics::MetricsPage, not_found::NotFoundPage,
};
use crate::ui::parts;
use crate::ui::store::Store;
use crate::ui::transport::Transport;
use crate::ui::url::{self, Url};
use crate::ui::{browser, language};
use crate::wish::Wishes;
use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_router::components::Router;
use std::sync::Arc;

/// What does not change while the page is open.
#[derive(Clone)]
pub struct Setup {
    /// The configuration.
    pub config: Arc<Config>,
    /// Whether there was no `config.json`, so that the demo is shown.
    pub is_demo: bool,
    /// Language of numbers and dates.
    pub locale: Arc<Locale>,
}

/// The time of the page, moved on by a refresh. In a context of its own, as a newtype.
#[derive(Clone, Copy)]
pub struct Now(pub RwSignal<DateTime<Utc>>);

/// What a person chose or mended in this tab: kept in its memory, and gone with it.
#[derive(Clone, Copy)]
pub struct Tab {
    /// What is chosen at panels.
    pub wishes: RwSignal<Wishes>,
    /// Who is whom, in place of what config.json says.
    pub people: RwSignal<Option<Arc<PeopleRules>>>,
}

/// The app, or the page that says why there is none.
#[component]
pub fn App(
    /// What became of `config.json`: `None` when there is no such file.
    config: Option<Result<Config, ConfigError>>,
) -> impl IntoView {
    let is_demo = config.is_none();
    match config.unwrap_or_else(|| Ok(Config::demo())) {
        Err(error) => {
            browser::unveil();
            view! { <ConfigErrorPage error/> }.built()
        }
        Ok(config) => {
            let embedding = Embedding::none();
            provide_context(embedding);
            if embed::parent().is_none() {
                return view! { <Configured config is_demo/> }.built();
            }
            parts::shown(parts::embedded(), move |draw| draw(embedding, config.clone(), is_demo))
        }
    }
}

/// The app inside another page, or what there is to say of it.
pub fn embedded(embedding: Embedding, config: Config, is_demo: bool) -> AnyView {
    let standing = embedding.begin(&config.parents);
    let is_open = Memo::new(move |_| standing.get() == Standing::Open);
    dynamic(move || {
        if !is_open.get() {
            browser::unveil();
            return view! { <EmbedNotice standing/> }.built();
        }
        let mut config = config.clone();
        embedding.settle(&mut config);
        view! { <Configured config is_demo/> }.built()
    })
    .built()
}

/// The app with its configuration, all of it.
#[component]
fn Configured(config: Config, is_demo: bool) -> impl IntoView {
    let locale = Arc::new(format::among_english(language::locale(&config.locale)));
    provide_context(Setup {
        config: Arc::new(config),
        is_demo,
        locale,
    });
    view! { <Router base=url::base()><Routed/></Router> }.built()
}

/// Below the router: one page per view, chosen by the last segment of the path.
#[component]
fn Routed() -> impl IntoView {
    let url = Url::provide();
    let setup = expect_context::<Setup>();
    let now = Now(RwSignal::new(browser::now()));
    provide_context(now);
    let moment = moment(&setup, url, now);
    provide_context(OpenFiles::new());
    provide_context(Tab {
        wishes: RwSignal::new(Wishes::default()),
        people: RwSignal::new(None),
    });
    let transport = Transport::new(setup.config.sources.clone(), moment).through(url.embedding.parent);
    let store = Store::new(transport);
    provide_context(store);
    let (embedding, config) = (url.embedding, setup.config.clone());
    if embedding.parent.is_there() {
        parts::then(parts::keep_in_step(), move |keep| keep(embedding, &config, url, store));
    }
    // A memo, so that going from one page of panels to another keeps what both share.
    let is_known = Memo::new(move |_| url.view.get().is_some_and(|view| report::views().contains(&view)));
    let is_check = Memo::new(move |_| url.view.get() == Some(View::Check));
    move || {
        if is_known.get() {
            return view! { <MetricsPage moment/> }.built();
        }
        browser::unveil();
        if is_check.get() {
            parts::shown(parts::check_page(), |draw| draw())
        } else {
            view! { <NotFoundPage/> }.built()
        }
    }
}

/// Now, in the zone of the view: the URL's, else the configured one, else the browser's.
fn moment(setup: &Setup, url: Url, now: Now) -> Memo<Moment> {
    let configured = setup.config.timezone.clone();
    let locale = setup.locale.clone();
    let name = Memo::new(move |_| url.query.read().zone.clone());
    let from = Memo::new(move |_| match url.query.read().period {
        // Comparison and trailing months reach further back than the range itself.
        // Before 1970 the first known offset holds: nothing was measured then, and each week costs a call.
        Some(crate::period::Period::Locked(range)) => Some(
            crate::period::add_days(range.first, -800)
                .and_time(chrono::NaiveTime::MIN)
                .and_utc()
                .max(DateTime::UNIX_EPOCH),
        ),
        _ => None,
    });
    Memo::new(move |_| {
        let now = now.0.get();
        let asked = name.get();
        let candidates = [
            asked,
            (configured != "browser").then(|| configured.clone()),
            Some(browser::browser_zone()),
        ];
        let zone = candidates
            .into_iter()
            .flatten()
            .find_map(|name| browser::zone(&name, now, from.get()));
        Moment {
            now,
            zone: zone.unwrap_or_else(crate::zone::Zone::utc),
            locale: (*locale).clone(),
        }
    })
}
