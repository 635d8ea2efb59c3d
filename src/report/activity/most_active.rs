//! Most active users: the time of each person in the range by Coder v1, checked against its count of minutes and
//! against its own intervals.

use crate::answers::Answers;
use crate::chart::{Kind, Role, Row, Unit};
use crate::config::SourceKind;
use crate::data::usage::Time;
use crate::format;
use crate::order;
use crate::panel::PanelModel;
use crate::query::{Action, View};
use crate::report::{RANKED, Report, nothing, ranking};
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::usage::{self, Person};

/// The panel.
pub const REPORT: Report = Report {
    id: "most-active",
    title: "Most active users",
    view: View::Activity,
    kinds: &[SourceKind::CoderV1],
    requests,
    further: nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    usage::requests(scope, scope.action)
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = match scope.action {
        Action::Any => "Time of any activity in the range".into(),
        action => format!("Time in the range of people who {}", super::deed(action)),
    };
    if panel.stops_unless(scope.names.are_shown()) || super::stops_at_usage(scope, panel) {
        return;
    }
    let usage = usage::usage(scope, answers, scope.action);
    if super::stops_at_answers(scope, panel, &usage) {
        return;
    }
    let mut people = usage::people(scope, answers, scope.action);
    people.retain(|person| person.total.is_some() || person.summed.is_some());
    order::sort_by(&mut people, |a, b| {
        let by_time = b.total.nanos.cmp(&a.total.nanos);
        by_time.then_with(|| a.name().cmp(b.name()))
    });
    let is_sure = usage.odd_length.is_none();
    let count = |count: usize| format::count(&scope.locale, count as u64);
    let contradictory = people.iter().filter(|person| !person.total.agrees()).count();
    if contradictory > 0 && is_sure {
        panel.notes.push(format!(
            "Time and counted minutes contradict each other for {} of {} people: which one is right only the server can tell",
            count(contradictory),
            count(people.len())
        ));
    }
    let differing = people.iter().filter(|person| person.differs()).count();
    if differing > 0 {
        panel.notes.push(format!(
            "For {} of {} people the server's total is not the sum of its intervals",
            count(differing),
            count(people.len())
        ));
    }
    panel.headline = Some(format!(
        "{} {}",
        count(people.len()),
        if people.len() == 1 { "person" } else { "people" }
    ));
    let names = scope
        .names
        .of(people.iter().map(|person| (person.person.id.as_str(), person.name())));
    let sure = |time: Time| Some(time).filter(|_| is_sure);
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text("name", "Name"),
            Column::text("username", "User name"),
            Column::text("roles", "Roles"),
            Column::number("seconds", "Time"),
            Column::number("minutes", "Minutes counted"),
            Column::text("by_interval", format!("Time by {}", scope.interval.noun())),
            Column::text("note", "Note"),
        ],
        rows: people
            .iter()
            .zip(&names)
            .map(|(person, name)| {
                let username = if scope.names.are_own() {
                    words_cell(&person.person.username, "not in the list of users")
                } else {
                    Cell::Missing("hidden by the privacy setting".into())
                };
                vec![
                    Cell::Text(name.clone()),
                    username,
                    words_cell(&person.person.roles.join(", "), "none named"),
                    super::time_cell(scope, sure(person.total), "unit not sure"),
                    Cell::Number {
                        value: person.total.minutes as f64,
                        shown: format::count(&scope.locale, person.total.minutes),
                    },
                    trend(scope, person, is_sure && !usage.counts.is_foreign),
                    Cell::Text(note(scope, person, is_sure)),
                ]
            })
            .collect(),
    };
    let shown = people.iter().zip(names);
    let (rows, seconds) = shown
        .filter(|(person, _)| is_sure && person.total.nanos > 0)
        .take(RANKED)
        .map(|(person, name)| {
            let role = Role::Active;
            (Row { name, role }, Some(person.total.seconds()))
        })
        .unzip();
    ranking(
        scope,
        panel,
        Kind::Ranked(rows),
        vec![("Time", Role::Active, seconds)],
        Unit::Seconds,
        people.len(),
    );
}

/// The person's time from bucket to bucket.
fn trend(scope: &Scope, person: &Person, is_sure: bool) -> Cell {
    let duration = |seconds: f64| format::duration(&scope.locale, seconds);
    let known = || person.seconds.iter().flatten().copied();
    let (Some(first), Some(last)) = (known().next(), known().last()) else {
        return Cell::Missing("no answer".into());
    };
    if !is_sure {
        return Cell::Missing("not sure".into());
    }
    let shown = match known().count() {
        1 => duration(last),
        _ => {
            let highest = known().fold(0.0, f64::max);
            format!(
                "{} to {}, highest {}",
                duration(first),
                duration(last),
                duration(highest)
            )
        }
    };
    Cell::Trend {
        values: person.seconds.as_slice().into(),
        shown,
    }
}

fn words_cell(words: &str, why: &str) -> Cell {
    if words.is_empty() {
        Cell::Missing(why.into())
    } else {
        Cell::Text(words.into())
    }
}

/// What does not fit together of a person's figures.
fn note(scope: &Scope, person: &Person, is_sure: bool) -> String {
    let duration = |seconds: f64| format::duration(&scope.locale, seconds);
    let mut notes = Vec::new();
    if !person.total.agrees() && is_sure {
        let counted = person.total.minutes as f64 * 60.0;
        notes.push(format!("contradicts its count, {}", duration(counted)));
    }
    if person.is_unlisted {
        notes.push("added up from the intervals".to_string());
    } else if person.differs() && is_sure {
        notes.push(format!("intervals add up to {}", duration(person.summed.seconds())));
    }
    notes.join("; ")
}
