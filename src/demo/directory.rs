//! The answers that are not about use: version, the caller, organizations, templates and the licence.

use super::Demo;
use super::cast::{ORGANIZATIONS, Organization, TEMPLATES, Template, TemplateSet};
use super::chance::{uuid, uuid_text};
use super::json::{array, object, text};
use super::status::seats;
use super::usage::{Window, all_templates, bit};
use chrono::{DateTime, SecondsFormat, Utc};

/// Id of a template.
pub fn template_id(place: usize) -> u128 {
    uuid(0x7e3, place as u64)
}

/// Ids of templates, sorted.
pub fn template_ids(set: TemplateSet) -> String {
    let mut ids: Vec<u128> = (0..TEMPLATES.len())
        .filter(|place| set & bit(*place) != 0)
        .map(template_id)
        .collect();
    ids.sort_unstable();
    array(ids.into_iter().map(id))
}

/// `GET /api/v2/buildinfo`
pub fn build_info(_: &Demo) -> String {
    object([
        ("external_url", text("https://github.com/coder/coder")),
        ("version", text("v2.39.1+demo")),
        ("dashboard_url", text("https://coder.example.com")),
        ("telemetry", false.to_string()),
        ("workspace_proxy", false.to_string()),
        ("agent_api_version", text("2.0")),
        ("provisioner_api_version", text("1.0")),
        ("upgrade_message", text("")),
        ("deployment_id", id(uuid(0xde9, 0))),
        ("webpush_public_key", text("")),
    ])
}

/// `GET /api/v2/users/me`: an owner.
pub fn me(demo: &Demo) -> String {
    let Some(person) = demo.people.iter().find(|person| person.serial == 0) else {
        return object([]);
    };
    let name = person.username();
    let owner = object([("name", text("owner")), ("display_name", text("Owner"))]);
    object([
        ("id", id(person.id)),
        ("username", text(&name)),
        ("name", text("")),
        ("email", text(&format!("{name}@example.com"))),
        ("avatar_url", text("")),
        ("created_at", time(person.course.created)),
        ("updated_at", time(person.course.created)),
        ("last_seen_at", time(demo.now.timestamp())),
        ("status", text("active")),
        ("login_type", text("password")),
        ("theme_preference", text("")),
        (
            "organization_ids",
            array((0..ORGANIZATIONS.len()).map(|place| id(organization_id(place)))),
        ),
        ("roles", array([owner])),
    ])
}

/// `GET /api/v2/organizations`
pub fn organizations(_: &Demo) -> String {
    let row = |(place, organization): (usize, &Organization)| {
        object([
            ("id", id(organization_id(place))),
            ("name", text(organization.name)),
            ("display_name", text(organization.display_name)),
            ("icon", text("")),
            ("description", text("")),
            ("created_at", time(opening())),
            ("updated_at", time(opening())),
            ("is_default", (place == 0).to_string()),
        ])
    };
    array(ORGANIZATIONS.iter().enumerate().map(row))
}

/// `GET /api/v2/templates`
pub fn templates(demo: &Demo) -> String {
    let now = demo.now.timestamp();
    let week = Window::new(now - 7 * 86_400, now, now, all_templates());
    let mut users = [0_u64; TEMPLATES.len()];
    for person in &demo.people {
        let mut seen = 0;
        week.walk(person, |used| seen |= bit(used.work.template));
        for (place, count) in users.iter_mut().enumerate() {
            *count += u64::from(seen & bit(place) != 0);
        }
    }
    array(
        TEMPLATES
            .iter()
            .zip(users)
            .enumerate()
            .map(|(place, (template, users))| template_row(place, template, users)),
    )
}

fn template_row(place: usize, template: &Template, users: u64) -> String {
    let organization = ORGANIZATIONS.get(template.organization);
    let old = template.share == 0;
    let span = |p50: u32, p95: u32| object([("p50", p50.to_string()), ("p95", p95.to_string())]);
    object([
        ("id", id(template_id(place))),
        ("created_at", time(opening())),
        ("updated_at", time(opening())),
        ("organization_id", id(organization_id(template.organization))),
        (
            "organization_name",
            text(organization.map_or("", |organization| organization.name)),
        ),
        (
            "organization_display_name",
            text(organization.map_or("", |organization| organization.display_name)),
        ),
        ("organization_icon", text("")),
        ("name", text(template.name)),
        ("display_name", text(template.display_name)),
        ("provisioner", text("terraform")),
        ("active_version_id", id(uuid(0x7e4, place as u64))),
        ("active_user_count", users.to_string()),
        (
            "build_time_stats",
            object([
                ("start", span(41_000, 96_000)),
                ("stop", span(9_000, 21_000)),
                ("delete", span(12_000, 30_000)),
            ]),
        ),
        ("description", text("")),
        ("deprecated", old.to_string()),
        (
            "deprecation_message",
            text(if old { "Use Linux (general)." } else { "" }),
        ),
        ("icon", text(template.icon)),
    ])
}

/// `GET /api/v2/entitlements`: nine of ten seats are taken.
pub fn entitlements(demo: &Demo) -> String {
    let seats = seats(demo);
    let limit = (seats * 10).div_ceil(90) * 10;
    let feature = |entitlement: &str| {
        object([
            ("entitlement", text(entitlement)),
            ("enabled", (entitlement == "entitled").to_string()),
        ])
    };
    let user_limit = object([
        ("entitlement", text("entitled")),
        ("enabled", true.to_string()),
        ("limit", limit.to_string()),
        ("actual", seats.to_string()),
    ]);
    let features = object([
        ("audit_log", feature("entitled")),
        ("high_availability", feature("not_entitled")),
        ("multiple_organizations", feature("entitled")),
        ("user_limit", user_limit),
    ]);
    object([
        ("features", features),
        ("warnings", array([])),
        ("errors", array([])),
        ("has_license", true.to_string()),
        ("trial", false.to_string()),
        ("require_telemetry", false.to_string()),
        // Counted every ten minutes.
        ("refreshed_at", time(demo.now.timestamp().div_euclid(600) * 600)),
    ])
}

fn organization_id(place: usize) -> u128 {
    uuid(0x0c6, place as u64)
}

fn opening() -> i64 {
    super::calendar::OPENING * 86_400 + 9 * 3600
}

fn id(id: u128) -> String {
    text(&uuid_text(id))
}

fn time(second: i64) -> String {
    let time: DateTime<Utc> = DateTime::from_timestamp(second, 0).unwrap_or_default();
    text(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
}
