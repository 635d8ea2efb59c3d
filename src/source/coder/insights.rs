//! Insights on the wire, and what they mean: templates, activity and latency of people.
//!
//! <https://coder.com/docs/reference/api/insights>. Structs are named like the JSON; keys go missing rather than
//! empty, and more of them the older the server.

use super::deployment::called;
use crate::data::id::Id;
use crate::data::{
    AppUsage, Data, Insights, InsightsReport, IntervalReport, ParameterOption, ParameterUsage, PersonLatency,
    PersonSeconds, UserActivity, UserLatency,
};
use crate::order::{self, Index};
use crate::remote::{LoadError, Reply};
use crate::source::{Answer, Reader, Request};
use crate::wire::cut::{Batch, Way};
use crate::wire::field;
use crate::wire::node::{Node, Result};
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// `GET /api/v2/insights/templates`
pub fn insights(node: &Node) -> Result<Insights> {
    let report = node.get("report")?;
    let mut intervals = Vec::new();
    node.each_of("interval_reports", &mut |node| {
        intervals.push(IntervalReport {
            start: node.time("start_time")?,
            end: node.time("end_time")?,
            active_users: node.count("active_users")?,
        });
        Ok(())
    })?;
    // The query has no ORDER BY.
    order::sort_by(&mut intervals, |a, b| a.start.cmp(&b.start));
    Ok(Insights {
        report: report.map(|node| whole(&node)).transpose()?,
        intervals,
    })
}

fn whole(node: &Node) -> Result<InsightsReport> {
    let (mut apps, mut parameters) = (Vec::new(), Vec::new());
    node.each_of("apps_usage", &mut |node| {
        apps.push(app(node)?);
        Ok(())
    })?;
    node.each_of("parameters_usage", &mut |node| {
        parameters.push(parameter(node)?);
        Ok(())
    })?;
    Ok(InsightsReport {
        start: node.time("start_time")?,
        end: node.time("end_time")?,
        template_ids: node.texts("template_ids")?,
        active_users: node.count("active_users")?,
        apps,
        parameters,
    })
}

fn app(node: &Node) -> Result<AppUsage> {
    let kind = node.text("type")?;
    // Built-in rows always say 0: nobody counts how often they are opened.
    let times_used = node.count_if_any("times_used")?.filter(|_| kind != "builtin");
    Ok(AppUsage {
        kind,
        slug: node.text_if_any("slug")?,
        name: node.text_if_any("display_name")?,
        icon: node.text_if_any("icon")?,
        family: Some(node.text_if_any("family")?).filter(|family| !family.is_empty()),
        seconds: node.count("seconds")?,
        is_upper_bound: node.flag_if_any("seconds_is_upper_bound")?.unwrap_or(false),
        times_used,
        template_ids: node.texts("template_ids")?,
    })
}

fn parameter(node: &Node) -> Result<ParameterUsage> {
    let (mut options, mut values) = (Vec::new(), Vec::new());
    node.each_of("options", &mut |node| {
        options.push(ParameterOption {
            name: node.text_if_any("name")?,
            value: node.text_if_any("value")?,
            icon: node.text_if_any("icon")?,
        });
        Ok(())
    })?;
    node.each_of("values", &mut |node| {
        values.push((node.text_if_any("value")?, node.count("count")?));
        Ok(())
    })?;
    Ok(ParameterUsage {
        name: node.text("name")?,
        display_name: node.text_if_any("display_name")?,
        kind: node.text_if_any("type")?,
        description: node.text_if_any("description")?,
        options,
        values,
        template_ids: node.texts("template_ids")?,
    })
}

/// `GET /api/v2/insights/user-activity` and `GET /api/v2/insights/user-latency`, without their rows.
#[derive(Deserialize)]
pub struct People {
    report: PeopleReport,
}

#[derive(Deserialize)]
struct PeopleReport {
    #[serde(default, deserialize_with = "field::time_if_any")]
    start_time: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::time_if_any")]
    end_time: Option<DateTime<FixedOffset>>,
    #[serde(default, deserialize_with = "field::list")]
    template_ids: Vec<String>,
    // Without a default a missing key is an error.
    #[serde(rename = "users", deserialize_with = "field::list")]
    _users: Vec<IgnoredAny>,
}

#[derive(Deserialize)]
struct Used {
    user_id: String,
    #[serde(default, deserialize_with = "field::text")]
    username: String,
    #[serde(deserialize_with = "field::count")]
    seconds: u64,
    #[serde(default, deserialize_with = "field::list")]
    template_ids: Vec<String>,
}

#[derive(Deserialize)]
struct Delayed {
    user_id: String,
    #[serde(default, deserialize_with = "field::text")]
    username: String,
    #[serde(default)]
    latency_ms: Option<Milliseconds>,
}

#[derive(Deserialize)]
struct Milliseconds {
    #[serde(default)]
    p50: Option<f64>,
    #[serde(default)]
    p95: Option<f64>,
}

/// Where the people of both are.
const PEOPLE: &[Way] = &[&["report", "users"]];

/// People with time, while the answer comes.
#[derive(Default)]
pub struct UsedRows {
    template_ids: Vec<String>,
    users: Vec<PersonSeconds>,
}

impl Reader for UsedRows {
    fn ways(&self) -> &'static [Way] {
        PEOPLE
    }

    fn take(&mut self, rows: Batch<'_>) -> std::result::Result<(), serde_json::Error> {
        for wire in serde_json::from_slice::<Vec<Used>>(rows.text)? {
            let ids = wire.template_ids.into_iter();
            let mut templates = Vec::with_capacity(ids.len());
            unite(&mut templates, ids.map(|id| field::place(&mut self.template_ids, id)));
            self.users.push(PersonSeconds {
                username: called(wire.username, &wire.user_id),
                user_id: wire.user_id.into(),
                seconds: wire.seconds,
                templates,
            });
        }
        Ok(())
    }

    fn end(&mut self, request: &Request, reply: &Reply) -> std::result::Result<Answer, LoadError> {
        let mut answer = super::read(request, reply)?;
        if let Answer::Data(Data::Activity(activity)) = &mut answer {
            // The templates of the report come first.
            let ids = std::mem::take(&mut self.template_ids).into_iter();
            let places: Vec<u16> = ids.map(|id| field::place(&mut activity.template_ids, id)).collect();
            for template in self.users.iter_mut().flat_map(|person| &mut person.templates) {
                *template = places.get(usize::from(*template)).copied().unwrap_or(*template);
            }
            let users = std::mem::take(&mut self.users);
            activity.users = merged(
                users,
                |person| &person.user_id,
                |person, more| {
                    person.seconds = person.seconds.saturating_add(more.seconds);
                    unite(&mut person.templates, more.templates.into_iter());
                },
            );
        }
        Ok(answer)
    }
}

/// People with latency, while the answer comes.
#[derive(Default)]
pub struct DelayedRows(Vec<PersonLatency>);

impl Reader for DelayedRows {
    fn ways(&self) -> &'static [Way] {
        PEOPLE
    }

    fn take(&mut self, rows: Batch<'_>) -> std::result::Result<(), serde_json::Error> {
        let rows: Vec<Delayed> = serde_json::from_slice(rows.text)?;
        self.0.extend(rows.into_iter().map(PersonLatency::from));
        Ok(())
    }

    fn end(&mut self, request: &Request, reply: &Reply) -> std::result::Result<Answer, LoadError> {
        let mut answer = super::read(request, reply)?;
        if let Answer::Data(Data::Latency(latency)) = &mut answer {
            let users = std::mem::take(&mut self.0);
            // There is no way to add medians up: the last one told holds.
            latency.users = merged(
                users,
                |person| &person.user_id,
                |person, more| {
                    (person.p50, person.p95) = (more.p50.or(person.p50), more.p95.or(person.p95));
                },
            );
        }
        Ok(answer)
    }
}

/// Adds what is not there yet.
fn unite(to: &mut Vec<u16>, more: impl Iterator<Item = u16>) {
    for place in more {
        if !to.contains(&place) {
            to.push(place);
        }
    }
}

/// Brings the rows about one person together, in the place of the first: whoever is told of twice is still one.
fn merged<T>(rows: Vec<T>, id: fn(&T) -> &Id, add: impl Fn(&mut T, T)) -> Vec<T> {
    // Servers sort them by id, and then nobody is in it twice.
    if rows.is_sorted_by(|a, b| id(a).is_before(id(b))) {
        return rows;
    }
    let mut index = Index::with_capacity(rows.len());
    let places: Vec<usize> = rows.iter().map(|row| index.place(id(row).as_str())).collect();
    let mut merged: Vec<T> = Vec::with_capacity(index.len());
    for (row, place) in rows.into_iter().zip(places) {
        match merged.get_mut(place) {
            Some(person) => add(person, row),
            None => merged.push(row),
        }
    }
    merged
}

impl From<People> for UserActivity {
    fn from(wire: People) -> Self {
        Self {
            span: wire.report.start_time.zip(wire.report.end_time),
            template_ids: wire.report.template_ids,
            ..Self::default()
        }
    }
}

impl From<People> for UserLatency {
    fn from(wire: People) -> Self {
        Self {
            span: wire.report.start_time.zip(wire.report.end_time),
            template_ids: wire.report.template_ids,
            ..Self::default()
        }
    }
}

impl From<Delayed> for PersonLatency {
    fn from(wire: Delayed) -> Self {
        // −1 stands for usage without a sample.
        let sample = |value: Option<f64>| value.filter(|value| value.is_finite() && *value >= 0.0);
        let (p50, p95) = wire
            .latency_ms
            .map_or((None, None), |wire| (sample(wire.p50), sample(wire.p95)));
        Self {
            username: called(wire.username, &wire.user_id),
            user_id: wire.user_id.into(),
            p50,
            p95,
        }
    }
}
