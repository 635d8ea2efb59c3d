//! Members: accounts of the company, their sessions, departments and roles.

use super::Report;
use crate::accounts;
use crate::answers::{Answers, Found};
use crate::config::SourceKind;
use crate::crowd::last_cell;
use crate::data::members::{Member, MemberStatus, Members};
use crate::data::{Data, Last};
use crate::format;
use crate::groups::{self, Group};
use crate::order;
use crate::panel::{Deed, More, PanelModel};
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::{Ask, Request, company};
use crate::suppress;
use crate::table::{Cell, Column};
use crate::wish::Wish;
use crate::words::{self, Help, Message};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The panel.
pub const REPORT: Report = Report {
    id: "members",
    title: "Members",
    view: View::People,
    kinds: &[SourceKind::UserMetrics],
    requests,
    further,
    build,
};

const STATUSES: &[&str] = &["All", "Active", "Inactive", "Pending"];
const ORDERS: &[&str] = &["Last active", "Longest inactive", "Most sessions", "Fewest sessions"];

/// What the server is asked for: the status and the order. Where nobody is listed it is all: figures of some, and of
/// all, would tell of the others.
fn asked(scope: &Scope) -> (&'static str, &'static str) {
    if !scope.names.are_shown() {
        return (company::STATUSES[0], company::ORDERS[0]);
    }
    let of = |wish: Wish, words: &[&'static str]| words.get(scope.wishes.of(wish)).copied().unwrap_or_default();
    (of(Wish::Status, &company::STATUSES), of(Wish::Order, &company::ORDERS))
}

fn pages(scope: &Scope, answers: &Answers) -> Vec<Request> {
    let (status, order) = asked(scope);
    accounts::member_pages_of(scope, answers, status, order)
}

fn requests(scope: &Scope) -> Vec<Request> {
    pages(scope, &Answers::default())
}

/// Each page tells whether there is another.
fn further(scope: &Scope, answers: &Answers) -> Vec<Request> {
    let pages = pages(scope, answers);
    let last = pages.last().and_then(|page| answers.members(page).ok());
    let has_more = last.is_some_and(|members| members.has_next);
    let mut further: Vec<Request> = pages.into_iter().skip(1).collect();
    // Where not all can be read, the company's own figures are the only ones about all. They know no small groups.
    if has_more && scope.names.are_shown() {
        further.extend(scope.source_of(SourceKind::UserMetrics).map(company::summary));
    }
    further
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Accounts of the company by status, with their sessions".into();
    if panel.stops_early(scope) {
        return;
    }
    let is_listed = scope.names.are_shown();
    if is_listed {
        panel.offer(scope, Wish::Status, "Status", STATUSES);
        panel.offer(scope, Wish::Order, "Order", ORDERS);
    }
    let mut pages: Vec<Arc<Data>> = Vec::new();
    let mut is_waiting = false;
    let is_page = |request: &&Request| matches!(request.ask, Ask::Members(_));
    for request in panel.requests.iter().filter(is_page) {
        match answers.members(request) {
            Found::Here(_) => pages.extend(answers.data(request)),
            Found::Waiting => is_waiting = true,
            Found::Failed(error) if pages.is_empty() => return panel.fail(error),
            Found::Failed(error) => panel.message = Some(words::message(error)),
        }
    }
    let Some(last) = pages.last().and_then(|page| rows_of(page)) else {
        return;
    };
    let (count, has_next) = (last.count, last.has_next);
    let (places, loaded) = arranged(scope, &pages);
    let members: Vec<&Member> = places.iter().filter_map(|place| member_at(&pages, *place)).collect();
    let all = count.max(loaded);
    panel.state = if loaded < all { State::Partial } else { State::Ready };
    if members.is_empty() {
        let why = match asked(scope).0 {
            "" => "The company has no members in this list.".into(),
            status => format!("The company has no members whose status is {status}."),
        };
        return panel.stop(State::Empty, "No members", why, Help::None);
    }
    let mut noun = ["member", "members"];
    if loaded < all {
        let words = format!(
            "{} of {} loaded",
            format::count(&scope.locale, loaded),
            format::count(&scope.locale, all)
        );
        if is_waiting || has_next {
            let is_waiting = is_waiting || panel.message.is_some();
            let words = words.clone();
            noun = ["loaded member", "loaded members"];
            panel.more = Some(More {
                loaded,
                all,
                words,
                is_waiting,
            });
        }
        if !is_listed && panel.more.is_some() {
            // From page to page the figures would tell of the people on it.
            panel.message.get_or_insert_with(|| Message {
                title: "Not all members are here".into(),
                detail: format!("{words}. Counts are shown once all are."),
                help: Help::None,
            });
            return;
        }
        let why = match (is_waiting, &panel.message) {
            (true, _) => " so far; all figures are of these",
            (false, Some(_)) => "; all figures are of these",
            (false, None) if has_next => {
                "; all figures are of these. The rest comes as the table is scrolled to its end, or with “Load all”"
            }
            (false, None) => "; the list changed while it was read",
        };
        panel.notes.push(format!("{words}{why}"));
    }
    if suppress::closes(scope, panel, members.len(), "members") {
        return;
    }
    panel.notes.extend(summary_note(scope, answers, &panel.requests));
    panel.notes.extend(notes(scope, &members));
    panel.deeds = deeds(scope);
    if let Some(range) = scope.range {
        panel
            .footer
            .push(format!("asked for {}", format::span(&scope.locale, range)));
    }
    let names = |of: fn(&Member) -> String| members.iter().map(|member| of(member)).collect();
    let drawn = groups::by_name("Status", names(status));
    let mut groups = drawn.clone();
    groups.extend(by_last_active(scope, &members));
    let department = |member: &Member| member.department.clone().unwrap_or_else(|| "no department".into());
    groups.extend(groups::by_name("Department", names(department)));
    groups.extend(groups::by_name("Role", names(role)));
    let is_shown = suppress::of_groups(scope, &groups);
    let active = drawn.iter().zip(&is_shown).find(|(group, _)| group.name == ACTIVE);
    let active = match active {
        Some((group, is_shown)) => Some(group.people).filter(|_| *is_shown),
        None => Some(0),
    };
    panel.headline = Some(headline(scope, all, active.filter(|_| loaded >= all)));
    let title = "Members by status";
    if !is_listed {
        super::grouped(scope, panel, title, &drawn, &groups);
        return suppress::only_groups(panel, &is_shown);
    }
    let people = members.iter().map(|member| (member.email.as_str(), member.id.as_str()));
    let names = super::pseudonyms_by_mail(scope, people);
    drop(members);
    list(scope, panel, noun, pages, places, names);
    super::grouped(scope, panel, title, &drawn, &groups);
}

/// Where a member is: the page, and the row in it.
type Place = (usize, usize);

fn rows_of(data: &Data) -> Option<&Members> {
    match data {
        Data::Members(members) => Some(members),
        _ => None,
    }
}

fn member_at(pages: &[Arc<Data>], (page, row): Place) -> Option<&Member> {
    rows_of(pages.get(page)?)?.rows.get(row)
}

/// Each member once, of the status and in the order asked for, also where the server is none: opened files know neither.
/// And how many there are of any status.
fn arranged(scope: &Scope, pages: &[Arc<Data>]) -> (Vec<Place>, u64) {
    let (asked, by) = asked(scope);
    // Who becomes active while pages are read moves to an earlier page, and others appear twice.
    let mut seen = BTreeSet::new();
    let mut members: Vec<(Place, &Member)> = Vec::new();
    for (page, rows) in pages.iter().enumerate() {
        for (row, member) in rows_of(rows).iter().flat_map(|page| &page.rows).enumerate() {
            if seen.insert(member.id.as_str()) && (asked.is_empty() || status(member) == asked) {
                members.push(((page, row), member));
            }
        }
    }
    order::sort_by(&mut members, |(_, a), (_, b)| match by {
        "last_active" => a.last_active.cmp(&b.last_active),
        "-total_sessions" => b.sessions.cmp(&a.sessions),
        "total_sessions" => a.sessions.cmp(&b.sessions),
        _ => std::cmp::Ordering::Equal,
    });
    let places = members.into_iter().map(|(place, _)| place).collect();
    (places, seen.len() as u64)
}

/// What the company itself says of all its members, where it was asked.
fn summary_note(scope: &Scope, answers: &Answers, requests: &[Request]) -> Option<String> {
    let request = requests.iter().find(|request| request.ask == Ask::Summary)?;
    let found = answers.find(request, |data| match data {
        Data::Summary(summary) => Some(summary),
        _ => None,
    });
    let figure = |(name, value): &(String, f64)| format!("{name} {}", format::decimal(&scope.locale, *value, 2));
    let figures: Vec<String> = found.ok()?.figures.iter().take(8).map(figure).collect();
    (!figures.is_empty()).then(|| format!("The company’s own figures of all members: {}", figures.join(", ")))
}

fn deeds(scope: &Scope) -> Vec<Deed> {
    let Some(source) = scope.source_of(SourceKind::UserMetrics) else {
        return Vec::new();
    };
    let export = Deed {
        label: "Export of the company",
        request: company::export(source),
        file: Some(format!("{}-export_{}.csv", REPORT.id, scope.today)),
    };
    let refresh = Deed {
        label: "Compute anew",
        request: company::refresh(source),
        file: None,
    };
    // The company's file names everybody.
    let export = Some(export).filter(|_| scope.names.are_own());
    export.into_iter().chain([refresh]).collect()
}

/// "247 members, 231 active"
fn headline(scope: &Scope, all: u64, active: Option<usize>) -> String {
    let count = |count: u64| format::count(&scope.locale, count);
    let active = active.map(|active| format!(", {} active", count(active as u64)));
    format!("{} members{}", count(all), active.unwrap_or_default())
}

/// The status of those who are there.
const ACTIVE: &str = "active";

fn notes(scope: &Scope, members: &[&Member]) -> Vec<String> {
    let mut notes: Vec<String> = sessions_note(scope, members).into_iter().collect();
    // Each member's mean counts as often as the member had sessions.
    let timed = members.iter().filter_map(|member| member.average.zip(member.sessions));
    let (seconds, sessions) = timed.clone().fold((0.0, 0.0), |(seconds, all), (average, sessions)| {
        (seconds + average as f64 * sessions as f64, all + sessions as f64)
    });
    if sessions > 0.0 && suppress::is_enough(scope, timed.clone().count(), &[]) {
        let mean = format::duration(&scope.locale, seconds / sessions);
        notes.push(format!("{mean} is the mean of all sessions whose length is known"));
    }
    notes.extend(words::unfiltered_notes(scope, "the company’s API knows nothing of it"));
    notes
}

/// Sessions of all members of whom they are told.
fn sessions_note(scope: &Scope, members: &[&Member]) -> Option<String> {
    let count = |count: u64| format::count(&scope.locale, count);
    let sum = |of: fn(&Member) -> Option<u64>, of_when: &str| {
        let told: Vec<u64> = members.iter().filter_map(|member| of(member)).collect();
        let sum = told.iter().copied().fold(0, u64::saturating_add);
        let all = members.len();
        let whose = if told.len() < all {
            format!(
                " (told of {} of {} members)",
                count(told.len() as u64),
                count(all as u64)
            )
        } else {
            String::new()
        };
        let is_told = !told.is_empty() && suppress::is_enough(scope, told.len(), &[all]);
        is_told.then(|| format!("{}{of_when}{whose}", count(sum)))
    };
    let ever = sum(|member| member.sessions, " sessions since the accounts exist");
    let lately = sum(
        |member| member.sessions_this_month,
        if ever.is_some() {
            " in this calendar month"
        } else {
            " sessions in this calendar month"
        },
    );
    let parts: Vec<String> = ever.into_iter().chain(lately).collect();
    (!parts.is_empty()).then(|| format!("{}: sessions do not follow the range", parts.join(", ")))
}

fn status(member: &Member) -> String {
    let word = match &member.status {
        MemberStatus::Active => ACTIVE,
        MemberStatus::Inactive => "inactive",
        MemberStatus::Pending => "pending",
        MemberStatus::Other(word) if word.is_empty() => "not told",
        MemberStatus::Other(word) => word,
    };
    word.into()
}

fn role(member: &Member) -> String {
    if member.role.is_empty() {
        "not told".into()
    } else {
        member.role.clone()
    }
}

/// The members as rows.
fn list(
    scope: &Scope,
    panel: &mut PanelModel,
    noun: [&'static str; 2],
    pages: Vec<Arc<Data>>,
    places: Vec<Place>,
    names: Option<Vec<String>>,
) {
    let scope = scope.clone();
    let count = places.len();
    let cell = move |row: usize, column: usize| {
        let member = places.get(row).and_then(|place| member_at(&pages, *place));
        let name = names.as_ref().and_then(|names| names.get(row));
        member.map_or_else(
            || Cell::Missing(String::new()),
            |member| cell(&scope, member, name.unwrap_or(&member.name), column),
        )
    };
    let listed = super::Listed {
        noun,
        columns: columns(),
        searched: 5,
        count,
        cell: Box::new(cell),
    };
    super::show_rows(panel, listed);
}

/// Members by when they were last active; nobody of whom that is not told is one who never was.
fn by_last_active(scope: &Scope, members: &[&Member]) -> Vec<Group> {
    let by = "Last active";
    let time = |member: &&Member| match member.last_active {
        Last::Unknown => None,
        Last::Never => Some(None),
        Last::At(at) => Some(Some(at)),
    };
    let times: Vec<_> = members.iter().filter_map(time).collect();
    let untold = members.len() - times.len();
    let mut groups = groups::by_recency(scope, by, &times);
    groups.extend((untold > 0).then(|| Group {
        by,
        name: "not told".into(),
        people: untold,
    }));
    groups
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("member", "Member"),
        Column::text("email", "Mail"),
        Column::text("status", "Status"),
        Column::text("role", "Role"),
        Column::text("department", "Department"),
        Column::text("last_active", "Last active"),
        Column::number("sessions", "Sessions, all time"),
        Column::number("sessions_this_month", "Sessions, this calendar month"),
        Column::number("average", "Mean session"),
        Column::text("last_login", "Last sign-in"),
        Column::text("created", "Created"),
    ]
}

fn cell(scope: &Scope, member: &Member, name: &str, column: usize) -> Cell {
    let number = |value: Option<u64>, shown: &dyn Fn(u64) -> String| {
        value.map_or_else(
            || Cell::Missing("not told".into()),
            |value| Cell::Number {
                value: value as f64,
                shown: shown(value),
            },
        )
    };
    let count = |value: u64| format::count(&scope.locale, value);
    match column {
        0 => super::words_or(name, "no name"),
        1 => super::mail_cell(scope, &member.email),
        2 => Cell::Text(status(member)),
        3 => super::words_or(&member.role, "not told"),
        4 => super::words_or(member.department.as_deref().unwrap_or_default(), "no department"),
        5 => last_cell(scope, member.last_active),
        6 => number(member.sessions, &count),
        7 => number(member.sessions_this_month, &count),
        8 => number(member.average, &|seconds| {
            format::duration(&scope.locale, seconds as f64)
        }),
        9 => last_cell(scope, member.last_login),
        _ => super::day_or(scope, member.created, "not told"),
    }
}
