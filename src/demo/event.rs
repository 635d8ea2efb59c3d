//! The deployment spelled out, so that tests can recount in plain loops what the answers say.

use super::Demo;
use super::calendar::{Calendar, is_outage};
use super::cast::APPS;
use super::directory::template_id;
use super::usage::Session;
use crate::zone::Day;
use chrono::{DateTime, Utc};

/// One half hour in which a person used a workspace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Id of the account, as 128 bits.
    pub user_id: u128,
    /// Id of the template.
    pub template_id: u128,
    /// Begin of the half hour.
    pub start: DateTime<Utc>,
    /// Seconds with a session.
    pub seconds: u64,
    /// Slug and name of each app in use, and its seconds.
    pub apps: Vec<(&'static str, &'static str, u64)>,
}

/// One account, deleted ones included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// Id, as 128 bits.
    pub id: u128,
    /// User name.
    pub username: String,
    /// When it was created.
    pub created: DateTime<Utc>,
    /// Whether anybody ever signed in.
    pub signed_in: bool,
    /// When it was suspended.
    pub suspended: Option<DateTime<Utc>>,
    /// When it was deleted.
    pub deleted: Option<DateTime<Utc>>,
}

impl Demo {
    /// All use that began on some days of UTC, both included, and is over by now. For tests.
    pub fn events(&self, first: Day, last: Day) -> impl Iterator<Item = Event> {
        let number = |day: Day| (day - Day::default()).num_days();
        let (first, last) = (number(first), number(last));
        let calendar = Calendar::new(first - 2, last + 2);
        let now = self.now.timestamp();
        self.people.iter().flat_map(move |person| {
            let sessions: Vec<Session> = (first - 2..=last + 2)
                .filter_map(|day| Session::of(person, day, &calendar))
                .collect();
            let half_hours = sessions
                .into_iter()
                .flat_map(|session| (session.first..session.end()).map(move |at| (session, at)));
            half_hours
                .filter(move |(_, at)| (first..=last).contains(&at.div_euclid(48)) && (at + 1) * 1800 <= now)
                .filter_map(move |(session, at)| session.at(person, at))
                .map(|used| Event {
                    user_id: used.person.id,
                    template_id: template_id(used.work.template),
                    start: instant(used.half_hour * 1800),
                    seconds: used.minutes * 60,
                    apps: used
                        .apps()
                        .into_iter()
                        .filter_map(|(app, minutes)| named(app, minutes))
                        .collect(),
                })
        })
    }

    /// Every account there ever was, in the order of ids. For tests.
    pub fn accounts(&self) -> impl Iterator<Item = Account> {
        self.people.iter().map(|person| Account {
            id: person.id,
            username: person.username(),
            created: instant(person.course.created),
            signed_in: person.course.signed_in,
            suspended: person.course.suspended.map(instant),
            deleted: person.course.deleted.map(instant),
        })
    }

    /// Whether the deployment was down on a day. For tests.
    pub fn is_outage(day: Day) -> bool {
        is_outage((day - Day::default()).num_days())
    }
}

fn named(app: usize, minutes: u64) -> Option<(&'static str, &'static str, u64)> {
    let app = APPS.get(app).filter(|_| minutes > 0)?;
    Some((app.slug, app.display_name, minutes * 60))
}

fn instant(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap_or_default()
}
