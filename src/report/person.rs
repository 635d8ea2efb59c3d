//! Person: who one person is, and what the range tells of them.

use super::Report;
use crate::answers::{Answers, Found};
use crate::config::SourceKind;
use crate::format;
use crate::panel::PanelModel;
use crate::person::{self, Context, Person};
use crate::query::View;
use crate::remote::State;
use crate::roster::{self, Part};
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column, Table};
use crate::words::{Help, action_note};

/// The panel.
pub const REPORT: Report = Report {
    id: "person",
    title: "Person",
    view: View::Person,
    kinds: &[SourceKind::Coder],
    requests,
    further: super::nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    if !scope.shows_people() {
        return Vec::new();
    }
    let mut requests: Vec<Request> = account(scope).into_iter().collect();
    requests.extend(super::slice_request(scope, coder::activity));
    requests.extend(super::slice_request(scope, coder::latency));
    requests
}

fn account(scope: &Scope) -> Option<Request> {
    coder::user(&scope.source.as_ref()?.id, scope.person.as_ref()?)
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "The account as of now, and use in the range".into();
    if panel.stops_at_privacy(scope) || panel.stops_early(scope) {
        return;
    }
    let Some(account) = account(scope) else {
        let why = "What the address names cannot be the id of a person.";
        return panel.stop(State::Empty, "No such person", why, Help::None);
    };
    let users = answers.users(&account);
    let time = Part::read(scope, answers, coder::activity);
    let latency = Part::read(scope, answers, coder::latency);
    if matches!(users, Found::Waiting) || matches!(time, Part::Waiting) || matches!(latency, Part::Waiting) {
        return;
    }
    let error = answers.users(&account).error();
    let user = users.ok().and_then(|page| Some((page, page.users.first()?)));
    let id = user.map_or(scope.person.as_deref(), |(_, user)| Some(user.id.as_str()));
    let used = time.data().and_then(|data| {
        let (people, templates) = roster::seconds(data);
        Some((templates, people.iter().find(|one| Some(one.user_id.as_str()) == id)?))
    });
    let late = latency.data().map_or(&[][..], |data| roster::latencies(data));
    let late = late.iter().find(|one| Some(one.user_id.as_str()) == id);
    let person = Person { user, used, late };
    if let (None, Some(error)) = (person.id(), error) {
        return panel.fail(error);
    }
    panel.state = State::Ready;
    if let Some(range) = scope.range {
        panel.footer.push(format!(
            "{}, days of {}",
            format::span(&scope.locale, range),
            scope.zone.name
        ));
    }
    panel.notes.extend(crate::words::templates_note(scope));
    panel.notes.extend(action_note(scope));
    panel
        .notes
        .push("Coder does not tell which apps one person used".into());
    if let Some(error) = error {
        panel.state = State::Partial;
        panel
            .notes
            .insert(0, format!("No account to be seen, only use in the range: {error}"));
    }
    for (what, part) in [("time", &time), ("latency", &latency)] {
        if let Some(why) = part.why() {
            panel.state = State::Partial;
            panel.notes.insert(0, format!("Without {what}: {why}"));
        }
    }
    panel.headline = Some(person.name().to_string());
    let context = Context::new(scope, answers, &time, &latency, "no account to be seen");
    let fact = |column: Column| vec![Cell::Text(column.title), person.cell(&context, column.id)];
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![Column::text("fact", "Fact"), Column::text("value", "Value")],
        rows: person::columns().into_iter().map(fact).collect(),
    };
}
