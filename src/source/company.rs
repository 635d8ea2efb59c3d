//! The company's user-metrics API: members page by page.
//!
//! Paths end in a slash, a page has at most 100 rows, and 100 requests a minute are allowed to the whole company. `next`
//! is an address of the server's own making that has lost part of the query: only whether it is there is read, and
//! the next page is asked for below the configured base.

use super::{Answer, Ask, Request};
use crate::config::SourceConfig;
use crate::data::members::{Member, MemberStatus, Members, Summary};
use crate::data::{Data, Last};
use crate::period::DateRange;
use crate::remote::{LoadError, Reply};
use crate::wire::refusal::{self, Words, clean};
use crate::wire::{self, field};
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde::de::{Deserializer, Error, IgnoredAny, Unexpected};
use serde_json::Value;
use std::collections::BTreeMap;

/// Members on a page: as many as the server allows.
const PAGE_SIZE: u32 = 100;

/// Statuses that the server can be asked for; the first stands for all.
pub const STATUSES: [&str; 4] = ["", "active", "inactive", "pending"];

/// Orders that the server knows.
pub const ORDERS: [&str; 4] = ["-last_active", "last_active", "-total_sessions", "total_sessions"];

/// A page of all members, counted from 1, most recently active first. The days are those whose metrics are asked for.
pub fn members(source: &SourceConfig, days: DateRange, page: u32) -> Request {
    some_members(source, days, page, "", "-last_active")
}

/// A page of the members of a status in an order.
pub fn some_members(source: &SourceConfig, days: DateRange, page: u32, status: &str, order: &str) -> Request {
    let mut query = vec![
        ("date_from", days.first.to_string()),
        ("date_to", days.last.to_string()),
        ("page", page.to_string()),
        ("page_size", PAGE_SIZE.to_string()),
        ("ordering", order.into()),
    ];
    if !status.is_empty() {
        query.push(("status", status.into()));
    }
    Request::get(&source.id, Ask::Members(page), path(source, ""), query)
}

/// The company's own figures of all members.
pub fn summary(source: &SourceConfig) -> Request {
    Request::get(&source.id, Ask::Summary, path(source, "summary/"), Vec::new())
}

/// The members as a file of the company's own making.
pub fn export(source: &SourceConfig) -> Request {
    Request::get(&source.id, Ask::Deed, path(source, "export/"), Vec::new())
}

/// Makes the company compute its figures anew.
pub fn refresh(source: &SourceConfig) -> Request {
    Request::post(&source.id, Ask::Deed, path(source, "refresh/"), Vec::new())
}

fn path(source: &SourceConfig, rest: &str) -> String {
    format!("api/v2/companies/{}/user-metrics/{rest}", source.company_id)
}

/// Reads a reply of the company's API. Total: any bytes give data or a reason.
pub fn read(request: &Request, reply: &Reply) -> Result<Answer, LoadError> {
    if refusal::is_answer(reply) {
        if request.ask == Ask::Summary {
            let figures: BTreeMap<String, Value> = wire::object(&reply.body)?;
            return Ok(Answer::Data(Data::Summary(summary_of(&figures))));
        }
        let page: Page = wire::object(&reply.body)?;
        return Ok(Answer::Data(Data::Members(page.into())));
    }
    let words = Words::of(reply);
    Err(if words.code == "company_not_found" {
        LoadError::NotFound(words.short(reply.status))
    } else {
        refusal::reason(reply, &words)
    })
}

/// Its shape is not described anywhere, so every number is taken by its name.
fn summary_of(figures: &BTreeMap<String, Value>) -> Summary {
    let figure = |(name, value): (&String, &Value)| Some((clean(&name.replace('_', " ")), value.as_f64()?));
    Summary {
        figures: figures.iter().filter_map(figure).collect(),
    }
}

#[derive(Deserialize)]
struct Page {
    #[serde(deserialize_with = "field::count")]
    count: u64,
    #[serde(default)]
    next: Option<IgnoredAny>,
    results: Vec<Row>,
}

#[derive(Deserialize)]
struct Row {
    user_id: String,
    #[serde(default, deserialize_with = "field::text")]
    email: String,
    #[serde(default, deserialize_with = "field::text")]
    first_name: String,
    #[serde(default, deserialize_with = "field::text")]
    last_name: String,
    #[serde(default, deserialize_with = "field::text")]
    status: String,
    #[serde(default, deserialize_with = "field::text")]
    role: String,
    #[serde(default, deserialize_with = "field::text")]
    department: String,
    #[serde(default, deserialize_with = "field::count_if_any")]
    total_sessions: Option<u64>,
    #[serde(default, deserialize_with = "field::count_if_any")]
    sessions_this_month: Option<u64>,
    #[serde(default, deserialize_with = "length")]
    avg_session_duration: Option<u64>,
    #[serde(default, deserialize_with = "last")]
    last_active: Last,
    #[serde(default, deserialize_with = "last")]
    last_login: Last,
    #[serde(default, deserialize_with = "field::time_if_any")]
    created_at: Option<DateTime<FixedOffset>>,
}

impl From<Page> for Members {
    fn from(wire: Page) -> Members {
        Members {
            count: wire.count,
            has_next: wire.next.is_some(),
            rows: wire.results.into_iter().map(member).collect(),
        }
    }
}

fn member(row: Row) -> Member {
    Member {
        id: row.user_id,
        email: clean(&row.email),
        name: clean(&format!("{} {}", row.first_name, row.last_name)),
        status: match row.status.as_str() {
            "active" => MemberStatus::Active,
            "inactive" => MemberStatus::Inactive,
            "pending" => MemberStatus::Pending,
            other => MemberStatus::Other(clean(other)),
        },
        role: clean(&row.role),
        department: Some(clean(&row.department)).filter(|name| !name.is_empty()),
        sessions: row.total_sessions,
        sessions_this_month: row.sessions_this_month,
        average: row.avg_session_duration,
        last_active: row.last_active,
        last_login: row.last_login,
        created: row.created_at.map(|time| time.to_utc()),
    }
}

/// When something was last done: what is `null` never was, and of what is left out nothing is told.
fn last<'de, D: Deserializer<'de>>(from: D) -> Result<Last, D::Error> {
    let time = field::time_if_any(from)?;
    Ok(time.map_or(Last::Never, |time| Last::At(time.to_utc())))
}

/// A length of time as Django writes it: `00:23:15`, from a day on `1 02:03:04`, with or without fractions. In seconds.
fn length<'de, D: Deserializer<'de>>(from: D) -> Result<Option<u64>, D::Error> {
    let Some(text) = Option::<String>::deserialize(from)?.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let (days, clock) = text.split_once(' ').unwrap_or(("0", &text));
    let clock = clock.split_once('.').map_or(clock, |(clock, _)| clock);
    let number = |text: &str| text.parse().ok().filter(|number| *number < 1_000_000_u64);
    let seconds = || match clock.split(':').map(number).collect::<Option<Vec<u64>>>()?.as_slice() {
        [hours, minutes, seconds] if *minutes < 60 && *seconds < 60 => {
            Some(number(days)? * 86_400 + hours * 3600 + minutes * 60 + seconds)
        }
        _ => None,
    };
    let wrong = || D::Error::invalid_value(Unexpected::Str(&text), &"a length of time such as 00:23:15");
    seconds().map(Some).ok_or_else(wrong)
}
