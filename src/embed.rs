//! Embedding, protocol 1: what the view and the page around it say to each other, as values.
//!
//! Nobody vouches for what comes in. [`Handshake`] lets exactly one listed origin in, once; [`hear`] takes apart what
//! it says from then on. A message of an unknown type is ignored, one of a bad shape or size refused. What the page
//! around the view wishes may narrow what is shown; base URLs, privacy and parents come from `config.json` alone.

use crate::config::Config;
use crate::period::DateRange;
use crate::query::{Notice, Query, Theme, Word, escape};
use crate::remote::{LoadError, Reply};
use crate::source::Request;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};

/// The version of the protocol.
pub const PROTOCOL: u64 = 1;

/// Largest message, in bytes of its JSON text.
pub const LARGEST: usize = 32 << 20;

/// Why a message is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// Over [`LARGEST`].
    #[error("a message was refused: it is larger than 32 MiB")]
    TooLarge,
    /// Not an object with a `type`, or nothing that JSON can say.
    #[error("a message was refused: it must be an object with a type, made of what JSON knows")]
    NotAMessage,
    /// A field is missing or of another type; what it must be.
    #[error("a message was refused: {0}")]
    Shape(&'static str),
}

/// What the view says.
pub enum Message<'a> {
    /// To each listed parent, before anything is known about it.
    Hello {
        /// What its answer must repeat.
        nonce: &'a str,
    },
    /// The view hears what is said over the port.
    Ready,
    /// The height of the content in CSS pixels.
    Height(u32),
    /// The question on the page, without what is default.
    State(&'a Query),
    /// A credential is needed.
    TokenRequest {
        /// Id of the source.
        source: &'a str,
        /// Why.
        reason: Reason,
    },
    /// Please make this request.
    Fetch {
        /// What the result must repeat.
        id: u32,
        /// The request.
        request: &'a Request,
    },
    /// A person looks closer at something.
    Drill {
        /// `bucket`, `person` or `template`.
        kind: &'static str,
        /// Which one: days for a bucket, else the server's id.
        id: &'a str,
    },
    /// Something said over the port could not be used.
    Error(&'a str),
}

/// Why a token is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There is none.
    Missing,
    /// Its life is nearly over.
    Expiring,
    /// The server did not accept it.
    Refused,
}

impl Message<'_> {
    /// The message as JSON text.
    pub fn text(&self) -> String {
        let (kind, fields): (&str, Vec<(&str, Value)>) = match self {
            Message::Hello { nonce } => (
                "metrics:hello",
                vec![("protocol", PROTOCOL.into()), ("nonce", (*nonce).into())],
            ),
            Message::Ready => ("ready", Vec::new()),
            Message::Height(px) => ("height", vec![("px", (*px).into())]),
            Message::State(query) => (
                "state",
                vec![("query", query.print().trim_start_matches('?').to_string().into())],
            ),
            Message::TokenRequest { source, reason } => {
                let reason = match reason {
                    Reason::Missing => "missing",
                    Reason::Expiring => "expiring",
                    Reason::Refused => "refused",
                };
                (
                    "token_request",
                    vec![("source", (*source).into()), ("reason", reason.into())],
                )
            }
            Message::Fetch { id, request } => {
                let target = request.target();
                let (path, query) = target.split_once('?').unwrap_or((&target, ""));
                let body = request.body_text(None);
                (
                    "fetch",
                    vec![
                        ("id", (*id).into()),
                        ("source", request.source.clone().into()),
                        ("method", if body.is_some() { "POST" } else { "GET" }.into()),
                        ("path", format!("/{path}").into()),
                        ("query", query.into()),
                        ("body", body.map_or(Value::Null, Value::from)),
                    ],
                )
            }
            Message::Drill { kind, id } => ("drill", vec![("kind", (*kind).into()), ("id", (*id).into())]),
            Message::Error(message) => ("error", vec![("message", (*message).into())]),
        };
        let all = [("type", Value::from(kind))].into_iter().chain(fields);
        Value::Object(all.map(|(name, value)| (name.to_string(), value)).collect()).to_string()
    }
}

/// The first and only word to a window: who may open the port, and with what.
pub struct Handshake {
    parents: Vec<String>,
    nonce: String,
    is_over: bool,
}

/// What an event of the window amounts to.
pub enum Step {
    /// Not for us.
    Ignored,
    /// A listed parent speaks another version of the protocol.
    OtherVersion(u64),
    /// A listed parent said something that cannot be used.
    Refused(Refusal),
    /// The port is open. Nothing more is heard from the window.
    Open(Box<Init>),
}

/// What the page around the view wishes for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Init {
    /// Language of numbers and dates, instead of the configured one.
    pub locale: Option<String>,
    /// Zone of all days, instead of the configured one.
    pub timezone: Option<String>,
    /// `theme` and `show`: the colours where the address asks for none, and the most that is shown.
    pub limits: Query,
    /// The question to begin with, instead of that of the frame's address.
    pub query: Option<Query>,
    /// Values that could not be used.
    pub notices: Vec<Notice>,
}

impl Handshake {
    /// Waits for an answer of one of these origins that repeats the nonce.
    pub fn new(parents: &[String], nonce: String) -> Handshake {
        Handshake {
            parents: parents.to_vec(),
            nonce,
            is_over: false,
        }
    }

    /// Hears an event of the window. `text` gives its data as JSON, `None` where JSON cannot say it; it is only asked
    /// for once it is known that a listed parent speaks.
    pub fn hear(
        &mut self,
        is_parent: bool,
        origin: &str,
        ports: u32,
        text: impl FnOnce() -> Result<String, Refusal>,
    ) -> Step {
        if self.is_over || !is_parent || !self.parents.iter().any(|listed| listed == origin) {
            return Step::Ignored;
        }
        let mut fields = match text().and_then(|text| Fields::read(&text)) {
            Ok(fields) if fields.kind == "metrics:init" => fields,
            Ok(_) => return Step::Ignored,
            Err(refusal) => return Step::Refused(refusal),
        };
        if fields.take("nonce").as_str() != Some(&self.nonce) {
            return Step::Ignored;
        }
        match fields.take("protocol").as_u64() {
            Some(PROTOCOL) => {}
            Some(other) => return Step::OtherVersion(other),
            None => return Step::Refused(Refusal::Shape("init.protocol must be a number")),
        }
        if ports != 1 {
            return Step::Refused(Refusal::Shape("init must come with one MessagePort"));
        }
        match Init::read(fields) {
            Ok(init) => {
                self.is_over = true;
                Step::Open(Box::new(init))
            }
            Err(refusal) => Step::Refused(refusal),
        }
    }
}

impl Init {
    fn read(mut fields: Fields) -> Result<Init, Refusal> {
        let theme = fields.text("theme", "init.theme must be a string")?;
        let show = match fields.take("show") {
            Value::Null => None,
            Value::String(list) => Some(list),
            Value::Array(parts) => {
                let parts: Option<Vec<&str>> = parts.iter().map(Value::as_str).collect();
                Some(
                    parts
                        .ok_or(Refusal::Shape("init.show must be a list of strings"))?
                        .join(","),
                )
            }
            _ => return Err(Refusal::Shape("init.show must be a list of strings")),
        };
        let wishes = [("theme", theme), ("show", show)];
        let wishes: Vec<String> = wishes
            .iter()
            .filter_map(|(key, value)| Some(format!("{key}={}", escape(value.as_ref()?))))
            .collect();
        let (limits, mut notices) = Query::parse(&wishes.join("&"));
        let query = fields.text("query", "init.query must be a string")?.map(|text| {
            let (query, more) = Query::parse(&text);
            notices.extend(more);
            query
        });
        Ok(Init {
            locale: fields.text("locale", "init.locale must be a string")?,
            timezone: fields.text("timezone", "init.timezone must be a string")?,
            limits,
            query,
            notices,
        })
    }

    /// Puts language and zone in the place of the configured ones. Nothing else of a configuration can be wished for.
    pub fn settle(&self, config: &mut Config) {
        if let Some(locale) = &self.locale {
            config.locale.clone_from(locale);
        }
        if let Some(zone) = &self.timezone {
            config.timezone.clone_from(zone);
        }
    }
}

/// What is said over the port. Without `Debug`: a token is among it.
pub enum Told {
    /// A credential for a source.
    Token {
        /// Id of the source.
        source: String,
        /// The secret; empty where the page has none to give.
        value: String,
        /// When it ends, if that is known.
        expires_at: Option<DateTime<Utc>>,
    },
    /// What became of a request.
    Fetched {
        /// Its id.
        id: u32,
        /// The answer, as untrusted as any other.
        reply: Result<Reply, LoadError>,
    },
    /// Another question.
    SetQuery(Query, Vec<Notice>),
    /// Other colours.
    SetTheme(Theme),
    /// The session is over.
    Logout,
}

/// Takes apart what was said over the port; `None` for a type that this version does not know.
pub fn hear(text: &str) -> Result<Option<Told>, Refusal> {
    let mut fields = Fields::read(text)?;
    Ok(Some(match fields.kind.as_str() {
        "token" => Told::Token {
            source: fields.required("source", "token.source must be a string")?,
            value: fields
                .text("value", "token.value must be a string")?
                .unwrap_or_default(),
            expires_at: instant(&fields.take("expires_at"))?,
        },
        "fetch_result" => {
            let id = fields.take("id").as_u64().and_then(|id| u32::try_from(id).ok());
            Told::Fetched {
                id: id.ok_or(Refusal::Shape("fetch_result.id must be that of a fetch"))?,
                reply: reply(fields)?,
            }
        }
        "set_query" => {
            let (query, notices) = Query::parse(&fields.required("query", "set_query.query must be a string")?);
            Told::SetQuery(query, notices)
        }
        "set_theme" => {
            let word = fields.required("theme", "set_theme.theme must be a string")?;
            Told::SetTheme(Theme::parse(&word).ok_or(Refusal::Shape(
                "set_theme.theme must be light, dark, system or contrast",
            ))?)
        }
        "logout" => Told::Logout,
        _ => return Ok(None),
    }))
}

/// The reply that a `fetch_result` carries. Its body is text, or JSON as it is; status 0 says that there was no answer.
fn reply(mut fields: Fields) -> Result<Result<Reply, LoadError>, Refusal> {
    let status = match fields.take("status").as_u64().and_then(|it| u16::try_from(it).ok()) {
        Some(0) => return Ok(Err(LoadError::Unreachable)),
        Some(status @ 100..=599) => status,
        _ => return Err(Refusal::Shape("fetch_result.status must be an HTTP status, or 0")),
    };
    let headers = match fields.take("headers") {
        Value::Null => Map::new(),
        Value::Object(headers) => headers,
        _ => return Err(Refusal::Shape("fetch_result.headers must be an object of strings")),
    };
    let header = |name: &str| {
        let found = headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.and_then(|(_, value)| value.as_str()).unwrap_or_default()
    };
    Ok(Ok(Reply {
        status,
        content_type: header("content-type").to_ascii_lowercase(),
        retry_after: header("retry-after").trim().parse().ok(),
        body: match fields.take("body") {
            Value::Null => Vec::new(),
            Value::String(text) => text.into_bytes(),
            json => json.to_string().into_bytes(),
        },
    }))
}

/// An instant in RFC 3339, or as a number of milliseconds since 1970 (of seconds, where it is too small for that).
fn instant(value: &Value) -> Result<Option<DateTime<Utc>>, Refusal> {
    const LEAST_MILLIS: i64 = 100_000_000_000;
    let found = match value {
        Value::Null => return Ok(None),
        Value::String(text) => DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc()),
        Value::Number(number) => number
            .as_f64()
            .map(|number| number as i64)
            .and_then(|number| match number {
                LEAST_MILLIS.. => DateTime::from_timestamp_millis(number),
                _ => DateTime::from_timestamp(number, 0),
            }),
        _ => None,
    };
    let shape =
        Refusal::Shape("token.expires_at must be a time such as 2026-11-20T14:25:00Z, or milliseconds since 1970");
    found.map(Some).ok_or(shape)
}

/// Milliseconds until a token is renewed: 80 % of its life, at most a day, at least a second. `None` for a token whose
/// end is unknown or already there by this computer's clock: the server will say when it is over.
pub fn renew_after(now: DateTime<Utc>, expires_at: Option<DateTime<Utc>>) -> Option<u32> {
    let life = (expires_at? - now).num_milliseconds();
    (life > 0)
        .then(|| (life / 5 * 4).clamp(1_000, 86_400_000))
        .and_then(|delay| u32::try_from(delay).ok())
}

/// The height to tell, in whole CSS pixels; `None` while the one told still holds. Two pixels less are not worth a
/// move, one more is: else something would be cut off.
pub fn height(told: Option<u32>, content: f64) -> Option<u32> {
    let now = content.ceil().clamp(0.0, f64::from(u32::MAX)) as u32;
    let holds = told.is_some_and(|told| now <= told && told - now <= 2);
    (!holds).then_some(now)
}

/// What a person looks closer at when one question follows another: kind and id of a message `drill`.
pub fn drilled<'a>(before: &Query, now: &'a Query) -> Option<(&'static str, &'a str)> {
    match (now.person.as_deref(), now.templates.as_slice()) {
        (Some(person), _) if before.person.as_deref() != Some(person) => Some(("person", person)),
        (_, [template]) if before.templates != now.templates => Some(("template", template)),
        _ => None,
    }
}

/// A bucket as an id: its day, or first and last day as ISO 8601 writes an interval.
pub fn bucket_id(days: DateRange) -> String {
    if days.first == days.last {
        days.first.to_string()
    } else {
        format!("{}/{}", days.first, days.last)
    }
}

/// A message, each field taken out as it is read.
struct Fields {
    kind: String,
    map: Map<String, Value>,
}

impl Fields {
    fn read(text: &str) -> Result<Fields, Refusal> {
        if text.len() > LARGEST {
            return Err(Refusal::TooLarge);
        }
        let Ok(Value::Object(mut map)) = serde_json::from_str(text) else {
            return Err(Refusal::NotAMessage);
        };
        match map.remove("type") {
            Some(Value::String(kind)) => Ok(Fields { kind, map }),
            _ => Err(Refusal::NotAMessage),
        }
    }

    /// A field as it is, `Null` where there is none.
    fn take(&mut self, name: &str) -> Value {
        self.map.remove(name).unwrap_or_default()
    }

    fn text(&mut self, name: &str, shape: &'static str) -> Result<Option<String>, Refusal> {
        match self.take(name) {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text)),
            _ => Err(Refusal::Shape(shape)),
        }
    }

    fn required(&mut self, name: &str, shape: &'static str) -> Result<String, Refusal> {
        self.text(name, shape)?.ok_or(Refusal::Shape(shape))
    }
}
