//! Which answer a document is, by its keys; which days it is about; and one answer out of several documents.

use crate::config::SourceKind;
use crate::period::DateRange;
use crate::source::{Ask, Slice};
use crate::zone::{self, Day};
use chrono::{DateTime, Datelike, Duration, FixedOffset};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Which answer a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Build,
    Me,
    Organizations,
    Templates,
    Entitlements,
    Daus,
    Statuses,
    Insights,
    Activity,
    Latency,
    Users,
    Usage,
    Assistant,
    Members,
}

/// Keys that only one answer has together.
const OBJECTS: &[(&[&str], Shape)] = &[
    (&["userTableStats"], Shape::Assistant),
    (&["status_counts"], Shape::Statuses),
    (&["entries"], Shape::Daus),
    (&["results", "count"], Shape::Members),
    (&["users", "count"], Shape::Users),
    (&["activity"], Shape::Usage),
    (&["features", "has_license"], Shape::Entitlements),
    (&["username", "organization_ids"], Shape::Me),
    (&["version", "external_url"], Shape::Build),
    (&["interval_reports"], Shape::Insights),
];

impl Shape {
    /// The shape of the answer to a question.
    pub fn of(ask: &Ask) -> Option<Shape> {
        Some(match ask {
            Ask::Build => Shape::Build,
            Ask::Me => Shape::Me,
            Ask::Organizations => Shape::Organizations,
            Ask::Templates => Shape::Templates,
            Ask::Entitlements => Shape::Entitlements,
            Ask::Daus => Shape::Daus,
            Ask::Statuses { .. } => Shape::Statuses,
            Ask::Insights(..) => Shape::Insights,
            Ask::Activity(_) => Shape::Activity,
            Ask::Latency(_) => Shape::Latency,
            Ask::Users(_) => Shape::Users,
            Ask::Usage(_) => Shape::Usage,
            _ => return None,
        })
    }

    /// The API that gives it.
    pub fn kind(self) -> SourceKind {
        match self {
            Shape::Usage => SourceKind::CoderV1,
            Shape::Assistant => SourceKind::Windsurf,
            Shape::Members => SourceKind::UserMetrics,
            _ => SourceKind::Coder,
        }
    }

    /// In words.
    pub fn name(self) -> &'static str {
        match self {
            Shape::Build => "Version of Coder",
            Shape::Me => "Signed-in account of Coder",
            Shape::Organizations => "Organizations",
            Shape::Templates => "Templates",
            Shape::Entitlements => "Licence of Coder",
            Shape::Daus => "Daily active users",
            Shape::Statuses => "User status over time",
            Shape::Insights => "Template insights",
            Shape::Activity => "Activity by user",
            Shape::Latency => "Latency by user",
            Shape::Users => "Accounts of Coder",
            Shape::Usage => "Activity by Coder v1",
            Shape::Assistant => "Seats of Windsurf",
            Shape::Members => "Members of the company",
        }
    }
}

/// What a document is.
pub fn recognise(value: &Value) -> Result<Shape, String> {
    let unknown = || Err("its keys are those of no response that is known".to_string());
    match value {
        Value::Array(rows) => match rows.first() {
            None => Err("it is an empty list, which may be of anything".into()),
            Some(Value::Object(row)) if row.contains_key("is_default") => Ok(Shape::Organizations),
            Some(Value::Object(row)) if row.contains_key("organization_id") => Ok(Shape::Templates),
            Some(_) => unknown(),
        },
        Value::Object(map) => {
            let has = |keys: &[&str]| keys.iter().all(|key| map.contains_key(*key));
            if let Some((_, shape)) = OBJECTS.iter().find(|(keys, _)| has(keys)) {
                return Ok(*shape);
            }
            if let Some(report) = map.get("report").and_then(Value::as_object) {
                return of_report(report);
            }
            let said = ["message", "error", "detail"].iter().find_map(|key| map.get(*key));
            match said {
                Some(Value::String(words)) => Err(format!("it is an error of a server: {words}")),
                Some(_) => Err("it is an error of a server".into()),
                None => unknown(),
            }
        }
        _ => unknown(),
    }
}

fn of_report(report: &Map<String, Value>) -> Result<Shape, String> {
    if report.contains_key("active_users") {
        return Ok(Shape::Insights);
    }
    let first = report.get("users").and_then(|users| users.get(0));
    match first {
        Some(user) if user.get("seconds").is_some() => Ok(Shape::Activity),
        Some(user) if user.get("latency_ms").is_some() => Ok(Shape::Latency),
        _ => Err("it names no people, and does not tell whether it is about their time or their latency".into()),
    }
}

/// A credential that an answer carries along is not kept.
pub fn without_secrets(shape: Shape, mut value: Value) -> Value {
    if shape == Shape::Assistant {
        let rows = value.get_mut("userTableStats").and_then(Value::as_array_mut);
        for row in rows.into_iter().flatten().filter_map(Value::as_object_mut) {
            row.remove("apiKey");
        }
    }
    value
}

/// The days that a document is about; `None` where it does not say.
pub fn days(shape: Shape, value: &Value) -> Option<DateRange> {
    match shape {
        Shape::Insights | Shape::Activity | Shape::Latency => {
            let (start, end) = span(value)?;
            let last = (end - Duration::seconds(1)).date_naive();
            (start.year() > 1).then(|| DateRange::new(start.date_naive(), last))
        }
        Shape::Daus => range(rows(value, "entries").filter_map(|row| day(row, "date"))),
        Shape::Statuses => {
            let lists = value.get("status_counts")?.as_object()?.values();
            range(
                lists
                    .filter_map(Value::as_array)
                    .flatten()
                    .filter_map(|row| day(row, "date")),
            )
        }
        Shape::Usage => range(rows(value, "activity").flat_map(|row| {
            let start = time(row, "time");
            let length = row.get("duration").and_then(Value::as_i64).unwrap_or(0);
            let last = start.map(|start| start + Duration::nanoseconds(length) - Duration::seconds(1));
            [start, last].into_iter().flatten().map(|at| at.date_naive())
        })),
        _ => None,
    }
}

fn range(days: impl Iterator<Item = Day>) -> Option<DateRange> {
    let days: Vec<Day> = days.collect();
    Some(DateRange::new(*days.iter().min()?, *days.iter().max()?))
}

/// The date that a text begins with.
fn day(row: &Value, key: &str) -> Option<Day> {
    zone::day(row.get(key)?.as_str()?.get(..10)?)
}

fn rows<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

fn time(value: &Value, key: &str) -> Option<DateTime<FixedOffset>> {
    DateTime::parse_from_rfc3339(value.get(key)?.as_str()?).ok()
}

fn span(value: &Value) -> Option<(DateTime<FixedOffset>, DateTime<FixedOffset>)> {
    let report = value.get("report")?;
    Some((time(report, "start_time")?, time(report, "end_time")?))
}

/// One answer out of documents of its shape, in the order in which they were opened: lists are put together, and of
/// others the one that is about what was asked, else the one that has most to do with it. The later one wins.
pub fn answer(ask: &Ask, documents: &[&Value]) -> Option<Value> {
    let last = documents.last()?;
    let lists = |key: &str, id: &str| union(documents.iter().flat_map(|document| rows(document, key)), id);
    Some(match ask {
        Ask::Daus => json!({ "entries": lists("entries", "date") }),
        Ask::Statuses { .. } => {
            let mut statuses: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
            let maps = documents
                .iter()
                .filter_map(|document| document.get("status_counts")?.as_object());
            for (status, points) in maps.flatten() {
                statuses
                    .entry(status)
                    .or_default()
                    .extend(points.as_array().into_iter().flatten());
            }
            let statuses: Map<String, Value> = statuses
                .into_iter()
                .map(|(status, points)| (status.into(), Value::Array(union(points.into_iter(), "date"))))
                .collect();
            json!({ "status_counts": statuses })
        }
        Ask::Organizations | Ask::Templates => {
            let all = documents.iter().filter_map(|document| document.as_array()).flatten();
            Value::Array(union(all, "id"))
        }
        Ask::Users(_) => {
            let users = lists("users", "id");
            json!({ "count": users.len(), "users": users })
        }
        Ask::Insights(slice, grain) => {
            let mut best = best(slice, documents)?.clone();
            // Days of other recordings belong to the same series; a week among them does not.
            if let (Some(grain), Some(map)) = (grain, best.as_object_mut()) {
                let alike = documents
                    .iter()
                    .flat_map(|document| rows(document, "interval_reports"))
                    .filter(|row| row.get("interval").and_then(Value::as_str) == Some(grain.word()));
                map.insert("interval_reports".into(), Value::Array(union(alike, "start_time")));
            }
            best
        }
        Ask::Activity(slice) | Ask::Latency(slice) => best(slice, documents)?.clone(),
        _ => (*last).clone(),
    })
}

/// Rows by what identifies them; of two alike the later one, in its order.
fn union<'a>(rows: impl Iterator<Item = &'a Value>, id: &str) -> Vec<Value> {
    let mut known: BTreeMap<String, &Value> = BTreeMap::new();
    for row in rows {
        if let Some(id) = row.get(id) {
            known.insert(id.to_string(), row);
        }
    }
    known.into_values().cloned().collect()
}

/// The document about a slice, or about the largest part of it.
fn best<'a>(slice: &Slice, documents: &[&'a Value]) -> Option<&'a Value> {
    let fit = |document: &Value| {
        let Some((start, end)) = span(document) else {
            return (false, 0);
        };
        let common = end.min(slice.end) - start.max(slice.start);
        (start == slice.start && end == slice.end, common.num_minutes())
    };
    documents.iter().copied().max_by_key(|document| fit(document))
}

/// How many figures two documents of one shape give differently for the same thing.
pub fn contradictions(shape: Shape, old: &Value, new: &Value) -> usize {
    let differ = |old: &[&Value], new: &[&Value], id: &str, figure: &str| {
        let known: BTreeMap<String, &Value> = old
            .iter()
            .filter_map(|row| Some((row.get(id)?.to_string(), row.get(figure)?)))
            .collect();
        let differs = |row: &&&Value| {
            let then = row.get(id).and_then(|id| known.get(&id.to_string()));
            then.zip(row.get(figure)).is_some_and(|(then, now)| *then != now)
        };
        new.iter().filter(differs).count()
    };
    let of = |value: &'_ Value, key: &str| rows(value, key).cloned().collect::<Vec<Value>>();
    let compare = |old: Vec<Value>, new: Vec<Value>, id: &str, figure: &str| {
        differ(
            &old.iter().collect::<Vec<_>>(),
            &new.iter().collect::<Vec<_>>(),
            id,
            figure,
        )
    };
    let is_same_span = || span(old).is_some() && span(old) == span(new);
    let users = |value: &Value| value.get("report").map_or_else(Vec::new, |report| of(report, "users"));
    match shape {
        Shape::Daus => compare(of(old, "entries"), of(new, "entries"), "date", "amount"),
        Shape::Statuses => {
            let statuses = new.get("status_counts").and_then(Value::as_object);
            let list =
                |value: &Value, status: &str| value.get("status_counts").map_or_else(Vec::new, |map| of(map, status));
            let compare_status = |status: &String| compare(list(old, status), list(new, status), "date", "count");
            statuses.into_iter().flat_map(Map::keys).map(compare_status).sum()
        }
        Shape::Insights => {
            let of_range = |value: &Value| {
                value
                    .get("report")
                    .and_then(|report| report.get("active_users").cloned())
            };
            let whole = is_same_span() && of_range(old) != of_range(new);
            usize::from(whole)
                + compare(
                    of(old, "interval_reports"),
                    of(new, "interval_reports"),
                    "start_time",
                    "active_users",
                )
        }
        Shape::Activity if is_same_span() => compare(users(old), users(new), "user_id", "seconds"),
        Shape::Latency if is_same_span() => compare(users(old), users(new), "user_id", "latency_ms"),
        Shape::Users => compare(of(old, "users"), of(new, "users"), "id", "status"),
        Shape::Members => compare(of(old, "results"), of(new, "results"), "user_id", "status"),
        _ => 0,
    }
}
