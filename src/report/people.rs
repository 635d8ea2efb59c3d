//! People: everybody on the roster with what the range tells of them, zero use included, and who was in use without
//! being on it.

use super::Report;
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::data::{Data, PersonLatency, PersonSeconds, Status, User, Users};
use crate::format;
use crate::panel::PanelModel;
use crate::query::View;
use crate::remote::State;
use crate::roster::{self, Names, Part, Roster};
use crate::rows::{Choices, Key, List, Rows};
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column};
use crate::words::{self, Help, Message, action_note};
use chrono::{DateTime, Utc};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// The panel.
pub const REPORT: Report = Report {
    id: "people",
    title: "People",
    view: View::People,
    kinds: &[SourceKind::Coder],
    requests,
    further,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    if !scope.shows_people() {
        return Vec::new();
    }
    let mut requests: Vec<Request> = roster::first_page(scope).into_iter().collect();
    requests.extend(super::slice_request(scope, coder::activity));
    requests.extend(super::slice_request(scope, coder::latency));
    requests
}

fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    if scope.shows_people() {
        roster::further(scope, answers)
    } else {
        Vec::new()
    }
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Everybody with an account as of now, and what they used in the range".into();
    if panel.stops_at_privacy(scope) || panel.stops_early(scope) {
        return;
    }
    let roster = Roster::read(scope, answers);
    let time = Part::read(scope, answers, coder::activity);
    let latency = Part::read(scope, answers, coder::latency);
    if roster.is_waiting || matches!(time, Part::Waiting) || matches!(latency, Part::Waiting) {
        panel.message = roster.count.filter(|count| *count > coder::PAGE).map(|count| Message {
            title: "Loading people".into(),
            detail: format!("{} loaded", of(scope, roster.loaded, count)),
            help: Help::None,
        });
        return;
    }
    if let (None, Some(error)) = (time.data(), roster.error.as_ref().filter(|_| roster.pages.is_empty())) {
        return panel.fail(error);
    }
    panel.state = State::Ready;
    if let Some(range) = scope.range {
        let span = time.data().and_then(|data| match &**data {
            Data::Activity(activity) => activity.span,
            _ => None,
        });
        panel.says_days(scope, range, span);
    }
    panel.notes.extend(action_note(scope));
    tell_what_is_missing(scope, panel, &roster, &time, &latency);
    let is_whole = roster.is_whole();
    let people = People::new(scope, answers, roster, time, latency);
    let strangers = people.rows.iter().filter(|row| row.user == NONE).count();
    if strangers > 0 && is_whole {
        let (who, have) = if strangers == 1 {
            ("person", "has")
        } else {
            ("people", "have")
        };
        panel.notes.push(format!(
            "{} {who} with use in the range {have} no account any more",
            format::count(&scope.locale, strangers as u64)
        ));
    }
    if people.rows.is_empty() {
        return panel.stop(
            State::Empty,
            "Nobody here",
            "The server names no accounts and no use.",
            Help::None,
        );
    }
    panel.headline = Some(people.headline());
    panel.list = Some(Arc::new(List::new(people)));
}

fn of(scope: &Scope, loaded: u64, count: u64) -> String {
    let number = |count| format::count(&scope.locale, count);
    format!("{} of {}", number(loaded), number(count))
}

fn tell_what_is_missing(scope: &Scope, panel: &mut PanelModel, roster: &Roster, time: &Part, latency: &Part) {
    if let Some(error) = &roster.error {
        panel.state = State::Partial;
        let why = match roster.count {
            Some(count) => format!("{} people loaded", of(scope, roster.loaded, count)),
            None => "Only people with use in the range are listed: the server does not give the roster".into(),
        };
        panel.notes.insert(0, why);
        panel.message = Some(words::message(error));
    } else if !roster.is_whole() {
        panel.state = State::Partial;
        let count = roster.count.unwrap_or_default();
        panel.notes.insert(
            0,
            format!("The server gave {} accounts", of(scope, roster.loaded, count)),
        );
    }
    for (what, part) in [("time", time), ("latency", latency)] {
        if let Part::Missing(why, error) = part {
            panel.notes.push(format!("Without {what}: {why}"));
            panel.state = State::Partial;
            if let (None, Some(error)) = (&panel.message, error) {
                panel.message = Some(words::message(error));
            }
        }
    }
}

/// Stands for no place.
const NONE: u32 = u32::MAX;

/// Where a person occurs in the answers.
#[derive(Clone, Copy)]
struct Row {
    /// Page of the roster.
    page: u32,
    /// Account in it; [`NONE`] for somebody who is not on the roster.
    user: u32,
    /// Place among the people with time.
    used: u32,
    /// Place among the people with latency.
    late: u32,
}

/// The rows of the table, in the order of the roster. They hold the answers, and copy nothing out of them.
struct People {
    scope: Scope,
    columns: Vec<Column>,
    /// Who was last seen before these instants is idle for 7, 30 and 90 days.
    idle_before: [DateTime<Utc>; 3],
    pages: Vec<Arc<Data>>,
    time: Part,
    latency: Part,
    organizations: Names,
    templates: Names,
    is_whole: bool,
    rows: Vec<Row>,
}

impl People {
    fn new(scope: &Scope, answers: &Answers, roster: Roster, time: Part, latency: Part) -> People {
        let is_whole = roster.is_whole();
        let rows = join(scope, &roster.pages, &time, &latency);
        People {
            scope: scope.clone(),
            columns: columns(),
            idle_before: [7, 30, 90].map(|days| roster::idle_before(scope, days)),
            pages: roster.pages,
            time,
            latency,
            organizations: roster::organizations(scope, answers),
            templates: roster::templates(scope, answers),
            is_whole,
            rows,
        }
    }

    /// "412 people · 37 idle ≥ 30 days · 12 never seen"
    fn headline(&self) -> String {
        let (mut idle, mut never) = (0_u64, 0_u64);
        for row in 0..self.rows.len() {
            idle += u64::from(self.is_idle(row, 1));
            never += u64::from(self.is_never(row));
        }
        let count = |count: u64| format::count(&self.scope.locale, count);
        let all = self.rows.len() as u64;
        let people = if all == 1 { "person" } else { "people" };
        let mut parts = vec![format!("{} {people}", count(all))];
        if !self.pages.is_empty() {
            parts.push(format!("{} idle ≥ 30 days", count(idle)));
            parts.push(format!("{} never seen", count(never)));
        }
        parts.join(" · ")
    }

    fn user(&self, row: usize) -> Option<(&Users, &User)> {
        let row = self.rows.get(row)?;
        let page = self.pages.get(row.page as usize).and_then(|page| roster::users(page))?;
        Some((page, page.users.get(row.user as usize)?))
    }

    fn used(&self, row: usize) -> Option<(&[String], &PersonSeconds)> {
        let (people, templates) = roster::seconds(self.time.data()?);
        Some((templates, people.get(self.rows.get(row)?.used as usize)?))
    }

    fn latency(&self, row: usize) -> Option<&PersonLatency> {
        roster::latencies(self.latency.data()?).get(self.rows.get(row)?.late as usize)
    }

    fn username(&self, row: usize) -> &str {
        let user = self.user(row).map(|(_, user)| user.username.as_str());
        let used = || self.used(row).map(|(_, used)| used.username.as_str());
        let late = || self.latency(row).map(|late| late.username.as_str());
        user.or_else(used).or_else(late).unwrap_or_default()
    }

    /// Idle for at least so many days, by the place in `idle_before`. Who was never seen is not idle.
    fn is_idle(&self, row: usize, place: usize) -> bool {
        let seen = self.user(row).and_then(|(_, user)| user.last_seen);
        seen.zip(self.idle_before.get(place))
            .is_some_and(|(seen, before)| seen < *before)
    }

    fn is_never(&self, row: usize) -> bool {
        self.user(row).is_some_and(|(_, user)| user.last_seen.is_none())
    }

    /// Seconds in the range. Who is not named in the answer has none: it names everybody with use.
    fn seconds(&self, row: usize) -> Option<u64> {
        self.time.data()?;
        Some(self.used(row).map_or(0, |(_, used)| used.seconds))
    }

    fn milliseconds(&self, row: usize, pick: fn(&PersonLatency) -> Option<f64>) -> Cell {
        match (self.latency.data(), self.latency(row)) {
            (None, _) => Cell::Missing(self.latency.why().into()),
            (_, None) => Cell::Missing("no use in the range".into()),
            (_, Some(person)) => pick(person).map_or_else(
                || Cell::Missing("no sample".into()),
                |value| Cell::Number {
                    value,
                    shown: format::milliseconds(&self.scope.locale, value),
                },
            ),
        }
    }

    fn stranger(&self) -> Cell {
        let why = if self.is_whole {
            "no account any more"
        } else {
            "not on the part of the roster that is loaded"
        };
        Cell::Missing(why.into())
    }

    /// A cell of somebody on the roster.
    fn of_user(&self, row: usize, cell: impl Fn(&Users, &User) -> Cell) -> Cell {
        self.user(row)
            .map_or_else(|| self.stranger(), |(page, user)| cell(page, user))
    }
}

/// Joins the answers by the ids of people.
fn join(scope: &Scope, pages: &[Arc<Data>], time: &Part, latency: &Part) -> Vec<Row> {
    let pages: Vec<&Users> = pages.iter().filter_map(|page| roster::users(page)).collect();
    let seconds = time.data().map_or(&[][..], |data| roster::seconds(data).0);
    let latencies = latency.data().map_or(&[][..], |data| roster::latencies(data));
    let on_roster: usize = pages.iter().map(|page| page.users.len()).sum();
    let mut rows: Vec<Row> = Vec::with_capacity(on_roster);
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(on_roster);
    for (page, users) in pages.iter().enumerate() {
        for (place, user) in users.users.iter().enumerate() {
            // Somebody may be on two pages when an account came or went between them.
            places.entry(&user.id).or_insert_with(|| {
                rows.push(Row {
                    page: page as u32,
                    user: place as u32,
                    ..NOWHERE
                });
                rows.len() - 1
            });
        }
    }
    let ids = seconds.iter().map(|person| person.user_id.as_str());
    let late = latencies.iter().map(|person| person.user_id.as_str());
    let places_in_answers = ids.enumerate().map(|(place, id)| (id, place, true));
    for (id, place, is_time) in places_in_answers.chain(late.enumerate().map(|(place, id)| (id, place, false))) {
        let at = *places.entry(id).or_insert_with(|| {
            rows.push(NOWHERE);
            rows.len() - 1
        });
        if let Some(row) = rows.get_mut(at) {
            *(if is_time { &mut row.used } else { &mut row.late }) = place as u32;
        }
    }
    // An organization is its members, and who used its templates.
    if let Some(org) = &scope.org {
        let places: Vec<Option<u16>> = pages
            .iter()
            .map(|page| {
                page.organization_ids
                    .iter()
                    .position(|id| id == org)
                    .map(|place| place as u16)
            })
            .collect();
        let is_member = |row: &Row| {
            let user = pages
                .get(row.page as usize)
                .and_then(|page| page.users.get(row.user as usize));
            let place = places.get(row.page as usize).copied().flatten();
            user.zip(place)
                .is_some_and(|(user, place)| user.organizations.contains(&place))
        };
        rows.retain(|row| row.used != NONE || is_member(row));
    }
    rows
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("name", "Name"),
        Column::text("username", "Username"),
        Column::text("status", "Status"),
        Column::text("last_seen", "Last seen"),
        Column::number("idle_days", "Idle days"),
        Column::number("seconds", "Time in range"),
        Column::number("p50_ms", "Latency p50"),
        Column::number("p95_ms", "Latency p95"),
        Column::text("templates", "Templates used"),
        Column::text("organizations", "Organizations"),
        Column::text("roles", "Roles"),
        Column::text("email", "E-mail"),
    ]
}

impl Rows for People {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        let locale = &self.scope.locale;
        let count = |value: u64, shown: String| Cell::Number {
            value: value as f64,
            shown,
        };
        match self.columns.get(column).map_or("", |column| column.id) {
            "name" => Cell::Text(self.name(row).into()),
            "username" => Cell::Text(self.username(row).into()),
            "email" => self.of_user(row, |_, user| or_missing(&user.email, "no e-mail")),
            "status" => self.of_user(row, |_, user| Cell::Text(roster::status(user.status).into())),
            "last_seen" => self.of_user(row, |_, user| match user.last_seen {
                None => Cell::Text("never".into()),
                Some(seen) => {
                    let day = self.scope.zone.day_of(seen);
                    Cell::Day {
                        day,
                        shown: format::full_day(locale, day),
                    }
                }
            }),
            "idle_days" => self.of_user(row, |_, user| match user.last_seen {
                None => Cell::Missing("never seen".into()),
                Some(seen) => {
                    let days = roster::idle_days(&self.scope, seen).unsigned_abs();
                    count(days, format::count(locale, days))
                }
            }),
            "seconds" => self.seconds(row).map_or_else(
                || Cell::Missing(self.time.why().into()),
                |seconds| count(seconds, format::duration(locale, seconds as f64)),
            ),
            "p50_ms" => self.milliseconds(row, |person| person.p50),
            "p95_ms" => self.milliseconds(row, |person| person.p95),
            "templates" => match self.time.data() {
                None => Cell::Missing(self.time.why().into()),
                Some(_) => or_missing(&self.templates(row), "none used"),
            },
            "organizations" => self.of_user(row, |page, user| or_missing(&self.organizations(page, user), "none")),
            _ => self.of_user(row, |page, user| {
                or_missing(&roles(page, user), "no role beside member")
            }),
        }
    }

    fn key(&self, row: usize, column: usize) -> Key<'_> {
        let number = |value: Option<f64>| value.map_or(Key::Missing, Key::Number);
        let seen = || self.user(row).and_then(|(_, user)| user.last_seen);
        let text = |text: Cow<'_, str>| {
            if text.is_empty() {
                Key::Missing
            } else {
                Key::Text(text.into_owned().into())
            }
        };
        match self.columns.get(column).map_or("", |column| column.id) {
            "name" => Key::Text(Cow::Borrowed(self.name(row))),
            "username" => Key::Text(Cow::Borrowed(self.username(row))),
            "last_seen" => number(seen().map(|seen| seen.timestamp() as f64)),
            // Who was seen last is idle for the shortest time.
            "idle_days" => number(seen().map(|seen| -(seen.timestamp() as f64))),
            "seconds" => number(self.seconds(row).map(|seconds| seconds as f64)),
            "p50_ms" => number(self.latency(row).and_then(|person| person.p50)),
            "p95_ms" => number(self.latency(row).and_then(|person| person.p95)),
            "templates" => text(self.templates(row).into()),
            id => self.user(row).map_or(Key::Missing, |(page, user)| match id {
                "email" => text(Cow::Borrowed(&user.email)),
                "status" => Key::Text(Cow::Borrowed(roster::status(user.status))),
                "organizations" => text(self.organizations(page, user).into()),
                _ => text(roles(page, user).into()),
            }),
        }
    }

    fn words(&self, row: usize, add: &mut dyn FnMut(&str)) {
        let username = self.username(row);
        add(username);
        if let Some((_, user)) = self.user(row) {
            add(&user.name);
            // Most addresses begin with the user name, which is there already.
            add(user.email.strip_prefix(username).unwrap_or(&user.email));
        }
    }

    fn person(&self, row: usize) -> Option<&str> {
        let user = self.user(row).map(|(_, user)| user.id.as_str());
        let used = || self.used(row).map(|(_, used)| used.user_id.as_str());
        let late = || self.latency(row).map(|late| late.user_id.as_str());
        user.or_else(used).or_else(late)
    }

    fn noun(&self) -> Option<[&'static str; 2]> {
        Some(["person", "people"])
    }

    fn choices(&self) -> &[Choices] {
        if self.pages.is_empty() { &[] } else { CHOICES }
    }

    fn is_chosen(&self, row: usize, choices: usize, choice: usize) -> bool {
        match (choices, choice) {
            (0, 1..=3) => {
                let asked = [Status::Active, Status::Dormant, Status::Suspended];
                let status = self.user(row).and_then(|(_, user)| user.status);
                asked.get(choice - 1).copied() == status
            }
            (0, _) => self.user(row).is_none(),
            (_, 1..=3) => self.is_idle(row, choice - 1),
            _ => self.is_never(row),
        }
    }
}

const CHOICES: &[Choices] = &[
    Choices {
        label: "Status",
        names: &["Any", "Active", "Dormant", "Suspended", "No account"],
    },
    Choices {
        label: "Last seen",
        names: &["Any time", "≥ 7 days ago", "≥ 30 days ago", "≥ 90 days ago", "Never"],
    },
];

impl People {
    fn name(&self, row: usize) -> &str {
        self.user(row)
            .map_or_else(|| self.username(row), |(_, user)| roster::name(user))
    }

    fn templates(&self, row: usize) -> String {
        let used = self.used(row);
        used.map_or(String::new(), |(ids, used)| {
            roster::names(&used.templates, ids, &self.templates)
        })
    }

    fn organizations(&self, page: &Users, user: &User) -> String {
        roster::names(&user.organizations, &page.organization_ids, &self.organizations)
    }
}

fn roles(page: &Users, user: &User) -> String {
    roster::names(&user.roles, &page.roles, &Names::new())
}

fn or_missing(text: &str, why: &str) -> Cell {
    if text.is_empty() {
        Cell::Missing(why.into())
    } else {
        Cell::Text(text.into())
    }
}

const NOWHERE: Row = Row {
    page: NONE,
    user: NONE,
    used: NONE,
    late: NONE,
};
