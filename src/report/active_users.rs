//! Active users: distinct people per interval, in true days of the zone, from the templates endpoint.

use super::Report;
use crate::answers::Answers;
use crate::chart::{ChartModel, Kind, Reference, Role, Series};
use crate::config::SourceKind;
use crate::format;
use crate::measure::{self, Count, Counts};
use crate::panel::PanelModel;
use crate::period::Interval;
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::words::{self, Help, action_note};

/// The panel.
pub const REPORT: Report = Report {
    id: "active-users",
    title: "Active users",
    view: View::Overview,
    kinds: &[SourceKind::Coder],
    requests,
    further: super::nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    let ask = |range| measure::counts_requests(scope, range, scope.interval);
    let mut requests = scope.range.map_or_else(Vec::new, ask);
    if !requests.is_empty() {
        requests.extend(scope.drawn_behind().into_iter().flat_map(ask));
    }
    requests
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = format!(
        "People who used a workspace, each counted once per {}",
        scope.interval.noun()
    );
    if panel.stops_before_asking(scope, answers) {
        return;
    }
    let Some(range) = scope.range else { return };
    let counts = measure::counts(scope, answers, range, scope.interval);
    let behind = scope
        .drawn_behind()
        .map(|range| (range, measure::counts(scope, answers, range, scope.interval)));
    if counts.is_waiting || behind.as_ref().is_some_and(|(_, counts)| counts.is_waiting) {
        return;
    }
    if counts.buckets.iter().all(|count| count.people.is_none()) {
        return super::fail_without_figures(panel, counts.error());
    }

    if counts.is_foreign {
        panel.counted = "People who used a workspace, each counted once per interval".into();
        panel.day_rule = "intervals of the server".into();
        panel
            .notes
            .push("The server answered for other days than those asked for; these are its days".into());
    } else {
        panel.day_rule = format!("days of {}", scope.zone.name);
    }
    panel.notes.extend(words::templates_note(scope));
    panel.notes.extend(action_note(scope));
    if scope.interval == Interval::Week && !counts.is_foreign {
        panel.notes.push(super::week_start(scope));
    }
    let changes = range
        .iter()
        .filter(|day| scope.zone.changes_on(*day))
        .map(|day| format::day(&scope.locale, day))
        .collect::<Vec<_>>();
    if !changes.is_empty() && scope.interval == Interval::Day && !counts.is_foreign {
        panel.notes.push(format!(
            "Clocks change on {}: that day is not 24 hours long",
            changes.join(", ")
        ));
    }

    let mean = counts.mean();
    panel.table = table(scope, &counts);
    let missing = counts.missing();
    panel.state = State::Ready;
    if missing > 0 {
        panel.state = State::Partial;
        panel.notes.push(format!(
            "{missing} of {} intervals have no answer",
            counts.buckets.len()
        ));
        panel.message = counts.error().map(words::message);
    } else if counts.is_foreign {
        panel.state = State::Partial;
    } else if counts.buckets.iter().all(|count| count.people.unwrap_or(0) == 0) {
        panel.stop(State::Empty, "Nobody was active", words::ZERO_USE, Help::None);
    }
    if let Some((mean, closed)) = mean {
        let shown = format::decimal(&scope.locale, mean, 1);
        panel.headline = Some(format!(
            "{shown} on average over {closed} whole {}",
            scope.interval.nouns(closed)
        ));
    }
    let references = mean
        .filter(|(mean, closed)| *closed > 1 && *mean > 0.0)
        .map(|(mean, _)| Reference {
            label: format!("Average {}", format::decimal(&scope.locale, mean, 1)),
            value: mean,
        });
    panel.draw(ChartModel {
        buckets: counts.drawn(),
        series: vec![Series {
            name: "Active users".into(),
            role: Role::Active,
            values: counts.values(),
        }],
        references: references.into_iter().collect(),
        ..ChartModel::new(Kind::Bars, scope.interval, &scope.locale)
    });
    let Some((range, behind)) = behind.filter(|_| !counts.is_foreign) else {
        return;
    };
    let why = match behind.error() {
        Some(error) => Some(error.to_string()),
        None if behind.is_foreign => Some(words::OTHER_DAYS.into()),
        None => None,
    };
    if let Some(why) = why {
        panel.notes.push(format!("Without comparison: {why}"));
        if behind.is_foreign || behind.buckets.iter().all(|count| count.people.is_none()) {
            return;
        }
    }
    let people: Vec<_> = counts
        .buckets
        .iter()
        .map(|count| (count.people, !count.is_open && !count.is_cut))
        .collect();
    let before: Vec<_> = behind.buckets.iter().map(|count| count.people).collect();
    super::compare_with(scope, panel, range, &people, &before);
}

fn table(scope: &Scope, counts: &Counts) -> Table {
    let row = |count: &Count| {
        let shown = format::span(&scope.locale, count.days);
        vec![
            Cell::Day {
                day: count.days.first,
                shown,
            },
            super::people_cell(scope, count),
            Cell::Text(count.remark(&scope.locale, counts.is_foreign)),
        ]
    };
    Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text(
                "interval",
                if counts.is_foreign {
                    "Interval of the server"
                } else {
                    scope.interval.label()
                },
            ),
            Column::number("active_users", "Active users"),
            Column::text("note", "Note"),
        ],
        rows: counts.buckets.iter().map(row).collect(),
    }
}
