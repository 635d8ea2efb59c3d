//! Most active users: the time of each person in the range by Coder v1, checked against its count of minutes and
//! against its own intervals.

use crate::answers::Answers;
use crate::chart::{Kind, Role, Row, Unit};
use crate::config::SourceKind;
use crate::format;
use crate::measure;
use crate::order;
use crate::panel::PanelModel;
use crate::query::{Action, View};
use crate::report;
use crate::report::{RANKED, Report, nothing, ranking, show_rows};
use crate::rows::{Key, Rows};
use crate::scope::Scope;
use crate::table::{Cell, Column};
use crate::usage::{self, People, Person};

/// The panel.
pub const REPORT: Report = Report {
    id: "most-active",
    title: "Most active users",
    view: View::Activity,
    kinds: &[SourceKind::CoderV1],
    requests: super::requests,
    further: nothing,
    build,
};

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
    let people = usage::People::read(scope, answers, scope.action);
    let all = &people.people;
    let with_time = |person: &Person| person.total.is_some() || person.summed.is_some();
    let ranked: Vec<usize> = (0..all.len())
        .filter(|place| all.get(*place).is_some_and(with_time))
        .collect();
    let at = |place: usize| ranked.get(place).and_then(|place| all.get(*place));
    let key = |place| [u64::MAX - at(place).map_or(0, |person| person.total.nanos as u64), 0, 0];
    let keys: Vec<order::Key> = (0..ranked.len()).map(key).collect();
    let order = order::by_key(&keys, &|a, b| at(a).map(Person::name).cmp(&at(b).map(Person::name)));
    let ranked: Vec<usize> = order
        .into_iter()
        .filter_map(|place| ranked.get(place).copied())
        .collect();
    let shown = || ranked.iter().filter_map(|place| all.get(*place));
    let is_sure = usage.odd_length.is_none();
    let count = |count: usize| format::count(&scope.locale, count as u64);
    let contradictory = shown().filter(|person| !person.total.agrees()).count();
    if contradictory > 0 && is_sure {
        panel.notes.push(format!(
            "Time and counted minutes contradict each other for {} of {} people: which one is right only the server can tell",
            count(contradictory),
            count(ranked.len())
        ));
    }
    let differing = shown().filter(|person| person.differs()).count();
    if differing > 0 {
        panel.notes.push(format!(
            "For {} of {} people the server's total is not the sum of its intervals",
            count(differing),
            count(ranked.len())
        ));
    }
    panel.headline = Some(format!(
        "{} {}",
        count(ranked.len()),
        if ranked.len() == 1 { "person" } else { "people" }
    ));
    let names = scope
        .names
        .of(shown().map(|person| (person.person.id.as_str(), person.name())));
    let (rows, seconds) = shown()
        .zip(&names)
        .filter(|(person, _)| is_sure && person.total.nanos > 0)
        .take(RANKED)
        .map(|(person, name)| {
            let (name, role) = (name.clone(), Role::Active);
            (Row { name, role }, Some(person.total.seconds()))
        })
        .unzip();
    let number = ranked.len();
    let rows_of_table = Ranked {
        scope: scope.clone(),
        people,
        ranked,
        names,
        is_sure,
        has_trend: is_sure && !usage.counts.is_foreign,
        remarks: usage
            .counts
            .buckets
            .iter()
            .map(|count| measure::remark(count.is_open, count.is_cut))
            .collect(),
        columns: vec![
            Column::text("name", "Name"),
            Column::text("username", "User name"),
            Column::text("roles", "Roles"),
            Column::number("seconds", "Time"),
            Column::number("minutes", "Minutes counted"),
            Column::text("by_interval", format!("Time by {}", scope.interval.noun())),
            Column::text("note", "Note"),
        ],
    };
    show_rows(panel, rows_of_table);
    ranking(
        scope,
        panel,
        Kind::Ranked(rows),
        vec![("Time", Role::Active, seconds)],
        Unit::Seconds,
        number,
    );
}

/// The rows of the table, most time first.
struct Ranked {
    scope: Scope,
    people: People,
    /// Places of those who are shown.
    ranked: Vec<usize>,
    names: Vec<String>,
    is_sure: bool,
    has_trend: bool,
    /// What sets intervals apart.
    remarks: Vec<&'static str>,
    columns: Vec<Column>,
}

impl Ranked {
    fn at(&self, row: usize) -> Option<(usize, &Person)> {
        let place = *self.ranked.get(row)?;
        Some((place, self.people.people.get(place)?))
    }
}

impl Rows for Ranked {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        self.ranked.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        let Some((place, person)) = self.at(row) else {
            return Cell::Missing(String::new());
        };
        let scope = &self.scope;
        match column {
            0 => Cell::Text(self.names.get(row).cloned().unwrap_or_default()),
            1 if scope.names.are_own() => words_cell(&person.person.username, "not in the list of users"),
            1 => Cell::Missing("hidden by the privacy setting".into()),
            2 => words_cell(&person.person.roles.join(", "), "none named"),
            3 => super::time_cell(scope, Some(person.total).filter(|_| self.is_sure), "unit not sure"),
            4 => Cell::Number {
                value: person.total.minutes as f64,
                shown: format::count(&scope.locale, person.total.minutes),
            },
            5 => {
                let seconds = self.people.seconds(place);
                if self.has_trend || seconds.iter().flatten().next().is_none() {
                    report::trend(scope, &seconds, &self.remarks)
                } else {
                    Cell::Missing("not sure".into())
                }
            }
            _ => Cell::Text(note(scope, person, self.is_sure)),
        }
    }

    fn key(&self, row: usize, column: usize) -> Key<'_> {
        let Some((place, person)) = self.at(row) else {
            return Key::Missing;
        };
        match column {
            0 => Key::Text(self.names.get(row).map_or("", String::as_str).into()),
            3 if self.is_sure => Key::Number(person.total.seconds()),
            4 => Key::Number(person.total.minutes as f64),
            5 if self.has_trend => self.people.last_seconds(place).map_or(Key::Missing, Key::Number),
            1 | 2 | 6 => match self.cell(row, column) {
                Cell::Text(words) => Key::Text(words.into()),
                _ => Key::Missing,
            },
            _ => Key::Missing,
        }
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
