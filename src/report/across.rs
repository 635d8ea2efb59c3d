//! Across sources: who holds a seat here and is not there, in one list of everybody whom a source knows.

use super::Report;
use crate::accounts;
use crate::answers::Answers;
use crate::config::SourceKind;
use crate::crowd::{self, Crowd};
use crate::format;
use crate::groups::Group;
use crate::panel::PanelModel;
use crate::people::{Last, Person};
use crate::period::add_days;
use crate::query::View;
use crate::scope::Scope;
use crate::table::Table;

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
    panel.counted = "Everybody whom a source knows, joined by mail address, by user name within the configured domains, and by configured aliases".into();
    let Some(crowd) = crowd::read(scope, answers, panel) else {
        return;
    };
    let count = |count: usize| format::count(&scope.locale, count as u64);
    let several = crowd.people().iter().filter(|person| person.accounts.len() > 1).count();
    panel.headline = Some(format!(
        "{} people, {} in several sources",
        count(crowd.people().len()),
        count(several)
    ));
    for told in crowd.told() {
        let counts = crowd.counts(told.kind);
        panel.notes.push(format!(
            "{}: {} matched, {} only there, {} not told apart",
            crowd::label(told.kind),
            count(counts.matched),
            count(counts.only_here),
            count(counts.ambiguous)
        ));
    }
    let found = findings(scope, &crowd);
    let found: Vec<Group> = found
        .into_iter()
        .map(|(name, people)| Group {
            by: "Finding",
            name,
            people,
        })
        .collect();
    panel.table = Table {
        caption: REPORT.title.into(),
        ..crowd.table(scope, (0..crowd.people().len()).collect(), false)
    };
    super::grouped(scope, panel, REPORT.title, &found, &found);
}

/// What one list of everybody tells at a glance: sentences with the number of people each is true of. What a source
/// that did not tell everything would be needed for is left out.
fn findings(scope: &Scope, crowd: &Crowd) -> Vec<(String, usize)> {
    use SourceKind::{Coder, UserMetrics, Windsurf};
    let has = |kinds: &[SourceKind]| {
        kinds
            .iter()
            .all(|kind| crowd.told().iter().any(|told| told.kind == *kind && told.is_whole()))
    };
    let mut found = Vec::new();
    let mut find = |kinds: &[SourceKind], name: &str, is_true: &dyn Fn(&Person) -> bool| {
        if has(kinds) {
            found.push((
                name.to_string(),
                crowd.people().iter().filter(|person| is_true(person)).count(),
            ));
        }
    };
    let never = |person: &Person| {
        crowd
            .account(person, Windsurf)
            .is_some_and(|account| account.last == Last::Never)
    };
    let credits = |person: &Person| crowd.account(person, Windsurf).and_then(|account| account.credits);
    let holds = |person: &Person| crowd.has_seat(person, Coder) || crowd.has_seat(person, Windsurf);
    find(&[Coder, Windsurf], "AI never used, Coder seat held", &|person| {
        crowd.has_seat(person, Coder) && never(person)
    });
    find(&[Coder, Windsurf], "Not in AI, Coder seat held", &|person| {
        crowd.has_seat(person, Coder) && crowd.is_absent(person, Windsurf)
    });
    find(&[Coder, Windsurf], "Not in Coder, AI credits used", &|person| {
        credits(person).is_some_and(|credits| credits > 0.0) && crowd.is_absent(person, Coder)
    });
    find(&[UserMetrics], "Inactive in company, seat held", &|person| {
        crowd.is_closed(person, UserMetrics) && holds(person)
    });
    let all: Vec<SourceKind> = crowd.told().iter().map(|told| told.kind).collect();
    for days in [30, 60, 90] {
        let before = scope.zone.start_of(add_days(scope.today, 1 - days)).to_utc();
        find(&all, &format!("Idle {days} days, everywhere"), &|person| {
            !person.is_ambiguous && crowd.is_idle(person, before)
        });
    }
    found
}
