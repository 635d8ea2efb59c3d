//! The answers about use: daily active users, template insights, activity and latency.

use super::Demo;
use super::cast::{APPS, App, BUILTIN, TEMPLATES, TemplateSet};
use super::chance::{mix, uuid_text};
use super::directory::{template_id, template_ids};
use super::json::{List, fill, number, text};
use super::parameters::parameters_usage;
use super::people::Person;
use super::query::{Asked, Params, Refusal, asked, next_hour};
use super::usage::{Use, Window, all_templates, bit};
use chrono::{DateTime, Duration, FixedOffset, SecondsFormat};

/// `GET /api/v2/insights/daus`
pub fn daus(demo: &Demo, mut params: Params) -> Result<String, Refusal> {
    let hours = params.integer("tz_offset");
    params.finish()?;
    let end = next_hour(demo.now).timestamp();
    // Days of UTC whatever the offset; it only moves the label.
    let start = end.div_euclid(86_400) * 86_400 - 60 * 86_400;
    let window = Window::new(start, end, demo.now.timestamp(), all_templates());
    let mut entries = List::array();
    // The label is the date of the bucket's begin at that offset.
    let mut label = start + hours.clamp(-1000, 1000) * 3600;
    for bucket in buckets(demo, &window, start, end, 1) {
        let date = DateTime::from_timestamp(label, 0).unwrap_or_default().date_naive();
        entries.push(&fill(
            r#"{"date":~,"amount":~}"#,
            &[text(&date.to_string()), number(bucket.users)],
        ));
        label += 86_400;
    }
    Ok(fill(
        r#"{"entries":~,"tz_hour_offset":~}"#,
        &[entries.end(), hours.to_string()],
    ))
}

/// `GET /api/v2/insights/templates`
pub fn templates(demo: &Demo, mut params: Params) -> Result<String, Refusal> {
    let (start, end) = (params.required("start_time"), params.required("end_time"));
    let interval = params.single("interval");
    let ids = params.uuids("template_ids");
    let sections = params.list("sections");
    params.finish()?;
    let asked = asked(start, end, demo.now)?;
    let days = match interval {
        "" => None,
        "day" => Some(1),
        "week" if ends_well(&asked) => Some(7),
        "week" => {
            return Err(Refusal::new(400, "Query parameter has invalid value.")
                .because("Last report interval should have at least 6 days."));
        }
        _ => return Err(Refusal::field("interval", "must be one of [day week]")),
    };
    if sections
        .iter()
        .any(|section| !matches!(*section, "interval_reports" | "report"))
    {
        return Err(Refusal::field("sections", "must be one of [interval_reports report]"));
    }
    let wants = |section: &str| sections.is_empty() || sections.contains(&section);
    let window = window(demo, &asked, &ids);
    let mut body = List::object();
    if wants("report") {
        body.field("report", &report(demo, &window, &asked));
    }
    if let Some(days) = days.filter(|_| wants("interval_reports")) {
        let reports = interval_reports(demo, &window, &asked, days);
        if !reports.is_empty() {
            body.field("interval_reports", &reports.end());
        }
    }
    Ok(body.end())
}

/// `GET /api/v2/insights/user-activity`
pub fn activity(demo: &Demo, params: Params) -> Result<String, Refusal> {
    let (window, asked) = per_user(demo, params)?;
    Ok(user_report(demo, &window, &asked, |person| {
        let (mut templates, mut minutes) = (0, 0);
        window.walk(person, |used| {
            templates |= bit(used.work.template);
            minutes += used.minutes;
        });
        (templates, fill(r#""seconds":~"#, &[number(minutes * 60)]))
    }))
}

/// `GET /api/v2/insights/user-latency`
pub fn latency(demo: &Demo, params: Params) -> Result<String, Refusal> {
    let (window, asked) = per_user(demo, params)?;
    Ok(user_report(demo, &window, &asked, |person| {
        let (mut templates, mut samples) = (0, Vec::new());
        window.walk(person, |used| {
            templates |= bit(used.work.template);
            samples.extend(sample(used));
        });
        samples.sort_unstable();
        let figures = [percentile(&samples, 50), percentile(&samples, 95)].map(milliseconds);
        (templates, fill(r#""latency_ms":{"p50":~,"p95":~}"#, &figures))
    }))
}

fn per_user(demo: &Demo, mut params: Params) -> Result<(Window, Asked), Refusal> {
    let (start, end) = (params.required("start_time"), params.required("end_time"));
    let ids = params.uuids("template_ids");
    params.finish()?;
    let asked = asked(start, end, demo.now)?;
    Ok((window(demo, &asked, &ids), asked))
}

fn window(demo: &Demo, asked: &Asked, ids: &[String]) -> Window {
    let chosen = (0..TEMPLATES.len())
        .filter(|place| ids.contains(&uuid_text(template_id(*place))))
        .fold(0, |set, place| set | bit(place));
    let templates = if ids.is_empty() { all_templates() } else { chosen };
    Window::new(
        asked.start.timestamp(),
        asked.end.timestamp(),
        demo.now.timestamp(),
        templates,
    )
}

/// Whether the last week has at least six days.
fn ends_well(asked: &Asked) -> bool {
    let week = Duration::days(7).num_seconds();
    let rest = (asked.end - asked.start).num_seconds().rem_euclid(week);
    rest == 0 || rest >= week - 86_400 || asked.start + Duration::days(6) == asked.end
}

/// Distinct people of one interval.
#[derive(Clone, Default)]
struct Bucket {
    users: u64,
    templates: TemplateSet,
}

/// Cuts a window that covers a span into intervals of some days; the last one may be shorter.
fn buckets(demo: &Demo, window: &Window, start: i64, end: i64, days: i64) -> Vec<Bucket> {
    let count = (end - start + days * 86_400 - 1).div_euclid(days * 86_400);
    let mut buckets = vec![Bucket::default(); usize::try_from(count).unwrap_or(0)];
    for person in &demo.people {
        let mut counted = -1;
        window.touch(person, days * 48, |place, template| {
            if let Some(bucket) = usize::try_from(place).ok().and_then(|place| buckets.get_mut(place)) {
                bucket.users += u64::from(place != counted);
                bucket.templates |= bit(template);
                counted = place;
            }
        });
    }
    buckets
}

fn interval_reports(demo: &Demo, window: &Window, asked: &Asked, days: i64) -> List {
    let (start, end) = (asked.start.timestamp(), asked.end.timestamp());
    let document = r#"{"start_time":~,"end_time":~,"template_ids":~,"interval":~,"active_users":~}"#;
    let mut reports = List::array();
    let mut from = asked.start;
    for bucket in buckets(demo, window, start, end, days) {
        let to = (from + Duration::days(days)).min(asked.end.with_timezone(from.offset()));
        let values = [
            rfc3339(&from),
            rfc3339(&to),
            template_ids(bucket.templates),
            text(if days == 1 { "day" } else { "week" }),
            number(bucket.users),
        ];
        reports.push(&fill(document, &values));
        from = to;
    }
    reports
}

#[derive(Clone, Copy, Default)]
struct AppTotal {
    minutes: u64,
    times: u64,
    templates: TemplateSet,
}

fn report(demo: &Demo, window: &Window, asked: &Asked) -> String {
    let (mut users, mut templates) = (0, 0);
    let mut totals = [AppTotal::default(); APPS.len()];
    for person in &demo.people {
        let mut seen = false;
        // Apps in use during the half hour before.
        let (mut before, mut open): (i64, u16) = (-1, 0);
        window.walk(person, |used| {
            seen = true;
            templates |= bit(used.work.template);
            let held = if used.half_hour == before + 1 { open } else { 0 };
            (before, open) = (used.half_hour, 0);
            for (app, minutes) in used.apps().into_iter().filter(|(_, minutes)| *minutes > 0) {
                open |= bit(app);
                if let Some(total) = totals.get_mut(app) {
                    total.minutes += minutes;
                    total.templates |= bit(used.work.template);
                    // Nobody counts how often a built-in one is opened.
                    total.times += u64::from(app >= BUILTIN && held & bit(app) == 0);
                }
            }
        });
        users += u64::from(seen);
    }
    let mut rows = List::array();
    for (place, (app, total)) in APPS.iter().zip(totals).enumerate() {
        // Built-in ones are listed even when nobody used them.
        if place < BUILTIN || total.minutes > 0 {
            rows.push(&app_row(app, total));
        }
    }
    let document =
        r#"{"start_time":~,"end_time":~,"template_ids":~,"active_users":~,"apps_usage":~,"parameters_usage":~}"#;
    let values = [
        rfc3339(&asked.start),
        rfc3339(&asked.end),
        template_ids(templates),
        number(users),
        rows.end(),
        parameters_usage(demo, window),
    ];
    fill(document, &values)
}

fn app_row(app: &App, total: AppTotal) -> String {
    let document =
        r#"{"template_ids":~,"type":~,"display_name":~,"slug":~,"icon":~,"family":~,"seconds":~,"times_used":~}"#;
    let values = [
        template_ids(total.templates),
        text(app.kind),
        text(app.display_name),
        text(app.slug),
        text(app.icon),
        text(app.family),
        number(total.minutes * 60),
        number(total.times),
    ];
    fill(document, &values)
}

/// Lists everybody with use in the window, each with the templates used and a figure.
fn user_report(
    demo: &Demo,
    window: &Window,
    asked: &Asked,
    figure: impl Fn(&Person) -> (TemplateSet, String),
) -> String {
    let document = r#"{"template_ids":~,"user_id":~,"username":~,"avatar_url":"",~}"#;
    let mut all = 0;
    let mut users = List::array();
    for person in demo.people.iter().filter(|person| window.concerns(person)) {
        let (templates, figure) = figure(person);
        if templates != 0 {
            all |= templates;
            let (id, name) = (text(&uuid_text(person.id)), text(&person.username()));
            users.push(&fill(document, &[template_ids(templates), id, name, figure]));
        }
    }
    let document = r#"{"report":{"start_time":~,"end_time":~,"template_ids":~,"users":~}}"#;
    fill(
        document,
        &[
            rfc3339(&asked.start),
            rfc3339(&asked.end),
            template_ids(all),
            users.end(),
        ],
    )
}

/// A latency in microseconds, in some half hours: mostly near the person's typical one, seldom far above.
fn sample(used: &Use) -> Option<u64> {
    let typical = used.person.latency.filter(|_| used.is_measured())?;
    let word = mix(used.person.seed, used.half_hour.unsigned_abs());
    let spread = 900 + (word >> 8 & 255);
    let spike = if word & 15 == 0 {
        1300 + (word >> 16 & 2047)
    } else {
        1000
    };
    Some(typical * spread / 1000 * spike / 1000)
}

/// The value at a percentage of sorted samples, between neighbours where it falls between them.
fn percentile(sorted: &[u64], percent: usize) -> Option<u64> {
    let place = sorted.len().checked_sub(1)? * percent;
    let low = *sorted.get(place / 100)?;
    let high = sorted.get(place / 100 + 1).copied().unwrap_or(low);
    Some(low + (high - low) * (place % 100) as u64 / 100)
}

/// Microseconds as milliseconds; −1 stands for use without a sample.
fn milliseconds(micros: Option<u64>) -> String {
    micros.map_or("-1".into(), |micros| format!("{}.{:03}", micros / 1000, micros % 1000))
}

fn rfc3339(instant: &DateTime<FixedOffset>) -> String {
    text(&instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}
