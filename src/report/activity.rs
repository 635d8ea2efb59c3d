//! The panels of the Activity page, from the activity API of Coder v1, and what they share.

use super::week_start;
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::data::usage::Time;
use crate::format;
use crate::panel::PanelModel;
use crate::period::{DateRange, Interval};
use crate::presence::Presence;
use crate::query::Action;
use crate::remote::State;
use crate::scope::Scope;
use crate::source::{Request, coder_v1};
use crate::table::Cell;
use crate::usage::{self, People, Usage};
use crate::words::{self, Help};

pub mod lifecycle;
pub mod most_active;
pub mod over_time;
mod own;
pub mod retention;
pub mod side_by_side;
pub mod weekdays;

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

/// What the panels about one action need.
fn requests(scope: &Scope) -> Vec<Request> {
    usage::requests(scope, scope.action)
}

/// A share of fewer people than this is no share, but a number.
const LEAST_SHARED: u64 = 20;

/// "312 of 355 (88%)"
fn part_of(scope: &Scope, part: u64, whole: u64) -> String {
    let count = |people: u64| format::count(&scope.locale, people);
    let share = share(scope, part, whole);
    format!("{} of {}{share}", count(part), count(whole))
}

/// " (88%)", where the whole is large enough.
fn share(scope: &Scope, part: u64, whole: u64) -> String {
    if whole < LEAST_SHARED {
        return String::new();
    }
    format!(" ({})", format::percent(&scope.locale, part as f64 / whole as f64))
}

/// Who was active in which period, for a panel that needs some periods to tell anything. `None` where it has to stop or
/// to wait.
fn presence(scope: &Scope, answers: &Answers, panel: &mut PanelModel, least: usize) -> Option<(Presence, People)> {
    if stops_at_usage(scope, panel) {
        return None;
    }
    let usage = usage::usage(scope, answers, scope.action);
    if stops_at_answers(scope, panel, &usage) || panel.state == State::Empty {
        return None;
    }
    let people = People::read(scope, answers, scope.action);
    let known = Presence::read(scope, &usage.counts.buckets, &people);
    let Some(presence) = known.filter(|_| !usage.counts.is_foreign) else {
        let why = "Without the figures of some days nobody can be told to be new, or gone.";
        panel.stop(State::Partial, "Some answers are missing", why, Help::Retry);
        return None;
    };
    let nouns = presence.interval.nouns(2);
    if presence.closed() < least || presence.periods.len() < 2 {
        let whole = match presence.closed() {
            0 => "none",
            _ => "one",
        };
        let why = format!(
            "It takes two whole {nouns} to tell who stays; in the range {whole} is over. Choose a longer range."
        );
        panel.stop(State::Empty, &*format!("Too few whole {nouns}"), why, Help::None);
        return None;
    }
    let (first, last) = (presence.periods.first()?, presence.periods.last()?);
    let days = format::span(&scope.locale, DateRange::new(first.days.first, last.days.last));
    panel.footer.push(days);
    panel
        .notes
        .push("First seen means first seen in this range: what was before is not known, so the first period has everybody of it".into());
    if scope.interval == Interval::Day {
        panel.notes.push(format!("By {nouns}: day by day, people come and go"));
        panel.notes.push(week_start(scope));
    }
    if presence.is_cut {
        panel
            .notes
            .push(format!("The {nouns} that the range cuts short are left out"));
    }
    panel.notes.extend(guess_note(scope, &[scope.action]));
    Some((presence, people))
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
