//! Activity over time: distinct people and their time per interval, by Coder v1.

use crate::answers::Answers;
use crate::chart::{ChartModel, Kind, Reference, Role, Series};
use crate::config::SourceKind;
use crate::format;
use crate::panel::PanelModel;
use crate::query::View;
use crate::report::{Report, nothing};
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::usage::{self, Usage};

/// The panel.
pub const REPORT: Report = Report {
    id: "activity",
    title: "Activity over time",
    view: View::Activity,
    kinds: &[SourceKind::CoderV1],
    requests,
    further: nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    match scope.wishes.interval {
        Some(own) => usage::own_request(scope, own).into_iter().collect(),
        None => super::requests(scope),
    }
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    let own = scope.wishes.interval;
    let typed = own.map_or(String::new(), |own| own.to_string());
    let per = if own.is_some() {
        format!("“{typed}”")
    } else {
        scope.interval.noun().into()
    };
    panel.counted = format!("People who {}, each counted once per {per}", super::deed(scope.action));
    panel.interval = Some(typed);
    if let Some(own) = own {
        return super::own::build(scope, answers, panel, own);
    }
    if super::stops_at_usage(scope, panel) {
        return;
    }
    let usage = usage::usage(scope, answers, scope.action);
    if super::stops_at_answers(scope, panel, &usage) {
        return;
    }
    panel.notes.extend(super::guess_note(scope, &[scope.action]));
    if usage.contradictions > 0 && usage.odd_length.is_none() {
        let count = format::count(&scope.locale, usage.contradictions as u64);
        panel.notes.push(format!(
            "Times and counted minutes contradict each other {count} times; these are the times"
        ));
    }
    let counts = &usage.counts;
    let mean = counts.mean();
    if let Some((mean, closed)) = mean {
        panel.headline = Some(format!(
            "{} on average over {closed} whole {}",
            format::decimal(&scope.locale, mean, 1),
            scope.interval.nouns(closed)
        ));
    }
    let reference = mean
        .filter(|(mean, closed)| *closed > 1 && *mean > 0.0)
        .map(|(mean, _)| Reference {
            label: format!("Average {}", format::decimal(&scope.locale, mean, 1)),
            value: mean,
        });
    panel.table = table(scope, &usage);
    panel.draw(ChartModel {
        buckets: usage.counts.drawn(),
        series: vec![Series {
            name: "Active users".into(),
            role: Role::Active,
            values: usage.counts.values(),
        }],
        references: reference.into_iter().collect(),
        ..ChartModel::new(Kind::Line, scope.interval, &scope.locale)
    });
}

fn table(scope: &Scope, usage: &Usage) -> Table {
    let rows = usage.counts.buckets.iter().zip(&usage.times);
    Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text("interval", format!("{} (UTC)", scope.interval.label())),
            Column::number("active_users", "Active users"),
            Column::number("seconds", "Time"),
            Column::text("note", "Note"),
        ],
        rows: rows
            .map(|(count, time)| {
                let why = if count.people.is_some() {
                    "unit not sure"
                } else {
                    "no answer"
                };
                vec![
                    Cell::Day {
                        day: count.days.first,
                        shown: format::span(&scope.locale, count.days),
                    },
                    super::people_cell(scope, count.people),
                    super::time_cell(scope, *time, why),
                    Cell::Text(count.remark(&scope.locale, usage.counts.is_foreign)),
                ]
            })
            .collect(),
    }
}
