//! Accounts on the wire, and what they mean: a page of the list, or one account.
//!
//! <https://coder.com/docs/reference/api/users>. The list has no deleted accounts. Organizations and roles are few and
//! occur in every row: each is kept once per page.

use super::deployment;
use crate::data::{User, Users};
use crate::wire::{field, refusal};
use chrono::{DateTime, Datelike, FixedOffset, Utc};
use serde::Deserialize;

/// `GET /api/v2/users`
#[derive(Deserialize)]
pub struct Page {
    #[serde(default, deserialize_with = "field::count_if_any")]
    count: Option<u64>,
    #[serde(deserialize_with = "field::list")]
    users: Vec<Account>,
}

/// `GET /api/v2/users/{id}`
#[derive(Deserialize)]
pub struct Account {
    id: String,
    username: String,
    #[serde(default, deserialize_with = "field::text")]
    name: String,
    #[serde(default, deserialize_with = "field::text")]
    email: String,
    #[serde(default, deserialize_with = "field::text")]
    status: String,
    #[serde(default, deserialize_with = "field::time_if_any")]
    created_at: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    last_seen_at: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::list")]
    organization_ids: Vec<String>,
    #[serde(default, deserialize_with = "field::list")]
    roles: Vec<Role>,
}

/// A role, of the site or of an organization.
#[derive(Deserialize)]
struct Role {
    name: String,
    #[serde(default, deserialize_with = "field::text")]
    display_name: String,
    #[serde(default, deserialize_with = "field::text")]
    organization_id: String,
}

impl From<Page> for Users {
    fn from(wire: Page) -> Self {
        let rows = wire.users.len() as u64;
        let mut page = Users {
            // Servers that do not count have one page.
            count: wire.count.unwrap_or(rows),
            users: Vec::with_capacity(wire.users.len()),
            ..Users::default()
        };
        for account in wire.users {
            add(&mut page, account);
        }
        page
    }
}

impl From<Account> for Users {
    fn from(wire: Account) -> Self {
        Page {
            count: None,
            users: vec![wire],
        }
        .into()
    }
}

fn add(page: &mut Users, wire: Account) {
    let organizations = wire.organization_ids.into_iter();
    let organizations = organizations
        .map(|id| field::place(&mut page.organization_ids, id))
        .collect();
    let roles = wire.roles.into_iter();
    let roles = roles.filter(|role| deployment::is_site_wide(&role.organization_id));
    let roles = roles.map(|role| refusal::clean(&deployment::shown(role.display_name, role.name)));
    let roles = roles.map(|role| field::place(&mut page.roles, role)).collect();
    page.users.push(User {
        username: deployment::called(wire.username, &wire.id),
        id: wire.id.into(),
        name: wire.name,
        email: wire.email,
        status: deployment::status(&wire.status),
        created: instant(wire.created_at),
        last_seen: instant(wire.last_seen_at),
        organizations,
        roles,
    });
}

/// Go's zero time, in the year 1, means never.
fn instant(time: Option<DateTime<FixedOffset>>) -> Option<DateTime<Utc>> {
    time.map(|time| time.to_utc()).filter(|time| time.year() > 1)
}
