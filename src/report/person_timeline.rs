//! Time of one person over the range, by interval. Coder gives totals only, so each interval is asked for by itself.

use super::Report;
use crate::answers::Answers;
use crate::chart::{Bucket, ChartModel, Kind, Role, Series, Unit};
use crate::config::SourceKind;
use crate::data::UserActivity;
use crate::format;
use crate::panel::PanelModel;
use crate::period::{DateRange, Interval};
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::Request;
use crate::table::{Cell, Column, Table};
use crate::timeline::{self, MOST, Timeline, buckets, request};
use crate::words::{self, Help, Message, action_note};

/// The panel.
pub const REPORT: Report = Report {
    id: "person-timeline",
    title: "Time by interval",
    view: View::Person,
    kinds: &[SourceKind::Coder],
    requests,
    further: super::nothing,
    build,
};

fn requests(scope: &Scope) -> Vec<Request> {
    if scope.names.are_shown() && scope.person.is_some() {
        timeline::requests(scope)
    } else {
        Vec::new()
    }
}

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Time of use of this person; at most half an hour per half hour, however many apps are open".into();
    if panel.stops_without_names(scope, answers) {
        return;
    }
    let Some((interval, buckets)) = buckets(scope) else {
        let why = "It has more intervals than are asked for. Choose a shorter range.";
        return panel.stop(State::Unsupported, "The range is too long", why, Help::None);
    };
    let count = |count: usize| format::count(&scope.locale, count as u64);
    // So young that the server cannot be asked about it yet.
    let is_too_young = |days: &DateRange| request(scope, *days).is_none();
    let Timeline {
        answers: known,
        loaded,
        error,
    } = Timeline::read(scope, answers, &buckets);
    let seconds: Vec<Option<u64>> = known.iter().map(|answer| answer.map(|one| of(scope, one))).collect();
    if loaded < buckets.len() {
        panel.message = Some(Message {
            title: "Loading interval by interval".into(),
            detail: format!("{} of {} loaded", count(loaded), count(buckets.len())),
            help: Help::None,
        });
        return;
    }
    let without = buckets.iter().zip(&seconds).filter(|(_, seconds)| seconds.is_none());
    let missing = without.filter(|(days, _)| !is_too_young(days)).count();
    if let (true, Some(error)) = (missing == seconds.len(), error) {
        return panel.fail(error);
    }
    panel.state = State::Ready;
    panel.day_rule = format!("days of {}", scope.zone.name);
    panel.notes.extend(words::templates_note(scope));
    panel.notes.extend(action_note(scope));
    if interval != scope.interval {
        panel.notes.push(format!(
            "By {}: at most {} intervals are asked for",
            interval.label().to_ascii_lowercase(),
            count(MOST)
        ));
    }
    if missing > 0 {
        panel.state = State::Partial;
        let words = format!(
            "{} of {} intervals have no answer",
            count(missing),
            count(seconds.len())
        );
        panel.notes.insert(0, words);
        panel.message = error.map(words::message);
    }
    let total = seconds
        .iter()
        .flatten()
        .fold(0_u64, |sum, seconds| sum.saturating_add(*seconds));
    panel.headline = Some(match (total, missing) {
        (0, 0) => "No use in these days".into(),
        _ => format!("{} in all", format::duration(&scope.locale, total as f64)),
    });
    panel.table = table(scope, interval, &buckets, &seconds);
    let bucket = |(days, seconds): (&DateRange, &Option<u64>)| Bucket {
        days: *days,
        is_open: scope.is_open(days),
        is_cut: timeline::is_cut(scope, interval, days),
        is_uncollected: seconds.is_none() && !is_too_young(days),
    };
    panel.draw(ChartModel {
        buckets: buckets.iter().zip(&seconds).map(bucket).collect(),
        series: vec![Series {
            name: "Time".into(),
            role: Role::Active,
            values: seconds
                .iter()
                .map(|seconds| seconds.map(|seconds| seconds as f64))
                .collect(),
        }],
        unit: Unit::Seconds,
        ..ChartModel::new(Kind::Bars, interval, &scope.locale)
    });
}

/// Seconds of the person. The answer names everybody with use.
fn of(scope: &Scope, activity: &UserActivity) -> u64 {
    let link = scope.person.as_deref().unwrap_or_default();
    let mut people = activity.users.iter();
    let person = people.find(|one| scope.names.is_link_to(link, &one.user_id));
    person.map_or(0, |one| one.seconds)
}

fn table(scope: &Scope, interval: Interval, buckets: &[DateRange], seconds: &[Option<u64>]) -> Table {
    let row = |(days, seconds): (&DateRange, &Option<u64>)| {
        let seconds = seconds.map_or_else(
            || {
                Cell::Missing(
                    if request(scope, *days).is_none() {
                        "just begun"
                    } else {
                        "no answer"
                    }
                    .into(),
                )
            },
            |seconds| Cell::Number {
                value: seconds as f64,
                shown: format::duration(&scope.locale, seconds as f64),
            },
        );
        let note = timeline::remark(scope, interval, days);
        let shown = format::span(&scope.locale, *days);
        vec![Cell::Day { day: days.first, shown }, seconds, Cell::Text(note.into())]
    };
    Table {
        caption: REPORT.title.into(),
        columns: vec![
            Column::text("interval", interval.label()),
            Column::number("seconds", "Time"),
            Column::text("note", "Note"),
        ],
        rows: buckets.iter().zip(seconds).map(row).collect(),
    }
}
