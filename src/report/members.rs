//! Members: accounts of the company, their sessions, departments and roles.

use super::Report;
use crate::accounts;
use crate::answers::{Answers, Found};
use crate::config::SourceKind;
use crate::data::Data;
use crate::data::members::{Member, MemberStatus, Members};
use crate::format;
use crate::groups;
use crate::order;
use crate::panel::{Deed, More, PanelModel};
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::{Ask, Request, company};
use crate::table::{Cell, Column, Table};
use crate::wish::Wish;
use crate::words::{self, Help};
use std::collections::BTreeSet;

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

/// What the server is asked for: the status and the order.
fn asked(scope: &Scope) -> (&'static str, &'static str) {
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
    // Where not all can be read, the company's own figures are the only ones about all.
    if has_more {
        further.extend(scope.source_of(SourceKind::UserMetrics).map(company::summary));
    }
    further
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Accounts of the company by status, with their sessions".into();
    if panel.stops_unless(scope.names.are_shown()) || panel.stops_early(scope) {
        return;
    }
    panel.offer(scope, Wish::Status, "Status", STATUSES);
    panel.offer(scope, Wish::Order, "Order", ORDERS);
    let mut pages: Vec<&Members> = Vec::new();
    let mut is_waiting = false;
    let is_page = |request: &&Request| matches!(request.ask, Ask::Members(_));
    for request in panel.requests.iter().filter(is_page) {
        match answers.members(request) {
            Found::Here(page) => pages.push(page),
            Found::Waiting => is_waiting = true,
            Found::Failed(error) if pages.is_empty() => return panel.fail(error),
            Found::Failed(error) => panel.message = Some(words::message(error)),
        }
    }
    let Some(last) = pages.last() else { return };
    // Who becomes active while pages are read moves to an earlier page, and others appear twice.
    let mut seen = BTreeSet::new();
    let rows = pages.iter().flat_map(|page| &page.rows);
    let mut members: Vec<&Member> = rows.filter(|member| seen.insert(member.id.as_str())).collect();
    let loaded = members.len() as u64;
    arrange(scope, &mut members);
    let all = last.count.max(loaded);
    panel.state = if loaded < all { State::Partial } else { State::Ready };
    if members.is_empty() {
        let why = match asked(scope).0 {
            "" => "The company has no members in this list.".into(),
            status => format!("The company has no members whose status is {status}."),
        };
        return panel.stop(State::Empty, "No members", why, Help::None);
    }
    panel.headline = Some(headline(scope, &members, all));
    if loaded < all {
        let words = format!(
            "{} of {} loaded",
            format::count(&scope.locale, loaded),
            format::count(&scope.locale, all)
        );
        if is_waiting || last.has_next {
            let is_waiting = is_waiting || panel.message.is_some();
            let words = words.clone();
            panel.more = Some(More {
                loaded,
                all,
                words,
                is_waiting,
            });
        }
        let why = match (is_waiting, &panel.message) {
            (true, _) => " so far; all figures are of these",
            (false, Some(_)) => "; all figures are of these",
            (false, None) if last.has_next => "; all figures are of these. “Load all” asks for the rest",
            (false, None) => "; the list changed while it was read",
        };
        panel.notes.push(format!("{words}{why}"));
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
    let mut all = drawn.clone();
    let last_active: Vec<_> = members.iter().map(|member| member.last_active).collect();
    all.extend(groups::by_recency(scope, "Last active", &last_active));
    let department = |member: &Member| member.department.clone().unwrap_or_else(|| "no department".into());
    all.extend(groups::by_name("Department", names(department)));
    all.extend(groups::by_name("Role", names(role)));
    panel.table = table(scope, &members);
    super::grouped(scope, panel, "Members by status", &drawn, &all);
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

/// As was asked for, also where the server is none: opened files know no status and no order.
fn arrange(scope: &Scope, members: &mut Vec<&Member>) {
    let (asked, by) = asked(scope);
    members.retain(|member| asked.is_empty() || status(member) == asked);
    order::sort_by(members, |a, b| match by {
        "last_active" => a.last_active.cmp(&b.last_active),
        "-total_sessions" => b.sessions.cmp(&a.sessions),
        "total_sessions" => a.sessions.cmp(&b.sessions),
        _ => std::cmp::Ordering::Equal,
    });
}

fn headline(scope: &Scope, members: &[&Member], all: u64) -> String {
    let is_active = |member: &&&Member| member.status == MemberStatus::Active;
    let active = format::count(&scope.locale, members.iter().filter(is_active).count() as u64);
    let count = format::count(&scope.locale, all);
    if (members.len() as u64) < all {
        format!("{count} members")
    } else {
        format!("{count} members, {active} active")
    }
}

fn notes(scope: &Scope, members: &[&Member]) -> Vec<String> {
    let sum = |of: fn(&Member) -> Option<u64>| {
        members
            .iter()
            .filter_map(|member| of(member))
            .fold(0, u64::saturating_add)
    };
    let mut notes = vec![format!(
        "{} sessions since the accounts exist, {} in this calendar month: sessions do not follow the range",
        format::count(&scope.locale, sum(|member| member.sessions)),
        format::count(&scope.locale, sum(|member| member.sessions_this_month)),
    )];
    // Each member's mean counts as often as the member had sessions.
    let timed = members.iter().filter_map(|member| member.average.zip(member.sessions));
    let (seconds, sessions) = timed.fold((0.0, 0.0), |(seconds, all), (average, sessions)| {
        (seconds + average as f64 * sessions as f64, all + sessions as f64)
    });
    if sessions > 0.0 {
        let mean = format::duration(&scope.locale, seconds / sessions);
        notes.push(format!("{mean} is the mean of all sessions whose length is known"));
    }
    notes.extend(words::unfiltered_notes(scope, "the company’s API knows nothing of it"));
    notes
}

fn status(member: &Member) -> String {
    let word = match &member.status {
        MemberStatus::Active => "active",
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

fn table(scope: &Scope, members: &[&Member]) -> Table {
    let people = members
        .iter()
        .map(|member| (member.email.as_str(), member.id.as_str(), member.name.as_str()));
    let names = super::names_by_mail(scope, people);
    Table {
        caption: REPORT.title.into(),
        columns: vec![
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
        ],
        rows: members
            .iter()
            .zip(&names)
            .map(|(member, name)| row(scope, member, name))
            .collect(),
    }
}

fn row(scope: &Scope, member: &Member, name: &str) -> Vec<Cell> {
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
    vec![
        super::words_or(name, "no name"),
        super::mail_cell(scope, &member.email),
        Cell::Text(status(member)),
        super::words_or(&member.role, "not told"),
        super::words_or(member.department.as_deref().unwrap_or_default(), "no department"),
        super::day_or_never(scope, member.last_active),
        number(member.sessions, &count),
        number(member.sessions_this_month, &count),
        number(member.average, &|seconds| {
            format::duration(&scope.locale, seconds as f64)
        }),
        super::day_or_never(scope, member.last_login),
        super::day_or(scope, member.created, "not told"),
    ]
}
