//! The company of the same people: most have a row there, leavers are inactive, and some people are contractors who
//! have no account of the deployment.

use super::Demo;
use super::calendar::Calendar;
use super::cast::{ORGANIZATIONS, WORDS};
use super::chance::{below, between, mix, uuid};
use super::directory::{id, time};
use super::json::{List, fill, number, text};
use super::people::Person;
use super::query::{Params, Refusal, json_reply};
use super::usage::Session;
use crate::remote::Reply;
use crate::source::Request;
use crate::zone;

const DAY: i64 = 86_400;
/// People who are at the company only.
const CONTRACTORS: u64 = 24;

/// `GET /api/v2/companies/{company_id}/user-metrics/`, one page.
pub fn page(demo: &Demo, request: &Request) -> Result<String, Refusal> {
    let mut params = Params::new(&request.query);
    for key in ["date_from", "date_to"] {
        let value = params.single(key);
        if !value.is_empty() && zone::day(value).is_none() {
            return Err(Refusal::saying(
                400,
                &format!("{key}: Enter a valid date format (YYYY-MM-DD)."),
            ));
        }
    }
    let wanted = |given: i64, default: i64| usize::try_from(if given == 0 { default } else { given });
    let size = wanted(params.integer("page_size"), 20).ok().filter(|size| *size <= 100);
    let size =
        size.ok_or_else(|| Refusal::saying(400, "page_size: Ensure this value is less than or equal to 100."))?;
    let page = wanted(params.integer("page"), 1).map_err(|_| Refusal::saying(404, "Invalid page."))?;
    let (status, order) = (params.single("status"), params.single("ordering"));
    params.finish()?;
    let mut rows: Vec<Row> = rows(demo)
        .into_iter()
        .filter(|row| status.is_empty() || row.status == status)
        .collect();
    rows.sort_by_key(|row| match order {
        "last_active" => row.last_active.unwrap_or(0),
        "total_sessions" => row.sessions.cast_signed(),
        "-total_sessions" => -row.sessions.cast_signed(),
        _ => -row.last_active.unwrap_or(0),
    });
    let link = |number: usize| text(&format!("https://metrics.example.com/{}?page={number}", request.path));
    let none = || String::from("null");
    let mut results = List::array();
    for row in rows.iter().skip((page - 1) * size).take(size) {
        results.push(&row.json());
    }
    let values = [
        number(rows.len() as u64),
        if page * size < rows.len() {
            link(page + 1)
        } else {
            none()
        },
        if page > 1 { link(page - 1) } else { none() },
        results.end(),
    ];
    Ok(fill(r#"{"count":~,"next":~,"previous":~,"results":~}"#, &values))
}

/// `GET /api/v2/companies/{company_id}/user-metrics/export/`
pub fn export(demo: &Demo) -> Reply {
    let mut body = String::from("email,status,role,department,total_sessions,sessions_this_month\r\n");
    for row in rows(demo) {
        let department = row.department.unwrap_or_default();
        let Row {
            email,
            status,
            role,
            sessions,
            this_month,
            ..
        } = row;
        body.push_str(&format!(
            "{email},{status},{role},{department},{sessions},{this_month}\r\n"
        ));
    }
    Reply {
        content_type: "text/csv".into(),
        ..json_reply(200, body)
    }
}

struct Row {
    id: u128,
    email: String,
    name: String,
    status: &'static str,
    role: &'static str,
    department: Option<&'static str>,
    sessions: u64,
    this_month: u64,
    average: Option<u64>,
    last_active: Option<i64>,
    created: i64,
}

impl Row {
    fn json(&self) -> String {
        let document = r#"{"user_id":~,"email":~,"first_name":~,"last_name":~,"last_active":~,"total_sessions":~,"sessions_this_month":~,"avg_session_duration":~,"status":~,"role":~,"department":~,"created_at":~,"last_login":~}"#;
        let or_null = |value: Option<String>| value.unwrap_or_else(|| "null".into());
        let (first, last) = self.name.split_once('-').unwrap_or((&self.name, ""));
        let length = |seconds: u64| {
            let (days, left) = (seconds / 86_400, seconds % 86_400);
            let clock = format!("{:02}:{:02}:{:02}", left / 3600, left / 60 % 60, left % 60);
            text(&if days > 0 { format!("{days} {clock}") } else { clock })
        };
        let values = [
            id(self.id),
            text(&self.email),
            text(first),
            text(last),
            or_null(self.last_active.map(time)),
            number(self.sessions),
            number(self.this_month),
            or_null(self.average.map(length)),
            text(self.status),
            text(self.role),
            or_null(self.department.map(text)),
            time(self.created),
            or_null(self.last_active.map(|at| time(at - 600))),
        ];
        fill(document, &values)
    }
}

fn rows(demo: &Demo) -> Vec<Row> {
    let now = demo.now.timestamp();
    let today = now.div_euclid(DAY);
    let calendar = Calendar::new(today - 1200, today + 2);
    let people = demo.people.iter().filter_map(|person| row(demo, person, &calendar));
    let is_there = |person: &&Person| person.course.deleted.is_none() && person.course.suspended.is_none();
    // Two contractors share the local part of their address with somebody of the deployment.
    let mut namesakes = demo.people.iter().filter(is_there).skip(3).step_by(40).take(2);
    let mut rows: Vec<Row> = people.collect();
    rows.extend((0..CONTRACTORS).map(|place| contractor(now, place, namesakes.next().map(Person::username))));
    rows
}

fn row(demo: &Demo, person: &Person, calendar: &Calendar) -> Option<Row> {
    let now = demo.now.timestamp();
    let today = now.div_euclid(DAY);
    let course = &person.course;
    let roll = |purpose: u64| mix(person.seed, purpose);
    let deleted = course.deleted.filter(|deleted| *deleted <= now);
    // Rows of people who left long ago are gone, and one in ten never had one.
    if deleted.is_some_and(|deleted| now - deleted > 500 * DAY) || below(roll(60), 10) == 0 {
        return None;
    }
    let has_left = deleted.is_some() || course.suspended.is_some_and(|suspended| suspended <= now);
    let name = person.username();
    let work = |day: &i64| Session::of(person, *day, calendar);
    let last = (today - 1200..=today + 1).rev().filter_map(|day| work(&day));
    let last = last
        .map(|session| (session.end() * 1800).min(now))
        .find(|end| *end <= now);
    let first_of_month = {
        let date = demo.now.date_naive();
        today - i64::from(chrono::Datelike::day0(&date))
    };
    let phases = course.phases.iter();
    let days: i64 = phases.map(|(from, to)| ((*to).min(today) - from).max(0)).sum();
    let sessions = days.unsigned_abs() * person.habit.rate / 1400;
    Some(Row {
        id: uuid(0xc0, person.serial),
        email: if below(roll(61), 20) == 0 {
            format!("{name}@corp.example.com")
        } else {
            format!("{name}@example.com")
        },
        status: if has_left {
            "inactive"
        } else if course.signed_in {
            "active"
        } else {
            "pending"
        },
        role: if person.serial == 0 { "admin" } else { "member" },
        department: (below(roll(62), 12) > 0)
            .then(|| ORGANIZATIONS.get(usize::try_from(below(roll(3), 4)).unwrap_or(0)))
            .flatten()
            .map(|organization| organization.display_name),
        sessions,
        this_month: (first_of_month..=today).filter(|day| work(day).is_some()).count() as u64,
        average: (sessions > 0).then(|| match below(roll(63), 60) {
            // Somebody never signs out.
            0 => 93_784,
            _ => between(roll(64), 900, 21_600).unsigned_abs(),
        }),
        last_active: last,
        created: course.created,
        name,
    })
}

/// Somebody who has no account of the deployment.
fn contractor(now: i64, place: u64, name: Option<String>) -> Row {
    let seed = mix(0x00c0_17ac, place);
    let word = WORDS
        .get(usize::try_from(place * 7 % WORDS.len() as u64).unwrap_or(0))
        .unwrap_or(&"plant");
    let name = name.unwrap_or_else(|| format!("{word}-{}", 300 + place));
    let active = now - between(mix(seed, 1), 1, 4_000_000);
    Row {
        id: uuid(0xc1, place),
        email: format!("{name}@partners.example.com"),
        status: "active",
        role: "contractor",
        department: None,
        sessions: 3 + below(mix(seed, 2), 80),
        this_month: below(mix(seed, 3), 9),
        average: Some(between(mix(seed, 4), 300, 9_000).unsigned_abs()),
        last_active: (place % 9 != 5).then_some(active),
        created: now - 300 * DAY - between(mix(seed, 5), 0, 300) * DAY,
        name,
    }
}
