//! Loads what is wanted. The wanted requests come in as a memo, outcomes go out as a signal.
//!
//! Equal requests are not sent again, a request that nobody wants any more is aborted, and an outcome that arrives
//! for a request that was given up is thrown away: no panel can show an answer to an older question.

use crate::answers::{Answers, Outcome};
use crate::data::Data;
use crate::pace;
use crate::panel::Deed;
use crate::remote::{LoadError, Reply};
use crate::source::{self, Answer, Ask, Request};
use crate::ui::browser;
use crate::ui::download;
use crate::ui::erase::RwSignal;
use crate::ui::parts;
use crate::ui::transport::{PIECE, Secret, Tokens, Transport, breathe};
use crate::words::{self, Help};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::time::Duration;
use web_sys::{AbortController, AbortSignal};

/// How long an outcome that was not shown for a while may be shown again without asking.
const FRESH: i64 = 5 * 60;
/// How long a server may take. Weekly insights of large old deployments need more than a minute.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long pages of a list wait for others.
const HOLD: Duration = Duration::from_millis(500);
/// For so long answers wait for others that are under way.
const BLINK: Duration = Duration::from_millis(40);
/// How often a source may answer "ask this instead" before we stop believing it.
const DETOURS: usize = 3;

struct Flight {
    serial: u64,
    progress: Progress,
    abort: Option<AbortController>,
    timer: Option<TimeoutHandle>,
}

impl Drop for Flight {
    fn drop(&mut self) {
        if let Some(timer) = &self.timer {
            timer.clear();
        }
        if let Some(abort) = &self.abort {
            abort.abort();
        }
    }
}

/// How far answers have come that are under way.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// When the first of them was asked for, in milliseconds since the page was opened.
    pub since: f64,
    /// Bytes that have come.
    pub bytes: u64,
    /// Bytes of all of them, where every server says.
    pub length: Option<u64>,
}

/// The loader. Copyable handle.
#[derive(Clone, Copy)]
pub struct Store {
    /// Outcomes so far.
    pub answers: RwSignal<Arc<Answers>>,
    /// Tokens typed for this tab.
    pub tokens: leptos::prelude::RwSignal<Tokens, LocalStorage>,
    /// Whether any request is under way.
    pub is_loading: RwSignal<bool>,
    wanted: StoredValue<Vec<Request>>,
    flights: StoredValue<BTreeMap<Request, Flight>, LocalStorage>,
    /// How often a request was asked again by itself, since it last succeeded or a person asked for it.
    tries: StoredValue<BTreeMap<Request, u32>>,
    /// What has come and is not shown yet: small answers that come together are shown together, as each means to build the
    /// page anew; so are pages of a list that come again, as each means to join all of it.
    held: StoredValue<Vec<(Request, Outcome)>>,
    serial: StoredValue<u64>,
    is_signed_out: StoredValue<bool>,
    transport: StoredValue<Transport, LocalStorage>,
}

impl Store {
    /// A store that loads through `transport`.
    pub fn new(transport: Transport) -> Store {
        Store {
            answers: RwSignal::new(Arc::default()),
            tokens: leptos::prelude::RwSignal::new_local(Tokens::new()),
            is_loading: RwSignal::new(false),
            wanted: StoredValue::new(Vec::new()),
            flights: StoredValue::new_local(BTreeMap::new()),
            tries: StoredValue::new(BTreeMap::new()),
            held: StoredValue::new(Vec::new()),
            serial: StoredValue::new(0),
            is_signed_out: StoredValue::new(false),
            transport: StoredValue::new_local(transport),
        }
    }

    /// Loads what is missing or old of these, and gives up what is not among them.
    pub fn want(&self, wanted: Vec<Request>) {
        self.give_up(|request| !wanted.contains(request));
        if !self.tries.with_value(BTreeMap::is_empty) {
            self.forget_tries(&wanted);
        }
        let known = self.answers.get_untracked();
        let now = browser::now();
        let shown = self.wanted.get_value();
        for request in &wanted {
            let fresh = match pace::least_age(&request.ask) {
                0 => FRESH,
                age => age,
            };
            let usable = known.outcome(request).is_some_and(|outcome| {
                shown.contains(request) || (outcome.result.is_ok() && (now - outcome.at).num_seconds() < fresh)
            });
            let is_here = || {
                self.held
                    .with_value(|held| held.iter().any(|(known, _)| known == request))
            };
            if !usable && !self.is_under_way(request) && !is_here() {
                self.send(request.clone());
            }
        }
        self.wanted.set_value(wanted);
        self.note_loading();
    }

    /// Asks everything that is wanted again, keeping what is shown until the new outcome is there. What is under way
    /// goes on: else a server slower than the refreshes would never get to answer.
    pub fn refresh(&self) {
        self.ask_again(|_| true);
    }

    /// The same without being told to: what cannot be told anew yet is left alone.
    pub fn refresh_old(&self) {
        let (known, now) = (self.answers.get_untracked(), browser::now());
        self.ask_again(|request| {
            let outcome = known.outcome(request);
            outcome.is_none_or(|outcome| (now - outcome.at).num_seconds() >= pace::least_age(&request.ask))
        });
    }

    fn ask_again(&self, is_meant: impl Fn(&Request) -> bool) {
        for request in self.wanted.get_value() {
            if is_meant(&request) && !self.is_under_way(&request) {
                self.send(request);
            }
        }
    }

    /// Does what a panel offers beside its figures, then asks for these again unless a file came back. Tells in words
    /// how it went.
    pub fn perform(&self, deed: Deed, requests: Vec<Request>, tell: impl Fn(String) + 'static) {
        let store = *self;
        let token = self.token(&deed.request);
        let transport = self.transport.get_value();
        spawn_local(async move {
            let Ok(abort) = AbortController::new() else { return };
            let reply = transport.answer(&deed.request, token, &abort.signal()).await;
            let reply = reply.and_then(|reply| source::accepts(&reply).map(|()| reply));
            tell(match (reply, deed.file) {
                (Err(error), _) => {
                    let message = words::message(&error);
                    format!("{}: {}", message.title, message.detail)
                }
                (Ok(reply), Some(name)) => {
                    let text = String::from_utf8_lossy(&reply.body);
                    if download::save(&name, &reply.content_type, &text) {
                        format!("{name} saved")
                    } else {
                        "The browser refused the download".into()
                    }
                }
                (Ok(_), None) => {
                    store.ask_again(|request| requests.contains(request));
                    "The server computes anew; the figures are loaded again".into()
                }
            });
        });
    }

    fn token(&self, request: &Request) -> Option<Secret> {
        self.tokens
            .with_untracked(|tokens| tokens.get(&request.source).cloned())
    }

    /// Asks these again, or those of them that failed where some did, and what failed beside them: it has often failed for
    /// the same reason, and not every figure has a button of its own. Limits are per endpoint, so only requests to the
    /// same one are let go with these.
    pub fn retry(&self, requests: &[Request]) {
        self.tries.update_value(BTreeMap::clear);
        self.is_signed_out.set_value(false);
        let known = self.answers.get_untracked();
        let help = |request: &Request| known.failure(request).map(|error| words::message(error).help);
        let has_failed = |request: &Request| help(request).is_some();
        let is_all = !requests.iter().any(has_failed);
        let goes_along = |request: &Request| match help(request) {
            Some(Help::Retry) => true,
            Some(Help::Wait(_)) => requests.iter().any(|other| other.path == request.path),
            _ => false,
        };
        self.ask_again(|request| {
            (requests.contains(request) && (is_all || has_failed(request))) || goes_along(request)
        });
    }

    /// Keeps a token for this tab and asks again what that source refused.
    pub fn use_token(&self, source: &str, token: Secret) {
        self.tokens
            .update(|tokens| drop(tokens.insert(source.to_string(), token)));
        self.ask_refused(source);
    }

    /// Asks again what a source refused: somebody has signed in.
    pub fn ask_refused(&self, source: &str) {
        let refused = |request: &Request| {
            request.source == source
                && matches!(
                    self.answers
                        .read_untracked()
                        .outcome(request)
                        .map(|outcome| &outcome.result),
                    Some(Err(_))
                )
        };
        let again: Vec<Request> = self.wanted.get_value().into_iter().filter(refused).collect();
        self.answers
            .update(|answers| Arc::make_mut(answers).retain(|request, _| !again.contains(request)));
        self.retry(&again);
    }

    /// Forgets every token typed for this tab. What they fetched stays, with its age, until it is asked for again.
    pub fn forget_tokens(&self) {
        if !self.tokens.read_untracked().is_empty() {
            self.tokens.update(Tokens::clear);
        }
    }

    /// Forgets every token, and all that came from their sources.
    pub fn sign_out(&self) {
        let tokens = self.tokens.get_untracked();
        self.forget_tokens();
        let is_left = |request: &Request| tokens.contains_key(&request.source);
        self.give_up(is_left);
        self.answers.update(|answers| {
            let answers = Arc::make_mut(answers);
            answers.retain(|request, _| !is_left(request));
            for request in self.wanted.get_value().into_iter().filter(is_left) {
                let (at, result) = (browser::now(), Err(LoadError::Unauthorized));
                answers.insert(request, Outcome { at, result });
            }
        });
        self.note_loading();
    }

    /// Forgets what some sources answered, and asks them anew.
    pub fn forget(&self, is_source: fn(&str) -> bool) {
        let is_theirs = |request: &Request| is_source(&request.source);
        self.give_up(is_theirs);
        self.answers
            .update(|answers| Arc::make_mut(answers).retain(|request, _| !is_theirs(request)));
        for request in self.wanted.get_value().into_iter().filter(is_theirs) {
            self.send(request);
        }
        self.note_loading();
    }

    /// Counts a failure, and says when to ask again by itself. Only what changes nothing on the server is.
    fn again(&self, request: &Request, result: &Result<Arc<Data>, LoadError>) -> Option<pace::Again> {
        let has_never_failed = result.is_ok() && self.tries.with_value(BTreeMap::is_empty);
        (!has_never_failed).then(|| self.count_try(request, result)).flatten()
    }

    #[inline(never)]
    fn forget_tries(&self, wanted: &[Request]) {
        self.tries
            .update_value(|tries| tries.retain(|request, _| wanted.contains(request)));
    }

    #[inline(never)]
    fn count_try(&self, request: &Request, result: &Result<Arc<Data>, LoadError>) -> Option<pace::Again> {
        let tries = self.tries.with_value(|tries| tries.get(request).copied().unwrap_or(0));
        let again = result.as_ref().err().filter(|_| request.body.is_none());
        let again = again.and_then(|error| pace::again(error, tries, browser::chance()));
        self.tries.update_value(|all| match (&again, result) {
            (Some(_), _) => drop(all.insert(request.clone(), tries + 1)),
            (None, Ok(_)) => drop(all.remove(request)),
            (None, Err(_)) => {}
        });
        again
    }

    /// Asks again later, if it is still wanted then and still has no answer.
    fn send_later(&self, request: Request, wait: u32) {
        let store = *self;
        let send = move || {
            let is_failed = |answers: &Arc<Answers>| answers.failure(&request).is_some();
            let is_wanted = store.wanted.try_with_value(|wanted| wanted.contains(&request)) == Some(true);
            if is_wanted && is_failed(&store.answers.read_untracked()) && !store.is_under_way(&request) {
                store.send(request.clone());
            }
        };
        set_timeout(send, Duration::from_millis(wait.into()));
    }

    /// Asks once, past all that is known, and keeps nothing: for the self-check.
    pub async fn probe(&self, request: &Request, patience: Duration) -> Result<Reply, LoadError> {
        let abort = AbortController::new().map_err(|_| LoadError::Unreachable)?;
        let signal = abort.signal();
        let timer = set_timeout_with_handle(move || abort.abort(), patience).ok();
        let token = self
            .tokens
            .with_untracked(|tokens| tokens.get(&request.source).cloned());
        let transport = self.transport.get_value();
        let reply = transport.answer(request, token, &signal).await;
        timer.iter().for_each(TimeoutHandle::clear);
        reply
    }

    /// Forgets every token and every figure: the session is over. Until a person asks again, nothing is sent.
    pub fn end_session(&self) {
        self.is_signed_out.set_value(true);
        self.give_up(|_| true);
        self.tokens.set(Tokens::new());
        self.answers.set(Arc::default());
        for request in self.wanted.get_value() {
            self.send(request);
        }
        self.note_loading();
    }

    fn is_under_way(&self, request: &Request) -> bool {
        self.flights.with_value(|flights| flights.contains_key(request))
    }

    fn send(&self, request: Request) {
        if self.is_signed_out.get_value() {
            return self.record(request, Err(LoadError::SessionEnded));
        }
        let store = *self;
        let serial = self.serial.get_value() + 1;
        self.serial.set_value(serial);
        let abort = AbortController::new().ok();
        let signal = abort.as_ref().map(AbortController::signal);
        let on_time_up = abort.clone();
        let timer = set_timeout_with_handle(move || on_time_up.iter().for_each(AbortController::abort), PATIENCE).ok();
        let flight = Flight {
            serial,
            progress: Progress {
                since: browser::uptime(),
                bytes: 0,
                length: None,
            },
            abort,
            timer,
        };
        self.flights
            .update_value(|flights| drop(flights.insert(request.clone(), flight)));
        self.note_loading();
        let token = self.token(&request);
        let transport = self.transport.get_value();
        begin(async move {
            let Some(signal) = signal else { return };
            let mut note = |bytes: u64, length| store.note(&request, serial, bytes, length);
            let mut result = ask(&transport, &request, &token, &signal, &mut note).await;
            // What needs no network is there at once. Who asked for it is told later all the same.
            browser::next_turn().await;
            let mut again = None;
            if !signal.aborted() {
                again = store.again(&request, &result);
            }
            if let Some(pace::Again { wait, is_quiet: true }) = again {
                browser::sleep(wait).await;
                if signal.aborted() {
                    return;
                }
                result = ask(&transport, &request, &token, &signal, &mut note).await;
                again = store.again(&request, &result);
            }
            if result == Err(LoadError::Unauthorized) {
                store.forget_refused(&request.source, &token);
                // What sign-in there is belongs to the page around this one.
                if transport.is_hosted(&request.source) {
                    result = Err(LoadError::SessionEnded);
                }
            }
            if let Some(again) = again {
                store.send_later(request.clone(), again.wait);
            }
            store.land(request, serial, result);
        });
    }

    /// A token that the server refused is no use any more. One that was typed since is left.
    #[inline(never)]
    fn forget_refused(&self, source: &str, refused: &Option<Secret>) {
        if refused.is_some()
            && self
                .tokens
                .with_untracked(|tokens| tokens.get(source) == refused.as_ref())
        {
            self.tokens.update(|tokens| drop(tokens.remove(source)));
        }
    }

    /// Notes that a piece of an answer has come.
    fn note(&self, request: &Request, serial: u64, bytes: u64, length: Option<u64>) {
        self.flights.update_value(|flights| {
            if let Some(flight) = flights.get_mut(request).filter(|flight| flight.serial == serial) {
                flight.progress.bytes += bytes;
                flight.progress.length = length;
            }
        });
    }

    /// How far those of some requests have come that are under way; `None` where none is.
    pub fn progress(&self, requests: &[Request]) -> Option<Progress> {
        self.flights.with_value(|flights| {
            let own = requests.iter().filter_map(|request| flights.get(request));
            own.map(|flight| flight.progress).reduce(|a, b| Progress {
                since: a.since.min(b.since),
                bytes: a.bytes + b.bytes,
                length: a.length.zip(b.length).map(|(a, b)| a + b),
            })
        })
    }

    /// Stops loading these.
    pub fn cancel(&self, requests: &[Request]) {
        for request in requests.iter().filter(|request| self.is_under_way(request)) {
            // With its flight the answer is given up.
            self.flights.update_value(|flights| drop(flights.remove(request)));
            let (at, result) = (browser::now(), Err(LoadError::Cancelled));
            self.answers
                .update(|answers| Arc::make_mut(answers).renew(request.clone(), Outcome { at, result }));
        }
        self.note_loading();
    }

    /// Records an outcome, unless its flight was given up or overtaken meanwhile.
    fn land(&self, request: Request, serial: u64, result: Result<Arc<Data>, LoadError>) {
        let is_awaited = self.flights.try_update_value(|flights| {
            let awaited = flights.get(&request).is_some_and(|flight| flight.serial == serial);
            if awaited && let Some(mut flight) = flights.remove(&request) {
                flight.abort = None;
            }
            awaited
        });
        if is_awaited == Some(true) {
            let at = browser::now();
            let is_page = matches!(request.ask, Ask::Users(_));
            let is_again = is_page && self.answers.read_untracked().outcome(&request).is_some();
            let is_small = source::is_first(&request);
            let is_alike = |(held, _): &(Request, Outcome)| source::is_first(held) == is_small;
            let is_first = !self.held.with_value(|held| held.iter().any(is_alike));
            self.held
                .update_value(|held| held.push((request, Outcome { at, result })));
            // The next page of a list may wait for this one, and what may be large takes its time alone.
            let is_held = is_again || is_small;
            if !is_held || self.flights.with_value(BTreeMap::is_empty) {
                self.show_held();
            } else if is_first {
                let store = *self;
                set_timeout(move || store.show_held(), if is_again { HOLD } else { BLINK });
            }
            self.note_loading();
        }
    }

    /// Shows what came anew.
    fn show_held(&self) {
        let held = self.held.try_update_value(std::mem::take).unwrap_or_default();
        if !held.is_empty() {
            self.answers.update(|answers| {
                let answers = Arc::make_mut(answers);
                for (request, outcome) in held {
                    answers.renew(request, outcome);
                }
            });
        }
    }

    /// Gives up what is under way of some requests, and what has come of it.
    fn give_up(&self, is_meant: impl Fn(&Request) -> bool) {
        let under_way = |flights: &BTreeMap<Request, Flight>| flights.keys().any(&is_meant);
        let held = |held: &Vec<(Request, Outcome)>| held.iter().any(|(request, _)| is_meant(request));
        if self.flights.with_value(under_way) || self.held.with_value(held) {
            self.drop_all(&is_meant);
        }
    }

    #[inline(never)]
    fn drop_all(&self, is_meant: &dyn Fn(&Request) -> bool) {
        self.flights
            .update_value(|flights| flights.retain(|request, _| !is_meant(request)));
        self.held
            .update_value(|held| held.retain(|(request, _)| !is_meant(request)));
    }

    fn record(&self, request: Request, result: Result<Arc<crate::data::Data>, LoadError>) {
        let at = browser::now();
        self.answers
            .update(|answers| Arc::make_mut(answers).insert(request, Outcome { at, result }));
    }

    fn note_loading(&self) {
        let is_loading = !self.flights.with_value(BTreeMap::is_empty);
        if self.is_loading.get_untracked() != is_loading {
            self.is_loading.set(is_loading);
        }
    }
}

/// Does at once what needs no waiting: the servers have the request while the page is still being built.
fn begin(work: impl Future<Output = ()> + 'static) {
    let mut work = Box::pin(work);
    let mut context = Context::from_waker(Waker::noop());
    if untrack(|| work.as_mut().poll(&mut context)).is_pending() {
        spawn_local(work);
    }
}

/// Asks, and follows the server where it wants to be asked otherwise.
async fn ask(
    transport: &Transport,
    request: &Request,
    token: &Option<Secret>,
    signal: &AbortSignal,
    note: &mut dyn FnMut(u64, Option<u64>),
) -> Result<Arc<Data>, LoadError> {
    let mut asked = request.clone();
    for _ in 0..DETOURS {
        let begin = match source::is_first(&asked) {
            true => source::first_reading,
            false => parts::reading().await?,
        };
        let (mut reading, mut all) = (None, 0);
        let mut take = |head: &Reply, length: Option<u64>, bytes: &[u8]| {
            all += bytes.len();
            reading.get_or_insert_with(|| begin(&asked, head)).push(bytes);
            note(bytes.len() as u64, length);
        };
        let reply = transport.stream(&asked, token.clone(), signal, &mut take).await?;
        let reading = reading.unwrap_or_else(|| begin(&asked, &reply));
        if all > PIECE {
            breathe().await;
        }
        match reading.end(reply)? {
            Answer::Data(mut data) => {
                if all > PIECE {
                    breathe().await;
                }
                data.rank();
                if all > PIECE {
                    breathe().await;
                }
                return Ok(Arc::new(data));
            }
            Answer::Instead(other) => asked = other,
        }
    }
    let why = "the server keeps asking for another request";
    Err(LoadError::Unsupported(why.into()))
}
