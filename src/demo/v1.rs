//! The answers of the older API, Coder v1: activity per interval, and organizations. With its irregularities: a person
//! whose key is no id, removed accounts that only intervals name, and now and then a total that its count contradicts.

use super::Demo;
use super::cast::{APPS, BUILTIN, ORGANIZATIONS, TEMPLATES, TERMINAL};
use super::chance::{mix, uuid_text};
use super::directory::organization_id;
use super::json::{List, fill, number, text};
use super::people::Person;
use super::query::{Params, Refusal};
use super::usage::{Use, Window, all_templates, bit};
use chrono::{DateTime, Months, SecondsFormat, Utc};

const MINUTE: u64 = 60_000_000_000;

/// `GET /api/v0/orgs`
pub fn organizations() -> String {
    let mut rows = List::array();
    for (place, organization) in ORGANIZATIONS.iter().enumerate() {
        let values = [
            text(&uuid_text(organization_id(place))),
            text(organization.display_name),
            String::from(if place == 0 { "true" } else { "false" }),
        ];
        rows.push(&fill(
            r#"{"id":~,"name":~,"description":"","default":~,"members":[]}"#,
            &values,
        ));
    }
    rows.end()
}

/// `GET /api/private/metrics/activity`
pub fn activity(demo: &Demo, mut params: Params) -> Result<String, Refusal> {
    let (start, end) = (params.required("start"), params.required("end"));
    let interval = params.required("interval");
    let (category, org) = (params.single("category"), params.single("org"));
    params.finish()?;
    let (start, end) = (time("start", start)?, time("end", end)?);
    if !matches!(
        category,
        "" | "any" | "ide" | "login" | "app" | "tunnel" | "web-terminal"
    ) {
        return Err(Refusal::field("category", "is no known category"));
    }
    let step = Step::parse(interval).ok_or_else(|| Refusal::field("interval", "must be a number and a unit"))?;
    let templates = templates_of(org).ok_or_else(|| Refusal::new(404, "organization not found"))?;
    let starts = step.starts(start, end.min(demo.now));
    let window = Window::new(start.timestamp(), end.timestamp(), demo.now.timestamp(), templates);
    let mut uses: Vec<List> = starts.iter().map(|_| List::array()).collect();
    let mut users = List::object();
    for person in demo.people.iter().filter(|person| window.concerns(person)) {
        let (mut place, mut minutes, mut total) = (0, 0, 0);
        let id = id(person);
        let mut tell = |place: usize, minutes: u64| {
            if let Some(uses) = uses.get_mut(place).filter(|_| minutes > 0) {
                let values = [text(&id), number(minutes * MINUTE), number(minutes)];
                uses.push(&fill(r#"{"user_id":~,"duration":~,"count":~}"#, &values));
            }
        };
        window.walk(person, |used| {
            let at = used.half_hour * 1800;
            while starts.get(place + 1).is_some_and(|next| next.timestamp() <= at) {
                tell(place, std::mem::take(&mut minutes));
                place += 1;
            }
            let more = minutes_of(category, used);
            minutes += more;
            total += more;
        });
        tell(place, minutes);
        let is_removed = person.course.deleted.is_some_and(|at| at <= demo.now.timestamp());
        if total > 0 && !is_removed {
            let key = if person.serial == 0 { "needs-id" } else { &id };
            users.field(key, &user(person, &id, total));
        }
    }
    let mut activity = List::array();
    for (from, uses) in starts.iter().zip(uses) {
        let length = (step.after(*from) - *from).num_minutes().unsigned_abs() * MINUTE;
        let values = [
            text(&from.to_rfc3339_opts(SecondsFormat::Secs, true)),
            number(length),
            uses.end(),
        ];
        activity.push(&fill(r#"{"time":~,"duration":~,"user_activity":~}"#, &values));
    }
    Ok(fill(r#"{"activity":~,"users":~}"#, &[activity.end(), users.end()]))
}

fn user(person: &Person, id: &str, minutes: u64) -> String {
    let document = r#"{"id":~,"name":~,"username":~,"roles":~,"avatar_hash":~,"total_count":~,"total_duration":~}"#;
    let mut roles = List::array();
    roles.push(&text("site-member"));
    match person.serial {
        0 => roles.push(&text("site-admin")),
        serial if serial % 40 == 9 => roles.push(&text("site-manager")),
        _ => {}
    }
    let hash: String = (0..4).map(|part| format!("{:016x}", mix(person.seed, part))).collect();
    let wrong = if person.serial % 50 == 7 { 60 } else { 1 };
    let values = [
        text(id),
        text(&person.username()),
        text(&person.username()),
        roles.end(),
        text(&hash),
        number(minutes),
        number(minutes * MINUTE / wrong),
    ];
    fill(document, &values)
}

/// Ids of that time had one hyphen.
fn id(person: &Person) -> String {
    let digits = uuid_text(person.id).replace('-', "");
    let (first, rest) = digits.split_at_checked(8).unwrap_or((&digits, ""));
    format!("{first}-{rest}")
}

fn templates_of(org: &str) -> Option<u16> {
    if org.is_empty() {
        return Some(all_templates());
    }
    let organization = (0..ORGANIZATIONS.len()).find(|place| uuid_text(organization_id(*place)) == org)?;
    let places = TEMPLATES.iter().enumerate();
    let own = places.filter(|(_, template)| template.organization == organization);
    Some(own.fold(0, |set, (place, _)| set | bit(place)))
}

/// Minutes of a half hour that count for a category.
fn minutes_of(category: &str, used: &Use) -> u64 {
    match category {
        "" | "any" => used.minutes,
        "login" => u64::from(used.is_first()),
        _ => {
            let apps = used.apps().into_iter();
            let own = apps.filter(|(app, _)| category_of(*app) == category);
            own.map(|(_, minutes)| minutes).max().unwrap_or(0)
        }
    }
}

fn category_of(app: usize) -> &'static str {
    match APPS.get(app).map_or("", |app| app.slug) {
        "code-server" | "jupyter" | "rstudio" => "ide",
        _ if app == TERMINAL => "web-terminal",
        _ if app < BUILTIN => "tunnel",
        _ => "app",
    }
}

/// How long an interval is: days, or months of the calendar.
#[derive(Clone, Copy)]
enum Step {
    Days(i64),
    Months(u32),
}

impl Step {
    fn parse(text: &str) -> Option<Step> {
        let (count, unit) = text.split_once(' ')?;
        let count: u32 = count.parse().ok().filter(|count| (1..=1000).contains(count))?;
        match unit.strip_suffix('s').unwrap_or(unit) {
            "day" => Some(Step::Days(count.into())),
            "week" => Some(Step::Days(7 * i64::from(count))),
            "month" => Some(Step::Months(count)),
            "year" => Some(Step::Months(12 * count)),
            _ => None,
        }
    }

    fn after(self, from: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Step::Days(days) => from + chrono::Duration::days(days),
            Step::Months(months) => from.checked_add_months(Months::new(months)).unwrap_or(from),
        }
    }

    fn starts(self, start: DateTime<Utc>, end: DateTime<Utc>) -> Vec<DateTime<Utc>> {
        let mut starts = Vec::new();
        let mut from = start;
        while from < end {
            starts.push(from);
            from = self.after(from).max(from + chrono::Duration::days(1));
        }
        starts
    }
}

fn time(key: &str, value: &str) -> Result<DateTime<Utc>, Refusal> {
    let time = DateTime::parse_from_rfc3339(value);
    time.map(|time| time.to_utc())
        .map_err(|_| Refusal::field(key, "must be an RFC 3339 time"))
}
