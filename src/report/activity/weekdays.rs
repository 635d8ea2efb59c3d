//! Activity by weekday: a cell a day, weeks side by side, with what is usual on such a day, by Coder v1.

use crate::answers::Answers;
use crate::chart::{ChartModel, Kind, Role, Series};
use crate::config::SourceKind;
use crate::format;
use crate::measure::{Count, Counts};
use crate::panel::PanelModel;
use crate::period::Interval;
use crate::query::View;
use crate::remote::State;
use crate::report::Report;
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::usage;
use crate::words::Help;
use chrono::{Datelike, Weekday};

/// The panel.
pub const REPORT: Report = Report {
    id: "weekdays",
    title: "Activity by weekday",
    view: View::Activity,
    kinds: &[SourceKind::CoderV1],
    requests,
    further: crate::report::nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    if scope.interval == Interval::Day {
        super::requests(scope)
    } else {
        Vec::new()
    }
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = format!(
        "People who {}, each counted once per day: the stronger the colour, the more",
        super::deed(scope.action)
    );
    if scope.interval != Interval::Day {
        let why = "The page asks for longer intervals. Choose the interval Day to see this.";
        return panel.stop(State::Empty, "Only by day", why, Help::None);
    }
    if super::stops_at_usage(scope, panel) {
        return;
    }
    let usage = usage::usage(scope, answers, scope.action);
    if super::stops_at_answers(scope, panel, &usage) {
        return;
    }
    let counts = &usage.counts;
    if counts.is_foreign {
        let why = "The server answered for other intervals than days.";
        return panel.stop(State::Partial, "These are not days", why, Help::None);
    }
    panel.notes.extend(super::guess_note(scope, &[scope.action]));
    // The mean of figures of which one is hidden would tell it.
    let usual = if counts.is_any_hidden(scope) {
        Vec::new()
    } else {
        usual(scope, counts)
    };
    let by_people = |a: &&(Weekday, f64), b: &&(Weekday, f64)| a.1.total_cmp(&b.1);
    let ends = usual.iter().max_by(by_people).zip(usual.iter().min_by(by_people));
    panel.headline = ends.filter(|(most, least)| most.1 > least.1).map(|(most, least)| {
        let on = |(weekday, mean): &(Weekday, f64)| {
            let mean = format::decimal(&scope.locale, *mean, 1);
            format!("{} ({mean})", name(scope, *weekday))
        };
        format!("On average most on {}, least on {}", on(most), on(least))
    });
    panel.table = table(scope, counts, &usual);
    panel.draw(ChartModel {
        buckets: usage.counts.drawn(),
        series: vec![Series {
            name: "Active users".into(),
            role: Role::Active,
            values: usage.counts.values(),
        }],
        ..ChartModel::new(Kind::HeatMap, Interval::Day, &scope.locale)
    });
}

/// The mean of each weekday, over days that are over and no holidays, where there are two or more.
fn usual(scope: &Scope, counts: &Counts) -> Vec<(Weekday, f64)> {
    let of = |weekday: Weekday| {
        let is_usual = |count: &&Count| {
            let day = count.days.first;
            day.weekday() == weekday && !count.is_open && !scope.locale.holidays.contains(&day)
        };
        let people: Vec<f64> = counts
            .buckets
            .iter()
            .filter(is_usual)
            .filter_map(|count| count.people)
            .map(|people| people as f64)
            .collect();
        (people.len() > 1).then(|| (weekday, people.iter().sum::<f64>() / people.len() as f64))
    };
    let all = (0..7_u8).filter_map(|number| Weekday::try_from(number).ok());
    all.filter_map(of).collect()
}

fn name(scope: &Scope, weekday: Weekday) -> &str {
    let names = &scope.locale.weekdays;
    names
        .get(weekday.num_days_from_monday() as usize)
        .map_or("", String::as_str)
}

fn table(scope: &Scope, counts: &Counts, usual: &[(Weekday, f64)]) -> Table {
    let row = |count: &Count| {
        let day = count.days.first;
        let mean = usual.iter().find(|(weekday, _)| *weekday == day.weekday());
        vec![
            Cell::Day {
                day,
                shown: format::full_day(&scope.locale, day),
            },
            Cell::Text(name(scope, day.weekday()).into()),
            super::people_cell(scope, count.people),
            mean.map_or_else(
                || Cell::Missing("too few such days in the range".into()),
                |(_, mean)| Cell::Number {
                    value: *mean,
                    shown: format::decimal(&scope.locale, *mean, 1),
                },
            ),
            Cell::Text(count.remark(&scope.locale, false)),
        ]
    };
    let mut columns = vec![
        Column::text("day", "Day (UTC)"),
        Column::text("weekday", "Weekday"),
        Column::number("active_users", "Active users"),
        Column::number("usual", "Mean of such days"),
    ];
    columns.push(Column::text("note", "Note"));
    Table {
        caption: REPORT.title.into(),
        columns,
        rows: counts.buckets.iter().map(row).collect(),
    }
}
