//! Daily active users of the whole deployment, in UTC days: all that `/insights/daus` can say.

use super::Report;
use crate::answers::{Answers, Found};
use crate::chart::{Bucket, ChartModel, Kind, Role, Series};
use crate::config::SourceKind;
use crate::format;
use crate::panel::PanelModel;
use crate::period::{DateRange, Interval, add_days};
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column, Table};
use crate::words::{self, Help, action_note};
use crate::zone::Day;

/// The panel.
pub const REPORT: Report = Report {
    id: "daus",
    title: "Daily active users",
    view: View::Overview,
    kinds: &[SourceKind::Coder],
    requests,
    further: super::nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    scope
        .source
        .iter()
        .filter(|_| scope.range.is_some())
        .map(|source| coder::daus(&source.id))
        .collect()
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "People of the whole deployment who used a workspace, per UTC day".into();
    if panel.stops_early(scope) {
        return;
    }
    let (Some(range), Some(request)) = (scope.range, panel.requests.first()) else {
        return;
    };
    let daus = match answers.daus(request) {
        Found::Waiting => return,
        Found::Failed(error) => return panel.fail(error),
        Found::Here(daus) => daus,
    };
    panel.day_rule = "UTC days".into();
    if scope.is_narrowed {
        panel
            .notes
            .push("Not filtered by organization or template: this figure exists for the whole deployment only".into());
    }
    panel.notes.extend(action_note(scope));

    let today = scope.now.date_naive();
    let (Some((first, _)), Some((last, _))) = (daus.days.first(), daus.days.last()) else {
        return panel.stop(
            State::Empty,
            "No days yet",
            "The server has not counted any day so far.",
            Help::None,
        );
    };
    let covered = DateRange::new(*first, *last);
    if range.first > today {
        return panel.stop(
            State::Empty,
            "The day has not begun in UTC",
            "This figure exists for UTC days only.",
            Help::None,
        );
    }
    let asked = DateRange::new(range.first, range.last.min(scope.last_utc_day()).max(range.first));
    let days = format::span(&scope.locale, covered);
    if asked.overlap(&covered).is_none() {
        let (title, detail) = if asked.last < covered.first {
            (
                "The server does not reach back that far",
                format!("It only tells the last {} days, {days}.", covered.days()),
            )
        } else {
            ("The server answered for other days", format!("It told of {days}."))
        };
        return panel.stop(State::Empty, title, detail, Help::None);
    }
    // Days before the first are beyond what the server keeps; days after its last it should have told.
    let shown = DateRange::new(asked.first.max(covered.first), asked.last);
    panel.state = State::Ready;
    if asked.first < covered.first {
        panel.state = State::Partial;
        panel.notes.insert(
            0,
            format!("Last {} days only: the server tells no more", covered.days()),
        );
    }

    let figure = |day: Day| {
        daus.days
            .binary_search_by_key(&day, |(day, _)| *day)
            .ok()
            .and_then(|index| daus.days.get(index))
            .map(|(_, people)| *people)
    };
    let days: Vec<(Day, Option<u64>)> = shown.iter().map(|day| (day, figure(day))).collect();
    let missing = days.iter().filter(|(_, people)| people.is_none()).count();
    if missing > 0 {
        panel.state = State::Partial;
        panel.notes.push(match missing {
            1 => "1 day is missing in the answer".to_string(),
            _ => format!("{missing} days are missing in the answer"),
        });
    }
    let closed: Vec<f64> = days
        .iter()
        .filter(|(day, _)| *day < today)
        .filter_map(|(_, people)| *people)
        .map(|people| people as f64)
        .collect();
    if !closed.is_empty() {
        let mean = closed.iter().sum::<f64>() / closed.len() as f64;
        let unit = if closed.len() == 1 { "day" } else { "days" };
        panel.headline = Some(format!(
            "{} on average over {} whole {unit}",
            format::decimal(&scope.locale, mean, 1),
            closed.len()
        ));
    }
    if missing == 0 && days.iter().all(|(_, people)| *people == Some(0)) {
        panel.stop(State::Empty, "Nobody was active", words::ZERO_USE, Help::None);
    }

    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text("day", "Day (UTC)"),
            Column::number("active_users", "Active users"),
            Column::text("note", "Note"),
        ],
        rows: days
            .iter()
            .map(|(day, people)| {
                let people = people.map_or_else(
                    || Cell::Missing("not in the answer".into()),
                    |people| Cell::Number {
                        value: people as f64,
                        shown: format::count(&scope.locale, people),
                    },
                );
                vec![
                    Cell::Day {
                        day: *day,
                        shown: format::full_day(&scope.locale, *day),
                    },
                    people,
                    Cell::Text({
                        let remark = if *day >= today { "so far" } else { "" };
                        scope.locale.with_holiday(DateRange::new(*day, *day), remark)
                    }),
                ]
            })
            .collect(),
    };
    panel.draw(ChartModel {
        buckets: days
            .iter()
            .map(|(day, people)| Bucket {
                is_open: *day >= today,
                is_uncollected: people.is_none(),
                ..Bucket::of(DateRange::new(*day, *day))
            })
            .collect(),
        series: vec![Series {
            name: "Active users".into(),
            role: Role::Active,
            values: days
                .iter()
                .map(|(_, people)| people.map(|people| people as f64))
                .collect(),
        }],
        ..ChartModel::new(Kind::Area, Interval::Day, &scope.locale)
    });
    if let Some(behind) = scope.drawn_behind() {
        // The same answer tells the days before, as far as it reaches back.
        let shift = (range.first - behind.first).num_days();
        let people: Vec<_> = days.iter().map(|(day, people)| (*people, *day < today)).collect();
        let before: Vec<_> = days.iter().map(|(day, _)| figure(add_days(*day, -shift))).collect();
        super::compare_with(scope, panel, behind, &people, &before);
    }
}
