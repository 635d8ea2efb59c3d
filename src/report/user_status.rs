//! User status over time: accounts by status at each local midnight, with the seat limit on the only status that
//! uses a seat.

use super::Report;
use crate::answers::{Answers, Found};
use crate::chart::{Bucket, ChartModel, Kind, Reference, Role, Series};
use crate::config::SourceKind;
use crate::data::Status;
use crate::format;
use crate::panel::PanelModel;
use crate::period::{DateRange, Interval, add_days};
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::{Request, coder};
use crate::table::{Cell, Column, Table};
use crate::words::{Help, no_action_note};
use crate::zone::Day;

/// The panel.
pub const REPORT: Report = Report {
    id: "user-status",
    title: "User status over time",
    view: View::Overview,
    kinds: &[SourceKind::Coder],
    requests,
    further: super::nothing,
    build,
};

const STATUSES: [(Status, &str, &str, Role); 3] = [
    (Status::Active, "active", "Active", Role::Active),
    (Status::Dormant, "dormant", "Dormant", Role::Dormant),
    (Status::Suspended, "suspended", "Suspended", Role::Suspended),
];

fn requests(scope: &Scope) -> Vec<Request> {
    let Some(source) = scope.source.as_ref().filter(|_| scope.range.is_some()) else {
        return Vec::new();
    };
    vec![
        coder::statuses(&source.id, &scope.zone.name, scope.zone.offset_at(scope.now)),
        coder::entitlements(&source.id),
    ]
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Accounts at the start of each day. Only active accounts use a seat".into();
    if panel.stops_early(scope) {
        return;
    }
    let (Some(range), [request, licence]) = (scope.range, panel.requests.as_slice()) else {
        return;
    };
    let statuses = match answers.statuses(request) {
        Found::Waiting => return,
        Found::Failed(error) => return panel.fail(error),
        Found::Here(statuses) => statuses,
    };
    let limit = match answers.entitlements(licence) {
        Found::Waiting => return,
        Found::Failed(error) => {
            panel.notes.push(format!("Seat limit unknown: {error}"));
            None
        }
        Found::Here(licence) => {
            let limit = licence.limit();
            if limit.is_none() {
                panel.notes.push(if licence.has_license {
                    "The licence names no seat limit".into()
                } else {
                    "There is no licence, so there is no seat limit".into()
                });
            }
            limit
        }
    };

    super::says_midnights(scope, panel, &statuses.rule);
    if scope.is_narrowed {
        panel
            .notes
            .push("Not filtered by organization or template: accounts belong to the whole deployment".into());
    }
    panel.notes.extend(no_action_note(
        scope,
        "an account has its status whatever it was used for",
    ));
    if !statuses.unknown.is_empty() {
        panel.notes.push(format!(
            "Not shown, because this page does not know them: {}",
            statuses.unknown.join(", ")
        ));
    }

    let Some((first, last)) = statuses.days(&scope.zone, scope.today) else {
        return panel.stop(
            State::Empty,
            "No accounts in this window",
            "The server has recorded no account status so far.",
            Help::None,
        );
    };
    let window = DateRange::new(first, last);
    let Some(shown) = range.overlap(&window) else {
        let days = format::span(&scope.locale, window);
        let (title, detail) = if range.last < window.first {
            let detail = format!("It only tells the last {} days, {days}.", window.days());
            ("The server does not reach back that far", detail)
        } else {
            ("The server answered for other days", format!("It told of {days}."))
        };
        return panel.stop(State::Empty, title, detail, Help::None);
    };
    panel.state = State::Ready;
    if shown.last < range.last {
        panel.state = State::Partial;
        let day = format::full_day(&scope.locale, shown.last);
        panel.notes.push(format!("The answer of the server ends on {day}"));
    }
    if range.first < window.first {
        panel.state = State::Partial;
        panel
            .notes
            .insert(0, format!("Last {} days only: the server tells no more", window.days()));
    }

    let days: Vec<Day> = shown.iter().collect();
    let columns: Vec<(&str, &str, Role, Vec<Option<u64>>)> = STATUSES
        .iter()
        .map(|(status, id, name, role)| {
            let values = days
                .iter()
                .map(|day| statuses.at(*status, statuses.rule.midnight(&scope.zone, *day)))
                .collect();
            (*id, *name, *role, values)
        })
        .collect();
    if columns.iter().any(|(.., values)| values.iter().any(Option::is_none)) {
        panel.state = State::Partial;
        panel
            .notes
            .push("Before its first record the server does not tell a count".into());
    }
    if let (Some((.., active)), Some(limit)) = (columns.first(), limit) {
        let over = active.iter().flatten().filter(|count| **count > limit).count();
        if over > 0 {
            panel.notes.push(format!(
                "Active accounts were above the seat limit on {over} of {} days",
                days.len()
            ));
        }
    }
    if let Some(active) = columns
        .first()
        .and_then(|(.., values)| values.last().copied().flatten())
    {
        let count = |value| format::count(&scope.locale, value);
        let day = format::day(&scope.locale, shown.last);
        panel.headline = Some(limit.map_or_else(
            || format!("{} active on {day}", count(active)),
            |limit| format!("{} active of {} seats on {day}", count(active), count(limit)),
        ));
    }
    if limit.is_some() {
        panel
            .notes
            .push("The limit line is today's limit, and counts against active accounts alone".into());
    }

    let total = if statuses.unknown.is_empty() {
        "All accounts"
    } else {
        "Accounts shown"
    };
    panel.table = table(scope, &days, &columns, total);
    if let Some(behind) = scope.drawn_behind() {
        let shift = (range.first - behind.first).num_days();
        let before = |status: &Status| -> Vec<Option<u64>> {
            let days = days.iter().map(|day| add_days(*day, -shift));
            let known = days.map(|day| Some(day).filter(|day| window.contains(*day)));
            let at = |day: Day| statuses.at(*status, statuses.rule.midnight(&scope.zone, day));
            known.map(|day| day.and_then(at)).collect()
        };
        let change = |((status, ..), (.., now)): (&(Status, _, _, _), &(_, _, _, Vec<Option<u64>>))| {
            super::changes(scope, now, &before(status))
        };
        panel.changes = STATUSES.iter().zip(&columns).map(change).collect();
        if panel.changes.iter().flatten().any(Option::is_some) {
            let earlier = super::weeks_earlier(shift / 7);
            panel
                .notes
                .push(format!("Changes: against {earlier}, as far as the server tells"));
        }
    }
    panel.draw(ChartModel {
        buckets: days
            .iter()
            .map(|day| Bucket {
                is_uncollected: columns
                    .iter()
                    .all(|(.., values)| day_value(&days, values, *day).is_none()),
                ..Bucket::of(DateRange::new(*day, *day))
            })
            .collect(),
        series: columns
            .iter()
            .map(|(_, name, role, values)| Series {
                name: (*name).into(),
                role: *role,
                values: values.iter().map(|value| value.map(|value| value as f64)).collect(),
            })
            .collect(),
        references: limit
            .map(|limit| Reference {
                label: format!("Seat limit {} (active accounts)", format::count(&scope.locale, limit)),
                value: limit as f64,
            })
            .into_iter()
            .collect(),
        ..ChartModel::new(Kind::StackedArea, Interval::Day, &scope.locale)
    });
}

fn day_value(days: &[Day], values: &[Option<u64>], day: Day) -> Option<u64> {
    days.binary_search(&day)
        .ok()
        .and_then(|index| values.get(index).copied().flatten())
}

fn table(scope: &Scope, days: &[Day], columns: &[(&'static str, &str, Role, Vec<Option<u64>>)], total: &str) -> Table {
    let number = |value: Option<u64>| {
        value.map_or_else(
            || Cell::Missing("not recorded yet".into()),
            |value| Cell::Number {
                value: value as f64,
                shown: format::count(&scope.locale, value),
            },
        )
    };
    let mut table = Table {
        caption: REPORT.title.into(),
        columns: vec![Column::text("day", "Day, 00:00")],
        rows: Vec::new(),
    };
    table
        .columns
        .extend(columns.iter().map(|(id, name, ..)| Column::number(id, *name)));
    table.columns.push(Column::number("total", total));
    for (index, day) in days.iter().enumerate() {
        let values: Vec<Option<u64>> = columns
            .iter()
            .map(|(.., values)| values.get(index).copied().flatten())
            .collect();
        let total = values
            .iter()
            .try_fold(0_u64, |sum, value| value.map(|value| sum.saturating_add(value)));
        let mut row = vec![Cell::Day {
            day: *day,
            shown: format::full_day(&scope.locale, *day),
        }];
        row.extend(values.into_iter().map(number));
        row.push(number(total));
        table.rows.push(row);
    }
    table
}
