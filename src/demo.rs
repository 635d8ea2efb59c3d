//! A made-up Coder deployment that answers requests with the bytes a server would send.
//!
//! Demo data and real data share every line after the transport, and the demo refuses what a server refuses, so it
//! is a second check of our requests. It reads path and query only.
//!
//! Nothing is stored but the accounts. Who worked when is computed on demand from a hash of the account and the
//! absolute day: a calendar day shows the same figures whenever it is asked for, today as well as next year, and
//! the deployment grows with the calendar since its opening in June 2019. No chance, no clock: `now` comes from
//! the caller.

mod assistant;
mod calendar;
mod cast;
mod chance;
mod directory;
mod event;
mod insights;
mod json;
mod members;
mod parameters;
mod people;
mod query;
mod roster;
mod status;
mod usage;
mod v1;

use crate::remote::Reply;
use crate::source::Request;
use crate::zone::Zone;
use chrono::{DateTime, Utc};
pub use event::{Account, Event};
use people::Person;
use query::{Params, Refusal, json_reply};

/// The deployment at one moment.
pub struct Demo {
    now: DateTime<Utc>,
    zone: Zone,
    /// Everybody who ever joined, in the order of their ids.
    people: Vec<Person>,
}

impl Demo {
    /// The deployment as it is at `now`. Its server knows the given time zone and UTC.
    pub fn new(now: DateTime<Utc>, zone: &Zone) -> Demo {
        Demo {
            now,
            zone: zone.clone(),
            people: people::population(now.timestamp()),
        }
    }

    /// Answers a request as the server would.
    pub fn answer(&self, request: &Request) -> Reply {
        let params = Params::new(&request.query);
        let body = match request.path.as_ref() {
            "api/v2/buildinfo" => Ok(directory::build_info()),
            "api/v2/users/me" => Ok(directory::me(self)),
            "api/v2/users" => roster::users(self, params),
            "api/v2/organizations" => Ok(directory::organizations()),
            "api/v2/templates" => Ok(directory::templates(self)),
            "api/v2/entitlements" => Ok(directory::entitlements(self)),
            "api/v2/insights/daus" => insights::daus(self, params),
            "api/v2/insights/templates" => insights::templates(self, params),
            "api/v2/insights/user-activity" => insights::activity(self, params),
            "api/v2/insights/user-latency" => insights::latency(self, params),
            "api/v2/insights/user-status-counts" => status::status_counts(self, params),
            "api/v1/UserPageAnalytics" => assistant::analytics(self, request),
            path if path.ends_with("/user-metrics/refresh/") => Ok("{}".into()),
            path if path.ends_with("/user-metrics/export/") => return members::export(self),
            path if path.ends_with("/user-metrics/") => members::page(self, request),
            "api/v0/orgs" => Ok(v1::organizations()),
            "api/private/metrics/activity" => {
                let body = v1::activity(self, params);
                return body.map_or_else(Refusal::reply_v1, |body| json_reply(200, body));
            }
            path => match path.strip_prefix("api/v2/users/") {
                Some(id) => roster::user(self, id),
                None => Err(Refusal::new(404, "Route not found.")),
            },
        };
        body.map_or_else(Refusal::reply, |body| json_reply(200, body))
    }
}
