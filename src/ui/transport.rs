//! Turns requests into replies. Who answers depends on the source: a server over HTTP, or the demo in this page.

use crate::config::{Auth, DEMO, SourceConfig, SourceKind};
use crate::demo::Demo;
use crate::remote::{LoadError, Reply};
use crate::scope::Moment;
use crate::source::Request;
use leptos::prelude::*;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use web_sys::AbortSignal;

pub mod http;

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
    /// The demo of a moment. It lives at a fixed time, so a refresh needs a new one.
    demo: Rc<RefCell<Option<DemoOf>>>,
}

type DemoOf = (Moment, Rc<Demo>);

impl Transport {
    /// A transport for these sources.
    pub fn new(sources: Vec<SourceConfig>, moment: Memo<Moment>) -> Transport {
        Transport {
            sources: Rc::new(sources),
            moment,
            demo: Rc::default(),
        }
    }

    fn demo(&self) -> Rc<Demo> {
        let moment = self.moment.get_untracked();
        let mut kept = self.demo.borrow_mut();
        match &*kept {
            Some((of, demo)) if of.now == moment.now && of.zone == moment.zone => Rc::clone(demo),
            _ => {
                let demo = Rc::new(Demo::new(moment.now, &moment.zone));
                *kept = Some((moment, Rc::clone(&demo)));
                demo
            }
        }
    }

    /// Answers one request. Dropping the future or firing the signal gives the network up.
    pub async fn answer(
        &self,
        request: &Request,
        token: Option<Secret>,
        signal: &AbortSignal,
    ) -> Result<Reply, LoadError> {
        let Some(source) = self.sources.iter().find(|source| source.id == request.source) else {
            if request.source == DEMO {
                return Ok(self.demo().answer(request));
            }
            return Err(LoadError::Unsupported("config.json has no such source".into()));
        };
        match (source.kind, source.auth) {
            (SourceKind::Demo, _) => Ok(self.demo().answer(request)),
            (_, Auth::Host | Auth::Relay) => Err(LoadError::Unsupported(
                "this source needs a page that embeds this one".into(),
            )),
            (_, Auth::Token) if token.is_none() => Err(LoadError::Unauthorized),
            _ => http::answer(source, request, token, signal).await,
        }
    }
}
