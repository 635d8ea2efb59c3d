//! Person: who one person is, and what the range tells of them.

use super::Report;
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::data::User;
use crate::format;
use crate::panel::PanelModel;
use crate::person::{self, Context, Person};
use crate::query::View;
use crate::remote::State;
use crate::roster::{self, Part, Roster};
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column, Table};
use crate::words::{Help, action_note};
use std::sync::Arc;

/// The panel.
pub const REPORT: Report = Report {
    id: "person",
    title: "Person",
    view: View::Person,
    kinds: &[SourceKind::Coder],
    requests,
    further,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    if !scope.names.are_shown() {
        return Vec::new();
    }
    // A pseudonym tells nobody who it is: somebody on the roster has it.
    let is_own = scope.names.are_own();
    let who = if is_own {
        account(scope)
    } else {
        roster::first_page(scope)
    };
    let mut requests: Vec<Request> = who.into_iter().collect();
    requests.extend(super::slice_request(scope, coder::activity));
    requests.extend(super::slice_request(scope, coder::latency));
    requests
}

fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    if scope.names.are_own() || !scope.names.are_shown() {
        return Vec::new();
    }
    roster::further(scope, answers)
}

fn account(scope: &Scope) -> Option<Request> {
    coder::user(&scope.source.as_ref()?.id, scope.person.as_ref()?)
}

/// The accounts among which the person is.
fn accounts(scope: &Scope, answers: &Answers, request: &Request) -> Arc<Roster> {
    if !scope.names.are_own() {
        return Roster::read(scope, answers);
    }
    Arc::new(Roster::of_one(answers, request))
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "The account as of now, and use in the range".into();
    if panel.stops_unless(scope.names.are_shown()) || panel.stops_early(scope) {
        return;
    }
    let is_own = scope.names.are_own();
    let no_such = |panel: &mut PanelModel, why: &str| panel.stop(State::Empty, "No such person", why, Help::None);
    let Some((account, link)) = account(scope).zip(scope.person.as_deref()) else {
        return no_such(panel, "What the address names cannot be the id of a person.");
    };
    let roster = accounts(scope, answers, &account);
    let time = Part::read(scope, answers, coder::activity);
    let latency = Part::read(scope, answers, coder::latency);
    if roster.is_waiting || matches!(time, Part::Waiting) || matches!(latency, Part::Waiting) {
        return;
    }
    let Roster { pages, error, .. } = &*roster;
    // The account of somebody by the id is one page of one account, whatever the server knows it by.
    let is_it = |user: &&User| is_own || scope.names.is_link_to(link, &user.id);
    let user = pages
        .iter()
        .filter_map(|page| roster::users(page))
        .find_map(|page| Some((page, page.users.iter().find(is_it)?)));
    let id = user
        .map(|(_, user)| user.id.as_str())
        .filter(|_| is_own)
        .unwrap_or(link);
    let used = time.data().and_then(|data| {
        let (people, templates) = roster::seconds(data);
        let mut people = people.iter();
        Some((templates, people.find(|one| scope.names.is_link_to(id, &one.user_id))?))
    });
    let late = latency.data().map_or(&[][..], |data| roster::latencies(data));
    let late = late.iter().find(|one| scope.names.is_link_to(id, &one.user_id));
    let person = Person { user, used, late };
    match (person.id(), error) {
        (None, Some(error)) => return panel.fail(error),
        (None, None) if !is_own => return no_such(panel, "Nobody whom the server knows has this pseudonym."),
        _ => {}
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
    let name = if is_own {
        person.name().to_string()
    } else {
        pseudonym(scope, &roster, &time, &latency, person.id().unwrap_or_default())
    };
    let context = Context::new(scope, answers, &time, &latency, "no account to be seen");
    panel
        .notes
        .extend(context.notes(person.organizations(), person.templates()));
    let fact = |column: Column| {
        let value = match column.id {
            "name" => Cell::Text(name.clone()),
            id => person.cell(&context, id),
        };
        vec![Cell::Text(column.title), value]
    };
    let is_told = |column: &Column| is_own || !person::NAMES.contains(&column.id);
    panel.table = Table {
        caption: REPORT.title.into(),
        columns: vec![Column::text("fact", "Fact"), Column::text("value", "Value")],
        rows: person::columns().into_iter().filter(is_told).map(fact).collect(),
    };
    panel.headline = Some(name);
}

/// What a person is called in the list of all of them.
fn pseudonym(scope: &Scope, roster: &Roster, time: &Part, latency: &Part, id: &str) -> String {
    let pages = roster.pages.iter().filter_map(|page| roster::users(page));
    let users = pages.flat_map(|page| &page.users).map(|user| user.id.as_str());
    let used = time.data().map_or(&[][..], |data| roster::seconds(data).0);
    let late = latency.data().map_or(&[][..], |data| roster::latencies(data));
    let ids = users.chain(used.iter().map(|one| one.user_id.as_str()));
    let ids = std::iter::once(id)
        .chain(ids)
        .chain(late.iter().map(|one| one.user_id.as_str()));
    scope
        .names
        .of(ids.map(|id| (id, "")))
        .into_iter()
        .next()
        .unwrap_or_default()
}
