//! Turns requests into replies. Who answers depends on the source: a server over HTTP, or the demo in this page.

use crate::config::{Auth, DEMO, SourceConfig, SourceKind};
use crate::demo::Demo;
use crate::files::Files;
use crate::remote::{LoadError, Reply};
use crate::scope::Moment;
use crate::source::Request;
use crate::ui::browser;
use crate::ui::erase::{Memo, RwSignal};
use crate::ui::files::OpenFiles;
use crate::ui::parts;
use leptos::prelude::*;
use parent::Parent;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use web_sys::AbortSignal;

pub mod http;
pub mod parent;

/// A credential in memory. It can be put into a header and nowhere else: no `Debug`, no `Display`.
#[derive(Clone, PartialEq)]
pub struct Secret(String);

impl Secret {
    /// Takes what a person typed.
    pub fn new(text: &str) -> Option<Secret> {
        let text = text.trim();
        let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
        (!text.is_empty() && printable).then(|| Secret(text.to_string()))
    }
}

/// Tokens typed for this tab, by source id. Never stored.
pub type Tokens = HashMap<String, Secret>;

/// Everything that is needed to answer a request.
#[derive(Clone)]
pub struct Transport {
    sources: Rc<Vec<SourceConfig>>,
    moment: Memo<Moment>,
    parent: Option<Parent>,
    /// The demo of a moment. It lives at a fixed time, so a refresh needs a new one.
    demo: Kept,
    /// Files that are open, from the context: a page need not be able to open any.
    files: Option<RwSignal<Files>>,
}

/// The demo, once something was asked of it, with its moment.
#[derive(Clone, Default)]
pub struct Kept(Rc<RefCell<Option<DemoOf>>>);

type DemoOf = (Moment, Rc<Demo>);

impl Kept {
    /// The demo of a moment.
    pub fn at(&self, moment: Moment) -> Rc<Demo> {
        let mut kept = self.0.borrow_mut();
        match &*kept {
            Some((of, demo)) if of.now == moment.now && of.zone == moment.zone => Rc::clone(demo),
            _ => {
                let demo = Rc::new(Demo::new(moment.now, &moment.zone));
                *kept = Some((moment, Rc::clone(&demo)));
                demo
            }
        }
    }
}

/// Who takes the body of an answer: a piece, and how long all of it is where that is known. Gets the head each time.
pub type Take<'a> = &'a mut dyn FnMut(&Reply, Option<u64>, &[u8]);

/// So many bytes are taken at once.
pub const PIECE: usize = 16 << 10;
/// For so long, in milliseconds, the page may be kept from doing anything else.
const SLICE: f64 = 8.0;

thread_local! {
    /// When the page last did what else there was to do.
    static BREATH: Cell<f64> = const { Cell::new(0.0) };
}

/// Lets the page do what else there is to do, if it was kept from that for long: by whoever.
pub async fn breathe() {
    if browser::uptime() - BREATH.get() > SLICE {
        browser::next_task().await;
        BREATH.set(browser::uptime());
    }
}

/// Hands a body over to who takes it, in slices between which the page does what else there is to do.
pub struct Feeder<'a> {
    take: Take<'a>,
    signal: &'a AbortSignal,
}

impl Feeder<'_> {
    async fn feed(&mut self, head: &Reply, length: Option<u64>, bytes: &[u8]) -> Result<(), LoadError> {
        for piece in bytes.chunks(PIECE) {
            if bytes.len() > PIECE {
                breathe().await;
            }
            if self.signal.aborted() {
                return Err(LoadError::Timeout);
            }
            (self.take)(head, length, piece);
        }
        Ok(())
    }

    /// Hands over the body of a reply that is all there, if it is a success.
    async fn feed_whole(&mut self, reply: Reply) -> Result<Reply, LoadError> {
        if !reply.is_success() {
            return Ok(reply);
        }
        let head = reply.head();
        self.feed(&head, Some(reply.body.len() as u64), &reply.body).await?;
        Ok(head)
    }
}

impl Transport {
    /// A transport for these sources.
    pub fn new(sources: Vec<SourceConfig>, moment: Memo<Moment>) -> Transport {
        Transport {
            sources: Rc::new(sources),
            moment,
            parent: None,
            demo: Kept::default(),
            files: use_context::<OpenFiles>().map(|open| open.files),
        }
    }

    /// The same, with a page around this one that gives tokens and makes requests.
    pub fn through(self, parent: Parent) -> Transport {
        let parent = parent.is_there().then_some(parent);
        Transport { parent, ..self }
    }

    /// Whether a source depends on the session of the page around this one.
    pub fn is_hosted(&self, source: &str) -> bool {
        let source = self.sources.iter().find(|known| known.id == source);
        source.is_some_and(|source| matches!(source.auth, Auth::Host | Auth::Relay))
    }

    async fn demo(&self, request: &Request) -> Result<Reply, LoadError> {
        Ok(parts::demo(&self.demo, self.moment.get_untracked(), request).await?)
    }

    /// Answers one request with all of the reply.
    pub async fn answer(
        &self,
        request: &Request,
        token: Option<Secret>,
        signal: &AbortSignal,
    ) -> Result<Reply, LoadError> {
        let mut body = Vec::new();
        let mut reply = self
            .stream(request, token, signal, &mut |_, _, bytes| body.extend_from_slice(bytes))
            .await?;
        body.append(&mut reply.body);
        Ok(Reply { body, ..reply })
    }

    /// Answers one request. The body of a success is handed over while it comes; that of another reply stays in it.
    /// Dropping the future or firing the signal gives the network up.
    pub async fn stream(
        &self,
        request: &Request,
        token: Option<Secret>,
        signal: &AbortSignal,
        take: Take<'_>,
    ) -> Result<Reply, LoadError> {
        let mut feeder = Feeder { take, signal };
        let Some(source) = self.sources.iter().find(|source| source.id == request.source) else {
            let reply = if request.source == DEMO {
                self.demo(request).await?
            } else if let Some(files) = self.files.filter(|_| Files::is_source(&request.source)) {
                parts::from_files(files, request).await??
            } else {
                return Err(LoadError::Unsupported("config.json has no such source".into()));
            };
            return feeder.feed_whole(reply).await;
        };
        match (source.kind, source.auth, self.parent) {
            (SourceKind::Demo, ..) => feeder.feed_whole(self.demo(request).await?).await,
            (_, Auth::Host | Auth::Relay, Some(parent)) => parts::hosted(parent, source, request, feeder).await?.await,
            (_, Auth::Host | Auth::Relay, None) => Err(LoadError::Unsupported(
                "this source needs a page that embeds this one".into(),
            )),
            (_, Auth::Token, _) if token.is_none() => Err(LoadError::Unauthorized),
            _ => http::answer(source, request, token, &mut feeder).await,
        }
    }
}

/// Asks through the page around this one.
pub async fn hosted(
    parent: Parent,
    source: &SourceConfig,
    request: &Request,
    mut feeder: Feeder<'_>,
) -> Result<Reply, LoadError> {
    match source.auth {
        Auth::Relay => {
            let reply = parent.fetch(request, feeder.signal).await?;
            feeder.feed_whole(reply).await
        }
        _ => with_token(parent, source, request, feeder).await,
    }
}

/// Asks with a token that the page around this one hands over, and once more with another if the server refuses it.
async fn with_token(
    parent: Parent,
    source: &SourceConfig,
    request: &Request,
    mut feeder: Feeder<'_>,
) -> Result<Reply, LoadError> {
    let is_refused = |result: &Result<Reply, LoadError>| match result {
        Ok(reply) => reply.status == 401,
        Err(error) => *error == LoadError::Unauthorized,
    };
    let mut refused = 0;
    for _ in 0..2 {
        let (token, number) = parent.token(&source.id, refused, feeder.signal).await?;
        let result = http::answer(source, request, Some(token), &mut feeder).await;
        if !is_refused(&result) {
            return result;
        }
        if refused > 0 {
            parent.give_up(&source.id, number);
        }
        refused = number;
    }
    Err(LoadError::SessionEnded)
}
