//! The panels of the Activity page, from the activity API of Coder v1, and what they share.

use super::week_start;
use crate::chart::Bucket;
use crate::chart::values::Values;
use crate::config::SourceKind;
use crate::data::usage::Time;
use crate::format;
use crate::measure::Count;
use crate::panel::PanelModel;
use crate::period::Interval;
use crate::query::Action;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::coder_v1;
use crate::table::Cell;
use crate::usage::{self, Usage};
use crate::words::{self, Help};

pub mod most_active;
pub mod over_time;
mod own;
pub mod side_by_side;

/// What an activity means: how Coder v1 describes who is counted.
fn deed(action: Action) -> &'static str {
    match action {
        Action::Any => "signed in, or used an IDE, an app, a tunnel or a web terminal",
        Action::Ide => "used an IDE in the browser; an editor that connects over SSH counts as a tunnel",
        Action::Login => "signed in",
        Action::App => "used an app of a workspace",
        Action::Tunnel => "connected to a workspace over SSH or a tunnel",
        Action::WebTerminal => "used a web terminal",
    }
}

/// Says what holds for every panel about activity of Coder v1. True where the panel has to stop.
fn stops_at_usage(scope: &Scope, panel: &mut PanelModel) -> bool {
    if panel.stops_early(scope) {
        return true;
    }
    if usage::days(scope).is_none() {
        let why = "Coder v1 counts days of UTC only.";
        panel.stop(State::Empty, "The day has not begun in UTC", why, Help::None);
        return true;
    }
    panel.day_rule = "UTC days".into();
    if scope.zone.name != "UTC" {
        panel
            .notes
            .push("Days of UTC, whatever the time zone of the page: Coder v1 counts no others".into());
    }
    if scope.names_templates {
        panel
            .notes
            .push("Not filtered by template: Coder v1 counts all use".into());
    }
    if scope.interval == Interval::Week {
        panel.notes.push(week_start(scope));
    }
    false
}

/// Ends a panel about activity that has no figure at all, and says what is doubtful of those it has. True where the
/// panel has to stop or to wait.
fn stops_at_answers(scope: &Scope, panel: &mut PanelModel, usage: &Usage) -> bool {
    let counts = &usage.counts;
    if counts.is_waiting {
        return true;
    }
    let missing = counts.missing();
    if missing == counts.buckets.len() {
        match counts.error() {
            Some(error) => panel.fail(error),
            None => {
                let why = "The server left out the figures of all these days.";
                panel.stop(State::Failed, "The answer is incomplete", why, Help::Retry);
            }
        }
        return true;
    }
    panel.state = State::Ready;
    if counts.is_foreign {
        panel.state = State::Partial;
        panel.notes.insert(
            0,
            "The server answered for other intervals than those asked for; these are its own".into(),
        );
    }
    if missing > 0 {
        panel.state = State::Partial;
        panel.notes.push(format!(
            "{missing} of {} intervals have no answer",
            counts.buckets.len()
        ));
        panel.message = counts.error().map(words::message);
    }
    if let Some(length) = usage.odd_length {
        panel.state = State::Partial;
        panel.notes.insert(
            0,
            format!(
                "Times are left out, as their unit is not sure: for a {} the server gave a length of {length} where it should be nanoseconds",
                scope.interval.noun()
            ),
        );
    }
    if counts.buckets.iter().all(|count| count.people == Some(0)) {
        let why = "The server counted nobody in these days.";
        panel.stop(State::Empty, "Nobody was active", why, Help::None);
    }
    false
}

/// The buckets of a chart of activity.
fn usage_buckets(usage: &Usage) -> Vec<Bucket> {
    let bucket = |count: &Count| Bucket {
        days: count.days,
        is_open: count.is_open,
        is_uncollected: count.people.is_none(),
    };
    usage.counts.buckets.iter().map(bucket).collect()
}

/// The figures of a chart of activity.
fn usage_values(usage: &Usage) -> Values {
    let people = |count: &Count| count.people.map(|people| people as f64);
    usage.counts.buckets.iter().map(people).collect()
}

/// People as a cell.
fn people_cell(scope: &Scope, people: Option<u64>) -> Cell {
    people.map_or_else(
        || Cell::Missing("no answer".into()),
        |people| Cell::Number {
            value: people as f64,
            shown: format::count(&scope.locale, people),
        },
    )
}

/// A time by Coder v1 as a cell.
fn time_cell(scope: &Scope, time: Option<Time>, why: &str) -> Cell {
    time.map_or_else(
        || Cell::Missing(why.into()),
        |time| Cell::Number {
            value: time.seconds(),
            shown: format::duration(&scope.locale, time.seconds()),
        },
    )
}

/// That the words of actions may be others at this server.
fn guess_note(scope: &Scope, actions: &[Action]) -> Option<String> {
    let source = scope.source_of(SourceKind::CoderV1)?;
    let guessed: Vec<&str> = actions
        .iter()
        .filter(|action| source.kind != SourceKind::Demo && coder_v1::is_guessed(source, **action))
        .filter_map(|action| coder_v1::category(source, *action))
        .collect();
    (!guessed.is_empty()).then(|| {
        format!(
            "Asked for as {}, which is not documented: if this server has other words, `categories` in config.json can say so",
            guessed.join(", ")
        )
    })
}
