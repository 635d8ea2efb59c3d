//! Latency by user: median and 95th percentile of the round trip, with bands in words.

use super::Report;
use crate::answers::{Answers, Found};
use crate::chart::{Band, Kind, Role, Row, Unit};
use crate::config::SourceKind;
use crate::data::PersonLatency;
use crate::format;
use crate::order;
use crate::panel::PanelModel;
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column, Table};
use crate::words::{self, Help, action_note};

/// The panel.
pub const REPORT: Report = Report {
    id: "latency",
    title: "Latency by user",
    view: View::Templates,
    kinds: &[SourceKind::Coder],
    requests,
    further: super::nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    super::slice_request(scope, coder::latency)
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Round trip between person and workspace: p50 is the median of the half-hour medians, p95 their 95th percentile".into();
    if panel.stops_without_names(scope, answers) {
        return;
    }
    let (Some(range), Some(request)) = (scope.range, panel.requests.first()) else {
        return;
    };
    let latency = match answers.latency(request) {
        Found::Waiting => return,
        Found::Failed(error) => return panel.fail(error),
        Found::Here(latency) => latency,
    };
    panel.state = State::Ready;
    panel.says_days(scope, range, latency.span);
    panel.notes.extend(action_note(scope));
    if latency.users.is_empty() {
        return panel.stop(State::Empty, "Nobody was active", words::ZERO_USE, Help::None);
    }
    let mut people: Vec<&PersonLatency> = latency.users.iter().collect();
    let slowness = |person: &PersonLatency| person.p50.unwrap_or(f64::NEG_INFINITY);
    order::sort_by(&mut people, |a, b| {
        slowness(b)
            .total_cmp(&slowness(a))
            .then_with(|| a.username.cmp(&b.username))
    });
    let names = scope.names.of(people
        .iter()
        .map(|person| (person.user_id.as_str(), person.username.as_str())));
    let without = people.iter().filter(|person| person.p50.is_none()).count();
    let slow = people
        .iter()
        .filter(|person| person.p50.is_some_and(|p50| p50 >= SLOW))
        .count();
    panel.headline = Some(format!("{slow} of {} people at 300 ms or more", people.len() - without));
    let bands = [
        "good, below 150 ms",
        "noticeable, 150 to 299 ms",
        "slow, 300 ms or more",
    ];
    let in_band = |name: &str| people.iter().filter(|person| band(person.p50) == name).count() as u64;
    let counts = bands.map(|name| format!("{} {name}", format::count(&scope.locale, in_band(name))));
    panel.notes.push(format!("People by p50: {}", counts.join(" · ")));
    if without > 0 {
        let (unit, they) = if without == 1 {
            ("person", "is")
        } else {
            ("people", "are")
        };
        panel.notes.push(format!(
            "{without} {unit} worked without a single latency sample and {they} in no band"
        ));
    }
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text("user", "User"),
            Column::number("p50_ms", "p50"),
            Column::number("p95_ms", "p95"),
            Column::text("band", "Band of p50"),
        ],
        rows: people
            .iter()
            .zip(&names)
            .map(|(person, name)| row(scope, person, name))
            .collect(),
    };
    let shown: Vec<(&PersonLatency, String)> = people
        .iter()
        .copied()
        .zip(names)
        .filter(|(person, _)| person.p50.is_some())
        .take(super::RANKED)
        .collect();
    let rows = shown
        .iter()
        .map(|(_, name)| Row {
            name: name.clone(),
            role: Role::Active,
        })
        .collect();
    let bands = [("good", Some(GOOD)), ("noticeable", Some(SLOW)), ("slow", None)];
    let bands = bands
        .map(|(name, below)| Band {
            name: name.into(),
            below,
        })
        .to_vec();
    let series = vec![
        (
            "p50",
            Role::Active,
            shown.iter().map(|(person, _)| person.p50).collect(),
        ),
        (
            "p95",
            Role::Active,
            shown.iter().map(|(person, _)| person.p95).collect(),
        ),
    ];
    super::ranking(
        scope,
        panel,
        Kind::Ranges { rows, bands },
        series,
        Unit::Milliseconds,
        people.len(),
    );
}

fn row(scope: &Scope, person: &PersonLatency, name: &str) -> Vec<Cell> {
    let time = |value: Option<f64>| {
        value.map_or_else(
            || Cell::Missing("no sample".into()),
            |value| Cell::Number {
                value,
                shown: format::milliseconds(&scope.locale, value),
            },
        )
    };
    vec![
        Cell::Text(name.into()),
        time(person.p50),
        time(person.p95),
        Cell::Text(band(person.p50).into()),
    ]
}

/// Coder's own thresholds, in milliseconds.
const GOOD: f64 = 150.0;
const SLOW: f64 = 300.0;

/// The bands in words.
fn band(p50: Option<f64>) -> &'static str {
    match p50 {
        None => "no sample",
        Some(p50) if p50 < GOOD => "good, below 150 ms",
        Some(p50) if p50 < SLOW => "noticeable, 150 to 299 ms",
        Some(_) => "slow, 300 ms or more",
    }
}
