//! Actions side by side: distinct people per interval for each action that Coder v1 tells apart, one request each.

use crate::answers::Answers;
use crate::chart::{Axes, ChartModel, Kind, Role, Series};
use crate::config::SourceKind;
use crate::format;
use crate::measure::Count;
use crate::panel::PanelModel;
use crate::query::{Action, View, Word};
use crate::remote::State;
use crate::report::{Report, axes, nothing};
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::usage::{self, Usage};
use crate::words;

/// The panel.
pub const REPORT: Report = Report {
    id: "actions",
    title: "Actions side by side",
    view: View::Activity,
    kinds: &[SourceKind::CoderV1],
    requests,
    further: nothing,
    build,
};

/// With up to so many intervals the actions of each stand side by side.
const MOST_GROUPS: usize = 6;

fn requests(scope: &Scope) -> Vec<Request> {
    let of = |(action, ..): &(Action, &str, &str)| usage::requests(scope, *action);
    Action::ALL.iter().flat_map(of).collect()
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = format!(
        "People by what they did, each counted once per {} and action",
        scope.interval.noun()
    );
    if super::stops_at_usage(scope, panel) {
        return;
    }
    let axes = axes(scope, panel);
    if scope.action != Action::Any {
        panel.notes.push("All actions, whatever the filter says".into());
    }
    let of = |(action, ..): &(Action, &str, &str)| (*action, usage::usage(scope, answers, *action));
    let all: Vec<(Action, Usage)> = Action::ALL.iter().map(of).collect();
    let there = all.iter().filter(|(_, usage)| !usage.counts.is_waiting).count();
    if there < all.len() {
        panel.headline = Some(format!("{there} of {} actions loaded", all.len()));
        return;
    }
    // One stands for the buckets of all, as they were asked for alike: the first with people, else with figures.
    let with = |least: u64| {
        let is_enough = move |count: &Count| count.people >= Some(least);
        all.iter()
            .find(move |(_, usage)| usage.counts.buckets.iter().any(is_enough))
    };
    let Some((_, first)) = with(1).or_else(|| with(0)).or(all.first()) else {
        return;
    };
    if super::stops_at_answers(scope, panel, first) {
        return;
    }
    let actions: Vec<Action> = all.iter().map(|(action, _)| *action).collect();
    panel.notes.extend(super::guess_note(scope, &actions));
    // What the server cut otherwise for one action stands in no row of the others.
    let days = |usage: &Usage| usage.counts.buckets.iter().map(|count| count.days).collect::<Vec<_>>();
    let own = days(first);
    let is_alike = |usage: &Usage| days(usage) == own;
    for (action, usage) in &all {
        let why = match usage.counts.error() {
            Some(error) => words::message(error).title,
            None if is_alike(usage) => continue,
            None => "left out, as the server answered for other intervals".into(),
        };
        panel.state = State::Partial;
        panel.notes.push(format!("{}: {why}", action.label()));
    }
    let alike: Vec<(Action, Option<&Usage>)> = all
        .iter()
        .map(|(action, usage)| (*action, Some(usage).filter(|usage| is_alike(usage))))
        .collect();
    let people = |usage: Option<&Usage>, index: usize| usage?.counts.buckets.get(index)?.people;
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![Column::text("interval", format!("{} (UTC)", scope.interval.label()))],
        rows: Vec::new(),
    };
    let columns = all
        .iter()
        .map(|(action, _)| Column::number(action.key(), action.label()));
    panel.table.columns.extend(columns);
    panel.table.columns.push(Column::text("note", "Note"));
    for (index, count) in first.counts.buckets.iter().enumerate() {
        let mut row = vec![Cell::Day {
            day: count.days.first,
            shown: format::span(&scope.locale, count.days),
        }];
        row.extend(
            alike
                .iter()
                .map(|(_, usage)| super::people_cell(scope, people(*usage, index))),
        );
        row.push(Cell::Text(count.remark(&scope.locale, first.counts.is_foreign)));
        panel.table.rows.push(row);
    }
    let series = |(action, usage): &(Action, Option<&Usage>)| {
        usage.map(|usage| Series {
            name: action.label().into(),
            role: role(*action),
            values: usage.counts.values(),
        })
    };
    let buckets = first.counts.drawn();
    // A line of few points tells less than bars side by side.
    let is_grouped = axes == Axes::Same && buckets.len() <= MOST_GROUPS;
    let kind = if is_grouped { Kind::Bars } else { Kind::Multiples(axes) };
    panel.draw(ChartModel {
        buckets,
        series: alike.iter().filter_map(series).collect(),
        ..ChartModel::new(kind, scope.interval, &scope.locale)
    });
}

fn role(action: Action) -> Role {
    match action {
        Action::Any => Role::Active,
        Action::Ide => Role::Other(0),
        Action::Login => Role::Other(2),
        Action::App => Role::Other(1),
        Action::Tunnel => Role::Other(4),
        Action::WebTerminal => Role::Other(5),
    }
}
