//! People: everybody on the roster with what the range tells of them, zero use included, and who was in use without
//! being on it.

use super::Report;
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::data::id::Id;
use crate::data::{Data, Status};
use crate::format;
use crate::order::Index;
use crate::panel::PanelModel;
use crate::person::{self, Context, Person};
use crate::privacy::Code;
use crate::query::View;
use crate::remote::State;
use crate::roster::{self, Part, Place, Roster};
use crate::rows::{Choices, Key, Keys, List, Rows};
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column};
use crate::words::{self, Help, Message, action_note};
use std::borrow::Cow;
use std::sync::Arc;
use trends::Trends;

mod trends;

/// The panel.
pub const REPORT: Report = Report {
    id: "people",
    title: "People",
    view: View::People,
    kinds: &[SourceKind::Coder],
    requests,
    further,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    if !scope.names.are_shown() {
        return Vec::new();
    }
    let mut requests: Vec<Request> = roster::first_page(scope).into_iter().collect();
    requests.extend(super::slice_request(scope, coder::activity));
    requests.extend(super::slice_request(scope, coder::latency));
    requests
}

fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    if scope.names.are_shown() {
        let mut further = roster::further(scope, answers);
        further.extend(trends::requests(scope, roster::count(scope, answers)));
        further
    } else {
        Vec::new()
    }
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Everybody with an account as of now, and what they used in the range".into();
    if panel.stops_unless(scope.names.are_shown()) || panel.stops_early(scope) {
        return;
    }
    let roster = Roster::read(scope, answers);
    let time = Part::read(scope, answers, coder::activity);
    let latency = Part::read(scope, answers, coder::latency);
    if roster.is_waiting || matches!(time, Part::Waiting) || matches!(latency, Part::Waiting) {
        panel.message = roster.count.filter(|count| *count > coder::PAGE).map(|count| Message {
            title: "Loading people".into(),
            detail: format!("{} loaded", of(scope, roster.loaded, count)),
            help: Help::None,
        });
        return;
    }
    if let (None, Some(error)) = (time.data(), roster.error.as_ref().filter(|_| roster.pages.is_empty())) {
        return panel.fail(error);
    }
    panel.state = State::Ready;
    if let Some(range) = scope.range {
        let span = time.data().and_then(|data| match &**data {
            Data::Activity(activity) => activity.span,
            _ => None,
        });
        panel.says_days(scope, range, span);
    }
    panel.notes.extend(action_note(scope));
    tell_what_is_missing(scope, panel, &roster, &time, &latency);
    let is_whole = roster.is_whole();
    let why_no_account = if is_whole {
        "no account any more"
    } else {
        "not on the part of the roster that is loaded"
    };
    let mut people = People {
        context: Context::new(scope, answers, &time, &latency, why_no_account),
        columns: person::columns(),
        rows: join(scope, &roster, &time, &latency),
        roster: Arc::clone(&roster),
        time,
        latency,
        pseudonyms: Vec::new(),
        trends: None,
    };
    // Before names are hidden: people are in the order of the memory then.
    let headline = people.headline(scope);
    people.hide_names(scope);
    people.trends = {
        let ids = (0..people.rows.len()).map(|row| people.at(row).id().unwrap_or_default());
        Trends::read(scope, answers, panel, roster.count, ids)
    };
    if let Some(trends) = &people.trends {
        trends.show_in(&mut people.columns);
    }
    let organizations = roster.pages.iter().filter_map(|page| roster::users(page));
    let organizations = organizations.flat_map(|page| page.organization_ids.iter().map(String::as_str));
    let templates = people.time.data().map_or(&[][..], |data| roster::seconds(data).1);
    let templates = templates.iter().map(String::as_str);
    panel.notes.extend(people.context.notes(organizations, templates));
    let strangers = people.rows.iter().filter(|row| row.account.user == NONE).count();
    if strangers > 0 && is_whole {
        let (who, have) = if strangers == 1 {
            ("person", "has")
        } else {
            ("people", "have")
        };
        panel.notes.push(format!(
            "{} {who} with use in the range {have} no account any more",
            format::count(&scope.locale, strangers as u64)
        ));
    }
    if people.rows.is_empty() {
        return panel.stop(
            State::Empty,
            "Nobody here",
            "The server names no accounts and no use.",
            Help::None,
        );
    }
    panel.headline = Some(headline);
    panel.list = Some(Arc::new(List::new(people)));
}

fn of(scope: &Scope, loaded: u64, count: u64) -> String {
    let number = |count| format::count(&scope.locale, count);
    format!("{} of {}", number(loaded), number(count))
}

fn tell_what_is_missing(scope: &Scope, panel: &mut PanelModel, roster: &Roster, time: &Part, latency: &Part) {
    if let Some(error) = &roster.error {
        panel.state = State::Partial;
        let why = match roster.count {
            Some(count) => format!("{} people loaded", of(scope, roster.loaded, count)),
            None => "Only people with use in the range are listed: the server does not give the roster".into(),
        };
        panel.notes.insert(0, why);
        panel.message = Some(words::message(error));
    } else if !roster.is_whole() {
        panel.state = State::Partial;
        let count = roster.count.unwrap_or_default();
        panel.notes.insert(
            0,
            format!("The server gave {} accounts", of(scope, roster.loaded, count)),
        );
    }
    for (what, part) in [("time", time), ("latency", latency)] {
        if let Part::Missing(why, error) = part {
            panel.notes.insert(0, format!("Without {what}: {why}"));
            panel.state = State::Partial;
            if let (None, Some(error)) = (&panel.message, error) {
                panel.message = Some(words::message(error));
            }
        }
    }
}

/// Stands for no place.
const NONE: u32 = u32::MAX;

/// Where a person occurs in the answers.
#[derive(Clone, Copy)]
struct Row {
    /// On the roster; [`NONE`] for somebody who is not on it.
    account: Place,
    /// Place among the people with time.
    used: u32,
    /// Place among the people with latency.
    late: u32,
}

/// The rows of the table, in the order of the roster. They hold the answers, and copy nothing out of them.
struct People {
    context: Context,
    columns: Vec<Column>,
    roster: Arc<Roster>,
    time: Part,
    latency: Part,
    rows: Vec<Row>,
    /// Of each row, where people are not known by their names; else empty.
    pseudonyms: Vec<Code>,
    trends: Option<Trends>,
}

impl People {
    fn at(&self, row: usize) -> Person<'_> {
        let Some(row) = self.rows.get(row) else {
            return Person::default();
        };
        let used = self.time.data().and_then(|data| {
            let (people, templates) = roster::seconds(data);
            Some((templates, people.get(row.used as usize)?))
        });
        let late = self.latency.data().map(|data| roster::latencies(data));
        Person {
            user: self.roster.at(row.account),
            used,
            late: late.and_then(|people| people.get(row.late as usize)),
        }
    }

    /// Puts pseudonyms in place of names, in an order of their own: that of the roster is by user name.
    fn hide_names(&mut self, scope: &Scope) {
        if scope.names.are_own() {
            return;
        }
        let ids = (0..self.rows.len()).map(|row| self.at(row).id().unwrap_or_default());
        let coded = scope.names.coded(ids);
        let rows = coded.order.iter().filter_map(|row| self.rows.get(*row).copied());
        self.rows = rows.collect();
        let codes = coded.order.iter().filter_map(|row| coded.codes.get(*row).copied());
        self.pseudonyms = codes.collect();
        self.columns.retain(|column| !person::NAMES.contains(&column.id));
    }

    /// "412 people · 37 idle ≥ 30 days · 12 never seen"
    fn headline(&self, scope: &Scope) -> String {
        let number = |count: u64| format::count(&scope.locale, count);
        let all = self.rows.len() as u64;
        let people = if all == 1 { "person" } else { "people" };
        let mut parts = vec![format!("{} {people}", number(all))];
        if !self.roster.pages.is_empty() {
            let (mut idle, mut never) = (0_u64, 0_u64);
            for user in self.rows.iter().filter_map(|row| self.roster.at(row.account)) {
                let person = Person {
                    user: Some(user),
                    ..Person::default()
                };
                idle += u64::from(person.is_idle(&self.context, 1));
                never += u64::from(person.is_never_seen());
            }
            parts.push(format!("{} idle ≥ 30 days", number(idle)));
            parts.push(format!("{} never seen", number(never)));
        }
        parts.join(" · ")
    }
}

/// Joins the answers by the ids of people.
fn join(scope: &Scope, roster: &Roster, time: &Part, latency: &Part) -> Vec<Row> {
    let seconds = time.data().map_or(&[][..], |data| roster::seconds(data).0);
    let latencies = latency.data().map_or(&[][..], |data| roster::latencies(data));
    let mut rows: Vec<Row> = Vec::with_capacity(roster.accounts().len());
    rows.extend(roster.accounts().iter().map(|account| Row {
        account: *account,
        ..NOWHERE
    }));
    let (mut strangers, mut next) = (Index::default(), 0);
    let mut used: Vec<u32> = Vec::with_capacity(seconds.len());
    for (place, person) in seconds.iter().enumerate() {
        let row = row_of(roster, &mut strangers, &mut next, &mut rows, &person.user_id);
        used.push(row as u32);
        rows.get_mut(row).into_iter().for_each(|row| row.used = place as u32);
    }
    // Servers sort both lists by id, and the roster by name: most people have latency right behind those before them in time.
    let mut beside = 0;
    for (place, person) in latencies.iter().enumerate() {
        let is_it = seconds.get(beside).is_some_and(|used| used.user_id == person.user_id);
        let row = match used.get(beside).filter(|_| is_it) {
            Some(row) => *row as usize,
            None => row_of(roster, &mut strangers, &mut next, &mut rows, &person.user_id),
        };
        if let Some(row) = rows.get_mut(row) {
            row.late = place as u32;
            if row.used != NONE {
                beside = row.used as usize + 1;
            }
        }
    }
    // An organization is its members, and who used its templates.
    if let Some(org) = &scope.org {
        let pages = roster.pages.iter().map(|page| roster::users(page));
        let places: Vec<Option<u16>> = pages
            .map(|page| {
                let page = page?;
                page.organization_ids
                    .iter()
                    .position(|id| id == org)
                    .map(|place| place as u16)
            })
            .collect();
        let is_member = |row: &Row| {
            let place = places.get(row.account.page as usize).copied().flatten();
            let user = roster.at(row.account);
            user.zip(place)
                .is_some_and(|((_, user), place)| user.organizations.contains(&place))
        };
        rows.retain(|row| row.used != NONE || is_member(row));
    }
    rows
}

/// The row of somebody, who gets a new one where there is none. `next` is behind the account that was found last.
fn row_of<'a>(roster: &Roster, strangers: &mut Index<'a>, next: &mut usize, rows: &mut Vec<Row>, id: &'a Id) -> usize {
    let row = match roster.find(id, *next) {
        Some(account) => {
            *next = account + 1;
            account
        }
        None => roster.accounts().len() + strangers.place(id),
    };
    if row == rows.len() {
        rows.push(NOWHERE);
    }
    row
}

impl Rows for People {
    fn columns(&self) -> &[Column] {
        &self.columns
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn cell(&self, row: usize, column: usize) -> Cell {
        let id = self.columns.get(column).map_or("", |column| column.id);
        match (self.pseudonyms.get(row), &self.trends) {
            (Some(code), _) if id == "name" => Cell::Text(code.name()),
            (_, Some(trends)) if id == trends::ID => trends.cell(&self.context.scope, row),
            _ => self.at(row).cell(&self.context, id),
        }
    }

    fn key(&self, row: usize, column: usize) -> Key<'_> {
        self.keys(column)(row)
    }

    fn keys(&self, column: usize) -> Keys<'_> {
        let id = self.columns.get(column).map_or("", |column| column.id);
        if id == "name" && !self.pseudonyms.is_empty() {
            return Box::new(move |row| {
                let name = self.pseudonyms.get(row).map(Code::name);
                Key::Text(Cow::Owned(name.unwrap_or_default()))
            });
        }
        if id == trends::ID {
            return Box::new(move |row| self.cell(row, column).into_key());
        }
        let key = person::keys(&self.context, id);
        Box::new(move |row| key(&self.at(row)))
    }

    fn words(&self, row: usize, add: &mut dyn FnMut(&str)) {
        if let Some(code) = self.pseudonyms.get(row) {
            return add(&code.name());
        }
        let person = self.at(row);
        let username = person.username();
        let (name, email) = person.user.map_or(("", ""), |(_, user)| (&user.name, &user.email));
        // Most addresses begin with the user name.
        let is_there = !username.is_empty() && email.starts_with(username);
        for word in [name, email, if is_there { "" } else { username }] {
            add(word);
        }
    }

    fn person(&self, row: usize) -> Option<Cow<'_, str>> {
        let link = self.pseudonyms.get(row).map(|code| Cow::Owned(code.link()));
        link.or_else(|| self.at(row).id().map(Cow::Borrowed))
    }

    fn noun(&self) -> Option<[&'static str; 2]> {
        Some(["person", "people"])
    }

    fn choices(&self) -> &[Choices] {
        if self.roster.pages.is_empty() { &[] } else { CHOICES }
    }

    fn is_chosen(&self, row: usize, choices: usize, choice: usize) -> bool {
        let person = self.at(row);
        match (choices, choice) {
            (0, 4) => person.user.is_none(),
            (0, _) => {
                let asked = [Status::Active, Status::Dormant, Status::Suspended];
                let status = person.user.and_then(|(_, user)| user.status);
                status.is_some() && asked.get(choice.wrapping_sub(1)).copied() == status
            }
            (_, 4) => person.is_never_seen(),
            _ => person.is_idle(&self.context, choice.wrapping_sub(1)),
        }
    }
}

const CHOICES: &[Choices] = &[
    Choices {
        label: "Status",
        names: &["Any", "Active", "Dormant", "Suspended", "No account"],
    },
    Choices {
        label: "Last seen",
        names: &["Any time", "≥ 7 days ago", "≥ 30 days ago", "≥ 90 days ago", "Never"],
    },
];

const NOWHERE: Row = Row {
    account: Place { page: NONE, user: NONE },
    used: NONE,
    late: NONE,
};
