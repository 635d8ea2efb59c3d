//! Latency by user: median and 95th percentile of the round trip, with bands in words.

use super::Report;
use crate::answers::{Answers, Found};
use crate::chart::{Band, Kind, Role, Row, Unit};
use crate::config::SourceKind;
use crate::data::{Data, PersonLatency, UserLatency};
use crate::format;
use crate::locale::Locale;
use crate::panel::PanelModel;
use crate::query::View;
use crate::remote::State;
use crate::rows::{Key, Rows};
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column};
use crate::words::{self, Help, action_note};
use std::sync::Arc;

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
    let data = answers.data(request);
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
    let bands = [
        "good, below 150 ms",
        "noticeable, 150 to 299 ms",
        "slow, 300 ms or more",
    ];
    let (mut counts, mut without) = ([0_u64; 3], 0_u64);
    let [good, noticeable, slow] = &mut counts;
    for person in &latency.users {
        *match person.p50 {
            None => &mut without,
            Some(p50) if p50 < GOOD => &mut *good,
            Some(p50) if p50 < SLOW => &mut *noticeable,
            Some(_) => &mut *slow,
        } += 1;
    }
    let all = latency.users.len();
    let [.., slow] = counts;
    let number = |people: u64| format::count(&scope.locale, people);
    let (slow, measured) = (number(slow), number((all as u64).saturating_sub(without)));
    panel.headline = Some(format!("{slow} of {measured} people at 300 ms or more"));
    let counts: Vec<String> = bands
        .iter()
        .zip(counts)
        .map(|(name, count)| format!("{} {name}", format::count(&scope.locale, count)))
        .collect();
    panel.notes.push(format!("People by p50: {}", counts.join(" · ")));
    if without > 0 {
        let (unit, they) = if without == 1 {
            ("person", "is")
        } else {
            ("people", "are")
        };
        panel.notes.push(format!(
            "{} {unit} worked without a single latency sample and {they} in no band",
            number(without)
        ));
    }
    let Some(data) = data else { return };
    let people = Delayed {
        names: super::pseudonyms(scope, || ranked(latency).map(|person| person.user_id.as_str())),
        columns: vec![
            Column::text("user", "User"),
            Column::number("p50_ms", "p50"),
            Column::number("p95_ms", "p95"),
            Column::text("band", "Band of p50"),
        ],
        locale: scope.locale.clone(),
        data,
    };
    let shown = || {
        ranked(latency)
            .filter(|person| person.p50.is_some())
            .take(super::RANKED)
    };
    let rows = shown()
        .enumerate()
        .map(|(place, person)| Row {
            name: people.name(place, person).to_string(),
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
        ("p50", Role::Active, shown().map(|person| person.p50).collect()),
        ("p95", Role::Active, shown().map(|person| person.p95).collect()),
    ];
    super::show_rows(panel, people);
    super::ranking(
        scope,
        panel,
        Kind::Ranges { rows, bands },
        series,
        Unit::Milliseconds,
        all,
    );
}

fn ranked(latency: &UserLatency) -> impl Iterator<Item = &PersonLatency> {
    latency.ranked.iter().filter_map(|place| latency.users.get(*place))
}

/// The rows of the table, slowest first.
struct Delayed {
    data: Arc<Data>,
    /// In place of names, where people are not known by their own.
    names: Option<Vec<String>>,
    columns: Vec<Column>,
    locale: Locale,
}

impl Delayed {
    fn at(&self, row: usize) -> Option<&PersonLatency> {
        match &*self.data {
            Data::Latency(latency) => latency.users.get(*latency.ranked.get(row)?),
            _ => None,
        }
    }

    fn name<'a>(&'a self, row: usize, person: &'a PersonLatency) -> &'a str {
        let name = self
            .names
            .as_ref()
            .map(|names| names.get(row).map_or("", String::as_str));
        name.unwrap_or(&person.username)
    }
}

impl Rows for Delayed {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        match &*self.data {
            Data::Latency(latency) => latency.ranked.len(),
            _ => 0,
        }
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        let time = |value: Option<f64>| {
            value.map_or_else(
                || Cell::Missing("no sample".into()),
                |value| Cell::Number {
                    value,
                    shown: format::milliseconds(&self.locale, value),
                },
            )
        };
        match (self.at(row), column) {
            (Some(person), 0) => Cell::Text(self.name(row, person).into()),
            (Some(person), 1) => time(person.p50),
            (Some(person), 2) => time(person.p95),
            (Some(person), _) => Cell::Text(band(person.p50).into()),
            (None, _) => Cell::Missing(String::new()),
        }
    }

    fn key(&self, row: usize, column: usize) -> Key<'_> {
        let time = |value: Option<f64>| value.map_or(Key::Missing, Key::Number);
        match (self.at(row), column) {
            (Some(person), 0) => Key::Text(self.name(row, person).into()),
            (Some(person), 1) => time(person.p50),
            (Some(person), 2) => time(person.p95),
            (Some(person), _) => Key::Text(band(person.p50).into()),
            (None, _) => Key::Missing,
        }
    }
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
