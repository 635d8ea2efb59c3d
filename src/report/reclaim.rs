//! Reclaim worksheet: seats held by people who are idle everywhere, with the evidence of each source. It names no one
//! guilty: who keeps the seat is for people to decide.

use super::Report;
use crate::accounts;
use crate::answers::Answers;
use crate::crowd::{self, Crowd};
use crate::format;
use crate::panel::PanelModel;
use crate::people::Person;
use crate::period::add_days;
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::table::Table;
use crate::words::Help;

/// The panel.
pub const REPORT: Report = Report {
    id: "reclaim",
    title: "Reclaim worksheet",
    view: View::People,
    kinds: accounts::KINDS,
    requests: crowd::requests,
    further: crowd::further,
    build,
};

/// Days without use from which on somebody is on the worksheet.
const THRESHOLD: i64 = 30;

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted =
        format!("Seats of people whom no source has seen for {THRESHOLD} days or more, the longest idle first");
    let Some(crowd) = crowd::read(scope, answers, panel) else {
        return;
    };
    if let Some(told) = crowd.told().iter().find(|told| !told.is_whole()) {
        // Whoever is missing there may be the one at work.
        let why = format!(
            "{} did not tell everything, and a worksheet on half of the evidence would be wrong.",
            crowd::label(told.kind)
        );
        let help = panel.message.take().map_or(Help::Retry, |message| message.help);
        return panel.stop(State::Partial, "The evidence is incomplete", why, help);
    }
    let before = scope.zone.start_of(add_days(scope.today, 1 - THRESHOLD)).to_utc();
    let is_idle = |person: &Person| holds(&crowd, person) && !person.is_ambiguous && crowd.is_idle(person, before);
    let idle = crowd.people().iter().enumerate().filter(|(_, person)| is_idle(person));
    let (excluded, places): (Vec<usize>, Vec<usize>) = idle.map(|(place, _)| place).partition(|place| {
        crowd
            .people()
            .get(*place)
            .is_some_and(|person| crowd.is_excluded(scope, person))
    });
    let count = |count: usize| format::count(&scope.locale, count as u64);
    if !excluded.is_empty() {
        let note = format!("{} left out, because config.json excludes them", count(excluded.len()));
        panel.notes.push(note);
    }
    let unsure = crowd
        .people()
        .iter()
        .filter(|person| person.is_ambiguous && holds(&crowd, person))
        .count();
    if unsure > 0 {
        panel.notes.push(format!(
            "{} left out, because their accounts are not told apart: an alias in config.json does",
            count(unsure)
        ));
    }
    let held: usize = places
        .iter()
        .filter_map(|place| crowd.people().get(*place))
        .map(|person| {
            crowd
                .told()
                .iter()
                .filter(|told| crowd.has_seat(person, told.kind))
                .count()
        })
        .sum();
    if places.is_empty() {
        let why = "Everybody who holds a seat was seen in one of the sources, or is left out.";
        return panel.stop(State::Empty, "No seat is idle", why, Help::None);
    }
    let word = |count: usize, one: &'static str, many: &'static str| if count == 1 { one } else { many };
    panel.headline = Some(format!(
        "{} {} of {} {}",
        count(held),
        word(held, "seat", "seats"),
        count(places.len()),
        word(places.len(), "person", "people")
    ));
    panel.table = Table {
        caption: REPORT.title.into(),
        ..crowd.table(scope, places, true)
    };
}

fn holds(crowd: &Crowd, person: &Person) -> bool {
    crowd.told().iter().any(|told| crowd.has_seat(person, told.kind))
}
