//! Insights on the wire, and what they mean: templates, activity and latency of people.
//!
//! <https://coder.com/docs/reference/api/insights>. Structs are named like the JSON; keys go missing rather than
//! empty, and more of them the older the server.

use crate::data::{
    AppUsage, Data, InsightsReport, IntervalReport, ParameterOption, ParameterUsage, PersonLatency, PersonSeconds,
    UserActivity, UserLatency,
};
use crate::order;
use crate::remote::{LoadError, Reply};
use crate::source::{Answer, Reader, Request};
use crate::wire::cut::{Batch, Way};
use crate::wire::field;
use chrono::{DateTime, FixedOffset};
use serde::Deserialize;
use serde::de::IgnoredAny;

/// `GET /api/v2/insights/templates`
#[derive(Deserialize)]
pub struct Insights {
    #[serde(default)]
    report: Option<Report>,
    #[serde(default, deserialize_with = "field::list")]
    interval_reports: Vec<Interval>,
}

#[derive(Deserialize)]
struct Report {
    #[serde(deserialize_with = "field::time")]
    start_time: DateTime<FixedOffset>,
    #[serde(deserialize_with = "field::time")]
    end_time: DateTime<FixedOffset>,
    #[serde(default, deserialize_with = "field::list")]
    template_ids: Vec<String>,
    #[serde(deserialize_with = "field::count")]
    active_users: u64,
    #[serde(default, deserialize_with = "field::list")]
    apps_usage: Vec<App>,
    #[serde(default, deserialize_with = "field::list")]
    parameters_usage: Vec<Parameter>,
}

#[derive(Deserialize)]
struct Interval {
    #[serde(deserialize_with = "field::time")]
    start_time: DateTime<FixedOffset>,
    #[serde(deserialize_with = "field::time")]
    end_time: DateTime<FixedOffset>,
    #[serde(deserialize_with = "field::count")]
    active_users: u64,
}

#[derive(Deserialize)]
struct App {
    #[serde(default, deserialize_with = "field::list")]
    template_ids: Vec<String>,
    #[serde(rename = "type")]
    kind: String,
    #[serde(default, deserialize_with = "field::text")]
    display_name: String,
    #[serde(default, deserialize_with = "field::text")]
    slug: String,
    #[serde(default, deserialize_with = "field::text")]
    icon: String,
    #[serde(default, deserialize_with = "field::text")]
    family: String,
    #[serde(deserialize_with = "field::count")]
    seconds: u64,
    #[serde(default)]
    seconds_is_upper_bound: Option<bool>,
    #[serde(default, deserialize_with = "field::count_if_any")]
    times_used: Option<u64>,
}

#[derive(Deserialize)]
struct Parameter {
    #[serde(default, deserialize_with = "field::list")]
    template_ids: Vec<String>,
    #[serde(default, deserialize_with = "field::text")]
    display_name: String,
    name: String,
    #[serde(rename = "type", default, deserialize_with = "field::text")]
    kind: String,
    #[serde(default, deserialize_with = "field::text")]
    description: String,
    #[serde(default, deserialize_with = "field::list")]
    options: Vec<Choice>,
    #[serde(default, deserialize_with = "field::list")]
    values: Vec<Value>,
}

#[derive(Deserialize)]
struct Choice {
    #[serde(default, deserialize_with = "field::text")]
    name: String,
    #[serde(default, deserialize_with = "field::text")]
    value: String,
    #[serde(default, deserialize_with = "field::text")]
    icon: String,
}

#[derive(Deserialize)]
struct Value {
    #[serde(default, deserialize_with = "field::text")]
    value: String,
    #[serde(deserialize_with = "field::count")]
    count: u64,
}

impl From<Insights> for crate::data::Insights {
    fn from(wire: Insights) -> Self {
        // The query has no ORDER BY.
        let mut intervals: Vec<IntervalReport> = wire.interval_reports.into_iter().map(Into::into).collect();
        order::sort_by(&mut intervals, |a, b| a.start.cmp(&b.start));
        Self {
            report: wire.report.map(Into::into),
            intervals,
        }
    }
}

impl From<Report> for InsightsReport {
    fn from(wire: Report) -> Self {
        Self {
            start: wire.start_time,
            end: wire.end_time,
            template_ids: wire.template_ids,
            active_users: wire.active_users,
            apps: wire.apps_usage.into_iter().map(Into::into).collect(),
            parameters: wire.parameters_usage.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Interval> for IntervalReport {
    fn from(wire: Interval) -> Self {
        Self {
            start: wire.start_time,
            end: wire.end_time,
            active_users: wire.active_users,
        }
    }
}

impl From<App> for AppUsage {
    fn from(wire: App) -> Self {
        // Built-in rows always say 0: nobody counts how often they are opened.
        let times_used = wire.times_used.filter(|_| wire.kind != "builtin");
        Self {
            kind: wire.kind,
            slug: wire.slug,
            name: wire.display_name,
            icon: wire.icon,
            family: Some(wire.family).filter(|family| !family.is_empty()),
            seconds: wire.seconds,
            is_upper_bound: wire.seconds_is_upper_bound.unwrap_or(false),
            times_used,
            template_ids: wire.template_ids,
        }
    }
}

impl From<Parameter> for ParameterUsage {
    fn from(wire: Parameter) -> Self {
        let option = |wire: Choice| ParameterOption {
            name: wire.name,
            value: wire.value,
            icon: wire.icon,
        };
        Self {
            name: wire.name,
            display_name: wire.display_name,
            kind: wire.kind,
            description: wire.description,
            options: wire.options.into_iter().map(option).collect(),
            values: wire.values.into_iter().map(|wire| (wire.value, wire.count)).collect(),
            template_ids: wire.template_ids,
        }
    }
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

    fn take(&mut self, rows: Batch<'_>) -> Result<(), serde_json::Error> {
        for wire in serde_json::from_slice::<Vec<Used>>(rows.text)? {
            let ids = wire.template_ids.into_iter();
            self.users.push(PersonSeconds {
                user_id: wire.user_id,
                username: wire.username,
                seconds: wire.seconds,
                templates: ids.map(|id| field::place(&mut self.template_ids, id)).collect(),
            });
        }
        Ok(())
    }

    fn end(&mut self, request: &Request, reply: &Reply) -> Result<Answer, LoadError> {
        let mut answer = super::read(request, reply)?;
        if let Answer::Data(Data::Activity(activity)) = &mut answer {
            // The templates of the report come first.
            let ids = std::mem::take(&mut self.template_ids).into_iter();
            let places: Vec<u16> = ids.map(|id| field::place(&mut activity.template_ids, id)).collect();
            for template in self.users.iter_mut().flat_map(|person| &mut person.templates) {
                *template = places.get(usize::from(*template)).copied().unwrap_or(*template);
            }
            activity.users = std::mem::take(&mut self.users);
            activity.rank();
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

    fn take(&mut self, rows: Batch<'_>) -> Result<(), serde_json::Error> {
        let rows: Vec<Delayed> = serde_json::from_slice(rows.text)?;
        self.0.extend(rows.into_iter().map(PersonLatency::from));
        Ok(())
    }

    fn end(&mut self, request: &Request, reply: &Reply) -> Result<Answer, LoadError> {
        let mut answer = super::read(request, reply)?;
        if let Answer::Data(Data::Latency(latency)) = &mut answer {
            latency.users = std::mem::take(&mut self.0);
            latency.rank();
        }
        Ok(answer)
    }
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
            user_id: wire.user_id,
            username: wire.username,
            p50,
            p95,
        }
    }
}
