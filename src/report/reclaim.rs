//! Reclaim worksheet: seats held by people who are idle everywhere, with the evidence of each source. It names no one
//! guilty: who keeps the seat is for people to decide.

use super::Report;
use crate::accounts;
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::crowd::{self, Crowd};
use crate::format;
use crate::groups::Group;
use crate::panel::PanelModel;
use crate::people::{Mending, Person, label_of};
use crate::query::View;
use crate::remote::State;
use crate::scope::Scope;
use crate::suppress;
use crate::wish::Wish;
use crate::words::Help;
use std::sync::Arc;

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

const THRESHOLDS: &[&str] = &["30 days", "60 days", "90 days"];

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    let is_own = scope.names.are_shown();
    panel.counted = if is_own {
        let chosen = panel.offer(scope, Wish::Idle, "Idle for at least", THRESHOLDS);
        let threshold = THRESHOLDS.get(chosen).copied().unwrap_or_default();
        format!("Seats of people whom no source has seen for {threshold} or more, the longest idle first")
    } else {
        "Seats of people whom no source has seen for so long".into()
    };
    let Some(crowd) = crowd::read(scope, answers, panel) else {
        return;
    };
    if let Some(told) = crowd.told().iter().find(|told| !told.is_whole()) {
        // Whoever is missing there may be the one at work.
        let why = format!(
            "{} did not tell everything, and a worksheet on half of the evidence would be wrong.",
            label_of(told.kind)
        );
        let help = panel.message.take().map_or(Help::Retry, |message| message.help);
        return panel.stop(State::Partial, "The evidence is incomplete", why, help);
    }
    let count = |count: usize| format::count(&scope.locale, count as u64);
    let of_all = |is_true: &dyn Fn(&Person) -> bool| crowd.people().iter().filter(|person| is_true(person)).count();
    let days = crowd::IDLE_DAYS
        .get(scope.wishes.of(Wish::Idle))
        .copied()
        .unwrap_or_default();
    let idle = crowd.idle(scope, days);
    let excluded = of_all(&|person| crowd.is_holder(person) && idle(person) && crowd.is_excluded(scope, person));
    let unsure = of_all(&|person| person.is_ambiguous && crowd.is_holder(person));
    let left_out = [
        (excluded, "because they are on the list of exclusions"),
        (unsure, "because their accounts are not told apart: an alias does"),
    ];
    for (people, why) in left_out {
        if people > 0 && suppress::is_enough(scope, people, &[]) {
            panel.notes.push(format!("{} left out, {why}", count(people)));
        }
    }
    if !is_own {
        return by_source(scope, &crowd, panel);
    }
    let everybody = || (Mending::Exclusions, Arc::clone(&crowd.everybody));
    panel.mending = scope.names.are_own().then(everybody);
    let is_listed = |person: &Person| crowd.is_holder(person) && idle(person) && !crowd.is_excluded(scope, person);
    let people = crowd.people().iter().enumerate();
    let places: Vec<usize> = people
        .filter(|(_, person)| is_listed(person))
        .map(|(place, _)| place)
        .collect();
    drop(idle);
    let held: usize = places
        .iter()
        .filter_map(|place| crowd.people().get(*place))
        .map(|person| {
            crowd
                .accounts(person)
                .filter(|account| account.has_seat == Some(true))
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
    panel.list = Some(crowd.sheet(scope, places, true));
}

/// Only how many there are, by source and time.
fn by_source(scope: &Scope, crowd: &Crowd, panel: &mut PanelModel) {
    let of_all = |is_true: &dyn Fn(&Person) -> bool| crowd.people().iter().filter(|person| is_true(person)).count();
    let mut groups = Vec::new();
    for kind in crowd.told().iter().map(|told| told.kind) {
        let seats = of_all(&|person| crowd.has_seat(person, kind));
        let mut among = vec![seats];
        // Short enough to stand beside the bars of a narrow window.
        let short = if kind == SourceKind::Windsurf {
            "AI"
        } else {
            label_of(kind)
        };
        for days in crowd::IDLE_DAYS.into_iter().filter(|_| seats > 0) {
            let idle = crowd.idle(scope, days);
            let people =
                of_all(&|person| crowd.has_seat(person, kind) && idle(person) && !crowd.is_excluded(scope, person));
            let is_shown = suppress::is_enough(scope, people, &among)
                && suppress::is_enough(scope, people, &[of_all(&|person| idle(person))]);
            if is_shown {
                among.push(people);
            }
            let group = Group {
                by: "Seat held, not seen in any source for so long",
                name: format!("{short}, ≥ {days} days"),
                people,
            };
            groups.push((group, is_shown));
        }
    }
    let (groups, is_shown): (Vec<Group>, Vec<bool>) = groups.into_iter().unzip();
    super::grouped(scope, panel, REPORT.title, &groups, &groups);
    suppress::only_groups(panel, &is_shown);
}
