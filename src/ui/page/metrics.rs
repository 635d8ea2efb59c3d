//! The page of panels: resolves the scope, wants the requests, hands each panel its model.

use crate::answers::Answers;
use crate::config::{Config, PeopleRules, SourceKind};
use crate::data::{Me, Organization, Template};
use crate::panel::{Drill, PanelModel};
use crate::period::{DateRange, Interval, Period};
use crate::query::{Query, View, Word};
use crate::remote::State;
use crate::report::tiles::{self, Tile};
use crate::report::{self, Report};
use crate::scope::{self, Directory, Moment, Scope};
use crate::source::{Request, coder};
use crate::ui::app::{Setup, Tab};
use crate::ui::component::{filter_bar::FilterBar, header::Header, panel::Panel, tiles::Tiles};
use crate::ui::download;
use crate::ui::erase::{
    Build, Dynamic, Memo, RwSignal, dynamic, effect, expect_context, flag, maybe, on, signal, text, when,
};
use crate::ui::files::OpenFiles;
use crate::ui::parts::{self, Missing};
use crate::ui::store::Store;
use crate::ui::theme::{self, Scheme};
use crate::ui::url::{self, Url};
use crate::ui::{alive, browser, canvas};
use crate::wish::{Wish, Wishes};
use crate::words;
use crate::zone::Day;
use leptos::ev::{Event, MouseEvent};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::sync::Arc;

/// Something to tell by word of mouth and on screen for a moment: "Link copied".
#[derive(Clone, Copy)]
pub struct Announce(pub RwSignal<String>);

impl Announce {
    /// Says it, for a few seconds.
    pub fn tell(&self, text: impl Into<String>) {
        let text = text.into();
        let said = self.0;
        said.set(text.clone());
        set_timeout(
            move || {
                if said.try_get_untracked().as_ref() == Some(&text) {
                    said.set(String::new());
                }
            },
            std::time::Duration::from_secs(4),
        );
    }

    /// Copies, and tells how it went.
    pub fn copy(self, text: String, done: &'static str, refused: &'static str) {
        spawn_local(async move {
            let is_copied = download::copy(text).await;
            self.tell(if is_copied { done } else { refused });
        });
    }
}

/// Where the crosshair of all charts stands.
#[derive(Clone, Copy)]
pub struct Crosshair(pub RwSignal<Option<Pointed>>);

/// A day, and the panel in which a person points at it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pointed {
    /// The first day of the bucket.
    pub day: Day,
    /// Id of the panel, which alone shows the tooltip.
    pub panel: &'static str,
}

/// What every component of the page may read.
#[derive(Clone, Copy)]
pub struct Page {
    /// The question.
    pub scope: Memo<Arc<Scope>>,
    /// Colours.
    pub scheme: Memo<Scheme>,
    /// Organizations the server told.
    pub organizations: Memo<Vec<Organization>>,
    /// Templates the server told.
    pub templates: Memo<Vec<Template>>,
    /// Whether the first view is there: what it does not show is built after it.
    pub is_settled: RwSignal<bool>,
    /// Range and interval before the first zoom, to go back to.
    pub zoomed_from: RwSignal<Option<(Option<Period>, Option<Interval>)>>,
    /// What is chosen at single panels.
    pub wishes: RwSignal<Wishes>,
}

impl Page {
    /// Asks for some days alone. An interval longer than they are would show one bucket, so it is chosen anew.
    pub fn zoom(&self, url: Url, days: DateRange, choose_interval: bool) {
        url.embedding.drill_bucket(days);
        let query = url.query.get_untracked();
        if self.zoomed_from.get_untracked().is_none() {
            self.zoomed_from.set(Some((query.period, query.interval)));
        }
        url.change(false, |query| {
            query.period = Some(Period::Locked(days));
            if choose_interval {
                query.interval = None;
            }
        });
    }

    /// Asks for one thing alone; for all again where it is alone already.
    pub fn drill(&self, url: Url, drill: &Drill) {
        match drill {
            Drill::Template(id) => url.change(false, |query| {
                let is_alone = query.templates == [id.clone()];
                query.templates = if is_alone { Vec::new() } else { vec![id.clone()] };
            }),
            Drill::Person(id) => url.visit(View::People, |query| query.person = Some(id.clone())),
            Drill::Cell(cohort, age) => self.wishes.update(|wishes| {
                wishes.choose(Wish::Cell, 1);
                wishes.cell = (*cohort, *age);
            }),
        }
    }

    /// Goes back to the range before the first zoom.
    pub fn zoom_out(&self, url: Url) {
        if let Some((period, interval)) = self.zoomed_from.get_untracked() {
            self.zoomed_from.set(None);
            url.change(false, |query| (query.period, query.interval) = (period, interval));
        }
    }

    /// A text that follows another once that rests, so that speech does not stumble over every step.
    pub fn slowly(&self, text: Memo<String>) -> RwSignal<String> {
        let (slow, set_slow) = signal(String::new());
        effect(move || {
            let now = text.get();
            set_timeout(
                move || {
                    if text.try_get_untracked().is_some_and(|still| still == now) {
                        set_slow.set(now);
                    }
                },
                std::time::Duration::from_millis(250),
            );
        });
        slow
    }
}

/// The page.
#[component]
pub fn MetricsPage(
    /// Now, zone and language.
    moment: Memo<Moment>,
) -> impl IntoView {
    let url = expect_context::<Url>();
    let setup = expect_context::<Setup>();
    let store = expect_context::<Store>();
    let announce = Announce(RwSignal::new(String::new()));
    provide_context(announce);

    let open = expect_context::<OpenFiles>();
    let configured = setup.config.clone();
    let tab = expect_context::<Tab>();
    let config = Memo::new(move |_| {
        let config = open.config(&configured);
        match tab.people.get() {
            Some(people) => with_people(&config, people),
            None => config,
        }
    });
    let source = Memo::new(move |_| scope::choose_source(&url.query.read(), &config.read()));
    let directory = Memo::new(move |_| {
        let answers = store.answers.get();
        source
            .read()
            .as_ref()
            .map_or_else(Known::default, |source| Known::read(&answers, &source.id))
    });
    let scope = Memo::new(move |_| {
        let known = directory.read();
        let directory = Directory {
            me: known.me.as_ref(),
            templates: known.templates.as_deref(),
        };
        let scope = Scope::resolve(&url.query.read(), &config.read(), &moment.read(), directory);
        Arc::new(Scope {
            wishes: tab.wishes.get(),
            ..scope
        })
    });
    // What is asked for anew at once must not be all members of a large company: the rest is loaded slowly again.
    let mut before = None;
    effect(move || {
        let now = moment.read().now;
        let is_anew = before.replace(now).is_some_and(|before| before != now);
        if is_anew && tab.wishes.read_untracked().more_members > 0 {
            tab.wishes.update(|wishes| wishes.more_members = 0);
        }
    });
    let scheme = theme::follow(Memo::new(move |_| url.theme()));
    let view = Memo::new(move |_| url.view.get().unwrap_or_default().with(&url.query.read()));
    let organizations = Memo::new(move |_| {
        let answers = store.answers.read();
        let request = report::organizations(view.get(), &scope.read());
        let known = request.and_then(|request| answers.organizations(&request).ok());
        known.map(<[Organization]>::to_vec).unwrap_or_default()
    });
    let page = Page {
        scope,
        scheme,
        organizations,
        templates: Memo::new(move |_| directory.read().templates.clone().unwrap_or_default()),
        is_settled: RwSignal::new(false),
        zoomed_from: RwSignal::new(None),
        wishes: tab.wishes,
    };
    provide_context(page);
    provide_context(Crosshair(RwSignal::new(None)));

    // Where no source can fill the first page, the address without a page means the first that is filled.
    effect(move || {
        let views = report::views_with_sources(&scope.read());
        if let Some(first) = views.first()
            && view.get() == View::Overview
            && !views.contains(&View::Overview)
        {
            url.turn_to(*first);
        }
    });
    let reports = reports_of(view);
    let wanted = Memo::new(move |_| {
        let reports = reports.get().and_then(Result::ok).unwrap_or_default();
        wanted(&scope.read(), &store.answers.read(), url, view.get(), reports)
    });
    // At once, before the page is built: the servers answer meanwhile.
    store.want(wanted.get_untracked());
    effect(move || store.want(wanted.get()));
    // Once the page is painted.
    let is_waiting =
        move || store.is_loading.try_get_untracked() == Some(true) && view.try_get_untracked() == Some(View::Overview);
    request_animation_frame(move || rehearse(is_waiting, 0));
    tell_when_ready(page, store, wanted, reports);
    let is_online = alive::keep(moment, setup.config.refresh_seconds, store);

    let title = setup.config.title.clone();
    effect(move || document().set_title(&title));
    let is_demo = Memo::new(move |_| {
        source
            .read()
            .as_ref()
            .is_some_and(|source| source.kind == SourceKind::Demo)
    });
    let freshness = Memo::new(move |_| words::freshness(&page.scope.read(), &store.answers.read(), &wanted.read()));
    let shows = move |part: &'static str| url.shows(part);
    url.embedding.keep_in_sight(announce.0);

    let asked = move || (url.query.get_untracked(), tab.wishes.get_untracked());
    let question = StoredValue::new((Query::default(), Wishes::default()));
    let tiles = Memo::new(move |before: Option<&Vec<Tile>>| {
        let asked = asked();
        let mut tiles = tiles::build(&scope.read(), &store.answers.read());
        if let Some(before) = before.filter(|_| question.get_value() == asked) {
            tiles = tiles.into_iter().map(|tile| keep_tile(tile, before)).collect();
        }
        question.set_value(asked);
        tiles
    });
    // Panels of sources that the page does not have are left out, unless they are asked for by name.
    let part = |report: &Report| format!("panel:{}", report.id);
    let is_there = move |report: &'static Report| {
        let part = part(report);
        url.shows(&part) && (url.names(&part) || report.is_filled(&scope.read()))
    };
    let panels = dynamic(move || {
        let one = |report: &'static Report| {
            let question = StoredValue::new((Query::default(), Wishes::default()));
            let model = Memo::new(move |before: Option<&PanelModel>| {
                let asked = asked();
                let is_same = question.get_value() == asked;
                let model = keep_picture(report.panel(&scope.read(), &store.answers.read()), before, is_same);
                if model.state != State::Stale {
                    question.set_value(asked);
                }
                model
            });
            when(move || is_there(report), move || view! { <Panel model/> }.built())
        };
        match reports.get() {
            Some(Ok(reports)) => reports.iter().map(one).collect::<Vec<_>>().built(),
            Some(Err(Missing)) => parts::missing(),
            None => ().built(),
        }
    });
    // What the page could show, if it had the sources.
    let is_bare = move || {
        let reports = reports.get().and_then(Result::ok).unwrap_or_default();
        let mut asked = reports.iter().filter(|report| url.shows(&part(report)));
        let first = asked.next();
        first.is_some_and(|first| !is_there(first) && !asked.any(is_there))
    };
    let bare = when(is_bare, || {
        view! {
            <div class="state" id="no-source" role="note">
                <p class="state-title">"No source for this page"</p>
                <p class="state-detail">"No source of config.json that is shown here can answer what it asks."</p>
            </div>
        }
        .built()
    });
    let banner = when(
        move || is_demo.get(),
        || {
            view! {
            <p class="banner" id="demo-banner" role="note">
                <strong>"Demo"</strong>
                " Synthetic data of a deployment that does not exist. Put a "<code>"config.json"</code>" beside this page to see your own."
            </p>
        }
        .built()
        },
    );
    let files = when(
        move || !open.files.read().is_empty(),
        || {
            view! {
                <p class="banner" id="files-banner" role="note">
                    <strong>"Files"</strong>
                    " Figures of the files that are open, in place of any server. Close them at the end of the page."
                </p>
            }
            .built()
        },
    );
    let offline = when(
        move || !is_online.get(),
        || {
            let text = "Offline. The last figures stay, and are asked for again when the connection is back.";
            view! { <p class="banner" id="offline" role="status">{text}</p> }.built()
        },
    );
    let title = setup.config.title.clone();
    let header = when(
        move || shows("title"),
        move || view! { <Header title=title.clone() freshness/> }.built(),
    );
    let tabs = when(move || shows("tabs"), move || tabs(page));
    let filters = when(move || shows("filters"), || view! { <FilterBar/> }.built());
    let has_tiles = move || view.get() == View::Overview && shows("panel:tiles");
    let tiles = when(has_tiles, move || view! { <Tiles tiles/> }.built());
    let footer = when(
        move || shows("footer"),
        move || {
            let text = text(move || words::footer(&page.scope.read(), &store.answers.read()));
            let check = Memo::new(move |_| url::href(View::Check, &url.query.read()));
            let link =
                view! { <a href=self::text(move || check.get()) on:click=url.follow(check)>{View::Check.label()}</a> };
            view! { <footer class="page-footer">{text}" · "{link}{file_box()}</footer> }.built()
        },
    );

    let back = when(move || view.get() == View::Person, move || back_to_people(url));

    // By hand, because the router would change the address and leave the focus where it is.
    let content = NodeRef::<leptos::html::Main>::new();
    let skip = on(move |event: MouseEvent| {
        event.prevent_default();
        if let Some(content) = content.get_untracked() {
            // Focus fails only for elements that are gone.
            drop(content.focus());
        }
    });
    view! {
        <a class="skip" href="#content" on:click=skip>"Skip to the figures"</a>
        <div class="page">
            {banner}{files}{offline}{header}{tabs}{filters}{notices(url, page)}
            <main id="content" tabindex="-1" node_ref=content>
                {tiles}{back}{bare}
                <div class="panels" data-view=text(move || url.view.get().unwrap_or_default().key().to_string())>{panels}</div>
            </main>
            {footer}
            <p class="toast" role="status" class:is-shown=flag(move || !announce.0.read().is_empty())>{text(move || announce.0.get())}</p>
        </div>
    }
    .built()
}

/// What a person mended in this tab in place of what the file says.
#[inline(never)]
fn with_people(config: &Config, people: Arc<PeopleRules>) -> Arc<Config> {
    Arc::new(Config {
        people,
        ..config.clone()
    })
}

/// What is known of the deployment.
#[derive(Clone, Default, PartialEq)]
struct Known {
    me: Option<Me>,
    templates: Option<Vec<Template>>,
}

impl Known {
    fn read(answers: &Answers, source: &str) -> Known {
        Known {
            me: answers.me(&coder::me(source)).ok().cloned(),
            templates: answers
                .templates(&coder::templates(source))
                .ok()
                .map(<[Template]>::to_vec),
        }
    }
}

/// The panels of a page, `None` until they are here. Those of the overview always are.
type Reports = Memo<Option<Result<&'static [Report], Missing>>>;

fn reports_of(view: Memo<View>) -> Reports {
    let fetched = RwSignal::new(None);
    effect(move || {
        let view = view.get();
        if view != View::Overview {
            spawn_local(async move {
                let reports = parts::reports(view).await;
                fetched.set(Some((view, reports)));
            });
        }
    });
    Memo::new(move |_| match view.get() {
        View::Overview => Some(Ok(report::OVERVIEW)),
        view => fetched.get().filter(|(of, _)| *of == view).map(|(_, reports)| reports),
    })
}

/// Everything the page needs, each request once.
fn wanted(scope: &Scope, answers: &Answers, url: Url, view: View, reports: &[Report]) -> Vec<Request> {
    let mut wanted = Vec::new();
    if let Some(source) = &scope.source {
        let id = source.id.as_str();
        wanted.extend([coder::build(id), coder::me(id), coder::templates(id)]);
    }
    wanted.extend(report::organizations(view, scope));
    if view == View::Overview && url.shows("panel:tiles") {
        wanted.extend(tiles::requests(scope));
    }
    for report in reports
        .iter()
        .filter(|report| url.shows(&format!("panel:{}", report.id)))
    {
        wanted.extend(report.wanted(scope, answers));
    }
    let mut unique: Vec<Request> = Vec::with_capacity(wanted.len());
    for request in wanted {
        if !unique.contains(&request) {
            unique.push(request);
        }
    }
    unique
}

/// While the answer to a new question is on its way the old picture stays, marked as stale. So it does when the same
/// question, asked again later, is about later hours and finds the server failing for a while: beside the reason, and
/// with its time in the footer.
fn keep_picture(new: PanelModel, before: Option<&PanelModel>, is_same_question: bool) -> PanelModel {
    let Some(before) = before.filter(|before| before.chart.is_some() || before.has_table()) else {
        return new;
    };
    match new.state {
        State::Loading => stale(before, |kept| kept.controls = new.controls),
        State::Failed | State::Limited if is_same_question => stale(before, |kept| kept.message = new.message),
        _ => new,
    }
}

#[inline(never)]
fn stale(before: &PanelModel, with: impl FnOnce(&mut PanelModel)) -> PanelModel {
    let mut kept = before.clone();
    kept.state = State::Stale;
    with(&mut kept);
    kept
}

/// The figure of the same question stays, too, while a newer one is on its way or cannot be had.
fn keep_tile(new: Tile, before: &[Tile]) -> Tile {
    let may_come = matches!(new.state, State::Loading | State::Failed | State::Limited);
    let known = before.iter().find(|tile| tile.id == new.id && tile.value.is_some());
    match known.filter(|_| may_come) {
        Some(known) => Tile {
            state: State::Stale,
            ..known.clone()
        },
        None => new,
    }
}

/// Rehearses charts while answers are awaited, one whenever the browser has nothing else to do. One that cannot tell does
/// without.
fn rehearse(is_waiting: impl Fn() -> bool + Copy + 'static, place: usize) {
    request_idle_callback(move || {
        if is_waiting() && canvas::rehearse_one(place) {
            rehearse(is_waiting, place + 1);
        }
    });
}

/// Effects make others, each of which runs in a turn of its own: a panel its chart, that its width, that its picture. After
/// so many turns all of them have run.
const TURNS: usize = 16;

/// So long after the first view what it does not show is built, in milliseconds.
const REST: u32 = 50;

/// Keeps `<html data-ready>` and the marks on the browser's timeline: a mark in the task that wrote and drew the last of
/// a change, `data-ready` once that is painted.
fn tell_when_ready(page: Page, store: Store, wanted: Memo<Vec<Request>>, reports: Reports) {
    let serial = StoredValue::new(0_u32);
    let was_ready = StoredValue::new(false);
    effect(move || {
        page.scope.track();
        page.scheme.track();
        let answers = store.answers.read();
        let is_busy = store.is_loading.get()
            || reports.read().is_none()
            || wanted.read().iter().any(|request| answers.outcome(request).is_none());
        if !is_busy || !answers.is_empty() {
            browser::unveil();
        }
        serial.update_value(|serial| *serial = serial.wrapping_add(1));
        let mine = serial.get_value();
        browser::say_ready(false);
        if is_busy {
            return;
        }
        let is_last = move || serial.try_get_value() == Some(mine);
        spawn_local(async move {
            for _ in 0..TURNS {
                browser::next_turn().await;
            }
            if !is_last() {
                return;
            }
            browser::mark(if was_ready.get_value() { "redrawn" } else { "ready" });
            was_ready.set_value(true);
            // The next frame paints it; a task that is made in that frame comes behind it.
            request_animation_frame(move || {
                spawn_local(async move {
                    browser::next_task().await;
                    if !is_last() {
                        return;
                    }
                    browser::say_ready(true);
                    browser::sleep(REST).await;
                    if page.is_settled.try_get_untracked() == Some(false) {
                        page.is_settled.set(true);
                    }
                });
            });
        });
    });
}

/// Links to the pages that have panels. The filters go along; what belongs to one table stays behind.
fn tabs(page: Page) -> AnyView {
    let url = expect_context::<Url>();
    let tab = move |to: View| {
        let href = Memo::new(move |_| {
            let here = url.query.read();
            let query = Query {
                search: String::new(),
                sort: None,
                page: 0,
                person: None,
                ..here.clone()
            };
            url::href(to, &query)
        });
        let current = maybe(move || (url.view.get() == Some(to)).then(|| "page".to_string()));
        view! { <a href=text(move || href.get()) aria-current=current on:click=url.follow(href)>{to.label()}</a> }
    };
    let views = Memo::new(move |_| report::views_with_sources(&page.scope.read()));
    let links = dynamic(move || views.get().into_iter().map(tab).collect::<Vec<_>>().built());
    view! { <nav class="tabs" id="tabs" aria-label="Pages">{links}</nav> }.built()
}

/// The box for files, behind a disclosure.
fn file_box() -> AnyView {
    let (is_open, set_open) = signal(false);
    let inside = when(move || is_open.get(), || parts::shown(parts::file_box(), |draw| draw()));
    let open = on(move |_: Event| set_open.set(true));
    view! { <details class="files" id="files" on:toggle=open><summary>"Open files"</summary>{inside}</details> }.built()
}

/// From one person back to all of them, searched and sorted as they were.
fn back_to_people(url: Url) -> AnyView {
    let href = Memo::new(move |_| {
        let query = url.query.get();
        url::href(View::People, &Query { person: None, ..query })
    });
    view! { <p class="back"><a href=text(move || href.get()) on:click=url.follow(href)>"‹ All people"</a></p> }.built()
}

/// Values of the URL that could not be used.
fn notices(url: Url, page: Page) -> Dynamic {
    dynamic(move || {
        let query = url.query.read();
        let is_plain = query.zone.is_none() && query.org.is_none() && query.source.is_none();
        if is_plain && url.notices.read().is_empty() {
            return ().built();
        }
        notice_list(url, page)
    })
}

#[inline(never)]
fn notice_list(url: Url, page: Page) -> AnyView {
    let lines = {
        let query = url.query.read();
        let zone = query
            .zone
            .as_ref()
            .map(|asked| words::zone_notice(&page.scope.read(), asked));
        let org = query
            .org
            .as_ref()
            .map(|asked| words::org_notice(&page.organizations.read(), asked));
        let source = query
            .source
            .as_ref()
            .map(|asked| words::source_notice(&page.scope.read(), asked));
        let bad = url.notices.read().iter().map(words::notice).collect::<Vec<_>>();
        bad.into_iter()
            .chain(zone.flatten())
            .chain(source.flatten())
            .chain(org.flatten())
            .map(|line| view! { <li>{line}</li> })
            .collect::<Vec<_>>()
    };
    if lines.is_empty() {
        return ().built();
    }
    view! { <ul class="notices" id="notices" aria-label="Settings of the address that could not be used">{lines}</ul> }
        .built()
}
