//! Retention: of those who were first active in a period, how many still are so many periods later, by Coder v1. A cell
//! lists its people.

use crate::answers::Answers;
use crate::chart::{ChartModel, Kind, Role, Series, Unit};
use crate::config::SourceKind;
use crate::format;
use crate::panel::{Drill, PanelModel};
use crate::period::Interval;
use crate::presence::Presence;
use crate::query::View;
use crate::report::{Report, show_rows};
use crate::scope::Scope;
use crate::suppress;
use crate::table::{Cell, Column, Table};
use crate::usage::People;
use crate::wish::Wish;

/// The panel.
pub const REPORT: Report = Report {
    id: "retention",
    title: "Retention",
    view: View::Activity,
    kinds: &[SourceKind::CoderV1],
    requests: super::requests,
    further: crate::report::nothing,
    build,
};

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = format!(
        "Of people who {}, those first seen in one period of the range who were active again later",
        super::deed(scope.action)
    );
    let may_list = scope.names.are_shown();
    if may_list {
        panel.offer(scope, Wish::Cell, "People listed", &["Nobody", "Of the cell chosen"]);
    }
    let Some((presence, people)) = super::presence(scope, answers, panel, 2) else {
        return;
    };
    let cohorts = presence.cohorts();
    let is_shown = if may_list {
        Vec::new()
    } else {
        suppress::cohorts(scope, &cohorts)
    };
    let is_shown = |cohort: usize, age: usize| is_shown.get(cohort).and_then(|row| row.get(age)) != Some(&false);
    if presence.closed() < presence.periods.len() {
        let noun = presence.interval.noun();
        panel
            .notes
            .push(format!("The running {noun} is left out until it is over"));
    }
    if !may_list && (0..cohorts.len()).any(|cohort| !is_shown(cohort, 0)) {
        panel
            .notes
            .push("Figures that tell of too few people, or would let them be computed, are hidden".into());
    }
    let is_small = |(place, cohort): (usize, &Vec<u64>)| {
        let size = cohort.first().copied().unwrap_or(0);
        cohort.len() > 1 && (1..super::LEAST_SHARED).contains(&size) && is_shown(place, 0)
    };
    if cohorts.iter().enumerate().any(is_small) {
        panel.notes.push(format!(
            "Of fewer than {} people it is told how many were active, not which share",
            super::LEAST_SHARED
        ));
    }
    let noun = presence.interval.label();
    let columns: Vec<String> = (0..cohorts.len()).map(|age| format!("{noun} {age}")).collect();
    panel.table = table(scope, &presence, &cohorts, &columns, &is_shown);
    let kept: (u64, u64) = cohorts
        .iter()
        .fold((0, 0), |(then, now), cohort| match cohort.as_slice() {
            [all, next, ..] => (then + all, now + next),
            _ => (then, now),
        });
    if may_list {
        panel.headline = Some(format!(
            "{} active again in the {} after their first",
            super::part_of(scope, kept.1, kept.0),
            presence.interval.noun()
        ));
    }
    let words = |(place, cohort): (usize, &Vec<u64>)| {
        let size = cohort.first().copied().unwrap_or(0);
        let word = |(age, count): (usize, &u64)| match age {
            _ if !is_shown(place, age) => String::new(),
            0 => format::count(&scope.locale, size),
            _ if size < super::LEAST_SHARED => format::count(&scope.locale, *count),
            _ => format::percent(&scope.locale, *count as f64 / size as f64),
        };
        cohort.iter().enumerate().map(word).collect()
    };
    let series = |(place, cohort): (usize, &Vec<u64>)| {
        let size = cohort.first().copied().unwrap_or(0);
        let share =
            |(age, count): (usize, &u64)| (size > 0 && is_shown(place, age)).then(|| *count as f64 / size as f64);
        Series {
            name: name(scope, &presence, place),
            role: Role::Active,
            values: cohort.iter().enumerate().map(share).collect(),
        }
    };
    let kind = Kind::Cohorts {
        columns,
        words: cohorts.iter().enumerate().map(words).collect(),
    };
    panel.draw(ChartModel {
        series: cohorts.iter().enumerate().map(series).collect(),
        unit: Unit::Share,
        ..ChartModel::new(kind, presence.interval, &scope.locale)
    });
    if may_list {
        let cells = (0..cohorts.len()).flat_map(|cohort| (0..cohorts.len()).map(move |age| (cohort, age)));
        panel.drill = cells.map(|(cohort, age)| Drill::Cell(cohort, age)).collect();
        list(scope, panel, &presence, &people);
    }
}

/// What a cohort is called beside its row.
fn name(scope: &Scope, presence: &Presence, cohort: usize) -> String {
    let Some(period) = presence.periods.get(cohort) else {
        return String::new();
    };
    match presence.interval {
        Interval::Month => format::month(&scope.locale, period.days.first),
        Interval::Year => format::year(&scope.locale, period.days.first),
        _ => format::full_day(&scope.locale, period.days.first),
    }
}

/// A row a cohort: how many they are, and how many of them are there later.
fn table(
    scope: &Scope,
    presence: &Presence,
    cohorts: &[Vec<u64>],
    titles: &[String],
    is_shown: &dyn Fn(usize, usize) -> bool,
) -> Table {
    let mut columns = vec![
        Column::text("first_seen", "First seen (UTC)"),
        Column::number("people", "People"),
    ];
    let later = |(age, title): (usize, &String)| Column::number("later", title.as_str()).about(age.to_string());
    columns.extend(titles.iter().enumerate().skip(1).map(later));
    let row = |(place, cohort): (usize, &Vec<u64>)| {
        let days = presence.periods.get(place).map(|period| period.days);
        let size = cohort.first().copied().unwrap_or(0);
        let first = days.map(|days| Cell::Day {
            day: days.first,
            shown: format::span(&scope.locale, days),
        });
        let later = (0..titles.len()).map(|age| match cohort.get(age) {
            None => Cell::Missing("after the range, or not over yet".into()),
            Some(_) if !is_shown(place, age) => Cell::Missing("hidden: it would tell of too few people".into()),
            Some(count) if age == 0 => super::people_cell(scope, Some(*count)),
            Some(count) => Cell::Number {
                value: *count as f64,
                shown: format::count(&scope.locale, *count) + &super::share(scope, *count, size),
            },
        });
        first.into_iter().chain(later).collect()
    };
    Table {
        caption: REPORT.title.into(),
        columns,
        rows: cohorts.iter().enumerate().map(row).collect(),
    }
}

/// The people of the cell that is chosen, in place of the table, which stands below them then.
fn list(scope: &Scope, panel: &mut PanelModel, presence: &Presence, people: &People) {
    let (cohort, age) = scope.wishes.cell;
    let later = presence
        .periods
        .get(cohort + age)
        .filter(|_| cohort + age < presence.closed());
    let days = presence.periods.get(cohort).zip(later);
    let Some((first, later)) = days.filter(|_| scope.wishes.of(Wish::Cell) == 1) else {
        return;
    };
    let places = presence.people(cohort, cohort + age);
    let listed = || places.iter().filter_map(|place| people.people.get(*place));
    let mut names = scope
        .names
        .of(listed().map(|person| (person.person.id.as_str(), person.name())));
    crate::order::sort_by(&mut names, Ord::cmp);
    let who = format!(
        "First seen {}, active {}: {}",
        format::span(&scope.locale, first.days),
        format::span(&scope.locale, later.days),
        format::count(&scope.locale, names.len() as u64)
    );
    panel.notes.insert(0, format!("Listed: {who}"));
    panel.groups = std::mem::take(&mut panel.table);
    panel.table.caption = panel.groups.caption.clone();
    let table = Table {
        caption: panel.groups.caption.clone(),
        columns: vec![Column::text("name", who)],
        rows: names.into_iter().map(|name| vec![Cell::Text(name)]).collect(),
    };
    show_rows(panel, table);
}
