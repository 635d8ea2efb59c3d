//! Across sources: who holds a seat here and is not there, in one list of everybody whom a source knows.

use super::Report;
use crate::accounts;
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::crowd::{self, Crowd};
use crate::format;
use crate::groups::{self, Group};
use crate::panel::PanelModel;
use crate::people::{Counts, Last, Mending, Person, label_of};
use crate::query::View;
use crate::scope::Scope;
use crate::suppress;
use std::sync::Arc;

/// The panel.
pub const REPORT: Report = Report {
    id: "across",
    title: "Across sources",
    view: View::People,
    kinds: accounts::KINDS,
    requests: crowd::requests,
    further: crowd::further,
    build,
};

fn build(scope: &Scope, answers: &Answers, panel: &mut PanelModel) {
    panel.counted = "Everybody whom a source knows, joined by mail address, by user name within the configured domains, and by aliases".into();
    let Some(crowd) = crowd::read(scope, answers, panel) else {
        return;
    };
    let all = crowd.people().len();
    let several = crowd.people().iter().filter(|person| person.accounts.len() > 1).count();
    if suppress::parts(scope, &[several, all - several])
        .iter()
        .all(|is_shown| *is_shown)
    {
        panel.headline = Some(format!(
            "{} people, {} in several sources",
            format::count(&scope.locale, all as u64),
            format::count(&scope.locale, several as u64)
        ));
    }
    for told in crowd.told() {
        let Counts {
            matched,
            ambiguous,
            only_here,
        } = crowd.counts(told.kind);
        let parts = [matched, only_here, ambiguous];
        let mut is_shown = suppress::parts(scope, &parts);
        // Together they are all accounts, of which those of two statuses are told elsewhere.
        if told.kind == SourceKind::Coder
            && !statuses(&crowd)
                .into_iter()
                .all(|count| suppress::is_enough(scope, count, &[]))
        {
            is_shown = vec![false; parts.len()];
        }
        let words = parts.iter().zip(is_shown);
        let words: Vec<String> = words
            .zip(["matched", "only there", "not told apart"])
            .map(|((count, is_shown), word)| {
                let count = format::count(&scope.locale, *count as u64);
                format!("{} {word}", if is_shown { &count } else { "(hidden)" })
            })
            .collect();
        panel
            .notes
            .push(format!("{}: {}", label_of(told.kind), words.join(", ")));
    }
    let (found, is_shown): (Vec<Group>, Vec<bool>) = findings(scope, &crowd).into_iter().unzip();
    super::grouped(scope, panel, REPORT.title, &found, &found);
    if !scope.names.are_shown() {
        return suppress::only_groups(panel, &is_shown);
    }
    let everybody = || (Mending::Aliases, Arc::clone(&crowd.everybody));
    panel.mending = scope.names.are_own().then(everybody);
    panel.list = Some(crowd.sheet(scope, (0..all).collect(), false));
}

/// How many accounts of Coder have each status.
fn statuses(crowd: &Crowd) -> Vec<usize> {
    let accounts = &crowd.everybody.accounts;
    let of_coder = accounts.iter().filter(|account| account.kind == SourceKind::Coder);
    let names = of_coder.map(|account| account.status.clone()).collect();
    groups::by_name("", names).iter().map(|group| group.people).collect()
}

/// What one list of everybody tells at a glance: sentences with the number of people each is true of, and whether it is
/// of enough people to be shown. What a source that did not tell everything would be needed for is left out.
fn findings(scope: &Scope, crowd: &Crowd) -> Vec<(Group, bool)> {
    use SourceKind::{Coder, UserMetrics, Windsurf};
    let has = |kinds: &[SourceKind]| {
        kinds
            .iter()
            .all(|kind| crowd.told().iter().any(|told| told.kind == *kind && told.is_whole()))
    };
    let count = |is_true: &dyn Fn(&Person) -> bool| crowd.people().iter().filter(|person| is_true(person)).count();
    let mut found = Vec::new();
    let mut tell = |name: &str, by: &'static str, people: usize, is_shown: bool| {
        let name = name.to_string();
        found.push((Group { by, name, people }, is_shown));
    };
    let in_coder = |person: &Person| crowd.has_seat(person, Coder);
    let credits = |person: &Person| {
        let account = crowd.account(person, Windsurf);
        account
            .and_then(|account| account.credits)
            .is_some_and(|credits| credits > 0.0)
    };
    if has(&[Coder, Windsurf]) {
        let never = |person: &Person| {
            let account = crowd.account(person, Windsurf);
            account.is_some_and(|account| account.last == Last::Never)
        };
        let seats = count(&in_coder);
        let unused = count(&|person| in_coder(person) && never(person));
        let absent = count(&|person| in_coder(person) && crowd.is_absent(person, Windsurf));
        let is_shown = suppress::parts(scope, &[unused, absent, seats - unused - absent]);
        let is_shown = |place: usize| is_shown.get(place) == Some(&true);
        tell(
            "Seat, AI unused",
            "Hold a Coder seat and never opened the AI assistant",
            unused,
            is_shown(0),
        );
        tell(
            "Seat, not in AI",
            "Hold a Coder seat and are not in the AI assistant",
            absent,
            is_shown(1),
        );
        let stray = count(&|person| credits(person) && crowd.is_absent(person, Coder));
        let is_shown = suppress::is_enough(scope, stray, &[count(&credits)]);
        tell(
            "AI, not in Coder",
            "Used credits of the AI assistant and are not in Coder",
            stray,
            is_shown,
        );
    }
    if has(&[UserMetrics]) {
        let is_closed = |person: &Person| crowd.is_closed(person, UserMetrics);
        let left = count(&|person| is_closed(person) && crowd.is_holder(person));
        let among = [count(&is_closed), count(&|person| crowd.is_holder(person))];
        let is_shown = suppress::is_enough(scope, left, &among);
        tell(
            "Left, holds a seat",
            "Inactive in the company and hold a seat",
            left,
            is_shown,
        );
    }
    let kinds: Vec<SourceKind> = crowd.told().iter().map(|told| told.kind).collect();
    let mut among = vec![crowd.people().len()];
    for days in crowd::IDLE_DAYS.into_iter().filter(|_| has(&kinds)) {
        let idle = crowd.idle(scope, days);
        let idle = count(&|person| idle(person));
        let is_shown = suppress::is_enough(scope, idle, &among);
        if is_shown {
            among.push(idle);
        }
        let by = "Not seen in any source for so long";
        tell(&format!("Idle ≥ {days} days"), by, idle, is_shown);
    }
    found
}
