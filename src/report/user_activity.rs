//! Activity by user: time of use of each person in the range.

use super::Report;
use crate::answers::{Answers, Found};
use crate::chart::{Kind, Role, Row, Unit};
use crate::config::SourceKind;
use crate::data::PersonSeconds;
use crate::format;
use crate::order;
use crate::panel::PanelModel;
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column, Table};
use crate::words::{self, Help, action_note};

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
    let mut people: Vec<&PersonSeconds> = activity.users.iter().collect();
    order::sort_by(&mut people, |a, b| {
        b.seconds.cmp(&a.seconds).then_with(|| a.username.cmp(&b.username))
    });
    let names = scope.names.of(people
        .iter()
        .map(|person| (person.user_id.as_str(), person.username.as_str())));
    let total = people
        .iter()
        .fold(0_u64, |sum, person| sum.saturating_add(person.seconds));
    let unit = if people.len() == 1 { "person" } else { "people" };
    panel.headline = Some(format!(
        "{} by {} {unit}",
        format::duration(&scope.locale, total as f64),
        format::count(&scope.locale, people.len() as u64)
    ));
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![Column::text("user", "User"), Column::number("seconds", "Time")],
        rows: people
            .iter()
            .zip(&names)
            .map(|(person, name)| {
                let shown = format::duration(&scope.locale, person.seconds as f64);
                vec![
                    Cell::Text(name.clone()),
                    Cell::Number {
                        value: person.seconds as f64,
                        shown,
                    },
                ]
            })
            .collect(),
    };
    let shown = people.iter().zip(names).filter(|(person, _)| person.seconds > 0);
    let (rows, seconds) = shown
        .take(super::RANKED)
        .map(|(person, name)| {
            let role = Role::Active;
            (Row { name, role }, Some(person.seconds as f64))
        })
        .unzip();
    super::ranking(
        scope,
        panel,
        Kind::Ranked(rows),
        vec![("Time", Role::Active, seconds)],
        Unit::Seconds,
        people.len(),
    );
}
