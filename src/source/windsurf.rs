//! Windsurf (once Codeium): seats of a team, their days of use, their credits.
//!
//! API: <https://docs.windsurf.com/plugins/accounts/api-reference/user-page-analytics>. The answer is JSON as protocol
//! buffers write it: a field that is absent has its default, 64-bit numbers may be texts. It names a key of every
//! person, which has no place in the structs below and so exists nowhere after them. An error can come with status 200.

use super::{Answer, Ask, Reader, Request};
use crate::config::SourceConfig;
use crate::data::Data;
use crate::data::assistant::{Assistant, Seat, TeamStatus};
use crate::period::DateRange;
use crate::remote::{DecodeError, LoadError, Reply};
use crate::wire::cut::{Batch, Way};
use crate::wire::refusal::{self, Words, clean};
use crate::wire::{self, field};
use crate::zone::Zone;
use chrono::{DateTime, Datelike, FixedOffset, SecondsFormat, Utc};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// The seats of the team, or of a group in it. The days only decide over which ones active days are counted; the last instant is that of the
/// last day, as in the API's own example.
pub fn assistant(source: &SourceConfig, zone: &Zone, days: DateRange) -> Request {
    let instant = |at: DateTime<FixedOffset>| at.to_utc().to_rfc3339_opts(SecondsFormat::Secs, true);
    let last = zone.end_of(days.last) - chrono::Duration::seconds(1);
    let mut body = vec![
        ("start_timestamp", instant(zone.start_of(days.first))),
        ("end_timestamp", instant(last)),
    ];
    if !source.group.is_empty() {
        body.push(("group_name", source.group.clone()));
    }
    Request::post(&source.id, Ask::Assistant, "api/v1/UserPageAnalytics", body)
}

/// Seats, while the answer comes.
#[derive(Default)]
pub struct Rows(Vec<Seat>);

impl Reader for Rows {
    fn ways(&self) -> &'static [Way] {
        &[&["userTableStats"]]
    }

    fn take(&mut self, rows: Batch<'_>) -> Result<(), serde_json::Error> {
        let rows: Vec<Row> = serde_json::from_slice(rows.text)?;
        self.0.extend(rows.into_iter().map(seat));
        Ok(())
    }

    fn end(&mut self, _: &Request, reply: &Reply) -> Result<Answer, LoadError> {
        let mut assistant = read(reply)?;
        assistant.seats = std::mem::take(&mut self.0);
        // 0 is left out, unless the server knows no credits at all.
        if assistant.seats.iter().any(|seat| seat.credits.is_some()) {
            for seat in &mut assistant.seats {
                seat.credits.get_or_insert(0.0);
            }
        }
        Ok(Answer::Data(Data::Assistant(assistant)))
    }
}

fn read(reply: &Reply) -> Result<Assistant, LoadError> {
    if !refusal::is_answer(reply) {
        let words = Words::of(reply);
        return Err(match reply.status {
            400..=499 => meant(&words.long(reply.status)),
            _ => None,
        }
        .filter(|_| !matches!(reply.status, 401 | 403 | 429))
        .unwrap_or_else(|| refusal::reason(reply, &words)));
    }
    let wire: Analytics = wire::object(&reply.body)?;
    let error = clean(&wire.error);
    if error.is_empty() {
        Ok(wire.try_into()?)
    } else {
        Err(meant(&error).unwrap_or(LoadError::Refused(error)))
    }
}

/// What the words of an error mean; statuses say little here.
fn meant(words: &str) -> Option<LoadError> {
    let said = words.to_ascii_lowercase();
    let says = |known: &[&str]| known.iter().any(|word| said.contains(word));
    if says(&["rate limit", "too many requests"]) {
        Some(LoadError::Limited(None))
    } else if says(&["key", "credential"]) && says(&["invalid", "revoked", "expired", "not found", "missing"])
        || says(&["unauthenticated", "unauthorized"])
    {
        Some(LoadError::Unauthorized)
    } else if says(&["permission", "not allowed", "denied"]) {
        Some(LoadError::Forbidden(words.into()))
    } else if says(&["disabled", "not enabled", "switched off", "turned off"]) {
        Some(LoadError::Disabled(words.into()))
    } else {
        None
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Analytics {
    user_table_stats: Option<Vec<IgnoredAny>>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    billing_cycle_start: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    billing_cycle_end: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::text")]
    error: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    #[serde(default, deserialize_with = "field::text")]
    name: String,
    #[serde(default, deserialize_with = "field::text")]
    email: String,
    #[serde(default, deserialize_with = "field::text")]
    role: String,
    #[serde(default, deserialize_with = "field::text")]
    team_status: String,
    #[serde(default)]
    disable_codeium: Option<bool>,
    #[serde(default, deserialize_with = "field::written_count_if_any")]
    active_days: Option<u64>,
    #[serde(default, deserialize_with = "field::written_number_if_any")]
    prompt_credits_used: Option<f64>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    last_update_time: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    last_autocomplete_usage_time: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    last_chat_usage_time: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    last_command_usage_time: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    signup_time: Option<DateTime<FixedOffset>>,
}

impl TryFrom<Analytics> for Assistant {
    type Error = DecodeError;

    fn try_from(wire: Analytics) -> Result<Assistant, DecodeError> {
        let cycle = wire.billing_cycle_start.zip(wire.billing_cycle_end);
        // An empty list is left out, but an answer without anything is none.
        if wire.user_table_stats.is_none() && cycle.is_none() {
            return Err(DecodeError {
                path: "answer".into(),
                reason: "missing field `userTableStats`".into(),
            });
        }
        Ok(Assistant {
            seats: Vec::new(),
            cycle,
        })
    }
}

fn seat(row: Row) -> Seat {
    Seat {
        name: clean(&row.name),
        email: clean(&row.email),
        role: clean(&row.role),
        status: status(&row.team_status),
        is_off: row.disable_codeium == Some(true),
        active_days: row.active_days.unwrap_or(0),
        credits: row.prompt_credits_used,
        last_active: instant(row.last_update_time),
        last_autocomplete: instant(row.last_autocomplete_usage_time),
        last_chat: instant(row.last_chat_usage_time),
        last_command: instant(row.last_command_usage_time),
        signed_up: instant(row.signup_time),
    }
}

/// Go's zero time and the epoch mean never.
fn instant(time: Option<DateTime<FixedOffset>>) -> Option<DateTime<Utc>> {
    time.map(|time| time.to_utc())
        .filter(|time| time.year() > 1 && time.timestamp() != 0)
}

fn status(word: &str) -> TeamStatus {
    match word.strip_prefix("USER_TEAM_STATUS_").unwrap_or(word) {
        "APPROVED" => TeamStatus::Approved,
        "PENDING" => TeamStatus::Pending,
        "REJECTED" => TeamStatus::Rejected,
        "UNSPECIFIED" | "" => TeamStatus::Unspecified,
        other => TeamStatus::Other(clean(other)),
    }
}
