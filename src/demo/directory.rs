//! The answers that are not about use: version, the caller, organizations, templates and the licence.

use super::Demo;
use super::calendar::OPENING;
use super::cast::{ORGANIZATIONS, TEMPLATES, Template, TemplateSet};
use super::chance::{uuid, uuid_text};
use super::json::{List, fill, number, text};
use super::status::seats;
use super::usage::{Window, all_templates, bit};
use chrono::{DateTime, SecondsFormat, Utc};

/// Id of a template.
pub fn template_id(place: usize) -> u128 {
    uuid(0x7e3, place as u64)
}

/// Ids of templates, in order.
pub fn template_ids(set: TemplateSet) -> String {
    let mut ids = List::array();
    for place in (0..TEMPLATES.len()).filter(|place| set & bit(*place) != 0) {
        ids.push(&id(template_id(place)));
    }
    ids.end()
}

/// `GET /api/v2/buildinfo`
pub fn build_info() -> String {
    let document = r#"{"external_url":"https://github.com/coder/coder","version":"v2.39.1+demo","dashboard_url":"https://coder.example.com","telemetry":false,"workspace_proxy":false,"agent_api_version":"2.0","provisioner_api_version":"1.0","upgrade_message":"","deployment_id":~,"webpush_public_key":""}"#;
    fill(document, &[id(uuid(0xde9, 0xd390))])
}

/// `GET /api/v2/users/me`: an owner.
pub fn me(demo: &Demo) -> String {
    let document = r#"{"id":~,"username":~,"name":"","email":~,"avatar_url":"","created_at":~,"updated_at":~,"last_seen_at":~,"status":"active","login_type":"password","theme_preference":"","organization_ids":~,"roles":[{"name":"owner","display_name":"Owner"}]}"#;
    let Some(person) = demo.people.first() else {
        return "{}".into();
    };
    let name = person.username();
    let created = time(person.course.created);
    let mut organizations = List::array();
    for place in 0..ORGANIZATIONS.len() {
        organizations.push(&id(organization_id(place)));
    }
    let values = [
        id(person.id),
        text(&name),
        text(&format!("{name}@example.com")),
        created.clone(),
        created,
        time(demo.now.timestamp()),
        organizations.end(),
    ];
    fill(document, &values)
}

/// `GET /api/v2/organizations`
pub fn organizations() -> String {
    let document =
        r#"{"id":~,"name":~,"display_name":~,"icon":"","description":"","created_at":~,"updated_at":~,"is_default":~}"#;
    let mut rows = List::array();
    for (place, organization) in ORGANIZATIONS.iter().enumerate() {
        let values = [
            id(organization_id(place)),
            text(organization.name),
            text(organization.display_name),
            opening(),
            opening(),
            truth(place == 0),
        ];
        rows.push(&fill(document, &values));
    }
    rows.end()
}

/// `GET /api/v2/templates`
pub fn templates(demo: &Demo) -> String {
    let now = demo.now.timestamp();
    let week = Window::new(now - 7 * 86_400, now, now, all_templates());
    let mut users = [0_u64; TEMPLATES.len()];
    for person in &demo.people {
        let mut seen = 0;
        week.touch(person, 7 * 48, |_, template| seen |= bit(template));
        for (place, count) in users.iter_mut().enumerate() {
            *count += u64::from(seen & bit(place) != 0);
        }
    }
    let mut rows = List::array();
    for (place, (template, users)) in TEMPLATES.iter().zip(users).enumerate() {
        rows.push(&template_row(place, template, users));
    }
    rows.end()
}

fn template_row(place: usize, template: &Template, users: u64) -> String {
    let document = r#"{"id":~,"created_at":~,"updated_at":~,"organization_id":~,"organization_name":~,"organization_display_name":~,"organization_icon":"","name":~,"display_name":~,"provisioner":"terraform","active_version_id":~,"active_user_count":~,"build_time_stats":{"start":{"p50":41000,"p95":96000},"stop":{"p50":9000,"p95":21000},"delete":{"p50":12000,"p95":30000}},"description":"","deprecated":~,"deprecation_message":~,"icon":~}"#;
    let organization = ORGANIZATIONS.get(template.organization);
    let is_old = template.share == 0;
    let values = [
        id(template_id(place)),
        opening(),
        opening(),
        id(organization_id(template.organization)),
        text(organization.map_or("", |organization| organization.name)),
        text(organization.map_or("", |organization| organization.display_name)),
        text(template.name),
        text(template.display_name),
        id(uuid(0x7e4, place as u64)),
        number(users),
        truth(is_old),
        text(if is_old { "Use Linux (general)." } else { "" }),
        text(template.icon),
    ];
    fill(document, &values)
}

/// `GET /api/v2/entitlements`: nine of ten seats are taken.
pub fn entitlements(demo: &Demo) -> String {
    let document = r#"{"features":{"audit_log":{"entitlement":"entitled","enabled":true},"high_availability":{"entitlement":"not_entitled","enabled":false},"multiple_organizations":{"entitlement":"entitled","enabled":true},"user_limit":{"entitlement":"entitled","enabled":true,"limit":~,"actual":~}},"warnings":[],"errors":[],"has_license":true,"trial":false,"require_telemetry":false,"refreshed_at":~}"#;
    let seats = seats(demo);
    let limit = (seats * 10).div_ceil(90) * 10;
    // Counted every ten minutes.
    let counted = demo.now.timestamp().div_euclid(600) * 600;
    fill(document, &[number(limit), number(seats), time(counted)])
}

/// Id of an organization.
pub fn organization_id(place: usize) -> u128 {
    uuid(0x0c6, place as u64)
}

/// An id as JSON.
pub fn id(id: u128) -> String {
    text(&uuid_text(id))
}

fn opening() -> String {
    time(OPENING * 86_400 + 9 * 3600)
}

/// An instant as JSON.
pub fn time(second: i64) -> String {
    let time: DateTime<Utc> = DateTime::from_timestamp(second, 0).unwrap_or_default();
    text(&time.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn truth(value: bool) -> String {
    String::from(if value { "true" } else { "false" })
}
