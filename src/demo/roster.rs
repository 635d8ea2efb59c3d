//! The accounts as the server lists them: everybody who is not deleted, by user name.

use super::Demo;
use super::calendar::{Calendar, OPENING};
use super::cast::ORGANIZATIONS;
use super::chance::uuid_text;
use super::directory::{id, organization_id, time};
use super::json::{List, fill, number, text};
use super::people::Person;
use super::query::{Params, Refusal};
use super::status::{STATUSES, Sightings};
use super::usage::Session;
use crate::order;

/// Go's zero time, which stands for never.
const NEVER: &str = r#""0001-01-01T00:00:00Z""#;

/// `GET /api/v2/users`
pub fn users(demo: &Demo, mut params: Params) -> Result<String, Refusal> {
    let (limit, offset) = (params.integer("limit"), params.integer("offset"));
    params.finish()?;
    let mut everybody: Vec<(String, &Person)> = present(demo).map(|person| (person.username(), person)).collect();
    order::sort_by(&mut everybody, |a, b| a.0.cmp(&b.0));
    let limit = usize::try_from(limit).ok().filter(|limit| *limit > 0);
    let page = everybody.iter().skip(usize::try_from(offset).unwrap_or(0));
    let calendar = calendar(demo);
    let mut rows = List::array();
    for (name, person) in page.take(limit.unwrap_or(usize::MAX)) {
        rows.push(&row(demo, person, name, &calendar));
    }
    let count = number(everybody.len() as u64);
    Ok(fill(r#"{"users":~,"count":~}"#, &[rows.end(), count]))
}

/// `GET /api/v2/users/{id}`, where the id may be a user name, too.
pub fn user(demo: &Demo, key: &str) -> Result<String, Refusal> {
    let found = present(demo).find(|person| uuid_text(person.id) == key || person.username() == key);
    let person =
        found.ok_or_else(|| Refusal::new(404, "Resource not found or you do not have access to this resource"))?;
    Ok(row(demo, person, &person.username(), &calendar(demo)))
}

fn present(demo: &Demo) -> impl Iterator<Item = &Person> {
    let now = demo.now.timestamp();
    let is_there = move |person: &&Person| person.course.deleted.is_none_or(|deleted| now < deleted);
    demo.people.iter().filter(is_there)
}

fn calendar(demo: &Demo) -> Calendar {
    Calendar::new(OPENING, demo.now.timestamp().div_euclid(86_400) + 2)
}

fn row(demo: &Demo, person: &Person, name: &str, calendar: &Calendar) -> String {
    let document = r#"{"id":~,"username":~,"name":~,"email":~,"avatar_url":"","created_at":~,"updated_at":~,"last_seen_at":~,"status":~,"login_type":"password","theme_preference":"","organization_ids":[~],"roles":[~]}"#;
    let now = demo.now.timestamp();
    let until = Sightings::new(person, now, now, calendar).until(now);
    let status = person.status(now, until);
    let status = STATUSES.iter().find(|(known, _)| Some(*known) == status);
    let created = time(person.course.created);
    // The caller, who is the owner, looks at this right now and belongs everywhere.
    let is_caller = person.serial == 0;
    let seen = if is_caller {
        Some(now)
    } else {
        last_seen(person, now, calendar)
    };
    let organizations: Vec<String> = (0..ORGANIZATIONS.len())
        .filter(|place| is_caller || *place == person.organization())
        .map(|place| id(organization_id(place)))
        .collect();
    let values = [
        id(person.id),
        text(name),
        text(&full_name(name)),
        text(&format!("{name}@example.com")),
        created.clone(),
        created,
        seen.map_or_else(|| NEVER.to_string(), time),
        text(status.map_or("", |(_, word)| word)),
        organizations.join(","),
        String::from(match (is_caller, person.serial % 41) {
            (true, _) => r#"{"name":"owner","display_name":"Owner"}"#,
            (_, 7) => r#"{"name":"template-admin","display_name":"Template Admin"}"#,
            (_, 23) => r#"{"name":"auditor","display_name":"Auditor"}"#,
            _ => "",
        }),
    ];
    fill(document, &values)
}

/// The begin of the last half hour of use that is over; without one, when the account was created: who signs in is
/// seen. `None` for whom nobody ever saw.
fn last_seen(person: &Person, now: i64, calendar: &Calendar) -> Option<i64> {
    if !person.course.signed_in {
        return None;
    }
    let today = (now.div_euclid(1800) + person.offset).div_euclid(48);
    let [early, late] = person.course.phases.map(|(from, to)| from..to.min(today + 1));
    let days = late.rev().chain(early.rev());
    let over = now.div_euclid(1800);
    let mut sessions = days.filter_map(|day| Session::of(person, day, calendar));
    let last = sessions.find(|session| session.first < over);
    let seen = last.map_or(0, |session| (session.end().min(over) - 1) * 1800);
    Some(seen.max(person.course.created))
}

/// A name to go with a user name: "Fern 07".
fn full_name(name: &str) -> String {
    let mut full = name.replace('-', " ");
    if let Some(first) = full.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    full
}
