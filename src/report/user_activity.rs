//! Activity by user: time of use of each person in the range.

use super::Report;
use crate::answers::{Answers, Found};
use crate::chart::{Kind, Role, Row, Unit};
use crate::config::SourceKind;
use crate::data::{Data, PersonSeconds, UserActivity};
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
    id: "user-activity",
    title: "Activity by user",
    view: View::Templates,
    kinds: &[SourceKind::Coder],
    requests,
    further: super::nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    super::slice_request(scope, coder::activity)
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Time of use in the range; at most half an hour per half hour, however many apps are open".into();
    if panel.stops_without_names(scope, answers) {
        return;
    }
    let (Some(range), Some(request)) = (scope.range, panel.requests.first()) else {
        return;
    };
    let data = answers.data(request);
    let activity = match answers.activity(request) {
        Found::Waiting => return,
        Found::Failed(error) => return panel.fail(error),
        Found::Here(activity) => activity,
    };
    panel.state = State::Ready;
    panel.says_days(scope, range, activity.span);
    panel.notes.extend(action_note(scope));
    if activity.users.is_empty() {
        return panel.stop(State::Empty, "Nobody was active", words::ZERO_USE, Help::None);
    }
    let total = activity
        .users
        .iter()
        .fold(0_u64, |sum, person| sum.saturating_add(person.seconds));
    let count = activity.users.len();
    let unit = if count == 1 { "person" } else { "people" };
    panel.headline = Some(format!(
        "{} by {} {unit}",
        format::duration(&scope.locale, total as f64),
        format::count(&scope.locale, count as u64)
    ));
    let Some(data) = data else { return };
    let people = Used {
        names: super::pseudonyms(scope, || ranked(activity).map(|person| person.user_id.as_str())),
        columns: vec![Column::text("user", "User"), Column::number("seconds", "Time")],
        locale: scope.locale.clone(),
        data,
    };
    let shown = ranked(activity).filter(|person| person.seconds > 0).enumerate();
    let (rows, seconds) = shown
        .take(super::RANKED)
        .map(|(place, person)| {
            let (name, role) = (people.name(place, person).to_string(), Role::Active);
            (Row { name, role }, Some(person.seconds as f64))
        })
        .unzip();
    super::show_rows(panel, people);
    super::ranking(
        scope,
        panel,
        Kind::Ranked(rows),
        vec![("Time", Role::Active, seconds)],
        Unit::Seconds,
        count,
    );
}

fn ranked(activity: &UserActivity) -> impl Iterator<Item = &PersonSeconds> {
    activity.ranked.iter().filter_map(|place| activity.users.get(*place))
}

/// The rows of the table, most time first.
struct Used {
    data: Arc<Data>,
    /// In place of names, where people are not known by their own.
    names: Option<Vec<String>>,
    columns: Vec<Column>,
    locale: Locale,
}

impl Used {
    fn at(&self, row: usize) -> Option<&PersonSeconds> {
        match &*self.data {
            Data::Activity(activity) => activity.users.get(*activity.ranked.get(row)?),
            _ => None,
        }
    }

    fn name<'a>(&'a self, row: usize, person: &'a PersonSeconds) -> &'a str {
        let name = self
            .names
            .as_ref()
            .map(|names| names.get(row).map_or("", String::as_str));
        name.unwrap_or(&person.username)
    }
}

impl Rows for Used {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        match &*self.data {
            Data::Activity(activity) => activity.ranked.len(),
            _ => 0,
        }
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        match (self.at(row), column) {
            (Some(person), 0) => Cell::Text(self.name(row, person).into()),
            (Some(person), _) => Cell::Number {
                value: person.seconds as f64,
                shown: format::duration(&self.locale, person.seconds as f64),
            },
            (None, _) => Cell::Missing(String::new()),
        }
    }

    fn key(&self, row: usize, column: usize) -> Key<'_> {
        match (self.at(row), column) {
            (Some(person), 0) => Key::Text(self.name(row, person).into()),
            (Some(person), _) => Key::Number(person.seconds as f64),
            (None, _) => Key::Missing,
        }
    }
}
