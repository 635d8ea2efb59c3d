//! AI assistant usage: seats of the team, days of use, last use of each feature, credits of the billing cycle.

use super::Report;
use crate::answers::{Answers, Found};
use crate::config::{Auth, SourceKind};
use crate::data::Data;
use crate::data::assistant::{Assistant, Seat, TeamStatus};
use crate::format;
use crate::groups::{self, Group};
use crate::measure;
use crate::order;
use crate::panel::PanelModel;
use crate::query::View;
use crate::remote::{LoadError, State};
use crate::scope::Scope;
use crate::source::{Request, windsurf};
use crate::suppress;
use crate::table::{Cell, Column};
use crate::wish::Wish;
use crate::words::{self, Help};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// The panel.
pub const REPORT: Report = Report {
    id: "ai-usage",
    title: "AI assistant usage",
    view: View::People,
    kinds: &[SourceKind::Windsurf],
    requests,
    further: super::nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    let source = scope.source_of(SourceKind::Windsurf);
    let request = source.zip(scope.range);
    request
        .map(|(source, range)| windsurf::assistant(source, &scope.zone, range))
        .into_iter()
        .collect()
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted =
        "Seats of the team: days of use in the range, last use of each feature, credits of the billing cycle".into();
    if panel.stops_early(scope) {
        return;
    }
    // Where nobody is listed there is nobody to choose from.
    let is_listed = scope.names.are_shown();
    let is_all = is_listed && panel.offer(scope, Wish::Team, "Users", &["Approved", "All"]) == 1;
    let (Some(range), Some(request)) = (scope.range, panel.requests.first().cloned()) else {
        return;
    };
    let team = match answers.assistant(&request) {
        Found::Waiting => return,
        Found::Failed(error) => return fail(scope, panel, error),
        Found::Here(team) => team,
    };
    panel.state = State::Ready;
    let source = scope.source_of(SourceKind::Windsurf);
    if let Some(source) = source.filter(|source| !source.group.is_empty()) {
        let note = format!("Only the group “{}”, as config.json asks", source.group);
        panel.notes.push(note);
    }
    panel
        .footer
        .push(format!("active days of {}", format::span(&scope.locale, range)));
    panel.footer.push("refreshed by Windsurf about every 3 hours".into());
    if team.seats.is_empty() {
        let why = "The server knows no user of this team.";
        return panel.stop(State::Empty, "Nobody in the team", why, Help::None);
    }
    if suppress::closes(scope, panel, team.seats.len(), "users in the team") {
        return;
    }
    let open: Vec<&Seat> = team.seats.iter().filter(|seat| seat.is_open()).collect();
    let days: Vec<u64> = open.iter().map(|seat| seat.active_days).collect();
    let drawn = groups::by_days("Active days in the range", range.days(), &days);
    let mut all = drawn.clone();
    for (feature, last) in FEATURES {
        let times: Vec<_> = open.iter().map(|seat| last(seat)).collect();
        all.extend(groups::by_recency(scope, feature, &times));
    }
    let statuses = team.seats.iter().map(status).collect();
    all.extend(groups::by_name(BY_STATUS, statuses));
    let (is_shown, is_counted) = shown(scope, &all);
    panel.headline = is_counted.then(|| headline(scope, &open, &all));
    if is_listed {
        panel.notes.extend(people_notes(scope, team, &open, range.days()));
    }
    panel.notes.extend(credits_note(scope, team));
    panel
        .notes
        .extend(words::unfiltered_notes(scope, "Windsurf knows nothing of it"));
    let title = "Seats by active days";
    if !is_listed {
        super::grouped(scope, panel, title, &drawn, &all);
        return suppress::only_groups(panel, &is_shown);
    }
    let Some(data) = answers.data(&request) else { return };
    list(scope, panel, team, data, is_all);
    super::grouped(scope, panel, title, &drawn, &all);
}

/// Which groups may be shown, and whether it may be told how many open seats there are: all groups but those by status
/// are of these, and would tell it together.
fn shown(scope: &Scope, groups: &[Group]) -> (Vec<bool>, bool) {
    let mut is_shown = suppress::of_groups(scope, groups);
    let statuses = || groups.iter().map(|group| group.by == BY_STATUS);
    let mut open = groups.iter().zip(&is_shown).zip(statuses());
    let is_hidden = open.any(|((group, is_shown), is_status)| is_status && group.name == OPEN && !is_shown);
    for (is_shown, is_status) in is_shown.iter_mut().zip(statuses()) {
        *is_shown &= is_status || !is_hidden;
    }
    (is_shown, !is_hidden)
}

/// How many seats there are, and how many of them were never used: some of those who never used a feature.
fn headline(scope: &Scope, open: &[&Seat], groups: &[Group]) -> String {
    let unused = open.iter().filter(|seat| seat.is_unused()).count();
    let is_of_never = |group: &&Group| matches!(group.name.as_str(), "never" | "no day");
    let mut among: Vec<usize> = groups.iter().filter(is_of_never).map(|group| group.people).collect();
    among.push(open.len());
    let seats = format!(
        "{} {}",
        count(scope, open.len()),
        if open.len() == 1 { "seat" } else { "seats" }
    );
    if suppress::is_enough(scope, unused, &among) {
        format!("{seats}, {} never used", count(scope, unused))
    } else {
        seats
    }
}

const BY_STATUS: &str = "Status in the team";

/// The status of those who hold a seat that can be used.
const OPEN: &str = "approved";

type Last = fn(&Seat) -> Option<DateTime<Utc>>;

/// What the assistant can do, and when somebody last did it.
const FEATURES: [(&str, Last); 3] = [
    ("Last autocomplete", |seat| seat.last_autocomplete),
    ("Last chat", |seat| seat.last_chat),
    ("Last command", |seat| seat.last_command),
];

fn count(scope: &Scope, people: usize) -> String {
    format::count(&scope.locale, people as u64)
}

/// A key that is refused is no session that has ended: the help is another one.
fn fail(scope: &Scope, panel: &mut PanelModel, error: &LoadError) {
    panel.fail(error);
    let source = scope.source_of(SourceKind::Windsurf);
    let is_typed = source.is_some_and(|source| source.auth == Auth::Token);
    if let Some(message) = panel.message.as_mut().filter(|_| *error == LoadError::Unauthorized) {
        message.title = "No valid service key".into();
        (message.detail, message.help) = if is_typed {
            let why = "Windsurf wants a service key with the permission “Teams Read-only”.";
            (why.into(), Help::SignIn)
        } else {
            let why = "The proxy in front of Windsurf has to add a service key with the permission “Teams Read-only”; it added none, or one that is not valid any more.";
            (why.into(), Help::Retry)
        };
    }
}

/// What the rows tell of the users, where they may be told of.
fn people_notes(scope: &Scope, team: &Assistant, open: &[&Seat], days: u32) -> Vec<String> {
    let off = team
        .seats
        .iter()
        .filter(|seat| seat.status == TeamStatus::Approved && seat.is_off)
        .count();
    let others = team
        .seats
        .iter()
        .filter(|seat| seat.status != TeamStatus::Approved)
        .count();
    let mut notes = vec![format!(
        "Seats are users whom the team approved, without {} switched off; {} of another status are in the table of all users only",
        count(scope, off),
        count(scope, others)
    )];
    let never = FEATURES.map(|(feature, last)| {
        let unused = open.iter().filter(|seat| last(seat).is_none()).count();
        format!("{} {}", feature.trim_start_matches("Last "), count(scope, unused))
    });
    notes.push(format!("Seats that never used a feature: {}", never.join(", ")));
    let over = team
        .seats
        .iter()
        .filter(|seat| seat.active_days > u64::from(days))
        .count();
    if over > 0 {
        let have = if over == 1 { "user has" } else { "users have" };
        notes.push(format!(
            "{} {have} more active days than the {} of the range: the figures are shown as the server told them",
            count(scope, over),
            count(scope, days as usize)
        ));
    }
    notes
}

/// Credits of all users and the days that they are of.
fn credits_note(scope: &Scope, team: &Assistant) -> Option<String> {
    let credits: Option<f64> = team.seats.iter().map(|seat| seat.credits).sum();
    let cycle = team.cycle.map_or_else(
        || "the current billing cycle, whose dates the server did not tell".into(),
        |(start, end)| {
            let days = format::span(&scope.locale, measure::days_of(start, end));
            format!("the billing cycle {days}")
        },
    );
    Some(format!(
        "{} prompt credits used by the whole team in {cycle}. Credits do not follow the range",
        format::decimal(&scope.locale, credits?, 2)
    ))
}

fn status(seat: &Seat) -> String {
    let word = match &seat.status {
        TeamStatus::Approved if seat.is_off => "approved, switched off",
        TeamStatus::Approved => OPEN,
        TeamStatus::Pending => "pending",
        TeamStatus::Rejected => "rejected",
        TeamStatus::Unspecified => "not specified",
        TeamStatus::Other(word) => return word.clone(),
    };
    word.into()
}

/// Whom the team approved, or everybody in it: seats first, and of these the ones most used.
fn list(scope: &Scope, panel: &mut PanelModel, team: &Assistant, data: Arc<Data>, is_all: bool) {
    let seats = team.seats.iter().enumerate();
    let mut seats: Vec<(usize, &Seat)> = seats
        .filter(|(_, seat)| is_all || seat.status == TeamStatus::Approved)
        .collect();
    order::sort_by(&mut seats, |(_, a), (_, b)| {
        let order = b.is_open().cmp(&a.is_open()).then_with(|| a.status.cmp(&b.status));
        order
            .then(b.active_days.cmp(&a.active_days))
            .then_with(|| a.email.cmp(&b.email))
    });
    let people = seats.iter().map(|(_, seat)| (seat.email.as_str(), ""));
    let names = super::pseudonyms_by_mail(scope, people);
    let places: Vec<usize> = seats.into_iter().map(|(place, _)| place).collect();
    let scope = scope.clone();
    let count = places.len();
    let cell = move |row: usize, column: usize| {
        let Data::Assistant(team) = &*data else {
            return Cell::Missing(String::new());
        };
        let seat = places.get(row).and_then(|place| team.seats.get(*place));
        let name = names.as_ref().and_then(|names| names.get(row));
        seat.map_or_else(
            || Cell::Missing(String::new()),
            |seat| cell(&scope, seat, name.unwrap_or(&seat.name), column),
        )
    };
    let listed = super::Listed {
        noun: ["user", "users"],
        columns: columns(),
        searched: 4,
        count,
        cell: Box::new(cell),
    };
    super::show_rows(panel, listed);
}

fn columns() -> Vec<Column> {
    vec![
        Column::text("user", "User"),
        Column::text("email", "Mail"),
        Column::text("status", "Status in the team"),
        Column::text("role", "Role"),
        Column::number("active_days", "Active days"),
        Column::text("last_active", "Last active"),
        Column::text("last_autocomplete", "Last autocomplete"),
        Column::text("last_chat", "Last chat"),
        Column::text("last_command", "Last command"),
        Column::number("credits", "Credits of the billing cycle"),
        Column::text("signed_up", "Signed up"),
    ]
}

fn cell(scope: &Scope, seat: &Seat, name: &str, column: usize) -> Cell {
    match column {
        0 => super::words_or(name, "no name"),
        1 => super::mail_cell(scope, &seat.email),
        2 => Cell::Text(status(seat)),
        3 => super::words_or(&seat.role, "not told"),
        4 => Cell::Number {
            value: seat.active_days as f64,
            shown: format::count(&scope.locale, seat.active_days),
        },
        5 => super::day_or_never(scope, seat.last_active),
        6 => super::day_or_never(scope, seat.last_autocomplete),
        7 => super::day_or_never(scope, seat.last_chat),
        8 => super::day_or_never(scope, seat.last_command),
        9 => seat.credits.map_or_else(
            || Cell::Missing("not counted by this server".into()),
            |credits| Cell::Number {
                value: credits,
                shown: format::decimal(&scope.locale, credits, 2),
            },
        ),
        _ => super::day_or(scope, seat.signed_up, "not told"),
    }
}
