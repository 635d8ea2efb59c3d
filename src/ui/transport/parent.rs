//! The port to the page around this one: tokens it hands over, and requests it makes. Tokens stay in memory.

use super::Secret;
use crate::embed::{self, Message, Reason};
use crate::remote::{LoadError, Reply};
use crate::source::Request;
use crate::ui::browser;
use chrono::{DateTime, Utc};
use js_sys::{Function, JSON, Promise};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::collections::{HashMap, HashSet};
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, MessagePort};

/// How long the page may take to hand a token over.
const PATIENCE: Duration = Duration::from_secs(30);

/// The page around this one, once it is known. Copyable handle.
#[derive(Clone, Copy)]
pub struct Parent(StoredValue<Desk, LocalStorage>);

#[derive(Default)]
struct Desk {
    port: Option<MessagePort>,
    /// Tokens by source.
    tokens: HashMap<String, Held>,
    /// Counts tokens, so that a request knows whether another came since.
    count: u64,
    /// By source, the newest token that was refused although it was asked for anew.
    refused: HashMap<String, u64>,
    /// By source, who waits for a token: one question is enough for all of them.
    waiting: HashMap<String, Waiting>,
    /// Sources whose token was still on its way when the session ended: it belongs to that session.
    late: HashSet<String>,
    /// By id, requests that the page makes.
    fetches: HashMap<u32, Fetch>,
    fetch_count: u32,
}

struct Held {
    secret: Secret,
    number: u64,
    renewal: Option<TimeoutHandle>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(renewal) = &self.renewal {
            renewal.clear();
        }
    }
}

struct Waiting {
    wake: Vec<Function>,
    timer: Option<TimeoutHandle>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            timer.clear();
        }
        for wake in &self.wake {
            // Waking somebody who has left already does nothing.
            drop(wake.call0(&JsValue::NULL));
        }
    }
}

struct Fetch {
    wake: Function,
    reply: Option<Result<Reply, LoadError>>,
}

/// A token, and its number among all that came.
pub type Numbered = (Secret, u64);

impl Default for Parent {
    fn default() -> Parent {
        Parent(StoredValue::new_local(Desk::default()))
    }
}

impl Parent {
    /// Speaks over this port from now on.
    pub fn open(&self, port: MessagePort) {
        self.0.update_value(|desk| desk.port = Some(port));
    }

    /// The port.
    pub fn port(&self) -> Option<MessagePort> {
        self.0.try_with_value(|desk| desk.port.clone()).flatten()
    }

    /// Whether there is a port.
    pub fn is_there(&self) -> bool {
        self.port().is_some()
    }

    /// Says something, if somebody is there.
    pub fn say(&self, message: &Message<'_>) {
        if let (Some(port), Ok(message)) = (self.port(), JSON::parse(&message.text())) {
            // Fails only for what cannot be copied, and JSON can.
            drop(port.post_message(&message));
        }
    }

    /// The token for a source, newer than the one with the number `refused`; asks the page for it where there is none.
    pub async fn token(&self, source: &str, refused: u64, signal: &AbortSignal) -> Result<Numbered, LoadError> {
        let held = || {
            self.0.with_value(|desk| {
                let held = desk.tokens.get(source).filter(|held| held.number > refused);
                held.map(|held| (held.secret.clone(), held.number))
            })
        };
        if let Some(held) = held() {
            return Ok(held);
        }
        let is_hopeless = |desk: &Desk| refused > 0 && desk.refused.get(source).is_some_and(|last| *last > refused);
        if !self.is_there() || self.0.with_value(is_hopeless) {
            return Err(LoadError::SessionEnded);
        }
        let reason = if refused > 0 { Reason::Refused } else { Reason::Missing };
        wait(signal, |wake| self.ask(source, reason, Some(wake))).await;
        held().ok_or(LoadError::SessionEnded)
    }

    /// Asks for a token, unless that is under way.
    fn ask(&self, source: &str, reason: Reason, wake: Option<Function>) {
        let is_first = self.0.try_update_value(|desk| {
            let is_first = !desk.waiting.contains_key(source);
            let waiting = desk.waiting.entry(source.to_string()).or_insert_with(|| {
                let (parent, source) = (*self, source.to_string());
                let give_up = move || {
                    parent.wake(&source);
                };
                Waiting {
                    wake: Vec::new(),
                    timer: set_timeout_with_handle(give_up, PATIENCE).ok(),
                }
            });
            waiting.wake.extend(wake);
            is_first
        });
        if is_first == Some(true) {
            self.say(&Message::TokenRequest { source, reason });
        }
    }

    /// Lets those go on who wait for a token. Says whether it was asked for.
    fn wake(&self, source: &str) -> bool {
        let waiting = self.0.try_update_value(|desk| desk.waiting.remove(source));
        waiting.flatten().is_some()
    }

    /// Keeps a token in place of an earlier one; an empty value says that there is none. Gives whether it was asked for.
    pub fn keep(&self, source: &str, value: &str, expires_at: Option<DateTime<Utc>>) -> bool {
        if self.0.try_update_value(|desk| desk.late.remove(source)) == Some(true) {
            return true;
        }
        let renewal = || {
            let delay = embed::renew_after(browser::now(), expires_at)?;
            let (parent, source) = (*self, source.to_string());
            let renew = move || parent.ask(&source, Reason::Expiring, None);
            set_timeout_with_handle(renew, Duration::from_millis(delay.into())).ok()
        };
        self.0.update_value(|desk| {
            desk.count += 1;
            let number = desk.count;
            match Secret::new(value) {
                Some(secret) => {
                    let renewal = renewal();
                    let held = Held {
                        secret,
                        number,
                        renewal,
                    };
                    drop(desk.tokens.insert(source.to_string(), held));
                }
                None => drop(desk.tokens.remove(source)),
            }
        });
        self.wake(source)
    }

    /// Forgets a token that the server refused although it was asked for anew.
    pub fn give_up(&self, source: &str, number: u64) {
        self.0.update_value(|desk| {
            desk.refused.insert(source.to_string(), number);
            if desk.tokens.get(source).is_some_and(|held| held.number == number) {
                desk.tokens.remove(source);
            }
        });
    }

    /// Has the page make a request.
    pub async fn fetch(&self, request: &Request, signal: &AbortSignal) -> Result<Reply, LoadError> {
        let id = self.0.try_update_value(|desk| {
            desk.fetch_count += 1;
            desk.fetch_count
        });
        let id = id.unwrap_or_default();
        wait(signal, |wake| {
            self.0
                .update_value(|desk| drop(desk.fetches.insert(id, Fetch { wake, reply: None })));
            self.say(&Message::Fetch { id, request });
        })
        .await;
        let fetch = self.0.try_update_value(|desk| desk.fetches.remove(&id)).flatten();
        match fetch {
            Some(fetch) => fetch.reply.unwrap_or(Err(LoadError::Timeout)),
            None => Err(LoadError::SessionEnded),
        }
    }

    /// Hands a reply to who waits for it. One to a request that nobody made, or that was given up, is thrown away.
    pub fn land(&self, id: u32, reply: Result<Reply, LoadError>) {
        let wake = self.0.try_update_value(|desk| {
            let fetch = desk.fetches.get_mut(&id).filter(|fetch| fetch.reply.is_none())?;
            fetch.reply = Some(reply);
            Some(fetch.wake.clone())
        });
        if let Some(wake) = wake.flatten() {
            drop(wake.call0(&JsValue::NULL));
        }
    }

    /// Forgets every token, and what is under way.
    pub fn forget(&self) {
        let left = self.0.try_update_value(|desk| {
            desk.tokens.clear();
            desk.late.extend(desk.waiting.keys().cloned());
            (std::mem::take(&mut desk.waiting), std::mem::take(&mut desk.fetches))
        });
        // Awake, those who wait look at the desk.
        for fetch in left.into_iter().flat_map(|(_, fetches)| fetches.into_values()) {
            drop(fetch.wake.call0(&JsValue::NULL));
        }
    }
}

/// Waits until somebody calls the function that `begin` gets, or until the signal fires.
async fn wait(signal: &AbortSignal, begin: impl FnOnce(Function)) {
    if signal.aborted() {
        return;
    }
    let mut begin = Some(begin);
    let promise = Promise::new(&mut |wake, _| {
        signal.set_onabort(Some(&wake));
        if let Some(begin) = begin.take() {
            begin(wake);
        }
    });
    // It is never rejected.
    drop(JsFuture::from(promise).await);
    signal.set_onabort(None);
}
