//! Windsurf as the same people use it: most hold a seat, some under another mail address, some though they left.

use super::Demo;
use super::calendar::Calendar;
use super::chance::{below, between, mix, uuid};
use super::directory::{id, time};
use super::json::{List, fill, number, text};
use super::people::Person;
use super::query::Refusal;
use super::usage::Session;
use crate::source::Request;
use chrono::{DateTime, Datelike, Months, NaiveTime, Utc};

const DAY: i64 = 86_400;

/// `POST /api/v1/UserPageAnalytics`. The times asked for decide over active days alone.
pub fn analytics(demo: &Demo, request: &Request) -> Result<String, Refusal> {
    let now = demo.now.timestamp();
    let given = |key: &str| {
        let fields = request.body.iter().flatten();
        fields.clone().find(|(name, _)| *name == key).map(|(_, value)| value)
    };
    let asked_time = |key: &str, default: i64| match given(key) {
        Some(value) => DateTime::parse_from_rfc3339(value)
            .map(|time| time.timestamp())
            .map_err(|_| Refusal::saying(400, &format!("invalid {key}"))),
        None => Ok(default),
    };
    let asked = (
        asked_time("start_timestamp", now - 365 * DAY)?,
        asked_time("end_timestamp", now)?,
    );
    let (start, end) = cycle(demo.now);
    let first = asked.0.min(start).min(now - 400 * DAY).div_euclid(DAY) - 2;
    let calendar = Calendar::new(first, now.div_euclid(DAY) + 2);
    let mut rows = List::array();
    for person in &demo.people {
        if let Some(status) = status(person, now) {
            let habit = Habit::of(person);
            rows.push(&row(person, status, &habit, &calendar, asked, start, now));
        }
    }
    let (start, end) = (time(start), time(end));
    let values = [rows.end(), start, end];
    Ok(fill(
        r#"{"userTableStats":~,"billingCycleStart":~,"billingCycleEnd":~}"#,
        &values,
    ))
}

/// The calendar month, in UTC.
fn cycle(now: DateTime<Utc>) -> (i64, i64) {
    let today = now.date_naive();
    let first = today.with_day(1).unwrap_or(today);
    let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
    let second = |day: chrono::NaiveDate| day.and_time(NaiveTime::MIN).and_utc().timestamp();
    (second(first), second(next))
}

/// Place in the team; `None` for people without a seat.
fn status(person: &Person, now: i64) -> Option<&'static str> {
    let course = &person.course;
    let roll = below(mix(person.seed, 40), 100);
    let (seats, of) = if person.serial == 0 {
        (100, "APPROVED")
    } else if let Some(deleted) = course.deleted.filter(|deleted| *deleted <= now) {
        // Leavers whose seat nobody took back.
        (if now - deleted < 400 * DAY { 22 } else { 0 }, "APPROVED")
    } else if course.suspended.is_some_and(|suspended| suspended <= now) {
        (45, "APPROVED")
    } else if !course.signed_in {
        (60, if roll < 25 { "APPROVED" } else { "PENDING" })
    } else {
        (82, if roll < 2 { "REJECTED" } else { "APPROVED" })
    };
    (roll < seats).then_some(of)
}

/// The mail address at Windsurf: not always the one of the account.
fn mail(person: &Person) -> String {
    let name = person.username();
    match below(mix(person.seed, 41), 100) {
        0..5 => format!("{name}@corp.example.com"),
        5..8 => format!("{}@example.com", name.replace('-', ".")),
        8..14 => format!("{}@Example.com", name.to_ascii_uppercase()),
        _ => format!("{name}@example.com"),
    }
}

/// How often a person uses the assistant.
struct Habit {
    /// Days in a thousand days of work.
    rate: u64,
    /// Of these, in a thousand, days with a chat, and with a command.
    chat: u64,
    command: u64,
}

impl Habit {
    fn of(person: &Person) -> Habit {
        let roll = |purpose: u64| mix(person.seed, purpose);
        let pick = |purpose: u64, others: u64| {
            if below(roll(purpose), 100) < others {
                0
            } else {
                between(roll(purpose + 10), 50, 900).unsigned_abs()
            }
        };
        Habit {
            rate: pick(42, 12),
            chat: pick(43, 25),
            command: pick(44, 50),
        }
    }

    /// Whether the assistant was used on a day of work.
    fn uses(&self, person: &Person, day: i64, rate: u64, purpose: u64) -> bool {
        below(mix(person.seed ^ purpose, day.unsigned_abs()), 1000) < rate
    }
}

fn row(
    person: &Person,
    status: &str,
    habit: &Habit,
    calendar: &Calendar,
    asked: (i64, i64),
    cycle: i64,
    now: i64,
) -> String {
    // When work with the assistant ended, day by day; backwards, so that the first of a kind is the last.
    let since = asked.0.min(cycle).min(now - 400 * DAY).div_euclid(DAY) - 1;
    let can_use = status == "APPROVED";
    let ends = (since..=now.div_euclid(DAY) + 1).rev().filter_map(|day| {
        let is_used = can_use && habit.uses(person, day, habit.rate, 45);
        let session = is_used.then(|| Session::of(person, day, calendar)).flatten()?;
        (session.first * 1800 < now).then(|| (day, (session.end() * 1800).min(now) - 60))
    });
    let ends: Vec<(i64, i64)> = ends.collect();
    let last = |rate: u64, purpose: u64| {
        let of_kind = |(day, _): &&(i64, i64)| habit.uses(person, *day, rate, purpose);
        ends.iter().find(of_kind).map(|(_, end)| *end)
    };
    let active = ends.iter().filter(|(_, end)| (asked.0..=asked.1).contains(end)).count();
    let spent = ends.iter().filter(|(_, end)| *end >= cycle);
    let credits: u64 = spent
        .map(|(day, _)| 25 * (1 + below(mix(person.seed, day.unsigned_abs()), 30)))
        .sum();
    let mut row = List::object();
    let mut field = |key: &str, value: Option<String>| value.iter().for_each(|value| row.field(key, value));
    let is_named = below(mix(person.seed, 46), 10) > 0;
    field("name", is_named.then(|| text(&person.username())));
    field("email", Some(text(&mail(person))));
    let micro = |second: i64| {
        let micros = below(mix(person.seed, 47), 1_000_000);
        time(second).replace('Z', &format!(".{micros:06}Z"))
    };
    field("lastUpdateTime", ends.first().map(|(_, end)| micro(*end)));
    field("apiKey", Some(id(uuid(0xa91, person.serial))));
    // As protocol buffers write it: what is 0 or false is left out, and long numbers are texts.
    field("activeDays", (active > 0).then(|| number(active as u64)));
    let is_off = can_use && below(mix(person.seed, 48), 100) < 3;
    field("disableCodeium", is_off.then(|| "true".into()));
    field("role", Some(text(if person.serial == 0 { "admin" } else { "member" })));
    field("signupTime", Some(time(person.course.created)));
    field("lastAutocompleteUsageTime", last(930, 49).map(time));
    field("lastChatUsageTime", last(habit.chat, 50).map(time));
    field("lastCommandUsageTime", last(habit.command, 51).map(time));
    let as_text = person.serial.is_multiple_of(7);
    let credits = (credits > 0).then(|| {
        if as_text {
            text(&number(credits))
        } else {
            number(credits)
        }
    });
    field("promptCreditsUsed", credits);
    field("teamStatus", Some(text(&format!("USER_TEAM_STATUS_{status}"))));
    row.end()
}
