//! Coder v2: what is asked, over which spans, and what the replies mean.
//!
//! API: <https://coder.com/docs/reference/api/insights>. Servers refuse query keys they do not know, so each request
//! carries exactly the keys of its endpoint: no `sections`, no cache busters. Read top-down: the requests below,
//! [`time`] and [`plan`] for the spans they ask about, [`read`] for what comes back.

use super::{Answer, Ask, Grain, Request, Slice};
use crate::remote::{LoadError, Reply};
use crate::wire;
use crate::zone::rfc3339;

mod decode;
mod deployment;
mod insights;
pub mod plan;
mod refusal;
pub mod time;
mod users;

pub use crate::wire::refusal::is_page;
pub(super) use insights::{DelayedRows, UsedRows};
pub use refusal::reason;

/// Version of the server. Needs no session.
pub fn build(source: &str) -> Request {
    Request::get(source, Ask::Build, "api/v2/buildinfo", Vec::new())
}

/// Who is signed in.
pub fn me(source: &str) -> Request {
    Request::get(source, Ask::Me, "api/v2/users/me", Vec::new())
}

/// Organizations.
pub fn organizations(source: &str) -> Request {
    Request::get(source, Ask::Organizations, "api/v2/organizations", Vec::new())
}

/// Templates of all organizations.
pub fn templates(source: &str) -> Request {
    Request::get(source, Ask::Templates, "api/v2/templates", Vec::new())
}

/// Licence.
pub fn entitlements(source: &str) -> Request {
    Request::get(source, Ask::Entitlements, "api/v2/entitlements", Vec::new())
}

/// Daily active users. The buckets are UTC days whatever the offset; any other offset only moves the labels.
pub fn daus(source: &str) -> Request {
    Request::get(
        source,
        Ask::Daus,
        "api/v2/insights/daus",
        vec![("tz_offset", "0".into())],
    )
}

/// Accounts by status at each midnight of a zone, by its IANA name. `offset` is its offset now, in seconds east of
/// UTC, for the servers that do not know zones: [`read`] answers their refusal with the request they understand.
pub fn statuses(source: &str, zone: &str, offset: i32) -> Request {
    let ask = Ask::Statuses {
        zone: zone.into(),
        offset,
        old_server: false,
    };
    Request::get(source, ask, STATUSES, vec![("timezone", zone.into())])
}

/// Template insights of a slice, also in intervals if a grain is given.
pub fn insights(source: &str, slice: Slice, grain: Option<Grain>) -> Request {
    let mut query = span(&slice);
    if let Some(grain) = grain {
        query.push(("interval", grain.word().into()));
    }
    Request::get(source, Ask::Insights(slice, grain), "api/v2/insights/templates", query)
}

/// Time used by each person in a slice.
pub fn activity(source: &str, slice: Slice) -> Request {
    let query = span(&slice);
    Request::get(source, Ask::Activity(slice), "api/v2/insights/user-activity", query)
}

/// Latency of each person in a slice.
pub fn latency(source: &str, slice: Slice) -> Request {
    let query = span(&slice);
    Request::get(source, Ask::Latency(slice), "api/v2/insights/user-latency", query)
}

/// Accounts that are not deleted, at most [`PAGE`] of them, from the one at the place `from` on. Only administrators may
/// read them.
pub fn users(source: &str, from: u64) -> Request {
    let query = vec![("limit", PAGE.to_string()), ("offset", from.to_string())];
    Request::get(source, Ask::Users(from), "api/v2/users", query)
}

/// One account. `None` for what cannot be an id: it comes from the address of the page, and becomes part of a path.
pub fn user(source: &str, id: &str) -> Option<Request> {
    let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    is_id.then(|| Request::get(source, Ask::User(id.into()), format!("api/v2/users/{id}"), Vec::new()))
}

/// Accounts in one page of the list.
pub const PAGE: u64 = 1000;

/// Reads a reply of Coder. Total: any bytes give data or a reason.
pub fn read(request: &Request, reply: &Reply) -> Result<Answer, LoadError> {
    if wire::refusal::is_answer(reply) {
        return Ok(Answer::Data(decode::decode(&request.ask, &reply.body)?));
    }
    read_refusal(request, reply)
}

/// The same for what the first page asks.
pub fn read_first(request: &Request, reply: &Reply) -> Result<Answer, LoadError> {
    if wire::refusal::is_answer(reply) {
        let data = decode::decode_first(&request.ask, &reply.body).unwrap_or_else(|| Err(decode::stranger()))?;
        return Ok(Answer::Data(data));
    }
    read_refusal(request, reply)
}

fn read_refusal(request: &Request, reply: &Reply) -> Result<Answer, LoadError> {
    match &request.ask {
        Ask::Statuses {
            zone,
            offset,
            old_server: false,
        } if refusal::is_about_zone(reply) => {
            Ok(Answer::Instead(statuses_of_old_server(&request.source, zone, *offset)))
        }
        ask => Err(refusal::reason(ask, reply)),
    }
}

const STATUSES: &str = "api/v2/insights/user-status-counts";

fn statuses_of_old_server(source: &str, zone: &str, offset: i32) -> Request {
    let ask = Ask::Statuses {
        zone: zone.into(),
        offset,
        old_server: true,
    };
    Request::get(
        source,
        ask,
        STATUSES,
        vec![("tz_offset", time::whole_hours(offset).to_string())],
    )
}

/// The query of a slice. Early servers read only the first `template_ids`, so there is one list.
fn span(slice: &Slice) -> Vec<(&'static str, String)> {
    let mut query = vec![("start_time", rfc3339(&slice.start)), ("end_time", rfc3339(&slice.end))];
    if !slice.templates.is_empty() {
        query.push(("template_ids", slice.templates.join(",")));
    }
    query
}

impl Grain {
    /// Its word in the query.
    pub fn word(self) -> &'static str {
        match self {
            Grain::Day => "day",
            Grain::Week => "week",
        }
    }

    /// How long one bucket is.
    pub fn length(self) -> chrono::Duration {
        match self {
            Grain::Day => chrono::Duration::days(1),
            Grain::Week => chrono::Duration::days(7),
        }
    }
}
