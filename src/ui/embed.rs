//! The view inside another page: whether it may be there, the handshake, and what both keep in step afterwards.

use crate::config::{Auth, Config};
use crate::embed::{self, Handshake, Init, LARGEST, Message, Refusal, Step, Told};
use crate::period::DateRange;
use crate::query::{Query, Theme};
use crate::ui::erase::{RwSignal, effect};
use crate::ui::parts;
use crate::ui::store::Store;
use crate::ui::transport::parent::Parent;
use crate::ui::url::{self, Url};
use crate::words;
use js_sys::{Array, JSON, JsString, Reflect};
use leptos::ev;
use leptos::leptos_dom::helpers::WindowListenerHandle;
use leptos::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    HtmlElement, IntersectionObserver, IntersectionObserverEntry, MessageEvent, MessagePort, ResizeObserver, Window,
};

/// How long the page around the view may take to answer before a person is told so.
const PATIENCE: Duration = Duration::from_secs(10);
/// How long the question must rest before it is told.
const REST: Duration = Duration::from_millis(200);

/// What became of the attempt to be shown inside another page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The page around the view has not answered yet.
    Waiting,
    /// It has not answered for a while, but still may.
    Silent,
    /// `config.json` does not list it.
    Unlisted,
    /// It speaks another version of the protocol.
    OtherVersion(u64),
    /// Its answer cannot be used.
    Refused(Refusal),
    /// The port is open.
    Open,
}

/// The page around this one, if there is one. Copyable handle; alone, it says and wishes nothing.
#[derive(Clone, Copy)]
pub struct Embedding {
    /// The way to it.
    pub parent: Parent,
    /// What it wished for at the beginning.
    init: StoredValue<Init>,
    /// Colours it wishes for.
    theme: RwSignal<Theme>,
}

impl Embedding {
    /// Nothing around this page, so far.
    pub fn none() -> Embedding {
        Embedding {
            parent: Parent::default(),
            init: StoredValue::new(Init::default()),
            theme: RwSignal::new(Theme::System),
        }
    }

    /// Whether it lets a part of the page be shown.
    pub fn shows(&self, part: &str) -> bool {
        self.init.with_value(|init| init.limits.shows(part))
    }

    /// Whether it asks for a part by its name.
    pub fn names(&self, part: &str) -> bool {
        self.init.with_value(|init| init.limits.names(part))
    }

    /// The colours that hold where the address asks for none.
    pub fn theme(&self) -> Theme {
        self.theme.get()
    }

    /// Begins the handshake, and says how it stands. Nothing but the nonce is told, and to nobody who is not listed.
    pub fn begin(self, parents: &[String]) -> RwSignal<Standing> {
        let (Some(parent), Some(nonce)) = (parent(), nonce()) else {
            return RwSignal::new(Standing::Unlisted);
        };
        // Some browsers say at once who it is; to all others the message would only leave a complaint in the console.
        let known = known_origin();
        let asked: Vec<&String> = parents
            .iter()
            .filter(|listed| known.as_ref().is_none_or(|known| known == *listed))
            .collect();
        if asked.is_empty() {
            return RwSignal::new(Standing::Unlisted);
        }
        let standing = RwSignal::new(Standing::Waiting);
        let handshake = RefCell::new(Handshake::new(parents, nonce.clone()));
        let listener: Rc<RefCell<Option<WindowListenerHandle>>> = Rc::default();
        let to_end = Rc::clone(&listener);
        let around = JsValue::from(parent.clone());
        let handle = window_event_listener(ev::message, move |event: MessageEvent| {
            let is_parent = event.source().is_some_and(|source| *source == around);
            let ports = event.ports();
            let step = handshake
                .borrow_mut()
                .hear(is_parent, &event.origin(), ports.length(), || text(&event.data()));
            match step {
                Step::Ignored => {}
                Step::Refused(refusal) => standing.set(Standing::Refused(refusal)),
                Step::OtherVersion(version) => standing.set(Standing::OtherVersion(version)),
                Step::Open(init) => {
                    if let Some(handle) = to_end.borrow_mut().take() {
                        handle.remove();
                    }
                    self.parent.open(ports.get(0).unchecked_into::<MessagePort>());
                    self.theme.set(init.limits.theme);
                    if let Some(query) = &init.query {
                        url::begin_with(query);
                    }
                    self.init.set_value(*init);
                    standing.set(Standing::Open);
                }
            }
        });
        *listener.borrow_mut() = Some(handle);
        if let Ok(hello) = JSON::parse(&Message::Hello { nonce: &nonce }.text()) {
            for origin in asked {
                // The browser drops it where this is not the parent's origin.
                drop(parent.post_message(&hello, origin));
            }
        }
        set_timeout(
            move || {
                if standing.try_get_untracked() == Some(Standing::Waiting) {
                    standing.set(Standing::Silent);
                }
            },
            PATIENCE,
        );
        standing
    }

    /// The configuration with what the page around the view may change of it.
    pub fn settle(&self, config: &mut Config) {
        self.init.with_value(|init| init.settle(config));
    }

    /// Hears what comes over the port, and tells what changes. Call it once, where the page is mounted.
    pub fn keep_in_step(self, config: &Config, url: Url, store: Store) {
        let Some(port) = self.parent.port() else { return };
        let hosted: Vec<String> = config
            .sources
            .iter()
            .filter(|source| source.auth == Auth::Host)
            .map(|source| source.id.clone())
            .collect();
        let set_from_outside = StoredValue::new(None::<Query>);
        let hear = move |event: MessageEvent| match text(&event.data()).and_then(|text| embed::hear(&text)) {
            Err(refusal) => self.parent.say(&Message::Error(&refusal.to_string())),
            Ok(None) => {}
            Ok(Some(Told::Token {
                source,
                value,
                expires_at,
            })) => {
                // A token that nobody asked for begins a new session.
                if hosted.contains(&source) && !self.parent.keep(&source, &value, expires_at) {
                    store.ask_refused(&source);
                }
            }
            Ok(Some(Told::Fetched { id, reply })) => self.parent.land(id, reply),
            Ok(Some(Told::SetQuery(query, notices))) => {
                self.complain(&notices);
                set_from_outside.set_value(Some(query.clone()));
                url.change(true, |now| *now = query);
            }
            Ok(Some(Told::SetTheme(theme))) => {
                self.theme.set(theme);
                url.change(true, |query| query.theme = Theme::System);
            }
            Ok(Some(Told::Logout)) => {
                self.parent.forget();
                store.end_session();
            }
        };
        let hear = Closure::<dyn FnMut(MessageEvent)>::new(hear).into_js_value();
        // This starts the port, too: what came before has waited in it.
        port.set_onmessage(Some(hear.unchecked_ref()));
        self.parent.say(&Message::Ready);
        self.init.with_value(|init| self.complain(&init.notices));
        self.tell_query(url, set_from_outside);
        self.tell_height();
    }

    fn complain(&self, notices: &[crate::query::Notice]) {
        for notice in notices {
            self.parent.say(&Message::Error(&words::notice(notice)));
        }
    }

    /// Tells the question once it rests, and at what a person looks closer.
    fn tell_query(self, url: Url, set_from_outside: StoredValue<Option<Query>>) {
        Effect::new(move |before: Option<Query>| {
            let now = url.query.get();
            let set = set_from_outside.try_update_value(Option::take).flatten();
            let is_from_outside = set.as_ref() == Some(&now);
            if let Some(before) = before.filter(|_| !is_from_outside)
                && let Some((kind, id)) = embed::drilled(&before, &now)
            {
                self.parent.say(&Message::Drill { kind, id });
            }
            let resting = now.clone();
            set_timeout(
                move || {
                    if url.query.try_get_untracked().is_some_and(|query| query == resting) {
                        self.parent.say(&Message::State(&resting));
                    }
                },
                REST,
            );
            now
        });
    }

    /// Tells that a person looks closer at a bucket.
    pub fn drill_bucket(&self, days: DateRange) {
        if self.parent.is_there() {
            let parent = self.parent;
            parts::then(parts::drill_bucket(), move |tell| tell(parent, days));
        }
    }

    /// Tells the height of the content. The style sheet keeps it free of the height of the frame.
    fn tell_height(self) {
        let (Some(html), Some(body)) = (document().document_element(), document().body()) else {
            return;
        };
        // Fails only for a malformed attribute name.
        drop(html.set_attribute("data-embedded", ""));
        let told = RefCell::new(None);
        let measured = body.clone();
        let measure = Closure::<dyn Fn()>::new(move || {
            let height = embed::height(*told.borrow(), measured.get_bounding_client_rect().height());
            if let Some(px) = height {
                told.replace(height);
                self.parent.say(&Message::Height(px));
            }
        });
        if let Ok(observer) = ResizeObserver::new(measure.into_js_value().unchecked_ref()) {
            observer.observe(&body);
        }
    }

    /// Moves the message that is shown for a moment into the part of a tall frame that a person sees.
    pub fn keep_in_sight(&self, message: RwSignal<String>) {
        if !self.parent.is_there() {
            return;
        }
        parts::then(parts::keep_in_sight(), move |keep| keep(message));
    }
}

/// Tells the page around this one that a person looks closer at a bucket.
pub fn drill_bucket(parent: Parent, days: DateRange) {
    parent.say(&Message::Drill {
        kind: "bucket",
        id: &embed::bucket_id(days),
    });
}

/// Moves a message into sight whenever it is there.
pub fn keep_in_sight(message: RwSignal<String>) {
    effect(move || {
        if !message.read().is_empty() {
            find_bottom_in_sight();
        }
    });
}

/// Puts the lower edge of what is seen of the page into `--seen`, once.
fn find_bottom_in_sight() {
    let Some(body) = document().body() else { return };
    let seen = Closure::once_into_js(move |entries: Array, observer: IntersectionObserver| {
        observer.disconnect();
        let entry: IntersectionObserverEntry = entries.get(0).unchecked_into();
        let bottom = entry.intersection_rect().bottom();
        if let Some(html) = document().document_element()
            && bottom > 0.0
        {
            let html: HtmlElement = html.unchecked_into();
            // Fails only for malformed property names.
            drop(html.style().set_property("--seen", &format!("{bottom}px")));
        }
    });
    if let Ok(observer) = IntersectionObserver::new(seen.unchecked_ref()) {
        observer.observe(&body);
    }
}

/// The page around this one; `None` when this is the outermost.
pub fn parent() -> Option<Window> {
    let window = window();
    window.parent().ok().flatten().filter(|parent| *parent != window)
}

/// The origin of the page around this one, where the browser tells.
fn known_origin() -> Option<String> {
    let ancestors = Reflect::get(&window().location(), &"ancestorOrigins".into()).ok()?;
    Reflect::get(&ancestors, &0.into()).ok()?.as_string()
}

/// 128 random bits.
fn nonce() -> Option<String> {
    let mut bytes = [0; 16];
    window()
        .crypto()
        .ok()?
        .get_random_values_with_u8_array(&mut bytes)
        .ok()?;
    Some(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

/// A message as JSON text.
fn text(data: &JsValue) -> Result<String, Refusal> {
    let text = JSON::stringify(data).map_err(|_| Refusal::NotAMessage)?;
    let text = text.dyn_ref::<JsString>().ok_or(Refusal::NotAMessage)?;
    // Each of its units takes at least a byte: what is too large for that needs no copy.
    if text.length() as usize > LARGEST {
        return Err(Refusal::TooLarge);
    }
    Ok(text.into())
}
