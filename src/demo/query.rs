//! Reads query strings as strictly as the server does: a request that passes here passes there.

use super::chance::is_uuid;
use super::json::{List, fill, number, text};
use crate::remote::Reply;
use chrono::{DateTime, FixedOffset, Timelike, Utc};

/// Why a request is refused, in the server's words.
#[derive(Debug, Default)]
pub struct Refusal {
    status: u16,
    message: &'static str,
    detail: String,
    validations: Vec<(String, String)>,
}

impl Refusal {
    /// A refusal without further words.
    pub fn new(status: u16, message: &'static str) -> Refusal {
        Refusal {
            status,
            message,
            ..Refusal::default()
        }
    }

    /// A refusal whose words are made up on the spot.
    pub fn saying(status: u16, words: &str) -> Refusal {
        Refusal::new(status, "The request is refused.").because(words)
    }

    /// With a sentence about the whole request.
    pub fn because(self, detail: impl Into<String>) -> Refusal {
        Refusal {
            detail: detail.into(),
            ..self
        }
    }

    /// 400 for one field.
    pub fn field(field: &str, detail: impl Into<String>) -> Refusal {
        let validations = vec![(field.to_string(), detail.into())];
        Refusal {
            validations,
            ..Refusal::new(400, "Query parameter has invalid value.")
        }
    }

    /// As it goes over the wire.
    pub fn reply(self) -> Reply {
        let mut body = List::object();
        body.field("message", &text(self.message));
        if !self.detail.is_empty() {
            body.field("detail", &text(&self.detail));
        }
        let mut validations = List::array();
        for (field, detail) in &self.validations {
            validations.push(&fill(r#"{"field":~,"detail":~}"#, &[text(field), text(detail)]));
        }
        if !validations.is_empty() {
            body.field("validations", &validations.end());
        }
        json_reply(self.status, body.end())
    }
}

impl Refusal {
    /// As it goes over the wire of Coder v1.
    pub fn reply_v1(self) -> Reply {
        let details = self
            .validations
            .iter()
            .map(|(field, detail)| format!("{field}: {detail}"));
        let details = details.collect::<Vec<_>>().join("; ");
        let values = [text(self.message), number(self.status.into()), text(&details)];
        let body = fill(r#"{"error":{"msg":~,"code":~,"details":~}}"#, &values);
        json_reply(self.status, body)
    }
}

/// A JSON reply.
pub fn json_reply(status: u16, body: String) -> Reply {
    let mut body = body.into_bytes();
    // The server's encoder ends every document with a line break.
    body.push(b'\n');
    Reply {
        status,
        content_type: "application/json; charset=utf-8".into(),
        retry_after: None,
        body,
    }
}

/// The pairs of a query string, of which each must be asked for.
pub struct Params<'a> {
    pairs: &'a [(&'static str, String)],
    known: Vec<&'static str>,
    errors: Vec<(String, String)>,
}

impl<'a> Params<'a> {
    /// Nothing is known yet.
    pub fn new(pairs: &'a [(&'static str, String)]) -> Params<'a> {
        Params {
            pairs,
            known: Vec::new(),
            errors: Vec::new(),
        }
    }

    /// A key that may occur once; empty when it does not.
    pub fn single(&mut self, key: &'static str) -> &'a str {
        let values: Vec<&'a str> = self.all(key).collect();
        if values.len() > 1 {
            let count = values.len();
            self.error(
                key,
                format!("Query param \"{key}\" provided more than once, found {count} times. Only provide 1 instance of this query param."),
            );
        }
        values.first().copied().unwrap_or("")
    }

    /// A key that must have a value.
    pub fn required(&mut self, key: &'static str) -> &'a str {
        if self.all(key).all(str::is_empty) {
            self.error(key, format!("Query param \"{key}\" is required and cannot be empty"));
        }
        self.single(key)
    }

    /// A whole number; 0 when absent.
    pub fn integer(&mut self, key: &'static str) -> i64 {
        let value = self.single(key);
        if value.is_empty() {
            return 0;
        }
        value.parse().unwrap_or_else(|_| {
            self.error(
                key,
                format!("Query param \"{key}\" must be a valid integer: \"{value}\" is none"),
            );
            0
        })
    }

    /// A list: separated by commas, the key repeated, or both.
    pub fn list(&mut self, key: &'static str) -> Vec<&'a str> {
        self.all(key)
            .filter(|value| !value.is_empty())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect()
    }

    /// A list of UUIDs, in lower case.
    pub fn uuids(&mut self, key: &'static str) -> Vec<String> {
        let values = self.list(key);
        for value in values.iter().filter(|value| !is_uuid(value)) {
            self.error(
                key,
                format!("Query param \"{key}\" has invalid value \"{value}\": invalid UUID"),
            );
        }
        values.iter().map(|value| value.to_ascii_lowercase()).collect()
    }

    /// Refuses what went wrong so far, and keys that nobody asked for.
    pub fn finish(mut self) -> Result<(), Refusal> {
        for (key, _) in self.pairs {
            let told = self.errors.iter().any(|(field, _)| field == key);
            if !self.known.contains(key) && !told {
                self.error(key, format!("\"{key}\" is not a valid query param"));
            }
        }
        if self.errors.is_empty() {
            return Ok(());
        }
        let refusal = Refusal::new(400, "Query parameters have invalid values.");
        Err(Refusal {
            validations: self.errors,
            ..refusal
        })
    }

    fn all(&mut self, key: &'static str) -> impl Iterator<Item = &'a str> + use<'a> {
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        self.pairs
            .iter()
            .filter(move |(name, _)| *name == key)
            .map(|(_, value)| value.as_str())
    }

    fn error(&mut self, key: &str, detail: String) {
        self.errors.push((key.to_string(), detail));
    }
}

/// A span of time as asked for.
#[derive(Clone, Copy, Debug)]
pub struct Asked {
    /// Start, in the offset of the request.
    pub start: DateTime<FixedOffset>,
    /// End, excluded, in its own offset.
    pub end: DateTime<FixedOffset>,
}

/// The hour after the one that has begun, in UTC.
pub fn next_hour(now: DateTime<Utc>) -> DateTime<Utc> {
    let hour = now.timestamp().div_euclid(3600) + 1;
    DateTime::from_timestamp(hour * 3600, 0).unwrap_or(now)
}

/// Checks start and end; the first error counts.
pub fn asked(start: &str, end: &str, now: DateTime<Utc>) -> Result<Asked, Refusal> {
    let (start, end) = (time("start_time", start, now)?, time("end_time", end, now)?);
    if end < start {
        return Err(Refusal::field(
            "end_time",
            "Query param \"end_time\" must be after than \"start_time\"",
        ));
    }
    Ok(Asked { start, end })
}

fn time(key: &'static str, value: &str, now: DateTime<Utc>) -> Result<DateTime<FixedOffset>, Refusal> {
    let refuse = |reason: &str| Refusal::field(key, format!("Query param \"{key}\" {reason}"));
    let reason = "must be a valid date format (2006-01-02T15:04:05Z07:00)";
    // The parser at hand also takes a space or small letters.
    let strict = value.as_bytes().get(10) == Some(&b'T') && !value.contains('z');
    let time = DateTime::parse_from_rfc3339(value)
        .ok()
        .filter(|_| strict)
        .ok_or_else(|| refuse(reason))?;
    if time == DateTime::parse_from_rfc3339("0001-01-01T00:00:00Z").unwrap_or_default() {
        return Err(refuse("must not be zero"));
    }
    if time > next_hour(now) {
        return Err(refuse("must not be in the future"));
    }
    let today = now.with_timezone(time.offset()).date_naive();
    let whole_hour = time.minute() == 0 && time.second() == 0;
    if key == "end_time" && time.date_naive() == today {
        return if whole_hour {
            Ok(time)
        } else {
            Err(refuse(&format!("must have the clock set to {:02}:00:00", time.hour())))
        };
    }
    if whole_hour && time.hour() == 0 {
        Ok(time)
    } else {
        Err(refuse("must have the clock set to 00:00:00"))
    }
}
