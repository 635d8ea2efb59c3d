//! Requests as data, and what their replies mean.
//!
//! [`Ask`] says what is wanted in the terms of the domain, a [`Request`] how it is asked over HTTP, a [`Reading`] what
//! came back, while it comes. Nothing here touches a network: whoever can turn a `Request` into a [`Reply`] is a transport.

use crate::data::Data;
use crate::json;
use crate::period::Interval;
use crate::period::own::Own;
use crate::query::Action;
use crate::remote::{DecodeError, LoadError, Reply};
use crate::wire::cut::{Batch, Cutter, Way};
use crate::wire::refusal;
use crate::zone::Day;
use chrono::{DateTime, FixedOffset};
use std::borrow::Cow;

pub mod coder;
pub mod coder_v1;
pub mod company;
pub mod windsurf;

/// What is wanted, in the terms of the domain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Ask {
    /// Version of the server.
    Build,
    /// Who is signed in.
    Me,
    /// Organizations.
    Organizations,
    /// Templates of all organizations the caller may see.
    Templates,
    /// Licence.
    Entitlements,
    /// Daily active users in UTC days.
    Daus,
    /// Accounts by status at each local midnight.
    Statuses {
        /// IANA name of the zone.
        zone: String,
        /// Its offset now, in seconds east of UTC: for servers that do not know zones.
        offset: i32,
        /// Whether to ask in the way of those servers.
        old_server: bool,
    },
    /// Template insights of a span.
    Insights(Slice, Option<Grain>),
    /// Time used by each person.
    Activity(Slice),
    /// Latency of each person.
    Latency(Slice),
    /// A page of the accounts, from the one at this place on.
    Users(u64),
    /// One account, by its id.
    User(String),
    /// Who did something, per interval, by Coder v1.
    Usage(Stretch),
    /// Seats of the AI assistant, and their use.
    Assistant,
    /// A page of the company's members, counted from 1.
    Members(u32),
    /// The company's own figures of its members.
    Summary,
    /// Something to do, or bytes to hand on as they come: its reply is not read.
    Deed,
}

/// Days of UTC, and what is wanted of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Stretch {
    /// First day; the intervals are counted from here.
    pub first: Day,
    /// The day after the last.
    pub end: Day,
    /// How the server cuts it.
    pub interval: Interval,
    /// How it cuts it in place of that.
    pub own: Option<Own>,
    /// Only people who did this.
    pub action: Action,
    /// Only this organization.
    pub org: Option<String>,
}

/// A span of time and the templates it is about.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Slice {
    /// Start, at 00:00 in its own offset.
    pub start: DateTime<FixedOffset>,
    /// End, excluded: 00:00, or a full hour of today.
    pub end: DateTime<FixedOffset>,
    /// Only these templates, sorted; empty means all that the caller may see.
    pub templates: Vec<String>,
}

/// Buckets that Coder's insights can cut by themselves, counted from the start of the slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Grain {
    /// 24 hours.
    Day,
    /// Seven times 24 hours.
    Week,
}

/// One HTTP request as data. The transport adds base URL and credential.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Request {
    /// Id of the source in `config.json`.
    pub source: String,
    /// What it asks.
    pub ask: Ask,
    /// Path below the source's base URL, without a leading slash.
    pub path: Cow<'static, str>,
    /// Query pairs, not yet escaped, in the order in which they are sent.
    pub query: Vec<(&'static str, String)>,
    /// Fields of the JSON object to post; `None` for a GET.
    pub body: Option<Vec<(&'static str, String)>>,
}

impl Request {
    /// A GET.
    pub fn get(
        source: &str,
        ask: Ask,
        path: impl Into<Cow<'static, str>>,
        query: Vec<(&'static str, String)>,
    ) -> Request {
        Request {
            source: source.into(),
            ask,
            path: path.into(),
            query,
            body: None,
        }
    }

    /// A POST of a JSON object.
    pub fn post(
        source: &str,
        ask: Ask,
        path: impl Into<Cow<'static, str>>,
        body: Vec<(&'static str, String)>,
    ) -> Request {
        Request {
            body: Some(body),
            ..Request::get(source, ask, path, Vec::new())
        }
    }

    /// The body as sent, with a credential among its fields where the API wants it there.
    pub fn body_text(&self, credential: Option<(&'static str, &str)>) -> Option<String> {
        let fields = self.body.as_ref()?;
        Some(object(
            fields
                .iter()
                .map(|(key, value)| (*key, value.as_str()))
                .chain(credential),
        ))
    }

    /// Path and query as sent, escaped.
    pub fn target(&self) -> String {
        let query: Vec<String> = self
            .query
            .iter()
            .map(|(key, value)| format!("{key}={}", crate::query::escape(value)))
            .collect();
        if query.is_empty() {
            self.path.to_string()
        } else {
            format!("{}?{}", self.path, query.join("&"))
        }
    }
}

/// A JSON object of texts.
#[inline(never)]
fn object<'a>(fields: impl Iterator<Item = (&'static str, &'a str)>) -> String {
    let fields = fields.map(|(key, value)| format!("{}:{}", json::quoted(key), json::quoted(value)));
    format!("{{{}}}", fields.collect::<Vec<_>>().join(","))
}

/// What a reply means.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// It answers the request.
    Data(Data),
    /// The server is older than the request: ask this instead.
    Instead(Request),
}

/// Reads answers of one kind.
trait Reader {
    /// Where its rows are, if there may be many.
    fn ways(&self) -> &'static [Way] {
        &[]
    }

    /// Takes some of the rows.
    fn take(&mut self, _: Batch<'_>) -> Result<(), serde_json::Error> {
        Ok(())
    }

    /// Reads what is left of the reply.
    fn end(&mut self, request: &Request, reply: &Reply) -> Result<Answer, LoadError>;
}

/// Reads what has no rows, or never many.
struct Whole;

impl Reader for Whole {
    fn end(&mut self, request: &Request, reply: &Reply) -> Result<Answer, LoadError> {
        match &request.ask {
            Ask::Members(_) | Ask::Summary => company::read(request, reply),
            _ => coder::read(request, reply),
        }
    }
}

/// A reply that is being read while it comes: piece by piece, as long or as short as one likes.
pub struct Reading {
    request: Request,
    cutter: Cutter,
    reader: Box<dyn Reader>,
    fault: Option<DecodeError>,
}

impl Reading {
    /// Begins with a reply that has no body yet.
    pub fn new(request: &Request, head: &Reply) -> Reading {
        let reader: Box<dyn Reader> = match request.ask {
            Ask::Usage(_) => Box::<coder_v1::Rows>::default(),
            Ask::Assistant => Box::<windsurf::Rows>::default(),
            Ask::Activity(_) => Box::<coder::UsedRows>::default(),
            Ask::Latency(_) => Box::<coder::DelayedRows>::default(),
            _ => Box::new(Whole),
        };
        Reading {
            request: request.clone(),
            cutter: Cutter::new(if head.is_success() { reader.ways() } else { &[] }),
            reader,
            fault: None,
        }
    }

    /// Takes the next piece of the body.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.fault.is_none() {
            let reader = &mut self.reader;
            self.fault = self.cutter.push(bytes, &mut |rows| reader.take(rows)).err();
        }
    }

    /// What the reply means, once all of its body that is not in it has been taken. Total: any bytes give data or a reason.
    pub fn end(mut self, reply: Reply) -> Result<Answer, LoadError> {
        self.push(&reply.body);
        self.finish(reply).map(ranked)
    }

    fn finish(mut self, head: Reply) -> Result<Answer, LoadError> {
        let reply = Reply {
            body: self.cutter.rest(),
            ..head
        };
        let answer = self.reader.end(&self.request, &reply);
        answer.map_err(|error| match error {
            LoadError::Decode(error) => self.cutter.corrected(&reply.body, error, self.fault).into(),
            error => error,
        })
    }
}

/// With lists in their order.
fn ranked(answer: Answer) -> Answer {
    match answer {
        Answer::Data(mut data) => {
            data.rank();
            Answer::Data(data)
        }
        answer => answer,
    }
}

/// Reads a reply that is all there. Total: any bytes give data or a reason.
pub fn read(request: &Request, reply: &Reply) -> Result<Answer, LoadError> {
    let head = reply.head();
    let mut reading = Reading::new(request, &head);
    reading.push(&reply.body);
    reading.finish(head).map(ranked)
}

/// Takes a reply while it comes.
pub trait Taking {
    /// Takes the next piece of the body.
    fn push(&mut self, bytes: &[u8]);

    /// What the reply means, once all of its body that is not in it has been taken. Total: any bytes give data or a reason.
    /// Lists of people are not in their order yet: with long ones that is for a task of its own.
    fn end(self: Box<Self>, reply: Reply) -> Result<Answer, LoadError>;
}

impl Taking for Reading {
    fn push(&mut self, bytes: &[u8]) {
        Reading::push(self, bytes);
    }

    fn end(mut self: Box<Self>, reply: Reply) -> Result<Answer, LoadError> {
        Reading::push(&mut self, &reply.body);
        self.finish(reply)
    }
}

/// A reply of any API, that has no body yet.
pub fn reading(request: &Request, head: &Reply) -> Box<dyn Taking> {
    Box::new(Reading::new(request, head))
}

/// A reply that the first page asks for. Few of them are long, and none has many rows.
struct First {
    request: Request,
    body: Vec<u8>,
}

impl Taking for First {
    fn push(&mut self, bytes: &[u8]) {
        self.body.extend_from_slice(bytes);
    }

    fn end(mut self: Box<Self>, reply: Reply) -> Result<Answer, LoadError> {
        self.push(&reply.body);
        let body = std::mem::take(&mut self.body);
        coder::read_first(&self.request, &Reply { body, ..reply })
    }
}

/// Whether the first page asks for it. What reads the answers to that is a small part of all that reads answers.
pub fn is_first(request: &Request) -> bool {
    matches!(
        request.ask,
        Ask::Build
            | Ask::Me
            | Ask::Organizations
            | Ask::Templates
            | Ask::Entitlements
            | Ask::Daus
            | Ask::Statuses { .. }
            | Ask::Insights(..)
    )
}

/// [`reading`] for what the first page asks.
pub fn first_reading(request: &Request, _: &Reply) -> Box<dyn Taking> {
    Box::new(First {
        request: request.clone(),
        body: Vec::new(),
    })
}

/// Whether a reply says that something was done, whatever else it says.
pub fn accepts(reply: &Reply) -> Result<(), LoadError> {
    if refusal::is_answer(reply) {
        Ok(())
    } else {
        Err(refusal::reason(reply, &refusal::Words::of(reply)))
    }
}

/// The first day of a slice, as its own clock has it.
pub fn first_day(slice: &Slice) -> Day {
    slice.start.date_naive()
}
