//! Active, dormant and suspended accounts at any instant.

use super::Demo;
use super::calendar::{Calendar, DORMANCY};
use super::json::{List, fill, number, text};
use super::people::Person;
use super::query::{Params, Refusal, next_hour};
use super::usage::Session;
use crate::data::Status;
use crate::period::add_days;
use crate::zone::{Day, Zone};
use chrono::{DateTime, FixedOffset, SecondsFormat, TimeDelta, Utc};

const DAYS: i64 = 60;
/// Statuses and their words.
pub const STATUSES: [(Status, &str); 3] = [
    (Status::Active, "active"),
    (Status::Dormant, "dormant"),
    (Status::Suspended, "suspended"),
];

/// `GET /api/v2/insights/user-status-counts`
pub fn status_counts(demo: &Demo, mut params: Params) -> Result<String, Refusal> {
    let hours = params.integer("tz_offset");
    let zone = params.single("timezone");
    // Read and ignored, as by the server.
    params.integer("interval");
    params.finish()?;
    let midnights = midnights(demo, zone, hours)?;
    let instants: Vec<i64> = midnights.iter().map(DateTime::timestamp).collect();
    let counts = counts(demo, &instants);
    let mut series = List::object();
    for (status, key) in STATUSES {
        let mut points = List::array();
        for (date, counts) in midnights.iter().zip(&counts) {
            let date = text(&date.to_rfc3339_opts(SecondsFormat::Secs, true));
            points.push(&fill(r#"{"date":~,"count":~}"#, &[date, number(counts.of(status))]));
        }
        // A status that never occurred has no key.
        if counts.iter().any(|counts| counts.of(status) > 0) {
            series.field(key, &points.end());
        }
    }
    Ok(fill(r#"{"status_counts":~}"#, &[series.end()]))
}

/// Accounts that use a seat now.
pub fn seats(demo: &Demo) -> u64 {
    counts(demo, &[demo.now.timestamp()])
        .first()
        .map_or(0, |counts| counts.of(Status::Active))
}

/// Accounts by status at one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts([u64; 3]);

impl Counts {
    fn of(&self, status: Status) -> u64 {
        let Counts([active, dormant, suspended]) = self;
        match status {
            Status::Active => *active,
            Status::Dormant => *dormant,
            Status::Suspended => *suspended,
        }
    }

    fn add(&mut self, status: Status) {
        let Counts([active, dormant, suspended]) = self;
        match status {
            Status::Active => *active += 1,
            Status::Dormant => *dormant += 1,
            Status::Suspended => *suspended += 1,
        }
    }
}

/// Local midnights of the last sixty days, up to the next full hour.
fn midnights(demo: &Demo, zone: &str, hours: i64) -> Result<Vec<DateTime<Utc>>, Refusal> {
    if !zone.is_empty() && hours != 0 {
        return Err(Refusal::new(400, "Query parameter has invalid value.")
            .because("Provide either \"timezone\" or \"tz_offset\", not both."));
    }
    let until = next_hour(demo.now);
    let utc = Zone::utc();
    let zone = match zone {
        "" => {
            let known = i32::try_from(hours).ok().filter(|hours| (-12..=14).contains(hours));
            let offset = known.and_then(|hours| FixedOffset::east_opt(hours * 3600));
            let offset = offset.ok_or_else(|| {
                Refusal::field(
                    "tz_offset",
                    "Query param \"tz_offset\" is not the offset of a known time zone",
                )
            })?;
            let today = until.with_timezone(&offset).date_naive();
            let shift = TimeDelta::seconds(i64::from(offset.local_minus_utc()));
            return Ok(days(today).map(|day| utc.start_of(day).to_utc() - shift).collect());
        }
        "UTC" | "Etc/UTC" => &utc,
        name if name == demo.zone.name => &demo.zone,
        name => {
            return Err(Refusal::new(400, "Invalid timezone.").because(format!("unknown time zone {name}")));
        }
    };
    let mut midnights: Vec<DateTime<Utc>> = days(zone.day_of(until))
        .map(|day| zone.start_of(day).to_utc())
        .collect();
    // A day that a zone left out begins where the next one does.
    midnights.dedup();
    Ok(midnights)
}

fn days(today: Day) -> impl Iterator<Item = Day> {
    (0..=DAYS).map(move |back| add_days(today, back - DAYS))
}

/// Counts accounts at instants in ascending order.
fn counts(demo: &Demo, instants: &[i64]) -> Vec<Counts> {
    let mut counts = vec![Counts::default(); instants.len()];
    let (Some(first), Some(last)) = (instants.first(), instants.last()) else {
        return counts;
    };
    let calendar = Calendar::new((first - DORMANCY).div_euclid(86_400) - 2, last.div_euclid(86_400) + 2);
    for person in &demo.people {
        let mut sightings = Sightings::new(person, *first, demo.now.timestamp(), &calendar);
        for (instant, counts) in instants.iter().zip(&mut counts) {
            if let Some(status) = person.status(*instant, sightings.until(*instant)) {
                counts.add(status);
            }
        }
    }
    counts
}

impl Person {
    /// The status at an instant, given until when the account counts as seen.
    pub fn status(&self, instant: i64, seen_until: i64) -> Option<Status> {
        let course = &self.course;
        let exists = course.created <= instant && course.deleted.is_none_or(|deleted| instant < deleted);
        let suspended = course.suspended.is_some_and(|suspended| suspended <= instant);
        let status = if suspended {
            Status::Suspended
        } else if course.signed_in && instant < seen_until {
            Status::Active
        } else {
            Status::Dormant
        };
        exists.then_some(status)
    }
}

/// Follows a person's sessions forward in time.
pub struct Sightings<'a> {
    person: &'a Person,
    calendar: &'a Calendar,
    now: i64,
    day: i64,
    next: Option<Session>,
    until: i64,
}

impl<'a> Sightings<'a> {
    /// Looks back from an instant to the latest session that can still matter.
    pub fn new(person: &'a Person, instant: i64, now: i64, calendar: &'a Calendar) -> Sightings<'a> {
        let day = (instant.div_euclid(1800) + person.offset).div_euclid(48);
        let mut sightings = Sightings {
            person,
            calendar,
            now,
            day,
            next: None,
            until: person.course.created + DORMANCY,
        };
        let latest = (day - 92..=day)
            .rev()
            .filter_map(|day| sightings.session(day))
            .find(|session| session.first * 1800 <= instant);
        sightings.see(latest);
        sightings
    }

    /// Until when the account counts as seen, judged at an instant that is not before the last one asked about.
    pub fn until(&mut self, instant: i64) -> i64 {
        loop {
            match self.next {
                Some(session) if session.first * 1800 <= instant => self.see(self.next),
                Some(_) => break,
                None if self.day * 48 - self.person.offset > instant.div_euclid(1800) => break,
                None => {}
            }
            self.next = self.session(self.day);
            self.day += 1;
        }
        self.until
    }

    fn session(&self, day: i64) -> Option<Session> {
        Session::of(self.person, day, self.calendar).filter(|session| (session.first + 1) * 1800 <= self.now)
    }

    fn see(&mut self, session: Option<Session>) {
        if let Some(session) = session {
            self.until = self.until.max((session.end() - 1) * 1800 + DORMANCY);
        }
    }
}
