//! The answers about use: daily active users, template insights, activity and latency.

use super::Demo;
use super::cast::{APPS, BUILTIN, TEMPLATES, TemplateSet};
use super::chance::{mix, uuid_text};
use super::directory::{template_id, template_ids};
use super::json::{array, object, object_of, text};
use super::parameters::parameters_usage;
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
    let entry = |(place, bucket): (i64, &Bucket)| {
        let label = DateTime::from_timestamp(start + place * 86_400 + hours.clamp(-1000, 1000) * 3600, 0);
        let date = label.unwrap_or_default().date_naive().to_string();
        object([("date", text(&date)), ("amount", bucket.users.to_string())])
    };
    let buckets = buckets(demo, &window, start, end, 1);
    Ok(object([
        ("entries", array((0..).zip(&buckets).map(entry))),
        ("tz_hour_offset", hours.to_string()),
    ]))
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
    let mut fields = Vec::new();
    if wants("report") {
        fields.push(("report", report(demo, &window, &asked)));
    }
    if let Some(days) = days.filter(|_| wants("interval_reports")) {
        let reports = interval_reports(demo, &window, &asked, days, interval);
        if !reports.is_empty() {
            fields.push(("interval_reports", array(reports)));
        }
    }
    Ok(object_of(fields))
}

/// `GET /api/v2/insights/user-activity`
pub fn activity(demo: &Demo, params: Params) -> Result<String, Refusal> {
    let (window, asked) = per_user(demo, params)?;
    let tell = |minutes: &mut i64, used: &Use| *minutes += used.minutes;
    let figure = |minutes: i64| ("seconds", (minutes * 60).to_string());
    Ok(user_report(demo, &window, &asked, tell, figure))
}

/// `GET /api/v2/insights/user-latency`
pub fn latency(demo: &Demo, params: Params) -> Result<String, Refusal> {
    let (window, asked) = per_user(demo, params)?;
    let tell = |samples: &mut Vec<i64>, used: &Use| samples.extend(sample(used));
    let figure = |mut samples: Vec<i64>| {
        samples.sort_unstable();
        let percentile = |percent| milliseconds(percentile(&samples, percent));
        ("latency_ms", object([("p50", percentile(50)), ("p95", percentile(95))]))
    };
    Ok(user_report(demo, &window, &asked, tell, figure))
}

fn per_user(demo: &Demo, mut params: Params) -> Result<(Window, Asked), Refusal> {
    let (start, end) = (params.required("start_time"), params.required("end_time"));
    let ids = params.uuids("template_ids");
    params.finish()?;
    let asked = asked(start, end, demo.now)?;
    Ok((window(demo, &asked, &ids), asked))
}

fn window(demo: &Demo, asked: &Asked, ids: &[u128]) -> Window {
    let chosen = (0..TEMPLATES.len())
        .filter(|place| ids.contains(&template_id(*place)))
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

fn interval_reports(demo: &Demo, window: &Window, asked: &Asked, days: i64, interval: &str) -> Vec<String> {
    let (start, end, step) = (asked.start.timestamp(), asked.end.timestamp(), days * 86_400);
    let report = |(place, bucket): (i32, &Bucket)| {
        let from = asked.start + Duration::seconds(step) * place;
        let to = (from + Duration::seconds(step)).min(asked.end.with_timezone(from.offset()));
        object([
            ("start_time", rfc3339(&from)),
            ("end_time", rfc3339(&to)),
            ("template_ids", template_ids(bucket.templates)),
            ("interval", text(interval)),
            ("active_users", bucket.users.to_string()),
        ])
    };
    (0..)
        .zip(&buckets(demo, window, start, end, days))
        .map(report)
        .collect()
}

#[derive(Clone, Copy, Default)]
struct AppTotal {
    minutes: i64,
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
    // Built-in ones are listed even when nobody used them.
    let rows = APPS
        .iter()
        .zip(totals)
        .enumerate()
        .filter(|(place, (_, total))| *place < BUILTIN || total.minutes > 0);
    object([
        ("start_time", rfc3339(&asked.start)),
        ("end_time", rfc3339(&asked.end)),
        ("template_ids", template_ids(templates)),
        ("active_users", users.to_string()),
        ("apps_usage", array(rows.map(|(_, (app, total))| app_row(app, total)))),
        ("parameters_usage", parameters_usage(demo, window)),
    ])
}

fn app_row(app: &super::cast::App, total: AppTotal) -> String {
    object([
        ("template_ids", template_ids(total.templates)),
        ("type", text(app.kind)),
        ("display_name", text(app.display_name)),
        ("slug", text(app.slug)),
        ("icon", text(app.icon)),
        ("family", text(app.family)),
        ("seconds", (total.minutes * 60).to_string()),
        ("times_used", total.times.to_string()),
    ])
}

/// Lists everybody with use in the window. The figure is told of each half hour of a person and then asked.
fn user_report<F: Default>(
    demo: &Demo,
    window: &Window,
    asked: &Asked,
    tell: impl Fn(&mut F, &Use),
    figure: impl Fn(F) -> (&'static str, String),
) -> String {
    let mut all = 0;
    let mut users = Vec::new();
    for person in &demo.people {
        let mut templates = 0;
        let mut told = F::default();
        window.walk(person, |used| {
            templates |= bit(used.work.template);
            tell(&mut told, used);
        });
        if templates != 0 {
            all |= templates;
            users.push(object([
                ("template_ids", template_ids(templates)),
                ("user_id", text(&uuid_text(person.id))),
                ("username", text(&person.username())),
                ("avatar_url", text("")),
                figure(told),
            ]));
        }
    }
    let report = object([
        ("start_time", rfc3339(&asked.start)),
        ("end_time", rfc3339(&asked.end)),
        ("template_ids", template_ids(all)),
        ("users", array(users)),
    ]);
    object([("report", report)])
}

/// A latency in microseconds, in some half hours: mostly near the person's typical one, seldom far above.
fn sample(used: &Use) -> Option<i64> {
    let typical = used.person.latency.filter(|_| used.is_measured())?;
    let word = mix(used.person.seed, used.half_hour.unsigned_abs());
    let spread = 900 + (word >> 8 & 255).cast_signed();
    let spike = if word & 15 == 0 {
        1300 + (word >> 16 & 2047).cast_signed()
    } else {
        1000
    };
    Some(typical * spread / 1000 * spike / 1000)
}

/// The value at a percentage of sorted samples, between neighbours where it falls between them.
fn percentile(sorted: &[i64], percent: usize) -> Option<i64> {
    let place = sorted.len().checked_sub(1)? * percent;
    let low = *sorted.get(place / 100)?;
    let high = sorted.get(place / 100 + 1).copied().unwrap_or(low);
    let rest = i64::try_from(place % 100).unwrap_or(0);
    Some(low + (high - low) * rest / 100)
}

/// Microseconds as milliseconds; −1 stands for use without a sample.
fn milliseconds(micros: Option<i64>) -> String {
    micros.map_or("-1".into(), |micros| format!("{}.{:03}", micros / 1000, micros % 1000))
}

fn rfc3339(instant: &DateTime<FixedOffset>) -> String {
    text(&instant.to_rfc3339_opts(SecondsFormat::Secs, true))
}
