//! What is told of one person: the columns of the table of people, and the facts of a person's page.

use crate::answers::Answers;
use crate::data::{PersonLatency, PersonSeconds, Status, User, Users};
use crate::format;
use crate::period::add_days;
use crate::roster::Part;
use crate::rows::Key;
use crate::scope::Scope;
use crate::table::{Cell, Column};
use crate::titles::Titles;
use chrono::{DateTime, Utc};
use std::borrow::Cow;

/// One person in the answers. Each part may be missing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Person<'a> {
    /// The account, and the page of the roster it is on.
    pub user: Option<(&'a Users, &'a User)>,
    /// Time in the range, and the templates that the answer names.
    pub used: Option<(&'a [String], &'a PersonSeconds)>,
    /// Latency in the range.
    pub late: Option<&'a PersonLatency>,
}

/// What it takes to put a person into words.
#[derive(Debug)]
pub struct Context {
    /// The question on the page.
    pub scope: Scope,
    organizations: Titles,
    templates: Titles,
    /// Why a person has no account.
    pub why_no_account: &'static str,
    /// Why there is no time of anybody; `None` where the answer is here.
    why_no_time: Option<String>,
    why_no_latency: Option<String>,
    /// Who was last seen before these instants is idle for 7, 30 and 90 days.
    idle_before: [DateTime<Utc>; 3],
}

/// The facts that name somebody by more than the name.
pub const NAMES: &[&str] = &["username", "email"];

/// The facts, in their order; a column each.
pub fn columns() -> Vec<Column> {
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
        Column::text("created", "Account since"),
    ]
}

impl Context {
    /// With the names that the answers tell, and why time and latency are missing where they are.
    pub fn new(scope: &Scope, answers: &Answers, time: &Part, latency: &Part, why_no_account: &'static str) -> Context {
        Context {
            scope: scope.clone(),
            organizations: Titles::organizations(scope, answers),
            templates: Titles::templates(scope, answers),
            why_no_account,
            why_no_time: time.why().map(str::to_string),
            why_no_latency: latency.why().map(str::to_string),
            // At least so many days ago, by the days of the zone.
            idle_before: [7, 30, 90].map(|days| scope.zone.start_of(add_days(scope.today, 1 - days)).to_utc()),
        }
    }
}

impl Context {
    /// What a reader must know where some of these organizations and templates have no name.
    pub fn notes<'a>(
        &self,
        organizations: impl Iterator<Item = &'a str>,
        templates: impl Iterator<Item = &'a str>,
    ) -> Vec<String> {
        let organizations = self.organizations.note(organizations);
        organizations
            .into_iter()
            .chain(self.templates.note(templates))
            .collect()
    }
}

impl<'a> Person<'a> {
    /// Ids of the organizations of the account.
    pub fn organizations(&self) -> impl Iterator<Item = &'a str> {
        self.user
            .into_iter()
            .flat_map(|(page, user)| at(&user.organizations, &page.organization_ids))
    }

    /// Ids of the templates used in the range.
    pub fn templates(&self) -> impl Iterator<Item = &'a str> {
        self.used.into_iter().flat_map(|(ids, used)| at(&used.templates, ids))
    }

    /// Id.
    pub fn id(&self) -> Option<&'a str> {
        let user = self.user.map(|(_, user)| user.id.as_str());
        let used = self.used.map(|(_, used)| used.user_id.as_str());
        user.or(used).or(self.late.map(|late| late.user_id.as_str()))
    }

    /// User name.
    pub fn username(&self) -> &'a str {
        let user = self.user.map(|(_, user)| user.username.as_str());
        let used = self.used.map(|(_, used)| used.username.as_str());
        let late = self.late.map(|late| late.username.as_str());
        user.or(used).or(late).unwrap_or_default()
    }

    /// The full name, or the user name where there is none.
    pub fn name(&self) -> &'a str {
        let full = self.user.map(|(_, user)| user.name.as_str());
        full.filter(|name| !name.trim().is_empty()).unwrap_or(self.username())
    }

    /// Idle for at least 7, 30 or 90 days, by the place among these. Who was never seen is not idle.
    pub fn is_idle(&self, context: &Context, place: usize) -> bool {
        let before = context.idle_before.get(place);
        self.seen().zip(before).is_some_and(|(seen, before)| seen < *before)
    }

    /// Has an account that nobody ever used.
    pub fn is_never_seen(&self) -> bool {
        self.user.is_some() && self.seen().is_none()
    }

    fn seen(&self) -> Option<DateTime<Utc>> {
        self.user.and_then(|(_, user)| user.last_seen)
    }

    /// Seconds in the range. Who is not named in the answer has none: it names everybody with use.
    fn seconds(&self, context: &Context) -> Option<u64> {
        let is_here = context.why_no_time.is_none();
        is_here.then(|| self.used.map_or(0, |(_, used)| used.seconds))
    }

    /// A fact, by the id of its column.
    pub fn cell(&self, context: &Context, column: &str) -> Cell {
        let Context { scope, .. } = context;
        let why_no_time = || Cell::Missing(context.why_no_time.clone().unwrap_or_default());
        match column {
            "name" => Cell::Text(self.name().into()),
            "username" => Cell::Text(self.username().into()),
            "seconds" => self.seconds(context).map_or_else(why_no_time, |seconds| Cell::Number {
                value: seconds as f64,
                shown: format::duration(&scope.locale, seconds as f64),
            }),
            "p50_ms" => self.latency(context, |late| late.p50),
            "p95_ms" => self.latency(context, |late| late.p95),
            "templates" if context.why_no_time.is_some() => why_no_time(),
            "templates" => words(self.template_names(context), "none used"),
            _ => match self.user {
                Some((page, user)) => of_account(context, page, user, column),
                None => Cell::Missing(context.why_no_account.into()),
            },
        }
    }

    fn latency(&self, context: &Context, pick: fn(&PersonLatency) -> Option<f64>) -> Cell {
        match (&context.why_no_latency, self.late) {
            (Some(why), _) => Cell::Missing(why.clone()),
            (None, None) => Cell::Missing("no use in the range".into()),
            (None, Some(late)) => pick(late).map_or_else(
                || Cell::Missing("no sample".into()),
                |value| Cell::Number {
                    value,
                    shown: format::milliseconds(&context.scope.locale, value),
                },
            ),
        }
    }

    fn template_names(&self, context: &Context) -> String {
        joined(self.templates().map(|id| context.templates.of(id)))
    }
}

/// What a fact of somebody is sorted by.
pub type KeyOf<'a> = Box<dyn Fn(&Person<'a>) -> Key<'a> + 'a>;

/// What a fact of people is sorted by. Which fact it is, is looked up once for all of them.
pub fn keys<'a>(context: &'a Context, column: &'a str) -> KeyOf<'a> {
    fn number<'a>(value: Option<f64>) -> Key<'a> {
        value.map_or(Key::Missing, Key::Number)
    }
    fn instant(time: Option<DateTime<Utc>>) -> Option<f64> {
        time.map(|time| time.timestamp() as f64)
    }
    fn text<'a>(text: String) -> Key<'a> {
        if text.is_empty() {
            Key::Missing
        } else {
            Key::Text(Cow::Owned(text))
        }
    }
    match column {
        "name" => Box::new(|person| Key::Text(Cow::Borrowed(person.name()))),
        "username" => Box::new(|person| Key::Text(Cow::Borrowed(person.username()))),
        "seconds" => Box::new(|person| number(person.seconds(context).map(|seconds| seconds as f64))),
        "p50_ms" => Box::new(|person| number(person.late.and_then(|late| late.p50))),
        "p95_ms" => Box::new(|person| number(person.late.and_then(|late| late.p95))),
        "last_seen" => Box::new(|person| number(instant(person.seen()))),
        // Who was seen last is idle for the shortest time.
        "idle_days" => Box::new(|person| number(instant(person.seen()).map(|seen| -seen))),
        "created" => Box::new(|person| number(instant(person.user.and_then(|(_, user)| user.created)))),
        "templates" => Box::new(|person| text(person.template_names(context))),
        "status" => Box::new(|person| {
            let user = person.user;
            user.map_or(Key::Missing, |(_, user)| Key::Text(Cow::Borrowed(status(user.status))))
        }),
        column => Box::new(move |person| match person.cell(context, column) {
            Cell::Text(words) => text(words),
            _ => Key::Missing,
        }),
    }
}

/// A fact that only the roster knows.
fn of_account(context: &Context, page: &Users, user: &User, column: &str) -> Cell {
    let Context { scope, .. } = context;
    let day = |time: DateTime<Utc>| {
        let day = scope.zone.day_of(time);
        Cell::Day {
            day,
            shown: format::full_day(&scope.locale, day),
        }
    };
    match column {
        "status" => Cell::Text(status(user.status).into()),
        "last_seen" => user.last_seen.map_or_else(|| Cell::Text("never".into()), day),
        "idle_days" => user.last_seen.map_or_else(
            || Cell::Missing("never seen".into()),
            |seen| {
                let days = (scope.today - scope.zone.day_of(seen)).num_days().max(0);
                Cell::Number {
                    value: days as f64,
                    shown: format::count(&scope.locale, days),
                }
            },
        ),
        "organizations" => {
            let ids = at(&user.organizations, &page.organization_ids);
            words(joined(ids.map(|id| context.organizations.of(id))), "none")
        }
        "roles" => words(
            joined(at(&user.roles, &page.roles).map(str::to_string)),
            "none beside member",
        ),
        "created" => user.created.map_or_else(|| Cell::Missing("not told".into()), day),
        _ => words(user.email.clone(), "no e-mail"),
    }
}

fn status(status: Option<Status>) -> &'static str {
    match status {
        Some(Status::Active) => "active",
        Some(Status::Dormant) => "dormant",
        Some(Status::Suspended) => "suspended",
        None => "unknown",
    }
}

fn words(text: String, why_not: &str) -> Cell {
    if text.is_empty() {
        Cell::Missing(why_not.into())
    } else {
        Cell::Text(text)
    }
}

/// Things, by their places in a list.
fn at<'a>(places: &'a [u16], list: &'a [String]) -> impl Iterator<Item = &'a str> {
    let things = places.iter().filter_map(|place| list.get(usize::from(*place)));
    things.map(String::as_str)
}

fn joined(names: impl Iterator<Item = String>) -> String {
    names.collect::<Vec<_>>().join(", ")
}
