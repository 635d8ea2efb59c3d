//! The deployment on the wire, and what it means: version, caller, organizations, templates, licence, and the two
//! insights that are about the deployment as a whole.

use crate::data::{self, BuildInfo, DayRule, Status};
use crate::order;
use crate::wire::{field, refusal};
use crate::zone::Day;
use chrono::{DateTime, Datelike, FixedOffset, Utc};
use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected};
use std::collections::BTreeMap;

/// `GET /api/v2/buildinfo`
#[derive(Deserialize)]
pub struct Build {
    version: String,
    #[serde(default, deserialize_with = "field::text")]
    deployment_id: String,
}

impl From<Build> for BuildInfo {
    fn from(wire: Build) -> Self {
        Self {
            version: wire.version,
            deployment_id: wire.deployment_id,
        }
    }
}

/// `GET /api/v2/users/me`
#[derive(Deserialize)]
pub struct Me {
    id: String,
    username: String,
    #[serde(default, deserialize_with = "field::list")]
    roles: Vec<Role>,
    #[serde(default, deserialize_with = "field::list")]
    organization_ids: Vec<String>,
}

/// A role, of the site or of an organization.
#[derive(Deserialize)]
pub struct Role {
    name: String,
    #[serde(default, deserialize_with = "field::text")]
    display_name: String,
    #[serde(default, deserialize_with = "field::text")]
    organization_id: String,
}

impl Role {
    /// Go writes an organization that is none as empty, as zeros, or not at all.
    pub fn is_site_wide(&self) -> bool {
        self.organization_id.bytes().all(|byte| matches!(byte, b'0' | b'-'))
    }

    /// Its display name, or the name where it has none.
    pub fn shown(self) -> String {
        shown(self.display_name, self.name)
    }
}

impl From<Me> for data::Me {
    fn from(wire: Me) -> Self {
        let roles = wire
            .roles
            .into_iter()
            .filter(Role::is_site_wide)
            .map(|role| role.name)
            .collect();
        Self {
            id: wire.id,
            username: wire.username,
            roles,
            organization_ids: wire.organization_ids,
        }
    }
}

/// `GET /api/v2/organizations`
#[derive(Deserialize)]
pub struct Organization {
    id: String,
    #[serde(default, deserialize_with = "field::text")]
    name: String,
    #[serde(default, deserialize_with = "field::text")]
    display_name: String,
}

impl From<Organization> for data::Organization {
    fn from(wire: Organization) -> Self {
        Self {
            id: wire.id,
            name: shown(wire.display_name, wire.name),
        }
    }
}

/// `GET /api/v2/templates`
#[derive(Deserialize)]
pub struct Template {
    id: String,
    #[serde(default, deserialize_with = "field::text")]
    name: String,
    #[serde(default, deserialize_with = "field::text")]
    display_name: String,
    #[serde(default, deserialize_with = "field::text")]
    organization_id: String,
}

impl From<Template> for data::Template {
    fn from(wire: Template) -> Self {
        Self {
            id: wire.id,
            name: shown(wire.display_name, wire.name),
            organization_id: wire.organization_id,
        }
    }
}

fn shown(display_name: String, name: String) -> String {
    if display_name.trim().is_empty() {
        name
    } else {
        display_name
    }
}

/// `GET /api/v2/entitlements`
#[derive(Deserialize)]
pub struct Entitlements {
    has_license: Option<bool>,
    #[serde(default)]
    features: Option<Features>,
    #[serde(default, deserialize_with = "field::list")]
    warnings: Vec<String>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    refreshed_at: Option<DateTime<FixedOffset>>,
}

#[derive(Deserialize)]
struct Features {
    #[serde(default)]
    user_limit: Option<Feature>,
}

#[derive(Deserialize)]
struct Feature {
    #[serde(default, deserialize_with = "field::count_if_any")]
    limit: Option<u64>,
    #[serde(default, deserialize_with = "field::count_if_any")]
    actual: Option<u64>,
}

impl From<Entitlements> for data::Entitlements {
    fn from(wire: Entitlements) -> Self {
        let seats = wire.features.and_then(|features| features.user_limit);
        let (seats_used, seat_limit) = seats.map_or((None, None), |seats| (seats.actual, seats.limit));
        Self {
            // Nobody sells a limit without a licence.
            has_license: wire.has_license.unwrap_or(seat_limit.is_some()),
            seats_used,
            seat_limit,
            // Go's zero time, in the year 1, means never.
            refreshed_at: wire
                .refreshed_at
                .map(|time| time.to_utc())
                .filter(|time| time.year() > 1),
            warnings: wire.warnings.iter().map(|warning| refusal::clean(warning)).collect(),
        }
    }
}

/// `GET /api/v2/insights/daus`
#[derive(Deserialize)]
pub struct Daus {
    #[serde(deserialize_with = "field::list")]
    entries: Vec<Dau>,
}

#[derive(Deserialize)]
struct Dau {
    #[serde(deserialize_with = "date")]
    date: Day,
    #[serde(deserialize_with = "field::count")]
    amount: u64,
}

/// The calendar date of the text itself: `2026-11-13`, or the timestamp of servers before February 2024. Turning it
/// into an instant and back would move it by a day in half of the world.
fn date<'de, D: Deserializer<'de>>(from: D) -> Result<Day, D::Error> {
    let text = String::deserialize(from)?;
    let is_date = |date: &str| {
        let mut bytes = date.bytes().enumerate();
        bytes.all(|(index, byte)| {
            if matches!(index, 4 | 7) {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        })
    };
    let (date, rest) = text.split_at_checked(10).unwrap_or(("", ""));
    let day = if is_date(date) && (rest.is_empty() || rest.starts_with(['T', 't', ' '])) {
        date.parse().ok()
    } else {
        None
    };
    day.ok_or_else(|| D::Error::invalid_value(Unexpected::Str(&text), &"a date such as 2026-11-13"))
}

impl From<Daus> for data::Daus {
    fn from(wire: Daus) -> Self {
        let mut days = BTreeMap::new();
        for Dau { date, amount } in wire.entries {
            // A day given twice: people cannot be added up, and there were at least as many as the larger figure.
            days.entry(date)
                .and_modify(|kept: &mut u64| *kept = amount.max(*kept))
                .or_insert(amount);
        }
        Self {
            days: days.into_iter().collect(),
        }
    }
}

/// `GET /api/v2/insights/user-status-counts`
#[derive(Deserialize)]
pub struct Statuses {
    // Naming a reader makes a missing key an error: `{}` is no answer.
    #[serde(deserialize_with = "Option::deserialize")]
    status_counts: Option<BTreeMap<String, Option<Vec<Point>>>>,
}

#[derive(Deserialize)]
struct Point {
    #[serde(deserialize_with = "field::time")]
    date: DateTime<FixedOffset>,
    #[serde(deserialize_with = "field::count")]
    count: u64,
}

impl Statuses {
    /// Sorts the points: the first servers to answer this sent them in no order. Of two at the same instant the one
    /// that came later holds.
    pub fn into_data(self, rule: DayRule) -> data::Statuses {
        let mut points = Vec::new();
        let mut unknown = Vec::new();
        for (key, list) in self.status_counts.unwrap_or_default() {
            let list = list.unwrap_or_default();
            // One by one: a map that collects compiles a sort of its own.
            let mut series = BTreeMap::<DateTime<Utc>, u64>::new();
            for point in list {
                series.insert(point.date.to_utc(), point.count);
            }
            match status(&key) {
                Some(status) if !series.is_empty() => points.push((status, series.into_iter().collect())),
                Some(_) => {}
                None => unknown.push(refusal::clean(&key)),
            }
        }
        order::sort_by(&mut points, |a, b| a.0.cmp(&b.0));
        data::Statuses { points, unknown, rule }
    }
}

/// The status that a word of the server means; `None` for words this version does not know.
pub fn status(key: &str) -> Option<Status> {
    match key {
        "active" => Some(Status::Active),
        "dormant" => Some(Status::Dormant),
        "suspended" => Some(Status::Suspended),
        _ => None,
    }
}
