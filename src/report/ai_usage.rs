//! AI assistant usage: seats of the team, days of use, last use of each feature, credits of the billing cycle.

use super::Report;
use crate::answers::{Answers, Found};
use crate::config::{Auth, SourceKind};
use crate::data::assistant::{Assistant, Seat, TeamStatus};
use crate::format;
use crate::groups;
use crate::measure;
use crate::order;
use crate::panel::PanelModel;
use crate::query::View;
use crate::remote::{LoadError, State};
use crate::scope::Scope;
use crate::source::{Request, windsurf};
use crate::table::{Cell, Column, Table};
use crate::wish::Wish;
use crate::words::{self, Help};
use chrono::{DateTime, Utc};

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
        .map(|(source, range)| windsurf::assistant(&source.id, &scope.zone, range))
        .into_iter()
        .collect()
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted =
        "Seats of the team: days of use in the range, last use of each feature, credits of the billing cycle".into();
    if panel.stops_unless(scope.names.are_shown()) || panel.stops_early(scope) {
        return;
    }
    let is_all = panel.offer(scope, Wish::Team, "Users", &["Approved", "All"]) == 1;
    let (Some(range), Some(request)) = (scope.range, panel.requests.first()) else {
        return;
    };
    let team = match answers.assistant(request) {
        Found::Waiting => return,
        Found::Failed(error) => return fail(scope, panel, error),
        Found::Here(team) => team,
    };
    panel.state = State::Ready;
    panel
        .footer
        .push(format!("active days of {}", format::span(&scope.locale, range)));
    panel.footer.push("refreshed by Windsurf about every 3 hours".into());
    if team.seats.is_empty() {
        let why = "The server knows no user of this team.";
        return panel.stop(State::Empty, "Nobody in the team", why, Help::None);
    }
    let open: Vec<&Seat> = team.seats.iter().filter(|seat| seat.is_open()).collect();
    let unused = open.iter().filter(|seat| seat.is_unused()).count();
    panel.headline = Some(format!(
        "{} {}, {} never used",
        count(scope, open.len()),
        if open.len() == 1 { "seat" } else { "seats" },
        count(scope, unused)
    ));
    panel.notes = notes(scope, team, &open, range.days());
    let days: Vec<u64> = open.iter().map(|seat| seat.active_days).collect();
    let drawn = groups::by_days("Active days in the range", range.days(), &days);
    let mut all = drawn.clone();
    for (feature, last) in FEATURES {
        let times: Vec<_> = open.iter().map(|seat| last(seat)).collect();
        all.extend(groups::by_recency(scope, feature, &times));
    }
    let statuses = team.seats.iter().map(status).collect();
    all.extend(groups::by_name("Status in the team", statuses));
    panel.table = table(scope, team, is_all);
    super::grouped(scope, panel, "Seats by active days", &drawn, &all);
}

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

fn notes(scope: &Scope, team: &Assistant, open: &[&Seat], days: u32) -> Vec<String> {
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
    let credits: Option<f64> = team.seats.iter().map(|seat| seat.credits).sum();
    if let Some(credits) = credits {
        let cycle = team.cycle.map_or_else(
            || "the current billing cycle, whose dates the server did not tell".into(),
            |(start, end)| {
                let days = format::span(&scope.locale, measure::days_of(start, end));
                format!("the billing cycle {days}")
            },
        );
        notes.push(format!(
            "{} prompt credits used by all of them in {cycle}. Credits do not follow the range",
            format::decimal(&scope.locale, credits, 2)
        ));
    }
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
    notes.extend(words::unfiltered_notes(scope, "Windsurf knows nothing of it"));
    notes
}

fn status(seat: &Seat) -> String {
    let word = match &seat.status {
        TeamStatus::Approved if seat.is_off => "approved, switched off",
        TeamStatus::Approved => "approved",
        TeamStatus::Pending => "pending",
        TeamStatus::Rejected => "rejected",
        TeamStatus::Unspecified => "not specified",
        TeamStatus::Other(word) => return word.clone(),
    };
    word.into()
}

/// Whom the team approved, or everybody in it: seats first, and of these the ones most used.
fn table(scope: &Scope, team: &Assistant, is_all: bool) -> Table {
    let is_listed = |seat: &&Seat| is_all || seat.status == TeamStatus::Approved;
    let mut seats: Vec<&Seat> = team.seats.iter().filter(is_listed).collect();
    order::sort_by(&mut seats, |a, b| {
        let order = b.is_open().cmp(&a.is_open()).then_with(|| a.status.cmp(&b.status));
        order
            .then(b.active_days.cmp(&a.active_days))
            .then_with(|| a.email.cmp(&b.email))
    });
    let people = seats.iter().map(|seat| (seat.email.as_str(), "", seat.name.as_str()));
    let names = super::names_by_mail(scope, people);
    Table {
        caption: REPORT.title.into(),
        columns: vec![
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
        ],
        rows: seats
            .iter()
            .zip(&names)
            .map(|(seat, name)| row(scope, seat, name))
            .collect(),
    }
}

fn row(scope: &Scope, seat: &Seat, name: &str) -> Vec<Cell> {
    let credits = seat.credits.map_or_else(
        || Cell::Missing("not counted by this server".into()),
        |credits| Cell::Number {
            value: credits,
            shown: format::decimal(&scope.locale, credits, 2),
        },
    );
    vec![
        super::words_or(name, "no name"),
        super::mail_cell(scope, &seat.email),
        Cell::Text(status(seat)),
        super::words_or(&seat.role, "not told"),
        Cell::Number {
            value: seat.active_days as f64,
            shown: format::count(&scope.locale, seat.active_days),
        },
        super::day_or_never(scope, seat.last_active),
        super::day_or_never(scope, seat.last_autocomplete),
        super::day_or_never(scope, seat.last_chat),
        super::day_or_never(scope, seat.last_command),
        credits,
        super::day_or(scope, seat.signed_up, "not told"),
    ]
}
