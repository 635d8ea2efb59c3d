//! Activity over time in intervals of a person's own: one request, and what the server says to it as a table. How it cuts
//! them is its own affair, so they are shown as they come, without a picture, a mean and a comparison.

use crate::answers::{Answers, Found};
use crate::data::usage::Interval;
use crate::format;
use crate::panel::PanelModel;
use crate::period::own::Own;
use crate::period::{DateRange, add_days};
use crate::remote::State;
use crate::scope::Scope;
use crate::table::{Cell, Column, Table};
use crate::usage;
use crate::words::Help;
use chrono::{Duration, Timelike};

/// Fills the panel.
pub fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel, own: Own) {
    if super::stops_at_usage(scope, panel) {
        return;
    }
    let Some(request) = panel.requests.first() else {
        let why = format!(
            "“{own}” cuts the range into too many intervals to be shown. Choose fewer days or longer intervals."
        );
        return panel.stop(State::Unsupported, "Too many intervals", why, Help::None);
    };
    let answer = match usage::found(answers, request) {
        Found::Waiting => return,
        Found::Failed(error) => return panel.fail(error),
        Found::Here(answer) => answer,
    };
    panel.state = State::Ready;
    panel.notes.extend(super::guess_note(scope, &[scope.action]));
    panel.notes.push(format!(
        "Asked for as “{own}”, counted from the first day of the range; the intervals are those of the server"
    ));
    let contradictions: usize = answer.intervals.iter().map(|interval| interval.contradictions).sum();
    if contradictions > 0 {
        panel.notes.push(format!(
            "Times and counted minutes contradict each other {} times; these are the times",
            format::count(&scope.locale, contradictions as u64)
        ));
    }
    panel.table = Table {
        caption: panel.title.into(),
        columns: vec![
            Column::text("interval", "Interval (UTC)"),
            Column::number("active_users", "Active users"),
            Column::number("seconds", "Time"),
            Column::text("note", "Note"),
        ],
        rows: answer
            .intervals
            .iter()
            .map(|interval| row(scope, own, interval))
            .collect(),
    };
    if answer.intervals.iter().all(|interval| interval.people == 0) {
        let why = "The server counted nobody in these days.";
        panel.stop(State::Empty, "Nobody was active", why, Help::None);
    }
}

fn row(scope: &Scope, own: Own, interval: &Interval) -> Vec<Cell> {
    let day = interval.start.date_naive();
    let end = interval
        .length
        .and_then(|nanos| interval.start.checked_add_signed(Duration::nanoseconds(nanos)));
    let is_midnight = |at: chrono::DateTime<chrono::Utc>| at.num_seconds_from_midnight() == 0;
    let shown = match end.filter(|end| *end > interval.start) {
        Some(end) if is_midnight(interval.start) && is_midnight(end) => {
            format::span(&scope.locale, DateRange::new(day, add_days(end.date_naive(), -1)))
        }
        _ => format!(
            "{}, {:02}:{:02}",
            format::full_day(&scope.locale, day),
            interval.start.hour(),
            interval.start.minute()
        ),
    };
    // A length so short is one in another unit.
    let is_odd = interval
        .length
        .is_some_and(|nanos| Duration::nanoseconds(nanos).num_minutes() < i64::from(own.hours()));
    let is_open = end.is_some_and(|end| end > scope.now);
    vec![
        Cell::Day { day, shown },
        super::people_cell(scope, Some(interval.people)),
        super::time_cell(scope, Some(interval.time).filter(|_| !is_odd), "unit not sure"),
        Cell::Text(if is_open { "so far" } else { "" }.into()),
    ]
}
