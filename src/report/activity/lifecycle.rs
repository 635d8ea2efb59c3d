//! New, staying and returning people, and those who lapsed, from period to period, by Coder v1.

use crate::answers::Answers;
use crate::chart::{Bucket, ChartModel, Kind, Role, Series};
use crate::config::SourceKind;
use crate::format;
use crate::panel::PanelModel;
use crate::presence::{Change, Period};
use crate::query::View;
use crate::report::Report;
use crate::scope::Scope;
use crate::table::{Cell, Column, Table};

/// The panel.
pub const REPORT: Report = Report {
    id: "lifecycle",
    title: "New, staying and returning",
    view: View::Activity,
    kinds: &[SourceKind::CoderV1],
    requests: super::requests,
    further: crate::report::nothing,
    build,
};

/// Name and look of each figure, as they are stacked; those who lapsed hang from zero.
const PARTS: [(&str, &str, Role); 4] = [
    ("staying", "Staying", Role::Active),
    ("returning", "Returning", Role::Other(1)),
    ("new", "New", Role::Other(0)),
    ("lapsed", "Lapsed", Role::Other(4)),
];

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = format!(
        "People who {}: active in the period before, too (staying), in an earlier one (returning), or in none (new)",
        super::deed(scope.action)
    );
    let Some((presence, _)) = super::presence(scope, answers, panel, 1) else {
        return;
    };
    let changes = presence.changes();
    let told: Vec<(&Period, Change)> = presence.periods.iter().skip(1).zip(changes).collect();
    let noun = presence.interval.noun();
    panel.notes.push(format!(
        "Lapsed: active in the {noun} before and not in this one; told once the {noun} is over"
    ));
    if let Some((period, change)) = told.iter().rfind(|(period, _)| !period.is_open) {
        let before = change.staying + change.lapsed;
        panel.headline = Some(format!(
            "{} stayed, {}",
            super::part_of(scope, change.staying, before),
            format::span(&scope.locale, period.days)
        ));
    }
    let figures = |(period, change): &(&Period, Change)| {
        let lapsed = (!period.is_open).then_some(change.lapsed);
        [Some(change.staying), Some(change.returning), Some(change.new), lapsed]
    };
    let row = |told: &(&Period, Change)| {
        let number = |people: Option<u64>| match people {
            Some(_) => super::people_cell(scope, people),
            None => Cell::Missing("not over yet".into()),
        };
        let (period, change) = told;
        let mut row = vec![
            Cell::Day {
                day: period.days.first,
                shown: format::span(&scope.locale, period.days),
            },
            number(Some(change.active())),
        ];
        row.extend(figures(told).map(number));
        row.push(Cell::Text(if period.is_open { "so far" } else { "" }.into()));
        row
    };
    let mut columns = vec![
        Column::text("interval", format!("{} (UTC)", presence.interval.label())),
        Column::number("active_users", "Active users"),
    ];
    columns.extend(PARTS.map(|(id, name, _)| Column::number(id, name)));
    columns.push(Column::text("note", "Note"));
    panel.table = Table {
        caption: REPORT.title.into(),
        columns,
        rows: told.iter().map(row).collect(),
    };
    let series = |(place, (id, name, role)): (usize, (&str, &str, Role))| {
        let sign = if id == "lapsed" { -1.0 } else { 1.0 };
        // A part that is not known yet leaves the others as they are.
        let value = |told| figures(told).get(place).map(|people| sign * people.unwrap_or(0) as f64);
        Series {
            name: name.into(),
            role,
            values: told.iter().map(value).collect(),
        }
    };
    panel.draw(ChartModel {
        buckets: told
            .iter()
            .map(|(period, _)| Bucket {
                is_open: period.is_open,
                ..Bucket::of(period.days)
            })
            .collect(),
        series: PARTS.into_iter().enumerate().map(series).collect(),
        ..ChartModel::new(Kind::StackedBars, presence.interval, &scope.locale)
    });
}
