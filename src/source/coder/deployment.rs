//! The deployment on the wire, and what it means: version, caller, organizations, templates, licence, and the two
//! insights that are about the deployment as a whole.

use crate::data::{BuildInfo, Daus, DayRule, Entitlements, Me, Organization, Status, Statuses, Template};
use crate::order;
use crate::wire::node::{Node, Result};
use crate::wire::refusal;
use crate::zone::{self, Day};
use chrono::Datelike;

/// `GET /api/v2/buildinfo`
pub fn build(node: &Node) -> Result<BuildInfo> {
    Ok(BuildInfo {
        version: node.text("version")?,
        deployment_id: node.text_if_any("deployment_id")?,
    })
}

/// `GET /api/v2/users/me`
pub fn me(node: &Node) -> Result<Me> {
    let mut roles = Vec::new();
    node.each_of("roles", &mut |node| {
        let name = node.text("name")?;
        if is_site_wide(&node.text_if_any("organization_id")?) {
            roles.push(name);
        }
        Ok(())
    })?;
    Ok(Me {
        id: node.text("id")?,
        username: node.text("username")?,
        roles,
        organization_ids: node.texts("organization_ids")?,
    })
}

/// Whether this is the organization of a role of the whole site: Go writes one that is none as empty, as zeros, or not at
/// all.
pub fn is_site_wide(organization_id: &str) -> bool {
    organization_id.bytes().all(|byte| matches!(byte, b'0' | b'-'))
}

/// `GET /api/v2/organizations`
pub fn organizations(node: &Node) -> Result<Vec<Organization>> {
    let mut organizations = Vec::new();
    node.each(&mut |node| {
        organizations.push(Organization {
            id: node.text("id")?,
            name: name(node)?,
        });
        Ok(())
    })?;
    Ok(organizations)
}

/// `GET /api/v2/templates`
pub fn templates(node: &Node) -> Result<Vec<Template>> {
    let mut templates: Vec<Template> = Vec::new();
    node.each(&mut |node| {
        templates.push(Template {
            id: node.text("id")?,
            name: name(node)?,
            organization_id: node.text_if_any("organization_id")?,
        });
        Ok(())
    })?;
    let has_twin = |one: &Template| templates.iter().any(|other| is_twin(one, other));
    if templates.iter().any(has_twin) {
        tell_apart(node, &mut templates)?;
    }
    Ok(templates)
}

/// Whether two templates are called alike.
fn is_twin(one: &Template, other: &Template) -> bool {
    one.name == other.name && one.id != other.id
}

/// Tells templates apart that are called alike: from those of other organizations by the name of its own, from those of the
/// same one by the name in its address, which is its own there.
#[inline(never)]
fn tell_apart(node: &Node, templates: &mut [Template]) -> Result<()> {
    let (mut words, mut place) = (Vec::new(), 0);
    node.each(&mut |node| {
        let Some(one) = templates.get(place) else { return Ok(()) };
        place += 1;
        let twins = || templates.iter().filter(|other| is_twin(one, other));
        let is_of_same = |other: &Template| other.organization_id == one.organization_id;
        let mut own = Vec::new();
        if twins().any(|other| !is_of_same(other)) {
            let name = node.text_if_any("organization_name")?;
            own.push(shown(
                node.text_if_any("organization_display_name")?,
                shown(name, one.organization_id.clone()),
            ));
        }
        if twins().any(is_of_same) {
            own.push(node.text_if_any("name")?);
        }
        words.push(own.join(", "));
        Ok(())
    })?;
    for (template, words) in templates.iter_mut().zip(words).filter(|(_, words)| !words.is_empty()) {
        template.name = format!("{} ({words})", template.name);
    }
    Ok(())
}

fn name(node: &Node) -> Result<String> {
    Ok(shown(node.text_if_any("display_name")?, node.text_if_any("name")?))
}

/// The display name, or the name where there is none.
pub fn shown(display_name: String, name: String) -> String {
    if display_name.trim().is_empty() {
        name
    } else {
        display_name
    }
}

/// What somebody is called: who has no user name is called by the id, so that no row is without a name.
pub fn called(username: String, id: &str) -> String {
    if username.trim().is_empty() {
        id.into()
    } else {
        username
    }
}

/// `GET /api/v2/entitlements`
pub fn entitlements(node: &Node) -> Result<Entitlements> {
    let features = node.get("features")?;
    if features.is_none() {
        // What names neither is no answer about a licence.
        node.must("has_license")?;
    }
    let seats = match &features {
        Some(features) => features.get("user_limit")?,
        None => None,
    };
    let (seats_used, seat_limit) = match seats {
        Some(seats) => (seats.count_if_any("actual")?, seats.count_if_any("limit")?),
        None => (None, None),
    };
    let refreshed_at = node.time_if_any("refreshed_at")?.map(|time| time.to_utc());
    let warnings = node.texts("warnings")?;
    Ok(Entitlements {
        // Nobody sells a limit without a licence.
        has_license: node.flag_if_any("has_license")?.unwrap_or(seat_limit.is_some()),
        seats_used,
        seat_limit,
        // Go's zero time, in the year 1, means never.
        refreshed_at: refreshed_at.filter(|time| time.year() > 1),
        warnings: warnings.iter().map(|warning| refusal::clean(warning)).collect(),
    })
}

/// `GET /api/v2/insights/daus`
pub fn daus(node: &Node) -> Result<Daus> {
    let mut days = Vec::new();
    node.must("entries")?.each(&mut |node| {
        let text = node.text("date")?;
        let day = date(&text).ok_or_else(|| node.complain("date", "a date such as 2026-11-13"))?;
        days.push((day, node.count("amount")?));
        Ok(())
    })?;
    // A day given twice: people cannot be added up, and there were at least as many as the larger figure.
    order::once(&mut days, u64::max);
    Ok(Daus { days })
}

/// The calendar date of the text itself: `2026-11-13`, or the timestamp of servers before February 2024. Turning it
/// into an instant and back would move it by a day in half of the world.
fn date(text: &str) -> Option<Day> {
    let (date, rest) = text.split_at_checked(10)?;
    zone::day(date).filter(|_| rest.is_empty() || rest.starts_with(['T', 't', ' ']))
}

/// `GET /api/v2/insights/user-status-counts`. Sorts the points: the first servers to answer this sent them in no order. Of
/// two at the same instant the one that came later holds.
pub fn statuses(node: &Node) -> Result<Statuses> {
    let mut points = Vec::new();
    let mut unknown = Vec::new();
    // A missing key is an error: `{}` is no answer.
    node.must("status_counts")?.each_field(&mut |key, node| {
        let mut series = Vec::new();
        node.each(&mut |node| {
            series.push((node.time("date")?.to_utc(), node.count("count")?));
            Ok(())
        })?;
        order::once(&mut series, |_, later| later);
        match status(key) {
            Some(status) if !series.is_empty() => points.push((status, series)),
            Some(_) => {}
            None => unknown.push(refusal::clean(key)),
        }
        Ok(())
    })?;
    order::sort_by(&mut points, |a, b| a.0.cmp(&b.0));
    Ok(Statuses {
        points,
        unknown,
        rule: DayRule::Zone,
    })
}

/// The status that a word of the server means; `None` for words this version does not know.
pub fn status(key: &str) -> Option<Status> {
    match key {
        "active" => Some(Status::Active),
        "dormant" => Some(Status::Dormant),
        "suspended" => Some(Status::Suspended),
        _ => None,
    }
}
